"""Many draws of a coefficient matrix, each solved for exactly."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.sampling import Mask

BATCH = 32
CLOSE = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class Erring:
    """Technical coefficients with relative errors, and what their inverse is multiplied by.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
        A, not negative where errors are above zero.
    error : ndarray, shape (n, n)
        Relative standard deviation of each coefficient.
    counted : ndarray, shape (q, n)
        What output is counted by.
    blocks : ndarray of int, shape (n, n), or None
        Coefficients with the same number share one error; each has its own if None.
    """

    coefficients: Array
    error: Array
    counted: Array
    blocks: Positions | None = None

    @property
    def none(self) -> bool:
        """Whether no coefficient that is not zero has an error."""
        return not self._cells[0].size

    @cached_property
    def _cells(self) -> tuple[Positions, Array]:
        """Places of coefficients that err, row by row, and the deviation of their logarithm."""
        places = np.flatnonzero((self.coefficients != 0.0) & (self.error > 0.0))
        sigma: Array = np.sqrt(np.log1p(self.error.ravel()[places] ** 2))
        return places, sigma

    @cached_property
    def _most(self) -> Array:
        """What a column may buy per unit of its output: no more than it does, if above one."""
        return np.asarray(np.maximum(1.0, self.coefficients.sum(axis=0)))

    def drawn(self, seed: int) -> Array:
        """Return the coefficients of one draw, shape (n, n).

        Parameters
        ----------
        seed : int

        Notes
        -----
        a exp(sigma z - sigma^2 / 2), z standard normal, sigma^2 = ln(1 + error^2): mean a.
        """
        places, sigma = self._cells
        rng = np.random.Generator(np.random.SFC64(seed))
        if self.blocks is None:
            scores = rng.standard_normal(len(places))
        else:
            scores = rng.standard_normal(int(self.blocks.max()) + 1)[self.blocks.ravel()[places]]
        out: Array = self.coefficients.flatten()
        out[places] *= np.exp(sigma * scores - 0.5 * sigma**2)
        return out.reshape(self.coefficients.shape)

    def reach(self, seeds: npt.NDArray[np.uint64], spread: Array) -> tuple[Array, Mask]:
        """Return what spending sets off in every draw, and which draws are productive.

        Parameters
        ----------
        seeds : ndarray of int, shape (d,)
            One for each draw.
        spread : ndarray, shape (items, n)
            Purchases per unit of spending.

        Returns
        -------
        (ndarray, shape (items, q, d), ndarray of bool, shape (d,))
            s' (I - A*)^-1 c', and whether every column of A* buys at most one (or what it
            buys without errors) and (I - A*)' m = 1 has m >= 1 (Hawkins and Simon 1949).
            Refused draws are those of A itself.
        """
        n, q = len(self.coefficients), len(self.counted)
        right = np.vstack([self.counted, np.ones((1, n))]).T
        out = np.empty((len(spread), q, len(seeds)))
        kept = np.ones(len(seeds), dtype=bool)
        for first in range(0, len(seeds), BATCH):
            part = slice(first, first + BATCH)
            matrices = np.stack([self.drawn(int(seed)) for seed in seeds[part]])
            kept[part] = (matrices.sum(axis=1) <= self._most + CLOSE).all(axis=1)
            matrices[~kept[part]] = self.coefficients
            systems = np.eye(n) - matrices.transpose(0, 2, 1)
            mu = np.linalg.solve(systems, np.broadcast_to(right, (len(systems), n, q + 1)))
            kept[part] &= (mu[:, :, -1] >= 1.0 - CLOSE).all(axis=1)
            out[:, :, part] = np.moveaxis(spread @ mu[:, :, :-1], 0, 2)
        return out, kept
