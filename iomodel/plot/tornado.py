"""What one input at a time does to an outcome."""

from textwrap import fill as wrap
from typing import TYPE_CHECKING, Any

from iomodel.analysis.sensitivity import Sensitivity
from iomodel.plot.chosen import Published, published_line, ratio_of
from iomodel.plot.style import (
    INK,
    PALETTE,
    axes,
    beside,
    drawing,
    legend_below,
    look,
    plain,
    titled,
)
from iomodel.plot.words import input_name, outcome, outcome_unit, word
from iomodel.results import figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOW, HIGH, EITHER = look(PALETTE[1], "////"), look(PALETTE[0]), look("#9A9A9A", "....")


def tornado(
    found: Sensitivity,
    *,
    top: int = 12,
    published: Published = None,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw the outcome at the low and the high of each input, all others central.

    Parameters
    ----------
    found : Sensitivity
    top : int
        Inputs shown, largest swing first.
    published : Comparison or float, optional
        A published value of the same outcome, drawn as a line.
    ax : Axes, optional
    language : {"en", "zh"}

    Returns
    -------
    Axes
        At the ends of each bar, the value of the input there, in the unit of the workbook.
    """
    frame = found.inputs[found.inputs["swing"] > 0.0].head(top)
    value = ratio_of(published)
    with drawing(language) as spoken:
        named = [input_name(found, str(name), spoken) for name in frame.index]
        ax = axes(ax, (8.0, 1.6 + 0.36 * len(frame)))
        for row, entry in enumerate(frame.to_dict("records")):
            _bar(ax, row, entry, found.central)
        ax.axvline(found.central, color=INK, linewidth=0.9, zorder=4)
        ax.set_yticks(range(len(frame)), [wrap(plain(text), 40) for text in named])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(frame) - 0.4, -0.6)
        ends = [float(frame[key].min()) for key in ("at low", "at high")]
        tops = [float(frame[key].max()) for key in ("at low", "at high")]
        low, high = min([*ends, value or found.central]), max([*tops, value or found.central])
        room = 0.12 * (high - low)
        ax.set_xlim(low - room, high + room)
        ax.set_xlabel(outcome_unit(found.of, spoken))
        if value is not None:
            published_line(ax, value, word("published", spoken, f"{value:g}"))
        below = f"{outcome(found.of, spoken)}\n{word('input ends', spoken)}"
        titled(ax, word("title tornado", spoken), below, above=value is not None)
        _legend(ax, bool(frame["low"].isna().any()), found.central, spoken)
    return ax


def _bar(ax: "Axes", row: int, entry: dict[Any, Any], central: float) -> None:
    """Draw the two halves of one bar, with the value of the input at each end."""
    at = {"low": float(entry["at low"]), "high": float(entry["at high"])}
    if entry["low"] != entry["low"]:  # a category has no low and high
        ax.barh(row, at["high"] - at["low"], left=at["low"], height=0.66, **EITHER)
        return
    for end, fill in (("low", LOW), ("high", HIGH)):
        ax.barh(row, at[end] - central, left=central, height=0.66, **fill)
    for end, other in (("low", "high"), ("high", "low")):
        left = at[end] < at[other]
        beside(ax, figure(float(entry[end])), (at[end], row), left=left, fontsize="x-small")


def _legend(ax: "Axes", categories: bool, central: float, language: str) -> None:
    looks = {"low end": LOW, "high end": HIGH} | ({"categories": EITHER} if categories else {})
    handles: list[Any] = [
        ax.barh(0.0, 0.0, label=word(key, language), **fill) for key, fill in looks.items()
    ]
    name = f"{word('central', language)}: {central:.4g}"
    handles += ax.plot([], [], color=INK, linewidth=0.9, label=name)
    legend_below(ax, handles, 4 if language == "zh" else 2)
