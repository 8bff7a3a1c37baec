"""Running one job: an attempt after another until it is over, with what happens written down as it happens.

The store decides who may write: an attempt that a later one has overtaken, or whose job was forgotten, is stopped
at its next word. A store that can't be had now stops nothing: what is to be written waits until it can.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from service.core.errors import BackendFailed, BudgetExceeded, InvalidInput, NoModel, StorageUnavailable
from service.jobs.model import Attempt, Event, Status
from service.jobs.ports import JobStore

P = ParamSpec("P")
T = TypeVar("T")
_LOG = logging.getLogger("concord")
_FLUSH_SECONDS = 0.2  # how long what happened may wait to be written
_SILENCE = 5  # times as long without news: then it is asked all the same whether the attempt still has a say
_LONGEST_WAIT = 30.0  # seconds between two attempts, or two tries to reach the store
_PERMANENT = (InvalidInput, BudgetExceeded, NoModel)  # which the next attempt would meet too


@dataclass(frozen=True, slots=True)
class Ended:
    """How some work ended: complete or degraded, and the JSON of its result."""

    status: Status
    result: str


class Journal:
    """What happens in one attempt, until it is written. Its methods are called while the work goes on."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt
        self.spent: Callable[[], str] = lambda: attempt.spent
        self._last = attempt.last_event
        self._events: list[Event] = []
        self._progress: dict[str, dict[str, int]] = {}
        self._written = attempt.spent

    def stage(self, name: str, done: int, total: int) -> None:
        """How much of a stage is done."""
        self._progress[name] = {"done": done, "total": total}
        self._add("stage", json.dumps({"stage": name, "done": done, "total": total}))

    def sentence(self, data: str) -> None:
        """A sentence of the summary was verified; `data` is its JSON."""
        self._add("sentence", data)

    def _add(self, kind: str, data: str) -> None:
        self._last += 1
        self._events.append(Event(self._last, kind, data))

    def has_news(self) -> bool:
        """Whether anything happened or was spent that is not written."""
        return bool(self._events) or self.spent() != self._written

    def flush(self, store: JobStore) -> bool:
        """Write what is new. False if the attempt has no say any more."""
        events, progress, spent = self._events[:], json.dumps(self._progress), self.spent()
        if not store.note(self.attempt, events, progress, spent):
            return False
        del self._events[: len(events)]
        self._written = spent
        return True


Work = Callable[[Attempt, Journal], Awaitable[Ended]]
"""Does what a job asks for. Whatever it raises is a failed attempt."""

Explain = Callable[[Exception, Attempt], str]
"""The JSON of the problem that an error is for whoever asks for the job."""


class Runner:
    """Runs jobs of a store."""

    def __init__(self, store: JobStore, work: Work, explain: Explain, most_attempts: int) -> None:
        self._store = store
        self._work = work
        self._explain = explain
        self._most = most_attempts

    async def __call__(self, job_id: str) -> None:
        """Work on a job until it is over, by this attempt or by another."""
        while await self._attempt(job_id):
            pass

    async def _attempt(self, job_id: str) -> bool:
        """Make one attempt. True if there is to be another, after the pause that this one took."""
        attempt = await _insist(self._store.begin, job_id)
        if attempt is None:
            return False
        if attempt.tries > self._most:
            await self._give_up(attempt)
            return False
        journal = Journal(attempt)
        try:
            ended = await self._watch(attempt, journal)
        except asyncio.CancelledError:  # this process stops, or the job was forgotten: neither is the job's fault
            with suppress(StorageUnavailable):
                await asyncio.shield(asyncio.to_thread(self._store.excuse, attempt, journal.spent()))
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the job must learn of it)
            return await self._failed(attempt, journal, error)
        if ended:
            await _insist(self._store.finish, attempt, ended.status, ended.result, None, journal.spent())
        return False

    async def _watch(self, attempt: Attempt, journal: Journal) -> Ended | None:
        """What the work ends with, its journal written all the while; None once the attempt has no say any more."""
        work = asyncio.ensure_future(self._work(attempt, journal))
        silent = 0
        try:
            while not (await asyncio.wait({work}, timeout=_FLUSH_SECONDS))[0]:
                silent += 1
                if silent < _SILENCE and not journal.has_news():  # a job that waits for a model costs few writes
                    continue
                silent = 0
                with suppress(StorageUnavailable):  # what could not be written is written with the next
                    if not await asyncio.to_thread(journal.flush, self._store):
                        return None
            ended = _ending(work)
            return ended if await _insist(journal.flush, self._store) else None
        finally:
            work.cancel()
            await asyncio.wait({work})

    async def _failed(self, attempt: Attempt, journal: Journal, error: Exception) -> bool:
        problem, spent = self._explain(error, attempt), journal.spent()
        if isinstance(error, _PERMANENT) or attempt.tries >= self._most:
            await _insist(self._store.finish, attempt, Status.FAILED, None, problem, spent)
            return False
        if not await _insist(self._store.blame, attempt, problem, spent):
            return False
        await asyncio.sleep(_pause(attempt.tries))
        return True

    async def _give_up(self, attempt: Attempt) -> None:
        """End a job none of whose attempts lived to say what was wrong."""
        job = await _insist(self._store.find, attempt.job_id)
        gone = BackendFailed(f"{self._most} attempts at it ended without a word: the processes that made them died")
        problem = job.problem if job and job.problem else self._explain(gone, attempt)
        await _insist(self._store.finish, attempt, Status.FAILED, None, problem, attempt.spent)


def _ending(work: asyncio.Future[Ended]) -> Ended:
    """What the work ended with. Raises what it raised, as an Exception: a library's panic ends the attempt alone."""
    error = asyncio.CancelledError() if work.cancelled() else work.exception()
    if error and not isinstance(error, Exception):
        raise RuntimeError(f"the work was ended by {type(error).__name__}") from error
    return work.result()


def _pause(tries: int) -> float:
    return min(0.5 * 2.0**tries, _LONGEST_WAIT)


async def _insist(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a call to the store returns, however long the store can't be had."""
    tries = 0
    while True:
        try:
            return await asyncio.to_thread(call, *args, **kwargs)
        except StorageUnavailable as error:
            tries += 1
            _LOG.warning("a job waits for its store: %s", error)
            await asyncio.sleep(_pause(tries))
