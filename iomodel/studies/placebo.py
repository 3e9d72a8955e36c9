"""Would the same pipeline give the same answer for something else? Falsification runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from iomodel.accounts.imports import DomesticShares
from iomodel.accounts.industry import IndustryAccount
from iomodel.accounts.labels import Labels
from iomodel.accounts.sectors import NewSector, Purchase
from iomodel.accounts.table import IOTable
from iomodel.analysis.multipliers import multipliers
from iomodel.errors import AccountingError, IOModelError, LabelError
from iomodel.models.households import close_households
from iomodel.models.leontief import leontief
from iomodel.readers.examples import example
from iomodel.readers.registry import read
from iomodel.results import Result
from iomodel.studies.derivation import Derivation, derive, in_full_time, scope_ratios
from iomodel.studies.scopes import SUPPLY
from iomodel.transforms.domestic import Method
from iomodel.transforms.insert import insert

GOODS = frozenset("ABCDE")  # sections that are no services: farming to construction
PERMUTATIONS = 999


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Placebo(Result):
    """The ratio of the same pipeline with something else in the place of an input.

    Attributes
    ----------
    rows : DataFrame
        By run: ratio by scope (mean of patterns; quantiles for permutations), and what was
        exchanged. Sectors of the table have the scope ``supply`` and, with household
        re-spending, ``supply+households``.
    refusal : str
        What the package answers to a competitive table that is taken as domestic.
    other_base : str
        Why there is no run with the table of another year; empty if there is one.
    """

    rows: pd.DataFrame
    refusal: str
    other_base: str = ""
    provenance: tuple[str, ...] = ()
    residual: float = 0.0

    @property
    def title(self) -> str:
        """What is compared."""
        return "Falsification: indirect jobs per direct job with something else put in"

    def facts(self) -> list[tuple[str, object]]:
        """Return the refusal, and why a run is absent."""
        found: list[tuple[str, object]] = [
            ("a competitive table taken as domestic", f"refused: {self.refusal}")
        ]
        return [*found, ("table of another year", self.other_base)] if self.other_base else found

    @property
    def units(self) -> Mapping[str, str]:
        """Indirect jobs per direct job: ratios."""
        return dict.fromkeys(map(str, self.rows.columns), "1")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per run."""
        return self.rows.copy()

    def summary(self, top: int = 20) -> pd.DataFrame:
        """Return the first `top` rows."""
        return self.rows.head(top)


def placebo(
    derivation: Derivation,
    base: IOTable,
    *,
    sectors: Sequence[str] | None = None,
    other: IOTable | None = None,
    permutations: int = PERMUTATIONS,
    seed: int = 1,
) -> Placebo:
    """Run the pipeline of a derivation with other things in the place of its inputs.

    Parameters
    ----------
    derivation : Derivation
    base : IOTable
        The competitive table it was derived from.
    sectors : sequence of str, optional
        Codes of sectors of the table to take as if they were the industry; those that the
        study names (``placebo`` in its sheet `about`) if absent.
    other : IOTable, optional
        Table of another year to derive from instead, with the same codes of sectors; the
        embedded one that the study names (``placebo_base``) if absent.
    permutations : int
        Times that labour coefficients are exchanged at random among base sectors.
    seed : int

    Returns
    -------
    Placebo

    Raises
    ------
    LabelError
        For codes that the table does not have.

    Notes
    -----
    A sector of the table has the ratio (e'L)_j / e_j - 1 of its own column. Permutations
    leave purchases and direct jobs as they are, and take the employment patterns in turn. The
    average service column is the total of all service columns over their output. The forced
    run takes the competitive coefficients as domestic ones, as if nothing were imported.
    """
    account, local = derivation.account, derivation.local
    sectors = account.placebo if sectors is None else sectors
    lost = [code for code in sectors if code not in base.labels.codes]
    if lost:
        raise LabelError(f"placebo sectors {', '.join(lost)} are not in {base.meta.title!r}.")
    labour = in_full_time(local, account)
    rows = {"the industry itself": derivation.central.mean()}
    rows |= dict(_sectors(labour, account, sectors))
    if any(base.labels.groups):
        others = (_average_service(account, base, labour), *account.sectors[1:])
        mixed = insert(labour, others, demand=account.demand)
        direct = account.equations.direct.code
        rows[f"average service column for {direct}"] = scope_ratios(mixed, account).mean()
    more, absent = _other_base(derivation, other)
    rows |= more | _permuted(derivation, permutations, seed)
    refusal = "the table is domestic already"
    if base.meta.import_treatment == "competitive":
        rows["competitive table forced as domestic"], refusal = _forced(base, account)
    own = [SUPPLY, "supply+households"] if sectors else []
    columns = dict.fromkeys([*derivation.central.columns, *own])
    frame = pd.DataFrame(rows).T.reindex(columns=list(columns))
    return Placebo(
        rows=frame.rename_axis("run"),
        refusal=refusal,
        other_base=absent,
        provenance=(*derivation.provenance, f"placebo({permutations} permutations, seed {seed})"),
    )


def placebo_lines(found: Placebo) -> Iterator[str]:
    """Yield the printed table of falsification runs.

    Parameters
    ----------
    found : Placebo

    Yields
    ------
    str
    """
    last = "all" if "all" in found.rows else "chain+households"
    shown = ("supply", "supply+households", "chain", "chain+consumer", last)
    columns = [name for name in shown if name in found.rows and found.rows[name].notna().any()]
    yield f"{'falsification':<39}" + "".join(f"{name[:10]:>11}" for name in columns)
    rows = found.rows[columns].to_numpy(dtype=np.float64)
    for name, values in zip(found.rows.index, rows, strict=True):
        texts = ["" if np.isnan(value) else f"{value:.3f}" for value in values]
        yield f"  {str(name)[:36]:<37}" + "".join(f"{text:>11}" for text in texts)
    yield f"A competitive table taken as domestic is refused: {found.refusal}"
    if found.other_base:
        yield f"No run with the table of another year: {found.other_base}"
    yield ""


def placebo_record(found: Placebo) -> dict[str, Any]:
    """Return what results.json holds of falsification runs: ratios by run and scope.

    Parameters
    ----------
    found : Placebo

    Returns
    -------
    dict
    """
    rows: dict[Any, dict[Any, Any]] = found.rows.to_dict("index")
    ratios = {
        str(run): {str(scope): float(value) for scope, value in row.items() if value == value}
        for run, row in rows.items()
    }
    absent = {"table of another year": found.other_base} if found.other_base else {}
    return {"ratios": ratios, "refusal": found.refusal, **absent}


def _other_base(derivation: Derivation, other: IOTable | None) -> tuple[dict[str, pd.Series], str]:
    """Ratios with the table of another year; none, and why, if there is no such table."""
    account = derivation.account
    method: Method = "official" if derivation.method == "official" else "proportional"
    if other is None and not account.placebo_base:
        return {}, "the study names none (placebo_base in its sheet about)."
    try:
        other = read(example(account.placebo_base)) if other is None else other
        again = derive(account, other, domestic=method)
    except IOModelError as error:
        return {}, str(error)
    return {f"table of {other.meta.year or other.meta.title}": again.central.mean()}, ""


def _sectors(
    labour: IOTable, account: IndustryAccount, sectors: Sequence[str]
) -> Iterator[tuple[str, pd.Series]]:
    """Ratios of sectors that the table has, open and closed."""
    model = leontief(labour, idle=account.equations.idle)
    closed = close_households(model, propensity=account.respending)
    names = dict(zip(labour.labels.codes, labour.labels.named(), strict=True))
    places = labour.labels.positions(sectors)
    found = {}
    for scope, one in ((SUPPLY, model), ("supply+households", closed)):
        jobs = multipliers(one, of="employment")
        found[scope] = (jobs.effect[:, places] / jobs.direct[:, places] - 1.0).mean(axis=0)
    for k, code in enumerate(sectors):
        ratios = {scope: values[k] for scope, values in found.items()}
        yield f"{code} {names[code]}", pd.Series(ratios)


def _average_service(account: IndustryAccount, base: IOTable, labour: IOTable) -> NewSector:
    """Production with purchases (imports included) and pay of all services together."""
    groups = base.labels.groups
    served = np.array([k for k, group in enumerate(groups) if group and group not in GOODS])
    if not len(served):
        raise LabelError(f"{base.meta.title!r} has no sections: no average of services.")
    total = base.flows.output[served].sum()
    bought = base.flows.intermediate[:, served].sum(axis=1) / total
    rows = labour.primary_labels.in_group("compensation")
    pay = float(labour.flows.primary_inputs[rows][:, served].sum() / total)
    channel = next((item.channel for item in account.direct.bought), "supply")
    return replace(
        account.direct,
        purchases=tuple(
            Purchase("average service", channel, code, float(share))
            for code, share in zip(base.labels.codes, bought, strict=True)
        ),
        labour_income=pay,
    )


def _permuted(derivation: Derivation, count: int, seed: int) -> dict[str, pd.Series]:
    """Quantiles of the ratios with labour coefficients exchanged among base sectors."""
    table, rng = derivation.table, np.random.default_rng(seed)
    satellite = table.satellite("employment")
    assert table.insertion is not None, "a derivation has inserted sectors"
    n, output = table.insertion.base, table.flows.output
    intensity = satellite.intensity(output, price_year=table.meta.price_year)
    growth = 1.0 if satellite.growth is None else satellite.growth
    values = np.array(
        [
            np.append(intensity[k % len(intensity)][rng.permutation(n)], intensity[0][n:])
            for k in range(count)
        ]
    )
    rows = Labels(codes=tuple(f"permutation {k}" for k in range(count)))
    exchanged = replace(satellite, rows=rows, values=values * (output * growth))
    ratios = scope_ratios(table.replace(satellites={"employment": exchanged}), derivation.account)
    names = {"permuted labour, 5 %": 0.05, "permuted labour, median": 0.5,
             "permuted labour, 95 %": 0.95}  # fmt: skip
    return {name: ratios.quantile(p) for name, p in names.items()}


def _forced(base: IOTable, account: IndustryAccount) -> tuple[pd.Series, str]:
    """Ratios with imports taken as made at home, and what is said when nobody forces it."""
    labour = in_full_time(base, account)
    try:
        insert(labour, account)
        refusal = "not refused"
    except AccountingError as error:
        refusal = str(error)
    ones, flows = np.ones(len(base)), labour.flows
    less = Labels(codes=("LESS",), names={"en": ("Less imports",)}, groups=("residual",))
    forced = labour.replace(
        final_labels=labour.final_labels.extended(less),
        flows=replace(
            flows,
            final_demand=np.column_stack([flows.final_demand, -flows.imports]),
            final_primary=np.pad(flows.final_primary, ((0, 0), (0, 1))),
            imports=np.zeros(len(base)),
        ),
        meta=labour.meta.after("forced", "competitive as domestic", import_treatment="domestic"),
        domestic_shares=DomesticShares(method="forced", intermediate=ones, consumption=ones),
    )
    return scope_ratios(insert(forced, account), account).mean(), refusal
