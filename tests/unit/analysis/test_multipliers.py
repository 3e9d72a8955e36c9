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
