"""Every result: a tidy frame with units and names; a notebook view; completion without clutter."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

import iomodel as iom
from iomodel.accounts.matrix import Matrix
from tests.unit import small_sut
from tests.unit.every_result import MADE, account, economy, extended, made, social

OTHERS: dict[str, Callable[[], Any]] = {
    "table": economy,
    "inserted table": extended,
    "supply and use": small_sut.paid,
    "account": account,
    "model": lambda: iom.leontief(economy()),
    "closed model": lambda: iom.close_households(iom.leontief(economy()), propensity=0.5),
    "ghosh": lambda: iom.ghosh(economy()),
    "sam": social,
    "imputation": lambda: iom.Imputation(parent="a"),
    "concordance": lambda: iom.concordance("nbs-153-42"),
}
# Parts of a result that only its own module uses: named here, so that others are found.
INSIDE = {"Priors", "Choice", "View", "Forward", "Equations"}
CODES = {"code": "name", "supplier": "supplier_name", "user": "user_name"}


def reached() -> dict[type, Any]:
    """One object of each class of the package that attributes of results and nouns lead to."""
    found: dict[type, Any] = {}
    todo = [made(name) for name in MADE] + [make() for make in OTHERS.values()]
    while todo:
        thing = todo.pop()
        if type(thing) in found:
            continue
        found[type(thing)] = thing
        for name in dir(thing):
            todo += [part for part in parts(thing, name) if ours(part)]
    return found


def parts(thing: Any, name: str) -> list[Any]:
    """Values of an attribute: itself, or the first of a collection."""
    if name.startswith("_"):
        return []
    try:
        value = getattr(thing, name)
    except iom.IOModelError:  # such as the household account of a model with several groups
        return []
    if isinstance(value, Mapping):
        return list(value.values())[:1]
    return list(value[:1]) if isinstance(value, tuple | list) else [value]


def ours(thing: Any) -> bool:
    """Tell whether a thing is a noun, model or result of ours; rows and kernels are none."""
    kind = type(thing)
    return (
        kind.__module__.startswith("iomodel.")
        and not kind.__module__.startswith("iomodel.kernels.")
        and not isinstance(thing, tuple)
        and kind.__name__ not in INSIDE
    )


@pytest.fixture(scope="module")
def things() -> dict[type, Any]:
    return reached()


@pytest.mark.parametrize("name", MADE)
def test_frames_are_tidy(name: str) -> None:
    frame = made(name).to_frame()
    unnamed = [level for level in frame.index.names if level is None]
    assert not unnamed or isinstance(frame.index, pd.RangeIndex)
    assert frame.columns.is_unique
    if not isinstance(made(name), Matrix):  # has a code per column
        assert all(isinstance(column, str) and column.strip() for column in frame.columns)
        assert frame.columns.nlevels == 1
    columns = [*frame.columns, *frame.index.names]
    for code, word in CODES.items():
        assert code not in columns or word in columns or isinstance(made(name), Matrix), code


@pytest.mark.parametrize("name", MADE)
def test_every_column_of_figures_has_a_unit(name: str) -> None:
    result = made(name)
    frame = result.to_frame()
    figures = {str(column) for column in frame.select_dtypes("number").columns}
    assert "unit" in frame or not figures - set(result.units), figures - set(result.units)
    assert all(isinstance(unit, str) for unit in result.units.values())


@pytest.mark.parametrize("name", MADE)
def test_frames_are_fresh(name: str) -> None:
    first = made(name).to_frame()
    before = first.copy()
    for column in first.columns:
        first[column] = "spoilt"
    pd.testing.assert_frame_equal(made(name).to_frame(), before)


def test_everything_within_reach_has_a_notebook_view(things: dict[type, Any]) -> None:
    assert len(things) > len(MADE) + len(OTHERS)
    for kind, thing in things.items():
        page = thing._repr_html_()
        assert "<table" in page, kind
        assert page.count("<table") == page.count("</table>")


def test_everything_within_reach_has_a_repr_without_id(things: dict[type, Any]) -> None:
    for kind, thing in things.items():
        text = repr(thing)
        assert text.strip(), kind
        assert not re.search(r"0x[0-9a-f]{6,}|object at", text), text
        assert text == repr(thing)


def test_completion_shows_public_names_only(things: dict[type, Any]) -> None:
    for kind, thing in things.items():
        names = dir(thing)
        assert names, kind
        assert not [name for name in names if name.startswith("_")], kind
        public = {name for name in vars(kind) if not name.startswith("_")}
        assert public <= set(names), kind


def test_classes_of_the_door_are_all_walked(things: dict[type, Any]) -> None:
    nouns = {
        thing
        for thing in vars(iom).values()
        if isinstance(thing, type) and not issubclass(thing, BaseException)
    }
    walked = {base for kind in things for base in kind.__mro__}
    lost = {kind.__name__ for kind in nouns - walked}
    assert lost <= {"ClosedGroups"}, lost  # a model by groups, seen in test_reprs


def test_notebook_views_of_small_nouns_escape_markup() -> None:
    evil = "<b>&"
    labels = iom.Labels(codes=(evil,), names={"en": (evil,)})
    for thing in (labels, iom.Meta(title=evil), iom.Concordance(sources=(evil,), targets=(evil,))):
        page = thing._repr_html_()
        assert "<b>" not in page
        assert "&lt;b&gt;&amp;" in page


def test_long_fields_are_cut_and_say_so() -> None:
    page = iom.Labels(codes=tuple(f"c{k}" for k in range(40)))._repr_html_()
    assert "c11, ... 40 in all" in page
    assert "c12" not in page
