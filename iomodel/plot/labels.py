"""Labels that do not cover each other: shortened, moved apart, placed round their points."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import east_asian_width

import numpy as np
import numpy.typing as npt

from iomodel.accounts.labels import Labels
from iomodel.plot.style import INK, QUIET, plain, pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

Array = npt.NDArray[np.float64]
ACCOUNTS = {
    "output": ("output", "产出"),
    "value_added": ("value added", "增加值"),
    "employment": ("employment", "就业"),
    "compensation": ("compensation of employees", "劳动者报酬"),
}
WIDE = "WF"
OPENINGS = ("Manufacture of ", "Manufacturing of ", "Production and supply of ")
# Where a label may stand: angle in degrees, in the order of how well it reads.
ANGLES = (0, 180, 45, 135, -45, -135, 90, -90, 22, 158, -22, -158, 67, 113, -67, -113)
RADII = (5.0, 10.0, 16.0, 24.0, 34.0, 46.0)  # points
HALO: dict[str, Any] = {"linewidth": 2.0, "foreground": "#FFFFFFD0"}
LEADER: dict[str, Any] = {
    "arrowstyle": "-", "color": QUIET, "linewidth": 0.5, "shrinkA": 0.0, "shrinkB": 2.0,
}  # fmt: skip


def account(name: str, language: str) -> str:
    """Name an account, with its row if it has one; as it is where it has no other name."""
    bare, space, row = name.partition(" (")
    return ACCOUNTS.get(bare, (bare, bare))[language == "zh"] + space + row


def sectors(labels: Labels, language: str) -> tuple[str, ...]:
    """Name sectors in a language, with the region where there are several."""
    names = labels.named(language)
    if len(set(labels.regions)) <= 1:
        return names
    return tuple(f"{r} {name}" for r, name in zip(labels.regions, names, strict=True))


def width(text: str) -> int:
    """Width of a text in half characters: Chinese characters count twice."""
    return sum(2 if east_asian_width(letter) in WIDE else 1 for letter in text)


def short(text: str, limit: int) -> str:
    """Return a text of at most `limit` half characters, cut at a word where that is possible.

    The usual openings of names in classifications of industries go first.
    """
    if width(text) <= limit:
        return text
    for opening in OPENINGS:
        if text.startswith(opening) and len(text) > len(opening):
            rest = text.removeprefix(opening)
            return short(rest[0].upper() + rest[1:], limit)
    kept = text
    while kept and width(kept) > limit - 1:
        kept = kept[:-1]
    space = kept.rfind(" ")
    if space > 0.6 * len(kept) and not text[len(kept) : len(kept) + 1].isspace():
        kept = kept[:space]
    kept = kept.rstrip(" ,;、，（(").removesuffix(" and").removesuffix(" of")
    return kept.rstrip(" ,;") + "…"


def spread(places: Sequence[float], gap: float, low: float, high: float) -> Array:
    """Move places apart so that neighbours are `gap` apart, as little as possible.

    Parameters
    ----------
    places : sequence of float
        In increasing order.
    gap : float
        Smallest distance; less where there is no room between `low` and `high`.
    low, high : float
        Ends of the line.

    Returns
    -------
    ndarray
        Least squares under the order: pools of neighbours that touch share their mean.
    """
    count = len(places)
    if not count:
        return np.empty(0)
    gap = min(gap, (high - low) / max(count - 1, 1))
    steps = gap * np.arange(count)
    pools: list[list[float]] = []  # mean and size
    for value in np.asarray(places, dtype=np.float64) - steps:
        pools.append([float(value), 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, size = pools.pop()
            before = pools[-1]
            before[0] = (before[0] * before[1] + mean * size) / (before[1] + size)
            before[1] += size
    level = np.concatenate([np.full(int(size), mean) for mean, size in pools])
    return np.asarray(np.clip(level, low, high - gap * (count - 1)) + steps)


def annotate(
    ax: "Axes", points: Array, names: Sequence[str], others: Array, *, size: float = 7.0
) -> "list[Text]":
    """Name points so that no name covers another name or a point.

    Parameters
    ----------
    ax : Axes
        With its limits set.
    points : ndarray, shape (k, 2)
        Points to name, the most important first, in data coordinates.
    names : sequence of k str
    others : ndarray, shape (m, 2)
        All points that names must not cover.
    size : float
        Of the font.

    Returns
    -------
    list of Text
        Names that found room; the others are left out.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None, "axes are in a figure"
    pyplot()
    from matplotlib.patheffects import withStroke

    figure.draw_without_rendering()  # fixes where the axes are
    unit = figure.dpi / 72.0
    taken: list[Bbox] = [item.get_window_extent() for item in ax.texts]
    dots = ax.transData.transform(others) if len(others) else np.empty((0, 2))
    frame = ax.get_window_extent()
    placed: list[Text] = []
    for (x, y), name in zip(points, names, strict=True):
        label = ax.annotate(
            plain(name), (x, y), xytext=(0, 0), textcoords="offset points", fontsize=size,
            color=INK, zorder=5, annotation_clip=False, path_effects=[withStroke(**HALO)],
        )  # fmt: skip
        point = ax.transData.transform((x, y))
        found = _room(label, point, taken, dots, frame, unit)
        if found is None:
            label.remove()
            continue
        taken.append(found)
        placed.append(label)
        across, up = label.get_position()
        ax.annotate("", (x, y), xytext=(across, up), textcoords="offset points", zorder=2,
                    annotation_clip=False, arrowprops=LEADER)  # fmt: skip
        dots = np.vstack([dots, _line(point, np.array([across, up]) * unit)])
    return placed


def _room(
    label: "Text", point: Array, taken: "Sequence[Bbox]", dots: Array, frame: "Bbox", unit: float
) -> "Bbox | None":
    """Move a label to the first place where neither it nor its line covers a thing.

    Returns the box of the words; None without such a place.
    """
    others = dots[np.abs(dots - point).max(axis=1) > 1.0]
    for radius in RADII:
        for angle in ANGLES:
            aim = radius * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
            label.set_horizontalalignment(_across(aim[0] / radius))
            label.set_verticalalignment(_up(aim[1] / radius))
            label.set_position((aim[0], aim[1]))
            box = label.get_window_extent().padded(1.0 * unit)
            line = _line(point, aim * unit)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1
            inside = inside and frame.y0 <= box.y0 and box.y1 <= frame.y1
            apart = np.abs(line[:, None] - others[None]).max(axis=2) > 2.5 * unit
            if inside and apart.all() and _free(box, dots) and not any(
                box.overlaps(other) or not _free(other, line) for other in taken
            ):  # fmt: skip
                return box
    return None


def _line(point: Array, aim: Array) -> Array:
    """Points of the line from a point to its name, in pixels."""
    return np.asarray(point + np.linspace(0.1, 1.0, 12)[:, None] * aim)


def _across(part: float) -> Literal["left", "center", "right"]:
    return "center" if abs(part) < 0.3 else "left" if part > 0 else "right"


def _up(part: float) -> Literal["bottom", "center", "top"]:
    return "center" if abs(part) < 0.3 else "bottom" if part > 0 else "top"


def _free(box: "Bbox", dots: Array) -> bool:
    inside = (dots[:, 0] > box.x0) & (dots[:, 0] < box.x1)
    return not bool((inside & (dots[:, 1] > box.y0) & (dots[:, 1] < box.y1)).any())
