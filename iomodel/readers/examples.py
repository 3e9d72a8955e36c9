"""Workbooks that come with the package."""

from collections.abc import Mapping
from pathlib import Path

from iomodel.errors import ReadError, SpecError
from iomodel.readers.cells import CellReader
from iomodel.readers.facts import read_facts
from iomodel.readers.workbook import open_workbook

PACKAGE = Path(__file__).resolve().parent.parent
# Where each embedded workbook is in the folder `tables`, in a wheel as in a checkout.
EMBEDDED: Mapping[str, str] = {
    "china-2018": "china_2018.xlsx",
    "china-2020": "china_2020.xlsx",
    "micro-drama-2025": "micro_drama_2025.xlsx",
    "scotland-2019": "replications/scotland_2019.xlsx",
    "scotland-screen-2019": "scotland_screen_2019.xlsx",
}

TABLES = ("china-2020", "china-2018", "scotland-2019")  # those of them that a study can be made for


def _folder() -> Path:
    """Return the folder of the embedded workbooks, in a wheel or in a checkout."""
    inside = PACKAGE / "tables"
    return inside if inside.is_dir() else PACKAGE.parent / "tables"


def example(name: str) -> Path:
    """Return the path of a workbook that comes with the package.

    Parameters
    ----------
    name : str
        ``china-2020``: NBS's input-output table of China 2020, 153 products, with employment;
        ``china-2018``: that of 2018 with the same employment, to compare with;
        ``micro-drama-2025``: the account of China's micro drama industry;
        ``scotland-2019``: the Scottish Government's industry table 2019, with jobs;
        ``scotland-screen-2019``: the account of film, video, TV and broadcasting in Scotland.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ReadError
        If there is no such workbook; the message names those that there are.

    Examples
    --------
    >>> import iomodel as iom
    >>> iom.example("china-2020").name
    'china_2020.xlsx'
    """
    have = {key: _folder() / place for key, place in EMBEDDED.items()}
    have = {key: path for key, path in have.items() if path.is_file()}
    if name not in have:
        raise ReadError(
            f"no embedded workbook {name!r}; there are: {', '.join(sorted(have)) or 'none'}."
        )
    return have[name]


def base_of(study: str | Path) -> Path:
    """Return the path of the embedded table that a study workbook names as its base.

    Parameters
    ----------
    study : str or Path

    Returns
    -------
    pathlib.Path

    Raises
    ------
    SpecError
        If its sheet `about` names none, or one that does not come with the package.
    """
    book = open_workbook(study)
    name = str(read_facts(CellReader(book), ()).get("base") or "") if "about" in book else ""
    if name in TABLES:
        return example(name)
    said = "names no base table"
    if name:
        said = f"names {name!r} as its base table, which does not come with the package"
    raise SpecError(
        f"{book.path}: the sheet about {said}. Give the table (on the command line: --base "
        f"TABLE.xlsx), or write as base one of those that do: {', '.join(TABLES)}."
    )
