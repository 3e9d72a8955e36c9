"""The record of a derivation: results.json and the sheets of results.xlsx."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from iomodel.studies.comparison import Comparison
from iomodel.studies.derivation import Derivation
from iomodel.studies.levels import per_million
from iomodel.studies.scopes import ordered, scopes_of
from iomodel.writers.workbook import SheetSpec


def record(
    derivation: Derivation,
    comparison: Comparison | None,
    *,
    version: str,
    inputs: Mapping[str, str],
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return everything that was derived as plain numbers and texts, in full precision.

    Parameters
    ----------
    derivation : Derivation
    comparison : Comparison or None
        None if nothing was published to compare with.
    version : str
        Version of the package.
    inputs : mapping of file name to sha256
    more : mapping, optional
        Parts that were asked for beside the derivation: draws, falsification.
    """
    labour, central = derivation.labour, _nested(derivation.central)
    direct = {"fte": labour.fte, "heads": labour.heads}
    if labour.workdays is not None:
        direct["workdays_million"] = labour.workdays / 1e6
    return {
        "study": derivation.account.id,
        "version": version,
        "inputs": dict(inputs),
        "basis": "fte",
        "boundary": list(derivation.boundary),
        "domestic": derivation.method,
        "direct": {key: value for key, value in direct.items() if value is not None},
        "central": central,
        "channels": _nested(derivation.by_channel),
        "destinations": _nested(derivation.destinations),
        "levels": _nested(derivation.levels),
        "boundary_with_platform": _nested(derivation.wide),
        **(more or {}),
        "published": None if comparison is None else _published(comparison),
        "checks": _recorded(derivation),
        "warnings": list(derivation.warnings),
    }


def _recorded(derivation: Derivation) -> dict[str, Any]:
    """Return checks by name, without those that the study has no figures for."""
    labour, checks = derivation.labour, derivation.checks
    money = derivation.account.money.lower()
    found: dict[str, Any] = {
        f"pay_per_direct_workday_{money}": checks.pay_per_workday,
        f"output_per_direct_head_{money}": checks.output_per_head,
        f"output_per_direct_fte_{money}": checks.output_per_fte,
    }
    if labour.crew_workdays is not None and labour.crew_fte is not None:
        found["direct_labour_from_crews"] = {
            "workdays_million": [days / 1e6 for days in labour.crew_workdays],
            "fte": list(labour.crew_fte),
            "range": ["low", "central", "high"],
        }
    found[f"implied_pay_outside_screen_{money}"] = {
        pattern: dict(cells) for pattern, cells in checks.implied_pay.items()
    }
    found = {key: value for key, value in found.items() if value is not None}
    found["output_multiplier_gap_official_less_proportional"] = checks.import_gap
    return {**found, "largest_residual_of_channels": derivation.residual}


def _nested(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {
        str(row): {str(column): float(value) for column, value in values.items()}
        for row, values in frame.iterrows()
    }


def _published(comparison: Comparison) -> dict[str, Any]:
    return {
        "figures": {
            key: {
                "value": figure.value,
                "unit": figure.unit,
                "item": figure.item,
                "publisher": figure.publisher,
                "published": figure.published,
            }
            for key, figure in comparison.figures.items()
        },
        "scopes": {} if comparison.scopes.empty else _nested(comparison.scopes),
        "external_ratios": {
            str(key): {
                "low": _plain(row["low"]),
                "value": row["value"],
                "high": _plain(row["high"]),
                "item": row["item"],
                "contains": row["contains"],
            }
            for key, row in comparison.external.iterrows()
        },
        "agreement": _agreed(comparison.agreement),
        "checks": dict(comparison.checks),
        "sentence": comparison.sentence,
    }


def _agreed(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return rows of the comparison by scope as plain values, unknown ones as null."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("index")
    return {
        str(key): {str(head): value for head, value in row.items()} for key, row in rows.items()
    }


def _plain(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


Row = tuple[str, str, str, pd.DataFrame, str]
RATIO, JOBS = "0.0000", "#,##0"


def sheets(
    derivation: Derivation,
    comparison: Comparison | None,
    *,
    version: str,
    inputs: Mapping[str, str],
    more: Sequence[Row] = (),
) -> list[SheetSpec]:
    """Return the sheets of results.xlsx: one exhibit each, with its unit.

    Parameters
    ----------
    derivation, comparison, version, inputs
        As for `record`.
    more : sequence of rows, optional
        Sheets that were asked for beside the derivation.
    """
    direct = ", ".join(derivation.boundary)
    unit = f"Full-time job-years; direct: {direct}; imports {derivation.method}."
    account, channels = derivation.account, _transposed(derivation.by_channel, "channel")
    channels["what"] = pd.Series(derivation.channels)
    every = _transposed(derivation.levels, "level")
    rate = every.index.str.startswith(per_million(account))
    ratio = f"Indirect jobs per direct job. {unit}"
    full, others = derivation.fullest, [role.code for role in account.equations.linked]
    sums = f"they add up to the scope {full}"
    items = f"Jobs by cost and demand item, scope {full}, without staff of new sectors"
    levels = "Jobs: direct, indirect and total by scope; gross (not causal) and net"
    both = ", ".join([*derivation.boundary, *others])
    wide = f"Indirect jobs per direct job with staff of all new sectors as direct ({both})"
    alone = "Full-time job-years. The scope supply exists for the direct sector alone."
    rates = per_million(account).capitalize().replace(account.money.lower(), account.money)
    rows: list[Row] = [
        ("scopes", account.title, ratio, _scopes(derivation), RATIO),
        ("channels", f"Jobs per direct job by channel; {sums}", unit, channels, RATIO),
        ("items", items, unit, _items(derivation), JOBS),
        (
            "destinations",
            f"Jobs per direct job by destination sector; {sums}",
            unit,
            _destinations(derivation),
            "0.000000",
        ),
        ("levels", levels, unit, every[~rate], JOBS),
        ("per_million", rates.replace("Total", "Total jobs"), unit, every[rate], "0.000"),
        *(
            [("boundary", wide, alone, _transposed(derivation.wide, "scope"), RATIO)]
            if others
            else []
        ),
        ("inputs", "Values in force", "As read, with range and source.", account.to_frame(), ""),
        ("checks", "Checks and warnings", "In the unit named.", _checks(derivation), "#,##0.00"),
    ]
    about = ("about", "What this was made from", "", _about(derivation, version, inputs), "")
    return [SheetSpec(*row) for row in [*rows, *more, *_comparison(comparison), about]]


def _about(derivation: Derivation, version: str, inputs: Mapping[str, str]) -> pd.DataFrame:
    meta = derivation.table.meta
    facts = {
        "study": f"{derivation.account.title} ({derivation.account.source})",
        "base table": f"{meta.title}; {meta.publisher}",
        **{key.replace("_", " "): text for key, text in (meta.notes or {}).items()},
        "steps": " > ".join(derivation.provenance),
        "version of iomodel": version,
        **{f"sha256 of {name}": digest for name, digest in inputs.items()},
    }
    return pd.DataFrame({"value": facts}).rename_axis("fact")


def _comparison(comparison: Comparison | None) -> list[Row]:
    if comparison is None:
        return []
    title = "Published figures against derived ones: a comparison, no input"
    note = "Indirect jobs per direct job, as published by others."
    said = "Each figure beside what was derived for its scope."
    rows = [
        ("comparison", title, comparison.sentence, comparison.scopes, RATIO),
        ("agreement", title, said, comparison.agreement, "0.000000"),
        ("external", "Other published ratios", note, comparison.external, "0.00"),
        ("comparison_checks", "Other checks", "", _flat(comparison.checks), "#,##0.00"),
    ]
    return [row for row in rows if len(row[3])]


def _transposed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    flipped = frame.T.rename_axis(index=name, columns=None)
    return flipped.assign(mean=flipped.mean(axis=1))


def _scopes(derivation: Derivation) -> pd.DataFrame:
    frame = _transposed(derivation.central, "scope")
    contains = pd.Series(scopes_of(derivation.account.equations))
    return frame.loc[ordered(derivation.central.columns)].assign(contains=contains)


def _items(derivation: Derivation) -> pd.DataFrame:
    frame = _transposed(derivation.detail[derivation.fullest].by_item(), "item")
    texts = {key: item.item for key, item in derivation.account.assumptions.items()}
    return frame.assign(what=[texts.get(str(key), "") for key in frame.index])


def _destinations(derivation: Derivation) -> pd.DataFrame:
    frame = _transposed(derivation.destinations, "code")
    names = dict(zip(derivation.table.labels.codes, derivation.table.labels.named(), strict=True))
    frame.insert(0, "name", [names[str(code)] for code in frame.index])
    return frame.sort_values("mean", ascending=False)


def _checks(derivation: Derivation) -> pd.DataFrame:
    labour, checks, money = derivation.labour, derivation.checks, derivation.account.money
    rows: list[tuple[str, object, str]] = [
        ("direct jobs", labour.fte, "FTE"),
        ("direct persons", labour.heads, "persons, part of the year"),
        *(
            (f"direct jobs from crews: {end}", jobs, "FTE")
            for end, jobs in zip(("low", "central", "high"), labour.crew_fte or (), strict=False)
        ),
        ("pay per direct work-day", checks.pay_per_workday, money),
        ("output per direct person", checks.output_per_head, money),
        ("output per direct job", checks.output_per_fte, f"{money} per FTE"),
    ]
    rows = [row for row in rows if row[1] is not None]
    for pattern, cells in checks.implied_pay.items():
        rows += [
            (f"implied pay, {pattern}: {code} {checks.names[code]}", value, f"{money} a year")
            for code, value in cells.items()
        ]
    if checks.import_gap is not None:
        mean, largest = checks.import_gap
        what = "output multipliers, official less proportional imports"
        rows += [(f"{what}: mean absolute gap", mean, ""), (f"{what}: largest", largest, "")]
    rows += [("warning", text, "") for text in derivation.warnings]
    return pd.DataFrame(rows, columns=["check", "value", "unit"]).set_index("check")


def _flat(checks: Mapping[str, Any]) -> pd.DataFrame:
    """Nested checks as rows of path and value."""
    rows: list[tuple[str, object]] = []

    def walk(path: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                walk(f"{path} > {key}" if path else str(key), inner)
        elif isinstance(value, list):
            for key, inner in zip(("low", "high"), value, strict=False):
                walk(f"{path} ({key})", inner)
        else:
            rows.append((path, value))

    walk("", checks)
    return pd.DataFrame(rows, columns=["check", "value"]).set_index("check")
