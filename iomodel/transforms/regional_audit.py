"""What a regional table assumes and leaves over."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.errors import NegativeFlowWarning, listed
from iomodel.kernels.linear import Array
from iomodel.results import Result, figure, must_add_up

FREE = 1e-9


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Regionalisation(Result):
    """What a regional table assumes and leaves over, by sector.

    Attributes
    ----------
    region, method : str
    size, factor : float
        Region over nation, and the factor lambda of FLQ (1 for other methods).
    labels : Labels
    quotients : ndarray, shape (n,)
        Simple location quotients; NaN for a method without quotients.
    output, needed, inside : ndarray, shape (n,)
        Output; purchases of each product by producers of the region; the part bought inside.
    left : ndarray, shape (n,)
        Sales left for final demand and other regions, by residual.
    floor : ndarray, shape (n,)
        The same of the nation where it is below zero (stocks were drawn down), in proportion
        to output; zero elsewhere. Below it the method lets the region buy more than it makes.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> small = iom.regionalise(china, output=china.output * 0.05, method="SLQ")
    >>> small.certificate.to_frame()["share"].max().item()
    1.0
    """

    region: str
    method: str
    size: float
    factor: float
    labels: Labels
    quotients: Array
    output: Array
    needed: Array
    inside: Array
    left: Array
    floor: Array
    unit: str
    provenance: tuple[str, ...] = ()
    residual: float = 0.0

    def __post_init__(self) -> None:
        gap = must_add_up(self.inside + self.left, self.output, what="sales of the region")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """Region and method."""
        return f"{self.region} by {self.method} ({self.unit or 'unit of the table'})"

    @property
    def share(self) -> float:
        """Share of intermediate purchases made inside the region; NaN where nothing is bought."""
        total = float(self.needed.sum())
        return float(self.inside.sum()) / total if total else float("nan")

    @property
    def oversold(self) -> tuple[str, ...]:
        """Sectors whose output does not cover what producers of the region buy from them."""
        below = self.left < self.floor - FREE * np.maximum(self.output, self.inside)
        return tuple(np.array(self.labels.codes)[below])

    def facts(self) -> list[tuple[str, object]]:
        """Return size, mean share, idle and oversold sectors."""
        idle = np.array(self.labels.codes)[self.output == 0]
        share = "nothing is bought" if np.isnan(self.share) else f"{self.share:.2%}"
        return [
            ("size of the region", f"{self.size:.4%} of the nation"),
            ("factor lambda", f"{self.factor:.5f}"),
            ("intermediate purchases inside the region", share),
            ("sectors without output", ", ".join(idle) or "none"),
            ("sectors that sell more than they make", ", ".join(self.oversold) or "none"),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of the table; quotients and shares are ratios."""
        money = dict.fromkeys(("output", "purchases", "inside", "left"), self.unit)
        return {**money, "quotient": "1", "share": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return quotient, output, purchases and own share by sector."""
        share = np.full_like(self.needed, np.nan)
        np.divide(self.inside, self.needed, out=share, where=self.needed != 0)
        frame = self.labels.describe()
        frame["quotient"], frame["output"] = self.quotients, self.output
        frame["purchases"], frame["inside"], frame["share"] = self.needed, self.inside, share
        frame["left"] = self.left
        return frame


def warn_oversold(audit: Regionalisation) -> None:
    """Warn of sectors that sell more than they make."""
    if audit.oversold:
        where = np.isin(audit.labels.codes, audit.oversold)
        lines = [f"{code}: {figure(value)}" for code, value in
                 zip(audit.oversold, audit.left[where].tolist(), strict=True)]  # fmt: skip
        warnings.warn(
            f"{audit.region} by {audit.method}: producers would buy more than the region makes of "
            f"{len(lines)} products (sales left over, {audit.unit or 'unit of the table'}):\n  "
            f"{listed(lines, 10)}\nSee table.certificate.",
            NegativeFlowWarning,
            stacklevel=4,
        )
