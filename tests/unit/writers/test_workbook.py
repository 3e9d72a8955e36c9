"""Frames as a workbook, read back by openpyxl."""

from io import BytesIO
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from iomodel.writers.workbook import HEAD_ROW, SheetSpec, workbook_bytes


def back(frame: pd.DataFrame, **texts: str) -> Any:
    spec = SheetSpec("sheet", texts.get("title", "Title"), texts.get("note", "Note"), frame)
    return openpyxl.load_workbook(BytesIO(workbook_bytes([spec])))["sheet"]


def cells(frame: pd.DataFrame) -> list[Any]:
    """Cells of the first column of figures."""
    sheet = back(frame)
    return [sheet.cell(row, 2) for row in range(HEAD_ROW + 1, HEAD_ROW + 1 + len(frame))]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "="]


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    cell = cells(pd.DataFrame({"x": [text]}))[0]
    assert cell.value == text
    assert cell.data_type == "s"


@pytest.mark.parametrize("text", FORMULAS)
def test_heads_titles_and_index_stay_text_too(text: str) -> None:
    frame = pd.DataFrame({text: [1.0]}, index=pd.Index([text], name=f"{text} "))
    sheet = back(frame, title=text, note=text)
    cells = [cell for row in sheet.iter_rows() for cell in row]
    found = [cell for cell in cells if str(cell.value).strip() == text.strip()]
    assert len(found) == 5
    assert {cell.data_type for cell in found} == {"s"}


@pytest.mark.parametrize("text", ["#DIV/0!", "#N/A", "01001", "1e5", "TRUE", "2025-01-01"])
def test_other_text_stays_text(text: str) -> None:
    cell = cells(pd.DataFrame({"x": [text]}))[0]
    assert (cell.value, cell.data_type) == (text, "s")


def test_numbers_that_are_not_finite_are_left_empty() -> None:
    found = cells(pd.DataFrame({"x": [np.nan, np.inf, -np.inf, 1.0]}))
    assert [cell.value for cell in found] == [None, None, None, 1.0]


NUMBERS = [1.95, 1 / 3, 1e-300, 1.7e308, 123456789.12345678, -0.1, 2**53, 0.1 + 0.2, np.pi]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_survive_to_sixteen_digits(number: float) -> None:
    value = cells(pd.DataFrame({"x": [number]}))[0].value
    assert f"{value:.15e}" == f"{number:.15e}"


@pytest.mark.parametrize("number", [np.int64(3), np.float32(0.5), 7, True, np.bool_(False), None])
def test_kinds_of_values(number: Any) -> None:
    cell = cells(pd.DataFrame({"x": pd.Series([number], dtype=object)}))[0]
    if number is None:
        assert cell.value in (None, "")
    elif isinstance(number, bool | np.bool_):
        assert cell.value == str(number)
    else:
        assert cell.value == number
        assert cell.data_type == "n"


def test_formats_notes_and_order_of_sheets() -> None:
    frame = pd.DataFrame({"x": [1.5]}, index=pd.Index(["a"], name="code"))
    specs = [SheetSpec("b", "B", "note", frame, "#,##0"), SheetSpec("a", "A", "", frame)]
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(specs)))
    assert book.sheetnames == ["b", "a"]
    sheet = book["b"]
    assert (sheet["A1"].value, sheet["A2"].value) == ("B", "note")
    assert [sheet.cell(HEAD_ROW, c).value for c in (1, 2)] == ["code", "x"]
    assert sheet.cell(HEAD_ROW + 1, 2).number_format == "#,##0"


def test_an_empty_frame_is_a_sheet() -> None:
    assert back(pd.DataFrame({"x": []})).cell(HEAD_ROW, 2).value == "x"


def test_control_characters_do_not_stop_the_writing() -> None:
    """Text pasted from a web page can hold them; a workbook cannot."""
    assert "a" in str(cells(pd.DataFrame({"x": ["a\x0bb\x00"]}))[0].value)


def test_rows_are_as_high_as_their_longest_text() -> None:
    frame = pd.DataFrame({"note": ["short", "x" * 150]}, index=pd.Index(["a", "b"], name="id"))
    content = workbook_bytes([SheetSpec("notes", "Notes", "", frame)])
    sheet = openpyxl.load_workbook(BytesIO(content))["notes"]
    assert sheet.row_dimensions[5].height is None
    assert sheet.row_dimensions[6].height == 3 * 15
    assert sheet["B6"].alignment.wrap_text


def test_numbers_of_exhibits_keep_every_digit() -> None:
    value = 2.1854106510420017
    frame = pd.DataFrame({"ratio": [value]}, index=pd.Index(["all"], name="scope"))
    content = workbook_bytes([SheetSpec("scopes", "Scopes", "", frame)])
    assert openpyxl.load_workbook(BytesIO(content))["scopes"]["B5"].value == value
