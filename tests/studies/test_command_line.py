"""`python -m iomodel` as a user runs it: what it prints, writes, refuses and leaves alone."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import iomodel as iom

REPOSITORY = Path(__file__).resolve().parents[2]
PATTERNS = ["census2020", "academic2018", "economic2023"]
SCOPES = ["supply", "chain", "chain+consumer", "chain+consumer-gross", "chain+households", "all"]
HEADLINE_FIRST = ["chain+consumer", "chain+consumer-gross", "supply", "chain"]
HEADLINE_FIRST += ["chain+households", "all"]
CHANNELS = ["production_supply", "traffic_ads", "platform_inputs", "platform_staff"]
CHANNELS += ["e_commerce", "tourism", "induced_core", "induced_spill"]
FIRST = ["study", "version", "inputs", "basis", "boundary", "domestic", "direct"]
FIRST += ["central", "channels", "destinations"]
LAST = ["published", "checks", "warnings"]
FOLDER = "micro_drama_results"
Done = subprocess.CompletedProcess[str]


def run(folder: Path, *arguments: str | Path, **environment: str) -> Done:
    """Run the command line in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-m", "iomodel", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def results(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def edited(target: Path, *edits: tuple[str, str, Any]) -> Path:
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    for sheet, address, value in edits:
        book[sheet][address] = value
    book.save(target)
    return target


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def refused(done: Done) -> str:
    """Assert that bad input was refused in words; return the message."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout
    assert done.stderr.startswith("iomodel: ")
    return done.stderr


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    folder = tmp_path_factory.mktemp("default")
    return folder, run(folder, "derive")


# --- the default run -----------------------------------------------------------------------------


def test_the_default_run_writes_both_files(default: tuple[Path, Done]) -> None:
    folder, done = default
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert files(folder) == [FOLDER, f"{FOLDER}/results.json", f"{FOLDER}/results.xlsx"]


def unwrapped(text: str) -> list[str]:
    """Lines of the screen; continuation lines (indented, no columns) joined to their first."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("  ") and not re.search(r"\d\.\d{3}$", line):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def test_the_screen_has_the_headline_first_and_warnings_last(default: tuple[Path, Done]) -> None:
    folder, done = default
    lines = unwrapped(done.stdout)
    central = results(folder / FOLDER)["central"]
    ratios = [central[pattern]["chain+consumer"] for pattern in PATTERNS]
    mean = sum(ratios) / 3
    assert lines[0] == "Jobs of the micro drama industry of China, 2025"
    assert f"{mean:.2f} indirect jobs" in lines[1]
    assert f"({min(ratios):.2f}-{max(ratios):.2f}" in lines[1]
    order = [re.split(r"\s{2,}", line.strip())[0] for line in lines if line.startswith("  ")]
    assert order[:6] == HEADLINE_FIRST
    warned = [n for n, line in enumerate(lines) if line.startswith("warning: ")]
    assert len(warned) == len(results(folder / FOLDER)["warnings"])
    assert warned == list(range(len(lines) - 1 - len(warned), len(lines) - 1))
    assert lines[-1].startswith("written: ")


def test_every_figure_on_the_screen_is_the_one_in_the_file(default: tuple[Path, Done]) -> None:
    folder, done = default
    found = results(folder / FOLDER)
    rows = {parts[0]: parts[1:] for line in done.stdout.splitlines()
            if (parts := re.split(r"\s{2,}", line.strip()))}  # fmt: skip
    for scope in SCOPES:
        values = [found["central"][pattern][scope] for pattern in PATTERNS]
        assert rows[scope] == [f"{v:.3f}" for v in (sum(values) / 3, *values)]
    assert f"{found['direct']['fte']:,.0f}" in done.stdout
    assert f"{found['direct']['heads']:,.0f}" in done.stdout


def test_keys_of_the_record_and_their_order(default: tuple[Path, Done]) -> None:
    found = results(default[0] / FOLDER)
    keys = list(found)
    assert keys[: len(FIRST)] == FIRST
    assert keys[-len(LAST) :] == LAST
    assert list(found["central"]) == list(found["channels"]) == PATTERNS
    assert list(found["destinations"]) == PATTERNS
    for pattern in PATTERNS:
        assert list(found["central"][pattern]) == SCOPES
        assert list(found["channels"][pattern]) == CHANNELS
    assert found["study"] == "micro-drama-2025"
    assert found["version"] == iom.__version__
    assert (found["basis"], found["boundary"], found["domestic"]) == ("fte", ["m"], "proportional")


def test_the_record_names_its_inputs_by_their_hash(default: tuple[Path, Done]) -> None:
    paths = [iom.example("micro-drama-2025"), iom.example("china-2020")]
    assert results(default[0] / FOLDER)["inputs"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


def test_channels_and_destinations_add_up_to_the_scope_all(default: tuple[Path, Done]) -> None:
    found = results(default[0] / FOLDER)
    for pattern in PATTERNS:
        total = found["central"][pattern]["all"]
        assert sum(found["channels"][pattern].values()) == pytest.approx(total, rel=1e-12)
        assert sum(found["destinations"][pattern].values()) == pytest.approx(total, rel=1e-12)


def test_a_second_run_writes_the_same_record(default: tuple[Path, Done]) -> None:
    folder, done = default
    before = (folder / FOLDER / "results.json").read_bytes()
    again = run(folder, "derive", PYTHONHASHSEED="7")
    assert again.stdout == done.stdout
    assert (folder / FOLDER / "results.json").read_bytes() == before
    assert len(files(folder)) == 3


def test_the_workbook_opens_and_its_scopes_are_those_of_the_record(
    default: tuple[Path, Done],
) -> None:
    folder, _ = default
    book = openpyxl.load_workbook(folder / FOLDER / "results.xlsx")
    rows = list(book["scopes"].iter_rows(values_only=True))
    head = next(k for k, row in enumerate(rows) if "census2020" in row)
    columns = {pattern: rows[head].index(pattern) for pattern in PATTERNS}
    body = {str(row[0]): row for row in rows[head + 1 :] if row[0]}
    assert list(body) == HEADLINE_FIRST
    central = results(folder / FOLDER)["central"]
    for pattern, column in columns.items():
        for scope in SCOPES:
            want = central[pattern][scope]
            assert body[scope][column] == pytest.approx(want, rel=1e-15)
    formulas = [c for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]
    assert not formulas


def test_channels_of_the_workbook_are_those_of_the_record(default: tuple[Path, Done]) -> None:
    folder, _ = default
    rows = list(
        openpyxl.load_workbook(folder / FOLDER / "results.xlsx")["channels"].iter_rows(
            values_only=True
        )
    )
    head = next(k for k, row in enumerate(rows) if "census2020" in row)
    body = {str(row[0]): row for row in rows[head + 1 :] if row[0]}
    assert list(body) == CHANNELS
    channels = results(folder / FOLDER)["channels"]
    for pattern in PATTERNS:
        column = rows[head].index(pattern)
        for name in CHANNELS:
            assert body[name][column] == pytest.approx(channels[pattern][name], rel=1e-15)


# --- options -------------------------------------------------------------------------------------


def test_json_is_printed_alone_and_equals_the_file(tmp_path: Path) -> None:
    done = run(tmp_path, "derive", "--json", "--to", "out")
    assert done.returncode == 0
    assert done.stdout == (tmp_path / "out" / "results.json").read_text(encoding="utf-8")
    assert json.loads(done.stdout)["study"] == "micro-drama-2025"


def test_json_does_not_depend_on_the_encoding_of_the_screen(tmp_path: Path) -> None:
    """A Chinese file name stands in `inputs`; a legacy code page must not turn it into ????."""
    study = edited(tmp_path / "微短剧.xlsx")
    done = run(tmp_path, "derive", study, "--json", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == results(tmp_path / FOLDER)
    assert "微短剧.xlsx" in results(tmp_path / FOLDER)["inputs"]


def test_the_screen_survives_a_legacy_encoding(tmp_path: Path) -> None:
    done = run(tmp_path, "derive", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr


def test_to_makes_folders_and_keeps_what_else_is_there(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "notes.txt").write_text("mine")
    assert run(tmp_path, "derive", "--to", "a/b c/结果").returncode == 0
    assert run(tmp_path, "derive", "--to", "a").returncode == 0
    assert (tmp_path / "a" / "notes.txt").read_text() == "mine"
    assert files(tmp_path / "a" / "b c" / "结果") == ["results.json", "results.xlsx"]
    assert files(tmp_path / "a") == [
        "b c", "b c/结果", "b c/结果/results.json", "b c/结果/results.xlsx", "notes.txt",
        "results.json", "results.xlsx",
    ]  # fmt: skip


def test_own_copies_of_both_workbooks_give_the_same(
    tmp_path: Path, default: tuple[Path, Done]
) -> None:
    study = shutil.copy(iom.example("micro-drama-2025"), tmp_path / "my study.xlsx")
    base = shutil.copy(iom.example("china-2020"), tmp_path / "my table.xlsx")
    done = run(tmp_path, "derive", study, "--base", base)
    assert done.returncode == 0, done.stderr
    found, other = results(tmp_path / FOLDER), results(default[0] / FOLDER)
    assert list(found.pop("inputs")) == ["my study.xlsx", "my table.xlsx"]
    other.pop("inputs")
    assert found == other


def test_inputs_of_one_name_are_both_named(tmp_path: Path) -> None:
    """study/data.xlsx and base/data.xlsx: the record must hold two hashes, not one."""
    (tmp_path / "study").mkdir()
    (tmp_path / "base").mkdir()
    study = shutil.copy(iom.example("micro-drama-2025"), tmp_path / "study" / "data.xlsx")
    base = shutil.copy(iom.example("china-2020"), tmp_path / "base" / "data.xlsx")
    assert run(tmp_path, "derive", study, "--base", base).returncode == 0
    assert len(results(tmp_path / FOLDER)["inputs"]) == 2


def test_the_official_split(tmp_path: Path, default: tuple[Path, Done]) -> None:
    done = run(tmp_path, "derive", "--domestic", "official")
    assert done.returncode == 0, done.stderr
    found, other = results(tmp_path / FOLDER), results(default[0] / FOLDER)
    assert found["domestic"] == "official"
    assert "Imports: official" in done.stdout
    for pattern in PATTERNS:
        one, two = found["central"][pattern]["all"], other["central"][pattern]["all"]
        assert one != two
        assert one == pytest.approx(two, rel=0.2)


def test_draws_and_placebo_stand_beside_the_derivation(
    tmp_path: Path, default: tuple[Path, Done]
) -> None:
    done = run(tmp_path, "derive", "--draws", "2000", "--seed", "7", "--placebo")
    assert done.returncode == 0, done.stderr
    found, plain = results(tmp_path / FOLDER), results(default[0] / FOLDER)
    assert {key: found[key] for key in plain} == plain
    assert list(found)[-len(LAST) :] == LAST
    assert list(found["distribution"]) == SCOPES
    keys = {"median", "p05", "p95", "mc_se", "draws", "accepted", "share_ge_published"}
    for scope in SCOPES:
        row = found["distribution"][scope]
        assert keys <= set(row)
        assert row["p025"] < row["p05"] < row["median"] < row["p95"] < row["p975"]
        assert row["draws"] == 2000 >= row["accepted"] > 1900
        assert 0 <= row["share_ge_published"] <= 1
        wide = found["distribution_wide"][scope]
        assert wide["p95"] - wide["p05"] > row["p95"] - row["p05"]
    headline = found["distribution"]["chain+consumer"]
    assert f"{headline['median']:.3f}" in done.stdout
    patterns = ("", ", census2020", ", academic2018", ", economic2023")
    pair = ("chain+consumer", "chain+consumer-gross")
    assert list(found["inverse"]) == [scope + pattern for scope in pair for pattern in patterns]
    assert all("not evidence for it" in one["title"] for one in found["inverse"].values())
    assert "conditional on the published figure, not evidence for it" in done.stdout
    assert found["sensitivity"]["inputs"]["workdays_per_title"]["elasticity"] == pytest.approx(-1)
    assert "the industry itself" in found["placebo"]["ratios"]
    before = [line for line in default[1].stdout.splitlines()[:-1] if line]
    assert [line for line in done.stdout.splitlines() if line in before] == before
    sheets = openpyxl.load_workbook(tmp_path / FOLDER / "results.xlsx").sheetnames
    assert {"intervals", "drivers", "variance", "distribution", "placebo"} <= set(sheets)
    again = run(tmp_path, "derive", "--draws", "2000", "--seed", "7", "--placebo", "--to", "b")
    assert results(tmp_path / "b") == found
    assert again.returncode == 0


def test_draws_do_not_need_or_heed_published_figures(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    del book["published"]
    book.save(tmp_path / "without.xlsx")
    sheet = openpyxl.load_workbook(iom.example("micro-drama-2025"))["published"]
    place = next(r for r in range(2, 30) if sheet.cell(r, 1).value == "ratio")
    column = next(c for c in range(1, 9) if sheet.cell(1, c).value == "central")
    address = sheet.cell(place, column).coordinate
    edited(tmp_path / "other.xlsx", ("published", address, 9.99))
    found = {}
    for name in ("without", "other"):
        done = run(tmp_path, "derive", f"{name}.xlsx", "--draws", "500", "--to", name)
        assert done.returncode == 0, done.stderr
        found[name] = results(tmp_path / name)
    assert "inverse" not in found["without"]
    assert (
        "What it would take" not in run(tmp_path, "derive", "without.xlsx", "--draws", "9").stdout
    )
    for scope in SCOPES:
        without, other = (found[name]["distribution"][scope] for name in found)
        assert without.pop("share_ge_published") is None
        assert other.pop("share_ge_published") <= 0.05
        assert without == other
    assert found["without"]["sensitivity"] == found["other"]["sensitivity"]


@pytest.mark.parametrize(
    "arguments", [["--draws", "-5"], ["--draws", "0"], ["--draws", "9", "--seed", "-1"]]
)
def test_impossible_draws_are_refused_in_words(tmp_path: Path, arguments: list[str]) -> None:
    assert arguments[-2].strip("-") in refused(run(tmp_path, "derive", *arguments))
    assert not files(tmp_path)


def test_version_and_help(tmp_path: Path) -> None:
    done = run(tmp_path, "--version")
    assert (done.returncode, done.stdout) == (0, f"iomodel {iom.__version__}\n")
    for arguments in (["--help"], [], ["derive", "--help"], ["check", "--help"]):
        done = run(tmp_path, *arguments)
        assert done.returncode == 0
        assert "usage: iomodel" in done.stdout
        assert not done.stderr
    assert not files(tmp_path)


@pytest.mark.parametrize(
    "arguments",
    [
        ["deriv"],
        ["derive", "--domestic", "none"],
        ["derive", "a", "b"],
        ["check"],
        ["derive", "-x"],
    ],
)
def test_a_misspelt_command_is_a_usage_error(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert "usage: iomodel" in done.stderr
    assert "Traceback" not in done.stderr
    assert not files(tmp_path)


def test_check_of_the_embedded_table(tmp_path: Path) -> None:
    done = run(tmp_path, "check", iom.example("china-2020"))
    assert done.returncode == 0, done.stderr
    assert "sectors: 153" in done.stdout
    assert "Findings on" in done.stdout
    assert "employment (census2020, academic2018, economic2023, 10,000 persons)" in done.stdout
    assert not files(tmp_path)


def test_check_of_the_publisher_s_own_workbook(tmp_path: Path, shared: Path) -> None:
    path = shared / "data/china/nbs_2020_io_153_original_layout.xlsx"
    done = run(tmp_path, "check", path)
    assert done.returncode == 0, done.stderr
    assert "sectors: 153" in done.stdout
    assert "satellites: none" in done.stdout


def test_check_of_a_study_says_what_reads_it(tmp_path: Path) -> None:
    message = refused(run(tmp_path, "check", iom.example("micro-drama-2025")))
    assert "study workbook" in message


def test_a_reader_that_stops_early_sees_no_traceback(tmp_path: Path) -> None:
    """`iomodel derive --json | head -1`: a closed pipe is no fault of the user."""
    process = subprocess.Popen(
        [sys.executable, "-m", "iomodel", "derive", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    message = process.stderr.read().decode()
    process.stderr.close()
    process.wait(timeout=120)
    assert "Traceback" not in message
    assert "BrokenPipeError" not in message


# --- bad input -----------------------------------------------------------------------------------


def test_bad_cells_are_listed_and_nothing_is_written(tmp_path: Path) -> None:
    study = edited(
        tmp_path / "study.xlsx", ("inputs", "F2", "n.a."), ("inputs", "E4", None),
        ("purchases", "B3", "99999"),
    )  # fmt: skip
    message = refused(run(tmp_path, "derive", study))
    for address in ("inputs!F2", "inputs!E4", "purchases!B3", "study.xlsx"):
        assert address in message
    assert files(tmp_path) == ["study.xlsx"]


BROKEN = [("inputs", "F2", "n.a."), ("published", "E5", "n.a."), ("about", "B7", 2024)]


@pytest.mark.parametrize("edit", BROKEN)
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_bad_input_leaves_an_earlier_result_as_it_was(
    tmp_path: Path, edit: tuple[str, str, Any], option: list[str]
) -> None:
    (tmp_path / FOLDER).mkdir()
    for name in ("results.json", "results.xlsx"):
        (tmp_path / FOLDER / name).write_text("earlier")
    before = [(path, path.stat().st_mtime_ns) for path in (tmp_path / FOLDER).iterdir()]
    study = edited(tmp_path / "study.xlsx", edit)
    refused(run(tmp_path, "derive", study, *option))
    assert [(path, path.stat().st_mtime_ns) for path in (tmp_path / FOLDER).iterdir()] == before
    assert (tmp_path / FOLDER / "results.json").read_text() == "earlier"


@pytest.mark.parametrize("key", ["days_per_fte", "days_per_head", "p_wage"])
def test_a_zero_divisor_is_refused_in_words(tmp_path: Path, key: str) -> None:
    sheet = openpyxl.load_workbook(iom.example("micro-drama-2025"))["inputs"]
    row = next(r for r in range(2, sheet.max_row) if sheet.cell(r, 1).value == key)
    study = edited(tmp_path / "s.xlsx", *[("inputs", f"{c}{row}", 0) for c in "EF"])
    assert key in refused(run(tmp_path, "derive", study))
    assert files(tmp_path) == ["s.xlsx"]


def test_missing_files_and_folders(tmp_path: Path) -> None:
    assert "nowhere.xlsx" in refused(run(tmp_path, "derive", "nowhere.xlsx"))
    assert "none.xlsx" in refused(run(tmp_path, "derive", "--base", "none.xlsx"))
    assert "is a folder" in refused(run(tmp_path, "derive", tmp_path))
    assert "none.xlsx" in refused(run(tmp_path, "check", "none.xlsx"))
    assert not files(tmp_path)


def test_damaged_workbooks(tmp_path: Path) -> None:
    whole = iom.example("china-2020").read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.xlsx").write_text("code,01001")
    for name in ("half.xlsx", "text.xlsx"):
        for command in (["derive", name], ["derive", "--base", name], ["check", name]):
            assert name in refused(run(tmp_path, *command))


def test_study_and_base_exchanged(tmp_path: Path) -> None:
    study, base = iom.example("micro-drama-2025"), iom.example("china-2020")
    assert "study" in refused(run(tmp_path, "derive", base))
    assert "study workbook, not a table" in refused(run(tmp_path, "derive", "--base", study))
    assert not files(tmp_path)


def test_a_base_without_employment(tmp_path: Path, shared: Path) -> None:
    path = shared / "data/china/nbs_2020_io_153_original_layout.xlsx"
    message = refused(run(tmp_path, "derive", "--base", path))
    assert "employment" in message
    assert "2020年全国投入产出表" in message
    assert not files(tmp_path)


def test_a_study_without_published_figures(tmp_path: Path, default: tuple[Path, Done]) -> None:
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    del book["published"]
    book.save(tmp_path / "study.xlsx")
    done = run(tmp_path, "derive", tmp_path / "study.xlsx")
    assert done.returncode == 0, done.stderr
    assert "Compared" in default[1].stdout
    assert "Compared" not in done.stdout
    assert "1.95" not in done.stdout
    found = results(tmp_path / FOLDER)
    assert found["published"] is None
    assert found["central"] == results(default[0] / FOLDER)["central"]
    sheets = openpyxl.load_workbook(tmp_path / FOLDER / "results.xlsx").sheetnames
    assert not [name for name in sheets if "comparison" in name or name == "external"]


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    for to in ("taken", "taken/below"):
        assert "taken" in refused(run(tmp_path, "derive", "--to", to))
    assert files(tmp_path) == ["taken"]
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_folder_where_a_file_should_be(tmp_path: Path) -> None:
    """results.xlsx cannot be replaced; results.json of the earlier run must then stay."""
    (tmp_path / FOLDER / "results.xlsx").mkdir(parents=True)
    (tmp_path / FOLDER / "results.json").write_text("earlier")
    refused(run(tmp_path, "derive"))
    assert files(tmp_path) == [FOLDER, f"{FOLDER}/results.json", f"{FOLDER}/results.xlsx"]
    assert (tmp_path / FOLDER / "results.json").read_text() == "earlier"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(mode=0o500)
    refused(run(tmp_path, "derive"))
