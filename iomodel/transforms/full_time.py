"""Bring employment from persons to full-time job-years."""

import numpy as np

from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError


def full_time(
    table: IOTable,
    *,
    satellite: str = "employment",
    farming: float = 1.0,
    farm_section: str = "A",
    productivity: float = 1.0,
) -> IOTable:
    """Return a table whose employment counts full-time job-years (FTE).

    Parameters
    ----------
    table : IOTable
    satellite : str
        Account of persons employed.
    farming : float
        Full-time job-years per person in farming; other sectors count as one.
    farm_section : str
        Section of the sectors that count as farming.
    productivity : float
        Labour productivity against the one implied by carrying coefficients forward; all
        levels are divided by it.

    Returns
    -------
    IOTable
        With the account in job-years: persons x factor / productivity.

    Raises
    ------
    AccountingError
        If the account does not count heads, or a factor is not above zero.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> full = iom.full_time(china, farming=0.5)
    >>> full.satellite("employment").basis
    'fte'
    """
    account = table.satellite(satellite)
    if account.basis not in ("", "heads"):
        raise AccountingError(f"{satellite!r} counts {account.basis} already, not heads.")
    if not (farming > 0 and productivity > 0):
        raise AccountingError(
            f"job-years per person ({farming}) and productivity ({productivity}) must be above 0."
        )
    factors = np.ones(len(table))
    factors[table.labels.in_group(farm_section)] = farming
    unit = account.unit.replace("persons", "FTE") or "FTE"
    scaled = account.scaled(factors / productivity, unit=unit, basis="fte")
    arguments = f"{satellite}, farming={farming:g}, productivity={productivity:g}"
    return table.replace(
        satellites={**table.satellites, satellite: scaled},
        meta=table.meta.after("full_time", arguments),
    )
