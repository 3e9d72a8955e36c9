"""Sections that test the result: published figures, consistency, falsification."""

from collections.abc import Iterator, Mapping
from typing import Any

from iomodel.report import pictures
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
    between,
    items,
    link_of,
    number,
    numeric,
    percent,
    text_cell,
    value_cell,
)
from iomodel.studies.comparison import Comparison

WAGES = "heads x average wage over the wage bill"
DAYS = "work-days of the whole chain, million"
DECIMALS = 5  # of figures that are compared to their last printed digit


def compared(material: Material) -> Section | None:
    """Return derived beside published figures; None if nothing was published.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section or None
    """
    words, comparison = material.words, material.comparison
    if comparison is None:
        return None
    checks = comparison.checks
    blocks: list[Block] = [Paragraph(text=words("compared.lead"))]
    if not comparison.scopes.empty:
        blocks.append(_by_scope(material, comparison))
    if not comparison.agreement.empty:
        blocks.append(_agreement(material, comparison))
    if not comparison.external.empty:
        blocks.append(_external(material, comparison))
    blocks += [
        *pictures.compared(material),
        *_rivals(material, comparison),
        *_wages(material, comparison),
    ]
    blocks += [*_workdays(material, checks), *_hubs(material, checks)]
    return Section(id="compared", title=words("compared.title"), blocks=blocks)


def _by_scope(material: Material, comparison: Comparison) -> Table:
    words = material.words
    frame = comparison.scopes.loc[[s for s in material.scopes if s in comparison.scopes.index]]
    keys = ("low", "mean", "high", "published", "published less mean")
    rows = []
    for scope, row in items(frame):
        cells = [value_cell(row[key]) for key in keys]
        count = int(row["patterns at or above"])
        cells.append(Cell(text=f"{count} / {len(material.patterns)}", key=str(count)))
        rows.append(
            Row(
                head=text_cell(material.names.scope(scope)),
                cells=tuple(cells),
                strong=scope in material.pair,
                apart=scope == material.pair[-1],
            )
        )
    heads = ("low", "mean", "high", "published", "gap", "patterns")
    return Table(
        id="compared-table",
        caption=words("compared.caption"),
        columns=[
            Column(head=words("scopes.scope")),
            *numeric(*(words(f"compared.{key}") for key in heads)),
        ],
        rows=rows,
    )


def _agreement(material: Material, comparison: Comparison) -> Table:
    words = material.words
    rows = [
        Row(
            head=text_cell(row["item"], comparison.figures[name].publisher),
            cells=(
                text_cell(material.names.scope(row["scope"])),
                value_cell(row["published"], DECIMALS),
                value_cell(row["derived"], DECIMALS),
                text_cell(words.known("compared", row["within"]) if row["within"] else ""),
            ),
        )
        for name, row in items(comparison.agreement)
    ]
    return Table(
        id="agreement-table",
        caption=words("compared.agreement"),
        columns=[
            Column(head=words("compared.what")),
            Column(head=words("scopes.scope")),
            *numeric(words("compared.published"), words("compared.derived")),
            Column(head=words("compared.within")),
        ],
        rows=rows,
    )


def _external(material: Material, comparison: Comparison) -> Table:
    words = material.words
    rows = []
    for name, row in items(comparison.external):
        bounded = any(row[key] == row[key] and row[key] is not None for key in ("low", "high"))
        rows.append(
            Row(
                head=text_cell(row["item"]),
                cells=(
                    value_cell(float(row["value"])),
                    text_cell(between(row["low"], row["high"]) if bounded else ""),
                    _publisher(comparison, name),
                    text_cell(row["contains"]),
                ),
            )
        )
    return Table(
        id="external-table",
        caption=words("compared.external"),
        columns=[
            Column(head=words("compared.what")),
            *numeric(words("compared.value"), words("compared.range")),
            Column(head=words("compared.publisher")),
            Column(head=words("compared.contains"), long=True),
        ],
        rows=rows,
        notes=[words("compared.external_note")],
    )


def _publisher(comparison: Comparison, name: str) -> Cell:
    """Who published a figure, with the address where it was found."""
    figure = comparison.figures[name]
    address = link_of(figure.address)
    if address:
        return Cell(text="", links=((figure.publisher, address),), note=figure.published)
    return Cell(text=figure.publisher, note=figure.published)


def _rivals(material: Material, comparison: Comparison) -> Iterator[Table]:
    words = material.words
    found = comparison.checks.get("rival counts of direct jobs", {})
    rows = [
        Row(
            head=text_cell(comparison.figures[name].item),
            cells=(
                value_cell(row["persons"], 0),
                value_cell(row.get("per direct head here")),
                value_cell(row["per direct FTE here"]),
                _publisher(comparison, name),
            ),
        )
        for name, row in found.items()
    ]
    if rows:
        yield Table(
            id="rivals-table",
            caption=words("compared.rivals"),
            columns=[
                Column(head=words("compared.what"), long=True),
                *numeric(*(words(f"compared.{key}") for key in ("persons", "per_head", "per_fte"))),
                Column(head=words("compared.publisher")),
            ],
            rows=rows,
        )


def _wages(material: Material, comparison: Comparison) -> Iterator[Table]:
    words = material.words
    rows = [
        Row(
            head=text_cell(comparison.figures[name].item),
            cells=(
                value_cell(row["average wage"], 0),
                text_cell(comparison.figures[name].unit),
                value_cell(row.get("heads")),
                value_cell(row["fte"]),
                _publisher(comparison, name),
            ),
        )
        for name, row in comparison.checks.get(WAGES, {}).items()
    ]
    if rows:
        yield Table(
            id="wages-table",
            caption=words("compared.wages"),
            columns=[
                Column(head=words("compared.what"), long=True),
                *numeric(words("compared.average")),
                Column(head=words("checks.unit")),
                *numeric(words("compared.as_heads"), words("compared.as_fte")),
                Column(head=words("compared.publisher")),
            ],
            rows=rows,
            notes=[words("compared.wages_note")],
        )


def _workdays(material: Material, checks: Mapping[str, Any]) -> Iterator[Table]:
    words = material.words
    found = checks.get(DAYS, {})
    if not found:
        return
    published = [(name, v) for name, v in found.items() if name not in material.scopes]
    rows = [
        Row(head=text_cell(words.known("workdays", name)), cells=(value_cell(v, 1),), strong=True)
        for name, v in published
    ]
    rows += [
        Row(head=text_cell(material.names.scope(name)), cells=(value_cell(found[name], 1),))
        for name in material.scopes
        if name in found
    ]
    yield Table(
        id="workdays-table",
        caption=words("compared.workdays"),
        columns=[Column(head=words("scopes.scope")), *numeric(words("compared.workdays_of"))],
        rows=rows,
    )


def _hubs(material: Material, checks: Mapping[str, Any]) -> Iterator[Paragraph]:
    words, found = material.words, checks.get("hub head-counts")
    if not found:
        return
    low, high = found["share of national output"]
    parts = []
    for key, name in (("in_heads", "heads by that share"), ("in_fte", "fte by that share")):
        if name in found:
            few, many = found[name]
            parts.append(words(f"compared.{key}", value=between(few, many, 0)))
    yield Paragraph(
        text=words(
            "compared.hubs",
            counted=number(found["counted locally, persons"], 0),
            share=f"{percent(low, 0)} – {percent(high, 0)}",
            listed=material.names.joined(parts),
        )
    )


def checks(material: Material) -> Section:
    """Return the inputs against each other, and the warnings.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section
    """
    words, derivation = material.words, material.derivation
    blocks: list[Block] = [Paragraph(text=words("checks.lead")), _consistency(material)]
    blocks += list(_implied(material))
    if derivation.warnings:
        blocks += [Paragraph(text=words("checks.warnings"), tone="head")]
        blocks += [Listing(items=derivation.warnings)]
    else:
        blocks.append(Paragraph(text=words("checks.no_warnings")))
    return Section(id="checks", title=words("checks.title"), blocks=blocks)


def _consistency(material: Material) -> Table:
    words, derivation = material.words, material.derivation
    labour, found = derivation.labour, derivation.checks
    money = derivation.account.money
    fte, persons = words.known("unit", "FTE"), words.known("unit", "persons")
    rows: list[tuple[str, object, int, str]] = [
        ("fte", labour.fte, 0, fte),
        ("heads", labour.heads, 0, persons),
        ("pay", found.pay_per_workday, 0, money),
        ("output_head", found.output_per_head, 0, money),
        ("output_fte", found.output_per_fte, 0, money),
    ]
    if labour.crew_fte is not None:
        names = ("fte_crews_low", "fte_crews", "fte_crews_high")
        crews = zip(names, labour.crew_fte, strict=True)
        rows[1:1] = [(name, value, 0, fte) for name, value in crews]
    if found.import_gap is not None:
        mean, largest = found.import_gap
        rows += [("import_mean", mean, 4, ""), ("import_largest", largest, 4, "")]
    made = [
        Row(
            head=text_cell(words(f"checks.{key}")),
            cells=(value_cell(value, digits), text_cell(unit)),
        )
        for key, value, digits, unit in rows
        if value is not None
    ]
    gap = Cell(text=f"{derivation.residual:.1e}", key=repr(derivation.residual))
    made.append(Row(head=text_cell(words("checks.residual")), cells=(gap, text_cell(""))))
    return Table(
        id="checks-table",
        caption=words("checks.caption"),
        columns=[
            Column(head=words("checks.check"), long=True),
            *numeric(words("checks.value")),
            Column(head=words("checks.unit")),
        ],
        rows=made,
    )


def _implied(material: Material) -> Iterator[Table]:
    words, derivation = material.words, material.derivation
    labels = derivation.table.labels
    names = dict(zip(labels.codes, labels.named(words.language), strict=True))
    rows = [
        Row(
            head=Cell(text=names.get(code, code), note=code),
            cells=(text_cell(material.names.pattern(pattern)), value_cell(value, 0)),
        )
        for pattern, cells in derivation.checks.implied_pay.items()
        for code, value in cells.items()
    ]
    if rows:
        yield Table(
            id="implied-table",
            caption=words("checks.implied"),
            columns=[
                Column(head=words("channels.sector"), long=True),
                Column(head=words("checks.pattern")),
                *numeric(f"{words('checks.pay_year')} ({derivation.account.money})"),
            ],
            rows=rows,
        )


def placebo(material: Material) -> Section | None:
    """Return falsification runs; None if there are none.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section or None
    """
    words, found = material.words, material.placebo
    if found is None:
        return None
    frame = found.rows.dropna(axis=1, how="all")
    scopes = [str(name) for name in frame.columns]
    first = str(frame.index[0])
    rows = [
        Row(
            head=text_cell(words.known("run", name)),
            cells=tuple(value_cell(row[scope]) for scope in scopes),
            strong=name == first,
        )
        for name, row in items(frame)
    ]
    table = Table(
        id="placebo-table",
        caption=words("placebo.caption"),
        columns=[
            Column(head=words("placebo.run"), long=True),
            *numeric(*(material.names.scope(scope) for scope in scopes)),
        ],
        rows=rows,
        notes=[words("placebo.note")],
    )
    blocks: list[Block] = [Paragraph(text=words("placebo.lead")), table]
    if found.refusal:
        blocks.append(Paragraph(text=words("placebo.refusal", text=found.refusal), tone="note"))
    return Section(id="placebo", title=words("placebo.title"), blocks=blocks)
