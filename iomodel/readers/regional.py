"""Labelled blocks of multi-regional tables to tables: one engine, one declaration per database.

A block is what any file of this kind comes down to: rows and columns with a region and a
code, and their figures. Which codes are final demand, primary inputs and totals is declared.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta, Step
from iomodel.accounts.table import IOTable
from iomodel.errors import LabelError, listed
from iomodel.kernels.linear import Array

Key = tuple[str, str]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scheme:
    """Declaration of a database.

    Attributes
    ----------
    name : str
    finals, primaries : mapping of code to role
        Columns of final demand and rows of primary inputs, by their code without a region.
    output : frozenset of str
        Codes of the row of output; empty where a file has none and output is the sum of the row.
    totals : frozenset of str
        Codes of other rows and columns that are sums, never stored.
    world : frozenset of str
        Regions that stand for all regions, in labels of primary inputs.
    facts : mapping
        Facts of the publisher for ``meta``.
    """

    name: str
    finals: Mapping[str, str]
    primaries: Mapping[str, str]
    output: frozenset[str] = frozenset()
    totals: frozenset[str] = frozenset()
    world: frozenset[str] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """Figures of one file with the region and code of every row and column.

    Attributes
    ----------
    path : Path
    rows, columns : sequence of (region, code)
        The region is empty where a label has none.
    values : ndarray, shape (rows, columns)
    row_places, column_places : sequence of str
        Where each row and column stands in the file, for messages.
    names : mapping of code to name
        English names, where the file has them.
    year : int or None
    kind : str
        ``product`` or ``industry``.
    """

    path: Path
    rows: Sequence[Key]
    columns: Sequence[Key]
    values: Array
    row_places: Sequence[str]
    column_places: Sequence[str]
    names: Mapping[str, str] = field(default_factory=dict)
    year: int | None = None
    kind: str = "industry"


@dataclass(frozen=True, eq=False)
class _Places:
    """Positions of the parts in the rows and columns of a block."""

    sectors: Positions
    primaries: Positions
    output: Positions
    buyers: Positions
    finals: Positions


def table_of(scheme: Scheme, block: Block) -> IOTable:
    """Make a table of a block.

    Parameters
    ----------
    scheme : Scheme
    block : Block

    Returns
    -------
    IOTable
        Flows between regions are flows of domestic products of the selling region, so the
        import treatment is ``domestic``. Output is the row of output of the file; where the
        scheme has none, the sum of the row.

    Raises
    ------
    LabelError
        With every label that stands twice, is unknown, or has a row but no column; and if
        the row of output is missing.
    """
    at = _places(scheme, block)
    values = block.values
    flows_in = values[np.ix_(at.sectors, at.buyers)]
    final = values[np.ix_(at.sectors, at.finals)]
    steps = [Step("read", block.path.name)]
    if len(at.output):
        output = values[at.output[0], at.buyers]
    else:
        output = flows_in.sum(axis=1) + final.sum(axis=1)
        steps.append(Step("output", "sum of the row"))
    rows = block.rows
    labels = [rows[spot] for spot in at.sectors]
    return IOTable(
        labels=_labels(labels, block.names, {}),
        final_labels=_labels([block.columns[k] for k in at.finals], block.names, scheme.finals),
        primary_labels=_labels(
            [_region_of(scheme, rows[spot]) for spot in at.primaries],
            block.names,
            scheme.primaries,
        ),
        flows=Flows(
            intermediate=flows_in,
            final_demand=final,
            primary_inputs=values[np.ix_(at.primaries, at.buyers)],
            output=output,
            imports=np.zeros(len(labels)),
            final_primary=values[np.ix_(at.primaries, at.finals)],
        ),
        meta=Meta(
            title=" ".join(filter(None, [scheme.name, str(block.year or "")])),
            year=block.year,
            price_year=block.year,
            import_treatment="domestic",
            kind=block.kind,
            steps=tuple(steps),
            **scheme.facts,
        ),
    )


def _places(scheme: Scheme, block: Block) -> _Places:
    """Sort rows and columns into parts; refuse what has no place, all at once."""
    sums = scheme.totals | scheme.output
    apart = sums | scheme.primaries.keys()
    sectors = [spot for spot, (_, code) in enumerate(block.rows) if code not in apart]
    wanted = [block.rows[spot] for spot in sectors]
    across = {key: spot for spot, key in enumerate(block.columns)}
    finals = [spot for spot, (_, code) in enumerate(block.columns) if code in scheme.finals]
    known = {*wanted, *(block.columns[spot] for spot in finals)}
    problems = [*_twice(block.rows, block.row_places), *_twice(block.columns, block.column_places)]
    lost = [spot for spot in sectors if block.rows[spot] not in across]
    problems += [f"{block.row_places[spot]}: no column of this label" for spot in lost]
    problems += [
        f"{block.column_places[spot]}: neither a sector that has a row nor final demand"
        for spot, key in enumerate(block.columns)
        if key not in known and key[1] not in sums
    ]
    output = [spot for spot, (_, code) in enumerate(block.rows) if code in scheme.output]
    if scheme.output and not output:
        problems.append(f"no row {' or '.join(sorted(scheme.output))}: the output of the sectors")
    for what, found in (("sectors", sectors), ("columns of final demand", finals)):
        if not found:
            problems.append(f"no {what}")
    if problems:
        noun = "problem" if len(problems) == 1 else "problems"
        raise LabelError(
            f"{block.path}: {len(problems)} {noun} with the labels of a table of "
            f"{scheme.name}:\n  {listed(problems)}\nIs the file complete, as it was published?"
        )
    primaries = [spot for spot, (_, code) in enumerate(block.rows) if code in scheme.primaries]
    parts = (sectors, primaries, output, [across[key] for key in wanted], finals)
    return _Places(*(np.array(part, dtype=np.intp) for part in parts))


def _twice(keys: Sequence[Key], places: Sequence[str]) -> list[str]:
    """Places of labels that stand more than once."""
    often = {key for key, count in Counter(keys).items() if count > 1}
    return [f"{places[spot]}: stands twice" for spot, key in enumerate(keys) if key in often]


def _region_of(scheme: Scheme, key: Key) -> Key:
    """Drop a region that stands for the whole world."""
    region, code = key
    return ("" if region in scheme.world else region, code)


def _labels(keys: Sequence[Key], names: Mapping[str, str], roles: Mapping[str, str]) -> Labels:
    codes = tuple(code for _, code in keys)
    known = {"en": tuple(names.get(code, "") for code in codes)}
    return Labels(
        codes=codes,
        names=known if any(known["en"]) else {},
        regions=tuple(region for region, _ in keys),
        groups=tuple(roles.get(code, "") for code in codes),
    )
