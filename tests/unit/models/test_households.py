"""The model closed with respect to households: rows, columns, rates, refusals."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, F, V, X, Z, built, in_two_regions, pairs

WAGE = V.loc["compensation"].to_numpy() / X.to_numpy()
SPENT = F["household"].to_numpy()


def model(**changes: Any) -> iom.Leontief:
    f = F.copy()
    f["household"] *= 0.5
    f["exports"] += f["household"]
    return iom.leontief(built(final_demand=f, **changes))


def full(closed: iom.ClosedLeontief) -> np.ndarray:
    return np.asarray(np.linalg.inv(np.eye(4) - closed.A.to_numpy()))


def test_the_average_propensity_is_outlay_over_income() -> None:
    closed = iom.close_households(model())
    assert closed.respending == pytest.approx(120 / 210)
    assert (closed.outlay_total, closed.income_total) == (120.0, 210.0)
    a = closed.A.to_numpy()
    assert a[3] == pytest.approx([*WAGE, 0.0])
    assert a[:3, 3] == pytest.approx(closed.respending * SPENT / SPENT.sum())
    assert closed.L.to_numpy() == pytest.approx(full(closed))


def test_codes_and_roles_name_the_same() -> None:
    ways = [
        {"income": "compensation"},
        {"income": ["compensation"], "consumption": ["household"]},
        {"consumption": "household"},
    ]
    first = iom.close_households(model())
    for way in ways:
        closed = iom.close_households(model(), **way)  # type: ignore[arg-type]
        assert closed.A.to_numpy() == pytest.approx(first.A.to_numpy())


def test_several_rows_by_code() -> None:
    closed = iom.close_households(model(), income=["compensation", "surplus"])
    assert closed.income_total == 345.0
    assert closed.respending == pytest.approx(120 / 345)


@pytest.mark.parametrize(
    "which",
    [{"income": ["compensation"] * 2}, {"consumption": ["household"] * 2}],
)
def test_a_row_or_column_that_is_named_twice_is_not_counted_twice(which: Any) -> None:
    try:
        closed = iom.close_households(model(), **which)
    except iom.IOModelError:
        return
    assert (closed.income_total, closed.outlay_total) == (210.0, 120.0)


@pytest.mark.parametrize("which", [{"income": "wages"}, {"consumption": ["household", "x"]}])
def test_unknown_rows_and_columns_name_those_there_are(which: Any) -> None:
    with pytest.raises(iom.LabelError) as caught:
        iom.close_households(model(), **which)
    wanted = ["compensation", "surplus"] if "income" in which else ["household", "exports"]
    for text in wanted:
        assert text in str(caught.value)


def test_a_propensity_and_a_total_income() -> None:
    assert iom.close_households(model(), propensity=0.25).respending == 0.25
    assert iom.close_households(model(), total_income=480.0).respending == 0.25
    none = iom.close_households(model(), propensity=0.0)
    assert none.L.to_numpy()[:3, :3] == pytest.approx(none.open.L.to_numpy())


@pytest.mark.parametrize("propensity", [-0.1, 1.1, float("nan")])
def test_a_propensity_out_of_range(propensity: float) -> None:
    with pytest.raises(iom.AccountingError, match="propensity"):
        iom.close_households(model(), propensity=propensity)


@pytest.mark.parametrize("total", [100.0, 0.0, -5.0, float("nan")])
def test_consumption_above_income(total: float) -> None:
    with pytest.raises(iom.AccountingError, match="exceeds income"):
        iom.close_households(model(), total_income=total)
    with pytest.raises(iom.AccountingError, match="exceeds income"):
        iom.close_households(iom.leontief(built()))


def test_nothing_is_spent() -> None:
    f = F.assign(exports=F.sum(axis=1), household=0.0)
    with pytest.raises(iom.AccountingError, match="nothing is spent"):
        iom.close_households(iom.leontief(built(final_demand=f)))


def test_income_above_output_names_the_sector() -> None:
    v = V.copy()
    v.loc["compensation", "a"], v.loc["surplus", "a"] = 120.0, -65.0
    with pytest.raises(iom.AccountingError, match=r"a \(1\.200\)"):
        iom.close_households(model(primary_inputs=v))


def test_a_closed_model_is_not_closed_again() -> None:
    with pytest.raises(iom.AccountingError, match="already"):
        iom.close_households(iom.close_households(model()))


def test_rounds_that_never_end() -> None:
    with pytest.raises(iom.NotProductiveError, match="propensity"):
        iom.close_households(
            model(), income=["compensation", "surplus"], propensity=1.0, consumption="household"
        )


def test_solving_the_closed_model() -> None:
    closed = iom.close_households(model())
    got = closed.solve(pd.Series({"m": 1.0}))
    assert list(got.index) == [*CODES, "households"]
    assert got.to_numpy() == pytest.approx(full(closed)[:, 1])
    paid = closed.solve(pd.Series({"households": 1.0}))
    assert paid.to_numpy() == pytest.approx(full(closed)[:, 3])


def test_a_table_of_one_named_region_keeps_its_codes() -> None:
    """Households join the sectors; the sectors must not get another kind of label by it."""
    z = Z.set_axis(pairs(), axis=0).set_axis(pairs(), axis=1)
    f = F.assign(household=F["household"] / 2, exports=F["exports"] + F["household"] / 2)
    open_model = iom.leontief(iom.table(z, final_demand=f, output=X, primary_inputs=V))
    closed = iom.close_households(open_model)
    assert open_model.solve(pd.Series({"m": 1.0}))["m"] > 1.0
    assert closed.solve(pd.Series({"m": 1.0}))["m"] > 1.0


def test_two_regions_with_households() -> None:
    z, f = in_two_regions()
    v = pd.DataFrame([[60.0] * 4], ["compensation"], z.columns)
    rest = (z.sum(axis=1) + f["household"] - z.sum() - 60.0).to_frame("surplus").T
    table = iom.table(z, final_demand=f, primary_inputs=pd.concat([v, rest]))
    closed = iom.close_households(iom.leontief(table), propensity=0.5)
    assert closed.solve(pd.Series({("S", "m"): 1.0})).to_numpy()[:4].min() > 0.0


def test_steps_and_facts() -> None:
    closed = iom.close_households(model(), propensity=0.5)
    assert closed.table.meta.provenance[-1] == "close_households(compensation, household, 0.5)"
    facts = closed.describe()
    assert facts["spending per unit of income"] == "0.5000"
    assert facts["of it on domestic products"] == "1.0000"
    assert facts["leakage per unit of income"] == "0.5000"
