"""Gross value added at basic prices: the same in every price base, refused where unknown."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, F, V, X, built

TAXES = pd.DataFrame([[3.0, 8.0, 10.0]], ["taxes"], CODES)


def with_taxes(**facts: str) -> iom.IOTable:
    rows = pd.concat([V - 0.0, TAXES])
    rows.loc["surplus"] -= TAXES.loc["taxes"]
    return built(primary_inputs=rows, primary_roles={"taxes": "product taxes"}, **facts)


def test_taxes_on_products_are_left_out() -> None:
    table = with_taxes()
    np.testing.assert_allclose(table.value_added, V.sum())
    np.testing.assert_allclose(table.gross_value_added, V.sum() - TAXES.loc["taxes"])
    assert table.gross_value_added.name == "gross_value_added"
    direct = iom.multipliers(iom.leontief(table), of="gross_value_added").direct[0]
    np.testing.assert_allclose(direct, (V.sum() - TAXES.loc["taxes"]) / X)


def test_at_basic_prices_all_value_added_is_gross_value_added() -> None:
    table = built(valuation="basic prices")
    np.testing.assert_allclose(table.gross_value_added, table.value_added)


def test_a_multiplier_of_both_is_the_whole_final_demand() -> None:
    """Value added is gross value added and product taxes; all of a closed economy's demand."""
    table = with_taxes()
    model = iom.leontief(table)
    gross, taxes, whole = (
        iom.multipliers(model, of=of).effect[0]
        for of in ("gross_value_added", "product taxes", "value_added")
    )
    np.testing.assert_allclose(gross + taxes, whole)
    np.testing.assert_allclose(whole, 1.0)
    assert gross @ F.sum(axis=1).to_numpy() == pytest.approx(table.gross_value_added.sum())


@pytest.mark.parametrize("valuation", ["", "producers' prices"])
def test_taxes_that_may_be_in_another_row_are_refused(valuation: str) -> None:
    table = built(valuation=valuation)
    with pytest.raises(iom.AccountingError, match="role product taxes \\(compensation, surplus\\)"):
        _ = table.gross_value_added
    with pytest.raises(iom.AccountingError, match="ask for value_added"):
        iom.multipliers(iom.leontief(table), of="gross_value_added")
