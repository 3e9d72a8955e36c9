"""The blank study: what it lacks is named, and its live checks see what is wrong."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

import iomodel as iom
from iomodel.cli import BAD_INPUT, main
from iomodel.writers.atomic import WriteError
from tests.studies.filled import blank, changed, filled
from tests.unit.small import built

SOFFICE = shutil.which("soffice")
SHEETS = [
    *("how to", "about", "sectors", "channels", "inputs", "purchases", "equations", "evidence"),
    *("screens", "published", "checks", "base_sectors"),
]
WRONG = {  # cell: what is typed, and the check that must see it
    "inputs!E2": (1e9, "bounds out of order"),
    "inputs!F4": (1.5, "a share outside 0 to 1"),
    "inputs!H5": ("triangular", "without the bounds"),
    "inputs!A6": ("pay", "stand twice"),
    "inputs!F7": (0.9, "added up"),
    "purchases!D2": (0.5, "do not sum to 1"),
    "purchases!B3": ("no such", "without a sector of the table"),
    "equations!D2": ("sales * lost", "a name that is not known"),
    "equations!D3": ("sales", "Inputs that no formula uses"),
    "sectors!C2": (None, "names in sectors"),
}


@pytest.fixture(scope="module")
def scotland() -> iom.IOTable:
    found = iom.read(iom.example("scotland-2019"))
    assert isinstance(found, iom.IOTable)
    return found


def computed(folder: Path, paths: list[Path]) -> list[list[list[Any]]]:
    """Open workbooks in LibreOffice, save them, and return their sheet `checks`."""
    assert SOFFICE is not None
    out = folder / "computed"
    command = [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless",
               "--convert-to", "xlsx", "--outdir", str(out), *map(str, paths)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    books = (python_calamine.CalamineWorkbook.from_path(out / path.name) for path in paths)
    return [book.get_sheet_by_name("checks").to_python(skip_empty_area=False) for book in books]


def test_sheets_and_what_is_prefilled(scotland: iom.IOTable, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(blank(tmp_path, scotland))
    assert book.sheetnames == SHEETS
    facts = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert (facts["year"], facts["price_year"], facts["currency"]) == (2019, 2019, "GBP")
    assert (facts["purchases"], facts["idle"]) == ("domestic", "keep")
    codes = [row[0] for row in book["base_sectors"].iter_rows(min_row=2, values_only=True)]
    assert tuple(codes) == scotland.labels.codes
    allowed = [rule.formula1 for rule in book["purchases"].data_validations.dataValidation]
    assert "base_sectors!$A$2:$A$99" in allowed
    written = {row[0] for row in book["equations"].iter_rows(min_row=2, values_only=True)}
    assert {"output", "jobs", "labour_income", "purchase", "imports", "respending"} <= written


def test_several_estimates_and_two_languages(tmp_path: Path) -> None:
    china = iom.read(iom.example("china-2020"))
    book = openpyxl.load_workbook(blank(tmp_path, china))
    facts = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert (facts["price_year"], facts["purchases"], facts["idle"]) == (2025, "total", "refuse")
    rows = {row[0]: row for row in book["inputs"].iter_rows(values_only=True)}
    assert rows["labour_pattern"][7] == "categorical"
    assert "imports_bought" not in rows
    assert [cell.value for cell in book["channels"][1]] == ["code", "name_en", "name_zh"]


def test_blank_study_says_all_that_is_missing(scotland: iom.IOTable, tmp_path: Path) -> None:
    path = blank(tmp_path, scotland)
    with pytest.raises(iom.SpecError, match="26 cells wait") as caught:
        iom.read_sectors(path, base=scotland)
    lines = str(caught.value).splitlines()[1:5]
    assert [line.strip().partition(":")[0] for line in lines] == [
        *("about", "sectors", "inputs", "purchases")
    ]
    assert lines[0] == "  about: B3, B4"


def test_half_filled_study_says_the_rest(scotland: iom.IOTable, tmp_path: Path) -> None:
    path = filled(blank(tmp_path, scotland), scotland, "86")
    changed(path, {"inputs!F5": None, "purchases!D4": None, "purchases!B3": None})
    with pytest.raises(iom.SpecError, match="3 cells wait") as caught:
        iom.read_sectors(path, base=scotland)
    assert "inputs: F5\n  purchases: B3, D4\n" in str(caught.value)


def test_what_is_wrong_is_not_called_blank(scotland: iom.IOTable, tmp_path: Path) -> None:
    path = filled(blank(tmp_path, scotland), scotland, "86")
    changed(path, {"inputs!F5": "much", "purchases!D4": None})
    with pytest.raises(iom.BadCellsError, match="F5") as caught:
        iom.read_sectors(path, base=scotland)
    assert "D4" in str(caught.value)


def test_wishes_that_cannot_be_met(scotland: iom.IOTable, tmp_path: Path) -> None:
    target = tmp_path / "study.xlsx"
    with pytest.raises(iom.LabelError, match="sectors or base"):
        iom.template(target, sectors=3, base=scotland)
    with pytest.raises(iom.LabelError, match="no satellite 'employment'"):
        iom.template(target, base=built(satellites=None))
    target.write_text("work", encoding="utf-8")
    with pytest.raises(WriteError, match="there already"):
        iom.template(target, base=scotland)


def test_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["template", "study", "--base", "scotland-2019", "--to", "mine.xlsx"]) == 0
    assert "iomodel derive mine.xlsx --base scotland-2019" in capsys.readouterr().out
    assert main(["derive", "mine.xlsx", "--base", "scotland-2019"]) == BAD_INPUT
    assert "not filled in yet" in capsys.readouterr().err
    assert main(["template", "study", "--sectors", "3", "--to", "other.xlsx"]) == BAD_INPUT
    assert main(["template", "table", "--to", "other.xlsx"]) == BAD_INPUT
    assert not (tmp_path / "other.xlsx").exists()


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_live_checks(scotland: iom.IOTable, tmp_path: Path) -> None:
    good = filled(blank(tmp_path, scotland), scotland, "59, 60").rename(tmp_path / "good.xlsx")
    paths = [blank(tmp_path, scotland), good]
    for number, (cell, (value, _)) in enumerate(WRONG.items()):
        path = tmp_path / f"wrong{number}.xlsx"
        path.write_bytes(good.read_bytes())
        paths.append(changed(path, {cell: value}))
    first, right, *wrong = computed(tmp_path, paths)
    assert str(first[1][1]).startswith("Not ready yet: 4 of 9")
    assert str(right[1][1]).startswith("Ready")
    assert [row[3] for row in right[3:12]] == ["good"] * 9
    for (cell, (_, check)), page in zip(WRONG.items(), wrong, strict=True):
        assert str(page[1][1]).startswith("Not ready yet"), cell
        found = [row[1] for row in page[3:12] if row[3] != "good"]
        assert any(check in text for text in found), (cell, found)
