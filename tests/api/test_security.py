"""Who may call: without a key nothing but what is open, and with one nothing of another's, by the table of routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.answers import assert_problem
from tests.api.callers import filled, make, routes_of
from tests.api.kept import ASYNC, PATH, Held, app_in, begin, finished
from tests.builders import create_app_of
from tests.timing import PATIENCE, wait_for

ROUTES = routes_of(create_app_of({}))
OPEN = {
    ("GET", "/"),
    ("GET", "/docs"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/openapi.json"),
    ("HEAD", "/openapi.json"),
    ("GET", "/static"),
    ("GET", "/docs/viewer"),
}
"""All that needs no key. What is added to it is added here, too, on purpose."""
CLOSED = [route for route in ROUTES if route not in OPEN]
OF_JOBS = [route for route in CLOSED if "{id}" in route[1]]
ACCEPTS = ["application/json", "text/markdown", "text/html", "text/event-stream"]


def test_the_table_of_routes_is_whole() -> None:
    """The tests below go through all there is: every path of the OpenAPI document, the page's, and what is open."""
    paths = {path for _, path in ROUTES}
    assert paths >= set(create_app_of({}).openapi()["paths"])
    assert set(ROUTES) >= OPEN
    assert len(OF_JOBS) >= 5
    assert {path for _, path in OF_JOBS} >= {f"{PATH}/{{id}}", f"{PATH}/{{id}}/events", "/page/summaries/{id}"}


def test_every_parameter_of_a_path_is_known() -> None:
    """A job is named `{id}`, by which the tests below find its routes; what else a path may name is nobody's."""
    named = {name for _, path in ROUTES for name in re.findall(r"\{(\w+)", path)}
    assert named == {"id", "name"}


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_without_a_key_nothing_is_answered(guarded: TestClient, method: str, path: str) -> None:
    """Every route but those that are open wants a key, before it looks at anything."""
    answer = guarded.request(method, filled(path))
    assert "a key is needed" in assert_problem(answer, 401)["detail"]
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_key_without_its_scheme_is_told_how_it_is_sent(guarded: TestClient) -> None:
    """What is no `Bearer ck_…` is no key that is unknown, but none at all."""
    answer = guarded.post(PATH, headers={"authorization": "ck_1_2"})
    assert "a key is needed: send it as `Authorization: Bearer" in assert_problem(answer, 401)["detail"]


@pytest.mark.parametrize(("method", "path"), sorted(OPEN))
def test_what_is_open_needs_no_key(guarded: TestClient, method: str, path: str) -> None:
    """The page, its files, the documents of the API, and whether the process lives."""
    assert guarded.request(method, filled(path)).status_code == 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def first(folder: Path) -> dict[str, str]:
    return make(folder, "first")[1]


@pytest.fixture(scope="module")
def second(folder: Path) -> dict[str, str]:
    return make(folder, "second")[1]


@pytest.fixture(scope="module")
def guarded(folder: Path, first: dict[str, str], second: dict[str, str]) -> Iterator[TestClient]:
    """A client without a key of an application that has two."""
    with TestClient(app_in(folder), raise_server_exceptions=False) as started:
        yield started


@pytest.fixture(scope="module")
def place(guarded: TestClient, first: dict[str, str]) -> str:
    """Where a finished job of the first key is."""
    request = {"documents": [{"text": "The ferry sank on Monday."}, {"text": "On Monday the ferry sank."}]}
    location = begin(guarded, request, **first)
    wait_for(lambda: guarded.get(location, headers=first).json()["status"] == "complete")
    return location


@pytest.mark.parametrize("accept", ACCEPTS)
@pytest.mark.parametrize("route", OF_JOBS, ids=" ".join)
def test_a_second_key_reads_nothing_of_the_first_s(
    guarded: TestClient, second: dict[str, str], place: str, route: tuple[str, str], accept: str
) -> None:
    """Whatever a route does with a job: to another key it is as if there were none, to the letter."""
    (method, path), job_id = route, place.rpartition("/")[2]
    told = []
    for name in (job_id, f"sum_{'0' * 32}"):
        answer = guarded.request(method, path.replace("{id}", name), headers=second | {"accept": accept})
        told.append(assert_problem(answer, 404) | {"request_id": ""})
    assert told[0] == told[1]


@pytest.mark.parametrize("path", [path for method, path in OF_JOBS if method == "GET"])
def test_a_second_key_learns_nothing_by_head(
    guarded: TestClient, first: dict[str, str], second: dict[str, str], place: str, path: str
) -> None:
    """Headers alone tell it nothing either; the first key sees them."""
    job_id = place.rpartition("/")[2]
    told = []
    for name in (job_id, f"sum_{'0' * 32}"):
        answer = guarded.head(path.replace("{id}", name), headers=second)
        told.append({**answer.headers, "x-request-id": "", "status": str(answer.status_code)})
    assert told[0] == told[1]
    assert told[0]["status"] == "404"
    assert guarded.head(path.replace("{id}", job_id), headers=first).status_code == 200


@pytest.mark.parametrize(("method", "path"), [route for route in OF_JOBS if route[0] == "GET"])
def test_the_first_key_reads_its_own(
    guarded: TestClient, first: dict[str, str], place: str, method: str, path: str
) -> None:
    """The same routes answer the key whose job it is: the test before this one would see a difference."""
    answer = guarded.request(method, path.replace("{id}", place.rpartition("/")[2]), headers=first)
    assert answer.status_code == 200
    assert "ferry" in answer.text


def test_a_second_key_deletes_nothing(guarded: TestClient, first: dict[str, str], second: dict[str, str]) -> None:
    """What the second may not see it can't end; the first can."""
    location = begin(guarded, {"documents": [{"text": "The ferry sank."}]}, **first)
    assert guarded.delete(location, headers=second).status_code == 404
    assert guarded.get(location, headers=first).status_code == 200
    assert guarded.delete(location, headers=first).status_code == 204


def test_idempotency_keys_are_each_caller_s_own(
    guarded: TestClient, first: dict[str, str], second: dict[str, str]
) -> None:
    """The same Idempotency-Key of two callers names two jobs, and conflicts with nothing of the other's."""
    request = {"documents": [{"text": "The ferry sank on Monday."}]}
    named = {"Idempotency-Key": "k" * 255}
    one = begin(guarded, request, **named, **first)
    assert begin(guarded, request, **named, **first) == one
    other = guarded.post(PATH, json=request | {"quorum": 3}, headers=ASYNC | named | second)
    assert other.status_code == 202
    assert other.headers["location"] != one
    assert guarded.post(PATH, json=request | {"quorum": 3}, headers=ASYNC | named | first).status_code == 409


WRONG: list[tuple[str, list[tuple[str, str]]]] = [
    ("another scheme", [("Authorization", "Basic {token}")]),
    ("no scheme", [("Authorization", "{token}")]),
    ("nothing", [("Authorization", "")]),
    ("a scheme alone", [("Authorization", "Bearer")]),
    ("another prefix", [("Authorization", "Bearer sk{rest}")]),
    ("more", [("Authorization", "Bearer {token}x")]),
    ("less", [("Authorization", "Bearer {shorter}")]),
    ("its id alone", [("Authorization", "Bearer {id}_")]),
    ("what is no ASCII", [("Authorization", "Bearer ck_é_é")]),
    ("two keys", [("Authorization", "Bearer {token}"), ("Authorization", "Bearer {token}")]),
    ("in another header", [("X-API-Key", "{token}")]),
]


@pytest.mark.parametrize("sent", [case[1] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_no_key_is_refused(guarded: TestClient, first: dict[str, str], sent: list[tuple[str, str]]) -> None:
    """Whatever else is sent is 401, and the answer repeats nothing of it."""
    token = first["Authorization"].removeprefix("Bearer ")
    parts = {"token": token, "rest": token[2:], "shorter": token[:-1], "id": token.rpartition("_")[0]}
    headers = [(name.encode(), value.format(**parts).encode("latin-1")) for name, value in sent]
    answer = guarded.get("/page/samples", headers=headers)
    assert_problem(answer, 401)
    assert token not in answer.text


def test_the_scheme_is_read_in_any_case(guarded: TestClient, first: dict[str, str]) -> None:
    """As RFC 9110 has it, `bearer` is `Bearer`; the key itself is taken as it stands."""
    token = first["Authorization"].removeprefix("Bearer ")
    assert guarded.get("/page/samples", headers={"Authorization": f"bearer {token}"}).status_code == 200
    assert guarded.get("/page/samples", headers={"Authorization": f"Bearer {token.upper()}"}).status_code == 401


def test_an_unread_body_is_refused_first(guarded: TestClient) -> None:
    """A body beyond the limit or that is no JSON is nobody's business who has no key."""
    assert_problem(guarded.post(PATH, content=b"{" * 100), 401)
    assert_problem(guarded.post(PATH, headers={"content-length": "99999999999"}), 401)


@pytest.mark.parametrize(("mode", "status"), [("on", 401), ("off", 200), ("auto", 200)])
def test_the_setting_decides_where_there_is_no_key(tmp_path: Path, mode: str, status: int) -> None:
    """`on` asks for keys before there is one; `auto` doesn't, and `off` never does."""
    with TestClient(app_in(tmp_path, CONCORD_AUTH=mode), raise_server_exceptions=False) as client:
        assert client.get("/page/samples").status_code == status


def test_off_asks_nobody_whatever_keys_there_are(tmp_path: Path) -> None:
    """With `off` keys are not looked at, and jobs are everybody's."""
    _, header = make(tmp_path)
    with TestClient(app_in(tmp_path, CONCORD_AUTH="off")) as client:
        place = begin(client, {"documents": [{"text": "The ferry sank."}]}, **header)
        assert finished(client, place)["status"] == "complete"


def test_no_secret_is_kept_or_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The secret stands in no file of the database and in no line of the log; its SHA-256 does, in the file."""
    key, header = make(tmp_path, requests_per_minute=1)
    token = header["Authorization"].removeprefix("Bearer ")
    secret = token.rpartition(f"{key.id}_")[2]
    caplog.set_level("DEBUG")
    with TestClient(app_in(tmp_path)) as client:
        assert client.get("/page/samples", headers=header).status_code == 200
        assert client.get("/page/samples", headers=header).status_code == 429
        assert client.get("/page/samples", headers={"Authorization": f"Bearer {token}x"}).status_code == 401
        kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert len(secret) >= 43
    assert secret.encode() not in kept
    assert key.digest.encode() in kept
    assert secret not in caplog.text
    assert secret not in repr(key)
    assert key.digest not in repr(key)


def test_a_job_goes_on_for_its_owner_alone(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """A stranger is refused the events of a job that runs, too; its owner follows it to the end."""
    backend = Held()
    _, mine = make(tmp_path, "mine")
    _, theirs = make(tmp_path, "theirs")
    with TestClient(app_in(tmp_path, backend), raise_server_exceptions=False) as client:
        place = begin(client, cluster, **mine)
        assert backend.at_work.wait(PATIENCE)
        assert_problem(client.get(f"{place}/events", headers=theirs), 404)
        backend.may_go_on.set()
        with client.stream("GET", f"{place}/events", headers=mine) as events:
            assert "event: result" in "".join(events.iter_text())
