"""Largest paths against all paths written out."""

from itertools import islice, pairwise, product

import numpy as np
import numpy.typing as npt
import pytest

from iomodel.errors import NotProductiveError
from iomodel.kernels.paths import best_paths, by_order, largest_paths, remainder

Array = npt.NDArray[np.float64]


def enumerated(a: Array, e: Array, y: Array, depth: int) -> dict[tuple[int, ...], float]:
    """All paths of up to `depth` steps that contribute anything, written out."""
    found = {}
    for steps in range(depth + 1):
        for path in product(range(len(e)), repeat=steps + 1):
            value = y[path[0]] * e[path[-1]]
            for buyer, supplier in pairwise(path):
                value *= a[supplier, buyer]
            if value != 0.0:
                found[path] = float(value)
    return found


def made(seed: int, *, signed: bool) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 5))
    a = rng.random((n, n)) * (rng.random((n, n)) < 0.7) * 0.9 / n
    e, y = rng.random(n), rng.random(n) * (rng.random(n) < 0.8)
    if signed:
        a, e, y = (part * rng.choice([-1.0, 1.0], part.shape) for part in (a, e, y))
    return a, e, y


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_all_paths_within_a_depth_come_in_order(seed: int, signed: bool) -> None:
    a, e, y = made(seed, signed=signed)
    right = enumerated(a, e, y, 4)
    found = list(largest_paths(a, e, y, depth=4))
    sizes = np.abs([value for _, value in found])
    assert len(found) == len({path for path, _ in found})
    assert {path: pytest.approx(value, rel=1e-12) for path, value in found} == right
    assert (np.diff(sizes) <= 1e-12 * sizes[:-1]).all()


@pytest.mark.parametrize("seed", range(12))
def test_without_a_depth_no_larger_path_is_missed(seed: int) -> None:
    a, e, y = made(seed, signed=False)
    right = enumerated(a, e, y, 6)
    found = dict(islice(largest_paths(a, e, y), 50))
    least = min(found.values(), default=np.inf)
    missed = {path for path, value in right.items() if value > least * (1 + 1e-12)} - set(found)
    assert not missed
    for path, value in found.items():
        assert len(path) > 7 or value == pytest.approx(right[path], rel=1e-12)


def test_the_bound_is_the_best_path() -> None:
    a, e, y = made(3, signed=False)
    right = enumerated(a, e, np.ones(len(e)), 7)
    best = [max(value for path, value in right.items() if path[0] == k) for k in range(len(e))]
    assert best_paths(a, e)[0] == pytest.approx(best, rel=1e-12)
    assert best_paths(a, e, 0) == pytest.approx(e[None, :])
    direct = {(k,): value for k, value in enumerate((e * y).tolist()) if value}
    assert dict(largest_paths(a, e, y, depth=0)) == direct


def test_orders_are_sums_of_paths() -> None:
    a, e, y = made(5, signed=True)
    right = enumerated(a, e, y, 5)
    sums = [sum(v for path, v in right.items() if len(path) == t + 1) for t in range(6)]
    assert by_order(a, e, y, 5) == pytest.approx(sums, abs=1e-14)
    assert remainder(a, y, 2) == pytest.approx(a @ a @ a @ y)


def test_an_account_without_a_path_has_none() -> None:
    a = np.array([[0.0, 0.5], [0.0, 0.0]])
    assert list(largest_paths(a, np.array([0.0, 1.0]), np.array([1.0, 0.0]))) == []
    found = list(largest_paths(a, np.array([1.0, 0.0]), np.array([0.0, 2.0])))
    assert found == [((1, 0), 1.0)]


def test_a_chain_that_grows_is_refused_without_a_depth() -> None:
    a = np.array([[0.0, -2.0], [1.0, 0.0]])  # (I - A) exists, but the cycle doubles in size
    with pytest.raises(NotProductiveError, match="give a depth"):
        next(largest_paths(a, np.ones(2), np.ones(2)))
    assert next(largest_paths(a, np.ones(2), np.ones(2), depth=3))[1] == pytest.approx(4.0)
