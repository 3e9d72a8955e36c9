"""Read a study workbook: assumptions with ranges and sources, and the map of purchases."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from iomodel.accounts.assumptions import (
    DISTRIBUTIONS,
    PLAIN,
    SAME,
    Assumption,
    currency_of,
    is_share,
    unit_value,
)
from iomodel.accounts.declarations import Equations, Fault, faults
from iomodel.accounts.forms import STUDY_FAMILY
from iomodel.accounts.industry import IndustryAccount, MapRow, Screen
from iomodel.accounts.table import IOTable
from iomodel.errors import BadCell, UnknownLayoutError
from iomodel.readers.cells import CellReader
from iomodel.readers.correlations import read_correlations
from iomodel.readers.declared import languages, note_fault, read_declared, refuse_old
from iomodel.readers.facts import layout_of, read_facts
from iomodel.readers.unfilled import finish
from iomodel.readers.workbook import Sheet, open_workbook

INPUTS = (
    "id", "block", "item", "unit", "low", "central", "high", "distribution", "grade", "evidence",
    "note",
)  # fmt: skip
MAP = ("id", "sector", "share", "note")
PATTERN = "labour_pattern"
SUM_TOLERANCE = 1e-6


def read_sectors(path: str | Path, *, base: IOTable | None = None) -> IndustryAccount:
    """Read the account of an industry from its study workbook.

    Parameters
    ----------
    path : str or Path
        Workbook with the sheets ``about``, ``inputs``, ``equations``, ``sectors``,
        ``channels``, ``purchases`` and, if wanted, ``evidence``, ``screens`` and
        ``correlations`` (columns id, with, value, source; of normal scores). A sheet
        ``published`` is not read here: see `read_published`.
    base : IOTable, optional
        Table that the industry will be inserted into: sector codes of ``purchases`` are
        then checked against it, cell by cell.

    Returns
    -------
    IndustryAccount

    Raises
    ------
    ReadError
        If the file is missing or not a workbook.
    UnknownLayoutError
        If it is not a study workbook.
    BadCellsError
        With every bad cell: text or blank where a number is needed, error values, shares
        above 1, low above central, unknown ids, units, distributions or sector codes,
        duplicate ids, shares of an item that do not sum to 1, missing sheets; formulas that
        cannot be read, and equations, sectors and channels that contradict each other;
        correlations of unknown inputs, outside -1 to 1, given twice or impossible together.
    SpecError
        If it is of the first layout, without equations, a formula divides by zero, or it is a
        template (`iom.template`) with cells that wait to be filled in: all are named.

    Examples
    --------
    >>> import iomodel as iom
    >>> drama = iom.read_sectors(iom.example("micro-drama-2025"))
    >>> round(drama.workdays / 1e6, 2)
    36.85
    """
    book = open_workbook(path)
    layout = layout_of(book)
    if "inputs" not in book and not layout.startswith(STUDY_FAMILY):
        raise UnknownLayoutError(
            f"{book.path} is not a study workbook: it has no sheet `inputs` (sheets: "
            f"{', '.join(book.names)}). iom.example('micro-drama-2025') shows the layout."
        )
    if "about" in book:
        refuse_old(book, layout)
    reader = CellReader(book)
    facts = read_facts(reader, ("year", "price_year"))
    inputs = reader.sheet("inputs", INPUTS)
    purchases = reader.sheet("purchases", MAP)
    ids = {} if inputs is None else _ids(inputs)
    declared = None if inputs is None else read_declared(reader, ids, facts)
    if inputs is None or purchases is None or declared is None:
        reader.fail()
    assumptions = _assumptions(reader, inputs, declared.stated, _currency(facts))
    rows = _map(reader, purchases, declared, base)
    screens = _screens(reader) if "screens" in book else {}
    for fault in faults(declared, ids, {row.item for row in rows}):
        note_fault(reader, fault)
    _check_screens(reader, declared, screens)
    correlations = read_correlations(reader, ids, assumptions)
    finish(reader)
    return IndustryAccount(
        id=str(facts.get("id", book.path.stem)),
        title=str(facts.get("title", book.path.stem)),
        titles={
            key.removeprefix("title_"): str(text)
            for key, text in facts.items()
            if key.startswith("title_") and text
        },
        equations=declared,
        price_year=facts.get("price_year"),
        currency=str(facts.get("currency", "")),
        assumptions=assumptions,
        map=rows,
        screens=screens,
        correlations=correlations,
        evidence=_frame(book.sheet("evidence")) if "evidence" in book else pd.DataFrame(),
        source=book.path.name,
        placebo=tuple(str(facts.get("placebo") or "").split()),
        placebo_base=str(facts.get("placebo_base") or "").strip(),
        base=str(facts.get("base") or ""),
    )


def _currency(facts: Mapping[str, object]) -> str:
    return str(facts.get("currency", ""))


def _ids(sheet: Sheet) -> dict[str, int]:
    """Ids of the sheet inputs with their first row, of rows with bad cells too."""
    column = sheet.column_of("id") or 0
    rows = {sheet.text(row, column): row for row in reversed(range(1, sheet.height))}
    return {key: row for key, row in reversed(rows.items()) if key}


def _assumptions(
    reader: CellReader, sheet: Sheet, used: frozenset[str], currency: str
) -> dict[str, Assumption]:
    at = {head: sheet.column_of(head) or 0 for head in INPUTS}
    found: dict[str, Assumption] = {}
    first: dict[str, int] = {}
    for row in range(1, sheet.height):
        key = sheet.text(row, at["id"])
        if not key:
            if any(sheet.text(row, c) for c in range(sheet.width)):
                reader.note(sheet, row, at["id"], "this row has no id")
            continue
        if key in first:
            reader.note(sheet, row, at["id"], f"id stands twice, first in row {first[key] + 1}")
            continue
        first[key] = row
        if key not in used and key != PATTERN:
            reader.note(sheet, row, at["id"], "no equation uses this id, or only sums it up")
        item = _assumption(reader, sheet, row, at, key, currency)
        if item is not None:
            found[key] = item
    return found


def _assumption(
    reader: CellReader, sheet: Sheet, row: int, at: Mapping[str, int], key: str, currency: str
) -> Assumption | None:
    before = len(reader.bad)
    text = {head: sheet.text(row, at[head]) for head in INPUTS}
    _check_unit(reader, sheet, row, at, currency)
    kind = text["distribution"]
    if kind not in DISTRIBUTIONS:
        known = ", ".join(sorted(DISTRIBUTIONS))
        reader.note(sheet, row, at["distribution"], f"unknown distribution; known: {known}")
    category = kind == "categorical" or key == PATTERN
    central: float | str | None = text["central"]
    low = high = None
    if category:
        if not text["central"]:
            reader.note(sheet, row, at["central"], "blank where a category is needed")
    else:
        free = kind == "fixed"
        central = reader.number(sheet, row, at["central"])
        low = reader.number(sheet, row, at["low"], blank=free)
        high = reader.number(sheet, row, at["high"], blank=free)
        _check_range(reader, sheet, row, at, text["unit"], (low, central, high))
    if len(reader.bad) > before or central is None:
        return None
    if not category and (None in (low, high) and kind != "fixed"):
        return None
    return Assumption(
        id=key,
        block=text["block"],
        item=text["item"],
        unit=text["unit"],
        central=central,
        low=low,
        high=high,
        distribution=kind,
        grade=text["grade"],
        evidence=tuple(text["evidence"].split()),
        note=text["note"],
        address=f"{sheet.name}!{row + 1}",
        categories=_listed(text["note"]) if category else (),
        concentration=_concentration(reader, sheet, row) if kind == "dirichlet" else None,
        items=languages(sheet, row, "item_"),
        blocks=languages(sheet, row, "block_"),
    )


def _listed(note: str) -> tuple[str, ...]:
    """Categories that a note lists behind its colon, separated by commas."""
    return tuple(part.strip() for part in note.rpartition(":")[2].split(",") if part.strip())


def _concentration(reader: CellReader, sheet: Sheet, row: int) -> float | None:
    """Concentration of a Dirichlet share, from the optional column of that name."""
    column = sheet.column_of("concentration")
    return None if column is None else reader.number(sheet, row, column)


def _check_unit(
    reader: CellReader, sheet: Sheet, row: int, at: Mapping[str, int], currency: str
) -> None:
    """Record a blank block, an unknown unit, and one of another currency than the study's."""
    if not sheet.text(row, at["block"]):
        reader.note(sheet, row, at["block"], "blank where the block of the input is needed")
    unit = sheet.text(row, at["unit"])
    own = currency_of(unit)
    if unit_value(unit) is None:
        known = (
            f"thousand {currency or 'EUR'}, bn {currency or 'EUR'} per year, share, share of ..."
        )
        problem = f"unknown unit; use {known}, {', '.join(sorted(PLAIN))}"
        reader.note(sheet, row, at["unit"], problem)
    elif own and currency and SAME.get(own, own) != SAME.get(currency, currency):
        reader.note(sheet, row, at["unit"], f"unit in {own}, but the study is in {currency}")


def _check_range(
    reader: CellReader,
    sheet: Sheet,
    row: int,
    at: Mapping[str, int],
    unit: str,
    values: tuple[float | None, float | None, float | None],
) -> None:
    """Record shares outside 0 to 1, negative values, and low, central, high out of order."""
    named = dict(zip(("low", "central", "high"), values, strict=True))
    for head, value in named.items():
        if value is None:
            continue
        if value < 0:
            reader.note(sheet, row, at[head], "below zero")
        elif is_share(unit) and value > 1:
            reader.note(sheet, row, at[head], "share above 1")
    low, central, high = values
    if low is not None and central is not None and low > central:
        reader.note(sheet, row, at["low"], f"low is above central ({central:g}): change both")
    if central is not None and high is not None and central > high:
        reader.note(sheet, row, at["high"], f"high is below central ({central:g}): change both")


def _map(
    reader: CellReader,
    sheet: Sheet,
    declared: Equations,
    base: IOTable | None,
) -> tuple[MapRow, ...]:
    at = {head: sheet.column_of(head) or 0 for head in MAP}
    known = None if base is None else set(base.labels.codes)
    spread = declared.spread
    rows: list[MapRow] = []
    waiting: set[str] = set()
    for row in range(1, sheet.height):
        item = sheet.text(row, at["id"])
        if not item and not any(sheet.text(row, c) for c in range(sheet.width)):
            continue
        code = sheet.text(row, at["sector"])
        if item not in spread:
            reader.note(sheet, row, at["id"], "not an item that the sheet equations spreads")
        if not code or (known is not None and code not in known):
            reader.note(sheet, row, at["sector"], f"unknown sector code{_hint(base)}")
        share = reader.number(sheet, row, at["share"])
        if share is not None and not 0 <= share <= 1:
            reader.note(sheet, row, at["share"], "share outside 0 to 1")
        address = f"{sheet.name}!{chr(ord('A') + at['sector'])}{row + 1}"
        if share is None:
            waiting.add(item)
        rows.append(MapRow(item, code, share or 0.0, sheet.text(row, at["note"]), address))
    for item in sorted({row.item for row in rows} & set(spread) - waiting):
        total = sum(row.share for row in rows if row.item == item)
        if abs(total - 1.0) > SUM_TOLERANCE:
            text = f"the shares of {item} sum to {total:.6g}, not to 1"
            reader.bad.append(BadCell(sheet.name, "", "", text))
    return tuple(rows)


def _screens(reader: CellReader) -> dict[str, Screen]:
    sheet = reader.sheet("screens", ("id", "item", "low", "high", "unit"))
    if sheet is None:
        return {}
    at = {head: sheet.column_of(head) or 0 for head in ("id", "item", "low", "high", "unit")}
    found = {}
    for row in range(1, sheet.height):
        key = sheet.text(row, at["id"])
        if not key:
            continue
        low = reader.number(sheet, row, at["low"]) or 0.0
        high = reader.number(sheet, row, at["high"]) or 0.0
        if low > high:
            reader.note(sheet, row, at["low"], f"low is above high ({high:g})")
        texts = sheet.text(row, at["item"]), sheet.text(row, at["unit"])
        found[key] = Screen(key, texts[0], low, high, texts[1])
    return found


def _check_screens(reader: CellReader, declared: Equations, screens: Mapping[str, Screen]) -> None:
    """Record checks whose plausible range is missing."""
    for row in declared.of("check"):
        if row.item and row.item not in screens:
            problem = "not an id of the sheet screens, which has its plausible range"
            note_fault(reader, Fault("equations", row.row, "item", problem))


def _hint(base: IOTable | None) -> str:
    return "" if base is None else f" in {base.meta.title!r} ({base.labels.codes[0]} ...)"


def _frame(sheet: Sheet) -> pd.DataFrame:
    heads = [sheet.text(0, c) for c in range(sheet.width)]
    return pd.DataFrame(sheet.rows[1:], columns=heads)
