"""A table as a workbook in the project's own layout (tables/china_2020.xlsx shows it)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from iomodel.accounts.forms import GROWTH, SHEETS, SPLIT_FINALS, TABLE_LAYOUT
from iomodel.accounts.imports import ImportSplit
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import listed
from iomodel.kernels.linear import Array
from iomodel.writers.atomic import WriteError
from iomodel.writers.pages import MOST_COLUMNS, MOST_ROWS, Cell, Page, page_bytes

LANGUAGES = ("en", "zh")
NO_SHEET = {*SHEETS, "history"}
PLAIN = re.compile(r"\w|\w[\w .-]{0,29}\w")
SPLIT_HEADS = ("sector", "sector_42", "sector_region")
Row = Sequence[Cell]


def content(table: IOTable, place: Path) -> bytes:
    """Return the workbook of a table.

    Parameters
    ----------
    table : IOTable
    place : Path
        The file, for messages.

    Raises
    ------
    WriteError
        Naming everything that a workbook cannot hold.
    """
    lost = list(_unfit(table))
    if not lost:
        sheets = _sheet_names(table.satellites)
        pages = [
            Page(name="about", rows=_about(table), heads=1, frozen=1, widths=(24, 110), padded=1),
            Page(name="sectors", rows=_sectors(table), heads=1, frozen=1, widths=(11, 50, 40, 14)),
            _flows(table),
            *(
                _satellite(sheets[key], key, account, table)
                for key, account in table.satellites.items()
            ),
        ]
        if table.import_split is not None:
            rows = _split(table.import_split, table.labels)
            widths = (11, 8, 16, 16, 17)
            pages.append(Page(name="imports_42", rows=rows, heads=1, frozen=4, widths=widths))
        book, lost = page_bytes(pages)
        if not lost:
            return book
    raise WriteError(
        f"{place}: a workbook cannot hold {len(lost)} parts of {table.meta.title!r} as they are:\n"
        f"  {listed(lost)}\nChange them, or write a folder: a path without a suffix."
    )


def _unfit(table: IOTable) -> Iterator[str]:
    """Yield what the layout has no place for."""
    n, k, p = len(table), len(table.final_labels), len(table.primary_labels)
    if not (n and k and p):
        yield f"{n} sectors, {k} final demand columns, {p} primary inputs: one of each is needed"
    if n + k + 20 > MOST_COLUMNS or n + p + 20 > MOST_ROWS:
        yield f"{n} sectors: a sheet has {MOST_COLUMNS:,} columns and {MOST_ROWS:,} rows"
    brackets = [step.verb for step in table.meta.steps if "(" in step.verb]
    if brackets:
        yield f"steps whose verb has a bracket: {brackets}"
    yield from _unfit_names(table)
    for key, account in table.satellites.items():
        if not len(account.rows):
            yield f"satellite {key!r} has no rows"
        if GROWTH in account.rows.codes:
            yield f"satellite {key!r}: the column {GROWTH} is that of the growth factors"
        if account.units:
            yield f"satellite {key!r}: rows in several units ({account.unit_text})"
        if account.final is not None:
            yield f"satellite {key!r}: levels of final demand"
    if table.import_split is not None:
        yield from _unfit_split(table.import_split, n)


def _unfit_names(table: IOTable) -> Iterator[str]:
    parts = {"sectors": table.labels, "final": table.final_labels, "primary": table.primary_labels}
    parts |= {f"satellite {key}": account.rows for key, account in table.satellites.items()}
    for part, labels in parts.items():
        for language in labels.names:
            if not re.fullmatch(r"[^\s,]+", language) or language == "none":
                yield f"names of {part}: {language!r} is not the name of a language"


def _unfit_split(split: ImportSplit, size: int) -> Iterator[str]:
    codes = [*split.codes, *split.final_codes]
    taken = sorted({*SPLIT_HEADS, "GO", ""} & set(codes))
    if taken or len(set(codes)) < len(codes):
        yield f"import split: codes stand twice, or are headers of its sheet: {taken}"
    lost = [code for code in SPLIT_FINALS if code not in split.final_codes]
    if lost or not split.codes:
        yield f"import split: no groups, or no final use {', '.join(lost)}"
    fits = split.group.shape == (size,) and not set(split.group.tolist()) - set(
        range(len(split.codes))
    )
    if not fits:
        yield f"import split: every one of {size} sectors needs the position of its group"


def _sheet_names(satellites: Mapping[str, Satellite]) -> dict[str, str]:
    """Return a sheet for each satellite: of its name, or of its number where none can be."""
    found: dict[str, str] = {}
    taken = set(NO_SHEET)
    for k, key in enumerate(satellites, start=1):
        name = key.casefold()
        plain = PLAIN.fullmatch(key) and not re.fullmatch(r"satellite_\d+", name)
        found[key] = key if plain and name not in taken else f"satellite_{k}"
        taken.add(name)
    return found


def _about(table: IOTable) -> Iterator[Row]:
    """Yield facts as key and value; what is not known is left out."""
    meta = table.meta
    yield "key", "value"
    yield "layout", TABLE_LAYOUT
    for key in (
        *("title", "publisher", "published", "address", "region", "unit", "currency"),
        *("unit_value", "year", "price_year", "valuation", "import_treatment", "kind"),
    ):
        value = getattr(meta, key)
        if value not in (None, ""):
            yield key, value.item() if isinstance(value, np.generic) else value
    parts = {"sectors": table.labels, "final": table.final_labels, "primary": table.primary_labels}
    for part, labels in parts.items():
        if tuple(labels.names) != LANGUAGES:
            yield f"names_{part}", ", ".join(labels.names) or "none"
    if table.domestic_shares is not None:
        yield "domestic_shares", table.domestic_shares.method
    for k, key in enumerate(table.satellites, start=1):
        yield f"satellite_{k}", key
    if table.import_split is not None:
        yield "imports_42_source", table.import_split.source
    for key, text in (meta.notes or {}).items():
        plain = key.startswith(("note", "quotation")) and not key.startswith("note:")
        yield key if plain else f"note:{key}", text
    for k, step in enumerate(meta.steps, start=1):
        yield f"step_{k}", str(step)


def _sectors(table: IOTable) -> Iterator[Row]:
    """Yield one row per sector; regions, further languages and domestic shares if there are."""
    labels, shares = table.labels, table.domestic_shares
    blank = ("",) * len(labels)
    columns: dict[str, Sequence[Cell]] = {
        "code": labels.codes,
        **{f"name_{lang}": labels.names.get(lang, blank) for lang in LANGUAGES},
        "section": labels.groups,
    }
    if any(labels.regions):
        columns["region"] = labels.regions
    columns |= {f"name_{lang}": texts for lang, texts in labels.names.items()}
    if shares is not None:
        columns["share_intermediate"] = shares.intermediate.tolist()
        columns["share_consumption"] = shares.consumption.tolist()
    yield tuple(columns)
    yield from zip(*columns.values(), strict=True)


class _Line(NamedTuple):
    """Labels of one row or column of `flows`."""

    code: str
    role: str
    region: str
    names: Mapping[str, str]

    def cells(self, heads: Sequence[str]) -> list[Cell]:
        own = {"code": self.code, "role": self.role, "region": self.region}
        own |= {f"name_{language}": text for language, text in self.names.items()}
        return [own.get(head, "") for head in heads]


def _lines(labels: Labels, roles: Sequence[str]) -> list[_Line]:
    return [
        _Line(code, roles[i], labels.regions[i], {k: v[i] for k, v in labels.names.items()})
        for i, code in enumerate(labels.codes)
    ]


def _roles(labels: Labels, kind: str, taken: set[str]) -> list[str]:
    """Return a role for each label; no role, and roles that blocks have, are set apart."""
    return [
        f"{kind}: {group}" if group in taken or group.startswith(kind) else group or kind
        for group in labels.groups
    ]


def _flows(table: IOTable) -> Page:
    """Return the sheet `flows`: label rows and columns, then the figures."""
    flows, parts = table.flows, (table.labels, table.final_labels, table.primary_labels)
    languages = dict.fromkeys(lang for part in parts for lang in part.names)
    heads = ["code", "name_zh", "name_en", "role"]
    heads += ["region"] if any(any(part.regions) for part in parts) else []
    heads += [f"name_{lang}" for lang in languages if lang not in LANGUAGES]
    sectors = _lines(table.labels, ["sector"] * len(table))
    special = {"sector", "imports", "output"}
    finals = _lines(table.final_labels, _roles(table.final_labels, "final demand", special))
    primaries = _lines(
        table.primary_labels, _roles(table.primary_labels, "primary input", {"sector"})
    )
    right = [flows.final_demand]
    if table.meta.import_treatment == "competitive" or _stored(flows.imports):
        finals.append(_Line("IM", "imports", "", {"en": "Imports", "zh": "进口"}))
        right.append(flows.imports[:, None])
    finals.append(_Line("GO", "output", "", {"en": "Gross output", "zh": "总产出"}))
    body = np.hstack([flows.intermediate, *right, flows.output[:, None]])
    outer = flows.final_primary.tolist() if _stored(flows.final_primary) else [[]] * len(primaries)
    across = [line.cells(heads) for line in (*sectors, *finals)]

    def rows() -> Iterator[Row]:
        for at, head in enumerate(heads):
            corner = heads if at == 0 else [head, *[None] * (len(heads) - 1)]
            yield [*corner, *(cells[at] for cells in across)]
        for line, figures in zip(sectors, body, strict=True):
            yield [*line.cells(heads), *figures.tolist()]
        for line, figures, more in zip(primaries, flows.primary_inputs, outer, strict=True):
            yield [*line.cells(heads), *figures.tolist(), *more]

    widths = (11, 30, 40, 18, *[16] * (len(heads) - 3))
    return Page(name="flows", rows=rows(), heads=len(heads), frozen=len(heads), widths=widths)


def _stored(values: Array) -> bool:
    """Tell whether an array holds anything but plain zeros (minus zero is not one)."""
    return bool((values != 0).any() or np.signbit(values).any())


def _satellite(sheet: str, key: str, account: Satellite, table: IOTable) -> Page:
    """Return the sheet of a satellite: facts on top, then one row per sector."""
    labels, rows, size = table.labels, account.rows, len(account.rows)
    blank = ("",) * len(labels)
    left: dict[str, Sequence[Cell]] = {
        "code": labels.codes,
        **{f"name_{lang}": labels.names.get(lang, blank) for lang in LANGUAGES},
    }
    if any(labels.regions):
        left["region"] = labels.regions
    growth = account.growth
    rest = () if growth is None else (GROWTH,)
    years = "-".join(str(year) for year in (table.meta.price_year, account.year) if year)
    year = None if account.year is None else int(account.year)
    facts: dict[str, Row] = {
        "unit": [*[account.unit] * size, *["ratio" for _ in rest]],
        "year": [*[year] * size, *[years for _ in rest]],
        "sources": [account.source],
        "unit_value": [float(account.unit_value)],
        "basis": [account.basis],
        **{f"name_{language}": texts for language, texts in rows.names.items()},
    }
    optional: dict[str, Row] = {"group": rows.groups, "region": rows.regions}
    facts |= {head: texts for head, texts in optional.items() if any(texts)}
    if account.name != key:
        facts["name"] = [account.name]
    levels = [*account.values, *([] if growth is None else [growth])]

    def lines() -> Iterator[Row]:
        yield [*left, *rows.codes, *rest]
        for head, values in facts.items():
            yield [head, *[None] * (len(left) - 1), *values]
        names = zip(*left.values(), strict=True)
        for cells, figures in zip(names, np.column_stack(levels), strict=True):
            yield [*cells, *figures.tolist()]

    widths = (11, 50, 40, 22)
    return Page(name=sheet, rows=lines(), heads=1 + len(facts), frozen=len(left), widths=widths)


def _split(split: ImportSplit, labels: Labels) -> Iterator[Row]:
    """Yield domestic and import rows, with the group of each sector beside them."""
    several = any(labels.regions)
    heads = SPLIT_HEADS if several else SPLIT_HEADS[:2]
    yield [
        *("origin", "code", "name_en", "name_zh"),
        *(*split.codes, *split.final_codes, None, *heads),
    ]
    domestic = np.hstack([split.domestic, split.final_domestic])
    imported = np.hstack([split.imported, split.final_imported])
    width = 4 + domestic.shape[1]
    left: list[Row] = [
        [origin, code, None, None, *map(float, figures)]
        for origin, block in (("domestic", domestic), ("import", imported))
        for code, figures in zip(split.codes, block, strict=True)
    ]
    right: list[Row] = [
        [None, code, split.codes[group], *([region] if several else [])]
        for code, group, region in zip(labels.codes, split.group, labels.regions, strict=True)
    ]
    for at in range(max(len(left), len(right))):
        inner = left[at] if at < len(left) else [None] * width
        yield [*inner, *(right[at] if at < len(right) else ())]
