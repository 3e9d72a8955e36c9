"""Hypothetical extraction: what the economy loses without a sector, a group or a region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from iomodel.accounts.labels import Labels
from iomodel.analysis.multipliers import multipliers
from iomodel.errors import LabelError, listed
from iomodel.kernels.extraction import Kind, extracted
from iomodel.kernels.linear import Array, Positions
from iomodel.kernels.linkages import ratio
from iomodel.models.ghosh import refuse_closed, supply_side
from iomodel.models.leontief import Leontief
from iomodel.results import Result, must_add_up

Groups = Mapping[str, Sequence[object]] | Literal["region", "section"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Extraction(Result):
    """Losses when each of g groups of sectors is extracted, one at a time.

    Attributes
    ----------
    kind : str
        What is cut.
    labels : Labels
        The n sectors.
    groups : Labels
        What is extracted: the sectors, or the g groups.
    members : tuple of ndarray of int
        Positions of the sectors of each group.
    losses : ndarray, shape (n, g)
        Output lost in the row sector when the column group is extracted, in `unit`.
    output : ndarray, shape (n,)
        Output before.
    total : ndarray, shape (g,)
        Output lost in all, found from multipliers.
    accounts : dict of str to ndarray, shape (n,)
        Level per unit of output of value added, employment, ...; rows of one account apart.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.domestic(iom.read(iom.example("china-2020")))
    >>> found = iom.extraction(iom.leontief(china))
    >>> found.to_frame().columns[:4].tolist()
    ['name', 'output', 'loss', 'own']
    """

    kind: Kind
    labels: Labels
    groups: Labels
    members: tuple[Positions, ...] = field(repr=False)
    losses: Array
    output: Array
    total: Array
    accounts: Mapping[str, Array]
    unit: str
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        # All output stands beside the losses, as a loss may be nothing but rounding.
        output = np.abs(self.output).sum()
        gap = must_add_up(
            np.append(self.own + self.elsewhere, output),
            np.append(self.total, output),
            what="output lost in the group and elsewhere",
        )
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What is extracted, and how."""
        unit = f" ({self.unit})" if self.unit else ""
        return f"Output lost by hypothetical extraction, {self.kind}{unit}"

    @property
    def own(self) -> Array:
        """Output lost in the extracted group itself, (g,)."""
        return np.array([self.losses[m, j].sum() for j, m in enumerate(self.members)])

    @property
    def elsewhere(self) -> Array:
        """Output lost in the sectors outside the group, (g,)."""
        inside = np.zeros(self.losses.shape, dtype=bool)
        for place, spots in enumerate(self.members):
            inside[spots, place] = True
        return np.asarray(np.where(inside, 0.0, self.losses).sum(axis=0))

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of the table, shares, and the unit of each account."""
        money = dict.fromkeys(("output", "loss", "own", "elsewhere"), self.unit)
        lost = {f"loss_of_{name}": f"unit of {name}" for name in self.accounts}
        return {**money, "share": "1", "per_output": "1", **lost}

    def to_frame(self) -> pd.DataFrame:
        """Return by group: output, loss in all, inside and elsewhere, as a share, by account.

        Returns
        -------
        DataFrame
            ``output`` of the group, ``loss`` of all output, ``own`` and ``elsewhere``, ``share``
            of total output, ``per_output`` of the group (NaN where it has none), and for each
            account ``loss_of_`` with its name.
        """
        own_output = np.array([self.output[spots].sum() for spots in self.members])
        frame = pd.DataFrame(
            {
                "name": self.groups.named(),
                "output": own_output,
                "loss": self.total,
                "own": self.own,
                "elsewhere": self.elsewhere,
                "share": ratio(self.total, np.full_like(self.total, self.output.sum())),
                "per_output": ratio(self.total, own_output),
            },
            index=self.groups.index,
        )
        for name, intensity in self.accounts.items():
            frame[f"loss_of_{name}"] = intensity @ self.losses
        return frame

    def by_sector(self) -> pd.DataFrame:
        """Return output lost by sector (rows) and extracted group (columns)."""
        return pd.DataFrame(np.array(self.losses), self.labels.index, self.groups.index)

    def summary(self, top: int = 10) -> pd.DataFrame:
        """Return the groups with the largest loss."""
        order = np.argsort(-self.total, kind="stable")[:top]
        return self.to_frame().iloc[order]


def extraction(
    model: Leontief,
    *,
    kind: Kind = "complete",
    groups: Groups | None = None,
    of: Sequence[str] | None = None,
) -> Extraction:
    """Return what is lost when sectors, groups of sectors or regions are extracted.

    Parameters
    ----------
    model : Leontief
        The open model. What is extracted is replaced by imports.
    kind : {"complete", "isolated", "backward", "sales", "forward"}
        What is cut for the group g:

        - ``complete``: all of it, purchases, sales, own use and its final demand (Miller and
          Lahr 2001);
        - ``isolated``: purchases from and sales to the others; own use and final demand stay
          (Cella 1984; for a region Dietzenbacher, van der Linden and Steenge 1993);
        - ``backward``: its purchases, columns of A; final demand stays (Dietzenbacher and van
          der Linden 1997);
        - ``sales``: its sales to all sectors, rows of A; final demand stays;
        - ``forward``: its sales, rows of B in the Ghosh model; primary inputs stay
          (Dietzenbacher and van der Linden 1997).
    groups : mapping of name to sectors, "region" or "section", optional
        What is extracted together; every sector by itself if absent.
    of : sequence of str, optional
        Accounts whose loss is counted as well, as in `multipliers`. If absent: value added,
        and employment where the table has it.

    Returns
    -------
    Extraction
        `to_frame()` by group, `by_sector()` as a matrix.

    Raises
    ------
    LabelError
        For unknown, repeated or missing sectors of a group, or unknown accounts.
    AccountingError
        If the model is closed with respect to households.
    NotProductiveError
        For ``forward``, if a sector sells but has no output.

    Notes
    -----
    Closed forms by low-rank updates of one inverse: for a complete extraction of sector j the
    loss of sector i is l_ij x_j / l_jj. Final demand is f = x - A x. If A and f (for
    ``forward``, primary inputs) are not negative, no sector loses more than its output.
    Miller and Blair (2009), section 12.2.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["1", "2"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], codes))
    >>> lost = iom.extraction(iom.leontief(table))
    >>> lost.by_sector().round(1).to_numpy().tolist()
    [[1000.0, 588.2], [210.5, 2000.0]]
    """
    if kind not in get_args(Kind):
        raise ValueError(f"kind {kind!r} is not known: use {', '.join(get_args(Kind))}.")
    refuse_closed(model, "extraction")
    if kind == "forward":
        supply_side(model)
    table = model.table
    names, members = _groups(table.labels, groups)
    losses, total = extracted(model.solver, model.coefficients, table.flows.output, members, kind)
    return Extraction(
        kind=kind,
        labels=table.labels,
        groups=names,
        members=members,
        losses=losses,
        output=table.flows.output,
        total=total,
        accounts=_accounts(model, of),
        unit=table.meta.unit,
        provenance=(*table.meta.provenance, f"extraction({kind})"),
    )


def _groups(labels: Labels, groups: Groups | None) -> tuple[Labels, tuple[Positions, ...]]:
    """Name the groups and find their members."""
    if groups is None:
        return labels, tuple(np.array([spot], dtype=np.intp) for spot in range(len(labels)))
    if isinstance(groups, str):
        known = {"region": labels.regions, "section": labels.groups}
        if groups not in known:
            raise LabelError(f'groups {groups!r} are not known: use "region", "section" or names.')
        if not all(known[groups]):
            lacking = [
                code for code, key in zip(labels.shown, known[groups], strict=True) if not key
            ]
            raise LabelError(f"{len(lacking)} sectors have no {groups}:\n  {listed(lacking, 10)}")
        found = {
            name: np.flatnonzero([key == name for key in known[groups]])
            for name in dict.fromkeys(known[groups])
        }
    else:
        found = {str(name): labels.positions(keys) for name, keys in groups.items()}
    wrong = [
        f"{name}: {'no sector' if not len(spots) else 'a sector more than once'}"
        for name, spots in found.items()
        if len(spots) != len(set(spots.tolist())) or not len(spots)
    ]
    if wrong or not found:
        raise LabelError(f"groups to extract cannot be used:\n  {listed(wrong) or 'none is given'}")
    return Labels(codes=tuple(found)), tuple(found.values())


def _accounts(model: Leontief, of: Sequence[str] | None) -> dict[str, Array]:
    """Levels per unit of output, by account; rows of one account are named apart."""
    there = ["employment"] if "employment" in model.table.satellites else []
    wanted = ["value_added", *there] if of is None else [of] if isinstance(of, str) else list(of)
    found = {}
    for name in wanted:
        account = multipliers(model, of=name)
        codes = account.rows.codes
        for code, row in zip(codes, account.direct, strict=True):
            found[name if len(codes) == 1 else f"{name}_{code}"] = row
    return found
