"""Traces: requests, attempts at jobs, stages and model requests as spans. The only file that imports opentelemetry.

A span holds ids, counts, and names that settings or this code give; no text of documents, prompts, replies or keys,
no path or header as it was sent, and of an error its type alone. Model requests follow OpenTelemetry's GenAI semantic
conventions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http import HTTPStatus
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.trace import (
    NoOpTracerProvider,
    Span,
    SpanKind,
    StatusCode,
    TracerProvider,
    format_span_id,
    format_trace_id,
    get_current_span,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service import __version__
from service.core.errors import InvalidInput

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource

    from service.api.edge import Arrival, Exchange
    from service.api.observing import Ran
    from service.backends.completions import Completion, Request, Server
    from service.backends.trying import Try
    from service.jobs.model import Attempt
    from service.settings import Settings

_W3C = TraceContextTextMapPropagator()
_TRACEPARENT = "traceparent"
_CONVENTIONS = "https://opentelemetry.io/schemas/1.41.1"
_HOSTED = "https://api.openai.com"
_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[\w.:/@+-]{1,100}")  # what a server may call its model; a longer one could be text
_FINISHES = frozenset({"stop", "length", "content_filter", "tool_calls", "function_call"})
_FLUSH_SECONDS = 3.0  # for what is left to be sent when the process is to stop
Told = Mapping[str, Any]


class Traces:
    """Makes spans of what it is told of; without a provider none, and nothing of a client's trace is taken up."""

    def __init__(self, provider: TracerProvider | None = None, close: Callable[[], None] = lambda: None) -> None:
        self._on = provider is not None
        self._tracer = (provider or NoOpTracerProvider()).get_tracer("concord", __version__, schema_url=_CONVENTIONS)
        self.close = close
        """Sends what is left. Blocks, for some seconds at most."""

    @contextmanager
    def exchange(self, arrival: Arrival) -> Iterator[Callable[[Exchange], None]]:
        """The span of an HTTP request, in the trace of whoever sent it if they say so."""
        method = "_OTHER" if arrival.method == "other" else arrival.method
        told = {"http.request.method": method, "concord.request_id": arrival.request_id}
        with self._span(method, told, SpanKind.SERVER, self._parent(arrival.traceparent)) as span:
            yield lambda exchange: _answer(span, exchange)

    def attempt(self, attempt: Attempt, cause: Mapping[str, str]) -> AbstractContextManager[object]:
        """The span of an attempt at a job, in the trace of the request that the job was made in."""
        told: dict[str, Any] = {"concord.job_id": attempt.job_id, "concord.attempt": attempt.number}
        if "request_id" in cause:
            told["concord.request_id"] = cause["request_id"]
        return self._span("job", told, SpanKind.CONSUMER, self._parent(cause.get(_TRACEPARENT)))

    def stage(self, name: str) -> AbstractContextManager[object]:
        """The span of a stage of a summary."""
        return self._span(f"stage {name}", {"concord.stage": name})

    @contextmanager
    def asking(self, server: Server, request: Request) -> Iterator[Callable[[Completion], None]]:
        """The span of a model request with all its tries. Its own trace goes nowhere: the server is a stranger's."""
        told = {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": server.model,
            "gen_ai.request.max_tokens": request.max_tokens,
            "gen_ai.output.type": "json" if request.schema else "text",
            "concord.request": request.name,
            **_place_of(server),
        }
        with self._span(f"chat {server.model}", told, SpanKind.CLIENT) as span:
            yield lambda answer: span.set_attributes(_told_by(answer))

    def tried(self, attempt: Try) -> None:
        """An event of the model request that is under way."""
        told: dict[str, Any] = {"number": attempt.number, "outcome": attempt.outcome, "seconds": attempt.seconds}
        get_current_span().add_event("concord.try", {f"concord.try.{name}": value for name, value in told.items()})

    def ran(self, run: Ran) -> None:
        """What a run used and came to, on the span of the request or job that it was made in."""
        used = run.usage
        told: dict[str, Any] = {
            "kind": run.kind,
            "outcome": run.outcome,
            "documents": run.documents,
            "characters": run.characters,
            "model_requests": used.requests,
            "memoised": used.memoised,
            "fallbacks": sum(run.fallbacks.values()),
            "dropped": sum(run.dropped.values()),
        } | ({} if used.cost_usd is None else {"cost_usd": used.cost_usd})
        get_current_span().set_attributes({f"concord.run.{name}": value for name, value in told.items()})

    def carried(self) -> dict[str, str]:
        """What has another process go on with the trace of now."""
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return {_TRACEPARENT: carrier[_TRACEPARENT]} if _TRACEPARENT in carrier else {}

    def _parent(self, traceparent: str | None) -> Context:
        """The context of a span elsewhere. `tracestate` is left behind: it may hold anything."""
        known = {_TRACEPARENT: traceparent} if self._on and traceparent else {}
        return _W3C.extract(known, Context())

    @contextmanager
    def _span(
        self, name: str, told: Told, kind: SpanKind = SpanKind.INTERNAL, parent: Context | None = None
    ) -> Iterator[Span]:
        """A span while it is held open. Of what is raised inside it has the type: a message may quote anything."""
        opened = self._tracer.start_as_current_span(
            name, parent, kind, told, record_exception=False, set_status_on_exception=False
        )
        with opened as span:
            try:
                yield span
            except BaseException as error:
                _fail(span, getattr(error, "outcome", type(error).__name__))
                raise


def ids() -> dict[str, str]:
    """The ids of the span that is open here, for the log; none without one."""
    context = get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": format_trace_id(context.trace_id), "span_id": format_span_id(context.span_id)}


def create_traces(settings: Settings) -> Traces:
    """Traces as the settings have them: sent by OTLP, or none.

    Raises InvalidInput where they are to be sent and can't: for want of a package, or by another protocol.
    """
    if settings.traces_to is None:
        return Traces()
    if settings.otel_protocol not in (None, "http/protobuf"):
        raise InvalidInput(f"OTEL_EXPORTER_OTLP_PROTOCOL={settings.otel_protocol}: traces are sent by http/protobuf")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider as Provider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise InvalidInput(
            f"traces are to be sent to {_host(settings.traces_to)}, which needs two packages: "
            "pip install 'concord[telemetry]', or unset OTEL_EXPORTER_OTLP_ENDPOINT"
        ) from error
    provider = Provider(resource=_describe(settings.otel_service_name), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(settings.traces_to)))
    return Traces(provider, lambda: _close(provider.shutdown))


def _describe(name: str | None) -> Resource:
    """What sends the traces, with what the environment says of it."""
    from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource

    found = Resource({SERVICE_VERSION: __version__}).merge(Resource.create({SERVICE_NAME: name} if name else {}))
    is_named = not str(found.attributes[SERVICE_NAME]).startswith("unknown_service")
    return found if is_named else found.merge(Resource({SERVICE_NAME: "concord"}))


def _close(shut: Callable[[], None]) -> None:
    """Send what is left. A collector that does not answer would be tried for half a minute: it is left alone."""
    sending = Thread(target=shut, daemon=True)
    sending.start()
    sending.join(_FLUSH_SECONDS)


def _host(url: str) -> str:
    """The host of a URL, which may hold a password."""
    return urlsplit(url).hostname or "no host"


def _answer(span: Span, exchange: Exchange) -> None:
    span.update_name(f"{exchange.method} {exchange.route}")
    told = {"status_code": exchange.status, "body.size": exchange.sent}
    span.set_attributes({f"http.response.{name}": value for name, value in told.items()})
    span.set_attributes({"http.route": exchange.route, "http.request.body.size": exchange.received})
    if exchange.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _fail(span, str(exchange.status))


def _fail(span: Span, kind: str) -> None:
    span.set_attribute("error.type", kind)
    span.set_status(StatusCode.ERROR)


def _place_of(server: Server) -> dict[str, Any]:
    """Where a model is asked, without the user, password and path that a URL may hold."""
    url = urlsplit(server.base_url or _HOSTED)
    if url.hostname is None:  # in this process
        return {"gen_ai.provider.name": "llama.cpp"}
    port = url.port or _PORTS.get(url.scheme, 0)
    return {"gen_ai.provider.name": "openai", "server.address": url.hostname, "server.port": port}


def _told_by(answer: Completion) -> dict[str, Any]:
    """What a server says of its answer. Whatever it says is no text: it could repeat what it was sent."""
    told: dict[str, Any] = {
        "gen_ai.usage.input_tokens": answer.prompt_tokens,
        "gen_ai.usage.output_tokens": answer.completion_tokens,
        "gen_ai.usage.cache_read.input_tokens": answer.cached_tokens,
        "gen_ai.response.finish_reasons": [answer.finish if answer.finish in _FINISHES else "other"],
    }
    if isinstance(answer.model, str) and _NAME.fullmatch(answer.model):
        told["gen_ai.response.model"] = answer.model
    return {name: value for name, value in told.items() if value is not None}
