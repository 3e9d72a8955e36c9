"""What stands where in the blank study: the sheets that a person fills in."""

from collections.abc import Mapping, Sequence

from iomodel.accounts.assumptions import DISTRIBUTIONS
from iomodel.accounts.declarations import ROLES, RULES
from iomodel.accounts.forms import STUDY_LAYOUT
from iomodel.writers.blank_sheets import HELP, INPUT
from iomodel.writers.fillable import Choice, Entry, Form, Formula, Mark, letters
from iomodel.writers.study_plan import NEW, PURCHASES, Line, StudyPlan

SIZES = {"sectors": 4, "channels": 10, "inputs": 40, "purchases": 150, "equations": 40}
SIZES |= {"evidence": 20, "screens": 6, "published": 12}
NUMBERS = "-1E+300 1E+300"
ONE = "Choose one of the list."
KINDS = "ratio,multiplier,effect,output multiplier,count,wage"
CHANNELS = {
    "suppliers": "goods and energy",
    "premises": "premises and equipment",
    "travel": "transport, hotels and meals",
    "services": "services",
}
INPUT_HEADS = (
    "id", "block", "item", "unit", "low", "central", "high", "distribution", "grade", "evidence",
    "note",
)  # fmt: skip
EQUATION_HEADS = ("quantity", "sector", "item", "formula", "channel", "additional", "note")


def about(plan: StudyPlan) -> Form:
    """Return the sheet of facts: key, value, and what is meant."""
    meta, idle = plan.base.meta, bool((plan.base.flows.output == 0).any())
    facts: list[tuple[str, str | int | None, str, str]] = [
        ("layout", STUDY_LAYOUT, "How the program knows this workbook. Leave it.", "linked"),
        ("id", None, "A short name without blanks, such as furniture-2024.", "typed"),
        ("title", None, "What results are called: Jobs of the furniture industry, 2024.", "typed"),
        ("year", plan.year, "Year of the figures.", "typed"),
        ("price_year", plan.year, "Year of their prices: that of the jobs of the table.", "typed"),
        ("currency", plan.currency or None, "Currency of the table: EUR, CNY, GBP.", "typed"),
        ("purchases", "domestic" if plan.domestic else "total",
         "total: with imports, which the table then takes out. domestic: without; imports are an "
         "equation of their own.", "typed"),
        ("idle", "keep" if idle else "refuse",
         "keep: sectors of the table without output stay, as zeros.", "typed"),
        ("base", None, "May stay empty. A table of the package: china-2020, scotland-2019.",
         "typed"),
        ("placebo", None, "May stay empty. Codes of base sectors to compare with, with blanks "
         "between.", "typed"),
        ("base_table", meta.title, "The table whose sectors are in the drop-downs.", "linked"),
    ]  # fmt: skip
    heads = [Entry(1, c, text, "head") for c, text in enumerate(("key", "value", "meaning"), 1)]
    entries = [
        Entry(row, column, cell, look)
        for row, (key, value, why, own) in enumerate(facts, start=2)
        for column, (cell, look) in enumerate(((key, "closing"), (value, own), (why, "quiet")), 1)
    ]
    return Form(
        name="about",
        colour=INPUT,
        entries=[*heads, *entries],
        choices=[
            Choice("B5:B6", "whole", "1 9999", "A year", "Type a year, such as 2024."),
            Choice("B8", "list", "total,domestic", "Purchases", ONE),
            Choice("B9", "list", "refuse,keep", "Sectors without output", ONE),
        ],
        marks=[Mark("B3:B9", "ISBLANK(B3)", "blank"), Mark("B10:B11", "ISBLANK(B10)", "optional")],
        notes={"B1": "Fill in the yellow cells. More facts may follow below: note_1, note_2, ..."},
        heights={8: 32.0},
        widths={"A": 14, "B": 54, "C": 84},
        frozen="A2",
    )


def sectors(plan: StudyPlan) -> Form:
    """Return the sheet of new sectors: one direct one, and those linked to it."""
    heads = ["code", "role", *(f"{key}_{text}" for key in ("name", "people")
                               for text in plan.languages)]  # fmt: skip
    given = [{"code": NEW, "role": "direct"}]
    last = SIZES["sectors"] + 1
    return _sheet(
        "sectors",
        heads,
        given,
        needs={"name_en": '$A2<>""'},
        choices=[Choice(f"B2:B{last}", "list", ",".join(ROLES), "Role", ONE)],
        notes={
            "A1": "One row is enough. A further sector, linked to the first one (a platform that "
            "sells its product), needs its own equations: output, jobs, labour_income.",
            "B1": "direct: its jobs are the direct ones; it stands first.",
            letters(3 + len(plan.languages)) + "1": "Who works in it, for sentences: actors and "
            "crews. May stay empty.",
        },
        widths=[12, 12, *[38] * len(plan.languages), *[44] * len(plan.languages)],
    )


def channels(plan: StudyPlan) -> Form:
    """Return the sheet of channels that results are split by."""
    given = [{"code": code, "name_en": text} for code, text in CHANNELS.items()]
    return _sheet(
        "channels",
        ["code", *(f"name_{text}" for text in plan.languages)],
        given,
        needs={"name_en": '$A2<>""'},
        notes={
            "A1": "Results are split by channel, in this order. Purchases name theirs in the "
            "sheet equations."
        },
        widths=[20, *[44] * len(plan.languages)],
    )


def inputs(plan: StudyPlan) -> Form:
    """Return the sheet of inputs: every number with its range, source and grade."""
    last, money = SIZES["inputs"] + 1, plan.currency or "EUR"
    units = f"million {money},thousand {money},bn {money},share of output,share,FTE,persons,ratio"
    number = "Type a number, without unit or blanks. A share is 0.25, not 25."
    return _sheet(
        "inputs",
        INPUT_HEADS,
        plan.inputs,
        needs={
            "central": '$A2<>""',
            "low": 'AND($A2<>"",$H2<>"fixed",$H2<>"categorical")',
            "high": 'AND($A2<>"",$H2<>"fixed",$H2<>"categorical")',
        },
        wrong={
            f"E2:G{last}": 'AND(ISTEXT(E2),$H2<>"categorical")',
            f"E2:E{last}": "AND(ISNUMBER(E2),ISNUMBER($F2),E2>$F2)",
            f"G2:G{last}": "AND(ISNUMBER(G2),ISNUMBER($F2),G2<$F2)",
            f"F2:F{last}": 'AND(ISNUMBER(F2),LEFT($D2,5)="share",OR(F2<0,F2>1))',
            f"A2:A{last}": f'AND(A2<>"",COUNTIF($A$2:$A${last},A2)>1)',
        },
        choices=[
            Choice(f"D2:D{last}", "list", units, "Unit", "Choose a unit, or type another.", False),
            Choice(f"H2:H{last}", "list", ",".join(sorted(DISTRIBUTIONS)), "Distribution", ONE),
            Choice(f"I2:I{last}", "list", "A,B,C,D", "Grade of the evidence", ONE),
            Choice(f"E2:E{last}", "decimal", NUMBERS, "A number is needed", number),
            Choice(f"G2:G{last}", "decimal", NUMBERS, "A number is needed", number),
        ],
        notes={
            "A1": "Short names that the equations use. A name that you change here changes in the "
            "sheets equations and purchases too. Delete the row of an input that you do not need, "
            "there as well.",
            "E1": "Lower bound of what the evidence allows. Needed unless distribution is fixed.",
            "F1": "The figure in use.",
            "H1": "fixed: no range. triangular: low, most likely, high.",
            "I1": "A: official figure. B: close to one. C: one source. D: assumption.",
            "J1": "Ids of rows of the sheet evidence, with blanks between.",
        },
        widths=[18, 14, 44, 20, 12, 14, 12, 16, 8, 14, 50],
        frozen="B2",
    )


def purchases(plan: StudyPlan) -> Form:
    """Return the map that spreads every item over sectors of the table."""
    last = SIZES["purchases"] + 1
    given = [{"id": f"p_{key}"} for key in PURCHASES]
    names = plan.codes.replace("$A", "$B")
    named = f"INDEX({names},MATCH(B{{row}},{plan.codes},0))"
    items = f"=equations!$C$2:$C${SIZES['equations'] + 1}"
    return _sheet(
        "purchases",
        ("id", "sector", "name", "share", "note"),
        given,
        needs={"sector": '$A2<>""', "share": '$A2<>""'},
        wrong={
            f"B2:B{last}": f'AND(B2<>"",ISNA(MATCH(B2,{plan.codes},0)))',
            f"D2:D{last}": 'AND(D2<>"",OR(NOT(ISNUMBER(D2)),N(D2)<0,N(D2)>1))',
        },
        computed={"name": f'=IF(B{{row}}="","",IFERROR({named},"?"))'},
        choices=[
            Choice(f"A2:A{last}", "list", items, "Item", "Choose an item of the sheet equations."),
            Choice(
                f"B2:B{last}",
                "list",
                f"={plan.codes}",
                "Sector",
                "Choose a code; the sheet base_sectors has their names.",
            ),
            Choice(f"D2:D{last}", "decimal", "0 1", "Share", "Type a share from 0 to 1: 0.25."),
        ],
        notes={
            "A1": "An item may have several rows: one for each sector that it is bought from.",
            "B1": "Who sells it, at producers' prices: trade and transport margins are rows of "
            "their own.",
            "D1": "Part of the item that this sector sells. The shares of an item sum to 1: the "
            "sheet checks adds them up.",
        },
        widths=[20, 14, 44, 12, 50],
    )


def equations(plan: StudyPlan) -> Form:
    """Return the sheet of equations, the commonest written."""
    last = SIZES["equations"] + 1
    new = f"=sectors!$A$2:$A${SIZES['sectors'] + 1}"
    listed = f"=channels!$A$2:$A${SIZES['channels'] + 1}"
    return _sheet(
        "equations",
        EQUATION_HEADS,
        plan.equations,
        needs={"formula": '$A2<>""'},
        choices=[
            Choice(f"A2:A{last}", "list", ",".join(RULES), "Quantity", ONE),
            Choice(f"B2:B{last}", "list", new, "Sector", "Choose a code of the sheet sectors."),
            Choice(f"E2:E{last}", "list", listed, "Channel", "Choose one of the sheet channels."),
        ],
        notes={
            "A1": "What the row defines. These rows work as they are; change them only where your "
            "figures come in another form.",
            "C1": "Item that the sheet purchases spreads over sectors.",
            "D1": "Ids of the sheet inputs, + - * /, parentheses, sum(p_*). Without = in front. "
            "Example, if you have pay in money: pay / sales.",
            "F1": "Additional share, where quantity is spending.",
        },
        widths=[16, 10, 18, 34, 14, 14, 56],
        frozen="D2",
    )


def beside(plan: StudyPlan) -> list[Form]:
    """Return the sheets that may stay empty: evidence, screens, published figures."""
    scopes = "chain,chain+households" + (",all" if len(plan.languages) > 1 else "")
    last = SIZES["published"] + 1
    cited = ("id", "item", "source_title", "publisher", "source_date", "address", "note")
    return [
        _sheet("evidence", cited, [], widths=[8, 44, 44, 30, 14, 40, 60],
               notes={"A1": "May stay empty. Sources that inputs cite by id: E1, E2, ..."}),
        _sheet("screens", ("id", "item", "low", "high", "unit", "note"), [],
               widths=[18, 50, 12, 12, 14, 60],
               notes={"A1": "May stay empty. implied_pay: pay per job in sectors of the table that "
                      "is plausible, from low to high; what lies outside is flagged."}),
        _sheet("published",
               ("id", "kind", "item", "low", "central", "high", "unit", "evidence", *cited[2:],
                "scope", "tolerance"), [],
               choices=[Choice(f"B2:B{last}", "list", KINDS, "Kind", ONE, False),
                        Choice(f"M2:M{last}", "list", scopes, "Scope", ONE, False)],
               widths=[22, 18, 40, 12, 12, 12, 20, 12, 40, 30, 14, 40, 50, 20, 12],
               notes={"A1": "May stay empty. Figures of others to compare with; none is an input.",
                      "B1": "ratio: indirect per direct job. multiplier: that plus one. effect: "
                      "jobs per million of final demand."}),
    ]  # fmt: skip


def base_sectors(plan: StudyPlan) -> Form:
    """Return the list of sectors of the table, which the drop-downs show."""
    labels = plan.base.labels
    heads = ["code", *(f"name_{text}" for text in plan.languages)]
    columns = [labels.codes, *(labels.named(text) for text in plan.languages)]
    entries = [Entry(1, c, head, "head") for c, head in enumerate(heads, start=1)]
    entries += [
        Entry(row, c, text, "linked")
        for c, texts in enumerate(columns, start=1)
        for row, text in enumerate(texts, start=2)
    ]
    return Form(name="base_sectors", colour=HELP, entries=entries, frozen="B2",
                widths={"A": 14, **{letters(c): 60 for c in range(2, len(heads) + 1)}})  # fmt: skip


def _sheet(
    name: str,
    heads: Sequence[str],
    given: Sequence[Line],
    *,
    needs: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    computed: Mapping[str, str] | None = None,
    choices: Sequence[Choice] = (),
    notes: Mapping[str, str] | None = None,
    widths: Sequence[float],
    frozen: str = "A2",
) -> Form:
    """Return a sheet of rows under headers: some are given, the others wait.

    `needs` gives by header when a cell must be filled in, `wrong` by range when it is wrong, each
    as a formula on the first cell; `computed` gives by header what a cell computes.
    """
    last = SIZES[name] + 1
    entries = [Entry(1, c, head, "head") for c, head in enumerate(heads, start=1)]
    entries += [
        Entry(row, c, (given[row - 2] if row - 2 < len(given) else {}).get(head) or None, "typed")
        for row in range(2, last + 1)
        for c, head in enumerate(heads, start=1)
    ]
    entries += [
        Entry(row, heads.index(head) + 1, Formula(text.format(row=row)), "linked")
        for head, text in (computed or {}).items()
        for row in range(2, last + 1)
    ]
    marks = [Mark(cells, formula, "wrong") for cells, formula in (wrong or {}).items()]
    for head, when in (needs or {}).items():
        column = letters(heads.index(head) + 1)
        test = f"AND(ISBLANK({column}2),{when})"
        marks.append(Mark(f"{column}2:{column}{last}", test, "blank"))
    marks.append(Mark(f"A2:{letters(len(heads))}{last}", "ISBLANK($A2)", "optional"))
    return Form(
        name=name,
        colour=INPUT,
        entries=entries,
        choices=choices,
        marks=marks,
        notes=notes or {},
        widths={letters(c): width for c, width in enumerate(widths, start=1)},
        frozen=frozen,
    )
