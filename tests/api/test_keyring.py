"""The keys that count: those that are made and revoked while the service runs, and those that were known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.answers import assert_problem
from tests.api.callers import keys_in, make
from tests.api.kept import PATH, Held, app_in, begin, gone
from tests.timing import PATIENCE


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are read anew for every request."""
    monkeypatch.setattr("service.api.keyring.FRESH_SECONDS", 0.0)


def test_a_revoked_key_counts_no_more(tmp_path: Path, eager: None) -> None:
    """It is refused once the keys were read anew, its jobs with it; and nobody is let in without because of that."""
    key, header = make(tmp_path)
    with TestClient(app_in(tmp_path), raise_server_exceptions=False) as client, keys_in(tmp_path) as keys:
        place = begin(client, {"documents": [{"text": "The ferry sank."}]}, **header)
        assert client.get(place, headers=header).status_code == 200
        assert keys.revoke(key.id)
        assert "unknown or revoked" in assert_problem(client.get(place, headers=header), 401)["detail"]
        assert_problem(client.get(place), 401)
        assert not keys.revoke("unknown")


LASTING = [
    # how a request lasts, what it is answered with
    ({"accept": "text/event-stream"}, 200),  # events, which have begun
    ({"prefer": "respond-async, wait=60"}, 401),
    ({"idempotency-key": "a"}, 401),
    ({}, 401),  # a summary under way, which ends
]


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(("headers", "status"), LASTING)
def test_a_revoked_key_is_let_go_of(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cluster: dict[str, Any],
    headers: dict[str, str],
    status: int,
) -> None:
    """Whoever waits for an answer is refused, and open events end without a result, while another's go on."""
    monkeypatch.setattr("service.api.revoking.LOOK_SECONDS", 0.02)
    (key, sent), (_, others), held = make(tmp_path), make(tmp_path, "b"), Held()
    with TestClient(app_in(tmp_path, held)) as client, ThreadPoolExecutor() as threads:
        waiting = []
        for whose in (sent, others):
            waiting.append(threads.submit(client.post, PATH, json=cluster, headers=whose | headers))
            assert held.at_work.wait(PATIENCE)
            held.at_work.clear()
        asked, other = waiting
        with keys_in(tmp_path) as keys:
            keys.revoke(key.id)
        answer = asked.result(PATIENCE)
        assert not other.done()
        held.may_go_on.set()
        kept = other.result(PATIENCE)
    assert answer.status_code == status
    assert "summary" not in answer.text
    assert '"summary"' in kept.text


def test_a_first_key_shuts_the_service(tmp_path: Path, eager: None) -> None:
    """On loopback nobody is asked until there is a key; then everybody is, and jobs of before are nobody's."""
    with TestClient(app_in(tmp_path), raise_server_exceptions=False) as client:
        place = begin(client, {"documents": [{"text": "The ferry sank."}]})
        assert client.get(place).status_code == 200
        _, header = make(tmp_path)
        assert_problem(client.get(place), 401)
        assert_problem(client.get(place, headers=header), 404)


def test_keys_cost_no_query_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are read once in some seconds, however many requests come, whatever they send."""
    _, header = make(tmp_path)
    app = app_in(tmp_path)
    read: list[int] = []
    with TestClient(app) as client:
        monkeypatch.setattr("service.api.keyring.FRESH_SECONDS", 60.0)
        monkeypatch.setattr("service.storage.keys.SqlKeys.all", lambda _: read.append(1))
        sent: list[dict[str, Any]] = [header, {}, {"Authorization": "Bearer ck_0_0"}] * 10
        assert {client.get("/page/samples", headers=headers).status_code for headers in sent} == {200, 401}
    assert not read


def test_a_database_that_is_gone_lets_nobody_new_in(
    tmp_path: Path, eager: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where keys can't be read those that were known count for a while, and then nobody is let in: 503."""
    _, header = make(tmp_path)
    with TestClient(app_in(tmp_path), raise_server_exceptions=False) as client:
        assert client.get("/page/samples", headers=header).status_code == 200
        with gone():
            assert client.get("/page/samples", headers=header).status_code == 200
            assert client.get("/page/samples").status_code == 401
            monkeypatch.setattr("service.api.keyring._STALE_SECONDS", 0.0)
            answer = client.get("/page/samples", headers=header)
            assert_problem(answer, 503)
            assert int(answer.headers["retry-after"]) > 0
            assert client.get("/healthz").status_code == 200


def test_a_key_is_seen_in_use(tmp_path: Path) -> None:
    """When a key was last used is noted, so that those that nobody uses are found."""
    key, header = make(tmp_path)
    with TestClient(app_in(tmp_path)) as client, keys_in(tmp_path) as keys:
        client.get("/page/samples", headers=header)
        (seen,) = keys.all()
    assert seen.last_used_at is not None
    assert seen.last_used_at >= key.created_at
