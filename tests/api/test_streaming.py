"""A summary as server-sent events, and what becomes of the work when its client goes away or is slow."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from benchmarks.stub import Stub, running_stub
from service.backends.embedded import EmbeddedBackend
from service.core.matching import Index
from service.core.model import Chunk, ClaimDraft
from service.inputs import read_paths
from service.pipeline import STAGES
from service.settings import find_data
from tests import builders
from tests.builders import create_app_of
from tests.serving import HOST, serving
from tests.timing import PATIENCE, wait_for

PATH = "/v1/summaries"
EVENTS = "text/event-stream"
Event = tuple[str, Any]


def app_of(name: str, stub: Stub, folder: Path, **variables: str) -> FastAPI:
    """The application with the embedded backend, or with a chat backend that asks a stub."""
    chat = {"OPENAI_BASE_URL": stub.base_url, "CONCORD_MODEL": "stub", "CONCORD_DATA_DIR": str(folder)}
    return create_app_of((chat if name == "chat" else {}) | variables)


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    """An honest and quick model server."""
    with running_stub() as started:
        yield started


@pytest.fixture(scope="module", params=["embedded", "chat"])
def client(
    request: pytest.FixtureRequest, stub: Stub, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of the application with each backend."""
    with TestClient(app_of(request.param, stub, tmp_path_factory.mktemp("data"))) as started:
        yield started


def read_events(lines: Iterator[str]) -> Iterator[Event]:
    """The events of a stream, each as soon as it is complete: its name and its data, which is JSON on one line."""
    name = data = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            assert not data, "an event's data is one line"
            data = value
        elif not line and name:
            yield name, json.loads(data)
            name = data = ""


def stream(client: TestClient, request: dict[str, Any], **headers: str) -> list[Event]:
    """All events of a summary."""
    with client.stream("POST", PATH, json=request, headers={"accept": EVENTS} | headers) as response:
        assert response.status_code == 200
        return list(read_events(response.iter_lines()))


ASKED: Sequence[dict[str, Any]] = [
    {},
    {"max_sentences": 1},  # fewer sentences than could be told
    {"quorum": 3, "focus": "costs of repairs"},
    {"quorum": 4},  # nothing can be told
]


@pytest.mark.parametrize("asked", ASKED)
def test_sentences_come_before_the_result_and_are_all_in_it(
    client: TestClient, cluster: dict[str, Any], asked: dict[str, Any]
) -> None:
    """Stages come first, the result last and once; the sentences sent are those of the result, in its order."""
    events = stream(client, cluster | asked)
    kinds = [kind for kind, _ in events]
    assert (kinds[0], kinds[-1], kinds.count("result")) == ("stage", "result", 1)
    assert set(kinds) <= {"stage", "sentence", "result"}
    result = events[-1][1]
    assert [data for kind, data in events if kind == "sentence"] == result["summary"]
    assert bool(result["summary"]) == (asked.get("quorum") != 4)


def test_stages_are_told_in_order_and_to_the_end(client: TestClient, cluster: dict[str, Any]) -> None:
    """Each stage is told until all of it is done, in the order of the steps; documents are counted one by one."""
    stages = [data for kind, data in stream(client, cluster) if kind == "stage"]
    assert [name for name, _ in groupby(stage["stage"] for stage in stages)] == list(STAGES)
    assert [s["stage"] for s in stages if s["done"] == s["total"]] == list(STAGES)
    assert [s["done"] for s in stages if s["stage"] == "extract"] == [1, 2, 3]


def test_no_sentence_comes_before_it_could_be_verified(client: TestClient, cluster: dict[str, Any]) -> None:
    """What is sent as a sentence has passed every gate, and comes after the summary was written."""
    events = stream(client, cluster)
    written = events.index(("stage", {"stage": "write", "done": 1, "total": 1}))
    sentences = [(place, data) for place, (kind, data) in enumerate(events) if kind == "sentence"]
    assert sentences
    for place, sentence in sentences:
        assert place > written
        assert sentence["verification"]["verdict"] == "supported"
        assert all(check["passed"] for check in sentence["verification"]["checks"])


def test_the_stream_gives_what_the_plain_answer_gives(client: TestClient, cluster: dict[str, Any]) -> None:
    """The result at the end of a stream is the JSON of the plain call, but for ids, times and what it used."""
    streamed, plain = stream(client, cluster)[-1][1], client.post(PATH, json=cluster).json()
    varying = {"id", "timings_ms", "usage"}
    assert streamed.keys() == plain.keys()
    assert {k: v for k, v in streamed.items() if k not in varying} == {
        k: v for k, v in plain.items() if k not in varying
    }


def test_the_stream_is_not_cached_and_has_an_id(client: TestClient, cluster: dict[str, Any]) -> None:
    """A stream is declared as one, is kept by no cache, buffered by no proxy, and has a request id."""
    with client.stream("POST", PATH, json=cluster, headers={"accept": EVENTS}) as response:
        response.read()
    assert response.headers["content-type"].split(";")[0] == EVENTS
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["x-accel-buffering"] == "no"
    assert re.fullmatch(r"[0-9a-f]{32}", response.headers["x-request-id"])


def test_events_come_while_the_model_works(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """The first stages are told before the model has written anything."""
    with running_stub(latency=0.2) as slow, TestClient(app_of("chat", slow, tmp_path)) as client:
        with client.stream("POST", PATH, json=cluster, headers={"accept": EVENTS}) as response:
            events = read_events(response.iter_lines())
            first = next(events)
            asked_by_then = {body_name(body) for body in slow.bodies}
            rest = list(events)
        assert first == ("stage", {"stage": "read", "done": 1, "total": 1})
        assert asked_by_then <= {"claims"}
        assert rest[-1][0] == "result"
        assert "summary" in {body_name(body) for body in slow.bodies}


def body_name(body: dict[str, Any]) -> str:
    """Which of the four requests a body is."""
    name: str = body["response_format"]["json_schema"]["name"]
    return name


ACCEPTED = [
    # what is accepted, what comes
    (EVENTS, EVENTS),
    ("text/event-stream, application/json;q=0.9", EVENTS),
    ("application/json;q=0.9, TEXT/EVENT-STREAM", EVENTS),  # the weight counts, not the place or the case
    ("text/event-stream;q=0.5, text/markdown;q=0.4", EVENTS),
    ("text/event-stream, */*;q=0.1", EVENTS),  # a browser's EventSource with fetch
    ("application/json, text/event-stream", "application/json"),  # equal: what is preferred here
    ("application/json, text/event-stream;q=0.9", "application/json"),
    ("text/markdown, text/event-stream;q=0.9", "text/markdown"),
    ("*/*", "application/json"),
    ("text/*", "text/markdown"),
    ("text/event-stream;q=0, */*", "application/json"),
    ("", "application/json"),
]


@pytest.mark.parametrize(("accept", "media_type"), ACCEPTED)
def test_accept_chooses_the_stream(client: TestClient, cluster: dict[str, Any], accept: str, media_type: str) -> None:
    """Events come only to whom they are the most welcome."""
    response = client.post(PATH, json=cluster, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == media_type


PLAIN: Sequence[tuple[str, bytes, dict[str, str], int]] = [
    # what is wrong, the body, further headers, the status
    ("no documents", b'{"documents": []}', {}, 422),
    ("an unknown field", b'{"documents": [{"text": "a"}], "focuss": "b"}', {}, 422),
    ("no JSON", b'{"documents"', {}, 400),
    ("nothing", b"", {}, 400),
    ("another media type", b'{"documents": [{"text": "a"}]}', {"content-type": "text/plain"}, 415),
    ("a compressed body", b'{"documents": [{"text": "a"}]}', {"content-encoding": "gzip"}, 415),
    ("a header that can't be", b'{"documents": [{"text": "a"}]}', {"concord-require-model": "perhaps"}, 422),
]


@pytest.mark.parametrize(("body", "headers", "status"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_a_request_that_cannot_be_read_is_a_plain_problem(
    client: TestClient, body: bytes, headers: dict[str, str], status: int
) -> None:
    """Before the stream has begun an error is answered with its status, as everywhere."""
    given = {"accept": EVENTS, "content-type": "application/json"} | headers
    response = client.post(PATH, content=body, headers=given)
    assert response.status_code == response.json()["status"] == status
    assert response.headers["content-type"] == "application/problem+json"


class Broken(EmbeddedBackend):
    """A backend that fails in a way that nobody foresaw."""

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        raise RuntimeError("a secret of the machine room")


class Failing(NamedTuple):
    """What goes wrong: settings, how the request is changed, further headers; the status and a word of the detail."""

    status: int
    word: str
    variables: Mapping[str, str] = MappingProxyType({})
    change: Callable[[dict[str, Any]], dict[str, Any]] = dict
    headers: Mapping[str, str] = MappingProxyType({})


FAILING = {
    "too many documents": Failing(413, "3 documents", {"CONCORD_MAX_DOCUMENTS": "2"}),
    "too long": Failing(413, "together", {"CONCORD_MAX_TOTAL_CHARACTERS": "300"}),
    "furniture": Failing(422, "furniture", change=lambda r: r | {"documents": [{"text": "Share this article"}]}),
    "an id twice": Failing(422, "gazette", change=lambda r: r | {"documents": r["documents"][:1] * 2}),
    "no price": Failing(402, "no price", change=lambda r: r | {"max_cost_usd": 1.0}),
    "no model": Failing(
        503, "claims", {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, headers={"concord-require-model": "true"}
    ),
}


@pytest.mark.parametrize("failing", FAILING.values(), ids=FAILING)
def test_what_fails_under_way_is_an_error_event(
    stub: Stub, tmp_path: Path, cluster: dict[str, Any], failing: Failing
) -> None:
    """Once the stream has begun a failure is its last event: a problem with its status and the request's id."""
    app = app_of("chat", stub, tmp_path, **{"CONCORD_REQUEST_ATTEMPTS": "1", **failing.variables})
    accepted = {"accept": EVENTS, **failing.headers}
    with (
        TestClient(app) as client,
        client.stream("POST", PATH, json=failing.change(cluster), headers=accepted) as response,
    ):
        events = list(read_events(response.iter_lines()))
    assert response.status_code == 200
    kinds = [kind for kind, _ in events]
    assert kinds[-1] == "error"
    assert not {"error", "result", "sentence"} & set(kinds[:-1])
    problem = events[-1][1]
    assert problem["status"] == failing.status
    assert failing.word in problem["detail"]
    assert problem["request_id"] == response.headers["x-request-id"]


def test_a_deadline_is_an_error_event_in_time(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """When the time for a summary runs out the stream ends with 504, and the model is asked nothing further."""
    with (
        running_stub(mode="hang") as hanging,
        TestClient(app_of("chat", hanging, tmp_path, CONCORD_DEADLINE_SECONDS="1")) as client,
    ):
        began = time.monotonic()
        events = stream(client, cluster)
        took = time.monotonic() - began
        asked = len(hanging.bodies)
        time.sleep(0.5)
        assert len(hanging.bodies) == asked
    assert (events[-1][0], events[-1][1]["status"]) == ("error", 504)
    assert "1 s" in events[-1][1]["detail"]
    assert 1 <= took < 60  # a model that hangs would be waited for without end


def test_what_nobody_foresaw_is_an_error_event_without_its_secrets(
    cluster: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """An unforeseen error is logged with the request's id, of which alone the client learns."""
    with TestClient(create_app_of({}, builders.Opens(Broken()))) as client:
        kind, problem = stream(client, cluster)[-1]
    assert (kind, problem["status"]) == ("error", 500)
    assert "secret" not in json.dumps(problem)
    assert problem["request_id"] in caplog.text
    assert "a secret of the machine room" in caplog.text


def post(address: str, request: dict[str, Any], accept: str) -> socket.socket:
    """A connection over which a request is sent, and from which nothing is read yet."""
    body = json.dumps(request).encode()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.settimeout(PATIENCE)
    connection.connect((HOST, int(address.rpartition(":")[2])))
    head = f"POST {PATH} HTTP/1.1\r\nHost: concord\r\nContent-Type: application/json\r\nAccept: {accept}\r\n"
    connection.sendall(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    return connection


def many(count: int) -> dict[str, Any]:
    """A request of documents that differ."""
    return {
        "documents": [
            {"text": f"The bridge of village {i} was closed on Monday. Cars use a ford."} for i in range(count)
        ]
    }


@pytest.mark.parametrize("accept", [EVENTS, "application/json"])
def test_a_client_that_goes_away_stops_the_spending(tmp_path: Path, cluster: dict[str, Any], accept: str) -> None:
    """Requests that wait their turn, and further steps, never reach the model once the client has left."""
    with running_stub(latency=0.2) as slow:
        app = app_of("chat", slow, tmp_path, CONCORD_MODEL_CONCURRENT="2", CONCORD_MEMO="off")
        with serving(app) as address:
            connection = post(address, many(8), accept)
            wait_for(lambda: len(slow.bodies) >= 2)
            connection.close()
            time.sleep(0.3)  # until the server knows
            asked = len(slow.bodies)
            time.sleep(1.0)  # in which five rounds would have been asked
            assert len(slow.bodies) == asked < 8
            with closing(post(address, cluster, accept)) as patient:
                assert b'"timings_ms"' in read_all(patient)
            assert "summary" in {body_name(body) for body in slow.bodies}  # for who stays, every step is asked


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_a_client_that_goes_away_between_two_steps_stops_the_spending(tmp_path: Path) -> None:
    """The same where the first step is over: what is read of the stream makes no difference."""
    with running_stub(latency=0.2) as slow, serving(app_of("chat", slow, tmp_path)) as address:
        connection = post(address, many(3), EVENTS)
        seen = b""
        while b'"extract", "done": 3' not in seen:
            seen += connection.recv(65_536) or pytest.fail("the stream ended")
        connection.close()
        time.sleep(0.8)
        assert "summary" not in {body_name(body) for body in slow.bodies}


@pytest.mark.parametrize("accept", [EVENTS, "application/json"])
def test_a_slow_client_holds_nobody_up(accept: str) -> None:
    """While clients do not read what they are sent, others are answered; the slow ones get all of it in the end."""
    large = read_paths([find_data() / "harbour-fire"]).model_dump(mode="json")
    with serving(create_app_of({}), send_buffer=4_096) as address, ThreadPoolExecutor(4) as pool:
        slow = [post(address, large, accept) for _ in range(4)]
        sent = [pool.submit(httpx2.post, address + PATH, json=many(2), timeout=PATIENCE) for _ in range(8)]
        assert [future.result(PATIENCE).status_code for future in sent] == [200] * 8
        for connection in slow:
            with closing(connection):
                answer = read_all(connection).decode()
            assert answer.startswith("HTTP/1.1 200")
            assert '"timings_ms":' in answer
            assert accept != EVENTS or answer.rindex("event: result") > answer.rindex("event: sentence")
