"""Pictures in the page: words stay words, names of parts differ, texts stay texts."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from iomodel.plot.bars import bars
from iomodel.plot.vector import RIM, vector
from iomodel.report.pictures import inline
from tests.report.narrow import narrow

pytest.importorskip("matplotlib", reason="matplotlib is not installed")

HOSTILE = "<script>alert(1)</script> & url(#x)"


def drawn(name: str) -> str:
    return inline(vector(bars(narrow()), name), name, HOSTILE, HOSTILE)


def parts(svg: str) -> list[Any]:
    return list(ElementTree.fromstring(svg).iter())


def test_the_same_picture_gives_the_same_text() -> None:
    assert drawn("one") == drawn("one")


def test_names_of_parts_differ_between_pictures() -> None:
    one, other = (
        {part.get("id") for part in parts(drawn(name))} - {None} for name in ("one", "other")
    )
    assert one and other and not one & other


def test_every_part_that_is_used_is_there() -> None:
    svg = drawn("one")
    ids = {part.get("id") for part in parts(svg)}
    used = set(re.findall(r'(?:url\(|href=")#([^")]+)', svg)) - {"x"}
    assert used and used <= ids


def test_words_stay_words_and_are_said() -> None:
    svg = drawn("one")
    texts = ["".join(part.itertext()) for part in parts(svg) if part.tag.endswith("text")]
    assert any("Indirect jobs per direct job" in text for text in texts)
    assert 'role="img"' in svg and 'aria-labelledby="one-title one-words"' in svg
    assert f'class="{RIM}"' in svg


def test_texts_cannot_become_markup_and_nothing_is_loaded() -> None:
    svg = drawn("one")
    assert "<script>" not in svg
    assert not re.search(r"""(?:href|src)=["']?(?!["']?#)""", svg)
    assert "<metadata" not in svg and "DOCTYPE" not in svg
    outer = set(re.findall(r"https?://[^\"'\s<]+", svg))
    assert outer == {"http://www.w3.org/2000/svg"}
