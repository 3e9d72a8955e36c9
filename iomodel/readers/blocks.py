"""Blocks of a sheet: rectangles whose rows and columns carry the same labels, in any place."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from iomodel.readers.edges import Edges, Pairs, trimmed
from iomodel.readers.grid import Grid, bare_key, key_of, name_key

SMALLEST = 2
TINY = 3  # blocks up to this size can be chance: a code that stands in two places
FILLED = 0.1  # share of cells of a block that hold figures: offices leave zeros blank
LINES = 0.9  # share of its rows and of its columns that hold any
CROWDED = 400  # a label in more places than this says nothing about lines
SPREAD = 60  # rows above and columns beside a block where its labels are looked for


@dataclass(frozen=True, eq=False)
class Block:
    """A rectangle of figures whose rows and columns have the same labels.

    Attributes
    ----------
    grid : Grid
    rows, columns : tuple of int
        Positions, paired: row i and column i are one sector.
    heads : tuple of int
        Rows that label the columns.
    sides : tuple of int
        Columns that label the rows.
    loose_rows, loose_columns : tuple of int
        Labelled lines inside the block without a counterpart on the other side.
    guessed : tuple of int
        Pairs whose labels differ and that were paired by their place.
    reordered : bool
        True if rows and columns are in different order.
    """

    grid: Grid
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    heads: tuple[int, ...]
    sides: tuple[int, ...]
    loose_rows: tuple[int, ...] = ()
    loose_columns: tuple[int, ...] = ()
    guessed: tuple[int, ...] = ()
    reordered: bool = False

    @property
    def size(self) -> int:
        """Number of sectors."""
        return len(self.rows)

    @property
    def top(self) -> int:
        """First row."""
        return min(self.rows)

    @property
    def left(self) -> int:
        """First column."""
        return min(self.columns)

    def figures(self) -> np.ndarray:
        """Return the square of figures, NaN where there is none."""
        return self.grid.block(self.rows, self.columns)


def find_blocks(grid: Grid) -> list[Block]:
    """Return the blocks of a sheet, largest first; one per rectangle.

    Labels are compared as written; where that finds nothing, without prefixes such as ``DOM_``.
    """
    for key in (key_of, bare_key, name_key):
        known: Known = {}
        found = [block for pair in _pairs(grid, key) for block in _cut(grid, *pair, key, known)]
        found = [block for block in found if _is_filled(block)]
        if found:
            return _distinct(found)
    return []


def _pairs(grid: Grid, key: Callable[[str], str]) -> list[tuple[int, int]]:
    """Return (row of heads, column of sides) that share labels, those with most first."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for spot, text in grid.labels.items():
        places[key(text)].append(spot)
    shared: Counter[tuple[int, int]] = Counter()
    for word, spots in places.items():
        if not word or not 1 < len(spots) <= CROWDED:
            continue
        heads = {(row, column) for row, column in spots}
        shared.update(
            {
                (row, side)
                for row, column in heads
                for below, side in spots
                if below > row and side < column
            }
        )
    return [pair for pair, count in shared.most_common(40) if count >= SMALLEST]


Labelled = list[tuple[int, str]]
Known = dict[Pairs, Edges | None]


def _cut(
    grid: Grid, head: int, side: int, key: Callable[[str], str], known: Known
) -> Iterable[Block]:
    """Yield the blocks of one row of heads and one column of sides."""
    across = [(c, key(text)) for c, text in grid.by_row[head] if c > side]
    down = [(r, key(text)) for r, text in grid.by_column[side] if r > head]
    twice = _repeated(across) & _repeated(down)
    across, down = _counted(across, twice), _counted(down, twice)
    for columns in _runs(across, {word for _, word in down}):
        for rows in _runs(down, {word for _, word in columns}):
            block = _block(grid, head, side, rows, columns, known)
            if block is not None:
                yield block


def _repeated(line: Labelled) -> set[str]:
    return {word for word, count in Counter(word for _, word in line).items() if count > 1}


def _counted(line: Labelled, words: set[str]) -> Labelled:
    """Tell labels apart that stand twice on both sides: a table with duplicate labels."""
    seen: Counter[str] = Counter()
    found = []
    for place, word in line:
        seen[word] += 1
        again = word in words and seen[word] > 1
        found.append((place, f"{word} ({seen[word]})" if again else word))
    return found


def _runs(line: Labelled, known: set[str]) -> list[Labelled]:
    """Cut a line of labels where a label comes again: each run is one table's side."""
    runs: list[Labelled] = []
    current: Labelled = []
    seen: set[str] = set()
    for place, word in line:
        if word in known and word in seen:
            runs.append(current)
            current, seen = [], set()
        current.append((place, word))
        if word in known:
            seen.add(word)
    runs.append(current)
    return [run for run in runs if sum(word in known for _, word in run) >= SMALLEST]


def _block(
    grid: Grid, head: int, side: int, down: Labelled, across: Labelled, known: Known
) -> Block | None:
    """Pair rows and columns by label, then by place where labels differ between two pairs."""
    where_row = {word: place for place, word in reversed(down)}
    where_column = {word: place for place, word in reversed(across)}
    shared = [word for _, word in across if word in where_row]
    pairs = sorted((where_column[word], where_row[word]) for word in shared)
    places = Pairs(
        tuple(row for _, row in pairs),
        tuple(column for column, _ in pairs),
        tuple(place for place, _ in down),
        tuple(place for place, _ in across),
    )
    if places not in known:  # codes and names often mark the same lines
        known[places] = trimmed(grid, places)
    found = known[places]
    if found is None:
        return None
    return Block(
        grid,
        found.rows,
        found.columns,
        (head,),
        (side,),
        found.loose_rows,
        found.loose_columns,
        found.guessed,
        found.reordered,
    )


def _is_filled(block: Block) -> bool:
    """Tell whether a block is a square of figures; a tiny one must have its labels at hand."""
    filled = np.isfinite(block.figures())
    lines = min(float(filled.any(axis=0).mean()), float(filled.any(axis=1).mean()))
    if float(filled.mean()) < FILLED or lines < LINES:
        return False
    return block.size > TINY or (_is_close(block) and not block.guessed)


def _is_close(block: Block) -> bool:
    """Tell whether a tiny block is in one piece, with words for labels right beside it."""
    head, side = block.heads[0], block.sides[0]
    spans = (block.rows, block.columns)
    whole = all(max(span) - min(span) == len(span) - 1 for span in spans)
    words = all(any(map(str.isalpha, block.grid.text(row, side))) for row in block.rows)
    return whole and words and block.top - head <= TINY and block.left - side <= TINY


def _distinct(blocks: Sequence[Block]) -> list[Block]:
    """Merge blocks that cover the same cells; drop those within a larger one."""
    kept: list[Block] = []
    for block in sorted(blocks, key=lambda item: (-item.size, len(item.guessed), item.reordered)):
        same = next((k for k, other in enumerate(kept) if _overlaps(other, block)), None)
        if same is None:
            kept.append(block)
        elif kept[same].rows == block.rows and kept[same].columns == block.columns:
            kept[same] = _merged(kept[same], block)
    return kept


def _overlaps(one: Block, other: Block) -> bool:
    return bool(set(one.rows) & set(other.rows)) and bool(set(one.columns) & set(other.columns))


def _merged(one: Block, other: Block) -> Block:
    """Return a block with the label lines of both; labels that agree anywhere are not guessed."""
    return Block(
        one.grid,
        one.rows,
        one.columns,
        tuple(sorted({*one.heads, *other.heads})),
        tuple(sorted({*one.sides, *other.sides})),
        one.loose_rows,
        one.loose_columns,
        tuple(sorted({*one.guessed} & {*other.guessed})),
        one.reordered,
    )
