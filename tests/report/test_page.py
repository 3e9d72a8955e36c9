"""The page of a derivation: its structure, its words, and what it does without this or that."""

import builtins
import html
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pandas as pd
import pytest

import iomodel as iom
from iomodel.report import page as page_module
from iomodel.report.page import report
from iomodel.report.texts import LANGUAGES, Language, fields_of, texts
from iomodel.results import Result
from iomodel.studies.derivation import Derivation
from tests.report.narrow import narrow

LARGEST_PAGE = 3_000_000
PICTURES = 9
SPOKEN: tuple[Language, ...] = get_args(Language)
HOSTILE = "<script>alert('x')</script> & \"co\""
VOID = {"meta", "br", "img", "link", "input", "hr", "wbr"}
LOADS = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("use", "href")}


@dataclass
class Seen(HTMLParser):
    """What a page holds: tags opened and closed, headings, tables, addresses, ids."""

    open: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    tables: int = 0
    captions: int = 0
    heads: list[str | None] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labelled: list[str] = field(default_factory=list)
    scripts: int = 0
    pictures: int = 0
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.scripts += tag == "script"
        self.pictures += tag == "svg"
        if tag == "th":
            self.heads.append(given.get("scope"))
        if tag == "section":
            self.sections.append(given.get("id") or "")
        if "id" in given:
            self.ids.append(given["id"] or "")
        self.labelled += (given.get("aria-labelledby") or "").split()
        self.loaded += [v or "" for k, v in attrs if (tag, k.split(":")[-1]) in LOADS]
        if tag == "a":
            self.links.append(given.get("href") or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def seen(page: Path | str) -> Seen:
    assert isinstance(page, str)
    found = Seen()
    found.feed(page)
    found.close()
    return found


def assert_well_made(page: Path | str) -> Seen:
    """Every rule that holds for any page, whatever it shows."""
    found = seen(page)
    assert found.wrong == [] and found.open == []
    assert found.headings[0] == 1 and found.headings.count(1) == 1
    steps = zip(found.headings, found.headings[1:], strict=False)
    assert [pair for pair in steps if pair[1] > pair[0] + 1] == []
    assert found.tables == found.captions > 0
    assert {*found.heads} == {"col", "row"}
    assert [address for address in found.loaded if not address.startswith("#")] == []
    assert len(found.ids) == len(set(found.ids))
    assert [name for name in found.labelled if name not in found.ids] == []
    inner = {address[1:] for address in found.links if address.startswith("#")}
    assert inner <= set(found.ids)
    outer = [address for address in found.links if not address.startswith("#")]
    assert [address for address in outer if not re.match("https?://", address)] == []
    assert re.search(r"\bNone\b|\bnan\b|Undefined|url\((?!#|&quot;#|\"#)", str(page)) is None
    assert len(str(page).encode()) < LARGEST_PAGE
    return found


@pytest.fixture(autouse=True)
def undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no pictures, which takes seconds, unless a test asks for them by `drawn`."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr(page_module, "drawable", lambda: False)


@pytest.fixture
def drawn() -> None:
    """With pictures; skips where they cannot be drawn."""
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")


@pytest.mark.parametrize("language", SPOKEN)
def test_a_page_with_everything(
    derivation: Derivation, everything: dict[str, Any], drawn: None, language: Language
) -> None:
    page = report(derivation, **everything, language=language)
    found = assert_well_made(page)
    assert found.pictures == PICTURES
    assert report(derivation, **everything, language=language) == page, "the same bytes again"
    wanted = {"answer", "scopes", "intervals", "compared", "channels", "levels", "drivers"}
    wanted |= {
        "checks",
        "placebo",
        "inverse",
        "reading",
        "inputs",
        "sources",
        "provenance",
        "panel",
    }
    assert wanted == set(found.sections)
    assert "default-src 'none'" in html.unescape(str(page))
    assert f"{derivation.central['chain+consumer'].mean():.2f}" in found.text
    assert "ab" * 32 in found.text


def test_both_languages_have_the_same_parts(
    derivation: Derivation, everything: dict[str, Any]
) -> None:
    one, other = (seen(report(derivation, **everything, language=language)) for language in SPOKEN)
    assert one.sections == other.sections
    assert one.ids == other.ids
    assert one.headings == other.headings


def test_languages_have_the_same_keys_and_fields() -> None:
    english, chinese = (texts(language).words for language in LANGUAGES)
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert text and chinese[key], key
        # A Chinese name stands without the spaces and clauses of the English one, not without
        # what a result puts into it.
        assert fields_of(text) == fields_of(chinese[key]), key


def test_chinese_page_is_chinese(derivation: Derivation) -> None:
    page = str(report(derivation, language="zh"))
    assert '<html lang="zh-Hans">' in page
    for key in ("scopes.title", "limits.fixed", "page.skip"):
        assert texts("zh")(key) in page
        assert texts("en")(key) not in page


def test_the_published_figure_comes_from_the_comparison_only(
    derivation: Derivation, everything: dict[str, Any]
) -> None:
    value = f"{everything['comparison'].figures['ratio'].value:g}"
    with_it = seen(report(derivation, comparison=everything["comparison"]))
    without = seen(report(derivation))
    assert "compared" in with_it.sections and f"published {value}" in with_it.text
    assert "compared" not in without.sections
    assert texts("en")("answer.none") in without.text


def test_a_derivation_alone(derivation: Derivation) -> None:
    found = assert_well_made(report(derivation))
    assert texts("en")("intervals.none") in found.text
    assert not {"drivers", "placebo", "inverse", "compared"} & set(found.sections)


def test_draws_alone_without_what_drives_them(
    derivation: Derivation, everything: dict[str, Any]
) -> None:
    found = assert_well_made(report(derivation, intervals=everything["intervals"].stated))
    assert "drivers" not in found.sections
    assert "×" not in found.text.split("Distribution of the ratio")[1].split("Draws accepted")[0]


def test_the_inverse_question_is_named_for_what_it_is(
    derivation: Derivation, everything: dict[str, Any]
) -> None:
    page = str(report(derivation, asked=everything["asked"]))
    title = re.search(r'<h2 id="inverse-head">(.*?)</h2>', page)
    assert title is not None
    assert "conditional on the published figure, not evidence for it" in title[1]


def test_names_cannot_become_markup(derivation: Derivation, everything: dict[str, Any]) -> None:
    account = derivation.account
    roles = tuple(
        role._replace(names={"en": HOSTILE}, people={"en": HOSTILE})
        for role in account.equations.sectors
    )
    items = {
        key: replace(item, item=HOSTILE, note=HOSTILE) for key, item in account.assumptions.items()
    }
    hostile = replace(
        derivation,
        account=replace(
            account,
            title=HOSTILE,
            equations=replace(account.equations, sectors=roles),
            assumptions=items,
            evidence=account.evidence.assign(item=HOSTILE, address="javascript:alert(1)"),
        ),
        warnings=(HOSTILE,),
        provenance=(HOSTILE,),
    )
    page = report(hostile, **{**everything, "inputs": {HOSTILE: HOSTILE}})
    found = assert_well_made(page)
    assert found.scripts == seen(report(derivation)).scripts
    assert HOSTILE in found.text
    assert "<script>alert" not in str(page)
    assert not [address for address in found.links if "javascript" in address]


@pytest.mark.parametrize("language", SPOKEN)
def test_a_study_of_one_scope(language: Language) -> None:
    """Neither a second sector nor consumers, households, persons or a second pattern."""
    found = assert_well_made(report(narrow(), language=language))
    words = texts(language)
    for key in ("answer.upper_head", "compared.title", "answer.interval_head"):
        assert words(key) not in found.text
    assert words("answer.headline") in found.text
    assert "EUR" in found.text
    for strange in ("RMB", "CNY", "micro drama", "work-day", "工日"):
        assert strange not in found.text
    assert set(found.sections).isdisjoint({"sources", "drivers", "placebo", "inverse"})


def test_pictures_of_one_scope_are_escaped(drawn: None) -> None:
    found = assert_well_made(report(narrow(title=HOSTILE, name=HOSTILE)))
    assert found.pictures >= 3
    assert HOSTILE in found.text


class Aside(Result):
    """Any other result: hubs, scenarios."""

    provenance = ()
    residual = 0.0

    @property
    def title(self) -> str:
        return "Jobs by hub"

    def facts(self) -> list[tuple[str, object]]:
        return [("hubs", 2)]

    def to_frame(self) -> pd.DataFrame:
        frame = pd.DataFrame({"jobs": [1500.0, float("nan")], "name": ["Hengdian", "Xi'an"]})
        return frame.rename_axis("hub")


def test_other_results_stand_beside(derivation: Derivation) -> None:
    found = assert_well_made(report(derivation, beside=[Aside()]))
    assert "beside-0" in found.sections
    assert "Jobs by hub" in found.text and "1,500" in found.text and "Xi'an" in found.text


def test_the_panel_has_its_place(derivation: Derivation) -> None:
    found, without = (seen(report(derivation, panel=shown)) for shown in (True, False))
    assert found.sections.index("panel") == found.sections.index("answer") + 1
    assert found.scripts == without.scripts + 2  # its figures and its script
    assert "#panel" in found.links and "#panel" not in without.links


def test_a_file_is_written_whole(derivation: Derivation, tmp_path: Path) -> None:
    target = tmp_path / "new" / "page.html"
    assert report(derivation, to=target) == target
    assert target.read_text(encoding="utf-8") == report(derivation)
    assert [path.name for path in target.parent.iterdir()] == ["page.html"]


def test_a_place_that_cannot_be_written_is_named(derivation: Derivation, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("kept")
    with pytest.raises(iom.errors.IOModelError, match=r"page\.html.*give another path"):
        report(derivation, to=blocked / "page.html")
    assert blocked.read_text() == "kept"


def test_an_unknown_language_is_refused(derivation: Derivation) -> None:
    with pytest.raises(iom.SpecError, match=r"'fr'.*en, zh"):
        report(derivation, language="fr")  # type: ignore[arg-type]


def without(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    """Let a library be missing."""
    known = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == library:
            raise ImportError(f"No module named {library!r}")
        return known(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)


def test_without_matplotlib_there_are_tables_and_a_note(
    derivation: Derivation, drawn: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "matplotlib")
    found = assert_well_made(report(derivation))
    assert found.pictures == 0
    assert texts("en")("page.no_pictures") in found.text


def test_without_jinja2_it_says_what_to_install(
    derivation: Derivation, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "jinja2")
    with pytest.raises(iom.errors.IOModelError, match=r"pip install .iomodel\[report\]"):
        report(derivation)


@pytest.mark.parametrize(("language", "said"), [("en", "5 agree"), ("zh", "有5个")])
def test_published_figures_that_name_their_scope_are_compared(language: Any, said: str) -> None:
    base = iom.read(iom.example("scotland-2019"))
    study = iom.example("scotland-screen-2019")
    made = iom.derive(iom.read_sectors(study, base=base), base)
    page = str(
        iom.report(made, comparison=iom.compare(made, iom.read_published(study)), language=language)
    )
    assert said in page
    table = page[page.index("agreement-table") :]
    assert table[: table.index("</table>")].count(">1.28160<") == 2
