"""Frames to a workbook that reads well in a spreadsheet program: one exhibit a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from iomodel.writers.fillable import Entry, Form, form_bytes, letters
from iomodel.writers.pages import LINE, Cell, lines_of

HEAD_ROW = 4
WIDEST = 60
COLOUR = "3B5B7E"


@dataclass(frozen=True)
class SheetSpec:
    """One sheet: its name, a title, a note and a frame whose index becomes columns.

    Attributes
    ----------
    number_format : str
        Spreadsheet format of the numbers, such as ``0.0000`` or ``#,##0``.
    formats : mapping of column to str
        Formats of columns that have one of their own.
    """

    name: str
    title: str
    note: str
    frame: pd.DataFrame
    number_format: str = "0.0000"
    formats: Mapping[str, str] = field(default_factory=dict)


def workbook_bytes(sheets: Sequence[SheetSpec]) -> bytes:
    """Return an .xlsx workbook with one styled sheet per frame.

    Text that begins with ``=``, ``+``, ``-`` or ``@`` stays text; numbers that are not
    finite are left empty.
    """
    codes = {code for spec in sheets for code in (spec.number_format, *spec.formats.values())}
    looks = {f"figure {code}": ("333333", "", f"format:{code or 'General'}") for code in codes}
    return form_bytes([_exhibit(spec) for spec in sheets], looks)


def _exhibit(spec: SheetSpec) -> Form:
    """Return a frame as a sheet: title, note, heads, rows as high as their texts."""
    frame = spec.frame.reset_index()
    entries = [Entry(1, 1, spec.title, "title"), Entry(2, 1, spec.note, "lead")]
    widths: dict[str, float] = {}
    high: dict[int, int] = {}
    for column, name in enumerate(frame.columns, start=1):
        values = [_cell(value) for value in frame.iloc[:, column - 1].tolist()]
        entries.append(Entry(HEAD_ROW, column, str(name), "heads"))
        figures = f"figure {spec.formats.get(str(name), spec.number_format)}"
        for row, value in enumerate(values, start=HEAD_ROW + 1):
            text = isinstance(value, str)
            entries.append(Entry(row, column, value, "says" if text else figures))
            high[row] = max(high.get(row, 1), lines_of(value, WIDEST))
        widest = max([len(str(name)), *(_width(value) for value in values)], default=8)
        widths[letters(column)] = min(widest + 2, WIDEST)
    return Form(
        name=spec.name,
        colour=COLOUR,
        entries=entries,
        widths=widths,
        heights={row: LINE * lines for row, lines in high.items() if lines > 1},
        frozen=f"B{HEAD_ROW + 1}",
        gridded=True,
    )


def _cell(value: object) -> Cell:
    """Return what stands in a cell: numbers as numbers, all else as text."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return "" if value is None else str(value)
    number = float(value)
    return number if np.isfinite(number) else None


def _width(value: Cell) -> int:
    return len(f"{value:,.4f}") if isinstance(value, float) else len(str(value))
