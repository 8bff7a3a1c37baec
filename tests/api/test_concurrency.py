"""Several requests at once: worked on side by side up to the setting, and never in the event loop's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.backends.embedded import EmbeddedBackend
from service.core.matching import Index
from service.core.model import Chunk, ClaimDraft
from tests.builders import Opens, create_app_of
from tests.timing import PATIENCE


class Slow(list[ClaimDraft]):
    """Drafts that take as long to look at as some waiting does: whoever anchors them computes so long."""

    def __init__(self, drafts: Sequence[ClaimDraft], wait: Callable[[], object]) -> None:
        super().__init__(drafts)
        self._wait = wait

    def __iter__(self) -> Iterator[ClaimDraft]:
        self._wait()
        return super().__iter__()


class Meeting(EmbeddedBackend):
    """A backend whose claims are anchored only when as many requests as the barrier has parties are at it."""

    def __init__(self, barrier: Barrier) -> None:
        super().__init__()
        self._barrier = barrier

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        drafts = await super().claims(chunk, index)
        return Slow(drafts, lambda: self._barrier.wait(PATIENCE)) if chunk.document.id == "gazette" else drafts


class Waiting(EmbeddedBackend):
    """A backend whose claims say when they are being anchored, and wait until that may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.at_work, self.may_go_on = Event(), Event()

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        return Slow(await super().claims(chunk, index), self._hold)

    def _hold(self) -> None:
        self.at_work.set()
        assert self.may_go_on.wait(PATIENCE)


def test_two_requests_are_worked_on_side_by_side(cluster: dict[str, Any]) -> None:
    """Two requests that wait for each other are both answered, and alike."""
    app = create_app_of({"CONCORD_MAX_CONCURRENT": "2"}, Opens(Meeting(Barrier(2))))
    with TestClient(app) as client, ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(client.post, "/v1/summaries", json=cluster) for _ in range(2)]
        first, second = (future.result(PATIENCE).json() for future in sent)
    assert first["id"] != second["id"]
    assert first["summary"] == second["summary"] != []


@pytest.mark.parametrize("concurrent", [1, 4])
def test_more_requests_than_are_worked_on_wait(cluster: dict[str, Any], concurrent: int) -> None:
    """Requests beyond the setting wait their turn and are answered too."""
    app = create_app_of({"CONCORD_MAX_CONCURRENT": str(concurrent)})
    with TestClient(app) as client, ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(client.post, "/v1/summaries", json=cluster) for _ in range(6)]
        answers = [future.result(PATIENCE) for future in sent]
    assert [answer.status_code for answer in answers] == [200] * 6


def test_the_service_is_alive_while_it_works(cluster: dict[str, Any]) -> None:
    """`/healthz` answers while a summary is being made."""
    backend = Waiting()
    app = create_app_of({"CONCORD_MAX_CONCURRENT": "1"}, Opens(backend))
    with TestClient(app) as client, ThreadPoolExecutor(1) as pool:
        sent = pool.submit(client.post, "/v1/summaries", json=cluster)
        assert backend.at_work.wait(PATIENCE)
        assert client.get("/healthz").status_code == 200
        assert not sent.done()
        backend.may_go_on.set()
        assert sent.result(PATIENCE).status_code == 200
