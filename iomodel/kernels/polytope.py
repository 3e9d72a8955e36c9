"""Uniform draws of the cells of a split sector from all that its totals allow."""

from typing import NamedTuple

import numpy as np

from iomodel.kernels.linear import Array, Factorised, Positions


class Block(NamedTuple):
    """Cells that can be exchanged while rows and columns keep their sums.

    Attributes
    ----------
    cells : ndarray of int, shape (r, c)
        Position of every cell in the vector of all cells.
    weights : ndarray, shape (r,)
        How often a row is taken, adding up to 1; the columns are taken evenly.
    """

    cells: Positions
    weights: Array


def block(cells: Positions, start: Array) -> Block:
    """Return a block whose rows are taken half evenly and half by the root of their size."""
    size = np.sqrt(start[cells].sum(axis=1))
    return Block(cells, 0.5 / len(size) + 0.5 * size / size.sum())


class Walk(NamedTuple):
    """Draws, (draws, cells), after half of the steps and after all of them."""

    middle: Array
    end: Array


def walk(start: Array, blocks: tuple[Block, ...], *, draws: int, steps: int, seed: int) -> Walk:
    """Draw cells uniformly from the polytope of given sums by hit-and-run.

    Parameters
    ----------
    start : ndarray, shape (cells,)
        A point of the polytope, above zero in the cells that are to vary.
    blocks : tuple of Block
        Each with at least two rows and two columns.
    draws : int
        Independent walks, each of which gives one draw.
    steps : int
        Steps of each walk.
    seed : int

    Returns
    -------
    Walk
        Sums over the rows and columns of every block are those of the start, and no cell is
        below zero.

    Notes
    -----
    A step takes two rows and two columns of a block, adds d to two opposite cells and takes it
    from the other two, with d uniform on all values that leave them above zero: hit-and-run
    (Smith 1984, Operations Research 32(6)) along the exchanges that span the polytope. As the
    choice does not depend on where the walk stands, its limit is the uniform distribution
    (Lindner, Legault and Guan 2012, Economic Systems Research 24(4), section 3 [M]).
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    now = np.tile(start, (draws, 1))
    lines = np.arange(draws)
    middle = now
    kinds = rng.integers(len(blocks), size=steps)
    for step in range(steps):
        if step == steps // 2:
            middle = now.copy()
        cells, weights = blocks[kinds[step]]
        first, second = _two(rng, draws, weights)
        left, right = _two(rng, draws, np.full(cells.shape[1], 1.0 / cells.shape[1]))
        up = cells[first, left], cells[second, right]
        down = cells[first, right], cells[second, left]
        least = -np.minimum(now[lines, up[0]], now[lines, up[1]])
        most = np.minimum(now[lines, down[0]], now[lines, down[1]])
        change = least + rng.random(draws) * (most - least)
        for part, sign in ((up, 1.0), (down, -1.0)):
            for at in part:
                now[lines, at] = np.maximum(now[lines, at] + sign * change, 0.0)
    return Walk(middle, now)


def _two(rng: np.random.Generator, draws: int, weights: Array) -> tuple[Positions, Positions]:
    """Two different positions for every draw: one by weight, the other among the rest evenly."""
    one = np.searchsorted(np.cumsum(weights)[:-1], rng.random(draws), side="right")
    other = (one + rng.integers(1, len(weights), size=draws)) % len(weights)
    return one, other


class Bordered(NamedTuple):
    """Coefficients of the sectors that stay, (n, n), and those around m parts, per draw.

    Attributes
    ----------
    rest : ndarray, shape (n, n)
    bought, sold, own : ndarray, shapes (draws, n, m), (draws, m, n) and (draws, m, m)
        What parts buy from and sell to the others, and among themselves.
    """

    rest: Array
    bought: Array
    sold: Array
    own: Array


def multipliers(system: Bordered) -> tuple[Array, Array]:
    """Output multipliers of the others, (draws, n), and of the parts, (draws, m).

    Parameters
    ----------
    system : Bordered

    Returns
    -------
    tuple of ndarray
        Column sums of the Leontief inverse by its partition (Miller and Blair 2009, appendix
        A): one factorisation of I - A of the others serves all draws.
    """
    solver = Factorised(system.rest)
    plain = solver.solve_transposed(np.ones(len(system.rest)))
    size = system.own.shape[1]
    others = np.empty((len(system.own), len(system.rest)))
    parts = np.empty((len(system.own), size))
    for k, (bought, sold, own) in enumerate(zip(*system[1:], strict=True)):
        back = solver.solve_transposed(sold.T)
        inner = np.eye(size) - own.T - bought.T @ back
        parts[k] = np.linalg.solve(inner, 1.0 + bought.T @ plain)
        others[k] = plain + back @ parts[k]
    return others, parts
