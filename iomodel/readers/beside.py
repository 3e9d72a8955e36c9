"""Sheets beside the flows of our own layout: satellites and the official import split."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np

from iomodel.accounts.forms import GROWTH, SHEETS, SPLIT_FINALS
from iomodel.accounts.imports import ImportSplit
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Basis, Satellite
from iomodel.errors import BadCell
from iomodel.readers.cells import CellReader
from iomodel.readers.workbook import Sheet

PERSONS = {"10,000 persons": 1e4, "thousand persons": 1e3, "persons": 1.0}


def numbered(stem: str, facts: Mapping[str, Any]) -> list[str]:
    """Keys ``stem_1``, ``stem_2``, ... in the order of their numbers."""
    keys = [key for key in facts if re.fullmatch(rf"{stem}_\d+", key)]
    return sorted(keys, key=lambda key: int(key.rpartition("_")[2]))


def satellites(
    reader: CellReader, labels: Labels, facts: Mapping[str, Any]
) -> dict[str, Satellite]:
    """Read the satellites that `about` names (``satellite_1``, ...), and `employment`.

    A satellite has the sheet of its name, or the sheet of its key where no sheet can have
    that name.
    """
    places: dict[str, str] = {}
    for key in numbered("satellite", facts):
        name = str(facts[key])
        other = name in SHEETS or re.fullmatch(r"satellite_\d+", name)
        places[name] = name if name in reader.book and not other else key
    if "employment" in reader.book and "employment" not in places.values():
        places["employment"] = "employment"
    found = {}
    for name, place in places.items():
        sheet = reader.sheet(place)
        account = None if sheet is None else _satellite(reader, sheet, labels, name)
        if account is not None:
            found[name] = account
    return found


def _satellite(reader: CellReader, sheet: Sheet, labels: Labels, name: str) -> Satellite | None:
    heads = [sheet.text(0, c) for c in range(sheet.width)]
    first = 4 if any(labels.regions) else 3
    spots = [c for c, head in enumerate(heads) if c >= first and head and head != GROWTH]
    rows = _rows_of(reader, sheet, labels)
    if rows is None or not spots:
        return None
    marks = {sheet.text(row, 0): row for row in range(1, rows.start) if sheet.text(row, 0)}
    unit = _unit(reader, sheet, marks, spots, known_only=name == "employment")
    if unit is None:
        return None
    values = reader.block(sheet, rows, spots).T
    growth = sheet.column_of(GROWTH)
    factors = None if growth is None else reader.block(sheet, rows, [growth])[:, 0]
    line = marks.get("year", 2)
    year = reader.number(sheet, line, spots[0], blank="unit_value" in marks)
    for spot in spots[1:]:
        if sheet.text(line, spot) != sheet.text(line, spots[0]):
            reader.note(sheet, line, spot, "another year: all columns of an account have one year")
    basis = _basis(reader, sheet, marks, spots[0], "heads" if name == "employment" else "")
    if reader.failed:
        return None
    return Satellite(
        name=sheet.text(marks["name"], spots[0]) if "name" in marks else name,
        rows=_row_labels(sheet, marks, spots),
        values=values,
        unit=unit[0],
        unit_value=unit[1],
        year=None if year is None else int(year),
        growth=factors,
        basis=basis,
        source=_source(sheet, marks, spots),
    )


def _unit(
    reader: CellReader,
    sheet: Sheet,
    marks: Mapping[str, int],
    spots: Sequence[int],
    *,
    known_only: bool,
) -> tuple[str, float] | None:
    """Return the unit of all columns and its size; record what cannot be used."""
    row = marks.get("unit", 1)
    units = {sheet.text(row, c) for c in spots}
    stated = marks.get("unit_value")
    if len(units) > 1 or (stated is None and known_only and not units <= set(PERSONS)):
        reader.note(sheet, row, spots[0], f"units {units}; one of {', '.join(PERSONS)} for all")
        return None
    unit = units.pop()
    if stated is None:
        return unit, PERSONS.get(unit, 1.0)
    return unit, reader.figure(sheet, stated, spots[0])


def _basis(
    reader: CellReader, sheet: Sheet, marks: Mapping[str, int], spot: int, otherwise: Basis
) -> Basis:
    if "basis" not in marks:
        return otherwise
    stated, known = sheet.text(marks["basis"], spot), get_args(Basis)
    if stated not in known:
        words = ", ".join(filter(None, known))
        reader.note(sheet, marks["basis"], spot, f"a basis is one of {words}, or empty")
    return next((basis for basis in known if basis == stated), otherwise)


def _source(sheet: Sheet, marks: Mapping[str, int], spots: Sequence[int]) -> str:
    """One text for the account (``sources``), else the sources of the columns, joined."""
    if "sources" in marks:
        return sheet.text(marks["sources"], spots[0])
    row = marks.get("source", 3)
    return "; ".join(f"{sheet.text(0, c)}: {sheet.text(row, c)}" for c in spots)


def _row_labels(sheet: Sheet, marks: Mapping[str, int], spots: Sequence[int]) -> Labels:
    def line(row: int | None) -> tuple[str, ...]:
        return () if row is None else tuple(sheet.text(row, c) for c in spots)

    names = {mark.removeprefix("name_"): row for mark, row in marks.items() if mark[:5] == "name_"}
    return Labels(
        codes=line(0),
        names={language: line(row) for language, row in names.items()},
        regions=line(marks.get("region")),
        groups=line(marks.get("group")),
    )


def _rows_of(reader: CellReader, sheet: Sheet, labels: Labels) -> range | None:
    """Rows of a sheet by sector, which must be in the order of the sectors."""
    wanted = list(zip(labels.regions, labels.codes, strict=True))
    several = any(labels.regions)
    if several and sheet.text(0, 3) != "region":
        reader.note(sheet, 0, 3, "the header `region` is needed here: the sectors have regions")
    have = [
        (sheet.text(r, 3) if several else labels.regions[0], sheet.text(r, 0))
        for r in range(sheet.height)
    ]
    starts = [row for row in range(1, sheet.height) if have[row] == wanted[0]]
    if not starts:
        reader.note(sheet, 1, 0, f"no row for the first sector {labels.codes[0]}")
        return None
    # A first sector may be called `unit`, as a row of facts is: the sectors stand below it.
    whole = [row for row in starts if have[row : row + len(wanted)] == wanted]
    start = (whole or starts[:1])[-1]
    rows = range(start, start + len(wanted))
    wrong = [
        r
        for r, key in zip(rows, wanted, strict=True)
        if (have[r] if r < len(have) else None) != key
    ]
    for row in wrong:
        reader.note(sheet, row, 0, f"{labels.codes[row - start]} is needed at this place")
    return None if wrong else rows


def split(reader: CellReader, labels: Labels, source: str) -> ImportSplit | None:
    """Read the sheet `imports_42`, if there is one."""
    if "imports_42" not in reader.book:
        return None
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
    groups = _groups(reader, sheet, labels, codes, link, to)
    if groups is None or [sheet.text(r, 1) for r in origin["import"]] != list(codes):
        if groups is not None:
            text = "domestic and import rows differ"
            reader.bad.append(BadCell(sheet.name, "", "", text))
        return None
    inner = list(range(first, last))
    return ImportSplit(
        source=source or f"{reader.book.path.name}, sheet {sheet.name}",
        group=np.array([codes.index(group) for group in groups], dtype=np.intp),
        codes=codes,
        domestic=reader.block(sheet, origin["domestic"], inner),
        imported=reader.block(sheet, origin["import"], inner),
        final_codes=tuple(sheet.text(0, c) for c in finals),
        final_domestic=reader.block(sheet, origin["domestic"], finals),
        final_imported=reader.block(sheet, origin["import"], finals),
    )


def _groups(
    reader: CellReader,
    sheet: Sheet,
    labels: Labels,
    codes: tuple[str, ...],
    link: int,
    to: int,
) -> list[str] | None:
    """Return the group of each sector; record sectors without one."""
    region = sheet.column_of("sector_region")
    keys = [
        ("" if region is None else sheet.text(r, region), sheet.text(r, link))
        for r in range(sheet.height)
    ]
    pairs = {key: sheet.text(row, to) for row, key in enumerate(keys) if row and key[1]}
    regions = ("",) * len(labels) if region is None else labels.regions
    wanted = list(zip(regions, labels.codes, strict=True))
    lost = [key for key in wanted if pairs.get(key) not in codes]
    for row, key in enumerate(keys):
        if row and key in lost:
            reader.note(sheet, row, to, "not one of the groups of this sheet")
    if lost or not codes:
        names = [" ".join(filter(None, key)) for key in lost[:10]]
        text = f"sectors without a group: {names}; or no domestic rows"
        reader.bad.append(BadCell(sheet.name, "", "", text))
        return None
    return [pairs[key] for key in wanted]
