"""Sectors and demand that are to be inserted into a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from iomodel.accounts.satellite import Basis
from iomodel.errors import SpecError, listed
from iomodel.results import Shown, figure

SUM_TOLERANCE = 1e-9


class Purchase(NamedTuple):
    """A share of a new sector's output that it spends on one base sector.

    Attributes
    ----------
    item, channel : str
        Cost item and the channel of results that it belongs to.
    sector : str
        Code of the base sector that supplies.
    share : float
        Share of the buyer's output, domestic and imported together.
    address : str
        Where the sector code was read, for messages.
    """

    item: str
    channel: str
    sector: str
    share: float
    address: str = ""


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class NewSector(Shown):
    """A sector that no table has yet: cost column, output, labour, sources.

    Parameters
    ----------
    code : str
        Code of the sector in the new table.
    names : mapping of language to name, optional
    output : float
        Output at producers' prices, in units of the currency (not of the table).
    purchases : tuple of Purchase, or mapping of base sector code to share
        Purchases from base sectors as shares of output, imports included.
    from_new : mapping of code to share, optional
        Purchases from other inserted sectors as shares of output.
    labour_income : float
        Compensation as a share of output.
    imports : float
        Imported products that it buys, as a share of output, where `purchases` are domestic.
    domestic : bool
        Purchases are of domestic products alone: domestic shares do not apply to them.
    levels : mapping of satellite name to level, optional
        Level in each satellite, in persons, tonnes, ... (not in thousands of them).
    basis : {"", "heads", "fte", "work-days"}
        What a job is in `levels`.
    channel : str
        Channel of results that its own jobs belong to where it is not direct itself.
    price_year : int, optional
    currency : str
    sources : tuple of str
        Evidence behind the figures.

    Raises
    ------
    SpecError
        If a share is negative, above one or not a number, the shares exceed the output, or
        imports stand beside purchases that include them.

    Notes
    -----
    What shares leave over is other value added (taxes, depreciation, surplus); a negative
    remainder is refused.

    Examples
    --------
    >>> import iomodel as iom
    >>> new = iom.NewSector(code="x", output=1e9, purchases={"01001": 0.2}, labour_income=0.5)
    >>> round(new.other_value_added, 3)
    0.3
    """

    code: str
    output: float
    purchases: tuple[Purchase, ...] | Mapping[str, float]
    labour_income: float
    names: Mapping[str, str] = field(default_factory=dict)
    from_new: Mapping[str, float] = field(default_factory=dict)
    imports: float = 0.0
    domestic: bool = False
    levels: Mapping[str, float] = field(default_factory=dict)
    basis: Basis = ""
    channel: str = ""
    price_year: int | None = None
    currency: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.purchases, Mapping):
            items = self.purchases.items()
            bought = tuple(Purchase("purchases", "supply", str(k), float(v)) for k, v in items)
            object.__setattr__(self, "purchases", bought)
        for name in ("names", "from_new", "levels"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        shares = {
            **{f"{item.item} from {item.sector}": item.share for item in self.bought},
            **{f"purchases from {code}": share for code, share in self.from_new.items()},
            "labour income": self.labour_income,
            "imports": self.imports,
        }
        bad = [f"{what}: {share}" for what, share in shares.items() if not 0 <= share <= 1]
        if not self.output > 0 or not np.isfinite(self.output):
            bad.append(f"output must be above zero, not {self.output}")
        if self.imports and not self.domestic:
            bad.append("imports beside purchases that include them: state purchases as domestic")
        bad += [f"level of {k}: {v}" for k, v in self.levels.items() if not 0 <= v < np.inf]
        if bad:
            raise SpecError(
                f"sector {self.code!r}: shares must lie between 0 and 1:\n  {listed(bad)}"
            )
        if self.other_value_added < -SUM_TOLERANCE:
            raise SpecError(
                f"sector {self.code!r}: costs are {1 - self.other_value_added:.4f} of output, so "
                f"the residual (taxes, surplus) would be {self.other_value_added:.4f}. "
                "Lower a cost share."
            )

    def __repr__(self) -> str:
        bought = sum(item.share for item in self.bought)
        levels = ", ".join(f"{name} {figure(level)}" for name, level in self.levels.items())
        return (
            f"<NewSector> {self.code} {self.names.get('en', '')}: output "
            f"{figure(self.output)} {self.currency}; shares of output: base sectors "
            f"{bought:.4f}, inserted sectors {sum(self.from_new.values()):.4f}, labour income "
            f"{self.labour_income:.4f}, other value added {self.other_value_added:.4f}; "
            f"{levels or 'no levels'} {self.basis}"
        )

    @property
    def bought(self) -> tuple[Purchase, ...]:
        """Purchases from base sectors."""
        return self.purchases if isinstance(self.purchases, tuple) else ()

    @property
    def other_value_added(self) -> float:
        """What purchases and labour income leave over, as a share of output."""
        spent = sum(item.share for item in self.bought) + sum(self.from_new.values())
        left = 1.0 - spent - self.imports - self.labour_income
        return 0.0 if abs(left) < SUM_TOLERANCE else left


@dataclass(frozen=True, kw_only=True)
class NewDemand(Shown):
    """Final demand for base sectors that the new activity brings.

    Parameters
    ----------
    item, channel : str
        What is bought, and the channel of results that it belongs to.
    amounts : mapping of base sector code to amount
        Attributed spending, imports included, in units of the currency.
    additional : float
        Share of it that is additional spending; the rest displaces other spending.
    domestic : bool
        The amounts are of domestic products alone: domestic shares do not apply to them.
    price_year : int, optional
    currency : str

    Examples
    --------
    >>> import iomodel as iom
    >>> trips = iom.NewDemand(item="trips", channel="tourism", amounts={"62120": 1e8})
    >>> dict(trips.amounts)
    {'62120': 100000000.0}
    """

    item: str
    channel: str
    amounts: Mapping[str, float]
    additional: float = 1.0
    domestic: bool = False
    price_year: int | None = None
    currency: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "amounts", MappingProxyType(dict(self.amounts)))
        bad = [
            f"{code}: {value}" for code, value in self.amounts.items() if not 0 <= value < np.inf
        ]
        if not 0 <= self.additional <= 1:
            bad.append(f"additional share: {self.additional}")
        if bad:
            raise SpecError(f"demand {self.item!r}: impossible amounts:\n  {listed(bad)}")
