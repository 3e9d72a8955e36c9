"""Laws of models and multipliers: order, units, duality, Type I and II, output given back."""

import numpy as np
import pandas as pd
from hypothesis import given, settings, strategies as st

import iomodel as iom
from tests.identities.tables import HOUSEHOLDS, Economy, economies

EXACT = 1e-9
ACCOUNTS = ("output", "value_added", "compensation", "employment")


def near(found: object, expected: object) -> None:
    left, right = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    np.testing.assert_allclose(left, right, rtol=EXACT, atol=EXACT * np.abs(right).max(initial=0))


def models(table: iom.IOTable, propensity: float = 0.6) -> tuple[iom.Leontief, iom.Leontief]:
    """Return the open model and the closed one."""
    model = iom.leontief(table)
    return model, iom.close_households(model, propensity=propensity)


@given(economies())
def test_solving_for_final_demand_gives_output_back(economy: Economy) -> None:
    table = economy.domestic()
    near(iom.leontief(table).solve(table.final_demand.sum(axis=1)), economy.output)


@given(economies())
def test_columns_of_final_demand_share_out_the_output(economy: Economy) -> None:
    table = economy.domestic()
    caused = iom.leontief(table).solve(table.final_demand)
    assert list(caused) == list(table.final_demand)
    near(np.asarray(caused).sum(axis=1), economy.output)


@given(economies(), st.floats(1.01, 3.0))
def test_closed_model_gives_output_and_outlay_back(economy: Economy, surplus: float) -> None:
    """Spending out of pay is inside the model; what households spend besides stays outside."""
    table = economy.domestic()
    houses = table.final_demand[list(HOUSEHOLDS)].sum(axis=1)
    outlay = economy.final[list(HOUSEHOLDS)].to_numpy().sum()
    pay = economy.primary.loc["compensation"].sum()
    total = surplus * max(outlay, pay)
    closed = iom.close_households(iom.leontief(table), total_income=total)
    near(closed.respending, outlay / total)
    near(closed.outlay_total, outlay)
    inside = pay * outlay / total
    demand = table.final_demand.sum(axis=1) - houses * inside / outlay
    near(closed.solve(demand), np.append(economy.output, pay))  # households count their income


@given(economies(), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_permuting_sectors_permutes_results(economy: Economy, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(economy.codes))
    other = economy.permuted(order)
    assert sorted(other.codes) == sorted(economy.codes)
    pairs = zip(models(economy.domestic()), models(other.domestic()), strict=True)
    for here, there in pairs:
        near(there.L.loc[here.L.index, here.L.columns], here.L)
        for account in ACCOUNTS:
            one = _figures(iom.multipliers(here, of=account))
            two = _figures(iom.multipliers(there, of=account))
            assert list(two.index) != list(one.index) or (order == np.sort(order)).all()
            near(two.loc[one.index], one)


def _figures(result: iom.Multipliers) -> pd.DataFrame:
    """Effects and multipliers by sector, accounts side by side."""
    frame = result.to_frame()[["effect", "multiplier"]]
    if not isinstance(frame.index, pd.MultiIndex):
        return frame
    parts: dict[str, pd.DataFrame] = {key: frame.loc[key] for key in frame.index.unique("account")}
    return pd.concat(parts, axis=1)


@given(economies(), st.sampled_from([1e-3, 1e4, 1e8]))
@settings(max_examples=40)
def test_unit_of_money_leaves_ratios_unchanged(economy: Economy, size: float) -> None:
    here = models(economy.domestic())
    there = models(economy.in_units_of(size).domestic(unit_value=size))
    for one, two in zip(here, there, strict=True):
        near(two.A, one.A)
        for account in ACCOUNTS:
            before = iom.multipliers(one, of=account)
            after = iom.multipliers(two, of=account)
            near(after.multiplier, before.multiplier)
            per_unit = size if account == "employment" else 1.0
            near(after.effect, before.effect * per_unit)


@given(economies(), st.floats(0.0, 0.9))
def test_type_one_does_not_exceed_type_two(economy: Economy, propensity: float) -> None:
    open_, closed = models(economy.domestic(), propensity)
    for account in ACCOUNTS:
        simple = iom.multipliers(open_, of=account)
        total = iom.multipliers(closed, of=account)
        slack = 1e-12 * np.abs(simple.effect).max()
        assert (simple.effect <= total.effect + slack).all()
        assert (simple.direct <= simple.effect + slack).all()
        near(total.direct + total.indirect, simple.effect)
        if propensity == 0.0:
            near(total.effect, simple.effect)


@given(economies(), st.integers(0, 2**32 - 1))
def test_quantity_and_price_duals_agree(economy: Economy, seed: int) -> None:
    """(e'L) f = e'(L f): jobs by the product that is bought, and jobs by the sector at work."""
    rng = np.random.default_rng(seed)
    for model in models(economy.domestic()):
        index = model.labels.index
        e, f = pd.Series(rng.random(len(index)), index), pd.Series(rng.random(len(index)), index)
        near(np.dot(model.solve_transposed(e), f), np.dot(e, model.solve(f)))


@given(economies())
def test_primary_inputs_exhaust_every_unit_of_demand(economy: Economy) -> None:
    """Value added and imports in one unit of final demand sum to one."""
    table = economy.domestic()
    model = iom.leontief(table)
    accounts = ["value_added", *(["IM"] if economy.imports is not None else [])]
    parts = [iom.multipliers(model, of=account).effect for account in accounts]
    near(np.sum(parts, axis=0), np.ones((1, len(table))))


@given(economies(), st.floats(0.05, 0.9))
def test_induced_effects_grow_with_the_propensity(economy: Economy, propensity: float) -> None:
    table = economy.domestic()
    less, more = (models(table, rate)[1] for rate in (propensity / 2, propensity))
    low, high = (iom.multipliers(model, of="employment").induced for model in (less, more))
    assert (high > 2 * low * (1 - EXACT)).all()  # rounds feed on rounds


@given(economies(imports=True))
def test_treating_imports_as_domestic_overstates(economy: Economy) -> None:
    competitive = economy.table()
    inflated = iom.multipliers(iom.leontief(competitive, imports="as_domestic")).effect
    proper = iom.multipliers(iom.leontief(iom.domestic(competitive))).effect
    assert (inflated > proper).all()
    flows = economy.flows.to_numpy() / economy.output
    near(inflated[0], np.linalg.inv(np.eye(len(flows)) - flows).sum(axis=0))
