"""Derivatives, swings and Sobol indices against theory and against scipy."""

import math
from typing import Any

import numpy as np
import pytest
import scipy.stats

import iomodel as iom

A, B = 7.0, 0.1


def uniforms(low: float, high: float, count: int = 3) -> list[iom.Assumption]:
    return [
        iom.Assumption(id=f"x{k}", block=f"g{k}", item="", unit="ratio", low=low, high=high,
                       central=low + 0.4 * (high - low), distribution="uniform")
        for k in range(1, count + 1)
    ]  # fmt: skip


def ishigami(v: Any) -> dict[str, Any]:
    return {"y": np.sin(v["x1"]) + A * np.sin(v["x2"]) ** 2 + B * v["x3"] ** 4 * np.sin(v["x1"])}


def additive(v: Any) -> dict[str, Any]:
    return {"y": 3.0 * v["x1"] + 2.0 * v["x2"] + 1.0 * v["x3"]}


# Ishigami and Homma (1990); variances as in Saltelli and others (2008), section 4.
V1, V2 = 0.5 * (1 + B * math.pi**4 / 5) ** 2, A**2 / 8
V13 = B**2 * math.pi**8 * (1 / 18 - 1 / 50)
VARIANCE = V1 + V2 + V13


@pytest.fixture(scope="module")
def wave() -> iom.Sensitivity:
    inputs = uniforms(-math.pi, math.pi)
    return iom.sensitivity(ishigami, inputs, of="y", samples=8192, seed=3)


def test_ishigami_is_within_two_hundredths_of_theory(wave: iom.Sensitivity) -> None:
    groups = wave.groups.sort_index()
    assert groups["first"].to_numpy() == pytest.approx([V1 / VARIANCE, V2 / VARIANCE, 0], abs=0.02)
    totals = [(V1 + V13) / VARIANCE, V2 / VARIANCE, V13 / VARIANCE]
    assert groups["total"].to_numpy() == pytest.approx(totals, abs=0.02)
    for name in ("first", "total"):
        inside = (groups[f"{name} low"] <= groups[name]) & (groups[name] <= groups[f"{name} high"])
        assert inside.all()
    assert wave.evaluations == 5 * 8192


def test_a_group_takes_the_variance_of_its_members() -> None:
    together = {"both": ["x1", "x3"], "other": ["x2"]}
    inputs = uniforms(-math.pi, math.pi)
    found = iom.sensitivity(ishigami, inputs, of="y", samples=8192, groups=together).groups
    assert found.loc["both", "first"] == pytest.approx((V1 + V13) / VARIANCE, abs=0.02)
    assert found.loc["both", "total"] == pytest.approx((V1 + V13) / VARIANCE, abs=0.02)


def test_additive_function_has_shares_that_sum_to_one() -> None:
    found = iom.sensitivity(additive, uniforms(0.0, 1.0), of="y", seed=5).groups.sort_index()
    for name in ("first", "total"):
        assert found[name].to_numpy() == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.02)


def test_indices_agree_with_those_of_scipy(wave: iom.Sensitivity) -> None:
    def function(x: np.ndarray) -> np.ndarray:
        return np.asarray(ishigami({"x1": x[0], "x2": x[1], "x3": x[2]})["y"])

    one = scipy.stats.uniform(loc=-math.pi, scale=2 * math.pi)
    theirs = scipy.stats.sobol_indices(
        func=function, n=8192, dists=[one] * 3, random_state=np.random.default_rng(1)
    )
    groups = wave.groups.sort_index()
    assert groups["first"].to_numpy() == pytest.approx(theirs.first_order, abs=0.02)
    assert groups["total"].to_numpy() == pytest.approx(theirs.total_order, abs=0.02)


def test_derivatives_are_those_of_the_formula(wave: iom.Sensitivity) -> None:
    inputs = wave.inputs.sort_index()
    x1, x2, x3 = inputs["central"]
    exact = [
        math.cos(x1) * (1 + B * x3**4),
        A * math.sin(2 * x2),
        4 * B * x3**3 * math.sin(x1),
    ]
    assert inputs["derivative"].to_numpy() == pytest.approx(exact, rel=1e-13)
    assert inputs["elasticity"].to_numpy() == pytest.approx(
        np.array(exact) * [x1, x2, x3] / wave.central, rel=1e-13
    )


def test_swings_move_one_input_at_a_time() -> None:
    found = iom.sensitivity(additive, uniforms(0.0, 1.0), of="y")
    assert list(found.inputs.index) == ["x1", "x2", "x3"]
    assert found.inputs["swing"].to_numpy() == pytest.approx([3.0, 2.0, 1.0])
    assert found.inputs.loc["x2", "at low"] == pytest.approx(0.4 * 4)
    assert found.central == pytest.approx(2.4)
    assert "what drives" in repr(found).lower()


def test_a_function_with_a_kink_is_refused_not_misread() -> None:
    def kinked(v: Any) -> dict[str, Any]:
        return {"y": np.abs(v["x1"]) + v["x2"]}

    with pytest.raises(iom.IdentityError, match="no absolute value"):
        iom.sensitivity(kinked, uniforms(1.0, 2.0, 2), of="y", samples=64)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"of": "z"}, "no part"),
        ({"samples": 1000}, "a power of two"),
        ({"groups": {"g": ["x1", "x2"]}}, "x3: in no group"),
        ({"groups": {"g": ["x1", "x2"], "h": ["x2", "x3"]}}, "x2: in two groups"),
        ({"groups": {"g": ["x1", "x2", "x3", "w"]}}, "w: no such input"),
    ],
)
def test_bad_requests(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(iom.SpecError, match=words):
        iom.sensitivity(additive, uniforms(0.0, 1.0), **{"of": "y", "samples": 64, **changes})


def test_an_outcome_that_does_not_vary() -> None:
    with pytest.raises(iom.SpecError, match="does not vary"):
        iom.sensitivity(lambda v: {"y": 0 * v["x1"] + 2.0}, uniforms(0.0, 1.0), of="y", samples=64)


def test_shares_that_sum_to_one_stay_in_one_group() -> None:
    shares = [
        iom.Assumption(id=name, block="b", item="", unit="share", low=0.1, central=0.5, high=0.9,
                       distribution="triangular-normalised")
        for name in ("a", "c")
    ]  # fmt: skip
    with pytest.raises(iom.SpecError, match="several groups"):
        iom.sensitivity(
            lambda v: {"y": v["a"]}, shares, of="y", samples=64, groups={"g": ["a"], "h": ["c"]}
        )
