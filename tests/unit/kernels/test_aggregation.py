"""Sums and means by group against the matrix of ones."""

import numpy as np
import pytest

from iomodel.kernels.aggregation import grouped, weighted_mean

GROUPS = np.array([2, 0, 1, 0, 2])
S = (np.arange(3)[:, None] == GROUPS).astype(float)


def test_sums_are_those_of_the_aggregation_matrix() -> None:
    z = np.arange(25.0).reshape(5, 5)
    np.testing.assert_array_equal(grouped(grouped(z, GROUPS), GROUPS, axis=1), S @ z @ S.T)
    np.testing.assert_array_equal(grouped(z[0], GROUPS), S @ z[0])


def test_single_members_keep_their_bits() -> None:
    values = np.array([0.1, -0.0, 1 / 3])
    assert grouped(values, np.array([1, 2, 0])).tobytes() == values[[2, 0, 1]].tobytes()
    mean = weighted_mean(values, np.array([3.0, 7.0, 0.0]), np.array([1, 2, 0]))
    assert mean.tobytes() == values[[2, 0, 1]].tobytes()


@pytest.mark.parametrize(
    ("weights", "mean"), [([1, 3], 2.5), ([0, 0], 2.0), ([0, 4], 3.0), ([2, -2], np.nan)]
)
def test_weighted_mean(weights: list[float], mean: float) -> None:
    found = weighted_mean(np.array([1.0, 3.0]), np.array(weights, float), np.array([0, 0]))
    np.testing.assert_array_equal(found, [mean])
