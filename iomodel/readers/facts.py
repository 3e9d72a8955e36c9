"""The sheet `about` of our own workbooks: facts as key and value."""

from typing import Any

from iomodel.readers.cells import CellReader
from iomodel.readers.workbook import Sheet, Workbook


def layout_of(book: Workbook) -> str:
    """Return the layout that a workbook of ours names in its sheet `about`, or empty text."""
    if "about" not in book:
        return ""
    return str(_facts(book.sheet("about")).get("layout", ""))


def read_facts(
    reader: CellReader, whole: tuple[str, ...], numbers: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the facts of the sheet `about`.

    Parameters
    ----------
    reader : CellReader
        Collects what is wrong.
    whole : tuple of str
        Keys that must be whole numbers, such as ``year``.
    numbers : tuple of str
        Keys that must be numbers where they are given.
    """
    sheet = reader.sheet("about")
    if sheet is None:
        return {}
    facts = _facts(sheet)
    for key in (*whole, *numbers):
        row = next((r for r in range(sheet.height) if sheet.text(r, 0) == key), None)
        if row is None:
            continue
        value = reader.number(sheet, row, 1)
        if key in whole and value is not None and not value.is_integer():
            reader.note(sheet, row, 1, "not a whole number")
        facts[key] = int(value) if key in whole and value is not None else value
    return facts


def _facts(sheet: Sheet) -> dict[str, Any]:
    return {sheet.text(row, 0): sheet.cell(row, 1) for row in range(1, sheet.height)}
