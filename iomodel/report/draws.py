"""Sections on draws of the inputs: intervals, what drives the result, the inverse question."""

from collections.abc import Iterator
from typing import Any

from iomodel.analysis.inverse import FEWEST, NONE, Inverse
from iomodel.analysis.uncertainty import Uncertainty
from iomodel.report import pictures
from iomodel.report.material import Material
from iomodel.report.parts import (
    Block,
    Cell,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    items,
    number,
    numeric,
    percent,
    plain,
    plain_cell,
    text_cell,
    value_cell,
)
from iomodel.studies.forward import POOLED
from iomodel.studies.spread import Spreads, scopes as quantiles

LARGEST = 12
SHIFTED = 8


def intervals(material: Material) -> Section:
    """Return the distribution of the ratio by scope, or say that there are no draws.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section
    """
    words, found = material.words, material.stated
    blocks: list[Block] = [Paragraph(text=words("intervals.none"), tone="note")]
    if found is not None:
        lead = words(
            "intervals.lead",
            draws=number(found.draws, 0),
            accepted=number(found.accepted, 0),
            seed=found.seed,
        )
        if len(material.patterns) > 1:
            lead = f"{lead} {words('intervals.patterns')}"
        blocks = [
            Paragraph(text=lead),
            *pictures.intervals(material),
            _distribution(material, found),
        ]
    return Section(id="intervals", title=words("intervals.title"), blocks=blocks)


def _distribution(material: Material, found: Uncertainty) -> Table:
    words, value, digits = material.words, material.published, material.digits
    runs = _runs(material, found)
    frames = {name: quantiles(run).to_dict("index") for name, run in runs.items()}
    order = [scope for scope in material.scopes if scope in frames["stated"]]
    shares = None if value is None else found.share_at_or_above(value).to_dict()
    rows = []
    for scope in order:
        row: dict[Any, Any] = frames["stated"][scope]
        cells = [value_cell(row["median"], digits)]
        for frame in frames.values():
            cells += [value_cell(frame[scope][key], digits) for key in ("p05", "p95")]
        if shares is not None:
            cells.append(value_cell(float(shares["ratio", scope, POOLED]), 1, share=True))
        cells.append(value_cell(row["mc_se"], 4))
        pair = scope in material.pair
        last = scope == material.pair[-1]
        rows.append(
            Row(
                head=text_cell(material.names.scope(scope)),
                cells=tuple(cells),
                strong=pair,
                apart=last,
            )
        )
    heads = [words("intervals.median"), words("intervals.p05"), words("intervals.p95")]
    for name in list(frames)[1:]:
        heads += [words(f"intervals.{name}_low"), words(f"intervals.{name}_high")]
    if value is not None:
        heads.append(words("intervals.share", value=f"{value:g}"))
    heads.append(words("intervals.error"))
    return Table(
        id="intervals-table",
        caption=words("intervals.caption"),
        columns=[Column(head=words("scopes.scope")), *numeric(*heads)],
        rows=rows,
        notes=[words("intervals.error_note"), *_accepted(material, runs)],
    )


def _runs(material: Material, found: Uncertainty) -> dict[str, Uncertainty]:
    runs = {"stated": found}
    if isinstance(material.intervals, Spreads):
        runs |= {"wide": material.intervals.wide, "flat": material.intervals.flat}
    return runs


def _accepted(material: Material, runs: dict[str, Uncertainty]) -> Iterator[str]:
    words = material.words
    listed = (
        words(
            "intervals.run",
            name=words(f"intervals.{name}"),
            accepted=number(run.accepted, 0),
            draws=number(run.draws, 0),
        )
        for name, run in runs.items()
    )
    yield words("intervals.accepted", listed=words("page.clause").join(listed))
    screens = (
        words("intervals.rejected_by", screen=screen, share=percent(share, 2))
        for screen, share in runs["stated"].rejected.items()
    )
    if runs["stated"].rejected:
        yield words("intervals.rejected", listed=words("page.clause").join(screens))


def drivers(material: Material) -> Section | None:
    """Return what moves the headline, one input at a time and by group; None without draws.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section or None
    """
    words, found = material.words, material.drivers
    if found is None:
        return None
    scope = material.names.scope(found.of[1]) if len(found.of) > 1 else found.of[0]
    moving = found.inputs[found.inputs["swing"] > 0]
    columns = [
        Column(head=words("drivers.input"), long=True),
        *numeric(*(words(f"drivers.{key}") for key in ("low", "high"))),
        *numeric(*(words(f"drivers.{key}") for key in ("at_low", "at_high"))),
        *numeric(words("drivers.swing"), words("drivers.elasticity")),
    ]
    rows = [
        Row(
            head=Cell(text=material.names.input(name), note=name),
            cells=(
                plain_cell(row["low"]),
                plain_cell(row["high"]),
                *(value_cell(row[key], 3) for key in ("at low", "at high", "swing", "elasticity")),
            ),
        )
        for name, row in items(moving)
    ]
    blocks: list[Block] = [
        Paragraph(text=words("drivers.lead")),
        *pictures.tornado_of(material),
        Table(
            id="drivers-table",
            caption=words("drivers.caption", scope=scope),
            columns=columns,
            rows=rows[:LARGEST],
        ),
        *_folded(material, scope, columns, rows),
        *pictures.sobol_of(material),
        _variance(material, scope),
    ]
    return Section(id="drivers", title=words("drivers.title"), blocks=blocks)


def _folded(
    material: Material, scope: str, columns: list[Column], rows: list[Row]
) -> Iterator[Table]:
    """All inputs that move the headline, in a fold."""
    if len(rows) > LARGEST:
        yield Table(
            id="drivers-all",
            caption=material.words("drivers.caption_all", scope=scope),
            columns=columns,
            rows=rows,
            folded=material.words("drivers.fold", count=len(rows)),
        )


def _variance(material: Material, scope: str) -> Table:
    words = material.words
    assert material.drivers is not None, "asked before"
    interval = words("drivers.interval")
    rows = [
        Row(
            head=Cell(text=material.names.group(name), note=str(row["inputs"])),
            cells=(
                value_cell(row["first"], 1, share=True),
                _interval(row, "first"),
                value_cell(row["total"], 1, share=True),
                _interval(row, "total"),
            ),
        )
        for name, row in items(material.drivers.groups)
    ]
    heads = numeric(words("drivers.first"), interval, words("drivers.total"), interval)
    return Table(
        id="variance-table",
        caption=words("drivers.sobol", scope=scope),
        columns=[Column(head=words("drivers.group"), long=True), *heads],
        rows=rows,
        notes=[words("drivers.sobol_note")],
    )


def _interval(row: dict[str, Any], name: str) -> Cell:
    low, high = row[f"{name} low"], row[f"{name} high"]
    return Cell(text=f"{number(low * 100, 1)} – {percent(high)}", key=repr(float(low)))


def inverse(material: Material) -> Section | None:
    """Return what it would take, conditional on the published figure; None if nobody asked.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section or None
    """
    if not material.asked:
        return None
    words = material.words
    blocks: list[Block] = [
        Paragraph(text=words("inverse.condition"), tone="warning"),
        Paragraph(text=words("inverse.lead")),
    ]
    pooled = {key: one for key, one in material.asked.items() if one.of[-1] == POOLED}
    for place, (scope, found) in enumerate(pooled.items()):
        fields = {"scope": material.names.scope(scope), "target": f"{found.target:g}"}
        blocks += [
            *_alone(material, found, place, fields),
            *pictures.iso_of(material, scope, place),
            *_nearest(material, found, place, fields),
            *_posterior(material, found, place, fields),
        ]
    return Section(id="inverse", title=words("inverse.title"), blocks=blocks)


def _alone(
    material: Material, found: Inverse, place: int, fields: dict[str, str]
) -> Iterator[Block]:
    words = material.words
    frame = found.inputs[found.inputs["answer"] != NONE]
    if not len(frame):
        yield Paragraph(text=words("inverse.none", **fields))
        return
    keys = ("low", "central", "high", "value")
    heads = numeric(*(words(f"inverse.{key}") for key in ("low", "central", "high", "needed")))
    rows = [
        Row(
            head=Cell(text=material.names.input(name), note=name),
            cells=tuple(plain_cell(row[key]) for key in keys),
        )
        for name, row in items(frame)
    ]
    yield Table(
        id=f"alone-{place}",
        caption=words("inverse.alone", **fields),
        columns=[Column(head=words("inverse.input"), long=True), *heads],
        rows=rows,
        notes=[words("inverse.others", count=len(found.inputs) - len(frame))],
    )


def _nearest(
    material: Material, found: Inverse, place: int, fields: dict[str, str]
) -> Iterator[Block]:
    words = material.words
    if found.distance != found.distance:
        yield Paragraph(text=words("inverse.unreachable", **fields))
        return
    rows = [
        Row(
            head=Cell(text=material.names.input(name), note=name),
            cells=(
                plain_cell(row["central"]),
                plain_cell(row["nearest"]),
                value_cell(row["deviations"], 3),
            ),
        )
        for name, row in items(found.nearest.head(LARGEST))
    ]
    heads = numeric(*(words(f"inverse.{key}") for key in ("central", "found", "deviations")))
    yield Table(
        id=f"nearest-{place}",
        caption=words("inverse.nearest", **fields),
        columns=[Column(head=words("inverse.input"), long=True), *heads],
        rows=rows,
        notes=[
            words("beside.first_rows", count=len(rows), all=len(found.nearest)),
            words("inverse.distance", distance=number(found.distance)),
        ],
    )


def _posterior(
    material: Material, found: Inverse, place: int, fields: dict[str, str]
) -> Iterator[Block]:
    words = material.words
    drawn = {"effective": number(found.effective, 0), "draws": number(found.draws, 0)}
    if found.effective < FEWEST:
        yield Paragraph(text=words("inverse.too_few", **drawn))
        return
    rows = [
        Row(
            head=Cell(text=material.names.input(name.partition(" = ")[0]), note=name),
            cells=(
                plain_cell(plain(row["prior mean"], 4)),
                plain_cell(plain(row["mean"], 4)),
                value_cell(row["shift"], 3),
            ),
        )
        for name, row in items(found.posterior.head(SHIFTED))
    ]
    heads = numeric(*(words(f"inverse.{key}") for key in ("before", "after", "shift")))
    yield Table(
        id=f"posterior-{place}",
        caption=words("inverse.posterior", **fields),
        columns=[Column(head=words("inverse.input"), long=True), *heads],
        rows=rows,
        notes=[
            words("beside.first_rows", count=len(rows), all=len(found.posterior)),
            words("inverse.effective", **drawn),
        ],
    )
