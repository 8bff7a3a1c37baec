"""Intake: whether a request is answered at once or becomes a job, and the answer for one that does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from http import HTTPStatus

from fastapi import Response
from starlette.exceptions import HTTPException

from service.api import kept
from service.api.preferences import RESPOND_ASYNC, WAIT, Wish
from service.api.requests import SummaryRequest
from service.api.schemas import WarningOut
from service.api.summaries import Summaries
from service.api.visits import Visit
from service.api.working import Order
from service.jobs.jobs import Jobs
from service.jobs.model import Job


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes requests for summaries in.

    One of more than `sync_tokens` tokens of documents, or expected to take more than `sync_seconds`, becomes a job
    though its client did not ask for one.
    """

    summaries: Summaries
    jobs: Jobs
    sync_tokens: int
    sync_seconds: float

    async def reasons(self, request: SummaryRequest, wish: Wish) -> list[WarningOut]:
        """Why a request is answered as a job though nobody asked for that; nothing if it is not. Raises TooLarge."""
        if wish.respond_async:
            return []
        self.summaries.limits.check(request.documents)
        tokens = await asyncio.to_thread(self.summaries.weigh, request)
        seconds = self.summaries.forecast.expect(tokens)
        if tokens > self.sync_tokens:
            why = (
                f"the documents have {tokens} tokens; up to {self.sync_tokens} are summarised while the client waits"
            )
        elif seconds > self.sync_seconds:
            most = f"{self.sync_seconds:g} s"
            why = f"a summary of {tokens} tokens is expected to take {seconds:.1f} s; up to {most} are waited for"
        else:
            return []
        return [WarningOut(code="answered_async", detail=why, document_id=None)]

    async def accept(
        self, request: SummaryRequest, wish: Wish, reasons: list[WarningOut], visit: Visit, *, require_model: bool
    ) -> Job:
        """The job for a request, which is its caller's.

        Raises InvalidInput or TooLarge for a request that can't become one, KeyTaken, RateLimited, Overloaded,
        DeadlineExceeded where what it may cost can't be told in time, StorageUnavailable.
        """
        notes = json.dumps([reason.model_dump() for reason in reasons])
        order = await asyncio.to_thread(self._order, request, require_model)
        job, is_new = await self.jobs.known(order, key=wish.key, owner=visit.owner), False
        if job is None:
            taken = await visit.ask(self.summaries, request)
            try:
                job, is_new = await self.jobs.accept(order, key=wish.key, notes=notes, owner=visit.owner)
            finally:
                if not is_new:  # its key came in meanwhile, or it can't be done
                    await visit.give_back(taken)
        return job if is_new or not reasons else replace(job, notes=notes)

    def _order(self, request: SummaryRequest, require_model: bool) -> str:
        self.summaries.check(request)
        return Order(request=request, require_model=require_model).to_json()

    async def answer(self, job: Job, wish: Wish, reasons: list[WarningOut], media_type: str) -> Response:
        """The job, 202, or its result for a client that waits for that.

        One that asked for `respond-async` waits as long as it says; others until the job is over, unless there are
        reasons not to. Raises 503 where this process is to stop meanwhile.
        """
        headers = kept.locate(job)
        patience = _patience(wish, reasons)
        if patience != 0 and not job.status.over:
            job = replace(await self._wait(job, patience), notes=job.notes)
        if job.status.over and (not wish.respond_async or wish.wait is not None):
            headers |= {"Preference-Applied": f"{WAIT}={wish.wait}"} if wish.respond_async else {}
            found = await kept.complete(self.jobs, job)
            return await kept.deliver(self.jobs, found, media_type, headers)
        if patience is None:
            detail = "the server is to stop; the summary goes on: ask again with the same Idempotency-Key"
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, detail, {**headers, **kept.RETRY})
        headers["Preference-Applied"] = f"{RESPOND_ASYNC}, {WAIT}={patience}" if patience else RESPOND_ASYNC
        found = await kept.complete(self.jobs, job)
        return kept.show(found, self.jobs.kept, HTTPStatus.ACCEPTED, headers)

    async def _wait(self, job: Job, seconds: float | None) -> Job:
        """The job once it is over, or as it stands after some seconds. Raises NotFound if it is forgotten."""
        found = None
        try:
            async with asyncio.timeout(seconds):
                found = await self.jobs.wait(job.id)
        except TimeoutError:
            found = await self.jobs.find(job.id)
        if found is None:
            raise kept.missing()
        return found


def _patience(wish: Wish, reasons: list[WarningOut]) -> int | None:
    """For how many seconds a job is waited for before it is answered with 202; None for as long as it takes."""
    if wish.respond_async:
        return wish.wait or 0
    return 0 if reasons else None
