"""Balance a whole table: intermediate flows, final demand and primary inputs together."""

from typing import Literal

import numpy as np
import pandas as pd

from iomodel.accounts.alignment import vector
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError
from iomodel.kernels.linear import Array
from iomodel.results import figure
from iomodel.transforms.balance import Balanced, gras, ras
from iomodel.transforms.constrained import weighted_least_squares

Method = Literal["GRAS", "RAS", "least squares"]
METHODS = {"GRAS": gras, "RAS": ras}
AGREE = 1e-9


def balance(
    table: IOTable,
    *,
    output: pd.Series | None = None,
    final_demand: pd.Series | None = None,
    primary_inputs: pd.Series | None = None,
    adjust: Literal["final demand", "primary inputs"] | None = None,
    method: Method = "GRAS",
    tolerance: float = 1e-9,
) -> IOTable:
    """Balance a table, or bring it to other totals, all blocks together.

    Parameters
    ----------
    table : IOTable
        Of one or several regions; its rows and columns need not balance.
    output : Series, n, optional
        Output that rows and columns are to have, aligned by label. Absent: the table's.
    final_demand : Series, k, optional
        Totals of the final demand columns, by code. Absent: the table's.
    primary_inputs : Series, p, optional
        Totals of the primary input rows over the sectors, by code. Absent: the table's.
    adjust : {"final demand", "primary inputs"}, optional
        Which totals are scaled where the two sides differ: final demand is primary inputs and
        imports deducted. Absent: totals that differ are refused.
    method : {"GRAS", "RAS", "least squares"}
        RAS for tables without negative cells. Least squares weigh each change by the cell.
    tolerance : float
        As for `gras`.

    Returns
    -------
    IOTable
        Balanced. Imports deducted, primary inputs bought by final demand, and levels of
        satellites stay. ``certificate`` is the `Balanced` result with all changes.

    Raises
    ------
    LabelError
        If labels differ, or an option is unknown.
    AccountingError
        If the totals differ, or cannot be met because cells are zero or of the other sign, by
        row and column; if the table has inserted sectors.
    NotConvergedError
        As for `gras`.

    Notes
    -----
    One matrix [[Z, F], [V, 0]] is scaled to row sums (x + m, v) and column sums (x, f), so
    that every row of the table sells what the column pays: see `gras` for the method; United
    Nations (2018), Handbook on Supply and Use Tables, chapter 18 [M]. Zeros stay zeros.

    Examples
    --------
    >>> import pandas as pd
    >>> import iomodel as iom
    >>> Z = pd.DataFrame([[150.0, 500.0], [200.0, 100.0]], ["1", "2"], ["1", "2"])
    >>> table = iom.table(Z, output=pd.Series([1000.0, 2000.0], ["1", "2"]))
    >>> later = iom.balance(table, output=pd.Series([1100.0, 2100.0], ["1", "2"]),
    ...     adjust="primary inputs", final_demand=pd.Series({"final_demand": 2200.0}))
    >>> later.check().residual < 1e-5
    True
    >>> later.intermediate.round(1).to_numpy().tolist()
    [[168.2, 528.8], [205.9, 97.1]]
    """
    if table.insertion is not None:
        raise AccountingError(f"{table.meta.title!r} has inserted sectors: balance before that.")
    if method not in ("GRAS", "RAS", "least squares"):
        raise LabelError(f"unknown method {method!r}; use GRAS, RAS or least squares.")
    flows = table.flows
    x = flows.output if output is None else vector(output, table.labels, "output")
    f = _totals(final_demand, table.final_labels, flows.final_demand.sum(axis=0), "final demand")
    v = _totals(
        primary_inputs, table.primary_labels, flows.primary_inputs.sum(axis=1), "primary inputs"
    )
    f, v = _agreed(table, f, v, adjust)
    n, k, p = len(table), len(f), len(v)
    sectors = [f"sector {code}" for code in table.labels.shown]
    rows = [*sectors, *(f"primary {code}" for code in table.primary_labels.shown)]
    columns = [*sectors, *(f"final {code}" for code in table.final_labels.shown)]
    cells = np.block([[flows.intermediate, flows.final_demand],
                      [flows.primary_inputs, np.zeros((p, k))]])  # fmt: skip
    result = _scaled(
        method,
        pd.DataFrame(cells, rows, columns),
        pd.Series(np.append(x + flows.imports, v), rows),
        pd.Series(np.append(x, f), columns),
        tolerance,
    )
    after = result.after
    given = {"output": output, "final demand": final_demand, "primary inputs": primary_inputs}
    changed = ", ".join(what for what, part in given.items() if part is not None)
    said = [method, changed and f"to {changed}", adjust and f"{adjust} adjusted"]
    return table.replace(
        flows=type(flows)(
            intermediate=after[:n, :n], final_demand=after[:n, n:], primary_inputs=after[n:, :n],
            output=x, imports=flows.imports, final_primary=flows.final_primary,
        ),
        meta=table.meta.after("balance", ", ".join(filter(None, said))),
        certificate=result,
    )  # fmt: skip


def _scaled(
    method: Method, cells: pd.DataFrame, rows: pd.Series, columns: pd.Series, tolerance: float
) -> Balanced:
    if method == "least squares":
        return weighted_least_squares(cells, rows=rows, columns=columns, tolerance=tolerance)
    return METHODS[method](cells, rows, columns, tolerance=tolerance)


def _totals(given: pd.Series | None, labels: Labels, own: Array, what: str) -> Array:
    return own if given is None else vector(given, labels, what)


def _agreed(table: IOTable, f: Array, v: Array, adjust: str | None) -> tuple[Array, Array]:
    """Scale one side to the other where this is asked for; else refuse sides that differ."""
    imports = float(table.flows.imports.sum())
    bought, paid = float(f.sum()), float(v.sum())
    size = max(np.abs(f).sum(), np.abs(v).sum())
    if adjust not in (None, "final demand", "primary inputs"):
        raise LabelError(f"adjust {adjust!r} is not known; use final demand or primary inputs.")
    if adjust == "final demand" and bought != 0:
        return f * ((paid + imports) / bought), v
    if adjust == "primary inputs" and paid != 0:
        return f, v * ((bought - imports) / paid)
    gap = bought - imports - paid
    if abs(gap) > AGREE * size:
        raise AccountingError(
            f"final demand of {figure(bought)} less imports deducted of {figure(imports)} is not "
            f"primary inputs of {figure(paid)}: {figure(gap)} too much. Correct the totals, or say "
            'which are to give way: iom.balance(..., adjust="final demand") or "primary inputs".'
        )
    return f, v
