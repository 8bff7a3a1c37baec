"""Routes: parse, call one thing, shape the reply."""

from __future__ import annotations

import asyncio
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Response

from service import __version__
from service.api.bodies import require_json
from service.api.markdown import to_markdown
from service.api.negotiation import MARKDOWN, negotiate
from service.api.schemas import Problem, Result, SummaryRequest, SummaryResult
from service.api.summaries import Summaries

_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": phrase}
    for status, phrase in (
        (400, "The body can't be read as JSON."),
        (406, "Neither JSON nor Markdown is accepted."),
        (413, "A limit is exceeded."),
        (415, "The body is no `application/json` in UTF-8."),
        (422, "The request is invalid; `errors` points to where."),
        (502, "The backend could not do a step."),
    )
}


class Health(Result):
    """That the process answers, and what it is."""

    status: str
    version: str
    backend: str
    tokenizer: str


def create_router(summaries: Summaries, concurrent: int) -> APIRouter:
    """The routes over what makes summaries, of which at most `concurrent` are worked on at once."""
    router = APIRouter()
    limiter = CapacityLimiter(concurrent)

    @router.post(
        "/v1/summaries",
        response_model=SummaryResult,
        responses={**_PROBLEMS, 200: {"content": {MARKDOWN: {"schema": {"type": "string"}}}}},
        dependencies=[Depends(require_json)],
        tags=["summaries"],
    )
    async def create_summary(
        request: SummaryRequest, media_type: Annotated[str, Depends(negotiate)]
    ) -> SummaryResult | Response:
        """What the documents agree on, what each says alone, and where they disagree, with exact spans."""
        # pure computation: off the event loop
        result = await to_thread.run_sync(lambda: asyncio.run(summaries.make(request)), limiter=limiter)
        if media_type == MARKDOWN:
            return Response(to_markdown(result), media_type=f"{MARKDOWN}; charset=utf-8")
        return result

    @router.get("/healthz", tags=["operations"])
    async def healthz() -> Health:
        """That the process is alive."""
        return Health(
            status="ok", version=__version__, backend=summaries.backend.name, tokenizer=summaries.tokens.name
        )

    return router
