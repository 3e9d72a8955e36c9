"""What the construction of a symmetric table certifies: totals kept, negatives, residuals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.supply_use import SupplyUseTable
from iomodel.accounts.table import IOTable
from iomodel.kernels.linear import Array
from iomodel.kernels.supply_use import Construction
from iomodel.results import Result, amount, must_add_up

MODELS = {
    "A": "model A: product technology, product by product",
    "B": "model B: industry technology, product by product",
    "C": "model C: fixed industry sales structure, industry by industry",
    "D": "model D: fixed product sales structure, industry by industry",
}


class Gdp(NamedTuple):
    """Gross domestic product by three approaches; they agree where the accounts balance.

    Imports are goods of the supply and rows of imported inputs; taxes on products are rows of
    primary inputs.
    """

    production: float
    income: float
    expenditure: float


@dataclass(frozen=True, eq=False, repr=False)
class ConstructionCertificate(Result):
    """What became of the totals of a supply and use table.

    Attributes
    ----------
    model : {"A", "B", "C", "D"}
    labels : Labels
        Sectors of the table.
    output, row_residual, column_residual : ndarray, shape (n,)
        Output, and imbalances, which are those of the supply and use table carried along.
    least : ndarray, shape (n,)
        Smallest flow in each column of the table by the model, before any negatives are
        removed.
    adjustment : ndarray, shape (n,)
        What the removal of negatives took out of (added to, if negative) the inputs of each
        sector; zero in total.
    negatives, removed : int, float
        How many flows the model makes negative, and their sum.
    iterations : int
        Steps of Almon's method; 0 if it was not asked for.
    before, after : Gdp
        Of the supply and use table and of the table made from it.
    """

    model: str
    labels: Labels
    output: Array
    row_residual: Array
    column_residual: Array
    least: Array
    adjustment: Array
    negatives: int
    removed: float
    iterations: int
    before: Gdp
    after: Gdp
    unit: str
    provenance: tuple[str, ...]
    residual: float

    @property
    def title(self) -> str:
        """What is certified."""
        return f"Symmetric table by {MODELS[self.model]} ({self.unit or 'unit of the table'})"

    def facts(self) -> list[tuple[str, object]]:
        """Totals before and after, negatives, residuals."""
        names = ("production", "income", "expenditure")
        found: list[tuple[str, object]] = [
            (f"GDP by {name}, before and after",
             f"{amount(old, self.unit)}, {amount(new, self.unit)}")
            for name, old, new in zip(names, self.before, self.after, strict=True)
        ]  # fmt: skip
        found += [
            ("negative flows of the model", self.negatives),
            ("their sum", amount(self.removed, self.unit)),
        ]
        if self.iterations:
            found += [
                ("Almon's method", f"{self.iterations} steps"),
                ("moved between columns", amount(float(np.abs(self.adjustment).sum() / 2),
                                                 self.unit)),
            ]  # fmt: skip
        return [
            *found,
            ("largest row residual", f"{np.max(np.abs(self.row_residual), initial=0):.2e}"),
            ("largest column residual", f"{np.max(np.abs(self.column_residual), initial=0):.2e}"),
            ("residuals differ from those carried along by", f"{self.residual:.2e}"),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of the table."""
        columns = ("output", "smallest_flow", "adjustment", "row_residual", "column_residual")
        return dict.fromkeys(columns, self.unit)

    def to_frame(self) -> pd.DataFrame:
        """Return output, smallest flow, adjustment and residuals by sector."""
        return self.labels.describe().assign(
            output=self.output,
            smallest_flow=self.least,
            adjustment=self.adjustment,
            row_residual=self.row_residual,
            column_residual=self.column_residual,
        )


def gdp(table: SupplyUseTable | IOTable) -> Gdp:
    """Gross domestic product of a table at basic prices, by three approaches.

    Parameters
    ----------
    table : SupplyUseTable or IOTable

    Returns
    -------
    Gdp
        Production: output less intermediate and imported inputs, plus taxes on final uses.
        Income: primary inputs without imported ones. Expenditure: final uses less imports.
    """
    flows, rows = table.flows, table.primary_labels
    abroad = np.array([group == "imports" for group in rows.groups], dtype=bool)
    if isinstance(table, SupplyUseTable):
        output, inside = float(table.flows.industry_output.sum()), table.both()[1]
    else:
        output, inside = float(table.flows.output.sum()), table.flows.intermediate
    imported = float(flows.primary_inputs[abroad].sum())
    direct = float(flows.final_primary[~abroad].sum())
    return Gdp(
        production=output - float(inside.sum()) - imported + direct,
        income=float(flows.primary_inputs[~abroad].sum()) + direct,
        expenditure=float(flows.final_demand.sum() + direct - flows.imports.sum()) - imported,
    )


class Negatives(NamedTuple):
    """Flows as the model gives them, what was taken out of each column, steps taken."""

    flows: Array
    adjustment: Array
    iterations: int


def certify_construction(
    before: SupplyUseTable, after: IOTable, how: Construction, negatives: Negatives, lost: float
) -> ConstructionCertificate:
    """Check that imbalances are carried along, no more, and that totals are kept.

    Parameters
    ----------
    before, after : SupplyUseTable, IOTable
        Without the products that are not made at home, if these were moved.
    how : Construction
    negatives : Negatives
    lost : float
        Imbalance of products that were moved among primary inputs: it leaves with them.

    Raises
    ------
    IdentityError
        If an imbalance or a total differs.
    """
    old, new = before.flows, after.flows
    rows, columns = old.product_residual, old.industry_residual
    made = how.supply.sum(axis=1) - old.product_output
    scale = float(np.max(np.abs(how.output), initial=0.0)) or 1.0
    gaps = np.concatenate([new.row_residual, new.column_residual]) / scale
    paid = columns + old.industry_output - how.supply.sum(axis=0)
    expected = np.concatenate([how.uses(rows - made), how.inputs(paid[None, :])[0]]) / scale
    both = must_add_up(np.append(gaps, 1.0), np.append(expected, 1.0), what="carried imbalance")
    first, last = gdp(before), gdp(after)
    drift = float(old.industry_output.sum() - how.supply.sum())
    must_add_up(
        np.array(last) / scale,
        (np.array(first) - np.array([drift, 0.0, 0.0])) / scale,
        what="gross domestic product by production, income and expenditure",
    )
    below = negatives.flows[negatives.flows < 0]
    return ConstructionCertificate(
        model=how.model,
        labels=after.labels,
        output=new.output,
        row_residual=new.row_residual,
        column_residual=new.column_residual,
        least=negatives.flows.min(axis=0, initial=np.inf),
        adjustment=negatives.adjustment,
        negatives=len(below),
        removed=float(below.sum()),
        iterations=negatives.iterations,
        before=first._replace(expenditure=first.expenditure + lost),
        after=last,
        unit=after.meta.unit,
        provenance=after.meta.provenance,
        residual=both * scale,
    )
