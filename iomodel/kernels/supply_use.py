"""From supply and use to symmetric tables: market shares, product mixes, models A to D.

Everywhere `supply` is V', m products by n industries, and `use` is U of the same shape;
q = V' 1 is the output of products, g' = 1' V' that of industries.
"""

from typing import Literal

import numpy as np

from iomodel.kernels.linear import Array

Model = Literal["A", "B", "C", "D"]


def market_shares(supply: Array) -> Array:
    """Market shares D = V diag(q)^-1: industry's share of the output of each product.

    Parameters
    ----------
    supply : ndarray, shape (m, n)

    Returns
    -------
    ndarray, shape (n, m)
        Columns sum to one; NaN for a product without output. Miller and Blair (2009),
        section 5.3; Eurostat Manual of Supply, Use and Input-Output Tables (2008), chapter 11.
    """
    output = supply.sum(axis=1)
    shares = np.full(supply.T.shape, np.nan)
    np.divide(supply.T, output, out=shares, where=output != 0.0)
    return shares


def product_mix(supply: Array) -> Array:
    """Product mix C = V' diag(g)^-1: product's share of the output of each industry.

    Parameters
    ----------
    supply : ndarray, shape (m, n)

    Returns
    -------
    ndarray, shape (m, n)
        Columns sum to one; NaN for an industry without output. Miller and Blair (2009),
        section 5.3; Eurostat Manual of Supply, Use and Input-Output Tables (2008), chapter 11.
    """
    output = supply.sum(axis=0)
    shares = np.full(supply.shape, np.nan)
    np.divide(supply, output, out=shares, where=output != 0.0)
    return shares
