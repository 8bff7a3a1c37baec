"""The service with a model server: what is asked, and what happens when the model fails, lies or hangs."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from benchmarks.stub import Stub
from benchmarks.stub_replies import Mode
from service.backends.prompts import load_prompts
from tests.api.ferry import DAY, FERRY, NAMES, app_of, asked_by_name, cost_of, name_of, summarize
from tests.api.kept import PATH, lasting
from tests.builders import create_app_of, villages
from tests.serving import free_port

FAILING = [mode for mode in get_args(Mode) if mode not in ("honest", "hang")]


def test_a_result_names_the_model_and_its_prompts(stub: Stub, tmp_path: Path, ferry: dict[str, Any]) -> None:
    """A result says which backend and model made it, with which prompts, and that the model wrote a sentence."""
    with TestClient(app_of(stub, tmp_path)) as client:
        result = summarize(client, ferry)
        health = client.get("/healthz").json()
    assert result["model"] == {
        "backend": "chat", "name": "stub", "prompts": load_prompts().version, "tokenizer": "o200k_base",
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


def down(folder: Path, **more: str) -> FastAPI:
    """The application with a model server that is not there."""
    address = f"http://127.0.0.1:{free_port()}/v1"
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
    stub.latency = 0.1
    stub.misbehave("html500", times=1)
    with TestClient(app_of(stub, tmp_path, CONCORD_MODEL_CONCURRENT="2")) as client:
        response = client.post(PATH, json=villages(12), headers={"Concord-Require-Model": "true"})
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
    assert lasting(result, "usage") == lasting(honest, "usage")
    assert result["usage"]["requests"] == honest["usage"]["requests"] + 1
    said = [body["messages"][-1]["content"] for body in stub.bodies if name_of(body) == name]
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


def test_a_hundred_summaries_at_once(stub: Stub, tmp_path: Path) -> None:
    """One process makes 100 different summaries at once without an error, and asks no more at once than it may."""
    stub.latency = 0.05
    app = app_of(stub, tmp_path, CONCORD_MODEL_CONCURRENT="32")
    app.state.prepare()

    async def ask_all() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://concord", timeout=180) as client:
            return await asyncio.gather(*(client.post(PATH, json=numbered(i)) for i in range(100)))

    answers = asyncio.run(ask_all())
    assert Counter(answer.status_code for answer in answers) == {200: 100}
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
    return {"documents": [{"text": text, "published_at": DAY} for text in texts]}
