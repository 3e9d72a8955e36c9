"""The lines beside a block: final demand columns, primary input rows, totals and the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from iomodel.kernels.linear import Array
from iomodel.readers.blocks import Block
from iomodel.readers.vocabulary import column_role, plain, row_role, says_total

BLANK_LINES = 6  # as many lines without figures end a table
CODE = 12  # a code is no longer than this


def is_code(text: str) -> bool:
    """Tell whether a label looks like a code: short, in capitals or with digits."""
    if not text.isascii() or not any(map(str.isalnum, text)):
        return False
    if text.upper() == text:
        return len(text) <= 2 * CODE
    return len(text) <= CODE and " " not in text and any(map(str.isdigit, text))


@dataclass(frozen=True, eq=False)
class Line:
    """One row or column of figures beside a block.

    Attributes
    ----------
    place : int
        Row or column of the sheet.
    by_row : bool
        True for a row below the block, False for a column to its right.
    texts : tuple of str
        Its labels, those nearest the figures first, without those of the lines it shares a
        heading with.
    heading : tuple of str
        Texts of headings that span several lines.
    values : ndarray, shape (n,)
        Its figures in the block's order, NaN where there is none.
    """

    place: int
    by_row: bool
    texts: tuple[str, ...]
    heading: tuple[str, ...]
    values: Array

    @cached_property
    def filled(self) -> Array:
        """The figures, zero where there is none."""
        return np.nan_to_num(self.values)

    @property
    def name(self) -> str:
        """The longest of its labels, or where it is."""
        words = [text for text in self.texts if not is_code(text)] or list(self.texts)
        return max(words, key=len, default="")

    @property
    def title(self) -> str:
        """The name under its heading, such as ``Final consumption: Households``."""
        over = [text for text in self.heading[:1] if text not in self.texts and not is_code(text)]
        return ": ".join([*over, self.name]) if self.name else "".join(over)

    @property
    def code(self) -> str:
        """The shortest of its labels that looks like a code, or empty text."""
        codes = [text for text in self.texts if is_code(text)]
        return min(codes, key=len, default="")

    @cached_property
    def role(self) -> str:
        """Role that its words propose, or empty text."""
        find = row_role if self.by_row else column_role
        return find(*self.texts) or find(*self.heading)

    @property
    def says_total(self) -> bool:
        """True if its words say that it is a total."""
        return says_total(*self.texts)


@dataclass(frozen=True, eq=False)
class Beside:
    """All lines beside a block."""

    columns: tuple[Line, ...]
    rows: tuple[Line, ...]


def lines_beside(block: Block, others: Sequence[Block] = ()) -> Beside:
    """Return the labelled lines of figures right of and below a block.

    Parameters
    ----------
    block : Block
    others : sequence of Block
        The other blocks of the sheet: their columns of labels end this table's columns. Rows of
        another block below that share the columns are lines of this one: an import matrix.
    """
    columns = tuple(line_of(block, place, by_row=False) for place in _columns(block, others))
    rows = tuple(line_of(block, place, by_row=True) for place in _rows(block, others))
    return Beside(columns, rows)


def _columns(block: Block, others: Sequence[Block]) -> list[int]:
    stop = block.grid.sheet.width
    ends = [
        min([side for side in other.sides if side > max(block.columns)] or [other.left])
        for other in others
        if other is not block and other.left > max(block.columns) and _level(block, other)
    ]
    places = _labelled(block, range(block.left, min([stop, *ends])), by_row=False)
    return [place for place in places if place not in set(block.columns)]


def _rows(block: Block, others: Sequence[Block]) -> list[int]:
    stop = block.grid.sheet.height
    ends = [
        min(head for head in other.heads if head > max(block.rows))
        for other in others
        if other is not block
        and any(head > max(block.rows) for head in other.heads)
        and set(other.columns) & set(block.columns)
    ]
    places = _labelled(block, range(block.top, min([stop, *ends])), by_row=True)
    return [place for place in places if place not in set(block.rows)]


def _level(block: Block, other: Block) -> bool:
    return bool(set(block.rows) & set(other.rows))


def _labelled(block: Block, places: range, *, by_row: bool) -> list[int]:
    """Return lines with figures against the block, until too many without."""
    grid = block.grid
    last, found, empty = max(block.rows if by_row else block.columns), [], 0
    for place in places:
        spots = (place, list(block.columns)) if by_row else (list(block.rows), place)
        if grid.figures[spots].any():
            found.append(place)
            empty = 0
        elif place > last:
            empty += 1
            if empty > BLANK_LINES:
                break
    return found


def line_of(block: Block, place: int, *, by_row: bool) -> Line:
    """Return one row or column beside a block as a line with its labels."""
    grid = block.grid
    if by_row:
        values = grid.numbers[place, list(block.columns)]
        texts = _texts_of_row(block, place)
        heading: tuple[str, ...] = ()
    else:
        values = grid.numbers[list(block.rows), place]
        texts, heading = _texts_of_column(block, place)
    return Line(place, by_row, texts, heading, values)


def _texts_of_row(block: Block, row: int) -> tuple[str, ...]:
    spots = [c for c in range(block.left - 1, -1, -1) if (row, c) in block.grid.labels]
    texts = [block.grid.text(row, c) for c in spots]
    return tuple(text for text in dict.fromkeys(texts) if plain(text))


def _texts_of_column(block: Block, column: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return texts over a column, nearest first, and the headings that reach over it."""
    grid, own, over = block.grid, [], []
    top = min(block.heads)
    first = max(0, top - BLANK_LINES)
    for row in range(block.top - 1, first - 1, -1):
        if (row, column) in grid.labels:
            own.append(grid.text(row, column))
        else:
            left = _reaching(block, row, column)
            if left:
                over.append(left)
    return tuple(dict.fromkeys(own)), tuple(dict.fromkeys(over))


def _reaching(block: Block, row: int, column: int) -> str:
    """Return a heading to the left that may span this column: nothing else in between.

    A heading has other labels below it; a text that is the only one over its column has not.
    """
    labels = block.grid.labels
    for place in range(column - 1, max(block.columns), -1):
        if (row, place) in labels:
            heads = any((below, place) in labels for below in range(row + 1, block.top))
            return block.grid.text(row, place) if heads else ""
    return ""
