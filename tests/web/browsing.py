"""What tests of the page share: a browser, requests whose texts are hard to show, and a large result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from service.api.requests import SummaryRequest
from service.api.schemas import (
    CitationOut,
    ClaimOut,
    DocumentOut,
    ModelOut,
    SentenceOut,
    SpanOut,
    SummaryResult,
    UsageOut,
    VerificationOut,
)
from tests.databases import need

CHROMIUM = Path("/usr/bin/chromium")
EVIL = "<script>window.pwned=1</script><img src=x onerror='window.pwned=1'>\"'>&amp;"
"""A text that would run, were it ever taken for markup."""

SCRIPTS: dict[str, Any] = {
    "documents": [
        {
            "id": "he",
            "publisher": "חדשות 👩‍🚒",
            "published_at": "2025-03-11T09:00:00Z",
            "text": "🚢🔥 The ferry Corriel sank off Oldport on Monday 🇩🇰.\r\n\r\nהמעבורת קוריאל טבעה ביום שני. "
            "Twelve passengers 👩‍👩‍👧‍👦 drowned.\r\n\r\n渡轮“科里尔”号星期一在奥尔德港外沉没。十二名乘客溺亡。",
        },
        {
            "id": "zh",
            "publisher": "港口日报 𠮷",
            "published_at": "2025-03-11T10:00:00Z",
            "text": "渡轮“科里尔”号星期一在奥尔德港外沉没。\n\n𠮷田先生说有15名乘客溺亡。\n\n"
            "On Monday the ferry Corriel sank off Oldport 🌊. Fifteen passengers drowned.",
        },
        {
            "id": "ar",
            "text": "غرقت العبارة كورييل يوم الاثنين قبالة أولدبورت. وقال 12 شاهدا إن الباب كان مفتوحا.\n\n"
            "The ferry Corriel sank off Oldport on Monday\u200f, \u202bقال\u202c the coastguard said.",
        },
    ]
}
"""Reports in several scripts and directions, with characters beyond the first plane and line ends of two kinds."""


def chromium() -> str:
    """The path of the browser. Where there is none the test is skipped, or fails where the system is required."""
    need(CHROMIUM.exists(), f"{CHROMIUM} (apt-get install chromium fonts-dejavu-core fonts-noto-cjk)")
    return str(CHROMIUM)


def large(documents: int, claims: int) -> tuple[SummaryResult, dict[str, str]]:
    """A result of so many documents and claims with its texts: every claim is a sentence of its document."""
    per = claims // documents
    sentences = [
        [f"Report {d} says that {n + d * 7} barrels were found on day {n}. " for n in range(per)]
        for d in range(documents)
    ]
    texts = {f"d{d}": "".join(lines) for d, lines in enumerate(sentences)}
    told = []
    for d, lines in enumerate(sentences):
        start = 0
        for n, line in enumerate(lines):
            quote = line.strip()
            span = CitationOut(document_id=f"d{d}", start=start, end=start + len(quote), quote=quote)
            others = [f"d{(d + k) % documents}" for k in range(1, 1 + n % 4)]
            told.append(
                ClaimOut(
                    id=f"c{d}-{n}", text=quote, attributed_to=None, documents=[f"d{d}", *others], citations=[span]
                )
            )
            start += len(line)
    verified = VerificationOut(verdict="supported", corroborated=True, score=1.0, checks=[])
    summary = [
        SentenceOut(
            text=c.text, citations=c.citations, documents=c.documents, claims=[c.id], written_by="source",
            verification=verified,
        )
        for c in told[:8]
    ]  # fmt: skip
    shown = [_document(f"d{d}", texts[f"d{d}"], per) for d in range(documents)]
    result = SummaryResult(
        id="sum_" + "0" * 32, status="complete", quorum=2, warnings=[], summary=summary, consensus=told, shared=[],
        unique=[], unjudged=[], disputes=[], dropped=[], documents=shown,
        model=ModelOut(backend="embedded", name="embedded", prompts=None, tokenizer="o200k_base"), usage=UsageOut(),
        timings_ms={},
    )  # fmt: skip
    return result, texts


def _document(document_id: str, text: str, sentences: int) -> DocumentOut:
    return DocumentOut(
        id=document_id, title=f"Report {document_id}", url=None, publisher=None, published_at=None,
        characters=len(text), tokens=len(text) // 4, sentences=sentences, sha256="", read=1.0, used=1.0,
        furniture=[SpanOut(start=0, end=0)], origin=f"o{int(document_id[1:]) // 2}", text=None,
    )  # fmt: skip


def request_of(content: Mapping[str, Any]) -> SummaryRequest:
    return SummaryRequest.model_validate(content)


def post(page: Page, address: str, content: dict[str, Any]) -> str:
    """The id of a summary that is made as a job."""
    answer = page.request.post(f"{address}/v1/summaries", data=content, headers={"prefer": "respond-async"})
    assert answer.status == 202
    return str(answer.json()["id"])


def result_of(page: Page, address: str, job: str) -> SummaryResult:
    answer = page.request.get(f"{address}/v1/summaries/{job}")
    return SummaryResult.model_validate(answer.json()["result"])


def open_summary(page: Page, address: str, content: dict[str, Any]) -> SummaryResult:
    """Make a summary, and open it by its link."""
    job = post(page, address, content)
    page.goto(f"{address}/#{job}")
    page.locator("#result .result").wait_for()
    return result_of(page, address, job)


def sample(page: Page, address: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = page.request.get(f"{address}/page/samples/{name}").json()
    return found
