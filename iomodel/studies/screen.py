"""A derivation as one screen of text."""

import textwrap
from collections.abc import Iterator, Sequence

import pandas as pd

from iomodel.studies.agreement import agreement_lines
from iomodel.studies.comparison import Comparison
from iomodel.studies.derivation import Derivation
from iomodel.studies.levels import per_million
from iomodel.studies.scopes import ordered

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
    labour, levels, account = derivation.labour, derivation.levels, derivation.account
    scope, declared = derivation.headline, derivation.account.equations
    ratios = derivation.central[scope]
    rivals = ""
    if len(ratios) > 1:
        rivals = f" ({ratios.min():.2f}-{ratios.max():.2f} by employment pattern)"
    ends = " and at the consumer end" if declared.has("spending") else ""
    yield account.title
    yield (
        f"One full-time direct job comes with {ratios.mean():.2f} indirect jobs in the supply "
        f"chain{ends}{rivals}."
    )
    rate = levels[f"{per_million(account)}, {scope}"].mean()
    mean = " (mean of patterns)" if rivals else ""
    yield (
        f"Direct {labour.fte:,.0f}, indirect {levels[f'indirect, {scope}'].mean():,.0f}, total "
        f"{levels[f'total, {scope}'].mean():,.0f} full-time job-years{mean}, {rate:.2f} per "
        f"{account.money} million of final demand."
    )
    who = declared.direct.people.get("en") or f"all jobs in {declared.direct.names.get('en')}"
    bases = []
    if labour.workdays is not None:
        bases.append(f"{labour.workdays / 1e6:.2f} million work-days")
    if labour.heads is not None:
        bases.append(f"{labour.heads:,.0f} persons for part of the year")
    yield f"Direct are {who}{': ' if bases else ''}{', '.join(bases)}."
    crews = ""
    if labour.crew_fte is not None:
        low, central, high = labour.crew_fte
        label = declared.label("crew_workdays", "crews x days")
        crews = f"{label[:1].upper()}{label[1:]} give {central:,.0f} FTE ({low:,.0f}-{high:,.0f}). "
    yield f"{crews}Imports: {derivation.method}."
    yield ""


def _wrapped(line: str) -> list[str]:
    """Break a long line between words; continued lines are indented."""
    if len(line) <= WIDTH:
        return [line]
    return textwrap.wrap(line, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _table(head: str, frame: pd.DataFrame, form: str, width: int = 37) -> Iterator[str]:
    """Rows of a frame, with a mean over its columns in front where there are several."""
    several = len(frame.columns) > 1
    titles = [*(["mean"] if several else []), *map(str, frame.columns)]
    yield f"{head:<{width}}" + "".join(f"{title:>14}" for title in titles)
    for name, row in frame.iterrows():
        values = [*([float(row.mean())] if several else []), *map(float, row)]
        yield f"  {name!s:<{width - 2}}" + "".join(f"{value:>14{form}}" for value in values)


def _scopes(derivation: Derivation) -> Iterator[str]:
    order = ordered(derivation.central.columns)
    yield from _table("indirect per direct job, by scope", derivation.central.T.loc[order], ".3f")
    yield ""


def _channels(derivation: Derivation) -> Iterator[str]:
    frame = derivation.by_channel.T.rename(index=derivation.channels)
    yield from _table(f"channels (add up to the scope {derivation.fullest})", frame, ".3f")
    yield ""


def _destinations(derivation: Derivation) -> Iterator[str]:
    labels = derivation.table.labels
    names = dict(zip(labels.codes, labels.named(), strict=True))
    frame = derivation.destinations.T
    largest = frame.mean(axis=1).nlargest(TOP).index
    shown = frame.loc[largest].rename(
        index={code: _short(f"{code} {names[code]}") for code in largest}
    )
    yield from _table(f"{TOP} largest destinations (scope {derivation.fullest})", shown, ".3f")
    yield ""


def _checks(derivation: Derivation) -> Iterator[str]:
    levels, checks = derivation.levels.mean(), derivation.checks
    full, money = derivation.fullest, derivation.account.money
    net = f"impact: indirect, {full} (net)"
    if net in levels:
        mean = " (mean of patterns)" if len(derivation.levels) > 1 else ""
        yield (
            f"Indirect jobs of the scope {full}: contribution (gross) "
            f"{levels[f'contribution: indirect, {full} (gross)']:,.0f}, impact net of displaced "
            f"spending and moved workers {levels[net]:,.0f}{mean}."
        )
    pay = output = ""
    if checks.pay_per_workday is not None:
        pay = f"Direct pay {checks.pay_per_workday:,.0f} {money} per work-day; "
    if checks.output_per_head is not None:
        output = f"{checks.output_per_head:,.0f} {money} per head, "
    each = f"{checks.output_per_fte:,.0f}{'' if output else f' {money}'} per FTE"
    yield f"{pay}{'output' if pay else 'Output'} {output}{each}."
    yield ""


def _short(text: str, width: int = 34) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _published(comparison: Comparison | None) -> Iterator[str]:
    if comparison is not None:
        yield from agreement_lines(comparison.agreement)
    if comparison is None or not comparison.sentence:
        return
    yield f"Compared, not used: {comparison.sentence}."
    wages = comparison.checks.get("heads x average wage over the wage bill")
    times = [row["heads"] for row in (wages or {}).values() if "heads" in row]
    if times:
        yield (
            f"All heads at the average wage of a year would cost {min(times):.1f}-{max(times):.1f} "
            "times the wage bill: heads are part-year."
        )
    hubs = comparison.checks.get("hub head-counts")
    if hubs and "heads by that share" in hubs:
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
