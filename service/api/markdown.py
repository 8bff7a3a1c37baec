"""Markdown: one result as a text to read or send, with numbered citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.api.schemas import CitationOut, SummaryResult

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


def to_markdown(result: SummaryResult) -> str:
    """The result as CommonMark. Text from documents is escaped: it is shown, never taken for markup."""
    notes = _Notes(result)
    lines = [
        *_section("Summary", (f"{_plain(s.text)} {notes.refer(s.citations)}" for s in result.summary)),
        *_section(
            "Agreed by at least " + str(result.quorum),
            (f"- {_said(c.text, c.attributed_to)} {notes.refer(c.citations)}" for c in result.consensus),
        ),
        *_section(
            "Shared",
            (f"- {_said(c.text, c.attributed_to)} {notes.refer(c.citations)}" for c in result.shared),
        ),
    ]
    for group in result.unique:
        claims = (f"- {_said(c.text, c.attributed_to)} {notes.refer(c.citations)}" for c in group.claims)
        lines += _section(f"Only in {_plain(notes.title(group.document_id))}", claims)
    lines += _section("Not judged", (f"- {_said(c.text, c.attributed_to)}" for c in result.unjudged))
    for dispute in result.disputes:
        positions = (f"- **{_plain(p.text)}** {notes.refer(p.citations)}" for p in dispute.positions)
        lines += _section(f"Disputed: {_plain(dispute.question)}", positions)
    dropped = (
        f"- {_plain(d.text)} ({_plain('; '.join(r.detail or r.check for r in d.reasons))})"
        for d in result.dropped
    )
    lines += _section("Dropped", dropped)
    lines += _section("Warnings", (f"- {_plain(w.detail)}" for w in result.warnings))
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
            yield f"{number}. {_plain(self.title(c.document_id))} ({_plain(c.document_id)}, {c.start}–{c.end}): {_plain(c.quote)}"


def _section(heading: str, entries: Iterable[str]) -> list[str]:
    """A heading and its entries, or nothing where there are none."""
    body = list(entries)
    return [f"## {heading}", "", *body, ""] if body else []


def _said(text: str, speaker: str | None) -> str:
    return _plain(text) if speaker is None or speaker in text else f"{_plain(text)} ({_plain(speaker)})"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
