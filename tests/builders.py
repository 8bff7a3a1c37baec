"""Small builders that tests share: documents from texts, claims from sentences, runs of the pipeline."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from fastapi import FastAPI

from benchmarks.stub import Stub
from service.app import create_app
from service.backends.base import Account, Backend, Backends, Estimate, Scope, Terms
from service.backends.embedded import EmbeddedBackend
from service.core.matching import Index
from service.core.model import Chunk, Claim, Document, Sentence, Source, Span
from service.core.outcome import Comparison
from service.core.reading import read
from service.inputs import find_data, read_paths
from service.jobs.memory import MemoryEngine
from service.pipeline import Options, compare
from service.settings import load_settings

DAY = datetime(2024, 10, 28, 18, 0, tzinfo=UTC)  # a Monday

BRIDGE = (
    "The old harbour bridge at Wexmouth was closed on Monday.\n\nA ferry will carry cyclists for nothing until May.",
    "On Monday the old harbour bridge at Wexmouth was closed.\n\nEngineers had seen a crack in the harbour bridge."
    "\n\nCyclists are taken over the river by a ferry.",
    "Inspectors shut the harbour bridge at Wexmouth.\n\nCyclists of the town now use a ferry."
    "\n\nA crack in the bridge had opened, inspectors found.",
)
"""Three reports of which rules settle some claims, and leave others to a model."""
PRICE = {"prompt": 1.0, "cached": 1.0, "completion": 4.0}
"""Dollars for a million tokens of a stub's."""
PRICES = {"CONCORD_PRICES": json.dumps({"stub": PRICE})}
"""The setting that tells them."""


def create_app_of(variables: Mapping[str, str], backends: Backends | None = None) -> FastAPI:
    """The application with these settings. Its jobs run in this process: DBOS would allow one application only."""
    return create_app(load_settings(variables), backends, MemoryEngine())


def asking(stub: Stub, **more: str) -> dict[str, str]:
    """Settings that have a stub asked."""
    return {"OPENAI_BASE_URL": stub.base_url, "CONCORD_MODEL": "stub", **more}


def villages(count: int) -> dict[str, Any]:
    """A request of documents that differ, of which each is read by a request of its own."""
    texts = (f"The bridge of village {number} was closed on Monday. Cars use a ford." for number in range(count))
    return {"documents": [{"text": text} for text in texts]}


def document(text: str, document_id: str = "a", published_at: datetime | None = DAY) -> Document:
    """A document read from a text."""
    return read(Source(document_id, text, published_at=published_at))


def documents(*texts: str) -> list[Document]:
    """Documents a, b, c, … read from texts."""
    return [document(text, "abcdefghij"[position]) for position, text in enumerate(texts)]


def index(*texts: str) -> Index:
    """An index over documents a, b, c, …"""
    return Index(documents(*texts))


def sample(name: str) -> list[str]:
    """The texts of a sample cluster, in the order of its manifest."""
    return [document.text for document in read_paths([find_data() / name]).documents]


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


class Opens:
    """Backends that open the one backend that they are given, whatever a client asks for."""

    name = "given"
    model = "given"
    prompts: str | None = None
    chunk_tokens = 4_000
    down = False

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def open(self, terms: Terms) -> tuple[Backend, Account]:
        return self._backend, Account()

    def estimate(self, parts: Sequence[Chunk], texts: Sequence[str], scope: Scope) -> Estimate:
        return Estimate()

    def estimate_verdicts(self, batches: Sequence[int]) -> Estimate:
        return Estimate()

    async def close(self) -> None:
        """There is nothing to close."""


def sentences_as_claims(found: Index) -> list[Claim]:
    """Every sentence of every document as a claim."""
    return [claim(found, d.id, position) for d in found.documents.values() for position in range(len(d.sentences))]


def said(comparison: Comparison) -> Sequence[str]:
    return [statement.text for statement in comparison.summary]


def spans_are_sound(document: Document) -> bool:
    """True if sentences are in order, apart from each other and from furniture, and quote the text."""
    spans = [Span(s.start, s.end) for s in document.sentences]
    ordered = all(a.end <= b.start for a, b in pairwise(spans))
    apart = not any(s.overlaps(f) for s in spans for f in document.furniture)
    exact = all(document.text[s.start : s.end] == s.text for s in document.sentences)
    return ordered and apart and exact
