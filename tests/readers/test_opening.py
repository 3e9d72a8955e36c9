"""Any file that a statistical office publishes: what opens, and what is refused and why."""

import datetime
import shutil
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from iomodel.errors import ReadError
from iomodel.readers import content, parts
from iomodel.readers.biff import error_values
from iomodel.readers.workbook import Area, Sheet, address_of, open_workbook, raw_texts
from tests.readers.packages import cells, ods, ods_empty, ods_number, ods_row, xlsb, xlsx, zipped

KOREA = "korea-bok-2010/2010 실측표 생산자가격표_82.xls"
SPAIN = "spain-ine-2022/Spanish A-matrix.xlsx"
CHINA = "china-nbs-1992/1992年33部门投入产出表.xls"


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """A workbook with all that a sheet can have beside numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "seen"
    sheet["A1"], sheet["A2"], sheet["A3"] = 1, "#N/A", "=1+1"
    sheet["B1"] = datetime.datetime(2020, 12, 31)
    sheet["B2"] = datetime.datetime(2020, 12, 31, 12, 30)
    sheet["B3"], sheet["B4"] = datetime.time(12, 30), True
    sheet["C1"] = "merged"
    sheet.merge_cells("C1:D2")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    other = book.create_sheet("unseen")
    other["A1"] = 7
    other.sheet_state = "hidden"
    path = tmp_path / "rich.xlsx"
    book.save(path)
    return path


# --- content, not the name -----------------------------------------------------------------------


def test_a_workbook_named_xls_opens_as_what_it_is(rich: Path, tmp_path: Path) -> None:
    for name in ("a.xls", "a.ods", "a.csv", "a"):
        path = Path(shutil.copy(rich, tmp_path / name))
        book = open_workbook(path)
        assert book.content == "xlsx"
        assert book.sheet("seen").cell(0, 0) == 1
        assert book.may_hide_values
        assert raw_texts(path, "seen", [(1, 0), (2, 0)]) == {"A2": "#N/A", "A3": "=1+1"}


def test_an_ods_named_xlsx_opens(tmp_path: Path) -> None:
    book = open_workbook(ods(tmp_path / "a.xlsx", ods_row(ods_number(1.5))))
    assert (book.content, book.names, book.sheet("Z").rows) == ("ods", ("Z",), [[1.5]])


@pytest.mark.parametrize("name", ["a.xlsb", "a.xlsx"])
def test_a_binary_workbook_opens_under_any_name(tmp_path: Path, name: str) -> None:
    book = open_workbook(xlsb(tmp_path / name, [[1.0, 2.5], [3.0, 4.0]]))
    assert (book.content, book.names) == ("xlsb", ("Z",))
    assert book.sheet("Z").rows == [[1.0, 2.5], [3.0, 4.0]]
    assert book.merged("Z") is None
    assert book.hidden_lines("Z") is None


@pytest.mark.parametrize(("name", "kind"), [(KOREA, "xlsx"), (SPAIN, "ods"), (CHINA, "xls")])
def test_published_files_with_any_name(shared: Path, name: str, kind: str) -> None:
    book = open_workbook(shared / "data" / "corpus" / name)
    assert book.content == kind
    assert book.sheet(book.names[0]).height > 40


def test_the_whole_corpus_opens(shared: Path) -> None:
    files = [
        path
        for path in sorted((shared / "data" / "corpus").glob("*/*"))
        if path.suffix.lower() in {".csv", ".xls", ".xlsx"}
    ]
    assert len(files) > 30
    for path in files:
        book = open_workbook(path)
        sheets = [book.sheet(name) for name in book.names]
        assert any(sheet.height > 5 and sheet.width > 1 for sheet in sheets), path
        assert not book.facts or book.facts["decimal"] == "point", path


# --- sheets --------------------------------------------------------------------------------------


def test_hidden_sheets_are_listed_read_and_reported(rich: Path) -> None:
    book = open_workbook(rich)
    assert book.names == ("seen", "unseen")
    assert book.hidden == ("unseen",)
    assert book.sheet("unseen").rows == [[7]]


def test_merged_cells_and_hidden_lines(rich: Path) -> None:
    book = open_workbook(rich)
    assert book.merged("seen") == (Area(0, 2, 1, 3),)
    assert book.merged("unseen") == ()
    assert book.hidden_lines("seen") == (frozenset({1}), frozenset({1}))
    assert book.hidden_lines("unseen") == (frozenset(), frozenset())
    with pytest.raises(ReadError, match="no sheet 'x'; the workbook has: seen, unseen"):
        book.merged("x")


def test_hidden_lines_are_unknown_for_other_files(tmp_path: Path) -> None:
    book = open_workbook(ods(tmp_path / "a.ods", ods_row(ods_number(1))))
    assert book.hidden_lines("Z") is None


def test_dates_times_and_truth_are_readable(rich: Path) -> None:
    sheet = open_workbook(rich).sheet("seen")
    assert [sheet.text(row, 1) for row in range(4)] == [
        "2020-12-31",
        "2020-12-31 12:30:00",
        "12:30:00",
        "TRUE",
    ]
    long = Sheet("x", [[datetime.timedelta(hours=30, seconds=5), -datetime.timedelta(hours=1)]])
    assert (long.text(0, 0), long.text(0, 1)) == ("30:00:05", "-1:00:00")


def test_a_sheet_is_read_once_and_only_when_asked_for(rich: Path) -> None:
    book = open_workbook(rich)
    assert not book._read
    assert book.sheet("unseen") is book.sheet("unseen")
    assert set(book._read) == {"unseen"}


def test_error_values_of_old_workbooks_are_found(shared: Path, tmp_path: Path) -> None:
    """One number of a published .xls becomes #DIV/0!: the fast reader gives an empty cell."""
    source = shared / "data" / "corpus" / CHINA
    data = bytearray(source.read_bytes())
    assert not list(error_values(source))
    # NUMBER: row, column, format (two bytes each), eight bytes of the value
    at = data.index(b"\x03\x02\x0e\x00", data.index(b"\x09\x08\x10\x00\x00\x06\x10\x00"))
    row, column = struct.unpack_from("<HH", data, at + 4)
    # BOOLERR of eight bytes, then a record of two that readers skip
    wrong = b"\x05\x02\x08\x00" + bytes(data[at + 4 : at + 10]) + b"\x07\x01"
    data[at : at + 18] = wrong + b"\xef\x00\x02\x00\x00\x00"
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    book = open_workbook(path)
    before = open_workbook(source).sheet(book.names[0]).cell(row, column)
    assert isinstance(before, float)
    assert book.may_hide_values
    assert book.sheet(book.names[0]).cell(row, column) == ""
    found = raw_texts(path, book.names[0], [(row, column), (0, 0)])
    assert found == {address_of(row, column): "#DIV/0!"}
    assert raw_texts(path, "another", [(row, column)]) == {}


def test_error_values_of_opendocument_are_found(tmp_path: Path) -> None:
    wrong = (
        '<table:table-cell office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    path = ods(tmp_path / "a.ods", ods_row(ods_number(1)) + ods_row(ods_empty(2), wrong))
    assert open_workbook(path).may_hide_values
    assert raw_texts(path, "Z", [(1, 2), (0, 0)]) == {"C2": "#DIV/0!"}


def test_error_values_of_binary_workbooks_are_found(tmp_path: Path) -> None:
    path = xlsb(tmp_path / "a.xlsb", [[1.0, 2.5], [3.0, None]])
    book = open_workbook(path)
    assert book.may_hide_values
    assert book.sheet("Z").rows == [[1.0, 2.5], [3.0, ""]]
    assert raw_texts(path, "Z", [(1, 1), (0, 0)]) == {"B2": "#DIV/0!"}
    assert raw_texts(path, "Y", [(1, 1)]) == {}
    assert not open_workbook(xlsb(tmp_path / "b.xlsb", [[1.0]])).may_hide_values


# --- far corners ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "addresses", [("A1", "XFD1048576"), ("XFD1048576",), ("A1", "A9", "ZZ999999")]
)
@pytest.mark.parametrize("dimension", ["A1:B2", "A1", "A1:XFD1048576"])
def test_far_corners_are_refused_whatever_the_dimension_says(
    tmp_path: Path, addresses: tuple[str, ...], dimension: str
) -> None:
    book = open_workbook(xlsx(tmp_path / "a.xlsx", cells(*addresses, dimension=dimension)))
    with pytest.raises(ReadError) as caught:
        book.sheet("Z")
    message = str(caught.value)
    assert f"far corner is {addresses[-1]}" in message
    assert f"stores {len(addresses)}" in message
    assert "delete the rows and columns beyond the table" in message


def test_formats_at_far_corners_do_not_matter(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    book = open_workbook(xlsx(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>"))
    assert book.sheet("Z").rows == [[1.0]]


def test_far_corners_with_prefixed_names_are_refused(tmp_path: Path) -> None:
    rows = "".join(
        f'<x:row r="{row}"><x:c r="{column}{row}"><x:v>1</x:v></x:c></x:row>'
        for column, row in (("A", 1), ("XFD", 1048576))
    )
    sheet = '<x:sheetData xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    path = xlsx(tmp_path / "a.xlsx", f"{sheet}{rows}</x:sheetData>")
    with pytest.raises(ReadError, match="far corner is XFD1048576"):
        open_workbook(path).sheet("Z")


def test_a_tall_table_is_no_far_corner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SPARSE_FROM", 100)
    monkeypatch.setattr(parts, "CHUNK", 64)  # tags are cut between pieces
    path = xlsx(tmp_path / "a.xlsx", cells(*(f"A{row}" for row in range(1, 400))))
    assert open_workbook(path).sheet("Z").height == 399
    path = xlsx(tmp_path / "b.xlsx", cells("A1", "AB20"))
    with pytest.raises(ReadError, match=r"20 rows and 28 columns \(560 cells\) but stores 2"):
        open_workbook(path).sheet("Z")


def test_opendocument_with_a_million_empty_repeats_reads_well(tmp_path: Path) -> None:
    rows = ods_row(ods_number(1), ods_empty(16383)) + ods_row(ods_empty(16384), times=1048575)
    assert open_workbook(ods(tmp_path / "a.ods", rows)).sheet("Z").rows == [[1.0]]


def test_opendocument_with_far_corners_is_refused(tmp_path: Path) -> None:
    rows = ods_row(ods_number(1)) + ods_row(ods_empty(16384), times=1048574)
    path = ods(tmp_path / "a.ods", rows + ods_row(ods_empty(16383), ods_number(1)))
    with pytest.raises(ReadError, match=r"sheet 'Z' spans .* far corner is XFD1048576"):
        open_workbook(path)
    path = ods(tmp_path / "b.ods", ods_row(ods_number(1, 16384), times=1048576))
    with pytest.raises(ReadError, match="far corner is XFD1048576"):
        open_workbook(path)


# --- refused -------------------------------------------------------------------------------------


def test_protected_files_are_refused(tmp_path: Path, shared: Path) -> None:
    package = content.OLE + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 2000
    (tmp_path / "a.xlsx").write_bytes(package)
    data = (shared / "data" / "corpus" / CHINA).read_bytes()
    begin = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    size = int.from_bytes(data[begin + 2 : begin + 4], "little")
    locked = b"\x2f\x00" + size.to_bytes(2, "little")
    (tmp_path / "b.xls").write_bytes(data[:begin] + locked + data[begin + 4 :])
    ods(tmp_path / "c.ods", "", manifest="<manifest:encryption-data/>")
    for name in ("a.xlsx", "b.xls", "c.ods"):
        with pytest.raises(
            ReadError, match=f"{name}: .*is protected by a password.*save it without"
        ):
            open_workbook(tmp_path / name)


def test_a_cut_off_workbook_is_refused(rich: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(rich.read_bytes()[:-500])
    with pytest.raises(ReadError, match=r"damaged or incomplete .* Download or copy it again"):
        open_workbook(path)


def test_a_cut_off_old_workbook_is_refused(shared: Path, tmp_path: Path) -> None:
    data = (shared / "data" / "corpus" / CHINA).read_bytes()
    path = tmp_path / "a.xls"
    for size in (600, len(data) // 2, len(data) - 700):
        path.write_bytes(data[:size])
        with pytest.raises(ReadError, match=r"a.xls: .* save it as .xlsx"):
            open_workbook(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", cells("A1"), others={"xl/sharedStrings.xml": bytes(300 << 20)})
    with pytest.raises(
        ReadError, match=r"^\S+: 0.3 MiB would unpack to 300 MiB; the limit is 200 times"
    ):
        open_workbook(path)


def test_size_alone_is_refused(rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "MOST_UNPACKED", 100)
    with pytest.raises(ReadError, match="would unpack to"):
        open_workbook(rich)


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", cells(*(f"A{row}" for row in range(1, 400))))
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    data = path.read_bytes()
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (99).to_bytes(4, "little")))
    with pytest.raises(ReadError, match="declares 99 bytes and unpacks to more"):
        open_workbook(path).sheet("Z")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", r"is empty \(0 bytes\)"),
        (b"  \r\n", "is empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><p>1", "web page"),
        ("<html><table>".encode("utf-16"), "web page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "web page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML Spreadsheet 2003",
        ),
        (b'<?xml version="1.0"?><data/>', "XML file"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "Excel 4 or older"),
        (bytes(range(256)), "neither a workbook nor text"),
        (b"This is a letter.\nIt has lines, and one comma.\nIt is no table.\n", "without columns"),
    ],
)
def test_what_is_no_workbook_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=words) as caught:
        open_workbook(path)
    message = str(caught.value)
    assert str(path) in message
    assert message.endswith(".") and message.count(". ") >= 1, "says what to do"


def test_other_archives_are_refused(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", {"a.csv": "1", "b.csv": "2"})
    with pytest.raises(ReadError, match=r"zip archive of 2 files \(a.csv, b.csv\).*Unpack"):
        open_workbook(tmp_path / "a.zip")
    zipped(tmp_path / "a.docx", {"word/document.xml": "1"})
    with pytest.raises(ReadError, match="text document"):
        open_workbook(tmp_path / "a.docx")
    (tmp_path / "a.doc").write_bytes(content.OLE + bytes(2000))
    with pytest.raises(ReadError, match="cannot be read as a workbook"):
        open_workbook(tmp_path / "a.doc")


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="is a folder"):
        open_workbook(tmp_path)
    with pytest.raises(ReadError, match=r"does not exist\. Check the name and the folder"):
        open_workbook(tmp_path / "none.xlsx")


def test_a_file_without_rights_is_refused(rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(ReadError, match=r"\(Permission denied\)\. Check your rights"):
        open_workbook(rich)


def test_a_damaged_sheet_is_refused(tmp_path: Path) -> None:
    book = open_workbook(
        xlsx(tmp_path / "a.xlsx", '<sheetData><row r="1"><c r="A1" t="n"><v>x</v></c></row>')
    )
    with pytest.raises(ReadError, match="the sheet 'Z' is damaged"):
        book.sheet("Z")
