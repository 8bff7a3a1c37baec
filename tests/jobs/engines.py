"""Engines of every kind, made for a test, and a run that remembers what it was given."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from service.jobs.durable import DbosEngine
from service.jobs.liveness import AdvisoryLocks, FileLocks, Liveness
from service.jobs.memory import MemoryEngine
from service.jobs.model import Attempt
from service.jobs.ports import JobEngine, Run
from service.storage.database import Database
from tests.databases import Postgres
from tests.timing import PATIENCE


def explain(error: Exception, _: Attempt) -> str:
    """The words of an error, in place of a problem."""
    return str(error)


class Kind:
    """A kind of engine, over a queue of the test's own, which each engine that it makes shares."""

    def __init__(self, name: str, database: Database | None) -> None:
        self.name = name
        self.database = database
        self._memory: MemoryEngine | None = None

    def create(self, concurrent: int = 4, overall: int | None = None) -> JobEngine:
        """An engine as a new process would have it. The double forgets with its process: there is but one."""
        if self.database is None:
            self._memory = self._memory or MemoryEngine(concurrent)
            return self._memory
        return DbosEngine(self.database.sibling("engine"), self.liveness(), concurrent, overall)

    def liveness(self) -> Liveness:
        """Locks of a process of its own."""
        assert self.database is not None
        file = self.database.file
        return FileLocks(file.with_suffix(".workers")) if file else AdvisoryLocks(self.database.dsn)


def create_kind(name: str, folder: Path, request: pytest.FixtureRequest) -> Kind:
    """The kind of a name: memory, sqlite or postgres."""
    if name == "memory":
        return Kind(name, None)
    server: Postgres | None = request.getfixturevalue("postgres") if name == "postgres" else None
    return Kind(name, Database(server.create() if server else f"sqlite:///{folder / 'jobs.sqlite'}"))


@asynccontextmanager
async def running(engine: JobEngine, run: Run | None, grace: float = 0.0) -> AsyncIterator[JobEngine]:
    """The engine started with a run, until the block ends."""
    await engine.start(run)
    try:
        yield engine
    finally:
        await engine.stop(grace)


class Runs:
    """A run that remembers. Each job works until `gate` is open, and then raises what it is to raise, if anything."""

    def __init__(
        self, *, is_open: bool = True, raises: Callable[[str], BaseException | None] = lambda _: None
    ) -> None:
        self.gate = asyncio.Event()
        if is_open:
            self.gate.set()
        self._raises = raises
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.stopped: list[str] = []
        self.now: Counter[str] = Counter()
        self.most = 0

    async def __call__(self, job_id: str) -> None:
        self.begun.append(job_id)
        self.now[job_id] += 1
        self.most = max(self.most, self.now.total())
        try:
            await self.gate.wait()
            await asyncio.sleep(0.01)
            error = self._raises(job_id)
            if error:
                raise error
            self.ended.append(job_id)
        except asyncio.CancelledError:
            self.stopped.append(job_id)
            raise
        finally:
            self.now[job_id] -= 1


async def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait until something holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (it stands for any condition)
            await asyncio.sleep(0.01)


async def until_true(ask: Callable[[], Awaitable[bool]], seconds: float = PATIENCE) -> None:
    """Wait until an answer is yes. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await ask():  # noqa: ASYNC110 (so does this)
            await asyncio.sleep(0.05)
