"""What of a derivation a picture shows: an employment pattern, a published ratio."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from iomodel.errors import SpecError
from iomodel.plot.style import ACCENT, plain
from iomodel.plot.words import word
from iomodel.studies.comparison import Comparison, published_ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Published = Comparison | float | None


def one_pattern(frame: pd.DataFrame, pattern: str | None) -> pd.Series:
    """Return the row of one employment pattern, or the mean over all of them.

    Raises
    ------
    SpecError
        For a pattern that the result does not have.
    """
    if pattern is None:
        return frame.mean(axis=0)
    if pattern not in frame.index:
        known = ", ".join(map(str, frame.index))
        raise SpecError(f"employment pattern {pattern!r}: the result has {known}.")
    return pd.Series(frame.loc[pattern])


def pattern_note(
    patterns: Mapping[str, str], pattern: str | None, language: str, *, spread: bool = False
) -> str:
    """Say which employment pattern is shown; `spread` if the range over them is drawn too.

    `patterns` has names by code, as `words.patterns` returns them.
    """
    if pattern is not None or len(patterns) == 1:
        return word("pattern", language, patterns[pattern or next(iter(patterns))])
    return word("mean and range of" if spread else "mean of", language, len(patterns))


def ratio_of(published: Published) -> float | None:
    """Return the published ratio: handed in as a number, or that of a comparison."""
    return published_ratio(published) if isinstance(published, Comparison) else published


def published_line(ax: "Axes", value: float, text: str) -> None:
    """Draw a vertical line at a published figure, with its name above the picture."""
    ax.axvline(value, color=ACCENT, linewidth=1.2, linestyle=(0, (5, 2)), zorder=3)
    ax.annotate(
        plain(text),
        (value, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color=ACCENT,
        fontsize="small",
    )
