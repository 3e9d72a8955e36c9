"""Draw the map of a sheet: its parts as labelled rectangles, with addresses at the edges.

The map is no picture to scale: a stretch of k rows or columns between two borders is drawn as
wide as the root of k, so that a single row of output can be read beside 2,464 sectors.
"""

import html
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple
from unicodedata import east_asian_width
from zlib import crc32

from iomodel.readers.addresses import column_letters
from iomodel.readers.palette import LOOKS, pattern
from iomodel.readers.regions import Region

EDGE = 34.0  # room for the numbers of the rows
TOP = 16.0  # room for the letters of the columns
WIDEST, HIGHEST = 880.0, 620.0
ACROSS, DOWN = 22.0, 17.0  # size of a single column and a single row
SPARE, ROOMY = 620.0, 1.5  # below this width single columns are drawn wider
EMPTY = 9.0  # size of columns or rows that hold nothing
SQUARE, NONE = (240.0, 200.0), (0.0, 0.0)  # size of a block at least
SQUARES = frozenset({"intermediate", "matrix", "make", "columns by sector"})
FONT, SMALL = 11.0, 9.0
INK = "#1a1a1a"
LETTER = 0.6  # mean width of a letter, as a share of its size
LEADING = 1.2
ROOM = 6.0  # that words leave at both ends of a rectangle
FEWEST = 4  # words of fewer letters than this are not worth writing
HOVER = 320  # letters of the text shown on hover


class Axis(NamedTuple):
    """Rows or columns brought to the page: borders as counted in the sheet, and where they lie."""

    borders: tuple[int, ...]
    places: tuple[float, ...]

    def at(self, position: int) -> float:
        """Return where a border lies."""
        return self.places[bisect_right(self.borders, position) - 1]

    @property
    def length(self) -> float:
        """Length of the whole axis."""
        return self.places[-1]


class Span(NamedTuple):
    """First and last row or column of a part, and the size that its words need."""

    low: int
    high: int
    least: float


def axis_of(spans: Sequence[Span], single: float, longest: float) -> Axis:
    """Return the axis on which all spans begin and end at a border.

    Parameters
    ----------
    spans : sequence of Span
    single : float
        Size of a single row or column; lines of which no part holds any are drawn narrow.
    longest : float
        Length not to exceed: long stretches are shortened, single lines are not.
    """
    borders = sorted({0} | {place for span in spans for place in (span.low, span.high + 1)})
    pairs = list(pairwise(borders))
    inside = [[k for k, (low, _) in enumerate(pairs) if s.low <= low <= s.high] for s in spans]
    held = {k for places in inside for k in places}
    sizes = [
        single * (high - low) ** 0.5 if k in held else EMPTY for k, (low, high) in enumerate(pairs)
    ]
    for span, places in zip(spans, inside, strict=True):
        size = sum(sizes[k] for k in places)
        if size < span.least:
            for k in places:
                sizes[k] *= span.least / size
    spare = sum(max(size - single, 0.0) for size in sizes)
    over = max(sum(sizes) - longest, 0.0)
    kept = 1 - min(1.0, over / spare) if spare > 0 else 1.0
    sizes = [single + (size - single) * kept if size > single else size for size in sizes]
    return Axis(tuple(borders), (0.0, *accumulate(sizes)))


def draw(regions: Sequence[Region], key: str) -> str:
    """Return the map of a sheet as SVG; every text is escaped.

    Parameters
    ----------
    regions : sequence of Region
        In the order of painting.
    key : str
        File and sheet: they make the names of patterns differ between maps on one page.
    """
    least = [SQUARE if region.kind in SQUARES else NONE for region in regions]
    areas = [region.area for region in regions]
    wide = [Span(a.left, a.right, size[0]) for a, size in zip(areas, least, strict=True)]
    high = [Span(a.top, a.bottom, size[1]) for a, size in zip(areas, least, strict=True)]
    across = axis_of(wide, ACROSS, WIDEST)
    if across.length < SPARE:
        across = axis_of(wide, ACROSS * ROOMY, WIDEST)
    down = axis_of(high, DOWN, HIGHEST)
    mark = f"io{crc32(key.encode()):08x}"
    kinds = dict.fromkeys(region.kind for region in regions)
    names = {kind: f"{mark}-{place}" for place, kind in enumerate(kinds)}
    width, height = across.length + EDGE + 2, down.length + TOP + 2
    painted = [_rectangle(region, across, down, names[region.kind]) for region in regions]
    painted += [_notes(region, regions, across, down) for region in regions if _is_note(region)]
    chosen = [_frame(region, across, down) for region in regions if region.chosen]
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' "
        f"width='{width:.0f}' style='max-width:100%;height:auto;background:#fff' role='img' "
        f"font-family='system-ui,sans-serif' font-size='{FONT}' "
        f"aria-label='{html.escape(key, quote=True)}'>"
        f"<defs>{''.join(pattern(name, kind) for kind, name in names.items())}</defs>"
        f"{_edges(across, down)}<g transform='translate({EDGE:.0f} {TOP:.0f})' stroke='#666' "
        f"stroke-width='.7' fill='{INK}' text-anchor='middle' paint-order='stroke'>"
        f"{''.join(painted)}{''.join(chosen)}</g></svg>"
    )


def legend(kinds: Iterable[str], key: str) -> str:
    """Return the legend of the kinds that occur, in the order of the palette.

    Parameters
    ----------
    kinds : iterable of str
    key : str
        The file, for the names of patterns.
    """
    wanted, mark = set(kinds), f"io{crc32(key.encode()):08x}"
    items = []
    for place, (kind, look) in enumerate(LOOKS.items()):
        if kind in wanted:
            name = f"{mark}-l{place}"
            box = (
                f"<svg width='26' height='15' style='vertical-align:-3px'><defs>"
                f"{pattern(name, kind)}</defs><rect x='.5' y='.5' width='25' height='14' "
                f"fill='{_paint(kind, name)}' stroke='#666'{_dashes(kind)}/></svg>"
            )
            items.append(
                f"<span style='display:inline-block;margin:0 1.1em .3em 0'>{box} "
                f"{html.escape(look.meaning)}</span>"
            )
    return f"<div style='font-size:.85em'>{''.join(items)}</div>"


def _paint(kind: str, name: str) -> str:
    look = LOOKS[kind]
    return look.fill if look.pattern == "plain" else f"url(#{name})"


def _dashes(kind: str) -> str:
    return " stroke-dasharray='3 2'" if LOOKS[kind].fill in {"#ffffff", "#f7f7f7"} else ""


def _edges(across: Axis, down: Axis) -> str:
    """Return the letters and numbers of the first column and row of every stretch."""
    found = []
    for first, place, end in zip(across.borders, across.places, across.places[1:], strict=False):
        word = column_letters(first)
        if len(word) * SMALL * 0.7 <= end - place + 1:
            found.append(f"<text x='{EDGE + place + 1:.0f}' y='{TOP - 4:.0f}'>{word}</text>")
    for first, place in zip(down.borders, down.places[:-1], strict=False):
        spot = TOP + place + SMALL + 2
        found.append(
            f"<text x='{EDGE - 4:.0f}' y='{spot:.0f}' text-anchor='end'>{first + 1}</text>"
        )
    return f"<g font-size='{SMALL}' fill='#666'>{''.join(found)}</g>"


def _box(region: Region, across: Axis, down: Axis) -> tuple[float, float, float, float]:
    area = region.area
    left, top = across.at(area.left), down.at(area.top)
    return left, top, across.at(area.right + 1) - left, down.at(area.bottom + 1) - top


def _rectangle(region: Region, across: Axis, down: Axis, name: str) -> str:
    left, top, width, height = _box(region, across, down)
    lines = "\n".join([f"{region.address}: {region.text.partition(':')[0]}", *region.names])
    hover = html.escape(lines if len(lines) <= HOVER else lines[:HOVER] + "…", quote=False)
    return (
        f"<g><title>{hover}</title><rect x='{left:.0f}' y='{top:.0f}' width='{width:.0f}' "
        f"height='{height:.0f}' fill='{_paint(region.kind, name)}'{_dashes(region.kind)}/>"
        f"{'' if _is_note(region) else _words(region, left, top, width, height)}</g>"
    )


def _is_note(region: Region) -> bool:
    return region.kind == "text" and not region.whole


def _notes(region: Region, others: Sequence[Region], across: Axis, down: Axis) -> str:
    """Return texts of a sheet such as its title, which may run on to the right as they do there."""
    left, top, _, height = _box(region, across, down)
    boxes = [_box(other, across, down) for other in others]
    spans = []
    for k, text in enumerate(region.names[: int(height / (FONT * LEADING))]):
        foot = top + (k + 0.9) * FONT * LEADING
        ends = [x for x, y, _, tall in boxes if x > left and y - 3 < foot < y + tall + FONT]
        room = int((min([across.length, *ends]) - left - ROOM) / (FONT * LETTER))
        if room >= FEWEST:
            words = html.escape(_cut(" ".join(text.split()), room))
            spans.append(f"<tspan x='{left + 3:.0f}' y='{foot:.0f}'>{words}</tspan>")
    return f"<text text-anchor='start' stroke='none' fill='#555'>{''.join(spans)}</text>"


def _frame(region: Region, across: Axis, down: Axis) -> str:
    left, top, width, height = _box(region, across, down)
    return (
        f"<rect x='{left:.0f}' y='{top:.0f}' width='{width:.0f}' height='{height:.0f}' "
        f"fill='none' stroke='{LOOKS[region.kind].ink}' stroke-width='3' pointer-events='none'/>"
    )


def _words(region: Region, left: float, top: float, width: float, height: float) -> str:
    """Return the words of a rectangle, along its longer side if they need it, cut to fit."""
    upright = width < height and width < len(region.text) * FONT * LETTER
    length, thickness = (height, width) if upright else (width, height)
    room = int((length - ROOM) / (FONT * LETTER))
    most = max(1, min(int((thickness - 2) / (FONT * LEADING)), 4))
    lines = wrapped(region.text, room, most)
    cut = any(line.endswith("…") for line in lines)
    if room < FEWEST or thickness < FONT or not region.text or (cut and region.whole):
        return ""
    look = LOOKS[region.kind]
    marks = " stroke='none'"
    if look.pattern != "plain":  # a rim in the colour of the ground keeps words off the pattern
        marks = f" stroke='{look.fill}' stroke-width='3'"
    marks += " font-weight='600'" if region.chosen else ""
    marks += f" fill='{look.ink}'" if region.kind == "output" else ""
    middle = f"{left + width / 2:.0f} {top + height / 2:.0f}"
    turned = " rotate(-90)" if upright else ""
    start = FONT * 0.35 - (len(lines) - 1) * FONT * LEADING / 2
    spans = "".join(
        f"<tspan x='0' y='{start + k * FONT * LEADING:.0f}'>{html.escape(line)}</tspan>"
        for k, line in enumerate(lines)
    )
    return f"<text transform='translate({middle}){turned}'{marks}>{spans}</text>"


def wrapped(text: str, room: int, most: int) -> list[str]:
    """Return a text in lines of at most `room` letters; what is too long ends in ``…``.

    Letters of Chinese, Japanese and Korean take the room of two.
    """
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if letters(longer) <= room or not line:
            line = longer
        else:
            lines.append(line)
            line = word
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [_cut(part, room) for part in lines]


def _cut(text: str, room: int) -> str:
    if letters(text) <= room:
        return text
    kept = ""
    for letter in text:
        if letters(kept + letter) > room - 1:
            break
        kept += letter
    return kept.rstrip(" :;,(") + "…"


def letters(text: str) -> int:
    """Return how many letters' room a text takes."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
