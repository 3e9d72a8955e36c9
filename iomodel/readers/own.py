"""Read tables in the project's own layout (tables/china_2020.xlsx shows it)."""

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args

import numpy as np

from iomodel.accounts.flows import Flows
from iomodel.accounts.forms import STUDY_FAMILY, TABLE_LAYOUT
from iomodel.accounts.imports import DomesticShares
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import ImportTreatment, Meta, Step
from iomodel.accounts.table import IOTable
from iomodel.errors import BadCell, ReadError, listed
from iomodel.readers import beside
from iomodel.readers.cells import CellReader
from iomodel.readers.facts import layout_of, read_facts
from iomodel.readers.workbook import Sheet, Workbook, address_of, raw_texts

FACTS = ("title", "publisher", "published", "address", "region", "currency", "valuation", "kind")
LANGUAGES = ("en", "zh")
FIXED = {"code": 0, "name_zh": 1, "name_en": 2, "role": 3}


def recognises(book: Workbook) -> bool:
    """Tell whether a workbook is a table in our own layout."""
    return layout_of(book) == TABLE_LAYOUT


def is_study(book: Workbook) -> bool:
    """Tell whether a workbook is a study in our own layout."""
    return layout_of(book).startswith(STUDY_FAMILY)


def read(book: Workbook) -> IOTable:
    """Read a table in our own layout.

    Raises
    ------
    ReadError
        If it is a template that nobody has filled in.
    BadCellsError
        With every cell that cannot be used.
    """
    reader = CellReader(book)
    facts = read_facts(reader, ("year", "price_year"), ("unit_value",))
    _treatment(reader, str(facts.get("import_treatment", "")))
    labels = _sectors(reader, _languages(facts, "sectors"))
    sheet = reader.sheet("flows")
    grid = _grid(reader, sheet) if sheet is not None else None
    if sheet is None or grid is None or labels is None:
        reader.fail()
    _refuse_empty(book, sheet, grid, facts)
    _same_labels(reader, sheet, grid, labels)
    finals = _labels(reader, sheet, grid, _languages(facts, "final"), by_column=True)
    primaries = _labels(reader, sheet, grid, _languages(facts, "primary"), by_column=False)
    if reader.bad:  # blank facts can wait for the blank figures
        reader.finish()
    flows = _flows(reader, sheet, grid)
    satellites = beside.satellites(reader, labels, facts)
    split = beside.split(reader, labels, str(facts.get("imports_42_source", "")))
    shares = _shares(reader, labels, facts)
    reader.finish()
    return IOTable(
        labels=labels,
        final_labels=finals,
        primary_labels=primaries,
        flows=flows,
        meta=_meta(facts, book.path.name),
        satellites=satellites,
        domestic_shares=shares,
        import_split=split,
    )


def _refuse_empty(book: Workbook, sheet: Sheet, grid: "_Grid", facts: Mapping[str, Any]) -> None:
    """Refuse a template that nobody has filled in yet, and say what goes where.

    Raises
    ------
    ReadError
        If no cell of the figures holds anything.
    """
    rows, start = [*grid.rows, *grid.primaries], len(grid.heads)
    spots = [(row, column) for row in rows for column in range(start, sheet.width)]
    if any(sheet.text(*spot) for spot in spots) or raw_texts(book.path, sheet.name, spots):
        return
    imports = [] if grid.imports is None else [grid.imports]
    blocks = {
        "intermediate flows": (grid.rows, grid.columns),
        "final demand": (grid.rows, grid.finals),
        "imports": (grid.rows, imports),
        "output": (grid.rows, [grid.output]),
        "primary inputs": (grid.primaries, grid.columns),
    }
    lines = [
        f"flows!{address_of(down[0], across[0])}:{address_of(down[-1], across[-1])}: {what}"
        for what, (down, across) in blocks.items()
        if down and across
    ]
    unsaid = [key for key in ("title", "unit", "year", "price_year") if not facts.get(key)]
    if unsaid:
        lines.insert(0, f"about: {', '.join(unsaid)}")
    raise ReadError(
        f"{book.path}: the template is empty: the sheet flows has no figures yet. Fill in:\n"
        f"  {listed(lines)}\nType 0 where there is no flow. The sheet checks, if there is one, "
        "shows what is missing. Save the workbook and read it again."
    )


def _meta(facts: Mapping[str, Any], file: str) -> Meta:
    """Return the facts; notes have a key ``note...``, ``quotation`` or ``note:`` and any text."""
    notes = {
        key.removeprefix("note:"): str(value)
        for key, value in facts.items()
        if key.startswith(("note", "quotation"))
    }
    texts: dict[str, Any] = {key: str(facts.get(key, "")) for key in FACTS}
    return Meta(
        **texts,
        unit=str(facts.get("unit", "")),
        unit_value=facts.get("unit_value"),
        year=facts.get("year"),
        price_year=facts.get("price_year"),
        import_treatment=facts.get("import_treatment", "not stated"),
        notes=notes,
        steps=(*_steps(facts), Step(verb="read", arguments=file)),
    )


def _steps(facts: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps before this reading, such as ``domestic(proportional)``."""
    texts = [str(facts[key]) for key in beside.numbered("step", facts)]
    parts = [text.removesuffix(")").partition("(") for text in texts]
    return tuple(Step(verb=verb, arguments=arguments) for verb, _, arguments in parts)


def _languages(facts: Mapping[str, Any], part: str) -> tuple[str, ...]:
    """Return the languages of the names of a part; English and Chinese if it is not said."""
    stated = str(facts.get(f"names_{part}", ", ".join(LANGUAGES)))
    words = tuple(word.strip() for word in stated.split(","))
    return () if words == ("none",) else tuple(word for word in words if word)


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

    heads: dict[str, int]
    columns: list[int]
    finals: list[int]
    imports: int | None
    output: int
    rows: list[int]
    primaries: list[int]


def _grid(reader: CellReader, sheet: Sheet) -> _Grid | None:
    heads = _heads(sheet)
    start = len(heads)
    across = {c: sheet.text(3, c) for c in range(start, sheet.width) if sheet.text(0, c)}
    down = {r: sheet.text(r, 3) for r in range(start, sheet.height) if sheet.text(r, 0)}
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
    for what, roles, other in (("column", across, special_roles), ("row", down, ())):
        if "sector" not in roles.values() or set(roles.values()) <= {"sector", *other}:
            text = f"no {what} with the role sector, or none beside them"
            reader.bad.append(BadCell(sheet.name, "", "", text))
    _uncoded(reader, sheet, start)
    special = {*one["output"], *one["imports"]}
    return _Grid(
        heads=heads,
        columns=[c for c, role in across.items() if role == "sector"],
        finals=[c for c, role in across.items() if role != "sector" and c not in special],
        imports=one["imports"][0] if one["imports"] else None,
        output=one["output"][0],
        rows=[r for r, role in down.items() if role == "sector"],
        primaries=[r for r, role in down.items() if role != "sector"],
    )


def _heads(sheet: Sheet) -> dict[str, int]:
    """Positions of the label rows and columns: four, then ``region`` and further languages."""
    heads = dict(FIXED)
    while (name := sheet.text(0, len(heads))) == sheet.text(len(heads), 0):
        spot = len(heads)
        plain = name == "region" or name.startswith("name_")
        if not plain or name in heads or sheet.text(3, spot) or sheet.text(spot, 3):
            break  # a sector has a role
        heads[name] = spot
    return heads


def _uncoded(reader: CellReader, sheet: Sheet, start: int) -> None:
    """Record rows and columns of figures without a code: nothing is dropped unasked."""
    for row in range(start, sheet.height):
        cells = sheet.rows[row][start:]
        if not sheet.text(row, 0) and any(isinstance(cell, int | float) for cell in cells):
            reader.note(sheet, row, 0, "a row of figures without a code")
    for column in range(start, sheet.width):
        cells = [sheet.cell(row, column) for row in range(start, sheet.height)]
        if not sheet.text(0, column) and any(isinstance(cell, int | float) for cell in cells):
            reader.note(sheet, 0, column, "a column of figures without a code")


def _sectors(reader: CellReader, languages: tuple[str, ...]) -> Labels | None:
    names = {lang: f"name_{lang}" for lang in dict.fromkeys((*languages, *LANGUAGES))}
    sheet = reader.sheet("sectors", ("code", *names.values(), "section"))
    if sheet is None:
        return None
    rows = _sector_rows(sheet)
    place = {head: sheet.column_of(head) for head in ("code", *names.values(), "section", "region")}

    def line(head: str) -> tuple[str, ...]:
        column = place[head]
        return tuple("" if column is None else sheet.text(row, column) for row in rows)

    seen: dict[tuple[str, str], int] = {}
    for row, key in zip(rows, zip(line("region"), line("code"), strict=True), strict=True):
        if key in seen:
            problem = f"code stands twice, first in row {seen[key] + 1}"
            reader.note(sheet, row, place["code"] or 0, problem)
        seen.setdefault(key, row)
    if len(seen) < len(rows):
        return None
    return Labels(
        codes=line("code"),
        names={lang: line(names[lang]) for lang in languages},
        regions=line("region"),
        groups=line("section"),
    )


def _sector_rows(sheet: Sheet) -> list[int]:
    code = sheet.column_of("code") or 0
    return [row for row in range(1, sheet.height) if sheet.text(row, code)]


def _shares(reader: CellReader, labels: Labels, facts: Mapping[str, Any]) -> DomesticShares | None:
    """Domestic shares beside the sectors, with their method in `about`."""
    sheet, parts = reader.book.sheet("sectors"), ("intermediate", "consumption")
    spots = {part: sheet.column_of(f"share_{part}") for part in parts}
    if "domestic_shares" not in facts and set(spots.values()) == {None}:
        return None
    found = {}
    for part, column in spots.items():
        if column is None:
            lost = f"row 1 lacks the header share_{part}"
            reader.bad.append(BadCell(sheet.name, "", "", lost))
            continue
        rows = _sector_rows(sheet)
        found[part] = reader.block(sheet, rows, [column])[:, 0]
        for spot in np.flatnonzero((found[part] < 0) | (found[part] > 1)):
            reader.note(sheet, rows[spot], column, "a domestic share lies between 0 and 1")
    if reader.failed:
        return None
    return DomesticShares(method=str(facts.get("domestic_shares", "")), **found)


def _same_labels(reader: CellReader, sheet: Sheet, grid: _Grid, labels: Labels) -> None:
    """Record labels of `flows` that are not those of `sectors`, in the same order."""
    region = grid.heads.get("region")
    if region is None and any(labels.regions):
        lost = "the sheet sectors has regions; a row and a column `region` are needed after role"
        reader.bad.append(BadCell(sheet.name, "", "", lost))
    wanted = {0: labels.codes, **({} if region is None else {region: labels.regions})}
    for spots, across, what in ((grid.columns, True, "columns"), (grid.rows, False, "rows")):
        for head, texts in wanted.items():
            for spot, text in zip(spots, texts, strict=False):
                row, column = (head, spot) if across else (spot, head)
                if sheet.text(row, column) != text:
                    problem = f"the sheet sectors has {text} at this place"
                    reader.note(sheet, row, column, problem)
        if len(spots) != len(labels):
            count = f"{len(spots)} sector {what}, but the sheet sectors has {len(labels)}"
            reader.bad.append(BadCell(sheet.name, "", "", count))


def _flows(reader: CellReader, sheet: Sheet, grid: _Grid) -> Flows:
    rows, inner = grid.rows, grid.primaries
    z = reader.block(sheet, rows, grid.columns)
    finals = reader.block(sheet, rows, grid.finals)
    imports = None if grid.imports is None else reader.block(sheet, rows, [grid.imports])[:, 0]
    primary = reader.block(sheet, inner, grid.columns)
    outer = [[reader.figure(sheet, r, c, blank=True) for c in grid.finals] for r in inner]
    return Flows(
        intermediate=z,
        final_demand=finals,
        primary_inputs=primary,
        output=reader.block(sheet, rows, [grid.output])[:, 0],
        imports=np.zeros(len(rows)) if imports is None else imports,
        final_primary=np.array(outer),
    )


def _labels(
    reader: CellReader, sheet: Sheet, grid: _Grid, languages: tuple[str, ...], *, by_column: bool
) -> Labels:
    spots = grid.finals if by_column else grid.primaries
    kind = "final demand" if by_column else "primary input"
    lost = [lang for lang in languages if f"name_{lang}" not in grid.heads]
    if lost:
        problem = f"no row and column of names in {', '.join(lost)} for each {kind}"
        reader.bad.append(BadCell(sheet.name, "", "", problem))

    def line(head: str) -> tuple[str, ...]:
        at = grid.heads[head]
        cells = [(at, spot) if by_column else (spot, at) for spot in spots]
        return tuple(sheet.text(row, column) for row, column in cells)

    return Labels(
        codes=line("code"),
        names={lang: line(f"name_{lang}") for lang in languages if lang not in lost},
        regions=line("region") if "region" in grid.heads else (),
        groups=tuple(_group(role, kind) for role in line("role")),
    )


def _group(role: str, kind: str) -> str:
    """Role without what stands for none (``final demand``) or sets it apart from a block."""
    return "" if role == kind else role.removeprefix(f"{kind}: ")
