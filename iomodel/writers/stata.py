"""An exhibit as a Stata data set (format 118, Stata 14 and later)."""

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd

from iomodel.errors import listed
from iomodel.writers.atomic import WriteError
from iomodel.writers.exhibit import RATIO, Exhibit

NAME, LABEL = 32, 80  # characters of a variable's name, and of a label
TEXT = 2045  # bytes of a text; longer ones are kept as strL
LARGEST = 8.988465674311579e307  # what is larger means "missing" in a data set
EXACT = 2**53
NO_CLOCK = datetime(1960, 1, 1)  # Stata's day zero: the file says the same whenever it is made
WORDS = (
    "aggregate array boolean break byte case catch class colvector complex const continue "
    "default delegate delete do double else eltypedef end enum explicit export external float "
    "for friend function global goto if inline int local long NULL pragma protected quad "
    "rowvector short typedef typename virtual _all _n _N _skip _b _pi _rc _cons _pred _coef "
    "using with in"
)
RESERVED = frozenset(WORDS.split())
ILLEGAL = re.compile(r"\W")


def content(shown: Exhibit, place: Path) -> bytes:
    """Return the .dta file of an exhibit.

    Variable labels are the full column names with their units; the data label begins with the
    caption, notes follow as far as its 80 characters go.

    Raises
    ------
    WriteError
        If figures cannot be held: infinite, beyond the largest double of Stata, or whole
        numbers that a double does not hold exactly.
    """
    names = variables(list(shown.frame.columns))
    columns, long, problems = {}, [], []
    for (head, column), name in zip(shown.frame.items(), names, strict=True):
        if shown.is_figure(str(head)):
            bad = _unheld(column)
            problems += [f"column {head!r}: {bad}"] if bad else []
            columns[name] = column.to_numpy(dtype=np.float64, na_value=np.nan)
        elif pd.api.types.is_bool_dtype(column):
            columns[name] = column.to_numpy(dtype=np.int8)
        else:
            texts = ["" if value is None else str(value) for value in column.tolist()]
            columns[name] = np.array(texts, dtype=object)
            if any(len(text.encode("utf-8", "replace")) > TEXT for text in texts):
                long.append(name)
    if problems:
        raise WriteError(f"{place}: a Stata data set cannot hold:\n  {listed(problems)}")
    labels = {name: _label(str(head), shown.units.get(str(head), ""))
              for head, name in zip(shown.frame.columns, names, strict=True)}  # fmt: skip
    stream = BytesIO()
    try:
        pd.DataFrame(columns, columns=names).to_stata(
            stream, write_index=False, version=118, variable_labels=labels, time_stamp=NO_CLOCK,
            data_label=" ".join((shown.caption, *shown.notes)).strip()[:LABEL], convert_strl=long,
        )  # fmt: skip
    except UnicodeEncodeError as error:
        raise WriteError(f"{place}: a text cannot be stored: {error}.") from error
    return stream.getvalue()


def variables(heads: list[str]) -> list[str]:
    """Return legal variable names, each once: letters, digits and ``_``, at most 32.

    Examples
    --------
    >>> from iomodel.writers.stata import variables
    >>> variables(["at low", "at_low", "2020"])
    ['at_low', 'at_low_2', '_2020']
    """
    taken: set[str] = set()
    found = []
    for head in heads:
        name = ILLEGAL.sub("_", head) or "_"
        kind = re.fullmatch(r"str\d+", name)
        if name[0].isdigit() or name in RESERVED or kind or not name[0].isidentifier():
            name = f"_{name}"
        stem, name, count = name, name[:NAME], 1
        while name in taken:
            count += 1
            tail = f"_{count}"
            name = stem[: NAME - len(tail)] + tail
        taken.add(name)
        found.append(name)
    return found


def _label(head: str, unit: str) -> str:
    """Full name with its unit; where both are too long, the name is cut."""
    tail = f" ({'ratio' if unit == RATIO else unit})"[:LABEL] if unit else ""
    return head[: max(LABEL - len(tail), 0)] + tail


def _unheld(column: "pd.Series[float]") -> str:
    """Say which figures a data set would change; empty text if none."""
    if pd.api.types.is_integer_dtype(column):
        large = int((column.abs() > EXACT).sum())
        return f"{large} whole numbers beyond 2^53" if large else ""
    size = column.abs()
    endless, large = int(np.isinf(size).sum()), int((size > LARGEST).sum())
    return f"{endless or large} {'infinite' if endless else 'too large'} figures" if large else ""
