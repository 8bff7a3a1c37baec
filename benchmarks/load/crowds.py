"""Crowds: many clients of a service in a process of their own, as cheap as they can be made.

`python -m benchmarks.load.crowds KIND --port PORT --clients N --seconds S` prints what they met as one JSON object.
`busy` clients ask for work one request after another and heed `Retry-After`; `polite` ones rest between requests;
`pulse` asks `/healthz` ten times a second, each time over a new connection, whether or not it was answered before.
`slow` and `idle` ones are in idlers.py.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.command import create_parser
from benchmarks.processes import HOST

_BEAT = 0.1  # seconds between two questions to /healthz
_PATIENCE = 300.0  # seconds that an answer is waited for
_LOOK = 0.5  # seconds between two looks at a job
_REST = 1.0  # seconds between two requests of a polite client
_LARGEST = 1 << 24
_PLACES = ("Orrin", "Tarn", "Vessel", "Marl", "Quill", "Sedge", "Alder", "Brack")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its kind, when it was sent (seconds of time.monotonic), its status, and how long it took.

    Status 0 is a connection that was refused or cut. `told` is whether an answer that refuses says when to come back.
    """

    kind: str
    at: float
    status: int
    seconds: float
    told: bool = True


@dataclass(slots=True)
class Met:
    """What a crowd met. `late` is by how much, in seconds, its own process woke later than it meant to."""

    asked: list[Asked] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    reconnected: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]


class Line:
    """A connection to the service that is kept between requests, and made anew where it was closed meanwhile."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.reconnected = 0

    async def ask(self, request: bytes) -> Answer:
        """The answer, whose body is read and dropped. Raises OSError and EOFError where the connection is cut."""
        is_kept = self._streams is not None
        try:
            return await self._ask(request)
        except (OSError, EOFError):
            self.close()
            if not is_kept:
                raise
        self.reconnected += 1  # closed while it rested: any client asks again over a new one
        return await self._ask(request)

    async def _ask(self, request: bytes) -> Answer:
        self._streams = self._streams or await asyncio.open_connection(HOST, self._port, limit=_LARGEST)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(head[0].split()[1]), headers)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None


def get(path: str) -> bytes:
    """A request for a path."""
    return f"GET {path} HTTP/1.1\r\nHost: concord\r\n\r\n".encode()


def post(path: str, body: dict[str, Any], *headers: str) -> bytes:
    """A request with a JSON body."""
    content = json.dumps(body).encode()
    head = [f"POST {path} HTTP/1.1", "Host: concord", "Content-Type: application/json", *headers]
    return "\r\n".join([*head, f"Content-Length: {len(content)}", "", ""]).encode() + content


def report(number: int) -> dict[str, Any]:
    """A request of three short documents that no other number has."""
    place, cars, cost = _PLACES[number % len(_PLACES)], 1_000 + number % 8_999, 2 + number % 97
    texts = (
        f"The {place} Bridge was closed on Monday after engineers found cracks in two of its cables. "
        f"Mayor Petra Lindqvist said repairs would cost {cost} million euros. "
        f"The bridge carries {cars} vehicles a day.",
        f"Engineers found cracks in two cables of the {place} Bridge, and it was closed on Monday. "
        f"The bridge carries {cars + 1_000} vehicles a day. Inspection number {number} took place in 2019.",
        f"The {place} Bridge has been closed since Monday because of cracks in two cables. "
        f"Repairs would cost {cost} million euros, Mayor Petra Lindqvist said.",
    )
    return {"documents": [{"text": text} for text in texts]}


class Client:
    """One client: asks, waits as long as it is told to, and notes what it met."""

    def __init__(self, port: int, met: Met, until: float) -> None:
        self._line = Line(port)
        self._met = met
        self._until = until

    async def ask(self, kind: str, request: bytes) -> Answer | None:
        """The answer if it is no refusal; None after a refusal, whose time to come back was waited for."""
        at = time.monotonic()
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._line.ask(request)
        except (OSError, EOFError, TimeoutError):
            self._line.close()
            self._met.asked.append(Asked(kind, at, 0, time.monotonic() - at))
            await asyncio.sleep(1.0)
            return None
        wait = answer.headers.get("retry-after", "")
        is_refused = answer.status in (429, 503)
        self._met.asked.append(
            Asked(kind, at, answer.status, time.monotonic() - at, not is_refused or wait.isdigit())
        )
        if not is_refused:
            return answer
        await asyncio.sleep(float(wait or 1) + random.random())  # noqa: S311 (not for secrets)
        return None

    async def summarize(self) -> None:
        await self.ask("summary", post("/v1/summaries", report(_number())))

    async def verify(self) -> None:
        request = report(_number())
        text = request["documents"][0]["text"]
        await self.ask("verification", post("/v1/verifications", {"text": text, **request}))

    async def look(self) -> None:
        await self.ask("page", get("/"))
        await self.ask("page", get("/static/main.js"))

    async def send_a_job(self) -> None:
        """A job, and looks at it until it is over."""
        taken = await self.ask("job", post("/v1/summaries", report(_number()), "Prefer: respond-async"))
        place = taken.headers.get("location") if taken else None
        while place and time.monotonic() < self._until:
            await asyncio.sleep(_LOOK)
            state = await self.ask("status", get(place))
            if state and "retry-after" not in state.headers:
                return

    def close(self) -> None:
        self._line.close()
        self._met.reconnected += self._line.reconnected


def _number() -> int:
    return random.getrandbits(48)


WORK: Sequence[Callable[[Client], Awaitable[None]]] = (
    Client.summarize, Client.summarize, Client.verify, Client.send_a_job, Client.look,
)  # fmt: skip
"""What a client does, by its number: two of five want summaries while they wait."""


async def busy(port: int, clients: int, seconds: float, rest: float = 0.0) -> Met:
    """Clients that each do one thing again and again, `rest` seconds after they were answered."""
    met, until = Met(), time.monotonic() + seconds

    async def live(number: int) -> None:
        client = Client(port, met, until)
        await asyncio.sleep(number / clients)  # they come within a second, not at once
        while time.monotonic() < until:
            await WORK[number % len(WORK)](client)
            await asyncio.sleep(rest)
        client.close()

    await _all((live(number) for number in range(clients)), seconds + 30.0)
    return met


async def polite(port: int, clients: int, seconds: float) -> Met:
    return await busy(port, clients, seconds, _REST)


async def pulse(port: int, _: int, seconds: float) -> Met:
    """`/healthz` at fixed times, so that a slow answer hides none of those after it."""
    met, began = Met(), time.monotonic()

    async def beat(at: float) -> None:
        line = Line(port)
        with suppress(OSError, EOFError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                answer = await line.ask(get("/healthz"))
            met.asked.append(Asked("healthz", at, answer.status, time.monotonic() - at))
            line.close()
            return
        met.asked.append(Asked("healthz", at, 0, time.monotonic() - at))

    async with asyncio.TaskGroup() as beats:
        for number in range(int(seconds / _BEAT)):
            due = began + number * _BEAT
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            met.late.append(time.monotonic() - due)
            beats.create_task(beat(time.monotonic()))
    return met


async def _all(lives: Any, seconds: float) -> None:
    """Wait for all, at most so many seconds: who still waits for an answer then is let go."""
    async with _ended([asyncio.create_task(life) for life in lives]) as tasks:
        await asyncio.wait(tasks, timeout=seconds)


@asynccontextmanager
async def _ended(tasks: list[asyncio.Task[None]]) -> AsyncIterator[list[asyncio.Task[None]]]:
    yield tasks
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def main() -> None:
    from benchmarks.load.idlers import idle, slow

    kinds: dict[str, Callable[[int, int, float], Awaitable[Any]]] = {
        "busy": busy, "polite": polite, "pulse": pulse, "slow": slow, "idle": idle,
    }  # fmt: skip
    parser = create_parser(__doc__)
    parser.add_argument("kind", choices=tuple(kinds))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clients", type=int, default=1, help="(default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60.0, help="(default: %(default)s)")
    given = parser.parse_args()

    async def run() -> Any:
        return await kinds[given.kind](given.port, given.clients, given.seconds)

    print(json.dumps(asdict(asyncio.run(run()))))


if __name__ == "__main__":
    main()
