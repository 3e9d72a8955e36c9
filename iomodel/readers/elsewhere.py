"""Databases whose labels and figures are spread over many files: the call that reads each."""

import re
from pathlib import Path
from typing import NoReturn

from iomodel.errors import ReadError

# Names of files and folders as they are downloaded, and pymrio's parser of what they belong to.
DATABASES = (
    (
        re.compile(r"IOT_\d{4}_(?:pxp|ixi)", re.IGNORECASE),
        "EXIOBASE 3",
        "parse_exiobase3({path!r})",
    ),
    (re.compile(r"mrIOT_[pi]x[pi]", re.IGNORECASE), "EXIOBASE 2", "parse_exiobase2({path!r})"),
    (re.compile(r"GLORIA|120secMother"), "GLORIA", "parse_gloria(folder, year=...)"),
    (re.compile(r"Eora26_\d{4}", re.IGNORECASE), "Eora26", "parse_eora26(folder, year=...)"),
)


def recognises(path: str | Path) -> bool:
    """Tell from its name whether a file or folder is part of such a database."""
    return any(pattern.search(Path(path).name) for pattern, _, _ in DATABASES)


def read(path: str | Path) -> NoReturn:
    """Say how to read a file of such a database.

    Raises
    ------
    ReadError
        With the call of pymrio's parser.
    """
    name = Path(path).name
    found = next((item for item in DATABASES if item[0].search(name)), None)
    what, call = ("a database", "parse_...(...)") if found is None else found[1:]
    raise ReadError(
        f"{path}: {what} is spread over several files, which pymrio puts together: "
        f"iom.from_pymrio(pymrio.{call.format(path=str(path))}). Install it with "
        'pip install "iomodel[mrio]".'
    )
