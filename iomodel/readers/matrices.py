"""Coefficients, inverses and columns by sector become matrices to check results against."""

from collections.abc import Sequence

import numpy as np

from iomodel.accounts.labels import Labels
from iomodel.accounts.matrix import Matrix
from iomodel.accounts.meta import Meta, Step
from iomodel.errors import BadCell, BadCellsError
from iomodel.kernels.totals import Rounding, find_totals, step_of
from iomodel.readers.assemble import meta_of
from iomodel.readers.cells import explained
from iomodel.readers.found import Found
from iomodel.readers.gaps import Blanks
from iomodel.readers.grid import NOTHING
from iomodel.readers.lines import Line
from iomodel.readers.naming import labels_named, labels_of_lines, language_of, sectors_named
from iomodel.readers.strips import Strip
from iomodel.readers.workbook import Workbook, raw_texts

WHOLE = frozenset({"Leontief inverse", "Ghosh inverse", "total requirements", "imports"})


def matrix_of(found: Found, book: Workbook, blanks: Blanks = "refuse") -> Matrix:
    """Return a found block as a matrix; inverses with the lines that belong to them.

    Raises
    ------
    BadCellsError
        With every cell that is not a number.
    """
    block = found.block
    named = sectors_named(block)
    language = language_of(named.names)
    sectors = Labels(codes=named.codes, names={language: named.names})
    more_rows, more_columns = lines_with(found) if found.kind in WHOLE else ((), ())
    rows = _extended(sectors, more_rows, language)
    columns = _extended(sectors, more_columns, language)
    down = [*block.rows, *(line.place for line in more_rows)]
    across = [*block.columns, *(line.place for line in more_columns)]
    values = marked_zero(found, book, down, across, blanks)
    return Matrix(
        kind=found.kind,
        rows=rows,
        columns=columns,
        values=values / found.reading.scale,
        scale=found.reading.scale,
        meta=meta_of(found, book),
    )


def lines_with(found: Found) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return lines beside an inverse that are no totals: households, other commodities.

    Where rows and columns do not meet in figures they are sums or indices of the block: none.
    """
    values = np.nan_to_num(found.block.figures())
    rounding = Rounding(step_of(values), found.block.size)
    sides = (found.beside.rows, values.sum(axis=0)), (found.beside.columns, values.sum(axis=1))
    kept = []
    for lines, base in sides:
        totals = {total.line for total in find_totals(base, [x.filled for x in lines], rounding)}
        kept.append(
            tuple(x for k, x in enumerate(lines) if k not in totals and x.texts and _whole(x))
        )
    corner = found.block.grid.block([x.place for x in kept[0]], [x.place for x in kept[1]])
    return (kept[0], kept[1]) if np.isfinite(corner).all() else ((), ())


def _whole(line: Line) -> bool:
    return not line.says_total and bool(np.isfinite(line.values).all())


def _extended(sectors: Labels, lines: Sequence[Line], language: str) -> Labels:
    if not lines:
        return sectors
    more = labels_of_lines(lines, [""] * len(lines), language)
    return Labels(
        codes=sectors.codes + more.codes,
        names={language: sectors.names[language] + more.names[language]},
    )


def marked_zero(
    found: Found, book: Workbook, rows: Sequence[int], columns: Sequence[int], blanks: Blanks
) -> np.ndarray:
    """Return figures; a mark for nothing such as ``...`` is zero, other texts are refused.

    An empty cell is refused too, unless `blanks` is ``zero``: no printed sum proves it here.
    """
    grid = found.block.grid
    values = grid.block(rows, columns)
    spots = [(rows[i], columns[j]) for i, j in np.argwhere(~np.isfinite(values)).tolist()]
    empty = [spot for spot in spots if not grid.sheet.text(*spot)]
    hidden = raw_texts(book.path, found.sheet, empty) if empty and book.may_hide_values else {}
    bad = []
    for spot in spots:
        text, address = grid.sheet.text(*spot), grid.sheet.address(*spot)
        raw = hidden.get(address, "")
        if raw or (not text and blanks == "refuse"):
            bad.append(explained(found.sheet, address, raw))
        elif text and text.lower() not in NOTHING:
            bad.append(BadCell(found.sheet, address, text, "text where a number is needed"))
    if bad:
        raise BadCellsError(book.path, bad)
    return np.nan_to_num(values)


def columns_of(strip: Strip, book: Workbook) -> Matrix:
    """Return columns of figures by sector; cells without a figure stay empty (NaN)."""
    grid = strip.grid
    sides = [
        tuple(grid.text(row, column) for row in strip.rows)
        for column in range(strip.columns[0] - 1, -1, -1)
    ]
    named = labels_named([side for side in sides if any(side)], len(strip.rows))
    codes = named.codes if len(set(named.codes)) == len(strip.rows) else _numbered(named.codes)
    lines = [
        Line(
            column,
            False,
            strip.texts(column, by_row=False),
            (),
            grid.numbers[list(strip.rows), column],
        )
        for column in strip.columns
    ]
    language = language_of(named.names)
    heads = labels_of_lines(lines, [""] * len(lines), language)
    return Matrix(
        kind="columns by sector",
        rows=Labels(codes=codes, names={language: named.names}),
        columns=heads,
        values=grid.block(strip.rows, strip.columns),
        meta=Meta(
            title=grid.sheet.name,
            notes={"sheet": grid.sheet.name, "range": strip.range},
            steps=(Step(verb="read", arguments=f"{book.path.name}, {grid.sheet.name}"),),
        ),
    )


def _numbered(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{code} ({k + 1})" for k, code in enumerate(codes))
