"""The blocks of a linked table: every region's use, by region of origin."""

from dataclasses import replace

import numpy as np

from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.trade import Origins
from iomodel.transforms.link_inputs import Regional, Trade


def linked_flows(given: Regional, found: Trade, mix: Origins) -> tuple[Flows, Labels, Labels]:
    """Return the blocks of the linked table with the labels of its columns and rows.

    Parameters
    ----------
    given : Regional
    found : Trade
    mix : Origins
        Where the products used in each region come from.

    Returns
    -------
    flows : Flows
        z_ij^rs = c_i^rs z_ij^s, final demand alike; imports by buyer behind the primary inputs.
    finals, primaries : Labels
        Without the columns of outflows and the rows of imports that stay empty.
    """
    n, regions = given.use.shape
    k, first = len(given.outer), given.tables[0]
    z, f = np.zeros((regions, n, regions, n)), np.zeros((regions, n, regions, k))
    outer = np.zeros((len(first.primary_labels), regions, k))
    for s, table in enumerate(given.tables):
        local, away = mix.local[:, :, s].T[:, :, None], mix.outer[:, :, s].T[:, :, None]
        z[:, :, s] = local * table.flows.intermediate
        f[:, :, s] = np.where(given.outer, away, local) * _demand(given, found, s)
        outer[:, s] = table.flows.final_primary
    bought, final_bought, imports = _imported(given, found, mix)
    columns = np.ones((regions, k), dtype=bool)
    columns[:, given.at] = bool(found.sent.any())
    kept = np.flatnonzero(columns)
    inner = np.hstack([table.flows.primary_inputs for table in given.tables])
    flows = Flows(
        intermediate=z.reshape(regions * n, regions * n),
        final_demand=f.reshape(regions * n, -1)[:, kept],
        primary_inputs=np.vstack([inner, bought]),
        output=given.output.T.ravel(),
        imports=np.zeros(regions * n),
        final_primary=np.vstack([outer.reshape(-1, regions * k), final_bought])[:, kept],
    )
    primaries = replace(first.primary_labels, regions=()).extended(imports)
    return flows, _taken(repeated(first.final_labels, given.names), kept), primaries


def _demand(given: Regional, found: Trade, s: int) -> Array:
    """Return final demand of a region; of its outflows only what stays outside."""
    demand = np.array(given.tables[s].flows.final_demand)
    demand[:, given.at] = found.sent[:, s]
    return demand


def _imported(given: Regional, found: Trade, mix: Origins) -> tuple[Array, Array, Labels]:
    """Return imports and unlinked inflows by buyer, rows that are not all zero, with labels."""
    n, regions = given.use.shape
    total = given.abroad + found.received
    share = np.divide(given.abroad, total, out=np.zeros_like(total), where=total > 0)
    bought, final = np.zeros((2, regions, n)), np.zeros((2, regions, len(given.outer)))
    for s, table in enumerate(given.tables):
        away = np.where(given.outer, mix.outer_abroad[:, s, None], mix.local_abroad[:, s, None])
        parts = np.stack([share[:, s], 1.0 - share[:, s]])
        bought[:, s] = (parts * mix.local_abroad[:, s]) @ table.flows.intermediate
        final[:, s] = parts @ (away * _demand(given, found, s))
    rows = [row for row in range(2) if bought[row].any() or final[row].any()]
    taken = given.tables[0].primary_labels
    labels = Labels(
        codes=tuple(_free(("IM", "IF")[row], taken) for row in rows),
        names={"en": tuple(("Imported products", "Inflows not linked")[row] for row in rows)},
        groups=("imports",) * len(rows),
    )
    return bought.reshape(2, -1)[rows], final.reshape(2, -1)[rows], labels


def _free(code: str, labels: Labels) -> str:
    return next(name for name in (code, f"{code}2", f"{code}3") if name not in labels.codes)


def repeated(labels: Labels, names: tuple[str, ...]) -> Labels:
    """Repeat labels for every region, region by region."""
    return Labels(
        codes=labels.codes * len(names),
        names={lang: texts * len(names) for lang, texts in labels.names.items()},
        regions=tuple(name for name in names for _ in labels.codes),
        groups=labels.groups * len(names),
    )


def _taken(labels: Labels, at: Positions) -> Labels:
    return Labels(
        codes=tuple(labels.codes[k] for k in at),
        names={lang: tuple(texts[k] for k in at) for lang, texts in labels.names.items()},
        regions=tuple(labels.regions[k] for k in at),
        groups=tuple(labels.groups[k] for k in at),
    )


def side_by_side(given: Regional, name: str, finals: Labels) -> Satellite:
    """Return a satellite with the levels of all regions side by side."""
    parts = [table.satellite(name) for table in given.tables]
    first = parts[0]
    final = None
    if first.final is not None:
        every = np.hstack([part.final for part in parts if part.final is not None])
        labels = repeated(given.tables[0].final_labels, given.names)
        keys = set(zip(finals.regions, finals.codes, strict=True))
        kept = [key in keys for key in zip(labels.regions, labels.codes, strict=True)]
        final = every[:, kept]
    growth = [part.growth for part in parts if part.growth is not None]
    return replace(
        first,
        values=np.hstack([part.values for part in parts]),
        growth=np.concatenate(growth) if growth else None,
        final=final,
    )
