"""The composition root: settings to parts, parts to an application. Nothing else builds an adapter."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import __version__
from service.api import problems
from service.api.bodies import BodyLimit
from service.api.routes import create_router
from service.api.summaries import Limits, Summaries
from service.backends.base import Backend
from service.backends.embedded import EmbeddedBackend
from service.backends.tokens import TokenCounter
from service.settings import Settings, load_settings

_DESCRIPTION = """What several reports of one event agree on, what each says alone, and where they disagree.
Every sentence is checked against exact spans of the posted documents before it is returned."""


BACKENDS: dict[str, type[EmbeddedBackend]] = {"auto": EmbeddedBackend, "embedded": EmbeddedBackend}
"""What `CONCORD_BACKEND` names. `auto` is the best that is configured; so far that is the embedded one."""


def create_summaries(settings: Settings, backend: Backend | None = None) -> Summaries:
    """What makes summaries; a test may hand in a backend of its own."""
    limits = Limits(settings.max_documents, settings.max_document_characters, settings.max_total_characters)
    return Summaries(backend or BACKENDS[settings.backend](), TokenCounter(), limits, settings.chunk_tokens)


def create_app(settings: Settings | None = None, backend: Backend | None = None) -> FastAPI:
    """The HTTP application. Raises InvalidInput for settings that can't be."""
    settings = settings or load_settings()
    app = Concord(title="Concord", version=__version__, description=_DESCRIPTION, redoc_url=None)
    app.include_router(create_router(create_summaries(settings, backend), settings.max_concurrent))
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    app.add_middleware(RequestId)  # the outermost: every answer has an id
    problems.install(app)
    return app


class Concord(FastAPI):
    """FastAPI, whose OpenAPI document says what errors are sent as."""

    def openapi(self) -> dict[str, Any]:
        return problems.describe(super().openapi())


class RequestId:
    """Gives every request an id, which the answer's `X-Request-ID` and every problem repeat."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        await self._app(scope, receive, send_with_id)
