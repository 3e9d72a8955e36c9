"""The scopes of a study: which of them exist, what each contains, which stands first."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from iomodel.accounts.declarations import Equations
from iomodel.analysis.channels import Spending

SUPPLY, CHAIN, CONSUMER, GROSS = "supply", "chain", "chain+consumer", "chain+consumer-gross"
HOUSEHOLDS, ALL = "chain+households", "all"
CORE, SPILL = "induced_core", "induced_spill"
INDUCED_NAMES: Mapping[str, Mapping[str, str]] = {
    CORE: {"en": "household re-spending, core", "zh": "居民再消费：核心"},
    SPILL: {"en": "household re-spending, consumer end", "zh": "居民再消费：消费端"},
}


class Run(NamedTuple):
    """How the model is run for a scope: with household re-spending, and which spending."""

    induced: bool
    spending: Spending


RUNS: Mapping[str, Run] = {
    CHAIN: Run(False, "none"),
    CONSUMER: Run(False, "additional"),
    GROSS: Run(False, "attributed"),
    HOUSEHOLDS: Run(True, "none"),
    ALL: Run(True, "additional"),
}


def scopes_of(declared: Equations) -> dict[str, str]:
    """Return the scopes of a study in their order, with what each contains.

    Parameters
    ----------
    declared : Equations

    Returns
    -------
    dict of scope to text
        ``supply`` where there are linked sectors, ``chain`` always, consumer scopes where there
        is spending, household scopes where there is re-spending, ``all`` where there are both.
    """
    names = ", ".join(role.names.get("en", role.code) for role in declared.linked)
    kinds = dict.fromkeys(row.channel for row in declared.of("spending"))
    titles = channel_names(declared)
    spent = ", ".join(titles.get(code, code) for code in kinds)
    direct = declared.direct.names.get("en", declared.direct.code)
    alone = f"suppliers of {direct} and their suppliers (Type I)"
    with_others = f"supply and {names}: staff, inputs, their suppliers (Type I)"
    texts = {
        SUPPLY: f"backward supply chain of {direct}",
        CHAIN: with_others if names else alone,
        CONSUMER: f"chain and additional spending: {spent}",
        GROSS: "chain and all attributed spending: an upper bound",
        HOUSEHOLDS: "chain and household re-spending of labour income (Type II core)",
        ALL: "chain, additional spending and household re-spending",
    }
    respent = declared.has("respending")
    present = {
        SUPPLY: bool(declared.linked),
        CHAIN: True,
        CONSUMER: bool(kinds),
        GROSS: bool(kinds),
        HOUSEHOLDS: respent,
        ALL: respent and bool(kinds),
    }
    return {scope: text for scope, text in texts.items() if present[scope]}


def channel_names(declared: Equations, language: str = "en") -> dict[str, str]:
    """Return the channels of results in their order, with names.

    Parameters
    ----------
    declared : Equations
    language : str

    Returns
    -------
    dict of channel to name
        Declared channels, then those of household re-spending that the study has.
    """
    names = {c.code: c.names.get(language, c.code) for c in declared.channels}
    if declared.has("respending"):
        names[CORE] = INDUCED_NAMES[CORE].get(language, CORE)
        if declared.has("spending"):
            names[SPILL] = INDUCED_NAMES[SPILL].get(language, SPILL)
    return names


def pair(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return the headline scope, with its upper bound behind it where there is one."""
    found = set(scopes)
    return (CONSUMER, GROSS) if CONSUMER in found else (CHAIN,)


def headline(scopes: Iterable[str]) -> str:
    """Return the headline scope: with additional spending where there is any."""
    return pair(scopes)[0]


def ordered(scopes: Iterable[str]) -> list[str]:
    """Return scopes with the headline pair first."""
    listed = list(scopes)
    first = pair(listed)
    return [*first, *(scope for scope in listed if scope not in first)]


def fullest(scopes: Iterable[str]) -> str:
    """Return the scope that contains most, upper bounds apart: channels are shown for it."""
    found = set(scopes)
    return next(scope for scope in (ALL, HOUSEHOLDS, CONSUMER, CHAIN) if scope in found)
