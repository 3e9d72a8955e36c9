"""Prices of another year: by hand, by law, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from tests.identities.tables import Economy, economies
from tests.unit import small

PRICES = pd.Series({"a": 2.0, "m": 1.25, "s": 0.8})


def test_double_deflation_by_hand() -> None:
    real = iom.deflate(small.built(), PRICES[::-1], price_year=2015)
    np.testing.assert_allclose(real.intermediate, small.Z.div(PRICES, axis=0))
    np.testing.assert_allclose(real.final_demand, small.F.div(PRICES, axis=0))
    np.testing.assert_allclose(real.output, small.X / PRICES)
    # a: 100 / 2 - (10 / 2 + 20 / 1.25 + 15 / 0.8)
    assert real.value_added.to_numpy()[0] == pytest.approx(50.0 - 5.0 - 16.0 - 18.75)
    assert real.check().residual < 1e-9
    assert real.meta.price_year == 2015
    assert real.meta.provenance[-1] == "deflate(double, prices of 2015)"


def test_single_deflation_shows_what_does_not_close() -> None:
    real = iom.deflate(small.built(), PRICES, price_year=2015, method="single")
    rows = real.primary_inputs
    np.testing.assert_allclose(rows.loc["value_added"], small.V.sum() / PRICES)
    double = iom.deflate(small.built(), PRICES, price_year=2015).primary_inputs.loc["value_added"]
    np.testing.assert_allclose(rows.sum(), double)
    assert real.check().residual < 1e-9


@given(economies(imports=True), st.floats(0.1, 10.0))
def test_one_price_for_all_scales_the_table(economy: Economy, price: float) -> None:
    table = economy.domestic(year=2020)
    prices = pd.Series(price, table.labels.index)
    for method in ("double", "single"):
        real = iom.deflate(table, prices, price_year=2015, imports=price, method=method)
        np.testing.assert_allclose(real.intermediate * price, table.intermediate, rtol=1e-12)
        scale = float(table.output.max())
        np.testing.assert_allclose(real.value_added * price, table.value_added, atol=1e-9 * scale)
        imports = real.flows.final_primary[-1] * price
        np.testing.assert_allclose(imports, table.flows.final_primary[-1], rtol=1e-12)


@pytest.mark.parametrize(
    ("prices", "given", "message"),
    [
        (PRICES * 100, {}, "state them as ratios"),
        (PRICES - 0.8, {}, r"above zero and finite:\s+s: 0"),
        (PRICES.drop("s"), {}, "missing: s"),
        (PRICES, {"price_year": 2020}, "prices of 2020 already"),
        (PRICES, {"method": "triple"}, "unknown method 'triple'"),
    ],
)
def test_what_cannot_be_is_named(prices: pd.Series, given: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises((iom.AccountingError, iom.LabelError), match=message):
        iom.deflate(small.built(), prices, **{"price_year": 2015, **given})


def test_imports_need_a_price_and_competitive_tables_are_refused() -> None:
    imports = pd.Series([5.0, 40.0, 10.0], small.CODES)
    use = small.F.assign(exports=small.F["exports"] + imports)
    table = small.built(final_demand=use, imports=imports)
    with pytest.raises(iom.AccountingError, match="flows include imports"):
        iom.deflate(table, PRICES, price_year=2015)
    home = iom.domestic(table)
    with pytest.raises(iom.AccountingError, match="rows of imports: give their prices"):
        iom.deflate(home, PRICES, price_year=2015)
    with pytest.raises(iom.AccountingError, match="their price is one number"):
        iom.deflate(home, PRICES, price_year=2015, imports=PRICES)
