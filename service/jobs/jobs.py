"""Jobs, for whoever wants one done: taken in, found, followed, waited for, and forgotten."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count

from service.core.errors import StorageUnavailable
from service.jobs.model import Event, Job, NewJob, Owner
from service.jobs.ports import JobEngine, JobStore, Run

_LOG = logging.getLogger("concord")
_POLL_SECONDS = 0.2  # between looks for what happened to jobs that somebody follows
_SEND_SECONDS = 5.0  # that a client waits for the engine to take a job, which the store has already
_SWEEP_SECONDS = 5.0
_TIDY_EVERY = 12  # sweeps


@dataclass(frozen=True, slots=True)
class Rules:
    """How many jobs may wait, and for how many seconds one is kept once it is over."""

    most_waiting: int = 10_000
    kept: float = 7 * 86_400.0


class Jobs:
    """Durable jobs over a store and an engine. `cause` tells, as JSON, the ids of the request that one is made in."""

    def __init__(
        self, store: JobStore, engine: JobEngine, rules: Rules = Rules(), cause: Callable[[], str] = lambda: "{}"
    ) -> None:
        self._store = store
        self._cause = cause
        self._engine = engine
        self._rules = rules
        self._followed = _Followed(store)
        self.open = False
        """Whether jobs are taken in: false before, and from the signal to stop."""

    @property
    def kept(self) -> float:
        """Seconds that a job is kept once it is over."""
        return self._rules.kept

    @asynccontextmanager
    async def at_work(self, run: Run | None, grace: float) -> AsyncIterator[None]:
        """While inside, jobs are taken in, and run unless `run` is None. Leaving waits `grace` seconds for them."""
        self._followed.closed = False
        await self._engine.start(run)
        self.open = True
        sweeping = asyncio.create_task(self._sweep()) if run else None
        try:
            yield
        finally:
            self.close()
            if sweeping:
                sweeping.cancel()
                await asyncio.wait({sweeping})
            await self._engine.stop(grace)

    def close(self) -> None:
        """Let go of whoever follows a job: they go on elsewhere, or later."""
        self.open = False
        self._followed.close()

    async def accept(
        self, request: str, *, key: str | None = None, notes: str = "[]", owner: Owner | None = None
    ) -> tuple[Job, bool]:
        """The job for a request (its JSON), and whether it is new: one of the same key and request is the same job.

        Keys are each owner's own. Raises KeyTaken, RateLimited, Overloaded and StorageUnavailable.
        """
        name, digest = f"sum_{secrets.token_hex(16)}", _digest(request)
        new = NewJob(name, request, digest, _own(key, owner), notes, owner, self._cause())
        job, is_new = await asyncio.to_thread(self._store.add, new, self._rules.most_waiting)
        return await self._sent(job), is_new

    async def known(self, request: str, *, key: str | None, owner: Owner | None = None) -> Job | None:
        """The job that a request with this key is already, if it is one. Raises KeyTaken and StorageUnavailable."""
        own = _own(key, owner)
        job = await asyncio.to_thread(self._store.known, own, _digest(request)) if own else None
        return job and await self._sent(job)

    async def _sent(self, job: Job) -> Job:
        """A job that the engine has: an old one too, for who took it in may have died before it was sent."""
        if not job.status.over:
            await self._send([job.id])
        return job

    async def _send(self, job_ids: Collection[str]) -> None:
        """Hand jobs to the engine. What fails is tried again by the sweep."""
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                for job_id in job_ids:
                    await self._engine.enqueue(job_id)
                await asyncio.to_thread(self._store.sent, job_ids)
        except Exception as error:  # noqa: BLE001 (the job is kept, so nothing is lost)
            _LOG.warning("%d jobs wait to be sent: %s", len(job_ids), type(error).__name__)

    async def find(self, job_id: str) -> Job | None:
        """The job of an id, unless it was forgotten."""
        return await asyncio.to_thread(self._store.find, job_id)

    async def result(self, job_id: str) -> str | None:
        """The JSON of its result, once there is one."""
        return await asyncio.to_thread(self._store.result, job_id)

    async def last_event(self, job_id: str) -> tuple[int, bool] | None:
        """The number of a job's last event, 0 if there is none, and whether the job is over."""
        return (await asyncio.to_thread(self._store.changes, [job_id])).get(job_id)

    async def request(self, job_id: str) -> str | None:
        """The JSON that the job works on, as it was accepted."""
        return await asyncio.to_thread(self._store.request, job_id)

    async def forget(self, job_id: str) -> bool:
        """Stop a job and forget all of it. False if there is none of this id."""
        known = await asyncio.to_thread(self._store.forget, job_id)
        with suppress(Exception):  # the run stops of itself at its next word: the store knows it no more
            async with asyncio.timeout(_SEND_SECONDS):
                await self._engine.cancel(job_id)
        return known

    async def forget_keyed(self, start: str) -> None:
        """Stop and forget every job whose key starts so."""
        for job_id in await asyncio.to_thread(self._store.keyed, start):
            await self.forget(job_id)

    async def over(self, job_ids: Collection[str]) -> set[str]:
        """Those of these jobs of which nothing more will come: they are over, or forgotten."""
        found = await asyncio.to_thread(self._store.changes, job_ids)
        return {job_id for job_id in job_ids if found.get(job_id, (0, True))[1]}

    async def wait(self, job_id: str) -> Job | None:
        """The job once it is over; as it stands where this process closes; None once it is forgotten."""
        async for _ in self.follow(job_id, after=0):
            pass
        return await self.find(job_id)

    async def follow(self, job_id: str, after: int) -> AsyncIterator[Event]:
        """The events of a job beyond a number, those to come too, until it is over or forgotten or this closes.

        A store that can't be had now is waited for.
        """
        with self._followed.add(job_id) as changed:
            while not self._followed.closed:
                changed.clear()
                try:
                    number, over = await self.last_event(job_id) or (after, True)
                    news = await asyncio.to_thread(self._store.events, job_id, after) if number > after else []
                except StorageUnavailable:
                    await asyncio.sleep(_POLL_SECONDS)
                    continue
                for event in news:
                    after = event.number
                    yield event
                if over and not news:
                    return
                if not news:
                    await changed.wait()

    async def _sweep(self) -> None:
        """Send what was taken in by a process that died before it could, and forget what was kept long enough."""
        for sweep in count():
            await asyncio.sleep(_SWEEP_SECONDS)
            try:
                unsent = await asyncio.to_thread(self._store.unsent, _SWEEP_SECONDS)
                if unsent:
                    await self._send(unsent)
                for job_id in await asyncio.to_thread(self._store.expired, self._rules.kept):
                    await self.forget(job_id)
                if sweep % _TIDY_EVERY == 0:
                    await asyncio.to_thread(self._store.tidy, self._rules.kept)
            except StorageUnavailable as error:
                _LOG.warning("could not look after jobs: %s", error)


def _own(key: str | None, owner: Owner | None) -> str | None:
    return f"{owner.id}:{_digest(key)}" if owner and key is not None else key


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Followed:
    """Jobs that somebody of this process follows. One look at the store serves them all."""

    def __init__(self, store: JobStore) -> None:
        self._store = store
        self._waiting: dict[str, list[asyncio.Event]] = {}
        self._seen: dict[str, tuple[int, bool]] = {}
        self._poll: asyncio.Task[None] | None = None
        self.closed = False

    @contextmanager
    def add(self, job_id: str) -> Iterator[asyncio.Event]:
        """What is set whenever the job has changed, and when this closes."""
        changed = asyncio.Event()
        self._waiting.setdefault(job_id, []).append(changed)
        if self._poll is None or self._poll.done():
            self._poll = asyncio.create_task(self._look())
        try:
            yield changed
        finally:
            self._waiting[job_id].remove(changed)
            if not self._waiting[job_id]:
                del self._waiting[job_id]
                self._seen.pop(job_id, None)

    def close(self) -> None:
        self.closed = True
        self._wake(list(self._waiting))

    def _wake(self, job_ids: Collection[str]) -> None:
        for job_id in job_ids:
            for changed in self._waiting.get(job_id, ()):
                changed.set()

    async def _look(self) -> None:
        while self._waiting:
            await asyncio.sleep(_POLL_SECONDS)
            with suppress(StorageUnavailable):
                found = await asyncio.to_thread(self._store.changes, list(self._waiting))
                states = {job_id: found.get(job_id, (0, True)) for job_id in self._waiting}
                self._wake([job_id for job_id, state in states.items() if state != self._seen.get(job_id)])
                self._seen = states
