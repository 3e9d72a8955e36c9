"""Sheets that compute: formulas, names, drop-downs, notes and colours that follow."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any, NamedTuple

from iomodel.writers.pages import ILLEGAL, LONGEST, Cell, exact


class Formula(str):
    """A text that a spreadsheet program computes; all other text stays text."""


@cache
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
    """One sheet that a person fills in or follows: cells, formulas, notes, colours.

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
    arrays : mapping of str to str
        Formulas by range, each computed for its whole range at once (MMULT, MINVERSE).
    names : mapping of str to str
        Names that formulas of every sheet may use, each of one address of this sheet.
    links : mapping of str to str
        Sheets that a click on an address leads to.
    merged : sequence of str
        Ranges that are one cell.
    repeated : str
        Rows that stand at the top of every printed page, such as ``1:9``.
    beside : str
        Columns that stand at the left of every printed page, such as ``A:B``.
    fits : bool
        Whether all columns are printed on one page, or smaller over several.
    gridded : bool
        Whether the lines between cells are shown.
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
    arrays: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    merged: Sequence[str] = ()
    repeated: str = ""
    beside: str = ""
    fits: bool = True
    gridded: bool = False


# Look: colour of the text, colour of the cell, and what else is set.
Look = tuple[str, str, str]
NO_LOOKS: Mapping[str, Look] = {}
LOOKS: Mapping[str, Look] = {
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
    "lead wrap": ("4B5563", "F3F4F6", "wrap"),
    "input": ("1D4ED8", "FFF2B8", "plain line"),
    "datum": ("1D4ED8", "FFFDF3", "plain line"),
    "flow": ("1D4ED8", "FFFDF3", "flow line"),
    "code text": ("1F3A5F", "DCE6F1", "inset line"),
    "formula": ("333333", "", "plain line"),
    "formula text": ("1F3A5F", "F3F4F6", "mono middle line"),
    "cells": ("333333", "", "coefficient line"),
    "money": ("333333", "", "money line"),
    "jobs": ("333333", "", "money line"),
    "ratio": ("1F3A5F", "", "ratio line bold"),
    "ratio light": ("333333", "", "ratio line"),
    "written": ("6B7280", "F6F7F9", "ratio line"),
    "cell text": ("333333", "", "middle line"),
    "label": ("333333", "", "inset line"),
    "sum": ("333333", "E5E7EB", "money line bold"),
    "sum ratio": ("333333", "E5E7EB", "coefficient line bold"),
    "heads": ("FFFFFF", "3B5B7E", "bold middle"),
    "section": ("FFFFFF", "3B5B7E", "bold inset"),
    "check": ("166534", "DCFCE7", "plain line"),
    "link": ("1D4ED8", "", "inset line"),
    "headline": ("1F3A5F", "DCE6F1", "bold large ratio centre line"),
    "good": ("166534", "DCFCE7", ""),
    "waits": ("92400E", "FEF3C7", ""),
    "wrong": ("991B1B", "FECACA", "bold"),
}


TITLE, MESSAGE = 32, 225  # letters of what is said about a cell that does not fit
FORMATS = {
    "number": "#,##0.00",
    "count": "#,##0",
    "share": "0.000%",
    "percent": "0.0%",
    "plain": "General",
    "flow": "#,##0;-#,##0;0",
    "money": "#,##0;-#,##0;0",
    "coefficient": '0.000000;-0.000000;"·"',
    "ratio": "0.0000",
}


def form_bytes(forms: Sequence[Form], more: Mapping[str, Look] = NO_LOOKS) -> bytes:
    """Return an .xlsx workbook whose formulas are computed when it is opened.

    Parameters
    ----------
    forms : sequence of Form
        The first is shown when the workbook is opened.
    more : mapping of str to (text colour, ground, words), optional
        Looks beside those of `LOOKS`; what follows ``format:`` is a number format.
    """
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    looks: dict[str, dict[str, Any]] = {k: _look(look) for k, look in {**LOOKS, **more}.items()}
    styles = _Styles(book, looks)
    for form in forms:
        _set_out(book.create_sheet(form.name), form, looks, styles)
        _name(book, form)
    styles.remove()
    book.calculation.fullCalcOnLoad = True
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _look(look: Look) -> dict[str, Any]:
    """Return the attributes of a cell of this look."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    text, ground, more = look
    named, _, code = more.partition("format:")
    words = named.split()
    font = "Consolas" if "mono" in words else "Calibri"
    size = 16 if "large" in words else 11
    inset = "middle" in words or "inset" in words
    made: dict[str, Any] = {
        "font": Font(name=font, size=size, color=text, bold="bold" in words),
        "alignment": Alignment(
            vertical="top" if "wrap" in words else "center",
            wrap_text="wrap" in words or "middle" in words,
            horizontal="center" if "centre" in words else "left" if inset else None,
            indent=int(inset),
        ),
    }
    if ground:
        made["fill"] = PatternFill("solid", fgColor=ground, bgColor=ground)
    if "line" in words:
        thin = Side(style="thin", color="D5DAE1")
        made["border"] = Border(left=thin, right=thin, top=thin, bottom=thin)
    for shown in [FORMATS[word] for word in words if word in FORMATS] + [code] * bool(code):
        made["number_format"] = shown
    return made


class _Styles:
    """Styles of cells by look, each put together once: a large sheet has few of them."""

    def __init__(self, book: Any, looks: Mapping[str, Mapping[str, Any]]) -> None:
        self.book, self.looks = book, looks
        self.sheet = book.create_sheet("styles")
        self.made: dict[tuple[str, str], Any] = {}

    def of(self, look: str, kind: str) -> Any:
        """Return the style of a look for a kind of value: text, quoted text, or the rest."""
        key = look, kind
        if key not in self.made:
            cell = self.sheet.cell(len(self.made) + 1, 1)
            for attribute, value in self.looks.get(look, {}).items():
                setattr(cell, attribute, value)
            if kind:
                cell.number_format, cell.quotePrefix = "@", kind == "quoted"
            self.made[key] = cell._style
        return self.made[key]

    def remove(self) -> None:
        """Take the scratch sheet out of the book."""
        self.book.remove(self.sheet)


def _name(book: Any, form: Form) -> None:
    """Add the names of a form to the book."""
    from openpyxl.workbook.defined_name import DefinedName

    for name, address in form.names.items():
        place = f"{quoted(form.name)}!{address}"
        book.defined_names[name] = DefinedName(name, attr_text=place)


def quoted(sheet: str) -> str:
    """Return the name of a sheet as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def _set_out(
    sheet: Any, form: Form, looks: Mapping[str, Mapping[str, Any]], styles: _Styles
) -> None:
    """Write a form to a sheet."""
    from openpyxl.comments import Comment
    from openpyxl.worksheet.formula import ArrayFormula
    from openpyxl.worksheet.hyperlink import Hyperlink

    for entry in form.entries:
        _enter(sheet.cell(entry.row, entry.column), entry, styles)
    for cells, formula in form.arrays.items():
        sheet[cells.partition(":")[0]].value = ArrayFormula(cells, formula)
    for address, text in form.notes.items():
        note = Comment(text, "iomodel")
        note.width, note.height = 320, 40 + 18 * math.ceil(len(text) / 45)
        sheet[address].comment = note
    for address, target in form.links.items():
        sheet[address].hyperlink = Hyperlink(ref=address, location=f"{quoted(target)}!A1")
    for cells in form.merged:
        sheet.merge_cells(cells)
    for letter, width in form.widths.items():
        column = sheet.column_dimensions[letter]
        column.width, column.hidden = width or 2, not width
    for row, height in form.heights.items():
        line = sheet.row_dimensions[row]
        line.height, line.hidden = height or None, not height
    _rules(sheet, form, looks)
    _page(sheet, form)


def _enter(cell: Any, entry: Entry, styles: _Styles) -> None:
    """Write one cell: formulas as formulas, text as text that is never one, numbers exactly."""
    value, kind = entry.value, ""
    if isinstance(value, Formula):
        cell.value = str(value)
    elif isinstance(value, str):
        text = ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", value)
        text = text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
        cell.value, cell.data_type = text, "s"
        kind = "quoted" if text[:1] in ("=", "+", "-", "@") else "text"
    elif value is not None:
        exact(cell, float(value))
    cell._style = styles.of(entry.look, kind)


def _page(sheet: Any, form: Form) -> None:
    """Set how a sheet is scrolled, shown and printed."""
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = form.frozen or None
    sheet.sheet_properties.tabColor = form.colour
    sheet.sheet_view.showGridLines = form.gridded
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.page_setup.paperSize = 9  # A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=form.fits)
    if not form.fits:
        sheet.page_setup.scale = 60
    if form.repeated:
        sheet.print_title_rows = form.repeated
        sheet.print_title_cols = form.beside or None
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.8, footer=0.4)
        sheet.oddFooter.center.text = "&A, page &P of &N"


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
            errorTitle=choice.title[:TITLE],  # a longer one makes Excel call the file broken
            error=choice.message[:MESSAGE],
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
