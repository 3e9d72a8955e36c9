"""Market shares, dependence, models and Almon's method on arrays."""

import numpy as np
import pytest

from iomodel.kernels.supply_use import (
    Construction,
    almon,
    dependent,
    market_shares,
    product_mix,
    total_requirements,
)
from iomodel.kernels.valuation import in_proportion, with_renderers

SUPPLY = np.array([[80.0, 20.0], [0.0, 100.0]])


def test_shares_of_nothing_are_not_numbers() -> None:
    supply = np.array([[2.0, 0.0], [0.0, 0.0]])
    assert np.isnan(market_shares(supply)).tolist() == [[False, True], [False, True]]
    assert np.isnan(product_mix(supply)).tolist() == [[False, True], [False, True]]
    assert market_shares(supply)[:, 0].tolist() == [1.0, 0.0]


def test_dependent_industries_and_products_are_found() -> None:
    assert dependent(SUPPLY) is None
    assert dependent(SUPPLY * np.array([1.0, 1e-9])) is None  # small is not dependent
    twins = np.array([[5.0, 1.0, 2.0], [0.0, 3.0, 6.0], [0.0, 4.0, 8.0]])
    found = dependent(twins)
    assert found is not None
    assert found.industries.tolist() == [1, 2]
    assert found.products.tolist() == [1, 2]
    empty = dependent(np.diag([1.0, 0.0, 3.0]))
    assert empty is not None
    assert (empty.products.tolist(), empty.industries.tolist()) == ([1], [1])


@pytest.mark.parametrize("model", ["A", "C"])
def test_what_is_zero_stays_zero(model: str) -> None:
    how = Construction(model, SUPPLY)  # type: ignore[arg-type]
    assert how.inputs(np.zeros((3, 2))).tolist() == np.zeros((3, 2)).tolist()
    assert how.uses(np.zeros(2)).tolist() == [0.0, 0.0]


def test_inputs_in_fixed_proportion_to_products_leave_no_rounding() -> None:
    """Input of product 1 only: the recipe of product 2 is zero, not 1e-17."""
    recipe = np.array([[0.1, 0.0], [0.3, 0.0]])
    found = Construction("A", SUPPLY).inputs(recipe @ SUPPLY)
    assert found[:, 1].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(found[:, 0], [10.0, 30.0], rtol=1e-14)


def test_almon_reports_steps_and_the_last_change() -> None:
    rows = np.array([[8.0, 1.0]])
    short = almon(rows, SUPPLY, iterations=1)
    assert short.iterations == 1
    assert short.change > 1e-3
    assert short.inputs.sum() == pytest.approx(9.0)
    long = almon(rows, SUPPLY)
    assert long.change <= 1e-12
    assert 1 < long.iterations < 200
    np.testing.assert_allclose(long.inputs, [[9.0, 0.0]], atol=1e-10)


def test_requirements_of_one_industry_are_the_leontief_inverse() -> None:
    assert total_requirements(np.array([[4.0]]), np.array([[1.0]])).tolist() == [[4 / 3]]


def test_a_valuation_column_is_spread_at_one_rate() -> None:
    uses = np.array([[1.0, 3.0], [0.0, 0.0], [2.0, -2.0]])
    found = in_proportion(np.array([2.0, 0.0, 1.0]), uses)
    assert found[0].tolist() == [0.5, 1.5]
    assert found[1].tolist() == [0.0, 0.0]
    assert np.isnan(found[2]).all()


def test_renderers_share_the_margins_of_every_user() -> None:
    paid = np.array([[4.0, 8.0], [0.0, 0.0], [0.0, 0.0]])
    found = with_renderers(paid, np.array([12.0, -9.0, -3.0]))
    assert found.tolist() == [[4.0, 8.0], [-3.0, -6.0], [-1.0, -2.0]]
