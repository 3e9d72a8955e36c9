"""The workbooks in `tables/replications` against the originals and the published answers."""

import os
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import iomodel as iom
from tests.reference.cases import Array, load

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "tables" / "replications"
TEXTS: dict[str, Any] = tomllib.loads(
    (REPOSITORY / "tables" / "replications.toml").read_text(encoding="utf-8")
)
NAMES = sorted(TEXTS)
FACTS = ["what", "unit", "source", "precision"]
# Flows and output as the cases have them: the case, its flows.
GIVEN = {
    "scotland_2019": ("scotland-2019-type1", "Z"),
    "abs_5246": ("abs5246-output", "Z"),
    "ons_2019": ("uk-ons-2019-leontief", "Z"),
    "nbs_2007": ("china-2007-42", "Z"),
    "bok_2010": ("korea-2010-coefficients", "Z_domestic"),
    "eurostat_1995": ("eurostat-de1995-leontief", "Z"),
    "chile_2013": ("chile-2013-leontief", "Z"),
    "un_2009": ("un-de2009-co2", "Z"),
    "brazil_2015": ("brazil-2015-multipliers", "Z"),
}
# Rows beside the flows: workbook, role or satellite, case, array.
BESIDE = [
    ("scotland_2019", "compensation", "scotland-2019-type1", "coe"),
    ("abs_5246", "compensation", "abs5246-income", "wages"),
    ("abs_5246", "employment", "abs5246-employment", "employment"),
    ("ons_2019", "imports", "uk-ons-2019-effects", "imports"),
    ("ons_2019", "product taxes", "uk-ons-2019-effects", "taxes"),
    ("ons_2019", "compensation", "uk-ons-2019-effects", "coe"),
    ("ons_2019", "operating surplus", "uk-ons-2019-effects", "gos"),
    ("ons_2019", "production taxes", "uk-ons-2019-effects", "taxes_prod"),
    ("eurostat_1995", "employment", "eurostat-de1995-gva-emp", "employment"),
    ("un_2009", "CO2", "un-de2009-co2", "co2"),
    ("brazil_2015", "compensation", "brazil-2015-multipliers", "r"),
    ("brazil_2015", "employment", "brazil-2015-multipliers", "e"),
]
# Cells of the originals and where they stand in ours: sheet, row and column of the original
# (counted from 0), sheet, row code and column code of ours.
CELLS = [
    (
        *("scotland_2019", "scotland-sg-2019/Scotland_IO_2019.xlsx", "Type II multipliers", 7, 3),
        *("published", "01", "output II"),
    ),
    (
        *("ons_2019", "uk-ons-2019/nasu1719in.xlsx", "Effects", 7, 9),
        *("published", "A01", "GVA effect"),
    ),
    (
        *("ons_2019", "uk-ons-2019/nasu1719in.xlsx", "Multipliers", 8, 3),
        *("published", "A02", "imports ratio"),
    ),
    (
        *("bok_2010", "korea-bok-2010/2010 실측표 기초가격표_82.xlsx", "생산유발계수", 6, 85),
        *("published", "001", "sensitivity"),
    ),
    ("nbs_2007", "china-nbs-2007/0103.xls", "Sheet1", 8, 4, "published C", "02", "03"),
    ("nbs_2007", "china-nbs-2007/0301.xls", "Sheet1", 8, 5, "published make", "02", "04"),
    ("chile_2013", "chile-bcch-2013/mip_2013_bcch_12x12.xlsx", "3", 9, 4, "published L", "1", "3"),
    (
        *("bea_2015", "us-bea-summary/IxC_TR_1997-2015_Summary.xlsx", "2015", 7, 3),
        *("published TR", "111CA", "113FF"),
    ),
]


def table(name: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", iom.ImbalanceWarning)  # flows rounded to billions
        return iom.read(FOLDER / f"{name}.xlsx")


def answers(name: str, sheet: str = "published") -> pd.DataFrame:
    frame = pd.read_excel(
        FOLDER / f"{name}.xlsx", sheet_name=sheet, index_col=0, engine="calamine", dtype=object
    )
    frame.index = frame.index.map(str)
    frame.columns = frame.columns.map(str)
    assert list(frame.index[:4]) == FACTS
    return frame.iloc[4:].astype(np.float64)


def source(shared: Path, address: str) -> Array:
    """Array at `case: exp key, column`, or `in key`."""
    name, _, rest = address.partition(": ")
    key, _, column = rest.partition(", ")
    side, _, key = key.partition(" ")
    case = load(shared, name)
    found = np.asarray((case.given if side == "in" else case.printed)[key], dtype=np.float64)
    return found[:, int(column)] if column else found


def test_every_text_has_a_workbook_and_they_are_small() -> None:
    assert [path.stem for path in sorted(FOLDER.glob("*"))] == NAMES
    sizes = [path.stat().st_size for path in FOLDER.glob("*.xlsx")]
    assert max(sizes) < 400_000
    assert sum(sizes) < 2_000_000


def test_all_but_the_base_of_a_study_stay_out_of_the_wheel() -> None:
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    wheel = tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["iomodel"]
    taken = {path for path in wheel["force-include"] if "replications" in path}
    assert taken == {"tables/replications/scotland_2019.xlsx"}


@pytest.mark.parametrize("name", NAMES)
def test_each_names_its_publisher_and_licence(name: str) -> None:
    rows = CalamineWorkbook.from_path(FOLDER / f"{name}.xlsx").get_sheet_by_name("about")
    facts = {str(key): str(value) for key, value in rows.to_python()}
    assert {"title", "publisher", "published", "address"} <= facts.keys()
    assert facts["publisher"] == TEXTS[name]["publisher"]
    assert TEXTS[name]["note_licence"] in facts.values()
    assert TEXTS[name]["note_copy"] in facts.values()


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_flows_and_output_are_those_of_the_source(shared: Path, name: str) -> None:
    case, flows = GIVEN[name]
    given, made = load(shared, case).given, table(name)
    np.testing.assert_array_equal(made.intermediate, given[flows])
    np.testing.assert_allclose(made.output, given["x"], rtol=1e-15)


@pytest.mark.parametrize(("name", "account", "case", "key"), BESIDE)
def test_rows_beside_the_flows(shared: Path, name: str, account: str, case: str, key: str) -> None:
    made = table(name)
    if account in made.satellites:
        found = made.satellite(account).values.sum(axis=0)
    else:
        rows = [group == account for group in made.primary_labels.groups]
        assert any(rows)
        found = made.primary_inputs[rows].sum(axis=0)
    np.testing.assert_allclose(found, load(shared, case).given[key], rtol=1e-15)


def test_scottish_jobs_are_implied_by_the_published_effects(shared: Path) -> None:
    made = table("scotland_2019")
    implied = load(shared, "scotland-2019-employment").array("employment_coeff_implied")
    jobs = made.satellite("employment")
    assert (jobs.basis, jobs.year) == ("fte", 2019)
    rounding = {made.labels.codes[k] for k in np.flatnonzero(np.abs(implied) < 1e-12)}
    assert rounding == {"12", "68.2IMP"}  # tobacco, and imputed rent, where nobody works
    np.testing.assert_array_equal(
        jobs.values[0], np.where(implied > 1e-12, implied, 0) * made.output
    )


def test_the_use_table_of_the_united_states(shared: Path) -> None:
    """Every figure of the sheet is that of the original, in the same place."""
    path = shared / "data/corpus/us-bea-summary"
    original = CalamineWorkbook.from_path(
        path / "IOUse_Before_Redefinitions_PRO_1997-2015_Summary.xlsx"
    )
    ours = CalamineWorkbook.from_path(FOLDER / "bea_2015.xlsx").get_sheet_by_name("2015")
    rows = ours.to_python(skip_empty_area=False)
    left = original.get_sheet_by_name("2015").to_python(skip_empty_area=False)[: len(rows)]
    assert rows == left
    made = table("bea_2015")
    assert made.use.shape == (73, 71)
    final = load(shared, "bea-2015-total-requirements").array("final_uses")
    uses = made.final_demand.sum(axis=1) - made.imports
    assert np.abs(uses.to_numpy() - final).max() <= 5.0  # rounding of nineteen columns


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_those_of_the_source(shared: Path, name: str) -> None:
    found = answers(name)
    columns = TEXTS[name]["column"]
    assert list(found.columns) == [column["key"] for column in columns]
    for column in columns:
        right = source(shared, column["figures"])
        np.testing.assert_array_equal(found[column["key"]].to_numpy()[: len(right)], right)
        assert found[column["key"]].iloc[len(right) :].isna().all()
    for matrix in TEXTS[name].get("matrix", ()):
        right = source(shared, matrix["figures"])
        np.testing.assert_array_equal(answers(name, matrix["sheet"]), right)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell[0]} {cell[2]}")
def test_answers_stand_in_the_originals(shared: Path, cell: Any) -> None:
    """A cell of the publisher's own sheet, found without the cases."""
    name, file, sheet, row, column, ours, code, key = cell
    book = CalamineWorkbook.from_path(shared / "data" / "corpus" / file)
    original = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[row][column]
    assert isinstance(original, float)
    assert answers(name, ours).loc[code, key] == original


def build(shared: Path, folder: Path, *options: str) -> None:
    pytest.importorskip("openpyxl")
    script = str(REPOSITORY / "tables" / "build_replications.py")
    command = [sys.executable, script, "--shared", str(shared), "--to", str(folder), *options]
    path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert done.returncode == 0, done.stderr


def figures(path: Path) -> dict[str, list[list[object]]]:
    """Numbers of each sheet in their places, and codes; names may follow the reader."""
    book = CalamineWorkbook.from_path(path)
    found: dict[str, list[list[object]]] = {}
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        found[name] = [
            [cell if isinstance(cell, float) or at == 0 else None for at, cell in enumerate(row)]
            for row in rows
        ]
    return found


def test_the_script_gives_the_same_figures(shared: Path, tmp_path: Path) -> None:
    build(shared, tmp_path)
    for name in NAMES:
        file = f"{name}.xlsx"
        same = figures(tmp_path / file) == figures(FOLDER / file)
        assert same, f"{file} is not what tables/build_replications.py makes"


def test_two_runs_give_the_same_bytes(shared: Path, tmp_path: Path) -> None:
    for folder in ("first", "second"):
        build(shared, tmp_path / folder, "--only", "un_2009")
    first, second = (tmp_path / folder / "un_2009.xlsx" for folder in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
