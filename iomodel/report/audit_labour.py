"""Labour in the audit workbook: coefficients by employment pattern, and what they reach."""

from iomodel.report.audit_draft import Area, Draft, number, product, total
from iomodel.report.audit_plan import INVERSE, LABOUR, LEFT, MILLION, TOP, Plan
from iomodel.report.audit_table import head, list_sectors, output, primary
from iomodel.studies.reduced import FARMING

SECTION, VALUE, GROWTH, CURRENT, FTE = range(5)  # columns of the sheet, from the first figure
PERSONS = 5


def jobs_per_unit(plan: Plan, pattern: int) -> Area:
    """Return job-years per million of output of the base sectors."""
    return plan.sectors(LABOUR, PERSONS + len(plan.patterns) + pattern)


def pay_per_unit(plan: Plan) -> Area:
    """Return labour income per unit of output of the base sectors."""
    return plan.sectors(LABOUR, PERSONS + 2 * len(plan.patterns))


def effects(plan: Plan) -> list[Area]:
    """Return rows of the sheet `inverse`: jobs by pattern, then income, per unit of demand."""
    first = TOP + plan.n + 3
    rows = len(plan.patterns) + 1
    return [Area(INVERSE, first + at, LEFT, 1, plan.n) for at in range(rows)]


def labour(plan: Plan) -> Draft:
    """Return the sheet of labour coefficients."""
    satellite = plan.base.satellite("employment")
    unit = satellite.unit or "persons"
    draft = Draft(
        name=LABOUR,
        title="Labour coefficients: jobs and labour income per unit of output",
        note=f"e_i = employed x job-years per person / productivity / output at prices of "
        f"{satellite.year or 'the table'}: full-time job-years per million {plan.currency}. "
        "w_i = compensation of employees / output. Persons employed may be changed.",
        source="Source: METHOD section 3; Miller and Blair (2009), section 6.2. Employment: "
        f"{satellite.source or 'satellite account of the base table'}.",
        wide=True,
    )
    list_sectors(draft, plan)
    heads = ["section", f"output, million {plan.currency}", "growth of output to that year",
             "output then", "job-years per person"]  # fmt: skip
    heads += [f"employed, {unit}: {pattern}" for pattern in plan.patterns]
    heads += [f"job-years per million {plan.currency}: {pattern}" for pattern in plan.patterns]
    heads += ["labour income per unit of output"]
    for at, text in enumerate(heads):
        head(draft, at, text, width=9.0 if at == SECTION else 19.0)
    grown = satellite.growth is not None and satellite.year != plan.base.meta.price_year
    growth = satellite.growth if grown else None
    for at in range(plan.n):
        _row(draft, plan, at, None if growth is None else float(growth[at]))
    for at in range(PERSONS, PERSONS + len(plan.patterns)):
        column = plan.sectors(LABOUR, at)
        draft.compute(TOP - 1, column.left, f"SUM({column.own})", "sum")
    lost = f"({plan.sectors(LABOUR, CURRENT).own}=0)"
    for at, pattern in enumerate(plan.patterns):
        persons = plan.sectors(LABOUR, PERSONS + at).own
        draft.check(
            f"sectors with people but no output, {pattern}", product(f"{lost}*({persons}<>0)")
        )
    return draft


def _row(draft: Draft, plan: Plan, at: int, growth: float | None) -> None:
    """Put one base sector: output, growth, persons, coefficients."""
    row, satellite = TOP + at, plan.base.satellite("employment")
    cells = [plan.sectors(LABOUR, k).place(at).replace("$", "") for k in range(PERSONS + 1)]
    rate, current, years = cells[GROWTH], cells[CURRENT], cells[FTE]
    draft.put(row, LEFT + SECTION, plan.base.labels.groups[at], "label")
    draft.compute(
        row,
        LEFT + VALUE,
        f"{output(plan).cell(at)}*{number(plan.base.meta.unit_size / MILLION)}",
        "money",
    )
    draft.put(row, LEFT + GROWTH, growth or 1.0, "datum" if growth else "label")
    draft.compute(row, LEFT + CURRENT, f"{cells[VALUE]}*{rate}", "money")
    farming, drift = plan.value("farming") or "1", plan.value("productivity") or "1"
    draft.compute(row, LEFT + FTE, f'IF(EXACT({cells[SECTION]},"{FARMING}"),{farming},1)', "cells")
    count = len(plan.patterns)
    for k in range(count):
        people = plan.sectors(LABOUR, PERSONS + k).place(at).replace("$", "")
        draft.put(row, LEFT + PERSONS + k, float(satellite.values[k, at]), "datum")
        jobs = f"{people}*{number(satellite.unit_value)}*{years}/{drift}/{current}"
        draft.compute(row, LEFT + PERSONS + count + k, f"IF({current}=0,0,{jobs})", "cells")
    x = output(plan).cell(at)
    paid = [primary(plan).cell(int(k), at) for k in plan.income_rows]
    draft.compute(row, LEFT + PERSONS + 2 * count, f"IF({x}=0,0,({total(paid)})/{x})", "cells")


def add_effects(draft: Draft, plan: Plan) -> None:
    """Put jobs and income per unit of final demand below the inverse."""
    block = plan.matrix(INVERSE)
    sources = [*(jobs_per_unit(plan, k) for k in range(len(plan.patterns))), pay_per_unit(plan)]
    texts = [f"jobs per million of final demand: {pattern}" for pattern in plan.patterns]
    texts += ["labour income per unit of final demand"]
    for area, source, text in zip(effects(plan), sources, texts, strict=True):
        draft.put(area.top, 2, text, "label")
        for j in range(plan.n):
            found = product(source.whole, block.column(j).own)
            draft.compute(area.top, LEFT + j, found, "cells")
