"""The what-if panel in a browser: every number that it shows is the one that `derive` gives."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import iomodel as iom
from iomodel.accounts.equations import parse
from iomodel.analysis.sensitivity import sensitivity
from iomodel.errors import IOModelError
from iomodel.report import page as page_module
from iomodel.report.material import Material
from iomodel.report.names import RATE
from iomodel.report.page import report
from iomodel.report.panel import MAIN, Panel, panel
from iomodel.report.texts import texts
from iomodel.report.whatif import Formulas, moving
from iomodel.studies.comparison import Comparison
from iomodel.studies.derivation import Derivation
from iomodel.studies.spread import Spreads
from tests.report.narrow import narrow
from tests.studies import test_second_study as second
from tests.unit import small

SETTINGS, SEED, BEYOND = 10, 11, 0.1
PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}
READ = """key => Object.fromEntries([...document.querySelectorAll(`#panel [${key}]`)].map(
    node => [node.getAttribute(key), Number(node.dataset.value)]))"""
FILL = """values => document.querySelectorAll('#panel [data-input]').forEach(row => {
    const field = row.querySelector('input[type=number]');
    field.value = values[row.dataset.input];
    field.dispatchEvent(new Event('input', { bubbles: true })); })"""
NET = ("gross", "lost", "staying", "net")


class Opened:
    """A page with a panel, what it complains of, and what it asks the network for."""

    def __init__(self, browser: Any, path: Path, size: dict[str, int]) -> None:
        self.page, self.noise = browser.new_page(viewport=size), list[str]()
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on(
            "request",
            lambda asked: self.noise.append(asked.url) if asked.url != path.as_uri() else None,
        )
        self.page.goto(path.as_uri())

    def fill(self, **values: float | str) -> None:
        for key, value in values.items():
            text = repr(value) if isinstance(value, float) else value
            self.page.locator(f"#field-{key}").evaluate(
                "(field, text) => { field.value = text;"
                " field.dispatchEvent(new Event('input', { bubbles: true })); }",
                text,
            )

    def fill_all(self, values: dict[str, float]) -> None:
        self.page.evaluate(FILL, {key: repr(value) for key, value in values.items()})

    def pick(self, pattern: str) -> None:
        self.page.locator("#panel-pattern").select_option(pattern)

    def read(self, key: str = "data-of") -> dict[str, float]:
        found: dict[str, float] = self.page.evaluate(READ, key)
        return found

    @property
    def warnings(self) -> str:
        return str(self.page.locator("#panel-warnings").inner_text())


@pytest.fixture(scope="module")
def written(derivation: Derivation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return page_of(derivation, tmp_path_factory.mktemp("page"))


@pytest.fixture
def opened(browser: Any, written: Path) -> Iterator[Opened]:
    found = Opened(browser, written, DESK)
    yield found
    assert found.noise == []
    found.page.close()


@pytest.fixture(autouse=True, scope="module")
def undrawn() -> Iterator[None]:
    """Draw no pictures, which takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_module, "drawable", lambda: False)
        yield


def page_of(derivation: Derivation, folder: Path, **more: Any) -> Path:
    found = report(derivation, to=folder / "page.html", **more)
    assert isinstance(found, Path)
    return found


def numbers(derivation: Derivation, pattern: str) -> dict[str, float]:
    """Everything that the panel shows, from the derivation; `pattern` empty for the mean."""

    def of(frame: Any) -> dict[str, float]:
        row = frame.loc[pattern] if pattern else frame.mean()
        return {str(key): float(value) for key, value in row.items()}

    levels = of(derivation.levels)
    found = {f"ratio {scope}": value for scope, value in of(derivation.central).items()}
    found |= {f"channel {code}": value for code, value in of(derivation.by_channel).items()}
    for name, value in levels.items():
        rate = RATE.fullmatch(name)
        key = f"rate {rate[2]}" if rate else name.replace(", ", " ", 1)
        found[key] = value
    names = [key for key in found if key.startswith(("contribution", "less ", "impact"))]
    return found | {key: found.pop(name) for key, name in zip(NET, names, strict=False)}


def agree(shown: dict[str, float], wanted: dict[str, float]) -> None:
    assert set(shown) == set(wanted)
    for key, value in wanted.items():
        assert shown[key] == pytest.approx(value, rel=1e-9, abs=1e-12), key


def settings(derivation: Derivation, base: iom.IOTable, seed: int) -> Iterator[Derivation]:
    """Derivations with all inputs that can be moved changed at once, some beyond the evidence."""
    random, account = np.random.default_rng(seed), derivation.account
    found = 0
    while found < SETTINGS:
        values = {}
        for key in moving(derivation):
            item = account.assumptions[key]
            assert item.low is not None and item.high is not None
            width = (item.high - item.low) * BEYOND
            value = float(random.uniform(max(item.low - width, 0.0), item.high + width))
            values[key] = min(value, 1.0) if "share" in item.unit else value
        try:
            made = iom.derive(account.at(**values), base)
        except IOModelError:  # such as costs above output: `derive` refuses what the panel warns of
            continue
        found += 1
        yield made


def follow(opened: Opened, derivation: Derivation, base: iom.IOTable) -> None:
    """Compare the panel with the derivation at every setting and every pattern."""
    patterns = [str(name) for name in derivation.central.index]
    choices = ["", *patterns] if len(patterns) > 1 else [""]
    chosen = moving(derivation)
    for made in settings(derivation, base, SEED):
        opened.fill_all({key: made.account.values[key] for key in chosen})
        for pattern in choices:
            if len(choices) > 1:
                opened.pick(pattern)
            agree(opened.read(), numbers(made, pattern))
            central, wanted = opened.read("data-central"), numbers(derivation, pattern)
            agree(central, {key: wanted[key] for key in central})
    opened.page.locator("#panel-reset").click()
    agree(opened.read(), numbers(derivation, ""))


def test_every_number_is_that_of_the_derivation(opened: Opened, derivation: Derivation) -> None:
    follow(opened, derivation, iom.read(iom.example("china-2020")))


def test_other_imports(browser: Any, derivation: Derivation, tmp_path: Path) -> None:
    """Central results are those of the derivation whatever method separated imports."""
    base = iom.read(iom.example("china-2020"))
    made = iom.derive(derivation.account, base, domestic="official")
    found = Opened(browser, page_of(made, tmp_path), DESK)
    agree(found.read(), numbers(made, ""))
    assert found.read()["ratio all"] != pytest.approx(derivation.central["all"].mean(), rel=1e-3)
    assert found.noise == []
    found.page.close()


@pytest.mark.parametrize("respent", [True, False], ids=["households", "no households"])
def test_another_study(browser: Any, tmp_path: Path, respent: bool) -> None:
    """No linked sector, no spending, one pattern; with household re-spending and without."""
    base = second.base()
    account = iom.read_sectors(second.written(tmp_path, respent=respent), base=base)
    made = iom.derive(account, base)
    found = Opened(browser, page_of(made, tmp_path), DESK)
    assert found.page.locator("#panel-pattern, #panel-levels").count() == 0
    follow(found, made, base)
    assert found.noise == []
    found.page.close()


def test_screen_production_in_scotland(browser: Any, tmp_path: Path) -> None:
    base = iom.read(iom.example("scotland-2019"))
    made = iom.derive(iom.read_sectors(iom.example("scotland-screen-2019"), base=base), base)
    found = Opened(browser, page_of(made, tmp_path), DESK)
    follow(found, made, base)
    assert "GBP" in found.page.locator("#panel-scopes").inner_text()
    assert found.noise == []
    found.page.close()


def test_a_study_of_one_input(browser: Any, tmp_path: Path) -> None:
    made, jobs = narrow(), small.JOBS.loc[["old"]]
    base = small.built(satellites={"employment": jobs}, price_year=2020)
    found = Opened(browser, page_of(made, tmp_path), DESK)
    assert found.page.locator("[data-input]").count() == 1
    follow(found, made, base)
    assert found.noise == []
    found.page.close()


def test_a_linked_sector_without_output(opened: Opened, derivation: Derivation) -> None:
    """Shares of a sector that sells nothing are no division by zero: it is not there."""
    opened.fill(revenue=0.0, paid_revenue=0.0)
    shown = opened.read()
    base = iom.read(iom.example("china-2020"))
    made = iom.derive(derivation.account.at(revenue=0.0, paid_revenue=0.0), base)
    agree(shown, numbers(made, ""))
    assert shown["channel platform_staff"] == shown["channel traffic_ads"] == 0.0


def test_sliders_and_fields_move_each_other(opened: Opened, derivation: Derivation) -> None:
    slider, field = (opened.page.locator(f"#{kind}-mpc") for kind in ("slider", "field"))
    opened.page.locator("#panel summary").click()
    slider.focus()
    before = opened.read()["ratio all"]
    opened.page.keyboard.press("ArrowRight")
    value = float(field.input_value())
    high = derivation.account.assumptions["mpc"].high
    assert high is not None and derivation.account.values["mpc"] < value <= high
    assert opened.read()["ratio all"] > before
    assert len(field.input_value()) <= len("0.6050")
    opened.page.keyboard.press("End")
    assert float(field.input_value()) == high
    field.fill("0.5")
    assert float(slider.input_value()) == pytest.approx(0.5)
    field.fill("0.95")
    assert float(slider.input_value()) == high
    assert opened.page.locator("#hint-mpc").inner_text() == texts("en")("panel.outside")
    opened.page.locator("#panel-reset").focus()
    opened.page.keyboard.press("Enter")
    assert float(field.input_value()) == derivation.account.values["mpc"]
    assert opened.read()["ratio all"] == before
    assert opened.page.locator(".outside, .moved").count() == 0


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"mpc": 1.2}, "panel.share"),
        ({"mpc": -0.1}, "panel.number"),
        ({"mpc": ""}, "panel.number"),
        ({"titles": 0.0}, "panel.nothing"),
    ],
)
def test_what_has_no_result_is_said(
    opened: Opened, values: dict[str, float | str], text: str
) -> None:
    opened.fill(**values)
    assert texts("en")(text) in opened.warnings
    assert math.isnan(opened.read()["ratio all"]) or not math.isfinite(opened.read()["ratio all"])
    assert opened.page.locator("[data-of='ratio all']").first.inner_text() == "—"
    invalid = opened.page.locator("[aria-invalid=true]").count()
    assert invalid == (text != "panel.nothing")
    opened.page.locator("#panel-reset").click()
    assert opened.warnings == "" and opened.read()["ratio all"] > 0


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"p_staff": 0.6}, r"Costs of “.*” are 123 % of its output"),
        (
            {"workdays_per_title": 200.0},
            r"Not plausible: pay per direct work-day of .* RMB, outside 150 – 650",
        ),
        ({"paid_revenue": 90.0}, r"paid revenue within revenue, but 90,000,000,000 is more than"),
    ],
)
def test_screens_warn_and_change_nothing(
    opened: Opened, derivation: Derivation, values: dict[str, float], said: str
) -> None:
    """What a draw would be rejected for is said; the arithmetic goes on with the value given."""
    opened.fill(**values)
    assert re.search(said, opened.warnings)
    everything = {key: np.array([v]) for key, v in {**derivation.account.values, **values}.items()}
    everything["labour_pattern"] = np.array(["census2020"])
    assert not all(screen(everything)[0] for screen in derivation.forward.screens.values())
    wanted = derivation.forward(everything)["ratio", "all", "census2020"][0]
    opened.pick("census2020")
    assert opened.read()["ratio all"] == pytest.approx(wanted, rel=1e-9)


def test_re_spending_that_never_ends_is_said(browser: Any, tmp_path: Path) -> None:
    rows = [[*row[:3], "12 * spent", row[4]] if row[0] == "respending" else row
            for row in second.EQUATIONS]  # fmt: skip
    inputs = [[*row[:4], 0.0, 0.05, 0.1, *row[7:]] if row[0] == "spent" else row
              for row in second.INPUTS]  # fmt: skip
    base = second.base()
    path = second.written(tmp_path, equations=rows, inputs=inputs)
    made = iom.derive(iom.read_sectors(path, base=base), base)
    found = Opened(browser, page_of(made, tmp_path), DESK)
    found.fill(spent=0.1)
    assert found.warnings == ""
    found.fill(spent=1.0)
    assert texts("en")("panel.warn_endless") in found.warnings
    values = {key: np.array([v]) for key, v in {**made.account.values, "spent": 1.0}.items()}
    assert not (made.forward.left_of_rounds(values) > 0)[0]
    assert found.noise == []
    found.page.close()


def test_the_ratio_rises_while_jobs_fall(opened: Opened, derivation: Derivation) -> None:
    """Half the work-days: the ratio doubles, jobs in all fall, and the panel says so."""
    paradox = opened.page.locator("#panel-paradox")
    assert paradox.inner_text() == texts("en")("panel.paradox")
    before, days = opened.read(), derivation.account.values["workdays_per_title"]
    opened.fill(workdays_per_title=days / 2)
    after = opened.read()
    assert after["ratio chain"] == pytest.approx(2 * before["ratio chain"])
    assert after["total chain"] < before["total chain"]
    assert paradox.inner_text() == texts("en")("panel.more_fewer")
    opened.fill(workdays_per_title=days * 1.5)
    assert paradox.inner_text() == texts("en")("panel.less_more")


def test_a_change_is_spoken_once(opened: Opened) -> None:
    status = opened.page.locator("#panel-status")
    opened.fill(titles=32000.0)
    opened.fill(titles=35000.0)
    opened.page.locator("#panel-status", has_text="Ratio").wait_for(state="attached")
    total = opened.page.locator("[data-of='total chain+consumer']").first.inner_text()
    assert re.fullmatch(rf"Ratio \d\.\d\d\. Jobs: direct .*, total {total}\.", status.inner_text())
    assert status.get_attribute("role") == "status"


def test_paper_shows_the_central_inputs(opened: Opened, derivation: Derivation) -> None:
    opened.fill(titles=32000.0)
    opened.pick("census2020")
    moved = opened.read()
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    agree(opened.read(), numbers(derivation, ""))
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("#panel .controls").is_visible()
    assert opened.page.locator("#panel .paper").is_visible()
    opened.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert opened.read() == moved


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_has_room_for_fingers(
    browser: Any, derivation: Derivation, tmp_path: Path, language: Any
) -> None:
    found = Opened(browser, page_of(derivation, tmp_path, language=language), PHONE)
    found.page.locator("#panel summary").click()
    assert found.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small_ones = """() => [...document.querySelectorAll(
        '#panel input, #panel select, #panel button, #panel summary')].filter(
        node => node.getBoundingClientRect().height < 44).map(node => node.id)"""
    assert found.page.evaluate(small_ones) == []
    nameless = """() => [...document.querySelectorAll('#panel input, #panel select')].filter(
        node => !node.labels.length && !node.getAttribute('aria-label')).map(node => node.id)"""
    assert found.page.evaluate(nameless) == []
    assert found.noise == []
    found.page.close()


def test_without_scripts_there_is_a_note(browser: Any, written: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(written.as_uri())
    assert page.get_by_text(texts("en")("panel.no_script")).is_visible()
    assert not page.locator("#panel-body").is_visible()
    context.close()


def test_the_published_figure_is_a_mark_of_the_comparison(
    derivation: Derivation, comparison: Comparison
) -> None:
    words = texts("en")
    with_it = panel(Material(derivation=derivation, words=words, comparison=comparison))
    without = panel(Material(derivation=derivation, words=words))
    assert with_it is not None and without is not None
    assert with_it.published.endswith("compared, never used")
    assert with_it.data["published"] == comparison.figures["ratio"].value
    assert without.published == "" and without.data["published"] is None
    assert {**with_it.data, "published": None} == without.data
    assert with_it.script == without.script


def test_nothing_is_evaluated_from_text(derivation: Derivation) -> None:
    page = str(report(derivation))
    assert re.search(r"\beval\b|new Function|innerHTML|document\.write", page) is None
    assert "unsafe-eval" not in page


def labels(found: Panel | None) -> list[str]:
    assert found is not None
    return [control.id for control in found.main]


def test_inputs_stand_by_their_effect(derivation: Derivation, everything: dict[str, Any]) -> None:
    intervals = everything["intervals"]
    assert isinstance(intervals, Spreads)
    words = texts("en")
    by_swing = labels(panel(Material(derivation=derivation, words=words, intervals=intervals)))
    ranked = [name for name in intervals.drivers.inputs.index if name in moving(derivation)]
    assert by_swing == ranked[:MAIN]
    by_slope = labels(panel(Material(derivation=derivation, words=words)))
    found = [
        sensitivity(
            derivation.forward, derivation.account, of=("ratio", derivation.headline, row),
            samples=2,
        ).inputs
        for row in derivation.central.index
    ]  # fmt: skip
    slopes = [frame["derivative"] * (frame["high"] - frame["low"]) for frame in found]
    change = pd.concat(slopes, axis=1).sum(axis=1).abs()
    assert by_slope == list(change.loc[moving(derivation)].nlargest(MAIN).index)


def test_only_inputs_that_matter_can_be_moved(derivation: Derivation) -> None:
    chosen = moving(derivation)
    assert "crew_size" not in chosen and "days_per_head" not in chosen
    assert {"moved_workers", "gmv_additional", "m_insurance"} <= set(chosen)


def test_no_panel_without_an_input_to_move(derivation: Derivation) -> None:
    items = {
        key: replace(item, low=None, high=None, distribution="fixed")
        for key, item in derivation.account.assumptions.items()
    }
    fixed = replace(derivation, account=replace(derivation.account, assumptions=items))
    assert panel(Material(derivation=fixed, words=texts("en"))) is None
    assert 'id="panel"' not in str(report(fixed))


def test_ids_beyond_ascii_are_written_for_the_browser() -> None:
    found = Formulas()
    place = found(parse("剧 / (1 + 价)", ["剧", "价"], place="here"))
    assert place == 0 and found(parse("剧 / (1 + 价)", ["剧", "价"], place="there")) == 0
    assert 'q["\\u{5267}"] / (1.0 + q["\\u{4ef7}"])' in found.script
