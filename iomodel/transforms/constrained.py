"""Balance a labelled matrix to any linear sums: KRAS and weighted least squares."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.constraints import Met, Sums, least_squares, scaled_to, unreachable_sums
from iomodel.kernels.linear import Positions
from iomodel.results import figure
from iomodel.transforms.balance import Balanced, refuse_not_converged, sums_frame
from iomodel.transforms.margins import Matrix, Problem, Vector, problem


@dataclass(frozen=True, eq=False, kw_only=True)
class LinearSum:
    """A weighted sum of cells that a balanced matrix must have.

    Attributes
    ----------
    name : str
        What the sum is, for messages.
    weights : Series with (row, column) index
        Coefficients of the cells; all other cells have none.
    target : float
        What the sum must be, in the unit of the matrix.
    error : float
        Standard error of the target, in its unit. Zero: exact. A target with an error gives
        way where targets contradict each other, the more the larger its error.
    """

    name: str
    weights: pd.Series
    target: float
    error: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.weights, pd.Series) or self.weights.index.nlevels != 2:
            raise LabelError(f"sum {self.name!r}: weights are a Series by (row, column).")
        numbers = [self.target, self.error, *self.weights.to_numpy(dtype=np.float64)]
        if not np.isfinite(numbers).all() or self.error < 0:
            raise AccountingError(
                f"sum {self.name!r}: weights, target {self.target!r} and error {self.error!r} "
                "must be finite numbers, the error not below zero."
            )
        object.__setattr__(self, "weights", self.weights.copy())


def kras(
    matrix: Matrix, sums: Sequence[LinearSum] = (), *, rows: Vector | None = None,
    columns: Vector | None = None, tolerance: float = 1e-9, iterations: int = 1000,
) -> Balanced:  # fmt: skip
    """Scale a matrix to linear sums of any cells, which may contradict each other.

    Parameters
    ----------
    matrix : DataFrame, n x m
        Cells of any sign; an array has the labels 0, 1, ...
    sums : sequence of LinearSum
        Weighted sums, with a standard error where they may give way.
    rows, columns : Series, optional
        Exact sums of the rows and columns.
    tolerance : float
        Largest gap of a sum allowed, relative to the sum of its absolute terms.
    iterations : int
        Most rounds over all sums.

    Returns
    -------
    Balanced
        ``sums`` shows every target, what was found, and the gap by which a target with an
        error gave way.

    Raises
    ------
    LabelError
        If labels differ or a sum names a cell that the matrix has not.
    AccountingError
        If an exact sum is impossible, before any round.
    NotConvergedError
        If the rounds did not reach the tolerance, for one because exact sums conflict.

    Notes
    -----
    Lenzen, Gallego and Wood (2009), Economic Systems Research 21(1): see
    `iomodel.kernels.constraints.scaled_to`. With rows and columns alone it is GRAS.

    Examples
    --------
    >>> import pandas as pd
    >>> from iomodel.transforms.constrained import LinearSum, kras
    >>> Z = pd.DataFrame([[4.0, 2.0], [1.0, 3.0]], ["a", "m"], ["a", "m"])
    >>> own = pd.Series({("a", "a"): 1.0, ("m", "m"): 1.0})
    >>> kras(Z, [LinearSum(name="own use", weights=own, target=14.0)]).matrix
         a    m
    a  8.0  2.0
    m  1.0  6.0
    """
    given = problem(matrix, rows, columns)
    spots = np.flatnonzero(given.cells)
    system, labels = _sums(given, sums, spots)
    cells = given.cells.ravel()[spots]
    _refuse(unreachable_sums(cells, system), system, labels)
    met = scaled_to(cells, system, tolerance=tolerance, iterations=iterations)
    return _result("KRAS", given, spots, met, system, labels, tolerance)


def weighted_least_squares(
    matrix: Matrix, sums: Sequence[LinearSum] = (), *, rows: Vector | None = None,
    columns: Vector | None = None, variance: pd.DataFrame | None = None, tolerance: float = 1e-9,
) -> Balanced:  # fmt: skip
    """Adjust a matrix to linear sums with the least squared changes over variances.

    Parameters
    ----------
    matrix, sums, rows, columns
        As for `kras`.
    variance : DataFrame, n x m, optional
        Variance of each cell; zero holds the cell. If absent: the absolute cell, as in
        Friedlander (1961), so that zeros stay zeros. ``(error * matrix) ** 2`` states a
        relative standard error (Stone, Champernowne and Meade 1942).
    tolerance : float
        Largest gap of a sum allowed, relative to the sum of its absolute terms.

    Returns
    -------
    Balanced
        Cells can change sign; the number that did is among the facts.

    Raises
    ------
    LabelError
        If labels differ.
    AccountingError
        If a variance is negative, or not a finite number.
    NotConvergedError
        If the sums contradict each other, or cells that could meet them are held.

    Notes
    -----
    Byron (1978), Journal of the Royal Statistical Society A 141(3); see
    `iomodel.kernels.constraints.least_squares`.

    Examples
    --------
    >>> import pandas as pd
    >>> from iomodel.transforms.constrained import weighted_least_squares
    >>> Z = pd.DataFrame([[4.0, 2.0], [1.0, 3.0]], ["a", "m"], ["a", "m"])
    >>> rows, columns = pd.Series({"a": 9.0, "m": 6.0}), pd.Series({"a": 7.0, "m": 8.0})
    >>> weighted_least_squares(Z, rows=rows, columns=columns).matrix.round(3).to_numpy().tolist()
    [[5.68, 3.32], [1.32, 4.68]]
    """
    given = problem(matrix, rows, columns)
    spread = np.abs(given.cells)
    if variance is not None:
        spread = problem(variance, *_own_labels(given, variance)).cells
    if (spread < 0).any():
        raise AccountingError(f"{int((spread < 0).sum())} variances are negative.")
    spots = np.flatnonzero((given.cells != 0) | (spread != 0))
    system, labels = _sums(given, sums, spots)
    cells = given.cells.ravel()[spots]
    met = least_squares(cells, system, spread.ravel()[spots], tolerance=tolerance)
    return _result("least squares", given, spots, met, system, labels, tolerance)


def _own_labels(given: Problem, variance: pd.DataFrame) -> tuple[None, None]:
    """Refuse variances with other labels or another order than the matrix."""
    if not (variance.index.equals(given.rows) and variance.columns.equals(given.columns)):
        raise LabelError("variance: rows and columns must be those of the matrix, in its order.")
    return None, None


def _sums(
    given: Problem, sums: Sequence[LinearSum], spots: Positions
) -> tuple[Sums, list[tuple[str, object]]]:
    """Return all sums as one sparse system over the cells at `spots`, rows and columns first."""
    n, m = given.cells.shape
    place = np.full(n * m, -1)
    place[spots] = np.arange(len(spots))
    parts, targets, errors = [], [np.empty(0)], [0.0] * 0
    labels: list[tuple[str, object]] = []
    line, step = np.divmod(spots, m)
    ones = np.ones(len(spots))
    for what, target, index, at in (
        ("row", given.row_sums, given.rows, line),
        ("column", given.column_sums, given.columns, step),
    ):
        if target is not None:
            where = (at, np.arange(len(spots)))
            parts.append(scipy.sparse.csr_array((ones, where), shape=(len(target), len(spots))))
            targets.append(target)
            errors += [0.0] * len(target)
            labels += [(what, label) for label in index]
    for item in sums:
        at = place[_positions(given, item)]
        weights = item.weights.to_numpy(dtype=np.float64)
        lies = (at >= 0) & (weights != 0)  # a cell that stays zero adds nothing
        where = (np.zeros(int(lies.sum()), dtype=np.intp), at[lies])
        parts.append(scipy.sparse.csr_array((weights[lies], where), shape=(1, len(spots))))
        targets.append(np.array([item.target]))
        errors.append(item.error)
        labels.append(("sum", item.name))
    if not parts:
        raise AccountingError("no sums to meet: give rows, columns or sums.")
    whole = scipy.sparse.vstack(parts).tocsr()
    return Sums(whole, np.concatenate(targets), np.array(errors)), labels


def _positions(given: Problem, item: LinearSum) -> Positions:
    """Flat positions of the cells of a sum."""
    pairs = list(item.weights.index)
    i = given.rows.get_indexer(pd.Index([row for row, _ in pairs], dtype=object))
    j = given.columns.get_indexer(pd.Index([column for _, column in pairs], dtype=object))
    unknown = [pair for pair, a, b in zip(pairs, i, j, strict=True) if min(a, b) < 0]
    if unknown:
        raise LabelError(
            f"sum {item.name!r}: {len(unknown)} cells are not in the matrix:\n  {listed(unknown)}"
        )
    return np.asarray(i * len(given.columns) + j)


def _refuse(wrong: npt.NDArray[np.bool_], system: Sums, labels: list[tuple[str, object]]) -> None:
    lines = [
        f"{labels[k][0]} {labels[k][1]}: target {figure(float(system.targets[k]))}"
        for k in np.flatnonzero(wrong)
    ]
    if lines:
        raise AccountingError(
            f"{len(lines)} sums cannot be met by scaling, because no cell of them, or no cell of "
            f"the right sign, is there to be scaled:\n  {listed(lines)}\n"
            "Correct the targets, fill cells, or give the sums an error."
        )


def _result(
    method: str, given: Problem, spots: Positions, met: Met, system: Sums,
    labels: list[tuple[str, object]], tolerance: float,
) -> Balanced:  # fmt: skip
    after = np.zeros(given.cells.size)
    after[spots] = met.cells
    n, m = given.cells.shape
    result = Balanced(
        method=method,
        rows=given.rows,
        columns=given.columns,
        before=given.cells,
        after=after.reshape(n, m),
        _sums=sums_frame(
            [place for place, _ in labels],
            [label for _, label in labels],
            system.targets,
            system.targets + met.gap,
            system.errors,
        ),
        iterations=met.iterations,
        converged=met.converged,
        provenance=(f"{method}({n} x {m}, {len(labels)} sums, {met.iterations} iterations)",),
    )
    if not met.converged:
        refuse_not_converged(result, met.unmet, tolerance)
    return result
