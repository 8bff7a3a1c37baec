"""Routes: parse, call one thing, shape the reply."""

from __future__ import annotations

import asyncio
from functools import partial
from http import HTTPStatus
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Header, Request, Response
from starlette.exceptions import HTTPException

from service import __version__
from service.api.markdown import to_markdown
from service.api.schemas import Problem, Result, SummaryRequest, SummaryResult
from service.api.summaries import Summaries

JSON, MARKDOWN = "application/json", "text/markdown"
_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": phrase}
    for status, phrase in (
        (400, "The body is not JSON."),
        (406, "Neither JSON nor Markdown is accepted."),
        (413, "A limit is exceeded."),
        (415, "The body is no `application/json`."),
        (422, "The request is invalid; `errors` points to where."),
    )
}


class Health(Result):
    """That the process answers, and what it is."""

    status: str
    version: str
    backend: str
    tokenizer: str


def require_json(content_type: Annotated[str | None, Header(include_in_schema=False)] = None) -> None:
    """Only JSON bodies are read."""
    media_type = (content_type or "").split(";")[0].strip().lower()
    if media_type != JSON and not (media_type.startswith("application/") and media_type.endswith("+json")):
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send the body as {JSON}, not as {media_type or 'nothing declared'}"
        )


def negotiate(accept: Annotated[str | None, Header()] = None) -> str:
    """The media type to answer with, by the quality values of `Accept` (RFC 9110, 12.5.1)."""
    best, quality = "", 0.0
    for entry in (accept or "*/*").split(","):
        media_range, *parameters = (part.strip().lower() for part in entry.split(";"))
        weight = next((_quality(p) for p in parameters if p.startswith("q=")), 1.0)
        for offered in (JSON, MARKDOWN):
            matches = media_range in (offered, "*/*", f"{offered.split('/')[0]}/*")
            if matches and weight > quality:
                best, quality = offered, weight
    if not best:
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, f"the answer comes as {JSON} or {MARKDOWN}")
    return best


def _quality(parameter: str) -> float:
    try:
        return float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0


def create_router(summaries: Summaries, concurrent: int) -> APIRouter:
    """The routes over what makes summaries, of which at most `concurrent` are worked on at once."""
    router = APIRouter()
    limiter: list[CapacityLimiter] = []

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
        """What the documents agree on, what each says alone, and where they disagree, with exact citations."""
        if not limiter:
            limiter.append(CapacityLimiter(concurrent))  # needs the running event loop
        work = partial(asyncio.run, summaries.make(request))  # pure computation: off the event loop
        result = await to_thread.run_sync(work, limiter=limiter[0])
        if media_type == MARKDOWN:
            return Response(to_markdown(result), media_type=f"{MARKDOWN}; charset=utf-8")
        return result

    @router.get("/healthz", tags=["operations"])
    async def healthz() -> Health:
        """The process is alive."""
        return Health(
            status="ok", version=__version__, backend=summaries.backend.name, tokenizer=summaries.tokens.name
        )

    return router

