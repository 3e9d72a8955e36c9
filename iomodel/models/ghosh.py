"""The Ghosh model: from primary inputs to output, the supply side of the Leontief model."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, NotProductiveError, listed
from iomodel.kernels.linear import Array, spectral_radius
from iomodel.kernels.linkages import allocation, allocation_inverse, nonzero
from iomodel.models.households import ClosedLeontief
from iomodel.models.labelled import LabelledT, ordered, solved
from iomodel.models.leontief import Leontief, leontief
from iomodel.models.miyazawa import ClosedGroups
from iomodel.results import Shown, amount, html_facts


@dataclass(frozen=True, eq=False, repr=False)
class Ghosh(Shown):
    """A Ghosh model: a table, its allocation coefficients and the factorisation of I - A.

    Attributes
    ----------
    quantity : Leontief
        The open Leontief model of the same table; A and B are similar, so its
        factorisation serves both.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> iom.ghosh(china).G.shape
    (153, 153)
    """

    quantity: Leontief

    @property
    def table(self) -> IOTable:
        """Where the model comes from."""
        return self.quantity.table

    @property
    def labels(self) -> Labels:
        """Labels of the rows of the system."""
        return self.quantity.labels

    @cached_property
    def coefficients(self) -> Array:
        """Allocation coefficients B, (n, n), read-only."""
        found = allocation(self.table.flows.intermediate, self.table.flows.output)
        found.flags.writeable = False
        return found

    @property
    def B(self) -> pd.DataFrame:
        """Allocation coefficients b_ij = z_ij / x_i, Miller and Blair (2009), section 12.1."""
        return self.labels.square(self.coefficients)

    @property
    def G(self) -> pd.DataFrame:
        """Ghosh inverse (I - B)^-1 = diag(x)^-1 L diag(x)."""
        inverse = self.quantity.solver.solve(np.eye(len(self.labels)))
        return self.labels.square(allocation_inverse(inverse, self.table.flows.output))

    def solve(self, primary_inputs: LabelledT) -> LabelledT:
        """Return output x' = v' G for primary inputs.

        Parameters
        ----------
        primary_inputs : Series (n) or DataFrame (n x c)
            Labelled by sector; sectors that are absent have none.

        Returns
        -------
        Series or DataFrame
            Output by sector, in the unit of the primary inputs.

        Raises
        ------
        LabelError
            For unknown or duplicate sectors.
        AccountingError
            For values that are not finite numbers.
        """
        return solved(self.labels, primary_inputs, self._given_back)

    def solve_transposed(self, intensity: LabelledT) -> LabelledT:
        """Return total effects G e per unit of primary inputs for intensities by sector.

        Parameters
        ----------
        intensity : Series (n) or DataFrame (n x c)
            Level per unit of output; ones give the input multipliers (row sums of G).

        Returns
        -------
        Series or DataFrame
            By sector, in the unit of the intensity.
        """
        return solved(self.labels, intensity, self._per_input)

    def prices(self, primary_inputs: pd.Series) -> pd.Series:
        """Return price indices (base 1) of new primary inputs while quantities stay.

        Parameters
        ----------
        primary_inputs : Series, n
            New values of primary inputs, in the unit of the table; absent sectors have none.

        Returns
        -------
        Series
            Value of output over the output of the table; NaN for sectors without output.

        Notes
        -----
        Dietzenbacher (1997), "In vindication of the Ghosh model: a reinterpretation as a price
        model", *Journal of Regional Science* 37(4): equal to the Leontief price model.
        """
        value = self._given_back(ordered(self.labels, primary_inputs))
        output = self.table.flows.output
        index = np.divide(value, output, out=np.full_like(value, np.nan), where=output != 0.0)
        return self.labels.series(index, "price")

    @cached_property
    def residual(self) -> float:
        """Largest difference of output from what the table's primary inputs give back.

        In the unit of the table: rounding, or the imbalance of its columns passed on.
        """
        flows = self.table.flows
        back = self._given_back(flows.primary_inputs.sum(axis=0))
        return float(np.max(np.abs(back - flows.output), initial=0.0))

    def describe(self) -> pd.Series:
        """Return what the model is: size, spectral radius, what it gives back, table."""
        meta = self.table.meta
        return pd.Series(
            {
                "model": "Ghosh, supply side",
                "sectors": len(self.labels),
                "spectral radius of B": round(spectral_radius(self.quantity.coefficients), 6),
                "output not given back": amount(self.residual, meta.unit),
                "table": meta.title,
                "imports": meta.import_treatment,
                "steps": " > ".join(meta.provenance),
            },
            dtype=object,
        )

    def _size(self, values: Array) -> Array:
        """Output as a column that fits values of shape (n,) or (n, c)."""
        return nonzero(self.table.flows.output).reshape(-1, *[1] * (values.ndim - 1))

    def _given_back(self, values: Array) -> Array:
        size = self._size(values)
        return size * self.quantity.solver.solve_transposed(values / size)

    def _per_input(self, values: Array) -> Array:
        size = self._size(values)
        return self.quantity.solver.solve(size * values) / size

    def _repr_html_(self) -> str:
        facts = self.describe()
        return html_facts(str(facts.pop("model")), [(str(k), v) for k, v in facts.items()])

    def __repr__(self) -> str:
        return "\n  ".join(f"{key}: {value}" for key, value in self.describe().items())


def ghosh(
    table: IOTable,
    *,
    imports: Literal["refuse", "as_domestic"] = "refuse",
    idle: Literal["refuse", "keep"] = "refuse",
) -> Ghosh:
    """Make the Ghosh model of a table.

    Parameters
    ----------
    table : IOTable
        Domestic flows, or flows whose treatment of imports is not stated.
    imports : {"refuse", "as_domestic"}
        What to do with a competitive table: refuse it, or divide its rows, imports
        included, by domestic output.
    idle : {"refuse", "keep"}
        What to do with sectors without output, inputs and sales: refuse, or keep them with
        a row of zeros.

    Returns
    -------
    Ghosh
        `B`, `G` as labelled frames, `solve` (primary inputs to output), `prices`, `residual`.

    Raises
    ------
    AccountingError
        For a competitive table, unless asked for.
    NotProductiveError
        If a sector buys or sells but has no output, is idle, or the Hawkins-Simon condition
        fails.

    Notes
    -----
    x' = x' B + v', so x' = v' (I - B)^-1 with B = diag(x)^-1 Z and v all primary inputs,
    imported ones among them. Ghosh (1958); Miller and Blair (2009), section 12.1. As a model
    of quantities it is disputed: output follows any input, without the others. As a model of
    values it is the Leontief price model.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> supply = iom.ghosh(iom.table(Z, output=pd.Series([1000.0, 2000.0], codes)))
    >>> supply.B.to_numpy().tolist()
    [[0.15, 0.5], [0.1, 0.05]]
    >>> supply.solve(supply.table.primary_inputs.sum()).round(6).to_list()
    [1000.0, 2000.0]
    """
    return supply_side(leontief(table, imports=imports, idle=idle))


def supply_side(model: Leontief) -> Ghosh:
    """Make the Ghosh model of the table of an open Leontief model.

    Parameters
    ----------
    model : Leontief
        The open model; its factorisation is used again.

    Returns
    -------
    Ghosh

    Raises
    ------
    AccountingError
        If the model is closed with respect to households, which have no output.
    NotProductiveError
        If a sector sells but has no output.
    """
    refuse_closed(model, "the Ghosh model")
    flows, labels = model.table.flows, model.table.labels
    broken = np.flatnonzero((flows.output == 0.0) & (flows.intermediate != 0.0).any(axis=1))
    if len(broken):
        names = [f"{labels.shown[i]} {labels.named()[i]}" for i in broken]
        raise NotProductiveError(
            f"{len(broken)} sectors sell but have no output, so that sales per unit of output "
            f"mean nothing:\n  {listed(names)}\nCheck their output, or merge them with others."
        )
    return Ghosh(model)


def refuse_closed(model: Leontief, what: str) -> None:
    """Refuse a model closed with respect to households.

    Raises
    ------
    AccountingError
        Naming the open model to use.
    """
    if isinstance(model, ClosedLeontief | ClosedGroups):
        raise AccountingError(
            f"{what} takes an open model: households have no output in the table. "
            "Give the open one: model.open."
        )
