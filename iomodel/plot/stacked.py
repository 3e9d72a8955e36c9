"""Bars in parts: multipliers, losses by extraction, price changes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from iomodel.accounts.labels import Labels
from iomodel.analysis.extraction import Extraction
from iomodel.analysis.multipliers import Multipliers
from iomodel.errors import PictureError
from iomodel.models.prices import PriceChange
from iomodel.plot.labels import account, sectors, short
from iomodel.plot.style import INK, PALETTE, axes, drawing, fills, plain, pyplot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = npt.NDArray[np.float64]
Word = tuple[str, str]
WORDS: Mapping[str, Word] = {
    "direct": ("direct", "直接"),
    "first_round": ("first round", "第一轮"),
    "industrial_support": ("further rounds", "后续轮次"),
    "induced": ("induced by household spending", "居民消费诱发"),
    "household_row": ("households themselves", "居民自身"),
    "own": ("in the extracted sector", "被剔除部门自身"),
    "elsewhere": ("in other sectors", "其他部门"),
    "indirect": ("dearer inputs", "中间投入涨价"),
    "cost": ("own primary costs", "自身初始投入成本"),
    "margin": ("mark-up", "加成"),
}


class _Bars(NamedTuple):
    """What is drawn: parts by sector, words and size that sorts."""

    labels: Labels
    parts: dict[str, Array]
    title: Word
    axis: Word
    percent: bool = False


def stacked(
    result: Multipliers | Extraction | PriceChange,
    *,
    top: int = 15,
    row: str | None = None,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw the sectors with the largest totals as bars in parts.

    Parameters
    ----------
    result : Multipliers, Extraction or PriceChange
        Effects per unit of final demand by round; output lost inside and elsewhere; price
        changes by cause.
    top : int
        How many sectors, those with the largest size of the total.
    row : str, optional
        Of multipliers of an account with several rows: which; the first one if absent, and
        the title says so.
    ax : Axes, optional
        Where to draw; a new figure if absent.
    language : {"en", "zh"}

    Returns
    -------
    Axes
        Negative parts stand to the left; the figure at the end is the total.

    Raises
    ------
    PictureError
        If there is no such row, or nothing to draw.
    """
    if top < 1:
        raise PictureError(f"top is {top}: give a number of sectors, 1 or more.")
    bars = _multipliers(result, row) if isinstance(result, Multipliers) else (
        _extraction(result) if isinstance(result, Extraction) else _prices(result)
    )  # fmt: skip
    total = np.sum(list(bars.parts.values()), axis=0)
    chosen = np.argsort(-np.abs(total), kind="stable")[:top]
    with drawing(language) as spoken:
        zh = spoken == "zh"
        ax = axes(ax, (7.0, 1.25 + 0.24 * len(chosen)))
        _draw(ax, bars, chosen, zh)
        for place, spot in enumerate(chosen.tolist()):
            positive = sum(max(float(part[spot]), 0.0) for part in bars.parts.values())
            text = _figure(float(total[spot]), bars.percent)
            ax.annotate(plain(text), (positive, place), xytext=(3, 0), va="center",
                        textcoords="offset points", fontsize=7, color=INK)  # fmt: skip
        names = sectors(bars.labels, spoken)
        ax.set_yticks(range(len(chosen)), [plain(short(names[i], 38)) for i in chosen])
        ax.tick_params(axis="y", length=0)
        ax.invert_yaxis()
        ax.margins(x=0.1)
        ax.set_xlabel(plain(bars.axis[zh]))
        ax.set_title(plain(bars.title[zh]), x=0.0, pad=26)
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(bars.parts),
                  borderaxespad=0.2, handlelength=1.2, columnspacing=1.4)  # fmt: skip
    return ax


def _figure(value: float, percent: bool) -> str:
    if percent:
        return f"{value:+.2%}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _draw(ax: "Axes", bars: _Bars, chosen: npt.NDArray[np.intp], zh: bool) -> None:
    """Stack positive parts to the right of zero, negative ones to the left."""
    pyplot()
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    right, left = np.zeros(len(chosen)), np.zeros(len(chosen))
    for (name, part), fill in zip(bars.parts.items(), fills(len(bars.parts)), strict=True):
        values = part[chosen]
        ax.barh(range(len(chosen)), values, left=np.where(values < 0, left, right), height=0.74,
                label=WORDS[name][zh], **fill)  # fmt: skip
        right, left = right + np.maximum(values, 0.0), left + np.minimum(values, 0.0)
    ax.axvline(0.0, color=PALETTE[-1], linewidth=0.8)
    if bars.percent:
        ax.xaxis.set_major_formatter(PercentFormatter(1.0))
    elif max(map(abs, ax.get_xlim())) >= 1000:
        ax.xaxis.set_major_locator(MaxNLocator(5))
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")


def _multipliers(result: Multipliers, row: str | None) -> _Bars:
    codes = result.rows.codes
    if row is not None and row not in codes:
        raise PictureError(f"row {row!r}: {result.of} has {', '.join(codes)}.")
    place = 0 if row is None else codes.index(row)
    parts = {
        "direct": result.direct,
        "first_round": result.indirect - result.industrial_support,
        "industrial_support": result.industrial_support,
        "induced": result.induced,
        "household_row": result.household_row,
    }
    kept = {name: part[place] for name, part in parts.items() if part is not None and part.any()}
    of = result.of if len(codes) == 1 else f"{result.of} ({codes[place]})"
    unit = result.row_units[place] if result.row_units else result.unit
    if not kept:
        raise PictureError(f"no sector has any {of}: there is nothing to draw.")
    titles = (
        f"Effects on {account(of, 'en')}, {result.kind}",
        f"{account(of, 'zh')}效应（{result.kind}）",
    )
    return _Bars(result.labels, kept, titles, (unit, unit))


def _extraction(result: Extraction) -> _Bars:
    unit = f" ({result.unit})" if result.unit else ""
    return _Bars(
        result.groups,
        {"own": result.own, "elsewhere": result.elsewhere},
        (f"Hypothetical extraction, {result.kind}", f"假设剔除法（{result.kind}）"),
        (f"Output lost{unit}", f"损失的产出{unit}"),
    )


def _prices(result: PriceChange) -> _Bars:
    parts = {"cost": result.direct, "indirect": result.indirect, "margin": result.margin}
    kept = {name: part for name, part in parts.items() if part.any()}
    if not kept:
        raise PictureError("no price changes: there is nothing to draw.")
    return _Bars(result.labels, kept, ("Price changes", "价格变动"),
                 ("Change of the price", "价格变动率"), percent=True)  # fmt: skip
