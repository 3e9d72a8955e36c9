"""The page in a browser: quiet, sortable by keyboard, narrow enough for a phone, printable."""

from pathlib import Path
from typing import Any

import pytest

from iomodel.report.page import report
from iomodel.studies.derivation import Derivation

PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}
CONTRAST = """() => {
  const light = c => { const [r, g, b] = c.map(v => { v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const ground = node => { for (; node; node = node.parentElement) {
    const c = numbers(getComputedStyle(node).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const bad = [];
  for (const node of document.querySelectorAll('p, li, a, th, td, dt, dd, small, caption, h1, h2, h3, summary, button')) {
    if (!node.textContent.trim()) continue;
    const [one, other] = [light(numbers(getComputedStyle(node).color).slice(0, 3)), light(ground(node))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) bad.push(node.tagName + ' ' + ratio.toFixed(2) + ' ' + node.textContent.slice(0, 30));
  }
  return bad; }"""  # noqa: E501


@pytest.fixture(scope="module")
def address(
    derivation: Derivation, everything: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> str:
    target = tmp_path_factory.mktemp("page") / "page.html"
    written = report(derivation, to=target, **everything)
    assert isinstance(written, Path)
    return written.as_uri()


def opened(browser: Any, address: str, size: dict[str, int]) -> tuple[Any, list[str]]:
    """A page, and what it complains of or asks the network for."""
    page, noise = browser.new_page(viewport=size), list[str]()
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("request", lambda asked: noise.append(asked.url) if asked.url != address else None)
    page.goto(address)
    return page, noise


def column(page: Any, table: str, place: int) -> list[str]:
    cells = page.locator(f"#{table} tbody tr > :nth-child({place})")
    return [str(text) for text in cells.all_text_contents()]


def test_nothing_is_loaded_and_nothing_complains(browser: Any, address: str) -> None:
    page, noise = opened(browser, address, DESK)
    assert noise == []
    assert page.evaluate(CONTRAST) == []
    page.close()


def test_tables_sort_by_keyboard(browser: Any, address: str) -> None:
    page, noise = opened(browser, address, DESK)
    before = column(page, "destinations-table", 3)
    button = page.locator("#destinations-table thead th:nth-child(3) button")
    button.focus()
    page.keyboard.press("Enter")
    head = page.locator("#destinations-table thead th:nth-child(3)")
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, "destinations-table", 3) == before[::-1]
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, "destinations-table", 3) == before
    assert "descending" in page.locator("#announce").text_content()
    names = page.locator("#destinations-table thead th:nth-child(1) button")
    names.focus()
    page.keyboard.press("Enter")
    first = column(page, "destinations-table", 1)
    assert first == sorted(first, key=str.casefold)
    assert head.get_attribute("aria-sort") == "none"
    assert noise == []
    page.close()


def test_the_skip_link_is_first_and_seen(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, DESK)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None and box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_a_phone_scrolls_one_way_only(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
    wide = page.locator("#inputs .table").first
    assert wide.evaluate("node => node.scrollWidth > node.clientWidth")
    wide.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(100):
        if wide.evaluate("node => node.scrollLeft") > 0:
            break
        page.wait_for_timeout(50)
    assert wide.evaluate("node => node.scrollLeft") > 0
    page.close()


def test_it_prints(browser: Any, address: str) -> None:
    page, _ = opened(browser, address, DESK)
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF") and len(printed) > 50_000
    page.emulate_media(media="print")
    assert page.locator("details").first.is_visible() is False
    wider = """() => [...document.querySelectorAll('table')].filter(
        table => table.scrollWidth > document.body.clientWidth + 1).map(table => table.id)"""
    page.set_viewport_size({"width": 680, "height": 960})  # A4 less its margins, at 96 dpi
    assert page.evaluate(wider) == []
    page.close()


def test_without_scripts_tables_are_whole(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("th button").count() == 0
    assert page.locator("#destinations-table tbody tr").count() > 10
    context.close()
