"""Pictures of matrices, linkages, paths, rounds, regions and bars: what is in them, how they look.

Images are compared with `pytest --mpl`; without it the pictures are drawn and looked into.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.analysis.paths import paths
from iomodel.errors import PictureError
from iomodel.plot.heatmap import heatmap
from iomodel.plot.labels import annotate, short, spread, width
from iomodel.plot.linkages import linkages
from iomodel.plot.provinces import PROVINCES, province
from iomodel.plot.rounds import rounds
from iomodel.plot.stacked import stacked
from iomodel.plot.style import chinese_font
from iomodel.plot.tiles import tiles
from iomodel.plot.tree import tree
from tests.identities.tables import made_economy
from tests.unit.small import JOBS, X, Z, built, in_two_regions

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

pytest.importorskip("matplotlib")
import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle

mpl.use("Agg")
LOOK: dict[str, Any] = {
    "baseline_dir": "baseline", "style": "default", "savefig_kwargs": {"dpi": 45}, "tolerance": 12,
}  # fmt: skip
Picture = Callable[[], "Figure"]
compared = cast(Callable[[Picture], Picture], pytest.mark.mpl_image_compare(**LOOK))
MARKUP = ("$\\frac{1}{2}$ & <b>_x^2", "price in $", "100 % {braces} \\n")


@pytest.fixture(autouse=True)
def _settings_stay_and_figures_close() -> Iterator[None]:
    before = dict(mpl.rcParams)
    yield
    assert dict(mpl.rcParams) == before
    plt.close("all")


def economy(size: int = 9) -> iom.IOTable:
    return made_economy(size, np.random.default_rng(8), imports=False).domestic()


def named() -> iom.IOTable:
    """Three sectors whose names are full of markup."""
    return built(names={"en": pd.Series(MARKUP, ["a", "m", "s"])})


def single() -> iom.IOTable:
    return iom.table(pd.DataFrame([[20.0]], ["a"], ["a"]), output=pd.Series({"a": 100.0}))


def idle() -> iom.IOTable:
    codes = [*Z.index, "idle"]
    flows = Z.reindex(index=codes, columns=codes, fill_value=0.0)
    return iom.table(flows, output=X.reindex(codes, fill_value=0.0))


def figure(ax: "Axes") -> "Figure":
    found = ax.get_figure(root=True)
    assert found is not None
    return found


def reach(ax: "Axes") -> list[float]:
    """Where bars end."""
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    return [bar.get_x() + bar.get_width() for bar in bars]


def words(ax: "Axes") -> str:
    """All that is written in a picture, ticks and legend included."""
    figure(ax).draw_without_rendering()
    parts = [*ax.texts, ax.xaxis.label, ax.yaxis.label]
    parts += [*ax.get_xticklabels(), *ax.get_yticklabels()]
    legend = ax.get_legend()
    parts += list(legend.get_texts()) if legend else []
    titles = [ax.get_title(side) for side in ("left", "center", "right")]
    return " | ".join([*titles, *(part.get_text() for part in parts if part.get_visible())])


# --- how they look -------------------------------------------------------------------------------


@compared
def test_heatmap_of_flows() -> "Figure":
    return figure(heatmap(economy(12)))


@compared
def test_heatmap_of_many_sectors_in_groups() -> "Figure":
    table = economy(70)
    groups = [f"G{spot // 9}" for spot in range(60)] + [f"H{spot}" for spot in range(10)]
    return figure(heatmap(iom.leontief(table), groups=groups))


@compared
def test_linkages_with_names() -> "Figure":
    table = economy(30)
    return figure(linkages(iom.linkages(iom.leontief(table)), also=["s03"]))


@compared
def test_tree_of_paths() -> "Figure":
    model = iom.leontief(economy())
    return figure(tree(paths(model, demand="s01", of="value_added", top=15)))


@compared
def test_rounds_of_one_and_of_several() -> "Figure":
    model = iom.leontief(economy())
    _, (left, right) = plt.subplots(1, 2, figsize=(12, 4), layout="constrained")
    rounds(paths(model, demand="s01"), ax=left)
    several = {code: paths(model, demand=code) for code in ("s00", "s01", "s02")}
    rounds(several, ax=right, until=6)
    return figure(left)


@compared
def test_tiles_of_provinces() -> "Figure":
    values = pd.Series(range(31), [tile.code for tile in PROVINCES], name="rank", dtype=float)
    values["54"] = np.nan
    return figure(tiles(values, centre=10.0, title="Thirty provinces"))


@compared
def test_stacked_multipliers() -> "Figure":
    closed = iom.close_households(iom.leontief(economy()), propensity=0.6)
    return figure(stacked(iom.multipliers(closed, of="value_added"), top=8))


# --- what is in them -----------------------------------------------------------------------------


def test_every_result_finds_its_picture() -> None:
    model = iom.leontief(built())
    results = {
        "tree": paths(model, demand="a"),
        "linkages": iom.linkages(model),
        "heatmap": iom.propagation(model),
        "stacked": iom.multipliers(model),
    }
    for kind, result in results.items():
        assert next(iter(result.pictures())) == kind
        assert result.plot().has_data() or kind == "tree"
    for other in (iom.influence(model), iom.extraction(model)):
        assert other.plot().has_data()
    assert iom.prices(model, primary_inputs={"compensation": 0.1}).plot().has_data()
    assert results["tree"].plot("rounds").lines


def test_a_picture_goes_where_it_is_told() -> None:
    model = iom.leontief(built())
    _, boxes = plt.subplots(2, 3, layout="constrained")
    drawn = [
        heatmap(built(), ax=boxes[0, 0]),
        linkages(iom.linkages(model), ax=boxes[0, 1]),
        tree(paths(model, demand="a"), ax=boxes[0, 2]),
        rounds(paths(model, demand="a"), ax=boxes[1, 0]),
        tiles(pd.Series({"Beijing": 1.0}), ax=boxes[1, 1]),
        stacked(iom.multipliers(model), ax=boxes[1, 2]),
    ]
    assert drawn == list(boxes.ravel())
    assert len(plt.get_fignums()) == 1


def test_names_are_drawn_letter_by_letter() -> None:
    model = iom.leontief(named())
    pictures = [
        heatmap(named()),
        linkages(iom.linkages(model), also=["a", "m", "s"]),
        tree(paths(model, demand="m")),
        rounds({"$x$ costs $5": paths(model, demand="m"), "b": paths(model, demand="a")}),
        tiles(pd.Series({"$A": 1.0, "$B$": 2.0}), places={"$A": (0, 0), "$B$": (0, 1)}),
        stacked(iom.multipliers(model)),
    ]
    for ax in pictures:
        assert "\\$" in words(ax)
        figure(ax).canvas.draw()


def test_one_sector_and_idle_sectors_can_be_drawn() -> None:
    for model in (iom.leontief(single()), iom.leontief(idle(), idle="keep")):
        drawn = [
            heatmap(model.table),
            heatmap(model, of="A"),
            heatmap(model),
            heatmap(iom.propagation(model)),
            linkages(iom.linkages(model)),
            tree(paths(model, demand="a")),
            rounds(paths(model, demand="a")),
            stacked(iom.multipliers(model)),
        ]
        for ax in drawn:
            figure(ax).canvas.draw()


def test_heatmap_blanks_zeros_and_marks_negative_cells() -> None:
    flows = Z.copy()
    flows.loc["a", "m"], flows.loc["s", "a"] = -5.0, 0.0
    with pytest.warns(iom.NegativeFlowWarning):
        table = iom.table(flows, output=X)
    ax = heatmap(table)
    shown = ax.images[0].get_array()
    assert shown is not None
    blank = np.ma.getmaskarray(np.ma.masked_invalid(shown))
    assert np.argwhere(blank).tolist() == [[0, 1], [2, 0]]
    assert "negative cells: 1" in words(ax)
    marks = np.asarray(ax.collections[0].get_offsets())
    assert marks.tolist() == [[1.0, 0.0]]


def test_heatmap_of_regions_and_its_scale() -> None:
    flows, demand = in_two_regions()
    table = iom.table(flows, final_demand=demand)
    ax = heatmap(table)
    assert "N a" in words(ax) and "S m" in words(ax)
    assert "S m" in words(stacked(iom.multipliers(iom.leontief(table))))
    assert len(ax.lines) == 2  # one border between two regions, both ways
    linear = heatmap(table, scale="linear").images[0].norm
    assert type(linear).__name__ == "Normalize"
    low = heatmap(table, decades=0.5).images[0].norm
    assert low.vmin == pytest.approx(flows.to_numpy().max() / 10**0.5)
    assert not heatmap(pd.DataFrame(np.zeros((2, 2)))).images


@pytest.mark.parametrize(
    ("what", "options"),
    [
        ("table", {"of": "L"}),
        ("model", {"of": "flows"}),
        ("frame", {}),
        ("table", {"scale": "sqrt"}),
        ("table", {"groups": ["one"]}),
    ],
)
def test_heatmap_refuses(what: str, options: dict[str, Any]) -> None:
    things: dict[str, Any] = {"table": built(), "model": iom.leontief(built()), "frame": JOBS}
    with pytest.raises(PictureError):
        heatmap(things[what], **options)


def test_linkages_names_do_not_cover_each_other() -> None:
    result = iom.linkages(iom.leontief(economy(40)))
    ax = linkages(result, top=40)
    figure(ax).canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text()]
    assert len(boxes) > 8  # four corners, and names
    overlaps = [(a, b) for k, a in enumerate(boxes) for b in boxes[:k] if a.overlaps(b)]
    assert not overlaps
    assert f"Key sectors ({result.classes.count('key')})" in words(ax)
    with pytest.raises(iom.LabelError):
        linkages(result, also=["nobody"])
    with pytest.raises(PictureError):
        linkages(result, top=-1)


def test_names_without_room_are_left_out() -> None:
    _, ax = plt.subplots(figsize=(3, 3))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    points = np.full((60, 2), 0.5)
    assert 0 < len(annotate(ax, points, ["a long name"] * 60, points)) < 60


def test_tree_shows_all_of_the_total() -> None:
    found = paths(iom.leontief(economy()), demand="s01", top=30)
    ax = tree(found, top=12)
    shares = [text.get_text().rsplit("  ", 1)[-1] for text in ax.texts if "%" in text.get_text()]
    drawn = found.contributions[:12].sum() / found.total
    assert f"{1 - drawn:.1%}" in shares
    first = [f"{v:.1%}" for v in [drawn]]
    assert first[0] in shares  # the one sector bought from
    assert "12 largest" in str(ax.get_legend().get_title().get_text())  # type: ignore[union-attr]


def test_tree_refuses_paths_of_both_signs() -> None:
    flows = Z.copy()
    flows.loc["a", "m"] = -30.0
    with pytest.warns(iom.NegativeFlowWarning):
        model = iom.leontief(iom.table(flows, output=X))
    with pytest.raises(PictureError, match="opposite signs"):
        tree(paths(model, demand="m", top=30), top=30)
    with pytest.raises(PictureError, match="no paths"):
        tree(paths(model, demand="m"), top=0)


def test_rounds_reach_the_whole() -> None:
    found = paths(iom.leontief(economy()), demand="s01", depth=25)
    line = rounds(found).lines[0].get_ydata()
    assert np.asarray(line)[-1] == pytest.approx(found.by_order()["cumulated"].iloc[25])
    assert len(np.asarray(rounds(found, until=3).lines[0].get_ydata())) == 4
    for bad in ({}, {str(k): found for k in range(8)}):
        with pytest.raises(PictureError):
            rounds(bad)


def test_every_province_has_a_tile_of_its_own() -> None:
    assert len(PROVINCES) == len({(tile.row, tile.column) for tile in PROVINCES}) == 31
    for tile in PROVINCES:
        for name in (tile.code, f"{tile.code}0000", tile.en, tile.zh, tile.en.lower()):
            assert province(name) == tile
    for name, code in {
        "内蒙古自治区": "15", "广西壮族自治区": "45", "北京市": "11", "山西省": "14",
        "Shaanxi": "61", "Inner_Mongolia": "15", "Shanxi Province": "14",
    }.items():  # fmt: skip
        found = province(name)
        assert found is not None and found.code == code
    assert province("Atlantis") is None and province("") is None


def test_tiles_speak_both_languages() -> None:
    values = pd.Series({"Beijing": 2.0, "上海市": 1.0})
    assert "Shanghai" in words(tiles(values))
    if chinese_font():
        text = words(tiles(values, language="zh"))
        assert "上海" in text and "北京" in text and "Shanghai" not in text
    assert "12.0%" in words(tiles(values * 0.06, write=".1%"))


def test_tiles_of_regional_tables() -> None:
    nation = built()
    audits = []
    for name, size in (("Beijing", 0.1), ("Hebei", 0.2)):
        output = nation.output * pd.Series({"a": 0.5, "m": 1.0, "s": 1.0}) * size
        table = iom.regionalise(nation, output=output, method="SLQ", region=name)
        assert isinstance(table.certificate, iom.Regionalisation)
        audits.append(table.certificate)
    frame = audits[0].to_frame()
    assert audits[0].share == pytest.approx(frame["inside"].sum() / frame["purchases"].sum())
    assert f"{audits[0].share:.0%}" in words(tiles(audits))
    assert f"{audits[1].size:.1%}" in words(tiles(audits, of="size"))
    with pytest.raises(PictureError):
        tiles(audits, of="shape")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        (pd.Series({"Beijing": 1.0, "Atlantis": 2.0}), iom.LabelError),
        (pd.Series([1.0, 2.0], ["北京", "Beijing"]), iom.LabelError),
        (pd.Series({"Beijing": np.nan}), PictureError),
        (pd.Series(dtype=float), PictureError),
    ],
)
def test_tiles_refuse(values: pd.Series, error: type[Exception]) -> None:
    with pytest.raises(error):
        tiles(values)


def test_bars_end_at_the_total() -> None:
    model = iom.leontief(built())
    result = iom.multipliers(model, of="employment")
    ax = stacked(result, row="new", top=2)
    assert "employment (new)" in words(ax)
    ends = sorted(result.effect[1])[-2:]
    assert all(f"{value:.4g}" in words(ax) for value in ends)
    assert max(reach(ax)) == pytest.approx(ends[-1])
    fall = iom.prices(model, primary_inputs={"compensation": -0.1})
    assert min(reach(stacked(fall))) < 0
    refused: list[dict[str, Any]] = [{"row": "none"}, {"top": 0}]
    for bad in refused:
        with pytest.raises(PictureError):
            stacked(result, **bad)
    with pytest.raises(PictureError, match="nothing to draw"):
        stacked(iom.prices(model))


def test_labels_are_cut_and_moved_apart() -> None:
    assert short("Catering", 10) == "Catering"
    assert short("Manufacture of wearing apparel", 16) == "Wearing apparel"
    assert width(short("棉、化纤纺织及印染精加工品", 10)) <= 10
    cut = short("Decoration, renovation and other construction services", 25)
    assert cut == "Decoration, renovation…"
    places = spread([0.0, 0.1, 0.2, 5.0], 1.0, -2.0, 10.0)
    assert places == pytest.approx([-0.9, 0.1, 1.1, 5.0])
    assert np.diff(spread([1.0] * 9, 1.0, 0.0, 4.0)) == pytest.approx(0.5)
    assert len(spread([], 1.0, 0.0, 1.0)) == 0
