"""What `make jobs` measures, smaller: processes and databases die while jobs run, and every job is done once."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from benchmarks.jobs.client import Client
from benchmarks.jobs.faults import gone
from benchmarks.jobs.fleet import Fleet, Place
from benchmarks.jobs.survival import Plan, do, kill
from benchmarks.processes import await_until
from tests.databases import Postgres

_REQUESTS = 4  # of one job: three documents and a summary


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        return Place("sqlite", f"sqlite:///{tmp_path / 'concord.sqlite'}", tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return Place("postgres", server.create(), tmp_path, server)


def test_jobs_survive_kills_of_workers_of_the_web_node_and_of_the_database(place: Place) -> None:
    plan = Plan(jobs=12, workers=2, seconds=2.0, latency=0.5)
    survived = do(place, plan, kill(plan))
    assert survived.is_whole, survived
    assert survived.requests <= plan.jobs * _REQUESTS + survived.kills * plan.model_concurrent


def test_jobs_wait_for_a_database_that_is_gone(place: Place) -> None:
    def disturb(_: Fleet, client: Client) -> int:
        await_until(lambda: len(client.taken) >= 4, "some jobs to be taken in")
        with gone(place):
            time.sleep(3.0)  # what is measured
        return 0

    plan = Plan(jobs=8, workers=1, latency=0.5, apart=0.1)
    survived = do(place, plan, disturb)
    assert survived.is_whole, survived
    assert set(survived.attempts) <= {1, 2}


def test_a_worker_that_is_told_to_stop_ends_in_time_and_others_do_its_jobs(tmp_path: Path) -> None:
    place = Place("sqlite", f"sqlite:///{tmp_path / 'concord.sqlite'}", tmp_path)
    took: list[float] = []

    def disturb(fleet: Fleet, client: Client) -> int:
        await_until(lambda: len(client.taken) == plan.jobs, "all jobs to be taken in")
        await_until(lambda: _is_running(client), "a job to run")
        took.extend([fleet.workers[0].end(signal.SIGTERM), fleet.server.end(signal.SIGTERM)])
        fleet.server.start()
        return 1

    plan = Plan(jobs=6, workers=2, latency=2.0)
    survived = do(place, plan, disturb, {"CONCORD_GRACE_SECONDS": "1"})
    assert survived.is_whole, survived
    assert max(took) < 30, "a second of grace, and what a busy machine needs: open streams would hold it for ever"


def _is_running(client: Client) -> bool:
    return any(client.look(job_id)["status"] == "running" for job_id in client.taken)
