"""What every row and column beside a block was taken for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from iomodel.errors import IdentityError
from iomodel.readers.found import MONEY, Found
from iomodel.readers.lines import Line
from iomodel.readers.matrices import WHOLE, lines_with
from iomodel.readers.statement import Item, Statement
from iomodel.readers.workbook import address_of

Use = Literal[
    "final demand",
    "primary input",
    "imports",
    "output",
    "total",
    "satellite",
    "part of the matrix",
    "not used",
    "no figures",
]
Key = tuple[bool, int]


class Taken(NamedTuple):
    """A line beside a block and what it was taken for.

    Attributes
    ----------
    line : Line
    use : Use
        What became of it.
    role : str
        Its role in the table: as a person, a layout or its words say.
    sign : int
        Its sign in the balance, as printed: -1 for imports printed positive; 0 for lines that
        are no part of it.
    states : str
        The sum that it states, and whether that holds.
    """

    line: Line
    use: Use
    role: str
    sign: int = 0
    states: str = ""


def taken(found: Found) -> tuple[Taken, ...]:
    """Return all lines beside a block: columns from the left, then rows from the top.

    Raises
    ------
    IdentityError
        If the balance holds a line that does not stand beside the block.
    """
    lines = (*found.beside.columns, *found.beside.rows)
    if found.kind not in MONEY:
        return tuple(_of_matrix(found, lines))
    statement = found.statement
    items = _items(statement)
    others = _others(statement)
    states = _states(found)
    lost = (items.keys() | others.keys()) - {_key(line) for line in lines}
    if lost:
        raise IdentityError(f"{found.sheet}!{found.range}: lines {sorted(lost)} are not beside it.")
    result = []
    for line in lines:
        key = _key(line)
        said = "; ".join(states[key])
        if key in items:
            use, item = items[key]
            sign = -item.sign if use == "imports" else item.sign
            result.append(Taken(line, use, item.role, sign, said))
        else:
            use = others.get(key, "not used" if line.filled.any() else "no figures")
            result.append(Taken(line, use, found.role(line), 0, said))
    return tuple(result)


def range_of(found: Found, line: Line) -> str:
    """Return the address of a line's figures."""
    block = found.block
    if line.by_row:
        spots = (line.place, block.left), (line.place, max(block.columns))
    else:
        spots = (block.top, line.place), (max(block.rows), line.place)
    return ":".join(address_of(*spot) for spot in spots)


def _key(line: Line) -> Key:
    return line.by_row, line.place


def _items(statement: Statement) -> dict[Key, tuple[Use, Item]]:
    """Return the lines of the balance."""
    groups: tuple[tuple[Use, Sequence[Item]], ...] = (
        ("final demand", statement.columns),
        ("primary input", statement.rows),
        ("imports", statement.imports),
    )
    return {_key(item.line): (use, item) for use, items in groups for item in items}


def _others(statement: Statement) -> dict[Key, Use]:
    """Return the lines that are no items: a line of output may be a total as well."""
    groups: tuple[tuple[Use, Sequence[Line]], ...] = (
        ("not used", statement.unused),
        ("satellite", statement.memo),
        ("total", statement.totals),
        ("output", statement.output_from),
    )
    return {_key(line): use for use, lines in groups for line in lines}


def _states(found: Found) -> dict[Key, list[str]]:
    """Return what totals state: whether they are the sum of their parts, and where not."""
    states: dict[Key, list[str]] = defaultdict(list)
    for identity in found.statement.identities:
        if identity.line is None:
            continue
        said = "a sum: holds"
        if not identity.holds:
            count = len(identity.wrong)
            where = f"{count} sector{'s' if count > 1 else ''}"
            said = f"a sum: out by up to {identity.gap:,.6g} in {where}"
        states[_key(identity.line)].append(said)
    return states


def _of_matrix(found: Found, lines: Sequence[Line]) -> Iterator[Taken]:
    """Yield the lines beside coefficients or an inverse: parts of it, or sums that are left."""
    more = lines_with(found) if found.kind in WHOLE else ((), ())
    kept = {_key(line) for side in more for line in side}
    values = np.nan_to_num(found.block.figures())
    sums = {True: values.sum(axis=0), False: values.sum(axis=1)}
    for line in lines:
        if _key(line) in kept:
            yield Taken(line, "part of the matrix", found.role(line))
        elif not line.filled.any():
            yield Taken(line, "no figures", found.role(line))
        else:
            near = np.allclose(line.filled, sums[line.by_row], rtol=1e-3, atol=1e-6)
            yield Taken(line, "total" if near else "not used", found.role(line))
