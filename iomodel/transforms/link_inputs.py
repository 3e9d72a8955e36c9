"""What regional tables are linked with: the tables in one form, their pools, given flows."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.linear import Array
from iomodel.results import figure

NEAR = 1e-9
OUTER = ("exports", "residual")
SAME = ("unit", "currency", "year", "price_year", "valuation", "kind")


class Regional(NamedTuple):
    """Tables of R regions with the same n sectors, and their trade.

    Attributes
    ----------
    names, sectors : tuple of str
    tables : tuple of IOTable
    at : int
        Position of the column of outflows.
    outer : ndarray of bool, shape (k,)
        Columns of sales outside the region.
    use, outside, outflow, imports, inflow, output : ndarray, shape (n, R)
        Use at home; sales outside other than the outflows; outflows; all that is brought in;
        the part of it from other regions; output as published.
    """

    names: tuple[str, ...]
    sectors: tuple[str, ...]
    tables: tuple[IOTable, ...]
    at: int
    outer: Array
    use: Array
    outside: Array
    outflow: Array
    imports: Array
    inflow: Array
    output: Array

    @property
    def abroad(self) -> Array:
        """Imports from outside the linked regions, (n, R)."""
        return self.imports - self.inflow

    @property
    def made(self) -> Array:
        """Output as the sum of the row, (n, R): roundings of a table stay where they are."""
        return self.use + self.outside + self.outflow - self.imports


class Trade(NamedTuple):
    """Flows between regions, (n, R, R), and what stays outside of what they trade, (n, R)."""

    flows: Array
    sent: Array
    received: Array


def regional(
    tables: Mapping[str, IOTable], outflow: str | None, inflow: pd.DataFrame | None
) -> Regional:
    """Bring tables into one form; refuse what keeps them from being linked, all at once."""
    names, parts = tuple(map(str, tables)), tuple(tables.values())
    if len(names) < 2:
        raise LabelError("give at least two tables, by region: iom.link({'A': ..., 'B': ...}).")
    _must_fit(names, parts)
    first = parts[0]
    at = _column(first, outflow)
    outer = np.array([role in OUTER for role in first.final_labels.groups], dtype=bool)
    outer[at] = True
    other = outer.copy()
    other[at] = False
    flows = [table.flows for table in parts]

    def stacked(columns: list[Array]) -> Array:
        return np.column_stack(columns)

    imports = stacked([part.imports for part in flows])
    found = Regional(
        names=names,
        sectors=first.labels.codes,
        tables=parts,
        at=at,
        outer=outer,
        use=stacked([f.intermediate.sum(1) + f.final_demand[:, ~outer].sum(1) for f in flows]),
        outside=stacked([f.final_demand[:, other].sum(axis=1) for f in flows]),
        outflow=stacked([f.final_demand[:, at] for f in flows]),
        imports=imports,
        inflow=imports if inflow is None else by_region(inflow, names, first.labels, "inflow"),
        output=stacked([part.output for part in flows]),
    )
    _must_be_possible(found)
    return found


def _must_fit(names: tuple[str, ...], tables: tuple[IOTable, ...]) -> None:
    """Refuse tables that are not of one kind."""
    first, lines = tables[0], []
    for name, table in zip(names, tables, strict=True):
        meta = table.meta
        for what, codes, wanted in (
            ("sectors", table.labels.codes, first.labels.codes),
            ("final demand", table.final_labels.codes, first.final_labels.codes),
            ("primary inputs", table.primary_labels.codes, first.primary_labels.codes),
        ):
            if codes != wanted:
                apart = sorted(set(codes) ^ set(wanted))
                lines.append(f"{name}: {what} differ from {names[0]}'s: "
                             f"{', '.join(apart[:10]) or 'in another order'}")  # fmt: skip
        lines += [
            f"{name}: {key} {getattr(meta, key)!r}, {names[0]} {getattr(first.meta, key)!r}"
            for key in SAME
            if getattr(meta, key) != getattr(first.meta, key)
        ]
        if set(table.satellites) != set(first.satellites):
            lines.append(f"{name}: satellites {sorted(table.satellites)}, {names[0]} "
                         f"{sorted(first.satellites)}")  # fmt: skip
        lines += [
            f"{name}: satellite {key} is in {item.unit_text} by {item.rows.codes}, {names[0]}'s "
            f"in {first.satellites[key].unit_text} by {first.satellites[key].rows.codes}"
            for key, item in table.satellites.items()
            if key in first.satellites and _kind(item) != _kind(first.satellites[key])
        ]
        lines += [f"{name}: {text}" for text in _state(table)]
    if lines:
        raise AccountingError(
            f"{len(lines)} reasons why the tables cannot be linked:\n  {listed(lines)}\n"
            "Bring them to one classification (iom.aggregate), unit and year first."
        )


def _kind(item: Satellite) -> tuple[object, ...]:
    return (item.rows.codes, item.unit, item.units, item.unit_value, item.year, item.basis,
            item.growth is None, item.final is None)  # fmt: skip


def _state(table: IOTable) -> list[str]:
    out = []
    if len(set(table.labels.regions)) > 1 or table.insertion is not None:
        out.append("has several regions or inserted sectors: link before that")
    rows = table.primary_labels.in_group("imports")
    if table.meta.import_treatment == "domestic" or table.flows.primary_inputs[rows].any():
        out.append("its flows are domestic, so that what is brought in is not known by product: "
                   "give the competitive table")  # fmt: skip
    return out


def _column(table: IOTable, outflow: str | None) -> int:
    """Position of the column of outflows: the one named, or the only one of exports."""
    if outflow is not None:
        return int(table.final_labels.positions([outflow])[0])
    found = table.final_labels.in_group("exports")
    if len(found) != 1:
        codes = ", ".join(table.final_labels.codes[k] for k in found) or "none"
        raise LabelError(
            f"columns with the role exports: {codes}. Say which holds the sales to other regions: "
            "iom.link(..., outflow=...)."
        )
    return int(found[0])


def by_region(frame: pd.DataFrame, names: tuple[str, ...], labels: Labels, what: str) -> Array:
    """Align figures by sector and region; refuse other labels and figures below zero."""
    if not isinstance(frame, pd.DataFrame):
        raise LabelError(f"{what} must be a DataFrame, sectors by regions.")
    own = frame.set_axis(list(map(str, frame.index))).set_axis(list(map(str, frame)), axis=1)
    for have, want, axis in ((own.index, labels.codes, "sectors"), (own.columns, names, "regions")):
        if sorted(have) != sorted(want):
            apart = sorted(set(have) ^ set(want)) or sorted(have[have.duplicated()])
            raise LabelError(f"{what}: {axis} differ from the tables: {listed(apart)}")
    values = own.loc[list(labels.codes), list(names)].to_numpy(dtype=np.float64)
    refuse_negative(values, labels.codes, names, what)
    return values


def refuse_negative(
    values: Array, sectors: tuple[str, ...], names: tuple[str, ...], what: str
) -> None:
    """Refuse figures by sector and region that are below zero or missing."""
    lines = [f"{names[r]} {sectors[i]}: {values[i, r]:g}" for i, r in np.argwhere(~(values >= 0))]
    if lines:
        raise AccountingError(
            f"{what}: {len(lines)} figures are below zero or missing:\n  {listed(lines)}"
        )


def _must_be_possible(given: Regional) -> None:
    """Refuse trade below zero, and more inflow than is brought in."""
    for what, values in (("outflow", given.outflow), ("imports", given.imports),
                         ("output", given.output)):  # fmt: skip
        refuse_negative(values, given.sectors, given.names, what)
    above = np.argwhere(given.inflow > given.imports * (1 + NEAR))
    lines = [
        f"{given.names[r]} {given.sectors[i]}: {figure(float(given.inflow[i, r]))} of "
        f"{figure(float(given.imports[i, r]))}"
        for i, r in above
    ]
    if lines:
        raise AccountingError(
            f"{len(lines)} inflows are above all that the region brings in:\n  {listed(lines)}"
        )


def given_trade(flows: pd.DataFrame, given: Regional) -> Array:
    """Align flows between regions, (n, R, R); refuse more than regions send or receive."""
    rows = pd.MultiIndex.from_product([given.names, given.sectors])
    if not isinstance(flows, pd.DataFrame) or flows.index.nlevels != 2:
        raise LabelError("flows must be a DataFrame: rows (region, sector), columns regions.")
    own = flows.set_axis([(str(a), str(b)) for a, b in flows.index]).set_axis(
        list(map(str, flows)), axis=1
    )
    apart = sorted(set(own.index) ^ set(rows)) + sorted(set(own.columns) ^ set(given.names))
    if apart or len(own) != len(rows) or own.shape[1] != len(given.names):
        raise LabelError(
            f"flows: labels differ from the tables, or stand twice:\n  {listed(apart)}\n"
            "Give a row for every region and sector, with zeros where nothing is sent."
        )
    cells = own.loc[list(rows), list(given.names)].to_numpy(dtype=np.float64)
    size = len(given.names)
    trade = cells.reshape(size, len(given.sectors), size).transpose(1, 0, 2) * (1 - np.eye(size))
    bad = np.argwhere(~(trade >= 0))
    lines = [f"{given.sectors[i]} from {given.names[r]} to {given.names[s]}: {trade[i, r, s]:g}"
             for i, r, s in bad]  # fmt: skip
    for what, sums, most in (
        ("sends", trade.sum(axis=2), np.minimum(given.outflow, given.made)),
        ("receives", trade.sum(axis=1), given.inflow),
    ):
        lines += [
            f"{given.names[r]} {what} {figure(float(sums[i, r]))} of {given.sectors[i]}, its table "
            f"has {figure(float(most[i, r]))}"
            for i, r in np.argwhere(sums > most * (1 + NEAR))
        ]
    if lines:
        raise AccountingError(
            f"flows: {len(lines)} figures are impossible:\n  {listed(lines)}\nCorrect them, or "
            "scale them to what the regions send and receive with iom.ras."
        )
    return np.asarray(trade)
