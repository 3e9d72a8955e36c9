"""Social accounting matrices: what they give, and what is refused."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom

ACCOUNTS = ["farms", "shops", "labour", "homes", "state"]
FLOWS = pd.DataFrame(
    [
        [10.0, 20, 0, 40, 30],
        [30, 10, 0, 80, 30],
        [40, 60, 0, 0, 0],
        [0, 0, 100, 0, 50],
        [20, 60, 0, 30, 0],
    ],
    ACCOUNTS,
    ACCOUNTS,
).astype(float)
BLOCKS = {"production": ["farms", "shops"], "factors": ["labour"], "institutions": ["homes"]}


def model(matrix: pd.DataFrame = FLOWS, **changes: Any) -> iom.SAM:
    return iom.sam(matrix, **{"endogenous": BLOCKS, **changes})


def test_accounting_multipliers() -> None:
    got = model(unit="million EUR", currency="EUR", year=2020)
    x = FLOWS.sum().to_numpy()
    a = (FLOWS.to_numpy() / x)[:4, :4]
    assert got.A.to_numpy() == pytest.approx(a)
    assert got.M.to_numpy() == pytest.approx(np.linalg.inv(np.eye(4) - a))
    injected = FLOWS["state"].iloc[:4]
    assert got.solve(injected).to_numpy() == pytest.approx(x[:4])
    facts = got.describe()
    assert facts["endogenous accounts"] == 4
    assert facts["exogenous accounts"] == "state"
    assert "block factors: labour" in repr(got)


def test_columns_may_stand_in_another_order() -> None:
    turned = FLOWS[ACCOUNTS[::-1]]
    assert model(turned).M.to_numpy() == pytest.approx(model().M.to_numpy())


def test_multipliers_of_blocks_and_satellites() -> None:
    jobs = pd.Series([5.0, 30.0], ["farms", "shops"])
    got = model(satellites={"employment": jobs}, unit="million EUR", currency="EUR")
    m = got.M
    everything = iom.multipliers(got)
    assert (everything.kind, everything.form) == ("SAM", "simple")
    assert everything.effect[0] == pytest.approx(m.sum())
    production = iom.multipliers(got, of="production")
    assert production.effect[0] == pytest.approx(m.loc[["farms", "shops"]].sum())
    assert np.isnan(production.multiplier[0, 2])  # labour produces nothing itself
    employed = iom.multipliers(got, of="employment", per="thousand EUR")
    assert employed.effect[0] == pytest.approx(
        (0.05 * m.loc["farms"] + 0.2 * m.loc["shops"]) / 1000
    )
    leak = iom.multipliers(got, of="state").effect[0]
    assert leak == pytest.approx(np.ones(4))  # all that is injected leaks out in the end
    with pytest.raises(iom.LabelError, match="no account 'wages'"):
        iom.multipliers(got, of="wages")


def test_rounds_are_a_result_with_parts() -> None:
    rounds = model().decompose()
    frame = rounds.to_frame()
    parts = frame[["initial", "transfer", "open_loop", "closed_loop"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(frame["total"].to_numpy())
    assert rounds.residual < 1e-12
    # From farms to farms there is no open loop, from farms to homes no transfer.
    assert frame.loc[("farms", "farms"), "open_loop"] == 0.0
    assert frame.loc[("homes", "farms"), "transfer"] == 0.0
    assert "production, factors, institutions" in rounds.title
    product = rounds.M3.to_numpy() @ rounds.M2.to_numpy() @ rounds.M1.to_numpy()
    assert product == pytest.approx(model().M.to_numpy())
    with pytest.raises(iom.AccountingError, match="two blocks"):
        model(endogenous=["farms", "shops"]).decompose()


def changed(row: str, column: str, value: Any) -> pd.DataFrame:
    frame = FLOWS.astype(object) if isinstance(value, str) else FLOWS.copy()
    frame.loc[row, column] = value
    return frame


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"matrix": FLOWS.iloc[:4]}, iom.LabelError, "on one side only: state"),
        ({"matrix": FLOWS.rename({"shops": "farms"})}, iom.LabelError, "more than once: farms"),
        ({"matrix": FLOWS.to_numpy()}, iom.LabelError, "DataFrame"),
        ({"matrix": changed("farms", "homes", np.nan)}, iom.AccountingError, "farms, homes"),
        ({"matrix": changed("farms", "homes", "x")}, iom.AccountingError, "not numbers"),
        (
            {"matrix": changed("farms", "homes", 50.0)},
            iom.AccountingError,
            "(?s)2 accounts do not balance.*farms: receives 110, pays 100",
        ),
        ({"endogenous": ["farms", "banks"]}, iom.LabelError, "banks"),
        ({"endogenous": ["farms", "farms"]}, iom.LabelError, "more than once"),
        ({"endogenous": []}, iom.LabelError, "0 chosen"),
        ({"endogenous": {"a": "farms"}}, iom.LabelError, "lists"),
        ({"endogenous": ACCOUNTS}, iom.NotProductiveError, "never end"),
    ],
)
def test_what_is_refused(changes: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        model(**changes)


def test_rounding_is_allowed_by_name() -> None:
    off = changed("farms", "homes", 40.04)
    with pytest.raises(iom.AccountingError, match="do not balance"):
        model(off)
    assert model(off, tolerance=1e-3).M.shape == (4, 4)


def test_an_account_without_payments() -> None:
    empty = FLOWS.copy()
    empty.loc["idle"] = 0.0
    empty["idle"] = 0.0
    with pytest.raises(iom.NotProductiveError, match="without payments: idle"):
        model(empty, endogenous=[*ACCOUNTS[:4], "idle"])
