"""Read concordances: from a workbook, and those that come with the package."""

import datetime
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from iomodel.accounts.concordance import Concordance
from iomodel.errors import BadCell, LabelError, ReadError, UnknownLayoutError, listed
from iomodel.readers.cells import CellReader
from iomodel.readers.examples import example
from iomodel.readers.workbook import Sheet, Workbook, address_of, open_workbook, raw_texts

HEADS = ("from", "to")
FINE, COARSE, SECTIONS = "nbs-153-42", "nbs-42-sections", "nbs-153-sections"
BUILT_IN = (FINE, SECTIONS, COARSE)


def read_concordance(path: str | Path, sheet: str | None = None) -> Concordance:
    """Read a concordance from a workbook.

    Parameters
    ----------
    path : str or Path
        Workbook with a sheet whose first row has the headers ``from`` and ``to`` and, if
        wanted, ``name_en``, ``name_zh``, ... with names of the targets: one row per source.
    sheet : str, optional
        The sheet; if absent, the one sheet that has the headers.

    Returns
    -------
    Concordance

    Raises
    ------
    ReadError
        If the file is missing or not a workbook, there is no such sheet, or several sheets
        have the headers.
    UnknownLayoutError
        If no sheet has the headers.
    BadCellsError
        With every bad cell: blanks, error values, dates and decimals instead of codes,
        sources that are mapped twice, targets with two names.

    Examples
    --------
    >>> import iomodel as iom
    >>> iom.read_concordance("my_concordance.xlsx")  # doctest: +SKIP
    <Concordance> my_concordance: 153 sources to 42 targets (01001 > 01, ...); names: en
    """
    book = open_workbook(path)
    name = _sheet_name(book) if sheet is None else book.sheet(sheet).name
    reader = CellReader(book)
    first = book.sheet(name)
    heads = [first.text(0, column) for column in range(first.width)]
    texts = tuple(dict.fromkeys(head for head in heads if head.startswith("name_")))
    found = reader.sheet(name, (*HEADS, *texts))
    if found is None:
        reader.fail()
    columns = {head: heads.index(head) for head in (*HEADS, *texts)}
    rows = _rows(reader, found, columns)
    names = _names(reader, found, rows, {head: columns[head] for head in texts})
    reader.finish()
    return Concordance(
        sources=tuple(row.source for row in rows),
        targets=tuple(row.target for row in rows),
        names=names,
        title=book.path.stem,
        source=f"{book.path.name}, sheet {name}",
    )


class _Row(NamedTuple):
    place: int
    source: str
    target: str


def _sheet_name(book: Workbook) -> str:
    fit = [
        name
        for name in book.names
        if all(book.sheet(name).column_of(head) is not None for head in HEADS)
    ]
    if not fit:
        raise UnknownLayoutError(
            f"{book.path}: no sheet has the headers from and to in its first row (sheets: "
            f"{', '.join(book.names)}). One row per source, its target beside it."
        )
    if len(fit) > 1:
        raise ReadError(
            f"{book.path}: {len(fit)} sheets have the headers from and to: {', '.join(fit)}. "
            f"Name one: iom.read_concordance(path, sheet={fit[0]!r})."
        )
    return fit[0]


def _rows(reader: CellReader, sheet: Sheet, columns: dict[str, int]) -> list[_Row]:
    """Return rows with codes on both sides; blank rows count as none if nothing hides in them."""
    hidden = _hidden(reader.book, sheet, list(columns.values()))
    rows: list[_Row] = []
    first: dict[str, int] = {}
    for place in range(1, sheet.height):
        spots = [(place, column) for column in columns.values()]
        for spot in spots:
            _note_hidden(reader, sheet, spot, hidden)
        if not any(sheet.text(*spot) for spot in spots):
            if any(sheet.text(place, column) for column in range(sheet.width)):
                reader.note(sheet, place, columns["from"], "this row has no codes")
            continue
        source, target = (_code(reader, sheet, place, columns[head], hidden) for head in HEADS)
        if source and source in first:
            text = f"mapped twice, first in row {first[source] + 1}"
            reader.note(sheet, place, columns["from"], text)
        elif source:
            first[source] = place
        if source and target:
            rows.append(_Row(place, source, target))
    if not rows and not reader.failed:
        reader.bad.append(BadCell(sheet.name, "", "", "no rows below the headers"))
    return rows


def _hidden(book: Workbook, sheet: Sheet, columns: Sequence[int]) -> dict[str, str]:
    """Error values and formulas never computed, which read as empty, by address."""
    if not book.may_hide_values:
        return {}
    empty = [
        (row, column)
        for row in range(1, sheet.height)
        for column in columns
        if not sheet.text(row, column)
    ]
    raw = raw_texts(book.path, sheet.name, empty)
    return {address: text for address, text in raw.items() if text.startswith(("#", "="))}


def _note_hidden(
    reader: CellReader, sheet: Sheet, spot: tuple[int, int], hidden: dict[str, str]
) -> None:
    address = address_of(*spot)
    if address in hidden:
        advice = (
            "error value where text is needed"
            if hidden[address].startswith("#")
            else "formula without a stored value: open and save the file in a spreadsheet program"
        )
        reader.bad.append(BadCell(sheet.name, address, hidden[address], advice))


def _code(
    reader: CellReader, sheet: Sheet, row: int, column: int, hidden: dict[str, str]
) -> str | None:
    """Return a code as text; record what is none."""
    value, text = sheet.cell(row, column), sheet.text(row, column)
    problem = ""
    if not text:
        problem = "" if address_of(row, column) in hidden else "blank where a code is needed"
    elif isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        problem = "a date where a code is needed: set the column to text and type the code again"
    elif isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        problem = "no code: set the column to text and type the code again"
    elif text.startswith("#"):
        problem = "error value where a code is needed"
    else:
        return text
    if problem:
        reader.note(sheet, row, column, problem)
    return None


def _names(
    reader: CellReader, sheet: Sheet, rows: Sequence[_Row], columns: dict[str, int]
) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    for head, column in columns.items():
        own = names.setdefault(head.removeprefix("name_"), {})
        for row in rows:
            text = sheet.text(row.place, column)
            if text and own.setdefault(row.target, text) != text:
                problem = f"another name of {row.target} than before, {own[row.target]!r}"
                reader.note(sheet, row.place, column, problem)
    return names


@cache
def built_in(name: str) -> Concordance:
    """Return a concordance that comes with the package.

    Parameters
    ----------
    name : {"nbs-153-42", "nbs-153-sections", "nbs-42-sections"}
        The 153 products of the National Bureau of Statistics of China's table of 2020 to the
        42 products of its coarser tables, or to sections (A to S); the 42 to sections. They
        are read from the workbook ``iom.example("china-2020")``.

    Returns
    -------
    Concordance

    Raises
    ------
    ReadError
        If there is none of this name; the message names those that there are.
    LabelError
        If a group has members in several sections.

    Examples
    --------
    >>> import iomodel as iom
    >>> iom.concordance("nbs-153-42")
    <Concordance> nbs-153-42: 153 sources to 42 targets (01001 > 01, ...); names: en, zh
    """
    if name not in BUILT_IN:
        raise ReadError(f"no built-in concordance {name!r}; there are: {', '.join(BUILT_IN)}.")
    if name == COARSE:
        return between(built_in(FINE), built_in(SECTIONS), title=name)
    book = open_workbook(example("china-2020"))
    if name == SECTIONS:
        sheet = book.sheet("sectors")
        code, section = sheet.column_of("code") or 0, sheet.column_of("section") or 0
        rows = [row for row in range(1, sheet.height) if sheet.text(row, code)]
        names: dict[str, dict[str, str]] = {}
    else:
        sheet = book.sheet("imports_42")
        code, section = sheet.column_of("sector") or 0, sheet.column_of("sector_42") or 0
        rows = [row for row in range(1, sheet.height) if sheet.text(row, code)]
        own = sheet.column_of("code") or 0
        heads = {lang: sheet.column_of(f"name_{lang}") or 0 for lang in ("en", "zh")}
        labelled = [row for row in range(1, sheet.height) if sheet.text(row, own)]
        names = {
            lang: {sheet.text(row, own): sheet.text(row, column) for row in labelled}
            for lang, column in heads.items()
        }
    return Concordance(
        sources=tuple(sheet.text(row, code) for row in rows),
        targets=tuple(sheet.text(row, section) for row in rows),
        order=tuple(names["en"]) if names else (),
        names=names,
        title=name,
        source=f"{book.path.name}, sheet {sheet.name}",
    )


def between(fine: Concordance, coarse: Concordance, *, title: str = "") -> Concordance:
    """Return the concordance from the targets of one to those of another with its sources.

    Parameters
    ----------
    fine, coarse : Concordance
        Two concordances of the same sources.
    title : str
        What the result is called.

    Returns
    -------
    Concordance

    Raises
    ------
    LabelError
        If the sources differ, or targets of `fine` have members in several of `coarse`:
        all of them.
    """
    if set(fine.sources) != set(coarse.sources):
        raise LabelError("the two concordances have different sources.")
    onward = coarse.pairs
    found: dict[str, set[str]] = {code: set() for code in fine.order}
    for source, target in fine.pairs.items():
        found[target].add(onward[source])
    torn = [f"{code}: {', '.join(sorted(into))}" for code, into in found.items() if len(into) > 1]
    if torn:
        raise LabelError(f"{len(torn)} groups have members in several targets:\n  {listed(torn)}")
    return Concordance(
        sources=fine.order,
        targets=tuple(next(iter(found[code])) for code in fine.order),
        order=coarse.order,
        names=coarse.names,
        title=title,
        source="; ".join(dict.fromkeys((fine.source, coarse.source))),
    )
