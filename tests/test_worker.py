"""`concord worker` and `concord serve` as processes: what they take over, how they stop, what mistakes they tell."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from benchmarks.stub import Stub
from service.api.requests import SummaryRequest
from service.api.working import Order
from service.cli import app
from service.jobs.jobs import Jobs
from service.jobs.memory import MemoryEngine
from service.jobs.model import Job, Status
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from tests.api.answers import assert_exact
from tests.builders import asking
from tests.databases import NOWHERE
from tests.processes import address_of, concord, run, wait_for_line
from tests.timing import PATIENCE, wait_for

GRACE = 1.0


@pytest.fixture
def jobs_store(tmp_path: Path) -> Iterator[SqlJobStore]:
    """The store that processes with this folder's settings share."""
    database = Database(f"sqlite:///{tmp_path / 'data' / 'concord.sqlite'}")
    database.open()
    yield SqlJobStore(database)
    database.close()


def settings_of(stub: Stub) -> dict[str, str]:
    return asking(stub, CONCORD_GRACE_SECONDS=str(GRACE))


def accept(store: SqlJobStore, request: dict[str, Any]) -> str:
    """Take a job in as a process would that has no worker and dies before it can tell an engine."""
    order = Order(request=SummaryRequest.model_validate(request)).to_json()
    job, _ = asyncio.run(Jobs(store, MemoryEngine()).accept(order))
    with store._database.begin() as connection:
        connection.exec_driver_sql("UPDATE job SET sent = 0, created_at = created_at - 60")
    return job.id


def found(store: SqlJobStore, job_id: str) -> Job:
    job = store.find(job_id)
    assert job
    return job


def wait_for_status(store: SqlJobStore, job_id: str, status: Status) -> None:
    wait_for(lambda: found(store, job_id).status is status)


def stop(process: subprocess.Popen[str], sign: signal.Signals = signal.SIGTERM) -> tuple[int, str, float]:
    """The exit code, what it said on standard error meanwhile, and the seconds that it took."""
    began = time.monotonic()
    process.send_signal(sign)
    _, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, errors, time.monotonic() - began


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_does_what_another_process_took_in(
    tmp_path: Path, cluster: dict[str, Any], stub: Stub, jobs_store: SqlJobStore, sign: signal.Signals
) -> None:
    """Even if that process died before it could tell the engine. A signal then ends the worker with code 0."""
    job_id = accept(jobs_store, cluster)
    with concord(tmp_path, "worker", **settings_of(stub)) as worker:
        assert "concord.sqlite" in wait_for_line(worker, "worker ready, 4 jobs at once")
        wait_for_status(jobs_store, job_id, Status.COMPLETE)
        code, errors, _ = stop(worker, sign)
    assert (code, "Traceback" in errors) == (0, False), errors
    assert_exact(cluster, json.loads(jobs_store.result(job_id) or ""))


def test_a_job_outlives_the_worker_that_is_stopped(
    tmp_path: Path, cluster: dict[str, Any], stub: Stub, jobs_store: SqlJobStore
) -> None:
    """SIGTERM during a job: the worker is gone within its grace, and the next one does the job."""
    stub.latency = 30.0
    job_id = accept(jobs_store, cluster)
    with concord(tmp_path, "worker", **settings_of(stub)) as worker:
        wait_for(lambda: stub.stats().requests > 0)
        code, errors, seconds = stop(worker)
    assert (code, "Traceback" in errors) == (0, False), errors
    assert seconds < 25  # the model would take longer; the rest is the interpreter's own end on a busy machine
    left = found(jobs_store, job_id)
    assert (left.status, left.problem) == (Status.RUNNING, None)  # to be stopped is no failure
    stub.latency = 0.0
    with concord(tmp_path, "worker", **settings_of(stub)):
        wait_for_status(jobs_store, job_id, Status.COMPLETE)
    assert found(jobs_store, job_id).attempts == 2


def test_a_web_node_and_a_worker_work_together(
    tmp_path: Path, cluster: dict[str, Any], stub: Stub, jobs_store: SqlJobStore
) -> None:
    """`serve --no-worker` answers and runs no job; `worker` runs it beside it."""
    with concord(tmp_path, "serve", "--no-worker", "--port", "0", **settings_of(stub)) as server:
        address = address_of(server)
        job_id = accept(jobs_store, cluster)
        assert httpx2.post(f"{address}/v1/summaries", json=cluster, timeout=PATIENCE).status_code == 200
        assert found(jobs_store, job_id).status is Status.QUEUED
        with concord(tmp_path, "worker", **settings_of(stub)) as worker:
            wait_for_status(jobs_store, job_id, Status.COMPLETE)
            assert httpx2.get(f"{address}/healthz", timeout=PATIENCE).json()["status"] == "ok"
            assert stop(worker)[0] == 0
        code, errors, _ = stop(server)
    assert (code, "Traceback" in errors) == (0, False), errors


UNUSABLE: list[tuple[str, int, str]] = [
    # CONCORD_DATABASE_URL, the exit code, words of the message
    ("nonsense", 2, "no database URL"),
    ("mysql://host/db", 2, "neither an SQLite file"),
    ("sqlite://", 2, "neither an SQLite file"),
    ("postgresql://user:secret@127.0.0.1:1/none", 1, "CONCORD_DATABASE_URL"),
    ("sqlite:////proc/none/jobs.sqlite", 1, "can't be made"),
    ("sqlite:///in.jsonl", 1, "NOTADB"),
]


SERVE, BATCH = ["serve", "--port", "0"], ["batch", "in.jsonl", "out.jsonl"]
TOLD = [(["worker"], *row) for row in UNUSABLE] + [(c, *row) for c in (SERVE, BATCH) for row in UNUSABLE[3:4]]


@pytest.fixture
def quiet(bare_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, for a command in this process, whose logs are its own."""
    monkeypatch.setattr("service.telemetry.logging.configure", lambda *_: None)
    return bare_folder


@pytest.mark.parametrize(("command", "url", "code", "words"), TOLD)
def test_a_database_that_cannot_be_had_is_told(
    quiet: Path, command: list[str], url: str, code: int, words: str
) -> None:
    """2 for a URL that can't be one, 1 for a database that can't be had; no traceback, and no password."""
    (quiet / "in.jsonl").write_text('{"documents": [{"text": "The port of Wexmouth was closed on Monday."}]}\n')
    done = CliRunner(env={"CONCORD_DATABASE_URL": url}).invoke(app, command)
    assert done.exit_code == code, done.stderr
    message = done.stderr.splitlines()[-1]
    assert message.startswith("concord: ")
    assert words in message
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_worker_without_its_database_ends_with_a_word(tmp_path: Path) -> None:
    """So does the process itself: one line, and the exit code."""
    done = run(tmp_path, "worker", CONCORD_DATABASE_URL=NOWHERE)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("concord: ")
    assert "CONCORD_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
