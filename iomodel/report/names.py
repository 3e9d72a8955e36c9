"""The names by which a page calls scopes, channels, sectors and inputs, in its language."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from iomodel.accounts.declarations import DIRECT
from iomodel.plot.words import channels, patterns, scope
from iomodel.report.texts import Texts
from iomodel.studies.derivation import Derivation
from iomodel.studies.scopes import CHAIN, SUPPLY, scopes_of

LEVEL = re.compile(r"(indirect|total), (.+)")
RATE = re.compile(r"total per (\S+) million of final demand, (.+)")
NET = re.compile(r"(contribution|impact): indirect, .+ \((?:gross|net)\)")


@dataclass(frozen=True, eq=False)
class Names:
    """Names of what a derivation holds: the study's own, or those of the page.

    Attributes
    ----------
    derivation : Derivation
    words : Texts
    """

    derivation: Derivation
    words: Texts

    @property
    def industry(self) -> str:
        """Who is direct, in words."""
        roles = self.derivation.account.equations.sectors
        people = (self._spoken(role.people, "") for role in roles if role.role == DIRECT)
        sectors = (self.sector(code) for code in self.derivation.boundary)
        return self.joined(filter(None, people)) or self.joined(sectors)

    @property
    def linked(self) -> list[str]:
        """Names of the inserted sectors that are not direct."""
        return [self.sector(role.code) for role in self.derivation.account.equations.linked]

    def joined(self, parts: Iterable[str]) -> str:
        """Join texts as a list in a sentence."""
        return self.words("page.comma").join(parts)

    def sector(self, code: str) -> str:
        """Return the name of an inserted sector."""
        roles = self.derivation.account.equations.sectors
        return next((self._spoken(role.names, code) for role in roles if role.code == code), code)

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
        return self._channels.get(name, name.replace("_", " "))

    def pattern(self, name: str) -> str:
        """Return the name of an employment pattern."""
        return self._patterns.get(name, name)

    def level(self, name: str) -> str:
        """Return the name of a level."""
        found = LEVEL.fullmatch(name)
        if found and found[2] in self.derivation.central:
            return self.words(f"level.{found[1]}", scope=self.scope(found[2]))
        kind = NET.fullmatch(name)
        return self.words(f"level.{kind[1]}") if kind else self.words.known("level", name)

    def input(self, name: str) -> str:
        """Return what an input measures."""
        items = self.derivation.account.assumptions
        return items[name].called(self.words.language) if name in items else name

    def group(self, name: str) -> str:
        """Return the name of a group of inputs: as the study writes it."""
        own = (i for i in self.derivation.account.assumptions.values() if i.block == name)
        spoken = self.words.language
        return next((item.blocks[spoken] for item in own if spoken in item.blocks), name)

    def item(self, name: str) -> str:
        """Return what a cost or demand item is: an input, or a channel of its own."""
        items = self.derivation.account.assumptions
        return items[name].called(self.words.language) if name in items else self.channel(name)

    @cached_property
    def _channels(self) -> Mapping[str, str]:
        return channels(self.derivation, self.words.language).names

    @cached_property
    def _patterns(self) -> Mapping[str, str]:
        return patterns(self.derivation, self.words.language)

    def _spoken(self, names: Mapping[str, str], otherwise: str) -> str:
        """Return a name in the language of the page, or in another one."""
        return names.get(self.words.language) or next(iter(names.values()), otherwise)
