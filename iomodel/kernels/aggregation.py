"""Sums of sectors by group."""

import numpy as np

from iomodel.kernels.linear import Array, Positions


def grouped(values: Array, groups: Positions, axis: int = 0) -> Array:
    """Sum an array by group along one axis.

    Parameters
    ----------
    values : ndarray
        With n entries along `axis`.
    groups : ndarray of int, shape (n,)
        Group of each entry, 0 to m - 1; every group has a member.
    axis : int
        Axis that is summed.

    Returns
    -------
    ndarray
        With m entries along `axis`: S v, with S the (m, n) matrix of ones where a sector
        belongs to a group. On both sides of Z this gives S Z S'. Miller and Blair (2009),
        section 4.9. A group of one member keeps its figures to the bit.
    """
    order, starts = _runs(groups)
    summed: Array = np.add.reduceat(np.take(values, order, axis=axis), starts, axis=axis)
    return summed


def weighted_mean(values: Array, weights: Array, groups: Positions) -> Array:
    """Mean by group such that mean times summed weights is the sum of weighted values.

    Parameters
    ----------
    values, weights : ndarray, shape (n,)
    groups : ndarray of int, shape (n,)
        As in `grouped`.

    Returns
    -------
    ndarray, shape (m,)
        sum(w v) / sum(w) by group; the common value, to the bit, where all members have
        the same; the plain mean where all weights are zero; NaN where only the sum of the
        weights is zero, so that no mean exists.
    """
    order, starts = _runs(groups)
    low = np.minimum.reduceat(values[order], starts)
    high = np.maximum.reduceat(values[order], starts)
    total, carried = grouped(weights, groups), grouped(weights * values, groups)
    plain = grouped(values, groups) / grouped(np.ones(len(values)), groups)
    empty = grouped(np.abs(weights), groups) == 0.0
    mean = np.where(empty, plain, np.nan)
    np.divide(carried, total, out=mean, where=total != 0.0)
    return np.asarray(np.where(low == high, low, mean))


def _runs(groups: Positions) -> tuple[Positions, Positions]:
    """Return an order that brings groups together, and where each group starts in it."""
    order = np.argsort(groups, kind="stable")
    return order, np.flatnonzero(np.diff(groups[order], prepend=-1))
