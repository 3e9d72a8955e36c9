"""Multipliers of one line, what cannot be reached, and slow rounds."""

import numpy as np
import pytest

from iomodel.kernels.biproportion import Margins, multipliers, scaled, unreachable


@pytest.mark.parametrize("target", [-1e12, -5.0, 0.0, 5.0, 1e12])
def test_multipliers_solve_their_equation_without_cancellation(target: float) -> None:
    p, n = np.array([3.0]), np.array([2.0])
    m = multipliers(np.array([target]), p, n)
    up, down = p * m, n / m
    np.testing.assert_allclose(up - down, target, rtol=1e-14, atol=1e-14)
    assert m > 0


def test_a_line_of_one_sign_is_divided() -> None:
    zero = np.zeros(1)
    assert multipliers(np.array([6.0]), np.array([3.0]), zero) == 2.0
    assert multipliers(np.array([-6.0]), zero, np.array([3.0])) == 0.5
    assert multipliers(zero, zero, zero) == 1.0


def test_a_target_of_zero_empties_what_hangs_on_it() -> None:
    # Column 0 becomes zero, so that row 1 is left with a negative cell alone; with a target of
    # zero it becomes zero as well, and column 1 has no negative cell left.
    matrix = np.array([[1.0, 2.0], [3.0, -4.0]])
    vain = unreachable(matrix, Margins(np.array([-1.0, 0.0]), np.array([0.0, -1.0])))
    assert vain.zero_columns.tolist() == [True, False]
    assert vain.zero_rows.tolist() == [False, True]
    assert vain.rows.tolist() == [True, False]
    assert vain.columns.tolist() == [False, True]


def test_weak_links_are_found_by_newton_steps() -> None:
    # Two blocks linked by cells of 1e-6: rounds alone would take tens of thousands.
    matrix = np.full((6, 6), 1e-6)
    matrix[:3, :3] = matrix[3:, 3:] = 1.0
    margins = Margins(np.r_[[3.1] * 3, [2.9] * 3], np.full(6, 3.0))
    found = scaled(matrix, margins)
    assert found.converged
    assert found.iterations < 150
    np.testing.assert_allclose(found.matrix.sum(axis=1), margins.rows, rtol=1e-8)


def test_the_tolerance_bounds_the_gap_of_each_row_by_its_own_size() -> None:
    rng = np.random.default_rng(3)
    matrix = rng.random((40, 30)) * 10.0 ** rng.uniform(-6, 6, (40, 1))
    near = matrix * rng.uniform(0.5, 2.0, matrix.shape)
    found = scaled(matrix, Margins(near.sum(axis=1), near.sum(axis=0)), tolerance=1e-10)
    assert (np.abs(found.row_gap) <= 2e-10 * found.matrix.sum(axis=1)).all()
