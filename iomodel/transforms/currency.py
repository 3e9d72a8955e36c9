"""State a table in another currency or unit."""

import math
from dataclasses import replace

from iomodel.accounts.flows import Flows
from iomodel.accounts.imports import ImportSplit
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError


def in_currency(table: IOTable, rate: float, *, currency: str, unit: str) -> IOTable:
    """State a table in another currency.

    Parameters
    ----------
    table : IOTable
    rate : float
        New units for one old unit: 0.145 from million CNY to million USD, 0.00145 from
        10,000 CNY.
    currency : str
        New currency (``USD``).
    unit : str
        New unit of the flows (``million USD``).

    Returns
    -------
    IOTable
        All flows times the rate; coefficients, shares and satellites as they were.

    Raises
    ------
    AccountingError
        If the rate is not a finite number above zero, or the table has inserted sectors,
        whose certificate is stated in the old unit.

    Examples
    --------
    >>> import iomodel as iom
    >>> from iomodel.transforms.currency import in_currency
    >>> china = iom.read(iom.example("china-2020"))
    >>> dollars = in_currency(china, 0.145 / 100, currency="USD", unit="million USD")
    >>> dollars.meta.provenance[-1]
    'in_currency(million USD, 0.00145 for one 10,000 CNY)'
    """
    if not (math.isfinite(rate) and rate > 0):
        raise AccountingError(f"an exchange rate is a finite number above zero, not {rate!r}.")
    if table.insertion is not None:
        raise AccountingError(
            f"{table.meta.title!r} has inserted sectors: change the currency before inserting."
        )
    old = table.flows
    said = f"{unit}, {rate:g} for one {table.meta.unit or 'unit'}"
    return table.replace(
        flows=Flows(
            intermediate=old.intermediate * rate,
            final_demand=old.final_demand * rate,
            primary_inputs=old.primary_inputs * rate,
            output=old.output * rate,
            imports=old.imports * rate,
            final_primary=old.final_primary * rate,
        ),
        meta=table.meta.after("in_currency", said, currency=currency, unit=unit, unit_value=None),
        import_split=_split(table, rate),
        certificate=None,
    )


def _split(table: IOTable, rate: float) -> ImportSplit | None:
    """Scale the official split, whose flows are in the unit of the table."""
    split = table.import_split
    if split is None:
        return None
    return replace(
        split,
        domestic=split.domestic * rate,
        imported=split.imported * rate,
        final_domestic=split.final_domestic * rate,
        final_imported=split.final_imported * rate,
    )
