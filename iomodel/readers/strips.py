"""Columns of figures by sector, without a square: multipliers, employment, energy use."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iomodel.readers.grid import Grid
from iomodel.readers.workbook import address_of

SHORTEST = 5
MOSTLY = 0.6
GAP = 8  # rows without figures that do not end the columns: a heading printed again


@dataclass(frozen=True, eq=False)
class Strip:
    """Labelled rows with columns of figures.

    Attributes
    ----------
    grid : Grid
    rows, columns : tuple of int
    head : int
        Row that labels most of the columns.
    side : int
        Column of the rows' labels.
    """

    grid: Grid
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    head: int
    side: int

    @property
    def range(self) -> str:
        """Address of the figures."""
        first = address_of(self.rows[0], self.columns[0])
        return f"{first}:{address_of(self.rows[-1], self.columns[-1])}"

    def texts(self, place: int, *, by_row: bool) -> tuple[str, ...]:
        """Return the labels of a row or a column, nearest the figures first."""
        grid = self.grid
        if by_row:
            spots = [(place, c) for c in range(self.columns[0] - 1, -1, -1)]
        else:
            spots = [(r, place) for r in range(self.rows[0] - 1, max(-1, self.head - 4), -1)]
        return tuple(dict.fromkeys(grid.text(*spot) for spot in spots if spot in grid.labels))


def find_strip(grid: Grid) -> Strip | None:
    """Return the columns of figures of a sheet that has no square, or None."""
    values = grid.values
    if values.size == 0:
        return None
    rows = _longest(np.flatnonzero(values.any(axis=1)).tolist(), grid)
    if len(rows) < SHORTEST:
        return None
    share = values[rows].mean(axis=0)
    columns = [c for c in np.flatnonzero(share >= MOSTLY).tolist() if c > 0]
    if not columns:
        return None
    side = next((c for c in range(columns[0] - 1, -1, -1) if _labels(grid, rows, c)), None)
    head = next((r for r in range(rows[0] - 1, -1, -1) if _heads(grid, columns, r)), None)
    if side is None or head is None:
        return None
    return Strip(grid, tuple(rows), tuple(columns), head, side)


def _longest(rows: Sequence[int], grid: Grid) -> list[int]:
    """Return the longest run of labelled rows with figures; a few rows without do not end it."""
    labelled = [row for row in rows if any(column < 4 for column, _ in grid.by_row.get(row, []))]
    best: list[int] = []
    run: list[int] = []
    for row in labelled:
        run = [*run, row] if run and row - run[-1] <= GAP else [row]
        best = max(best, run, key=len)
    return best


def _labels(grid: Grid, rows: Sequence[int], column: int) -> bool:
    return sum((row, column) in grid.labels for row in rows) >= MOSTLY * len(rows)


def _heads(grid: Grid, columns: Sequence[int], row: int) -> bool:
    return sum((row, column) in grid.labels for column in columns) >= MOSTLY * len(columns)
