"""Observers: who counts, who logs and who traces, told together of whatever happens in a process."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from service.api.edge import Arrival, Exchange
from service.api.observing import Ran
from service.backends.trying import Try
from service.jobs.model import Attempt
from service.jobs.running import Ended, Journal, Work
from service.telemetry.logging import bound, log_exchange, log_run, request_ids
from service.telemetry.metrics import Metrics
from service.telemetry.tracing import Traces

if TYPE_CHECKING:
    from service.backends.completions import Completion, Request, Server

_LOG = logging.getLogger("concord")


class Observers:
    """Told by the edge of requests, by jobs of attempts, by summaries of runs and stages, by models of requests."""

    def __init__(self, metrics: Metrics, traces: Traces) -> None:
        self.metrics = metrics
        self.traces = traces
        self.stage = traces.stage
        self._silent: dict[str, str] = {}

    @contextmanager
    def exchange(self, arrival: Arrival) -> Iterator[Callable[[Exchange], None]]:
        """Is held open while a request is answered, and what it gives is told of the answer."""
        with bound(request_id=arrival.request_id), self.traces.exchange(arrival) as traced:

            def exchanged(exchange: Exchange) -> None:
                traced(exchange)
                self.metrics.exchanged(exchange)
                log_exchange(exchange)

            yield exchanged

    @contextmanager
    def asking(self, server: Server, request: Request) -> Iterator[Callable[[Completion], None]]:
        """Is held open until a model has answered, which what it gives is told. Why it has not is logged once."""
        from service.backends.completions import Unanswered  # with openai, which is here by now

        def answered(answer: Completion) -> None:
            self._silent.pop(server.digest, None)
            traced(answer)

        try:
            with self.traces.asking(server, request) as traced:
                yield answered
        except Unanswered as error:
            if error.outcome != "down" and self._silent.get(server.digest) != str(error):
                self._silent[server.digest] = str(error)
                _LOG.warning("no answer of the model %s: %s", server.model, error)
            raise

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
