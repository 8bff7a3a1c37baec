"""The edge: every answer of every route has an id and the headers that bind a browser; origins are let in by name."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from service.api.edge import HEADERS
from service.app import create_app
from service.core.errors import InvalidInput
from service.settings import load_settings
from tests.api.answers import assert_problem
from tests.api.callers import filled, routes_of
from tests.api.kept import Failing, Held, begin
from tests.builders import Opens, create_app_of

ORIGIN = "https://desk.example"


ROUTES = sorted(
    {(method, filled(path)) for method, path in routes_of(create_app_of({})) if method != "HEAD"}
    | {("GET", "/none"), ("PUT", "/v1/summaries")}
)


def test_the_table_is_the_whole_of_it() -> None:
    """The paths of the OpenAPI document, the page's and the probes' are all among those that are tried."""
    paths = {path for _, path in ROUTES}
    described = {filled(path) for path in create_app_of({}).openapi()["paths"]}
    assert described | {"/", "/docs", "/openapi.json", "/static/page.css"} <= paths
    assert {"/readyz", "/metrics", "/v1/texts", "/page/verifications"} <= paths


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_answer_binds_the_browser(client: TestClient, method: str, path: str) -> None:
    """Errors too. A policy lets nothing in by default, and nobody frame it; nothing may be guessed of a type."""
    answer = client.request(method, path)
    assert len(answer.headers["x-request-id"]) == 32
    assert not {name for name in HEADERS if name not in answer.headers}
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[0] == "GET"])
def test_head_is_answered_as_get_without_a_body(client: TestClient, path: str, method: str) -> None:
    """With the same status and headers but those of the one answer; what needs no key, and what is not there, too."""
    full, head = client.request(method, path), client.head(path)
    assert head.content == b""
    assert head.status_code == full.status_code
    apart = {"x-request-id", "content-length"} if path == "/metrics" else {"x-request-id"}
    assert {**head.headers} | dict.fromkeys(apart, "") == {**full.headers} | dict.fromkeys(apart, "")


def test_head_of_events_ends_at_once(client: TestClient, cluster: dict[str, Any]) -> None:
    """Nobody waits for the end of a job to be told that its events are there."""
    backend = Held()
    with TestClient(create_app_of({}, Opens(backend))) as held:
        place = begin(held, cluster)
        answer = held.head(f"{place}/events")
        assert not backend.may_go_on.is_set()
        backend.may_go_on.set()
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/event-stream")


METHODS = [
    # a path, and what it takes: what all its routes take
    ("/", "GET, HEAD"),
    ("/v1/summaries", "POST"),
    (f"/v1/summaries/sum_{'0' * 32}", "DELETE, GET, HEAD"),
    (f"/v1/summaries/sum_{'0' * 32}/events", "GET, HEAD"),
    ("/static/main.js", "GET, HEAD"),
    ("/docs/viewer/swagger-ui.css", "GET, HEAD"),
]


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize(("path", "takes"), METHODS)
def test_what_a_path_takes_is_told(client: TestClient, path: str, takes: str, method: str) -> None:
    """405 names in `Allow`, and in its words, every method that the path takes."""
    answer = client.request(method, path)
    assert answer.headers["allow"] == takes
    assert assert_problem(answer, 405)["detail"] == f"this path takes {takes}"


def test_what_nobody_foresaw_passes_the_edge(cluster: dict[str, Any]) -> None:
    """A 500 has all of it too, and is counted."""
    app = create_app_of({}, Opens(Failing(ValueError("what nobody foresaw"))))
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.post("/v1/summaries", json=cluster)
        counted = client.get("/metrics").text
    assert answer.status_code == 500
    assert not {name for name in HEADERS if name not in answer.headers}
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert 'concord_http_requests_total{method="POST",route="/v1/summaries",status="500"} 1.0' in counted


def test_a_report_is_let_be_by_its_own_policy(client: TestClient, cluster: dict[str, Any]) -> None:
    """Its style and script are inline, by the policy that it holds; the header adds only what a page can't say."""
    answer = client.post("/v1/summaries", json=cluster, headers={"accept": "text/html"})
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert "default-src &#39;none&#39;" in answer.text


@pytest.mark.parametrize("origins", ["", " , "])
def test_no_other_origin_is_let_in_unless_set(origins: str) -> None:
    """Neither a request nor what a browser asks before one."""
    client = TestClient(create_app_of({"CONCORD_CORS_ORIGINS": origins}))
    before = client.options("/v1/summaries", headers={"origin": ORIGIN, "access-control-request-method": "POST"})
    answers = [before, client.get("/healthz", headers={"origin": ORIGIN})]
    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


def test_origins_that_are_set_are_let_in() -> None:
    """They may send what the API takes and read what it says; no other origin may, and cookies never go along."""
    client = TestClient(create_app_of({"CONCORD_CORS_ORIGINS": f"{ORIGIN}, https://b.example:8443"}))
    asked = {"origin": ORIGIN, "access-control-request-method": "POST"}
    before = client.options(
        "/v1/summaries", headers={**asked, "access-control-request-headers": "content-type,prefer"}
    )
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (200, ORIGIN)
    answer = client.get("/healthz", headers={"origin": "https://b.example:8443"})
    assert answer.headers["access-control-allow-origin"] == "https://b.example:8443"
    assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
    other = client.get("/healthz", headers={"origin": "https://desk.example.evil"})
    assert "access-control-allow-origin" not in other.headers
    assert "access-control-allow-credentials" not in {*before.headers, *answer.headers}


@pytest.mark.parametrize("origins", ["desk.example", "https://desk.example/page", "null", "https://"])
def test_what_is_no_origin_is_refused(origins: str) -> None:
    """A setting that no browser's `Origin` could equal is a mistake, told at the start."""
    with pytest.raises(InvalidInput, match=f"must be origins, .*: {origins} is none"):
        create_app(load_settings({"CONCORD_CORS_ORIGINS": origins}))


def test_the_viewer_of_the_api_is_served_here(client: TestClient) -> None:
    """The page of the OpenAPI document loads nothing from elsewhere, and what it loads is there."""
    page = client.get("/docs").text
    assert "//" not in page.replace("<!--", "")
    for file in ("/docs/viewer/swagger-ui.css", "/docs/viewer/swagger-ui-bundle.js", "/static/docs.js"):
        assert file in page
        assert client.get(file).status_code == 200
