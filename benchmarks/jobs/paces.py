"""How fast jobs are done: by more workers, and what the engine costs beside doing the work at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from benchmarks.jobs.client import Client
from benchmarks.jobs.fleet import Fleet, Place, create_places
from benchmarks.jobs.survival import Plan, do
from service.jobs.durable import DbosEngine
from service.jobs.jobs import Jobs
from service.jobs.liveness import AdvisoryLocks, FileLocks
from service.jobs.model import Attempt, Status
from service.jobs.running import Ended, Journal, Runner
from service.storage.database import Database
from service.storage.jobs import SqlJobStore

_ALONE = 50  # jobs that are done one after another


@dataclass(frozen=True, slots=True)
class Throughput:
    """Jobs a second by some workers, and the processor time, in seconds, of each kind of process."""

    workers: int
    rate: float
    seconds: float
    worker_cpu: float
    server_cpu: float


def measure_throughput(name: str, plan: Plan, workers: int) -> Throughput:
    """Jobs of a plan by so many workers, warmed up by a few jobs of their own."""
    used: list[float] = []
    spans: list[float] = []

    def measured(fleet: Fleet, client: Client) -> int:
        for job_id in client.submit_all(range(10_000, 10_000 + 4 * workers * plan.concurrent)).values():
            client.wait(job_id)
            before = [process.cpu for process in (fleet.server, *fleet.workers)]
        began = time.monotonic()
        for job_id in client.submit_all(range(20_000, 20_000 + plan.jobs)).values():
            client.wait(job_id)
        spans.append(time.monotonic() - began)
        used.extend(p.cpu - b for p, b in zip((fleet.server, *fleet.workers), before, strict=True))
        return 0

    with create_places(name) as create:
        do(create(), replace(plan, jobs=0, workers=workers), measured)
    return Throughput(workers, plan.jobs / spans[0], spans[0], sum(used[1:]), used[0])


@dataclass(frozen=True, slots=True)
class Overhead:
    """Milliseconds a job: of work that does nothing, alone and among others, and of the processor for it."""

    alone: float
    together: float
    processor: float


def measure_overhead(name: str, jobs: int = 200) -> Overhead:
    """Jobs that do nothing, through the store and the engine; done at once they take no time at all."""
    with create_places(name) as create:
        return asyncio.run(_measure_overhead(create(), jobs))


async def _measure_overhead(place: Place, count: int) -> Overhead:
    database = Database(place.url)
    database.open()
    file = database.file
    liveness = FileLocks(file.with_suffix(".workers")) if file else AdvisoryLocks(database.dsn)
    store = SqlJobStore(database)
    jobs = Jobs(store, DbosEngine(database.sibling("engine"), liveness, 8))

    async def nothing(_: Attempt, __: Journal) -> Ended:
        return Ended(Status.COMPLETE, "{}")

    async with jobs.at_work(Runner(store, nothing, lambda error, _: str(error), 3), 0.0):
        await _time(jobs, 8)  # the queue's thread has begun
        alone = await _each(_ALONE, lambda: _time(jobs, 1))
        busy = time.process_time()
        together = await _time(jobs, count)
        processor = time.process_time() - busy
    database.close()
    return Overhead(alone * 1000, together / count * 1000, processor / count * 1000)


async def _each(times: int, measure: Callable[[], Awaitable[float]]) -> float:
    taken = sorted([await measure() for _ in range(times)])
    return taken[times // 2]


async def _time(jobs: Jobs, count: int) -> float:
    """Seconds from the first job's taking in to the last one's end."""
    began = time.perf_counter()
    accepted = await asyncio.gather(*(jobs.accept(f'{{"n": "{count} {n} {began}"}}') for n in range(count)))
    await asyncio.gather(*(jobs.wait(job.id) for job, _ in accepted))
    return time.perf_counter() - began
