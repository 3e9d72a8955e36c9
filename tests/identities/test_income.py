"""Jobs by source of income add up to those by channel and destination, however they are cut."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import iomodel as iom
from iomodel.analysis.income import FINAL, REST, IncomeFlows, by_income
from iomodel.errors import IdentityError, SpecError
from tests.identities.tables import Activity, activities

BOUNDARIES = (("m",), ("m", "p"), ("p",))


def runs(activity: Activity, boundary: tuple[str, ...]) -> list[iom.Channels]:
    closed = activity.closed
    return [iom.channels(model, direct=boundary) for model in (closed.open, closed)]


@given(activities(), st.sampled_from(BOUNDARIES))
@settings(max_examples=30)
def test_income_flows_add_up(activity: Activity, boundary: tuple[str, ...]) -> None:
    for found in runs(activity, boundary):
        frame = by_income(found).frame
        scale = float(found.total.max())
        sums = frame.groupby("account")["jobs"].sum().reindex(found.accounts)
        np.testing.assert_allclose(sums, found.total - found.direct, atol=1e-9 * scale)
        channels = frame.groupby(["account", "channel"])["jobs"].sum()
        folded = pd.Series(found.folded().stack())
        np.testing.assert_allclose(channels.reindex(folded.index, fill_value=0.0), folded,
                                   rtol=1e-9)  # fmt: skip
        places = frame.groupby(["account", "code"])["jobs"].sum()
        expected = pd.Series(found.by_destination().stack())
        np.testing.assert_allclose(places.reindex(expected.index, fill_value=0.0), expected,
                                   rtol=1e-9)  # fmt: skip
        induced = frame.groupby("account")["induced"].sum().reindex(found.accounts)
        frame_channels = found.by_channel()
        again = frame_channels.get("induced", pd.Series(0.0, found.accounts))
        np.testing.assert_allclose(induced, again, atol=1e-9 * scale)


@given(activities(), st.integers(1, 12))
@settings(max_examples=15)
def test_largest_destinations_keep_the_sum(activity: Activity, top: int) -> None:
    flows = by_income(runs(activity, ("m",))[1])
    whole = flows.largest(top)
    assert whole["jobs"].sum() == pytest.approx(flows.expected.mean())
    named = set(whole["code"]) - {REST}
    assert len(named) <= top + 1
    account = str(flows.expected.index[-1])
    one = flows.largest(top, account)
    assert one["jobs"].sum() == pytest.approx(flows.expected[account])
    destinations = whole.groupby("code")["jobs"].sum()
    if REST in destinations:  # every one left out has fewer jobs than every one named
        left = flows.frame[~flows.frame["code"].isin(named)].groupby("code")["jobs"].sum()
        rows = len(flows.expected)
        assert left.max() / rows <= destinations.drop(REST).min() * (1 + 1e-12)
        assert len(left) > 1


@given(activities())
@settings(max_examples=10)
def test_sources_are_those_who_spend(activity: Activity) -> None:
    found = runs(activity, ("m",))[1]
    frame = by_income(found).frame
    buyers = {
        item.channel: item.buyer or FINAL for item in found.items if item.channel != "induced"
    }
    buyers |= {"direct_pay": "m", "platform_staff": "p"}
    pairs = set(zip(frame["channel"], frame["source"], strict=True))
    assert pairs <= set(buyers.items())
    direct = frame[frame["channel"] == "direct_pay"]
    np.testing.assert_allclose(direct["jobs"], direct["induced"])  # own jobs are direct


def test_parts_that_do_not_add_up_are_refused() -> None:
    frame = pd.DataFrame({"account": ["a"], "jobs": [1.0]})
    with pytest.raises(IdentityError, match="jobs by income"):
        IncomeFlows(frame=frame, expected=pd.Series({"a": 2.0}), basis="fte")


@given(activities())
@settings(max_examples=3)
def test_unknown_row_is_named(activity: Activity) -> None:
    with pytest.raises(SpecError, match="pattern 'winter': the result has"):
        by_income(runs(activity, ("m",))[0]).largest(3, "winter")
