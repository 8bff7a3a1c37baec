"""Small builders that tests share: documents from texts, claims from sentences, runs of the pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from service.backends.embedded import EmbeddedBackend
from service.core.matching import Index
from service.core.model import Claim, Comparison, Document, Sentence, Source, Span
from service.core.reading import read
from service.pipeline import Options, compare

DAY = datetime(2024, 10, 28, 18, 0, tzinfo=UTC)  # a Monday


def document(text: str, document_id: str = "a", published_at: datetime | None = DAY) -> Document:
    """A document read from a text."""
    return read(Source(document_id, text, published_at=published_at))


def documents(*texts: str) -> list[Document]:
    """Documents a, b, c, … read from texts."""
    return [document(text, "abcdefghij"[position]) for position, text in enumerate(texts)]


def index(*texts: str) -> Index:
    """An index over documents a, b, c, …"""
    return Index(documents(*texts))


def sentence(found: Index, document_id: str, position: int = 0) -> Sentence:
    """A sentence of an indexed document."""
    return found.documents[document_id].sentences[position]


def claim(found: Index, document_id: str, position: int = 0, number: str | None = None) -> Claim:
    """A claim that is a whole sentence of an indexed document."""
    stated = sentence(found, document_id, position)
    speaker = found.speaker(stated)
    return Claim(number or f"c{document_id}{position}", stated.text, document_id, (stated,), speaker, stated.text)


def run(*texts: str, options: Options = Options()) -> Comparison:  # noqa: B008 (frozen)
    """The comparison of documents a, b, c, … by the embedded backend."""
    sources = [Source("abcdefghij"[i], text, published_at=DAY) for i, text in enumerate(texts)]
    return asyncio.run(compare(sources, EmbeddedBackend(), options))


def said(comparison: Comparison) -> Sequence[str]:
    return [statement.text for statement in comparison.summary]


def spans_are_sound(document: Document) -> bool:
    """True if sentences are in order, apart from each other and from furniture, and quote the text."""
    spans = [Span(s.start, s.end) for s in document.sentences]
    ordered = all(a.end <= b.start for a, b in pairwise(spans))
    apart = not any(s.overlaps(f) for s in spans for f in document.furniture)
    exact = all(document.text[s.start : s.end] == s.text for s in document.sentences)
    return ordered and apart and exact
