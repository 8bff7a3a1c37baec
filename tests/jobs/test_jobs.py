"""Jobs as whoever wants one done sees them, over a real store and the double of the engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.core.errors import KeyTaken, Overloaded, StorageUnavailable
from service.jobs import jobs as module
from service.jobs import running
from service.jobs.jobs import Jobs, Rules
from service.jobs.memory import MemoryEngine
from service.jobs.model import Attempt, NewJob, Status
from service.jobs.ports import Run
from service.jobs.running import Ended, Journal, Runner
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from tests.jobs.engines import explain, until, until_true
from tests.timing import PATIENCE

_RULES = Rules()


class Place:
    """A database with jobs, whose store's clock moves when it is told to."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'jobs.sqlite'}")
        self.database.open()
        self.now = 1_000_000.0
        self.store = SqlJobStore(self.database, clock=lambda: self.now)
        self.engine = MemoryEngine()
        self.gate = asyncio.Event()
        self.worked: list[str] = []

    def jobs(self, rules: Rules = _RULES) -> Jobs:
        return Jobs(self.store, self.engine, rules)

    def runner(self) -> Runner:
        return Runner(self.store, self._work, explain, 3)

    async def _work(self, attempt: Attempt, journal: Journal) -> Ended:
        """Tells of one stage, waits for the gate, tells of another, and gives its request as its result."""
        self.worked.append(attempt.request)
        journal.stage("read", 1, 2)
        await self.gate.wait()
        journal.stage("read", 2, 2)
        return Ended(Status.COMPLETE, attempt.request)

    @asynccontextmanager
    async def at_work(self, rules: Rules = _RULES, run: Run | None = None) -> AsyncIterator[Jobs]:
        jobs = self.jobs(rules)
        async with jobs.at_work(run or self.runner(), 0.0):
            yield jobs


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(module, "_POLL_SECONDS", 0.02)


def do(folder: Path, work: Callable[[Place], Awaitable[None]]) -> None:
    async def within() -> None:
        place = Place(folder)
        try:
            await asyncio.wait_for(work(place), PATIENCE)
        finally:
            place.database.close()

    asyncio.run(within())


def test_a_job_is_done_and_its_result_found(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        place.gate.set()
        async with place.at_work() as jobs:
            job, is_new = await jobs.accept('{"a": 1}', notes='["n"]')
            assert (is_new, job.status, job.notes) == (True, Status.QUEUED, '["n"]')
            done = await jobs.wait(job.id)
            assert done
            assert (done.status, done.attempts, done.progress) == (
                Status.COMPLETE, 1, '{"read": {"done": 2, "total": 2}}',
            )  # fmt: skip
            assert await jobs.result(job.id) == '{"a": 1}'

    do(tmp_path, work)


def test_the_same_key_and_request_are_the_same_job(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        place.gate.set()
        async with place.at_work() as jobs:
            first, is_new = await jobs.accept("{}", key="k")
            again, is_newer = await jobs.accept("{}", key="k")
            other, _ = await jobs.accept("{}", key="l")
            assert (first.id, is_new, is_newer) == (again.id, True, False)
            assert other.id != first.id
            with pytest.raises(KeyTaken):
                await jobs.accept("[]", key="k")
            for job_id in (first.id, other.id):
                await jobs.wait(job_id)
        assert place.worked == ["{}", "{}"]

    do(tmp_path, work)


def test_beyond_the_length_of_the_queue_no_job_is_taken_in(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        jobs = place.jobs(Rules(most_waiting=2))
        async with jobs.at_work(None, 0.0):
            for key in ("a", "b"):
                await jobs.accept("{}", key=key)
            with pytest.raises(Overloaded):
                await jobs.accept("{}", key="c")
            _, is_new = await jobs.accept("{}", key="a")
            assert not is_new

    do(tmp_path, work)


def test_events_are_followed_from_any_number_until_the_job_is_over(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        async with place.at_work() as jobs:
            job, _ = await jobs.accept("{}")
            seen: list[int] = []

            async def follow() -> None:
                async for event in jobs.follow(job.id, after=0):
                    seen.append(event.number)  # noqa: PERF401 (as they come)

            following = asyncio.create_task(follow())
            await until(lambda: seen == [1])
            assert not following.done()
            place.gate.set()
            await following
            assert seen == [1, 2]
            assert [event.number async for event in jobs.follow(job.id, after=1)] == [2]
            assert [event.number async for event in jobs.follow(job.id, after=2)] == []
            assert [event async for event in jobs.follow("unknown", after=0)] == []

    do(tmp_path, work)


def test_whoever_follows_is_let_go_when_the_process_closes(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        async with place.at_work() as jobs:
            job, _ = await jobs.accept("{}")
            waiting = asyncio.create_task(jobs.wait(job.id))
            await until(lambda: place.worked == ["{}"])
            jobs.close()
            left = await waiting
            assert left
            assert left.status is Status.RUNNING

    do(tmp_path, work)


def test_a_forgotten_job_stops_and_leaves_nothing(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        async with place.at_work() as jobs:
            job, _ = await jobs.accept("{}")
            waiting = asyncio.create_task(jobs.wait(job.id))
            await until(lambda: place.worked == ["{}"])
            assert await jobs.forget(job.id)
            assert not await jobs.forget(job.id)
            assert await waiting is None
            assert await jobs.find(job.id) is None
            assert await jobs.result(job.id) is None
            place.gate.set()
            other, _ = await jobs.accept('{"other": 1}')
            await jobs.wait(other.id)
            assert await jobs.result(job.id) is None

    do(tmp_path, work)


def test_a_forgotten_job_stops_though_the_engine_does_not(tmp_path: Path) -> None:
    class Deaf(MemoryEngine):
        async def cancel(self, job_id: str) -> None:
            raise OSError("the engine's database is gone")

    async def work(place: Place) -> None:
        place.engine = Deaf()
        ended: list[str] = []
        runner = place.runner()

        async def run(job_id: str) -> None:
            await runner(job_id)
            ended.append(job_id)

        async with place.at_work(run=run) as jobs:
            job, _ = await jobs.accept("{}")
            await until(lambda: place.worked == ["{}"])
            assert await jobs.forget(job.id)
            await until(lambda: ended == [job.id])

    do(tmp_path, work)


def test_what_was_taken_in_and_not_sent_is_sent_later(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        place.gate.set()
        job, _ = place.store.add(NewJob("lost", "{}", "d"), 10)  # by a process that died before it could send it
        async with place.at_work() as jobs:
            place.now += 60
            await until_true(lambda: _is_over(jobs, job.id))

    do(tmp_path, work)


def test_what_was_not_sent_is_sent_though_the_clock_was_set_back(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        place.gate.set()
        job, _ = place.store.add(NewJob("lost", "{}", "d"), 10)
        place.now -= 3_600
        async with place.at_work() as jobs:
            await until_true(lambda: _is_over(jobs, job.id))

    do(tmp_path, work)


def test_a_job_is_kept_though_the_engine_can_not_take_it(tmp_path: Path) -> None:
    class Deaf(MemoryEngine):
        hears = False

        async def enqueue(self, job_id: str) -> None:
            if not self.hears:
                raise OSError("the engine's database is gone")
            await super().enqueue(job_id)

    async def work(place: Place) -> None:
        place.gate.set()
        place.engine = engine = Deaf()
        async with place.at_work() as jobs:
            job, is_new = await jobs.accept("{}")
            assert is_new
            engine.hears = True
            place.now += 60
            await until_true(lambda: _is_over(jobs, job.id))

    do(tmp_path, work)


def test_jobs_are_forgotten_once_they_were_kept_long_enough(tmp_path: Path) -> None:
    async def work(place: Place) -> None:
        place.gate.set()
        async with place.at_work(Rules(kept=3_600)) as jobs:
            job, _ = await jobs.accept("{}")
            await jobs.wait(job.id)
            place.now += 3_000
            other, _ = await jobs.accept("{}")
            await jobs.wait(other.id)
            place.now += 1_000
            await until_true(lambda: _is_gone(jobs, job.id))
            assert await jobs.find(other.id)

    do(tmp_path, work)


def test_the_sweep_goes_on_after_the_store_was_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def unsent(self: SqlJobStore, older: float) -> Collection[str]:
        asked.append(older)
        raise StorageUnavailable("gone")

    async def work(place: Place) -> None:
        async with place.at_work():
            await until(lambda: len(asked) > 2)

    monkeypatch.setattr(SqlJobStore, "unsent", unsent)
    do(tmp_path, work)


def test_on_a_full_disk_jobs_wait_and_new_ones_are_refused_until_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "_pause", lambda _: 0.02)

    async def work(place: Place) -> None:
        disk = Disk(place.database)
        async with place.at_work() as jobs:
            job, _ = await jobs.accept(f'{{"long": "{"x" * 100_000}"}}')
            await until(lambda: bool(place.worked))
            disk.fill()
            with pytest.raises(StorageUnavailable, match="the disk of the database is full"):
                await jobs.accept(f'{{"longer": "{"x" * 1_000_000}"}}')
            refused = len(disk.refused)
            place.gate.set()
            await until(lambda: len(disk.refused) > refused + 2)
            found = await jobs.find(job.id)
            assert found
            assert found.status is Status.RUNNING
            disk.make_room()
            done = await jobs.wait(job.id)
            assert done
            assert (done.status, done.attempts) == (Status.COMPLETE, 1)
            assert len(await jobs.result(job.id) or "") > 100_000

    do(tmp_path, work)


class Disk:
    """The disk of an SQLite database, as far as it knows: no page more once it is full."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._is_full = False
        self.refused: list[str] = []
        sa.event.listen(self._engine, "connect", self._bound)
        sa.event.listen(self._engine, "handle_error", self._refuse)

    def _bound(self, connection: Any, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {1 if self._is_full else 1_000_000}")  # 1: those there are

    def _refuse(self, context: sa.engine.ExceptionContext) -> None:
        self.refused.append(str(context.original_exception))

    def fill(self) -> None:
        self._is_full = True
        self._engine.dispose()

    def make_room(self) -> None:
        self._is_full = False
        self._engine.dispose()


async def _is_over(jobs: Jobs, job_id: str) -> bool:
    job = await jobs.find(job_id)
    return job is not None and job.status.over


async def _is_gone(jobs: Jobs, job_id: str) -> bool:
    return await jobs.find(job_id) is None
