"""Who lives and who died, told by locks: on files, and of a PostgreSQL server."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from service.jobs.liveness import AdvisoryLocks, FileLocks, Liveness
from tests.databases import Postgres
from tests.timing import Clock, wait_for

_OTHER = """
import sys, signal
from pathlib import Path
from service.jobs.liveness import AdvisoryLocks, FileLocks
where = sys.argv[1]
locks = AdvisoryLocks(where) if where.startswith("postgresql:") else FileLocks(Path(where))
locks.hold("other")
print("held", flush=True)
signal.pause()
"""


class Place:
    """Where locks are held: a folder or a database."""

    def __init__(self, where: str, clock: Clock) -> None:
        self.where = where
        self._clock = clock

    def create(self) -> Liveness:
        """Locks of this process that have settled once the clock has moved by ten seconds."""
        if self.where.startswith("postgresql:"):
            return AdvisoryLocks(self.where, self._clock)
        return FileLocks(Path(self.where))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["files", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Place:
    if request.param == "files":
        return Place(str(tmp_path / "workers"), clock)
    server: Postgres = request.getfixturevalue("postgres")
    return Place(server.create(), clock)


@contextmanager
def another_process(place: Place) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of `other` until it ends."""
    with subprocess.Popen([sys.executable, "-c", _OTHER, place.where], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_lock_is_free_once_its_process_died_and_not_before(
    place: Place, clock: Clock, sign: signal.Signals
) -> None:
    with closing(place.create()) as locks, another_process(place) as process:
        locks.hold("me")
        clock.now += 10
        assert locks.free({"other"}) == set()
        assert locks.free({"other", "never-lived"}) == {"never-lived"}
        process.send_signal(sign)
        wait_for(lambda: locks.free({"other"}) == {"other"})
        assert locks.free({"other"}) == {"other"}, "to look takes nothing away"


def test_a_stopped_process_lives(place: Place, clock: Clock) -> None:
    with closing(place.create()) as locks, another_process(place) as process:
        locks.hold("me")
        clock.now += 10
        process.send_signal(signal.SIGSTOP)
        assert locks.free({"other"}) == set()


def test_to_let_go_frees_and_to_hold_again_takes(place: Place, clock: Clock) -> None:
    with closing(place.create()) as mine, closing(place.create()) as theirs:
        mine.hold("me")
        theirs.hold("them")
        theirs.hold("them")
        clock.now += 10
        assert mine.free({"them"}) == set()
        theirs.close()
        wait_for(lambda: mine.free({"them"}) == {"them"})
        theirs.hold("them")
        assert mine.free({"them"}) == set()


def test_locks_on_files_leave_no_files(tmp_path: Path) -> None:
    locks = FileLocks(tmp_path / "workers")
    locks.hold("me")
    assert [file.name for file in (tmp_path / "workers").iterdir()] == ["me"]
    assert (tmp_path / "workers" / "me").stat().st_mode & 0o777 == 0o600
    locks.close()
    assert list((tmp_path / "workers").iterdir()) == []


def test_after_a_restart_of_the_server_nobody_counts_as_dead_until_all_had_time_to_lock(
    postgres: Postgres, clock: Clock
) -> None:
    place = Place(postgres.create(), clock)
    with closing(place.create()) as mine, closing(place.create()) as living, closing(place.create()) as dead:
        for locks, name in ((mine, "me"), (living, "living"), (dead, "dead")):
            locks.hold(name)
        clock.now += 10
        postgres.restart()
        with pytest.raises(psycopg.OperationalError):
            mine.hold("me")
        mine.hold("me")
        assert mine.free({"living", "dead"}) == set(), "nobody holds any lock now"
        clock.now += 4.9
        assert mine.free({"living", "dead"}) == set()
        with pytest.raises(psycopg.OperationalError):
            living.hold("living")
        living.hold("living")
        clock.now += 0.2
        assert mine.free({"living", "dead"}) == {"dead"}


def test_a_server_that_is_gone_says_so(postgres: Postgres, clock: Clock) -> None:
    place = Place(postgres.create(), clock)
    with closing(place.create()) as locks:
        locks.hold("me")
        clock.now += 10
        postgres.stop()
        try:
            with pytest.raises(psycopg.OperationalError):
                locks.free({"other"})
            with pytest.raises(psycopg.OperationalError):
                locks.hold("me")
        finally:
            postgres.start()
        locks.hold("me")
        assert locks.free({"other"}) == set(), "it has not settled"
