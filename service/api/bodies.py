"""Bodies: which are read at all. JSON in UTF-8, uncompressed, up to a limit."""

from __future__ import annotations

from email.message import Message as Headers
from http import HTTPStatus
from typing import Annotated

from fastapi import Header, Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api import problems

JSON = "application/json"


class BodyLimit:
    """Refuses a body beyond a number of bytes: at once where its length is declared, else when it is passed.

    FastAPI's own `max_body_size` does the same, but answers a declared length in plain text.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

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
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self._detail(received))
            return message

        await self._app(scope, receive_counted, send)

    def _detail(self, size: int) -> str:
        return f"the body has {size} bytes or more, of which a request may hold {self._limit}"


def require_json(
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
