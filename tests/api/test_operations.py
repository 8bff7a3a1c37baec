"""Operations: which part is not ready, and what is counted."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from benchmarks.stub import Stub
from service.api.operations import Part, probe_all
from service.backends.embedded import EmbeddedBackend
from service.backends.tokens import TokenCounter
from service.core.matching import Index
from service.core.model import Brief, StatementDraft
from tests.api.kept import ASYNC, Held, app_in, gone
from tests.builders import PRICES, asking
from tests.servers import fails, scripted
from tests.timing import wait_for


def counted(client: TestClient) -> dict[tuple[str, ...], float]:
    """Samples by their name and the values of their labels."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return {(s.name, *(v for _, v in sorted(s.labels.items()))): s.value for f in families for s in f.samples}


def ready(client: TestClient) -> tuple[int, str, list[str]]:
    """The status of the answer, what it says of the whole, and the parts that are not ready."""
    answer = client.get("/readyz")
    content = answer.json()
    return answer.status_code, content["status"], [name for name, p in content["parts"].items() if not p["ready"]]


def test_all_parts_are_ready(client: TestClient) -> None:
    """Each is named, with what it says."""
    assert ready(client) == (200, "ready", [])
    assert set(client.get("/readyz").json()["parts"]) == {"database", "worker", "model", "tokenizer"}


def test_a_database_that_is_gone_is_named(tmp_path: Path) -> None:
    """503 while it is, without its words; 200 again after."""
    with TestClient(app_in(tmp_path)) as client:
        with gone():
            assert ready(client) == (503, "not_ready", ["database"])
            assert str(counted(client)["concord_jobs", "waiting"]) == "nan"
        assert ready(client)[0] == 200


def test_a_disk_that_is_full_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs can't be kept then, but summaries that a client waits for are made: degraded."""
    with TestClient(app_in(tmp_path)) as client:
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=4_096))
        assert ready(client) == (200, "degraded", ["database"])
        assert "room for 4,096 bytes" in client.get("/readyz").text


def test_a_process_that_is_to_stop_is_not_ready(tmp_path: Path) -> None:
    """From the signal on: requests are to go elsewhere."""
    app = app_in(tmp_path)
    with TestClient(app) as client:
        app.state.close()
        assert ready(client) == (503, "not_ready", ["worker"])


def test_a_model_that_is_down_is_named(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """Requests are answered without it: 200, degraded."""
    with scripted(fails(503)) as model:
        settings = {
            "OPENAI_BASE_URL": model.base_url,
            "CONCORD_REQUEST_ATTEMPTS": "1",
            "CONCORD_BREAKER_FAILURES": "1",
        }
        with TestClient(app_in(tmp_path, None, **settings)) as client:
            assert ready(client) == (200, "ready", [])
            assert client.post("/v1/summaries", json=cluster).json()["status"] == "degraded"
            assert ready(client) == (200, "degraded", ["model"])
            found = counted(client)
    assert found["concord_ready", "model"] == 0
    assert found["concord_model_requests_total", "5xx", "claims"] >= 1
    assert found["concord_fallbacks_total", "claims"] == 3
    assert found["concord_runs_total", "summary", "degraded"] == 1


def test_counting_by_bytes_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the vocabulary tokens are bounded, not counted: degraded."""
    monkeypatch.setattr(TokenCounter, "exact", False)
    with TestClient(app_in(tmp_path)) as client:
        assert ready(client) == (200, "degraded", ["tokenizer"])


def test_a_part_that_does_not_answer_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """A probe that hangs holds up no answer."""
    monkeypatch.setattr("service.api.operations._PATIENCE", 0.01)

    async def hangs() -> Part:
        await asyncio.sleep(60)
        raise AssertionError

    found = asyncio.run(probe_all({"database": hangs}))
    assert (found.status, found.parts["database"].ready) == ("not_ready", False)


def test_what_a_model_costs_is_counted(tmp_path: Path, stub: Stub, cluster: dict[str, Any]) -> None:
    """Tokens, dollars, stages and verdicts are those of the result; a repetition is memoised, and costs no more."""
    with TestClient(app_in(tmp_path, None, **asking(stub, **PRICES))) as client:
        result = client.post("/v1/summaries", json=cluster).json()
        once = counted(client)
        again = client.post("/v1/summaries", json=cluster).json()
        twice = counted(client)
    usage = result["usage"]
    sent = sum(value for (name, *_), value in once.items() if name == "concord_model_requests_total")
    assert sent == usage["requests"] > 0
    assert once["concord_model_tokens_total", "prompt"] == usage["prompt_tokens"] > 0
    assert once["concord_model_tokens_total", "completion"] == usage["completion_tokens"] > 0
    assert once["concord_model_cost_usd_total",] == pytest.approx(usage["cost_usd"])
    assert once["concord_sentences_total", "summary", "supported"] == len(result["summary"]) > 0
    stages = {labels[0] for name, *labels in once if name == "concord_stage_seconds_count"}
    assert stages == {*result["timings_ms"]}
    assert twice["concord_model_memoised_total",] == again["usage"]["memoised"] > 0
    assert twice["concord_model_cost_usd_total",] == once["concord_model_cost_usd_total",]


def test_tries_again_are_counted(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """Every try by how it went, and which were not the first."""
    with scripted(fails(500), fails(429), fails(400)) as model:
        settings = {"OPENAI_BASE_URL": model.base_url, "CONCORD_MODEL_CONCURRENT": "1"}
        with TestClient(app_in(tmp_path, None, **settings)) as client:
            client.post("/v1/summaries", json=cluster)
            found = counted(client)
    assert found["concord_model_requests_total", "5xx", "claims"] == 1
    assert found["concord_model_requests_total", "429", "claims"] == 1
    assert found["concord_model_retries_total", "claims"] == 2


class Lies(EmbeddedBackend):
    """A backend that writes what no document says."""

    async def summary(self, brief: Brief, index: Index) -> list[StatementDraft]:
        cited = tuple(fact.id for fact in brief.facts[:1])
        return [StatementDraft(f"The bridge cost {count} million euros in 1907.", cited, "model") for count in (7, 8)]


def test_sentences_dropped_are_counted_by_check(tmp_path: Path, cluster: dict[str, Any]) -> None:
    """Each by the first check that it failed."""
    with TestClient(app_in(tmp_path, Lies())) as client:
        result = client.post("/v1/summaries", json=cluster).json()
        found = counted(client)
    first = [sentence["reasons"][0]["check"] for sentence in result["dropped"]]
    assert len(first) == 2
    assert found["concord_dropped_sentences_total", first[0]] == first.count(first[0])


def test_the_queue_is_counted(tmp_path: Path, held: Held, cluster: dict[str, Any]) -> None:
    """Jobs that run and jobs that wait, as they stand when somebody asks."""
    with TestClient(app_in(tmp_path, held)) as client:
        for _ in range(6):  # of which this process runs four at once
            client.post("/v1/summaries", json=cluster, headers=ASYNC)
        wait_for(lambda: counted(client)["concord_jobs", "running"] == 4)
        assert counted(client)["concord_jobs", "waiting"] == 2
        held.may_go_on.set()
        wait_for(lambda: counted(client)["concord_jobs", "running"] == 0)


def test_labels_are_few(tmp_path: Path) -> None:
    """Whatever paths and methods are asked for, no label repeats them, and the series stay as many."""
    with TestClient(app_in(tmp_path), raise_server_exceptions=False) as client:
        client.get("/marked")
        client.get("/v1/summaries/marked")
        client.request("MARKED", "/healthz")
        few = len(counted(client))
        for number in range(50):
            client.get(f"/marked{number}")
            client.get(f"/v1/summaries/marked{number}?marked={number}")
            client.request(f"MARKED{number}", "/healthz")
        text = client.get("/metrics").text
        assert len(counted(client)) - few <= 2 * 14  # the probes' own routes
    assert not re.search("marked", text, re.IGNORECASE)
    assert 'route="/v1/summaries/{id}"' in text
