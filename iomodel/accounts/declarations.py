"""What a study workbook declares: new sectors, channels, and the equation of each quantity."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

from iomodel.accounts.equations import Formula

DIRECT, LINKED = "direct", "linked"
ROLES = (DIRECT, LINKED)
NEEDED = ("output", "jobs", "labour_income")


class Rule(NamedTuple):
    """Which columns of the sheet `equations` a quantity needs, may have or leaves empty.

    Each is ``yes``, ``may`` or ``no``; `single` tells whether there is one row at most (of a
    sector), whose value later formulas can use by name.
    """

    sector: str = "no"
    item: str = "no"
    channel: str = "no"
    additional: str = "no"
    single: bool = True


RULES: Mapping[str, Rule] = {
    "output": Rule(sector="yes"),
    "jobs": Rule(sector="yes", channel="may"),
    "labour_income": Rule(sector="yes"),
    "purchase": Rule(sector="yes", item="yes", channel="yes", single=False),
    "imports": Rule(sector="yes"),
    "from": Rule(sector="yes", item="yes", single=False),
    "spending": Rule(item="yes", channel="yes", additional="yes", single=False),
    "respending": Rule(),
    "farming": Rule(),
    "productivity": Rule(),
    "workdays": Rule(),
    "days_per_fte": Rule(),
    "heads": Rule(),
    "crew_workdays": Rule(item="may"),
    "displaced": Rule(item="may"),
    "moved": Rule(item="may"),
    "check": Rule(sector="may", item="yes", single=False),
    "at_most": Rule(sector="may", item="may", additional="yes", single=False),
}


class Role(NamedTuple):
    """A new sector: who it is, and whether its jobs are the direct ones.

    Attributes
    ----------
    code : str
    role : {"direct", "linked"}
    names : mapping of language to name
    people : mapping of language to text
        Who works in it, for sentences: "production, actors and extras".
    row : int
        Row of the sheet `sectors`, from 0, for messages.
    """

    code: str
    role: str
    names: Mapping[str, str]
    people: Mapping[str, str] = {}
    row: int = 0


class Channel(NamedTuple):
    """A channel of results with its names by language."""

    code: str
    names: Mapping[str, str]
    row: int = 0


class Equation(NamedTuple):
    """One row of the sheet `equations`.

    Attributes
    ----------
    quantity : str
        What is defined: a key of `RULES`.
    formula : Formula
    sector, item, channel : str
        What it is of; empty where the quantity has none.
    additional : Formula or None
        Additional share of spending; upper side of ``at_most``.
    note : str
    row : int
        Row of the sheet, from 0, for messages.
    """

    quantity: str
    formula: Formula
    sector: str = ""
    item: str = ""
    channel: str = ""
    additional: Formula | None = None
    note: str = ""
    row: int = 0

    @property
    def name(self) -> str:
        """What later formulas call the value: ``jobs_p``, ``workdays``; empty for none."""
        rule = RULES.get(self.quantity)
        if rule is None or not rule.single:
            return ""
        return f"{self.quantity}_{self.sector}" if self.sector else self.quantity


class Fault(NamedTuple):
    """Something that the declarations of a study contradict.

    Attributes
    ----------
    sheet : str
    row : int
        From 0; -1 for the sheet as a whole.
    column : str
        Header of the column; empty for the sheet as a whole.
    problem : str
    """

    sheet: str
    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        where = f"{self.sheet}, row {self.row + 1}, {self.column}" if self.column else self.sheet
        return f"{where}: {self.problem}"


@dataclass(frozen=True, eq=False, kw_only=True)
class Equations:
    """The declarations of a study: new sectors, channels and equations, in their order.

    Attributes
    ----------
    sectors : tuple of Role
        The direct one first.
    channels : tuple of Channel
        In the order in which they are shown.
    rows : tuple of Equation
    domestic : bool
        The sheet `purchases` spreads purchases of domestic products: imports are an equation of
        their own, and the domestic shares of the table do not apply.
    idle : {"refuse", "keep"}
        What models do with sectors of the table that have no output.
    """

    sectors: tuple[Role, ...] = ()
    channels: tuple[Channel, ...] = ()
    rows: tuple[Equation, ...] = field(default=())
    domestic: bool = False
    idle: Literal["refuse", "keep"] = "refuse"

    @property
    def direct(self) -> Role:
        """The sector whose jobs are direct."""
        return next(role for role in self.sectors if role.role == DIRECT)

    @property
    def linked(self) -> tuple[Role, ...]:
        """The other new sectors."""
        return tuple(role for role in self.sectors if role.role != DIRECT)

    def of(self, quantity: str, sector: str | None = None) -> tuple[Equation, ...]:
        """Return the rows of a quantity, of one sector if it is named."""
        return tuple(
            row for row in self.rows if row.quantity == quantity and sector in (None, row.sector)
        )

    def label(self, quantity: str, otherwise: str) -> str:
        """Return what the column item calls a quantity; `otherwise` where it is empty."""
        return next((row.item for row in self.of(quantity) if row.item), otherwise)

    def has(self, quantity: str) -> bool:
        """Tell whether a quantity is declared."""
        return any(row.quantity == quantity for row in self.rows)

    @cached_property
    def spread(self) -> Mapping[str, str]:
        """Items that the sheet `purchases` spreads over base sectors, with their channel."""
        return {row.item: row.channel for row in self.rows if row.quantity in SPREAD}

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Prefixes of the blocks of shares that formulas bring to the sum of one."""
        return tuple(dict.fromkeys(p for row in self.rows for p in row.formula.scaled))

    @cached_property
    def used(self) -> frozenset[str]:
        """Every id and quantity that a formula uses."""
        formulas = [row.formula for row in self.rows]
        formulas += [row.additional for row in self.rows if row.additional is not None]
        return frozenset(name for formula in formulas for name in formula.names)

    @cached_property
    def stated(self) -> frozenset[str]:
        """Every id that a formula uses by itself, not only in a sum that it divides by."""
        formulas = [row.formula for row in self.rows]
        formulas += [row.additional for row in self.rows if row.additional is not None]
        return frozenset(name for formula in formulas for name in formula.alone)

    def evaluated(self, values: Mapping[str, Any], sums: dict[str, Any]) -> dict[str, Any]:
        """Return the values with every quantity that has a name, in the order of the sheet.

        Parameters
        ----------
        values : mapping of id to float or ndarray, shape (n,)
            Inputs in units of the currency, persons, days and shares.
        sums : dict
            Sums of blocks, for further formulas of the same values.

        Returns
        -------
        dict of str to float or ndarray
            An input keeps its value where a quantity has its name. Quantities of a sector
            without output are zero.
        """
        found = dict(values)
        for row in self.rows:
            if not row.name or row.name in values:
                continue
            output = found.get(f"output_{row.sector}")
            idle = isinstance(output, float) and output == 0.0
            found[row.name] = 0.0 if idle else row.formula(found, sums)
        return found

    def behind(self, *rows: Equation) -> set[str]:
        """Return every id behind some rows, through the quantities that they use."""
        named = {row.name: row for row in self.rows if row.name}
        found: set[str] = set()
        waiting = [name for row in rows for name in row.formula.names]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += named[name].formula.names if name in named else ()
        return found


SPREAD = frozenset({"purchase", "spending"})


def faults(
    declared: Equations, inputs: Collection[str], mapped: Collection[str]
) -> Iterator[Fault]:
    """Yield everything in which the declarations of a study contradict each other.

    Parameters
    ----------
    declared : Equations
    inputs : collection of str
        Ids of the sheet `inputs`.
    mapped : collection of str
        Items of the sheet `purchases`.

    Yields
    ------
    Fault
    """
    yield from _of_sectors(declared)
    yield from _of_channels(declared)
    for row in declared.rows:
        yield from _of_row(declared, row)
        if row.quantity in SPREAD and row.item and row.item not in mapped:
            text = f"{row.item} has no rows in the sheet purchases to spread it over sectors"
            yield Fault("equations", row.row, "item", text)
        if row.name in inputs and row.formula.text != row.name:
            text = f"{row.name} is an input too: a formula could not tell them apart"
            yield Fault("equations", row.row, "quantity", text)
        if row.quantity == "imports" and not declared.domestic:
            text = "purchases include imports here: write purchases = domestic in the sheet about"
            yield Fault("equations", row.row, "quantity", text)
    yield from _of_additional(declared)
    yield from _repeated(declared)
    for role in declared.sectors:
        lost = [name for name in NEEDED if not declared.of(name, role.code)]
        if lost:
            text = f"no equation gives {', '.join(lost)} of sector {role.code}"
            yield Fault("equations", -1, "", text)


def _of_sectors(declared: Equations) -> Iterator[Fault]:
    seen: set[str] = set()
    direct = [role for role in declared.sectors if role.role == DIRECT]
    if not direct:
        yield Fault("sectors", -1, "", "no sector has the role direct")
    for role in declared.sectors:
        if role.role not in ROLES:
            yield Fault("sectors", role.row, "role", "neither direct nor linked")
        if role.code in seen:
            yield Fault("sectors", role.row, "code", "this sector stands twice")
        seen.add(role.code)
    for role in direct[1:]:
        text = f"a second direct sector; {direct[0].code} is direct already: make it linked"
        yield Fault("sectors", role.row, "role", text)
    if len(direct) == 1 and declared.sectors[0] is not direct[0]:
        yield Fault("sectors", direct[0].row, "role", "the direct sector stands first")


def _of_channels(declared: Equations) -> Iterator[Fault]:
    seen: set[str] = set()
    for channel in declared.channels:
        if channel.code in seen:
            yield Fault("channels", channel.row, "code", "this channel stands twice")
        seen.add(channel.code)


def _of_row(declared: Equations, row: Equation) -> Iterator[Fault]:
    """Columns that the quantity needs or leaves empty, unknown sectors and channels."""
    rule = RULES[row.quantity]
    cells = {
        "sector": (rule.sector, bool(row.sector)),
        "item": (rule.item, bool(row.item)),
        "channel": (rule.channel, bool(row.channel)),
        "additional": (rule.additional, row.additional is not None),
    }
    for column, (wanted, given) in cells.items():
        if wanted == "yes" and not given:
            yield Fault("equations", row.row, column, f"blank, but {row.quantity} needs it")
        if wanted == "no" and given:
            yield Fault("equations", row.row, column, f"{row.quantity} has none: leave it empty")
    codes = {role.code: role.role for role in declared.sectors}
    if row.sector and row.sector not in codes:
        yield Fault("equations", row.row, "sector", "not a sector of the sheet sectors")
    if row.quantity == "from" and row.item and row.item not in codes:
        yield Fault("equations", row.row, "item", "not a sector of the sheet sectors")
    if row.quantity == "from" and row.item and row.item == row.sector:
        yield Fault("equations", row.row, "item", "a new sector buys from another one")
    listed = {channel.code for channel in declared.channels}
    if row.channel and row.channel not in listed:
        yield Fault("equations", row.row, "channel", "not a channel of the sheet channels")
    if row.quantity == "jobs" and codes.get(row.sector) == LINKED and not row.channel:
        yield Fault("equations", row.row, "channel", "blank: staff of a linked sector needs one")


def _of_additional(declared: Equations) -> Iterator[Fault]:
    """Spending of one channel has one additional share, and no supplier shares its channel."""
    first: dict[str, Equation] = {}
    bought = {row.channel for row in declared.rows if row.quantity in ("purchase", "jobs")}
    for row in declared.of("spending"):
        other = first.setdefault(row.channel, row)
        texts = [part.text for part in (row.additional, other.additional) if part is not None]
        if len(set(texts)) > 1:
            text = f"the channel {row.channel} has another additional share in row {other.row + 1}"
            yield Fault("equations", row.row, "additional", text)
        if row.channel in bought:
            text = "suppliers or staff have this channel: spending needs one of its own"
            yield Fault("equations", row.row, "channel", text)


def _repeated(declared: Equations) -> Iterator[Fault]:
    """Rows that define the same thing again, and items that two rows spread."""
    seen: dict[tuple[str, ...], int] = {}
    for row in declared.rows:
        key: tuple[str, ...] = (row.quantity, row.sector, "" if row.name else row.item)
        if row.quantity in SPREAD:
            key = ("item", row.item)
        if row.quantity == "at_most":
            key = (row.quantity, row.formula.text, row.additional.text if row.additional else "")
        if key in seen:
            text = f"defined twice, first in row {seen[key] + 1}"
            yield Fault("equations", row.row, "quantity", text)
        seen.setdefault(key, row.row)
