"""How many requests are under way at once: what one too many is answered, and what is never refused."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from service.api.crowding import Crowding
from service.api.openapi import complete
from tests.api.answers import assert_problem
from tests.api.kept import ASYNC, PATH, Held, app_in, begin
from tests.timing import PATIENCE

PROBES = ["/healthz", "/readyz", "/metrics"]


def assert_refused(answer: Any, word: str) -> None:
    """503 as a problem that says why, and when to come again."""
    assert word in assert_problem(answer, 503)["detail"]
    assert 1 <= int(answer.headers["retry-after"]) <= 60


def test_one_request_too_many_is_told_to_come_again(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """Work beyond what may be under way gets 503; looks and probes are answered; then there is room again."""
    backend = Held()
    app = app_in(tmp_path, backend, CONCORD_MAX_REQUESTS="1")
    with TestClient(app, raise_server_exceptions=False) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, PATH, json=cluster)
        assert backend.at_work.wait(PATIENCE)
        for path in (PATH, "/v1/verifications", "/v1/estimates", "/page/verifications"):
            assert_refused(client.post(path, json=cluster), "1 requests are under way")
        assert_refused(client.post(PATH, json=cluster, headers=ASYNC), "1 requests are under way")
        assert [client.get(path).status_code for path in ["/", "/page/samples", *PROBES]] == [200] * 5
        backend.may_go_on.set()
        assert first.result(PATIENCE).status_code == 200
        begin(client, cluster)


class Waiting:
    """An application that begins its answers when it may, and ends them when it may."""

    def __init__(self) -> None:
        self.may_begin, self.may_end = asyncio.Event(), asyncio.Event()
        self.entered = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.entered += 1
        while (await receive()).get("more_body"):
            pass
        await self.may_begin.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.may_end.wait()
        await send({"type": "http.response.body"})


class Asking:
    """Asks an application; its body comes when it is sent."""

    def __init__(self, app: Crowding, method: str = "GET", path: str = "/") -> None:
        self.status = 0
        self._body: asyncio.Queue[Message] = asyncio.Queue()
        scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
        self.task = asyncio.create_task(app(scope, self._body.get, self._note))
        if method == "GET":
            self.send(b"")

    def send(self, body: bytes, *, more: bool = False) -> None:
        self._body.put_nowait({"type": "http.request", "body": body, "more_body": more})

    async def _note(self, message: Message) -> None:
        self.status = message.get("status", self.status)


async def settle() -> None:
    """Let all go on as far as they can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_look_holds_its_place_until_its_answer_begins() -> None:
    """Looks beyond the most are refused; those whose answers are being read take nobody's place."""

    async def run() -> None:
        app = Waiting()
        crowding = Crowding(app, 2, 100)
        first = [Asking(crowding), Asking(crowding)]
        await settle()
        third, followed, probe = (
            Asking(crowding),
            Asking(crowding, path="/a/events"),
            Asking(crowding, path="/healthz"),
        )
        await settle()
        assert (third.status, app.entered) == (503, 4)
        app.may_begin.set()
        await settle()
        assert [each.status for each in (*first, followed, probe)] == [200] * 4
        assert not any(each.task.done() for each in first)
        fourth = Asking(crowding)
        await settle()
        assert fourth.status == 200
        app.may_end.set()
        await asyncio.gather(*(each.task for each in (*first, third, fourth, followed, probe)))

    asyncio.run(run())


@pytest.fixture
def one_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """One look is answered at once, and others wait no longer than that takes to say."""
    monkeypatch.setattr("service.api.crowding._AT_ONCE", 1)
    monkeypatch.setattr("service.api.crowding._TURN_SECONDS", 0.01)


@pytest.mark.usefixtures("one_turn")
def test_a_look_does_not_wait_for_one_that_waits() -> None:
    """Few looks are answered at once, but one that waits for something else does not hold up the rest."""

    async def run() -> None:
        app = Waiting()
        crowding = Crowding(app, 3, 100)
        asked = [Asking(crowding) for _ in range(3)]
        await settle()
        assert app.entered == 1
        while app.entered < 3:  # noqa: ASYNC110 (there is no event for it)
            await asyncio.sleep(0.005)
        app.may_begin.set()
        app.may_end.set()
        await asyncio.gather(*(each.task for each in asked))
        assert [each.status for each in asked] == [200] * 3

    asyncio.run(run())


def test_who_sends_slowly_takes_no_place() -> None:
    """Work is counted once its body is whole: until then others are let in, after that it is refused itself."""

    async def run() -> None:
        app = Waiting()
        crowding = Crowding(app, 1, 100)
        slow, quick = Asking(crowding, "POST"), Asking(crowding, "POST")
        slow.send(b"{", more=True)
        quick.send(b"{}")
        await settle()
        slow.send(b"}")
        await settle()
        late = Asking(crowding, "POST")
        await settle()
        assert (slow.status, late.status, quick.status) == (503, 503, 0)
        app.may_begin.set()
        app.may_end.set()
        await asyncio.gather(*(each.task for each in (slow, quick, late)))
        assert quick.status == 200

    asyncio.run(run())


def test_what_is_refused_is_described() -> None:
    """Operations say that they may be refused, by keys and crowding, and bodies that they may come too slowly."""
    paths: dict[str, dict[str, dict[str, Any]]] = {
        "/healthz": {"get": {}},
        "/a": {"get": {}, "post": {"requestBody": {}}},
    }
    described = {path: {method: {**o, "responses": {}} for method, o in ops.items()} for path, ops in paths.items()}
    found = complete({"paths": described, "components": {"schemas": {}}})["paths"]
    assert [set(found[p][m]["responses"]) for p, m in (("/healthz", "get"), ("/a", "get"), ("/a", "post"))] == [
        set(),
        {"401", "429", "503"},
        {"401", "429", "408", "503"},
    ]


def test_bodies_hold_no_more_than_they_may() -> None:
    """One body may be as large as bodies may be; beside it none is taken in that makes too much of both."""

    async def run() -> None:
        app = Waiting()
        crowding = Crowding(app, 9, 100)
        large, small = Asking(crowding, "POST"), Asking(crowding, "POST")
        small.send(b"{", more=True)
        await settle()
        large.send(b"x" * 200, more=True)
        await settle()
        assert (large.status, small.status) == (503, 0)
        small.send(b"}")
        large = Asking(crowding, "POST")
        await settle()
        app.may_begin.set()
        app.may_end.set()
        await small.task
        large.send(b"x" * 200)
        await large.task
        assert (large.status, small.status) == (200, 200)

    asyncio.run(run())
