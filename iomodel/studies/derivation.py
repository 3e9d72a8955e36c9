"""Derive the employment multiplier of an industry from its account and a base table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.analysis.channels import INDUCED, Channels, channels
from iomodel.models.households import ClosedLeontief, close_households
from iomodel.models.leontief import Leontief, leontief
from iomodel.results import Result, figure, must_add_up
from iomodel.studies.consistency import Checks, DirectLabour, check, direct_labour
from iomodel.studies.forward import Forward, forward
from iomodel.studies.levels import levels_of, supply_jobs
from iomodel.studies.scopes import (
    CHAIN,
    CORE,
    HOUSEHOLDS,
    RUNS,
    SPILL,
    SUPPLY,
    channel_names,
    fullest,
    headline,
    ordered,
    scopes_of,
)
from iomodel.transforms.domestic import Method, domestic as separate
from iomodel.transforms.full_time import full_time
from iomodel.transforms.insert import insert


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
        The same with staff of the linked sectors counted as direct; empty without them.
    by_channel : DataFrame, patterns x channels
        Jobs per direct job by channel in the fullest scope (``all``).
    destinations : DataFrame, patterns x sectors
        Jobs per direct job by destination in the fullest scope.
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

    Examples
    --------
    >>> import iomodel as iom
    >>> base = iom.read(iom.example("china-2020"))
    >>> study = iom.read_sectors(iom.example("micro-drama-2025"), base=base)
    >>> iom.derive(study, base).to_frame()["mean"].round(2).head(2).to_dict()
    {'supply': 0.38, 'chain': 1.33}
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
            np.array(self.central[self.fullest]),
            what=f"channels of the scope {self.fullest}",
        )
        object.__setattr__(self, "residual", gap)

    @property
    def headline(self) -> str:
        """The scope that stands first: with additional spending where there is any."""
        return headline(self.central.columns)

    @property
    def fullest(self) -> str:
        """The scope that channels and destinations add up to."""
        return fullest(self.central.columns)

    @property
    def channels(self) -> dict[str, str]:
        """Channels of results in their order, with names."""
        return channel_names(self.account.equations)

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

    @property
    def units(self) -> Mapping[str, str]:
        """Indirect jobs per direct job, in one basis: ratios."""
        return dict.fromkeys((*map(str, self.central.index), "mean"), "1")

    def to_frame(self) -> pd.DataFrame:
        """Return ratios by scope (rows) and employment pattern, with their mean."""
        frame = self.central.T.rename_axis(index="scope", columns=None)
        return frame.assign(
            mean=frame.mean(axis=1), contains=pd.Series(scopes_of(self.account.equations))
        )

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the headline pair first, then the other scopes."""
        return self.to_frame().loc[ordered(self.central.columns)].head(top)

    def facts(self) -> list[tuple[str, object]]:
        """Direct labour and the method."""
        labour = self.labour
        found: list[tuple[str, object]] = [("direct jobs, full-time", f"{labour.fte:,.0f}")]
        if labour.heads is not None:
            found.append(("direct persons", f"{labour.heads:,.0f}"))
        if labour.workdays is not None:
            found.append(("direct work-days", f"{labour.workdays / 1e6:,.2f} million"))
        return found


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
        Table with a satellite ``employment`` in persons or full-time jobs and, where prices
        differ, the nominal growth of output to the account's year.
    domestic : {"proportional", "official"}
        How imports of a competitive table are separated; a domestic table stays as it is.

    Returns
    -------
    Derivation
        Nested scopes (up to six) x employment patterns; channels; destinations; gross and net
        levels; consistency checks. No published multiplier enters.

    Raises
    ------
    IOModelError
        One of its kinds, saying where an input contradicts another.

    Notes
    -----
    x = L F with the sectors ordered [K | new sectors | h]; M = (e'x - D) / D, D the direct jobs.
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
    declared, direct = account.equations, account.equations.direct.code
    local = base
    if base.meta.import_treatment == "competitive":
        local = separate(base, method=domestic)
    table = insert(in_full_time(local, account), account)
    model, scopes = leontief(table, idle=declared.idle), tuple(scopes_of(declared))
    closed = _closed(model, account)
    narrow = _runs(model, closed, (direct,), scopes)
    others = [role.code for role in declared.linked if role.code in table.labels.codes]
    central = _ratios(narrow, scopes)
    wide = central.drop(columns=SUPPLY, errors="ignore")
    if others:
        wide = _ratios(_runs(model, closed, (direct, *others), scopes), wide.columns)
    full = narrow[fullest(scopes)]
    per_direct = 1.0 / pd.Series(full.direct, full.accounts)
    checks = check(account, base, local.certificate)
    return Derivation(
        account=account,
        method=domestic if local is not base else "as in the table",
        boundary=(direct,),
        labour=direct_labour(account),
        central=central,
        wide=wide if declared.linked else wide.iloc[:, :0],
        by_channel=_by_channel(narrow, channel_names(declared)),
        destinations=full.by_destination().drop(columns=direct).mul(per_direct, axis=0),
        levels=levels_of(account, model, narrow, scopes),
        detail=narrow,
        checks=checks,
        table=table,
        local=local,
        base=base,
        warnings=(*checks.warnings, *_table_warnings(table, declared.idle)),
        provenance=(table if closed is None else closed.table).meta.provenance,
    )


def in_full_time(table: IOTable, account: IndustryAccount) -> IOTable:
    """Return a table whose employment counts full-time job-years, as an account adjusts it.

    Parameters
    ----------
    table : IOTable
    account : IndustryAccount
        Its ``farming`` and ``productivity``; one where they are not declared. A table that
        counts full-time jobs already stays as it is without them.

    Returns
    -------
    IOTable
    """
    farming, productivity = account.quantity("farming"), account.quantity("productivity")
    if table.satellite("employment").basis == "fte" and farming is None and productivity is None:
        return table
    return full_time(
        table,
        farming=1.0 if farming is None else farming,
        productivity=1.0 if productivity is None else productivity,
    )


def scope_ratios(table: IOTable, account: IndustryAccount) -> pd.DataFrame:
    """Return the ratio by pattern and scope of a table with the inserted sectors of an account.

    Parameters
    ----------
    table : IOTable
    account : IndustryAccount

    Returns
    -------
    DataFrame, patterns x scopes
    """
    declared = account.equations
    model, scopes = leontief(table, idle=declared.idle), tuple(scopes_of(declared))
    runs = _runs(model, _closed(model, account), (declared.direct.code,), scopes)
    return _ratios(runs, scopes)


def _closed(model: Leontief, account: IndustryAccount) -> ClosedLeontief | None:
    """Close the model for households where the study declares their re-spending."""
    if not account.equations.has("respending"):
        return None
    return close_households(model, propensity=account.respending)


def _runs(
    model: Leontief,
    closed: ClosedLeontief | None,
    direct: tuple[str, ...],
    scopes: Sequence[str],
) -> dict[str, Channels]:
    """Run the model once per scope; the supply chain alone is a part of `chain`."""
    return {
        scope: channels(
            closed if run.induced and closed is not None else model,
            direct=direct,
            spending=run.spending,
        )
        for scope, run in RUNS.items()
        if scope in scopes
    }


def _ratios(runs: Mapping[str, Channels], scopes: Iterable[str]) -> pd.DataFrame:
    """Ratios by pattern and scope; the scope supply exists for the direct sector alone."""
    chain = runs[CHAIN]
    supply = pd.Series(supply_jobs(chain) / chain.direct, chain.accounts)
    return pd.DataFrame({s: supply if s == SUPPLY else runs[s].ratio for s in scopes})


def _by_channel(runs: Mapping[str, Channels], names: Mapping[str, str]) -> pd.DataFrame:
    """Jobs per direct job by channel, induced ones split into core and spill."""
    full = runs[fullest(runs)]
    frame = full.by_channel().div(full.direct, axis=0)
    if HOUSEHOLDS in runs:
        core = runs[HOUSEHOLDS]
        frame[CORE] = core.by_channel()[INDUCED] / core.direct
        frame[SPILL] = frame.pop(INDUCED) - frame[CORE]
    return frame.reindex(columns=list(names), fill_value=0.0)


def _table_warnings(table: IOTable, idle: str) -> list[str]:
    """Return findings on the inserted table that a reader of the result should know."""
    found = table.check()
    known = {"note"} if idle == "refuse" else {"note", "idle sector"}
    serious = [item for item in found.items if not {item.severity, item.check} & known]
    serious.sort(key=lambda item: -abs(item.value))
    shown = [f"{item.check}, {item.code} {item.name}: {figure(item.value)}" for item in serious[:3]]
    rest = len(serious) - len(shown)
    return [*shown, f"{rest} more findings on the table: see iomodel check"] if rest > 0 else shown
