"""Cells without a figure where one is needed: zeros only if the printed sums prove it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from iomodel.errors import BadCell
from iomodel.kernels.linear import Array
from iomodel.readers.found import Found
from iomodel.readers.grid import NOTHING
from iomodel.readers.lines import Line
from iomodel.readers.statement import Item
from iomodel.readers.workbook import Workbook, raw_texts

Blanks = Literal["refuse", "zero"]
LOOKED_UP = 20_000  # blanks looked up one by one for hidden error values and formulas


@dataclass(eq=False)
class Gaps:
    """Collects the cells of a table that hold no figure, and judges them together.

    A blank, or a mark such as ``-`` or ``...``, is zero if the sum of its line is printed and
    holds without it. Other texts are never read as figures.
    """

    found: Found
    book: Workbook
    blanks: Blanks = "refuse"
    bad: list[BadCell] = field(default_factory=list)
    zeros: int = 0
    _blank: list[tuple[int, int, bool]] = field(default_factory=list)

    def square(self) -> Array:
        """Return the block, zero where a cell is rightly blank."""
        block = self.found.block
        across, down = self._proven(by_row=False), self._proven(by_row=True)
        proven = across[:, None] & down[None, :]
        return self._filled(block.figures(), block.rows, block.columns, proven)

    def columns(self, items: Sequence[Item]) -> Array:
        """Return final demand columns with their signs, (n, k)."""
        block, alone = self.found.block, self.found.statement.holds_alone
        figures = [
            item.sign
            * self._filled(
                item.line.values[:, None], block.rows, (item.line.place,), alone(item.line)[:, None]
            )[:, 0]
            for item in items
        ]
        return np.column_stack(figures) if figures else np.zeros((block.size, 0))

    def rows(self, items: Sequence[Item]) -> Array:
        """Return primary input rows with their signs, (p, n)."""
        block, alone = self.found.block, self.found.statement.holds_alone
        figures = [
            item.sign
            * self._filled(
                item.line.values[None, :],
                (item.line.place,),
                block.columns,
                alone(item.line)[None, :],
            )[0]
            for item in items
        ]
        return np.array(figures) if figures else np.zeros((0, block.size))

    def imports(self, items: Sequence[Item]) -> Array:
        """Return imports by product, from lines on either side, (n,)."""
        columns = self.columns([item for item in items if not item.line.by_row])
        rows = self.rows([item for item in items if item.line.by_row])
        return np.asarray(columns.sum(axis=1) + rows.sum(axis=0) + 0.0)

    def output(self, lines: Sequence[Line]) -> None:
        """Judge the cells of output: the line that is read, and texts in one that repeats it."""
        for line in lines[:1]:
            item = [Item(line, "output")]
            _ = self.rows(item) if line.by_row else self.columns(item)
        for line in lines[1:]:
            self._texts(line)

    def corner(self, rows: Sequence[Item], columns: Sequence[Item]) -> Array:
        """Return primary inputs of final demand, (p, k); blanks are zeros there."""
        grid, found = self.found.block.grid, np.zeros((len(rows), len(columns)))
        for i, primary in enumerate(rows):
            for k, final in enumerate(columns):
                spot = primary.line.place, final.line.place
                found[i, k] = primary.sign * final.sign * np.nan_to_num(grid.numbers[spot])
                self._text(*spot)
        return found + 0.0

    def _texts(self, line: Line) -> None:
        block = self.found.block
        for row, column in zip(block.rows, block.columns, strict=True):
            self._text(*((line.place, column) if line.by_row else (row, line.place)))

    def _text(self, row: int, column: int) -> bool:
        """Note a cell that holds a text where a figure belongs."""
        grid = self.found.block.grid
        text = grid.sheet.text(row, column)
        if np.isfinite(grid.numbers[row, column]) or not text or text.lower() in NOTHING:
            return False
        self._note(row, column, text, "text where a number is needed")
        return True

    def _proven(self, *, by_row: bool) -> np.ndarray:
        """Tell for each sector whether the sum of its row (column) holds with blanks as zeros."""
        return self.found.statement.holds_by_sector(by_row=by_row)

    def _filled(
        self, figures: Array, rows: Sequence[int], columns: Sequence[int], proven: np.ndarray
    ) -> Array:
        out = np.array(figures)
        for i, j in np.argwhere(~np.isfinite(figures)).tolist():
            row, column = rows[i], columns[j]
            out[i, j] = 0.0
            if not self._text(row, column):
                self._blank.append((row, column, bool(proven[i, j])))
        return np.asarray(out + 0.0)  # no negative zeros

    def _note(self, row: int, column: int, text: str, problem: str) -> None:
        address = self.found.block.grid.sheet.address(row, column)
        self.bad.append(BadCell(self.found.sheet, address, text, problem))

    def finish(self) -> None:
        """Judge the blanks: hidden errors, formulas never computed, and blanks unproven."""
        hidden = self._hidden()
        for row, column, proven in self._blank:
            raw = hidden.get(self.found.block.grid.sheet.address(row, column), "")
            if raw.startswith("#"):
                self._note(row, column, raw, "error value where a number is needed")
            elif raw.startswith("="):
                advice = "formula without a stored value: open and save the file in a spreadsheet"
                self._note(row, column, raw, f"{advice} program")
            elif proven or self.blanks == "zero":
                self.zeros += 1
            else:
                text = self.found.block.grid.sheet.text(row, column)
                self._note(
                    row,
                    column,
                    text,
                    "no number, and no printed sum shows that it is zero; to read it as zero: "
                    'iom.read(..., blanks="zero")',
                )

    def _hidden(self) -> dict[str, str]:
        """Return what blank cells really hold, where the fast reader can hide it."""
        if not self._blank or not self.book.may_hide_values:
            return {}
        spots = [(row, column) for row, column, _ in self._blank[:LOOKED_UP]]
        return raw_texts(self.book.path, self.found.sheet, spots)


def texts_within(found: Found) -> list[BadCell]:
    """Return the cells of a block that hold texts where figures belong."""
    block, grid = found.block, found.block.grid
    spots = [(r, c) for r in block.rows for c in block.columns if not grid.figures[r, c]]
    texts = [(grid.sheet.address(*spot), grid.text(*spot)) for spot in spots]
    return [
        BadCell(found.sheet, address, text, "text where a number is needed")
        for address, text in texts
        if text and text.lower() not in NOTHING
    ]
