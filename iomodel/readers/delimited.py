"""Text files of separated values as one sheet.

The rule. The separator is the first of tab, semicolon, bar and comma that divides the rows into
equally many fields nearly as often as the best of them does. A field is a number only if it is
written as one: an optional sign, digits without a leading zero, one decimal mark, and an exponent
only with its sign (``3.2e-06``; ``1E5`` may be a code). The decimal mark is the one that more
fields can have only as a decimal mark (``0.5``, ``12,75``): ``1.234`` could be thousands. A field
with another mark, a thousands mark or a gap stays text, so that whoever needs a number there names
its address.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from iomodel.errors import ReadError
from iomodel.readers.encodings import decoded

SEPARATORS = "\t;|,"  # the comma last: it is the one that numbers and names contain
NAMES = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}
LOOKED_AT = 500  # rows that the choice of a separator looks at
MARKED = 100_000  # fields with a mark that the choice of a decimal mark looks at
NEARLY = 0.8  # of the best share of rows with equally many fields
MOST_FIELD = 1_000_000  # characters of one field; more is a quotation mark never closed

NUMBER = r"[-+]?(?:(?:0|[1-9][0-9]*)(?:{mark}[0-9]+)?|{mark}[0-9]+)(?:[eE][-+][0-9]+)?"
MAYBE_THOUSANDS = r"[-+]?[1-9][0-9]{{0,2}}{mark}[0-9]{{3}}"
SURELY_THOUSANDS = r"[-+]?[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}}){{2,}}"


@dataclass(frozen=True, eq=False)
class Delimited:
    """Rows of a text file, all equally long, and how they were read."""

    rows: list[list[Any]]
    facts: Mapping[str, str]


def read_delimited(path: Path) -> Delimited:
    """Read a text file of separated values.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Delimited
        Numbers as float, everything else as stripped text; `facts` name the ``encoding``, the
        ``separator`` and the ``decimal`` mark (``undecided`` where no field decides it: then
        every field with a mark is text).

    Raises
    ------
    ReadError
        If the text has no columns, or a quotation mark is never closed.
    """
    text, encoding = decoded(path.read_bytes())
    stated = re.match(r"sep=([^\w\s\"]|\t)\r?\n", text)
    if stated:
        text, separator = text[stated.end() :], stated[1]
    else:
        separator = _separator(text)
    if not separator:
        raise ReadError(
            f"{path}: is text without columns: neither tab, semicolon, bar nor comma divides most "
            "of its lines into equally many fields. Save the table as .xlsx or .csv and read that."
        )
    fields = _fields(path, text, separator)
    width = max((len(row) for row in fields), default=0)
    decimal = _decimal(fields, separator)
    return Delimited(
        rows=_converted(fields, width, decimal),
        facts={
            "encoding": encoding,
            "separator": NAMES.get(separator, separator),
            "decimal": {".": "point", ",": "comma"}.get(decimal, "undecided"),
        },
    )


def _separator(text: str) -> str:
    """Return the separator, or empty text where nothing divides the lines into columns."""
    shares = {mark: _share(text, mark) for mark in SEPARATORS}
    best = max(shares.values())
    return next((m for m in SEPARATORS if best and shares[m] >= NEARLY * best), "")


def _share(text: str, mark: str) -> float:
    """Share of the filled rows that have the most frequent number of fields, if that is two."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True)
    try:
        widths = Counter(len(row) for row in islice(reader, LOOKED_AT) if any(row))
    except csv.Error:
        return 0.0
    several = {width: count for width, count in widths.items() if width > 1}
    if not several:
        return 0.0
    count = max(several.values())
    total = sum(widths.values())
    return count / total if count >= total / 2 or (count > 1 and max(several) > 2) else 0.0


def _fields(path: Path, text: str, separator: str) -> list[list[str]]:
    """Return the stripped fields, without empty rows and columns at the end."""
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=separator, skipinitialspace=True, strict=True)
    before = csv.field_size_limit(MOST_FIELD)
    rows, start = [], 1
    try:
        for row in reader:
            rows.append([field.strip() for field in row])
            start = reader.line_num + 1
    except csv.Error as error:
        raise ReadError(
            f"{path}: the row that begins in line {start} cannot be read ({error}). Look for a "
            "quotation mark that is never closed, or close it by doubling it."
        ) from error
    finally:
        csv.field_size_limit(before)
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _decimal(rows: list[list[str]], separator: str) -> str:
    """Return the decimal mark of the fields, empty text where nothing decides it."""
    marked = list(islice((f for row in rows for f in row if "." in f or "," in f), MARKED))
    sure = {
        mark: sum(map(_surely_decimal(mark), marked))
        + sum(map(_matches(SURELY_THOUSANDS, other), marked))
        for mark, other in ((".", ","), (",", "."))
    }
    if sure["."] != sure[","]:
        return max(sure, key=lambda mark: sure[mark])
    doubtful = any(map(_matches(MAYBE_THOUSANDS, "."), marked))
    return "" if sure["."] or (doubtful and separator != ",") else "."


def _surely_decimal(mark: str) -> Callable[[str], bool]:
    number, doubtful = _matches(NUMBER, mark), _matches(MAYBE_THOUSANDS, mark)
    return lambda field: mark in field and number(field) and not doubtful(field)


def _matches(form: str, mark: str) -> Callable[[str], bool]:
    fullmatch = re.compile(form.format(mark=re.escape(mark))).fullmatch
    return lambda field: fullmatch(field) is not None


def _converted(rows: list[list[str]], width: int, decimal: str) -> list[list[Any]]:
    """Return numbers as float, and rows filled up to one width."""
    is_number = re.compile(NUMBER.format(mark=re.escape(decimal) if decimal else "(?!)")).fullmatch
    out: list[list[Any]] = []
    for row in rows:
        cells: list[Any] = row
        if decimal == ",":
            cells = [float(f.replace(",", ".")) if is_number(f) else f for f in row]
        else:
            cells = [float(f) if is_number(f) else f for f in row]
        cells.extend([""] * (width - len(cells)))
        out.append(cells)
    return out
