"""The audit workbook: computed again by a spreadsheet program, and changed as a referee would."""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import python_calamine

import iomodel as iom
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.readers.published import read_published
from iomodel.report.audit import audit, audit_bytes
from iomodel.report.audit_plan import legal_names
from iomodel.studies.comparison import compare
from iomodel.studies.derivation import Derivation
from tests.report.small_study import study, table

SOFFICE = shutil.which("soffice")
COMPUTED = pytest.mark.skipif(SOFFICE is None, reason="no soffice: LibreOffice computes formulas")
CLOSE = 1e-9
MOST_BYTES = 3_000_000
Sheets = dict[str, list[list[Any]]]
METHODS = ("proportional", "official")


@cache
def china() -> IOTable:
    found: IOTable = iom.read(iom.example("china-2020"))
    return found


@cache
def drama() -> IndustryAccount:
    return iom.read_sectors(iom.example("micro-drama-2025"), base=china())


@cache
def derived(method: Any = "proportional") -> Derivation:
    return iom.derive(drama(), china(), domestic=method)


@cache
def written(method: str = "proportional") -> bytes:
    found = derived(method)
    published = read_published(iom.example("micro-drama-2025"))
    return audit_bytes(found, compare(found, published))


def computed(content: bytes, folder: Path, edit: Callable[[Any], None] | None = None) -> Sheets:
    """Return all cells after a spreadsheet program computed them, with some typed anew."""
    path = folder / "audit.xlsx"
    path.write_bytes(content)
    if edit is not None:
        book = openpyxl.load_workbook(path)
        edit(book)
        book.save(path)
    assert SOFFICE is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = folder / "computed"
    kind = "xlsx:Calc MS Excel 2007 XML"
    command = [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(target)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=300)
    found = python_calamine.CalamineWorkbook.from_path(str(target / path.name))
    return {
        name: found.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in found.sheet_names
    }


def ratios(sheets: Sheets) -> dict[str, list[float]]:
    """Ratios by scope from the sheet `result`: all patterns, then their mean."""
    rows = sheets["result"]
    top = next(at for at, row in enumerate(rows) if row[0] == "scope")
    count = rows[top].index("mean of patterns")
    return {row[0]: row[1 : count + 1] for row in rows[top + 1 :] if row[0]}


def checks(sheets: Sheets) -> dict[str, Any]:
    rows = sheets["checks"]
    top = next(at for at, row in enumerate(rows) if row[0] == "sheet")
    return {f"{row[0]}: {row[1]}": row[2] for row in rows[top + 1 :] if row[0]}


def errors(sheets: Sheets) -> list[str]:
    """Cells with an error value, or the text of one."""
    bad = re.compile(r"#(REF|NAME|VALUE|DIV/0|N/A|NUM|NULL)|Err:\d")
    return [
        f"{name}!R{r}C{c}: {value}"
        for name, rows in sheets.items()
        for r, row in enumerate(rows, start=1)
        for c, value in enumerate(row, start=1)
        if isinstance(value, str) and bad.search(value)
    ]


def agrees(sheets: Sheets, found: Derivation) -> float:
    """Compare every scope and pattern with Python; return the largest relative difference."""
    have, worst = ratios(sheets), 0.0
    assert list(have) == list(found.central.columns)
    for scope, values in have.items():
        want = np.append(found.central[scope], found.central[scope].mean())
        assert values == pytest.approx(want, rel=CLOSE, abs=CLOSE), scope
        worst = max(worst, float(np.max(np.abs(np.array(values) - want))))
    return worst


def sound(sheets: Sheets) -> None:
    """Assert that no cell is an error and every check is zero."""
    assert not errors(sheets), "\n".join(errors(sheets)[:10])
    found = checks(sheets)
    assert len(found) > 15
    assert {key: value for key, value in found.items() if value != 0} == {}


def typed(values: Mapping[str, float]) -> Callable[[Any], None]:
    """Return what types values into column B of the sheet `inputs`."""

    def edit(book: Any) -> None:
        rows = {row[0].value: row[1] for row in book["inputs"].iter_rows()}
        for key, value in values.items():
            rows[key].value = value

    return edit


# --- without a spreadsheet program ---------------------------------------------------------------


def test_ids_stand_in_column_a_with_their_values_beside(tmp_path: Path) -> None:
    path = audit(derived(), tmp_path / "audit.xlsx")
    assert path.stat().st_size < MOST_BYTES
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[:3] == ["read me", "result", "inputs"]
    assert book.calculation.fullCalcOnLoad
    rows = {row[0]: row[1] for row in book["inputs"].iter_rows(max_col=2, values_only=True)}
    for key, value in drama().values.items():
        assert rows[key] == value, key
    scopes = [row[0] for row in book["result"].iter_rows(max_col=1, values_only=True)]
    assert [scope for scope in scopes if scope in derived().central] == list(derived().central)


def test_no_formula_of_the_derivation_sees_a_published_figure(tmp_path: Path) -> None:
    path = tmp_path / "audit.xlsx"
    path.write_bytes(written())
    book = openpyxl.load_workbook(path)
    seen = {
        sheet.title
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and "comparison" in str(cell.value)
    }
    assert seen == {"result"}
    names = " ".join(str(name.attr_text) for name in book.defined_names.values())
    assert "comparison" not in names and len(book.defined_names) > 40
    upstream = [
        str(cell.value)
        for sheet in book
        if sheet.title not in ("result", "read me", "checks")
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and "'result'" in str(cell.value)
    ]
    assert not upstream


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("p_cloud", "p_cloud"),
        ("m_1", "m_1"),
        ("tour1", "tour1"),
        ("gmv", "gmv"),
        ("gm1", "in_gm1"),
        ("XFD12", "in_XFD12"),
        ("R", "in_R"),
        ("c", "in_c"),
        ("R1C1", "in_R1C1"),
        ("rc", "in_rc"),
        ("true", "in_true"),
        ("2nd", "in_2nd"),
        ("片数", "片数"),
    ],
)
def test_names_that_a_spreadsheet_takes_for_a_cell_are_set_apart(id: str, name: str) -> None:
    assert legal_names([id]) == {id: name}


def test_names_that_differ_by_capitals_alone_are_set_apart() -> None:
    assert legal_names(["gmv", "GMV", "in_c", "c"]) == {
        "gmv": "gmv",
        "GMV": "GMV_2",
        "in_c": "in_c",
        "c": "in_c_2",
    }


# --- computed ------------------------------------------------------------------------------------


@COMPUTED
@pytest.mark.parametrize("method", METHODS)
def test_the_workbook_computes_what_the_program_does(method: str, tmp_path: Path) -> None:
    sheets, found = computed(written(method), tmp_path), derived(method)
    sound(sheets)
    agrees(sheets, found)
    rows = {row[0]: row[2:] for row in sheets["scopes"]}
    count = len(found.central)
    for level in ("direct", "indirect, all", "total, chain+consumer"):
        assert rows[level][:count] == pytest.approx(list(found.levels[level]), rel=CLOSE)
    net = list(found.levels["impact: indirect, all (net)"])
    assert rows["net"][:count] == pytest.approx(net, rel=CLOSE)
    for scope in found.wide:
        assert rows[f"wide, {scope}"][:count] == pytest.approx(list(found.wide[scope]), rel=CLOSE)
    last = sheets["result"][8]
    assert last[4:7] == pytest.approx([last[4], 1.95, 1.95 - last[4]])


@COMPUTED
@pytest.mark.parametrize("method", METHODS)
def test_changed_inputs_move_the_ratio_as_the_program_says(method: Any, tmp_path: Path) -> None:
    changed = {
        "workdays_per_title": 700.0,
        "m_labour": 0.5,
        "traffic_share": 0.33,
        "mpc": 0.45,
        "fte_agriculture": 0.6,
        "tourism_additional": 0.5,
    }
    sheets = computed(written(method), tmp_path, typed(changed))
    sound(sheets)
    found = iom.derive(drama().at(**changed), china(), domestic=method)
    agrees(sheets, found)
    moved = ratios(sheets)["chain+consumer"][0] - derived(method).central["chain+consumer"].iloc[0]
    assert abs(moved) > 0.05


@COMPUTED
def test_without_revenue_the_platform_drops_out(tmp_path: Path) -> None:
    changed = {"revenue": 0.0, "paid_revenue": 0.0}
    sheets = computed(written(), tmp_path, typed(changed))
    assert not errors(sheets), errors(sheets)[:10]
    found = iom.derive(drama().at(**changed), china())
    have = ratios(sheets)
    for scope in found.central:
        want = list(found.central[scope])
        assert have[str(scope)][: len(want)] == pytest.approx(want, rel=CLOSE), scope


@COMPUTED
def test_a_changed_flow_moves_the_ratio_as_the_program_says(tmp_path: Path) -> None:
    base = china()
    i, j = base.labels.positions(["64123", "72131"])
    flows = np.array(base.flows.intermediate)
    flows[i, j] *= 1.5

    def edit(book: Any) -> None:
        sheet = book["flows"]
        assert sheet.cell(11 + i, 3 + j).value == pytest.approx(base.flows.intermediate[i, j])
        sheet.cell(11 + i, 3 + j).value = float(flows[i, j])

    sheets = computed(written(), tmp_path, edit)
    changed = base.replace(flows=replace(base.flows, intermediate=flows))
    found = iom.derive(drama(), changed)
    assert agrees(sheets, found) < CLOSE
    assert float((found.central - derived().central).abs().to_numpy().max()) > 1e-6
    assert not errors(sheets)


@COMPUTED
def test_a_broken_map_of_purchases_turns_the_overall_check(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        row = next(row for row in book["purchases"].iter_rows() if row[0].value == "m_script")
        row[1].value, row[3].value = "no such sector", 0.5

    sheets = computed(written(), tmp_path, edit)
    assert not errors(sheets)
    failed = {key for key, value in checks(sheets).items() if value != 0}
    assert failed == {
        "purchases: items whose shares do not sum to one",
        "purchases: rows with an unknown sector",
    }
    assert any("2 checks fail" in str(value) for row in sheets["read me"] for value in row)


@COMPUTED
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("spending", [False, True])
@pytest.mark.parametrize("households", [False, True])
def test_a_study_may_lack_any_part(
    linked: bool, spending: bool, households: bool, tmp_path: Path
) -> None:
    account = study(linked=linked, spending=spending, households=households)
    found = iom.derive(account, table())
    content = audit_bytes(found)
    sheets = computed(content, tmp_path)
    sound(sheets)
    agrees(sheets, found)
    texts = {value for rows in sheets.values() for row in rows for value in row}
    assert "=cmd|' /C calc'!A1" in texts, "a name that looks like a formula stays text"
    assert ("households" in sheets) == households
