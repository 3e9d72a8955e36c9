"""Cells without a figure where one is needed: zeros only if the printed sums prove it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from iomodel.errors import BadCell
from iomodel.kernels.linear import Array
from iomodel.readers.found import Found
from iomodel.readers.grid import NOTHING
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
        block = self.found.block
        proven = self._proven(by_row=False)
        figures = [
            item.sign
            * self._filled(
                item.line.values[:, None], block.rows, (item.line.place,), proven[:, None]
            )[:, 0]
            for item in items
        ]
        return np.column_stack(figures) if figures else np.zeros((block.size, 0))

    def rows(self, items: Sequence[Item]) -> Array:
        """Return primary input rows with their signs, (p, n)."""
        block = self.found.block
        proven = self._proven(by_row=True)
        figures = [
            item.sign
            * self._filled(
                item.line.values[None, :], (item.line.place,), block.columns, proven[None, :]
            )[0]
            for item in items
        ]
        return np.array(figures) if figures else np.zeros((0, block.size))

    def _proven(self, *, by_row: bool) -> np.ndarray:
        """Tell for each sector whether the sum of its row (column) holds with blanks as zeros."""
        return self.found.statement.holds_by_sector(by_row=by_row)

    def _filled(
        self, figures: Array, rows: Sequence[int], columns: Sequence[int], proven: np.ndarray
    ) -> Array:
        out = np.array(figures)
        grid = self.found.block.grid
        for i, j in np.argwhere(~np.isfinite(figures)).tolist():
            row, column = rows[i], columns[j]
            text = grid.sheet.text(row, column)
            if text and text.lower() not in NOTHING:
                self._note(row, column, text, "text where a number is needed")
                continue
            out[i, j] = 0.0
            self._blank.append((row, column, bool(proven[i, j])))
        return out

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
