"""Rebuild the two embedded workbooks from the shared data folder.

    python tables/build.py [--shared ../shared] [--to tables]

Writes ``china_2020.xlsx`` (the base table) and ``micro_drama_2025.xlsx`` (the study). Every figure
is read from there, and our own texts from ``texts.toml``. Two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import sys
import tomllib
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook

Row = Mapping[str, str]
Cell = str | int | float | None
Cells = list[Cell]
Rows = Sequence[Sequence[Cell]]

HERE = Path(__file__).resolve().parent
TEXTS: dict[str, Any] = tomllib.loads((HERE / "texts.toml").read_text(encoding="utf-8"))
FINAL: dict[str, str] = TEXTS["flows"]["final"]
PRIMARY: dict[str, str] = TEXTS["flows"]["primary"]
SOURCES: dict[str, str] = TEXTS["employment"]["source"]
STAMP = datetime.fromisoformat(TEXTS["study"]["prepared"])
FLOW, PERSONS, RATIO, GENERAL = "#,##0", "#,##0.0000", "0.000000", "General"
BOLD, HEAD = Font("Calibri", 11, bold=True), PatternFill("solid", fgColor="DDE5EE")
CENTRAL = PatternFill("solid", fgColor="FFF6D5")
WRAP, TOP = Alignment(vertical="top", wrap_text=True), Alignment(vertical="top")
TARGET, TARGET_ROWS = "1.95", {"A001", "A002", "A003", "A004", "A014"}
SPELLING = ("Eentertainment", "Entertainment")
FINAL_42, FIGURES = ("TC", "FU201", "FU202", "EX", "GO"), ("low", "central", "high")
CODE = "nbs2020_code"
RENAMED = {"url": "address", "quote_or_note": "note", CODE: "code"}


def records(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file by column name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def figure(text: str) -> Cell:
    """A number where the text is one, the text itself otherwise, None where it is empty."""
    try:
        return None if text == "" else int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    except ValueError:
        return text


def number(row: Row, name: str = "central") -> float:
    """A figure of the ledger that must be there."""
    return float(row[name])


def require(condition: bool, message: str) -> None:
    """Stop the build with a message unless the sources agree."""
    if not condition:
        raise ValueError(message)


def put(sheet: Any, row: int, column: int, value: Cell, form: str = GENERAL) -> None:
    """Write one cell: text as text even if it looks like a formula, numbers to the last bit."""
    if value is None:
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value, cell.data_type, cell.number_format, cell.alignment = value, "s", "@", WRAP
        cell.quotePrefix = value[:1] in tuple("=+-@")
        return
    cell.value = repr(value).removesuffix(".0")  # the shortest digits that give the same number
    form = FLOW if form == GENERAL and abs(value) >= 10_000 else form
    cell.data_type, cell.number_format, cell.alignment = "n", form, TOP


def head(sheet: Any, row: int, names: Sequence[Cell], column: int = 1) -> None:
    """Write a header row, bold on grey."""
    for at, name in enumerate(names, column):
        put(sheet, row, at, name)
        cell = sheet.cell(row, at)
        cell.font, cell.fill = BOLD, HEAD


def lay_out(sheet: Any) -> None:
    """Set frozen panes and column widths; the last width holds for the rest of the sheet."""
    sheet.freeze_panes, *sizes = TEXTS["layout"][sheet.title]
    for at in range(1, sheet.max_column + 1):
        size = sizes[min(at, len(sizes)) - 1]
        sheet.column_dimensions[get_column_letter(at)].width = size
    for line in sheet.iter_rows(min_row=2):
        texts = [
            (len(c.value), sizes[min(c.column, len(sizes)) - 1]) for c in line if c.data_type == "s"
        ]
        lines = max((1 + int(1.1 * length / size) for length, size in texts), default=1)
        sheet.row_dimensions[line[0].row].height = 15 * lines


def add_sheet(book: Workbook, name: str, rows: Rows, form: str = GENERAL) -> Any:
    """Add a sheet with a header row and rows."""
    sheet = book.create_sheet(name)
    head(sheet, 1, rows[0])
    for at, row in enumerate(rows[1:], 2):
        for column, value in enumerate(row, 1):
            put(sheet, at, column, value, form)
    lay_out(sheet)
    return sheet


def new_book(facts: Mapping[str, Cell]) -> Workbook:
    """A workbook with its sheet `about`."""
    book = Workbook()
    book.remove(book.active)
    sheet = add_sheet(book, "about", [("key", "value"), *facts.items()])
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 1).font = BOLD
        sheet.cell(row, 2).alignment = Alignment(vertical="top", horizontal="left", wrap_text=True)
    return book


def canonical(name: str, data: bytes) -> bytes:
    """One form of each XML part: the same from any writing library, at any time."""
    text = data.decode("utf-8")
    if name.startswith("docProps/"):
        text = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{STAMP.isoformat()}Z", text)
        text = re.sub(r"(<Application>)[^<]*", r"\g<1>Microsoft Excel", text)
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return (declaration + ET.canonicalize(xml_data=text)).encode()


def save(book: Workbook, path: Path) -> None:
    """Write a workbook whole or not at all, with fixed times and order of its parts."""
    book.properties.creator, book.properties.created = "iomodel", STAMP
    raw, buffer = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            info = zipfile.ZipInfo(name)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = 0o644 << 16
            new.writestr(info, canonical(name, old.read(name)), compresslevel=9)
    part = path.with_name(path.name + ".part")
    part.write_bytes(buffer.getvalue())
    part.replace(path)


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
    return rows


def china_about(china: Path) -> dict[str, Cell]:
    """Keys and values of the base table's sheet `about`."""
    years = records(china / "nbs_employment_three_sectors_2016_2025_10k_persons.csv")
    last = max(years, key=lambda row: row["year"])
    words = {key: f"{int(last[key]) / 100:.2f}" for key in ("primary", "secondary", "tertiary")}
    facts: dict[str, Cell] = dict(TEXTS["china"])
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


def add_employment(book: Workbook, sectors: Sequence[Row], year: int) -> None:
    """Add the sheet `employment`: three patterns, and growth of the section's value added."""
    *patterns, growth = SOURCES
    top: list[Cells] = [
        ["code", "name_en", "name_zh", *patterns, growth],
        ["unit", None, None, *["10,000 persons"] * len(patterns), "ratio"],
        ["year", None, None, *[year] * len(patterns), f"{TEXTS['china']['year']}-{year}"],
        ["source", None, None, *SOURCES.values()],
    ]
    body: list[Cells] = []
    for row in sectors:
        persons = (figure(row[f"{pattern}_10k_persons"]) for pattern in patterns)
        names = (row["nbs2020_code"], row["name_en"], row["name_zh"])
        body.append([*names, *persons, figure(row["nominal_growth_2020_2025"])])
    sheet = add_sheet(book, "employment", top + body, PERSONS)
    for line in sheet.iter_rows(min_row=5, min_col=7, max_col=7):
        line[0].number_format = RATIO
    for line in sheet.iter_rows(min_row=2, max_row=4):
        for cell in line:
            cell.fill, cell.number_format = HEAD, GENERAL


def add_imports(book: Workbook, china: Path, sectors: Sequence[Row]) -> None:
    """Add the sheet `imports_42`: domestic and import rows, and the concordance beside them."""
    origins = {"Domestic": "domestic", "Imports": "import"}
    source = records(china / "nbs_io_2020_42_noncompetitive.csv")
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
    """Make the base table; return its sectors too."""
    china = shared / "data" / "china"
    table = read_nbs(china / "nbs_2020_io_153_original_layout.xlsx")
    sectors = read_sectors(china, table)
    names_en: dict[str, str] = dict(TEXTS["flows"]["name_en"])
    names_en |= {row["nbs2020_code"]: row["name_en"] for row in sectors}
    for row in records(china / "nbs_io_2020_153_competitive.csv"):
        if row["Code"] in PRIMARY:
            names_en[row["Code"]] = row["Description"]
    book = new_book(china_about(china))
    add_sheet(book, "sectors", sheet_rows(sectors, (CODE, "name_en", "name_zh", "section")))
    add_flows(book, table, names_en)
    add_employment(book, sectors, int(TEXTS["study"]["year"]))
    add_imports(book, china, sectors)
    return book, sectors


def sheet_rows(rows: Sequence[Row], names: Sequence[str] = ()) -> list[Cells]:
    """Header and cells of a CSV: low, central, high as numbers, empty as empty, else text."""
    cells: list[Cells] = [[RENAMED.get(name, name) for name in names or rows[0]]]
    for row in rows:
        texts = {name: row.get(name) or None for name in names or row}
        cells.append([figure(text or "") if n in FIGURES else text for n, text in texts.items()])
    return cells


def purchase_rows(rows: Sequence[Row], sectors: Sequence[Row], ids: set[str]) -> Iterator[Cells]:
    """Rows of the sheet `purchases`, with sectors of the base table."""
    by_number = {row["seq_code"]: row for row in sectors}
    yield ["id", "sector", "name_en", "share", "note"]
    for row in rows:
        require(row["id"] in ids, f"purchases: {row['id']} is not an input")
        sector = by_number[row["seq_code"]]
        named = (row["id"], sector["nbs2020_code"], sector["name_en"])
        yield [*named, figure(row["share"]), row["note"] or None]


def published_figures(quote: Row, ledger: Mapping[str, Row]) -> Cells:
    """Low, central, high and unit of a row of `published`, lifted or computed from the ledger."""
    if "figures" in quote:
        row = ledger[quote["figures"]]
        return [*(figure(row[name]) for name in FIGURES), row["unit"]]
    if quote["id"] == "kuaishou_2021":
        return [None, number(ledger["G022"]) / number(ledger["G021"]), None, "ratio"]
    if quote["id"] == "douyin_2020":
        total, direct = number(ledger["G025"]), number(ledger["G024"])
        return [None, (total - direct) / direct, None, "ratio"]
    low, high = (
        (number(ledger["C037"], end) + number(ledger["C040"], end)) / number(ledger["A015"])
        for end in ("low", "high")
    )
    return [low, None, high, "share of titles"]


def published_rows(ledger: Mapping[str, Row]) -> Iterator[Cells]:
    """Rows of the sheet `published`; the source is that of the first row of the evidence."""
    source = ("source_title", "publisher", "source_date", "address", "note")
    yield ["id", "kind", "item", *FIGURES, "unit", "evidence", *source]
    for quote in TEXTS["published"]:
        first, *_ = (ledger[key] for key in quote["evidence"].split())
        named = [first[name] for name in ("source_title", "publisher", "source_date", "url")]
        note = "; ".join(text for text in (quote.get("says"), first["quote_or_note"]) if text)
        labels = (quote["id"], quote["kind"], quote["item"], *published_figures(quote, ledger))
        yield [*labels, quote["evidence"], *named, note]


def study_book(shared: Path, sectors: Sequence[Row]) -> Workbook:
    """Make the study: inputs, purchases, evidence, and figures published by others."""
    folder = shared / "data" / "micro_drama"
    inputs = records(folder / "satellite_2025.csv")
    ledger = {row["id"]: row for row in records(folder / "ledger.csv")}
    cited = {key for row in inputs for key in row["evidence"].split()}
    require(cited <= ledger.keys(), f"not in the ledger: {cited - ledger.keys()}")
    require(not cited & TARGET_ROWS, f"inputs cite the target: {sorted(cited & TARGET_ROWS)}")
    book = new_book(TEXTS["study"])
    sheet = add_sheet(book, "inputs", sheet_rows(inputs))
    for line in sheet.iter_rows(min_row=2, min_col=6, max_col=6):
        line[0].fill = CENTRAL
    sheet.auto_filter.ref = sheet.dimensions
    for name, heads in TEXTS["declared"].items():
        add_sheet(book, name, sheet_rows(TEXTS[name], heads))
    purchases = records(folder / "purchases_map.csv")
    rows = list(purchase_rows(purchases, sectors, {row["id"] for row in inputs}))
    add_sheet(book, "purchases", rows, "0.00")
    sheet = add_sheet(book, "evidence", sheet_rows([ledger[key] for key in ledger if key in cited]))
    sheet.auto_filter.ref = sheet.dimensions
    add_sheet(book, "screens", sheet_rows(TEXTS["screens"]))
    for page in book.worksheets:
        clean = not any(TARGET in str(cell) for line in page.values for cell in line)
        require(clean, f"the published ratio is in the sheet {page.title}")
    add_sheet(book, "published", list(published_rows(ledger)))
    return book


def main(argv: Sequence[str] | None = None) -> int:
    """Build both workbooks; return 2 if the shared folder is missing or does not fit."""
    parser = argparse.ArgumentParser(description="Rebuild the embedded workbooks.")
    default = os.environ.get("IOMODEL_SHARED") or HERE.parent.parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(default), help="shared data folder")
    parser.add_argument("--to", type=Path, default=HERE, help="folder of the workbooks")
    options = parser.parse_args(argv)
    if not (options.shared / "data" / "china").is_dir():
        hint = "give --shared or set IOMODEL_SHARED"
        print(f"build: no data/china in {options.shared}: {hint}", file=sys.stderr)
        return 2
    try:
        base, sectors = china_book(options.shared)
        study = study_book(options.shared, sectors)
    except (OSError, KeyError, ValueError) as error:
        print(f"build: the shared data do not fit: {error!r}", file=sys.stderr)
        return 2
    options.to.mkdir(parents=True, exist_ok=True)
    save(base, options.to / "china_2020.xlsx")
    save(study, options.to / "micro_drama_2025.xlsx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
