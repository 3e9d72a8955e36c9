"""Names of sectors from another sheet, where the table itself prints codes only."""

from collections.abc import Sequence

from iomodel.readers.lines import is_code
from iomodel.readers.workbook import Sheet, Workbook

SHEETS = 30
COLUMNS = 8
REACH = 3  # a name stands at most so many columns right of its code


def names_elsewhere(book: Workbook, codes: Sequence[str]) -> tuple[str, ...] | None:
    """Return the names that a list of codes and names on another sheet gives, or None.

    The list must name every code, and only once.
    """
    for sheet in map(book.sheet, book.names[:SHEETS]):
        for column in range(min(COLUMNS, sheet.width)):
            found = _listed(sheet, column, codes)
            if found is not None:
                return found
    return None


def _listed(sheet: Sheet, column: int, codes: Sequence[str]) -> tuple[str, ...] | None:
    rows: dict[str, int] = {}
    for row in range(sheet.height):
        code = sheet.text(row, column)
        if code in rows and code in codes:
            return None
        rows[code] = row
    if any(code not in rows for code in codes):
        return None
    for place in range(column + 1, column + 1 + REACH):
        names = tuple(sheet.text(rows[code], place) for code in codes)
        if all(names) and not any(map(is_code, names)) and not any(map(_is_number, names)):
            return names
    return None


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()
