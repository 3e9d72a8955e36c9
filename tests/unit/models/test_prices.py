"""Price changes: who passes on what, and bad input."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, V, X, Z, built

A = (Z / X).to_numpy()
WAGE = (V.loc["compensation"] / X).to_numpy()
MARGIN = (V.loc["surplus"] / X).to_numpy()


def model(**changes: Any) -> iom.Leontief:
    other = pd.DataFrame({"household": (X - Z.sum(axis=1)) * 0.6, "exports": 0.0})
    other["exports"] = X - Z.sum(axis=1) - other["household"]
    return iom.leontief(built(final_demand=other, **changes))


def test_wages_by_one_number_and_by_sector() -> None:
    found = iom.prices(model(), primary_inputs={"compensation": 0.1})
    assert found.change == pytest.approx(np.linalg.solve(np.eye(3) - A.T, 0.1 * WAGE))
    assert found.direct == pytest.approx(0.1 * WAGE)
    assert found.indirect == pytest.approx(A.T @ found.change)
    one = iom.prices(model(), primary_inputs={"compensation": pd.Series({"m": 0.1})})
    assert one.direct.tolist() == pytest.approx([0.0, 0.1 * WAGE[1], 0.0])


def test_mark_up_over_cost() -> None:
    """p = (1 + m)(A'p + w) with 1 + m = 1 / (1 - s)."""
    found = iom.prices(model(), primary_inputs={"compensation": 0.1}, markup="surplus")
    price = 1.0 + found.change
    assert price == pytest.approx((A.T @ price + 1.1 * WAGE) / (1 - MARGIN))
    everything = iom.prices(
        model(), primary_inputs={"compensation": 0.1}, markup=["surplus"], rigid=CODES
    )
    assert not everything.change.any()
    assert everything.margin == pytest.approx(-0.1 * WAGE)  # profits pay the wages


def test_rigid_price_squeezes_its_own_margin() -> None:
    found = iom.prices(model(), primary_inputs={"compensation": 0.1}, rigid=["m"])
    assert found.change[1] == 0.0
    assert found.margin[[0, 2]].tolist() == [0.0, 0.0]
    assert found.margin[1] == pytest.approx(-(found.direct + found.indirect)[1])
    up = iom.prices(model(), rigid={"m": 0.05})
    assert up.to_frame().loc["m", "price"] == 1.05
    assert (up.change > 0).all()


def test_index_of_final_demand() -> None:
    found = iom.prices(model(), cost=pd.Series({"a": 0.02}))
    weights = found_weights(model().table.final_demand)
    assert found.index.to_dict() == pytest.approx((weights.T @ found.change).to_dict())
    assert "price of household" in repr(found)
    assert found.demand_value == pytest.approx(0.02 * 100.0)  # the tax on an output of 100


def found_weights(final: pd.DataFrame) -> pd.DataFrame:
    return final / final.sum()


def test_imports_bought_by_final_demand_follow() -> None:
    competitive = iom.table(
        Z,
        final_demand=(X - Z.sum(axis=1) + 10.0).to_frame("household").assign(exports=0.0),
        output=X,
        primary_inputs=V,
        imports=pd.Series(10.0, CODES),
    )
    home = iom.domestic(competitive)
    found = iom.prices(home, primary_inputs={"imports": 0.1})
    flows = home.flows
    paid = found.change @ flows.final_demand[:, 0] + 0.1 * flows.final_primary[-1, 0]
    base = flows.final_demand[:, 0].sum() + flows.final_primary[:, 0].sum()
    assert found.index.iloc[0] == pytest.approx(paid / base)
    assert flows.final_primary[-1, 0] > 0
    with pytest.raises(iom.AccountingError, match="competitive"):
        iom.prices(competitive)


def test_summary_shows_the_largest_changes() -> None:
    found = iom.prices(model(), cost=pd.Series({"s": -0.2}))
    assert found.summary(1).index.to_list() == ["s"]
    assert found.to_frame().index.to_list() == CODES
    assert "Price changes" in found._repr_html_()


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"primary_inputs": {"rent": 0.1}}, iom.LabelError, "rent"),
        ({"primary_inputs": {"surplus": np.nan}}, iom.AccountingError, "finite"),
        ({"primary_inputs": {"surplus": pd.Series({"q": 1.0})}}, iom.LabelError, "unknown"),
        ({"cost": pd.Series({"q": 1.0})}, iom.LabelError, "unknown"),
        ({"rigid": ["q"]}, iom.LabelError, "unknown"),
        ({"rigid": {"a": np.inf}}, iom.AccountingError, "finite"),
        ({"markup": "rent"}, iom.LabelError, "rent"),
        (
            {"markup": "surplus", "primary_inputs": {"surplus": 0.1}},
            iom.AccountingError,
            "mark-up and change",
        ),
    ],
)
def test_bad_input(wrong: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        iom.prices(model(), **wrong)


def test_a_row_named_by_code_and_role_is_refused() -> None:
    two = model(primary_roles={"surplus": "operating surplus"})
    with pytest.raises(iom.AccountingError, match="more than once"):
        iom.prices(two, primary_inputs={"surplus": 0.1, "operating surplus": 0.1})


def test_mark_ups_without_bound_are_refused() -> None:
    codes = ["a", "b"]
    flows = pd.DataFrame([[40.0, 30.0], [30.0, 40.0]], codes, codes)
    rows = pd.DataFrame([[60.0, 60.0], [-30.0, -30.0]], ["surplus", "subsidy"], codes)
    made = iom.table(flows, output=pd.Series(100.0, codes), primary_inputs=rows)
    with pytest.raises(iom.NotProductiveError, match="without bound"):
        iom.prices(made, markup="surplus")
    heavy = pd.DataFrame([[110.0, 60.0], [-80.0, -30.0]], rows.index, codes)
    made = iom.table(flows, output=pd.Series(100.0, codes), primary_inputs=heavy)
    with pytest.raises(iom.AccountingError, match="whole price"):
        iom.prices(made, markup="surplus")


def test_closed_model_is_refused() -> None:
    closed = iom.close_households(model(), consumption="household", total_income=400.0)
    with pytest.raises(iom.AccountingError, match="open model"):
        iom.prices(closed)
