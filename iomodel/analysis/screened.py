"""Screens as rules for a single point: which refuse it, and how far it is from each bound."""

from dataclasses import dataclass

import numpy as np

from iomodel.accounts.priors import Priors
from iomodel.analysis.ensemble import Screens
from iomodel.kernels.linear import Array

STEP = 1e-6


@dataclass(frozen=True, eq=False)
class Screened:
    """The screens of an outcome over rows of inputs, (n, k).

    Attributes
    ----------
    screens : mapping of name to callable
        A rule with a method `margins` tells how far draws are from its bounds, (bounds, n),
        not negative where the draw passes; one without tells only whether they pass.
    """

    screens: Screens
    known: Priors

    def refused(self, rows: Array) -> list[str]:
        """Return the names of the rules that refuse each row; empty text where it passes all."""
        values = self.known.point(rows)
        masks = {rule: np.asarray(test(values), dtype=bool) for rule, test in self.screens.items()}
        return [
            "; ".join(rule for rule, mask in masks.items() if not mask[k]) for k in range(len(rows))
        ]

    def margins(self, rows: Array) -> Array:
        """Return how far rows are from the bounds of the rules that can tell, (bounds, n)."""
        values = self.known.point(rows)
        found = [
            np.atleast_2d(rule.margins(values))
            for rule in self.screens.values()
            if hasattr(rule, "margins")
        ]
        return np.concatenate(found) if found else np.zeros((0, len(rows)))

    def slopes(self, row: Array, deviation: Array) -> Array:
        """Return derivatives of the margins per deviation, central differences, (bounds, k)."""
        step = np.diag(STEP * deviation)
        both = self.margins(np.concatenate([row + step, row - step]))
        up, down = np.split(both, 2, axis=1)
        return np.asarray((up - down) / (2.0 * STEP))
