"""Jobs: what is told of one, and what is answered in place of its result. A stored result is passed on as it is."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal

from fastapi import Response
from pydantic import Field
from starlette.exceptions import HTTPException

from service.api import problems
from service.api.negotiation import HTML, JSON, MARKDOWN
from service.api.reports import read_kept, report
from service.api.schemas import Problem, Result, SummaryResult, UsageOut, WarningOut
from service.core.errors import NotFound
from service.jobs.jobs import Jobs
from service.jobs.model import Job, Status
from service.web.markdown import to_markdown

PATH = "/v1/summaries"
RETRY: Mapping[str, str] = {"Retry-After": "1"}
"""Of every answer about a job that is not over: in how many seconds it is worth asking again."""
ID = re.compile(r"^sum_[0-9a-f]{32}$")


class ProgressOut(Result):
    """How much of a step is done, and of how much."""

    done: int
    total: int


class JobOut(Result):
    """A summary that is made whether or not its client waits."""

    id: str
    status: Literal["queued", "running", "complete", "degraded", "failed"]
    progress: dict[str, ProgressOut] = Field(description="By step: `read`, `extract`, `compare`, `write`, `verify`.")
    attempts: int = Field(description="How often it was begun: anew after a failure, or where a process died.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None = Field(description="When it is forgotten; null until it is over.")
    usage: UsageOut = Field(description="What all attempts have used so far.")
    warnings: list[WarningOut] = Field(description="About the job; the result has warnings of its own.")
    problem: Problem | None = Field(description="Why it failed; while it is not over, why the attempt before did.")
    result: SummaryResult | None


@dataclass(frozen=True, slots=True)
class Found:
    """A job, and its result (JSON) if there is one."""

    job: Job
    result: str | None

    @property
    def headers(self) -> Mapping[str, str]:
        return {} if self.job.status.over else RETRY


def missing() -> NotFound:
    """What an unknown job is answered as."""
    return NotFound("there is no such job, or it was forgotten")


def locate(job: Job) -> dict[str, str]:
    """The header that says where a job is found."""
    return {"Location": f"{PATH}/{job.id}"}


async def find(jobs: Jobs, job_id: str) -> Found:
    """The job of an id with its result. Raises NotFound for one that is unknown or forgotten."""
    job = await jobs.find(job_id) if ID.fullmatch(job_id) else None
    if job is None:
        raise missing()
    return await complete(jobs, job)


async def forget(jobs: Jobs, job_id: str) -> bool:
    """Stop a job and forget it. False if there is none of this id."""
    return bool(ID.fullmatch(job_id)) and await jobs.forget(job_id)


async def complete(jobs: Jobs, job: Job) -> Found:
    """A job with its result. Raises NotFound if it was forgotten meanwhile."""
    result = await jobs.result(job.id) if job.status in (Status.COMPLETE, Status.DEGRADED) else None
    if result is None and job.status in (Status.COMPLETE, Status.DEGRADED):
        raise missing()
    return Found(job, result)


def show(
    found: Found, kept: float, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    """The job as JSON. `kept` is in seconds; the result is put in as it was stored, without being read."""
    head = shape(found.job, kept).model_dump_json(exclude={"result"}).removesuffix("}")
    content = f'{head},"result":{found.result or "null"}}}'
    return Response(content, status, {**found.headers, **(headers or {})}, JSON)


async def deliver(jobs: Jobs, found: Found, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer for a job; a report shows the documents, too, so it needs what the job was asked."""
    order = await jobs.request(found.job.id) if media_type == HTML else None
    return await asyncio.to_thread(answer, found, media_type, headers, order)


def answer(
    found: Found, media_type: str, headers: Mapping[str, str] | None = None, order: str | None = None
) -> Response:
    """The result of a job in a media type, or the problem that it ended with; 409 while there is neither."""
    headers = {**found.headers, **(headers or {})}
    if found.job.status is Status.FAILED and found.job.problem:
        return problems.send(Problem.model_validate_json(found.job.problem), headers)
    if found.result is None:
        detail = f"the job is {found.job.status}: there is no result"
        raise HTTPException(HTTPStatus.CONFLICT, detail, headers)
    if media_type == MARKDOWN:
        text = to_markdown(SummaryResult.model_validate_json(found.result))
        return Response(text, headers=headers, media_type=f"{MARKDOWN}; charset=utf-8")
    if media_type == HTML:
        return report(*read_kept(found.result, order or _gone()), headers)
    return Response(found.result, headers=headers, media_type=JSON)


def _gone() -> str:
    raise missing()


def shape(job: Job, kept: float) -> JobOut:
    """What is told of a job, without its result."""
    return JobOut(
        id=job.id,
        status=job.status.value,
        progress=json.loads(job.progress),
        attempts=job.attempts,
        created_at=_moment(job.created_at),
        started_at=_moment(job.started_at) if job.started_at else None,
        finished_at=_moment(job.finished_at) if job.finished_at else None,
        expires_at=_moment(job.finished_at + kept) if job.finished_at else None,
        usage=UsageOut(**json.loads(job.spent)),
        warnings=json.loads(job.notes),
        problem=Problem.model_validate_json(job.problem) if job.problem else None,
        result=None,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
