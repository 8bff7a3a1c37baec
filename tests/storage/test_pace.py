"""The shared pace: all who share a limit keep to it together, and neither clocks nor a lost database stop them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from heapq import heappop, heappush
from itertools import count

import pytest

from service.storage.database import Database
from service.storage.pace import SharedPace
from service.storage.tables import pace
from tests.databases import NOWHERE, count_rows
from tests.timing import Clock

NAME = "requests"
START = 1_700_000_000.0


class Slept(Clock):
    """A clock that only sleeping moves: time passes at once, and the seconds slept are kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(START)
        self.slept: list[float] = []
        self._sleep = asyncio.sleep
        monkeypatch.setattr("service.storage.pace._sleep", self.sleep)
        monkeypatch.setattr("service.storage.pace.random.uniform", lambda low, _: low)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        await self._sleep(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Slept:
    return Slept(monkeypatch)


def acquire(shared: SharedPace, amount: float, rate: float, name: str = NAME) -> None:
    asyncio.run(shared.acquire(name, amount, rate))


WAITS: Sequence[tuple[str, Sequence[float], float]] = [
    # what is shown, what is acquired of 10 a minute (negative: that many seconds pass), and seconds waited at the end
    ("a minute's worth goes at once", [1] * 10, 0),
    ("what goes beyond waits for its part", [1] * 11, 6),
    ("in turn", [1] * 13, 6),
    ("what is large waits longer", [10, 5], 30),
    ("as long as a minute at most", [10, 10], 60),
    ("more than a minute's takes a minute's", [10, 1_000], 60),
    ("what is free comes back with time", [10, -12, 1, 1], 0),
    ("and no more than that", [10, -12, 1, 1, 1], 6),
    ("nothing is saved up", [1, -3_600, *[1] * 10], 0),
    ("beyond a minute's worth", [1, -3_600, *[1] * 11], 6),
]


@pytest.mark.parametrize(("steps", "waited"), [case[1:] for case in WAITS], ids=[case[0] for case in WAITS])
def test_who_goes_beyond_the_limit_waits(
    database: Database, clock: Slept, steps: Sequence[float], waited: float
) -> None:
    """The last of some requests waits as long as the limiter of one process would let it, in whichever process."""
    processes = [SharedPace(database, clock=clock) for _ in range(3)]
    before = clock.now
    for number, step in enumerate(steps):
        before = clock.now
        if step < 0:
            clock.now -= step
        else:
            acquire(processes[number % 3], step, 10)
    assert clock.now - before == pytest.approx(waited, abs=0.02)


def test_limits_have_names(database: Database, clock: Slept) -> None:
    """What one server may be sent another's does not take from."""
    shared = SharedPace(database, clock=clock)
    for name in "abcabc":
        acquire(shared, 1, 2, name)
    assert sum(clock.slept) < 0.1


CLOCKS: Sequence[tuple[str, float]] = [
    (f"{seconds:+g} s", seconds) for seconds in (-3_600, -120, -119, -90, -60, -30, 30, 90, 3_600)
]


@pytest.mark.parametrize("seconds", [case[1] for case in CLOCKS], ids=[case[0] for case in CLOCKS])
@pytest.mark.parametrize("used", [1, 10, 12])
def test_a_clock_that_is_set_holds_nobody_up(database: Database, clock: Slept, seconds: float, used: int) -> None:
    """However far it goes, one waits for a period longer than else at most; after that all is as before."""
    shared = SharedPace(database, clock=clock)
    for _ in range(used):
        acquire(shared, 1, 10)
    clock.now += seconds
    del clock.slept[:]
    acquire(shared, 1, 10)
    assert sum(clock.slept) <= 60 + 6.1
    clock.now += 120
    del clock.slept[:]
    for _ in range(11):
        acquire(shared, 1, 10)
    assert sum(clock.slept) == pytest.approx(6, abs=0.1)


class Crowd(Slept):
    """A clock for several who ask at once: when all of them sleep it goes to when the first of them wakes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(monkeypatch)
        self.people = 1
        self._numbers = count()
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        waking = asyncio.get_running_loop().create_future()
        heappush(self._asleep, (self.now + seconds, next(self._numbers), waking))
        if len(self._asleep) == self.people:
            self.now, _, first = heappop(self._asleep)
            first.set_result(None)
        await waking


@pytest.mark.parametrize("spread", [0.0, 1.0], ids=["who waits asks at once", "who waits asks late"])
@pytest.mark.parametrize("large", [1, 2, 20])
def test_no_queue_of_one_process_starves_another(
    database: Database, monkeypatch: pytest.MonkeyPatch, large: int, spread: float
) -> None:
    """Who waits has its turn after one request more of a process that never stops asking, however large its own."""
    clock = Crowd(monkeypatch)
    monkeypatch.setattr("service.storage.pace.random.uniform", lambda low, high: low + spread * (high - low))

    async def work() -> tuple[int, float]:
        busy, other = SharedPace(database, clock=clock), SharedPace(database, clock=clock)
        for _ in range(21):
            await busy.acquire(NAME, 1, 20)
        done, began, clock.people = 0, clock.now, 2

        async def keep_asking() -> None:
            nonlocal done
            while True:
                await busy.acquire(NAME, 1, 20)
                done += 1

        asking = asyncio.create_task(keep_asking())
        await asyncio.wait_for(other.acquire(NAME, large, 20), 60)
        asking.cancel()
        return done, clock.now - began

    done, waited = asyncio.run(work())
    assert done <= 1
    assert waited <= (large + 2) * 3 + 0.1  # its own part of a minute, and that of two before it


@pytest.mark.parametrize("amount", [1, 7, 20])
def test_a_process_alone_may_use_all_there_is(database: Database, clock: Slept, amount: int) -> None:
    """That it stands back costs it nothing where nobody else waits."""
    shared = SharedPace(database, clock=clock)
    for _ in range(12):
        acquire(shared, amount, 20)
    assert clock.now - START == pytest.approx(max(0, 12 * amount - 20) * 3, abs=0.1)


def test_who_gives_up_holds_nobody_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is cancelled while it waits leaves the turn to the next."""
    now = [START]

    async def work() -> bool:
        asleep: asyncio.Queue[float] = asyncio.Queue()
        waking = asyncio.Event()

        async def sleep(seconds: float) -> None:
            asleep.put_nowait(seconds)
            await waking.wait()

        monkeypatch.setattr("service.storage.pace._sleep", sleep)
        shared = SharedPace(database, clock=lambda: now[0])
        waiting = [asyncio.create_task(shared.acquire(NAME, 2, 2)) for _ in range(4)]
        for task in waiting[:3]:
            await asleep.get()
            task.cancel()
        now[0] += 180
        waking.set()
        await asyncio.wait_for(waiting[3], 60)
        return all(task.cancelled() for task in waiting[:3])

    assert asyncio.run(work())


SCRIPT = """
import asyncio, sys, time
from service.storage.database import Database
from service.storage.pace import SharedPace

async def work(url, seconds):
    shared, ends = SharedPace(Database(url), 1.0), time.time() + seconds
    print("ready", flush=True)
    sys.stdin.readline()
    async def ask():
        while time.time() < ends + 60:
            await shared.acquire("requests", 1, 20)
            print(time.time(), flush=True)
    await asyncio.gather(*(ask() for _ in range(4)))

asyncio.run(work(sys.argv[1], 60))
"""


@contextmanager
def asking(url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SCRIPT, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_processes_keep_to_a_limit_together(database: Database) -> None:
    """Two processes that send as fast as they may send what one might, and not less by much."""
    url = database.url.render_as_string(hide_password=False)
    with asking(url) as one, asking(url) as other:
        for process in (one, other):
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in (one, other):
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        sent = sorted(t for process in (one, other) for t in _first(process, 40))
    for number, at in enumerate(sent):
        later = [t for t in sent[number:] if t <= at + 2.0]
        assert len(later) <= 20 + 20 * 2.0 + 8  # a burst, two periods, and how far apart a request and its time are
    assert sent[59] - sent[0] < 60.0  # two seconds if nothing else went on


def _first(process: subprocess.Popen[str], count: int) -> list[float]:
    assert process.stdout
    return [float(process.stdout.readline()) for _ in range(count)]


class Full(Exception):
    """There is no room, and so it would be waited."""


def test_threads_take_each_place_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Event loops of eight threads that ask at once are let through as many times as there is room."""

    async def sleep(seconds: float) -> None:
        if seconds > 1:
            raise Full

    def ask(_: int) -> int:
        gone = 0
        with suppress(Full):
            while True:
                acquire(SharedPace(database, 3_600.0), 1, 20)
                gone += 1
        return gone

    monkeypatch.setattr("service.storage.pace._sleep", sleep)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(8))) == 20


def test_without_the_database_nobody_waits(caplog: pytest.LogCaptureFixture) -> None:
    """Each process then keeps to its own limit; the lost server is not asked at every request."""
    with closing(Database(NOWHERE)) as gone:
        shared = SharedPace(gone)
        began = time.monotonic()
        for _ in range(100):
            acquire(shared, 1, 1)
    assert time.monotonic() - began < 60.0  # a minute each, were they to wait
    assert 1 <= len(caplog.records) <= 5


def test_one_row_is_kept_for_each_limit(database: Database) -> None:
    shared = SharedPace(database)
    for name in "aab":
        acquire(shared, 1, 100, name)
    assert count_rows(database, pace) == 2
