"""Systems in which some unknowns are given and their right-hand sides are sought."""

from collections.abc import Callable

import numpy as np

from iomodel.kernels.linear import Array, Positions


def held(
    solve: Callable[[Array], Array], right: Array, spots: Positions, wanted: Array
) -> tuple[Array, Array]:
    """Solve a system while some of its unknowns are held at given values.

    Parameters
    ----------
    solve : callable
        From a right-hand side of shape (n,) or (n, k) to the solution M^-1 right.
    right : ndarray, shape (n,)
        Right-hand side known so far.
    spots : ndarray of int, shape (k,)
        Positions of the unknowns that are given, E.
    wanted : ndarray, shape (k,)
        Their values.

    Returns
    -------
    solution : ndarray, shape (n,)
        With exactly `wanted` at `spots`.
    added : ndarray, shape (n,)
        What the right-hand side must have in addition; zero outside `spots`.

    Notes
    -----
    z = ((M^-1)_EE)^-1 (wanted - (M^-1 right)_E): k systems of the factorisation that exists
    already, instead of a partition. Same answer as Miller and Blair (2009), section 13.2.
    """
    solution, added = solve(right), np.zeros_like(right)
    if len(spots):
        unit = np.zeros((len(right), len(spots)))
        unit[spots, np.arange(len(spots))] = 1.0
        reach = solve(unit)
        added[spots] = np.linalg.solve(reach[spots], wanted - solution[spots])
        solution = solution + reach @ added[spots]
        solution[spots] = wanted
    return solution, added
