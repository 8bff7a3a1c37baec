"""Too many jobs, and a database that is gone: clear answers, and what needs neither goes on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.answers import assert_problem
from tests.api.kept import ASYNC, KEY, PATH, Held, app_in, begin, finished, gone
from tests.timing import wait_for


@pytest.fixture
def lost(tmp_path: Path, cluster: dict[str, Any]) -> Iterator[tuple[TestClient, str]]:
    """A client of an application whose database is gone, and the place of a job that it had."""
    with TestClient(app_in(tmp_path, CONCORD_SYNC_TOKENS="1000"), raise_server_exceptions=False) as client:
        place = begin(client, cluster)
        finished(client, place)
        with gone():
            yield client, place


def test_jobs_can_not_be_had_without_their_database(lost: tuple[TestClient, str], cluster: dict[str, Any]) -> None:
    """Whatever needs the database is 503, says so, and when to come back."""
    client, place = lost
    large = {"documents": [{"text": "The port was closed on Monday. " * 200}]}
    answers = [
        client.post(PATH, json=cluster, headers=ASYNC),
        client.post(PATH, json=cluster, headers=KEY),
        client.post(PATH, json=cluster, headers=KEY | {"accept": "text/event-stream"}),
        client.post(PATH, json=large),
        client.get(place),
        client.get(place, headers={"accept": "text/markdown"}),
        client.get(f"{place}/events"),
        client.delete(place),
    ]
    for answer in answers:
        assert "database" in assert_problem(answer, 503)["detail"]
        assert answer.headers["retry-after"] == "5"


def test_what_is_not_kept_goes_on_without_a_database(lost: tuple[TestClient, str], cluster: dict[str, Any]) -> None:
    """Small summaries, their events, estimates and the health need none."""
    client, _ = lost
    assert client.post(PATH, json=cluster).json()["summary"]
    assert "event: result" in client.post(PATH, json=cluster, headers={"accept": "text/event-stream"}).text
    assert client.post("/v1/estimates", json=cluster).status_code == 200
    assert client.get("/healthz").status_code == 200


def runs(client: TestClient, place: str) -> bool:
    return bool(client.get(place).json()["status"] == "running")


def test_too_many_jobs_are_turned_away(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """Beyond the length of the queue a job is 503 with a time to come back; what is known is answered as ever."""
    with TestClient(app_in(tmp_path, held, CONCORD_MAX_WAITING="1")) as client:
        for _ in range(4):  # as many as the engine runs at once
            running = begin(client, cluster)
            wait_for(partial(runs, client, running))
        waiting = begin(client, cluster, **KEY)
        turned_away = client.post(PATH, json=cluster, headers=ASYNC)
        assert "1 jobs wait" in assert_problem(turned_away, 503)["detail"]
        assert turned_away.headers["retry-after"] == "30"
        assert begin(client, cluster, **KEY) == waiting
        held.may_go_on.set()
        assert finished(client, waiting)["status"] == "complete"
