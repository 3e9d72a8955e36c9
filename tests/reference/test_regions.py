"""Chinese provinces of 2017: quotients against the tables that the provinces publish.

Figures are those of data/regions (README and csv files): computed there from the provincial tables
of 2017 (42 sectors, provincial statistics bureaus) and the national one of the same year (NBS).
Quotients compare a province with the sum of all provinces, whose output is 9.1 % above the
nation's.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import iomodel as iom

Array = npt.NDArray[np.float64]
SECTORS = [f"{k:02d}" for k in range(1, 43)]
HUBS = {"Zhejiang": (0.20, 0.07), "Henan": (0.09, 0.02), "Shaanxi": (0.27, 0.09),
        "Beijing": (0.50, 0.14), "Guangdong": (0.20, 0.00), "Hunan": (0.00, 0.00)}  # fmt: skip
HALF = 5.1e-5  # half of the fourth decimal
# Some provinces have no share of what a sector needs and much of what it makes: said, not hidden.
pytestmark = pytest.mark.filterwarnings("ignore::iomodel.errors.NegativeFlowWarning")


class Provinces:
    """The published tables and what data/regions derives from them."""

    def __init__(self, shared: Path) -> None:
        folder = shared / "data" / "regions"
        self.tables = {
            path.stem.replace("_", " "): pd.read_csv(path, index_col=0, dtype={0: str})
            for path in sorted((folder / "prov_io_2017_42").glob("*.csv"))
        }
        self.derived = pd.read_csv(
            folder / "province_2017_42_slq_selfsupply_multipliers.csv", dtype={"code": str}
        ).set_index(["province", "code"])
        self.fitted = pd.read_csv(folder / "flq_delta_2017_same_technology.csv", index_col=0)
        self.validated = pd.read_csv(folder / "lq_validation_2017_by_province.csv", index_col=0)
        self.total = sum((self.output(name) for name in self.tables), pd.Series(0.0, SECTORS))
        self._national(shared / "data" / "china" / "nbs_io_2017_42_noncompetitive.csv")

    def _national(self, path: Path) -> None:
        frame = pd.read_csv(path, dtype={"Code": str})
        home = frame[frame["Origin"] == "Domestic"].set_index("Code").loc[SECTORS]
        abroad = frame[frame["Origin"].str.startswith("Import", na=False)].set_index("Code")
        imported = abroad.loc[SECTORS]
        finals = ["TC", "FU201", "FU202", "EX"]
        roles = {"TC": "household", "EX": "exports"}
        inner = home[SECTORS].astype(float)
        outer = imported[SECTORS].astype(float)
        output = home["GO"].astype(float)
        self.domestic = iom.table(inner, output=output, import_treatment="domestic")
        use = home[finals].astype(float) + imported[finals].fillna(0.0).astype(float)
        self.competitive = iom.table(
            inner + outer,
            output=output,
            final_demand=use,
            imports=outer.sum(axis=1) + imported[finals].fillna(0.0).astype(float).sum(axis=1),
            final_roles=roles,
        )

    def output(self, name: str) -> pd.Series:
        return self.tables[name].loc[SECTORS, "GO"].astype(float)

    def weights(self, name: str) -> Array:
        return np.asarray(self.output(name) / self.output(name).sum())

    def ratios(self, name: str, *, rule: str) -> pd.Series:
        """Self-supply ratios: C1 without re-exports, C2 with inflow spread over all uses."""
        part = self.tables[name].loc[SECTORS].astype(float)
        use = part["TIU"] + part["TC"] + part["GCF"]
        if rule == "C2":
            use = use + part["EX"] + part["OF"]
        return (1 - (part["IM"] + part["IF"]) / use).clip(0.0, 1.0)

    def multipliers(self, name: str, method: str, delta: float | None = None) -> Array:
        table = iom.regionalise(
            self.domestic, output=self.output(name), national=self.total, method=method,  # type: ignore[arg-type]
            delta=delta, region=name,
        )  # fmt: skip
        return effect(table)

    def true(self, name: str, rule: str) -> Array:
        """National technology, imports included, with the province's own self-supply."""
        table = iom.regionalise(
            self.competitive, output=self.output(name), national=self.total,
            method="self-supply", ratios=self.ratios(name, rule=rule), region=name,
        )  # fmt: skip
        return effect(table)


def effect(table: iom.IOTable) -> Array:
    return np.asarray(iom.multipliers(iom.leontief(table, idle="keep")).effect[0])


@pytest.fixture(scope="module")
def provinces(shared: Path) -> Provinces:
    return Provinces(shared)


def test_there_are_31_provinces_whose_output_is_above_the_nation(provinces: Provinces) -> None:
    assert len(provinces.tables) == 31
    national = provinces.domestic.output.sum()
    assert provinces.total.sum() / national == pytest.approx(1.091, abs=5e-4)


@pytest.mark.parametrize(
    ("method", "delta", "column"),
    [("SLQ", None, "mult_slq"), ("CILQ", None, "mult_cilq"), ("FLQ", 0.3, "mult_flq030")],
)
def test_multipliers_by_sector(
    provinces: Provinces, method: str, delta: float | None, column: str
) -> None:
    for name in provinces.tables:
        made = provinces.output(name).to_numpy() > 0
        found = provinces.multipliers(name, method, delta)[made]
        printed = provinces.derived.loc[name][column].to_numpy()[made]
        np.testing.assert_allclose(found, printed, rtol=0, atol=5.1e-6, err_msg=name)


@pytest.mark.parametrize(
    ("method", "delta", "column"),
    [("SLQ", None, "SLQ"), ("CILQ", None, "CILQ"), ("FLQ", 0.1, "FLQ0.1"),
     ("FLQ", 0.15, "FLQ0.15"), ("FLQ", 0.2, "FLQ0.2"), ("FLQ", 0.3, "FLQ0.3")],
)  # fmt: skip
def test_mean_multipliers_weighted_by_output(
    provinces: Provinces, method: str, delta: float | None, column: str
) -> None:
    for name in provinces.tables:
        found = provinces.multipliers(name, method, delta) @ provinces.weights(name)
        assert found == pytest.approx(provinces.fitted.loc[name, column], abs=HALF), name


def test_quotients_and_sizes(provinces: Provinces) -> None:
    for name in provinces.tables:
        table = iom.regionalise(provinces.domestic, output=provinces.output(name),
                                national=provinces.total, method="SLQ", region=name)  # fmt: skip
        audit = table.certificate
        assert isinstance(audit, iom.Regionalisation)
        printed = provinces.derived.loc[name]["SLQ_output"]
        np.testing.assert_allclose(audit.quotients, printed, rtol=0, atol=5.1e-6)
        assert audit.size == pytest.approx(provinces.validated.loc[name, "share_GO"], abs=HALF)
        assert set(table.labels.regions) == {name}


@pytest.mark.parametrize("rule", ["C1", "C2"])
def test_self_supply_ratios(provinces: Provinces, rule: str) -> None:
    for name in provinces.tables:
        ratios = provinces.ratios(name, rule=rule)
        printed = provinces.derived.loc[name][f"r_self_supply_{rule}"]
        np.testing.assert_allclose(ratios, printed, rtol=0, atol=5.1e-6, err_msg=name)
        found = provinces.true(name, rule) @ provinces.weights(name)
        assert found == pytest.approx(provinces.fitted.loc[name, f"true_{rule}"], abs=HALF), name


@pytest.mark.parametrize("rule", ["C1", "C2"])
def test_no_delta_fits_better_than_the_one_stated(provinces: Provinces, rule: str) -> None:
    """The delta with zero mean bias and the one with least absolute error, on a grid of 0.01."""
    for name in provinces.tables:
        true, weights = provinces.true(name, rule), provinces.weights(name)

        def bias(delta: float, name: str = name, true: Array = true, w: Array = weights) -> float:
            return float(abs(w @ (provinces.multipliers(name, "FLQ", delta) - true)))

        def error(delta: float, name: str = name, true: Array = true, w: Array = weights) -> float:
            return float(w @ np.abs(provinces.multipliers(name, "FLQ", delta) - true))

        row = {str(key): float(x) for key, x in provinces.fitted.T[name].items()}
        assert best_near(bias, row[f"d_bias0_{rule}"]), f"{name}: bias"
        assert best_near(error, row[f"d_MAE_{rule}"]), f"{name}: error"
        stated = error(row[f"d_MAE_{rule}"])
        assert stated == pytest.approx(row[f"MAE@{rule}"], abs=HALF), name
        usual = error(0.3)
        assert usual == pytest.approx(row[f"MAE@.3_{rule}"], abs=HALF), name
        assert usual >= stated


def best_near(size: Callable[[float], float], delta: float) -> bool:
    beside = [other for other in (delta - 0.01, delta + 0.01) if other >= 0]
    return all(size(delta) <= size(other) for other in beside)


def test_delta_of_the_hubs_and_of_the_gross_reporters(provinces: Provinces) -> None:
    """README, reading notes: 0.3 is too strong for 18 gross reporters, CILQ too weak."""
    fitted = provinces.fitted
    for name, (first, second) in HUBS.items():
        assert (fitted.loc[name, "d_bias0_C1"], fitted.loc[name, "d_bias0_C2"]) == (first, second)
    gross = fitted[fitted["crosshaul"] > 0.25]
    assert len(gross) == 18
    assert gross["d_bias0_C1"].median() == pytest.approx(0.16, abs=0.005)
    assert gross["d_bias0_C2"].median() == pytest.approx(0.02, abs=0.005)
    true = {name: provinces.true(name, "C1") @ provinces.weights(name) for name in gross.index}
    low = [n for n in true if provinces.multipliers(n, "FLQ", 0.3) @ provinces.weights(n) < true[n]]
    high = [n for n in true if provinces.multipliers(n, "SLQ") @ provinces.weights(n) > true[n]]
    assert len(low) >= 16
    assert len(high) >= 16
