"""A derivation as one screen of text."""

import textwrap
from collections.abc import Iterator, Sequence

import pandas as pd

from iomodel.studies.comparison import Comparison
from iomodel.studies.derivation import CHANNELS, HEADLINE, SCOPES, UPPER, Derivation

TOP = 5
WIDTH = 96


def screen(
    derivation: Derivation,
    comparison: Comparison | None,
    *,
    beside: Sequence[str] = (),
    asked: Sequence[str] = (),
) -> str:
    """Return the derivation as text: headline first, warnings last.

    Parameters
    ----------
    derivation : Derivation
    comparison : Comparison or None
    beside : sequence of str, optional
        Lines below the scopes: intervals, falsification.
    asked : sequence of str, optional
        Lines below the comparison: the inverse question.

    Returns
    -------
    str
    """
    lines = [
        *_head(derivation),
        *_scopes(derivation),
        *beside,
        *_channels(derivation),
        *_destinations(derivation),
        *_checks(derivation),
        *_published(comparison),
        *asked,
        *_warnings(derivation.warnings),
    ]
    return "\n".join(part for line in lines for part in _wrapped(line))


def _head(derivation: Derivation) -> Iterator[str]:
    labour, levels = derivation.labour, derivation.levels
    low, high = derivation.central[HEADLINE].min(), derivation.central[HEADLINE].max()
    mean = derivation.central[HEADLINE].mean()
    indirect = levels[f"indirect, {HEADLINE}"].mean()
    total = levels[f"total, {HEADLINE}"].mean()
    yield derivation.account.title
    yield (
        f"One full-time direct job comes with {mean:.2f} indirect jobs in the supply chain and at "
        f"the consumer end ({low:.2f}-{high:.2f} by employment pattern)."
    )
    per_million = levels[f"total per RMB million of final demand, {HEADLINE}"].mean()
    yield (
        f"Direct {labour.fte:,.0f}, indirect {indirect:,.0f}, total {total:,.0f} full-time "
        f"job-years (mean of patterns), {per_million:.2f} per RMB million of final demand."
    )
    yield (
        f"Direct are production, actors and extras: {labour.workdays / 1e6:.2f} million work-days, "
        f"{labour.heads:,.0f} persons for part of the year."
    )
    _, crews, _ = labour.crew_fte
    yield (
        f"Titles x crew x shooting days give {crews:,.0f} FTE "
        f"({labour.crew_fte[0]:,.0f}-{labour.crew_fte[2]:,.0f}). Imports: {derivation.method}."
    )
    yield ""


def _wrapped(line: str) -> list[str]:
    """Break a long line between words; continued lines are indented."""
    if len(line) <= WIDTH:
        return [line]
    return textwrap.wrap(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _table(head: str, frame: pd.DataFrame, form: str, width: int = 37) -> Iterator[str]:
    """Rows of a frame with a mean over its columns in front."""
    titles = ["mean", *map(str, frame.columns)]
    yield f"{head:<{width}}" + "".join(f"{title:>14}" for title in titles)
    for name, row in frame.iterrows():
        values = [float(row.mean()), *map(float, row)]
        yield f"  {name!s:<{width - 2}}" + "".join(f"{value:>14{form}}" for value in values)


def _scopes(derivation: Derivation) -> Iterator[str]:
    order = [HEADLINE, UPPER, *(scope for scope in SCOPES if scope not in (HEADLINE, UPPER))]
    yield from _table("indirect per direct job, by scope", derivation.central.T.loc[order], ".3f")
    yield ""


def _channels(derivation: Derivation) -> Iterator[str]:
    frame = derivation.by_channel.T.loc[list(CHANNELS)].rename(index=dict(CHANNELS))
    yield from _table("channels (add up to the scope all)", frame, ".3f")
    yield ""


def _destinations(derivation: Derivation) -> Iterator[str]:
    labels = derivation.table.labels
    names = dict(zip(labels.codes, labels.named(), strict=True))
    frame = derivation.destinations.T
    largest = frame.mean(axis=1).nlargest(TOP).index
    shown = frame.loc[largest].rename(
        index={code: _short(f"{code} {names[code]}") for code in largest}
    )
    yield from _table(f"{TOP} largest destinations (scope all)", shown, ".3f")
    yield ""


def _checks(derivation: Derivation) -> Iterator[str]:
    levels, checks = derivation.levels.mean(), derivation.checks
    yield (
        f"Indirect jobs of the scope all: contribution (gross) "
        f"{levels['contribution: indirect, all (gross)']:,.0f}, impact net of displaced spending "
        f"and moved workers {levels['impact: indirect, all (net)']:,.0f} (mean of patterns)."
    )
    yield (
        f"Direct pay {checks.pay_per_workday:,.0f} RMB per work-day; output "
        f"{checks.output_per_head:,.0f} RMB per head, {checks.output_per_fte:,.0f} per FTE."
    )
    yield ""


def _short(text: str, width: int = 34) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _published(comparison: Comparison | None) -> Iterator[str]:
    if comparison is None or not comparison.sentence:
        return
    yield f"Compared, not used: {comparison.sentence}."
    wages = comparison.checks.get("heads x average wage over the wage bill")
    if wages:
        times = [row["heads"] for row in wages.values()]
        yield (
            f"All heads at the average wage of a year would cost {min(times):.1f}-{max(times):.1f} "
            "times the wage bill: heads are part-year."
        )
    hubs = comparison.checks.get("hub head-counts")
    if hubs:
        heads, fte = hubs["heads by that share"], hubs["fte by that share"]
        yield (
            f"Hubs counted locally: {hubs['counted locally, persons']:,.0f} persons; their share "
            f"of output gives {heads[0]:,.0f}-{heads[1]:,.0f} heads or {fte[0]:,.0f}-{fte[1]:,.0f} "
            "FTE."
        )
    exhibit = comparison.checks.get("mixed-basis exhibit")
    if exhibit:
        ratios = exhibit["ratio"].values()
        yield (
            f"Mixed-basis exhibit (year-round jobs over part-year heads, no multiplier): "
            f"{min(ratios):.2f}-{max(ratios):.2f}."
        )
    yield ""


def _warnings(warnings: Sequence[str]) -> Iterator[str]:
    for text in warnings:
        yield f"warning: {text}"
