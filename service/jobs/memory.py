"""The engine's double for tests: runs jobs in this process, and forgets them with it."""

from __future__ import annotations

import asyncio

from service.jobs.ports import Run


class MemoryEngine:
    """JobEngine without a database. `concurrent` jobs run at once, the others wait in the order they came."""

    def __init__(self, concurrent: int = 4) -> None:
        self._places = asyncio.Semaphore(concurrent)
        self._run: Run | None = None
        self._known: dict[str, asyncio.Task[None] | None] = {}

    async def start(self, run: Run | None) -> None:
        self._run = run
        for job_id, task in self._known.items():
            if task is None:
                self._begin(job_id)

    async def enqueue(self, job_id: str) -> None:
        if job_id not in self._known:
            self._known[job_id] = None
            self._begin(job_id)

    def _begin(self, job_id: str) -> None:
        if self._run:
            self._known[job_id] = asyncio.create_task(self._take(self._run, job_id))

    async def _take(self, run: Run, job_id: str) -> None:
        async with self._places:
            if self._run is None:  # it waited until the engine stopped
                raise asyncio.CancelledError
            await run(job_id)

    async def cancel(self, job_id: str) -> None:
        task = self._known.pop(job_id, None)
        if task:
            task.cancel()
            await asyncio.wait({task})

    async def stop(self, grace: float) -> None:
        self._run = None
        running = {task for task in self._known.values() if task and not task.done()}
        if running:
            _, left = await asyncio.wait(running, timeout=grace)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        for job_id, known in self._known.items():
            if known and known.cancelled():
                self._known[job_id] = None  # begun anew by the next start
