"""A result or frame laid out for print or data exchange: flat columns, units, caption, notes."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

import numpy as np
import pandas as pd

from iomodel.errors import LabelError, listed
from iomodel.kernels.linear import Array
from iomodel.results import Result
from iomodel.version import VERSION

Things = Result | pd.DataFrame | pd.Series
RATIO = "1"
FIGURES = 4  # digits of the largest number of a column that are shown, at least
MOST_DECIMALS = 10
SHORT = 16  # characters up to which a unit stands below its head, not in the notes
GROUPED = 10_000  # columns that reach this have thousands set off; years do not
MISSING = "n.a."


@dataclass(frozen=True, eq=False, kw_only=True)
class Exhibit:
    """A flat frame with what a reader needs beside it.

    Attributes
    ----------
    frame : DataFrame
        Columns with unique text names, index levels first; each holds figures (float64 or
        Int64), truth values or texts (None where there is none).
    units : mapping of column to unit
        Columns of figures; ``1`` for a ratio.
    decimals : mapping of column to int
        Decimals shown of columns of figures.
    caption, label : str
    notes : tuple of str
        Sentences: the caller's own, then unit and source.
    """

    frame: pd.DataFrame
    units: Mapping[str, str]
    decimals: Mapping[str, int]
    caption: str
    label: str
    notes: tuple[str, ...]

    @property
    def heads(self) -> list[str]:
        """Column heads as print shows them."""
        return [name.replace("_", " ") for name in self.frame.columns]

    @property
    def unit_row(self) -> list[str]:
        """Unit below each head, or the letter of its note; empty where there is one at most."""
        marks = _marks(self.units)
        return [marks.get(self.units.get(name, ""), "") for name in self.frame.columns]

    def is_figure(self, name: str) -> bool:
        """Tell whether a column holds figures, which stand flush right."""
        return name in self.decimals

    def rows(self) -> list[list[str]]:
        """All cells as text, with the decimals of their columns."""
        columns = [
            _printed(self.frame[name], self.decimals.get(name)) for name in self.frame.columns
        ]
        return [list(row) for row in zip(*columns, strict=True)]


def exhibit(
    thing: Things,
    *,
    columns: Sequence[str] | None = None,
    digits: int | Mapping[str, int] | None = None,
    caption: str | None = None,
    label: str | None = None,
    notes: str | Sequence[str] = (),
) -> Exhibit:
    """Lay out a result or a frame.

    Parameters
    ----------
    thing : Result, DataFrame or Series
    columns : sequence of str, optional
        Columns wanted, in this order; index levels stand first whether named or not.
    digits : int or mapping of column to int, optional
        Decimals shown; as many as the largest number of a column needs if absent.
    caption, label : str, optional
    notes : str or sequence of str

    Raises
    ------
    LabelError
        For unknown columns, names that are not unique, or digits that are no count.
    """
    is_result = isinstance(thing, Result)
    frame, keys = _flat(thing.to_frame() if isinstance(thing, Result) else thing)
    if columns is not None:
        frame = frame[[*keys, *(name for name in _known(columns, frame) if name not in keys)]]
    frame = pd.DataFrame({name: _plain(frame[name]) for name in frame.columns}, frame.index)
    figures = [name for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name])
               and not pd.api.types.is_bool_dtype(frame[name])]  # fmt: skip
    known = thing.units if isinstance(thing, Result) else {}
    units = {} if "unit" in frame else {name: known[name] for name in figures if name in known}
    own = (notes,) if isinstance(notes, str) else tuple(notes)
    steps = list(thing.provenance) if isinstance(thing, Result) else []
    source = (f"Source: computed with iomodel {VERSION}"
              f"{': ' if steps else ''}{' > '.join(steps)}.") if is_result else ""  # fmt: skip
    told = tuple(filter(None, (*own, _unit_note(units), source)))
    title = thing.title if isinstance(thing, Result) else ""
    if isinstance(thing, pd.Series) and thing.name is not None:  # a frame may have such a column
        title = str(thing.name)
    return Exhibit(
        frame=frame,
        units=units,
        decimals=_decimals(frame[figures], digits, units),
        caption=title if caption is None else caption,
        label=label or "",
        notes=told,
    )


def _marks(units: Mapping[str, str]) -> dict[str, str]:
    """Return what stands below heads for each unit: itself, a letter where long, or nothing."""
    several = [unit for unit in dict.fromkeys(units.values()) if unit not in ("", RATIO)]
    if len(several) < 2:
        return {}
    long = max(map(len, several)) > SHORT
    return {unit: ascii_lowercase[k % 26] if long else unit for k, unit in enumerate(several)}


def _unit_note(units: Mapping[str, str]) -> str:
    """Say the unit that all have, or which letter is which unit, and what ratios are."""
    marks, found = _marks(units), [unit for unit in units.values() if unit]
    named = [unit for unit in dict.fromkeys(found) if unit != RATIO]
    if not named:
        return "All figures are ratios." if found else ""
    ratios = [name.replace("_", " ") for name, unit in units.items() if unit == RATIO]
    if marks:
        letters = [f"({mark}) {unit}" for unit, mark in marks.items() if mark != unit]
        told = f"Units: {'; '.join(letters)}. " if letters else ""
        return f"{told}{'Columns without a unit are ratios.' if ratios else ''}".strip()
    told = f"; ratios: {', '.join(ratios)}" if ratios else ""
    return f"Unit: {named[0]}{told}."


def _flat(thing: pd.DataFrame | pd.Series) -> tuple[pd.DataFrame, list[str]]:
    """Return a frame whose index levels are columns, with their names; counters are left out."""
    frame = thing.to_frame(thing.name or "value") if isinstance(thing, pd.Series) else thing.copy()
    frame.columns = pd.Index([_word(name) for name in frame.columns], dtype=object)
    keys: list[str] = []
    if isinstance(frame.index, pd.RangeIndex) and frame.index.name is None:
        frame = frame.reset_index(drop=True)
    else:
        several = frame.index.nlevels > 1
        keys = [
            "row" + (f" {k}" if several else "") if name is None else _word(name)
            for k, name in enumerate(frame.index.names, start=1)
        ]
        levels = {key: frame.index.get_level_values(k) for k, key in enumerate(keys)}
        left = pd.DataFrame({key: list(level) for key, level in levels.items()}, dtype=object)
        if len(left.columns) < len(frame.index.names):
            raise LabelError(f"index levels have the same name: {', '.join(keys)}.")
        frame = pd.concat([left, frame.reset_index(drop=True)], axis=1)
    twice = frame.columns[frame.columns.duplicated()].unique()
    if len(twice):
        raise LabelError(
            f"{len(twice)} names stand for several columns or index levels: {listed(twice)}. "
            "Rename them: frame.rename(columns=...), frame.rename_axis(...)."
        )
    return frame, keys


def _word(name: Hashable) -> str:
    """Name of a column as text; the parts of a key are joined."""
    if isinstance(name, tuple):
        return " ".join(str(part) for part in name if str(part)) or "value"
    return str(name)


def _known(columns: Iterable[str], frame: pd.DataFrame) -> list[str]:
    wanted = [columns] if isinstance(columns, str) else list(columns)
    lost = [name for name in wanted if name not in frame.columns]
    twice = sorted({name for name in wanted if wanted.count(name) > 1})
    if lost or twice:
        what = ", ".join([*map(repr, lost), *(f"{name!r} twice" for name in twice)])
        raise LabelError(f"columns={what}: choose from {', '.join(map(repr, frame.columns))}.")
    return wanted


def _plain(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column as float64, Int64, truth values or texts."""
    kind = column.dtype
    if pd.api.types.is_bool_dtype(kind) and not column.isna().any():
        return column.astype(bool)
    if pd.api.types.is_integer_dtype(kind):
        return column.astype("Int64")
    if pd.api.types.is_float_dtype(kind):
        return column.astype(np.float64)
    values = column.tolist()
    given = [value for value in values if not _absent(value)]
    if given and all(type(value) in (int, float, np.float64, np.int64) for value in given):
        return pd.Series([np.nan if _absent(v) else float(v) for v in values], dtype=np.float64)
    return pd.Series([None if _absent(v) else _text(v) for v in values], dtype=object)


def _absent(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _text(value: object) -> str:
    if isinstance(value, tuple | list):
        return " ".join(map(_text, value))
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return repr(float(value)) if isinstance(value, float) else str(value)


def _decimals(
    figures: pd.DataFrame, digits: int | Mapping[str, int] | None, units: Mapping[str, str]
) -> dict[str, int]:
    """Return the decimals of each column of figures; columns of one unit have the same."""
    given = dict.fromkeys(figures.columns, digits) if isinstance(digits, int) else digits or {}
    bad = [f"{name!r}: {count}" for name, count in given.items()
           if name not in figures.columns or isinstance(count, bool)
           or not isinstance(count, int) or not 0 <= count <= 15]  # fmt: skip
    if bad:
        raise LabelError(
            f"digits={', '.join(bad)}: give a number from 0 to 15, for all columns or by column "
            f"of figures ({', '.join(map(repr, figures.columns)) or 'there are none'})."
        )
    needed = {str(name): _needed(_numbers(figures[name])) for name in figures.columns}
    alike: dict[str, int] = {}
    for name, unit in units.items():
        if unit not in ("", RATIO) and needed[name] is not None:
            alike[unit] = min(alike.get(unit, MOST_DECIMALS), needed[name] or 0)
    return {
        name: given[name] if name in given else alike.get(units.get(name, ""), count or 0)
        for name, count in needed.items()
    }


def _numbers(column: "pd.Series[Any]") -> Array:
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan))


def _needed(values: Array) -> int | None:
    """Return the decimals that show `FIGURES` digits of the largest number; None for zeros."""
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max(initial=0.0))
    if largest == 0:
        return None
    if (finite == np.round(finite)).all():
        return 0
    return int(np.clip(FIGURES - 1 - np.floor(np.log10(largest)), 0, MOST_DECIMALS))


def _printed(column: "pd.Series[Any]", decimals: int | None) -> list[str]:
    if decimals is None:
        return ["" if value is None else _text(value) for value in column.tolist()]
    values = _numbers(column)
    finite = np.abs(values[np.isfinite(values)])
    group = "," if finite.max(initial=0.0) >= GROUPED else ""
    shown = [f"{value:{group}.{decimals}f}" for value in values.tolist()]
    shown = [text[1:] if text.startswith("-") and not text.strip("-0.") else text for text in shown]
    return [MISSING if np.isnan(v) else text for v, text in zip(values, shown, strict=True)]
