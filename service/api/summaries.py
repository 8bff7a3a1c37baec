"""Summaries: a request to a result, for the HTTP routes and the command line alike."""

from __future__ import annotations

import secrets
from asyncio import timeout
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from time import perf_counter

from service.api.forecasting import Forecast
from service.api.observing import UNOBSERVED, Observer, Watch
from service.api.requests import DocumentIn, SummaryRequest
from service.api.schemas import EstimateResult, ModelOut, SentenceOut, SummaryResult
from service.api.shaping import Made, shape, shape_sentence
from service.api.visits import Spending
from service.backends.base import NO_TERMS, Backends, Estimate, Means, Offload, Scope, Terms, Usage, inline
from service.backends.tokens import TokenCounter
from service.core.chunking import chunk
from service.core.errors import DeadlineExceeded, InvalidInput, TooLarge
from service.core.formats import Turn, to_text
from service.core.model import Document, Source, Statement
from service.core.outcome import Notice
from service.files.extracting import LOOKS, find_kind
from service.pipeline import Options, compare, read_all

_NOTHING = Usage()
_LANGUAGE_IGNORED = Notice(
    "language_ignored", "no backend that translates is at work: the words are the documents' own"
)


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told of a summary while it is made.

    `stage` is called with a stage's name, how much of the whole is done, and of how much; `sentence` with each
    sentence of the summary once it is verified; `spending` once, with what tells the usage at any time.
    """

    stage: Callable[[str, int, int], None] | None = None
    sentence: Callable[[SentenceOut], None] | None = None
    spending: Spending | None = None

    def told(self, statement: Statement) -> None:
        """Pass a verified statement on, as the result will have it."""
        if self.sentence:
            self.sentence(shape_sentence(statement))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may hold: documents, code points in one of them and in all."""

    documents: int
    document_characters: int
    total_characters: int

    def check(self, documents: Sequence[DocumentIn]) -> None:
        """Raises TooLarge with a pointer to the first thing beyond a limit."""
        if len(documents) > self.documents:
            detail = (
                f"the request has {len(documents)} documents; it may have {self.documents} (CONCORD_MAX_DOCUMENTS)"
            )
            raise TooLarge(detail, "/documents")
        for position, document in enumerate(documents):
            self.check_text(document.text, f"/documents/{position}/text")
        total = sum(len(document.text) for document in documents)
        if total > self.total_characters:
            most = f"{self.total_characters} (CONCORD_MAX_TOTAL_CHARACTERS)"
            detail = f"the documents have {total} characters together; they may have {most}"
            raise TooLarge(detail, "/documents")

    def check_text(self, text: str, pointer: str) -> None:
        """Raises TooLarge for a text that is longer than a document may be."""
        if len(text) > self.document_characters:
            most = f"{self.document_characters} (CONCORD_MAX_DOCUMENT_CHARACTERS)"
            detail = f"the text has {len(text)} characters; it may have {most}"
            raise TooLarge(detail, pointer)


@dataclass(frozen=True, slots=True)
class Summaries:
    """Makes summaries with the parts it is given. `deadline` is in seconds; `forecast` learns from every run."""

    backends: Backends
    tokens: TokenCounter
    limits: Limits
    chunk_tokens: int
    deadline: float | None = None
    offload: Offload = inline
    forecast: Forecast = field(default_factory=Forecast)
    observer: Observer = UNOBSERVED
    to_text: Turn = to_text

    def check(self, request: SummaryRequest) -> None:
        """Raises InvalidInput or TooLarge for what can be told of a request before any work."""
        self.limits.check(request.documents)
        to_sources(request.documents)

    def weigh(self, request: SummaryRequest) -> int:
        """The tokens of all documents as posted, markup and all."""
        return sum(self.tokens.count(document.text) for document in request.documents)

    async def bound(self, request: SummaryRequest) -> float | None:
        """The most that a summary costs, in dollars: None where a model has no price. Raises as `estimate`."""
        return least(request.max_cost_usd, (await self.estimate(request)).cost_usd)

    async def make(
        self,
        request: SummaryRequest,
        listener: Listener = Listener(),
        terms: Terms = NO_TERMS,
        used: Usage = _NOTHING,
    ) -> SummaryResult:
        """The result for a request, on some terms; `used` is what earlier attempts at the same job have used.

        Raises InvalidInput or TooLarge with a pointer if the request can't be worked on, BackendFailed if the
        backend could not do a step, BudgetExceeded before `max_cost_usd` would be passed, and DeadlineExceeded.
        """
        with Watch("summary", request.documents, self.observer) as watch:
            watch.result = result = await self._make(request, listener, terms, used, watch)
        return result

    async def _make(
        self, request: SummaryRequest, listener: Listener, terms: Terms, used: Usage, watch: Watch
    ) -> SummaryResult:
        self.limits.check(request.documents)
        began = perf_counter()
        backend, account = self.backends.open(_within_budget(terms, request.max_cost_usd, used))
        watch.account = account
        if listener.spending:
            listener.spending(lambda: used + account.usage())
        count = cache(self.tokens.count)  # a document is counted to be chunked, and to be described
        means = Means(count, self.offload, listener.stage, listener.told, self.observer.stage, self.to_text)
        options = Options(request.quorum, request.max_sentences, request.focus, self._chunk_tokens)
        async with self.in_time("summary"):
            comparison = await compare(to_sources(request.documents), backend, options, means)
        notices = [*account.notices(), *([_LANGUAGE_IGNORED] if request.language is not None else [])]
        comparison = replace(comparison, notices=(*comparison.notices, *notices))
        counts = await self.offload(lambda: [count(document.text) for document in comparison.documents])
        model = self.describe()
        job_id = terms.job_id or f"sum_{secrets.token_hex(16)}"
        run = Made(job_id, model, used + account.usage(), account.degraded)
        result = await self.offload(shape, comparison, run, counts)
        if not account.usage().memoised:  # what was answered before says nothing of the next run
            self.forecast.ran(sum(counts), perf_counter() - began)
        return result

    async def estimate(self, request: SummaryRequest) -> EstimateResult:
        """The most that a request can use, without asking a model. Raises as `make` does for what is invalid."""
        self.limits.check(request.documents)
        async with self.in_time("estimate"):
            documents = await self.offload(read_all, to_sources(request.documents), self.to_text)
            most = await self.offload(self._estimate, documents, Scope(request.max_sentences, request.focus or ""))
            tokens = await self.offload(lambda: sum(self.tokens.count(document.text) for document in documents))
        return EstimateResult(
            document_tokens=tokens,
            requests=most.requests,
            prompt_tokens=most.prompt_tokens,
            completion_tokens=most.completion_tokens,
            cost_usd=most.cost_usd,
            exact=most.exact,
            model=self.describe(),
        )

    @asynccontextmanager
    async def in_time(self, what: str) -> AsyncIterator[None]:
        """Stop what takes longer than the deadline; a step that is computed comes to its end, unheard.

        Raises DeadlineExceeded.
        """
        try:
            async with timeout(self.deadline):
                yield
        except TimeoutError as error:
            raise DeadlineExceeded(
                f"the {what} took longer than {self.deadline:g} s (CONCORD_DEADLINE_SECONDS)"
            ) from error

    def _estimate(self, documents: Sequence[Document], scope: Scope) -> Estimate:
        parts = [part for d in documents for part in chunk(d, self._chunk_tokens, self.tokens.count)]
        return self.backends.estimate(parts, [document.text for document in documents], scope)

    @property
    def _chunk_tokens(self) -> int:
        return min(self.chunk_tokens, self.backends.chunk_tokens)

    def describe(self) -> ModelOut:
        """What the results of this service name as their model."""
        backends = self.backends
        return ModelOut(
            backend=backends.name, name=backends.model, prompts=backends.prompts, tokenizer=self.tokens.name
        )


def _within_budget(terms: Terms, budget: float | None, used: Usage) -> Terms:
    """The terms, with no more to be spent than a client's budget leaves after earlier attempts."""
    left = None if budget is None else max(0.0, budget - (used.cost_usd or 0.0))
    return replace(terms, max_cost_usd=least(left, terms.max_cost_usd))


def least(*bounds: float | None) -> float | None:
    """The least of some bounds, of which None is none."""
    return min((bound for bound in bounds if bound is not None), default=None)


def _check_is_text(text: str, pointer: str) -> None:
    """Raises InvalidInput for a file that is posted as if it were its text."""
    kind = find_kind(text)
    if kind:
        detail = f"this is {LOOKS[kind]}, not its text: POST /v1/texts reads it"
        raise InvalidInput(detail, pointer)


def to_sources(documents: list[DocumentIn]) -> list[Source]:
    """Sources with ids; those without one get `d1`, `d2`, … by position, or the next number that is free."""
    given: dict[str, int] = {}
    for position, document in enumerate(documents):
        if document.id is not None:
            if document.id in given:
                detail = f"'{document.id}' is the id of /documents/{given[document.id]} already: each needs its own"
                raise InvalidInput(detail, f"/documents/{position}/id")
            given[document.id] = position
    sources = []
    for position, document in enumerate(documents):
        _check_is_text(document.text, f"/documents/{position}/text")
        number = position + 1
        while document.id is None and f"d{number}" in given:
            number += 1
        document_id = document.id or f"d{number}"
        given.setdefault(document_id, position)
        fields = document.model_dump(exclude={"id"})
        sources.append(Source(id=document_id, **fields))
    return sources
