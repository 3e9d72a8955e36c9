"""Ranges of an unknown split: knowledge is held, seeds repeat, impossible requests are named."""

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.transforms.split_range import split_range
from tests.unit import small

WEIGHTS = {"m1": 0.4, "m2": 0.6}


def test_the_same_seed_gives_the_same_draws() -> None:
    one, two, other = (
        split_range(small.built(), "m", WEIGHTS, draws=20, seed=seed, steps=300)
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.multipliers, two.multipliers)
    assert not np.array_equal(one.multipliers, other.multipliers)
    assert one.draw(3).flows.intermediate.tolist() == two.draw(3).flows.intermediate.tolist()


def test_the_parts_vary_more_than_the_others() -> None:
    found = split_range(small.built(), "m", WEIGHTS, draws=200, seed=1)
    frame = found.to_frame()
    assert set(frame.index[:2]) == {"m1", "m2"}
    assert (frame["lowest"] <= frame["low"]).all()
    assert (frame["high"] <= frame["highest"]).all()
    assert "standard errors" in repr(found)
    assert found.draw(0).meta.provenance[-1] == "split_range(draw 0, seed=1)"
    assert len(list(found.draws())) == len(found) == 200


def test_what_is_known_is_held() -> None:
    known = pd.DataFrame({"m1": [0.3, 0.4], "m2": [0.7, 0.6]}, ["a", "compensation"])
    found = split_range(small.built(), "m", WEIGHTS, inputs=known, draws=5, seed=1, steps=400)
    start = found.table
    for fine in found.draws():
        for frame, held in ((start.intermediate, fine.intermediate),):
            np.testing.assert_array_equal(frame.loc["a", ["m1", "m2"]], held.loc["a", ["m1", "m2"]])
        np.testing.assert_array_equal(
            start.primary_inputs.loc["compensation"], fine.primary_inputs.loc["compensation"]
        )
        assert not np.isclose(*(t.flows.intermediate[3, 1] for t in (fine, start)))


def test_nothing_to_vary_and_too_few_draws_are_refused() -> None:
    everything = pd.DataFrame(
        {"m1": [0.4] * 4, "m2": [0.6] * 4}, ["a", "s", "compensation", "surplus"]
    )
    sold = pd.DataFrame({"m1": [0.4] * 4, "m2": [0.6] * 4}, ["a", "s", "household", "exports"])
    flows = small.Z.copy()
    flows.loc["m", "m"] = 0.0
    table = small.built(intermediate=flows, output=None, primary_inputs=small.V)
    with pytest.raises(iom.AccountingError, match="nothing is left to vary"):
        split_range(table, "m", WEIGHTS, inputs=everything, sales=sold)
    with pytest.raises(iom.AccountingError, match="1 draws"):
        split_range(small.built(), "m", WEIGHTS, draws=1)
