"""Linking regional tables: what is refused, with names of regions and sectors."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.link import link
from iomodel.transforms.link_certificate import Linking

CODES = ["a", "m"]


def region(scale: float = 1.0, **changes: Any) -> iom.IOTable:
    flows = pd.DataFrame([[10.0, 20.0], [15.0, 30.0]], CODES, CODES) * scale
    final = pd.DataFrame({"home": [40.0, 30.0], "abroad": [6.0, 9.0], "away": [30.0, 12.0]}, CODES)
    parts: dict[str, Any] = {
        "final_demand": final * scale,
        "imports": pd.Series([20.0, 25.0], CODES) * scale,
        "final_roles": {"abroad": "exports", "away": "exports", "home": "household"},
        "unit": "million EUR",
        "year": 2020,
    }
    return iom.table(flows, **{**parts, **changes})


BROUGHT = pd.DataFrame({"N": [15.0, 11.0], "S": [30.0, 20.0]}, CODES)


def linked(**options: Any) -> iom.IOTable:
    whole: dict[str, Any] = {"outflow": "away", "inflow": BROUGHT, "unmatched": "keep"}
    return link({"N": region(), "S": region(2.0)}, **{**whole, **options})


def test_imports_and_unlinked_flows_stay_apart() -> None:
    table = linked()
    audit = table.certificate
    assert isinstance(audit, Linking)
    assert list(table.primary_labels.codes) == ["value_added", "IM", "IF"]
    assert table.labels.shown == ("N a", "N m", "S a", "S m")
    # a: 90 sent, 45 received; the 15 of N come from S and the 30 of S from N.
    np.testing.assert_allclose(audit.between[0], [[0.0, 30.0], [15.0, 0.0]], atol=1e-7)
    np.testing.assert_allclose(audit.unlinked_outflow[0], [0.0, 45.0], atol=1e-7)
    imported = table.primary_inputs.loc[["IM", "IF"]].to_numpy().sum()
    final = table.flows.final_primary[1:].sum()
    np.testing.assert_allclose(imported + final, 135.0 - audit.between.sum())
    assert "linked" in repr(audit)
    assert audit.to_frame().iloc[0].tolist()[:3] == ["N", "a", "S"]
    np.testing.assert_allclose(audit.coefficients.groupby(level="sector").sum(), 1.0)


def test_more_brought_in_than_used_is_sold_outside() -> None:
    """N brings in 90 of a and uses 70: exporters buy the same mix, and it is reported."""
    table = link({"N": region(imports=pd.Series([90.0, 25.0], CODES)), "S": region(2.0)},
                 outflow="away", unmatched="keep")  # fmt: skip
    audit = table.certificate
    assert isinstance(audit, Linking)
    assert audit.reexports[0, 0] > 0
    assert audit.reexports[1, 0] == 0
    assert table.flows.final_demand.min() >= 0
    assert table.check().residual < 1e-9 * table.output.max()


def test_satellites_stand_side_by_side() -> None:
    jobs = {"jobs": pd.DataFrame([[1.0, 2.0]], ["people"], CODES)}
    table = link({"N": region(satellites=jobs), "S": region(2.0, satellites=jobs)},
                 outflow="away", inflow=BROUGHT, unmatched="keep")  # fmt: skip
    assert table.satellite("jobs").values.tolist() == [[1.0, 2.0, 1.0, 2.0]]


def test_sums_that_differ_are_refused_by_sector() -> None:
    with pytest.raises(iom.AccountingError, match=r"in 2 sectors:\n  a: sent 90, received 45"):
        linked(unmatched="refuse")


def test_given_flows_beyond_the_accounts_are_refused() -> None:
    rows = pd.MultiIndex.from_product([["N", "S"], CODES])
    flows = pd.DataFrame([[0.0, 40.0], [0.0, 1.0], [1.0, 0.0], [-1.0, 0.0]], rows, ["N", "S"])
    with pytest.raises(iom.AccountingError) as found:
        linked(flows=flows)
    text = str(found.value)
    for part in ("m from S to N: -1", "N sends 40 of a, its table has 30",
                 "S receives 40 of a, its table has 30"):  # fmt: skip
        assert part in text
    with pytest.raises(iom.LabelError, match="stand twice"):
        linked(flows=flows.iloc[1:])
    with pytest.raises(iom.LabelError, match="would have no effect"):
        linked(flows=flows.clip(0, 1), decay=1.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "million USD"}, "unit 'million USD'"),
        ({"year": 2019}, "year 2019"),
        ({"imports": None, "import_treatment": "domestic"}, "give the competitive table"),
        ({"satellites": {"jobs": pd.Series([1.0, 1.0], CODES)}}, "satellites"),
    ],
)
def test_tables_of_other_kinds_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(iom.AccountingError, match=words):
        link({"N": region(), "S": region(**change)}, outflow="away")


def test_options_that_do_not_go_together_are_refused() -> None:
    near = pd.DataFrame([[1.0, 5.0], [5.0, 0.0]], ["N", "S"], ["N", "S"])
    with pytest.raises(iom.LabelError, match="at least two"):
        link({"N": region()}, outflow="away")
    with pytest.raises(iom.LabelError, match="abroad, away"):
        linked(outflow=None)
    with pytest.raises(iom.LabelError, match="need distances"):
        linked(method="pool")
    with pytest.raises(iom.LabelError, match="need distances"):
        linked(decay=2.0)
    with pytest.raises(iom.AccountingError, match="S to S: 0"):
        linked(method="pool", distances=near)
    with pytest.raises(iom.LabelError, match="regions differ"):
        linked(distances=near.rename(columns={"S": "X"}))
    with pytest.raises(iom.LabelError, match="unknown method"):
        linked(method="entropy")
    with pytest.raises(iom.LabelError, match="use refuse or keep"):
        linked(unmatched="drop")
    with pytest.raises(iom.AccountingError, match="N a: 21 of 20"):
        linked(inflow=BROUGHT.replace(15.0, 21.0))
    with pytest.raises(iom.LabelError, match="inflow: regions differ"):
        linked(inflow=BROUGHT[["N"]])
    with pytest.raises(iom.AccountingError, match="S m: -1"):
        linked(inflow=BROUGHT.replace(20.0, -1.0))


def test_pools_below_zero_are_refused() -> None:
    near = pd.DataFrame(1.0, ["N", "S"], ["N", "S"])
    imports = pd.Series([90.0, 25.0], CODES)
    with pytest.raises(iom.AccountingError, match="N a: use less imports -5"):
        link({"N": region(imports=imports), "S": region(2.0)}, outflow="away", method="pool",
             inflow=BROUGHT, distances=near, unmatched="keep")  # fmt: skip
