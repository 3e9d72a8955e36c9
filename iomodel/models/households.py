"""The Leontief model closed with respect to households (Type II)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.errors import AccountingError, LabelError
from iomodel.kernels.closure import HouseholdBorder, close
from iomodel.kernels.linear import Array, Positions, Solver
from iomodel.models.leontief import Leontief
from iomodel.results import amount, figure

HOUSEHOLDS = "households"
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class ClosedLeontief(Leontief):
    """A Leontief model with households as one more sector, the last row and column.

    Attributes
    ----------
    open : Leontief
        The open model that was closed; its factorisation is used again.
    income : ndarray, shape (n,)
        Household income per unit of output, before any leakage.
    respending : float
        Spending per unit of that income.
    basket : ndarray, shape (n,)
        Domestic purchases per unit of spending; what is missing to one is imported or taxed.
    border : HouseholdBorder
        Row, column and solver.
    income_total, outlay_total : float
        Income and household outlay of the table, in its unit.
    """

    open: Leontief
    income: Array = field(repr=False)
    respending: float
    basket: Array = field(repr=False)
    border: HouseholdBorder = field(repr=False)
    income_total: float
    outlay_total: float

    @property
    def labels(self) -> Labels:
        """The sectors, then households."""
        house = Labels(codes=(HOUSEHOLDS,), names={"en": ("Households",), "zh": ("居民",)})
        return self.open.labels.extended(house)

    @cached_property
    def base_solver(self) -> Solver:
        """Solver of I - A_KK of the open model."""
        return self.open.base_solver

    @cached_property
    def solver(self) -> Solver:
        """Solver of the closed system: households are a border of the open one."""
        return self.border.solver

    def describe(self) -> pd.Series:
        """Return what was closed with what, its leakages and its checks."""
        facts = super().describe()
        facts["model"] = "Leontief, closed with respect to households (Type II)"
        facts["spending per unit of income"] = f"{self.respending:.4f}"
        facts["of it on domestic products"] = f"{self.basket.sum():.4f}"
        facts["leakage per unit of income"] = f"{1 - self.respending * self.basket.sum():.4f}"
        facts["income that one unit of spending brings back"] = f"{self.border.feedback:.4f}"
        facts["income in the table"] = amount(self.income_total, self.table.meta.unit)
        facts["household outlay in the table"] = amount(self.outlay_total, self.table.meta.unit)
        return facts


def close_households(
    model: Leontief,
    *,
    income: str | Sequence[str] = "compensation",
    consumption: str | Sequence[str] = "household",
    propensity: float | None = None,
    total_income: float | None = None,
) -> ClosedLeontief:
    """Close a Leontief model with respect to households (Type II).

    Parameters
    ----------
    model : Leontief
        The open model.
    income : str or sequence of str
        Primary input rows that are household income: codes, or a role.
    consumption : str or sequence of str
        Final demand columns that are household consumption: codes, or a role.
    propensity : float, optional
        Spending per unit of income (of labour cost, if that is the income row): a marginal
        propensity. If absent, the average one: consumption over `total_income`.
    total_income : float, optional
        Household income in the unit of the table; if absent, the sum of the income rows.
        Only for the average propensity.

    Returns
    -------
    ClosedLeontief
        With leakages, spectral radius, and income against outlay in `describe()`.

    Raises
    ------
    LabelError
        If there is no such row or column.
    AccountingError
        If consumption exceeds income, a propensity is not between 0 and 1, the household
        row exceeds the output of a sector, or the model is closed already.
    NotProductiveError
        If one unit of household spending brings back one unit of spending or more.

    Notes
    -----
    Household row h_r = propensity * w, w = income over output; household column h_c =
    consumption of domestic products over all consumption, imported products included, so
    imports leak. Miller and Blair (2009), section 2.5.
    """
    if isinstance(model, ClosedLeontief):
        raise AccountingError("the model is closed with respect to households already.")
    table = model.table
    flows = table.flows
    rows = _chosen(table.primary_labels, income, "primary input rows")
    columns = _chosen(table.final_labels, consumption, "final demand columns")
    earned = flows.primary_inputs[rows].sum(axis=0)
    spent = flows.final_demand[:, columns].sum(axis=1)
    outlay = float(spent.sum() + flows.final_primary[:, columns].sum())
    total = float(earned.sum()) if total_income is None else float(total_income)
    rate = _rate(propensity, outlay, total, table.meta.unit)
    wage = earned / np.where(flows.output == 0.0, 1.0, flows.output)
    _income_within_output(wage, table.labels, income)
    basket = spent / outlay
    border = close(model.solver, rate * wage, basket)
    n = len(model.coefficients)
    coefficients = np.zeros((n + 1, n + 1))
    coefficients[:n, :n], coefficients[n, :n] = model.coefficients, border.row
    coefficients[:n, n] = border.column
    coefficients.flags.writeable = False
    return ClosedLeontief(
        table=table.replace(
            meta=table.meta.after("close_households", f"{income}, {consumption}, {rate:.6g}")
        ),
        coefficients=coefficients,
        open=model,
        income=wage,
        respending=rate,
        basket=basket,
        border=border,
        income_total=total,
        outlay_total=outlay,
    )


def _income_within_output(wage: Array, labels: Labels, income: str | Sequence[str]) -> None:
    over = np.flatnonzero((wage < 0) | (wage > 1))
    if len(over):
        names = [f"{labels.codes[i]} ({wage[i]:.3f})" for i in over]
        raise AccountingError(
            f"household income is below zero or above output in {len(over)} sectors: "
            f"{', '.join(names[:20])}. Check the income rows {income!r}."
        )


def _chosen(labels: Labels, wanted: str | Sequence[str], what: str) -> Positions:
    """Positions of codes, or of all labels of a role."""
    if isinstance(wanted, str):
        group = labels.in_group(wanted)
        if len(group):
            return group
        wanted = [wanted]
    try:
        return labels.positions(dict.fromkeys(wanted))
    except LabelError as error:
        roles = sorted({group for group in labels.groups if group})
        raise LabelError(
            f"no {what} with the code or role {', '.join(wanted)!r}. "
            f"Codes: {', '.join(labels.codes)}; roles: "
            f"{', '.join(roles) or 'none'}. Name them: iom.table(..., primary_roles=..., "
            "final_roles=...), or give the codes."
        ) from error


def _rate(propensity: float | None, outlay: float, total: float, unit: str) -> float:
    """Spending per unit of income: the one given, or the average one of the table."""
    if not outlay > 0:
        raise AccountingError(f"household consumption sums to {outlay:g} {unit}: nothing is spent.")
    if propensity is None:
        if not outlay <= total * (1.0 + ROUNDING):
            raise AccountingError(
                f"household consumption of {amount(outlay, unit)} exceeds income of "
                f"{figure(total)}: name all income rows, or give total_income or a propensity."
            )
        return min(outlay / total, 1.0)
    if not 0.0 <= propensity <= 1.0:
        raise AccountingError(f"propensity {propensity} must lie between 0 and 1.")
    return propensity
