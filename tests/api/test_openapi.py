"""The OpenAPI document: committed, compared, and true of what is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from tests.api.kept import finished, read
from tests.builders import create_app_of

COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def openapi() -> dict[str, Any]:
    """The document that the application gives."""
    return create_app_of({}).openapi()


def validator(openapi: dict[str, Any], name: str) -> Draft202012Validator:
    """What checks a value against one of the document's schemas."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": openapi["components"]})


def test_the_committed_document_is_the_one_that_is_served(openapi: dict[str, Any], client: TestClient) -> None:
    """`make openapi` was run after the last change of the API."""
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == openapi
    assert client.get("/openapi.json").json() == openapi


def test_the_document_does_not_depend_on_settings(openapi: dict[str, Any]) -> None:
    """Limits and concurrency are no part of the interface."""
    variables = {"CONCORD_MAX_DOCUMENTS": "3", "CONCORD_MAX_BODY_BYTES": "1000", "CONCORD_MAX_CONCURRENT": "1"}
    assert create_app_of(variables).openapi() == openapi


def test_errors_are_described_as_they_are_sent(openapi: dict[str, Any]) -> None:
    """Every error that summaries and estimates can answer is a problem of its media type."""
    summaries, estimates = (
        openapi["paths"][f"/v1/{name}"]["post"]["responses"] for name in ("summaries", "estimates")
    )
    assert set(summaries) == {*"200 202 400 401 402 404 406 408 409 413 415 422 429 502 503 504".split()}
    assert set(estimates) == {*"200 400 401 408 413 415 422 429 503 504".split()}
    for responses in (summaries, estimates):
        for status in set(responses) - {"200", "202"}:
            content = responses[status]["content"]
            assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert set(summaries["200"]["content"]) == {"application/json", "text/markdown", "text/html", "text/event-stream"}
    assert set(estimates["200"]["content"]) == {"application/json"}


def test_jobs_are_described(openapi: dict[str, Any]) -> None:
    """What is answered about a job, and the headers that go with it."""
    accepted = openapi["paths"]["/v1/summaries"]["post"]["responses"]["202"]
    assert accepted["content"] == {"application/json": {"schema": {"$ref": "#/components/schemas/JobOut"}}}
    assert set(accepted["headers"]) == {"Location", "Preference-Applied", "Retry-After"}
    posted = {parameter["name"] for parameter in openapi["paths"]["/v1/summaries"]["post"]["parameters"]}
    assert posted == {"Idempotency-Key", "Prefer", "Concord-Require-Model"}
    job, events = (openapi["paths"][f"/v1/summaries/{{id}}{place}"] for place in ("", "/events"))
    assert set(job["get"]["responses"]) == {"200", "401", "404", "406", "409", "429", "503", "default"}
    assert set(job["get"]["responses"]["200"]["content"]) == {"application/json", "text/markdown", "text/html"}
    assert set(job["delete"]["responses"]) == {"204", "401", "404", "429", "503"}
    assert set(events["get"]["responses"]) == {"200", "204", "400", "401", "404", "429", "503"}
    assert {parameter["name"] for parameter in events["get"]["parameters"]} == {"id", "Last-Event-ID"}
    for responses in (job["get"]["responses"], job["delete"]["responses"], events["get"]["responses"]):
        for status in {*responses} - {"200", "204"}:
            assert set(responses[status]["content"]) == {"application/problem+json"}


def test_what_follows_is_linked(openapi: dict[str, Any]) -> None:
    """Every answer that holds a job says what can be done with it next, by operations that there are."""
    paths = openapi["paths"]
    taken, shown = (
        paths["/v1/summaries"]["post"]["responses"]["202"],
        paths["/v1/summaries/{id}"]["get"]["responses"]["200"],
    )
    operations = {operation["operationId"] for path in paths.values() for operation in path.values()}
    for answer in (taken, shown):
        assert {link["operationId"] for link in answer["links"].values()} == {"get_job", "watch_job", "delete_job"}
        assert all(link["parameters"] == {"id": "$response.body#/id"} for link in answer["links"].values())
    assert {"create_summary", "get_job", "watch_job", "delete_job"} <= operations


def test_events_are_described(openapi: dict[str, Any], client: TestClient, cluster: dict[str, Any]) -> None:
    """Each kind of event says what its data are, and those that come are so."""
    stream = openapi["paths"]["/v1/summaries"]["post"]["responses"]["200"]["content"]["text/event-stream"][
        "itemSchema"
    ]
    kinds = {of["properties"]["event"]["const"]: of["properties"]["data"]["contentSchema"] for of in stream["oneOf"]}
    events = client.post("/v1/summaries", json=cluster, headers={"accept": "text/event-stream"}).iter_lines()
    seen = set()
    for event in read(events):
        seen.add(event.kind)
        checked = {**kinds[event.kind], "components": openapi["components"]}
        Draft202012Validator(checked).validate(event.data)
    assert seen == {"stage", "sentence", "result"}
    assert set(kinds) == seen | {"error"}


def test_every_reference_leads_somewhere(openapi: dict[str, Any]) -> None:
    """No schema is named that isn't there, and none is there that isn't named."""
    text = json.dumps(openapi)
    for name in openapi["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named == set(openapi["components"]["schemas"])


def test_answers_are_as_described(client: TestClient, cluster: dict[str, Any], openapi: dict[str, Any]) -> None:
    """A result, an estimate, a job, a problem and the health fit their schemas; what was sent fits the request's."""
    validator(openapi, "SummaryRequest").validate(cluster)
    validator(openapi, "SummaryResult").validate(client.post("/v1/summaries", json=cluster).json())
    validator(openapi, "EstimateResult").validate(client.post("/v1/estimates", json=cluster).json())
    job = client.post("/v1/summaries", json=cluster, headers={"prefer": "respond-async"})
    validator(openapi, "JobOut").validate(job.json())
    validator(openapi, "JobOut").validate(finished(client, job.headers["location"]))
    validator(openapi, "Problem").validate(client.post("/v1/summaries", json={}).json())
    validator(openapi, "Health").validate(client.get("/healthz").json())


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"documents": []},
        {"documents": [{}]},
        {"documents": [{"text": ""}]},
        {"documents": [{"text": "a", "b": 1}]},
        {"documents": [{"text": "a", "id": "a b"}]},
        {"documents": [{"text": "a"}], "quorum": 1},
        {"documents": [{"text": "a"}], "max_cost_usd": -1},
    ],
)
def test_what_is_refused_does_not_fit(client: TestClient, openapi: dict[str, Any], wrong: dict[str, Any]) -> None:
    """A request that the document excludes is one that the service refuses."""
    assert not validator(openapi, "SummaryRequest").is_valid(wrong)
    assert client.post("/v1/summaries", json=wrong).status_code == 422
