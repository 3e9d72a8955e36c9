"""A blank study filled in with the column of an industry that its base table has."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl

import iomodel as iom

ITEMS = ("goods", "energy", "premises", "travel", "digital", "services")
HOUSEHOLD_INCOME = 156_241.0  # GBP million: docs/replications/scotland.md
FIRST = 2


def blank(folder: Path, table: iom.IOTable) -> Path:
    return iom.template(folder / "blank.xlsx", base=table)


def filled(path: Path, table: iom.IOTable, code: str, **changes: Any) -> Path:
    """Fill in a blank study; purchases fall on six items in the order of the table."""
    at, flows = table.labels.codes.index(code), table.flows
    size = float(flows.output[at])
    bought = np.flatnonzero(flows.intermediate[:, at])
    parts = dict(zip((f"p_{item}" for item in ITEMS), np.array_split(bought, 6), strict=True))
    column = flows.intermediate[:, at]
    figures = {
        "sales": size,
        "direct_jobs": float(table.satellite("employment").values[0, at]),
        "pay": paid(table, "compensation", at) / size,
        "imports_bought": paid(table, "imports", at) / size,
        "respent": household_spending(table) / HOUSEHOLD_INCOME,
        **{item: float(column[rows].sum()) / size for item, rows in parts.items()},
        **changes,
    }
    book = openpyxl.load_workbook(path)
    texts = {"id": "again", "title": "An industry once more"}
    for row in book["about"].iter_rows(min_row=FIRST):
        row[1].value = texts.get(row[0].value, row[1].value)
    book["sectors"]["C2"] = table.labels.named()[at]
    for row in book["inputs"].iter_rows(min_row=FIRST):
        if row[0].value:
            row[5].value = figures[row[0].value]
    lines = [(item, k, rows) for item, rows in parts.items() for k in rows]
    for place, (item, k, rows) in enumerate(lines, start=FIRST):
        share = float(column[k] / column[rows].sum())
        for letter, value in (("A", item), ("B", table.labels.codes[k]), ("D", share)):
            book["purchases"][f"{letter}{place}"] = value
    book.save(path)
    return path


def paid(table: iom.IOTable, role: str, at: int) -> float:
    rows = table.primary_labels.in_group(role)
    return float(table.flows.primary_inputs[rows, at].sum())


def household_spending(table: iom.IOTable) -> float:
    """What households spend on domestic and imported products, taxes on products included."""
    at, flows = table.final_labels.in_group("household"), table.flows
    return float(flows.final_demand[:, at].sum() + flows.final_primary[:, at].sum())


def changed(path: Path, cells: Mapping[str, Any]) -> Path:
    """Change cells, addressed as ``inputs!F3``."""
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        sheet, _, address = place.partition("!")
        book[sheet][address] = value
    book.save(path)
    return path
