"""State a table at the prices of another year."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from iomodel.accounts.flows import Flows
from iomodel.accounts.labels import Labels
from iomodel.accounts.table import IOTable
from iomodel.errors import AccountingError, LabelError, listed
from iomodel.kernels.linear import Array
from iomodel.results import must_add_up

Method = Literal["double", "single"]
PERCENT = 20.0


def deflate(
    table: IOTable,
    prices: pd.Series,
    *,
    price_year: int,
    imports: pd.Series | float | None = None,
    method: Method = "double",
) -> IOTable:
    """State a table at the prices of another year.

    Parameters
    ----------
    table : IOTable
        Domestic flows; separate the imports of a competitive table first.
    prices : Series, n
        Price of each product, price year of the table over the new price year: 1.05 for five
        per cent dearer, never 105.
    price_year : int
        Year whose prices are used.
    imports : Series by using sector or number, optional
        Price of imported inputs alike; needed if the table has rows of imports.
    method : {"double", "single"}
        ``double``: real value added is what real output leaves after real inputs. ``single``:
        value added is divided by the price of output, and what then does not close is shown
        in a row of its own.

    Returns
    -------
    IOTable
        Rows balance. The rows of value added become one, ``value_added``; with ``single``
        a row ``discrepancy`` follows. Satellites stay as they are; domestic shares, which
        hold for nominal figures, are dropped.

    Raises
    ------
    LabelError
        If labels differ or a method is unknown.
    AccountingError
        If a price is not above zero or is stated in per cent, the table is competitive,
        already at these prices, or imports have no price.

    Notes
    -----
    z_ij / p_i, x_i / p_i; double: v_j = x_j / p_j - sum_i z_ij / p_i - m_j / p_mj. 2008 SNA,
    chapter 15, section E; Miller and Blair (2009), section 4.6. Real value added can be below
    zero under double deflation; ``check()`` of the result names where.

    Examples
    --------
    >>> import iomodel as iom
    >>> import pandas as pd
    >>> codes = ["a", "m"]
    >>> Z = pd.DataFrame([[10.0, 20.0], [30.0, 40.0]], codes, codes)
    >>> table = iom.table(Z, output=pd.Series([100.0, 200.0], codes), year=2020)
    >>> real = iom.deflate(table, pd.Series({"a": 1.25, "m": 2.0}), price_year=2015)
    >>> real.value_added.tolist()
    [57.0, 64.0]
    """
    _refuse(table, price_year, method, imports)
    flows, n = table.flows, len(table)
    p = _prices(table, prices, "prices")
    abroad = np.array([group == "imports" for group in table.primary_labels.groups], dtype=bool)
    q = np.ones(n)
    if imports is not None:
        series = (
            imports if isinstance(imports, pd.Series) else pd.Series(imports, table.labels.index)
        )
        q = _prices(table, series, "prices of imports")
    z, f = flows.intermediate / p[:, None], flows.final_demand / p[:, None]
    output = flows.output / p
    bought = flows.primary_inputs[abroad] / q
    left = output - z.sum(axis=0) - bought.sum(axis=0)
    added = flows.primary_inputs[~abroad].sum(axis=0)
    rows = [left]
    codes = ["value_added"]
    if method == "single":
        rows, codes = [added / p, left - added / p], ["value_added", "discrepancy"]
    primary = np.vstack([*rows, bought])
    must_add_up(z.sum(axis=0) + primary.sum(axis=0), output, what="real inputs")
    labels = Labels(codes=tuple(codes), groups=("", "other")[: len(codes)])
    kept = table.primary_labels
    for k in np.flatnonzero(abroad).tolist():
        names = {lang: (texts[k],) for lang, texts in kept.names.items()}
        labels = labels.extended(Labels(codes=(kept.codes[k],), names=names, groups=("imports",)))
    outer = np.vstack([np.zeros((len(rows), f.shape[1])), flows.final_primary[abroad] / _mean(q)])
    return table.replace(
        primary_labels=labels,
        flows=Flows(intermediate=z, final_demand=f, primary_inputs=primary, output=output,
                    imports=flows.imports, final_primary=outer),
        meta=table.meta.after("deflate", f"{method}, prices of {price_year}",
                              price_year=price_year),
        domestic_shares=None,
        import_split=None,
        certificate=None,
    )  # fmt: skip


def _mean(q: Array) -> float:
    """One price for imports bought by final demand; `_refuse` has seen to it that it is one."""
    return float(q[0]) if len(q) else 1.0


def _refuse(table: IOTable, year: int, method: str, imports: pd.Series | float | None) -> None:
    if method not in get_args(Method):
        raise LabelError(f"unknown method {method!r}; use {', '.join(get_args(Method))}.")
    primaries = table.primary_labels
    abroad = np.array([group == "imports" for group in primaries.groups], dtype=bool)
    problems = []
    if table.meta.import_treatment == "competitive":
        problems.append("flows include imports: separate them first, iom.domestic(table)")
    if table.meta.price_year == year:
        problems.append(f"it is at prices of {year} already")
    if abroad.any() and imports is None:
        problems.append("it has rows of imports: give their prices as imports=")
    if table.flows.final_primary[~abroad].any():
        problems.append("final demand buys primary inputs other than imports, which have no price")
    if table.flows.final_primary[abroad].any() and isinstance(imports, pd.Series):
        problems.append("final demand buys imports, so that their price is one number, not one "
                        "by using sector")  # fmt: skip
    if table.insertion is not None:
        problems.append("it has inserted sectors: deflate before inserting")
    if problems:
        raise AccountingError(f"{table.meta.title!r} cannot be deflated:\n  {listed(problems)}")


def _prices(table: IOTable, part: pd.Series, what: str) -> Array:
    if not isinstance(part, pd.Series):
        raise LabelError(f"{what} must be a pandas Series labelled by sector.")
    index = table.labels.index
    lines = [f"missing: {key}" for key in index.difference(part.index)]
    lines += [f"unknown: {key}" for key in part.index.difference(index)]
    lines += [f"more than once: {key}" for key in part.index[part.index.duplicated()].unique()]
    if lines:
        raise LabelError(f"{what}: labels differ from the sectors.\n  {listed(lines)}")
    values = pd.to_numeric(part.reindex(index)).to_numpy(dtype=np.float64)
    bad = [f"{index[k]}: {values[k]}" for k in np.flatnonzero(~(values > 0)).tolist()]
    if bad or not np.isfinite(values).all():
        raise AccountingError(f"{what} must be above zero and finite:\n  {listed(bad)}")
    if (values > PERCENT).all():
        raise AccountingError(
            f"{what} run from {values.min():g} to {values.max():g}: state them as ratios, 1.05 and "
            "not 105."
        )
    return values
