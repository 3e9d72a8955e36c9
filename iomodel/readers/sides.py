"""The lines of one side of a block: which are totals, and which can be parts of the balance."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from iomodel.kernels.linear import Array
from iomodel.kernels.totals import BASE, Rounding, Total, beside_its_parts, find_totals
from iomodel.readers.lines import Line

CLOSE = 1e-3  # a row and a column are one balance if they differ by less than this share
NEAR = 0.03  # the same, where words say so: a published table that does not balance
BETTER = 0.5  # leaving out a line must at least halve the difference
PARTS = 6  # output is looked for among sums of fewer lines of supply than this
FEW = 14  # with more lines than this only single ones are tried
OUTSIDE = frozenset({"check", "supply", "use", "output", "employment", "emissions"})
NOT_USED = OUTSIDE - {"employment", "emissions"} | {"value added", "intermediate"}
Role = Callable[[Line], str]


@dataclass(eq=False)
class Side:
    """The lines of one side, its totals and what they add up to.

    `cells` are the block's own lines on this side, and `places` where they stand.
    """

    cells: Array
    places: Sequence[int]
    lines: Sequence[Line]
    rounding: Rounding
    role: Role
    base: Array = field(init=False)
    totals: list[Total] = field(init=False)

    def __post_init__(self) -> None:
        self.roles = [self.role(line) for line in self.lines]
        deducted = [k for k, role in enumerate(self.roles) if role in {"imports", "residual"}]
        self.base = self.cells.sum(axis=0)
        within = list(self._within())
        apart = {total.line for total in within} | {
            k for k, role in enumerate(self.roles) if role == "check"
        }
        vectors = [0 * x.filled if k in apart else x.filled for k, x in enumerate(self.lines)]
        told = [k for k, line in enumerate(self.lines) if line.says_total or self._told(k)]
        found = find_totals(self.base, vectors, self.rounding, deducted=deducted, told=told)
        self.totals = [*within, *found]
        self.is_total = {total.line for total in self.totals}

    def _within(self) -> Iterator[Total]:
        """Yield subtotals that stand among the block's own lines."""
        order = np.argsort(self.places)
        places, cells = np.asarray(self.places)[order], self.cells[order]
        size, sections = len(places), 0
        for k, line in enumerate(self.lines):
            at = int(np.searchsorted(places, line.place))
            if at == size and not sections:
                return
            found = beside_its_parts(line.filled, cells[:at][::-1], cells[at:], self.rounding)
            if found is not None and found[0] < size:
                sections += 1
                yield Total(k, (), (), found[1])

    def _told(self, k: int) -> bool:
        return self.roles[k] in {"output", "supply", "use", "intermediate", "value added"}

    def vector(self, k: int) -> Array:
        """Return the figures of a line, or of the block itself."""
        return self.base if k == BASE else self.lines[k].filled

    def empty(self, k: int) -> bool:
        """Tell whether a line holds nothing but zeros."""
        return self.rounding.empty(self.lines[k].filled)

    def parts(self, k: int) -> dict[int, int] | None:
        """Return the leaves (with signs) that a line adds up from, the block among them."""
        return self._expanded(k, frozenset())

    def _expanded(self, k: int, seen: frozenset[int]) -> dict[int, int] | None:
        if k == BASE:
            return {BASE: 1}
        for total in self.totals:
            if total.line != k or k in seen:
                continue
            found: dict[int, int] = {}
            for part, sign in zip(total.parts, total.signs, strict=True):
                inner = self._expanded(part, seen | {k}) or {part: 1}
                for leaf, own in inner.items():
                    found[leaf] = found.get(leaf, 0) + sign * own
            if BASE in found:
                return found
        others = [total for total in self.totals if total.line == k and k not in seen]
        if not others:
            return None
        found = {}
        for part, sign in zip(others[0].parts, others[0].signs, strict=True):
            inner = self._expanded(part, seen | {k}) or {part: 1}
            for leaf, own in inner.items():
                found[leaf] = found.get(leaf, 0) + sign * own
        return found

    def may_be_item(self, k: int) -> bool:
        """Tell whether a line that no total explains can be part of the balance."""
        return not (self.empty(k) or k in self.is_total or self.roles[k] in OUTSIDE)

    def is_blank_item(self, k: int) -> bool:
        """Tell whether a line of zeros is an item all the same: its words say so."""
        line, role = self.lines[k], self.roles[k]
        told = bool(line.texts) and not line.says_total
        return self.empty(k) and told and role not in OUTSIDE | NOT_USED

    def gap(self, leaves: Mapping[int, int], target: Array) -> float:
        """Return how far the block and some lines are from a target, as a share of its size."""
        found = self.base + sum(sign * self.vector(k) for k, sign in leaves.items() if k != BASE)
        return share_apart(np.asarray(found), target)

    def fits(self, leaves: Mapping[int, int], target: Array) -> bool:
        """Tell whether the block and some lines give a target up to rounding."""
        found = self.base + sum(sign * self.vector(k) for k, sign in leaves.items() if k != BASE)
        gap = float(np.max(np.abs(target - found), initial=0.0))
        return gap <= self.rounding.tolerated(target, len(leaves) + self.rounding.width)

    def fitted(self, leaves: dict[int, int], target: Array | None) -> dict[int, int]:
        """Return the lines that give a target: one may be deducted, some shown for information.

        A sign is turned only where that makes the balance hold.
        """
        if target is None or self.fits(leaves, target):
            return leaves
        best, least = self._turned(leaves, target), self.gap(leaves, target)
        if best is not None:
            return best
        best = leaves
        for count in (1, 2, 3):
            if len(leaves) > FEW and count > 1:
                break
            for drop in combinations(leaves, count):
                kept = {k: sign for k, sign in leaves.items() if k not in drop}
                gap = self.gap(kept, target)
                if gap < least * BETTER:
                    best, least = kept, gap
            if least <= CLOSE:
                break
        return self._turned(best, target) or best

    def _turned(self, leaves: dict[int, int], target: Array) -> dict[int, int] | None:
        """Return lines of which one has its sign turned, if that makes the balance hold."""
        if self.fits(leaves, target):
            return leaves
        turns = ({**leaves, k: -leaves[k]} for k in leaves)
        return next((turned for turned in turns if self.fits(turned, target)), None)

    def supplies(self, k: int) -> Total | None:
        """Return the total of which a line is a part besides the uses, such as total supply."""
        for total in self.totals:
            if k in total.parts and total.line != k and len(total.parts) > 1:
                uses = self.parts(total.line)
                if uses is not None and BASE in uses and k not in uses:
                    return total
        return None


def share_apart(one: Array, other: Array) -> float:
    """Return how far two lines are apart, as a share of the second's size."""
    size = float(np.abs(other).sum())
    return float(np.abs(one - other).sum()) / size if size > 0 else np.inf
