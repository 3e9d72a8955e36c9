"""Effects and multipliers of output, value added, primary inputs and several rows of jobs."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, JOBS, F, V, X, Z, built

L = np.linalg.inv(np.eye(3) - Z.to_numpy() / X.to_numpy())


def model(table: iom.IOTable | None = None) -> iom.Leontief:
    f = F.assign(household=F["household"] / 2, exports=F["exports"] + F["household"] / 2)
    return iom.leontief(table or built(final_demand=f))


def test_output() -> None:
    got = iom.multipliers(model())
    assert got.effect[0] == pytest.approx(L.sum(axis=0))
    assert got.multiplier[0] == pytest.approx(L.sum(axis=0))
    assert (got.kind, got.of) == ("Type I", "output")
    frame = got.to_frame()
    parts = ["direct", "indirect", "first_round", "industrial_support", "induced"]
    assert list(frame.columns) == ["name", "effect", "multiplier", *parts, "unit"]
    assert list(frame.index) == CODES
    assert not frame["induced"].any()


def test_value_added_sums_to_one_without_imports() -> None:
    assert iom.multipliers(model(), of="value_added").effect[0] == pytest.approx([1.0] * 3)


def test_compensation() -> None:
    got = iom.multipliers(model(), of="compensation")
    wage = V.loc["compensation"].to_numpy() / X.to_numpy()
    assert got.effect[0] == pytest.approx(wage @ L)
    assert got.multiplier[0] == pytest.approx((wage @ L) / wage)
    assert "million EUR per million EUR" in got.title


def test_a_role_of_several_rows_is_their_sum() -> None:
    table = built(primary_roles={"surplus": "compensation"})
    got = iom.multipliers(model(table), of="compensation")
    assert got.direct[0] == pytest.approx(V.sum().to_numpy() / X.to_numpy())
    alone = iom.multipliers(model(table), of="surplus")
    assert alone.direct[0] == pytest.approx(V.loc["surplus"].to_numpy() / X.to_numpy())


def test_employment_with_several_rows() -> None:
    got = iom.multipliers(model(), of="employment")
    want = JOBS.to_numpy() / X.to_numpy() @ L
    assert got.effect == pytest.approx(want)
    frame = got.to_frame()
    assert frame.index.names == ["account", "code"]
    effect = frame["effect"].to_dict()
    assert effect[("new", "m")] == pytest.approx(want[1, 1])
    assert [effect[("old", code)] for code in CODES] == pytest.approx(want[0].tolist())


def test_a_ratio_to_nothing_is_no_number() -> None:
    got = iom.multipliers(model(), of="employment")
    assert np.isnan(got.multiplier[1, 2])
    assert got.effect[1, 2] > 0.0
    assert np.isfinite(got.multiplier[0]).all()


@pytest.mark.parametrize("of", ["output", "value_added", "compensation", "employment"])
def test_type_two_adds_an_induced_part(of: str) -> None:
    one, two = model(), iom.close_households(model(), propensity=0.5)
    simple, total = iom.multipliers(one, of=of), iom.multipliers(two, of=of)
    assert total.kind == "Type II"
    assert total.direct == pytest.approx(simple.direct)
    assert total.indirect == pytest.approx(simple.indirect)
    assert (total.induced > 0.0).all()
    assert total.residual < 1e-12
    whole = np.linalg.inv(np.eye(4) - two.A.to_numpy())[:3, :3]
    assert total.effect == pytest.approx(simple.direct @ whole)


def test_an_unknown_account_names_those_there_are() -> None:
    with pytest.raises(iom.LabelError, match="hours") as caught:
        iom.multipliers(model(), of="hours")
    for text in ("output", "value_added", "employment", "compensation", "surplus"):
        assert text in str(caught.value)


def test_years_must_not_be_mixed() -> None:
    account = iom.Satellite(
        name="later", rows=iom.Labels(codes=("x",)), values=JOBS.loc[["old"]].to_numpy(), year=2025
    )
    with pytest.raises(iom.AccountingError, match="later"):
        iom.multipliers(model(built().with_satellite(account)), of="later")


def test_parts_that_do_not_add_up_are_refused() -> None:
    labels, row = iom.Labels(codes=("a",)), iom.Labels(codes=("x",))
    one = np.ones((1, 1))
    for effect in (3.1 * one, np.full((1, 1), np.nan)):
        with pytest.raises(iom.IdentityError, match="jobs"):
            iom.Multipliers(
                of="jobs", labels=labels, rows=row, direct=one, indirect=one, induced=one,
                effect=effect, kind="Type II", unit="", provenance=(),
            )  # fmt: skip


def test_imports_are_no_value_added() -> None:
    imports = pd.Series([17.0, 46.0, 36.0], CODES)
    f = F.assign(household=F["household"] + imports)
    table = iom.domestic(built(final_demand=f, imports=imports))
    effect = iom.multipliers(iom.leontief(table), of="value_added").effect[0]
    bought = iom.multipliers(iom.leontief(table), of="imports").effect[0]
    assert (effect < 1.0).all()
    assert effect + bought == pytest.approx([1.0] * 3)


# --- parts, forms and units ----------------------------------------------------------------------


def test_first_round_and_industrial_support() -> None:
    a = Z.to_numpy() / X.to_numpy()
    frame = iom.multipliers(model()).to_frame()
    assert frame["first_round"].to_numpy() == pytest.approx(a.sum(axis=0))
    support = (L - np.eye(3) - a).sum(axis=0)
    assert frame["industrial_support"].to_numpy() == pytest.approx(support)
    assert frame["unit"].unique().tolist() == ["million EUR per million EUR"]


def test_ratios_by_the_names_of_publishers() -> None:
    closed = iom.close_households(model(), propensity=0.5)
    found = iom.multipliers(closed, of="compensation")
    ratios, frame = found.ratios(), found.to_frame()
    direct = frame["direct"]
    assert ratios["first round"].to_numpy() == pytest.approx(1 + frame["first_round"] / direct)
    assert ratios["simple"].to_numpy() == pytest.approx(1 + frame["indirect"] / direct)
    assert ratios["all"].to_numpy() == pytest.approx(frame["multiplier"])
    assert ratios["flow-on"].to_numpy() == pytest.approx(frame["multiplier"] - 1)


def test_forms_of_a_closed_model() -> None:
    closed = iom.close_households(model(), propensity=0.5)
    truncated, total = iom.multipliers(closed), iom.multipliers(closed, form="total")
    inverse = closed.L.to_numpy()
    assert truncated.effect[0] == pytest.approx(inverse[:3, :3].sum(axis=0))
    assert total.effect[0] == pytest.approx(inverse[:, :3].sum(axis=0))
    assert "household_row" not in truncated.to_frame()
    assert total.to_frame()["household_row"].to_numpy() == pytest.approx(inverse[3, :3])
    assert "Type II, total" in total.title
    assert "Type II, truncated" in truncated.title
    jobs = iom.multipliers(closed, of="employment", form="total")
    assert jobs.household_row is not None
    assert not jobs.household_row.any()  # households employ nobody here
    plain = iom.multipliers(closed.open, form="total")
    assert (plain.form, plain.household_row) == ("simple", None)
    with pytest.raises(iom.AccountingError, match="truncated or total"):
        iom.multipliers(closed, form="both")  # type: ignore[arg-type]


def in_tens() -> iom.Leontief:
    """Jobs in 10,000 persons, money in millions of euros."""
    account = iom.Satellite(
        name="employment",
        rows=iom.Labels(codes=("x",)),
        values=JOBS.loc[["old"]].to_numpy(),
        unit="10,000 persons",
        unit_value=1e4,
        year=2020,
    )
    return model(model().table.with_satellite(account))


@pytest.mark.parametrize(
    ("per", "factor", "unit"),
    [
        (None, 1.0, "10,000 persons per million EUR of final demand at 2020 prices"),
        (1e6, 1e4, "persons per million EUR of final demand at 2020 prices"),
        ("million EUR", 1e4, "persons per million EUR of final demand at 2020 prices"),
        ("1,000 EUR", 10.0, "persons per 1,000 EUR of final demand at 2020 prices"),
        (1e9, 1e7, "persons per billion EUR of final demand at 2020 prices"),
        (1.0, 1e-2, "persons per 1 EUR of final demand at 2020 prices"),
    ],
)
def test_units_that_people_read(per: float | str | None, factor: float, unit: str) -> None:
    found = iom.multipliers(in_tens(), of="employment", per=per)
    want = JOBS.loc["old"].to_numpy() / X.to_numpy() @ L
    assert found.effect[0] == pytest.approx(factor * want)
    assert found.unit == unit
    assert unit in repr(found)
    assert set(found.to_frame()["unit"]) == {unit}
    assert found.multiplier[0] == pytest.approx(
        iom.multipliers(in_tens(), of="employment").multiplier[0]
    )


def test_money_per_money_keeps_its_figures() -> None:
    plain, scaled = (iom.multipliers(model(), of="value_added", per=per) for per in (None, 1e9))
    assert scaled.effect == pytest.approx(plain.effect)
    assert scaled.unit == "billion EUR per billion EUR"


@pytest.mark.parametrize("per", ["million USD", "a lot", -1.0, 0.0, float("nan")])
def test_an_amount_that_makes_no_sense(per: float | str) -> None:
    with pytest.raises(iom.AccountingError, match="per="):
        iom.multipliers(in_tens(), of="employment", per=per)


def test_a_table_without_a_unit_has_no_amounts() -> None:
    with pytest.raises(iom.AccountingError, match="states no unit"):
        iom.multipliers(model(built(unit="", currency="")), of="output", per=1e6)


@pytest.mark.parametrize(
    ("unit", "single"),
    [("10,000 persons", "persons"), ("万人", "人"), ("thousand jobs", "jobs"), ("10,000", "fte")],
)
def test_single_units_of_an_account(unit: str, single: str) -> None:
    account = iom.Satellite(
        name="work",
        rows=iom.Labels(codes=("x",)),
        values=JOBS.loc[["old"]].to_numpy(),
        unit=unit,
        unit_value=1e4,
        basis="fte",
    )
    found = iom.multipliers(model(built().with_satellite(account)), of="work", per=1e6)
    assert found.unit.startswith(f"{single} per million EUR")


def test_rows_in_several_units() -> None:
    account = iom.Satellite(
        name="stress",
        rows=iom.Labels(codes=("co2", "energy")),
        values=JOBS.to_numpy(),
        units=("t", "TJ"),
    )
    frame = iom.multipliers(model(built().with_satellite(account)), of="stress").to_frame()
    units = frame["unit"].groupby(level="account").unique().to_dict()
    assert {key: list(value) for key, value in units.items()} == {
        "co2": ["t per million EUR of final demand"],
        "energy": ["TJ per million EUR of final demand"],
    }


def test_what_homes_emit_themselves_counts_with_their_row() -> None:
    """6 t from homes that spend 120 of 210: 6 / 210 per unit of income."""
    direct = np.array([[0.0, 30.0, 0.0]])
    account = iom.Satellite(
        name="co2", rows=iom.Labels(codes=("co2",)), values=direct, final=np.array([[6.0, 0.0]])
    )
    closed = iom.close_households(model(model().table.with_satellite(account)))
    truncated, total = (
        iom.multipliers(closed, of="co2"),
        iom.multipliers(closed, of="co2", form="total"),
    )
    income = iom.multipliers(closed, of="compensation").effect
    assert total.household_row is not None
    assert total.household_row == pytest.approx(6 / 210 * income)
    assert total.effect == pytest.approx(truncated.effect + 6 / 210 * income)
    later = iom.Satellite(
        name="co2", rows=account.rows, values=direct, final=account.final, year=2021,
        growth=np.ones(3),
    )  # fmt: skip
    closed = iom.close_households(model(model().table.with_satellite(later)))
    assert iom.multipliers(closed, of="co2").effect == pytest.approx(truncated.effect)
    with pytest.raises(iom.AccountingError, match="no growth"):
        iom.multipliers(closed, of="co2", form="total")
