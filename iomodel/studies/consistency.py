"""Do the inputs of a study contradict each other? Direct labour two ways, implied pay."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from iomodel.accounts.assumptions import unit_value
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError
from iomodel.results import Result
from iomodel.transforms.domestic import ImportAudit

NAMED = 3


class DirectLabour(NamedTuple):
    """Direct labour in the bases that a study declares, and the same from crews as a check.

    Attributes
    ----------
    fte : float
        Direct jobs, full-time job-years.
    workdays, heads, days_per_fte : float or None
        Work-days W, persons, and work-days of a job-year; None if not declared.
    crew_workdays : tuple of float or None
        Work-days from crews at the low, central and high inputs.
    """

    workdays: float | None
    fte: float
    heads: float | None
    crew_workdays: tuple[float, float, float] | None
    days_per_fte: float | None

    @property
    def crew_fte(self) -> tuple[float, float, float] | None:
        """The same as full-time job-years."""
        if self.crew_workdays is None or not self.days_per_fte:
            return None
        low, central, high = (days / self.days_per_fte for days in self.crew_workdays)
        return low, central, high


def direct_labour(account: IndustryAccount) -> DirectLabour:
    """Return the direct labour account of an industry."""
    crews = None
    for row in account.equations.of("crew_workdays"):
        low, high = (_at_end(account, end) for end in ("low", "high"))
        crews = (row.formula(low), row.formula(account.quantities), row.formula(high))
    return DirectLabour(
        workdays=account.quantity("workdays"),
        fte=account.direct.levels["employment"],
        heads=account.quantity("heads"),
        crew_workdays=crews,
        days_per_fte=account.quantity("days_per_fte"),
    )


def _at_end(account: IndustryAccount, end: str) -> dict[str, float]:
    """Quantities with every input at one end of its range."""
    found = dict(account.quantities)
    for key, item in account.assumptions.items():
        value = getattr(item, end)
        if value is not None:
            found[key] = value * (unit_value(item.unit) or 1.0)
    return found


class Checks(NamedTuple):
    """Consistency of the inputs.

    Attributes
    ----------
    pay_per_workday : float or None
        Pay per direct work-day that cost, shares and work-days imply, in the currency.
    wage_bill : float
        Pay of direct persons.
    output_per_head, output_per_fte : float
        Output of the direct sector per direct person (None without) and full-time job-year.
    implied_pay : mapping of pattern to mapping of sector code to money per year
        Compensation per person where it lies outside the screen.
    names : mapping of sector code to name
    import_gap : tuple of float or None
        Mean and largest absolute gap of output multipliers between import methods.
    """

    pay_per_workday: float | None
    wage_bill: float
    output_per_head: float | None
    output_per_fte: float
    implied_pay: Mapping[str, Mapping[str, float]]
    names: Mapping[str, str]
    import_gap: tuple[float, float] | None
    warnings: tuple[str, ...]


def check(account: IndustryAccount, base: IOTable, audit: Result | None) -> Checks:
    """Check the inputs of an account against each other and against the table."""
    labour, direct = direct_labour(account), account.direct
    bill = direct.labour_income * direct.output
    implied = _implied_pay(account, base)
    gap = audit.gap if isinstance(audit, ImportAudit) else None
    size = None if gap is None else (float(np.abs(gap).mean()), float(np.abs(gap).max()))
    names = dict(zip(base.labels.codes, base.labels.named(), strict=True))
    return Checks(
        pay_per_workday=bill / labour.workdays if labour.workdays else None,
        wage_bill=bill,
        output_per_head=direct.output / labour.heads if labour.heads else None,
        output_per_fte=direct.output / labour.fte,
        implied_pay=implied,
        names=names,
        import_gap=size,
        warnings=tuple(_warnings(account, implied, names)),
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
    implied: Mapping[str, Mapping[str, float]],
    names: Mapping[str, str],
) -> list[str]:
    out = []
    for row in account.equations.of("check"):
        screen, found = account.screens.get(row.item), row.formula(account.quantities)
        if screen is not None and screen.outside(found):
            out.append(
                f"implied {screen.item} of {found:,.0f} {screen.unit} lies outside "
                f"{screen.low:g}-{screen.high:g} {screen.unit}: the inputs behind it do not fit "
                f"together ({row.formula.text})"
            )
    for pattern, cells in implied.items():
        if cells:
            shown = ", ".join(names[code] for code in list(cells)[:NAMED])
            rest = f" and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
            out.append(
                f"{pattern}: implausible implied pay in {len(cells)} sectors ({shown}{rest})"
            )
    sold = [(s.code, s.output, _sold(account, s.code)) for s in account.sectors]
    out += [
        f"other new sectors buy {bought:,.0f} {account.money} from {code}, more than its output "
        f"of {output:,.0f}: its final demand is negative, which means profit of its producers"
        for code, output, bought in sold
        if bought > output
    ]
    for key, item in account.assumptions.items():
        value = account.values.get(key)
        if value is None or item.low is None or item.high is None:
            continue
        if not item.low <= value <= item.high:
            out.append(f"{key} = {value:g} lies outside its range {item.low:g} to {item.high:g}")
    return out


def _sold(account: IndustryAccount, code: str) -> float:
    """Return what the other new sectors buy from one of them, in the currency."""
    return sum(other.from_new.get(code, 0.0) * other.output for other in account.sectors)
