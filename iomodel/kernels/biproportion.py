"""Biproportional scaling of a matrix to margins: RAS, and GRAS for matrices with negative cells."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from iomodel.kernels.linear import Array

Mask = npt.NDArray[np.bool_]
SPARSE_BELOW = 0.1
PATIENCE = 50
NEWTON_BELOW = 4000
DIVERGED = 1e100
DAMPING = 1e-12


class Margins(NamedTuple):
    """Target sums u of the rows, (n,), and v of the columns, (m,)."""

    rows: Array
    columns: Array


@dataclass(frozen=True, eq=False, kw_only=True)
class Scaled:
    """Multipliers of a scaled matrix, and how far its sums are from their targets.

    Attributes
    ----------
    r, s : ndarray, shapes (n,) and (m,)
        Multipliers: a cell a >= 0 becomes r_i a s_j, a cell a < 0 becomes a / (r_i s_j). A row
        or column whose target is zero and whose cells have one sign has the multiplier zero
        and becomes zero.
    matrix : ndarray, shape (n, m)
        The scaled matrix.
    row_gap, column_gap : ndarray, shapes (n,) and (m,)
        Sums less targets.
    iterations : int
        Rounds of rows and columns.
    converged : bool
        True if every gap is within the tolerance.
    """

    r: Array
    s: Array
    matrix: Array
    row_gap: Array
    column_gap: Array
    iterations: int
    converged: bool


class Parts(NamedTuple):
    """Positive and negative cells as two matrices that are not negative, dense or sparse."""

    positive: Any
    negative: Any


class Vain(NamedTuple):
    """Rows and columns that cannot reach their targets, and those that become zero."""

    rows: Mask
    columns: Mask
    zero_rows: Mask
    zero_columns: Mask


def unreachable(matrix: Array, margins: Margins) -> Vain:
    """Find rows and columns that cannot reach their targets whatever the multipliers.

    Parameters
    ----------
    matrix : ndarray, shape (n, m)
    margins : Margins

    Returns
    -------
    Vain
        Rows (columns) with a target above zero and no positive cell, or below zero and no
        negative cell. A target of zero over cells of one sign makes them zero; what this
        leaves empty elsewhere is taken into account.
    """
    up, down = matrix > 0, matrix < 0
    zero_rows = np.zeros(len(matrix), dtype=bool)
    zero_columns = np.zeros(matrix.shape[1], dtype=bool)
    open_targets = bool((margins.rows == 0).any() or (margins.columns == 0).any())
    while open_targets:
        live_rows = _zeroed(up, down, margins.rows, zero_rows, ~zero_columns, 1)
        live_columns = _zeroed(up, down, margins.columns, zero_columns, ~live_rows, 0)
        stable = (live_rows == zero_rows).all() and (live_columns == zero_columns).all()
        zero_rows, zero_columns = live_rows, live_columns
        if stable:
            break
    if open_targets:
        up = up & ~zero_rows[:, None] & ~zero_columns
        down = down & ~zero_rows[:, None] & ~zero_columns
    u, v = margins
    return Vain(
        ((u > 0) & ~up.any(axis=1)) | ((u < 0) & ~down.any(axis=1)),
        ((v > 0) & ~up.any(axis=0)) | ((v < 0) & ~down.any(axis=0)),
        zero_rows,
        zero_columns,
    )


def _zeroed(up: Mask, down: Mask, target: Array, known: Mask, others: Mask, axis: int) -> Mask:
    """Lines with target zero and cells of one sign in the lines of the other side that live."""
    lives = others[None, :] if axis else others[:, None]
    positive, negative = (up & lives).any(axis=axis), (down & lives).any(axis=axis)
    return np.asarray(known | ((target == 0) & (positive ^ negative)))


def scaled(
    matrix: Array, margins: Margins, *, tolerance: float = 1e-9, iterations: int = 1000
) -> Scaled:
    """Scale a matrix to row and column sums by GRAS, which is RAS if no cell is negative.

    Parameters
    ----------
    matrix : ndarray, shape (n, m)
        Cells of any sign; zeros stay zeros and signs stay.
    margins : Margins
        Target sums; their totals agree and `unreachable` finds nothing.
    tolerance : float
        Largest gap allowed, relative to the sum of absolute cells of the row or column.
    iterations : int
        Most rounds of rows and columns.

    Returns
    -------
    Scaled
        With the smallest largest gap met, if the rounds did not converge.

    Notes
    -----
    With P and N the positive and the absolute negative cells, p_i = sum_j P_ij s_j and
    n_i = sum_j N_ij / s_j, each round sets r_i to the positive root of
    p_i r^2 - u_i r - n_i = 0, and r_i = -n_i / u_i where p_i = 0; then s alike. This is the
    minimum of sum |a| (z ln(z / e)), z = x / a: Junius and Oosterhaven (2003), Economic
    Systems Research 15(1), with the objective of Lenzen, Wood and Gallego (2007), ibid.
    19(4), whose multipliers carry no factor e, and the case p_i = 0 of Temurshoev, Miller and
    Bouwmeester (2013), ibid. 25(3). RAS: Stone (1961); Bacharach (1970); Miller and Blair
    (2009), section 7.4. A round reads the matrix twice. Where weak cells link parts of the
    matrix, rounds converge slowly: after 50 of them Newton steps of the same minimum are tried
    (Knight and Ruiz 2013, IMA Journal of Numerical Analysis 33(3)) and kept if nearer.
    """
    vain = unreachable(matrix, margins)
    parts = _parts(matrix, vain)
    now = _round(parts, margins, np.ones(matrix.shape[1]))
    best, rounds, due = now, 1, PATIENCE
    while rounds < iterations and not best.worst <= tolerance and not _diverges(now):
        rounds += 1
        now = _round(parts, margins, now.s, now)
        if rounds >= due and matrix.shape[1] <= NEWTON_BELOW:
            leap = _round(parts, margins, now.s * np.exp(_newton(parts, margins, now)))
            nearer = leap.level < now.level or leap.worst < now.worst
            due = rounds + (1 if nearer else PATIENCE)
            now = leap if nearer else now
        best = now if now.worst < best.worst else best
    r, s = best.r, best.s
    product = r[:, None] * s
    cells = matrix * product
    np.divide(matrix, product, out=cells, where=matrix < 0)
    cells[vain.zero_rows] = 0.0
    cells[:, vain.zero_columns] = 0.0
    return Scaled(
        r=np.where(vain.zero_rows, 0.0, r),
        s=np.where(vain.zero_columns, 0.0, s),
        matrix=cells,
        row_gap=cells.sum(axis=1) - margins.rows,
        column_gap=cells.sum(axis=0) - margins.columns,
        iterations=rounds,
        converged=best.worst <= tolerance,
    )


class _Round(NamedTuple):
    """Multipliers after a round, largest relative gap, level of the dual minimum, row sums."""

    r: Array
    s: Array
    worst: float
    level: float
    positive: Array
    negative: Array


def _round(parts: Parts, margins: Margins, s: Array, last: _Round | None = None) -> _Round:
    """Scale rows, then columns; row sums at `s` are those of the last round, if given."""
    p = parts.positive @ s if last is None else last.positive
    n = parts.negative @ _inverse(s) if last is None else last.negative
    r = multipliers(margins.rows, p, n)
    s = multipliers(margins.columns, parts.positive.T @ r, parts.negative.T @ _inverse(r))
    p, n = parts.positive @ s, parts.negative @ _inverse(s)
    up, down = r * p, _inverse(r) * n
    size = np.maximum(up + down, np.abs(margins.rows))
    gap = np.abs(up - down - margins.rows)
    worst = np.max(np.divide(gap, size, out=np.zeros_like(gap), where=size > 0), initial=0.0)
    logs = (np.log(np.where(part > 0, part, 1.0)) for part in (r, s))
    paid = sum(float(target @ log) for target, log in zip(margins, logs, strict=True))
    return _Round(r, s, float(worst), float((up + down).sum()) - paid, p, n)


def _diverges(now: _Round) -> bool:
    """Tell whether multipliers run away, as they do where zeros make the targets impossible."""
    found = np.concatenate([now.r, now.s])
    return bool((found > DIVERGED).any() or ((found != 0) & (found < 1.0 / DIVERGED)).any())


def _newton(parts: Parts, margins: Margins, now: _Round) -> Array:
    """Newton step in the logarithms of s, rows eliminated; no entry is larger than one."""
    positive, negative = (part.toarray() if scipy.sparse.issparse(part) else part for part in parts)
    product = now.r[:, None] * now.s
    up, down = positive * product, negative * _inverse(product)
    cells = up + down
    rows, columns = (np.where((size := cells.sum(axis=k)) > 0, size, 1.0) for k in (1, 0))
    gaps = [target - (up - down).sum(axis=k) for target, k in zip(margins, (1, 0), strict=True)]
    shared = cells / rows[:, None]
    system = np.diag(columns * (1.0 + DAMPING)) - cells.T @ shared
    step = np.linalg.solve(system, gaps[1] - shared.T @ gaps[0])
    step -= step.mean()  # a common factor of s is undone by r
    return np.asarray(step / max(1.0, float(np.abs(step).max(initial=0.0))))


def multipliers(target: Array, positive: Array, negative: Array) -> Array:
    """Positive root m of positive m - negative / m = target, by line; 1 where a line is empty.

    Parameters
    ----------
    target, positive, negative : ndarray, shape (n,)
        Target sums; sums of positive cells and of absolute negative cells.

    Returns
    -------
    ndarray, shape (n,)
        Of the two forms of the root, the one that does not subtract like numbers.
    """
    root = np.sqrt(target**2 + 4.0 * positive * negative)
    above = np.divide(target + root, 2.0 * positive, out=np.ones_like(target), where=positive > 0)
    below = np.divide(
        2.0 * negative, root - target, out=np.ones_like(target), where=(root > target)
    )
    return np.asarray(np.where((target > 0) | (negative == 0), above, below))


def _parts(matrix: Array, vain: Vain) -> Parts:
    if vain.zero_rows.any() or vain.zero_columns.any():
        matrix = np.where(vain.zero_rows[:, None] | vain.zero_columns, 0.0, matrix)
    signed = bool((matrix < 0).any())
    positive = np.maximum(matrix, 0.0) if signed else matrix
    if np.count_nonzero(positive) < SPARSE_BELOW * positive.size:
        positive = scipy.sparse.csr_array(positive)
    negative = scipy.sparse.csr_array(np.maximum(-matrix, 0.0) if signed else matrix.shape)
    return Parts(positive, negative)


def _inverse(values: Array) -> Array:
    """One over each multiplier; a multiplier of zero meets no negative cell."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values != 0)
