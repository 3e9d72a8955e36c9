"""The first and the last sheet of the blank study: what to do, and what is still missing."""

from iomodel.accounts.table import IOTable
from iomodel.errors import LabelError
from iomodel.writers import study_sheets as sheets
from iomodel.writers.blank_sheets import CHECK, HELP
from iomodel.writers.fillable import Entry, Form, Formula, Mark, letters
from iomodel.writers.study_plan import StudyPlan
from iomodel.writers.study_sheets import SIZES

TOP = 18  # first row of the tables below the overview
ROWS = SIZES["equations"]
TOKENS = 8  # names of a formula that are looked up
FIRST_TOKEN = 8  # column H
EVERY = ("about", "inputs", "shares", "twice", "sums", "sectors", "used", "unknown", "costs")
OVERVIEW = f"D4:D{3 + len(EVERY)}"


def study_forms(base: IOTable) -> list[Form]:
    """Return the sheets of a blank study for a base table.

    Parameters
    ----------
    base : IOTable

    Returns
    -------
    list of Form

    Raises
    ------
    LabelError
        If the table has several regions, or no satellite ``employment``.
    """
    if len(set(base.labels.regions)) > 1:
        raise LabelError(f"{base.meta.title!r} has several regions: a study needs one.")
    if "employment" not in base.satellites:
        raise LabelError(
            f"{base.meta.title!r} has no satellite 'employment', which a study of jobs needs: add "
            "it with table.replace(satellites=...), or as a sheet of the workbook."
        )
    plan = StudyPlan(base=base)
    forms = [how_to(plan), sheets.about(plan), sheets.sectors(plan), sheets.channels(plan)]
    forms += [sheets.inputs(plan), sheets.purchases(plan), sheets.equations(plan)]
    return [*forms, *sheets.beside(plan), checks(plan), sheets.base_sectors(plan)]


def how_to(plan: StudyPlan) -> Form:
    """Return the sheet that says what to do, in order."""
    shares = "in the country, imports apart" if plan.domestic else "at home and abroad together"
    steps = [
        ("about", "Type a short id, a title and the years of your figures."),
        ("sectors", "Type the name of your industry. One row is enough."),
        ("inputs", "Type output, jobs, and costs as shares of output: what is bought "
         f"{shares}. Give a source; a range where the evidence has one."),
        ("purchases", "Choose for each item the sectors that sell it. The shares of an item sum "
         "to 1. Add rows where several sectors sell an item."),
        ("equations", "They are written. Look at them; change them only where your figures come "
         "in another form."),
        ("checks", "Look what is still missing. Amber waits, red is wrong."),
        ("run it", "Save the workbook, then in a terminal:  iomodel derive my_industry.xlsx "
         "--base my_table.xlsx\nor in Python:  iom.derive(iom.read_sectors(\"my_industry.xlsx\", "
         "base=table), table)"),
    ]  # fmt: skip
    colours = [
        ("blank", "still to fill in"),
        ("typed", "filled in, or may be changed"),
        ("optional", "a row in reserve: may stay blank"),
        ("wrong", "wrong: text instead of a number, an unknown code, bounds out of order"),
    ]
    lead = f"For {plan.base.meta.title}, {len(plan.base)} sectors."
    entries = [Entry(1, 2, "A blank study of an industry", "title"), Entry(2, 2, lead, "lead")]
    for row, (sheet, text) in enumerate(steps, start=4):
        look = "code" if sheet == "run it" else "says"
        entries += [Entry(row, 1, row - 3, "lead"), Entry(row, 2, sheet, "step")]
        entries.append(Entry(row, 3, text, look))
    legend = 5 + len(steps)
    for row, (look, text) in enumerate(colours, start=legend):
        entries += [Entry(row, 2, None, look), Entry(row, 3, text, "text")]
    end = legend + len(colours) + 1
    entries.append(Entry(end, 3, "Point at a header with a red corner to read its note. "
                         "iom.example('scotland-screen-2019') is a study that is filled in; "
                         "evidence, screens and published may stay empty.", "quiet"))  # fmt: skip
    return Form(
        name="how to",
        colour=HELP,
        entries=entries,
        widths={"A": 5, "B": 18, "C": 100},
        heights={1: 30.0, end: 34.0, **dict.fromkeys(range(4, 4 + len(steps)), 34.0)},
    )


def checks(plan: StudyPlan) -> Form:
    """Return the sheet of live formulas: what is missing, and what contradicts."""
    last = TOP + ROWS - 1
    entries = [Entry(1, 2, "Is the study complete?", "title"), *_overview(plan, last)]
    heads = ("row", "quantity", "item", "shares sum to", "shares", "formula", "not known")
    entries += [Entry(TOP - 1, c, head, "head") for c, head in enumerate(heads, start=1)]
    for row in range(TOP, last + 1):
        entries += _equation(row)
    marks = [mark for cells in (OVERVIEW, f"E{TOP}:E{last}") for mark in _states(cells)]
    marks += [
        Mark(f"G{TOP}:G{last}", f'AND(G{TOP}<>"",G{TOP}<>"no")', "wrong"),
        Mark("B2:D2", 'LEFT($B$2,5)="Ready"', "good"),
        Mark("B2:D2", "TRUE", "waits"),
    ]
    hidden = {letters(FIRST_TOKEN + k): 0.0 for k in range(TOKENS)}
    return Form(
        name="checks",
        colour=CHECK,
        entries=entries,
        marks=marks,
        notes={
            f"D{TOP - 1}": "Sum of the shares of the item in the sheet purchases.",
            f"G{TOP - 1}": f"The first of its first {TOKENS} names that is neither an id of the "
            "sheet inputs nor a quantity above.",
        },
        widths={"A": 8, "B": 68, "C": 22, "D": 16, "E": 14, "F": 34, "G": 18, **hidden},
        heights={1: 30, 2: 22},
        frozen="A4",
    )


def _overview(plan: StudyPlan, last: int) -> list[Entry]:
    """Return the lines above the table: what is missing or wrong in all."""
    entries = []
    for row, (what, formula, bad, limit) in enumerate(_lines(plan, last), start=4):
        count = row - 4 < len(EVERY) - 1
        state = f'=IF(C{row}<={limit},"good","{bad}")'
        entries += [Entry(row, 2, what, "linked"), Entry(row, 4, Formula(state), "state")]
        look = "count" if count else "share"
        entries.append(Entry(row, 3, Formula(f"={formula}"), look))
    good = f'COUNTIF({OVERVIEW},"good")'
    ready = '"Ready: save the workbook and run it"'
    size = len(EVERY)
    open_ = f'"Not ready yet: "&({size}-{good})&" of {size} checks are open"'
    verdict = Formula(f"=IF({good}={size},{ready},{open_})")
    return [*entries, Entry(2, 2, verdict, "verdict")]


def _lines(plan: StudyPlan, last: int) -> list[tuple[str, str, str, str]]:
    """Return what is counted, its formula, its name beyond the limit, and the limit."""
    low, central, high, unit, ids, kind = (_of("inputs", c) for c in "EFGDAH")
    number = f"ISNUMBER({central})"
    drawn = f'({ids}<>"")*({kind}<>"fixed")*({kind}<>"categorical")'
    bounds = f'({drawn})*(({low}="")+({high}="")>0)'
    order = f"{number}*(ISNUMBER({low})*({low}>{central})+ISNUMBER({high})*({high}<{central})>0)"
    outside = f'(LEFT({unit},5)="share")*{number}*(({central}<0)+({central}>1)>0)'
    item, code, share = (_of("purchases", c) for c in "ABD")
    code_of, name_of = _of("sectors", "A"), _of("sectors", "C")
    quantity, named = _of("equations", "A"), _of("equations", "D")
    uses = f'ISERROR(MATCH("*"&{ids}&"*",{named},0))'
    starts = f'ISERROR(MATCH("*sum("&LEFT({ids},FIND("_",{ids}&"_"))&"~*)*",{named},0))'
    plain = f'({ids}<>"")*({ids}<>"labour_pattern")'
    return [
        ("Facts missing in about, and names in sectors",
         f'COUNTBLANK(about!B3:B9)+SUMPRODUCT(({code_of}<>"")*({name_of}=""))', "fill in", "0"),
        ("Inputs without a figure, or without the bounds of their distribution",
         f'SUMPRODUCT(({ids}<>"")*({central}=""))+SUMPRODUCT({bounds})', "fill in", "0"),
        ("Inputs with bounds out of order, or a share outside 0 to 1",
         f"SUMPRODUCT({order})+SUMPRODUCT({outside})", "wrong", "0"),
        ("Ids of inputs that stand twice",
         f'SUMPRODUCT(({ids}<>"")*(COUNTIF({ids},{ids})>1))', "wrong", "0"),
        ("Items whose shares do not sum to 1",
         f'SUMPRODUCT((E{TOP}:E{last}<>"")*(E{TOP}:E{last}<>"good"))', "fill in", "0"),
        ("Rows of purchases without a sector of the table, a share or an item",
         f'SUMPRODUCT(({item}<>"")*((ISNA(MATCH({code},{plan.codes},0)))+({share}="")>0))'
         f'+SUMPRODUCT(({item}<>"")*ISNA(MATCH({item},{_of("equations", "C")},0)))'
         f'+SUMPRODUCT(({item}="")*({code}<>""))', "fill in", "0"),
        ("Inputs that no formula uses", f"SUMPRODUCT({plain}*{uses}*{starts})", "wrong", "0"),
        ("Formulas with a name that is not known, or without a formula",
         f'SUMPRODUCT((G{TOP}:G{last}<>"")*(G{TOP}:G{last}<>"no"))'
         f'+SUMPRODUCT(({quantity}<>"")*({named}=""))', "wrong", "0"),
        ("Inputs in shares of output, added up (1 at most)",
         f'SUMIF({unit},"share of output",{central})', "wrong", "1.000000001"),
    ]  # fmt: skip


def _of(sheet: str, column: str) -> str:
    """Range of the figures of a column."""
    return f"{sheet}!${column}$2:${column}${SIZES[sheet] + 1}"


def _equation(row: int) -> list[Entry]:
    """Return the line of one equation: shares of its item, and names that nothing defines."""
    at = row - TOP + 2
    item, text = f"equations!$C{at}", f"equations!$D{at}"
    spreads = f'OR(equations!$A{at}="purchase",equations!$A{at}="spending")'
    total = f'=IF({spreads},SUMIF({_of("purchases", "A")},{item},{_of("purchases", "D")}),"")'
    state = f'=IF(D{row}="","",IF(ABS(D{row}-1)<=0.000001,"good",IF(D{row}=0,"fill in","wrong")))'
    tokens = f"{letters(FIRST_TOKEN)}{row}:{letters(FIRST_TOKEN + TOKENS - 1)}{row}"
    unknown = f'=IF({text}="","",IFERROR(INDEX({tokens},MATCH("?*",{tokens},0)),"no"))'
    texts = {
        2: f'=equations!$A{at}&IF(equations!$B{at}="","","_"&equations!$B{at})',
        3: f'={item}&""',
        4: total,
        5: state,
        6: f'={text}&""',
        7: unknown,
    }
    looks = {4: "computed", 5: "state", 7: "state"}
    return [
        Entry(row, 1, at, "linked"),
        *(Entry(row, c, Formula(t), looks.get(c, "linked")) for c, t in texts.items()),
        *(Entry(row, FIRST_TOKEN + k, Formula(_token(row, k)), "") for k in range(TOKENS)),
    ]


def _token(row: int, place: int) -> str:
    """Return a name of a formula that is neither a number, an id nor a quantity; else nothing."""
    plain = f"$F{row}"
    for sign in "+-*/()":
        plain = f'SUBSTITUTE({plain},"{sign}"," ")'
    name = f'TRIM(MID(SUBSTITUTE(TRIM({plain})," ",REPT(" ",99)),{place * 99 + 1},99))'
    ids = _of("inputs", "A")
    above = f"$B${TOP - 1}:$B{row - 1}"
    known = (
        f'OR({name}="",{name}="sum",NOT(ISERROR(VALUE({name}))),'
        f"ISNUMBER(MATCH({name},{ids},0)),ISNUMBER(MATCH({name},{above},0)),"
        f'AND(ISNUMBER(SEARCH("sum("&{name}&"~*)",$F{row})),COUNTIF({ids},{name}&"*")>0))'
    )
    return f'=IF({known},"",{name})'


def _states(cells: str) -> list[Mark]:
    """Return the colours of cells that say how a check ends."""
    first = cells.partition(":")[0]
    looks = {"wrong": "wrong", "fill in": "waits", "good": "good"}
    return [Mark(cells, f'{first}="{word}"', look) for word, look in looks.items()]
