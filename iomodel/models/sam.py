"""Accounting multipliers of a social accounting matrix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import Meta, Step
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, NotProductiveError, listed
from iomodel.kernels.linear import Array, spectral_radius
from iomodel.kernels.rounds import decompose
from iomodel.models.leontief import Leontief
from iomodel.results import Result, figure, must_add_up

TOLERANCE = 1e-6
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class SAM(Leontief):
    """A social accounting matrix with its endogenous accounts as a model.

    Its table holds endogenous accounts as sectors, exogenous columns as final demand
    (injections) and exogenous rows as primary inputs (leakages).

    Attributes
    ----------
    blocks : mapping of str to tuple of str
        Endogenous accounts by block; one block if none were named.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["farms", "homes", "state"]
    >>> paid = pd.DataFrame([[0.0, 8, 2], [6, 0, 4], [4, 2, 0]], codes, codes)
    >>> iom.sam(paid, endogenous=["farms", "homes"]).M.round(3).loc["farms"].to_dict()
    {'farms': 1.923, 'homes': 1.538}
    """

    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """``SAM``."""
        return "SAM"

    @property
    def M(self) -> pd.DataFrame:
        """Accounting multipliers (I - A)^-1 of the endogenous accounts, the same as `L`."""
        return self.L

    def describe(self) -> pd.Series:
        """Return what is endogenous, in which blocks, and the spectral radius."""
        facts = super().describe()
        facts["model"] = "Social accounting matrix, accounting multipliers"
        facts["exogenous accounts"] = ", ".join(self.table.primary_labels.codes) or "none"
        for name, codes in self.blocks.items():
            facts[f"block {name}"] = ", ".join(codes)
        return facts.rename({"sectors": "endogenous accounts"}).drop("imports")

    def decompose(self) -> "Rounds":
        """Split the multipliers into transfer, open-loop and closed-loop effects.

        Returns
        -------
        Rounds
            M1, M2, M3 and the additive parts of Stone, which add up to M.

        Raises
        ------
        AccountingError
            If there are fewer than two blocks.
        """
        if len(self.blocks) < 2:
            raise AccountingError(
                "rounds between blocks need two blocks or more: "
                'iom.sam(matrix, endogenous={"production": [...], "households": [...]}).'
            )
        places = [self.labels.in_group(name) for name in self.blocks]
        rounds = decompose(self.coefficients, places)
        first = rounds.transfer
        second = rounds.open_loop @ first
        return Rounds(
            labels=self.labels,
            blocks=tuple(self.blocks),
            factors=(first, rounds.open_loop, rounds.closed_loop),
            transfer=first - np.eye(len(first)),
            open_loop=second - first,
            closed_loop=rounds.closed_loop @ second - second,
            total=self._inverse,
            provenance=self.table.meta.provenance,
        )


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Rounds(Result):
    """Accounting multipliers in parts: M = I + transfer + open loop + closed loop.

    Attributes
    ----------
    labels : Labels
        The n endogenous accounts; their groups are the blocks.
    blocks : tuple of str
        Names of the blocks.
    factors : tuple of three ndarray, shape (n, n)
        M1, M2, M3 with M = M3 M2 M1, Pyatt and Round (1979).
    transfer, open_loop, closed_loop : ndarray, shape (n, n)
        M1 - I, (M2 - I) M1 and (M3 - I) M2 M1, Stone (1985).
    total : ndarray, shape (n, n)
        M, solved for directly.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["farms", "homes", "state"]
    >>> paid = pd.DataFrame([[0.0, 8, 2], [6, 0, 4], [4, 2, 0]], codes, codes)
    >>> model = iom.sam(paid, endogenous={"making": ["farms"], "living": ["homes"]})
    >>> model.decompose().to_frame().loc[("homes", "farms")].round(3).to_dict()
    {'initial': 0.0, 'transfer': 0.0, 'open_loop': 0.6, 'closed_loop': 0.554, 'total': 1.154}
    """

    labels: Labels
    blocks: tuple[str, ...]
    factors: tuple[Array, Array, Array]
    transfer: Array
    open_loop: Array
    closed_loop: Array
    total: Array
    provenance: tuple[str, ...]
    residual: float = 0.0

    def __post_init__(self) -> None:
        parts = np.eye(len(self.labels)) + self.transfer + self.open_loop + self.closed_loop
        gap = must_add_up(parts, self.total, what="accounting multipliers")
        object.__setattr__(self, "residual", gap)

    @property
    def title(self) -> str:
        """What is split, by which blocks."""
        return f"Accounting multipliers by rounds between {', '.join(self.blocks)}"

    @property
    def M1(self) -> pd.DataFrame:
        """Transfer effects inside blocks, (n, n)."""
        return self.labels.square(self.factors[0])

    @property
    def M2(self) -> pd.DataFrame:
        """Open-loop effects from block to block, (n, n)."""
        return self.labels.square(self.factors[1])

    @property
    def M3(self) -> pd.DataFrame:
        """Closed-loop effects, round and round, (n, n)."""
        return self.labels.square(self.factors[2])

    @property
    def units(self) -> Mapping[str, str]:
        """Income received for one unit injected."""
        return dict.fromkeys(("initial", "transfer", "open_loop", "closed_loop", "total"), "1")

    def to_frame(self) -> pd.DataFrame:
        """Return the parts by account that receives and account into which money is injected."""
        index = pd.MultiIndex.from_product(
            [self.labels.codes, self.labels.codes], names=["receives", "injected"]
        )
        parts = {
            "initial": np.eye(len(self.labels)),
            "transfer": self.transfer,
            "open_loop": self.open_loop,
            "closed_loop": self.closed_loop,
            "total": self.total,
        }
        return pd.DataFrame({key: part.ravel() for key, part in parts.items()}, index=index)


def sam(
    matrix: pd.DataFrame,
    *,
    endogenous: Sequence[str] | Mapping[str, Sequence[str]],
    satellites: Mapping[str, pd.Series] | None = None,
    unit: str = "",
    currency: str = "",
    year: int | None = None,
    title: str = "Social accounting matrix",
    tolerance: float = TOLERANCE,
) -> SAM:
    """Make the multiplier model of a social accounting matrix.

    Parameters
    ----------
    matrix : DataFrame, square
        Receipts in rows, payments in columns; the same accounts on both sides.
    endogenous : sequence of str, or mapping of block to sequence of str
        Accounts that react: activities, factors, households. All others are exogenous. A
        mapping names blocks, which `decompose` needs.
    satellites : mapping of str to Series, optional
        Levels by account (employment by activity); accounts that are absent have none.
    unit, currency, year, title
        Facts of the matrix, kept in ``table.meta``.
    tolerance : float
        Largest difference between receipts and payments of an account, relative to the
        larger of them.

    Returns
    -------
    SAM
        `A`, `M`, `solve`, `decompose`; `multipliers` takes it as any model.

    Raises
    ------
    LabelError
        If rows and columns differ, or endogenous accounts are unknown or named twice.
    AccountingError
        If a cell is not a finite number, or an account does not balance.
    NotProductiveError
        If an endogenous account has payments but no receipts, or nothing leaks out.

    Notes
    -----
    x = A x + f with A the average expenditure propensities (payments over the total of the
    column) and f the injections: x = M f. Pyatt and Round (1979), Economic Journal 89,
    pages 850-873; Miller and Blair (2009), chapter 11.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> accounts = ["farms", "shops", "labour", "households", "others"]
    >>> flows = [
    ...     [10, 20, 0, 40, 30],
    ...     [30, 10, 0, 80, 30],
    ...     [40, 60, 0, 0, 0],
    ...     [0, 0, 100, 0, 50],
    ...     [20, 60, 0, 30, 0],
    ... ]
    >>> model = iom.sam(
    ...     pd.DataFrame(flows, accounts, accounts),
    ...     endogenous={
    ...         "production": ["farms", "shops"],
    ...         "factors": ["labour"],
    ...         "institutions": ["households"],
    ...     },
    ... )
    >>> model.M.round(3).loc["households"].tolist()
    [1.101, 0.923, 1.786, 1.786]
    >>> model.decompose().to_frame().loc[("households", "farms")].round(3).to_dict()
    {'initial': 0.0, 'transfer': 0.0, 'open_loop': 0.617, 'closed_loop': 0.485, 'total': 1.101}
    """
    figures = _square(matrix)
    codes = [str(code) for code in matrix.index]
    blocks = _blocks(endogenous, codes)
    inside = [codes.index(code) for part in blocks.values() for code in part]
    outside = [k for k in range(len(codes)) if k not in inside]
    _balanced(figures, codes, tolerance)
    names = tuple(codes[k] for k in outside)
    labels = Labels(
        codes=tuple(codes[k] for k in inside),
        groups=tuple(name for name, part in blocks.items() for _ in part),
    )
    table = IOTable(
        labels=labels,
        final_labels=Labels(codes=names),
        primary_labels=Labels(codes=names),
        flows=Flows(
            intermediate=figures[np.ix_(inside, inside)],
            final_demand=figures[np.ix_(inside, outside)],
            primary_inputs=figures[np.ix_(outside, inside)],
            output=figures.sum(axis=0)[inside],
            imports=np.zeros(len(inside)),
            final_primary=figures[np.ix_(outside, outside)],
        ),
        satellites=_satellites(satellites, labels, year),
        meta=Meta(
            title=title,
            unit=unit,
            currency=currency,
            year=year,
            price_year=year,
            steps=(Step(verb="sam", arguments=f"{len(inside)} of {len(codes)} endogenous"),),
        ),
    )
    model = SAM(table, table.flows.coefficients, blocks=MappingProxyType(blocks))
    _productive(model)
    return model


def _square(matrix: pd.DataFrame) -> Array:
    """Return the cells; the same unique accounts in rows and columns, in one order."""
    if not isinstance(matrix, pd.DataFrame) or isinstance(matrix.index, pd.MultiIndex):
        raise LabelError("a social accounting matrix is a DataFrame with one level of accounts.")
    rows, columns = [[str(key) for key in axis] for axis in (matrix.index, matrix.columns)]
    twice = sorted({key for key in rows if rows.count(key) > 1})
    if twice or sorted(rows) != sorted(columns):
        differ = sorted(set(rows) ^ set(columns))
        raise LabelError(
            f"rows and columns must be the same accounts; on one side only: {listed(differ)}; "
            f"more than once: {listed(twice)}."
        )
    try:
        figures = matrix.iloc[:, [columns.index(key) for key in rows]].to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise AccountingError(f"cells of the matrix are not numbers: {error}.") from error
    bad = np.argwhere(~np.isfinite(figures))
    if len(bad):
        places = listed(f"{rows[i]}, {rows[j]}" for i, j in bad)
        raise AccountingError(f"{len(bad)} cells are not finite numbers:\n  {places}")
    return figures


def _blocks(
    endogenous: Sequence[str] | Mapping[str, Sequence[str]], codes: list[str]
) -> dict[str, tuple[str, ...]]:
    named = endogenous if isinstance(endogenous, Mapping) else {"endogenous": endogenous}
    if any(isinstance(part, str) for part in named.values()):
        raise LabelError("endogenous accounts must be lists of codes.")
    blocks = {str(name): tuple(map(str, part)) for name, part in named.items()}
    chosen = [code for part in blocks.values() for code in part]
    unknown = [code for code in chosen if code not in codes]
    twice = sorted({code for code in chosen if chosen.count(code) > 1})
    if unknown or twice or not chosen or not all(blocks.values()):
        raise LabelError(
            f"endogenous accounts: unknown {unknown or 'none'}, more than once {twice or 'none'}, "
            f"{len(chosen)} chosen. Accounts: {', '.join(codes)}."
        )
    return blocks


def _balanced(figures: Array, codes: list[str], tolerance: float) -> None:
    receipts, payments = figures.sum(axis=1), figures.sum(axis=0)
    scale = np.maximum(np.abs(receipts), np.abs(payments))
    bad = np.flatnonzero(np.abs(receipts - payments) > tolerance * scale)
    if len(bad):
        lines = listed(
            f"{codes[i]}: receives {figure(receipts[i])}, pays {figure(payments[i])}" for i in bad
        )
        raise AccountingError(
            f"{len(bad)} accounts do not balance:\n  {lines}\nCorrect them, or give a larger "
            f"tolerance than {tolerance:g} if this is rounding."
        )


def _satellites(
    parts: Mapping[str, pd.Series] | None, labels: Labels, year: int | None
) -> dict[str, Satellite]:
    found = {}
    for name, part in (parts or {}).items():
        values = np.zeros((1, len(labels)))
        values[0, labels.positions(part.index)] = part.to_numpy(dtype=np.float64)
        found[name] = Satellite(name=name, rows=Labels(codes=(name,)), values=values, year=year)
    return found


def _productive(model: SAM) -> None:
    """Refuse accounts without receipts, and a system from which nothing leaks."""
    empty = np.flatnonzero(model.table.flows.output == 0.0)
    if len(empty):
        codes = [model.labels.codes[i] for i in empty]
        raise NotProductiveError(f"accounts without payments: {listed(codes)}. Leave them out.")
    radius = spectral_radius(model.coefficients)
    if not radius < 1.0 - ROUNDING:
        kept = np.flatnonzero(model.coefficients.sum(axis=0) >= 1.0 - ROUNDING)
        codes = [model.labels.codes[i] for i in kept]
        raise NotProductiveError(
            f"rounds of payments never end: spectral radius {radius:.6f}, must be below 1. "
            f"Accounts from which nothing leaks: {listed(codes) or 'none'}. Make some account "
            "exogenous (government, saving, rest of the world)."
        )
