"""Files that offices publish, well made and badly made, written byte by byte."""

import struct
import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def xlsx(path: Path, sheet: str, *, others: dict[str, str | bytes] | None = None) -> Path:
    """Write an .xlsx with one sheet `Z` from the XML of its contents."""
    return zipped(
        path,
        {
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" '
            f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
            '<sheet name="Z" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship '
            f'Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
            **(others or {}),
        },
    )


def cells(*addresses: str, dimension: str = "A1:B2") -> str:
    """XML of a sheet with the number 1 in some cells, each in a row of its own."""
    rows = "".join(
        f'<row r="{"".join(filter(str.isdigit, a))}"><c r="{a}"><v>1</v></c></row>'
        for a in addresses
    )
    return f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData>'


def ods(path: Path, rows: str, *, manifest: str = "") -> Path:
    """Write an .ods with one sheet `Z` from the XML of its rows."""
    names = " ".join(
        f'xmlns:{short}="{OFFICE}:{short}:1.0"' for short in ("office", "table", "text")
    )
    return zipped(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest:manifest "
            f'xmlns:manifest="{OFFICE}:manifest:1.0">{manifest}</manifest:manifest>',
            "content.xml": f'<office:document-content {names} xmlns:calcext="urn:calcext">'
            f'<office:body><office:spreadsheet><table:table table:name="Z">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        },
    )


def ods_row(*parts: str, times: int = 1) -> str:
    repeated = f' table:number-rows-repeated="{times}"' if times > 1 else ""
    return f"<table:table-row{repeated}>{''.join(parts)}</table:table-row>"


def ods_empty(times: int) -> str:
    return f'<table:table-cell table:number-columns-repeated="{times}"/>'


def ods_number(value: float, times: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}" '
        f'table:number-columns-repeated="{times}"><text:p>{value}</text:p></table:table-cell>'
    )


def xlsb(path: Path, rows: list[list[float | None]]) -> Path:
    """Write an .xlsb with one sheet `Z` of numbers, None as #DIV/0!; records by [MS-XLSB] 2.4."""

    def record(kind: int, data: bytes = b"") -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        return number + bytes([len(data)]) + data

    def text(word: str) -> bytes:
        return struct.pack("<I", len(word)) + word.encode("utf-16-le")

    bundle = record(156, struct.pack("<II", 0, 1) + text("r1") + text("Z"))
    area = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    sheet = record(129) + record(148, area) + record(145)
    for number, row in enumerate(rows):
        sheet += record(0, struct.pack("<I", number) + bytes(13))
        for column, value in enumerate(row):
            wrong = record(3, struct.pack("<IIB", column, 0, 7))
            good = record(5, struct.pack("<IId", column, 0, value or 0.0))
            sheet += wrong if value is None else good
    return zipped(
        path,
        {
            "xl/workbook.bin": record(131) + record(143) + bundle + record(144) + record(132),
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship '
            f'Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": sheet + record(146) + record(130),
        },
    )
