"""The interval of a derivation: what the command line prints and records of its draws."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.table import IOTable
from iomodel.analysis.progress import Progress
from iomodel.analysis.sensitivity import Sensitivity, sensitivity
from iomodel.analysis.uncertainty import WIDE, Spread, Uncertainty, uncertainty
from iomodel.errors import SpecError
from iomodel.studies.derivation import Derivation
from iomodel.studies.either import EitherImports, Run, either
from iomodel.studies.erring import By, erring
from iomodel.studies.forward import POOLED, forward
from iomodel.studies.scopes import headline, ordered

HEADS = ("median", "5 %", "95 %", "x1.5: 5 %", "95 %", "flat: 5 %", "95 %")
WIDTHS = (8, 8, 8, 11, 8, 11, 8)
TOP = 8
Chain = Run | EitherImports


@dataclass(frozen=True, eq=False, kw_only=True)
class Spreads:
    """The interval of a derivation and what drives it.

    Attributes
    ----------
    stated, wide, flat : Uncertainty
        Distributions as stated, with spreads x 1.5, and flat over each range.
    drivers : Sensitivity
        Of the headline scope, coefficients without errors.
    beside : tuple of str
        What was drawn beside the inputs, in words; empty if nothing.
    """

    stated: Uncertainty
    wide: Uncertainty
    flat: Uncertainty
    drivers: Sensitivity
    beside: tuple[str, ...] = ()


def spreads(
    derivation: Derivation,
    *,
    draws: int,
    seed: int,
    coefficient_error: float | pd.DataFrame | None = None,
    coefficient_by: By = "cell",
    imports_of: IOTable | None = None,
    progress: Progress | None = None,
) -> Spreads:
    """Draw the inputs of a derivation as stated, wider and flat; find what drives it.

    Parameters
    ----------
    derivation : Derivation
    draws, seed : int
        Of each of the three runs.
    coefficient_error : float or DataFrame, optional
        Relative error of all coefficients of the base table, as for
        `iomodel.studies.erring.erring`; 1.5 times as large in the run with wider spreads.
    coefficient_by : {"cell", "block"}
        Whether coefficients err one by one or by pairs of sections.
    imports_of : IOTable, optional
        The competitive table that was derived from: the import method is then drawn as well.
    progress : callable, optional
        As for `uncertainty`, of one run after the other.

    Returns
    -------
    Spreads

    Raises
    ------
    SpecError
        If every input is fixed: there is nothing to draw.

    Notes
    -----
    Errors of coefficients leave the draws of the inputs as they are; a drawn import method
    is one more input, so that draws differ from those without.
    """
    account = derivation.account
    if not drawable(account):
        raise SpecError(
            f"{account.source or account.title}: every input is fixed, so that all draws would be "
            "the same. Give low, high and a distribution (triangular) to the inputs that are "
            "uncertain, or leave out --draws."
        )

    def chain(times: float) -> tuple[Chain, IndustryAccount]:
        def one(account: IndustryAccount, base: IOTable) -> Run:
            if coefficient_error is None or not times:
                return forward(account, base)
            return erring(account, base, coefficient_error * times, by=coefficient_by)

        if imports_of is None:
            return one(account, derivation.local), account
        found = either(account, imports_of, one)
        return found, found.account

    def drawn(spread: Spread, times: float = 1.0) -> Uncertainty:
        run, inputs = chain(times)
        return uncertainty(run, inputs, draws=draws, seed=seed, spread=spread, progress=progress)

    run, inputs = chain(0.0)
    return Spreads(
        stated=drawn("stated"),
        wide=drawn("wide", WIDE),
        flat=drawn("flat"),
        drivers=sensitivity(run, inputs, of=("ratio", derivation.headline, POOLED), seed=seed),
        beside=_beside(coefficient_error, coefficient_by, imports_of),
    )


def drawable(account: IndustryAccount) -> bool:
    """Tell whether any input of a study has a range or categories to draw from."""
    return any(item.distribution != "fixed" for item in account.assumptions.values())


def _beside(
    error: float | pd.DataFrame | None, by: By, imports_of: IOTable | None
) -> tuple[str, ...]:
    """Say what was drawn beside the inputs."""
    said = [] if imports_of is None else ["the import method"]
    if error is not None:
        size = f"{error:.1%}" if isinstance(error, float | int) else "own"
        how = {"cell": "each by itself", "block": "together by pairs of sections"}[by]
        said.append(f"all coefficients of the table (relative error {size}, {how})")
    return tuple(said)


def scopes(found: Uncertainty) -> pd.DataFrame:
    """Return quantiles by scope, employment pattern as drawn, headline pair first.

    Parameters
    ----------
    found : Uncertainty

    Returns
    -------
    DataFrame
    """
    frame = found.to_frame()
    rows = [("ratio", scope, POOLED) for scope in ordered(_present(found))]
    return frame.loc[rows].droplevel(["measure", "pattern"]).rename_axis("scope")


def distribution(found: Uncertainty, value: float | None) -> dict[str, dict[str, Any]]:
    """Return the record of the interval by scope.

    Parameters
    ----------
    found : Uncertainty
    value : float or None
        A ratio to compare with, after the fact; None for none.

    Returns
    -------
    dict of scope to dict
    """
    quantiles = _rows(found)
    return {
        scope: {
            **{key: quantiles[scope][key] for key in ("median", "p05", "p95", "p025", "p975")},
            "mc_se": quantiles[scope]["mc_se"],
            "draws": found.draws,
            "accepted": found.accepted,
            "share_ge_published": None if value is None else _share(found, scope, value),
        }
        for scope in _present(found)
    }


def record_of(found: Spreads, value: float | None) -> dict[str, Any]:
    """Return what results.json holds of the draws.

    Parameters
    ----------
    found : Spreads
    value : float or None
        A ratio to compare with, after the fact.

    Returns
    -------
    dict
        ``distribution`` as stated, wider and flat, and ``sensitivity`` of the headline.
    """
    drivers = found.drivers
    inputs = drivers.inputs.drop(columns="item")
    return {
        "distribution": distribution(found.stated, value),
        "distribution_wide": distribution(found.wide, value),
        "distribution_flat": distribution(found.flat, value),
        "rejected": dict(found.stated.rejected),
        **({"drawn_beside_inputs": list(found.beside)} if found.beside else {}),
        "sensitivity": {
            "of": list(drivers.of),
            "inputs": _plain(inputs),
            "groups": _plain(drivers.groups.drop(columns="inputs")),
        },
    }


def lines(found: Spreads, value: float | None) -> Iterator[str]:
    """Yield the printed table of intervals and of what drives the headline.

    Parameters
    ----------
    found : Spreads
    value : float or None
        A ratio to compare with, after the fact.

    Yields
    ------
    str
    """
    stated, drivers = found.stated, found.drivers
    tail = "" if value is None else f"{f'>= {value:g}':>9}"
    head = "".join(f"{text:>{w}}" for text, w in zip(HEADS, WIDTHS, strict=True))
    yield f"{'interval by scope':<22}{head}{tail}"
    runs = [_rows(run) for run in (stated, found.wide, found.flat)]
    shown = ordered(_present(stated))
    first = headline(shown)
    for scope in shown:
        numbers = [runs[0][scope]["median"]]
        numbers += [run[scope][name] for run in runs for name in ("p05", "p95")]
        row = "".join(f"{number:>{w}.3f}" for number, w in zip(numbers, WIDTHS, strict=True))
        last = "" if value is None else f"{_share(stated, scope, value):>9.1%}"
        yield f"  {scope:<20}{row}{last}"
    yield (
        f"{stated.accepted:,} of {stated.draws:,} draws pass the screens (seed {stated.seed}); "
        "employment pattern as drawn; the Monte Carlo standard error of the median of "
        f"{first} is {runs[0][first]['mc_se']:.4f}."
    )
    if found.beside:
        yield f"Drawn beside the inputs: {'; '.join(found.beside)}."
    yield ""
    yield f"{f'what moves {first}':<29}{'low':>12}{'high':>12}{'ratio there':>21}"
    moved = drivers.inputs[drivers.inputs["low"] != drivers.inputs["high"]]
    largest: dict[Any, dict[Any, Any]] = moved.head(TOP).to_dict("index")
    for name, entry in largest.items():
        ends = "".join(f"{_text(entry[key]):>12}" for key in ("low", "high"))
        yield f"  {name!s:<27}{ends}{entry['at low']:>12.3f} -{entry['at high']:>7.3f}"
    shares = drivers.groups["first"].head(4)
    listed = ", ".join(f"{group} {share:.0%}" for group, share in shares.items())
    yield f"Share of the variance by group alone: {listed}."
    yield ""


def _text(value: float) -> str:
    return "" if value != value else f"{value:,g}"


def _present(found: Uncertainty) -> list[str]:
    """Scopes that were drawn, in their order."""
    return [item for measure, item, row in found.keys if (measure, row) == ("ratio", POOLED)]


def _rows(found: Uncertainty) -> dict[str, dict[str, float]]:
    values: dict[Any, dict[Any, Any]] = scopes(found).to_dict("index")
    return {str(k): {str(n): float(x) for n, x in row.items()} for k, row in values.items()}


def _share(found: Uncertainty, scope: str, value: float) -> float:
    return float((found.of("ratio", scope, POOLED) >= value).mean())


def _plain(frame: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    """Rows as plain numbers; None where there is none."""
    rows: dict[Any, dict[Any, Any]] = frame.to_dict("index")
    return {
        str(k): {str(n): None if x != x else float(x) for n, x in row.items()}
        for k, row in rows.items()
    }


def _drawn(run: Uncertainty, beside: Sequence[str] = ()) -> str:
    """Say how many draws of a run passed the screens, and what was drawn beside the inputs."""
    more = f" Also drawn: {'; '.join(beside)}." if beside else ""
    return f"{run.accepted:,} of {run.draws:,} draws, seed {run.seed}. FTE.{more}"


def interval_sheets(found: Spreads) -> list[tuple[str, str, str, pd.DataFrame, str]]:
    """Return the sheets of results.xlsx on the draws.

    Parameters
    ----------
    found : Spreads

    Returns
    -------
    list of (name, title, unit, frame, number format)
    """
    stated, drivers = found.stated, found.drivers
    drawn, wide, flat = (_drawn(run, found.beside) for run in (stated, found.wide, found.flat))
    middle = f"{drawn} Central: at the central inputs; of pooled the mean of the patterns."
    drivers_of = "One input at a time, others central; central employment pattern."
    whole = stated.to_frame().reset_index().set_index("measure")
    ratios = "Indirect jobs per direct job"
    return [
        ("intervals", f"{ratios}: distribution by scope, pattern as drawn", middle,
         scopes(stated), "0.0000"),
        ("intervals_wide", f"{ratios}: spreads x 1.5", wide, scopes(found.wide),
         "0.0000"),
        ("intervals_flat", f"{ratios}: flat over each range", flat,
         scopes(found.flat), "0.0000"),
        ("distribution", "All parts: ratios, channels (per direct job), levels (jobs)", middle,
         whole, "#,##0.0000"),
        ("drivers", drivers.title, drivers_of, drivers.inputs,
         "#,##0.0000"),
        ("variance", "Shares of variance by group: alone and with others", "Sobol indices, 95 %.",
         drivers.groups, "0.0000"),
    ]  # fmt: skip
