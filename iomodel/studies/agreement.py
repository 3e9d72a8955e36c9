"""Published multipliers of an industry beside the derived ones, scope by scope.

Known to the comparison only, after the fact: nothing in the forward derivation imports it.
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from iomodel.analysis.multipliers import multipliers
from iomodel.errors import SpecError, listed
from iomodel.models.households import close_households
from iomodel.models.leontief import leontief
from iomodel.readers.published import PublishedFigure
from iomodel.studies.derivation import Derivation
from iomodel.studies.levels import per_million
from iomodel.studies.scopes import CHAIN, HOUSEHOLDS

RATIO, MULTIPLIER, EFFECT, OUTPUT = "ratio", "multiplier", "effect", "output multiplier"
KINDS = (RATIO, MULTIPLIER, EFFECT, OUTPUT)


def agreement(derivation: Derivation, published: Sequence[PublishedFigure]) -> pd.DataFrame:
    """Return published figures that name a scope, with what was derived for it.

    Parameters
    ----------
    derivation : Derivation
    published : sequence of PublishedFigure
        Of the kinds ``ratio`` (indirect jobs per direct job), ``multiplier`` (all jobs per
        direct job: the ratio plus one), ``effect`` (jobs per million of final demand) and
        ``output multiplier`` (output of all sectors per unit of final demand).

    Returns
    -------
    DataFrame
        By id: item, kind, scope, published, derived (mean of patterns), difference, tolerance,
        and whether the difference lies within it. Empty if no figure names a scope.

    Raises
    ------
    SpecError
        For every scope that the study does not have, and every kind that has none.
    """
    named = [figure for figure in published if figure.scope]
    problems = [
        f"published, {figure.id}: kind {figure.kind!r} has no scope; one of {', '.join(KINDS)}"
        for figure in named
        if figure.kind not in KINDS
    ]
    problems += [
        f"published, {figure.id}: no scope {figure.scope!r} in this study ({_scopes(derivation)})"
        for figure in named
        if figure.scope not in _known(derivation, figure.kind)
    ]
    if problems:
        raise SpecError(f"{derivation.account.title}:\n  {listed(problems)}")
    rows = {}
    for figure in named:
        derived = _derived(derivation, figure.kind, figure.scope)
        gap, limit = derived - figure.value, figure.tolerance
        within = "" if limit is None else "yes" if abs(gap) <= limit else "no"
        labels = (figure.item, figure.kind, figure.scope)
        rows[figure.id] = (*labels, figure.value, derived, gap, limit, within)
    columns = ["item", "kind", "scope", "published", "derived", "difference", "tolerance", "within"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    frame.index.name = "id"
    return frame


def agreement_lines(found: pd.DataFrame) -> Iterator[str]:
    """Yield the printed comparison by scope.

    Parameters
    ----------
    found : DataFrame
        From `agreement`.

    Yields
    ------
    str
    """
    if found.empty:
        return
    heads = ("scope", "published", "derived", "agrees")
    yield f"{'compared, not used':<37}{heads[0]:<18}" + "".join(f"{h:>12}" for h in heads[1:])
    for row in found.to_dict("records"):
        figures = f"{row['published']:>12.5f}{row['derived']:>12.5f}{row['within']:>12}"
        yield f"  {row['item'][:34]:<35}{row['scope']:<18}{figures}".rstrip()
    yield ""


def _scopes(derivation: Derivation) -> str:
    return ", ".join(map(str, derivation.central.columns))


def _known(derivation: Derivation, kind: str) -> list[str]:
    """Scopes that a kind of figure can be compared with."""
    known = [str(scope) for scope in derivation.central.columns]
    return [scope for scope in known if kind != OUTPUT or scope in (CHAIN, HOUSEHOLDS)]


def _derived(derivation: Derivation, kind: str, scope: str) -> float:
    if kind == EFFECT:
        return float(derivation.levels[f"{per_million(derivation.account)}, {scope}"].mean())
    if kind == OUTPUT:
        return _output(derivation, scope)
    return float(derivation.central[scope].mean()) + (kind == MULTIPLIER)


def _output(derivation: Derivation, scope: str) -> float:
    """Output of all sectors per unit of final demand for the direct one, households apart."""
    declared = derivation.account.equations
    model = leontief(derivation.table, idle=declared.idle)
    if scope == HOUSEHOLDS:
        closed = close_households(model, propensity=derivation.account.respending)
        found = multipliers(closed, of="output")
    else:
        found = multipliers(model, of="output")
    place = derivation.table.labels.codes.index(declared.direct.code)
    return float(found.effect[0, place])
