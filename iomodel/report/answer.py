"""The answer, above everything else: two sentences and the figures they rest on."""

from collections.abc import Iterator
from dataclasses import dataclass

from iomodel.analysis.uncertainty import Uncertainty
from iomodel.report.material import Material
from iomodel.report.names import RATE
from iomodel.report.parts import between, items, number
from iomodel.studies.comparison import RATIO
from iomodel.studies.spread import scopes as quantiles


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One key figure: what, how much, and in which sense."""

    head: str
    value: str
    notes: tuple[str, ...]
    lead: bool = False
    first: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The head of the page."""

    title: str
    subtitle: str
    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]


def answer(material: Material) -> Answer:
    """Return the answer of a derivation.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Answer
    """
    words, derivation = material.words, material.derivation
    return Answer(
        title=derivation.account.titles.get(words.language, derivation.account.title),
        subtitle=words(
            "page.subtitle",
            direct=material.names.industry,
            imports=words.known("imports", derivation.method),
        ),
        sentences=(_derived(material), _compared(material)),
        tiles=tuple(_tiles(material)),
    )


def _derived(material: Material) -> str:
    """Say what was derived, and its interval if draws were made."""
    words, (scope, *upper) = material.words, material.pair
    several = len(material.patterns) > 1
    parts = [
        words(
            "answer.what" if several else "answer.what_one",
            industry=material.names.industry,
            mean=material.mean(scope),
            scope=words.known("scope_in", scope, material.names.scope(scope)),
            range=material.spread(scope),
        )
    ]
    parts += [
        words("answer.upper", mean=material.mean(name), range=material.spread(name))
        for name in upper
    ]
    found = material.stated
    if found is not None:
        row = quantile(found, scope)
        parts.append(
            words(
                "answer.draws",
                accepted=number(found.accepted, 0),
                median=number(row["median"], material.digits),
                low=number(row["p05"], material.digits),
                high=number(row["p95"], material.digits),
            )
        )
    return words("page.clause").join(parts) + words("page.sentence_end")


def quantile(found: Uncertainty, scope: str) -> dict[str, float]:
    """Return median and quantiles of the ratio of a scope.

    Parameters
    ----------
    found : Uncertainty
    scope : str

    Returns
    -------
    dict of str to float
    """
    return dict(items(quantiles(found)))[scope]


def _agreed(material: Material) -> str:
    """Say how many published figures were found, where they name their scope."""
    words, comparison = material.words, material.comparison
    if comparison is None or comparison.agreement.empty:
        return words("answer.none")
    within = comparison.agreement["within"].tolist()
    return words("answer.agree", count=len(within), within=within.count("yes"))


def _compared(material: Material) -> str:
    """Say where the published ratio lies, and why it differs."""
    words, comparison = material.words, material.comparison
    if comparison is None or material.published is None:
        return _agreed(material)
    figure, (scope, *upper) = comparison.figures[RATIO], material.pair
    sides = [side_of(material, name) for name in (scope, *upper)]
    first = words(
        "answer.published" if upper else "answer.published_one",
        value=f"{figure.value:g}",
        publisher=figure.publisher,
        date=figure.published,
        side=words(f"answer.{sides[0]}"),
        upper_side=words(f"answer.{sides[-1]}_upper"),
    )
    means = material.derivation.central.mean()
    low, high = str(means.idxmin()), str(means.idxmax())
    parts = [first]
    if low != high:
        parts.append(
            words(
                "answer.why_inside" if sides[0] == "inside" else "answer.why",
                low=material.mean(low),
                low_scope=material.names.scope(low),
                high=material.mean(high),
                high_scope=material.names.scope(high),
            )
        )
    return words("page.clause").join(parts) + words("page.sentence_end")


def side_of(material: Material, scope: str) -> str:
    """Say on which side of the range of a scope the published ratio lies.

    Parameters
    ----------
    material : Material
    scope : str

    Returns
    -------
    {"above", "inside", "below"}
    """
    values, value = material.derivation.central[scope], material.published
    assert value is not None, "there is a published ratio"
    if value > float(values.max()):
        return "above"
    return "below" if value < float(values.min()) else "inside"


def _tiles(material: Material) -> Iterator[Tile]:
    words, (scope, *upper) = material.words, material.pair
    several = len(material.patterns) > 1
    for name, head in zip((scope, *upper), ("headline", "upper_head"), strict=False):
        spread = words("answer.range_note", range=material.spread(name)) if several else ""
        yield Tile(
            head=words(f"answer.{head}"),
            value=material.mean(name),
            notes=tuple(filter(None, (material.names.scope(name), spread))),
            lead=True,
        )
    found = material.stated
    if found is not None:
        row = quantile(found, scope)
        yield Tile(
            head=words("answer.interval_head"),
            value=between(row["p05"], row["p95"], material.digits),
            notes=(
                material.names.scope(scope),
                words("answer.median_note", median=number(row["median"], material.digits)),
            ),
        )
    yield from _jobs(material, scope)


def _jobs(material: Material, scope: str) -> Iterator[Tile]:
    """Direct, indirect and total jobs of the headline."""
    words, levels = material.words, material.derivation.levels.mean()
    unit = words("answer.fte_note")
    count = len(material.patterns)
    notes: tuple[str, ...] = (unit,)
    if count > 1:
        notes += (words("answer.mean_note", count=count),)
    for head, name in (
        ("direct_head", "direct"),
        ("indirect_head", f"indirect, {scope}"),
        ("total_head", f"total, {scope}"),
    ):
        if name in levels:
            shown = notes if name != "direct" else (unit,)
            if name.startswith("total"):
                shown += tuple(_per_million(material, scope))
            yield Tile(
                head=words(f"answer.{head}"),
                value=number(float(levels[name]), 0),
                notes=shown,
                first=name == "direct",
            )


def _per_million(material: Material, scope: str) -> Iterator[str]:
    """Say how many jobs of a scope go with a million of final demand."""
    levels = material.derivation.levels.mean()
    for name in levels.index:
        rate = RATE.fullmatch(str(name))
        if rate and rate[2] == scope:
            yield material.words(
                "answer.million_note", value=number(float(levels[name])), currency=rate[1]
            )
