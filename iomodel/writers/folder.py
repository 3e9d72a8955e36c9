"""A table as a folder: table.json and one .npy file per array."""

import re
from io import BytesIO
from pathlib import Path

import numpy as np

from iomodel.accounts.blocks import blocks
from iomodel.accounts.forms import FOLDER_FILE, FOLDER_LAYOUT
from iomodel.accounts.table import IOTable
from iomodel.writers.atomic import WriteError
from iomodel.writers.description import description, json_bytes

OURS = re.compile(rf"[a-z0-9_]+\.npy|{re.escape(FOLDER_FILE)}")


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
    files = {FOLDER_FILE: json_bytes(description(table, FOLDER_LAYOUT, suffix=".npy"), place)}
    for block in blocks(table):
        stream = BytesIO()
        np.save(stream, block.values, allow_pickle=False)
        files[f"{block.name}.npy"] = stream.getvalue()
    return files


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
