"""A table as a folder: table.json and one .npy file per array."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from iomodel.accounts.forms import BLOCKS, FOLDER_FILE, FOLDER_LAYOUT
from iomodel.accounts.imports import DomesticShares, ImportSplit
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.writers.atomic import WriteError

OURS = re.compile(rf"[a-z0-9_]+\.npy|{re.escape(FOLDER_FILE)}")
Keeper = Callable[[str, npt.NDArray[Any]], str]  # keeps an array, gives the name of its file
SPLIT = ("group", "domestic", "imported", "final_domestic", "final_imported")


def content(table: IOTable, place: Path) -> dict[str, bytes]:
    """Return the files of a table by name.

    Parameters
    ----------
    table : IOTable
    place : Path
        The folder, for messages.

    Raises
    ------
    WriteError
        If a text or a fact has no form in JSON.
    """
    files: dict[str, bytes] = {}

    def kept(name: str, values: npt.NDArray[Any]) -> str:
        stream = BytesIO()
        np.save(stream, values, allow_pickle=False)
        files[f"{name}.npy"] = stream.getvalue()
        return f"{name}.npy"

    text = {
        "layout": FOLDER_LAYOUT,
        "meta": _meta(table),
        "flows": {name: kept(name, getattr(table.flows, name)) for name in BLOCKS},
        "satellites": [
            _satellite(f"satellite_{k}", key, account, kept)
            for k, (key, account) in enumerate(table.satellites.items(), start=1)
        ],
        "domestic_shares": _shares(table.domestic_shares, kept),
        "import_split": _split(table.import_split, kept),
        "labels": {
            "final_demand": _labels(table.final_labels),
            "primary_inputs": _labels(table.primary_labels),
            "sectors": _labels(table.labels),
        },
    }
    try:
        dumped = json.dumps(text, ensure_ascii=False, allow_nan=False, indent=1, default=_plain)
        return {FOLDER_FILE: dumped.encode(), **files}
    except (TypeError, ValueError) as error:
        raise WriteError(f"{place}: a fact of the table has no form in JSON ({error}).") from error


def refuse_other_files(place: Path) -> None:
    """Refuse to replace a folder that holds anything but a table.

    Raises
    ------
    WriteError
        Naming what else there is.
    """
    if not place.is_dir():
        if place.exists():
            raise WriteError(f"{place}: is a file, not a folder. Name another path.")
        return
    names = sorted(path.name for path in place.iterdir())
    other = [name for name in names if not OURS.fullmatch(name)]
    if names and FOLDER_FILE not in names:
        other = names
    if other:
        raise WriteError(
            f"{place}: the folder holds other files, which replacing it would delete "
            f"({', '.join(other[:10])}). Name a new folder."
        )
    if Path.cwd().is_relative_to(place.resolve()):
        raise WriteError(f"{place}: is the working folder. Name a folder in it.")


def _meta(table: IOTable) -> dict[str, Any]:
    facts = {item.name: getattr(table.meta, item.name) for item in fields(table.meta)}
    notes = None if table.meta.notes is None else dict(table.meta.notes)
    return {**facts, "notes": notes, "steps": [list(step) for step in table.meta.steps]}


def _satellite(stem: str, key: str, account: Satellite, kept: Keeper) -> dict[str, Any]:
    growth, final = account.growth, account.final
    facts = ("name", "unit", "unit_value", "year", "basis", "source")
    return {
        "key": key,
        **{name: getattr(account, name) for name in facts},
        "units": list(account.units),
        "values": kept(stem, account.values),
        "growth": None if growth is None else kept(f"{stem}_growth", growth),
        "final": None if final is None else kept(f"{stem}_final", final),
        "rows": _labels(account.rows),
    }


def _shares(shares: DomesticShares | None, kept: Keeper) -> dict[str, str] | None:
    if shares is None:
        return None
    return {
        "method": shares.method,
        "intermediate": kept("share_intermediate", shares.intermediate),
        "consumption": kept("share_consumption", shares.consumption),
    }


def _split(split: ImportSplit | None, kept: Keeper) -> dict[str, Any] | None:
    if split is None:
        return None
    return {
        "source": split.source,
        "codes": list(split.codes),
        "final_codes": list(split.final_codes),
        **{name: kept(f"split_{name}", getattr(split, name)) for name in SPLIT},
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
