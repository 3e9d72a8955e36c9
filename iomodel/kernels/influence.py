"""Fields of influence of coefficients and the multiplier product matrix."""

import numpy as np

from iomodel.kernels.linear import Array


def field(inverse: Array, row: int, column: int, change: float = 0.0) -> Array:
    """Field of influence of one coefficient: change of L per unit of change of a_ij.

    Parameters
    ----------
    inverse : ndarray, shape (n, n)
        Leontief inverse L.
    row, column : int
        i and j of the coefficient a_ij.
    change : float
        Size of the change; zero gives the first-order field, the limit.

    Returns
    -------
    ndarray, shape (n, n)
        L_.i L_j. / (1 - change l_ji): Sherman and Morrison (1950); Sonis and Hewings (1992),
        "Coefficient change in input-output models: theory and applications", *Economic
        Systems Research* 4(2).
    """
    outer = np.outer(inverse[:, row], inverse[column])
    return np.asarray(outer / (1.0 - change * inverse[column, row]))


def field_sizes(inverse: Array, change: float = 0.0) -> Array:
    """Sum of squares of the field of influence of every coefficient.

    Parameters
    ----------
    inverse : ndarray, shape (n, n)
        Leontief inverse L.
    change : float
        Size of the change of each coefficient; zero gives the first order.

    Returns
    -------
    ndarray, shape (n, n)
        s_ij = (sum_k l_ki^2) (sum_m l_jm^2) / (1 - change l_ji)^2, one outer product instead
        of n^2 fields.
    """
    squares = inverse**2
    sizes = np.outer(squares.sum(axis=0), squares.sum(axis=1))
    return np.asarray(sizes / (1.0 - change * inverse.T) ** 2)


def multiplier_product(inverse: Array) -> Array:
    """Multiplier product matrix: row sums times column sums of L over its total.

    Parameters
    ----------
    inverse : ndarray, shape (n, n)
        Leontief inverse L.

    Returns
    -------
    ndarray, shape (n, n)
        m_ij = l_i. l_.j / l_.., which has the row and column sums of L. Sonis and Hewings
        (1999), "Economic landscapes", *Hitotsubashi Journal of Economics* 40(1).
    """
    return np.asarray(np.outer(inverse.sum(axis=1), inverse.sum(axis=0)) / inverse.sum())
