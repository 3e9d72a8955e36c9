"""Multipliers and effects of any account, simple (Type I) and total (Type II)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import LabelError
from iomodel.kernels.linear import Array
from iomodel.models.households import ClosedLeontief
from iomodel.models.leontief import Leontief
from iomodel.results import Result, must_add_up


@dataclass(frozen=True, eq=False, repr=False)
class Multipliers(Result):
    """Effects per unit of final demand and their ratio to the direct effect.

    Attributes
    ----------
    of : str
        What is multiplied.
    labels, rows : Labels
        The n sectors and the r rows of the account.
    direct, indirect, induced : ndarray, shape (r, n)
        Parts of the effect. Induced is zero in an open model.
    effect : ndarray, shape (r, n)
        Total effect on the account per unit of final demand for the sector.
    kind : str
        ``Type I`` or ``Type II``.
    """

    of: str
    labels: Labels
    rows: Labels
    direct: Array
    indirect: Array
    induced: Array
    effect: Array
    kind: str
    unit: str
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        parts = self.direct + self.indirect + self.induced
        gap = must_add_up(parts, self.effect, what=f"{self.of} effects")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What is multiplied, of which type, in which unit."""
        return f"{self.of} multipliers, {self.kind} ({self.unit})"

    @property
    def multiplier(self) -> Array:
        """Effect over direct effect, (r, n); NaN where the direct effect is zero."""
        empty = np.full_like(self.effect, np.nan)
        return np.divide(self.effect, self.direct, out=empty, where=self.direct != 0.0)

    def to_frame(self) -> pd.DataFrame:
        """Return effect, multiplier and parts by sector (and by row, if there are several)."""
        frames = []
        for i in range(len(self.rows)):
            frame = pd.DataFrame(
                {
                    "name": self.labels.named(),
                    "effect": self.effect[i],
                    "multiplier": self.multiplier[i],
                    "direct": self.direct[i],
                    "indirect": self.indirect[i],
                    "induced": self.induced[i],
                },
                index=self.labels.index,
            )
            frames.append(frame)
        if len(frames) == 1:
            return frames[0]
        return pd.concat(dict(zip(self.rows.codes, frames, strict=True)), names=["account"])


def multipliers(model: Leontief, *, of: str = "output") -> Multipliers:
    """Return effects and multipliers of an account for every sector.

    Parameters
    ----------
    model : Leontief or ClosedLeontief
        An open model gives Type I, a closed one Type II with the induced part apart.
    of : str
        ``output``, ``value_added``, a satellite (``employment``), or the code or role of
        primary input rows (``compensation``).

    Returns
    -------
    Multipliers
        Of `to_frame`, ``effect`` is per unit of final demand, ``multiplier`` its ratio to
        the direct effect; the parts add up to ``effect``.

    Raises
    ------
    LabelError
        If there is no such account.
    AccountingError
        If the account and the table are of different years and no growth is given.

    Notes
    -----
    m' = e' L; direct e, indirect e'L - e' in the open model, induced the rest in the closed
    one. Miller and Blair (2009), sections 6.2 and 6.3. Employment of a later year over
    output carried to that year gives effects per unit of demand at prices of that year.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> jobs = iom.multipliers(iom.leontief(china), of="employment")
    >>> float(jobs.to_frame()["multiplier"].min()) > 1.0
    True
    """
    table = model.table
    rows, direct, unit = _intensity(table, of)
    n = len(table)
    closed = isinstance(model, ClosedLeontief)
    inner = model.open if isinstance(model, ClosedLeontief) else model
    simple = inner.solver.solve_transposed(direct.T).T
    total = simple
    if closed:
        padded = np.column_stack([direct, np.zeros(len(direct))])
        total = model.solver.solve_transposed(padded.T).T[:, :n]
    return Multipliers(
        of=of,
        labels=table.labels,
        rows=rows,
        direct=direct,
        indirect=simple - direct,
        induced=total - simple,
        effect=total,
        kind="Type II" if closed else "Type I",
        unit=unit,
        provenance=model.table.meta.provenance,
    )


def _intensity(table: IOTable, of: str) -> tuple[Labels, Array, str]:
    """Rows, levels per unit of output, and unit of an account."""
    flows, meta = table.flows, table.meta
    one = np.where(flows.output == 0.0, 1.0, flows.output)
    money = f"{meta.unit} per {meta.unit}".strip() if meta.unit else "per unit"
    if of in table.satellites:
        account = table.satellites[of]
        year = f" at {account.year} prices" if account.year else ""
        unit = f"{account.unit_text or 'units'} per {meta.unit or 'unit'} of final demand{year}"
        return account.rows, account.intensity(flows.output, price_year=meta.price_year), unit
    single = Labels(codes=(of,))
    if of == "output":
        return single, np.ones((1, len(table))), money
    if of == "value_added":
        return single, (table.value_added.to_numpy() / one)[None, :], money
    labels = table.primary_labels
    rows = labels.in_group(of)
    if not len(rows) and of in labels.codes:
        rows = labels.positions([of])
    if not len(rows):
        have = ["output", "value_added", *table.satellites, *labels.codes, *labels.groups]
        there = ", ".join(dict.fromkeys(filter(None, have)))
        raise LabelError(f"no account {of!r}; there are: {there}.")
    return single, (flows.primary_inputs[rows].sum(axis=0) / one)[None, :], money
