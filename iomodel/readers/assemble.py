"""A found block and its statement become an account."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, cast

import numpy as np

from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import ImportTreatment, Meta, Step
from iomodel.accounts.table import IOTable
from iomodel.errors import BadCell, BadCellsError, LabelError, ReadError, listed
from iomodel.kernels.linear import Array
from iomodel.readers.agreement import contradictions
from iomodel.readers.found import Found
from iomodel.readers.gaps import Blanks, Gaps
from iomodel.readers.grid import Grid, key_of
from iomodel.readers.lines import is_code
from iomodel.readers.listing import names_elsewhere
from iomodel.readers.memo import satellites
from iomodel.readers.naming import Named, labels_of_lines, language_of, sectors_named
from iomodel.readers.statement import Item, Statement
from iomodel.readers.workbook import Workbook, address_of

Side = Literal["row", "column"]


def table_of(found: Found, book: Workbook, *, blanks: Blanks = "refuse") -> IOTable:
    """Return the table of a found block of flows.

    Raises
    ------
    BadCellsError
        With every cell that cannot be used.
    LabelError
        If sectors stand twice, or have a row but no column.
    ReadError
        If neither output nor final demand is beside the block.
    """
    refuse_odd_labels(found, book)
    statement = found.statement
    if statement.output is None:
        raise ReadError(
            f"{book.path} > {found.sheet} > {found.range}: flows between {found.block.size} "
            "sectors, but neither output nor final demand beside them. Give the missing part: "
            "iom.table(intermediate, output=...)."
        )
    gaps = Gaps(found, book, blanks)
    parts = _parts(statement, gaps)
    gaps.finish()
    if gaps.bad:
        raise BadCellsError(book.path, gaps.bad)
    flows = Flows(**parts)
    labels = _sectors(found, book)
    language = next(iter(labels.names), "en")
    table = IOTable(
        labels=labels,
        final_labels=_line_labels(statement.columns, language),
        primary_labels=_line_labels(statement.rows, language),
        flows=flows,
        satellites=satellites(found, language),
        meta=meta_of(found, book, zeros=gaps.zeros, treatment=found.treatment),
    )
    return _completed(table)


def _completed(table: IOTable) -> IOTable:
    """Add what follows from the rest where a side has no lines at all; the steps say so."""
    flows, meta = table.flows, table.meta
    finals, primaries = table.final_labels, table.primary_labels
    if not len(finals):
        rest = flows.output + flows.imports - flows.intermediate.sum(axis=1)
        blank = np.zeros((len(primaries), 1))
        flows = replace(flows, final_demand=rest[:, None], final_primary=blank)
        finals = Labels(codes=("final_demand",), groups=("other",))
        meta = meta.after("final_demand", "output less intermediate sales")
    if not len(primaries):
        rest = flows.output - flows.intermediate.sum(axis=0)
        blank = np.zeros((1, len(finals)))
        flows = replace(flows, primary_inputs=rest[None, :], final_primary=blank)
        primaries = Labels(codes=("value_added",), groups=("value added",))
        meta = meta.after("value_added", "output less intermediate inputs")
    return replace(table, flows=flows, final_labels=finals, primary_labels=primaries, meta=meta)


def refuse_odd_labels(found: Found, book: Workbook) -> None:
    """Refuse duplicate sectors, and sectors with a row but no column.

    Raises
    ------
    LabelError
        With all of them and their addresses.
    """
    problems = odd_labels(found)
    if problems:
        raise LabelError(
            f"{book.path} > {found.sheet}: rows and columns of the table do not carry "
            f"the same labels:\n  {listed(problems)}\nCorrect the labels, or name the parts "
            "yourself with iom.read(..., ranges={...})."
        )


def odd_labels(found: Found) -> list[str]:
    """Return what is odd about the labels of a block, with addresses."""
    return [*_duplicates(found), *contradictions(found.block), *_loose(found)]


def _duplicates(found: Found) -> Iterator[str]:
    """Yield labels that stand twice, of the block or of lines with figures among its own."""
    block, grid = found.block, found.block.grid
    last, columns = max(block.heads), list(block.columns)
    down = [r for r in range(last + 1, max(block.rows) + 1) if grid.figures[r, columns].any()]
    across = range(max(block.sides) + 1, max(block.columns) + 1)
    filled = [c for c in across if grid.figures[list(block.rows), c].any()]
    sides = [("row", [(r, block.sides[0]) for r in down], block.rows)]
    sides += [("column", [(block.heads[0], c) for c in filled], block.columns)]
    for axis, (side, spots, own) in enumerate(sides):
        seen: dict[str, str] = {}
        known = {key_of(grid.text(*spot)) for spot in spots if spot[axis] in own}
        for spot in spots:
            text, address = grid.text(*spot), grid.sheet.address(*spot)
            word = key_of(text)
            if word in known and word in seen:
                yield f"{side} {text!r} stands twice: {seen[word]} and {address}"
            if word:
                seen.setdefault(word, address)


def _loose(found: Found) -> Iterator[str]:
    block, grid = found.block, found.block.grid
    totals = {line.place for line in found.statement.totals if line.by_row}
    others = {line.place for line in found.statement.totals if not line.by_row}
    for row in block.loose_rows:
        if row not in totals:
            spot = (row, block.sides[0])
            yield f"row {grid.text(*spot)!r} ({grid.sheet.address(*spot)}) has no column"
    for column in block.loose_columns:
        if column not in others:
            spot = (block.heads[0], column)
            yield f"column {grid.text(*spot)!r} ({grid.sheet.address(*spot)}) has no row"


def _parts(statement: Statement, gaps: Gaps) -> dict[str, Array]:
    """Return the parts of the flows; what is no figure is left to the gaps to judge."""
    gaps.output(statement.output_from)
    return {
        "intermediate": gaps.square(),
        "final_demand": gaps.columns(statement.columns),
        "primary_inputs": gaps.rows(statement.rows),
        "output": np.asarray(statement.output, dtype=np.float64) + 0.0,
        "imports": gaps.imports(statement.imports),
        "final_primary": gaps.corner(statement.rows, statement.columns),
    }


def _sectors(found: Found, book: Workbook) -> Labels:
    named = sectors_named(found.block)
    if named.names == named.codes and all(map(is_code, named.codes)):
        named = Named(named.codes, names_elsewhere(book, named.codes) or named.names)
    declared = "" if found.layout is None else found.layout.language
    language = declared or language_of(named.names)
    return Labels(codes=named.codes, names={language: named.names})


def _line_labels(items: Sequence[Item], language: str) -> Labels:
    return labels_of_lines([i.line for i in items], [i.role for i in items], language)


def meta_of(found: Found, book: Workbook, *, zeros: int = 0, treatment: str = "not stated") -> Meta:
    """Return the facts of a found block, with notes on how it was read."""
    facts = found.facts
    declared = {} if found.layout is None else dict(found.layout.facts)
    notes = dict(_notes(found, zeros))
    return Meta(
        title=facts.title or declared.get("title", "") or found.sheet,
        publisher=declared.get("publisher", ""),
        region=facts.region or declared.get("region", ""),
        unit=facts.unit if facts.unit != "not stated" else declared.get("unit", "not stated"),
        unit_value=facts.unit_value,
        currency=facts.currency or declared.get("currency", ""),
        year=facts.year,
        price_year=facts.year,
        valuation=facts.valuation or declared.get("valuation", ""),
        import_treatment=cast(ImportTreatment, treatment),
        kind=facts.kind or declared.get("kind", ""),
        notes=notes,
        steps=(Step(verb="read", arguments=f"{book.path.name}, {found.sheet}"),),
    )


def _notes(found: Found, zeros: int) -> Iterator[tuple[str, str]]:
    block, grid = found.block, found.block.grid
    yield "sheet", found.sheet
    yield "range", found.range
    yield "layout", "recognised by structure" if found.layout is None else found.layout.name
    yield "confidence", f"{found.confidence:.2f}"
    for place, item in enumerate(found.evidence, 1):
        yield f"evidence {place}", item.text
    if zeros:
        yield "blanks", f"{zeros} cells without a number read as zero; the printed sums hold"
    if block.reordered:
        yield "order", "rows and columns stand in different order: brought together by label"
    for place in block.guessed:
        spots = (block.rows[place], block.sides[0]), (block.heads[0], block.columns[place])
        texts = [f"{grid.sheet.address(*spot)} {grid.text(*spot)!r}" for spot in spots]
        yield f"label {place + 1}", f"paired by place, labels differ: {' and '.join(texts)}"
    if found.kind in {"flows", "imports", "use"}:
        yield from _lines_left(found.statement)


def _lines_left(statement: Statement) -> Iterator[tuple[str, str]]:
    turned = [item for item in (*statement.columns, *statement.rows) if item.sign < 0]
    if turned:
        yield "deducted", "; ".join(item.line.title for item in turned)
    parts = [item.line.title for item in statement.imports]
    if parts:
        yield "imports", "; ".join(parts)
    if statement.totals:
        yield "totals", "; ".join(line.code or line.name for line in statement.totals)
    if statement.unused:
        yield "columns not used", "; ".join(line.title or line.code for line in statement.unused)


def totals_as_items(found: Found) -> list[str]:
    """Return lines whose words say total that were read beside other items of their side."""
    block, statement = found.block, found.statement
    return [
        f"{line.name} ({address_of(line.place, block.left) if line.by_row else at})"
        for items in (statement.columns, statement.rows)
        for line in (item.line for item in items)
        for at in [address_of(block.top, line.place)]
        if line.says_total
        and line.filled.any()
        and (len(items) > 1 or any(block.top < row.place < line.place for row in statement.memo))
    ]


def wrong_totals(found: Found) -> list[BadCell]:
    """Return printed totals that are not the sum of their parts, by cell."""
    cells = []
    for identity in found.statement.identities:
        line = identity.line
        for k in identity.wrong if line is not None else ():
            assert line is not None
            block = found.block
            row = line.place if line.by_row else block.rows[k]
            column = block.columns[k] if line.by_row else line.place
            cells.append(
                BadCell(
                    found.sheet,
                    block.grid.sheet.address(row, column),
                    _shown(block.grid, row, column),
                    "a printed total that is not the sum of its parts",
                )
            )
    return cells


def _shown(grid: Grid, row: int, column: int) -> str:
    """Return a figure, or the text in its place."""
    if grid.figures[row, column]:
        return f"{grid.numbers[row, column]:,.10g}"
    return grid.text(row, column) or "blank"
