"""What is known about a table besides its figures, as JSON that names the figures' arrays."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from iomodel.accounts.forms import BLOCKS
from iomodel.accounts.imports import DomesticShares, ImportSplit
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.writers.atomic import WriteError

SPLIT = ("group", "domestic", "imported", "final_domestic", "final_imported")


def description(table: IOTable, layout: str, *, suffix: str = "") -> dict[str, Any]:
    """Return labels and facts of a table, with the name of each array where its figures belong.

    Parameters
    ----------
    table : IOTable
    layout : str
        Name of the layout, for the reader.
    suffix : str
        Added to the names of the arrays (those of `accounts.blocks.blocks`).
    """
    return {
        "layout": layout,
        "meta": _meta(table),
        "flows": {name: f"{name}{suffix}" for name in BLOCKS},
        "satellites": [
            _satellite(f"satellite_{k}", key, account, suffix)
            for k, (key, account) in enumerate(table.satellites.items(), start=1)
        ],
        "domestic_shares": _shares(table.domestic_shares, suffix),
        "import_split": _split(table.import_split, suffix),
        "labels": {
            "final_demand": _labels(table.final_labels),
            "primary_inputs": _labels(table.primary_labels),
            "sectors": _labels(table.labels),
        },
    }


def json_bytes(text: Mapping[str, Any], place: Path) -> bytes:
    """Return a description as JSON in UTF-8.

    Parameters
    ----------
    text : mapping
    place : Path
        The file or folder, for messages.

    Raises
    ------
    WriteError
        If a text or a fact has no form in JSON.
    """
    try:
        dumped = json.dumps(text, ensure_ascii=False, allow_nan=False, indent=1, default=_plain)
        return dumped.encode()
    except (TypeError, ValueError) as error:
        raise WriteError(f"{place}: a fact of the table has no form in JSON ({error}).") from error


def _meta(table: IOTable) -> dict[str, Any]:
    facts = {item.name: getattr(table.meta, item.name) for item in fields(table.meta)}
    notes = None if table.meta.notes is None else dict(table.meta.notes)
    return {**facts, "notes": notes, "steps": [list(step) for step in table.meta.steps]}


def _satellite(stem: str, key: str, account: Satellite, suffix: str) -> dict[str, Any]:
    facts = ("name", "unit", "unit_value", "year", "basis", "source")
    return {
        "key": key,
        **{name: getattr(account, name) for name in facts},
        "units": list(account.units),
        "values": f"{stem}{suffix}",
        "growth": None if account.growth is None else f"{stem}_growth{suffix}",
        "final": None if account.final is None else f"{stem}_final{suffix}",
        "rows": _labels(account.rows),
    }


def _shares(shares: DomesticShares | None, suffix: str) -> dict[str, str] | None:
    if shares is None:
        return None
    names = {name: f"share_{name}{suffix}" for name in ("intermediate", "consumption")}
    return {"method": shares.method, **names}


def _split(split: ImportSplit | None, suffix: str) -> dict[str, Any] | None:
    if split is None:
        return None
    return {
        "source": split.source,
        "codes": list(split.codes),
        "final_codes": list(split.final_codes),
        **{name: f"split_{name}{suffix}" for name in SPLIT},
    }


def _labels(labels: Labels) -> dict[str, Any]:
    names: Mapping[str, tuple[str, ...]] = labels.names
    return {
        "codes": list(labels.codes),
        "names": {language: list(texts) for language, texts in names.items()},
        "regions": list(labels.regions),
        "groups": list(labels.groups),
    }


def _plain(value: object) -> object:
    """Return a numpy number as one of Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} {value!r}")
