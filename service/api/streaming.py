"""Streaming: a summary as server-sent events, and the end of the work when its client goes away.

Encoding and keep-alive are FastAPI's own. A sentence is sent once it is verified, the result or a problem last.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.sse import ServerSentEvent
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from service.api import problems
from service.api.bodies import JsonRoute
from service.api.edge import CLIENT_GONE
from service.api.negotiation import EVENTS, choose
from service.api.requests import SummaryRequest
from service.api.schemas import SentenceOut
from service.api.summaries import Listener, Summaries
from service.api.visits import visit_of

T = TypeVar("T")


class EventRoute(JsonRoute):
    """Matches only requests that would rather have events than any other answer."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The match of the path and method, if `Accept` asks for events."""
        match, child = super().matches(scope)
        if match is Match.FULL and not _wants_events(scope):
            return Match.NONE, {}
        return match, child


def _wants_events(scope: Scope) -> bool:
    try:
        return choose(Headers(scope=scope).getlist("accept")) == EVENTS
    except HTTPException:  # nothing acceptable: the other route says so
        return False


async def follow(
    request: Request, summaries: Summaries, body: SummaryRequest, *, require_model: bool
) -> AsyncIterator[ServerSentEvent]:
    """The events of a summary while it is made. The work ends when nobody listens any more."""
    events: asyncio.Queue[ServerSentEvent | None] = asyncio.Queue()

    def stage(name: str, done: int, total: int) -> None:
        events.put_nowait(ServerSentEvent(event="stage", data={"stage": name, "done": done, "total": total}))

    def sentence(told: SentenceOut) -> None:
        events.put_nowait(ServerSentEvent(event="sentence", data=told))

    async def make() -> None:
        try:
            visit = visit_of(request)
            async with visit.metered() as spending:
                listener = Listener(stage, sentence, spending)
                result = await summaries.make(body, listener, visit.terms(require_model=require_model))
            events.put_nowait(ServerSentEvent(event="result", data=result))
        except Exception as error:  # noqa: BLE001 (the status is sent: a problem is all that can be said)
            events.put_nowait(ServerSentEvent(event="error", data=problems.explain(problems.id_of(request), error)))
        events.put_nowait(None)

    work = asyncio.create_task(make())
    try:
        while (event := await events.get()) is not None:
            yield event
    finally:
        await _end(work)


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T | Response:
    """What the work returns; it is ended if the client goes away first."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_until_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else Response(status_code=CLIENT_GONE)
    finally:
        await _end(task)
        await _end(gone)


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _end(task: asyncio.Future[Any]) -> None:
    """Cancel what still runs, and wait until it has stopped."""
    if not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
