"""What drives a result: derivatives, one input at a time, and shares of its variance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from iomodel.accounts.assumptions import Assumption
from iomodel.accounts.priors import Priors, priors
from iomodel.analysis.ensemble import Key, Outcome
from iomodel.analysis.uncertainty import Assumptions, place
from iomodel.errors import IdentityError, SpecError, listed
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.sampling import CATEGORICAL
from iomodel.kernels.sobol import SobolIndices, sobol_indices
from iomodel.results import Result

TINY = 1e-30
STEP = 1e-5
AGREEMENT = 1e-5


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Sensitivity(Result):
    """What drives one part of an outcome.

    Attributes
    ----------
    of : tuple of str
        The part of the outcome.
    central : float
        Its value at the central inputs, categories at their central one.
    inputs : DataFrame
        By input: central value, derivative, elasticity, low, high, and the outcome there with
        all other inputs central; largest swing first.
    groups : DataFrame
        By group of inputs: first and total order Sobol index with 95 % intervals.
    assumptions : mapping of id to Assumption
        What each input is, with its unit and its names by language.
    residual : float
        Largest difference between a derivative and its central difference, as elasticity.

    Examples
    --------
    >>> import iomodel as iom
    >>> sides = [
    ...     iom.Assumption(id=name, block="b", item=name, unit="ratio",
    ...                    distribution="uniform", low=1.0, central=2.0, high=3.0)
    ...     for name in ("long", "wide")
    ... ]
    >>> area = lambda v: {"area": v["long"] * v["wide"]}
    >>> found = iom.sensitivity(area, sides, of="area", samples=256)
    >>> found.to_frame()["elasticity"].round(6).to_dict()
    {'long': 1.0, 'wide': 1.0}
    """

    of: Key
    central: float
    inputs: pd.DataFrame
    groups: pd.DataFrame
    evaluations: int
    assumptions: Mapping[str, Assumption] = field(default_factory=dict)
    provenance: tuple[str, ...] = ()
    residual: float = 0.0

    def __post_init__(self) -> None:
        if not self.residual <= AGREEMENT:
            raise IdentityError(
                f"derivatives of {' '.join(self.of)} differ from central differences by up to "
                f"{self.residual:.3g} (as elasticity). The outcome must be made of analytic "
                "operations that take complex numbers: no absolute value, minimum or rounding."
            )

    @property
    def title(self) -> str:
        """What is explained."""
        return f"What drives {', '.join(self.of)} (central {self.central:.4g})"

    def facts(self) -> list[tuple[str, object]]:
        """Return the sums of the Sobol indices."""
        first, total = self.groups["first"].sum(), self.groups["total"].sum()
        return [
            ("share of variance of groups alone", f"{first:.3f}"),
            ("sum of total shares (above one: groups act together)", f"{total:.3f}"),
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return the inputs with their ``unit``, largest swing first."""
        frame = self.inputs.copy()
        known = self.assumptions
        units = [known[name].unit if name in known else "" for name in map(str, frame.index)]
        frame.insert(1, "unit", units)
        return frame


def sensitivity(
    outcome: Outcome,
    assumptions: Assumptions,
    *,
    of: Key | str,
    samples: int = 4096,
    seed: int = 1,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> Sensitivity:
    """Explain one part of an outcome by its inputs.

    Parameters
    ----------
    outcome : callable
        As for `uncertainty`; it must take complex numbers for exact derivatives.
    assumptions : IndustryAccount or iterable of Assumption
    of : str or tuple of str
        The part of the outcome, such as ``("ratio", "chain+consumer", "pooled")``.
    samples : int
        Rows of each matrix for Sobol indices, a power of two.
    seed : int
    groups : mapping of name to sequence of ids, optional
        Groups of inputs; the blocks of the assumptions if absent.

    Returns
    -------
    Sensitivity

    Raises
    ------
    SpecError
        For a part that the outcome does not have, and groups that leave an input out, name
        it twice or cut through shares that sum to one.
    IdentityError
        If derivatives differ from central differences.

    Notes
    -----
    Derivatives are exact to rounding, by a complex step: f'(x) = Im f(x + ih) / h, h = 1e-30
    (Squire and Trapp 1998). The derivative with respect to one of several shares that are
    scaled to sum one is that of the unscaled share. Sobol indices: see
    `iomodel.kernels.sobol.sobol_indices`; no screens apply, inputs are independent even where
    the account gives correlations.

    Examples
    --------
    >>> import iomodel as iom
    >>> sides = [
    ...     iom.Assumption(id=name, block=name, item=name, unit="ratio",
    ...                    distribution="uniform", low=1.0, central=2.0, high=3.0)
    ...     for name in ("long", "wide")
    ... ]
    >>> found = iom.sensitivity(lambda v: {"area": v["long"] * v["wide"]}, sides, of="area")
    >>> round(float(found.inputs["elasticity"]["long"]), 9)
    1.0
    """
    known = priors(assumptions, {})
    keys = outcome_keys(outcome, known)
    position = place(keys, of)
    evaluate = evaluator(outcome, known, position)
    chosen = _groups(known, groups)
    central = float(evaluate(known.centre[None, :])[0])
    inputs, residual = _inputs(evaluate, known, central)

    def of_uniforms(points: Array) -> Array:
        return evaluate(known.marginals.quantiles(points))

    parts = list(chosen.values())
    found = sobol_indices(of_uniforms, len(known.names), parts, samples=samples, seed=seed)
    return Sensitivity(
        of=keys[position],
        central=central,
        inputs=inputs,
        groups=_shares(chosen, known, found),
        evaluations=found.evaluations,
        assumptions={item.id: item for item in known.items},
        provenance=(f"sensitivity({samples} samples, seed {seed})",),
        residual=residual,
    )


class Evaluate:
    """One part of an outcome as a function of rows of inputs, real or complex."""

    def __init__(self, outcome: Outcome, known: Priors, position: int) -> None:
        self.outcome, self.known, self.position = outcome, known, position

    def __call__(self, values: Array) -> Array:
        """Return (n,) results of (n, k) inputs; positions stand for categories."""
        found = self.outcome(self.known.point(values))
        return np.asarray(list(found.values())[self.position])


def evaluator(outcome: Outcome, known: Priors, position: int) -> Evaluate:
    """Return one part of an outcome as a function of rows of inputs, (n, k) to (n,)."""
    return Evaluate(outcome, known, position)


def outcome_keys(outcome: Outcome, known: Priors) -> tuple[Key, ...]:
    """Return what an outcome consists of."""
    found = outcome(known.point(known.centre[None, :]))
    return tuple(key if isinstance(key, tuple) else (str(key),) for key in found)


def derivatives(evaluate: Evaluate, known: Priors, at: Array) -> Array:
    """Return the derivative with respect to every numeric input, zero for text, shape (k,).

    Parameters
    ----------
    evaluate : callable
    known : Priors
    at : ndarray, shape (k,)
    """
    rows = np.repeat(at[None, :], len(at), axis=0).astype(complex)
    rows[np.diag_indices(len(at))] += 1j * TINY
    found = np.asarray(evaluate(rows)).imag / TINY
    return np.where([isinstance(item.central, str) for item in known.items], 0.0, found)


def _inputs(evaluate: Evaluate, known: Priors, central: float) -> tuple[pd.DataFrame, float]:
    """Return derivatives and swings by input, and how far derivatives are from differences."""
    centre, k = known.centre, len(known.centre)
    text = np.array([isinstance(item.central, str) for item in known.items])
    gradient = derivatives(evaluate, known, centre)
    step = np.where(text, 0.0, STEP * np.where(centre == 0.0, 1.0, np.abs(centre)))
    ends = np.concatenate([centre + np.diag(step), centre - np.diag(step)])
    up, down = evaluate(ends).reshape(2, k)
    slope = np.divide(up - down, 2 * step, out=np.zeros(k), where=step > 0)
    scale = np.where(centre == 0.0, 1.0, centre) / (central or 1.0)
    low, high = known.ends
    at = evaluate(np.concatenate([_each(centre, low), _each(centre, high)])).reshape(2, k)
    for j in np.flatnonzero([kind == CATEGORICAL for kind in known.marginals.kinds]):
        others = _each(centre, centre)[[j] * len(known.items[j].categories)]
        others[:, j] = np.arange(len(others))
        found = evaluate(others)
        at[:, j] = found.min(), found.max()
    frame = pd.DataFrame(
        {
            "item": [item.item for item in known.items],
            "central": np.where(text, np.nan, centre),
            "derivative": np.where(text, np.nan, gradient),
            "elasticity": np.where(text, np.nan, gradient * centre / (central or np.nan)),
            "low": np.where(text, np.nan, low),
            "high": np.where(text, np.nan, high),
            "at low": at[0],
            "at high": at[1],
            "swing": np.abs(at[1] - at[0]),
        },
        index=pd.Index(known.names, name="id"),
    )
    order = frame.sort_values("swing", ascending=False, kind="stable")
    return order, float(np.max(np.abs(gradient - slope) * np.abs(scale), initial=0.0))


def _each(centre: Array, values: Array) -> Array:
    """Rows of central values, each with one input at another value; (k, k)."""
    return np.where(np.eye(len(centre), dtype=bool), values, centre)


def _groups(known: Priors, groups: Mapping[str, Sequence[str]] | None) -> dict[str, Positions]:
    """Positions by group; every input that varies is in one."""
    names = known.names
    if groups is None:
        groups = {}
        for item in known.items:
            groups = {**groups, item.block: [*groups.get(item.block, []), item.id]}
    listing = [name for members in groups.values() for name in members]
    problems = [f"{name}: no such input" for name in listing if name not in names]
    problems += [f"{name}: in two groups" for name in set(listing) if listing.count(name) > 1]
    varying = {
        name for name, kind in zip(names, known.marginals.kinds, strict=True) if kind != "fixed"
    }
    problems += [f"{name}: in no group" for name in names if name in varying - set(listing)]
    for block in known.marginals.blocks:
        members = {names[k] for k in block}
        cut = [group for group, inside in groups.items() if members & set(inside)]
        if len(cut) > 1:
            problems.append(f"{', '.join(cut)}: shares that sum to one are in several groups")
    if problems:
        raise SpecError(f"groups of inputs:\n  {listed(problems)}")
    positions = {
        group: np.array([names.index(n) for n in members if n in varying], dtype=np.intp)
        for group, members in groups.items()
    }
    return {group: found for group, found in positions.items() if len(found)}


def _shares(chosen: Mapping[str, Positions], known: Priors, found: SobolIndices) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "first": found.first,
            "first low": found.first_interval[0],
            "first high": found.first_interval[1],
            "total": found.total,
            "total low": found.total_interval[0],
            "total high": found.total_interval[1],
            "inputs": [", ".join(known.names[k] for k in group) for group in chosen.values()],
        },
        index=pd.Index(list(chosen), name="group"),
    )
    return frame.sort_values("total", ascending=False, kind="stable")
