"""The figures of a table one by one, each with its name and the labels of its rows and columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from iomodel.accounts.forms import BLOCKS, GROWTH
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable


class Side(NamedTuple):
    """Labels of the rows or of the columns of a block, as texts."""

    codes: tuple[str, ...]
    regions: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Block:
    """One array of a table.

    Attributes
    ----------
    name : str
        ``intermediate``, ..., ``satellite_1``, ``satellite_1_growth``, ``share_intermediate``,
        ``split_domestic``, ...
    values : ndarray, shape (r, c), or (r,) or (c,) where the other side has one label
    rows, columns : Side
    account : str
        Name of the satellite, empty for other blocks.
    unit : str
    units : tuple of str
        Units of the rows, where they differ.
    """

    name: str
    values: npt.NDArray[Any]
    rows: Side
    columns: Side
    account: str = ""
    unit: str = ""
    units: tuple[str, ...] = ()


def blocks(table: IOTable) -> Iterator[Block]:
    """Yield every array of a table: flows, satellites, domestic shares, official import split.

    Parameters
    ----------
    table : IOTable
    """
    unit, sectors = table.meta.unit, _side(table.labels)
    finals, primaries = _side(table.final_labels), _side(table.primary_labels)
    sides = {
        "intermediate": (sectors, sectors),
        "final_demand": (sectors, finals),
        "primary_inputs": (primaries, sectors),
        "final_primary": (primaries, finals),
    }
    for name in BLOCKS:
        rows, columns = sides.get(name, (sectors, _single(name)))
        values = getattr(table.flows, name)
        yield Block(name=name, values=values, rows=rows, columns=columns, unit=unit)
    yield from _satellites(table, sectors, finals)
    shares, split = table.domestic_shares, table.import_split
    if shares is not None:
        for name in ("intermediate", "consumption"):
            column = _single(f"share_{name}")
            values = getattr(shares, name)
            yield Block(
                name=f"share_{name}", values=values, rows=sectors, columns=column, unit="ratio"
            )
    if split is not None:
        groups, uses = _plain(split.codes), _plain(split.final_codes)
        group = _single("split_group")
        yield Block(name="split_group", values=split.group, rows=sectors, columns=group)
        for name in ("domestic", "imported", "final_domestic", "final_imported"):
            columns = uses if name.startswith("final") else groups
            values = getattr(split, name)
            yield Block(
                name=f"split_{name}", values=values, rows=groups, columns=columns, unit=unit
            )


def coded(texts: Sequence[str]) -> tuple[npt.NDArray[np.int32], list[str]]:
    """Return each text's position among the different ones, and these.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    tuple of ndarray of int32, shape (len(texts),), and list of str
    """
    place = {text: spot for spot, text in enumerate(dict.fromkeys(texts))}
    return np.array([place[text] for text in texts], dtype=np.int32), list(place)


def cell_labels(block: Block) -> dict[str, tuple[npt.NDArray[np.int32], list[str]]]:
    """Return what stands beside each figure of a block in long form, row by row.

    Parameters
    ----------
    block : Block

    Returns
    -------
    dict of str to (positions, texts)
        Columns ``block``, ``account``, ``row_region``, ``row``, ``row_name``, ``row_group``,
        ``column_region``, ``column``, ``column_name``, ``column_group``, ``unit``; each figure
        has the text at its position.
    """
    height, width = len(block.rows.codes), len(block.columns.codes)
    zeros = np.zeros(height * width, dtype=np.int32)
    found = {"block": (zeros, [block.name]), "account": (zeros, [block.account])}
    heads = {"_region": "regions", "": "codes", "_name": "names", "_group": "groups"}
    for head, part in heads.items():
        spots, texts = coded(getattr(block.rows, part))
        found[f"row{head}"] = (np.repeat(spots, width), texts)
    for head, part in heads.items():
        spots, texts = coded(getattr(block.columns, part))
        found[f"column{head}"] = (np.tile(spots, height), texts)
    if block.units:
        spots, texts = coded(block.units)
        return {**found, "unit": (np.repeat(spots, width), texts)}
    return {**found, "unit": (zeros, [block.unit])}


def _satellites(table: IOTable, sectors: Side, finals: Side) -> Iterator[Block]:
    for k, (key, account) in enumerate(table.satellites.items(), start=1):
        yield Block(
            name=f"satellite_{k}",
            values=account.values,
            rows=_side(account.rows),
            columns=sectors,
            account=key,
            unit=account.unit,
            units=account.units,
        )
        if account.final is not None:
            yield Block(
                name=f"satellite_{k}_final",
                values=account.final,
                rows=_side(account.rows),
                columns=finals,
                account=key,
                unit=account.unit,
                units=account.units,
            )
        if account.growth is not None:
            yield Block(
                name=f"satellite_{k}_growth",
                values=account.growth,
                rows=_single(GROWTH),
                columns=sectors,
                account=key,
                unit="ratio",
            )


def _side(labels: Labels) -> Side:
    return Side(labels.codes, labels.regions, labels.named(), labels.groups)


def _plain(codes: tuple[str, ...]) -> Side:
    blank = ("",) * len(codes)
    return Side(codes, blank, codes, blank)


def _single(name: str) -> Side:
    return _plain((name,))
