"""Screenshots for the README: `python -m benchmarks.screenshots [--folder docs/images]`.

Starts the service with the embedded backend on a free port, drives the page with Debian's Chromium, and writes what
a reader sees: the page in both themes, on a phone, a run by a slow stub model, and the report as it is printed.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.command import create_parser
from benchmarks.processes import asking, serving
from benchmarks.stub import running_stub

CHROMIUM = "/usr/bin/chromium"
SAMPLE = "Harbour fire"
_WIDE, _PHONE, _PAPER = (1280, 860), (390, 800), (794, 1000)
_LARGEST = 300_000  # bytes of one picture


def open_page(browser: Browser, size: tuple[int, int], theme: str = "light") -> Page:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    return page


def save(page: Page, folder: Path, name: str) -> None:
    file = folder / f"{name}.png"
    page.screenshot(path=file)
    size = file.stat().st_size
    assert size < _LARGEST, f"{file} has {size} bytes"
    print(f"{file} {size} bytes")


def begin(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name=SAMPLE).click()
    page.get_by_text("tokens").wait_for()


def summarize(page: Page, address: str) -> str:
    """Make the sample's summary and open one citation. Gives the job's id."""
    begin(page, address)
    page.get_by_role("button", name="Compare").click()
    page.locator("#summary .cite").nth(2).click()
    page.wait_for_timeout(300)
    return page.url.partition("#")[2]


def take_pictures(browser: Browser, address: str, folder: Path) -> None:
    for theme in ("light", "dark"):
        page = open_page(browser, _WIDE, theme)
        begin(page, address)
        save(page, folder, f"documents-{theme}")
        job = summarize(page, address)
        save(page, folder, f"page-{theme}")
        page.locator(".contents a", has_text="Who says what").click()
        page.wait_for_timeout(300)
        save(page, folder, f"matrix-{theme}")
    phone = open_page(browser, _PHONE)
    summarize(phone, address)
    save(phone, folder, "phone")
    take_report(browser, f"{address}/v1/summaries/{job}", folder)


def take_report(browser: Browser, url: str, folder: Path) -> None:
    """The report as it is printed: its policy is passed over to show the paper's margin."""
    context = browser.new_context(viewport={"width": _PAPER[0], "height": _PAPER[1]}, bypass_csp=True)
    page = context.new_page()
    page.goto(url)
    page.emulate_media(media="print")
    page.add_style_tag(content="body { padding: 14mm 16mm }")
    save(page, folder, "report")


def take_run(browser: Browser, address: str, folder: Path) -> None:
    page = open_page(browser, _WIDE)
    begin(page, address)
    page.get_by_role("button", name="Compare").click()
    page.locator("#stages li.now", has_text="Extract").wait_for()
    page.locator("#stages li.now", has_text="Compare").wait_for()
    save(page, folder, "run")


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("--folder", type=Path, default=Path("docs/images"))
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        with serving({}) as service:
            take_pictures(browser, service.address, folder)
        with running_stub(latency=1.0) as stub, serving(asking(stub.base_url)) as service:
            take_run(browser, service.address, folder)
        browser.close()


if __name__ == "__main__":
    main()
