"""What a summary by a model may cost: no budget is passed, and no estimate."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from starlette.testclient import TestClient

from benchmarks.stub import Stub
from benchmarks.stub_replies import Mode
from service.inputs import find_data, read_paths
from tests.api.ferry import FERRY, app_of, cost_of, summarize
from tests.api.kept import PATH
from tests.builders import PRICE, create_app_of
from tests.timing import wait_for

ESTIMATES = "/v1/estimates"


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
    Estimated("stub", "honest", {"focus": "the bow door " * 100}),
    Estimated("stub", "wrong_types"),
    Estimated("stub", "cut", {"max_sentences": 50}),
]


@pytest.mark.parametrize("given", ESTIMATED)
def test_a_summary_keeps_to_its_estimate(stub: Stub, tmp_path: Path, given: Estimated) -> None:
    """An estimate asks the model nothing, and no summary uses more: requests, tokens of either kind, dollars."""
    prices = json.dumps({given.model: PRICE})
    stub.misbehave(given.mode)
    with TestClient(app_of(stub, tmp_path, CONCORD_MODEL=given.model, CONCORD_PRICES=prices)) as client:
        for documents in (FERRY, read_paths([find_data() / "harbour-fire"]).model_dump(mode="json")):
            stub.reset()
            request = {**documents, **given.asked}
            most = client.post(ESTIMATES, json=request).json()
            assert stub.bodies == []
            used = summarize(client, request)["usage"]
            assert (most["model"]["name"], most["exact"]) == (given.model, given.model != "stub")
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
