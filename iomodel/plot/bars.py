"""Ratios by scope and employment pattern, stacked by channel."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from iomodel.plot.chosen import Published, published_line, ratio_of
from iomodel.plot.style import axes, beside, drawing, legend_below, plain, titled
from iomodel.plot.words import channels, patterns as pattern_names, scope as scope_name, word
from iomodel.studies.derivation import Derivation
from iomodel.studies.parts import channel_jobs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 0.9  # between scopes, in bars


def bars(
    derivation: Derivation,
    *,
    scopes: list[str] | None = None,
    published: Published = None,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw indirect jobs per direct job by scope and employment pattern, channels as parts.

    Parameters
    ----------
    derivation : Derivation
    scopes : list of str, optional
        Which scopes, in this order; all of the derivation if absent.
    published : Comparison or float, optional
        A published ratio, drawn as a line.
    ax : Axes, optional
    language : {"en", "zh"}

    Returns
    -------
    Axes

    Raises
    ------
    SpecError
        For a scope that the derivation does not have.
    """
    chosen = list(derivation.central.columns) if scopes is None else list(scopes)
    direct = derivation.levels["direct"]
    parts = {scope: channel_jobs(derivation, scope).div(direct, axis=0) for scope in chosen}
    names = list(dict.fromkeys(name for frame in parts.values() for name in frame.columns))
    patterns = list(derivation.central.index)
    step = len(patterns) + GAP
    with drawing(language) as spoken:
        found = channels(derivation, spoken)
        looks = {name: found.fills[name] for name in found.fills if name in names}
        ax = axes(ax, (7.2, 1.7 + 0.2 * len(chosen) * step))
        rows = {
            (scope, pattern): k * step + j
            for k, scope in enumerate(chosen)
            for j, pattern in enumerate(patterns)
        }
        for (scope, pattern), row in rows.items():
            sizes = parts[scope].loc[pattern]
            starts = np.cumsum(sizes) - sizes
            for name, start, size in zip(sizes.index, starts, sizes, strict=True):
                ax.barh(row, size, left=start, height=0.84, **looks[name])
            beside(ax, f"{sizes.sum():.2f}", (float(sizes.sum()), row), fontsize="x-small")
        _names(ax, rows, chosen, pattern_names(derivation, spoken), spoken)
        value = ratio_of(published)
        largest = max(float(frame.sum(axis=1).max()) for frame in parts.values())
        ax.set_xlim(0.0, 1.1 * max(largest, value or 0.0))
        ax.set_xlabel(word("ratio unit", spoken))
        if value is not None:
            published_line(ax, value, word("published", spoken, f"{value:g}"))
        _legend(ax, {plain(found.names[name]): fill for name, fill in looks.items()})
        titled(ax, word("title bars", spoken), above=value is not None)
    return ax


def _names(
    ax: "Axes",
    rows: dict[tuple[str, str], float],
    chosen: list[str],
    names: Mapping[str, str],
    language: str,
) -> None:
    """Write the scope above its bars and the employment pattern beside each."""
    first = {scope: min(row for (s, _), row in rows.items() if s == scope) for scope in chosen}
    single = len(rows) == len(chosen)
    if single:
        ax.set_yticks(list(rows.values()), [scope_name(scope, language) for scope, _ in rows])
    else:
        ax.set_yticks(list(rows.values()), [plain(names[pattern]) for _, pattern in rows])
        ax.tick_params(axis="y", labelsize="x-small")
        for scope, row in first.items():
            ax.annotate(scope_name(scope, language), (0.0, row - 0.52), xytext=(2, 0),
                        textcoords="offset points", va="bottom", fontsize="small",
                        fontweight="bold")  # fmt: skip
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(rows.values()) + 0.6, -0.6 if single else -1.5)


def _legend(ax: "Axes", looks: Mapping[str, Mapping[str, Any]]) -> None:
    handles = [ax.barh(0.0, 0.0, label=name, **look) for name, look in looks.items()]
    legend_below(ax, handles, 2 if len(looks) < 7 else 3)
