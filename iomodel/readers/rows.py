"""One row for each block of a file: what it is, what balances, and the call that reads it."""

from typing import NamedTuple

from iomodel.accounts.table import IOTable
from iomodel.readers.detect import call_of, quoted
from iomodel.readers.found import MONEY, Found
from iomodel.readers.statement import Identity
from iomodel.readers.strips import Strip
from iomodel.readers.workbook import Workbook


class Row(NamedTuple):
    """What was found out about a block; `Inspection.to_frame` says what each field is."""

    sheet: str
    kind: str
    sectors: int
    call: str
    hidden: bool = False
    range: str = ""
    layout: str = "structure"
    unit: str = ""
    year: int | None = None
    prices: str = ""
    confidence: float | None = None
    balances: str = ""
    does_not_balance: str = ""
    order: int | None = None
    chosen: bool = False


COLUMNS = (
    "sheet", "hidden", "range", "kind", "sectors", "layout", "unit", "year", "prices",
    "confidence", "balances", "does_not_balance", "order", "chosen", "call",
)  # fmt: skip


def row_of_block(item: Found, book: Workbook, order: int | None) -> Row:
    """Return the row of a block; `order` is its place in the rule of choice."""
    facts, layout = item.facts, item.layout
    identities = item.statement.identities if item.kind in MONEY else ()
    return Row(
        sheet=item.sheet,
        hidden=book.names[item.order[0]] in book.hidden,
        range=item.range,
        kind=item.kind,
        sectors=item.block.size,
        layout="structure" if layout is None else layout.name,
        unit=facts.unit,
        year=facts.year,
        prices=facts.valuation,
        confidence=item.confidence,
        balances=_held([identity for identity in identities if identity.holds]),
        does_not_balance="; ".join(str(identity) for identity in identities if not identity.holds),
        order=order,
        chosen=order == 1,
        call=call_of(item, book),
    )


def _held(identities: list[Identity]) -> str:
    """Return the sums that hold, printed totals by their number."""
    texts = [identity.text for identity in identities if identity.line is None]
    sums = len(identities) - len(texts)
    if sums:
        texts.append(f"{sums} printed {'totals' if sums > 1 else 'total'}")
    return "; ".join(texts)


def row_of_strip(strip: Strip, sheet: str, book: Workbook) -> Row:
    """Return the row of a sheet with columns of figures by sector."""
    return Row(
        sheet=sheet,
        hidden=sheet in book.hidden,
        range=strip.range,
        kind="columns by sector",
        sectors=len(strip.rows),
        call=f"iom.read({quoted(str(book.path))}, sheet={quoted(sheet)})",
    )


def row_of_table(table: IOTable, what: str, sheet: str, call: str) -> Row:
    """Return the row of a table that is read whole, by its own labels."""
    meta, findings = table.meta, table.check()
    wrong = "; ".join(f"{key}: {value}" for key, value in findings.facts())
    return Row(
        sheet=sheet,
        kind="flows",
        sectors=len(table),
        layout=what,
        unit=meta.unit,
        year=meta.year,
        prices=meta.valuation,
        confidence=1.0,
        balances="rows and columns add up to output" if findings.ok else "",
        does_not_balance="" if findings.ok else wrong,
        order=1,
        chosen=True,
        call=call,
    )
