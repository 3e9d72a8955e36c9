"""Do the inputs of a study contradict each other? Direct labour two ways, implied pay."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from iomodel.accounts.industry import PAY, IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError
from iomodel.results import Result
from iomodel.transforms.domestic import ImportAudit

NAMED = 3
CREW = ("titles", "crew_size", "shooting_days")


class DirectLabour(NamedTuple):
    """Direct labour in three bases, and the same from crews as a check.

    Attributes
    ----------
    workdays, fte, heads : float
        From published work-days per title: W, W over days per FTE, W over days per head.
    crew_workdays : tuple of float
        Titles x crew x shooting days at low, central and high.
    """

    workdays: float
    fte: float
    heads: float
    crew_workdays: tuple[float, float, float]
    days_per_fte: float

    @property
    def crew_fte(self) -> tuple[float, float, float]:
        """The same as full-time job-years."""
        low, central, high = (days / self.days_per_fte for days in self.crew_workdays)
        return low, central, high


def direct_labour(account: IndustryAccount) -> DirectLabour:
    """Return the direct labour account of an industry."""
    items = [account.assumptions[key] for key in CREW]
    central = [account.value(key) for key in CREW]
    pairs = list(zip(items, central, strict=True))
    low = [value if item.low is None else item.low for item, value in pairs]
    high = [value if item.high is None else item.high for item, value in pairs]
    return DirectLabour(
        workdays=account.workdays,
        fte=account.workdays / account.value("days_per_fte"),
        heads=account.workdays / account.value("days_per_head"),
        crew_workdays=(math.prod(low), math.prod(central), math.prod(high)),
        days_per_fte=account.value("days_per_fte"),
    )


class Checks(NamedTuple):
    """Consistency of the inputs.

    Attributes
    ----------
    pay_per_workday : float
        RMB per direct work-day that cost, shares and work-days imply.
    wage_bill : float
        Pay of direct persons, RMB.
    output_per_head, output_per_fte : float
        Production output per direct person and full-time job-year, RMB.
    implied_pay : mapping of pattern to mapping of sector code to RMB per year
        Compensation per person where it lies outside the screen.
    names : mapping of sector code to name
    import_gap : tuple of float or None
        Mean and largest absolute gap of output multipliers between import methods.
    """

    pay_per_workday: float
    wage_bill: float
    output_per_head: float
    output_per_fte: float
    implied_pay: Mapping[str, Mapping[str, float]]
    names: Mapping[str, str]
    import_gap: tuple[float, float] | None
    warnings: tuple[str, ...]


def check(account: IndustryAccount, base: IOTable, audit: Result | None) -> Checks:
    """Check the inputs of an account against each other and against the table."""
    labour, production = direct_labour(account), account.production
    bill = account.shares("m_")[PAY] * production.output
    pay = bill / labour.workdays
    implied = _implied_pay(account, base)
    gap = audit.gap if isinstance(audit, ImportAudit) else None
    size = None if gap is None else (float(np.abs(gap).mean()), float(np.abs(gap).max()))
    names = dict(zip(base.labels.codes, base.labels.named(), strict=True))
    return Checks(
        pay_per_workday=pay,
        wage_bill=bill,
        output_per_head=production.output / labour.heads,
        output_per_fte=production.output / labour.fte,
        implied_pay=implied,
        names=names,
        import_gap=size,
        warnings=tuple(_warnings(account, pay, implied, names)),
    )


def _implied_pay(account: IndustryAccount, base: IOTable) -> dict[str, dict[str, float]]:
    """Pay per person by pattern where it lies outside the screen `implied_pay`."""
    screen = account.screens.get("implied_pay")
    rows = base.primary_labels.in_group("compensation")
    satellite = base.satellite("employment")
    if screen is None or not len(rows):
        return {}
    growth = 1.0 if satellite.growth is None else satellite.growth
    paid = base.flows.primary_inputs[rows].sum(axis=0) * growth * base.meta.unit_size
    found = {}
    for pattern, persons in zip(satellite.rows.codes, satellite.values, strict=True):
        some = persons > 0
        pay = np.divide(paid, persons * satellite.unit_value, out=np.zeros_like(paid), where=some)
        flagged = [i for i in np.flatnonzero(some) if screen.outside(float(pay[i]))]
        if flagged and len(flagged) == int(some.sum()):
            raise AccountingError(
                f"pay per person is implausible in every sector ({pattern}: median "
                f"{np.median(pay[some]):,.4g} {screen.unit}, plausible {screen.low:g}-"
                f"{screen.high:g}). The unit of the table ({base.meta.unit}) or of employment "
                f"({satellite.unit}) is wrong."
            )
        found[pattern] = {base.labels.codes[i]: float(pay[i]) for i in flagged}
    return found


def _warnings(
    account: IndustryAccount,
    pay: float,
    implied: Mapping[str, Mapping[str, float]],
    names: Mapping[str, str],
) -> list[str]:
    out = []
    screen = account.screens.get("pay_per_workday")
    if screen is not None and screen.outside(pay):
        out.append(
            f"implied pay per direct work-day of {pay:,.0f} RMB lies outside "
            f"{screen.low:g}-{screen.high:g} RMB: cost, shares and work-days do not fit together"
        )
    for pattern, cells in implied.items():
        if cells:
            shown = ", ".join(names[code] for code in list(cells)[:NAMED])
            rest = f" and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
            out.append(
                f"{pattern}: implausible implied pay in {len(cells)} sectors ({shown}{rest})"
            )
    payouts = account.value("payout_share") * account.value("revenue")
    if payouts > account.production.output:
        out.append(
            "payouts to producers exceed production cost: final demand of production is negative, "
            "which means producers' profit"
        )
    for key, item in account.assumptions.items():
        value = account.values.get(key)
        if value is None or item.low is None or item.high is None:
            continue
        if not item.low <= value <= item.high:
            out.append(f"{key} = {value:g} lies outside its range {item.low:g} to {item.high:g}")
    return out
