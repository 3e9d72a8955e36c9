"""Jobs by the income that causes them: who spends, through which channel, where the jobs are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.analysis.channels import DIRECT_PAY, INDUCED, Channels
from iomodel.errors import SpecError
from iomodel.kernels.linear import Array
from iomodel.results import Result, must_add_up

FINAL, REST = "final demand", "other destinations"
FLOW = ["source", "channel", "code"]
COLUMNS = ["account", "source", "channel", "code", "name", "jobs", "induced"]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class IncomeFlows(Result):
    """Jobs by source of income, channel and destination, re-spending folded back.

    Attributes
    ----------
    frame : DataFrame
        Rows of the account x source x channel x destination: ``jobs``, and how many of them
        are ``induced``, that is caused by the re-spending of pay that arose in the channel.
        Sources are codes of the inserted sectors that spend, or ``final demand``.
    expected : Series
        Jobs that are not direct, by row of the account: what the frame must add up to.
    basis : str

    Examples
    --------
    >>> import iomodel as iom
    >>> from iomodel.analysis.income import by_income
    >>> china = iom.read(iom.example("china-2020"))
    >>> result = iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)
    >>> flows = by_income(result.detail["all"])
    >>> isinstance(flows, iom.IncomeFlows)
    True
    """

    frame: pd.DataFrame
    expected: pd.Series
    basis: str
    provenance: tuple[str, ...] = ()
    residual: float = 0.0

    def __post_init__(self) -> None:
        sums = self.frame.groupby("account")["jobs"].sum()
        found = sums.reindex(self.expected.index, fill_value=0.0)
        gap = must_add_up(np.array(found), np.array(self.expected), what="jobs by income")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What is counted, in which basis."""
        return f"Jobs by source of income, channel and destination ({self.basis})"

    @property
    def units(self) -> Mapping[str, str]:
        """Jobs in the basis of the result."""
        return dict.fromkeys(("jobs", "induced"), f"jobs, {self.basis}")

    def to_frame(self) -> pd.DataFrame:
        """Return the jobs in long form."""
        return self.frame.copy()

    def largest(self, top: int = 10, account: str | None = None) -> pd.DataFrame:
        """Return flows to the destinations with most jobs by name, and to all others as one.

        Parameters
        ----------
        top : int
            Destinations named; a single other one is named too.
        account : str, optional
            One row of the account; the mean over all of them if absent.

        Returns
        -------
        DataFrame
            Columns source, channel, code (`REST` for all others), jobs, induced; it adds up
            to the jobs of the row, or to their mean.

        Raises
        ------
        SpecError
            For a row that the account does not have.
        """
        rows = list(self.expected.index)
        if account is not None and account not in rows:
            raise SpecError(f"employment pattern {account!r}: the result has {', '.join(rows)}.")
        rows = rows if account is None else [account]
        frame = self.frame[self.frame["account"].isin(rows)]
        sums = frame.groupby("code")["jobs"].sum()
        kept = list(sums.nlargest(top if len(sums) > top + 1 else len(sums)).index)
        codes = frame["code"].where(frame["code"].isin(kept), REST)
        flows = frame.assign(code=codes).groupby(FLOW, sort=False)[["jobs", "induced"]].sum()
        return (flows / len(rows)).reset_index()


def by_income(found: Channels) -> IncomeFlows:
    """Fold induced jobs back on the channel whose pay is re-spent, by destination.

    Parameters
    ----------
    found : Channels
        Of an open or a closed model.

    Returns
    -------
    IncomeFlows
        Adds up to ``found.total - found.direct``, and by channel to ``found.folded()``. The
        pay of direct sectors stands as the channel ``direct_pay``, of the sector that pays.

    Notes
    -----
    There is one basket of household spending, so the jobs that a share of re-spending causes
    lie where all re-spending causes them: C_jc = C_jc(spending) + s_c C_j(induced), with s_c
    the share of labour income that channel c causes before re-spending.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> result = iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)
    >>> flows = by_income(result.detail["all"])
    >>> list(dict.fromkeys(flows.frame["source"]))
    ['m', 'p', 'final demand']
    """
    induced, *blocks = _blocks(found)
    codes, names = found.labels.codes, found.labels.named()
    rows: list[list[object]] = []
    for source, channel, spent, share in blocks:
        again = induced[2] * share
        jobs = spent + again
        for r, j in np.argwhere(jobs != 0.0):
            name = found.rows.codes[r], source, channel, codes[j], names[j]
            rows.append([*name, jobs[r, j], again[r, j]])
    frame = pd.DataFrame(rows, columns=COLUMNS)
    keys = COLUMNS[:5]
    order = pd.Categorical(frame["account"], found.rows.codes, ordered=True)
    frame = frame.assign(account=order).groupby(keys, sort=False, observed=True).sum().reset_index()
    frame = frame.sort_values("account", kind="stable", ignore_index=True)
    return IncomeFlows(
        frame=frame.astype({"account": object}),
        expected=pd.Series(found.total - found.direct, found.accounts),
        basis=found.basis,
        provenance=found.provenance,
    )


def _blocks(found: Channels) -> Iterator[tuple[str, str, Array, float]]:
    """Yield re-spending first, then source, channel, jobs (r, n + b), share of re-spending."""
    size = found.jobs.shape[:2]
    again = [k for k, item in enumerate(found.items) if item.channel == INDUCED]
    yield "", INDUCED, found.jobs[:, :, again].sum(axis=2), 1.0
    own = len(found.staff_channels)
    inserted = found.labels.codes[len(found.labels) - own :]
    for k, (code, channel) in enumerate(zip(inserted, found.staff_channels, strict=True)):
        direct = code in found.boundary
        jobs = np.zeros(size) if direct else found.staff[:, :, k]
        yield code, DIRECT_PAY if direct else channel, jobs, float(found.induced_by[k])
    for k, item in enumerate(found.items):
        if k not in again:
            share = float(found.induced_by[own + k])
            yield item.buyer or FINAL, item.channel, found.jobs[:, :, k], share
