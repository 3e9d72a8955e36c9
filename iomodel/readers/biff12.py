"""Error values of an .xlsb, which the fast reader gives as empty cells.

Structure: [MS-XLSB] 2.1.4 for the shape of a record; its 2.4 names the records BrtBundleSh,
BrtRowHdr, BrtCellError and BrtFmlaError.
"""

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from iomodel.readers.biff import ERRORS

ROW, CELL_ERROR, FORMULA_ERROR, BUNDLE = 0, 3, 11, 156


def error_values(path: Path, sheet: str = "") -> Iterator[tuple[int, int, str]]:
    """Yield row, column (from zero) and text of the cells of a sheet that hold an error value.

    Parameters
    ----------
    path : Path
        An .xlsb that has been opened before: it is sound.
    sheet : str
        Name of the sheet; empty for all sheets.
    """
    with zipfile.ZipFile(path) as archive:
        parts = [part for name, part in _sheets(archive) if sheet in {"", name}]
        for part in parts:
            row = 0
            for kind, data in _records(archive.read(part)):
                if kind == ROW:
                    row = struct.unpack_from("<I", data)[0]
                elif kind in {CELL_ERROR, FORMULA_ERROR}:
                    column = struct.unpack_from("<I", data)[0]
                    yield row, column, ERRORS.get(data[8], f"#ERROR {data[8]}")


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the part that holds it."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for kind, data in _records(archive.read("xl/workbook.bin")):
        if kind == BUNDLE:
            key, at = _text(data, 8)
            part = posixpath.join("/xl", targets.get(key, "")).lstrip("/")
            if part in archive.namelist():
                yield _text(data, at)[0], part


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + 2 * struct.unpack_from("<I", data, at)[0]
    return data[at + 4 : end].decode("utf-16-le", errors="replace"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 1 < len(data):
        kind = data[at]
        at += 1
        if kind & 128:
            kind = kind & 127 | data[at] << 7
            at += 1
        size = shift = 0
        while at < len(data):
            byte = data[at]
            at += 1
            size |= (byte & 127) << shift
            shift += 7
            if not byte & 128 or shift > 21:
                break
        yield kind, data[at : at + size]
        at += size
