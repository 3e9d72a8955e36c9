"""Laws of linkages, extraction, influence, propagation, Ghosh and prices on random tables."""

from itertools import pairwise
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.kernels.extraction import Kind
from tests.identities.tables import PERSONS, Array, Economy, activities, economies

KINDS = get_args(Kind)
Spots = npt.NDArray[np.int64]
seeds = st.integers(0, 2**32 - 1)


def idle_too(economy: Economy) -> iom.IOTable:
    """Add a sector without any flow to an economy."""
    codes = [*economy.codes, "idle"]
    return iom.table(
        economy.flows.reindex(index=codes, columns=codes, fill_value=0.0),
        final_demand=economy.final.reindex(codes, fill_value=0.0),
        primary_inputs=economy.primary.reindex(columns=codes, fill_value=0.0),
    )


def with_negative(economy: Economy, seed: int) -> iom.IOTable:
    """Make one flow negative; output is what the rows then give."""
    rng = np.random.default_rng(seed)
    flows = economy.flows.copy()
    i, j = rng.integers(len(flows), size=2)
    flows.iloc[i, j] = -0.05 * economy.output[j]
    with pytest.warns(iom.NegativeFlowWarning):
        return iom.table(flows, output=pd.Series(economy.output, economy.codes))


def cut(a: Array, f: Array, b: Array, v: Array, spots: Spots, kind: str) -> Array:
    """Output after an extraction, by solving the reduced system as it is defined."""
    n = len(a)
    keep = ~np.isin(np.arange(n), spots)
    if kind == "forward":
        reduced = np.where(keep[:, None], b, 0.0)
        return np.asarray(np.linalg.solve(np.eye(n) - reduced.T, v))
    if kind == "complete":
        both = np.outer(keep, keep)
        return np.asarray(
            np.linalg.solve(np.eye(n) - np.where(both, a, 0.0), np.where(keep, f, 0.0))
        )
    if kind == "isolated":
        same = keep[:, None] == keep[None, :]
        return np.asarray(np.linalg.solve(np.eye(n) - np.where(same, a, 0.0), f))
    left = np.where(keep[None, :] if kind == "backward" else keep[:, None], a, 0.0)
    return np.asarray(np.linalg.solve(np.eye(n) - left, f))


def after(table: iom.IOTable, spots: Spots, kind: str) -> Array:
    z, x = table.intermediate.to_numpy(), table.output.to_numpy()
    size = np.where(x == 0, 1.0, x)
    return cut(z / size, x - z.sum(1), z / size[:, None], x - z.sum(0), spots, kind)


def close(left: Any, right: Any, scale: float = 1.0) -> None:
    np.testing.assert_allclose(left, right, rtol=1e-8, atol=1e-9 * scale)


# --- Ghosh ---------------------------------------------------------------------------------------


@given(economies())
def test_ghosh_gives_output_back_from_primary_inputs(economy: Economy) -> None:
    table = economy.domestic()
    model = iom.ghosh(table)
    scale = float(table.output.max())
    close(model.solve(table.primary_inputs.sum()), table.output, scale)
    assert model.residual <= 1e-9 * scale
    close(model.G @ np.ones(len(table)), model.solve_transposed(pd.Series(1.0, table.output.index)))


@given(economies())
def test_allocation_and_input_coefficients_are_similar(economy: Economy) -> None:
    table = economy.domestic()
    model, x = iom.ghosh(table), table.output.to_numpy()
    close(model.B, model.quantity.A.to_numpy() * x / x[:, None])
    close(model.G, np.linalg.inv(np.eye(len(x)) - model.B.to_numpy()))


@given(activities())
def test_ghosh_of_inserted_sectors(activity: Any) -> None:
    table = activity.table
    model, x = iom.ghosh(table), table.output.to_numpy()
    close(model.G, np.linalg.inv(np.eye(len(x)) - model.B.to_numpy()), 1e3)


# --- Prices --------------------------------------------------------------------------------------


@given(economies(), seeds)
def test_leontief_and_ghosh_prices_agree(economy: Economy, seed: int) -> None:
    table = economy.domestic()
    model = iom.leontief(table)
    cost = pd.Series(np.random.default_rng(seed).normal(0, 0.1, len(table)), table.output.index)
    push = iom.prices(model, cost=cost)
    paid = table.primary_inputs.sum() + cost * table.output
    close(push.to_frame()["price"], iom.ghosh(table).prices(paid))
    np.testing.assert_allclose(push.change, model.L.to_numpy().T @ cost.to_numpy(), atol=1e-9)


@given(economies())
def test_all_primary_inputs_dearer_is_a_change_of_the_unit(economy: Economy) -> None:
    table = economy.domestic()
    everything = dict.fromkeys(table.primary_labels.codes, 0.1)
    push = iom.prices(iom.leontief(table), primary_inputs=everything)
    close(push.change, 0.1)
    close(push.index.dropna(), 0.1)


@given(economies(), seeds)
def test_quantity_and_price_duals_agree(economy: Economy, seed: int) -> None:
    """What final demand pays more is what primary inputs cost more, whatever is held."""
    table = economy.domestic()
    rng = np.random.default_rng(seed)
    held = table.labels.codes[int(rng.integers(len(table)))]
    for rigid in ({}, {held: 0.0}, {held: 0.07}):
        for markup in ((), "surplus"):
            push = iom.prices(
                table, primary_inputs={"compensation": 0.1}, rigid=rigid, markup=markup
            )
            f = (table.output - table.intermediate.sum(axis=1)).to_numpy()
            more = (push.direct + push.margin) @ table.output.to_numpy()
            close(push.change @ f, more, float(table.output.sum()))
            for code, change in rigid.items():
                assert push.to_frame().loc[code, "change"] == change


@given(economies(), seeds)
def test_rigid_prices_by_partition(economy: Economy, seed: int) -> None:
    """The other prices solve the smaller system with the rigid ones as given costs."""
    table = economy.domestic()
    n = len(table)
    rng = np.random.default_rng(seed)
    rigid = rng.permutation(n)[: rng.integers(1, n)]
    free = np.setdiff1d(np.arange(n), rigid)
    held, cost = rng.normal(0, 0.1, len(rigid)), rng.normal(0, 0.1, n)
    codes = np.array(table.labels.codes)
    push = iom.prices(
        table,
        cost=pd.Series(cost, codes),
        rigid=dict(zip(codes[rigid], held, strict=True)),
    )
    a = iom.leontief(table).A.to_numpy()
    right = cost[free] + a[np.ix_(rigid, free)].T @ held
    inner = np.linalg.solve(np.eye(len(free)) - a[np.ix_(free, free)].T, right)
    close(push.change[free], inner)


@given(economies())
def test_mark_ups_raise_prices_more(economy: Economy) -> None:
    table = economy.domestic()
    plain = iom.prices(table, primary_inputs={"compensation": 0.1})
    marked = iom.prices(table, primary_inputs={"compensation": 0.1}, markup="surplus")
    assert (marked.change >= plain.change - 1e-12).all()
    share = (table.primary_inputs.loc["surplus"] / table.output).to_numpy()
    close(marked.margin, share * marked.change)


# --- Linkages ------------------------------------------------------------------------------------


@given(economies())
def test_pure_linkages_by_partition(economy: Economy) -> None:
    """The formulas of Sonis et al., with an inverse of the rest for every sector."""
    table = economy.domestic()
    model = iom.leontief(table)
    a, n = model.A.to_numpy(), len(table)
    f = (table.output - table.intermediate.sum(axis=1)).to_numpy()
    found = iom.linkages(model)
    for j in range(n):
        r = np.delete(np.arange(n), j)
        own = 1 / (1 - a[j, j])
        rest = np.linalg.inv(np.eye(n - 1) - a[np.ix_(r, r)])
        close(found.pure_backward[j], (rest @ a[r, j]).sum() * own * f[j], float(f.max()))
        close(found.pure_forward[j], own * a[j, r] @ rest @ f[r], float(f.max()))


@given(economies(), seeds)
def test_permuting_sectors_permutes_everything(economy: Economy, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(economy.codes))
    first, second = (iom.leontief(e.domestic()) for e in (economy, economy.permuted(order)))
    one, two = iom.linkages(first).to_frame(), iom.linkages(second).to_frame()
    pd.testing.assert_frame_equal(one.loc[two.index], two, rtol=1e-7, atol=1e-7)
    for kind in KINDS:
        one, two = (iom.extraction(m, kind=kind).to_frame() for m in (first, second))
        pd.testing.assert_frame_equal(one.loc[two.index], two, rtol=1e-7, atol=1e-7)
    for verb in (iom.influence, iom.propagation):
        one, two = verb(first).matrix, verb(second).matrix
        pd.testing.assert_frame_equal(one.loc[two.index, two.index], two, rtol=1e-7)


@given(economies())
def test_a_larger_unit_scales_levels_and_leaves_ratios(economy: Economy) -> None:
    small, large = (iom.leontief(e.domestic()) for e in (economy, economy.in_units_of(1e4)))
    one, two = iom.linkages(small).to_frame(), iom.linkages(large).to_frame()
    for name in one.columns.drop(["name", "class"]):
        factor = 1e4 if name.startswith("pure") else 1.0
        close(one[name], factor * two[name], float(one[name].abs().max()))
    assert list(one["class"]) == list(two["class"])
    lost, less = (iom.extraction(m).to_frame() for m in (small, large))
    close(lost["loss"], 1e4 * less["loss"], float(lost["loss"].max()))
    close(lost["share"], less["share"])
    close(lost["loss_of_employment_census"], less["loss_of_employment_census"], PERSONS)


@given(economies())
def test_stages_and_means(economy: Economy) -> None:
    found = iom.linkages(iom.leontief(economy.domestic()))
    frame = found.to_frame()
    assert (frame[["upstreamness", "downstreamness"]] >= 1 - 1e-12).all(axis=None)
    close(found.normalised().iloc[:, 1:].mean(), 1.0)
    close(frame[["power_of_dispersion", "sensitivity_of_dispersion"]].mean(), 1.0)


# --- Extraction ----------------------------------------------------------------------------------


@given(economies(), st.sampled_from(KINDS))
def test_extraction_agrees_with_the_reduced_system(economy: Economy, kind: Any) -> None:
    table = economy.domestic()
    found = iom.extraction(iom.leontief(table), kind=kind)
    x = table.output.to_numpy()
    for j in range(len(table)):
        close(found.losses[:, j], x - after(table, np.array([j]), kind), float(x.max()))


@given(economies(), st.sampled_from(KINDS), seeds)
def test_extraction_of_groups_agrees_with_the_reduced_system(
    economy: Economy, kind: Any, seed: int
) -> None:
    table = economy.domestic()
    rng = np.random.default_rng(seed)
    ends = np.sort(rng.integers(0, len(table) + 1, 2))
    order = rng.permutation(len(table))
    parts = [order[a:b] for a, b in pairwise([0, *ends, len(table)]) if a < b]
    groups = {f"g{k}": [table.labels.codes[i] for i in part] for k, part in enumerate(parts)}
    found = iom.extraction(iom.leontief(table), kind=kind, groups=groups)
    x = table.output.to_numpy()
    for k, part in enumerate(parts):
        close(found.losses[:, k], x - after(table, part, kind), float(x.max()))


@given(economies(), st.sampled_from(KINDS))
def test_no_sector_loses_more_than_its_output(economy: Economy, kind: Any) -> None:
    found = iom.extraction(iom.leontief(economy.domestic()), kind=kind)
    slack = 1e-9 * found.output.max()
    assert (found.losses >= -slack).all()
    assert (found.losses <= found.output[:, None] + slack).all()
    frame = found.to_frame()
    assert (frame["loss_of_value_added"] <= found.output.sum() + slack).all()


@given(economies())
def test_extraction_of_everything_loses_everything(economy: Economy) -> None:
    table = economy.domestic()
    found = iom.extraction(iom.leontief(table), groups={"all": table.labels.codes})
    close(found.losses[:, 0], table.output, float(table.output.max()))
    close(found.to_frame()["loss_of_value_added"], table.value_added.sum())
    jobs = table.satellite("employment")
    close(found.to_frame()["loss_of_employment_survey"], jobs.values[1].sum())


# --- Influence and propagation -------------------------------------------------------------------


@given(economies(), st.sampled_from([1e-3, -1e-2]))
def test_influence_is_the_change_of_the_inverse(economy: Economy, change: float) -> None:
    model = iom.leontief(economy.domestic())
    found = iom.influence(model, change=change)
    a, inverse, codes = model.A.to_numpy(), model.L.to_numpy(), economy.codes
    for i, j in [(0, 0), (0, 1), (len(a) - 1, 0)]:
        moved = a.copy()
        moved[i, j] += change
        new = np.linalg.inv(np.eye(len(a)) - moved)
        want = (new - inverse) / change
        np.testing.assert_allclose(found.field(codes[i], codes[j]), want, rtol=1e-6, atol=1e-7)
        assert found.sizes[i, j] == pytest.approx((want**2).sum(), rel=1e-6)


@given(economies())
def test_product_matrix_has_the_sums_of_the_inverse(economy: Economy) -> None:
    model = iom.leontief(economy.domestic())
    found = iom.influence(model).product_matrix
    close(found.sum(axis=0), model.L.sum(axis=0))
    close(found.sum(axis=1), model.L.sum(axis=1))


@given(economies())
def test_propagation_lengths_by_rounds(economy: Economy) -> None:
    """Lengths from the powers of A, one by one; B gives the same, and none is below one."""
    table = economy.domestic()
    found = iom.propagation(iom.leontief(table))
    for part in (iom.leontief(table).A.to_numpy(), iom.ghosh(table).B.to_numpy()):
        power, strength, rounds = part, np.zeros_like(part), np.zeros_like(part)
        for k in range(1, 400):
            strength, rounds, power = strength + power, rounds + k * power, power @ part
        with np.errstate(invalid="ignore"):
            np.testing.assert_allclose(found.lengths, rounds / strength, rtol=1e-6)
    assert np.nanmin(found.lengths) >= 1 - 1e-9


# --- Odd tables ----------------------------------------------------------------------------------


@given(economies(imports=False))
def test_an_idle_sector_changes_nothing_for_the_others(economy: Economy) -> None:
    with_it = iom.leontief(idle_too(economy), idle="keep")
    without = iom.leontief(economy.table())
    one, two = iom.linkages(with_it).to_frame(), iom.linkages(without).to_frame()
    own = ["direct_backward", "direct_forward", "total_backward", "total_forward",
           "total_forward_leontief", "pure_backward", "pure_forward"]  # fmt: skip
    pd.testing.assert_frame_equal(one.loc[two.index, own], two[own], rtol=1e-9)
    assert one[own].loc["idle"].to_numpy().tolist() == [0, 0, 1, 1, 1, 0, 0]
    for kind in KINDS:
        lost = iom.extraction(with_it, kind=kind).by_sector()
        assert not lost["idle"].any()
        assert not lost.loc["idle"].any()
        alone = iom.extraction(without, kind=kind).by_sector()
        scale = float(economy.output.max())
        close(lost.loc[alone.index, alone.columns], alone, scale)
    assert iom.propagation(with_it).matrix["idle"].isna().all()
    model = iom.ghosh(idle_too(economy), idle="keep")
    assert model.prices(model.table.primary_inputs.sum()).isna().sum() == 1
    assert iom.prices(with_it, primary_inputs={"compensation": 0.1}).change[-1] == 0.0


@given(economies(imports=False), seeds, st.sampled_from(KINDS))
def test_negative_flows(economy: Economy, seed: int, kind: Any) -> None:
    table = with_negative(economy, seed)
    model = iom.leontief(table)
    x = table.output.to_numpy()
    found = iom.extraction(model, kind=kind)
    for j in range(len(table)):
        close(found.losses[:, j], x - after(table, np.array([j]), kind), float(x.max()))
    supply = iom.ghosh(table)
    close(supply.solve(table.primary_inputs.sum()), x, float(x.max()))
    iom.linkages(model)
    iom.influence(model)


def test_a_table_of_one_sector() -> None:
    made = iom.table(pd.DataFrame([[20.0]], ["a"], ["a"]), output=pd.Series({"a": 100.0}))
    model = iom.leontief(made)
    row = iom.linkages(model).to_frame().loc["a"]
    assert row["total_backward"] == row["total_forward"] == 1.25
    assert (row["pure_backward"], row["pure_forward"], row["class"]) == (0, 0, "weak")
    assert np.isnan(row["cv_backward"])
    lost = {kind: iom.extraction(model, kind=kind).total[0] for kind in KINDS}
    assert lost == pytest.approx(
        {"complete": 100, "isolated": 0, "backward": 20, "sales": 20, "forward": 20}
    )
    assert iom.propagation(model).lengths[0, 0] == pytest.approx(1.25)
    assert iom.influence(model).sizes[0, 0] == pytest.approx(1.25**4)
    assert iom.ghosh(made).solve(pd.Series({"a": 80.0}))["a"] == pytest.approx(100.0)
    assert iom.prices(made, primary_inputs={"value_added": 0.5}).change[0] == pytest.approx(0.5)
