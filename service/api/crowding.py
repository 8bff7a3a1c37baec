"""Crowding: how many requests are under way at once. One too many gets 503 at once, and is told when to come again.

Requests that bring work are counted apart from those that only look, so that neither keeps the other out. Work is
counted once its body is whole, and a look until its answer begins: who sends or reads slowly takes nobody's place.
Probes and followed events are not counted.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from http import HTTPStatus
from math import ceil
from time import perf_counter

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import problems
from service.api.edge import PROBES

_EVENTS = "/events"  # followed for as long as a job lasts, at next to no cost; bounded with the connections
_BRINGS = frozenset({"POST", "PUT", "PATCH"})
_AT_ONCE = 8  # looks that are answered at once: they take milliseconds of the event loop, and the others' turn waits
_TURN_SECONDS = 1.0  # that a look waits for its turn
_LATE = 0.1  # the share of the last request in the mean of what requests took
_MOST_SECONDS = 30  # that are told to wait


class Places:
    """Places for requests of one kind, and how long they are taken for."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = 0
        self._seconds = 1.0

    def check(self) -> None:
        """Raises 503 while all places are taken."""
        if self._taken >= self._most:
            raise refuse(f"{self._most} requests are under way, and no more are taken now", self._seconds)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold a place while inside. Raises 503."""
        self.check()
        self._taken += 1
        began = perf_counter()
        try:
            yield
        finally:
            self._taken -= 1
            self._seconds += _LATE * (perf_counter() - began - self._seconds)


def refuse(detail: str, seconds: float) -> HTTPException:
    """503: come again once what is under way now is over. Not all at the same moment, so chance has a part in it."""
    least = min(max(ceil(seconds), 1), _MOST_SECONDS)
    wait = random.randint(least, 2 * least)  # noqa: S311 (not for secrets)
    return HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, f"{detail}; come again", {"Retry-After": str(wait)})


class Crowding:
    """Refuses requests beyond `most` of each kind, and bodies beyond `most_bytes` in all."""

    def __init__(self, app: ASGIApp, most: int, most_bytes: int) -> None:
        self._app = app
        self._works, self._looks = Places(most), Places(most)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._most_bytes = most_bytes
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_counted(scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            await (self._work if scope["method"] in _BRINGS else self._look)(scope, receive, send)
        except HTTPException as refused:  # by a place here; those of the routes are answered there
            status = HTTPStatus(refused.status_code)
            response = problems.respond(Request(scope), status, refused.detail, headers=refused.headers)
            await response(scope, receive, send)

    def _check_bytes(self) -> None:
        if self._bytes > self._most_bytes:
            raise refuse(f"requests under way hold {self._bytes} bytes, of {self._most_bytes} that they may", 1.0)

    async def _look(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as held:
            held.enter_context(self._looks.hold())
            with suppress(TimeoutError):  # those before it wait for something else: it goes on without a turn
                async with asyncio.timeout(_TURN_SECONDS):
                    await self._turns.acquire()
                held.callback(self._turns.release)

            async def send_made(message: Message) -> None:
                await held.aclose()
                await send(message)

            await self._app(scope, receive, send_made)

    async def _work(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._works.check()
        self._check_bytes()
        size, is_whole = 0, False

        async def receive_counted() -> Message:
            nonlocal size, is_whole
            message = await receive()
            came = len(message.get("body", b""))
            size, self._bytes = size + came, self._bytes + came
            if size < self._bytes:  # by itself a body may be as large as the limit of bodies has it
                self._check_bytes()
            if not is_whole and message["type"] == "http.request" and not message.get("more_body", False):
                is_whole = True
                held.enter_context(self._works.hold())
            return message

        with ExitStack() as held:
            try:
                await self._app(scope, receive_counted, send)
            finally:
                self._bytes -= size


def is_counted(path: str) -> bool:
    """True for what takes a place: all but probes and followed events."""
    return path not in PROBES and not path.endswith(_EVENTS)
