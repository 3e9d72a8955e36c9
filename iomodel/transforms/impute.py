"""Fill the purchases that a new sector does not know from a sector of the table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from iomodel.accounts.imputation import Imputation, Imputed
from iomodel.accounts.sectors import NewSector, Purchase
from iomodel.accounts.table import IOTable
from iomodel.errors import LabelError, SpecError, listed
from iomodel.kernels.linear import Array
from iomodel.results import figure


def impute(
    table: IOTable, sectors: Sequence[NewSector], wanted: Mapping[str, Imputation]
) -> tuple[tuple[NewSector, ...], tuple[Imputed, ...]]:
    """Fill unknown purchases of new sectors.

    Parameters
    ----------
    table : IOTable
        Domestic flows. What a parent buys of a product in all is its domestic purchases over
        the domestic share of the product.
    sectors : sequence of NewSector
    wanted : mapping of sector code to Imputation
        Sectors that are not named stay as they are.

    Returns
    -------
    sectors : tuple of NewSector
        With the purchases filled.
    imputed : tuple of Imputed
        Every purchase that was filled.

    Raises
    ------
    LabelError
        If a sector, parent or supplier is unknown.
    SpecError
        If nothing remains to be filled, the parent buys from none of the unknown suppliers, a
        supplier is stated already, or costs exceed the output.

    Notes
    -----
    remainder: a_i = (1 - known - labour - other) u_i / sum u over the unknown suppliers, with
    u the purchases of the parent; per worker: a_i = (u_i / E) e / x, with E and e the levels
    of parent and new sector and x the new sector's output. If the satellite is of a later
    year, u is carried there by its growth of output.
    """
    codes = [sector.code for sector in sectors]
    unknown = [
        f"{code}: no sector of this code is inserted" for code in wanted if code not in codes
    ]
    known = set(table.labels.codes)
    for code, how in wanted.items():
        parts = (how.parent, *(how.suppliers or ()))
        unknown += [f"{code}: unknown sector {part!r}" for part in parts if part not in known]
    if unknown:
        raise LabelError(f"impute: {len(unknown)} codes are unknown:\n  {listed(unknown)}")
    out, filled = [], []
    for sector in sectors:
        if sector.code in wanted:
            new = _shares(table, sector, wanted[sector.code])
            how = wanted[sector.code]
            bought = tuple(
                Purchase(how.item, how.channel, key, share) for key, share in new.items()
            )
            filled += [Imputed(sector.code, key, how.parent, how.rule, share)
                       for key, share in new.items()]  # fmt: skip
            sector = replace(sector, purchases=(*sector.bought, *bought))  # noqa: PLW2901
        out.append(sector)
    return tuple(out), tuple(filled)


def _shares(table: IOTable, sector: NewSector, how: Imputation) -> dict[str, float]:
    stated = {item.sector for item in sector.bought}
    both = sorted(stated & set(how.suppliers or ()))
    if both:
        raise SpecError(
            f"sector {sector.code!r} states purchases from {', '.join(both)}: take them out of "
            "the unknown suppliers, or out of the purchases."
        )
    rows = [
        i
        for i, code in enumerate(table.labels.codes)
        if (code not in stated if how.suppliers is None else code in how.suppliers)
    ]
    used = _purchases(table, how.parent)
    pattern = used[rows]
    if not pattern.sum() > 0:
        raise SpecError(
            f"sector {sector.code!r}: {how.parent!r} buys nothing from the unknown suppliers; name "
            "another parent."
        )
    per_unit = _remainder(table, sector, how) / pattern.sum()
    if how.rule == "per worker":
        per_unit = _per_worker(table, sector, how)
    return {
        table.labels.codes[i]: float(share)
        for i, share in zip(rows, pattern * per_unit, strict=True)
        if share > 0
    }


def _purchases(table: IOTable, parent: str) -> Array:
    """Return what a sector buys of every product in all; negative cells are no pattern."""
    column = table.flows.intermediate[:, int(table.labels.positions([parent])[0])]
    shares = table.domestic_shares
    if shares is None:
        return np.maximum(column, 0.0)
    part = shares.intermediate
    return np.maximum(np.divide(column, part, out=np.zeros_like(column), where=part > 0), 0.0)


def _remainder(table: IOTable, sector: NewSector, how: Imputation) -> float:
    """Share of output that is left for the unknown purchases."""
    if how.rule == "per worker":
        return 0.0
    spot = int(table.labels.positions([how.parent])[0])
    other = how.other_value_added
    if other is None:
        rows = set(range(len(table.primary_labels)))
        rows -= {*table.primary_labels.in_group("imports").tolist()}
        rows -= {*table.primary_labels.in_group("compensation").tolist()}
        inner = table.flows.primary_inputs[sorted(rows), spot].sum()
        other = float(inner / table.flows.output[spot])
    left = sector.other_value_added - other
    if not left > 0:
        whose = f", as in {how.parent!r}" if how.other_value_added is None else ""
        raise SpecError(
            f"sector {sector.code!r}: nothing is left for unknown purchases. Known purchases and "
            f"labour income leave {sector.other_value_added:.4f} of output, other value added "
            f"takes {other:.4f}{whose}. State other_value_added, or fewer known costs."
        )
    return left


def _per_worker(table: IOTable, sector: NewSector, how: Imputation) -> float:
    """Level of the new sector over that of the parent, per unit of the sector's output."""
    account = table.satellite(how.satellite)
    if how.estimate is None and len(account.rows) != 1:
        raise SpecError(
            f"satellite {account.name!r} has several rows: name one, Imputation(estimate=...): "
            f"{', '.join(account.rows.codes)}."
        )
    row = 0 if how.estimate is None else int(account.rows.positions([how.estimate])[0])
    spot = int(table.labels.positions([how.parent])[0])
    level = float(account.values[row, spot]) * account.unit_value
    own = sector.levels.get(how.satellite)
    if own is None or not level > 0:
        who = sector.code if own is None else how.parent
        raise SpecError(
            f"sector {sector.code!r}: {who!r} has no level above zero in the satellite "
            f"{account.name!r}, so that purchases per worker have no meaning."
        )
    growth = 1.0 if account.growth is None else float(account.growth[spot])
    return growth * own / level * table.meta.unit_size / sector.output


def said(imputed: Sequence[Imputed]) -> str:
    """Say how many purchases were filled, by sector."""
    parts: dict[tuple[str, str, str], list[float]] = {}
    for item in imputed:
        parts.setdefault((item.sector, item.parent, item.rule), []).append(item.share)
    return "; ".join(
        f"{sector}: {len(shares)} purchases, {figure(sum(shares))} of output, imputed from "
        f"{parent} by {rule}"
        for (sector, parent, rule), shares in parts.items()
    )
