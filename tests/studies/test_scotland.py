"""Film, video, TV and broadcasting in Scotland: the declared study gives published multipliers.

Scottish Government, Supply, Use and Input-Output Tables 1998-2019, sheets `Type I multipliers` and
`Type II multipliers`, industry 59, 60. Tolerances are those of docs/replications/scotland.md.
"""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import python_calamine

import iomodel as iom
from iomodel.cli import BAD_INPUT, main
from iomodel.readers.examples import EMBEDDED
from iomodel.studies.spread import spreads
from tests.studies.filled import blank, changed, filled

REPOSITORY = Path(__file__).resolve().parents[2]
STUDY, BASE = "scotland-screen-2019", "scotland-2019"
PUBLISHED = {  # printed figure, scope, tolerance
    "employment_multiplier_I": (1.2816011, "chain", 1e-4),
    "employment_multiplier_II": (1.5212516, "chain+households", 1e-4),
    "employment_effect_II": (12.199545, "chain+households", 2e-5),
    "output_multiplier_I": (1.2082181, "chain", 2e-6),
    "output_multiplier_II": (1.4417604, "chain+households", 2e-6),
}
RATIOS = ("employment ratio I", "employment ratio II")


@pytest.fixture(scope="module")
def table() -> iom.IOTable:
    found = iom.read(iom.example(BASE))
    assert isinstance(found, iom.IOTable)
    return found


@pytest.fixture(scope="module")
def derived(table: iom.IOTable) -> iom.Derivation:
    return iom.derive(iom.read_sectors(iom.example(STUDY), base=table), table)


def published_ratios() -> dict[str, tuple[float, float]]:
    """Employment multipliers of Type I and II by industry, as the office published them."""
    sheet = openpyxl.load_workbook(iom.example(BASE))["published"]
    first, *rows = sheet.iter_rows(values_only=True)
    at = [first.index(name) for name in RATIOS]
    return {str(row[0]): (row[at[0]], row[at[1]]) for row in rows[4:]}


# --- against the publisher -----------------------------------------------------------------------


@pytest.mark.parametrize("key", PUBLISHED)
def test_multipliers_are_the_published_ones(derived: iom.Derivation, key: str) -> None:
    value, scope, tolerance = PUBLISHED[key]
    found = iom.compare(derived, iom.read_published(iom.example(STUDY))).agreement.loc[key]
    assert found["published"] == pytest.approx(value, abs=5e-7 * max(1.0, value))
    assert found["scope"] == scope
    assert found["derived"] == pytest.approx(value, abs=tolerance)
    assert found["within"] == "yes"


def test_ratios_are_the_multipliers_less_one(derived: iom.Derivation) -> None:
    assert list(derived.central.columns) == ["chain", "chain+households"]
    expected = [PUBLISHED[f"employment_multiplier_{kind}"][0] - 1 for kind in ("I", "II")]
    np.testing.assert_allclose(derived.central.to_numpy()[0], expected, atol=1e-4)


@pytest.mark.parametrize("code", ["59, 60", "01", "41-43", "86", "96"])
def test_any_industry_by_the_template(code: str, table: iom.IOTable, tmp_path: Path) -> None:
    path = filled(blank(tmp_path, table), table, code)
    found = iom.derive(iom.read_sectors(path, base=table), table)
    expected = np.array(published_ratios()[code]) - 1
    np.testing.assert_allclose(found.central.to_numpy()[0], expected, atol=1e-4)


def test_column_of_the_new_sector_is_the_old_one(derived: iom.Derivation) -> None:
    old, new = (derived.table.labels.codes.index(code) for code in ("59, 60", "screen"))
    flows = derived.table.flows
    np.testing.assert_allclose(flows.coefficients[:, new], flows.coefficients[:, old], atol=1e-15)
    assert np.abs(flows.column_residual).max() < 1e-9 * flows.output.max()
    imports = derived.table.primary_labels.in_group("imports")
    shares = flows.primary_inputs[imports].sum(axis=0) / np.where(flows.output, flows.output, 1.0)
    assert shares[new] == pytest.approx(shares[old], rel=1e-12)


# --- the same chain, many times ------------------------------------------------------------------


def test_draws_lie_around_the_derivation(derived: iom.Derivation) -> None:
    values = {key: np.array([value]) for key, value in derived.account.values.items()}
    one = derived.forward(values)
    found = spreads(derived, draws=400, seed=2).stated.to_frame()
    for scope in ("chain", "chain+households"):
        ratio = float(derived.central[scope].iloc[0])
        assert one["ratio", scope, "employment"][0] == pytest.approx(ratio, rel=1e-12)
        row = found.xs(scope, level="item").xs("pooled", level="pattern").loc["ratio"]
        assert row["p05"] < ratio < row["p95"]


def test_nothing_to_draw_is_said(
    table: iom.IOTable, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = filled(blank(tmp_path, table), table, "59, 60")
    derivation = iom.derive(iom.read_sectors(path, base=table), table)
    with pytest.raises(iom.SpecError, match="every input is fixed"):
        spreads(derivation, draws=10, seed=1)
    assert main(["derive", str(path), "--base", BASE, "--to", str(tmp_path / "out")]) == 0
    assert "No intervals: every input is fixed." in capsys.readouterr().out


# --- the command line ----------------------------------------------------------------------------


def test_run_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["derive", STUDY, "--draws", "64", "--placebo"]) == 0
    said = capsys.readouterr().out
    assert "One full-time direct job comes with 0.28 indirect jobs in the supply chain." in said
    assert "mean" not in said.partition("by scope")[2].partition("interval")[0]
    assert "warning" not in said
    assert said.count("yes") == len(PUBLISHED)
    folder = tmp_path / "scotland_screen_results"
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert list(results["central"]["employment"]) == ["chain", "chain+households"]
    assert {row["within"] for row in results["published"]["agreement"].values()} == {"yes"}
    assert set(results["inputs"]) == {"scotland_2019.xlsx", "scotland_screen_2019.xlsx"}
    sheets = openpyxl.load_workbook(folder / "results.xlsx").sheetnames
    assert sheets[:5] == ["scopes", "channels", "items", "destinations", "levels"]
    assert "agreement" in sheets
    assert "comparison" not in sheets


def test_a_base_that_does_not_come_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.xlsx"
    path.write_bytes(iom.example(STUDY).read_bytes())
    rows = openpyxl.load_workbook(path)["about"].iter_rows(values_only=True)
    at = [row[0] for row in rows].index("base") + 1
    for name, said in (("utopia-2020", "names 'utopia-2020' as its base"), (None, "names no base")):
        changed(path, {f"about!B{at}": name})
        assert main(["derive", str(path)]) == BAD_INPUT
        assert said in capsys.readouterr().err
    assert main(["derive", str(path), "--base", BASE, "--to", str(tmp_path / "out")]) == 0


# --- how it is kept -------------------------------------------------------------------------------


def test_the_wheel_has_what_can_be_named() -> None:
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    taken = tomllib.loads(text)["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    inside = {f"tables/{place}": f"iomodel/tables/{place}" for place in EMBEDDED.values()}
    assert taken == inside
    assert all(iom.example(name).is_file() for name in EMBEDDED)


def test_rebuilding_gives_the_study_as_it_is(shared: Path, tmp_path: Path) -> None:
    script = str(REPOSITORY / "tables" / "build_scotland_screen.py")
    command = [sys.executable, script, "--shared", str(shared), "--to", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    made, kept = (
        python_calamine.CalamineWorkbook.from_path(path)
        for path in (tmp_path / iom.example(STUDY).name, iom.example(STUDY))
    )
    assert made.sheet_names == kept.sheet_names
    for name in kept.sheet_names:
        assert made.get_sheet_by_name(name).to_python() == kept.get_sheet_by_name(name).to_python()


def test_every_input_has_a_source() -> None:
    account = iom.read_sectors(iom.example(STUDY))
    known = set(account.evidence["id"])
    assert account.base == BASE
    for key, item in account.assumptions.items():
        assert item.grade in "AB", key
        assert item.evidence, key
        assert set(item.evidence) <= known, key


# --- what a study may declare --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("purchases", "total", "write purchases = domestic"),
        ("purchases", "foreign", "neither total nor domestic"),
        ("idle", "drop", "neither refuse nor keep"),
    ],
)
def test_declarations_that_do_not_fit(tmp_path: Path, key: str, value: str, said: str) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(iom.example(STUDY).read_bytes())
    rows = openpyxl.load_workbook(path)["about"].iter_rows(values_only=True)
    changed(path, {f"about!B{[row[0] for row in rows].index(key) + 1}": value})
    with pytest.raises(iom.BadCellsError, match=said):
        iom.read_sectors(path)


def test_idle_sectors_are_refused_unless_kept(table: iom.IOTable, tmp_path: Path) -> None:
    path = filled(blank(tmp_path, table), table, "86")
    assert openpyxl.load_workbook(path)["about"]["B9"].value == "keep"
    changed(path, {"about!B9": "refuse"})
    with pytest.raises(iom.NotProductiveError, match="12 Tobacco"):
        iom.derive(iom.read_sectors(path, base=table), table)


def test_a_published_figure_of_no_scope_is_refused(derived: iom.Derivation, tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(iom.example(STUDY).read_bytes())
    changed(path, {"published!B2": "guess", "published!N3": "supply"})
    with pytest.raises(iom.SpecError) as caught:
        iom.compare(derived, iom.read_published(path))
    assert "kind 'guess'" in str(caught.value)
    assert "no scope 'supply'" in str(caught.value)
