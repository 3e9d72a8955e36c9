"""A published matrix that is not a table of flows: coefficients, an inverse, multipliers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta
from iomodel.errors import AccountingError, LabelError
from iomodel.kernels.linear import Array
from iomodel.results import Result


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Matrix(Result):
    """A matrix as an office printed it, to check one's own results against.

    Attributes
    ----------
    kind : str
        ``input coefficients``, ``Leontief inverse``, ``Leontief inverse less identity``,
        ``allocation coefficients``, ``Ghosh inverse``, ``total requirements``, ``columns by
        sector`` (multipliers, employment) or what else the source prints.
    rows, columns : Labels
        The r rows and c columns.
    values : ndarray, shape (r, c)
        Read-only. An inverse printed times 1,000 is divided by it.
    scale : float
        What the source printed the figures times.
    meta : Meta
        Title, year, where it was read.

    Examples
    --------
    >>> import iomodel as iom
    >>> import numpy as np
    >>> both = iom.Labels(codes=("01", "02"))
    >>> printed = iom.Matrix(
    ...     kind="Leontief inverse", rows=both, columns=both, meta=iom.Meta(title="Table 3"),
    ...     values=np.array([[1.2, 0.3], [0.1, 1.4]]),
    ... )
    >>> printed.to_frame().sum().round(3).to_dict()
    {'01': 1.3, '02': 1.7}
    """

    kind: str
    rows: Labels
    columns: Labels
    values: Array
    scale: float = 1.0
    meta: Meta
    provenance: Sequence[str] = ()

    def __post_init__(self) -> None:
        array = np.array(self.values, dtype=np.float64)
        if array.shape != (len(self.rows), len(self.columns)):
            raise LabelError(
                f"{self.kind}: {array.shape} figures for {len(self.rows)} rows and "
                f"{len(self.columns)} columns."
            )
        if not np.isfinite(array).all() and self.kind != "columns by sector":
            raise AccountingError(f"{self.kind}: {int((~np.isfinite(array)).sum())} cells are bad.")
        array.flags.writeable = False
        object.__setattr__(self, "values", array)
        object.__setattr__(self, "provenance", self.meta.provenance)

    @property
    def title(self) -> str:
        """Kind and title of the source."""
        return f"{self.kind[:1].upper()}{self.kind[1:]}: {self.meta.title}"

    @property
    def units(self) -> Mapping[str, str]:
        """The unit that the source states for all cells; empty text for ratios and none."""
        return dict.fromkeys(map(str, self.columns.shown), self.meta.unit)

    def to_frame(self) -> pd.DataFrame:
        """Return the matrix as a fresh frame, rows by columns."""
        return pd.DataFrame(
            np.array(self.values), index=self.rows.index, columns=self.columns.index
        )

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the upper left corner, `top` rows and as many columns."""
        return self.to_frame().iloc[:top, :top]

    def facts(self) -> list[tuple[str, object]]:
        """Return size, scale and where the matrix stands."""
        notes = self.meta.notes or {}
        found = [
            ("rows x columns", f"{len(self.rows)} x {len(self.columns)}"),
            ("year", self.meta.year),
            ("sheet", notes.get("sheet")),
            ("range", notes.get("range")),
            ("printed times", f"{self.scale:,.0f}" if self.scale != 1.0 else None),
        ]
        return [(key, value) for key, value in found if value is not None]
