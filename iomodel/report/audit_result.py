"""Results in the audit workbook: jobs by channel, scopes, the ratio, the comparison."""

from collections.abc import Mapping, Sequence

from iomodel.report.audit_chain import has_basket, reached, runs, scalar
from iomodel.report.audit_draft import ANSWER, Area, Draft, look_of, product, total, zero
from iomodel.report.audit_labour import effects, jobs_per_unit
from iomodel.report.audit_plan import (
    CHANNELS,
    INJECTIONS,
    LEFT,
    MILLION,
    SCOPES,
    TOP,
    Plan,
)
from iomodel.report.audit_table import list_sectors
from iomodel.studies.comparison import Comparison, published_ratio
from iomodel.studies.scopes import (
    ALL,
    CHAIN,
    CONSUMER,
    CORE,
    GROSS,
    HOUSEHOLDS,
    SPILL,
    SUPPLY,
    fullest,
)
from iomodel.writers.fillable import letters

OWN = ("direct", "linked", "staff")
CONTAINS: Mapping[str, tuple[str, ...]] = {
    SUPPLY: ("direct",),
    CHAIN: OWN,
    CONSUMER: (*OWN, "additional"),
    GROSS: (*OWN, "attributed"),
    HOUSEHOLDS: (*OWN, CORE),
    ALL: (*OWN, "additional", CORE, SPILL),
}
RESULT, COMPARISON = "result", "comparison"
FIRST = 9  # first row of the sheets `scopes`, `result` and `comparison`


def parts(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the columns of jobs: channel and kind, household re-spending last."""
    induced = ((CORE, CORE), (SPILL, SPILL)) if plan.value("respending") else ()
    return (*runs(plan), *induced)


def jobs(plan: Plan, pattern: int) -> Area:
    """Return the block of jobs by destination and channel of one employment pattern."""
    width = len(parts(plan)) + 1
    return plan.sectors(CHANNELS, pattern * width, len(parts(plan)))


def channels(plan: Plan) -> Draft:
    """Return the sheet of jobs by destination sector and channel."""
    draft = Draft(
        name=CHANNELS,
        title="Jobs by channel and destination, full-time job-years",
        note="C_jc = e_j (L_KK b_c)_j: jobs in sector j that channel c causes, for each employment "
        "pattern. Channels add up whatever their order; `attributed` repeats a channel with all "
        "of its spending, for the upper bound alone.",
        source="Source: METHOD section 7, the channel identity.",
        wide=True,
    )
    list_sectors(draft, plan)
    for at, pattern in enumerate(plan.patterns):
        _block(draft, plan, at, pattern)
    for at, pattern in enumerate(plan.patterns):
        draft.check(f"jobs by destination less jobs by multiplier, {pattern}, share",
                    _both_ways(plan, at))  # fmt: skip
    return draft


def _block(draft: Draft, plan: Plan, at: int, pattern: str) -> None:
    area, out, each = jobs(plan, at), reached(plan), jobs_per_unit(plan, at)
    draft.put(TOP - 3, area.left, pattern, "section")
    draft.line(TOP - 3, area.left + 1, [None] * (area.columns - 1), "section")
    for k, (channel, kind) in enumerate(parts(plan)):
        column = area.column(k)
        text = channel if kind in (CORE, SPILL) else f"{channel}, {kind}"
        draft.put(TOP - 2, column.left, text, "heads")
        draft.compute(TOP - 1, column.left, f"SUM({column.own})", "sum")
        draft.widths[letters(column.left)] = 18.0
        for i in range(plan.n):
            effect = each.cell(i)
            if kind in (CORE, SPILL):
                spent = scalar(plan, "spending, core")
                if kind == SPILL:
                    spent = f"({scalar(plan, 'spending, all')}-{spent})"
                formula = f"{effect}*{out.cell(i, len(runs(plan)))}*{spent}"
            else:
                formula = f"{effect}*{out.cell(i, k)}"
            draft.compute(TOP + i, column.left, formula.replace("$", ""), "jobs")
    draft.widths[letters(area.left + area.columns)] = 3.0


def _both_ways(plan: Plan, at: int) -> str:
    """Jobs summed over destinations less injections at employment multipliers."""
    area = jobs(plan, at)
    counted = range(len(runs(plan)))
    spent = Area(INJECTIONS, 16, LEFT + len(plan.columns) + 1, plan.n)
    direct = total([f"SUM({area.column(k).own})" for k in counted])
    through = [
        f"SUMPRODUCT(MMULT({effects(plan)[at].whole},{spent.column(k).whole}))" for k in counted
    ]
    return zero(f"(({direct})-({total(through)}))/MAX(1,ABS({direct}))")


class Rows:
    """Rows of the sheet `scopes`, which later rows can name."""

    def __init__(self, draft: Draft, plan: Plan) -> None:
        self.draft, self.plan, self.next = draft, plan, FIRST
        self.at: dict[str, int] = {}

    def section(self, text: str) -> None:
        """Start a part of the sheet."""
        self.next += 1
        columns = len(self.plan.patterns) + 3
        self.draft.line(self.next, 1, [text, *[None] * (columns - 1)], "section")
        self.next += 1

    def add(self, key: str, text: str, formulas: Sequence[str], look: str) -> None:
        """Add a row with one formula for each employment pattern, and their mean."""
        count = len(self.plan.patterns)
        self.draft.put(self.next, 1, key, "code text")
        self.draft.put(self.next, 2, text, "cell text")
        for at, formula in enumerate(formulas):
            self.draft.compute(self.next, LEFT + at, formula, look)
        cells = Area(SCOPES, self.next, LEFT, 1, count)
        self.draft.compute(self.next, LEFT + count, f"AVERAGE({cells.own})", look)
        self.at[key] = self.next
        self.next += 1

    def cell(self, key: str, at: int) -> str:
        """Return the cell of a row on the sheet itself."""
        return f"{letters(LEFT + at)}{self.at[key]}"

    def cells(self, key: str) -> Area:
        """Return the cells of a row, patterns then mean."""
        return Area(SCOPES, self.at[key], LEFT, 1, len(self.plan.patterns) + 1)


def scopes(plan: Plan) -> tuple[Draft, Rows]:
    """Return the sheet of scopes: which jobs each one counts, ratio, totals, boundary."""
    draft = Draft(
        name=SCOPES,
        title="Scopes: which jobs are counted, and the ratio to direct jobs",
        note="M = (J - D) / D, direct jobs D and all others in full-time job-years. Each scope is "
        "the sum of the channels that it contains.",
        source="Source: METHOD sections 0, 6 and 7.",
        widths={"A": 34.0, "B": 52.0},
        frozen=f"C{FIRST}",
        repeated=f"{FIRST - 1}:{FIRST - 1}",
    )
    for at in range(len(plan.patterns) + 1):
        draft.widths[letters(LEFT + at)] = 18.0
    draft.span = LEFT + len(plan.patterns)
    draft.line(FIRST - 1, 1, ["row", "what it is", *plan.patterns, "mean of patterns"], "heads")
    rows, count = Rows(draft, plan), range(len(plan.patterns))
    rows.next = FIRST - 1
    rows.section("Jobs by channel")
    rows.add("direct", f"direct jobs D of sector {plan.direct}",
             [plan.needed("jobs", plan.direct)] * len(count), "jobs")  # fmt: skip
    kinds: dict[str, list[str]] = {}
    for k, (channel, kind) in enumerate(parts(plan)):
        key = channel if kind in (CORE, SPILL) else f"{channel}, {kind}"
        found = [Area(CHANNELS, TOP - 1, jobs(plan, at).left + k).cell() for at in count]
        rows.add(key, WORDS.get(kind, ""), found, "jobs")
        kinds.setdefault(kind, []).append(key)
    for code in plan.inserted:
        if code != plan.direct:
            key = f"staff of {code}"
            rows.add(key, f"own jobs of sector {code}", [plan.needed("jobs", code)] * len(count),
                     "jobs")  # fmt: skip
            kinds.setdefault("staff", []).append(key)
    _by_scope(rows, kinds)
    _wide(rows, kinds)
    _net(rows)
    nested = [
        f"IF({rows.cell(f'ratio, {a}', 0)}>{rows.cell(f'ratio, {b}', 0)}+0.000000001,1,0)"
        for a, b in NESTED
        if a in plan.scopes and b in plan.scopes
    ]
    draft.check("scopes that are not inside the next wider one", total(nested))
    direct = rows.cells("direct").own
    draft.check("patterns without direct jobs", f'COUNTIF({direct},"<=0")')
    return draft, rows


NESTED = (
    (SUPPLY, CHAIN),
    (CHAIN, CONSUMER),
    (CONSUMER, GROSS),
    (CONSUMER, ALL),
    (CHAIN, HOUSEHOLDS),
    (HOUSEHOLDS, ALL),
)
WORDS = {
    "direct": "bought by the direct sector, and its suppliers",
    "linked": "bought by other new sectors, and its suppliers",
    "additional": "additional part of final spending",
    "attributed": "all attributed final spending: for the upper bound",
    CORE: "household re-spending of income of the chain",
    SPILL: "household re-spending of income from final spending",
}


def _by_scope(rows: Rows, kinds: Mapping[str, Sequence[str]]) -> None:
    """Put indirect jobs, the ratio and total jobs of every scope."""
    count, plan = range(len(rows.plan.patterns)), rows.plan
    rows.section("Indirect jobs by scope, J - D")
    for scope in plan.scopes:
        keys = [key for kind in CONTAINS[scope] for key in kinds.get(kind, [])]
        found = [total([rows.cell(key, at) for key in keys]) for at in count]
        rows.add(f"indirect, {scope}", " + ".join(keys), found, "jobs")
    rows.section("Indirect jobs per direct job, M")
    for scope in plan.scopes:
        found = [f"{rows.cell(f'indirect, {scope}', at)}/{rows.cell('direct', at)}" for at in count]
        rows.add(f"ratio, {scope}", "indirect / direct", found, "ratio light")
    rows.section("Total jobs by scope, J")
    for scope in plan.scopes:
        found = [f"{rows.cell(f'indirect, {scope}', at)}+{rows.cell('direct', at)}" for at in count]
        rows.add(f"total, {scope}", "indirect + direct", found, "jobs")


def _wide(rows: Rows, kinds: Mapping[str, Sequence[str]]) -> None:
    """Put the ratio with the jobs of all new sectors counted as direct."""
    staff = kinds.get("staff", [])
    if not staff:
        return
    plan = rows.plan
    rows.section(f"The same with the jobs of {', '.join(plan.inserted)} counted as direct")
    for scope in plan.scopes:
        if scope == SUPPLY:
            continue
        found = []
        for at in range(len(plan.patterns)):
            own = total([rows.cell(key, at) for key in staff])
            direct, indirect = rows.cell("direct", at), rows.cell(f"indirect, {scope}", at)
            found.append(f"({indirect}-({own}))/({direct}+{own})")
        rows.add(f"wide, {scope}", "(indirect - staff) / (direct + staff)", found, "ratio light")


def _net(rows: Rows) -> None:
    """Put jobs net of displacement, where the study declares it."""
    plan = rows.plan
    lost, moved = plan.value("displaced"), plan.value("moved")
    if not (lost or moved):
        return
    rows.section("Gross and net jobs, as levels")
    home, count = reached(plan).column(len(runs(plan))), range(len(plan.patterns))
    widest = fullest(plan.scopes)
    found = ["0"] * len(count)
    if has_basket(plan) and lost:
        effects = [product(jobs_per_unit(plan, at).whole, home.whole) for at in count]
        found = [f"{lost}/{MILLION:.0f}*{effect}" for effect in effects]
    rows.add("displaced", "jobs where the spending displaces other spending", found, "jobs")
    found = [f"{moved or 0}*{rows.cell('direct', at)}" for at in count]
    rows.add("moved", "direct jobs that would be in the field anyway", found, "jobs")
    found = [
        f"{rows.cell(f'indirect, {widest}', at)}-{rows.cell('displaced', at)}"
        f"-{rows.cell('moved', at)}"
        for at in count
    ]
    rows.add("net", f"impact: indirect, {widest}, less both", found, "jobs")


def result(plan: Plan, rows: Rows, comparison: Comparison | None) -> Draft:
    """Return the sheet of the ratio by scope: scope in column A, central case in column B."""
    patterns = plan.patterns
    draft = Draft(
        name=RESULT,
        title=f"Result: {plan.account.title}",
        note="Indirect jobs per direct job, full-time job-years on both sides, by scope. Change a "
        "yellow cell of the sheet inputs, and every figure here but the grey ones moves.",
        source=f"Direct: {', '.join(plan.derivation.boundary)}; imports {plan.derivation.method}. "
        "Grey: as the program computed it when this was written.",
        colour=ANSWER,
        widths={"A": 26.0},
        frozen=f"B{FIRST}",
    )
    value = published_ratio(comparison)
    heads = ["scope", *patterns, "mean of patterns", "published", "published less mean",
             "mean as written", "moved since", "what it contains"]  # fmt: skip
    draft.line(FIRST - 1, 1, heads, "heads")
    width = len(patterns)
    draft.widths |= {letters(2 + at): 16.0 for at in range(width + 5)}
    draft.widths[letters(width + 7)] = 60.0
    draft.span = width + 6
    contains = plan.derivation.to_frame()["contains"]
    written = plan.derivation.central.mean()
    for at, scope in enumerate(plan.scopes):
        row, cells = FIRST + at, rows.cells(f"ratio, {scope}")
        draft.put(row, 1, scope, "code text")
        for k in range(width + 1):
            draft.compute(row, 2 + k, cells.cell(0, k), "ratio")
        mean = f"{letters(width + 2)}{row}"
        if value is None:
            draft.line(row, width + 3, ["none", ""], "cell text")
        else:
            draft.compute(row, width + 3, f"{COMPARISON}!{PUBLISHED}", "ratio light")
            draft.compute(row, width + 4, f"{letters(width + 3)}{row}-{mean}", "ratio light")
        draft.put(row, width + 5, float(written[scope]), "written")
        draft.compute(row, width + 6, f"{mean}-{letters(width + 5)}{row}", "ratio light")
        draft.put(row, width + 7, str(contains.get(scope, "")), "cell text")
    return draft


PUBLISHED = "$B$6"


def compared(plan: Plan, rows: Rows, comparison: Comparison) -> Draft:
    """Return the sheet of published figures: nothing that is computed elsewhere uses them."""
    draft = Draft(
        name=COMPARISON,
        title=comparison.title,
        note="Where the published ratio lies against the derived ones, by scope. Published figures "
        "enter no formula of the derivation; nearest scopes are not singled out.",
        source="Source: the publishers named below.",
        colour=ANSWER,
        widths={"A": 26.0, "B": 16.0, **dict.fromkeys("CDEFG", 16.0), "H": 40.0, "I": 40.0},
    )
    row, value = FIRST, published_ratio(comparison)
    if value is not None:
        draft.line(6, 1, ["published ratio", value], "datum")
        heads = ["scope", "lowest pattern", "mean", "highest pattern", "published",
                 "published less mean", "patterns at or above"]  # fmt: skip
        draft.line(FIRST - 1, 1, heads, "heads")
        for row, scope in enumerate(plan.scopes, start=FIRST):
            own = rows.cells(f"ratio, {scope}")._replace(columns=len(plan.patterns)).whole
            draft.put(row, 1, scope, "code text")
            for at, word in enumerate(("MIN", "AVERAGE", "MAX"), start=2):
                draft.compute(row, at, f"{word}({own})", "ratio light")
            draft.compute(row, 5, PUBLISHED, "ratio light")
            draft.compute(row, 6, f"E{row}-C{row}", "ratio light")
            draft.compute(row, 7, f'COUNTIF({own},">="&E{row})', "formula")
    row += 3
    draft.line(row - 1, 1, ["published figure", "value", "low", "high", "kind", "unit", "date",
                            "what it is", "publisher"], "heads")  # fmt: skip
    for at, figure in enumerate(comparison.figures.values(), start=row):
        draft.put(at, 1, figure.id, "code text")
        for column, value in enumerate((figure.value, figure.low, figure.high), start=2):
            draft.put(at, column, value, look_of(value or 0.0))
        draft.line(at, 5, [figure.kind, figure.unit, figure.published, figure.item,
                           figure.publisher], "cell text")  # fmt: skip
    return draft
