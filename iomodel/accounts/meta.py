"""What is known about a table besides its figures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

ImportTreatment = Literal["competitive", "domestic", "not stated"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step that led to a table: the verb and its arguments, as text."""

    verb: str
    arguments: str = ""

    def __str__(self) -> str:
        return f"{self.verb}({self.arguments})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Meta:
    """Facts about a table.

    Attributes
    ----------
    title, publisher, published, address : str
        What the table is called, who published it, when and where.
    region : str
        Country or region covered.
    unit, currency : str
        Unit of the flows (``10,000 CNY``) and its currency.
    unit_value : float
        How many units of the currency one unit of the flows is (10,000 here).
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
    """

    title: str = "Input-output table"
    publisher: str = ""
    published: str = ""
    address: str = ""
    region: str = ""
    unit: str = ""
    currency: str = ""
    unit_value: float = 1.0
    year: int | None = None
    price_year: int | None = None
    valuation: str = ""
    import_treatment: ImportTreatment = "not stated"
    kind: str = ""
    notes: Mapping[str, str] | None = None
    steps: tuple[Step, ...] = ()

    def after(self, verb: str, arguments: str = "", **changes: object) -> "Meta":
        """Return the facts after one more step, with some of them changed."""
        step = Step(verb=verb, arguments=arguments)
        return replace(self, steps=(*self.steps, step), **changes)  # type: ignore[arg-type]

    @property
    def provenance(self) -> tuple[str, ...]:
        """The steps as text."""
        return tuple(str(step) for step in self.steps)
