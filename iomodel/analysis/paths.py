"""Structural path analysis: which supply chains carry an effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, takewhile

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.analysis.intensities import Per, intensity
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.paths import by_order, largest_paths, remainder
from iomodel.models.labelled import ordered
from iomodel.models.leontief import Leontief
from iomodel.results import Result, figure, must_add_up

ARROW = " ← "
SHOWN = 10  # rounds stated one by one, at least
CLOSE = 1.0 - 1e-12  # equal paths are not told apart by rounding


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Paths(Result):
    """The largest paths of an effect, and what is left; the two add up to the total.

    Attributes
    ----------
    of : str
        What is caused.
    labels : Labels
        The n rows of the system.
    sequences : tuple of tuple of int
        Positions along each path: what final demand buys, its supplier, the supplier of that,
        ..., where the effect is.
    contributions : ndarray, shape (p,)
        e_i a_ij ... a_lk y_k of each path, in `unit`, largest size first.
    orders : ndarray, shape (t + 1,)
        What all paths of each order contribute, listed or not: e'y, e'Ay, e'A^2 y, ...
    beyond : float
        What paths of higher orders contribute, e'L A^(t+1) y.
    total : float
        e'L y, from multipliers.
    demand : str
        Whose final demand it is.
    unit : str
        Unit of contributions and totals.

    Examples
    --------
    >>> import iomodel as iom
    >>> model = iom.leontief(iom.domestic(iom.read(iom.example("china-2020"))))
    >>> chains = iom.paths(model, demand="87144", of="employment", row="census2020",
    ...     per="million CNY")
    >>> isinstance(chains, iom.Paths), chains.rest < chains.total
    (True, True)
    """

    of: str
    labels: Labels
    sequences: tuple[tuple[int, ...], ...]
    contributions: Array
    orders: Array
    beyond: float
    total: float
    demand: str
    unit: str
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        # Sizes stand beside the sums, as parts of opposite sign may cancel out.
        scale = float(np.abs(self.orders).sum() + abs(self.beyond))
        found = np.array([self.contributions.sum() + self.rest, scale])
        gap = must_add_up(found, np.array([self.total, scale]), what="paths and the rest")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What is caused, by whose demand, in which unit."""
        unit = f" ({self.unit})" if self.unit else ""
        return f"Paths of {self.of} to final demand of {self.demand}{unit}"

    @property
    def steps(self) -> Positions:
        """Order of each path: number of purchases between producers, (p,)."""
        return np.array([len(path) - 1 for path in self.sequences], dtype=np.intp)

    @property
    def rest(self) -> float:
        """What the paths that are not listed contribute, by their orders, in `unit`."""
        return float((self.orders - self._listed).sum() + self.beyond)

    @property
    def _listed(self) -> Array:
        """Contribution of the listed paths by order."""
        found = np.zeros_like(self.orders)
        np.add.at(found, self.steps, self.contributions)
        return found

    def facts(self) -> list[tuple[str, object]]:
        """Return the total, what the listed paths are of it, and the rest."""
        number = len(self.sequences)
        return [
            ("total", figure(self.total)),
            (f"{number} paths", f"{self.contributions.sum() / self.total:.2%} of the total"),
            ("all other paths", f"{self.rest / self.total:.2%} of the total"),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """Contributions in `unit`; order is a number of purchases, shares are ratios."""
        return {"order": "1", "contribution": self.unit, "share": "1", "cumulated": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per path, largest first.

        Returns
        -------
        DataFrame
            ``path`` by codes, final demand first; ``names``; ``order``, the number of
            purchases; ``contribution`` in `unit`; ``share`` of the total; ``cumulated`` share.
        """
        codes, names = self.labels.shown, self.labels.named()
        share = self.contributions / self.total
        return pd.DataFrame(
            {
                "path": [ARROW.join(codes[i] for i in path) for path in self.sequences],
                "names": [ARROW.join(names[i] for i in path) for path in self.sequences],
                "order": self.steps,
                "contribution": self.contributions,
                "share": share,
                "cumulated": np.cumsum(share),
            },
            index=pd.RangeIndex(1, len(self.sequences) + 1, name="rank"),
        )

    def by_order(self) -> pd.DataFrame:
        """Return by order: all its paths, their share, the listed ones, and those left.

        Returns
        -------
        DataFrame
            Rows 0, 1, ..., t and ``beyond``; columns ``total``, ``share``, ``cumulated``,
            ``paths`` (number listed), ``listed`` and ``rest``. ``total`` adds up to the total.
        """
        total = np.append(self.orders, self.beyond)
        listed = np.append(self._listed, 0.0)
        number = np.bincount(self.steps, minlength=len(total))
        return pd.DataFrame(
            {
                "total": total,
                "share": total / self.total,
                "cumulated": np.cumsum(total) / self.total,
                "paths": number,
                "listed": listed,
                "rest": total - listed,
            },
            index=pd.Index([*range(len(self.orders)), "beyond"], name="order", dtype=object),
        )


def paths(
    model: Leontief,
    *,
    demand: object,
    of: str = "output",
    row: str | None = None,
    top: int | None = 100,
    threshold: float = 0.0,
    depth: int | None = None,
    per: Per = None,
) -> Paths:
    """Return the supply chains that carry most of an effect, in order of size.

    Parameters
    ----------
    model : Leontief or ClosedLeontief
        Any model. In a closed one households are a step of the paths.
    demand : str, (region, code) or Series, n
        A sector, whose multiplier is taken apart (one unit of final demand), or final demand
        by sector in the unit of the table; sectors that are absent have none.
    of : str
        What is caused, as for `multipliers`: ``output``, ``value_added``, ``employment``.
    row : str, optional
        Row of an account that has several.
    top : int or None
        How many paths, at most; None for all above `threshold`.
    threshold : float
        Smallest path, as a share of the total: 0.001 leaves out paths below 0.1 per cent.
    depth : int, optional
        Highest order of paths; no limit if absent. 0 is the effect in the sectors that final
        demand buys from, 1 in their suppliers.
    per : float or str, optional
        For one sector: amount of final demand, as for `multipliers`.

    Returns
    -------
    Paths
        No path of the model (within `depth`) that is not listed is larger than a listed one.
        `rest` is all others; `by_order()` shows in which rounds it lies.

    Raises
    ------
    LabelError
        For unknown sectors, accounts or rows, or an account of several rows.
    AccountingError
        If demand causes nothing in all, or neither `top` nor `threshold` ends the list.
    NotProductiveError
        If some chain grows without bound (coefficients of mixed sign) and no depth is given.

    Notes
    -----
    e'L y = sum over paths of e_i a_ij ... a_lk y_k, one term of the power series I + A + A^2 +
    ... at a time. Defourny and Thorbecke (1984), *Economic Journal* 94(373), 111-136; Lenzen
    (2003), *Environmental Impact Assessment Review* 23(1), 1-34; Lenzen (2007), *Ecological
    Economics* 61(4). For the search see `iomodel.kernels.paths.largest_paths`.

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], codes))
    >>> chains = iom.paths(iom.leontief(table), demand="1", top=4)
    >>> chains.to_frame()[["path", "contribution", "cumulated"]].round(3).to_numpy().tolist()
    [['1', 1.0, 0.659], ['1 ← 2', 0.2, 0.79], ['1 ← 1', 0.15, 0.889], ['1 ← 2 ← 1', 0.05, 0.922]]
    >>> round(chains.rest, 3)
    0.118
    """
    _sensible(top, threshold, depth)
    direct, unit = _account(model, of, row, per, single=not isinstance(demand, pd.Series))
    final, whose = _demand(model.labels, demand)
    total = float(model.solver.solve_transposed(direct) @ final)
    if total == 0.0:
        raise AccountingError(
            f"final demand of {whose} causes no {of} in all, so paths have no share of it."
        )
    a = model.coefficients
    least = abs(total) * threshold * CLOSE
    search = islice(largest_paths(a, direct, final, depth=depth), top)
    found = list(takewhile(lambda item: abs(item[1]) >= least, search))
    orders = max([SHOWN, *(len(path) - 1 for path, _ in found)]) if depth is None else depth
    return Paths(
        of=of if row is None else f"{of} ({row})",
        labels=model.labels,
        sequences=tuple(path for path, _ in found),
        contributions=np.array([value for _, value in found], dtype=np.float64),
        orders=by_order(a, direct, final, orders),
        beyond=float(direct @ model.solver.solve(remainder(a, final, orders))),
        total=total,
        demand=whose,
        unit=unit,
        provenance=(*model.table.meta.provenance, f"paths({of}, {whose})"),
    )


def _sensible(top: int | None, threshold: float, depth: int | None) -> None:
    problems = []
    if top is not None and top < 1:
        problems.append(f"top is {top}, but must be 1 or more")
    if not 0.0 <= threshold < np.inf:
        problems.append(f"threshold is {threshold}, but must be a share of 0 or more")
    if depth is not None and depth < 0:
        problems.append(f"depth is {depth}, but must be 0 or more")
    if top is None and threshold == 0.0:
        problems.append("there is no end of paths: give top or threshold")
    if problems:
        raise AccountingError(f"paths cannot be listed: {listed(problems)}.")


def _account(
    model: Leontief, of: str, row: str | None, per: Per, *, single: bool
) -> tuple[Array, str]:
    """Return the account per unit of output on the rows of the system, and its unit."""
    if per is not None and not single:
        raise AccountingError(
            f"per={per!r} goes with one sector; demand by sector is in the unit of the table."
        )
    account = intensity(model, of, per, counted=False)
    codes = account.rows.codes
    if (row is None and len(codes) > 1) or (row is not None and row not in codes):
        raise LabelError(f"{of} has the rows {', '.join(codes)}: choose one, row={codes[0]!r}.")
    place = 0 if row is None else codes.index(row)
    direct = np.zeros(model.solver.size)
    direct[: account.direct.shape[1]] = account.direct[place]
    unit = account.row_units[place] if account.row_units else account.unit
    if not single:
        satellite = model.table.satellites.get(of)
        unit = model.table.meta.unit
        if satellite is not None:
            unit = satellite.units[place] if satellite.units else satellite.unit_text
    return direct, unit


def _demand(labels: Labels, demand: object) -> tuple[Array, str]:
    """Return final demand on the rows of the system, and whose it is."""
    if isinstance(demand, pd.Series):
        return ordered(labels, demand), str(demand.name or "the sectors given")
    final = np.zeros(len(labels))
    spot = int(labels.positions([demand])[0])
    final[spot] = 1.0
    name = labels.named()[spot]
    return final, " ".join(dict.fromkeys([labels.shown[spot], name]))
