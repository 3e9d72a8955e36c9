"""The first and the last sheet of the blank workbook: what to do, and whether it balances."""

from iomodel.accounts.checks import EXACT, ROUNDING
from iomodel.writers.blank_sheets import CHECK, HELP, NEEDED, Plan, jobs_needed
from iomodel.writers.fillable import Choice, Entry, Form, Formula, Mark, letters

TOP = 17  # first sector on the sheet `checks`
TOTAL = TOP - 1
LIMIT = "$C$12"
HEADS = (
    *("code", "name", "sales", "output", "difference", "of output", "row"),
    *("inputs", "output", "difference", "of output", "column", "codes"),
)
OVERVIEW = "D4:D11"


def how_to(plan: Plan) -> Form:
    """Return the sheet that says what to do, in order."""
    steps = [
        ("about", "Type title, unit, currency and years. Choose the rest from the lists."),
        ("sectors", "Type a code and a name for each sector. Codes are text: 01 keeps its zero."),
        ("flows", "Fill in every yellow cell: intermediate flows, final demand, "
         + ("imports, " if plan.competitive else "")
         + "output, primary inputs. Type 0 where there is no flow. Paste values only."),
        *([("employment", "Type unit, year and the jobs of each sector.")]
          if plan.employment else []),
        ("checks", "Look whether rows and columns give the output. Amber waits, red is wrong."),
        ("read it", "Save the workbook, then in Python:  table = iom.read(\"my_table.xlsx\")\n"
         "or in a terminal:  iomodel check my_table.xlsx"),
    ]  # fmt: skip
    colours = [
        ("blank", "still to fill in"),
        ("figure", "a figure you typed"),
        ("optional", "may stay blank"),
        ("wrong", "wrong: text instead of a number, or a code that differs from sectors"),
    ]
    size = f"{plan.n} sectors, {len(plan.final)} final demand columns"
    lead = f"{size}, {len(plan.primary)} primary inputs. Rows sell, columns buy."
    entries = [Entry(1, 2, "A blank input-output table", "title"), Entry(2, 2, lead, "lead")]
    for row, (sheet, text) in enumerate(steps, start=4):
        entries += [
            Entry(row, 1, row - 3, "lead"),
            Entry(row, 2, sheet, "step"),
            Entry(row, 3, text, "code" if sheet == "read it" else "says"),
        ]
    legend = 5 + len(steps)
    for row, (look, text) in enumerate(colours, start=legend):
        entries += [Entry(row, 2, "1,234" if look == "figure" else None, look)]
        entries += [Entry(row, 3, text, "text")]
    end = legend + len(colours) + 1
    entries.append(Entry(end, 3, "Point at a header with a red corner to read its note. For "
                         "another number of sectors make a new template: rows and columns that "
                         "you insert are not seen by the checks.", "quiet"))  # fmt: skip
    heights = {1: 30.0, end: 34.0, **dict.fromkeys(range(4, 4 + len(steps)), 34.0)}
    return Form(
        name="how to",
        colour=HELP,
        entries=entries,
        widths={"A": 5, "B": 18, "C": 92},
        heights=heights,
    )


def checks(plan: Plan) -> Form:
    """Return the sheet of live formulas: sales and inputs of every sector against its output."""
    last = TOP + plan.n - 1
    entries = [Entry(1, 2, "Does the table balance?", "title"), *_overview(plan, last)]
    entries += [Entry(TOTAL - 1, c, head, "head") for c, head in enumerate(HEADS, start=1)]
    entries += _totals(last)
    for at in range(plan.n):
        entries += _sector(plan, at, last)
    states = (OVERVIEW, f"G{TOTAL}:G{last}", f"L{TOTAL}:L{last}", f"M{TOP}:M{last}")
    marks = [mark for cells in states for mark in _states(cells)]
    marks += [
        Mark(f"E{TOTAL}:F{last}", f'$G{TOTAL}="out"', "wrong"),
        Mark(f"J{TOTAL}:K{last}", f'$L{TOTAL}="out"', "wrong"),
        Mark("B2:F2", 'LEFT($B$2,5)="Ready"', "good"),
        Mark("B2:F2", "TRUE", "waits"),
    ]  # fmt: skip
    return Form(
        name="checks",
        colour=CHECK,
        entries=entries,
        choices=[Choice("C12", "decimal", "0 1", "Limit", "Type a share of output: 0.005.")],
        marks=marks,
        notes={
            f"C{TOTAL - 1}": "Sum of the row: sales to sectors and to final demand, less imports.",
            f"H{TOTAL - 1}": "Sum of the column: purchases from sectors and primary inputs.",
            f"G{TOTAL - 1}": "balances: to a millionth of output. rounding: within the limit "
            "above. out: beyond it. fill in: cells of the row are blank or text.",
            f"M{TOTAL - 1}": "Whether the row and the column of flows have the code of sectors.",
        },
        widths={"A": 12, "B": 44, **dict.fromkeys("CDEHIJ", 18), **dict.fromkeys("FKGLM", 12)},
        heights={1: 30, 2: 22},
        frozen=f"C{TOP}",
    )


def _overview(plan: Plan, last: int) -> list[Entry]:
    """Return the lines above the sectors: what is blank, wrong or out of balance in all."""
    sales, inputs = f"flows!{plan.sales}", f"flows!{plan.inputs}"
    n, k = plan.n, len(plan.final)
    final = f"SUM(flows!{plan.block((0, n), (n, k))})"
    imports = f"flows!{plan.block((0, n), (n + k, 1))}" if plan.competitive else ""
    gap = f"ABS(SUM({inputs})-{final}" + (f"+SUM({imports})" if imports else "") + ")"
    text = "+".join(f"COUNTA({block})-COUNT({block})" for block in (sales, inputs))
    blank = "+".join(f"COUNTBLANK({part})" for part in (sales, inputs, *jobs_needed(plan)))
    places = "flows and employment" if plan.employment else "flows"
    lines = [
        ("Facts missing in about", f"COUNTBLANK(about!{NEEDED})", "fill in", "0"),
        (f"Cells of {places} still blank", blank, "fill in", "0"),
        ("Cells of flows with text instead of a number", text, "wrong", "0"),
        ("Codes of flows that differ from sectors", f'COUNTIF(M{TOP}:M{last},"differ")', "wrong",
         "0"),
        ("Rows out of balance", f'COUNTIF(G{TOP}:G{last},"out")', "wrong", "0"),
        ("Columns out of balance", f'COUNTIF(L{TOP}:L{last},"out")', "wrong", "0"),
        ("Imports with a minus sign", f'COUNTIF({imports},"<0")' if imports else "0", "wrong",
         "0"),
        ("Primary inputs less final demand net of imports", gap, "wrong",
         f"{LIMIT}*SUM({inputs})"),
    ]  # fmt: skip
    entries = []
    for row, (what, formula, bad, limit) in enumerate(lines, start=4):
        said = f'"{bad}"' if limit == "0" else f'IF($C$5+$C$6>0,"fill in","{bad}")'
        state = f'=IF(C{row}<={limit},"good",{said})'
        look = "count" if limit == "0" else "computed"
        entries += [Entry(row, 2, what, "linked"), Entry(row, 3, Formula(f"={formula}"), look)]
        entries.append(Entry(row, 4, Formula(state), "state"))
    good = f'COUNTIF({OVERVIEW},"good")'
    ready = '"Ready: save the workbook and read it with iom.read(...)"'
    open_ = f'"Not ready yet: "&(8-{good})&" of 8 checks are open"'
    return [
        *entries,
        Entry(2, 2, Formula(f"=IF({good}=8,{ready},{open_})"), "verdict"),
        Entry(12, 2, "Limit of a rounding, as a share of output", "linked"),
        Entry(12, 3, ROUNDING, "rounding"),
    ]


def _states(cells: str) -> list[Mark]:
    """Return the colours of cells that say how a check ends."""
    first = cells.partition(":")[0]
    words = {
        "wrong": ("wrong", "out", "differ"),
        "waits": ("fill in", "rounding"),
        "good": ("balances", "good", "same"),
    }
    found = []
    for look, said in words.items():
        tests = ",".join(f'{first}="{word}"' for word in said)
        found.append(Mark(cells, f"OR({tests})", look))
    return found


def _totals(last: int) -> list[Entry]:
    entries = [Entry(TOTAL, 1, "all", "closing"), Entry(TOTAL, 2, "All sectors", "closing")]
    for column in ("C", "D", "E", "H", "I", "J"):
        total = Formula(f"=SUM({column}{TOP}:{column}{last})")
        entries.append(Entry(TOTAL, _position(column), total, "computed"))
    for gap, output, share, state in (("E", "D", "F", "G"), ("J", "I", "K", "L")):
        entries += _verdict(
            TOTAL, gap, output, share, state, f'COUNTIF({state}{TOP}:{state}{last},"fill in")>0'
        )
    return [*entries, Entry(TOTAL, 13, None, "state")]


def _sector(plan: Plan, at: int, last: int) -> list[Entry]:
    row, n, k, p = TOP + at, plan.n, len(plan.final), len(plan.primary)
    place = plan.first + at
    column = letters(place)
    sold = "flows!" + plan.block((at, 1), (0, n + k))
    bought = f"flows!{column}{plan.first}:{column}{plan.first + n + p - 1}"
    closing = "flows!" + plan.block((at, 1), (n + k, len(plan.across) - k))
    output = f"flows!{plan.columns(n + len(plan.across) - 1, 1)[0]}{place}"
    imports = f"-SUM(flows!{plan.columns(n + k, 1)[0]}{place})" if plan.competitive else ""
    name = "B" if "en" in plan.languages else "C" if "zh" in plan.languages else "E"
    code = f"sectors!$A${at + 2}"
    same = f"AND(EXACT(flows!$A{place},{code}),EXACT(flows!{column}$1,{code}))"
    values = {
        "C": f"=SUM({sold}){imports}",
        "D": f"=SUM({output})",
        "E": f"=C{row}-D{row}",
        "H": f"=SUM({bought})",
        "I": f"=D{row}",
        "J": f"=H{row}-I{row}",
    }
    row_waits = f"COUNT({sold})+COUNT({closing})<{n + len(plan.across)}"
    column_waits = f"COUNT({bought})+COUNT({output})<{n + p + 1}"
    return [
        Entry(row, 1, Formula(f'={code}&""'), "sectors"),
        Entry(row, 2, Formula(f'=sectors!${name}${at + 2}&""'), "sectors"),
        *(Entry(row, _position(c), Formula(text), "computed") for c, text in values.items()),
        *_verdict(row, "E", "D", "F", "G", row_waits),
        *_verdict(row, "J", "I", "K", "L", column_waits),
        Entry(row, 13, Formula(f'=IF({same},"same","differ")'), "state"),
    ]


def _verdict(row: int, gap: str, output: str, share: str, state: str, waits: str) -> list[Entry]:
    """Return the share of a difference in output and what it means."""
    scale = f"MAX(ABS({output}{row}),1E-9*ABS($D${TOTAL}))"
    if row == TOTAL:
        scale = f"ABS({output}{row})"
    part = f'=IF({output}{row}=0,"",{gap}{row}/{output}{row})'
    size = f"ABS({gap}{row})"
    said = (
        f'=IF({waits},"fill in",IF({size}<={EXACT:f}*{scale},"balances",'
        f'IF({size}<={LIMIT}*{scale},"rounding","out")))'
    )
    return [
        Entry(row, _position(share), Formula(part), "share"),
        Entry(row, _position(state), Formula(said), "state"),
    ]


def _position(letter: str) -> int:
    return ord(letter) - ord("A") + 1
