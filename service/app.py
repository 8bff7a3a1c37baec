"""The HTTP application over the parts of a process, and serving it."""

from __future__ import annotations

import signal
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from types import FrameType
from typing import Any, ParamSpec, TypeVar

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import __version__
from service.api import problems
from service.api.bodies import BodyLimit
from service.api.files import create_files
from service.api.intake import Intake
from service.api.pages import add_pages
from service.api.routes import create_router
from service.api.verifications import Verifications
from service.backends.base import Backends
from service.files.extracting import Bounds
from service.jobs.ports import JobEngine
from service.node import create_node
from service.settings import Settings, load_settings

P = ParamSpec("P")
T = TypeVar("T")

_MEMO = "memo.sqlite"
_DESCRIPTION = """What several reports of one event agree on, what each says alone, and where they disagree.
Every sentence is checked against exact spans of the posted documents before it is returned."""


def create_app(
    settings: Settings | None = None,
    backends: Backends | None = None,
    engine: JobEngine | None = None,
    *,
    works: bool = True,
) -> FastAPI:
    """The HTTP application, which runs jobs itself if it `works`. Raises InvalidInput for settings that can't be."""
    settings = settings or load_settings()
    node = create_node(settings, backends, engine)
    summaries = node.summaries

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with node.open(works=works):
            app.state.close = node.jobs.close
            yield

    app = Concord(title="Concord", version=__version__, description=_DESCRIPTION, redoc_url=None, lifespan=lifespan)
    verifications = Verifications(summaries, settings.max_sentences)
    app.state.open_database = node.database.open
    intake = Intake(summaries, node.jobs, settings.sync_tokens, settings.sync_seconds)
    app.include_router(create_router(intake, verifications))
    app.include_router(create_files(Bounds(characters=settings.max_document_characters), settings.max_concurrent))
    add_pages(app, node.jobs, verifications)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    app.add_middleware(RequestId)  # the outermost: every answer has an id
    problems.install(app)
    return app


def serve_app(app: FastAPI, host: str, port: int, grace: float) -> bool:
    """Serve until a signal to stop; connections then get `grace` seconds. False if it could not start.

    Raises StorageUnavailable if the database can't be had: uvicorn would print a traceback.
    """
    import uvicorn

    app.state.open_database()

    class Server(uvicorn.Server):
        """Lets go of whoever follows a job as soon as it is to stop: they would hold it up."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            app.state.close()
            super().handle_exit(sig, frame)

    server = Server(uvicorn.Config(app, host, port, timeout_graceful_shutdown=ceil(grace)))
    for sign in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises them again once it has stopped, and would die of it
        signal.signal(sign, lambda *_: setattr(server, "should_exit", True))
    server.run()
    return server.started


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
