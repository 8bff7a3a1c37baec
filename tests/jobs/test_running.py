"""Running a job over a store that fails, forgets and prefers later attempts."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.core.errors import BudgetExceeded, InvalidInput, NoModel, StorageUnavailable
from service.jobs import running
from service.jobs.model import Attempt, Event, Job, NewJob, Status
from service.jobs.running import Ended, Journal, Runner
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from tests.jobs.engines import explain, until
from tests.timing import PATIENCE

DONE = Ended(Status.COMPLETE, '"done"')


class FakeStore:
    """As much of a JobStore as a runner needs, in memory. `gone` calls raise StorageUnavailable first."""

    def __init__(self, *, attempts: int = 0) -> None:
        self.job = Job("j", Status.QUEUED, "", attempts, "{}", "{}", "[]", 0.0, None, None, None)
        self.kept: list[Event] = []
        self.body: str | None = None
        self.blamed: list[str] = []
        self.excused = 0
        self.gone = 0
        self.notes = 0

    def _call(self, attempt: Attempt | None = None) -> bool:
        """True if the attempt has a say."""
        if self.gone:
            self.gone -= 1
            raise StorageUnavailable("gone for a while")
        return attempt is None or (attempt.number == self.job.attempts and self.job.status is Status.RUNNING)

    def begin(self, job_id: str) -> Attempt | None:
        self._call()
        if self.job.status.over:
            return None
        self.job = replace(self.job, attempts=self.job.attempts + 1, status=Status.RUNNING)
        return Attempt(job_id, self.job.attempts, "{}", self.job.spent, len(self.kept), self.excused)

    def note(self, attempt: Attempt, events: Sequence[Event], progress: str, spent: str) -> bool:
        if not self._call(attempt):
            return False
        self.notes += 1
        self.kept += events
        self.job = replace(self.job, progress=progress, spent=spent)
        return True

    def finish(self, attempt: Attempt, status: Status, result: str | None, problem: str | None, spent: str) -> bool:
        if not self._call(attempt):
            return False
        self.job, self.body = replace(self.job, status=status, problem=problem, spent=spent), result
        return True

    def blame(self, attempt: Attempt, problem: str, spent: str) -> bool:
        if not self._call(attempt):
            return False
        self.blamed.append(problem)
        self.job = replace(self.job, problem=problem, spent=spent)
        return True

    def excuse(self, attempt: Attempt, spent: str) -> bool:
        if not self._call(attempt):
            return False
        self.excused += 1
        self.job = replace(self.job, spent=spent)
        return True

    def find(self, job_id: str) -> Job | None:
        self._call()
        return self.job

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(name)  # a runner needs no more


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between attempts, and a journal that is written often."""
    monkeypatch.setattr(running, "_pause", lambda _: 0.0)
    monkeypatch.setattr(running, "_FLUSH_SECONDS", 0.01)


def run(store: Any, work: Callable[[Attempt, Journal], Awaitable[Ended]], most: int = 3) -> None:
    asyncio.run(asyncio.wait_for(Runner(store, work, explain, most)("j"), PATIENCE))


def test_what_happens_is_written_in_order_and_the_result_last() -> None:
    store = FakeStore()

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        journal.spent = lambda: '{"requests": 2}'
        journal.stage("read", 1, 2)
        await until(lambda: len(store.kept) == 1)
        journal.stage("read", 2, 2)
        journal.sentence('{"text": "x"}')
        return DONE

    run(store, work)
    assert [(event.number, event.kind) for event in store.kept] == [(1, "stage"), (2, "stage"), (3, "sentence")]
    assert json.loads(store.job.progress) == {"read": {"done": 2, "total": 2}}
    assert (store.job.status, store.body, store.job.spent) == (Status.COMPLETE, '"done"', '{"requests": 2}')


def test_a_job_that_fails_is_tried_again_until_its_attempts_are_used_up() -> None:
    store = FakeStore()

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        raise ValueError(f"failure {attempt.number}")

    run(store, work, most=3)
    assert store.blamed == ["failure 1", "failure 2"]
    assert (store.job.status, store.job.problem, store.job.attempts) == (Status.FAILED, "failure 3", 3)


def test_a_job_that_fails_at_first_completes_and_its_events_go_on_counting() -> None:
    store = FakeStore()

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        journal.stage("read", 1, 1)
        await until(lambda: len(store.kept) == attempt.number)
        if attempt.number == 1:
            raise OSError
        return DONE

    run(store, work)
    assert [event.number for event in store.kept] == [1, 2]
    assert store.job.status is Status.COMPLETE


@pytest.mark.parametrize("error", [InvalidInput("no"), BudgetExceeded("no"), NoModel("no")], ids=repr)
def test_what_the_next_attempt_would_meet_too_ends_at_once(error: Exception) -> None:
    store = FakeStore()

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        raise error

    run(store, work)
    assert (store.job.status, store.job.problem, store.job.attempts) == (Status.FAILED, "no", 1)


def test_a_job_whose_processes_died_gives_up_and_says_so() -> None:
    store = FakeStore(attempts=3)
    worked: list[int] = []

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        worked.append(attempt.number)
        return DONE

    run(store, work, most=3)
    assert store.job.status is Status.FAILED
    assert store.job.problem == "3 attempts at it ended without a word: the processes that made them died"
    assert worked == []


def test_an_overtaken_attempt_stops_and_writes_nothing() -> None:
    store = FakeStore()
    stopped: list[float] = []

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        journal.spent = lambda: '"mine"'
        store.job = replace(store.job, attempts=store.job.attempts + 1, spent='"the later one\'s"')
        overtaken = time.monotonic()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(time.monotonic() - overtaken)
        return DONE

    run(store, work)
    assert stopped
    assert stopped[0] < 10.0  # a flush, and what a busy machine adds
    assert (store.job.status, store.job.spent, store.body) == (Status.RUNNING, '"the later one\'s"', None)


def test_an_attempt_without_news_writes_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_SILENCE", 1_000_000)
    store = FakeStore()

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        journal.stage("read", 1, 1)
        await until(lambda: store.notes == 1)
        await asyncio.sleep(0.2)  # twenty flushes
        assert store.notes == 1
        journal.spent = lambda: '{"requests": 1}'
        await until(lambda: store.notes == 2)
        return DONE

    run(store, work)
    assert (store.notes, store.job.status) == (3, Status.COMPLETE)


@pytest.mark.parametrize("fails", [False, True])
def test_an_attempt_that_is_overtaken_as_it_ends_has_no_say(fails: bool) -> None:
    store = FakeStore()

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        store.job = replace(store.job, attempts=store.job.attempts + 1)
        if fails:
            raise ValueError("mine")
        return DONE

    run(store, work)
    assert (store.job.status, store.job.problem, store.body) == (Status.RUNNING, None, None)


def test_a_store_that_is_gone_for_a_while_loses_nothing() -> None:
    store = FakeStore()
    store.gone = 3

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        store.gone = 5
        for done in range(4):
            journal.stage("read", done, 4)
        await until(lambda: not store.gone)
        journal.stage("read", 4, 4)
        store.gone = 5
        return DONE

    run(store, work)
    assert [event.number for event in store.kept] == [1, 2, 3, 4, 5]
    assert (store.job.status, store.job.attempts) == (Status.COMPLETE, 1)


def test_a_failure_is_kept_though_the_store_is_gone_for_a_while() -> None:
    store = FakeStore()

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        store.gone = 4
        raise ValueError(f"failure {attempt.number}")

    run(store, work, most=2)
    assert (store.blamed, store.job.problem, store.job.attempts) == (["failure 1"], "failure 2", 2)


class Panic(BaseException):
    """As Rust's, from a library: no Exception."""


@pytest.mark.parametrize("error", [Panic(), asyncio.CancelledError()], ids=repr)
def test_work_that_ends_as_no_work_should_is_a_failed_attempt(error: BaseException) -> None:
    store = FakeStore()

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        raise error

    run(store, work, most=2)
    assert store.job.status is Status.FAILED
    assert store.job.problem == f"the work was ended by {type(error).__name__}"


def test_a_cancelled_run_stops_its_work_and_leaves_the_job_to_others() -> None:
    store = FakeStore()
    begun: list[str] = []
    stopped: list[str] = []

    async def work(attempt: Attempt, journal: Journal) -> Ended:
        begun.append(attempt.job_id)
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(attempt.job_id)
        return DONE

    async def cancel() -> None:
        task = asyncio.create_task(Runner(store, work, explain, 3)("j"))
        await until(lambda: begun == ["j"])
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert stopped == ["j"]
    assert store.job.status is Status.RUNNING


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_events_whose_commit_was_not_answered_are_written_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The server is gone after it committed and before it said so: the same events come again."""
    server = request.getfixturevalue("postgres") if kind == "postgres" else None
    database = Database(server.create() if server else f"sqlite:///{tmp_path / 'jobs.sqlite'}")
    database.open()
    store = SqlJobStore(database)
    store.add(NewJob("j", "{}", "d"), 10)
    attempt = store.begin("j")
    assert attempt
    first, second = Event(1, "stage", "{}"), Event(2, "stage", "{}")
    assert store.note(attempt, [first], "{}", "{}")
    assert store.note(attempt, [first, second], "{}", "{}")
    assert store.events("j", 0) == [first, second]
    with database.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM event")) == 2
    database.close()


def test_an_attempt_that_the_stop_of_its_worker_ended_does_not_count() -> None:
    """However often workers are told to stop, a long job goes on: it did nothing wrong."""
    store = FakeStore()

    async def endless(_: Attempt, journal: Journal) -> Ended:
        await asyncio.Event().wait()
        return DONE

    async def stop() -> None:
        begun, task = store.job.attempts, asyncio.create_task(Runner(store, endless, explain, 2)("j"))
        await until(lambda: store.job.attempts > begun)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    async def short(_: Attempt, journal: Journal) -> Ended:
        return DONE

    for _ in range(3):
        asyncio.run(stop())
    run(store, short, 2)
    assert (store.excused, store.job.attempts, store.job.status) == (3, 4, Status.COMPLETE)
