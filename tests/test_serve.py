"""`concord serve`: a real server process, asked over a real connection."""

from __future__ import annotations

import select
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any

import httpx2
import pytest

from tests.api.answers import assert_exact
from tests.processes import address_of, concord
from tests.timing import PATIENCE


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on a free port, which must stop on SIGTERM."""
    folder = tmp_path_factory.mktemp("served")
    with concord(folder, "serve", "--port", "0", CONCORD_MAX_BODY_BYTES="100000") as server:
        yield address_of(server)
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=PATIENCE)
        assert server.returncode == 0


def test_the_main_job_is_served(address: str, cluster: dict[str, Any]) -> None:
    """A request over the network gets its summary."""
    response = httpx2.post(f"{address}/v1/summaries", json=cluster, timeout=180)
    assert response.status_code == 200
    assert_exact(cluster, response.json())


def test_a_large_upload_is_refused_before_it_is_sent(address: str) -> None:
    """A declared length beyond the limit is answered with a problem at once."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=120)
    connection.putrequest("POST", "/v1/summaries")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", "100001")
    connection.endheaders()
    response = connection.getresponse()
    assert (response.status, response.headers["content-type"]) == (413, "application/problem+json")
    connection.close()


def test_endless_headers_are_refused(address: str) -> None:
    """What never comes to the end of its headers is cut off, before much of it is held."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
        sent = 0
        with suppress(ConnectionError):
            while sent < 100_000_000 and not select.select([connection], [], [], 0)[0]:
                sent += connection.send(b"a" * 65_536)
        assert sent < 50_000_000  # of which the most lay in the machine's own buffers
        with suppress(ConnectionError):
            assert connection.recv(100).startswith(b"HTTP/1.1 400")


def test_what_is_no_http_is_refused(address: str) -> None:
    """A malformed length is an error of the client, not of the service."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=120)
    connection.putrequest("POST", "/v1/summaries")
    connection.putheader("Content-Length", "many")
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()
