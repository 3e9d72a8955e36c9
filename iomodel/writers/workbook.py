"""Frames to a workbook that reads well in a spreadsheet program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

HEAD_ROW = 4
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
WIDEST = 60


@dataclass(frozen=True)
class SheetSpec:
    """One sheet: its name, a title, a note and a frame whose index becomes columns.

    Attributes
    ----------
    number_format : str
        Spreadsheet format of the numbers, such as ``0.0000`` or ``#,##0``.
    """

    name: str
    title: str
    note: str
    frame: pd.DataFrame
    number_format: str = "0.0000"


def workbook_bytes(sheets: Sequence[SheetSpec]) -> bytes:
    """Return an .xlsx workbook with one styled sheet per frame.

    Text that begins with ``=``, ``+``, ``-`` or ``@`` stays text; numbers that are not
    finite are left empty.
    """
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for spec in sheets:
        _fill(book.create_sheet(spec.name), spec)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Any, spec: SheetSpec) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    frame = spec.frame.reset_index()
    _put(sheet, 1, 1, spec.title, "")
    _put(sheet, 2, 1, spec.note, "")
    sheet.cell(1, 1).font = Font(bold=True, size=13)
    sheet.cell(2, 1).font = Font(italic=True, color="555555")
    for column, name in enumerate(frame.columns, start=1):
        _put(sheet, HEAD_ROW, column, str(name), "")
        cell = sheet.cell(HEAD_ROW, column)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8EDF3")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        values = frame.iloc[:, column - 1].tolist()
        for row, value in enumerate(values, start=HEAD_ROW + 1):
            _put(sheet, row, column, value, spec.number_format)
        widest = max([len(str(name)), *(_width(value) for value in values)], default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(widest + 2, WIDEST)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 2)


def _put(sheet: Any, row: int, column: int, value: object, number_format: str) -> None:
    """Write one cell: numbers as numbers, all else as text that is never a formula."""
    cell = sheet.cell(row, column)
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        cell.value = "" if value is None else ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", str(value))
        cell.data_type = "s"
        return
    number = float(value)
    if np.isfinite(number):
        cell.value = number
        cell.number_format = number_format or "General"


def _width(value: object) -> int:
    return len(f"{value:,.4f}") if isinstance(value, float) else len(str(value))
