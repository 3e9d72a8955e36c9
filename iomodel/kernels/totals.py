"""Which lines of a table are totals of others: told by their sums, not by their names.

A statement is read from its first line to its last. Lines wait on a stack; a line that equals
the sum of the waiting ones is their total and takes their place, as in adding up a bill.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from iomodel.kernels.linear import Array

BASE = -1
SHARE = 0.02  # a sum out by more than this share of the total's size is no sum
SLIPS = 0.25  # a line that says it is a total may fail in this share of its elements
FEW = 4  # no slips are told apart in lines shorter than this
RUNS = 80  # more lines than this are not searched for runs


@dataclass(frozen=True)
class Total:
    """A line that is the sum of others.

    Attributes
    ----------
    line : int
        Position of the total; ``BASE`` stands for the sum of the block itself.
    parts, signs : tuple of int
        Positions of its parts and their signs.
    gap : float
        Largest absolute difference.
    wrong : tuple of int
        Elements where the sum does not hold, in a line whose words say that it is a total.
    """

    line: int
    parts: tuple[int, ...]
    signs: tuple[int, ...]
    gap: float
    wrong: tuple[int, ...] = ()


def step_of(values: Array) -> float:
    """Step in which figures are printed: 1 for whole numbers, 0.1, ...; 0 if unrounded."""
    known = values[np.isfinite(values)]
    for digits in range(4):
        scaled = known * 10.0**digits
        if np.all(np.abs(scaled - np.rint(scaled)) <= 1e-6 * np.maximum(1.0, np.abs(scaled))):
            return 10.0**-digits
    return 0.0


@dataclass(frozen=True)
class Rounding:
    """How far a sum of printed figures may be from its printed total.

    Attributes
    ----------
    step : float
        Step in which the figures are printed.
    width : int
        Number of figures behind one element of the block's own sum.
    """

    step: float
    width: int = 1

    def allowed(self, total: Array, count: int) -> float:
        """Return the largest gap that `count` roundings can leave in a total."""
        size = float(np.max(np.abs(total), initial=0.0))
        return max(self.step * (0.6 + 0.6 * float(np.sqrt(count))), 1e-6 * size)

    def tolerated(self, total: Array, count: int) -> float:
        """Return the largest gap that so many roundings are likely to leave in a line."""
        return max(self.allowed(total, count), self.step * (1 + 1.2 * float(np.sqrt(count))))

    def holds(self, total: Array, found: Array, count: int) -> bool:
        """Tell whether a sum gives a total up to rounding."""
        gap = np.abs(total - found)
        if float(gap.max(initial=0.0)) > self.allowed(total, count):
            return False
        return float(gap.sum()) <= SHARE * float(np.abs(total).sum())

    def breaks(self, total: Array, found: Array, count: int) -> tuple[int, ...] | None:
        """Return elements where a sum fails, or None if it fails in too many for a slip."""
        wrong = np.flatnonzero(np.abs(total - found) > self.allowed(total, count))
        few = len(wrong) <= max(1, int(SLIPS * len(total))) and len(total) >= FEW
        return tuple(wrong.tolist()) if few else None

    def empty(self, line: Array) -> bool:
        """Tell whether a line holds nothing but zeros."""
        return float(np.max(np.abs(line), initial=0.0)) <= max(self.step / 2, 1e-9)


def find_totals(
    base: Array,
    lines: Sequence[Array],
    rounding: Rounding,
    *,
    deducted: Iterable[int] = (),
    told: Iterable[int] = (),
) -> list[Total]:
    """Return the totals among lines beside a block.

    Parameters
    ----------
    base : ndarray, shape (n,)
        Sum of the block itself, such as intermediate sales by sector.
    lines : sequence of ndarray, each (n,)
        Lines in their order; blanks are zeros.
    rounding : Rounding
    deducted : iterable of int
        Lines that may enter a total with a minus, such as imports.
    told : iterable of int
        Lines whose words say that they are totals: a slip in a few elements does not matter.

    Returns
    -------
    list of Total
        In the order found. A line can be a total twice: total uses are the sum of uses, and of
        imports and output.
    """
    search = _Search(base, list(lines), rounding, frozenset(deducted), frozenset(told))
    for position, line in enumerate(search.lines):
        if not rounding.empty(line):
            search.take(position)
    return search.found


def beside_its_parts(
    line: Array, before: Array, after: Array, rounding: Rounding
) -> tuple[int, float] | None:
    """Tell a subtotal among the lines that it adds up: those just before or just after it.

    Parameters
    ----------
    line : ndarray, shape (n,)
    before, after : ndarray, each (k, n)
        The lines before it and those after it, the nearest first.
    rounding : Rounding

    Returns
    -------
    tuple of int and float or None
        How many lines it adds up, and the largest gap.
    """
    if rounding.empty(line):
        return None
    for side in (before, after):
        running = np.cumsum(side, axis=0)
        widest = rounding.allowed(line, len(running))
        near = np.abs(running - line).max(axis=1, initial=0.0) <= widest
        for place in np.flatnonzero(near).tolist():
            if rounding.holds(line, running[place], place + 1):
                return place + 1, _gap(line, running[place])
    return None


class _Search:
    """The stack of waiting lines and the totals found so far."""

    def __init__(
        self,
        base: Array,
        lines: list[Array],
        rounding: Rounding,
        deducted: frozenset[int],
        told: frozenset[int],
    ) -> None:
        self.base, self.lines, self.rounding = base, lines, rounding
        self.deducted, self.told = deducted, told
        self.stack: list[int] = [] if rounding.empty(base) else [BASE]
        self.leaves: list[int] = list(self.stack)
        self.found: list[Total] = []

    def vector(self, node: int) -> Array:
        return self.base if node == BASE else self.lines[node]

    def count(self, nodes: Sequence[int]) -> int:
        return len(nodes) + (self.rounding.width if BASE in nodes else 0)

    def take(self, position: int) -> None:
        """Place one line: a total of waiting lines, a copy, a total of a run, or a new leaf."""
        total = self._of_waiting(position)
        if total is None and position in self.told:
            total = self._with_slips(position)
        if total is not None:
            self.found.append(total)
            del self.stack[len(self.stack) - len(total.parts) :]
            self.stack.append(position)
            return
        other = self._copy(position) or self._of_run(position)
        if other is not None:
            self.found.append(other)
            return
        self.stack.append(position)
        self.leaves.append(position)
        self._before_its_parts()

    def _of_waiting(self, position: int) -> Total | None:
        """Return the line as total of the last waiting ones, the fewest that do."""
        line, sums = self.lines[position], self._sums()
        for turned in (None, *self._candidates(self.stack)):
            first = 0 if turned is None else len(self.stack) - self.stack.index(turned) - 1
            less = 0.0 if turned is None else 2 * self.vector(turned)
            for depth in self._fitting(line, sums[first:] - less, first):
                nodes = self.stack[-depth:]
                signs = tuple(-1 if node == turned else 1 for node in nodes)
                return Total(position, tuple(nodes), signs, _gap(line, sums[depth - 1] - less))
        return None

    def _sums(self) -> Array:
        """Return sums of the last one, two, ... waiting lines, (depth, n)."""
        nodes = [self.vector(node) for node in reversed(self.stack)]
        return np.cumsum(nodes, axis=0) if nodes else np.zeros((0, len(self.base)))

    def _fitting(self, line: Array, sums: Array, first: int) -> Iterator[int]:
        """Yield the depths at which the sums give a line, the least first."""
        size = np.abs(sums - line).max(axis=1, initial=0.0)
        widest = self.rounding.allowed(line, len(self.stack) + self.rounding.width)
        for place in np.flatnonzero(size <= widest).tolist():
            depth = first + place + 1
            if self.rounding.holds(line, sums[place], self.count(self.stack[-depth:])):
                yield depth

    def _with_slips(self, position: int) -> Total | None:
        """Return the line as total of waiting ones but for a few elements; its words say so."""
        line, running = self.lines[position], np.zeros_like(self.base)
        for depth in range(1, len(self.stack) + 1):
            nodes = self.stack[-depth:]
            running = running + self.vector(nodes[0])
            for flipped in (None, *self._candidates(nodes)):
                found = running if flipped is None else running - 2 * self.vector(flipped)
                wrong = self.rounding.breaks(line, found, self.count(nodes))
                if wrong is not None and float(np.abs(found).sum()) > 0:
                    signs = tuple(-1 if node == flipped else 1 for node in nodes)
                    return Total(position, tuple(nodes), signs, _gap(line, found), wrong)
        return None

    def _candidates(self, nodes: Sequence[int]) -> list[int]:
        """Return lines that may be deducted: those named as such, else none."""
        return [node for node in nodes if node in self.deducted] if len(nodes) > 1 else []

    def _copy(self, position: int) -> Total | None:
        """Return the line as a repetition of an earlier one."""
        line = self.lines[position]
        for node in range(position):
            other = self.lines[node]
            if not self.rounding.empty(other) and self.rounding.holds(line, other, 1):
                return Total(position, (node,), (1,), _gap(line, other))
        if self.rounding.holds(line, self.base, self.rounding.width):
            return Total(position, (BASE,), (1,), _gap(line, self.base))
        return None

    def _of_run(self, position: int) -> Total | None:
        """Return the line as total of a run of earlier leaves, such as value added at the end."""
        if not 2 < len(self.leaves) <= RUNS:
            return None
        line = self.lines[position]
        stacked = np.cumsum([self.vector(node) for node in self.leaves], axis=0)
        before = np.vstack([np.zeros_like(line), stacked])
        widest = self.rounding.allowed(line, len(self.leaves) + self.rounding.width)
        for stop in range(len(self.leaves), 1, -1):
            sums = stacked[stop - 1] - before[: stop - 1]
            for start in np.flatnonzero(np.abs(sums - line).max(axis=1) <= widest).tolist():
                nodes = self.leaves[start:stop]
                if self.rounding.holds(line, sums[start], self.count(nodes)):
                    gap = _gap(line, sums[start])
                    return Total(position, tuple(nodes), (1,) * len(nodes), gap)
        return None

    def _before_its_parts(self) -> None:
        """Find a waiting line that the lines after it add up to: a total printed first."""
        while len(self.stack) > 1:
            sums = self._sums()[:-1]
            heads = np.array([self.vector(node) for node in reversed(self.stack[:-1])])
            near = np.abs(heads - sums).max(axis=1)
            widest = self.rounding.allowed(heads, len(self.stack) + self.rounding.width)
            for place in np.flatnonzero(near <= widest).tolist():
                depth, head = place + 1, self.stack[-place - 2]
                nodes = self.stack[-depth:]
                if head == BASE or not self._may_lead(head, depth):
                    continue
                if self.rounding.holds(heads[place], sums[place], self.count(nodes)):
                    gap = _gap(heads[place], sums[place])
                    self.found.append(Total(head, tuple(nodes), (1,) * depth, gap))
                    del self.stack[-depth:]
                    if head in self.leaves:
                        self.leaves.remove(head)
                    break
            else:
                return

    def _may_lead(self, head: int, depth: int) -> bool:
        """Tell whether a line can be a total printed before `depth` parts."""
        return depth > 1 or head not in {total.line for total in self.found}


def _gap(total: Array, found: Array) -> float:
    return float(np.max(np.abs(total - found), initial=0.0))
