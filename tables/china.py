"""Input-output tables of China as embedded workbooks, from the shared data folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from workbooks import (
    BOLD,
    CODE,
    FLOW,
    GENERAL,
    HEAD,
    PERSONS,
    RATIO,
    TEXTS,
    Cell,
    Cells,
    Row,
    add_sheet,
    figure,
    head,
    lay_out,
    new_book,
    put,
    records,
    require,
    sheet_rows,
)

FINAL: dict[str, str] = TEXTS["flows"]["final"]
PRIMARY: dict[str, str] = TEXTS["flows"]["primary"]
SOURCES: dict[str, str] = TEXTS["employment"]["source"]
SPELLING = ("Eentertainment", "Entertainment")
FINAL_42 = ("TC", "FU201", "FU202", "EX", "GO")
# Column of value added by section: one letter each, except industry, information and the rest.
VALUE_ADDED = {
    **dict.fromkeys("BCD", "Industry(B+C+D)"),
    **{letter: letter for letter in "AEFGHJK"},
    "I": "I_info",
}
REST = "Other(I,L,M..S)"


class Nbs(NamedTuple):
    """The table of the National Bureau of Statistics: cells by row code and column code."""

    sectors: list[str]
    names: dict[str, str]
    cells: dict[tuple[str, str], float]


def read_nbs(path: Path) -> Nbs:
    """Read the original workbook: codes in row 6 and column C, data from row 7."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    columns = [str(code) for code in rows[5][3:]]
    names = {code: str(rows[4][at] or rows[3][at]).strip() for at, code in enumerate(columns, 3)}
    sectors = columns[: columns.index("TIU")]
    codes = [str(row[2]) for row in rows[6:]]
    require(codes[: len(sectors)] == sectors, "NBS table: codes of rows and columns differ")
    cells: dict[tuple[str, str], float] = {}
    for code, row in zip(codes, rows[6:], strict=True):
        names.setdefault(code, str(row[1]).strip())
        for column, value in zip(columns, row[3:], strict=True):
            if isinstance(value, int | float):
                cells[code, column] = float(value)
    return Nbs(sectors, names, cells)


def read_sectors(china: Path, table: Nbs) -> list[dict[str, str]]:
    """Names, sections, employment and growth by sector, checked against the table."""
    rows = records(china / "employment_153_2025.csv")
    require([row["nbs2020_code"] for row in rows] == table.sectors, "employment: other sectors")
    for row in rows:
        code = row["nbs2020_code"]
        require(row["name_zh"] == table.names[code], f"employment: other name of {code}")
        same = row["output_2020_10k_yuan"] == f"{table.cells[code, 'GO']:.6f}"
        require(same, f"employment: other output of {code}")
        row["name_en"] = row["name_en"].replace(*SPELLING)
        row["nominal_growth"] = row["nominal_growth_2020_2025"]
    return rows


def read_circulated(path: Path, sectors: Sequence[Row]) -> Nbs:
    """Read a table as it circulates, its sectors numbered, in the codes of the table of 2020."""
    rows = records(path)
    codes = {row["seq_code"]: row[CODE] for row in sectors}
    cells: dict[tuple[str, str], float] = {}
    for row, sector in zip(rows, sectors, strict=False):
        same = (row["Code"], row["DescriptionInChinese"]) == (sector["seq_code"], sector["name_zh"])
        require(same, f"{path.name}: other sector {row['Code']}")
    for row in rows:
        for column in row.keys() - {"Code", "Description", "DescriptionInChinese"}:
            if row[column]:
                place = codes.get(row["Code"], row["Code"]), codes.get(column, column)
                cells[place] = float(row[column])
    return Nbs(list(codes.values()), {}, cells)


def growth(china: Path, first: str, last: str) -> dict[str, float]:
    """Growth of value added at current prices by section; the rest of services together."""
    by_year = {
        row["year"]: row
        for row in records(china / "nbs_value_added_by_section_2016_2025_100m_yuan.csv")
    }

    def since(*columns: str) -> float:
        new, old = ([float(by_year[year][name]) for name in columns] for year in (last, first))
        return (new[0] - sum(new[1:])) / (old[0] - sum(old[1:]))

    found = {section: since(column) for section, column in VALUE_ADDED.items()}
    return found | dict.fromkeys("LMNOPQRS", since(REST, "I_info"))


def china_about(china: Path, own: str) -> dict[str, Cell]:
    """Keys and values of the base table's sheet `about`."""
    years = records(china / "nbs_employment_three_sectors_2016_2025_10k_persons.csv")
    last = max(years, key=lambda row: row["year"])
    words = {key: f"{int(last[key]) / 100:.2f}" for key in ("primary", "secondary", "tertiary")}
    facts: dict[str, Cell] = {**TEXTS["china"], **TEXTS.get(own, {})}
    for key, value in facts.items():
        facts[key] = value.format(year=last["year"], **words) if isinstance(value, str) else value
    return facts


def add_flows(book: Workbook, table: Nbs, names_en: Mapping[str, str]) -> None:
    """Add the sheet `flows`: labels in four rows and four columns, then the figures."""

    def labels(code: str) -> tuple[str, ...]:
        role = (FINAL | PRIMARY).get(code, "sector")
        return code, table.names[code], names_en[code], role

    sheet = book.create_sheet("flows")
    columns, rows = [*table.sectors, *FINAL], [*table.sectors, *PRIMARY]
    corner = ("code", "name_zh", "name_en", "role")
    for at, label in enumerate(corner, 1):
        head(sheet, at, corner if at == 1 else [label])
    for at, code in enumerate(columns, 5):
        for row, label in enumerate(labels(code), 1):
            head(sheet, row, [label], at)
    for at, code in enumerate(rows, 5):
        for column, label in enumerate(labels(code), 1):
            put(sheet, at, column, label)
        sheet.cell(at, 1).font = BOLD
        for column, other in enumerate(columns, 5):
            put(sheet, at, column, table.cells.get((code, other)), FLOW)
    lay_out(sheet)
    for row, height in ((2, 48), (3, 80), (4, 32)):
        sheet.row_dimensions[row].height = height


def add_employment(book: Workbook, sectors: Sequence[Row], base: int, year: int) -> None:
    """Add the sheet `employment`: three patterns, and growth of the section's value added."""
    *patterns, growth = SOURCES
    top: list[Cells] = [
        ["code", "name_en", "name_zh", *patterns, growth],
        ["unit", None, None, *["10,000 persons"] * len(patterns), "ratio"],
        ["year", None, None, *[year] * len(patterns), f"{base}-{year}"],
        ["source", None, None, *SOURCES.values()],
        *(
            [f"name_{lang}", None, None, *map(TEXTS["employment"][f"name_{lang}"].get, patterns)]
            for lang in ("en", "zh")
        ),
    ]
    body: list[Cells] = []
    for row in sectors:
        persons = (figure(row[f"{pattern}_10k_persons"]) for pattern in patterns)
        names = (row["nbs2020_code"], row["name_en"], row["name_zh"])
        body.append([*names, *persons, figure(row["nominal_growth"])])
    sheet = add_sheet(book, "employment", top + body, PERSONS)
    for line in sheet.iter_rows(min_row=1 + len(top), min_col=7, max_col=7):
        line[0].number_format = RATIO
    for line in sheet.iter_rows(min_row=2, max_row=len(top)):
        for cell in line:
            cell.fill, cell.number_format = HEAD, GENERAL


def add_imports(book: Workbook, china: Path, sectors: Sequence[Row], base: int) -> None:
    """Add the sheet `imports_42`: domestic and import rows, and the concordance beside them."""
    origins = {"Domestic": "domestic", "Imports": "import"}
    source = records(china / f"nbs_io_{base}_42_noncompetitive.csv")
    source = [row for row in source if row["Origin"] in origins]
    codes = [row["Code"] for row in source if row["Origin"] == "Domestic"]
    require([row["Code"] for row in source] == codes * 2, "42 products: rows do not pair up")
    rows: list[Cells] = [["origin", "code", "name_en", "name_zh", *codes, *FINAL_42]]
    for row in source:
        labels = [row[name] for name in ("Code", "Description", "DescriptionInChinese")]
        flows = (figure(row[code]) for code in (*codes, *FINAL_42))
        rows.append([origins[row["Origin"]], *labels, *flows])
    sheet = add_sheet(book, "imports_42", rows, FLOW)
    links = records(china / "concordance_153_42.csv")
    same = [row["nbs2020_code"] for row in links] == [row["nbs2020_code"] for row in sectors]
    require(same and {row["code_42"] for row in links} == set(codes), "concordance does not fit")
    first = len(rows[0]) + 2
    head(sheet, 1, ("sector", "sector_42"), first)
    for at, link in enumerate(links, 2):
        put(sheet, at, first, link["nbs2020_code"])
        put(sheet, at, first + 1, link["code_42"])


def china_book(shared: Path) -> tuple[Workbook, list[dict[str, str]]]:
    """Make the base table of 2020; return its sectors too."""
    china = shared / "data" / "china"
    table = read_nbs(china / "nbs_2020_io_153_original_layout.xlsx")
    sectors = read_sectors(china, table)
    return table_book(china, table, sectors, "china"), sectors


def placebo_book(shared: Path, sectors: Sequence[Row]) -> Workbook:
    """Make the table of 2018, with employment as in that of 2020 and growth since 2018."""
    china, facts = shared / "data" / "china", TEXTS["china_2018"]
    table = read_circulated(china / "nbs_io_2018_153_competitive.csv", sectors)
    named = read_nbs(china / "nbs_2020_io_153_original_layout.xlsx")
    grown = growth(china, str(facts["year"]), str(TEXTS["study"]["year"]))
    check = growth(china, str(TEXTS["china"]["year"]), str(TEXTS["study"]["year"]))
    rows = []
    for row in sectors:
        known = f"{check[row['section']]:.6f}"
        require(known == row["nominal_growth"], f"growth of section {row['section']} differs")
        rows.append({**row, "nominal_growth": f"{grown[row['section']]:.6f}"})
    return table_book(china, table._replace(names=named.names), rows, "china_2018")


def table_book(china: Path, table: Nbs, sectors: Sequence[Row], key: str) -> Workbook:
    """Make the workbook of a table; `key` names its texts."""
    names_en: dict[str, str] = dict(TEXTS["flows"]["name_en"])
    names_en |= {row[CODE]: row["name_en"] for row in sectors}
    for row in records(china / "nbs_io_2020_153_competitive.csv"):
        if row["Code"] in PRIMARY:
            names_en[row["Code"]] = row["Description"]
    base = int(TEXTS[key]["year"])
    book = new_book(china_about(china, key))
    add_sheet(book, "sectors", sheet_rows(sectors, (CODE, "name_en", "name_zh", "section")))
    add_flows(book, table, names_en)
    add_employment(book, sectors, base, int(TEXTS["study"]["year"]))
    add_imports(book, china, sectors, base)
    return book
