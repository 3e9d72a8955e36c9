"""Coefficients from flows."""

import numpy as np

from iomodel.kernels.linear import Array


def technical(intermediate: Array, output: Array) -> Array:
    """Technical coefficients A = Z diag(x)^-1.

    Parameters
    ----------
    intermediate : ndarray, shape (n, n)
        Flows Z, or any rows of inputs of shape (p, n).
    output : ndarray, shape (n,)
        Output x. A column with x = 0 must have been dealt with by the caller; where the
        whole column is zero its coefficients are zero.

    Returns
    -------
    ndarray, shape (n, n) or (p, n)
        Input per unit of output. Miller and Blair (2009), equation 2.4.
    """
    return intermediate / np.where(output == 0.0, 1.0, output)


def import_proportional_shares(
    output: Array, exports: Array, imports: Array
) -> tuple[Array, Array]:
    """Domestic share of each product's domestic use under import proportionality.

    Parameters
    ----------
    output, exports, imports : ndarray, shape (n,)
        Output x, exports EX and imports IM (positive) by product, in one unit.

    Returns
    -------
    shares : ndarray, shape (n,)
        d = (x - EX) / (x - EX + IM), clipped to [0, 1]; 1 where nothing is used at home.
    raw : ndarray, shape (n,)
        The same before clipping.

    Notes
    -----
    Every user buys the same import share of a product; exports are not re-exports.
    Miller and Blair (2009), section 4.2; Eurostat Manual of Supply, Use and Input-Output
    Tables (2008), chapter 8.
    """
    home = output - exports
    use = home + imports
    raw = np.divide(home, use, out=np.ones_like(use), where=use != 0.0)
    return np.clip(raw, 0.0, 1.0), raw
