"""The Leontief model closed with several groups of households (Miyazawa)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.closure import HouseholdBorder, close
from iomodel.kernels.linear import Array, Solver
from iomodel.models.household_account import (
    Beyond,
    HouseholdAccount,
    household,
    payments,
    refuse_endless,
)
from iomodel.models.leontief import Leontief
from iomodel.results import amount


@dataclass(frozen=True, eq=False, repr=False)
class ClosedGroups(Leontief):
    """A Leontief model with q groups of households, the last rows and columns.

    V holds income of each group per unit of output, C consumption of each group per unit of
    its income, B is the open inverse. The closed inverse is
    [[B (I + C K V B), B C K], [K V B, K]], Miyazawa (1976), chapter 1; Miller and Blair
    (2009), section 6.4.

    Attributes
    ----------
    open : Leontief
        The open model that was closed.
    groups : tuple of HouseholdAccount
        Which rows and columns each group has, income and outlay.
    border : HouseholdBorder
        V, C and the solver.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> closed = iom.close_households(
    ...     iom.leontief(china), income={"all": "VA001"}, consumption={"all": "household"},
    ...     propensity=0.5,
    ... )
    >>> closed.kind
    'Type II, 1 groups of households'
    """

    open: Leontief
    groups: tuple[HouseholdAccount, ...] = field(repr=False)
    border: HouseholdBorder = field(repr=False)

    @property
    def kind(self) -> str:
        """``Type II, q groups``."""
        return f"Type II, {len(self.groups)} groups of households"

    @property
    def group_index(self) -> pd.Index:
        """Names of the groups."""
        return pd.Index([group.name for group in self.groups], name="group")

    @property
    def labels(self) -> Labels:
        """The sectors, then the groups of households."""
        return self.open.labels.extended(Labels(codes=tuple(self.group_index)))

    @cached_property
    def base_solver(self) -> Solver:
        """Solver of I - A_KK of the open model."""
        return self.open.base_solver

    @cached_property
    def solver(self) -> Solver:
        """Solver of the closed system."""
        return self.border.solver

    @property
    def inter_income(self) -> pd.DataFrame:
        """V B C, (q, q): income of the row group from spending one unit of the column group's.

        Payments of groups to groups are included.
        """
        return self._square(self.border.returned)

    @property
    def K(self) -> pd.DataFrame:
        """Interrelational income multiplier K = (I - V B C)^-1, (q, q).

        Income of the row group, all rounds counted, per unit of income of the column group.
        """
        return self._square(self._interrelational)

    @property
    def income_multipliers(self) -> pd.DataFrame:
        """K V B, (q, n): income of each group per unit of final demand for each sector."""
        earned = self.open.solver.solve_transposed(self.border.row.T).T
        values = self._interrelational @ earned
        return pd.DataFrame(values, self.group_index, self.open.labels.index)

    def describe(self) -> pd.Series:
        """Return what was closed with what, income against outlay by group, checks."""
        facts = super().describe()
        facts["model"] = f"Leontief, closed with {len(self.groups)} groups of households"
        facts["spectral radius of V B C"] = f"{self.border.feedback:.4f}"
        unit = self.table.meta.unit
        for k, group in enumerate(self.groups):
            paid = float(self.border.corner[:, k].sum())
            share = paid / group.respending if group.respending else 0.0
            for key, value in group.facts(unit, share).items():
                facts[f"{group.name}: {key}"] = value
        return facts

    @cached_property
    def _interrelational(self) -> Array:
        one = np.eye(len(self.groups))
        return np.asarray(np.linalg.solve(one - self.border.returned, one), dtype=np.float64)

    def _square(self, values: Array) -> pd.DataFrame:
        return pd.DataFrame(np.array(values), self.group_index, self.group_index)


def close_groups(
    model: Leontief,
    *,
    income: Any,
    consumption: Any,
    propensity: Any,
    total_income: Any,
    beyond_income: Beyond,
) -> ClosedGroups:
    """Close a model with several groups of households; called by `close_households`.

    Parameters
    ----------
    model : Leontief
    income, consumption : mapping of group to codes
    propensity, total_income : mapping of group to value, one value, or None
    beyond_income : {"refuse", "keep"}

    Returns
    -------
    ClosedGroups

    Raises
    ------
    LabelError
        If arguments do not name the same groups, or a name is that of a sector.
    AccountingError
        If a row or column belongs to two groups, or one total is given for all groups.
    """
    names = _names(model, income, consumption, propensity, total_income)
    table = model.table
    groups = tuple(
        household(
            table,
            name=name,
            income=income[name],
            consumption=consumption[name],
            propensity=_of(propensity, name),
            total_income=_of(total_income, name),
            beyond_income=beyond_income,
        )
        for name in names
    )
    _refuse_shared(table, groups)
    rows = np.array([group.income for group in groups])
    columns = np.array([group.respending * group.basket for group in groups]).T
    border = close(model.solver, rows, columns, payments(table, groups))
    coefficients = np.block([[model.coefficients, columns], [rows, border.corner]])
    coefficients.flags.writeable = False
    refuse_endless(coefficients)
    step = "; ".join(
        f"{group.name}: {', '.join(group.row_codes)}, {', '.join(group.column_codes)}, "
        f"{group.respending:.6g}"
        for group in groups
    )
    return ClosedGroups(
        table=table.replace(meta=table.meta.after("close_households", step)),
        coefficients=coefficients,
        open=model,
        groups=groups,
        border=border,
    )


def _of(value: Any, name: str) -> Any:
    return value[name] if isinstance(value, Mapping) else value


def _names(
    model: Leontief, income: Any, consumption: Any, propensity: Any, total_income: Any
) -> list[str]:
    """Names of the groups, the same in every argument that is given by group."""
    if not (isinstance(income, Mapping) and isinstance(consumption, Mapping)):
        raise LabelError("groups of households: give both income and consumption by group.")
    names = list(income)
    parts = {"consumption": consumption, "propensity": propensity, "total_income": total_income}
    wrong = [
        f"{what}: {', '.join(map(str, part))}"
        for what, part in parts.items()
        if isinstance(part, Mapping) and set(part) != set(names)
    ]
    if wrong or not names:
        raise LabelError(
            f"groups are {', '.join(names) or 'none'} in income, but\n  {listed(wrong)}"
        )
    sectors = sorted(set(names) & set(model.labels.codes))
    if sectors:
        raise LabelError(f"groups have the code of a sector: {', '.join(sectors)}.")
    if isinstance(total_income, int | float):
        raise AccountingError(
            f"total_income {amount(float(total_income), model.table.meta.unit)} for "
            f"{len(names)} groups: give it by group."
        )
    return names


def _refuse_shared(table: IOTable, groups: tuple[HouseholdAccount, ...]) -> None:
    """Refuse a row or column that two groups have: it would be counted twice."""
    taken: dict[str, list[str]] = {}
    for group in groups:
        for place in group.rows:
            taken.setdefault(f"row {table.primary_labels.shown[place]}", []).append(group.name)
        for place in group.columns:
            taken.setdefault(f"column {table.final_labels.shown[place]}", []).append(group.name)
    twice = [f"{what}: {', '.join(who)}" for what, who in taken.items() if len(who) > 1]
    if twice:
        raise AccountingError(f"rows or columns of several groups:\n  {listed(twice)}")
