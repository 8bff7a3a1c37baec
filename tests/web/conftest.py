"""A browser and a server, for the tests of one module: the browser's own event loop is gone when it ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.builders import create_app_of
from tests.serving import serving
from tests.web.browsing import chromium

_PATIENCE = 60_000  # milliseconds: the machine may be busy
expect.set_options(timeout=_PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service with the embedded backend, on a free port."""
    with serving(create_app_of({"CONCORD_DATA_DIR": str(tmp_path_factory.mktemp("data"))})) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page. What it reports as an error, or fetches from elsewhere than this machine, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    opened = context.new_page()
    context.set_default_timeout(_PATIENCE)
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda request: None if _is_local(request.url) else faults.append(request.url))
    yield opened
    context.close()
    assert not faults


def _is_local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "file://", "blob:", "data:"))
