"""Bare cells to a workbook, row by row, that give back every bit of their numbers."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np

LINE = 15.0  # height of one line of text, in points
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
Cell = str | int | float | None
MOST_ROWS, MOST_COLUMNS, LONGEST = 1_048_576, 16_384, 32_767
# A workbook gives other characters back than these, or none: XML has no place for them.
LOST = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True, kw_only=True)
class Page:
    """One sheet of bare cells, which a program reads as well as a person.

    Attributes
    ----------
    name : str
    rows : iterable of sequences of cells
        Text, numbers, or None for an empty cell; rows may be made one by one.
    heads : int
        Number of header rows, bold and frozen.
    frozen : int
        Number of columns frozen at the left; the first is bold.
    widths : sequence of float
        Column widths; the last one holds for the rest.
    padded : int or None
        Column whose texts may begin or end with blanks.
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    heads: int
    frozen: int
    widths: Sequence[float]
    padded: int | None = None

    def width_of(self, column: int) -> float:
        """Width of a column counted from zero."""
        return self.widths[min(column, len(self.widths) - 1)]


def page_bytes(pages: Sequence[Page]) -> tuple[bytes, list[str]]:
    """Return an .xlsx workbook whose cells give back every bit of their numbers.

    Numbers have the shortest digits that are the same number, whatever their format shows;
    text is text, also if it looks like a formula.

    Returns
    -------
    tuple of bytes and list of str
        The workbook, and the cells (with address) that a workbook cannot hold.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    lost: list[str] = []
    for page in pages:
        _lay(book.create_sheet(page.name), page, lost)
    stream = BytesIO()
    book.save(stream)  # closes the sheets, also where cells were lost
    return stream.getvalue(), lost


def _lay(sheet: Any, page: Page, lost: list[str]) -> None:
    """Write the rows of a page one by one; record cells that a workbook cannot hold."""
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = f"{get_column_letter(page.frozen + 1)}{page.heads + 1}"
    cells = _cells(sheet)
    for at, row in enumerate(page.rows):
        if not at:
            for column in range(len(row)):
                letter = get_column_letter(column + 1)
                sheet.column_dimensions[letter].width = page.width_of(column)
        for column, value in enumerate(row):
            problem = _problem(value, padded=column == page.padded)
            if problem:
                address = f"{page.name}!{get_column_letter(column + 1)}{at + 1}"
                lost.append(f"{address} {str(value)[:40]!r}: {problem}")
        high = max((lines_of(v, page.width_of(c)) for c, v in enumerate(row)), default=1)
        if high > 1:
            sheet.row_dimensions[at + 1].height = LINE * high
        if not lost:
            head = at < page.heads
            sheet.append([cells(value, head, head or not c) for c, value in enumerate(row)])


def _problem(value: Cell, *, padded: bool) -> str:
    """Say why a workbook would not give a cell back as it is; empty text if it would."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return "" if np.isfinite(value) else "not a finite number"
    if LOST.search(value):
        return "a control character, or what a workbook takes for one"
    if len(value) > LONGEST:
        return f"{len(value):,} characters, a cell holds {LONGEST:,}"
    return "" if padded or value == value.strip() else "text begins or ends with a blank"


def _cells(sheet: Any) -> Callable[[Cell, bool, bool], Any]:
    """Return what makes a cell of a value, with its style (head, bold)."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    bold, fill = Font(bold=True), PatternFill("solid", fgColor="DDE5EE")
    top = Alignment(vertical="top", wrap_text=True)

    def made(value: Cell, head: bool, strong: bool) -> Any:
        if value is None or value == "":
            return None
        cell = WriteOnlyCell(sheet)
        if isinstance(value, str):
            cell.value, cell.data_type, cell.number_format = value, "s", "@"
            cell.alignment, cell.quotePrefix = top, value[:1] in tuple("=+-@")
        else:
            exact(cell, value)
            cell.number_format = "#,##0" if abs(value) >= 10_000 and not head else "General"
        if strong:
            cell.font = bold
        if head:
            cell.fill = fill
        return cell

    return made


def exact(cell: Any, number: float) -> None:
    """Write the shortest digits that are the same number; the library alone rounds to 16."""
    cell.value, cell.data_type = repr(number).removesuffix(".0"), "n"


def lines_of(value: object, width: float) -> int:
    """Lines that a text takes in a column; programs do not all fit row heights by themselves."""
    return math.ceil(len(value) / width) if isinstance(value, str) and value else 1
