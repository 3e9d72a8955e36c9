"""From purchasers' to basic prices: margins move between products, taxes leave them."""

import numpy as np

from iomodel.kernels.linear import Array


def in_proportion(column: Array, uses: Array) -> Array:
    """Spread a valuation column over the uses of each product in proportion to their value.

    Parameters
    ----------
    column : ndarray, shape (m,)
        Margins or taxes less subsidies on each product.
    uses : ndarray, shape (m, c)
        Uses at purchasers' prices, intermediate and final.

    Returns
    -------
    ndarray, shape (m, c)
        Rows sum to the column; one rate for all users of a product. NaN in the rows of
        products whose uses sum to zero while the column does not. Eurostat Manual of Supply,
        Use and Input-Output Tables (2008), chapter 6.
    """
    total = uses.sum(axis=1)
    rate = np.where(column == 0.0, 0.0, np.nan)
    np.divide(column, total, out=rate, where=total != 0.0)
    return np.asarray(rate[:, None] * uses)


def with_renderers(margins: Array, column: Array) -> Array:
    """Give the margins of each user to the products that render them.

    Parameters
    ----------
    margins : ndarray, shape (m, c)
        Margins on each use of the goods; rows of the products that render them are zero.
    column : ndarray, shape (m,)
        Margins by product of the supply side, negative on the products that render them.

    Returns
    -------
    ndarray, shape (m, c)
        The same with negative rows: each such product renders the same share of every user's
        margins, its share in all margins. Columns sum to zero.
    """
    rendered = np.where(column < 0.0, -column, 0.0)
    return margins - np.outer(rendered / rendered.sum(), margins.sum(axis=0))
