"""The sheets of a workbook, each with what was found on it, in words and as rectangles."""

from collections.abc import Sequence
from dataclasses import dataclass

from iomodel.readers import own
from iomodel.readers.found import Found
from iomodel.readers.grid import grid_of
from iomodel.readers.regions import Region, own_regions, regions_of, strip_regions
from iomodel.readers.strips import Strip, find_strip
from iomodel.readers.workbook import Sheet, Workbook

NO_LABELS = "no rows and columns with the same labels"


@dataclass(frozen=True, eq=False, kw_only=True)
class View:
    """One sheet, or one table of several that a sheet lists line by line.

    Attributes
    ----------
    name : str
    hidden : bool
    holds : str
        What it holds, in words.
    size : tuple of int
        Its used rows and columns.
    found : tuple of Found
        Its blocks.
    strip : Strip or None
        Its columns of figures by sector, where it has no block.
    whole : Sheet or None
        The sheet of flows of a workbook in our own layout.
    """

    name: str
    hidden: bool
    holds: str
    size: tuple[int, int]
    found: tuple[Found, ...] = ()
    strip: Strip | None = None
    whole: Sheet | None = None

    def regions(self, chosen: Found | None) -> list[Region]:
        """Return the rectangles of its map; none where nothing was found."""
        if self.found:
            return regions_of(self.found[0].block.grid, self.found, chosen)
        if self.strip is not None:
            return strip_regions(self.strip)
        return [] if self.whole is None else own_regions(self.whole)


def views_of(book: Workbook, name: str, found: Sequence[Found]) -> list[View]:
    """Return the views of one sheet: one, or as many as it lists tables line by line."""
    sheet, hidden = book.sheet(name), name in book.hidden
    parts = dict.fromkeys(item.sheet for item in found)
    views = []
    for part in parts:
        here = tuple(item for item in found if item.sheet == part)
        kinds = [f"{item.kind} of {item.block.size} in {item.range}" for item in here]
        own_sheet = here[0].block.grid.sheet
        size = own_sheet.height, own_sheet.width
        holds = "; ".join(kinds)
        views.append(View(name=part, hidden=hidden, holds=holds, size=size, found=here))
    if views:
        return views
    strip = find_strip(grid_of(sheet)) if sheet.height else None
    holds = _contents(sheet)
    if strip is not None:
        count = len(strip.columns)
        figures = "columns of figures" if count > 1 else "column of figures"
        holds = f"{count} {figures} for {len(strip.rows)} labelled rows"
    size = sheet.height, sheet.width
    return [View(name=name, hidden=hidden, holds=holds, size=size, strip=strip)]


def named_view(book: Workbook, name: str) -> View:
    """Return a sheet of a form whose sheets are known by their names."""
    sheet = book.sheet(name)
    whole = sheet if name == "flows" and own.recognises(book) else None
    size = sheet.height, sheet.width
    hidden = name in book.hidden
    return View(name=name, hidden=hidden, holds=_contents(sheet, ""), size=size, whole=whole)


def _contents(sheet: Sheet, before: str = f"{NO_LABELS}; ") -> str:
    """Return in words what a sheet holds."""
    cells = [value for row in sheet.rows for value in row if value != ""]
    if not cells:
        return "empty"
    figures = sum(isinstance(value, int | float) for value in cells)
    counts = ((len(cells) - figures, "text"), (figures, "figure"))
    words = [f"{count:,} {word}{'s' if count > 1 else ''}" for count, word in counts if count]
    return f"{before}{sheet.height:,} × {sheet.width:,} cells with {' and '.join(words)}"


def marked(view: View) -> str:
    """Return the name of a sheet, marked if a spreadsheet program does not show it."""
    return f"{view.name} (hidden)" if view.hidden else view.name
