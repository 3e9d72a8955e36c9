"""Sheets that compute, read back by openpyxl: formulas, names, links, texts that stay text."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from iomodel.writers.fillable import Choice, Entry, Form, Formula, Mark, form_bytes, letters, quoted
from iomodel.writers.pages import LONGEST


def back(*forms: Form, **more: Any) -> Any:
    return openpyxl.load_workbook(BytesIO(form_bytes(forms, **more)))


def form(*entries: Entry, **facts: Any) -> Form:
    return Form(name=facts.pop("name", "sheet"), colour="000000", entries=entries, **facts)


def test_a_formula_is_a_formula_and_text_never_is() -> None:
    sheet = back(form(Entry(1, 1, Formula("=1+1")), Entry(2, 1, "=1+1", "label")))["sheet"]
    assert (sheet["A1"].data_type, sheet["A1"].value) == ("f", "=1+1")
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=1+1")


@pytest.mark.parametrize("text", ["=a", "+a", "-a", "@a"])
def test_text_like_a_formula_keeps_its_mark_when_it_is_edited(text: str) -> None:
    """Excel takes such a text for a formula once a person opens the cell, but for this mark."""
    sheet = back(form(Entry(1, 1, text, "label"), Entry(2, 1, "a", "label")))["sheet"]
    assert sheet["A1"].quotePrefix and not sheet["A2"].quotePrefix
    assert sheet["A1"].number_format == "@"


def test_texts_that_no_cell_holds_are_cut_and_cleaned() -> None:
    sheet = back(form(Entry(1, 1, "x" * 40_000), Entry(2, 1, "a\x00b <i>&amp;</i>")))["sheet"]
    assert len(sheet["A1"].value) == LONGEST and sheet["A1"].value.endswith("...")
    assert sheet["A2"].value == "a\N{REPLACEMENT CHARACTER}b <i>&amp;</i>"


def test_numbers_keep_every_digit_and_the_format_of_their_look() -> None:
    value = 2.1854106510420017
    sheet = back(form(Entry(1, 1, value, "ratio"), Entry(1, 2, 3, "money")))["sheet"]
    assert sheet["A1"].value == value
    assert sheet["A1"].number_format == "0.0000"
    assert sheet["B1"].number_format.startswith("#,##0")
    assert sheet["A1"].font.bold


def test_a_look_given_beside_the_others() -> None:
    sheet = back(form(Entry(1, 1, 0.5, "own")), more={"own": ("FF0000", "", "format:0.00")})[
        "sheet"
    ]
    assert sheet["A1"].number_format == "0.00"
    assert sheet["A1"].font.color.rgb == "00FF0000"


def test_an_array_formula_fills_its_range_with_one_formula() -> None:
    cells = [Entry(row, column, None, "cells") for row in (1, 2) for column in (1, 2)]
    made = form(*cells, arrays={"A1:B2": "=MINVERSE(D1:E2)"})
    sheet = back(made)["sheet"]
    formula = sheet["A1"].value
    assert isinstance(formula, ArrayFormula)
    assert (formula.ref, formula.text) == ("A1:B2", "=MINVERSE(D1:E2)")
    assert sheet["B2"].value is None
    assert sheet["B2"].number_format == sheet["A1"].number_format != "General"


def test_names_links_and_merged_cells_lead_where_they_say() -> None:
    first = form(Entry(1, 1, 5), names={"rate": "$A$1"}, merged=["B1:C1"], name="it's")
    second = form(Entry(1, 1, "there"), links={"A1": "it's"}, name="second")
    book = back(first, second)
    assert book.sheetnames == ["it's", "second"], "no scratch sheet is left"
    assert book.defined_names["rate"].attr_text == "'it''s'!$A$1"
    assert book["second"]["A1"].hyperlink.location == "'it''s'!A1"
    assert [str(cells) for cells in book["it's"].merged_cells.ranges] == ["B1:C1"]
    assert book.calculation.fullCalcOnLoad


def test_a_wide_sheet_is_printed_over_pages_that_repeat_its_heads() -> None:
    sheet = back(form(Entry(1, 1, 5), fits=False, repeated="1:2", beside="A:B"))["sheet"]
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$2", "$A:$B")


def test_the_first_mark_that_holds_wins() -> None:
    marks = [Mark("A1:A9", "A1<>0", "wrong"), Mark("A1", "TRUE", "good")]
    found = back(form(Entry(1, 1, 0), marks=marks))["sheet"].conditional_formatting
    rules = {str(cells.sqref): rule for cells in found for rule in cells.rules}
    assert rules["A1:A9"].priority < rules["A1"].priority
    assert rules["A1:A9"].stopIfTrue


@pytest.mark.parametrize(("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (16_384, "XFD")])
def test_letters(column: int, name: str) -> None:
    assert letters(column) == name


def test_names_of_sheets_in_formulas() -> None:
    assert (quoted("read me"), quoted("it's")) == ("'read me'", "'it''s'")


def test_what_is_said_about_a_wrong_cell_is_as_short_as_excel_takes() -> None:
    """A longer title makes Excel repair the whole workbook."""
    choice = Choice("A1", "decimal", "0 1", "t" * 50, "m" * 300)
    found = back(form(Entry(1, 1, 0.5), choices=[choice]))["sheet"].data_validations
    (rule,) = found.dataValidation
    assert (len(rule.errorTitle), len(rule.error)) == (32, 225)
    assert (rule.formula1, rule.formula2, str(rule.sqref)) == ("0", "1", "A1")
