"""Backward against forward linkages: the four classes of sectors, key sectors by name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from iomodel.analysis.linkages import BACKWARD, FORWARD, KEY, WEAK, Linkages
from iomodel.errors import PictureError
from iomodel.plot.labels import annotate, sectors, short
from iomodel.plot.style import INK, PALETTE, QUIET, axes, drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colour, marker, corner (right, top) and name of each class.
CLASSES = {
    KEY: (PALETTE[2], "o", (1, 1), ("Key sectors", "关键部门")),
    BACKWARD: (PALETTE[0], "s", (1, 0), ("Backward linked", "后向关联型")),
    FORWARD: (PALETTE[4], "^", (0, 1), ("Forward linked", "前向关联型")),
    WEAK: (QUIET, "D", (0, 0), ("Weakly linked", "弱关联型")),
}
TITLE = ("Linkages by sector", "各部门的产业关联")
BACK = ("Backward linkage (column sum of L, mean = 1)", "后向关联（L 列和，均值为 1）")
AHEAD = {
    "ghosh": ("Forward linkage (row sum of G, mean = 1)", "前向关联（G 行和，均值为 1）"),
    "leontief": ("Forward linkage (row sum of L, mean = 1)", "前向关联（L 行和，均值为 1）"),
}


def linkages(
    result: Linkages,
    *,
    top: int = 15,
    also: Sequence[object] = (),
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw backward against forward linkages of all sectors, with the four classes.

    Parameters
    ----------
    result : Linkages
    top : int
        How many key sectors are named, those with the largest linkages first.
    also : sequence of str or (region, code)
        Sectors that are named in any case, whatever their class.
    ax : Axes, optional
        Where to draw; a new figure if absent.
    language : {"en", "zh"}

    Returns
    -------
    Axes
        A name that would cover another name or a point is left out.

    Raises
    ------
    PictureError
        If `top` is negative.
    LabelError
        For unknown sectors in `also`.
    """
    if top < 0:
        raise PictureError(f"top is {top}: give a number of key sectors, 0 or more.")
    ghosh = result.forward == "ghosh"
    ahead = result.normalised_forward if ghosh else result.sensitivity_of_dispersion
    points = np.column_stack([result.power_of_dispersion, ahead])
    asked = list(map(int, result.labels.positions(also)))
    keys = [i for i in np.argsort(-points.prod(axis=1), kind="stable").tolist()
            if result.classes[i] == KEY and i not in asked][:top]  # fmt: skip
    with drawing(language) as spoken:
        zh = spoken == "zh"
        ax = axes(ax, (6.6, 5.6))
        for name, (colour, marker, _, _) in CLASSES.items():
            inside = np.array([found == name for found in result.classes])
            across, up = points[inside].T
            ax.scatter(across, up, s=15, marker=marker, color=colour, alpha=0.85,
                       linewidths=0.3, edgecolors="white", zorder=3)  # fmt: skip
        if asked:
            ax.scatter(
                points[asked, 0],
                points[asked, 1],
                s=60,
                facecolors="none",
                edgecolors=INK,
                zorder=4,
            )
        for line in (ax.axvline, ax.axhline):
            line(1.0, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        ax.margins(0.07)
        ax.set(xlabel=BACK[zh], ylabel=AHEAD[result.forward][zh], title=TITLE[zh])
        ax.title.set_y(1.0)
        _corners(ax, result.classes, zh)
        named = [*asked, *keys]
        texts = sectors(result.labels, spoken)
        annotate(ax, points[named], [short(texts[i], 30) for i in named], points)
    return ax


def _corners(ax: "Axes", classes: Sequence[str], zh: bool) -> None:
    """Name the classes in the corners, with the number of sectors."""
    for name, (colour, _, (right, up), words) in CLASSES.items():
        ax.annotate(f"{words[zh]} ({classes.count(name)})", (right, up), xycoords="axes fraction",
                    xytext=(-5 if right else 5, -5 if up else 5), textcoords="offset points",
                    ha="right" if right else "left", va="top" if up else "bottom",
                    fontsize="small", fontweight="bold", color=colour)  # fmt: skip
