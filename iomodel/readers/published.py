"""Read the published figures that a derivation is compared with.

Nothing in the forward derivation imports this module.
"""

from dataclasses import dataclass
from pathlib import Path

from iomodel.readers.cells import CellReader
from iomodel.readers.workbook import open_workbook

HEADS = (
    "id", "kind", "item", "low", "central", "high", "unit", "evidence", "source_title",
    "publisher", "source_date", "address", "note",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFigure:
    """One published figure: what, how much, who published it, when and where."""

    id: str
    kind: str
    item: str
    low: float | None
    central: float | None
    high: float | None
    unit: str
    publisher: str
    published: str
    address: str
    note: str

    @property
    def value(self) -> float:
        """The central value, or the only bound that is published."""
        found = [v for v in (self.central, self.low, self.high) if v is not None]
        return found[0]


def read_published(path: str | Path) -> tuple[PublishedFigure, ...]:
    """Read the sheet ``published`` of a study workbook.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    tuple of PublishedFigure
        Empty if the workbook has no such sheet.

    Raises
    ------
    BadCellsError
        With every cell that is not a number, and rows without any.
    """
    book = open_workbook(path)
    if "published" not in book:
        return ()
    reader = CellReader(book)
    sheet = reader.sheet("published", HEADS)
    figures = []
    if sheet is not None:
        at = {head: sheet.column_of(head) or 0 for head in HEADS}
        for row in range(1, sheet.height):
            text = {head: sheet.text(row, at[head]) for head in HEADS}
            if not text["id"]:
                continue
            low, central, high = (
                reader.number(sheet, row, at[head], blank=True)
                for head in ("low", "central", "high")
            )
            if (low, central, high) == (None, None, None):
                reader.note(sheet, row, at["central"], "no figure in low, central or high")
                continue
            figures.append(
                PublishedFigure(
                    id=text["id"],
                    kind=text["kind"],
                    item=text["item"],
                    low=low,
                    central=central,
                    high=high,
                    unit=text["unit"],
                    publisher=text["publisher"],
                    published=text["source_date"],
                    address=text["address"],
                    note=text["note"],
                )
            )
    reader.finish()
    return tuple(figures)
