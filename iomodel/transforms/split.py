"""Split a sector of a table into several."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from iomodel.accounts.flows import Flows
from iomodel.accounts.imports import DomesticShares
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.linear import Array, Positions
from iomodel.results import must_add_up
from iomodel.transforms.balance import Balanced, gras

WHOLE = 1e-9


def split(
    table: IOTable,
    sector: str,
    weights: Mapping[str, float],
    *,
    inputs: pd.DataFrame | None = None,
    sales: pd.DataFrame | None = None,
    levels: Mapping[str, Mapping[str, float]] | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
) -> IOTable:
    """Split one sector into parts with given shares of its output.

    Parameters
    ----------
    table : IOTable
        Table of one region.
    sector : str
        Code of the sector to split.
    weights : mapping of code to share
        Codes of the parts with their shares of the output, which add up to 1.
    inputs : DataFrame (suppliers x parts), optional
        What is known about purchases: shares of each part in what the sector buys from a
        supplier (a sector, or a primary input row), each row adding up to 1. Suppliers that
        are left out, and the sector itself, start from `weights`.
    sales : DataFrame (buyers x parts), optional
        The same for sales to sectors and final demand columns.
    levels : mapping of satellite to shares by part, optional
        Shares of the levels of a satellite; `weights` where none are given.
    names : mapping of language to names, optional
        Names of the parts in the order of `weights`.

    Returns
    -------
    IOTable
        With the parts in the place of the sector. Aggregating them gives the table back.
        With `inputs` or `sales` the shares are starting values: GRAS scales the new cells so
        that each part buys and sells what its output says, and ``certificate`` is that
        `Balanced` result.

    Raises
    ------
    LabelError
        If the sector, a supplier, a buyer or a part is unknown, or a new code is taken.
    AccountingError
        If shares are negative or do not add up to 1, the table has inserted sectors or
        several regions, or the shares cannot be reconciled with the outputs.
    NotConvergedError
        As for `gras`.

    Notes
    -----
    Shares by output alone make parts with the same coefficients, whose multipliers are those
    of the whole: a split adds knowledge only by `inputs` and `sales`. Wolsky (1984), Review of
    Economics and Statistics 66(2); Lindner, Legault and Guan (2012), Economic Systems
    Research 24(4).

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> two = iom.split(china, "88145", {"88145-film": 0.3, "88145-tv": 0.7})
    >>> len(two) - len(china)
    1
    """
    spot, shares = _checked(table, sector, weights)
    n, m = len(table), len(shares)
    old = np.concatenate([np.arange(spot), np.full(m, spot), np.arange(spot + 1, n)])
    parts = np.arange(spot, spot + m)
    ones = np.ones(len(old))
    ones[parts] = shares
    start = _proportional(table.flows, old, ones)
    labels = _labels(table.labels, spot, tuple(weights), names)
    certificate = None
    if inputs is not None or sales is not None:
        known = start[0], start[1], start[2]
        _fill(table, known, parts, spot, inputs, sales, tuple(weights))
        certificate = _balanced(table, labels, known, parts, old, shares)
    final = Flows(
        intermediate=start[0], final_demand=start[1], primary_inputs=start[2],
        output=table.flows.output[old] * ones, imports=table.flows.imports[old] * ones,
        final_primary=table.flows.final_primary,
    )  # fmt: skip
    _same_totals(table.flows, final, old)
    return table.replace(
        labels=labels,
        flows=final,
        satellites={
            name: _satellite(item, old, parts, shares, (levels or {}).get(name), tuple(weights))
            for name, item in table.satellites.items()
        },
        meta=table.meta.after("split", f"{sector} into {', '.join(weights)}"),
        domestic_shares=_repeated(table.domestic_shares, old),
        import_split=None
        if table.import_split is None
        else replace(table.import_split, group=table.import_split.group[old]),
        certificate=certificate,
    )


def _checked(table: IOTable, sector: str, weights: Mapping[str, float]) -> tuple[int, Array]:
    if len(set(table.labels.regions)) > 1 or table.insertion is not None:
        raise AccountingError(
            f"{table.meta.title!r} has several regions or inserted sectors: split before that."
        )
    spot = int(table.labels.positions([sector])[0])
    others = set(table.labels.codes) - {str(sector)}
    taken = [code for code in weights if code in others]
    if taken:
        raise LabelError(f"codes that the table has already: {listed(taken)}")
    shares = np.array(list(weights.values()), dtype=np.float64)
    _must_be_shares(shares[None, :], ["output"], "weights")
    if (shares == 0).any() and table.flows.output[spot] != 0:
        empty = [code for code, share in weights.items() if share == 0]
        raise AccountingError(f"parts without output: {', '.join(empty)}. Leave them out.")
    return spot, shares


def _must_be_shares(shares: Array, places: Sequence[object], what: str) -> None:
    bad = np.flatnonzero(~((shares >= 0).all(axis=1) & (np.abs(shares.sum(axis=1) - 1.0) <= WHOLE)))
    if len(bad):
        lines = [f"{places[k]}: {', '.join(f'{x:g}' for x in shares[k])}" for k in bad.tolist()]
        raise AccountingError(
            f"{what}: shares below zero or not adding up to 1:\n  {listed(lines)}"
        )


def _proportional(flows: Flows, old: Positions, ones: Array) -> tuple[Array, Array, Array]:
    """Blocks with the sector's cells in proportion to output."""
    z = flows.intermediate[np.ix_(old, old)] * ones[:, None] * ones
    return z, flows.final_demand[old] * ones[:, None], flows.primary_inputs[:, old] * ones


def _fill(
    table: IOTable, blocks: tuple[Array, Array, Array], parts: Positions, spot: int,
    inputs: pd.DataFrame | None, sales: pd.DataFrame | None, codes: tuple[str, ...],
) -> None:  # fmt: skip
    """Put the shares that are known into the new columns and rows, in place."""
    z, f, v = blocks
    flows, m = table.flows, len(codes)
    after = {code: k if k < spot else k + m - 1 for k, code in enumerate(table.labels.codes)}
    if inputs is not None:
        for supplier, share in _shares(inputs, codes, "inputs").items():
            place = _place(supplier, table.labels, table.primary_labels, spot, "inputs")
            if place[0]:
                v[place[1], parts] = flows.primary_inputs[place[1], spot] * share
            else:
                z[after[supplier], parts] = flows.intermediate[place[1], spot] * share
    if sales is not None:
        for buyer, share in _shares(sales, codes, "sales").items():
            place = _place(buyer, table.labels, table.final_labels, spot, "sales")
            if place[0]:
                f[parts, place[1]] = flows.final_demand[spot, place[1]] * share
            else:
                z[parts, after[buyer]] = flows.intermediate[spot, place[1]] * share


def _shares(frame: pd.DataFrame, codes: tuple[str, ...], what: str) -> dict[str, Array]:
    if sorted(map(str, frame.columns)) != sorted(codes) or not frame.index.is_unique:
        raise LabelError(f"{what}: one column for each of {', '.join(codes)}, each row once.")
    own = frame.set_axis([str(code) for code in frame.columns], axis=1)[list(codes)]
    values = own.to_numpy(dtype=np.float64)
    _must_be_shares(values, list(frame.index), what)
    return dict(zip(map(str, frame.index), values, strict=True))


def _place(code: str, sectors: Labels, others: Labels, spot: int, what: str) -> tuple[bool, int]:
    """Tell whether a code is outside the sectors, and its position."""
    if code in sectors.codes:
        place = sectors.codes.index(code)
        if place == spot:
            raise LabelError(f"{what}: {code!r} is the sector to split; leave it out.")
        return False, place
    return True, int(others.positions([code])[0])


def _balanced(
    table: IOTable, labels: Labels, blocks: tuple[Array, Array, Array], parts: Positions,
    old: Positions, shares: Array,
) -> Balanced:  # fmt: skip
    """Scale the new cells to the sums of the old ones and of the parts, in place."""
    z, f, v = blocks
    others = np.setdiff1d(np.arange(len(old)), parts)
    k, m = int(old[parts[0]]), len(parts)
    flows = table.flows
    sales = np.hstack([z[np.ix_(parts, others)], f[parts]])
    bought = np.vstack([z[np.ix_(others, parts)], v[:, parts]])
    corner = z[np.ix_(parts, parts)]
    cells = np.block([[corner, sales], [bought, np.zeros((len(bought), sales.shape[1]))]])
    rest = [labels.codes[i] for i in others]
    new = [labels.codes[i] for i in parts]
    rows = [*new, *rest, *(f"primary {code}" for code in table.primary_labels.codes)]
    columns = [*new, *rest, *(f"final {code}" for code in table.final_labels.codes)]
    sold = flows.intermediate[k].sum() + flows.final_demand[k].sum()
    paid = flows.intermediate[:, k].sum() + flows.primary_inputs[:, k].sum()
    up = np.concatenate([
        shares * sold, np.delete(flows.intermediate[:, k], k), flows.primary_inputs[:, k],
    ])  # fmt: skip
    across = np.concatenate([
        shares * paid, np.delete(flows.intermediate[k], k), flows.final_demand[k],
    ])  # fmt: skip
    result = gras(pd.DataFrame(cells, rows, columns), pd.Series(up, rows),
                  pd.Series(across, columns))  # fmt: skip
    found = result.after
    z[np.ix_(parts, parts)] = found[:m, :m]
    z[np.ix_(parts, others)] = found[:m, m : m + len(others)]
    f[parts] = found[:m, m + len(others) :]
    z[np.ix_(others, parts)] = found[m : m + len(others), :m]
    v[:, parts] = found[m + len(others) :, :m]
    return result


def _same_totals(before: Flows, after: Flows, old: Positions) -> None:
    size = np.zeros((len(old), len(before.output)))
    size[np.arange(len(old)), old] = 1.0
    for now, then, what in (
        (size.T @ after.intermediate @ size, before.intermediate, "intermediate flows"),
        (size.T @ after.final_demand, before.final_demand, "final demand"),
        (after.primary_inputs @ size, before.primary_inputs, "primary inputs"),
    ):
        must_add_up(now, then, what=f"{what} of the parts", tolerance=1e-7)


def _labels(
    labels: Labels, spot: int, codes: tuple[str, ...], names: Mapping[str, Sequence[str]] | None
) -> Labels:
    m = len(codes)
    wrong = [lang for lang, texts in (names or {}).items() if len(texts) != m]
    if wrong:
        raise LabelError(f"names: {m} parts need {m} names in {', '.join(wrong)}.")

    def around(texts: tuple[str, ...], new: Sequence[str]) -> tuple[str, ...]:
        return (*texts[:spot], *new, *texts[spot + 1 :])

    given = {lang: tuple(texts) for lang, texts in (names or {}).items()}
    return Labels(
        codes=around(labels.codes, codes),
        names={lang: around(texts, given.get(lang, ("",) * m))
               for lang, texts in labels.names.items()},
        regions=around(labels.regions, labels.regions[spot : spot + 1] * m),
        groups=around(labels.groups, labels.groups[spot : spot + 1] * m),
    )  # fmt: skip


def _satellite(
    item: Satellite, old: Positions, parts: Positions, shares: Array,
    given: Mapping[str, float] | None, codes: tuple[str, ...],
) -> Satellite:  # fmt: skip
    if given is not None and sorted(given) != sorted(codes):
        raise LabelError(f"levels of {item.name!r}: give shares of {', '.join(codes)}.")
    own = shares if given is None else np.array([given[code] for code in codes])
    _must_be_shares(own[None, :], [item.name], "levels")
    factors = np.ones(len(old))
    factors[parts] = own
    growth = None if item.growth is None else item.growth[old]
    return replace(item, values=item.values[:, old] * factors, growth=growth)


def _repeated(shares: DomesticShares | None, old: Positions) -> DomesticShares | None:
    if shares is None:
        return None
    return replace(shares, intermediate=shares.intermediate[old],
                   consumption=shares.consumption[old])  # fmt: skip
