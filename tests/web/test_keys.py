"""The page where a key is needed: it asks for one, keeps it for its tab alone, and works with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.callers import make
from tests.builders import create_app_of
from tests.serving import serving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def token(folder: Path) -> str:
    return make(folder)[1]["Authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="module")
def guarded(folder: Path, token: str) -> Iterator[str]:
    """The address of a service that asks for keys."""
    with serving(create_app_of({"CONCORD_DATA_DIR": str(folder)})) as started:
        yield started


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A fresh page whose console may tell of refusals, which a browser logs as errors."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_the_page_asks_for_a_key_and_works_with_it(visitor: Page, guarded: str, token: str) -> None:
    """A wrong key is asked for again; with the right one a sample is compared, shown, and shown again on reload."""
    visitor.goto(guarded)
    dialog = visitor.get_by_role("dialog", name="A key is needed")
    expect(dialog).to_contain_text("concord keys create")
    dialog.get_by_label("Who runs this service").fill("ck_wrong")
    dialog.get_by_role("button", name="Use it in this tab").click()
    expect(dialog).to_contain_text("unknown or revoked")
    dialog.get_by_label("Who runs this service").fill(token)
    visitor.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    visitor.get_by_role("button", name="Harbour fire").click()
    expect(visitor.locator("#estimate")).to_contain_text("6 documents")
    visitor.get_by_role("button", name="Compare").click()
    visitor.locator("#result .result").wait_for()
    visitor.reload()
    visitor.locator("#result .result").wait_for()
    assert token not in visitor.content()
    assert token not in visitor.url
    assert visitor.evaluate("Object.values(localStorage).join() + document.cookie") == ""


def test_another_tab_is_asked_again(visitor: Page, browser: Browser, guarded: str, token: str) -> None:
    """The key is kept for its tab alone; who has none is told so in words."""
    visitor.goto(guarded)
    dialog = visitor.get_by_role("dialog", name="A key is needed")
    dialog.get_by_role("button", name="Go without").click()
    expect(visitor.get_by_role("alert")).to_contain_text("a key is needed")
    expect(dialog).to_be_hidden()
