"""Observers: who counts, who logs and who traces, told together of whatever happens in a process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from service.api.edge import Arrival, Exchange
from service.api.observing import Ran
from service.backends.trying import Try
from service.jobs.model import Attempt
from service.jobs.running import Ended, Journal, Work
from service.logging import bound, log_exchange, log_run, request_ids
from service.metrics import Metrics
from service.tracing import Traces


class Observers:
    """Told by the edge of requests, by jobs of attempts, by summaries of runs and stages, by models of requests."""

    def __init__(self, metrics: Metrics, traces: Traces) -> None:
        self.metrics = metrics
        self.traces = traces
        self.stage = traces.stage
        self.asking = traces.asking

    @contextmanager
    def exchange(self, arrival: Arrival) -> Iterator[Callable[[Exchange], None]]:
        """Is held open while a request is answered, and what it gives is told of the answer."""
        with bound(request_id=arrival.request_id), self.traces.exchange(arrival) as traced:

            def exchanged(exchange: Exchange) -> None:
                traced(exchange)
                self.metrics.exchanged(exchange)
                log_exchange(exchange)

            yield exchanged

    def ran(self, run: Ran) -> None:
        """A run is over."""
        self.metrics.ran(run)
        self.traces.ran(run)
        log_run(run)

    def tried(self, attempt: Try) -> None:
        """A model's server was asked once."""
        self.metrics.tried(attempt)
        self.traces.tried(attempt)

    def cause(self) -> str:
        """The ids that a job made now is found by, as JSON: of the request, and of its trace if there is one."""
        return json.dumps(request_ids() | self.traces.carried())

    def observed(self, work: Work) -> Work:
        """The work of a job, logged and traced under the ids of the request that the job was made in."""

        async def observed(attempt: Attempt, journal: Journal) -> Ended:
            cause = json.loads(attempt.cause)
            known = {name: value for name, value in cause.items() if name == "request_id"}
            with bound(**known), self.traces.attempt(attempt, cause):
                return await work(attempt, journal)

        return observed
