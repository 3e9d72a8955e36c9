"""Structural paths: frames, units, rows, and bad input."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.analysis.paths import paths
from tests.unit.small import JOBS, Z, built


def test_a_path_is_a_product_and_parts_add_up() -> None:
    table = built()
    model = iom.leontief(table)
    found = paths(model, demand="s", of="value_added", top=20)
    frame = found.to_frame()
    a, intensity = model.A, table.value_added / table.output
    row = frame.set_index("path").loc["s ← m ← a"]
    assert row["contribution"] == pytest.approx(intensity["a"] * a.loc["a", "m"] * a.loc["m", "s"])
    assert row["order"] == 2
    total = float(np.dot(intensity, model.L["s"]))
    assert found.total == pytest.approx(total)
    assert frame["contribution"].sum() + found.rest == pytest.approx(total)
    assert frame["cumulated"].iloc[-1] == pytest.approx(1 - found.rest / total)
    assert (frame["contribution"].diff().dropna() <= 0).all()
    assert list(frame.index) == list(range(1, 21))


def test_rounds_of_production() -> None:
    model = iom.leontief(built())
    demand = pd.Series({"a": 45.0, "s": 110.0}, name="export mix")
    rounds = paths(model, demand=demand, top=7).by_order()
    volume = demand.reindex(["a", "m", "s"], fill_value=0.0)
    for order in range(4):
        assert rounds["total"].iloc[order] == pytest.approx(volume.sum())
        volume = model.A @ volume
    assert rounds["cumulated"].iloc[-1] == pytest.approx(1.0)
    assert rounds["paths"].sum() == 7
    assert (rounds["listed"] + rounds["rest"]).to_numpy() == pytest.approx(rounds["total"])


def test_units_are_stated() -> None:
    model = iom.leontief(built(satellites={"employment": JOBS.loc[["old"]]}))
    one = paths(model, demand="a", of="employment")
    assert one.unit.endswith("per million EUR of final demand at 2020 prices")
    assert "final demand of a" in one.title
    demand = pd.Series({"a": 45.0}, name="households")
    level = paths(model, demand=demand)
    assert level.unit == "million EUR"
    assert "households" in level.title
    assert "all other paths" in repr(level)
    assert "← " in level._repr_html_()


def test_a_row_is_chosen_by_name() -> None:
    model = iom.leontief(built())
    old = paths(model, demand="a", of="employment", row="old")
    assert old.total == pytest.approx(float(np.dot(JOBS.loc["old"] / built().output, model.L["a"])))
    for row in (None, "none"):
        with pytest.raises(iom.LabelError, match=r"rows old, new: choose one, row='old'"):
            paths(model, demand="a", of="employment", row=row)
    assert paths(model, demand="a", of="output", row="output").unit


def test_threshold_and_depth_end_the_list() -> None:
    model = iom.leontief(built())
    found = paths(model, demand="m", threshold=0.01, top=None).to_frame()
    more = paths(model, demand="m", top=len(found) + 1).to_frame()
    assert found["share"].min() >= 0.01 > more["share"].iloc[-1]
    near = paths(model, demand="m", depth=1)
    assert near.to_frame()["order"].max() == 1
    assert list(near.by_order().index) == [0, 1, "beyond"]
    assert near.rest == pytest.approx(near.beyond)  # all paths of orders 0 and 1 are listed


def test_households_are_a_step_of_a_closed_model() -> None:
    closed = iom.close_households(iom.leontief(built()), propensity=0.8)
    found = paths(closed, demand="a", of="value_added", top=40)
    effect = iom.multipliers(closed, of="value_added").to_frame()["effect"]
    assert found.total == pytest.approx(float(effect["a"]))
    assert found.to_frame()["path"].str.contains("households").any()


def test_negative_coefficients_cancel_and_still_add_up() -> None:
    flows = Z.copy()
    flows.loc["a", "m"] = -30.0
    with pytest.warns(iom.NegativeFlowWarning):
        model = iom.leontief(iom.table(flows, output=built().output))
    found = paths(model, demand="m", top=30)
    frame = found.to_frame()
    assert (frame["contribution"] < 0).any()
    assert frame["contribution"].sum() + found.rest == pytest.approx(found.total)
    assert (frame["contribution"].abs().diff().dropna() <= 1e-15).all()


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"demand": "z"}, iom.LabelError, "unknown codes"),
        ({"of": "noise"}, iom.LabelError, "no account"),
        ({"top": 0}, iom.AccountingError, "top is 0"),
        ({"top": None}, iom.AccountingError, "no end of paths"),
        ({"threshold": -1.0}, iom.AccountingError, "threshold is -1"),
        ({"threshold": np.nan}, iom.AccountingError, "threshold is nan"),
        ({"depth": -1, "top": -1}, iom.AccountingError, r"top is -1[\s\S]*depth is -1"),
        ({"demand": pd.Series({"a": 0.0})}, iom.AccountingError, "causes no output"),
        ({"demand": pd.Series({"a": 1.0}), "per": 1e6}, iom.AccountingError, "one sector"),
    ],
)
def test_bad_input(changes: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        paths(iom.leontief(built()), **{"demand": "a", **changes})
