"""Draws of uncertain inputs: inverse distribution functions of reproducible uniforms.

Every draw is made from one uniform per input, so that the same seed gives the same draws in
whatever order and by however many workers the chunks are made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy

from iomodel.errors import SpecError, listed
from iomodel.kernels.linear import Array, Positions

CHUNK = 8192
INTERVAL = 1.959963984540054  # low to high holds 95 % of a normal
PERT = 4.0  # weight of the mode of a beta over low to high
FIXED, CATEGORICAL, DIRICHLET = "fixed", "categorical", "dirichlet"
FLAT: Mapping[str, str] = {
    **dict.fromkeys(("triangular", "normal", "beta"), "uniform"),
    **dict.fromkeys(("log-triangular", "log-normal"), "log-uniform"),
}


def uniforms(seed: int, chunk: int, count: int, size: int) -> Array:
    """Return the first rows of one chunk of uniform numbers.

    Parameters
    ----------
    seed : int
        Zero or above.
    chunk : int
        Number of the chunk; chunks are independent streams of one seed.
    count, size : int
        Rows wanted (at most `CHUNK`) and columns.

    Returns
    -------
    ndarray, shape (count, size)
        In [0, 1). Fewer rows are the first of more rows.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(chunk,))
    return np.random.Generator(np.random.PCG64(sequence)).random((count, size))


def seeds(seed: int, chunk: int, count: int) -> npt.NDArray[np.uint64]:
    """Return one seed for each of the first draws of a chunk, apart from its uniforms.

    Parameters
    ----------
    seed, chunk, count : int
        As for `uniforms`.

    Returns
    -------
    ndarray of int, shape (count,)
        Fewer are the first of more.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(chunk, 1))
    rng = np.random.Generator(np.random.PCG64(sequence))
    return rng.integers(0, 2**64, size=count, dtype=np.uint64)


def triangular(u: Array, low: float, mode: float, high: float) -> Array:
    """Quantiles of the triangular distribution over low to high."""
    width, left = high - low, mode - low
    rising = u * width < left
    root = np.sqrt(np.where(rising, u * (width * left), (1.0 - u) * (width * (high - mode))))
    return np.where(rising, low + root, high - root)


def uniform(u: Array, low: float, mode: float, high: float) -> Array:
    """Quantiles of the uniform distribution over low to high; the mode has no say."""
    return low + u * (high - low)


def normal(u: Array, low: float, mode: float, high: float) -> Array:
    """Quantiles of a normal with mean `mode`; low to high is as wide as 95 % of it."""
    return np.asarray(mode + (high - low) / (2.0 * INTERVAL) * scipy.special.ndtri(u))


def beta(u: Array, low: float, mode: float, high: float) -> Array:
    """Quantiles of the beta of PERT: a = 1 + 4 (mode - low) / (high - low), b likewise."""
    width = high - low
    first, second = 1.0 + PERT * (mode - low) / width, 1.0 + PERT * (high - mode) / width
    return np.asarray(low + width * scipy.special.betaincinv(first, second, u))


Quantiles = Callable[[Array, float, float, float], Array]
PLAIN: Mapping[str, Quantiles] = {
    "triangular": triangular,
    "uniform": uniform,
    "normal": normal,
    "beta": beta,
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Marginals:
    """The distribution of k inputs.

    Attributes
    ----------
    names : tuple of str, length k
    kinds : tuple of str, length k
        triangular, uniform, normal, beta, the first three with ``log-`` in front for the same
        in the logarithm, dirichlet, categorical, fixed.
    low, mode, high : ndarray, shape (k,)
        Range and most likely value. Of a category: 0, its position, their number. Of a
        Dirichlet share: 0, its parameter (mean times concentration), infinity.
    least, most : ndarray, shape (k,)
        What a value cannot fall below or exceed: normals are truncated there, and a wider
        spread stops there.
    blocks : tuple of ndarray
        Positions of inputs that are scaled to sum one after they are drawn.
    copula : (positions, factor) or None
        Correlated inputs and the Cholesky factor of the correlation of their normal scores.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    low: Array
    mode: Array
    high: Array
    least: Array
    most: Array
    blocks: tuple[Positions, ...] = ()
    copula: tuple[Positions, Array] | None = None

    def __post_init__(self) -> None:
        problems = [
            f"{name}: {problem}"
            for name, kind, *values in zip(
                self.names, self.kinds, self.low, self.mode, self.high, strict=True
            )
            if (problem := _no_support(kind, *values))
        ]
        if problems:
            raise SpecError(f"{len(problems)} inputs cannot be drawn:\n  {listed(problems)}")
        for array in (self.low, self.mode, self.high, self.least, self.most):
            array.flags.writeable = False

    def __len__(self) -> int:
        return len(self.names)

    def quantiles(self, u: Array) -> Array:
        """Turn independent uniforms into draws.

        Parameters
        ----------
        u : ndarray, shape (n, k)

        Returns
        -------
        ndarray, shape (n, k)
            Correlated by a Gaussian copula where asked for; blocks sum to one.
        """
        u = np.asfortranarray(self._correlated(u))
        out = np.empty(u.shape, order="F")
        for k in range(len(self)):
            out[:, k] = self._column(k, u[:, k])
        return self.scaled(out)

    def draws(self, seed: int, chunk: int, count: int) -> Array:
        """Return the first rows of one chunk of draws, shape (count, k)."""
        return self.quantiles(uniforms(seed, chunk, count, len(self)))

    def scaled(self, values: Array) -> Array:
        """Scale every block to sum one; (n, k) in, (n, k) out."""
        for block in self.blocks:
            total = values[:, block].sum(axis=1, keepdims=True)
            values[:, block] /= total
        return values

    def spreads(self, points: int = 20_001) -> Array:
        """Return the standard deviation of every input before blocks are scaled, shape (k,).

        Of Dirichlet shares, which have no scale before, that of the share.
        """
        u = (np.arange(points) + 0.5) / points
        out = np.array([float(self._column(k, u).std()) for k in range(len(self))])
        for block in self.blocks:
            if all(self.kinds[k] == DIRICHLET for k in block):
                total = self.mode[block].sum()
                mean = self.mode[block] / total
                out[block] = np.sqrt(mean * (1.0 - mean) / (total + 1.0))
        return out

    def widened(self, factor: float) -> "Marginals":
        """Return the same with low and high `factor` times as far from the mode.

        In the logarithm for distributions of the logarithm; not beyond `least` and `most`.
        The concentration of a Dirichlet is divided by the square of the factor.
        """
        low, mode, high = self.low.copy(), self.mode.copy(), self.high.copy()
        for k, kind in enumerate(self.kinds):
            if kind in (FIXED, CATEGORICAL):
                continue
            if kind == DIRICHLET:
                mode[k] /= factor**2
            elif kind.startswith("log-"):
                low[k] = mode[k] * (low[k] / mode[k]) ** factor
                high[k] = mode[k] * (high[k] / mode[k]) ** factor
            else:
                low[k] = mode[k] - factor * (mode[k] - low[k])
                high[k] = mode[k] + factor * (high[k] - mode[k])
        drawn = np.array([kind not in (FIXED, CATEGORICAL, DIRICHLET) for kind in self.kinds])
        low = np.where(drawn, np.maximum(low, self.least), low)
        high = np.where(drawn, np.minimum(high, self.most), high)
        return replace(self, low=low, mode=mode, high=high)

    def flat(self) -> "Marginals":
        """Return the same with every value of a range as likely as any other.

        In the logarithm for distributions of the logarithm; Dirichlet parameters become one.
        """
        mode = np.where([kind == DIRICHLET for kind in self.kinds], 1.0, self.mode)
        return replace(self, kinds=tuple(FLAT.get(kind, kind) for kind in self.kinds), mode=mode)

    def _correlated(self, u: Array) -> Array:
        if self.copula is None:
            return u
        at, factor = self.copula
        scores = scipy.special.ndtri(np.clip(u[:, at], 1e-300, 1.0 - 1e-16))
        u = u.copy()
        u[:, at] = scipy.special.ndtr(scores @ factor.T)
        return u

    def _column(self, k: int, u: Array) -> Array:
        kind, low, mode, high = self.kinds[k], self.low[k], self.mode[k], self.high[k]
        if kind == FIXED:
            return np.full(u.shape, mode)
        if kind == CATEGORICAL:
            return np.asarray(np.minimum(np.floor(u * high), high - 1.0))
        if kind == DIRICHLET:
            return np.asarray(scipy.special.gammaincinv(mode, u))
        logged = kind.startswith("log-")
        ends = np.array([low, mode, high, self.least[k], self.most[k]])
        if logged:
            with np.errstate(divide="ignore"):
                ends = np.log(np.maximum(ends, 0.0))
        low, mode, high, least, most = ends
        if kind.endswith("normal"):
            u = _truncated(u, mode, (high - low) / (2.0 * INTERVAL), least, most)
        values = PLAIN[kind.removeprefix("log-")](u, low, mode, high)
        return np.asarray(np.exp(values)) if logged else values


def _truncated(u: Array, mean: float, deviation: float, least: float, most: float) -> Array:
    """Uniforms moved into the part of a normal between two bounds."""
    first, last = scipy.special.ndtr((np.array([least, most]) - mean) / deviation)
    return np.asarray(first + u * (last - first))


def _no_support(kind: str, low: float, mode: float, high: float) -> str:
    """Say why a distribution cannot be drawn from; empty if it can."""
    known = kind.removeprefix("log-") in PLAIN and kind != "log-beta"
    reasons = {
        f"{mode} is not a number": kind == FIXED and not np.isfinite(mode),
        "no categories to draw from": kind == CATEGORICAL and not high >= 1,
        f"its Dirichlet parameter is {mode:g}, not above zero": kind == DIRICHLET
        and not 0 < mode < np.inf,
        f"unknown distribution {kind!r}": not known and kind not in (FIXED, CATEGORICAL, DIRICHLET),
        f"{kind} needs low, central and high, found {low:g}, {mode:g}, {high:g}": known
        and not np.isfinite([low, mode, high]).all(),
        f"low, central, high are not in order: {low:g}, {mode:g}, {high:g}": known
        and not low <= mode <= high,
        f"{kind} without width: low and high are {low:g}; use fixed": known and low == high,
        f"{kind} needs low above zero, found {low:g}": kind.startswith("log-") and low <= 0,
    }
    return next((text for text, broken in reasons.items() if broken), "")


def gaussian_copula(
    names: Sequence[str], kinds: Sequence[str], pairs: Mapping[tuple[str, str], float]
) -> tuple[Positions, Array] | None:
    """Positions and Cholesky factor of correlated inputs.

    Parameters
    ----------
    names, kinds : sequence of str, length k
    pairs : mapping of (name, name) to correlation
        Correlations of the normal scores; pairs that are not named are independent.

    Returns
    -------
    (ndarray of int, shape (c,), ndarray, shape (c, c)) or None
        None without pairs.

    Raises
    ------
    SpecError
        For unknown names, inputs that cannot be ordered, values outside -1 to 1, and a
        matrix that is not positive definite: it names the inputs of the offending group.

    Notes
    -----
    z = C u with C C' the correlation matrix, each z turned into a uniform by the normal
    distribution function. Nelsen (2006), An Introduction to Copulas, section 3.1.
    """
    if not pairs:
        return None
    place = {name: k for k, name in enumerate(names)}
    problems = []
    for (one, other), value in pairs.items():
        lost = [name for name in (one, other) if name not in place]
        problems += [f"{one}, {other}: no input {name!r}" for name in lost]
        problems += [
            f"{one}, {other}: {name} is {kinds[place[name]]}, which has no correlation"
            for name in (one, other)
            if name in place and kinds[place[name]] in (FIXED, CATEGORICAL)
        ]
        if one == other or not -1.0 <= value <= 1.0:
            problems.append(f"{one}, {other}: a correlation of {value:g}")
    if problems:
        raise SpecError(f"correlations cannot be used:\n  {listed(problems)}")
    involved = sorted({place[name] for pair in pairs for name in pair})
    matrix = np.eye(len(involved))
    for (one, other), value in pairs.items():
        i, j = involved.index(place[one]), involved.index(place[other])
        if matrix[i, j] not in (0.0, value):
            raise SpecError(f"correlation of {one} and {other} is given twice, differently.")
        matrix[i, j] = matrix[j, i] = value
    smallest = float(np.linalg.eigvalsh(matrix)[0])
    if not smallest > len(matrix) * np.finfo(np.float64).eps:
        chosen = ", ".join(names[k] for k in involved)
        raise SpecError(
            f"the correlation matrix of {chosen} is not positive definite (smallest eigenvalue "
            f"{smallest:.3g}): these correlations contradict each other. Bring them nearer to zero."
        )
    return np.array(involved, dtype=np.intp), np.linalg.cholesky(matrix).astype(np.float64)


def chunks(draws: int) -> list[tuple[int, int]]:
    """Return number and size of the chunks that give a number of draws."""
    return [(k, min(CHUNK, draws - k * CHUNK)) for k in range(-(-draws // CHUNK))]


def quantile_error(values: Array, probability: float) -> Array:
    """Monte Carlo standard error of a quantile of each column, without assuming a shape.

    Parameters
    ----------
    values : ndarray, shape (n, q)
        Sorted along the first axis.
    probability : float
        Between 0 and 1.

    Returns
    -------
    ndarray, shape (q,)
        Half the distance between the order statistics one binomial standard deviation,
        sqrt(n p (1 - p)), below and above rank n p (Woodruff 1952; Glynn 1996). Not a number
        with fewer than two values.
    """
    n = len(values)
    if n < 2:
        return np.full(values.shape[1:], np.nan)
    around = n * probability + np.array([-1.0, 1.0]) * np.sqrt(n * probability * (1 - probability))
    first, last = np.clip(np.round(around - 0.5), 0, n - 1).astype(np.intp)
    return np.asarray((values[last] - values[first]) / 2.0)


Mask = npt.NDArray[np.bool_]
