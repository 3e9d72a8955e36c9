"""Assumptions: numbers with a range, a distribution, a source and a grade."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from iomodel.errors import SpecError
from iomodel.results import Shown

DISTRIBUTIONS = frozenset(
    {
        "fixed",
        "triangular",
        "log-triangular",
        "triangular-normalised",
        "uniform",
        "log-uniform",
        "normal",
        "log-normal",
        "beta",
        "dirichlet",
        "categorical",
    }
)
SIZES = {"": 1.0, "thousand ": 1e3, "million ": 1e6, "bn ": 1e9, "billion ": 1e9}
MONEY = re.compile(r"(thousand |million |bn |billion )?([A-Z]{3})( per year)?")
PLAIN = frozenset(
    {"titles", "persons", "jobs", "FTE", "days", "work-days", "hours", "years", "visits", "nights"}
    | {"trips", "visitors", "households", "firms", "units", "ratio", "category"}
)
SAME = {"RMB": "CNY"}  # a currency and its code


def unit_value(unit: str) -> float | None:
    """Size of a unit in units of its currency, persons, days or shares; None if unknown."""
    money = MONEY.fullmatch(unit)
    if money and unit not in PLAIN:
        return SIZES[money[1] or ""]
    return 1.0 if is_share(unit) or unit in PLAIN else None


def currency_of(unit: str) -> str:
    """Currency that a unit of money names, as it is written; empty for other units.

    Examples
    --------
    >>> currency_of("bn RMB"), currency_of("million GBP per year"), currency_of("days")
    ('RMB', 'GBP', '')
    """
    money = MONEY.fullmatch(unit)
    return money[2] if money and unit not in PLAIN else ""


def is_share(unit: str) -> bool:
    """Tell whether a unit is a share, which cannot exceed one."""
    return unit == "share" or unit.startswith("share of ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Assumption(Shown):
    """One number of a study.

    Attributes
    ----------
    id : str
        Short name used by the equations.
    block, item, unit : str
        What it belongs to, what it measures and in which unit.
    central : float or str
        Central value; text for a category.
    low, high : float or None
        Range; None for fixed values and categories.
    distribution, grade : str
        Distribution over the range and grade of the evidence (A best).
    evidence : tuple of str
        Ids of the rows of evidence behind it.
    note : str
    address : str
        Cell of the central value in the workbook, for messages.
    categories : tuple of str
        What a category is drawn from, each as likely as the others.
    concentration : float or None
        Of a Dirichlet block, the same for each of its shares: the larger, the closer draws
        are to the central shares.
    items, blocks : mapping of language to str
        What it measures, and its block, in languages other than that of `item`.

    Examples
    --------
    >>> import iomodel as iom
    >>> pay = iom.Assumption(id="pay", block="cost", item="wages", unit="share", central=0.4)
    >>> pay.central
    0.4
    """

    id: str
    block: str
    item: str
    unit: str
    central: float | str
    low: float | None = None
    high: float | None = None
    distribution: str = "fixed"
    grade: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""
    address: str = ""
    categories: tuple[str, ...] = ()
    concentration: float | None = None
    items: Mapping[str, str] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)

    def called(self, language: str) -> str:
        """Return what it measures in a language; in that of `item` where there is no other."""
        return self.items.get(language, self.item)

    def __post_init__(self) -> None:
        problems = []
        if unit_value(self.unit) is None:
            problems.append(f"unknown unit {self.unit!r}")
        if self.distribution not in DISTRIBUTIONS:
            problems.append(f"unknown distribution {self.distribution!r}")
        bounds = [value for value in (self.low, self.central, self.high) if value is not None]
        numbers = [value for value in bounds if not isinstance(value, str)]
        if is_share(self.unit) and any(not 0 <= value <= 1 for value in numbers):
            problems.append(f"a share outside 0 to 1 in {numbers}")
        if numbers != sorted(numbers):
            problems.append(f"low, central, high are not in order: {numbers}")
        if problems:
            raise SpecError(f"assumption {self.id!r}: {'; '.join(problems)}.")
