"""Write a table to a file that `read` gives back, or a result to one that a journal takes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from iomodel.accounts.table import IOTable
from iomodel.results import Result
from iomodel.writers import folder, own, parquet
from iomodel.writers.atomic import WriteError, write_folder, write_together
from iomodel.writers.exhibit import Things, exhibit
from iomodel.writers.forms import EXHIBITS, Form

FORMS = (
    ".xlsx (a workbook in the project's own layout), .parquet (one file in long form) or no "
    "suffix (a folder)"
)
ADVICE = "name another path"


def write(
    thing: IOTable | Things,
    path: str | Path,
    *,
    columns: Sequence[str] | None = None,
    digits: int | Mapping[str, int] | None = None,
    caption: str | None = None,
    label: str | None = None,
    notes: str | Sequence[str] = (),
) -> Path:
    r"""Write a table to a file that `read` gives back bit for bit, or a result for a journal.

    Parameters
    ----------
    thing : IOTable, Result, DataFrame or Series
        A table without inserted sectors; or a result of any verb, or a frame made from one.
    path : str or Path
        Of a table: with the suffix ``.xlsx`` a workbook in the project's own layout, for
        people and spreadsheet programs; with ``.parquet`` one file in long form, a row for
        each figure with the codes, names, regions and groups of its row and column, for R,
        Stata, DuckDB and pandas, labels and facts in its metadata (needs pyarrow); without a
        suffix a folder with ``table.json`` (labels and facts) and one ``.npy`` file per
        array, for large tables.

        Of a result or frame, for print: ``.tex`` (booktabs, to be taken in by ``\input``),
        ``.docx`` (needs python-docx), ``.xlsx`` (one sheet), ``.html``, ``.md``; as data, with
        every bit of the figures: ``.csv`` (UTF-8 with a byte order mark, which Excel needs
        for Chinese text), ``.dta`` (Stata 14 and later; units in the labels of variables) and
        ``.parquet`` (needs pyarrow).

        A file or such a folder that is there is replaced, whole or not at all.
    columns : sequence of str, optional
        Columns of a result or frame, in this order; index levels stand first anyway.
    digits : int or mapping of column to int, optional
        Decimals printed. As many as the largest number of a column needs if absent.
    caption, label : str, optional
        What stands above, and the label to refer to; the title of the result, and none, if
        absent.
    notes : str or sequence of str, optional
        Sentences below, before those on unit and source.

    Returns
    -------
    pathlib.Path
        The file or folder written.

    Raises
    ------
    WriteError
        If the suffix is another one, the table has inserted sectors, the form cannot hold a
        part of it or an option (all of them are named), a package is needed and not
        installed, or the place cannot be written. What was there before is then as it was. It
        is an `IOModelError` and an `OSError`.
    LabelError
        For columns or digits that do not fit the frame.

    Notes
    -----
    The certificate of the last step is not kept: it belongs to that step, not to the table.
    The steps are kept, and reading adds its own.

    A frame of a result whose columns have several units has a line of units under its head;
    one that all share stands in the notes. In a data set names become legal (32 letters,
    digits and underscores, each once); texts of more than 2,045 bytes are kept whole.

    Examples
    --------
    >>> import tempfile
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> with tempfile.TemporaryDirectory() as place:
    ...     again = iom.read(iom.write(china, f"{place}/china"))
    >>> again.output.equals(china.output)
    True
    >>> jobs = iom.multipliers(iom.leontief(iom.domestic(china)), of="employment")
    >>> with tempfile.TemporaryDirectory() as place:
    ...     file = iom.write(jobs, f"{place}/jobs.tex", columns=["name", "effect"], digits=2)
    ...     "toprule" in file.read_text(encoding="utf-8")
    True
    """
    given = {"columns": columns, "digits": digits, "caption": caption, "label": label,
             "notes": notes or None}  # fmt: skip
    named = [name for name, value in given.items() if value is not None]
    if isinstance(thing, IOTable):
        if named:
            raise WriteError(
                f"{path}: {', '.join(named)}: for results and frames; a table is written whole."
            )
        return _table(thing, path)
    target = Path(path)
    form = _form(thing, target, named)
    laid = exhibit(thing, columns=columns, digits=digits, caption=caption, label=label, notes=notes)
    write_together(target.parent, {target.name: form.made(laid, target)}, advice=ADVICE)
    return target


def _form(thing: object, target: Path, named: list[str]) -> Form:
    """Return the form that a suffix asks for; refuse others, and options it has no place for."""
    if not isinstance(thing, Result | pd.DataFrame | pd.Series):
        raise WriteError(
            f"{target}: {type(thing).__name__} is neither a table, a result nor a frame. Write "
            "one of its parts, such as its frame: iom.write(thing.to_frame(), ...)."
        )
    form = EXHIBITS.get(target.suffix.lower())
    if form is None:
        known = ", ".join(f"{suffix} ({form.what})" for suffix, form in EXHIBITS.items())
        raise WriteError(f"{target}: unknown suffix {target.suffix!r}. Known: {known}.")
    lost = [name for name in named if (name == "digits" and not form.printed)
            or (name in ("caption", "label", "notes") and not form.words)]  # fmt: skip
    if lost:
        raise WriteError(
            f"{target}: {', '.join(lost)}: {form.what} has no place for it"
            f"{' (data are written whole)' if 'digits' in lost else ''}. Leave it out."
        )
    return form


def _table(table: IOTable, path: str | Path) -> Path:
    """Write a table as workbook, parquet file or folder."""
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
