"""Upstreamness: the closed economy is the Ghosh row sum, and the correction by its definition."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import iomodel as iom
from iomodel.analysis.upstreamness import upstreamness
from tests.identities.tables import Economy, economies


@given(economies(imports=False))
def test_a_closed_economy_has_the_total_linkages(economy: Economy) -> None:
    table = economy.table(year=2020)
    found = upstreamness(table, economy="closed")
    plain = iom.linkages(iom.leontief(table))
    np.testing.assert_allclose(found.upstreamness, plain.upstreamness, rtol=1e-9)
    np.testing.assert_allclose(found.downstreamness, plain.downstreamness, rtol=1e-9)
    np.testing.assert_array_equal(found.correction, 1.0)


@given(economies())
def test_stages_are_counted_round_by_round(economy: Economy) -> None:
    """U is the sum of n times the share that reaches final use after n stages."""
    table = economy.table(year=2020)
    found = upstreamness(table)
    use = table.flows.intermediate.sum(axis=1) + table.flows.final_demand[:, :3].sum(axis=1)
    np.testing.assert_allclose(found.absorption, use, rtol=1e-9)
    left = np.ones(len(table))
    total = np.zeros(len(table))
    share = table.flows.intermediate / np.where(use > 0, use, 1.0)[:, None]
    for _ in range(20_000):
        total += left
        left = share @ left
        if left.max() < 1e-13 * total.max():
            break
    used = use > 0
    np.testing.assert_allclose(found.upstreamness[used], total[used], rtol=1e-6)
    assert (found.upstreamness >= 1 - 1e-12).all()


@given(economies(imports=True))
def test_exports_of_a_product_do_not_move_an_open_economy(economy: Economy) -> None:
    """Twice the exports, and imports as much larger: nothing at home is used otherwise."""
    table = economy.table(year=2020)
    final = economy.final.copy()
    final["exports"] *= 2.0
    assert economy.imports is not None
    more = iom.table(economy.flows, final_demand=final, primary_inputs=economy.primary,
                     imports=economy.imports + economy.final["exports"],
                     final_roles={"exports": "exports"})  # fmt: skip
    np.testing.assert_allclose(
        upstreamness(more).upstreamness, upstreamness(table).upstreamness, rtol=1e-8
    )


def test_inventories_are_taken_out() -> None:
    """x = 120 = 60 to b, 30 at home, 10 exported, 20 stored: 60 of 90 go one stage further."""
    codes = ["a", "b"]
    final = pd.DataFrame(
        {"home": [30.0, 99.0], "exports": [10.0, 0.0], "stocks": [20.0, 1.0]}, codes
    )
    table = iom.table(pd.DataFrame([[0.0, 60.0], [0.0, 0.0]], codes, codes), final_demand=final,
                      final_roles={"stocks": "inventories"})  # fmt: skip
    found = upstreamness(table)
    np.testing.assert_allclose(found.upstreamness, [1 + 60 / 90, 1.0])
    np.testing.assert_allclose(found.correction, [120 / 90, 100 / 99])
    assert "highest: 1.6667 (a)" in repr(found)
    assert found.to_frame().index[0] == "a"


def test_tables_that_do_not_fit_are_refused() -> None:
    codes = ["a", "b"]
    flows = pd.DataFrame([[0.0, 60.0], [0.0, 0.0]], codes, codes)
    final = pd.DataFrame(
        {"home": [0.0, 100.0], "exports": [0.0, 0.0], "stocks": [60.0, 0.0]}, codes
    )
    table = iom.table(flows, final_demand=final, final_roles={"stocks": "inventories"},
                      imports=pd.Series([30.0, 0.0], codes))  # fmt: skip
    assert upstreamness(table).upstreamness[0] == 2.0
    with pytest.raises(iom.AccountingError, match="Give the competitive table"):
        upstreamness(iom.domestic(table))
    final.loc["a"] = [-70.0, 0.0, 60.0]
    below = iom.table(flows, final_demand=final, final_roles={"stocks": "inventories"})
    with pytest.raises(iom.AccountingError, match="a: -10"):
        upstreamness(below)
    with pytest.raises(iom.AccountingError, match="has the role exports"):
        upstreamness(iom.table(flows, final_demand=final[["home"]] + 90))
    with pytest.raises(iom.AccountingError, match="use open or closed"):
        upstreamness(table, economy="half")  # type: ignore[arg-type]
