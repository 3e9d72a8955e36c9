"""Estimate the table of a region from the table of its nation."""

from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from iomodel.accounts.checks import refuse_meaningless_columns
from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels import location
from iomodel.kernels.coefficients import technical
from iomodel.kernels.linear import Array
from iomodel.transforms.regional_audit import Regionalisation, warn_oversold
from iomodel.transforms.regional_inputs import Final, Size, by_sector, final_use, sizes

Method = Literal["SLQ", "CILQ", "RLQ", "FLQ", "AFLQ", "CHARM", "self-supply"]
SIZED = ("FLQ", "AFLQ")
WITH_IMPORTS = ("CHARM", "self-supply")


class _Local(NamedTuple):
    """Share of purchases inside the region: by cell, (n, n), and of final use, (n,)."""

    cells: Array
    final: Array
    quotients: Array
    factor: float


def regionalise(
    table: IOTable,
    *,
    output: pd.Series,
    method: Method = "FLQ",
    delta: float | None = None,
    region: str = "region",
    regional: pd.Series | None = None,
    national: pd.Series | None = None,
    final_demand: pd.DataFrame | Literal["share"] | None = None,
    ratios: pd.Series | None = None,
) -> IOTable:
    """Estimate the table of a region from the table of its nation.

    Parameters
    ----------
    table : IOTable
        National table. For quotients (SLQ, CILQ, RLQ, FLQ, AFLQ) of domestic flows: they say
        what share of purchases *from the nation* is made in the region. For CHARM and
        self-supply ratios competitive: they say what share of *all* purchases is.
    output : Series, n
        Output of the region by sector, in the unit of the table. Zero: the sector is absent;
        it buys nothing, and all of its product is brought in.
    method : {"SLQ", "CILQ", "RLQ", "FLQ", "AFLQ", "CHARM", "self-supply"}
        Upper or lower case.
    delta : float, optional
        Convexity of FLQ and AFLQ, 0 to 1; for these only, and then needed. No value fits all
        countries: 0.3 is usual, and it is too strong for most Chinese provinces.
    region : str
        Name of the region; the labels carry it.
    regional, national : Series, n, optional
        What quotients and the region's size are computed from, such as employment. Absent:
        output. `national` alone is a national output other than the table's, such as the sum
        of all regions.
    final_demand : DataFrame (n x k) or "share", optional
        Local final use of products of the same origin as the flows of the table. ``"share"``:
        the nation's, exports and residuals aside, in proportion to value added. If given,
        final use is split like purchases, and what is left is the column ``outflow``. Absent:
        one column ``final_demand``, all that is not sold to producers of the region. CHARM
        needs it.
    ratios : Series, n, optional
        For ``self-supply``: share of all use of a product in the region that the region makes.

    Returns
    -------
    IOTable
        Domestic flows of the region. Inputs per unit of output are the nation's; what does
        not come from the region stands in the row ``IF``. Rows balance by the last final
        demand column. Satellites keep their level per unit of output. ``certificate`` holds
        a `Regionalisation`.

    Raises
    ------
    LabelError
        If labels differ or a method is unknown.
    AccountingError
        If the import treatment does not fit the method, a figure is missing, negative or
        above the nation's, or delta is missing, out of range or without use.

    Warns
    -----
    NegativeFlowWarning
        If producers of the region would buy more of a product than it makes.

    Notes
    -----
    z_ij = t_ij a_ij x_j with t = min(q, 1). SLQ, CILQ: Miller and Blair (2009), section 8.2;
    CILQ, FLQ and AFLQ have SLQ on the diagonal. RLQ: Round (1978). FLQ = lambda CILQ,
    lambda = log2(1 + size)^delta: Flegg and Webber (1997). AFLQ: Flegg and Webber (2000).
    Choice of delta: Flegg and Tohmo (2013), Regional Studies 47(5). CHARM: Kronenberg (2009),
    bounded as in Toebben and Kronenberg (2015). Final use takes the share of the diagonal.

    Examples
    --------
    >>> import iomodel as iom
    >>> nation = iom.domestic(iom.read(iom.example("china-2020")))
    >>> tenth = iom.regionalise(nation, output=nation.output / 10, method="SLQ", region="Tenth")
    >>> bool(abs(iom.leontief(tenth).A - iom.leontief(nation).A).max(axis=None) < 1e-12)
    True
    """
    name = _method(method, table, delta, ratios)
    refuse_meaningless_columns(table.flows, table.labels)
    x = by_sector(table, output, "output")
    size = sizes(table, x, regional, national)
    use = final_use(table, x, final_demand)
    local = _local(table, name, size, delta, _Use(x, use), ratios)
    return _built(table, name, delta, region, x, use, local, size)


class _Use(NamedTuple):
    output: Array
    final: Final | None


def _method(method: str, table: IOTable, delta: float | None, ratios: pd.Series | None) -> Method:
    """Return the method as it is spelled, and refuse what does not go with it."""
    known = {item.upper().replace("_", "-"): item for item in get_args(Method)}
    name: Method | None = known.get(str(method).upper().replace("_", "-"))
    if name is None:
        raise LabelError(f"unknown method {method!r}; use {', '.join(known.values())}.")
    problems = []
    if name in SIZED and (delta is None or not 0 <= delta < 1):
        problems.append(f"{name} needs delta, 0 up to but not 1 (0 is CILQ); it is {delta}")
    if name not in SIZED and delta is not None:
        problems.append(f"{name} has no delta, but {delta} is given")
    if (name == "self-supply") == (ratios is None):
        problems.append("ratios go with self-supply, and self-supply with ratios")
    treatment = table.meta.import_treatment
    if name in WITH_IMPORTS and treatment != "competitive":
        problems.append(
            f"{name} splits all purchases, imports included, but the table is {treatment!r}: "
            "give the competitive table"
        )
    if name not in WITH_IMPORTS and treatment == "competitive":
        problems.append(
            f"{name} splits purchases from the nation, but the table is competitive: separate "
            "imports first, iom.domestic(table)"
        )
    if len(set(table.labels.regions)) > 1:
        problems.append("the table has several regions already")
    if table.insertion is not None:
        problems.append("the table has inserted sectors: insert into the regional table instead")
    if problems:
        raise AccountingError(f"{table.meta.title!r}: {listed(problems)}.")
    return name


def _local(
    table: IOTable, name: Method, size: Size, delta: float | None, use: _Use,
    ratios: pd.Series | None,
) -> _Local:  # fmt: skip
    n = len(table)
    if name in WITH_IMPORTS:
        own = _hauled(table, use) if ratios is None else by_sector(table, ratios, "ratios")
        above = [table.labels.codes[i] for i in np.flatnonzero(own > 1)]
        if above:
            raise AccountingError(f"{len(above)} self-supply ratios are above 1: {listed(above)}")
        return _Local(np.broadcast_to(own[:, None], (n, n)), own, np.full(n, np.nan), 1.0)
    slq = location.simple(*size)
    factor = 1.0
    if name == "SLQ":
        found = np.broadcast_to(slq[:, None], (n, n))
    elif name == "RLQ":
        found = location.semilogarithmic(slq)
    else:
        found = location.cross_industry(slq)
    if delta is not None:
        factor = location.size_factor(float(size.region.sum() / size.nation.sum()), delta)
        found = found * factor
        found = location.specialised(found, slq) if name == "AFLQ" else found
    shares = np.minimum(found, 1.0)
    return _Local(shares, np.diagonal(shares), slq, factor)


def _hauled(table: IOTable, use: _Use) -> Array:
    """Share of all use in the region that CHARM leaves to its own output."""
    if use.final is None:
        raise AccountingError('CHARM compares output with all use: give final_demand, or "share".')
    flows, finals = table.flows, table.final_labels
    abroad = np.array([role in ("exports", "residual") for role in finals.groups], dtype=bool)
    exports = flows.final_demand[:, finals.in_group("exports")].sum(axis=1)
    at_home = flows.intermediate.sum(axis=1) + flows.final_demand[:, ~abroad].sum(axis=1)
    trade = location.Trade(flows.imports, exports)
    share = location.heterogeneity(flows.output, at_home, trade)
    odd = [f"{table.labels.codes[i]}: {share[i]:.3f}" for i in np.flatnonzero(share > 1 + 1e-6)]
    if odd:
        raise AccountingError(
            f"{len(odd)} products are re-exported, or imported beyond their use (cross-hauling "
            f"over its largest value): {listed(odd)}. Take re-exports out of both sides."
        )
    bought = technical(flows.intermediate, flows.output) @ use.output
    needed = bought + use.final.use.sum(axis=1)
    brought = location.cross_hauled(use.output, needed, np.minimum(share, 1.0)).imports
    return np.asarray(1.0 - np.divide(brought, needed, out=np.zeros_like(needed), where=needed > 0))


def _built(
    table: IOTable, name: str, delta: float | None, region: str, x: Array,
    use: Final | None, local: _Local, size: Size,
) -> IOTable:  # fmt: skip
    flows = table.flows
    needed = technical(flows.intermediate, flows.output) * x
    inside = needed * local.cells
    rows = np.vstack([technical(flows.primary_inputs, flows.output) * x, (needed - inside).sum(0)])
    left = x - inside.sum(axis=1)
    if use is None:
        final, outer = left[:, None], np.zeros((len(rows), 1))
        finals = Labels(codes=("final_demand",), names={"en": ("Final use and other regions",)})
    else:
        here = use.use * local.final[:, None]
        final = np.column_stack([here, left - here.sum(axis=1)])
        outer = np.vstack([use.primary, (use.use - here).sum(axis=0)])
        outer = np.column_stack([outer, np.zeros(len(rows))])
        finals = use.labels.extended(
            Labels(codes=("outflow",), names={"en": ("Outflow",)}, groups=("exports",))
        )
    said = f"{region}, {name}" + ("" if delta is None else f", delta={delta:g}")
    meta = table.meta.after("regionalise", said, region=region, import_treatment="domestic",
                            title=f"{table.meta.title}: {region}")  # fmt: skip
    spare = flows.output + flows.imports - flows.intermediate.sum(axis=1)
    audit = Regionalisation(
        region=region, method=name, size=float(size.region.sum() / size.nation.sum()),
        factor=local.factor, labels=table.labels, quotients=local.quotients, output=x,
        floor=np.minimum(technical(spare[None, :], flows.output)[0] * x, 0.0),
        needed=needed.sum(axis=1), inside=inside.sum(axis=1), left=left, unit=table.meta.unit,
        provenance=meta.provenance,
    )  # fmt: skip
    warn_oversold(audit)
    return table.replace(
        labels=_in_region(table.labels, region),
        final_labels=finals,
        primary_labels=table.primary_labels.extended(_bought_elsewhere(table.primary_labels)),
        flows=Flows(intermediate=inside, final_demand=final, primary_inputs=rows, output=x,
                    imports=np.zeros(len(x)), final_primary=outer),
        satellites={key: _satellite(item, flows.output, x)
                    for key, item in table.satellites.items()},
        meta=meta,
        domestic_shares=None,
        import_split=None,
        certificate=audit,
    )  # fmt: skip


def _in_region(labels: Labels, region: str) -> Labels:
    return Labels(codes=labels.codes, names=labels.names, groups=labels.groups,
                  regions=(region,) * len(labels))  # fmt: skip


def _bought_elsewhere(rows: Labels) -> Labels:
    """Return a row for what is bought outside the region, under a code that is free."""
    code = next(code for code in ("IF", "INFLOW", "INFLOWS") if code not in rows.codes)
    return Labels(codes=(code,), names={"en": ("Bought outside the region",)}, groups=("imports",))


def _satellite(item: Satellite, nation: Array, region: Array) -> Satellite:
    ratio = np.divide(region, nation, out=np.zeros_like(region), where=nation != 0)
    return item.scaled(ratio)
