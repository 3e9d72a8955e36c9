"""Multipliers and effects of any account: simple, truncated and total, in parts that add up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.analysis.intensities import Intensity, Per, intensity
from iomodel.errors import AccountingError
from iomodel.kernels.linear import Array
from iomodel.models.households import ClosedLeontief
from iomodel.models.leontief import Leontief
from iomodel.models.miyazawa import ClosedGroups
from iomodel.results import Result, must_add_up

Form = Literal["truncated", "total"]


@dataclass(frozen=True, eq=False, repr=False)
class Multipliers(Result):
    """Effects per unit of final demand and their ratio to the direct effect.

    effect = direct + indirect + induced (+ household_row), and
    indirect = first_round + industrial_support.

    Attributes
    ----------
    of : str
        What is multiplied.
    labels, rows : Labels
        The n sectors and the r rows of the account.
    direct : ndarray, shape (r, n)
        In the sector itself; the *initial* effect of the Australian Bureau of Statistics.
    indirect : ndarray, shape (r, n)
        In suppliers, and suppliers of suppliers.
    induced : ndarray, shape (r, n)
        In sectors, from household spending. Zero in an open model.
    effect : ndarray, shape (r, n)
        Total effect on the account per unit of final demand for the sector.
    kind : str
        ``Type I`` or ``Type II``, as the model says.
    unit : str
        Unit of effects and parts; multipliers have none.
    first_round : ndarray, shape (r, n), or None
        Part of the indirect effect in immediate suppliers.
    household_row : ndarray, shape (r, n), or None
        What households themselves add if they are counted as a sector: their income for
        ``output``, what they pay to households for an income row, what a satellite says that
        their consumption causes itself (emissions of homes).
    form : str
        ``simple`` (open model), ``truncated`` (closed, sectors alone counted) or ``total``
        (closed, household rows counted).
    row_units : tuple of str
        Unit of each row, where the rows are different things; empty if `unit` is that of all.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> jobs = iom.multipliers(iom.leontief(china), of="employment")
    >>> jobs.kind, jobs.form
    ('Type I', 'simple')
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
    first_round: Array | None = None
    household_row: Array | None = None
    form: str = "simple"
    row_units: tuple[str, ...] = ()
    residual: float = 0.0

    def __post_init__(self) -> None:
        parts = self.direct + self.indirect + self.induced
        if self.household_row is not None:
            parts = parts + self.household_row
        gap = must_add_up(parts, self.effect, what=f"{self.of} effects")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What is multiplied, of which type, in which unit."""
        form = "" if self.form == "simple" else f", {self.form}"
        return f"{self.of} multipliers, {self.kind}{form} ({self.unit})"

    @property
    def multiplier(self) -> Array:
        """Effect over direct effect, (r, n); NaN where the direct effect is zero."""
        return self._over_direct(self.effect)

    @property
    def industrial_support(self) -> Array:
        """Part of the indirect effect beyond the first round, (r, n)."""
        first = np.zeros_like(self.indirect) if self.first_round is None else self.first_round
        return self.indirect - first

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of effects, where all rows have one; the column ``unit`` says it by row."""
        columns = self.to_frame().select_dtypes("number").columns
        return {**dict.fromkeys(map(str, columns), self.unit), "multiplier": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return effect, multiplier and parts by sector (and by row, if there are several).

        Returns
        -------
        DataFrame
            ``name``; ``effect`` in ``unit`` per unit of final demand; ``multiplier``, its
            ratio to ``direct``; the parts ``direct`` (initial), ``indirect`` (of which
            ``first_round`` and ``industrial_support``), ``induced`` and, if counted,
            ``household_row``; ``unit`` of effect and parts.
        """
        columns = {
            "effect": self.effect,
            "multiplier": self.multiplier,
            "direct": self.direct,
            "indirect": self.indirect,
            "first_round": self.indirect - self.industrial_support,
            "industrial_support": self.industrial_support,
            "induced": self.induced,
        }
        if self.household_row is not None:
            columns["household_row"] = self.household_row
        return self._framed({**columns})

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the first `top` rows of the frame; a unit that all share is in the title."""
        frame = super().summary(top)
        return frame if self.row_units else frame.drop(columns="unit")

    def ratios(self) -> pd.DataFrame:
        """Return the ratios to the direct effect that publishers call by different names.

        Returns
        -------
        DataFrame
            ``first round``: (direct + first round) / direct, Type 1A of the Australian Bureau
            of Statistics (5246.0). ``simple``: (direct + indirect) / direct, Type I of Miller
            and Blair, 1B. ``all``: effect / direct, Type II or 2A; ``flow-on``: what comes on
            top of one direct, 2B.
        """
        simple = self.direct + self.indirect
        columns = {
            "first round": self._over_direct(self.direct + self.indirect - self.industrial_support),
            "simple": self._over_direct(simple),
            "all": self.multiplier,
            "flow-on": self.multiplier - 1.0,
        }
        return self._framed(columns, unit=False)

    def _over_direct(self, values: Array) -> Array:
        empty = np.full_like(values, np.nan)
        return np.divide(values, self.direct, out=empty, where=self.direct != 0.0)

    def _framed(self, columns: dict[str, Array], *, unit: bool = True) -> pd.DataFrame:
        frames = []
        for i in range(len(self.rows)):
            values = {key: column[i] for key, column in columns.items()}
            frame = pd.DataFrame({"name": self.labels.named(), **values}, index=self.labels.index)
            own = self.row_units[i] if self.row_units else self.unit
            frames.append(frame.assign(unit=own) if unit else frame)
        if len(frames) == 1:
            return frames[0]
        return pd.concat(dict(zip(self.rows.codes, frames, strict=True)), names=["account"])


def multipliers(
    model: Leontief, *, of: str = "output", form: Form = "truncated", per: Per = None
) -> Multipliers:
    """Return effects and multipliers of an account for every sector.

    Parameters
    ----------
    model : Leontief, ClosedLeontief, ClosedGroups or SAM
        An open model gives Type I (simple multipliers), a closed one Type II with the
        induced part apart. A social accounting matrix gives accounting multipliers, induced
        rounds among the indirect ones.
    of : str
        ``output``, ``value_added`` (all primary inputs but imports), ``gross_value_added``
        (at basic prices, without taxes on products), a satellite (``employment``), or the
        code or role of primary input rows (``compensation``). Of a social accounting matrix
        also a block: receipts of its accounts.
    form : {"truncated", "total"}
        What a closed model counts: sectors alone, or household rows as well (Miller and
        Blair, section 6.2). The same for an open model, which has no household row.
    per : float or str, optional
        Amount of final demand that effects are stated for, in the currency of the table:
        ``1e6`` or ``"million CNY"`` gives jobs per million of the currency, in single jobs.
        If absent: the account's unit per unit of the table. Money per money does not change.

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
        If the account and the table are of different years and no growth is given, or `per`
        is asked for and the size of the table's unit is not known.

    Notes
    -----
    m' = e' L. Parts: direct e, first round e'A, industrial support e'(L - I - A), induced
    e'L C y with y the household rows of the closed inverse. Miller and Blair (2009),
    sections 6.2 and 6.3; Australian Bureau of Statistics, 5246.0. Employment of a later year
    over output carried to that year gives effects per unit of demand at prices of that year.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> jobs = iom.multipliers(iom.leontief(china), of="employment", per="million CNY")
    >>> jobs.unit
    'persons per million CNY of final demand at 2025 prices'
    >>> float(jobs.to_frame()["multiplier"].min()) > 1.0
    True
    """
    if form not in ("truncated", "total"):
        raise AccountingError(f"form {form!r}: use truncated or total.")
    account = intensity(model, of, per, counted=form == "total")
    direct = account.direct
    inner = model.open if isinstance(model, ClosedLeontief | ClosedGroups) else model
    first = direct @ inner.coefficients
    support = inner.solver.solve_transposed(first.T).T - first
    closed = _closed(model, account) if isinstance(model, ClosedLeontief | ClosedGroups) else None
    effect = inner.solver.solve_transposed(direct.T).T if closed is None else closed.effect
    induced = np.zeros_like(direct) if closed is None else closed.induced
    counted = closed.household_row if closed is not None and form == "total" else None
    return Multipliers(
        of=of,
        labels=inner.labels,
        rows=account.rows,
        direct=direct,
        indirect=first + support,
        induced=induced,
        effect=effect if counted is None else effect + counted,
        kind=model.kind,
        unit=account.unit,
        provenance=model.table.meta.provenance,
        first_round=first,
        household_row=counted,
        row_units=account.row_units,
        form="simple" if closed is None else form,
    )


@dataclass(frozen=True, eq=False)
class _Closed:
    effect: Array
    induced: Array
    household_row: Array


def _closed(model: ClosedLeontief | ClosedGroups, account: Intensity) -> _Closed:
    """Effects in the closed model, and their induced part by way of household income.

    The two are computed apart, so that adding up is a check.
    """
    n, q = len(model.table), len(model.groups)
    right = np.zeros((n + q, len(account.direct) + q))
    right[:n, : len(account.direct)] = account.direct.T
    right[n:, len(account.direct) :] = np.eye(q)
    solved = model.solver.solve_transposed(right)[:n].T
    effect, earned = solved[: len(account.direct)], solved[len(account.direct) :]
    spending = model.border.column.reshape(n, q)
    caused = model.open.solver.solve_transposed(account.direct.T).T @ spending
    return _Closed(effect, caused @ earned, account.households @ earned)
