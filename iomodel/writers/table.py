"""Write a table to a file that `read` gives back, bit for bit."""

from pathlib import Path

from iomodel.accounts.table import IOTable
from iomodel.writers import folder, own, parquet
from iomodel.writers.atomic import WriteError, write_folder, write_together

FORMS = (
    ".xlsx (a workbook in the project's own layout), .parquet (one file in long form) or no "
    "suffix (a folder)"
)
ADVICE = "name another path"


def write(table: IOTable, path: str | Path) -> Path:
    """Write a table to a workbook, a parquet file or a folder that `read` gives back, bit for bit.

    Parameters
    ----------
    table : IOTable
        A table without inserted sectors.
    path : str or Path
        With the suffix ``.xlsx``: a workbook in the project's own layout, for people and
        spreadsheet programs. With the suffix ``.parquet``: one file in long form, a row for
        each figure with the codes, names, regions and groups of its row and column, for R,
        Stata, DuckDB and pandas; labels and facts are in its metadata. It needs pyarrow.
        Without a suffix: a folder with ``table.json`` (labels and facts) and one ``.npy``
        file per array, for large tables. A file or such a folder that is there is replaced,
        whole or not at all.

    Returns
    -------
    pathlib.Path
        The file or folder written.

    Raises
    ------
    WriteError
        If the suffix is another one, the table has inserted sectors, the form cannot hold a
        part of the table (all of them are named), pyarrow is needed and not installed, or the
        place cannot be written. What was
        there before is then as it was. It is an `IOModelError` and an `OSError`.

    Notes
    -----
    The certificate of the last step is not kept: it belongs to that step, not to the table.
    The steps are kept, and reading adds its own.

    Examples
    --------
    >>> import tempfile
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> with tempfile.TemporaryDirectory() as place:
    ...     again = iom.read(iom.write(china, f"{place}/china"))
    >>> again.output.equals(china.output)
    True
    """
    target = Path(path)
    suffix = target.suffix.lower()
    forms = {".xlsx": own.content, ".parquet": parquet.content}
    if suffix and suffix not in forms:
        raise WriteError(f"{target}: unknown suffix {target.suffix!r}. Known: {FORMS}.")
    if table.insertion is not None:
        codes = ", ".join(table.labels.codes[table.insertion.base :])
        raise WriteError(
            f"{target}: {table.meta.title!r} has inserted sectors ({codes}), whose certificate "
            "and injections no file holds. Write the base table and insert again after reading."
        )
    if suffix:
        write_together(target.parent, {target.name: forms[suffix](table, target)}, advice=ADVICE)
        return target
    files = folder.content(table, target)
    folder.refuse_other_files(target)
    return write_folder(target, files, advice=ADVICE)
