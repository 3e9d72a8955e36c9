"""Methods against the obvious way and against peers: ratios printed, agreement asserted."""

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import iomodel as iom
from iomodel.kernels.biproportion import Margins, scaled
from iomodel.kernels.extraction import extracted
from iomodel.kernels.linear import Factorised
from iomodel.kernels.polytope import Bordered, multipliers
from iomodel.transforms.link import link

pytestmark = pytest.mark.benchmark

Array = npt.NDArray[np.float64]


def best(work: Callable[[], object], runs: int = 5) -> float:
    """Shortest time of a call in milliseconds, after one to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def report(what: str, ours: float, theirs: float) -> None:
    print(f"\n{what}: {ours:.4g} against {theirs:.4g} ms, ratio {ours / theirs:.3f}")


def economy(n: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(1)
    a = rng.random((n, n))
    a *= 0.6 / a.sum(axis=0)
    return a, np.asarray(np.linalg.solve(np.eye(n) - a, rng.random(n)), dtype=np.float64)


@pytest.mark.parametrize("n", [42, 153])
def test_bench_extraction(n: int) -> None:
    """Every sector extracted: one factorisation / a system without the sector, n times."""
    a, x = economy(n)
    groups = [np.array([k]) for k in range(n)]
    demand = x - a @ x

    def ours() -> Array:
        return np.asarray(extracted(Factorised(a), a, x, groups, "complete")[0])

    def theirs() -> Array:
        lost = np.empty((n, n))
        for k in range(n):
            left, final = a.copy(), demand.copy()
            left[k], left[:, k], final[k] = 0.0, 0.0, 0.0
            lost[:, k] = x - np.linalg.inv(np.eye(n) - left) @ final
        return lost

    found, loop = ours(), theirs()
    assert found.sum() == pytest.approx(loop.sum(), rel=1e-9)
    report(f"extraction of each of {n} sectors, closed form / loop", best(ours, 3), best(theirs, 1))


def test_bench_gras() -> None:
    """GRAS on 153 x 160 with negative cells / the published iteration with Python loops."""
    rng = np.random.default_rng(2)
    cells = rng.random((153, 160)) * (rng.random((153, 160)) < 0.6)
    cells[:, -1] -= 0.3 * (rng.random(153) < 0.5)
    rows = cells.sum(axis=1) * rng.uniform(0.9, 1.1, 153)
    columns = cells.sum(axis=0)
    columns *= rows.sum() / columns.sum()
    margins = Margins(rows, columns)

    def theirs() -> Array:
        """Junius and Oosterhaven (2003), row by row and column by column."""
        up, down = np.maximum(cells, 0), np.maximum(-cells, 0)
        r, s = np.ones(153), np.ones(160)
        for _ in range(1000):
            for i in range(153):
                p, n = up[i] @ s, down[i] @ (1 / s)
                r[i] = (rows[i] + np.sqrt(rows[i] ** 2 + 4 * p * n)) / (2 * p)
            for j in range(160):
                p, n = up[:, j] @ r, down[:, j] @ (1 / r)
                s[j] = (columns[j] + np.sqrt(columns[j] ** 2 + 4 * p * n)) / (2 * p)
            found = up * r[:, None] * s - down / (r[:, None] * s)
            if np.abs(found.sum(axis=1) - rows).max() < 1e-9:
                break
        return found

    ours = scaled(cells, margins, tolerance=1e-10)
    np.testing.assert_allclose(ours.matrix, theirs(), rtol=1e-5, atol=1e-7)
    report("GRAS / loops over rows and columns",
           best(lambda: scaled(cells, margins, tolerance=1e-10)), best(theirs, 1))  # fmt: skip


def test_bench_ras_against_ipfn() -> None:
    """RAS / ipfn.ipfn of the package ipfn, where it is installed."""
    ipfn = pytest.importorskip("ipfn", reason="the package ipfn is not installed")
    rng = np.random.default_rng(3)
    cells = rng.random((153, 153)) + 0.01
    rows = cells.sum(axis=1) * rng.uniform(0.9, 1.1, 153)
    columns = cells.sum(axis=0) * (rows.sum() / cells.sum())

    def theirs() -> Array:
        fit = ipfn.ipfn.ipfn(cells.copy(), [rows, columns], [[0], [1]], convergence_rate=1e-10)
        return np.asarray(fit.iteration())

    ours = scaled(cells, Margins(rows, columns)).matrix
    np.testing.assert_allclose(ours, theirs(), rtol=1e-5)
    report("RAS / ipfn", best(lambda: scaled(cells, Margins(rows, columns))), best(theirs, 3))


def test_bench_systems_against_pymrio() -> None:
    """Multipliers of a stressor of 400 (region, sector) pairs / `calc_all` of pymrio.

    pymrio has no models for supply and use tables, and none of extraction or balancing.
    """
    pymrio = pytest.importorskip("pymrio", reason="the package pymrio is not installed")
    rng = np.random.default_rng(4)
    regions, sectors = [f"R{k}" for k in range(10)], [f"s{k}" for k in range(40)]
    rows = pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])
    columns = pd.MultiIndex.from_product([regions, ["final"]], names=["region", "category"])
    a, _ = economy(len(rows))
    final = rng.random((len(rows), len(regions)))
    x = np.linalg.solve(np.eye(len(rows)) - a, final.sum(axis=1))
    flows = pd.DataFrame(a * x, rows, rows)
    stress = pd.DataFrame(rng.random((1, len(rows))), ["CO2"], rows)
    table = iom.table(flows, final_demand=pd.DataFrame(final, rows, columns),
                      output=pd.Series(x, rows), satellites={"CO2": stress})  # fmt: skip

    def ours() -> Array:
        fresh = table.replace(flows=type(table.flows)(
            **{name: getattr(table.flows, name) for name in (
                "intermediate", "final_demand", "primary_inputs", "output", "imports",
                "final_primary")}))  # fmt: skip
        return np.asarray(iom.multipliers(iom.leontief(fresh), of="CO2").effect)

    def theirs() -> Array:
        system = pymrio.IOSystem(Z=flows, Y=pd.DataFrame(final, rows, columns))
        system.emissions = pymrio.Extension(name="emissions", F=stress)
        system.calc_all()
        return np.asarray(system.emissions.M)

    np.testing.assert_allclose(ours(), theirs(), rtol=1e-8)
    report("multipliers of a stressor / pymrio calc_all", best(ours, 3), best(theirs, 2))


def test_bench_supply_use() -> None:
    """Model D (fixed product sales structure) by table / its formula with plain matrices."""
    rng = np.random.default_rng(5)
    n = 100
    codes = [f"p{k}" for k in range(n)]
    supply = np.diag(rng.uniform(50, 100, n)) + rng.random((n, n)) * (rng.random((n, n)) < 0.2)
    use = rng.random((n, n)) * 0.5
    final = supply.sum(axis=1) - use.sum(axis=1)
    sut = iom.supply_use(
        pd.DataFrame(supply, codes, codes), use=pd.DataFrame(use, codes, codes),
        final_demand=pd.DataFrame({"final": final}, codes),
    )  # fmt: skip

    def theirs() -> Array:
        shares = supply / supply.sum(axis=1)[:, None]  # of products (rows) over industries
        return np.asarray(shares.T @ use)

    found = iom.sut_to_iot(sut, "D").flows.intermediate
    np.testing.assert_allclose(found, theirs(), rtol=1e-9)
    report("model D with checks and labels / bare product",
           best(lambda: iom.sut_to_iot(sut, "D")), best(theirs))  # fmt: skip


def test_bench_draws_of_a_split() -> None:
    """Multipliers of 200 drawn splits by the partitioned inverse / a system for each."""
    n, m, draws = 153, 2, 200
    rng = np.random.default_rng(6)
    a, _ = economy(n)
    system = Bordered(rest=a, bought=rng.random((draws, n, m)) * 0.5 / n,
                      sold=rng.random((draws, m, n)) * 0.1 / m,
                      own=rng.random((draws, m, m)) * 0.1)  # fmt: skip

    def theirs() -> Array:
        found = np.empty((draws, n + m))
        for k in range(draws):
            whole = np.block([[a, system.bought[k]], [system.sold[k], system.own[k]]])
            found[k] = np.linalg.solve(np.eye(n + m) - whole.T, np.ones(n + m))
        return found

    np.testing.assert_allclose(np.hstack(multipliers(system)), theirs(), rtol=1e-9)
    report("multipliers of draws / solves", best(lambda: multipliers(system), 3), best(theirs, 1))


def test_bench_linking() -> None:
    """A table of 20 regions with 40 sectors linked / the inverse of its coefficients."""
    rng = np.random.default_rng(7)
    codes = [f"s{k}" for k in range(40)]
    tables = {}
    for name in (f"R{k}" for k in range(20)):
        flows = pd.DataFrame(rng.random((40, 40)), codes, codes)
        final = pd.DataFrame(rng.random((40, 2)) * 40, codes, ["home", "exports"])
        tables[name] = iom.table(flows, final_demand=final,
                                 imports=pd.Series(rng.random(40) * 20, codes))  # fmt: skip

    def ours() -> iom.IOTable:
        return link(tables, unmatched="keep")

    a = ours().flows.coefficients
    report("linking 20 regions / inverse of 800 sectors", best(ours, 3),
           best(lambda: np.linalg.inv(np.eye(len(a)) - a), 2))  # fmt: skip
