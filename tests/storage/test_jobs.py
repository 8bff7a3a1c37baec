"""The store of jobs, on both databases: what is added is there once, what an old attempt says is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.core.errors import KeyTaken, Overloaded, StorageUnavailable
from service.jobs.model import Attempt, Event, Job, NewJob, Status
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from tests.databases import NOWHERE
from tests.timing import Clock

MOST = 100


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> SqlJobStore:
    return SqlJobStore(database, clock=clock)


def new(name: str, key: str | None = None, digest: str = "d") -> NewJob:
    return NewJob(f"sum_{name}", f'{{"of": "{name}"}}', digest, key)


def begun(store: SqlJobStore, name: str = "a") -> Attempt:
    """The first attempt at a new job."""
    store.add(new(name), MOST)
    attempt = store.begin(f"sum_{name}")
    assert attempt
    return attempt


def ended(store: SqlJobStore, name: str = "a") -> Attempt:
    attempt = begun(store, name)
    assert store.finish(attempt, Status.COMPLETE, '{"done": 1}', None, '{"requests": 3}')
    return attempt


def test_a_new_job_is_as_it_was_added(store: SqlJobStore) -> None:
    """All that is said of a job is found again, texts of any script with it."""
    order = NewJob("sum_a", '{"text": "橋 🌉 \\u0000"}', "d" * 64, "clé", '["slow"]')
    assert store.add(order, MOST) == (store.find("sum_a"), True)
    assert store.find("sum_a") == Job(
        "sum_a", Status.QUEUED, "d" * 64, 0, "{}", "{}", '["slow"]', 1_000.0, None, None, None
    )
    attempt = store.begin("sum_a")
    assert attempt == Attempt("sum_a", 1, order.request, "{}", 0)
    assert (store.result("sum_a"), store.events("sum_a", 0), store.find("sum_b")) == (None, [], None)


SAME: Sequence[tuple[str, NewJob, str]] = [
    # what comes after a job of key k and digest d, and what is found
    ("the same key and digest", new("b", "k"), "sum_a"),
    ("the same key, another digest", new("b", "k", "e"), "KeyTaken"),
    ("another key", new("b", "l"), "sum_b"),
    ("no key", new("b"), "sum_b"),
]


@pytest.mark.parametrize(("second", "found"), [case[1:] for case in SAME], ids=[case[0] for case in SAME])
def test_a_key_has_one_job(store: SqlJobStore, second: NewJob, found: str) -> None:
    """A client that tries again gets the job that it has."""
    store.add(new("a", "k"), MOST)
    try:
        job, is_new = store.add(second, MOST)
        assert (job.id, is_new) == (found, found == second.id)
    except KeyTaken:
        assert found == "KeyTaken"


def test_of_many_at_once_one_makes_the_job(store: SqlJobStore) -> None:
    """Threads that add the same key at the same moment all get the one job."""
    with ThreadPoolExecutor(8) as threads:
        added = list(threads.map(lambda n: store.add(new(f"{n}", "k"), MOST), range(24)))
    assert len({job.id for job, _ in added}) == 1
    assert sum(is_new for _, is_new in added) == 1
    assert store.waiting() == 1


def test_beyond_a_number_no_more_may_wait(store: SqlJobStore) -> None:
    """A full queue takes no new job, and still knows those it has."""
    store.add(new("a", "k"), 2)
    store.add(new("b"), 2)
    with pytest.raises(Overloaded) as raised:
        store.add(new("c"), 2)
    assert raised.value.retry_after > 0
    assert store.add(new("a", "k"), 2)[0].id == "sum_a"
    assert store.begin("sum_b")  # which waits no more
    assert store.add(new("c"), 2)[1]


def test_a_job_runs_and_ends(store: SqlJobStore, clock: Clock) -> None:
    """What happens in an attempt is found, in order, with when it was."""
    attempt = begun(store)
    clock.now += 5
    told = [Event(1, "stage", "{}"), Event(2, "sentence", '{"text": "é"}')]
    assert store.note(attempt, told, '{"reading": 1}', '{"requests": 1}')
    assert store.note(attempt, [], '{"reading": 2}', '{"requests": 2}')
    assert store.finish(attempt, Status.DEGRADED, '{"done": 1}', None, '{"requests": 3}')
    assert store.find("sum_a") == Job(
        "sum_a", Status.DEGRADED, "d", 1, '{"reading": 2}', '{"requests": 3}', "[]", 1_000.0, 1_000.0, 1_005.0, None
    )
    assert store.result("sum_a") == '{"done": 1}'
    assert [store.events("sum_a", after) for after in (0, 1, 2)] == [told, told[1:], []]
    assert store.changes(["sum_a", "sum_x"]) == {"sum_a": (2, True)}
    assert store.changes([]) == {}


def test_a_later_attempt_goes_on(store: SqlJobStore, clock: Clock) -> None:
    """It knows what the one before has used and told, and the job keeps when it began."""
    first = begun(store)
    store.note(first, [Event(1, "stage", "{}")], "{}", '{"requests": 1}')
    assert store.blame(first, '{"title": "down"}', '{"requests": 2}')
    clock.now += 5
    assert store.begin("sum_a") == Attempt("sum_a", 2, '{"of": "a"}', '{"requests": 2}', 1)
    job = store.find("sum_a")
    assert job
    assert (job.started_at, job.problem, job.attempts) == (1_000.0, '{"title": "down"}', 2)


OVERTAKEN: Sequence[tuple[str, Callable[[SqlJobStore], Any]]] = [
    ("a later attempt", lambda store: store.begin("sum_a")),
    ("its end", lambda store: store.finish(Attempt("sum_a", 1, "", "", 0), Status.FAILED, None, "{}", "{}")),
    ("being forgotten", lambda store: store.forget("sum_a")),
]


@pytest.mark.parametrize("overtake", [case[1] for case in OVERTAKEN], ids=[case[0] for case in OVERTAKEN])
def test_an_attempt_that_was_overtaken_has_no_say(store: SqlJobStore, overtake: Callable[[SqlJobStore], Any]) -> None:
    """After a later attempt, the job's end or its being forgotten nothing is written, and the worker is told so."""
    attempt = begun(store)
    assert overtake(store)
    before = store.find("sum_a")
    assert not store.note(attempt, [Event(1, "stage", "{}")], '{"x": 1}', '{"requests": 9}')
    assert not store.finish(attempt, Status.COMPLETE, '{"late": 1}', None, "{}")
    assert not store.blame(attempt, "{}", "{}")
    assert (store.find("sum_a"), store.result("sum_a"), store.events("sum_a", 0)) == (before, None, [])


def test_attempts_that_begin_at_once_have_numbers_of_their_own(store: SqlJobStore) -> None:
    """Of workers that all take a job the last alone has a say."""
    store.add(new("a"), MOST)
    with ThreadPoolExecutor(8) as threads:
        attempts = [a for a in threads.map(store.begin, ["sum_a"] * 8) if a]
    assert sorted(a.number for a in attempts) == list(range(1, 9))
    ends = [a.number for a in attempts if store.finish(a, Status.COMPLETE, "{}", None, "{}")]
    assert ends == [8]


@pytest.mark.parametrize("prepare", [SqlJobStore.waiting, ended, lambda s: (begun(s), s.forget("sum_a"))])
def test_what_is_unknown_over_or_forgotten_does_not_begin(
    store: SqlJobStore, prepare: Callable[[SqlJobStore], object]
) -> None:
    prepare(store)
    assert store.begin("sum_a") is None


def test_what_is_forgotten_leaves_nothing(store: SqlJobStore, database: Database) -> None:
    """No row of any table tells of a forgotten job; its key is free, and others are as they were."""
    store.add(new("k", "key"), MOST)
    for name in ("a", "b"):
        attempt = begun(store, name)
        store.note(attempt, [Event(1, "stage", "{}")], "{}", "{}")
        store.finish(attempt, Status.COMPLETE, "{}", None, "{}")
    assert [store.forget(f"sum_{name}") for name in "aakx"] == [True, False, True, False]
    with database.read() as connection:
        left = {
            table: connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
            for table in ("job", "request", "result", "event", "reply_use", "orphan")
        }
    assert {table: len(rows) for table, rows in left.items()} == {
        "job": 1, "request": 1, "result": 1, "event": 1, "reply_use": 0, "orphan": 0,
    }  # fmt: skip
    assert "sum_a" not in str(left)
    assert store.add(new("c", "key"), MOST)[1]


def test_what_no_engine_has_is_found_after_a_while(store: SqlJobStore, clock: Clock) -> None:
    """Jobs whose process died before it sent them are sent by another; those that were sent or began are not."""
    for name in "abcd":
        store.add(new(name), MOST)
    store.sent(["sum_b", "sum_x"])
    store.begin("sum_c")
    assert store.unsent(5.0) == []
    clock.now += 6
    store.add(new("e"), MOST)
    assert sorted(store.unsent(5.0)) == ["sum_a", "sum_d"]
    store.sent([])
    store.sent(store.unsent(5.0))
    assert store.unsent(5.0) == []


def test_what_is_over_for_long_is_expired(store: SqlJobStore, clock: Clock) -> None:
    """A job is kept for a time from its end, and as long as it is not over."""
    ended(store, "a")
    begun(store, "b")
    store.add(new("c"), MOST)
    clock.now += 50
    ended(store, "d")
    assert (store.expired(60), store.expired(40)) == ([], ["sum_a"])


ODD = ["", "\0", "sum_a\0", "sum_" + "a" * 1_000, "'; DROP TABLE job; --", "é\ud800"]


@pytest.mark.parametrize("job_id", ODD)
def test_an_odd_id_is_of_no_job(store: SqlJobStore, job_id: str) -> None:
    """What a client sends as an id need not be one: that is no fault of the database's."""
    ended(store)
    assert (store.find(job_id), store.changes([job_id]), store.forget(job_id)) == (None, {}, False)
    assert store.find("sum_a")


EVERY: Sequence[Callable[[SqlJobStore], object]] = [
    lambda s: s.add(new("a"), MOST),
    lambda s: s.find("sum_a"),
    lambda s: s.result("sum_a"),
    lambda s: s.begin("sum_a"),
    lambda s: s.note(Attempt("sum_a", 1, "", "", 0), [], "{}", "{}"),
    lambda s: s.finish(Attempt("sum_a", 1, "", "", 0), Status.FAILED, None, None, "{}"),
    lambda s: s.blame(Attempt("sum_a", 1, "", "", 0), "{}", "{}"),
    lambda s: s.events("sum_a", 0),
    lambda s: s.changes(["sum_a"]),
    lambda s: s.forget("sum_a"),
    lambda s: s.waiting(),
    lambda s: s.unsent(0),
    lambda s: s.sent(["sum_a"]),
    lambda s: s.expired(0),
    lambda s: s.tidy(0),
]


@pytest.mark.parametrize("url", ["sqlite", NOWHERE], indirect=False, ids=["sqlite", "postgres"])
@pytest.mark.parametrize("call", EVERY)
def test_a_store_that_is_not_there_says_so(url: str, call: Callable[[SqlJobStore], object], tmp_path: Any) -> None:
    """Every call without a database raises what callers wait upon, and nothing of the statement."""
    database = Database(f"sqlite:///{tmp_path / 'none' / 'x.sqlite'}" if url == "sqlite" else url)
    with pytest.raises(StorageUnavailable) as raised:
        call(SqlJobStore(database))
    assert "sum_a" not in str(raised.value)
    database.close()
