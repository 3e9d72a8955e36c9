"""Rebuild the workbooks of docs/replications from the shared data folder.

    python tables/build_replications.py [--shared ../shared] [--to tables/replications]

Each holds one published table in our own layout, and in sheets whose names begin with `published`
what its publisher computed from it. Figures are read from the originals and from data/cases, texts
from ``replications.toml``. Two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import tomllib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook
from workbooks import BOLD, HEAD, Cell, Rows, put, require, save

import iomodel as iom

HERE = Path(__file__).resolve().parent
TEXTS: dict[str, Any] = tomllib.loads((HERE / "replications.toml").read_text(encoding="utf-8"))
FACTS = ("what", "unit", "source", "precision")
BEA_SHEET = "2015"
ROUNDING = 1e-12  # an implied coefficient below it is the rounding of a subtraction


class Sources:
    """The two places that figures come from."""

    def __init__(self, shared: Path) -> None:
        self.corpus, self.cases = shared / "data" / "corpus", shared / "data" / "cases"

    def case(self, name: str) -> dict[str, Any]:
        """What is given and what is published in a case, in one mapping: ``in`` and ``exp``."""
        path = self.cases / f"{name}.json"
        text = json.loads(path.read_text(encoding="utf-8"))
        found = {f"in {key}": value for key, value in text["inputs"].items()}
        found |= {f"exp {key}": value for key, value in text.get("expected", {}).items()}
        if "arrays" in text:
            with np.load(path.with_suffix(".npz")) as arrays:
                found |= {key.replace("_", " ", 1): arrays[key] for key in arrays.files}
        return found

    def figures(self, address: str) -> np.ndarray:
        """Figures at ``case: in key`` or ``case: exp key``, or at ``..., column``."""
        name, _, rest = address.partition(": ")
        key, _, column = rest.partition(", ")
        found = np.asarray(self.case(name)[key], dtype=np.float64)
        return found[:, int(column)] if column else found

    def read(self, path: str, **options: Any) -> Any:
        """Read an original; what it warns about is said in the texts."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", iom.IOModelWarning)
            return iom.read(self.corpus / path, **options)


# --- the tables ----------------------------------------------------------------------------------


def scotland(sources: Sources) -> iom.IOTable:
    """The industry table; jobs are those that the published Type I effects imply."""
    table = sources.read("scotland-sg-2019/Scotland_IO_2019.xlsx")
    jobs = sources.figures("scotland-2019-employment: in employment_coeff_implied")
    levels = np.where(jobs > ROUNDING, jobs, 0.0) * table.flows.output
    return _with_satellite(table, "employment", levels, year=2019, basis="fte")


def ons(sources: Sources) -> iom.IOTable:
    return sources.read("uk-ons-2019/nasu1719in.xlsx")


def abs_5246(sources: Sources) -> iom.IOTable:
    """Seven sectors of the paper; what is neither bought from sectors nor paid is one row."""
    given = sources.case("abs5246-employment")
    codes = [str(place) for place in range(1, 8)]
    flows, output, pay, spent = (
        np.asarray(given[f"in {key}"]) for key in ("Z", "x", "wages", "household_consumption")
    )
    final = {"households": spent, "other": output - flows.sum(axis=1) - spent}
    primary = {"wages": pay, "other": output - flows.sum(axis=0) - pay}
    table = iom.table(
        pd.DataFrame(flows, codes, codes),
        output=pd.Series(output, codes),
        final_demand=pd.DataFrame(final, codes),
        primary_inputs=pd.DataFrame(primary, codes).T,
        final_roles={"households": "household"},
        primary_roles={"wages": "compensation"},
        names={"en": given["in sectors"]},
        year=TEXTS["abs_5246"]["year"],
    )
    jobs = np.asarray(given["in employment"])
    return _with_satellite(table, "employment", jobs, year=None, basis="fte")


def nbs(sources: Sources) -> iom.IOTable:
    return sources.read("china-nbs-2007/0101.xls")


def bok(sources: Sources) -> iom.IOTable:
    """Domestic flows; the rows below them come from the sheets of imports and of all flows."""
    path = "korea-bok-2010/2010 실측표 기초가격표_82.xlsx"
    total = sources.read(path, sheet="A표_총거래표(기초가격)")
    home = sources.read(path, sheet="A표_국산거래표(기초가격)")
    imported = sources.figures("korea-2010-coefficients: in Z_import").sum(axis=0)
    uses = list(total.final_labels.codes)
    below = total.primary_inputs
    rows = pd.concat([pd.DataFrame([imported], ["imports"], below.columns), below])
    roles = dict(zip(total.primary_labels.codes, total.primary_labels.groups, strict=True))
    made = iom.table(
        home.intermediate,
        output=total.output,
        final_demand=home.final_demand[uses],
        primary_inputs=rows,
        names=dict(total.labels.names),
        final_roles=dict(zip(uses, total.final_labels.groups, strict=True)),
        primary_roles={"imports": "imports"}
        | {code: role or "other" for code, role in roles.items()},
    )
    names = {lang: ("수입", *texts) for lang, texts in total.primary_labels.names.items()}
    return made.replace(
        final_labels=total.final_labels,
        primary_labels=replace(made.primary_labels, names=names),
        meta=replace(total.meta, import_treatment="domestic"),
    )


def eurostat(sources: Sources) -> iom.IOTable:
    table = sources.read("germany-eurostat-1995/Beutel_15_4.csv")
    jobs = table.satellite("employment").values[0]
    return _with_satellite(table, "employment", jobs, unit="thousand persons", year=1995)


def chile(sources: Sources) -> iom.IOTable:
    """Names of the activities stand on a sheet of their own."""
    path = "chile-bcch-2013/mip_2013_bcch_12x12.xlsx"
    table = sources.read(path)
    book = CalamineWorkbook.from_path(sources.corpus / path).get_sheet_by_name("Glosa")
    lines = [[cell for cell in row if cell != ""] for row in book.to_python()]
    listed = {
        f"{row[0]:.0f}": str(row[1]) for row in lines if isinstance(row[:1], list) and len(row) == 2
    }
    names = {"es": tuple(listed[code] for code in table.labels.codes)}
    return table.replace(labels=replace(table.labels, names=names))


def un(sources: Sources) -> iom.IOTable:
    table = sources.read("germany-un-2009/germany_2009.csv")
    co2 = table.satellite("Carbon dioxide").values[0]
    return _with_satellite(table, "CO2", co2, unit="thousand tonnes", year=2009)


def brazil(sources: Sources) -> iom.IOTable:
    table = sources.read("brazil-ibge-2015/MIP2015_12s.xlsx")
    jobs = table.satellite("employment").values[0]
    return _with_satellite(table, "employment", jobs, year=2015)


def _with_satellite(
    table: iom.IOTable,
    name: str,
    values: np.ndarray,
    *,
    unit: str = "persons",
    year: int | None,
    basis: str = "heads",
) -> iom.IOTable:
    """Return the table with this account alone; jobs are heads where nothing else is said."""
    account = iom.Satellite(
        name=name,
        rows=iom.Labels(codes=(name,)),
        values=values[None, :],
        unit=unit,
        year=year,
        basis=basis if name == "employment" else "",
    )
    return table.replace(satellites={name: account})


TABLES: dict[str, Callable[[Sources], iom.IOTable]] = {
    "scotland_2019": scotland,
    "abs_5246": abs_5246,
    "ons_2019": ons,
    "nbs_2007": nbs,
    "bok_2010": bok,
    "eurostat_1995": eurostat,
    "chile_2013": chile,
    "un_2009": un,
    "brazil_2015": brazil,
}


def described(table: iom.IOTable, texts: Mapping[str, Any]) -> iom.IOTable:
    """Return the table with our own facts, and names where the original has mere codes."""
    notes = {key: text for key, text in texts.items() if key.startswith("note")}
    kept = {part.name: texts[part.name] for part in fields(table.meta) if part.name in texts}
    labels = table.labels
    if "sectors" in texts:
        labels = replace(labels, names={"en": tuple(texts["sectors"])})
    return table.replace(labels=labels, meta=replace(table.meta, notes=notes, **kept))


# --- the workbooks -------------------------------------------------------------------------------


def published(
    sources: Sources, texts: Mapping[str, Any], codes: Sequence[str]
) -> Iterator[list[Cell]]:
    """Rows of the sheet `published`: four rows of facts, then one row per sector."""
    columns = texts["column"]
    yield ["code", *(column["key"] for column in columns)]
    for fact in FACTS:
        yield [fact, *(column[fact] for column in columns)]
    blocks = []
    for column in columns:
        values = sources.figures(column["figures"])[: len(codes)]
        blocks.append([*values, *[np.nan] * (len(codes) - len(values))])
    for code, *values in zip(codes, *blocks, strict=True):
        yield [code, *(float(value) if np.isfinite(value) else None for value in values)]


def matrix(
    sources: Sources, texts: Mapping[str, Any], codes: Sequence[str]
) -> Iterator[list[Cell]]:
    """Rows of a sheet that holds a published matrix: its facts are in column B."""
    values = sources.figures(texts["figures"])
    size = len(codes)
    across, down = list(codes), list(codes)
    if values.shape != (size, size):  # households are the last row and column
        require(values.shape == (size + 1, size + 1), f"{texts['sheet']}: {values.shape}")
        across, down = [*codes, "households"], [*codes, "households"]
    yield ["code", *across]
    for fact in FACTS:
        yield [fact, texts[fact]]
    for code, line in zip(down, values, strict=True):
        yield [code, *map(float, line)]


def add(
    book: Workbook, name: str, rows: Rows, *, heads: int = 1 + len(FACTS), wide: int = 24
) -> None:
    """Add a sheet: labels in bold on grey, figures to the last bit."""
    sheet = book.create_sheet(name)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            put(sheet, at, column, value)
            cell = sheet.cell(at, column)
            if at <= heads or column == 1:
                cell.fill = HEAD
            if at == 1 or column == 1:
                cell.font = BOLD
    sheet.freeze_panes = sheet.cell(heads + 1, 2)
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 12 if column == 1 else wide


def table_book(table: iom.IOTable) -> Workbook:
    """The table in our own layout; numbers as text of all their digits, as `put` writes them."""
    with tempfile.TemporaryDirectory() as folder:
        book = load_workbook(iom.write(table, Path(folder) / "table.xlsx"))
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "n" and cell.value is not None:
                    cell.value, cell.data_type = repr(cell.value).removesuffix(".0"), "n"
    return book


def replication(sources: Sources, name: str) -> Workbook:
    """A table and the answers of its publisher."""
    texts = TEXTS[name]
    table = described(TABLES[name](sources), texts)
    codes, book = table.labels.codes, table_book(table)
    add(book, "published", list(published(sources, texts, codes)))
    for more in texts.get("matrix", ()):
        add(book, more["sheet"], list(matrix(sources, more, codes)), wide=12)
    return book


def bea_book(sources: Sources) -> Workbook:
    """Use table of the Bureau of Economic Analysis in its own order, and its requirements."""
    texts, folder = TEXTS["bea_2015"], sources.corpus / "us-bea-summary"
    path = folder / "IOUse_Before_Redefinitions_PRO_1997-2015_Summary.xlsx"
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(BEA_SHEET)
    rows = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    last = next(at for at, row in enumerate(rows) if row[1] == "Total Industry Output")
    use = [[_figure(cell) for cell in row] for row in rows[: last + 1]]
    products = [str(row[0]) for row in rows[7:] if row[0]][:73]
    industries = [str(cell) for cell in rows[5][2:]][:71]
    required = sources.figures("bea-2015-total-requirements: in TR")
    book = Workbook()
    book.remove(book.active)
    facts = {key: value for key, value in texts.items() if not isinstance(value, list)}
    add(book, "about", [("key", "value"), *facts.items()], heads=1, wide=110)
    add(book, BEA_SHEET, use, heads=7, wide=14)
    answer = texts["matrix"][0]
    lines: list[list[Cell]] = [["code", *products], *([fact, answer[fact]] for fact in FACTS)]
    lines += [[code, *map(float, row)] for code, row in zip(industries, required, strict=True)]
    add(book, answer["sheet"], lines, wide=12)
    totals = sources.figures("bea-2015-total-requirements: exp col_total")
    column = texts["column"][0]
    lines = [["code", column["key"]], *([fact, column[fact]] for fact in FACTS)]
    lines += [[code, float(total)] for code, total in zip(products, totals, strict=True)]
    add(book, "published", lines)
    return book


def _figure(cell: Any) -> Cell:
    """A cell as it is; the mark for nothing and an empty text as an empty cell."""
    return None if cell == "" else cell


def main(argv: Sequence[str] | None = None) -> int:
    """Build all workbooks; return 2 if the shared folder is missing or does not fit."""
    parser = argparse.ArgumentParser(description="Rebuild the workbooks of docs/replications.")
    default = os.environ.get("IOMODEL_SHARED") or HERE.parent.parent / "shared"
    parser.add_argument("--shared", type=Path, default=Path(default), help="shared data folder")
    parser.add_argument("--to", type=Path, default=HERE / "replications", help="folder")
    parser.add_argument("--only", choices=sorted(TEXTS), help="build this workbook alone")
    options = parser.parse_args(argv)
    if not (options.shared / "data" / "cases").is_dir():
        hint = "give --shared or set IOMODEL_SHARED"
        sys.stderr.write(f"build: no data/cases in {options.shared}: {hint}\n")
        return 2
    sources = Sources(options.shared)
    try:
        books = {
            name: replication(sources, name) if name in TABLES else bea_book(sources)
            for name in ([options.only] if options.only else TEXTS)
        }
    except (OSError, LookupError, ValueError) as error:
        sys.stderr.write(f"build: the shared data do not fit: {error!r}\n")
        return 2
    options.to.mkdir(parents=True, exist_ok=True)
    for name, book in books.items():
        save(book, options.to / f"{name}.xlsx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
