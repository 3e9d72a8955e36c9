"""A block that was found, with what it was taken for, why, and how sure that is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from iomodel.readers.balance import statement_of
from iomodel.readers.blocks import Block
from iomodel.readers.kinds import Kind, Reading, kind_of
from iomodel.readers.layout import Layout
from iomodel.readers.lines import Beside, Line, lines_beside
from iomodel.readers.nearby import Facts, facts_of, says_domestic, texts_near
from iomodel.readers.statement import Identity, Statement
from iomodel.readers.workbook import address_of

CONFIDENT = 0.6
SLIPS = 0.25  # a balance may fail in this share of the sectors and still tell what the lines are
MONEY = frozenset({"flows", "imports", "use", "make"})
ORDER: tuple[Kind, ...] = (
    "flows",
    "use",
    "make",
    "imports",
    "input coefficients",
    "Leontief inverse",
    "Leontief inverse less identity",
    "total requirements",
    "Ghosh inverse",
    "allocation coefficients",
    "I less coefficients",
    "other",
    "diagonal",
    "identity",
    "check",
)


class Evidence(NamedTuple):
    """One thing that speaks for a reading, and its weight."""

    text: str
    weight: float


@dataclass(frozen=True, eq=False)
class Found:
    """A block with the lines beside it and what it was taken for.

    Attributes
    ----------
    block : Block
    beside : Beside
    reading : Reading
        Kind and scale of the block.
    facts : Facts
        What the texts near it state.
    layout : Layout or None
        The declared layout that recognised its sheet.
    order : tuple of int
        Place of its sheet in the workbook and of the block in the sheet.
    forced : mapping of (by row, place) to role
        Roles of lines that a person named.
    """

    block: Block
    beside: Beside
    reading: Reading
    facts: Facts
    layout: Layout | None
    order: tuple[int, int]
    forced: Mapping[tuple[bool, int], str] = field(default_factory=dict)

    def role(self, line: Line) -> str:
        """Return a line's role: as named by a person, declared by the layout, or by its words."""
        named = self.forced.get((line.by_row, line.place))
        return named or (line.role if self.layout is None else self.layout.role(line))

    @property
    def sheet(self) -> str:
        """Name of the sheet."""
        return self.block.grid.sheet.name

    @property
    def kind(self) -> Kind:
        """What the block was taken for."""
        return self.reading.kind

    @property
    def range(self) -> str:
        """Address of the block, such as ``C7:N18``."""
        block = self.block
        return (
            f"{address_of(block.top, block.left)}:{address_of(max(block.rows), max(block.columns))}"
        )

    @cached_property
    def statement(self) -> Statement:
        """The lines beside the block, each with what it is."""
        return statement_of(self.block, self.beside, self.role)

    @cached_property
    def treatment(self) -> str:
        """Import treatment that the balance implies."""
        if any(item.line.filled.any() for item in self.statement.imports):
            return "competitive"
        imported = [item for item in self.statement.rows if item.role == "imports"]
        if any(item.line.filled.any() for item in imported):
            return "domestic"
        return "domestic" if says_domestic(self.facts, self.sheet) else "not stated"

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """What speaks for the reading."""
        return tuple(self._labels()) + tuple(
            self._balances() if self.kind in MONEY else self._algebra()
        )

    @cached_property
    def balances(self) -> bool:
        """True if rows and columns both add up to output, nearly at least."""
        sums = [item for item in self.statement.identities if item.text.endswith("output")]
        return len(sums) == 2 and all(map(self._nearly, sums))

    def _nearly(self, identity: Identity) -> bool:
        """Tell a balance that is out by little, or in a few sectors: a slip in some cells."""
        return identity.share <= 0.03 or len(identity.wrong) <= SLIPS * self.block.size

    @cached_property
    def confidence(self) -> float:
        """Sum of the evidence, at most 1."""
        return round(min(1.0, sum(item.weight for item in self.evidence)), 2)

    def _labels(self) -> Iterator[Evidence]:
        paired = 1 - len(self.block.guessed) / self.block.size
        text = f"rows and columns carry the same labels ({paired:.0%} of {self.block.size})"
        yield Evidence(text, 0.25 * paired)
        if self.layout is not None:
            yield Evidence(f"the sheet has the marks of the layout {self.layout.name}", 0.35)

    def _algebra(self) -> Iterator[Evidence]:
        weight = {"other": 0.0, "check": 0.0, "diagonal": 0.2}.get(self.kind, 0.5)
        yield Evidence(self.reading.reason, weight)

    def _balances(self) -> Iterator[Evidence]:
        statement = self.statement
        if self.kind == "make":
            yield Evidence(self.reading.reason, 0.3)
        printed = bool(statement.output_from)  # else rows give output, and columns must agree
        for identity in statement.identities[:2]:
            if identity.text.endswith("output") and (printed or identity.text.startswith("col")):
                near = 0.2 if self._nearly(identity) else 0.0
                full = 0.3 if printed else 0.4
                yield Evidence(str(identity), full if identity.holds else near)
        sums = [item for item in statement.identities if item.text.endswith("sum")]
        if sums:
            held = sum(item.holds for item in sums)
            yield Evidence(f"{held} of {len(sums)} printed totals hold", min(0.2, 0.05 * held))


def find(
    blocks: Sequence[Block],
    place: int,
    layouts: Sequence[Layout],
    notes: Sequence[str] = (),
) -> list[Found]:
    """Return what the blocks of one sheet are.

    Parameters
    ----------
    blocks : sequence of Block
        All blocks of the sheet.
    place : int
        Place of the sheet in the workbook.
    layouts : sequence of Layout
        Declarations to try; none for detection by structure alone.
    notes : sequence of str
        Other texts with facts, such as the file's name.
    """
    found = []
    for order, block in enumerate(sorted(blocks, key=lambda item: (item.top, item.left))):
        layout = next((item for item in layouts if item.recognises(block.grid)), None)
        near = texts_near(block)
        title = " ".join([block.grid.sheet.name, *near[:1]])
        reading = kind_of(block, title, " ".join([block.grid.sheet.name, *near]))
        found.append(
            Found(
                block,
                lines_beside(block, blocks),
                reading,
                facts_of(block, notes),
                layout,
                (place, order),
            )
        )
    return found
