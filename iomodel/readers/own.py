"""Read tables in the project's own layout (tables/china_2020.xlsx shows it)."""

from typing import Any, NamedTuple, get_args

import numpy as np

from iomodel.accounts.flows import Flows
from iomodel.accounts.imports import ImportSplit
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import ImportTreatment, Meta, Step
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import BadCell
from iomodel.readers.cells import CellReader
from iomodel.readers.facts import STUDY_LAYOUT, TABLE_LAYOUT, layout_of, read_facts
from iomodel.readers.workbook import Sheet, Workbook

HEAD = 4
FACTS = ("title", "publisher", "published", "address", "region", "currency", "valuation", "kind")
SPLIT_FINALS = ("TC", "FU201", "FU202")
PERSONS = {"10,000 persons": 1e4, "thousand persons": 1e3, "persons": 1.0}


def recognises(book: Workbook) -> bool:
    """Tell whether a workbook is a table in our own layout."""
    return layout_of(book) == TABLE_LAYOUT


def is_study(book: Workbook) -> bool:
    """Tell whether a workbook is a study in our own layout."""
    return layout_of(book) == STUDY_LAYOUT


def read(book: Workbook) -> IOTable:
    """Read a table in our own layout.

    Raises
    ------
    BadCellsError
        With every cell that cannot be used.
    """
    reader = CellReader(book)
    facts = read_facts(reader, ("year", "price_year"))
    _treatment(reader, str(facts.get("import_treatment", "")))
    labels = _sectors(reader)
    sheet = reader.sheet("flows")
    grid = _grid(reader, sheet) if sheet is not None else None
    if sheet is None or grid is None or labels is None:
        reader.fail()
    _same_codes(reader, sheet, grid, labels)
    reader.finish()
    flows = _flows(reader, sheet, grid)
    satellites = _employment(reader, labels) if "employment" in book else {}
    split = _split(reader, labels) if "imports_42" in book else None
    reader.finish()
    notes = {k: str(v) for k, v in facts.items() if k.startswith(("note", "quotation"))}
    texts: dict[str, Any] = {key: str(facts.get(key, "")) for key in FACTS}
    meta = Meta(
        **texts,
        unit=str(facts.get("unit", "")),
        year=facts.get("year"),
        price_year=facts.get("price_year"),
        import_treatment=facts.get("import_treatment", "not stated"),
        notes=notes,
        steps=(Step(verb="read", arguments=book.path.name),),
    )
    return IOTable(
        labels=labels,
        final_labels=_labels(sheet, grid.finals, by_column=True),
        primary_labels=_labels(sheet, grid.primaries, by_column=False),
        flows=flows,
        meta=meta,
        satellites=satellites,
        import_split=split,
    )


def _treatment(reader: CellReader, stated: str) -> None:
    """Record an import treatment that no verb knows: it would pass as domestic."""
    known = get_args(ImportTreatment)
    if stated not in known and "about" in reader.book:
        sheet = reader.book.sheet("about")
        keys = [sheet.text(row, 0) for row in range(sheet.height)]
        row = keys.index("import_treatment") if "import_treatment" in keys else 0
        reader.note(sheet, row, 1, f"import_treatment must be one of {', '.join(known)}")


class _Grid(NamedTuple):
    """Where the blocks of the sheet `flows` are: positions of columns and rows."""

    columns: list[int]
    finals: list[int]
    imports: int | None
    output: int
    rows: list[int]
    primaries: list[int]


def _grid(reader: CellReader, sheet: Sheet) -> _Grid | None:
    across = {c: sheet.text(3, c) for c in range(HEAD, sheet.width) if sheet.text(0, c)}
    down = {r: sheet.text(r, 3) for r in range(HEAD, sheet.height) if sheet.text(r, 0)}
    special_roles = ("imports", "output")
    one = {role: [c for c, r in across.items() if r == role] for role in special_roles}
    if len(one["output"]) != 1 or len(one["imports"]) > 1:
        where = f"found {len(one['output'])} output and {len(one['imports'])} imports columns"
        reader.bad.append(BadCell("flows", "E4", where, "row 4 must name one column `output`"))
        return None
    for c in [c for c, role in across.items() if not role]:
        reader.note(sheet, 3, c, "this column has a code but no role")
    for r in [r for r, role in down.items() if not role]:
        reader.note(sheet, r, 3, "this row has a code but no role")
    for what, roles in (("column", across), ("row", down)):
        if "sector" not in roles.values() or set(roles.values()) <= {"sector", *special_roles}:
            text = f"no {what} with the role sector, or none beside them"
            reader.bad.append(BadCell(sheet.name, "", "", text))
    _uncoded(reader, sheet)
    special = {*one["output"], *one["imports"]}
    return _Grid(
        columns=[c for c, role in across.items() if role == "sector"],
        finals=[c for c, role in across.items() if role != "sector" and c not in special],
        imports=one["imports"][0] if one["imports"] else None,
        output=one["output"][0],
        rows=[r for r, role in down.items() if role == "sector"],
        primaries=[r for r, role in down.items() if role != "sector"],
    )


def _uncoded(reader: CellReader, sheet: Sheet) -> None:
    """Record rows and columns of figures without a code: nothing is dropped unasked."""
    for row in range(HEAD, sheet.height):
        cells = sheet.rows[row][HEAD:]
        if not sheet.text(row, 0) and any(isinstance(cell, int | float) for cell in cells):
            reader.note(sheet, row, 0, "a row of figures without a code")
    for column in range(HEAD, sheet.width):
        cells = [sheet.cell(row, column) for row in range(HEAD, sheet.height)]
        if not sheet.text(0, column) and any(isinstance(cell, int | float) for cell in cells):
            reader.note(sheet, 0, column, "a column of figures without a code")


def _sectors(reader: CellReader) -> Labels | None:
    sheet = reader.sheet("sectors", ("code", "name_en", "name_zh", "section"))
    if sheet is None:
        return None
    place = {head: sheet.column_of(head) or 0 for head in ("name_en", "name_zh", "section")}
    code = sheet.column_of("code") or 0
    rows = [r for r in range(1, sheet.height) if sheet.text(r, code)]
    seen: dict[str, int] = {}
    for row in rows:
        text = sheet.text(row, code)
        if text in seen:
            reader.note(sheet, row, code, f"code stands twice, first in row {seen[text] + 1}")
        seen.setdefault(text, row)
    if len(seen) < len(rows):
        return None
    return Labels(
        codes=tuple(seen),
        names={
            lang: tuple(sheet.text(r, place[f"name_{lang}"]) for r in rows) for lang in ("en", "zh")
        },
        groups=tuple(sheet.text(r, place["section"]) for r in rows),
    )


def _same_codes(reader: CellReader, sheet: Sheet, grid: _Grid, labels: Labels) -> None:
    """Record codes of `flows` that are not those of `sectors`, in the same order."""
    for spots, across, what in ((grid.columns, True, "columns"), (grid.rows, False, "rows")):
        for spot, code in zip(spots, labels.codes, strict=False):
            row, column = (0, spot) if across else (spot, 0)
            if sheet.text(row, column) != code:
                reader.note(sheet, row, column, f"the sheet sectors has {code} at this place")
        if len(spots) != len(labels):
            count = f"{len(spots)} sector {what}, but the sheet sectors has {len(labels)}"
            reader.bad.append(BadCell(sheet.name, "", "", count))


def _flows(reader: CellReader, sheet: Sheet, grid: _Grid) -> Flows:
    rows, inner = grid.rows, grid.primaries
    z = reader.block(sheet, rows, grid.columns)
    finals = reader.block(sheet, rows, grid.finals)
    imports = None if grid.imports is None else reader.block(sheet, rows, [grid.imports])[:, 0]
    primary = reader.block(sheet, inner, grid.columns)
    outer = [[reader.number(sheet, r, c, blank=True) or 0.0 for c in grid.finals] for r in inner]
    return Flows(
        intermediate=z,
        final_demand=finals,
        primary_inputs=primary,
        output=reader.block(sheet, rows, [grid.output])[:, 0],
        imports=np.zeros(len(rows)) if imports is None else imports,
        final_primary=np.array(outer),
    )


def _labels(sheet: Sheet, spots: list[int], *, by_column: bool) -> Labels:
    def line(position: int) -> tuple[str, ...]:
        cells = [(position, spot) if by_column else (spot, position) for spot in spots]
        return tuple(sheet.text(row, column) for row, column in cells)

    return Labels(codes=line(0), names={"en": line(2), "zh": line(1)}, groups=line(3))


def _employment(reader: CellReader, labels: Labels) -> dict[str, Satellite]:
    sheet = reader.book.sheet("employment")
    heads = [sheet.text(0, c) for c in range(sheet.width)]
    spots = [c for c, head in enumerate(heads) if c >= 3 and head and head != "nominal_growth"]
    rows = _rows_of(reader, sheet, labels)
    if rows is None or not spots:
        return {}
    units = {sheet.text(1, c) for c in spots}
    if len(units) > 1 or not units <= set(PERSONS):
        reader.note(sheet, 1, spots[0], f"units {units}; one of {', '.join(PERSONS)} for all")
        return {}
    values = reader.block(sheet, rows, spots).T
    growth = sheet.column_of("nominal_growth")
    factors = None if growth is None else reader.block(sheet, rows, [growth])[:, 0]
    year = reader.number(sheet, 2, spots[0])
    unit = units.pop()
    if reader.failed:
        return {}
    return {
        "employment": Satellite(
            name="employment",
            rows=Labels(codes=tuple(heads[c] for c in spots)),
            values=values,
            unit=unit,
            unit_value=PERSONS[unit],
            year=None if year is None else int(year),
            growth=factors,
            basis="heads",
            source="; ".join(f"{heads[c]}: {sheet.text(3, c)}" for c in spots),
        )
    }


def _rows_of(reader: CellReader, sheet: Sheet, labels: Labels) -> range | None:
    """Rows of a sheet by sector, which must be in the order of the sectors."""
    start = next((r for r in range(1, sheet.height) if sheet.text(r, 0) == labels.codes[0]), None)
    if start is None:
        reader.note(sheet, 1, 0, f"no row for the first sector {labels.codes[0]}")
        return None
    rows = range(start, start + len(labels))
    wrong = [r for r, code in zip(rows, labels.codes, strict=True) if sheet.text(r, 0) != code]
    for row in wrong:
        reader.note(sheet, row, 0, f"{labels.codes[row - start]} is needed at this place")
    return None if wrong else rows


def _split(reader: CellReader, labels: Labels) -> ImportSplit | None:
    sheet = reader.book.sheet("imports_42")
    link, to = sheet.column_of("sector"), sheet.column_of("sector_42")
    lacking = [h for h in ("sector", "sector_42", *SPLIT_FINALS) if sheet.column_of(h) is None]
    if link is None or to is None or lacking:
        reader.bad.append(BadCell(sheet.name, "", "", f"row 1 lacks {', '.join(lacking)}"))
        return None
    origin = {
        kind: [r for r in range(1, sheet.height) if sheet.text(r, 0) == kind]
        for kind in ("domestic", "import")
    }
    codes = tuple(sheet.text(r, 1) for r in origin["domestic"])
    first, last = 4, 4 + len(codes)
    for column, code in enumerate(codes, start=first):
        if sheet.text(0, column) != code:
            reader.note(sheet, 0, column, f"{code} is needed here, in the order of the rows")
    finals = [c for c in range(last, link) if sheet.text(0, c) not in {"", "GO"}]
    pairs = {sheet.text(r, link): sheet.text(r, to) for r in range(1, sheet.height)}
    lost = [code for code in labels.codes if pairs.get(code) not in codes]
    for row in range(1, sheet.height):
        if sheet.text(row, link) in lost:
            reader.note(sheet, row, to, "not one of the groups of this sheet")
    if lost or not codes or [sheet.text(r, 1) for r in origin["import"]] != list(codes):
        text = f"sectors without a group: {lost[:10]}; or domestic and import rows differ"
        reader.bad.append(BadCell(sheet.name, "", "", text))
        return None
    inner = list(range(first, last))
    return ImportSplit(
        source=f"{reader.book.path.name}, sheet {sheet.name}",
        group=np.array([codes.index(pairs[code]) for code in labels.codes], dtype=np.intp),
        codes=codes,
        domestic=reader.block(sheet, origin["domestic"], inner),
        imported=reader.block(sheet, origin["import"], inner),
        final_codes=tuple(sheet.text(0, c) for c in finals),
        final_domestic=reader.block(sheet, origin["domestic"], finals),
        final_imported=reader.block(sheet, origin["import"], finals),
    )
