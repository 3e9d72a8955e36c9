"""The workbooks in `tables/` against the files they were made from, cell by cell."""

import csv
import functools
import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

REPOSITORY = Path(__file__).resolve().parents[2]
TABLES = REPOSITORY / "tables"
NAMES = ("china_2020.xlsx", "micro_drama_2025.xlsx", "china_2018.xlsx")
SUBTOTALS = {"TIU", "TII", "THC", "TC", "GCF", "TFU", "TVA", "TI"}
PRIMARY = ("VA001", "VA002", "VA003", "VA004")
FINAL = ("FU101", "FU102", "FU103", "FU201", "FU202", "EX")
PATTERNS = ("census2020", "academic2018", "economic2023")
ROLES = [
    *["household", "household", "government", "capital formation", "inventories", "exports"],
    *["imports", "output"],
]
PUBLISHED = {
    "headline": ["direct_heads", "indirect_heads", "total_heads", "ratio", "workdays_chain"],
    "ratio": [
        *["us_film_tv", "china_film_tv_2011", "china_tourism_2016"],
        *["kuaishou_2021", "douyin_2020"],
    ],
    "count": ["cnsa_positions", "cuc_direct"],
    "local": ["zhengzhou_workers", "shaanxi_workers", "hub_output_share"],
    "wage": ["wage_nonprivate", "wage_private"],
}
FIGURES = ("low", "central", "high")
RENAMED = {"url": "address", "quote_or_note": "note"}
TARGET_ROWS = {"A001", "A002", "A003", "A004", "A014"}

Value = str | float
Row = dict[str, str]


@functools.cache
def cells(book: str, sheet: str) -> list[list[Value]]:
    """Values of a sheet: text, numbers, and empty text for empty cells."""
    rows = CalamineWorkbook.from_path(TABLES / book).get_sheet_by_name(sheet)
    return [[plain(value) for value in row] for row in rows.to_python(skip_empty_area=False)]


def plain(value: object) -> Value:
    assert isinstance(value, str | int | float), f"{value!r} is neither text nor a number"
    return value if isinstance(value, str) else float(value)


def by_name(book: str, sheet: str, first: int = 1) -> list[dict[str, Value]]:
    head, *rows = cells(book, sheet)
    names = [str(name) for name in head]
    return [dict(zip(names, row, strict=True)) for row in rows[first - 1 :]]


@functools.cache
def flows() -> dict[tuple[str, str], Value]:
    rows = cells(NAMES[0], "flows")
    columns = [str(code) for code in rows[0][4:]]
    return {
        (str(row[0]), column): value
        for row in rows[4:]
        for column, value in zip(columns, row[4:], strict=True)
    }


@functools.cache
def sectors() -> list[str]:
    return [str(row["code"]) for row in by_name(NAMES[0], "sectors")]


def flow(row: str, column: str) -> float:
    value = flows()[row, column]
    assert isinstance(value, float), f"{row}, {column}: {value!r}"
    return value


def records(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sequence(shared: Path) -> dict[str, str]:
    """NBS code by running number."""
    rows = records(shared / "data/china/employment_153_2025.csv")
    return {row["seq_code"]: row["nbs2020_code"] for row in rows}


def printed(value: Value, text: str) -> bool:
    """Whether a stored number prints as the text does, with as many decimals."""
    decimals = len(text.partition(".")[2])
    if not isinstance(value, float) or f"{value:.{decimals}f}" != text:
        return False
    half = Decimal(5).scaleb(-decimals - 1)
    return abs(Decimal(value) - Decimal(text)) <= half


def same(value: Value, text: str) -> bool:
    """Whether a cell holds exactly the number or text of the source."""
    if isinstance(value, str):
        return value == text
    return Decimal(repr(value)) == Decimal(text)


def corrected(name: str) -> str:
    return name.replace("Eentertainment", "Entertainment")


def rebuild(shared: Path, folder: Path) -> None:
    pytest.importorskip("openpyxl")
    command = [
        sys.executable,
        str(TABLES / "build.py"),
        "--shared",
        str(shared),
        "--to",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_flows_equal_the_printed_table(shared: Path) -> None:
    code = sequence(shared)
    kept = {*sectors(), *PRIMARY, *FINAL, "IM", "GO"}
    wrong, seen = [], 0
    for row in records(shared / "data/china/nbs_io_2020_153_competitive.csv"):
        at = code.get(row["Code"], row["Code"])
        for name, text in row.items():
            column = code.get(name, name)
            if not {at, column} <= kept:
                continue
            value = flows()[at, column]
            seen += 1
            if not (value == text == "" or printed(value, text)):
                wrong.append((at, column, text, value))
    assert not wrong, wrong[:10]
    assert seen == len(flows())


def test_flows_keep_every_digit_of_the_original_workbook(shared: Path) -> None:
    path = shared / "data/china/nbs_2020_io_153_original_layout.xlsx"
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    rows = sheet.to_python(skip_empty_area=False)
    original = {
        (row[2], column): value
        for row in rows[6:]
        for column, value in zip(rows[5][3:], row[3:], strict=True)
    }
    assert {key: original[key] for key in flows()} == flows()


def test_flows_are_named_as_in_the_printed_table(shared: Path) -> None:
    code = sequence(shared)
    named = {str(row[0]): (row[1], row[2]) for row in cells(NAMES[0], "flows")[4:]}
    listed = {str(row["code"]): (row["name_zh"], row["name_en"]) for row in sector_rows()}
    for row in records(shared / "data/china/nbs_io_2020_153_competitive.csv"):
        at = code.get(row["Code"], row["Code"])
        if at not in SUBTOTALS:
            assert named[at] == (row["DescriptionInChinese"], corrected(row["Description"]))
            assert listed.get(at, named[at]) == named[at]


def sector_rows() -> list[dict[str, Value]]:
    return by_name(NAMES[0], "sectors")


def test_imports_equal_the_42_product_table(shared: Path) -> None:
    source = records(shared / "data/china/nbs_io_2020_42_noncompetitive.csv")
    source = [row for row in source if row["Origin"] in {"Domestic", "Imports"}]
    rows = by_name(NAMES[0], "imports_42")[: len(source)]
    assert len(source) == 84
    for row, text in zip(rows, source, strict=True):
        assert row["origin"] == {"Domestic": "domestic", "Imports": "import"}[text["Origin"]]
        assert row["code"] == text["Code"]
        assert row["name_en"] == text["Description"]
        assert row["name_zh"] == text["DescriptionInChinese"]
        figures = text.keys() - {"Origin", "Code", "Description", "DescriptionInChinese"}
        for name in figures - SUBTOTALS | {"TC"}:
            assert printed(row[name], text[name]) and same(row[name], text[name]), (text, name)


def test_concordance_equals_its_source(shared: Path) -> None:
    head = cells(NAMES[0], "imports_42")[0]
    assert head[-3:] == ["", "sector", "sector_42"]
    stored = [row[-2:] for row in cells(NAMES[0], "imports_42")[1:]]
    source = records(shared / "data/china/concordance_153_42.csv")
    assert stored == [[row["nbs2020_code"], row["code_42"]] for row in source]


def test_employment_and_growth_equal_their_source(shared: Path) -> None:
    source = records(shared / "data/china/employment_153_2025.csv")
    rows = by_name(NAMES[0], "employment", 6)
    listed = sector_rows()
    for row, sector, text in zip(rows, listed, source, strict=True):
        assert row["code"] == sector["code"] == text["nbs2020_code"]
        assert row["name_en"] == sector["name_en"] == corrected(text["name_en"])
        assert row["name_zh"] == sector["name_zh"] == text["name_zh"]
        assert sector["section"] == text["section"]
        assert same(row["nominal_growth"], text["nominal_growth_2020_2025"])
        assert isinstance(row["nominal_growth"], float)
        for pattern in PATTERNS:
            assert isinstance(row[pattern], float)
            assert same(row[pattern], text[f"{pattern}_10k_persons"])


def test_employment_note_gives_the_totals_of_the_source(shared: Path) -> None:
    path = shared / "data/china/nbs_employment_three_sectors_2016_2025_10k_persons.csv"
    last = max(records(path), key=lambda row: row["year"])
    note = {row["key"]: row["value"] for row in by_name(NAMES[0], "about")}["employment_note"]
    for sector in ("primary", "secondary", "tertiary"):
        assert f"{Decimal(last[sector]) / 100:.2f} million" in str(note)


def test_inputs_equal_their_source(shared: Path) -> None:
    source = records(shared / "data/micro_drama/satellite_2025.csv")
    rows = by_name(NAMES[1], "inputs")
    assert all(row.pop("item_zh") and row.pop("block_zh") for row in rows)  # our own words
    compare(rows, source, "labour_pattern")


def test_evidence_is_what_the_inputs_cite(shared: Path) -> None:
    ledger = records(shared / "data/micro_drama/ledger.csv")
    cited = {key for row in by_name(NAMES[1], "inputs") for key in str(row["evidence"]).split()}
    assert not cited & TARGET_ROWS
    rows = [
        {RENAMED.get(name, name): text for name, text in row.items()}
        for row in ledger
        if row["id"] in cited
    ]
    assert len(rows) == len(cited)
    compare(by_name(NAMES[1], "evidence"), rows)


def compare(stored: list[dict[str, Value]], source: list[Row], category: str = "") -> None:
    assert [list(row) for row in stored] == [list(row) for row in source]
    for row, text in zip(stored, source, strict=True):
        for name, value in row.items():
            assert same(value, text[name]), (text["id"], name)
            numeric = name in FIGURES and text[name] != "" and text["id"] != category
            assert isinstance(value, float) == numeric, (text["id"], name)


def test_purchases_equal_their_source(shared: Path) -> None:
    code = sequence(shared)
    english = {row["code"]: row["name_en"] for row in sector_rows()}
    source = records(shared / "data/micro_drama/purchases_map.csv")
    for row, text in zip(by_name(NAMES[1], "purchases"), source, strict=True):
        assert row["id"] == text["id"]
        assert row["sector"] == code[text["seq_code"]]
        assert row["name_en"] == english[row["sector"]]
        assert isinstance(row["share"], float)
        assert same(row["share"], text["share"])
        assert row["note"] == text["note"]


def test_published_figures_are_those_of_the_ledger(shared: Path) -> None:
    ledger = {row["id"]: row for row in records(shared / "data/micro_drama/ledger.csv")}
    for row in by_name(NAMES[1], "published"):
        cited = [ledger[key] for key in str(row["evidence"]).split()]
        first = cited[0]
        for name in ("source_title", "publisher", "source_date"):
            assert row[name] == first[name]
        assert row["address"] == first["url"]
        assert first["quote_or_note"] in str(row["note"])
        if row["id"] not in {"kuaishou_2021", "douyin_2020", "hub_output_share"}:
            triples = [[text[name] for name in FIGURES] for text in cited]
            assert any(
                all(same(row[name], text) for name, text in zip(FIGURES, triple, strict=True))
                for triple in triples
            ), row["id"]


def test_computed_comparisons_agree_with_the_rounded_ones_of_the_ledger(shared: Path) -> None:
    ledger = {row["id"]: row for row in records(shared / "data/micro_drama/ledger.csv")}
    rows = {row["id"]: row for row in by_name(NAMES[1], "published")}
    assert f"per direct {rows['kuaishou_2021']['central']:.2f}" in ledger["G021"]["quote_or_note"]
    assert f"per direct {rows['douyin_2020']['central']:.2f}" in ledger["G024"]["quote_or_note"]
    low, high = (rows["hub_output_share"][end] for end in ("low", "high"))
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert f"{100 * low:.0f}-{100 * high:.0f}% of output" in ledger["D005"]["quote_or_note"]


def test_rebuilding_gives_the_workbooks_as_they_are(shared: Path, tmp_path: Path) -> None:
    """Compared part by part: the compressed bytes depend on the compression library."""
    rebuild(shared, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)
    for name in NAMES:
        old, new = parts(TABLES / name), parts(tmp_path / name)
        assert list(old) == list(new), name
        assert [part for part in old if old[part] != new[part]] == [], f"{name} was edited by hand"


def test_building_twice_gives_the_same_bytes(shared: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        rebuild(shared, tmp_path / folder)
    for name in NAMES:
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two, name


def test_build_says_that_the_shared_folder_is_missing(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    command = [sys.executable, str(TABLES / "build.py"), "--to", str(tmp_path)]
    environment = {**os.environ, "IOMODEL_SHARED": str(tmp_path / "nowhere")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "IOMODEL_SHARED" in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_table_of_2018_is_its_source(shared: Path) -> None:
    source = {
        row["Code"]: row for row in records(shared / "data/china/nbs_io_2018_153_competitive.csv")
    }
    numbers = {code: number for number, code in sequence(shared).items()}
    head, *rows = cells(NAMES[2], "flows")
    columns = [str(code) for code in head[4:]]
    assert len(rows[3:]) == 153 + len(PRIMARY)
    for row in rows[3:]:
        texts = source[numbers.get(str(row[0]), str(row[0]))]
        if row[0] in numbers:
            assert row[1] == texts["DescriptionInChinese"]
        for column, value in zip(columns, row[4:], strict=True):
            text = texts[numbers.get(column, column)]
            assert value == "" if text == "" else same(value, text), (row[0], column)


def test_growth_since_2018_is_that_of_value_added(shared: Path) -> None:
    path = shared / "data/china/nbs_value_added_by_section_2016_2025_100m_yuan.csv"
    added = {row["year"]: row for row in records(path)}

    def since_2018(section: str) -> float:
        old, new = ({k: float(v or 0) for k, v in added[year].items()} for year in ("2018", "2025"))
        if section in "LMNOPQRS":
            rest, less = "Other(I,L,M..S)", "I_info"
            return (new[rest] - new[less]) / (old[rest] - old[less])
        name = {"B": "Industry(B+C+D)", "C": "Industry(B+C+D)", "D": "Industry(B+C+D)"}
        column = name.get(section, "I_info" if section == "I" else section)
        return new[column] / old[column]

    sections = {row["code"]: str(row["section"]) for row in by_name(NAMES[2], "sectors")}
    base = by_name(NAMES[0], "employment", 6)
    for row, other in zip(by_name(NAMES[2], "employment", 6), base, strict=True):
        growth = since_2018(sections[row["code"]])
        assert row["nominal_growth"] == pytest.approx(growth, abs=5e-7), row["code"]
        assert [row[name] for name in PATTERNS] == [other[name] for name in PATTERNS]


def test_flows_balance() -> None:
    codes = sectors()
    for code in codes:
        output = flow(code, "GO")
        uses = sum(flow(code, other) for other in (*codes, *FINAL)) - flow(code, "IM")
        costs = sum(flow(other, code) for other in (*codes, *PRIMARY))
        assert uses == pytest.approx(output, rel=1e-9), f"row {code}"
        assert costs == pytest.approx(output, rel=1e-9), f"column {code}"


def test_flows_hold_the_layout_and_no_subtotals() -> None:
    rows = cells(NAMES[0], "flows")
    codes, roles = rows[0][4:], rows[3][4:]
    assert len(sectors()) == 153
    assert [row[0] for row in rows[:4]] == rows[0][:4] == ["code", "name_zh", "name_en", "role"]
    assert codes == [*sectors(), *FINAL, "IM", "GO"]
    assert roles == ["sector"] * 153 + ROLES
    assert [row[0] for row in rows[4:]] == [*sectors(), *PRIMARY]
    assert not SUBTOTALS & {*map(str, codes), *(str(row[0]) for row in rows)}
    assert all(value == "" for row in rows[-4:] for value in row[4 + 153 :])
    assert all(isinstance(code, str) for code in codes)


def test_the_published_answer_is_in_the_sheet_published_alone() -> None:
    for sheet in ("about", "inputs", "purchases", "evidence"):
        for row in cells(NAMES[1], sheet):
            assert not any("1.95" in str(value) for value in row), (sheet, row)
            assert row[0] not in TARGET_ROWS
    kinds: dict[str, list[str]] = {}
    for line in by_name(NAMES[1], "published"):
        kinds.setdefault(str(line["kind"]), []).append(str(line["id"]))
    assert kinds == PUBLISHED


def test_text_that_looks_like_a_formula_stays_text() -> None:
    for name in NAMES:
        for part, data in parts(TABLES / name).items():
            assert b"<f>" not in data, f"{name}: formula in {part}"
    found = [str(row["note"])[0] for row in by_name(NAMES[1], "evidence") if row["note"]]
    assert "+" in found
