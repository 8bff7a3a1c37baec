"""Bodies: which are read at all. JSON in UTF-8, uncompressed, up to a limit, and not slower than they may come."""

from __future__ import annotations

import asyncio
from email.message import Message as Headers
from http import HTTPStatus
from typing import Annotated

from fastapi import Header, Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import problems

JSON = "application/json"
LEAST_RATE = 10_000.0
"""Bytes a second that a client is to send or to read at least, beyond the seconds that it gets in any case."""


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
        return f"the body has {size} bytes or more, of which a request may hold {self._limit}"


async def require_json(
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
    content_encoding: Annotated[str, Header(include_in_schema=False)] = "identity",
) -> None:
    """Only JSON bodies are read, in UTF-8 and uncompressed. Raises 415 for others."""
    header = Headers()
    header["content-type"] = content_type
    media_type = header.get_content_type() if content_type else "nothing declared"
    if media_type != JSON and not (media_type.startswith("application/") and media_type.endswith("+json")):
        _refuse(f"send the body as {JSON}, not as {media_type}")
    charset = header.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        _refuse(f"send the body in UTF-8, not in {charset}")
    if content_encoding.strip().lower() not in ("", "identity"):
        _refuse(f"send the body uncompressed, not in {content_encoding}")


def _refuse(detail: str) -> None:
    raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
