"""Parts of an .xlsx, streamed: how far a sheet reaches, its hidden lines and merged cells."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipInfo

from iomodel.errors import ReadError
from iomodel.readers.addresses import Area, address_of, column_number

CHUNK = 1 << 18
MOST_CELLS = 50_000_000  # cells that a sheet may span from A1 on, stored or not
SPARSE_FROM = 20_000_000  # from this span on ...
MOST_SPARSE = 200  # ... at most this many times the stored cells
WIDEST = 16_384  # columns that a sheet can have

ADDRESS = re.compile(rb'([A-Z]*)([0-9]+)"')
FILLED_CELL = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*[^/>]>)(?:[^>]*\s)?r="([A-Z]+)([0-9]+)"')
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]+)([0-9]+)(?::([A-Z]+)([0-9]+))?"')
HIDDEN = re.compile(rb'\shidden="(?:1|true)"')


def sheet_parts(path: Path) -> dict[str, ZipInfo]:
    """Return which part of an .xlsx holds each sheet; empty where its directory is unusual."""
    with zipfile.ZipFile(path) as archive:
        try:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error):
            return {}
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        parts = {}
        for sheet in book.iter():
            if sheet.tag.rpartition("}")[2] != "sheet":
                continue
            key = next((v for k, v in sheet.items() if k.rpartition("}")[2] == "id"), None)
            target = targets.get(key, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            parts[sheet.get("name", "")] = part
        entries = {entry.filename: entry for entry in archive.infolist()}
    return {name: entries[part] for name, part in parts.items() if part in entries}


def entry_of(path: Path, part: str) -> ZipInfo:
    """Return where a part of a zipped workbook is."""
    with zipfile.ZipFile(path) as archive:
        return archive.getinfo(part)


def unpacked(path: Path, entry: ZipInfo) -> Iterator[bytes]:
    """Yield a part piece by piece, without its checksum: the reader of cells looks at that.

    Raises
    ------
    ReadError
        If the part is damaged, or unpacks to more than the directory of the file declares.
    """
    size = 0
    try:
        for piece in _inflated(path, entry):
            size += len(piece)
            if size > entry.file_size:
                break
            yield piece
    except (zlib.error, struct.error) as error:
        raise ReadError(
            f"{path}: the part {entry.filename} is damaged ({error}). Download or copy the file "
            "again."
        ) from error
    if size > entry.file_size:
        raise ReadError(
            f"{path}: the part {entry.filename} declares {entry.file_size:,} bytes and unpacks to "
            "more: the file is damaged or made to deceive. Download it again."
        )


def _inflated(path: Path, entry: ZipInfo) -> Iterator[bytes]:
    with path.open("rb") as stream:
        stream.seek(entry.header_offset)
        stream.seek(sum(struct.unpack("<26xHH", stream.read(30))), 1)
        inflate = zlib.decompressobj(-15)
        left = entry.compress_size
        while left > 0 and (packed := stream.read(min(CHUNK, left))):
            left -= len(packed)
            if entry.compress_type == zipfile.ZIP_STORED:
                yield packed
                continue
            while packed:
                yield inflate.decompress(packed, CHUNK)
                packed = inflate.unconsumed_tail


def refuse_far_cells(path: Path, entry: ZipInfo, sheet: str) -> None:
    """Refuse a sheet of an .xlsx whose cells span far more than it stores.

    The stated dimension can be wrong, so the sheet itself is streamed. The last address of each
    row bounds the span; only where that is large are cells with contents counted one by one.
    """
    height = width = 0
    rest = mark = b""
    for piece in unpacked(path, entry):
        data = rest + piece
        begin = 0
        mark = mark or (b":row" if b":sheetData" in data else b"/row")
        while (end := data.find(mark, begin)) >= 0:
            found = ADDRESS.match(data, data.rfind(b' r="', begin, end) + 4)
            if found:
                height = max(height, int(found[2]))
                width = max(width, column_number(found[1].decode()) + 1)
            begin = end + 4
        rest = data[begin:]
    if height * width <= SPARSE_FROM:
        return
    height = width = stored = 0
    for piece in _whole(unpacked(path, entry), b"<"):
        for letters, digits in FILLED_CELL.findall(piece):
            stored += 1
            height = max(height, int(digits))
            width = max(width, column_number(letters.decode()) + 1)
    refuse_span(path, sheet, (height, width), stored)


def refuse_span(path: Path, sheet: str, span: tuple[int, int], stored: int) -> None:
    """Refuse a sheet that would fill the memory with empty cells."""
    cells = span[0] * span[1]
    if cells <= MOST_CELLS and (cells <= SPARSE_FROM or cells <= MOST_SPARSE * stored):
        return
    far = address_of(span[0] - 1, span[1] - 1)
    raise ReadError(
        f"{path}: the sheet {sheet!r} spans {span[0]:,} rows and {span[1]:,} columns "
        f"({cells:,} cells) but stores {stored:,}; the limit is {MOST_CELLS:,} cells, and from "
        f"{SPARSE_FROM:,} on {MOST_SPARSE} times the stored ones. The far corner is {far}: "
        "delete the rows and columns beyond the table in a spreadsheet program and save the file."
    )


def hidden_lines(path: Path, entry: ZipInfo) -> tuple[frozenset[int], frozenset[int]]:
    """Return the hidden rows and columns of a sheet of an .xlsx, counted from zero."""
    rows: set[int] = set()
    columns: set[int] = set()
    row = 0
    for piece in _whole(unpacked(path, entry), b"<"):
        for tag in ROW.findall(piece):
            stated = _number(tag, b"r")
            row = row + 1 if stated is None else stated
            if HIDDEN.search(tag):
                rows.add(row - 1)
        for tag in COLUMN.findall(piece):
            first, last = _number(tag, b"min"), _number(tag, b"max")
            if first and last and HIDDEN.search(tag):
                columns.update(range(first - 1, min(last, WIDEST)))
    return frozenset(rows), frozenset(columns)


def merged_areas(path: Path, entry: ZipInfo) -> tuple[Area, ...]:
    """Return the merged ranges of a sheet of an .xlsx."""
    found = []
    for piece in _whole(unpacked(path, entry), b"<"):
        for left, top, right, bottom in MERGED.findall(piece):
            area = Area(
                int(top) - 1,
                column_number(left.decode()),
                int(bottom or top) - 1,
                column_number((right or left).decode()),
            )
            found.append(area)
    return tuple(found)


def _whole(pieces: Iterator[bytes], mark: bytes) -> Iterator[bytes]:
    """Yield pieces cut before a mark, so that no tag is cut in two."""
    rest = b""
    for piece in pieces:
        head, found, tail = (rest + piece).rpartition(mark)
        if found:
            yield head
        rest = found + tail
    yield rest


def _number(tag: bytes, key: bytes) -> int | None:
    found = re.search(rb"\s" + key + rb'="([0-9]+)"', tag)
    return int(found[1]) if found else None
