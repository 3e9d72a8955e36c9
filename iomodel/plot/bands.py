"""Columns of nodes with bands between them: the drawing behind `sankey`."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from iomodel.plot.style import pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 0.026  # between nodes of one column, of the whole height
WIDTH = 0.018


class Node(NamedTuple):
    """One node, from `bottom` to `top`, at the left edge `x`."""

    x: float
    bottom: float
    top: float

    @property
    def middle(self) -> float:
        """Half-way up."""
        return (self.bottom + self.top) / 2


def column(sizes: Mapping[str, float], x: float, scale: float) -> dict[str, Node]:
    """Stack nodes from the top down, in the order given, centred in the height of one.

    Parameters
    ----------
    sizes : mapping of name to float
    x : float
        Left edge.
    scale : float
        Height of one unit.
    """
    height = sum(sizes.values()) * scale + GAP * (len(sizes) - 1)
    edge, nodes = 0.5 + height / 2, {}
    for name, size in sizes.items():
        nodes[name] = Node(x, edge - size * scale, edge)
        edge -= size * scale + GAP
    return nodes


def scale_of(columns: Sequence[Mapping[str, float]]) -> float:
    """Return the height of one unit with which the fullest column fits into a height of one."""
    return min((1.0 - GAP * (len(sizes) - 1)) / sum(sizes.values()) for sizes in columns)


def bands(
    ax: "Axes",
    flows: pd.Series,
    left: Mapping[str, Node],
    right: Mapping[str, Node],
    scale: float,
    looks: Mapping[Hashable, Mapping[str, Any]],
) -> None:
    """Draw a curved band for every pair of nodes, stacked in the order of the nodes opposite.

    Parameters
    ----------
    ax : Axes
    flows : Series
        Sizes by (left, right).
    left, right : mapping of name to Node
    scale : float
    looks : mapping of (left, right) to mapping
        Fill of each band.
    """
    starts = {name: node.top for name, node in left.items()}
    ends = {name: node.top for name, node in right.items()}
    heights = {pair: float(size) * scale for pair, size in flows.items()}
    tops: dict[Hashable, tuple[float, float]] = {}
    for one in left:
        for other in right:
            if (one, other) in heights:
                tops[one, other] = (starts[one], ends[other])
                starts[one] -= heights[one, other]
                ends[other] -= heights[one, other]
    for pair, (start, end) in tops.items():
        one, other = pair  # type: ignore[misc]
        corners = left[one].x + WIDTH, start, right[other].x, end
        _band(ax, corners, heights[pair], looks[pair])


def _band(
    ax: "Axes", corners: tuple[float, float, float, float], height: float, look: Mapping[str, Any]
) -> None:
    """Draw one band from (x, top) at the left to (x, top) at the right."""
    pyplot()
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    x, start, end_x, end = corners
    bend = (x + end_x) / 2
    points = [
        (x, start), (bend, start), (bend, end), (end_x, end),
        (end_x, end - height), (bend, end - height), (bend, start - height), (x, start - height),
        (x, start),
    ]  # fmt: skip
    curve = [Path.CURVE4] * 3
    path = Path(points, [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])
    ax.add_patch(PathPatch(path, linewidth=0.0, **look))


def spread(middles: Sequence[float], least: float) -> list[float]:
    """Move positions, given from the top down, so that neighbours are `least` apart."""
    found: list[float] = []
    for middle in middles:
        found.append(min(middle, found[-1] - least) if found else middle)
    lowest = 0.0
    for k in reversed(range(len(found))):
        found[k] = max(found[k], lowest)
        lowest = found[k] + least
    return found
