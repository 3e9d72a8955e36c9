"""Rounds of an accounting system: factors whose product is the inverse."""

import numpy as np
import pytest

import iomodel as iom
from iomodel.kernels.rounds import decompose

A = np.array(
    [[0.1, 0.2, 0.3, 0.0], [0.2, 0.0, 0.1, 0.4], [0.3, 0.2, 0.1, 0.1], [0.1, 0.3, 0.2, 0.1]]
)


@pytest.mark.parametrize("cuts", [[[0, 1, 2, 3]], [[0], [1, 2, 3]], [[2, 0], [1], [3]]])
def test_the_product_is_the_inverse(cuts: list[list[int]]) -> None:
    found = decompose(A, [np.array(cut, dtype=np.intp) for cut in cuts])
    whole = np.linalg.inv(np.eye(4) - A)
    assert found.closed_loop @ found.open_loop @ found.transfer == pytest.approx(whole)
    if len(cuts) == 1:
        assert found.transfer == pytest.approx(whole)
        assert found.open_loop == pytest.approx(np.eye(4))
        assert found.closed_loop == pytest.approx(np.eye(4))


def test_a_block_that_uses_itself_up() -> None:
    with pytest.raises(iom.NotProductiveError):
        decompose(np.eye(2), [np.array([0]), np.array([1])])
