"""What an unknown split of a sector leaves open: all splits that the totals allow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.polytope import Block, Bordered, block, multipliers, walk
from iomodel.results import Result, must_add_up
from iomodel.transforms.split import split

Mask = npt.NDArray[np.bool_]
SWEEPS = 30
LEVELS = {"low": 0.025, "median": 0.5, "high": 0.975}


class _Cells(NamedTuple):
    """Where the cells of the parts stand in one vector: own, then bought, then sold.

    Attributes
    ----------
    own : ndarray of int, shape (m, m)
    bought : ndarray of int, shape (n + p, m)
        From other sectors, then primary inputs.
    sold : ndarray of int, shape (m, n + k)
        To other sectors, then final demand.
    """

    own: Positions
    bought: Positions
    sold: Positions


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SplitRange(Result):
    """Draws of all splits of a sector that its totals allow, with their output multipliers.

    Attributes
    ----------
    sector : str
        The sector that was split.
    table : IOTable
        The split by shares of output, or by what is known: where all draws started.
    parts : ndarray of int, shape (m,)
        Positions of the parts.
    multipliers : ndarray, shape (draws, n)
        Simple output multipliers of all sectors of `table`.
    start : ndarray, shape (n,)
        Those of `table`.
    drift : float
        Largest change of a mean multiplier from half of the steps to all of them, in
        standard errors of its draws: well above 4 if there were too few steps.
    seed, steps : int

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], ["1", "2"], ["1", "2"])
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], ["1", "2"]))
    >>> found = iom.split_range(table, "2", {"2a": 0.3, "2b": 0.7}, draws=200, seed=1)
    >>> len(found), found.draw(0).labels.codes
    (200, ('1', '2a', '2b'))
    """

    sector: str
    table: IOTable
    parts: Positions
    multipliers: Array
    start: Array
    drift: float
    seed: int
    steps: int
    provenance: tuple[str, ...]
    _cells: _Cells
    _draws: Array
    residual: float = 0.0

    def __post_init__(self) -> None:
        first = _vector(self.table, self.parts)
        gaps = [0.0]
        for cells, axes in ((self._cells.own, (1, 2)), (self._cells.bought, (2,)),
                            (self._cells.sold, (1,))):  # fmt: skip
            found, want = self._draws[:, cells].sum(axis=axes), first[None, cells].sum(axis=axes)
            gaps.append(must_add_up(found, np.broadcast_to(want, found.shape),
                                    what="parts of the sector"))  # fmt: skip
        for cells, axis in ((self._cells.bought, 1), (self._cells.sold, 2)):
            own = self._draws[:, self._cells.own].sum(axis=axis)
            found = self._draws[:, cells].sum(axis=axis) + own
            want = first[None, cells].sum(axis=axis) + first[None, self._cells.own].sum(axis=axis)
            gaps.append(must_add_up(found, np.broadcast_to(want, found.shape),
                                    what="output of the parts"))  # fmt: skip
        object.__setattr__(self, "residual", max(gaps))

    @property
    def title(self) -> str:
        """What was drawn."""
        return (
            f"Output multipliers over {len(self._draws):,} splits of {self.sector} that its "
            "totals allow"
        )

    def facts(self) -> list[tuple[str, object]]:
        """Return the parts, steps and drift."""
        codes = self.table.labels.codes
        return [
            ("parts", ", ".join(codes[k] for k in self.parts)),
            ("seed, steps of each walk", f"{self.seed}, {self.steps:,}"),
            ("drift of means after half of the steps", f"{self.drift:.1f} standard errors"),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """Output multipliers: ratios."""
        return dict.fromkeys(("start", "mean", "deviation", "lowest", *LEVELS, "highest"), "1")

    def to_frame(self) -> pd.DataFrame:
        """Return start, mean, deviation and range of each multiplier, widest range first."""
        found = self.multipliers
        frame = pd.DataFrame({"name": self.table.labels.named()}, self.table.labels.index)
        frame["start"], frame["mean"] = self.start, found.mean(axis=0)
        frame["deviation"] = found.std(axis=0, ddof=1)
        frame["lowest"] = found.min(axis=0)
        for name, level in LEVELS.items():
            frame[name] = np.quantile(found, level, axis=0)
        frame["highest"] = found.max(axis=0)
        return frame.sort_values("deviation", ascending=False, kind="stable")

    def __len__(self) -> int:
        return len(self._draws)

    def draw(self, number: int) -> IOTable:
        """Return one of the drawn splits as a table."""
        cells = self._draws[number]
        flows, parts = self.table.flows, self.parts
        others = np.setdiff1d(np.arange(len(self.table)), parts)
        z, f = np.array(flows.intermediate), np.array(flows.final_demand)
        v = np.array(flows.primary_inputs)
        n = len(others)
        bought, sold = cells[self._cells.bought], cells[self._cells.sold]
        z[np.ix_(parts, parts)] = cells[self._cells.own]
        z[np.ix_(others, parts)], v[:, parts] = bought[:n], bought[n:]
        z[np.ix_(parts, others)], f[parts] = sold[:, :n], sold[:, n:]
        return self.table.replace(
            flows=replace(flows, intermediate=z, final_demand=f, primary_inputs=v),
            meta=self.table.meta.after("split_range", f"draw {number}, seed={self.seed}"),
            certificate=None,
        )

    def draws(self) -> Iterator[IOTable]:
        """Return all drawn splits, one after the other."""
        return (self.draw(number) for number in range(len(self)))


def split_range(
    table: IOTable,
    sector: str,
    weights: Mapping[str, float],
    *,
    inputs: pd.DataFrame | None = None,
    sales: pd.DataFrame | None = None,
    draws: int = 1000,
    seed: int = 0,
    steps: int | None = None,
) -> SplitRange:
    """Draw splits of a sector whose cost and sales structures are unknown.

    Parameters
    ----------
    table : IOTable
        Table of one region.
    sector : str
        Code of the sector to split.
    weights : mapping of code to share
        Codes of the parts with their shares of the output.
    inputs, sales : DataFrame, optional
        What is known, as in `split`: these rows of shares are held at what `split` balances
        them to, and only the others are drawn.
    draws : int
        Number of splits drawn, each by a walk of its own from the split of `split`.
    seed : int
        The same seed gives the same draws.
    steps : int, optional
        Steps of each walk; if absent, 30 for every unknown cell.

    Returns
    -------
    SplitRange
        Distribution of output multipliers; ``draw(k)`` and ``draws()`` are tables.

    Raises
    ------
    LabelError, AccountingError, NotConvergedError
        As for `split`; also if nothing is left to vary, or fewer than two draws are wanted.

    Notes
    -----
    Draws are uniform on the polytope of all cells that are not negative, add up to the cells
    of the sector, and give each part the purchases and sales that its output says: Lindner,
    Legault and Guan (2012), Economic Systems Research 24(4). Without knowledge the walks
    start at the split by shares of output, the augmented table of Wolsky (1984), Review of
    Economics and Statistics 66(2), in which all parts have the coefficients of the whole; the
    mean of the draws need not be there [M]. Cells below zero (stocks drawn down, subsidies)
    stay divided by output.

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], ["1", "2"], ["1", "2"])
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], ["1", "2"]))
    >>> found = iom.split_range(table, "2", {"2a": 0.3, "2b": 0.7}, draws=200, seed=1)
    >>> frame = found.to_frame().loc["2a"]
    >>> bool(frame["lowest"] < frame["start"] < frame["highest"])
    True
    """
    if draws < 2:
        raise AccountingError(f"{draws} draws: a range needs at least two.")
    fine = split(table, sector, weights, inputs=inputs, sales=sales)
    parts = fine.labels.positions(weights)
    cells = _places(fine, parts)
    start = _vector(fine, parts)
    free = _free(fine, parts, start, cells, inputs, sales)
    if not free:
        raise AccountingError(
            f"{sector!r}: nothing is left to vary; purchases and sales follow from what is given."
        )
    size = len(np.unique(np.concatenate([item.cells.ravel() for item in free])))
    count = SWEEPS * size if steps is None else steps
    found = walk(start, free, draws=draws, steps=count, seed=seed)
    middle, end = (_multipliers(fine, parts, cells, part) for part in (found.middle, found.end))
    error = end.std(axis=0, ddof=1) / np.sqrt(draws)
    moved = np.abs(end.mean(axis=0) - middle.mean(axis=0))
    drift = np.divide(moved, error, out=np.zeros_like(moved), where=error > 0)
    said = f"split_range({sector} into {', '.join(weights)}, draws={draws}, seed={seed})"
    return SplitRange(
        sector=sector, table=fine, parts=parts, multipliers=end,
        start=fine.flows.solver.solve_transposed(np.ones(len(fine))),
        drift=float(drift.max(initial=0.0)), seed=seed, steps=count,
        provenance=(*fine.meta.provenance, said), _cells=cells, _draws=found.end,
    )  # fmt: skip


def _places(fine: IOTable, parts: Positions) -> _Cells:
    m = len(parts)
    n, p, k = len(fine) - m, len(fine.primary_labels), len(fine.final_labels)
    own = np.arange(m * m).reshape(m, m)
    bought = m * m + np.arange((n + p) * m).reshape(-1, m)
    sold = m * m + (n + p) * m + np.arange((n + k) * m).reshape(m, -1)
    return _Cells(own, bought, sold)


def _vector(fine: IOTable, parts: Positions) -> Array:
    flows = fine.flows
    others = np.setdiff1d(np.arange(len(fine)), parts)
    z = flows.intermediate
    bought = np.vstack([z[np.ix_(others, parts)], flows.primary_inputs[:, parts]])
    sold = np.hstack([z[np.ix_(parts, others)], flows.final_demand[parts]])
    return np.concatenate([z[np.ix_(parts, parts)].ravel(), bought.ravel(), sold.ravel()])


def _free(
    fine: IOTable, parts: Positions, start: Array, cells: _Cells, inputs: pd.DataFrame | None,
    sales: pd.DataFrame | None,
) -> tuple[Block, ...]:  # fmt: skip
    """Cells that can be exchanged: all of a supplier or buyer above zero, and not known."""
    others = [fine.labels.codes[i] for i in np.setdiff1d(np.arange(len(fine)), parts)]
    out = []
    for own, rows, labels, known in (
        (cells.own, cells.bought, fine.primary_labels, inputs),
        (cells.own.T, cells.sold.T, fine.final_labels, sales),
    ):
        held = _held(labels, others, known)
        open_rows = (start[rows] > 0).all(axis=1) & ~held
        inner = own if (start[own] > 0).all() else own[:0]
        block_cells = np.vstack([inner, rows[open_rows]])
        if len(block_cells) > 1:
            out.append(block(block_cells, start))
    return tuple(out)


def _held(labels: Labels, others: Sequence[str], known: pd.DataFrame | None) -> Mask:
    """Mark suppliers or buyers whose shares are known."""
    codes = [*others, *labels.codes]
    given = set() if known is None else {str(code) for code in known.index}
    n = len(others)
    return np.array([code in given and (i < n or code not in others)
                     for i, code in enumerate(codes)], dtype=bool)  # fmt: skip


def _multipliers(fine: IOTable, parts: Positions, cells: _Cells, drawn: Array) -> Array:
    """Output multipliers of all sectors for every draw, (draws, n)."""
    flows = fine.flows
    others = np.setdiff1d(np.arange(len(fine)), parts)
    n = len(others)
    output = flows.output[parts]
    system = Bordered(
        rest=flows.coefficients[np.ix_(others, others)],
        bought=drawn[:, cells.bought[:n]] / output,
        sold=drawn[:, cells.sold[:, :n]] / _nonzero(flows.output[others]),
        own=drawn[:, cells.own] / output,
    )
    rest, own = multipliers(system)
    found = np.empty((len(drawn), len(fine)))
    found[:, others], found[:, parts] = rest, own
    return found


def _nonzero(output: Array) -> Array:
    """Output with one for sectors without any, which buy nothing."""
    return np.where(output == 0, 1.0, output)
