"""Upstreamness and downstreamness of sectors, with the correction for open economies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.checks import refuse_meaningless_columns
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, listed
from iomodel.kernels.linear import Array, Factorised
from iomodel.kernels.linkages import nonzero
from iomodel.results import Result, figure, must_add_up

Economy = Literal["open", "closed"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Upstreamness(Result):
    """Distance of sectors to final use and from primary inputs; every array has shape (n,).

    Attributes
    ----------
    labels : Labels
    economy : {"open", "closed"}
    upstreamness : ndarray
        U, average number of stages to final use; 1 where all is sold to final use.
    downstreamness : ndarray
        D, average number of stages from primary inputs; 1 where nothing is bought.
    absorption : ndarray
        What purchases at home are shares of: output less exports, plus imports, less changes
        of inventories; in a closed economy, output.
    correction : ndarray
        Output over absorption: the factor on the sales shares of a closed economy.
    balance : ndarray, shape (2, n)
        U times absorption, and absorption plus purchases times U: the same, found twice.

    Examples
    --------
    >>> import iomodel as iom
    >>> found = iom.upstreamness(iom.read(iom.example("china-2020")))
    >>> found.to_frame()["upstreamness"].head(2).round(2).tolist()
    [5.72, 5.63]
    """

    labels: Labels
    economy: Economy
    upstreamness: Array
    downstreamness: Array
    absorption: Array
    correction: Array
    balance: Array
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        gap = must_add_up(self.balance[0], self.balance[1], what="stages of sales")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What it is, and for which economy."""
        return f"Upstreamness and downstreamness, {self.economy} economy (stages)"

    def facts(self) -> list[tuple[str, object]]:
        """Return mean and range of upstreamness."""
        found, codes = self.upstreamness, self.labels.shown
        high, low = int(np.argmax(found)), int(np.argmin(found))
        return [
            ("mean upstreamness", figure(float(found.mean()))),
            ("highest", f"{figure(float(found[high]))} ({codes[high]})"),
            ("lowest", f"{figure(float(found[low]))} ({codes[low]})"),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """Distances in stages, the correction a ratio."""
        return {"upstreamness": "stages", "downstreamness": "stages", "correction": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return both distances and the correction by sector, most upstream first."""
        frame = pd.DataFrame({"name": self.labels.named()}, self.labels.index)
        frame["upstreamness"], frame["downstreamness"] = self.upstreamness, self.downstreamness
        frame["correction"] = self.correction
        return frame.sort_values("upstreamness", ascending=False, kind="stable")


def upstreamness(table: IOTable, *, economy: Economy = "open") -> Upstreamness:
    """Return the average distance of sectors to final use, and from primary inputs.

    Parameters
    ----------
    table : IOTable
        For ``open`` competitive: flows of products of any origin, with imports by product,
        a final demand column with the role exports, and one with the role inventories where
        there is one. For ``closed`` any table.
    economy : {"open", "closed"}
        ``open``: exports, imports and inventories are taken to be used as the product is at
        home. ``closed``: all sales that are not to sectors are final use; these are the total
        linkages of `linkages`.

    Returns
    -------
    Upstreamness

    Raises
    ------
    AccountingError
        If the table does not fit, or a product is used at home but its absorption is not
        above zero, by sector.
    NotProductiveError
        If a sector buys inputs but has no output, or I less the shares is singular.

    Notes
    -----
    U = (I - Delta)^-1 i. In a closed economy delta_ij = a_ij x_j / x_i. In an open one
    delta_ij = a_ij x_j / (x_i - e_i + m_i - n_i), with exports e, imports m and changes of
    inventories n, because a share of what crosses the border or is stored is bought by each
    user as at home: Antras, Chor, Fally and Hillberry (2012), American Economic Review 102(3),
    pp. 413-414 [M]. D = (I - A')^-1 i (Fally 2012; Antras and Chor 2018); with competitive
    flows an imported input has as many stages as the one made at home.

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> codes = ["ore", "car"]
    >>> table = iom.table(
    ...     pd.DataFrame([[0.0, 50.0], [0.0, 0.0]], codes, codes),
    ...     final_demand=pd.DataFrame({"home": [0.0, 80.0], "exports": [70.0, 20.0]}, codes),
    ...     imports=pd.Series([20.0, 0.0], codes))
    >>> iom.upstreamness(table).upstreamness.tolist()
    [2.0, 1.0]
    >>> iom.upstreamness(table, economy="closed").upstreamness.tolist()
    [1.5, 1.0]
    """
    if economy not in ("open", "closed"):
        raise AccountingError(f"economy {economy!r} is not known; use open or closed.")
    flows = table.flows
    refuse_meaningless_columns(flows, table.labels)
    size = _absorption(table) if economy == "open" else flows.output
    _must_be_used(table, size)
    shares = flows.intermediate / nonzero(size)[:, None]
    found = Factorised(shares).solve(np.ones(len(table)))
    return Upstreamness(
        labels=table.labels,
        economy=economy,
        upstreamness=found,
        downstreamness=flows.solver.solve_transposed(np.ones(len(table))),
        absorption=size,
        correction=flows.output / nonzero(size),
        balance=np.stack([found * size, size + flows.intermediate @ found]),
        provenance=(*table.meta.provenance, f"upstreamness(economy={economy})"),
    )


def _absorption(table: IOTable) -> Array:
    flows, finals = table.flows, table.final_labels
    if table.meta.import_treatment == "domestic":
        raise AccountingError(
            f"{table.meta.title!r} has domestic flows: what is imported of a product is not known. "
            'Give the competitive table, or economy="closed".'
        )
    outside = finals.in_group("exports")
    if not len(outside):
        raise AccountingError(
            f"no final demand column of {table.meta.title!r} has the role exports "
            f"({', '.join(finals.codes)}): name it with final_roles."
        )
    stored = finals.in_group("inventories")
    exports, stocks = (flows.final_demand[:, at].sum(axis=1) for at in (outside, stored))
    return np.asarray(flows.output - exports + flows.imports - stocks)


def _must_be_used(table: IOTable, size: Array) -> None:
    used = (table.flows.intermediate != 0).any(axis=1)
    lines = [
        f"{table.labels.shown[i]}: {figure(float(size[i]))}"
        for i in np.flatnonzero(used & ~(size > 0))
    ]
    if lines:
        raise AccountingError(
            f"{len(lines)} products are sold to sectors, but what is used of them at home (output "
            f"less exports, plus imports, less inventories) is not above zero:\n  {listed(lines)}\n"
            "Check exports and inventories of these rows, or merge them with iom.aggregate."
        )
