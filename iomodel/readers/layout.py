"""What a layout declares: how a family of tables is known, and what its lines are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from iomodel.readers.blocks import Block
from iomodel.readers.grid import Grid
from iomodel.readers.lines import Line
from iomodel.readers.vocabulary import plain

Role = str


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """Declaration of a family of tables.

    The engine finds the block, its labels and its totals in any layout; a declaration says what
    structure cannot: the publisher's facts, and the roles of lines whose words do not tell.

    Attributes
    ----------
    name : str
    marks : tuple of str
        Patterns of which each must occur in some label or title of the sheet.
    columns, rows : mapping of pattern to role
        Roles of final demand columns and primary input rows, by code or name.
    codes : mapping of pattern to role
        Roles of lines that have a code only; words beside a code come first.
    facts : mapping
        Facts of the publisher for ``meta``; those that the sheet states itself come first.
    language : str
        Language of the names; told from the names if empty.
    """

    name: str
    marks: tuple[str, ...]
    columns: Mapping[str, Role] = field(default_factory=dict)
    rows: Mapping[str, Role] = field(default_factory=dict)
    codes: Mapping[str, Role] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    language: str = ""

    @cached_property
    def _marks(self) -> list[re.Pattern[str]]:
        return [re.compile(mark) for mark in self.marks]

    def recognises(self, grid: Grid) -> bool:
        """Tell whether a sheet has all marks of this layout."""
        texts = texts_of(grid)
        return all(any(mark.search(text) for text in texts) for mark in self._marks)

    def role(self, line: Line) -> Role:
        """Return the declared role of a line, else the one its words propose."""
        declared = _named(self.rows if line.by_row else self.columns, line)
        return declared or line.role or _named(self.codes, line)


def _named(roles: Mapping[str, Role], line: Line) -> Role:
    """Return the role of the first pattern that one of a line's labels fits."""
    for pattern, role in roles.items():
        if any(re.fullmatch(pattern, plain(text)) for text in line.texts):
            return role
    return ""


def texts_of(grid: Grid) -> list[str]:
    """Return the texts of a sheet that can mark a layout: its name, heads and sides."""
    cells = [text for row in sorted(grid.by_row)[:30] for _, text in grid.by_row[row]]
    cells += [text for column in sorted(grid.by_column)[:4] for _, text in grid.by_column[column]]
    return list(dict.fromkeys(plain(text) for text in (grid.sheet.name, *cells)))


def layout_of(block: Block, layouts: tuple[Layout, ...]) -> Layout | None:
    """Return the first layout that recognises the block's sheet, or None."""
    return next((layout for layout in layouts if layout.recognises(block.grid)), None)
