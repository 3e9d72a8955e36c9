"""The mixed quantity model: output given for some sectors, final demand for the others."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.linear import Array
from iomodel.kernels.mixed import held
from iomodel.models.ghosh import refuse_closed
from iomodel.models.labelled import ordered
from iomodel.models.leontief import Leontief
from iomodel.results import Result, must_add_up


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Mixed(Result):
    """Output and final demand of a system in which either is given; arrays of shape (n,).

    Attributes
    ----------
    labels : Labels
        The n sectors.
    output, final_demand, intermediate : ndarray
        x, f and A x, in `unit`.
    fixed : ndarray of bool
        Sectors whose output was given; of the others final demand was.
    """

    labels: Labels
    output: Array
    final_demand: Array
    intermediate: Array
    fixed: npt.NDArray[np.bool_]
    unit: str
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        parts = self.intermediate + self.final_demand
        gap = must_add_up(parts, self.output, what="intermediate and final sales")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What it is, with its unit."""
        return f"Output and final demand, mixed model{f' ({self.unit})' if self.unit else ''}"

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of the table."""
        return dict.fromkeys(("output", "intermediate", "final_demand"), self.unit)

    def to_frame(self) -> pd.DataFrame:
        """Return by sector: name, output, intermediate sales, final demand, what was given."""
        return pd.DataFrame(
            {
                "name": self.labels.named(),
                "output": self.output,
                "intermediate": self.intermediate,
                "final_demand": self.final_demand,
                "given": np.where(self.fixed, "output", "final_demand"),
            },
            index=self.labels.index,
        )


def mixed(
    model: Leontief,
    *,
    output: pd.Series | Mapping[str, float],
    final_demand: pd.Series | None = None,
) -> Mixed:
    """Return output and final demand when the output of some sectors is given.

    Parameters
    ----------
    model : Leontief
        The open model.
    output : Series or mapping of sector to number
        Given output, or change of output: a mine that closes, a harvest that fails.
    final_demand : Series, optional
        Final demand of the other sectors, in the same terms; absent sectors have none.

    Returns
    -------
    Mixed
        Final demand of the sectors with given output is what their output leaves to it:
        negative where it must be imported.

    Raises
    ------
    LabelError
        For unknown sectors, or sectors with both output and final demand given.
    AccountingError
        For values that are not finite numbers, or a closed model.

    Notes
    -----
    x = A x + f with x_E and f_F given. Miller and Blair (2009), section 13.2; solved with the
    factorisation of the open model.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> from iomodel.models.mixed import mixed
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> model = iom.leontief(iom.table(Z, output=pd.Series([1000.0, 2000.0], codes)))
    >>> found = mixed(model, output={"2": 1900.0}, final_demand=pd.Series({"1": 350.0}))
    >>> found.to_frame()[["output", "final_demand"]].round(1).to_numpy().tolist()
    [[970.6, 350.0], [1900.0, 1610.9]]
    """
    refuse_closed(model, "the mixed model")
    labels = model.labels
    given = output if isinstance(output, pd.Series) else pd.Series(dict(output), dtype=np.float64)
    wanted = ordered(labels, given)
    demand = ordered(labels, pd.Series(dtype=np.float64) if final_demand is None else final_demand)
    spots = labels.positions(given.index)
    named = () if final_demand is None else labels.positions(final_demand.index)
    both = [labels.shown[i] for i in np.intersect1d(spots, named).astype(int)]
    if both:
        raise LabelError(
            f"{len(both)} sectors have both output and final demand given:\n  {listed(both)}\n"
            "Give one of them; the other follows."
        )
    if not len(spots):
        raise AccountingError("no output is given: use model.solve(final_demand).")
    x, added = held(model.solver.solve, demand, spots, wanted[spots])
    fixed = np.zeros(len(labels), dtype=bool)
    fixed[spots] = True
    return Mixed(
        labels=labels,
        output=x,
        final_demand=demand + added,
        intermediate=model.coefficients @ x,
        fixed=fixed,
        unit=model.table.meta.unit,
        provenance=(*model.table.meta.provenance, f"mixed({len(spots)} outputs given)"),
    )
