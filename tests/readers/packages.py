"""Files that offices publish, well made and badly made, written byte by byte."""

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
