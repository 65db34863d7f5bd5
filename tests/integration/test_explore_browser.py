"""The pages in a real browser: nothing from outside, no script of the news, keyboard, contrast, narrow windows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import chromium, installed
from tests.workbench import Workbench

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (1280, 700, 360)


@pytest.fixture(scope="module")
def address(explored: Workbench) -> Iterator[str]:
    """Give the address of a server over a published file."""
    installed()
    process = explored.start("explore", "--port", "0")
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found
    yield found[0]
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Give a page that keeps what it asked for and what went wrong on it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, base_url=address)
    page = context.new_page()
    page.asked, page.wrong = [], []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.wrong.append(message.text))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("dialog", lambda dialog: (page.wrong.append(dialog.message), dialog.dismiss()))
    page.goto("/")
    yield page
    context.close()


def all_pages(page: Page) -> list[str]:
    """Return an address of every kind of page, as links lead to them."""
    found = ["/", "/search?q=bridge", "/actors", "/quotes", "/articles", "/outlets", "/health", "/nothing"]
    for where, kind in (("/actors", "actor"), ("/quotes", "quote"), ("/articles", "article"), ("/outlets", "outlet")):
        page.goto(where)
        found += page.eval_on_selector_all(f"main a[href^='/{kind}/']", "all => all.map(a => a.getAttribute('href'))")[
            :4
        ]
    assert len(found) > 14
    return found


def test_nothing_is_asked_of_another_address_and_no_script_of_the_news_runs(page: Page, address: str) -> None:
    for path in all_pages(page):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.ran") is None
        assert page.title() != "run"
    assert {url for url in page.asked if not url.startswith(address + "/")} == set()
    assert any(url.endswith("explore.css") for url in page.asked)
    assert [text for text in page.wrong if "404" not in text] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(page: Page, width: int) -> None:
    paths = all_pages(page)
    page.set_viewport_size({"width": width, "height": 800})
    for path in paths:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (path, wide)


def test_a_mark_shows_its_row(page: Page) -> None:
    page.goto("/articles")
    page.get_by_role("link", name="Cracks").click()
    mark = page.locator(".mark.as-content").first
    row = mark.get_attribute("data-rows").split()[0]
    mark.hover()
    assert "on" in page.locator(f"#card-{row}").get_attribute("class").split()
    assert not page.locator(f"#card-{row} code").first.is_visible()
    mark.click()
    assert page.locator(f"#card-{row}").get_by_text(row).first.is_visible()
    assert page.url.endswith(f"#row-{row}")
    page.reload()
    assert "on" in page.locator(f"#card-{row}").get_attribute("class").split(), "the address leads to the row again"


def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("cracks")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=cracks*")
    page.locator("body").press("Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement.matches('.statement .grow a')"):
            break
        page.keyboard.press("Tab")
    else:
        raise AssertionError("no result was reached")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/version/*")
    chosen = []
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
        chosen.append(page.locator(".card.on").get_attribute("id"))
    assert chosen[0] != chosen[1] or page.locator(".card").count() == 1
    assert chosen[2] == chosen[0]
    assert page.url.endswith(f"#row-{chosen[2].removeprefix('card-')}"), "the address leads to the row again"
    first = page.evaluate(
        "document.querySelector('.mark[href]').focus(), document.activeElement.dataset.rows.split(' ')[0]"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == f"card-{first}"


def test_keys_go_through_a_list_and_its_address_leads_back(page: Page) -> None:
    page.goto("/search?q=bridge")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".statement").nth(1).get_attribute("id")
    assert page.url.endswith(f"/search?q=bridge#{second}")
    page.reload()
    assert page.locator(".statement.on").get_attribute("id") == second
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/version/*#row-{second.removeprefix('said-')}")


def test_a_query_is_copied_with_its_values(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/articles?q=cracks")
    page.get_by_text("queries behind this page").click()
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#query-1").text_content()
    context.close()


def test_pages_work_without_any_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Search statements and quotes").fill("bridge")
    page.get_by_role("button", name="Search").click()
    assert page.locator("mark").count() > 0
    page.locator(".statement .grow a").first.click()
    page.locator("a.mark").first.click()
    assert "#card-" in page.url
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_told_from_what_is_behind_them(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, base_url=address)
    page = context.new_page()
    page.goto("/articles")
    page.get_by_role("link", name="Cracks").click()
    page.evaluate(_ALL_COLOURS)
    low = page.evaluate(_LOW_CONTRAST)
    context.close()
    assert low == []


_ALL_COLOURS = """() => document.querySelector('.legend').innerHTML = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(n =>
  `<li class="c${n}"><span class="badge">${n}</span><a class="mark as-content c${n}">words</a></li>`).join('')"""

# Text whose contrast with what is behind it is below 4.5 (WCAG 2, AA); tints are laid over the paper first.
_LOW_CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(getComputedStyle(e).backgroundColor);
    return layers;
  };
  const painted = (layers) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of layers) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const low = [];
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility()) continue;
    const layers = behind(e);
    const [a, b] = [light(painted(layers)), light(painted([...layers, getComputedStyle(e).color]))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push([e.tagName, e.className, e.textContent.trim().slice(0, 30), ratio]);
  }
  return low;
}"""
