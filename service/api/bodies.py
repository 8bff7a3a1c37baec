"""Bodies: which are read at all. JSON in UTF-8, uncompressed, up to a limit, and not slower than they may come."""

from __future__ import annotations

import asyncio
import json
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Coroutine
from email.message import Message as Fields
from http import HTTPStatus
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import problems

JSON = "application/json"
LEAST_RATE = 10_000.0
"""Bytes a second that a client is to send or to read at least, beyond the seconds that it gets in any case."""
_UNSUPPORTED = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
_SHORT = 100_000  # code points that are parsed in a millisecond or two
_LONGEST = 100  # characters of what was sent that are repeated


class BodyLimit:
    """Refuses a body beyond a number of bytes: at once where its length is declared, else when it is passed.

    FastAPI's own `max_body_size` does the same, but answers a declared length in plain text. A body that is not
    whole after `patience` seconds, and one more for each `LEAST_RATE` bytes of it, is refused with 408.
    """

    def __init__(self, app: ASGIApp, limit: int, patience: float) -> None:
        self._app = app
        self._limit = limit
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared.isdigit() and int(declared[:20]) > self._limit:
            response = problems.respond(
                Request(scope), HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._detail(int(declared[:20]))
            )
            await response(scope, receive, send)
            return
        received, is_whole, began = 0, False, asyncio.get_running_loop().time()

        async def receive_counted() -> Message:
            nonlocal received, is_whole
            if is_whole:  # all that can come is that the client goes away
                return await receive()
            try:
                async with asyncio.timeout_at(began + self._patience + received / LEAST_RATE):
                    message = await receive()
            except TimeoutError as error:
                detail = f"of the body {received} bytes came within {self._patience:g} s: send it faster"
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, detail, {"Connection": "close"}) from error
            received += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if received > self._limit:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._detail(received))
            return message

        await self._app(scope, receive_counted, send)

    def _detail(self, size: int) -> str:
        return f"the body has {size} bytes or more; it may have {self._limit} (CONCORD_MAX_BODY_BYTES)"


class JsonRoute(APIRoute):
    """Looks at what a body is said to be before it is read, where FastAPI looks when it was read and parsed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def read_and_handle(request: Request) -> Response:
            require_json(request.headers)
            return await handle(_JsonRequest(request.scope, request.receive))

        return read_and_handle


class _JsonRequest(Request):
    """JSON as two readers would read it alike: in UTF-8, and no name twice in one object."""

    async def json(self) -> Any:
        """The value. Raises HTTPException for a doubled name, UnicodeDecodeError, RecursionError and ValueError."""
        text = (await self.body()).removeprefix(BOM_UTF8).decode("utf-8")
        if len(text) < _SHORT:
            return _parse(text)
        return await asyncio.to_thread(_parse, text)  # others are answered meanwhile


def _parse(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_read_object)


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (doubled, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        _refuse(HTTPStatus.BAD_REQUEST, f"an object of the body has {doubled[:_LONGEST]!a} twice")
    return found


def require_json(headers: Headers) -> None:
    """Only JSON bodies are read, in UTF-8 and uncompressed. Raises 415 for others."""
    content_type = headers.get("content-type", "")
    fields = Fields()
    fields["content-type"] = content_type
    if not content_type:
        _refuse(_UNSUPPORTED, f"the request has no Content-Type: send the body as {JSON}")
    media_type = fields.get_content_type()
    if media_type != JSON and not (media_type.startswith("application/") and media_type.endswith("+json")):
        _refuse(_UNSUPPORTED, f"send the body with `Content-Type: {JSON}`, not as {media_type}")
    charset = fields.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        _refuse(_UNSUPPORTED, f"send the body in UTF-8, not in {charset}")
    require_plain(headers)


def require_plain(headers: Headers) -> None:
    """Bodies are read as they are. Raises 415 for compressed ones."""
    encoding = headers.get("content-encoding", "")
    if encoding.strip().lower() not in ("", "identity"):
        _refuse(_UNSUPPORTED, f"send the body uncompressed, not in {encoding[:_LONGEST]}")


def _refuse(status: HTTPStatus, detail: str) -> NoReturn:
    raise HTTPException(status, detail)
