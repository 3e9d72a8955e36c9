"""Several groups of households: multipliers between them, and what is refused."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from tests.unit.small import CODES, F, V, X, Z, built

PAY = pd.DataFrame([[10.0, 50.0, 40.0], [20.0, 30.0, 60.0]], ["pay r", "pay u"], CODES)
BUYS = pd.DataFrame({"rural": [20.0, 30.0, 10.0], "urban": [5.0, 40.0, 35.0]}, CODES)
INCOME = {"rural": "pay r", "urban": "pay u"}
CONSUMPTION = {"rural": "rural", "urban": "urban"}


def model(**changes: Any) -> iom.Leontief:
    rest = (F.sum(axis=1) - BUYS.sum(axis=1)).rename("exports")
    parts = {"final_demand": BUYS.join(rest), "primary_inputs": pd.concat([PAY, V.iloc[1:]])}
    return iom.leontief(built(**{**parts, **changes}))


def closed(**changes: Any) -> iom.ClosedGroups:
    parts: dict[str, Any] = {"income": INCOME, "consumption": CONSUMPTION, **changes}
    found: iom.ClosedGroups = iom.close_households(model(), **parts)
    return found


def test_interrelational_multipliers() -> None:
    got = closed()
    b = np.linalg.inv(np.eye(3) - Z.to_numpy() / X.to_numpy())
    v = PAY.to_numpy() / X.to_numpy()
    c = BUYS.to_numpy() / PAY.to_numpy().sum(axis=1)
    assert got.inter_income.to_numpy() == pytest.approx(v @ b @ c)
    k = np.linalg.inv(np.eye(2) - v @ b @ c)
    assert got.K.to_numpy() == pytest.approx(k)
    assert list(got.K.index) == list(got.K.columns) == ["rural", "urban"]
    assert got.income_multipliers.loc["urban", "m"] == pytest.approx((k @ v @ b)[1, 1])
    assert got.L.to_numpy() == pytest.approx(np.linalg.inv(np.eye(5) - got.A.to_numpy()))
    assert list(got.L.index) == [*CODES, "rural", "urban"]


def test_multipliers_of_groups() -> None:
    got = closed()
    total = iom.multipliers(got, form="total")
    assert total.kind == "Type II, 2 groups of households"
    assert total.household_row is not None
    assert total.household_row[0] == pytest.approx(got.income_multipliers.sum())
    rural = iom.multipliers(got, of="pay r")
    assert rural.effect[0] == pytest.approx(got.income_multipliers.loc["rural"])


def test_groups_that_pay_each_other() -> None:
    """Urban households pay 6 to rural ones, the rural 2 to each other."""
    paid = pd.DataFrame({"rural": [2.0], "urban": [6.0]}, ["pay r"])
    got = iom.close_households(model(final_primary=paid), income=INCOME, consumption=CONSUMPTION)
    a = got.A.to_numpy()
    assert a[3:, 3:] == pytest.approx(np.array([[2 / 108, 6 / 110], [0.0, 0.0]]))
    assert got.K.to_numpy() == pytest.approx(np.linalg.inv(np.eye(5) - a)[3:, 3:])
    found = iom.multipliers(got, of="pay r", form="total")
    assert found.effect[0] == pytest.approx(got.income_multipliers.loc["rural"])


def test_totals_and_propensities_by_group() -> None:
    got = closed(propensity={"rural": 0.5, "urban": 0.25})
    assert [group.respending for group in got.groups] == [0.5, 0.25]
    got = closed(total_income={"rural": 120.0, "urban": 160.0})
    assert [group.respending for group in got.groups] == [0.5, 0.5]
    facts = got.describe()
    assert facts["rural: income in the table"] == "120 million EUR"
    assert facts["urban: household outlay in the table"] == "80 million EUR"
    assert facts["model"] == "Leontief, closed with 2 groups of households"
    assert "rural: pay r, rural, 0.5" in got.table.meta.provenance[-1]


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"consumption": {"rural": "rural"}}, iom.LabelError, "groups are rural, urban"),
        ({"propensity": {"rural": 0.5, "town": 0.1}}, iom.LabelError, "propensity: rural, town"),
        ({"consumption": "rural"}, iom.LabelError, "both income and consumption"),
        ({"income": {}, "consumption": {}}, iom.LabelError, "groups are none"),
        ({"total_income": 200.0}, iom.AccountingError, "by group"),
        (
            {"income": {"rural": "pay r", "urban": ["pay r", "pay u"]}},
            iom.AccountingError,
            "row pay r: rural, urban",
        ),
        (
            {"consumption": {"rural": "rural", "urban": ["rural", "urban"]}, "propensity": 0.5},
            iom.AccountingError,
            "column rural: rural, urban",
        ),
        (
            {"income": {"a": "pay r", "b": "pay u"}, "consumption": {"a": "rural", "b": "urban"}},
            iom.LabelError,
            "code of a sector: a",
        ),
        ({"income": {"rural": "pay", "urban": "pay u"}}, iom.LabelError, "'pay'"),
    ],
)
def test_what_is_refused(changes: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        closed(**changes)


def test_groups_are_closed_once_and_by_group() -> None:
    with pytest.raises(iom.AccountingError, match="already"):
        iom.close_households(closed())
    with pytest.raises(iom.AccountingError, match="by group need groups"):
        iom.close_households(model(), income="pay r", propensity={"rural": 0.5})  # type: ignore[call-overload]


def test_rounds_that_never_end() -> None:
    rich = pd.concat([PAY, V.iloc[1:] * 0])
    rich.loc["pay u"] += V.loc["surplus"] + V.loc["compensation"] - PAY.sum()
    with pytest.raises(iom.NotProductiveError, match="rounds never end"):
        iom.close_households(
            model(primary_inputs=rich), income=INCOME, consumption=CONSUMPTION, propensity=1.0
        )


def test_channels_know_one_kind_of_household() -> None:
    new = iom.NewSector(
        code="new", output=5.0, purchases={"a": 0.2}, labour_income=0.4,
        levels={"employment": 7.0}, currency="EUR", price_year=2020,
    )  # fmt: skip
    table = built(
        final_demand=model().table.final_demand,
        primary_inputs=pd.concat([PAY, V.iloc[1:]]),
        primary_roles={"pay r": "compensation"},
    )
    inserted = iom.leontief(iom.insert(table, new))
    grouped = iom.close_households(inserted, income=INCOME, consumption=CONSUMPTION)
    with pytest.raises(iom.AccountingError, match="one kind of household"):
        iom.channels(grouped, direct=["new"])


def test_extraction_takes_the_open_model() -> None:
    with pytest.raises(iom.AccountingError, match="open model"):
        iom.extraction(closed())
