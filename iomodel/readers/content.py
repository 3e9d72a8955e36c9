"""What a file really is, whatever its name says, and why some files are refused unread."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NoReturn

from iomodel.errors import ReadError

Content = Literal["xlsx", "xlsb", "ods", "xls", "csv"]

HEAD = 8192  # bytes that are enough to recognise a file
MOST_UNPACKED = 4 * 1024**3  # bytes that a workbook may unpack to
MOST_RATIO = 200  # unpacked to packed size that a real workbook may have ...
RATIO_FROM = 256 * 1024**2  # ... once it unpacks to this many bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
OLD_SHEETS = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")  # before Excel 5
SAVE = "Open it in a spreadsheet program, save it as .xlsx and read that"
OTHERS = (
    (b"%PDF", "is a PDF", "Ask the publisher for the table as a workbook or csv"),
    (b"\x1f\x8b", "is compressed with gzip", "Unpack it and read the file inside"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive", "Unpack it and read the file inside"),
    (b"Rar!", "is a RAR archive", "Unpack it and read the file inside"),
    (b"\x89PNG", "is a picture", "Ask the publisher for the table as a workbook or csv"),
    (b"\xff\xd8\xff", "is a picture", "Ask the publisher for the table as a workbook or csv"),
    (b"PAR1", "is a Parquet file", "Load it with pandas and build the table from the frame"),
)
MOST_MANIFEST = 1 << 20  # bytes
MANIFEST = "META-INF/manifest.xml"
UNZIPPED_BADLY = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError)
LOCKED = (
    "is protected by a password. Open it in a spreadsheet program with the password, remove the "
    "protection (save it without a password) and read that."
)


def content_of(path: Path) -> Content:
    """Return what a file is, by its first bytes and, for a zip, by its directory.

    Raises
    ------
    ReadError
        If there is no such file, it may not be read, or it is nothing that holds sheets; the
        message says what it is and what to do.
    """
    if path.is_dir():
        raise ReadError(f"{path}: is a folder, not a workbook. Name the file inside it.")
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except FileNotFoundError as error:
        advice = f"Check the name and the folder ({Path.cwd()})."
        raise ReadError(f"{path}: does not exist. {advice}") from error
    except OSError as error:
        why = error.strerror or str(error)
        raise ReadError(f"{path}: cannot be opened ({why}). Check your rights to it.") from error
    if not head.strip(b"\0 \t\r\n"):
        size = path.stat().st_size
        raise ReadError(f"{path}: is empty ({size} bytes). Download or export it again.")
    if head.startswith(b"PK"):
        return _of_archive(path)
    if head.startswith(OLE):
        return _of_compound(path)
    _refuse_others(path, head)
    return "csv"


def _of_compound(path: Path) -> Content:
    if ENCRYPTED_PACKAGE in path.read_bytes():
        raise ReadError(f"{path}: {LOCKED}")
    return "xls"


def _of_archive(path: Path) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            locked = _is_locked(archive, entries)
    except UNZIPPED_BADLY as error:
        raise ReadError(
            f"{path}: is a damaged or incomplete workbook ({error}). Download or copy it again."
        ) from error
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    _refuse_bomb(path, entries)
    if locked:
        raise ReadError(f"{path}: {LOCKED}")
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    _refuse_archive(path, sorted(entry.filename for entry in entries))


def _refuse_archive(path: Path, names: Sequence[str]) -> NoReturn:
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise ReadError(f"{path}: is a text document or slides, not a workbook. {SAVE}.")
    shown = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
    raise ReadError(
        f"{path}: is a zip archive of {len(names)} files ({shown}), not a workbook. Unpack it and "
        "read the file inside."
    )


def _refuse_bomb(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse by the sizes in the directory, before anything is unpacked."""
    packed = max(1, sum(entry.compress_size for entry in entries))
    size = sum(entry.file_size for entry in entries)
    if size > MOST_UNPACKED:
        limit = f"{MOST_UNPACKED / 1024**3:.0f} GiB"
    elif size > RATIO_FROM and size > MOST_RATIO * packed:
        limit = f"{MOST_RATIO} times its packed size"
    else:
        return
    raise ReadError(
        f"{path}: {packed / 1024**2:,.1f} MiB would unpack to {size / 1024**2:,.0f} MiB; the limit "
        f"is {limit}. Delete what is not needed in a spreadsheet program, or save the sheet as csv."
    )


def _is_locked(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Tell encrypted parts: of the zip itself, or listed in the manifest of an .ods."""
    if any(entry.flag_bits & 1 for entry in entries):
        return True
    if not any(entry.filename == MANIFEST for entry in entries):
        return False
    with archive.open(MANIFEST) as manifest:
        return b"encryption-data" in manifest.read(MOST_MANIFEST)


def _refuse_others(path: Path, head: bytes) -> None:
    """Refuse what is no plain text, and markup that offices name .xls."""
    for start, what, advice in OTHERS:
        if head.startswith(start):
            raise ReadError(f"{path}: {what}, not a workbook. {advice}.")
    if head.startswith(OLD_SHEETS):
        raise ReadError(f"{path}: is a workbook of Excel 4 or older. {SAVE}.")
    flat = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if flat.startswith(b"mime-version") or (flat[:1] == b"<" and _is_html(flat)):
        raise ReadError(f"{path}: is a web page (HTML) under the name of a workbook. {SAVE}.")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in flat:
        raise ReadError(f"{path}: is an XML Spreadsheet 2003. {SAVE}.")
    if flat.startswith((b"<?xml", b"<office:document")):
        raise ReadError(f"{path}: is an XML file, not a workbook. {SAVE}.")
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and _is_binary(head):
        raise ReadError(f"{path}: is neither a workbook nor text. Check what it is. {SAVE}.")


def _is_html(flat: bytes) -> bool:
    marks = (b"<html", b"<table", b"<!doctype html", b"<body", b"<meta http-equiv")
    return any(mark in flat for mark in marks)


def _is_binary(head: bytes) -> bool:
    """Tell control bytes from text; UTF-16 without a mark has its zeros at every other byte."""
    if head.count(0) and not (head[::2].count(0) == 0 or head[1::2].count(0) == 0):
        return True
    control = sum(head.count(byte) for byte in range(1, 32) if byte not in (9, 10, 11, 12, 13, 27))
    return control > len(head) // 100
