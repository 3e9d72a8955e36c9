"""Structural path analysis between two accounts: direct, total and global influence."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.analysis.paths import ARROW
from iomodel.errors import AccountingError
from iomodel.kernels.linear import Array
from iomodel.kernels.paths import elementary, path_multiplier
from iomodel.models.leontief import Leontief
from iomodel.results import Result, figure, must_add_up


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ElementaryPaths(Result):
    """How an injection into one account reaches another, path by path.

    Attributes
    ----------
    labels : Labels
        The n accounts.
    sequences : tuple of tuple of int
        Positions along each path, destination last; no account stands twice.
    direct : ndarray, shape (p,)
        Direct influence, the product of the coefficients along each path, largest first.
    multipliers : ndarray, shape (p,)
        Path multiplier, by the circuits at the accounts of the path.
    influence : float
        Global influence, the entry of L that the paths make up.
    complete : bool
        Whether these are all the paths: then total influences add up to the global one.

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> model = iom.leontief(iom.table(Z, output=pd.Series([1000.0, 2000.0], codes)))
    >>> found = iom.elementary_paths(model, "1", "2")
    >>> found.complete, round(found.influence, 3)
    (True, 0.264)
    """

    labels: Labels
    sequences: tuple[tuple[int, ...], ...]
    direct: Array
    multipliers: Array
    influence: float
    complete: bool
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        gap = 0.0
        if self.complete:
            scale = np.append(np.abs(self.total), 1.0).sum()  # parts may cancel out
            found = np.array([self.total.sum(), scale])
            gap = must_add_up(found, np.array([self.influence, scale]), what="total influences")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """How many paths, of which influence."""
        kind = "All" if self.complete else "Largest"
        return f"{kind} elementary paths, global influence {figure(self.influence)}"

    @property
    def total(self) -> Array:
        """Total influence of each path, direct influence times path multiplier, (p,)."""
        return self.direct * self.multipliers

    @property
    def rest(self) -> float:
        """Global influence by paths that are not listed."""
        return self.influence - float(self.total.sum())

    def facts(self) -> list[tuple[str, object]]:
        """Return what the listed paths are of the global influence."""
        share = f"{self.total.sum() / self.influence:.2%}" if self.influence else "none"
        return [(f"{len(self.sequences)} paths", f"{share} of the global influence")]

    @property
    def units(self) -> Mapping[str, str]:
        """Influences, multipliers and shares: ratios."""
        return dict.fromkeys(("direct", "multiplier", "total", "share"), "1")

    def to_frame(self) -> pd.DataFrame:
        """Return path, names, direct influence, path multiplier, total influence and its share.

        Each path starts at the origin; arrows point back along it, as in `paths`.
        """
        codes, names = self.labels.shown, self.labels.named()
        share = np.full_like(self.total, np.nan)
        np.divide(self.total, self.influence, out=share, where=self.influence != 0.0)
        return pd.DataFrame(
            {
                "path": [ARROW.join(codes[i] for i in path) for path in self.sequences],
                "names": [ARROW.join(names[i] for i in path) for path in self.sequences],
                "direct": self.direct,
                "multiplier": self.multipliers,
                "total": self.total,
                "share": share,
            },
            index=pd.RangeIndex(1, len(self.sequences) + 1, name="rank"),
        )


def elementary_paths(
    model: Leontief, origin: object, destination: object, *, top: int = 20
) -> ElementaryPaths:
    """Take the influence of one account on another apart into elementary paths.

    Parameters
    ----------
    model : SAM or Leontief
        Any model; its L holds the global influences.
    origin, destination : str or (region, code)
        Where an injection enters, and whose receipts (or output) are followed.
    top : int
        How many paths at most, the largest direct influences.

    Returns
    -------
    ElementaryPaths

    Raises
    ------
    LabelError
        For unknown accounts.
    AccountingError
        If `top` is not positive.
    NotProductiveError
        If some chain grows without bound (coefficients of mixed sign).

    Notes
    -----
    Global influence l_ji = sum over elementary paths p from i to j of I_p M_p: direct influence
    I_p, the product of the coefficients, times the path multiplier M_p. Lantner (1974);
    Defourny and Thorbecke (1984), *Economic Journal* 94(373), 111-136.

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> model = iom.leontief(iom.table(Z, output=pd.Series([1000.0, 2000.0], codes)))
    >>> found = iom.elementary_paths(model, "1", "2").to_frame()
    >>> found[["path", "direct", "total"]].round(3).to_numpy().tolist()
    [['1 ← 2', 0.2, 0.264]]
    """
    if top < 1:
        raise AccountingError(f"top is {top}: give a number of paths, 1 or more.")
    start, end = map(int, model.labels.positions([origin, destination]))
    inverse = model.L.to_numpy()
    found = list(islice(elementary(model.coefficients, start, end), top + 1))
    listed = found[:top]
    return ElementaryPaths(
        labels=model.labels,
        sequences=tuple(path for path, _ in listed),
        direct=np.array([value for _, value in listed], dtype=np.float64),
        multipliers=np.array([path_multiplier(inverse, path) for path, _ in listed]),
        influence=float(inverse[end, start]),
        complete=len(found) <= top,
        provenance=(*model.table.meta.provenance, f"elementary_paths({origin}, {destination})"),
    )
