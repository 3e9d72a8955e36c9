"""The Leontief price model: cost-push with mark-ups and rigid prices."""

from typing import NamedTuple

from iomodel.kernels.linear import Array, Factorised, Positions, Solver
from iomodel.kernels.mixed import held


class Push(NamedTuple):
    """Answer of the price model, each of shape (n,).

    `change` of prices relative to base; `margin`, change of mark-ups and of the residual
    income of sectors with a rigid price, per unit of output.
    """

    change: Array
    margin: Array


def cost_push(
    solver: Solver,
    coefficients: Array,
    cost: Array,
    rigid: Positions,
    given: Array,
    markup: Array,
) -> Push:
    """Price changes that a change of primary costs per unit of output causes.

    Parameters
    ----------
    solver : Solver
        Solver of I - A.
    coefficients : ndarray, shape (n, n)
        A.
    cost : ndarray, shape (n,)
        Change of primary cost per unit of output, c.
    rigid : ndarray of int, shape (k,)
        Sectors whose price change is given.
    given : ndarray, shape (k,)
        Their price changes.
    markup : ndarray, shape (n,)
        Income that is a fixed share s of the price, below 1; zero for rigid sectors.

    Returns
    -------
    Push

    Notes
    -----
    p' = p' A + c' + s p' without rigid prices, so p' = c' (I - s - A)^-1: mark-ups m with
    1 + m = 1 / (1 - s). Rigid prices are held by a residual income of their sectors. Miller
    and Blair (2009), sections 2.6 and 13.2; Oosterhaven (1996), *Southern Economic Journal*
    62(3).
    """
    if markup.any():
        factor = 1.0 / (1.0 - markup)
        solver, cost = Factorised(coefficients * factor), cost * factor
    change, margin = held(solver.solve_transposed, cost, rigid, given)
    return Push(change, margin + markup * change)
