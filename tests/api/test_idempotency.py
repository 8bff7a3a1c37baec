"""`Idempotency-Key`: one job for one request, however often it is sent, and whoever waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.api import kept
from service.jobs.jobs import Jobs
from service.jobs.memory import MemoryEngine
from tests.api.answers import assert_problem
from tests.api.kept import ASYNC, FURNITURE, KEY, PATH, Held, app_in, begin, finished, lasting
from tests.timing import PATIENCE, wait_for


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """A client of an application with a database of its own."""
    with TestClient(app_in(tmp_path), raise_server_exceptions=False) as started:
        yield started


def test_a_request_with_a_key_is_answered_with_its_result(client: TestClient, cluster: dict[str, Any]) -> None:
    """Who sends a key and no preference gets the result, and the same one again; it is a job's."""
    first, again = (client.post(PATH, json=cluster, headers=KEY) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.headers["location"] == f"{PATH}/{first.json()['id']}"
    assert "preference-applied" not in first.headers
    assert client.get(first.headers["location"]).json()["result"] == first.json()
    assert lasting(first.json()) == lasting(client.post(PATH, json=cluster).json())
    markdown = client.post(PATH, json=cluster, headers=KEY | {"accept": "text/markdown"})
    assert markdown.text.startswith("## Summary")


def test_the_same_request_in_other_words_is_the_same_job(client: TestClient, cluster: dict[str, Any]) -> None:
    """What is given as it is by default, and in what order, does not make another request."""
    place = begin(client, cluster, **KEY)
    spelled = {"quorum": 2, "focus": None, "documents": [{**d, "format": "text"} for d in cluster["documents"]]}
    assert begin(client, spelled, **KEY) == place
    assert begin(client, cluster, **KEY | {"concord-require-model": "false"}) == place


@pytest.mark.parametrize(
    ("change", "headers"), [({"quorum": 3}, {}), ({}, {"concord-require-model": "true"})], ids=["body", "header"]
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_another_request_is_a_conflict(
    client: TestClient, cluster: dict[str, Any], change: dict[str, Any], headers: dict[str, str], accept: str
) -> None:
    """A key that was sent with another request is refused with 409, and the first job stays what it is."""
    place = begin(client, cluster, **KEY)
    answer = client.post(PATH, json=cluster | change, headers=KEY | headers | {"accept": accept})
    assert "another request" in assert_problem(answer, 409)["detail"]
    assert finished(client, place)["status"] == "complete"


@pytest.mark.parametrize("key", ["", "two words", "k" * 256])
def test_a_bad_key_is_refused(client: TestClient, cluster: dict[str, Any], key: str) -> None:
    """A key that can't be one is 400, before anything is kept."""
    answer = client.post(PATH, json=cluster, headers={"idempotency-key": key})
    assert "1 to 255 visible ASCII" in assert_problem(answer, 400)["detail"]


def test_requests_at_once_make_one_job(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """Of requests with one key that come together each gets the one job's result."""
    with TestClient(app_in(tmp_path, held)) as client, ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(client.post, PATH, json=cluster, headers=KEY) for _ in range(6)]
        assert held.at_work.wait(PATIENCE)
        held.may_go_on.set()
        answers = [future.result(PATIENCE) for future in sent]
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_failure_is_kept_too(client: TestClient) -> None:
    """A job that failed is answered with its problem and status, to each retry the same."""
    first, again = (client.post(PATH, json=FURNITURE, headers=KEY) for _ in range(2))
    assert first.status_code == again.status_code == 422
    assert first.headers["content-type"] == "application/problem+json"
    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]


def test_who_wants_a_model_where_there_is_none_is_told_at_once(client: TestClient, cluster: dict[str, Any]) -> None:
    """No attempt after the first would find one: whoever waits is not kept waiting for it."""
    answer = client.post(PATH, json=cluster, headers=KEY | {"concord-require-model": "true"})
    assert (answer.status_code, "no model is configured" in answer.json()["detail"]) == (503, True)
    assert client.get(answer.headers["location"]).json()["attempts"] == 1


def test_who_waits_for_a_job_that_is_forgotten_is_told(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """A job that is deleted while its client waits is 404."""
    with TestClient(app_in(tmp_path, held)) as client, ThreadPoolExecutor(1) as pool:
        sent = pool.submit(client.post, PATH, json=cluster, headers=KEY)
        assert held.at_work.wait(PATIENCE)
        assert client.delete(begin(client, cluster, **KEY)).status_code == 204
        assert_problem(sent.result(PATIENCE), 404)


def test_who_waits_when_the_server_stops_is_told_to_come_back(
    tmp_path: Path, held: Held, cluster: dict[str, Any]
) -> None:
    """503 says when to ask again; the next start goes on with the job, and the retry gets its result."""
    app = app_in(tmp_path, held, CONCORD_GRACE_SECONDS="0.1")
    with TestClient(app) as client, ThreadPoolExecutor(1) as pool:
        sent = pool.submit(client.post, PATH, json=cluster, headers=KEY)
        assert held.at_work.wait(PATIENCE)
        assert client.portal
        client.portal.call(app.state.close)
        stopped = sent.result(PATIENCE)
    assert "Idempotency-Key" in assert_problem(stopped, 503)["detail"]
    assert stopped.headers["retry-after"] == "1"
    held.may_go_on.set()
    with TestClient(app) as client:
        answer = client.post(PATH, json=cluster, headers=KEY)
    assert (answer.status_code, f"{PATH}/{answer.json()['id']}") == (200, stopped.headers["location"])


def test_a_large_request_with_a_key_is_answered_with_its_result_later(
    tmp_path: Path, cluster: dict[str, Any]
) -> None:
    """What is too large to be waited for is 202 at first, and the result once there is one."""
    with TestClient(app_in(tmp_path, CONCORD_SYNC_TOKENS="1")) as client:
        first = client.post(PATH, json=cluster, headers=KEY)
        assert (first.status_code, first.json()["warnings"][0]["code"]) == (202, "answered_async")
        job = finished(client, first.headers["location"])
        assert client.post(PATH, json=cluster, headers=KEY).json() == job["result"]
        assert client.post(PATH, json=cluster, headers=KEY | ASYNC).status_code == 202


def test_a_job_that_was_not_sent_to_the_engine_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: dict[str, Any]
) -> None:
    """A job is kept before the engine has it: where that can't take it now, the retry sends it again."""
    with TestClient(app_in(tmp_path)) as client, monkeypatch.context() as broken:
        broken.setattr(MemoryEngine, "enqueue", _fail)
        place = begin(client, cluster, **KEY)
        assert client.get(place).json()["status"] == "queued"
        broken.undo()
        assert begin(client, cluster, **KEY) == place
        assert finished(client, place)["attempts"] == 1


@pytest.mark.parametrize(("where", "name"), [(Jobs, "_send"), (kept, "show")])
def test_a_retry_after_a_lost_answer_gets_the_same_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: dict[str, Any], where: object, name: str
) -> None:
    """A node that dies between taking a job in and answering has taken it in: the retry finds that one job."""
    app = app_in(tmp_path)
    with TestClient(app, raise_server_exceptions=False) as client, monkeypatch.context() as dying:
        dying.setattr(where, name, _die)
        assert client.post(PATH, json=cluster, headers=KEY | ASYNC).status_code == 500
        dying.undo()
        place = begin(client, cluster, **KEY)
        assert finished(client, place)["status"] == "complete"
        assert begin(client, cluster, **KEY) == place


async def _fail(*_: object) -> None:
    raise RuntimeError("the engine is gone")


def _die(*_: object) -> None:
    raise RuntimeError("the process died here")


def test_a_client_with_a_key_may_watch(client: TestClient, cluster: dict[str, Any]) -> None:
    """Events of a request with a key are those of its job, and end with its result; it outlives the stream."""
    headers = KEY | {"accept": "text/event-stream"}
    with client.stream("POST", PATH, json=cluster, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        next(response.iter_lines())
    job = finished(client, response.headers["location"])
    assert job["status"] == "complete"
    again = wait_for(lambda: client.post(PATH, json=cluster, headers=headers).text)
    assert again.count("event: result") == 1
    assert job["id"] in again
