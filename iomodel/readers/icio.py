"""Inter-country input-output tables of the OECD, as published in csv files since 2018.

China and Mexico are split in the extended tables (``CN1``, ``CN2``, ``MX1``, ``MX2``), whose
rows and columns ``CHN`` and ``MEX`` are then empty; all are kept as they are.
"""

from pathlib import Path

from iomodel.accounts.table import IOTable
from iomodel.errors import UnknownLayoutError
from iomodel.readers.regional import Block, Key, Scheme, table_of
from iomodel.readers.textmatrix import Dialect, dialect_of, matrix_of, year_in

# OECD, Inter-Country Input-Output tables, editions 2018, 2021 and 2023: ReadMe_ICIO.
SCHEME = Scheme(
    name="OECD inter-country input-output table",
    finals={
        "HFCE": "household",
        "NPISH": "npish",
        "GGFC": "government",
        "GFCF": "capital formation",
        "INVNT": "inventories",
        "DIRP": "other",
        "DPABR": "other",
        "CONS_ABR": "other",
        "P33": "other",
        "FD": "other",
        "DISC": "residual",
    },
    primaries={
        "TAXSUB": "product taxes",
        "TLS": "product taxes",
        "VALU": "value added",
        "VA": "value added",
    },
    output=frozenset({"OUTPUT", "OUT"}),
    totals=frozenset({"TOTAL", "TOT"}),
    facts={
        "publisher": "OECD",
        "unit": "million USD",
        "currency": "USD",
        "valuation": "basic prices",
    },
)
WHOLE = SCHEME.output | SCHEME.totals | SCHEME.primaries.keys() | {"DISC"}
ENDS = SCHEME.output | SCHEME.totals


def recognises(path: str | Path) -> bool:
    """Tell from its first line whether a file is a csv of the OECD's inter-country tables."""
    return _dialect(Path(path)) is not None


def read(path: str | Path) -> IOTable:
    """Read a table of the OECD's inter-country tables from its csv file.

    Parameters
    ----------
    path : str or Path
        Such as ``ICIO2018_2010.CSV`` or ``2020_SML.csv``; the last year in the name of the
        file is the year of the table.

    Returns
    -------
    IOTable
        In million USD at basic prices, industry by industry.

    Raises
    ------
    UnknownLayoutError
        If it is not such a file.
    BadCellsError
        With line and column of every cell that is not a number.
    LabelError
        If labels stand twice or are in rows only, or the row of output is missing.
    """
    file = Path(path)
    dialect = _dialect(file)
    if dialect is None:
        raise UnknownLayoutError(
            f"{file}: not a csv file of the OECD's inter-country tables: its first line has no "
            f"labels such as AUS_HFCE, and no column {' or '.join(sorted(ENDS))} at its end."
        )
    matrix = matrix_of(file, dialect)
    return table_of(
        SCHEME,
        Block(
            path=file,
            rows=[_key(label) for label in matrix.rows],
            columns=[_key(label) for label in matrix.columns],
            values=matrix.values,
            row_places=[f"line {k + 2}, {label}" for k, label in enumerate(matrix.rows)],
            column_places=[f"column {k + 2}, {label}" for k, label in enumerate(matrix.columns)],
            year=year_in(file),
        ),
    )


def _dialect(path: Path) -> Dialect | None:
    dialect = dialect_of(path)
    if dialect is None or dialect.header[-1] not in ENDS:
        return None
    return dialect if any(label.endswith("_HFCE") for label in dialect.header) else None


def _key(label: str) -> Key:
    """Region and code of a label; rows and columns of the whole world have no region."""
    region, _, code = label.partition("_")
    return ("", label) if label in WHOLE or not code else (region, code)
