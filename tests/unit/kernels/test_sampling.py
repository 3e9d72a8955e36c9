"""Draws meet the moments of their distribution; the same seed gives the same draws."""

import math

import numpy as np
import pytest

from iomodel.errors import SpecError
from iomodel.kernels.sampling import (
    CHUNK,
    Marginals,
    chunks,
    gaussian_copula,
    quantile_error,
    uniforms,
)

DRAWS = 200_000
LOW, MODE, HIGH = 1.0, 2.0, 5.0


def one(kind: str, low: float = LOW, mode: float = MODE, high: float = HIGH) -> Marginals:
    return Marginals(
        names=("x",),
        kinds=(kind,),
        low=np.array([low]),
        mode=np.array([mode]),
        high=np.array([high]),
        least=np.array([-np.inf]),
        most=np.array([np.inf]),
    )


def several(
    *kinds: str,
    low: list[float],
    mode: list[float],
    high: list[float],
    least: float = -np.inf,
    most: float = np.inf,
) -> Marginals:
    size = len(kinds)
    return Marginals(
        names=tuple("abcdefgh"[:size]),
        kinds=kinds,
        low=np.array(low),
        mode=np.array(mode),
        high=np.array(high),
        least=np.full(size, least),
        most=np.full(size, most),
        blocks=(np.arange(size),) if kinds[0] == "dirichlet" else (),
    )


def drawn(marginals: Marginals, draws: int = DRAWS, seed: int = 7) -> np.ndarray:
    return np.concatenate([marginals.draws(seed, *chunk) for chunk in chunks(draws)])


WIDTH = HIGH - LOW
SIGMA = WIDTH / (2 * 1.959964)
LOGS = math.log(LOW), math.log(MODE), math.log(HIGH)


def triangle(low: float, mode: float, high: float) -> tuple[float, float]:
    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    return (low + mode + high) / 3, math.sqrt(variance)


MOMENTS = {  # mean and standard deviation; of the logarithm for kinds of the logarithm
    "triangular": triangle(LOW, MODE, HIGH),
    "log-triangular": triangle(*LOGS),
    "uniform": ((LOW + HIGH) / 2, WIDTH / math.sqrt(12)),
    "log-uniform": ((LOGS[0] + LOGS[2]) / 2, (LOGS[2] - LOGS[0]) / math.sqrt(12)),
    "normal": (MODE, SIGMA),
    "log-normal": (LOGS[1], (LOGS[2] - LOGS[0]) / (2 * 1.959964)),
    # PERT: mean (low + 4 mode + high) / 6; a = 2, b = 4 here, so variance = width^2 * 8 / 252
    "beta": ((LOW + 4 * MODE + HIGH) / 6, WIDTH * math.sqrt(8 / 252)),
}


@pytest.mark.parametrize("kind", MOMENTS)
def test_draws_meet_the_moments(kind: str) -> None:
    mean, deviation = MOMENTS[kind]
    values = drawn(one(kind))[:, 0]
    values = np.log(values) if kind.startswith("log-") else values
    assert values.mean() == pytest.approx(mean, abs=5 * deviation / math.sqrt(DRAWS))
    assert values.std() == pytest.approx(deviation, rel=0.01)


@pytest.mark.parametrize("kind", ["triangular", "log-triangular", "uniform", "beta", "log-uniform"])
def test_draws_stay_in_their_range(kind: str) -> None:
    values = drawn(one(kind))
    assert LOW <= values.min() < LOW + 0.1
    assert HIGH - 0.3 < values.max() <= HIGH


@pytest.mark.parametrize(("mode", "share"), [(LOW, 0.0), (HIGH, 1.0), (MODE, 0.25)])
def test_triangle_may_lean_to_one_side(mode: float, share: float) -> None:
    values = drawn(one("triangular", mode=mode))[:, 0]
    assert (values < mode).mean() == pytest.approx(share, abs=0.01)


def test_a_normal_is_truncated_where_a_value_cannot_be() -> None:
    shares = several("normal", low=[0.0], mode=[0.1], high=[0.9], least=0.0, most=1.0)
    values = drawn(shares)
    assert values.min() >= 0.0
    assert values.max() <= 1.0
    assert len(np.unique(values)) > 0.99 * DRAWS  # cut off, not piled up at the ends


def test_dirichlet_has_its_means_and_concentration() -> None:
    concentration, means = 40.0, np.array([0.5, 0.3, 0.2])
    kinds = ("dirichlet",) * 3
    shares = several(
        *kinds, low=[0.0] * 3, mode=list(concentration * means), high=[np.inf] * 3
    )  # fmt: skip
    values = drawn(shares)
    assert values.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert values.mean(axis=0) == pytest.approx(means, abs=0.001)
    expected = np.sqrt(means * (1 - means) / (concentration + 1))
    assert shares.spreads() == pytest.approx(expected)
    assert values.std(axis=0) == pytest.approx(expected, rel=0.01)


def test_categories_are_drawn_equally_often() -> None:
    counts = np.bincount(drawn(one("categorical", 0.0, 1.0, 3.0))[:, 0].astype(int))
    assert len(counts) == 3
    assert counts / DRAWS == pytest.approx(1 / 3, abs=5 * math.sqrt(2 / 9 / DRAWS))


def test_correlated_draws_keep_their_distribution() -> None:
    kinds = ("triangular", "uniform", "normal")
    plain = several(*kinds, low=[1.0] * 3, mode=[2.0] * 3, high=[5.0] * 3)
    copula = gaussian_copula("abc", kinds, {("a", "c"): 0.8, ("b", "c"): -0.3})
    tied = Marginals(**{**vars(plain), "copula": copula})
    values = drawn(tied)
    ranks = values.argsort(axis=0).argsort(axis=0)
    found = np.asarray(np.corrcoef(ranks.T))
    spearman = 6 / math.pi * np.arcsin(np.array([0.8, -0.3, 0.0]) / 2)
    assert found[[0, 1, 0], [2, 2, 1]] == pytest.approx(spearman, abs=0.01)
    assert values.mean(axis=0) == pytest.approx(drawn(plain).mean(axis=0), abs=0.02)


def test_fewer_draws_are_the_first_of_more_and_chunks_differ() -> None:
    more = drawn(one("uniform"), CHUNK + 500)
    assert np.array_equal(drawn(one("uniform"), 700), more[:700])
    assert np.array_equal(one("uniform").draws(7, 1, 500), more[CHUNK:])
    assert not np.intersect1d(more[:CHUNK], more[CHUNK:]).size
    assert not np.array_equal(uniforms(7, 0, 5, 2), uniforms(8, 0, 5, 2))


def test_wide_and_flat() -> None:
    wide = one("triangular").widened(1.5)
    assert (wide.low[0], wide.mode[0], wide.high[0]) == (0.5, 2.0, 6.5)
    logs = one("log-triangular").widened(1.5)
    assert np.log([logs.low[0], logs.high[0]]) == pytest.approx(
        [LOGS[1] - 1.5 * (LOGS[1] - LOGS[0]), LOGS[1] + 1.5 * (LOGS[2] - LOGS[1])]
    )
    share = several("triangular", low=[0.1], mode=[0.5], high=[0.9], least=0.0, most=1.0)
    assert (share.widened(1.5).low[0], share.widened(1.5).high[0]) == (0.0, 1.0)
    assert one("log-triangular").flat().kinds == ("log-uniform",)
    assert one("fixed", 2.0, 2.0, 2.0).widened(1.5).flat().mode[0] == 2.0


def test_spreads_are_standard_deviations() -> None:
    assert one("triangular").spreads()[0] == pytest.approx(MOMENTS["triangular"][1], rel=1e-4)


@pytest.mark.parametrize(
    ("kind", "low", "mode", "high", "words"),
    [
        ("triangular", 3.0, 2.0, 5.0, "not in order"),
        ("uniform", 1.0, 6.0, 5.0, "not in order"),
        ("triangular", 2.0, 2.0, 2.0, "without width"),
        ("log-triangular", 0.0, 2.0, 5.0, "above zero"),
        ("log-normal", -1.0, 2.0, 5.0, "above zero"),
        ("normal", math.nan, 2.0, 5.0, "needs low"),
        ("dirichlet", 0.0, 0.0, math.inf, "Dirichlet parameter"),
        ("categorical", 0.0, 0.0, 0.0, "no categories"),
        ("fixed", 0.0, math.nan, 0.0, "not a number"),
        ("log-beta", 1.0, 2.0, 5.0, "unknown distribution"),
        ("gamma", 1.0, 2.0, 5.0, "unknown distribution"),
    ],
)
def test_no_support_names_the_input(
    kind: str, low: float, mode: float, high: float, words: str
) -> None:
    with pytest.raises(SpecError, match=rf"x: .*{words}"):
        one(kind, low, mode, high)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ({("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}, "a, b, c is not positive definite"),
        ({("a", "b"): 1.0}, "a, b is not positive definite"),
        ({("a", "z"): 0.5}, "no input 'z'"),
        ({("a", "b"): 1.2}, "a correlation of 1.2"),
        ({("a", "a"): 0.5}, "a, a: a correlation"),
        ({("a", "d"): 0.5}, "d is fixed"),
        ({("a", "b"): 0.5, ("b", "a"): 0.4}, "given twice"),
    ],
)
def test_impossible_correlations(pairs: dict[tuple[str, str], float], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        gaussian_copula("abcd", ["uniform"] * 3 + ["fixed"], pairs)


def test_error_of_a_quantile_is_what_repetition_finds() -> None:
    rng = np.random.default_rng(5)
    samples = np.sort(rng.random((400, 900)), axis=1)
    medians = np.median(samples, axis=1)
    told = float(np.mean([quantile_error(sample[:, None], 0.5)[0] for sample in samples]))
    assert told == pytest.approx(medians.std(), rel=0.1)
    assert np.isnan(quantile_error(np.ones((1, 2)), 0.5)).all()
