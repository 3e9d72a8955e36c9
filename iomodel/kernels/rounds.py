"""Rounds of an accounting system by blocks: transfer, open-loop and closed-loop effects."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iomodel.kernels.linear import Array, Factorised, Positions


@dataclass(frozen=True, eq=False)
class Rounds:
    """Multiplicative decomposition M = M3 M2 M1 of (I - A)^-1.

    Attributes
    ----------
    transfer : ndarray, shape (n, n)
        M1, inside each block.
    open_loop : ndarray, shape (n, n)
        M2, from each block to the others, once round.
    closed_loop : ndarray, shape (n, n)
        M3, round and round, back to the block of origin.
    """

    transfer: Array
    open_loop: Array
    closed_loop: Array


def decompose(coefficients: Array, blocks: Sequence[Positions]) -> Rounds:
    """Split the multipliers of an accounting system into M1, M2 and M3.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
        A, average expenditure propensities of the endogenous accounts.
    blocks : sequence of k position arrays
        Groups of accounts that together are all n.

    Returns
    -------
    Rounds

    Raises
    ------
    NotProductiveError
        If a factor does not exist.

    Notes
    -----
    With A0 the diagonal blocks of A and A* = (I - A0)^-1 (A - A0): M1 = (I - A0)^-1,
    M2 = I + A* + ... + A*^(k-1), M3 = (I - A*^k)^-1, and M3 M2 M1 = (I - A)^-1 for every A.
    Three blocks that pay each other in a circle give the factors of Pyatt and Round (1979),
    Economic Journal 89, pages 850-873, equations 9 to 13.
    """
    n = len(coefficients)
    inside = np.zeros_like(coefficients)
    for block in blocks:
        inside[np.ix_(block, block)] = coefficients[np.ix_(block, block)]
    within = Factorised(inside)
    across = within.solve(np.ascontiguousarray(coefficients - inside))
    open_loop, power = np.eye(n), np.eye(n)
    for _ in blocks[1:]:
        power = power @ across
        open_loop = open_loop + power
    closed_loop = Factorised(power @ across).solve(np.eye(n))
    return Rounds(within.solve(np.eye(n)), open_loop, closed_loop)
