"""Backward and forward linkages of every sector, in all the conventions of the field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.kernels.linear import Array
from iomodel.kernels.linkages import allocation_inverse, pure, relative, variation
from iomodel.models.ghosh import supply_side
from iomodel.models.leontief import Leontief
from iomodel.results import Result, must_add_up

Forward = Literal["ghosh", "leontief"]
KEY, BACKWARD, FORWARD, WEAK = "key", "backward", "forward", "weak"
ABOVE_MEAN = 1.0 + 1e-12  # equal sectors are not told apart by rounding


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Linkages(Result):
    """Linkages by sector; every array has shape (n,).

    Attributes
    ----------
    labels : Labels
        The n sectors.
    direct_backward, direct_forward : ndarray
        Column sums of A and row sums of B.
    total_backward, total_forward : ndarray
        Column sums of L and row sums of G.
    total_forward_leontief : ndarray
        Row sums of L, the older forward linkage.
    cv_backward, cv_forward : ndarray
        Coefficients of variation of the columns and rows of L; NaN for a single sector.
    pure_backward, pure_forward : ndarray
        Pure linkages, in `unit`.
    upstreamness, downstreamness : ndarray
        Average distance to final demand, and from primary inputs, in stages.
    forward : {"ghosh", "leontief"}
        The forward linkage that decides the class.
    activity : ndarray, shape (4,)
        Output found twice: from demand and L, from L and x, from primary inputs and G, and x.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> iom.linkages(iom.leontief(china)).to_frame().loc["01001", ["name", "class"]].tolist()
    ['Agriculture', 'forward']
    """

    labels: Labels
    direct_backward: Array
    direct_forward: Array
    total_backward: Array
    total_forward: Array
    total_forward_leontief: Array
    cv_backward: Array
    cv_forward: Array
    pure_backward: Array
    pure_forward: Array
    upstreamness: Array
    downstreamness: Array
    forward: Forward
    activity: Array
    unit: str
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        total = np.full_like(self.activity, self.activity[-1])
        gap = must_add_up(self.activity, total, what="output from linkages")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What it is, and which forward linkage decides the class."""
        which = "row sums of G" if self.forward == "ghosh" else "row sums of L"
        unit = f"; pure linkages in {self.unit}" if self.unit else ""
        return f"Linkages by sector (class by column sums of L and {which}{unit})"

    @property
    def power_of_dispersion(self) -> Array:
        """Rasmussen's U_j: column sums of L over their mean."""
        return relative(self.total_backward)

    @property
    def sensitivity_of_dispersion(self) -> Array:
        """Rasmussen's U_i: row sums of L over their mean."""
        return relative(self.total_forward_leontief)

    @property
    def normalised_forward(self) -> Array:
        """Row sums of G over their mean."""
        return relative(self.total_forward)

    @property
    def classes(self) -> tuple[str, ...]:
        """Class of each sector: key, backward, forward or weak."""
        ghosh = self.forward == "ghosh"
        ahead = (self.normalised_forward if ghosh else self.sensitivity_of_dispersion) > ABOVE_MEAN
        back = self.power_of_dispersion > ABOVE_MEAN
        names = np.where(back, np.where(ahead, KEY, BACKWARD), np.where(ahead, FORWARD, WEAK))
        return tuple(map(str, names))

    @property
    def units(self) -> Mapping[str, str]:
        """Pure linkages in the unit of the table, distances in stages, all others ratios."""
        frame = self.to_frame().select_dtypes("number")
        money = dict.fromkeys(("pure_backward", "pure_forward", "pure_total"), self.unit)
        stages = dict.fromkeys(("upstreamness", "downstreamness"), "stages")
        return {**dict.fromkeys(map(str, frame.columns), "1"), **money, **stages}

    def to_frame(self) -> pd.DataFrame:
        """Return all measures by sector."""
        return pd.DataFrame(
            {
                "name": self.labels.named(),
                "class": self.classes,
                "direct_backward": self.direct_backward,
                "direct_forward": self.direct_forward,
                "total_backward": self.total_backward,
                "total_forward": self.total_forward,
                "total_forward_leontief": self.total_forward_leontief,
                "power_of_dispersion": self.power_of_dispersion,
                "sensitivity_of_dispersion": self.sensitivity_of_dispersion,
                "normalised_forward": self.normalised_forward,
                "cv_backward": self.cv_backward,
                "cv_forward": self.cv_forward,
                "pure_backward": self.pure_backward,
                "pure_forward": self.pure_forward,
                "pure_total": self.pure_backward + self.pure_forward,
                "upstreamness": self.upstreamness,
                "downstreamness": self.downstreamness,
            },
            index=self.labels.index,
        )

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return class and mean-1 indices of the sectors with the largest pure linkages."""
        columns = ["name", "class", "power_of_dispersion", "normalised_forward",
                   "sensitivity_of_dispersion", "pure_total"]  # fmt: skip
        order = np.argsort(-(self.pure_backward + self.pure_forward), kind="stable")[:top]
        return self.to_frame()[columns].iloc[order]

    def facts(self) -> list[tuple[str, object]]:
        """Return how many sectors are in each class."""
        return [(name, self.classes.count(name)) for name in (KEY, BACKWARD, FORWARD, WEAK)]

    def normalised(self) -> pd.DataFrame:
        """Return direct, total and pure linkages over their mean, so that the mean is 1."""
        frame = self.to_frame()
        kinds = ("direct_", "total_", "pure_")
        names = [name for name in map(str, frame) if name.startswith(kinds)]
        for name in names:
            frame[name] = relative(frame[name].to_numpy())
        return frame[["name", *names]]


def linkages(model: Leontief, *, forward: Forward = "ghosh") -> Linkages:
    """Return backward and forward linkages of every sector.

    Parameters
    ----------
    model : Leontief
        The open model. Of domestic flows: linkages with domestic suppliers and users. Of a
        competitive table taken as domestic: technical linkages, imports included.
    forward : {"ghosh", "leontief"}
        Forward linkage that decides the class: row sums of the Ghosh inverse, or row sums of
        the Leontief inverse (Rasmussen).

    Returns
    -------
    Linkages
        `to_frame()` has one row per sector; `normalised()` the measures with mean 1.

    Raises
    ------
    AccountingError
        If the model is closed with respect to households.
    NotProductiveError
        If a sector sells but has no output.

    Notes
    -----
    With A = Z diag(x)^-1, L = (I - A)^-1, B = diag(x)^-1 Z, G = (I - B)^-1 and i ones:

    - direct: i'A and B i (Chenery and Watanabe 1958); total: i'L and G i (Miller and Blair
      2009, section 12.2; Beyers 1976; Jones 1976), own final unit included;
    - power and sensitivity of dispersion: column and row sums of L over their mean; and
      coefficients of variation with n - 1 (Rasmussen 1956);
    - class: backward and forward above the mean, *key*; one of them, *backward* or *forward*;
      none, *weak*. Miller and Blair (2009), section 12.2, call them generally dependent,
      dependent on interindustry supply, dependent on interindustry demand, and generally
      independent;
    - pure linkages (Sonis, Guilhoto, Hewings and Martins 1995);
    - upstreamness G i (Antras, Chor, Fally and Hillberry 2012, *American Economic Review*
      102(3)), without their correction for open economies (`iomodel.analysis.upstreamness`),
      and downstreamness i'L (Antras and Chor 2018). They equal the total linkages: exports
      count as final demand.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], codes))
    >>> frame = iom.linkages(iom.leontief(table)).to_frame()
    >>> frame[["total_backward", "total_forward", "class"]].round(3).to_numpy().tolist()
    [[1.518, 1.914, 'key'], [1.452, 1.254, 'weak']]
    """
    if forward not in ("ghosh", "leontief"):
        raise ValueError(f'forward {forward!r} is not known: use "ghosh" or "leontief".')
    supply = supply_side(model)
    table, a = model.table, model.coefficients
    output = table.flows.output
    inverse = model.L.to_numpy()
    allocated = allocation_inverse(inverse, output)
    demand = output - a @ output
    primary = output * (1.0 - a.sum(axis=0))
    back, ahead = inverse.sum(axis=0), allocated.sum(axis=1)
    apart = pure(a, inverse, demand)
    return Linkages(
        labels=table.labels,
        direct_backward=a.sum(axis=0),
        direct_forward=supply.coefficients.sum(axis=1),
        total_backward=back,
        total_forward=ahead,
        total_forward_leontief=inverse.sum(axis=1),
        cv_backward=variation(inverse),
        cv_forward=variation(inverse.T),
        pure_backward=apart.backward,
        pure_forward=apart.forward,
        upstreamness=ahead,
        downstreamness=back,
        forward=forward,
        activity=np.array([back @ demand, primary @ ahead, output.sum()]),
        unit=table.meta.unit,
        provenance=(*table.meta.provenance, f"linkages(forward={forward})"),
    )
