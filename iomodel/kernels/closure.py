"""Household closure as a border of one row and one column."""

from dataclasses import dataclass

import numpy as np

from iomodel.errors import NotProductiveError
from iomodel.kernels.linear import Array, Bordered, Solver

ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class HouseholdBorder:
    """Household row, column and the solver closed with them.

    Attributes
    ----------
    row : ndarray, shape (n,)
        Household income per unit of each sector's output that returns as spending.
    column : ndarray, shape (n,)
        Domestic purchases per unit of household outlay.
    feedback : float
        What one unit of outlay brings back as outlay: row L column. Below one if productive.
    solver : Bordered
        Solver of the closed system, n + 1 rows.
    """

    row: Array
    column: Array
    feedback: float
    solver: Bordered


def close(inner: Solver, row: Array, column: Array) -> HouseholdBorder:
    """Close a solver with respect to households.

    Parameters
    ----------
    inner : Solver
        Solver of the open system, n rows.
    row, column : ndarray, shape (n,)
        Household row h_r and column h_c.

    Returns
    -------
    HouseholdBorder
        The closed system. Miller and Blair (2009), section 2.5.

    Raises
    ------
    NotProductiveError
        If one unit of household spending brings back one unit of spending or more, to
        within rounding.
    """
    feedback = float(row @ inner.solve(column))
    if not feedback < 1.0 - ROUNDING:
        raise NotProductiveError(
            f"one unit of household spending brings back {feedback:.6f} of spending, so the "
            "rounds never end (spectral radius 1 or more). Lower the propensity."
        )
    solver = Bordered(inner, column[:, None], row[None, :], np.zeros((1, 1)))
    return HouseholdBorder(row, column, feedback, solver)
