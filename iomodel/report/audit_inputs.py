"""What a person may change in the audit workbook, and the equations that use it."""

import math

from iomodel.accounts.assumptions import Assumption, is_share, unit_value
from iomodel.accounts.declarations import Equation
from iomodel.report.audit_draft import GIVEN, Area, Draft, look_of, number, says, total
from iomodel.report.audit_plan import (
    ADDITIONAL_COLUMN,
    EQUATION_TOP,
    EQUATIONS,
    FLOWS,
    INPUTS,
    LEFT,
    MAP_TOP,
    PURCHASES,
    VALUE_COLUMN,
    Plan,
    map_rows,
)
from iomodel.writers.fillable import Choice, Mark, letters

INPUT_TOP = 8
VALUE, SIZED = 2, 9
SUM_TOLERANCE = 1e-6


def inputs(plan: Plan) -> Draft:
    """Return the sheet of inputs: id in column A, the value to change in column B."""
    account = plan.account
    draft = Draft(
        name=INPUTS,
        title="Inputs: change a yellow cell, and the ratio moves",
        note="Each number of the study with its range, distribution, evidence and grade (A best). "
        "Column I brings it to units of the currency, persons, days or shares: equations use that "
        "one, by the name of the id.",
        source=f"Source: {account.source or account.title}.",
        colour=GIVEN,
        check_at=4,
        frozen=f"C{INPUT_TOP}",
        repeated=f"{INPUT_TOP - 1}:{INPUT_TOP - 1}",
        widths={"A": 22.0, "B": 14.0, "C": 26.0, "D": 10.0, "E": 10.0, "F": 20.0, "G": 16.0,
                "H": 8.0, "I": 16.0, "J": 12.0, "K": 15.0, "L": 40.0, "M": 60.0},
        span=9,
    )  # fmt: skip
    heads = ["id", "value", "unit", "low", "high", "distribution", "evidence", "grade",
             "value in base units", "as read", "block", "what it is", "note"]  # fmt: skip
    draft.line(INPUT_TOP - 1, 1, heads, "heads")
    last = INPUT_TOP + len(account.assumptions) - 1
    for row, (key, item) in enumerate(account.assumptions.items(), start=INPUT_TOP):
        _input(draft, plan, row, key, item)
    values = Area(INPUTS, INPUT_TOP, SIZED, last - INPUT_TOP + 1)
    draft.check(
        "values that are missing, text, negative, or shares above one",
        f'SUMPRODUCT(--ISERROR({values.own}))+COUNTIF({values.own},"<0")+{_above_one(plan)}',
    )
    band = f"B{INPUT_TOP}:B{last}"
    inside = f"AND(D{INPUT_TOP}<=B{INPUT_TOP},B{INPUT_TOP}<=E{INPUT_TOP})"
    full = f"ISNUMBER(D{INPUT_TOP}),ISNUMBER(E{INPUT_TOP})"
    draft.marks.append(Mark(band, f"AND({full},NOT({inside}))", "waits"))
    return draft


def _above_one(plan: Plan) -> str:
    """Return the formula that counts shares above one."""
    shares = [
        f"({Area(INPUTS, INPUT_TOP + at, SIZED).place()}>1)*1"
        for at, (key, item) in enumerate(plan.account.assumptions.items())
        if is_share(item.unit) and key in plan.account.values
    ]
    return total(shares)


def _input(draft: Draft, plan: Plan, row: int, key: str, item: Assumption) -> None:
    """Put one input: a number in yellow, or a category that is shown alone."""
    value = plan.account.values.get(key)
    draft.put(row, 1, key, "code text")
    if value is None:
        draft.put(row, VALUE, str(item.central), "cell text")
    else:
        draft.put(row, VALUE, value, "input")
        size = unit_value(item.unit) or 1.0
        formula = f"B{row}" if size == 1.0 else f"B{row}*{size:.0f}"
        draft.compute(row, SIZED, formula, look_of(value * size))
        draft.names[plan.named[key]] = f"$I${row}"
        limit = "0 1" if is_share(item.unit) else "0 1E+15"
        text = "A share from 0 to 1." if is_share(item.unit) else "A number, zero or above."
        draft.choices.append(Choice(f"B{row}", "decimal", limit, key, text))
    draft.put(row, 3, item.unit, "cell text")
    draft.line(row, 4, [item.low, item.high], "formula")
    texts = [item.distribution, " ".join(item.evidence), item.grade]
    draft.line(row, 6, texts, "cell text")
    draft.put(row, 10, item.central, "written" if isinstance(item.central, str) else "formula")
    draft.line(row, 11, [item.block, item.item, item.note], "cell text")


def equations(plan: Plan) -> Draft:
    """Return the sheet of declared equations, each with its formula at work."""
    draft = Draft(
        name=EQUATIONS,
        title="Equations: how inputs become the account of the industry",
        note="Each row is declared in the study workbook as text (column E) and computed here "
        "(column F), in units of the currency, persons, days or shares. Where a sector has no "
        "output, its quantities are zero.",
        source="Source: METHOD sections 1 to 5; the notes say which.",
        frozen=f"A{EQUATION_TOP}",
        repeated=f"{EQUATION_TOP - 1}:{EQUATION_TOP - 1}",
        widths={"A": 16.0, "B": 10.0, "C": 20.0, "D": 20.0, "E": 48.0, "F": 16.0, "G": 22.0,
                "H": 14.0, "I": 18.0, "J": 60.0},
        span=8,
    )  # fmt: skip
    heads = ["quantity", "sector", "item", "channel", "formula as declared", "value",
             "additional share, or upper side", "its value", "holds", "note"]  # fmt: skip
    draft.line(EQUATION_TOP - 1, 1, heads, "heads")
    taken = set(plan.account.values)
    for at, row in enumerate(plan.rows):
        _equation(draft, plan, EQUATION_TOP + at, row)
        if row.name and row.name not in taken:
            draft.names[plan.named[row.name]] = f"$F${EQUATION_TOP + at}"
    values = Area(EQUATIONS, EQUATION_TOP, VALUE_COLUMN, max(1, len(plan.rows)))
    above = [
        f"({values.place(at)}>{Area(EQUATIONS, EQUATION_TOP, ADDITIONAL_COLUMN).place(at)})*1"
        for at, row in enumerate(plan.rows)
        if row.quantity == "at_most"
    ]
    draft.check("quantities above what they may be at most", total(above))
    draft.check("values that are errors", f"SUMPRODUCT(--ISERROR({values.own}))")
    holds = f"I{EQUATION_TOP}:I{EQUATION_TOP + len(plan.rows) - 1}"
    first = f"I{EQUATION_TOP}"
    draft.marks.append(Mark(holds, f'LEFT({first},4)="hold"', "good"))
    draft.marks.append(Mark(holds, f'LEFT({first},5)="above"', "wrong"))
    draft.marks.append(Mark(holds, f'LEFT({first},7)="outside"', "waits"))
    return draft


def _equation(draft: Draft, plan: Plan, row: int, found: Equation) -> None:
    """Put one declared row: its texts and its formula at work."""
    texts = [found.quantity, found.sector, found.item, found.channel]
    draft.line(row, 1, texts, "cell text")
    draft.put(row, 5, found.formula.text, "formula text")
    own = f"output_{found.sector}"
    formula = found.formula.excel(plan.named.__getitem__)
    if found.sector and found.name != own:
        formula = f"IF({plan.named[own]}=0,0,{formula})"
    known = plan.account.quantities
    idle = found.sector and known[own] == 0.0
    now = 0.0 if idle else found.formula(known)
    draft.compute(row, VALUE_COLUMN, formula, look_of(now))
    draft.put(row, 7, "", "formula text")
    draft.put(row, ADDITIONAL_COLUMN, "", "formula text")
    if found.additional is not None:
        draft.put(row, 7, found.additional.text, "formula text")
        extra = found.additional
        look = look_of(extra(known))
        draft.compute(row, ADDITIONAL_COLUMN, extra.excel(plan.named.__getitem__), look)
    draft.put(row, 9, None, "state")
    screen = plan.account.screens.get(found.item) if found.quantity == "check" else None
    if found.quantity == "at_most":
        draft.compute(row, 9, f'IF(F{row}<=H{row},"holds","above")', "state")
    elif screen is not None:
        inside = f"AND({number(screen.low)}<=F{row},F{row}<={number(screen.high)})"
        said = says(f"outside {screen.low:g} to {screen.high:g} {screen.unit}")
        draft.compute(row, 9, f'IF({inside},"holds",{said})', "state")
    draft.put(row, 10, found.note, "cell text")


def purchases(plan: Plan) -> Draft:
    """Return the sheet that spreads each item over base sectors."""
    spread = list(dict.fromkeys(row.item for row in plan.account.map))
    draft = Draft(
        name=PURCHASES,
        title="Purchases: how each item is spread over base sectors",
        note="Share of an item that goes to a base sector, at producers' prices: trade and "
        "transport margins are rows of their own. Shares and sector codes may be changed; the "
        "shares of an item sum to one.",
        source="Source: the notes; METHOD section 1.",
        colour=GIVEN,
        check_at=7,
        frozen=f"A{MAP_TOP}",
        repeated=f"{MAP_TOP - 1}:{MAP_TOP - 1}",
        widths={"A": 22.0, "B": 12.0, "C": 44.0, "D": 12.0, "E": 56.0, "F": 3.0, "G": 22.0,
                "H": 14.0},
        span=5,
    )  # fmt: skip
    heads = ["item", "sector", "name of the sector", "share", "note", None, "item", "sum of shares"]
    for at, text in enumerate(heads, start=1):
        if text:
            draft.put(MAP_TOP - 1, at, text, "heads")
    codes = plan.sectors(FLOWS, 1 - LEFT).whole
    names = plan.sectors(FLOWS, 2 - LEFT).whole
    for row, item in enumerate(plan.account.map, start=MAP_TOP):
        draft.put(row, 1, item.item, "code text")
        draft.put(row, 2, item.sector, "input")
        found = f"INDEX({names},MATCH(B{row},{codes},0))"
        draft.compute(row, 3, f'IF(ISERROR({found}),"unknown sector",{found})', "label")
        draft.put(row, 4, item.share, "input")
        draft.put(row, 5, item.note, "cell text")
    where = map_rows(plan)
    for row, key in enumerate(spread, start=MAP_TOP):
        draft.put(row, 7, key, "code text")
        same = f"EXACT({where['item'].own},G{row})"
        draft.compute(row, 8, f"SUMPRODUCT({same}*{where['share'].own})", "formula")
    sums = Area(PURCHASES, MAP_TOP, 8, max(1, len(spread)))
    named = Area(PURCHASES, MAP_TOP, 3, max(1, len(plan.account.map)))
    far = f"SUMPRODUCT(--(ABS({sums.own}-1)>{SUM_TOLERANCE:f}))"
    draft.check("items whose shares do not sum to one", far if spread else "0")
    draft.check("rows with an unknown sector", f'COUNTIF({named.own},"unknown sector")')
    return draft


def evidence(plan: Plan) -> Draft | None:
    """Return the sheet of what the inputs cite; None where there is nothing."""
    frame = plan.account.evidence
    if not len(frame):
        return None
    draft = Draft(
        name="evidence",
        title="Evidence: what the inputs cite",
        note="Sources of the inputs as the study workbook lists them; the ids stand in the column "
        "evidence of the sheet inputs.",
        colour=GIVEN,
        frozen="B6",
        repeated="5:5",
        wide=True,
    )
    heads = [str(head) for head in frame.columns]
    draft.line(5, 1, heads, "heads")
    for row, values in enumerate(frame.itertuples(index=False), start=6):
        for at, value in enumerate(values, start=1):
            plain = isinstance(value, int | float) and math.isfinite(value)
            draft.put(row, at, value if plain else _text(value), "cell text")
    for at, _ in enumerate(heads):
        longest = max((len(_text(value)) for value in frame.iloc[:, at]), default=8)
        draft.widths[letters(at + 1)] = float(min(44, max(10, longest)))
    return draft


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
