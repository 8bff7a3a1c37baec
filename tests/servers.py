"""A model server that answers as it is told to, in turn, and remembers what came when."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Says:
    """One answer: sent `delay` seconds after its request came, its bytes `drip` seconds apart if that is more than 0.

    Status 0 is a connection that is cut without an answer.
    """

    status: int = 200
    body: Json | str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0


@dataclass(frozen=True, slots=True)
class Came:
    """One request: the seconds of the clock (time.monotonic) when it came, its headers, and its body."""

    at: float
    headers: Mapping[str, str]
    body: Json


def completes(text: str = "{}", delay: float = 0.0, **changed: Any) -> Says:
    """A chat completion of a text; `finish_reason`, `refusal`, `model` and `usage` (null to leave it away) may be
    changed."""
    message = {"role": "assistant", "content": text, "refusal": changed.get("refusal")}
    choice = {"index": 0, "message": message, "finish_reason": changed.get("finish_reason", "stop"), "logprobs": None}
    counted = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    body = {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": changed.get("model", "m"),
        "choices": [choice],
    }
    return Says(200, body | {"usage": changed.get("usage", counted)}, delay=delay)


def fails(status: int, message: str = "no", code: str | None = None, delay: float = 0.0, **headers: str) -> Says:
    """An error in OpenAI's form. Headers are named with `_` for `-`."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return Says(status, body, {name.replace("_", "-"): value for name, value in headers.items()}, delay)


class Scripted:
    """The server's script and what came to it. The last answer is given again to whatever comes after it."""

    def __init__(self, script: tuple[Says, ...]) -> None:
        self._script = script
        self._lock = threading.Lock()
        self._in_flight = 0
        self.base_url = ""
        self.came: list[Came] = []
        self.most_in_flight = 0
        self.closing = threading.Event()

    @property
    def waits(self) -> list[float]:
        """Seconds between each request and the one before it."""
        return [b.at - a.at for a, b in zip(self.came, self.came[1:], strict=False)]

    def begin(self, came: Came) -> Says:
        with self._lock:
            self.came.append(came)
            self._in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self._in_flight)
            return self._script[min(len(self.came), len(self._script)) - 1]

    def end(self) -> None:
        with self._lock:
            self._in_flight -= 1


def _handler(scripted: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            at = time.monotonic()
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            says = scripted.begin(Came(at, {k.lower(): v for k, v in self.headers.items()}, body))
            try:
                scripted.closing.wait(says.delay)
            finally:
                scripted.end()
            with suppress(ConnectionError):  # the client has left
                self._answer(says)

        def _answer(self, says: Says) -> None:
            if not says.status:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            kind = "text/html" if isinstance(says.body, str) else "application/json"
            content = (says.body if isinstance(says.body, str) else json.dumps(says.body)).encode()
            self.send_response(says.status)
            for name, value in ({"content-type": kind} | dict(says.headers)).items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            for piece in (bytes([byte]) for byte in content) if says.drip else (content,):
                self.wfile.write(piece)
                scripted.closing.wait(says.drip)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (so named by http.server)
            """Say nothing."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


@contextmanager
def scripted(*script: Says) -> Iterator[Scripted]:
    """A server on a free port, in a thread of this process, until the block ends."""
    state = Scripted(script)
    with _Server(("127.0.0.1", 0), _handler(state)) as server:
        state.base_url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="scripted", daemon=True)
        thread.start()
        try:
            yield state
        finally:
            state.closing.set()
            server.shutdown()
            thread.join()
