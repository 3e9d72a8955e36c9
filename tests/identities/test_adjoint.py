"""The gradient of the ratio on random tables and along the chain of the micro drama study."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.kernels.adjoint import ratio_gradient
from iomodel.kernels.linear import Array, Factorised
from tests.studies import recomputation as plain

STEP = 1e-6


def ratio(a: Array, e: Array, f: Array, direct: np.ndarray) -> float:
    jobs = e * np.linalg.solve(np.eye(len(a)) - a, f)
    return float(jobs.sum() / jobs[direct].sum() - 1.0)


@given(st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_gradient_is_the_central_difference(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = rng.random((n, n))
    a *= 0.8 * rng.random(n) / a.sum(axis=0)
    e, f = rng.random(n) + 0.1, rng.random(n) + 0.1
    direct = np.arange(n) < 1 + rng.integers(n - 1)
    found = ratio_gradient(Factorised(a), e, f, direct)
    assert found.ratio == pytest.approx(ratio(a, e, f, direct), rel=1e-12)
    scale = 1.0 + found.ratio
    assert found.demand @ f == pytest.approx(0.0, abs=1e-10 * scale)
    assert found.intensity @ e == pytest.approx(0.0, abs=1e-10 * scale)
    i, j = rng.integers(n, size=2)
    move = np.zeros((n, n))
    move[i, j] = STEP
    line = move[:, j]  # moves element i
    ends = {
        "A": [ratio(a + s * move, e, f, direct) for s in (1, -1)],
        "F": [ratio(a, e, f + s * line, direct) for s in (1, -1)],
        "e": [ratio(a, e + s * line, f, direct) for s in (1, -1)],
    }
    slopes = {name: (up - down) / (2 * STEP) for name, (up, down) in ends.items()}
    assert found.coefficients[i, j] == pytest.approx(slopes["A"], rel=1e-6, abs=1e-6 * scale)
    assert found.demand[i] == pytest.approx(slopes["F"], rel=1e-6, abs=1e-6 * scale)
    assert found.intensity[i] == pytest.approx(slopes["e"], rel=1e-6, abs=1e-6 * scale)


def test_the_chain_of_the_study_gives_the_same_derivatives() -> None:
    """Two routes: one adjoint solve of the whole bordered system, and the reduced form."""
    china = iom.read(iom.example("china-2020"))
    drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    run = iom.derive(drama, china).forward
    pattern, scope = "census2020", "all"
    ours = iom.sensitivity(run, drama, of=("ratio", scope, pattern), samples=64)
    table, _, study = plain.read(plain.TABLE, plain.STUDY)
    home = plain.proportional(table)

    def system(value: dict[str, float]) -> tuple[Array, Array, Array]:
        drawn = plain.Study(value, study.spread)
        model = plain.economy(table, drawn, home)
        e = np.zeros(plain.FIRST + len(table.codes))
        e[plain.M] = plain.direct_labour(drawn)["fte"] / model.output_m
        e[plain.P] = value["p_staff"] / (value["p_wage"] * value["p_on_cost"]) * 1e3
        e[plain.FIRST :] = plain.labour(table, drawn, pattern)
        return plain.bordered(model, True), plain.demand(model, scope), e

    a, f, e = system(study.value)
    direct = np.arange(len(e)) == plain.M
    found = ratio_gradient(Factorised(a), e, f, direct)
    assert found.ratio == pytest.approx(ours.central, rel=1e-11)
    compared = []
    for key, value in study.value.items():
        step = 1e-4 * value
        up, down = ({**study.value, key: value + move} for move in (step, -step))
        da, df, de = (
            (one - other) / (2 * step) for one, other in zip(system(up), system(down), strict=True)
        )
        slope = found.demand @ da @ found.output + found.demand @ df + found.intensity @ de
        told = float(str(ours.inputs.loc[key, "derivative"]))
        assert told * value == pytest.approx(slope * value, rel=1e-6, abs=1e-7), key
        compared += [key] if abs(slope * value) > 1e-4 else []
    assert len(compared) >= 35
