"""Build a table from pandas objects, aligned by label."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from iomodel.accounts.checks import warn_about
from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import ImportTreatment, Meta, Step
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
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


def table(  # noqa: PLR0913 - the blocks and facts of a table are many, all keyword-only
    intermediate: pd.DataFrame,
    *,
    final_demand: FrameLike | None = None,
    output: pd.Series | None = None,
    primary_inputs: FrameLike | None = None,
    imports: pd.Series | None = None,
    final_primary: pd.DataFrame | None = None,
    satellites: FrameLike | Mapping[str, FrameLike | Satellite] | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
    sections: Sequence[str] | None = None,
    final_roles: Mapping[str, str] | None = None,
    primary_roles: Mapping[str, str] | None = None,
    unit: str = "",
    unit_value: float | None = None,
    currency: str = "",
    year: int | None = None,
    price_year: int | None = None,
    title: str = "Input-output table",
    publisher: str = "",
    valuation: str = "",
    import_treatment: ImportTreatment | None = None,
    kind: str = "",
) -> IOTable:
    """Build an input-output table from pandas objects, aligned by label.

    Parameters
    ----------
    intermediate : DataFrame, n x n
        Flows Z; the same labels on both sides (a (region, code) MultiIndex for several
        regions). All other parts are brought into its order.
    final_demand : DataFrame (n x k) or Series (n), optional
        Sales to final demand. If absent: output less intermediate sales, as one column.
    output : Series, n, optional
        Total output x. If absent: intermediate plus final sales less imports.
    primary_inputs : DataFrame (p x n) or Series (n), optional
        Rows of primary inputs. If absent: one row ``value_added``, output less
        intermediate inputs.
    imports : Series, n, optional
        Imports by product, positive, deducted at the end of the row: the table is then
        competitive.
    final_primary : DataFrame, p x k, optional
        Primary inputs that final demand buys directly: imported consumption goods, taxes on
        consumption, domestic staff of households. Rows and columns are labels of
        `primary_inputs` and `final_demand`; those that are absent are zero.
    satellites : DataFrame (rows x n), Series (n) or mapping of names to these, optional
        Accounts in other units. Each row of a frame becomes an account of its own name.
    names : mapping of language to names, optional
        Names in the order of `intermediate`.
    sections : sequence of str, optional
        Section of each sector, in the order of `intermediate`.
    final_roles, primary_roles : mapping of label to role, optional
        Roles of final demand (``household``, ``government``, ``npish``, ``capital
        formation``, ``inventories``, ``exports``, ``residual``, ``other``) and of primary
        inputs (``compensation``, ``production taxes``, ``product taxes``,
        ``depreciation``, ``operating surplus``, ``imports``, ``other``). Labels named like
        a role have it already; a role of your own groups rows for `multipliers`.
    unit, unit_value, currency, year, price_year, title, publisher, valuation, kind
        Facts kept in ``meta``; `price_year` is `year` if absent.
        How many units of the currency one unit is follows from `unit` (``million EUR``)
        unless `unit_value` says it.
    import_treatment : {"competitive", "domestic", "not stated"}, optional
        If absent: ``competitive`` with `imports`, else ``not stated``.

    Returns
    -------
    IOTable

    Raises
    ------
    LabelError
        If labels are missing, extra or duplicate, or neither output nor final demand is given.
    AccountingError
        If a figure is not a finite number.

    Warns
    -----
    ImbalanceWarning
        If a row or column is out of balance by more than a rounding.
    NegativeFlowWarning
        If intermediate flows are negative.

    Examples
    --------
    >>> import pandas as pd, iomodel as iom
    >>> codes = ["agriculture", "manufacturing"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> x = pd.Series([1000.0, 2000.0], codes)
    >>> iom.leontief(iom.table(Z, output=x)).L.round(4).to_numpy().tolist()
    [[1.2541, 0.33], [0.264, 1.1221]]
    """
    labels = _sector_labels(intermediate, names, sections)
    blocks = _blocks(labels, intermediate, final_demand, output, primary_inputs, imports)
    unstated: ImportTreatment = "competitive" if imports is not None else "not stated"
    built = IOTable(
        labels=labels,
        final_labels=_role_labels(blocks.finals, final_roles, FINAL_ROLES),
        primary_labels=_role_labels(blocks.primaries, primary_roles, PRIMARY_ROLES),
        flows=_crossed(blocks, final_primary),
        satellites=_satellites(satellites, labels, year),
        meta=Meta(
            title=title,
            publisher=publisher,
            unit=unit,
            unit_value=unit_value,
            currency=currency,
            year=year,
            price_year=year if price_year is None else price_year,
            valuation=valuation,
            import_treatment=import_treatment or unstated,
            kind=kind,
            steps=blocks.steps,
        ),
    )
    warn_about(built.flows, labels, unit=unit, depth=3)
    return built


def _crossed(blocks: "_Blocks", part: pd.DataFrame | None) -> Flows:
    """Add primary inputs of final demand, p x k; unknown labels are refused."""
    if part is None:
        return blocks.flows
    if not isinstance(part, pd.DataFrame):
        raise LabelError("final_primary must be a DataFrame, primary inputs by final demand.")
    if not (part.index.is_unique and part.columns.is_unique):
        raise LabelError("final_primary: a row or column stands more than once.")
    primaries, finals = (_role_labels(keys, None, ()) for keys in (blocks.primaries, blocks.finals))
    full = np.zeros((len(primaries), len(finals)))
    try:
        figures = part.to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise LabelError(f"final_primary: cells are not numbers: {error}.") from error
    full[np.ix_(primaries.positions(part.index), finals.positions(part.columns))] = figures
    return replace(blocks.flows, final_primary=full)


class _Blocks(NamedTuple):
    finals: list[Key]
    primaries: list[str]
    flows: Flows
    steps: tuple[Step, ...]


def _blocks(
    labels: Labels,
    intermediate: pd.DataFrame,
    final_demand: FrameLike | None,
    output: pd.Series | None,
    primary_inputs: FrameLike | None,
    imports: pd.Series | None,
) -> _Blocks:
    """Align all blocks; derive the ones that follow from the others and say so."""
    rows = _aligned(intermediate, labels.index, "intermediate rows", axis=0)
    z = _numbers(_aligned(rows, labels.index, "intermediate columns", axis=1))
    m = _vector(imports, labels, "imports") if imports is not None else np.zeros(len(labels))
    steps = [Step(verb="table", arguments=f"{len(labels)} sectors")]
    finals, f = _columns(final_demand, labels)
    if output is not None:
        x = _vector(output, labels, "output")
    elif final_demand is not None:
        x = z.sum(axis=1) + f.sum(axis=1) - m
        steps.append(Step(verb="output", arguments="sum of the row"))
    else:
        raise LabelError("give output or final_demand: a table needs one of them.")
    if final_demand is None:
        finals, f = ["final_demand"], (x + m - z.sum(axis=1))[:, None]
        steps.append(Step(verb="final_demand", arguments="output less intermediate sales"))
    primaries, v = _rows(primary_inputs, labels, "primary inputs")
    if primary_inputs is None:
        primaries, v = ["value_added"], (x - z.sum(axis=0))[None, :]
        steps.append(Step(verb="value_added", arguments="output less intermediate inputs"))
    flows = Flows(
        intermediate=z,
        final_demand=f,
        primary_inputs=v,
        output=x,
        imports=m,
        final_primary=np.zeros((len(v), f.shape[1])),
    )
    return _Blocks(finals, primaries, flows, tuple(steps))


def _sector_labels(
    frame: pd.DataFrame,
    names: Mapping[str, Sequence[str]] | None,
    sections: Sequence[str] | None,
) -> Labels:
    if not isinstance(frame, pd.DataFrame):
        raise LabelError("intermediate must be a DataFrame with the sectors on both sides.")
    if isinstance(frame.index, pd.MultiIndex):
        if frame.index.nlevels != 2:
            raise LabelError("a MultiIndex of sectors has two levels: region and code.")
        pairs = [(str(region), str(code)) for region, code in frame.index]
    else:
        pairs = [("", str(code)) for code in frame.index]
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


def _aligned(part: FrameT, index: pd.Index, what: str, axis: int) -> FrameT:
    """Bring a part into the order of the sectors, refusing other labels."""
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
        raise LabelError(f"{what}: labels differ from the sectors.\n  {listed(lines)}{hint}")
    order = [where[key] for key in want]
    if isinstance(part, pd.DataFrame):
        return part.iloc[order] if axis == 0 else part.iloc[:, order]
    return part.iloc[order]


def _numbers(part: FrameLike) -> Array:
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


def _vector(part: pd.Series, labels: Labels, what: str) -> Array:
    if not isinstance(part, pd.Series):
        raise LabelError(f"{what} must be a pandas Series labelled by sector.")
    return _numbers(_aligned(part, labels.index, what, axis=0))


def _columns(part: FrameLike | None, labels: Labels) -> tuple[list[Key], Array]:
    """Return final demand as column names and an n x k array."""
    if part is None:
        return [], np.zeros((len(labels), 0))
    frame = part.to_frame(part.name or "final_demand") if isinstance(part, pd.Series) else part
    frame = _aligned(frame, labels.index, "final demand", axis=0)
    return [_pair(key) for key in frame.columns], _numbers(frame)


def _rows(part: FrameLike | None, labels: Labels, what: str) -> tuple[list[str], Array]:
    """Return rows by sector as row names and an r x n array."""
    if part is None:
        return [], np.zeros((0, len(labels)))
    if isinstance(part, pd.Series):
        part = part.to_frame(part.name or "value_added").T
    frame = _aligned(part, labels.index, what, axis=1)
    return [_flat(key) for key in frame.index], _numbers(frame)


def _flat(key: object) -> str:
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _pair(key: object) -> Key:
    """Return a column of final demand as a code, or as (region, code) from a MultiIndex."""
    return (str(key[0]), str(key[-1])) if isinstance(key, tuple) else str(key)


def _role_labels(
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


def _satellites(
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
        codes, values = _rows(parts, labels, "satellites")
        Labels(codes=tuple(codes))  # refuses rows that stand twice
        rows = ((code, [code], values[[k]]) for k, code in enumerate(codes))
        return {name: _satellite(name, own, row, year) for name, own, row in rows}
    found = {}
    for name, part in parts.items():
        if isinstance(part, Satellite):
            found[name] = part
        else:
            single = part.to_frame(name).T if isinstance(part, pd.Series) else part
            codes, values = _rows(single, labels, f"satellite {name!r}")
            found[name] = _satellite(name, codes, values, year)
    return found


def _satellite(name: str, codes: list[str], values: Array, year: int | None) -> Satellite:
    return Satellite(name=name, rows=Labels(codes=tuple(codes)), values=values, year=year)
