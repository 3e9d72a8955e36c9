"""The optional sheet correlations of a study workbook."""

from collections.abc import Callable, Collection, Mapping

from iomodel.accounts.assumptions import Assumption
from iomodel.accounts.priors import Correlations
from iomodel.errors import SpecError
from iomodel.kernels.sampling import CATEGORICAL, FIXED, gaussian_copula
from iomodel.readers.cells import CellReader
from iomodel.readers.workbook import Sheet, address_of

SHEET = "correlations"
HEADS = ("id", "with", "value", "source")


def read_correlations(
    reader: CellReader, ids: Collection[str], assumptions: Mapping[str, Assumption]
) -> Correlations:
    """Read correlations between inputs; bad cells are recorded.

    Parameters
    ----------
    reader : CellReader
    ids : collection of str
        Ids of the sheet `inputs`, those of rows with bad cells too.
    assumptions : mapping of id to Assumption

    Returns
    -------
    mapping of (id, id) to float
        Empty without such a sheet.
    """
    sheet = reader.sheet(SHEET, HEADS) if SHEET in reader.book else None
    if sheet is None:
        return {}
    at = {head: sheet.column_of(head) or 0 for head in HEADS}
    found: dict[tuple[str, str], float] = {}
    first: dict[frozenset[str], int] = {}
    for row in range(1, sheet.height):
        if not any(sheet.text(row, column) for column in range(sheet.width)):
            continue
        pair = _pair(reader, sheet, row, at, first, lambda name: _unfit(name, ids, assumptions))
        value = reader.number(sheet, row, at["value"])
        if value is not None and not -1.0 <= value <= 1.0:
            reader.note(sheet, row, at["value"], "a correlation lies between -1 and 1")
        elif value is not None:
            found[pair] = value
    if not reader.failed:
        _check_definite(reader, sheet, at["value"], list(first.values()), found, assumptions)
    return found


def _pair(
    reader: CellReader,
    sheet: Sheet,
    row: int,
    at: Mapping[str, int],
    first: dict[frozenset[str], int],
    unfit: Callable[[str], str],
) -> tuple[str, str]:
    """Return the two inputs of a row; note what cannot be, and where each pair stood first."""
    one, other = sheet.text(row, at["id"]), sheet.text(row, at["with"])
    for head, name in (("id", one), ("with", other)):
        if problem := unfit(name):
            reader.note(sheet, row, at[head], problem)
    pair = frozenset((one, other))
    if one and one == other:
        reader.note(sheet, row, at["with"], "an input has no correlation with itself")
    elif pair in first:
        text = f"this pair stands twice, first in row {first[pair] + 1}"
        reader.note(sheet, row, at["with"], text)
    first.setdefault(pair, row)
    return one, other


def _unfit(name: str, ids: Collection[str], assumptions: Mapping[str, Assumption]) -> str:
    """Say why an input cannot be correlated; empty if it can."""
    if name not in ids:
        return "not an id of the sheet inputs"
    item = assumptions.get(name)
    if item is not None and item.distribution in (FIXED, CATEGORICAL):
        return f"{name} is {item.distribution}, which has no correlation"
    return ""


def _check_definite(
    reader: CellReader,
    sheet: Sheet,
    column: int,
    rows: list[int],
    found: Correlations,
    assumptions: Mapping[str, Assumption],
) -> None:
    """Record, at the first of its values, a matrix that is not positive definite."""
    kinds = [item.distribution.removesuffix("-normalised") for item in assumptions.values()]
    try:
        gaussian_copula(tuple(assumptions), kinds, found)
    except SpecError as error:
        cells = ", ".join(address_of(row, column) for row in rows)
        reader.note(sheet, rows[0], column, f"with the other values ({cells}): {error}")
