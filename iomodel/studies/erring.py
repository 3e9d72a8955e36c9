"""Coefficients of the base table as one more thing that is drawn, each with its own error."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.labels import Labels
from iomodel.accounts.priors import Values
from iomodel.accounts.table import IOTable
from iomodel.analysis.ensemble import DRAW
from iomodel.errors import LabelError, SpecError, listed
from iomodel.kernels.erring import Erring
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.sampling import Mask
from iomodel.studies.drawn import Above
from iomodel.studies.forward import ROUNDS, Forward, Key, Rule, forward
from iomodel.studies.reduced import counted_of, spread_of

By = Literal["cell", "block"]
RULE = "coefficients productive"
BATCH = 512


class Reached(NamedTuple):
    """What one batch of draws gave, kept until the next one."""

    seeds: npt.NDArray[np.uint64]
    reach: Array
    productive: Mask


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ErringForward:
    """The chain of a study with errors in all coefficients of the base table.

    Call it as `Forward`, and give it to `uncertainty`. Without seeds of draws among the values,
    as at the central inputs, coefficients are those of the table.

    Attributes
    ----------
    run : Forward
        The chain with the coefficients of the table.
    errors : Erring
        What is drawn, and how it is solved for.
    spread : ndarray, shape (items, n)
        Purchases per unit of spending on each item of `run`.
    batch : int
        Draws worked on at a time.
    """

    run: Forward
    errors: Erring
    spread: Array
    batch: int = BATCH
    _last: list[Reached] = field(default_factory=list, init=False)

    def __call__(self, values: Values) -> dict[Key, Array]:
        """Return results by measure, item and pattern, as `Forward` does."""
        if DRAW not in values or self.errors.none:
            return self.run(values)
        return self.run.reaching(self._reached(values[DRAW]).reach)(values)

    @property
    def screens(self) -> dict[str, Rule]:
        """Rules of the chain, and that every column of the drawn coefficients is productive."""
        rules = dict(self.run.screens)
        if ROUNDS in rules:
            rules[ROUNDS] = Above(self.left_of_rounds)
        return {**rules, RULE: self.productive}

    def productive(self, values: Values) -> Mask:
        """Tell in which draws no sector buys more than it makes, itself and its suppliers."""
        if DRAW not in values or self.errors.none:
            return np.ones(len(next(iter(values.values()))), dtype=bool)
        return self._reached(values[DRAW]).productive

    def left_of_rounds(self, values: Values) -> Array:
        """Return what one unit of household spending does not bring back, (n,)."""
        if DRAW not in values or self.errors.none:
            return self.run.left_of_rounds(values)
        return self.run.reaching(self._reached(values[DRAW]).reach).left_of_rounds(values)

    def _reached(self, seeds: npt.NDArray[np.uint64]) -> Reached:
        """Solve once for screens and results: those kept are among those screened before."""
        for last in self._last[:1]:
            places = np.flatnonzero(np.isin(last.seeds, seeds))
            if np.array_equal(last.seeds[places], seeds):
                if len(places) == len(last.seeds):
                    return last
                return Reached(seeds, last.reach[:, :, places], last.productive[places])
        reach, productive = self.errors.reach(seeds, self.spread)
        found = Reached(seeds, reach, productive)
        self._last[:] = [found]
        return found

    def __getstate__(self) -> dict[str, Any]:
        """Leave what was last reached behind when this travels to a worker."""
        return {**self.__dict__, "_last": []}


def erring(
    account: IndustryAccount,
    base: IOTable,
    error: float | pd.DataFrame,
    *,
    by: By = "cell",
) -> ErringForward:
    """Make the chain of a study a function of its inputs, with errors in all coefficients.

    Parameters
    ----------
    account : IndustryAccount
    base : IOTable
        Table of domestic flows with employment, as for `forward`.
    error : float or DataFrame
        Relative standard deviation of each coefficient: one for all; by sector, suppliers in
        rows and users in columns; or by section (``sectors`` of the table's `group`), likewise.
    by : {"cell", "block"}
        Each coefficient errs by itself, or all of a pair of sections (supplier, user) together.

    Returns
    -------
    ErringForward

    Raises
    ------
    SpecError
        For errors that are negative, not numbers, or 1 and more.
    LabelError
        For a table without sections where they are needed, and rows or columns that are neither
        all its sectors nor all its sections.

    Notes
    -----
    a* = a exp(sigma z - sigma^2 / 2) with sigma^2 = ln(1 + error^2): mean a, never negative,
    zero stays zero. Only mu' = [e, w]'(I - A*)^-1 changes, so a draw costs one factorisation
    and is exact. Draws whose columns buy more than they make, or whose rounds do not end, are
    refused by the screen ``coefficients productive``. Errors of single cells average out;
    errors of blocks do not. Compare Bullard and Sebald (1988), Review of Economics and
    Statistics 70(4).

    Examples
    --------
    >>> import iomodel as iom
    >>> from iomodel.studies.erring import erring
    >>> china = iom.read(iom.example("china-2020"))
    >>> drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    >>> run = erring(drama, iom.domestic(china), 0.1, by="block")
    >>> found = iom.uncertainty(run, drama, draws=50)
    >>> found.rejected["coefficients productive"] < 0.1
    True
    """
    labels = base.labels
    sections, place = _sections(labels)
    size = _sized(error, labels, sections, place)
    if by not in ("cell", "block"):
        raise SpecError(f"by={by!r}: coefficients err by cell or by block.")
    if by == "block" and not sections:
        raise LabelError(f"{base.meta.title!r} has no sections: no blocks of coefficients.")
    blocks = place[:, None] * len(sections) + place[None, :] if by == "block" else None
    spread = spread_of(account, base)
    return ErringForward(
        run=forward(account, base),
        errors=Erring(
            coefficients=base.flows.coefficients,
            error=size,
            counted=counted_of(base),
            blocks=blocks,
        ),
        spread=np.array(list(spread.values())),
    )


def _sections(labels: Labels) -> tuple[tuple[str, ...], Positions]:
    """Sections in their order, none if a sector has none, and the place of each sector's."""
    groups = labels.groups
    if not groups or not all(groups):
        return (), np.zeros(len(labels.codes), dtype=np.intp)
    sections = tuple(dict.fromkeys(groups))
    return sections, np.array([sections.index(group) for group in groups], dtype=np.intp)


def _sized(
    error: float | pd.DataFrame, labels: Labels, sections: tuple[str, ...], place: Positions
) -> Array:
    """Relative errors of all coefficients, shape (n, n)."""
    n = len(labels.codes)
    if isinstance(error, pd.DataFrame):
        known = {frozenset(labels.codes): labels.codes, frozenset(sections): sections}
        index, columns = map(str, error.index), map(str, error.columns)
        frame = error.set_axis(list(index), axis=0).set_axis(list(columns), axis=1)
        order = known.get(frozenset(frame.index), ())
        if not order or len(frame) != len(order) or sorted(frame.columns) != sorted(order):
            raise LabelError(
                f"errors of coefficients, {len(frame)} x {len(frame.columns)}: rows and columns "
                f"must be the {n} sectors ({labels.codes[0]} ...) or the {len(sections)} sections "
                f"({', '.join(sections) or 'the table has none'}), each once."
            )
        size = frame.loc[list(order), list(order)].to_numpy(dtype=np.float64)
        size = size if order == labels.codes else size[np.ix_(place, place)]
    else:
        size = np.full((n, n), float(error))
    bad = ~((size >= 0.0) & (size < 1.0))
    if bad.any():
        first = [
            f"{labels.codes[i]} to {labels.codes[j]}: {size[i, j]:g}" for i, j in np.argwhere(bad)
        ]
        raise SpecError(
            f"relative errors of coefficients must be 0 or more and below 1:\n  {listed(first)}"
        )
    return size
