"""Derivatives of the ratio of indirect to direct jobs by one adjoint solve."""

from typing import NamedTuple

import numpy as np

from iomodel.kernels.linear import Array, Solver
from iomodel.kernels.sampling import Mask


class RatioGradient(NamedTuple):
    """A ratio M = (e'x - D) / D and its derivatives.

    Attributes
    ----------
    ratio, direct : float
        M and D.
    demand : ndarray, shape (n,)
        g = dM/dF.
    output : ndarray, shape (n,)
        x; dM/dA_ij = g_i x_j.
    intensity : ndarray, shape (n,)
        dM/de.
    """

    ratio: float
    direct: float
    demand: Array
    output: Array
    intensity: Array

    @property
    def coefficients(self) -> Array:
        """Derivatives dM/dA, shape (n, n)."""
        return np.outer(self.demand, self.output)


def ratio_gradient(solver: Solver, intensity: Array, demand: Array, direct: Mask) -> RatioGradient:
    """Derive the ratio of indirect to direct jobs with respect to everything it depends on.

    Parameters
    ----------
    solver : Solver
        Of I - A, n rows.
    intensity, demand : ndarray, shape (n,)
        Jobs per unit of output e and final demand F.
    direct : ndarray of bool, shape (n,)
        Sectors whose jobs are direct.

    Returns
    -------
    RatioGradient

    Notes
    -----
    x = L F, D = sum over direct of e_i x_i; (I - A)' g = (e - (1 + M) e_direct) / D. Then
    dM/dA_ij = g_i x_j, dM/dF = g, dM/de_i = x_i / D, less (1 + M) x_i / D where i is direct.
    M is homogeneous of degree 0 in F and in e, so g'F = 0 and dM/de' e = 0.
    """
    output = solver.solve(demand)
    jobs = intensity * output
    counted = float(jobs[direct].sum())
    ratio = float(jobs.sum()) / counted - 1.0
    weight = 1.0 - (1.0 + ratio) * direct
    return RatioGradient(
        ratio=ratio,
        direct=counted,
        demand=solver.solve_transposed(intensity * weight / counted),
        output=output,
        intensity=output * weight / counted,
    )
