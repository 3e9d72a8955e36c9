"""Which coefficients matter: fields of influence and the multiplier product matrix."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.errors import NotProductiveError, listed
from iomodel.kernels.influence import field, field_sizes, multiplier_product
from iomodel.kernels.linear import Array
from iomodel.models.leontief import Leontief
from iomodel.results import Result, must_add_up


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Influence(Result):
    """Influence of every coefficient on the whole Leontief inverse.

    Attributes
    ----------
    labels : Labels
        The n rows of the system.
    inverse : ndarray, shape (n, n)
        L.
    sizes : ndarray, shape (n, n)
        Sum of squares of the field of influence of a_ij.
    products : ndarray, shape (n, n)
        Multiplier product matrix.
    change : float
        Size of the change of a coefficient; zero for the first order.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> iom.influence(iom.leontief(china)).to_frame().shape
    (23409, 6)
    """

    labels: Labels
    inverse: Array
    sizes: Array
    products: Array
    change: float
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        found = np.concatenate([self.products.sum(axis=0), self.products.sum(axis=1)])
        right = np.concatenate([self.inverse.sum(axis=0), self.inverse.sum(axis=1)])
        gap = must_add_up(found, right, what="sums of the multiplier product matrix")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What it is, for which change."""
        size = f"a change of {self.change:g}" if self.change else "first order"
        return f"Field of influence of every input coefficient ({size})"

    @property
    def product_matrix(self) -> pd.DataFrame:
        """Multiplier product matrix, n x n; its row and column sums are those of L."""
        return self.labels.square(self.products)

    @property
    def matrix(self) -> pd.DataFrame:
        """Size of the field of influence of a_ij, n x n, suppliers by users."""
        return self.labels.square(self.sizes)

    def field(self, supplier: object, user: object) -> pd.DataFrame:
        """Return the field of influence of one coefficient: change of L per unit of it, n x n.

        Parameters
        ----------
        supplier, user : str or (region, code)
            Row and column of the coefficient.

        Returns
        -------
        DataFrame

        Raises
        ------
        LabelError
            For unknown sectors.
        """
        row, column = self.labels.positions([supplier, user])
        return self.labels.square(field(self.inverse, int(row), int(column), self.change))

    @property
    def units(self) -> Mapping[str, str]:
        """Squared changes of L, and its products: ratios."""
        return {"influence": "1", "product": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per coefficient, largest influence first: supplier, user, influence."""
        keys, names = list(self.labels.index), self.labels.named()
        order = np.argsort(-self.sizes, axis=None, kind="stable")
        rows, columns = np.unravel_index(order, self.sizes.shape)
        return pd.DataFrame(
            {
                "supplier": [keys[i] for i in rows],
                "user": [keys[j] for j in columns],
                "supplier_name": [names[i] for i in rows],
                "user_name": [names[j] for j in columns],
                "influence": self.sizes.ravel()[order],
                "product": self.products.ravel()[order],
            }
        )


def influence(model: Leontief, *, change: float = 0.0) -> Influence:
    """Return the field of influence of every input coefficient, and the product matrix.

    Parameters
    ----------
    model : Leontief
        Open or closed; households are one more sector of a closed one.
    change : float
        Size of the change of each coefficient. Zero gives the first-order field, the limit
        for small changes; published studies often take 0.001.

    Returns
    -------
    Influence
        `matrix`, `product_matrix`, `field(supplier, user)`, and `to_frame()` in order of size.

    Raises
    ------
    NotProductiveError
        If a coefficient cannot change by so much.

    Notes
    -----
    The field of a_ij is column i of L times row j of L over 1 - change l_ji, its size the sum
    of its squares: Sonis and Hewings (1992), *Economic Systems Research* 4(2); Miller and
    Blair (2009), section 12.3. All n^2 sizes are one outer product. Influence does not ask
    whether the coefficient is zero.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], codes))
    >>> iom.influence(iom.leontief(table)).matrix.round(3).to_numpy().tolist()
    [[2.762, 2.183], [2.301, 1.818]]
    """
    if not np.isfinite(change):
        raise ValueError(f"change {change} must be a finite number.")
    inverse = model.L.to_numpy()
    broken = np.argwhere(~(1.0 - change * inverse.T > 0.0))
    if len(broken):
        shown = model.labels.shown
        pairs = [f"{shown[i]} to {shown[j]}" for i, j in broken.tolist()]
        raise NotProductiveError(
            f"{len(pairs)} coefficients cannot change by {change:g}, or the system would produce "
            f"nothing (supplier to user):\n  {listed(pairs, 10)}\nTake a smaller change."
        )
    return Influence(
        labels=model.labels,
        inverse=inverse,
        sizes=field_sizes(inverse, change),
        products=multiplier_product(inverse),
        change=float(change),
        provenance=(*model.table.meta.provenance, f"influence(change={change:g})"),
    )
