"""A labelled matrix with the sums it has to meet, and what makes these impossible."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.biproportion import Margins, Vain, unreachable
from iomodel.kernels.linear import Array
from iomodel.results import figure

Matrix = pd.DataFrame | npt.NDArray[Any]
Vector = pd.Series | npt.NDArray[Any]
AGREE = 1e-9


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """A matrix and its labels; margins in the same order, where they are given.

    Attributes
    ----------
    cells : ndarray, shape (n, m)
    rows, columns : Index
        Labels.
    row_sums, column_sums : ndarray or None, shapes (n,) and (m,)
        Target sums.
    """

    cells: Array
    rows: pd.Index
    columns: pd.Index
    row_sums: Array | None
    column_sums: Array | None

    @property
    def margins(self) -> Margins:
        """Both margins, of a problem that has both."""
        assert self.row_sums is not None
        assert self.column_sums is not None
        return Margins(self.row_sums, self.column_sums)


def problem(matrix: Matrix, rows: Vector | None, columns: Vector | None) -> Problem:
    """Align margins with a matrix by label; arrays are taken by position.

    Raises
    ------
    LabelError
        If labels differ or stand twice, or labelled and unlabelled parts are mixed.
    AccountingError
        If a figure is not a finite number.
    """
    parts = [part for part in (matrix, rows, columns) if part is not None]
    labelled = [isinstance(part, pd.DataFrame | pd.Series) for part in parts]
    if any(labelled) and not all(labelled):
        raise LabelError(
            "some parts have labels and some have not: give the matrix as a DataFrame and the "
            "margins as Series, or all of them as arrays."
        )
    frame = matrix if isinstance(matrix, pd.DataFrame) else pd.DataFrame(np.asarray(matrix))
    for index, what in ((frame.index, "rows"), (frame.columns, "columns")):
        if not index.is_unique:
            twice = index[index.duplicated()].unique().tolist()
            raise LabelError(f"{len(twice)} {what} stand more than once: {listed(twice)}")
    found = Problem(
        cells=_numbers(frame, "matrix"),
        rows=frame.index,
        columns=frame.columns,
        row_sums=_margin(rows, frame.index, "row"),
        column_sums=_margin(columns, frame.columns, "column"),
    )
    _same_total(found)
    return found


def refuse_unreachable(given: Problem, *, signed: bool) -> None:
    """Refuse margins that no scaling can meet, naming every row and column.

    Raises
    ------
    AccountingError
        If cells are negative where the method cannot have them, a target stands over cells
        of the other sign only, or over none.
    """
    if not signed:
        _refuse_negative(given)
    vain = unreachable(given.cells, given.margins)
    lines = [*_vain_lines(given, vain)]
    if lines:
        raise AccountingError(
            f"{len(lines)} targets cannot be met by scaling, which keeps zeros and signs:\n  "
            f"{listed(lines)}\nCorrect the targets, or fill cells of these rows and columns."
        )


def _vain_lines(given: Problem, vain: Vain) -> list[str]:
    lines = []
    for what, labels, cells, target, where, zeroed in (
        ("row", given.rows, given.cells, given.margins.rows, vain.rows, vain.zero_columns),
        ("column", given.columns, given.cells.T, given.margins.columns, vain.columns,
         vain.zero_rows),
    ):  # fmt: skip
        for spot in np.flatnonzero(where).tolist():
            own = cells[spot]
            left = np.where(zeroed, 0.0, own)
            why = "only zeros" if not own.any() else "no cell of that sign"
            if own.any() and not left.any():
                why = "cells only where the target of the other side is zero"
            lines.append(f"{what} {labels[spot]}: target {figure(float(target[spot]))}, {why}")
    return lines


def _refuse_negative(given: Problem) -> None:
    spots = np.argwhere(given.cells < 0)
    lines = [
        f"{given.rows[i]}, {given.columns[j]}: {figure(float(given.cells[i, j]))}"
        for i, j in spots[:41].tolist()
    ]
    if lines:
        raise AccountingError(
            f"{len(spots)} cells are negative:\n  {listed(lines)}\n"
            "RAS has no answer for these; use gras, which keeps their signs."
        )
    for what, labels, target in (
        ("row", given.rows, given.margins.rows),
        ("column", given.columns, given.margins.columns),
    ):
        at = np.flatnonzero(target < 0).tolist()
        below = [f"{labels[i]}: {figure(float(target[i]))}" for i in at]
        if below:
            raise AccountingError(
                f"{len(below)} {what} targets are negative, but no cell is:\n  {listed(below)}"
            )


def _same_total(given: Problem) -> None:
    if given.row_sums is None or given.column_sums is None:
        return
    left, right = float(given.row_sums.sum()), float(given.column_sums.sum())
    size = max(np.abs(given.row_sums).sum(), np.abs(given.column_sums).sum())
    if abs(left - right) > AGREE * size:
        raise AccountingError(
            f"the row targets add up to {left:,.10g}, the column targets to {right:,.10g}: they "
            f"differ by {figure(left - right)}, {abs(left - right) / size:.2%}. No matrix has "
            "both sums. Correct them, or scale one: columns * rows.sum() / columns.sum()."
        )


def _margin(part: Vector | None, index: pd.Index, what: str) -> Array | None:
    if part is None:
        return None
    if not isinstance(part, pd.Series):
        part = pd.Series(np.asarray(part))
        if len(part) != len(index):
            raise LabelError(f"{len(part)} {what} targets for {len(index)} {what}s.")
    twice = part.index[part.index.duplicated()].unique().tolist()
    missing = index.difference(part.index, sort=False).tolist()
    unknown = part.index.difference(index, sort=False).tolist()
    kinds = {"missing": missing, "unknown": unknown, "more than once": twice}
    if any(kinds.values()):
        lines = [f"{len(v)} {k}: {', '.join(map(str, v[:20]))}" for k, v in kinds.items() if v]
        raise LabelError(f"{what} targets: labels differ from the matrix.\n  {listed(lines)}")
    return _numbers(part.reindex(index), f"{what} targets")


def _numbers(part: pd.DataFrame | pd.Series, what: str) -> Array:
    try:
        values = part.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise LabelError(f"{what}: not all cells are numbers ({error}).") from None
    spots = np.argwhere(~np.isfinite(values))
    if len(spots):
        axes = [part.index, part.columns] if isinstance(part, pd.DataFrame) else [part.index]
        lines = [
            ", ".join(str(axis[k]) for axis, k in zip(axes, spot, strict=True))
            for spot in spots[:41].tolist()
        ]
        raise AccountingError(
            f"{what}: {len(spots)} cells are not finite numbers:\n  {listed(lines)}"
        )
    return np.array(values)
