"""Jobs in levels: direct, by scope, gross and net, per million of final demand."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.analysis.channels import Channels
from iomodel.analysis.multipliers import multipliers
from iomodel.kernels.linear import Array
from iomodel.models.households import close_households
from iomodel.models.leontief import Leontief
from iomodel.studies.scopes import CHAIN, RUNS, SUPPLY, fullest


def supply_jobs(chain: Channels) -> Array:
    """Jobs of what the direct sector buys, by row of the account."""
    mine = [k for k, item in enumerate(chain.items) if item.buyer in chain.boundary]
    return np.asarray(chain.jobs[:, :, mine].sum(axis=(1, 2)))


def levels_of(
    account: IndustryAccount,
    model: Leontief,
    runs: Mapping[str, Channels],
    scopes: Sequence[str],
) -> pd.DataFrame:
    """Jobs by pattern: direct, by scope, and gross and net of displacement.

    Net jobs are the indirect ones of the fullest scope, less those lost where payments displace
    other spending, less direct persons who would work in the field anyway.
    """
    chain, supply, table = runs[CHAIN], supply_jobs(runs[CHAIN]), model.table
    indirect = {s: supply if s == SUPPLY else runs[s].total - runs[s].direct for s in scopes}
    levels = {"direct": chain.direct}
    levels |= {f"indirect, {scope}": jobs for scope, jobs in indirect.items()}
    levels |= {f"total, {scope}": chain.direct + jobs for scope, jobs in indirect.items()}
    displaced, moved = account.quantity("displaced"), account.quantity("moved")
    if displaced is not None or moved is not None:
        full, labels = fullest(scopes), account.equations
        lost = (displaced or 0.0) * (_per_spending(model) if displaced else np.zeros_like(supply))
        staying = (moved or 0.0) * chain.direct
        levels |= {
            f"contribution: indirect, {full} (gross)": indirect[full],
            f"less {labels.label('displaced', 'displaced spending')}": lost,
            f"less {labels.label('moved', 'moved from the same field')}": staying,
            f"impact: indirect, {full} (net)": indirect[full] - lost - staying,
        }
    spent = _final_demand(account, table, scopes)
    levels |= {
        f"{per_million(account)}, {scope}": levels[f"total, {scope}"] * 1e6 / amount
        for scope, amount in spent.items()
    }
    return pd.DataFrame(levels, index=chain.accounts)


def per_million(account: IndustryAccount) -> str:
    """Return the name of the levels per million of the currency."""
    return f"total per {account.money} million of final demand"


def _per_spending(model: Leontief) -> Array:
    """Jobs by row that a unit of the currency of household spending sets off."""
    simple = multipliers(model, of="employment").effect
    basket = close_households(model, propensity=0.0).basket
    unit = model.table.satellite("employment").unit_value / model.table.meta.unit_size
    return np.asarray(simple @ basket * unit)


def _final_demand(
    account: IndustryAccount, table: IOTable, scopes: Sequence[str]
) -> dict[str, float]:
    """Return final demand that each scope counts: the direct sector alone, then with the rest.

    Consumer spending counts with its imported part: that is what the spender pays.
    """
    insertion = table.insertion
    assert insertion is not None, "made by insert"
    market = float(insertion.final_demand.sum()) * table.meta.unit_size
    attributed = sum(sum(part.amounts.values()) for part in account.demand)
    additional = sum(sum(part.amounts.values()) * part.additional for part in account.demand)
    consumer = {"none": 0.0, "additional": additional, "attributed": attributed}
    alone = account.direct.output
    return {s: alone if s == SUPPLY else market + consumer[RUNS[s].spending] for s in scopes}
