"""The parts of a process: a database, what runs jobs and who is told of it, around what makes summaries.

With building.py, which makes the latter, and app.py, which puts HTTP over it, this is the composition root: nothing
else builds an adapter.
"""

from __future__ import annotations

import asyncio
import json
import signal
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import to_thread

from service.api import problems
from service.api.summaries import Summaries
from service.api.working import create_work
from service.backends.base import Backends
from service.building import MEMO, Shared, create_memo, create_summaries
from service.jobs.jobs import Jobs, Rules
from service.jobs.model import Attempt
from service.jobs.ports import JobEngine, Run
from service.jobs.running import Runner
from service.settings import Settings
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from service.storage.keys import SqlKeys
from service.storage.pace import SharedPace
from service.storage.replies import Keeps, Replies
from service.storage.sqlmemo import SqlMemo

if TYPE_CHECKING:
    from service.telemetry.metrics import Metrics
    from service.telemetry.observers import Observers
    from service.telemetry.tracing import Traces

_LEAVE = 60.0  # seconds beyond its deadline after which a run that holds money still has died with its process


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
    from service.telemetry.metrics import Metrics  # what a single summary on the command line need not load
    from service.telemetry.observers import Observers
    from service.telemetry.tracing import create_traces

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
    from service.telemetry.logging import bound

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
    return create_memo(settings) if asks or (settings.data_dir / MEMO).exists() else None


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
