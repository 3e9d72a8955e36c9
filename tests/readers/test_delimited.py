"""Text files of separated values: encodings, separators, decimal marks, and what stays text."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from iomodel.errors import ReadError
from iomodel.readers.encodings import decoded
from iomodel.readers.workbook import Workbook, open_workbook

TEXTS = {
    "utf-8": "产品部门,农业,工业",
    "gb18030": "农林牧渔产品和服务,煤炭采选产品,石油和天然气开采产品,中间使用合计,总产出",
    "big5": "產業關聯表,農產,畜產,林產,漁產,礦產,加工食品,中間需要合計,國內生產總額",
    "cp932": "産業連関表,農林水産業,鉱業,製造業,電力・ガス・水道,サービス,内生部門計,国内生産額",
    "cp949": "산업연관표,농림수산품,광산품,음식료품,섬유 및 가죽제품,중간수요계,총산출액",
    "cp1250": "Zemědělství a lesnictví,Těžba uhlí,Výroba potravin,Služby,Příští údaje,Mezispotřeba",
    "cp1252": "Agriculture et forêt,Pêche,Énergie électrique,Déchets,Dépenses ménagères,Où",
}
OTHERS = {
    "cp1250": [
        "Rolnictwo i łowiectwo,Górnictwo,Żywność,Usługi",
        "Mezőgazdaság,Energia és hő,Gyűjtés",
    ],
    "cp1252": ["Año,Ganadería,Educación", "Außenhandel,Öl,Übrige", "Indústria,Exportação,Pão"],
}


def book(folder: Path, data: bytes, name: str = "table.csv") -> Workbook:
    path = folder / name
    path.write_bytes(data)
    return open_workbook(path)


def rows(folder: Path, text: str) -> list[list[object]]:
    return book(folder, text.encode()).sheet("table").rows


@pytest.mark.parametrize("encoding", TEXTS)
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    text = TEXTS[encoding]
    found = book(tmp_path, f"{text}\r\n".encode(encoding))
    assert found.sheet("table").rows == [text.split(",")]
    assert found.facts["encoding"] == encoding


@pytest.mark.parametrize(("encoding", "text"), [(e, t) for e, ts in OTHERS.items() for t in ts])
def test_languages_of_windows_code_pages(encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_and_wide_text(tmp_path: Path, encoding: str) -> None:
    found = book(tmp_path, "sector,Bergbau,Öl\na,1,2\n".encode(encoding))
    assert found.sheet("table").rows == [["sector", "Bergbau", "Öl"], ["a", 1.0, 2.0]]
    assert found.facts["encoding"] == encoding


@pytest.mark.parametrize(
    ("mark", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
def test_separators(tmp_path: Path, mark: str, name: str) -> None:
    text = "Title of the table\n\n" + "\n".join(
        mark.join(row) for row in (("code", "a", "b"), ("x", "1", "2.5"), ("y", "3", "4"))
    )
    found = book(tmp_path, text.encode())
    assert found.names == ("table",)
    assert found.content == "csv"
    assert found.facts["separator"] == name
    assert found.sheet("table").rows[2:] == [["code", "a", "b"], ["x", 1.0, 2.5], ["y", 3.0, 4.0]]
    assert found.sheet("table").rows[1] == ["", "", ""], "an empty row keeps its place"


def test_decimal_commas(tmp_path: Path) -> None:
    found = book(tmp_path, b"a;b;c\n1,5;-0,25;3\n10.1;1.234,5;1.234\n2,75;1,5e-06;7\n")
    assert found.facts["decimal"] == "comma"
    assert found.sheet("table").rows[1:] == [
        [1.5, -0.25, 3.0],
        ["10.1", "1.234,5", "1.234"],
        [2.75, 1.5e-06, 7.0],
    ]


def test_without_a_heading_decimal_commas_do_not_separate(tmp_path: Path) -> None:
    assert rows(tmp_path, "1,5;2,7;3,1\n4,5;5,7;6,1\n") == [[1.5, 2.7, 3.1], [4.5, 5.7, 6.1]]


def test_thousands_marks_stay_text(tmp_path: Path) -> None:
    found = rows(tmp_path, 'a,b,c\n"1,234","1,234.5",0.5\n999,"1 234",2\n')
    assert found[1:] == [["1,234", "1,234.5", 0.5], [999.0, "1 234", 2.0]]


def test_what_may_be_thousands_is_not_guessed(tmp_path: Path) -> None:
    found = book(tmp_path, b"a;b\n1.234;12.345\n999;7\n")
    assert found.facts["decimal"] == "undecided"
    assert found.sheet("table").rows[1:] == [["1.234", "12.345"], [999.0, 7.0]]


def test_points_that_group_thousands_leave_the_comma_for_decimals(tmp_path: Path) -> None:
    found = book(tmp_path, b"a;b\n1.234.567;12.345\n999;7\n")
    assert found.facts["decimal"] == "comma"
    assert found.sheet("table").rows[1:] == [["1.234.567", "12.345"], [999.0, 7.0]]


@pytest.mark.parametrize(
    "code",
    ["01", "007", "-01", "1e5", "1E5", "nan", "NaN", "inf", "-", "1.", "1_000", "0x1", "１", "−5"],
)
def test_codes_stay_text(tmp_path: Path, code: str) -> None:
    assert rows(tmp_path, f"code,value\n{code},0.5\n")[1] == [code, 0.5]


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0.0), ("-1", -1.0), ("+2.5", 2.5), (".5", 0.5), ("3.2e-06", 3.2e-06)]
)
def test_numbers(tmp_path: Path, text: str, value: float) -> None:
    assert rows(tmp_path, f"code,value\na,{text}\n")[1] == ["a", value]


def test_quoted_fields(tmp_path: Path) -> None:
    found = rows(tmp_path, 'a,"two\nlines, one ""cell""", " b "\r\nc,1,2\r\n')
    assert found == [["a", 'two\nlines, one "cell"', "b"], ["c", 1.0, 2.0]]


def test_empty_columns_and_rows_at_the_end_are_dropped(tmp_path: Path) -> None:
    assert rows(tmp_path, "a,b,, \n1,,,\n,,,\n,,,\n") == [["a", "b"], [1.0, ""]]


def test_a_stated_separator_is_believed(tmp_path: Path) -> None:
    assert rows(tmp_path, "sep=;\na,b;c\n") == [["a,b", "c"]]


def test_a_quotation_mark_never_closed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"row that begins in line 3 .* never closed"):
        rows(tmp_path, 'a,b\n1,2\n"x,3\n4,5\n')


@given(st.lists(st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=3), min_size=1))
def test_numbers_come_back(
    tmp_path_factory: pytest.TempPathFactory, values: list[list[int]]
) -> None:
    text = "\n".join(";".join(f"{v / 1000:.4f}".replace(".", ",") for v in row) for row in values)
    found = rows(tmp_path_factory.mktemp("csv"), f"a;b;c\n{text}\n")
    assert found[1:] == [[round(v / 1000, 4) for v in row] for row in values]
