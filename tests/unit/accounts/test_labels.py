"""Labels: codes, names by language, regions, positions."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom

THREE = iom.Labels(
    codes=("a", "m", "s"),
    names={"en": ("Farms", "", ""), "zh": ("农业", "工业", "")},
    groups=("A", "C", ""),
)


@pytest.mark.parametrize(
    ("codes", "regions"),
    [(("a", "b", "a"), ()), (("a", "a"), ("N", "N")), ((1, "1"), ()), (("a", "a"), ("", ""))],
)
def test_duplicates_are_refused_by_name(codes: Any, regions: Any) -> None:
    with pytest.raises(iom.LabelError, match="more than once") as caught:
        iom.Labels(codes=codes, regions=regions)
    assert str(codes[0]) in str(caught.value)


def test_one_code_in_two_regions_is_no_duplicate() -> None:
    labels = iom.Labels(codes=("a", "a"), regions=("N", "S"))
    assert isinstance(labels.index, pd.MultiIndex)
    assert list(labels.index) == [("N", "a"), ("S", "a")]
    assert labels.index.names == ["region", "code"]
    assert labels.positions([("S", "a")]).tolist() == [1]


def test_one_region_is_a_plain_index() -> None:
    assert list(iom.Labels(codes=("a", "b"), regions=("N", "N")).index) == ["a", "b"]
    assert THREE.index.name == "code"


@pytest.mark.parametrize(
    "parts",
    [{"names": {"en": ("x",)}}, {"regions": ("N",)}, {"groups": ("A", "B", "C", "D")}],
)
def test_other_lengths_are_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(iom.LabelError, match="3 codes") as caught:
        iom.Labels(codes=("a", "m", "s"), **parts)
    assert next(iter(parts)) in str(caught.value) or "en" in str(caught.value)


def test_names_fall_back_on_another_language_then_on_the_code() -> None:
    assert THREE.named() == ("Farms", "工业", "s")
    assert THREE.named("zh") == ("农业", "工业", "s")
    assert THREE.named("fr") == ("Farms", "工业", "s")
    assert iom.Labels(codes=("a",)).named() == ("a",)
    assert iom.Labels(codes=()).named() == ()


def test_a_code_without_text_is_refused_or_has_a_name() -> None:
    try:
        labels = iom.Labels(codes=("", "b"))
    except iom.LabelError:
        return
    assert len(labels.named()) == 2


def test_names_cannot_be_changed() -> None:
    names: Any = THREE.names
    with pytest.raises(TypeError):
        names["en"] = ("x", "y", "z")


def test_positions_in_the_order_asked_for() -> None:
    assert THREE.positions(["s", "a"]).tolist() == [2, 0]
    assert THREE.positions([]).tolist() == []
    assert iom.Labels(codes=("1", "2")).positions([np.int64(2), 1]).tolist() == [1, 0]


def test_every_unknown_code_is_named() -> None:
    with pytest.raises(iom.LabelError, match="2 unknown codes") as caught:
        THREE.positions(["x", "a", "y"])
    for text in ("x", "y", "a ... s", "3 labels"):
        assert text in str(caught.value)


def test_unknown_positions_among_no_labels_are_refused_in_words() -> None:
    with pytest.raises(iom.LabelError, match="x"):
        iom.Labels(codes=()).positions(["x"])


def test_groups() -> None:
    assert THREE.in_group("C").tolist() == [1]
    assert THREE.in_group("nothing").tolist() == []


def test_extended_keeps_languages_of_both_sides() -> None:
    longer = THREE.extended(iom.Labels(codes=("h",), names={"fr": ("Ménages",)}))
    assert longer.codes == ("a", "m", "s", "h")
    assert longer.names["fr"] == ("", "", "", "Ménages")
    assert longer.named() == ("Farms", "工业", "s", "Ménages")
    with pytest.raises(iom.LabelError, match="more than once"):
        THREE.extended(THREE)


def test_frames_are_fresh() -> None:
    values = np.arange(9.0).reshape(3, 3)
    frame, series = THREE.square(values), THREE.series(values[0], "x")
    frame.iloc[0, 0] = series.iloc[0] = 99.0
    assert values[0, 0] == 0.0


def test_describe() -> None:
    assert list(THREE.describe().columns) == ["name", "group"]
    assert list(iom.Labels(codes=("a",)).describe().columns) == ["name"]


def test_repr() -> None:
    assert repr(THREE) == "<Labels> 3: a, m, s; names: en, zh"
    assert repr(iom.Labels(codes=tuple("abcdef"))) == "<Labels> 6: a, ..., f; names: none"
    assert "0" in repr(iom.Labels(codes=()))
