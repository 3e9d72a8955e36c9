"""Linear systems of input-output analysis: solve, do not invert.

Two solvers with one face (`solve`, `solve_transposed`): `Factorised` holds one LU
factorisation of I - A; `Bordered` adds rows and columns to a solver that exists already,
by its Schur complement, without factorising again.
"""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import scipy

from iomodel.errors import NotProductiveError

Array = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


class Solver(Protocol):
    """Anything that solves (I - A) x = f and its transpose."""

    @property
    def size(self) -> int:
        """Number of rows n."""

    def solve(self, right: Array) -> Array:
        """Return x with (I - A) x = right; right is (n,) or (n, k)."""

    def solve_transposed(self, right: Array) -> Array:
        """Return m with (I - A)' m = right; right is (n,) or (n, k)."""


@dataclass(frozen=True, eq=False)
class Factorised:
    """One LU factorisation of I - A, used for every right-hand side.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
        Technical coefficients A.

    Raises
    ------
    NotProductiveError
        If I - A is singular to working precision.

    Notes
    -----
    x = (I - A)^-1 f, Miller and Blair (2009), equation 2.11, by dgetrf and dgetrs.
    """

    coefficients: Array
    _lu: Array = field(init=False, repr=False)
    _pivots: npt.NDArray[np.int32] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        matrix = np.asfortranarray(np.eye(len(self.coefficients)) - self.coefficients)
        norm = float(np.max(np.abs(matrix).sum(axis=0), initial=0.0))
        lu, pivots, info = scipy.linalg.lapack.dgetrf(matrix, overwrite_a=True)
        inverse_condition = scipy.linalg.lapack.dgecon(lu, norm)[0] if len(lu) else 1.0
        if info != 0 or not inverse_condition > np.finfo(np.float64).eps:
            raise NotProductiveError(
                "I - A is singular: some group of sectors uses up its whole output as its own "
                "input. Check the outputs of the table."
            )
        object.__setattr__(self, "_lu", lu)
        object.__setattr__(self, "_pivots", pivots)

    @property
    def size(self) -> int:
        """Number of rows n."""
        return len(self.coefficients)

    def solve(self, right: Array) -> Array:
        """Return x with (I - A) x = right; right is (n,) or (n, k)."""
        return self._apply(right, transposed=0)

    def solve_transposed(self, right: Array) -> Array:
        """Return m with (I - A)' m = right; right is (n,) or (n, k)."""
        return self._apply(right, transposed=1)

    def _apply(self, right: Array, *, transposed: int) -> Array:
        if right.shape[0] != self.size or right.ndim > 2:
            raise ValueError(f"right-hand side of shape {right.shape} does not fit {self.size}")
        answer, _ = scipy.linalg.lapack.dgetrs(self._lu, self._pivots, right, trans=transposed)
        return np.asarray(answer, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Bordered:
    """A solver with k more rows and columns, by the Schur complement of the inner one.

    Order of rows: the n inner sectors first, then the k sectors of the border.

    Parameters
    ----------
    inner : Solver
        Solver of I - A_KK.
    columns : ndarray, shape (n, k)
        A_KB, purchases of the border from inner sectors per unit of border output.
    rows : ndarray, shape (k, n)
        A_BK, purchases of inner sectors from the border per unit of their output.
    corner : ndarray, shape (k, k)
        A_BB.

    Raises
    ------
    NotProductiveError
        If the Schur complement is singular.

    Notes
    -----
    S = I - A_BB - A_BK L_KK A_KB; x_B = S^-1 (f_B + A_BK L_KK f_K);
    x_K = L_KK (A_KB x_B + f_K). Partitioned inverse, Miller and Blair (2009), appendix A.
    """

    inner: Solver
    columns: Array
    rows: Array
    corner: Array
    _schur: Array = field(init=False, repr=False)
    _reach: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        reach = self.inner.solve(self.columns)
        schur = np.eye(len(self.corner)) - self.corner - self.rows @ reach
        if not np.linalg.cond(schur, 1) < 1.0 / (len(schur) * np.finfo(np.float64).eps):
            raise NotProductiveError(
                "The added sectors use up their whole output as their own input "
                f"(Schur complement {schur.tolist()} is singular). Check their shares."
            )
        object.__setattr__(self, "_reach", reach)
        object.__setattr__(self, "_schur", schur)

    @property
    def size(self) -> int:
        """Number of rows n + k."""
        return self.inner.size + len(self.corner)

    def solve(self, right: Array) -> Array:
        """Return x with (I - A) x = right; right is (n + k,) or (n + k, c)."""
        n = self._fit(right)
        part = self.inner.solve(right[:n])
        border = np.linalg.solve(self._schur, right[n:] + self.rows @ part)
        return np.concatenate([part + self._reach @ border, border])

    def solve_transposed(self, right: Array) -> Array:
        """Return m with (I - A)' m = right; right is (n + k,) or (n + k, c)."""
        n = self._fit(right)
        border = np.linalg.solve(self._schur.T, right[n:] + self._reach.T @ right[:n])
        inner = self.inner.solve_transposed(right[:n] + self.rows.T @ border)
        return np.concatenate([inner, border])

    def _fit(self, right: Array) -> int:
        if right.shape[0] != self.size or right.ndim > 2:
            raise ValueError(f"right-hand side of shape {right.shape} does not fit {self.size}")
        return self.inner.size


def not_productive(solver: Solver) -> npt.NDArray[np.intp]:
    """Positions that break the Hawkins-Simon condition; empty for a productive A >= 0.

    Parameters
    ----------
    solver : Solver
        Solver of I - A, n rows.

    Returns
    -------
    ndarray of int
        Sectors whose total requirement per unit of demand for everything is below one.

    Notes
    -----
    For A >= 0 the solution m of (I - A)' m = 1 satisfies m >= 1 if and only if the spectral
    radius of A is below one (Hawkins and Simon 1949; Miller and Blair 2009, section 2.2).
    """
    total = solver.solve_transposed(np.ones(solver.size))
    return np.flatnonzero(~(total >= 1.0 - 1e-9))


def spectral_radius(matrix: Array) -> float:
    """Largest absolute eigenvalue of a square matrix.

    Dense below 400 rows, by the implicitly restarted Arnoldi method (ARPACK) above.
    """
    if len(matrix) < 400 or not matrix.any():
        return float(np.max(np.abs(np.linalg.eigvals(matrix)), initial=0.0))
    start = np.ones(len(matrix))
    try:
        values = scipy.sparse.linalg.eigs(matrix, k=1, v0=start, return_eigenvectors=False)
    except scipy.sparse.linalg.ArpackNoConvergence:  # a nilpotent matrix, for one
        values = np.linalg.eigvals(matrix)
    return float(np.max(np.abs(values)))
