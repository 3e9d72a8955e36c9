"""From supply and use to symmetric tables: market shares, product mixes, models A to D.

Everywhere `supply` is V', m products by n industries, and `use` is U of the same shape;
q = V' 1 is the output of products, g' = 1' V' that of industries.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from iomodel.kernels.coefficients import technical
from iomodel.kernels.linear import Array, Factorised, Positions

Model = Literal["A", "B", "C", "D"]
EPSILON = float(np.finfo(np.float64).eps)


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


class Dependence(NamedTuple):
    """Positions of the products and industries that make a supply table singular."""

    products: Positions
    industries: Positions


def dependent(supply: Array) -> Dependence | None:
    """Find what makes a square supply table singular to working precision.

    Parameters
    ----------
    supply : ndarray, shape (n, n)
        Its product mix C is examined, so that large industries do not hide small ones.

    Returns
    -------
    Dependence or None
        Products and industries with weight in the null vectors of C from the left and from
        the right; None if C can be inverted.
    """
    mix = technical(supply, supply.sum(axis=0))
    lu, _, _ = scipy.linalg.lapack.dgetrf(mix)
    norm = float(np.max(np.abs(mix).sum(axis=0), initial=0.0))
    if scipy.linalg.lapack.dgecon(lu, norm)[0] > len(mix) ** 2 * EPSILON:
        return None  # clearly regular: spare the singular values, which take ten times as long
    left, sizes, right = np.linalg.svd(mix)
    if not len(sizes) or sizes[-1] > sizes[0] * len(mix) * EPSILON:
        return None
    null = sizes <= sizes[0] * len(mix) * EPSILON
    return Dependence(
        np.flatnonzero((np.abs(left[:, null]) > 1e-8).any(axis=1)),
        np.flatnonzero((np.abs(right[null]) > 1e-8).any(axis=0)),
    )


@dataclass(frozen=True, eq=False)
class Construction:
    """The transformation of one model, from products by industries to a square table.

    Parameters
    ----------
    model : {"A", "B", "C", "D"}
        A product technology and B industry technology give products by products, C fixed
        industry sales and D fixed product sales give industries by industries.
    supply : ndarray, shape (m, n)
        Square and regular (`dependent`) for A and C. Without rows of zeros for D.

    Notes
    -----
    With C = V' diag(g)^-1 and D = V diag(q)^-1:

    - A: rows of inputs R become R V'^-1 diag(q) = R diag(g)^-1 C^-1 diag(q);
    - B: R becomes R diag(g)^-1 V;
    - C: columns of uses K become diag(g) V'^-1 K = C^-1 K;
    - D: K becomes D K.

    Eurostat Manual of Supply, Use and Input-Output Tables (2008), chapter 11, models A to D;
    United Nations Handbook on Supply and Use Tables and Input-Output Tables (2018), chapter
    12. Every model keeps row and column totals: A and B those of rows of inputs, C and D
    those of columns of uses, for 1' C = 1' and 1' D = 1'.
    """

    model: Model
    supply: Array

    @property
    def by_product(self) -> bool:
        """True for A and B."""
        return self.model in "AB"

    @property
    def output(self) -> Array:
        """Output of the square table: q for A and B, g for C and D."""
        return np.asarray(self.supply.sum(axis=1 if self.by_product else 0))

    def inputs(self, rows: Array) -> Array:
        """Transform rows of inputs of industries, shape (r, n); C and D leave them.

        In A, what is smaller than the rounding error of the solution is zero.
        """
        if not self.by_product:
            return rows
        per_unit = technical(rows, self.supply.sum(axis=0))
        if self.model == "B":
            return per_unit @ self.supply.T
        return _clean(self._solved(per_unit.T, transposed=1).T * self.output, rows)

    def uses(self, columns: Array) -> Array:
        """Transform columns of uses of products, shape (m,) or (m, c); A and B leave them.

        In C, what is smaller than the rounding error of the solution is zero.
        """
        if self.by_product:
            return columns
        if self.model == "D":
            return market_shares(self.supply) @ columns
        return _clean(self._solved(columns, transposed=0), columns)

    @cached_property
    def _factors(self) -> tuple[Array, npt.NDArray[np.int32]]:
        lu, pivots, _ = scipy.linalg.lapack.dgetrf(product_mix(self.supply))
        return lu, pivots

    def _solved(self, right: Array, *, transposed: int) -> Array:
        answer, _ = scipy.linalg.lapack.dgetrs(*self._factors, right, trans=transposed)
        return np.asarray(answer, dtype=np.float64)


def _clean(found: Array, given: Array) -> Array:
    floor = 8.0 * EPSILON * float(np.max(np.abs(given), initial=0.0))
    return np.where(np.abs(found) <= floor, 0.0, found)


class Recipes(NamedTuple):
    """Inputs of products without negatives, and how they were reached."""

    inputs: Array
    iterations: int
    change: float


def almon(
    rows: Array, supply: Array, *, iterations: int = 5000, tolerance: float = 1e-12
) -> Recipes:
    """Find inputs of products by product technology, without negative flows.

    Parameters
    ----------
    rows : ndarray, shape (r, n)
        Inputs of industries u, none negative.
    supply : ndarray, shape (n, n)
        None negative; product i is the main product of industry i.
    iterations : int
        Most steps taken.
    tolerance : float
        Largest change in the last step, relative to the largest figure.

    Returns
    -------
    Recipes
        Inputs of products r, shape (r, n), the steps taken and the last relative change;
        the caller refuses a change above its tolerance.

    Notes
    -----
    With market shares D, u_i = sum_j D_ij r_j is solved for r by steps

        r_i <- u_i - s_i sum_{j != i} D_ij r_j + r_i sum_{j != i} s_j D_ji,
        s_i = min(1, u_i / sum_{j != i} D_ij r_j):

    an industry never hands over more of an input than it uses, and what it keeps is not
    added elsewhere, so that every row keeps its total. Without negatives all s are one and
    r is model A. Almon (2000), "Product-to-product tables via product technology with no
    negative flows", Economic Systems Research 12(1), 27-43.
    """
    apart = market_shares(supply)
    np.fill_diagonal(apart, 0.0)
    found, scale = rows.copy(), float(np.max(np.abs(rows), initial=0.0)) or 1.0
    change, step = np.inf, 0
    while change > tolerance and step < iterations:
        taken = found @ apart.T
        scaled = np.ones_like(found)
        np.divide(rows, taken, out=scaled, where=taken > rows)
        after = rows - np.minimum(taken, rows) + found * (scaled @ apart)
        change = float(np.max(np.abs(after - found), initial=0.0)) / scale
        found, step = after, step + 1
    return Recipes(found, step, change)


def total_requirements(supply: Array, use: Array) -> Array:
    """Industry output needed per unit of final demand for products, D (I - B D)^-1.

    Parameters
    ----------
    supply, use : ndarray, shape (m, n)
        B = U diag(g)^-1. A product without output has market shares of zero: no industry at
        home is needed for it.

    Returns
    -------
    ndarray, shape (n, m)
        Industry-by-commodity total requirements under industry technology. Miller and Blair
        (2009), section 5.4; U.S. Bureau of Economic Analysis, Concepts and Methods of the
        Input-Output Accounts (2009), chapter 12.
    """
    shares = np.nan_to_num(market_shares(supply), nan=0.0)
    direct = technical(use, supply.sum(axis=0)) @ shares
    return Factorised(direct).solve_transposed(shares.T).T
