"""The audit workbook: a whole derivation as live formulas that anyone can change and follow."""

from collections.abc import Sequence
from pathlib import Path

from iomodel.report.audit_chain import has_basket, households, injections, inserted, output
from iomodel.report.audit_draft import ANSWER, GIVEN, GUIDE, STEP, Area, Draft
from iomodel.report.audit_inputs import equations, evidence, inputs, purchases
from iomodel.report.audit_labour import add_effects, labour
from iomodel.report.audit_plan import Plan, plan_of
from iomodel.report.audit_result import FIRST, RESULT, channels, compared, result, scopes
from iomodel.report.audit_table import coefficients, domestic, flows, inverse, rest, split
from iomodel.studies.comparison import Comparison
from iomodel.studies.derivation import Derivation
from iomodel.writers.atomic import WriteError, write_together
from iomodel.writers.fillable import Mark, form_bytes

README, CHECKS = "read me", "checks"
CHECK_TOP = 7
MOST_SECTORS = 600  # a million and a half cells
ADVICE = "name another path"


def audit_bytes(derivation: Derivation, comparison: Comparison | None = None) -> bytes:
    """Return a workbook that computes a derivation step by step in live formulas.

    Parameters
    ----------
    derivation : Derivation
    comparison : Comparison or None
        Published figures to set beside the result; no formula of the derivation uses them.

    Returns
    -------
    bytes
        An .xlsx workbook. On the sheet ``inputs`` the id stands in column A and the value in
        force in column B; on the sheet ``result`` the scope in column A and its ratio for the
        first employment pattern in column B.

    Raises
    ------
    WriteError
        If the table has more than 600 sectors.

    Notes
    -----
    The flows, employment, the map of purchases and the inputs are figures; all else is a
    formula, the Leontief inverse one of MINVERSE. A spreadsheet program computes the workbook
    when it opens it; what only shows files, without computing, shows empty cells.
    """
    plan = plan_of(derivation)
    if plan.n > MOST_SECTORS:
        raise WriteError(
            f"the audit workbook of {plan.base.meta.title!r} would hold four blocks of "
            f"{plan.n:,} x {plan.n:,} cells; {MOST_SECTORS} sectors are the most. "
            "Aggregate the table first: iom.aggregate(...)."
        )
    return form_bytes([draft.form() for draft in _drafts(plan, comparison)])


def audit(derivation: Derivation, path: str | Path, comparison: Comparison | None = None) -> Path:
    """Write the audit workbook of a derivation.

    Parameters
    ----------
    derivation : Derivation
    path : str or Path
        The workbook; a file that is there is replaced.
    comparison : Comparison, optional

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    WriteError
        If it cannot be written, or the table has more than 600 sectors.

    Examples
    --------
    >>> import tempfile
    >>> import iomodel as iom
    >>> from iomodel.report.audit import audit
    >>> china = iom.read(iom.example("china-2020"))
    >>> drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    >>> with tempfile.TemporaryDirectory() as place:
    ...     audit(iom.derive(drama, china), f"{place}/audit.xlsx").name
    'audit.xlsx'
    """
    target = Path(path)
    files = {target.name: audit_bytes(derivation, comparison)}
    return write_together(target.parent, files, advice=ADVICE)[0]


def _drafts(plan: Plan, comparison: Comparison | None) -> list[Draft]:
    """Return the sheets in the order in which they are read."""
    shares = [split(plan)] if plan.separated and plan.derivation.method == "official" else []
    inverted = inverse(plan)
    add_effects(inverted, plan)
    counted, rows = scopes(plan)
    cited = evidence(plan)
    beside = [] if comparison is None else [compared(plan, rows, comparison)]
    closing = [households(plan)] if has_basket(plan) else []
    answer = result(plan, rows, comparison)
    given = [inputs(plan), equations(plan), purchases(plan)]
    table = [flows(plan), *shares, domestic(plan), coefficients(plan), rest(plan), inverted]
    chain = [labour(plan), inserted(plan), injections(plan), output(plan), *closing]
    found = [*table, *chain, channels(plan), counted, *beside, *([cited] if cited else [])]
    listed = checks([*given, *found])
    return [
        _read_me([answer, *given, *found, listed], plan, listed),
        answer,
        *given,
        *found,
        listed,
    ]


def checks(drafts: Sequence[Draft]) -> Draft:
    """Return the sheet that gathers the checks of all others."""
    draft = Draft(
        name=CHECKS,
        title="Checks: each is zero where all is well",
        note="Identities hold to nine digits. A check that is not zero turns red here, on its own "
        "sheet and on the first one.",
        colour=GUIDE,
        widths={"A": 20.0, "B": 90.0, "C": 16.0},
        frozen=f"A{CHECK_TOP}",
        repeated=f"{CHECK_TOP - 1}:{CHECK_TOP - 1}",
        span=3,
    )
    gathered = [(item.name, text, area) for item in drafts for text, area in item.checks]
    draft.line(CHECK_TOP - 1, 1, ["sheet", "what must be zero", "value"], "heads")
    for row, (name, text, area) in enumerate(gathered, start=CHECK_TOP):
        draft.put(row, 1, name, "link")
        draft.links[f"A{row}"] = name
        draft.put(row, 2, text, "cell text")
        draft.compute(row, 3, area.cell(), "check")
    values = Area(CHECKS, CHECK_TOP, 3, len(gathered))
    first = f"C{CHECK_TOP}"
    failed = f"IF(ISNUMBER({first}),{first}<>0,TRUE)"
    draft.marks.append(Mark(values.own.replace("$", ""), failed, "wrong"))
    lost = f"{len(gathered)}-SUMPRODUCT(ISNUMBER({values.own})*ISNUMBER({values.own}))"
    broken = f"SUMPRODUCT(--({values.own}<>0))"
    draft.check("checks that fail", f"IF({lost}>0,{lost},{broken})")
    return draft


LEGEND = (
    ("input", "an input of the study: change it"),
    ("flow", "a figure of the table or of employment: may be changed too"),
    ("formula", "a formula: leave it, and follow it (trace precedents)"),
    ("written", "as the program computed it when this was written"),
    ("check", "a check: zero where all is well, red where not"),
)
STEPS = (
    "Open the file in a spreadsheet program that computes (Excel, LibreOffice). It computes when "
    "it opens; a viewer that only shows files leaves the cells of formulas empty.",
    "Go to the sheet inputs and change a yellow cell of column B. The ratio on the sheet result "
    "moves at once; the grey column keeps what the program had computed.",
    "Follow a figure back: every sheet is one step, with its equation and its source at the top. "
    "Figures of the table, employment and the map of purchases may be changed as well.",
    "Look at the check above: green while every identity holds.",
)
SHEETS = {
    GIVEN: "figures that may be changed",
    STEP: "a step of the derivation",
    ANSWER: "what comes out",
    GUIDE: "guide",
}


def _read_me(drafts: Sequence[Draft], plan: Plan, listed: Draft) -> Draft:
    """Return the first sheet: what this is, how to use it, whether all checks hold."""
    account = plan.account
    draft = Draft(
        name=README,
        title=account.title,
        note="The whole derivation as live formulas: from the published table and the inputs of "
        "the study to indirect jobs per direct job. Nothing is hidden, and no macro is used.",
        source=f"Base table: {plan.base.meta.title}. Imports: {plan.derivation.method}. "
        f"Direct jobs: sector {plan.direct}.",
        colour=GUIDE,
        widths={"A": 4.0, "B": 24.0, "C": 62.0, "D": 30.0},
        span=4,
    )
    row = _headline(draft, plan, listed)
    draft.line(row, 2, ["How to use it", None, None], "section")
    for number, text in enumerate(STEPS, start=1):
        row += 1
        draft.put(row, 1, number, "lead")
        draft.put(row, 2, text, "says")
        draft.merge(f"B{row}:D{row}")
        draft.heights[row] = 34.0
    row += 2
    draft.line(row, 2, ["Colours", None, None], "section")
    for look, text in LEGEND:
        row += 1
        draft.put(row, 2, 0 if look == "check" else 1234.5, look)
        draft.put(row, 3, text, "says")
    row += 2
    draft.line(row, 2, ["Sheet", "What it holds", "Kind"], "section")
    for item in drafts:
        row += 1
        draft.put(row, 2, item.name, "link")
        draft.links[f"B{row}"] = item.name
        draft.put(row, 3, item.title, "says")
        draft.put(row, 4, SHEETS[item.colour], "says")
    return draft


def _headline(draft: Draft, plan: Plan, listed: Draft) -> int:
    """Put the ratio of the headline scope and the overall check; return the next free row."""
    scope = plan.derivation.headline
    at = FIRST + plan.scopes.index(scope)
    overall = listed.checks[0][1].cell()
    draft.put(5, 2, scope, "says")
    draft.compute(5, 3, Area(RESULT, at, 2).cell(), "headline")
    draft.put(5, 4, f"indirect jobs per direct job, {plan.patterns[0]}", "says")
    draft.heights[5] = 30.0
    draft.put(6, 2, "overall check", "says")
    count = len([area for area in listed.entries if area.look == "check"]) - 1
    said = (
        f'IF({overall}=0,"all {count} checks hold",{overall}&" checks fail: see the sheet checks")'
    )
    draft.compute(6, 3, said, "verdict")
    draft.marks.append(Mark("C6", f"{overall}=0", "good"))
    draft.marks.append(Mark("C6", "TRUE", "wrong"))
    draft.heights[6] = 22.0
    return 8
