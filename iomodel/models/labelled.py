"""Values labelled by sector, in the order of a system, solved and labelled again."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.linear import Array

LabelledT = TypeVar("LabelledT", pd.Series, pd.DataFrame)


def ordered(labels: Labels, values: pd.Series | pd.DataFrame) -> Array:
    """Bring values into the order of the sectors; absent sectors have zero.

    Parameters
    ----------
    labels : Labels
        The n rows of the system.
    values : Series or DataFrame
        Labelled by sector.

    Returns
    -------
    ndarray, shape (n,) or (n, c)

    Raises
    ------
    LabelError
        For unknown or duplicate sectors, or values without labels.
    AccountingError
        For values that are not finite numbers.
    """
    if not isinstance(values, pd.Series | pd.DataFrame):
        raise LabelError("values must be a pandas Series or DataFrame labelled by sector.")
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()].unique()
        raise LabelError(f"sectors stand more than once: {listed(twice, 20)}")
    try:
        given = values.to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise AccountingError(f"values must be numbers: {error}.") from error
    if not np.isfinite(given).all():
        count = int((~np.isfinite(given)).sum())
        raise AccountingError(f"{count} values are not finite numbers; fill them first.")
    full = np.zeros((len(labels), *given.shape[1:]))
    full[labels.positions(values.index)] = given
    return full


def solved(labels: Labels, values: LabelledT, solve: Callable[[Array], Array]) -> LabelledT:
    """Bring values into the order of the sectors, solve, and label the answer.

    Parameters
    ----------
    labels : Labels
        The n rows of the system.
    values : Series or DataFrame
        Labelled by sector; absent sectors have none.
    solve : callable
        From (n,) or (n, c) to the same shape.

    Returns
    -------
    Series or DataFrame
        As `values`, on all sectors.
    """
    answer = solve(ordered(labels, values))
    if isinstance(values, pd.Series):
        return pd.Series(answer, index=labels.index, name=values.name)
    return pd.DataFrame(answer, index=labels.index, columns=values.columns)
