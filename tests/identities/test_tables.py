"""Laws of the verbs that change tables: separation of imports, insertion."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

import iomodel as iom
from iomodel.transforms.certificate import InsertionCertificate
from iomodel.transforms.domestic import ImportAudit
from tests.identities.tables import Activity, Economy, activities, economies
from tests.identities.whole import whole

EXACT = 1e-9
UNITS: list[tuple[float, dict[str, Any]]] = [
    (1e-3, {"unit_value": 1e-3}),
    (1e4, {"unit": "10,000 CNY"}),
    (1e8, {"unit": "100 million CNY"}),
    (1e9, {"unit": "bn CNY", "unit_value": 1e9}),
]


def near(found: object, expected: object) -> None:
    left, right = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    np.testing.assert_allclose(left, right, rtol=EXACT, atol=EXACT * np.abs(right).max(initial=0))


def balanced(table: iom.IOTable) -> None:
    scale = float(table.output.max())
    assert np.abs(table.flows.row_residual).max() <= EXACT * scale
    assert np.abs(table.flows.column_residual).max() <= EXACT * scale


# --- separation of imports -----------------------------------------------------------------------


@given(economies(imports=True))
def test_imports_by_use_equal_imports_deducted(economy: Economy) -> None:
    assert economy.imports is not None
    table = iom.domestic(economy.table())
    inside = table.primary_inputs.loc["IM"].sum()
    outside = table.flows.final_primary[table.primary_labels.in_group("imports")].sum()
    near(inside + outside, economy.imports.sum())
    audit = table.certificate
    assert isinstance(audit, ImportAudit)
    near(audit.imports_used, economy.imports.sum())
    near(audit.imports_before, economy.imports.sum())
    assert audit.clipped == ()


@given(economies(imports=True))
def test_domestic_table_balances_and_keeps_output(economy: Economy) -> None:
    before = economy.table()
    after = iom.domestic(before)
    balanced(before)
    balanced(after)
    near(after.output, before.output)
    near(after.value_added, before.value_added)
    assert not after.imports.any()
    assert (after.intermediate <= before.intermediate).to_numpy().all()


@given(economies(imports=True))
def test_every_user_at_home_buys_the_same_share(economy: Economy) -> None:
    before, after = economy.table(), economy.domestic()
    share = economy.shares.to_numpy()[:, None]
    near(after.intermediate, share * before.intermediate)
    near(after.final_demand["exports"], before.final_demand["exports"])
    home = ["rural", "urban", "government"]
    near(after.final_demand[home], share * before.final_demand[home])
    assert after.domestic_shares is not None
    near(after.domestic_shares.intermediate, economy.shares)
    near(after.domestic_shares.consumption, economy.shares)


# --- insertion -----------------------------------------------------------------------------------


def certificate(table: iom.IOTable) -> InsertionCertificate:
    assert isinstance(table.certificate, InsertionCertificate)
    return table.certificate


@given(activities())
def test_inserted_table_balances(activity: Activity) -> None:
    table = activity.table
    balanced(table)
    assert list(table.labels.codes) == [*activity.economy.codes, "m", "p"]
    near(table.output[["m", "p"]], [sector.output for sector in activity.sectors])


@given(activities())
def test_certificate_has_tiny_residuals(activity: Activity) -> None:
    proof = certificate(activity.table)
    scale = float(proof.output.max())
    for gap in (proof.row_residual, proof.column_residual):
        assert np.abs(gap).max() <= EXACT * scale
    assert proof.residual <= EXACT * scale
    near(proof.value_added.sum() + proof.imports.sum(), proof.final_demand.sum())
    near(proof.output, whole(activity, closed=False).output[:-1])


@given(activities())
def test_base_multipliers_are_the_same_before_and_after(activity: Activity) -> None:
    economy, table = activity.economy, activity.table
    proof = certificate(table)
    base = economy.coefficients
    expected = np.linalg.inv(np.eye(len(base)) - base).sum(axis=0)
    near(proof.multipliers_before, expected)
    near(proof.multipliers_after, expected)
    before, after = iom.leontief(economy.domestic()), iom.leontief(table)
    for account in ("output", "compensation", "employment"):
        one, two = (iom.multipliers(model, of=account).effect for model in (before, after))
        near(two[:, : len(base)], one)


@given(activities())
def test_insertion_adds_what_the_activity_causes(activity: Activity) -> None:
    """Levels of the new table are those of the old one and of the increment."""
    base, table = activity.economy.domestic(), activity.table
    caused = whole(activity, closed=False).output[:-1]
    near(table.output, np.append(base.output, [0.0, 0.0]) + caused)
    before, after = base.satellite("employment"), table.satellite("employment")
    added = whole(activity, closed=False).intensity[:, :-1] * caused
    near(after.values * after.unit_value, np.pad(before.values, ((0, 0), (0, 2))) * 1e4 + added)


@given(activities())
def test_insertion_at_the_price_year_of_the_table(activity: Activity) -> None:
    """One price year throughout, stated: the same jobs as with none stated."""
    stated = replace(
        activity,
        facts={"year": 2020, "currency": "CNY"},
        sectors=tuple(replace(s, price_year=2020, currency="CNY") for s in activity.sectors),
        demand=tuple(replace(d, price_year=2020, currency="CNY") for d in activity.demand),
    )
    table = stated.table
    assert table.insertion is not None
    assert (table.meta.price_year, table.insertion.price_year) == (2020, 2020)
    found = iom.channels(iom.leontief(table), direct=["m"])
    near(found.total, whole(activity, closed=False).total)


@given(activities(), st.floats(1.0, 3.0))
def test_labour_of_a_later_year_needs_its_growth(activity: Activity, growth: float) -> None:
    """Labour coefficients carried to 2025 are persons over output of 2025: lower by growth."""
    economy = activity.economy
    old = economy.domestic(year=2020)
    n = len(economy.codes)
    late = replace(old.satellite("employment"), year=2025, growth=np.full(n, growth))
    sectors = [replace(sector, price_year=2025) for sector in activity.sectors]
    table = iom.insert(old.with_satellite(late), sectors, demand=activity.demand)
    found = iom.channels(iom.leontief(table), direct=["m"])
    system = whole(activity, closed=False)
    jobs = system.intensity * system.output
    near(found.total, jobs[:, :n].sum(axis=1) / growth + jobs[:, n:].sum(axis=1))


@given(activities(), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_permuting_the_base_permutes_channels(activity: Activity, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(activity.economy.codes))
    other = replace(activity, economy=activity.economy.permuted(order))
    one, two = (iom.channels(item.closed, direct=["m"]) for item in (activity, other))
    near(two.by_channel()[list(one.by_channel())], one.by_channel())
    near(two.by_destination()[list(one.by_destination())], one.by_destination())


@given(activities(), st.sampled_from(UNITS))
@settings(max_examples=40)
def test_unit_of_the_table_leaves_jobs_unchanged(
    activity: Activity, unit: tuple[float, dict[str, Any]]
) -> None:
    """New sectors state money in the currency, whatever the unit of the table."""
    size, facts = unit
    other = replace(activity, economy=activity.economy.in_units_of(size), facts=facts)
    one, two = (iom.channels(item.closed, direct=["m"]) for item in (activity, other))
    near(two.total, one.total)
    near(two.ratio, one.ratio)
    near(two.by_channel()[list(one.by_channel())], one.by_channel())


@given(economies(imports=False))
def test_a_table_is_safe_from_its_readers(economy: Economy) -> None:
    table = economy.table()
    frame = table.intermediate
    frame.iloc[:, :] = 0.0
    near(table.intermediate, economy.flows)
    with pytest.raises(ValueError, match="read-only"):
        table.flows.output[0] = 1.0


@given(economies(), st.integers(0, 2**32 - 1))
def test_parts_are_aligned_by_label(economy: Economy, seed: int) -> None:
    """The order of each part is its own business; labels decide."""
    order = np.random.default_rng(seed).permutation(len(economy.codes))
    mixed = replace(
        economy,
        final=economy.final.iloc[order],
        primary=economy.primary.iloc[:, order],
        imports=None if economy.imports is None else economy.imports.iloc[order],
    )
    here, there = economy.table(), mixed.table()
    pd.testing.assert_frame_equal(there.final_demand, here.final_demand)
    pd.testing.assert_frame_equal(there.primary_inputs, here.primary_inputs)
    pd.testing.assert_series_equal(there.imports, here.imports)
