"""The durable engine: DBOS, which keeps its queue in SQLite or PostgreSQL. The only file that imports dbos.

A job is one workflow of one step. Its model replies are memoised by content, so a run that begins anew asks for
nothing twice and no finer steps are needed. DBOS itself recovers only what its own process began: whose process
died is found here, by the locks of liveness.py, and begun anew by whoever is alive.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from dbos import DBOS, DBOSConfig, Serializer, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from service.core.errors import StorageUnavailable
from service.jobs.liveness import Liveness
from service.jobs.ports import Run

_LOG = logging.getLogger("concord")
_QUEUE = "summaries"
_VERSION = "1"  # fixed, for by default an edit of the workflow would strand every job that waits
_POLL_SECONDS = 0.1
_UNUSED_SECONDS = 0.2  # between looks for notifications, of which there are none: stopping waits for one
_WATCH_SECONDS = 1.0
_FEW = 10  # workers; of more each looks less often, for every one looks after all others
_LOOKS = 3  # how often in a row a lock must be found free before its holder counts as dead
_TIDY_EVERY = 60  # looks
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_MOST_RECOVERIES = 1_000_000  # attempts are counted and bounded by the store

_LET_GO_SECONDS = 0.5  # before the end of the grace: what runs needs a moment to stop

_run: Run | None = None
_running: set[asyncio.Future[None]] = set()


@DBOS.step(name="run", preemptible=True)
async def _step(job_id: str) -> None:
    if _run is None:  # in a process that runs none, or is to stop
        await asyncio.Event().wait()
        return
    run = asyncio.ensure_future(_run(job_id))
    _running.add(run)
    try:
        await asyncio.wait({run})
    finally:
        _running.discard(run)
        if not run.done():
            run.cancel()
            await asyncio.wait({run})
    if (
        run.cancelled() and _run is None
    ):  # this process stops: the workflow stays pending, so that another begins it anew
        await asyncio.Event().wait()
    run.result()


@DBOS.workflow(name="summary", max_recovery_attempts=_MOST_RECOVERIES)
async def _workflow(job_id: str) -> None:
    await _step(job_id)


class _Json(Serializer):
    """What DBOS stores as JSON: a pickle in a database would run as code whatever somebody writes there."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, default=repr)

    def deserialize(self, serialized_data: str) -> Any:
        return json.loads(serialized_data)

    def name(self) -> str:
        return "concord_json"


class DbosEngine:
    """JobEngine over DBOS; one in a process.

    `concurrent` jobs run at once in this process, `concurrent_overall` in all that share the database.
    """

    def __init__(self, url: str, liveness: Liveness, concurrent: int, concurrent_overall: int | None = None) -> None:
        self._url = url
        self._liveness = liveness
        self._concurrent = concurrent
        self._concurrent_overall = concurrent_overall
        self.id = f"w-{secrets.token_hex(8)}"
        self._free: dict[str, int] = {}
        self._others = 0  # workers with jobs, at the last look
        self._watch: asyncio.Task[None] | None = None

    async def start(self, run: Run | None) -> None:
        """Raises StorageUnavailable if its queue can't be made: the disk may be full."""
        global _run  # noqa: PLW0603 (DBOS registers workflows by module, once a process)
        _run = run
        config: DBOSConfig = {
            "name": "concord",
            "system_database_url": self._url,
            "application_version": _VERSION,
            "executor_id": self.id,
            "serializer": _Json(),
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": _UNUSED_SECONDS,
            "log_level": "CRITICAL",  # what it raises is logged by whoever catches it
        }
        if run:
            await asyncio.to_thread(self._liveness.hold, self.id)
        DBOS(config=config)
        if run is None:
            DBOS.listen_queues([])
        try:
            DBOS.launch()
        except SQLAlchemyError as error:
            DBOS.destroy()  # the one of a process: the next start would find it
            cause = getattr(error, "orig", None) or error
            raise StorageUnavailable(f"the queue of jobs can't be made ({cause})") from error
        await DBOS.register_queue_async(
            _QUEUE,
            worker_concurrency=min(self._concurrent, self._concurrent_overall or self._concurrent),
            global_concurrency=self._concurrent_overall,
            polling_interval_sec=_POLL_SECONDS,
            # The bounds are kept in the database: of workers the last to start sets them, who runs nothing does not.
            on_conflict="always_update" if run else "never_update",
        )
        if run:
            self._watch = asyncio.create_task(self._keep_watch())

    async def enqueue(self, job_id: str) -> None:
        with SetWorkflowID(job_id):
            await DBOS.enqueue_workflow_async(_QUEUE, _workflow, job_id)

    async def cancel(self, job_id: str) -> None:
        await DBOS.cancel_workflow_async(job_id)

    async def stop(self, grace: float) -> None:
        if self._watch:
            self._watch.cancel()
            await asyncio.wait({self._watch})
        # DBOS made its own threads the loop's, and ends them: what goes on meanwhile and after needs threads too.
        loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor()
        loop.set_default_executor(threads)
        ending = asyncio.create_task(asyncio.to_thread(DBOS.destroy, workflow_completion_timeout_sec=int(grace)))
        await asyncio.wait({ending}, timeout=max(0.0, grace - _LET_GO_SECONDS))
        await _let_go()
        await ending
        loop.set_default_executor(threads)  # for DBOS did it again with every job that began until then
        await asyncio.to_thread(self._liveness.close)

    async def _keep_watch(self) -> None:
        """Look again and again for whose process died, and what is over and done with."""
        looks = 0
        while True:
            await asyncio.sleep(_WATCH_SECONDS * max(1.0, self._others / _FEW))
            looks += 1
            try:
                await asyncio.to_thread(self._look)
                if looks % _TIDY_EVERY == 0:
                    await _tidy()
            except Exception as error:  # noqa: BLE001 (the database is gone for a while: the next look may succeed)
                _LOG.warning("could not look after other workers: %s", type(error).__name__)

    def _look(self) -> None:
        self._liveness.hold(self.id)
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        others = {workflow.executor_id for workflow in pending if workflow.executor_id} - {self.id}
        self._others = len(others)
        free = self._liveness.free(others)
        self._free = {other: self._free.get(other, 0) + 1 for other in free}
        dead = [other for other, looks in self._free.items() if looks >= _LOOKS]
        if dead:
            _LOG.warning("workers died, %d of them: their jobs begin anew", len(dead))
            DBOS._recover_pending_workflows(dead)


async def _let_go() -> None:
    """Stop what runs here, and begin no more: others begin it anew."""
    global _run  # noqa: PLW0603
    _run = None
    left = set(_running)
    for run in left:
        run.cancel()
    if left:
        await asyncio.wait(left)


async def _tidy() -> None:
    """Delete what DBOS keeps of runs that are over: the store knows all that matters of them."""
    with suppress(asyncio.TimeoutError):
        ended = await DBOS.list_workflows_async(status=_ENDED, load_input=False, load_output=False, limit=5_000)
        await DBOS.delete_workflows_async([workflow.workflow_id for workflow in ended])
