"""One group of households: which rows it earns, which columns it buys, what it spends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, NotProductiveError
from iomodel.kernels.linear import Array, Positions, spectral_radius
from iomodel.results import Shown, amount, figure

Choice = str | Sequence[str]
Denominator = float | str | Sequence[str]
Beyond = Literal["refuse", "keep"]
OUTLAY = "outlay"
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class HouseholdAccount(Shown):
    """Income and outlay of one group of households.

    Attributes
    ----------
    name : str
        Name of the group.
    rows, columns : ndarray of int
        Positions of its income rows and consumption columns.
    row_codes, column_codes : tuple of str
        Their codes.
    income : ndarray, shape (n,)
        Income per unit of output, before any leakage.
    basket : ndarray, shape (n,)
        Domestic purchases per unit of outlay; what is missing to one is imported or taxed.
    respending : float
        Outlay per unit of income.
    earned : float
        Sum of the income rows: what sectors (and final demand) pay.
    income_total : float
        Income that outlay is set against: the denominator of the average propensity.
    denominator : str
        What that income is, in words.
    outlay_total : float
        Consumption, imported products and taxes included.
    """

    name: str
    rows: Positions = field(repr=False)
    columns: Positions = field(repr=False)
    row_codes: tuple[str, ...]
    column_codes: tuple[str, ...]
    income: Array = field(repr=False)
    basket: Array = field(repr=False)
    respending: float
    earned: float
    income_total: float
    denominator: str
    outlay_total: float

    def facts(self, unit: str, paid_to_households: float) -> dict[str, object]:
        """Income against outlay, with what leaks and what else pays for consumption."""
        home = float(self.basket.sum())
        kept = self.respending * (home + paid_to_households)
        other = self.outlay_total - self.respending * self.earned
        source = "paid from other income" if other >= 0 else "more than recorded consumption by"
        return {
            "income rows": ", ".join(self.row_codes),
            "consumption columns": ", ".join(self.column_codes),
            "income in the table": amount(self.income_total, unit),
            "which is": self.denominator,
            "household outlay in the table": amount(self.outlay_total, unit),
            f"outlay {source}": amount(abs(other), unit),
            "spending per unit of income": f"{self.respending:.4f}",
            "of it on domestic products": f"{home:.4f}",
            "of it paid to households": f"{paid_to_households:.4f}",
            "leakage per unit of income": f"{1 - kept:.4f}",
        }


def household(
    table: IOTable,
    *,
    name: str,
    income: Choice,
    consumption: Choice,
    propensity: float | None,
    total_income: Denominator | None,
    beyond_income: Beyond,
) -> HouseholdAccount:
    """Gather income and outlay of one group of households.

    Parameters
    ----------
    table : IOTable
    name : str
        Name of the group.
    income, consumption : str or sequence of str
        Codes or a role of primary input rows and of final demand columns.
    propensity, total_income, beyond_income
        As of `close_households`.

    Returns
    -------
    HouseholdAccount

    Raises
    ------
    LabelError
        If there is no such row or column.
    AccountingError
        If the account makes no sense: nothing spent, more spent than earned, income above
        the output of a sector.
    """
    if beyond_income not in ("refuse", "keep"):
        raise AccountingError(f"beyond_income {beyond_income!r}: use refuse or keep.")
    flows, unit = table.flows, table.meta.unit
    rows = chosen(table.primary_labels, income, "primary input rows")
    columns = chosen(table.final_labels, consumption, "final demand columns")
    earned = flows.primary_inputs[rows].sum(axis=0)
    spent = flows.final_demand[:, columns].sum(axis=1)
    outlay = float(spent.sum() + flows.final_primary[:, columns].sum())
    total = float(earned.sum() + flows.final_primary[rows].sum())
    against, what = _denominator(table, total_income, outlay, total)
    rate = _rate(propensity, outlay, against, unit, beyond_income)
    wage = earned / np.where(flows.output == 0.0, 1.0, flows.output)
    _income_within_output(wage, table.labels, income)
    return HouseholdAccount(
        name=name,
        rows=rows,
        columns=columns,
        row_codes=tuple(table.primary_labels.codes[i] for i in rows),
        column_codes=tuple(table.final_labels.codes[i] for i in columns),
        income=wage,
        basket=spent / outlay,
        respending=rate,
        earned=total,
        income_total=against,
        denominator=what if propensity is None else f"{what} (not used: a propensity is given)",
        outlay_total=outlay,
    )


def payments(table: IOTable, groups: Sequence[HouseholdAccount]) -> Array:
    """Return what groups pay to groups per unit of the payer's income, (q, q)."""
    paid = table.flows.final_primary
    return np.array(
        [
            [
                payer.respending
                * float(paid[np.ix_(earner.rows, payer.columns)].sum())
                / payer.outlay_total
                for payer in groups
            ]
            for earner in groups
        ]
    )


def refuse_endless(coefficients: Array) -> None:
    """Refuse a closed matrix with negative cells whose spectral radius is 1 or more.

    Without negative cells the feedback of the border says the same, at no cost.

    Parameters
    ----------
    coefficients : ndarray, shape (n + q, n + q)

    Raises
    ------
    NotProductiveError
        If rounds of spending never end.
    """
    if (coefficients < 0).any() and not spectral_radius(coefficients) < 1.0:
        raise NotProductiveError(
            f"the spectral radius of the closed model is {spectral_radius(coefficients):.6f}: "
            "rounds of spending never end. Check negative flows, or lower the propensity."
        )


def chosen(labels: Labels, wanted: Choice, what: str) -> Positions:
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


def _denominator(
    table: IOTable, wanted: Denominator | None, outlay: float, earned: float
) -> tuple[float, str]:
    """Income that outlay is set against, and what it is."""
    if wanted is None:
        return earned, "the income rows"
    if isinstance(wanted, str) and wanted == OUTLAY:
        return outlay, "household outlay: every unit of income is spent"
    if isinstance(wanted, str) or not np.isscalar(wanted):
        rows = chosen(table.primary_labels, wanted, "primary input rows")  # type: ignore[arg-type]
        flows = table.flows
        total = float(flows.primary_inputs[rows].sum() + flows.final_primary[rows].sum())
        return total, f"the rows {', '.join(table.primary_labels.codes[i] for i in rows)}"
    return float(wanted), "total_income as given"  # type: ignore[arg-type]


def _rate(
    propensity: float | None, outlay: float, total: float, unit: str, beyond: Beyond
) -> float:
    """Spending per unit of income: the one given, or the average one of the table."""
    if not outlay > 0:
        raise AccountingError(f"household consumption sums to {outlay:g} {unit}: nothing is spent.")
    if propensity is None:
        if beyond == "keep" and total > 0:
            return outlay / total
        if not outlay <= total * (1.0 + ROUNDING):
            raise AccountingError(
                f"household consumption of {amount(outlay, unit)} exceeds income of "
                f"{figure(total)}: name all income rows, or give total_income or a propensity. "
                'To take all consumption as paid from this income: beyond_income="keep".'
            )
        return min(outlay / total, 1.0)
    if not 0.0 <= propensity <= 1.0:
        raise AccountingError(f"propensity {propensity} must lie between 0 and 1.")
    return propensity


def _income_within_output(wage: Array, labels: Labels, income: Choice) -> None:
    over = np.flatnonzero((wage < 0) | (wage > 1 + ROUNDING))
    if len(over):
        names = [f"{labels.codes[i]} ({wage[i]:.3f})" for i in over]
        raise AccountingError(
            f"household income is below zero or above output in {len(over)} sectors: "
            f"{', '.join(names[:20])}. Check the income rows {income!r}."
        )
