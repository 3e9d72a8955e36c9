"""What a table remembers about sectors that were inserted into it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from iomodel.errors import LabelError
from iomodel.kernels.linear import Array, Factorised


class Injection(NamedTuple):
    """One item of spending that enters the base sectors.

    Attributes
    ----------
    item : str
        Cost item or demand item (``m_catering``, ``gmv``).
    channel : str
        Channel of the result it belongs to.
    buyer : str
        Code of the inserted sector that buys it; empty for final demand.
    """

    item: str
    channel: str
    buyer: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Insertion:
    """The increment that inserted sectors bring, kept for channels and audits.

    Attributes
    ----------
    base : int
        Number of base sectors K; inserted sectors B follow them in the table.
    price_year : int or None
        Price year of the increment.
    unit : str
        Unit of the amounts: the table's.
    injections : tuple of Injection
        Items, one per column of `domestic`.
    domestic : ndarray, shape (K, c)
        Domestic purchases by base sector and item: a partition of A_KB x_B + f_K.
    attributed : ndarray, shape (K, c)
        The same with demand items at all attributed spending instead of the additional part.
    output : ndarray, shape (b,)
        x_B, output of the inserted sectors.
    final_demand : ndarray, shape (b,)
        f_B, final demand for the inserted sectors.
    staff : tuple of str, length b
        Channels of the inserted sectors' own jobs.
    increment : ndarray, shape (K + b,)
        Output that the activity causes, by sector.
    base_solver : Factorised
        Factorisation of I - A_KK of the base table, used again by models.
    """

    base: int
    price_year: int | None
    unit: str
    injections: tuple[Injection, ...]
    domestic: Array
    attributed: Array
    output: Array
    final_demand: Array
    increment: Array
    staff: tuple[str, ...]
    base_solver: Factorised

    def __post_init__(self) -> None:
        shape = (self.base, len(self.injections))
        if self.domestic.shape != shape or self.attributed.shape != shape:
            raise LabelError(f"injections: shape {self.domestic.shape} where {shape} is needed.")
        for name in ("domestic", "attributed", "output", "final_demand", "increment"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
