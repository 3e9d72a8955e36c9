"""Compare a derivation with published figures, after the fact.

Only this module and the reader of the sheet `published` know published results; nothing
in the forward derivation imports either.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from iomodel.analysis.inverse import CONDITION, NONE, Inverse, inverse
from iomodel.readers.published import PublishedFigure
from iomodel.results import Result
from iomodel.studies.agreement import agreement
from iomodel.studies.derivation import Derivation
from iomodel.studies.forward import POOLED
from iomodel.studies.scopes import pair

RATIO = "ratio"


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """Where published figures lie against the derived ones.

    Attributes
    ----------
    figures : mapping of id to PublishedFigure
    scopes : DataFrame
        By scope: lowest, mean and highest ratio over patterns, published less mean, number
        of patterns at or above the published ratio. Empty without one.
    external : DataFrame
        Other published ratios of indirect to direct jobs.
    agreement : DataFrame
        Published figures that name a scope, beside the derived ones; may be empty.
    checks : mapping
        Rival counts, wage bill, hubs, the mixed-basis exhibit.

    Examples
    --------
    >>> import iomodel as iom
    >>> base = iom.read(iom.example("china-2020"))
    >>> study = iom.read_sectors(iom.example("micro-drama-2025"), base=base)
    >>> shown = iom.read_published(iom.example("micro-drama-2025"))
    >>> iom.compare(iom.derive(study, base), shown).scopes.columns.tolist()
    ['low', 'mean', 'high', 'published', 'published less mean', 'patterns at or above']
    """

    figures: Mapping[str, PublishedFigure]
    scopes: pd.DataFrame
    external: pd.DataFrame
    checks: Mapping[str, Any]
    agreement: pd.DataFrame = field(default_factory=pd.DataFrame)
    provenance: Sequence[str] = ()
    residual: float = 0.0

    @property
    def title(self) -> str:
        """What is compared."""
        return "Derived against published: a comparison, no input"

    @property
    def units(self) -> Mapping[str, str]:
        """Ratios, and a count of employment patterns."""
        found = {str(name): "1" for name in self.scopes.columns}
        return {**found, "patterns at or above": "patterns"}

    def to_frame(self) -> pd.DataFrame:
        """Return the comparison by scope, or figure by figure where each names its scope."""
        return (self.agreement if self.scopes.empty else self.scopes).copy()

    @property
    def sentence(self) -> str:
        """One sentence on where the published ratio lies against the headline pair."""
        if RATIO not in self.figures or self.scopes.empty:
            return ""
        value = self.figures[RATIO].value
        parts = []
        for scope in pair(self.scopes.index):
            row = self.scopes[["low", "high"]].T[scope].to_dict()
            parts.append(f"{scope} {row['low']:.2f}-{row['high']:.2f} ({_side(value, row)})")
        return f"published {value:g}: " + "; ".join(parts)


def _side(value: float, row: Mapping[Hashable, float]) -> str:
    if value > row["high"]:
        return "published is above it in every pattern"
    if value < row["low"]:
        return "published is below it in every pattern"
    return "published is inside this range"


def compare(derivation: Derivation, published: Sequence[PublishedFigure]) -> Comparison:
    """Compare a derivation with published figures.

    Parameters
    ----------
    derivation : Derivation
    published : sequence of PublishedFigure
        From `iom.read_published`; may be empty.

    Returns
    -------
    Comparison
        Every scope is shown; the nearest one is not singled out.

    Examples
    --------
    >>> import iomodel as iom
    >>> base = iom.read(iom.example("china-2020"))
    >>> study = iom.read_sectors(iom.example("micro-drama-2025"), base=base)
    >>> shown = iom.read_published(iom.example("micro-drama-2025"))
    >>> found = iom.compare(iom.derive(study, base), shown)
    >>> found.scopes.index.tolist()[:2]
    ['supply', 'chain']
    """
    figures = {figure.id: figure for figure in published}
    ratios = [figure for figure in published if figure.kind == RATIO]
    external = pd.DataFrame(
        [[f.item, f.low, f.value, f.high, f.note, f.publisher] for f in ratios],
        index=[figure.id for figure in ratios],
        columns=["item", "low", "value", "high", "contains", "publisher"],
    )
    external.index.name = "id"
    scopes = _scopes(derivation, figures[RATIO].value) if RATIO in figures else pd.DataFrame()
    return Comparison(
        figures=figures,
        scopes=scopes,
        external=external,
        checks=_checks(derivation, figures),
        agreement=agreement(derivation, published),
        provenance=derivation.provenance,
    )


def published_ratio(comparison: Comparison | None) -> float | None:
    """Return the published ratio that a derivation is compared with; None without one.

    Parameters
    ----------
    comparison : Comparison or None

    Returns
    -------
    float or None
    """
    if comparison is None or RATIO not in comparison.figures:
        return None
    return comparison.figures[RATIO].value


def ask(derivation: Derivation, value: float, *, draws: int, seed: int) -> dict[str, Inverse]:
    """Ask, after the fact, what inputs would give a published ratio in the headline pair.

    Parameters
    ----------
    derivation : Derivation
    value : float
    draws, seed : int

    Returns
    -------
    dict of text to Inverse
        By scope, patterns as drawn (one input alone and the nearest inputs then hold the
        central pattern); and by scope and pattern (``chain, census2020``), if there are
        several. Conditional on the published figure, not evidence for it.
    """
    run, account = derivation.forward, derivation.account
    patterns = [*run.patterns] if len(run.patterns) > 1 else []
    return {
        scope if pattern == POOLED else f"{scope}, {pattern}": inverse(
            run, account, of=("ratio", scope, pattern), target=value, draws=draws, seed=seed
        )
        for scope in pair(derivation.central.columns)
        for pattern in (POOLED, *patterns)
    }


def asked_record(asked: Mapping[str, Inverse]) -> dict[str, Any]:
    """Return what results.json holds of the inverse question.

    Parameters
    ----------
    asked : mapping of scope to Inverse

    Returns
    -------
    dict
    """
    return {
        scope: {
            "title": found.title,
            "target": found.target,
            "inputs alone": {
                str(key): None if value != value else float(value)
                for key, value in found.inputs["value"].items()
            },
            "refused by": {
                str(key): text for key, text in found.inputs["refused by"].items() if text
            },
            "nearest, prior standard deviations": None
            if found.distance != found.distance
            else found.distance,
            "nearest": {str(key): float(v) for key, v in found.nearest.get("nearest", {}).items()},
            "posterior shift": {
                str(key): float(v) for key, v in found.posterior["shift"].items() if v == v
            },
            "effective draws": found.effective,
        }
        for scope, found in asked.items()
    }


def asked_lines(asked: Mapping[str, Inverse]) -> Iterator[str]:
    """Yield the printed answer to the inverse question.

    Parameters
    ----------
    asked : mapping of scope to Inverse

    Yields
    ------
    str
    """
    if asked:
        yield f"What it would take, all else central: {CONDITION}."
    for scope, found in asked.items():
        passing = (found.inputs["answer"] != NONE) & (found.inputs["refused by"] == "")
        alone = found.inputs[passing]
        listed = ", ".join(f"{key} {text}" for key, text in alone["answer"].items())
        far = "no inputs within their ranges give it"
        if found.distance == found.distance:
            far = f"nearest inputs {found.distance:.2f} prior standard deviations away"
        yield (
            f"{scope} = {found.target:g}: one input alone: {listed or 'none in its range'}; {far}; "
            f"{found.effective:,.0f} effective draws."
        )
    if asked:
        yield ""


def _scopes(derivation: Derivation, value: float) -> pd.DataFrame:
    central = derivation.central
    frame = pd.DataFrame(
        {
            "low": central.min(),
            "mean": central.mean(),
            "high": central.max(),
            "published": value,
            "published less mean": value - central.mean(),
            "patterns at or above": (central >= value).sum(),
        }
    )
    frame.index.name = "scope"
    return frame


def _checks(derivation: Derivation, figures: Mapping[str, PublishedFigure]) -> dict[str, Any]:
    """Return the checks that need figures of others; `Checks` holds the rest."""
    labour = derivation.labour
    found: dict[str, Any] = {}
    counts = [figure for figure in figures.values() if figure.kind == "count"]
    if counts:
        found["rival counts of direct jobs"] = {
            figure.id: {
                "persons": figure.value,
                **({"per direct head here": figure.value / labour.heads} if labour.heads else {}),
                "per direct FTE here": figure.value / labour.fte,
            }
            for figure in counts
        }
    wages = [figure for figure in figures.values() if figure.kind == "wage"]
    bill = derivation.checks.wage_bill
    if wages and bill > 0:
        found["heads x average wage over the wage bill"] = {
            figure.id: {
                "average wage": figure.value,
                **({"heads": labour.heads * figure.value / bill} if labour.heads else {}),
                "fte": labour.fte * figure.value / bill,
            }
            for figure in wages
        }
    hubs = _hubs(derivation, figures)
    if hubs:
        found["hub head-counts"] = hubs
    if "workdays_chain" in figures and labour.days_per_fte:
        days = labour.days_per_fte / 1e6
        found["work-days of the whole chain, million"] = {
            "published, more than": figures["workdays_chain"].value,
            **{
                scope: float(derivation.levels[f"total, {scope}"].mean() * days)
                for scope in derivation.central
            },
        }
    heads = figures["direct_heads"].value if "direct_heads" in figures else 0.0
    if heads > 0:
        indirect = derivation.levels[f"indirect, {derivation.headline}"]
        found["mixed-basis exhibit"] = {
            "what": "year-round indirect jobs over part-year direct heads: two bases in one "
            "ratio, shown once and used nowhere",
            "ratio": {key: float(jobs / heads) for key, jobs in indirect.items()},
        }
    return found


def _hubs(derivation: Derivation, figures: Mapping[str, PublishedFigure]) -> dict[str, Any]:
    """Direct jobs of the places counted locally by their share of output, against the counts."""
    places = [figure for figure in figures.values() if figure.kind == "local"]
    shares = [figure for figure in places if figure.unit.startswith("share")]
    local = [figure for figure in places if figure not in shares]
    labour = derivation.labour
    if len(shares) != 1 or not local:
        return {}
    share = shares[0]
    if share.low is None or share.high is None:
        return {}
    heads = labour.heads
    return {
        "counted locally, persons": sum(figure.value for figure in local),
        "share of national output": [share.low, share.high],
        **({"heads by that share": [heads * share.low, heads * share.high]} if heads else {}),
        "fte by that share": [labour.fte * share.low, labour.fte * share.high],
    }
