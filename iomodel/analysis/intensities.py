"""Levels of an account per unit of output, in a unit that people read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta, size_of
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.accounts.valued import gross_value_added_rows
from iomodel.errors import AccountingError, LabelError
from iomodel.kernels.linear import Array, Positions
from iomodel.models.household_account import HouseholdAccount
from iomodel.models.households import ClosedLeontief
from iomodel.models.leontief import Leontief
from iomodel.models.miyazawa import ClosedGroups
from iomodel.models.sam import SAM

Per = float | str | None
WORDS = {1e3: "thousand", 1e6: "million", 1e9: "billion"}
COUNT = re.compile(
    r"^\s*(?:[\d][\d.,\s]*|hundred|thousand|million|billion|万|千|亿|百万)+\s*", re.I
)


@dataclass(frozen=True, eq=False)
class Intensity:
    """An account per unit of output.

    Attributes
    ----------
    rows : Labels
        Its r rows.
    direct : ndarray, shape (r, n)
        Level per unit of output of each sector.
    households : ndarray, shape (r, q)
        Level per unit of income of each group of households; (r, 0) in an open model.
    unit : str
        Unit of `direct`; of rows in several units, all of them.
    row_units : tuple of str
        Unit of each row, where they differ.
    """

    rows: Labels
    direct: Array
    households: Array
    unit: str
    row_units: tuple[str, ...] = ()


def intensity(model: Leontief, of: str, per: Per, *, counted: bool) -> Intensity:
    """Return the intensity of an account in a model.

    Parameters
    ----------
    model : Leontief
        Any model; a closed one has levels of households too.
    of : str
        As of `multipliers`.
    per : float, str or None
        As of `multipliers`.
    counted : bool
        Whether household rows are counted, so that their levels are needed.

    Returns
    -------
    Intensity

    Raises
    ------
    LabelError
        If there is no such account.
    AccountingError
        If years differ, or a unit has no known size.
    """
    table = model.table
    flows, meta = table.flows, table.meta
    groups = model.groups if isinstance(model, ClosedLeontief | ClosedGroups) else ()
    none = np.zeros((1, len(groups)))
    single = Labels(codes=(of,))
    if of in table.satellites:
        account = table.satellites[of]
        direct = account.intensity(flows.output, price_year=meta.price_year)
        factor, unit, units = _readable(account, meta, per)
        own = np.zeros((len(direct), len(groups)))
        own = _own(account, groups, meta) if counted else own
        return Intensity(account.rows, direct * factor, own * factor, unit, units)
    money = _money(meta, per)
    if of == "output":
        return Intensity(single, np.ones((1, len(table))), none + 1.0, money)
    if isinstance(model, SAM) and of in model.blocks:
        inside = np.isin(np.arange(len(table)), model.table.labels.in_group(of))
        return Intensity(single, inside[None, :].astype(np.float64), none, money)
    rows = _rows(table, of)
    one = np.where(flows.output == 0.0, 1.0, flows.output)
    direct = (flows.primary_inputs[rows].sum(axis=0) / one)[None, :]
    bought = [
        group.respending * flows.final_primary[np.ix_(rows, group.columns)].sum()
        / group.outlay_total
        for group in groups
    ]  # fmt: skip
    return Intensity(single, direct, np.array(bought).reshape(1, len(groups)), money)


def _own(account: Satellite, groups: Sequence[HouseholdAccount], meta: Meta) -> Array:
    """Levels that households cause themselves, per unit of their income, (r, q)."""
    own = np.zeros((len(account.rows), len(groups)))
    if account.final is None:
        return own
    if groups and account.growth is not None and account.year != meta.price_year:
        raise AccountingError(
            f"satellite {account.name!r} of {account.year}: household income is at prices of "
            f"{meta.price_year} and no growth of it is known; count sectors alone "
            '(form="truncated").'
        )
    for k, group in enumerate(groups):
        level = account.final[:, group.columns].sum(axis=1)
        own[:, k] = group.respending * level / group.outlay_total
    return own


def _rows(table: IOTable, of: str) -> Positions:
    """Positions of the primary input rows that an account is made of."""
    labels = table.primary_labels
    if of == "value_added":
        return np.flatnonzero([group != "imports" for group in labels.groups])
    if of == "gross_value_added" and of not in labels.codes:
        return gross_value_added_rows(labels, table.meta)
    rows = labels.in_group(of)
    if not len(rows) and of in labels.codes:
        rows = labels.positions([of])
    if not len(rows):
        have = ["output", "value_added", *table.satellites, *labels.codes, *labels.groups]
        there = ", ".join(dict.fromkeys(filter(None, have)))
        raise LabelError(f"no account {of!r}; there are: {there}.")
    return rows


def _money(meta: Meta, per: Per) -> str:
    """Return the unit of money per money; its size leaves the figures as they are."""
    unit = meta.unit if per is None else _amount(per, meta)[1]
    return f"{unit} per {unit}" if unit else "per unit"


def _readable(account: Satellite, meta: Meta, per: Per) -> tuple[float, str, tuple[str, ...]]:
    """Factor, unit and units by row of a satellite per unit of the table, or per an amount."""
    year = f" at {account.year} prices" if account.year else ""
    amount = f"{meta.unit or 'unit'} of final demand{year}"
    factor, single = 1.0, account.unit_text or "units"
    if per is not None:
        size, text = _amount(per, meta)
        amount = f"{text} of final demand{year}"
        factor = account.unit_value * size / meta.unit_size
        if account.unit_value != 1.0:
            single = COUNT.sub("", single).strip() or account.basis or "single units"
    by_row = tuple(f"{unit or 'units'} per {amount}" for unit in account.units)
    return factor, f"{single} per {amount}", by_row


def _amount(per: float | str, meta: Meta) -> tuple[float, str]:
    """Size in units of the currency, and how it is written."""
    if not meta.unit and meta.unit_value is None:
        raise AccountingError(
            f"per={per!r}: the table states no unit of money. Give it one: "
            'iom.table(..., unit="million EUR").'
        )
    if isinstance(per, str):
        size = size_of(per)
        if size is None or (meta.currency and meta.currency.lower() not in per.lower()):
            raise AccountingError(
                f"per={per!r} is no amount of {meta.currency or 'money'}: write it like "
                f'"million {meta.currency or "EUR"}", or as a number of units of the currency.'
            )
        return size, per.strip()
    if not (np.isfinite(per) and per > 0):
        raise AccountingError(f"per={per}: give an amount of final demand above zero.")
    currency = meta.currency or "units of the currency"
    return float(per), f"{WORDS.get(float(per), f'{per:,.15g}')} {currency}"
