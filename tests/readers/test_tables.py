"""Tables read from workbooks: our own layout and that of NBS China, both made small here."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import openpyxl.chart
import pytest

import iomodel as iom

# The made tables are about places and figures; their sums do not matter, but for one test.
pytestmark = pytest.mark.filterwarnings("ignore::iomodel.ImbalanceWarning")

CODES = ["01001", "02002", "03003", "04004"]
ZH = ["农产品", "林产品", "畜牧产品", "渔产品"]
EN = ["Agriculture", "Forestry", "Animal husbandry", "Fishery"]
Z = [
    [81659022.41723062, 0.0, 28912191.67233674, 1003088.455423346],
    [143.0682130842721, 3546732.24089245, 0.1, 0.3333333333333333],
    [149.2430969237164, 2e-17, 22735171.64722119, 7.0],
    [12.5, 1e15, 123456789.1234568, 0.3],
]
FINALS = ["FU101", "FU102", "FU103", "FU201", "FU202", "EX"]
ROLES = ["household", "household", "government", "capital formation", "inventories", "exports"]
PRIMARIES = ["VA001", "VA002", "VA003", "VA004"]
PRIMARY_ROLES = ["compensation", "production taxes", "depreciation", "operating surplus"]
ABOUT = {
    "layout": "iomodel table 1",
    "title": "A small table",
    "unit": "10,000 CNY",
    "currency": "CNY",
    "year": 2020,
    "price_year": 2020,
    "import_treatment": "competitive",
}
# Flows of the size of the other figures of NBS's layout, where sums have to tell the lines.
NBS_Z = [
    [20.41, 0.0, 72.28, 25.1],
    [14.3, 35.47, 0.1, 0.3333333333333333],
    [14.92, 2e-17, 22.7, 7.0],
    [12.5, 31.25, 12.3456789, 0.3],
]
Edit = Callable[[Any], object]


def final(row: int, column: int) -> float:
    return 10.0 * (row + 1) + column / 8


def own(folder: Path, edit: Edit | None = None) -> Path:
    """Write a table of four sectors in our own layout; A1 of `flows` is the corner."""
    book = openpyxl.Workbook()
    about = book.active
    about.title = "about"
    for pair in [("key", "value"), *ABOUT.items()]:
        about.append(pair)
    sectors = book.create_sheet("sectors")
    sectors.append(["code", "name_en", "name_zh", "section"])
    for row in zip(CODES, EN, ZH, "AABB", strict=True):
        sectors.append(row)
    flows = book.create_sheet("flows")
    other = [*FINALS, "IM", "GO"]
    flows.append(["code", "name_zh", "name_en", "role", *CODES, *other])
    flows.append(["name_zh", None, None, None, *ZH, *other])
    flows.append(["name_en", None, None, None, *EN, *other])
    roles = [*["sector"] * 4, *ROLES, "imports", "output"]
    flows.append(["role", None, None, None, *roles])
    for i, code in enumerate(CODES):
        right = [*[final(i, k) for k in range(6)], 5.0 + i, 1e15 + i]
        flows.append([code, ZH[i], EN[i], "sector", *Z[i], *right])
    for k, code in enumerate(PRIMARIES):
        flows.append([code, code, code, PRIMARY_ROLES[k], *[k + 0.25 * j for j in range(4)]])
    _employment(book.create_sheet("employment"))
    _split(book.create_sheet("imports_42"))
    if edit is not None:
        edit(book)
    book.save(folder / "own.xlsx")
    return folder / "own.xlsx"


def _employment(sheet: Any) -> None:
    sheet.append(["code", "name_en", "name_zh", "census", "survey", "nominal_growth"])
    sheet.append(["unit", None, None, "10,000 persons", "10,000 persons", "ratio"])
    sheet.append(["year", None, None, 2025, 2025, "2020-2025"])
    sheet.append(["source", None, None, "census office", "survey office", ""])
    for i, code in enumerate(CODES):
        sheet.append([code, EN[i], ZH[i], 100.5 + i, 90.25 + i, 1.25])


def _split(sheet: Any) -> None:
    head = ["origin", "code", "name_en", "name_zh", "01", "02", "TC", "FU201", "FU202", "EX", "GO"]
    sheet.append([*head, None, "sector", "sector_42"])
    pairs = list(zip(CODES, ["01", "01", "02", "02"], strict=True))
    lines = [("domestic", "01", 80.0), ("domestic", "02", 70.0)]
    lines += [("import", "01", 20.0), ("import", "02", 10.0)]
    for (origin, code, value), pair in zip(lines, pairs, strict=True):
        sheet.append([origin, code, code, code, *[value + k for k in range(7)], None, *pair])


def nbs(folder: Path, edit: Edit | None = None) -> Path:
    """Write a table of four sectors as NBS does: codes in row 6 and column C, subtotals."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "2020年全国投入产出表"
    sheet["A1"], sheet["A2"] = "2020年全国投入产出表", "(按当年生产者价格计算)"
    sheet["A3"], sheet["C4"] = "单位：万元", "部门名称"
    columns = [*CODES, "TIU", "FU101", "FU102", "THC", "FU103", "TC", "FU201", "FU202", "GCF"]
    columns += ["EX", "TFU", "IM", "ERR", "GO"]
    for c, code in enumerate(columns, start=4):
        sheet.cell(5, c, ZH[c - 4] if c < 8 else f"名称{code}")
        sheet.cell(6, c, code)
    sheet["B6"], sheet["C6"] = "部门名称", "代码"
    for i, code in enumerate(CODES):
        sheet.cell(7 + i, 2, ZH[i])
        sheet.cell(7 + i, 3, code)
        line = nbs_line(i)
        for c, head in enumerate(columns, start=4):
            sheet.cell(7 + i, c, NBS_Z[i][c - 4] if c < 8 else line[head])
    below = ["TII", *PRIMARIES, "TVA"]
    for r, code in enumerate(below, start=11):
        sheet.cell(r, 2, f"名称{code}")
        sheet.cell(r, 3, code)
        for j in range(4):
            sheet.cell(r, 4 + j, nbs_inputs(j)[code])
    sheet["A17"], sheet["C17"] = "总投入", "TI"
    for j in range(4):
        sheet.cell(17, 4 + j, nbs_line(j)["GO"])
    if edit is not None:
        edit(book)
    book.save(folder / "nbs.xlsx")
    return folder / "nbs.xlsx"


def nbs_line(i: int) -> dict[str, float]:
    """Return the figures right of the block that belong to a row: its sums hold."""
    line = {code: final(i, k) for k, code in enumerate(FINALS)}
    line |= {"TIU": sum(NBS_Z[i]), "IM": 5.0 + i, "ERR": 0.5 - i}
    line["THC"] = line["FU101"] + line["FU102"]
    line["TC"] = line["THC"] + line["FU103"]
    line["GCF"] = line["FU201"] + line["FU202"]
    line["TFU"] = line["TC"] + line["GCF"] + line["EX"]
    line["GO"] = line["TIU"] + line["TFU"] - line["IM"] + line["ERR"]
    return line


def nbs_inputs(j: int) -> dict[str, float]:
    """Return the figures below the block that belong to a column: its sums hold."""
    bought = sum(row[j] for row in NBS_Z)
    added = nbs_line(j)["GO"] - bought
    shares = (0.5 + 0.02 * j, 0.17 - 0.03 * j, 0.11 + 0.005 * j**2)
    first = {code: added * share for code, share in zip(PRIMARIES, shares, strict=False)}
    return {**first, "TII": bought, "VA004": added - sum(first.values()), "TVA": added}


def put(sheet: str, address: str, value: Any) -> Edit:
    """Return an edit of one cell; an empty sheet name is the first sheet."""

    def change(book: Any) -> None:
        page = book[sheet] if sheet else book.worksheets[0]
        page[address] = value

    return change


def refused(path: Path) -> iom.BadCellsError:
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read(path)
    return caught.value


def places(error: iom.BadCellsError) -> list[tuple[str, str]]:
    return [(item.sheet, item.address) for item in error.cells]


# --- what is read --------------------------------------------------------------------------------


def test_floats_of_nbs_are_exactly_those_stored(tmp_path: Path) -> None:
    table = iom.read(nbs(tmp_path))
    assert table.intermediate.to_numpy().tolist() == NBS_Z
    assert np.allclose(table.output, [nbs_line(i)["GO"] for i in range(4)], rtol=1e-14, atol=0)
    assert table.imports.tolist() == [5.0 + i for i in range(4)]
    want = [[final(i, k) for k in range(6)] for i in range(4)]
    assert table.final_demand[FINALS].to_numpy().tolist() == want
    inputs = [[nbs_inputs(j)[code] for j in range(4)] for code in PRIMARIES]
    assert np.allclose(table.primary_inputs, inputs, rtol=1e-14, atol=0)


def test_floats_are_exactly_those_stored(tmp_path: Path) -> None:
    table = iom.read(own(tmp_path))
    assert table.intermediate.to_numpy().tolist() == Z
    assert table.output.tolist() == [1e15 + i for i in range(4)]
    assert table.imports.tolist() == [5.0 + i for i in range(4)]
    want = [[final(i, k) for k in range(6)] for i in range(4)]
    assert table.final_demand[FINALS].to_numpy().tolist() == want
    assert table.primary_inputs.to_numpy().tolist() == [
        [k + 0.25 * j for j in range(4)] for k in range(4)
    ]


def test_seventeen_digits_are_kept(tmp_path: Path) -> None:
    """openpyxl writes 16 digits, publishers 17: the text in the file is what counts."""
    path, longer = own(tmp_path), tmp_path / "longer.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(longer, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            text = text.replace(b"<v>28912191.67233674</v>", b"<v>28912191.672336742</v>")
            new.writestr(name, text.replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>"))
    flows = iom.read(longer).flows.intermediate
    assert flows[0, 2] == 28912191.672336742 != 28912191.67233674
    assert flows[3, 3] == 0.1 + 0.2 != 0.3


def test_labels_and_roles_of_our_layout(tmp_path: Path) -> None:
    table = iom.read(own(tmp_path))
    assert table.labels.codes == tuple(CODES)
    assert table.labels.named("zh") == tuple(ZH)
    assert table.labels.named("en") == tuple(EN)
    assert table.labels.groups == ("A", "A", "B", "B")
    assert table.final_labels.codes == tuple(FINALS)
    assert table.final_labels.groups == tuple(ROLES)
    assert table.primary_labels.groups == tuple(PRIMARY_ROLES)
    assert table.meta.unit_size == 1e4
    assert (table.meta.year, table.meta.price_year) == (2020, 2020)
    jobs = table.satellite("employment")
    assert jobs.rows.codes == ("census", "survey")
    assert (jobs.unit, jobs.unit_value, jobs.year, jobs.basis) == (
        "10,000 persons", 1e4, 2025, "heads",
    )  # fmt: skip
    assert jobs.values.tolist()[1] == [90.25 + i for i in range(4)]
    assert jobs.growth is not None and jobs.growth.tolist() == [1.25] * 4
    assert table.import_split is not None
    assert table.import_split.group.tolist() == [0, 0, 1, 1]


def test_labels_and_roles_of_the_layout_of_nbs(tmp_path: Path) -> None:
    table = iom.read(nbs(tmp_path))
    assert table.labels.codes == tuple(CODES)
    assert table.labels.named("zh") == tuple(ZH)
    assert dict(zip(table.final_labels.codes, table.final_labels.groups, strict=True)) == {
        **dict(zip(FINALS, ROLES, strict=True)),
        "ERR": "residual",
    }
    assert table.final_demand["ERR"].tolist() == [0.5, -0.5, -1.5, -2.5]
    assert table.primary_labels.codes == tuple(PRIMARIES)
    assert table.meta.import_treatment == "competitive"
    assert (table.meta.unit, table.meta.unit_size) == ("10,000 CNY", 1e4)
    assert table.meta.year == 2020
    assert not table.satellites


def test_a_unit_of_100_million(tmp_path: Path) -> None:
    assert iom.read(nbs(tmp_path, put("", "A3", "单位：亿元"))).meta.unit_size == 1e8


def test_embedded_table_and_the_publisher_s_own_workbook_agree(shared: Path) -> None:
    ours = iom.read(iom.example("china-2020"))
    theirs = iom.read(shared / "data/china/nbs_2020_io_153_original_layout.xlsx")
    assert ours.labels.codes == theirs.labels.codes
    assert ours.labels.named("zh") == theirs.labels.named("zh")
    assert ours.final_labels.codes == theirs.final_labels.codes
    assert ours.final_labels.groups == theirs.final_labels.groups
    assert ours.primary_labels.groups == theirs.primary_labels.groups
    for block in ("intermediate", "final_demand", "primary_inputs", "output", "imports"):
        one, other = getattr(ours.flows, block), getattr(theirs.flows, block)
        assert np.array_equal(one, other), block
    assert ours.meta.unit_size == theirs.meta.unit_size == 1e4
    assert ours.meta.year == theirs.meta.year == 2020
    assert "employment" in ours.satellites
    assert not theirs.satellites
    one, other = (iom.domestic(table).flows.intermediate for table in (ours, theirs))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("make", [own, nbs])
def test_the_file_name_is_text_or_path(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    assert iom.read(str(path)).labels.codes == iom.read(path).labels.codes


def test_sheets_may_be_absent_that_are_not_needed(tmp_path: Path) -> None:
    def strip(book: Any) -> None:
        del book["employment"]
        del book["imports_42"]

    table = iom.read(own(tmp_path, strip))
    assert not table.satellites
    assert table.import_split is None


# --- bad cells of our own layout -----------------------------------------------------------------

OWN = [
    ("flows", "E5", "n.a.", "text"),
    ("flows", "H8", "-", "text"),
    ("flows", "F6", "3,546", "text"),
    ("flows", "F6", None, "blank"),
    ("flows", "F6", True, "text"),
    ("flows", "F6", "#DIV/0!", "error value"),
    ("flows", "F6", "=1+1", "formula"),
    ("flows", "N7", "x", "text"),
    ("flows", "O5", None, "blank"),
    ("flows", "P8", "total", "text"),
    ("flows", "G10", "n.a.", "text"),
    ("flows", "I9", "zero", "text"),
    ("flows", "A6", "02003", "02002"),
    ("flows", "G1", "3003", "03003"),
    ("flows", "H4", None, "role"),
    ("flows", "I4", None, "role"),
    ("flows", "D9", None, "role"),
    ("sectors", "A3", "01001", "stands twice"),
    ("employment", "D5", "many", "text"),
    ("employment", "E8", None, "blank"),
    ("employment", "F6", "#N/A", "error value"),
    ("employment", "D2", "millions", "unit"),
    ("employment", "D2", None, "unit"),
    ("employment", "D3", "2025年", "text"),
    ("employment", "A7", "3003", "03003"),
    ("imports_42", "E2", "x", "text"),
    ("imports_42", "K5", None, ""),
    ("imports_42", "N4", "99", "group"),
    ("imports_42", "N4", None, "group"),
    ("about", "B6", "2020", "text"),
    ("about", "B7", 2020.5, "whole"),
]


@pytest.mark.parametrize(("sheet", "address", "value", "problem"), OWN)
def test_a_bad_cell_is_named(
    tmp_path: Path, sheet: str, address: str, value: Any, problem: str
) -> None:
    path = own(tmp_path, put(sheet, address, value))
    if (sheet, address) == ("imports_42", "K5"):  # GO is not read: it follows from the rest
        assert iom.read(path).import_split is not None
        return
    error = refused(path)
    found = {(item.sheet, item.address): str(item) for item in error.cells}
    assert (sheet, address) in found, str(error)
    assert problem in found[sheet, address]
    assert {where for where, _ in found} == {sheet}


def test_the_sheets_sectors_and_flows_differ(tmp_path: Path) -> None:
    error = refused(own(tmp_path, put("sectors", "A4", "03033")))
    assert places(error) == [("flows", "G1"), ("flows", "A7")]
    assert "03033" in str(error)


def test_a_duplicate_code_in_flows(tmp_path: Path) -> None:
    assert ("flows", "F1") in places(refused(own(tmp_path, put("flows", "F1", "01001"))))


def test_a_duplicate_code_of_final_demand(tmp_path: Path) -> None:
    path = own(tmp_path, put("flows", "J1", "FU101"))
    with pytest.raises(iom.IOModelError, match="FU101"):
        iom.read(path)


@pytest.mark.parametrize("sheet", ["sectors", "flows"])
def test_a_missing_sheet(tmp_path: Path, sheet: str) -> None:
    error = refused(own(tmp_path, lambda book: book.remove(book[sheet])))
    assert places(error) == [(sheet, "")]


def test_two_columns_of_output(tmp_path: Path) -> None:
    error = refused(own(tmp_path, put("flows", "O4", "output")))
    assert [item.sheet for item in error.cells] == ["flows"]
    assert "2 output" in str(error)


def test_no_column_of_output(tmp_path: Path) -> None:
    assert "0 output" in str(refused(own(tmp_path, put("flows", "P4", "supply"))))


def test_a_table_that_does_not_balance_says_so(tmp_path: Path) -> None:
    with pytest.warns(iom.ImbalanceWarning, match=r"do not balance"):
        iom.read(own(tmp_path))


def test_an_empty_row_between_sectors_is_empty(tmp_path: Path) -> None:
    table = iom.read(own(tmp_path, lambda book: book["flows"].insert_rows(7)))
    assert table.intermediate.to_numpy().tolist() == Z


def test_a_row_of_figures_without_code_is_refused(tmp_path: Path) -> None:
    def unnamed(book: Any) -> None:
        book["flows"].insert_rows(7)
        book["flows"]["E7"] = 1.0

    assert places(refused(own(tmp_path, unnamed))) == [("flows", "A7")]


def _last_sector_gone(book: Any) -> None:
    book["imports_42"]["M5"] = None
    book["imports_42"]["N5"] = None


def test_a_sector_without_a_group(tmp_path: Path) -> None:
    error = refused(own(tmp_path, _last_sector_gone))
    assert "04004" in str(error)
    assert {item.sheet for item in error.cells} == {"imports_42"}


@pytest.mark.parametrize("head", ["M1", "N1", "G1"])
def test_a_missing_header_of_the_split(tmp_path: Path, head: str) -> None:
    error = refused(own(tmp_path, put("imports_42", head, "?")))
    assert {item.sheet for item in error.cells} == {"imports_42"}


@pytest.mark.parametrize("head", ["H1", "I1"])
def test_a_final_use_of_the_split_that_the_official_method_needs(tmp_path: Path, head: str) -> None:
    """Without FU201 or FU202 the official shares of capital formation do not exist."""
    path = own(tmp_path, put("imports_42", head, "other"))
    with pytest.raises(iom.IOModelError, match="FU20"):
        iom.domestic(iom.read(path), method="official")


def test_columns_of_the_split_in_another_order_than_its_rows(tmp_path: Path) -> None:
    def swap(book: Any) -> None:
        book["imports_42"]["E1"], book["imports_42"]["F1"] = "02", "01"

    assert {item.sheet for item in refused(own(tmp_path, swap)).cells} == {"imports_42"}


@pytest.mark.parametrize("value", ["Competitive", "non-competitive", "imports included"])
def test_an_unknown_import_treatment(tmp_path: Path, value: str) -> None:
    """Anything but `competitive` would let imports pass as domestic output."""
    assert places(refused(own(tmp_path, put("about", "B8", value)))) == [("about", "B8")]


UNITS = {"100 million CNY": 1e8, "10 000 CNY": 1e4, "CNY": 1.0, "million CNY": 1e6, "万元": 1e4}
UNITS |= {"10,000 CNY": 1e4, "thousand CNY": 1e3, "bn CNY": 1e9, "billions of CNY": 1e9}
UNITS |= {"wan yuan": 1e4, "mn CNY": 1e6, "Mio. CNY": 1e6, "10k CNY": 1e4, "": 1.0}


@pytest.mark.parametrize("unit", UNITS)
def test_the_size_of_a_unit_is_right_or_refused(tmp_path: Path, unit: str) -> None:
    try:
        size = iom.read(own(tmp_path, put("about", "B4", unit or None))).meta.unit_size
    except iom.IOModelError:
        return
    assert size == UNITS[unit]


def _no_primaries(book: Any) -> None:
    book["flows"].delete_rows(9, 4)


def _no_finals(book: Any) -> None:
    book["flows"].delete_cols(9, 6)


def _no_sectors(book: Any) -> None:
    book["sectors"].delete_rows(2, 4)
    book["flows"].delete_rows(5, 4)
    book["flows"].delete_cols(5, 4)


@pytest.mark.parametrize("edit", [_no_primaries, _no_finals, _no_sectors])
def test_a_block_that_is_wholly_absent(tmp_path: Path, edit: Edit) -> None:
    with pytest.raises(iom.ReadError, match=r"own\.xlsx"):
        iom.read(own(tmp_path, edit))


def test_many_problems_are_one_error(tmp_path: Path) -> None:
    wrong = [("flows", "E5"), ("flows", "F6"), ("flows", "I8"), ("flows", "H12")]
    wrong += [("employment", "D6"), ("employment", "F8"), ("imports_42", "G3")]

    def spoil(book: Any) -> None:
        for sheet, address in wrong:
            book[sheet][address] = "n.a."
        book["flows"]["G7"] = None

    error = refused(own(tmp_path, spoil))
    assert sorted(places(error)) == sorted([*wrong, ("flows", "G7")])


# --- bad cells of the layout of NBS --------------------------------------------------------------

NBS = [
    ("E7", "n.a.", "text"),
    ("D7", "n.a.", "text"),
    ("D7", None, "no number"),
    ("D8", "-", "no number"),
    ("G10", None, "no number"),
    ("F9", "#REF!", "error value"),
    ("I8", "...", "no number"),
    ("S9", "n.a.", "text"),
    ("E12", "n.a.", "text"),
]


@pytest.mark.parametrize(("address", "value", "problem"), NBS)
def test_a_bad_cell_of_nbs_is_named(tmp_path: Path, address: str, value: Any, problem: str) -> None:
    error = refused(nbs(tmp_path, put("", address, value)))
    found = {item.address: str(item) for item in error.cells}
    assert address in found, str(error)
    assert problem in found[address]
    assert set(found) == {address}


def test_addresses_are_right_where_the_table_starts_lower_and_further_right(
    tmp_path: Path,
) -> None:
    def shift(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet["G10"] = "n.a."
        sheet.insert_rows(1, 3)
        sheet.insert_cols(1)

    assert [address for _, address in places(refused(nbs(tmp_path, shift)))] == ["H13"]


def test_exchanged_codes_beside_right_names_are_refused(tmp_path: Path) -> None:

    def swap(book: Any) -> None:
        book.worksheets[0]["C8"], book.worksheets[0]["C9"] = CODES[2], CODES[1]

    with pytest.raises(iom.LabelError, match=r"C8.*\n.*C9"):
        iom.read(nbs(tmp_path, swap))


def test_a_code_that_differs_is_said(tmp_path: Path) -> None:
    table = iom.read(nbs(tmp_path, put("", "C8", "02003")))
    assert table.intermediate.to_numpy().tolist() == NBS_Z
    notes = " ".join(table.meta.notes.values())
    assert "C8" in notes or table.labels.named("zh") == tuple(ZH)


@pytest.mark.parametrize("address", ["O6", "T6"])
def test_a_column_that_no_layout_knows_is_read_by_its_sums(tmp_path: Path, address: str) -> None:
    table = iom.read(nbs(tmp_path, put("", address, "XYZ")))
    known, new = iom.read(nbs(tmp_path)), table.final_labels.codes
    assert "XYZ" in new
    assert np.array_equal(table.flows.final_demand, known.flows.final_demand)


@pytest.mark.parametrize("row", [12, 13, 14, 15])
def test_a_missing_row_of_value_added_is_told(tmp_path: Path, row: int) -> None:
    with pytest.warns(iom.ImbalanceWarning):
        iom.read(nbs(tmp_path, lambda book: book.worksheets[0].delete_rows(row)))


def test_a_row_that_no_layout_knows_is_told(tmp_path: Path) -> None:
    """VA005 belongs to value added by its place, but the sums say no."""

    def insert(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet.insert_rows(16)
        sheet["B16"], sheet["C16"] = "其他", "VA005"
        for column in "DEFG":
            sheet[f"{column}16"] = 1000.0

    table = iom.read(nbs(tmp_path, insert))
    assert table.primary_labels.codes == tuple(PRIMARIES)
    assert any("VA005" in item.rows.codes for item in table.satellites.values())


def test_a_duplicate_sector_of_nbs(tmp_path: Path) -> None:
    def double(book: Any) -> None:
        book.worksheets[0]["E6"] = book.worksheets[0]["C8"] = CODES[0]

    with pytest.raises(iom.IOModelError, match=CODES[0]):
        iom.read(nbs(tmp_path, double))


def test_other_sheets_beside_the_table_do_no_harm(tmp_path: Path) -> None:
    def add(book: Any) -> None:
        book.create_sheet("notes", 0)["A1"] = "see the next sheet"
        book.create_sheet("empty", 0)

    assert iom.read(nbs(tmp_path, add)).intermediate.to_numpy().tolist() == NBS_Z


def test_a_sheet_that_is_a_chart_does_no_harm(tmp_path: Path) -> None:
    def chart(book: Any) -> None:
        page = book.create_chartsheet("chart", 0)
        page.add_chart(openpyxl.chart.BarChart())

    assert iom.read(nbs(tmp_path, chart)).intermediate.to_numpy().tolist() == NBS_Z


# --- what is no table ----------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[], [["just", "text"]], [[1, 2], [3, 4]], [["TIU", "GO"]]])
def test_anything_else_is_an_unknown_layout(tmp_path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(iom.UnknownLayoutError, match=r"other\.xlsx") as caught:
        iom.read(tmp_path / "other.xlsx")
    assert "iom.table(...)" in str(caught.value)


def test_another_version_of_our_layout_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(iom.UnknownLayoutError):
        iom.read(own(tmp_path, put("about", "B2", "iomodel table 2")))


def test_a_file_that_is_not_there_a_folder_and_a_text_file(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("code,01001\n")
    for path, problem in [
        (tmp_path / "nowhere.xlsx", "does not exist"),
        (tmp_path, "is a folder"),
        (tmp_path / "text.xlsx", "no table was recognised"),
    ]:
        with pytest.raises(iom.ReadError, match=problem):
            iom.read(path)


def test_a_truncated_table(tmp_path: Path) -> None:
    whole = own(tmp_path).read_bytes()
    (tmp_path / "own.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(iom.ReadError, match=r"own\.xlsx"):
        iom.read(tmp_path / "own.xlsx")


def test_columns_of_employment_of_two_years(tmp_path: Path) -> None:
    edit = put("employment", "E3", 2018)
    assert ("employment", "E3") in places(refused(own(tmp_path, edit)))


def test_an_nbs_table_without_a_unit_has_no_size(tmp_path: Path) -> None:
    """Not taken for single yuan: an insertion would be wrong by the size without a word."""
    table = iom.read(nbs(tmp_path, put("", "A3", None)))
    assert table.meta.unit == "not stated"
    with pytest.raises(iom.AccountingError, match="unit_value"):
        _ = table.meta.unit_size
