"""Clients that go away, or read slowly: the work of the one ends, and nobody waits for the other."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from benchmarks.stub import running_stub
from service.inputs import find_data, read_paths
from tests.api.ferry import app_of, name_of
from tests.api.kept import PATH
from tests.builders import create_app_of, villages
from tests.serving import HOST, serving
from tests.timing import PATIENCE, wait_for

EVENTS = "text/event-stream"


def post(address: str, request: dict[str, Any], accept: str) -> socket.socket:
    """A connection over which a request is sent, and from which nothing is read yet."""
    body = json.dumps(request).encode()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(PATIENCE)
    connection.connect((HOST, int(address.rpartition(":")[2])))
    head = f"POST {PATH} HTTP/1.1\r\nHost: concord\r\nContent-Type: application/json\r\nAccept: {accept}\r\n"
    connection.sendall(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    return connection


@pytest.mark.parametrize("accept", [EVENTS, "application/json"])
def test_a_client_that_goes_away_stops_the_spending(tmp_path: Path, cluster: dict[str, Any], accept: str) -> None:
    """Requests that wait their turn, and further steps, never reach the model once the client has left."""
    with running_stub(latency=0.2) as slow:
        app = app_of(slow, tmp_path, CONCORD_MODEL_CONCURRENT="2", CONCORD_MEMO="off")
        with serving(app) as address:
            connection = post(address, villages(8), accept)
            wait_for(lambda: len(slow.bodies) >= 2)
            connection.close()
            time.sleep(0.3)  # until the server knows
            asked = len(slow.bodies)
            time.sleep(1.0)  # in which five rounds would have been asked
            assert len(slow.bodies) == asked < 8
            with closing(post(address, cluster, accept)) as patient:
                assert b'"timings_ms"' in read_all(patient)
            assert "summary" in {name_of(body) for body in slow.bodies}  # for who stays, every step is asked


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_a_client_that_goes_away_between_two_steps_stops_the_spending(tmp_path: Path) -> None:
    """The same where the first step is over: what is read of the stream makes no difference."""
    with running_stub(latency=0.2) as slow, serving(app_of(slow, tmp_path)) as address:
        connection = post(address, villages(3), EVENTS)
        seen = b""
        while b'"extract", "done": 3' not in seen:
            seen += connection.recv(65_536) or pytest.fail("the stream ended")
        connection.close()
        time.sleep(0.8)
        assert "summary" not in {name_of(body) for body in slow.bodies}


@pytest.mark.parametrize("accept", [EVENTS, "application/json"])
def test_a_slow_client_holds_nobody_up(accept: str) -> None:
    """While clients do not read what they are sent, others are answered; the slow ones get all of it in the end."""
    large = read_paths([find_data() / "harbour-fire"]).model_dump(mode="json")
    with serving(create_app_of({}), send_buffer=4_096) as address, ThreadPoolExecutor(4) as pool:
        slow = [post(address, large, accept) for _ in range(4)]
        sent = [pool.submit(httpx2.post, address + PATH, json=villages(2), timeout=PATIENCE) for _ in range(8)]
        assert [future.result(PATIENCE).status_code for future in sent] == [200] * 8
        for connection in slow:
            with closing(connection):
                answer = read_all(connection).decode()
            assert answer.startswith("HTTP/1.1 200")
            assert '"timings_ms":' in answer
            assert accept != EVENTS or answer.rindex("event: result") > answer.rindex("event: sentence")
