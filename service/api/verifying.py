"""Verifying: one request for verdicts, for the API and the page alike, within the limits of its caller."""

from __future__ import annotations

from fastapi import Request, Response

from service.api.requests import VerificationRequest
from service.api.schemas import VerificationResult
from service.api.streaming import unless_gone
from service.api.verifications import Asked, Verifications
from service.api.visits import visit_of


async def verify(
    request: Request, verifications: Verifications, body: VerificationRequest, *, require_model: bool = False
) -> VerificationResult | Response:
    """The verdicts on a text; the work is ended if the client goes away. Raises RateLimited, and as `make` does."""
    visit = visit_of(request)
    await visit.ask(verifications, body)
    async with visit.metered() as spending:
        asked = Asked(require_model, spending, visit.owner_id, visit.most_usd)
        return await unless_gone(request, verifications.make(body, asked))
