"""T2, T3, T4, T6 and T12: jobs by channel, item and destination add up, however they are cut."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import iomodel as iom
from iomodel.accounts.sectors import Purchase
from iomodel.analysis.channels import Spending
from tests.identities.tables import Activity, Array, activities
from tests.identities.whole import whole

BOUNDARIES = (("m",), ("m", "p"), ("p",))
RULES: tuple[Spending, ...] = ("additional", "attributed")
EXACT = 1e-9


def near(found: object, expected: object) -> None:
    left, right = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    np.testing.assert_allclose(left, right, rtol=EXACT, atol=EXACT * np.abs(right).max(initial=0))


def both(activity: Activity) -> tuple[iom.Leontief, iom.Leontief]:
    closed = activity.closed
    return closed.open, closed


def jobs(model: iom.Leontief, boundary: tuple[str, ...] = ("m",)) -> iom.Channels:
    return iom.channels(model, direct=boundary)


@given(activities(), st.sampled_from(BOUNDARIES))
@settings(max_examples=40)
def test_channels_and_destinations_add_up(activity: Activity, boundary: tuple[str, ...]) -> None:
    for model in both(activity):
        closed = isinstance(model, iom.ClosedLeontief)
        for spending in RULES:
            found = iom.channels(model, direct=boundary, spending=spending)
            system = whole(activity, closed=closed, attributed=spending == "attributed")
            direct, total = system.direct(boundary), system.total
            near(found.direct, direct)
            near(found.total, total)
            near(found.by_channel().sum(axis=1), total - direct)
            near(found.by_destination().sum(axis=1), total - direct)
            near(found.by_item().sum(axis=1) + found.staff.sum(axis=(1, 2)), total - direct)
            tidy = found.to_frame().groupby("account", sort=False)["jobs"].sum()
            near(tidy[list(found.rows.codes)], total - direct)


@given(activities(), st.sampled_from(BOUNDARIES))
def test_total_is_direct_times_one_plus_ratio(
    activity: Activity, boundary: tuple[str, ...]
) -> None:
    for model in both(activity):
        found = jobs(model, boundary)
        total = whole(activity, closed=isinstance(model, iom.ClosedLeontief)).total
        near(found.direct * (1 + found.ratio), total)


@given(activities(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_of_items_does_not_matter(activity: Activity, random: object) -> None:
    def shuffled(items: tuple[Purchase, ...]) -> tuple[Purchase, ...]:
        order = list(items)
        random.shuffle(order)  # type: ignore[attr-defined]
        return tuple(order)

    other = activity.with_purchases(shuffled)
    other = replace(other, sectors=other.sectors[::-1], demand=other.demand[::-1])
    for before, after in zip(both(activity), both(other), strict=True):
        one, two = jobs(before), jobs(after)
        near(two.total, one.total)
        for cut in ("by_channel", "by_item", "by_destination", "folded"):
            frame: pd.DataFrame = getattr(one, cut)()
            assert set(frame) == set(getattr(two, cut)()), cut
            near(getattr(two, cut)()[list(frame)], frame)


@given(activities(), st.integers(0, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_finer_split_of_an_item_is_additive(activity: Activity, which: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    items = list(dict.fromkeys(b.item for sector in activity.sectors for b in sector.bought))
    chosen = items[which]

    def split(rows: tuple[Purchase, ...]) -> tuple[Purchase, ...]:
        parts: list[Purchase] = []
        for row in rows:
            part = float(rng.random())
            if row.item != chosen:
                parts.append(row)
                continue
            parts.append(row._replace(item=f"{chosen} 1", share=row.share * part))
            parts.append(row._replace(item=f"{chosen} 2", share=row.share * (1 - part)))
        return tuple(parts)

    finer = activity.with_purchases(split)
    for before, after in zip(both(activity), both(finer), strict=True):
        one, two = jobs(before), jobs(after)
        near(two.total, one.total)
        near(two.by_channel()[list(one.by_channel())], one.by_channel())
        halves = two.by_item()[[f"{chosen} 1", f"{chosen} 2"]]
        near(halves.sum(axis=1), one.by_item()[chosen])
        others = [item for item in one.by_item() if item != chosen]
        near(two.by_item()[others], one.by_item()[others])


@given(activities(), st.sampled_from(BOUNDARIES))
@settings(max_examples=40)
def test_folded_channels_keep_the_total(activity: Activity, boundary: tuple[str, ...]) -> None:
    for model in both(activity):
        found = jobs(model, boundary)
        plain, folded = found.by_channel(), found.folded()
        assert "induced" not in folded
        near(folded.sum(axis=1), plain.sum(axis=1))
        assert (folded.to_numpy() >= 0).all()
        if isinstance(model, iom.ClosedLeontief):
            assert (plain["induced"] > 0).all()
            kept = plain.drop(columns="induced")
            assert (folded[list(kept)].to_numpy() >= kept.to_numpy() * (1 - EXACT)).all()
        else:
            near(folded, plain)


@given(activities())
@settings(max_examples=40)
def test_induced_jobs_follow_the_pay_that_causes_them(activity: Activity) -> None:
    """Without pay in the inserted sectors, none of the re-spending is theirs."""
    unpaid = replace(
        activity, sectors=tuple(replace(s, labour_income=0.0) for s in activity.sectors)
    )
    paid, without = jobs(activity.closed), jobs(unpaid.closed)
    near(without.induced_by[:2], np.zeros(2))
    assert "direct_pay" not in without.folded()
    assert (paid.folded()["direct_pay"] > 0).all()
    assert (paid.by_channel()["induced"] > without.by_channel()["induced"]).all()


def scaled(activity: Activity, size: float) -> Activity:
    """Make m, p and the spending of consumers `size` times as large, job by job."""
    sectors = tuple(
        replace(s, output=s.output * size, levels={"employment": s.levels["employment"] * size})
        for s in activity.sectors
    )
    demand = tuple(
        replace(d, amounts={code: amount * size for code, amount in d.amounts.items()})
        for d in activity.demand
    )
    return replace(activity, sectors=sectors, demand=demand)


@given(activities(), st.floats(0.01, 100))
def test_ratio_does_not_depend_on_scale(activity: Activity, size: float) -> None:
    for before, after in zip(both(activity), both(scaled(activity, size)), strict=True):
        near(jobs(after).total, size * jobs(before).total)
        near(jobs(after).ratio, jobs(before).ratio)


@given(activities(), st.floats(0.01, 100))
def test_ratio_does_not_depend_on_the_unit_of_labour(activity: Activity, size: float) -> None:
    economy = replace(activity.economy, employment=activity.economy.employment * size)
    sectors = tuple(
        replace(s, levels={"employment": s.levels["employment"] * size}) for s in activity.sectors
    )
    other = replace(activity, economy=economy, sectors=sectors)
    for before, after in zip(both(activity), both(other), strict=True):
        near(jobs(after).total, size * jobs(before).total)
        near(jobs(after).ratio, jobs(before).ratio)


@given(activities())
def test_parts_that_do_not_add_up_are_refused(activity: Activity) -> None:
    good = jobs(activity.closed)
    wrong: dict[str, Array] = {
        "total": good.total * (1 + 1e-6),
        "direct": good.direct + 1e-6 * good.total,
        "jobs": good.jobs * 1.001,
        "staff": good.staff + 1e-6 * good.total.max(),
    }
    for part, values in wrong.items():
        with pytest.raises(iom.IdentityError, match="jobs by channel: the parts differ from"):
            replace(good, **{part: values})  # type: ignore[arg-type]


def test_both_kinds_of_economy_and_models_are_covered() -> None:
    seen: set[tuple[bool, bool]] = set()

    @given(activities())
    def look(activity: Activity) -> None:
        kind = activity.economy.imports is not None
        seen.update(product([kind], [isinstance(m, iom.ClosedLeontief) for m in both(activity)]))

    look()
    assert len(seen) == 4
