"""FIGARO: Eurostat's inter-country input-output tables, as a matrix or a list in a csv file."""

from pathlib import Path

from iomodel.accounts.table import IOTable
from iomodel.errors import ReadError, UnknownLayoutError
from iomodel.readers.regional import Block, Key, Scheme, table_of
from iomodel.readers.textmatrix import Dialect, Matrix, dialect_of, list_of, matrix_of, year_in

# Eurostat, FIGARO tables. P.5M is changes in inventories and valuables; W2 is the country of the
# column itself. Output has no row: it is the sum of the row.
SCHEME = Scheme(
    name="FIGARO inter-country input-output table",
    finals={
        "P3_S13": "government",
        "P3_S14": "household",
        "P3_S15": "npish",
        "P51G": "capital formation",
        "P5M": "inventories",
    },
    primaries={
        "D21X31": "product taxes",
        "OP_RES": "other",
        "OP_NRES": "other",
        "D1": "compensation",
        "D29X39": "production taxes",
        "B2A3G": "operating surplus",
    },
    world=frozenset({"W2"}),
    facts={
        "publisher": "Eurostat",
        "unit": "million EUR",
        "currency": "EUR",
        "valuation": "basic prices",
    },
)
FIGURE = "obsValue"
SIDES = (
    ("refArea", "rowIi", "counterpartArea", "colIi"),
    ("refArea", "rowPi", "counterpartArea", "colPi"),
)
SUPPLY_AND_USE = ("icsup", "icuse")


def recognises(path: str | Path) -> bool:
    """Tell from its first line whether a file is a csv of FIGARO."""
    dialect = dialect_of(Path(path))
    return dialect is not None and (_is_matrix(dialect) or _is_list(dialect))


def read(path: str | Path) -> IOTable:
    """Read a FIGARO input-output table from its csv file, matrix or list ("flat file").

    Parameters
    ----------
    path : str or Path
        Such as ``matrix_eu-ic-io_ind-by-ind_23ed_2021.csv``, ``flatfile_eu-ic-io_...``; the
        last year in the name of the file is the year of the table.

    Returns
    -------
    IOTable
        In million EUR at basic prices; industry by industry, or product by product where
        the codes are of the CPA. Output is the sum of the row.

    Raises
    ------
    UnknownLayoutError
        If it is not such a file.
    BadCellsError
        With line and column of every cell that is not a number.
    ReadError
        For a supply or use table, and for a list that lacks cells or has some twice.
    LabelError
        If labels stand twice, or in rows only.
    """
    file = Path(path)
    dialect = dialect_of(file)
    if dialect is None or not (_is_matrix(dialect) or _is_list(dialect)):
        raise UnknownLayoutError(
            f"{file}: not a csv file of FIGARO: its first line has neither labels such as "
            f"AT_P3_S14, nor the headers {', '.join((*SIDES[0], FIGURE))}."
        )
    if dialect.header[0].startswith(SUPPLY_AND_USE):
        raise ReadError(
            f"{file}: a supply or use table of FIGARO. Read the input-output table of the same "
            "year, whose file is named eu-ic-io."
        )
    listed = _is_list(dialect)
    matrix = _from_list(file, dialect) if listed else matrix_of(file, dialect)
    return table_of(SCHEME, _block(file, matrix, listed=listed))


def _block(file: Path, matrix: Matrix, *, listed: bool) -> Block:
    """Return the block of a matrix; labels of a list have no line of their own."""
    places = [
        [label if listed else f"{what} {k + 2}, {label}" for k, label in enumerate(labels)]
        for what, labels in (("line", matrix.rows), ("column", matrix.columns))
    ]
    return Block(
        path=file,
        rows=[_key(label) for label in matrix.rows],
        columns=[_key(label) for label in matrix.columns],
        values=matrix.values,
        row_places=places[0],
        column_places=places[1],
        year=year_in(file),
        kind="product" if any("_CPA_" in label for label in matrix.rows) else "industry",
    )


def _from_list(file: Path, dialect: Dialect) -> Matrix:
    sides = next(side for side in SIDES if set(side) <= set(dialect.header))
    return list_of(file, dialect, labels=sides, figure=FIGURE)


def _is_matrix(dialect: Dialect) -> bool:
    return any(label.endswith("_P3_S14") for label in dialect.header)


def _is_list(dialect: Dialect) -> bool:
    return any({*side, FIGURE} <= set(dialect.header) for side in SIDES)


def _key(label: str) -> Key:
    region, _, code = label.partition("_")
    return (region, code) if code else ("", label)
