"""What every engine keeps to: the double that other tests rely on as much as the durable one."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.jobs.engines import Kind, Runs, create_kind, running, until


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    return create_kind(request.param, tmp_path, request)


def names(count: int) -> list[str]:
    return [f"job{number:02}" for number in range(count)]


def test_every_job_runs_once(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs()
        async with running(kind.create(), runs) as engine:
            for name in names(12):
                await engine.enqueue(name)
            await until(lambda: len(runs.ended) == 12)
        assert sorted(runs.begun) == names(12)

    asyncio.run(work())


def test_a_job_that_is_enqueued_again_runs_once(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs(is_open=False)
        async with running(kind.create(), runs) as engine:
            await engine.enqueue("same")
            await engine.enqueue("same")
            await until(lambda: runs.begun == ["same"])
            await engine.enqueue("same")
            runs.gate.set()
            await until(lambda: runs.ended == ["same"])
            await engine.enqueue("same")
            await engine.enqueue("last")
            await until(lambda: "last" in runs.ended)
        assert runs.begun == ["same", "last"]

    asyncio.run(work())


def test_no_more_run_at_once_than_a_worker_may(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs(is_open=False)
        async with running(kind.create(concurrent=2), runs) as engine:
            for name in names(6):
                await engine.enqueue(name)
            await until(lambda: len(runs.begun) == 2)
            runs.gate.set()
            await until(lambda: len(runs.ended) == 6)
        assert runs.most == 2

    asyncio.run(work())


def test_jobs_begin_about_in_the_order_they_came(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs()
        async with running(kind.create(concurrent=1), runs) as engine:
            for name in names(8):
                await engine.enqueue(name)
            await until(lambda: len(runs.ended) == 8)
        # two that came within one millisecond may change places
        assert all(abs(runs.begun.index(name) - place) <= 1 for place, name in enumerate(names(8))), runs.begun

    asyncio.run(work())


def test_a_cancelled_job_stops_within_two_seconds(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs(is_open=False)
        took: list[float] = []
        async with running(kind.create(), runs) as engine:
            await engine.enqueue("other")
            while not took or (min(took) >= 2.0 and len(took) < 5):  # a busy machine may need another try
                name = f"stopped {len(took)}"
                await engine.enqueue(name)
                await until(lambda: len(runs.begun) == len(took) + 2)
                asked = time.monotonic()
                await engine.cancel(name)
                await until(lambda: len(runs.stopped) == len(took) + 1)
                took.append(time.monotonic() - asked)
            assert min(took) < 2.0
            assert runs.stopped == [f"stopped {number}" for number in range(len(took))]
            runs.gate.set()
            await until(lambda: runs.ended == ["other"])

    asyncio.run(work())


def test_a_job_that_is_cancelled_while_it_waits_never_runs(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs(is_open=False)
        async with running(kind.create(concurrent=1), runs) as engine:
            for name in ("first", "cancelled", "last"):
                await engine.enqueue(name)
            await until(lambda: runs.begun == ["first"])
            await engine.cancel("cancelled")
            await engine.cancel("unknown")
            runs.gate.set()
            await until(lambda: "last" in runs.ended)
        assert runs.begun == ["first", "last"]

    asyncio.run(work())


def test_stopping_lets_short_jobs_end_and_takes_no_more(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs(is_open=False)
        engine = kind.create(concurrent=1)
        await engine.start(runs)
        await engine.enqueue("short")
        await engine.enqueue("waits")
        await until(lambda: runs.begun == ["short"])
        stopping = asyncio.create_task(engine.stop(10.0))
        await asyncio.sleep(0)
        runs.gate.set()
        await stopping
        assert runs.ended == ["short"]
        later = Runs()
        async with running(kind.create(concurrent=1), later):
            await until(lambda: later.ended == ["waits"])

    asyncio.run(work())


def test_a_long_job_is_stopped_and_left_to_a_later_start(kind: Kind) -> None:
    async def work() -> None:
        runs = Runs(is_open=False)
        async with running(kind.create(), runs) as engine:
            await engine.enqueue("long")
            await until(lambda: runs.begun == ["long"])
        assert runs.stopped == ["long"], "whoever stopped has let go of it: two must not work on one job"
        later = Runs()
        async with running(kind.create(), later):
            await until(lambda: later.ended == ["long"])

    asyncio.run(work())


def test_without_a_run_jobs_are_taken_and_wait(kind: Kind) -> None:
    async def work() -> None:
        async with running(kind.create(), None) as engine:
            await engine.enqueue("kept")
            await engine.enqueue("cancelled")
            await engine.cancel("cancelled")
        runs = Runs()
        async with running(kind.create(), runs) as engine:
            await engine.enqueue("last")
            await until(lambda: len(runs.ended) == 2)
        assert sorted(runs.begun) == ["kept", "last"]

    asyncio.run(work())


@pytest.mark.parametrize("error", [ValueError("x"), OSError(), asyncio.CancelledError(), RecursionError()], ids=repr)
def test_whatever_a_run_raises_the_others_go_on(kind: Kind, error: BaseException) -> None:
    async def work() -> None:
        runs = Runs(raises=lambda name: error if name in ("job01", "job02") else None)
        async with running(kind.create(concurrent=1), runs) as engine:
            for name in names(5):
                await engine.enqueue(name)
            await until(lambda: len(runs.ended) == 3)
        assert sorted(runs.begun) == names(5)

    asyncio.run(work())
