"""Watching: the events of a job, kept with numbers, so that whoever was cut off goes on where it was."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated

from fastapi import Header
from fastapi.sse import ServerSentEvent
from starlette.exceptions import HTTPException

from service.api import kept, problems
from service.core.errors import NotFound, StorageUnavailable
from service.jobs.jobs import Jobs

_NUMBER = re.compile(r"^[0-9]{0,9}$")
LastEventId = Annotated[
    str,
    Header(
        alias="Last-Event-ID",
        description="The number of the last event that was seen; those after it come.",
        json_schema_extra={"pattern": _NUMBER.pattern},
    ),
]


async def find_place(jobs: Jobs, job_id: str, last_event_id: str) -> int:
    """The number of the last event that a client has seen.

    Raises 404 for an unknown job, 400 for what is the number of no event of it, and 204 where all was seen, by which
    an event source knows that it need not come back.
    """
    job = (await kept.find(jobs, job_id)).job
    number, over = await jobs.last_event(job.id) or (0, job.status.over)
    if not last_event_id:
        return 0
    if not _NUMBER.fullmatch(last_event_id):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "Last-Event-ID is not the number of an event")
    seen = int(last_event_id)
    last = number + 1 if over else number
    if seen > last:
        raise HTTPException(HTTPStatus.BAD_REQUEST, f"Last-Event-ID is {seen}: the job has no such event")
    if seen > number:
        raise HTTPException(HTTPStatus.NO_CONTENT)
    return seen


async def watch(jobs: Jobs, job_id: str, after: int, request_id: str) -> AsyncIterator[ServerSentEvent]:
    """The events of a job beyond a number: `stage` and `sentence` as they come, and last `result` or `error`.

    It ends without the last one where this process is to stop, or the store can't be had: the client comes back.
    """
    async for event in jobs.follow(job_id, after):
        after = event.number
        yield ServerSentEvent(event=event.kind, raw_data=event.data, id=str(event.number))
    with suppress(StorageUnavailable):
        last = await _last(jobs, job_id, after + 1, request_id)
        if last:
            yield last


async def _last(jobs: Jobs, job_id: str, number: int, request_id: str) -> ServerSentEvent | None:
    """What a job ended with; None if it is not over. That it is forgotten has no number: it stays so."""
    try:
        found = await kept.find(jobs, job_id)
    except NotFound as gone:
        return ServerSentEvent(event="error", data=problems.explain(request_id, gone))
    if found.result is not None:
        return ServerSentEvent(event="result", raw_data=found.result, id=str(number))
    if found.job.status.over:
        return ServerSentEvent(event="error", raw_data=found.job.problem, id=str(number))
    return None
