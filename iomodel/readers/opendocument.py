"""Cells of an .ods, streamed: how far its sheets reach, and its error values."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from iomodel.readers.parts import entry_of, refuse_span, unpacked

CONTENT = "content.xml"
TABLE = re.compile(rb'<table:table\s(?:[^>]*\s)?table:name="([^"]*)"')
TOKEN = re.compile(
    rb"<table:table\s[^>]*>|<table:table-row\b[^>]*>"
    rb"|<table:(?:covered-)?table-cell\b[^>]*>(?:<text:p[^>]*>[^<]*)?"
)
REPEATED = re.compile(rb'table:number-(?:rows|columns)-repeated="([0-9]+)"')


class Spot(NamedTuple):
    """A cell of an .ods with something in it: its sheet, first place, last place and tag."""

    sheet: str
    row: int
    column: int
    height: int
    width: int
    tag: bytes


def filled_spots(path: Path) -> Iterator[Spot]:
    """Yield the filled cells of all sheets; empty ones, however often repeated, do not count."""
    sheet, row, column, height = "", 0, 0, 0
    for tag in _tags(path):
        repeated = REPEATED.search(tag)
        count = int(repeated[1]) if repeated else 1
        if tag.startswith(b"<table:table-row"):
            row, column, height = row + height, 0, count
        elif tag.startswith(b"<table:table "):
            named = TABLE.match(tag)
            sheet = html.unescape(named[1].decode()) if named else ""
            row = column = height = 0
        else:
            if b"office:value-type" in tag:
                yield Spot(sheet, row, column, height, count, tag)
            column += count


def refuse_far_cells(path: Path) -> None:
    """Refuse an .ods with filled cells at far corners of a sheet.

    The whole file is looked at before it is opened, because all its sheets are read then.
    """
    spans: dict[str, tuple[int, int, int]] = {}
    for spot in filled_spots(path):
        rows, columns, stored = spans.get(spot.sheet, (0, 0, 0))
        spans[spot.sheet] = (
            max(rows, spot.row + spot.height),
            max(columns, spot.column + spot.width),
            stored + spot.height * spot.width,
        )
    for sheet, (rows, columns, stored) in spans.items():
        refuse_span(path, sheet, (rows, columns), stored)


def error_values(path: Path, sheet: str = "") -> Iterator[tuple[int, int, str]]:
    """Yield row, column and text of the cells that hold an error value."""
    for spot in filled_spots(path):
        if b'calcext:value-type="error"' in spot.tag and sheet in {"", spot.sheet}:
            shown = html.unescape(spot.tag.rpartition(b">")[2].decode(errors="replace"))
            for row in range(spot.row, spot.row + spot.height):
                for column in range(spot.column, spot.column + spot.width):
                    yield row, column, shown or "#ERROR!"


def _tags(path: Path) -> Iterator[bytes]:
    rest = b""
    for piece in unpacked(path, entry_of(path, CONTENT)):
        # A cell is cut before the next tag of a table, so that its text stays with it.
        head, found, tail = (rest + piece).rpartition(b"<table:")
        yield from TOKEN.findall(head)
        rest = found + tail
    yield from TOKEN.findall(rest)
