"""Text files of labelled figures: a matrix with labels, or one line per cell.

The figures go from the parser of pandas into float arrays, some thousand lines at a time. Only
a file with a bad cell is read again, cell by cell, to say where it is.
"""

import csv
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from iomodel.errors import BadCell, BadCellsError, ReadError
from iomodel.kernels.linear import Array

LINES = 4096  # of a matrix, read at once: every part costs some time for each column
CELLS = 2_000_000  # of a list, read at once
MOST_PROBLEMS = 1000
MOST_HEADER = 16_000_000  # characters of a first line; no table has as many columns
REFUSED = (ValueError, pd.errors.ParserError, pd.errors.ParserWarning)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix of figures with a label for each row and column."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Array


@dataclass(frozen=True, eq=False)
class Dialect:
    """How a text file is written: what is between two cells, and its first line."""

    separator: str
    header: tuple[str, ...]


def dialect_of(path: Path) -> Dialect | None:
    """Return the dialect of a text file from its first line; None where it is no such file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(MOST_HEADER)
    except (OSError, UnicodeDecodeError):
        return None
    if "\0" in first:
        return None
    separator = max(",;\t", key=first.count)
    line = next(csv.reader([first], delimiter=separator), [])
    return Dialect(separator, tuple(cell.strip() for cell in line)) if len(line) > 1 else None


def year_in(path: Path) -> int | None:
    """Return the last year in the name of a file: 2010 of ``ICIO2018_2010.CSV``."""
    found = YEAR.findall(path.stem)
    return int(found[-1]) if found else None


def matrix_of(path: Path, dialect: Dialect) -> Matrix:
    """Read a matrix: labels in the first line and column, figures elsewhere.

    Raises
    ------
    BadCellsError
        With line and column of every cell that is not a number.
    ReadError
        If lines have other numbers of cells than the first.
    """
    width = len(dialect.header)
    labels: list[str] = []
    parts: list[Array] = []
    kinds: dict[int, Any] = {0: str, **dict.fromkeys(range(1, width), np.float64)}
    try:
        for chunk in _chunks(path, dialect, kinds, LINES):
            labels += [str(label).strip() for label in chunk.iloc[:, 0]]
            parts.append(chunk.iloc[:, 1:].to_numpy(dtype=np.float64))
    except REFUSED as error:
        _explain(path, dialect, range(1, width), error)
    values = parts[0] if len(parts) == 1 else np.concatenate([np.zeros((0, width - 1)), *parts])
    if not np.isfinite(values).all():
        _explain(path, dialect, range(1, width), None)
    return Matrix(tuple(labels), dialect.header[1:], values)


def list_of(path: Path, dialect: Dialect, *, labels: Sequence[str], figure: str) -> Matrix:
    """Read a list with one line per cell as a matrix, every cell of which must be there.

    Parameters
    ----------
    path : Path
    dialect : Dialect
    labels : sequence of str
        Headers of the region and code of the row, then of the column.
    figure : str
        Header of the figures.

    Raises
    ------
    BadCellsError
        With line and column of every cell that is not a number.
    ReadError
        If cells of the matrix are missing or stand twice.
    """
    spots = [dialect.header.index(name) for name in (*labels, figure)]
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    parts: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Array]] = []
    # All columns are read, of which two are not needed: a line that is too long is seen only so.
    kinds: dict[int, Any] = dict.fromkeys(range(len(dialect.header)), "category")
    kinds[spots[-1]] = np.float64
    sides = ((spots[0], spots[1], rows), (spots[2], spots[3], columns))
    try:
        for chunk in _chunks(path, dialect, kinds, CELLS):
            row, column = (_positions(chunk[a], chunk[b], known) for a, b, known in sides)
            parts.append((row, column, chunk[spots[4]].to_numpy()))
    except REFUSED as error:
        _explain(path, dialect, spots[-1:], error)
    if any(not np.isfinite(part[2]).all() for part in parts):
        _explain(path, dialect, spots[-1:], None)
    values, often = np.zeros((len(rows), len(columns))), np.zeros((len(rows), len(columns)), int)
    for row, column, figures in parts:
        values[row, column] = figures
        np.add.at(often, (row, column), 1)
    _must_be_whole(path, often, tuple(rows), tuple(columns))
    return Matrix(tuple(rows), tuple(columns), values)


def _chunks(
    path: Path, dialect: Dialect, kinds: Mapping[int, Any], lines: int
) -> Iterator[pd.DataFrame]:
    """Yield frames of so many lines each."""
    with warnings.catch_warnings():
        # A first line that is longer than the header is otherwise cut short.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        with pd.read_csv(
            path,
            sep=dialect.separator,
            header=None,
            names=range(len(dialect.header)),
            index_col=False,
            skiprows=1,
            dtype=dict(kinds),
            keep_default_na=False,
            encoding="utf-8-sig",
            chunksize=lines,
            engine="c",
        ) as chunks:
            yield from chunks


def _positions(regions: pd.Series, codes: pd.Series, known: dict[str, int]) -> npt.NDArray[np.intp]:
    """Positions of labels ``region_code``; new labels join those that are known, in order."""
    areas, items = regions.cat.categories, codes.cat.categories
    pairs = regions.cat.codes.to_numpy(dtype=np.intp) * len(items) + codes.cat.codes.to_numpy()
    unique, first, inverse = np.unique(pairs, return_index=True, return_inverse=True)
    places = np.empty(len(unique), dtype=np.intp)
    for spot in np.argsort(first, kind="stable"):
        area, item = divmod(int(unique[spot]), len(items))
        places[spot] = known.setdefault(f"{areas[area]}_{items[item]}", len(known))
    return places[inverse]


def _must_be_whole(
    path: Path, often: npt.NDArray[np.int_], rows: Sequence[str], columns: Sequence[str]
) -> None:
    """Refuse a list in which cells of the matrix are missing or stand twice."""
    for wrong, what in ((often == 0, "are missing"), (often > 1, "stand more than once")):
        count = int(wrong.sum())
        if count:
            cells = [f"{rows[i]} > {columns[j]}" for i, j in np.argwhere(wrong)[:5]]
            raise ReadError(
                f"{path}: {count} of {wrong.size} cells {what}, such as {'; '.join(cells)}. "
                "Read the list as it was published: a cell left out is not taken for zero."
            )


def _explain(
    path: Path, dialect: Dialect, columns: Sequence[int], error: Exception | None
) -> NoReturn:
    """Read the file again, slowly, and raise with the places of its bad cells."""
    bad = list(_bad_cells(path, dialect, columns))
    if bad:
        raise BadCellsError(path, bad) from error
    raise ReadError(f"{path}: cannot be read as a text file of figures ({error}).") from error


def _bad_cells(path: Path, dialect: Dialect, columns: Sequence[int]) -> Iterator[BadCell]:
    width, count = len(dialect.header), 0
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        reader = csv.reader(file, delimiter=dialect.separator)
        next(reader)
        for line in reader:
            if not line:
                continue
            place = f"line {reader.line_num}"
            if len(line) != width:
                yield BadCell(path.name, place, "", f"{len(line)} cells, the first line {width}")
                count += 1
            cells = [line[column] for column in columns if column < len(line)]
            for spot, text in zip(columns, [] if _are_numbers(cells) else cells, strict=False):
                problem = _problem(text)
                if problem and count < MOST_PROBLEMS:
                    where = f"{place}, column {spot + 1} ({dialect.header[spot]})"
                    yield BadCell(path.name, where, text.strip(), problem)
                    count += 1


def _are_numbers(cells: list[str]) -> bool:
    """Tell whether all cells of a line are finite numbers, faster than one by one."""
    try:
        return bool(np.isfinite(np.array(cells, dtype=np.float64)).all()) and "_" not in "".join(
            cells
        )
    except ValueError:
        return False


def _problem(text: str) -> str:
    """Return what is wrong with the text of a figure; nothing if it is a number."""
    try:
        value = float(text.replace("_", "x"))
    except ValueError:
        return "text where a number is needed" if text.strip() else "blank where a number is needed"
    return "" if np.isfinite(value) else "not a finite number"
