"""The verb that reads any file into an account, and the order in which forms are tried."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from iomodel.accounts.checks import warn_about
from iomodel.accounts.table import IOTable
from iomodel.errors import ImbalanceWarning, IOModelWarning, ReadError, listed
from iomodel.readers import elsewhere, figaro, folder, icio, own, parquet, wiod
from iomodel.readers.assemble import table_of, totals_as_items, wrong_totals
from iomodel.readers.choice import Choice, choice_of
from iomodel.readers.detect import choose, only, survey
from iomodel.readers.found import Found
from iomodel.readers.gaps import Blanks
from iomodel.readers.grid import grid_of
from iomodel.readers.layout import Layout
from iomodel.readers.layouts import LAYOUTS
from iomodel.readers.matrices import columns_of, matrix_of
from iomodel.readers.memo import gaps_in_memo
from iomodel.readers.ranges import found_of
from iomodel.readers.strips import find_strip
from iomodel.readers.supply import sut_of
from iomodel.readers.warning import told
from iomodel.readers.workbook import Workbook, open_workbook


class FileForm(NamedTuple):
    """A form of file: what it is, how its first bytes tell, and how it is read."""

    what: str
    recognises: Callable[[str | Path], bool]
    reads: Callable[[str | Path], IOTable]


class BookForm(NamedTuple):
    """A form of workbook: what it is, how it is recognised and how it is read."""

    what: str
    recognises: Callable[[Workbook], bool]
    reads: Callable[[Workbook], IOTable]


FILES = (
    FileForm("folder of iom.write", folder.recognises, folder.read),
    FileForm("parquet file of iom.write", parquet.recognises, parquet.read),
    FileForm("inter-country table of the OECD (csv)", icio.recognises, icio.read),
    FileForm("inter-country table FIGARO (csv)", figaro.recognises, figaro.read),
)
BOOKS = (
    BookForm("workbook in the layout of iomodel", own.recognises, own.read),
    BookForm("world input-output table of WIOD", wiod.recognises, wiod.read),
)
HALVES = frozenset({"use", "make"})


def read(
    path: str | Path,
    *,
    sheet: str | None = None,
    at: str | None = None,
    layout: str | None = None,
    ranges: Mapping[str, str] | None = None,
    blanks: Blanks = "refuse",
) -> Any:
    """Read the table of a workbook as an office publishes it, in any common layout.

    The table is found by its structure: a square of figures whose rows and columns carry the
    same labels, the lines beside it, and the sums that tell totals, imports and output. Where a
    workbook holds several tables one is taken by rule: flows before coefficients, a table that
    balances before one that does not, industry before product, total flows before domestic
    where both stand as separate tables, basic prices before purchasers', the newest year, then
    the first sheet. ``meta.notes`` says what was taken and why; `inspect` shows all that was
    found.

    Parameters
    ----------
    path : str or Path
        A workbook (.xlsx, .xls, .xlsb, .ods) or .csv, whatever its name says; or a table that
        `write` saved. Of multi-regional tables a csv file of the OECD's inter-country tables or
        of FIGARO, and a workbook of WIOD.
    sheet : str, optional
        Read this sheet; its best block, however sure the reading is.
    at : str, optional
        Read the block at this address (``C7:N18`` or ``Sheet!C7:N18``), as `inspect` shows it.
    layout : str, optional
        Use this declared layout; ``"structure"`` uses none.
    ranges : mapping of str to str, optional
        Addresses of the parts, instead of what would be found: ``intermediate`` (needed),
        ``row_labels``, ``column_labels``, ``final_demand``, ``primary_inputs``, ``output``,
        ``imports``.
    blanks : {"refuse", "zero"}
        A blank, or a mark such as ``-`` or ``...``, counts as zero if a printed sum of its line
        proves it. Others are refused, or read as zero if you say so.

    Returns
    -------
    IOTable, SupplyUseTable or Matrix
        A table of flows; a supply, use or make table; coefficients, an inverse, or columns by
        sector.

    Raises
    ------
    ReadError
        If the file is missing, protected, damaged or not a workbook.
    UnknownLayoutError
        If nothing is recognised with enough confidence: with the best candidates and the call
        that reads each.
    BadCellsError
        With every cell that cannot be used, by sheet and address.
    LabelError
        If sectors stand twice, or have a row but no column.

    Warns
    -----
    ImbalanceWarning
        If a row or column is out of balance by more than a rounding, or a printed total is not
        the sum of its parts.
    NegativeFlowWarning
        If intermediate flows are negative.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> len(china), china.meta.unit, china.meta.import_treatment
    (153, '10,000 CNY', 'competitive')
    """
    saved = _saved(path)
    if saved is not None:
        return _warned(saved)
    book = open_workbook(path)
    known = next((form for form in BOOKS if form.recognises(book)), None)
    if known is not None:
        return _warned(known.reads(book))
    layouts = _layouts(layout)
    if sheet is not None:
        book.sheet(sheet)  # names the sheets there are
    return _found(book, layouts, sheet, at, ranges, blanks)


def _saved(path: str | Path) -> IOTable | None:
    """Return a table from a file or folder that its first bytes tell."""
    if elsewhere.recognises(path):
        elsewhere.read(path)
    form = next((form for form in FILES if form.recognises(path)), None)
    return None if form is None else form.reads(path)


def _found(
    book: Workbook,
    layouts: Sequence[Layout],
    sheet: str | None,
    at: str | None,
    ranges: Mapping[str, str] | None,
    blanks: Blanks,
) -> Any:
    """Return what is found in a workbook, by rule or where a person points."""
    if own.is_study(book):
        raise ReadError(
            f"{book.path} is a study workbook, not a table: read it with iom.read_sectors(...)."
        )
    if ranges is not None:
        return account_of(found_of(book, sheet, ranges, layouts), book, blanks)
    found = survey(book, layouts, sheet)
    if at is not None:
        return account_of(_at(found, at, book), book, blanks, found)
    if sheet is None:
        account = account_of(choose(found, book), book, blanks, found)
        return _with_choice(account, choice_of(found, book))
    if not found:
        return _columns(book, sheet)
    return account_of(only(found, book, sheet), book, blanks)


def _with_choice(account: Any, choice: Choice) -> Any:
    """Return an account with a note on what it was taken before, and by which rule."""
    if len(choice.order) < 2:
        return account
    notes = {**(account.meta.notes or {}), "choice": choice.why, "rule of choice": choice.rule}
    return replace(account, meta=replace(account.meta, notes=notes))


def account_of(
    found: Found, book: Workbook, blanks: Blanks = "refuse", others: Sequence[Found] = ()
) -> Any:
    """Return what was found as an account, with warnings about what does not add up.

    A use table and a make table among `others` that fit each other become one account.
    """
    if found.kind == "flows":
        table = table_of(found, book, blanks=blanks)
        _warn_of_totals(found, book)
        _warn_of_items(found, book)
        _warn_of_memo(found, book)
        return _warned(table)
    if found.kind in HALVES:
        return sut_of(found, others, book, blanks)
    return matrix_of(found, book, blanks)


def _warned(table: IOTable) -> IOTable:
    warn_about(table.flows, table.labels, unit=table.meta.unit, depth=4)
    return table


def _warn_of_totals(found: Found, book: Workbook) -> None:
    cells = wrong_totals(found)
    if cells:
        told(
            f"{book.path}: {len(cells)} printed totals differ from the sum of their parts by more "
            f"than a rounding:\n  {listed(cells, 10)}\nThe parts were read, not the totals.",
            ImbalanceWarning,
        )


def _warn_of_memo(found: Found, book: Workbook) -> None:
    left = gaps_in_memo(found)
    if left:
        told(
            f"{book.path} > {found.sheet}: {len(left)} rows beside the table were left out, they "
            f"have cells without a figure:\n  {listed(left, 10)}\nFill the cells, or give the "
            "account yourself with table.with_satellite(...).",
            IOModelWarning,
        )


def _warn_of_items(found: Found, book: Workbook) -> None:
    items = totals_as_items(found)
    if items:
        told(
            f"{book.path} > {found.sheet}: lines that say they are totals, but are not the sum of "
            f"the lines beside them, were read as parts of the balance:\n  {listed(items)}\n"
            "Compare their unit with that of the lines that they should add up.",
            ImbalanceWarning,
        )


def _layouts(name: str | None) -> Sequence[Layout]:
    """Return the layouts to try: all, none, or the one named.

    Raises
    ------
    ReadError
        Naming the layouts there are.
    """
    if name is None:
        return LAYOUTS
    if name == "structure":
        return ()
    chosen = [item for item in LAYOUTS if item.name == name]
    if not chosen:
        raise ReadError(
            f"no layout {name!r}. Layouts: structure, {', '.join(item.name for item in LAYOUTS)}."
        )
    return chosen


def _at(found: Sequence[Found], at: str, book: Workbook) -> Found:
    want = at.replace("$", "").replace("'", "").upper()
    same = [item for item in found if want in {item.range, f"{item.sheet}!{item.range}".upper()}]
    if not same:
        have = listed(f"{item.sheet}!{item.range}: {item.kind}" for item in found)
        raise ReadError(
            f"{book.path}: no block at {at!r}. Found:\n  {have or 'nothing'}\nTo name the parts "
            "of a table yourself: iom.read(..., ranges={...})."
        )
    return same[0]


def _columns(book: Workbook, sheet: str) -> Any:
    strip = find_strip(grid_of(book.sheet(sheet)))
    if strip is None:
        return account_of(only((), book, sheet), book)
    return columns_of(strip, book)
