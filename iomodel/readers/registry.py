"""Which layout a workbook has, and the verb that reads it."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from iomodel.accounts.checks import warn_about
from iomodel.accounts.table import IOTable
from iomodel.errors import ReadError, UnknownLayoutError
from iomodel.readers import coded, folder, own, parquet
from iomodel.readers.workbook import Workbook, open_workbook


class Layout(NamedTuple):
    """A layout: its name, how it is recognised and how it is read."""

    name: str
    recognises: Callable[[Workbook], bool]
    reads: Callable[[Workbook], IOTable]


LAYOUTS = (
    Layout("iomodel table", own.recognises, own.read),
    *(Layout(item.name, item.recognises, item.read) for item in coded.LAYOUTS),
)


def read(path: str | Path) -> IOTable:
    """Read an input-output table from a workbook, recognising its layout.

    Parameters
    ----------
    path : str or Path
        A workbook in the project's own layout, a folder or a parquet file (`write` makes all
        three), or a workbook
        as the National Bureau of Statistics of China publishes its tables (codes in a row and
        a column, subtotals between).

    Returns
    -------
    IOTable

    Raises
    ------
    ReadError
        If the file is missing or not a workbook, or a part of the folder cannot be used.
    UnknownLayoutError
        If no layout is recognised.
    BadCellsError
        With every cell that cannot be used.

    Warns
    -----
    ImbalanceWarning
        If a row or column is out of balance by more than a rounding.
    NegativeFlowWarning
        If intermediate flows are negative.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> len(china), china.meta.unit, china.meta.import_treatment
    (153, '10,000 CNY', 'competitive')
    """
    table = folder.read(path) if folder.recognises(path) else _from_workbook(path)
    warn_about(table.flows, table.labels, unit=table.meta.unit, depth=3)
    return table


def _from_workbook(path: str | Path) -> IOTable:
    if parquet.recognises(path):
        return parquet.read(path)
    book = open_workbook(path)
    for layout in LAYOUTS:
        if layout.recognises(book):
            return layout.reads(book)
    if own.is_study(book):
        raise ReadError(
            f"{book.path} is a study workbook, not a table: read it with iom.read_sectors(...)."
        )
    raise UnknownLayoutError(
        f"{book.path}: no known table layout in its sheets ({', '.join(book.names)}). Known: "
        f"{', '.join(layout.name for layout in LAYOUTS)}. Build the table from pandas objects "
        "with iom.table(...), or bring it into the layout of iom.example('china-2020')."
    )
