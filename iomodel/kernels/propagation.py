"""How far along the chain of suppliers an effect travels."""

import numpy as np
import numpy.typing as npt
import scipy

from iomodel.kernels.linear import Array


def propagation_lengths(coefficients: Array, inverse: Array) -> Array:
    """Average propagation lengths: average number of rounds of an effect.

    Parameters
    ----------
    coefficients, inverse : ndarray, shape (n, n)
        A and L = I + A + A^2 + ...

    Returns
    -------
    ndarray, shape (n, n)
        v_ij = sum_k k (A^k)_ij / sum_k (A^k)_ij = (L (L - I))_ij / (L - I)_ij; NaN where no
        path leads from i to j, or positive and negative paths cancel out.

    Notes
    -----
    Dietzenbacher, Romero Luna and Bosma (2005), "Using average propagation lengths to identify
    production chains in the Andalusian economy", *Estudios de Economia Aplicada* 23(2).
    B gives the same lengths as A, as the two are similar. Where a path
    exists is decided on A itself: a rounded inverse can be off zero without a path.
    """
    indirect = inverse - np.eye(len(inverse))
    weighted = inverse @ indirect
    linked = reachable(coefficients) & (indirect != 0.0)
    return np.divide(weighted, indirect, out=np.full_like(indirect, np.nan), where=linked)


def reachable(coefficients: Array) -> npt.NDArray[np.bool_]:
    """Mark where a path of one or more nonzero coefficients leads from row to column.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
        A; only its pattern of zeros counts.

    Returns
    -------
    ndarray of bool, shape (n, n)
    """
    links = coefficients != 0.0
    count, part = scipy.sparse.csgraph.connected_components(
        scipy.sparse.csr_array(links), directed=True, connection="strong"
    )
    between = np.zeros((count, count))
    np.add.at(between, (part[np.nonzero(links)[0]], part[np.nonzero(links)[1]]), 1.0)
    reach = (between > 0).astype(np.float64)
    while True:  # paths twice as long at every turn
        longer = ((reach + reach @ reach) > 0).astype(np.float64)
        if (longer == reach).all():
            break
        reach = longer
    return np.asarray(reach[np.ix_(part, part)] > 0)
