"""Revoking: who was let in with a key that counts no more is let go of, however long the answer would have taken.

An answer that has not begun becomes a refusal, and events end; any other answer that has begun is over in a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.negotiation import EVENTS

Counts = Callable[[], Awaitable[bool]]
"""Whether the key of a request counts still."""
LOOK_SECONDS = 2.0
"""Between looks at the key of a request that lasts. The keyring reads its keys no more often than before."""
_END_SECONDS = 1.0  # that the end of events may take to be sent, to a client that reads


class _Answer:
    """What was sent of an answer so far."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = self.is_events = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self.is_events = Headers(raw=message["headers"]).get("content-type", "").startswith(EVENTS)
        await self._send(message)

    async def end(self) -> None:
        """End the events: who asks for more is refused. A connection that takes no more is closed by the server."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_SECONDS):
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})


async def answer(app: ASGIApp, scope: Scope, receive: Receive, send: Send, counts: Counts) -> bool:
    """Have a request of a key answered. False if the key was revoked before any answer began: none was sent."""
    sent = _Answer(send)
    work = asyncio.ensure_future(app(scope, receive, sent.send))
    try:
        while not (await asyncio.wait({work}, timeout=LOOK_SECONDS))[0]:
            if (sent.is_events or not sent.begun) and not await counts():
                break
        if work.done():
            work.result()
            return True
    finally:
        await _stop(work)
    if sent.begun:
        await sent.end()
    return sent.begun


async def _stop(work: asyncio.Future[None]) -> None:
    if not work.done():
        work.cancel()
        await asyncio.wait({work})
