"""Single coefficients that matter for the ratio of indirect to direct jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.analysis.channels import Spending, demand_of, is_direct
from iomodel.errors import AccountingError
from iomodel.kernels.adjoint import RatioGradient, ratio_gradient
from iomodel.kernels.linear import Array
from iomodel.models.leontief import Leontief
from iomodel.results import Result, must_add_up


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ImportantCoefficients(Result):
    """How much the ratio moves with every single coefficient.

    Attributes
    ----------
    labels : Labels
        The n rows of the system.
    coefficients : ndarray, shape (n, n)
        A.
    gradients : mapping of account row to RatioGradient
        dM/dA, dM/dF and dM/de by row of the account.
    residual : float
        How far g'F is from zero (the ratio does not change with the scale of demand).
    """

    labels: Labels
    coefficients: Array
    demand: Array
    gradients: dict[str, RatioGradient]
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        gaps = []
        for found in self.gradients.values():
            parts = found.demand * self.demand
            up, down = parts[parts > 0].sum(), -parts[parts < 0].sum()
            gaps.append(must_add_up(np.array(up), np.array(down), what="g'F of the ratio"))
        object.__setattr__(self, "residual", max(gaps))

    @property
    def title(self) -> str:
        """What is ranked."""
        return "Single coefficients by the elasticity of indirect jobs per direct job"

    def elasticities(self, account: str) -> pd.DataFrame:
        """Return a_ij / M dM/da_ij for one row of the account, n x n, suppliers by users.

        Parameters
        ----------
        account : str

        Returns
        -------
        DataFrame
        """
        found = self.gradients[account]
        return self.labels.square(found.coefficients * self.coefficients / found.ratio)

    @property
    def units(self) -> Mapping[str, str]:
        """Coefficients and elasticities are ratios."""
        return dict.fromkeys(("coefficient", *self.gradients, "mean"), "1")

    def to_frame(self) -> pd.DataFrame:
        """Return every coefficient above zero, largest mean elasticity first."""
        parts = [f.coefficients * self.coefficients / f.ratio for f in self.gradients.values()]
        rows, columns = np.nonzero(self.coefficients)
        names, keys = self.labels.named(), list(self.labels.index)
        frame = pd.DataFrame(
            {
                "supplier": [keys[i] for i in rows],
                "user": [keys[j] for j in columns],
                "supplier_name": [names[i] for i in rows],
                "user_name": [names[j] for j in columns],
                "coefficient": self.coefficients[rows, columns],
                **{
                    key: part[rows, columns]
                    for key, part in zip(self.gradients, parts, strict=True)
                },
                "mean": np.mean(parts, axis=0)[rows, columns],
            }
        )
        return frame.sort_values("mean", key=np.abs, ascending=False, ignore_index=True)


def important_coefficients(
    model: Leontief,
    *,
    direct: str | Sequence[str],
    of: str = "employment",
    spending: Spending = "additional",
) -> ImportantCoefficients:
    """Rank single coefficients by how much the ratio of indirect to direct jobs moves.

    Parameters
    ----------
    model, direct, of, spending
        As for `channels`.

    Returns
    -------
    ImportantCoefficients

    Raises
    ------
    AccountingError
        If the table has no inserted sectors, or direct jobs are zero.
    LabelError
        For a code in `direct` that is not an inserted sector.

    Notes
    -----
    One adjoint solve for each row of the account gives all n^2 derivatives at once:
    see `iomodel.kernels.adjoint.ratio_gradient`.
    """
    table, insertion = model.table, model.table.insertion
    if insertion is None:
        raise AccountingError("the table has no inserted sectors; use iom.insert(...) first.")
    n, size = insertion.base, len(table)
    satellite = table.satellite(of)
    intensity = satellite.unit_value * satellite.intensity(
        table.flows.output, price_year=table.meta.price_year
    )
    demand = np.zeros(model.solver.size)
    demand[:size] = demand_of(insertion, spending)
    counted = np.zeros(model.solver.size, dtype=bool)
    counted[n:size] = is_direct(direct, table.labels.codes[n:])
    if not (intensity[:, counted[:size]] > 0).any(axis=1).all():
        raise AccountingError(f"{direct}: no direct jobs, so no ratio to them exists.")
    jobs = np.pad(intensity, ((0, 0), (0, model.solver.size - size)))
    return ImportantCoefficients(
        labels=model.labels,
        coefficients=model.coefficients,
        demand=demand,
        gradients={
            code: ratio_gradient(model.solver, e, demand, counted)
            for code, e in zip(satellite.rows.codes, jobs, strict=True)
        },
        provenance=table.meta.provenance,
    )
