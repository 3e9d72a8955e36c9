"""From direct to total jobs, channel by channel."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from iomodel.kernels.linear import Array
from iomodel.plot.chosen import Published, one_pattern, pattern_note, ratio_of
from iomodel.plot.style import (
    ACCENT,
    INK,
    QUIET,
    axes,
    beside,
    count,
    drawing,
    look,
    plain,
    thousands,
    tick_fonts,
    titled,
)
from iomodel.plot.words import channels, patterns, scope as scope_name, word
from iomodel.studies.derivation import Derivation
from iomodel.studies.parts import channel_jobs

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def waterfall(
    derivation: Derivation,
    *,
    scope: str | None = None,
    pattern: str | None = None,
    published: Published = None,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw how jobs build up from direct ones through every channel to the total.

    Parameters
    ----------
    derivation : Derivation
    scope : str, optional
        Which scope; the fullest one, that channels add up to, if absent.
    pattern : str, optional
        One employment pattern; the mean over all of them if absent.
    published : Comparison or float, optional
        A published ratio of indirect to direct jobs, drawn as a line.
    ax : Axes, optional
    language : {"en", "zh"}

    Returns
    -------
    Axes
        Below, jobs in full-time job-years; above, indirect jobs per direct job.

    Raises
    ------
    SpecError
        For a scope or an employment pattern that the derivation does not have.
    """
    scope = derivation.fullest if scope is None else scope
    frame = channel_jobs(derivation, scope)
    levels = derivation.levels
    parts = one_pattern(frame, pattern)
    direct = float(one_pattern(levels[["direct"]], pattern).iloc[0])
    value = ratio_of(published)
    with drawing(language) as spoken:
        ax = axes(ax, (7.2, 1.5 + 0.34 * (len(parts) + 2)))
        found = channels(derivation, spoken)
        names = [plain(found.names[str(key)]) for key in parts.index]
        looks = [look(QUIET), *(found.fills[str(key)] for key in parts.index), look(INK)]
        ends = _steps(ax, np.array([direct, *parts]), looks, spoken)
        if pattern is None and len(levels) > 1:
            ends = max(ends, _range(ax, levels[f"total, {scope}"], len(parts) + 1))
        rows = np.arange(len(parts) + 2)
        ax.set_yticks(rows, [word("direct", spoken), *names, word("total", spoken)])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(rows) - 0.5, -0.6)
        ax.set_xlim(0.0, 1.14 * max(ends, 0.0 if value is None else direct * (1.0 + value)))
        thousands(ax.xaxis, spoken)
        note = pattern_note(patterns(derivation, spoken), pattern, spoken, spread=True)
        ax.set_xlabel(word("jobs", spoken))
        _ratios_above(ax, direct, spoken)
        if value is not None:
            _published(ax, direct * (1.0 + value), word("published", spoken, f"{value:g}"))
        shown = word("scope", spoken, scope_name(scope, spoken))
        titled(ax, word("title waterfall", spoken), f"{shown} · {note}", above=2)
    return ax


def _steps(ax: "Axes", sizes: Array, looks: Sequence[Mapping[str, Any]], language: str) -> float:
    """Draw the steps and their sum; return how far they reach."""
    starts = np.append(np.cumsum(sizes) - sizes, 0.0)
    sizes = np.append(sizes, sizes.sum())
    last = len(sizes) - 1
    for row, (start, size, fill) in enumerate(zip(starts, sizes, looks, strict=True)):
        ax.barh(row, size, left=start, height=0.68, **fill)
        end = start + size
        if row < last:
            ax.plot([end, end], [row + 0.34, row + 0.66], color=QUIET, linewidth=0.7)
        sign = "+" if 0 < row < last and size >= 0 else ""
        at = (max(start, end), row + (0.0 if row < last else -0.16))
        beside(ax, f"{sign}{count(size, language)}", at)
    return float((starts + sizes).max())


def _range(ax: "Axes", totals: pd.Series, row: int) -> float:
    """Draw the range of the total over employment patterns; return its upper end."""
    ends = [float(totals.min()), float(totals.max())]
    ax.plot(ends, [row + 0.2, row + 0.2], color=QUIET, linewidth=1.4, marker="|", markersize=6)
    return ends[1]


def _ratios_above(ax: "Axes", direct: float, language: str) -> None:
    """Put the scale of the ratio above: zero where direct jobs end."""
    top = ax.secondary_xaxis(
        "top", functions=(partial(_ratio, direct=direct), partial(_jobs, direct=direct))
    )
    top.set_xlabel(word("ratio", language))
    tick_fonts(top)
    top.set_xticks(np.arange(0.0, ax.get_xlim()[1] / direct - 1.0, 0.5))


def _ratio(jobs: Any, direct: float) -> Any:
    return jobs / direct - 1.0


def _jobs(ratio: Any, direct: float) -> Any:
    return (ratio + 1.0) * direct


def _published(ax: "Axes", at: float, text: str) -> None:
    ax.axvline(at, color=ACCENT, linewidth=1.2, linestyle=(0, (5, 2)), zorder=3)
    beside(ax, text, (at, 0.0), left=True, color=ACCENT)
