"""Figures against peers, printed and never asserted: `pytest tests/benchmarks -q -s`.

Asserted is only that both sides compute the same.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import iomodel as iom
from iomodel.kernels.linear import Factorised

pytestmark = pytest.mark.benchmark

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = 7
Array = npt.NDArray[np.float64]

# A small process starts and measures each one: a child counts the memory of what started it.
SPAWN = """
import os, sys, time
out = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
start = time.perf_counter()
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ,
                       file_actions=out)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - start, usage.ru_maxrss)
sys.exit(status != 0)
"""


def process(arguments: Sequence[str], folder: Path) -> tuple[float, float]:
    """Median wall time in seconds and largest peak memory in MiB of a whole process.

    One run more than counted comes first and leaves compiled modules behind, as pip does.
    """
    times, peaks = [], []
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(RUNS + 1):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", SPAWN, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=True,
        )
        seconds, peak = map(float, done.stdout.split())
        times.append(seconds)
        peaks.append(peak / 1024)
    return statistics.median(times[1:]), max(peaks)


def best(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median time of a call in milliseconds, after one to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def report(what: str, ours: float, theirs: float, unit: str) -> None:
    print(f"\n{what}: {ours:.4g} against {theirs:.4g} {unit}, ratio {ours / theirs:.2f}")


def test_bench_derive(tmp_path: Path) -> None:
    to = str(tmp_path / "out")
    ours, memory = process(["-m", "iomodel", "derive", "--to", to], tmp_path)
    theirs, other = process(["-c", "import pandas"], tmp_path)
    report("whole `iomodel derive` / `import pandas`", ours, theirs, "s")
    report("peak memory of the same", memory, other, "MiB")


def test_bench_import(tmp_path: Path) -> None:
    ours, memory = process(["-c", "import iomodel"], tmp_path)
    theirs, other = process(["-c", "import pandas"], tmp_path)
    report("import iomodel / import pandas", ours, theirs, "s")
    report("peak memory of the same", memory, other, "MiB")


def test_bench_reading() -> None:
    """The whole table with labels and satellites against the bare sheet of flows."""
    path = iom.example("china-2020")

    def theirs() -> pd.DataFrame:
        return pd.read_excel(path, sheet_name="flows", header=None, engine="openpyxl")

    frame, table = theirs(), iom.read(path)
    n = len(table)
    bare = frame.iloc[4 : 4 + n, 4 : 4 + n].to_numpy(dtype=np.float64)
    assert np.array_equal(bare, table.flows.intermediate)
    report("iom.read / pandas.read_excel", best(lambda: iom.read(path)), best(theirs, 3), "ms")


@pytest.mark.parametrize("n", [155, 500])
def test_bench_multipliers(n: int) -> None:
    """Multipliers of three accounts by one factorisation against a full inverse."""
    rng = np.random.default_rng(1)
    a = rng.random((n, n))
    a *= 0.6 / a.sum(axis=0)
    accounts = rng.random((3, n))

    def ours() -> Array:
        return Factorised(a).solve_transposed(accounts.T).T

    def theirs() -> Array:
        return np.asarray(accounts @ np.linalg.inv(np.eye(n) - a))

    assert ours() == pytest.approx(theirs(), rel=1e-10)
    report(f"multipliers, n = {n}: transposed solve / inverse", best(ours, 51), best(theirs, 51),
           "ms")  # fmt: skip


def test_bench_channels() -> None:
    """Jobs by channel of all scopes: one factorisation with borders / an inverse per system."""
    base = iom.domestic(iom.read(iom.example("china-2020")))
    account = iom.read_sectors(iom.example("micro-drama-2025"))
    table = iom.insert(iom.full_time(base), account)
    plan = [(False, "none"), (False, "additional"), (False, "attributed"), (True, "none")]
    plan.append((True, "additional"))

    def ours() -> list[Array]:
        model = iom.leontief(table)
        closed = iom.close_households(model, propensity=account.respending)
        return [
            iom.channels(closed if house else model, direct=["m"], spending=spending).total  # type: ignore[arg-type]
            for house, spending in plan
        ]

    def theirs() -> list[Array]:
        return [whole(table, account.respending, house, spending) for house, spending in plan]

    for one, other in zip(ours(), theirs(), strict=True):
        assert one == pytest.approx(other, rel=1e-9)
    report("channels of all scopes: bordered / full inverses", best(ours), best(theirs), "ms")


def whole(table: iom.IOTable, rate: float, house: bool, spending: str) -> Array:
    """Total jobs by injections through one full inverse, as a spreadsheet would."""
    insertion = table.insertion
    assert insertion is not None
    n, k, a = len(table), insertion.base, table.flows.coefficients
    spent = np.array(insertion.attributed if spending == "attributed" else insertion.domestic)
    final = [c for c, item in enumerate(insertion.injections) if not item.buyer]
    demand = np.zeros((n, 2))
    demand[:k, 0] = 0.0 if spending == "none" else spent[:, final].sum(axis=1)
    demand[k:, 1] = insertion.final_demand
    system = a
    if house:
        flows, finals, rows = table.flows, table.final_labels, table.primary_labels
        column = finals.in_group("household")
        paid = flows.final_demand[:, column].sum(axis=1)
        basket = paid / (paid.sum() + flows.final_primary[:, column].sum())
        wage = flows.primary_inputs[rows.in_group("compensation")].sum(axis=0) / flows.output
        system = np.block([[a, basket[:, None]], [rate * wage[None, :], np.zeros((1, 1))]])
        demand = np.vstack([demand, np.zeros((1, 2))])
    inverse = np.linalg.inv(np.eye(len(system)) - system)
    jobs = table.satellite("employment")
    intensity = jobs.unit_value * jobs.intensity(table.flows.output, price_year=2020)
    by_item = intensity[:, :k, None] * (inverse[:k, :k] @ spent)[None, :, :]
    assert by_item.shape[2] == len(insertion.injections)
    return np.asarray(intensity @ (inverse @ demand.sum(axis=1))[:n])
