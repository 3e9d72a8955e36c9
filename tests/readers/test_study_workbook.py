"""The study workbook: every cell that cannot be used is named, with sheet and address."""

import datetime
import math
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import iomodel as iom
from iomodel.studies.spread import spreads

HEADS = [
    "id",
    "block",
    "item",
    "unit",
    "low",
    "central",
    "high",
    "distribution",
    "grade",
    "evidence",
    "note",
]
COLUMN = dict(zip(HEADS, "ABCDEFGHIJK", strict=True))
PURCHASE = {"id": "A", "sector": "B", "share": "D", "note": "E"}
Edit = tuple[str, str, Any]


@pytest.fixture(scope="module")
def rows() -> dict[str, int]:
    """Row of each id in the sheet inputs, as a spreadsheet counts."""
    sheet = openpyxl.load_workbook(iom.example("micro-drama-2025"))["inputs"]
    return {str(sheet.cell(r, 1).value): r for r in range(2, sheet.max_row + 1)}


@pytest.fixture(scope="module")
def china() -> iom.IOTable:
    table: iom.IOTable = iom.read(iom.example("china-2020"))
    return table


def edited(folder: Path, *edits: Edit, name: str = "study.xlsx") -> Path:
    """Save a copy of the embedded study with some cells changed."""
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    for sheet, address, value in edits:
        book[sheet][address] = value
    book.save(folder / name)
    return folder / name


def cell(rows: dict[str, int], key: str, head: str) -> str:
    return f"{COLUMN[head]}{rows[key]}"


def refused(path: Path, base: iom.IOTable | None = None) -> iom.BadCellsError:
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read_sectors(path, base=base)
    return caught.value


def places(error: iom.BadCellsError) -> list[tuple[str, str]]:
    return [(item.sheet, item.address) for item in error.cells]


Pairs = Sequence[tuple[Any, Any, Any]]


def correlated(folder: Path, pairs: Pairs) -> Path:
    """Save a copy of the embedded study with a sheet of correlations."""
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    sheet = book.create_sheet("correlations")
    for row in [("id", "with", "value", "source"), *((*pair, "said by me") for pair in pairs)]:
        sheet.append(row)
    book.save(folder / "correlated.xlsx")
    return folder / "correlated.xlsx"


def test_correlations_are_used_for_the_draws(tmp_path: Path, china: iom.IOTable) -> None:
    pairs = {("gmv", "tourism"): 0.9, ("workdays_per_title", "cost_per_title"): -0.5}
    told = iom.read_sectors(correlated(tmp_path, [(*k, v) for k, v in pairs.items()]), base=china)
    assert told.correlations == pairs
    run = iom.derive(told, china).forward
    found = iom.uncertainty(run, told, draws=3_000)
    given = iom.uncertainty(run, told, draws=3_000, correlations=pairs)
    assert (found.values == given.values).all()
    ranks = found.inputs[["gmv", "tourism"]].rank().corr().iloc[0, 1]
    assert ranks == pytest.approx(6 / math.pi * math.asin(0.45), abs=0.03)
    free = iom.uncertainty(run, told, draws=3_000, correlations={})
    plain = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    assert plain.correlations == {}
    assert (free.values == iom.uncertainty(run, plain, draws=3_000).values).all()
    wide = spreads(iom.derive(told, china), draws=400, seed=1).wide
    assert wide.priors.marginals.copula is not None


@pytest.mark.parametrize(
    ("pairs", "address", "words"),
    [
        ([("gmv", "gnv", 0.5)], "B2", "not an id of the sheet inputs"),
        ([("gmv", "tourism", 0.1), (None, "gmv", 0.5)], "A3", "not an id"),
        ([("gmv", "labour_pattern", 0.5)], "B2", "categorical, which has no correlation"),
        ([("gmv", "gmv", 1)], "B2", "no correlation with itself"),
        ([("gmv", "tourism", 1.5)], "C2", "between -1 and 1"),
        ([("gmv", "tourism", "high")], "C2", "text where a number is needed"),
        ([("gmv", "tourism", None)], "C2", "blank"),
        ([("gmv", "tourism", 0.5), ("tourism", "gmv", 0.5)], "B3", "twice, first in row 2"),
        (
            [("gmv", "tourism", 0.9), ("tourism", "revenue", 0.9), ("gmv", "revenue", -0.9)],
            "C2",
            r"C2, C3, C4.*gmv.*not positive definite",
        ),
    ],
)
def test_correlations_that_cannot_be_used(
    tmp_path: Path, pairs: Pairs, address: str, words: str
) -> None:
    error = refused(correlated(tmp_path, pairs))
    assert places(error) == [("correlations", address)]
    assert re.search(words, error.cells[0].problem)


ALONE: Sequence[tuple[str, str, Any, str]] = [
    ("titles", "central", "1,234", "text"),
    ("titles", "central", "n.a.", "text"),
    ("titles", "central", "40000", "text"),
    ("titles", "central", True, "text"),
    ("titles", "central", datetime.date(2025, 1, 1), "number"),
    ("titles", "central", datetime.datetime(2025, 1, 1, 12), "number"),
    ("titles", "central", datetime.time(12, 30), "number"),
    ("titles", "central", None, "blank"),
    ("titles", "central", "   ", "blank"),
    ("days_per_head", "central", None, "blank"),
    ("titles", "low", None, "blank"),
    ("titles", "high", None, "blank"),
    ("titles", "central", "#DIV/0!", "error value"),
    ("titles", "central", "#N/A", "error value"),
    ("titles", "low", "#REF!", "error value"),
    ("titles", "central", "=38000+2000", "formula"),
    ("gmv", "central", "=1/0", "formula"),
    ("mpc", "high", 1.2, "share above 1"),
    ("m_labour", "high", 1.01, "share above 1"),
    ("traffic_share", "high", 53, "share above 1"),
    ("titles", "low", -1, "below zero"),
    ("crew_size", "low", -0.001, "below zero"),
    ("titles", "low", 40_001, "low is above central"),
    ("crew_size", "high", 74.9, "high is below central"),
    ("titles", "distribution", "triangle", "unknown distribution"),
    ("titles", "distribution", None, "unknown distribution"),
    ("titles", "unit", "thousand titles", "unit"),
    ("revenue", "unit", "euro", "unknown unit"),
    ("revenue", "unit", "bn USD", "unit in USD, but the study is in CNY"),
    ("revenue", "unit", None, "unknown unit"),
    ("crew_size", "block", None, "blank where the block"),
    ("labour_pattern", "central", None, "blank"),
]


@pytest.mark.parametrize(("key", "head", "value", "problem"), ALONE)
def test_one_bad_cell_is_one_problem_at_its_address(
    tmp_path: Path, rows: dict[str, int], key: str, head: str, value: Any, problem: str
) -> None:
    address = cell(rows, key, head)
    error = refused(edited(tmp_path, ("inputs", address, value)))
    assert places(error) == [("inputs", address)], str(error)
    assert problem in error.cells[0].problem
    assert f"inputs!{address}" in str(error)
    assert "study.xlsx" in str(error)


@pytest.mark.parametrize("key", ["m_catering", "traffic_share", "p_cloud", "gmv", "tour_sights"])
def test_a_bad_figure_is_not_blamed_on_the_map(
    tmp_path: Path, rows: dict[str, int], key: str
) -> None:
    """The item is in inputs: only its figure is wrong, so purchases must not be accused."""
    address = cell(rows, key, "central")
    error = refused(edited(tmp_path, ("inputs", address, "about 5")))
    assert places(error) == [("inputs", address)], str(error)


def test_low_above_central_names_the_cell_and_the_central_value(
    tmp_path: Path, rows: dict[str, int]
) -> None:
    address = cell(rows, "crew_size", "central")
    error = refused(edited(tmp_path, ("inputs", address, 59)))
    assert places(error) == [("inputs", cell(rows, "crew_size", "low"))]
    assert "59" in str(error)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_not_finite(tmp_path: Path, rows: dict[str, int], value: float) -> None:
    address = cell(rows, "titles", "central")
    path = edited(tmp_path, ("inputs", address, value))
    with pytest.raises(iom.ReadError, match=r"study\.xlsx"):
        iom.read_sectors(path)


@pytest.mark.parametrize("head", ["low", "high"])
@pytest.mark.parametrize("value", ["#DIV/0!", "#N/A", "=40+2"])
def test_an_error_or_formula_in_a_cell_that_may_be_blank_is_no_blank(
    tmp_path: Path, rows: dict[str, int], head: str, value: str
) -> None:
    """days_per_head is fixed, so its range may be blank; but #DIV/0! is not blank."""
    address = cell(rows, "days_per_head", head)
    error = refused(edited(tmp_path, ("inputs", address, value)))
    assert places(error) == [("inputs", address)]


def test_an_unknown_id(tmp_path: Path, rows: dict[str, int]) -> None:
    last = max(rows.values()) + 1
    new = ["title", "direct labour", "typing mistake", "titles", 1, 2, 3, "triangular"]
    edits = [("inputs", f"{COLUMN[h]}{last}", v) for h, v in zip(HEADS, new, strict=False)]
    error = refused(edited(tmp_path, *edits))
    assert places(error) == [("inputs", f"A{last}")]
    assert error.cells[0].found == "title"


def test_a_duplicate_id_names_both_rows(tmp_path: Path, rows: dict[str, int]) -> None:
    last = max(rows.values()) + 1
    error = refused(edited(tmp_path, ("inputs", f"A{last}", "titles")))
    assert places(error) == [("inputs", f"A{last}")]
    assert f"row {rows['titles']}" in str(error)


def test_a_row_without_id(tmp_path: Path, rows: dict[str, int]) -> None:
    last = max(rows.values()) + 3
    error = refused(edited(tmp_path, ("inputs", f"F{last}", 3)))
    assert places(error) == [("inputs", f"A{last}")]


def test_a_missing_required_row(tmp_path: Path, rows: dict[str, int]) -> None:
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    book["inputs"].delete_rows(rows["mpc"])
    book["inputs"].delete_rows(rows["titles"])
    book.save(tmp_path / "study.xlsx")
    error = refused(tmp_path / "study.xlsx")
    assert {item.sheet for item in error.cells} == {"equations"}
    assert {"unknown id 'titles'", "unknown id 'mpc'"} <= {item.problem for item in error.cells}
    assert ("equations", "D2") in places(error)


@pytest.mark.parametrize("head", HEADS)
def test_a_missing_header_of_inputs(tmp_path: Path, head: str) -> None:
    error = refused(edited(tmp_path, ("inputs", f"{COLUMN[head]}1", f"{head}s")))
    assert ("inputs", "") in places(error)
    assert f"row 1 lacks the headers {head}" in str(error)


def test_a_header_that_stands_twice_is_no_guess(tmp_path: Path) -> None:
    """Two columns `central`: a reader cannot know which one is meant."""
    path = edited(tmp_path, ("inputs", "L1", "central"), ("inputs", "L2", 1.0))
    with pytest.raises(iom.ReadError, match="central"):
        iom.read_sectors(path)


@pytest.mark.parametrize("head", ["id", "sector", "share"])
def test_a_missing_header_of_purchases(tmp_path: Path, head: str) -> None:
    error = refused(edited(tmp_path, ("purchases", f"{PURCHASE[head]}1", "x")))
    assert places(error) == [("purchases", "")]
    assert head in str(error)


@pytest.mark.parametrize("sheet", ["inputs", "purchases", "about", "equations", "sectors"])
def test_a_missing_sheet(tmp_path: Path, sheet: str) -> None:
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    del book[sheet]
    book.save(tmp_path / "study.xlsx")
    error = refused(tmp_path / "study.xlsx")
    assert places(error) == [(sheet, "")], str(error)
    assert "missing" in str(error)


@pytest.mark.parametrize("sheet", ["inputs", "purchases"])
def test_an_empty_sheet(tmp_path: Path, sheet: str) -> None:
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    book[sheet].delete_rows(1, book[sheet].max_row)
    book.save(tmp_path / "study.xlsx")
    assert (sheet, "") in places(refused(tmp_path / "study.xlsx"))


PURCHASES: Sequence[tuple[str, Any, str]] = [
    ("D3", "all of it", "text"),
    ("D3", None, "blank"),
    ("D3", "#VALUE!", "error value"),
    ("D3", 1.5, "outside 0 to 1"),
    ("D3", -0.5, "outside 0 to 1"),
    ("A3", "m_cattering", "not an item"),
    ("A3", "m_labour", "not an item"),
    ("A3", "titles", "not an item"),
    ("A3", None, "not an item"),
    ("B3", "99999", "unknown sector"),
    ("B3", None, "unknown sector"),
]


@pytest.mark.parametrize(("address", "value", "problem"), PURCHASES)
def test_bad_cells_of_purchases(
    tmp_path: Path, china: iom.IOTable, address: str, value: Any, problem: str
) -> None:
    error = refused(edited(tmp_path, ("purchases", address, value)), china)
    found = {item.address: item.problem for item in error.cells if item.sheet == "purchases"}
    assert problem in found[address]
    assert {item.sheet for item in error.cells} <= {"purchases", "equations"}
    assert set(found) <= {address, ""}  # beside it only the sum of the item's shares


def test_a_code_written_as_a_number_is_said_to_be_unknown(
    tmp_path: Path, china: iom.IOTable
) -> None:
    """A spreadsheet turns 01001 into 1001: a leading zero is never guessed."""
    error = refused(edited(tmp_path, ("purchases", "B3", 1001)), china)
    assert places(error) == [("purchases", "B3")]
    assert error.cells[0].found == "1001"


def test_a_code_written_as_a_whole_number_without_leading_zero_is_read(
    tmp_path: Path, china: iom.IOTable
) -> None:
    account = iom.read_sectors(edited(tmp_path, ("purchases", "B3", 62120)), base=china)
    assert account.map[1].sector == "62120"


def test_shares_of_an_item_that_do_not_sum_to_one(tmp_path: Path) -> None:
    error = refused(edited(tmp_path, ("purchases", "D7", 0.5)))
    assert [item.sheet for item in error.cells] == ["purchases"]
    assert "m_venue sum to 0.9" in str(error)


def test_an_item_without_purchases(tmp_path: Path, rows: dict[str, int]) -> None:
    last = max(rows.values()) + 1
    new = ["m_drone", "production", "aerial shots", "share of production output", 0, 0.1, 0.2]
    edits = [("inputs", f"{COLUMN[h]}{last}", v) for h, v in zip(HEADS, new, strict=False)]
    error = refused(edited(tmp_path, *edits, ("inputs", f"H{last}", "triangular-normalised")))
    assert places(error) == [("inputs", f"A{last}")]
    assert "m_drone" in str(error)


@pytest.mark.parametrize("value", ["2025", 2025.5, None, "this year"])
def test_a_price_year_that_is_no_whole_number(tmp_path: Path, value: Any) -> None:
    assert places(refused(edited(tmp_path, ("about", "B7", value)))) == [("about", "B7")]


@pytest.mark.parametrize(("address", "value"), [("C2", "low"), ("D2", None), ("C2", 651)])
def test_bad_cells_of_screens(tmp_path: Path, address: str, value: Any) -> None:
    assert ("screens", address) in places(refused(edited(tmp_path, ("screens", address, value))))


def test_many_problems_are_one_error(
    tmp_path: Path, china: iom.IOTable, rows: dict[str, int]
) -> None:
    wrong = {
        ("inputs", cell(rows, "titles", "central")): "n.a.",
        ("inputs", cell(rows, "days_per_fte", "low")): None,
        ("inputs", cell(rows, "crew_size", "high")): "#N/A",
        ("inputs", cell(rows, "shooting_days", "central")): "=3+4",
        ("inputs", cell(rows, "revenue", "unit")): "euro",
        ("inputs", cell(rows, "gmv_additional", "high")): 60,
        ("inputs", cell(rows, "tourism_additional", "low")): -0.1,
        ("inputs", cell(rows, "mpc", "distribution")): "?",
        ("inputs", cell(rows, "moved_workers", "block")): None,
        ("purchases", "B3"): "00000",
        ("purchases", "D5"): "one",
        ("screens", "C2"): "low",
        ("about", "B7"): "soon",
    }
    path = edited(tmp_path, *[(sheet, place, value) for (sheet, place), value in wrong.items()])
    error = refused(path, china)
    found = set(places(error)) - {("purchases", "")}
    assert found == set(wrong)
    assert str(len(error.cells)) in str(error)
    for sheet, address in wrong:
        assert f"{sheet}!{address}" in str(error)


ALLOWED = [
    ("revenue", "million RMB", 1e3),
    ("revenue", "RMB", 1e9),
    ("cost_per_title", "million RMB", 1e-3),
    ("gmv", "thousand RMB", 1e6),
    ("p_wage", "RMB per year", 1e3),
]


@pytest.mark.parametrize(("key", "unit", "factor"), ALLOWED)
def test_another_unit_with_the_figure_to_match_changes_nothing(
    tmp_path: Path, china: iom.IOTable, rows: dict[str, int], key: str, unit: str, factor: float
) -> None:
    before = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    edits: list[Edit] = [("inputs", cell(rows, key, "unit"), unit)]
    for head, value in zip(("low", "central", "high"), limits(before, key), strict=True):
        edits.append(("inputs", cell(rows, key, head), value * factor))
    after = iom.read_sectors(edited(tmp_path, *edits), base=china)
    assert after.value(key) == pytest.approx(before.value(key), rel=1e-14)
    old, new = (iom.derive(account, china).central for account in (before, after))
    assert new.to_numpy() == pytest.approx(old.to_numpy(), rel=1e-12)


def limits(account: iom.IndustryAccount, key: str) -> tuple[float, float, float]:
    item = account.assumptions[key]
    assert item.low is not None and item.high is not None and not isinstance(item.central, str)
    return item.low, item.central, item.high


@pytest.mark.parametrize(
    ("key", "value"), [("titles", 36_000), ("mpc", 0.5), ("tour_sights", 0.1), ("p_wage", 200)]
)
def test_another_central_value_changes_the_result(
    tmp_path: Path, china: iom.IOTable, rows: dict[str, int], key: str, value: float
) -> None:
    old = iom.derive(iom.read_sectors(iom.example("micro-drama-2025")), china).central["all"]
    path = edited(tmp_path, ("inputs", cell(rows, key, "central"), value))
    new = iom.derive(iom.read_sectors(path), china).central["all"]
    assert (abs(new - old) > 1e-6).all()


ZERO = ["titles", "workdays_per_title", "days_per_fte", "days_per_head", "cost_per_title"]
ZERO += ["p_wage", "p_on_cost", "fte_agriculture", "productivity_drift"]


@pytest.mark.parametrize("key", ZERO)
def test_a_zero_that_would_be_divided_by_is_refused_in_words(
    tmp_path: Path, china: iom.IOTable, rows: dict[str, int], key: str
) -> None:
    path = edited(
        tmp_path,
        *[("inputs", cell(rows, key, head), 0) for head in ("low", "central")],
    )
    with pytest.raises(iom.IOModelError):
        iom.derive(iom.read_sectors(path, base=china), china)


@pytest.mark.parametrize("keys", [["m_"], ["tour_"]])
def test_shares_that_are_all_zero_are_refused(
    tmp_path: Path, china: iom.IOTable, rows: dict[str, int], keys: list[str]
) -> None:
    mine = [key for key in rows if key.startswith(keys[0])]
    edits = [("inputs", cell(rows, key, head), 0) for key in mine for head in ("low", "central")]
    with pytest.raises(iom.IOModelError, match=keys[0]):
        iom.derive(iom.read_sectors(edited(tmp_path, *edits)), china)


@pytest.mark.parametrize("keys", [("revenue", "paid_revenue"), ("gmv",), ("tourism",)])
def test_an_activity_of_size_zero_is_no_error(
    tmp_path: Path, china: iom.IOTable, rows: dict[str, int], keys: tuple[str, ...]
) -> None:
    edits = [("inputs", cell(rows, key, head), 0) for key in keys for head in ("low", "central")]
    account = iom.read_sectors(edited(tmp_path, *edits), base=china)
    assert (iom.derive(account, china).central["all"] > 0).all()


def test_the_paid_part_cannot_exceed_revenue(tmp_path: Path, rows: dict[str, int]) -> None:
    edits = [("inputs", cell(rows, "revenue", head), 0) for head in ("low", "central")]
    with pytest.raises(iom.SpecError, match="paid_revenue"):
        iom.read_sectors(edited(tmp_path, *edits))


def test_published_absent(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(iom.example("micro-drama-2025"))
    del book["published"]
    book.save(tmp_path / "study.xlsx")
    assert iom.read_published(tmp_path / "study.xlsx") == ()
    assert iom.read_sectors(tmp_path / "study.xlsx").id == "micro-drama-2025"


PUBLISHED: Sequence[tuple[str, Any]] = [
    ("E5", "1.95"),
    ("E5", "about two"),
    ("E5", None),
    ("E5", "=1.9+0.05"),
    ("E5", "#N/A"),
    ("D7", "low"),
    ("D7", "#DIV/0!"),
    ("D7", "=1+1"),
    ("E5", True),
]


@pytest.mark.parametrize(("address", "value"), PUBLISHED)
def test_bad_cells_of_published(tmp_path: Path, address: str, value: Any) -> None:
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read_published(edited(tmp_path, ("published", address, value)))
    assert places(caught.value) == [("published", address)]


def test_published_does_not_stop_the_forward_reading(tmp_path: Path) -> None:
    path = edited(tmp_path, ("published", "E5", "text"))
    assert iom.read_sectors(path).id == "micro-drama-2025"


def test_a_published_id_that_stands_twice(tmp_path: Path) -> None:
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read_published(edited(tmp_path, ("published", "A3", "direct_heads")))
    assert places(caught.value) == [("published", "A3")]


def test_a_published_figure_without_id(tmp_path: Path) -> None:
    with pytest.raises(iom.BadCellsError) as caught:
        iom.read_published(edited(tmp_path, ("published", "A3", None)))
    assert places(caught.value) == [("published", "A3")]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(iom.ReadError, match=r"nowhere\.xlsx: does not exist"):
        iom.read_sectors(tmp_path / "nowhere.xlsx")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(iom.ReadError, match="is a folder"):
        iom.read_sectors(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (
            b"id,block,item\ntitles,direct labour,x\n",
            "no sheet `inputs`",
        ),  # a text file is a workbook of one sheet
        (b"PK\x03\x04", "is a damaged or incomplete workbook"),
    ],
)
def test_a_file_that_is_no_workbook(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "study.xlsx").write_bytes(content)
    with pytest.raises(iom.ReadError, match=rf"study\.xlsx.*{words}"):
        iom.read_sectors(tmp_path / "study.xlsx")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_truncated_workbook(tmp_path: Path, part: float) -> None:
    whole = iom.example("micro-drama-2025").read_bytes()
    (tmp_path / "study.xlsx").write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(iom.ReadError, match=r"study\.xlsx"):
        iom.read_sectors(tmp_path / "study.xlsx")


@pytest.mark.parametrize("damage", [b"<worksheet><sheetData><row", b"", b"\x00\x01\x02"])
def test_a_workbook_whose_sheets_are_damaged(tmp_path: Path, damage: bytes) -> None:
    target = tmp_path / "study.xlsx"
    with (
        zipfile.ZipFile(iom.example("micro-drama-2025")) as old,
        zipfile.ZipFile(target, "w") as new,
    ):
        for name in old.namelist():
            broken = name.startswith("xl/worksheets/sheet")
            new.writestr(name, damage if broken else old.read(name))
    with pytest.raises(iom.ReadError, match=r"study\.xlsx"):
        iom.read_sectors(target)


def test_a_table_given_as_a_study() -> None:
    with pytest.raises(iom.UnknownLayoutError, match="not a study workbook"):
        iom.read_sectors(iom.example("china-2020"))


def test_a_study_given_as_a_table() -> None:
    with pytest.raises(iom.ReadError, match=r"iom\.read_sectors"):
        iom.read(iom.example("micro-drama-2025"))


def test_any_other_workbook_given_as_a_study(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(iom.UnknownLayoutError, match=r"other\.xlsx.*sheets: Sheet"):
        iom.read_sectors(tmp_path / "other.xlsx")


# --- what draws need ----------------------------------------------------------------------------


def test_categories_are_those_that_the_note_lists(tmp_path: Path, rows: dict[str, int]) -> None:
    item = iom.read_sectors(iom.example("micro-drama-2025")).assumptions["labour_pattern"]
    assert item.categories == ("census2020", "academic2018", "economic2023")
    other = ("inputs", cell(rows, "labour_pattern", "note"), "these: census2020 , economic2023")
    found = iom.read_sectors(edited(tmp_path, other)).assumptions["labour_pattern"]
    assert found.categories == ("census2020", "economic2023")


def test_a_note_without_the_central_category_cannot_be_drawn_from(
    tmp_path: Path, rows: dict[str, int], china: iom.IOTable
) -> None:
    note = ("inputs", cell(rows, "labour_pattern", "note"), "no list")
    account = iom.read_sectors(edited(tmp_path, note), base=china)
    result = iom.derive(account, china)
    with pytest.raises(iom.SpecError, match="labour_pattern: a category 'census2020'"):
        iom.uncertainty(result.forward, account, draws=10)


def dirichlet(folder: Path, rows: dict[str, int], concentration: float | None, ids: str) -> Path:
    """Make shares of tourism Dirichlet, with their concentration in a column of its own."""
    chosen = [key for key in rows if key.startswith(ids)]
    edits: list[Edit] = [("inputs", "L1", "concentration")]
    for key in chosen:
        edits.append(("inputs", cell(rows, key, "distribution"), "dirichlet"))
        edits.append(("inputs", f"L{rows[key]}", concentration))
    return edited(folder, *edits)


def test_dirichlet_shares_with_their_concentration(
    tmp_path: Path, rows: dict[str, int], china: iom.IOTable
) -> None:
    account = iom.read_sectors(dirichlet(tmp_path, rows, 50.0, "tour_"), base=china)
    assert account.assumptions["tour_sights"].concentration == 50.0
    drawn = iom.uncertainty(iom.derive(account, china).forward, account, draws=4_000).inputs
    shares = drawn[[key for key in rows if key.startswith("tour_")]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1.0)
    mean = account.shares("tour_")["tour_transport"]
    assert shares["tour_transport"].mean() == pytest.approx(mean, abs=0.005)
    deviation = (mean * (1 - mean) / 51) ** 0.5
    assert shares["tour_transport"].std() == pytest.approx(deviation, rel=0.05)


def test_dirichlet_without_a_concentration(tmp_path: Path, rows: dict[str, int]) -> None:
    assert "L" in str(refused(dirichlet(tmp_path, rows, None, "tour_")))


def test_a_block_that_is_dirichlet_in_part(
    tmp_path: Path, rows: dict[str, int], china: iom.IOTable
) -> None:
    account = iom.read_sectors(dirichlet(tmp_path, rows, 50.0, "tour_s"), base=china)
    with pytest.raises(iom.SpecError, match=r"tour_\* are Dirichlet in part \(tour_shopping"):
        iom.uncertainty(iom.derive(account, china).forward, account, draws=10)
