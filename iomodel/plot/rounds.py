"""Rounds of production: how fast the effect of final demand adds up."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from iomodel.analysis.paths import Paths
from iomodel.errors import PictureError
from iomodel.plot.labels import account, short, spread
from iomodel.plot.style import PALETTE, QUIET, axes, drawing, plain, pyplot, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = (PALETTE[0], PALETTE[2], PALETTE[4], PALETTE[6], PALETTE[3], PALETTE[7], PALETTE[1])
MARKERS = "os^Dvp<"
WORDS = {
    "title": ("Rounds of production", "生产轮次"),
    "round": ("Round (0: sectors that final demand buys from)", "轮次（0：最终需求直接购买部门）"),
    "share": ("Share of the total effect", "占全部效应的份额"),
    "cumulated": ("cumulated", "累计"),
    "single": ("in the round", "当轮"),
}  # fmt: skip


def rounds(
    result: Paths | Mapping[str, Paths],
    *,
    until: int | None = None,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw the cumulated share of the total effect by round of production.

    Parameters
    ----------
    result : Paths, or mapping of name to Paths
        One effect, with bars for each round, or up to seven to compare.
    until : int, optional
        The last round drawn; all that a result states one by one if absent.
    ax : Axes, optional
        Where to draw; a new figure if absent.
    language : {"en", "zh"}

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        For nothing, or more than can be told apart.
    """
    several = dict(result) if isinstance(result, Mapping) else {"": result}
    if not 0 < len(several) <= len(COLOURS) or (until is not None and until < 0):
        raise PictureError(
            f"{len(several)} effects until round {until}: give one to {len(COLOURS)} effects, "
            "and a round of 0 or more."
        )
    shares = {name: item.orders / item.total for name, item in several.items()}
    with drawing(language) as spoken:
        zh = spoken == "zh"
        ax = axes(ax, (6.2, 3.8))
        last = max(len(share) for share in shares.values()) if until is None else until + 1
        for spot, (name, share) in enumerate(shares.items()):
            drawn = np.cumsum(share)[:last]
            ax.plot(range(len(drawn)), drawn, color=COLOURS[spot], marker=MARKERS[spot],
                    markersize=4.5, linewidth=1.5, zorder=3, clip_on=False,
                    label=name or WORDS["cumulated"][zh])  # fmt: skip
        _limits(ax, last)
        ax.set(xlabel=WORDS["round"][zh], ylabel=WORDS["share"][zh], title=WORDS["title"][zh])
        if len(several) == 1:
            _single(ax, next(iter(several.values())), next(iter(shares.values()))[:last], zh)
        else:
            _named(ax, {name: float(np.cumsum(s)[:last][-1]) for name, s in shares.items()}, last)
    return ax


def _limits(ax: "Axes", last: int) -> None:
    pyplot()
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    low, high = ax.get_ylim()
    ax.set_ylim(min(0.0, low if low < 0 else 0.0), max(1.02, high))
    ax.set_xlim(-0.5, last - 0.5)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.axhline(1.0, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.6)


def _single(ax: "Axes", result: Paths, share: "np.ndarray[tuple[int], np.dtype[np.float64]]",
            zh: bool) -> None:  # fmt: skip
    """Add bars of each round, and say what the effect is."""
    bars = ax.bar(range(len(share)), share, width=0.62, color=PALETTE[1], zorder=2,
                  label=WORDS["single"][zh])  # fmt: skip
    tall = [f"{value:.1%}" if abs(value) >= 5e-4 else "" for value in share]
    tall[0] = "" if share[0] > 0.9 else tall[0]
    ax.bar_label(bars, tall, fontsize=7, padding=2, color=QUIET)
    if len(share) > 1 and tall[0]:  # the first point of the line stands on its bar
        ax.texts[0].set_visible(False)
        ax.text(0, share[0] / 2, tall[0], ha="center", va="center", fontsize=7)
    ax.legend(loc="center right")
    what = short(f"{account(result.of, 'zh' if zh else 'en')}, {result.demand}", 66)
    titled(ax, WORDS["title"][zh], plain(what))


def _named(ax: "Axes", ends: Mapping[str, float], last: int) -> None:
    """Name the lines at their ends, apart from each other."""
    order = sorted(ends, key=lambda name: ends[name])
    low, high = ax.get_ylim()
    places = spread([ends[name] for name in order], 0.06 * (high - low), low, high)
    colours = dict(zip(ends, COLOURS, strict=False))
    for name, place in zip(order, places.tolist(), strict=True):
        ax.annotate(
            plain(short(name, 30)),
            (last - 1, ends[name]),
            xytext=(last - 0.7, place),
            va="center",
            fontsize=8,
            color=colours[name],
            annotation_clip=False,
        )
