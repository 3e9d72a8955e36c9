"""Jobs by channel and destination that inserted sectors cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from iomodel.accounts.insertion import Injection, Insertion
from iomodel.accounts.labels import Labels
from iomodel.errors import AccountingError, LabelError
from iomodel.kernels.linear import Array
from iomodel.models.households import ClosedLeontief
from iomodel.models.leontief import Leontief
from iomodel.models.miyazawa import ClosedGroups
from iomodel.results import Result, must_add_up

Spending = Literal["none", "additional", "attributed"]
INDUCED = "induced"
DIRECT_PAY = "direct_pay"


@dataclass(frozen=True, eq=False, repr=False)
class Channels(Result):
    """Jobs of an activity by channel and destination, which add up to the total.

    Attributes
    ----------
    labels : Labels
        Destinations: the n base sectors, then the b inserted ones.
    rows : Labels
        The r rows of the account (employment patterns).
    items : tuple of Injection
        What was spent; the last one is household re-spending in a closed model.
    jobs : ndarray, shape (r, n + b, c)
        Jobs by row, destination and item, in single jobs.
    staff : ndarray, shape (r, n + b, b)
        Own jobs of inserted sectors by destination and sector; zero for direct ones.
    staff_channels : tuple of str
        Channels of `staff`.
    direct, total : ndarray, shape (r,)
        D and J.
    induced_by : ndarray, shape (b + c,)
        Share of household re-spending that the pay of each inserted sector, then of each
        item's suppliers, causes; zeros in an open model.
    boundary : tuple of str
        Inserted sectors that count as direct.
    spending : str
        Which consumer spending is counted.
    basis : str

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> new = iom.NewSector(
    ...     code="x", output=1e9, purchases={"01001": 0.2}, labour_income=0.5,
    ...     levels={"employment": 5_000.0}, currency="CNY", price_year=2025, basis="heads",
    ... )
    >>> model = iom.leontief(iom.insert(china, new))
    >>> iom.channels(model, direct="x").by_channel().shape
    (3, 1)
    """

    labels: Labels
    rows: Labels
    items: tuple[Injection, ...]
    jobs: Array
    staff: Array
    staff_channels: tuple[str, ...]
    direct: Array
    total: Array
    induced_by: Array
    boundary: tuple[str, ...]
    spending: str
    basis: str
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        parts = self.jobs.sum(axis=(1, 2)) + self.staff.sum(axis=(1, 2))
        gap = must_add_up(parts + self.direct, self.total, what="jobs by channel")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What is counted, in which basis, for which boundary."""
        return (
            f"Jobs by channel and destination ({self.basis}; direct: {', '.join(self.boundary)}; "
            f"consumer spending: {self.spending})"
        )

    @property
    def _own(self) -> list[tuple[int, Injection]]:
        """Inserted sectors that are not direct: their column in `staff`, as an item."""
        first = len(self.labels) - len(self.staff_channels)
        pairs = enumerate(zip(self.labels.codes[first:], self.staff_channels, strict=True))
        return [
            (k, Injection(f"{code} staff", channel, code))
            for k, (code, channel) in pairs
            if code not in self.boundary
        ]

    @property
    def accounts(self) -> pd.Index:
        """Index of the rows of the account."""
        return self.rows.index.rename("account")

    @property
    def ratio(self) -> pd.Series:
        """Indirect (and induced) jobs per direct job, by row."""
        values = (self.total - self.direct) / self.direct
        return pd.Series(values, index=self.accounts, name="ratio")

    def facts(self) -> list[tuple[str, object]]:
        """Direct, total and ratio by row."""
        lines = zip(self.rows.codes, self.direct, self.total, self.ratio, strict=True)
        return [
            (code, f"direct {d:,.0f}, total {j:,.0f}, indirect per direct {m:.4f}")
            for code, d, j, m in lines
        ]

    def by_channel(self) -> pd.DataFrame:
        """Return jobs by channel (columns) and row."""
        names = [*(item.channel for item in self.items), *(item.channel for _, item in self._own)]
        own = self.staff.sum(axis=1)[:, [k for k, _ in self._own]]
        frame = pd.DataFrame(
            np.column_stack([self.jobs.sum(axis=1), own]), index=self.accounts, columns=names
        )
        return frame.T.groupby(level=0, sort=False).sum().T

    def by_item(self) -> pd.DataFrame:
        """Return jobs by cost or demand item (columns) and row."""
        names = [item.item for item in self.items]
        frame = pd.DataFrame(self.jobs.sum(axis=1), index=self.accounts, columns=names)
        return frame.T.groupby(level=0, sort=False).sum().T

    def by_destination(self) -> pd.DataFrame:
        """Return jobs by destination sector (columns) and row."""
        values = self.jobs.sum(axis=2) + self.staff.sum(axis=2)
        return pd.DataFrame(values, index=self.accounts, columns=self.labels.index)

    def folded(self) -> pd.DataFrame:
        """Return jobs by channel with induced ones folded back on the income that caused them.

        Re-spending of the pay of inserted sectors that are direct stands as ``direct_pay``;
        the total is that of `by_channel`.
        """
        frame = self.by_channel()
        if INDUCED not in frame:
            return frame
        induced = frame.pop(INDUCED)
        causes = dict.fromkeys(range(len(self.staff_channels)), DIRECT_PAY)
        causes.update((k, item.channel) for k, item in self._own)
        channels = list(causes.values())
        channels += [item.channel for item in self.items]
        for channel, share in zip(channels, self.induced_by, strict=True):
            if share:
                frame[channel] = frame.get(channel, 0.0) + induced * share
        return frame

    @property
    def units(self) -> Mapping[str, str]:
        """Jobs in the basis of the account, and jobs per direct job."""
        return {"jobs": f"jobs, {self.basis}" if self.basis else "jobs", "per_direct_job": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return jobs by row, channel, item and destination; zeros are left out."""
        items = (*self.items, *(item for _, item in self._own))
        values = np.concatenate([self.jobs, self.staff[:, :, [k for k, _ in self._own]]], axis=2)
        where = np.argwhere(values != 0.0)
        names = self.labels.named()
        picked = values[tuple(where.T)]
        return pd.DataFrame(
            {
                "account": [self.rows.codes[r] for r, _, _ in where],
                "channel": [items[c].channel for _, _, c in where],
                "item": [items[c].item for _, _, c in where],
                "code": [self.labels.codes[j] for _, j, _ in where],
                "name": [names[j] for _, j, _ in where],
                "jobs": picked,
                "per_direct_job": picked / self.direct[where[:, 0]],
            }
        )

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return jobs per direct job by channel, or the `top` channels if there are more."""
        frame = self.by_channel().T.div(pd.Series(self.direct, self.accounts))
        return frame.sort_values(str(frame.columns[0]), ascending=False).head(top)


def channels(
    model: Leontief,
    *,
    direct: str | Sequence[str],
    of: str = "employment",
    spending: Spending = "additional",
) -> Channels:
    """Split the jobs that inserted sectors cause by channel and destination.

    Parameters
    ----------
    model : Leontief or ClosedLeontief
        Model of a table with inserted sectors; a closed one adds household re-spending.
    direct : str or sequence of str
        Codes of the inserted sectors whose own jobs are direct (the boundary).
    of : str
        Satellite account that is counted.
    spending : {"none", "additional", "attributed"}
        Consumer spending that is counted: none; the additional part (the rest displaces
        other spending); all that is attributed, an upper bound.

    Returns
    -------
    Channels

    Raises
    ------
    AccountingError
        If the table has no inserted sectors, direct jobs are zero, or the model has several
        groups of households.
    LabelError
        For a code in `direct` that is not an inserted sector.
    IdentityError
        If channels and destinations do not add up to the total.

    Notes
    -----
    With injections b_c, a partition of A_KB x_B + f_K (+ A_Kh x_h) at the realised x_B,
    C_jc = e_j (L_KK b_c)_j; the sum over channels and destinations, plus the own jobs of
    inserted sectors that are not direct, is J - D, in whatever order channels are taken.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> new = iom.NewSector(
    ...     code="x", output=1e9, purchases={"01001": 0.2}, labour_income=0.5,
    ...     levels={"employment": 5_000.0}, currency="CNY", price_year=2025, basis="heads",
    ... )
    >>> found = iom.channels(iom.leontief(iom.insert(china, new)), direct="x")
    >>> found.by_channel().columns.tolist()
    ['supply']
    """
    table, insertion = model.table, _inserted(model)
    n, b = insertion.base, len(insertion.output)
    direct = (direct,) if isinstance(direct, str) else tuple(direct)
    counts = is_direct(direct, table.labels.codes[n:])
    satellite = table.satellite(of)
    unit = satellite.unit_value
    intensity = unit * satellite.intensity(table.flows.output, price_year=table.meta.price_year)
    spent = _spent(insertion, spending)
    demand = demand_of(insertion, spending)
    closed = model if isinstance(model, ClosedLeontief) else None
    output = model.solver.solve(demand if closed is None else np.append(demand, 0.0))
    own = output[n : n + b]
    items = insertion.injections
    if closed is not None:
        spent = np.column_stack([spent, closed.respending * closed.basket[:n] * output[-1]])
        items = (*items, Injection(INDUCED, INDUCED, ""))
    reached = model.base_solver.solve(spent)
    jobs = np.zeros((len(intensity), n + b, len(items)))
    jobs[:, :n, :] = intensity[:, :n, None] * reached[None, :, :]
    at_home = intensity[:, n:] * own
    staff = np.zeros((len(intensity), n + b, b))
    staff[:, n:, :] = np.einsum("rk,kl->rkl", at_home, np.diag(np.where(counts, 0.0, 1.0)))
    counted = at_home[:, counts].sum(axis=1)
    if not (counted > 0).all():
        raise AccountingError(f"{', '.join(direct)}: no direct jobs, so no ratio to them exists.")
    return Channels(
        labels=table.labels,
        rows=satellite.rows,
        items=items,
        jobs=jobs,
        staff=staff,
        staff_channels=insertion.staff,
        direct=counted,
        total=intensity @ output[: n + b],
        induced_by=_causes(closed, reached, own, n),
        boundary=direct,
        spending=spending,
        basis=satellite.basis or satellite.unit or "unit not stated",
        provenance=table.meta.provenance,
    )


def _inserted(model: Leontief) -> Insertion:
    """Return what was inserted; refuse models whose re-spending is not of one kind."""
    if model.table.insertion is None:
        raise AccountingError("the table has no inserted sectors; use iom.insert(...) first.")
    if isinstance(model, ClosedGroups):
        raise AccountingError(
            f"channels know one kind of household, the model has {len(model.groups)} groups: "
            "close it with all of them as one."
        )
    return model.table.insertion


def demand_of(insertion: Insertion, spending: Spending) -> Array:
    """Return final demand that the activity brings, base sectors first, shape (K + b,)."""
    outer = _spent(insertion, spending)[:, _final(insertion)].sum(axis=1)
    return np.append(outer, insertion.final_demand)


def is_direct(direct: str | Sequence[str], inserted: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return which inserted sectors are direct, refusing codes that are not inserted."""
    direct = (direct,) if isinstance(direct, str) else tuple(direct)
    strangers = [code for code in direct if code not in inserted]
    if strangers or not direct:
        raise LabelError(f"direct: {strangers or 'nothing'}; inserted are {', '.join(inserted)}.")
    return np.array([code in direct for code in inserted])


def _final(insertion: Insertion) -> list[int]:
    """Positions of the items that are final demand."""
    return [k for k, item in enumerate(insertion.injections) if not item.buyer]


def _spent(insertion: Insertion, spending: Spending) -> Array:
    """Domestic spending by base sector and item under a rule for consumer spending."""
    if spending not in ("none", "additional", "attributed"):
        raise AccountingError(f"spending {spending!r}: use none, additional or attributed.")
    spent = np.array(insertion.attributed if spending == "attributed" else insertion.domestic)
    if spending == "none":
        spent[:, _final(insertion)] = 0.0
    return spent


def _causes(closed: ClosedLeontief | None, reached: Array, own: Array, n: int) -> Array:
    """Share of re-spending caused by the pay of each inserted sector and by each item."""
    if closed is None:
        return np.zeros(len(own) + reached.shape[1])
    pay = closed.income
    sources = np.concatenate([pay[n:] * own, pay[:n] @ reached])
    sources[-1] = 0.0  # re-spending itself only multiplies what the others cause
    return sources / sources.sum() if sources.sum() else sources
