"""Concordances from workbooks: what is read, every bad cell, and those that are built in."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import iomodel as iom
from iomodel.readers.concordance import between

HEADS = ["from", "to", "name_en", "name_zh"]
ROWS = [["03", "C", "Crafts", "手工"], ["01", "A", "Farms", ""], ["02", "C", "", "手工"]]


def saved(folder: Path, *sheets: tuple[str, Sequence[Sequence[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "link.xlsx")
    return folder / "link.xlsx"


def with_cells(folder: Path, *cells: tuple[str, Any]) -> Path:
    path = saved(folder, ("map", [HEADS, *ROWS]))
    book = openpyxl.load_workbook(path)
    for address, value in cells:
        book["map"][address] = value
    book.save(path)
    return path


def found(path: Path) -> dict[str, str]:
    """Problems by address."""
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read_concordance(path)
    assert len({cell.address for cell in caught.value.cells}) == len(caught.value.cells)
    assert {cell.sheet for cell in caught.value.cells} == {"map"}
    return {cell.address: cell.problem for cell in caught.value.cells}


def test_a_workbook_is_read(tmp_path: Path) -> None:
    link = iom.read_concordance(saved(tmp_path, ("map", [HEADS, *ROWS])))
    assert link.pairs == {"03": "C", "01": "A", "02": "C"}
    assert link.order == ("C", "A")
    assert link.names == {"en": {"C": "Crafts", "A": "Farms"}, "zh": {"C": "手工"}}
    assert (link.title, link.source) == ("link", "link.xlsx, sheet map")


def test_headers_in_any_order_blank_rows_and_whole_numbers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["note", "to", "from"],
        ["x", "A", 1],
        [None, None, None],
        ["", "B", 2.0],
    ]
    link = iom.read_concordance(saved(tmp_path, ("map", rows)))
    assert link.pairs == {"1": "A", "2": "B"}
    assert link.names == {}


def test_the_sheet_with_the_headers_is_found(tmp_path: Path) -> None:
    other = ("about", [["title", "mine"]])
    path = saved(tmp_path, other, ("map", [HEADS, *ROWS]), ("second", [["to", "from"], ["X", "1"]]))
    with pytest.raises(iom.ReadError, match="map, second"):
        iom.read_concordance(path)
    assert iom.read_concordance(path, sheet="second").pairs == {"1": "X"}
    with pytest.raises(iom.ReadError, match="no sheet 'third'"):
        iom.read_concordance(path, "third")
    with pytest.raises(iom.BadCellsError, match="row 1 lacks the headers from, to"):
        iom.read_concordance(path, "about")


def test_no_sheet_has_the_headers(tmp_path: Path) -> None:
    with pytest.raises(iom.UnknownLayoutError, match="about, more"):
        iom.read_concordance(saved(tmp_path, ("about", [["from"]]), ("more", [])))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(iom.ReadError, match="does not exist"):
        iom.read_concordance(tmp_path / "none.xlsx")


def test_no_rows(tmp_path: Path) -> None:
    with pytest.raises(iom.BadCellsError, match="no rows below the headers"):
        iom.read_concordance(saved(tmp_path, ("map", [HEADS])))


@pytest.mark.parametrize(
    ("address", "value", "problem"),
    [
        ("A2", None, "blank"),
        ("B3", "   ", "blank"),
        ("A4", "03", "mapped twice, first in row 2"),
        ("B2", True, "no code"),
        ("A2", 1.5, "no code"),
        ("A2", datetime.date(2026, 1, 2), "date"),
        ("A2", datetime.datetime(2026, 1, 2, 3), "date"),
        ("B4", "#N/A", "error value"),
        ("A3", "#REF!", "error value"),
        ("B2", "=C2", "formula without a stored value"),
        ("C3", "#DIV/0!", "error value"),
        ("C4", "Trades", "another name of C than before, 'Crafts'"),
    ],
)
def test_one_bad_cell(tmp_path: Path, address: str, value: Any, problem: str) -> None:
    problems = found(with_cells(tmp_path, (address, value)))
    assert list(problems) == [address]
    assert problem in problems[address]


def test_all_bad_cells_at_once(tmp_path: Path) -> None:
    path = with_cells(
        tmp_path, ("A2", None), ("B3", 0.5), ("A5", "02"), ("B5", "A"), ("D5", "农"), ("A6", "09")
    )
    assert list(found(path)) == ["A2", "B3", "A5", "B6"]


def test_an_error_in_a_row_that_reads_as_blank(tmp_path: Path) -> None:
    path = with_cells(tmp_path, ("A6", "#N/A"), ("B6", "#N/A"), ("A7", "09"))
    assert list(found(path)) == ["A6", "B6", "B7"]


def test_a_row_of_remarks_without_codes(tmp_path: Path) -> None:
    rows = [["from", "to", "note"], ["1", "A", ""], ["", "", "see above"]]
    assert list(found(saved(tmp_path, ("map", rows)))) == ["A3"]


def test_a_header_that_stands_twice(tmp_path: Path) -> None:
    path = saved(tmp_path, ("map", [["from", "to", "name_en", "name_en"], ["1", "A", "x", "y"]]))
    assert found(path) == {"D1": "this header stands twice in row 1"}


def test_built_in_concordances_follow_the_embedded_workbook() -> None:
    fine, sections = iom.concordance("nbs-153-42"), iom.concordance("nbs-153-sections")
    china = iom.read(iom.example("china-2020"))
    assert fine.sources == sections.sources == china.labels.codes
    assert sections.targets == china.labels.groups
    split = china.import_split
    assert split is not None
    assert fine.order == split.codes
    assert fine.targets == tuple(split.codes[place] for place in split.group)
    assert {len(texts) for texts in fine.names.values()} == {42}
    assert iom.concordance("nbs-42-sections").sources == split.codes


def test_sections_by_way_of_the_42_are_those_of_the_153() -> None:
    both = iom.concordance("nbs-153-42").then(iom.concordance("nbs-42-sections"))
    assert both.pairs == iom.concordance("nbs-153-sections").pairs


def test_an_unknown_name() -> None:
    with pytest.raises(iom.ReadError, match="nbs-153-42, nbs-153-sections, nbs-42-sections"):
        iom.concordance("isic")


def test_a_group_in_several_sections_is_not_guessed() -> None:
    fine = iom.Concordance.of({"1": "a", "2": "a", "3": "b", "4": "c", "5": "c"})
    coarse = iom.Concordance.of({"1": "X", "2": "Y", "3": "Y", "4": "X", "5": "Z"})
    with pytest.raises(iom.LabelError, match="2 groups") as caught:
        between(fine, coarse)
    assert "a: X, Y" in str(caught.value)
    assert "c: X, Z" in str(caught.value)
    with pytest.raises(iom.LabelError, match="different sources"):
        between(fine, iom.Concordance.of({"1": "X"}))
