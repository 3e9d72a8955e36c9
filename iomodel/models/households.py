"""The Leontief model closed with respect to households (Type II)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.errors import AccountingError
from iomodel.kernels.closure import HouseholdBorder, close
from iomodel.kernels.linear import Array, Solver
from iomodel.models.household_account import (
    Beyond,
    Choice,
    Denominator,
    HouseholdAccount,
    household,
    payments,
    refuse_endless,
)
from iomodel.models.leontief import Leontief
from iomodel.models.miyazawa import ClosedGroups, close_groups

HOUSEHOLDS = "households"


@dataclass(frozen=True, eq=False, repr=False)
class ClosedLeontief(Leontief):
    """A Leontief model with households as one more sector, the last row and column.

    The row is income per unit of output, the column consumption per unit of income, as in
    Miller and Blair (2009), section 2.5: the output of households is their income.

    Attributes
    ----------
    open : Leontief
        The open model that was closed; its factorisation is used again.
    household : HouseholdAccount
        Which rows and columns were chosen, income and outlay.
    border : HouseholdBorder
        Row, column and solver.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> closed = iom.close_households(iom.leontief(china), propensity=0.6)
    >>> closed.kind
    'Type II'
    """

    open: Leontief
    household: HouseholdAccount = field(repr=False)
    border: HouseholdBorder = field(repr=False)

    @property
    def kind(self) -> str:
        """``Type II``."""
        return "Type II"

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

    @property
    def groups(self) -> tuple[HouseholdAccount, ...]:
        """The one group of households."""
        return (self.household,)

    @property
    def income(self) -> Array:
        """Household income per unit of output, before any leakage, (n,)."""
        return self.household.income

    @property
    def respending(self) -> float:
        """Spending per unit of that income."""
        return self.household.respending

    @property
    def basket(self) -> Array:
        """Domestic purchases per unit of spending, (n,); the rest is imported or taxed."""
        return self.household.basket

    @property
    def income_total(self) -> float:
        """Income of the table that outlay is set against, in its unit."""
        return self.household.income_total

    @property
    def outlay_total(self) -> float:
        """Household outlay of the table, in its unit."""
        return self.household.outlay_total

    def describe(self) -> pd.Series:
        """Return what was closed with what, its leakages and its checks."""
        facts = super().describe()
        facts["model"] = "Leontief, closed with respect to households (Type II)"
        own = float(self.border.corner[0, 0])
        paid = own / self.respending if self.respending else 0.0
        for key, value in self.household.facts(self.table.meta.unit, paid).items():
            facts[key] = value
        facts["income that one unit of income brings back"] = f"{self.border.feedback:.4f}"
        return facts


@overload
def close_households(
    model: Leontief,
    *,
    income: Choice = ...,
    consumption: Choice = ...,
    propensity: float | None = ...,
    total_income: Denominator | None = ...,
    beyond_income: Beyond = ...,
) -> ClosedLeontief: ...


@overload
def close_households(
    model: Leontief,
    *,
    income: Mapping[str, Choice],
    consumption: Mapping[str, Choice],
    propensity: float | Mapping[str, float] | None = ...,
    total_income: Mapping[str, Denominator] | str | None = ...,
    beyond_income: Beyond = ...,
) -> ClosedGroups: ...


def close_households(
    model: Leontief,
    *,
    income: Choice | Mapping[str, Choice] = "compensation",
    consumption: Choice | Mapping[str, Choice] = "household",
    propensity: float | Mapping[str, float] | None = None,
    total_income: Denominator | Mapping[str, Denominator] | None = None,
    beyond_income: Beyond = "refuse",
) -> ClosedLeontief | ClosedGroups:
    """Close a Leontief model with respect to households (Type II).

    Parameters
    ----------
    model : Leontief
        The open model.
    income : str, sequence of str, or mapping of group to these
        Primary input rows that are household income: codes, or a role. Several are summed.
        A mapping makes several groups of households, each with its own rows.
    consumption : str, sequence of str, or mapping of group to these
        Final demand columns that are household consumption: codes, or a role. Several are
        summed; a mapping names the columns of each group.
    propensity : float or mapping of group to float, optional
        Spending per unit of income (of labour cost, if that is the income row): a marginal
        propensity. If absent, the average one: consumption over `total_income`.
    total_income : float, str, sequence of str, or mapping of group to these, optional
        What consumption is divided by for the average propensity. If absent, the sum of the
        income rows (Miller and Blair). A number in the unit of the table: household income
        from all sources (Scottish Government). Codes or a role: these primary input rows.
        ``outlay``: consumption itself, so that every unit of income is spent (Australian
        Bureau of Statistics).
    beyond_income : {"refuse", "keep"}
        What to do where consumption exceeds that income: refuse, or keep a propensity above
        one, as if all consumption were paid from it.

    Returns
    -------
    ClosedLeontief or ClosedGroups
        With leakages, spectral radius, and income against outlay in `describe()`.
        `ClosedGroups` for a mapping.

    Raises
    ------
    LabelError
        If there is no such row or column, or groups differ between arguments.
    AccountingError
        If consumption exceeds income, a propensity is not between 0 and 1, the household
        row exceeds the output of a sector, or the model is closed already.
    NotProductiveError
        If one unit of household spending brings back one unit of spending or more.

    Notes
    -----
    Household row h_r = income over output; household column h_c = propensity times
    consumption of domestic products over all consumption, imported products included, so
    imports leak. Households that pay households (`final_primary` of `table`) are the
    corner h. Miller and Blair (2009), section 2.5.

    Examples
    --------
    Two sectors and households, the example of Miller and Blair (2009), section 2.5:

    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["1", "2"]
    >>> table = iom.table(
    ...     pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes),
    ...     final_demand=pd.DataFrame({"household": [50.0, 400], "other": [300.0, 1300]}, codes),
    ...     primary_inputs=pd.DataFrame([[300.0, 500.0], [350.0, 900.0]],
    ...                                 ["compensation", "other inputs"], codes),
    ...     final_primary=pd.DataFrame({"household": [50.0, 0.0], "other": [150.0, 0.0]},
    ...                                ["compensation", "other inputs"]),
    ... )
    >>> closed = iom.close_households(iom.leontief(table))
    >>> closed.A.round(3).to_numpy().tolist()
    [[0.15, 0.25, 0.05], [0.2, 0.05, 0.4], [0.3, 0.25, 0.05]]
    >>> closed.L.round(3).to_numpy().tolist()
    [[1.365, 0.425, 0.251], [0.527, 1.348, 0.595], [0.57, 0.489, 1.289]]
    """
    if isinstance(model, ClosedLeontief | ClosedGroups):
        raise AccountingError("the model is closed with respect to households already.")
    if isinstance(income, Mapping) or isinstance(consumption, Mapping):
        return close_groups(
            model,
            income=income,
            consumption=consumption,
            propensity=propensity,
            total_income=total_income,
            beyond_income=beyond_income,
        )
    if isinstance(propensity, Mapping) or isinstance(total_income, Mapping):
        raise AccountingError(
            "propensity and total_income by group need groups of households: give income and "
            'consumption by group too, income={"group": "row", ...}.'
        )
    house = household(
        model.table,
        name=HOUSEHOLDS,
        income=income,
        consumption=consumption,
        propensity=propensity,
        total_income=total_income,
        beyond_income=beyond_income,
    )
    return _closed(model, house, f"{income}, {consumption}, {house.respending:.6g}")


def _closed(model: Leontief, house: HouseholdAccount, step: str) -> ClosedLeontief:
    """Border the open model with the household row and column."""
    table = model.table
    column = house.respending * house.basket
    border = close(model.solver, house.income, column, payments(table, [house]))
    n = len(model.coefficients)
    coefficients = np.zeros((n + 1, n + 1))
    coefficients[:n, :n], coefficients[n, :n] = model.coefficients, border.row
    coefficients[:n, n], coefficients[n, n] = border.column, border.corner[0, 0]
    coefficients.flags.writeable = False
    refuse_endless(coefficients)
    return ClosedLeontief(
        table=table.replace(meta=table.meta.after("close_households", step)),
        coefficients=coefficients,
        open=model,
        household=house,
        border=border,
    )
