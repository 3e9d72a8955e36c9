"""Closure with households, or any other accounts, as a border of rows and columns."""

from dataclasses import dataclass

import numpy as np

from iomodel.errors import NotProductiveError
from iomodel.kernels.linear import Array, Bordered, Solver, spectral_radius

ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class HouseholdBorder:
    """Household rows, columns and the solver closed with them, for q groups of households.

    Attributes
    ----------
    row : ndarray, shape (n,) or (q, n)
        Household income per unit of each sector's output (V of Miyazawa).
    column : ndarray, shape (n,) or (n, q)
        Domestic purchases per unit of household income (C of Miyazawa).
    corner : ndarray, shape (q, q)
        What groups of households pay to groups of households, per unit of income.
    returned : ndarray, shape (q, q)
        row L column + corner: income of the row group that one unit of income of the column
        group brings back.
    feedback : float
        Spectral radius of `returned`; of one group, what one unit of income brings back.
        Below one if productive.
    solver : Bordered
        Solver of the closed system, n + q rows.
    """

    row: Array
    column: Array
    corner: Array
    returned: Array
    feedback: float
    solver: Bordered


def close(inner: Solver, row: Array, column: Array, corner: Array | None = None) -> HouseholdBorder:
    """Close a solver with respect to one or several groups of households.

    Parameters
    ----------
    inner : Solver
        Solver of the open system, n rows.
    row, column : ndarray, shape (n,), or (q, n) and (n, q)
        Household row h_r and column h_c; several of each for q groups.
    corner : ndarray, shape (q, q), optional
        Payments of groups to groups; none if absent.

    Returns
    -------
    HouseholdBorder
        The closed system. Miller and Blair (2009), section 2.5; for groups Miyazawa (1976)
        and Miller and Blair (2009), section 6.4.

    Raises
    ------
    NotProductiveError
        If one unit of household spending brings back one unit of spending or more, to
        within rounding.

    Notes
    -----
    For coefficients of zero or more and a productive open system, the spectral radius of
    the closed matrix is below one if and only if that of V L C + corner is.
    """
    rows, columns = np.atleast_2d(row), column[:, None] if column.ndim == 1 else column
    corner = np.zeros((len(rows), len(rows))) if corner is None else corner
    returned = rows @ inner.solve(columns) + corner
    feedback = float(returned[0, 0]) if len(returned) == 1 else spectral_radius(returned)
    if not feedback < 1.0 - ROUNDING:
        raise NotProductiveError(
            f"one unit of household spending brings back {feedback:.6f} of spending, so the "
            "rounds never end (spectral radius 1 or more). Lower the propensity."
        )
    solver = Bordered(inner, columns, rows, corner)
    return HouseholdBorder(row, column, corner, returned, feedback, solver)
