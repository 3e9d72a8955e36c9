"""The Leontief quantity model: open (Type I)."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.checks import refuse_meaningless_columns
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, NotProductiveError, listed
from iomodel.kernels.linear import (
    Array,
    Bordered,
    Solver,
    not_productive,
    spectral_radius,
)
from iomodel.models.labelled import LabelledT, solved
from iomodel.results import Shown, amount, html_facts


@dataclass(frozen=True, eq=False, repr=False)
class Leontief(Shown):
    """A Leontief model: a table, its coefficients and one factorisation of I - A.

    Attributes
    ----------
    table : IOTable
        Where the model comes from.
    coefficients : ndarray, shape (n, n)
        A, read-only.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> iom.leontief(china).L.shape
    (153, 153)
    """

    table: IOTable
    coefficients: Array = field(repr=False)

    @property
    def kind(self) -> str:
        """Type of its multipliers: ``Type I``."""
        return "Type I"

    @property
    def labels(self) -> Labels:
        """Labels of the rows of the system."""
        return self.table.labels

    @cached_property
    def base_solver(self) -> Solver:
        """Solver of I - A_KK, the base sectors alone (all sectors without an insertion)."""
        insertion = self.table.insertion
        return self.table.flows.solver if insertion is None else insertion.base_solver

    @cached_property
    def solver(self) -> Solver:
        """Solver of I - A: inserted sectors are a border of the base sectors."""
        if self.table.insertion is None:
            return self.base_solver
        n, a = self.table.insertion.base, self.coefficients
        return Bordered(self.base_solver, a[:n, n:], a[n:, :n], a[n:, n:])

    @property
    def A(self) -> pd.DataFrame:
        """Technical coefficients, Miller and Blair (2009), equation 2.4."""
        return self.labels.square(self.coefficients)

    @cached_property
    def _inverse(self) -> Array:
        return self.solver.solve(np.eye(self.solver.size))

    @property
    def L(self) -> pd.DataFrame:
        """Leontief inverse (I - A)^-1, Miller and Blair (2009), equation 2.12."""
        return self.labels.square(self._inverse)

    def solve(self, final_demand: LabelledT) -> LabelledT:
        """Return output x = L f for a final demand.

        Parameters
        ----------
        final_demand : Series (n) or DataFrame (n x c)
            Labelled by sector; sectors that are absent have none.

        Returns
        -------
        Series or DataFrame
            Output by sector, in the unit of the demand.

        Raises
        ------
        LabelError
            For unknown or duplicate sectors.
        """
        return solved(self.labels, final_demand, self.solver.solve)

    def solve_transposed(self, intensity: LabelledT) -> LabelledT:
        """Return total effects m' = e' L for intensities by sector.

        Parameters
        ----------
        intensity : Series (n) or DataFrame (n x c)
            Level per unit of output, labelled by sector; absent sectors have none.
        """
        return solved(self.labels, intensity, self.solver.solve_transposed)

    def describe(self) -> pd.Series:
        """Return what the model is: type, size, spectral radius, table."""
        return pd.Series(
            {
                "model": "Leontief, open (Type I)",
                "sectors": len(self.labels),
                "spectral radius of A": round(spectral_radius(self.coefficients), 6),
                "table": self.table.meta.title,
                "imports": self.table.meta.import_treatment,
                "steps": " > ".join(self.table.meta.provenance),
            },
            dtype=object,
        )

    def _repr_html_(self) -> str:
        facts = self.describe()
        return html_facts(str(facts.pop("model")), [(str(k), v) for k, v in facts.items()])

    def __repr__(self) -> str:
        return "\n  ".join(f"{key}: {value}" for key, value in self.describe().items())


def leontief(
    table: IOTable,
    *,
    imports: Literal["refuse", "as_domestic"] = "refuse",
    idle: Literal["refuse", "keep"] = "refuse",
) -> Leontief:
    """Make the open Leontief model (Type I) of a table.

    Parameters
    ----------
    table : IOTable
        Domestic flows, or flows whose treatment of imports is not stated.
    imports : {"refuse", "as_domestic"}
        What to do with a competitive table, whose flows include imports: refuse it, or take
        all flows as if they were domestic, which overstates multipliers.
    idle : {"refuse", "keep"}
        What to do with sectors without output, inputs and sales: refuse, or keep them with
        a column of zeros.

    Returns
    -------
    Leontief
        `A`, `L` as labelled frames, `solve`, `solve_transposed`.

    Raises
    ------
    AccountingError
        For a competitive table, unless asked for.
    NotProductiveError
        If a sector has inputs but no output, is idle, or the Hawkins-Simon condition fails.

    Notes
    -----
    x = A x + f, so x = (I - A)^-1 f with A = Z diag(x)^-1. Leontief (1936); Miller and
    Blair (2009), chapter 2. One LU factorisation serves every right-hand side.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> model = iom.leontief(china)
    >>> round(float(model.L.loc["87144", "87144"]), 4)  # film and television
    1.0403
    """
    if table.meta.import_treatment == "competitive" and imports == "refuse":
        imported = amount(float(table.flows.imports.sum()), table.meta.unit)
        raise AccountingError(
            f"{table.meta.title!r} is competitive: its flows include imports of {imported}, which "
            "cause no output at home. "
            'Use iom.domestic(table) first, or leontief(table, imports="as_domestic").'
        )
    flows = table.flows
    names = [f"{c} {n}" for c, n in zip(table.labels.codes, table.labels.named(), strict=True)]
    refuse_meaningless_columns(flows, table.labels)
    empty = np.flatnonzero(flows.output == 0.0)
    if len(empty) and idle == "refuse":
        raise NotProductiveError(
            f"{len(empty)} sectors are idle, without output:\n  {listed(names[i] for i in empty)}\n"
            'Merge them with others, or keep them as zeros: leontief(table, idle="keep").'
        )
    coefficients = flows.coefficients
    model = Leontief(table, coefficients)
    if (coefficients >= 0).all():
        bad = not_productive(model.solver)
        if len(bad):
            raise NotProductiveError(
                f"the Hawkins-Simon condition fails (spectral radius of A "
                f"{spectral_radius(coefficients):.4f}, must be below 1). Sectors:\n  "
                f"{listed(names[i] for i in bad)}\nCheck their inputs against their output."
            )
    return model
