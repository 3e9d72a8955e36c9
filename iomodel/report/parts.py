"""What a page is made of: sections with paragraphs, lists, tables and pictures."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from iomodel.errors import IdentityError

MINUS, DASH, NONE = "\N{MINUS SIGN}", "\N{EN DASH}", "\N{EM DASH}"
WEB = ("https://", "http://")


def number(value: object, digits: int = 2) -> str:
    """Write a number with so many decimals; a dash where there is none.

    Parameters
    ----------
    value : object
        A number, or None.
    digits : int

    Returns
    -------
    str
        With a comma between thousands and a true minus sign.
    """
    if not isinstance(value, int | float) or not math.isfinite(value):
        return NONE
    text = f"{value:,.{digits}f}"
    if text.startswith("-"):
        text = MINUS + text[1:] if float(text.replace(",", "")) else text[1:]
    return text


def plain(value: object, figures: int = 6) -> str:
    """Write a number with so many significant figures and no more decimals than it has.

    Parameters
    ----------
    value : object
        A number, text that stays as it is, or None.
    figures : int

    Returns
    -------
    str
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, int | float) or not math.isfinite(value):
        return NONE
    size = math.floor(math.log10(abs(value))) + 1 if value else 1
    text = number(float(value), max(figures - max(size, 1), 0))
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: object, digits: int = 1) -> str:
    """Write a share in per cent; a dash where there is none.

    Parameters
    ----------
    value : object
        A number, or None.
    digits : int

    Returns
    -------
    str
    """
    if not isinstance(value, int | float) or not math.isfinite(value):
        return NONE
    return f"{number(value * 100, digits)} %"


def between(low: object, high: object, digits: int = 2) -> str:
    """Write a range; one number if both ends read the same.

    Parameters
    ----------
    low, high : object
        Numbers, or None.
    digits : int

    Returns
    -------
    str
    """
    first, last = number(low, digits), number(high, digits)
    return first if first == last else f"{first}{DASH}{last}"


@dataclass(frozen=True, kw_only=True)
class Column:
    """Head of a column: its words, and whether it holds numbers or long text."""

    head: str
    numeric: bool = False
    long: bool = False


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: what is shown, what it sorts by, where it points.

    Attributes
    ----------
    text : str
    key : str
        What the cell sorts by: a number in full precision, or nothing for the text itself.
    links : tuple of (text, address)
        Addresses that start with ``#`` lead within the page.
    note : str
        Small print below the text.
    """

    text: str
    key: str = ""
    links: tuple[tuple[str, str], ...] = ()
    note: str = ""


def value_cell(value: object, digits: int = 2, *, share: bool = False) -> Cell:
    """Return the cell of a number, which sorts by all its digits."""
    known = isinstance(value, int | float) and math.isfinite(value)
    text = percent(value, digits) if share else number(value, digits)
    return Cell(text=text, key=repr(float(value)) if known else "")  # type: ignore[arg-type]


def plain_cell(value: object) -> Cell:
    """Return the cell of a value of any size, or of a text."""
    known = isinstance(value, int | float) and math.isfinite(value)
    return Cell(text=plain(value), key=repr(float(value)) if known else "")  # type: ignore[arg-type]


def text_cell(text: object, note: str = "") -> Cell:
    """Return the cell of a text."""
    return Cell(text=str(text), note=note)


def link_of(address: str) -> str:
    """Return an address that a browser may follow; empty text for any other."""
    return address if address.startswith(WEB) else ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its head, its cells, and whether it is set in bold or set off from the others."""

    head: Cell
    cells: tuple[Cell, ...]
    strong: bool = False
    apart: bool = False
    anchor: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table that a reader can sort.

    Attributes
    ----------
    id, caption : str
    columns : sequence of Column
        The first one is of the heads of rows.
    rows : sequence of Row
    notes : sequence of str
        Below the table.
    folded : str
        Words of the fold that hides a long table; empty for one that is shown.
    """

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    folded: str = ""
    kind: str = field(default="table", init=False)

    def __post_init__(self) -> None:
        width = len(self.columns)
        wrong = [row.head.text for row in self.rows if len(row.cells) + 1 != width]
        if wrong:
            raise IdentityError(
                f"table {self.id}: rows {', '.join(wrong[:3])} do not have {width} cells"
            )


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as SVG, with what it shows in words."""

    id: str
    caption: str
    words: str
    svg: str
    kind: str = field(default="picture", init=False)


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph; `tone` sets apart notes and warnings."""

    text: str
    tone: str = ""
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list of texts."""

    items: Sequence[str]
    kind: str = field(default="listing", init=False)


Block = Table | Picture | Paragraph | Listing


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of the page."""

    id: str
    title: str
    blocks: Sequence[Block]


def numeric(*heads: str) -> list[Column]:
    """Return columns of numbers."""
    return [Column(head=head, numeric=True) for head in heads]


def items(frame: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows of a frame as text and a mapping of column to plain value."""
    rows: dict[Any, dict[Any, Any]] = frame.to_dict("index")
    return [(str(k), {str(n): value for n, value in row.items()}) for k, row in rows.items()]
