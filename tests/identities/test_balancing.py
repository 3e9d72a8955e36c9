"""Laws of balancing on random matrices of any shape, sign and pattern of zeros."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.transforms.constrained import LinearSum, kras, weighted_least_squares

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """A matrix, and margins that some matrix of the same signs and zeros has."""

    matrix: pd.DataFrame
    rows: pd.Series
    columns: pd.Series


def made(n: int, m: int, seed: int, *, signed: bool) -> Drawn:
    rng = np.random.default_rng(seed)
    a = 10 ** rng.uniform(-2, 4, (n, m)) * (rng.random((n, m)) < 0.7)
    if signed:
        a *= np.where(rng.random((n, m)) < 0.25, -1.0, 1.0)
    near = a * 10 ** rng.uniform(-0.3, 0.3, (n, m))
    rows, columns = [f"r{k}" for k in range(n)], [f"c{k}" for k in range(m)]
    return Drawn(
        pd.DataFrame(a, rows, columns),
        pd.Series(near.sum(axis=1), rows),
        pd.Series(near.sum(axis=0), columns),
    )


def matrices(*, signed: bool) -> st.SearchStrategy[Drawn]:
    return st.builds(
        lambda n, m, seed: made(n, m, seed, signed=signed),
        st.integers(1, 9),
        st.integers(1, 9),
        st.integers(0, 2**32 - 1),
    )


def meets(found: pd.DataFrame, drawn: Drawn, tolerance: float = 1e-7) -> None:
    for cells, target in ((found.T, drawn.rows), (found, drawn.columns)):
        size = np.maximum(cells.abs().sum(), 1e-300)
        assert ((cells.sum() - target).abs() <= tolerance * size).all()


@given(matrices(signed=False))
def test_ras_meets_its_margins_and_keeps_zeros(drawn: Drawn) -> None:
    result = iom.ras(drawn.matrix, drawn.rows, drawn.columns)
    meets(result.matrix, drawn)
    assert ((result.matrix == 0) == (drawn.matrix == 0)).all(axis=None)
    scaled = result.r.to_numpy()[:, None] * drawn.matrix.to_numpy() * result.s.to_numpy()
    np.testing.assert_allclose(result.after, scaled, rtol=1e-9)


@given(matrices(signed=True))
def test_gras_meets_its_margins_and_keeps_signs(drawn: Drawn) -> None:
    result = iom.gras(drawn.matrix, drawn.rows, drawn.columns)
    meets(result.matrix, drawn)
    assert (np.sign(result.matrix) == np.sign(drawn.matrix)).all(axis=None)


@given(matrices(signed=False))
def test_gras_without_negative_cells_is_ras(drawn: Drawn) -> None:
    args = (drawn.matrix, drawn.rows, drawn.columns)
    left, right = iom.ras(*args), iom.gras(*args)
    np.testing.assert_array_equal(left.after, right.after)


@given(matrices(signed=True))
def test_kras_with_margins_alone_is_gras(drawn: Drawn) -> None:
    right = iom.gras(drawn.matrix, drawn.rows, drawn.columns, tolerance=1e-12)
    left = kras(drawn.matrix, rows=drawn.rows, columns=drawn.columns, tolerance=1e-12)  # fmt: skip
    scale = np.abs(right.after).max(initial=0.0)
    np.testing.assert_allclose(left.after, right.after, rtol=1e-6, atol=1e-9 * scale)


@given(matrices(signed=True), st.floats(1e-6, 1e6))
def test_another_unit_scales_the_answer(drawn: Drawn, size: float) -> None:
    plain = iom.gras(drawn.matrix, drawn.rows, drawn.columns)
    other = iom.gras(drawn.matrix / size, drawn.rows / size, drawn.columns / size)  # fmt: skip
    scale = np.abs(plain.after).max(initial=0.0)
    np.testing.assert_allclose(other.after * size, plain.after, rtol=1e-6, atol=1e-9 * scale)


@given(matrices(signed=True))
def test_another_order_permutes_the_answer(drawn: Drawn) -> None:
    rows, columns = drawn.matrix.index[::-1], drawn.matrix.columns[::-1]
    plain = iom.gras(drawn.matrix, drawn.rows, drawn.columns).matrix
    other = iom.gras(drawn.matrix.loc[rows, columns], drawn.rows, drawn.columns).matrix  # fmt: skip
    scale = float(plain.abs().to_numpy().max())
    np.testing.assert_allclose(
        other.loc[plain.index, plain.columns], plain, rtol=1e-6, atol=1e-9 * scale
    )


@given(matrices(signed=True))
def test_no_matrix_with_these_sums_is_nearer_than_the_one_of_gras(drawn: Drawn) -> None:
    """The objective rises along every direction that keeps sums and zeros."""
    result = iom.gras(drawn.matrix, drawn.rows, drawn.columns)
    a, x = result.before, result.after
    filled = np.argwhere((a[:-1, :-1] != 0) & (a[1:, 1:] != 0) & (a[:-1, 1:] != 0)
                         & (a[1:, :-1] != 0))  # fmt: skip
    for i, j in filled[:5]:
        square = np.ix_([i, i + 1], [j, j + 1])
        turn = np.array([[1.0, -1.0], [-1.0, 1.0]])
        step = 0.01 * np.abs(x[square]).min()
        here = distance(a[square], x[square])
        for way in (step, -step):
            assert distance(a[square], x[square] + way * turn) >= here - 1e-9 * np.abs(here)


def distance(a: Array, x: Array) -> float:
    return float((np.abs(a) * (x / a) * (np.log(x / a) - 1.0)).sum())


@given(matrices(signed=True))
def test_least_squares_meets_its_margins_and_keeps_zeros(drawn: Drawn) -> None:
    result = weighted_least_squares(drawn.matrix, rows=drawn.rows, columns=drawn.columns)
    meets(result.matrix, drawn)
    assert (result.after[result.before == 0] == 0.0).all()


@given(matrices(signed=False), st.integers(0, 2**32 - 1))
def test_kras_and_least_squares_meet_weighted_sums_of_any_cells(drawn: Drawn, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = drawn.matrix.to_numpy()
    picked = np.argwhere((a != 0) & (rng.random(a.shape) < 0.5))
    if not len(picked):
        return
    pairs = [(drawn.matrix.index[i], drawn.matrix.columns[j]) for i, j in picked.tolist()]
    weights = rng.choice([0.5, 1.0, 2.0], len(picked))
    at = tuple(picked.T)
    target = float(weights @ (a[at] * rng.uniform(0.8, 1.25, len(picked))))
    named = pd.Series(weights, pd.MultiIndex.from_tuples(pairs))
    sums = [LinearSum(name="some", weights=named, target=target)]
    for found in (kras(drawn.matrix, sums), weighted_least_squares(drawn.matrix, sums)):
        assert abs(float(weights @ found.after[at]) - target) <= 1e-8 * target
