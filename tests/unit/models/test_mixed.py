"""Output given for some sectors: partition by hand, and bad input."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.models.mixed import mixed
from tests.unit.small import CODES, X, Z, built

A = (Z / X).to_numpy()


def model() -> iom.Leontief:
    return iom.leontief(built(final_demand=(X - Z.sum(axis=1)).to_frame("household")))


def test_by_partition() -> None:
    """Miller and Blair (2009), section 13.2: the endogenous part by its own smaller system."""
    found = mixed(model(), output={"m": 250.0}, final_demand=pd.Series({"a": 40.0, "s": 100.0}))
    free = [0, 2]
    right = np.array([40.0, 100.0]) + A[free, 1] * 250.0
    x = np.linalg.solve(np.eye(2) - A[np.ix_(free, free)], right)
    assert found.output[free] == pytest.approx(x)
    assert found.output[1] == 250.0
    assert found.final_demand[1] == pytest.approx(250 * (1 - A[1, 1]) - A[1, free] @ x)
    assert found.to_frame()["given"].to_list() == ["final_demand", "output", "final_demand"]
    assert found.residual < 1e-10
    assert "million EUR" in found.title


def test_the_table_gives_itself_back() -> None:
    made = model()
    final = made.table.final_demand["household"]
    found = mixed(made, output=X[["s"]], final_demand=final[["a", "m"]])
    assert found.output == pytest.approx(X.to_numpy())
    assert found.final_demand == pytest.approx(final.to_numpy())
    every = mixed(made, output=X)
    assert every.final_demand == pytest.approx(final.to_numpy())


def test_a_strike_reaches_suppliers() -> None:
    found = mixed(model(), output={"m": -30.0})
    assert (found.output < 0).all()
    assert found.final_demand[[0, 2]].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"output": {"q": 1.0}}, iom.LabelError, "unknown"),
        ({"output": {"a": np.nan}}, iom.AccountingError, "finite"),
        ({"output": {}}, iom.AccountingError, "no output"),
        (
            {"output": {"a": 1.0}, "final_demand": pd.Series({"a": 1.0})},
            iom.LabelError,
            "both output and final demand",
        ),
    ],
)
def test_bad_input(wrong: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        mixed(model(), **wrong)


def test_closed_model_is_refused() -> None:
    with pytest.raises(iom.AccountingError, match="open"):
        mixed(iom.close_households(model(), total_income=400.0), output={CODES[0]: 1.0})
