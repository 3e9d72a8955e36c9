"""A map of regions as a grid of equal tiles, coloured by a value."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from iomodel.errors import LabelError, PictureError, listed
from iomodel.plot.labels import short
from iomodel.plot.provinces import PROVINCES, province
from iomodel.plot.style import PALE, QUIET, axes, drawing, luminance, plain, pyplot, tick_fonts
from iomodel.results import figure
from iomodel.transforms.regional_audit import Regionalisation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Places = Mapping[Hashable, tuple[int, int]]
COLOURS, TWO_SIDED = "viridis_r", "PuOr_r"
SIDE = 0.92  # of a tile, in cells
LIGHT = 0.22  # luminance above which black letters read better than white ones
REGIONAL = {
    "size": ("Size of the region over that of the nation", "地区规模占全国的份额"),
    "share": ("Intermediate purchases made inside the region", "区内中间采购的份额"),
}


def tiles(
    values: pd.Series | Sequence[Regionalisation],
    *,
    places: Places | None = None,
    of: str = "share",
    centre: float | None = None,
    write: str | None = None,
    title: str = "",
    label: str = "",
    ax: "Axes | None" = None,
    language: str = "en",
) -> "Axes":
    """Draw values by region as a map of equal tiles.

    Parameters
    ----------
    values : Series by region, or sequence of Regionalisation
        Provinces of China by name or code (`iomodel.plot.provinces.province`), or regions of
        `places`. NaN, or absent: the tile is empty.
    places : mapping of region to (row, column), optional
        Where each region stands, rows from the north, columns from the west; the 31 provinces
        of China if absent.
    of : {"share", "size"}
        Of regional tables: share of intermediate purchases made inside, or size of the region.
    centre : float, optional
        Where two colours part (1 for quotients, 0 for changes); one range of colours if absent.
    write : str, optional
        How values are written in the tiles, such as ``".1%"``; ``""`` for not at all.
    title, label : str
        Title of the picture, and what the colours mean; of a Series its name.
    ax : Axes, optional
        Where to draw; a new figure if absent.
    language : {"en", "zh"}
        Of the names of provinces; names of other places are as given.

    Returns
    -------
    Axes

    Raises
    ------
    LabelError
        For regions that have no place, or stand twice.
    PictureError
        For nothing to draw.
    """
    given, name, written = _given(values, of, language)
    written = written if write is None else write
    placed, names = _placed(given, places, language)
    if not any(np.isfinite(value) for value in placed.values()):
        raise PictureError("no region has a value: there is nothing to draw.")
    with drawing(language) as spoken:
        spots = [_place(region, places) for region in names]
        ax = axes(ax, _size(spots))
        colours = _colours(list(placed.values()), centre)
        for region, spot in zip(names, spots, strict=True):
            words = province(region) if places is None else None
            own = names[region] if words is None else words.zh if spoken == "zh" else words.en
            _tile(ax, spot, own, placed.get(region, np.nan), colours, written)
        rows, columns = zip(*spots, strict=True)
        ax.set(xlim=(min(columns) - 0.55, max(columns) + 0.55),
               ylim=(max(rows) + 0.55, min(rows) - 0.55), aspect="equal")  # fmt: skip
        ax.set_axis_off()
        ax.set_title(plain(title))
        bar = pyplot().colorbar(colours, ax=ax, shrink=0.5, aspect=22, pad=0.02)
        bar.outline.set_visible(False)
        tick_fonts(bar.ax)
        bar.ax.tick_params(color=QUIET)
        bar.set_label(plain(label or name), fontsize="small")
        there = [value for value in placed.values() if np.isfinite(value)]
        if centre is not None and max(there) > min(there):
            bar.ax.set_ylim(min(there), max(there))
        if max(map(abs, there)) >= 1000:
            bar.ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        if written.endswith("%"):
            bar.ax.yaxis.set_major_formatter(lambda value, _: f"{value:.3g}" if value == 0
                                             else f"{100 * value:.3g}%")  # fmt: skip
    return ax


def _given(
    values: pd.Series | Sequence[Regionalisation], of: str, language: str
) -> tuple[pd.Series, str, str]:
    """Return values by region, what they are, and how they are written."""
    if isinstance(values, pd.Series):
        return values, str(values.name or ""), "g"
    audits = list(values)
    if of not in REGIONAL or not all(isinstance(item, Regionalisation) for item in audits):
        raise PictureError(
            f"of {of!r}: give a Series by region, or certificates of regional tables "
            f"(table.certificate) with of one of {', '.join(REGIONAL)}."
        )
    found = pd.Series([getattr(item, of) for item in audits], [item.region for item in audits])
    return found, REGIONAL[of][language == "zh"], ".0%" if of == "share" else ".1%"


def _placed(
    given: pd.Series, places: Places | None, language: str
) -> tuple[dict[Hashable, float], dict[Hashable, str]]:
    """Return values by place, and the names of all places."""
    if places is None:
        found = {key: province(key) for key in given.index}
        keys = {key: tile.code for key, tile in found.items() if tile is not None}
        names: dict[Hashable, str] = {
            tile.code: tile.zh if language == "zh" else tile.en for tile in PROVINCES
        }
    else:
        keys = {key: key for key in given.index if key in places}
        names = {key: str(key) for key in places}
    lost = [str(key) for key in given.index if key not in keys]
    taken = [keys[key] for key in given.index if key in keys]
    twice = sorted({names[key] for key in taken if taken.count(key) > 1})
    if lost or twice:
        raise LabelError(
            f"regions without a place: {listed(lost, 10) or 'none'}; more than once: "
            f"{listed(twice, 10) or 'none'}. Known: {', '.join(list(names.values())[:40])}. "
            "Other regions: places={region: (row, column), ...}."
        )
    numbers = given.to_numpy(dtype=np.float64)
    return dict(zip(taken, numbers.tolist(), strict=True)), names


def _place(region: Hashable, places: Places | None) -> tuple[int, int]:
    tile = province(region) if places is None else None
    if tile is not None:
        return tile.row, tile.column
    assert places is not None, "a province, or a place of its own"
    return places[region]


def _size(spots: Sequence[tuple[int, int]]) -> tuple[float, float]:
    rows, columns = (np.ptp(part) + 1 for part in zip(*spots, strict=True))
    return 0.8 * columns + 1.3, 0.8 * rows + 0.4


def _colours(values: list[float], centre: float | None) -> Any:
    """Colours from the smallest to the largest value, or to both sides of the centre."""
    pyplot()
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    there = np.array([value for value in values if np.isfinite(value)])
    low, high = float(there.min()), float(there.max())
    if centre is not None:
        reach = max(abs(low - centre), abs(high - centre)) or 1.0
        return ScalarMappable(Normalize(centre - reach, centre + reach), TWO_SIDED)
    high = high if high > low else low + (abs(low) or 1.0)
    return ScalarMappable(Normalize(low, high), COLOURS)


def _tile(
    ax: "Axes", spot: tuple[int, int], name: str, value: float, colours: Any, written: str
) -> None:
    pyplot()
    from matplotlib.colors import to_hex
    from matplotlib.patches import FancyBboxPatch

    row, column = spot
    there = bool(np.isfinite(value))
    colour = to_hex(colours.to_rgba(value)) if there else "#FFFFFF"
    ax.add_patch(
        FancyBboxPatch(
            (column - SIDE / 2, row - SIDE / 2),
            SIDE,
            SIDE,
            facecolor=colour,
            boxstyle="round,pad=0,rounding_size=0.06",
            linewidth=0.8,
            edgecolor=colour if there else PALE,
        )
    )
    ink = ("white" if luminance(colour) < LIGHT else "black") if there else QUIET
    text = _written(value, written) if there else ""
    ax.text(column, row - (0.13 if text else 0.0), plain(short(name, 14)), ha="center",
            va="center", fontsize=6.5, color=ink)  # fmt: skip
    ax.text(column, row + 0.17, plain(text), ha="center", va="center", fontsize=8, color=ink,
            fontweight="bold")  # fmt: skip


def _written(value: float, written: str) -> str:
    return figure(value) if written == "g" else format(value, written) if written else ""
