"""Lines of equal outcome over two inputs."""

from textwrap import fill as wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from iomodel.analysis.inverse import Inverse
from iomodel.analysis.surface import Surface
from iomodel.errors import PictureError
from iomodel.plot.style import ACCENT, INK, axes, drawing, legend_below, plain, titled
from iomodel.plot.words import outcome, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = 0.035  # of the width and height of the axes


def iso(
    found: Surface | Inverse,
    *,
    first: str | None = None,
    second: str | None = None,
    levels: int = 9,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw lines of equal outcome over the ranges of two inputs, all others central.

    Parameters
    ----------
    found : Surface or Inverse
        An inverse question adds the line of its target, and says what that line is not.
    first, second : str, optional
        Ids of the inputs across and upwards: for an inverse question only; its two inputs
        with the largest effect if absent.
    levels : int
        About so many lines.
    ax : Axes, optional
    language : {"en", "zh"}

    Returns
    -------
    Axes

    Raises
    ------
    PictureError
        If inputs are named for a surface, which has its own.
    SpecError
        If an input of an inverse question is unknown, has no range or stands twice.
    """
    asked = found if isinstance(found, Inverse) else None
    if isinstance(found, Surface):
        if first or second:
            raise PictureError(f"a surface has its own inputs: {', '.join(found.inputs)}.")
        over = found
    else:
        over = found.surface(*_strongest(found, first, second))
    x, y = over.values.columns.to_numpy(), over.values.index.to_numpy()
    with drawing(language) as spoken:
        ax = axes(ax, (6.4, 5.0))
        z = over.values.to_numpy()
        flat = not np.ptp(z) > 0.0
        if not flat:
            ax.contourf(x, y, z, levels=levels, cmap="Blues", alpha=0.55)
            lines = ax.contour(x, y, z, levels=levels, colors=INK, linewidths=0.7)
            _labels(ax, lines)
        if asked is not None and z.min() < asked.target < z.max():
            line = ax.contour(x, y, z, levels=[asked.target], colors=ACCENT, linewidths=2.0)
            ax.clabel(line, fmt=lambda level: f"{level:.4g}", fontsize="small")
        ax.plot(*over.centre, marker="D", color="white", markeredgecolor=INK, markersize=6,
                linestyle="", label=f"{word('central', spoken)}: {over.central:.4g}")  # fmt: skip
        if asked is not None:
            reached = z.min() < asked.target < z.max()
            name = word("target" if reached else "target out", spoken, f"{asked.target:g}")
            ax.plot([], [], color=ACCENT, linewidth=2.0 if reached else 0.0, label=name)
        across, up = (
            f"{item} ({unit})" for item, unit in zip(over.items, over.input_units, strict=True)
        )
        ax.set_xlabel(wrap(plain(across), 90))
        ax.set_ylabel(wrap(plain(up), 56))
        below = "" if asked is None else word("condition", spoken)
        titled(ax, outcome(over.of, spoken), below, colour=ACCENT)
        legend_below(ax, ax.get_legend_handles_labels()[0], 2)
    return ax


def _labels(ax: "Axes", lines: Any) -> None:
    """Write the level on each line; not where the frame would cut the number."""
    texts = ax.clabel(
        lines, fmt=lambda level: f"{level:.4g}", fontsize="x-small", inline=False, colors=INK
    )
    for text in texts:
        across, up = ax.transAxes.inverted().transform(ax.transData.transform(text.get_position()))
        text.set_visible(min(across, up, 1.0 - across, 1.0 - up) > EDGE)
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.8})


def _strongest(asked: Inverse, first: str | None, second: str | None) -> tuple[str, str]:
    """Return the inputs asked for, the strongest ones in place of those not named."""
    swing = (asked.inputs["at high"] - asked.inputs["at low"]).abs().sort_values(ascending=False)
    rest = [str(name) for name in swing.index if name not in (first, second)]
    across = first or rest.pop(0)
    return across, second or rest.pop(0)
