"""Distribution of an outcome over its draws, one row for each scope."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import scipy

from iomodel.analysis.ensemble import Key
from iomodel.analysis.uncertainty import Uncertainty, place
from iomodel.kernels.linear import Array
from iomodel.plot.chosen import Published, published_line, ratio_of
from iomodel.plot.style import INK, PALETTE, QUIET, axes, drawing, plain, titled
from iomodel.plot.words import scope as scope_name, word
from iomodel.results import figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RATIO, POOLED = "ratio", "pooled"
HEIGHT = 0.78
POINTS = 256


def densities(
    found: Uncertainty,
    *,
    of: Sequence[Key | str] | None = None,
    published: Published = None,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw the distribution of the ratio by scope, 5 to 95 % marked.

    Parameters
    ----------
    found : Uncertainty
    of : sequence of keys, optional
        Which parts of the outcome, of one unit; the ratios of a study with the pattern as
        drawn, or all parts, if absent.
    published : Comparison or float, optional
        A published ratio, drawn as a line.
    ax : Axes, optional
    language : {"en", "zh"}

    Returns
    -------
    Axes
        Each curve has the same height; the dark part holds the middle 90 % of the draws.

    Raises
    ------
    SpecError
        For a part that the outcome does not have.
    """
    ratios = [key for key in found.keys if len(key) == 3 and (key[0], key[2]) == (RATIO, POOLED)]
    keys = [*(of or ratios or found.keys)]
    spots = [place(found.keys, key) for key in keys]
    value = ratio_of(published)
    with drawing(language) as spoken:
        ax = axes(ax, (7.2, 1.5 + 0.55 * len(keys)))
        for row, spot in enumerate(spots):
            draws = np.array(found.values[:, spot])
            _ridge(ax, row, draws)
            _marks(ax, row, draws, float(found.central[spot]))
        names = [found.keys[spot] for spot in spots]
        shown = [scope_name(k[1], spoken) if k in ratios else plain(" ".join(k)) for k in names]
        ax.set_yticks(range(len(spots)), shown)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(spots) - 0.6, -1.05)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="y", color=QUIET, linewidth=0.4, alpha=0.5)
        _reach(ax, found.values[:, spots], value)
        if set(names) <= set(ratios):
            ax.set_xlabel(word("ratio unit", spoken))
        else:
            ax.set_xlabel(word("outcome", spoken))
        if value is not None:
            published_line(ax, value, word("published", spoken, f"{value:g}"))
        drawn = word("draws", spoken, f"{found.accepted:,}")
        titled(ax, word("title densities", spoken), drawn, above=value is not None)
        _legend(ax, spoken)
    return ax


def _ridge(ax: "Axes", row: int, draws: Array) -> None:
    """Draw one smooth curve standing on its row; a spike where all draws are one number."""
    low, high = np.quantile(draws, [0.05, 0.95])
    if not np.ptp(draws) > 0:
        ax.plot([low, low], [row, row - HEIGHT], color=PALETTE[0], linewidth=2)
        return
    x = np.linspace(draws.min(), draws.max(), POINTS)
    x = np.unique(np.concatenate([x, [low, high]]))
    y = scipy.stats.gaussian_kde(draws)(x)
    y = row - HEIGHT * y / y.max()
    inside = (x >= low) & (x <= high)
    ax.fill_between(x, row, y, color=PALETTE[1], alpha=0.45, linewidth=0)
    ax.fill_between(x[inside], row, y[inside], color=PALETTE[0], alpha=0.85, linewidth=0)
    ax.plot(x, y, color=INK, linewidth=0.7)


def _marks(ax: "Axes", row: int, draws: Array, central: float) -> None:
    """Mark the median and the outcome at the central inputs; write the interval at the right."""
    low, median, high = np.quantile(draws, [0.05, 0.5, 0.95])
    ax.plot([median, median], [row, row - HEIGHT / 2], color="white", linewidth=1.4)
    ax.plot([central], [row], marker="D", color="white", markeredgecolor=INK, markersize=4.5,
            zorder=4, clip_on=False)  # fmt: skip
    text = f"{_number(median)} [{_number(low)}–{_number(high)}]"
    ax.annotate(text, (1.01, row), xycoords=("axes fraction", "data"), va="bottom",
                fontsize="small", annotation_clip=False)  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 100 else figure(value)


def _reach(ax: "Axes", values: Array, value: float | None) -> None:
    """Leave out the last half per mille of the tails, never a published figure."""
    ends = np.quantile(values, [0.0005, 0.9995], axis=0)
    low, high = float(ends[0].min()), float(ends[1].max())
    if value is not None:
        low, high = min(low, value), max(high, value)
    room = 0.03 * (high - low or abs(high) or 1.0)
    ax.set_xlim(low - room, high + room)


def _legend(ax: "Axes", language: str) -> None:
    ax.annotate(word("median", language), (1.01, -0.72), xycoords=("axes fraction", "data"),
                va="bottom", fontsize="small", color=QUIET, annotation_clip=False)  # fmt: skip
    marker = ax.plot([], [], marker="D", color="white", markeredgecolor=INK, linestyle="",
                     markersize=4.5, label=word("central", language))  # fmt: skip
    band = ax.fill_between([], [], color=PALETTE[0], alpha=0.85, label=word("middle", language))
    ax.legend(handles=[band, *marker], loc="upper right", ncols=1)
