"""Laws of aggregation on random economies."""

import numpy as np
import numpy.testing as npt
import pandas as pd
from hypothesis import given, strategies as st

import iomodel as iom
from tests.identities.tables import Economy, economies

BLOCKS = ("intermediate", "final_demand", "primary_inputs", "output", "imports", "final_primary")


def growing(economy: Economy) -> iom.IOTable:
    """A table with an account of a later year, so that growth is aggregated too."""
    table = economy.table(year=2020)
    growth = 0.5 + np.arange(1.0, len(table) + 1) / len(table)
    old = table.satellite("employment")
    later = iom.Satellite(
        name="later", rows=old.rows, values=old.values, year=2025, growth=growth, basis="fte"
    )
    return table.with_satellite(later)


def drawn(data: st.DataObject, codes: list[str]) -> dict[str, str]:
    return {code: data.draw(st.sampled_from("ABCD"), label=code) for code in codes}


def same(left: iom.IOTable, right: iom.IOTable, rtol: float) -> None:
    assert left.labels.codes == right.labels.codes
    scale = float(np.abs(right.flows.output).max())
    for name in BLOCKS:
        found, wanted = getattr(left.flows, name), getattr(right.flows, name)
        npt.assert_allclose(found, wanted, rtol=rtol, atol=rtol * scale, err_msg=name)
    for name, satellite in right.satellites.items():
        npt.assert_allclose(left.satellite(name).values, satellite.values, rtol=rtol)
        if satellite.growth is not None:
            growth = left.satellite(name).growth
            assert growth is not None
            npt.assert_allclose(growth, satellite.growth, rtol=rtol)


@given(economies(), st.data())
def test_totals_stay(economy: Economy, data: st.DataObject) -> None:
    table = growing(economy)
    link = drawn(data, economy.codes)
    coarse = iom.aggregate(table, link)
    npt.assert_allclose(coarse.output.sum(), table.output.sum(), rtol=1e-12)
    npt.assert_allclose(coarse.value_added.sum(), table.value_added.sum(), rtol=1e-12)
    npt.assert_allclose(coarse.final_demand.sum(), table.final_demand.sum(), rtol=1e-12)
    npt.assert_allclose(coarse.imports.sum(), table.imports.sum(), rtol=1e-12)
    by_group = table.output.groupby(pd.Series(link)).sum()
    npt.assert_allclose(coarse.output[list(by_group.index)], by_group, rtol=1e-12)
    added = table.value_added.groupby(pd.Series(link)).sum()
    npt.assert_allclose(coarse.value_added[list(added.index)], added, rtol=1e-12)
    later, fine = coarse.satellite("later"), table.satellite("later")
    assert later.growth is not None
    assert fine.growth is not None
    carried = (table.flows.output * fine.growth).sum()
    npt.assert_allclose((coarse.flows.output * later.growth).sum(), carried, rtol=1e-12)


@given(economies())
def test_a_balanced_table_balances(economy: Economy) -> None:
    coarse = iom.aggregate(economy.table(), {code: code[-1] for code in economy.codes})
    scale = coarse.output.max()
    npt.assert_allclose(coarse.flows.row_residual / scale, 0, atol=1e-12)
    npt.assert_allclose(coarse.flows.column_residual / scale, 0, atol=1e-12)


@given(economies())
def test_one_sector(economy: Economy) -> None:
    table = growing(economy)
    coarse = iom.aggregate(table, dict.fromkeys(economy.codes, "all"))
    assert coarse.labels.codes == ("all",)
    npt.assert_allclose(coarse.intermediate, [[economy.flows.to_numpy().sum()]], rtol=1e-12)


@given(economies())
def test_each_sector_to_itself_leaves_the_table(economy: Economy) -> None:
    table = growing(economy)
    same(iom.aggregate(table, {code: code for code in economy.codes}), table, rtol=0)


@given(economies(), st.data())
def test_the_order_of_the_sectors_does_not_matter(economy: Economy, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(economy.codes)))), dtype=np.intp)
    link = drawn(data, economy.codes)
    left = iom.aggregate(economy.permuted(order).table(), link)
    same(left, iom.aggregate(economy.table(), link), rtol=1e-12)


@given(economies(), st.data())
def test_a_permutation_permutes(economy: Economy, data: st.DataObject) -> None:
    order = np.array(data.draw(st.permutations(range(len(economy.codes)))), dtype=np.intp)
    table = economy.table()
    link = iom.Concordance.of(
        {code: code for code in economy.codes}, order=[economy.codes[i] for i in order]
    )
    same(iom.aggregate(table, link), economy.permuted(order).table(), rtol=1e-12)


@given(economies(), st.data())
def test_two_steps_are_one(economy: Economy, data: st.DataObject) -> None:
    table = growing(economy)
    first = iom.Concordance.of(drawn(data, economy.codes))
    second = iom.Concordance.of(drawn(data, list(first.order)))
    stepwise = iom.aggregate(iom.aggregate(table, first), second)
    same(iom.aggregate(table, first.then(second)), stepwise, rtol=1e-12)
