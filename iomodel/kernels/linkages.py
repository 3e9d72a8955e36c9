"""Linkage measures from coefficients and the Leontief inverse."""

from typing import NamedTuple

import numpy as np

from iomodel.kernels.linear import Array


class Pure(NamedTuple):
    """Pure linkages, each of shape (n,), in the unit of final demand."""

    backward: Array
    forward: Array


def allocation(intermediate: Array, output: Array) -> Array:
    """Allocation coefficients B = diag(x)^-1 Z.

    Parameters
    ----------
    intermediate : ndarray, shape (n, n)
        Flows Z.
    output : ndarray, shape (n,)
        Output x. A row with x = 0 must have been dealt with by the caller; where the whole
        row is zero its coefficients are zero.

    Returns
    -------
    ndarray, shape (n, n)
        Sales to the column sector per unit of output. Miller and Blair (2009), section 12.1.
    """
    return intermediate / nonzero(output)[:, None]


def allocation_inverse(inverse: Array, output: Array) -> Array:
    """Ghosh inverse G = (I - B)^-1 = diag(x)^-1 L diag(x), without a second inversion.

    Parameters
    ----------
    inverse : ndarray, shape (n, n)
        Leontief inverse L.
    output : ndarray, shape (n,)
        Output x; sectors with x = 0 must neither buy nor sell.

    Returns
    -------
    ndarray, shape (n, n)
        Miller and Blair (2009), section 12.1: A and B are similar matrices.
    """
    size = nonzero(output)
    return inverse * size / size[:, None]


def nonzero(output: Array) -> Array:
    """Output with one in the place of zero, for sectors without any flow."""
    return np.where(output == 0.0, 1.0, output)


def relative(values: Array) -> Array:
    """Values over their mean, so that the average sector has 1; NaN if the mean is zero."""
    return ratio(values, np.full_like(values, values.mean()))


def ratio(over: Array, under: Array) -> Array:
    """Quotient; NaN where the divisor is zero."""
    return np.divide(over, under, out=np.full_like(over, np.nan), where=under != 0.0)


def variation(matrix: Array) -> Array:
    """Coefficient of variation of each column: standard deviation over mean.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        Leontief inverse, or its transpose for the rows.

    Returns
    -------
    ndarray, shape (n,)
        With n - 1 in the variance; NaN for a single sector. Rasmussen (1956):
        a low value means that the column spreads evenly over the sectors.
    """
    if len(matrix) < 2:
        return np.full(len(matrix), np.nan)
    return ratio(matrix.std(axis=0, ddof=1), matrix.mean(axis=0))


def pure(coefficients: Array, inverse: Array, final_demand: Array) -> Pure:
    """Pure backward and forward linkages of every sector against the rest.

    Parameters
    ----------
    coefficients, inverse : ndarray, shape (n, n)
        A and L.
    final_demand : ndarray, shape (n,)
        f with x = A x + f.

    Returns
    -------
    Pure
        PBL_j = i' D_r A_rj D_j f_j and PFL_j = D_j A_jr D_r f_r, with
        D_j = (1 - a_jj)^-1, D_r = (I - A_rr)^-1 and r all sectors but j.

    Notes
    -----
    Sonis, Guilhoto, Hewings and Martins (1995), "Linkages, key sectors, and structural
    change", *The Developing Economies* 33(3). By the partitioned inverse D_r A_rj = L_rj / l_jj
    and A_jr D_r = L_jr / l_jj, so one inverse serves all n partitions.
    """
    own = np.diagonal(inverse)
    scale = own * (1.0 - np.diagonal(coefficients))
    rest = inverse.sum(axis=0) - own
    supplied = inverse @ final_demand - own * final_demand
    return Pure(ratio(rest * final_demand, scale), ratio(supplied, scale))
