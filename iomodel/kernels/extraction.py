"""Hypothetical extraction by low-rank updates of one inverse."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from iomodel.kernels.linear import Array, Positions, Solver

Kind = Literal["complete", "isolated", "backward", "sales", "forward"]


def extracted(
    solver: Solver,
    coefficients: Array,
    output: Array,
    groups: Sequence[Positions],
    kind: Kind,
) -> tuple[Array, Array]:
    """Output lost in every sector when groups of sectors are extracted, one group at a time.

    Parameters
    ----------
    solver : Solver
        Solver of I - A.
    coefficients : ndarray, shape (n, n)
        A.
    output : ndarray, shape (n,)
        x.
    groups : sequence of ndarray of int
        Positions of the members of each group g, each at most once.
    kind : {"complete", "isolated", "backward", "sales", "forward"}
        What is cut, see `iomodel.extraction`.

    Returns
    -------
    losses : ndarray, shape (n, len(groups))
        Output before less output after.
    totals : ndarray, shape (len(groups),)
        Sum of each column, found from multipliers rather than by adding up.

    Notes
    -----
    With f = x - A x and the Sherman-Morrison-Woodbury identity, E_g the columns g of I:

    - complete: L_.g w, w = L_gg^-1 x_g; isolated: the same outside g, and
      x_g - (I - A_gg)^-1 f_g inside;
    - backward (columns g of A zero): (L_.g - E_g) w;
    - sales (rows g of A zero): L_.g L_gg^-1 (x_g - f_g);
    - forward (rows g of B zero): diag(x) (L_g. - E_g')' L_gg'^-1 i, since G = diag(x)^-1 L diag(x).

    Methods as in Miller and Lahr (2001), "A taxonomy of extractions", and Dietzenbacher and
    van der Linden (1997), *Journal of Regional Science* 37(2).
    """
    n, ghosh = len(output), kind == "forward"
    members = np.unique(np.concatenate([np.asarray(g, dtype=np.intp) for g in groups]))
    unit = np.zeros((n, len(members)))
    unit[members, np.arange(len(members))] = 1.0
    reach = solver.solve_transposed(unit) if ghosh else solver.solve(unit)
    sums = solver.solve(output) if ghosh else solver.solve_transposed(np.ones(n))
    intermediate = coefficients @ output
    losses, totals = np.empty((n, len(groups))), np.empty(len(groups))
    for place, group in enumerate(groups):
        columns = reach[:, np.searchsorted(members, group)]
        corner = columns[group]
        right = {"sales": intermediate[group], "forward": np.ones(len(group))}
        weight = np.linalg.solve(corner, right.get(kind, output[group]))
        lost, total = columns @ weight, float(sums[group] @ weight)
        if kind == "backward":
            lost[group] -= weight
            total -= float(weight.sum())
        elif ghosh:
            lost[group] -= weight
            lost *= output
            total -= float(weight @ output[group])
        elif kind == "isolated":
            alone = _alone(coefficients, output[group] - intermediate[group], group)
            lost[group] = output[group] - alone
            total -= float(alone.sum())
        losses[:, place], totals[place] = lost, total
    return losses, totals


def _alone(coefficients: Array, demand: Array, group: Positions) -> Array:
    """Output of a group that trades with itself only: (I - A_gg)^-1 f_g."""
    inner = coefficients[np.ix_(group, group)]
    return np.asarray(np.linalg.solve(np.eye(len(group)) - inner, demand))
