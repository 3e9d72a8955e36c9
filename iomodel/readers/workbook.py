"""Workbooks as sheets of cells with true addresses, whatever kind of file they come in."""

import datetime
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import ZipInfo

from iomodel.errors import ReadError
from iomodel.readers import biff, biff12, opendocument
from iomodel.readers.addresses import (
    Area as Area,
    address_of as address_of,
    column_letters as column_letters,
)
from iomodel.readers.content import LOCKED, SAVE, Content, content_of
from iomodel.readers.delimited import Delimited, read_delimited
from iomodel.readers.parts import (
    hidden_lines,
    merged_areas,
    refuse_far_cells,
    refuse_span,
    sheet_parts,
    unpacked,
)

SUFFIXES = {"xlsx": {".xlsx", ".xlsm"}, "xlsb": {".xlsb"}, "ods": {".ods"}, "xls": {".xls"}}
SEAM = 512  # bytes that two pieces of a part share, so that a tag between them is seen whole
ERROR_VALUES = {
    "xls": biff.error_values,
    "xlsb": biff12.error_values,
    "ods": opendocument.error_values,
}


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
        """Return a cell as stripped text.

        Whole numbers lose their decimal point, dates and times are in ISO form, durations in
        hours, minutes and seconds, truth values as a spreadsheet shows them.
        """
        value = self.cell(row, column)
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return _shown(value)

    def address(self, row: int, column: int) -> str:
        """Return the address of a cell, as a spreadsheet shows it."""
        return address_of(row, column)

    def column_of(self, header: str, row: int = 0) -> int | None:
        """Return the column whose header cell in `row` holds this text."""
        return next((c for c in range(self.width) if self.text(row, c) == header), None)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(abs(value).total_seconds()), 60)
        sign = "-" if value < datetime.timedelta() else ""
        return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value).strip()


@dataclass(frozen=True, eq=False)
class Workbook:
    """An open workbook; sheets are read when asked for.

    Attributes
    ----------
    path : Path
        The file.
    names : tuple of str
        All sheets, hidden ones too, in the order of the file; of a csv the stem of its name.
    content : str
        What the file is, whatever its name says: ``xlsx``, ``xlsb``, ``ods``, ``xls``, ``csv``.
    hidden : tuple of str
        The names of the sheets that a spreadsheet program does not show.
    facts : Mapping
        Of a csv the ``encoding``, the ``separator`` and the ``decimal`` mark that were found.
    """

    path: Path
    names: tuple[str, ...]
    _book: Any = field(repr=False)
    content: Content = "xlsx"
    hidden: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    _read: dict[str, Sheet] = field(default_factory=dict, repr=False)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by name.

        Raises
        ------
        ReadError
            Naming the sheets that there are; or if the sheet is damaged, or spans far more cells
            than it stores.
        """
        self._must_have(name)
        if name not in self._read:
            part = self._parts.get(name)
            if part is not None:
                refuse_far_cells(self.path, part, name)
            self._read[name] = Sheet(name, _rows(self._book, name, self.path))
        return self._read[name]

    def merged(self, name: str) -> tuple[Area, ...] | None:
        """Return the merged ranges of a sheet, looked up when asked for.

        Returns
        -------
        tuple of Area or None
            Corners counted from zero, both inside; None where the kind of file, or the installed
            version of its reader, does not tell.
        """
        self._must_have(name)
        if self.content == "csv":
            return ()
        if name in self._parts:
            return tuple(merged_areas(self.path, self._parts[name]))
        sheet = _calamine_sheet(self._book, name, self.path)
        found = getattr(sheet, "merged_cell_ranges", None)
        return None if found is None else tuple(Area(*first, *last) for first, last in found)

    def hidden_lines(self, name: str) -> tuple[frozenset[int], frozenset[int]] | None:
        """Return the hidden rows and columns of a sheet, looked up when asked for.

        Returns
        -------
        tuple of two frozensets or None
            Rows and columns counted from zero; None for files other than .xlsx and csv, where
            it is not known.
        """
        self._must_have(name)
        if self.content == "csv":
            return frozenset(), frozenset()
        return hidden_lines(self.path, self._parts[name]) if name in self._parts else None

    @cached_property
    def may_hide_values(self) -> bool:
        """True if a sheet has error values or formulas, which the fast reader can give as empty."""
        if self.content in ERROR_VALUES:
            return any(True for _ in ERROR_VALUES[self.content](self.path, ""))
        return any(_has_marks(self.path, part) for part in self._parts.values())

    @cached_property
    def _parts(self) -> Mapping[str, ZipInfo]:
        return sheet_parts(self.path) if self.content == "xlsx" else {}

    def _must_have(self, name: str) -> None:
        if name not in self.names:
            have = ", ".join(self.names)
            raise ReadError(f"{self.path}: no sheet {name!r}; the workbook has: {have}.")


def open_workbook(path: str | Path) -> Workbook:
    """Open a workbook (.xlsx, .xlsm, .xls, .xlsb, .ods) or a text file (.csv, .tsv, .txt).

    What a file is, its content says, not its name. Nothing but the list of sheets is read, except
    of a text file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Workbook

    Raises
    ------
    ReadError
        If there is no such file, or it is not a workbook, is damaged, protected by a password or
        would unpack to more than can be meant; the message says what to do.
    """
    import python_calamine

    file = Path(path)
    content = content_of(file)
    if content == "csv":
        text = read_delimited(file)
        return Workbook(file, (file.stem,), text, content, facts=text.facts)
    if content == "ods":
        opendocument.refuse_far_cells(file)
    # The library goes by the name of a file where it is given one.
    named_so = file.suffix.lower() in SUFFIXES[content]
    source = str(file) if named_so else io.BytesIO(file.read_bytes())
    with _refusing(f"{file}: cannot be read as a workbook"):
        book = python_calamine.load_workbook(source)
    shown = python_calamine.SheetVisibleEnum.Visible
    hidden = tuple(sheet.name for sheet in book.sheets_metadata if sheet.visible != shown)
    return Workbook(file, tuple(book.sheet_names), book, content, hidden)


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    """Turn all that the library raises on a damaged file into a `ReadError`."""
    import python_calamine

    try:
        yield
    except python_calamine.PasswordError as error:
        raise ReadError(f"{what}: it {LOCKED}") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise ReadError(f"{what} ({error}). {SAVE}.") from error
    except BaseException as error:
        # A slip of the library on a damaged file; its class is no Exception and has no module.
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError(f"{what}: it is damaged or incomplete ({error}). {SAVE}.") from error


def _calamine_sheet(book: Any, name: str, path: Path) -> Any:
    with _refusing(f"{path}: the sheet {name!r} is damaged"):
        return book.get_sheet_by_name(name)


def _rows(book: Any, name: str, path: Path) -> list[list[Any]]:
    if isinstance(book, Delimited):
        return book.rows
    sheet = _calamine_sheet(book, name, path)
    # A single cell far from A1 has passed so far: it is the rows from A1 on that are many.
    start, end = sheet.start or (0, 0), sheet.end or (0, 0)
    stored = (end[0] - start[0] + 1) * (end[1] - start[1] + 1)
    refuse_span(path, name, (end[0] + 1, end[1] + 1), stored)
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    return rows


def _has_marks(path: Path, part: ZipInfo) -> bool:
    seam = b""
    for piece in unpacked(path, part):
        data = seam + piece
        if b't="e"' in data or re.search(rb"<(?:\w+:)?f[\s>/]", data):
            return True
        seam = data[-SEAM:]
    return False


def raw_texts(path: Path, sheet: str, spots: Iterable[tuple[int, int]]) -> dict[str, str]:
    """Return what cells read as empty really hold: error values and formulas never computed.

    The fast reader gives these as empty; the slow one is asked only when a reading has failed.

    Parameters
    ----------
    path : Path
        The file; of an .xls, .xlsb or .ods only error values are found, of other kinds nothing.
    sheet : str
        Name of the sheet.
    spots : iterable of tuple of int
        Rows and columns counted from zero.

    Returns
    -------
    dict of str to str
        Text by address, for the cells that hold something.
    """
    wanted = set(spots)
    content = content_of(path)
    if content not in ERROR_VALUES:
        return _xlsx_texts(path, sheet, wanted) if content == "xlsx" else {}
    errors = ERROR_VALUES[content](path, sheet)
    return {address_of(r, c): text for r, c, text in errors if (r, c) in wanted}


def _xlsx_texts(path: Path, sheet: str, spots: Iterable[tuple[int, int]]) -> dict[str, str]:
    import openpyxl

    # From memory: the library refuses a file by its name.
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    if sheet not in book.sheetnames:
        return {}
    cells = book[sheet]
    found = {
        address_of(row, column): cells.cell(row + 1, column + 1).value for row, column in spots
    }
    return {address: str(value) for address, value in found.items() if value is not None}
