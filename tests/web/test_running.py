"""The page while a slow model is at work, and while documents are put in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from benchmarks.stub import Stub, running_stub
from tests.builders import PRICES, asking, create_app_of
from tests.files.made import pdf, word
from tests.serving import serving
from tests.web.browsing import result_of


def test_documents_are_pasted_dropped_named_and_removed(page: Page, address: str, tmp_path: Path) -> None:
    """Text, Markdown, HTML, PDF and Word are taken; what can't be read is named and leaves the rest alone."""
    (tmp_path / "a.md").write_text("# Ferry\n\nThe ferry **Corriel** sank on Monday.", encoding="utf-8")
    (tmp_path / "b.html").write_text("<p>The ferry Corriel sank on Monday.</p>", encoding="utf-8")
    (tmp_path / "c.pdf").write_bytes(pdf("The ferry Corriel sank on Monday.", title="Of the ferry"))
    (tmp_path / "d.docx").write_bytes(word("On Monday the ferry Corriel sank."))
    (tmp_path / "e.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "f.png").write_bytes(b"x")
    page.goto(address)
    page.locator("#files").set_input_files(
        [str(tmp_path / name) for name in "a.md b.html c.pdf d.docx e.txt f.png".split()]
    )
    expect(page.locator(".card")).to_have_count(4)
    expect(page.get_by_role("alert")).to_contain_text("e.txt is not UTF-8")
    expect(page.get_by_role("alert")).to_contain_text(
        "f.png is of no format that is read: .txt, .md, .html, .pdf and .docx are"
    )
    assert page.get_by_label("Name of document 3").input_value() == "Of the ferry"
    page.get_by_role("button", name="Paste a text").click()
    expect(page.get_by_label("Text of document 5")).to_be_focused()
    page.keyboard.type("The ferry Corriel sank off Oldport on Monday, the coastguard said.")
    page.get_by_label("Publisher of document 5").fill("The Gazette")
    page.get_by_label("Date of document 5").fill("2025-03-11")
    page.get_by_role("button", name="Remove document 2").click()
    expect(page.locator("#estimate")).to_contain_text("4 documents")
    page.get_by_role("button", name="Compare").click()
    page.locator("#result .result").wait_for()
    documents = result_of(page, address, page.url.partition("#")[2]).documents
    assert [d.title for d in documents] == ["a", "Of the ferry", "d", None]
    assert (documents[3].publisher, str(documents[3].published_at)[:10]) == ("The Gazette", "2025-03-11")


DROP = """(text) => {
  const data = new DataTransfer();
  data.items.add(new File([text], "dropped.txt", { type: "text/plain" }));
  dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def test_a_file_is_dropped(page: Page, address: str) -> None:
    """A file that is dropped anywhere becomes a document."""
    page.goto(address)
    page.evaluate(DROP, "The ferry Corriel sank 🚢.")
    assert page.get_by_label("Name of document 1").input_value() == "dropped"
    expect(page.locator(".card-start")).to_have_text("The ferry Corriel sank 🚢.")


def test_what_was_not_sent_is_not_lost_unasked(page: Page, address: str) -> None:
    """Who leaves the page with a text that no run has is asked; once it was run nobody is."""
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.goto(address)
    page.get_by_role("button", name="Paste a text").click()
    page.keyboard.type("The ferry Corriel sank off Oldport on Monday.")
    page.reload()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Paste a text").click()
    page.keyboard.type("The ferry Corriel sank off Oldport on Monday.")
    page.get_by_role("button", name="Compare").click()
    page.locator("#result .result").wait_for()
    page.reload()
    page.locator("#result .result").wait_for()
    assert asked == ["beforeunload"]


def test_what_fails_is_told(browser: Browser, address: str) -> None:
    """A summary that is not there, and a request that is refused, are told in words."""
    page = browser.new_page()
    page.goto(f"{address}/#sum_{'0' * 32}")
    expect(page.get_by_role("alert")).to_contain_text("Not Found")
    page.goto(f"{address}/healthz")
    page.goto(address)
    page.get_by_role("button", name="Paste a text").click()
    page.get_by_label("Text of document 1").fill("The ferry sank.")
    page.get_by_text("Options").click()
    page.get_by_label("Origins that must agree").fill("1")
    expect(page.locator("#estimate")).to_contain_text("quorum: must be 2 or more")
    page.close()


@pytest.fixture(scope="module")
def model() -> Iterator[Stub]:
    """A model that takes its time."""
    with running_stub(latency=0.4) as started:
        yield started


@pytest.fixture(scope="module")
def slow(model: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service with that model, whose price is known."""
    folder = str(tmp_path_factory.mktemp("slow"))
    variables = asking(model, CONCORD_MEMO="off", CONCORD_DATA_DIR=folder, **PRICES)
    with serving(create_app_of(variables)) as started:
        yield started


def test_a_slow_model_is_watched_at_work(page: Page, slow: str) -> None:
    """The cost is bounded before the run; steps and sentences show as they come, and a reload goes on watching."""
    page.goto(slow)
    page.get_by_role("button", name="Harbour fire").click()
    expect(page.locator("#estimate")).to_contain_text("requests to stub, $")
    page.get_by_role("button", name="Compare").click()
    page.locator("#stages li.now").wait_for()
    page.reload()
    page.locator("#stages li.now", has_text="Compare").wait_for()
    page.locator("#result .result").wait_for()
    assert page.locator("#arrived li").count() == page.locator("#summary .told > li").count() > 0


def test_a_run_is_cancelled(page: Page, slow: str) -> None:
    """Cancelling forgets the job and goes back to the documents, which are still there."""
    page.goto(slow)
    page.get_by_role("button", name="Sesame recall").click()
    page.get_by_role("button", name="Compare").click()
    page.locator("#stages li.now").wait_for()
    job = page.url.partition("#")[2]
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#announcement")).to_have_text("Cancelled.")
    expect(page.locator(".card").first).to_be_visible()
    assert page.request.get(f"{slow}/v1/summaries/{job}").status == 404


def test_who_looks_at_the_documents_meanwhile_finds_back_to_the_run(page: Page, slow: str) -> None:
    """It can still be cancelled, and no second one is begun beside it."""
    page.goto(slow)
    page.get_by_role("button", name="School start study").click()
    page.get_by_role("button", name="Compare").click()
    page.locator("#stages li.now").wait_for()
    steps = page.get_by_role("navigation")
    steps.get_by_role("button", name="Documents").click()
    page.get_by_label("Name of document 1").fill("changed")
    expect(page.locator("#estimate")).to_contain_text("requests to stub")
    expect(page.locator("#run")).to_be_disabled()
    steps.get_by_role("button", name="Result").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#announcement")).to_have_text("Cancelled.")
    expect(page.locator("#run")).to_be_enabled()
    expect(steps.get_by_role("button", name="Result")).to_be_disabled()
