"""T1 and T8: a bordered solver is the full inverse, and rounds of production rise to it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.kernels.linear import Bordered, Factorised, Solver, spectral_radius
from tests.identities.tables import Activity, Array, Economy, Rng, activities, economies
from tests.identities.whole import power_series

EXACT = 1e-10


@st.composite
def systems(draw: st.DrawFn) -> tuple[Array, tuple[int, ...], Rng]:
    """Coefficients with column sums below one, and where the borders begin."""
    inner = draw(st.integers(1, 12))
    borders = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = inner + sum(borders)
    mix = rng.random((size, size)) * (rng.random((size, size)) < 0.8)
    sums = np.where(mix.sum(axis=0) == 0.0, 1.0, mix.sum(axis=0))
    ends = np.cumsum([inner, *borders])
    return mix / sums * rng.uniform(0.1, 0.85, size), tuple(int(end) for end in ends), rng


def nested(coefficients: Array, ends: tuple[int, ...]) -> Solver:
    """Factorise the innermost block and put every border around what is there."""
    a = coefficients
    solver: Solver = Factorised(a[: ends[0], : ends[0]])
    for n, size in pairwise(ends):
        solver = Bordered(solver, a[:n, n:size], a[n:size, :n], a[n:size, n:size])
    return solver


def agree(found: object, expected: object) -> None:
    np.testing.assert_allclose(np.asarray(found), np.asarray(expected), rtol=EXACT, atol=EXACT)


@given(systems())
def test_borders_equal_the_full_inverse(system: tuple[Array, tuple[int, ...], Rng]) -> None:
    a, ends, rng = system
    solver, inverse = nested(a, ends), np.linalg.inv(np.eye(len(a)) - a)
    assert solver.size == len(a)
    for right in (rng.random(len(a)), rng.random((len(a), 3)), np.eye(len(a))):
        agree(solver.solve(right), inverse @ right)
        agree(solver.solve_transposed(right), inverse.T @ right)


@given(systems(), st.integers(0, 3))
def test_a_wrong_border_is_seen(system: tuple[Array, tuple[int, ...], Rng], place: int) -> None:
    a, ends, _ = system
    changed = a.copy()
    changed[place % ends[0], -1] += 1e-6  # one purchase of the last border
    right = np.ones(len(a))
    with pytest.raises(AssertionError):
        agree(nested(changed, ends).solve(right), np.linalg.inv(np.eye(len(a)) - a) @ right)


@given(economies(imports=False))
def test_open_model_equals_the_inverse(economy: Economy) -> None:
    model = iom.leontief(economy.table())
    agree(model.A, economy.coefficients)
    agree(model.L, np.linalg.inv(np.eye(len(model.A)) - economy.coefficients))


@given(activities())
def test_inserted_and_closed_models_equal_the_inverse(activity: Activity) -> None:
    closed = activity.closed
    for model in (closed.open, closed):
        assert list(model.L.index) == list(model.A.columns)
        agree(model.L, np.linalg.inv(np.eye(len(model.A)) - model.A.to_numpy()))


@given(activities())
def test_power_series_rises_to_the_solution(activity: Activity) -> None:
    model = activity.closed
    a, table = model.coefficients, model.table
    demand = np.append(table.flows.final_demand.sum(axis=1), 0.0)
    demand = np.maximum(demand, 0.0)  # payouts above cost make the demand for m negative
    rounds = int(np.ceil(np.log(1e-12) / np.log(spectral_radius(a)))) + 20
    series, limit = power_series(a, demand, rounds), model.solver.solve(demand)
    slack = 1e-11 * limit.max()
    assert len(series) == rounds + 1
    assert (np.diff(series, axis=0) >= 0).all()
    assert (series <= limit + slack).all()
    np.testing.assert_allclose(series[-1], limit, rtol=1e-8, atol=slack)
    jobs = table.satellite("employment").intensity(table.flows.output, price_year=None)
    path = series @ np.append(jobs[0], 0.0)
    assert (np.diff(path) >= -1e-12 * path[-1]).all()  # each sum is rounded
    assert path[0] < path[-1] == pytest.approx(float(limit[:-1] @ jobs[0]), rel=1e-8)
