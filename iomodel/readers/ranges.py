"""Parts of a table named by their addresses, instead of found."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from iomodel.errors import ReadError, listed
from iomodel.readers.addresses import column_number
from iomodel.readers.blocks import Block
from iomodel.readers.found import Found
from iomodel.readers.grid import Grid, grid_of
from iomodel.readers.kinds import Reading
from iomodel.readers.layout import Layout
from iomodel.readers.lines import Beside, line_of
from iomodel.readers.nearby import facts_of
from iomodel.readers.workbook import Workbook

PARTS = ("intermediate", "row_labels", "column_labels", "final_demand", "primary_inputs",
         "output", "imports")  # fmt: skip


class Span(NamedTuple):
    """A range of cells: rows and columns, counted from zero."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]


def span_of(address: str) -> Span:
    """Return the cells of an address such as ``C7:N18``.

    Raises
    ------
    ReadError
        If it is no address.
    """
    corners = address.replace("$", "").strip().upper().split(":")
    parts = [_cell(corner) for corner in corners]
    if len(parts) not in {1, 2} or None in parts:
        raise ReadError(f"{address!r} is no range of cells; write it as C7:N18.")
    (top, left), (bottom, right) = parts[0] or (0, 0), parts[-1] or (0, 0)
    if bottom < top or right < left:
        raise ReadError(f"{address!r}: the first cell must be the upper left one.")
    return Span(tuple(range(top, bottom + 1)), tuple(range(left, right + 1)))


def _cell(text: str) -> tuple[int, int] | None:
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not (letters.isalpha() and letters.isascii() and digits) or len(letters) > 3:
        return None
    return int(digits) - 1, column_number(letters)


def found_of(
    book: Workbook, sheet: str | None, ranges: Mapping[str, str], layouts: Sequence[Layout]
) -> Found:
    """Return a table whose parts a person named.

    Raises
    ------
    ReadError
        If a part is unknown, missing, or does not fit the others.
    """
    strange = [name for name in ranges if name not in PARTS]
    if strange or "intermediate" not in ranges:
        raise ReadError(
            f"ranges: {'unknown ' + ', '.join(strange) if strange else 'no intermediate'}. Parts: "
            f"{', '.join(PARTS)}; intermediate is needed."
        )
    if sheet is None and len(book.names) > 1:
        raise ReadError(f"{book.path}: say which sheet the ranges are of: {', '.join(book.names)}.")
    grid = grid_of(book.sheet(sheet or book.names[0]))
    spans = {name: span_of(address) for name, address in ranges.items()}
    _must_fit(grid, spans, book)
    block = _block(grid, spans)
    layout = next((item for item in layouts if item.recognises(grid)), None)
    return Found(
        block,
        _beside(block, spans),
        Reading("flows", reason="its parts were named"),
        facts_of(block, [book.path.stem]),
        layout,
        (0, 0),
        forced=_forced(block, spans),
    )


def _forced(block: Block, spans: Mapping[str, Span]) -> dict[tuple[bool, int], str]:
    """Return the roles that the names of the ranges say, by side and place."""
    roles = {}
    for column in spans["imports"].columns if "imports" in spans else ():
        roles[False, column] = "imports"
    output = spans.get("output")
    if output is not None:
        by_row = not (output.rows == block.rows and len(output.columns) == 1)
        roles[by_row, (output.rows if by_row else output.columns)[0]] = "output"
    return roles


def _must_fit(grid: Grid, spans: Mapping[str, Span], book: Workbook) -> None:
    square = spans["intermediate"]
    problems = []
    if len(square.rows) != len(square.columns):
        problems.append(
            f"intermediate: {len(square.rows)} rows and {len(square.columns)} columns; as many "
            "of both are needed"
        )
    for name, span in spans.items():
        if span.rows[-1] >= grid.sheet.height or span.columns[-1] >= grid.sheet.width:
            problems.append(f"{name}: reaches beyond the used cells of the sheet")
    for name in ("final_demand", "row_labels", "imports"):
        if name in spans and spans[name].rows != square.rows:
            problems.append(f"{name}: must have the rows of intermediate")
    for name in ("primary_inputs", "column_labels"):
        if name in spans and spans[name].columns != square.columns:
            problems.append(f"{name}: must have the columns of intermediate")
    output = spans.get("output", square)
    if output.rows != square.rows and output.columns != square.columns:
        problems.append("output: must have the rows or the columns of intermediate")
    if problems:
        raise ReadError(f"{book.path} > {grid.sheet.name}: ranges\n  {listed(problems)}")


def _block(grid: Grid, spans: Mapping[str, Span]) -> Block:
    square = spans["intermediate"]
    heads = spans["column_labels"].rows if "column_labels" in spans else _heads(grid, square)
    sides = spans["row_labels"].columns if "row_labels" in spans else _sides(grid, square)
    return Block(grid, square.rows, square.columns, heads, sides)


def _heads(grid: Grid, square: Span) -> tuple[int, ...]:
    """Return the nearest row above the square that labels most columns."""
    for row in range(square.rows[0] - 1, -1, -1):
        if sum((row, c) in grid.labels for c in square.columns) * 2 > len(square.columns):
            return (row,)
    return (max(0, square.rows[0] - 1),)


def _sides(grid: Grid, square: Span) -> tuple[int, ...]:
    for column in range(square.columns[0] - 1, -1, -1):
        if sum((r, column) in grid.labels for r in square.rows) * 2 > len(square.rows):
            return (column,)
    return (max(0, square.columns[0] - 1),)


def _beside(block: Block, spans: Mapping[str, Span]) -> Beside:
    columns = [*spans.get("final_demand", Span((), ())).columns]
    columns += spans.get("imports", Span((), ())).columns
    rows = [*spans.get("primary_inputs", Span((), ())).rows]
    output = spans.get("output")
    if output is not None:
        if output.rows == block.rows and len(output.columns) == 1:
            columns += output.columns
        else:
            rows += output.rows
    return Beside(
        tuple(line_of(block, place, by_row=False) for place in columns),
        tuple(line_of(block, place, by_row=True) for place in rows),
    )
