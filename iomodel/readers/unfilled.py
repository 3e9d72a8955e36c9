"""Tell a study template that is not filled in yet from a study with bad cells."""

from collections.abc import Sequence

from iomodel.errors import BadCell, BadCellsError, SpecError
from iomodel.readers.cells import CellReader

GUIDED = ("how to", "about", "sectors", "checks")  # what makes a study a template


def finish(reader: CellReader) -> None:
    """Raise if any cell of a study was bad, in words for a person who fills in a template.

    Parameters
    ----------
    reader : CellReader

    Raises
    ------
    SpecError
        If the workbook is a template and all that it lacks are cells to fill in.
    BadCellsError
        With every bad cell otherwise.
    """
    guided = all(name in reader.book for name in GUIDED)
    if guided:
        _note_names(reader)
    try:
        reader.finish()
    except BadCellsError as error:
        if guided and all(cell.address and not cell.found for cell in error.cells):
            order = reader.book.names
            cells = sorted(error.cells, key=lambda cell: order.index(cell.sheet))
            lines = "\n  ".join(_lines(cells))
            noun = "cell waits" if len(error.cells) == 1 else "cells wait"
            raise SpecError(
                f"{reader.book.path}: the study is not filled in yet, {len(error.cells)} {noun}:\n"
                f"  {lines}\nFill them in (they are yellow, and the sheet checks counts them), "
                "save the workbook and read it again."
            ) from None
        raise


def _note_names(reader: CellReader) -> None:
    """Record a blank id or title, and a new sector without a name."""
    facts, sectors = (reader.book.sheet(name) for name in ("about", "sectors"))
    for row in range(facts.height):
        if facts.text(row, 0) in ("id", "title") and not facts.text(row, 1):
            reader.note(facts, row, 1, "blank where a text is needed")
    column = sectors.column_of("name_en") or 0
    for row in range(1, sectors.height):
        if sectors.text(row, 0) and not sectors.text(row, column):
            reader.note(sectors, row, column, "blank where a name is needed")


def _lines(cells: Sequence[BadCell]) -> list[str]:
    """Addresses by sheet, in the order in which they were found."""
    found: dict[str, list[str]] = {}
    for cell in cells:
        found.setdefault(cell.sheet, []).append(cell.address)
    return [f"{sheet}: {', '.join(dict.fromkeys(places))}" for sheet, places in found.items()]
