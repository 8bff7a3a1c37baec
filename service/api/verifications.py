"""Verifications: somebody's text and documents to verdicts, for the HTTP route and the command line alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.api.observing import Watch
from service.api.requests import VerificationRequest
from service.api.schemas import VerificationResult
from service.api.shaping import Made, shape_verification
from service.api.summaries import Summaries, least, to_sources
from service.api.visits import Spending
from service.backends.base import NO_TERMS, Means, Terms
from service.core.errors import TooLarge
from service.core.model import Span
from service.verifying import batches_of, split, verify_text


@dataclass(frozen=True, slots=True)
class Verifications:
    """Verifies with the parts that summaries are made with. A text may hold `most_sentences`."""

    parts: Summaries
    most_sentences: int

    def weigh(self, request: VerificationRequest) -> int:
        """The tokens of the text and of all documents as posted."""
        count = self.parts.tokens.count
        return count(request.text) + sum(count(document.text) for document in request.documents)

    async def bound(self, request: VerificationRequest) -> float | None:
        """The most that the verdicts cost, in dollars; None where a model has no price. Raises as `make` does."""
        spans = await self._split(request)
        return least(request.max_cost_usd, self.parts.backends.estimate_verdicts(batches_of(spans)).cost_usd)

    async def _split(self, request: VerificationRequest) -> list[tuple[Span, bool]]:
        """The spans of the text. Raises TooLarge for what is beyond a limit."""
        self.parts.limits.check(request.documents)
        self.parts.limits.check_text(request.text, "/text")
        spans = await self.parts.offload(split, request.text)
        if len(spans) > self.most_sentences:
            detail = f"the text has {len(spans)} sentences; it may have {self.most_sentences} (CONCORD_MAX_SENTENCES)"
            raise TooLarge(detail, "/text")
        return spans

    async def make(
        self, request: VerificationRequest, terms: Terms = NO_TERMS, spending: Spending | None = None
    ) -> VerificationResult:
        """The verdicts on a text, on some terms; `spending` is told once what tells the usage at any time.

        Raises InvalidInput or TooLarge with a pointer if the request can't be worked on, ModelUnavailable,
        BudgetExceeded and DeadlineExceeded as a summary does.
        """
        with Watch("verification", request.documents, self.parts.observer) as watch:
            watch.result = result = await self._make(request, terms, spending, watch)
        return result

    async def _make(
        self, request: VerificationRequest, terms: Terms, spending: Spending | None, watch: Watch
    ) -> VerificationResult:
        parts, spans = self.parts, await self._split(request)
        most_usd = least(request.max_cost_usd, terms.max_cost_usd)
        backend, account = parts.backends.open(replace(terms, max_cost_usd=most_usd))
        watch.account = account
        if spending:
            spending(account.usage)
        means = Means(parts.tokens.count, parts.offload, to_text=parts.to_text)
        async with parts.in_time("verification"):
            found = await verify_text(request.text, spans, to_sources(request.documents), backend, means)
        counts = await parts.offload(lambda: [parts.tokens.count(document.text) for document in found.documents])
        notices = [*found.notices, *account.notices(), *account.notices_of_judge()]
        run = Made("", parts.describe(), account.usage(), account.degraded)
        return shape_verification(found, run, notices, counts)
