"""Makes balanced random economies and prints them as an office would, in any layout.

The printer knows nothing of the reader: what must be read is the economy itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import openpyxl

from tests.readers.words import WORDS, Words

Array = np.ndarray
Rows = list[list[Any]]
Imports = Literal["negative", "inside", "positive", "supply", "row", "origins", "below", "none"]
ROLES = ("household", "government", "capital formation", "inventories", "exports")
PAY = ("compensation", "production taxes", "depreciation", "operating surplus")
DOMESTIC = ("row", "origins")


@dataclass(frozen=True, kw_only=True)
class Economy:
    """A balanced economy: uses less imports are output, and so are inputs."""

    flows: Array
    final: Array
    primary: Array
    imports: Array
    output: Array

    @property
    def size(self) -> int:
        return len(self.output)

    def with_idle(self, place: int) -> "Economy":
        """Add a sector that neither buys nor sells."""
        spot = (place, 0.0)
        return Economy(
            flows=np.insert(np.insert(self.flows, *spot, axis=0), *spot, axis=1),
            final=np.insert(self.final, *spot, axis=0),
            primary=np.insert(self.primary, *spot, axis=1),
            imports=np.insert(self.imports, *spot),
            output=np.insert(self.output, *spot),
        )


def economy(
    size: int, seed: int = 0, *, inputs: int = 0, closed: bool = False, digits: int = 0
) -> Economy:
    """Make an economy of whole numbers, or of figures with so many digits.

    Parameters
    ----------
    inputs : int
        Number of rows of imported inputs; with any, nothing is deducted from the uses.
    closed : bool
        No imports at all.
    """
    rng = np.random.default_rng(seed)
    unit = 10.0**digits
    flows = np.rint(rng.lognormal(5.0, 1.2, (size, size)) * unit)
    flows[rng.random((size, size)) < 0.1] = 0.0
    final = np.rint(rng.lognormal(5.0, 0.8, (size, 5)) * size * unit)
    final[:, 3] = np.rint(final[:, 3] * 0.1) * rng.choice([-1, 1], size)
    short = 1.7 * flows.sum(axis=0) - flows.sum(axis=1) - final.sum(axis=1)
    final[:, 0] += np.rint(np.maximum(0.0, short)) * 2 + 10 * unit
    uses = flows.sum(axis=1) + final.sum(axis=1)
    none = bool(inputs) or closed
    imports = 0 * uses if none else np.rint(uses * rng.uniform(0.02, 0.15, size))
    output = uses - imports
    added = output - flows.sum(axis=0)
    shares = rng.dirichlet([6, 1, 2, 4, *[2] * inputs], size).T
    primary = np.rint(shares * added)
    primary[0] += added - primary.sum(axis=0)
    return Economy(
        flows=flows / unit,
        final=final / unit,
        primary=primary / unit,
        imports=imports / unit,
        output=output / unit,
    )


@dataclass(frozen=True, kw_only=True)
class Print:
    """How a table is printed.

    Attributes
    ----------
    labels : {"names", "codes", "both", "numbers", "one cell"}
        What names the sectors; ``numbers`` are codes stored as numbers.
    imports : str
        A negative column after final demand, or inside it before its total; a positive column;
        imports and total supply right of output; a row, or a row per origin, of imported inputs;
        rows of imports and total supply below output; or none.
    totals : str
        Which totals are printed: i(ntermediate), f(inal), u(se), v(alue added).
    first : bool
        Totals stand before their parts.
    output : {"both", "right", "below", "none"}
    sections : int
        Subtotals over so many sectors within the block, before (negative) or after their parts.
    """

    language: str = "en"
    labels: str = "both"
    imports: Imports = "negative"
    totals: str = "ifv"
    first: bool = False
    output: str = "both"
    sections: int = 0
    twice: bool = False
    of_which: bool = False
    error: bool = False
    jobs: bool = False
    check: bool = False
    taxes: bool = False
    gaps: bool = False
    notes: bool = True
    blanks: bool = False
    corner: str = ""
    numbered: bool = False
    renamed: tuple[int, ...] = ()
    broken: bool = False
    order: Sequence[int] | None = None
    names: tuple[str, ...] | None = None
    down: int = 0
    right: int = 0

    @property
    def words(self) -> Words:
        return WORDS[self.language]

    def sector(self, i: int, *, by_row: bool) -> tuple[Any, str]:
        """Return the code and the name of a sector."""
        own = self.names or self.words.sectors
        name = own[i % len(own)] + (f" {i // len(own) + 1}" if i >= len(own) else "")
        if i in self.renamed and not by_row:
            name = f"{name[: len(name) // 2 + 1]}."
        if self.broken and not by_row:
            name = "\n".join(name.split(" ")) if " " in name else f" {name} "
        return (101 + i if self.labels == "numbers" else f"{i + 1:02d}"), name


@dataclass(frozen=True)
class Part:
    """One line of the sheet: its name, its figures over all lines of the other side."""

    name: str
    values: Array
    sector: int | None = None


def sheet_of(made: Economy, how: Print) -> Rows:
    """Return the cells of a sheet that prints an economy."""
    across = _columns(made, how)
    down = _rows(made, how)
    body = _body(made, how, across, down)
    rows = _top(how) + _heads(how, across)
    wide = 2 if how.labels in {"both", "numbers"} else 1
    if how.check:
        rows.append([None] * wide + [0.0] * len(across))
    for k, part in enumerate(down):
        if how.gaps and part.sector is None and k and down[k - 1].sector is not None:
            rows.append([])
        rows.append(_side(how, part) + body[k])
    if how.notes:
        rows += [[], ["Note: figures may be revised. Source: the office's own survey of firms."]]
    return [[]] * how.down + [[None] * how.right + row for row in rows]


def _top(how: Print) -> Rows:
    if not how.notes:
        return []
    return [[how.words.title], [how.words.unit], []]


def _sections(how: Print, parts: list[Part]) -> list[Part]:
    """Put subtotals of runs of sectors among them."""
    size, found = abs(how.sections), []
    for start in range(0, len(parts), size or len(parts)):
        run = parts[start : start + size] if size else parts
        total = Part(
            f"{how.words.totals[2].split()[0]} {start}", np.sum([p.values for p in run], 0)
        )
        found += [total, *run] if how.sections < 0 else run + [total] * (how.sections > 0)
    return found


def _columns(made: Economy, how: Print) -> list[Part]:
    """Return all columns, each over the sectors' rows."""
    words, n = how.words, made.size
    cells = [Part("", made.flows[:, j], j) for j in range(n)]
    finals = [Part(words.finals[k], made.final[:, k]) for k in range(5)]
    if how.imports == "inside":
        finals.append(Part(words.imports, -made.imports))
    inter = Part(words.totals[0], made.flows.sum(axis=1))
    total = Part(words.totals[1], np.sum([part.values for part in finals], axis=0))
    if how.of_which:
        finals.insert(
            1, Part(f"of which: {words.sectors[0].lower()}", np.rint(made.final[:, 0] / 3))
        )
    use = Part(words.totals[2], made.flows.sum(axis=1) + made.final.sum(axis=1))
    found = _sections(how, cells) if how.sections else cells
    found += [inter] * ("i" in how.totals)
    group = [total] * ("f" in how.totals)
    found += group + finals if how.first else finals + group
    found += [use] * ("u" in how.totals or how.imports == "supply")
    found += [use] * how.twice
    output = [Part(words.output, made.output)] * (how.output in {"both", "right"})
    if how.error:
        found.append(Part(words.error, np.zeros(n)))
    if how.imports == "supply":
        return [*found, *output, Part(words.imports, made.imports), Part(words.supply, use.values)]
    if how.imports in {"negative", "positive"}:
        sign = 1 if how.imports == "positive" else -1
        found.append(Part(words.imports, sign * made.imports))
    return found + output


def _rows(made: Economy, how: Print) -> list[Part]:
    """Return all rows, each over the sectors' columns."""
    words = how.words
    cells = [Part("", made.flows[i], i) for i in range(made.size)]
    if how.order is not None:
        cells = [cells[i] for i in how.order]
    found = _sections(how, cells) if how.sections else cells
    inter = Part(words.totals[3], made.flows.sum(axis=0))
    pay = [Part(words.primaries[k], made.primary[k]) for k in range(4)]
    added = Part(words.totals[4], made.primary[:4].sum(axis=0))
    brought = [
        Part(f"{words.imports} {k + 1}" if how.imports == "origins" else words.imports, row)
        for k, row in enumerate(made.primary[4:])
    ]
    found += [inter] * ("i" in how.totals)
    found += brought
    group = [added] * ("v" in how.totals)
    found += group + pay if how.first else pay + group
    found += [Part(words.output, made.output)] * (how.output in {"both", "below"})
    if how.imports == "below":
        found.append(Part(words.imports, made.imports))
        found.append(Part(words.supply, made.output + made.imports))
    if how.jobs:
        found.append(Part(words.jobs, np.rint(made.output / 7 + 3)))
    return found


def _body(made: Economy, how: Print, across: list[Part], down: list[Part]) -> Rows:
    """Return the figures of all rows; sums of rows in the lower right, blanks elsewhere."""
    order = list(range(made.size)) if how.order is None else list(how.order)
    rows: Rows = []
    for part in down:
        line: list[Any] = []
        for column in across:
            if column.sector is not None:
                line.append(part.values[column.sector])
            elif part.sector is not None:
                line.append(column.values[part.sector])
            else:
                line.append(_corner(made, how, part, column))
        rows.append([_cell(value, how) for value in line])
    assert sorted(order) == list(range(made.size))
    return rows


def _corner(made: Economy, how: Print, part: Part, column: Part) -> Any:
    """Return what stands where a total crosses another: sums within the block only."""
    if _is_section(how, column) and how.sections:
        return float(part.values[_members(how, column, made.size)].sum())
    if part.name == how.words.totals[3] or (how.sections and _is_section(how, part)):
        rows = _members(how, part, made.size)
        return float(column.values[rows].sum())
    return None


def _is_section(how: Print, part: Part) -> bool:
    return part.name.startswith(f"{how.words.totals[2].split()[0]} ") and part.name[-1].isdigit()


def _members(how: Print, part: Part, size: int) -> list[int]:
    if _is_section(how, part) and how.sections:
        start = int(part.name.split()[-1])
        return list(range(start, min(size, start + abs(how.sections))))
    return list(range(size))


def _cell(value: Any, how: Print) -> Any:
    if value is None or (how.blanks and value == 0):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _heads(how: Print, across: list[Part]) -> Rows:
    """Return the rows of labels over the columns."""
    named = [_label(how, part, by_row=False) for part in across]
    codes, names = [c for c, _ in named], [n for _, n in named]
    corner = how.corner or None
    if how.labels in {"both", "numbers"}:
        rows = [[corner, None, *codes], [None, None, *names]]
    elif how.labels == "codes":
        rows = [[corner, *(c or n for c, n in named)]]
    elif how.labels == "one cell":
        rows = [[corner, *(f"{c} {n}" if c else n for c, n in named)]]
    else:
        rows = [[corner, *names]]
    if how.numbered:
        wide = len(rows[0]) - len(across)
        rows.append([None] * wide + [f"({k + 1})" for k in range(len(across))])
    return rows


def _side(how: Print, part: Part) -> list[Any]:
    code, name = _label(how, part, by_row=True)
    if how.labels in {"both", "numbers"}:
        return [code, name]
    if how.labels == "codes":
        return [code or name]
    if how.labels == "one cell":
        return [f"{code} {name}" if code else name]
    return [name]


def _label(how: Print, part: Part, *, by_row: bool) -> tuple[Any, str]:
    if part.sector is None:
        return None, part.name
    return how.sector(part.sector, by_row=by_row)


def workbook(path: Path, sheets: dict[str, Rows]) -> Path:
    """Write sheets of cells as an .xlsx file."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value is not None:
                    page.cell(r, c, value)
    book.save(path)
    return path


def made_for(how: Print, size: int, seed: int, **more: Any) -> Economy:
    """Make the economy that a layout of imports can print."""
    inputs = {"row": 1, "origins": 2}.get(how.imports, 0)
    return economy(size, seed, inputs=inputs, closed=how.imports == "none", **more)


def differences(table: Any, made: Economy, how: Print) -> list[str]:
    """Return what was read otherwise than printed."""
    flows, wrong = table.flows, []
    if len(table) != made.size:
        return [f"{len(table)} sectors instead of {made.size}"]
    brought = list(made.primary[4:])
    primary = [*brought, *made.primary[:4]]
    pairs = {
        "intermediate": (flows.intermediate, made.flows),
        "final demand": (flows.final_demand, made.final),
        "primary inputs": (flows.primary_inputs, np.array(primary)),
        "output": (flows.output, made.output),
        "imports": (flows.imports, made.imports),
    }
    if how.error:
        flows_final = flows.final_demand
        pairs["final demand"] = (flows_final[:, flows_final.any(axis=0)], made.final)
    for name, (found, want) in pairs.items():
        if found.shape != want.shape:
            wrong.append(f"{name}: {found.shape} instead of {want.shape}")
        elif not np.allclose(found, want, rtol=1e-12, atol=1e-9):
            wrong.append(f"{name}: out by {np.abs(found - want).max():,.6g}")
    want_treatment = "domestic" if brought else "competitive"
    want_treatment = "not stated" if how.imports == "none" else want_treatment
    if table.meta.import_treatment != want_treatment:
        wrong.append(f"treatment: {table.meta.import_treatment} instead of {want_treatment}")
    return wrong


def with_language(how: Print, language: str) -> Print:
    return replace(how, language=language)


def square(values: Any, how: Print, title: str) -> Rows:
    """Print a bare matrix under the labels of the sectors."""
    names = [how.sector(i, by_row=True)[1] for i in range(len(values))]
    rows: Rows = [[title], [], [None, *names]]
    return rows + [[name, *map(float, row)] for name, row in zip(names, values, strict=True)]
