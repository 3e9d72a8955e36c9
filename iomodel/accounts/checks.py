"""Findings on a table: what balances, what does not, what deserves a look."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.errors import ImbalanceWarning, NegativeFlowWarning, NotProductiveError, listed
from iomodel.kernels.linear import Array
from iomodel.results import Result, amount, figure

Severity = Literal["error", "warning", "note"]
EXACT = 1e-6
ROUNDING = 5e-3


class Finding(NamedTuple):
    """One finding: how severe, what was checked, where, how much, what to do."""

    severity: Severity
    check: str
    place: str
    code: str
    name: str
    value: float
    advice: str


@dataclass(frozen=True, eq=False, repr=False)
class Findings(Result):
    """All findings on one table.

    Attributes
    ----------
    items : tuple of Finding
    unit : str
        Unit of the values.
    residual : float
        Largest absolute imbalance of a row or column, in the unit.
    """

    table: str
    items: tuple[Finding, ...]
    unit: str
    row_gap: float
    column_gap: float
    provenance: Sequence[str] = ()

    @property
    def residual(self) -> float:  # type: ignore[override]
        """Largest absolute imbalance."""
        return max(self.row_gap, self.column_gap)

    @property
    def ok(self) -> bool:
        """True without errors and warnings."""
        return all(item.severity == "note" for item in self.items)

    @property
    def title(self) -> str:
        """What was checked."""
        return f"Findings on {self.table}"

    def facts(self) -> list[tuple[str, object]]:
        """Return counts and largest imbalances."""
        kinds: tuple[Severity, ...] = ("error", "warning", "note")
        counts = {kind: sum(item.severity == kind for item in self.items) for kind in kinds}
        return [
            ("findings", ", ".join(f"{count} {kind}s" for kind, count in counts.items())),
            ("largest row imbalance", amount(self.row_gap, self.unit)),
            ("largest column imbalance", amount(self.column_gap, self.unit)),
        ]

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of the table."""
        return {"value": self.unit}

    def to_frame(self) -> pd.DataFrame:
        """Return one row per finding."""
        columns = ["severity", "check", "place", "code", "name", "value", "advice"]
        return pd.DataFrame(list(self.items), columns=columns)


def refuse_meaningless_columns(flows: Flows, sectors: Labels) -> None:
    """Refuse sectors with inputs but no output, or less than none: they have no coefficients.

    Raises
    ------
    NotProductiveError
        Naming all of them.
    """
    kinds = {
        "buy inputs but have no output": flows.inputs_without_output,
        "have negative output": flows.output < 0,
    }
    for what, where in kinds.items():
        broken = np.flatnonzero(where)
        if len(broken):
            names = [f"{sectors.shown[i]} {sectors.named()[i]}" for i in broken]
            raise NotProductiveError(
                f"{len(broken)} sectors {what}:\n  {listed(names)}\n"
                "Check their output, or merge them with others."
            )


def warn_about(flows: Flows, sectors: Labels, *, unit: str, depth: int) -> None:
    """Warn about imbalances beyond a rounding and about negative flows.

    Parameters
    ----------
    flows, sectors, unit
        The table.
    depth : int
        How far up the caller to blame stands.
    """
    for gap, what in ((flows.row_residual, "rows"), (flows.column_residual, "columns")):
        how = "of output: sales or inputs less output"
        warn_of_gaps(gap, flows.output, sectors, what, how=how, unit=unit, depth=depth + 1)
    count = int((flows.intermediate < 0).sum())
    if count:
        warnings.warn(
            f"{count} intermediate flows are negative; see table.check().",
            NegativeFlowWarning,
            stacklevel=depth,
        )


def warn_of_gaps(
    gap: Array, size: Array, labels: Labels, what: str, *, how: str, unit: str, depth: int
) -> None:
    """Warn about gaps beyond a rounding of the size of their row or column.

    Parameters
    ----------
    gap, size : ndarray, shape (n,)
    labels : Labels
    what, how, unit : str
        What does not balance, how the gap is reckoned, and its unit.
    depth : int
        How far up the caller to blame stands.
    """
    bad = np.flatnonzero(np.abs(gap) > ROUNDING * np.maximum(np.abs(size), 1e-300))
    if len(bad):
        lines = [f"{labels.shown[i]}: {figure(float(gap[i]))}" for i in bad]
        warnings.warn(
            f"{len(bad)} {what} do not balance by more than {ROUNDING:.1%} "
            f"({how}, {unit or 'unit of the table'}):\n  {listed(lines, 10)}\n"
            "See table.check().",
            ImbalanceWarning,
            stacklevel=depth,
        )


def check_flows(
    flows: Flows, sectors: Labels, finals: Labels, primaries: Labels, *, title: str, unit: str
) -> Findings:
    """Check the figures of one table and return all findings.

    Parameters
    ----------
    flows : Flows
    sectors, finals, primaries : Labels
        Labels of the n sectors, k final demand columns and p primary input rows.
    title, unit : str
        What is checked, and the unit of its figures.
    """
    inner = np.array([group != "imports" for group in primaries.groups], dtype=bool)
    items = [
        *imbalances(flows.row_residual, flows.output, sectors, "row"),
        *imbalances(flows.column_residual, flows.output, sectors, "column"),
        *_negative(flows, sectors),
        *negative_value_added(flows.primary_inputs[inner].sum(axis=0), sectors),
        *_idle(flows, sectors),
        *_residual_columns(flows, finals),
    ]
    gaps = (flows.row_residual, flows.column_residual)
    return findings(items, gaps, title=title, unit=unit)


def findings(
    items: Iterable[Finding], gaps: tuple[Array, Array], *, title: str, unit: str
) -> Findings:
    """Sort findings by severity and add the largest imbalances of rows and columns."""
    order: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}
    row_gap, column_gap = (float(np.max(np.abs(gap), initial=0.0)) for gap in gaps)
    return Findings(
        table=title,
        items=tuple(sorted(items, key=lambda item: order[item.severity])),
        unit=unit,
        row_gap=row_gap,
        column_gap=column_gap,
    )


def imbalances(gap: Array, output: Array, sectors: Labels, place: str) -> Iterator[Finding]:
    """Give a finding for every gap beyond rounding errors of the computer."""
    scale = np.where(output == 0.0, float(np.max(np.abs(output), initial=0.0)) or 1.0, output)
    share = np.abs(gap / scale)
    for i in np.flatnonzero(share > EXACT):
        severity: Severity = "note" if share[i] <= ROUNDING else "warning"
        yield Finding(
            severity,
            f"{place} balance",
            place,
            sectors.shown[i],
            sectors.named()[i],
            float(gap[i]),
            f"{share[i]:.2%} of output; a rounding of the source, or a cell or column is missing",
        )


def _negative(flows: Flows, sectors: Labels) -> Iterator[Finding]:
    names = sectors.named()
    for i, j in np.argwhere(flows.intermediate < 0):
        yield Finding(
            "warning",
            "negative flow",
            "intermediate",
            f"{sectors.shown[i]} > {sectors.shown[j]}",
            f"{names[i]} > {names[j]}",
            float(flows.intermediate[i, j]),
            "by-products entered negatively? multipliers can come out below one",
        )
    for i in np.flatnonzero(flows.output < 0):
        yield Finding(
            "error",
            "negative output",
            "output",
            sectors.shown[i],
            names[i],
            float(flows.output[i]),
            "coefficients of this sector have no meaning",
        )


def negative_value_added(added: Array, sectors: Labels) -> Iterator[Finding]:
    """Give a finding for every sector whose inputs cost more than its output."""
    for i in np.flatnonzero(added < 0):
        yield Finding(
            "note",
            "negative value added",
            "primary inputs",
            sectors.shown[i],
            sectors.named()[i],
            float(added[i]),
            "inputs cost more than the output; as published?",
        )


def _idle(flows: Flows, sectors: Labels) -> Iterator[Finding]:
    names = sectors.named()
    for i in np.flatnonzero(flows.inputs_without_output):
        yield Finding(
            "error",
            "inputs but no output",
            "column",
            sectors.shown[i],
            names[i],
            float(flows.intermediate[:, i].sum()),
            "check the output, or merge the sector with another",
        )
    for i in np.flatnonzero(flows.idle):
        yield Finding(
            "warning",
            "idle sector",
            "row and column",
            sectors.shown[i],
            names[i],
            0.0,
            'no output, inputs or sales; models refuse it unless idle="keep"',
        )


def _residual_columns(flows: Flows, finals: Labels) -> Iterator[Finding]:
    for k in finals.in_group("residual"):
        yield Finding(
            "note",
            "residual column",
            "final demand",
            finals.codes[k],
            finals.named()[k],
            float(np.abs(flows.final_demand[:, k]).sum()),
            "sum of absolute values; a statistical discrepancy, not a use",
        )
