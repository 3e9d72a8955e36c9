"""Flows of products between regions: linkable pools, gravity starting values, exact margins."""

from typing import NamedTuple

import numpy as np

from iomodel.kernels.biproportion import Margins, Scaled, scaled
from iomodel.kernels.linear import Array

ROUNDING = 1e-12


class Pools(NamedTuple):
    """Sent and received by product and region, (n, R); the sums of each product agree."""

    sent: Array
    received: Array


def matched(sent: Array, received: Array, limit: Array) -> Pools:
    """Return the largest parts of two pools that can be traded between different regions.

    Parameters
    ----------
    sent, received : ndarray, shape (n, R)
        Outflows and inflows of every product by region, not negative.
    limit : ndarray, shape (n, R)
        Most that a region can send, its own output: more would be goods in transit.

    Returns
    -------
    Pools
        Of the largest trade, each side in proportion to what is given; where one region
        takes part in all of it, the others keep as much more as that needs.

    Notes
    -----
    A region cannot trade with itself. The largest trade of a product is the least cut of
    that transport problem, L = min(sum o, sum i, min_r (sum o - o_r + sum i - i_r)) (Ford and
    Fulkerson 1956), and sums of L can be traded if and only if no region has o_r + i_r > L.
    As both add up to L, at most one region can break that.
    """
    sent = np.minimum(sent, limit)
    total = np.minimum(sent.sum(axis=1), received.sum(axis=1))
    others = total_of_others(sent) + total_of_others(received)
    largest = np.minimum(total, others.min(axis=1))[:, None]
    largest = np.where(largest > ROUNDING * total[:, None], largest, 0.0)
    out, into = to_total(sent, largest), to_total(received, largest)
    for i, r in np.argwhere(out + into > largest * (1 + ROUNDING)):
        rest = np.arange(out.shape[1]) != r
        need = out[i, r] + into[i, r] - largest[i, 0]
        room = np.array([(full[i] - part[i])[rest].sum()
                         for full, part in ((sent, out), (received, into))])  # fmt: skip
        for full, part, more in zip((sent, received), (out, into), need * room / room.sum(),
                                    strict=True):  # fmt: skip
            wanted = min(part[i, rest].sum() + more, largest[i, 0])
            part[i, rest] = to_total(full[i : i + 1, rest], np.array([[wanted]]))[0]
            part[i, r] = largest[i, 0] - wanted
    out, into = (np.where(part > ROUNDING * largest, part, 0.0) for part in (out, into))
    return Pools(out, into)


def total_of_others(part: Array) -> Array:
    """Sum over all regions but each, (n, R)."""
    return np.asarray(part.sum(axis=1, keepdims=True) - part)


def to_total(part: Array, total: Array) -> Array:
    """Scale the rows of (n, R) to totals, (n, 1); rows of zeros stay."""
    own = part.sum(axis=1, keepdims=True)
    return np.asarray(part * np.divide(total, own, out=np.zeros_like(own), where=own > 0))


def friction(distances: Array, decay: float) -> Array:
    """Distance decay d^-decay, (R, R); one everywhere for a decay of zero."""
    return np.asarray(distances**-decay) if decay else np.ones_like(distances)


def gravity(pools: Pools, attraction: Array) -> Array:
    """Return starting values of trade: sent times received over the total, times Q.

    Parameters
    ----------
    pools : Pools
        Sums of each product, (n, R).
    attraction : ndarray, shape (R, R)
        Q, from the row region to the column region; a diagonal of zero leaves out a
        region's trade with itself.

    Returns
    -------
    ndarray, shape (n, R, R)
        t_i^rs = o_i^r d_i^s Q^rs / sum_r o_i^r. Leontief and Strout (1963), "Multiregional
        input-output analysis", in Barna (ed.), Structural Interdependence and Economic
        Development [M]; Miller and Blair (2009), section 8.6.1.
    """
    total = pools.sent.sum(axis=1)[:, None, None]
    both = pools.sent[:, :, None] * pools.received[:, None, :]
    start = np.divide(both, total, out=np.zeros_like(both), where=total > 0) * attraction
    if not np.diagonal(attraction).any():
        for product, region in np.argwhere(_dominant(pools)):
            kept = np.zeros(start.shape[1:], dtype=bool)
            kept[region], kept[:, region] = True, True
            start[product] = np.where(kept, start[product], 0.0)
    return np.asarray(start)


def _dominant(pools: Pools) -> Array:
    """Mark regions that take part in every flow: sent plus received is the whole trade."""
    total = pools.sent.sum(axis=1, keepdims=True)
    return np.asarray((pools.sent + pools.received >= total * (1 - 1e-9)) & (total > 0))


def traded(start: Array, pools: Pools, *, iterations: int = 5000) -> list[Scaled]:
    """Scale the trade of every product to its pools by RAS, product by product.

    Parameters
    ----------
    start : ndarray, shape (n, R, R)
        Starting values, not negative.
    pools : Pools
        Row and column sums by product.

    Returns
    -------
    list of Scaled, n
        As `iomodel.kernels.biproportion.scaled`; the caller refuses what did not converge.
    """
    return [
        scaled(cells, Margins(sent, received), tolerance=1e-10, iterations=iterations)
        for cells, sent, received in zip(start, *pools, strict=True)
    ]


class Origins(NamedTuple):
    """Where the products used in each region come from, as shares of local use.

    Attributes
    ----------
    local, outer : ndarray, shape (n, R, R)
        Share of the row region in what users at home, and in what exporters, of the column
        region buy.
    local_abroad, outer_abroad : ndarray, shape (n, R)
        Share of imports from outside the system in the same.
    """

    local: Array
    outer: Array
    local_abroad: Array
    outer_abroad: Array


def origins(trade: Array, abroad: Array, use: Array, exports: Array) -> Origins:
    """Return trade coefficients of every product and region: Chenery and Moses.

    Parameters
    ----------
    trade : ndarray, shape (n, R, R)
        Flows between different regions; the diagonal is ignored.
    abroad : ndarray, shape (n, R)
        Imports from outside the linked regions.
    use, exports : ndarray, shape (n, R)
        Use at home, and what leaves the linked regions.

    Returns
    -------
    Origins
        All users of a product at home buy the same mix of origins, exporters buy at home.
        Where more is brought in than is used at home, exporters buy that mix as well.

    Notes
    -----
    c_i^rs = t_i^rs / (use of i in s), z_ij^rs = c_i^rs a_ij^s x_j^s: Chenery (1953) and
    Moses (1955) [M]; Miller and Blair (2009), section 3.4.
    """
    regions = use.shape[1]
    away = trade * (1.0 - np.eye(regions))
    brought = away.sum(axis=1) + abroad
    pooled = brought > use * (1 + ROUNDING)
    base = np.where(pooled, use + exports, use)

    def over(part: Array, size: Array) -> Array:
        return np.divide(part, size, out=np.zeros_like(part), where=size > 0)

    local = over(away, np.broadcast_to(base[:, None, :], away.shape))
    local_abroad = over(abroad, base)
    outer = np.where(pooled[:, None, :], local, 0.0)
    outer_abroad = np.where(pooled, local_abroad, 0.0)
    own = np.arange(regions)
    for mix, elsewhere in ((local, local_abroad), (outer, outer_abroad)):
        rest = 1.0 - mix.sum(axis=1) - elsewhere
        mix[:, own, own] = np.where(np.abs(rest) > ROUNDING, rest, 0.0)
    return Origins(local, outer, local_abroad, outer_abroad)
