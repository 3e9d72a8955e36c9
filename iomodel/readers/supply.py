"""Supply, make and use tables: products on one side, industries on the other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.supply_use import SupplyUseTable
from iomodel.accounts.supply_use_build import supply_use
from iomodel.kernels.totals import BASE, Rounding, step_of
from iomodel.readers.assemble import meta_of
from iomodel.readers.blocks import Block
from iomodel.readers.found import Found
from iomodel.readers.gaps import Blanks
from iomodel.readers.kinds import Reading
from iomodel.readers.lines import Beside, Line, line_of
from iomodel.readers.matrices import marked_zero
from iomodel.readers.naming import labels_of_lines, language_of, sectors_named
from iomodel.readers.nearby import texts_near
from iomodel.readers.sides import NOT_USED, Side
from iomodel.readers.vocabulary import plain
from iomodel.readers.workbook import Workbook

BY_INDUSTRY = re.compile(
    r"^tio\b|total industry output|make of commodities|^make\b|industry by com"
)


@dataclass(frozen=True, eq=False)
class Wide:
    """A rectangle: a block with the rows and columns beside it that are its own kind.

    Attributes
    ----------
    found : Found
    rows, columns : tuple of int
    across, down : Side
        The lines to the right, and those below.
    """

    found: Found
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    across: Side
    down: Side

    @property
    def by_industry(self) -> bool:
        """True if rows are industries, as in a make table."""
        words = [self.found.sheet, *texts_near(self.found.block)[:3]]
        words += [text for line in self.across.lines for text in line.texts]
        return any(BY_INDUSTRY.search(plain(word)) for word in words)


def wide_of(found: Found) -> Wide:
    """Return the rectangle of a block: with products or industries that have no namesake."""
    block = found.block
    rows, columns = list(block.rows), list(block.columns)
    rows += _more(found, _side(found, rows, columns, found.beside.rows))
    columns += _more(found, _side(found, rows, columns, _lines(found, rows, columns)[0]))
    across, below = _lines(found, rows, columns)
    return Wide(
        found,
        tuple(rows),
        tuple(columns),
        _side(found, rows, columns, across),
        _side(found, rows, columns, below),
    )


def told_apart(found: Found) -> Found:
    """Return flows whose rows are products and whose columns are industries as a use table.

    Both have labels in common, but the first total holds lines without a namesake, and what is
    used of a product is not what the industry of that name makes.
    """
    if found.kind != "flows" or found.balances:
        return found
    wide = wide_of(found)
    if (len(wide.rows), len(wide.columns)) == (found.block.size, found.block.size):
        return found
    reason = (
        f"{len(wide.rows)} rows and {len(wide.columns)} columns of their own kinds, whose totals "
        "are not the same"
    )
    return replace(found, reading=Reading("use", reason=reason))


def _side(found: Found, rows: Sequence[int], columns: Sequence[int], lines: Sequence[Line]) -> Side:
    """Return lines below a rectangle, or right of it, with the rectangle's own lines."""
    values = np.nan_to_num(found.block.grid.block(rows, columns))
    rounding = Rounding(step_of(found.block.figures()), found.block.size)
    by_row = bool(lines) and lines[0].by_row
    cells, places = (values, rows) if by_row else (values.T, columns)
    return Side(cells, places, lines, rounding, found.role)


def _more(found: Found, side: Side) -> list[int]:
    """Return lines that the first total adds to the block: its own kind without a namesake."""
    for total in side.totals:
        if BASE in total.parts and len(total.parts) > 1:
            lines = [side.lines[k] for k in total.parts if k != BASE]
            edge = max(found.block.rows if lines[0].by_row else found.block.columns)
            near = [line.place - edge for line in lines]
            return [x.place for x in lines] if near == list(range(1, len(near) + 1)) else []
        if total.parts == (BASE,):
            return []
    return []


def _lines(
    found: Found, rows: Sequence[int], columns: Sequence[int]
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines beside a rectangle, with their figures on its rows and columns."""
    beside: Beside = found.beside
    grid = found.block.grid
    right, below = [], []
    for line in beside.columns:
        if line.place not in columns:
            values = grid.numbers[list(rows), line.place]
            right.append(Line(line.place, False, line.texts, line.heading, values))
    for line in beside.rows:
        if line.place not in rows:
            values = grid.numbers[line.place, list(columns)]
            below.append(Line(line.place, True, line.texts, line.heading, values))
    return tuple(right), tuple(below)


def sut_of(
    found: Found, others: Sequence[Found], book: Workbook, blanks: Blanks = "refuse"
) -> SupplyUseTable:
    """Return a use or make table, with its other half if the workbook has one that fits.

    Raises
    ------
    BadCellsError
        With every cell that is not a number.
    """
    wide = wide_of(found)
    half = next((w for w in map(wide_of, _halves(found, others)) if _fits(wide, w)), None)
    use, make = (wide, half) if found.kind == "use" else (half, wide)
    parts: dict[str, Any] = {} if use is None else _use_parts(use, book, blanks)
    if make is not None:
        parts["supply"] = _frame(make, book, blanks)
    meta = meta_of(found, book)
    facts = ("unit", "unit_value", "currency", "year", "title", "publisher", "valuation")
    built = supply_use(**parts, **_names(wide), **{name: getattr(meta, name) for name in facts})
    steps = (*meta.steps, *built.meta.steps)
    return built.replace(meta=replace(built.meta, notes=meta.notes, steps=steps))


def _halves(found: Found, others: Sequence[Found]) -> list[Found]:
    want = "make" if found.kind == "use" else "use"
    same = [item for item in others if item.kind == want and item.facts.year == found.facts.year]
    return sorted(same, key=lambda item: item.order)


def _fits(one: Wide, other: Wide) -> bool:
    here, there = (len(one.rows), len(one.columns)), (len(other.rows), len(other.columns))
    return here == (there[::-1] if one.by_industry != other.by_industry else there)


def _frame(wide: Wide, book: Workbook, blanks: Blanks) -> pd.DataFrame:
    """Return the rectangle as a frame, products in rows."""
    rows, columns = (list(part.codes) for part in _labels(wide))
    frame = pd.DataFrame(
        marked_zero(wide.found, book, wide.rows, wide.columns, blanks), rows, columns
    )
    return frame.T if wide.by_industry else frame


def _names(wide: Wide) -> dict[str, Any]:
    rows, columns = _labels(wide)
    sides = (columns, rows) if wide.by_industry else (rows, columns)
    return {"product_names": sides[0].names, "industry_names": sides[1].names}


def _labels(wide: Wide) -> tuple[Labels, Labels]:
    """Return the labels of the rows and of the columns."""
    block = wide.found.block
    named = sectors_named(block)
    language = language_of(named.names)
    own = Labels(codes=named.codes, names={language: named.names})
    return (
        _extended(own, block, wide.rows, language, by_row=True),
        _extended(own, block, wide.columns, language, by_row=False),
    )


def _extended(
    own: Labels, block: Block, places: Sequence[int], language: str, *, by_row: bool
) -> Labels:
    lines = [line_of(block, place, by_row=by_row) for place in places[block.size :]]
    more = labels_of_lines(lines, [""] * len(lines), language)
    return own.extended(more)


def _use_parts(wide: Wide, book: Workbook, blanks: Blanks) -> dict[str, Any]:
    """Return the parts of a use table: final demand, imports, primary inputs, output."""
    frame = _frame(wide, book, blanks)
    products, industries = frame.index, frame.columns
    finals, primaries = _items(wide.across), _items(wide.down)
    imported = [k for k in finals if wide.across.roles[k] == "imports"]
    kept = [k for k in finals if k not in imported]
    parts: dict[str, Any] = {"use": frame}
    if kept:
        places, labels = _lined(wide.across, kept)
        figures = marked_zero(wide.found, book, wide.rows, places, blanks)
        parts["final_demand"] = pd.DataFrame(figures, products, list(labels.codes))
        parts["final_roles"] = dict(zip(labels.codes, labels.groups, strict=True))
    if imported:
        places, _ = _lined(wide.across, imported)
        sums = marked_zero(wide.found, book, wide.rows, places, blanks).sum(axis=1)
        parts["imports"] = pd.Series(-sums if sums.sum() < 0 else sums, products)
    if primaries:
        places, labels = _lined(wide.down, primaries)
        figures = marked_zero(wide.found, book, places, wide.columns, blanks)
        parts["primary_inputs"] = pd.DataFrame(figures, list(labels.codes), industries)
        parts["primary_roles"] = dict(zip(labels.codes, labels.groups, strict=True))
    output = [k for k, role in enumerate(wide.down.roles) if role == "output"]
    if output:
        parts["industry_output"] = pd.Series(wide.down.vector(output[-1]), industries)
    output = [k for k, role in enumerate(wide.across.roles) if role == "output"]
    if output:
        parts["product_output"] = pd.Series(wide.across.vector(output[-1]), products)
    return parts


def _lined(side: Side, places: Sequence[int]) -> tuple[list[int], Labels]:
    lines = [side.lines[k] for k in places]
    labels = labels_of_lines(lines, [side.roles[k] or "other" for k in places], "en")
    return [line.place for line in lines], labels


def _items(side: Side) -> list[int]:
    """Return lines of a side that are no totals, before its output or total use."""
    ends = [k for k, role in enumerate(side.roles) if role in {"output", "use", "supply"}]
    stop = ends[-1] if ends else len(side.lines)
    items = [k for k in range(stop) if side.may_be_item(k) and not side.lines[k].says_total]
    items = [k for k in items if side.roles[k] not in NOT_USED]
    if not ends:
        return items
    return sorted(side.fitted(dict.fromkeys(items, 1), side.vector(ends[-1])))
