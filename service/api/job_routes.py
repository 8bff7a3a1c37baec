"""Routes of jobs: one is looked at, watched, and forgotten. Annotations are values here, as in routes.py."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from service.api import kept, problems
from service.api.kept import PATH, JobOut
from service.api.negotiation import EVENTS, HTML, JSON, MARKDOWN, negotiate_kept
from service.api.statements import EVENT_STREAM, LINKS, PROBLEMS, RETRY_AFTER, TEXT
from service.api.watching import LastEventId, find_place, watch
from service.jobs.jobs import Jobs

_UNAVAILABLE = PROBLEMS[503] | {"description": "Jobs can't be read or written now."}
_OF_ANY: dict[int | str, dict[str, Any]] = {404: PROBLEMS[404], 503: _UNAVAILABLE}
_WAITING = {"Retry-After": RETRY_AFTER | {"description": "While it is not over: seconds after which to ask again."}}
JobId = Annotated[
    str, Path(alias="id", description="As `Location` named it.", json_schema_extra={"pattern": kept.ID.pattern})
]


def add_jobs(router: APIRouter, jobs: Jobs) -> None:
    """What can be done with the jobs that summaries were taken in as."""
    _add_events(router, jobs)

    @router.get(
        f"{PATH}/{{id}}",
        response_model=JobOut,
        responses={
            **_OF_ANY,
            200: {
                "description": "The job; as Markdown or HTML its result, or the problem that it failed with.",
                "content": {MARKDOWN: TEXT, HTML: TEXT},
                "headers": _WAITING,
                "links": LINKS,
            },
            406: PROBLEMS[406],
            409: PROBLEMS[409]
            | {"description": "Markdown was asked for, and there is no result.", "headers": _WAITING},
            "default": PROBLEMS[502] | {"description": "Markdown was asked for, and the job failed with this."},
        },
        tags=["jobs"],
    )
    async def get_job(job_id: JobId, media_type: Annotated[str, Depends(negotiate_kept)]) -> Response:
        """How far a summary is that was taken in as a job, and its result once there is one."""
        found = await kept.find(jobs, job_id)
        if media_type != JSON:
            return await kept.deliver(jobs, found, media_type)
        return kept.show(found, jobs.kept)

    @router.delete(f"{PATH}/{{id}}", status_code=HTTPStatus.NO_CONTENT, responses=_OF_ANY, tags=["jobs"])
    async def delete_job(job_id: JobId) -> None:
        """Stop a job if it runs, and forget it: documents, result, and the model's replies that only it used."""
        if not await kept.forget(jobs, job_id):
            raise kept.missing()


def _add_events(router: APIRouter, jobs: Jobs) -> None:
    async def place(job_id: JobId, last_event_id: LastEventId = "") -> int:
        return await find_place(jobs, job_id, last_event_id)

    @router.get(
        f"{PATH}/{{id}}/events",
        response_class=EventSourceResponse,
        responses={
            **_OF_ANY,
            200: {
                "description": "`stage` and `sentence`, last `result` or `error`.",
                "content": {EVENTS: EVENT_STREAM},
            },
            204: {"description": "`Last-Event-ID` is the last one: there is nothing to come back for."},
            400: PROBLEMS[400] | {"description": "`Last-Event-ID` is the number of no event of the job."},
        },
        tags=["jobs"],
    )
    async def watch_job(
        request: Request, job_id: JobId, after: Annotated[int, Depends(place)]
    ) -> AsyncIterator[ServerSentEvent]:
        """What happens to a job, from its beginning or from where a client was cut off."""
        async for event in watch(jobs, job_id, after, problems.id_of(request)):
            yield event
