"""A derivation cut into the parts that pictures and tables show: by channel and by basis."""

import numpy as np
import pandas as pd

from iomodel.analysis.channels import INDUCED
from iomodel.analysis.income import by_income
from iomodel.errors import SpecError
from iomodel.results import must_add_up
from iomodel.studies.derivation import Derivation
from iomodel.studies.scopes import CHAIN, CORE

QUANTITIES = ("direct", "indirect", "total")


def channel_jobs(derivation: Derivation, scope: str) -> pd.DataFrame:
    """Return jobs by channel of one scope, in the order of the derivation's channels.

    Parameters
    ----------
    derivation : Derivation
    scope : str
        One of ``derivation.central``.

    Returns
    -------
    DataFrame, patterns x channels
        Full-time job-years that are not direct; channels that are zero everywhere are left
        out. They add up to the level ``indirect, <scope>``.

    Raises
    ------
    SpecError
        For a scope that the derivation does not have.
    IdentityError
        If the channels do not add up.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> result = iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)
    >>> list(channel_jobs(result, "chain").columns)
    ['production_supply', 'traffic_ads', 'platform_inputs', 'platform_staff']
    """
    _known(derivation, scope)
    order = list(derivation.by_channel.columns)
    if scope == derivation.fullest:
        frame = derivation.by_channel.mul(derivation.levels["direct"], axis=0)
    elif scope in derivation.detail:
        frame = derivation.detail[scope].by_channel().rename(columns={INDUCED: CORE})
    else:
        frame = _supply(derivation)
    order += [name for name in frame.columns if name not in order]
    frame = frame[[name for name in order if name in frame and (frame[name] != 0.0).any()]]
    level = np.array(derivation.levels[f"indirect, {scope}"])
    must_add_up(np.array(frame.sum(axis=1)), level, what=f"channels of the scope {scope}")
    return frame


def _known(derivation: Derivation, scope: str) -> None:
    """Refuse a scope that the derivation does not have."""
    if scope not in derivation.central:
        known = ", ".join(derivation.central.columns)
        raise SpecError(f"scope {scope!r}: the derivation has {known}.")


def _supply(derivation: Derivation) -> pd.DataFrame:
    """Jobs by channel of what direct sectors buy: the supply chain alone, inside `chain`."""
    chain = derivation.detail[CHAIN]
    flows = by_income(chain).frame
    own = flows[flows["source"].isin(derivation.boundary)]
    frame = own.pivot_table(values="jobs", index="account", columns="channel", aggfunc="sum")
    return frame.reindex(chain.accounts)


def bases(derivation: Derivation, scope: str | None = None) -> pd.DataFrame:
    """Return direct, indirect and total jobs of one scope in three bases.

    Parameters
    ----------
    derivation : Derivation
    scope : str, optional
        The headline scope if absent.

    Returns
    -------
    DataFrame, (basis, quantity) x (low, mean, high)
        Over employment patterns: ``workdays`` in work-days; ``fte`` in full-time job-years,
        that is work-days over days per full-time job-year; ``heads`` in persons, of direct
        jobs only: how many days the persons behind indirect jobs work is not known, and a
        ratio of heads is not reported without it. Every row of one basis is in that basis.
        A basis that the study does not know is left out.

    Raises
    ------
    SpecError
        For a scope that the derivation does not have.

    Examples
    --------
    >>> import iomodel as iom
    >>> china = iom.read(iom.example("china-2020"))
    >>> result = iom.derive(iom.read_sectors(iom.example("micro-drama-2025"), base=china), china)
    >>> float(round(bases(result).loc[("heads", "direct"), "mean"]))
    690075.0
    """
    scope = derivation.headline if scope is None else scope
    _known(derivation, scope)
    levels, labour = derivation.levels, derivation.labour
    fte = {
        "direct": levels["direct"],
        "indirect": levels[f"indirect, {scope}"],
        "total": levels[f"total, {scope}"],
    }
    rows: dict[tuple[str, str], list[float]] = {}
    for basis, count in (
        ("heads", labour.heads),
        ("fte", labour.fte),
        ("workdays", labour.workdays),
    ):
        known = ("direct",) if basis == "heads" else QUANTITIES
        if count is not None:
            size = count / labour.fte
            rows |= {(basis, q): _over(fte[q] * size) for q in known}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "mean", "high"])
    frame.index = pd.MultiIndex.from_tuples(rows, names=["basis", "quantity"])
    full = frame.drop(index="heads", level="basis", errors="ignore")["mean"]
    direct, indirect, total = (np.array(full.xs(q, level="quantity")) for q in QUANTITIES)
    must_add_up(direct + indirect, total, what=f"direct and indirect jobs of {scope}")
    return frame


def _over(jobs: pd.Series) -> list[float]:
    """Lowest, mean and highest over employment patterns."""
    return [float(jobs.min()), float(jobs.mean()), float(jobs.max())]
