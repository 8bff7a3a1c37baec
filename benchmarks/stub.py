"""A stub chat server: `python -m benchmarks.stub [--port N] [--latency SECONDS] [--mode MODE]`.

Speaks as much of the OpenAI chat API as Concord and its peers need, answers by rule (see stub_replies.py), each
request no sooner than `latency` seconds after it came, and counts what it was asked. It measures what a way of
asking costs (requests, rounds, tokens, time), not what it finds. `GET /stats` gives the counts, `POST /reset`
clears them. In a test or a benchmark: `with running_stub(latency=0.2) as stub: ask(stub.base_url); stub.stats()`.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, get_args

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from benchmarks.command import create_parser
from benchmarks.stub_replies import REFUSAL, Mode, content_of, text_of
from service.backends.tokens import TokenCounter
from tests.serving import HOST, config_of, listen, running

_POLL = 0.02  # seconds between looks at whether a client that is kept hanging has left
_PAGE = "<!doctype html><title>500</title><h1>Internal Server Error</h1>"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: which it was, what it asked for ("" for prose), its round, and its tokens."""

    number: int
    name: str
    round: int
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What the stub was asked since it was reset: sums, and every request answered, in the order of their ends.

    `rounds` is the longest chain of requests of which each came after the one before it was answered: what a
    client can't take less than, times the latency, however many requests it sends at once.
    """

    requests: int
    rounds: int
    most_in_flight: int
    prompt_tokens: int
    completion_tokens: int
    by_name: dict[str, int]
    each: tuple[Asked, ...]


class Ledger:
    """Counts requests as they come and are answered. Not for more than one writing thread."""

    def __init__(self) -> None:
        self._came = 0
        self._in_flight = 0
        self._most_in_flight = 0
        self._round_answered = 0
        self._asked: list[Asked] = []

    def begin(self) -> tuple[int, int]:
        """The number and the round of a request that just came."""
        self._came += 1
        self._in_flight += 1
        self._most_in_flight = max(self._most_in_flight, self._in_flight)
        return self._came, self._round_answered + 1

    def end(self, asked: Asked) -> None:
        """A request is answered, or given up."""
        self._in_flight -= 1
        self._round_answered = max(self._round_answered, asked.round)
        self._asked.append(asked)

    def stats(self) -> Stats:
        each = tuple(self._asked)
        return Stats(
            requests=self._came,
            rounds=max((asked.round for asked in each), default=0),
            most_in_flight=self._most_in_flight,
            prompt_tokens=sum(asked.prompt_tokens for asked in each),
            completion_tokens=sum(asked.completion_tokens for asked in each),
            by_name=dict(Counter(asked.name or "prose" for asked in each)),
            each=each,
        )


class Stub:
    """The server's state and its app. `bodies` holds every request as it was sent, in the order of coming."""

    def __init__(self, latency: float = 0.0, mode: Mode = "honest") -> None:
        self.latency = latency
        self.base_url = ""
        self.bodies: list[dict[str, Any]] = []
        self.closing = False
        self._ledger = Ledger()
        self._counter = TokenCounter()
        self._counter.count("")  # reads the ranks now, not within the first request
        self.misbehave(mode)

    def misbehave(self, mode: Mode, only: Collection[str] = (), times: int | None = None) -> None:
        """From now on answer in this mode: all requests, or those of the names given; always, or some times."""
        self._mode, self._only, self._times = mode, frozenset(only), times

    def stats(self) -> Stats:
        return self._ledger.stats()

    def reset(self) -> None:
        """Forget what was asked; the mode stays."""
        self._ledger, self.bodies = Ledger(), []

    def app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)
        app.add_api_route("/v1/chat/completions", self._complete, methods=["POST"], response_model=None)
        app.add_api_route("/stats", self._stats, methods=["GET"], response_model=None)
        app.add_api_route("/reset", self._reset, methods=["POST"], response_model=None)
        return app

    async def _stats(self) -> Response:
        return JSONResponse(asdict(self.stats()))

    async def _reset(self) -> Response:
        self.reset()
        return Response(status_code=204)

    async def _complete(self, request: Request) -> Response:
        body = await request.json()
        if body.get("stream"):
            return JSONResponse({"error": {"message": "the stub does not stream", "type": "invalid"}}, 400)
        due = time.monotonic() + self.latency
        ledger = self._ledger  # the one it began in, though the stub be reset meanwhile
        number, turn = ledger.begin()
        self.bodies.append(body)
        name, mode = _name_of(body), self._mode_for(_name_of(body))
        text, asked = "", (0, 0)
        try:
            text = content_of(body["messages"], name, mode)
            prompt = sum(self._counter.count(text_of(message)) for message in body["messages"])
            asked = (prompt, self._counter.count(REFUSAL if mode == "refusal" else text))
            await (self._hang(request) if mode == "hang" else asyncio.sleep(due - time.monotonic()))
        finally:
            ledger.end(Asked(number, name or "", turn, *asked))
        if mode in ("html500", "hang"):
            return HTMLResponse(_PAGE, 500)
        return JSONResponse(_completion(number, str(body.get("model", "stub")), text, mode, asked))

    def _mode_for(self, name: str | None) -> Mode:
        if self._times == 0 or (self._only and name not in self._only):
            return "honest"
        if self._times is not None:
            self._times -= 1
        return self._mode

    async def _hang(self, request: Request) -> None:
        while not self.closing and not await request.is_disconnected():  # noqa: ASYNC110 (there is no event for it)
            await asyncio.sleep(_POLL)


def _name_of(body: dict[str, Any]) -> str | None:
    schema = (body.get("response_format") or {}).get("json_schema") or {}
    name = schema.get("name")
    return name if isinstance(name, str) else None


def _completion(number: int, model: str, text: str, mode: Mode, tokens: tuple[int, int]) -> dict[str, Any]:
    refused = mode == "refusal"
    message = {
        "role": "assistant",
        "content": None if refused else text,
        "refusal": REFUSAL if refused else None,
    }
    return {
        "id": f"chatcmpl-stub-{number}",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": message,
                "logprobs": None,
                "finish_reason": "length" if mode == "cut" else "stop",
            }
        ],
        "usage": {
            "prompt_tokens": tokens[0],
            "completion_tokens": tokens[1],
            "total_tokens": sum(tokens),
            "prompt_tokens_details": {"cached_tokens": 0},
        },
    }


def _server(stub: Stub) -> uvicorn.Server:
    return uvicorn.Server(config_of(stub.app(), lifespan="off"))


@contextmanager
def running_stub(latency: float = 0.0, mode: Mode = "honest") -> Iterator[Stub]:
    """A stub that serves from a thread of this process, on a free port, until the block ends.

    Set `stub.latency`, or call `stub.misbehave`, to change how it answers from then on.
    """
    stub = Stub(latency, mode)
    with running(_server(stub)) as port:
        stub.base_url = f"http://{HOST}:{port}/v1"
        try:
            yield stub
        finally:
            stub.closing = True


def main() -> None:
    parser = create_parser(__doc__)
    parser.add_argument("--port", type=int, default=8765, help="0 for a free one (default: %(default)s)")
    parser.add_argument("--latency", type=float, default=0.2, help="seconds a request (default: %(default)s)")
    parser.add_argument("--mode", choices=get_args(Mode), default="honest")
    given = parser.parse_args()
    stub = Stub(given.latency, given.mode)
    with listen(given.port) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}/v1"
        print(f"stub on {address}, {given.latency} s a request, {given.mode}", flush=True)
        _server(stub).run(sockets=[listening])


if __name__ == "__main__":
    main()
