"""Align pandas objects by label: what the builders of tables share."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.errors import LabelError, listed
from iomodel.kernels.linear import Array

FrameLike = pd.DataFrame | pd.Series
Key = str | tuple[str, str]
FrameT = TypeVar("FrameT", pd.DataFrame, pd.Series)
FINAL_ROLES = ("household", "government", "npish", "capital formation", "inventories", "exports",
               "imports", "residual", "other")  # fmt: skip
PRIMARY_ROLES = ("compensation", "production taxes", "product taxes", "depreciation",
                 "operating surplus", "imports", "other")  # fmt: skip
ALIASES = {"households": "household", "income": "compensation"}


def sector_labels(
    frame: pd.DataFrame,
    names: Mapping[str, Sequence[str]] | None,
    sections: Sequence[str] | None,
) -> Labels:
    """Return the labels on the rows of a frame of flows."""
    if not isinstance(frame, pd.DataFrame):
        raise LabelError("intermediate must be a DataFrame with the sectors on both sides.")
    return index_labels(frame.index, names, sections)


def index_labels(
    index: pd.Index,
    names: Mapping[str, Sequence[str]] | None,
    sections: Sequence[str] | None,
) -> Labels:
    """Return the labels of an index: codes, or (region, code) pairs."""
    if isinstance(index, pd.MultiIndex):
        if index.nlevels != 2:
            raise LabelError("a MultiIndex of sectors has two levels: region and code.")
        pairs = [(str(region), str(code)) for region, code in index]
    else:
        pairs = [("", str(code)) for code in index]
    return Labels(
        codes=tuple(code for _, code in pairs),
        regions=tuple(region for region, _ in pairs),
        names={lang: tuple(texts) for lang, texts in (names or {}).items()},
        groups=tuple(sections or ()),
    )


def _keys(index: pd.Index, *, pairs: bool) -> list[object]:
    """Keys of an index as text; a MultiIndex of one region is taken by its codes."""
    if isinstance(index, pd.MultiIndex):
        return [tuple(map(str, key)) if pairs else str(key[-1]) for key in index]
    return [str(key) for key in index]


def aligned(part: FrameT, index: pd.Index, what: str, axis: int, *, of: str = "sectors") -> FrameT:
    """Bring a part into the order of the sectors (`of`), refusing other labels."""
    own = part.index if axis == 0 else part.columns
    keys, want = _keys(own, pairs=isinstance(index, pd.MultiIndex)), list(index)
    if keys == want:
        return part
    where = {key: spot for spot, key in enumerate(keys)}
    known = set(want)
    found = {
        "missing": [key for key in want if key not in where],
        "unknown": [key for key in keys if key not in known],
        "more than once": [key for key, spot in where.items() if keys.index(key) != spot],
    }
    if any(found.values()):
        lines = [f"{len(v)} {k}: {', '.join(map(str, v[:20]))}" for k, v in found.items() if v]
        hint = " Is the frame transposed?" if len(found["missing"]) == len(want) else ""
        raise LabelError(f"{what}: labels differ from the {of}.\n  {listed(lines)}{hint}")
    order = [where[key] for key in want]
    if isinstance(part, pd.DataFrame):
        return part.iloc[order] if axis == 0 else part.iloc[:, order]
    return part.iloc[order]


def numbers(part: FrameLike) -> Array:
    """Return the figures as floats; texts are refused even if they look like figures."""
    frame = part.to_frame() if isinstance(part, pd.Series) else part
    bad = [
        f"{row}: {value!r}" if isinstance(part, pd.Series) else f"{row}, {column}: {value!r}"
        for place, column in enumerate(frame.columns)
        if not pd.api.types.is_numeric_dtype(frame.dtypes.iloc[place])
        for row, value in zip(frame.index, frame.iloc[:, place], strict=True)
        if not isinstance(value, int | float | np.number)
    ]
    if bad:
        raise LabelError(f"{len(bad)} cells are not numbers:\n  {listed(bad)}")
    return part.to_numpy(dtype=np.float64, na_value=np.nan)


def vector(part: pd.Series, labels: Labels, what: str, *, of: str = "sectors") -> Array:
    """Return one figure by sector (or by what `of` says)."""
    if not isinstance(part, pd.Series):
        raise LabelError(f"{what} must be a pandas Series labelled by {of.removesuffix('s')}.")
    return numbers(aligned(part, labels.index, what, axis=0, of=of))


def columns(
    part: FrameLike | None, labels: Labels, *, of: str = "sectors"
) -> tuple[list[Key], Array]:
    """Return final demand as column names and an n x k array."""
    if part is None:
        return [], np.zeros((len(labels), 0))
    frame = part.to_frame(part.name or "final_demand") if isinstance(part, pd.Series) else part
    frame = aligned(frame, labels.index, "final demand", axis=0, of=of)
    return [_pair(key) for key in frame.columns], numbers(frame)


def rows(
    part: FrameLike | None, labels: Labels, what: str, *, of: str = "sectors"
) -> tuple[list[str], Array]:
    """Return rows by sector as row names and an r x n array."""
    if part is None:
        return [], np.zeros((0, len(labels)))
    if isinstance(part, pd.Series):
        part = part.to_frame(part.name or "value_added").T
    frame = aligned(part, labels.index, what, axis=1, of=of)
    return [_flat(key) for key in frame.index], numbers(frame)


def crossed(part: pd.DataFrame | None, primaries: Labels, finals: Labels) -> Array:
    """Return primary inputs of final demand, p x k: zero where a label is absent.

    Raises
    ------
    LabelError
        For labels that are unknown or stand twice, and cells that are no numbers.
    """
    full = np.zeros((len(primaries), len(finals)))
    if part is None:
        return full
    if not isinstance(part, pd.DataFrame):
        raise LabelError("final_primary must be a DataFrame, primary inputs by final demand.")
    if not (part.index.is_unique and part.columns.is_unique):
        raise LabelError("final_primary: a row or column stands more than once.")
    try:
        spots = np.ix_(primaries.positions(part.index), finals.positions(part.columns))
        full[spots] = numbers(part)
    except LabelError as error:
        raise LabelError(f"final_primary: {error}") from None
    return full


def _flat(key: object) -> str:
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _pair(key: object) -> Key:
    """Return a column of final demand as a code, or as (region, code) from a MultiIndex."""
    return (str(key[0]), str(key[-1])) if isinstance(key, tuple) else str(key)


def role_labels(
    keys: Iterable[Key], roles: Mapping[str, str] | None, known: tuple[str, ...]
) -> Labels:
    """Return labels of columns or rows with their roles; a label named like a role has it."""
    keys, given = tuple(keys), dict(roles or {})
    codes = tuple(key if isinstance(key, str) else key[-1] for key in keys)
    regions = tuple("" if isinstance(key, str) else key[0] for key in keys)
    strange = [f"unknown label {key!r}" for key in given if key not in codes]
    for key, role in given.items():
        near = difflib.get_close_matches(role, known, n=1, cutoff=0.8)
        if near and role not in known:
            strange.append(f"role {role!r} of {key!r}: did you mean {near[0]!r}?")
    if strange:
        raise LabelError(
            f"roles: {listed(strange)}\nLabels: {', '.join(codes)}. Roles: {', '.join(known)}."
        )
    own = {code: ALIASES.get(code, code if code in known else "") for code in codes}
    return Labels(codes=codes, regions=regions, groups=tuple({**own, **given}[c] for c in codes))


def satellites_of(
    parts: FrameLike | Mapping[str, FrameLike | Satellite] | None,
    labels: Labels,
    year: int | None,
) -> dict[str, Satellite]:
    """Return satellites by name; every row of a frame is an account of its own."""
    if parts is None:
        return {}
    if isinstance(parts, pd.Series):
        parts = parts.to_frame(parts.name or "satellite").T
    if isinstance(parts, pd.DataFrame):
        codes, values = rows(parts, labels, "satellites")
        Labels(codes=tuple(codes))  # refuses rows that stand twice
        each = ((code, [code], values[[k]]) for k, code in enumerate(codes))
        return {name: _satellite(name, own, row, year) for name, own, row in each}
    found = {}
    for name, part in parts.items():
        if isinstance(part, Satellite):
            found[name] = part
        else:
            single = part.to_frame(name).T if isinstance(part, pd.Series) else part
            codes, values = rows(single, labels, f"satellite {name!r}")
            found[name] = _satellite(name, codes, values, year)
    return found


def _satellite(name: str, codes: list[str], values: Array, year: int | None) -> Satellite:
    return Satellite(name=name, rows=Labels(codes=tuple(codes)), values=values, year=year)
