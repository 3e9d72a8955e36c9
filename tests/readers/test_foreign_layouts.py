"""Tables in layouts and languages that nobody declared, read by their structure alone.

A made economy is printed in many ways; it must be read as it was made, or be refused.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.readers.detect import survey
from iomodel.readers.workbook import open_workbook
from tests.readers.made import (
    Economy,
    Print,
    Rows,
    differences,
    economy,
    made_for,
    sheet_of,
    square,
    workbook,
)
from tests.readers.words import WORDS

pytestmark = pytest.mark.filterwarnings("error::iomodel.ImbalanceWarning")
SIZE = 7
LANGUAGES = tuple(WORDS)
LAYOUTS = {
    "codes and names": Print(),
    "names only": Print(labels="names"),
    "codes only": Print(labels="codes"),
    "codes as numbers": Print(labels="numbers"),
    "code and name in one cell": Print(labels="one cell"),
    "numbered columns": Print(numbered=True, labels="names"),
    "imports inside final demand": Print(imports="inside"),
    "positive imports": Print(imports="positive"),
    "positive imports after total use": Print(imports="positive", totals="iufv"),
    "output, imports and supply to the right": Print(imports="supply"),
    "a row of imports": Print(imports="row"),
    "a row of imports for each origin": Print(imports="origins"),
    "imports and supply below output": Print(imports="below", totals="iufv"),
    "no imports": Print(imports="none"),
    "totals before their parts": Print(first=True),
    "totals first, positive imports": Print(first=True, imports="positive", totals="iufv"),
    "totals first, supply to the right": Print(first=True, imports="supply"),
    "totals first, a row of imports": Print(first=True, imports="row"),
    "total use printed twice": Print(twice=True, totals="iufv"),
    "a part printed for information": Print(of_which=True),
    "the same, totals first, no output": Print(of_which=True, first=True, output="none"),
    "a statistical discrepancy of zero": Print(error=True),
    "employment below": Print(jobs=True),
    "employment below, imports above": Print(jobs=True, labels="names", imports="row"),
    "a row of zeros above": Print(check=True),
    "blank rows between": Print(gaps=True),
    "blank rows, a check row, supply": Print(check=True, gaps=True, imports="supply"),
    "no totals": Print(totals=""),
    "no totals, no output": Print(output="none", totals=""),
    "totals, no output": Print(output="none"),
    "output to the right": Print(output="right"),
    "output below": Print(output="below"),
    "no output, a row of imports": Print(output="none", totals="", imports="row"),
    "no output, positive imports": Print(output="none", totals="", imports="positive"),
    "subtotals after their parts": Print(sections=3),
    "subtotals before their parts": Print(sections=-3),
    "subtotals, names only": Print(sections=3, labels="names"),
    "subtotals, output to the right": Print(sections=3, labels="one cell", output="right"),
    "blanks for zeros": Print(blanks=True),
    "one column named otherwise": Print(renamed=(2,), labels="names"),
    "two columns named otherwise": Print(renamed=(1, 4), labels="names"),
    "line breaks in the heads": Print(broken=True, labels="names"),
    "rows in another order": Print(order=(3, 1, 0, 2, 5, 4, 6)),
    "far from A1": Print(down=12, right=9),
    "neither title nor notes": Print(notes=False),
}


def printed(folder: Path, made: Economy, how: Print) -> Path:
    return workbook(folder / "table.xlsx", {"Sheet1": sheet_of(made, how)})


def read(path: Path, **more: Any) -> Any:
    """Read without any declared layout."""
    return iom.read(path, layout="structure", **more)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_read_in_every_language(tmp_path: Path, layout: str) -> None:
    wrong = {}
    for seed, language in enumerate(LANGUAGES):
        how = replace(LAYOUTS[layout], language=language)
        made = made_for(how, SIZE, seed)
        wrong[language] = differences(read(printed(tmp_path, made, how)), made, how)
    assert not any(wrong.values()), {name: found for name, found in wrong.items() if found}


@pytest.mark.parametrize("size", [3, 4, 12, 30])
@pytest.mark.parametrize("layout", ["names only", "subtotals, names only", "supply", "codes"])
def test_tables_of_other_sizes(tmp_path: Path, layout: str, size: int) -> None:
    more = {"supply": Print(imports="supply"), "codes": Print(labels="numbers", imports="row")}
    how = {**LAYOUTS, **more}[layout]
    if how.sections and size < 5:
        pytest.skip("a table of one section and a sector")
    made = made_for(how, size, size, digits=1)
    assert not differences(read(printed(tmp_path, made, how)), made, how)


@given(
    st.integers(4, 14),
    st.integers(0, 2**30),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["names", "both", "numbers", "one cell"]),
    st.sampled_from(["negative", "inside", "positive", "supply", "row", "origins", "none"]),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_any_mixture_is_read_right(
    tmp_path_factory: pytest.TempPathFactory,
    size: int,
    seed: int,
    language: str,
    labels: Any,
    imports: Any,
    flags: list[bool],
) -> None:
    first, of_which, jobs, check, gaps, numbered = flags
    how = Print(
        language=language,
        labels=labels,
        imports=imports,
        first=first,
        of_which=of_which,
        jobs=jobs,
        check=check,
        gaps=gaps,
        numbered=numbered,
    )
    made = made_for(how, size, seed)
    folder = tmp_path_factory.mktemp("mixture")
    assert not differences(read(printed(folder, made, how)), made, how)


# --- several tables, several sheets -------------------------------------------------------------


def notes() -> Rows:
    return [["Index of tables"], [], ["Table 1", "Flows"], ["Table 2", "Coefficients", 2019]]


def test_flows_are_taken_though_coefficients_and_notes_come_first(tmp_path: Path) -> None:
    made, how = economy(SIZE, 3), Print(labels="names")
    direct = made.flows / made.output
    sheets: dict[str, list[list[Any]]] = {
        "Index": notes(),
        "Metadata": [["Unit", "Million USD"], ["Year", 2019], ["Source", "a survey"]],
        "A": square(direct, how, "Technical coefficients"),
        "L": square(np.linalg.inv(np.eye(SIZE) - direct), how, "Leontief inverse"),
        "Flows": sheet_of(made, how),
    }
    table = read(workbook(tmp_path / "many.xlsx", sheets))
    assert table.meta.notes["sheet"] == "Flows"
    assert not differences(table, made, how)


def test_the_newest_of_several_years_is_taken(tmp_path: Path) -> None:
    how, years = Print(notes=False), (2015, 2020, 2018)
    made = {year: economy(SIZE, year) for year in years}
    path = workbook(
        tmp_path / "years.xlsx", {str(year): sheet_of(made[year], how) for year in years}
    )
    table = read(path)
    assert table.meta.year == 2020
    assert not differences(table, made[2020], how)
    assert not differences(read(path, sheet="2015"), made[2015], how)


def test_total_flows_come_before_domestic_and_imported_ones(tmp_path: Path) -> None:
    how = Print()
    total, home = economy(SIZE, 5), economy(SIZE, 6, inputs=1)
    sheets = {
        "Domestic": sheet_of(home, replace(how, imports="row")),
        "Imported": square(total.flows * 0.2, how, "Imported goods: import matrix"),
        "Total": sheet_of(total, how),
    }
    table = read(workbook(tmp_path / "three.xlsx", sheets))
    assert table.meta.notes["sheet"] == "Total"
    assert not differences(table, total, how)


@pytest.mark.parametrize("beside", [False, True])
def test_two_tables_on_one_sheet_are_told_apart(tmp_path: Path, beside: bool) -> None:
    how = Print(labels="names")
    one, other = economy(SIZE, 7), economy(SIZE, 8)
    first, second = sheet_of(one, how), sheet_of(other, how)
    if beside:
        wide = max(map(len, first)) + 3
        pairs = zip(first, second, strict=True)
        rows = [a + [None] * (wide - len(a)) + b for a, b in pairs]
    else:
        rows = [*first, [], [], *second]
    path = workbook(tmp_path / "two.xlsx", {"Sheet1": rows})
    table = read(path)
    assert not differences(table, one, how)
    found = survey(open_workbook(path), ())
    assert [item.block.size for item in found] == [SIZE, SIZE]
    assert not differences(read(path, at=found[1].range), other, how)


def test_notes_between_two_blocks_do_no_harm(tmp_path: Path) -> None:
    how = Print(labels="names")
    made = economy(SIZE, 9)
    rows = sheet_of(made, how)
    rows += [["* revised figures, see the methods"], [], ["Direct coefficients"]]
    rows += square(made.flows / made.output, how, "Table 2")
    assert not differences(read(workbook(tmp_path / "t.xlsx", {"S": rows})), made, how)


# --- figures that are hard ----------------------------------------------------------------------


def test_a_sector_that_neither_buys_nor_sells(tmp_path: Path) -> None:
    made, how = economy(SIZE, 11).with_idle(3), Print()
    assert not differences(read(printed(tmp_path, made, how)), made, how)


def test_rounded_totals_are_totals(tmp_path: Path) -> None:
    """Whole numbers whose totals were rounded by themselves, as offices print them."""
    made, how = economy(5, 12, digits=2), Print(totals="iufv", imports="positive")
    rows = [
        [round(cell) if isinstance(cell, float) else cell for cell in row]
        for row in sheet_of(made, how)
    ]
    table = read(workbook(tmp_path / "t.xlsx", {"S": rows}))
    whole = replace(
        made,
        flows=np.round(made.flows),
        final=np.round(made.final),
        primary=np.round(made.primary),
        imports=np.round(made.imports),
        output=np.round(made.output),
    )
    assert not differences(table, whole, how)


def test_blanks_for_zeros_are_refused_where_no_sum_proves_them(tmp_path: Path) -> None:
    how = Print(totals="", output="none", blanks=True, notes=False)
    made = economy(SIZE, 13)
    path = printed(tmp_path, made, how)
    with pytest.raises(iom.BadCellsError, match='blanks="zero"') as caught:
        read(path)
    places = {cell.address for cell in caught.value.cells}
    i, j = np.argwhere(made.flows == 0)[0]
    assert f"{chr(ord('C') + j)}{3 + i}" in places
    assert len(caught.value.cells) >= int((made.flows == 0).sum())
    assert not differences(read(path, blanks="zero"), made, how)


def test_thousands_written_as_text_everywhere_are_refused(tmp_path: Path) -> None:
    """A figure such as 1,234 may be one point two or one thousand: nothing is guessed."""
    made, how = economy(SIZE, 14), Print()
    rows = [
        [f"{cell:,}" if isinstance(cell, int) else cell for cell in row]
        for row in sheet_of(made, how)
    ]
    with pytest.raises(iom.ReadError, match=r"t\.xlsx"):
        read(workbook(tmp_path / "t.xlsx", {"S": rows}))


def test_tiny_tables_with_codes_alone_are_not_guessed(tmp_path: Path) -> None:
    """Three codes may stand in two places by chance."""
    made, how = economy(3, 15), Print(labels="codes")
    with pytest.raises(iom.UnknownLayoutError):
        read(printed(tmp_path, made, how))


LAYOUT_CASES: dict[str, Callable[[Print], Print]] = {
    "plain": lambda how: how,
    "domestic": lambda how: replace(how, imports="row"),
    "subtotals": lambda how: replace(how, sections=4),
}


@pytest.mark.parametrize("case", LAYOUT_CASES)
def test_a_table_of_120_sectors(tmp_path: Path, case: str) -> None:
    how = LAYOUT_CASES[case](Print(labels="one cell"))
    made = made_for(how, 120, 16)
    assert not differences(read(printed(tmp_path, made, how)), made, how)
