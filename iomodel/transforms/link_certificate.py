"""What a linked table certifies: trade between regions, what was linked and what was not."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from iomodel.kernels.linear import Array
from iomodel.results import Result, amount, must_add_up

ARRAYS = ("trade", "outflow", "inflow", "unlinked_outflow", "unlinked_inflow", "reexports")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Linking(Result):
    """Trade between the regions of a linked table, and what stayed unlinked.

    Attributes
    ----------
    method : str
        ``given``, ``gravity`` or ``pool``.
    regions, sectors : tuple of str
        R regions and n sectors.
    trade : ndarray, shape (n, R, R)
        Product by region of origin and of destination; the diagonal is what a region takes
        from its own output.
    outflow, inflow : ndarray, shape (n, R)
        Sent and received as the tables state them.
    unlinked_outflow, unlinked_inflow : ndarray, shape (n, R)
        The part that no region of the table takes or sends: it stays with the region as
        sales and purchases outside.
    reexports : ndarray, shape (n, R)
        Products made elsewhere that a region sells outside.

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> def region(own, away, brought, output):
    ...     return iom.table(pd.DataFrame([[own]], ["a"], ["a"]), output=pd.Series({"a": output}),
    ...         final_demand=pd.DataFrame({"home": [50.0], "exports": [away]}, ["a"]),
    ...         imports=pd.Series({"a": brought}))
    >>> both = iom.link({"N": region(30.0, 40.0, 20.0, 100.0), "S": region(40.0, 20.0, 40.0, 70.0)})
    >>> both.certificate.to_frame()[["origin", "destination", "flow"]].to_numpy().tolist()
    [['N', 'S', 40.0], ['S', 'N', 20.0]]
    """

    method: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    trade: Array
    outflow: Array
    inflow: Array
    unlinked_outflow: Array
    unlinked_inflow: Array
    reexports: Array
    unit: str
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        for name in ARRAYS:
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        away = self.between
        net = away.sum(axis=2) + self.unlinked_outflow - away.sum(axis=1) - self.unlinked_inflow
        size = np.maximum(self.outflow, self.inflow).max(initial=0.0)
        gap = must_add_up(
            np.append(net, size), np.append(self.outflow - self.inflow, size),
            what="net trade of regions", tolerance=1e-8,
        )  # fmt: skip
        object.__setattr__(self, "residual", gap)

    @property
    def between(self) -> Array:
        """Trade between different regions, (n, R, R), with a diagonal of zero."""
        return np.asarray(self.trade * (1.0 - np.eye(len(self.regions))))

    @property
    def title(self) -> str:
        """What was linked, and how."""
        how = "given flows" if self.method == "given" else f"flows estimated by {self.method}"
        return f"{len(self.regions)} regions linked by {how} ({self.unit or 'unit of the tables'})"

    @property
    def flows(self) -> pd.DataFrame:
        """Trade as a frame that `link` takes: rows (origin, sector), columns destination."""
        rows = pd.MultiIndex.from_product([self.regions, self.sectors], names=["origin", "sector"])
        cells = self.trade.transpose(1, 0, 2).reshape(-1, len(self.regions))
        return pd.DataFrame(cells.copy(), rows, pd.Index(self.regions, name="destination"))

    @property
    def coefficients(self) -> pd.DataFrame:
        """Trade over all that a region receives and makes for itself: Chenery and Moses."""
        total = self.trade.sum(axis=1, keepdims=True)
        share = np.divide(self.trade, total, out=np.zeros_like(self.trade), where=total > 0)
        frame = self.flows
        frame[:] = share.transpose(1, 0, 2).reshape(frame.shape)
        return frame

    def facts(self) -> list[tuple[str, object]]:
        """Return sums of what was linked and what was not."""
        linked = float(self.between.sum())

        def part(rest: Array) -> str:
            size = float(rest.sum())
            return f"{amount(size, self.unit)} ({size / (linked + size or 1.0):.2%})"

        return [
            ("linked", amount(linked, self.unit)),
            ("outflows that stay outside", part(self.unlinked_outflow)),
            ("inflows that stay outside", part(self.unlinked_inflow)),
            ("products of elsewhere sold outside", amount(float(self.reexports.sum()), self.unit)),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """Flows in the unit of the tables, shares of the use of the destination."""
        return {"flow": self.unit, "share": "1"}

    def to_frame(self) -> pd.DataFrame:
        """Return flows between different regions with their share of the use, largest first."""
        share = self.coefficients.to_numpy()
        flows = self.flows
        i, s = np.nonzero(flows.to_numpy() > 0)
        origin, sector = (flows.index.get_level_values(k)[i] for k in (0, 1))
        parts = {"origin": origin, "sector": sector, "destination": flows.columns[s],
                 "flow": flows.to_numpy()[i, s], "share": share[i, s]}  # fmt: skip
        frame = pd.DataFrame(parts)
        away: pd.DataFrame = frame[frame["origin"] != frame["destination"]]
        return away.sort_values("flow", ascending=False, ignore_index=True)
