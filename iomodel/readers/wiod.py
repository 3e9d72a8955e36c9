"""The world input-output tables of WIOD, releases 2013 and 2016, from their workbooks."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from iomodel.accounts.table import IOTable
from iomodel.errors import UnknownLayoutError
from iomodel.kernels.linear import Array
from iomodel.readers.cells import CellReader
from iomodel.readers.regional import Block, Key, Scheme, table_of
from iomodel.readers.workbook import Sheet, Workbook, address_of

# Timmer et al. (2015), Review of International Economics 23(3), 575-605; sheet WIOT_yyyy in 2013.
# Release 2013 has no codes for final demand but c37..c42, and none for primary inputs but r60..r69.
FINALS = {
    "c37": "household",
    "c38": "npish",
    "c39": "government",
    "c41": "capital formation",
    "c42": "inventories",
    "CONS_h": "household",
    "CONS_np": "npish",
    "CONS_g": "government",
    "GFCF": "capital formation",
    "INVEN": "inventories",
}
PRIMARIES = {
    "taxes less subsidies on products": ("TXSP", "product taxes"),
    "cif/ fob adjustments on exports": ("EXP_adj", "other"),
    "direct purchases abroad by residents": ("PURR", "other"),
    "purchases on the domestic territory by non-residents": ("PURNR", "other"),
    "value added at basic prices": ("VA", "value added"),
    "international transport margins": ("IntTTM", "other"),
}
TOTALS = {"total intermediate consumption": "II_fob", "output at basic prices": "GO"}
SCHEME = Scheme(
    name="WIOD world input-output table",
    finals=FINALS,
    primaries=dict(PRIMARIES.values()),
    output=frozenset({"GO"}),
    totals=frozenset({"II_fob"}),
    facts={
        "publisher": "WIOD, University of Groningen",
        "unit": "million USD",
        "currency": "USD",
        "valuation": "basic prices",
    },
)
SHEET = re.compile(r"(?:WIOT_?)?((?:19|20)\d\d)")
SEARCH = 12  # rows from the top, in which the heads stand


class _Heads(NamedTuple):
    """Where the rows of codes, names and regions are, and the first row of figures."""

    code: int
    region: int
    first: int


def recognises(book: Workbook) -> bool:
    """Tell whether a workbook is a table of WIOD: by the name of its sheet, then its heads."""
    name = _sheet_name(book)
    return name is not None and _heads(book.sheet(name)) is not None


def read(book: Workbook) -> IOTable:
    """Read a world input-output table of WIOD.

    Parameters
    ----------
    book : Workbook
        Such as ``wiot09_row_sep12.xlsx`` (release 2013) or ``WIOT2014_Nov16_ROW.xlsb``
        (release 2016).

    Returns
    -------
    IOTable
        In million USD at basic prices, industry by industry; codes are those of ISIC.

    Raises
    ------
    UnknownLayoutError
        If it is not such a workbook.
    BadCellsError
        With every cell that is not a number.
    LabelError
        If labels stand twice or are in rows only, or the row of output is missing.
    """
    name = _sheet_name(book)
    heads = None if name is None else _heads(book.sheet(name))
    if name is None or heads is None:
        raise UnknownLayoutError(f"{book.path}: not a world input-output table of WIOD.")
    sheet, reader = book.sheet(name), CellReader(book)
    year = SHEET.fullmatch(name)
    columns = {c: _column(sheet, heads, c) for c in range(4, sheet.width)}
    across = {c: key for c, key in columns.items() if key[1]}
    rows = [r for r in range(heads.first, sheet.height) if sheet.text(r, 1)]
    down = [_row(sheet, r) for r in rows]
    values = _figures(reader, sheet, rows, across, down)
    reader.finish()
    return table_of(
        SCHEME,
        Block(
            path=book.path,
            rows=down,
            columns=list(across.values()),
            values=values,
            row_places=[
                f"{address_of(r, 0)} {' '.join(key)}" for r, key in zip(rows, down, strict=True)
            ],
            column_places=[
                f"{address_of(heads.code, c)} {' '.join(key)}" for c, key in across.items()
            ],
            names=_names(sheet, heads, rows, across),
            year=None if year is None else int(year[1]),
        ),
    )


def _figures(
    reader: CellReader,
    sheet: Sheet,
    rows: list[int],
    across: Mapping[int, Key],
    down: list[Key],
) -> Array:
    """Read all figures; cells may be blank where primary inputs meet final demand."""
    columns = list(across)
    inner = [c for c in columns if across[c][1] not in FINALS]
    outer = [c for c in columns if across[c][1] in FINALS]
    sold = [r for r, (region, _) in zip(rows, down, strict=True) if region]
    paid = [r for r, (region, _) in zip(rows, down, strict=True) if not region]
    line, spot = ({at: k for k, at in enumerate(order)} for order in (rows, columns))
    values = np.zeros((len(rows), len(columns)))
    for part, side in ((sold, columns), (paid, inner)):
        at = np.ix_([line[r] for r in part], [spot[c] for c in side])
        values[at] = reader.block(sheet, part, side)
    for row in paid:
        for column in outer:
            values[line[row], spot[column]] = reader.figure(sheet, row, column, blank=True)
    return values


def _sheet_name(book: Workbook) -> str | None:
    return next((name for name in book.names if SHEET.fullmatch(name)), None)


def _heads(sheet: Sheet) -> _Heads | None:
    """Four rows of heads from column E on: code, name, region, c1, c2, ...; None without."""
    for row in range(3, min(SEARCH, sheet.height - 1)):
        numbers = [sheet.text(row, c) for c in (4, 5)]
        if numbers == ["c1", "c2"] and sheet.text(row + 1, 3) in {"r1", "c1"}:
            return _Heads(row - 3, row - 1, row + 1)
    return None


def _column(sheet: Sheet, heads: _Heads, column: int) -> Key:
    """Region and code of a column; no code for total output."""
    number, code = sheet.text(heads.region + 1, column), sheet.text(heads.code, column)
    region = sheet.text(heads.region, column)
    if region in {"", "TOT"}:
        return ("", "")
    return (region, code or number)


def _row(sheet: Sheet, row: int) -> Key:
    """Region and code of a row; primary inputs and totals are known by their names."""
    name = sheet.text(row, 1).casefold()
    if name in PRIMARIES:
        return ("", PRIMARIES[name][0])
    if name in TOTALS:
        return ("", TOTALS[name])
    return (sheet.text(row, 2), sheet.text(row, 0))


def _names(
    sheet: Sheet, heads: _Heads, rows: list[int], across: Mapping[int, Key]
) -> dict[str, str]:
    found = {key[1]: sheet.text(heads.code + 1, c) for c, key in across.items()}
    return {**found, **{_row(sheet, r)[1]: sheet.text(r, 1) for r in rows}}
