"""Markdown: one result as a text to read or send, with numbered citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.api.schemas import CitationOut, ClaimOut, SummaryResult
from service.web.notes import Notes, of_summary

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|&~])")
_LIST_MARK = re.compile(r"^(\d*)([-+=.)])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def to_markdown(result: SummaryResult) -> str:
    """The result as CommonMark. Text from documents is escaped: it is shown, never taken for markup."""
    notes = of_summary(result)
    lines = _section("Summary", (f"{_plain(s.text)} {_refer(s.citations, notes)}" for s in result.summary))
    lines += _section(f"Agreed by at least {result.quorum} origins", _list(result.consensus, notes))
    lines += _section("Shared", _list(result.shared, notes))
    for group in result.unique:
        lines += _section(f"Only in {_plain(notes.label(group.document_id))}", _list(group.claims, notes))
    lines += _section("Not judged", _list(result.unjudged, notes))
    for dispute in result.disputes:
        positions = (f"- **{_plain(p.text)}** {_refer(p.citations, notes)}" for p in dispute.positions)
        lines += _section(f"Disputed: {_plain(dispute.question)}", positions)
    reasons = ((d.text, "; ".join(r.detail or r.check for r in d.reasons)) for d in result.dropped)
    lines += _section("Dropped", (f"- {_plain(text)} ({_plain(reason)})" for text, reason in reasons))
    about = ((f"{w.document_id}: " if w.document_id else "", w.detail) for w in result.warnings)
    lines += _section("Warnings", (f"- {_plain(where + detail)}" for where, detail in about))
    lines += _section("Sources", _sources(notes))
    return "\n".join(lines).strip() + "\n"


def _section(heading: str, entries: Iterable[str]) -> list[str]:
    """A heading and its entries, or nothing where there are none."""
    body = list(entries)
    return [f"## {heading}", "", *body, ""] if body else []


def _list(claims: Iterable[ClaimOut], notes: Notes) -> Iterator[str]:
    for claim in claims:
        yield f"- {_said(claim.text, claim.attributed_to)} {_refer(claim.citations, notes)}"


def _refer(citations: Iterable[CitationOut], notes: Notes) -> str:
    return "".join(f"[{notes.number(citation)}]" for citation in citations)


def _sources(notes: Notes) -> Iterator[str]:
    """What each number stands for: the source, the span in code points, the words."""
    for number, c in enumerate(notes.cited, start=1):
        where = f"{_plain(c.document_id)}, {c.start}–{c.end}"
        yield f"{number}. {_plain(notes.label(c.document_id))} ({where}): {_plain(c.quote)}"


def _said(text: str, speaker: str | None) -> str:
    return _plain(text) if speaker is None or speaker in text else f"{_plain(text)} ({_plain(speaker)})"


def _plain(text: str) -> str:
    """On one line, without control characters, and with nothing that Markdown would take for its own."""
    line = _CONTROL.sub("\ufffd", " ".join(text.split()))
    return _LIST_MARK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line))
