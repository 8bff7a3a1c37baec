"""Markdown: one result as a text to read or send, with numbered citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.api.schemas import CitationOut, ClaimOut, SummaryResult

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|&~])")
_LIST_MARK = re.compile(r"^(\d*)([-+=.)])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def to_markdown(result: SummaryResult) -> str:
    """The result as CommonMark. Text from documents is escaped: it is shown, never taken for markup."""
    notes = _Notes(result)
    lines = _section("Summary", (f"{_plain(s.text)} {notes.refer(s.citations)}" for s in result.summary))
    lines += _section(f"Agreed by at least {result.quorum} origins", notes.claims(result.consensus))
    lines += _section("Shared", notes.claims(result.shared))
    for group in result.unique:
        lines += _section(f"Only in {_plain(notes.title(group.document_id))}", notes.claims(group.claims))
    lines += _section("Not judged", notes.claims(result.unjudged))
    for dispute in result.disputes:
        positions = (f"- **{_plain(p.text)}** {notes.refer(p.citations)}" for p in dispute.positions)
        lines += _section(f"Disputed: {_plain(dispute.question)}", positions)
    reasons = ((d.text, "; ".join(r.detail or r.check for r in d.reasons)) for d in result.dropped)
    lines += _section("Dropped", (f"- {_plain(text)} ({_plain(reason)})" for text, reason in reasons))
    about = ((f"{w.document_id}: " if w.document_id else "", w.detail) for w in result.warnings)
    lines += _section("Warnings", (f"- {_plain(where + detail)}" for where, detail in about))
    lines += _section("Sources", notes.listed())
    return "\n".join(lines).strip() + "\n"


class _Notes:
    """Numbers each cited span once and lists them at the end."""

    def __init__(self, result: SummaryResult) -> None:
        self._titles = {d.id: d.publisher or d.title or d.id for d in result.documents}
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._quotes: list[CitationOut] = []

    def title(self, document_id: str) -> str:
        return self._titles[document_id]

    def claims(self, claims: Iterable[ClaimOut]) -> Iterator[str]:
        for claim in claims:
            yield f"- {_said(claim.text, claim.attributed_to)} {self.refer(claim.citations)}"

    def refer(self, citations: Iterable[CitationOut]) -> str:
        numbers = []
        for citation in citations:
            key = (citation.document_id, citation.start, citation.end)
            if key not in self._numbers:
                self._quotes.append(citation)
                self._numbers[key] = len(self._quotes)
            numbers.append(self._numbers[key])
        return "".join(f"[{number}]" for number in numbers)

    def listed(self) -> Iterator[str]:
        for number, c in enumerate(self._quotes, start=1):
            where = f"{_plain(c.document_id)}, {c.start}–{c.end}"
            yield f"{number}. {_plain(self.title(c.document_id))} ({where}): {_plain(c.quote)}"


def _section(heading: str, entries: Iterable[str]) -> list[str]:
    """A heading and its entries, or nothing where there are none."""
    body = list(entries)
    return [f"## {heading}", "", *body, ""] if body else []


def _said(text: str, speaker: str | None) -> str:
    return _plain(text) if speaker is None or speaker in text else f"{_plain(text)} ({_plain(speaker)})"


def _plain(text: str) -> str:
    """On one line, without control characters, and with nothing that Markdown would take for its own."""
    line = _CONTROL.sub("\ufffd", " ".join(text.split()))
    return _LIST_MARK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line))
