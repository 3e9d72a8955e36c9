"""How sure is a result: draws of the inputs carried through to the outcome."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.assumptions import Assumption
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.priors import Correlations, Priors, priors
from iomodel.analysis.ensemble import Key, Outcome, Part, Screens, Work, worked
from iomodel.analysis.progress import Progress, followed
from iomodel.errors import SpecError, listed
from iomodel.kernels.linear import Array
from iomodel.kernels.sampling import Mask, chunks, quantile_error
from iomodel.results import Result

Assumptions = IndustryAccount | Iterable[Assumption]
Spread = Literal["stated", "wide", "flat"]

STUDY_KEY = ("measure", "item", "pattern")
WIDE = 1.5
PROBABILITIES: Mapping[str, float] = {
    "p025": 0.025,
    "p05": 0.05,
    "median": 0.5,
    "p95": 0.95,
    "p975": 0.975,
}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Uncertainty(Result):
    """The distribution of an outcome over the draws of its inputs that passed every screen.

    Attributes
    ----------
    keys : tuple of tuple of str
        What the outcome consists of; (measure, item, pattern) for a study.
    values : ndarray, shape (accepted, q)
    central : ndarray, shape (q,)
        Outcome at the central inputs; the mean over the categories of inputs that have some,
        such as the employment patterns of a study: no category is more central than another.
    kept : ndarray of bool, shape (draws,)
        Which draws passed every screen.
    rejected : mapping of screen to float
        Share of the draws that each screen rejects; one draw may fail several.
    priors : Priors
        The distributions that were drawn from.
    seed : int
    spread : {"stated", "wide", "flat"}

    Examples
    --------
    >>> import iomodel as iom
    >>> sides = [
    ...     iom.Assumption(id=name, block="b", item=name, unit="ratio",
    ...                    distribution="uniform", low=1.0, central=2.0, high=3.0)
    ...     for name in ("long", "wide")
    ... ]
    >>> area = lambda v: {"area": v["long"] * v["wide"]}
    >>> found = iom.uncertainty(area, sides, draws=500)
    >>> found.accepted, found.seed
    (500, 1)
    """

    keys: tuple[Key, ...]
    values: Array
    central: Array
    kept: Mask
    rejected: Mapping[str, float]
    priors: Priors
    seed: int
    spread: Spread = "stated"
    provenance: tuple[str, ...] = ()
    residual: float = 0.0

    def __post_init__(self) -> None:
        for array in (self.values, self.central, self.kept):
            array.flags.writeable = False

    @cached_property
    def _sorted(self) -> Array:
        return np.sort(self.values, axis=0)

    @property
    def draws(self) -> int:
        """Number of draws, before screens."""
        return len(self.kept)

    @property
    def accepted(self) -> int:
        """Number of draws that passed every screen."""
        return len(self.values)

    @property
    def title(self) -> str:
        """How many draws, of which spread, from which seed."""
        how = {"stated": "", "wide": f", spreads x {WIDE}", "flat": ", flat distributions"}
        return (
            f"Distribution over {self.accepted:,} of {self.draws:,} draws (seed {self.seed}"
            f"{how[self.spread]})"
        )

    def facts(self) -> list[tuple[str, object]]:
        """Return the acceptance rate and what each screen rejects."""
        rate = f"{self.accepted / self.draws:.2%}"
        lines = [(f"rejected: {rule}", f"{share:.2%}") for rule, share in self.rejected.items()]
        return [("accepted", rate), *lines]

    @cached_property
    def index(self) -> pd.Index:
        """Index of what the outcome consists of."""
        return labelled(self.keys)

    @property
    def units(self) -> Mapping[str, str]:
        """That of the outcome, which a plain function does not say."""
        return dict.fromkeys(map(str, self.to_frame().columns), "")

    def to_frame(self) -> pd.DataFrame:
        """Return central value, mean, quantiles and the standard error of the median.

        The error is that of having made so many draws and no more; it is not the uncertainty
        of the outcome, which the quantiles show.
        """
        quantiles = {
            name: np.quantile(self._sorted, p, axis=0) for name, p in PROBABILITIES.items()
        }
        frame = pd.DataFrame(quantiles, index=self.index)
        frame.insert(0, "central", self.central)
        frame.insert(1, "mean", self.values.mean(axis=0))
        return frame.assign(mc_se=quantile_error(self._sorted, 0.5))

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the first rows, of pooled patterns if there are several."""
        frame = self.to_frame()
        if frame.index.nlevels > 1 and "pooled" in frame.index.get_level_values(-1):
            return pd.DataFrame(frame.xs("pooled", level=-1)).head(top)
        return frame.head(top)

    def share_at_or_above(self, value: float) -> pd.Series:
        """Return the share of accepted draws at or above a value that the reader names.

        Parameters
        ----------
        value : float

        Returns
        -------
        Series
            One share for each part of the outcome.
        """
        return pd.Series((self.values >= value).mean(axis=0), self.index, name=f">= {value:g}")

    def of(self, *key: str) -> pd.Series:
        """Return the accepted draws of one part of the outcome.

        Parameters
        ----------
        *key : str
            As in `keys`: ``of("ratio", "chain+consumer", "pooled")``.

        Returns
        -------
        Series

        Raises
        ------
        SpecError
            If the outcome has no such part.
        """
        return pd.Series(self.values[:, place(self.keys, key)], name=" ".join(key))

    def convergence(self, *key: str) -> pd.DataFrame:
        """Return median, 5 and 95 % by number of draws, doubling up to all of them.

        Parameters
        ----------
        *key : str
            As in `keys`.

        Returns
        -------
        DataFrame
            One row per number of accepted draws, with the standard error of the median.
        """
        draws = self.of(*key).to_numpy()
        counts = [len(draws) >> step for step in range(8) if len(draws) >> step >= 25]
        rows = {}
        for count in reversed(counts or [len(draws)]):
            some = np.sort(draws[:count])
            low, median, high = np.quantile(some, [0.05, 0.5, 0.95])
            rows[count] = [median, low, high, float(quantile_error(some, 0.5))]
        frame = pd.DataFrame.from_dict(rows, "index", columns=["median", "p05", "p95", "mc_se"])
        return frame.rename_axis("accepted draws")

    @property
    def inputs(self) -> pd.DataFrame:
        """Inputs of the accepted draws, drawn again from the seed; categories as text."""
        parts = [
            self.priors.marginals.draws(self.seed, number, count)
            for number, count in chunks(self.draws)
        ]
        return pd.DataFrame(self.priors.named(np.concatenate(parts)[self.kept]))


def uncertainty(
    outcome: Outcome,
    assumptions: Assumptions,
    *,
    draws: int = 10_000,
    seed: int = 1,
    spread: Spread = "stated",
    correlations: Correlations | None = None,
    screens: Screens | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Uncertainty:
    """Carry the ranges of the inputs through to an outcome.

    Parameters
    ----------
    outcome : callable
        Takes a mapping of input to an array of n draws, returns a mapping of name to an array
        of n results. ``derive(...).forward`` is one. With a whole number ``batch`` it is given
        so many draws at a time, and a seed for each under ``draw``, to draw more by itself.
    assumptions : IndustryAccount or iterable of Assumption
        The inputs with their distributions; independent unless correlated.
    draws : int
        Number of draws.
    seed : int
        The same seed gives the same draws, whatever the executor and its workers; fewer
        draws are the first of more.
    spread : {"stated", "wide", "flat"}
        Distributions as stated, with spreads x 1.5, or flat over each range.
    correlations : mapping of (id, id) to float, optional
        Correlations of a Gaussian copula, in the place of those of the account: empty for
        independent inputs.
    screens : mapping of name to callable, optional
        Rules that a draw must pass: each takes what `outcome` takes and returns true or
        false by draw. If absent, those that the outcome brings (``outcome.screens``).
    executor : concurrent.futures.Executor, optional
        Where chunks of draws are worked through: a process pool, a Dask client's
        ``get_executor()``. In this process if absent.
    progress : callable, optional
        Called with draws done and all draws after each chunk. Without it a run of more than
        two seconds in a terminal or a notebook shows a bar, if tqdm is installed.

    Returns
    -------
    Uncertainty

    Raises
    ------
    SpecError
        For fewer than one draw, a negative seed, inputs that cannot be drawn, draws all
        rejected, and results that are not numbers.
    ExecutionError
        If the executor fails before all chunks are back; no partial result is returned, nor
        when the run is interrupted.

    Notes
    -----
    Draws are made from one uniform number per input by inverse distribution functions, in
    chunks that are independent streams of the seed (numpy ``SeedSequence``). Only one window
    of chunks is worked on at a time.

    Examples
    --------
    >>> import iomodel as iom
    >>> width = iom.Assumption(
    ...     id="width", block="b", item="w", unit="ratio", distribution="uniform",
    ...     low=1.0, central=1.5, high=2.0,
    ... )
    >>> area = lambda v: {"area": v["width"] ** 2}
    >>> result = iom.uncertainty(area, [width], draws=2_000, seed=3)
    >>> bool(abs(result.values.mean() - 7 / 3) < 0.05)
    True
    """
    known = _known(assumptions, draws, seed, spread, correlations)
    rules = getattr(outcome, "screens", {}) if screens is None else screens
    middle = outcome(known.point(known.centres))
    keys = tuple(key if isinstance(key, tuple) else (str(key),) for key in middle)
    work = Work(outcome, rules, known, seed, keys)
    with followed(progress, draws) as told:
        parts = worked(work, work.plan(draws), executor)
        kept, values, failed = _gathered(parts, work, draws, told)
    if not kept.any():
        shares = listed(f"{rule}: rejects {share:.1%}" for rule, share in failed.items())
        raise SpecError(
            f"none of {draws:,} draws passes every screen, so there is no distribution:\n  {shares}"
            "\nChange the ranges of the inputs or the screens."
        )
    return Uncertainty(
        keys=keys,
        values=values,
        central=np.array([_mean(value) for value in middle.values()]),
        kept=kept,
        rejected=failed,
        priors=known,
        seed=seed,
        spread=spread,
        provenance=(f"uncertainty({draws} draws, seed {seed}, {spread})",),
    )


def labelled(keys: Sequence[Key]) -> pd.Index:
    """Return an index of the parts of an outcome: one level for each part of a name."""
    width = max(len(key) for key in keys)
    if width == 1:
        return pd.Index([key[0] for key in keys], name="outcome")
    names = list(STUDY_KEY) if width == len(STUDY_KEY) else None
    padded = [(*key, *[""] * (width - len(key))) for key in keys]
    return pd.MultiIndex.from_tuples(padded, names=names)


def place(keys: tuple[Key, ...], key: Key | str) -> int:
    """Return the position of one part of an outcome.

    Raises
    ------
    SpecError
        If there is none.
    """
    wanted = (key,) if isinstance(key, str) else tuple(key)
    if wanted not in keys:
        some = listed(", ".join(known) for known in keys[:10])
        raise SpecError(f"the outcome has no part {wanted}; it has, among others:\n  {some}")
    return keys.index(wanted)


def _known(
    assumptions: Assumptions,
    draws: int,
    seed: int,
    spread: Spread,
    correlations: Correlations | None,
) -> Priors:
    """Check the request and return the distributions to draw from."""
    problems = []
    if draws != int(draws) or draws < 1:
        problems.append(f"draws: {draws}; a whole number of one or more is needed")
    if seed != int(seed) or seed < 0:
        problems.append(f"seed: {seed}; a whole number of zero or more is needed")
    if spread not in ("stated", "wide", "flat"):
        problems.append(f"spread: {spread!r}; use stated, wide or flat")
    if problems:
        raise SpecError(listed(problems))
    known = priors(assumptions, correlations)
    if spread == "wide":
        return known.with_marginals(known.marginals.widened(WIDE))
    return known.with_marginals(known.marginals.flat()) if spread == "flat" else known


def _mean(values: Array) -> float:
    """Mean of an outcome over categories; itself where they make no difference."""
    return float(values[0] if (values == values[0]).all() else values.mean())


def _gathered(
    parts: Iterable[Part], work: Work, draws: int, progress: Progress
) -> tuple[Mask, Array, dict[str, float]]:
    """Put chunks together: draws kept, their outcomes (accepted, q), share failed by screen."""
    values, kept = np.empty((len(work.keys), draws)), np.zeros(draws, dtype=bool)
    failed = dict.fromkeys(work.screens, 0)
    done = accepted = 0
    for part in parts:
        kept[done : done + len(part.kept)] = part.kept
        values[:, accepted : accepted + part.values.shape[1]] = part.values
        failed = {rule: failed[rule] + count for rule, count in part.failed.items()}
        done, accepted = done + len(part.kept), accepted + part.values.shape[1]
        progress(done, draws)
    shares = {rule: count / draws for rule, count in failed.items()}
    return kept, values[:, :accepted].T, shares
