"""The service with a model server: what is asked, what it costs, what happens when the model fails, lies or hangs."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, get_args

import httpx2
import pytest
from fastapi import FastAPI
from hypothesis import example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from typer.testing import CliRunner, Result

from benchmarks.stub import Asked, Stub, running_stub
from benchmarks.stub_replies import Mode
from service.backends.prompts import load_prompts
from service.cli import app as command_line
from service.inputs import read_paths
from service.settings import Settings, find_data, variable_of
from tests.api.answers import assert_valid
from tests.api.test_streaming import body_name
from tests.builders import create_app_of
from tests.serving import serving
from tests.timing import wait_for

PATH, ESTIMATES = "/v1/summaries", "/v1/estimates"
MODEL = "stub"
PRICES = {MODEL: {"prompt": 100.0, "completion": 400.0}}  # dollars a million tokens
PRICED = {"CONCORD_PRICES": json.dumps(PRICES)}
NAMES = ("claims", "groups", "summary", "verdicts")
FAILING = [mode for mode in get_args(Mode) if mode not in ("honest", "hang")]
_DAY = "2025-03-12T14:00:00Z"

FERRY: dict[str, Any] = {
    "documents": [
        {
            "id": "ledger",
            "published_at": _DAY,
            "text": "The ferry Corriel sank off Oldport early on Monday, the coastguard said. "
            "Twelve passengers drowned. The owner, Strand Line, denied that the bow door had been open. "
            "Divers searched the wreck in heavy seas on Tuesday.",
        },
        {
            "id": "herald",
            "published_at": _DAY,
            "text": "The coastguard said the ferry Corriel sank off Oldport on Monday. Fifteen passengers drowned, "
            "according to the harbour hospital. Divers will go down again on Wednesday. "
            "The bow door was shut, the owner Strand Line insisted. "
            "Some of the crew of the ferry are said to have been asleep at the time of the accident.",
        },
        {
            "id": "wire",
            "published_at": _DAY,
            "text": "Off Oldport the ferry Corriel went down on Monday, according to the coastguard. "
            "The bow door of the ferry stood open, a survivor said. "
            "On Tuesday divers went through the wreck while the seas were heavy. "
            "Some of the sailors of the ferry are said to have been sleeping at the time of the accident.",
        },
    ]
}
"""Three reports on which a model is asked all four questions, and the stub has an answer to each."""


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    """A model server, which the tests of this module share."""
    with running_stub() as started:
        yield started


@pytest.fixture
def stub(server: Stub) -> Stub:
    """The model server: honest, quick, and asked nothing yet."""
    server.misbehave("honest")
    server.latency = 0.0
    server.reset()
    return server


@pytest.fixture(scope="module")
def forgetful(server: Stub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application that has the server asked, knows the prices, and remembers nothing."""
    more = {"CONCORD_MEMO": "off", "CONCORD_BREAKER_FAILURES": "1000"} | PRICED
    with TestClient(app_of(server, tmp_path_factory.mktemp("data"), **more)) as started:
        yield started


@pytest.fixture(scope="module")
def honest(server: Stub, forgetful: TestClient) -> dict[str, Any]:
    """The ferry's summary by an honest model."""
    server.misbehave("honest")
    return summarize(forgetful, FERRY)


@pytest.fixture
def ferry() -> dict[str, Any]:
    """A request on which all four questions are asked, which a test may change."""
    return deepcopy(FERRY)


def variables_of(stub: Stub, folder: Path, **more: str) -> dict[str, str]:
    """Settings that have a stub asked, each request once."""
    base = {"OPENAI_BASE_URL": stub.base_url, "CONCORD_MODEL": MODEL, "CONCORD_DATA_DIR": str(folder)}
    return base | {"CONCORD_REQUEST_ATTEMPTS": "1"} | more


def app_of(stub: Stub, folder: Path, **more: str) -> FastAPI:
    return create_app_of(variables_of(stub, folder, **more))


def summarize(client: TestClient, request: dict[str, Any]) -> dict[str, Any]:
    """The result of a request, which must be valid."""
    response = client.post(PATH, json=request)
    assert response.status_code == 200, response.text
    result: dict[str, Any] = response.json()
    assert_valid(request, result)
    return result


def without(result: dict[str, Any], *names: str) -> dict[str, Any]:
    """A result without what differs between equal runs, and without some further fields."""
    return {key: value for key, value in result.items() if key not in {"id", "timings_ms", *names}}


def asked_by_name(stub: Stub) -> Counter[str]:
    return Counter(body_name(body) for body in stub.bodies)


def cost_of(asked: Sequence[Asked]) -> float:
    """What the stub's answers cost, in dollars."""
    price = PRICES[MODEL]
    return sum(a.prompt_tokens * price["prompt"] + a.completion_tokens * price["completion"] for a in asked) / 1e6


# What a result says of the model


def test_a_result_names_the_model_and_its_prompts(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """A result says which backend and model made it, with which prompts, and that the model wrote a sentence."""
    with TestClient(app_of(stub, tmp_path)) as client:
        result = summarize(client, ferry)
        health = client.get("/healthz").json()
    assert result["model"] == {
        "backend": "chat", "name": MODEL, "prompts": load_prompts().version, "tokenizer": "o200k_base",
    }  # fmt: skip
    assert re.fullmatch(r"sha256:[0-9a-f]{16}", result["model"]["prompts"])
    assert (result["status"], result["warnings"]) == ("complete", [])
    assert "model" in {sentence["written_by"] for sentence in result["summary"]}
    assert health["backend"] == "chat"
    assert set(asked_by_name(stub)) == set(NAMES)


def test_usage_is_what_the_server_counted(stub: Stub, forgetful: TestClient, ferry: dict[str, Any]) -> None:
    """Requests, tokens and dollars of a result are those of the requests that the server answered."""
    usage = summarize(forgetful, ferry)["usage"]
    counted = stub.stats()
    assert counted.requests == len(counted.each) > 0
    assert usage == {
        "requests": counted.requests,
        "memoised": 0,
        "prompt_tokens": counted.prompt_tokens,
        "cached_tokens": 0,
        "completion_tokens": counted.completion_tokens,
        "cost_usd": pytest.approx(cost_of(counted.each)),
    }


# What is kept


def test_an_equal_request_costs_nothing(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """The second time every reply is remembered: nothing is sent, the result is equal, after a restart, too."""
    with TestClient(app_of(stub, tmp_path, **PRICED)) as client:
        first = summarize(client, ferry)
        asked = len(stub.bodies)
        again = summarize(client, ferry)
    with TestClient(app_of(stub, tmp_path, **PRICED)) as client:
        later = summarize(client, ferry)
    assert len(stub.bodies) == asked == first["usage"]["requests"]
    for result in (again, later):
        assert result["usage"] == {
            "requests": 0, "memoised": asked, "prompt_tokens": 0, "cached_tokens": 0, "completion_tokens": 0,
            "cost_usd": result["usage"]["cost_usd"],
        }  # fmt: skip
        assert not result["usage"]["cost_usd"]
        assert without(result, "usage") == without(first, "usage")


def test_without_a_memo_everything_is_asked_again(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """With the memo off nothing is kept, on disk neither."""
    with TestClient(app_of(stub, tmp_path, CONCORD_MEMO="off")) as client:
        first = summarize(client, ferry)
        again = summarize(client, ferry)
    assert first["usage"] == again["usage"]
    assert len(stub.bodies) == 2 * first["usage"]["requests"] > 0
    assert not list(tmp_path.glob("memo*"))


def test_another_model_remembers_nothing_of_this_one(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """What one model replied is not taken for another's."""
    for model in ("stub", "stub-2"):
        with TestClient(app_of(stub, tmp_path, CONCORD_MODEL=model)) as client:
            assert summarize(client, ferry)["usage"]["memoised"] == 0


_ASLEEP = (
    ("crew", "asleep"),
    ("sailors", "sleeping"),
    ("seamen", "in bed"),
    ("hands", "dozing"),
    ("stokers", "napping"),
)
_ALONE = (
    "Divers found the bow door in deep water.",
    "A court in Northport will hear the case in May.",
    "The owner has sold two other ships.",
    "Survivors were taken to a hall in Oldport.",
    "Prayers were held in the church of Saint Anne.",
)


def test_a_further_document_asks_only_for_its_own_claims(stub: Stub, tmp_path: Path) -> None:
    """One document more is one request for its claims, one to compare and one to judge them, and no other."""
    reports = [
        f"Some of the {who} of the ferry Corriel are said to have been {how} at the time of the accident. {alone}"
        for (who, how), alone in zip(_ASLEEP, _ALONE, strict=True)
    ]
    documents = [{"text": text, "published_at": _DAY} for text in reports]
    with TestClient(app_of(stub, tmp_path)) as client:
        before = summarize(client, {"documents": documents[:-1]})
        assert set(asked_by_name(stub)) == set(NAMES)
        stub.reset()
        result = summarize(client, {"documents": documents})
    assert asked_by_name(stub) == {"claims": 1, "groups": 1, "verdicts": 1}
    assert _ALONE[-1] in stub.bodies[0]["messages"][-1]["content"]
    assert result["usage"]["requests"] == 3 < before["usage"]["requests"]


def test_the_sixth_of_six_long_reports_is_the_only_one_read(stub: Stub, tmp_path: Path) -> None:
    """However the rarity of words shifts with a further report: the others' claims are not asked for again."""
    request = read_paths([find_data() / "harbour-fire"]).model_dump(mode="json")
    with TestClient(app_of(stub, tmp_path)) as client:
        summarize(client, request | {"documents": request["documents"][:5]})
        assert asked_by_name(stub)["claims"] == 5
        stub.reset()
        result = summarize(client, request)
    assert asked_by_name(stub)["claims"] == 1
    read = next(body["messages"][-1]["content"] for body in stub.bodies if body_name(body) == "claims")
    sixth = " ".join((result["documents"][-1]["text"] or request["documents"][-1]["text"]).split())
    shown = re.findall(r"^\[s\d+\] (.{1,40})", read, re.MULTILINE)
    assert shown
    assert all(start in sixth for start in shown)


# What it may cost


@hypothesis(max_examples=12, deadline=None)
@given(share=st.floats(0, 40))
@example(share=0.0)
@example(share=0.99)
@example(share=1.0)
@example(share=100.0)
def test_a_budget_is_never_passed(server: Stub, forgetful: TestClient, honest: dict[str, Any], share: float) -> None:
    """Whatever the budget, what the server answered costs no more; where it could, the call ends with 402."""
    full_cost = honest["usage"]["cost_usd"]
    server.misbehave("honest")
    server.reset()
    budget = share * full_cost
    response = forgetful.post(PATH, json=FERRY | {"max_cost_usd": budget})
    wait_for(lambda: server.stats().requests == len(server.stats().each))
    spent = cost_of(server.stats().each)
    if response.status_code != 200:
        time.sleep(0.05)  # for requests on their way when the call ended, or they are counted with the next one's
    assert spent <= budget
    if response.status_code == 200:
        assert response.json()["usage"]["cost_usd"] == pytest.approx(spent) == pytest.approx(full_cost)
    else:
        assert response.status_code == response.json()["status"] == 402
        assert "max_cost_usd" in response.json()["detail"]
        assert share < 100


def test_a_budget_without_a_price_is_refused_unspent(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """What a model costs that has no price nobody knows: 402, and nothing is sent."""
    with TestClient(app_of(stub, tmp_path)) as client:
        response = client.post(PATH, json=ferry | {"max_cost_usd": 1_000.0})
    assert response.status_code == 402
    assert "CONCORD_PRICES" in response.json()["detail"]
    assert stub.bodies == []


def test_the_embedded_backend_keeps_to_any_budget(ferry: dict[str, Any]) -> None:
    """What costs nothing is within a budget of nothing."""
    with TestClient(create_app_of({})) as client:
        assert summarize(client, ferry | {"max_cost_usd": 0.0})["usage"]["requests"] == 0


# What it costs at most, before it is asked


class Estimated(NamedTuple):
    """The model, whose tokens are counted or bounded; how its server behaves; what is asked."""

    model: str
    mode: Mode
    asked: Mapping[str, Any] = MappingProxyType({})


ESTIMATED = [
    Estimated("gpt-5-mini", "honest"),
    Estimated("gpt-5-mini", "unknown_ids"),  # everything is asked twice
    Estimated("gpt-5-mini", "prose", {"max_sentences": 1}),
    Estimated(MODEL, "honest", {"focus": "the bow door " * 100}),
    Estimated(MODEL, "wrong_types"),
    Estimated(MODEL, "cut", {"max_sentences": 50}),
]


@pytest.mark.parametrize("given", ESTIMATED)
def test_a_summary_keeps_to_its_estimate(stub: Stub, tmp_path: Path, given: Estimated) -> None:
    """An estimate asks the model nothing, and no summary uses more: requests, tokens of either kind, dollars."""
    prices = json.dumps({given.model: PRICES[MODEL]})
    stub.misbehave(given.mode)
    with TestClient(app_of(stub, tmp_path, CONCORD_MODEL=given.model, CONCORD_PRICES=prices)) as client:
        for documents in (FERRY, read_paths([find_data() / "harbour-fire"]).model_dump(mode="json")):
            stub.reset()
            request = {**documents, **given.asked}
            most = client.post(ESTIMATES, json=request).json()
            assert stub.bodies == []
            used = summarize(client, request)["usage"]
            assert (most["model"]["name"], most["exact"]) == (given.model, given.model != MODEL)
            assert used["requests"] == len(stub.bodies)
            for count in ("requests", "prompt_tokens", "completion_tokens", "cost_usd"):
                assert 0 < used[count] <= most[count], count


def test_an_estimate_without_a_price_names_no_cost(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """Without a price the tokens are bounded and the cost is null, never zero."""
    with TestClient(app_of(stub, tmp_path)) as client:
        most = client.post(ESTIMATES, json=ferry).json()
    assert most["cost_usd"] is None
    assert most["requests"] > 0 < most["prompt_tokens"]
    assert stub.bodies == []


def test_an_estimate_of_the_embedded_backend_is_nothing(ferry: dict[str, Any]) -> None:
    """Without a model a summary costs nothing, which is known exactly."""
    with TestClient(create_app_of({})) as client:
        most = client.post(ESTIMATES, json=ferry).json()
    assert {key: most[key] for key in ("requests", "prompt_tokens", "completion_tokens", "cost_usd", "exact")} == {
        "requests": 0, "prompt_tokens": 0, "completion_tokens": 0, "cost_usd": 0.0, "exact": True,
    }  # fmt: skip


# When the model can't be had


def closed_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def down(folder: Path, **more: str) -> FastAPI:
    """The application with a model server that is not there."""
    address = f"http://127.0.0.1:{closed_port()}/v1"
    variables = {"OPENAI_BASE_URL": address, "CONCORD_DATA_DIR": str(folder), "CONCORD_REQUEST_ATTEMPTS": "1"}
    return create_app_of(variables | more)


def test_a_summary_is_made_without_a_model_that_is_down(tmp_path: Path, ferry: dict[str, Any]) -> None:
    """A model server that is down costs a warning for each step that fell back; there is a summary all the same."""
    with TestClient(down(tmp_path)) as client:
        result = summarize(client, ferry)
    assert result["status"] == "degraded"
    steps = {warning["detail"].partition(":")[0]: warning["code"] for warning in result["warnings"]}
    assert steps.keys() >= {"claims", "summary"}
    assert set(steps.values()) == {"fell_back"}
    assert result["summary"]
    assert {sentence["written_by"] for sentence in result["summary"]} == {"source"}


def test_a_client_may_insist_on_a_model(tmp_path: Path, ferry: dict[str, Any]) -> None:
    """With `Concord-Require-Model` a model server that is down is 503, with when to try again; else it is 200."""
    with TestClient(down(tmp_path)) as client:
        for _ in range(3):
            refused = client.post(PATH, json=ferry, headers={"Concord-Require-Model": "true"})
            assert refused.status_code == refused.json()["status"] == 503
            assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert client.post(PATH, json=ferry, headers={"Concord-Require-Model": "false"}).status_code == 200


def test_insisting_on_a_model_where_there_is_none(ferry: dict[str, Any]) -> None:
    """The embedded backend is no model: 503 says what to set."""
    with TestClient(create_app_of({})) as client:
        response = client.post(PATH, json=ferry, headers={"Concord-Require-Model": "true"})
    assert response.status_code == 503
    assert "OPENAI_BASE_URL" in response.json()["detail"]


def test_a_call_that_failed_stops_the_spending(stub: Stub, tmp_path: Path) -> None:
    """Once a call is answered 503, none of its other requests is sent any more."""
    documents = [{"text": f"The bridge of village {i} was closed on Monday. Cars use a ford."} for i in range(12)]
    stub.latency = 0.1
    stub.misbehave("html500", times=1)
    with TestClient(app_of(stub, tmp_path, CONCORD_MODEL_CONCURRENT="2")) as client:
        response = client.post(PATH, json={"documents": documents}, headers={"Concord-Require-Model": "true"})
        asked = len(stub.bodies)
        time.sleep(0.6)  # in which all twelve would have been asked
        assert response.status_code == 503
        assert asked <= len(stub.bodies) <= asked + 1 < 6  # one may have been on its way


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", FAILING)
def test_a_model_that_fails_a_step_spoils_no_result(
    stub: Stub, forgetful: TestClient, ferry: dict[str, Any], name: str, mode: Mode
) -> None:
    """Whatever is wrong with the answers to one of the four requests, the result is valid and names the step."""
    stub.misbehave(mode, only={name})
    result = summarize(forgetful, ferry)
    assert asked_by_name(stub)[name] > 0
    assert result["status"] == "degraded"
    assert {warning["detail"].partition(":")[0] for warning in result["warnings"]} == {name}
    assert result["summary"]


@pytest.mark.parametrize("mode", FAILING)
def test_what_no_judge_decided_is_nobodys_own(
    stub: Stub, forgetful: TestClient, ferry: dict[str, Any], honest: dict[str, Any], mode: Mode
) -> None:
    """Claims on which the verdict is wanting are listed as unjudged, and are not called unique."""
    own = {claim["text"] for group in honest["unique"] for claim in group["claims"]}
    stub.misbehave(mode, only={"verdicts"})
    result = summarize(forgetful, ferry)
    unjudged = {claim["text"] for claim in result["unjudged"]}
    unique = {claim["text"] for group in result["unique"] for claim in group["claims"]}
    assert unjudged
    assert unique <= own
    assert not unique & unjudged


@pytest.mark.parametrize("mode", FAILING)
def test_a_model_that_fails_every_step_spoils_no_result(
    stub: Stub, forgetful: TestClient, ferry: dict[str, Any], mode: Mode
) -> None:
    """A model that never answers well is as good as none: the sources' own sentences are told.

    Of answers that are cut off what is whole is used, as far as it passes every gate.
    """
    stub.misbehave(mode)
    result = summarize(forgetful, ferry)
    assert result["status"] == "degraded"
    assert result["summary"]
    assert {sentence["written_by"] for sentence in result["summary"]} <= {"source", *(["model"] * (mode == "cut"))}


@pytest.mark.parametrize("mode", [mode for mode in FAILING if mode != "html500"])
@pytest.mark.parametrize("name", NAMES)
def test_a_mistake_is_put_right_when_asked_once_more(
    stub: Stub, forgetful: TestClient, honest: dict[str, Any], name: str, mode: Mode
) -> None:
    """One bad answer is asked for again with what was wrong, and then the result is that of an honest model."""
    stub.misbehave(mode, only={name}, times=1)
    result = summarize(forgetful, FERRY)
    assert without(result, "usage") == without(honest, "usage")
    assert result["usage"]["requests"] == honest["usage"]["requests"] + 1
    said = [body["messages"][-1]["content"] for body in stub.bodies if body_name(body) == name]
    assert sum("An answer to this was given already" in asked for asked in said) == 1


def test_a_model_that_hangs_meets_the_deadline(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """A summary that takes longer than its deadline is 504, on time, and the service goes on."""
    with TestClient(app_of(stub, tmp_path, CONCORD_DEADLINE_SECONDS="1")) as client:
        stub.misbehave("hang")
        began = time.monotonic()
        response = client.post(PATH, json=ferry)
        took = time.monotonic() - began
        stub.misbehave("honest")
        result = summarize(client, ferry)
    assert response.status_code == response.json()["status"] == 504
    assert "1 s" in response.json()["detail"]
    assert 1 <= took < 60  # a model that hangs would be waited for without end
    assert result["status"] == "complete"


# The judge


class Overheard:
    """An application that notes the `Authorization` of each request before another answers it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.keys: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.keys.add(dict(scope["headers"]).get(b"authorization", b"").decode())
        await self._app(scope, receive, send)


JUDGES: Sequence[tuple[dict[str, str], str]] = [
    # settings of the judge's key, what its server is sent
    ({}, "Bearer none"),
    ({"CONCORD_JUDGE_API_KEY": "judge-key"}, "Bearer judge-key"),
]


@pytest.mark.parametrize(("key", "sent"), JUDGES)
def test_a_judge_of_its_own_is_asked_for_verdicts_alone(
    tmp_path: Path, ferry: dict[str, Any], key: dict[str, str], sent: str
) -> None:
    """Verdicts, and only they, go to the judge's server, under its model's name, never with the writer's key."""
    writer, judge = Stub(), Stub()
    at_writer, at_judge = Overheard(writer.app()), Overheard(judge.app())
    with serving(at_writer) as writing, serving(at_judge) as judging:
        variables = {
            "OPENAI_BASE_URL": f"{writing}/v1",
            "OPENAI_API_KEY": "writer-key",
            "CONCORD_MODEL": "writer",
            "CONCORD_JUDGE_BASE_URL": f"{judging}/v1",
            "CONCORD_JUDGE_MODEL": "judge",
            "CONCORD_DATA_DIR": str(tmp_path),
        }
        with TestClient(create_app_of(variables | key)) as client:
            result = summarize(client, ferry)
    assert {body_name(body) for body in writer.bodies} == {"claims", "groups", "summary"}
    assert {body_name(body) for body in judge.bodies} == {"verdicts"}
    assert {body["model"] for body in writer.bodies} == {"writer"}
    assert {body["model"] for body in judge.bodies} == {"judge"}
    assert (at_writer.keys, at_judge.keys) == ({"Bearer writer-key"}, {sent})
    assert result["model"]["name"] == "writer, judged by judge"
    assert result["usage"]["requests"] == len(writer.bodies) + len(judge.bodies)


def test_a_judge_on_the_same_server_has_its_key(tmp_path: Path, ferry: dict[str, Any]) -> None:
    """Another model of the same server is asked there, with the same key."""
    stub = Stub()
    heard = Overheard(stub.app())
    with serving(heard) as address:
        variables = {
            "OPENAI_BASE_URL": f"{address}/v1",
            "OPENAI_API_KEY": "writer-key",
            "CONCORD_JUDGE_MODEL": "judge",
            "CONCORD_DATA_DIR": str(tmp_path),
        }
        with TestClient(create_app_of(variables)) as client:
            summarize(client, ferry)
    assert heard.keys == {"Bearer writer-key"}
    assert {body["model"] for body in stub.bodies if body_name(body) == "verdicts"} == {"judge"}
    assert {body["model"] for body in stub.bodies if body_name(body) != "verdicts"} == {Settings().model}


# Many at once


def test_two_hundred_summaries_at_once(stub: Stub, tmp_path: Path) -> None:
    """One process makes 200 different summaries at once without an error, and asks no more at once than it may."""
    stub.latency = 0.05
    app = app_of(stub, tmp_path, CONCORD_MODEL_CONCURRENT="32")
    app.state.prepare()

    async def ask_all() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://concord", timeout=180) as client:
            return await asyncio.gather(*(client.post(PATH, json=numbered(i)) for i in range(200)))

    answers = asyncio.run(ask_all())
    assert Counter(answer.status_code for answer in answers) == {200: 200}
    for number, answer in enumerate(answers):
        result = answer.json()
        assert result["status"] == "complete"
        assert result["summary"]
        assert f"Corriel {number}" in json.dumps(result["summary"])
    assert stub.stats().most_in_flight <= 32


def numbered(number: int) -> dict[str, Any]:
    """A request of three short documents that no other number's equals."""
    texts = (
        f"The ferry Corriel {number} sank off Oldport on Monday, the coastguard said. Divers searched the wreck.",
        f"The coastguard said the ferry Corriel {number} sank off Oldport on Monday. Nobody drowned.",
        f"On Monday the ferry Corriel {number} sank off Oldport, the coastguard said. The harbour is shut.",
    )
    return {"documents": [{"text": text, "published_at": _DAY} for text in texts]}


# On the command line


@pytest.fixture
def files(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ferry's reports as files of the working folder, in an environment that has the stub asked."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable_of(name), raising=False)
    for variable, value in variables_of(stub, tmp_path / "data").items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)
    for document in FERRY["documents"]:
        (tmp_path / f"{document['id']}.txt").write_text(document["text"], encoding="utf-8")
    return [f"{document['id']}.txt" for document in FERRY["documents"]]


def concord(*arguments: str) -> Result:
    return CliRunner().invoke(command_line, arguments)


def test_a_summary_on_the_command_line_asks_the_model(stub: Stub, files: list[str]) -> None:
    """`concord summarize` uses the model that the environment names, and says so."""
    done = concord("summarize", "--format", "json", "--require-model", *files)
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert (result["model"]["backend"], result["status"]) == ("chat", "complete")
    assert result["usage"]["requests"] == len(stub.bodies) > 0


def test_an_estimate_on_the_command_line_asks_nothing(
    stub: Stub, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`concord estimate` prints the most that a summary can cost; `--json` prints what the service answers."""
    done = concord("estimate", *files)
    assert done.exit_code == 0
    assert re.fullmatch(
        r"stub: at most \d+ requests, \d+ prompt tokens and \d+ completion tokens \(bounded by bytes\); "
        r"CONCORD_PRICES has no price of it\n",
        done.stdout,
    )
    monkeypatch.setenv("CONCORD_PRICES", PRICED["CONCORD_PRICES"])
    most = json.loads(concord("estimate", "--json", *files).stdout)
    assert most["cost_usd"] > 0
    assert f"${most['cost_usd']:.6f}" in concord("estimate", *files).stdout
    assert stub.bodies == []
    shorter = json.loads(concord("estimate", "--json", "--max-sentences", "1", *files).stdout)
    assert shorter["completion_tokens"] < most["completion_tokens"]


def test_a_budget_on_the_command_line(stub: Stub, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`--max-cost-usd` stops a summary before it costs more, and lets one pass that the estimate allows."""
    monkeypatch.setenv("CONCORD_PRICES", PRICED["CONCORD_PRICES"])
    most = json.loads(concord("estimate", "--json", *files).stdout)["cost_usd"]
    stopped = concord("summarize", *files, "--max-cost-usd", f"{most / 1_000:.6f}")
    assert (stopped.exit_code, stopped.stdout) == (1, "")
    assert "max_cost_usd" in stopped.stderr
    assert cost_of(stub.stats().each) <= most / 1_000
    done = concord("summarize", "-f", "json", *files, "--max-cost-usd", str(most))
    assert done.exit_code == 0
    assert 0 < json.loads(done.stdout)["usage"]["cost_usd"] <= most


WITHOUT_MODEL: Sequence[tuple[str, Callable[[], dict[str, str]], str]] = [
    # what is missing, settings, a word of the message
    ("a model", lambda: {"CONCORD_BACKEND": "embedded"}, "no model is configured"),
    ("its server", lambda: {"OPENAI_BASE_URL": f"http://127.0.0.1:{closed_port()}/v1"}, "can't be reached"),
]


@pytest.mark.parametrize(
    ("variables", "word"), [row[1:] for row in WITHOUT_MODEL], ids=[row[0] for row in WITHOUT_MODEL]
)
def test_insisting_on_a_model_on_the_command_line(
    files: list[str], monkeypatch: pytest.MonkeyPatch, variables: Callable[[], dict[str, str]], word: str
) -> None:
    """`--require-model` fails the job where no model can be had; without it the summary is made."""
    for variable, value in variables().items():
        monkeypatch.setenv(variable, value)
    refused = concord("summarize", "--require-model", *files)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert word in refused.stderr
    assert "Traceback" not in refused.stderr
    assert concord("summarize", *files).exit_code == 0
