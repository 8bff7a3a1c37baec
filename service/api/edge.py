"""The edge: what every request and every answer has. An id, headers that bind a browser, and a line in the log.

It lies around all else, the handler of what nobody foresaw too, so that no answer leaves without passing it.
What answers GET answers HEAD, too: with the same headers.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # answers hold documents
}
"""What every answer has, unless it says otherwise itself."""

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}
"""What our own pages say otherwise: they load what is served here, and are asked for anew each time."""

ALLOWED: dict[str, Any] = {
    "allow_methods": ["GET", "POST", "DELETE"],
    "allow_headers": [
        "Authorization", "Content-Type", "Prefer", "Idempotency-Key", "Last-Event-ID", "Concord-Require-Model",
    ],
    "expose_headers": ["X-Request-ID", "Location", "Retry-After", "Preference-Applied"],
}  # fmt: skip
"""What pages of the origins that are set may send and read. No cookies: there are none."""

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Routes that are asked every few seconds: neither counted among what is under way nor logged when they go well."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNMATCHED = "unmatched"
CLIENT_GONE = 499
"""A client that went away, as nginx has it: nobody reads the answer."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer: the route's template (not the path, which may hold anything), sizes in bytes."""

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that has come: its id here, its method, and `traceparent` as it was sent (W3C Trace Context)."""

    request_id: str
    method: str
    traceparent: str | None


Observe = Callable[[Arrival], AbstractContextManager[Callable[[Exchange], None]]]
"""Is held open while a request is answered, and what it gives is told of the answer."""


class Edge:
    """Gives every request an id, which `X-Request-ID` and every problem repeat, and tells of it when it is over."""

    def __init__(self, app: ASGIApp, observe: Observe) -> None:
        self._app = app
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        method = scope["method"] if scope["method"] in _METHODS else "other"
        is_head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if is_head else scope
        answer = (_Head if is_head else _Answer)(request_id, receive, send)
        began = perf_counter()
        with self._observe(Arrival(request_id, method, Headers(scope=scope).get("traceparent"))) as exchanged:
            try:
                await self._app(inner, answer.receive, answer.send)
            finally:
                sizes = perf_counter() - began, answer.received, answer.sent
                exchanged(Exchange(request_id, method, _route_of(inner), answer.status, *sizes))


class _Answer:
    """Adds the headers to an answer and counts what passes."""

    def __init__(self, request_id: str, receive: Receive, send: Send) -> None:
        self._id = request_id
        self._receive = receive
        self._send = send
        self.status = CLIENT_GONE
        self.received = self.sent = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self.received += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        self.sent += len(message.get("body", b""))
        await self._send(message)


class _Head(_Answer):
    """The same without a body. What makes one is told that the client is gone: a stream could go on for long."""

    def __init__(self, request_id: str, receive: Receive, send: Send) -> None:
        super().__init__(request_id, receive, send)
        self._over = asyncio.Event()
        self._asked = False

    async def receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await super().send(message)
            await super().send({"type": "http.response.body", "body": b"", "more_body": False})
            self._over.set()


def _route_of(scope: Scope) -> str:
    """The template of the route that matched, or what answers there; never a path as it was sent."""
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str):
        return path
    endpoint = scope.get("endpoint")  # of what is mounted, and of FastAPI's own pages
    return _UNMATCHED if endpoint is None else str(getattr(endpoint, "__name__", type(endpoint).__name__)).strip("_")
