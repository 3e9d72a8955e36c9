"""Whether the codes beside a table agree, where names paired its rows and columns."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iomodel.readers.blocks import Block
from iomodel.readers.grid import key_of
from iomodel.readers.lines import is_code

MOSTLY = 0.7  # a line of codes has different ones for at least this share of the sectors
REACH = 4  # rows above the heads that may hold codes


class CodeLine(NamedTuple):
    """A row or column of codes beside a block: where each stands, and what it says."""

    spots: tuple[tuple[int, int], ...]
    codes: tuple[str, ...]


def contradictions(block: Block) -> Iterator[str]:
    """Yield codes that stand twice, and codes of a row and its column that are exchanged.

    Parameters
    ----------
    block : Block
        Its rows and columns were paired by one line of labels; others can contradict it.
    """
    sides = [line for line in _sides(block) if _is_coded(line, block)]
    heads = [line for line in _heads(block) if _is_coded(line, block)]
    for line, what in [*((line, "row") for line in sides), *((line, "column") for line in heads)]:
        yield from _twice(block, line, what)
    for side in sides:
        for head in heads:
            if set(side.codes) == set(head.codes):
                yield from _exchanged(block, side, head)


def _sides(block: Block) -> Iterator[CodeLine]:
    for column in range(block.left):
        yield _line(block, [(row, column) for row in block.rows])


def _heads(block: Block) -> Iterator[CodeLine]:
    for row in range(max(0, min(block.heads) - REACH), block.top):
        yield _line(block, [(row, column) for column in block.columns])


def _line(block: Block, spots: Sequence[tuple[int, int]]) -> CodeLine:
    return CodeLine(tuple(spots), tuple(key_of(block.grid.text(*spot)) for spot in spots))


def _is_coded(line: CodeLine, block: Block) -> bool:
    """Tell a line of codes from one of names, of figures, or of a mark repeated."""
    labels = all(spot in block.grid.labels for spot in line.spots)
    return labels and all(map(is_code, line.codes)) and len(set(line.codes)) >= MOSTLY * block.size


def _twice(block: Block, line: CodeLine, what: str) -> Iterator[str]:
    seen: dict[str, tuple[int, int]] = {}
    for spot, code in zip(line.spots, line.codes, strict=True):
        if code in seen:
            text = block.grid.text(*spot)
            first, again = (block.grid.sheet.address(*place) for place in (seen[code], spot))
            yield f"{what} code {text!r} stands twice: {first} and {again}"
        seen.setdefault(code, spot)


def _exchanged(block: Block, side: CodeLine, head: CodeLine) -> Iterator[str]:
    for here, there, one, other in zip(side.spots, head.spots, side.codes, head.codes, strict=True):
        if one != other:
            texts = block.grid.text(*here), block.grid.text(*there)
            places = block.grid.sheet.address(*here), block.grid.sheet.address(*there)
            yield (
                f"the row of code {texts[0]!r} ({places[0]}) has the name of the column of code "
                f"{texts[1]!r} ({places[1]})"
            )
