"""Colours, fonts, numbers, the missing library and the registry of pictures."""

import subprocess
import sys
from dataclasses import replace
from itertools import combinations, pairwise

import matplotlib
import pytest

import iomodel as iom
from iomodel.errors import MissingLibraryError, PictureError
from iomodel.plot import style
from iomodel.plot.bands import spread
from iomodel.plot.words import CHANNELS, WORDS, channels, patterns
from iomodel.results import Result, register_pictures
from tests.plot import made

GREY_STEP = 0.1  # of relative luminance, 0 to 1


def test_neighbours_differ_in_a_grey_print() -> None:
    light = [style.luminance(colour) for colour in style.PALETTE]
    assert all(abs(one - other) >= GREY_STEP for one, other in pairwise(light))
    for one, other in combinations(style.fills(len(style.PALETTE)), 2):
        gap = style.luminance(one["facecolor"]) - style.luminance(other["facecolor"])
        assert abs(gap) >= GREY_STEP or one["hatch"] != other["hatch"]


def test_luminance_of_black_white_and_a_published_grey() -> None:
    assert style.luminance("#000000") == 0.0
    assert style.luminance("#FFFFFF") == pytest.approx(1.0)
    assert style.luminance("#777777") == pytest.approx(0.184, abs=5e-4)  # contrast 4.48 to white


def test_fills_past_the_palette_differ_from_the_first() -> None:
    found = style.fills(20)
    keys = [(fill["facecolor"], fill["hatch"]) for fill in found]
    assert len(set(keys[:16])) == 16


def test_a_channel_has_one_colour_in_all_pictures() -> None:
    study = made.derivation()
    found = channels(study, "en")
    codes = [*made.CHANNELS, "induced_core", "induced_spill"]
    assert [code for code in found.fills if code != "direct_pay"] == codes
    colours = [found.fills[code]["facecolor"] for code in codes]
    assert colours == list(style.PALETTE)
    open_model = channels(replace(study, detail={"chain": study.detail["chain"]}), "en")
    assert open_model.fills == found.fills


def test_pictures_take_the_names_that_the_study_declares() -> None:
    study = made.derivation()
    found = {language: channels(study, language).names for language in ("en", "zh")}
    assert found["en"]["production_supply"] == "Suppliers of makers"
    assert found["zh"]["production_supply"] == "制作供应商"
    assert found["en"]["induced_core"] == "Household re-spending, core"
    assert patterns(study, "zh") == {"census": "普查", "survey": "调查"}


def test_a_result_without_a_study_has_codes_for_names() -> None:
    found = channels(made.run("additional", households=True), "zh")
    assert found.names["platform_staff"] == "Platform staff"
    assert found.names["induced"] == "居民再消费"
    assert next(iter(found.fills)) == "direct_pay"
    assert found.fills["direct_pay"] == found.fills["induced"]


def test_every_word_has_two_languages_and_the_same_gaps() -> None:
    for key, (english, chinese) in {**WORDS, **CHANNELS}.items():
        assert english.count("{}") == chinese.count("{}"), key


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (940.0, "940", "940"),
        (212_066.4, "212,066", "21.21万"),
        (36_850_000.0, "36.85 million", "3,685.00万"),
        (100_000_000.0, "100.00 million", "1.00亿"),
    ],
)
def test_counts(value: float, english: str, chinese: str) -> None:
    assert style.count(value) == english
    assert style.count(value, "zh") == chinese


def test_round_counts_have_no_empty_digits() -> None:
    assert style.round_count(200_000.0, "zh") == "20万"
    assert style.round_count(100_000_000.0) == "100 million"
    assert style.round_count(1000.0) == "1,000"


def test_plain_text_keeps_one_backslash() -> None:
    assert style.plain("a $ b \\$ c") == "a \\$ b \\$ c"


def test_language_and_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PictureError, match="language 'fr': pictures speak en and zh"):
        style.spoken("fr")
    monkeypatch.setattr(style, "CHINESE_FONTS", ("No such font", "DejaVu Sans"))
    style.chinese_font.cache_clear()
    style._fonts.cache_clear()
    try:
        assert style.chinese_font() is None  # DejaVu Sans is at hand but has no such characters
        assert style.spoken("zh") == "en"
    finally:
        style.chinese_font.cache_clear()
        style._fonts.cache_clear()


def test_without_matplotlib_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'iomodel\[report\]'"):
        made.derivation().plot()
    with pytest.raises(ImportError):
        made.drivers().plot("sobol")


def test_plot_room_is_imported_without_matplotlib() -> None:
    code = "import sys; sys.modules['matplotlib'] = None; import iomodel.plot as p; p.waterfall"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_kinds_of_a_result() -> None:
    assert list(iom.Derivation.pictures()) == ["waterfall", "sankey", "bars", "ladder"]
    with pytest.raises(PictureError, match=r"Sensitivity has no picture 'pie'.*tornado, sobol"):
        made.drivers().plot("pie")


def test_a_result_without_a_picture_says_so() -> None:
    class Bare(iom.Channels):
        @classmethod
        def pictures(cls) -> dict[str, object]:  # type: ignore[override]
            return {}

    bare = object.__new__(Bare)
    with pytest.raises(PictureError, match="Bare: there is no picture of this result yet"):
        bare.plot()


def test_classes_below_have_the_pictures_of_those_above() -> None:
    class Child(iom.Sensitivity):
        """A kind of sensitivity."""

    register_pictures(Child, tornado=lambda result, **_: "own", extra=lambda result, **_: "extra")
    assert list(Child.pictures()) == ["tornado", "extra", "sobol"]
    assert object.__new__(Child).plot() == "own"
    assert list(iom.Sensitivity.pictures()) == ["tornado", "sobol"]
    assert Result.pictures() == {}


def test_names_are_moved_apart_and_stay_above_the_floor() -> None:
    assert spread([0.9, 0.88, 0.2], 0.1) == pytest.approx([0.9, 0.8, 0.2])
    assert spread([0.05, 0.02], 0.1) == pytest.approx([0.1, 0.0])


def test_a_notebook_that_turns_interactive_with_its_first_figure_stays_so() -> None:
    before = matplotlib.is_interactive()
    try:
        matplotlib.interactive(False)
        with style.drawing("en"):
            matplotlib.interactive(True)
        assert matplotlib.is_interactive()
    finally:
        matplotlib.interactive(before)
