"""Write several files whole or not at all."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from iomodel.errors import IOModelError


class WriteError(IOModelError, OSError):
    """A file could not be written; nothing was left half written."""


def write_together(folder: str | Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write files into a folder, all of them or none.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist.
    files : mapping of file name to content

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    WriteError
        If the folder is a file, cannot be made or written to, or a file is held open by
        another program. Files of an earlier run are then left as they were.
    """
    place = Path(folder)
    staged: list[tuple[Path, Path]] = []
    kept: list[tuple[Path, bytes | None]] = []
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=place)
            staged.append((Path(temporary), place / name))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(temporary).chmod(0o644)
        for temporary_path, target in staged:
            kept.append((target, target.read_bytes() if target.exists() else None))
            temporary_path.replace(target)
    except OSError as error:
        _undo(staged, kept)
        raise WriteError(
            f"{place}: cannot write {', '.join(files)} ({error.strerror or error}). Close the file "
            "in other programs, or name another folder with --to."
        ) from error
    return tuple(target for _, target in staged)


def _undo(staged: list[tuple[Path, Path]], kept: list[tuple[Path, bytes | None]]) -> None:
    """Take back what was renamed already and remove temporary files."""
    for target, content in kept:
        if content is None:
            target.unlink(missing_ok=True)
        else:
            target.write_bytes(content)
    for temporary, _ in staged:
        temporary.unlink(missing_ok=True)
