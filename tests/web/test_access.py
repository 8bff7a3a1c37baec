"""The page for everybody: by keyboard, in both themes, on small and wide screens, and in time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Response, expect

from service.web.rendering import render_report
from tests.web.browsing import large, open_summary, sample

Theme = Literal["light", "dark"]


def test_by_keyboard_alone(page: Page, address: str) -> None:
    """Enter opens a citation, focus goes to the span, Escape goes back; all else is reached by Tab."""
    open_summary(page, address, sample(page, address, "sesame-recall"))
    page.locator("#summary .cite").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("mark.here")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#summary .cite").nth(1)).to_be_focused()
    assert page.locator("mark.on").count() == 0
    seen: set[str] = set()
    page.locator(".skip").focus()
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Check a text", "Summary", "Who says what", "Copy with citations", "JSON"} <= seen


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_fault_of_access(page: Page, address: str, cluster: dict[str, Any], theme: Theme) -> None:
    """axe-core finds nothing serious or critical in any view, in either theme."""
    page.emulate_media(color_scheme=theme)
    rules = {"runOnly": ["color-contrast", "link-in-text-block"]} if theme == "dark" else {}  # the rest is the same
    open_summary(page, address, cluster)
    page.locator("#summary .cite").first.click()
    page.locator(".evidence summary").first.click()
    _assert_accessible(page, rules)
    page.get_by_role("button", name="Documents").click()
    page.locator(".card-text").first.locator("summary").click()
    page.get_by_text("Options").click()
    expect(page.locator("#estimate")).to_contain_text("tokens")
    _assert_accessible(page, rules)
    page.get_by_role("button", name="Check a text").click()
    page.get_by_label("Your text").fill("The mayor of Paris resigned. The Orrin Bridge was closed on Monday.")
    page.get_by_role("button", name="Check it").click()
    page.locator("#verdicts .result").wait_for()
    _assert_accessible(page, rules)


def _assert_accessible(page: Page, rules: dict[str, Any]) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
    serious = [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, json.dumps(serious, indent=1)


def test_the_theme_is_chosen_and_kept(page: Page, address: str) -> None:
    """The button goes through the system's theme, light and dark; the next visit has it too."""
    page.emulate_media(color_scheme="light")
    page.goto(address)
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(colour)
    page.locator("#theme").click()
    assert page.evaluate(colour) == light
    page.locator("#theme").click()
    dark = page.evaluate(colour)
    assert dark != light
    page.reload()
    assert page.evaluate(colour) == dark
    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_nothing_is_wider_than_the_window(page: Page, address: str, width: int) -> None:
    """From a small phone to a wide screen nothing is scrolled sideways; span and sentence are seen together."""
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(address)
    page.get_by_role("button", name="Harbour fire").click()
    expect(page.locator("#estimate")).to_contain_text("tokens")
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(overflow) <= 0
    page.get_by_role("button", name="Compare").click()
    page.locator("#summary .cite").first.click()
    expect(page.locator("mark.here")).to_be_in_viewport(ratio=1)
    expect(page.locator("#summary .cite").first).to_be_in_viewport(ratio=1)
    assert page.evaluate(overflow) <= 0


def test_the_first_view_is_small_and_quick(browser: Browser, address: str) -> None:
    """All that the first view fetches is below 150 kB, and it is there within a second."""
    took: list[float] = []
    while not took or (min(took) >= 1_000 and len(took) < 5):  # a busy machine may need another try
        context = browser.new_context()
        opened = context.new_page()
        sizes: list[int] = []
        opened.on("response", _count_into(sizes))
        opened.goto(address)
        opened.get_by_role("button", name="Harbour fire").wait_for()
        took.append(opened.evaluate("performance.now()"))
        assert len(sizes) > 5
        assert sum(sizes) < 150_000
        context.close()
    assert min(took) < 1_000


def _count_into(sizes: list[int]) -> Callable[[Response], None]:
    return lambda response: sizes.append(len(response.body()))


SCROLL = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const sources = document.querySelector(".sources");
  document.querySelector(".long").open = true;
  await frame();
  for (let step = 0; step < 50; step += 1) {
    scrollBy(0, document.body.scrollHeight / 50);
    sources.scrollBy(0, sources.scrollHeight / 50);
    await frame();
  }
  document.querySelectorAll("#agreed .cite")[1500].click();
  await frame();
  await frame();
}"""


def test_hundreds_of_documents_scroll_without_a_hitch(browser: Browser, page: Page, tmp_path: Path) -> None:
    """200 documents with 2,000 claims: while all of it is scrolled through, no task takes longer than 200 ms.

    What counts is the time that the page had a processor: the machine has other work, too.
    """
    file = tmp_path / "large.html"
    file.write_text(render_report(*large(200, 2_000)), encoding="utf-8")
    page.goto(file.as_uri())
    browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    page.evaluate(SCROLL)
    traced = json.loads(browser.stop_tracing())["traceEvents"]
    tasks = [
        event["tdur"] / 1_000
        for event in traced
        if event["name"] == "ThreadControllerImpl::RunTask" and "tdur" in event
    ]
    assert page.locator(".matrix li").count() == 2_000
    expect(page.locator("mark.here")).to_be_in_viewport()
    assert len(tasks) > 50
    assert max(tasks) <= 200
