"""Routes: parse, call one thing, shape the reply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service import __version__
from service.api.bodies import require_json
from service.api.markdown import to_markdown
from service.api.negotiation import EVENTS, MARKDOWN, negotiate
from service.api.schemas import (
    EstimateResult,
    Problem,
    Result,
    SummaryRequest,
    SummaryResult,
    VerificationRequest,
    VerificationResult,
)
from service.api.streaming import EventRoute, follow, unless_gone
from service.api.summaries import Listener, Summaries
from service.api.verifications import Verifications

_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "description": phrase}
    for status, phrase in (
        (400, "The body can't be read as JSON."),
        (402, "Going on could cost more than `max_cost_usd`."),
        (406, "Neither JSON, Markdown nor events are accepted."),
        (413, "A limit is exceeded."),
        (415, "The body is no `application/json` in UTF-8."),
        (422, "The request is invalid; `errors` points to where."),
        (502, "The backend could not do a step."),
        (503, "The model can't be had, and `Concord-Require-Model` asks for it."),
        (504, "The summary took longer than its deadline."),
    )
}
_NOT_ACCEPTABLE = 406
_TEXT = {"schema": {"type": "string"}}
RequireModel = Annotated[
    bool,
    Header(
        alias="Concord-Require-Model",
        description="`true`: 503 rather than a step done without the model.",
    ),
]


class Health(Result):
    """That the process answers, and what it is."""

    status: str
    version: str
    backend: str
    tokenizer: str


def create_router(summaries: Summaries, verifications: Verifications) -> APIRouter:
    """The routes over what makes summaries and verifies texts."""
    router = APIRouter()
    _add_summaries(router, summaries)
    _add_verifications(router, verifications)

    @router.get("/healthz", tags=["operations"])
    async def healthz() -> Health:
        """That the process is alive."""
        model = summaries.describe()
        return Health(status="ok", version=__version__, backend=model.backend, tokenizer=model.tokenizer)

    return router


def _add_summaries(router: APIRouter, summaries: Summaries) -> None:
    """Summaries as JSON, Markdown or events, and what they cost at most. The events come first: they match less."""

    async def stream_summary(
        request: Request, body: SummaryRequest, require_model: RequireModel = False
    ) -> AsyncIterator[ServerSentEvent]:
        """The same as events: `stage`, `sentence`, and last `result` or `error`."""
        async for event in follow(request, summaries, body, require_model=require_model):
            yield event

    router.add_api_route(
        "/v1/summaries",
        stream_summary,
        methods=["POST"],
        response_class=EventSourceResponse,
        dependencies=[Depends(require_json)],
        include_in_schema=False,  # the route below describes both
        route_class_override=EventRoute,
    )

    @router.post(
        "/v1/summaries",
        response_model=SummaryResult,
        responses={**_PROBLEMS, 200: {"content": {MARKDOWN: _TEXT, EVENTS: _TEXT}}},
        dependencies=[Depends(require_json)],
        tags=["summaries"],
    )
    async def create_summary(
        request: Request,
        body: SummaryRequest,
        media_type: Annotated[str, Depends(negotiate)],
        require_model: RequireModel = False,
    ) -> SummaryResult | Response:
        """What the documents agree on, what each says alone, and where they disagree, with exact spans."""
        result = await unless_gone(request, summaries.make(body, Listener(require_model=require_model)))
        if isinstance(result, SummaryResult) and media_type == MARKDOWN:
            return Response(to_markdown(result), media_type=f"{MARKDOWN}; charset=utf-8")
        return result

    @router.post(
        "/v1/estimates",
        responses={status: _PROBLEMS[status] for status in (400, 413, 415, 422)},
        dependencies=[Depends(require_json)],
        tags=["summaries"],
    )
    async def create_estimate(body: SummaryRequest) -> EstimateResult:
        """What a summary of these documents costs at most. No model is asked."""
        return await summaries.estimate(body)


def _add_verifications(router: APIRouter, verifications: Verifications) -> None:
    """Verdicts on anybody's text."""

    @router.post(
        "/v1/verifications",
        responses={status: entry for status, entry in _PROBLEMS.items() if status != _NOT_ACCEPTABLE},
        response_model=VerificationResult,
        dependencies=[Depends(require_json)],
        tags=["verifications"],
    )
    async def create_verification(
        request: Request, body: VerificationRequest, require_model: RequireModel = False
    ) -> VerificationResult | Response:
        """Which sentences of a text the documents support, with exact spans for and against each."""
        return await unless_gone(request, verifications.make(body, require_model=require_model))
