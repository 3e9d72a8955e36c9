"""Sections on what was derived: ratios by scope, channels, destinations, levels."""

from collections.abc import Iterator

import pandas as pd

from iomodel.report import pictures
from iomodel.report.material import Material
from iomodel.report.names import LEVEL, RATE
from iomodel.report.parts import (
    Block,
    Cell,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    between,
    items,
    number,
    numeric,
    text_cell,
    value_cell,
)

LARGEST = 15


def scopes(material: Material) -> Section:
    """Return ratios by scope, basis and boundary, the headline pair first.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section
    """
    words, derivation = material.words, material.derivation
    blocks: list[Block] = [
        Paragraph(text=words("scopes.lead" if len(material.pair) > 1 else "scopes.lead_one")),
        _ratios(material, derivation.central, "scopes-table", words("scopes.caption")),
        *pictures.scopes(material),
        Paragraph(text=_persons(material)),
    ]
    moved = material.names.joined(material.names.linked)
    if len(derivation.wide.columns):
        blocks += [
            Paragraph(text=words("scopes.wide_lead", sector=moved)),
            _ratios(
                material,
                derivation.wide,
                "boundary-table",
                words("scopes.wide_caption", sector=moved),
            ),
        ]
    blocks += list(_mixed(material))
    return Section(id="scopes", title=words("scopes.title"), blocks=blocks)


def _persons(material: Material) -> str:
    words, labour = material.words, material.derivation.labour
    parts = [words("scopes.in_fte", value=number(labour.fte, 0))]
    if labour.workdays is not None:
        parts.append(words("scopes.in_workdays", value=number(labour.workdays / 1e6)))
    if labour.heads is not None:
        parts.append(words("scopes.in_heads", value=number(labour.heads, 0)))
    return words("scopes.labour", listed=material.names.joined(parts))


def _mixed(material: Material) -> Iterator[Paragraph]:
    """Show the one ratio of two bases, named as such."""
    if material.comparison is None:
        return
    exhibit = material.comparison.checks.get("mixed-basis exhibit")
    if exhibit:
        ratios = exhibit["ratio"].values()
        text = material.words("scopes.mixed", range=between(min(ratios), max(ratios)))
        yield Paragraph(text=text, tone="note")


def _ratios(material: Material, frame: pd.DataFrame, name: str, caption: str) -> Table:
    """Ratios by scope and pattern, with what each scope counts."""
    words, flipped = material.words, material.transposed(frame)
    order = [scope for scope in material.scopes if scope in flipped.index]
    pair = [scope for scope in material.pair if scope in order]
    rows = []
    for scope, values in items(flipped.loc[order]):
        cells = (*_values(values, material.digits), text_cell(material.names.contains(scope)))
        rows.append(
            Row(
                head=text_cell(material.names.scope(scope)),
                cells=cells,
                strong=scope in pair,
                apart=scope == pair[-1] if pair else False,
            )
        )
    columns = [
        Column(head=words("scopes.scope")),
        *_heads(material),
        Column(head=words("scopes.contains"), long=True),
    ]
    return Table(id=name, caption=caption, columns=columns, rows=rows)


def _heads(material: Material) -> list[Column]:
    """Columns of the mean and of each pattern."""
    names = [material.names.pattern(name) for name in material.patterns]
    return numeric(material.words("scopes.mean"), *names) if len(names) > 1 else numeric(*names)


def _values(values: dict[str, object], digits: int) -> list[Cell]:
    """Cells of the mean and of each pattern; of one pattern alone if there is no other."""
    several = len(values) > 2
    return [value_cell(v, digits) for key, v in values.items() if several or key != "mean"]


def channels(material: Material) -> Section:
    """Return jobs by channel, item and destination.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section
    """
    words = material.words
    blocks: list[Block] = [
        Paragraph(text=words("channels.lead", scope=material.names.scope(material.widest))),
        _channels(material),
        *pictures.channels(material),
        *_destinations(material),
        _items(material),
    ]
    return Section(id="channels", title=words("channels.title"), blocks=blocks)


def _channels(material: Material) -> Table:
    words, derivation = material.words, material.derivation
    frame = material.transposed(derivation.by_channel)
    frame = frame[(frame != 0).any(axis=1)]
    rows = [
        Row(head=text_cell(material.names.channel(name)), cells=tuple(_values(values, 3)))
        for name, values in items(frame)
    ]
    total = material.transposed(derivation.central[[material.widest]])
    for _, values in items(total):
        head = f"{words('channels.total')} = {material.names.scope(material.widest)}"
        rows.append(Row(head=text_cell(head), cells=tuple(_values(values, 3)), strong=True))
    return Table(
        id="channels-table",
        caption=words("channels.caption"),
        columns=[Column(head=words("channels.channel")), *_heads(material)],
        rows=rows,
    )


def _destinations(material: Material) -> Iterator[Table]:
    """Show the largest destinations, and all of them in a fold."""
    words, labels = material.words, material.derivation.table.labels
    names = dict(zip(labels.codes, labels.named(words.language), strict=True))
    frame = material.transposed(material.derivation.destinations)
    frame = frame.sort_values("mean", ascending=False, kind="stable")
    rows = [
        Row(
            head=text_cell(names[code]),
            cells=(text_cell(code), *_values(values, 4)),
        )
        for code, values in items(frame)
    ]
    columns = [
        Column(head=words("channels.sector")),
        Column(head=words("channels.code")),
        *_heads(material),
    ]
    yield Table(
        id="destinations-table",
        caption=words("channels.destinations", count=min(LARGEST, len(rows))),
        columns=columns,
        rows=rows[:LARGEST],
    )
    if len(rows) > LARGEST:
        yield Table(
            id="destinations-all",
            caption=words("channels.destinations_all"),
            columns=columns,
            rows=rows,
            folded=words("channels.fold", count=len(rows)),
        )


def _items(material: Material) -> Table:
    words = material.words
    frame = material.transposed(material.derivation.detail[material.widest].by_item())
    frame = frame.sort_values("mean", ascending=False, kind="stable")
    rows = [
        Row(
            head=text_cell(material.names.item(name)),
            cells=tuple(_values(values, 0)),
        )
        for name, values in items(frame)
    ]
    return Table(
        id="items-table",
        caption=words("channels.items"),
        columns=[Column(head=words("channels.item")), *_heads(material)],
        rows=rows,
        notes=[words("channels.items_note")],
        folded=words("channels.fold_items", count=len(rows)),
    )


def levels(material: Material) -> Section:
    """Return jobs gross and net, by scope and per million of final demand.

    Parameters
    ----------
    material : Material

    Returns
    -------
    Section
    """
    words, frame = material.words, material.transposed(material.derivation.levels)
    jobs, rates, net = list[Row](), list[Row](), list[Row]()
    for name, values in items(frame):
        rate = RATE.fullmatch(name)
        head = text_cell(material.names.scope(rate[2]) if rate else material.names.level(name))
        strong = name == "direct" or name.startswith(("contribution", "impact"))
        cells = tuple(_values(values, 2 if rate else 0))
        kind = rates if rate else jobs if name == "direct" or LEVEL.fullmatch(name) else net
        kind.append(Row(head=head, cells=cells, strong=strong))
    tables = [
        Table(
            id=identity,
            caption=words(caption, scope=material.names.scope(material.widest)),
            columns=[Column(head=words(head)), *_heads(material)],
            rows=rows,
        )
        for identity, caption, head, rows in (
            ("net-table", "levels.net_caption", "levels.level", net),
            ("levels-table", "levels.caption", "levels.level", jobs),
            ("rates-table", "levels.per_million", "scopes.scope", rates),
        )
        if rows
    ]
    return Section(
        id="levels",
        title=words("levels.title"),
        blocks=[Paragraph(text=words("levels.lead")), *tables],
    )
