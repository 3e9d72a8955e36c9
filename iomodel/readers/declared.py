"""The sheets equations, sectors and channels of a study workbook."""

import re
from collections.abc import Collection, Mapping

from iomodel.accounts.declarations import RULES, Channel, Equation, Equations, Fault, Role
from iomodel.accounts.equations import Formula, parse
from iomodel.errors import BadCell, SpecError
from iomodel.readers.cells import CellReader
from iomodel.readers.workbook import Sheet, Workbook, address_of

EQUATIONS = ("quantity", "sector", "item", "formula", "channel", "additional", "note")
SECTORS = ("code", "role", "name_en")
CHANNELS = ("code", "name_en")
SHEETS: Mapping[str, tuple[str, ...]] = {
    "equations": EQUATIONS,
    "sectors": SECTORS,
    "channels": CHANNELS,
}


def refuse_old(book: Workbook, layout: str) -> None:
    """Say what a study workbook of the first layout, without equations, lacks.

    Raises
    ------
    SpecError
        If the workbook names that layout, or no layout, and has no sheet `equations`.
    """
    if layout == "iomodel study 1" or (not layout and "equations" not in book):
        raise SpecError(
            f"{book.path}: a study workbook of the layout {layout or 'without a name'!r} does not "
            "declare its equations. Add the sheets equations, sectors and channels (copy them "
            "from iom.example('micro-drama-2025') and change what differs), and write "
            "'iomodel study 2' as layout in the sheet about."
        )


def read_declared(
    reader: CellReader, inputs: Collection[str], facts: Mapping[str, object]
) -> Equations | None:
    """Read what a study declares; bad cells are recorded.

    Parameters
    ----------
    reader : CellReader
    inputs : collection of str
        Ids of the sheet `inputs`.
    facts : mapping
        Facts of the sheet `about`: ``purchases`` (total or domestic), ``idle`` (refuse or keep).

    Returns
    -------
    Equations or None
        None if a sheet cannot be read.
    """
    sheets = {name: reader.sheet(name, heads) for name, heads in SHEETS.items()}
    equations, sectors, channels = sheets.values()
    if equations is None or sectors is None or channels is None:
        return None
    return Equations(
        sectors=tuple(_roles(reader, sectors)),
        channels=tuple(_channels(reader, channels)),
        rows=tuple(_rows(reader, equations, list(inputs))),
        domestic=_word(reader, facts, "purchases", ("total", "domestic")) == "domestic",
        idle="keep" if _word(reader, facts, "idle", ("refuse", "keep")) == "keep" else "refuse",
    )


def _word(reader: CellReader, facts: Mapping[str, object], key: str, words: tuple[str, str]) -> str:
    """Return a fact that is one of some words, the first if it is not given."""
    given = facts.get(key)
    if not given or given in words:
        return str(given or words[0])
    sheet = reader.book.sheet("about")
    row = next(r for r in range(sheet.height) if sheet.text(r, 0) == key)
    reader.note(sheet, row, 1, f"neither {' nor '.join(words)}")
    return words[0]


def note_fault(reader: CellReader, fault: Fault) -> None:
    """Record a contradiction of the declarations at its cell."""
    sheet = reader.book.sheet(fault.sheet)
    column = sheet.column_of(fault.column) if fault.column else None
    if column is None:
        reader.bad.append(BadCell(fault.sheet, "", "", fault.problem))
    else:
        reader.note(sheet, fault.row, column, fault.problem)


def _filled(sheet: Sheet) -> list[int]:
    """Rows below the header that hold anything."""
    rows = range(1, sheet.height)
    return [row for row in rows if any(sheet.text(row, c) for c in range(sheet.width))]


def languages(sheet: Sheet, row: int, prefix: str) -> dict[str, str]:
    """Texts of the columns prefix_en, prefix_zh, ... that are filled in, by language."""
    heads = [sheet.text(0, c) for c in range(sheet.width)]
    found = {
        head.removeprefix(prefix): sheet.text(row, c)
        for c, head in enumerate(heads)
        if head.startswith(prefix)
    }
    return {language: text for language, text in found.items() if text}


def _coded(reader: CellReader, sheet: Sheet) -> list[tuple[int, str]]:
    """Rows with their code; a row without one is recorded."""
    column, found = sheet.column_of("code") or 0, []
    for row in _filled(sheet):
        code = sheet.text(row, column)
        if code:
            found.append((row, code))
        else:
            reader.note(sheet, row, column, "this row has no code")
    return found


def _roles(reader: CellReader, sheet: Sheet) -> list[Role]:
    role = sheet.column_of("role") or 0
    return [
        Role(
            code=code,
            role=sheet.text(row, role),
            names=languages(sheet, row, "name_"),
            people=languages(sheet, row, "people_"),
            row=row,
        )
        for row, code in _coded(reader, sheet)
    ]


def _channels(reader: CellReader, sheet: Sheet) -> list[Channel]:
    return [
        Channel(code, languages(sheet, row, "name_"), row) for row, code in _coded(reader, sheet)
    ]


def _rows(reader: CellReader, sheet: Sheet, ids: list[str]) -> list[Equation]:
    at = {head: sheet.column_of(head) or 0 for head in EQUATIONS}
    found: list[Equation] = []
    for row in _filled(sheet):
        text = {head: sheet.text(row, at[head]) for head in EQUATIONS}
        if text["quantity"] not in RULES:
            known = ", ".join(RULES)
            reader.note(sheet, row, at["quantity"], f"unknown quantity; known: {known}")
            continue
        names = [*ids, *(item.name for item in found if item.name and item.name not in ids)]
        formula = _formula(reader, sheet, row, at["formula"], names)
        more = None
        if text["additional"]:
            more = _formula(reader, sheet, row, at["additional"], names)
        found.append(
            Equation(
                quantity=text["quantity"],
                formula=formula,
                sector=text["sector"],
                item=text["item"],
                channel=text["channel"],
                additional=more,
                note=text["note"],
                row=row,
            )
        )
    return found


def _formula(reader: CellReader, sheet: Sheet, row: int, column: int, names: list[str]) -> Formula:
    """Read the formula of a cell; one that cannot be read is recorded and keeps its ids."""
    place = f"{sheet.name}!{address_of(row, column)}"
    text = sheet.text(row, column)
    try:
        return parse(text, names, place=place)
    except SpecError as error:
        shown = " ".join(text.split()) or "(empty)"
        reader.note(
            sheet, row, column, str(error).removeprefix(f"{place}: {shown}: ").removesuffix(".")
        )
        words = set(re.findall(r"[^\W\d]\w*", text))
        starts = tuple(word for word in words if word.endswith("_"))
        used = tuple(key for key in names if key in words or key.startswith(starts))
        return Formula(text=shown, names=used, place=place)
