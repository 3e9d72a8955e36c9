"""What is known about a table besides its figures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

from iomodel.errors import AccountingError
from iomodel.results import Shown

ImportTreatment = Literal["competitive", "domestic", "not stated"]


SIZES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "bn": 1e9, "万": 1e4, "亿": 1e8}
ABBREVIATIONS = frozenset({"mln", "mio", "mil", "mrd", "mld", "bln", "bil", "tsd", "tys", "thd"})
UNIT = re.compile(
    r"(?P<number>[1-9]\d{0,2}(?:[ ,\u00a0]?\d{3})*)?\s*(?P<word>[a-z]+(?=\s)|[万亿])?\s*"
    r"(?P<currency>[a-z]{3}|元|[$€£¥]|dollars?|euros?|pounds?|yuan|yen|won)",
    re.IGNORECASE,
)


def size_of(unit: str) -> float | None:
    """Size of a unit of money: 1 for a currency alone, 10,000 for ``10,000 CNY``; else None."""
    if not unit.strip():
        return 1.0
    found = UNIT.fullmatch(unit.strip())
    if found is None:
        return None
    word = (found["word"] or "").lower()
    if (word and word not in SIZES) or found["currency"].lower() in ABBREVIATIONS:
        return None
    number = re.sub(r"\D", "", found["number"] or "")
    return float(number or 1) * SIZES.get(word, 1.0)


class Step(NamedTuple):
    """One step that led to a table: the verb and its arguments, as text."""

    verb: str
    arguments: str = ""

    def __str__(self) -> str:
        return f"{self.verb}({self.arguments})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Meta(Shown):
    """Facts about a table.

    Attributes
    ----------
    title, publisher, published, address : str
        What the table is called, who published it, when and where.
    region : str
        Country or region covered.
    unit, currency : str
        Unit of the flows (``10,000 CNY``) and its currency.
    unit_value : float or None
        How many units of the currency one unit of the flows is (10,000 here); None if the
        unit does not say.
    year, price_year : int or None
        Year of the flows and year of the prices in which they are stated.
    valuation : str
        ``producers' prices``, ``basic prices`` or ``purchasers' prices``.
    import_treatment : {"competitive", "domestic", "not stated"}
        ``competitive``: flows include imported goods; ``domestic``: they do not.
    kind : str
        ``product`` or ``industry``.
    notes : mapping
        Other facts, as published: quotation notice, precision.
    steps : tuple of Step
        The chain of steps that led here, oldest first.

    Examples
    --------
    >>> import iomodel as iom
    >>> iom.Meta(title="Germany", unit="million EUR", currency="EUR").unit_size
    1000000.0
    """

    title: str = "Input-output table"
    publisher: str = ""
    published: str = ""
    address: str = ""
    region: str = ""
    unit: str = ""
    currency: str = ""
    unit_value: float | None = None
    year: int | None = None
    price_year: int | None = None
    valuation: str = ""
    import_treatment: ImportTreatment = "not stated"
    kind: str = ""
    notes: Mapping[str, str] | None = None
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        known = get_args(ImportTreatment)
        if self.import_treatment not in known:
            raise AccountingError(
                f"import treatment {self.import_treatment!r} is not known; use {', '.join(known)}."
            )

    def after(self, verb: str, arguments: str = "", **changes: object) -> "Meta":
        """Return the facts after one more step, with some of them changed."""
        step = Step(verb=verb, arguments=arguments)
        return replace(self, steps=(*self.steps, step), **changes)  # type: ignore[arg-type]

    @property
    def unit_size(self) -> float:
        """How many units of the currency one unit of the flows is.

        Raises
        ------
        AccountingError
            If neither `unit_value` nor the text of the unit says.
        """
        size = size_of(self.unit) if self.unit_value is None else self.unit_value
        if size is None:
            raise AccountingError(
                f"the size of the unit {self.unit!r} is not known: give unit_value, such as 1e6 "
                "for millions of the currency."
            )
        return size

    @property
    def provenance(self) -> tuple[str, ...]:
        """The steps as text."""
        return tuple(str(step) for step in self.steps)
