"""The blank workbook: filled in as a person does, read, and computed by a spreadsheet program."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings

import iomodel as iom
from iomodel.accounts.meta import Step
from iomodel.cli import BAD_INPUT, main
from iomodel.writers.atomic import WriteError
from tests.identities.tables import Economy, economies
from tests.unit.small import CODES, built

FACTS = {
    "title": "Three sectors",
    "unit": "million EUR",
    "currency": "EUR",
    "year": 2020,
    "price_year": 2020,
}
NAMES = ["Farms", "Factories", "Services"]
SOFFICE = shutil.which("soffice")


def blank(folder: Path, **changes: Any) -> Path:
    wish = {"sectors": 3, "final": ("household", "exports"), "primary": ("compensation", "other")}
    return iom.template(folder / "blank.xlsx", **{**wish, **changes})


def put(book: Any, sheet: str, top: int, left: int, values: Any) -> None:
    """Type figures or texts into a sheet from one cell on."""
    for row, line in enumerate(values, start=top):
        for column, value in enumerate(line, start=left):
            book[sheet].cell(row, column).value = value


def filled(path: Path, table: iom.IOTable, *, names: list[str] | None = None) -> Path:
    """Fill in a template with the figures of a table, keeping all its sheets."""
    book, n = openpyxl.load_workbook(path), len(table)
    facts = {**FACTS, "title": table.meta.title}
    for row in book["about"].iter_rows(min_row=2):
        row[1].value = facts.get(row[0].value, row[1].value)
    for r, code in enumerate(table.labels.codes, start=2):
        put(book, "sectors", r, 1, [[code, *(names[r - 2 : r - 1] if names else [])]])
    head = next(c for c in range(1, 99) if book["flows"].cell(4, c).value == "sector") - 1
    assert book["flows"].freeze_panes == book["flows"].cell(head + 1, head + 1).coordinate
    put(book, "flows", 1, head + 1, [table.labels.codes])
    put(book, "flows", head + 1, 1, [[code] for code in table.labels.codes])
    flows = table.flows
    competitive = table.meta.import_treatment == "competitive"
    right = [flows.imports[:, None]] if competitive else []
    body = np.hstack([flows.intermediate, flows.final_demand, *right, flows.output[:, None]])
    put(book, "flows", head + 1, head + 1, body.tolist())
    put(book, "flows", head + 1 + n, head + 1, flows.primary_inputs.tolist())
    book.save(path)
    return path


# --- filled in and read --------------------------------------------------------------------------


def test_a_filled_template_is_the_table(tmp_path: Path) -> None:
    table = built(satellites=None, names={"en": NAMES})
    path = filled(blank(tmp_path, import_treatment="domestic"), table, names=NAMES)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["how to", "about", "sectors", "flows", "checks"]
    again = iom.read(path)
    for block in ("intermediate", "final_demand", "primary_inputs", "output", "imports"):
        assert np.array_equal(getattr(again.flows, block), getattr(table.flows, block))
    assert again.labels.codes == table.labels.codes
    assert dict(again.labels.names) == {"en": tuple(NAMES)}
    assert again.final_labels.groups == ("household", "exports")
    assert again.final_labels.named() == ("Household consumption", "Exports")
    assert again.primary_labels.groups == ("compensation", "other")
    facts = (again.meta.title, again.meta.unit, again.meta.year, again.meta.import_treatment)
    assert facts == ("Three sectors", "million EUR", 2020, "domestic")
    assert again.meta.steps == (Step("read", "blank.xlsx"),)


@settings(max_examples=5)
@given(economies())
def test_random_tables(tmp_path_factory: pytest.TempPathFactory, economy: Economy) -> None:
    table = economy.table()
    finals = ("household", "household", "government", "exports")
    treatment: Any = table.meta.import_treatment.replace("not stated", "domestic")
    path = iom.template(
        tmp_path_factory.mktemp("t") / "t.xlsx",
        sectors=len(table),
        final=finals,
        primary=("compensation", "operating surplus"),
        import_treatment=treatment,
        languages=("zh", "fr", "en"),
    )
    again = iom.read(filled(path, table))
    for block in ("intermediate", "final_demand", "primary_inputs", "output", "imports"):
        have, want = getattr(again.flows, block), getattr(table.flows, block)
        assert np.allclose(have, want, rtol=1e-15, atol=0), block
    assert tuple(again.labels.names) == ("zh", "fr", "en")
    assert again.final_labels.codes == ("household_1", "household_2", "government", "exports")
    assert again.final_labels.names["zh"] == ("居民消费 1", "居民消费 2", "政府消费", "出口")
    assert again.final_labels.names["fr"] == ("", "", "", "")


def test_employment(tmp_path: Path) -> None:
    path = filled(blank(tmp_path, employment=True), built())
    book = openpyxl.load_workbook(path)
    put(book, "flows", 5, 7 + 3, [[0.0, 100], [0.0, 300], [0.0, 200]])
    put(
        book, "employment", 2, 4, [["thousand persons"], [2020], ["fte"], ["survey"], [1], [2], [3]]
    )
    put(book, "employment", 6, 1, [[code] for code in CODES])
    book.save(path)
    jobs = iom.read(path).satellite("employment")
    assert jobs.values.tolist() == [[1.0, 2.0, 3.0]]
    assert (jobs.unit_value, jobs.year, jobs.basis) == (1e3, 2020, "fte")
    assert jobs.source == "employment: survey"


def test_labels_that_are_known_are_filled_in(tmp_path: Path) -> None:
    labels = iom.Labels(codes=("01", "=2"), names={"en": ("Farms", "@Shops")}, groups=("A", "G"))
    book = openpyxl.load_workbook(blank(tmp_path, sectors=labels))
    rows = [[cell.value for cell in row] for row in book["sectors"].iter_rows()]
    assert rows[1:] == [["01", "Farms", None, "A"], ["=2", "@Shops", None, "G"]]
    assert book["sectors"]["A3"].data_type == "s"
    assert [book["flows"].cell(1, c).value for c in (5, 6)] == ["01", "=2"]
    assert [book["flows"].cell(r, 1).value for r in (5, 6)] == ["01", "=2"]


def test_numbers_of_sectors_have_as_many_digits_as_needed(tmp_path: Path) -> None:
    for size, ends in ((5, ("01", "05")), (153, ("001", "153"))):
        path = iom.template(tmp_path / f"{size}.xlsx", sectors=size)
        sheet = openpyxl.load_workbook(path)["sectors"]
        assert (sheet["A2"].value, sheet.cell(size + 1, 1).value) == ends


# --- what helps a person -------------------------------------------------------------------------


def test_lists_notes_and_frozen_panes(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(blank(tmp_path))
    lists = {
        (name, str(rule.sqref)): rule.formula1
        for name in ("about", "flows")
        for rule in book[name].data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists["about", "B13"] == '"competitive,domestic,not stated"'
    assert "producers' prices" in lists["about", "B12"]
    assert lists["about", "B14"] == '"product,industry"'
    assert "household,government" in lists["flows", "H4:I4"]
    assert "compensation,production taxes" in lists["flows", "D8:D9"]
    assert all(len(text) <= 255 for text in lists.values()), "more is refused by Excel"
    flows = book["flows"]
    assert flows.freeze_panes == "E5"
    assert all(flows[address].comment for address in ("A1", "D1", "E1", "H1", "J1", "K1", "A8"))
    assert flows.column_dimensions["B"].hidden and flows.row_dimensions[2].hidden
    numbers = [r for r in flows.data_validations.dataValidation if r.type == "decimal"]
    assert {str(rule.sqref) for rule in numbers} == {"E5:K7", "E8:G9", "H8:I9"}


# --- an empty one and a partly filled one --------------------------------------------------------


def test_an_empty_template_is_refused_kindly(tmp_path: Path) -> None:
    with pytest.raises(iom.ReadError) as caught:
        iom.read(blank(tmp_path))
    text = str(caught.value)
    assert "the template is empty" in text and len(text.splitlines()) < 12
    for line in (
        "about: title, unit, year, price_year",
        "flows!E5:G7: intermediate flows",
        "flows!H5:I7: final demand",
        "flows!J5:J7: imports",
        "flows!K5:K7: output",
        "flows!E8:G9: primary inputs",
    ):
        assert line in text


def test_a_table_written_by_us_without_its_figures_is_empty_too(tmp_path: Path) -> None:
    path = iom.write(built(), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(path)
    put(book, "flows", 5, 5, [[None] * 6] * 5)
    book.save(path)
    with pytest.raises(iom.ReadError, match="the template is empty"):
        iom.read(path)


def test_a_partly_filled_template_lists_its_blanks(tmp_path: Path) -> None:
    path = filled(blank(tmp_path, import_treatment="domestic"), built(satellites=None))
    book = openpyxl.load_workbook(path)
    book["flows"]["F6"].value = None
    book["flows"]["E8"].value = "n.a."
    book["about"]["B10"].value = None
    book.save(path)
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read(path)
    assert {(cell.sheet, cell.address) for cell in caught.value.cells} == {
        ("flows", "F6"),
        ("flows", "E8"),
        ("about", "B10"),
    }


@pytest.mark.parametrize("value", ["=1+1", "1 234"])
def test_formulas_never_computed_and_texts_are_not_an_empty_template(
    tmp_path: Path, value: str
) -> None:
    path = blank(tmp_path)
    book = openpyxl.load_workbook(path)
    book["flows"]["E5"].value = value
    book.save(path)
    with pytest.raises(iom.BadCellsError, match=r"flows!E5.*(without a stored|text where)"):
        iom.read(path)


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sectors": 0}, "sectors: 0"),
        ({"sectors": True}, "sectors: True"),
        ({"sectors": 20_000}, "16,384 columns"),
        ({"sectors": iom.Labels(codes=("a", "b"), regions=("N", "S"))}, "one region"),
        ({"final": ("household", "sector", "imports")}, "(?s)'sector' is not.*'imports' is not"),
        ({"final": ()}, "final: give one"),
        ({"primary": ("wage",)}, "'wage' is not a role; one of compensation"),
        ({"languages": ("en", "a b")}, "'a b' is not the name"),
        ({"languages": ("en", "en")}, "stands twice"),
        ({"import_treatment": "not stated"}, "competitive or domestic"),
    ],
)
def test_what_cannot_be_made(tmp_path: Path, changes: Any, problem: str) -> None:
    with pytest.raises(iom.LabelError, match=problem):
        blank(tmp_path, **changes)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    path = blank(tmp_path)
    before = path.read_bytes()
    with pytest.raises(WriteError, match="may hold work"):
        blank(tmp_path)
    assert path.read_bytes() == before
    with pytest.raises(WriteError, match=r"ends in \.xlsx"):
        iom.template(tmp_path / "t.csv", sectors=2)


# --- from the command line ----------------------------------------------------------------------


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "blank.xlsx"
    command = ["template", "table", "--sectors", "3", "--to", str(path)]
    more = ["--final", "household, exports", "--primary", "compensation,other", "--names", "zh,en"]
    assert main([*command, *more, "--imports", "domestic", "--employment"]) == 0
    assert f"iomodel check {path}" in capsys.readouterr().out
    book = openpyxl.load_workbook(path)
    assert "employment" in book.sheetnames
    assert [cell.value for cell in book["flows"][4]][4:] == [
        *["sector"] * 3,
        *("household", "exports", "output"),
    ]
    assert main(command) == BAD_INPUT
    assert "may hold work" in capsys.readouterr().err
    assert main(["check", str(path)]) == BAD_INPUT
    assert "the template is empty" in capsys.readouterr().err


# --- computed by a spreadsheet program -----------------------------------------------------------


def computed(path: Path) -> Any:
    """Return the sheet `checks` as a spreadsheet program computes it."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed: nothing computes the formulas")
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    out = path.parent / "computed"
    command = [
        SOFFICE,
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    book = python_calamine.load_workbook(str(out / path.name))
    return book.get_sheet_by_name("checks").to_python(skip_empty_area=False)


def states(rows: Any) -> dict[str, tuple[float, str]]:
    return {row[1]: (row[2], row[3]) for row in rows[3:11]}


def test_the_checks_of_a_balanced_table(tmp_path: Path) -> None:
    table = built(satellites=None)
    path = filled(blank(tmp_path, import_treatment="domestic"), table, names=NAMES)
    rows = computed(path)
    assert rows[1][1].startswith("Ready")
    assert {state for _, state in states(rows).values()} == {"good"}
    assert rows[15][2:5] == [600.0, 600.0, 0.0]
    for row, code, name, output in zip(rows[16:], CODES, NAMES, table.output, strict=True):
        assert row[:2] == [code, name]
        assert row[2:5] == [output, output, 0.0] and row[7:10] == [output, output, 0.0]
        assert (row[6], row[11], row[12]) == ("balances", "balances", "same")


def test_the_checks_name_what_is_wrong(tmp_path: Path) -> None:
    path = filled(blank(tmp_path, import_treatment="domestic"), built(satellites=None))
    book = openpyxl.load_workbook(path)
    flows = book["flows"]
    flows["H5"].value += 0.3  # a rounding of 100
    flows["H6"].value += 30  # a tenth of 300
    flows["G7"].value = "n.a."
    flows["A7"].value = "x"
    book["about"]["B8"].value = None
    book.save(path)
    rows = computed(path)
    found = states(rows)
    assert rows[1][1] == "Not ready yet: 5 of 8 checks are open"
    assert found["Facts missing in about"] == (1.0, "fill in")
    assert found["Cells of flows with text instead of a number"] == (1.0, "wrong")
    assert found["Codes of flows that differ from sectors"] == (1.0, "wrong")
    assert found["Rows out of balance"] == (1.0, "wrong")
    assert found["Columns out of balance"] == (0.0, "good")
    gap = found["Primary inputs less final demand net of imports"]
    assert gap[0] == pytest.approx(30.3) and gap[1] == "fill in"
    assert [row[6] for row in rows[16:]] == ["rounding", "out", "fill in"]
    assert [row[11] for row in rows[16:]] == ["balances", "balances", "fill in"]
    assert [row[12] for row in rows[16:]] == ["same", "same", "differ"]


def test_the_checks_of_a_blank_one_with_imports(tmp_path: Path) -> None:
    path = blank(tmp_path, employment=True)
    book = openpyxl.load_workbook(path)
    put(book, "flows", 5, 10, [[-5.0]])
    book.save(path)
    found = states(computed(path))
    assert found["Cells of flows and employment still blank"] == (3 * 7 + 6 - 1 + 5, "fill in")
    assert found["Facts missing in about"] == (4.0, "fill in")
    assert found["Imports with a minus sign"] == (1.0, "wrong")
