"""Another currency scales flows and nothing else."""

import numpy as np
import pytest

import iomodel as iom
from iomodel.transforms.currency import in_currency
from tests.unit import small


def test_flows_are_scaled_and_coefficients_stay() -> None:
    table = small.built()
    dollars = in_currency(table, 1.25, currency="USD", unit="million USD")
    np.testing.assert_allclose(dollars.output, table.output * 1.25)
    np.testing.assert_allclose(iom.leontief(dollars).L, iom.leontief(table).L)
    assert dollars.meta.unit_size == 1e6
    assert dollars.meta.currency == "USD"
    jobs = [iom.multipliers(iom.leontief(t), of="employment").effect for t in (table, dollars)]
    np.testing.assert_allclose(jobs[1] * 1.25, jobs[0])


def test_the_official_split_of_imports_is_scaled_too() -> None:
    china = iom.read(iom.example("china-2020"))
    dollars = in_currency(china, 0.145 / 100, currency="USD", unit="million USD")
    left, right = (iom.domestic(t, method="official") for t in (dollars, china))
    np.testing.assert_allclose(iom.leontief(left).A, iom.leontief(right).A, rtol=1e-9)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_rates_are_above_zero(rate: float) -> None:
    with pytest.raises(iom.AccountingError, match="finite number above zero"):
        in_currency(small.built(), rate, currency="USD", unit="million USD")
