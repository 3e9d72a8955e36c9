"""Variance-based sensitivity of groups of inputs (Sobol indices)."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import scipy

from iomodel.errors import SpecError
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.sampling import chunks

RESAMPLES = 400
Function = Callable[[Array], Array]


class SobolIndices(NamedTuple):
    """First and total order indices of g groups with intervals.

    Attributes
    ----------
    first, total : ndarray, shape (g,)
    first_interval, total_interval : ndarray, shape (2, g)
        2.5 and 97.5 % points over resampled rows.
    variance : float
        Of the function.
    evaluations : int
    """

    first: Array
    total: Array
    first_interval: Array
    total_interval: Array
    variance: float
    evaluations: int


def sobol_indices(
    function: Function, size: int, groups: Sequence[Positions], *, samples: int, seed: int
) -> SobolIndices:
    """Estimate first and total order Sobol indices of groups of inputs.

    Parameters
    ----------
    function : callable
        Takes independent uniforms of shape (n, size), returns (n,).
    size : int
        Number of inputs.
    groups : sequence of ndarray of int
        Positions of the inputs of each group; every input in one group.
    samples : int
        Rows of each matrix, a power of two; (g + 2) x samples evaluations.
    seed : int

    Returns
    -------
    SobolIndices

    Raises
    ------
    SpecError
        If samples is no power of two, or the function does not vary.

    Notes
    -----
    With independent matrices A and B, and A_g = A with the columns of group g from B,
    S_g = E[f(B) (f(A_g) - f(A))] / V (Saltelli and others 2010, table 2 b) and
    T_g = E[(f(A) - f(A_g))^2] / (2 V) (Jansen 1999). Points of a scrambled Sobol sequence.
    """
    if samples < 2 or samples & (samples - 1):
        raise SpecError(f"samples: {samples}; a power of two is needed, such as 4096.")
    points = scipy.stats.qmc.Sobol(2 * size, seed=seed).random(samples)
    first, second = points[:, :size], points[:, size:]
    a, b = _evaluated(function, first), _evaluated(function, second)
    mixed = np.empty((len(groups), samples))
    for k, group in enumerate(groups):
        part = first.copy()
        part[:, group] = second[:, group]
        mixed[k] = _evaluated(function, part)
    middle = float(np.mean([a, b]))
    a, b, mixed = a - middle, b - middle, mixed - middle
    variance = float(np.mean([a**2, b**2]))
    if not variance > 0.0:
        raise SpecError("the outcome does not vary with its inputs: no share of its variance.")
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(0, 1))))
    resampled = np.array(
        [_estimates(a, b, mixed, rng.integers(samples, size=samples)) for _ in range(RESAMPLES)]
    )
    one, total = _estimates(a, b, mixed, np.arange(samples))
    low, high = np.quantile(resampled, [0.025, 0.975], axis=0)
    return SobolIndices(
        first=one,
        total=total,
        first_interval=np.array([low[0], high[0]]),
        total_interval=np.array([low[1], high[1]]),
        variance=variance,
        evaluations=samples * (len(groups) + 2),
    )


def _evaluated(function: Function, points: Array) -> Array:
    """Evaluate in chunks, so that memory stays bounded."""
    parts = chunks(len(points))
    bounds = np.cumsum([0, *(count for _, count in parts)])
    found = [function(points[i:j]) for i, j in pairwise(bounds)]
    return np.concatenate(found)


def _estimates(a: Array, b: Array, mixed: Array, rows: Positions) -> Array:
    """First and total order of every group over some rows, shape (2, g)."""
    a, b, mixed = a[rows], b[rows], mixed[:, rows]
    variance = (a @ a + b @ b) / (2 * len(rows)) - (a.mean() / 2 + b.mean() / 2) ** 2
    first = (mixed - a) @ b / len(rows)
    total = ((mixed - a) ** 2).mean(axis=1) / 2
    return np.asarray(np.array([first, total]) / variance, dtype=np.float64)
