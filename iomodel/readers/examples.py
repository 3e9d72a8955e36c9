"""Workbooks that come with the package."""

from pathlib import Path

from iomodel.errors import ReadError

PACKAGE = Path(__file__).resolve().parent.parent


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
        ``micro-drama-2025``: the account of China's micro drama industry.

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
    path = _folder() / f"{name.replace('-', '_')}.xlsx"
    if not path.is_file():
        have = sorted(file.stem.replace("_", "-") for file in _folder().glob("*.xlsx"))
        raise ReadError(f"no embedded workbook {name!r}; there are: {', '.join(have) or 'none'}.")
    return path
