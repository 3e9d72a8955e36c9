"""Quantities of many draws at once, and the rules that a draw must pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from iomodel.accounts.declarations import Equation
from iomodel.accounts.equations import Formula
from iomodel.accounts.industry import Screen
from iomodel.accounts.priors import Values
from iomodel.kernels.linear import Array
from iomodel.kernels.sampling import Mask


class Group(NamedTuple):
    """Items of one channel that one sector buys, or that are spent on where `buyer` is empty."""

    channel: str
    buyer: str
    rows: tuple[Equation, ...]
    places: list[int]


class Drawn(NamedTuple):
    """Inputs and quantities of n draws in units of the currency, persons, days and shares."""

    values: Mapping[str, Any]
    sums: dict[str, Any]
    n: int

    def of(self, name: str, otherwise: float = 0.0) -> Array:
        """Return a quantity by name, shape (n,); `otherwise` where it is not declared."""
        return self._full(self.values.get(name, otherwise))

    def result(self, formula: Formula | None) -> Array:
        """Return a formula for every draw, shape (n,)."""
        assert formula is not None, "checked with the declarations"
        return self._full(formula(self.values, self.sums))

    def _full(self, found: Any) -> Array:
        array: Array = np.asarray(found)
        return array if array.shape else np.broadcast_to(array, self.n)


class Spent(NamedTuple):
    """What a group spends on its items, (items, n), per unit of `scale`, (n,)."""

    group: Group
    amounts: Array
    scale: Array


class Caused(NamedTuple):
    """What spending sets off: jobs (r, n) by channel, and by the direct sector's suppliers.

    Attributes
    ----------
    core, spill : ndarray, shape (n,)
        Labour income of suppliers, and that of additional spending.
    """

    jobs: dict[str, Array]
    supply: Array
    core: Array
    spill: Array


@dataclass(frozen=True)
class Plausible:
    """Tell in which draws a quantity lies in its plausible range."""

    drawn: Callable[[Values], Drawn]
    row: Equation
    screen: Screen

    def __call__(self, values: Values) -> Mask:
        """Tell it for n draws."""
        found = self.drawn(values).result(self.row.formula)
        return np.asarray((found >= self.screen.low) & (found <= self.screen.high))

    def margins(self, values: Values) -> Array:
        """Return how far n draws are from both ends, in widths of the range, (2, n)."""
        found = self.drawn(values).result(self.row.formula)
        width = (self.screen.high - self.screen.low) or 1.0
        return np.array([found - self.screen.low, self.screen.high - found]) / width


@dataclass(frozen=True)
class AtMost:
    """Tell in which draws a quantity does not exceed another."""

    drawn: Callable[[Values], Drawn]
    row: Equation

    def __call__(self, values: Values) -> Mask:
        """Tell it for n draws."""
        drawn = self.drawn(values)
        return np.asarray(drawn.result(self.row.formula) <= drawn.result(self.row.additional))

    def margins(self, values: Values) -> Array:
        """Return how far n draws are from the bound, as a share of it, (n,)."""
        drawn = self.drawn(values)
        less, more = drawn.result(self.row.formula), drawn.result(self.row.additional)
        return np.asarray((more - less) / np.where(more == 0.0, 1.0, more))


@dataclass(frozen=True)
class Above:
    """Tell in which draws what is left over is above zero."""

    left: Callable[[Values], Array]

    def __call__(self, values: Values) -> Mask:
        """Tell it for n draws."""
        return np.asarray(self.left(values) > 0.0)

    def margins(self, values: Values) -> Array:
        """Return what is left over, (n,)."""
        return self.left(values)


@dataclass(frozen=True)
class NotNegative:
    """Tell in which draws what is left over is not negative, to within a tolerance."""

    left: Callable[[Values], Array]

    def __call__(self, values: Values) -> Mask:
        """Tell it for n draws."""
        return np.asarray((self.left(values) >= 0.0).all(axis=0))

    def margins(self, values: Values) -> Array:
        """Return what is left over, (parts, n)."""
        return self.left(values)
