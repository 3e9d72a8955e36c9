"""Assumptions as distributions that can be drawn from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from iomodel.accounts.assumptions import Assumption, is_share
from iomodel.accounts.industry import IndustryAccount
from iomodel.errors import SpecError, listed
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.sampling import (
    CATEGORICAL,
    DIRICHLET,
    FIXED,
    Marginals,
    gaussian_copula,
)

NORMALISED = "triangular-normalised"
Correlations = Mapping[tuple[str, str], float]
Values = Mapping[str, Any]  # arrays by input: numbers, or text for a category


@dataclass(frozen=True, eq=False, kw_only=True)
class Priors:
    """The inputs of a study with their central values and distributions.

    Attributes
    ----------
    items : tuple of Assumption, length k
    centre : ndarray, shape (k,)
        Central values in the units of the assumptions; the position of a category.
    marginals : Marginals
    """

    items: tuple[Assumption, ...]
    centre: Array
    marginals: Marginals

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the inputs."""
        return self.marginals.names

    @property
    def uncertain(self) -> Positions:
        """Positions of the inputs that have a range."""
        kinds = self.marginals.kinds
        return np.array(
            [k for k, kind in enumerate(kinds) if kind not in (FIXED, CATEGORICAL)], dtype=np.intp
        )

    @property
    def ends(self) -> tuple[Array, Array]:
        """Low and high of every input; central where there is no range."""
        low, high = self.centre.copy(), self.centre.copy()
        for k in self.uncertain:
            item = self.items[k]
            if item.low is not None and item.high is not None:
                low[k], high[k] = item.low, item.high
        return low, high

    @property
    def centres(self) -> Array:
        """Central values once for every combination of categories, shape (combinations, k)."""
        kinds = self.marginals.kinds
        places = [k for k, kind in enumerate(kinds) if kind == CATEGORICAL]
        counts = [range(len(self.items[k].categories)) for k in places]
        chosen = np.array(list(product(*counts)), dtype=np.float64)
        rows = np.repeat(self.centre[None, :], len(chosen), axis=0)
        rows[:, places] = chosen
        return rows

    def named(self, values: Array) -> dict[str, Any]:
        """Return draws by id, categories as text.

        Parameters
        ----------
        values : ndarray, shape (n, k)

        Returns
        -------
        dict of str to ndarray, shape (n,)
        """
        out: dict[str, Any] = {}
        for k, (name, item) in enumerate(zip(self.names, self.items, strict=True)):
            column = values[:, k]
            if isinstance(item.central, str):
                column = np.array(_categories(item))[column.real.astype(np.intp)]
            out[name] = column
        return out

    def point(self, values: Array) -> dict[str, Any]:
        """Return chosen values by id, blocks of shares scaled to sum one; (n, k) in."""
        return self.named(self.marginals.scaled(values.copy()))

    def with_marginals(self, marginals: Marginals) -> "Priors":
        """Return the same inputs with other distributions."""
        return replace(self, marginals=marginals)


def priors(
    assumptions: IndustryAccount | Iterable[Assumption], correlations: Correlations | None = None
) -> Priors:
    """Make the assumptions of a study ready to be drawn from.

    Parameters
    ----------
    assumptions : IndustryAccount or iterable of Assumption
        An account brings the values in force: they are the most likely ones.
    correlations : mapping of (id, id) to float, optional
        Correlations of normal scores, for an account in the place of those that it brings;
        independent otherwise.

    Returns
    -------
    Priors

    Raises
    ------
    SpecError
        For ids that stand twice, distributions that cannot be drawn from, and correlations
        that contradict each other, with the names of the inputs.
    """
    if isinstance(assumptions, IndustryAccount):
        correlations = assumptions.correlations if correlations is None else correlations
        items = tuple(assumptions.assumptions.values())
        values: Mapping[str, float] = assumptions.values
        prefixes: tuple[str, ...] = assumptions.equations.families
        families = [_family(item.id, prefixes) for item in items]
    else:
        items, values, prefixes = tuple(assumptions), {}, ()
        families = [item.block if item.distribution == NORMALISED else "" for item in items]
    if not items:
        raise SpecError("no assumptions: there is nothing to draw.")
    names = tuple(item.id for item in items)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SpecError(f"assumptions stand twice: {listed(twice)}")
    kinds = tuple(_kind(item) for item in items)
    _check(items)
    shares = {
        id(item): f"dirichlet {item.block}" for item in items if item.distribution == DIRICHLET
    }
    families = [shares.get(id(item), name) for item, name in zip(items, families, strict=True)]
    _check_families(items, prefixes)
    blocks = tuple(
        np.array([k for k, other in enumerate(families) if other == name], dtype=np.intp)
        for name in dict.fromkeys(families)
        if name
    )
    centre = np.array([_central(item, values) for item in items])
    low, mode, high = _ranges(items, centre)
    return Priors(
        items=items,
        centre=centre,
        marginals=Marginals(
            names=names,
            kinds=kinds,
            low=low,
            mode=mode,
            high=high,
            least=np.array([0.0 if not item.low or item.low >= 0 else -np.inf for item in items]),
            most=np.array([1.0 if is_share(item.unit) else np.inf for item in items]),
            blocks=blocks,
            copula=gaussian_copula(names, kinds, correlations or {}),
        ),
    )


def _family(name: str, prefixes: tuple[str, ...]) -> str:
    """Prefix of a block of shares that an account scales to sum one; empty for none."""
    return max((prefix for prefix in prefixes if name.startswith(prefix)), key=len, default="")


def _kind(item: Assumption) -> str:
    return item.distribution.removesuffix("-normalised")


def _categories(item: Assumption) -> tuple[str, ...]:
    return item.categories or (str(item.central),)


def _central(item: Assumption, values: Mapping[str, float]) -> float:
    if isinstance(item.central, str):
        known = _categories(item)
        return float(known.index(item.central)) if item.central in known else float("nan")
    return float(values.get(item.id, item.central))


def _check(items: tuple[Assumption, ...]) -> None:
    """Refuse categories without a list, and Dirichlet blocks without one concentration."""
    problems = [
        f"{item.id}: a category {item.central!r} that is not among those to draw from "
        f"({', '.join(item.categories) or 'none is listed'})"
        for item in items
        if item.distribution == CATEGORICAL and item.central not in item.categories
    ]
    problems += [
        f"{item.id}: the central value {item.central!r} is text, its distribution "
        f"{item.distribution}"
        for item in items
        if isinstance(item.central, str) and item.distribution not in (CATEGORICAL, FIXED)
    ]
    shares = [item for item in items if item.distribution == DIRICHLET]
    for block in dict.fromkeys(item.block for item in shares):
        members = [item for item in shares if item.block == block]
        found = {item.concentration for item in members}
        if len(found) > 1 or not (next(iter(found)) or 0.0) > 0.0:
            ids = ", ".join(item.id for item in members)
            problems.append(f"{ids}: a Dirichlet block needs one concentration above zero")
    if problems:
        raise SpecError(f"{len(problems)} inputs cannot be drawn:\n  {listed(problems)}")


def _check_families(items: tuple[Assumption, ...], prefixes: tuple[str, ...]) -> None:
    """Refuse a block of shares that is Dirichlet in part: its parts would each sum to one."""
    for prefix in prefixes:
        members = [item for item in items if _family(item.id, prefixes) == prefix]
        drawn = [item.id for item in members if item.distribution == DIRICHLET]
        if drawn and len(drawn) < len(members):
            rest = ", ".join(item.id for item in members if item.id not in drawn)
            raise SpecError(
                f"the shares {prefix}* are Dirichlet in part ({', '.join(drawn)}): make all of "
                f"them Dirichlet with one concentration, or none ({rest})."
            )


def _ranges(items: tuple[Assumption, ...], centre: Array) -> tuple[Array, Array, Array]:
    low, mode, high = centre.copy(), centre.copy(), centre.copy()
    totals: dict[str, float] = {}
    for item, value in zip(items, centre, strict=True):
        if item.distribution == DIRICHLET:
            totals[item.block] = totals.get(item.block, 0.0) + value
    for k, item in enumerate(items):
        if item.distribution == DIRICHLET:
            mean = centre[k] / totals[item.block] if totals[item.block] else 0.0
            low[k], high[k], mode[k] = 0.0, np.inf, mean * (item.concentration or 0.0)
        elif item.distribution == CATEGORICAL:
            low[k], high[k] = 0.0, len(item.categories)
        elif item.distribution != FIXED:
            low[k] = np.nan if item.low is None else item.low
            high[k] = np.nan if item.high is None else item.high
    return low, mode, high
