"""Sections on what the result rests on: inputs, evidence, limits, files and steps."""

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from iomodel.report.material import Material
from iomodel.report.parts import (
    Block,
    Cell,
    Column,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    items,
    link_of,
    number,
    numeric,
    plain,
    plain_cell,
    text_cell,
)
from iomodel.results import Result
from iomodel.version import VERSION

PANDEMIC = 2020
MOST = 60
NOT_IN_ID = re.compile(r"[^A-Za-z0-9_.-]")


def anchor(name: str) -> str:
    """Return the place on the page of a row of evidence."""
    return "evidence-" + NOT_IN_ID.sub("-", name)


def inputs(material: Material) -> Section:
    """Return every input with its range, distribution, source and grade.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section
    """
    words, account = material.words, material.derivation.account
    known = _known(material)
    rows = [
        Row(head=_name(material, name, row), cells=_cells(material, name, row, known))
        for name, row in items(account.to_frame())
    ]
    texts = ("block", "unit", "distribution", "grade", "source")
    block, unit, distribution, grade, source = (
        Column(head=words(f"inputs.{key}")) for key in texts
    )
    low, value, high = numeric(*(words(f"inputs.{key}") for key in ("low", "value", "high")))
    name = Column(head=words("inputs.input"), long=True)
    table = Table(
        id="inputs-table",
        caption=words("inputs.caption"),
        columns=[name, block, low, value, high, unit, distribution, grade, source],
        rows=rows,
        notes=[words("inputs.grades")],
    )
    listed = words("inputs.count", count=len(rows), listed=_grades(material))
    return Section(
        id="inputs",
        title=words("inputs.title"),
        blocks=[Paragraph(text=words("inputs.lead")), Paragraph(text=listed), table],
    )


def _known(material: Material) -> set[str]:
    evidence = material.derivation.account.evidence
    return set(map(str, evidence["id"])) if "id" in evidence else set()


def _name(material: Material, name: str, row: dict[str, Any]) -> Cell:
    return Cell(text=material.names.input(name), note=" · ".join(filter(None, (name, row["note"]))))


def _cells(material: Material, name: str, row: dict[str, Any], known: set[str]) -> tuple[Cell, ...]:
    words, item = material.words, material.derivation.account.assumptions[name]
    value = plain_cell(row["value"])
    if row["value"] != item.central:
        changed = words("inputs.changed", central=plain(item.central))
        value = Cell(text=value.text, key=value.key, note=changed)
    cited = tuple((ref, f"#{anchor(ref)}") for ref in item.evidence if ref in known)
    others = " ".join(ref for ref in item.evidence if ref not in known)
    source = Cell(text=others or ("" if cited else words("inputs.assumed")), links=cited)
    ends = [plain_cell(None if row[key] != row[key] else row[key]) for key in ("low", "high")]
    return (
        text_cell(material.names.group(item.block)),
        ends[0],
        value,
        ends[1],
        text_cell(words.known("unit", item.unit)),
        text_cell(words.known("distribution", item.distribution)),
        text_cell(item.grade),
        source,
    )


def _grades(material: Material) -> str:
    """Say how many inputs have which grade."""
    words = material.words
    grades = [item.grade for item in material.derivation.account.assumptions.values()]
    known = sorted({grade for grade in grades if grade})
    return material.names.joined(
        words("inputs.grade_count", grade=grade, count=grades.count(grade)) for grade in known
    )


def evidence(material: Material) -> Section | None:
    """Return the rows of evidence that inputs cite; None if there are none.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section or None
    """
    words, account = material.words, material.derivation.account
    if "id" not in account.evidence:
        return None
    cited = {name for item in account.assumptions.values() for name in item.evidence}
    frame = account.evidence[account.evidence["id"].astype(str).isin(cited)]
    if not len(frame):
        return None
    rows = [_evidence(row) for _, row in items(frame)]
    heads = ("id", "item", "value", "year", "publisher", "source")
    columns = [
        Column(head=words(f"sources.{key}"), numeric=key == "value", long=key in ("item", "source"))
        for key in heads
    ]
    table = Table(id="evidence-table", caption=words("sources.caption"), columns=columns, rows=rows)
    return Section(
        id="sources",
        title=words("sources.title"),
        blocks=[Paragraph(text=words("sources.lead")), table],
    )


def _evidence(row: dict[str, Any]) -> Row:
    texts = {key: _text(row.get(key)) for key in row}
    name, address = texts.get("id", ""), link_of(texts.get("address", ""))
    bounds = [plain(row[key]) for key in ("low", "central", "high") if _is_number(row.get(key))]
    value = " / ".join(bounds)
    title = texts.get("source_title", "")
    source = (
        Cell(text="", links=((title or address, address),), note=texts.get("source_date", ""))
        if address
        else Cell(text=title, note=texts.get("source_date", ""))
    )
    return Row(
        head=text_cell(name),
        cells=(
            Cell(text=texts.get("item", ""), note=texts.get("note", "")),
            Cell(text=value, note=texts.get("unit", "")),
            text_cell(texts.get("year", "")),
            text_cell(texts.get("publisher", "")),
            source,
        ),
        anchor=anchor(name),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and value == value


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def reading(material: Material) -> Section:
    """Return the ratio paradox and the limits.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section
    """
    words = material.words
    return Section(
        id="reading",
        title=words("reading.title"),
        blocks=[
            Paragraph(text=words("reading.paradox")),
            Paragraph(text=words("limits.title"), tone="head"),
            Listing(items=list(_limits(material))),
        ],
    )


def _limits(material: Material) -> Iterator[str]:
    words, derivation = material.words, material.derivation
    yield words("limits.fixed")
    yield words("limits.gross")
    yield words("limits.average")
    if f"limits.imports_{derivation.method}" in words.words:
        yield words(f"limits.imports_{derivation.method}")
    if derivation.table.meta.year == PANDEMIC:
        yield words("limits.pandemic")
    grades = _grades(material)
    if grades:
        yield words("limits.columns", grades=grades)
    yield words("limits.surplus")
    if len(material.patterns) > 1:
        yield words("limits.patterns", count=len(material.patterns))
    if material.published is not None:
        yield words("limits.published")


def provenance(material: Material) -> Section:
    """Return files, version, seed and steps.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section
    """
    words, derivation = material.words, material.derivation
    account, meta, found = derivation.account, derivation.table.meta, material.stated
    title = account.titles.get(words.language, account.title)
    facts = [
        (words("provenance.study"), f"{title} ({account.source or account.id})"),
        (words("provenance.base"), "; ".join(filter(None, (meta.title, meta.publisher)))),
        (words("provenance.unit"), meta.unit),
        (words("provenance.version"), VERSION),
        *((words("provenance.sha", name=name), text) for name, text in material.inputs.items()),
    ]
    drawn = words("provenance.no_draws")
    if found is not None:
        drawn = words(
            "provenance.drawn",
            draws=number(found.draws, 0),
            seed=found.seed,
            accepted=number(found.accepted, 0),
        )
    facts.append((words("provenance.draws"), drawn))
    facts += [
        (words("provenance.step", number=place), step)
        for place, step in enumerate(derivation.provenance, start=1)
    ]
    facts += [(str(key).replace("_", " "), text) for key, text in (meta.notes or {}).items()]
    rows = [Row(head=text_cell(key), cells=(text_cell(value),)) for key, value in facts]
    table = Table(
        id="provenance-table",
        caption=words("provenance.caption"),
        columns=[
            Column(head=words("provenance.fact")),
            Column(head=words("provenance.value"), long=True),
        ],
        rows=rows,
    )
    return Section(
        id="provenance",
        title=words("provenance.title"),
        blocks=[Paragraph(text=words("provenance.lead")), table],
    )


def others(material: Material) -> list[Section]:
    """Return one section for each result that stands beside the derivation.

    Parameters
    ----------
    material : Material

    Returns
    -------
    list of Section
        Hubs, scenarios: whatever knows its title, its facts and its frame.
    """
    return [
        _other(material, result, f"beside-{place}") for place, result in enumerate(material.beside)
    ]


def _other(material: Material, result: Result, name: str) -> Section:
    words, blocks = material.words, list[Block]()
    facts = result.facts()
    if facts:
        rows = [Row(head=text_cell(key), cells=(text_cell(value),)) for key, value in facts]
        columns = [Column(head=words("beside.fact")), Column(head=words("beside.value"), long=True)]
        blocks.append(
            Table(id=f"{name}-facts", caption=words("beside.facts"), columns=columns, rows=rows)
        )
    whole = result.to_frame()
    if len(whole):
        blocks.append(_frame(material, result, whole, f"{name}-table"))
    return Section(id=name, title=result.title, blocks=blocks)


def _frame(material: Material, result: Result, whole: pd.DataFrame, name: str) -> Table:
    """Any frame as a table: its index as heads of rows, its first rows if it is long."""
    words, frame = material.words, whole.head(MOST)
    rows = [
        Row(
            head=text_cell(" · ".join(map(str, key)) if isinstance(key, tuple) else key),
            cells=tuple(plain_cell(_plain(value)) for value in values),
        )
        for key, values in zip(frame.index, frame.itertuples(index=False), strict=True)
    ]
    heads = [
        Column(head=str(head), numeric=pd.api.types.is_numeric_dtype(frame.dtypes.iloc[place]))
        for place, head in enumerate(frame.columns)
    ]
    names = " · ".join(str(part) for part in frame.index.names if part is not None)
    notes = [words("beside.first_rows", count=len(frame), all=len(whole))]
    return Table(
        id=name,
        caption=result.title,
        columns=[Column(head=names or words("beside.row")), *heads],
        rows=rows,
        notes=notes if len(whole) > len(frame) else [],
    )


def _plain(value: Any) -> object:
    """Return a number of the standard library, or text."""
    if isinstance(value, bool) or value is None:
        return str(value)
    return value.item() if hasattr(value, "item") else value
