"""China 2020 aggregated from 153 to 42 products against the 42-product table as published.

National Bureau of Statistics of China, 2020 input-output tables: of 153 products with competitive
imports, and of 42 products with domestic and imported products apart, printed to six decimals.
"""

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import iomodel as iom

Array = npt.NDArray[np.float64]
Rows = list[dict[str, str]]
HALF_DIGIT = 0.5e-6


@pytest.fixture(scope="module")
def rows(shared: Path) -> Rows:
    path = shared / "data" / "china" / "nbs_io_2020_42_noncompetitive.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def coarse() -> iom.IOTable:
    china = iom.read(iom.example("china-2020"))
    return iom.aggregate(china, iom.concordance("nbs-153-42"))


def block(rows: Rows, columns: list[str]) -> Array:
    return np.array([[float(row[column]) for column in columns] for row in rows])


def expect(found: Array, printed: Array, parts: int) -> None:
    """Compare with a sum of printed figures: half a digit each, and the spacing of doubles.

    At 2.9e9 doubles are 4.8e-7 apart, so that a sum of some tens of them cannot be closer.
    """
    bound = parts * HALF_DIGIT + 3 * np.spacing(np.abs(printed))
    assert found.shape == printed.shape
    worst = np.max(np.abs(found - printed) / bound)
    assert worst <= 1, f"off by {worst:.2f} of what rounding allows"


def test_codes_and_names(rows: Rows, coarse: iom.IOTable) -> None:
    assert coarse.labels.codes == tuple(row["Code"] for row in rows[:42])
    assert coarse.labels.named("en") == tuple(row["Description"] for row in rows[:42])
    assert coarse.labels.named("zh") == tuple(row["DescriptionInChinese"] for row in rows[:42])


def test_output_and_imports(rows: Rows, coarse: iom.IOTable) -> None:
    """Output stands twice, at the end of the row and of the column, up to 2e-6 apart."""
    found = coarse.flows.output
    row = block(rows[:42], ["GO"])[:, 0]
    column = block([r for r in rows if r["Code"] == "TI"], list(coarse.labels.codes))[0]
    assert np.max(np.abs(row - column)) < 2.5e-6
    expect(found, np.clip(found, np.minimum(row, column), np.maximum(row, column)), 1)
    expect(coarse.flows.imports, block(rows[42:84], ["GO"])[:, 0], 1)


def test_flows_are_the_domestic_and_the_import_rows(rows: Rows, coarse: iom.IOTable) -> None:
    codes = list(coarse.labels.codes)
    expect(coarse.flows.intermediate, block(rows[:42], codes) + block(rows[42:84], codes), 2)


def test_final_demand(rows: Rows, coarse: iom.IOTable) -> None:
    columns = ["TC", "FU201", "FU202", "EX"]
    f = coarse.flows.final_demand
    assert coarse.final_labels.codes[3:] == tuple(columns[1:])
    found = np.column_stack([f[:, :3].sum(axis=1), f[:, 3:]])
    expect(found, block(rows[:42], columns) + block(rows[42:84], columns), 2)


def test_primary_inputs(rows: Rows, coarse: iom.IOTable) -> None:
    printed = [row for row in rows if row["Code"].startswith("VA")]
    assert coarse.primary_labels.codes == tuple(row["Code"] for row in printed)
    expect(coarse.flows.primary_inputs, block(printed, list(coarse.labels.codes)), 1)


def test_carried_employment_per_section_stays(coarse: iom.IOTable) -> None:
    china = iom.read(iom.example("china-2020"))
    sections = iom.aggregate(china, iom.concordance("nbs-153-sections"))
    again = iom.aggregate(coarse, iom.concordance("nbs-42-sections"))
    left, right = (table.satellite("employment") for table in (sections, again))
    np.testing.assert_allclose(left.values, right.values, rtol=1e-12)
    assert left.growth is not None
    assert right.growth is not None
    np.testing.assert_allclose(left.growth, right.growth, rtol=1e-12)
