"""A summary as server-sent events: what comes when, and how it ends."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from starlette.testclient import TestClient

from benchmarks.stub import Stub, running_stub
from service.pipeline import STAGES
from tests.api.ferry import app_of, name_of
from tests.api.kept import PATH, Failing, Told, lasting, read
from tests.builders import Opens, create_app_of
from tests.serving import HOST, free_port

EVENTS = "text/event-stream"


@pytest.fixture(scope="module", params=["embedded", "chat"])
def client(
    request: pytest.FixtureRequest, server: Stub, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """A client of the application with each backend, whose model is honest and quick."""
    server.misbehave("honest")
    server.latency = 0.0
    folder = tmp_path_factory.mktemp("data")
    with TestClient(create_app_of({}) if request.param == "embedded" else app_of(server, folder)) as started:
        yield started


def stream(client: TestClient, request: dict[str, Any], **headers: str) -> list[Told]:
    """All events of a summary."""
    with client.stream("POST", PATH, json=request, headers={"accept": EVENTS} | headers) as response:
        assert response.status_code == 200
        return list(read(response.iter_lines()))


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
    kinds = [event.kind for event in events]
    assert (kinds[0], kinds[-1], kinds.count("result")) == ("stage", "result", 1)
    assert set(kinds) <= {"stage", "sentence", "result"}
    result = events[-1].data
    assert [event.data for event in events if event.kind == "sentence"] == result["summary"]
    assert bool(result["summary"]) == (asked.get("quorum") != 4)


def test_stages_are_told_in_order_and_to_the_end(client: TestClient, cluster: dict[str, Any]) -> None:
    """Each stage is told until all of it is done, in the order of the steps; documents are counted one by one."""
    stages = [event.data for event in stream(client, cluster) if event.kind == "stage"]
    assert [name for name, _ in groupby(stage["stage"] for stage in stages)] == list(STAGES)
    assert [s["stage"] for s in stages if s["done"] == s["total"]] == list(STAGES)
    assert [s["done"] for s in stages if s["stage"] == "extract"] == [1, 2, 3]


def test_no_sentence_comes_before_it_could_be_verified(client: TestClient, cluster: dict[str, Any]) -> None:
    """What is sent as a sentence has passed every gate, and comes after the summary was written."""
    events = stream(client, cluster)
    written = events.index(Told("", "stage", {"stage": "write", "done": 1, "total": 1}))
    sentences = [(place, event.data) for place, event in enumerate(events) if event.kind == "sentence"]
    assert sentences
    for place, sentence in sentences:
        assert place > written
        assert sentence["verification"]["verdict"] == "supported"
        assert all(check["passed"] for check in sentence["verification"]["checks"])


def test_the_stream_gives_what_the_plain_answer_gives(client: TestClient, cluster: dict[str, Any]) -> None:
    """The result at the end of a stream is the JSON of the plain call, but for ids, times and what it used."""
    streamed, plain = stream(client, cluster)[-1].data, client.post(PATH, json=cluster).json()
    assert streamed.keys() == plain.keys()
    assert lasting(streamed, "usage") == lasting(plain, "usage")


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
    with running_stub(latency=0.2) as slow, TestClient(app_of(slow, tmp_path)) as client:
        with client.stream("POST", PATH, json=cluster, headers={"accept": EVENTS}) as response:
            events = read(response.iter_lines())
            first = next(events)
            asked_by_then = {name_of(body) for body in slow.bodies}
            rest = list(events)
        assert first == Told("", "stage", {"stage": "read", "done": 1, "total": 1})
        assert asked_by_then <= {"claims"}
        assert rest[-1].kind == "result"
        assert "summary" in {name_of(body) for body in slow.bodies}


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


class Fault(NamedTuple):
    """What goes wrong: settings, how the request is changed, further headers; the status and a word of the detail."""

    status: int
    word: str
    variables: Mapping[str, str] = MappingProxyType({})
    change: Callable[[dict[str, Any]], dict[str, Any]] = dict
    headers: Mapping[str, str] = MappingProxyType({})


FAILING = {
    "too many documents": Fault(413, "3 documents", {"CONCORD_MAX_DOCUMENTS": "2"}),
    "too long": Fault(413, "together", {"CONCORD_MAX_TOTAL_CHARACTERS": "300"}),
    "furniture": Fault(422, "furniture", change=lambda r: r | {"documents": [{"text": "Share this article"}]}),
    "an id twice": Fault(422, "gazette", change=lambda r: r | {"documents": r["documents"][:1] * 2}),
    "no price": Fault(402, "no price", change=lambda r: r | {"max_cost_usd": 1.0}),
    "no model": Fault(
        503,
        "claims",
        {"OPENAI_BASE_URL": f"http://{HOST}:{free_port()}/v1"},
        headers={"concord-require-model": "true"},
    ),
}


@pytest.mark.parametrize("failing", FAILING.values(), ids=FAILING)
def test_what_fails_under_way_is_an_error_event(
    stub: Stub, tmp_path: Path, cluster: dict[str, Any], failing: Fault
) -> None:
    """Once the stream has begun a failure is its last event: a problem with its status and the request's id."""
    app = app_of(stub, tmp_path, **failing.variables)
    accepted = {"accept": EVENTS, **failing.headers}
    with (
        TestClient(app) as client,
        client.stream("POST", PATH, json=failing.change(cluster), headers=accepted) as response,
    ):
        events = list(read(response.iter_lines()))
    assert response.status_code == 200
    kinds = [event.kind for event in events]
    assert kinds[-1] == "error"
    assert not {"error", "result", "sentence"} & set(kinds[:-1])
    problem = events[-1].data
    assert problem["status"] == failing.status
    assert failing.word in problem["detail"]
    assert problem["request_id"] == response.headers["x-request-id"]


def test_a_deadline_is_an_error_event_in_time(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """When the time for a summary runs out the stream ends with 504, and the model is asked nothing further."""
    with (
        running_stub(mode="hang") as hanging,
        TestClient(app_of(hanging, tmp_path, CONCORD_DEADLINE_SECONDS="1")) as client,
    ):
        began = time.monotonic()
        events = stream(client, cluster)
        took = time.monotonic() - began
        asked = len(hanging.bodies)
        time.sleep(0.5)
        assert len(hanging.bodies) == asked
    assert (events[-1].kind, events[-1].data["status"]) == ("error", 504)
    assert "1 s" in events[-1].data["detail"]
    assert 1 <= took < 60  # a model that hangs would be waited for without end


def test_what_nobody_foresaw_is_an_error_event_without_its_secrets(
    cluster: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """An unforeseen error is logged with the request's id, of which alone the client learns."""
    broken = Failing(RuntimeError("a secret of the machine room"))
    with TestClient(create_app_of({}, Opens(broken))) as client:
        _, kind, problem = stream(client, cluster)[-1]
    assert (kind, problem["status"]) == ("error", 500)
    assert "secret" not in json.dumps(problem)
    assert problem["request_id"] in caplog.text
    assert "a secret of the machine room" in caplog.text
