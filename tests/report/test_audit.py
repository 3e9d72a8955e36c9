"""The audit workbook: computed again by a spreadsheet program, and changed as a referee would."""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from io import BytesIO
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
from iomodel.writers.atomic import WriteError
from tests.report.small_study import UNSAFE, study, table
from tests.unit.small import JOBS

SOFFICE = shutil.which("soffice")
COMPUTED = pytest.mark.skipif(SOFFICE is None, reason="no soffice: LibreOffice computes formulas")
CLOSE = 1e-9
MOST_BYTES = 3_000_000
Sheets = dict[str, list[list[Any]]]
Edit = Callable[[Any], None]
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


def edited(content: bytes, edit: Edit | None) -> bytes:
    """Return a workbook with some cells typed anew."""
    if edit is None:
        return content
    book, stream = openpyxl.load_workbook(BytesIO(content)), BytesIO()
    edit(book)
    book.save(stream)
    return stream.getvalue()


def computed(books: Mapping[str, bytes], folder: Path) -> dict[str, Sheets]:
    """Return all cells of some workbooks after a spreadsheet program computed them."""
    assert SOFFICE is not None, "tests that need it are skipped"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = folder / "computed"
    paths = [folder / f"{name}.xlsx" for name in books]
    for path, content in zip(paths, books.values(), strict=True):
        path.write_bytes(content)
    kind = "xlsx:Calc MS Excel 2007 XML"
    command = [SOFFICE, profile, "--headless", "--convert-to", kind, "--outdir", str(target)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=900)
    found = {}
    for path in paths:
        book = python_calamine.CalamineWorkbook.from_path(str(target / path.name))
        found[path.stem] = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    return found


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


def typed(values: Mapping[str, float]) -> Edit:
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


def test_too_many_sectors_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("iomodel.report.audit")  # iomodel.report is the verb
    monkeypatch.setattr(module, "MOST_SECTORS", 152)
    with pytest.raises(WriteError, match=r"153 x 153 cells.*Aggregate the table"):
        audit_bytes(derived())


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("p_cloud", "p_cloud"),
        ("m_1", "m_1"),
        ("tour1", "in_tour1"),
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

CHANGED = {
    "workdays_per_title": 700.0,
    "m_labour": 0.5,
    "traffic_share": 0.33,
    "mpc": 0.45,
    "fte_agriculture": 0.6,
    "tourism_additional": 0.5,
}


def other_flows() -> tuple[dict[str, tuple[int, int, float]], IOTable]:
    """Cells of the sheet `flows` to change, and the table so changed.

    One flow is doubled; final demand of its row and surplus of its column give way.
    """
    base = china()
    i, j = base.labels.positions(["64123", "72131"])
    use = int(base.final_labels.in_group("household")[0])
    left = int(base.primary_labels.in_group("operating surplus")[0])
    more = 0.5 * base.flows.intermediate[i, j]
    blocks = {
        "intermediate": np.array(base.flows.intermediate),
        "final_demand": np.array(base.flows.final_demand),
        "primary_inputs": np.array(base.flows.primary_inputs),
    }
    blocks["intermediate"][i, j] += more
    blocks["final_demand"][i, use] -= more
    blocks["primary_inputs"][left, j] -= more
    n = len(base)
    cells = {
        "flow": (11 + i, 3 + j, float(blocks["intermediate"][i, j])),
        "use": (11 + i, 3 + n + use, float(blocks["final_demand"][i, use])),
        "surplus": (11 + n + left, 3 + j, float(blocks["primary_inputs"][left, j])),
    }
    return cells, base.replace(flows=replace(base.flows, **blocks))


def type_other_flows(book: Any) -> None:
    for row, column, value in other_flows()[0].values():
        cell = book["flows"].cell(row, column)
        assert isinstance(cell.value, int | float)
        cell.value = value


def one_pattern() -> IOTable:
    """Flows that are domestic already, with one employment pattern."""
    return iom.domestic(table(satellites={"employment": JOBS.loc[["old"]]}))


def break_the_map(book: Any) -> None:
    row = next(row for row in book["purchases"].iter_rows() if row[0].value == "goods")
    row[1].value, row[3].value = "no such sector", 0.5


PARTS = {
    f"{linked:d}{spending:d}{households:d}": {
        "linked": linked,
        "spending": spending,
        "households": households,
    }
    for linked in (False, True)
    for spending in (False, True)
    for households in (False, True)
}


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sheets]:
    """All workbooks of these tests, computed in one go: starting the program takes longest."""
    whole = audit_bytes(iom.derive(study(**PARTS["111"]), table()))
    books = {method: written(method) for method in METHODS}
    books |= {f"{m}, changed": edited(written(m), typed(CHANGED)) for m in METHODS}
    books["other flows"] = edited(written(), type_other_flows)
    books["idle"] = edited(whole, typed({"sales": 0.0}))
    books["broken"] = edited(whole, break_the_map)
    for name, parts in PARTS.items():
        books[name] = audit_bytes(iom.derive(study(**parts), table()))
    books["local"] = audit_bytes(iom.derive(study(**PARTS["111"]), one_pattern()))
    return computed(books, tmp_path_factory.mktemp("audit"))


@COMPUTED
@pytest.mark.parametrize("method", METHODS)
def test_the_workbook_computes_what_the_program_does(
    method: str, sheets: dict[str, Sheets]
) -> None:
    have, found = sheets[method], derived(method)
    sound(have)
    agrees(have, found)
    rows = {row[0]: row[2:] for row in have["scopes"]}
    count = len(found.central)
    for level in ("direct", "indirect, all", "total, chain+consumer"):
        assert rows[level][:count] == pytest.approx(list(found.levels[level]), rel=CLOSE)
    net = list(found.levels["impact: indirect, all (net)"])
    assert rows["net"][:count] == pytest.approx(net, rel=CLOSE)
    for scope in found.wide:
        assert rows[f"wide, {scope}"][:count] == pytest.approx(list(found.wide[scope]), rel=CLOSE)
    last = next(row for row in have["result"] if row[0] == "all")
    assert last[count + 2] == 1.95 and last[count + 3] == pytest.approx(1.95 - last[count + 1])
    assert last[count + 5] == pytest.approx(0.0, abs=CLOSE), "nothing moved yet"


@COMPUTED
@pytest.mark.parametrize("method", METHODS)
def test_changed_inputs_move_the_ratio_as_the_program_says(
    method: Any, sheets: dict[str, Sheets]
) -> None:
    have = sheets[f"{method}, changed"]
    sound(have)
    agrees(have, iom.derive(drama().at(**CHANGED), china(), domestic=method))
    moved = ratios(have)["chain+consumer"][0] - derived(method).central["chain+consumer"].iloc[0]
    assert abs(moved) > 0.05


@COMPUTED
def test_a_changed_flow_moves_the_ratio_as_the_program_says(sheets: dict[str, Sheets]) -> None:
    found = iom.derive(drama(), other_flows()[1])
    sound(sheets["other flows"])
    agrees(sheets["other flows"], found)
    assert float((found.central - derived().central).abs().to_numpy().max()) > 1e-5


@COMPUTED
@pytest.mark.parametrize("name", list(PARTS))
def test_a_study_may_lack_any_part(name: str, sheets: dict[str, Sheets]) -> None:
    have, found = sheets[name], iom.derive(study(**PARTS[name]), table())
    sound(have)
    agrees(have, found)
    texts = {value for rows in have.values() for row in rows for value in row}
    assert UNSAFE in texts, "a name that looks like a formula stays text"
    assert ("households" in have) == PARTS[name]["households"]


@COMPUTED
def test_a_table_of_domestic_flows_is_taken_as_it_is(sheets: dict[str, Sheets]) -> None:
    sound(sheets["local"])
    agrees(sheets["local"], iom.derive(study(**PARTS["111"]), one_pattern()))


@COMPUTED
def test_a_linked_sector_without_output_drops_out(sheets: dict[str, Sheets]) -> None:
    found = iom.derive(study(**PARTS["111"]).at(sales=0.0), table())
    sound(sheets["idle"])
    agrees(sheets["idle"], found)


@COMPUTED
def test_a_broken_map_of_purchases_turns_the_overall_check(sheets: dict[str, Sheets]) -> None:
    have = sheets["broken"]
    assert not errors(have), errors(have)[:10]
    failed = {key for key, value in checks(have).items() if value != 0}
    assert failed == {
        "purchases: items whose shares do not sum to one",
        "purchases: rows with an unknown sector",
    }
    assert any("2 checks fail" in str(value) for row in have["read me"] for value in row)
