"""Separate imports from domestic flows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from iomodel.accounts.checks import refuse_meaningless_columns
from iomodel.accounts.flows import Flows
from iomodel.accounts.imports import ROLE_COLUMN, DomesticShares, ImportSplit
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError
from iomodel.kernels.coefficients import import_proportional_shares, technical
from iomodel.kernels.linear import Array, Factorised
from iomodel.results import Result, amount, must_add_up

Method = Literal["proportional", "official"]


@dataclass(frozen=True, eq=False, repr=False)
class ImportAudit(Result):
    """How the separation of imports changes output multipliers, by sector.

    Attributes
    ----------
    method : str
        The method that was applied.
    labels : Labels
        Sectors.
    multipliers : mapping of str to ndarray, shape (n,)
        Simple output multipliers with imports included (``competitive``) and for each
        method that the table allows.
    imports_used : float
        Imports after the separation, by use; equal to those deducted before.
    clipped : tuple of str
        Sectors whose share lay outside 0 to 1.
    residual : float
        Largest row residual of the domestic table.
    """

    method: str
    labels: Labels
    multipliers: dict[str, Array]
    imports_before: float
    imports_used: float
    clipped: tuple[str, ...]
    residual: float
    unit: str
    provenance: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What is audited."""
        return f"Imports separated: {self.method}"

    @property
    def gap(self) -> Array | None:
        """Official less proportional output multiplier by sector; None with one method."""
        both = self.multipliers
        if "official" not in both:
            return None
        return both["official"] - both["proportional"]

    def facts(self) -> list[tuple[str, object]]:
        """Mean multipliers, mean and largest gap between methods."""
        means = {
            f"mean output multiplier, {k}": f"{v.mean():.4f}" for k, v in self.multipliers.items()
        }
        out: list[tuple[str, object]] = list(means.items())
        if self.gap is not None:
            worst = int(np.argmax(np.abs(self.gap)))
            name = f"{self.labels.codes[worst]} {self.labels.named()[worst]}"
            out.append(
                ("mean absolute gap, official - proportional", f"{np.abs(self.gap).mean():.4f}")
            )
            out.append(("largest gap", f"{self.gap[worst]:+.4f} ({name})"))
        out.append(("imports before", amount(self.imports_before, self.unit)))
        out.append(("imports by use", amount(self.imports_used, self.unit)))
        out.append(("largest row residual", amount(self.residual, self.unit)))
        out.append(("shares clipped to 0-1", ", ".join(self.clipped) or "none"))
        return out

    @property
    def units(self) -> Mapping[str, str]:
        """Output multipliers are ratios."""
        return dict.fromkeys([*self.multipliers, "gap"], "1")

    def to_frame(self) -> pd.DataFrame:
        """Return output multipliers by sector and method, largest gap first."""
        frame = self.labels.describe()
        for name, values in self.multipliers.items():
            frame[name] = values
        if self.gap is not None:
            frame["gap"] = self.gap
            frame = frame.sort_values("gap", key=np.abs, ascending=False)
        return frame


def domestic(table: IOTable, method: Method = "proportional") -> IOTable:
    """Turn a competitive table into one of domestic flows.

    Parameters
    ----------
    table : IOTable
        Table whose flows include imports, with imports by product.
    method : {"proportional", "official"}
        ``proportional``: every domestic user of a product buys the same import share,
        d_i = (x_i - EX_i) / (x_i - EX_i + IM_i). ``official``: shares by supplying and using
        group from the split that comes with the table; exports are wholly domestic.

    Returns
    -------
    IOTable
        Domestic flows; imports move to the primary input row ``IM`` (for final demand to
        its quadrant). ``certificate`` holds an `ImportAudit` that compares the methods.
        With ``official`` the rows balance by the residual column ``RES``: the official
        split and the detailed table are two sources.

    Raises
    ------
    AccountingError
        If the table is not competitive, has no imports, or no official split.

    Notes
    -----
    Miller and Blair (2009), section 4.2; the proportionality assumption is also that of
    Eurostat (2008), chapter 8.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> china.meta.import_treatment
    'domestic'
    """
    if table.meta.import_treatment != "competitive" or not table.flows.imports.any():
        raise AccountingError(
            f"{table.meta.title!r} has import treatment {table.meta.import_treatment!r} and "
            f"imports of {table.flows.imports.sum():g}: only a competitive table with imports by "
            "product can be separated."
        )
    if method == "official" and table.import_split is None:
        raise AccountingError(
            f"{table.meta.title!r} carries no official split of imports; use "
            'method="proportional", or a workbook with the sheet imports_42.'
        )
    if not len(table.final_labels.in_group("exports")):
        raise AccountingError(
            f"no final demand column of {table.meta.title!r} has the role exports "
            f"({', '.join(table.final_labels.codes)}): name it, "
            'iom.table(..., final_roles={"...": "exports"}), or add one with zeros.'
        )
    if method not in ("proportional", "official"):
        raise AccountingError(f"unknown method {method!r}; use proportional or official.")
    refuse_meaningless_columns(table.flows, table.labels)
    split = _proportional(table) if method == "proportional" else _official(table)
    result = _separated(table, split)
    audit = _audit(table, split, result)
    return result.replace(certificate=audit)


class _Split(NamedTuple):
    """Shares by cell: intermediate (n, n) or (n, 1), final demand (n, k), and by product."""

    shares: DomesticShares
    cells: Array
    final: Array
    clipped: tuple[str, ...]


def _proportional(table: IOTable) -> _Split:
    flows, finals = table.flows, table.final_labels
    exports = flows.final_demand[:, finals.in_group("exports")].sum(axis=1)
    share, raw = import_proportional_shares(flows.output, exports, flows.imports)
    abroad = np.array([group == "exports" for group in finals.groups], dtype=bool)
    clipped = tuple(
        code for code, a, b in zip(table.labels.codes, share, raw, strict=True) if a != b
    )
    return _Split(
        shares=DomesticShares(method="proportional", intermediate=share, consumption=share),
        cells=share[:, None],
        final=np.where(abroad[None, :], 1.0, share[:, None]),
        clipped=clipped,
    )


def _official(table: IOTable) -> _Split:
    split = table.import_split
    assert split is not None, "checked by the caller"
    row = _ratio(split.domestic.sum(axis=1), split.imported.sum(axis=1), 1.0)
    cells = _ratio(split.domestic, split.imported, row[:, None])
    columns = [_official_final(split, role, row) for role in table.final_labels.groups]
    consumption = _official_final(split, "household", row)
    at = split.group
    return _Split(
        shares=DomesticShares(method="official", intermediate=row[at], consumption=consumption[at]),
        cells=cells[np.ix_(at, at)],
        final=np.column_stack(columns)[at],
        clipped=(),
    )


def _official_final(split: ImportSplit, role: str, row: Array) -> Array:
    """Domestic share of one final demand column by group; exports are wholly domestic."""
    if role not in ROLE_COLUMN:
        return np.ones(len(split.codes))
    column = split.final_codes.index(ROLE_COLUMN[role])
    return _ratio(split.final_domestic[:, column], split.final_imported[:, column], row)


def _ratio(inside: Array, outside: Array, empty: Array | float) -> Array:
    """Domestic over total use, clipped to 0-1; `empty` where there is no use at all."""
    total = inside + outside
    start = np.broadcast_to(np.asarray(empty, dtype=np.float64), total.shape).copy()
    return np.clip(np.divide(inside, total, out=start, where=total != 0), 0.0, 1.0)


def _separated(table: IOTable, split: _Split) -> IOTable:
    flows, finals = table.flows, table.final_labels
    z, f = flows.intermediate * split.cells, flows.final_demand * split.final
    imported = (flows.intermediate - z).sum(axis=0)
    final_imported = (flows.final_demand - f).sum(axis=0)
    gap = flows.output - z.sum(axis=1) - f.sum(axis=1)
    outer = np.vstack([flows.final_primary, final_imported])
    if split.shares.method == "official":
        f, outer = np.column_stack([f, gap]), np.column_stack([outer, np.zeros(len(outer))])
        residual = Labels(codes=("RES",), names={"en": ("Residual",)}, groups=("residual",))
        finals = finals.extended(residual)
    taken = set(table.primary_labels.codes)
    code = next(code for code in ("IM", "IMPORTS", "IMPORTED") if code not in taken)
    row = Labels(codes=(code,), names={"en": ("Imported products",), "zh": ("进口品",)},
                 groups=("imports",))  # fmt: skip
    return table.replace(
        final_labels=finals,
        primary_labels=table.primary_labels.extended(row),
        flows=Flows(
            intermediate=z,
            final_demand=f,
            primary_inputs=np.vstack([flows.primary_inputs, imported]),
            output=flows.output,
            imports=np.zeros(len(table)),
            final_primary=outer,
        ),
        domestic_shares=split.shares,
        meta=table.meta.after("domestic", split.shares.method, import_treatment="domestic"),
    )


def _audit(table: IOTable, split: _Split, result: IOTable) -> ImportAudit:
    """Compare output multipliers of all methods; check that imports are all accounted for."""
    ones = np.ones(len(table))
    solvers = {"competitive": table.flows.solver}
    for method, shares in (("proportional", _proportional), ("official", _official)):
        if method == split.shares.method:
            solvers[method] = result.flows.solver
        elif method == "proportional" or table.import_split is not None:
            local = table.flows.intermediate * shares(table).cells
            solvers[method] = Factorised(technical(local, table.flows.output))
    multipliers = {name: solver.solve_transposed(ones) for name, solver in solvers.items()}
    flows = result.flows
    imports = result.primary_labels.in_group("imports")
    used = float(flows.primary_inputs[imports].sum() + flows.final_primary[imports].sum())
    before = float(table.flows.imports.sum())
    if split.shares.method == "proportional" and not split.clipped:
        # A row out of balance by g gives (1 - d) g of imports more, or less.
        gap = float(((1.0 - split.cells[:, 0]) * table.flows.row_residual).sum())
        must_add_up(np.array(used - gap), np.array(before), what="imports by use", tolerance=1e-6)
    return ImportAudit(
        method=split.shares.method,
        labels=table.labels,
        multipliers=multipliers,
        imports_before=before,
        imports_used=used,
        clipped=split.clipped,
        residual=float(np.max(np.abs(flows.row_residual), initial=0.0)),
        unit=table.meta.unit,
        provenance=result.meta.provenance,
    )
