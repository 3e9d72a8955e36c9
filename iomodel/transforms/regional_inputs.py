"""What a regional table is estimated from: regional figures, aligned with a national table."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from iomodel.accounts.alignment import FINAL_ROLES
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.coefficients import technical
from iomodel.kernels.linear import Array
from iomodel.results import figure

FREE = 1e-9


class Size(NamedTuple):
    """What quotients are computed from, region and nation."""

    region: Array
    nation: Array


class Final(NamedTuple):
    """Local final use from any origin, (n, k), with labels and what national rows it pays."""

    use: Array
    labels: Labels
    primary: Array


def by_sector(table: IOTable, part: pd.Series, what: str) -> Array:
    """Align figures with the sectors; refuse other labels, texts and negative figures."""
    if not isinstance(part, pd.Series):
        raise LabelError(f"{what} must be a pandas Series labelled by sector.")
    own = part.set_axis([str(key) for key in part.index])
    apart = {
        "missing": [code for code in table.labels.codes if code not in own.index],
        "unknown": [code for code in own.index if code not in set(table.labels.codes)],
        "more than once": own.index[own.index.duplicated()].tolist(),
    }
    if any(apart.values()):
        lines = [f"{len(v)} {k}: {', '.join(v[:20])}" for k, v in apart.items() if v]
        raise LabelError(f"{what}: labels differ from the sectors.\n  {listed(lines)}")
    values = pd.to_numeric(own.reindex(table.labels.codes)).to_numpy(dtype=np.float64)
    bad = np.flatnonzero(~(np.isfinite(values) & (values >= 0)))
    if len(bad):
        lines = [f"{table.labels.codes[i]}: {values[i]}" for i in bad]
        raise AccountingError(
            f"{what}: {len(bad)} figures are negative or missing:\n  {listed(lines)}\n"
            "Give zero for a sector that the region has not."
        )
    return values


def sizes(
    table: IOTable, output: Array, regional: pd.Series | None, national: pd.Series | None
) -> Size:
    """Return what quotients compare; refuse sectors larger in the region than in the nation."""
    if regional is not None and national is None:
        raise AccountingError("regional is given without national: quotients compare the two.")
    here = output if regional is None else by_sector(table, regional, "regional")
    there = table.flows.output if national is None else by_sector(table, national, "national")
    if not here.sum() > 0:
        raise AccountingError("the region has no output: nothing to estimate.")
    lines = [
        f"{table.labels.codes[i]}: {figure(float(here[i]))} of {figure(float(there[i]))}"
        for i in np.flatnonzero(here > there * (1 + FREE))
    ]
    alone = (output > 0) & (table.flows.output == 0)
    lines += [
        f"{table.labels.codes[i]}: the national table has no such production"
        for i in np.flatnonzero(alone)
    ]
    if lines:
        raise AccountingError(
            f"{len(lines)} sectors are larger in the region than in the nation:\n  "
            f"{listed(lines)}\nCheck units; if regions do not add up to the nation, give their "
            "sum as `national`."
        )
    return Size(here, there)


def final_use(
    table: IOTable, output: Array, given: pd.DataFrame | Literal["share"] | None
) -> Final | None:
    """Return local final use, as given or in proportion to value added."""
    if given is None:
        return None
    finals, flows = table.final_labels, table.flows
    if isinstance(given, pd.DataFrame):
        columns = [by_sector(table, given.iloc[:, k], f"final demand {name}")
                   for k, name in enumerate(given.columns)]  # fmt: skip
        codes = tuple(map(str, given.columns))
        roles = dict(zip(finals.codes, finals.groups, strict=True))
        groups = tuple(code if code in FINAL_ROLES else roles.get(code, "") for code in codes)
        rows = np.zeros((len(table.primary_labels), len(codes)))
        return Final(np.column_stack(columns), Labels(codes=codes, groups=groups), rows)
    if given != "share":
        raise LabelError(f'final_demand is a DataFrame, "share" or None, not {given!r}.')
    added = table.value_added.to_numpy()
    part = float(technical(added[None, :], flows.output)[0] @ output) / float(added.sum())
    here = [k for k, role in enumerate(finals.groups) if role not in ("exports", "residual")]
    names: Mapping[str, tuple[str, ...]] = {
        lang: tuple(texts[k] for k in here) for lang, texts in finals.names.items()
    }
    labels = Labels(
        codes=tuple(finals.codes[k] for k in here),
        names=names,
        groups=tuple(finals.groups[k] for k in here),
    )
    return Final(flows.final_demand[:, here] * part, labels, flows.final_primary[:, here] * part)
