"""The command line against a second derivation that shares no code with the package."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.studies.recomputation import (
    METHODS,
    PATTERNS,
    SCOPES,
    STUDY,
    Method,
    Recomputation,
    recompute,
)

REPOSITORY = Path(__file__).resolve().parents[2]
RATIOS = ("central", "channels", "destinations")
FORWARD = ("direct", *RATIOS, "levels", "boundary_with_platform")
LEVELS = {  # name in results.json: name in the recomputation
    "contribution: indirect, all (gross)": "gross",
    "less displaced by viewers' payments": "displaced_viewing",
    "less moved from other film and television work": "moved_workers",
    "impact: indirect, all (net)": "net",
}
TOLERANCE = 1e-10
ROUNDING = 1e-15  # below any figure here: what adding 153 numbers in another order may leave

# Other central values, each within its low and high, from every block that moves a forward figure.
EDITS = {
    "titles": 36_000,
    "workdays_per_title": 800,
    "days_per_fte": 240,
    "cost_per_title": 610,
    "m_labour": 0.42,
    "m_script": 0.22,
    "m_venue": 0.11,
    "revenue": 76,
    "paid_revenue": 29,
    "payout_share": 0.15,
    "traffic_share": 0.36,
    "p_payment": 0.11,
    "p_wage": 190,
    "gmv": 9,
    "gmv_ad_cost": 0.15,
    "tourism_additional": 0.45,
    "tour_sights": 0.11,
    "mpc": 0.52,
    "fte_agriculture": 0.55,
    "productivity_drift": 1.07,
}

Results = dict[str, Any]
Made = dict[Method, Results]


def derive(to: Path, method: Method = "proportional", study: Path | None = None) -> Results:
    """Run `iomodel derive` as a reader of the manual would, and read what it wrote."""
    command = [sys.executable, "-m", "iomodel", "derive", "--to", str(to), "--domestic", method]
    command += ["--draws", "0", "--no-report"]
    if study is not None:
        command.append(str(study))
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    read: Results = json.loads((to / "results.json").read_text(encoding="utf-8"))
    return read


def with_central(to: Path, sheet: str, central: Mapping[str, float]) -> Path:
    """Copy the study workbook with other central values typed into one sheet."""
    book = openpyxl.load_workbook(STUDY)
    rows = book[sheet].iter_rows()
    heads = [cell.value for cell in next(rows)]
    name, low, middle, high = (heads.index(key) for key in ("id", "low", "central", "high"))
    left = dict(central)
    for row in rows:
        if row[name].value in left:
            value = left.pop(row[name].value)
            if sheet == "inputs":
                assert row[low].value <= value <= row[high].value, row[name].value
            assert row[middle].value != value, row[name].value
            row[middle].value = value
    assert not left, f"not in `{sheet}`: {sorted(left)}"
    book.save(to)
    return to


def agree(
    found: Mapping[str, float], expected: Mapping[str, float], where: str, *, ratio: bool = True
) -> None:
    """Compare to 1e-10 relative and, for figures per direct job, absolute."""
    assert found.keys() == expected.keys(), where
    for key, value in expected.items():
        difference = abs(found[key] - value)
        told = f"{where}, {key}: {found[key]!r} against {value!r}"
        assert difference <= TOLERANCE * abs(value) + ROUNDING, told
        assert difference <= TOLERANCE or not ratio, told


def agree_throughout(results: Results, expected: Recomputation) -> None:
    agree(results["direct"], expected.direct, "direct", ratio=False)
    for part in FORWARD[1:]:
        assert tuple(results[part]) == PATTERNS, part
    for pattern, figures in expected.patterns.items():
        found = {part: dict(results[part][pattern]) for part in FORWARD[1:]}
        assert found["destinations"].pop("m", 0.0) == 0.0  # all jobs of m are direct
        for part in RATIOS:
            agree(found[part], getattr(figures, part), f"{part} of {pattern}")
        with_platform = f"boundary_with_platform of {pattern}"
        agree(found["boundary_with_platform"], figures.platform_direct, with_platform)
        levels = {name: found["levels"][told] for told, name in LEVELS.items()}
        agree(levels, figures.levels, f"levels of {pattern}", ratio=False)


def forward(results: Results) -> str:
    """Give the derived part of a result, digit by digit."""
    return json.dumps({key: results[key] for key in FORWARD})


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return {method: derive(tmp_path_factory.mktemp(method), method) for method in METHODS}


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_central(tmp_path_factory.mktemp("edited") / "study.xlsx", "inputs", EDITS)


@pytest.mark.parametrize("method", METHODS)
def test_command_gives_the_recomputed_figures(unchanged: Made, method: Method) -> None:
    results = unchanged[method]
    assert results["domestic"] == method
    assert results["basis"] == "fte"
    assert results["boundary"] == ["m"]
    agree_throughout(results, recompute(method))


@pytest.mark.parametrize("method", METHODS)
def test_command_follows_an_edited_workbook(
    unchanged: Made, edited: Path, tmp_path: Path, method: Method
) -> None:
    results = derive(tmp_path / "out", method, edited)
    agree_throughout(results, recompute(method, edited))
    for key, before in unchanged[method]["direct"].items():
        assert abs(results["direct"][key] / before - 1) > 1e-3, key
    for pattern in PATTERNS:
        for scope in SCOPES:
            before = unchanged[method]["central"][pattern][scope]
            assert abs(results["central"][pattern][scope] - before) > 1e-6, (pattern, scope)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_import_methods_differ(unchanged: Made, pattern: str) -> None:
    here, there = (unchanged[method]["central"][pattern] for method in METHODS)
    assert all(abs(here[scope] - there[scope]) > 1e-6 for scope in SCOPES)


def test_published_figures_can_be_absent(unchanged: Made, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(STUDY)
    del book["published"]
    study = tmp_path / "study.xlsx"
    book.save(study)
    results = derive(tmp_path / "out", study=study)
    assert unchanged["proportional"]["published"] is not None
    assert results["published"] is None
    assert forward(results) == forward(unchanged["proportional"])


def test_other_published_figures_change_nothing_derived(unchanged: Made, tmp_path: Path) -> None:
    other = {"ratio": 9.99, "direct_heads": 123_456, "indirect_heads": 1_233_325}
    study = with_central(tmp_path / "study.xlsx", "published", other)
    results = derive(tmp_path / "out", study=study)
    assert results["published"] != unchanged["proportional"]["published"]
    assert forward(results) == forward(unchanged["proportional"])


@pytest.mark.parametrize("method", METHODS)
def test_recomputation_adds_up(edited: Path, method: Method) -> None:
    for study in (STUDY, edited):
        for figures in recompute(method, study).patterns.values():
            whole = pytest.approx(figures.central["all"], rel=1e-12)
            assert sum(figures.channels.values()) == whole
            assert sum(figures.destinations.values()) == whole
            ranked = [figures.central[scope] for scope in SCOPES[:4]]
            assert ranked == sorted(ranked)
