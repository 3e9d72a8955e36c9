"""Figures against peers, printed and never asserted: `pytest tests/benchmarks -q -s`.

Asserted is only that both sides find the same paths.
"""

import numpy as np
import numpy.typing as npt
import pytest

import iomodel as iom
from iomodel.analysis.paths import paths
from tests.benchmarks.test_bench_derive import best, report

pytestmark = pytest.mark.benchmark

Array = npt.NDArray[np.float64]
TOP = 100


def cut_off(a: Array, e: Array, y: Array, least: float) -> list[float]:
    """Paths of at least `least`, branches cut off by their multiplier (Lenzen 2003)."""
    m = np.linalg.solve(np.eye(len(e)) - a.T, e)
    found: list[float] = []
    branches = [(k, float(y[k])) for k in np.flatnonzero(m * y >= least).tolist()]
    while branches:
        sector, volume = branches.pop()
        if volume * e[sector] >= least:
            found.append(float(volume * e[sector]))
        ahead = volume * a[:, sector]
        branches += [(h, float(ahead[h])) for h in np.flatnonzero(m * ahead >= least).tolist()]
    return sorted(found, reverse=True)


def all_of_depth(a: Array, e: Array, y: Array, depth: int) -> list[float]:
    """All paths of up to `depth` steps, order by order as arrays."""
    volume, found = y, [e * y]
    for _ in range(depth):
        volume = a.reshape(*a.shape, *[1] * (volume.ndim - 1)) * volume
        found.append((e.reshape(-1, *[1] * (volume.ndim - 1)) * volume).ravel())
    values = np.concatenate(found)
    return [float(value) for value in np.sort(np.partition(values, -TOP)[-TOP:])[::-1]]


def test_bench_paths() -> None:
    """The largest paths of jobs for film and television in the embedded table."""
    table = iom.domestic(iom.read(iom.example("china-2020")))
    model = iom.leontief(table)
    code = "87144"
    model.solver.solve(np.ones(len(table)))  # factorised once, for all

    def ours() -> list[float]:
        found = paths(model, demand=code, of="employment", row="census2020", top=TOP)
        return [float(value) for value in found.contributions]

    a, right = model.coefficients, ours()
    e = iom.multipliers(model, of="employment").direct[0]
    y = np.eye(len(e))[model.labels.positions([code])[0]]
    least = right[-1]

    def theirs() -> list[float]:
        return cut_off(a, e, y, least)

    def brute() -> list[float]:
        return all_of_depth(a, e, y, 2)

    assert theirs()[:TOP] == pytest.approx(right)
    deep = paths(model, demand=code, of="employment", row="census2020", top=TOP, depth=2)
    assert brute() == pytest.approx(deep.contributions.tolist())
    report(f"{TOP} largest paths: best first / cut off by multipliers", best(ours), best(theirs),
           "ms")  # fmt: skip
    report(f"{TOP} largest paths: best first / all of 2 steps", best(ours), best(brute, 3),
           "ms")  # fmt: skip
