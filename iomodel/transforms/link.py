"""Link tables of single regions into one interregional table."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.meta import Step
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, NotConvergedError, listed
from iomodel.kernels import trade as kernel
from iomodel.kernels.linear import Array
from iomodel.results import figure
from iomodel.transforms.link_blocks import linked_flows, repeated, side_by_side
from iomodel.transforms.link_certificate import Linking
from iomodel.transforms.link_inputs import Regional, Trade, given_trade, regional

Method = Literal["gravity", "pool"]
GAP, ROUNDING = 1e-6, 1e-9


def link(
    tables: Mapping[str, IOTable],
    *,
    flows: pd.DataFrame | None = None,
    method: Method = "gravity",
    distances: pd.DataFrame | None = None,
    decay: float | None = None,
    outflow: str | None = None,
    inflow: pd.DataFrame | None = None,
    unmatched: Literal["refuse", "keep"] = "refuse",
) -> IOTable:
    """Link competitive tables of single regions into one interregional table.

    Parameters
    ----------
    tables : mapping of region to IOTable
        R competitive tables (flows of products of any origin, imports by product) with the
        same n sectors, final demand columns, primary inputs, unit and year.
    flows : DataFrame, optional
        Published flows between regions: rows (origin, sector), columns destination, in the
        unit of the tables. Every region and sector has a row; trade of a region with itself
        is ignored. Absent: flows are estimated.
    method : {"gravity", "pool"}
        How they are estimated. ``gravity``: outflows and inflows of each region by product
        are taken from the tables, and only who trades with whom is estimated. ``pool``: what
        a region makes for the linked regions, itself included, and what it uses of their
        products are the pools (Leontief and Strout 1963); of its trade only the balance is
        kept, gross flows are estimated.
    distances : DataFrame, R x R, optional
        Distances, times or costs between regions (row to column), above zero; for ``pool``
        with the distance within each region on the diagonal, and then needed. Absent: nobody
        is nearer.
    decay : float, optional
        Exponent of distance, 1 if absent; a flow falls with distance to this power.
    outflow : str, optional
        Final demand column with the sales to other regions; if absent, the only one with
        the role exports.
    inflow : DataFrame (n x R), optional
        The part of imports that comes from other regions, by sector and region. Absent: all.
    unmatched : {"refuse", "keep"}
        What to do if outflows and inflows of a product do not add up to the same over all
        regions. ``keep``: the smaller sum is linked; what is left of the other stays with
        each region, in proportion, as sales and purchases outside. Given flows always leave
        the rest so.

    Returns
    -------
    IOTable
        n R sectors labelled (region, sector), flows of products of the linked regions;
        imports from elsewhere move to the primary row ``IM``, unlinked inflows to ``IF``.
        Output, primary inputs and use of every region are those of its table.
        ``certificate`` is a `Linking` with the flows between regions.

    Raises
    ------
    LabelError
        If labels differ or an option is unknown.
    AccountingError
        If tables are not of one kind, trade is impossible, or with ``refuse`` the sums of
        outflows and inflows differ, by product.
    NotConvergedError
        If flows cannot be scaled to the pools, naming the sectors.

    Notes
    -----
    t_i^rs = o_i^r d_i^s Q^rs / t_i, scaled by RAS to its sums, with Q = distance^-decay:
    Leontief and Strout (1963) [M]; Miller and Blair (2009), section 8.6.1. Local users of a
    product in a region buy the same mix of origins, z_ij^rs = c_i^rs a_ij^s x_j^s: Chenery
    (1953), Moses (1955) [M]; Miller and Blair (2009), section 3.4. Exports are made at home,
    but where a region brings in more than it uses: there exporters buy the same mix, and
    the certificate says how much. A region cannot send more than it makes: with ``keep``
    goods in transit stay unlinked.

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> def region(own, away, brought, output):
    ...     return iom.table(pd.DataFrame([[own]], ["a"], ["a"]), output=pd.Series({"a": output}),
    ...         final_demand=pd.DataFrame({"home": [50.0], "exports": [away]}, ["a"]),
    ...         imports=pd.Series({"a": brought}))
    >>> both = iom.link({"N": region(30.0, 40.0, 20.0, 100.0), "S": region(40.0, 20.0, 40.0, 70.0)})
    >>> both.intermediate.round(3).to_numpy().tolist()
    [[22.5, 17.778], [7.5, 22.222]]
    >>> both.output.tolist()
    [100.0, 70.0]
    """
    given = regional(tables, outflow, inflow)
    if flows is not None:
        how, found = "given", _rest(given, given_trade(flows, given))
        if distances is not None or decay is not None:
            raise LabelError("flows are given: distances and decay would have no effect.")
    elif method in ("gravity", "pool"):
        if distances is not None and decay is None:
            decay = 1.0
        near = _attraction(given, distances, decay, own=method == "pool")
        how, found = method, _estimated(given, near, method, keep=_keeps(unmatched))
    else:
        raise LabelError(f"unknown method {method!r}; use gravity or pool.")
    return _built(given, found, how, decay)


def _keeps(unmatched: str) -> bool:
    if unmatched not in ("refuse", "keep"):
        raise LabelError(f"unmatched {unmatched!r} is not known; use refuse or keep.")
    return unmatched == "keep"


def _rest(given: Regional, trade: Array) -> Trade:
    """Return what the tables trade beyond given flows; roundings are no trade."""
    return Trade(
        trade, _left(given.outflow, trade.sum(axis=2)), _left(given.inflow, trade.sum(axis=1))
    )


def _left(pool: Array, linked: Array) -> Array:
    rest = pool - linked
    return np.where(rest > ROUNDING * pool, rest, 0.0)


def _attraction(
    given: Regional, distances: pd.DataFrame | None, decay: float | None, *, own: bool
) -> Array:
    """Attraction between regions, (R, R); with a diagonal for pools only."""
    size = len(given.names)
    inner = np.ones((size, size)) if own else 1.0 - np.eye(size)
    if distances is None:
        if own or decay is not None:
            raise LabelError(
                "method pool and decay need distances between regions, for pool with those "
                "within each region on the diagonal: iom.link(..., distances=...)."
            )
        return inner
    apart = sorted(set(map(str, distances.index)) ^ set(given.names))
    apart += sorted(set(map(str, distances.columns)) ^ set(given.names))
    if apart or distances.shape != (size, size):
        raise LabelError(f"distances: regions differ from the tables: {listed(apart)}")
    frame = distances.set_axis(list(map(str, distances.index))).set_axis(
        list(map(str, distances)), axis=1
    )
    cells = frame.loc[list(given.names), list(given.names)].to_numpy(dtype=np.float64)
    wrong = ~((cells > 0) & np.isfinite(cells)) & (inner > 0)
    power = 1.0 if decay is None else decay
    if wrong.any() or not 0 <= power < np.inf:
        pairs = [f"{given.names[r]} to {given.names[s]}: {cells[r, s]:g}"
                 for r, s in np.argwhere(wrong)]  # fmt: skip
        raise AccountingError(
            f"distances must be above zero and decay ({power:g}) not below:\n  {listed(pairs)}"
        )
    return kernel.friction(np.where(inner > 0, cells, 1.0), power) * inner


def _estimated(given: Regional, near: Array, method: str, *, keep: bool) -> Trade:
    size = len(given.names)
    if method == "gravity":
        sent, received = given.outflow, given.inflow
        pools = kernel.matched(sent, received, given.made)
    else:
        sent = given.made - given.outside
        received = given.use - given.abroad
        _refuse_empty_pools(given, sent, received)
        sent, received = np.maximum(sent, 0.0), np.maximum(received, 0.0)
        total = np.minimum(sent.sum(axis=1), received.sum(axis=1))[:, None]
        pools = kernel.Pools(kernel.to_total(sent, total), kernel.to_total(received, total))
    if not keep:
        _refuse_unmatched(given, sent, received, pools)
    found = kernel.traded(kernel.gravity(pools, near), pools)
    failed = [
        f"{code}: largest gap {figure(float(np.abs(item.row_gap).max()))} after "
        f"{item.iterations} rounds"
        for code, item in zip(given.sectors, found, strict=True)
        if not item.converged
    ]
    if failed:
        raise NotConvergedError(
            f"flows of {len(failed)} sectors cannot be scaled to what regions send and "
            f"receive:\n  {listed(failed)}\nCheck distances that leave too few partners.",
            worst=failed,
        )
    trade = np.stack([item.matrix for item in found]) * (1.0 - np.eye(size))
    return Trade(trade, _left(sent, pools.sent), _left(received, pools.received))


def _refuse_empty_pools(given: Regional, sent: Array, received: Array) -> None:
    scale = np.maximum(given.output, given.use)
    lines = [
        f"{given.names[r]} {given.sectors[i]}: {what} {figure(float(pool[i, r]))}"
        for what, pool in (("output less exports", sent), ("use less imports", received))
        for i, r in np.argwhere(pool < -GAP * scale)
    ]
    if lines:
        raise AccountingError(
            f"{len(lines)} pools are below zero, products are re-exported:\n  {listed(lines)}\n"
            'Take re-exports out of both sides, or use method="gravity".'
        )


def _refuse_unmatched(given: Regional, sent: Array, received: Array, pools: kernel.Pools) -> None:
    gaps = (sent - pools.sent).sum(axis=1), (received - pools.received).sum(axis=1)
    size = np.maximum(sent.sum(axis=1), received.sum(axis=1))
    lines = [
        f"{given.sectors[i]}: sent {figure(float(sent[i].sum()))}, received "
        f"{figure(float(received[i].sum()))}, of both can be linked "
        f"{figure(float(pools.sent[i].sum()))}"
        for i in np.flatnonzero(np.maximum(*gaps) > GAP * size)
    ]
    if lines:
        raise AccountingError(
            f"the regions do not send what they receive, in {len(lines)} sectors:\n  "
            f"{listed(lines)}\nCorrect the tables, or leave the difference with the regions as "
            'trade outside: iom.link(..., unmatched="keep").'
        )


def _built(given: Regional, found: Trade, how: str, decay: float | None) -> IOTable:
    first = given.tables[0]
    outside = given.outside + found.sent
    mix = kernel.origins(found.flows, given.abroad + found.received, given.use, outside)
    said = f"{', '.join(given.names)}; {how}" + ("" if decay is None else f", decay={decay:g}")
    steps = [
        Step(step.verb, f"{name}: {step.arguments}")
        for name, table in zip(given.names, given.tables, strict=True)
        for step in table.meta.steps
    ]
    meta = replace(
        first.meta, title=f"Linked table of {len(given.names)} regions", region="", notes=None,
        import_treatment="domestic", steps=(*steps, Step("link", said)),
    )  # fmt: skip
    blocks, finals, primaries = linked_flows(given, found, mix)
    own = np.einsum("irr->ir", mix.local) * given.use + np.einsum("irr->ir", mix.outer) * outside
    trade = found.flows + np.einsum("ir,rs->irs", own, np.eye(len(given.names)))
    size = len(given.sectors)
    return IOTable(
        labels=repeated(first.labels, given.names),
        final_labels=finals,
        primary_labels=primaries,
        flows=blocks,
        meta=meta,
        satellites={name: side_by_side(given, name, finals) for name in first.satellites},
        certificate=Linking(
            method=how, regions=given.names, sectors=given.sectors, trade=trade,
            outflow=given.outflow, inflow=given.inflow, unlinked_outflow=found.sent,
            unlinked_inflow=found.received,
            reexports=(outside * (1.0 - np.einsum("irr->ir", mix.outer))).reshape(size, -1),
            unit=meta.unit, provenance=meta.provenance,
        ),
    )  # fmt: skip
