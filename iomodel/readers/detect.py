"""Find every table of a workbook, and choose one by rule."""

import json
from collections.abc import Sequence

from iomodel.errors import ReadError, UnknownLayoutError, listed
from iomodel.readers.assemble import odd_labels
from iomodel.readers.blocks import find_blocks
from iomodel.readers.found import CONFIDENT, ORDER, Found, find
from iomodel.readers.gaps import texts_within
from iomodel.readers.grid import grid_of
from iomodel.readers.layout import Layout
from iomodel.readers.longform import unfolded
from iomodel.readers.nearby import rank_of
from iomodel.readers.strips import find_strip
from iomodel.readers.supply import told_apart
from iomodel.readers.workbook import Workbook

RULE = (
    "flows before coefficients, a table that balances before one that does not, industry before "
    "product, total flows before domestic, basic prices before purchasers', the newest year, then "
    "the first sheet"
)
LIKELY = 0.4  # flows from here on are no chance find: no other matrix is read in their place
SHOWN = 6
SHEETS = 30  # sheets looked through for columns by sector when nothing else was found
FEW_FIGURES = 8


def survey(book: Workbook, layouts: Sequence[Layout], sheet: str | None = None) -> list[Found]:
    """Return all blocks of a workbook with what they are, in their order."""
    found: list[Found] = []
    notes = _notes(book)
    for place, name in enumerate(book.names):
        if sheet is None or name == sheet:
            for part in unfolded(book.sheet(name)):
                last = len(book.names) if name in book.hidden else 0
                seen = find(find_blocks(grid_of(part)), place + last, layouts, notes)
                found += [told_apart(item) for item in seen]
    return found


def _notes(book: Workbook) -> list[str]:
    """Return texts with facts for all sheets: the file's name."""
    return [book.path.stem]


def ranked(found: Sequence[Found]) -> list[Found]:
    """Return readings that are sure enough, the one to take first."""
    sure = [item for item in found if item.confidence >= CONFIDENT and item.kind not in USELESS]
    return sorted(sure, key=rank)


USELESS = frozenset({"identity", "check", "diagonal", "other", "I less coefficients"})


# What each place of a rank says, in the order of the rule.
REASONS = (
    "flows before coefficients",
    "a table whose rows and columns balance before one where they do not",
    "industry before product",
    "total flows before domestic",
    "basic prices before purchasers'",
    "the newest year",
    "the first in the workbook",
)


def rank(item: Found) -> tuple[object, ...]:
    """Return a block's place in the rule of choice, the lowest first; `REASONS` names its parts."""
    facts = item.facts
    industry, total, price = rank_of(facts, item.sheet, item.treatment if _money(item) else "")
    apart = item.kind == "flows" and not item.balances
    place = ORDER.index(item.kind)
    return (place, apart, industry, total, price, -(facts.year or 0), item.order)


def _money(item: Found) -> bool:
    return item.kind in {"flows", "use", "imports"}


def choose(found: Sequence[Found], book: Workbook) -> Found:
    """Return the table that the rule takes.

    Raises
    ------
    UnknownLayoutError
        If no reading is sure enough, or flows are likely but not sure while a matrix is sure:
        with the best candidates and the call that reads each.
    """
    order = settled(found)
    if not order:
        raise UnknownLayoutError(_unknown(found, book))
    return order[0]


def settled(found: Sequence[Found]) -> list[Found]:
    """Return readings in the order of choice; none where likely flows are not sure enough."""
    sure = ranked(found)
    doubtful = [f for f in found if f.kind == "flows" and LIKELY <= f.confidence < CONFIDENT]
    matrices = [f for f in sure[:1] if ORDER.index(f.kind) > ORDER.index("imports")]
    return [] if doubtful and matrices else sure


def only(found: Sequence[Found], book: Workbook, sheet: str) -> Found:
    """Return the best reading of one sheet, however sure.

    Raises
    ------
    ReadError
        If the sheet holds no block with the same labels on both sides.
    """
    sure = ranked(found)
    if sure:
        return sure[0]
    if not found:
        raise ReadError(
            f"{book.path} > {sheet}: no rows and columns with the same labels were found. Name "
            'the parts: iom.read(..., sheet=..., ranges={"intermediate": "C7:N18", ...}).'
        )
    return max(found, key=lambda item: (item.confidence, item.block.size))


def call_of(item: Found, book: Workbook) -> str:
    """Return the call that reads a block, as a user types it."""
    file = quoted(str(book.path))
    if item.sheet not in book:  # a table of several that one sheet lists line by line
        return f"iom.read({file}, at={quoted(f'{item.sheet}!{item.range}')})"
    return f'iom.read({file}, sheet={quoted(item.sheet)}, at="{item.range}")'


def quoted(text: str) -> str:
    """Return a text as one writes it in a call: in double quotes, as Python reads it."""
    return json.dumps(text, ensure_ascii=False)


def _unknown(found: Sequence[Found], book: Workbook) -> str:
    best = sorted(found, key=lambda item: -item.confidence)[:SHOWN]
    sheets = ", ".join(book.names[:12]) + (", ..." if len(book.names) > 12 else "")
    strips = [(name, find_strip(grid_of(book.sheet(name)))) for name in book.names[:SHEETS]]
    columns = [
        f'columns by sector ({name}!{strip.range}): iom.read("{book.path.name}", sheet="{name}")'
        for name, strip in strips
        if strip is not None
    ]
    if not best and columns:
        return (
            f"{book.path}: no table of flows or coefficients was recognised: on no sheet do rows "
            f"and columns carry the same labels. What can be read:\n  {listed(columns, SHOWN)}"
        )
    if not best:
        return (
            f"{book.path}: no table was recognised: on no sheet ({sheets}) do rows and columns "
            f"carry the same labels.{_formulas(book)} iom.inspect(path) shows what was found. "
            "To read it: "
            'iom.read(path, sheet=..., ranges={"intermediate": "C7:N18", "output": "T7:T18"}), '
            "or iom.table(...) from pandas objects."
        )
    lines = "\n  ".join(
        f"{item.kind} of {item.block.size} ({item.sheet}!{item.range}), confidence "
        f"{item.confidence:.2f}: {call_of(item, book)}"
        for item in best
    )
    odd = [*odd_labels(best[0]), *map(str, texts_within(best[0]))]
    why = f"In the first of them:\n  {listed(odd)}\n" if odd else ""
    return (
        f"{book.path}: no table was recognised with confidence {CONFIDENT:.2f} or more. The best "
        f"candidates, and the call that reads each:\n  {lines}\n{why}"
        "iom.inspect(path) shows why, and ranges={...} names the parts of a table yourself."
    )


def _formulas(book: Workbook) -> str:
    """Say that a workbook without figures has formulas that no program has computed."""
    figures = sum(
        isinstance(cell, int | float)
        for name in book.names
        for row in book.sheet(name).rows
        for cell in row
    )
    if figures > FEW_FIGURES or not book.may_hide_values:
        return ""
    return (
        " Its cells hold formulas without stored values: open and save the file in a spreadsheet "
        "program."
    )
