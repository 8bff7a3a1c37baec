"""What jobs survive: workers, the web node and the database die while they run."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from benchmarks.jobs.client import Client, check_events, find_faults
from benchmarks.jobs.fleet import Fleet, Place, create_places
from benchmarks.processes import await_until, stubbed
from service.storage.database import Database

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Plan:
    """How many jobs are done by how many workers, and what they suffer: a kill of a worker every `every` seconds.

    The web node is killed once, while it is sent jobs, and PostgreSQL restarted once as after a crash.
    `latency` is the model's, in seconds; a job comes `apart` seconds after the one before it; `seed` says which
    workers are killed.
    """

    jobs: int = 200
    workers: int = 4
    seconds: float = 20.0
    every: float = 1.0
    latency: float = 0.5
    documents: int = 3
    concurrent: int = 4
    model_concurrent: int = 4
    apart: float = 0.0
    seed: int = 1

    @property
    def settings(self) -> dict[str, str]:
        at_once = {"JOB_CONCURRENT": self.concurrent, "MODEL_CONCURRENT": self.model_concurrent}
        return {f"CONCORD_{name}": str(number) for name, number in at_once.items()}


@dataclass(frozen=True, slots=True)
class Survived:
    """What became of the jobs: statuses, what was wrong with results, and what was asked of the model."""

    statuses: Counter[str]
    faults: list[str]
    rows: dict[str, int]
    attempts: Counter[int]
    kills: int
    seconds: float
    requests: int

    @property
    def is_whole(self) -> bool:
        """True if every job was done, once, with its own result."""
        return set(self.statuses) == {"complete"} and not self.faults and set(self.rows.values()) == {self.jobs}

    @property
    def jobs(self) -> int:
        return self.statuses.total()


Disturb = Callable[[Fleet, Client], int]
"""What is done to a fleet while jobs run; how often it was done."""


def do(
    place: Place, plan: Plan, disturb: Disturb = lambda _, __: 0, environment: Mapping[str, str] = _NOTHING
) -> Survived:
    """Do the jobs of a plan while something disturbs the fleet, and look at every result and event."""
    settings = {**plan.settings, **environment}
    with (
        stubbed(plan.latency) as stub,
        Fleet(place, stub.base_url, plan.workers, settings) as fleet,
        Client(fleet.base_url, plan.documents, plan.apart) as client,
    ):
        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            submitted = pool.submit(client.submit_all, range(plan.jobs))
            kills = disturb(fleet, client)
            ids = submitted.result()
        jobs = {number: client.wait(job_id) for number, job_id in ids.items()}
        seconds = time.monotonic() - began
        faults = [fault for number, job in jobs.items() for fault in _faults_of(number, job, client)]
        statuses = Counter(job["status"] for job in jobs.values())
        attempts = Counter(job["attempts"] for job in jobs.values())
        return Survived(statuses, faults, count(place), attempts, kills, seconds, stub.requests())


def _faults_of(number: int, job: dict[str, Any], client: Client) -> list[str]:
    if not job["result"]:
        return [f"job {number} is {job['status']}: {job['problem']}"]
    return find_faults(number, job["result"]) + check_events(client.events(job["id"]))


def count(place: Place) -> dict[str, int]:
    """The rows of the tables that have one for each job that is done."""
    database = Database(place.url)
    with database.read() as connection:
        rows = {name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in ("job", "result")}  # noqa: S608
    database.close()
    return {name: int(number or 0) for name, number in rows.items()}


def kill(plan: Plan) -> Disturb:
    """Kills a random worker again and again, the web node once and PostgreSQL once, and begins each anew at once.

    The first kill comes once a job is done: workers are at work then, and not only beginning.
    """

    def disturb(fleet: Fleet, client: Client) -> int:
        chosen = random.Random(plan.seed)  # noqa: S311
        once: list[threading.Thread] = [threading.Thread(target=_kill_server, args=(fleet, client, plan.jobs // 2))]
        if fleet.place.server:
            once.append(threading.Timer(plan.seconds / 2, fleet.place.server.restart))
        once[0].start()
        await_until(lambda: _is_done(client), "a job to be done")
        for thread in once[1:]:
            thread.start()
        kills = round(plan.seconds / plan.every)
        due = time.monotonic()
        for _ in range(kills):
            due += plan.every
            time.sleep(max(0.0, due - time.monotonic()))
            worker = chosen.choice(fleet.workers)
            worker.end(signal.SIGKILL)
            worker.start()
        for thread in once:
            thread.join()
        return kills

    return disturb


def _is_done(client: Client) -> bool:
    return bool(client.taken) and client.look(client.taken[0])["status"] == "complete"


def _kill_server(fleet: Fleet, client: Client, taken: int) -> None:
    """Kill the web node once it has taken some jobs in, and others are on their way."""
    await_until(lambda: len(client.taken) >= taken, f"{taken} jobs to be taken in")
    fleet.server.end(signal.SIGKILL)
    fleet.server.start()


def survive(name: str, plan: Plan) -> tuple[Survived, Survived]:
    """The jobs of a plan undisturbed, and then with all its kills."""
    with create_places(name) as create:
        return do(create(), plan), do(create(), plan, kill(plan))
