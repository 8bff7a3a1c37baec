"""Traces: a span for each request, attempt, stage and model request, in one trace, and nothing of what was sent."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from starlette.testclient import TestClient

from benchmarks.stub import Stub
from service.app import create_app
from service.backends.base import Backends
from service.backends.completions import Request, Server
from service.core.errors import InvalidInput
from service.jobs.memory import MemoryEngine
from service.settings import load_settings
from service.telemetry.tracing import Traces, create_traces
from tests.api.kept import ASYNC, PATH, finished
from tests.builders import Opens, asking
from tests.collecting import collecting
from tests.servers import Says, completes, fails, scripted
from tests.test_logging import MARK, REQUEST, Breaks, ask, lines, log
from tests.timing import wait_for

__all__ = ["log"]  # a fixture
TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


class Kept(NamedTuple):
    """Traces, and the spans that they made."""

    traces: Traces
    exporter: InMemorySpanExporter

    def spans(self, name: str = "") -> list[ReadableSpan]:
        """Those whose name begins so, in the order that they ended."""
        return [span for span in self.exporter.get_finished_spans() if span.name.startswith(name)]

    def one(self, name: str) -> ReadableSpan:
        (span,) = self.spans(name)
        return span


def keep() -> Kept:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Kept(Traces(provider), exporter)


@pytest.fixture
def kept() -> Kept:
    return keep()


@pytest.fixture
def create(tmp_path: Path) -> Callable[..., FastAPI]:
    """Makes applications on one database."""

    def make(
        kept: Kept | None, backends: Backends | None = None, engine: MemoryEngine | None = None, **variables: str
    ) -> FastAPI:
        settings = load_settings({"CONCORD_DATA_DIR": str(tmp_path), **variables})
        return create_app(settings, backends, engine or MemoryEngine(), traces=kept.traces if kept else None)

    return make


class Deaf(MemoryEngine):
    """An engine that takes no job, so that another process must."""

    async def enqueue(self, job_id: str) -> None:
        raise OSError


def told(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def place(span: ReadableSpan) -> tuple[int, int]:
    """The trace and the id of a span."""
    assert span.context
    return span.context.trace_id, span.context.span_id


def above(span: ReadableSpan) -> tuple[int, int] | None:
    """The same of its parent."""
    return (span.parent.trace_id, span.parent.span_id) if span.parent else None


def tries(span: ReadableSpan) -> list[Any]:
    return [(event.attributes or {})["concord.try.outcome"] for event in span.events]


def test_a_request_is_a_trace_of_its_stages_and_model_requests(
    create: Callable[..., FastAPI], kept: Kept, stub: Stub, cluster: dict[str, Any]
) -> None:
    """Stages are those of the result, model requests lie in the stage that asked, and their tokens are the usage."""
    with TestClient(create(kept, **asking(stub))) as client:
        answer = client.post(f"{PATH}?{MARK}={MARK}", json=cluster)
    result, request, stages = answer.json(), kept.one(f"POST {PATH}"), kept.spans("stage ")
    assert (request.kind, request.parent) == (SpanKind.SERVER, None)
    assert told(request) | {
        "concord.request_id": answer.headers["x-request-id"],
        "http.route": PATH,
        "http.response.status_code": 200,
        "concord.run.model_requests": result["usage"]["requests"],
    } == told(request)
    assert [told(span)["concord.stage"] for span in stages] == [*result["timings_ms"]]
    assert {above(span) for span in stages} == {place(request)}
    asked = kept.spans("chat stub")
    names = {place(span): told(span)["concord.stage"] for span in stages}
    stage_of = {told(span)["concord.request"]: names[above(span) or (0, 0)] for span in asked}
    assert stage_of == {"claims": "extract", "summary": "write", "verdicts": "verify"}
    assert sum(told(span)["gen_ai.usage.input_tokens"] for span in asked) == result["usage"]["prompt_tokens"]
    assert sum(told(span)["gen_ai.usage.output_tokens"] for span in asked) == result["usage"]["completion_tokens"]
    assert {span.status.status_code for span in kept.spans()} == {StatusCode.UNSET}


def test_a_model_request_follows_the_genai_conventions(
    create: Callable[..., FastAPI], kept: Kept, cluster: dict[str, Any]
) -> None:
    """Its tries are events, one span holds them all, and of the server it names no more than the host and port."""
    with scripted(fails(500, retry_after="0"), fails(429, retry_after="0"), completes("{}")) as model:
        url = model.base_url.replace("//", f"//user:{MARK}@")
        settings = {"OPENAI_BASE_URL": url, "CONCORD_MODEL": "small", "CONCORD_MODEL_CONCURRENT": "1"}
        with TestClient(create(kept, **settings)) as client:
            client.post(PATH, json=cluster)
    span = kept.spans("chat small")[0]
    assert span.kind is SpanKind.CLIENT
    port = int(model.base_url.split(":")[2].split("/")[0])
    assert told(span) | {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "small",
        "gen_ai.response.model": "m",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "server.address": "127.0.0.1",
        "server.port": port,
    } == told(span)
    assert tries(span) == ["5xx", "429", "answered"]
    assert not {name for came in model.came for name in came.headers} & {"traceparent", "tracestate", "baggage"}


def test_a_model_request_that_fails_says_how(
    create: Callable[..., FastAPI], kept: Kept, cluster: dict[str, Any]
) -> None:
    """Its status is an error, of a type of which there are few; the request that it was made for went well."""
    settings = {"CONCORD_REQUEST_ATTEMPTS": "1", "CONCORD_BREAKER_FAILURES": "3", "CONCORD_MODEL_CONCURRENT": "1"}
    with (
        scripted(fails(400, MARK), fails(500, MARK), Says(0)) as model,
        TestClient(create(kept, OPENAI_BASE_URL=model.base_url, **settings)) as client,
    ):
        assert client.post(PATH, json=cluster).json()["status"] == "degraded"
    asked = kept.spans("chat ")
    assert {span.status.status_code for span in asked} == {StatusCode.ERROR}
    assert [told(span)["error.type"] for span in asked][:4] == ["4xx", "5xx", "failed", "down"]
    assert kept.one("POST").status.status_code is StatusCode.UNSET


GIVEN = [
    # what a client says of its trace, and whether it is gone on with
    ({"traceparent": f"00-{TRACE}-{SPAN}-01", "tracestate": f"a={MARK}", "baggage": f"a={MARK}"}, True),
    ({"traceparent": f"00-{TRACE}-{SPAN}"}, False),
    ({"traceparent": MARK}, False),
    ({}, False),
]


def test_the_trace_of_a_client_is_gone_on_with(create: Callable[..., FastAPI], kept: Kept) -> None:
    """Where its header can be read; nothing else that it sends along is taken over."""
    with TestClient(create(kept)) as client:
        for headers, _ in GIVEN:
            client.get("/healthz", headers=headers)
    spans = kept.spans("GET /healthz")
    assert [above(span) == (int(TRACE, 16), int(SPAN, 16)) for span in spans] == [goes_on for _, goes_on in GIVEN]
    assert [span.parent is not None for span in spans] == [goes_on for _, goes_on in GIVEN]
    assert MARK not in " ".join(f"{span.to_json()} {span.context}" for span in spans)


def test_a_job_goes_on_with_the_trace_of_its_request_on_another_machine(
    create: Callable[..., FastAPI], cluster: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trace lies with the job, so that whoever works on it later adds to it, under the same request id."""
    monkeypatch.setattr("service.jobs.jobs._SWEEP_SECONDS", 0.01)
    web, worker = keep(), keep()
    with TestClient(create(web, engine=Deaf())) as client:
        answer = client.post(PATH, json=cluster, headers=ASYNC)
    with TestClient(create(worker)) as client:
        assert finished(client, answer.headers["location"])["status"] == "complete"
        wait_for(lambda: worker.spans("job"))
    job = worker.one("job")
    assert above(job) == place(web.one(f"POST {PATH}"))
    assert told(job)["concord.request_id"] == answer.headers["x-request-id"]
    assert answer.headers["location"].endswith(told(job)["concord.job_id"])
    assert {above(span) for span in worker.spans("stage")} == {place(job)}


def test_the_problem_of_a_job_has_the_id_of_its_request(create: Callable[..., FastAPI], kept: Kept) -> None:
    """Each attempt is a span that failed, and the id that the client has finds them."""
    app = create(kept, Opens(Breaks()), CONCORD_JOB_ATTEMPTS="1")
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.post(PATH, json=REQUEST, headers=ASYNC)
        job = finished(client, answer.headers["location"])
    assert job["problem"]["request_id"] == answer.headers["x-request-id"]
    failed = kept.one("job")
    assert (failed.status.status_code, told(failed)["error.type"]) == (StatusCode.ERROR, "ValueError")
    assert told(failed)["concord.request_id"] == answer.headers["x-request-id"]


def test_no_span_holds_anything_of_what_is_sent(create: Callable[..., FastAPI], kept: Kept) -> None:
    """Marked documents, queries, paths, headers, replies, mistakes and errors that nobody foresaw: none is marked."""
    odd = completes(f'{{"claims": [{{"text": "{MARK}"}}]}}', finish_reason=f"{MARK} sank", model=f"the {MARK} sank")
    with scripted(odd, odd, fails(400, MARK), Says(200, f"<html>{MARK}</html>"), fails(500, MARK)) as model:
        settings = {"OPENAI_BASE_URL": model.base_url, "CONCORD_REQUEST_ATTEMPTS": "2"}
        with TestClient(create(kept, **settings), raise_server_exceptions=False) as client:
            ask(client)
    with TestClient(create(kept, Opens(Breaks())), raise_server_exceptions=False) as client:
        assert client.post(PATH, json=REQUEST).status_code == 500
        assert client.post(PATH, json=REQUEST, headers={"accept": "text/event-stream"}).status_code == 200
    failed = next(span for span in kept.spans(f"POST {PATH}") if told(span)["http.response.status_code"] == 500)
    assert (failed.status.status_code, told(failed)["error.type"]) == (StatusCode.ERROR, "ValueError")
    assert {span.name for span in kept.spans("GET")} >= {"GET unmatched", f"GET {PATH}/{{id}}"}
    assert len(kept.spans()) > 40
    assert MARK.lower() not in " ".join(span.to_json() for span in kept.spans()).lower()
    assert not [event for span in kept.spans() for event in span.events if event.name == "exception"]


def test_lines_of_the_log_name_their_span(
    create: Callable[..., FastAPI], kept: Kept, log: io.StringIO, cluster: dict[str, Any]
) -> None:
    """While traces are made; without, not even a trace that a client names."""
    headers = {"traceparent": f"00-{TRACE}-{SPAN}-01"}
    for made in (None, kept):
        with TestClient(create(made)) as client:
            client.post(PATH, json=cluster, headers=headers)
    without, of = [line for line in lines(log.getvalue()) if line["event"] == "run"]
    assert "trace_id" not in without
    assert (int(of["trace_id"], 16), int(of["span_id"], 16)) == place(kept.one("POST"))
    assert of["trace_id"] == TRACE


PLACES = [
    # a model's server, and what its span says of it: no user, password or path
    (None, {"gen_ai.provider.name": "openai", "server.address": "api.openai.com", "server.port": 443}),
    ("http://host/v1", {"gen_ai.provider.name": "openai", "server.address": "host", "server.port": 80}),
    ("https://u:p@h:8443/a", {"gen_ai.provider.name": "openai", "server.address": "h", "server.port": 8443}),
    ("file:judge.gguf", {"gen_ai.provider.name": "llama.cpp"}),  # in this process
]


@pytest.mark.parametrize(("url", "said"), PLACES)
def test_a_server_is_named_by_its_host_and_port(kept: Kept, url: str | None, said: dict[str, Any]) -> None:
    """Whoever is behind the interface is called openai, as the conventions have it."""
    with kept.traces.asking(Server("m", base_url=url), Request("claims", (), {}, 1, 1)):
        pass
    found = told(kept.one("chat m")).items()
    assert {name: value for name, value in found if name.startswith(("server", "gen_ai.provider"))} == said


def sent(body: bytes) -> tuple[dict[str, str], list[str]]:
    """What a request to a collector says of its sender, and the names of its spans."""
    (found,) = ExportTraceServiceRequest.FromString(body).resource_spans
    about = {field.key: field.value.string_value for field in found.resource.attributes}
    return about, [span.name for span in found.scope_spans[0].spans]


def test_traces_are_sent_to_a_collector(create: Callable[..., FastAPI], monkeypatch: pytest.MonkeyPatch) -> None:
    """By OTLP over HTTP, before the process ends, as what the environment says they come from."""
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=desk")
    with collecting() as collector:
        given = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        with TestClient(create(None, **given)) as client:
            client.get("/healthz")
        named = create_traces(load_settings({**given, "OTEL_SERVICE_NAME": "desk"}))
        with named.stage("read"):
            pass
        named.close()
    assert [path for path, _ in collector.came] == ["/v1/traces"] * 2
    (about, spans), (other, more) = (sent(body) for _, body in collector.came)
    assert (about["service.name"], about["deployment.environment.name"]) == ("concord", "desk")
    assert (other["service.name"], spans, more) == ("desk", ["GET /healthz"], ["stage read"])


OFF = [{}, {"OTEL_TRACES_EXPORTER": "none"}, {"OTEL_SDK_DISABLED": "TRUE"}, {"OTEL_EXPORTER_OTLP_ENDPOINT": ""}]


@pytest.mark.parametrize("variables", OFF)
def test_none_are_made_unless_they_are_to_be_sent(variables: dict[str, str]) -> None:
    """By default, and where a variable says so."""
    given = {} if variables in ({}, OFF[-1]) else {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/"}
    assert load_settings(given | variables).traces_to is None
    assert load_settings(given).traces_to == ("http://collector:4318/v1/traces" if given else None)


def test_what_can_t_be_sent_is_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install, without the password of the address; and by which protocol alone."""
    configured = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://user:{MARK}@collector:4318"}
    with pytest.raises(InvalidInput, match="http/protobuf"):
        create_traces(load_settings(configured | {"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}))
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(InvalidInput, match=r"collector, .*pip install 'concord\[telemetry\]'") as raised:
        create_traces(load_settings(configured))
    assert MARK not in str(raised.value)


PLAIN = """
import sys
from starlette.testclient import TestClient
from tests.builders import create_app_of
with TestClient(create_app_of({"CONCORD_DATA_DIR": sys.argv[1]})) as client:
    client.get("/healthz")
    assert not [name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))]
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    provider, exporter = TracerProvider(), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    client.get("/healthz?query=secret")
    assert exporter.get_finished_spans() == ()
"""


def test_a_process_without_traces_loads_no_sdk_and_leaves_no_library_its_own(tmp_path: Path) -> None:
    """FastAPI would make spans of its own, with the query, for any provider of the process."""
    done = subprocess.run([sys.executable, "-c", PLAIN, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
