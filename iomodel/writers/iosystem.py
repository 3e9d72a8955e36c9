"""Tables as the IOSystem of pymrio, which the extra ``mrio`` installs."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from iomodel.accounts.forms import IOSYSTEM_NOTE
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, IOModelError, LabelError
from iomodel.kernels.linear import Array

SYSTEMS = {"product": "pxp", "industry": "ixi"}


def to_pymrio(table: IOTable) -> Any:
    """Make the IOSystem of pymrio of a table.

    Parameters
    ----------
    table : IOTable
        Flows within and between regions. A table of one region gets its name from
        ``meta.region``, or ``region``.

    Returns
    -------
    pymrio.IOSystem
        `Z`, `Y`, `x` and `unit`; primary inputs as extension ``factor_inputs``, satellites as
        extensions of their names with `F` and, where there is one, `F_Y`. What `from_pymrio`
        kept aside (names of levels and extensions, population) comes back. Call its
        ``calc_all()`` for A, L and footprints.

    Raises
    ------
    IOModelError
        If pymrio is not installed.
    AccountingError
        If imports are deducted at the end of the rows, or a satellite is of another year than
        the table and has growth factors: a system has no place for either.
    LabelError
        If final demand has no regions, but sectors have several.

    Notes
    -----
    Names in several languages, roles, sections, shares of imports and what was inserted have
    no place in a system and stay behind.

    Examples
    --------
    >>> import iomodel as iom
    >>> system = iom.to_pymrio(table).calc_all()                          # doctest: +SKIP
    >>> system.emissions.D_cba                                            # doctest: +SKIP
    """
    try:
        import pymrio
    except ImportError as error:
        raise IOModelError(
            f"to_pymrio needs pymrio, which cannot be imported ({error}). Install it: "
            'pip install "iomodel[mrio]".'
        ) from error
    _refuse_what_has_no_place(table)
    notes = _notes(table)
    flows, levels = table.flows, notes.get("levels", {})
    sectors = _index(table, table.labels, levels.get("Z", ("region", "sector")))
    columns = _index(table, table.final_labels, levels.get("Y", ("region", "category")))
    system = pymrio.IOSystem(
        Z=pd.DataFrame(flows.intermediate.copy(), sectors, sectors),
        Y=pd.DataFrame(flows.final_demand.copy(), sectors, columns),
        x=pd.DataFrame({"indout": flows.output.copy()}, sectors),
        unit=pd.DataFrame(table.meta.unit, sectors, ["unit"]),
        population=_population(notes),
        **_facts(table, notes),
    )
    for attribute, account in _accounts(table, notes).items():
        made = _extension(attribute, account, notes, sectors, columns)
        setattr(system, _attribute(attribute), pymrio.Extension(**made))
    for step in table.meta.provenance:
        system.meta.note(f"iomodel: {step}")
    return system


def _refuse_what_has_no_place(table: IOTable) -> None:
    """Refuse what would be lost without a trace."""
    if table.flows.imports.any():
        raise AccountingError(
            f"{table.meta.title!r} deducts imports at the end of its rows: an IOSystem has no "
            "place for them, its output would be too large. Use iom.domestic(table) first."
        )
    grown = [name for name, account in table.satellites.items() if account.growth is not None]
    if grown:
        raise AccountingError(
            f"satellites of another year, with growth of output to it: {', '.join(grown)}. An "
            "IOSystem would divide them by output of the table's year. Leave them out: "
            "table.replace(satellites=...)."
        )
    regions, own = set(table.labels.regions), set(table.final_labels.regions)
    if len(regions) > 1 and not own <= regions:
        strange = ", ".join(repr(region) for region in sorted(own - regions)[:10])
        raise LabelError(
            f"final demand of {strange}, but sectors are of {len(regions)} other regions: an "
            "IOSystem needs the region of every column. Give final demand with a MultiIndex of "
            "region and category."
        )
    twice = [name for name in table.satellites if _attribute(name) != name]
    clash = [name for name in twice if _attribute(name) in table.satellites]
    if clash:
        raise LabelError(f"satellites whose names agree once they are Python names: {clash}.")


def _notes(table: IOTable) -> dict[str, Any]:
    text = (table.meta.notes or {}).get(IOSYSTEM_NOTE)
    return dict(json.loads(text)) if text else {}


def _index(table: IOTable, labels: Labels, names: tuple[str, str]) -> pd.MultiIndex:
    alone = table.meta.region or "region"
    pairs = [
        (region or alone, code) for region, code in zip(labels.regions, labels.codes, strict=True)
    ]
    return pd.MultiIndex.from_tuples(pairs, names=list(names))


def _facts(table: IOTable, notes: Mapping[str, Any]) -> dict[str, str]:
    """Return name, description, system and version, as they came or as the table has them."""
    meta = table.meta
    own = {
        "name": meta.title,
        "description": " ".join(filter(None, [meta.publisher, str(meta.year or "")])),
        "system": SYSTEMS.get(meta.kind, ""),
        "version": "",
    }
    return {key: notes.get("meta", {}).get(key) or value for key, value in own.items()}


def _population(notes: Mapping[str, Any]) -> pd.DataFrame | None:
    found = notes.get("population")
    return found and pd.DataFrame(found["values"], found["rows"], found["regions"])


def _accounts(table: IOTable, notes: Mapping[str, Any]) -> dict[str, Satellite]:
    """Return satellites and primary inputs by attribute, in the order of the system."""
    flows, primary = table.flows, notes.get("primary", "factor_inputs")
    found = dict(table.satellites)
    if primary:
        stated = notes.get("extensions", {}).get(primary, {}).get("final", False)
        labels = table.primary_labels
        several = len(set(labels.regions)) > 1
        found[primary] = Satellite(
            name=primary,
            rows=Labels(codes=labels.shown if several else labels.codes),
            values=flows.primary_inputs,
            unit=table.meta.unit,
            final=flows.final_primary if stated or flows.final_primary.any() else None,
        )
    order = [name for name in notes.get("extensions", {}) if name in found]
    return {name: found[name] for name in dict.fromkeys([*order, *found])}


def _extension(
    attribute: str,
    account: Satellite,
    notes: Mapping[str, Any],
    sectors: pd.MultiIndex,
    columns: pd.MultiIndex,
) -> dict[str, Any]:
    """Return the parts of an extension."""
    stated = notes.get("extensions", {}).get(attribute, {})
    index = _stressors(account.rows.codes, stated)
    units = account.units or (account.unit,) * len(account.rows)

    def frame(values: Array, across: pd.MultiIndex) -> pd.DataFrame:
        return pd.DataFrame(values.copy(), index, across)

    parts: dict[str, Any] = {
        "name": stated.get("name", attribute),
        "F": frame(account.values, sectors),
        "unit": pd.DataFrame({"unit": list(units)}, index),
    }
    if account.final is not None:
        parts["F_Y"] = frame(account.final, columns)
    return parts


def _stressors(codes: tuple[str, ...], stated: Mapping[str, Any]) -> pd.Index:
    """Return the index of stressors, of as many levels as it came with."""
    levels, separator = stated.get("levels", ["stressor"]), stated.get("separator", "")
    keys = [tuple(code.split(separator)) for code in codes] if separator else []
    if keys and all(len(key) == len(levels) for key in keys):
        return pd.MultiIndex.from_tuples(keys, names=levels)
    return pd.Index(codes, name=levels[0] if len(levels) == 1 else "stressor")


def _attribute(name: str) -> str:
    """Return a name as one that Python allows for an attribute."""
    found = re.sub(r"\W", "_", name)
    return f"_{found}" if found[:1].isdigit() or not found else found
