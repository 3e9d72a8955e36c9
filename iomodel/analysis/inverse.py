"""What would have to be true for a figure that somebody names.

Forward code does not know this module: nothing here can move a derived result.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import scipy

from iomodel.accounts.priors import Priors, priors
from iomodel.analysis.ensemble import Key, Outcome, Screens
from iomodel.analysis.screened import Screened
from iomodel.analysis.sensitivity import Evaluate, derivatives, evaluator, outcome_keys
from iomodel.analysis.surface import Surface, surface_of
from iomodel.analysis.uncertainty import Assumptions, Uncertainty, place, uncertainty
from iomodel.errors import SpecError
from iomodel.kernels.linear import Array, Positions
from iomodel.results import Result

CONDITION = "conditional on the published figure, not evidence for it"
NONE = "none in its range"
GRID = 257
CLOSE = 1e-8
INSIDE = 1e-9  # by which the nearest inputs stay inside a screen, for rounding
FEWEST = 50.0  # effective draws below which means say nothing


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Inverse(Result):
    """What inputs would give a named value of one part of an outcome.

    Attributes
    ----------
    of : tuple of str
        The part of the outcome.
    target, central : float
        The value named, and the one at the central inputs.
    inputs : DataFrame
        By input, all others central: the value that gives the target, or ``none in its
        range``, with the outcome at both ends of the range, and the screens that refuse it.
    nearest : DataFrame
        The inputs nearest to the central ones that give the target and pass every screen, in
        prior standard deviations; empty if no inputs within their ranges do.
    distance : float
        Their distance: root of the sum of squared deviations. Not a number if there are none.
    posterior : DataFrame
        By input: mean before and after conditioning, and the shift in prior standard
        deviations; of a category, the share of each. Empty with fewer than `FEWEST` effective
        draws.
    effective : float
        Effective number of draws behind `posterior`.
    draws : int
        Draws that passed the screens.

    Examples
    --------
    >>> import iomodel as iom
    >>> sides = [
    ...     iom.Assumption(id=name, block="b", item=name, unit="ratio",
    ...                    distribution="uniform", low=1.0, central=2.0, high=3.0)
    ...     for name in ("long", "wide")
    ... ]
    >>> area = lambda v: {"area": v["long"] * v["wide"]}
    >>> asked = iom.inverse(area, sides, of="area", target=5.0, draws=500)
    >>> asked.central
    4.0
    """

    of: Key
    target: float
    within: float
    central: float
    inputs: pd.DataFrame
    nearest: pd.DataFrame
    distance: float
    posterior: pd.DataFrame
    effective: float
    draws: int
    provenance: tuple[str, ...] = ()
    residual: float = 0.0
    _evaluate: Evaluate = field(repr=False)
    _known: Priors = field(repr=False)

    @property
    def title(self) -> str:
        """What is asked, and what the answer is not."""
        return f"What would give {', '.join(self.of)} = {self.target:g}: {CONDITION}"

    def facts(self) -> list[tuple[str, object]]:
        """Return how far from the central inputs the target lies."""
        alone = int((self.inputs["answer"] != NONE).sum())
        far = "out of reach" if np.isnan(self.distance) else f"{self.distance:.2f}"
        few = "" if self.effective >= FEWEST else " (too few: no posterior)"
        return [
            ("at the central inputs", f"{self.central:.4f}"),
            ("inputs that give it alone", f"{alone} of {len(self.inputs)}"),
            ("nearest inputs, prior standard deviations", far),
            ("effective draws of the posterior", f"{self.effective:,.0f} of {self.draws:,}{few}"),
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return the value of each input that gives the target alone, in its ``unit``."""
        frame = self.inputs.copy()
        units = {item.id: item.unit for item in self._known.items}
        frame.insert(1, "unit", [units[str(name)] for name in frame.index])
        return frame

    def isoline(self, first: str, second: str, points: int = 21) -> pd.DataFrame:
        """Return pairs of two inputs that give the target, all others central.

        Parameters
        ----------
        first, second : str
            Ids of inputs with a range.
        points : int
            Values of `first`, from its low to its high.

        Returns
        -------
        DataFrame
            Values of both; not a number where no value of `second` in its range gives it.

        Raises
        ------
        SpecError
            If an input is unknown or has no range.
        """
        known = self._known
        ids = {known.names[k]: k for k in known.uncertain}
        lost = [name for name in (first, second) if name not in ids]
        if lost or first == second:
            raise SpecError(f"isoline of {first}, {second}: {lost or 'twice the same'}; two inputs "
                            f"with a range are needed: {', '.join(ids)}.")  # fmt: skip
        low, high = known.ends
        one, other = ids[first], ids[second]
        values = np.linspace(low[one], high[one], points)
        found = []
        for value in values:
            start = known.centre.copy()
            start[one] = value
            found.append(_root(self._evaluate, known, start, other, self.target))
        return pd.DataFrame({first: values, second: found})

    def surface(self, first: str, second: str, points: int = 41) -> Surface:
        """Return the outcome over the ranges of two inputs, all others central.

        Parameters
        ----------
        first, second : str
            Ids of inputs with a range.
        points : int
            Values of each, from its low to its high.

        Returns
        -------
        Surface

        Raises
        ------
        SpecError
            If an input is unknown, has no range or stands twice.
        """
        return surface_of(self._evaluate, self._known, self.of, (first, second), points)


def inverse(
    outcome: Outcome,
    assumptions: Assumptions,
    *,
    of: Key | str,
    target: float,
    within: float = 0.05,
    draws: int = 20_000,
    seed: int = 1,
    screens: Screens | None = None,
) -> Inverse:
    """Ask what inputs would give a named value.

    Parameters
    ----------
    outcome : callable
        As for `sensitivity`.
    assumptions : IndustryAccount or iterable of Assumption
    of : str or tuple of str
        The part of the outcome that the value is of.
    target : float
        The value. It enters nothing but this question.
    within : float
        Standard deviation of the normal likelihood around the target, in the unit of the
        outcome; infinity gives the prior back.
    draws, seed : int
        For the posterior.
    screens : mapping of name to callable, optional
        As for `uncertainty`: those that the outcome brings if absent. One that has a method
        ``margins``, like those of a study, bounds the nearest inputs; one without can only
        refuse them.

    Returns
    -------
    Inverse
        Every answer is conditional on the value, and no evidence for it.

    Raises
    ------
    SpecError
        For a part that the outcome does not have, a target that is not a number, a width
        that is not above zero.

    Notes
    -----
    Nearest inputs minimise sum of ((x - central) / sd)^2 with the outcome at the target and
    every input in its range and inside the screens (sequential quadratic programming).
    Posterior by importance weights w = exp(-((M - target) / within)^2 / 2) over the screened
    draws, effective size (sum w)^2 / sum w^2 (Kong 1992). Categories stay at their central
    one, except in the posterior: ask for the part of one pattern to hold that pattern. Shares
    of a block are those before it is scaled to sum one; the distance takes no notice of
    correlations, the posterior does.

    Examples
    --------
    >>> import iomodel as iom
    >>> sides = [
    ...     iom.Assumption(id=name, block="b", item=name, unit="ratio",
    ...                    distribution="uniform", low=1.0, central=2.0, high=3.0)
    ...     for name in ("long", "wide")
    ... ]
    >>> area = lambda v: {"area": v["long"] * v["wide"]}
    >>> asked = iom.inverse(area, sides, of="area", target=5.0)
    >>> asked.inputs.loc["long", "answer"]
    '2.5'
    """
    if not np.isfinite(target) or not within > 0:
        raise SpecError(f"target {target} and within {within}: numbers, the second above zero.")
    known = priors(assumptions)
    keys = outcome_keys(outcome, known)
    position = place(keys, of)
    evaluate = evaluator(outcome, known, position)
    rules = getattr(outcome, "screens", {}) if screens is None else screens
    screened = Screened(rules, known)
    nearest, distance = _nearest(evaluate, screened, target)
    prior = uncertainty(outcome, assumptions, draws=draws, seed=seed, screens=rules)
    posterior, effective = _posterior(prior, position, target, within)
    return Inverse(
        of=keys[position],
        target=target,
        within=within,
        central=float(evaluate(known.centre[None, :])[0]),
        inputs=_alone(evaluate, screened, target),
        nearest=nearest,
        distance=distance,
        posterior=posterior,
        effective=effective,
        draws=prior.accepted,
        provenance=(f"inverse({target:g} within {within:g}, {draws} draws, seed {seed})",),
        _evaluate=evaluate,
        _known=known,
    )


def _root(evaluate: Evaluate, known: Priors, start: Array, k: int, target: float) -> float:
    """Value of one input in its range that gives the target, nearest to central; nan if none."""
    low, high = known.ends[0][k], known.ends[1][k]
    points = np.linspace(low, high, GRID)
    rows = np.repeat(start[None, :], GRID, axis=0)
    rows[:, k] = points
    gap = evaluate(rows) - target

    def at(value: float) -> float:
        row = start.copy()
        row[k] = value
        return float(evaluate(row[None, :])[0]) - target

    exact = points[gap == 0.0].tolist()
    places = np.flatnonzero(gap[:-1] * gap[1:] < 0.0)
    roots = exact + [
        float(scipy.optimize.brentq(at, points[i], points[i + 1], xtol=1e-14, rtol=1e-14))
        for i in places
    ]
    middle = known.centre[k]
    return min(roots, key=lambda root: abs(root - middle)) if roots else float("nan")


def _alone(evaluate: Evaluate, screened: Screened, target: float) -> pd.DataFrame:
    known = screened.known
    low, high = known.ends
    rows: dict[str, dict[str, Any]] = {}
    for k in known.uncertain:
        value = _root(evaluate, known, known.centre, int(k), target)
        ends = np.repeat(known.centre[None, :], 2, axis=0)
        ends[:, k] = low[k], high[k]
        at_low, at_high = evaluate(ends)
        rows[known.names[k]] = {
            "item": known.items[k].item,
            "low": low[k],
            "central": known.centre[k],
            "high": high[k],
            "value": value,
            "answer": NONE if np.isnan(value) else f"{value:.6g}",
            "at low": at_low,
            "at high": at_high,
            "refused by": _refused_at(screened, int(k), value),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("id")


def _refused_at(screened: Screened, k: int, value: float) -> str:
    """Screens that refuse one input at a value, the others central; empty for none."""
    if np.isnan(value):
        return ""
    row = screened.known.centre.copy()
    row[k] = value
    return screened.refused(row[None, :])[0]


def _nearest(evaluate: Evaluate, screened: Screened, target: float) -> tuple[pd.DataFrame, float]:
    """Return the inputs nearest to central that give the target; empty and nan for none."""
    known = screened.known
    chosen: Positions = known.uncertain
    every = known.marginals.spreads()
    deviation = every[chosen]
    low, high = ((end[chosen] - known.centre[chosen]) / deviation for end in known.ends)

    def row(z: Array) -> Array:
        values = known.centre.copy()
        values[chosen] += z * deviation
        return values

    def gap(z: Array) -> float:
        return float(evaluate(row(z)[None, :])[0]) - target

    def slope(z: Array) -> Array:
        return derivatives(evaluate, known, row(z))[chosen] * deviation

    columns = ["central", "nearest", "deviations"]
    found = scipy.optimize.minimize(
        lambda z: float(z @ z),
        np.zeros(len(chosen)),
        jac=lambda z: 2.0 * z,
        bounds=np.column_stack([low, high]),
        constraints=[
            {"type": "eq", "fun": gap, "jac": slope},
            {
                "type": "ineq",
                "fun": lambda z: screened.margins(row(z)[None, :])[:, 0] - INSIDE,
                "jac": lambda z: screened.slopes(row(z), every)[:, chosen],
            },
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    z = np.asarray(found.x)
    near = abs(gap(z)) <= CLOSE * max(1.0, abs(target))
    if not near or screened.refused(row(z)[None, :])[0]:
        return pd.DataFrame(columns=columns), float("nan")
    frame = pd.DataFrame(
        np.column_stack([known.centre[chosen], row(z)[chosen], z]),
        index=pd.Index([known.names[k] for k in chosen], name="id"),
        columns=columns,
    )
    return frame.sort_values("deviations", key=np.abs, ascending=False), float(np.sqrt(z @ z))


def _posterior(
    prior: Uncertainty, position: int, target: float, within: float
) -> tuple[pd.DataFrame, float]:
    """Means before and after weighting, and the effective number of draws."""
    score = (prior.values[:, position] - target) / within
    weights = np.exp(-0.5 * (score**2 - np.min(score**2)))
    weights = weights / weights.sum()
    effective, columns = float(1.0 / (weights @ weights)), ["prior mean", "mean", "shift"]
    if effective < FEWEST:
        return pd.DataFrame(columns=columns), effective
    drawn, rows = prior.inputs, {}
    for k, item in enumerate(prior.priors.items):
        column = drawn[item.id]
        if isinstance(item.central, str):
            parts = {f"{item.id} = {name}": column == name for name in item.categories}
        elif k in prior.priors.uncertain:
            parts = {item.id: column}
        else:
            continue
        for name, values in parts.items():
            numbers = values.to_numpy(dtype=np.float64)
            mean, after = float(numbers.mean()), float(weights @ numbers)
            spread = float(numbers.std())
            rows[name] = [mean, after, (after - mean) / spread if spread else float("nan")]
    frame = pd.DataFrame.from_dict(rows, "index", columns=columns)
    order = frame.sort_values("shift", key=np.abs, ascending=False).rename_axis("id")
    return order, effective
