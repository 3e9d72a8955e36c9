"""What the reduced form of a study takes from its base table: items, jobs and pay."""

import numpy as np

from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.kernels.linear import Array

FARMING = "A"
HOUSEHOLDS = "households"


def counted_of(base: IOTable) -> Array:
    """Return what output is counted by, per unit of output.

    Parameters
    ----------
    base : IOTable
        Table of domestic flows with employment.

    Returns
    -------
    ndarray, shape (2 r + 1, n)
        Jobs in farming by employment pattern, other jobs by pattern, labour income.
    """
    satellite, flows = base.satellite("employment"), base.flows
    intensity = satellite.intensity(flows.output, price_year=base.meta.price_year)
    intensity = intensity * satellite.unit_value / base.meta.unit_size
    farming = np.zeros(len(base))
    farming[base.labels.in_group(FARMING)] = 1.0
    pay = flows.primary_inputs[base.primary_labels.in_group("compensation")].sum(axis=0)
    pay = pay / np.where(flows.output == 0.0, 1.0, flows.output)
    return np.vstack([intensity * farming, intensity * (1.0 - farming), pay])


def spread_of(account: IndustryAccount, base: IOTable) -> dict[str, Array]:
    """Return domestic purchases by base sector per unit of spending on each item.

    Parameters
    ----------
    account : IndustryAccount
    base : IOTable
        Table of domestic flows.

    Returns
    -------
    dict of item to ndarray, shape (n,)
        The consumption of households stands last.
    """
    n, flows = len(base), base.flows
    shares = None if account.equations.domestic else base.domestic_shares
    inside = np.ones(n) if shares is None else shares.intermediate
    consumed = np.ones(n) if shares is None else shares.consumption
    spread: dict[str, Array] = {}
    for row in account.map:
        column = spread.setdefault(row.item, np.zeros(n))
        column[int(base.labels.positions([row.sector])[0])] += row.share
    final = {row.item for row in account.equations.of("spending")}
    spread = {
        item: column * (consumed if item in final else inside) for item, column in spread.items()
    }
    household = base.final_labels.in_group("household")
    spent = flows.final_demand[:, household].sum(axis=1)
    total = spent.sum() + flows.final_primary[:, household].sum()
    spread[HOUSEHOLDS] = spent / total if total else spent
    return spread
