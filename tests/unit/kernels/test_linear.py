"""Solvers and coefficients: shapes, singular systems, agreement with a full inverse."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import iomodel as iom
from iomodel.kernels.closure import close
from iomodel.kernels.coefficients import import_proportional_shares, technical
from iomodel.kernels.linear import (
    Bordered,
    Factorised,
    not_productive,
    spectral_radius,
)

Array = npt.NDArray[np.float64]


def coefficients(n: int, seed: int = 1) -> Array:
    a = np.random.default_rng(seed).random((n, n))
    return np.asarray(0.7 * a / a.sum(axis=0))


def inverse_of(a: Array) -> Array:
    return np.asarray(np.linalg.inv(np.eye(len(a)) - a), dtype=np.float64)


def bordered(n: int = 5, k: int = 2) -> tuple[Bordered, Array]:
    a = coefficients(n + k, 3)
    inner = Factorised(a[:n, :n])
    return Bordered(inner, a[:n, n:], a[n:, :n], a[n:, n:]), inverse_of(a)


@pytest.mark.parametrize("shape", [(7,), (7, 1), (7, 3), (7, 0)])
def test_both_solvers_agree_with_the_inverse(shape: tuple[int, ...]) -> None:
    solver, inverse = bordered()
    right = np.random.default_rng(5).random(shape)
    plain = Factorised(np.eye(7) - np.linalg.inv(inverse))
    for one in (solver, plain):
        assert one.size == 7
        assert one.solve(right).shape == shape
        assert one.solve_transposed(right).shape == shape
        assert one.solve(right) == pytest.approx(inverse @ right, rel=1e-12)
        assert one.solve_transposed(right) == pytest.approx(inverse.T @ right, rel=1e-12)


def test_the_right_hand_side_is_not_changed() -> None:
    right = np.ones((7, 2), order="F")
    solver, _ = bordered()
    solver.solve(right)
    Factorised(coefficients(7)).solve(right)
    assert (right == 1.0).all()


@pytest.mark.parametrize("shape", [(6,), (8,), (6, 2), (8, 7), (1,)])
def test_a_right_hand_side_of_another_size_is_refused(shape: tuple[int, ...]) -> None:
    for solver in (Factorised(coefficients(7)), bordered()[0]):
        for solve in (solver.solve, solver.solve_transposed):
            with pytest.raises(ValueError, match=r".+"):
                solve(np.ones(shape))


def test_coefficients_must_be_square() -> None:
    with pytest.raises(ValueError, match=r".+"):
        Factorised(np.zeros((2, 3)))


SINGULAR: list[Any] = [np.eye(2), [[0.5, 0.5], [0.5, 0.5]], np.full((3, 3), 1 / 3)]
SINGULAR += [np.full((7, 7), 1 / 7), [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.5, 0.3, 0.1]]]


@pytest.mark.parametrize("matrix", SINGULAR)
def test_a_singular_system_is_refused_to_working_precision(matrix: Any) -> None:
    with pytest.raises(iom.NotProductiveError, match="singular"):
        Factorised(np.array(matrix, dtype=np.float64))


def test_a_border_that_uses_up_its_own_output() -> None:
    inner = Factorised(coefficients(3))
    for corner in (np.eye(1), np.array([[np.nan]])):
        with pytest.raises(iom.NotProductiveError, match="Schur"):
            Bordered(inner, np.zeros((3, 1)), np.zeros((1, 3)), corner)


def test_closing_with_households() -> None:
    a = coefficients(4)
    row, column = np.array([0.1, 0.2, 0.1, 0.0]), np.array([0.3, 0.3, 0.2, 0.1])
    border = close(Factorised(a), row, column)
    whole = np.block([[a, column[:, None]], [row[None, :], np.zeros((1, 1))]])
    inverse = np.linalg.inv(np.eye(5) - whole)
    assert border.solver.solve(np.eye(5)) == pytest.approx(inverse)
    assert border.feedback == pytest.approx(row @ np.linalg.inv(np.eye(4) - a) @ column)


def test_hawkins_simon() -> None:
    good = coefficients(4)
    assert not_productive(Factorised(good)).tolist() == []
    bad = np.zeros((4, 4))
    bad[:2, :2] = [[0.2, 1.0], [1.0, 0.2]]
    assert set(not_productive(Factorised(bad))) == {0, 1}


@pytest.mark.parametrize("n", [1, 3, 399, 400, 450])
def test_spectral_radius(n: int) -> None:
    assert spectral_radius(coefficients(n)) == pytest.approx(0.7, rel=1e-9)


@pytest.mark.parametrize("n", [3, 400])
def test_spectral_radius_of_nothing(n: int) -> None:
    """A table of sectors that buy nothing from each other has one too."""
    assert spectral_radius(np.zeros((n, n))) == 0.0
    assert spectral_radius(np.diag(np.full(n - 1, 0.5), 1)) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("n", [3, 400])
def test_spectral_radius_of_alternating_sectors(n: int) -> None:
    """Eigenvalues of equal size and opposite sign."""
    a = np.zeros((n, n))
    a[0, 1] = a[1, 0] = 0.6
    assert spectral_radius(a) == pytest.approx(0.6)


def test_technical_coefficients() -> None:
    z = np.array([[1.0, 0.0], [3.0, 0.0]])
    assert technical(z, np.array([4.0, 0.0])).tolist() == [[0.25, 0.0], [0.75, 0.0]]
    rows = technical(np.array([[2.0, 6.0]]), np.array([4.0, 12.0]))
    assert rows.tolist() == [[0.5, 0.5]]


def test_import_shares() -> None:
    output = np.array([100.0, 0.0, 50.0, 10.0, 10.0])
    exports = np.array([20.0, 0.0, 50.0, 20.0, 0.0])
    imports = np.array([20.0, 0.0, 10.0, 5.0, 0.0])
    share, raw = import_proportional_shares(output, exports, imports)
    assert share.tolist() == [0.8, 1.0, 0.0, 1.0, 1.0]
    assert raw.tolist() == [0.8, 1.0, 0.0, 2.0, 1.0]
