"""What the browser needs to compute the chain of a study again: figures and a script.

The figures are the reduced coefficients of `Forward`; the script has every declared formula as
a function, and the few sums that join them. Nothing is computed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from iomodel.accounts.assumptions import is_share
from iomodel.accounts.declarations import Equation, Role
from iomodel.accounts.equations import Formula
from iomodel.accounts.sectors import SUM_TOLERANCE
from iomodel.report.texts import Texts
from iomodel.studies.derivation import Derivation
from iomodel.studies.forward import PATTERN, Forward
from iomodel.studies.reduced import HOUSEHOLDS
from iomodel.studies.scopes import RUNS, channel_names, scopes_of

SPENT = ("purchase", "from")
UNUSED = ("heads", "crew_workdays")
CHAIN, PANEL = "chain.js", "panel.js"


@dataclass(frozen=True, eq=False)
class Formulas:
    """Formulas as functions of JavaScript, each once; rows of the figures name them by place.

    Attributes
    ----------
    places : dict of expression to int
    """

    places: dict[str, int] = field(default_factory=dict)

    def __call__(self, formula: Formula) -> int:
        """Return the place of a formula."""
        text = formula.javascript(_quantity)
        return self.places.setdefault(text, len(self.places))

    @property
    def script(self) -> str:
        """The functions as a list."""
        lines = ",\n".join(f"    function (q) {{ return {text}; }}" for text in self.places)
        return f"  var formulas = [\n{lines}\n  ];\n"


def _quantity(name: str) -> str:
    """Return the expression of a quantity; ids are names of the workbook, never text of it."""
    escaped = "".join(c if c.isascii() else f"\\u{{{ord(c):x}}}" for c in name)
    return f'q["{escaped}"]'


def model(
    derivation: Derivation, words: Texts, run: Forward | None = None
) -> tuple[dict[str, Any], str]:
    """Return the chain of a study for the browser.

    Parameters
    ----------
    derivation : Derivation
    words : Texts
        For warnings.
    run : Forward, optional
        The derivation's own, where it is at hand already.

    Returns
    -------
    data : dict
        Coefficients and structure, plain numbers and texts: what JSON can hold.
    script : str
        Every formula as a function, and the functions that join them.

    Notes
    -----
    Reduced form (METHOD 6): ``reach`` holds, by item of spending, jobs in farming by pattern,
    other jobs by pattern and labour income, s' (I - A_KK')^-1 [e, w]; ``household`` is its row
    of household spending. Formulas are written from their syntax trees: the page has no
    ``eval``, and needs none.

    Examples
    --------
    >>> import iomodel as iom
    >>> from iomodel.report.texts import texts
    >>> china = iom.read(iom.example("china-2020"))
    >>> drama = iom.read_sectors(iom.example("micro-drama-2025"), base=china)
    >>> data, script = model(iom.derive(drama, china), texts("en"))
    >>> data["named"][0]["name"], script.splitlines()[1].strip()
    ('workdays', 'function (q) { return q["titles"] * q["workdays_per_title"]; },')
    """
    run, formulas = run or derivation.forward, Formulas()
    declared = run.declared
    data = {
        "inputs": _inputs(derivation, run, words.language),
        "named": [
            {"name": row.name, "sector": row.sector, "formula": formulas(row.formula)}
            for row in declared.rows
            if row.name and row.name not in run.units
        ],
        "groups": _groups(derivation, run, formulas),
        "additional": [
            {"channel": channel, "formula": formulas(share)}
            for channel, share in run.additional.items()
        ],
        "sectors": [_sector(role, run, formulas, words) for role in declared.sectors],
        "direct": declared.direct.code,
        "channels": list(channel_names(declared)),
        "scopes": [
            {"code": scope, "spending": RUNS[scope].spending if scope in RUNS else ""}
            for scope in scopes_of(declared)
        ],
        "headline": derivation.headline,
        "fullest": derivation.fullest,
        "respent": declared.has("respending"),
        "patterns": list(run.patterns),
        "reach": run.reach.tolist(),
        "household": run.reach[run.items[HOUSEHOLDS]].tolist(),
        "tolerance": SUM_TOLERANCE,
        **_screens(run, formulas, words),
    }
    return data, formulas.script + _source(CHAIN)


def script_of(text: str) -> str:
    """Return the script of the panel: what `model` gives, and the panel itself.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return f'(function () {{\n  "use strict";\n{text}{_source(PANEL)}}})();'


def moving(derivation: Derivation) -> list[str]:
    """Return the inputs that have a range of evidence and that a result depends on.

    Parameters
    ----------
    derivation : Derivation

    Returns
    -------
    list of str
        In the order of the workbook.
    """
    declared, items = derivation.account.equations, derivation.account.assumptions
    rows = [row for row in declared.rows if row.quantity not in UNUSED]
    shares = [Equation("", row.additional) for row in rows if row.additional is not None]
    reached = declared.behind(*rows, *shares)
    return [
        key
        for key, item in items.items()
        if key in reached and item.low is not None and item.high is not None
        if item.low < item.high
    ]


def _source(name: str) -> str:
    return files("iomodel.report").joinpath("templates", name).read_text(encoding="utf-8")


def _inputs(derivation: Derivation, run: Forward, language: str) -> list[dict[str, Any]]:
    account = derivation.account
    return [
        {
            "id": key,
            "name": item.called(language),
            "size": run.units[key],
            "central": float(account.values[key]),
            "low": item.low,
            "high": item.high,
            "share": is_share(item.unit),
        }
        for key, item in account.assumptions.items()
        if key != PATTERN and key in run.units
    ]


def _groups(derivation: Derivation, run: Forward, formulas: Formulas) -> list[dict[str, Any]]:
    """Spending by channel and buyer; `whole` is an item's amount with its imported part."""
    whole: dict[str, float] = {}
    for row in derivation.account.map:
        whole[row.item] = whole.get(row.item, 0.0) + row.share
    return [
        {
            "channel": group.channel,
            "buyer": group.buyer,
            "items": [
                {"place": place, "formula": formulas(row.formula), "whole": whole[row.item]}
                for place, row in zip(group.places, group.rows, strict=True)
            ],
        }
        for group in run.groups
    ]


def _sector(role: Role, run: Forward, formulas: Formulas, words: Texts) -> dict[str, Any]:
    rows = [row for row in run.declared.rows if row.sector == role.code]
    named = role.names.get(words.language) or next(iter(role.names.values()), role.code)
    return {
        "code": role.code,
        "channel": run.declared.of("jobs", role.code)[0].channel,
        "costs": [formulas(row.formula) for row in rows if row.quantity in SPENT],
        "from": [formulas(row.formula) for row in rows if row.quantity == "from"],
        "text": words("panel.warn_costs", sector=named, value="{value}"),
    }


def _screens(run: Forward, formulas: Formulas, words: Texts) -> Mapping[str, Any]:
    """Rules that inputs may contradict; the words of each."""
    checks, bounds = [], []
    for row in run.declared.of("check"):
        screen = run.ranges[row.item]
        text = words(
            "panel.warn_check",
            item=screen.item,
            value="{value}",
            unit=words.known("unit", screen.unit),
            low=f"{screen.low:,g}",
            high=f"{screen.high:,g}",
        )
        found = {"formula": formulas(row.formula), "low": screen.low, "high": screen.high}
        checks.append({**found, "text": text})
    for row in run.declared.of("at_most"):
        assert row.additional is not None, "checked with the declarations"
        item = row.item or f"{row.formula.text} ≤ {row.additional.text}"
        text = words("panel.warn_bound", item=item, less="{less}", more="{more}")
        sides = {"less": formulas(row.formula), "more": formulas(row.additional)}
        bounds.append({**sides, "text": text})
    return {"checks": checks, "bounds": bounds, "endless": words("panel.warn_endless")}
