"""Tables from the IOSystem of pymrio, which is taken by its attributes and never imported."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from iomodel.accounts.checks import warn_about
from iomodel.accounts.flows import Flows
from iomodel.accounts.forms import IOSYSTEM_NOTE
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta, Step
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.linear import Array

# Names that pymrio's parsers give to the extension with value added.
PRIMARY_NAMES = ("factor_inputs", "factor_input", "value_added", "primary_inputs", "VA")
KINDS = {"pxp": "product", "ixi": "industry"}
MILLIONS = re.compile(r"(?:mill?(?:ion)?s?|m)[ .]+(?P<currency>[a-z]{3}|US\$)", re.IGNORECASE)
SEPARATORS = (" | ", " ¦ ", " ‖ ", " ⁞ ")
# Final demand as pymrio's parsers name it: EXIOBASE and WIOD; Eora and GLORIA; OECD.
ROLES = {
    "final consumption expenditure by households": "household",
    "final consumption expenditure by non-profit organisations serving households (npish)": "npish",
    "final consumption expenditure by government": "government",
    "gross fixed capital formation": "capital formation",
    "changes in inventories": "inventories",
    "changes in inventories and valuables": "inventories",
    "changes in valuables": "inventories",
    "export": "exports",
    "exports: total (fob)": "exports",
    "household final consumption p.3h": "household",
    "non-profit institutions serving households p.3n": "npish",
    "government final consumption p.3g": "government",
    "gross fixed capital formation p.51": "capital formation",
    "changes in inventories p.52": "inventories",
    "acquisitions less disposals of valuables p.53": "inventories",
    "hfce": "household",
    "npish": "npish",
    "ggfc": "government",
    "gfcf": "capital formation",
    "invnt": "inventories",
    **dict.fromkeys(("p33", "dirp", "dpabr", "cons_abr", "fd"), "other"),
    "disc": "residual",
}


def from_pymrio(
    system: Any,
    *,
    primary_inputs: str | None = None,
    final_roles: Mapping[str, str] | None = None,
    primary_roles: Mapping[str, str] | None = None,
    unit: str = "",
    unit_value: float | None = None,
    year: int | None = None,
    valuation: str = "",
) -> IOTable:
    """Make a table of the IOSystem of pymrio.

    Parameters
    ----------
    system : pymrio.IOSystem
        With flows `Z`, final demand `Y` and `unit`; from any of pymrio's parsers.
    primary_inputs : str, optional
        Attribute of the extension that holds value added and taxes, in the unit of the flows.
        If absent: ``factor_inputs``, ``value_added``, ``primary_inputs`` or ``VA``, where one
        of them is in that unit. An empty text, or none found: one row ``value_added``, output
        less intermediate inputs.
    final_roles, primary_roles : mapping of category or row to role, optional
        As in `table`. Categories of final demand of EXIOBASE, WIOD, Eora, GLORIA and the OECD
        have their roles already.
    unit, unit_value : str, float, optional
        To correct the unit of the flows that the system states.
    year, valuation
        Facts kept in ``meta``, which the system does not state.

    Returns
    -------
    IOTable
        Rows are domestic products of their region: the import treatment is ``domestic``.
        Every extension but that of primary inputs is a `Satellite` of its name, a row per
        stressor with its unit; `F_Y` is its ``final``. What has no place in a table (names of
        levels, population) is kept in ``meta.notes``, for `to_pymrio`.

    Raises
    ------
    LabelError
        If `Z`, `Y` or a unit is missing, or labels of a part are not those of `Z` (of `Y`).
    AccountingError
        If the rows of the flows have several units, or a figure is not a finite number.

    Warns
    -----
    ImbalanceWarning
        If a row or column is out of balance by more than a rounding.
    NegativeFlowWarning
        If intermediate flows are negative.

    Notes
    -----
    Flows in several units (hybrid tables) are refused: A and L would be right, but a column
    has no sum, so value added, balances and totals would add tonnes to euros.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pymrio                                                     # doctest: +SKIP
    >>> table = iom.from_pymrio(pymrio.parse_exiobase3("IOT_2020_pxp.zip"), year=2020)
    ... # doctest: +SKIP
    """
    source = _Source(system)
    stated = source.unit()
    accounts = {name: source.extension(name) for name in source.extensions}
    kept = source.primary(primary_inputs, stated, accounts)
    notes = json.dumps(source.notes(kept), ensure_ascii=False)
    rows = None if kept is None else accounts.pop(kept)
    steps = [Step("from_pymrio", source.name)]
    if rows is None:
        steps.append(Step("value_added", "output less intermediate inputs"))
    categories = source.level("Y", 1)
    primaries = ("value_added",) if rows is None else rows.rows.codes
    money = MILLIONS.fullmatch(unit or stated)
    table = IOTable(
        labels=Labels(codes=source.level("Z", 1), regions=source.level("Z", 0)),
        final_labels=Labels(
            codes=categories,
            regions=source.level("Y", 0),
            groups=_roles(categories, final_roles, ROLES),
        ),
        primary_labels=Labels(codes=primaries, groups=_roles(primaries, primary_roles, {})),
        flows=_flows(source, rows),
        satellites=accounts,
        meta=Meta(
            title=source.name,
            unit=unit or stated,
            unit_value=1e6 if unit_value is None and money else unit_value,
            currency=money["currency"].upper().replace("US$", "USD") if money else "",
            year=year,
            price_year=year,
            valuation=valuation,
            import_treatment="domestic",
            kind=KINDS.get(str(source.fact("system")).lower(), ""),
            notes={IOSYSTEM_NOTE: notes},
            steps=tuple(steps),
        ),
    )
    warn_about(table.flows, table.labels, unit=table.meta.unit, depth=3)
    return table


def _flows(source: "_Source", rows: Satellite | None) -> Flows:
    """Return the flows; without primary inputs, value added is what is left of output."""
    z, y = (source.frame(part).to_numpy(dtype=np.float64) for part in ("Z", "Y"))
    x = source.output()
    primary = (x - z.sum(axis=0))[None, :] if rows is None else rows.values
    none = np.zeros((len(primary), y.shape[1]))
    return Flows(
        intermediate=z,
        final_demand=y,
        primary_inputs=primary,
        output=x,
        imports=np.zeros(len(x)),
        final_primary=none if rows is None or rows.final is None else rows.final,
    )


@dataclass(frozen=True, eq=False)
class _Source:
    """An IOSystem by its attributes, every part in the order of Z and Y."""

    system: Any

    def __post_init__(self) -> None:
        lost = [part for part in ("Z", "Y", "unit") if getattr(self.system, part, None) is None]
        if lost:
            raise LabelError(
                f"the system has no {', '.join(lost)}: flows Z, final demand Y and their unit are "
                "needed. Where it has A and Y, system.calc_all() gives Z."
            )
        z, y = self.system.Z, self.system.Y
        for index, what in ((z.index, "rows of Z"), (y.columns, "columns of Y")):
            if index.nlevels != 2:
                raise LabelError(
                    f"{what} have {index.nlevels} levels ({', '.join(map(str, index.names))}): two "
                    "are needed, region and sector or category. Is it a supply and use table?"
                )
            if not index.is_unique:
                twice = index[index.duplicated()].unique()
                raise LabelError(f"{len(twice)} {what} stand more than once:\n  {listed(twice)}")

    @property
    def name(self) -> str:
        """Name of the system, as its meta data or itself gives it."""
        found = self.fact("name") or getattr(self.system, "name", None)
        return str(found or "IOSystem")

    def fact(self, what: str) -> Any:
        """Return a fact of its meta data, None where there is none."""
        return getattr(getattr(self.system, "meta", None), what, None)

    @property
    def extensions(self) -> dict[str, Any]:
        """Extensions by attribute: all that have stressors F and a name."""
        return {
            attribute: part
            for attribute, part in vars(self.system).items()
            if hasattr(part, "F") and hasattr(part, "name")
        }

    def level(self, part: str, depth: int) -> tuple[str, ...]:
        """Return regions or codes of the rows of Z, or of the columns of Y."""
        index = self.system.Z.index if part == "Z" else self.system.Y.columns
        return tuple(map(str, index.get_level_values(depth)))

    def frame(self, part: str) -> pd.DataFrame:
        """Return Z or Y with rows (and columns) in the order of the rows of Z."""
        z = self.system.Z
        if part == "Z":
            return _in_order(z, z.index, "Z", axis=1)
        return _in_order(self.system.Y, z.index, "Y", axis=0)

    def output(self) -> Array:
        """Output x, by default the sum of the row."""
        x = getattr(self.system, "x", None)
        if x is None:
            total = self.frame("Z").sum(axis=1) + self.frame("Y").sum(axis=1)
            return np.asarray(total, dtype=np.float64)
        frame = x.to_frame() if isinstance(x, pd.Series) else x
        if frame.shape[1] != 1:
            raise LabelError(f"x has {frame.shape[1]} columns, one is needed: output.")
        ordered = _in_order(frame, self.system.Z.index, "x", axis=0)
        return np.asarray(ordered.to_numpy(dtype=np.float64)[:, 0])

    def unit(self) -> str:
        """Return the one unit of the flows; refuse several."""
        found = _in_order(self.system.unit, self.system.Z.index, "unit", axis=0).iloc[:, 0]
        counts = found.astype(str).value_counts()
        if len(counts) > 1:
            lines = [f"{unit}: {count} rows" for unit, count in counts.items()]
            raise AccountingError(
                f"the flows of {self.name} are in {len(counts)} units:\n  {listed(lines)}\n"
                "A table has one unit: columns, value added and totals would mix them. Convert "
                "the rows of Z, Y and x to one unit first."
            )
        return str(counts.index[0])

    def primary(self, asked: str | None, unit: str, have: Mapping[str, Satellite]) -> str | None:
        """Return the attribute of the extension with primary inputs; None where there is none."""
        if asked and asked not in have:
            known = ", ".join(have) or "none"
            raise LabelError(f"the system has no extension {asked!r}; it has: {known}.")
        if asked and have[asked].unit != unit:
            raise AccountingError(
                f"primary inputs {asked!r} have rows in {have[asked].unit_text}, the flows are in "
                f"{unit}: they would be added. Leave out primary_inputs=, so that value added is "
                "output less intermediate inputs."
            )
        fits = (name for name in PRIMARY_NAMES if name in have and have[name].unit == unit)
        return asked or (next(fits, None) if asked is None else None)

    def units(self, attribute: str) -> tuple[str, ...]:
        """Return the unit of every stressor of an extension."""
        part = self.extensions[attribute]
        if part.F is None:
            raise LabelError(
                f"extension {attribute!r} has no F, the levels by sector: system.calc_all() gives "
                "it where there are coefficients S."
            )
        if getattr(part, "unit", None) is None:
            return ("",) * len(part.F)
        frame = _in_order(part.unit, part.F.index, f"unit of {attribute!r}", axis=0)
        return tuple(map(str, frame.iloc[:, 0]))

    def extension(self, attribute: str) -> Satellite:
        """Return an extension as a satellite."""
        units, part = self.units(attribute), self.extensions[attribute]
        levels = _in_order(part.F, self.system.Z.index, f"F of {attribute!r}", axis=1)
        final = getattr(part, "F_Y", None)
        if final is not None:
            what = f"F_Y of {attribute!r}"
            final = _in_order(final, self.system.Y.columns, what, axis=1)
            final = _in_order(final, part.F.index, what, axis=0).to_numpy(dtype=np.float64)
        separator = _separator(part.F.index)
        return Satellite(
            name=attribute,
            rows=Labels(codes=tuple(separator.join(key) for key in _keys(part.F.index))),
            values=levels.to_numpy(dtype=np.float64),
            units=units,
            final=final,
            source=self.name,
        )

    def notes(self, primary: str | None) -> dict[str, Any]:
        """Return what a table has no place for."""
        population = getattr(self.system, "population", None)
        z, y = self.system.Z, self.system.Y
        return {
            "meta": {key: self.fact(key) for key in ("name", "description", "system", "version")},
            "levels": {"Z": list(z.index.names), "Y": list(y.columns.names)},
            "primary": primary,
            "extensions": {
                attribute: {
                    "name": str(part.name),
                    "levels": list(part.F.index.names),
                    "separator": _separator(part.F.index),
                    "final": getattr(part, "F_Y", None) is not None,
                }
                for attribute, part in self.extensions.items()
            },
            "population": None
            if population is None
            else {
                "rows": list(map(str, population.index)),
                "regions": list(map(str, population.columns)),
                "values": population.to_numpy(dtype=np.float64).tolist(),
            },
        }


def _in_order(
    frame: pd.DataFrame, index: pd.Index, what: str, *, axis: Literal[0, 1]
) -> pd.DataFrame:
    """Bring a part into the order of an index, refusing other labels."""
    own = frame.index if axis == 0 else frame.columns
    if own.equals(index):
        return frame
    twice = own[own.duplicated()].unique()
    found = {
        "more than once": [str(key) for key in twice],
        "missing": [str(key) for key in index if key not in own],
        "unknown": [str(key) for key in own if key not in index],
    }
    if any(found.values()):
        lines = [f"{len(v)} {k}: {', '.join(v[:10])}" for k, v in found.items() if v]
        side = "rows" if axis == 0 else "columns"
        raise LabelError(f"{what}: {side} differ from those of the system.\n  {listed(lines)}")
    return frame.reindex(index, axis=axis)


def _keys(index: pd.Index) -> Iterator[tuple[str, ...]]:
    for key in index:
        yield tuple(map(str, key)) if isinstance(key, tuple) else (str(key),)


def _separator(index: pd.Index) -> str:
    """Return a text that joins the levels of the stressors and is in none of them."""
    if index.nlevels == 1:
        return ""
    found = next(
        (s for s in SEPARATORS if not any(s in text for k in _keys(index) for text in k)), ""
    )
    if not found:
        raise LabelError(f"stressors with all of {SEPARATORS} in their names cannot be told apart.")
    return found


def _roles(
    codes: tuple[str, ...], given: Mapping[str, str] | None, known: Mapping[str, str]
) -> tuple[str, ...]:
    strange = [code for code in given or {} if code not in codes]
    if strange:
        there = ", ".join(dict.fromkeys(codes))
        raise LabelError(f"roles of unknown labels {strange}; there are: {there}.")
    return tuple((given or {}).get(code, known.get(code.casefold(), "")) for code in codes)
