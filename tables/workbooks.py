"""Cells, sheets and files of the embedded workbooks: the same bytes whenever they are built."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

Row = Mapping[str, str]
Cell = str | int | float | None
Cells = list[Cell]
Rows = Sequence[Sequence[Cell]]

HERE = Path(__file__).resolve().parent
TEXTS: dict[str, Any] = tomllib.loads((HERE / "texts.toml").read_text(encoding="utf-8"))
STAMP = datetime.fromisoformat(TEXTS["study"]["prepared"])
FLOW, PERSONS, RATIO, GENERAL = "#,##0", "#,##0.0000", "0.000000", "General"
BOLD, HEAD = Font("Calibri", 11, bold=True), PatternFill("solid", fgColor="DDE5EE")
WRAP, TOP = Alignment(vertical="top", wrap_text=True), Alignment(vertical="top")
FIGURES = ("low", "central", "high")
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


def sheet_rows(rows: Sequence[Row], names: Sequence[str] = ()) -> list[Cells]:
    """Header and cells of a CSV: low, central, high as numbers, empty as empty, else text."""
    cells: list[Cells] = [[RENAMED.get(name, name) for name in names or rows[0]]]
    for row in rows:
        texts = {name: row.get(name) or None for name in names or row}
        cells.append([figure(text or "") if n in FIGURES else text for n, text in texts.items()])
    return cells
