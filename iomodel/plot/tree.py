"""The tree of the largest supply chains, from final demand to where the effect is."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from iomodel.analysis.paths import Paths
from iomodel.errors import PictureError
from iomodel.plot.labels import HALO, account, sectors, short
from iomodel.plot.style import INK, PALETTE, QUIET, axes, drawing, plain, pyplot
from iomodel.results import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = npt.NDArray[np.float64]
BAR = 0.055  # width of a bar, in columns
THICK = 7.0  # height of the whole effect, in rows
OWN, THROUGH, BAND, REST = PALETTE[2], PALETTE[0], "#A9CBE3", "#E3E3E3"
WORDS = {
    "title": ("Largest paths of {} to {}", "{}：通向“{}”的最大路径"),
    "demand": ("Final demand", "最终需求"),
    "rest": ("all other paths", "其他全部路径"),
    "own": ("effect in the sector", "发生在该部门"),
    "through": ("effect in its suppliers", "发生在其供给部门"),
    "order": ("Order {}", "第 {} 层"),
    "note": (
        "Width: share of the total, {}; shown: the {} largest paths",
        "宽度：占总量 {} 的份额；图示最大的 {} 条路径",
    ),
}


@dataclass(eq=False)
class _Node:
    """A sector at the end of a chain: what arises in it, and in the suppliers shown."""

    name: str
    own: float = 0.0
    column: int = 0
    then: dict[int, "_Node"] = field(default_factory=dict)
    middle: float = 0.0
    rest: bool = False

    @property
    def value(self) -> float:
        return self.own + sum(node.value for node in self.then.values())

    @property
    def rows(self) -> float:
        """Rows that the node and its suppliers need, one of text at least."""
        return max(1.0, self.value * THICK + 0.25, sum(node.rows for node in self.then.values()))

    def all(self) -> "Iterator[_Node]":
        yield self
        for node in self.then.values():
            yield from node.all()

    def place(self, start: float) -> None:
        """Give the node and its suppliers their rows, from `start` down."""
        self.middle = start + self.rows / 2
        start += (self.rows - sum(node.rows for node in self.then.values())) / 2
        for node in self.then.values():
            node.place(start)
            start += node.rows


def tree(
    result: Paths,
    *,
    top: int = 20,
    letters: int = 24,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw the largest paths as a tree from left to right.

    Parameters
    ----------
    result : Paths
    top : int
        How many of its paths are drawn, the largest.
    letters : int
        Longest name of a sector; a Chinese character counts twice.
    ax : Axes, optional
        Where to draw; a new figure if absent.
    language : {"en", "zh"}

    Returns
    -------
    Axes
        Each bar is a sector at its place in a chain: its height is the share of the total that
        arises there (dark) and in the suppliers to its right. All other paths are one band.

    Raises
    ------
    PictureError
        If there is no path, or paths of opposite signs, which have no widths.
    """
    if not len(result.sequences) > 0 or top < 1:
        raise PictureError("there are no paths to draw: ask paths() and the picture for some.")
    shares = result.contributions[:top] / result.total
    if (shares < 0).any() or 1.0 - shares.sum() < -1e-9:
        raise PictureError(
            "paths of opposite signs have no widths: see to_frame(), or take an account, demand "
            "and a table without negative figures."
        )
    with drawing(language) as spoken:
        zh = spoken == "zh"
        root = _grown(result, shares, letters, spoken)
        root.place(0.0)
        nodes = list(root.all())
        columns = max(node.column for node in nodes)
        ax = axes(ax, (1.85 * columns + 1.9, 0.6 + 0.25 * root.rows))
        for node in nodes:
            _drawn(ax, node)
        ax.set(xlim=(-0.03, columns + 0.95), ylim=(root.rows + 0.2, -1.2))
        ax.set_axis_off()
        for order in range(columns):
            ax.text(order + 1, -0.5, WORDS["order"][zh].format(order), fontsize="small",
                    color=QUIET)  # fmt: skip
        of, whose = account(result.of, spoken), short(result.demand, 60)
        ax.set_title(WORDS["title"][zh].format(plain(of), plain(whose)))
        _key(ax, zh, WORDS["note"][zh].format(plain(_total(result)), len(shares)))
    return ax


def _total(result: Paths) -> str:
    return amount(result.total, result.unit)


def _grown(result: Paths, shares: Array, letters: int, language: str) -> _Node:
    """Join paths at their common beginnings."""
    zh = language == "zh"
    names = sectors(result.labels, language)
    root = _Node(WORDS["demand"][zh])
    for path, share in zip(result.sequences, shares.tolist(), strict=False):
        node = root
        for column, sector in enumerate(path, start=1):
            fresh = _Node(short(names[sector], letters), column=column)
            node = node.then.setdefault(sector, fresh)
        node.own += share
    others = 1.0 - float(shares.sum())
    if others > 1e-12:
        root.then[-1] = _Node(WORDS["rest"][zh], others, 1, rest=True)
    return root


def _drawn(ax: "Axes", node: _Node) -> None:
    """Draw a bar, its name, and the bands to its suppliers."""
    pyplot()
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    height = node.value * THICK
    low = node.middle - height / 2
    own = node.own * THICK
    colour = REST if node.rest else OWN
    ax.add_patch(Rectangle((node.column, low), BAR, own, color=colour, linewidth=0, zorder=3))
    ax.add_patch(Rectangle((node.column, low + own), BAR, height - own, color=THROUGH,
                           linewidth=0, zorder=3))  # fmt: skip
    share = "" if node.column == 0 else f"  {node.value:.1%}"
    ax.text(node.column + BAR + 0.03, node.middle, plain(node.name) + share, va="center",
            fontsize=7.5, color=QUIET if node.rest else INK, zorder=4,
            path_effects=[withStroke(**HALO)])  # fmt: skip
    start = low + own
    for child in node.then.values():
        width = child.value * THICK
        end = child.middle - width / 2
        _band(ax, (node.column + BAR, start), (child.column, end), width, rest=child.rest)
        start += width


def _band(
    ax: "Axes", start: tuple[float, float], end: tuple[float, float], width: float, *, rest: bool
) -> None:
    """Draw a smooth band of one width between two bars."""
    pyplot()
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (x0, y0), (x1, y1) = start, end
    middle = x1 - 0.28 * (x1 - x0)
    points = [(x0, y0), (middle, y0), (middle, y1), (x1, y1), (x1, y1 + width),
              (middle, y1 + width), (middle, y0 + width), (x0, y0 + width), (x0, y0)]  # fmt: skip
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    colour = REST if rest else BAND
    ax.add_patch(PathPatch(Path(points, codes), facecolor=colour, edgecolor="none", alpha=0.75,
                           zorder=1))  # fmt: skip


def _key(ax: "Axes", zh: bool, note: str) -> None:
    """Say what colours and widths mean, below the tree."""
    pyplot()
    from matplotlib.patches import Patch

    handles = [Patch(color=OWN, label=WORDS["own"][zh]),
               Patch(color=THROUGH, label=WORDS["through"][zh])]  # fmt: skip
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.0, 0.0), ncols=2,
              borderaxespad=0.2, handlelength=1.0, title=note, title_fontsize="small",
              alignment="left")  # fmt: skip
