"""What a page is made from, and the names by which it calls things."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from iomodel.accounts.declarations import DIRECT
from iomodel.analysis.inverse import Inverse
from iomodel.analysis.sensitivity import Sensitivity
from iomodel.analysis.uncertainty import Uncertainty
from iomodel.plot.words import CHANNELS, channel, group_name, pattern_name, scope
from iomodel.report.parts import between, number
from iomodel.report.texts import Texts
from iomodel.results import Result
from iomodel.studies.comparison import Comparison, published_ratio
from iomodel.studies.derivation import Derivation
from iomodel.studies.placebo import Placebo
from iomodel.studies.scopes import CHAIN, SUPPLY, channel_names, ordered, pair, scopes_of
from iomodel.studies.spread import Spreads

LEVEL = re.compile(r"(indirect|total), (.+)")
SMALL = 0.1
NET = re.compile(r"(contribution|impact): indirect, .+ \((?:gross|net)\)")
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
        return list(pair(self.derivation.central.columns))

    @property
    def scopes(self) -> list[str]:
        """Scopes, the headline pair first."""
        return ordered(map(str, self.derivation.central.columns))

    @property
    def widest(self) -> str:
        """The scope in which channels and destinations are counted."""
        return self.derivation.fullest

    @property
    def digits(self) -> int:
        """Decimals of ratios: more where the headline is small."""
        return 2 if float(self.derivation.central[self.pair[0]].mean()) >= SMALL else 4

    @property
    def industry(self) -> str:
        """Who is direct, in words."""
        roles = self.derivation.account.equations.sectors
        people = (self.spoken(role.people, "") for role in roles if role.role == DIRECT)
        sectors = (self.sector(code) for code in self.derivation.boundary)
        return self.joined(filter(None, people)) or self.joined(sectors)

    @property
    def linked(self) -> list[str]:
        """Names of the inserted sectors that are not direct."""
        return [self.sector(role.code) for role in self.derivation.account.equations.linked]

    def spoken(self, names: Mapping[str, str], otherwise: str) -> str:
        """Return a name in the language of the page, or in another one."""
        return names.get(self.words.language) or next(iter(names.values()), otherwise)

    def joined(self, parts: object) -> str:
        """Join texts as a list in a sentence."""
        return self.words("page.comma").join(map(str, parts))  # type: ignore[call-overload]

    def sector(self, code: str) -> str:
        """Return the name of an inserted sector."""
        roles = self.derivation.account.equations.sectors
        return next((self.spoken(role.names, code) for role in roles if role.code == code), code)

    def scope(self, name: str) -> str:
        """Return the name of a scope."""
        return self.words.known("scope", name, scope(name, self.words.language))

    def contains(self, name: str) -> str:
        """Return what a scope counts."""
        declared, key = self.derivation.account.equations, f"contains.{name}"
        if name == CHAIN and SUPPLY not in scopes_of(declared):
            key += " alone"
        if key not in self.words.words:
            return scopes_of(declared).get(name, name)
        spent = dict.fromkeys(row.channel for row in declared.of("spending"))
        return self.words(
            key,
            direct=self.sector(declared.direct.code),
            linked=self.joined(self.linked),
            spent=self.joined(self.channel(code) for code in spent),
        )

    def channel(self, name: str) -> str:
        """Return the name of a channel."""
        if name in CHANNELS:
            return channel(name, self.words.language)
        names = channel_names(self.derivation.account.equations, self.words.language)
        return names.get(name, channel(name, self.words.language))

    def pattern(self, name: str) -> str:
        """Return the name of an employment pattern."""
        return pattern_name(name, self.words.language)

    def level(self, name: str) -> str:
        """Return the name of a level."""
        found = LEVEL.fullmatch(name)
        if found and found[2] in self.scopes:
            return self.words(f"level.{found[1]}", scope=self.scope(found[2]))
        kind = NET.fullmatch(name)
        return self.words(f"level.{kind[1]}") if kind else self.words.known("level", name)

    def input(self, name: str) -> str:
        """Return what an input measures."""
        items = self.derivation.account.assumptions
        return items[name].item if name in items else name

    def group(self, name: str) -> str:
        """Return the name of a group of inputs."""
        return group_name(name, self.words.language)

    def item(self, name: str) -> str:
        """Return what a cost or demand item is: an input, or a channel of its own."""
        items = self.derivation.account.assumptions
        return items[name].item if name in items else self.channel(name)

    def spread(self, scope: str) -> str:
        """Return the range of a scope over employment patterns."""
        values = self.derivation.central[scope]
        return between(float(values.min()), float(values.max()), self.digits)

    def mean(self, scope: str) -> str:
        """Return the mean of a scope over employment patterns."""
        return number(float(self.derivation.central[scope].mean()), self.digits)

    def transposed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return what has patterns as rows with patterns as columns, the mean first."""
        flipped = frame.T
        return pd.concat([flipped.mean(axis=1).rename("mean"), flipped], axis=1)
