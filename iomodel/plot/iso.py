"""Lines of equal outcome over two inputs."""

from typing import TYPE_CHECKING

import numpy as np

from iomodel.analysis.inverse import Inverse
from iomodel.analysis.surface import Surface
from iomodel.errors import PictureError
from iomodel.plot.style import ACCENT, INK, axes, drawing, plain
from iomodel.plot.words import outcome, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
        across, up = _strongest(found, first, second)
        over = found.surface(across, up)
    x, y = over.values.columns.to_numpy(), over.values.index.to_numpy()
    with drawing(language) as spoken:
        ax = axes(ax, (6.4, 5.0))
        z = over.values.to_numpy()
        flat = not np.ptp(z) > 0.0
        if not flat:
            ax.contourf(x, y, z, levels=levels, cmap="Blues", alpha=0.55)
            lines = ax.contour(x, y, z, levels=levels, colors=INK, linewidths=0.7)
            ax.clabel(lines, fmt=lambda level: f"{level:.4g}", fontsize="x-small")
        if asked is not None and z.min() < asked.target < z.max():
            line = ax.contour(x, y, z, levels=[asked.target], colors=ACCENT, linewidths=2.0)
            ax.clabel(line, fmt=lambda level: f"{level:.4g}", fontsize="small")
        ax.plot(*over.centre, marker="D", color="white", markeredgecolor=INK, markersize=6,
                linestyle="", label=f"{word('central', spoken)}: {over.central:.4g}")  # fmt: skip
        if asked is not None:
            reached = z.min() < asked.target < z.max()
            name = word("target" if reached else "target out", spoken, f"{asked.target:g}")
            ax.plot([], [], color=ACCENT, linewidth=2.0 if reached else 0.0, label=name)
        for axis, item, unit in zip((ax.xaxis, ax.yaxis), over.items, over.units, strict=True):
            axis.set_label_text(plain(f"{item} ({unit})"))
        ax.set_title(outcome(over.of, spoken))
        if asked is not None:
            ax.set_title(f"{outcome(over.of, spoken)}\n{word('condition', spoken)}")
        ax.legend(loc="upper left", bbox_to_anchor=(0.0, 0.0), borderaxespad=4.5, ncols=2)
    return ax


def _strongest(asked: Inverse, first: str | None, second: str | None) -> tuple[str, str]:
    """Return the inputs asked for, the strongest ones in place of those not named."""
    swing = (asked.inputs["at high"] - asked.inputs["at low"]).abs().sort_values(ascending=False)
    rest = [str(name) for name in swing.index if name not in (first, second)]
    across = first or rest.pop(0)
    return across, second or rest.pop(0)
