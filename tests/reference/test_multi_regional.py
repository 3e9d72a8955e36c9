"""Published results of multi-regional tables, from tables as their users have them."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.readers import worlds
from tests.reference.cases import Array, Case, load


@pytest.fixture(scope="module")
def mrio(shared: Path) -> Case:
    return load(shared, "pymrio-small-mrio")


def pymrio_table(case: Case) -> iom.IOTable:
    """Build the test system of pymrio (its tests/test_math.py) and take it from there."""
    regions, sectors = case.given["regions"], case.given["sectors"]
    rows = pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])
    columns = pd.MultiIndex.from_product([regions, ["final demand"]], names=["region", "category"])
    stressors = pd.Index([f"ext_type_{k + 1}" for k in range(2)], name="stressor")
    return iom.from_pymrio(
        SimpleNamespace(
            Z=pd.DataFrame(case.array("Z"), rows, rows),
            Y=pd.DataFrame(case.array("Y"), rows, columns),
            unit=pd.DataFrame({"unit": ["USD"] * len(rows)}, rows),
            emissions=SimpleNamespace(
                name="emissions",
                F=pd.DataFrame(case.array("F"), stressors, rows),
                F_Y=pd.DataFrame(case.array("F_Y"), stressors, columns),
                unit=None,
            ),
        )
    )


def test_multipliers_of_pymrio(mrio: Case) -> None:
    """IndEcol/pymrio, tests/test_math.py, td_small_MRIO: x, A, L, S and M."""
    table = pymrio_table(mrio)
    model = iom.leontief(table)
    effects = iom.multipliers(model, of="emissions")
    mrio.expect("x", table.output)
    mrio.expect("A", model.A)
    mrio.expect("L", model.L)
    mrio.expect("S", effects.direct)
    mrio.expect("M", effects.effect)


def test_footprints_of_pymrio(mrio: Case) -> None:
    """The same source: consumption-based accounts by region and sector of the final product."""
    table = pymrio_table(mrio)
    effects = iom.multipliers(iom.leontief(table), of="emissions").effect
    regions, size = mrio.given["regions"], len(mrio.given["sectors"])
    demand = table.flows.final_demand
    caused = [effects * demand[:, k] for k in range(len(regions))]
    by_sector = [part.reshape(len(effects), -1, size).sum(axis=1) for part in caused]
    mrio.expect("D_cba", np.hstack(by_sector))
    np.testing.assert_array_equal(table.satellite("emissions").final, mrio.array("F_Y"))


def icio_file(case: Case, path: Path) -> Path:
    """Write a case as a csv file of the extended tables of the OECD."""
    flows, final = case.array("Z"), case.array("Yfd")
    made = worlds.World(
        regions=tuple(case.given["countries"]),
        sectors=tuple(case.given["sectors"]),
        finals=("HFCE", "GFCF"),
        buyers=tuple(case.given["final_countries"]),
        flows=flows,
        final=final,
        taxes=np.zeros(len(flows) + final.shape[1]),
    )
    return worlds.written(worlds.icio(made), path)


@pytest.mark.parametrize("country", ["ESP", "CHN"])
def test_value_added_in_exports(shared: Path, tmp_path: Path, country: str) -> None:
    """Borin and Mancini (2019), source-based, as printed by exvatools, iciotest data.

    China is split: it sells and produces as CN1 and CN2, and buys for final demand as CHN.
    """
    case = load(shared, "exvatools-bm-esp-chn")
    table = iom.read(icio_file(case, tmp_path / "ICIO_2017.csv"))
    model = iom.leontief(table, idle="keep")
    parts = {"CHN": ("CHN", "CN1", "CN2")}.get(country, (country,))
    own = np.isin(table.labels.regions, parts)
    buys = np.isin(table.final_labels.regions, parts)
    flows = table.flows
    exports = np.where(
        own, flows.intermediate[:, ~own].sum(axis=1) + flows.final_demand[:, ~buys].sum(axis=1), 0
    )
    share = iom.multipliers(model, of="value_added").direct[0]
    caused = share * (model.L.to_numpy()[:, own] @ exports[own])
    gross, content, foreign = exports.sum(), caused[own].sum(), caused[~own].sum()
    home = np.eye(int(own.sum())) - model.A.to_numpy()[np.ix_(own, own)]
    domestic = share[own] @ np.linalg.solve(home, exports[own])
    exgr, dc, dva, _, _, ddc, fc, _, _ = case.printed[country]
    pairs = ((gross, exgr), (content, dc), (domestic, dva), (content - domestic, ddc))
    for found, printed in (*pairs, (foreign, fc)):
        case.expect(country, found, printed=printed)
    np.testing.assert_allclose(content + foreign, gross, rtol=1e-12)


PARTS = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}


class Icio:
    """A system read from a file of the extended tables, with split countries put together."""

    def __init__(self, case: Case, path: Path) -> None:
        self.table = iom.read(icio_file(case, path))
        self.home = np.array([PARTS.get(name, name) for name in self.table.labels.regions])
        self.buys = np.array(self.table.final_labels.regions)
        model = iom.leontief(self.table, idle="keep")
        self.inverse, self.a = model.L.to_numpy(), model.A.to_numpy()
        self.share = iom.multipliers(model, of="value_added").direct[0]

    def final(self, rows: Array, buyers: Array) -> Array:
        return np.asarray(self.table.flows.final_demand[np.ix_(rows, buyers)].sum(axis=1))

    def exports(self, country: str) -> Array:
        own = self.home == country
        sold = self.table.flows.intermediate[np.ix_(own, ~own)].sum(axis=1)
        return np.asarray(sold + self.final(own, self.buys != country))

    def foreign(self, country: str, inverse: Array, amounts: Array) -> float:
        """Value added of other countries in amounts of the products of one, (own sectors,)."""
        own = self.home == country
        return float(self.share[~own] @ inverse[np.ix_(~own, own)] @ amounts)


@pytest.mark.parametrize("country", ["ESP", "CHN"])
def test_borin_and_mancini_by_use(shared: Path, tmp_path: Path, country: str) -> None:
    """The rest of the same decomposition: VAX, REF, and FVA apart from double counting FDC.

    Foreign value added counts once what passes the exporter once: it is read from the inverse
    of a system in which nobody buys intermediate products from the exporter.
    """
    case = load(shared, "exvatools-bm-esp-chn")
    world = Icio(case, tmp_path / "ICIO_2017.csv")
    own, away = world.home == country, world.buys != country
    rest = np.ones(len(own), dtype=bool)
    absorbed = float(world.share[own] @ world.inverse[own] @ world.final(rest, away))
    exports = world.exports(country)
    inner = np.eye(int(own.sum())) - world.a[np.ix_(own, own)]
    domestic = float(world.share[own] @ np.linalg.solve(inner, exports))
    cut = world.a.copy()
    cut[np.ix_(own, ~own)] = 0.0
    once = world.foreign(country, np.linalg.inv(np.eye(len(own)) - cut), exports)
    every = world.foreign(country, world.inverse, exports)
    _, _, _, vax, ref, _, _, fva, fdc = case.printed[country]
    for found, printed in ((absorbed, vax), (domestic - absorbed, ref), (once, fva),
                           (every - once, fdc)):  # fmt: skip
        case.expect(country, found, printed=printed)


@pytest.mark.parametrize("country", ["ESP", "CHN"])
def test_wang_wei_and_zhu_foreign_value_added(shared: Path, tmp_path: Path, country: str) -> None:
    """Wang, Wei and Zhu, as printed by exvatools: FVA and what is counted more than once.

    Foreign value added is in final exports and in intermediate exports that the direct
    importer turns into its own final use.
    """
    case = load(shared, "exvatools-wwz-fva")
    world = Icio(case, tmp_path / "ICIO_2017.csv")
    own = world.home == country
    amounts = world.final(own, world.buys != country)
    for partner in sorted(set(world.home) - {country}):
        there = world.home == partner
        inner = np.eye(int(there.sum())) - world.a[np.ix_(there, there)]
        used = np.linalg.solve(inner, world.final(there, world.buys == partner))
        amounts = amounts + world.a[np.ix_(own, there)] @ used
    counted = world.foreign(country, world.inverse, amounts)
    every = world.foreign(country, world.inverse, world.exports(country))
    fva, fdc = case.printed[country]
    case.expect(country, counted, printed=fva)
    case.expect(country, every - counted, printed=fdc)


def test_leather_exports(shared: Path) -> None:
    """bquast/decompr, tests/testthat, leather: V B E and V B x, first and last element.

    Its third variant, V B Y, is in test_textbooks.
    """
    case = load(shared, "decompr-leather-leontief")
    countries, size = case.given["countries"], len(case.given["industries"])
    rows = pd.MultiIndex.from_product([countries, case.given["industries"]])
    columns = pd.MultiIndex.from_product([countries, ["final demand"]])
    table = iom.table(
        pd.DataFrame(case.array("inter"), rows, rows),
        final_demand=pd.DataFrame(case.array("final"), rows, columns),
        output=pd.Series(case.array("out"), rows),
    )
    model = iom.leontief(table)
    share = iom.multipliers(model, of="value_added").direct[0]
    sold = {"exports": leaving(table, size), "output": table.flows.output}
    for kind, amounts in sold.items():
        found = share[:, None] * model.L.to_numpy() * amounts
        case.expect(kind, [found[0, 0], found[-1, -1]])


def leaving(table: iom.IOTable, size: int) -> Array:
    """Sales of every sector to other countries."""
    flows, countries = table.flows, len(table) // size
    home = np.repeat(np.arange(countries), size)
    abroad = home[:, None] != home[None, :]
    outside = home[:, None] != np.arange(countries)[None, :]
    return np.asarray(
        (flows.intermediate * abroad).sum(axis=1) + (flows.final_demand * outside).sum(axis=1)
    )
