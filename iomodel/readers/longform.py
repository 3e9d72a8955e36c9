"""Tables printed in one line per cell or per area, brought back into rows and columns.

``row, column, value`` triplets, and matrices flattened into headers ``R1C1, R1C2, ...``.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from iomodel.readers.workbook import Sheet, address_of

LONG = 30
WIDE = 8
CELL = re.compile(r"R(\d+)C(\d+)", re.IGNORECASE)
OUTPUT = re.compile(r"[YX](\d+)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Unfolded(Sheet):
    """A sheet made from another; its cells know where they stand in the file."""

    spots: dict[tuple[int, int], str] = field(default_factory=dict)

    def address(self, row: int, column: int) -> str:
        """Return the address in the file of the cell that stands here."""
        return self.spots.get((row, column), f"{address_of(row, column)} of the unfolded table")


def unfolded(sheet: Sheet) -> list[Sheet]:
    """Return the tables of a sheet in rows and columns; the sheet itself if it is no long form."""
    if _is_flat(sheet):
        return list(_areas(sheet))
    if _is_triplets(sheet):
        return [_from_triplets(sheet)]
    return [sheet]


def _is_flat(sheet: Sheet) -> bool:
    heads = sheet.rows[0] if sheet.rows else []
    return sum(bool(CELL.fullmatch(str(head))) for head in heads) >= 4


def _areas(sheet: Sheet) -> Iterator[Sheet]:
    """Yield one table per line: an area's cells by row and column, its output below."""
    heads = [str(head) for head in sheet.rows[0]]
    cells = [(c, *map(int, m.groups())) for c, h in enumerate(heads) if (m := CELL.fullmatch(h))]
    below = [(c, int(m.group(1))) for c, h in enumerate(heads) if (m := OUTPUT.fullmatch(h))]
    side, across = max(r for _, r, _ in cells), max(c for _, _, c in cells)
    for place in range(1, sheet.height):
        area = sheet.text(place, 0)
        if not area:
            continue
        rows: list[list[Any]] = [["R1C1", *(str(k + 1) for k in range(across))]]
        rows += [[str(k + 1), *[""] * across] for k in range(side)]
        spots = {}
        if below:
            rows.append(["output", *[""] * across])
        for column, i, j in (*cells, *((c, side + 1, k) for c, k in below)):
            rows[i][j] = sheet.cell(place, column)
            spots[i, j] = address_of(place, column)
        yield Unfolded(area, rows, spots)


def _is_triplets(sheet: Sheet) -> bool:
    if not 3 <= sheet.width <= WIDE or sheet.height < LONG:
        return False
    return _columns(sheet) is not None


def _columns(sheet: Sheet) -> tuple[int, int, int] | None:
    """Return the columns of row labels, column labels and values, or None."""
    body = sheet.rows[1:]
    numeric = [c for c in range(sheet.width) if _share(body, c, (int, float)) > 0.95]
    texts = [c for c in range(sheet.width) if c not in numeric]
    kinds = {c: len({row[c] for row in body}) for c in texts}
    few = [c for c in texts if 1 < kinds[c] <= len(body) / 2]
    if len(numeric) != 1 or len(few) < 2:
        return None
    first, second = few[0], few[1]
    pairs = {(row[first], row[second]) for row in body}
    return (first, second, numeric[0]) if len(pairs) == len(body) else None


def _share(rows: list[list[Any]], column: int, kind: tuple[type, ...]) -> float:
    return sum(isinstance(row[column], kind) for row in rows) / max(1, len(rows))


def _from_triplets(sheet: Sheet) -> Sheet:
    columns = _columns(sheet)
    assert columns is not None, "recognised before"
    first, second, value = columns
    start = 0 if isinstance(sheet.cell(0, value), int | float) else 1
    down: dict[str, int] = {}
    across: dict[str, int] = {}
    spots: dict[tuple[int, int], str] = {}
    cells = []
    lines = range(start, sheet.height)
    named = [(sheet.text(place, first), sheet.text(place, second)) for place in lines]
    order = list(dict.fromkeys(row for row, _ in named))
    shared = [label for label in order if label in {column for _, column in named}]
    often = Counter(column for _, column in named)  # a total has a figure for every row: last
    rest = sorted({column: often[column] for column in often if column not in shared}.items(),
                  key=lambda item: item[1])  # fmt: skip
    for label in (*shared, *(label for label, _ in rest)):
        across[label] = len(across) + 1
    for place, (row, column) in zip(lines, named, strict=True):
        i = down.setdefault(row, len(down) + 1)
        j = across[column]
        cells.append((i, j, sheet.cell(place, value)))
        spots[i, j] = address_of(place, value)
    rows: list[list[Any]] = [["", *across]]
    rows += [[label, *[0.0] * len(across)] for label in down]  # a pair not listed is no flow
    for i, j, figure in cells:
        rows[i][j] = figure
    return Unfolded(sheet.name, rows, spots)
