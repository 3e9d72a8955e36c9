"""Balance a labelled matrix to row and column sums: RAS, GRAS, and SUT-RAS for two tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.errors import LabelError, NotConvergedError, listed
from iomodel.kernels.biproportion import Scaled, scaled
from iomodel.kernels.linear import Array, Positions
from iomodel.results import Result, figure, must_add_up
from iomodel.transforms.margins import Matrix, Problem, Vector, problem, refuse_unreachable

MET = 1e-6
COLUMNS = ["row", "column", "before", "after", "change", "ratio"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Balanced(Result):
    """A matrix that meets its sums, with what was changed.

    Attributes
    ----------
    method : str
        ``RAS``, ``GRAS``, ``KRAS`` or ``least squares``.
    rows, columns : Index
        Labels of the n rows and m columns.
    before, after : ndarray, shape (n, m)
        Cells as given and as balanced, read-only.
    multipliers : tuple of ndarray
        r, (n,), and s, (m,), of a method that scales rows and columns; else empty.
    iterations : int
        Rounds made.
    converged : bool
        False only for the best result so far that `NotConvergedError` carries.
    residual : float
        Largest absolute gap of a sum that has to be met exactly.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> flows = pd.DataFrame([[1.0, 2.0], [3.0, 4.0]], ["a", "b"], ["x", "y"])
    >>> made = iom.ras(flows, rows=flows.sum(axis=1) * 2, columns=flows.sum() * 2)
    >>> made.to_frame()["after"].sum().round(6).item()
    20.0
    """

    method: str
    rows: pd.Index
    columns: pd.Index
    before: Array
    after: Array
    _sums: pd.DataFrame
    iterations: int
    multipliers: tuple[Array, ...] = ()
    converged: bool = True
    provenance: Sequence[str] = ()
    residual: float = 0.0

    def __post_init__(self) -> None:
        for name in ("before", "after"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        exact = self._sums[self._sums["error"] == 0]
        gap = float(exact["gap"].abs().max()) if len(exact) else 0.0
        object.__setattr__(self, "residual", gap)
        if self.converged:
            scale = float(np.abs(self.after).sum())
            right = np.append(exact["target"].to_numpy(dtype=np.float64), scale)
            left = np.append(exact["found"].to_numpy(dtype=np.float64), scale)
            must_add_up(left, right, what=f"sums after {self.method}", tolerance=MET)

    @property
    def sums(self) -> pd.DataFrame:
        """One line per sum: place (row, column, sum), label, target, found, gap, error."""
        return self._sums.copy()

    @property
    def matrix(self) -> pd.DataFrame:
        """The balanced matrix as a fresh frame, in the order of the matrix given."""
        return pd.DataFrame(np.array(self.after), self.rows, self.columns)

    @property
    def r(self) -> pd.Series:
        """Row multipliers; empty for a method that has none."""
        return self._series(0, self.rows)

    @property
    def s(self) -> pd.Series:
        """Column multipliers; empty for a method that has none."""
        return self._series(1, self.columns)

    def _series(self, place: int, index: pd.Index) -> pd.Series:
        name = "rs"[place]
        if not self.multipliers:
            return pd.Series(dtype=np.float64, name=name)
        return pd.Series(np.array(self.multipliers[place]), index, name=name)

    @property
    def title(self) -> str:
        """What was balanced, by which method."""
        done = "balanced" if self.converged else "not balanced"
        return f"Matrix of {len(self.rows)} x {len(self.columns)} {done} by {self.method}"

    def facts(self) -> list[tuple[str, object]]:
        """Return rounds, largest gap and size of the change."""
        moved = float(np.abs(self.after - self.before).sum())
        whole = float(np.abs(self.before).sum())
        flipped = int((np.sign(self.after) * np.sign(self.before) < 0).sum())
        out: list[tuple[str, object]] = [
            ("iterations", self.iterations),
            ("largest gap of a sum", figure(self.residual)),
            ("sum of absolute changes", f"{figure(moved)} ({moved / (whole or 1.0):.2%})"),
        ]
        return [*out, ("cells that changed sign", flipped)] if flipped else out

    @property
    def units(self) -> Mapping[str, str]:
        """That of the matrix given, which does not say it; the ratio is after over before."""
        return {**dict.fromkeys(("before", "after", "change"), ""), "ratio": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return all cells that are not zero on both sides, largest change first."""
        spots = np.flatnonzero((self.before != 0) | (self.after != 0))
        return self._cells(spots)

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the `top` cells with the largest absolute change."""
        size = np.abs(self.after - self.before).ravel()
        count = min(top, int((size > 0).sum()))
        spots = np.argpartition(-size, max(count - 1, 0))[:count] if count else np.array([], int)
        return self._cells(spots)

    def _cells(self, spots: Positions) -> pd.DataFrame:
        before, after = self.before.ravel()[spots], self.after.ravel()[spots]
        order = np.argsort(-np.abs(after - before), kind="stable")
        i, j = np.unravel_index(spots[order], self.before.shape)
        before, after = before[order], after[order]
        ratio = np.divide(after, before, out=np.full_like(after, np.nan), where=before != 0)
        parts = [list(self.rows[i]), list(self.columns[j]), before, after, after - before, ratio]
        return pd.DataFrame(dict(zip(COLUMNS, parts, strict=True)))


def ras(
    matrix: Matrix, rows: Vector, columns: Vector, *, tolerance: float = 1e-9,
    iterations: int = 1000,
) -> Balanced:  # fmt: skip
    """Scale a matrix without negative cells to given row and column sums.

    Parameters
    ----------
    matrix : DataFrame, n x m
        Cells, none of them negative. An array is taken by position, then all parts are.
    rows : Series, n
        Sums that the rows must have, aligned by label, in the unit of the matrix.
    columns : Series, m
        Sums that the columns must have.
    tolerance : float
        Largest gap of a sum allowed, relative to the sum of the absolute cells in it.
    iterations : int
        Most rounds of rows and columns.

    Returns
    -------
    Balanced
        `matrix` is the balanced frame; zeros stay zeros.

    Raises
    ------
    LabelError
        If labels differ.
    AccountingError
        If the sums are impossible, before any round: totals differ, a row of zeros has a
        target, cells or targets are negative.
    NotConvergedError
        If the rounds did not reach the tolerance, with the worst rows and columns and the
        best result so far as ``best``.

    Notes
    -----
    x_ij = r_i a_ij s_j: of all matrices with these sums the one that minimises
    sum x ln(x / a). Stone (1961); Bacharach (1970); Miller and Blair (2009), section 7.4.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> Z = pd.DataFrame([[4.0, 2.0], [1.0, 3.0]], ["a", "m"], ["a", "m"])
    >>> result = iom.ras(Z, pd.Series({"a": 9.0, "m": 6.0}), pd.Series({"a": 7.0, "m": 8.0}))
    >>> result.matrix.round(3).to_numpy().tolist()
    [[5.672, 3.328], [1.328, 4.672]]
    """
    given = problem(matrix, rows, columns)
    refuse_unreachable(given, signed=False)
    return _scaled(given, "RAS", tolerance=tolerance, iterations=iterations)


def gras(
    matrix: Matrix, rows: Vector, columns: Vector, *, tolerance: float = 1e-9,
    iterations: int = 1000,
) -> Balanced:  # fmt: skip
    """Scale a matrix with cells of any sign to given row and column sums.

    Parameters
    ----------
    matrix : DataFrame, n x m
        Cells; an array is taken by position, then all parts are.
    rows : Series, n
        Sums that the rows must have, aligned by label; they can be negative or zero.
    columns : Series, m
        Sums that the columns must have.
    tolerance : float
        Largest gap of a sum allowed, relative to the sum of the absolute cells in it.
    iterations : int
        Most rounds of rows and columns.

    Returns
    -------
    Balanced
        `matrix` is the balanced frame; zeros and signs stay.

    Raises
    ------
    LabelError
        If labels differ.
    AccountingError
        If the sums are impossible, before any round: totals differ, or a row or column has
        no cell of the sign of its target.
    NotConvergedError
        As for `ras`.

    Notes
    -----
    x_ij = r_i a_ij s_j where a_ij > 0, a_ij / (r_i s_j) where a_ij < 0. Junius and
    Oosterhaven (2003); objective and multipliers without the factor e as in Lenzen, Wood and
    Gallego (2007); rows and columns without a positive cell as in Temurshoev, Miller and
    Bouwmeester (2013), Economic Systems Research 25(3). Without negative cells it is RAS.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> A = pd.DataFrame([[7.0, -3.0], [2.0, 0.0]], ["a", "b"], ["x", "y"])
    >>> iom.gras(A, pd.Series({"a": 6.0, "b": 2.0}), pd.Series({"x": 10.0, "y": -2.0})).matrix
         x    y
    a  8.0 -2.0
    b  2.0  0.0
    """
    given = problem(matrix, rows, columns)
    refuse_unreachable(given, signed=True)
    return _scaled(given, "GRAS", tolerance=tolerance, iterations=iterations)


def sut_ras(
    use: pd.DataFrame, supply: pd.DataFrame, *, uses: pd.Series, output: pd.Series,
    tolerance: float = 1e-9, iterations: int = 1000,
) -> tuple[pd.DataFrame, pd.DataFrame, Balanced]:  # fmt: skip
    """Balance a use and a supply table together, with product totals left open.

    Parameters
    ----------
    use : DataFrame, products x users
        Intermediate and final uses of each product.
    supply : DataFrame, products x suppliers
        Supply of each product by industry; imports are one supplier more.
    uses : Series by user
        Total purchases of products by each user.
    output : Series by supplier
        Total output of each industry, total imports. The two totals are equal.
    tolerance, iterations
        As for `gras`.

    Returns
    -------
    use, supply : DataFrame
        Balanced tables: supply and use of every product are equal.
    result : Balanced
        The joint matrix [use, -supply] with multipliers and largest changes.

    Raises
    ------
    LabelError, AccountingError, NotConvergedError
        As for `gras`; a product with supply but no use, or use but no supply, becomes zero.

    Notes
    -----
    Temurshoev and Timmer (2011), Papers in Regional Science 90(4): with the objective of GRAS
    and unknown product totals, the multiplier of a product is the root of use over supply.
    That is GRAS of [U, -V'] with row sums of zero, which is how it is computed.

    Examples
    --------
    >>> import pandas as pd
    >>> from iomodel.transforms.balance import sut_ras
    >>> use = pd.DataFrame([[2.0, 7.0], [3.0, 3.0]], ["p", "q"], ["industry", "final"])
    >>> supply = pd.DataFrame([[8.0, 1.0], [5.0, 2.0]], ["p", "q"], ["industry", "imports"])
    >>> use, supply, _ = sut_ras(use, supply, uses=pd.Series({"industry": 6.0, "final": 12.0}),
    ...                          output=pd.Series({"industry": 15.0, "imports": 3.0}))
    >>> (use.sum(axis=1) - supply.sum(axis=1)).abs().max() < 1e-8
    np.True_
    """
    apart = use.index.symmetric_difference(supply.index).tolist()
    if apart:
        raise LabelError(
            f"{len(apart)} products stand in one of the two tables only:\n  {listed(apart)}\n"
            "Give them a row in both, with zeros where there is nothing."
        )
    joint = pd.concat([use, -supply], axis=1, keys=["use", "supply"])
    targets = pd.concat([uses, -output], keys=["use", "supply"])
    result = gras(joint, pd.Series(0.0, joint.index), targets, tolerance=tolerance,
                  iterations=iterations)  # fmt: skip
    found = result.matrix
    bought, sold = found.iloc[:, : use.shape[1]], -found.iloc[:, use.shape[1] :]
    return bought.set_axis(use.columns, axis=1), sold.set_axis(supply.columns, axis=1), result


def sums_frame(
    places: Sequence[str], labels: Sequence[object], target: Array, found: Array, error: Array
) -> pd.DataFrame:
    """Return sums with targets, what was found, and the gap, one line each."""
    parts = {"place": places, "label": labels, "target": target, "found": found,
             "gap": found - target, "error": error}  # fmt: skip
    return pd.DataFrame(parts)


def refuse_not_converged(result: Balanced, unmet: Array, tolerance: float) -> None:
    """Raise the error of a result that did not converge, naming its worst sums."""
    order = np.argsort(-np.abs(unmet))[:10]
    parts = (result._sums[name].to_numpy() for name in ("place", "label", "found", "target"))
    place, label, found, target = parts
    worst = [
        f"{place[k]} {label[k]}: {figure(found[k])} for {figure(target[k])}"
        for k in order
        if found[k] != target[k]
    ]
    raise NotConvergedError(
        f"{result.method} did not converge in {result.iterations} rounds (largest gap "
        f"{np.max(np.abs(unmet)):.2g} of the sum of absolute cells, tolerance {tolerance:.0e}). "
        f"Worst:\n  {listed(worst)}\nZeros may stand where these sums need a cell: check the "
        "targets against the pattern of zeros, or allow more iterations.",
        iterations=result.iterations,
        worst=worst,
        best=result,
    )


def _scaled(given: Problem, method: str, *, tolerance: float, iterations: int) -> Balanced:
    found: Scaled = scaled(given.cells, given.margins, tolerance=tolerance, iterations=iterations)
    sums = [found.matrix.sum(axis=1), found.matrix.sum(axis=0)]
    n, m = given.cells.shape
    result = Balanced(
        method=method,
        rows=given.rows,
        columns=given.columns,
        before=given.cells,
        after=found.matrix,
        _sums=sums_frame(
            ["row"] * n + ["column"] * m,
            [*given.rows, *given.columns],
            np.concatenate(given.margins),
            np.concatenate(sums),
            np.zeros(n + m),
        ),
        multipliers=(found.r, found.s),
        iterations=found.iterations,
        converged=found.converged,
        provenance=(f"{method.lower()}({n} x {m}, {found.iterations} iterations)",),
    )
    if not found.converged:
        size = np.concatenate([np.abs(found.matrix).sum(axis=k) for k in (1, 0)])
        gap = np.concatenate([found.row_gap, found.column_gap])
        unmet = np.divide(gap, size, out=gap.copy(), where=size > 0)
        refuse_not_converged(result, unmet, tolerance)
    return result
