"""What a page is made from, and the names by which it calls things."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from iomodel.analysis.inverse import Inverse
from iomodel.analysis.sensitivity import Sensitivity
from iomodel.analysis.uncertainty import Uncertainty
from iomodel.plot.words import channel, scope
from iomodel.report.parts import between, number
from iomodel.report.texts import Texts
from iomodel.results import Result
from iomodel.studies.comparison import Comparison, published_ratio
from iomodel.studies.derivation import HEADLINE, SCOPES, UPPER, Derivation
from iomodel.studies.placebo import Placebo
from iomodel.studies.spread import Spreads

LEVEL = re.compile(r"(indirect|total), (.+)")
RATE = re.compile(r"total per (\S+) million of final demand, (.+)")


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """Everything that a page may show; all but the derivation may be absent.

    Attributes
    ----------
    derivation : Derivation
    comparison : Comparison or None
    intervals : Spreads, Uncertainty or None
    placebo : Placebo or None
    asked : mapping of scope to Inverse
    inputs : mapping of file name to sha256
    beside : sequence of Result
    words : Texts
    drawable : bool
        Whether pictures can be drawn.
    """

    derivation: Derivation
    words: Texts
    comparison: Comparison | None = None
    intervals: Spreads | Uncertainty | None = None
    placebo: Placebo | None = None
    asked: Mapping[str, Inverse] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    beside: Sequence[Result] = ()
    drawable: bool = False

    @property
    def stated(self) -> Uncertainty | None:
        """Draws with distributions as stated."""
        return self.intervals.stated if isinstance(self.intervals, Spreads) else self.intervals

    @property
    def drivers(self) -> Sensitivity | None:
        """What drives the headline, if it was asked."""
        return self.intervals.drivers if isinstance(self.intervals, Spreads) else None

    @property
    def published(self) -> float | None:
        """The published ratio, if there is one to compare with."""
        return published_ratio(self.comparison)

    @property
    def patterns(self) -> list[str]:
        """Employment patterns."""
        return [str(name) for name in self.derivation.central.index]

    @property
    def pair(self) -> list[str]:
        """The headline, and the upper bound that is read with it."""
        known = [str(name) for name in self.derivation.central.columns]
        return [scope for scope in (HEADLINE, UPPER) if scope in known] or known[:1]

    @property
    def scopes(self) -> list[str]:
        """Scopes, the headline pair first."""
        known = [str(name) for name in self.derivation.central.columns]
        return [*self.pair, *(scope for scope in known if scope not in self.pair)]

    @property
    def widest(self) -> str:
        """The scope in which channels and destinations are counted."""
        known = [str(name) for name in self.derivation.central.columns]
        return "all" if "all" in known else known[-1]

    @property
    def industry(self) -> str:
        """What the direct jobs make, in words."""
        return self.joined(self.sector(code) for code in self.derivation.boundary)

    def joined(self, parts: object) -> str:
        """Join texts as a list in a sentence."""
        return self.words("page.comma").join(map(str, parts))  # type: ignore[call-overload]

    def sector(self, code: str) -> str:
        """Return the name of an inserted sector."""
        names = self.derivation.account.names.get(code, {})
        return names.get(self.words.language) or next(iter(names.values()), code)

    def scope(self, name: str) -> str:
        """Return the name of a scope."""
        return self.words.known("scope", name, scope(name, self.words.language))

    def contains(self, name: str) -> str:
        """Return what a scope counts."""
        return self.words.known("contains", name, SCOPES.get(name, name))

    def channel(self, name: str) -> str:
        """Return the name of a channel."""
        return channel(name, self.words.language)

    def pattern(self, name: str) -> str:
        """Return the name of an employment pattern."""
        return self.words.known("pattern", name)

    def level(self, name: str) -> str:
        """Return the name of a level."""
        found = LEVEL.fullmatch(name)
        if found and found[2] in self.scopes:
            return self.words(f"level.{found[1]}", scope=self.scope(found[2]))
        return self.words.known("level", name)

    def input(self, name: str) -> str:
        """Return what an input measures."""
        items = self.derivation.account.assumptions
        return items[name].item if name in items else name

    def item(self, name: str) -> str:
        """Return what a cost or demand item is: an input, or a channel of its own."""
        items = self.derivation.account.assumptions
        return items[name].item if name in items else self.channel(name)

    def spread(self, scope: str, digits: int = 2) -> str:
        """Return the range of a scope over employment patterns."""
        values = self.derivation.central[scope]
        return between(float(values.min()), float(values.max()), digits)

    def mean(self, scope: str, digits: int = 2) -> str:
        """Return the mean of a scope over employment patterns."""
        return number(float(self.derivation.central[scope].mean()), digits)

    def transposed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return what has patterns as rows with patterns as columns, the mean first."""
        flipped = frame.T
        return pd.concat([flipped.mean(axis=1).rename("mean"), flipped], axis=1)
