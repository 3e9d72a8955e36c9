"""Average propagation lengths: distance and strength of the links between sectors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.kernels.linear import Array
from iomodel.kernels.linkages import allocation_inverse
from iomodel.kernels.propagation import propagation_lengths
from iomodel.models.ghosh import supply_side
from iomodel.models.leontief import Leontief
from iomodel.results import Result, must_add_up


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Propagation(Result):
    """Average propagation lengths between sectors, suppliers (rows) to users (columns).

    Attributes
    ----------
    labels : Labels
        The n sectors.
    lengths : ndarray, shape (n, n)
        Average number of rounds; NaN where no path leads from row to column.
    backward, forward : ndarray, shape (n, n)
        L - I and G - I: dependence of the user on the supplier, and of the supplier on the
        user's purchases.
    weighted : ndarray, shape (n, n)
        Rounds times strength: the sum of k A^k.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> found = iom.propagation(iom.leontief(china))
    >>> found.by_sector().columns.tolist()
    ['name', 'backward', 'forward']
    """

    labels: Labels
    lengths: Array
    backward: Array
    forward: Array
    weighted: Array
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        parts = np.where(np.isnan(self.lengths), 0.0, self.lengths) * self.backward
        gap = must_add_up(parts, self.weighted, what="lengths times strength")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What it is."""
        return "Average propagation lengths, supplier to user (rounds)"

    @property
    def matrix(self) -> pd.DataFrame:
        """Average propagation lengths, n x n."""
        return self.labels.square(self.lengths)

    @property
    def strength(self) -> pd.DataFrame:
        """Mean of the backward and forward linkage between two sectors, n x n."""
        return self.labels.square((self.backward + self.forward) / 2)

    def by_sector(self) -> pd.DataFrame:
        """Return mean lengths by sector over the others it is linked to.

        ``backward``, to its suppliers; ``forward``, to its users; NaN where it has none.
        """
        other = self.lengths.copy()
        np.fill_diagonal(other, np.nan)
        there = ~np.isnan(other)
        filled = np.where(there, other, 0.0)
        found = {}
        for name, axis in (("backward", 0), ("forward", 1)):
            count = there.sum(axis=axis).astype(np.float64)
            blank = np.full_like(count, np.nan)
            found[name] = np.divide(filled.sum(axis=axis), count, out=blank, where=count > 0)
        return pd.DataFrame({"name": self.labels.named(), **found}, self.labels.index)

    @property
    def units(self) -> Mapping[str, str]:
        """Rounds of production; the strength is a ratio."""
        return {"length": "rounds", "strength": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per linked pair, strongest link first.

        ``supplier``, ``user``, their names, ``length`` and ``strength``.
        """
        keys, names = list(self.labels.index), self.labels.named()
        strength = (self.backward + self.forward) / 2
        order = np.argsort(-strength, axis=None, kind="stable")
        order = order[~np.isnan(self.lengths.ravel()[order])]
        rows, columns = np.unravel_index(order, strength.shape)
        return pd.DataFrame(
            {
                "supplier": [keys[i] for i in rows],
                "user": [keys[j] for j in columns],
                "supplier_name": [names[i] for i in rows],
                "user_name": [names[j] for j in columns],
                "length": self.lengths.ravel()[order],
                "strength": strength.ravel()[order],
            }
        )


def propagation(model: Leontief) -> Propagation:
    """Return average propagation lengths between all sectors.

    Parameters
    ----------
    model : Leontief
        The open model.

    Returns
    -------
    Propagation
        `matrix` of lengths, `strength` of links, `by_sector()`, `to_frame()`.

    Raises
    ------
    AccountingError
        If the model is closed with respect to households.
    NotProductiveError
        If a sector sells but has no output.

    Notes
    -----
    v_ij = (L (L - I))_ij / (L - I)_ij: the average number of rounds in which a cost push of i
    reaches j, or a demand pull of j reaches i; the first unit does not count. Strength is
    (L - I + G - I)_ij / 2. Dietzenbacher, Romero Luna and Bosma (2005), *Estudios de Economia
    Aplicada* 23(2).

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], codes))
    >>> iom.propagation(iom.leontief(table)).matrix.round(3).to_numpy().tolist()
    [[1.597, 1.376], [1.376, 1.836]]
    """
    supply_side(model)
    inverse = model.L.to_numpy()
    unit = np.eye(len(inverse))
    backward = inverse - unit
    return Propagation(
        labels=model.labels,
        lengths=propagation_lengths(model.coefficients, inverse),
        backward=backward,
        forward=allocation_inverse(inverse, model.table.flows.output) - unit,
        weighted=model.solver.solve(backward),
        provenance=(*model.table.meta.provenance, "propagation()"),
    )
