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


# --- what consumption is divided by --------------------------------------------------------------


def test_denominators_have_names() -> None:
    """120 of consumption; 210 of pay and 135 of surplus."""
    plain = iom.close_households(model())
    expected: dict[str, tuple[Any, float]] = {
        "the income rows": (None, 210.0),
        "total_income as given": (480.0, 480.0),
        "household outlay: every unit of income is spent": ("outlay", 120.0),
        "the rows compensation, surplus": (["compensation", "surplus"], 345.0),
        "the rows surplus": ("surplus", 135.0),
    }
    for words, (given, total) in expected.items():
        closed = iom.close_households(model(), total_income=given)
        facts = closed.describe()
        assert closed.income_total == total
        assert closed.respending == pytest.approx(120 / total)
        assert facts["which is"] == words
        assert facts["income rows"] == "compensation"
        assert facts["consumption columns"] == "household"
        assert closed.A.to_numpy()[3] == pytest.approx(plain.A.to_numpy()[3])
    with pytest.raises(iom.LabelError, match="primary input rows"):
        iom.close_households(model(), total_income="wages")


def test_consumption_beyond_income_is_kept_on_request() -> None:
    table = built()  # 240 of consumption, 210 of pay
    closed = iom.close_households(iom.leontief(table), beyond_income="keep")
    assert closed.respending == pytest.approx(240 / 210)
    assert closed.A.to_numpy()[:3, 3] == pytest.approx(SPENT / 210)
    with pytest.raises(iom.AccountingError, match='beyond_income="keep"'):
        iom.close_households(iom.leontief(table))
    with pytest.raises(iom.AccountingError, match="refuse or keep"):
        iom.close_households(iom.leontief(table), beyond_income="yes")  # type: ignore[call-overload]
    with pytest.raises(iom.AccountingError, match="exceeds income of 0"):
        iom.close_households(iom.leontief(table), beyond_income="keep", total_income=0.0)


def test_income_against_outlay() -> None:
    """What is spent out of pay, and what else pays for consumption."""
    facts = iom.close_households(model(), total_income=480.0).describe()
    assert facts["household outlay in the table"] == "120 million EUR"
    assert facts["outlay paid from other income"] == "67.5 million EUR"  # 120 less a quarter of 210
    over = iom.close_households(model(), propensity=0.8).describe()
    assert over["outlay more than recorded consumption by"] == "48 million EUR"
    assert over["which is"].endswith("(not used: a propensity is given)")


def test_households_that_pay_households_and_buy_abroad() -> None:
    """20 of pay by households, 10 of imported goods: both are outlay, one comes back as income."""
    paid = pd.DataFrame({"household": [20.0, 10.0]}, ["compensation", "surplus"])
    closed = iom.close_households(model(final_primary=paid))
    assert (closed.income_total, closed.outlay_total) == (230.0, 150.0)
    a = closed.A.to_numpy()
    assert a[3, 3] == pytest.approx(20 / 230)
    assert a[:3, 3] == pytest.approx(SPENT / 2 / 230)
    assert closed.L.to_numpy() == pytest.approx(full(closed))
    facts = closed.describe()
    assert facts["of it paid to households"] == f"{20 / 150:.4f}"
    assert facts["leakage per unit of income"] == f"{1 - 140 / 230:.4f}"
    half = iom.close_households(model(final_primary=paid), propensity=0.3).A.to_numpy()
    assert half[3, 3] == pytest.approx(0.3 * 20 / 150)


def test_negative_flows_that_hide_endless_rounds() -> None:
    """A feedback below one proves nothing where cells are negative: the radius is looked at."""
    z = pd.DataFrame([[0.0, 120.0], [-90.0, 0.0]], ["a", "b"], ["a", "b"])
    with pytest.warns(iom.NegativeFlowWarning):
        table = iom.table(
            z,
            final_demand=pd.DataFrame({"household": [10.0, 190.0]}, ["a", "b"]),
            output=pd.Series([130.0, 100.0], ["a", "b"]),
            primary_inputs=pd.DataFrame(
                [[130.0, 0.0], [90.0, -20.0]], ["compensation", "surplus"], ["a", "b"]
            ),
        )
    with pytest.raises(iom.NotProductiveError, match="spectral radius of the closed model"):
        iom.close_households(iom.leontief(table), propensity=1.0)


def test_one_sector() -> None:
    table = iom.table(
        pd.DataFrame([[25.0]], ["a"], ["a"]),
        final_demand=pd.DataFrame({"household": [25.0], "exports": [50.0]}, ["a"]),
        primary_inputs=pd.DataFrame([[50.0], [25.0]], ["compensation", "surplus"], ["a"]),
    )
    closed = iom.close_households(iom.leontief(table))
    # x = 0.25 x + 0.5 h + f and h = 0.5 x: x = 2 f
    assert iom.multipliers(closed).effect[0] == pytest.approx([2.0])
    assert iom.multipliers(closed, form="total").effect[0] == pytest.approx([3.0])
