"""What the industry spends, in the audit workbook: injections, new columns, output, households."""

from iomodel.report.audit_draft import Area, Draft, product, says, total, zero
from iomodel.report.audit_labour import pay_per_unit
from iomodel.report.audit_plan import (
    DOMESTIC,
    HOUSEHOLDS,
    INJECTIONS,
    INSERTED,
    INVERSE,
    LEFT,
    MILLION,
    REACHED,
    TOP,
    Plan,
    map_rows,
)
from iomodel.report.audit_table import flow_columns, head, list_sectors, primary
from iomodel.writers.fillable import letters

# Rows of the sheet `injections` above its sectors.
ITEM, CHANNEL, BUYER, MONEY, ADDITIONAL, INSIDE, SUM = range(9, 16)
SPENT = 16
BASKET = "households"
FINAL = "final demand"
INNER = ("direct", "linked")


def items(plan: Plan) -> Area:
    """Return the block of domestic spending by base sector and item, all that is attributed."""
    return Area(INJECTIONS, SPENT, LEFT, plan.n, len(plan.columns))


def head_row(plan: Plan, row: int) -> Area:
    """Return a row above that block: channel, buyer, money, additional share."""
    return Area(INJECTIONS, row, LEFT, 1, len(plan.columns))


def runs(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the columns of injections by channel: channel, and which spending it is.

    ``direct`` is bought by the direct sector, ``linked`` by other new sectors; of final
    spending there is the ``additional`` part and all that is ``attributed``.
    """
    found = [
        (column.channel, kind)
        for kind in ("direct", "linked", "additional", "attributed")
        for column in plan.columns
        if kind in _kinds(plan, column.buyer)
    ]
    return tuple(dict.fromkeys(found))


def _kinds(plan: Plan, buyer: str) -> tuple[str, ...]:
    if not buyer:
        return ("additional", "attributed")
    return ("direct",) if buyer == plan.direct else ("linked",)


def by_channel(plan: Plan) -> Area:
    """Return the block of injections by base sector and channel."""
    left = LEFT + len(plan.columns) + 1
    return Area(INJECTIONS, SPENT, left, plan.n, len(runs(plan)) + has_basket(plan))


def has_basket(plan: Plan) -> int:
    """Whether the spending of households is one more column: 1 or 0."""
    return int(bool(plan.value("respending") or plan.value("displaced")))


def injections(plan: Plan) -> Draft:
    """Return the sheet of spending on base sectors by item and by channel."""
    draft = Draft(
        name=INJECTIONS,
        title="What is spent on base sectors, by item and by channel",
        note="b_i = domestic share of sector i x spending on the item x share of the item that "
        "goes to sector i (sheet purchases); the channels at the right add up items, with the "
        "additional part of final spending alone. In million "
        f"{plan.currency}. Imports leak.",
        source="Source: METHOD sections 2, 4 and 7: a partition of A_KB x_B + f_K.",
        wide=True,
        frozen=f"C{SPENT}",
        repeated=f"{ITEM}:{SUM}",
        widths={"A": 14.0, "B": 48.0},
    )
    draft.stack(ITEM, 2, ["item", "channel", "bought by", "spending, imports included",
                          "share that is counted", "domestic share of the spending",
                          "all sectors, domestic"], "heads")  # fmt: skip
    draft.stack(SPENT, 1, plan.base.labels.codes, "code text")
    draft.stack(SPENT, 2, plan.names, "label")
    area = items(plan)
    for at, column in enumerate(plan.columns):
        place, letter = LEFT + at, letters(LEFT + at)
        buyer = column.buyer or FINAL
        draft.stack(ITEM, place, [column.item, column.channel, buyer], "cell text")
        draft.compute(MONEY, place, f"{column.money}/{MILLION:.0f}", "money")
        draft.compute(ADDITIONAL, place, column.additional, "cells")
        sums, money = f"{letter}{SUM}", f"{letter}{MONEY}"
        draft.compute(INSIDE, place, f"IF({money}=0,0,{sums}/{money})", "cells")
        draft.compute(SUM, place, f"SUM({area.column(at).own})", "sum")
        draft.widths[letter] = 24.0
        _spread(draft, plan, at, final=not column.buyer)
    _by_channel(draft, plan)
    inside = head_row(plan, INSIDE).own
    draft.check(
        "items of which more is domestic than is spent", f'COUNTIF({inside},">1.000000001")'
    )
    parts = by_channel(plan)
    whole = f"SUMPRODUCT({head_row(plan, SUM).own},{head_row(plan, ADDITIONAL).own})"
    split = "+".join(
        f"SUM({parts.column(at).own})" for at, (_, kind) in enumerate(runs(plan))
        if kind != "attributed"
    )  # fmt: skip
    draft.check("channels less items, share of the whole", zero(f"({split})/({whole})-1"))
    return draft


def _spread(draft: Draft, plan: Plan, at: int, *, final: bool) -> None:
    """Put domestic spending on one item by base sector."""
    where, letter = map_rows(plan), letters(LEFT + at)
    share = letters(LEFT + 5 if final else LEFT + 4)
    for k in range(plan.n):
        row = SPENT + k
        goes = product(
            f"EXACT({where['item'].whole},{letter}${ITEM})"
            f"*EXACT({where['sector'].whole},$A{row})*{where['share'].whole}"
        )
        stated = plan.account.equations.domestic  # then nothing of it is imported
        inside = "1" if stated else f"{DOMESTIC}!{share}{TOP + k}"
        draft.compute(row, LEFT + at, f"{inside}*{letter}${MONEY}*{goes}", "cells")


def _by_channel(draft: Draft, plan: Plan) -> None:
    """Put the sum of items of each channel, and the basket of households behind them."""
    area, channels = items(plan), head_row(plan, CHANNEL)
    parts = by_channel(plan)
    for at, (channel, kind) in enumerate(runs(plan)):
        place = parts.left + at
        letter = letters(place)
        draft.stack(ITEM, place, [kind, channel], "heads")
        draft.stack(BUYER, place, [""] * 4, "cell text")
        draft.compute(SUM, place, f"SUM({parts.column(at).own})", "sum")
        draft.widths[letter] = 24.0
        same = f"EXACT({channels.own},{letter}${CHANNEL})*{_who(plan, kind)}"
        counted = f"*{head_row(plan, ADDITIONAL).own}" if kind == "additional" else ""
        for k in range(plan.n):
            row = area.row(k).own.replace("$", "")
            draft.compute(SPENT + k, place, product(f"{same}{counted}*{row}"), "cells")
    if has_basket(plan):
        place = parts.left + len(runs(plan))
        draft.stack(ITEM, place, ["per unit spent", BASKET], "heads")
        draft.stack(BUYER, place, [""] * 4, "cell text")
        draft.compute(SUM, place, f"SUM({parts.column(len(runs(plan))).own})", "sum ratio")
        draft.widths[letters(place)] = 18.0
        for k in range(plan.n):
            draft.compute(SPENT + k, place, basket(plan).cell(k), "cells")


def _who(plan: Plan, kind: str) -> str:
    """Return the formula that tells who buys an item: the direct sector, others, the end."""
    buyers = head_row(plan, BUYER).own
    if kind == "direct":
        return f"EXACT({buyers},{says(plan.direct)})"
    if kind == "linked":
        return f"(1-EXACT({buyers},{says(plan.direct)}))*(1-EXACT({buyers},{says(FINAL)}))"
    return f"EXACT({buyers},{says(FINAL)})"


def inserted(plan: Plan) -> Draft:
    """Return the sheet of the inserted columns: coefficients of the new sectors."""
    codes = plan.inserted
    names = {role.code: role.names.get("en", "") for role in plan.account.equations.sectors}
    draft = Draft(
        name=INSERTED,
        title="The inserted sectors: their columns of coefficients",
        note="Domestic purchases from base sectors per unit of output, purchases from other new "
        "sectors, imported purchases, labour income, and what is left over (taxes, surplus). "
        "Each column sums to one; the coefficients of the base stay as they are.",
        source="Source: METHOD sections 1 and 2.1: columns A_Km, A_Kp and the block A_BB.",
    )
    list_sectors(draft, plan)
    area, buyers = items(plan), head_row(plan, BUYER)
    rows = [*(f"from {code}" for code in codes), "imported purchases", "labour income",
            "other value added", "sum", f"output, million {plan.currency}",
            f"final demand, million {plan.currency}"]  # fmt: skip
    first = TOP + plan.n
    draft.stack(first, 2, rows, "sum")
    for at, code in enumerate(codes):
        head(draft, at, f"{code} {names[code]}".strip(), width=22.0)
        letter = letters(LEFT + at)
        own = f"EXACT({buyers.whole},{says(code)})"
        size = f"{letter}${first + len(codes) + 4}"
        for k in range(plan.n):
            bought = product(f"{own}*{area.row(k).whole}")
            draft.compute(TOP + k, LEFT + at, f"IF({size}=0,0,{bought}/{size})", "cells")
        draft.compute(TOP - 1, LEFT + at, f"SUM({letter}{TOP}:{letter}{first - 1})", "sum ratio")
        for k, seller in enumerate(codes):
            given = plan.value("from", code, seller) or "0"
            draft.compute(first + k, LEFT + at, given, "cells")
        _closing(draft, plan, at, own)
    left = Area(INSERTED, first + len(codes) + 2, LEFT, 1, len(codes))
    sums = left.row(1)
    draft.check("columns less one", zero(f"SUMPRODUCT(ABS({sums.own}-1))"))
    draft.check("costs above output", f'COUNTIF({left.own},"<-0.000000001")')
    return draft


def _closing(draft: Draft, plan: Plan, at: int, own: str) -> None:
    """Put what stands below the purchases of a new sector from the base."""
    code, codes = plan.inserted[at], plan.inserted
    first, letter = TOP + plan.n + len(plan.inserted), letters(LEFT + at)
    size = f"{letter}{first + 4}"
    money = product(f"{own}*{head_row(plan, MONEY).whole}")
    home = f"{letter}{TOP - 1}"
    bought = f"IF({size}=0,0,{money}/{size})"
    apart = plan.value("imports", code) or "0"
    draft.compute(first, LEFT + at, f"{bought}-{home}+{apart}", "cells")
    draft.compute(first + 1, LEFT + at, plan.needed("labour_income", code), "cells")
    new = f"SUM({letter}{TOP + plan.n}:{letter}{first - 1})"
    draft.compute(first + 2, LEFT + at, f"1-{bought}-{apart}-{new}-{letter}{first + 1}", "cells")
    draft.compute(first + 3, LEFT + at, f"{home}+SUM({letter}{TOP + plan.n}:{letter}{first + 2})",
                  "sum ratio")  # fmt: skip
    out = plan.needed("output", code)
    draft.compute(first + 4, LEFT + at, f"{out}/{MILLION:.0f}", "money")
    row = TOP + plan.n + at
    last = letters(LEFT + len(codes) - 1)
    sold = f"SUMPRODUCT(C{row}:{last}{row},C{first + 4}:{last}{first + 4})"
    draft.compute(first + 5, LEFT + at, f"{size}-{sold}", "money")


def reached(plan: Plan) -> Area:
    """Return output of base sectors by channel, the last column per unit that households spend."""
    return plan.sectors(REACHED, 0, by_channel(plan).columns)


def output(plan: Plan) -> Draft:
    """Return the sheet of output that each channel sets off in the base sectors."""
    draft = Draft(
        name=REACHED,
        title="Output that each channel sets off in the base sectors",
        note="x_K = L_KK b_c: one formula for the whole block (MMULT), in million "
        f"{plan.currency}; the last column per unit that households spend.",
        source="Source: METHOD section 7; Miller and Blair (2009), equation 2.13.",
    )
    list_sectors(draft, plan)
    area, spent = reached(plan), by_channel(plan)
    draft.array(area, f"MMULT({plan.matrix(INVERSE).whole},{spent.whole})", "cells")
    texts = [f"{channel}, {kind}" for channel, kind in runs(plan)]
    texts += ["households, per unit spent"] * has_basket(plan)
    for at, text in enumerate(texts):
        head(draft, at, text, width=20.0)
        column = area.column(at)
        draft.compute(TOP - 1, column.left, f"SUM({column.own})", "sum")
    sums = Area(REACHED, TOP - 1, LEFT, 1, area.columns)
    multipliers = Area(INVERSE, TOP - 1, LEFT, 1, plan.n)
    again = f"MMULT({multipliers.whole},{spent.whole})"
    draft.check(
        "output less injections at output multipliers, share of the whole",
        zero(f"SUMPRODUCT(ABS({again}-{sums.own}))/MAX(1,SUM({sums.own}))"),
    )
    return draft


def basket(plan: Plan) -> Area:
    """Return domestic purchases of households per unit that they spend."""
    return plan.sectors(HOUSEHOLDS, 2)


SCALARS = 5  # column of the scalars of the sheet `households`, from the first figure


def scalar(plan: Plan, name: str) -> str:
    """Return the cell of a scalar of the sheet `households`."""
    return Area(HOUSEHOLDS, TOP, LEFT + SCALARS).cell(list(_scalars(plan)).index(name))


def _scalars(plan: Plan) -> dict[str, str]:
    """Name and formula of the scalars that close the model, in order."""
    count = len(runs(plan))
    pay, out = pay_per_unit(plan).whole, reached(plan)
    waged = [(kind, product(pay, out.column(at).whole)) for at, (_, kind) in enumerate(runs(plan))]
    paid = [
        f"{plan.needed('labour_income', code)}*{plan.needed('output', code)}/{MILLION:.0f}"
        for code in plan.inserted
    ]
    place = {name: f"$H${TOP + at}" for at, name in enumerate(SCALAR_NAMES)}
    outlay = [f"SUM({flow_columns(plan).column(k).whole})" for k in plan.household]
    direct = [f"SUM({primary(plan).column(plan.n + k).whole})" for k in plan.household]
    back = [primary(plan).cell(row, plan.n + k) for row in plan.income_rows for k in plan.household]
    chi, own, brought = place["chi"], place["paid to households"], place["brought back"]
    return {
        "chi": plan.value("respending") or "0",
        "outlay of households in the table": total([*outlay, *direct]),
        "paid to households": f"({total(back)})/{place['outlay of households in the table']}",
        "brought back": product(pay, out.column(count).whole),
        "S": f"1-{chi}*({own}+{brought})",
        "income of new sectors": total(paid),
        "income in the chain": total([t for kind, t in waged if kind in INNER]),
        "income from final spending": total([t for kind, t in waged if kind == "additional"]),
        "spending, core": f"{chi}/{place['S']}*({place['income of new sectors']}"
        f"+{place['income in the chain']})",
        "spending, all": f"{place['spending, core']}+{chi}/{place['S']}"
        f"*{place['income from final spending']}",
    }


SCALAR_NAMES = (
    "chi",
    "outlay of households in the table",
    "paid to households",
    "brought back",
    "S",
    "income of new sectors",
    "income in the chain",
    "income from final spending",
    "spending, core",
    "spending, all",
)
SCALAR_TEXTS = (
    "chi: household spending per unit of labour income",
    "outlay of households in the table, its unit",
    "paid to households directly, per unit they spend",
    "labour income per unit they spend: w' L_KK A_Kh",
    "S = 1 - chi (paid + brought back), the Schur complement",
    "labour income of the new sectors, million",
    "labour income in the chain: w' L_KK b, million",
    "labour income from additional final spending, million",
    "x_h of scope chain+households, million",
    "x_h of scope all, million",
)

SCALAR_LOOKS = ("cells", "money", *["cells"] * 3, *["money"] * 5)


def households(plan: Plan) -> Draft:
    """Return the sheet that closes the model with respect to households."""
    draft = Draft(
        name=HOUSEHOLDS,
        title="Household re-spending: the closure",
        note="A_Kh = domestic share x household consumption / outlay; x_h = chi / S x labour "
        "income, S = 1 - chi w' L_KK A_Kh. Profits, contributions, taxes, saving and imports "
        "leak. Closure holds if S is above zero.",
        source="Source: METHOD sections 5 and 6; Miller and Blair (2009), section 2.5.",
    )
    list_sectors(draft, plan)
    for at, text in enumerate(("household consumption", "domestic share", "basket A_Kh")):
        head(draft, at, text)
    head(draft, SCALARS - 1, "scalar", width=58.0)
    head(draft, SCALARS, "value", width=20.0)
    outlay = Area(HOUSEHOLDS, TOP + 1, LEFT + SCALARS).place()
    for k in range(plan.n):
        bought = [flow_columns(plan).cell(k, column) for column in plan.household]
        row = TOP + k
        draft.compute(row, LEFT, total(bought), "money")
        inside = f"{DOMESTIC}!H{TOP + k}" if plan.separated else "1"
        draft.compute(row, LEFT + 1, inside, "cells")
        draft.compute(row, LEFT + 2, f"C{row}*D{row}/{outlay}", "cells")
    for column, look in (("C", "sum"), ("E", "sum ratio")):
        draft.compute(TOP - 1, LEFT + (column == "E") * 2,
                      f"SUM({column}{TOP}:{column}{TOP + plan.n - 1})", look)  # fmt: skip
    for at, (text, formula) in enumerate(zip(SCALAR_TEXTS, _scalars(plan).values(), strict=True)):
        draft.put(TOP + at, LEFT + SCALARS - 1, text, "label")
        draft.compute(TOP + at, LEFT + SCALARS, formula, SCALAR_LOOKS[at])
    draft.check("re-spending that never ends (S not above zero)",
                f"IF({scalar(plan, 'S')}>0,0,1)")  # fmt: skip
    home = scalar(plan, "spending, all")
    income = total([scalar(plan, name) for name in SCALAR_NAMES[5:8]])
    back = f"({scalar(plan, 'paid to households')}+{scalar(plan, 'brought back')})"
    draft.check(
        "spending less chi times all labour income, share",
        zero(f"({home}-{scalar(plan, 'chi')}*({income}+{back}*{home}))/MAX(1,ABS({home}))"),
    )
    return draft
