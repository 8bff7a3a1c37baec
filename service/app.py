"""The HTTP application over the parts of a process, and serving it."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from math import ceil
from types import FrameType
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from service import __version__
from service.api import problems
from service.api.bodies import BodyLimit
from service.api.crowding import Crowding
from service.api.docs import add_docs
from service.api.edge import ALLOWED, Edge
from service.api.files import create_files
from service.api.intake import Intake
from service.api.keyring import Keyring
from service.api.openapi import complete
from service.api.operations import create_operations
from service.api.pages import add_pages
from service.api.routes import create_router
from service.api.security import OwnJobs, Security
from service.api.verifications import Verifications
from service.backends.base import Backends
from service.files.extracting import Bounds
from service.jobs.ports import JobEngine
from service.node import Node, create_node
from service.probing import probes_of, scrape
from service.settings import Settings, load_settings
from service.telemetry.metrics import MEDIA_TYPE
from service.telemetry.observers import Observers
from service.telemetry.tracing import Traces

_SWITCH_SECONDS = 0.0005
"""After which a thread that computes lets another go on, 5 ms by default: the event loop waits that long for its turn
several times in each request."""
_COLLECT_AFTER = (5_000, 10, 50)
"""New objects until the young ones are looked through for garbage, such looks until older ones are, and those until
all are, which stops every thread for a tenth of a second: the default is 700 objects, and each tenth time."""

_DESCRIPTION = """What several reports of one event agree on, what each says alone, and where they disagree.
Every sentence is checked against exact spans of the posted documents before it is returned."""

_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own would tell paths, queries and the messages of exceptions."""


def create_app(
    settings: Settings | None = None,
    backends: Backends | None = None,
    engine: JobEngine | None = None,
    *,
    works: bool = True,
    traces: Traces | None = None,
) -> FastAPI:
    """The HTTP application, which runs jobs itself if it `works`. Raises InvalidInput for settings that can't be."""
    settings = settings or load_settings()
    node = create_node(settings, backends, engine, traces)
    summaries, keyring = node.summaries, Keyring(node.keys, settings.auth)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with node.open(works=works):
            app.state.close = node.jobs.close
            await keyring.refresh()
            yield

    app = Concord(
        node.observers,
        title="Concord",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,  # of the document's operations, which its links name
        dependencies=[Depends(OwnJobs(node.jobs))],
    )
    verifications = Verifications(summaries, settings.max_sentences)
    app.state.prepare = partial(_prepare, node)
    intake = Intake(summaries, node.jobs, settings.sync_tokens, settings.sync_seconds)
    app.include_router(create_router(intake, verifications))
    app.include_router(create_files(Bounds(characters=settings.max_document_characters), settings.max_concurrent))
    probes = probes_of(node, works=works)
    app.include_router(create_operations(probes, partial(scrape, node, node.metrics, probes), MEDIA_TYPE))
    add_docs(app)
    add_pages(app, node.jobs, verifications)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, patience=settings.patience_seconds)
    app.add_middleware(Security, keyring=keyring)  # before anything of a body is read
    app.add_middleware(Crowding, most=settings.max_requests, most_bytes=settings.max_requests_bytes)
    if settings.cors_origins:
        app.add_middleware(CORSMiddleware, allow_origins=settings.cors_origins, **ALLOWED)
    problems.install(app)
    return app


def _prepare(node: Node) -> None:
    """Do what the first request would wait for, and all others with it. Raises StorageUnavailable."""
    node.database.open()
    node.summaries.describe()  # reads the vocabulary


def _favour_answers() -> None:
    """Have this process go on answering while it computes."""
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.collect()
    gc.freeze()  # what was imported stays, and need not be looked through
    gc.set_threshold(*_COLLECT_AFTER)


def serve_app(app: FastAPI, host: str, port: int, settings: Settings) -> bool:
    """Serve until a signal to stop; connections then get `grace_seconds`. False if it could not start.

    Raises StorageUnavailable if the database can't be had.
    """
    import uvicorn

    from service.connections import Connection, Serving, find_bounds

    app.state.prepare()
    _favour_answers()
    bounds = find_bounds(settings.max_connections, settings.patience_seconds)

    class Server(Serving):
        """Lets go of whoever follows a job as soon as it is to stop: they would hold it up."""

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            app.state.close()
            super().handle_exit(sig, frame)

    async def live() -> None:
        """Open the parts and close them here: uvicorn would tell of one that can't be opened by a traceback."""
        async with app.router.lifespan_context(app):
            await server.serve()

    config = uvicorn.Config(
        app, host, port, http=Connection, ws="none", lifespan="off", backlog=bounds.batch, log_config=None,
        access_log=False, timeout_graceful_shutdown=ceil(settings.grace_seconds),
    )  # fmt: skip
    server = Server(config, bounds)
    for sign in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises them again once it has stopped, and would die of it
        signal.signal(sign, lambda *_: setattr(server, "should_exit", True))
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(live())
    return server.started


class Concord(FastAPI):
    """FastAPI, with an edge around all that answers, and an OpenAPI document that tells of it."""

    def __init__(self, observers: Observers, **named: Any) -> None:
        super().__init__(telemetry=_NO_TELEMETRY, **named)
        self._observers = observers

    def build_middleware_stack(self) -> ASGIApp:
        return Edge(super().build_middleware_stack(), self._observers.exchange)

    def openapi(self) -> dict[str, Any]:
        return complete(super().openapi())
