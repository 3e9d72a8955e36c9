"""The account of an industry that no table has yet, from its workbook of assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from iomodel.accounts.assumptions import Assumption, is_share, unit_value
from iomodel.accounts.sectors import NewDemand, NewSector, Purchase
from iomodel.errors import SpecError, listed
from iomodel.results import html_facts, html_frame

PRODUCTION, PLATFORM = "m", "p"
PAY = "m_labour"
PLATFORM_ITEMS = {
    "traffic_share": "traffic_ads",
    "p_cloud": "platform_inputs",
    "p_payment": "platform_inputs",
    "p_services": "platform_inputs",
}
SOURCES = {PRODUCTION: ("direct labour", "production"), PLATFORM: ("platform",)}
REQUIRED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "titles": ("direct labour", "titles"),
        "workdays_per_title": ("direct labour", "work-days"),
        "days_per_fte": ("direct labour", "days"),
        "days_per_head": ("direct labour", "days"),
        "crew_size": ("direct labour", "persons"),
        "shooting_days": ("direct labour", "days"),
        "cost_per_title": ("production", "money"),
        PAY: ("production", "share of production output"),
        "revenue": ("platform", "money"),
        "paid_revenue": ("platform", "money"),
        "payout_share": ("platform", "share of revenue"),
        "traffic_share": ("platform", "share of revenue"),
        "p_cloud": ("platform", "share of revenue"),
        "p_payment": ("platform", "share of paid revenue"),
        "p_services": ("platform", "share of revenue"),
        "p_staff": ("platform", "share of revenue"),
        "p_wage": ("platform", "money per year"),
        "p_on_cost": ("platform", "ratio"),
        "gmv": ("e-commerce", "money"),
        "gmv_additional": ("e-commerce", "share"),
        "gmv_ad_cost": ("e-commerce", "share"),
        "tourism": ("tourism", "money"),
        "tourism_additional": ("tourism", "share"),
        "net_income": ("households", "share"),
        "mpc": ("households", "share of disposable income"),
        "displaced_viewing": ("net", "share"),
        "moved_workers": ("net", "share"),
        "fte_agriculture": ("labour", "ratio"),
        "productivity_drift": ("labour", "ratio"),
    }
)
POSITIVE = frozenset(
    {"titles", "workdays_per_title", "days_per_fte", "days_per_head", "cost_per_title"}
    | {"p_wage", "p_on_cost", "fte_agriculture", "productivity_drift"}
)
FAMILIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "m_": ("production", "share of production output"),
        "tour_": ("tourism", "share of tourist spending"),
    }
)


class Screen(NamedTuple):
    """Plausible range of a quantity; what lies outside is flagged."""

    id: str
    item: str
    low: float
    high: float
    unit: str

    def outside(self, value: float) -> bool:
        """Tell whether a value lies outside the range."""
        return not self.low <= value <= self.high


class MapRow(NamedTuple):
    """One row of the map that spreads an item over base sectors."""

    item: str
    sector: str
    share: float
    note: str = ""
    address: str = ""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class IndustryAccount:
    """A sourced account of an industry: production m, platform p, consumer end, labour.

    Attributes
    ----------
    id, title : str
    names : mapping of sector code to names by language
    price_year : int or None
    currency : str
    assumptions : mapping of id to Assumption
        Every number with its range, source and grade.
    map : tuple of MapRow
        How each item is spread over base sectors, at producers' prices.
    evidence : DataFrame
        Rows of evidence that the assumptions cite.
    screens : mapping of id to Screen
        Plausible ranges that checks use.
    values : mapping of id to float
        Values in force, in the unit of the workbook: the central ones unless changed by `at`.

    Notes
    -----
    Sectors: m is production, p platform and distribution. Ids are those of the workbook.
    x_m = titles x cost_per_title; x_p = revenue; A_mp = payout_share. Every m_* share and
    every tour_* share is scaled so that its block sums to one.
    """

    id: str = ""
    title: str
    assumptions: Mapping[str, Assumption]
    map: tuple[MapRow, ...]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    price_year: int | None = None
    currency: str = ""
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    screens: Mapping[str, Screen] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        centrals = {
            key: item.central
            for key, item in self.assumptions.items()
            if not isinstance(item.central, str)
        }
        lost = [key for key in REQUIRED if key not in centrals]
        if lost:
            raise SpecError(f"{self.source or self.title}: assumptions are missing: {listed(lost)}")
        object.__setattr__(self, "values", MappingProxyType({**centrals, **self.values}))
        paid, revenue = self.value("paid_revenue"), self.value("revenue")
        if paid > revenue:
            raise SpecError(
                f"{self.title}: paid_revenue of {paid:,.0f} exceeds revenue of {revenue:,.0f} "
                f"{self.currency}: the paid part cannot be more than the whole."
            )

    def at(self, **values: float) -> "IndustryAccount":
        """Return the account with some values changed, in the units of the workbook.

        Raises
        ------
        SpecError
            For an unknown id, a share outside 0 to 1, or a value that is not a number.

        Notes
        -----
        A value may leave the range of its assumption: the range describes evidence, and a
        question "what if" may go beyond it.
        """
        problems = []
        for key, value in values.items():
            if key not in self.values:
                problems.append(f"unknown id {key!r}")
            elif not 0 <= value < float("inf"):
                problems.append(f"{key}: {value} must be a number, zero or above")
            elif key in POSITIVE and value == 0:
                problems.append(f"{key}: zero, but other figures are divided by it")
            elif is_share(self.assumptions[key].unit) and value > 1:
                problems.append(f"{key}: {value} is a share above 1")
        if problems:
            raise SpecError(f"{self.title}: {listed(problems)}")
        return replace(self, values={**self.values, **values})

    def to_frame(self) -> pd.DataFrame:
        """Return every assumption with the value in force, its range, grade and evidence."""
        rows = {
            key: {
                "block": item.block,
                "item": item.item,
                "unit": item.unit,
                "low": item.low,
                "value": self.values.get(key, item.central),
                "high": item.high,
                "distribution": item.distribution,
                "grade": item.grade,
                "evidence": " ".join(item.evidence),
                "note": item.note,
            }
            for key, item in self.assumptions.items()
        }
        frame = pd.DataFrame.from_dict(rows, orient="index")
        frame.index.name = "id"
        return frame

    def _repr_html_(self) -> str:
        shown = self.to_frame()[["block", "item", "unit", "low", "value", "high", "grade"]]
        return html_facts(self.title, [("source", self.source)]) + html_frame(shown)

    def __repr__(self) -> str:
        return f"<IndustryAccount> {self.title}: {len(self.assumptions)} assumptions"

    def value(self, key: str) -> float:
        """Return a value in RMB, persons, days or as a share."""
        size = unit_value(self.assumptions[key].unit)
        return self.values[key] * (size or 1.0)

    def shares(self, prefix: str) -> dict[str, float]:
        """Return a block of shares scaled to sum one, by id."""
        block = {key: value for key, value in self.values.items() if key.startswith(prefix)}
        total = sum(block.values())
        if not total > 0:
            raise SpecError(f"{self.title}: the shares {prefix}* sum to {total}, not above zero.")
        return {key: value / total for key, value in block.items()}

    @property
    def workdays(self) -> float:
        """Direct work-days W = titles x work-days per title."""
        return self.value("titles") * self.value("workdays_per_title")

    @property
    def production(self) -> NewSector:
        """Sector m: production output, its purchases and the pay of direct persons."""
        shares = self.shares("m_")
        jobs = self.workdays / self.value("days_per_fte")
        return self._sector(
            PRODUCTION,
            output=self.value("titles") * self.value("cost_per_title"),
            shares={
                key: (share, "production_supply") for key, share in shares.items() if key != PAY
            },
            labour=shares[PAY],
            jobs=jobs,
        )

    @property
    def platform(self) -> NewSector:
        """Sector p: platform revenue, payout to m, purchases and staff."""
        revenue = self.value("revenue")
        costs = {key: self.value(key) for key in PLATFORM_ITEMS}
        costs["p_payment"] *= self.value("paid_revenue") / revenue if revenue else 0.0
        staff = self.value("p_staff")
        return self._sector(
            PLATFORM,
            output=revenue,
            shares={key: (share, PLATFORM_ITEMS[key]) for key, share in costs.items()},
            labour=staff,
            jobs=staff * revenue / (self.value("p_wage") * self.value("p_on_cost")),
            from_new={PRODUCTION: self.value("payout_share")},
            channel="platform_staff",
        )

    @property
    def sectors(self) -> tuple[NewSector, ...]:
        """The sectors to insert: m and p; p is absent without revenue."""
        return (self.production, self.platform) if self.values["revenue"] else (self.production,)

    @property
    def demand(self) -> tuple[NewDemand, ...]:
        """Consumer end: attributed spending on goods and tourism, with its additional share."""
        goods = self.value("gmv") * (1.0 - self.value("gmv_ad_cost"))
        trips = {key: self.value("tourism") * share for key, share in self.shares("tour_").items()}
        return (
            self._demand("gmv", "e_commerce", {"gmv": goods}, "gmv_additional"),
            self._demand("tourism", "tourism", trips, "tourism_additional"),
        )

    @property
    def respending(self) -> float:
        """Household spending per unit of labour cost, chi = net_income x mpc."""
        return self.value("net_income") * self.value("mpc")

    def _sector(
        self,
        code: str,
        *,
        output: float,
        shares: Mapping[str, tuple[float, str]],
        labour: float,
        jobs: float,
        from_new: Mapping[str, float] | None = None,
        channel: str = "production_staff",
    ) -> NewSector:
        bought = tuple(
            Purchase(
                row.item,
                shares[row.item][1],
                row.sector,
                shares[row.item][0] * row.share,
                row.address,
            )
            for row in self.map
            if row.item in shares
        )
        blocks = SOURCES[code]
        items = (item for item in self.assumptions.values() if item.block in blocks)
        cited = {key for item in items for key in item.evidence}
        return NewSector(
            code=code,
            names=self.names.get(code, {}),
            output=output,
            purchases=bought,
            labour_income=labour,
            from_new=from_new or {},
            levels={"employment": jobs},
            basis="fte",
            channel=channel,
            price_year=self.price_year,
            currency=self.currency,
            sources=tuple(sorted(cited)),
        )

    def _demand(
        self, item: str, channel: str, spending: Mapping[str, float], additional: str
    ) -> NewDemand:
        amounts: dict[str, float] = {}
        for row in self.map:
            if row.item in spending:
                amount = spending[row.item] * row.share
                amounts[row.sector] = amounts.get(row.sector, 0.0) + amount
        return NewDemand(
            item=item,
            channel=channel,
            amounts=amounts,
            additional=self.value(additional),
            price_year=self.price_year,
            currency=self.currency,
        )
