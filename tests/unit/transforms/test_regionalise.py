"""Regional tables: quotients by hand, what stands where, what is refused."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit import small

OUTPUT = pd.Series({"a": 5.0, "m": 60.0, "s": 20.0})
SLQ = np.array([5 / 85 * 6, 60 / 85 * 2, 20 / 85 * 3])


def nation() -> iom.IOTable:
    return small.built(import_treatment="domestic")


def competitive() -> iom.IOTable:
    imports = pd.Series([5.0, 40.0, 10.0], small.CODES)
    use = small.F.assign(exports=small.F["exports"] + imports)
    return small.built(final_demand=use, imports=imports)


def shares(method: Any, **given: Any) -> Any:
    table = iom.regionalise(nation(), output=OUTPUT, method=method, **given)
    return np.asarray(iom.leontief(table).A / (small.Z / small.X))


def test_quotients_are_those_of_the_formulas() -> None:
    cross = SLQ[:, None] / SLQ
    np.fill_diagonal(cross, SLQ)
    size = np.log2(1 + 85 / 600) ** 0.25
    raised = np.where(SLQ > 1, np.log2(1 + SLQ), 1.0)
    expected = {
        "SLQ": np.broadcast_to(SLQ[:, None], (3, 3)),
        "CILQ": cross,
        "RLQ": SLQ[:, None] / np.log2(1 + SLQ),
        "FLQ": size * cross,
        "AFLQ": size * cross * raised,
    }
    for method, quotients in expected.items():
        delta = 0.25 if "FLQ" in method else None
        np.testing.assert_allclose(shares(method, delta=delta), np.minimum(quotients, 1.0))
    np.testing.assert_allclose(shares("flq", delta=0.0), np.minimum(cross, 1.0))


@pytest.mark.filterwarnings("ignore::iomodel.errors.NegativeFlowWarning")
def test_quotients_of_employment() -> None:
    here = pd.Series({"a": 6.0, "m": 9.0, "s": 5.0})
    there = small.JOBS.sum()
    slq = (here / 20) / (there / 170)
    found = shares("SLQ", regional=here, national=there)
    np.testing.assert_allclose(
        found, np.broadcast_to(np.minimum(np.asarray(slq), 1.0)[:, None], (3, 3))
    )


def test_columns_keep_the_technology_and_rows_close_by_the_residual() -> None:
    table = iom.regionalise(nation(), output=OUTPUT[::-1], method="SLQ", region="North")
    assert table.check().row_gap < 1e-12
    assert table.check().column_gap < 1e-12
    inputs = small.Z / small.X * OUTPUT
    np.testing.assert_allclose(
        table.primary_inputs.loc["IF"], (inputs - table.intermediate).sum(), atol=1e-12
    )
    np.testing.assert_allclose(table.primary_inputs.iloc[:2], small.V / small.X * OUTPUT)
    assert table.value_added.tolist() == pytest.approx((small.V.sum() / small.X * OUTPUT).tolist())
    assert set(table.labels.regions) == {"North"}
    assert table.meta.region == "North"
    assert table.meta.import_treatment == "domestic"
    assert table.meta.provenance[-1] == "regionalise(North, SLQ)"
    jobs = table.satellite("employment").values
    np.testing.assert_allclose(jobs, small.JOBS / small.X * OUTPUT)


def test_final_use_in_proportion_or_as_given() -> None:
    part = (small.V.sum() / small.X * OUTPUT).sum() / small.V.to_numpy().sum()
    table = iom.regionalise(nation(), output=OUTPUT, method="SLQ", final_demand="share")
    assert table.final_labels.codes == ("household", "outflow")
    local = np.minimum(SLQ, 1.0)
    np.testing.assert_allclose(table.final_demand["household"], small.F["household"] * part * local)
    assert table.check().row_gap < 1e-12
    use = pd.DataFrame({"household": [3.0, 20.0, 25.0], "visitors": [0.0, 1.0, 2.0]}, small.CODES)
    given = iom.regionalise(nation(), output=OUTPUT, method="SLQ", final_demand=use.iloc[::-1])
    np.testing.assert_allclose(given.final_demand[["household", "visitors"]], use * local[:, None])
    paid = given.flows.final_primary[-1]
    np.testing.assert_allclose(paid, [*((1 - local) @ use.to_numpy()), 0.0])
    assert given.final_labels.groups == ("household", "", "exports")
    closed = iom.close_households(iom.leontief(given), propensity=0.5)
    assert (iom.multipliers(closed).induced > 0).all()


def test_a_sector_that_the_region_has_not_is_brought_in() -> None:
    output = pd.Series({"a": 0.0, "m": 60.0, "s": 40.0})
    table = iom.regionalise(nation(), output=output, method="FLQ", delta=0.2)
    assert not table.intermediate.loc["a"].any()
    assert not table.intermediate["a"].any()
    certificate = table.certificate
    assert isinstance(certificate, iom.Regionalisation)
    assert ("sectors without output", "a") in certificate.facts()
    assert certificate.to_frame().loc["a", "share"] == 0.0
    assert iom.leontief(table, idle="keep").L.to_numpy()[1, 1] > 1.0


def test_products_sold_beyond_output_are_named() -> None:
    flows = pd.DataFrame([[0.0, 90.0], [0.0, 0.0]], ["a", "b"], ["a", "b"])
    table = iom.table(flows, output=pd.Series({"a": 100.0, "b": 200.0}))
    output = pd.Series({"a": 10.0, "b": 30.0})
    # SLQ of a is 3/4; b needs 0.45 x 30 of it, of which 10.125 from the region that makes 10.
    with pytest.warns(iom.NegativeFlowWarning, match=r"1 products[^:]*:\s+a: -0.125") as caught:
        region = iom.regionalise(table, output=output, method="SLQ")
    assert caught[0].filename == __file__
    assert isinstance(region.certificate, iom.Regionalisation)
    assert region.certificate.oversold == ("a",)
    assert region.final_demand.loc["a", "final_demand"] == pytest.approx(-0.125)


def test_charm_hauls_as_the_nation_does() -> None:
    table = competitive()
    output = pd.Series({"a": 10.0, "m": 60.0, "s": 20.0})
    region = iom.regionalise(table, output=output, method="CHARM", final_demand="share")
    exports = table.final_demand["exports"]
    use = table.intermediate.sum(axis=1) + table.final_demand["household"]
    h = np.minimum(exports, table.imports) / np.minimum(small.X, use)
    part = (small.V.sum() / small.X * output).sum() / small.V.to_numpy().sum()
    here = (small.Z / small.X) @ output + small.F["household"] * part
    net = output - here
    volume = net.abs() + 2 * h * np.minimum(output, here)
    np.testing.assert_allclose(region.final_demand["outflow"], (volume + net) / 2)
    brought = region.primary_inputs.loc["IF"].sum() + region.flows.final_primary[-1].sum()
    assert brought == pytest.approx(((volume - net) / 2).sum())
    assert region.check().row_gap < 1e-12


def test_self_supply_ratios_scale_the_rows() -> None:
    ratios = pd.Series({"a": 0.1, "m": 0.6, "s": 0.4})
    table = iom.regionalise(competitive(), output=OUTPUT, method="self-supply", ratios=ratios)
    expected = (small.Z / small.X).mul(ratios, axis=0)
    np.testing.assert_allclose(iom.leontief(table).A, expected)
    with pytest.raises(iom.AccountingError, match="1 self-supply ratios are above 1: a"):
        iom.regionalise(competitive(), output=OUTPUT, method="self-supply",
                        ratios=ratios.replace(0.1, 1.1))  # fmt: skip


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"method": "FLQ"}, "FLQ needs delta, 0 up to but not 1.*it is None"),
        ({"method": "AFLQ", "delta": 1.0}, "AFLQ needs delta"),
        ({"method": "SLQ", "delta": 0.3}, "SLQ has no delta, but 0.3"),
        ({"method": "SLQ", "ratios": OUTPUT}, "ratios go with self-supply"),
        ({"method": "CHARM"}, "imports included, but the table is 'domestic'"),
        ({"method": "SLQ", "regional": OUTPUT}, "regional is given without national"),
        ({"method": "SLQ", "output": OUTPUT * 6}, r"1 sectors are larger[^:]*:\s+m: 360 of 300"),
        ({"method": "SLQ", "output": OUTPUT * 0}, "the region has no output"),
        ({"method": "SLQ", "output": -OUTPUT}, r"3 figures are negative or missing"),
    ],
)
def test_what_cannot_be_is_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(iom.AccountingError, match=message):
        iom.regionalise(nation(), **{"output": OUTPUT, **given})  # type: ignore[arg-type]


def test_labels_methods_and_treatments_are_checked() -> None:
    with pytest.raises(iom.LabelError, match=r"output: labels.*\s+1 missing: s\s+1 unknown: t"):
        iom.regionalise(nation(), output=OUTPUT.rename({"s": "t"}), method="SLQ")
    with pytest.raises(iom.LabelError, match="unknown method 'LQ'; use SLQ, CILQ"):
        iom.regionalise(nation(), output=OUTPUT, method="LQ")  # type: ignore[arg-type]
    with pytest.raises(iom.AccountingError, match="but the table is competitive: separate"):
        iom.regionalise(competitive(), output=OUTPUT, method="SLQ")
    with pytest.raises(iom.AccountingError, match="CHARM compares output with all use"):
        iom.regionalise(competitive(), output=OUTPUT, method="CHARM")
    with pytest.raises(iom.LabelError, match="output must be a pandas Series"):
        iom.regionalise(nation(), output=OUTPUT.to_numpy(), method="SLQ")  # type: ignore[arg-type]
