"""Read a table from a folder: table.json and one .npy file per array, as `write` makes it."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from iomodel.accounts.forms import FOLDER_FILE, FOLDER_LAYOUT
from iomodel.accounts.table import IOTable
from iomodel.errors import ReadError
from iomodel.readers.saved import Parts, table_of


def recognises(path: str | Path) -> bool:
    """Tell whether a path is a folder that holds a table."""
    return (Path(path) / FOLDER_FILE).is_file()


def read(path: str | Path) -> IOTable:
    """Read a table from a folder.

    Raises
    ------
    ReadError
        With every part that is missing or cannot be used.
    """
    folder = Path(path)

    def load(name: str) -> Any:
        return np.load(folder / name, allow_pickle=False)

    text = _text(folder)
    parts = Parts(place=folder, kind="folder", source=FOLDER_FILE, suffix=".npy", load=load)
    return table_of(text, parts)


def _text(folder: Path) -> dict[str, Any]:
    """Return what table.json holds."""
    try:
        text = json.loads((folder / FOLDER_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ReadError(
            f"{folder / FOLDER_FILE}: cannot be read ({error}). Write the table again."
        ) from error
    stated = text.get("layout") if isinstance(text, dict) else None
    if stated != FOLDER_LAYOUT:
        raise ReadError(
            f"{folder / FOLDER_FILE}: layout {stated!r}, not {FOLDER_LAYOUT!r}. "
            "Another version may have written it."
        )
    return dict(text)
