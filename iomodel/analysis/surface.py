"""One part of an outcome over the ranges of two inputs, all others central."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.priors import Priors, priors
from iomodel.analysis.ensemble import Key, Outcome
from iomodel.analysis.sensitivity import Evaluate, evaluator, outcome_keys
from iomodel.analysis.uncertainty import Assumptions, place
from iomodel.errors import SpecError
from iomodel.results import Result


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Surface(Result):
    """An outcome on a grid of two inputs.

    Attributes
    ----------
    of : tuple of str
        The part of the outcome.
    values : DataFrame, shape (points, points)
        The outcome: rows are values of the second input, columns of the first.
    items, input_units : tuple of str
        What the two inputs are, and their units in the workbook.
    centre : tuple of float
        Their central values.
    central : float
        The outcome there.

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
    >>> found = asked.surface("long", "wide")
    >>> isinstance(found, iom.Surface), found.inputs, found.central
    (True, ('long', 'wide'), 4.0)
    """

    of: Key
    values: pd.DataFrame
    items: tuple[str, str]
    input_units: tuple[str, str]
    centre: tuple[float, float]
    central: float
    provenance: tuple[str, ...] = ()
    residual: float = 0.0

    @property
    def inputs(self) -> tuple[str, str]:
        """Ids of the first and the second input."""
        return str(self.values.columns.name), str(self.values.index.name)

    @property
    def title(self) -> str:
        """What is shown over which inputs."""
        return f"{', '.join(self.of)} over {' and '.join(self.inputs)}, all else central"

    @property
    def units(self) -> Mapping[str, str]:
        """Inputs in their units of the workbook; a ratio is one, other outcomes state none."""
        outcome = "1" if self.of[0] == "ratio" else ""
        return {**dict(zip(self.inputs, self.input_units, strict=True)), "value": outcome}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per pair of inputs: both values and the outcome."""
        return self.values.reset_index().melt(self.inputs[1], value_name="value").astype(float)


def surface(
    outcome: Outcome,
    assumptions: Assumptions,
    *,
    of: Key | str,
    first: str,
    second: str,
    points: int = 41,
) -> Surface:
    """Evaluate one part of an outcome over the ranges of two inputs, all others central.

    Parameters
    ----------
    outcome : callable
        As for `uncertainty`.
    assumptions : IndustryAccount or iterable of Assumption
    of : str or tuple of str
        The part of the outcome, such as ``("ratio", "chain+consumer", "pooled")``.
    first, second : str
        Ids of two inputs with a range.
    points : int
        Values of each, from its low to its high.

    Returns
    -------
    Surface

    Raises
    ------
    SpecError
        If an input is unknown, has no range or stands twice, for fewer than two points, and
        for a part that the outcome does not have.

    Examples
    --------
    >>> import iomodel as iom
    >>> sides = [
    ...     iom.Assumption(id=name, block="b", item=name, unit="ratio",
    ...                    distribution="uniform", low=1.0, central=2.0, high=3.0)
    ...     for name in ("long", "wide")
    ... ]
    >>> area = lambda v: {"area": v["long"] * v["wide"]}
    >>> surface(area, sides, of="area", first="long", second="wide", points=3).values.to_numpy()
    array([[1., 2., 3.],
           [2., 4., 6.],
           [3., 6., 9.]])
    """
    known = priors(assumptions)
    keys = outcome_keys(outcome, known)
    position = place(keys, of)
    evaluate = evaluator(outcome, known, position)
    return surface_of(evaluate, known, keys[position], (first, second), points)


def surface_of(
    evaluate: Evaluate, known: Priors, of: Key, inputs: tuple[str, str], points: int
) -> Surface:
    """Return the surface of a function that is already at hand; see `surface`."""
    ids = {known.names[k]: int(k) for k in known.uncertain}
    lost = [name for name in inputs if name not in ids]
    if lost or len(set(inputs)) < 2 or points < 2:
        raise SpecError(
            f"surface over {' and '.join(inputs)}, {points} points each: "
            f"{f'{lost} not known' if lost else 'two inputs and two points are the least'}; "
            f"inputs with a range are: {', '.join(ids)}."
        )
    spots = [ids[name] for name in inputs]
    low, high = known.ends
    across, up = (np.linspace(low[k], high[k], points) for k in spots)
    rows = np.repeat(known.centre[None, :], points * points, axis=0)
    rows[:, spots[0]] = np.tile(across, points)
    rows[:, spots[1]] = np.repeat(up, points)
    one, other = (known.items[k] for k in spots)
    return Surface(
        of=of,
        values=pd.DataFrame(
            evaluate(rows).reshape(points, points),
            index=pd.Index(up, name=inputs[1]),
            columns=pd.Index(across, name=inputs[0]),
        ),
        items=(one.item, other.item),
        input_units=(one.unit, other.unit),
        centre=(float(known.centre[spots[0]]), float(known.centre[spots[1]])),
        central=float(evaluate(known.centre[None, :])[0]),
        provenance=(f"surface({inputs[0]}, {inputs[1]}, {points} points)",),
    )
