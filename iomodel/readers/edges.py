"""Where a block ends: headings, totals and other tables are not sectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from iomodel.kernels.linear import Array
from iomodel.kernels.totals import Rounding, step_of
from iomodel.readers.grid import Grid

MOSTLY = 0.3  # a line of figures has figures in at least this share of its cells
GAP = 3  # labelled lines without a counterpart that end a table, rather than lack a partner


class Pairs(NamedTuple):
    """Rows and columns with the same labels, and all labelled lines around them.

    Attributes
    ----------
    rows, columns : tuple of int
        Positions, paired, in the order of the columns.
    down, across : tuple of int
        All labelled rows and columns of this table.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    down: tuple[int, ...]
    across: tuple[int, ...]


@dataclass(frozen=True)
class Edges:
    """The rows and columns of a block, and what is odd about them."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    guessed: tuple[int, ...] = ()
    loose_rows: tuple[int, ...] = ()
    loose_columns: tuple[int, ...] = ()

    @property
    def reordered(self) -> bool:
        """True if rows and columns stand in different order."""
        return list(self.rows) != sorted(self.rows)


def trimmed(grid: Grid, pairs: Pairs) -> Edges | None:
    """Return the block of a set of pairs, or None if nothing is left of it."""
    rows, columns = _with_figures(grid, pairs.rows, pairs.columns)
    rows, columns = _before_gap(grid, rows, columns, pairs)
    rows, columns = _before_output(grid, rows, columns)
    rows, columns = _without_totals(grid, rows, columns)
    if len(rows) < 2:
        return None
    edges = Edges(tuple(rows), tuple(columns))
    if edges.reordered:
        return replace(
            edges,
            loose_rows=_inner(pairs.down, rows, grid, columns, by_row=True),
            loose_columns=_inner(pairs.across, columns, grid, rows, by_row=False),
        )
    whole = _completed(grid, edges, pairs)
    return whole if not whole.guessed else _cut_again(grid, whole)


def _cut_again(grid: Grid, edges: Edges) -> Edges:
    """Cut a block that grew by lines paired by place at its first total, and its subtotals."""
    rows, columns = _without_totals(grid, list(edges.rows), list(edges.columns))
    guessed = {edges.columns[k] for k in edges.guessed}
    kept = tuple(k for k, column in enumerate(columns) if column in guessed)
    return replace(edges, rows=tuple(rows), columns=tuple(columns), guessed=kept)


def _with_figures(
    grid: Grid, rows: Sequence[int], columns: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Drop pairs that are headings: neither their row nor their column is mostly figures."""
    filled = grid.values[np.ix_(list(rows), list(columns))]
    shares = np.maximum(filled.mean(axis=1), filled.mean(axis=0))
    keep = [k for k in range(len(rows)) if shares[k] >= MOSTLY]
    return [rows[k] for k in keep], [columns[k] for k in keep]


def _before_gap(
    grid: Grid, rows: list[int], columns: list[int], pairs: Pairs
) -> tuple[list[int], list[int]]:
    """Cut where lines without a counterpart follow: final demand and inputs begin there."""
    down, across = sorted(pairs.down), sorted(pairs.across)
    starts = [0]
    inner = np.diff(np.searchsorted(down, rows)) - 1, np.diff(np.searchsorted(across, columns)) - 1
    for k in (np.flatnonzero((inner[0] != 0) | (inner[1] != 0)) + 1).tolist():
        last, following = max(rows[:k]), min(rows[k:])
        if last > following:  # rows in another order than columns
            continue
        more_rows = [place for place in down if last < place < following]
        more_columns = [place for place in across if columns[k - 1] < place < columns[k]]
        if _is_gap(grid, more_rows, more_columns):
            starts.append(k)
    stops = [*starts[1:], len(rows)]
    start, stop = max(zip(starts, stops, strict=True), key=lambda span: span[1] - span[0])
    return rows[start:stop], columns[start:stop]


def _is_gap(grid: Grid, rows: Sequence[int], columns: Sequence[int]) -> bool:
    """Tell inputs and final demand between two pairs from sectors under other labels.

    There are many of them, or as many of both where no input is bought by final demand.
    """
    if abs(len(rows) - len(columns)) >= GAP:
        return True
    if not rows or not columns:
        return False
    corner = float(grid.values[np.ix_(list(rows), list(columns))].mean())
    return corner < MOSTLY and max(len(rows), len(columns)) >= GAP


def _without_totals(grid: Grid, rows: list[int], columns: list[int]) -> tuple[list[int], list[int]]:
    """Cut at the first total, drop subtotals, and cut at the total that shows without them."""
    values = np.nan_to_num(grid.block(rows, columns))
    rounding = Rounding(step_of(values), 1)
    sections = _subtotals(values, rounding)
    stop = _first_total(values, rounding, sections)
    keep = [k for k in range(stop) if k not in sections]
    keep = keep[: _first_total(values[np.ix_(keep, keep)], rounding, {})]
    return [rows[k] for k in keep], [columns[k] for k in keep]


def _first_total(values: Array, rounding: Rounding, sections: Mapping[int, list[int]]) -> int:
    """Return the first pair whose row or column is the sum of all before it, or their number.

    The subtotal of a first section is such a sum too: another section follows it.
    """
    down_sums, across_sums = np.cumsum(values, axis=0), np.cumsum(values, axis=1)
    near = _as_large_as_the_corner(values, rounding)
    for k in range(2, len(values)):
        if any(j > k and min(parts) > k for j, parts in sections.items()):
            continue
        if k in sections and any(_buys_and_sells(values, j, k) for j in range(k + 1, len(values))):
            continue
        if k in sections and len(sections[k]) + sum(j < k for j in sections) == k:
            return k
        if not near[k]:
            continue
        across, down = values[:k, k], values[k, :k]
        if _is_sum(down, down_sums[k - 1, :k], rounding, k) or _is_sum(
            across, across_sums[:k, k - 1], rounding, k
        ):
            return k
    return len(values)


def _as_large_as_the_corner(values: Array, rounding: Rounding) -> list[bool]:
    """Tell of each pair whether its row or column before it can be the sum of all before it."""
    n = len(values)
    if n < 3:
        return [True] * n
    corner = np.cumsum(np.cumsum(values, axis=0), axis=1).diagonal()  # of the first k + 1 pairs
    lower, upper = np.tril(values, -1).sum(axis=1), np.triu(values, 1).sum(axis=0)
    room = rounding.allowed(values, n) * n
    gaps = np.minimum(np.abs(lower[1:] - corner[:-1]), np.abs(upper[1:] - corner[:-1]))
    return [False, *(gaps <= room).tolist()]


def _buys_and_sells(values: Array, j: int, count: int) -> bool:
    """Tell a sector from a total: it deals with the first ones, and some of it with itself."""
    bought, sold = values[:count, j].sum(), values[j, :count].sum()
    return bool(0 < abs(values[j, j]) < min(bought, sold))


def _before_output(grid: Grid, rows: list[int], columns: list[int]) -> tuple[list[int], list[int]]:
    """Cut at a pair whose row and column hold the same figures: output, printed on both sides."""
    values = np.nan_to_num(grid.block(rows, columns))
    lower, upper = np.tril(values, -1).sum(axis=1), np.triu(values, 1).sum(axis=0)
    alike = np.abs(lower - upper) <= 2e-3 * np.abs(lower) + 1e-6
    for k in np.flatnonzero(alike).tolist():
        down, across = values[k, :k], values[:k, k]
        if k >= 2 and np.count_nonzero(down) > k / 2 and np.allclose(down, across, rtol=1e-3):
            symmetric = np.allclose(values[:k, :k], values[:k, :k].T)
            return (rows, columns) if symmetric else (rows[:k], columns[:k])
    return rows, columns


def _is_sum(line: Array, total: Array, rounding: Rounding, count: int) -> bool:
    return not rounding.empty(line) and rounding.holds(line, total, count)


def _subtotals(values: Array, rounding: Rounding) -> dict[int, list[int]]:
    """Return pairs that are subtotals of a run of sectors, on both sides, with their parts."""
    found = _sums_of(values, rounding, 2, {})
    # A section of a single sector is seen only where others are.
    return _sums_of(values, rounding, 1, found) if found else {}


def _sums_of(
    values: Array, rounding: Rounding, fewest: int, known: Mapping[int, list[int]]
) -> dict[int, list[int]]:
    """Return pairs whose row and column are the sums of at least so many pairs beside them."""
    drop = dict(known)
    after = {min(parts) < k for k, parts in known.items()}
    sums = values.sum(axis=1)
    size = len(values)
    room = rounding.allowed(sums, size) * float(np.sqrt(size))
    for k in range(size):
        for run in _runs_beside(sums - values[:, k], k, room, fewest):
            others = [j for j in range(len(values)) if j != k and j not in drop]
            parts = [j for j in run if j not in drop]
            if k in drop or len(parts) < fewest or (after and (min(parts) < k) not in after):
                continue
            down = values[np.ix_(parts, others)].sum(axis=0)
            across = values[np.ix_(others, parts)].sum(axis=1)
            if _is_sum(values[k, others], down, rounding, len(parts)) and _is_sum(
                values[others, k], across, rounding, len(parts)
            ):
                drop[k] = parts
    return drop


def _runs_beside(sums: Array, k: int, room: float, fewest: int) -> list[list[int]]:
    """Return runs of sectors just before or after a line whose rows together are as large."""
    sides = (sums[:k][::-1], range(k - 1, -1, -1)), (sums[k + 1 :], range(k + 1, len(sums)))
    found = []
    for part, places in sides:
        gaps = np.abs(part.cumsum() - sums[k])
        stops = np.flatnonzero(gaps <= room).tolist()
        found += [list(places[: stop + 1]) for stop in stops if stop + 1 >= fewest]
    return found


def _completed(grid: Grid, edges: Edges, pairs: Pairs) -> Edges:
    """Pair lines whose labels differ by their place, where as many stand on both sides."""
    guessed: list[tuple[int, int]] = []
    loose_rows: list[int] = []
    loose_columns: list[int] = []
    stops = list(zip(edges.rows, edges.columns, strict=True))
    down = [p for p in pairs.down if grid.values[p, list(edges.columns)].any()]
    across = [p for p in pairs.across if grid.values[list(edges.rows), p].any()]
    for (row, column), (next_row, next_column) in [((-1, -1), stops[0]), *pairwise(stops)]:
        some_rows = [p for p in down if row < p < next_row]
        some_columns = [p for p in across if column < p < next_column]
        if len(some_rows) == len(some_columns):
            guessed += list(zip(some_rows, some_columns, strict=True))
        elif row >= 0:
            loose_rows += some_rows
            loose_columns += some_columns
    together = sorted({*stops, *guessed})
    columns = [column for _, column in together]
    return Edges(
        tuple(row for row, _ in together),
        tuple(columns),
        tuple(columns.index(column) for _, column in guessed),
        tuple(loose_rows),
        tuple(loose_columns),
    )


def _inner(
    places: Sequence[int], used: Sequence[int], grid: Grid, other: Sequence[int], *, by_row: bool
) -> tuple[int, ...]:
    """Return labelled lines with figures between the used ones."""
    figures = grid.values if by_row else grid.values.T
    return tuple(
        p
        for p in places
        if min(used) < p < max(used) and p not in used and figures[p, list(other)].any()
    )
