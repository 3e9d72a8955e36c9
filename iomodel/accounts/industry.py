"""The account of an industry that no table has yet, from its workbook of assumptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from iomodel.accounts.assumptions import Assumption, currency_of, is_share, unit_value
from iomodel.accounts.declarations import Equation, Equations, Role, faults
from iomodel.accounts.equations import Formula
from iomodel.accounts.sectors import NewDemand, NewSector, Purchase
from iomodel.errors import SpecError, listed
from iomodel.results import Shown, html_facts, html_frame

FAR = 100.0  # times the high of a range: a value in the base unit


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
class IndustryAccount(Shown):
    """A sourced account of an industry: new sectors, spending that they bring, labour.

    Attributes
    ----------
    id, title : str
    titles : mapping of language to str
        The title in languages other than that of `title`.
    equations : Equations
        New sectors, channels and the formula of each quantity, as the workbook declares them.
    assumptions : mapping of id to Assumption
        Every number with its range, source and grade.
    map : tuple of MapRow
        How each item is spread over base sectors, at producers' prices.
    price_year : int or None
    currency : str
    evidence : DataFrame
        Rows of evidence that the assumptions cite.
    screens : mapping of id to Screen
        Plausible ranges that checks use.
    values : mapping of id to float
        Values in force, in the unit of the workbook: the central ones unless changed by `at`.
    correlations : mapping of (id, id) to float
        Correlations of normal scores of inputs; independent where none is given.
    placebo : tuple of str
        Base sectors to take in the place of the industry for falsification.
    base : str
        Name of the embedded table that it is made for (`iom.example`); empty for another one.
    placebo_base : str
        Embedded table to take in the place of the base table for falsification; may be empty.

    Raises
    ------
    SpecError
        If declarations contradict each other, a formula divides by zero, or a quantity exceeds
        one that it must not exceed.

    Examples
    --------
    >>> import iomodel as iom
    >>> study = iom.read_sectors(iom.example("micro-drama-2025"))
    >>> study.at(m_labour=0.5).value("m_labour")
    0.5
    """

    id: str = ""
    title: str
    titles: Mapping[str, str] = field(default_factory=dict)
    equations: Equations
    assumptions: Mapping[str, Assumption]
    map: tuple[MapRow, ...]
    price_year: int | None = None
    currency: str = ""
    evidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    screens: Mapping[str, Screen] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    source: str = ""
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)
    placebo: tuple[str, ...] = ()
    base: str = ""
    placebo_base: str = ""

    def __post_init__(self) -> None:
        centrals = {
            key: item.central
            for key, item in self.assumptions.items()
            if not isinstance(item.central, str)
        }
        object.__setattr__(self, "values", MappingProxyType({**centrals, **self.values}))
        where = self.source or self.title
        found = list(faults(self.equations, self.assumptions, {row.item for row in self.map}))
        if found:
            raise SpecError(f"{where}: the declarations do not fit:\n  {listed(found)}")
        lost = sorted(self.equations.used - self.quantities.keys())
        if lost:
            raise SpecError(f"{where}: assumptions are missing: {listed(lost)}")
        self._compare()

    def _compare(self) -> None:
        """Refuse a quantity above one that it must not exceed; evaluate all spending once."""
        problems = []
        for row in self.equations.of("at_most"):
            assert row.additional is not None, "checked with the declarations"
            less, more = (self._result(row, part) for part in (row.formula, row.additional))
            if less > more:
                problems.append(
                    f"{row.formula.text} of {less:,.0f} exceeds {row.additional.text} of "
                    f"{more:,.0f}: the part cannot be more than the whole"
                )
        if problems:
            raise SpecError(f"{self.title}: {listed(problems)}.")
        for row in self.equations.of("spending"):
            self._result(row)

    def at(self, **values: float) -> "IndustryAccount":
        """Return the account with some values changed, in the units of the workbook.

        Raises
        ------
        SpecError
            For an unknown id, a share outside 0 to 1, a value that is not a number, a zero
            that a formula divides by, or, of an input in thousand, million or bn, a value a
            hundred times the high of its range and more: that is one in the base unit.

        Notes
        -----
        Units are those of the workbook, as in `values` and `to_frame`: 8.7 where the unit is
        bn RMB. `value` gives base units, 8.7e9; do not hand its result in here. A value may
        leave the range of its assumption: the range describes evidence, and a question "what
        if" may go beyond it.

        Examples
        --------
        >>> import iomodel as iom
        >>> drama = iom.read_sectors(iom.example("micro-drama-2025"))
        >>> drama.at(gmv=2 * drama.values["gmv"]).values["gmv"] / drama.values["gmv"]
        2.0
        """
        problems = []
        for key, value in values.items():
            if key not in self.values:
                problems.append(f"unknown id {key!r}")
            elif not 0 <= value < float("inf"):
                problems.append(f"{key}: {value} must be a number, zero or above")
            elif is_share(self.assumptions[key].unit) and value > 1:
                problems.append(f"{key}: {value} is a share above 1")
            elif self._sized(key) and value >= FAR * (usual := self._usual(key)) > 0:
                unit = self.assumptions[key].unit
                problems.append(
                    f"{key}: {value:g} is {value / usual:,.0f} times {usual:g}, the high of its "
                    f"range; the unit here is {unit}, as in values[{key!r}], not the base unit "
                    f"that value({key!r}) gives"
                )
        if problems:
            raise SpecError(f"{self.title}: {listed(problems)}")
        return replace(self, values={**self.values, **values})

    def _sized(self, key: str) -> bool:
        """Whether the unit of an input is another than its base unit, such as bn RMB."""
        return (unit_value(self.assumptions[key].unit) or 1.0) != 1.0

    def _usual(self, key: str) -> float:
        """High end of the range of an input, in the unit of the workbook; central without one."""
        item = self.assumptions[key]
        return max(item.high or 0.0, 0.0 if isinstance(item.central, str) else item.central)

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
        """Return an input in units of the currency, persons, days or as a share.

        Not in the unit of the workbook, which `values` and `at` take: 8.7e9 for 8.7 bn RMB.
        """
        size = unit_value(self.assumptions[key].unit)
        return self.values[key] * (size or 1.0)

    def shares(self, prefix: str) -> dict[str, float]:
        """Return a block of shares scaled to sum one, by id."""
        block = {key: value for key, value in self.values.items() if key.startswith(prefix)}
        total = sum(block.values())
        if not total > 0:
            raise SpecError(f"{self.title}: the shares {prefix}* sum to {total}, not above zero.")
        return {key: value / total for key, value in block.items()}

    @cached_property
    def quantities(self) -> Mapping[str, float]:
        """Inputs, and every quantity that has a name, in units of the currency and persons."""
        sized = {key: self.value(key) for key in self.values}
        return MappingProxyType(self.equations.evaluated(sized, {}))

    def quantity(self, name: str) -> float | None:
        """Return a quantity by name (``workdays``, ``jobs_m``); None if it is not declared."""
        row = next((row for row in self.equations.rows if row.name == name), None)
        return None if row is None else self.quantities[name]

    @property
    def money(self) -> str:
        """The currency as the inputs write it: RMB for CNY."""
        words = (currency_of(item.unit) for item in self.assumptions.values())
        return next((word for word in words if word), self.currency)

    @property
    def workdays(self) -> float:
        """Direct work-days W.

        Raises
        ------
        SpecError
            If the study declares none.
        """
        found = self.quantity("workdays")
        if found is None:
            raise SpecError(f"{self.title}: no equation gives workdays.")
        return found

    @property
    def direct(self) -> NewSector:
        """The new sector whose jobs are direct."""
        return self._sector(self.equations.direct)

    @property
    def sectors(self) -> tuple[NewSector, ...]:
        """The sectors to insert, the direct one first; linked ones without output are absent."""
        some = (role for role in self.equations.linked if self.quantities[f"output_{role.code}"])
        return (self.direct, *(self._sector(role) for role in some))

    @property
    def demand(self) -> tuple[NewDemand, ...]:
        """Attributed spending by channel, with its additional share.

        Notes
        -----
        A channel with several items is named by its channel, one with a single item by it.
        """
        groups: dict[str, list[Equation]] = {}
        for row in self.equations.of("spending"):
            groups.setdefault(row.channel, []).append(row)
        return tuple(self._demand(channel, rows) for channel, rows in groups.items())

    @property
    def respending(self) -> float:
        """Household spending per unit of labour cost, chi; zero if none is declared."""
        return self.quantity("respending") or 0.0

    def _result(self, row: Equation, formula: Formula | None = None) -> float:
        return (formula or row.formula)(self.quantities)

    def _sector(self, role: Role) -> NewSector:
        code = role.code
        own = [row for row in self.equations.rows if row.sector == code]
        bought = {row.item: row for row in own if row.quantity == "purchase"}
        shares = {item: self._result(row) for item, row in bought.items()}
        jobs = self.equations.of("jobs", code)[0]
        ids = self.equations.behind(*own)
        cited = {
            key for id in ids & self.assumptions.keys() for key in self.assumptions[id].evidence
        }
        return NewSector(
            code=code,
            names=role.names,
            output=self.quantities[f"output_{code}"],
            purchases=tuple(
                Purchase(
                    r.item, bought[r.item].channel, r.sector, shares[r.item] * r.share, r.address
                )
                for r in self.map
                if r.item in shares
            ),
            labour_income=self.quantities[f"labour_income_{code}"],
            from_new={row.item: self._result(row) for row in own if row.quantity == "from"},
            imports=self.quantity(f"imports_{code}") or 0.0,
            domestic=self.equations.domestic,
            levels={"employment": self.quantities[f"jobs_{code}"]},
            basis="fte",
            channel=jobs.channel,
            price_year=self.price_year,
            currency=self.currency,
            sources=tuple(sorted(cited)),
        )

    def _demand(self, channel: str, rows: list[Equation]) -> NewDemand:
        spending = {row.item: self._result(row) for row in rows}
        amounts: dict[str, float] = {}
        for row in self.map:
            if row.item in spending:
                amount = spending[row.item] * row.share
                amounts[row.sector] = amounts.get(row.sector, 0.0) + amount
        first = rows[0]
        return NewDemand(
            item=first.item if len(rows) == 1 else channel,
            channel=channel,
            amounts=amounts,
            additional=self._result(first, first.additional),
            domestic=self.equations.domestic,
            price_year=self.price_year,
            currency=self.currency,
        )
