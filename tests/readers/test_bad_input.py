"""What is wrong in a workbook: named with its address, or read rightly and said; never guessed.

Each case is a table that would be read without a warning but for one fault.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

import iomodel as iom
from iomodel.readers.blocks import find_blocks
from iomodel.readers.grid import grid_of
from iomodel.readers.workbook import Sheet
from tests.readers.made import (
    Economy,
    Print,
    Rows,
    differences,
    economy,
    made_for,
    sheet_of,
    square,
    workbook,
)

SIZE = 6
NAMES = Print(labels="names", notes=False)
Edit = Callable[[Any], object]
# Of NAMES: heads in row 1, names in column A, the block B2:G7, total intermediate use in H,
# final demand in I:M, its total N, imports O, output P; rows 8 to 14 below.
BLOCK, FINALS, IMPORTS, OUTPUT = "BCDEFG", "IJKLM", "O", "P"


def book_of(
    folder: Path, edit: Edit | None = None, how: Print = NAMES, made: Economy | None = None
) -> Path:
    """Write a made table, change it and save it."""
    path = folder / "table.xlsx"
    workbook(path, {"Flows": sheet_of(made or the_economy(), how)})
    if edit is not None:
        book = openpyxl.load_workbook(path)
        edit(book["Flows"])
        book.save(path)
    return path


def the_economy() -> Economy:
    return economy(SIZE, 1)


def put(address: str, value: Any) -> Edit:
    def change(sheet: Any) -> None:
        sheet[address] = value

    return change


def refused(path: Path) -> iom.BadCellsError:
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read(path)
    return caught.value


def test_the_table_itself_is_read_without_a_word(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = iom.read(book_of(tmp_path))
    assert not differences(table, the_economy(), NAMES)


# --- text where a number is needed --------------------------------------------------------------

TEXTS = [
    "1,234",
    "n.a.",
    "1 234",
    "１２３",
    "12a",
    "1.234,5",
    "confidential",
    "(12)",
    "12*",
    "1e3x",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("address", ["C4", "J5", "D10", "O3"])
def test_a_text_is_named_with_its_address(tmp_path: Path, address: str, text: str) -> None:
    path = book_of(tmp_path, put(address, text))
    error = refused(path)
    assert [(cell.sheet, cell.address) for cell in error.cells] == [("Flows", address)]
    message = str(error)
    assert "table.xlsx" in message and text in message and "number" in message


@pytest.mark.parametrize("address", ["P4", "D14"])
def test_a_text_in_output_is_named(tmp_path: Path, address: str) -> None:
    """Output stands twice: the other one is read and the text told, or the cell is refused."""
    path = book_of(tmp_path, put(address, "n.a."))
    if address == "D14":
        assert [cell.address for cell in refused(path).cells] == [address]
        return
    with pytest.warns(iom.ImbalanceWarning, match=rf"{address} 'n\.a\.'"):
        table = iom.read(path)
    assert not differences(table, the_economy(), NAMES)


def test_all_bad_cells_are_named_at_once(tmp_path: Path) -> None:
    wrong = {"C4": "n.a.", "J4": "x?", "K4": "１２３", "O4": "#REF!", "C10": "1,234"}

    def spoil(sheet: Any) -> None:
        for address, text in wrong.items():
            sheet[address] = text

    assert {cell.address for cell in refused(book_of(tmp_path, spoil)).cells} == set(wrong)


@pytest.mark.parametrize("mark", ["-", "–", "...", ":", None])
def test_a_mark_for_nothing_is_zero_only_if_the_sums_say_so(tmp_path: Path, mark: Any) -> None:
    made = the_economy()
    i, j = np.argwhere(made.flows == 0)[0]
    zero, other = f"{BLOCK[j]}{2 + i}", f"{BLOCK[(j + 1) % SIZE]}{2 + (i + 1) % SIZE}"
    assert made.flows[(i + 1) % SIZE, (j + 1) % SIZE] != 0
    assert not differences(iom.read(book_of(tmp_path, put(zero, mark))), made, NAMES)
    error = refused(book_of(tmp_path, put(other, mark)))
    assert other in {cell.address for cell in error.cells}
    assert 'blanks="zero"' in str(error)


def test_blanks_read_as_zero_on_request_are_said(tmp_path: Path) -> None:
    path = book_of(tmp_path, put("C4", None))
    with pytest.warns(iom.ImbalanceWarning):
        table = iom.read(path, blanks="zero")
    assert table.flows.intermediate[2, 1] == 0
    assert table.meta.notes["blanks"].startswith("1 cell")


# --- errors, formulas, merged and hidden cells --------------------------------------------------


@pytest.mark.parametrize("error", ["#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#NAME?"])
@pytest.mark.parametrize("address", ["C4", "J5", "D10"])
def test_error_values_are_named(tmp_path: Path, address: str, error: str) -> None:
    found = refused(book_of(tmp_path, put(address, error)))
    assert [cell.address for cell in found.cells] == [address]
    assert error in str(found)


@pytest.mark.parametrize("address", ["C4", "J5", "D10"])
def test_a_formula_without_a_stored_value_is_named(tmp_path: Path, address: str) -> None:
    found = refused(book_of(tmp_path, put(address, "=1+1")))
    assert [cell.address for cell in found.cells] == [address]
    assert "=1+1" in str(found) and "spreadsheet" in str(found)


def test_formulas_of_totals_without_values_are_left_out(tmp_path: Path) -> None:
    """Totals are not needed: the table reads though they were never computed."""

    def totals(sheet: Any) -> None:
        for row in range(2, 8):
            sheet[f"H{row}"] = f"=SUM(B{row}:G{row})"
            sheet[f"N{row}"] = f"=SUM(I{row}:M{row})"

    assert not differences(iom.read(book_of(tmp_path, totals)), the_economy(), NAMES)


def test_a_table_of_formulas_alone_says_what_to_do(tmp_path: Path) -> None:
    def formulas(sheet: Any) -> None:
        for row in range(2, 15):
            for column in "BCDEFGHIJKLMNOP":
                if sheet[f"{column}{row}"].value is not None:
                    sheet[f"{column}{row}"] = f"={row}*2"

    with pytest.raises(iom.ReadError, match=r"formula.*spreadsheet"):
        iom.read(book_of(tmp_path, formulas))


def test_cells_merged_within_the_block_are_refused(tmp_path: Path) -> None:
    """A merged cell hides the value of all but its first: they read as blank."""
    error = refused(book_of(tmp_path, lambda sheet: sheet.merge_cells("C4:D4")))
    assert "D4" in {cell.address for cell in error.cells}


def test_merged_heads_do_no_harm(tmp_path: Path) -> None:
    def heads(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet["B1"], sheet["I1"] = "Intermediate use", "Final use"
        sheet.merge_cells("B1:G1")
        sheet.merge_cells("I1:M1")

    assert not differences(iom.read(book_of(tmp_path, heads)), the_economy(), NAMES)


def test_hidden_rows_and_columns_are_read_as_the_rest(tmp_path: Path) -> None:
    """What is hidden is part of the table: without it nothing would add up."""

    def hide(sheet: Any) -> None:
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["D"].hidden = True

    assert not differences(iom.read(book_of(tmp_path, hide)), the_economy(), NAMES)


def test_a_hidden_sheet_is_not_taken_before_a_visible_one(tmp_path: Path) -> None:
    old, new = economy(SIZE, 2), the_economy()
    path = workbook(tmp_path / "t.xlsx", {"old": sheet_of(old, NAMES), "new": sheet_of(new, NAMES)})
    book = openpyxl.load_workbook(path)
    book["old"].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert not differences(iom.read(path), new, NAMES)
    assert not differences(iom.read(path, sheet="old"), old, NAMES)


# --- sums that do not hold ----------------------------------------------------------------------


@pytest.mark.parametrize("address", ["H4", "N5", "D8", "E13"])
def test_a_wrong_total_is_named_and_the_parts_are_read(tmp_path: Path, address: str) -> None:
    path = book_of(tmp_path, lambda sheet: put(address, sheet[address].value + 500)(sheet))
    with pytest.warns(iom.ImbalanceWarning, match=rf"(?s)printed totals.*{address}"):
        table = iom.read(path)
    assert not differences(table, the_economy(), NAMES)


def test_a_wrong_figure_is_an_imbalance_that_is_told(tmp_path: Path) -> None:
    path = book_of(tmp_path, lambda sheet: put("C4", sheet["C4"].value + 500)(sheet))
    with pytest.warns(iom.ImbalanceWarning) as caught:
        table = iom.read(path)
    assert table.flows.intermediate[2, 1] == the_economy().flows[2, 1] + 500
    assert "500" in " ".join(str(item.message) for item in caught)


def test_a_block_in_thousands_of_the_unit_of_the_rest(tmp_path: Path) -> None:
    """Final demand in another unit: nothing balances, and the table is not read as if."""

    def scale(sheet: Any) -> None:
        for row in range(2, 8):
            for column in FINALS:
                sheet[f"{column}{row}"] = sheet[f"{column}{row}"].value / 1000

    with pytest.warns(iom.ImbalanceWarning):
        iom.read(book_of(tmp_path, scale))


# --- labels -------------------------------------------------------------------------------------


def test_a_missing_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(iom.LabelError, match=r"Mining.*C1.*no row"):
        iom.read(book_of(tmp_path, lambda sheet: sheet.delete_rows(3)))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(iom.LabelError, match=r"Mining.*A3.*no column"):
        iom.read(book_of(tmp_path, lambda sheet: sheet.delete_cols(3)))


def test_rows_in_another_order_are_brought_together_by_label(tmp_path: Path) -> None:
    how = replace(NAMES, order=(2, 0, 5, 1, 3, 4))
    table = iom.read(book_of(tmp_path, how=how))
    assert not differences(table, the_economy(), how)
    assert "different order" in table.meta.notes["order"]


def test_duplicate_labels_are_named_with_both_addresses(tmp_path: Path) -> None:
    def double(sheet: Any) -> None:
        sheet["C1"] = sheet["A3"] = "Agriculture"

    with pytest.raises(iom.LabelError, match=r"(?s)Agriculture.*A2 and A3.*B1 and C1"):
        iom.read(book_of(tmp_path, double))


@pytest.mark.parametrize("address", ["C1", "A3"])
def test_a_label_that_stands_twice_on_one_side(tmp_path: Path, address: str) -> None:
    """The other side tells the sectors apart, but one of the two labels is wrong."""
    with pytest.raises(iom.LabelError, match=rf"(?s)Agriculture.*{address}"):
        iom.read(book_of(tmp_path, put(address, "Agriculture")))


def test_a_label_that_differs_is_said(tmp_path: Path) -> None:
    table = iom.read(book_of(tmp_path, put("D1", "Manufactured goods")))
    assert not differences(table, the_economy(), NAMES)
    notes = " ".join(table.meta.notes.values())
    assert "D1" in notes and "A4" in notes and "Manufactured goods" in notes


# --- odd economies ------------------------------------------------------------------------------


def test_a_sector_with_inputs_and_no_output_is_read(tmp_path: Path) -> None:
    """Its inputs are more than its output: the balance says so, nothing is divided by zero."""
    made = the_economy()
    output = made.output.copy()
    output[2] = 0.0
    strange = replace(made, output=output)
    with pytest.warns(iom.ImbalanceWarning):
        table = iom.read(book_of(tmp_path, made=strange))
    assert table.flows.output[2] == 0
    with pytest.raises(iom.IOModelError, match="Manufacturing"):
        iom.leontief(iom.domestic(table))


def test_minus_zero_is_zero(tmp_path: Path) -> None:
    made = the_economy()
    i, j = np.argwhere(made.flows == 0)[0]
    flows = iom.read(book_of(tmp_path, put(f"{BLOCK[j]}{2 + i}", -0.0))).flows
    assert not np.signbit(flows.intermediate[i, j])


def test_negative_output_is_read_and_told(tmp_path: Path) -> None:
    made = the_economy()
    final = made.final.copy()
    final[1, 0] -= 2 * made.output[1]
    output = final.sum(axis=1) + made.flows.sum(axis=1) - made.imports
    primary = made.primary.copy()
    primary[3] += output - made.output
    strange = replace(made, final=final, output=output, primary=primary)
    table = iom.read(book_of(tmp_path, made=strange))
    assert not differences(table, strange, NAMES)
    with pytest.raises(iom.IOModelError, match="Mining"):
        iom.leontief(iom.domestic(table))


def test_negative_flows_are_told(tmp_path: Path) -> None:
    made = the_economy()
    flows, final, primary = made.flows.copy(), made.final.copy(), made.primary.copy()
    change = flows[2, 1] + 5
    flows[2, 1], final[2, 0], primary[0, 1] = -5, final[2, 0] + change, primary[0, 1] + change
    strange = replace(made, flows=flows, final=final, primary=primary)
    with pytest.warns(iom.NegativeFlowWarning):
        table = iom.read(book_of(tmp_path, made=strange))
    assert not differences(table, strange, NAMES)


# --- what is no workbook, through the verb ------------------------------------------------------


def _truncated(folder: Path) -> Path:
    whole = book_of(folder).read_bytes()
    (folder / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    return folder / "cut.xlsx"


def _html(folder: Path) -> Path:
    path = folder / "page.xls"
    path.write_text("<html><table><tr><td>1</td></tr></table></html>", encoding="utf-8")
    return path


def _far(folder: Path) -> Path:
    return book_of(folder, put("XFD1048576", 1.0))


def _locked(folder: Path) -> Path:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path = folder / "locked.xlsx"
    path.write_bytes(head + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    return path


UNREADABLE = [
    (_truncated, r"cut\.xlsx.*(?:damaged|incomplete)"),
    (_html, r"page\.xls.*HTML"),
    (_far, r"table\.xlsx"),
    (_locked, r"locked\.xlsx.*password"),
]


@pytest.mark.parametrize(("make", "message"), UNREADABLE)
def test_what_cannot_be_opened_says_why(
    tmp_path: Path, make: Callable[[Path], Path], message: str
) -> None:
    with pytest.raises(iom.ReadError, match=message):
        iom.read(make(tmp_path))


# --- sizes --------------------------------------------------------------------------------------


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _blocks(rows: Rows) -> list[Any]:
    return find_blocks(grid_of(Sheet("S", rows)))


def _repeated(size: int) -> Rows:
    """Return a sheet full of a few labels again and again, among figures."""
    rng = np.random.default_rng(0)
    words = np.array([f"word {k}" for k in range(40)])
    cells = rng.random((size, size)).tolist()
    for i, j in np.argwhere(rng.random((size, size)) < 0.3).tolist():
        cells[i][j] = str(words[rng.integers(len(words))])
    return cells  # type: ignore[no-any-return]


def _few_labels(size: int) -> Rows:
    rows: Rows = [[None, "a", "b", "c", *[7.5] * 196], *([i + 0.5] * 200 for i in range(size))]
    for place, word in ((3, "a"), (9, "b"), (20, "c")):
        rows[place] = [word, *range(199)]
    return rows


@pytest.mark.parametrize("make", [_repeated, _few_labels])
def test_a_sheet_that_is_no_table_does_not_take_long(make: Callable[[int], Rows]) -> None:
    """Twice the sheet's side may take four times as long and a bit, not sixteen times."""
    small, large = make(100), make(200)
    _blocks(small)
    once = max(_seconds(lambda: _blocks(small)), 0.02)
    assert _seconds(lambda: _blocks(large)) < 12 * once


def test_a_table_of_2464_sectors_in_csv(tmp_path: Path) -> None:
    how = Print(labels="codes", imports="row", notes=False)
    made = made_for(how, 2464, 5)
    path = tmp_path / "large.csv"
    rows = sheet_of(made, how)
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(",".join("" if cell is None else str(cell) for cell in row) + "\n")
    assert not differences(iom.read(path), made, how)


def test_a_row_beside_the_table_with_a_text_is_left_out_and_told(tmp_path: Path) -> None:
    how = Print(jobs=True)
    made = economy(SIZE, 21)
    rows = sheet_of(made, how)
    place = next(k for k, row in enumerate(rows) if how.words.jobs in map(str, row))
    column = next(k for k, cell in enumerate(rows[place]) if isinstance(cell, float | int))
    rows[place][column] = "n.a."
    path = workbook(tmp_path / "jobs.xlsx", {"S": rows})
    with pytest.warns(iom.IOModelWarning, match=r"left out.*\n.*'n\.a\.'"):
        table = iom.read(path)
    assert "employment" not in table.satellites


@pytest.mark.parametrize(
    ("value", "told"), [(None, "blank"), ("=1/0", "formula"), ("n.a.", "text"), ("...", "")]
)
def test_a_cell_of_coefficients_without_a_figure(tmp_path: Path, value: Any, told: str) -> None:
    """No printed sum proves a blank coefficient: it is refused, a mark for nothing is zero."""
    made = the_economy()
    rows = square(made.flows / made.output, NAMES, "Technical coefficients")
    path = workbook(tmp_path / "a.xlsx", {"A": rows})
    book = openpyxl.load_workbook(path)
    sheet = book["A"]
    spot = next(c for row in sheet.iter_rows() for c in row if isinstance(c.value, float))
    spot.value = value
    book.save(path)
    if not told:
        assert iom.read(path).values[0, 0] == 0.0
        return
    with pytest.raises(iom.BadCellsError, match=f"A!{spot.coordinate}.*{told}"):
        iom.read(path)
    if value is None:
        assert iom.read(path, blanks="zero").values[0, 0] == 0.0
