"""Which block `iom.read` takes, why, and in which order the others follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from iomodel.readers.detect import REASONS, RULE, call_of, rank, settled
from iomodel.readers.found import CONFIDENT, MONEY, ORDER, Found
from iomodel.readers.workbook import Workbook


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What `iom.read` takes from a file.

    Attributes
    ----------
    sheet, range, kind : str
        The block that is read; empty texts where none is, or where the whole file is one table.
    why : str
        What decided.
    rule : str
        The whole rule of choice.
    order : tuple of str
        All blocks that are sure enough, the one to take first.
    call : str
        The call that reads it, whatever else the file holds.
    """

    sheet: str = ""
    range: str = ""
    kind: str = ""
    why: str
    rule: str = RULE
    order: tuple[str, ...] = ()
    call: str = ""

    def __str__(self) -> str:
        return f"{self.kind} in {self.sheet}!{self.range}" if self.range else self.kind or "nothing"


def choice_of(found: Sequence[Found], book: Workbook) -> Choice:
    """Return the choice among the blocks of a workbook, by the rule that `iom.read` follows."""
    order = settled(found)
    if not order:
        return Choice(why=_nothing(found))
    first = order[0]
    return Choice(
        sheet=first.sheet,
        range=first.range,
        kind=first.kind,
        why="; ".join([*_why(order), *_passed_over(first, found)]),
        order=tuple(f"{item.sheet}!{item.range}" for item in order),
        call=call_of(first, book),
    )


def _why(order: Sequence[Found]) -> list[str]:
    """Return what put the first block before the second, and which that is."""
    if len(order) == 1:
        return ["the only table or matrix that is sure enough"]
    first, second = order[0], order[1]
    pairs = zip(rank(first), rank(second), strict=True)
    place = next((k for k, (one, other) in enumerate(pairs) if one != other), len(REASONS) - 1)
    told = {  # said in the words of the two tables
        0: (first.kind, second.kind),
        4: (first.facts.valuation, second.facts.valuation),
        5: (first.facts.year, second.facts.year),
    }
    one, other = told.get(place, ("", ""))
    reason = f"{one or 'not stated'} before {other or 'not stated'}"
    reason = reason if place in told else REASONS[place]
    return [reason, f"next in order: {second.sheet}!{second.range}"]


def _passed_over(first: Found, found: Sequence[Found]) -> list[str]:
    """Return the flows that would come first, were their reading sure enough."""
    place = ORDER.index(first.kind)
    return [
        f"not sure enough: {item.kind} in {item.sheet}!{item.range}, confidence "
        f"{item.confidence:.2f}"
        for item in found
        if item.kind in MONEY and item.confidence < CONFIDENT and ORDER.index(item.kind) < place
    ]


def _nothing(found: Sequence[Found]) -> str:
    if not found:
        return "no rows and columns with the same labels on any sheet"
    best = max(found, key=lambda item: item.confidence)
    if best.confidence >= CONFIDENT:
        return "; ".join(["flows are likely, but not sure enough", *_passed_over(best, found)])
    return (
        f"no block has confidence {CONFIDENT:.2f} or more; the best is {best.sheet}!{best.range} "
        f"with {best.confidence:.2f}"
    )
