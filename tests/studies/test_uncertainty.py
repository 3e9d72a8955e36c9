"""The distribution of the micro drama ratio against a plain loop that shares no code with it."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.accounts.priors import priors
from iomodel.studies.comparison import ask
from iomodel.studies.derivation import Derivation
from iomodel.studies.either import either_imports
from iomodel.studies.forward import POOLED, forward
from tests.studies import recomputation as plain

DRAWS = 2_000
SEED = 20
TEXT = "labour_pattern"


@pytest.fixture(scope="module")
def derivation() -> Derivation:
    china = iom.read(iom.example("china-2020"))
    return iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)


@pytest.fixture(scope="module")
def found(derivation: Derivation) -> iom.Uncertainty:
    return iom.uncertainty(derivation.forward, derivation.account, draws=DRAWS, seed=SEED)


def looped(
    inputs: pd.DataFrame, matrices: Sequence[plain.Array] = ()
) -> Iterator[dict[tuple[str, str], float]]:
    """Ratios by scope and pattern, draw by draw, each from two whole bordered systems.

    With `matrices`, those stand in the place of the domestic coefficients, draw by draw.
    """
    table, _, study = plain.read(plain.TABLE, plain.STUDY)
    home = plain.proportional(table)
    for k, (_, row) in enumerate(inputs.iterrows()):
        value = {str(key): float(number) for key, number in row.items() if key != TEXT}
        drawn = plain.Study(value, study.spread)
        model = plain.economy(table, drawn, home)
        if len(matrices):
            model = replace(model, within=matrices[k])
        direct = plain.direct_labour(drawn)["fte"]
        staff = value["p_staff"] / (value["p_wage"] * value["p_on_cost"]) * 1e3
        jobs = {pattern: plain.labour(table, drawn, pattern) for pattern in plain.PATTERNS}
        ratios = {}
        for respent in (False, True):
            scopes = [s for s in plain.SCOPES if (s in ("chain+households", "all")) is respent]
            matrix = np.eye(plain.FIRST + len(table.codes)) - plain.bordered(model, respent)
            right = np.column_stack([plain.demand(model, scope) for scope in scopes])
            for scope, output in zip(scopes, np.linalg.solve(matrix, right).T, strict=True):
                for pattern in plain.PATTERNS:
                    count = jobs[pattern] @ output[plain.FIRST :] + staff * output[plain.P]
                    ratios[scope, pattern] = float(count / direct)
        yield ratios


def test_every_draw_gives_the_ratios_of_the_plain_loop(found: iom.Uncertainty) -> None:
    assert found.accepted > 0.99 * DRAWS
    expected = pd.DataFrame(looped(found.inputs))
    for scope in plain.SCOPES:
        for pattern in plain.PATTERNS:
            ours = found.of("ratio", scope, pattern).to_numpy()
            assert ours == pytest.approx(expected[scope, pattern].to_numpy(), rel=1e-10, abs=0)


def test_pooled_takes_the_pattern_that_was_drawn(found: iom.Uncertainty) -> None:
    patterns = found.inputs[TEXT]
    assert patterns.value_counts(normalize=True).to_numpy() == pytest.approx(1 / 3, abs=0.04)
    pooled = found.of("ratio", "all", POOLED)
    for pattern in plain.PATTERNS:
        same = (patterns == pattern).to_numpy()
        assert (pooled[same] == found.of("ratio", "all", pattern)[same]).all()


def test_central_of_pooled_is_the_headline(found: iom.Uncertainty, derivation: Derivation) -> None:
    central = found.to_frame()["central"]
    for scope in plain.SCOPES:
        ratios = derivation.central[scope]
        assert central["ratio", scope, POOLED] == pytest.approx(ratios.mean(), rel=1e-12)
        for pattern in plain.PATTERNS:
            assert central["ratio", scope, pattern] == pytest.approx(ratios[pattern], rel=1e-12)


def direct_pay(v: Mapping[str, float]) -> float:
    shares = sum(value for key, value in v.items() if key.startswith("m_"))
    return v["m_labour"] / shares * v["cost_per_title"] * 1e3 / v["workdays_per_title"]


def test_the_inverse_question_keeps_to_the_screens_and_to_each_pattern(
    derivation: Derivation,
) -> None:
    """Pay per direct work-day must stay plausible: without screens it would not."""
    run, account = derivation.forward, derivation.account
    before = run(priors(account).named(priors(account).centre[None, :]))
    most = 1.1 * direct_pay(account.values)
    narrow = account.screens["pay_per_workday"]._replace(high=most)
    tight = replace(run, ranges={**run.ranges, "pay_per_workday": narrow})
    found = {}
    for name, rules in (("with", tight.screens), ("without", {})):
        asked = iom.inverse(
            tight, account, of=("ratio", "chain+consumer", "census2020"), target=1.7, draws=500,
            screens=rules,
        )  # fmt: skip
        nearest = {str(key): float(value) for key, value in asked.nearest["nearest"].items()}
        found[name] = direct_pay({**account.values, **nearest}), asked.distance
    assert found["with"][0] <= most * (1 + 1e-6) < found["without"][0]
    assert found["with"][1] > found["without"][1]
    told = ask(derivation, 1.95, draws=400, seed=1)
    far = {name: one.distance for name, one in told.items() if name.startswith("chain+consumer,")}
    assert [name.partition(", ")[2] for name in far] == [*plain.PATTERNS]
    order = derivation.central["chain+consumer"]
    assert min(far, key=lambda name: far[name]).endswith(str(order.idxmax()))
    after = run(priors(account).named(priors(account).centre[None, :]))
    assert all(np.array_equal(before[key], after[key]) for key in before)


def test_screens_reject_what_the_method_says(derivation: Derivation) -> None:
    """Pay per direct work-day and the platform's residual, once more from the formulas."""
    known = priors(derivation.account)
    wide = known.marginals.widened(1.5)
    v = pd.DataFrame(known.named(wide.draws(SEED, 0, 8_000)))
    shares = [key for key in v.columns if str(key).startswith("m_")]
    assert v[shares].sum(axis=1).to_numpy() == pytest.approx(1.0)
    pay = v["m_labour"] * v["cost_per_title"] * 1e3 / v["workdays_per_title"]
    spent = v["p_payment"] * v["paid_revenue"] / v["revenue"]
    spent += v[["payout_share", "traffic_share", "p_cloud", "p_services", "p_staff"]].sum(axis=1)
    kept = pay.between(150, 650) & (spent <= 1)
    told = iom.uncertainty(
        derivation.forward, derivation.account, draws=8_000, seed=SEED, spread="wide"
    )
    assert np.array_equal(told.kept, kept.to_numpy())
    assert told.rejected["pay per direct work-day plausible"] == (~pay.between(150, 650)).mean() > 0


@pytest.mark.parametrize("method", ["proportional", "official"])
def test_central_draw_is_the_derivation(method: plain.Method) -> None:
    china = iom.read(iom.example("china-2020"))
    drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    result = iom.derive(drama.at(gmv=9, mpc=0.5), china, domestic=method)
    known = priors(result.account)
    run = forward(result.account, result.local, destinations=True)
    central = run(known.named(known.centre[None, :]))
    for pattern in plain.PATTERNS:
        frames = {"ratio": result.central, "channel": result.by_channel, "level": result.levels}
        for measure, frame in frames.items():
            items = [item for kind, item, row in central if (kind, row) == (measure, pattern)]
            ours = [float(central[measure, item, pattern][0]) for item in items]
            assert ours == pytest.approx([frame[item][pattern] for item in items], rel=1e-11)
    reached: list[float] = [float(central["destination", code, POOLED][0]) for code in run.codes]
    expected = result.destinations.T["census2020"]
    assert reached == pytest.approx([expected[code] for code in run.codes], rel=1e-10)


def test_channels_add_up_in_every_draw(found: iom.Uncertainty, derivation: Derivation) -> None:
    for pattern in (*plain.PATTERNS, POOLED):
        parts = np.sum([found.of("channel", name, pattern) for name in derivation.channels], axis=0)
        assert parts == pytest.approx(found.of("ratio", "all", pattern).to_numpy(), rel=1e-12)


def test_destinations_add_up_in_every_draw(derivation: Derivation) -> None:
    run = forward(derivation.account, derivation.local, destinations=True)
    found = iom.uncertainty(run, derivation.account, draws=300)
    parts = np.sum([found.of("destination", code, POOLED) for code in run.codes], axis=0)
    staff = found.of("channel", "platform_staff", POOLED).to_numpy()
    assert parts + staff == pytest.approx(found.of("ratio", "all", POOLED).to_numpy(), rel=1e-12)


def test_processes_give_the_same_to_the_last_bit(derivation: Derivation) -> None:
    run, account = derivation.forward, derivation.account
    alone = iom.uncertainty(run, account, draws=20_000, seed=SEED)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        shared = iom.uncertainty(run, account, draws=20_000, seed=SEED, executor=pool)
    assert np.array_equal(alone.values, shared.values)
    assert np.array_equal(alone.kept, shared.kept)


def test_wider_spreads_give_wider_intervals(derivation: Derivation, found: iom.Uncertainty) -> None:
    def width(result: iom.Uncertainty) -> float:
        low, high = np.quantile(result.of("ratio", "chain+consumer", POOLED), [0.05, 0.95])
        return float(high - low)

    runs = [
        iom.uncertainty(derivation.forward, derivation.account, draws=DRAWS, spread=spread)
        for spread in ("wide", "flat")
    ]
    assert all(width(run) > 1.2 * width(found) for run in runs)


def test_a_pattern_that_the_table_does_not_have(derivation: Derivation) -> None:
    items = [*derivation.account.assumptions.values()]
    k = next(k for k, item in enumerate(items) if item.id == TEXT)
    items[k] = iom.Assumption(
        id=TEXT, block="labour", item="", unit="category", central="census2020",
        distribution="categorical", categories=("census2020", "guess"),
    )  # fmt: skip
    with pytest.raises(iom.SpecError, match="guess is no row of the employment account"):
        iom.uncertainty(derivation.forward, items, draws=50)


def test_a_value_outside_its_range_cannot_be_drawn(derivation: Derivation) -> None:
    with pytest.raises(iom.SpecError, match="gmv: low, central, high are not in order"):
        iom.uncertainty(derivation.forward, derivation.account.at(gmv=30), draws=50)


def test_the_import_method_can_be_drawn(derivation: Derivation) -> None:
    china = iom.read(iom.example("china-2020"))
    either = either_imports(derivation.account, china)
    found = iom.uncertainty(either, either.account, draws=3_000, seed=SEED)
    chosen = found.inputs["import_method"]
    assert (chosen == "official").mean() == pytest.approx(0.5, abs=0.04)
    key = ("ratio", "all", "census2020")
    drawn = priors(either.account).named(priors(either.account).marginals.draws(SEED, 0, 3_000))
    for method in plain.METHODS:
        one = forward(derivation.account, iom.domestic(china, method))(drawn)[key][found.kept]
        same = (chosen == method).to_numpy()
        assert found.of(*key).to_numpy()[same] == pytest.approx(one[same], rel=1e-12)
    groups = iom.sensitivity(
        either, either.account, of=("ratio", "all", POOLED), samples=512
    ).groups
    assert 0.0 <= float(str(groups.loc["imports", "total"])) < 0.2
