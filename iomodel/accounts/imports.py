"""How imports are separated from domestic flows."""

from dataclasses import dataclass, fields

import numpy as np

from iomodel.errors import AccountingError, LabelError
from iomodel.kernels.linear import Array, Positions

# Column of an official split that the final demand columns of a role take their share from.
ROLE_COLUMN = {
    "household": "TC",
    "government": "TC",
    "capital formation": "FU201",
    "inventories": "FU202",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class DomesticShares:
    """Domestic shares by product that a table was split with.

    Attributes
    ----------
    method : str
        ``proportional``, ``official`` or what the source states.
    intermediate : ndarray, shape (n,)
        Share for purchases by producers, used for columns inserted later.
    consumption : ndarray, shape (n,)
        Share for purchases by households.
    """

    method: str
    intermediate: Array
    consumption: Array

    def __post_init__(self) -> None:
        for name in ("intermediate", "consumption"):
            array = np.array(getattr(self, name), dtype=np.float64)
            if not ((array >= 0) & (array <= 1)).all():
                raise AccountingError(f"domestic shares ({name}) must lie between 0 and 1.")
            array.flags.writeable = False
            object.__setattr__(self, name, array)


@dataclass(frozen=True, eq=False, kw_only=True)
class ImportSplit:
    """An official split of uses into domestic and imported, at coarser groups of sectors.

    Attributes
    ----------
    source : str
        Where the split comes from.
    group : ndarray of int, shape (n,)
        Position of each sector's group.
    codes : tuple of str
        Codes of the g groups.
    domestic, imported : ndarray, shape (g, g)
        Intermediate flows by supplying and using group.
    final_codes : tuple of str
        Columns of final use (``TC`` consumption, ``FU201``, ``FU202``, ``EX``).
    final_domestic, final_imported : ndarray, shape (g, f)
        Final uses by supplying group.
    """

    source: str
    group: Positions
    codes: tuple[str, ...]
    domestic: Array
    imported: Array
    final_codes: tuple[str, ...]
    final_domestic: Array
    final_imported: Array

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, np.ndarray):
                value = np.array(value)
                value.flags.writeable = False
                object.__setattr__(self, item.name, value)
        g, f = len(self.codes), len(self.final_codes)
        shapes = [self.domestic.shape, self.imported.shape]
        finals = [self.final_domestic.shape, self.final_imported.shape]
        if shapes != [(g, g)] * 2 or finals != [(g, f)] * 2:
            raise LabelError(
                f"import split: {g} groups, {f} final uses, but shapes {shapes + finals}."
            )
