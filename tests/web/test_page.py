"""The page, in a real browser: documents in, a summary read, checked and taken away, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service.api.schemas import CitationOut, SummaryResult
from service.inputs import list_samples
from tests.web.browsing import EVIL, SCRIPTS, open_summary, post, result_of, sample

SAMPLES = [sample["name"] for sample in list_samples()]
MARKED = """() => {
  const told = [];
  for (const said of document.querySelectorAll("#result .said")) {
    const cites = [...said.querySelectorAll(":scope > p .cite, :scope > .quotes .cite")];
    told.push(cites.map((cite) => {
      cite.click();
      return [...document.querySelectorAll("#result mark.here")].map((mark) => mark.textContent).join("");
    }));
    const on = [...document.querySelectorAll("#result mark.on")].map((mark) => mark.textContent).sort();
    told.at(-1).push(on);
  }
  return told;
}"""
"""For everything said: what is marked when each of its citations is clicked, and all that is marked at once."""


def cited(result: SummaryResult) -> Iterator[list[CitationOut]]:
    """The citations of everything said, in the order of the page."""
    for sentence in result.summary:
        yield sentence.citations
    for dispute in result.disputes:
        for position in dispute.positions:
            yield position.citations
    for group in result.unique:
        for claim in group.claims:
            yield claim.citations
    for claim in [*result.consensus, *result.shared, *result.unjudged]:
        yield claim.citations


def test_from_a_sample_to_a_source(page: Page, address: str) -> None:
    """The whole path: a sample in one click, its size and cost, the run, and a citation that opens its source."""
    page.goto(address)
    page.get_by_role("button", name="Harbour fire").click()
    expect(page.locator("#estimate")).to_contain_text("6 documents, 4,0")
    expect(page.locator("#estimate")).to_contain_text("it costs nothing")
    page.get_by_role("button", name="Compare").click()
    page.locator("#result .result").wait_for()
    expect(page.get_by_role("heading", level=1, name="What six reports say")).to_be_focused()
    cite = page.locator("#summary .cite").nth(2)
    cite.click()
    mark = page.locator("mark.here")
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport(ratio=1)
    expect(cite).to_be_in_viewport(ratio=1)
    job = page.url.partition("#")[2]
    assert mark.text_content() == result_of(page, address, job).summary[0].citations[2].quote
    page.go_back()
    expect(page.locator("#documents-view")).to_be_visible()
    page.go_forward()
    expect(page.locator("#result .result")).to_be_visible()
    assert page.url.endswith(f"#{job}")


@pytest.mark.parametrize("name", [*SAMPLES, "scripts"])
def test_what_is_marked_is_the_quote(page: Page, address: str, name: str) -> None:
    """Every citation of everything said marks its quote, to the code point, and all of a sentence's spans at once."""
    result = open_summary(page, address, SCRIPTS if name == "scripts" else sample(page, address, name))
    found = page.evaluate(MARKED)
    expected = list(cited(result))
    assert len(found) == len(expected) > 0
    for (*each, at_once), citations in zip(found, expected, strict=True):
        assert each == [citation.quote for citation in citations]
        spans = {(c.document_id, c.start, c.end): c.quote for c in citations}
        assert at_once == sorted(spans.values(), key=_utf16)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-be")  # as JavaScript sorts


def test_furniture_is_grey_and_the_source_whole(page: Page, address: str) -> None:
    """The source is shown as it was read, with its furniture greyed and in no mark."""
    content = sample(page, address, "harbour-fire")
    result = open_summary(page, address, content)
    first = page.locator(".source").first
    text = content["documents"][0]["text"]
    assert first.locator(".text").text_content() == text
    grey = "".join(first.locator(".furniture").all_text_contents())
    assert grey == "".join(text[span.start : span.end] for span in result.documents[0].furniture)
    assert page.locator("mark .furniture, .furniture mark").count() == 0


def test_markup_in_any_field_stays_text(page: Page, address: str) -> None:
    """What a stranger wrote is shown as it is written, in documents and in a text to check, and never run."""
    document = {
        "title": EVIL,
        "publisher": EVIL,
        "url": "javascript:window.pwned=1",
        "text": f"The ferry {EVIL} sank.",
    }
    content = {"documents": [document | {"id": EVIL.replace(" ", "/")}, document], "focus": EVIL}
    open_summary(page, address, content)
    expect(page.locator(".source h3").first).to_have_text(EVIL)
    assert page.locator(".source .text").first.text_content() == document["text"]
    page.locator("#result .cite").first.click()
    page.get_by_role("button", name="Documents").click()
    expect(page.locator(".card")).to_have_count(2)
    page.get_by_role("button", name="Check a text").click()
    page.get_by_label("Your text").fill(f"The ferry {EVIL} sank. {EVIL}")
    page.get_by_role("button", name="Check it").click()
    page.locator("#verdicts .result").wait_for()
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("window.pwned") is None


def test_a_text_of_ones_own_is_checked(page: Page, address: str) -> None:
    """Each sentence gets its verdict, and its citations open their sources in the same way."""
    page.goto(address)
    page.get_by_role("button", name="Sesame recall").click()
    page.get_by_role("button", name="Check a text").click()
    text = page.locator("#against")
    expect(text).to_have_text("the 5 documents")
    quote = sample(page, address, "sesame-recall")["documents"][0]["text"].split("\n\n")[3].split(". ")[0] + "."
    page.get_by_label("Your text").fill(f"{quote} The mayor of Paris resigned on Friday.")
    page.get_by_role("button", name="Check it").click()
    expect(page.locator(".told > li.supported")).to_have_count(1)
    expect(page.locator(".told > li.unsupported")).to_have_count(1)
    page.locator("#verdicts .cite").first.click()
    expect(page.locator("#verdicts mark.here")).to_be_focused()


def test_a_result_is_taken_away(page: Page, address: str, tmp_path: Path) -> None:
    """Copied with citations, downloaded in three kinds, and kept under a link that opens it anew."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    result = open_summary(page, address, sample(page, address, "harbour-fire"))
    page.get_by_role("button", name="Copy with citations").click()
    expect(page.locator("#announcement")).to_have_text("The summary and its citations are copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{result.summary[0].text} [1][2][3]")
    assert f"[3] The Daily Klaxon: “{result.summary[0].citations[2].quote}”" in copied
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#announcement")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    starts = {"Markdown": "## Summary", "JSON": "{", "HTML report": "<!doctype html>"}
    for name, start in starts.items():
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.read_text(encoding="utf-8").startswith(start)
    assert SummaryResult.model_validate_json(next(tmp_path.glob("*.json")).read_text(encoding="utf-8")) == result


def test_the_report_is_read_with_and_without_scripts(
    browser: Browser, page: Page, address: str, tmp_path: Path
) -> None:
    """The report opens from a file; its links lead to the marks even where nothing runs."""
    job = post(page, address, sample(page, address, "harbour-fire"))
    page.goto(f"{address}/#{job}")
    page.locator("#result .result").wait_for()
    file = tmp_path / "report.html"
    file.write_bytes(page.request.get(f"{address}/v1/summaries/{job}", headers={"accept": "text/html"}).body())
    quote = result_of(page, address, job).summary[0].citations[2].quote
    page.goto(file.as_uri())
    page.locator("#summary .cite").nth(2).click()
    expect(page.locator("mark.here")).to_have_text(quote)
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(file.as_uri())
    plain.locator("#summary .cite").nth(2).click()
    expect(plain.locator("mark:target")).to_have_text(quote)
    expect(plain.locator("mark:target")).to_be_in_viewport()
    plain.context.close()
