"""A replication folder as a referee uses it: written, run elsewhere, tampered with."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import iomodel as iom
from iomodel.studies.replication import command, inputs_of, write_replication
from iomodel.writers.atomic import WriteError

REPOSITORY = Path(__file__).resolve().parents[2]
Done = subprocess.CompletedProcess[str]
OPTIONS = ("--draws", "300", "--seed", "7", "--placebo", "--domestic", "official")


def run(folder: Path, *arguments: str) -> Done:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("paper")
    done = run(place, "-m", "iomodel", "replicate", "--draws", "0", "--to", "folder")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["written: folder", "Run it again: python folder/run.py"]
    return place / "folder"


@pytest.fixture
def copy(written: Path, tmp_path: Path) -> Path:
    """The folder as it lies on another machine."""
    return Path(shutil.copytree(written, tmp_path / "elsewhere"))


def facts(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def tamper(folder: Path, change: Any, *, cover: bool = False) -> None:
    """Change results.json; with `cover` the manifest too, as a forger would."""
    path = folder / "results" / "results.json"
    results = json.loads(path.read_text(encoding="utf-8"))
    change(results)
    path.write_text(json.dumps(results), encoding="utf-8")
    if cover:
        told = facts(folder)
        told["files"]["results/results.json"] = hashlib.sha256(path.read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def test_the_folder_holds_what_a_journal_asks_for(written: Path) -> None:
    names = {p.relative_to(written).as_posix() for p in written.rglob("*") if p.is_file()}
    assert names == {
        "CITATION.md", "README.md", "manifest.json", "requirements.txt", "run.py",
        "inputs/china_2020.xlsx", "inputs/micro_drama_2025.xlsx",
        "results/results.json", "results/results.xlsx", "results/audit.xlsx",
        "results/report.html",
    }  # fmt: skip
    told = facts(written)
    assert set(told["files"]) == names - {"manifest.json"}
    for name, digest in told["files"].items():
        assert hashlib.sha256((written / name).read_bytes()).hexdigest() == digest
    assert (told["seed"], told["draws"], told["iomodel"]) == (1, 0, iom.__version__)
    lines = (written / "requirements.txt").read_text().splitlines()
    assert lines[0] == f"iomodel=={iom.__version__}"
    assert lines[1:] == [f"{name}=={version}" for name, version in told["packages"].items()]
    cited = (written / "CITATION.md").read_text(encoding="utf-8")
    assert "National Bureau of Statistics of China" in cited
    assert "国家统计局" in cited


def test_it_runs_again_elsewhere(copy: Path) -> None:
    done = run(copy.parent, str(copy / "run.py"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "replicated: all" in done.stdout
    assert {p.name for p in copy.iterdir()} == {Path(name).parts[0] for name in facts(copy)["files"]
                                                } | {"manifest.json"}  # fmt: skip


def test_the_results_are_those_of_derive(written: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "iomodel", "derive", "--draws", "0", "--to", "plain")
    assert done.returncode == 0
    ours = (written / "results" / "results.json").read_bytes()
    assert ours == (tmp_path / "plain" / "results.json").read_bytes()


@pytest.mark.parametrize("cover", [False, True])
def test_a_tampered_figure_fails_and_is_named(copy: Path, cover: bool) -> None:
    def change(results: Any) -> None:
        results["central"]["census2020"]["supply"] *= 1 + 1e-7

    tamper(copy, change, cover=cover)
    done = run(copy, "run.py")
    assert done.returncode == 1
    assert "central > census2020 > supply: " in done.stdout
    assert "1 of " in done.stdout.splitlines()[-1]
    assert ("sha256 differs" in done.stdout) != cover


def test_a_difference_below_the_tolerance_passes(copy: Path) -> None:
    def change(results: Any) -> None:
        results["central"]["census2020"]["supply"] += 1e-12

    tamper(copy, change, cover=True)
    assert run(copy, "run.py").returncode == 0


def test_missing_and_added_figures_fail(copy: Path) -> None:
    def change(results: Any) -> None:
        results["central"]["census2020"]["more"] = results["central"]["census2020"].pop("all")

    tamper(copy, change, cover=True)
    done = run(copy, "run.py")
    assert done.returncode == 1
    assert "central > census2020 > more: only in results/results.json" in done.stdout
    assert "central > census2020 > all: only in the new run" in done.stdout


def test_a_changed_input_is_named_with_the_figures_it_moves(copy: Path) -> None:
    path = copy / "inputs" / "micro_drama_2025.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [row for sheet in book for row in sheet.iter_rows() if row[0].value == "cost_per_title"]
    for row in cells:
        for cell in row[1:]:
            if isinstance(cell.value, int | float):
                cell.value *= 1.01
    assert cells
    book.save(path)
    done = run(copy, "run.py")
    assert done.returncode == 1
    assert "inputs/micro_drama_2025.xlsx: changed since the folder was written" in done.stdout
    assert "central > " in done.stdout
    assert "FAILED: " in done.stdout


def test_a_study_that_no_longer_runs_fails(copy: Path) -> None:
    (copy / "inputs" / "china_2020.xlsx").write_bytes(b"nothing")
    done = run(copy, "run.py")
    assert done.returncode == 1
    assert "the study does not run (exit status 2)" in done.stdout


def test_options_of_derive_are_kept(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "iomodel", "replicate", *OPTIONS, "--to", "r")
    assert done.returncode == 0, done.stderr
    told = facts(tmp_path / "r")
    assert (told["seed"], told["draws"]) == (7, 300)
    assert told["command"][-8:] == [
        "--domestic", "official", "--seed", "7", "--no-report", "--draws", "300", "--placebo"
    ]  # fmt: skip
    results = json.loads((tmp_path / "r" / "results" / "results.json").read_text("utf-8"))
    assert results["domestic"] == "official"
    assert "placebo" in results
    assert run(tmp_path, str(Path("r") / "run.py")).returncode == 0


def test_an_older_folder_is_replaced_and_other_files_are_safe(copy: Path) -> None:
    files = {name: (copy / name).read_bytes() for name in (*facts(copy)["files"], "manifest.json")}
    assert write_replication(copy, files) == copy
    (copy / "thesis.docx").write_text("mine")
    with pytest.raises(WriteError, match=r"holds other files.*\(thesis\.docx\)"):
        write_replication(copy, files)
    assert (copy / "thesis.docx").read_text() == "mine"
    with pytest.raises(WriteError, match="is a file, not a folder"):
        write_replication(copy / "run.py", files)


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    study, base = tmp_path / "Book.xlsx", tmp_path / "a" / "book.xlsx"
    study.write_bytes(b"s")
    base.write_bytes(b"t")
    inputs = inputs_of(study, base)
    assert inputs == {"inputs/study_Book.xlsx": b"s", "inputs/table_book.xlsx": b"t"}
    asked = command(
        inputs, domestic="official", draws=5, seed=2, placebo=True, error=0.1, imports=True
    )
    assert asked[-3:] == ["--coefficient-error", "0.1", "--draw-imports"]
    assert asked[:4] == ["derive", "inputs/study_Book.xlsx", "--base", "inputs/table_book.xlsx"]
    assert asked[4:8] == ["--domestic", "official", "--seed", "2"]
    assert asked[8:12] == ["--no-report", "--draws", "5", "--placebo"]
    with pytest.raises(iom.ReadError, match="cannot be copied"):
        inputs_of(study, tmp_path / "a")
