"""Rebuild the embedded workbooks from the shared data folder.

    python tables/build.py [--shared ../shared] [--to tables]

Writes ``china_2020.xlsx`` (the base table), ``china_2018.xlsx`` (that of another year, for
falsification) and ``micro_drama_2025.xlsx`` (the study). Every figure is read from there, and our
own texts from ``texts.toml``. Two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from china import china_book, placebo_book
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from workbooks import (
    FIGURES,
    HERE,
    TEXTS,
    Cells,
    Row,
    add_sheet,
    figure,
    new_book,
    records,
    require,
    save,
    sheet_rows,
)

CENTRAL = PatternFill("solid", fgColor="FFF6D5")
TARGET, TARGET_ROWS = "1.95", {"A001", "A002", "A003", "A004", "A014"}


def number(row: Row, name: str = "central") -> float:
    """A figure of the ledger that must be there."""
    return float(row[name])


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
    spoken = TEXTS["inputs_zh"]
    require(spoken.keys() == {row["id"] for row in inputs}, "inputs and their Chinese names differ")
    blocks = TEXTS["blocks_zh"]
    named = [
        {**row, "block_zh": blocks[row["block"]], "item_zh": spoken[row["id"]]} for row in inputs
    ]
    sheet = add_sheet(book, "inputs", sheet_rows(named))
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
    """Build the workbooks; return 2 if the shared folder is missing or does not fit."""
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
        other = placebo_book(options.shared, sectors)
        study = study_book(options.shared, sectors)
    except (OSError, KeyError, ValueError) as error:
        print(f"build: the shared data do not fit: {error!r}", file=sys.stderr)
        return 2
    options.to.mkdir(parents=True, exist_ok=True)
    save(base, options.to / "china_2020.xlsx")
    save(other, options.to / "china_2018.xlsx")
    save(study, options.to / "micro_drama_2025.xlsx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
