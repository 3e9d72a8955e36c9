"""The same jobs in three bases: heads, full-time job-years, work-days."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from iomodel.errors import PictureError, listed
from iomodel.plot.chosen import pattern_note
from iomodel.plot.style import (
    ACCENT,
    INK,
    PALETTE,
    QUIET,
    axes,
    beside,
    drawing,
    legend_below,
    look,
    round_count,
    thousands,
    titled,
)
from iomodel.plot.words import patterns, scope as scope_name, word
from iomodel.readers.published import PublishedFigure
from iomodel.studies.comparison import Comparison
from iomodel.studies.derivation import Derivation
from iomodel.studies.parts import QUANTITIES, bases

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Ids of published figures in the basis that they are in; no figure is put beside another basis.
PUBLISHED = {
    ("heads", "direct"): "direct_heads",
    ("heads", "indirect"): "indirect_heads",
    ("heads", "total"): "total_heads",
    ("workdays", "total"): "workdays_chain",
}
UNITS = {"persons": ("heads", 1.0), "work-days": ("workdays", 1.0),
         "million work-days": ("workdays", 1e6)}  # fmt: skip
RANGE = "#9A9A9A"
FILLS = dict(zip(QUANTITIES, (look(QUIET), look(PALETTE[1], "////"), look(INK)), strict=True))


def ladder(
    derivation: Derivation,
    *,
    scope: str | None = None,
    published: Comparison | None = None,
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw direct, indirect and total jobs in heads, full-time job-years and work-days.

    Parameters
    ----------
    derivation : Derivation
    scope : str, optional
        The headline scope if absent.
    published : Comparison, optional
        Its published head counts and work-days stand beside the panel of their own basis.
    ax : Axes, optional
        Its place is divided into three panels.
    language : {"en", "zh"}

    Returns
    -------
    Axes
        The place of the picture; its three panels are ``child_axes``. One panel for each
        basis, each with its own scale: bases never share an axis.

    Raises
    ------
    SpecError
        For a scope that the derivation does not have.
    PictureError
        If a published figure has the unit of another basis.
    """
    scope = derivation.headline if scope is None else scope
    frame = bases(derivation, scope)
    shown_bases = list(dict.fromkeys(frame.index.get_level_values("basis")))
    known = {} if published is None else published.figures
    with drawing(language) as spoken:
        ax = axes(ax, (8.4, 3.4))
        ax.set_axis_off()
        notes = _notes(derivation, spoken)
        for k, basis in enumerate(shown_bases):
            panel = ax.inset_axes((k * 0.345, 0.0, 0.31, 1.0))
            _panel(panel, frame.loc[[basis]].droplevel("basis"), _marks(known, basis), spoken)
            panel.set_title(f"{word(basis, spoken)}\n{notes[basis]}", fontsize="small")
            panel.set_xlabel(word(f"unit {basis}", spoken))
            if k:
                panel.set_yticklabels([])
        if published is not None:
            handles = ax.plot([], [], color=ACCENT, marker="D", markersize=4.5, linewidth=1.4,
                              label=word("published short", spoken))  # fmt: skip
            legend_below(ax, handles, 1)
        note = pattern_note(patterns(derivation, spoken), None, spoken, spread=True)
        shown = word("scope", spoken, scope_name(scope, spoken))
        titled(ax, word("title ladder", spoken), f"{shown} · {note}", above=2)
    return ax


def _notes(derivation: Derivation, language: str) -> dict[str, str]:
    """Say by which number of days work-days were brought to each basis."""
    labour = derivation.labour
    notes = dict.fromkeys(("heads", "fte", "workdays"), " ")
    for basis, count in (("heads", labour.heads), ("fte", labour.fte)):
        if labour.workdays is not None and count is not None:
            notes[basis] = word(f"days per {basis}", language, f"{labour.workdays / count:.4g}")
    return notes


def _marks(known: Mapping[str, PublishedFigure], basis: str) -> dict[str, PublishedFigure]:
    """Return published figures of one basis by quantity; refuse one in the unit of another."""
    found = {q: known[key] for (of, q), key in PUBLISHED.items() if of == basis and key in known}
    wrong = [
        f"{figure.id} is in {figure.unit!r}"
        for figure in found.values()
        if UNITS.get(figure.unit, ("", 0.0))[0] != basis
    ]
    if wrong:
        units = ", ".join(unit for unit, (of, _) in UNITS.items() if of == basis)
        raise PictureError(f"published figures beside {basis}: {listed(wrong)}; use {units}.")
    return found


def _panel(
    panel: "Axes", frame: pd.DataFrame, marks: Mapping[str, PublishedFigure], language: str
) -> None:
    """Draw one basis: bars with their range over patterns, and published figures beside."""
    axes(panel)
    largest = float(frame["high"].max())
    for row, quantity in enumerate(QUANTITIES):
        if quantity in frame.index:
            _bar(panel, row - 0.13, quantity, frame.T[quantity], language)
        else:
            beside(panel, word("not derived", language), (0.0, row - 0.13), color=QUIET)
        if quantity in marks:
            largest = max(largest, _mark(panel, row + 0.24, marks[quantity], language))
    panel.set_yticks(range(len(QUANTITIES)), [word(q, language) for q in QUANTITIES])
    panel.tick_params(axis="y", length=0)
    panel.set_ylim(len(QUANTITIES) - 0.5, -0.5)
    panel.set_xlim(0.0, 1.42 * largest)
    panel.locator_params(axis="x", nbins=3)
    thousands(panel.xaxis, language)


def _bar(panel: "Axes", row: float, quantity: str, jobs: pd.Series, language: str) -> None:
    """Draw the mean of one quantity with its range over patterns."""
    low, mean, high = (float(jobs[key]) for key in ("low", "mean", "high"))
    panel.barh(row, mean, height=0.42, **FILLS[quantity])
    if high > low:
        panel.plot([low, high], [row] * 2, color=RANGE, linewidth=1.2, marker="|", markersize=5)
    beside(panel, round_count(mean, language), (high, row))


def _mark(panel: "Axes", row: float, published: PublishedFigure, language: str) -> float:
    """Draw a published figure; one of which only the lower bound is known has an arrow."""
    value = published.value * UNITS[published.unit][1]
    bound = published.central is None and published.low is not None
    panel.plot([0.0, value], [row, row], color=ACCENT, linewidth=1.4)
    panel.plot([value], [row], marker=">" if bound else "D", color=ACCENT, markersize=4.5)
    text = f"{'> ' if bound else ''}{round_count(value, language)}"
    beside(panel, text, (value * 1.02, row), color=ACCENT)
    return value
