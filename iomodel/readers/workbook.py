"""Workbooks as sheets of cells with true addresses."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from iomodel.errors import ReadError


def column_letters(position: int) -> str:
    """Return the letters of a column counted from zero: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address_of(row: int, column: int) -> str:
    """Return the address of a cell counted from zero: (0, 0) is A1."""
    return f"{column_letters(column)}{row + 1}"


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet: rows of cells from A1 on, empty cells as empty text."""

    name: str
    rows: list[list[Any]]

    @property
    def height(self) -> int:
        """Number of rows down to the last used one."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Number of columns up to the last used one."""
        return len(self.rows[0]) if self.rows else 0

    def cell(self, row: int, column: int) -> Any:
        """Return the value of a cell, empty text outside the used range."""
        inside = 0 <= row < self.height and 0 <= column < len(self.rows[row])
        return self.rows[row][column] if inside else ""

    def text(self, row: int, column: int) -> str:
        """Return a cell as stripped text; whole numbers lose their decimal point."""
        value = self.cell(row, column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return str(value).strip()

    def column_of(self, header: str, row: int = 0) -> int | None:
        """Return the column whose header cell in `row` holds this text."""
        return next((c for c in range(self.width) if self.text(row, c) == header), None)


@dataclass(frozen=True, eq=False)
class Workbook:
    """An open workbook; sheets are read when asked for."""

    path: Path
    names: tuple[str, ...]
    _book: Any = field(repr=False)
    _read: dict[str, Sheet] = field(default_factory=dict, repr=False)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by name.

        Raises
        ------
        ReadError
            Naming the sheets that there are.
        """
        if name not in self.names:
            have = ", ".join(self.names)
            raise ReadError(f"{self.path}: no sheet {name!r}; the workbook has: {have}.")
        if name not in self._read:
            self._read[name] = Sheet(name, _rows(self._book, name, self.path))
        return self._read[name]

    @cached_property
    def may_hide_values(self) -> bool:
        """True if a sheet has error values or formulas, which the fast reader can give as empty."""
        if not zipfile.is_zipfile(self.path):
            return False
        with zipfile.ZipFile(self.path) as archive:
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            return any(b't="e"' in data or b"<f" in data for data in map(archive.read, sheets))


def open_workbook(path: str | Path) -> Workbook:
    """Open a workbook (.xlsx, .xls, .xlsb, .ods) for reading.

    Raises
    ------
    ReadError
        If there is no such file or it is not a workbook.
    """
    import python_calamine

    file = Path(path)
    if not file.is_file():
        what = "is a folder, not a workbook" if file.is_dir() else "does not exist"
        raise ReadError(f"{file}: {what}. Check the name and the folder ({Path.cwd()}).")
    try:
        book = python_calamine.load_workbook(str(file))
    except (python_calamine.CalamineError, OSError) as error:
        raise ReadError(
            f"{file}: cannot be read as a workbook ({error}). Open it in a spreadsheet program, "
            "save it as .xlsx and read that."
        ) from error
    return Workbook(file, tuple(book.sheet_names), book)


def _rows(book: Any, name: str, path: Path) -> list[list[Any]]:
    import python_calamine

    damaged = (python_calamine.CalamineError, python_calamine.XmlError, python_calamine.ZipError)
    try:
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except damaged as error:
        raise ReadError(
            f"{path}: the sheet {name!r} is damaged ({error}). Open the file in a spreadsheet "
            "program, save it again and read that."
        ) from error
    return rows


def raw_texts(path: Path, sheet: str, spots: Iterable[tuple[int, int]]) -> dict[str, str]:
    """Return what cells read as empty really hold: error values and formulas never computed.

    The fast reader gives these as empty; the slow one is asked only when a reading has failed.
    """
    import openpyxl

    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        return {}
    book = openpyxl.load_workbook(path)
    if sheet not in book.sheetnames:
        return {}
    cells = book[sheet]
    found = {
        address_of(row, column): cells.cell(row + 1, column + 1).value for row, column in spots
    }
    return {address: str(value) for address, value in found.items() if value is not None}
