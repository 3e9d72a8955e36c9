"""Rebuild the study of film, video, TV and broadcasting in Scotland.

    python tables/build_scotland_screen.py [--shared ../shared] [--to tables]

Writes ``scotland_screen_2019.xlsx``. Figures are read from the workbook of the Scottish table in
``replications/`` (with its sheet of published multipliers) and, for ranges, from the sheet PxP of
the original; texts from ``scotland_screen.toml``. Two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tomllib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from build import CENTRAL, FIGURES, Cells, add_sheet, new_book, require, save
from openpyxl import Workbook, load_workbook

import iomodel as iom

HERE = Path(__file__).resolve().parent
TEXTS: dict[str, Any] = tomllib.loads((HERE / "scotland_screen.toml").read_text(encoding="utf-8"))
TABLE = HERE / "replications" / "scotland_2019.xlsx"
ORIGINAL = Path("data", "corpus", "scotland-sg-2019", "Scotland_IO_2019.xlsx")
INCOME = 156_241.0  # recovered from the published inverse: see the evidence
INPUTS = (
    "id", "block", "item", "unit", *FIGURES, "distribution", "grade", "evidence", "note",
)  # fmt: skip


def divisions(code: str) -> set[int]:
    """Divisions of an industry: {59, 60} for ``59, 60``, {68} for ``68.2IMP``."""
    return {int(text) for text in re.findall(r"(?:^| )(\d{2})", code)}


class Column:
    """What an industry of a table buys and pays, as shares of its output."""

    def __init__(self, table: iom.IOTable, code: str) -> None:
        self.table = table
        self.at = self.table.labels.codes.index(code)
        self.output = float(self.table.flows.output[self.at])
        self.bought = self.table.flows.intermediate[:, self.at]

    def paid(self, role: str) -> float:
        """Primary inputs of a role, in the unit of the table."""
        rows = self.table.primary_labels.in_group(role)
        return float(self.table.flows.primary_inputs[rows, self.at].sum())

    def suppliers(self, item: Mapping[str, Any]) -> list[int]:
        """Positions of the industries that an item is bought from."""
        wanted = set(item["divisions"])
        found = [k for k, c in enumerate(self.table.labels.codes) if divisions(c) & wanted]
        split = [self.table.labels.codes[k] for k in found
                 if not divisions(self.table.labels.codes[k]) <= wanted]  # fmt: skip
        require(not split, f"{item['id']}: only a part of {split}")
        return found


def central(own: Column) -> dict[str, float]:
    """Figures of the inputs that are no purchases."""
    table = own.table
    house = table.final_labels.in_group("household")
    spent = table.flows.final_demand[:, house].sum() + table.flows.final_primary[:, house].sum()
    jobs = table.satellite("employment")
    require(jobs.basis == "fte", f"jobs are {jobs.basis}, not full-time equivalents")
    return {
        "industry_output": own.output,
        "industry_jobs": float(jobs.values[0, own.at]),
        "compensation": own.paid("compensation"),
        "imports_bought": own.paid("imports"),
        "household_spending": float(spent),
        "household_income": INCOME,
    }


def inputs(own: Column, product: Column) -> Iterator[Cells]:
    """Rows of the sheet `inputs`: the figure, and as range what the product table makes of it."""
    yield list(INPUTS)
    figures, facts = central(own), {"compensation": "compensation", "imports_bought": "imports"}
    for row in TEXTS["inputs"]:
        share = product.paid(facts[row["id"]]) / product.output if row["id"] in facts else None
        yield _input(row, figures[row["id"]], None if share is None else share * own.output)
    for item in TEXTS["items"]:
        here, there = (float(c.bought[c.suppliers(item)].sum()) for c in (own, product))
        text = {
            "id": item["id"],
            "block": "purchases",
            "item": f"purchases in Scotland: {item['name_en']}",
            "unit": "million GBP",
            "grade": "A",
            "evidence": "S1 S4",
        }
        yield _input(text, here, there / product.output * own.output)


def _input(text: Mapping[str, str], value: float, other: float | None) -> Cells:
    kind = "fixed" if other is None else "triangular"
    note, figures = text.get("note"), {"central": value}
    if other is not None:
        far = abs(other - value)
        figures |= {"low": value - far, "high": value + far}
        note = f"range: the product table gives {other:,.2f}, and as far on the other side"
    own: dict[str, Any] = {**text, **figures, "distribution": kind, "note": note}
    return [own.get(name) for name in INPUTS]


def purchases(own: Column) -> Iterator[Cells]:
    """Rows of the sheet `purchases`: how each item falls on the industries of the table."""
    yield ["id", "sector", "name_en", "share", "note"]
    labels = own.table.labels
    for item in TEXTS["items"]:
        places = own.suppliers(item)
        total = own.bought[places].sum()
        for k in places:
            if own.bought[k]:
                share = float(own.bought[k] / total)
                yield [item["id"], labels.codes[k], labels.named()[k], share, "sheet IxI"]


def equations() -> Iterator[Mapping[str, str]]:
    """Rows of the sheet `equations`, one purchase per item behind the others."""
    yield from TEXTS["equations"]
    new = TEXTS["industry"]["new"]
    for item in TEXTS["items"]:
        yield {
            "quantity": "purchase",
            "sector": new,
            "item": item["id"],
            "formula": f"{item['id']} / output_{new}",
            "channel": item["channel"],
            "note": "domestic purchases in the column of industry 59, 60",
        }


def published() -> Iterator[Cells]:
    """Rows of the sheet `published`, from the sheet of that name in the workbook of the table."""
    heads = ("id", "kind", "item", *FIGURES, "unit", "evidence", "source_title", "publisher",
             "source_date", "address", "note", "scope", "tolerance")  # fmt: skip
    yield list(heads)
    sheet = load_workbook(TABLE)["published"]
    first, *rows = sheet.iter_rows(values_only=True)
    lines = {row[0]: dict(zip(first, row, strict=True)) for row in rows}
    sources = {row["id"]: row for row in TEXTS["evidence"]}
    for row in TEXTS["published"]:
        column, source = row["column"], sources[row["evidence"]]
        own = {
            **{key: source[key] for key in ("source_title", "publisher", "address")},
            **row,
            "central": lines[TEXTS["industry"]["code"]][column],
            "unit": lines["unit"][column],
            "tolerance": lines["precision"][column],
            "note": lines["source"][column],
        }
        yield [own.get(name) for name in heads]


def rows(records: Sequence[Mapping[str, Any]], heads: Sequence[str]) -> list[Cells]:
    """Header and cells of records; fields that are not given are empty."""
    return [list(heads), *([record.get(head) for head in heads] for record in records)]


def study(shared: Path) -> Workbook:
    """Make the study."""
    code = TEXTS["industry"]["code"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", iom.IOModelWarning)
        product = Column(iom.read(shared / ORIGINAL, sheet="PxP"), code)
    own = Column(iom.read(TABLE), code)
    book = new_book(TEXTS["about"])
    sheet = add_sheet(book, "inputs", list(inputs(own, product)))
    for line in sheet.iter_rows(min_row=2, min_col=6, max_col=6):
        line[0].fill = CENTRAL
    declared = ("quantity", "sector", "item", "formula", "channel", "additional", "note")
    add_sheet(book, "equations", rows(list(equations()), declared))
    add_sheet(book, "sectors", rows(TEXTS["sectors"], ("code", "name_en", "role", "people_en")))
    named = [{"code": item["channel"], "name_en": item["name_en"]} for item in TEXTS["items"]]
    add_sheet(book, "channels", rows(named, ("code", "name_en")))
    lines = list(purchases(own))
    add_sheet(book, "purchases", lines, "0.0000")
    spent = sum(float(own.bought[own.suppliers(item)].sum()) for item in TEXTS["items"])
    require(np.isclose(spent, own.bought.sum()), "items leave purchases out, or count them twice")
    heads = ("id", "item", "source_title", "publisher", "address", "note")
    add_sheet(book, "evidence", rows(TEXTS["evidence"], heads))
    add_sheet(
        book, "screens", rows(TEXTS["screens"], ("id", "item", *FIGURES[::2], "unit", "note"))
    )
    add_sheet(book, "published", list(published()))
    return book


def main(argv: Sequence[str] | None = None) -> int:
    """Build the workbook; return 2 if the tables do not fit."""
    parser = argparse.ArgumentParser(description="Rebuild the Scottish study.")
    default = os.environ.get("IOMODEL_SHARED") or HERE.parent.parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(default), help="shared data folder")
    parser.add_argument("--to", type=Path, default=HERE, help="folder of the workbook")
    options = parser.parse_args(argv)
    try:
        book = study(options.shared)
    except (OSError, LookupError, ValueError) as error:
        sys.stderr.write(f"build: the tables do not fit: {error!r}\n")
        return 2
    options.to.mkdir(parents=True, exist_ok=True)
    save(book, options.to / "scotland_screen_2019.xlsx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
