"""Tables with a row and a column of codes, subtotals between: NBS China's own workbooks.

A layout is a declaration; one engine reads all of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta, Step
from iomodel.accounts.table import IOTable
from iomodel.errors import BadCell
from iomodel.readers.cells import CellReader
from iomodel.readers.workbook import Sheet, Workbook, address_of

SEARCH = 40
NOT_STATED = ("not stated", None)  # an insertion then asks for the size of the unit


@dataclass(frozen=True, kw_only=True, eq=False)
class CodedLayout:
    """Declaration of a family of tables.

    Attributes
    ----------
    name : str
    first_subtotal : str
        Code that ends the sectors in the row of codes; its row and column fix the layout.
    finals, primaries : mapping of code to role
        Final demand columns and primary input rows to take.
    subtotals : frozenset of str
        Codes of subtotals, never stored.
    residuals : frozenset of str
        Codes of statistical discrepancy columns, kept with the role ``residual``.
    imports, output : str
        Codes of these columns.
    language : str
        Language of the names in the workbook.
    units : mapping of text to (unit, size)
    facts : mapping
        Facts of the publisher for ``meta``.
    """

    name: str
    first_subtotal: str
    finals: Mapping[str, str]
    primaries: Mapping[str, str]
    subtotals: frozenset[str]
    residuals: frozenset[str]
    imports: str
    output: str
    language: str
    units: Mapping[str, tuple[str, float]]
    facts: Mapping[str, str] = field(default_factory=dict)

    def recognises(self, book: Workbook) -> bool:
        """Tell whether a sheet of the workbook has the codes of this layout."""
        return self._place(book) is not None

    def read(self, book: Workbook) -> IOTable:
        """Read the first sheet that has this layout.

        Raises
        ------
        BadCellsError
            With every cell that cannot be used.
        """
        place = self._place(book)
        assert place is not None, "recognised before"
        return _read(self, CellReader(book), *place)

    def _place(self, book: Workbook) -> tuple[Sheet, int, int] | None:
        """Sheet, row of codes and column of codes; None where there are none."""
        for name in book.names:
            sheet = book.sheet(name)
            for row in range(min(SEARCH, sheet.height)):
                codes = {sheet.text(row, c) for c in range(sheet.width)}
                if not {self.first_subtotal, self.output} <= codes:
                    continue
                for column in range(4):
                    if _first(sheet, row, column) is not None:
                        return sheet, row, column
        return None


def _first(sheet: Sheet, head: int, side: int) -> int | None:
    """Return the column of the first sector: its code also heads the row below."""
    code = sheet.text(head + 1, side)
    columns = range(side + 1, sheet.width)
    return next((c for c in columns if code and sheet.text(head, c) == code), None)


def _read(layout: CodedLayout, reader: CellReader, sheet: Sheet, head: int, side: int) -> IOTable:
    across = {sheet.text(head, c): c for c in range(side + 1, sheet.width) if sheet.text(head, c)}
    start, stop = _first(sheet, head, side) or side + 1, across[layout.first_subtotal]
    columns = list(range(start, stop))
    down = _codes_down(layout, sheet, head, side)
    codes = [sheet.text(head, c) for c in columns]
    rows = range(head + 1, head + 1 + len(columns))
    for row, code in zip(rows, codes, strict=True):
        if sheet.text(row, side) != code:
            problem = f"code of the row; the column {len(codes)} sectors further has {code}"
            reader.note(sheet, row, side, problem)
    _known(layout, reader, sheet, head, across, stop)
    _known_rows(layout, reader, sheet, rows[-1] + 1, side)
    lost = [code for code in layout.primaries if code not in down]
    lost += [code for code in (layout.imports, layout.output) if code not in across]
    if lost:
        reader.bad.append(BadCell(sheet.name, "", "", f"no row or column {', '.join(lost)}"))
    reader.finish()
    finals = [code for code in across if code in layout.finals or code in layout.residuals]
    name = side - 1
    labels = Labels(
        codes=tuple(codes), names={layout.language: tuple(sheet.text(r, name) for r in rows)}
    )
    flows = _flows(layout, reader, sheet, rows, columns, across, down, finals)
    reader.finish()
    return IOTable(
        labels=labels,
        final_labels=Labels(
            codes=tuple(finals),
            names={layout.language: tuple(_title(sheet, head, across[c]) for c in finals)},
            groups=tuple(layout.finals.get(code, "residual") for code in finals),
        ),
        primary_labels=Labels(
            codes=tuple(layout.primaries),
            names={layout.language: tuple(sheet.text(down[c], name) for c in layout.primaries)},
            groups=tuple(layout.primaries.values()),
        ),
        flows=flows,
        meta=_meta(layout, reader.book, sheet, head),
    )


def _codes_down(layout: CodedLayout, sheet: Sheet, head: int, side: int) -> dict[str, int]:
    """Rows by code; totals can have theirs one or two columns to the left (merged cells)."""
    found: dict[str, int] = {}
    for row in range(head + 1, sheet.height):
        for column in range(side, -1, -1):
            if sheet.text(row, column):
                found.setdefault(sheet.text(row, column), row)
                break
    return found


def _known(
    layout: CodedLayout,
    reader: CellReader,
    sheet: Sheet,
    head: int,
    across: Mapping[str, int],
    stop: int,
) -> None:
    """Refuse columns that are neither taken nor known subtotals: nothing is dropped unasked."""
    known = {*layout.finals, *layout.subtotals, *layout.residuals, layout.imports, layout.output}
    for code, column in across.items():
        if column >= stop and code not in known:
            reader.note(sheet, head, column, "a column that this layout does not know")
    for column in range(stop, sheet.width):
        if not sheet.text(head, column) and sheet.text(head + 1, column):
            reader.note(sheet, head, column, "a column of figures without a code")


def _known_rows(
    layout: CodedLayout, reader: CellReader, sheet: Sheet, start: int, side: int
) -> None:
    """Refuse rows of figures that are neither taken nor known subtotals."""
    known = {*layout.primaries, *layout.subtotals}
    for row in range(start, sheet.height):
        texts = [sheet.text(row, column) for column in range(side + 1)]
        figures = any(
            isinstance(sheet.cell(row, c), int | float) for c in range(side + 1, side + 3)
        )
        if figures and not known & set(texts):
            reader.note(sheet, row, side, "a row of figures that this layout does not know")


def _flows(
    layout: CodedLayout,
    reader: CellReader,
    sheet: Sheet,
    rows: range,
    columns: list[int],
    across: Mapping[str, int],
    down: Mapping[str, int],
    finals: list[str],
) -> Flows:
    inner = [down[code] for code in layout.primaries]
    primary = [reader.block(sheet, range(r, r + 1), columns)[0] for r in inner]
    return Flows(
        intermediate=reader.block(sheet, rows, columns),
        final_demand=reader.block(sheet, rows, [across[code] for code in finals]),
        primary_inputs=np.array(primary),
        output=reader.block(sheet, rows, [across[layout.output]])[:, 0],
        imports=reader.block(sheet, rows, [across[layout.imports]])[:, 0],
        final_primary=np.zeros((len(inner), len(finals))),
    )


def _title(sheet: Sheet, head: int, column: int) -> str:
    texts = (sheet.text(row, column) for row in range(head - 1, -1, -1))
    return next((text for text in texts if text), "")


def _meta(layout: CodedLayout, book: Workbook, sheet: Sheet, head: int) -> Meta:
    lines = [sheet.text(r, c) for r in range(head) for c in range(min(4, sheet.width))]
    text = " ".join(line for line in lines if line)
    year = re.search(r"(19|20)\d\d", f"{sheet.name} {text}")
    stated = next((item for key, item in layout.units.items() if key in text), NOT_STATED)
    when = int(year.group()) if year else None
    return Meta(
        title=next((line for line in lines if line), sheet.name),
        unit=stated[0],
        unit_value=stated[1],
        year=when,
        price_year=when,
        import_treatment="competitive",
        notes={"layout": layout.name, "sheet": sheet.name, "codes": address_of(head, 0)},
        steps=(Step(verb="read", arguments=f"{book.path.name}, {sheet.name}"),),
        **layout.facts,
    )


NBS_CHINA = CodedLayout(
    name="NBS China, competitive imports",
    first_subtotal="TIU",
    finals={
        "FU101": "household",
        "FU102": "household",
        "FU103": "government",
        "FU201": "capital formation",
        "FU202": "inventories",
        "EX": "exports",
    },
    primaries={
        "VA001": "compensation",
        "VA002": "production taxes",
        "VA003": "depreciation",
        "VA004": "operating surplus",
    },
    subtotals=frozenset({"TIU", "THC", "TC", "GCF", "TFU", "TII", "TVA", "TI"}),
    residuals=frozenset({"ERR"}),
    imports="IM",
    output="GO",
    language="zh",
    units={"万元": ("10,000 CNY", 1e4), "亿元": ("100 million CNY", 1e8)},
    facts={
        "publisher": "National Bureau of Statistics of China",
        "region": "China",
        "currency": "CNY",
        "valuation": "producers' prices",
        "kind": "product",
    },
)
LAYOUTS = (NBS_CHINA,)
