"""Bodies: what is refused by its headers is not read at all, and what grows is read up to the limit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from fastapi import FastAPI
from starlette.types import Message

from tests.api.kept import PATH
from tests.builders import create_app_of

LIMIT = 1_000_000
CHUNK = 64_000
JSON = ("content-type", "application/json")
FILES = "/v1/texts"
PDF = ("content-type", "application/pdf")


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app_of(
        {"CONCORD_AUTH": "off", "CONCORD_MAX_BODY_BYTES": str(LIMIT), "CONCORD_PATIENCE_SECONDS": "0.1"}
    )


def send(
    app: FastAPI, path: str, headers: Sequence[tuple[str, str]], pause: float = 0.0, piece: int = CHUNK
) -> tuple[int, bytes, int]:
    """The status and the body of the answer to a body that never ends, and how many bytes of that were read.

    Its pieces, of so many bytes, come after a pause of so many seconds.
    """
    sent: list[Message] = []
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += piece
        assert read < 10 * LIMIT, "it reads on and on"
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": b" " * piece, "more_body": True}

    async def keep(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    asyncio.run(app(scope, receive, keep))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent), read


UNREAD = [
    # what is wrong, where it is sent, with what headers, the status, and a word of the answer
    ("a length beyond the limit", PATH, [JSON, ("content-length", str(LIMIT + 1))], 413, b"1000000"),
    ("a file beyond the limit", FILES, [PDF, ("content-length", str(LIMIT + 1))], 413, b"1000000"),
    ("a length of 4,000 digits", PATH, [JSON, ("content-length", "9" * 4_000)], 413, b"1000000"),
    ("another type", PATH, [("content-type", "text/plain")], 415, b"text/plain"),
    ("another type for the page", "/page/verifications", [PDF], 415, b"application/pdf"),
    ("no type", "/v1/verifications", [], 415, b"no Content-Type: send the body as application/json"),
    ("another charset", "/v1/estimates", [("content-type", "application/json; charset=utf-16")], 415, b"utf-16"),
    ("a compressed body", PATH, [JSON, ("content-encoding", "gzip")], 415, b"uncompressed, not in gzip"),
    ("compressed events", PATH, [JSON, ("accept", "text/event-stream"), ("content-encoding", "br")], 415, b"in br"),
    ("a compressed file", FILES, [PDF, ("content-encoding", "deflate")], 415, b"uncompressed, not in deflate"),
    ("a file of another kind", FILES, [JSON], 415, b"application/pdf"),
]


@pytest.mark.parametrize(
    ("path", "headers", "status", "word"), [row[1:] for row in UNREAD], ids=[r[0] for r in UNREAD]
)
def test_what_its_headers_rule_out_is_not_read(
    app: FastAPI, path: str, headers: list[tuple[str, str]], status: int, word: bytes
) -> None:
    """The answer comes before a single byte of the body was asked for."""
    answered, body, read = send(app, path, headers)
    assert (answered, read) == (status, 0)
    assert word in body


@pytest.mark.parametrize(("path", "kind"), [(PATH, JSON), (FILES, PDF), ("/page/verifications", JSON)])
def test_a_body_that_grows_is_read_up_to_the_limit(app: FastAPI, path: str, kind: tuple[str, str]) -> None:
    """Without a length no more is read, or held, than the limit and one piece."""
    status, body, read = send(app, path, [kind])
    assert status == 413
    assert b"1000000" in body
    assert LIMIT < read <= LIMIT + CHUNK


@pytest.mark.parametrize(("path", "kind"), [(PATH, JSON), (FILES, PDF)])
@pytest.mark.parametrize(("pause", "piece"), [(0.01, 1), (3_600.0, CHUNK)], ids=["drips", "stops"])
def test_a_body_that_does_not_come_is_not_waited_for(
    app: FastAPI, path: str, kind: tuple[str, str], pause: float, piece: int
) -> None:
    """Whether it stops or drips: it has its time for all of it, not for each piece."""
    status, body, _ = send(app, path, [kind, ("content-length", str(LIMIT))], pause, piece)
    assert status == 408
    assert b"came within 0.1 s: send it faster" in body
