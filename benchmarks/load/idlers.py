"""Clients that hold a service's connections and give or take little: slow ones of many kinds, and idle ones."""

from __future__ import annotations

import asyncio
import selectors
import socket
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.load.crowds import get, post, report
from benchmarks.processes import HOST

_SMALL = 4_096  # bytes of a receive buffer, so that what is not read is soon the server's
_LARGE = "/docs/viewer/swagger-ui-bundle.js"  # more than buffers hold


@dataclass(slots=True)
class Held:
    """How long connections lasted, in seconds, by kind; those that were still open at the end are in `left`.

    `answered` counts by kind and status what came back; `refused` counts those that could not be opened.
    """

    opened: int = 0
    refused: int = 0
    lasted: dict[str, list[float]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a client is slow: what it sends at once, what it sends a byte a second after that, whether it then says
    that it sends no more, whether it reads all that comes, a byte a second or nothing, and its share of a crowd."""

    at_once: bytes
    slowly: bytes = b""
    half_closes: bool = False
    reads: int = 65_536
    share: float = 0.1


def _manners() -> dict[str, Manner]:
    head = get("/healthz").replace(b"\r\n\r\n", b"\r\nX-Slow: " + b"x" * 4_000)
    body = post("/v1/summaries", report(1))
    streamed = post("/v1/summaries", report(2), "Accept: text/event-stream")
    return {
        "heads a byte a second": Manner(b"", head, share=1.0),
        "bodies a byte a second": Manner(body[:-500], body[-500:], share=1.0),
        "bodies never ended": Manner(body[:-500]),
        "half-closed within a body": Manner(body[:-500], half_closes=True),
        "half-closed after a request": Manner(body, half_closes=True),
        "answers read a byte a second": Manner(get(_LARGE), reads=1),
        "answers never read": Manner(get(_LARGE), reads=0),
        "events read a byte a second": Manner(streamed, reads=1),
        "events never read": Manner(streamed, reads=0),
    }


class _Slow:
    """One slow client."""

    def __init__(self, kind: str, manner: Manner, port: int) -> None:
        self.kind = kind
        self.manner = manner
        self.began = time.monotonic()
        self.sent = 0
        self.seen = b""
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
        self.socket.connect((HOST, port))
        self.socket.sendall(manner.at_once)
        if manner.half_closes:
            self.socket.shutdown(socket.SHUT_WR)
        self.socket.setblocking(False)

    def step(self) -> bool:
        """Do what is done in a second; False once the server has closed."""
        try:
            if self.sent < len(self.manner.slowly):
                self.socket.send(self.manner.slowly[self.sent : self.sent + 1])
                self.sent += 1
            if self.manner.reads == 0:
                return not self._is_cut()
            found = self.socket.recv(self.manner.reads)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.seen = (self.seen + found)[:64]
        return bool(found)

    def _is_cut(self) -> bool:
        return bool(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))

    @property
    def status(self) -> str:
        return self.seen[9:12].decode("latin-1") if len(self.seen) >= 12 else "none"


async def slow(port: int, clients: int, seconds: float) -> Held:
    """Slow clients, so many of the commonest kinds and some of the others, as long as they are told to stay."""
    held = Held()
    made = [_Slow(kind, m, port) for kind, m in _manners().items() for _ in range(round(clients * m.share))]
    held.opened, until = len(made), time.monotonic() + seconds
    while made and time.monotonic() < until:
        await asyncio.sleep(1.0)
        for each in [each for each in made if not each.step()]:
            made.remove(each)
            held.lasted.setdefault(each.kind, []).append(time.monotonic() - each.began)
            told = f"{each.kind}: {each.status}"
            held.answered[told] = held.answered.get(told, 0) + 1
    held.left = dict(Counter(each.kind for each in made))
    return held


async def idle(port: int, clients: int, seconds: float) -> Held:
    """Connections over which nothing is ever sent, until all were closed or the time is over."""
    held, waiting = Held(), selectors.DefaultSelector()
    until = time.monotonic() + seconds
    for _ in range(clients):
        try:
            waiting.register(_open(port), selectors.EVENT_READ, time.monotonic())
            held.opened += 1
        except OSError:
            held.refused += 1
        _reap(waiting, held, 0)
    while waiting.get_map() and time.monotonic() < until:
        _reap(waiting, held, 0.2)
    held.left["idle"] = len(waiting.get_map())
    return held


def _open(port: int) -> socket.socket:
    opened = socket.socket()
    opened.settimeout(30.0)
    opened.connect((HOST, port))
    return opened


def _reap(waiting: selectors.BaseSelector, held: Held, patience: float) -> None:
    for key, _ in waiting.select(patience):
        waiting.unregister(key.fileobj)
        held.lasted.setdefault("idle", []).append(time.monotonic() - key.data)
        key.fileobj.close()  # type: ignore[union-attr]
