"""Cells to numbers and texts, collecting every cell that cannot be used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np

from iomodel.errors import BadCell, BadCellsError
from iomodel.kernels.linear import Array
from iomodel.readers.workbook import Sheet, Workbook, address_of, raw_texts


@dataclass(eq=False)
class CellReader:
    """Reads cells of one workbook and keeps a list of the bad ones."""

    book: Workbook
    bad: list[BadCell] = field(default_factory=list)
    _blank: list[tuple[str, int, int]] = field(default_factory=list)
    _free: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """True once a cell was found wanting."""
        return bool(self.bad or self._blank)

    def note(self, sheet: Sheet, row: int, column: int, problem: str) -> None:
        """Record that a cell cannot be used."""
        found = sheet.text(row, column)
        self.bad.append(BadCell(sheet.name, address_of(row, column), found, problem))

    def sheet(self, name: str, columns: Sequence[str] = ()) -> Sheet | None:
        """Return a sheet that has these headers in row 1; record what is missing."""
        if name not in self.book:
            self.bad.append(BadCell(name, "", "", "this sheet is missing"))
            return None
        sheet = self.book.sheet(name)
        heads = [sheet.text(0, c) for c in range(sheet.width)]
        lost = [header for header in columns if header not in heads]
        twice = [header for header in columns if heads.count(header) > 1]
        if lost:
            self.bad.append(BadCell(name, "", "", f"row 1 lacks the headers {', '.join(lost)}"))
        for header in twice:
            last = len(heads) - 1 - heads[::-1].index(header)
            self.note(sheet, 0, last, "this header stands twice in row 1")
        return None if lost or twice else sheet

    def number(self, sheet: Sheet, row: int, column: int, *, blank: bool = False) -> float | None:
        """Return a cell as a number; record text, errors and (unless allowed) blanks."""
        value = sheet.cell(row, column)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if np.isfinite(value):
                return float(value)
            self.note(sheet, row, column, "not a finite number")
        elif str(value).strip() == "":
            (self._free if blank else self._blank).append((sheet.name, row, column))
        else:
            self.note(sheet, row, column, "text where a number is needed")
        return None

    def figure(self, sheet: Sheet, row: int, column: int, *, blank: bool = False) -> float:
        """Return a cell as a number, zero where it is bad or blank; minus zero stays."""
        value = self.number(sheet, row, column, blank=blank)
        return 0.0 if value is None else value

    def block(self, sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> Array:
        """Return a block of numbers; bad cells are recorded and left as zero."""
        if not len(columns):
            return np.zeros((len(rows), 0))
        first, last = columns[0], columns[-1] + 1
        if list(columns) == list(range(first, last)):
            try:
                out = np.array([sheet.rows[row][first:last] for row in rows], dtype=np.float64)
                if np.isfinite(out).all() and not _has_text(sheet, rows, first, last):
                    return out
            except (ValueError, TypeError, IndexError):
                pass
        return np.array(
            [[self.figure(sheet, row, c) for c in columns] for row in rows],
            dtype=np.float64,
        ).reshape(len(rows), len(columns))

    def finish(self) -> None:
        """Raise if any cell was bad.

        Raises
        ------
        BadCellsError
            With every bad cell, in the order of sheets and addresses found.
        """
        for name, row, column, raw in self._looked_up(self._blank):
            self.bad.append(explained(name, address_of(row, column), raw))
        if self._free and self.book.may_hide_values:
            for name, row, column, raw in self._looked_up(self._free):
                if raw.startswith(("#", "=")):
                    self.bad.append(explained(name, address_of(row, column), raw))
        self._blank.clear()
        self._free.clear()
        if self.bad:
            raise BadCellsError(self.book.path, self.bad)

    def fail(self) -> NoReturn:
        """Raise what was recorded; for a place where reading cannot go on."""
        self.finish()
        raise AssertionError("a caller that fails has recorded why")

    def _looked_up(
        self, spots: Sequence[tuple[str, int, int]]
    ) -> Iterator[tuple[str, int, int, str]]:
        """Yield each spot with what its cell really holds."""
        names = dict.fromkeys(name for name, _, _ in spots)
        for name in names:
            places = [(row, column) for sheet, row, column in spots if sheet == name]
            raw = raw_texts(self.book.path, name, places)
            for row, column in places:
                yield name, row, column, raw.get(address_of(row, column), "")


def _has_text(sheet: Sheet, rows: Sequence[int], first: int, last: int) -> bool:
    """Tell whether a block holds texts or truth values, which numpy would convert unasked."""
    return any(
        isinstance(value, str | bool) for row in rows for value in sheet.rows[row][first:last]
    )


def explained(sheet: str, address: str, raw: str) -> BadCell:
    """Return an empty cell as a bad one, by what it really holds: an error, a formula, nothing."""
    if raw.startswith("#"):
        return BadCell(sheet, address, raw, "error value where a number is needed")
    if raw.startswith("="):
        advice = "formula without a stored value: open and save the file in a spreadsheet program"
        return BadCell(sheet, address, raw, advice)
    return BadCell(sheet, address, raw, "blank where a number is needed")
