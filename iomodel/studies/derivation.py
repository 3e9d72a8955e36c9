"""Derive the employment multiplier of an industry from its account and a base table."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.industry import PLATFORM, PRODUCTION, IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.analysis.channels import INDUCED, Channels, Spending, channels
from iomodel.analysis.multipliers import multipliers
from iomodel.models.households import ClosedLeontief, close_households
from iomodel.models.leontief import leontief
from iomodel.results import Result, figure, must_add_up
from iomodel.studies.consistency import Checks, DirectLabour, check, direct_labour
from iomodel.studies.forward import Forward, forward
from iomodel.transforms.domestic import Method, domestic as separate
from iomodel.transforms.full_time import full_time
from iomodel.transforms.insert import insert

SCOPES: Mapping[str, str] = {
    "supply": "backward supply chain of production",
    "chain": "supply and platform: staff, traffic, advertising, inputs, their suppliers (Type I)",
    "chain+consumer": "chain and additional e-commerce and tourism spending",
    "chain+consumer-gross": "chain and all attributed consumer spending: an upper bound",
    "chain+households": "chain and household re-spending of labour income (Type II core)",
    "all": "chain, additional consumer spending and household re-spending",
}
RUNS: Mapping[str, tuple[bool, Spending]] = {  # with households?, consumer spending
    "chain": (False, "none"),
    "chain+consumer": (False, "additional"),
    "chain+consumer-gross": (False, "attributed"),
    "chain+households": (True, "none"),
    "all": (True, "additional"),
}
HEADLINE, UPPER = "chain+consumer", "chain+consumer-gross"
CHANNELS: Mapping[str, str] = {
    "production_supply": "production: suppliers",
    "traffic_ads": "traffic buying and advertising",
    "platform_inputs": "platform inputs",
    "platform_staff": "platform staff",
    "e_commerce": "e-commerce (additional)",
    "tourism": "tourism (additional)",
    "induced_core": "household re-spending, core",
    "induced_spill": "household re-spending, consumer end",
}


@dataclass(frozen=True, eq=False, repr=False)
class Derivation(Result):
    """The derived multiplier by scope, channel, destination and employment pattern.

    Attributes
    ----------
    account : IndustryAccount
    method : str
        How imports were separated.
    boundary : tuple of str
        Who is direct.
    labour : DirectLabour
        Direct labour account.
    central : DataFrame, patterns x scopes
        Indirect jobs per direct job, both in full-time job-years.
    wide : DataFrame, patterns x scopes
        The same with platform staff counted as direct.
    by_channel : DataFrame, patterns x channels
        Jobs per direct job by channel in the scope ``all``.
    destinations : DataFrame, patterns x sectors
        Jobs per direct job by destination in the scope ``all``.
    levels : DataFrame
        Jobs by pattern: direct, indirect and total by scope, gross and net.
    detail : mapping of scope to Channels
        The results behind the scopes that are channels of one model run.
    checks : Checks
    table : IOTable
        The table with the inserted sectors.
    local : IOTable
        The base table of domestic flows, employment in persons.
    base : IOTable
        The base table as given, before imports were separated.
    """

    account: IndustryAccount
    method: str
    boundary: tuple[str, ...]
    labour: DirectLabour
    central: pd.DataFrame
    wide: pd.DataFrame
    by_channel: pd.DataFrame
    destinations: pd.DataFrame
    levels: pd.DataFrame
    detail: Mapping[str, Channels]
    checks: Checks
    table: IOTable
    local: IOTable
    base: IOTable
    warnings: tuple[str, ...]
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        gap = must_add_up(
            np.array(self.by_channel.sum(axis=1)),
            np.array(self.central["all"]),
            what="channels of the scope all",
        )
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What was derived, in which basis and for which boundary."""
        return (
            f"{self.account.title}: indirect jobs per direct job "
            f"(full-time job-years; direct: {', '.join(self.boundary)}; imports {self.method})"
        )

    @property
    def forward(self) -> Forward:
        """The same chain as a function of its inputs, for `uncertainty` and `sensitivity`."""
        return forward(self.account, self.local)

    def to_frame(self) -> pd.DataFrame:
        """Return ratios by scope (rows) and employment pattern, with their mean."""
        frame = self.central.T.rename_axis(index="scope", columns=None)
        return frame.assign(mean=frame.mean(axis=1), contains=pd.Series(SCOPES))

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the headline pair first, then the other scopes."""
        order = [HEADLINE, UPPER, *(scope for scope in SCOPES if scope not in (HEADLINE, UPPER))]
        return self.to_frame().loc[order].head(top)

    def facts(self) -> list[tuple[str, object]]:
        """Direct labour and the method."""
        labour = self.labour
        return [
            ("direct jobs, full-time", f"{labour.fte:,.0f}"),
            ("direct persons", f"{labour.heads:,.0f}"),
            ("direct work-days", f"{labour.workdays / 1e6:,.2f} million"),
        ]


def derive(
    account: IndustryAccount,
    base: IOTable,
    *,
    domestic: Method = "proportional",
) -> Derivation:
    """Derive indirect jobs per direct job of an industry, by scope, channel and destination.

    Parameters
    ----------
    account : IndustryAccount
        The industry: `iom.read_sectors(...)`.
    base : IOTable
        Competitive table with a satellite ``employment`` in persons and the nominal growth
        of output to the account's year.
    domestic : {"proportional", "official"}
        How imports are separated.

    Returns
    -------
    Derivation
        Six nested scopes x employment patterns; channels; destinations; gross and net
        levels; consistency checks. No published multiplier enters.

    Raises
    ------
    IOModelError
        One of its kinds, saying where an input contradicts another.

    Notes
    -----
    x = L F with the sectors ordered [K | m, p | h]; M = (e'x - D) / D, D the direct jobs.
    Full-time job-years on both sides: a ratio is meaningful in one unit only.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    >>> result = iom.derive(drama, china)
    >>> list(result.central.columns)[:3]
    ['supply', 'chain', 'chain+consumer']
    """
    local = separate(base, method=domestic)
    table = insert(
        full_time(
            local,
            farming=account.value("fte_agriculture"),
            productivity=account.value("productivity_drift"),
        ),
        account,
    )
    model = leontief(table)
    closed = close_households(model, propensity=account.respending)
    narrow = _runs(closed, (PRODUCTION,))
    wide = _runs(closed, (PRODUCTION, PLATFORM)) if PLATFORM in table.labels.codes else None
    central = _ratios(narrow, supply=True)
    everything = narrow["all"]
    per_direct = 1.0 / pd.Series(everything.direct, everything.accounts)
    checks = check(account, base, local.certificate)
    return Derivation(
        account=account,
        method=domestic,
        boundary=(PRODUCTION,),
        labour=direct_labour(account),
        central=central,
        wide=_ratios(wide, supply=False) if wide else central.drop(columns="supply"),
        by_channel=_by_channel(narrow),
        destinations=everything.by_destination().drop(columns=PRODUCTION).mul(per_direct, axis=0),
        levels=_levels(account, closed, narrow),
        detail=narrow,
        checks=checks,
        table=table,
        local=local,
        base=base,
        warnings=(*checks.warnings, *_table_warnings(table)),
        provenance=closed.table.meta.provenance,
    )


def scope_ratios(table: IOTable, respending: float) -> pd.DataFrame:
    """Return the ratio by pattern and scope of a table with the inserted sectors m and p.

    Parameters
    ----------
    table : IOTable
    respending : float
        Household spending per unit of labour cost.

    Returns
    -------
    DataFrame, patterns x scopes
    """
    closed = close_households(leontief(table), propensity=respending)
    return _ratios(_runs(closed, (PRODUCTION,)), supply=True)


def _runs(closed: ClosedLeontief, direct: tuple[str, ...]) -> dict[str, Channels]:
    """Run the model once per scope; the supply chain alone is a channel of `chain`."""
    return {
        scope: channels(closed if induced else closed.open, direct=direct, spending=spending)
        for scope, (induced, spending) in RUNS.items()
    }


def _ratios(runs: Mapping[str, Channels], *, supply: bool) -> pd.DataFrame:
    """Ratios by pattern and scope; the scope supply exists for production alone."""
    frame = pd.DataFrame({scope: run.ratio for scope, run in runs.items()})
    if supply:
        chain = runs["chain"]
        frame.insert(0, "supply", chain.by_channel()["production_supply"] / chain.direct)
    return frame


def _by_channel(runs: Mapping[str, Channels]) -> pd.DataFrame:
    """Jobs per direct job by channel, induced ones split into core and spill."""
    everything, core = runs["all"], runs["chain+households"]
    frame = everything.by_channel().div(everything.direct, axis=0)
    frame["induced_core"] = core.by_channel()[INDUCED] / core.direct
    frame["induced_spill"] = frame.pop(INDUCED) - frame["induced_core"]
    return frame.reindex(columns=list(CHANNELS), fill_value=0.0)


def _levels(
    account: IndustryAccount, closed: ClosedLeontief, runs: Mapping[str, Channels]
) -> pd.DataFrame:
    """Jobs by pattern: direct, by scope, and gross and net of displacement.

    Net jobs are the indirect ones of scope all, less those lost where viewers' payments
    displace other spending, less direct persons who would work in the field anyway.
    """
    everything = runs["all"]
    simple = multipliers(closed.open, of="employment").effect
    satellite = closed.table.satellite("employment")
    paid = account.value("paid_revenue") / closed.table.meta.unit_size
    per_spending = simple @ closed.basket * satellite.unit_value
    displaced = account.value("displaced_viewing") * paid * per_spending
    moved = account.value("moved_workers") * everything.direct
    gross = everything.total - everything.direct
    chain = runs["chain"]
    supply = chain.by_channel()["production_supply"].to_numpy()
    levels = {"direct": everything.direct, "indirect, supply": supply}
    levels |= {f"indirect, {scope}": run.total - run.direct for scope, run in runs.items()}
    levels["total, supply"] = chain.direct + supply
    levels |= {f"total, {scope}": run.total for scope, run in runs.items()}
    levels |= {
        "contribution: indirect, all (gross)": gross,
        "less displaced by viewers' payments": displaced,
        "less moved from other film and television work": moved,
        "impact: indirect, all (net)": gross - displaced - moved,
    }
    spent = _final_demand(account, closed.table)
    levels |= {
        f"total per RMB million of final demand, {scope}": levels[f"total, {scope}"] * 1e6 / amount
        for scope, amount in spent.items()
    }
    return pd.DataFrame(levels, index=everything.accounts)


def _final_demand(account: IndustryAccount, table: IOTable) -> dict[str, float]:
    """Return final demand that each scope counts, in RMB: production alone, then with the rest.

    Consumer spending counts with its imported part: that is what the spender pays.
    """
    insertion = table.insertion
    assert insertion is not None, "made by insert"
    market = float(insertion.final_demand.sum()) * table.meta.unit_size
    attributed = sum(sum(part.amounts.values()) for part in account.demand)
    additional = sum(sum(part.amounts.values()) * part.additional for part in account.demand)
    consumer = {"none": 0.0, "additional": additional, "attributed": attributed}
    plan = {scope: market + consumer[spending] for scope, (_, spending) in RUNS.items()}
    return {"supply": account.production.output, **plan}


def _table_warnings(table: IOTable) -> list[str]:
    """Return findings on the inserted table that a reader of the result should know."""
    found = table.check()
    serious = [item for item in found.items if item.severity != "note"]
    serious.sort(key=lambda item: -abs(item.value))
    shown = [f"{item.check}, {item.code} {item.name}: {figure(item.value)}" for item in serious[:3]]
    rest = len(serious) - len(shown)
    return [*shown, f"{rest} more findings on the table: see iomodel check"] if rest > 0 else shown
