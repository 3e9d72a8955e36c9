"""Every real workbook of the corpus, read with no argument but its path."""

import json
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

import iomodel as iom
from iomodel.readers.ranges import span_of
from iomodel.readers.workbook import open_workbook

SPAIN = 65  # facts.json says 64: the codes go to 64, with 44 b beside 44
MOCKS = ("wiod-wiot-mock", "oecd-icio-mock", "exiobase2-mock", "gloria-mock")
NO_TABLE = {"codes.csv"}
COLUMNS_ONLY = {"IO_energy_2001.xls"}  # energy use by sector, no square
# What is read, where it is not the sheet that facts.json describes: a choice by rule.
BY_RULE = {"11. Tabel IO Aceh 2012 final.xlsx": "PDT Aceh 2012"}
# Cells that the account rightly does not repeat.
ELSEWHERE = {
    ("Beutel_15_4.csv", "Q3"),  # a misprinted row total: the column's is right, a warning says so
    ("iotable_13sector_2011_wider_ja.csv", "V2"),  # one of three columns of imports, see below
}
SIZES = {
    "Spanish A-matrix.xlsx": (SPAIN, SPAIN),
    "IOTable.csv": (12, 12),
    "use-2010.csv": (67, 65),
    "IOUse_Before_Redefinitions_PRO_1997-2015_Summary.xlsx": (73, 71),
    "IxC_TR_1997-2015_Summary.xlsx": (71, 73),
    "IxC_TR_2007_Detail.xlsx": (389, 389),
}


@dataclass(frozen=True)
class Known:
    """What facts.json states of one file."""

    folder: str
    file: str
    sheet: str | None
    sectors: object
    facts: tuple[dict[str, Any], ...]
    balances: dict[str, bool]

    @property
    def size(self) -> tuple[int, int]:
        if self.file in SIZES:
            return SIZES[self.file]
        assert isinstance(self.sectors, int)
        return self.sectors, self.sectors


def corpus(shared: Path) -> list[Known]:
    found = []
    for path in sorted((shared / "data" / "corpus").glob("*/facts.json")):
        if path.parent.name in MOCKS:
            continue
        for entry in json.loads(path.read_text(encoding="utf-8")):
            sheet = entry["main_sheet"]
            balances = {item["check"]: item["holds"] for item in entry["balance"]}
            facts = tuple(fact for fact in entry["facts"] if isinstance(fact["value"], int | float))
            found.append(
                Known(path.parent.name, entry["file"], sheet, entry["n_sectors"], facts, balances)
            )
    return found


@cache
def read(path: Path, sheet: str | None = None, layout: str | None = None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", iom.IOModelWarning)
        return iom.read(path, sheet=sheet, layout=layout)


def shape(account: Any) -> tuple[int, int]:
    if isinstance(account, iom.IOTable):
        return len(account), len(account)
    if isinstance(account, iom.Matrix):
        return len(account.rows), len(account.columns)
    return len(account.products), len(account.industries)


def tables(shared: Path) -> Iterator[tuple[Known, Path]]:
    for known in corpus(shared):
        if known.file not in NO_TABLE | COLUMNS_ONLY:
            yield known, shared / "data" / "corpus" / known.folder / known.file


def test_every_table_is_recognised_and_has_its_size(shared: Path) -> None:
    lines, wrong = [], []
    for path in dict.fromkeys(path for _, path in tables(shared)):
        start = time.perf_counter()
        account = read(path)
        seconds = time.perf_counter() - start
        known = next(item for item, other in tables(shared) if other == path)
        notes = dict(account.meta.notes or {})
        state = balance(account)
        lines.append(
            f"{path.name[:44]:44} {notes.get('layout', '')[:40]:40} {shape(account)!s:11} "
            f"{state[:34]:34} {seconds:5.2f} s"
        )
        if shape(account) != known.size:
            wrong.append(f"{path.name}: {shape(account)} where {known.size} is stated")
    print("\n" + "\n".join(lines))
    assert len(lines) >= 28
    assert not wrong, "\n".join(wrong)


def balance(account: Any) -> str:
    if isinstance(account, iom.Matrix):
        return account.kind
    found = account.check()
    return f"rows {found.row_gap:.4g}, columns {found.column_gap:.4g}"


def test_known_cells_are_right(shared: Path) -> None:
    wrong, checked = [], 0
    for known, path in tables(shared):
        account = read(path, known.sheet)
        for fact in known.facts:
            found = value_at(account, fact)
            checked += 1
            room = 1e-6 if isinstance(account, iom.IOTable) else 1e-5  # sums of rounded figures
            gaps = [abs(x - fact["value"]) for x in found]
            near = any(gap <= room * max(1.0, abs(fact["value"])) for gap in gaps)
            if not near and (path.name, fact["cell"]) not in ELSEWHERE:
                wrong.append(f"{path.name} {fact['cell']} {fact['what']}: {fact['value']}")
    assert checked >= 75
    assert not wrong, "\n".join(wrong)


def value_at(account: Any, fact: dict[str, Any]) -> list[float]:
    """Return the values that the account has for a cell: one in the square, else its lines."""
    notes = dict(account.meta.notes or {})
    span = span_of(notes["range"])
    row, column = fact["row0"], fact["col0"]
    if isinstance(account, iom.Matrix):
        i, j = row - span.rows[0], column - span.columns[0]
        if i < len(account.rows) and j < len(account.columns):
            return [float(account.values[i, j] * account.scale)]
        return [float(account.values[:, j].sum())]
    if isinstance(account, iom.IOTable):
        return of_table(account, span.rows, span.columns, row, column)
    return of_halves(account, span.rows, span.columns, row, column)


def of_table(
    table: iom.IOTable, rows: tuple[int, ...], columns: tuple[int, ...], row: int, column: int
) -> list[float]:
    flows = table.flows
    if row in rows and column in columns:
        return [float(flows.intermediate[rows.index(row), columns.index(column)])]
    lines = {
        "Z": flows.intermediate.sum(axis=1),
        "x": flows.output,
        "m": flows.imports,
        "-m": -flows.imports,
        "use": flows.intermediate.sum(axis=1) + flows.final_demand.sum(axis=1),
        "final": flows.final_demand[:, [g != "residual" for g in table.final_labels.groups]].sum(
            axis=1
        ),
        **{f"f{k}": part for k, part in enumerate(flows.final_demand.T)},
    }
    below: dict[Any, Any] = {
        "x": flows.output,
        "Z": flows.intermediate.sum(axis=0),
        "va": np.asarray(table.value_added, dtype=float),
        "m": flows.imports,
        **{f"v{k}": part for k, part in enumerate(flows.primary_inputs)},
        **{f"s{k}": sat.values[0] for k, sat in enumerate(table.satellites.values())},
        **dict(enumerate(map(np.asarray, runs(flows.primary_inputs)))),
    }
    if row in rows:
        return [float(line[rows.index(row)]) for line in lines.values()]
    if column in columns:
        return [float(line[columns.index(column)]) for line in below.values()]
    counted = [sat.values.sum() + np.sum(sat.final) for sat in table.satellites.values()
               if sat.final is not None]  # fmt: skip
    return [float(line.sum()) for line in (*lines.values(), *below.values(), *counted)]


def runs(lines: Any) -> Iterator[Any]:
    """Yield sums of neighbouring primary inputs, such as value added without taxes."""
    for start in range(len(lines)):
        for stop in range(start + 1, len(lines) + 1):
            yield lines[start:stop].sum(axis=0)


def of_halves(
    sut: Any, rows: tuple[int, ...], columns: tuple[int, ...], row: int, column: int
) -> list[float]:
    """Return values of a supply or use table: the square is that of the shared labels."""
    flows = sut.flows
    square = flows.use if flows.use is not None else flows.supply
    flipped = sut.meta.title == "use-2010"  # one line per cell: no range in the file
    sides = (flows.product_output, flows.industry_output)
    if flipped:
        return [float(v) for part in (square, *sides) for v in np.ravel(part)]
    if row in rows and column in columns:
        return [float(square[rows.index(row), columns.index(column)])]
    added = flows.primary_inputs.sum(axis=0)
    found = [float(v) for part in (*sides, added, *flows.primary_inputs) for v in part]
    return found + [float(np.sum(v)) for v in (*sides, flows.primary_inputs)]


def test_belgium_is_read_and_said_not_to_balance(shared: Path) -> None:
    path = shared / "data" / "corpus" / "oecd-bel-2020" / "BEL2020ttl.csv"
    with pytest.warns(iom.ImbalanceWarning):
        table = iom.read(path)
    assert table.check().column_gap == pytest.approx(595.2, abs=0.3)
    assert table.check().row_gap < 1


def test_japan_deducts_imports_duties_and_taxes_on_imports(shared: Path) -> None:
    path = shared / "data" / "corpus" / "japan-mic-2011" / "iotable_13sector_2011_wider_ja.csv"
    table = read(path)
    assert table.imports.iloc[0] == 2403086 + 37758 + 121965
    assert len(table.meta.notes["imports"].split(";")) == 3


def test_balances_are_as_the_corpus_states(shared: Path) -> None:
    wrong = []
    for known, path in tables(shared):
        account = read(path, known.sheet)
        if not isinstance(account, iom.IOTable) or not known.balances:
            continue
        found = account.check()
        size = float(np.abs(account.flows.output).max())
        holds = max(found.row_gap, found.column_gap) <= 2e-4 * size
        if holds != all(known.balances.values()):
            wrong.append(f"{path.name}: {balance(account)}, stated {known.balances}")
    assert not wrong, "\n".join(wrong)


def test_choice_among_tables_is_by_rule(shared: Path) -> None:
    for known, path in tables(shared):
        if known.file in BY_RULE:
            assert read(path).meta.notes["sheet"] == BY_RULE[known.file]
    indonesia = next(path for known, path in tables(shared) if known.folder == "indonesia-bps-2016")
    assert read(indonesia).meta.notes["sheet"] == "BCT 17"  # basic prices, total flows


def test_columns_by_sector_are_offered_where_there_is_no_square(shared: Path) -> None:
    path = shared / "data" / "corpus" / "taiwan-dgbas-2001" / "IO_energy_2001.xls"
    with pytest.raises(iom.UnknownLayoutError, match=r'sheet="year2001"'):
        iom.read(path)
    strip = iom.read(path, sheet="year2001")
    assert strip.to_frame().loc["01", "Total Domestic Output"] == 216216
    assert len(strip.rows) >= 49


def test_inverses_agree_with_the_flows_beside_them(shared: Path) -> None:
    folder = shared / "data" / "corpus"
    scotland = folder / "scotland-sg-2019" / "Scotland_IO_2019.xlsx"
    printed = read(scotland, "Leontief type I")
    ours = iom.leontief(read(scotland, "IxI"), idle="keep").L.to_numpy()
    assert printed.scale == 1000
    np.testing.assert_allclose(ours, printed.values, atol=2e-5)
    chile = folder / "chile-bcch-2013" / "mip_2013_bcch_12x12.xlsx"
    np.testing.assert_allclose(iom.leontief(read(chile)).L, read(chile, "3").values, atol=1e-9)
    china = folder / "china-nbs-2000" / "2000年全国17部门投入产出表.xls"
    complete = read(china, "完耗系数")
    assert complete.kind == "Leontief inverse less identity"


def test_structure_alone_reads_most(shared: Path) -> None:
    """The score that docs/explanation/reading.md prints: declarations taken away."""
    same: list[str] = []
    other: list[str] = []
    for path in dict.fromkeys(path for _, path in tables(shared)):
        declared = read(path)
        try:
            alone = read(path, layout="structure")
        except iom.IOModelError as error:
            other.append(f"{path.name}: {type(error).__name__}")
            continue
        (same if equal(declared, alone) else other).append(path.name)
    print(f"\n{len(same)} of {len(same) + len(other)} the same without a declaration; not: {other}")
    assert len(same) >= 26


def equal(one: Any, other: Any) -> bool:
    if type(one) is not type(other) or shape(one) != shape(other):
        return False
    if isinstance(one, iom.Matrix):
        return bool(np.array_equal(one.values, other.values))
    if not isinstance(one, iom.IOTable):
        return bool(np.array_equal(one.flows.industry_output, other.flows.industry_output))
    parts = ("intermediate", "output", "imports", "final_demand", "primary_inputs")
    return all(
        getattr(one.flows, part).shape == getattr(other.flows, part).shape
        and np.allclose(getattr(one.flows, part), getattr(other.flows, part))
        for part in parts
    )


def test_names_carry_their_language(shared: Path) -> None:
    want = {"china-nbs-2007": "zh", "korea-bok-2010": "ko", "japan-mic-2011": "ja"}
    for known, path in tables(shared):
        account = read(path)
        if known.folder in want and isinstance(account, iom.IOTable):
            assert want[known.folder] in account.labels.names
            assert re.search(r"[^\x00-\x7f]", account.labels.named(want[known.folder])[0])


def test_a_use_table_without_words_is_told_from_a_table_of_flows(
    shared: Path, tmp_path: Path
) -> None:
    """Commodities and industries share most codes; two commodities have no industry."""
    folder = shared / "data" / "corpus" / "us-bea-summary"
    book = open_workbook(folder / "IOUse_Before_Redefinitions_PRO_1997-2015_Summary.xlsx")
    plain = openpyxl.Workbook()
    sheet = plain.active
    for row in book.sheet("2015").rows[5:90]:
        sheet.append([None if cell == "" else cell for cell in row])
    for address in ("A1", "B1", "A2"):
        sheet[address] = None
    plain.save(tmp_path / "plain.xlsx")
    found = read(tmp_path / "plain.xlsx", layout="structure")
    assert shape(found) == (73, 71)
    assert isinstance(found, iom.SupplyUseTable)
