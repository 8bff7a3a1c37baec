"""The parts of a process: settings to adapters, adapters to what makes summaries and what runs jobs.

With app.py, which puts HTTP over it, this is the composition root: nothing else builds an adapter.
"""

from __future__ import annotations

import asyncio
import json
import signal
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from service.api import problems
from service.api.forecasting import Forecast
from service.api.observing import UNOBSERVED, Observer
from service.api.summaries import Limits, Summaries
from service.api.working import create_work
from service.backends.base import Backends, Offload
from service.backends.embedded import EmbeddedBackends
from service.backends.tokens import ModelTokens, TokenCounter
from service.backends.trying import UNWATCHED, Watcher
from service.files.pages import Pages
from service.jobs.jobs import Jobs, Rules
from service.jobs.model import Attempt
from service.jobs.ports import JobEngine, Run
from service.jobs.running import Runner
from service.settings import Settings
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from service.storage.keys import SqlKeys
from service.storage.memo import SqliteMemo
from service.storage.pace import SharedPace
from service.storage.replies import Keeps, Replies
from service.storage.sqlmemo import SqlMemo

if TYPE_CHECKING:
    from service.backends.asking import Completer, Memos, Model
    from service.backends.completions import Server
    from service.backends.limits import Pace
    from service.backends.models import ChatBackends
    from service.metrics import Metrics
    from service.observers import Observers
    from service.tracing import Traces

P = ParamSpec("P")
T = TypeVar("T")

_MEMO = "memo.sqlite"
_LEAVE = 60.0  # seconds beyond its deadline after which a run that holds money still has died with its process


@dataclass(frozen=True, slots=True)
class Shared:
    """What runs share, in this process and in others: memoised replies, the limits of a minute, and who is told."""

    memos: Memos | None = None
    pace: Pace | None = None
    watcher: Watcher = UNWATCHED
    observer: Observer = UNOBSERVED


def create_summaries(settings: Settings, backends: Backends | None = None, shared: Shared | None = None) -> Summaries:
    """What makes summaries; a test may hand in backends of its own. Raises ConcordError for prompts that can't be."""
    tokens = TokenCounter()
    offload = _Threads(settings.max_concurrent)
    limits = Limits(settings.max_documents, settings.max_document_characters, settings.max_total_characters)
    backends = backends or create_backends(settings, tokens, offload, shared)
    forecast = Forecast(backends.name)
    observer = shared.observer if shared else UNOBSERVED
    return Summaries(
        backends, tokens, limits, settings.chunk_tokens, settings.deadline_seconds, offload, forecast, observer,
        Pages().to_text,
    )  # fmt: skip


def create_backends(
    settings: Settings, tokens: TokenCounter, offload: Offload, shared: Shared | None = None
) -> Backends:
    """The backends that the settings name."""
    if not settings.uses_chat and not settings.uses_judge:
        return EmbeddedBackends(settings.chunk_tokens, offload)
    return create_chat_backends(settings, tokens, offload, shared)


def create_chat_backends(
    settings: Settings, tokens: TokenCounter, offload: Offload, shared: Shared | None = None
) -> ChatBackends:
    """The parts that ask a model; without `shared` replies are memoised in a file, and nobody else's limits kept.

    They import openai, which takes half a second: only where a model is asked.
    """
    from service.backends.completions import Completions
    from service.backends.local import LocalCompletions
    from service.backends.models import ChatBackends
    from service.backends.prompts import load_prompts

    shared = shared or Shared(_create_memo(settings) if settings.memo == "on" else None)
    server = _create_server(settings)
    writer = (
        _create_model(settings, tokens, Completions(server, shared.pace, shared.watcher))
        if settings.uses_chat
        else None
    )
    judged_by = _judge_of(settings, server)
    if settings.local_judge:
        local = LocalCompletions(settings.local_judge, settings.context_tokens, watcher=shared.watcher)
        judge = _create_model(settings, tokens, local)
    elif writer and judged_by == server:
        judge = writer
    else:
        judge = _create_model(settings, tokens, Completions(judged_by, shared.pace, shared.watcher))
    return ChatBackends(writer, judge, load_prompts(), shared.memos, offload)


def _create_memo(settings: Settings) -> SqliteMemo:
    return SqliteMemo(settings.data_dir / _MEMO, settings.memo_bytes)


def _create_server(settings: Settings) -> Server:
    from service.backends.completions import Server

    return Server(
        model=settings.model,
        base_url=settings.openai_base_url,
        api_key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
        attempts=settings.request_attempts,
        attempt_timeout=settings.request_timeout_seconds,
        deadline=settings.request_deadline_seconds,
        concurrent=settings.model_concurrent,
        requests_per_minute=settings.requests_per_minute,
        tokens_per_minute=settings.tokens_per_minute,
        failures_to_open=settings.breaker_failures,
        open_seconds=settings.breaker_seconds,
    )


def _judge_of(settings: Settings, server: Server) -> Server:
    """The judge's server: the writer's, but for what is set. A key goes to no other server than it is for."""
    judge = replace(server, model=settings.judge_model or server.model)
    if settings.judge_base_url is None:
        return judge
    key = settings.judge_api_key.get_secret_value() if settings.judge_api_key else None
    return replace(judge, base_url=settings.judge_base_url, api_key=key)


def _create_model(settings: Settings, tokens: TokenCounter, completions: Completer) -> Model:
    from service.backends.asking import Model
    from service.backends.budgets import Budgets
    from service.backends.calibration import CALIBRATIONS, load

    name = completions.server.model
    limits = (settings.context_tokens, settings.output_tokens, settings.reasoning_tokens)
    known = load(settings.data_dir / CALIBRATIONS, name)
    budgets = Budgets(ModelTokens(tokens, name), *limits)
    return Model(completions, budgets, settings.prices.get(name), known.get("verdicts"), known.get("word"))


@dataclass(frozen=True, slots=True)
class Node:
    """What one process has: what makes summaries, the jobs that others may run, and what runs them here."""

    summaries: Summaries
    jobs: Jobs
    run: Run
    store: SqlJobStore
    database: Database
    replies: Replies
    keys: SqlKeys
    grace: float
    observers: Observers

    @property
    def metrics(self) -> Metrics:
        """What is counted."""
        return self.observers.metrics

    @asynccontextmanager
    async def open(self, *, works: bool) -> AsyncIterator[None]:
        """Jobs are taken in while inside, and run here if this process `works`. Raises StorageUnavailable."""
        await to_thread.run_sync(self.database.open)
        try:
            async with self.jobs.at_work(self.run if works else None, self.grace):
                yield
        finally:
            await self.summaries.backends.close()
            self.replies.close()
            self.database.close()
            await to_thread.run_sync(self.observers.traces.close)


def create_node(
    settings: Settings,
    backends: Backends | None = None,
    engine: JobEngine | None = None,
    traces: Traces | None = None,
) -> Node:
    """The parts of a process; a test may hand in backends, an engine and traces of its own. Raises ConcordError."""
    from service.metrics import Metrics  # what a single summary on the command line need not load
    from service.observers import Observers
    from service.tracing import create_traces

    observers = Observers(Metrics(), traces or create_traces(settings))
    database = Database(settings.jobs_url)
    replies = Replies(database, _create_keeper(settings, database))
    memos = replies if settings.memo == "on" else None
    shared = Shared(memos, SharedPace(database), observers, observers)
    summaries = create_summaries(settings, backends, shared)
    store = SqlJobStore(database, replies)
    rules = Rules(settings.max_waiting, settings.job_kept_hours * 3_600)
    jobs = Jobs(store, engine or _create_engine(settings, database), rules, observers.cause)
    run = _named(Runner(store, observers.observed(create_work(summaries)), _explain, settings.job_attempts))
    keys = SqlKeys(database, held_seconds=settings.deadline_seconds + _LEAVE)
    return Node(summaries, jobs, run, store, database, replies, keys, settings.grace_seconds, observers)


def _named(runner: Run) -> Run:
    """Runs a job with its id in all that is logged meanwhile."""
    from service.logging import bound

    async def run(job_id: str) -> None:
        with bound(job_id=job_id):
            await runner(job_id)

    return run


@contextmanager
def open_keys(settings: Settings) -> Iterator[SqlKeys]:
    """The keys of callers alone, for the command line. Raises InvalidInput and StorageUnavailable."""
    database = Database(settings.jobs_url)
    database.open()
    try:
        yield SqlKeys(database)
    finally:
        database.close()


def _create_keeper(settings: Settings, database: Database) -> Keeps | None:
    """Where replies are kept: with PostgreSQL there, else in a file beside the jobs', which don't wait for it.

    With the memo off it is what was kept earlier, which is forgotten with its jobs all the same.
    """
    if not database.is_sqlite:
        return SqlMemo(database, settings.memo_bytes)
    asks = settings.memo == "on" and (settings.uses_chat or settings.uses_judge)
    return _create_memo(settings) if asks or (settings.data_dir / _MEMO).exists() else None


def _explain(error: Exception, attempt: Attempt) -> str:
    request_id = json.loads(attempt.cause).get("request_id") or uuid.uuid4().hex
    return problems.explain(request_id, error).model_dump_json(exclude_none=True)


def _create_engine(settings: Settings, database: Database) -> JobEngine:
    from service.jobs.durable import DbosEngine  # half a second, and only where jobs are run or taken in
    from service.jobs.liveness import AdvisoryLocks, FileLocks

    liveness = FileLocks(database.file.with_suffix(".workers")) if database.file else AdvisoryLocks(database.dsn)
    return DbosEngine(database.sibling("engine"), liveness, settings.job_concurrent, settings.job_concurrent_overall)


async def work(node: Node, ready: Callable[[], None]) -> None:
    """Run jobs until a signal to stop. Raises StorageUnavailable if the database can't be had at the start."""
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    async with node.open(works=True):
        ready()
        await stopped.wait()


class _Threads:
    """Runs computation in threads, at most some at once, so that the event loop goes on answering."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self._limiter = self._limiter or CapacityLimiter(self._most)  # belongs to the running loop
        return await to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._limiter)
