"""Concordances: from mappings and frames, composed, and what they refuse."""

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom

FRAME = pd.DataFrame(
    {
        "from": ["03", "01", "02"],
        "to": ["C", "A", "C"],
        "name_en": ["Crafts", "Farms", ""],
        "name_zh": ["", "农业", "手工"],
    }
)


def test_a_mapping_keeps_the_order_of_first_appearance() -> None:
    link = iom.Concordance.of({"03": "C", "01": "A", "02": "C"})
    assert link.sources == ("03", "01", "02")
    assert link.order == ("C", "A")
    assert link.pairs == {"03": "C", "01": "A", "02": "C"}


def test_a_given_order_is_kept() -> None:
    assert iom.Concordance.of({"03": "C", "01": "A"}, order=["A", "C"]).order == ("A", "C")


def test_a_frame_brings_names_by_language() -> None:
    link = iom.Concordance.of(FRAME, title="made")
    assert link.names["en"] == {"C": "Crafts", "A": "Farms"}
    assert link.names["zh"] == {"A": "农业", "C": "手工"}
    assert repr(link) == "<Concordance> made: 3 sources to 2 targets (03 > C, ...); names: en, zh"


@pytest.mark.parametrize(("head", "lang"), [("label", "en"), ("name_zh", "zh")])
def test_two_columns_of_any_name_and_a_third_with_names(head: str, lang: str) -> None:
    frame = FRAME.iloc[:, :3].set_axis(["sector", "group", head], axis=1)
    assert iom.Concordance.of(frame).names == {lang: {"C": "Crafts", "A": "Farms"}}
    assert iom.Concordance.of(frame.iloc[:, :2]).names == {}


def test_given_names_come_before_those_of_the_frame() -> None:
    link = iom.Concordance.of(FRAME, names={"en": {"A": "Agriculture"}})
    assert link.names["en"] == {"A": "Agriculture"}


def test_a_frame_of_a_concordance_gives_it_back() -> None:
    link = iom.Concordance.of(FRAME)
    again = iom.Concordance.of(link.to_frame())
    pd.testing.assert_frame_equal(again.to_frame(), link.to_frame())
    assert iom.Concordance.of(link) is link


def test_it_does_not_change() -> None:
    link = iom.Concordance.of(FRAME)
    link.pairs["03"] = "Z"
    assert link.pairs["03"] == "C"
    with pytest.raises(FrozenInstanceError):
        setattr(link, "order", ())  # noqa: B010 - an assignment that mypy would refuse
    with pytest.raises(TypeError):
        link.names["en"]["A"] = "Z"  # type: ignore[index]


def test_sources_mapped_twice_are_all_named() -> None:
    frame = pd.DataFrame({"from": ["1", "2", "1", "3", "3"], "to": list("ABCDD")})
    with pytest.raises(iom.LabelError, match="2 sources") as caught:
        iom.Concordance.of(frame)
    assert "1 to A, C" in str(caught.value)
    assert "3 to D, D" in str(caught.value)


def test_whole_numbers_are_codes() -> None:
    frame = pd.DataFrame({"from": np.array([1, 2]), "to": [10, 10]})
    assert iom.Concordance.of(frame).pairs == {"1": "10", "2": "10"}
    with pytest.raises(iom.LabelError, match="mapped more than once"):
        iom.Concordance.of({1: "a", "1": "b"})  # type: ignore[dict-item]


@pytest.mark.parametrize("bad", [1.0, float("nan"), None, True, "", "  ", ["A", "B"]])
def test_other_codes_are_refused(bad: Any) -> None:
    with pytest.raises(iom.LabelError, match="2 codes are neither"):
        iom.Concordance.of({"1": bad, "2": "A", "3": bad})
    frame = pd.DataFrame({"from": ["1", "2"], "to": pd.Series([bad, "A"], dtype=object)})
    with pytest.raises(iom.LabelError, match="position 0"):
        iom.Concordance.of(frame)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"order": ["A"]}, ["order lacks C"]),
        ({"order": ["A", "C", "A", "X"]}, ["A stands more than once", "X is no target"]),
        ({"names": {"en": {"X": "Other"}}}, ["names (en): X is no target"]),
    ],
)
def test_order_and_names_fit_the_targets(parts: Any, said: list[str]) -> None:
    with pytest.raises(iom.LabelError) as caught:
        iom.Concordance.of({"03": "C", "01": "A"}, **parts)
    assert [text for text in said if text not in str(caught.value)] == []


def test_a_target_with_two_names_is_refused() -> None:
    frame = FRAME.assign(name_en=["Crafts", "Farms", "Trades"])
    with pytest.raises(iom.LabelError, match="C \\(en\\): 'Crafts' and 'Trades'"):
        iom.Concordance.of(frame)


@pytest.mark.parametrize("given", ["map.xlsx", [("1", "A")], 3])
def test_neither_a_path_nor_a_list(given: Any) -> None:
    with pytest.raises(iom.LabelError, match="read_concordance"):
        iom.Concordance.of(given)


@pytest.mark.parametrize("heads", [["from"], ["a", "b", "c", "d"], ["from", "from", "to", "x"]])
def test_a_frame_with_other_columns(heads: list[str]) -> None:
    with pytest.raises(iom.LabelError, match="columns from and to"):
        iom.Concordance.of(pd.DataFrame([["1"] * len(heads)], columns=heads))


def test_an_empty_one_is_refused() -> None:
    with pytest.raises(iom.LabelError, match="0 sources"):
        iom.Concordance.of({})
    with pytest.raises(iom.LabelError, match="2 sources, 1 targets"):
        iom.Concordance(sources=("1", "2"), targets=("A",))


def test_two_follow_each_other() -> None:
    first = iom.Concordance.of({"1": "a", "2": "b", "3": "a"}, title="fine")
    names = {"en": {"X": "All"}}
    both = first.then(iom.Concordance.of({"b": "X", "a": "X"}, names=names, title="coarse"))
    assert both.pairs == dict.fromkeys("123", "X")
    assert (both.names["en"]["X"], both.title) == ("All", "fine > coarse")


def test_links_that_miss_are_all_named() -> None:
    first = iom.Concordance.of({"1": "a", "2": "b", "3": "c"})
    with pytest.raises(iom.LabelError, match="3 codes") as caught:
        first.then(iom.Concordance.of({"c": "X", "d": "X"}))
    for code in ("a: target here", "b: target here", "d: source there"):
        assert code in str(caught.value)
