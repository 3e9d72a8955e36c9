"""The inverse question on functions whose answers can be written down."""

import math
from typing import Any

import numpy as np
import pytest

import iomodel as iom
from iomodel.analysis.inverse import CONDITION, NONE


def made(name: str, low: float = 1.0, central: float = 2.0, high: float = 3.0) -> iom.Assumption:
    return iom.Assumption(id=name, block="b", item=name, unit="ratio", low=low, central=central,
                          high=high, distribution="uniform")  # fmt: skip


PAIR = [made("a"), made("b", 0.0, 1.0, 10.0)]


def total(v: Any) -> dict[str, Any]:
    return {"total": v["a"] + v["b"], "other": v["a"] * 1.0}


def test_one_input_alone() -> None:
    found = iom.inverse(total, PAIR, of="total", target=5.0)
    assert found.inputs.loc["b", "value"] == pytest.approx(3.0, rel=1e-12)
    assert found.inputs.loc["a", "answer"] == NONE
    assert math.isnan(float(str(found.inputs.loc["a", "value"])))
    assert found.central == 3.0
    assert CONDITION in found.title
    assert CONDITION in repr(found)


def test_nearest_inputs_share_the_gap_by_their_variances() -> None:
    """Lagrange: deviations are in the ratio of the standard deviations, here 2 to 10."""
    found = iom.inverse(total, PAIR, of="total", target=3.5)
    moved = found.nearest["nearest"] - found.nearest["central"]
    assert moved["a"] == pytest.approx(0.5 * 4 / 104, rel=1e-4)
    assert moved["b"] == pytest.approx(0.5 * 100 / 104, rel=1e-4)
    assert found.distance == pytest.approx(0.5 / math.sqrt(104 / 12), rel=1e-4)


class AtMost:
    """The input b may not exceed a bound, and says how far it is from it."""

    def __init__(self, bound: float) -> None:
        self.bound = bound

    def __call__(self, v: Any) -> Any:
        return v["b"] <= self.bound + 1e-9

    def margins(self, v: Any) -> Any:
        return self.bound - v["b"]


def test_nearest_inputs_stay_inside_the_screens() -> None:
    """b would be 1 + 0.5 * 100 / 104; held at 1.2, a takes the rest of the gap."""
    rules = {"b small": AtMost(1.2)}
    found = iom.inverse(total, PAIR, of="total", target=3.5, screens=rules, draws=500)
    assert found.nearest["nearest"]["b"] == pytest.approx(1.2, abs=1e-6)
    assert found.nearest["nearest"]["a"] == pytest.approx(2.3, abs=1e-6)
    far = math.sqrt((0.3**2 / 4 + 0.2**2 / 100) * 12)
    assert found.distance == pytest.approx(far, rel=1e-6)
    assert found.inputs["refused by"].to_dict() == {"a": "", "b": "b small"}
    loose = iom.inverse(total, PAIR, of="total", target=3.5, screens={"b": AtMost(9.0)}, draws=500)
    free = iom.inverse(total, PAIR, of="total", target=3.5, screens={}, draws=500)
    assert loose.distance == pytest.approx(free.distance, rel=1e-6)


def test_screens_that_no_inputs_pass() -> None:
    hard = {"never there": AtMost(0.2)}
    assert iom.inverse(total, PAIR, of="total", target=5.0, screens=hard).nearest.empty
    mute = {"small": lambda v: v["b"] < 1.2}
    found = iom.inverse(total, PAIR, of="total", target=3.5, screens=mute, draws=500)
    assert math.isnan(found.distance)
    assert found.nearest.empty


def test_out_of_reach() -> None:
    found = iom.inverse(total, PAIR, of="total", target=99.0, draws=500)
    assert math.isnan(found.distance)
    assert found.nearest.empty
    assert (found.inputs["answer"] == NONE).all()
    assert found.posterior.empty
    assert ("nearest inputs, prior standard deviations", "out of reach") in found.facts()
    assert "too few" in str(found.facts()[-1])


def test_a_flat_likelihood_gives_the_prior_back() -> None:
    found = iom.inverse(total, PAIR, of="total", target=5.0, within=math.inf, draws=3_000)
    assert found.effective == pytest.approx(3_000)
    assert found.posterior["shift"].to_numpy() == pytest.approx(0.0, abs=1e-12)
    assert found.posterior["mean"].to_numpy() == pytest.approx(found.posterior["prior mean"])


def test_posterior_of_a_uniform_sum() -> None:
    """Given a + b = 5 with flat priors, a stays uniform over 1 to 3 and b is 5 - a."""
    found = iom.inverse(total, PAIR, of="total", target=5.0, within=0.05, draws=60_000)
    assert found.posterior.loc["a", "mean"] == pytest.approx(2.0, abs=0.05)
    assert found.posterior.loc["b", "mean"] == pytest.approx(3.0, abs=0.05)
    share = 0.05 * 2 * math.sqrt(math.pi) / 10  # sum of weights squared over sum of weights
    assert found.effective == pytest.approx(60_000 * share, rel=0.1)


def test_isoline() -> None:
    found = iom.inverse(total, PAIR, of="total", target=5.0, draws=100).isoline("a", "b", 5)
    assert found["a"].to_list() == [1.0, 1.5, 2.0, 2.5, 3.0]
    assert (found["a"] + found["b"]).to_numpy() == pytest.approx(5.0)
    beyond = iom.inverse(total, PAIR, of="total", target=12.5, draws=100).isoline("a", "b", 3)
    assert beyond["b"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize("pair", [("a", "z"), ("a", "a")])
def test_isolines_of_two_inputs_with_a_range(pair: tuple[str, str]) -> None:
    found = iom.inverse(total, PAIR, of="total", target=5.0, draws=100)
    with pytest.raises(iom.SpecError, match="two inputs with a range"):
        found.isoline(*pair)


def test_of_two_answers_the_one_nearest_to_central() -> None:
    def bowl(v: Any) -> dict[str, Any]:
        return {"y": (v["a"] - 1.8) ** 2}

    found = iom.inverse(bowl, [made("a")], of="y", target=0.25, draws=100)
    assert found.inputs.loc["a", "value"] == pytest.approx(2.3)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": math.nan}, "target nan"),
        ({"within": 0.0}, "within 0.0"),
        ({"of": "sum"}, "no part"),
        ({"draws": 0}, "draws: 0"),
    ],
)
def test_bad_requests(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(iom.SpecError, match=words):
        iom.inverse(total, PAIR, **{"of": "total", "target": 5.0, "draws": 100, **changes})


def test_forward_results_do_not_depend_on_the_target() -> None:
    before = iom.uncertainty(total, PAIR, draws=500)
    for target in (3.0, 8.0):
        iom.inverse(total, PAIR, of="total", target=target, draws=500)
        after = iom.uncertainty(total, PAIR, draws=500)
        assert np.array_equal(before.values, after.values)
