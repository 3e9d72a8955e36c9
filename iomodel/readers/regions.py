"""The parts of a sheet as rectangles, each with what it was taken for."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple

import numpy as np

from iomodel.readers.addresses import Area, address_of
from iomodel.readers.found import MONEY, Found
from iomodel.readers.grid import Grid
from iomodel.readers.strips import Strip
from iomodel.readers.taken import Taken, taken
from iomodel.readers.workbook import Sheet

NAMED = 12  # as many lines of a rectangle are named
NEAR_HEADS = 4  # rows above a block that can label its columns
GAP = 2  # empty cells that do not end a patch of text
PATCHES = 24  # as many patches of other cells are shown
FLOWS = frozenset({"flows", "use"})


class Region(NamedTuple):
    """A rectangle of a sheet.

    Attributes
    ----------
    kind : str
        What it was taken for; one of `iomodel.readers.palette.LOOKS`.
    area : Area
    text : str
        A few words to write into it.
    names : tuple of str
        The lines it holds.
    chosen : bool
        True for the block that is read.
    whole : bool
        True if its words are left out where they do not fit.
    """

    kind: str
    area: Area
    text: str
    names: tuple[str, ...] = ()
    chosen: bool = False
    whole: bool = False

    @property
    def address(self) -> str:
        """Address of its cells."""
        first = address_of(self.area.top, self.area.left)
        last = address_of(self.area.bottom, self.area.right)
        return first if first == last else f"{first}:{last}"


def regions_of(grid: Grid, found: Sequence[Found], chosen: Found | None) -> list[Region]:
    """Return the rectangles of a sheet in the order in which they are painted.

    Parameters
    ----------
    grid : Grid
    found : sequence of Found
        The blocks of the sheet.
    chosen : Found or None
        The block that is read.
    """
    squares = [_square(item, item is chosen) for item in found]
    beside: list[Region] = []
    inside: list[Region] = []
    for item, square in zip(found, squares, strict=True):
        for region in (*_labels(item), *_lines(item)):
            if _within(region.area, square.area):
                inside.append(region)
            elif not any(_within(region.area, other.area) for other in squares):
                beside.append(region)
    parts = [*joined(beside), *squares, *inside]
    return [*patches(grid, parts), *parts]


def joined(regions: Iterable[Region]) -> list[Region]:
    """Return regions with labels that blocks share as one."""
    found: list[Region] = []
    for new in regions:
        a = new.area
        place = next((k for k, old in enumerate(found) if _shared(old, new)), None)
        if place is None:
            found.append(new)
        else:
            b = found[place].area
            area = Area(
                min(a.top, b.top),
                min(a.left, b.left),
                max(a.bottom, b.bottom),
                max(a.right, b.right),
            )
            found[place] = found[place]._replace(area=area)
    return found


def _shared(one: Region, other: Region) -> bool:
    """Tell whether two regions are labels in the same columns or the same rows that meet."""
    a, b = one.area, other.area
    same = (a.left, a.right) == (b.left, b.right) or (a.top, a.bottom) == (b.top, b.bottom)
    return one.kind == other.kind == "labels" and same and _touch(a, b)


def strip_regions(strip: Strip) -> list[Region]:
    """Return the rectangles of a sheet with columns of figures by sector."""
    rows, columns = (strip.rows[0], strip.rows[-1]), (strip.columns[0], strip.columns[-1])
    names = tuple(" ".join(strip.texts(c, by_row=False)[:1]) for c in strip.columns)
    parts = [
        Region("labels", Area(rows[0], strip.side, rows[1], strip.side), "labels"),
        Region("labels", Area(strip.head, columns[0], strip.head, columns[1]), "labels"),
        Region(
            "columns by sector",
            Area(rows[0], columns[0], rows[1], columns[1]),
            f"columns by sector: {len(strip.columns)} of {len(strip.rows)}",
            names[:NAMED],
        ),
    ]
    return [*patches(strip.grid, parts), *parts]


def own_regions(sheet: Sheet) -> list[Region]:
    """Return the rectangles of the sheet ``flows`` of our own layout: its roles say them."""
    across = [sheet.text(3, c) for c in range(sheet.width)]
    down = [sheet.text(r, 3) for r in range(sheet.height)]
    if "sector" not in across or "sector" not in down:
        return []
    columns = [c for c, role in enumerate(across) if role == "sector"]
    rows = [r for r, role in enumerate(down) if role == "sector"]
    square = Area(rows[0], columns[0], rows[-1], columns[-1])
    text = f"intermediate flows {len(rows)} × {len(columns)}"
    parts = [
        Region("labels", Area(rows[0], 0, sheet.height - 1, columns[0] - 1), "labels"),
        Region("labels", Area(0, columns[0], rows[0] - 1, sheet.width - 1), "labels"),
        Region("intermediate", square, text, chosen=True),
    ]
    kinds = {"imports": "imports", "output": "output"}
    right = [(c, kinds.get(across[c], "final demand")) for c in range(columns[-1] + 1, sheet.width)]
    right = [(c, kind) for c, kind in right if across[c]]
    for kind, first, last in _runs(right):
        names = tuple(sheet.text(0, c) for c in range(first, last + 1))
        area = Area(rows[0], first, rows[-1], last)
        parts.append(Region(kind, area, _worded(kind, names), names))
    below = [(r, "primary input") for r in range(rows[-1] + 1, sheet.height) if down[r]]
    for kind, first, last in _runs(below):
        names = tuple(sheet.text(r, 0) for r in range(first, last + 1))
        area = Area(first, columns[0], last, columns[-1])
        parts.append(Region(kind, area, _worded(kind, names), names))
    return parts


def kind_of_square(found: Found) -> str:
    """Return how a block is painted."""
    if found.kind in FLOWS:
        return "intermediate"
    return found.kind if found.kind in {"imports", "make"} else "matrix"


def _square(found: Found, chosen: bool) -> Region:
    block = found.block
    what = "intermediate flows" if found.kind in FLOWS else found.kind
    words = {"imports": "flows of imports", "make": "make table"}
    text = f"{words.get(what, what)} {block.size} × {block.size}"
    kind = kind_of_square(found)
    area = Area(block.top, block.left, max(block.rows), max(block.columns))
    facts = (found.facts.unit, str(found.facts.year or ""), found.facts.valuation)
    names = tuple(fact for fact in facts if fact and fact != "not stated")
    return Region(kind, area, text, (*names, f"confidence {found.confidence:.2f}"), chosen)


def _labels(found: Found) -> Iterator[Region]:
    """Yield the columns and rows of labels beside a block and the lines next to it."""
    block, grid = found.block, found.block.grid
    right = max([*block.columns, *(line.place for line in found.beside.columns)])
    bottom = max([*block.rows, *(line.place for line in found.beside.rows)])
    sides = {c for c in range(block.left) if _many((r, c) in grid.labels for r in block.rows)}
    above = range(max(0, block.top - NEAR_HEADS), block.top)
    heads = {r for r in above if _many((r, c) in grid.labels for c in block.columns)}
    for _, first, last in _runs([(c, "") for c in sorted(sides | set(block.sides))]):
        names = tuple(grid.text(row, last) for row in block.rows[:NAMED])
        yield Region("labels", Area(block.top, first, bottom, last), "labels", names)
    for _, first, last in _runs([(r, "") for r in sorted(heads | set(block.heads))]):
        names = tuple(grid.text(last, column) for column in block.columns[:NAMED])
        yield Region("labels", Area(first, block.left, last, right), "labels", names)


def _many(found: Iterable[bool]) -> bool:
    marks = list(found)
    return sum(marks) * 2 > len(marks)


def _lines(found: Found) -> Iterator[Region]:
    """Yield the lines beside a block, neighbours of one kind together, and their corner."""
    block, lines = found.block, taken(found)
    spans = {
        True: (block.left, max(block.columns)),
        False: (block.top, max(block.rows)),
    }
    runs: dict[bool, list[tuple[str, int, int]]] = {}
    for by_row in (False, True):
        side = {item.line.place: item for item in lines if item.line.by_row is by_row}
        runs[by_row] = list(_runs([(place, painted(item)) for place, item in side.items()]))
        low, high = spans[by_row]
        for kind, first, last in runs[by_row]:
            area = Area(first, low, last, high) if by_row else Area(low, first, high, last)
            items = [side[place] for place in range(first, last + 1)]
            text = _worded(kind, [item.line.name or item.line.code for item in items])
            yield Region(kind, area, text, tuple(map(_named, items)))
    if found.kind in MONEY:
        yield from _corner(block.grid, runs)


def painted(item: Taken) -> str:
    """Return how a line is painted: rows of imports as imports, whatever the balance says."""
    imported = item.use == "primary input" and item.role == "imports"
    return "imports" if imported else item.use


def _corner(grid: Grid, runs: dict[bool, list[tuple[str, int, int]]]) -> Iterator[Region]:
    """Yield the primary inputs of final demand, where there are figures."""
    for kind, top, bottom in runs[True]:
        for other, left, right in runs[False]:
            if kind in {"primary input", "imports"} and other == "final demand":
                values = np.nan_to_num(grid.numbers[top : bottom + 1, left : right + 1])
                if values.any():
                    area = Area(top, left, bottom, right)
                    yield Region(kind, area, f"{kind} of final demand", whole=True)


def _named(item: Taken) -> str:
    name = item.line.title or item.line.code or f"line {item.line.place + 1}"
    return f"{name} (deducted)" if item.sign < 0 else name


def _worded(kind: str, names: Sequence[str]) -> str:
    """Return words for a rectangle: what it is, how many lines, and their names."""
    head = f"{kind} ({len(names)})" if len(names) > 1 else kind
    shown = "; ".join(name for name in names[:NAMED] if name and name.casefold() != kind)
    return f"{head}: {shown}" if shown else head


def _runs(places: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, first, last) of neighbouring places of one kind."""
    numbered = enumerate(sorted(places))
    for (kind, _), group in groupby(numbered, key=lambda pair: (pair[1][1], pair[1][0] - pair[0])):
        spots = [place for _, (place, _) in group]
        yield kind, spots[0], spots[-1]


def _within(one: Area, other: Area) -> bool:
    return (
        other.top <= one.top
        and other.left <= one.left
        and one.bottom <= other.bottom
        and one.right <= other.right
    )


class Patch(NamedTuple):
    """Cells that belong to no part, and how many of them hold figures and texts."""

    area: Area
    figures: int
    texts: int


def patches(grid: Grid, parts: Sequence[Region]) -> list[Region]:
    """Return the cells that belong to no part, gathered into patches, the largest ones."""
    figures, texts = grid.figures.copy(), np.zeros_like(grid.figures)
    for row, column in grid.labels:
        figures[row, column], texts[row, column] = False, True
    for part in parts:
        area = part.area
        for marks in (figures, texts):
            marks[area.top : area.bottom + 1, area.left : area.right + 1] = False
    filled = figures | texts
    found: list[Patch] = []
    for row in np.flatnonzero(filled.any(axis=1)).tolist():
        for first, last in _stretches(np.flatnonzero(filled[row]).tolist()):
            span = slice(first, last + 1)
            counts = int(figures[row, span].sum()), int(texts[row, span].sum())
            _add(found, Patch(Area(row, first, row, last), *counts))
    found.sort(key=lambda patch: -patch.figures - patch.texts)
    shown = found[:PATCHES]
    return [_patch(patch, grid, parts) for patch in shown]


def _patch(patch: Patch, grid: Grid, parts: Sequence[Region]) -> Region:
    """Return a patch with its first texts; without words where parts lie on it."""
    area = patch.area
    kind, words = "figures not read", ["figures, not read"]
    if patch.texts >= patch.figures:
        places = range(area.top, area.bottom + 1)
        cells = (cell for row in places for cell in grid.by_row.get(row, []))
        kind = "text"
        words = [text for c, text in islice(cells, 4 * NAMED) if area.left <= c <= area.right]
    covered = any(_touch(area, part.area) for part in parts)
    return Region(kind, area, "" if covered else words[0], tuple(words[:NAMED]), whole=covered)


def _touch(one: Area, other: Area) -> bool:
    across = one.left <= other.right and other.left <= one.right
    return across and one.top <= other.bottom and other.top <= one.bottom


def _stretches(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of places with no more than a small gap between them."""
    first = last = places[0]
    for place in places[1:]:
        if place - last > GAP:
            yield first, last
            first = place
        last = place
    yield first, last


def _add(found: list[Patch], new: Patch) -> None:
    """Add cells of a row to the patch right above them, or as a new patch."""
    row, left, right = new.area.top, new.area.left, new.area.right
    for k, old in enumerate(found):
        area = old.area
        if row - area.bottom <= GAP and left <= area.right + GAP and area.left - GAP <= right:
            grown = Area(area.top, min(area.left, left), row, max(area.right, right))
            found[k] = Patch(grown, old.figures + new.figures, old.texts + new.texts)
            return
    found.append(new)
