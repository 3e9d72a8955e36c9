"""Aggregate a table by a concordance."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from iomodel.accounts.concordance import Concordance
from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.aggregation import grouped, weighted_mean
from iomodel.kernels.linear import Array, Positions
from iomodel.results import must_add_up


def aggregate(
    table: IOTable, concordance: Concordance | Mapping[str, str] | pd.DataFrame
) -> IOTable:
    """Aggregate the sectors of a table.

    Parameters
    ----------
    table : IOTable
        Competitive or domestic. Of several regions, each is aggregated by itself.
    concordance : Concordance, mapping or DataFrame
        One target for every sector of the table: ``{"01001": "01", ...}``, a frame as in
        `Concordance.of`, `iom.read_concordance(path)` or `iom.concordance("nbs-153-42")`.

    Returns
    -------
    IOTable
        Sectors in the order of the targets, region by region. Flows, imports and satellites
        are sums. Growth of a satellite is the mean weighted by output, so that the output
        carried to its year adds up. A target has the names that the concordance gives; if it
        gives none, a target of one sector keeps that sector's names, others show their code.
        It has a section if all its members share one. Domestic shares and an official split
        of imports belong to the finer sectors and are dropped; the step says so.

    Raises
    ------
    LabelError
        If sectors have no target, or the concordance maps sectors that the table has not,
        all at once; if a source is mapped twice.
    AccountingError
        If the table has inserted sectors, or a growth factor cannot be averaged.
    IdentityError
        If a total changes.

    Notes
    -----
    Z* = S Z S', x* = S x, with S the matrix of ones where a sector belongs to a target;
    Miller and Blair (2009), section 4.9. Coefficients of the aggregated table are those of
    the old one weighted by output: multipliers differ from those of the finer table.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> len(iom.aggregate(china, iom.concordance("nbs-153-42")))
    42
    """
    if table.insertion is not None:
        codes = ", ".join(table.labels.codes[table.insertion.base :])
        raise AccountingError(
            f"{table.meta.title!r} has inserted sectors ({codes}), whose channels and "
            "certificate belong to the finer sectors: it cannot be aggregated. Aggregate the "
            "competitive table, separate imports, and insert after that."
        )
    link = Concordance.of(concordance)
    _same_sectors(table, link)
    groups = _groups(table.labels, link)
    result = table.replace(
        labels=groups.labels,
        flows=_flows(table.flows, groups.at),
        satellites={
            name: _satellite(satellite, table.flows.output, groups)
            for name, satellite in table.satellites.items()
        },
        meta=table.meta.after("aggregate", _said(table, link, len(groups.labels))),
        domestic_shares=None,
        import_split=None,
        certificate=None,
    )
    _same_totals(table, result)
    return result


class _Groups(NamedTuple):
    """Position of each sector's target, and the labels of the targets."""

    at: Positions
    labels: Labels


def _same_sectors(table: IOTable, link: Concordance) -> None:
    known = set(table.labels.codes)
    mapped = set(link.sources)
    names = dict(zip(table.labels.codes, table.labels.named(), strict=True))
    unmapped = [
        code if name == code else f"{code} {name}"
        for code, name in names.items()
        if code not in mapped
    ]
    unknown = [code for code in link.sources if code not in known]
    problems = []
    if unmapped:
        problems.append(f"{len(unmapped)} sectors without a target:\n  {listed(unmapped)}")
    if unknown:
        problems.append(f"{len(unknown)} sources that the table has not:\n  {listed(unknown)}")
    if problems:
        text = "\n".join(problems)
        raise LabelError(
            f"{link!r} does not fit {table.meta.title!r}.\n{text}\n"
            "Give every sector of the table one target, and no others."
        )


def _groups(labels: Labels, link: Concordance) -> _Groups:
    """Return targets region by region, in the order of the concordance."""
    to = link.pairs
    keys = [(region, to[code]) for region, code in zip(labels.regions, labels.codes, strict=True)]
    present = set(keys)
    regions = dict.fromkeys(labels.regions)
    wanted = [(region, code) for region in regions for code in link.order]
    order = {key: spot for spot, key in enumerate(key for key in wanted if key in present)}
    members: dict[tuple[str, str], list[int]] = {key: [] for key in order}
    for spot, key in enumerate(keys):
        members[key].append(spot)
    sections = [{labels.groups[spot] for spot in spots} for spots in members.values()]
    languages = dict.fromkeys([*link.names, *labels.names])
    targets = Labels(
        codes=tuple(code for _, code in order),
        regions=tuple(region for region, _ in order),
        groups=tuple(own.pop() if len(own) == 1 else "" for own in sections),
        names={lang: _names(labels, link, members, lang) for lang in languages},
    )
    return _Groups(np.array([order[key] for key in keys], dtype=np.intp), targets)


def _names(
    labels: Labels, link: Concordance, members: Mapping[tuple[str, str], list[int]], lang: str
) -> tuple[str, ...]:
    """Names of the targets; empty text where the code has to do."""
    given = {code for texts in link.names.values() for code, text in texts.items() if text}
    own = labels.names.get(lang, ("",) * len(labels))
    texts = link.names.get(lang, {})
    return tuple(
        own[spots[0]] if len(spots) == 1 and code not in given else texts.get(code, "")
        for (_, code), spots in members.items()
    )


def _flows(flows: Flows, at: Positions) -> Flows:
    return Flows(
        intermediate=grouped(grouped(flows.intermediate, at), at, axis=1),
        final_demand=grouped(flows.final_demand, at),
        primary_inputs=grouped(flows.primary_inputs, at, axis=1),
        output=grouped(flows.output, at),
        imports=grouped(flows.imports, at),
        final_primary=flows.final_primary,
    )


def _satellite(satellite: Satellite, output: Array, groups: _Groups) -> Satellite:
    values = grouped(satellite.values, groups.at, axis=1)
    if satellite.growth is None:
        return replace(satellite, values=values)
    growth = weighted_mean(satellite.growth, output, groups.at)
    lost = np.flatnonzero(~(growth > 0))
    if len(lost):
        codes = [groups.labels.codes[spot] for spot in lost]
        raise AccountingError(
            f"satellite {satellite.name!r}: {len(codes)} targets have no mean growth of output, "
            f"because outputs below zero offset others: {listed(codes)}. Map these sectors "
            "otherwise, or give the table without the growth."
        )
    _must_agree(growth * grouped(output, groups.at), output * satellite.growth, "carried output")
    return replace(satellite, values=values, growth=growth)


def _said(table: IOTable, link: Concordance, size: int) -> str:
    dropped = [
        what
        for what, part in (
            ("domestic shares", table.domestic_shares),
            ("official split of imports", table.import_split),
        )
        if part is not None
    ]
    how = [f"{len(table)} to {size} sectors", link.title]
    return ", ".join(filter(None, how)) + "".join(f"; {what} dropped" for what in dropped)


def _same_totals(before: IOTable, after: IOTable) -> None:
    old, new = before.flows, after.flows
    _must_agree(new.intermediate.ravel(), old.intermediate.ravel(), "intermediate flows")
    _must_agree(new.final_demand, old.final_demand, "final demand")
    _must_agree(new.primary_inputs.T, old.primary_inputs.T, "primary inputs")
    _must_agree(new.output, old.output, "output")
    _must_agree(new.imports, old.imports, "imports")
    for name, satellite in after.satellites.items():
        _must_agree(satellite.values.T, before.satellites[name].values.T, f"satellite {name}")


def _must_agree(new: Array, old: Array, what: str) -> None:
    """Refuse totals over sectors that differ, at the size of what was summed."""
    size = np.abs(old).sum()
    must_add_up(
        np.append(new.sum(axis=0), size), np.append(old.sum(axis=0), size), what=f"total {what}"
    )
