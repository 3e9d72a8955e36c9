"""The Leontief price model: what a change of costs does to prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, NotProductiveError, listed
from iomodel.kernels.linear import Array, Factorised, Positions, not_productive
from iomodel.kernels.linkages import nonzero, ratio
from iomodel.kernels.prices import cost_push
from iomodel.models.ghosh import refuse_closed
from iomodel.models.labelled import ordered
from iomodel.models.leontief import Leontief, leontief
from iomodel.results import Result, amount, must_add_up

Change = float | pd.Series


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PriceChange(Result):
    """Relative price changes by sector, in parts that add up.

    Attributes
    ----------
    labels : Labels
        The n sectors.
    change : ndarray, shape (n,)
        Price change relative to the base price: 0.02 is two per cent.
    direct : ndarray, shape (n,)
        Part from the sector's own primary costs.
    indirect : ndarray, shape (n,)
        Part from dearer intermediate inputs, A' times `change`.
    margin : ndarray, shape (n,)
        Part from mark-ups; in sectors with a rigid price the change of residual income per
        unit of output that holds the price (negative: it is squeezed).
    index : Series
        Price index change of each final demand column, its own imports included; NaN for an
        empty one.
    demand_value, primary_value : float
        What final demand pays more, and what primary inputs cost more, in `unit`: the duals.
    scale : float
        Absolute changes at the weights of output, in `unit`: what rounding is measured by.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> dearer = iom.prices(iom.leontief(china), primary_inputs={"compensation": 0.1})
    >>> dearer.to_frame().columns.tolist()
    ['name', 'price', 'change', 'direct', 'indirect', 'margin']
    """

    labels: Labels
    change: Array
    direct: Array
    indirect: Array
    margin: Array
    index: pd.Series = field(repr=False)
    demand_value: float
    primary_value: float
    scale: float
    unit: str
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        parts = self.direct + self.indirect + self.margin
        must_add_up(1.0 + parts, 1.0 + self.change, what="prices in parts")
        # The scale stands beside the sums, as a sum may be small next to what it adds up.
        gap = must_add_up(
            np.array([self.demand_value, self.scale]),
            np.array([self.primary_value, self.scale]),
            what="what final demand pays (p'f) and what primary inputs cost (v'x)",
        )
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What it is."""
        return "Price changes relative to base prices"

    def facts(self) -> list[tuple[str, object]]:
        """Return the duals, and the index of every final demand column."""
        pairs: list[tuple[str, object]] = [
            ("final demand pays more", amount(self.demand_value, self.unit)),
            ("primary inputs cost more", amount(self.primary_value, self.unit)),
        ]
        return pairs + [
            (f"price of {'/'.join(key) if isinstance(key, tuple) else key}", f"{value:+.4%}")
            for key, value in self.index.items()
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """Prices and changes relative to the base price."""
        return dict.fromkeys(("price", "change", "direct", "indirect", "margin"), "1")

    def to_frame(self) -> pd.DataFrame:
        """Return by sector: name, price (base 1), change and its parts."""
        return pd.DataFrame(
            {
                "name": self.labels.named(),
                "price": 1.0 + self.change,
                "change": self.change,
                "direct": self.direct,
                "indirect": self.indirect,
                "margin": self.margin,
            },
            index=self.labels.index,
        )

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the sectors whose prices change most."""
        order = np.argsort(-np.abs(self.change), kind="stable")[:top]
        return self.to_frame().iloc[order]


def prices(
    model: Leontief | IOTable,
    *,
    primary_inputs: Mapping[str, Change] | None = None,
    cost: pd.Series | None = None,
    rigid: Mapping[str, float] | Sequence[str] = (),
    markup: str | Sequence[str] = (),
) -> PriceChange:
    """Return the price changes that dearer primary inputs, taxes or imports cause.

    Parameters
    ----------
    model : Leontief or IOTable
        The open model, or a table for `iom.leontief`.
    primary_inputs : mapping of str to number or Series, optional
        Relative change of the price of primary input rows, by code or role:
        ``{"compensation": 0.10}`` for wages ten per cent higher, ``{"imports": 0.05}`` for
        imported inputs; a Series gives it by sector, absent sectors having none.
    cost : Series, n, optional
        Added primary cost per unit of output at base prices, by sector: a tax of two per
        cent of the base price is 0.02.
    rigid : mapping of sector to number, or sequence of sectors, optional
        Prices given from outside, as relative changes; in a sequence they stay. The residual
        income of these sectors gives way.
    markup : str or sequence of str, optional
        Primary input rows, by code or role, that stay a fixed share of the price: profit as a
        mark-up on cost, taxes ad valorem. Otherwise they stay fixed per unit of output.

    Returns
    -------
    PriceChange
        `to_frame()` by sector; `index` by final demand column.

    Raises
    ------
    LabelError
        For unknown sectors or primary inputs.
    AccountingError
        If a row is named twice, a change is not a finite number, mark-ups reach the price, or
        the model is closed.
    NotProductiveError
        If prices have no bound with these mark-ups.

    Notes
    -----
    p' = p' A + v_c', so dp = (I - A')^-1 dv_c; quantities and coefficients stay. The duals
    dp'f = dv_c'x agree, with f = x - A x. Miller and Blair (2009), section 2.6; in a domestic
    table imported inputs are a row of primary inputs. Direct purchases of primary inputs by
    final demand follow changes that are one number for all sectors.

    Examples
    --------
    Miller and Blair (2009), section 2.6: wages of sector 1 rise by 30 per cent, from 0.30 to
    0.39 per unit of output.

    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], codes))
    >>> push = iom.prices(table, cost=pd.Series({"1": 0.09}))
    >>> push.to_frame()["price"].round(3).to_list()
    [1.113, 1.03]
    """
    quantity = leontief(model) if isinstance(model, IOTable) else model
    refuse_closed(quantity, "the price model")
    table = quantity.table
    flows, output = table.flows, table.flows.output
    changes = _row_changes(table, primary_inputs or {})
    direct = sum((flows.primary_inputs[i] * part for i, (part, _) in changes.items()), 0.0 * output)
    direct = direct / nonzero(output)
    if cost is not None:
        direct = direct + ordered(table.labels, cost)
    spots, held = _held(table.labels, rigid)
    share = _shares(table, markup, spots, changes)
    _bounded(quantity, share)
    change, margin = cost_push(quantity.solver, quantity.coefficients, direct, spots, held, share)
    demand = output - quantity.coefficients @ output
    return PriceChange(
        labels=table.labels,
        change=change,
        direct=direct,
        indirect=quantity.coefficients.T @ change,
        margin=margin,
        index=_index(table, change, changes),
        demand_value=float(change @ demand),
        primary_value=float((direct + margin) @ output),
        scale=float((np.abs(change) + np.abs(direct) + np.abs(margin)) @ output),
        unit=table.meta.unit,
        provenance=(*table.meta.provenance, "prices()"),
    )


def _rows_of(labels: Labels, name: str) -> Positions:
    """Positions of primary input rows with a role or a code."""
    found = labels.in_group(name)
    if len(found):
        return found
    if name in labels.codes:
        return np.array([labels.codes.index(name)], dtype=np.intp)
    have = ", ".join(dict.fromkeys(filter(None, [*labels.codes, *labels.groups])))
    raise LabelError(f"no primary inputs with the code or role {name!r}; there are: {have}.")


def _row_changes(
    table: IOTable, wanted: Mapping[str, Change]
) -> dict[int, tuple[Array, float | None]]:
    """Relative changes by row position: by sector, and the one number where it is one."""
    found: dict[int, tuple[Array, float | None]] = {}
    twice = []
    for name, change in wanted.items():
        single = None if isinstance(change, pd.Series) else float(change)
        if single is not None and not np.isfinite(single):
            raise AccountingError(f"the change of {name!r} is not a finite number.")
        by_sector = (
            ordered(table.labels, change)
            if isinstance(change, pd.Series)
            else np.full(len(table), single, dtype=np.float64)
        )
        for row in _rows_of(table.primary_labels, name).tolist():
            twice += [table.primary_labels.codes[row]] if row in found else []
            found[row] = (by_sector, single)
    if twice:
        raise AccountingError(f"primary inputs are changed more than once: {listed(twice)}.")
    return found


def _held(labels: Labels, rigid: Mapping[str, float] | Sequence[str]) -> tuple[Positions, Array]:
    """Positions of sectors with a given price, and their price changes."""
    wanted = (
        rigid
        if isinstance(rigid, Mapping)
        else dict.fromkeys([rigid] if isinstance(rigid, str) else rigid, 0.0)
    )
    held = np.array(list(wanted.values()), dtype=np.float64)
    if not np.isfinite(held).all():
        raise AccountingError("rigid prices must be finite relative changes, such as 0.0.")
    return labels.positions(wanted), held


def _shares(
    table: IOTable, markup: str | Sequence[str], rigid: Positions, changes: Mapping[int, object]
) -> Array:
    """Mark-ups as a share of the price by sector; none where the price is given."""
    names = [markup] if isinstance(markup, str) else list(markup)
    rows = sorted({row for name in names for row in _rows_of(table.primary_labels, name).tolist()})
    both = [table.primary_labels.codes[row] for row in rows if row in changes]
    if both:
        raise AccountingError(
            f"primary inputs cannot be a mark-up and change by themselves: {listed(both)}."
        )
    flows = table.flows
    share = flows.primary_inputs[rows].sum(axis=0) / nonzero(flows.output)
    share[rigid] = 0.0
    over = np.flatnonzero(share >= 1.0)
    if len(over):
        names = [f"{table.labels.shown[i]} ({share[i]:.3f})" for i in over]
        raise AccountingError(
            f"mark-ups take the whole price or more in {len(over)} sectors:\n  {listed(names)}"
        )
    return np.asarray(share)


def _bounded(model: Leontief, share: Array) -> None:
    """Refuse mark-ups under which no price covers its cost."""
    scaled = model.coefficients / (1.0 - share)
    if not share.any() or (scaled < 0).any():
        return
    bad = not_productive(Factorised(scaled))
    if len(bad):
        names = [model.labels.shown[i] for i in bad]
        raise NotProductiveError(
            f"with these mark-ups prices rise without bound; sectors:\n  {listed(names)}\n"
            "Cost and mark-up exceed the price: check the primary inputs."
        )


def _index(
    table: IOTable, change: Array, changes: Mapping[int, tuple[Array, float | None]]
) -> pd.Series:
    """Change of the price of each final demand column, at the weights of the table."""
    flows = table.flows
    push = np.zeros(len(flows.primary_inputs))
    for row, (_, single) in changes.items():
        push[row] = single or 0.0
    paid = change @ flows.final_demand + push @ flows.final_primary
    base = flows.final_demand.sum(axis=0) + flows.final_primary.sum(axis=0)
    return pd.Series(ratio(paid, base), table.final_labels.index, name="change")
