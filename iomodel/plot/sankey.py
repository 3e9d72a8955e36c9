"""Who spends, through which channel, and where the jobs are."""

from textwrap import fill as wrap
from typing import TYPE_CHECKING

import pandas as pd

from iomodel.analysis.channels import Channels
from iomodel.analysis.income import FINAL, FLOW, REST, by_income
from iomodel.errors import PictureError
from iomodel.plot.bands import WIDTH, Node, bands, column, scale_of, spread
from iomodel.plot.chosen import pattern_note
from iomodel.plot.style import INK, PALE, QUIET, axes, beside, count, drawing, look, plain, titled
from iomodel.plot.words import ChannelLooks, channels, patterns, scope as scope_name, word
from iomodel.studies.derivation import Derivation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLACES = (0.0, 0.46, 1.0)  # left edges of the columns


def sankey(
    found: Derivation | Channels,
    *,
    scope: str | None = None,
    pattern: str | None = None,
    top: int = 10,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw jobs from the source of income through channels to destinations.

    Parameters
    ----------
    found : Derivation or Channels
    scope : str, optional
        Which scope of a derivation; the fullest one if absent.
    pattern : str, optional
        One employment pattern; the mean over all of them if absent.
    top : int
        Destinations shown by name; the others stand together.
    ax : Axes, optional
    language : {"en", "zh"}

    Returns
    -------
    Axes
        Widths are jobs. Induced jobs are folded back on the channel whose pay is re-spent:
        the hatched part of a channel.

    Raises
    ------
    PictureError
        For a scope of which no flows are known.
    SpecError
        For an employment pattern that the result does not have.
    """
    if isinstance(found, Derivation):
        scope = found.fullest if scope is None else scope
    run = found if isinstance(found, Channels) else _run(found, scope or "")
    flows = by_income(run).largest(top, pattern)
    with drawing(language) as spoken:
        ax = axes(ax, (9.0, 5.8))
        ax.set_axis_off()
        ax.set_xlim(-0.28, 1.42)
        ax.set_ylim(-0.07, 1.08)
        names = dict(zip(run.labels.codes, map(plain, run.labels.named(spoken)), strict=True))
        names |= {REST: word(REST, spoken), FINAL: word(FINAL, spoken)}
        looks = channels(found, spoken)
        _draw(ax, _ordered(flows, looks), names, looks, spoken)
        _heads(ax, bool(flows["induced"].any()), spoken)
        note = pattern_note(patterns(run, spoken), pattern, spoken)
        if isinstance(found, Derivation):
            note = f"{word('scope', spoken, scope_name(str(scope), spoken))} · {note}"
        titled(ax, word("title sankey", spoken), note)
    return ax


def _run(derivation: Derivation, scope: str) -> Channels:
    if scope not in derivation.detail:
        known = ", ".join(derivation.detail)
        raise PictureError(f"scope {scope!r}: flows are known of {known}.")
    return derivation.detail[scope]


def _ordered(flows: pd.DataFrame, looks: ChannelLooks) -> pd.DataFrame:
    """Put channels beside the source that pays for them, so that no bands cross on the left."""
    places = {name: k for k, name in enumerate(dict.fromkeys(flows["source"]))}
    slots = {name: k for k, name in enumerate(looks.fills)}
    order = flows["source"].map(places) * len(slots) + flows["channel"].map(slots)
    return flows.loc[order.sort_values(kind="stable").index]


def _sizes(flows: pd.DataFrame, key: str) -> dict[str, float]:
    return {
        str(name): float(size)
        for name, size in flows.groupby(key, sort=False)["jobs"].sum().items()
    }


def _draw(
    ax: "Axes", flows: pd.DataFrame, names: dict[str, str], of: ChannelLooks, language: str
) -> None:
    """Draw the three columns and the bands between them."""
    columns = [_sizes(flows, key) for key in FLOW]
    columns[2] = dict(sorted(columns[2].items(), key=lambda pair: (pair[0] == REST, -pair[1])))
    sources, middles, ends = columns
    scale = scale_of(columns)
    left, middle, right = (column(c, x, scale) for c, x in zip(columns, PLACES, strict=True))
    colours = {name: of.fills[name]["facecolor"] for name in middles}
    for one, other, pair in ((left, middle, FLOW[:2]), (middle, right, FLOW[1:])):
        sums, at = flows.groupby(pair, sort=False)["jobs"].sum(), pair.index("channel")
        looks = {key: {"facecolor": colours[key[at]], "alpha": 0.45} for key in sums.index}
        bands(ax, sums, one, other, scale, looks)
    for name, node in left.items():
        _node(ax, node, INK)
        text = f"{wrap(names[name], 18)}\n{count(sources[name], language)}"
        beside(ax, text, (node.x, node.middle), left=True)
    induced = flows.groupby("channel")["induced"].sum()
    for name, node in middle.items():
        _node(ax, node, colours[name])
        part = Node(node.x, node.bottom, node.bottom + float(induced[name]) * scale)
        _node(ax, part, colours[name], "//////")
        text = f"{plain(of.names[name])} {count(middles[name], language)}"
        beside(ax, text, (node.x + WIDTH, node.middle))
    places = spread([node.middle for node in right.values()], 0.052)
    for (name, node), place in zip(right.items(), places, strict=True):
        _node(ax, node, PALE if name == REST else QUIET)
        text = f"{wrap(names[name], 36)} {count(ends[name], language)}"
        beside(ax, text, (node.x + WIDTH, place))


def _node(ax: "Axes", node: Node, colour: str, hatch: str = "") -> None:
    ax.bar(node.x, node.top - node.bottom, WIDTH, node.bottom, align="edge", zorder=4,
           **{**look(colour, hatch), "linewidth": 0.0})  # fmt: skip


def _heads(ax: "Axes", folded: bool, language: str) -> None:
    """Name the columns, the unit and what hatched parts are."""
    for key, x, side in zip(
        ("source", "channel", "destination"), PLACES, ("right", "center", "left"), strict=True
    ):
        ax.text(x + WIDTH / 2, 1.03, word(key, language), ha=side, va="bottom", fontsize="small",
                color=QUIET)  # fmt: skip
    note = word("jobs", language)
    if folded:
        note = f"{note} · {word('with re-spending', language)}"
    ax.text(-0.28, -0.06, note, fontsize="small", color=QUIET, va="bottom")
