"""Structural paths: the largest supply chains of an effect, in order, without enumerating all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

import numpy as np

from iomodel.errors import NotProductiveError
from iomodel.kernels.linear import Array, Positions

Found = tuple[tuple[int, ...], float]


def best_paths(coefficients: Array, intensity: Array, depth: int | None = None) -> Array:
    """Largest single path that starts at each sector, per unit of its output.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
        A; only sizes count, not signs.
    intensity : ndarray, shape (n,)
        e, level of the account per unit of output.
    depth : int, optional
        Most steps of a path; as many as it takes if absent.

    Returns
    -------
    ndarray, shape (depth + 1, n) or (1, n)
        b with b_i = max(|e_i|, max_h b_h |a_hi|), row t for paths of at most t steps; the one
        row without a limit if `depth` is absent.

    Raises
    ------
    NotProductiveError
        If a chain that returns to its start grows on the way, so that no path is the largest.

    Notes
    -----
    The best path is found by value iteration (Bellman 1957), as the longest path of a graph
    whose steps multiply. It is at most n - 1 steps long where no cycle grows, as in every
    productive system with A >= 0. No bound on a single path is closer than b_i.
    """
    size, own = np.abs(coefficients), np.abs(intensity)
    rows = [own]
    steps = len(own) if depth is None else depth
    for _ in range(steps):
        longer = np.maximum(own, (size * rows[-1][:, None]).max(axis=0, initial=0.0))
        if depth is None and not (longer > rows[-1] * (1.0 + 1e-15)).any():
            rows = [longer]
            break
        rows.append(longer)
    else:
        if depth is None:
            raise NotProductiveError(
                "some chain of suppliers that returns to its start is worth more each time round, "
                "so that no path is the largest. Check the coefficients, or give a depth."
            )
    return np.array(rows)


@dataclass(frozen=True, eq=False)
class _Options:
    """What can follow a sector: an end, or a step to a supplier; best first."""

    coefficients: Array
    intensity: Array
    best: Array
    _of: dict[tuple[int, int], tuple[Positions, Array]] = field(default_factory=dict)

    def __call__(self, sector: int, left: int) -> tuple[Positions, Array]:
        """Suppliers by the best path through them, n standing for the end, and their bounds."""
        limited = len(self.best) > 1
        key = (sector, left if limited else 0)
        if key not in self._of:
            bounds = np.zeros(len(self.intensity) + 1)
            bounds[-1] = abs(self.intensity[sector])
            if left:
                ahead = self.best[left - 1 if limited else 0]
                bounds[:-1] = np.abs(self.coefficients[:, sector]) * ahead
            order = np.argsort(-bounds, kind="stable")
            order = order[bounds[order] > 0.0]
            self._of[key] = order, bounds[order]
        return self._of[key]


def largest_paths(
    coefficients: Array, intensity: Array, demand: Array, *, depth: int | None = None
) -> Iterator[Found]:
    """Yield paths and their contributions, the largest first.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
        A.
    intensity, demand : ndarray, shape (n,)
        e and y.
    depth : int, optional
        Most steps of a path.

    Yields
    ------
    path : tuple of int
        From the sector that final demand buys from, by its suppliers, to where the effect is.
    contribution : float
        e_i a_ij ... a_lk y_k of the path (k, l, ..., j, i). Sizes never increase; the sum of
        all is e'(I - A)^-1 y.

    Raises
    ------
    NotProductiveError
        As `best_paths`.

    Notes
    -----
    Series of paths: Waugh (1950); Defourny and Thorbecke (1984), *Economic Journal* 94. Search
    of the tree with cut-off branches: Lenzen (2003), *Environmental Impact Assessment Review*
    23; there a branch is bounded by its multiplier, which is the sum of all its paths. Here
    branches are taken in the order of `best_paths`, a bound that is reached. So each turn of
    the search leads straight to the next largest path, as in Eppstein (1998), *SIAM Journal on
    Computing* 28(2), and the paths that come out are the largest, which needs no threshold.
    """
    best = best_paths(coefficients, intensity, depth)
    options = _Options(coefficients, intensity, best)
    end, turns = len(intensity), count()
    heap: list[tuple[float, int, tuple[int, ...], float, int]] = []
    start = np.abs(demand) * best[-1]
    steps = -1 if depth is None else depth
    for k in np.flatnonzero(start > 0.0).tolist():
        heappush(heap, (-start[k], next(turns), (k,), float(demand[k]), 0))
    while heap:
        _, _, path, volume, rank = heappop(heap)
        left = steps - len(path) + 1
        order, bounds = options(path[-1], left)
        if rank + 1 < len(order):
            bound = -abs(volume) * bounds[rank + 1]
            heappush(heap, (bound, next(turns), path, volume, rank + 1))
        then = int(order[rank])
        if then == end:
            yield path, volume * float(intensity[path[-1]])
        else:
            reached = volume * float(coefficients[then, path[-1]])
            bound = -abs(volume) * bounds[rank]
            heappush(heap, (bound, next(turns), (*path, then), reached, 0))


def elementary(coefficients: Array, origin: int, destination: int) -> Iterator[Found]:
    """Yield the paths between two accounts that pass none twice, and their direct influence.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
        A.
    origin, destination : int
        Where an injection enters, and whose receipts are followed.

    Yields
    ------
    path : tuple of int
        From origin to destination; the origin alone if it is the destination.
    influence : float
        Product of the coefficients along the path, sizes never increasing.

    Raises
    ------
    NotProductiveError
        As `best_paths`.
    """
    goal = np.zeros(len(coefficients))
    goal[destination] = 1.0
    best = best_paths(coefficients, goal)[0]
    turns = count()
    heap: list[tuple[float, int, tuple[int, ...], float]] = []
    heappush(heap, (-float(best[origin]), next(turns), (origin,), 1.0))
    while heap and heap[0][0] < 0.0:
        _, _, path, volume = heappop(heap)
        if path[-1] == destination:
            yield path, volume
            continue
        ahead = volume * coefficients[:, path[-1]]
        ahead[list(path)] = 0.0
        for sector in np.flatnonzero(np.abs(ahead) * best > 0.0).tolist():
            bound = -abs(ahead[sector]) * best[sector]
            heappush(heap, (bound, next(turns), (*path, sector), float(ahead[sector])))


def path_multiplier(inverse: Array, path: tuple[int, ...]) -> float:
    """How much the circuits at a path's accounts raise its direct influence.

    Parameters
    ----------
    inverse : ndarray, shape (n, n)
        L.
    path : tuple of int

    Returns
    -------
    float
        M_p, the minor of I - A without the accounts of the path over the determinant of I - A:
        Defourny and Thorbecke (1984), *Economic Journal* 94(373). By Jacobi's identity it is the
        determinant of the part of L at the path, which needs no other.
    """
    return float(np.linalg.det(inverse[np.ix_(path, path)]))


def by_order(coefficients: Array, intensity: Array, demand: Array, orders: int) -> Array:
    """Contributions of all paths of each order, e'A^t y.

    Parameters
    ----------
    coefficients : ndarray, shape (n, n)
        A.
    intensity : ndarray, shape (n,) or (n, r)
        e.
    demand : ndarray, shape (n,)
        y.
    orders : int
        The last order t.

    Returns
    -------
    ndarray, shape (orders + 1,) or (orders + 1, r)
        Rounds of production, Miller and Blair (2009), section 2.4.
    """
    found, volume = [], demand
    for _ in range(orders + 1):
        found.append(intensity.T @ volume)
        volume = coefficients @ volume
    return np.array(found)


def remainder(coefficients: Array, demand: Array, orders: int) -> Array:
    """Carry final demand beyond an order: A^(orders + 1) y, (n,)."""
    volume = demand
    for _ in range(orders + 1):
        volume = coefficients @ volume
    return volume
