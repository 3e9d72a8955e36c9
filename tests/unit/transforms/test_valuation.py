"""`to_basic_prices`: margins and taxes out of the uses, totals kept, refusals in words."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.construction import gdp
from iomodel.transforms.valuation import ValuationCertificate, to_basic_prices
from tests.unit.small_sut import (
    FINAL_PAID,
    GOODS,
    MAKERS,
    MARGINS,
    SUPPLY,
    TAXES,
    USE_PAID,
    built,
    paid,
)

USERS = [*MAKERS, *FINAL_PAID.columns]
BY_USE = pd.DataFrame(
    [[0.0, 2.0, 18.0, 0.0], [0.0, 4.0, 6.0, 0.0], [0.0, -6.0, -24.0, 0.0]], GOODS, USERS
)
TAXED = pd.DataFrame(
    [[1.0, 1.0, 8.0, 0.0], [0.0, 0.0, 6.0, 0.0], [0.0, 0.0, 0.0, 0.0]], GOODS, USERS
)


def test_proportional_margins_by_hand() -> None:
    """Food: 20 of 150 is margin, 10 of 150 tax. Cars: 10 and 6 of 186."""
    basic = to_basic_prices(paid())
    food, cars = 1 - 30 / 150, 1 - 16 / 186
    np.testing.assert_allclose(basic.use.loc["food"], USE_PAID.loc["food"] * food)
    np.testing.assert_allclose(basic.use.loc["cars"], USE_PAID.loc["cars"] * cars)
    np.testing.assert_allclose(
        basic.use.loc["trade"], USE_PAID.loc["food"] * 20 / 150 + USE_PAID.loc["cars"] * 10 / 186
    )
    np.testing.assert_allclose(
        basic.primary_inputs.loc["product_taxes"],
        USE_PAID.loc["food"] * 10 / 150 + USE_PAID.loc["cars"] * 6 / 186,
    )
    assert basic.meta.valuation == "basic prices"
    assert not basic.margins.any()
    assert not basic.product_taxes.any()
    assert basic.primary_labels.groups[-1] == "product taxes"


def test_valuation_matrices_are_aligned_and_used() -> None:
    basic = to_basic_prices(paid(), margins=BY_USE.iloc[::-1, ::-1], taxes=TAXED)
    users = pd.concat([USE_PAID, FINAL_PAID], axis=1) - BY_USE - TAXED
    np.testing.assert_allclose(basic.use, users[MAKERS])
    np.testing.assert_allclose(basic.final_demand, users[FINAL_PAID.columns])
    assert basic.flows.final_primary[-1].tolist() == [14.0, 0.0]
    assert basic.meta.provenance[-1] == (
        "to_basic_prices(margins by valuation matrix, taxes by valuation matrix)"
    )


@pytest.mark.parametrize(
    "options", [{}, {"margins": BY_USE}, {"taxes": TAXED}, {"margins": BY_USE, "taxes": TAXED}]
)
def test_totals_are_kept_and_a_symmetric_table_follows(options: dict[str, Any]) -> None:
    basic = to_basic_prices(paid(), **options)
    assert basic.check().ok
    assert basic.check().residual < 1e-12 * 200
    np.testing.assert_allclose(gdp(basic), paid().primary_inputs.sum().sum() + TAXES.sum())
    certificate = basic.certificate
    assert isinstance(certificate, ValuationCertificate)
    np.testing.assert_allclose(certificate.margins, MARGINS)
    np.testing.assert_allclose(certificate.taxes, TAXES)
    for model in ("B", "D"):
        table = iom.sut_to_iot(basic, model)
        np.testing.assert_allclose(gdp(table), gdp(basic))
        np.testing.assert_allclose(
            table.output.sum(), SUPPLY.sum().sum(), err_msg="output is at basic prices throughout"
        )


def test_margins_have_to_cancel() -> None:
    wrong = MARGINS.replace(-30.0, -29.0)
    with pytest.warns(iom.ImbalanceWarning):
        sut = paid(margins=wrong)
    with pytest.raises(iom.AccountingError, match="sum to 1 where they have to cancel"):
        to_basic_prices(sut)


def test_margins_of_each_user_have_to_cancel() -> None:
    wrong = BY_USE.copy()
    wrong.loc["trade"] = [-1.0, -5.0, -24.0, 0.0]
    with pytest.raises(iom.AccountingError, match="paid by 2 users") as caught:
        to_basic_prices(paid(), margins=wrong)
    assert "farms: 1" in str(caught.value)


def test_matrices_have_to_give_the_columns_of_supply() -> None:
    with pytest.raises(iom.AccountingError, match="taxes by use of 1 products") as caught:
        to_basic_prices(paid(), taxes=TAXED.replace(8.0, 9.0))
    assert "food: 1" in str(caught.value)
    with pytest.raises(iom.LabelError, match="margins columns"):
        to_basic_prices(paid(), margins=BY_USE[MAKERS])


def test_taxes_on_a_product_without_uses_are_refused() -> None:
    taxes = TAXES + pd.Series([0.0, 0.0, 5.0], GOODS)
    with pytest.warns(iom.ImbalanceWarning):
        sut = paid(product_taxes=taxes)
    with pytest.raises(iom.AccountingError, match="1 products have taxes") as caught:
        to_basic_prices(sut.replace(flows=sut.flows.__class__(**{
            **{name: getattr(sut.flows, name) for name in sut.flows.__dataclass_fields__},
            "final_demand": sut.flows.final_demand * np.array([[1.0], [1.0], [0.0]]),
        })))  # fmt: skip
    assert "trade: 5" in str(caught.value)


def test_nothing_to_convert_is_said() -> None:
    with pytest.raises(iom.AccountingError, match="basic prices already"):
        to_basic_prices(built())
    with pytest.raises(iom.AccountingError, match="no use table"):
        to_basic_prices(iom.supply_use(SUPPLY))


def test_unknown_methods_are_named() -> None:
    with pytest.raises(iom.SpecError, match="margins='equal'"):
        to_basic_prices(paid(), margins="equal")  # type: ignore[arg-type]
