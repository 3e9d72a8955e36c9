"""Error values of an .xls (BIFF5 and BIFF8), which the fast reader gives as empty cells.

Structure: [MS-CFB] 2.2 to 2.6 for the container; [MS-XLS] 2.4 names the records BoundSheet8,
BoolErr, Formula and CodePage.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
FORMULA, BOOL_ERROR, BOUND_SHEET, BEGIN, END = 0x0006, 0x0205, 0x0085, 0x0809, 0x000A
BIFF8 = 0x0600
SECTOR_LIMIT = 0xFFFFFFFA  # numbers from here on end a chain


def error_values(path: Path, sheet: str = "") -> Iterator[tuple[int, int, str]]:
    """Yield row, column (from zero) and text of the cells of a sheet that hold an error value.

    Parameters
    ----------
    path : Path
        An .xls that has been opened before: it is sound.
    sheet : str
        Name of the sheet; empty for all sheets.
    """
    stream = _workbook_stream(path.read_bytes())
    starts = [start for start, name in _sheets(stream) if sheet in {"", name}]
    for start in starts:
        for kind, data in _records(stream, start):
            if kind == BOOL_ERROR and len(data) >= 8 and data[7] == 1:
                code = data[6]
            elif kind == FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
                code = data[8]
            else:
                continue
            row, column = struct.unpack_from("<HH", data)
            yield row, column, ERRORS.get(code, f"#ERROR {code}")


def _records(stream: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield the records from one place to the end of its sheet."""
    depth = 0
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        depth += (kind == BEGIN) - (kind == END)  # a chart within a sheet has its own pair
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size
        if depth <= 0:
            return


def _sheets(stream: bytes) -> Iterator[tuple[int, str]]:
    """Yield where each sheet begins, and its name."""
    version, page = BIFF8, "cp1252"
    for kind, data in _records(stream):
        if kind == BEGIN:
            version = struct.unpack_from("<H", data)[0]
        elif kind == 0x0042:
            page = f"cp{struct.unpack_from('<H', data)[0]}"
        elif kind == BOUND_SHEET:
            start, length = struct.unpack_from("<I2xB", data)
            if version < BIFF8:
                yield start, data[7 : 7 + length].decode(page, errors="replace")
            elif data[7] & 1:
                yield start, data[8 : 8 + 2 * length].decode("utf-16-le", errors="replace")
            else:
                yield start, data[8 : 8 + length].decode("latin-1")


def _workbook_stream(file: bytes) -> bytes:
    """Return the stream `Workbook` (or `Book`) of a compound file."""
    size, small = 1 << file[30], 1 << file[32]
    directory, cutoff, mini_start, _, more = struct.unpack_from("<I4xIIII", file, 48)
    fat = _fat(file, size, more)
    entries = _chain(file, size, fat, directory)
    root = b""
    for at in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le", errors="replace")
        first, total = struct.unpack_from("<II", entries, at + 116)
        if entries[at + 66] == 5:
            root = _chain(file, size, fat, first)
        elif name.lower() in {"workbook", "book"} and total >= cutoff:
            return _chain(file, size, fat, first)[:total]
        elif name.lower() in {"workbook", "book"}:
            numbers = _chain(file, size, fat, mini_start)
            links = struct.unpack(f"<{len(numbers) // 4}I", numbers)
            return _chain(b"\0" * small + root, small, links, first)[:total]
    return b""


def _fat(file: bytes, size: int, more: int) -> tuple[int, ...]:
    """Return the table that links the sectors of a compound file."""
    places = list(struct.unpack_from("<109I", file, 76))
    seen = set()
    while more < SECTOR_LIMIT and more not in seen:
        seen.add(more)
        block = file[(more + 1) * size : (more + 2) * size]
        *numbers, more = struct.unpack(f"<{len(block) // 4}I", block)
        places += numbers
    table = b"".join(
        file[(place + 1) * size : (place + 2) * size] for place in places if place < SECTOR_LIMIT
    )
    return struct.unpack(f"<{len(table) // 4}I", table)


def _chain(file: bytes, size: int, links: tuple[int, ...], first: int) -> bytes:
    """Return the sectors of a chain, joined; a chain that comes back to itself ends there."""
    found: dict[int, bytes] = {}
    while first < len(links) and first not in found:
        found[first] = file[(first + 1) * size : (first + 2) * size]
        first = links[first]
    return b"".join(found.values())
