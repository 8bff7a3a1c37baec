"""Metrics: what is counted, for Prometheus. The only file that imports prometheus_client.

One registry for each application, so that several of one process (in tests) do not count together. Every label has
few values: routes are templates, and what is not known by name is `other`.
"""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from service import __version__
from service.api.edge import Exchange
from service.api.observing import Ran
from service.backends.trying import ANSWERED, Try

disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each, which no one reads
MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_QUICK = (0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300)  # seconds
_SLOW = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)


class Metrics:
    """What one process counts. `queue` and `ready` are set when somebody asks, the rest as it happens."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        Gauge("concord_build_info", "Always 1.", ["version"], registry=registry).labels(__version__).set(1)
        http, runs, model = _Http(registry), _Runs(registry), _Model(registry)
        self.exchanged: Callable[[Exchange], None] = http.exchanged
        self.ran: Callable[[Ran], None] = runs.ran
        self.tried: Callable[[Try], None] = model.tried
        self._jobs = Gauge("concord_jobs", "Jobs in the database, of all processes.", ["state"], registry=registry)
        self._ready = Gauge("concord_ready", "1 if a part is ready (/readyz).", ["part"], registry=registry)

    def queue(self, waiting: float, running: float) -> None:
        """How many jobs wait and run; NaN where that can't be known now."""
        self._jobs.labels("waiting").set(waiting)
        self._jobs.labels("running").set(running)

    def ready(self, part: str, *, is_ready: bool) -> None:
        """Whether a part of the process is ready."""
        self._ready.labels(part).set(is_ready)

    def render(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)

    def serve(self, host: str, port: int) -> None:
        """Serve it by itself, in a thread, for a process that serves nothing else. Raises OSError."""
        start_http_server(port, host, self.registry)


class _Http:
    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ["route", "method", "status"]
        self._requests = Counter("concord_http_requests", "Requests answered.", labels, registry=registry)
        self._seconds = Histogram(
            "concord_http_request_seconds", "Until the last byte.", ["route"], registry=registry, buckets=_QUICK
        )

    def exchanged(self, exchange: Exchange) -> None:
        """A request was answered, or its client went away."""
        self._requests.labels(exchange.route, exchange.method, str(exchange.status)).inc()
        self._seconds.labels(exchange.route).observe(exchange.seconds)


class _Runs:
    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, what: str, *labels: str) -> Counter:
            return Counter(f"concord_{name}", what, labels, registry=registry)

        def seconds(name: str, what: str, label: str) -> Histogram:
            return Histogram(f"concord_{name}_seconds", what, [label], registry=registry, buckets=_SLOW)

        self._runs = counter("runs", "Summaries and verifications that are over.", "kind", "outcome")
        self._seconds = seconds("run", "How long they took.", "kind")
        self._stages = seconds("stage", "How long a stage of a summary took.", "stage")
        self._tokens = counter("model_tokens", "Tokens that runs used.", "kind")
        self._cost = counter("model_cost_usd", "US dollars that runs cost, by the prices that are set.")
        self._memoised = counter("model_memoised", "Replies found kept from an equal request.")
        self._fallbacks = counter("fallbacks", "Requests of a step that were done without the model.", "step")
        self._verdicts = counter("sentences", "Sentences by their verdict.", "kind", "verdict")
        self._dropped = counter("dropped_sentences", "Not let through, by the first check failed.", "check")

    def ran(self, run: Ran) -> None:
        """A run is over."""
        self._runs.labels(run.kind, run.outcome).inc()
        self._seconds.labels(run.kind).observe(run.seconds)
        for stage, spent in run.stages.items():
            self._stages.labels(stage).observe(spent)
        for step, count in run.fallbacks.items():
            self._fallbacks.labels(step).inc(count)
        for verdict, count in run.verdicts.items():
            self._verdicts.labels(run.kind, verdict).inc(count)
        for check, count in run.dropped.items():
            self._dropped.labels(check).inc(count)
        self._used(run)

    def _used(self, run: Ran) -> None:
        used = run.usage
        self._tokens.labels("prompt").inc(used.prompt_tokens)
        self._tokens.labels("cached").inc(used.cached_tokens)
        self._tokens.labels("completion").inc(used.completion_tokens)
        self._cost.inc(used.cost_usd or 0.0)
        self._memoised.inc(used.memoised)


class _Model:
    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ["request", "outcome"]
        self._requests = Counter("concord_model_requests", "Sent, every try by itself.", labels, registry=registry)
        self._retries = Counter("concord_model_retries", "Of these, tries again.", ["request"], registry=registry)
        self._seconds = Histogram(
            "concord_model_request_seconds", "Of tries answered.", ["request"], registry=registry, buckets=_SLOW
        )

    def tried(self, attempt: Try) -> None:
        """A model's server was asked once."""
        self._requests.labels(attempt.request, attempt.outcome).inc()
        if attempt.number > 1:
            self._retries.labels(attempt.request).inc()
        if attempt.outcome == ANSWERED:
            self._seconds.labels(attempt.request).observe(attempt.seconds)
