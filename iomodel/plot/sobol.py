"""Shares of the variance of an outcome by group of inputs."""

from typing import TYPE_CHECKING

import numpy as np

from iomodel.analysis.sensitivity import Sensitivity
from iomodel.plot.style import INK, PALETTE, axes, drawing, look, titled
from iomodel.plot.words import block_name, outcome, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ORDERS = {"first": look(PALETTE[0]), "total": look(PALETTE[3], "////")}
NEGLIGIBLE = 0.0005  # shows as 0.000


def sobol(
    found: Sensitivity,
    *,
    top: int = 10,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw first and total order Sobol indices of the groups of inputs, with their intervals.

    Parameters
    ----------
    found : Sensitivity
    top : int
        Groups shown, largest total order first.
    ax : Axes, optional
    language : {"en", "zh"}

    Returns
    -------
    Axes
    """
    frame = found.groups.head(top)
    with drawing(language) as spoken:
        ax = axes(ax, (7.2, 1.5 + 0.46 * len(frame)))
        rows = np.arange(len(frame))
        for shift, (order, fill) in zip((-0.2, 0.2), ORDERS.items(), strict=True):
            sizes = frame[order].to_numpy()
            around = [sizes - frame[f"{order} low"], frame[f"{order} high"] - sizes]
            ax.barh(rows + shift, sizes, height=0.38, label=word(f"order {order}", spoken), **fill)
            ax.errorbar(sizes, rows + shift, xerr=np.maximum(around, 0.0), fmt="none",
                        ecolor=INK, elinewidth=0.9, capsize=2.2)  # fmt: skip
            ends = frame[f"{order} high"]
            for row, size, end in zip(rows, sizes, ends, strict=True):
                text = "0.00" if abs(size) < NEGLIGIBLE else f"{size:.2f}"
                ax.annotate(text, (max(float(end), 0.0), row + shift), xytext=(5, 0), va="center",
                            textcoords="offset points", fontsize="x-small")  # fmt: skip
        ax.axvline(0.0, color=INK, linewidth=0.7)
        ax.set_yticks(rows, [block_name(found, str(group), spoken) for group in frame.index])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(frame) - 0.4, -0.6)
        lowest = min(0.0, float(frame[["first low", "total low"]].min().min()))
        ax.set_xlim(lowest * 1.1, 1.1 * float(frame[["first high", "total high"]].max().max()))
        ax.set_xlabel(word("share of variance", spoken))
        titled(ax, word("title sobol", spoken), outcome(found.of, spoken))
        ax.legend(loc="lower right", handleheight=1.1)
    return ax
