"""Read the published figures that a derivation is compared with.

Nothing in the forward derivation imports this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from iomodel.readers.cells import CellReader
from iomodel.readers.workbook import Sheet, open_workbook
from iomodel.results import Shown

HEADS = (
    "id", "kind", "item", "low", "central", "high", "unit", "evidence", "source_title",
    "publisher", "source_date", "address", "note",
)  # fmt: skip
MORE = ("scope", "tolerance")  # columns that a workbook may leave out


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedFigure(Shown):
    """One published figure: what, how much, who published it, when and where.

    Attributes
    ----------
    scope : str
        Scope that it is compared with; empty for none in particular.
    tolerance : float or None
        Half its last printed digit, where that is stated.
    """

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
    scope: str = ""
    tolerance: float | None = None

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

    Examples
    --------
    >>> import iomodel as iom
    >>> shown = iom.read_published(iom.example("micro-drama-2025"))
    >>> [item.unit for item in shown][:2]
    ['persons', 'persons']
    """
    book = open_workbook(path)
    if "published" not in book:
        return ()
    reader = CellReader(book)
    sheet = reader.sheet("published", HEADS)
    figures = []
    if sheet is not None:
        at = {head: sheet.column_of(head) or 0 for head in HEADS}
        more = {head: sheet.column_of(head) for head in MORE}
        at |= {head: column for head, column in more.items() if column is not None}
        seen: set[str] = set()
        for row in range(1, sheet.height):
            figure = _figure(reader, sheet, row, at)
            if figure is not None and figure.id in seen:
                reader.note(sheet, row, at["id"], "id stands twice")
            if figure is not None:
                seen.add(figure.id)
                figures.append(figure)
    reader.finish()
    return tuple(figures)


def _figure(
    reader: CellReader, sheet: Sheet, row: int, at: Mapping[str, int]
) -> PublishedFigure | None:
    """Return one row as a figure; None for an empty row or one with bad cells."""
    text = {head: sheet.text(row, column) for head, column in at.items()}
    if not any(text.values()):
        return None
    before = len(reader.bad)
    if not text["id"]:
        reader.note(sheet, row, at["id"], "this row has no id")
    low = reader.number(sheet, row, at["low"], blank=True)
    high = reader.number(sheet, row, at["high"], blank=True)
    tolerance = None
    if "tolerance" in at:
        tolerance = reader.number(sheet, row, at["tolerance"], blank=True)
    bounded = low is not None or high is not None
    central = reader.number(sheet, row, at["central"], blank=bounded)
    if len(reader.bad) > before or (central is None and not bounded):
        return None
    return PublishedFigure(
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
        scope=text.get("scope", ""),
        tolerance=tolerance,
    )
