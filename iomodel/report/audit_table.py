"""The table in the audit workbook: flows, domestic shares, coefficients and the inverse."""

import numpy as np

from iomodel.accounts.imports import ROLE_COLUMN
from iomodel.report.audit_draft import GIVEN, Area, Draft, total, zero
from iomodel.report.audit_plan import (
    COEFFICIENTS,
    DOMESTIC,
    FLOWS,
    INVERSE,
    LEFT,
    REST,
    SPLIT,
    TOP,
    Plan,
)
from iomodel.writers.fillable import letters

NARROW = 14.0
SHOWN = 15.0
UNBALANCED = 0.005  # of output: published tables are rounded


def flow_columns(plan: Plan) -> Area:
    """Return the final demand columns of the sheet `flows`."""
    return plan.sectors(FLOWS, plan.n, len(plan.base.final_labels))


def imports(plan: Plan) -> Area:
    """Return the imports deducted, on the sheet `flows`."""
    return plan.sectors(FLOWS, plan.n + len(plan.base.final_labels))


def output(plan: Plan) -> Area:
    """Return the output column of the sheet `flows`."""
    return plan.sectors(FLOWS, plan.n + len(plan.base.final_labels) + 1)


def primary(plan: Plan) -> Area:
    """Return the primary inputs, below the sectors of the sheet `flows`."""
    rows = len(plan.base.primary_labels)
    return Area(FLOWS, TOP + plan.n, LEFT, rows, plan.n + len(plan.base.final_labels))


def of_role(plan: Plan, role: str, at: int) -> list[str]:
    """Return the cells of the final demand columns of a role, in the row of a sector."""
    columns = plan.base.final_labels.in_group(role)
    return [flow_columns(plan).cell(at, int(column)) for column in columns]


def list_sectors(draft: Draft, plan: Plan, head: str = "name") -> None:
    """Put codes and names of the base sectors at the left, and their heads above."""
    draft.line(TOP - 2, 1, ["code", head], "heads")
    draft.line(TOP - 1, 1, ["", "all sectors"], "sum")
    draft.stack(TOP, 1, plan.base.labels.codes, "code text")
    draft.stack(TOP, 2, plan.names, "label")
    draft.widths |= {"A": NARROW, "B": 48.0}
    draft.frozen = f"C{TOP}"
    draft.repeated = f"{TOP - 2}:{TOP - 1}"


def head(draft: Draft, column: int, text: str, *, width: float = 16.0, top: int = TOP) -> None:
    """Put the head of a column counted from the first figure, and set its width."""
    draft.put(top - 2, LEFT + column, text, "heads")
    draft.widths[letters(LEFT + column)] = width


def flows(plan: Plan) -> Draft:
    """Return the sheet of the table as published: everything else is computed from it."""
    base, n = plan.base, plan.n
    meta, k, p = base.meta, len(base.final_labels), len(base.primary_labels)
    draft = Draft(
        name=FLOWS,
        title=f"The base table: {meta.title}",
        note=f"Flows in {meta.unit or 'units of the table'}, as published: rows sell, columns buy; "
        "final demand, imports deducted and output at the right, primary inputs below. Every "
        "figure may be changed: all sheets follow.",
        source=f"Source: {meta.publisher or 'see the base table'}; year of the table: "
        f"{meta.year or 'not stated'}; published: {meta.published or 'not stated'}.",
        colour=GIVEN,
        wide=True,
    )
    list_sectors(draft, plan)
    block, finals, below = plan.matrix(FLOWS), flow_columns(plan), primary(plan)
    heads = [*base.labels.codes, *base.final_labels.codes, "imports", "output", "row less output"]
    texts = [*plan.names, *base.final_labels.named(), "deducted", "total output", "difference"]
    draft.line(TOP - 2, LEFT, heads, "heads")
    draft.line(TOP - 1, LEFT, texts, "cell text")
    draft.widths |= {letters(LEFT + at): SHOWN for at in range(len(heads))}
    figures = base.flows
    for at in range(n):
        row = TOP + at
        draft.line(row, LEFT, figures.intermediate[at].tolist(), "flow")
        draft.line(row, finals.left, figures.final_demand[at].tolist(), "flow")
        draft.put(row, imports(plan).left, float(figures.imports[at]), "flow")
        draft.put(row, output(plan).left, float(figures.output[at]), "flow")
        sold = f"SUM({block.place(at, 0)}:{finals.place(at, k - 1)})" if k else "0"
        gap = f"{sold}-{imports(plan).place(at)}-{output(plan).place(at)}"
        draft.compute(row, output(plan).left + 1, gap, "money")
    draft.stack(below.top, 1, base.primary_labels.codes, "code text")
    draft.stack(below.top, 2, base.primary_labels.named(), "label")
    for at in range(p):
        draft.line(below.top + at, LEFT, figures.primary_inputs[at].tolist(), "flow")
        draft.line(below.top + at, finals.left, figures.final_primary[at].tolist(), "flow")
    last = below.top + p
    draft.put(last, 2, "column less output", "sum")
    for at in range(n):
        bought = f"SUM({block.place(0, at)}:{address_of(last - 1, LEFT + at)})"
        draft.compute(last, LEFT + at, f"{bought}-{output(plan).place(at)}", "money")
    _balances(draft, plan, last)
    return draft


def _balances(draft: Draft, plan: Plan, last: int) -> None:
    """Check that rows and columns give the output, but for those that did not when published."""
    found, size = plan.base.flows, UNBALANCED * abs(plan.base.flows.output) + UNBALANCED
    across = Area(COEFFICIENTS, TOP - 1, LEFT, 1, plan.n)  # output again, side by side
    gaps = {
        "row": (Area(FLOWS, TOP, output(plan).left + 1, plan.n).own, found.row_residual),
        "column": (Area(FLOWS, last, LEFT, 1, plan.n).own, found.column_residual),
    }
    for side, (cells, residual) in gaps.items():
        far = abs(residual) > size
        own = output(plan).own if side == "row" else across.whole
        limit = f"{UNBALANCED}*ABS({own})+{UNBALANCED}"
        draft.check(
            f"{side}s that miss their output by more than {UNBALANCED:.1%}, beside those that did "
            "so when this was written",
            f"MAX(0,SUMPRODUCT(--(ABS({cells})>{limit}))-{int(far.sum())})",
        )


def address_of(row: int, column: int) -> str:
    """Return an address without marks that fix it."""
    return f"{letters(column)}{row}"


def domestic(plan: Plan) -> Draft:
    """Return the sheet of domestic shares by product."""
    method = plan.derivation.method if plan.separated else "none"
    draft = Draft(
        name=DOMESTIC,
        title="Domestic shares by product",
        note=NOTES[method],
        source="Source: METHOD section 1; Miller and Blair (2009), section 4.2; Eurostat (2008), "
        "chapter 8.",
    )
    list_sectors(draft, plan)
    texts = ("output", "exports", "imports", "share before clipping", "share, intermediate use",
             "share, consumption")  # fmt: skip
    for at, text in enumerate(texts):
        head(draft, at, text)
    if method == "official":
        head(draft, 6, "group of the official split")
    for at in range(plan.n):
        _share(draft, plan, at, method)
    shares = plan.sectors(DOMESTIC, 4, 2)
    for at in range(3):
        column = plan.sectors(DOMESTIC, at)
        draft.compute(TOP - 1, LEFT + at, f"SUM({column.own})", "sum")
    outside = f'COUNTIF({shares.own},"<0")+COUNTIF({shares.own},">1")'
    draft.check("shares outside 0 to 1", outside)
    return draft


NOTES = {
    "proportional": "d = (output - exports) / (output - exports + imports), clipped to 0-1, and 1 "
    "where nothing is used at home: every domestic user of a product buys the same import share.",
    "official": "Shares by supplying and using group, from the official split on the sheet "
    "`split`: purchases of new sectors take the row's intermediate share, consumption takes the "
    "share of consumption.",
    "none": "The base table holds domestic flows already; shares are those that it states for "
    "purchases of new sectors (1: wholly domestic).",
}


def _share(draft: Draft, plan: Plan, at: int, method: str) -> None:
    """Put the row of one product: output, exports, imports, shares."""
    row = TOP + at
    x, ex, im = (f"{letters(LEFT + k)}{row}" for k in range(3))
    draft.compute(row, LEFT, output(plan).cell(at), "money")
    draft.compute(row, LEFT + 1, total(of_role(plan, "exports", at)), "money")
    draft.compute(row, LEFT + 2, imports(plan).cell(at), "money")
    raw, inside = f"{letters(LEFT + 3)}{row}", f"{letters(LEFT + 4)}{row}"
    use = f"{x}-{ex}+{im}"
    draft.compute(row, LEFT + 3, f"IF({use}=0,1,({x}-{ex})/({use}))", "cells")
    if method == "proportional":
        draft.compute(row, LEFT + 4, f"MIN(1,MAX(0,{raw}))", "cells")
        draft.compute(row, LEFT + 5, inside, "cells")
    elif method == "official":
        group = plan.sectors(DOMESTIC, 6).place(at)
        split = plan.base.import_split
        assert split is not None, "the official method needs it"
        draft.put(row, LEFT + 6, int(split.group[at]) + 1, "datum")
        areas = split_areas(plan)
        for k, name in enumerate(("row", "consumption"), start=4):
            draft.compute(row, LEFT + k, f"INDEX({areas[name].whole},{group})", "cells")
    else:
        shares = plan.base.domestic_shares
        both = (1.0, 1.0)
        if shares is not None:
            both = float(shares.intermediate[at]), float(shares.consumption[at])
        draft.line(row, LEFT + 4, both, "datum")


def split_areas(plan: Plan) -> dict[str, Area]:
    """Return the blocks of the sheet `split`: flows, and the shares computed from them."""
    split = plan.base.import_split
    assert split is not None, "the official method needs it"
    g, top = len(split.codes), TOP
    shares = Area(SPLIT, top + 2 * (g + 4), LEFT, g, g)
    return {
        "domestic": Area(SPLIT, top, LEFT, g, g + 1),
        "imported": Area(SPLIT, top + g + 4, LEFT, g, g + 1),
        "shares": shares,
        "consumption": Area(SPLIT, shares.top, LEFT + g, g),
        "row": Area(SPLIT, shares.top, LEFT + g + 1, g),
    }


def split(plan: Plan) -> Draft:
    """Return the sheet of the official split of imports, with the shares that it gives."""
    found = plan.base.import_split
    assert found is not None, "the official method needs it"
    draft = Draft(
        name=SPLIT,
        title="The official split of uses into domestic and imported",
        note="share = domestic / (domestic + imported) by supplying and using group, clipped to "
        "0-1; where there is no use at all, the share of the whole row. Consumption: the column "
        f"{ROLE_COLUMN['household']}.",
        source=f"Source: {found.source}; METHOD section 1.",
        colour=GIVEN,
        wide=True,
        frozen=f"C{TOP}",
    )
    areas, g = split_areas(plan), len(found.codes)
    final = found.final_codes.index(ROLE_COLUMN["household"])
    blocks = (("domestic", found.domestic, found.final_domestic),
              ("imported", found.imported, found.final_imported))  # fmt: skip
    for name, inner, outer in blocks:
        area = areas[name]
        draft.line(area.top - 2, 1, [f"{name} flows", None, None, None], "section")
        draft.line(area.top - 1, 1, ["group", "", *found.codes, "consumption"], "heads")
        draft.stack(area.top, 1, found.codes, "code text")
        for at in range(g):
            draft.line(area.top + at, LEFT, [*inner[at].tolist(), float(outer[at, final])], "flow")
    shares, home, away = areas["shares"], areas["domestic"], areas["imported"]
    draft.line(shares.top - 2, 1, ["domestic shares", None, None, None], "section")
    heads = ["group", "", *found.codes, "consumption", "whole row"]
    draft.line(shares.top - 1, 1, heads, "heads")
    draft.stack(shares.top, 1, found.codes, "code text")
    for at in range(g):
        whole = areas["row"].place(at)
        inside, outside = (
            f"SUM({area.place(at, 0)}:{area.place(at, g - 1)})" for area in (home, away)
        )
        draft.compute(shares.top + at, LEFT + g + 1, _part(inside, outside, "1"), "cells")
        for k in range(g + 1):
            share = _part(home.place(at, k), away.place(at, k), whole)
            draft.compute(shares.top + at, LEFT + k, share, "cells")
    cells = shares._replace(columns=g + 2).own
    draft.check("shares outside 0 to 1", f'COUNTIF({cells},"<0")+COUNTIF({cells},">1")')
    draft.widths |= {"A": NARROW, "B": 3.0}
    draft.widths |= {letters(LEFT + k): NARROW for k in range(g + 2)}
    return draft


def _part(inside: str, outside: str, empty: str) -> str:
    inside, outside = inside.replace("$", ""), outside.replace("$", "")
    share = f"MIN(1,MAX(0,{inside}/({inside}+{outside})))"
    return f"IF({inside}+{outside}=0,{empty},{share})"


def coefficients(plan: Plan) -> Draft:
    """Return the sheet of domestic coefficients."""
    official = plan.separated and plan.derivation.method == "official"
    draft = Draft(
        name=COEFFICIENTS,
        title="Domestic input coefficients A_KK",
        note="a_ij = d_i z_ij / x_j: domestic purchases from sector i per unit of output of "
        "sector j." + (" Here d_ij is the share of the two groups." if official else ""),
        source="Source: METHOD section 1; Miller and Blair (2009), equation 2.4 and section 4.2.",
        wide=True,
    )
    list_sectors(draft, plan)
    draft.line(TOP - 2, LEFT, plan.base.labels.codes, "heads")
    draft.put(TOP - 1, 2, "divisor: output, 1 where there is none", "sum")
    z = plan.matrix(FLOWS)
    group = plan.sectors(DOMESTIC, 6)
    shares = split_areas(plan)["shares"].whole if official else ""
    if official:
        draft.put(TOP - 3, 2, "group of the using sector", "lead")
    for j in range(plan.n):
        x, column = output(plan).cell(j), letters(LEFT + j)
        draft.compute(TOP - 1, LEFT + j, f"IF({x}=0,1,{x})", "sum")
        draft.widths[column] = NARROW
        if official:
            draft.compute(TOP - 3, LEFT + j, group.cell(j), "lead")
    for i in range(plan.n):
        share = f"{DOMESTIC}!$G{TOP + i}"
        inside = f"INDEX({shares},{DOMESTIC}!$I{TOP + i},{{}}${TOP - 3})" if official else ""
        for j in range(plan.n):
            column = letters(LEFT + j)
            taken = inside.format(column) if official else share
            flow = f"{FLOWS}!{z.place(i, j).replace('$', '')}"
            domestic = f"{taken}*{flow}" if plan.separated else flow
            draft.compute(TOP + i, LEFT + j, f"{domestic}/{column}${TOP - 1}", "cells")
    sums = f"SUMPRODUCT(--({_column_sums(plan)}>1))"
    draft.check("columns whose domestic inputs exceed output", sums)
    return draft


def _column_sums(plan: Plan) -> str:
    return f"(1-{Area(REST, TOP - 1, LEFT, 1, plan.n).whole})"


def rest(plan: Plan) -> Draft:
    """Return the sheet of I - A."""
    draft = Draft(
        name=REST,
        title="I - A_KK: what is left of output after domestic inputs",
        note="1 - a_jj on the diagonal, - a_ij elsewhere. The inverse is taken of this block.",
        source="Source: METHOD section 6; Miller and Blair (2009), equation 2.10.",
        wide=True,
    )
    list_sectors(draft, plan)
    draft.line(TOP - 2, LEFT, plan.base.labels.codes, "heads")
    draft.put(TOP - 1, 2, "sum of the column", "sum")
    draft.widths |= {letters(LEFT + j): NARROW for j in range(plan.n)}
    for j in range(plan.n):
        column = letters(LEFT + j)
        sums = f"SUM({column}{TOP}:{column}{TOP + plan.n - 1})"
        draft.compute(TOP - 1, LEFT + j, sums, "sum ratio")
        for i in range(plan.n):
            own = "1" if i == j else ""
            draft.compute(TOP + i, LEFT + j, f"{own}-'{COEFFICIENTS}'!{column}{TOP + i}", "cells")
    draft.check("figures that are errors", f"SUMPRODUCT(--ISERROR({plan.matrix(REST).own}))")
    return draft


def inverse(plan: Plan) -> Draft:
    """Return the sheet of the Leontief inverse."""
    n, block = plan.n, plan.matrix(INVERSE)
    draft = Draft(
        name=INVERSE,
        title="The Leontief inverse L_KK = (I - A_KK)^-1",
        note="l_ij: output of sector i that one unit of final demand for sector j sets off, in all "
        "rounds. One formula for the whole block (MINVERSE). The row `all sectors` is the simple "
        "output multiplier.",
        source="Source: METHOD section 6; Miller and Blair (2009), equation 2.12.",
        wide=True,
    )
    list_sectors(draft, plan)
    draft.line(TOP - 2, LEFT, plan.base.labels.codes, "heads")
    draft.array(block, f"MINVERSE({plan.matrix(REST).whole})", "cells")
    back = Area(INVERSE, TOP + n + 1, LEFT, 1, n)
    draft.put(back.top, 2, "sum of (I - A) times L: ones", "label")
    draft.array(back, f"MMULT({Area(REST, TOP - 1, LEFT, 1, n).whole},{block.own})", "cells")
    for j in range(n):
        column = letters(LEFT + j)
        draft.compute(TOP - 1, LEFT + j, f"SUM({column}{TOP}:{column}{TOP + n - 1})", "sum ratio")
        draft.widths[column] = NARROW
    draft.check("sums of (I - A) L less one, largest", zero(f"SUMPRODUCT(ABS({back.own}-1))"))
    sums = Area(INVERSE, TOP - 1, LEFT, 1, n)
    base = plan.derivation.local.flows.solver.solve_transposed(np.ones(n))
    low = f'COUNTIF({sums.own},"<0.999999999")-{int((base < 1.0 - 1e-9).sum())}'
    draft.check("output multipliers below one: rounds of purchases that never end", f"MAX(0,{low})")
    return draft
