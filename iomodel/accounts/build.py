"""Build a table from pandas objects, aligned by label."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from iomodel.accounts.alignment import (
    FINAL_ROLES,
    PRIMARY_ROLES,
    FrameLike,
    Key,
    aligned,
    columns,
    crossed,
    numbers,
    role_labels,
    rows,
    satellites_of,
    sector_labels,
    vector,
)
from iomodel.accounts.checks import warn_about
from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import ImportTreatment, Meta, Step
from iomodel.accounts.satellite import Satellite
from iomodel.accounts.table import IOTable
from iomodel.errors import LabelError


def table(  # noqa: PLR0913 - the blocks and facts of a table are many, all keyword-only
    intermediate: pd.DataFrame,
    *,
    final_demand: FrameLike | None = None,
    output: pd.Series | None = None,
    primary_inputs: FrameLike | None = None,
    imports: pd.Series | None = None,
    final_primary: pd.DataFrame | None = None,
    satellites: FrameLike | Mapping[str, FrameLike | Satellite] | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
    sections: Sequence[str] | None = None,
    final_roles: Mapping[str, str] | None = None,
    primary_roles: Mapping[str, str] | None = None,
    unit: str = "",
    unit_value: float | None = None,
    currency: str = "",
    year: int | None = None,
    price_year: int | None = None,
    title: str = "Input-output table",
    publisher: str = "",
    valuation: str = "",
    import_treatment: ImportTreatment | None = None,
    kind: str = "",
) -> IOTable:
    """Build an input-output table from pandas objects, aligned by label.

    Parameters
    ----------
    intermediate : DataFrame, n x n
        Flows Z; the same labels on both sides (a (region, code) MultiIndex for several
        regions). All other parts are brought into its order.
    final_demand : DataFrame (n x k) or Series (n), optional
        Sales to final demand. If absent: output less intermediate sales, as one column.
    output : Series, n, optional
        Total output x. If absent: intermediate plus final sales less imports.
    primary_inputs : DataFrame (p x n) or Series (n), optional
        Rows of primary inputs. If absent: one row ``value_added``, output less
        intermediate inputs.
    imports : Series, n, optional
        Imports by product, positive, deducted at the end of the row: the table is then
        competitive.
    final_primary : DataFrame, p x k, optional
        Primary inputs that final demand buys directly: imported consumption goods, taxes on
        consumption, domestic staff of households. Rows and columns are labels of
        `primary_inputs` and `final_demand`; those that are absent are zero.
    satellites : DataFrame (rows x n), Series (n) or mapping of names to these, optional
        Accounts in other units. Each row of a frame becomes an account of its own name.
    names : mapping of language to names, optional
        Names in the order of `intermediate`.
    sections : sequence of str, optional
        Section of each sector, in the order of `intermediate`.
    final_roles, primary_roles : mapping of label to role, optional
        Roles of final demand (``household``, ``government``, ``npish``, ``capital
        formation``, ``inventories``, ``exports``, ``residual``, ``other``) and of primary
        inputs (``compensation``, ``production taxes``, ``product taxes``,
        ``depreciation``, ``operating surplus``, ``imports``, ``other``). Labels named like
        a role have it already; a role of your own groups rows for `multipliers`.
    unit, unit_value, currency, year, price_year, title, publisher, valuation, kind
        Facts kept in ``meta``; `price_year` is `year` if absent.
        How many units of the currency one unit is follows from `unit` (``million EUR``)
        unless `unit_value` says it.
    import_treatment : {"competitive", "domestic", "not stated"}, optional
        If absent: ``competitive`` with `imports`, else ``not stated``.

    Returns
    -------
    IOTable

    Raises
    ------
    LabelError
        If labels are missing, extra or duplicate, or neither output nor final demand is given.
    AccountingError
        If a figure is not a finite number.

    Warns
    -----
    ImbalanceWarning
        If a row or column is out of balance by more than a rounding.
    NegativeFlowWarning
        If intermediate flows are negative.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["agriculture", "manufacturing"]
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], codes, codes)
    >>> x = pd.Series([1000.0, 2000.0], codes)
    >>> iom.leontief(iom.table(Z, output=x)).L.round(4).to_numpy().tolist()
    [[1.2541, 0.33], [0.264, 1.1221]]
    """
    labels = sector_labels(intermediate, names, sections)
    blocks = _blocks(labels, intermediate, final_demand, output, primary_inputs, imports)
    finals, primaries = blocks.labels(final_roles, primary_roles)
    unstated: ImportTreatment = "not stated" if imports is None else "competitive"
    built = IOTable(
        labels=labels,
        final_labels=finals,
        primary_labels=primaries,
        flows=replace(blocks.flows, final_primary=crossed(final_primary, primaries, finals)),
        satellites=satellites_of(satellites, labels, year),
        meta=Meta(
            title=title,
            publisher=publisher,
            unit=unit,
            unit_value=unit_value,
            currency=currency,
            year=year,
            price_year=year if price_year is None else price_year,
            valuation=valuation,
            import_treatment=import_treatment or unstated,
            kind=kind,
            steps=blocks.steps,
        ),
    )
    warn_about(built.flows, labels, unit=unit, depth=3)
    return built


class _Blocks(NamedTuple):
    finals: list[Key]
    primaries: list[str]
    flows: Flows
    steps: tuple[Step, ...]

    def labels(
        self, final_roles: Mapping[str, str] | None, primary_roles: Mapping[str, str] | None
    ) -> tuple[Labels, Labels]:
        """Return labels of final demand and primary inputs with their roles."""
        return (
            role_labels(self.finals, final_roles, FINAL_ROLES),
            role_labels(self.primaries, primary_roles, PRIMARY_ROLES),
        )


def _blocks(
    labels: Labels,
    intermediate: pd.DataFrame,
    final_demand: FrameLike | None,
    output: pd.Series | None,
    primary_inputs: FrameLike | None,
    imports: pd.Series | None,
) -> _Blocks:
    """Align all blocks; derive the ones that follow from the others and say so."""
    ordered = aligned(intermediate, labels.index, "intermediate rows", axis=0)
    z = numbers(aligned(ordered, labels.index, "intermediate columns", axis=1))
    m = vector(imports, labels, "imports") if imports is not None else np.zeros(len(labels))
    steps = [Step(verb="table", arguments=f"{len(labels)} sectors")]
    finals, f = columns(final_demand, labels)
    if output is not None:
        x = vector(output, labels, "output")
    elif final_demand is not None:
        x = z.sum(axis=1) + f.sum(axis=1) - m
        steps.append(Step(verb="output", arguments="sum of the row"))
    else:
        raise LabelError("give output or final_demand: a table needs one of them.")
    if final_demand is None:
        finals, f = ["final_demand"], (x + m - z.sum(axis=1))[:, None]
        steps.append(Step(verb="final_demand", arguments="output less intermediate sales"))
    primaries, v = rows(primary_inputs, labels, "primary inputs")
    if primary_inputs is None:
        primaries, v = ["value_added"], (x - z.sum(axis=0))[None, :]
        steps.append(Step(verb="value_added", arguments="output less intermediate inputs"))
    flows = Flows(
        intermediate=z,
        final_demand=f,
        primary_inputs=v,
        output=x,
        imports=m,
        final_primary=np.zeros((len(v), f.shape[1])),
    )
    return _Blocks(finals, primaries, flows, tuple(steps))
