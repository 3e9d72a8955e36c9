"""Reading against peers, printed and never asserted: `pytest tests/benchmarks -q -s`.

Asserted is only that both sides give the same figures.
"""

import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.readers.detect import survey
from iomodel.readers.layouts import LAYOUTS
from iomodel.readers.workbook import open_workbook

pytestmark = pytest.mark.benchmark

LARGE = 2464


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Median time of a call in milliseconds, after one to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def test_bench_a_national_workbook(shared: Path) -> None:
    path = shared / "data" / "china" / "nbs_2020_io_153_original_layout.xlsx"

    def peer() -> pd.DataFrame:
        return pd.read_excel(path, header=None, engine="openpyxl")

    ours, theirs = best(lambda: iom.read(path)), best(peer, 3)
    book = open_workbook(path)
    for name in book.names:
        book.sheet(name)
    found = best(lambda: survey(book, LAYOUTS))
    cells = peer().to_numpy()
    table = iom.read(path)
    assert float(table.output.iloc[0]) in {x for x in cells.ravel() if isinstance(x, float)}
    print(
        f"\n153 sectors, whole table with roles and checks: {ours:.0f} ms against {theirs:.0f} ms "
        f"for the cells of one sheet by pandas and openpyxl, {theirs / ours:.1f} times faster; "
        f"finding the table takes {found:.0f} ms of it ({found / ours:.0%})"
    )


def test_bench_a_large_csv(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    codes = [f"s{k:04d}" for k in range(LARGE)]
    flows = np.round(rng.random((LARGE, LARGE)), 3)
    output = flows.sum(axis=1) + 500.0
    frame = pd.DataFrame(flows, codes, codes)
    frame["households"], frame["output"] = 500.0, output
    below = pd.DataFrame([[*(output - flows.sum(axis=0)), np.nan, np.nan]], ["value added"])
    below.columns = frame.columns
    last = pd.DataFrame([[*output, np.nan, np.nan]], ["output"], frame.columns)
    path = tmp_path / "large.csv"
    pd.concat([frame, below, last]).to_csv(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", iom.IOModelWarning)
        start = time.perf_counter()
        table = iom.read(path)
        ours = time.perf_counter() - start
        start = time.perf_counter()
        cells = pd.read_csv(path, index_col=0)
        theirs = time.perf_counter() - start
    np.testing.assert_array_equal(table.flows.intermediate, cells.iloc[:LARGE, :LARGE])
    print(f"\n{LARGE} sectors as csv: {ours:.1f} s against {theirs:.1f} s by pandas, cells only")
