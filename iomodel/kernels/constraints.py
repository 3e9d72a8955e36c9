"""Balance cells to any linear sums: KRAS, and weighted least squares."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from iomodel.kernels.biproportion import multipliers
from iomodel.kernels.linear import Array, Positions

STEPS = 60
LOOSENING = 0.1
STALLED = 0.999
WATCHED = 10
PATIENCE = 20
DAMPING = 1e-12


class Sums(NamedTuple):
    """Linear sums that cells must meet: G x = c.

    Attributes
    ----------
    weights : sparse array, shape (m, k)
        Coefficients G of the k cells in the m sums.
    targets : ndarray, shape (m,)
        Targets c.
    errors : ndarray, shape (m,)
        Standard error of each target, in its unit; zero where the target is exact.
    """

    weights: Any
    targets: Array
    errors: Array


@dataclass(frozen=True, eq=False, kw_only=True)
class Met:
    """Balanced cells, and how far their sums are from the targets as given.

    Attributes
    ----------
    cells : ndarray, shape (k,)
    gap : ndarray, shape (m,)
        Sums less targets as given; what a target with an error was moved by stands here.
    unmet : ndarray, shape (m,)
        Sums less targets as moved, relative to the sum of the absolute terms.
    iterations : int
    converged : bool
    """

    cells: Array
    gap: Array
    unmet: Array
    iterations: int
    converged: bool


class _Block(NamedTuple):
    """Sums that share no cell, so that all of them can be met at once."""

    sums: Positions
    row: Positions
    cell: Positions
    weight: Array
    plain: bool


def unreachable_sums(cells: Array, sums: Sums) -> npt.NDArray[np.bool_]:
    """Tell which exact sums no scaling can meet: all their terms have the other sign.

    Parameters
    ----------
    cells : ndarray, shape (k,)
    sums : Sums

    Returns
    -------
    ndarray of bool, shape (m,)
    """
    terms = sums.weights.multiply(cells[None, :]).tocsr()
    up, down = (terms > 0).sum(axis=1), (terms < 0).sum(axis=1)
    wrong = ((sums.targets > 0) & (up == 0)) | ((sums.targets < 0) & (down == 0))
    wrong |= (sums.targets == 0) & ((up == 0) ^ (down == 0))
    return np.asarray(wrong & (sums.errors == 0))


def scaled_to(cells: Array, sums: Sums, *, tolerance: float = 1e-9, iterations: int = 1000) -> Met:
    """Scale cells to linear sums by KRAS; signs stay.

    Parameters
    ----------
    cells : ndarray, shape (k,)
        Cells a, none of them zero.
    sums : Sums
        Sums with any coefficients, which may contradict each other where they have errors.
    tolerance : float
        Largest gap allowed, relative to the sum of the absolute terms of a sum.
    iterations : int
        Most rounds over all sums.

    Returns
    -------
    Met

    Notes
    -----
    Each sum in turn multiplies its cells by exp(t g sign(a)), t such that the sum is met; for
    coefficients of one size t has the closed form of GRAS, else it is found by Newton's
    method. Where targets agree, this converges to the minimum of sum |a| (z ln(z / e)) with
    z = x / a. Where they conflict the rounds stall, and then each target with an error sigma
    moves towards its sum by min(|gap|, 0.1 sigma) whenever its turn comes: Lenzen, Gallego
    and Wood (2009), Economic Systems Research 21(1). "Stall" means here that the largest gap
    fell by less than 0.1 per cent in ten rounds. Sums that share no cell are met together.
    After 20 rounds Newton steps of the same minimum are tried, and kept if nearer.
    """
    x, targets, logs = cells.copy(), sums.targets.copy(), np.zeros(len(sums.targets))
    blocks, size = _blocks(sums.weights), abs(sums.weights)
    history: list[float] = []
    best, best_unmet, loosening = x.copy(), np.full(len(targets), np.inf), False
    converged, due = False, PATIENCE
    while len(history) < iterations and not converged:
        for block in blocks:
            if loosening:
                _loosen(block, x, targets, sums.errors)
            logs[block.sums] += _meet(block, x, targets)
        if len(history) >= due and not loosening:
            step = _newton(sums.weights, x, targets)
            leap = cells * np.exp(np.sign(cells) * (sums.weights.T @ (logs + step)))
            nearer = np.abs(leap).sum() - targets @ step < np.abs(x).sum()
            due = len(history) + (1 if nearer else PATIENCE)
            x, logs = (leap, logs + step) if nearer else (x, logs)
        unmet = _relative(sums.weights @ x - targets, size @ np.abs(x), targets)
        history.append(float(np.max(np.abs(unmet), initial=0.0)))
        if history[-1] < float(np.max(np.abs(best_unmet), initial=0.0)):
            best, best_unmet = x.copy(), unmet
        converged = history[-1] <= tolerance
        stalled = len(history) > WATCHED and history[-1] > STALLED * history[-1 - WATCHED]
        loosening = loosening or (stalled and bool((sums.errors > 0).any()))
    return Met(
        cells=best,
        gap=sums.weights @ best - sums.targets,
        unmet=best_unmet,
        iterations=len(history),
        converged=converged,
    )


def least_squares(cells: Array, sums: Sums, variance: Array, *, tolerance: float = 1e-9) -> Met:
    """Adjust cells to linear sums with the least sum of squared changes over variances.

    Parameters
    ----------
    cells : ndarray, shape (k,)
        Cells a.
    sums : Sums
        A target with an error is not met exactly: its own squared change over its variance
        is added to the sum.
    variance : ndarray, shape (k,)
        Variance of each cell; zero holds it.
    tolerance : float
        Largest gap allowed, relative to the sum of the absolute terms of a sum.

    Returns
    -------
    Met

    Notes
    -----
    min sum (x - a)^2 / V + sum (c - Gx)^2 / sigma^2: x = a + V G' (G V G' + S)^-1 (c - G a),
    as the shortest y with [G V^1/2, S^1/2] y = c - G a, by LSQR (Paige and Saunders 1982),
    which needs no inverse where sums depend on each other. Stone, Champernowne and Meade
    (1942); Byron (1978), Journal of the Royal Statistical Society A 141(3). Signs can change.
    """
    root = np.sqrt(variance)
    spread = scipy.sparse.diags_array(sums.errors)
    system = scipy.sparse.hstack([sums.weights @ scipy.sparse.diags_array(root), spread]).tocsr()
    wanted = sums.targets - sums.weights @ cells
    answer = scipy.sparse.linalg.lsqr(
        system, wanted, atol=1e-15, btol=1e-15, conlim=0, iter_lim=20 * sum(system.shape)
    )
    k = len(cells)
    x = cells + root * answer[0][:k]
    gap = sums.weights @ x - sums.targets
    unexplained = gap + sums.errors * answer[0][k:]
    unmet = _relative(unexplained, abs(sums.weights) @ np.abs(x), sums.targets)
    return Met(
        cells=x,
        gap=gap,
        unmet=unmet,
        iterations=int(answer[2]),
        converged=bool(np.max(np.abs(unmet), initial=0.0) <= tolerance),
    )


def _relative(gap: Array, size: Array, targets: Array) -> Array:
    scale = np.maximum(size, np.abs(targets))
    return np.divide(gap, scale, out=np.zeros_like(gap), where=scale > 0)


def _blocks(weights: Any) -> list[_Block]:
    """Sort sums greedily into blocks without a common cell, in the order given."""
    table = weights.tocsr()
    taken: list[npt.NDArray[np.bool_]] = []
    members: list[list[int]] = []
    for place in range(table.shape[0]):
        own = table.indices[table.indptr[place] : table.indptr[place + 1]]
        spot = next((k for k, used in enumerate(taken) if not used[own].any()), len(taken))
        if spot == len(taken):
            taken.append(np.zeros(table.shape[1], dtype=bool))
            members.append([])
        taken[spot][own] = True
        members[spot].append(place)
    return [_block(table, np.array(places, dtype=np.intp)) for places in members]


def _block(table: Any, places: Positions) -> _Block:
    part = table[places].tocoo()
    row, cell = part.coords
    weight = np.asarray(part.data, dtype=np.float64)
    return _Block(places, row, cell, weight, bool((np.abs(weight) == 1.0).all()))


def _newton(weights: Any, x: Array, targets: Array) -> Array:
    """Newton step in the logarithms of all multipliers; no cell grows beyond e times."""
    table = weights.tocsr()
    system = table @ scipy.sparse.diags_array(np.abs(x)) @ table.T
    size = system.diagonal()
    system = system + scipy.sparse.diags_array(np.where(size > 0, DAMPING * size, 1.0))
    step = scipy.sparse.linalg.splu(system.tocsc()).solve(targets - table @ x)
    return np.asarray(step / max(1.0, float(np.abs(table.T @ step).max(initial=0.0))))


def _loosen(block: _Block, x: Array, targets: Array, errors: Array) -> None:
    """Move targets with an error towards their sums, before these are met."""
    size = len(block.sums)
    sums = np.bincount(block.row, block.weight * x[block.cell], size)
    gap = targets[block.sums] - sums
    step = np.minimum(np.abs(gap), LOOSENING * errors[block.sums])
    targets[block.sums] -= np.sign(gap) * step


def _meet(block: _Block, x: Array, targets: Array) -> Array:
    """Scale the cells of every sum of a block so that it is met; return the logs of the scale."""
    size, wanted = len(block.sums), targets[block.sums]
    terms = block.weight * x[block.cell]
    if block.plain:
        up: Array = np.bincount(block.row, np.maximum(terms, 0.0), size).astype(np.float64)
        down: Array = np.bincount(block.row, np.maximum(-terms, 0.0), size).astype(np.float64)
        scale = multipliers(wanted, up, down)
        t = scale[block.row]
        x[block.cell] *= np.where(terms > 0, t, 1.0 / np.where(t > 0, t, np.inf))
        return np.log(np.where(scale > 0, scale, 1.0))
    power = np.abs(block.weight) * np.sign(terms)
    steepest = np.ones(size)
    np.maximum.at(steepest, block.row, np.abs(power))
    t = np.zeros(size)
    for _ in range(STEPS):
        now = terms * np.exp(t[block.row] * power)
        gap = wanted - np.bincount(block.row, now, size)
        slope = np.bincount(block.row, now * power, size)
        step = np.divide(gap, slope, out=np.zeros(size), where=slope > 0)
        step = np.clip(step, -1.0 / steepest, 1.0 / steepest)
        t += step
        if float(np.max(np.abs(step) * steepest, initial=0.0)) < 1e-15:
            break
    x[block.cell] *= np.exp(t[block.row] * power)
    return t
