"""What an insertion certifies: what was absorbed where, balances, multipliers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.imputation import Imputed
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.kernels.linear import Array
from iomodel.results import Result, figure, must_add_up


@dataclass(frozen=True, eq=False, repr=False)
class InsertionCertificate(Result):
    """The increment that an insertion brings, by sector, and its checks.

    Attributes
    ----------
    labels : Labels
        Base sectors, then the inserted ones.
    output : ndarray, shape (n + b,)
        x, output caused by the activity.
    purchases : ndarray, shape (n + b,)
        Bought by the inserted sectors directly, from domestic suppliers.
    final_demand : ndarray, shape (n + b,)
        f, final demand that the activity brings.
    value_added : ndarray, shape (n + b,)
        v, value added of the increment (imports are not part of it).
    imports : ndarray, shape (n + b,)
        Imported inputs of the increment; `final_imports` those bought by final demand.
    row_residual, column_residual : ndarray, shape (n + b,)
        Imbalances of the increment.
    multipliers_before, multipliers_after : ndarray, shape (n,)
        Simple output multipliers of the base sectors.
    imputed : tuple of Imputed
        Purchases that were filled because the sector does not know them; none unasked.
    """

    labels: Labels
    output: Array
    purchases: Array
    final_demand: Array
    value_added: Array
    imports: Array
    final_imports: float
    row_residual: Array
    column_residual: Array
    multipliers_before: Array
    multipliers_after: Array
    unit: str
    price_year: int | None
    provenance: tuple[str, ...]
    residual: float
    imputed: tuple[Imputed, ...] = ()

    @property
    def title(self) -> str:
        """What is certified."""
        year = f", prices of {self.price_year}" if self.price_year else ""
        return f"Increment of the inserted sectors ({self.unit}{year})"

    def facts(self) -> list[tuple[str, object]]:
        """Totals, residuals and the largest change of a multiplier."""
        change = float(np.max(np.abs(self.multipliers_after - self.multipliers_before), initial=0))
        filled = [(f"purchases of {code} that were imputed",
                   f"{share:.2%} of output, {count}, from {parent} by {rule}")
                  for code, share, count, parent, rule in self._imputed()]  # fmt: skip
        return [
            *filled,
            ("output caused", figure(float(self.output.sum()))),
            ("final demand", figure(float(self.final_demand.sum()))),
            ("value added", figure(float(self.value_added.sum()))),
            ("imported inputs", figure(float(self.imports.sum()))),
            ("imports bought by final demand", figure(self.final_imports)),
            ("largest row residual", f"{np.max(np.abs(self.row_residual)):.2e}"),
            ("largest column residual", f"{np.max(np.abs(self.column_residual)):.2e}"),
            ("largest change of a base sector's output multiplier", f"{change:.2e}"),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of the table; multipliers are ratios."""
        money = ["output", "purchases", "final_demand", "value_added", "imports"]
        money += ["row_residual", "column_residual"]
        ratios = ["multiplier_before", "multiplier_after"]
        return {**dict.fromkeys(money, self.unit), **dict.fromkeys(ratios, "1")}

    def _imputed(self) -> list[tuple[str, float, int, str, str]]:
        """Sum, number, parent and rule of the imputed purchases by sector."""
        codes = dict.fromkeys((item.sector, item.parent, item.rule) for item in self.imputed)
        return [
            (code, sum(own), len(own), parent, rule)
            for code, parent, rule in codes
            for own in [[item.share for item in self.imputed if item.sector == code]]
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return the increment by sector, largest output first."""
        frame = self.labels.describe()
        padded = np.full(len(self.labels) - len(self.multipliers_before), np.nan)
        columns = {
            "output": self.output,
            "purchases": self.purchases,
            "final_demand": self.final_demand,
            "value_added": self.value_added,
            "imports": self.imports,
            "row_residual": self.row_residual,
            "column_residual": self.column_residual,
            "multiplier_before": np.append(self.multipliers_before, padded),
            "multiplier_after": np.append(self.multipliers_after, padded),
        }
        return frame.assign(**columns).sort_values("output", ascending=False)


def certify(
    before: IOTable, after: IOTable, imputed: tuple[Imputed, ...] = ()
) -> InsertionCertificate:
    """Check the increment of an insertion and report it.

    Raises
    ------
    IdentityError
        If the increment does not balance: final demand must equal value added plus imports.
    """
    insertion = after.insertion
    assert insertion is not None, "made by insert"
    n, x = insertion.base, insertion.increment
    a = after.flows.coefficients
    new = after.final_labels.in_group("new demand")
    f = after.flows.final_demand[:, new].sum(axis=1)
    share = after.flows.primary_inputs / np.where(after.flows.output == 0, 1, after.flows.output)
    rows = after.primary_labels.in_group("imports")
    imports = share[rows].sum(axis=0) * x
    added = share.sum(axis=0) * x - imports
    scale = float(np.max(np.abs(x)))
    row_gap = a @ x + f - x
    column_gap = a.sum(axis=0) * x + added + imports - x
    gaps = np.concatenate([row_gap, column_gap]) / scale
    residual = must_add_up(gaps, np.zeros_like(gaps), what="balance of the increment")
    must_add_up(
        np.array(added.sum() + imports.sum()),
        np.array(f.sum()),
        what="value added and imports against final demand",
        tolerance=1e-8,
    )
    z = after.flows.intermediate
    return InsertionCertificate(
        labels=after.labels,
        output=x,
        purchases=z[:, n:].sum(axis=1),
        final_demand=f,
        value_added=added,
        imports=imports,
        final_imports=float(after.flows.final_primary[np.ix_(rows, new)].sum()),
        row_residual=row_gap,
        column_residual=column_gap,
        multipliers_before=before.flows.solver.solve_transposed(np.ones(n)),
        multipliers_after=after.flows.solver.solve_transposed(np.ones(len(x)))[:n],
        unit=insertion.unit,
        price_year=insertion.price_year,
        provenance=after.meta.provenance,
        residual=residual * scale,
        imputed=imputed,
    )
