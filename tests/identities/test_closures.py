"""Laws of closures: parts, forms, units, order, groups of households, social accounts."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from hypothesis import given, settings, strategies as st

import iomodel as iom
from tests.identities.tables import HOUSEHOLDS, Economy, economies

EXACT = 1e-9
ACCOUNTS = ("output", "value_added", "compensation", "employment")
GROUPS = {"rural": "rural", "urban": "urban"}
Array = npt.NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)
rates = st.floats(0.0, 0.9)


def near(found: object, expected: object) -> None:
    left, right = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    np.testing.assert_allclose(left, right, rtol=EXACT, atol=EXACT * np.abs(right).max(initial=0))


def with_two_payrolls(economy: Economy, seed: int) -> Economy:
    """Split the pay of every sector between rural and urban households."""
    rng = np.random.default_rng(seed)
    share = rng.random(len(economy.codes))
    pay = economy.primary.loc["compensation"]
    primary = pd.DataFrame(
        {
            "pay r": share * pay,
            "pay u": (1 - share) * pay,
            "surplus": economy.primary.loc["surplus"],
        }
    ).T
    return replace(economy, primary=primary)


def in_groups(economy: Economy, rural: float, urban: float) -> iom.ClosedGroups:
    table = economy.domestic(primary_roles={"pay r": "compensation", "pay u": "compensation"})
    return iom.close_households(
        iom.leontief(table),
        income={"rural": "pay r", "urban": "pay u"},
        consumption=GROUPS,
        propensity={"rural": rural, "urban": urban},
    )


@given(economies(), rates, st.sampled_from(["truncated", "total"]))
def test_columns_of_the_frame_add_up(economy: Economy, rate: float, form: str) -> None:
    table = economy.domestic()
    closed = iom.close_households(iom.leontief(table), propensity=rate)
    for account in ACCOUNTS:
        found = iom.multipliers(closed, of=account, form=form)  # type: ignore[arg-type]
        frame = found.to_frame()
        parts = ["direct", "first_round", "industrial_support", "induced"]
        parts += ["household_row"] if form == "total" else []
        near(frame[parts].sum(axis=1), frame["effect"])
        near(frame["first_round"] + frame["industrial_support"], frame["indirect"])
        near(found.first_round, found.direct @ table.flows.coefficients)
        there = frame["direct"] != 0
        near((frame["multiplier"] * frame["direct"])[there], frame["effect"][there])


@given(economies(), rates)
def test_simple_truncated_and_total_rise(economy: Economy, rate: float) -> None:
    model = iom.leontief(economy.domestic())
    closed = iom.close_households(model, propensity=rate)
    for account in ACCOUNTS:
        simple = iom.multipliers(model, of=account).effect
        truncated = iom.multipliers(closed, of=account).effect
        total = iom.multipliers(closed, of=account, form="total").effect
        slack = 1e-12 * np.abs(total).max()
        assert (simple <= truncated + slack).all()
        assert (truncated <= total + slack).all()
    income = iom.multipliers(closed, of="compensation").effect
    row = iom.multipliers(closed, of="output", form="total").household_row
    near(row, income)  # what households add to output is their income


@given(economies(), rates)
def test_total_output_multipliers_are_column_sums_of_the_closed_inverse(
    economy: Economy, rate: float
) -> None:
    closed = iom.close_households(iom.leontief(economy.domestic()), propensity=rate)
    inverse = np.linalg.inv(np.eye(len(closed.A)) - closed.A.to_numpy())
    near(iom.multipliers(closed, form="total").effect[0], inverse.sum(axis=0)[:-1])
    near(iom.multipliers(closed).effect[0], inverse[:-1].sum(axis=0)[:-1])
    near(iom.multipliers(closed, of="compensation").effect[0], inverse[-1, :-1])


@given(economies(), st.floats(0.05, 0.9))
def test_type_two_over_type_one_income_is_the_same_everywhere(
    economy: Economy, rate: float
) -> None:
    """Miller and Blair (2009), section 6.2.2: the ratio is the household corner of the inverse."""
    model = iom.leontief(economy.domestic())
    closed = iom.close_households(model, propensity=rate)
    simple = iom.multipliers(model, of="compensation").effect[0]
    total = iom.multipliers(closed, of="compensation", form="total").effect[0]
    ratio = total / simple
    near(ratio, np.full(len(ratio), closed.L.iloc[-1, -1]))


@given(economies())
def test_closed_without_consumption_is_open(economy: Economy) -> None:
    model = iom.leontief(economy.domestic())
    closed = iom.close_households(model, propensity=0.0)
    for account in ACCOUNTS:
        near(iom.multipliers(closed, of=account).effect, iom.multipliers(model, of=account).effect)
        assert not iom.multipliers(closed, of=account).induced.any()


@given(economies(), st.sampled_from([1e-3, 1e4, 1e8]), st.floats(0.5, 1e9))
def test_effects_per_amount_do_not_depend_on_units(
    economy: Economy, size: float, per: float
) -> None:
    def found(some: Economy, unit_value: float, per: float) -> Array:
        model = iom.leontief(some.domestic(unit="units", unit_value=unit_value))
        closed = iom.close_households(model, propensity=0.5)
        return iom.multipliers(closed, of="employment", per=per).effect

    here = found(economy, 1.0, per)
    near(found(economy.in_units_of(size), size, per), here)
    near(found(economy, 1.0, 3 * per), 3 * here)


# --- groups of households ------------------------------------------------------------------------


@given(economies(), rates)
def test_one_group_is_the_plain_closure(economy: Economy, rate: float) -> None:
    model = iom.leontief(economy.domestic())
    plain = iom.close_households(model, propensity=rate)
    group = iom.close_households(
        model, income={"all": "compensation"}, consumption={"all": "household"}, propensity=rate
    )
    near(group.A, plain.A)
    near(group.L, plain.L)
    near(group.K.iloc[0, 0], plain.L.iloc[-1, -1])
    for account in ACCOUNTS:
        for form in ("truncated", "total"):
            one, two = (iom.multipliers(of, of=account, form=form) for of in (plain, group))
            near(two.effect, one.effect)
            near(two.induced, one.induced)


@given(economies(), seeds, rates, rates)
def test_miyazawa_by_blocks(economy: Economy, seed: int, rural: float, urban: float) -> None:
    """Miyazawa (1976): [[B (I + C K V B), B C K], [K V B, K]] is the inverse of the whole."""
    closed = in_groups(with_two_payrolls(economy, seed), rural, urban)
    a = closed.A.to_numpy()
    n = len(a) - 2
    inverse = np.linalg.inv(np.eye(n + 2) - a)
    b, c, v = np.linalg.inv(np.eye(n) - a[:n, :n]), a[:n, n:], a[n:, :n]
    k = np.linalg.inv(np.eye(2) - v @ b @ c)
    near(closed.inter_income, v @ b @ c)
    near(closed.K, k)
    near(closed.K, inverse[n:, n:])
    near(closed.income_multipliers, inverse[n:, :n])
    near(closed.income_multipliers, k @ v @ b)
    near(closed.L, inverse)
    near(iom.multipliers(closed).effect[0], (b @ (np.eye(n) + c @ k @ v @ b)).sum(axis=0))
    near(iom.multipliers(closed, form="total").effect[0], inverse.sum(axis=0)[:n])


@given(economies(), seeds, rates)
def test_groups_that_spend_alike_are_one(economy: Economy, seed: int, rate: float) -> None:
    two = with_two_payrolls(economy, seed)
    same = two.final.assign(urban=2.0 * two.final["rural"])
    rest = two.final.sum(axis=1) - same[["rural", "urban", "exports"]].sum(axis=1)
    two = replace(two, final=same.assign(government=rest))
    closed = in_groups(two, rate, rate)
    plain = iom.close_households(closed.open, propensity=rate)
    near(closed.income_multipliers.sum(), plain.L.iloc[-1, :-1])
    for account in ACCOUNTS[:3]:
        near(iom.multipliers(closed, of=account).effect, iom.multipliers(plain, of=account).effect)


@given(economies(), seeds, rates, rates)
@settings(max_examples=30)
def test_order_of_sectors_and_groups(
    economy: Economy, seed: int, rural: float, urban: float
) -> None:
    one = with_two_payrolls(economy, seed)
    order = np.random.default_rng(seed).permutation(len(one.codes))
    here, there = in_groups(one, rural, urban), in_groups(one.permuted(order), rural, urban)
    near(there.K, here.K)
    near(there.income_multipliers[here.income_multipliers.columns], here.income_multipliers)
    turned = iom.close_households(
        here.open,
        income={"urban": "pay u", "rural": "pay r"},
        consumption={"urban": "urban", "rural": "rural"},
        propensity={"urban": urban, "rural": rural},
    )
    near(turned.K.loc[here.K.index, here.K.columns], here.K)
    near(iom.multipliers(turned).effect, iom.multipliers(here).effect)


# --- social accounting matrices ------------------------------------------------------------------


def social(economy: Economy) -> tuple[pd.DataFrame, float]:
    """Square the accounts: sectors, pay, homes and the rest; with the income of homes."""
    codes, pay = economy.codes, economy.primary.loc["compensation"].to_numpy()
    accounts = [*codes, "pay", "homes", "rest"]
    matrix = pd.DataFrame(0.0, accounts, accounts)
    matrix.loc[codes, codes] = economy.flows.to_numpy()
    matrix.loc["pay", codes] = pay
    matrix.loc["rest", codes] = economy.primary.loc["surplus"].to_numpy()
    bought = economy.final[list(HOUSEHOLDS)].to_numpy().sum(axis=1)
    matrix.loc[codes, "homes"] = bought
    matrix.loc[codes, "rest"] = economy.final.to_numpy().sum(axis=1) - bought
    income = max(pay.sum(), bought.sum())
    for row, column, value in (
        ("homes", "pay", pay.sum()),
        ("homes", "rest", income - pay.sum()),
        ("rest", "homes", income - bought.sum()),
    ):
        matrix.loc[row, column] = value
    return matrix, float(income)


@given(economies(imports=False))
def test_all_institutions_exogenous_is_leontief(economy: Economy) -> None:
    model = iom.sam(social(economy)[0], endogenous=economy.codes)
    plain = iom.leontief(economy.table())
    near(model.A, plain.A)
    near(model.M, plain.L)
    near(iom.multipliers(model).effect, iom.multipliers(plain).effect)


@given(economies(imports=False))
def test_pay_and_homes_endogenous_is_the_closure(economy: Economy) -> None:
    matrix, income = social(economy)
    model = iom.sam(matrix, endogenous=[*economy.codes, "pay", "homes"])
    closed = iom.close_households(iom.leontief(economy.table()), total_income=income)
    codes = economy.codes
    near(model.M.loc[codes, codes], closed.L.loc[codes, codes])
    near(model.M.loc["homes", codes], closed.L.loc["households", codes])


@given(economies(imports=False), seeds)
def test_rounds_between_blocks(economy: Economy, seed: int) -> None:
    """M3 M2 M1 = M for blocks in a circle and in any order; M1, M2, M3 by their block formulas."""
    matrix, _ = social(economy)
    codes = economy.codes
    blocks = {"production": codes, "factors": ["pay"], "institutions": ["homes"]}
    model = iom.sam(matrix, endogenous=blocks)
    rounds = model.decompose()
    near(rounds.M3.to_numpy() @ rounds.M2.to_numpy() @ rounds.M1.to_numpy(), model.M)
    a = model.A.to_numpy()
    n = len(codes)
    start = np.linalg.inv(np.eye(n) - a[:n, :n])
    circle = start @ a[:n, n + 1 :] @ a[n + 1 :, n : n + 1] @ a[n : n + 1, :n]
    near(rounds.M1.to_numpy()[:n, :n], start)
    near(rounds.M2.to_numpy()[:n, n + 1 :], start @ a[:n, n + 1 :])
    near(rounds.M2.to_numpy()[n + 1 :, :n], a[n + 1 :, n : n + 1] @ a[n : n + 1, :n])
    near(rounds.M3.to_numpy()[:n, :n], np.linalg.inv(np.eye(n) - circle))
    order = np.random.default_rng(seed).permutation([*codes, "pay", "homes"])
    cut = 1 + seed % (len(order) - 1)
    other = iom.sam(matrix, endogenous={"one": list(order[:cut]), "two": list(order[cut:])})
    index = model.M.index
    near(other.decompose().total, other.M)
    near(other.M.loc[index, index], model.M)
