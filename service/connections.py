"""Connections: how many are open, and how long a client may keep one that it does nothing with.

uvicorn times the rest between two requests alone: a head that never ends, an answer that nobody reads and the body of
a request that was answered already would be waited for forever. Bodies under way are timed in api/bodies.py.
"""

from __future__ import annotations

import asyncio
import resource
import socket
import struct
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from service.api.bodies import LEAST_RATE

_SPARE = 128  # files for databases, the model's server and what is read
_BATCH = 256  # connections that are taken in at once, during which nothing else is done
_QUEUE = 2_048  # connections that wait to be taken in
_DROP = struct.pack("ii", 1, 0)  # SO_LINGER: what was not sent is forgotten, by the kernel too


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many connections may be open, how many come in at once, and how many seconds a client is waited for."""

    connections: int
    batch: int
    patience: float


def find_bounds(connections: int, patience: float) -> Bounds:
    """What may be open of what is wished for. This process may then open as many files as that takes, if it may."""
    files, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = connections + 2 * _SPARE + 4 * _BATCH
    files = max(files, wished if hard == resource.RLIM_INFINITY else min(hard, wished))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return bounds_of(files, connections, patience)


def bounds_of(files: int, connections: int, patience: float) -> Bounds:
    """What may be open where a process may open so many files.

    A batch is taken in before the first of it can be closed again, so it is kept small: asyncio would log each
    connection that it finds no file for, thousands a second (python/cpython#151615).
    """
    room = max(files - _SPARE, files // 2)
    batch = max(1, min(_BATCH, room // 8))
    return Bounds(max(1, min(connections, room - 4 * batch)), batch, patience)


class Connections(ServerState):
    """The open connections. Those that rest, longest first, make room for others."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__()
        self.bounds = bounds
        self.resting: dict[Connection, None] = {}

    def make_room(self) -> bool:
        """Close the one that rests longest if there are too many. False if none of them rests."""
        if len(self.connections) <= self.bounds.connections:
            return True
        longest = next(iter(self.resting), None)
        if longest:
            longest.drop()
        return longest is not None


class Connection(H11Protocol):
    """One connection. It rests while no answer is made: nothing of a request came, or not all of its head, or still
    the body of one that was answered before that was read."""

    def __init__(
        self,
        config: Config,
        server_state: Connections,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._all = server_state
        self._timer: asyncio.TimerHandle | None = None
        self._rests = False
        self._unsent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._all.make_room():
            self._note()
        else:
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._all.resting.pop(self, None)
        self._forget_timer()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._note()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._note()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self._rests:
            self._forget_timer()

    def drop(self) -> None:
        """Close at once, whatever was not sent."""
        self._all.resting.pop(self, None)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP)
        self.transport.abort()

    def look(self) -> None:
        """End it, unless its client did what it was waited for."""
        patience, unsent = self._all.bounds.patience, self.transport.get_write_buffer_size()
        if unsent and unsent > self._unsent - patience * LEAST_RATE:
            self.drop()
        elif unsent:
            self._await()
        elif not self._rests:
            self._timer = None
        elif self.conn.our_state is h11.DONE:  # its answer was sent, and the body that it answers still comes
            self.drop()
        elif self.conn.trailing_data[0]:
            self._refuse(408)
        else:
            self.transport.close()

    def _note(self) -> None:
        """Note whether it rests from now on, or no more."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._rests = False
            self._all.resting.pop(self, None)
        elif not self._rests and self in self._all.connections:
            self._rests = True
            self._all.resting[self] = None
            self._await()

    def _await(self) -> None:
        """Look after the client's time whether it did what it is waited for."""
        self._unsent = self.transport.get_write_buffer_size()
        self._forget_timer()
        self._timer = self.loop.call_later(self._all.bounds.patience, self.look)

    def _forget_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _refuse(self, status: int) -> None:
        """Answer what is no whole request, and close."""
        told = [(b"connection", b"close"), (b"content-length", b"0")]
        told += [(b"retry-after", b"1")] if status == 503 else []
        for event in (h11.Response(status_code=status, headers=told), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class Serving(Server):
    """uvicorn's server, with bounds on its connections."""

    def __init__(self, config: Config, bounds: Bounds) -> None:
        super().__init__(config)
        self.server_state = Connections(bounds)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and have the kernel keep more waiting than a batch, which uvicorn's `backlog` is both of."""
        await super().startup(sockets)
        for listening in (each for server in self.servers for each in server.sockets):
            with socket.fromfd(listening.fileno(), listening.family, listening.type) as same:
                same.listen(_QUEUE)
