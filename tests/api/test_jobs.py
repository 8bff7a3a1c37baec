"""Summaries as jobs: taken in, looked at, waited for and forgotten."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.stub import running_stub
from service.backends.embedded import EmbeddedBackend
from tests.api.answers import assert_problem
from tests.api.kept import ASYNC, FURNITURE, PATH, Held, app_in, begin, finished, lasting
from tests.builders import asking, villages
from tests.timing import wait_for

TABLES = ("job", "request", "result", "event")


def test_a_job_is_accepted_and_found(client: TestClient, cluster: dict[str, Any]) -> None:
    """202 names the job's place, where it is found until it is over, with its result."""
    response = client.post(PATH, json=cluster, headers=ASYNC)
    accepted = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == f"{PATH}/{accepted['id']}"
    assert response.headers["preference-applied"] == "respond-async"
    assert (accepted["result"], accepted["warnings"], accepted["problem"]) == (None, [], None)
    job = finished(client, response.headers["location"])
    assert (job["id"], job["status"], job["attempts"]) == (accepted["id"], "complete", 1)
    assert job["progress"]["extract"] == {"done": 3, "total": 3}
    assert job["result"]["id"] == job["id"]
    moments = [datetime.fromisoformat(job[f"{name}_at"]) for name in ("created", "started", "finished", "expires")]
    assert moments == sorted(moments)
    assert (moments[3] - moments[2]).total_seconds() == 168 * 3_600


ASKED: list[dict[str, Any]] = [{}, {"quorum": 3, "focus": "costs"}, {"quorum": 4}, {"max_sentences": 1}]


@pytest.mark.parametrize("asked", ASKED)
def test_a_job_gives_what_waiting_gives(client: TestClient, cluster: dict[str, Any], asked: dict[str, Any]) -> None:
    """The result of a job is that of the same request answered at once, as JSON and as Markdown."""
    request = cluster | asked
    place = begin(client, request)
    assert lasting(finished(client, place)["result"]) == lasting(client.post(PATH, json=request).json())
    markdown = {"accept": "text/markdown"}
    shown = client.get(place, headers=markdown)
    assert shown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert shown.text == client.post(PATH, json=request, headers=markdown).text


def test_what_is_small_is_never_stored(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """A request that is answered at once leaves nothing in the database; a wait alone makes no job of it."""
    with TestClient(app_in(tmp_path)) as client:
        answers = [client.post(PATH, json=cluster, headers=h) for h in ({}, {"prefer": "wait=5, return=minimal"})]
    assert [(a.status_code, "location" in a.headers) for a in answers] == [(200, False)] * 2
    with closing(sqlite3.connect(tmp_path / "concord.sqlite")) as database:
        assert database.execute("SELECT (SELECT count(*) FROM job), (SELECT count(*) FROM request)").fetchone() == (
            0,
            0,
        )


def test_a_job_is_shown_while_it_runs(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """A job that is not over has its progress, no result, and says when to ask again; as Markdown it is 409."""
    with TestClient(app_in(tmp_path, held)) as client:
        place = begin(client, cluster)
        wait_for(lambda: client.get(place).json()["progress"])
        running = client.get(place)
        assert running.headers["retry-after"] == "1"
        assert (running.json()["status"], running.json()["result"]) == ("running", None)
        assert running.json()["progress"] == {"read": {"done": 1, "total": 1}}
        early = client.get(place, headers={"accept": "text/markdown"})
        assert "running" in assert_problem(early, 409)["detail"]
        assert early.headers["retry-after"] == "1"
        held.may_go_on.set()
        assert finished(client, place)["status"] == "complete"
        assert "retry-after" not in client.get(place).headers


def test_a_job_that_fails_keeps_its_problem(client: TestClient) -> None:
    """What is wrong with the documents is told by the job, and is the answer to whoever wants the result."""
    place = begin(client, FURNITURE)
    job = finished(client, place)
    assert (job["status"], job["result"], job["problem"]["status"]) == ("failed", None, 422)
    assert job["problem"]["errors"][0]["pointer"] == "/documents/0/text"
    answer = client.get(place, headers={"accept": "text/markdown"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"] == job["problem"]["detail"]


@pytest.mark.parametrize(
    ("change", "status"), [({"documents": [{"text": "A.", "id": "a"}] * 2}, 422), ({"documents": []}, 422)]
)
def test_what_can_be_refused_at_once_is_no_job(client: TestClient, change: dict[str, Any], status: int) -> None:
    """A request that can't be worked on is refused before it is kept."""
    response = client.post(PATH, json=change, headers=ASYNC)
    assert_problem(response, status)
    assert "location" not in response.headers


UNKNOWN = ["sum_" + "0" * 32, "sum_0", "x", "..", "%00", "sum_" + "0" * 31 + "%0A", "é", "a" * 3_000]


@pytest.mark.parametrize("job_id", UNKNOWN)
@pytest.mark.parametrize(("method", "below"), [("GET", ""), ("GET", "/events"), ("DELETE", "")])
def test_unknown_jobs_are_not_found(client: TestClient, method: str, below: str, job_id: str) -> None:
    """An id of no job, or that can be none, is 404."""
    assert_problem(client.request(method, f"{PATH}/{job_id}{below}"), 404)


def test_a_job_is_forgotten(client: TestClient, cluster: dict[str, Any]) -> None:
    """After DELETE there is no such job, and its key is free for another request."""
    place = begin(client, cluster, **{"idempotency-key": "mine"})
    finished(client, place)
    deleted = client.delete(place)
    assert (deleted.status_code, deleted.content) == (204, b"")
    for response in (client.get(place), client.get(f"{place}/events"), client.delete(place)):
        assert_problem(response, 404)
    assert begin(client, cluster | {"quorum": 3}, **{"idempotency-key": "mine"}) != place


def test_to_forget_a_job_stops_its_spending(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """After DELETE nothing more is asked of the model, and nothing of the job is kept."""
    with (
        running_stub(latency=0.4) as slow,
        TestClient(app_in(tmp_path, None, **asking(slow, CONCORD_MODEL_CONCURRENT="2"))) as client,
    ):
        place = begin(client, villages(40))
        wait_for(lambda: len(slow.bodies) > 2)
        assert client.delete(place).status_code == 204
        asked = len(slow.bodies)
        time.sleep(1.2)  # in which some six more would be asked
        assert asked <= len(slow.bodies) <= asked + 2 < 40  # two may have been on their way
    with closing(sqlite3.connect(tmp_path / "concord.sqlite")) as database:
        left = [database.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in TABLES]  # noqa: S608
    assert left == [0] * len(TABLES)


def test_large_requests_are_answered_with_a_job(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """Beyond the tokens of the setting a request is a job, with the figures for a reason."""
    with TestClient(app_in(tmp_path, CONCORD_SYNC_TOKENS="100")) as client:
        response = client.post(PATH, json=cluster, headers={"accept": "text/markdown"})
        assert response.status_code == 202
        assert response.headers["preference-applied"] == "respond-async"
        (warning,) = response.json()["warnings"]
        assert (warning["code"], "up to 100" in warning["detail"]) == ("answered_async", True)
        job = finished(client, response.headers["location"])
        assert (job["status"], job["warnings"]) == ("complete", [warning])
        assert client.post(PATH, json=cluster, headers=ASYNC).json()["warnings"] == []
        small = client.post(PATH, json={"documents": cluster["documents"][2:]})
        assert small.status_code == 200


def test_requests_that_may_take_long_are_answered_with_a_job(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """Beyond the seconds of the setting, as expected from the runs before, a request is a job."""
    with TestClient(app_in(tmp_path, CONCORD_SYNC_SECONDS="0.05")) as client:
        response = client.post(PATH, json=cluster)
        assert response.status_code == 202
        assert "up to 0.05 s" in response.json()["warnings"][0]["detail"]
        finished(client, response.headers["location"])
        events = client.post(PATH, json=cluster, headers={"accept": "text/event-stream"})
    assert (events.status_code, "location" in events.headers) == (200, False)
    assert "event: result" in events.text


def test_finished_runs_tell_how_long_the_next_may_take(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """Once a run took less than it was expected to, the next is waited for: 8 s are expected of a backend unknown."""
    with TestClient(app_in(tmp_path, EmbeddedBackend(), CONCORD_SYNC_SECONDS="7.5")) as client:
        response = client.post(PATH, json=cluster)
        assert "expected to take 8.0 s" in response.json()["warnings"][0]["detail"]
        finished(client, response.headers["location"])
        assert client.post(PATH, json=cluster).status_code == 200


def test_a_preferred_wait_is_waited(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """With `wait=N` the answer is the result if the job is over in time, else the job."""
    headers = {"prefer": 'respond-async, wait="1"', "idempotency-key": "k"}
    with TestClient(app_in(tmp_path, held)) as client:
        began = time.monotonic()
        late = client.post(PATH, json=cluster, headers=headers)
        assert 1 <= time.monotonic() - began < 60
        assert (late.status_code, late.headers["preference-applied"]) == (202, "respond-async, wait=1")
        held.may_go_on.set()
        finished(client, late.headers["location"])
        soon = client.post(PATH, json=cluster, headers=headers | {"accept": "text/markdown"})
        assert (soon.status_code, soon.headers["preference-applied"]) == (200, "wait=1")
        assert soon.text.startswith("## Summary")
        assert soon.headers["location"] == late.headers["location"]
