"""A made-up study of another industry in another currency: nothing is special to the flagship."""

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings, strategies as st

import iomodel as iom
from iomodel.studies.forward import POOLED
from iomodel.studies.placebo import placebo, placebo_lines
from iomodel.studies.record import record, sheets
from iomodel.studies.screen import screen
from iomodel.studies.spread import lines, spreads
from tests.unit import small

HEADS = ["id", "block", "item", "unit", "low", "central", "high", "distribution", "grade"]
INPUTS: list[list[Any]] = [
    ["sales", "size", "sales of studios", "million EUR", 10, 12, 15, "triangular", "B"],
    ["staff", "labour", "jobs in studios", "FTE", 90, 100, 120, "triangular", "A"],
    ["pay", "costs", "pay", "share of output", 0.2, 0.3, 0.4, "triangular", "B"],
    ["goods", "costs", "goods bought", "share of output", 0.1, 0.25, 0.3, "triangular", "C"],
    ["hire", "costs", "services hired", "share of output", 0.1, 0.2, 0.25, "triangular", "C"],
    ["spent", "households", "spent of pay", "share", 0.4, 0.5, 0.6, "triangular", "D"],
]
EQUATIONS: list[list[Any]] = [
    ["output", "f", None, "sales", None],
    ["jobs", "f", None, "staff", None],
    ["labour_income", "f", None, "pay", None],
    ["purchase", "f", "goods", "goods", "wares"],
    ["purchase", "f", "hire", "hire", "services"],
    ["respending", None, None, "spent", None],
]
SHARES = [["goods", "a", 0.4], ["goods", "m", 0.6], ["hire", "s", 1.0]]
CHANNELS = [["services", "services hired"], ["wares", "goods bought"]]


def written(folder: Path, respent: bool = True, **changes: Any) -> Path:
    """Write the study workbook: neither evidence nor screens nor published figures."""
    inputs, equations = (rows if respent else rows[:-1] for rows in (INPUTS, EQUATIONS))
    pages: dict[str, tuple[list[str], list[list[Any]]]] = {
        "inputs": ([*HEADS, "evidence", "note"], inputs),
        "equations": (
            ["quantity", "sector", "item", "formula", "channel", "additional", "note"],
            equations,
        ),
        "sectors": (["code", "role", "name_en"], [["f", "direct", "Studios"]]),
        "channels": (["code", "name_en"], CHANNELS),
        "purchases": (["id", "sector", "share", "note"], SHARES),
        "about": (
            ["key", "value"],
            [["layout", "iomodel study 2"], ["id", "studios"], ["title", "Studios"],
             ["currency", "EUR"], ["price_year", 2020]],
        ),
    }  # fmt: skip
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, (heads, rows) in pages.items():
        sheet = book.create_sheet(name)
        for row in [heads, *changes.get(name, rows)]:
            sheet.append(row)
    book.save(folder / "studios.xlsx")
    return folder / "studios.xlsx"


def base() -> iom.IOTable:
    jobs = small.JOBS.loc[["old"]]
    return small.built(satellites={"employment": jobs}, price_year=2020)


@pytest.fixture(scope="module", params=[True, False], ids=["respent", "open"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = written(tmp_path_factory.mktemp("study"), respent=request.param)
    return iom.derive(iom.read_sectors(path, base=base()), base())


def test_scopes_are_those_whose_parts_exist(found: iom.Derivation) -> None:
    respent = found.account.equations.has("respending")
    scopes = ["chain", "chain+households"] if respent else ["chain"]
    assert list(found.central) == scopes
    assert found.headline == "chain"
    assert list(found.by_channel) == ["services", "wares"] + ["induced_core"] * respent
    assert found.wide.empty


def test_the_ratio_is_that_of_the_leontief_inverse(found: iom.Derivation) -> None:
    """e' (I - A)^-1 of what studios buy, over their own jobs, with numpy alone."""
    z, x = small.Z.to_numpy(), small.X.to_numpy()
    e = small.JOBS.loc["old"].to_numpy() / x
    bought = 12.0 * np.array([0.25 * 0.4, 0.25 * 0.6, 0.2])
    inverse = np.linalg.inv(np.eye(3) - z / x)
    assert found.central["chain"].to_numpy() == pytest.approx(e @ inverse @ bought / 100.0)
    if "chain+households" in found.central:
        f, w = small.F["household"].to_numpy(), small.V.loc["compensation"].to_numpy() / x
        income = 12.0 * 0.3 + w @ inverse @ bought
        spent = 0.5 * income / (1 - 0.5 * w @ inverse @ f / f.sum())
        induced = e @ inverse @ f / f.sum() * spent
        both = (e @ inverse @ bought + induced) / 100.0
        assert found.central["chain+households"].to_numpy() == pytest.approx(both)


def test_it_prints_records_and_draws(found: iom.Derivation) -> None:
    text = screen(found, None)
    assert "EUR million of final demand" in text
    for strange in ("RMB", "consumer end", "crew", "work-day", "None", "nan"):
        assert strange not in text
    kept = record(found, None, version="0", inputs={})
    assert kept["direct"] == {"fte": 100.0}
    assert kept["published"] is None
    assert "boundary" not in {sheet.name for sheet in sheets(found, None, version="0", inputs={})}
    drawn = spreads(found, draws=200, seed=1)
    assert any("chain" in line for line in lines(drawn, None))
    tried = placebo(found, base(), permutations=5)
    assert list(placebo_lines(tried))
    assert "the industry itself" in tried.rows.index


@settings(max_examples=25, deadline=None)
@given(
    sales=st.floats(1.0, 500.0),
    staff=st.floats(1.0, 900.0),
    shares=st.tuples(*[st.floats(0.0, 0.33)] * 3),
    spent=st.floats(0.0, 1.0),
)
def test_forward_is_the_derivation(
    tmp_path_factory: pytest.TempPathFactory,
    sales: float,
    staff: float,
    shares: tuple[float, float, float],
    spent: float,
) -> None:
    account = iom.read_sectors(written(tmp_path_factory.mktemp("drawn")), base=base())
    pay, goods, hire = shares
    values = {"sales": sales, "staff": staff, "pay": pay, "goods": goods, "hire": hire}
    result = iom.derive(account.at(**values, spent=spent), base())
    central = result.forward({key: np.array([x]) for key, x in result.account.values.items()})
    frames = {"ratio": result.central, "channel": result.by_channel, "level": result.levels}
    for (measure, item, pattern), value in central.items():
        row = "old" if pattern == POOLED else pattern
        assert value[0] == pytest.approx(frames[measure][item][row], rel=1e-9, abs=1e-12)


FAULTS: list[tuple[str, list[list[Any]], str]] = [
    ("sectors", [["f", "direct", "F"], ["g", "direct", "G"]], "a second direct sector"),
    ("sectors", [["f", "linked", "F"]], "no sector has the role direct"),
    ("sectors", [["f", "direct", "F"], ["f", "linked", "F"]], "this sector stands twice"),
    ("channels", CHANNELS[:1], "not a channel of the sheet channels"),
    ("channels", [*CHANNELS, CHANNELS[0]], "this channel stands twice"),
    ("purchases", SHARES[:2], "hire has no rows in the sheet purchases"),
    ("equations", [*EQUATIONS, EQUATIONS[0]], "defined twice, first in row 2"),
    ("equations", EQUATIONS[1:], "no equation gives output of sector f"),
    ("equations", [*EQUATIONS, ["heads", None, None, "staf", None]], "unknown id 'staf'"),
    ("equations", [*EQUATIONS, ["people", None, None, "staff", None]], "unknown quantity"),
    ("equations", [*EQUATIONS, ["from", "f", "z", "pay", None]], "not a sector of the sheet"),
    ("equations", [*EQUATIONS, ["check", "f", "x", "pay", None]], "not an id of the sheet screens"),
]


@pytest.mark.parametrize(("sheet", "rows", "said"), FAULTS)
def test_contradictions_are_named_with_their_cell(
    tmp_path: Path, sheet: str, rows: list[list[Any]], said: str
) -> None:
    with pytest.raises(iom.BadCellsError, match=said):
        iom.read_sectors(written(tmp_path, True, **{sheet: rows}), base=base())


def test_a_workbook_of_the_first_layout_says_what_to_add(tmp_path: Path) -> None:
    path = written(tmp_path, about=[["layout", "iomodel study 1"], ["title", "Studios"]])
    with pytest.raises(iom.SpecError, match="Add the sheets equations, sectors and channels"):
        iom.read_sectors(path)
