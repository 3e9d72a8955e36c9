import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, strategies as st

import iomodel as iom
from iomodel.accounts.equations import parse

IDS = ("titles", "cost", "m_script", "m_crew", "m_sets", "revenue", "rate")
VALUES = dict(zip(IDS, (67_000.0, 550.0, 0.2, 0.5, 0.3, 60e9, 0.25), strict=True))
PLACE = "equations!D4"


def atoms() -> st.SearchStrategy[str]:
    numbers = st.floats(0.0, 1e6).map(repr) | st.integers(0, 9).map(str)
    return st.sampled_from(IDS) | numbers | st.just("sum(m_*)")


def longer(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts as people write them, with and without parentheses that are needed."""
    signs = st.sampled_from([" + ", " - ", " * ", "/", "-", "*"])
    pairs = st.tuples(inner, signs, inner).map("".join)
    return pairs | pairs.map("({})".format) | inner.map("-{}".format) | inner.map("-({})".format)


FORMULAS = st.recursive(atoms(), longer, max_leaves=12)


def as_python(text: str) -> Callable[[dict[str, float]], float]:
    """What Python itself makes of the text: its signs bind as ours are meant to."""
    code = compile(text.replace("sum(m_*)", "(m_script + m_crew + m_sets)"), PLACE, "eval")
    return lambda values: float(eval(code, {}, values))


@given(text=FORMULAS)
def test_numbers_arrays_and_complex_numbers_give_the_value_python_gives(text: str) -> None:
    formula = parse(text, IDS, place=PLACE)
    try:
        wanted = as_python(text)(VALUES)
    except ZeroDivisionError:
        with pytest.raises(iom.SpecError, match="division by zero"):
            formula(VALUES)
        return
    assert formula(VALUES) == wanted or math.isnan(wanted)
    with np.errstate(all="ignore"):
        many = formula({key: np.full(3, value) for key, value in VALUES.items()})
        unreal = formula({key: np.full(3, value + 0j) for key, value in VALUES.items()})
    if math.isfinite(wanted):
        assert np.array_equal(np.broadcast_to(many, 3), np.full(3, wanted))
    if "-" not in text and wanted < 1e150:  # without cancellation complex rounding is small
        assert np.allclose(unreal, wanted, rtol=1e-9, atol=0.0)


@given(text=FORMULAS)
def test_written_texts_have_the_same_value_to_the_last_bit(text: str) -> None:
    """Excel and JavaScript bind + - * / as Python does; a negative is in parentheses."""
    formula = parse(text, IDS, place=PLACE)
    try:
        wanted = formula(VALUES)
    except iom.SpecError:
        return
    for written in (formula.excel(str), formula.javascript(str)):
        found = eval(written, {}, VALUES)
        assert found == wanted or (math.isnan(found) and math.isnan(wanted))
        assert "--" not in written


def test_a_complex_step_gives_the_derivative() -> None:
    formula = parse("titles * cost / (m_script + rate * titles)", IDS, place=PLACE)
    step = {key: np.array([value + 0j]) for key, value in VALUES.items()}
    step["titles"] = step["titles"] + 1e-30j
    below = VALUES["m_script"] + VALUES["rate"] * VALUES["titles"]
    wanted = VALUES["cost"] * VALUES["m_script"] / below**2
    assert formula(step)[0].imag / 1e-30 == pytest.approx(wanted, rel=1e-12)


def test_names_are_those_used_with_blocks_written_out() -> None:
    formula = parse("m_crew / sum(m_*) * titles + titles", IDS, place=PLACE)
    assert formula.names == ("m_crew", "m_script", "m_sets", "titles")
    assert formula.text == "m_crew / sum(m_*) * titles + titles"
    assert repr(formula) == "<Formula> m_crew / sum(m_*) * titles + titles"


@pytest.mark.parametrize(
    ("text", "excel", "javascript"),
    [
        ("titles*cost", "in.titles*in.cost", "v.titles * v.cost"),
        ("titles - (cost - rate)", "in.titles-(in.cost-in.rate)", "v.titles - (v.cost - v.rate)"),
        ("titles / (cost * rate)", "in.titles/(in.cost*in.rate)", "v.titles / (v.cost * v.rate)"),
        ("(titles * cost) * rate", "in.titles*in.cost*in.rate", "v.titles * v.cost * v.rate"),
        ("titles * (1 + rate)", "in.titles*(1.0+in.rate)", "v.titles * (1.0 + v.rate)"),
        ("titles - -cost", "in.titles-(-in.cost)", "v.titles - (-v.cost)"),
        ("-titles * cost", "(-in.titles)*in.cost", "(-v.titles) * v.cost"),
        ("-(titles + cost)", "(-(in.titles+in.cost))", "(-(v.titles + v.cost))"),
        (
            "rate / sum(m_*)",
            "in.rate/(in.m_script+in.m_crew+in.m_sets)",
            "v.rate / (v.m_script + v.m_crew + v.m_sets)",
        ),
        ("sum(rat*) * 0.00001", "in.rate*1E-05", "v.rate * 1E-05"),
    ],
)
def test_texts_for_excel_and_the_browser(text: str, excel: str, javascript: str) -> None:
    formula = parse(text, IDS, place=PLACE)
    assert formula.excel("in.{}".format) == excel
    assert formula.javascript("v.{}".format) == javascript


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "blank where a formula is needed"),
        ("=titles", "without = in front"),
        ("titels * costs", "unknown id 'titels'; unknown id 'costs'"),
        ("titles ** 2", r"\*\* is not known"),
        ("titles // 2", "floordiv is not known"),
        ("max(titles, 1)", r"max\(titles, 1\) is not known"),
        ("sum(titles, cost)", r"sum\(titles, cost\): sum takes a prefix and a star"),
        ("sum(x_*)", "no id begins with 'x_'"),
        ("titles cost", "cannot be read"),
        ("(titles", "cannot be read"),
        ("+titles", "uadd is not known"),
        ("titles if cost else rate", "is not known"),
        ("titles.real", "titles.real is not known"),
        ("titles[0]", "is not known"),
        ("'a'", "'a' is not known"),
        ("True", "True is not known"),
        ("2j", "2j is not known"),
        ("1e999", "too large"),
        ("9" * 400, "too large"),
        ("titles\x00", "cannot be read"),
        ("(" * 500 + "titles" + ")" * 500, "cannot be read"),
        ("+".join(["titles"] * 300), "split it into rows"),
        ("__import__('os')", "is not known"),
    ],
)
def test_what_is_no_formula_is_refused_with_its_cell(text: str, said: str) -> None:
    with pytest.raises(iom.SpecError, match=said) as caught:
        parse(text, IDS, place=PLACE)
    assert str(caught.value).startswith(PLACE)


def test_a_value_that_is_missing_or_divides_by_zero_is_named() -> None:
    formula = parse("titles / (cost * rate)", IDS, place=PLACE)
    with pytest.raises(iom.SpecError, match=r"equations!D4: .* no value for cost, rate"):
        formula({"titles": 1.0})
    with pytest.raises(iom.SpecError, match=r"division by zero \(rate = 0\)"):
        formula({**VALUES, "rate": 0.0})
    with np.errstate(divide="ignore"):
        assert np.isinf(formula({key: np.zeros(2) + (key == "titles") for key in IDS})).all()
