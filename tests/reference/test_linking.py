"""Provinces of China 2017 linked into one table: accounts kept, trade against what is published.

Tables: provincial statistics bureaus, 42 sectors (data/regions, README). They state how much of
each product a province sends to and receives from other provinces (OF, IF), not where to: flows
between pairs are not in the folder, so that the fit below is that of gross outflows.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.link import link
from iomodel.transforms.link_certificate import Linking

# A sector without output that is 4 yuan out of balance (crude oil, one province).
pytestmark = pytest.mark.filterwarnings("ignore::iomodel.errors.ImbalanceWarning")
Array = npt.NDArray[np.float64]
SECTORS = [f"{k:02d}" for k in range(1, 43)]
ROLES = {"FU101": "household", "FU102": "household", "FU103": "government",
         "FU201": "capital formation", "FU202": "inventories", "EX": "exports", "OF": "exports",
         "ERR": "residual"}  # fmt: skip
# Capitals (degrees north, east) and areas (10,000 km2), rounded; areas give distances within.
PLACES = {
    "Anhui": (31.8, 117.2, 14.0), "Beijing": (39.9, 116.4, 1.64), "Chongqing": (29.6, 106.6, 8.24),
    "Fujian": (26.1, 119.3, 12.4), "Gansu": (36.1, 103.8, 42.6), "Guangdong": (23.1, 113.3, 18.0),
    "Guangxi": (22.8, 108.4, 23.8), "Guizhou": (26.6, 106.7, 17.6), "Hainan": (20.0, 110.3, 3.54),
    "Hebei": (38.0, 114.5, 18.9), "Heilongjiang": (45.8, 126.5, 47.3), "Henan": (34.8, 113.6, 16.7),
    "Hubei": (30.6, 114.3, 18.6), "Hunan": (28.2, 112.9, 21.2),
    "Inner_Mongolia": (40.8, 111.7, 118.3), "Jiangsu": (32.1, 118.8, 10.7),
    "Jiangxi": (28.7, 115.9, 16.7), "Jilin": (43.9, 125.3, 18.7), "Liaoning": (41.8, 123.4, 14.8),
    "Ningxia": (38.5, 106.2, 6.64), "Qinghai": (36.6, 101.8, 72.2), "Shaanxi": (34.3, 108.9, 20.6),
    "Shandong": (36.7, 117.0, 15.8), "Shanghai": (31.2, 121.5, 0.63), "Shanxi": (37.9, 112.6, 15.7),
    "Sichuan": (30.7, 104.1, 48.6), "Tianjin": (39.1, 117.2, 1.2), "Tibet": (29.7, 91.1, 122.8),
    "Xinjiang": (43.8, 87.6, 166.5), "Yunnan": (25.0, 102.7, 39.4),
    "Zhejiang": (30.3, 120.2, 10.6),
}  # fmt: skip


class Provinces(NamedTuple):
    tables: dict[str, iom.IOTable]
    inflow: pd.DataFrame


def province(frame: pd.DataFrame, final: pd.DataFrame, imports: pd.Series) -> iom.IOTable:
    inputs = ["VA001", "VA002", "VA003", "VA004"]
    return iom.table(
        frame.loc[SECTORS, SECTORS], final_demand=final, output=frame.loc[SECTORS, "GO"],
        primary_inputs=frame.loc[inputs, SECTORS], imports=imports, final_roles=ROLES,
        unit="10,000 CNY", year=2017,
    )  # fmt: skip


def read(shared: Path, *, net: bool) -> Provinces:
    """Read all provinces; with `net`, take what is brought in and sent on out of both sides."""
    tables, inflow = {}, {}
    for path in sorted((shared / "data" / "regions" / "prov_io_2017_42").glob("*.csv")):
        frame = pd.read_csv(path, index_col=0, dtype={0: str}).astype(float)
        part = frame.loc[SECTORS]
        final = part[list(ROLES)].copy()
        abroad = part["IM"].clip(lower=0)  # -5e-10 in Guangxi
        inflow[path.stem] = part["IF"].clip(lower=0)
        final["OF"] = final["OF"].clip(lower=0)
        if net:
            use = part[["TIU", "TC", "GCF"]].sum(axis=1)
            over = (final["EX"] - part["GO"] + part["ERR"]).clip(lower=0)
            first = np.minimum(over, abroad)
            final["EX"], abroad = final["EX"] - over, abroad - first
            inflow[path.stem] = inflow[path.stem] - (over - first)
            over = (abroad - use).clip(lower=0)
            first = np.minimum(over, final["EX"])
            final["EX"], final["OF"] = final["EX"] - first, final["OF"] - (over - first)
            abroad = abroad - over
        tables[path.stem] = province(frame, final, abroad + inflow[path.stem])
    return Provinces(tables, pd.DataFrame(inflow))


def distances() -> pd.DataFrame:
    """Great circles between capitals in km; within a province 2/3 of the radius of its area."""
    place = np.array(list(PLACES.values()))
    north, east = np.radians(place[:, 0]), np.radians(place[:, 1])
    cosine = np.sin(north)[:, None] * np.sin(north)
    cosine += np.cos(north)[:, None] * np.cos(north) * np.cos(east[:, None] - east)
    found = 6371 * np.arccos(np.clip(cosine, -1, 1))
    np.fill_diagonal(found, 2 / 3 * np.sqrt(place[:, 2] * 1e4 / np.pi))
    return pd.DataFrame(found, list(PLACES), list(PLACES))


def certificate(table: iom.IOTable) -> Linking:
    assert isinstance(table.certificate, Linking)
    return table.certificate


@pytest.fixture(scope="module")
def provinces(shared: Path) -> Provinces:
    return read(shared, net=False)


@pytest.fixture(scope="module")
def linked(provinces: Provinces) -> iom.IOTable:
    return link(provinces.tables, outflow="OF", inflow=provinces.inflow, unmatched="keep",
                distances=distances())  # fmt: skip


def test_published_accounts_of_every_province_are_kept(
    provinces: Provinces, linked: iom.IOTable
) -> None:
    flows, audit = linked.flows, certificate(linked)
    assert len(linked) == 31 * 42
    assert flows.intermediate.min() >= 0
    for r, (name, table) in enumerate(provinces.tables.items()):
        here = np.array(linked.labels.regions) == name
        old = table.flows
        np.testing.assert_array_equal(flows.output[here], old.output)
        np.testing.assert_array_equal(flows.primary_inputs[:4, here], old.primary_inputs)
        np.testing.assert_allclose(flows.row_residual[here], old.row_residual, atol=0.01)
        np.testing.assert_allclose(flows.column_residual[here], old.column_residual, atol=0.01)
        sent = audit.between[:, r].sum(axis=1) + audit.unlinked_outflow[:, r]
        np.testing.assert_allclose(sent, table.final_demand["OF"], rtol=1e-9, atol=0.01)
        taken = audit.between[:, :, r].sum(axis=1) + audit.unlinked_inflow[:, r]
        np.testing.assert_allclose(taken, provinces.inflow[name], rtol=1e-9, atol=0.01)
    # README: outflow 72.0 and inflow 78.9 trillion yuan, which should be equal.
    assert audit.outflow.sum() / 1e8 == pytest.approx(72.0, abs=0.05)
    assert audit.inflow.sum() / 1e8 == pytest.approx(78.9, abs=0.05)
    # 30.6 and 36.7 %, trade in transit included, find no partner product by product.
    assert audit.between.sum() / 1e8 == pytest.approx(49.9, abs=0.05)
    added = sum(float(table.value_added.sum()) for table in provinces.tables.values())
    assert float(linked.value_added.sum()) == pytest.approx(added, rel=1e-12)


def test_feedback_between_provinces_raises_multipliers(
    provinces: Provinces, linked: iom.IOTable
) -> None:
    """Type I output multipliers of a province rise by what it causes elsewhere, and returns."""
    whole = np.asarray(iom.multipliers(iom.leontief(linked, idle="keep")).effect[0])
    square = linked.flows.coefficients
    for name in provinces.tables:
        here = np.flatnonzero(np.array(linked.labels.regions) == name)
        inner = np.linalg.inv(np.eye(len(here)) - square[np.ix_(here, here)]).sum(axis=0)
        assert (whole[here] >= inner - 1e-9).all(), name
        assert whole[here].max() > inner.max(), name


def test_pools_say_little_about_the_trade_of_provinces(shared: Path) -> None:
    """Estimated gross outflows against OF by product and province, at three rates of decay.

    Fit: estimated over published total; correlation; sum of absolute errors over published.
    Great-circle distances would have to count to a power of about three before provinces
    trade as little as they say, and then the errors are as large as nine tenths of the trade.
    """
    provinces = read(shared, net=True)
    found = {}
    for decay in (1.0, 2.0, 3.0):
        table = link(provinces.tables, outflow="OF", inflow=provinces.inflow, unmatched="keep",
                     method="pool", distances=distances(), decay=decay)  # fmt: skip
        audit = certificate(table)
        estimated = audit.between.sum(axis=2)
        errors = np.abs(estimated - audit.outflow).sum() / audit.outflow.sum()
        alike = np.corrcoef(estimated.ravel(), audit.outflow.ravel())[0, 1]
        found[decay] = [estimated.sum() / audit.outflow.sum(), alike, errors]
    np.testing.assert_allclose(found[1.0], [2.32, 0.44, 1.71], atol=0.006)
    np.testing.assert_allclose(found[2.0], [1.56, 0.45, 1.17], atol=0.006)
    np.testing.assert_allclose(found[3.0], [1.09, 0.49, 0.90], atol=0.006)
