"""Each refusal is a named error that says where, what and how much."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.accounts.sectors import Purchase
from iomodel.kernels.linear import Bordered, Factorised
from iomodel.results import must_add_up
from tests.identities.tables import Activity, Economy, economies, made_activity, made_economy

CODES = ["farms", "mills", "shops"]
SELL = [[20.0, 30.0, 5.0], [10.0, 40.0, 20.0], [5.0, 10.0, 15.0]]

TOO_MUCH = pd.DataFrame([[40.0, 70, 175], [25, 50, -45]], ["compensation", "surplus"], CODES)


def flows(cells: list[list[float]] = SELL) -> pd.DataFrame:
    return pd.DataFrame(cells, CODES, CODES)


def series(*values: float) -> pd.Series:
    return pd.Series(values, CODES)


def small(**changes: Any) -> iom.IOTable:
    """Build a table of three sectors with pay, surplus, two uses and jobs, at prices of 2020."""
    parts: dict[str, Any] = {
        "final_demand": pd.DataFrame({"homes": [45.0, 70, 90], "abroad": [0.0, 60, 50]}, CODES),
        "primary_inputs": pd.DataFrame(
            [[40.0, 70, 60], [25.0, 50, 70]], ["compensation", "surplus"], CODES
        ),
        "satellites": pd.Series([4.0, 3.0, 5.0], CODES, name="employment"),
        "final_roles": {"homes": "household", "abroad": "exports"},
        "currency": "CNY",
        "unit": "million CNY",
        "year": 2020,
        "title": "Three sectors",
    }
    return iom.table(**{"intermediate": flows(), **parts, **changes})


def shop(**changes: Any) -> iom.NewSector:
    """Describe a new sector that fits the small table."""
    parts: dict[str, Any] = {
        "code": "new",
        "output": 10.0,
        "purchases": (Purchase("m_meals", "supply", "farms", 0.3, "purchases!B7"),),
        "labour_income": 0.4,
        "levels": {"employment": 2.0},
        "price_year": 2020,
        "currency": "CNY",
    }
    return iom.NewSector(**{**parts, **changes})


def told(error: type[iom.IOModelError], *words: str, by: Callable[[], object]) -> None:
    """Expect one of our errors whose message has all the words."""
    with pytest.raises(error) as caught:
        by()
    assert type(caught.value) is error
    missing = [word for word in words if word not in str(caught.value)]
    assert not missing, f"{missing} not in: {caught.value}"


def test_the_small_case_itself_is_fine() -> None:
    table = iom.insert(small(), shop())
    found = iom.channels(iom.leontief(table), direct=["new"])
    assert small().check().ok
    assert float(found.ratio.iloc[0]) > 0


# --- productivity --------------------------------------------------------------------------------


@given(economies(imports=False), st.floats(1.001, 5.0))
def test_spectral_radius_above_one(economy: Economy, factor: float) -> None:
    """All coefficients scaled until the radius is at `factor`; nothing of the rest is wrong."""
    radius = float(np.abs(np.linalg.eigvals(economy.coefficients)).max())
    size = factor / radius
    more = economy.flows * size
    output = pd.Series(economy.output, economy.codes)
    with pytest.warns(iom.ImbalanceWarning):
        table = iom.table(more, final_demand=economy.final, output=output)
    with pytest.raises(iom.NotProductiveError, match="Hawkins-Simon") as caught:
        iom.leontief(table)
    assert f"{factor:.4f}" in str(caught.value)
    assert any(code in str(caught.value) for code in economy.codes)
    iom.leontief(economy.table())


def test_sector_with_inputs_but_no_output() -> None:
    table = iom.table(
        flows([[20.0, 3.0, 5.0], [10.0, 4.0, 2.0], [0.0, 0.0, 0.0]]), output=series(90, 80, 0)
    )
    told(
        iom.NotProductiveError,
        "1 sectors buy inputs but have no output",
        "shops",
        by=lambda: iom.leontief(table, idle="keep"),
    )
    assert [item.check for item in table.check().items if item.severity == "error"] == [
        "inputs but no output"
    ]


def test_idle_sector() -> None:
    table = iom.table(
        flows([[20.0, 3.0, 0.0], [10.0, 4.0, 0.0], [0.0, 0.0, 0.0]]), output=series(90, 80, 0)
    )
    told(
        iom.NotProductiveError,
        "1 sectors are idle",
        "shops",
        'idle="keep"',
        by=lambda: iom.leontief(table),
    )
    kept = iom.leontief(table, idle="keep").L.to_numpy()
    assert kept[2].tolist() == [0.0, 0.0, 1.0]


def test_group_that_uses_up_its_own_output() -> None:
    circle = np.array([[0.0, 1.0], [1.0, 0.0]])
    told(iom.NotProductiveError, "singular", by=lambda: Factorised(circle))
    inner = Factorised(np.zeros((1, 1)))
    one = np.ones((1, 1))
    told(
        iom.NotProductiveError,
        "Schur complement",
        "[[0.0]]",
        by=lambda: Bordered(inner, one, one, np.zeros((1, 1))),
    )


def test_new_sectors_that_only_sell_to_each_other() -> None:
    pair = [
        shop(code="a", purchases={}, labour_income=0.0, from_new={"b": 1.0}),
        shop(code="b", purchases={}, labour_income=0.0, from_new={"a": 1.0}),
    ]
    told(iom.NotProductiveError, "singular", by=lambda: iom.insert(small(), pair))


# --- imports -------------------------------------------------------------------------------------


@given(economies(imports=True), st.integers(0, 2**32 - 1))
def test_competitive_table_is_refused(economy: Economy, seed: int) -> None:
    activity = made_activity(economy, np.random.default_rng(seed))
    table = economy.table(title="With imports")
    for call in (
        lambda: iom.leontief(table),
        lambda: iom.insert(table, activity.sectors, demand=activity.demand),
    ):
        told(iom.AccountingError, "'With imports' is competitive", "iom.domestic", by=call)
    assert iom.leontief(table, imports="as_domestic").A.shape == economy.flows.shape


def test_domestic_table_cannot_be_separated_again() -> None:
    told(iom.AccountingError, "Three sectors", "not stated", by=lambda: iom.domestic(small()))
    domestic = made_economy(3, np.random.default_rng(1), imports=True).domestic()
    told(
        iom.AccountingError,
        "'domestic'",
        "only a competitive table",
        by=lambda: iom.domestic(domestic),
    )


def test_official_split_must_be_there() -> None:
    table = made_economy(3, np.random.default_rng(1), imports=True).table()
    told(
        iom.AccountingError, "no official split", by=lambda: iom.domestic(table, method="official")
    )


def test_exports_must_be_named() -> None:
    table = small(
        imports=series(5, 10, 15),
        final_roles={"homes": "household", "abroad": "sales abroad"},
        primary_inputs=None,
    )
    told(
        iom.AccountingError,
        "Three sectors",
        "role exports",
        "homes, abroad",
        by=lambda: iom.domestic(table),
    )


# --- shares --------------------------------------------------------------------------------------


@given(st.floats(1.000001, 10.0))
def test_shares_above_one(share: float) -> None:
    bought = (Purchase("m_meals", "supply", "farms", share),)
    told(
        iom.SpecError, "'new'", "m_meals from farms", str(share), by=lambda: shop(purchases=bought)
    )
    told(iom.SpecError, "labour income", str(share), by=lambda: shop(labour_income=share))
    told(iom.SpecError, "purchases from p", by=lambda: shop(from_new={"p": share}))
    told(
        iom.SpecError,
        "demand 'gmv'",
        "additional share",
        str(share),
        by=lambda: demand(additional=share),
    )


@pytest.mark.parametrize("share", [-0.01, float("nan"), float("inf")])
def test_impossible_numbers(share: float) -> None:
    bought = (Purchase("m_meals", "supply", "farms", share),)
    told(iom.SpecError, "m_meals from farms", by=lambda: shop(purchases=bought))
    told(iom.SpecError, "output must be above zero", by=lambda: shop(output=share))
    told(iom.SpecError, "level of employment", by=lambda: shop(levels={"employment": share}))
    told(iom.SpecError, "shops", by=lambda: demand(amounts={"shops": share}))


def test_all_bad_shares_are_told_at_once() -> None:
    bought = (Purchase("rent", "supply", "shops", 1.5), Purchase("fuel", "supply", "mills", -0.2))
    told(
        iom.SpecError,
        "rent from shops: 1.5",
        "fuel from mills: -0.2",
        "labour income: 2",
        by=lambda: shop(purchases=bought, labour_income=2.0),
    )


@given(st.floats(0.05, 0.9), st.floats(0.001, 1.0))
def test_negative_residual(labour: float, excess: float) -> None:
    """Costs above the output leave a negative residual: the message says by how much."""
    costs = 1 - labour + min(excess, labour)
    bought = (Purchase("rent", "supply", "shops", costs),)
    told(
        iom.SpecError,
        "sector 'new'",
        f"{costs + labour:.4f} of output",
        f"{1 - costs - labour:.4f}",
        by=lambda: shop(purchases=bought, labour_income=labour),
    )


# --- units, years, bases, labels -----------------------------------------------------------------


def demand(**changes: Any) -> iom.NewDemand:
    parts: dict[str, Any] = {"item": "gmv", "channel": "e_commerce", "amounts": {"shops": 3.0}}
    return iom.NewDemand(**{**parts, **changes})


def with_jobs(table: iom.IOTable, **changes: Any) -> iom.IOTable:
    return table.with_satellite(replace(table.satellite("employment"), **changes))


def test_bases_mixed() -> None:
    heads = with_jobs(small(), basis="heads", unit="persons")
    told(
        iom.AccountingError,
        "bases are mixed",
        "'employment' counts heads",
        "'new' counts fte",
        by=lambda: iom.insert(heads, shop(basis="fte")),
    )
    years = iom.full_time(heads)
    iom.insert(years, shop(basis="fte"))
    told(iom.AccountingError, "counts fte already", by=lambda: iom.full_time(years))
    told(
        iom.AccountingError,
        "'new' counts work-days",
        by=lambda: iom.insert(years, shop(basis="work-days")),
    )


def test_price_years_mixed() -> None:
    told(
        iom.AccountingError,
        "2020",
        "2025",
        "'employment'",
        by=lambda: iom.insert(small(), shop(price_year=2025)),
    )
    told(
        iom.AccountingError,
        "[2020, 2025]",
        by=lambda: iom.insert(small(), shop(), demand=[demand(price_year=2025)]),
    )
    late = with_jobs(small(), year=2025)
    told(
        iom.AccountingError,
        "'employment' is of 2025",
        "2020",
        "growth",
        by=lambda: iom.multipliers(iom.leontief(late), of="employment"),
    )
    grown = with_jobs(small(), year=2025, growth=np.full(3, 1.3))
    told(
        iom.AccountingError,
        "prices of 2025",
        "prices of 2020",
        by=lambda: iom.insert(grown, shop(price_year=2020)),
    )
    iom.insert(grown, shop(price_year=2025))


def test_unit_of_unknown_size() -> None:
    told(
        iom.AccountingError,
        "'lakh CNY'",
        "unit_value",
        by=lambda: iom.insert(small(unit="lakh CNY"), shop()),
    )
    inserted = iom.insert(small(unit="lakh CNY", unit_value=1e5), shop(output=3e5))
    assert inserted.output["new"] == 3.0


def test_currencies_mixed() -> None:
    told(
        iom.AccountingError,
        "currencies are mixed: CNY, USD",
        by=lambda: iom.insert(small(), shop(currency="USD")),
    )
    told(
        iom.AccountingError,
        "EUR",
        by=lambda: iom.insert(small(), shop(), demand=[demand(currency="EUR")]),
    )


def test_sector_without_a_level() -> None:
    told(
        iom.SpecError,
        "'new'",
        "no level for the satellite 'employment'",
        by=lambda: iom.insert(small(), shop(levels={})),
    )


def test_duplicate_labels() -> None:
    twice = ["farms", "mills", "farms"]
    told(
        iom.LabelError,
        "1 labels stand more than once",
        "farms",
        by=lambda: iom.table(pd.DataFrame(SELL, twice, twice), output=series(1, 1, 1)),
    )
    again = pd.Series([1.0] * 4, [*CODES, "mills"])
    told(
        iom.LabelError,
        "output",
        "1 more than once: mills",
        by=lambda: iom.table(flows(), output=again),
    )
    model = iom.leontief(small())
    told(iom.LabelError, "mills", by=lambda: model.solve(pd.Series([1.0, 2.0], ["mills", "mills"])))


def test_unknown_labels() -> None:
    other = pd.Series([1.0, 2.0, 3.0], ["farms", "mills", "ships"])
    told(
        iom.LabelError,
        "output",
        "1 missing: shops",
        "1 unknown: ships",
        by=lambda: iom.table(flows(), output=other),
    )
    told(
        iom.LabelError,
        "transposed",
        by=lambda: small(final_demand=pd.DataFrame([[1.0, 2, 3]], ["homes"], CODES)),
    )
    told(iom.LabelError, "ships", by=lambda: iom.leontief(small()).solve(other))
    told(iom.LabelError, "exportz", by=lambda: small(final_roles={"exportz": "exports"}))
    told(
        iom.LabelError,
        "'co2'",
        "employment",
        by=lambda: iom.multipliers(iom.leontief(small()), of="co2"),
    )


def test_unknown_codes_of_new_sectors_are_told_at_once() -> None:
    bad = shop(
        code="mills",
        purchases=(Purchase("m_meals", "supply", "cafes", 0.3, "purchases!B7"),),
        from_new={"p": 0.1},
    )
    told(
        iom.LabelError,
        "4 problems",
        "mills: the table has this code already",
        "purchases!B7: unknown sector code 'cafes' (m_meals)",
        "buys from 'p'",
        "gmv: unknown sector code 'ships'",
        by=lambda: iom.insert(small(), bad, demand=[demand(amounts={"ships": 1.0})]),
    )


def test_inserting_twice() -> None:
    once = iom.insert(small(), shop())
    told(
        iom.AccountingError,
        "Three sectors",
        "inserted sectors already",
        by=lambda: iom.insert(once, shop(code="newer")),
    )
    told(iom.LabelError, "new: inserted twice", by=lambda: iom.insert(small(), [shop(), shop()]))


# --- households ----------------------------------------------------------------------------------


def test_consumption_above_income() -> None:
    model = iom.leontief(small())
    told(
        iom.AccountingError,
        "205 million CNY",
        "income of 170",
        "total_income",
        by=lambda: iom.close_households(model),
    )
    assert iom.close_households(model, total_income=205).respending == 1.0
    told(
        iom.AccountingError,
        "income of 204.9",
        by=lambda: iom.close_households(model, total_income=204.9),
    )


@pytest.mark.parametrize("propensity", [-0.1, 1.01, float("nan")])
def test_impossible_propensity(propensity: float) -> None:
    told(
        iom.AccountingError,
        f"propensity {propensity}",
        by=lambda: iom.close_households(iom.leontief(small()), propensity=propensity),
    )


def test_closing_twice_or_with_nothing() -> None:
    closed = iom.close_households(iom.leontief(small()), propensity=0.5)
    told(
        iom.AccountingError,
        "closed with respect to households already",
        by=lambda: iom.close_households(closed, propensity=0.5),
    )
    told(
        iom.LabelError,
        "primary input rows",
        "wages",
        "compensation",
        by=lambda: iom.close_households(closed.open, income="wages"),
    )
    told(
        iom.LabelError,
        "final demand columns",
        "homes",
        by=lambda: iom.close_households(closed.open, consumption="families"),
    )


def test_spending_that_feeds_itself() -> None:
    """All of output is pay and all pay is spent at home: the rounds never end."""
    all_pay = pd.DataFrame([[65.0, 120, 130]], ["compensation"], CODES)
    model = iom.leontief(small(primary_inputs=all_pay))
    with pytest.raises(iom.NotProductiveError):
        iom.close_households(model, propensity=1.0)
    iom.close_households(model, propensity=0.99)
    losses = pd.DataFrame([[80.0, 140, 150], [-15, -20, -20]], ["compensation", "surplus"], CODES)
    model = iom.leontief(small(primary_inputs=losses))
    told(
        iom.NotProductiveError,
        "brings back 1.1",
        "Lower the propensity",
        by=lambda: iom.close_households(model, propensity=1.0),
    )
    told(
        iom.AccountingError,
        "above output in 1 sectors",
        "shops (1.0",
        "'compensation'",
        by=lambda: iom.close_households(iom.leontief(small(primary_inputs=TOO_MUCH))),
    )


# --- results -------------------------------------------------------------------------------------


@given(st.floats(1e-8, 1.0), st.sampled_from([1e-6, 1.0, 1e9]))
def test_parts_that_miss_their_total(gap: float, size: float) -> None:
    total = np.array([1.0, 0.5]) * size
    assert must_add_up(total * (1 + 1e-12), total, what="jobs") <= 1e-11 * size
    told(
        iom.IdentityError,
        "jobs by mood: the parts differ",
        f"{total.max():.6g}",
        by=lambda: must_add_up(total * (1 + gap), total, what="jobs by mood"),
    )


def test_parts_that_are_not_numbers() -> None:
    total = np.ones(2)
    told(
        iom.IdentityError,
        "nan",
        by=lambda: must_add_up(np.array([1.0, np.nan]), total, what="jobs"),
    )


@given(economies(), st.sampled_from(["direct", "indirect", "induced", "effect"]))
def test_multipliers_with_a_wrong_part(economy: Economy, part: str) -> None:
    model = iom.close_households(iom.leontief(economy.domestic()), propensity=0.5)
    good = iom.multipliers(model, of="employment")
    wrong = getattr(good, part) + 1e-6 * good.effect.max()
    told(
        iom.IdentityError,
        "employment effects: the parts differ",
        by=lambda: replace(good, **cast(Any, {part: wrong})),
    )


def test_ratio_without_direct_jobs() -> None:
    table = iom.insert(small(), shop(levels={"employment": 0.0}))
    told(
        iom.AccountingError,
        "new: no direct jobs",
        by=lambda: iom.channels(iom.leontief(table), direct=["new"]),
    )
    told(
        iom.LabelError,
        "['mills']",
        "inserted are new",
        by=lambda: iom.channels(iom.leontief(table), direct=["mills"]),
    )
    told(
        iom.AccountingError,
        "no inserted sectors",
        by=lambda: iom.channels(iom.leontief(small()), direct=["new"]),
    )


def test_bad_cells_of_a_table() -> None:
    told(
        iom.AccountingError,
        "1 cells are not finite numbers",
        "primary_inputs(1, 2)",
        by=lambda: small(primary_inputs=TOO_MUCH.replace(-45, np.nan)),
    )
    with pytest.warns(iom.NegativeFlowWarning, match="1 intermediate flows are negative"):
        iom.table(flows([[-1.0, 2, 3], *SELL[1:]]), output=series(90, 80, 70))
    with pytest.warns(iom.ImbalanceWarning, match="farms: -10"):
        small(output=series(110, 200, 170))


def test_made_activities_differ_from_case_to_case() -> None:
    """A guard on the tests themselves: the random economies are not all alike."""
    made: list[Activity] = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        made.append(made_activity(made_economy(4, rng, imports=bool(seed % 2)), rng))
    ratios = [float(iom.channels(item.open, direct=["m"]).ratio.iloc[0]) for item in made]
    assert len({round(ratio, 6) for ratio in ratios}) == 5


IMPORTS = pd.Series([10.0, 20.0], ["a", "b"])


def two_sectors(**changes: Any) -> iom.IOTable:
    codes = ["a", "b"]
    flows = pd.DataFrame([[15.0, 50.0], [20.0, 10.0]], codes, codes)
    final = pd.DataFrame({"household": [40.0, 170.0], "exports": [5.0, 20.0]}, codes)
    parts: dict[str, Any] = {"final_demand": final, **changes}
    return iom.table(flows, **parts)


@pytest.mark.parametrize("stated", ["domestic", "not stated", "Competitive"])
def test_imports_make_a_table_competitive(stated: Any) -> None:
    with pytest.raises(iom.AccountingError, match="competitive"):
        two_sectors(imports=IMPORTS, import_treatment=stated)


def test_imports_are_positive() -> None:
    with pytest.raises(iom.AccountingError, match=r"negative in 2 sectors \(a, b\)"):
        two_sectors(imports=-IMPORTS)


def test_imports_are_no_final_demand() -> None:
    final = pd.DataFrame({"household": [40.0, 170.0], "imports": [-5.0, -20.0]}, ["a", "b"])
    with pytest.raises(iom.AccountingError, match=r"imports=\.\.\."):
        two_sectors(final_demand=final)


def test_a_misspelt_role() -> None:
    with pytest.raises(iom.LabelError, match="did you mean 'household'"):
        two_sectors(final_roles={"household": "hosehold"})


def test_a_basis_stated_on_one_side_only() -> None:
    table = two_sectors(satellites=pd.Series([10.0, 20.0], ["a", "b"], name="employment"))
    new = iom.NewSector(
        code="n",
        output=10.0,
        purchases={"a": 0.5},
        labour_income=0.2,
        levels={"employment": 3.0},
        basis="fte",
    )
    with pytest.raises(iom.AccountingError, match="bases are mixed"):
        iom.insert(table, new)
