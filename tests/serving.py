"""Serving in this process, for what needs real connections: a server in a thread, on a port that is free."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from tests.timing import PATIENCE, wait_for

HOST = "127.0.0.1"


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def config_of(app: ASGIApp, **options: Any) -> uvicorn.Config:
    """How an application is served: without a word, and waiting for nobody in the end."""
    return uvicorn.Config(
        app, log_level="warning", access_log=False, ws="none", timeout_graceful_shutdown=2, **options
    )


def listen(port: int = 0) -> socket.socket:
    """A socket for a server, on a port that is free unless one is given."""
    listening = socket.create_server((HOST, port), backlog=1024)
    listening.setblocking(False)
    return listening


@contextmanager
def running(server: uvicorn.Server, send_buffer: int | None = None) -> Iterator[int]:
    """The port of a server that runs in a thread. Of what it sends the kernel buffers no more than is given."""
    with listen() as listening:
        if send_buffer:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)  # connections inherit it
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            wait_for(lambda: server.started or not thread.is_alive())
            assert server.started, "the server did not start"
            yield int(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@contextmanager
def serving(app: ASGIApp, send_buffer: int | None = None) -> Iterator[str]:
    """The address of an application that is served."""
    with running(uvicorn.Server(config_of(app)), send_buffer) as port:
        yield f"http://{HOST}:{port}"
