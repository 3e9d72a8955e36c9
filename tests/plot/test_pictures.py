"""Pictures of made results: compared with images, complete, inside their figure, in all words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import iomodel.plot as ioplot
from iomodel.errors import PictureError, SpecError
from iomodel.plot.style import chinese_font
from tests.plot import made

Drawn = Callable[..., Axes]
PICTURES: dict[str, Drawn] = {
    "waterfall": lambda **k: ioplot.waterfall(made.derivation(), published=made.published(), **k),
    "sankey": lambda **k: ioplot.sankey(made.derivation(), top=2, **k),
    "bars": lambda **k: ioplot.bars(made.derivation(), published=made.published(), **k),
    "ladder": lambda **k: ioplot.ladder(made.derivation(), published=made.published(), **k),
    "densities": lambda **k: ioplot.densities(made.draws(), published=made.published(), **k),
    "tornado": lambda **k: ioplot.tornado(made.drivers(), published=made.published(), **k),
    "sobol": lambda **k: ioplot.sobol(made.drivers(), **k),
    "iso": lambda **k: ioplot.iso(made.asked(), first="days", second="costs", **k),
    "surface": lambda **k: ioplot.iso(made.plane(), **k),
}
BASELINE = Path(__file__).parent / "baseline"
needs_chinese = pytest.mark.skipif(chinese_font() is None, reason="no font with Chinese characters")


@pytest.fixture(autouse=True)
def own_settings() -> Any:
    """Draw without a screen, from the default settings, and leave no figure behind."""
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["font.family"] = "DejaVu Sans"
        yield
    plt.close("all")


def figure(ax: Axes) -> Figure:
    found = ax.get_figure(root=True)
    assert found is not None
    return found


def texts(ax: Axes) -> list[Text]:
    """All texts that are seen: titles, labels, ticks and annotations of all panels."""
    fig = figure(ax)
    fig.draw_without_rendering()
    return [
        text
        for text in fig.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]


def words(ax: Axes) -> str:
    return "\n".join(text.get_text() for text in texts(ax))


def cut(ax: Axes) -> list[str]:
    """Texts that reach beyond the figure; ticks beyond the limits are not drawn."""
    fig = figure(ax)
    drawn = texts(ax)
    edge = fig.bbox
    ticks = {
        id(label)
        for panel in [*fig.axes, *ax.child_axes]
        for axis in (panel.xaxis, panel.yaxis)
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
    }
    return [
        text.get_text()
        for text in drawn
        for box in [text.get_window_extent()]
        if id(text) not in ticks
        and (box.x0 < edge.x0 - 1 or box.y0 < edge.y0 - 1 or box.x1 > edge.x1 + 1
             or box.y1 > edge.y1 + 1)
    ]  # fmt: skip


@pytest.mark.mpl_image_compare(savefig_kwargs={"dpi": 50, "pil_kwargs": {"optimize": True}})
@pytest.mark.parametrize("name", PICTURES)
def test_image(name: str) -> Figure:
    """Compare shapes in a fixed place; letters, which differ by version, are tested below."""
    fig = Figure(figsize=(7.0, 4.5))
    ax = PICTURES[name](ax=fig.add_axes((0.08, 0.08, 0.84, 0.84)))
    for text in fig.findobj(Text):
        text.set_visible(False)
    for panel in [ax, *ax.child_axes]:
        panel.tick_params(labelbottom=False, labelleft=False, labeltop=False)
    return fig


def test_images_are_small_and_all_of_them_are_drawn() -> None:
    images = {path.name: path.stat().st_size for path in BASELINE.glob("*.png")}
    assert {f"test_image_{name}.png" for name in PICTURES} <= set(images)
    assert {name: size for name, size in images.items() if size >= 40_000} == {}


def test_image_comparison_is_switched_on(request: pytest.FixtureRequest) -> None:
    assert request.config.getoption("--mpl")


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_cut(name: str) -> None:
    assert cut(PICTURES[name]()) == []


def test_cut_rule_can_fail() -> None:
    ax = PICTURES["sobol"]()
    ax.annotate("far outside", (1.4, 0.5), xycoords="axes fraction", annotation_clip=False)
    figure(ax).set_layout_engine("none")
    assert "far outside" in cut(ax)


@needs_chinese
@pytest.mark.parametrize("name", PICTURES)
def test_chinese_is_drawn_in_characters_that_the_font_has(name: str) -> None:
    english, chinese = (PICTURES[name](language=language) for language in ("en", "zh"))
    assert cut(chinese) == []
    figure(chinese).canvas.draw()  # a missing character is a warning, and that an error
    assert any("\u4e00" <= letter <= "\u9fff" for letter in words(chinese))
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in words(english))


@pytest.mark.parametrize("name", PICTURES)
def test_english_without_a_chinese_font(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iomodel.plot.style.chinese_font", lambda: None)
    ax = PICTURES[name](language="zh")
    assert words(ax) == words(PICTURES[name](language="en"))


@pytest.mark.parametrize("name", PICTURES)
def test_settings_are_left_alone_and_given_axes_are_used(name: str) -> None:
    import matplotlib.pyplot as plt

    before = dict(mpl.rcParams)
    fig, ax = plt.subplots(figsize=(9, 6))
    assert PICTURES[name](ax=ax) is ax
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == [fig.number]


def widths(ax: Axes) -> list[float]:
    return [float(patch.get_width()) for patch in ax.patches]  # type: ignore[attr-defined]


def test_waterfall_steps_add_up_to_the_total() -> None:
    found = made.derivation()
    sizes = widths(ioplot.waterfall(found))
    assert sizes[0] == made.DIRECT
    assert sum(sizes[:-1]) == pytest.approx(sizes[-1])
    assert sizes[-1] == pytest.approx(found.levels["total, all"].mean())
    one = widths(ioplot.waterfall(found, scope="supply", pattern="survey"))
    assert one == pytest.approx([1000.0, 440.0, 1440.0])


def test_published_ratio_stands_where_total_jobs_would_be() -> None:
    ax = ioplot.waterfall(made.derivation(), published=1.25)
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    assert [list(np.asarray(line.get_xdata())) for line in dashed] == [[2250.0, 2250.0]]
    assert "published ratio: 1.25" in words(ax)
    assert "published" not in words(ioplot.waterfall(made.derivation()))


def test_bars_add_up_to_the_ratios() -> None:
    found = made.derivation()
    ax = ioplot.bars(found, scopes=["all"])
    patches = [(patch.get_y(), patch.get_width()) for patch in ax.patches]  # type: ignore[attr-defined]
    by_row = {y: sum(w for other, w in patches if other == y) for y, w in patches if w}
    assert sorted(by_row.values()) == pytest.approx(sorted(found.central["all"]))


def test_ladder_keeps_each_basis_in_its_panel() -> None:
    ax = ioplot.ladder(made.derivation(), published=made.published())
    labels = [panel.get_xlabel() for panel in ax.child_axes]
    assert labels == ["persons", "full-time job-years", "work-days"]
    heads, fte, days = ([patch.get_width() for patch in p.patches] for p in ax.child_axes)  # type: ignore[attr-defined]
    np.testing.assert_allclose(heads, np.multiply(fte[:1], 5.0))  # indirect heads are not known
    np.testing.assert_allclose(days, np.multiply(fte, 250.0))
    assert "> 700,000" in words(ax)


def test_ladder_refuses_a_published_figure_in_another_basis() -> None:
    mixed = made.published(total_heads="work-days")
    with pytest.raises(PictureError, match=r"beside heads: total_heads is in 'work-days'.*persons"):
        ioplot.ladder(made.derivation(), published=mixed)


def test_one_scope_only() -> None:
    found = made.derivation(alone=True)
    for picture in (ioplot.waterfall, ioplot.bars, ioplot.sankey, ioplot.ladder):
        assert cut(picture(found)) == []


def test_unknown_scope_and_pattern_are_named() -> None:
    found = made.derivation()
    with pytest.raises(SpecError, match="scope 'half': the derivation has supply, chain"):
        ioplot.waterfall(found, scope="half")
    with pytest.raises(SpecError, match="scope 'half'"):
        ioplot.bars(found, scopes=["all", "half"])
    with pytest.raises(PictureError, match="flows are known of chain, chain\\+consumer, all"):
        ioplot.sankey(found, scope="supply")
    for picture in (ioplot.waterfall, ioplot.sankey):
        with pytest.raises(SpecError, match="'winter': the result has census, survey"):
            picture(found, pattern="winter")


def test_inverse_says_what_it_is_not() -> None:
    said = words(ioplot.iso(made.asked()))
    assert "conditional on the published figure, not evidence for it" in said
    assert "published figure 2" in said
    far = words(ioplot.iso(made.asked(target=50.0)))
    assert "published figure 50: not reached here" in far
    assert "published" not in words(ioplot.iso(made.plane()))
    with pytest.raises(PictureError, match="its own inputs: days, share"):
        ioplot.iso(made.plane(), first="costs")


MARKUP = r"cost $x_1$ & <b>50 %</b> \alpha ${"


def test_signs_in_names_start_no_formula() -> None:
    ax = ioplot.tornado(made.drivers(days=MARKUP))
    figure(ax).canvas.draw()
    labels = [label for label in ax.get_yticklabels() if "cost \\" in label.get_text()]
    assert len(labels) == 1
    shown, mathematical = cast(Any, labels[0])._preprocess_math(labels[0].get_text())
    assert not mathematical
    assert shown == MARKUP
    names = {**made.SECTORS, "farm": (MARKUP, MARKUP)}
    figure(ioplot.sankey(made.derivation(names))).canvas.draw()


def test_spike_where_all_draws_are_one_number() -> None:
    import iomodel as iom

    fixed = iom.uncertainty(lambda v: {"x": 0.0 * v["days"] + 3.0}, made.inputs(), draws=50)
    ax = ioplot.densities(fixed)
    assert "3.00 [3.00–3.00]" in words(ax)
