"""Sheets that a person fills in: drop-downs, notes, formulas and colours that follow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple

from iomodel.writers.workbook import Cell


class Formula(str):
    """A text that a spreadsheet program computes; all other text stays text."""


def letters(column: int) -> str:
    """Return the letters of a column counted from one: 1 is A, 27 is AA."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


class Entry(NamedTuple):
    """One cell of a form: row and column from one, value, and the name of its look."""

    row: int
    column: int
    value: Cell | Formula
    look: str = ""


class Choice(NamedTuple):
    """What may be typed into a range: one of some words, or what a formula allows.

    ``kind`` is ``list`` (``allowed`` are words with commas between, or a range that holds them:
    ``=other!$A$2:$A$9``), ``decimal``, ``whole`` or
    ``custom`` (``allowed`` is a formula on the first cell). A choice that is not strict asks
    before it takes something else.
    """

    cells: str
    kind: str
    allowed: str
    title: str
    message: str
    strict: bool = True


class Mark(NamedTuple):
    """A look that the cells of a range take where a formula on the first of them holds."""

    cells: str
    formula: str
    look: str


@dataclass(frozen=True, kw_only=True)
class Form:
    """One sheet that a person fills in: cells, drop-downs, notes and colours that follow.

    Attributes
    ----------
    name, colour : str
        Name of the sheet and colour of its tab.
    entries : sequence of Entry
    choices : sequence of Choice
    marks : sequence of Mark
        The first that holds wins.
    notes : mapping of str to str
        Notes by address.
    widths : mapping of str to float
        Widths by letters of columns, zero to hide one.
    heights : mapping of int to float
        Heights by row, zero to hide one.
    frozen : str
        First cell that moves when the sheet is scrolled.
    """

    name: str
    colour: str
    entries: Sequence[Entry]
    choices: Sequence[Choice] = ()
    marks: Sequence[Mark] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    frozen: str = ""


# Look: colour of the text, colour of the cell, and what else is set.
LOOKS: dict[str, tuple[str, str, str]] = {
    "title": ("1F3A5F", "", "bold large"),
    "text": ("333333", "", "wrap"),
    "lead": ("6B7280", "", ""),
    "step": ("FFFFFF", "3B5B7E", "bold centre"),
    "says": ("333333", "", "middle"),
    "quiet": ("6B7280", "", "wrap"),
    "code": ("1F3A5F", "F3F4F6", "mono middle"),
    "head": ("FFFFFF", "3B5B7E", "bold wrap"),
    "sectors": ("1F3A5F", "DCE6F1", "wrap line"),
    "final": ("1E4D2B", "DDEFE0", "wrap line"),
    "closing": ("374151", "E5E7EB", "wrap line"),
    "primary": ("6B3A00", "FBE5D0", "wrap line"),
    "typed": ("1D4ED8", "FFFDF3", "wrap line"),
    "rounding": ("1D4ED8", "FFF7D6", "percent line"),
    "computed": ("333333", "", "number line"),
    "count": ("333333", "", "count line"),
    "share": ("333333", "", "share line"),
    "state": ("333333", "", "centre line"),
    "linked": ("4B5563", "", "line"),
    "verdict": ("1F3A5F", "F3F4F6", "bold"),
    "blank": ("1D4ED8", "FFF2B8", "line"),
    "figure": ("1D4ED8", "FFFDF3", "line"),
    "large": ("1D4ED8", "FFFDF3", "line count"),
    "optional": ("1D4ED8", "F6F7F9", "line"),
    "good": ("166534", "DCFCE7", ""),
    "waits": ("92400E", "FEF3C7", ""),
    "wrong": ("991B1B", "FECACA", "bold"),
}


def form_bytes(forms: Sequence[Form]) -> bytes:
    """Return an .xlsx workbook that a person fills in; formulas are computed when it is opened.

    Parameters
    ----------
    forms : sequence of Form
        The first is shown when the workbook is opened.
    """
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    looks: dict[str, dict[str, Any]] = {name: _look(name) for name in LOOKS}
    for form in forms:
        _set_out(book.create_sheet(form.name), form, looks)
    book.calculation.fullCalcOnLoad = True
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _look(name: str) -> dict[str, Any]:
    """Return the attributes of a cell of this look."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    text, ground, more = LOOKS[name]
    words = more.split()
    font = "Consolas" if "mono" in words else "Calibri"
    size = 16 if "large" in words else 11
    made: dict[str, Any] = {
        "font": Font(name=font, size=size, color=text, bold="bold" in words),
        "alignment": Alignment(
            vertical="top" if "wrap" in words else "center",
            wrap_text="wrap" in words or "middle" in words,
            horizontal="center" if "centre" in words else "left" if "middle" in words else None,
            indent=1 if "middle" in words else 0,
        ),
    }
    if ground:
        made["fill"] = PatternFill("solid", fgColor=ground, bgColor=ground)
    if "line" in words:
        thin = Side(style="thin", color="D5DAE1")
        made["border"] = Border(left=thin, right=thin, top=thin, bottom=thin)
    formats = {"number": "#,##0.00", "count": "#,##0", "share": "0.000%", "percent": "0.0%"}
    for word, text_format in formats.items():
        if word in words:
            made["number_format"] = text_format
    return made


def _set_out(sheet: Any, form: Form, looks: Mapping[str, Mapping[str, Any]]) -> None:
    """Write a form to a sheet."""
    from openpyxl.comments import Comment
    from openpyxl.worksheet.properties import PageSetupProperties

    for entry in form.entries:
        cell = sheet.cell(entry.row, entry.column)
        if isinstance(entry.value, str) and not isinstance(entry.value, Formula):
            cell.value, cell.data_type, cell.number_format = entry.value, "s", "@"
        else:
            cell.value = str(entry.value) if isinstance(entry.value, str) else entry.value
        for attribute, value in looks.get(entry.look, {}).items():
            setattr(cell, attribute, value)
    for address, text in form.notes.items():
        note = Comment(text, "iomodel")
        note.width, note.height = 320, 40 + 18 * math.ceil(len(text) / 45)
        sheet[address].comment = note
    for letter, width in form.widths.items():
        column = sheet.column_dimensions[letter]
        column.width, column.hidden = width or 2, not width
    for row, height in form.heights.items():
        line = sheet.row_dimensions[row]
        line.height, line.hidden = height or None, not height
    _rules(sheet, form, looks)
    sheet.freeze_panes = form.frozen or None
    sheet.sheet_properties.tabColor = form.colour
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _rules(sheet: Any, form: Form, looks: Mapping[str, Mapping[str, Any]]) -> None:
    """Add what may be typed and the looks that follow the figures."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Font
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.styles.numbers import NumberFormat
    from openpyxl.worksheet.datavalidation import DataValidation

    for choice in form.choices:
        spelled = choice.kind == "list" and not choice.allowed.startswith("=")
        allowed = f'"{choice.allowed}"' if spelled else choice.allowed.removeprefix("=")
        between = choice.kind in {"decimal", "whole"}
        low, _, high = choice.allowed.partition(" ")
        allows = DataValidation(
            type=choice.kind,
            operator="between" if between else None,
            formula1=low if between else allowed,
            formula2=high if between else None,
            allow_blank=True,
            errorStyle="stop" if choice.strict else "warning",
            errorTitle=choice.title,
            error=choice.message,
            showErrorMessage=True,
        )
        allows.add(choice.cells)
        sheet.add_data_validation(allows)
    for number, mark in enumerate(form.marks):
        look, words = looks[mark.look], LOOKS[mark.look][2].split()
        thousands = NumberFormat(numFmtId=170, formatCode="#,##0") if "count" in words else None
        style = DifferentialStyle(
            font=Font(color=look["font"].color, bold=look["font"].bold),
            fill=look.get("fill"),
            border=look.get("border"),
            numFmt=thousands,
        )
        formula, order = [mark.formula], number + 1
        rule = Rule("expression", formula=formula, dxf=style, priority=order, stopIfTrue=True)
        sheet.conditional_formatting.add(mark.cells, rule)
