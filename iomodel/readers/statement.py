"""What the lines beside a block are: items, totals, output, imports."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from iomodel.kernels.linear import Array
from iomodel.readers.lines import Line


@dataclass(frozen=True)
class Item:
    """A line that is a part of the balance, with its role and its sign in it."""

    line: Line
    role: str
    sign: int = 1

    @property
    def values(self) -> Array:
        """The figures with their sign in the balance."""
        return self.sign * self.line.filled


@dataclass(frozen=True)
class Identity:
    """A sum that the table states, and how far it is out.

    Attributes
    ----------
    text : str
    gap : float
        Largest absolute difference, in the unit of the table.
    share : float
        The same as a share of the line's own size.
    holds : bool
        True if the difference is a rounding.
    line : Line or None
        The total, where the identity is that of a printed total.
    wrong : tuple of int
        Sectors where the sum does not hold.
    """

    text: str
    gap: float
    share: float
    holds: bool
    line: Line | None = None
    wrong: tuple[int, ...] = ()

    def __str__(self) -> str:
        if self.holds:
            return f"{self.text}: holds"
        few = f" in {len(self.wrong)} sectors" if self.wrong else ""
        return f"{self.text}: out by up to {self.gap:,.6g}{few}"


@dataclass(frozen=True, eq=False)
class Statement:
    """The lines beside a block, each with what it is.

    Attributes
    ----------
    columns, rows : tuple of Item
        Final demand columns and primary input rows that make up the balance.
    imports : tuple of Item
        Lines of imports to be deducted from uses, by product.
    output : ndarray, shape (n,) or None
    output_from : tuple of Line
        Where output is printed.
    totals : tuple of Line
        Lines that are sums of others: read, checked and left out.
    memo : tuple of Line
        Rows outside the balance, such as employment.
    unused : tuple of Line
        Columns outside the balance.
    identities : tuple of Identity
    """

    columns: tuple[Item, ...]
    rows: tuple[Item, ...]
    imports: tuple[Item, ...]
    output: Array | None
    output_from: tuple[Line, ...]
    totals: tuple[Line, ...]
    memo: tuple[Line, ...]
    unused: tuple[Line, ...]
    identities: tuple[Identity, ...]
    row_holds: tuple[bool, ...] = ()
    column_holds: tuple[bool, ...] = ()
    columns_hold: Mapping[int, tuple[bool, ...]] = field(default_factory=dict)
    rows_hold: Mapping[int, tuple[bool, ...]] = field(default_factory=dict)

    def holds_alone(self, line: Line) -> npt.NDArray[np.bool_]:
        """Tell for each sector whether a sum that contains this very line proves it."""
        known = self.rows_hold if line.by_row else self.columns_hold
        return np.array(known.get(line.place, (False,) * len(line.values)), dtype=bool)

    def holds_by_sector(self, *, by_row: bool) -> npt.NDArray[np.bool_]:
        """Tell for each sector whether its column (by row False: its row) is proven by a sum."""
        return np.array(self.column_holds if by_row else self.row_holds, dtype=bool)
