"""The events of a job: each once and in order, from wherever a client was cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.answers import assert_problem
from tests.api.kept import FURNITURE, Held, app_in, begin, finished, gone, read, watch


def test_events_are_those_of_a_stream_with_numbers(client: TestClient, cluster: dict[str, Any]) -> None:
    """Stages and sentences are numbered from 1, and the result comes last; the sentences are those of the result."""
    place = begin(client, cluster)
    events = watch(client, place)
    assert [event.number for event in events] == [str(i + 1) for i in range(len(events))]
    assert {event.kind for event in events[:-1]} == {"stage", "sentence"}
    assert (events[-1].kind, events[-1].data) == ("result", client.get(place).json()["result"])
    assert [event.data for event in events if event.kind == "sentence"] == events[-1].data["summary"] != []


def test_a_client_goes_on_wherever_it_was(client: TestClient, cluster: dict[str, Any]) -> None:
    """After each event exactly the rest comes; after the last one nothing, and an event source stays away."""
    place = begin(client, cluster)
    events = watch(client, place)
    assert watch(client, place, "0") == watch(client, place, "") == events
    for position, event in enumerate(events[:-1]):
        assert watch(client, place, event.number) == events[position + 1 :]
    over = client.get(f"{place}/events", headers={"last-event-id": events[-1].number})
    assert (over.status_code, over.content) == (204, b"")


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "99", "9" * 5_000, "\u00b2"])
def test_a_number_of_no_event_is_refused(client: TestClient, cluster: dict[str, Any], number: str) -> None:
    """What the job never sent as an id is 400."""
    place = begin(client, cluster)
    finished(client, place)
    assert_problem(client.get(f"{place}/events", headers=[(b"last-event-id", number.encode("latin-1"))]), 400)


def test_events_come_while_the_job_runs(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """What has happened is told at once, what happens as it does."""
    with TestClient(app_in(tmp_path, held)) as client:
        place = begin(client, cluster)
        with client.stream("GET", f"{place}/events") as response:
            events = read(response.iter_lines())
            assert next(events).data["stage"] == "read"
            assert client.get(place).json()["status"] == "running"
            assert client.get(f"{place}/events", headers={"last-event-id": "2"}).status_code == 400
            held.may_go_on.set()
            assert [event.kind for event in events][-1] == "result"


def test_a_failed_job_ends_with_its_problem(client: TestClient) -> None:
    """The last event of a job that failed is its problem, after which nothing comes."""
    place = begin(client, FURNITURE)
    last = watch(client, place)[-1]
    assert (last.kind, last.data) == ("error", client.get(place).json()["problem"] | last.data)
    assert last.data["status"] == 422
    assert client.get(f"{place}/events", headers={"last-event-id": last.number}).status_code == 204


def test_a_job_that_is_forgotten_ends_with_a_problem(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """Who watches a job that is deleted is told so."""
    with TestClient(app_in(tmp_path, held)) as client:
        place = begin(client, cluster)
        with client.stream("GET", f"{place}/events") as response:
            events = read(response.iter_lines())
            next(events)
            assert client.delete(place).status_code == 204
            last = list(events)[-1]
    assert (last.kind, last.data["status"], last.number) == ("error", 404, "")
    assert last.data["request_id"] == response.headers["x-request-id"]


def test_a_server_that_stops_lets_its_watchers_go(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """A stream ends without a last event where the server is to stop, and goes on at the next start."""
    app = app_in(tmp_path, held, CONCORD_GRACE_SECONDS="0.1")
    with TestClient(app) as client:
        place = begin(client, cluster)
        with client.stream("GET", f"{place}/events") as response:
            events = read(response.iter_lines())
            seen = next(events)
            assert client.portal
            client.portal.call(app.state.close)
            assert not list(events)
    held.may_go_on.set()
    with TestClient(app) as client:
        rest = watch(client, place, seen.number)
        assert (rest[0].number, rest[-1].kind) == ("2", "result")
        assert finished(client, place)["attempts"] == 2


def test_a_stream_outlives_a_database_that_is_gone(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """Events go on once the database is back."""
    with TestClient(app_in(tmp_path, held)) as client:
        place = begin(client, cluster)
        with client.stream("GET", f"{place}/events") as response:
            events = read(response.iter_lines())
            next(events)
            with gone():
                held.may_go_on.set()
                assert_problem(client.get(place), 503)
            assert [event.kind for event in events][-1] == "result"
