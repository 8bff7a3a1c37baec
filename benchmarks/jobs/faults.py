"""What jobs wait for: a stop in order, a database that is gone, a full disk, a clock set back."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.jobs.client import Client
from benchmarks.jobs.fleet import Fleet, Place, create_places
from benchmarks.jobs.survival import Plan, Survived, do
from benchmarks.processes import ROOT, await_until

_CLOCK = """
import os, time
from pathlib import Path

_true, _file = time.time, Path(os.environ["CLOCK_FILE"])
time.time = lambda: _true() + float(_file.read_text() or 0)
"""
_DISK = 48_000_000  # bytes
_LEFT = 200_000  # bytes of it that are left, once it is full


@dataclass(frozen=True, slots=True)
class Stopped:
    """How long processes took to end after SIGTERM, in seconds, and what became of the jobs."""

    server: float
    workers: list[float]
    streams: int
    survived: Survived


def stop_in_order(name: str, plan: Plan, grace: float = 5.0) -> Stopped:
    """SIGTERM to the web node while streams of events are open, and to half of the workers; neither begins anew."""
    ended: list[float] = []

    def disturb(fleet: Fleet, client: Client) -> int:
        await_until(lambda: len(client.taken) == plan.jobs, "all jobs to be taken in")
        watching = [threading.Thread(target=client.events, args=(job_id,)) for job_id in client.taken[-8:]]
        for thread in watching:
            thread.start()
        time.sleep(1.0)  # streams are open, and jobs run
        ended.append(fleet.server.end(signal.SIGTERM))
        ended.extend(worker.end(signal.SIGTERM) for worker in fleet.workers[: plan.workers // 2])
        fleet.server.start()
        for thread in watching:
            thread.join()
        return len(watching)

    with create_places(name) as create:
        survived = do(create(), plan, disturb, {"CONCORD_GRACE_SECONDS": f"{grace:g}"})
    return Stopped(ended[0], ended[1:], survived.kills, survived)


@dataclass(frozen=True, slots=True)
class Endured:
    """A fault that lasted some seconds: what clients were told while it did, and what became of the jobs."""

    fault: str
    seconds: float
    told: str
    survived: Survived


def endure(name: str, fault: str, plan: Plan, seconds: float = 30.0) -> Endured:
    """Jobs of a plan while a fault lasts: `gone`, `full` or `back` (see the table of FAULTS)."""
    told: list[str] = []
    taken = plan.jobs // 2

    with ExitStack() as stack:
        create = stack.enter_context(create_places(name))
        place = stack.enter_context(on_small_disk(create())) if fault == "full" else create()
        environment = _fake_clock(place.folder) if fault == "back" else {}

        def disturb(_: Fleet, client: Client) -> int:
            await_until(lambda: len(client.taken) >= taken, "half of the jobs to be taken in")
            with FAULTS[fault](place):
                time.sleep(seconds)
                told.extend(sorted({f"{status} {detail}" for status, detail in client.refused}))
            return 0

        survived = do(place, plan, disturb, environment)
    return Endured(fault, seconds, "; ".join(told) or "nothing: every request was taken in", survived)


@contextmanager
def gone(place: Place) -> Iterator[None]:
    """PostgreSQL is stopped; SQLite's files are locked by another, who writes and does not end."""
    if place.server:
        place.server.stop("fast")
        try:
            yield
        finally:
            place.server.start()
        return
    with ExitStack() as stack:
        for file in (place.folder / "concord.sqlite", place.folder / "concord.engine.sqlite"):
            connection = stack.enter_context(closing(sqlite3.connect(file, timeout=60.0, isolation_level=None)))
            connection.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def full(place: Place) -> Iterator[None]:
    """The disk of the database is filled up."""
    ballast = place.folder / "ballast"
    try:
        with ballast.open("wb") as file:
            free = shutil.disk_usage(place.folder).free
            file.write(b"\0" * max(0, free - _LEFT))
        yield
    finally:
        ballast.unlink(missing_ok=True)


@contextmanager
def back(place: Place) -> Iterator[None]:
    """The clock of every process of the service is set back by an hour, and stays so."""
    (place.folder / "clock").write_text("-3600", encoding="ascii")
    yield


FAULTS: dict[str, Callable[[Place], AbstractContextManager[None]]] = {"gone": gone, "full": full, "back": back}


def can(fault: str, name: str) -> str:
    """Why a fault can't be made here; "" if it can."""
    if fault == "full" and name != "sqlite":
        return "PostgreSQL's own disk: a matter of its server, which stops; see `gone`"
    if fault == "full" and os.getuid() != 0:
        return "a disk of its own needs root"
    return ""


@contextmanager
def on_small_disk(place: Place) -> Iterator[Place]:
    """The place on a disk of its own, of a few megabytes."""
    disk = place.folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(disk)], check=True)
    try:
        yield replace(place, folder=disk, url=f"sqlite:///{disk / 'concord.sqlite'}")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _fake_clock(folder: Path) -> dict[str, str]:
    """Environment by which Python's `time.time` is off by what a file says, which is read again and again."""
    (folder / "clock").write_text("0", encoding="ascii")
    (folder / "sitecustomize.py").write_text(_CLOCK, encoding="ascii")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "CLOCK_FILE": str(folder / "clock")}
