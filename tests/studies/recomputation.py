"""The micro drama multiplier once more, from the two workbooks alone.

A second route to the same figures. It shares nothing with the package: openpyxl reads, numpy
solves, and every system is one explicit inverse of the whole bordered matrix over [m, p, h | K].
As a script it prints what it finds: `python -m tests.studies.recomputation`.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import openpyxl

Array = npt.NDArray[np.float64]
Method = Literal["proportional", "official"]
Row = tuple[Any, ...]

TABLES = Path(__file__).resolve().parents[2] / "tables"
TABLE = TABLES / "china_2020.xlsx"
STUDY = TABLES / "micro_drama_2025.xlsx"

METHODS: tuple[Method, ...] = ("proportional", "official")
PATTERNS = ("census2020", "academic2018", "economic2023")
SCOPES = (
    "supply",
    "chain",
    "chain+consumer",
    "chain+consumer-gross",
    "chain+households",
    "all",
)
PLATFORM_INPUTS = ("p_cloud", "p_payment", "p_services")
M, P, H, FIRST = 0, 1, 2, 3  # places in [m, p, h | K]
MILLION = 1e6
BILLION_IN_MILLIONS = 1e3


# --- reading -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """The base table, in 10,000 CNY and 10,000 persons as published."""

    codes: tuple[str, ...]
    farming: npt.NDArray[np.bool_]
    flows: Array
    households: Array
    exports: Array
    imports: Array
    output: Array
    compensation: Array
    persons: dict[str, Array]
    growth: Array


@dataclass(frozen=True)
class Split:
    """Domestic and import rows of the 42-sector table, and where each of the 153 belongs."""

    domestic: Array  # 42 x 43: the using sectors, then TC
    imported: Array
    place: npt.NDArray[np.intp]


@dataclass(frozen=True)
class Study:
    """Central values, and each item's spread over the base sectors."""

    value: dict[str, float]
    spread: dict[str, Array]


def rows(book: Any, sheet: str) -> list[Row]:
    return [tuple(row) for row in book[sheet].iter_rows(values_only=True)]


def numbers(cells: Iterable[Any]) -> Array:
    return np.array([float(cell) for cell in cells], dtype=np.float64)


def read_table(book: Any) -> Table:
    sectors = {row[0]: row[3] for row in rows(book, "sectors")[1:] if row[0] is not None}
    codes = tuple(sectors)
    flows = rows(book, "flows")
    heads = list(flows[0])
    body = {row[0]: row for row in flows[4:] if row[0] is not None}
    where = [heads.index(code) for code in codes]

    def column(name: str) -> Array:
        return numbers(body[code][heads.index(name)] for code in codes)

    employment = rows(book, "employment")
    labels = list(employment[0])
    people = {row[0]: row for row in employment[4:] if row[0] is not None}

    def series(name: str) -> Array:
        return numbers(people[code][labels.index(name)] for code in codes)

    return Table(
        codes=codes,
        farming=np.array([sectors[code] == "A" for code in codes]),
        flows=np.array([numbers(body[code][k] for k in where) for code in codes]),
        households=column("FU101") + column("FU102"),
        exports=column("EX"),
        imports=column("IM"),
        output=column("GO"),
        compensation=numbers(body["VA001"][k] for k in where),
        persons={pattern: series(pattern) for pattern in PATTERNS},
        growth=series("nominal_growth"),
    )


def read_split(book: Any, codes: tuple[str, ...]) -> Split:
    sheet = rows(book, "imports_42")
    heads = list(sheet[0])
    names = [f"{number:02d}" for number in range(1, 43)]
    using = [heads.index(name) for name in [*names, "TC"]]
    cells = {(row[0], row[1]): numbers(row[k] for k in using) for row in sheet[1:] if row[0]}
    left, right = heads.index("sector"), heads.index("sector_42")
    belongs = {row[left]: row[right] for row in sheet[1:] if row[left] is not None}
    return Split(
        domestic=np.array([cells["domestic", name] for name in names]),
        imported=np.array([cells["import", name] for name in names]),
        place=np.array([names.index(belongs[code]) for code in codes], dtype=np.intp),
    )


def read_study(book: Any, codes: tuple[str, ...]) -> Study:
    inputs = rows(book, "inputs")
    name, central = inputs[0].index("id"), inputs[0].index("central")
    value = {
        str(row[name]): float(row[central])
        for row in inputs[1:]
        if isinstance(row[central], int | float)
    }
    spread: defaultdict[str, Array] = defaultdict(lambda: np.zeros(len(codes)))
    purchases = rows(book, "purchases")
    keys = [purchases[0].index(key) for key in ("id", "sector", "share")]
    for row in purchases[1:]:
        if row[keys[0]] is not None:
            item, sector, share = (row[key] for key in keys)
            spread[item][codes.index(sector)] += float(share)
    return Study(value, dict(spread))


def read(table: Path, study: Path) -> tuple[Table, Split, Study]:
    book = openpyxl.load_workbook(table, read_only=True, data_only=True)
    base = read_table(book)
    split = read_split(book, base.codes)
    book.close()
    book = openpyxl.load_workbook(study, read_only=True, data_only=True)
    satellite = read_study(book, base.codes)
    book.close()
    return base, split, satellite


# --- domestic shares (METHOD 1) ------------------------------------------------------------------


@dataclass(frozen=True)
class Domestic:
    """Share of home supply: cell by cell, for the columns of m and p, and for consumption."""

    cells: Array
    inserted: Array
    consumed: Array


def proportional(table: Table) -> Domestic:
    at_home = table.output - table.exports
    share = np.clip(at_home / (at_home + table.imports), 0.0, 1.0)
    return Domestic(np.tile(share[:, None], (1, share.size)), share, share)


def official(split: Split) -> Domestic:
    total = split.domestic + split.imported
    using = slice(0, 42)
    whole = total[:, using].sum(axis=1)
    row = split.domestic[:, using].sum(axis=1) / whole
    filled = np.tile(row[:, None], (1, total.shape[1]))
    np.divide(split.domestic, total, out=filled, where=total != 0.0)
    at = split.place
    return Domestic(filled[np.ix_(at, at)], row[at], filled[at, 42])


# --- accounts (METHOD 1 to 5), RMB million at 2025 prices and FTE --------------------------------


@dataclass(frozen=True)
class Economy:
    """All quantities of the bordered system, before any scope is chosen."""

    within: Array  # A_KK
    production: Array  # A_Km
    traffic: Array  # the three parts of A_Kp
    inputs: Array
    consumption: Array  # A_Kh
    wages: Array  # w over K
    wage_m: float
    wage_p: float
    payout: float
    propensity: float  # chi
    revenue: float
    output_m: float
    ecommerce: Array  # gross of additionality
    tourism: Array
    ecommerce_additional: float
    tourism_additional: float


def production_column(study: Study) -> tuple[Array, float]:
    """Purchases at producers' prices and pay, per RMB of production; together they are 1."""
    items = {key: amount for key, amount in study.value.items() if key.startswith("m_")}
    total = sum(items.values())
    pay = items.pop("m_labour") / total
    bought = np.sum([study.spread[key] * (items[key] / total) for key in items], axis=0)
    return np.asarray(bought, dtype=np.float64), pay


def platform_inputs(study: Study) -> Array:
    value = study.value
    paid = value["paid_revenue"] / value["revenue"]
    amount = {key: value[key] * (paid if key == "p_payment" else 1.0) for key in PLATFORM_INPUTS}
    spent = sum(amount.values()) + sum(
        value[key] for key in ("payout_share", "traffic_share", "p_staff")
    )
    if spent > 1.0:
        raise ValueError(f"column p spends {spent} of 1")
    return np.asarray(sum(study.spread[key] * amount[key] for key in amount), dtype=np.float64)


def tourist_basket(study: Study) -> Array:
    items = {key: amount for key, amount in study.value.items() if key.startswith("tour_")}
    basket = sum(study.spread[key] * amount for key, amount in items.items())
    return np.asarray(basket, dtype=np.float64) / sum(items.values())


def economy(table: Table, study: Study, home: Domestic) -> Economy:
    value = study.value
    bought, pay = production_column(study)
    sales = value["gmv"] * BILLION_IN_MILLIONS * (1.0 - value["gmv_ad_cost"])
    trips = value["tourism"] * BILLION_IN_MILLIONS
    return Economy(
        within=home.cells * table.flows / table.output,
        production=home.inserted * bought,
        traffic=home.inserted * study.spread["traffic_share"] * value["traffic_share"],
        inputs=home.inserted * platform_inputs(study),
        consumption=home.consumed * table.households / table.households.sum(),
        wages=table.compensation / table.output,
        wage_m=pay,
        wage_p=value["p_staff"],
        payout=value["payout_share"],
        propensity=value["net_income"] * value["mpc"],
        revenue=value["revenue"] * BILLION_IN_MILLIONS,
        output_m=value["titles"] * value["cost_per_title"] * 1e3 / MILLION,
        ecommerce=home.consumed * study.spread["gmv"] * sales,
        tourism=home.consumed * tourist_basket(study) * trips,
        ecommerce_additional=value["gmv_additional"],
        tourism_additional=value["tourism_additional"],
    )


def labour(table: Table, study: Study, pattern: str) -> Array:
    """FTE per RMB million of output of each base sector: 10,000 persons over 10,000 CNY."""
    value = study.value
    persons = table.persons[pattern] * np.where(table.farming, value["fte_agriculture"], 1.0)
    per_yuan = persons / (table.output * table.growth)
    return np.asarray(per_yuan * MILLION / value["productivity_drift"], dtype=np.float64)


# --- solving (METHOD 6, without the Schur form) --------------------------------------------------


def bordered(model: Economy, respent: bool) -> Array:
    """A over [m, p, h | K]; without re-spending the household row is empty."""
    size = FIRST + model.wages.size
    matrix = np.zeros((size, size))
    matrix[M, P] = model.payout
    matrix[FIRST:, M] = model.production
    matrix[FIRST:, P] = model.traffic + model.inputs
    matrix[FIRST:, H] = model.consumption
    matrix[FIRST:, FIRST:] = model.within
    if respent:
        matrix[H, [M, P]] = model.wage_m, model.wage_p
        matrix[H, FIRST:] = model.wages
        matrix[H] *= model.propensity
    return matrix


def demand(model: Economy, scope: str) -> Array:
    final = np.zeros(FIRST + model.wages.size)
    if scope == "supply":
        final[M] = model.output_m
        return final
    final[P] = model.revenue
    final[M] = model.output_m - model.payout * model.revenue
    if scope in ("chain+consumer", "all"):
        final[FIRST:] = model.ecommerce * model.ecommerce_additional
        final[FIRST:] += model.tourism * model.tourism_additional
    elif scope == "chain+consumer-gross":
        final[FIRST:] = model.ecommerce + model.tourism
    return final


@dataclass(frozen=True)
class Solution:
    """Outputs per scope, and the inverse without household re-spending."""

    outputs: dict[str, Array]
    plain: Array


def solve(model: Economy) -> Solution:
    inverse: dict[bool, Array] = {}
    for respent in (False, True):
        matrix = bordered(model, respent)
        if np.abs(np.linalg.eigvals(matrix)).max() >= 1.0:
            raise ValueError("the bordered matrix does not converge")
        inverse[respent] = np.asarray(np.linalg.inv(np.eye(len(matrix)) - matrix), np.float64)
    outputs = {
        scope: inverse[scope in ("chain+households", "all")] @ demand(model, scope)
        for scope in SCOPES
    }
    return Solution(outputs, inverse[False])


# --- results -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pattern:
    """What one pattern of employment gives."""

    central: dict[str, float]  # boundary {m}
    platform_direct: dict[str, float]  # boundary {m, p}: no scope `supply`
    channels: dict[str, float]
    destinations: dict[str, float]
    levels: dict[str, float]  # gross and net, job-years


@dataclass(frozen=True)
class Recomputation:
    """All forward figures of one import method."""

    direct: dict[str, float]
    patterns: dict[str, Pattern]


def direct_labour(study: Study) -> dict[str, float]:
    value = study.value
    days = value["titles"] * value["workdays_per_title"]
    return {
        "fte": days / value["days_per_fte"],
        "heads": days / value["days_per_head"],
        "workdays_million": days / MILLION,
    }


def channel_jobs(model: Economy, found: Solution, jobs: Array, staff: float) -> dict[str, float]:
    """Jobs of each injection of scope `all`, at the realised outputs of m, p and h."""
    reached = jobs @ found.plain[FIRST:, FIRST:]
    outputs = found.outputs["all"]
    core = found.outputs["chain+households"][H]
    injected = {
        "production_supply": model.production * outputs[M],
        "traffic_ads": model.traffic * outputs[P],
        "platform_inputs": model.inputs * outputs[P],
        "e_commerce": model.ecommerce * model.ecommerce_additional,
        "tourism": model.tourism * model.tourism_additional,
        "induced_core": model.consumption * core,
        "induced_spill": model.consumption * (outputs[H] - core),
    }
    found_jobs = {name: float(reached @ amount) for name, amount in injected.items()}
    return {**found_jobs, "platform_staff": staff}


def pattern_results(
    table: Table, study: Study, model: Economy, found: Solution, pattern: str
) -> Pattern:
    value = study.value
    jobs = labour(table, study, pattern)
    direct = direct_labour(study)["fte"]
    per_million = value["p_staff"] / (value["p_wage"] * value["p_on_cost"]) * 1e3
    staff = {scope: float(per_million * found.outputs[scope][P]) for scope in SCOPES}
    indirect = {s: float(jobs @ found.outputs[s][FIRST:]) + staff[s] for s in SCOPES}
    channels = channel_jobs(model, found, jobs, staff["all"])
    reached = zip(table.codes, jobs * found.outputs["all"][FIRST:] / direct, strict=True)
    basket = float(jobs @ found.plain[FIRST:, FIRST:] @ model.consumption)
    viewing = value["displaced_viewing"] * value["paid_revenue"] * BILLION_IN_MILLIONS * basket
    moved = value["moved_workers"] * direct
    return Pattern(
        central={scope: indirect[scope] / direct for scope in SCOPES},
        platform_direct={
            scope: (indirect[scope] - staff[scope]) / (direct + staff[scope])
            for scope in SCOPES
            if scope != "supply"
        },
        channels={name: amount / direct for name, amount in channels.items()},
        destinations={**{code: float(j) for code, j in reached}, "p": staff["all"] / direct},
        levels={
            "gross": indirect["all"],
            "displaced_viewing": viewing,
            "moved_workers": moved,
            "net": indirect["all"] - viewing - moved,
        },
    )


def recompute(
    method: Method = "proportional", study: Path = STUDY, table: Path = TABLE
) -> Recomputation:
    base, split, satellite = read(table, study)
    home = proportional(base) if method == "proportional" else official(split)
    model = economy(base, satellite, home)
    found = solve(model)
    patterns = {name: pattern_results(base, satellite, model, found, name) for name in PATTERNS}
    return Recomputation(direct_labour(satellite), patterns)


# --- as a script ---------------------------------------------------------------------------------


def lines(method: Method) -> Iterator[str]:
    result = recompute(method)
    yield f"\n{method}: " + ", ".join(f"{k} {v:,.2f}" for k, v in result.direct.items())
    for name, pattern in result.patterns.items():
        groups = {
            "{m}": pattern.central,
            "{m, p}": pattern.platform_direct,
            "channels": pattern.channels,
        }
        for label, group in groups.items():
            values = ", ".join(f"{key} {amount:.6f}" for key, amount in group.items())
            yield f"  {name} {label}: {values}"
        levels = ", ".join(f"{key} {amount:,.1f}" for key, amount in pattern.levels.items())
        yield f"  {name} levels: {levels}"


if __name__ == "__main__":
    for chosen in METHODS:
        sys.stdout.writelines(f"{line}\n" for line in lines(chosen))
