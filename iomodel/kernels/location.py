"""Location quotients, and trade shares by cross-hauling, for regional tables."""

from typing import NamedTuple

import numpy as np

from iomodel.kernels.linear import Array


class Trade(NamedTuple):
    """Imports and exports by product, (n,) each, in the unit of the uses."""

    imports: Array
    exports: Array


def simple(regional: Array, national: Array) -> Array:
    """Return the simple location quotient by sector.

    Parameters
    ----------
    regional, national : ndarray, shape (n,)
        Output or employment in the region and in the nation; a sector that the nation has
        not, the region has not either.

    Returns
    -------
    ndarray, shape (n,)
        SLQ_i = (x_i^r / x^r) / (x_i^n / x^n); 1 where the nation has no such sector, so that
        it stays without influence. Miller and Blair (2009), equation 8.1.
    """
    here, there = regional / regional.sum(), national / national.sum()
    return np.asarray(np.divide(here, there, out=np.ones_like(here), where=there != 0))


def cross_industry(slq: Array) -> Array:
    """Cross-industry quotients with the simple quotient on the diagonal.

    Parameters
    ----------
    slq : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n, n)
        CILQ_ij = SLQ_i / SLQ_j; CILQ_ii = SLQ_i, as the ratio would be one whatever the size
        of the sector (Morrison and Smith 1974; Flegg, Webber and Elliott 1995, Regional
        Studies 29(6)). Columns of sectors that the region has not are SLQ_i: they buy nothing.
    """
    buyer = np.where(slq > 0, slq, 1.0)
    found = slq[:, None] / buyer
    np.fill_diagonal(found, slq)
    return np.asarray(found)


def semilogarithmic(slq: Array) -> Array:
    """Return the quotients of Round.

    Parameters
    ----------
    slq : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n, n)
        RLQ_ij = SLQ_i / log2(1 + SLQ_j), on the diagonal as well; columns of sectors that the
        region has not are SLQ_i. Round (1978), Journal of Regional Science 18(2).
    """
    buyer = np.where(slq > 0, np.log2(1.0 + slq), 1.0)
    return np.asarray(slq[:, None] / buyer)


def size_factor(share: float, delta: float) -> float:
    """Factor lambda of a region's size.

    Parameters
    ----------
    share : float
        Region over nation, 0 to 1.
    delta : float
        Convexity, 0 up to but not 1. At zero the factor is 1.

    Returns
    -------
    float
        lambda = log2(1 + share)^delta. Flegg and Webber (1997), Regional Studies 31(8).
    """
    return float(np.log2(1.0 + share) ** delta)


def specialised(quotients: Array, slq: Array) -> Array:
    """Quotients raised for the purchases of sectors in which the region is specialised.

    Parameters
    ----------
    quotients : ndarray, shape (n, n)
        FLQ = lambda CILQ.
    slq : ndarray, shape (n,)

    Returns
    -------
    ndarray, shape (n, n)
        AFLQ_ij = FLQ_ij log2(1 + SLQ_j) where SLQ_j > 1, else FLQ_ij. Flegg and Webber (2000),
        Regional Studies 34(6), after McCann and Dewhurst (1998).
    """
    return quotients * np.where(slq > 1.0, np.log2(1.0 + slq), 1.0)


def heterogeneity(output: Array, use: Array, trade: Trade) -> Array:
    """Cross-hauling of a nation as a share of what it could be.

    Parameters
    ----------
    output, use : ndarray, shape (n,)
        Output and all use at home (intermediate and final) by product.
    trade : Trade
        National imports and exports.

    Returns
    -------
    ndarray, shape (n,)
        h = min(e, m) / min(x, use), the cross-hauled trade q = e + m - |e - m| over its
        largest value 2 min(x, use); zero where there is no output or no use. Toebben and
        Kronenberg (2015), Economic Systems Research 27(4); Kronenberg (2009), International
        Regional Science Review 32(1), divides q by x + use instead.
    """
    possible = np.minimum(output, use)
    hauled = np.minimum(trade.imports, trade.exports)
    return np.asarray(np.divide(hauled, possible, out=np.zeros_like(possible), where=possible > 0))


def cross_hauled(output: Array, use: Array, share: Array) -> Trade:
    """Trade of a region that hauls across its border as its nation does.

    Parameters
    ----------
    output, use : ndarray, shape (n,)
        Output of the region and all use in it, by product.
    share : ndarray, shape (n,)
        Heterogeneity h, 0 to 1.

    Returns
    -------
    Trade
        b = x - use; v = |b| + 2 h min(x, use); m = (v - b) / 2, e = (v + b) / 2: exports are
        never above output, imports never above use.
    """
    net = output - use
    hauled = share * np.minimum(output, use)
    return Trade(hauled + np.maximum(-net, 0.0), hauled + np.maximum(net, 0.0))
