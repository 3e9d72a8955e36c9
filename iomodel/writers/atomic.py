"""Write several files whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from iomodel.errors import IOModelError


class WriteError(IOModelError, OSError):
    """A file could not be written; nothing was left half written."""


ADVICE = "name another folder with --to"


def write_together(
    folder: str | Path, files: Mapping[str, bytes], *, advice: str = ADVICE
) -> tuple[Path, ...]:
    """Write files into a folder, all of them or none.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist.
    files : mapping of file name to content
    advice : str
        What else can be done if the files cannot be written, for the message.

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
            f"in other programs, or {advice}."
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


def write_folder(folder: str | Path, files: Mapping[str, bytes], *, advice: str = ADVICE) -> Path:
    """Make a folder that holds these files and no others, or leave the old one as it was.

    The new folder is made whole beside the old one, which it then replaces.

    Parameters
    ----------
    folder : str or Path
    files : mapping of file name, or path inside the folder, to content
    advice : str
        What else can be done if the folder cannot be written, for the message.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    WriteError
        If it cannot be made or replaced; the old one is then as it was.
    """
    place = Path(folder).resolve()
    staged: list[Path] = []
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=".", suffix=".part", dir=place.parent))
        staged.append(new)
        for name, content in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
        new.chmod(0o755)
        if place.exists():
            old = Path(tempfile.mkdtemp(prefix=".", suffix=".old", dir=place.parent))
            staged.append(old)
            _swap(place, new, old)
        else:
            new.replace(place)
    except OSError as error:
        raise WriteError(
            f"{folder}: cannot write the folder ({error.strerror or error}). Close its files in "
            f"other programs, or {advice}."
        ) from error
    finally:
        for path in staged:
            shutil.rmtree(path, ignore_errors=True)
    return Path(folder)


def _swap(place: Path, new: Path, old: Path) -> None:
    """Put a new folder in the place of the one that is there, or put that one back."""
    aside = old / "kept"
    place.replace(aside)
    try:
        new.replace(place)
    except OSError:
        aside.replace(place)
        raise
