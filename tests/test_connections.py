"""Connections of a real server: clients that send or read slowly or not at all are ended, and others are served."""

from __future__ import annotations

import json
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from service.connections import Bounds, Connection, Serving, bounds_of, find_bounds
from tests import timing
from tests.builders import create_app_of
from tests.serving import config_of, running

PATIENCE = 0.2  # seconds that the server has; a test waits a hundred times as long
WAIT = 20.0
LARGE = b"x" * 8_000_000


@contextmanager
def serving(app: ASGIApp, connections: int = 100, patience: float = PATIENCE) -> Iterator[tuple[Serving, int]]:
    """A server of an application in a thread of this process, and its port. What it sends is buffered here, not by
    the kernel."""
    server = Serving(config_of(app, http=Connection, lifespan="off"), Bounds(connections, 10, patience))
    with running(server, send_buffer=4_096) as port:
        yield server, port


def hasty() -> ASGIApp:
    """The application with as little patience for bodies."""
    return create_app_of({"CONCORD_PATIENCE_SECONDS": str(PATIENCE), "CONCORD_AUTH": "off"})


def wait_for(condition: Callable[[], object]) -> None:
    timing.wait_for(condition, WAIT)


def connect(port: int, sent: bytes = b"") -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(WAIT)
    connection.connect(("127.0.0.1", port))
    connection.sendall(sent)
    return connection


def read_all(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    found = b""
    with suppress(ConnectionError):
        while part := connection.recv(65_536):
            found += part
    return found


def get(port: int, path: str = "/healthz") -> bytes:
    with closing(connect(port, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())) as asking:
        return read_all(asking)


HEAD = b"POST /v1/summaries HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
SLOW: Sequence[tuple[str, bytes, bytes]] = [
    # what is sent and then no more, and what that is answered
    ("nothing", b"", b""),
    ("a part of a head", b"GET /healthz HTT", b"HTTP/1.1 408 "),
    ("a request and a part of a second", b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET", b"HTTP/1.1 200 "),
    ("a part of a body", HEAD + b'{"documents": [', b"HTTP/1.1 408 "),
    ("a part of a body that is refused at once", HEAD.replace(b"1000", b"999999999") + b"{", b"HTTP/1.1 413 "),
]


def test_clients_that_do_not_go_on_are_ended_while_others_are_served() -> None:
    """Whatever a client stops in the middle of, it is answered 408 where a request had begun, and closed in time."""
    with serving(hasty()) as (server, port):
        held = [connect(port, sent) for _, sent, _ in SLOW]
        assert get(port).startswith(b"HTTP/1.1 200 ")
        for connection, (name, _, answer) in zip(held, SLOW, strict=True):
            with closing(connection):
                assert read_all(connection)[: len(answer) or 1] == answer, name
        wait_for(lambda: not server.server_state.connections)


def test_a_body_that_comes_too_slowly_is_a_problem() -> None:
    """408 with the reason, as problem+json, and the connection is closed."""
    with (
        serving(hasty(), patience=WAIT) as (_, port),
        closing(connect(port, HEAD + b"{")) as connection,
    ):
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert b"\r\ncontent-type: application/problem+json\r\n" in head
    assert b"\r\nconnection: close" in head.lower()
    problem: dict[str, Any] = json.loads(body)
    assert (problem["status"], problem["detail"]) == (
        408,
        "of the body 1 bytes came within 0.2 s: send it faster",
    )


class Endless:
    """An application that goes on sending as long as its answer is taken, and notes that it was let go of."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces
        self.sent = 0
        self.is_over = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for piece in range(self.pieces):
            self.sent += 1
            await send({"type": "http.response.body", "body": LARGE, "more_body": piece + 1 < self.pieces})
        self.is_over.set()


async def quick(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers at once."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body"})


@pytest.mark.parametrize("pieces", [1, 50])
def test_an_answer_that_nobody_reads_is_not_kept(pieces: int) -> None:
    """Neither one that is all made, nor one under way, of which no more is made than buffers hold."""
    app = Endless(pieces)
    with serving(app) as (server, port), closing(connect(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")):
        wait_for(lambda: app.sent)
        wait_for(lambda: not server.server_state.connections)
        assert app.is_over.wait(WAIT)


def test_a_client_that_reads_on_is_not_ended() -> None:
    """A connection is looked at from time to time: it stays while its client has read on since, and ends when not."""
    app = Endless(1)
    with (
        serving(app, patience=WAIT) as (server, port),
        closing(connect(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")) as reading,
    ):
        assert app.is_over.wait(WAIT)
        (connection,) = server.server_state.connections
        assert isinstance(connection, Connection)
        unsent = connection.transport.get_write_buffer_size
        for _ in range(2):
            goal = unsent() - 2_000_000
            while unsent() > goal:
                reading.recv(100_000)
            connection.loop.call_soon_threadsafe(connection.look)
        time.sleep(0.05)
        assert server.server_state.connections == {connection}
        connection.loop.call_soon_threadsafe(connection.look)
        wait_for(lambda: not server.server_state.connections)


def test_those_that_rest_longest_make_room() -> None:
    """Beyond the most connections a new one is served, and what rested longest is closed for it."""
    with serving(quick, connections=3, patience=WAIT) as (server, port):
        resting = [connect(port) for _ in range(3)]
        wait_for(lambda: len(server.server_state.connections) == 3)
        assert get(port).startswith(b"HTTP/1.1 200 ")
        with closing(resting[0]):
            assert read_all(resting[0]) == b""
        for connection in resting[1:]:
            with closing(connection):
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                assert read_all(connection).startswith(b"HTTP/1.1 200 ")


def test_where_no_connection_rests_a_new_one_is_told_to_come_again() -> None:
    """503 with `Retry-After`, at once."""
    app = Endless(50)
    with serving(app, connections=1, patience=WAIT) as (_, port):
        with closing(connect(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")):
            wait_for(lambda: app.sent)
            with closing(connect(port)) as refused:
                assert read_all(refused).startswith(b"HTTP/1.1 503 ")
        assert app.is_over.wait(WAIT)


FILES = [
    # files that may be open, connections wished for, connections at most
    (1_048_576, 10_000, 10_000),
    (20_000, 10_000, 10_000),
    (1_024, 10_000, 448),
    (512, 10_000, 192),
    (512, 10, 10),
    (16, 10_000, 4),
    (2, 10_000, 1),
]


@pytest.mark.parametrize(("files", "wished", "most"), FILES)
def test_connections_leave_files_for_all_else(files: int, wished: int, most: int) -> None:
    """Of the files that may be open some are left, even while as many connections come in at once as are let in."""
    found = bounds_of(files, wished, 1.0)
    assert found.connections == most
    assert found.batch >= 1
    assert files < 64 or found.connections + 4 * found.batch <= max(files - 128, files // 2)


def test_a_process_takes_the_files_that_it_may() -> None:
    """Its soft limit is raised as far as it needs and may, and never lowered."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1_024, hard))
        assert find_bounds(600, 1.0) == Bounds(600, 219, 1.0)
        raised = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        assert raised == 600 + 256 + 1_024
        find_bounds(1, 1.0)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (raised, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
