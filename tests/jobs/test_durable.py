"""What the durable engine relies on DBOS for, and what it adds: others begin a dead worker's jobs anew."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dbos import DBOS

from service.core.errors import StorageUnavailable
from service.jobs import durable
from service.jobs.durable import DbosEngine
from tests.jobs.engines import Kind, Runs, create_kind, running, until, until_true

_WORKER = """
import asyncio, sys
from service.jobs.durable import DbosEngine
from service.storage.database import Database
from tests.jobs.engines import Kind

async def run(job_id):
    print(job_id, flush=True)
    await asyncio.Event().wait()

async def work():
    await Kind("other", Database(sys.argv[1])).create(concurrent=1).start(run)
    await asyncio.Event().wait()

asyncio.run(work())
"""


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    return create_kind(request.param, tmp_path, request)


class AllLive:
    """Liveness by which nobody ever died."""

    def hold(self, me: str) -> None: ...

    def free(self, others: Collection[str]) -> set[str]:
        return set()

    def close(self) -> None: ...


@contextmanager
def worker(kind: Kind) -> Iterator[subprocess.Popen[str]]:
    """A process that prints each job that it begins, and ends none."""
    assert kind.database
    url = kind.database.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, "-c", _WORKER, url], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_the_private_call_that_recovers_still_does_as_it_did(kind: Kind) -> None:
    """`DBOS._recover_pending_workflows`: those of the executors named, once, and back into their own queue."""
    assert kind.database
    url = kind.database.sibling("engine")

    async def work() -> None:
        left = Runs(is_open=False)
        gone = DbosEngine(url, AllLive(), 4)
        async with running(gone, left) as engine:
            await engine.enqueue("left")
            await until(lambda: left.begun == ["left"])
        runs = Runs(is_open=False)
        async with running(DbosEngine(url, AllLive(), 4), runs) as engine:
            await engine.enqueue("own")
            await until(lambda: runs.begun == ["own"])
            (pending,) = await DBOS.list_workflows_async(status="PENDING", executor_id=gone.id)
            assert pending.workflow_id == "left"
            assert await asyncio.to_thread(DBOS._recover_pending_workflows, ["nobody"]) == []
            handles = await asyncio.to_thread(DBOS._recover_pending_workflows, [gone.id])
            assert [handle.workflow_id for handle in handles] == ["left"]
            await until(lambda: runs.begun == ["own", "left"])
            assert await asyncio.to_thread(DBOS._recover_pending_workflows, [gone.id]) == []
            (again,) = await DBOS.list_workflows_async(workflow_ids=["left"])
            assert (again.queue_name, again.status) == ("summaries", "PENDING")
            runs.gate.set()
            await until(lambda: sorted(runs.ended) == ["left", "own"])

    asyncio.run(work())


def test_a_killed_worker_s_job_is_begun_anew_by_another(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "_WATCH_SECONDS", 0.2)

    async def work() -> None:
        runs = Runs()
        with worker(kind) as process:
            async with running(kind.create(), None) as engine:
                await engine.enqueue("orphan")
                assert process.stdout
                assert await asyncio.to_thread(process.stdout.readline) == "orphan\n"
            async with running(kind.create(concurrent=1), runs) as engine:
                await engine.enqueue("own")  # for which the other has no place
                await until(lambda: runs.ended == ["own"])
                process.send_signal(signal.SIGKILL)
                await until(lambda: runs.ended == ["own", "orphan"])
        assert runs.begun == ["own", "orphan"], "not while its worker lived"

    asyncio.run(work())


def test_threads_can_be_had_while_the_engine_stops_and_after(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs(is_open=False)
        engine = kind.create()
        await engine.start(runs)
        await engine.enqueue("long")
        await until(lambda: runs.begun == ["long"])
        stopping = asyncio.create_task(engine.stop(1.0))
        answers = 0
        while not stopping.done():
            answers += await asyncio.to_thread(lambda: 1)
        await stopping
        assert answers > 0
        assert await asyncio.to_thread(lambda: 1) == 1

    asyncio.run(work())


def test_a_queue_that_can_t_be_made_is_told_as_storage_that_can_t_be_had(tmp_path: Path) -> None:
    """Whoever starts the service on a full disk reads a line, and no traceback."""
    engine = DbosEngine(f"sqlite:///{tmp_path / 'missing' / 'engine.sqlite'}", AllLive(), 1)
    with pytest.raises(StorageUnavailable, match="can't be made"):
        asyncio.run(engine.start(None))


def test_who_runs_nothing_sets_no_bounds_for_those_who_do(kind: Kind) -> None:
    async def work() -> None:
        async with running(kind.create(concurrent=3), Runs()):
            pass
        async with running(kind.create(concurrent=1), None):
            queue = await DBOS.retrieve_queue_async("summaries")
            assert queue
            assert await queue.get_worker_concurrency_async() == 3

    asyncio.run(work())


async def _nothing_is_kept() -> bool:
    return not await DBOS.list_workflows_async()


def test_what_is_kept_of_runs_that_are_over_is_deleted(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "_WATCH_SECONDS", 0.05)
    monkeypatch.setattr(durable, "_TIDY_EVERY", 1)

    async def work() -> None:
        runs = Runs(is_open=False)
        async with running(kind.create(), runs) as engine:
            await engine.enqueue("over")
            await until(lambda: runs.begun == ["over"])
            runs.gate.set()
            await until(lambda: runs.ended == ["over"])
            await until_true(_nothing_is_kept)

    asyncio.run(work())


def test_fewer_may_run_overall_than_one_worker_could(kind: Kind) -> None:
    """Whoever else works on the same database; the double knows of nobody else."""

    async def work() -> None:
        runs = Runs(is_open=False)
        async with running(kind.create(concurrent=4, overall=2), runs) as engine:
            for name in [f"job{number}" for number in range(5)]:
                await engine.enqueue(name)
            await until(lambda: len(runs.begun) == 2)
            runs.gate.set()
            await until(lambda: len(runs.ended) == 5)
        assert runs.most == 2

    asyncio.run(work())
