"""Summaries: a request to a result, for the HTTP routes and the command line alike."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import cache

from service.api.schemas import DocumentIn, ModelOut, SummaryRequest, SummaryResult
from service.api.shaping import shape
from service.backends.base import Backend
from service.backends.tokens import TokenCounter
from service.core.errors import InvalidInput, TooLarge
from service.core.model import Notice, Source
from service.pipeline import Options, Progress, compare

_LANGUAGE_IGNORED = Notice(
    "language_ignored", "no backend that translates is at work: the words are the documents' own"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may hold: documents, code points in one of them and in all."""

    documents: int
    document_characters: int
    total_characters: int

    def check(self, request: SummaryRequest) -> None:
        """Raises TooLarge with a pointer to the first thing beyond a limit."""
        if len(request.documents) > self.documents:
            detail = f"{len(request.documents)} documents, of which a request may hold {self.documents}"
            raise TooLarge(detail, "/documents")
        total = 0
        for position, document in enumerate(request.documents):
            size = len(document.text)
            total += size
            if size > self.document_characters:
                detail = f"{size} characters, of which a document may hold {self.document_characters}"
                raise TooLarge(detail, f"/documents/{position}/text")
        if total > self.total_characters:
            raise TooLarge(
                f"{total} characters in all, of which a request may hold {self.total_characters}",
                "/documents",
            )


@dataclass(frozen=True, slots=True)
class Summaries:
    """Makes summaries with the parts it is given."""

    backend: Backend
    tokens: TokenCounter
    limits: Limits
    chunk_tokens: int

    async def make(self, request: SummaryRequest, progress: Progress | None = None) -> SummaryResult:
        """The result for a request.

        Raises InvalidInput or TooLarge with a pointer if the request can't be worked on, and BackendFailed if
        the backend could not do a step.
        """
        self.limits.check(request)
        options = Options(request.quorum, request.max_sentences, request.focus, self.chunk_tokens)
        count = cache(self.tokens.count)  # a document is counted to be chunked, and to be described
        comparison = await compare(to_sources(request.documents), self.backend, options, count, progress)
        if request.language is not None:
            comparison = replace(comparison, notices=(*comparison.notices, _LANGUAGE_IGNORED))
        model = ModelOut(backend=self.backend.name, name=self.backend.name, prompts=None, tokenizer=self.tokens.name)
        counts = [count(document.text) for document in comparison.documents]
        return shape(comparison, f"sum_{secrets.token_hex(8)}", model, counts)


def to_sources(documents: list[DocumentIn]) -> list[Source]:
    """Sources with ids; those without one get `d1`, `d2`, … by position, or the next number that is free."""
    given: dict[str, int] = {}
    for position, document in enumerate(documents):
        if document.id is not None:
            if document.id in given:
                detail = f"'{document.id}' is the id of /documents/{given[document.id]} already"
                raise InvalidInput(detail, f"/documents/{position}/id")
            given[document.id] = position
    sources = []
    for position, document in enumerate(documents):
        number = position + 1
        while document.id is None and f"d{number}" in given:
            number += 1
        document_id = document.id or f"d{number}"
        given.setdefault(document_id, position)
        fields = document.model_dump(exclude={"id"})
        sources.append(Source(id=document_id, **fields))
    return sources
