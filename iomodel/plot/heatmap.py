"""A matrix as a picture: flows, coefficients, the inverse, or what a result has by pair."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.analysis.influence import Influence
from iomodel.analysis.propagation import Propagation
from iomodel.errors import PictureError
from iomodel.models.leontief import Leontief
from iomodel.plot.labels import sectors, short, spread
from iomodel.plot.style import ACCENT, INK, QUIET, axes, drawing, plain, pyplot, tick_fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

Array = npt.NDArray[np.float64]
Scale = Literal["log", "linear"]
COLOURS = "viridis_r"  # even steps to the eye, lightness falls all the way: fine in grey
BY_NAME, BY_CODE = 25, 60  # up to so many sectors are named, or given by code
FRAME = 4.6  # side of the square, inches
TITLES = {
    "flows": ("Intermediate flows", "中间流量"),
    "A": ("Input coefficients A", "直接消耗系数 A"),
    "L": ("Leontief inverse L", "列昂惕夫逆矩阵 L"),
    "lengths": ("Average propagation lengths", "平均传播长度"),
    "influence": ("Field of influence of each coefficient", "各系数的影响域"),
    "rounds": ("rounds", "轮次"),
}
WORDS = {
    "supplier": ("Supplier", "供给部门"),
    "user": ("User", "使用部门"),
    "negative": ("negative cells: {}", "负值：{} 格"),
}


class _Square(NamedTuple):
    """What is drawn: values, sectors, title, unit, and the scale that suits it."""

    values: Array
    labels: Labels
    title: str
    unit: str
    scale: Scale


def heatmap(
    what: IOTable | Leontief | Propagation | Influence | pd.DataFrame,
    *,
    of: Literal["flows", "A", "L"] | None = None,
    scale: Scale | None = None,
    decades: float = 5.0,
    groups: Sequence[str] | None = None,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw a square matrix, suppliers in rows, users in columns.

    Parameters
    ----------
    what : IOTable, Leontief, Propagation, Influence or DataFrame, n x n
        A result is drawn by its own measure; a frame as it is.
    of : {"flows", "A", "L"}, optional
        Of a table ``flows`` (the default) or ``A``; of a model ``A`` or ``L`` (the default).
    scale : {"log", "linear"}, optional
        Of the colours; by the kind of matrix if absent.
    decades : float
        How many powers of ten below the largest cell a logarithmic scale reaches; smaller
        cells have its lightest colour.
    groups : sequence of n str, optional
        Neighbours of one group are set off by lines; regions, or the groups of the labels, if
        absent.
    ax : Axes, optional
        Where to draw; a new figure if absent.
    language : {"en", "zh"}

    Returns
    -------
    Axes
        Cells that are zero or not a number are blank, negative cells are red crosses.

    Raises
    ------
    PictureError
        For something that has no such matrix, groups of another length, or an unknown scale.
    """
    square = _square(what, of, language)
    used = square.scale if scale is None else scale
    if used not in ("log", "linear"):
        raise PictureError(f'scale {used!r} is not known: use "log" or "linear".')
    runs = _runs(square.labels, groups)
    with drawing(language) as spoken:
        ax = axes(ax, (FRAME + 1.6, FRAME + 0.5))
        _cells(ax, square, used, decades, spoken)
        _lines(ax, runs, len(square.labels))
        _names(ax, square.labels, runs, spoken)
        ax.set_title(plain(square.title))
        ax.set_xlabel(WORDS["user"][spoken == "zh"])
        ax.set_ylabel(WORDS["supplier"][spoken == "zh"])
    return ax


def _square(what: Any, of: str | None, language: str) -> _Square:
    spoken = int(language == "zh")
    if isinstance(what, Propagation):
        return _Square(what.lengths, what.labels, TITLES["lengths"][spoken],
                       TITLES["rounds"][spoken], "linear")  # fmt: skip
    if isinstance(what, Influence):
        return _Square(what.sizes, what.labels, TITLES["influence"][spoken], "", "log")
    if isinstance(what, IOTable) and of in (None, "flows", "A"):
        flows, unit = what.flows, what.meta.unit
        if of == "A":
            return _Square(flows.coefficients, what.labels, TITLES["A"][spoken], "", "log")
        return _Square(flows.intermediate, what.labels, TITLES["flows"][spoken], unit, "log")
    if isinstance(what, Leontief) and of in (None, "L", "A"):
        if of == "A":
            return _Square(what.coefficients, what.labels, TITLES["A"][spoken], "", "log")
        return _Square(what.L.to_numpy(), what.labels, TITLES["L"][spoken], "", "log")
    if isinstance(what, pd.DataFrame) and of is None and what.shape[0] == what.shape[1]:
        return _Square(what.to_numpy(dtype=np.float64), _labels(what.index), "", "", "log")
    raise PictureError(
        f"no square matrix {of or ''} of {type(what).__name__}: give a table (flows, A), a model "
        "(A, L), a result with a matrix, or a square frame."
    )


def _labels(index: pd.Index) -> Labels:
    """Make labels of an index of codes or of (region, code)."""
    if isinstance(index, pd.MultiIndex):
        return Labels(codes=tuple(map(str, index.get_level_values(-1))),
                      regions=tuple(map(str, index.get_level_values(0))))  # fmt: skip
    return Labels(codes=tuple(map(str, index)))


def _runs(labels: Labels, groups: Sequence[str] | None) -> list[tuple[str, int, int]]:
    """Neighbours of one group: its name, the first position, the one after the last."""
    regions = labels.regions if len(set(labels.regions)) > 1 else labels.groups
    names = list(regions if groups is None else map(str, groups))
    if len(names) != len(labels):
        raise PictureError(f"{len(names)} groups for {len(labels)} sectors: give one to each.")
    found, start = [], 0
    for name, members in groupby(names):
        end = start + len(list(members))
        found.append((name, start, end))
        start = end
    return found if len(found) > 1 else []


def _cells(ax: "Axes", square: _Square, scale: str, decades: float, language: str) -> None:
    plt = pyplot()
    from matplotlib.colors import LogNorm, Normalize

    values = square.values
    shown = np.where(values > 0.0, values, np.nan)
    top = float(np.nanmax(shown, initial=0.0)) if np.isfinite(shown).any() else 0.0
    if top > 0.0:
        low = float(np.nanmin(shown))
        floor = max(low, top / 10.0**decades) if scale == "log" else low
        floor = floor if floor < top else top / 10.0
        norm = LogNorm(floor, top) if scale == "log" else Normalize(floor, top)
        image = ax.imshow(shown, cmap=COLOURS, norm=norm, interpolation="nearest", zorder=1)
        extend = "min" if low < floor else "neither"
        bar = plt.colorbar(image, ax=ax, shrink=0.75, pad=0.03, extend=extend, aspect=28)
        bar.outline.set_visible(False)
        tick_fonts(bar.ax)
        bar.ax.tick_params(which="both", labelsize="small", color=QUIET)
        bar.set_label(plain(square.unit), fontsize="small")
    n = len(values)
    ax.set(xlim=(-0.5, n - 0.5), ylim=(n - 0.5, -0.5), aspect="equal")
    ax.spines[:].set(visible=True, color=QUIET, linewidth=0.6)
    rows, columns = np.nonzero(values < 0.0)
    if len(rows):
        side = 72.0 * FRAME / n  # points
        ax.scatter(columns, rows, marker="x", s=min(0.6 * side, 9.0) ** 2, color=ACCENT,
                   linewidths=min(0.2 * side, 1.2), zorder=3,
                   label=WORDS["negative"][language == "zh"].format(len(rows)))  # fmt: skip
        ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.1, handletextpad=0)


def _lines(ax: "Axes", runs: list[tuple[str, int, int]], size: int) -> None:
    """Separate groups, thinly."""
    width = 0.3 if size > BY_CODE else 0.6
    for _, start, _ in runs[1:]:
        ax.axhline(start - 0.5, color=QUIET, linewidth=width, zorder=2)
        ax.axvline(start - 0.5, color=QUIET, linewidth=width, zorder=2)


def _names(ax: "Axes", labels: Labels, runs: list[tuple[str, int, int]], language: str) -> None:
    """Name sectors where there is room; groups where there is not."""
    n = len(labels)
    if n <= BY_CODE:
        named = n <= BY_NAME
        codes = [plain(short(code, 12)) for code in labels.shown]
        names = [plain(short(name, 26)) for name in sectors(labels, language)]
        small = 8.0 if named else min(8.0, 0.8 * 72.0 * FRAME / n)
        ax.set_yticks(range(n), names if named else codes, fontsize=small)
        ax.set_xticks(range(n), codes, rotation=90, fontsize=small)
        ax.tick_params(length=0 if named else 2, color=QUIET)
        return
    for axis in (ax.xaxis, ax.yaxis):
        _grouped(ax, axis, runs, n)


def _grouped(ax: "Axes", axis: "Axis", runs: list[tuple[str, int, int]], size: int) -> None:
    """Name groups beside their middle, moved apart, with a line to where they are."""
    across = axis is ax.xaxis
    axis.set_ticks([])
    middles = [(start + end - 1) / 2 for _, start, end in runs]
    longest = max((len(name) for name, _, _ in runs), default=0)
    upright = across and longest > 2
    gap = size * (0.025 if upright or not across else 0.024 + 0.012 * (longest - 1))
    for (name, _, _), at, to in zip(runs, middles, spread(middles, gap, 0, size - 1), strict=True):
        ends = (at, 0.0)
        frame: Any = ("data", "axes fraction") if across else ("axes fraction", "data")
        place = ends if across else ends[::-1]
        ax.annotate("", place, xycoords=frame, annotation_clip=False,
                    xytext=_offset(across, float(to)), textcoords=frame,
                    arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.4,
                                "shrinkA": 0, "shrinkB": 0})  # fmt: skip
        ax.annotate(plain(short(name, 14)), _offset(across, float(to)), xycoords=frame,
                    xytext=(0, -1) if across else (-2, 0), textcoords="offset points",
                    ha="center" if across else "right", va="top" if across else "center",
                    fontsize=7, color=INK, annotation_clip=False,
                    rotation=90 if upright else 0)  # fmt: skip
    axis.labelpad = 18.0 + (4.2 * min(longest, 14) if upright or not across else 0.0)


def _offset(across: bool, to: float) -> tuple[float, float]:
    return (to, -0.02) if across else (-0.02, to)
