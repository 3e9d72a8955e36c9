"""What the sheets of the audit workbook share: who stands where."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from iomodel.accounts.declarations import Equation
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.errors import SpecError
from iomodel.report.audit_draft import Area
from iomodel.studies.derivation import Derivation

INPUTS, EQUATIONS, PURCHASES = "inputs", "equations", "purchases"
FLOWS, SPLIT, DOMESTIC, COEFFICIENTS = "flows", "split", "domestic", "A"
REST, INVERSE, LABOUR = "I - A", "inverse", "labour"
INJECTIONS, INSERTED, REACHED = "injections", "inserted", "output"
HOUSEHOLDS, CHANNELS, SCOPES = "households", "channels", "scopes"
MILLION = 1e6
TOP = 11  # first sector on the sheets that list sectors
LEFT = 3  # first figure on them: code and name stand in front
MAP_TOP = 10
EQUATION_TOP, VALUE_COLUMN, ADDITIONAL_COLUMN = 10, 6, 8
# Names that a spreadsheet takes for a cell: A1, TOUR1, R1C1, R, C.
LIKE_A_CELL = re.compile(r"[A-Za-z]+[0-9]+|[Rr][0-9]*|[Cc][0-9]*|[Rr][0-9]*[Cc][0-9]*")
LEGAL = re.compile(r"[^\W\d]\w*")
WORDS = frozenset({"true", "false"})


def legal_names(ids: Collection[str], prefix: str = "in_") -> dict[str, str]:
    """Return a name for each id that a spreadsheet takes, the id itself where it can be.

    Names are not told apart by capitals, and may not look like a cell.
    """
    taken: set[str] = set()
    found = {}
    for key in ids:
        name = re.sub(r"\W", "_", key)
        if not LEGAL.fullmatch(name) or LIKE_A_CELL.fullmatch(name) or name.lower() in WORDS:
            name = f"{prefix}{name}"
        stem, number = name, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name.lower())
        found[key] = name
    return found


class Column(NamedTuple):
    """One item of spending on base sectors: a column of the sheet `injections`.

    Attributes
    ----------
    item, channel, buyer : str
        The buyer is an inserted sector, or empty for final demand.
    money : str
        Formula of the spending, imports included, in the currency.
    additional : str
        Formula of the share of it that counts.
    """

    item: str
    channel: str
    buyer: str
    money: str
    additional: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """A derivation with the place of everything in the workbook.

    Attributes
    ----------
    derivation : Derivation
    base : IOTable
        The table as given, before imports were separated.
    account : IndustryAccount
        The industry.
    separated : bool
        Whether imports were separated; a domestic table is taken as it is.
    n : int
        Number of base sectors.
    names : tuple of str, length n
        Their names.
    patterns : tuple of str
        Employment patterns.
    currency : str
        As the inputs write it.
    rows : tuple of Equation
        Rows of the sheet `equations`.
    named : mapping of id to str
        Names in formulas, of inputs and of the quantities that have one.
    inserted : tuple of str
        Codes of the inserted sectors, the direct one first.
    direct : str
        Code of the sector whose jobs are direct.
    scopes : tuple of str
        Scopes that the study has.
    income_rows : tuple of int
        Rows of primary inputs that are labour income.
    household : tuple of int
        Columns of final demand that are household consumption.
    """

    derivation: Derivation
    base: IOTable
    account: IndustryAccount
    separated: bool
    n: int
    names: tuple[str, ...]
    patterns: tuple[str, ...]
    currency: str
    rows: tuple[Equation, ...]
    named: Mapping[str, str]
    inserted: tuple[str, ...]
    direct: str
    scopes: tuple[str, ...]
    income_rows: tuple[int, ...]
    household: tuple[int, ...]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Items of spending on base sectors, in the order of the sheet `equations`."""
        found = []
        for at, row in enumerate(self.rows):
            value = equation(at)
            if row.quantity == "purchase" and row.sector:
                money = f"{value}*{self.needed('output', row.sector)}"
                found.append(Column(row.item, row.channel, row.sector, money, "1"))
            elif row.quantity == "spending":
                extra = "1" if row.additional is None else equation(at, "additional")
                found.append(Column(row.item, row.channel, "", value, extra))
        return tuple(found)

    def value(self, quantity: str, sector: str = "", item: str = "") -> str:
        """Return the cell of a declared quantity; empty text where it is not declared."""
        for at, row in enumerate(self.rows):
            if (row.quantity, row.sector) == (quantity, sector) and item in ("", row.item):
                return equation(at)
        return ""

    def needed(self, quantity: str, sector: str) -> str:
        """Return the cell of a quantity that every sector declares."""
        found = self.value(quantity, sector)
        if not found:
            raise SpecError(f"{self.account.title}: no equation for {quantity} of {sector}.")
        return found

    def sectors(self, sheet: str, column: int, count: int = 1) -> Area:
        """Return columns of a sheet that lists the base sectors, counted from the first figure."""
        return Area(sheet, TOP, LEFT + column, self.n, count)

    def matrix(self, sheet: str) -> Area:
        """Return the square block of a sheet, base sectors by base sectors."""
        return Area(sheet, TOP, LEFT, self.n, self.n)


def plan_of(derivation: Derivation) -> Plan:
    """Return the plan of the workbook of a derivation."""
    base, account = derivation.base, derivation.account
    declared = account.equations
    numbers = [key for key in account.assumptions if key in account.values]
    quantities = [row.name for row in declared.rows if row.name]
    return Plan(
        derivation=derivation,
        base=base,
        account=account,
        separated=base.meta.import_treatment == "competitive",
        n=len(base),
        names=base.labels.named(),
        patterns=base.satellite("employment").rows.codes,
        currency=account.money or base.meta.currency or "of the currency",
        rows=declared.rows,
        named=legal_names(dict.fromkeys([*numbers, *quantities])),
        inserted=tuple(role.code for role in declared.sectors),
        direct=declared.direct.code,
        scopes=tuple(map(str, derivation.central.columns)),
        income_rows=tuple(map(int, base.primary_labels.in_group("compensation"))),
        household=tuple(map(int, base.final_labels.in_group("household"))),
    )


def equation(at: int, which: str = "value") -> str:
    """Return the cell of a row of the sheet `equations`: its value, or its additional share."""
    column = VALUE_COLUMN if which == "value" else ADDITIONAL_COLUMN
    return Area(EQUATIONS, EQUATION_TOP, column).cell(at)


def map_rows(plan: Plan) -> dict[str, Area]:
    """Return the columns of the sheet `purchases`: item, sector, share."""
    rows = max(1, len(plan.account.map))
    columns = {"item": 1, "sector": 2, "share": 4}
    return {name: Area(PURCHASES, MAP_TOP, at, rows) for name, at in columns.items()}
