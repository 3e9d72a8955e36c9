"""A sheet as arrays: which cells are figures, which are texts, and what the texts say."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from iomodel.kernels.linear import Array
from iomodel.readers.workbook import Sheet

NOTHING = frozenset({"...", "..", ".", "-", "–", "—", "―", ":", "…", "－", "x", "(d)", "*", "na"})
WORD = re.compile(r"\w")
AMONG = 3  # texts among whole numbers that make the numbers codes
PREFIX = re.compile(
    r"^(?:[a-z]+/|(?:dom|imp|ttl|tot|cpa|nace|ind|prod|c|d|r)[_. ]+)", re.IGNORECASE
)
ORIGIN = re.compile(r"\s*(?:ln|ap|dn|imp|dom)\.?$", re.IGNORECASE)


@lru_cache(maxsize=200_000)
def key_of(text: str) -> str:
    """Return a label's key: width, case, spaces and line breaks do not matter."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=200_000)
def bare_key(text: str) -> str:
    """Return a label's key without a prefix or suffix for its side or origin.

    ``TTL_01`` and ``D01`` are one sector, ``DOM_01T02: Agriculture`` and ``D01T02: Agriculture``.
    """
    word = unicodedata.normalize("NFKC", text).strip()
    word = PREFIX.sub("", word)
    word = re.sub(r"^[a-z](?=\d{2})", "", word, flags=re.IGNORECASE)
    return key_of(ORIGIN.sub("", word))


@lru_cache(maxsize=200_000)
def name_key(text: str) -> str:
    """Return the key of a label's words alone, without a number or code before them."""
    word = unicodedata.normalize("NFKC", text).strip()
    return key_of(re.sub(r"^[A-Za-z_]{0,4}\d[\w.]*\s*(?:[.):_-]|\s)\s*", "", word))


@dataclass(frozen=True, eq=False)
class Grid:
    """Arrays of one sheet.

    Attributes
    ----------
    sheet : Sheet
    numbers : ndarray, shape (height, width)
        Figures, NaN elsewhere.
    """

    sheet: Sheet
    numbers: Array

    @cached_property
    def figures(self) -> npt.NDArray[np.bool_]:
        """True where a cell holds a figure."""
        return np.isfinite(self.numbers)

    @cached_property
    def values(self) -> npt.NDArray[np.bool_]:
        """True where a figure is a value and not a code."""
        found = self.figures.copy()
        for spot in self._counted:
            found[spot] = False
        return found

    @cached_property
    def labels(self) -> dict[tuple[int, int], str]:
        """Texts of the cells that can name a line: texts, and codes written as numbers."""
        found = {}
        for row, cells in enumerate(self.sheet.rows):
            for column, value in enumerate(cells):
                if isinstance(value, str) and value and not value.isspace():
                    found[row, column] = value.strip()
        for row, column in self._counted:
            found[row, column] = self.sheet.text(row, column)
        return found

    @cached_property
    def _counted(self) -> list[tuple[int, int]]:
        """Cells of rows and columns that count or number: 1, 2, 3, ... or 101, 102, 110.

        Whole numbers among many texts are codes too: 1111A0, 111200, 1121A0.
        """
        found: list[tuple[int, int]] = list(self._among_texts)
        with np.errstate(invalid="ignore"):
            whole = ~self.figures | (self.numbers == np.rint(self.numbers))
        for row in np.flatnonzero(whole.all(axis=1)).tolist():
            found += [(row, column) for column in _counting(self.numbers[row])]
        for column in range(min(self.sheet.width, 12)):
            found += [(row, column) for row in _counting(self.numbers[:, column])]
        return found

    @property
    def _among_texts(self) -> Iterator[tuple[int, int]]:
        texts = np.zeros(self.numbers.shape, dtype=bool)
        for row, cells in enumerate(self.sheet.rows):
            texts[row, : len(cells)] = [isinstance(c, str) and bool(WORD.search(c)) for c in cells]
        for axis, words, numbers in ((0, texts, self.numbers), (1, texts.T, self.numbers.T)):
            for line in np.flatnonzero(words.sum(axis=1) >= AMONG).tolist():
                places = np.flatnonzero(np.isfinite(numbers[line]))
                if not len(places) or np.any(numbers[line, places] % 1):
                    continue
                between = int(words[line, places[0] :].sum())
                if between >= AMONG and between * 6 >= len(places):
                    yield from ((line, p) if axis == 0 else (p, line) for p in places.tolist())

    @cached_property
    def by_row(self) -> dict[int, list[tuple[int, str]]]:
        """Labels of each row: (column, text)."""
        return self._grouped(0)

    @cached_property
    def by_column(self) -> dict[int, list[tuple[int, str]]]:
        """Labels of each column: (row, text)."""
        return self._grouped(1)

    def _grouped(self, axis: int) -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for spot, text in sorted(self.labels.items(), key=lambda item: item[0]):
            found[spot[axis]].append((spot[1 - axis], text))
        return found

    def block(self, rows: Sequence[int], columns: Sequence[int]) -> Array:
        """Return figures of rows and columns, NaN where there is none."""
        return np.array(self.numbers[np.ix_(list(rows), list(columns))])

    def text(self, row: int, column: int) -> str:
        """Return a cell as text on one line."""
        return " ".join(self.sheet.text(row, column).split())


def grid_of(sheet: Sheet) -> Grid:
    """Return a sheet as arrays."""
    numbers = np.full((sheet.height, sheet.width), np.nan)
    for row, cells in enumerate(sheet.rows):
        numbers[row, : len(cells)] = _row(cells)
    numbers.flags.writeable = False
    return Grid(sheet, numbers)


def _row(cells: Sequence[object]) -> Array:
    """Return the figures of a row, NaN where there is none."""
    kinds = {type(cell) for cell in cells}
    if kinds <= {float, int}:
        return np.array(cells, dtype=np.float64)
    return np.array([cell if type(cell) in (float, int) else np.nan for cell in cells], dtype=float)


def _counting(line: Array) -> list[int]:
    """Return places of a run of rising whole numbers without gaps between them, or none."""
    places = np.flatnonzero(np.isfinite(line))
    best: list[int] = []
    run: list[int] = []
    for place in places.tolist():
        value = line[place]
        whole = value == int(value) if abs(value) < 1e6 else False
        follows = bool(run) and whole and 0 < value - line[run[-1]] <= 100
        if follows:
            run.append(place)
        else:
            best = max(best, run, key=len)
            run = [place] if whole and value >= 0 else []
    best = max(best, run, key=len)
    return best if len(best) >= 3 and len(best) * 2 > len(places) else []
