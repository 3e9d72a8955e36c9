"""What stands where in the blank workbook: the sheets that a person fills in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from iomodel.accounts.alignment import FINAL_ROLES, PRIMARY_ROLES
from iomodel.accounts.forms import TABLE_LAYOUT
from iomodel.accounts.labels import Labels
from iomodel.accounts.meta import ImportTreatment
from iomodel.accounts.satellite import Basis
from iomodel.writers.fillable import Choice, Entry, Form, Formula, Mark, letters

NAMES = {
    "household": ("Household consumption", "居民消费"),
    "government": ("Government consumption", "政府消费"),
    "npish": ("Consumption of non-profit institutions", "非营利机构消费"),
    "capital formation": ("Gross fixed capital formation", "固定资本形成总额"),
    "inventories": ("Changes in inventories", "存货变动"),
    "exports": ("Exports", "出口"),
    "imports": ("Imports", "进口"),
    "residual": ("Statistical discrepancy", "误差"),
    "compensation": ("Compensation of employees", "劳动者报酬"),
    "production taxes": ("Other taxes less subsidies on production", "生产税净额"),
    "product taxes": ("Taxes less subsidies on products", "产品税净额"),
    "depreciation": ("Consumption of fixed capital", "固定资产折旧"),
    "operating surplus": ("Net operating surplus", "营业盈余"),
    "other": ("Other", "其他"),
}
VALUATIONS = ("basic prices", "producers' prices", "purchasers' prices")
UNITS = ("persons", "thousand persons", "10,000 persons")
INPUT, CHECK, HELP = "F2C14E", "5BA36B", "3B5B7E"
NUMBERS = "-1E+300 1E+300"
FACTS = {
    "layout": "How the program knows this workbook. Leave it.",
    "title": "What the table is called, such as: Input-output table of Utopia, 2024.",
    "publisher": "Who published the figures. May stay empty, as may the next three.",
    "published": "When.",
    "address": "Where: a web address or a page.",
    "region": "Country or region covered.",
    "unit": "Unit of all figures in flows: million EUR, 10,000 CNY, thousand USD.",
    "currency": "Its currency: EUR, CNY, USD.",
    "year": "Year of the flows, as a number.",
    "price_year": "Year of the prices in which they are stated; mostly the same.",
    "valuation": f"{', '.join(VALUATIONS[:-1])} or {VALUATIONS[-1]}.",
    "import_treatment": "competitive: flows include imported goods, deducted at the end of each "
    "row. domestic: they do not, and there is no column of imports.",
    "kind": "product or industry: what a sector is.",
}
PLACE = {key: f"B{row}" for row, key in enumerate(FACTS, start=2)}
NEEDED = f"{PLACE['unit']}:{PLACE['price_year']}"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Sizes and labels of a blank workbook, and the ranges that follow from them."""

    labels: Labels
    final: tuple[str, ...]
    primary: tuple[str, ...]
    languages: tuple[str, ...]
    competitive: bool
    employment: bool

    @property
    def n(self) -> int:
        """Number of sectors."""
        return len(self.labels)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """Label rows and columns of `flows`; the first four are fixed."""
        more = [f"name_{text}" for text in self.languages if text not in ("en", "zh")]
        return ("code", "name_zh", "name_en", "role", *more)

    @property
    def first(self) -> int:
        """First row and first column of the figures."""
        return len(self.heads) + 1

    @property
    def across(self) -> tuple[str, ...]:
        """Roles of the columns after the sectors."""
        return (*self.final, *(["imports"] if self.competitive else []), "output")

    def columns(self, start: int, size: int) -> tuple[str, str]:
        """Letters of the first and last of some columns, counted from the first sector."""
        return letters(self.first + start), letters(self.first + start + size - 1)

    def block(self, rows: tuple[int, int], columns: tuple[int, int]) -> str:
        """Range of `flows`: first position and size of its rows and of its columns."""
        left, right = self.columns(*columns)
        top = self.first + rows[0]
        return f"{left}{top}:{right}{top + rows[1] - 1}"

    @property
    def sales(self) -> str:
        """Range of all figures in the rows of the sectors."""
        return self.block((0, self.n), (0, self.n + len(self.across)))

    @property
    def outer(self) -> str:
        """Range of primary inputs that final demand buys directly."""
        return self.block((self.n, len(self.primary)), (self.n, len(self.final)))

    @property
    def inputs(self) -> str:
        """Range of the primary inputs of the sectors."""
        return self.block((self.n, len(self.primary)), (0, self.n))


def about(plan: Plan) -> Form:
    """Return the sheet of facts: key, value, and what is meant."""
    treatment = "competitive" if plan.competitive else "domestic"
    given = {"layout": TABLE_LAYOUT, "import_treatment": treatment}
    meanings = dict(FACTS)
    if plan.languages != ("en", "zh"):
        parts = [f"names_{part}" for part in ("sectors", "final", "primary")]
        given |= dict.fromkeys(parts, ", ".join(plan.languages))
        meanings |= dict.fromkeys(parts, "Languages of the names. Leave it.")
    entries = [Entry(1, c, text, "head") for c, text in enumerate(("key", "value", "meaning"), 1)]
    for row, (key, why) in enumerate(meanings.items(), start=2):
        look = "linked" if key == "layout" or key not in FACTS else "typed"
        entries += [Entry(row, 1, key, "closing"), Entry(row, 2, given.get(key), look)]
        entries.append(Entry(row, 3, why, "quiet"))
    years = f"{PLACE['year']}:{PLACE['price_year']}"
    one = "Choose one of the list."
    words = ",".join(get_args(ImportTreatment))
    return Form(
        name="about",
        colour=INPUT,
        entries=entries,
        choices=[
            Choice(years, "whole", "1 9999", "A year", "Type a year, such as 2024."),
            Choice(PLACE["valuation"], "list", ",".join(VALUATIONS), "Valuation", one, False),
            Choice(PLACE["import_treatment"], "list", words, "Imports", one),
            Choice(PLACE["kind"], "list", "product,industry", "Kind of sector", one, False),
        ],
        marks=[
            *(
                Mark(cells, f"ISBLANK({cells.partition(':')[0]})", "blank")
                for cells in (PLACE["title"], NEEDED, PLACE["import_treatment"])
            ),
            Mark(
                f"{PLACE['publisher']}:{PLACE['kind']}",
                f"ISBLANK({PLACE['publisher']})",
                "optional",
            ),
        ],
        heights={int(PLACE["import_treatment"][1:]): 32},
        notes={"B1": "Fill in the yellow cells. More facts may follow below: note_1, note_2, ..."},
        widths={"A": 20, "B": 44, "C": 78},
        frozen="A2",
    )


def sectors(plan: Plan) -> Form:
    """Return the sheet of sectors: code, names and section."""
    labels, last = plan.labels, plan.n + 1
    more = list(plan.heads[4:])
    heads = ["code", "name_en", "name_zh", "section", *more]
    given = {f"name_{language}": texts for language, texts in labels.names.items()}
    given |= {"code": labels.codes, "section": labels.groups}
    blank = ("",) * plan.n
    entries = [Entry(1, c, head, "head") for c, head in enumerate(heads, start=1)]
    entries += [
        Entry(row, c, given.get(head, blank)[row - 2] or None, "typed")
        for c, head in enumerate(heads, start=1)
        for row in range(2, last + 1)
    ]
    widths = {"A": 12.0, "B": 46.0, "C": 34.0, "D": 10.0}
    widths |= {letters(c): 34.0 for c in range(5, len(heads) + 1)}
    unused = {letter: 0.0 for text, letter in (("en", "B"), ("zh", "C"))
              if text not in plan.languages}  # fmt: skip
    twice = f"COUNTIF($A$2:$A${last},A2)"
    message = "This code stands twice. Give every sector a code of its own."
    return Form(
        name="sectors",
        colour=INPUT,
        entries=entries,
        choices=[Choice(f"A2:A{last}", "custom", f"{twice}=1", "Code", message)],
        marks=[Mark(f"A2:A{last}", f'AND(A2<>"",{twice}>1)', "wrong")],
        notes={
            "A1": "Codes are text: 01 keeps its zero. Where you change a code, change it in the "
            "sheet flows as well, in column A and in row 1; the sheet checks compares them.",
            "B1": "Names are typed here once; flows and checks repeat them.",
            "D1": "May stay empty. The letter of the section; A is farming, for iom.full_time.",
        },
        widths={**widths, **unused},
        frozen="B2",
    )


def flows(plan: Plan) -> Form:
    """Return the sheet of figures, with its label rows and columns."""
    n, first = plan.n, plan.first
    entries = [Entry(1, c, head, "head") for c, head in enumerate(plan.heads, start=1)]
    entries += [Entry(r, 1, head, "head") for r, head in enumerate(plan.heads[1:], start=2)]
    side = len(plan.heads)
    entries += [Entry(r, c, None, "head") for r in range(2, side + 1) for c in range(2, side + 1)]
    for at in range(n):
        line = _sector_line(plan, at)
        entries += [Entry(r, first + at, v, "sectors") for r, v in enumerate(line, start=1)]
        entries += [Entry(first + at, c, v, "sectors") for c, v in enumerate(line, start=1)]
    for at, line in enumerate(_role_lines(plan, plan.across), start=first + n):
        look = "closing" if line[3] in ("imports", "output") else "final"
        entries += [Entry(r, at, v, look) for r, v in enumerate(line, start=1)]
    for at, line in enumerate(_role_lines(plan, plan.primary), start=first + n):
        entries += [Entry(at, c, v, "primary") for c, v in enumerate(line, start=1)]
    widths = {"A": 20.0, "B": 26.0, "C": 38.0, "D": 17.0}
    widths |= {letters(c): 26.0 for c in range(5, first)}
    widths |= {letters(c): 14.0 for c in range(first, first + n + len(plan.across))}
    unused = [spot for spot, text in ((2, "zh"), (3, "en")) if text not in plan.languages]
    heights = {1: 20.0, 4: 20.0, **dict.fromkeys((2, 3, *range(5, first)), 34.0)}
    return Form(
        name="flows",
        colour=INPUT,
        entries=entries,
        choices=_flow_choices(plan),
        marks=_flow_marks(plan),
        notes=_flow_notes(plan),
        widths={**widths, **{letters(spot): 0.0 for spot in unused}},
        heights={**heights, **dict.fromkeys(unused, 0.0)},
        frozen=f"{letters(first)}{first}",
    )


def _sector_line(plan: Plan, at: int) -> list[str | None]:
    """Return the labels of a sector in `flows`: its code, and its names as on `sectors`."""
    row = at + 2
    places = {"name_en": "B", "name_zh": "C"}
    places |= {head: letters(c) for c, head in enumerate(plan.heads[4:], start=5)}
    own: dict[str, str | None] = {"code": plan.labels.codes[at], "role": "sector"}
    own |= {
        f"name_{text}": Formula(f'=sectors!${places[f"name_{text}"]}${row}&""')
        for text in plan.languages
    }
    return [own.get(head) for head in plan.heads]


def _role_lines(plan: Plan, roles: Sequence[str]) -> Iterator[list[str | None]]:
    """Yield the labels of columns or rows by their roles; equal roles are numbered."""
    counts, seen = Counter(roles), Counter[str]()
    for role in roles:
        seen[role] += 1
        number = seen[role] if counts[role] > 1 else 0
        code = role.replace(" ", "_") + (f"_{number}" if number else "")
        named = ("Output", "总产出") if role == "output" else NAMES[role]
        own: dict[str, str | None] = {"code": code, "role": role}
        own |= {
            f"name_{text}": f"{name} {number}" if number else name
            for text, name in zip(("en", "zh"), named, strict=True)
            if text in plan.languages
        }
        yield [own.get(head) for head in plan.heads]


def _flow_choices(plan: Plan) -> list[Choice]:
    n, first, k = plan.n, plan.first, len(plan.final)
    left, right = plan.columns(n, k)
    top, bottom = first + n, first + n + len(plan.primary) - 1
    final = ",".join(role for role in FINAL_ROLES if role != "imports")
    ask = "Roles of the list are known to the program; keep another word only on purpose."
    number = "Type a number, without unit or blanks; 0 where there is no flow."
    return [
        Choice(f"{left}4:{right}4", "list", final, "Role of final demand", ask, False),
        Choice(f"D{top}:D{bottom}", "list", ",".join(PRIMARY_ROLES), "Role", ask, False),
        *(
            Choice(cells, "decimal", NUMBERS, "A number is needed", number)
            for cells in (plan.sales, plan.inputs, plan.outer)
        ),
    ]


def _flow_marks(plan: Plan) -> list[Mark]:
    """Colours: blank cells wait, figures are typed, text is wrong, other codes are wrong."""
    first, n = plan.first, plan.n
    left, right = plan.columns(0, n)
    found = []
    for cells in (plan.sales, plan.inputs, plan.outer):
        corner = cells.partition(":")[0]
        waits = "optional" if cells == plan.outer else "blank"
        found += [
            Mark(cells, f"ISBLANK({corner})", waits),
            Mark(cells, f"AND(ISNUMBER({corner}),ABS(N({corner}))>=10000)", "large"),
            Mark(cells, f"ISNUMBER({corner})", "figure"),
            Mark(cells, f"NOT(ISNUMBER({corner}))", "wrong"),
        ]
    down = f"NOT(EXACT($A{first},INDEX(sectors!$A$2:$A${n + 1},ROW()-{first - 1})))"
    across = f"NOT(EXACT({left}$1,INDEX(sectors!$A$2:$A${n + 1},COLUMN()-{first - 1})))"
    found.append(Mark(f"A{first}:A{first + n - 1}", down, "wrong"))
    found.append(Mark(f"{left}1:{right}1", across, "wrong"))
    return found


def _flow_notes(plan: Plan) -> dict[str, str]:
    """Explain the corner, and the first header of every block."""
    n, first = plan.n, plan.first
    left = plan.columns(0, 1)[0]
    notes = {
        "A1": "Rows sell, columns buy. Fill in every yellow cell; a blank is an error, type 0 "
        "where there is no flow. Paste from another workbook as values only.",
        "D1": "What a column or row is. Choose it from the list in the cell.",
        f"{left}1": "Intermediate flows: what this sector buys from each row.",
        f"A{first + n}": "Primary inputs of each sector, such as wages and taxes. The grey cells "
        "under final demand may stay blank: primary inputs that final demand buys directly.",
    }
    texts = {
        "imports": "Imports of the product, as positive numbers: they are deducted, because the "
        "other cells of the row include imported goods.",
        "output": "Output. The row gives it as sales less imports, the column as inputs; the "
        "sheet checks compares both.",
    }
    for at, role in enumerate(plan.across):
        place = f"{plan.columns(n + at, 1)[0]}1"
        if role in texts:
            notes[place] = texts[role]
        elif at == 0:
            notes[place] = "Final demand: sales to households, government, investment, exports."
    return notes


def jobs_needed(plan: Plan) -> tuple[str, ...]:
    """Ranges of the sheet `employment` that must not stay blank."""
    return ("employment!D2:D3", f"employment!D6:D{5 + plan.n}") if plan.employment else ()


def employment(plan: Plan) -> Form:
    """Return the sheet of employment: facts on top, one row for each sector."""
    heads = ("code", "name_en", "name_zh", "employment")
    facts = {
        "unit": "persons, thousand persons or 10,000 persons",
        "year": "year of the figures",
        "basis": "heads, fte (full-time equivalents) or work-days; may stay empty",
        "source": "where they come from",
    }
    entries = [Entry(1, c, head, "head") for c, head in enumerate(heads, start=1)]
    for row, (key, why) in enumerate(facts.items(), start=2):
        entries += [Entry(row, 1, key, "closing"), Entry(row, 4, None, "typed")]
        entries.append(Entry(row, 5, why, "quiet"))
    top, bottom = 2 + len(facts), 1 + len(facts) + plan.n
    column = "B" if "en" in plan.languages or "zh" not in plan.languages else "C"
    for at, code in enumerate(plan.labels.codes):
        name = Formula(f'=sectors!${column}${at + 2}&""')
        entries += [Entry(top + at, 1, code, "sectors"), Entry(top + at, 2, name, "sectors")]
    cells, waits = f"D{top}:D{bottom}", "Choose one of the list."
    needed = [("D2:D3", "blank"), ("D4:D5", "optional"), (cells, "blank")]
    return Form(
        name="employment",
        colour=INPUT,
        entries=entries,
        choices=[
            Choice("D2", "list", UNITS[0] + "," + UNITS[1], "Unit", waits, False),
            Choice("D3", "whole", "1 9999", "A year", "Type a year, such as 2024."),
            Choice("D4", "list", ",".join(filter(None, get_args(Basis))), "Basis", waits),
            Choice(cells, "decimal", "0 1E+300", "Jobs", "Type a number from 0 on."),
        ],
        marks=[
            *(Mark(area, f"ISBLANK({area.partition(':')[0]})", look) for area, look in needed),
            Mark(cells, f"ISNUMBER(D{top})", "figure"),
            Mark(cells, f"NOT(ISNUMBER(D{top}))", "wrong"),
        ],
        notes={"D1": "Name of the estimate. Further estimates may follow in the next columns."},
        widths={"A": 12, "B": 46, "C": 0, "D": 22, "E": 60},
        frozen=f"D{top}",
    )
