"""A sheet of the audit workbook in the making: title, note, checks, cells and where they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from iomodel.writers.fillable import Choice, Entry, Form, Formula, Mark, letters, quoted
from iomodel.writers.pages import Cell

CHECK = 4  # row of the first check of a sheet
EXACT = 9  # digits to which identities hold
GUIDE, GIVEN, STEP, ANSWER = "7F7F7F", "E0B000", "3B5B7E", "2E8B57"  # tabs, by kind of sheet
LINE = 15.0
LARGE = 10_000.0
LETTERS = 1.08  # letters of running text in one unit of width


class Area(NamedTuple):
    """A block of cells of a sheet: its first row and column, counted from one, and its size."""

    sheet: str
    top: int
    left: int
    rows: int = 1
    columns: int = 1

    def cell(self, row: int = 0, column: int = 0) -> str:
        """Return the reference of one cell, for formulas of any sheet."""
        return f"{quoted(self.sheet)}!{self.place(row, column)}"

    def place(self, row: int = 0, column: int = 0) -> str:
        """Return the address of one cell on its own sheet."""
        return address(self.top + row, self.left + column)

    @property
    def whole(self) -> str:
        """The reference of all cells."""
        return f"{quoted(self.sheet)}!{self.own}"

    @property
    def own(self) -> str:
        """The addresses of all cells on their own sheet."""
        return f"{self.place()}:{self.place(self.rows - 1, self.columns - 1)}"

    def column(self, at: int, count: int = 1) -> "Area":
        """Return one column, or some, as an area."""
        return self._replace(left=self.left + at, columns=count)

    def row(self, at: int, count: int = 1) -> "Area":
        """Return one row, or some, as an area."""
        return self._replace(top=self.top + at, rows=count)


def address(row: int, column: int) -> str:
    """Return a fixed address: ``$C$5``."""
    return f"${letters(column)}${row}"


@dataclass(kw_only=True)
class Draft:
    """One sheet while it is put together.

    Attributes
    ----------
    name, title : str
    note : str
        What the sheet does, with its equation.
    source : str
        Where the equation is from.
    colour : str
    wide : bool
        Whether the sheet is printed over several pages across.
    check_at : int
        Column of the checks; their texts stand right of it.
    """

    name: str
    title: str
    note: str
    source: str = ""
    colour: str = STEP
    wide: bool = False
    check_at: int = 1
    frozen: str = ""
    repeated: str = ""
    widths: dict[str, float] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    arrays: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    checks: list[tuple[str, Area]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    span: int = 8

    def put(self, row: int, column: int, value: Cell, look: str = "") -> None:
        """Add a cell: a number, or a text that is never a formula."""
        self.entries.append(Entry(row, column, value, look))

    def compute(self, row: int, column: int, formula: str, look: str = "formula") -> None:
        """Add a formula, written without the leading ``=``."""
        self.entries.append(Entry(row, column, Formula(f"={formula}"), look))

    def line(self, row: int, column: int, values: Iterable[Cell], look: str) -> None:
        """Add cells side by side."""
        for at, value in enumerate(values, start=column):
            self.put(row, at, value, look)

    def stack(self, row: int, column: int, values: Iterable[Cell], look: str) -> None:
        """Add cells below one another."""
        for at, value in enumerate(values, start=row):
            self.put(at, column, value, look)

    def array(self, area: Area, formula: str, look: str) -> None:
        """Add a formula that is computed for a whole area at once."""
        self.arrays[area.own.replace("$", "")] = f"={formula}"
        for row in range(area.rows):
            self.line(area.top + row, area.left, [None] * area.columns, look)

    def merge(self, cells: str) -> None:
        """Make one cell of a range."""
        self.merged.append(cells)

    def check(self, text: str, formula: str) -> None:
        """Add a check: a formula that gives zero where all is well."""
        row = CHECK + len(self.checks)
        self.compute(row, self.check_at, formula, "check")
        self.put(row, self.check_at + 1, text, "lead")
        area = Area(self.name, row, self.check_at)
        self.checks.append((text, area))
        plain = area.place().replace("$", "")
        failed = f"IF(ISNUMBER({plain}),{plain}<>0,TRUE)"
        self.marks.append(Mark(plain, failed, "wrong"))

    def form(self) -> Form:
        """Return the sheet for the writer."""
        last = letters(self.span)
        across = sum(self.widths.get(letters(k + 1), 9.0) for k in range(self.span))
        head = [Entry(1, 1, self.title, "title"), Entry(2, 1, self.note, "lead wrap")]
        heights = {**self._heights(), 1: 26.0, 2: _height(self.note, across)}
        merged = [f"A2:{last}2", *self.merged]
        if self.source:
            head.append(Entry(3, 1, self.source, "lead"))
        return Form(
            name=self.name,
            colour=self.colour,
            entries=[*head, *self.entries],
            choices=self.choices,
            marks=self.marks,
            widths=self.widths,
            heights={**heights, **self.heights},
            frozen=self.frozen,
            arrays=self.arrays,
            names=self.names,
            links=self.links,
            merged=merged,
            repeated=self.repeated or "1:3",
            beside="A:B" if self.wide else "",
            fits=not self.wide,
        )

    def _heights(self) -> dict[int, float]:
        """Height of each row whose texts take several lines: programs do not all fit them."""
        tall: dict[int, int] = {}
        for entry in self.entries:
            if entry.look in WRAPPED and isinstance(entry.value, str):
                width = self.widths.get(letters(entry.column), 9.0)
                lines = _lines(entry.value, width - 1)
                if lines > tall.get(entry.row, 1):
                    tall[entry.row] = lines
        return {row: LINE * lines + 2 for row, lines in tall.items()}


WRAPPED = frozenset({"heads", "cell text", "formula text", "says", "text"})


def _lines(text: str, width: float) -> int:
    """Lines of a wrapped text; letters of Chinese take two places."""
    count = 0
    for line in text.splitlines() or [""]:
        size = sum(2 if ord(letter) > 0x2E80 else 1 for letter in line)
        count += max(1, -(-size // max(1, int(width * LETTERS))))
    return count


def _height(text: str, width: float) -> float:
    """Height of a wrapped text in points."""
    return LINE * _lines(text, width) + 4


def look_of(value: float) -> str:
    """Return the look of a figure by its size: 6 decimals, or none for large ones."""
    if value == round(value) or abs(value) >= LARGE:
        return "money"
    return "cells"


def number(value: float) -> str:
    """Return a number as formulas write it, to the last bit."""
    return repr(float(value)).upper()


def says(text: str) -> str:
    """Return a text as formulas write it."""
    return '"' + text.replace('"', '""') + '"'


def zero(formula: str) -> str:
    """Return a formula that is exactly zero where another is zero up to rounding."""
    return f"ROUND({formula},{EXACT})"


def largest(area: str) -> str:
    """Return a formula for the largest absolute figure of an area."""
    return f"MAX(MAX({area}),-MIN({area}))"


def product(*factors: str) -> str:
    """Return a formula for the sum of products, cell by cell."""
    return f"SUMPRODUCT({','.join(factors)})"


def total(parts: Sequence[str]) -> str:
    """Return the sum of some references, zero if there are none."""
    return "+".join(parts) or "0"
