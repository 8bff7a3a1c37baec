"""Routes: parse, call one thing, shape the reply. Annotations are values here: they name dependencies made below."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service import __version__
from service.api import problems
from service.api.bodies import JsonRoute
from service.api.intake import Intake
from service.api.job_routes import add_jobs
from service.api.kept import PATH, JobOut, locate
from service.api.negotiation import EVENTS, HTML, MARKDOWN, negotiate
from service.api.preferences import Wish, read_wish
from service.api.reports import report_posted
from service.api.requests import SummaryRequest, VerificationRequest
from service.api.schemas import EstimateResult, Result, SummaryResult, VerificationResult
from service.api.statements import EVENT_STREAM, LINKS, LOCATION, PROBLEMS, RETRY_AFTER, TEXT, header
from service.api.streaming import EventRoute, follow, unless_gone
from service.api.summaries import Listener
from service.api.verifications import Verifications
from service.api.visits import visit_of
from service.api.watching import watch
from service.web.markdown import to_markdown

_ANSWERS: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    200: {
        "description": "The summary. Where it was made as a job, `Location` names that.",
        "content": {MARKDOWN: TEXT, HTML: TEXT, EVENTS: EVENT_STREAM},
        "headers": {"Location": LOCATION, "Preference-Applied": header("`wait=N`, where that was waited for.")},
    },
    202: {
        "model": JobOut,
        "description": "The job that makes the summary: asked for, or because it is large (`warnings` says so).",
        "headers": {
            "Location": LOCATION,
            "Preference-Applied": header("`respond-async`, and `wait=N` where that was waited for in vain."),
            "Retry-After": RETRY_AFTER,
        },
        "links": LINKS,
    },
}
_OF_SUMMARIES = (404, 406, 409)
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


def create_router(intake: Intake, verifications: Verifications) -> APIRouter:
    """The routes over what takes requests for summaries in, and what verifies texts."""
    router = APIRouter(route_class=JsonRoute)
    _add_events(router, intake)
    _add_summaries(router, intake)
    add_jobs(router, intake.jobs)
    _add_verifications(router, verifications)

    @router.get("/healthz", tags=["operations"])
    async def healthz() -> Health:
        """That the process is alive."""
        model = intake.summaries.describe()
        return Health(status="ok", version=__version__, backend=model.backend, tokenizer=model.tokenizer)

    return router


def _add_events(router: APIRouter, intake: Intake) -> None:
    """Summaries as events. They come before those of other kinds, for they match less."""

    async def accept(
        request: Request,
        body: SummaryRequest,
        wish: Annotated[Wish, Depends(read_wish)],
        response: Response,
        require_model: RequireModel = False,
    ) -> str | None:
        """The id of the job that the request is, if it is one."""
        visit = visit_of(request)
        if not wish.is_job:
            await visit.ask(intake.summaries, body)
            return None
        job = await intake.accept(body, wish, [], visit, require_model=require_model)
        response.headers.update(locate(job))
        return job.id

    async def stream_summary(
        request: Request,
        body: SummaryRequest,
        job_id: Annotated[str | None, Depends(accept)],
        require_model: RequireModel = False,
    ) -> AsyncIterator[ServerSentEvent]:
        """The same as events: `stage`, `sentence`, and last `result` or `error`."""
        if job_id:
            events = watch(intake.jobs, job_id, 0, problems.id_of(request))
        else:
            events = follow(request, intake.summaries, body, require_model=require_model)
        async for event in events:
            yield event

    router.add_api_route(
        PATH,
        stream_summary,
        methods=["POST"],
        response_class=EventSourceResponse,
        include_in_schema=False,  # the route below describes both
        route_class_override=EventRoute,
    )


def _add_summaries(router: APIRouter, intake: Intake) -> None:
    """Summaries as JSON or Markdown, at once or as a job, and what they cost at most."""
    summaries = intake.summaries

    @router.post(
        PATH,
        response_model=SummaryResult,
        responses=_ANSWERS,
        tags=["summaries"],
    )
    async def create_summary(
        request: Request,
        body: SummaryRequest,
        media_type: Annotated[str, Depends(negotiate)],
        wish: Annotated[Wish, Depends(read_wish)],
        require_model: RequireModel = False,
    ) -> SummaryResult | Response:
        """What the documents agree on, what each says alone, and where they disagree, with exact spans."""
        reasons, visit = await intake.reasons(body, wish), visit_of(request)
        if wish.is_job or reasons:
            job = await intake.accept(body, wish, reasons, visit, require_model=require_model)
            return await unless_gone(request, intake.answer(job, wish, reasons, media_type))
        await visit.ask(summaries, body)
        async with visit.metered() as spending:
            terms = visit.terms(require_model=require_model)
            result = await unless_gone(request, summaries.make(body, Listener(spending=spending), terms))
        if isinstance(result, SummaryResult) and media_type == MARKDOWN:
            return Response(to_markdown(result), media_type=f"{MARKDOWN}; charset=utf-8")
        if isinstance(result, SummaryResult) and media_type == HTML:
            return await summaries.offload(report_posted, result, body)
        return result

    @router.post(
        "/v1/estimates",
        responses={status: PROBLEMS[status] for status in (400, 408, 413, 415, 422, 504)},
        tags=["summaries"],
    )
    async def create_estimate(body: SummaryRequest) -> EstimateResult:
        """What a summary of these documents costs at most. No model is asked."""
        return await summaries.estimate(body)


def _add_verifications(router: APIRouter, verifications: Verifications) -> None:
    """Verdicts on anybody's text."""

    @router.post(
        "/v1/verifications",
        responses={status: entry for status, entry in PROBLEMS.items() if status not in _OF_SUMMARIES},
        response_model=VerificationResult,
        tags=["verifications"],
    )
    async def create_verification(
        request: Request, body: VerificationRequest, require_model: RequireModel = False
    ) -> VerificationResult | Response:
        """Which sentences of a text the documents support, with exact spans for and against each."""
        return await verify(request, verifications, body, require_model=require_model)


async def verify(
    request: Request, verifications: Verifications, body: VerificationRequest, *, require_model: bool = False
) -> VerificationResult | Response:
    """The verdicts on a text, for the API and the page alike, within the limits of its caller.

    The work is ended if the client goes away. Raises RateLimited, and as `make` does.
    """
    visit = visit_of(request)
    await visit.ask(verifications, body)
    async with visit.metered() as spending:
        terms = visit.terms(require_model=require_model)
        return await unless_gone(request, verifications.make(body, terms, spending))
