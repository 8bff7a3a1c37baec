"""Who used which reply: what only one job used goes with it, whatever happens in between, and nothing else does."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.jobs.model import NewJob
from service.storage.database import Database
from service.storage.jobs import SqlJobStore
from service.storage.memo import SqliteMemo
from service.storage.replies import Keeps, Replies, RunReplies
from service.storage.sqlmemo import SqlMemo
from service.storage.tables import orphan, reply_use
from tests.databases import NOWHERE, count_rows

HOUR = 3_600.0


class World:
    """A store of jobs with the replies that they use, and a clock."""

    def __init__(self, database: Database, kept: Keeps) -> None:
        self.now = 1_000.0
        self.database = database
        self.kept = kept
        self.replies = Replies(database, kept, clock=lambda: self.now)
        self.store = SqlJobStore(database, self.replies, clock=lambda: self.now)

    def add(self, name: str) -> None:
        self.store.add(NewJob(name, "{}", "d"), 1_000)

    def open(self, name: str) -> RunReplies:
        """The memo of a job's run, or of one that is no job (`-`)."""
        memo = self.replies.open(None if name == "-" else name)
        assert memo
        return memo

    def run(self, name: str, *keys: str) -> None:
        """A run that uses some replies: those that are not there it puts."""
        memo = self.open(name)
        for key in keys:
            if memo.get(key) is None:
                memo.put(key, f"of {name}")

    def left(self, keys: Collection[str]) -> str:
        return "".join(key for key in keys if self.kept.get(key))

    def rows(self, table: sa.Table) -> int:
        return count_rows(self.database, table)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    """Replies where they are kept with each database: in a file of their own, or with the jobs."""
    file = tmp_path / "memo.sqlite"
    with closing(SqliteMemo(file, 1_000_000) if database.is_sqlite else SqlMemo(database, 1_000_000)) as kept:
        yield World(database, kept)


RUNS: Sequence[tuple[str, str, str]] = [
    # what is shown, what is done, what is left of replies x, y and z
    # (a:xy: the run of job a uses x and y; -:x: one that is no job; !a: job a is forgotten)
    ("one job's go", "a:xy !a", ""),
    ("another's stay", "a:xy b:z !a", "z"),
    ("what two used stays with the other", "a:xy b:yz !a", "yz"),
    ("until it goes too", "a:xy b:yz !a !b", ""),
    ("in either order", "a:xy b:yz !b !a", ""),
    ("used by what is no job", "a:xy -:y !a", "y"),
    ("before the job", "-:y a:xy !a", "y"),
    ("twice by one job", "a:x a:x !a", ""),
    ("forgotten twice", "a:x b:x !a !a", "x"),
    ("used again afterwards", "a:x !a b:x", "x"),
    ("and forgotten again", "a:x !a b:x !b", ""),
]


@pytest.mark.parametrize(("steps", "left"), [case[1:] for case in RUNS], ids=[case[0] for case in RUNS])
def test_what_only_a_job_used_goes_with_it(world: World, steps: str, left: str) -> None:
    """A reply stays as long as a run that used it is kept."""
    world.add("a")
    world.add("b")
    for step in steps.split():
        if step.startswith("!"):
            world.store.forget(step[1:])
        else:
            name, keys = step.split(":")
            world.run(name, *keys)
    assert world.left("xyz") == left
    assert world.rows(orphan) == 0


def test_a_run_finds_what_another_put(world: World) -> None:
    """Replies are shared by all runs, whoever forgets them."""
    world.add("a")
    world.run("a", "x")
    assert world.open("-").get("x") == "of a"


@pytest.mark.parametrize("name", ["a", "unknown"])
def test_a_forgotten_job_keeps_and_finds_nothing(world: World, name: str) -> None:
    """A run that goes on after its job was forgotten leaves no trace."""
    world.add("a")
    world.run("-", "x")
    world.store.forget("a")
    memo = world.open(name)
    memo.put("y", "never looked for")
    assert memo.get("x") is None
    assert memo.get("y") is None
    memo.put("y", "looked for")
    assert (world.left("xy"), world.rows(reply_use)) == ("x", 1)


def test_a_job_forgotten_while_the_model_answers_keeps_nothing(world: World) -> None:
    """The reply comes after the job has gone: it goes too."""
    world.add("a")
    memo = world.open("a")
    assert memo.get("x") is None
    world.store.forget("a")
    memo.put("x", "late")
    assert (world.left("x"), world.rows(reply_use)) == ("", 0)


def test_what_can_not_be_forgotten_at_once_is_forgotten_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job goes even if its replies can't now: what died or failed in between is made up for, once."""
    world.add("a")
    world.run("a", "x", "y")
    with monkeypatch.context() as patch:
        patch.setattr(world.kept, "forget", lambda _: False)
        assert world.store.forget("a")
    assert (world.store.find("a"), world.left("xy"), world.rows(orphan)) == (None, "xy", 2)
    world.run("-", "y")  # somebody uses one of them meanwhile
    world.store.tidy(HOUR)
    assert (world.left("xy"), world.rows(orphan)) == ("y", 0)


def test_runs_that_are_no_jobs_count_as_long_as_a_job_is_kept(world: World) -> None:
    """Their uses do not pile up for ever, and one that is repeated is new."""
    world.add("a")
    world.run("a", "x", "y")
    world.run("-", "x", "y")
    world.now += 1.5 * HOUR
    world.run("-", "y")
    world.now += HOUR
    world.store.tidy(2 * HOUR)
    world.store.forget("a")
    assert world.left("xy") == "y"
    world.store.tidy(HOUR / 2)
    assert (world.rows(reply_use), world.left("xy")) == (0, "y")


def test_many_replies_are_forgotten(world: World) -> None:
    """More than go at once, all of them."""
    world.add("a")
    with world.database.begin() as connection:
        rows = [{"job_id": "a", "key": f"{n}", "at": 0.0} for n in range(1_200)]
        connection.execute(sa.insert(reply_use), rows)
    for number in (0, 600, 1_199):
        world.kept.put(f"{number}", "1")
    world.store.forget("a")
    assert not any(world.kept.get(f"{number}") for number in (0, 600, 1_199))
    assert (world.rows(reply_use), world.rows(orphan)) == (0, 0)


def test_jobs_forgotten_at_once_leave_nothing_behind(world: World) -> None:
    """Of jobs that share a reply and are forgotten at the same moment one forgets it."""
    names = [f"j{number}" for number in range(16)]
    for name in names:
        world.add(name)
        world.run(name, "x", name)
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(world.store.forget, names))
    assert world.left(["x", *names]) == ""
    assert (world.rows(reply_use), world.rows(orphan)) == (0, 0)


def test_runs_and_forgetting_at_once_leave_nothing_behind(world: World) -> None:
    """Whatever the order in which a run and the end of its job come to a reply, none stays that nobody knows of."""
    names = [f"j{number}" for number in range(24)]
    for name in names:
        world.add(name)
    with ThreadPoolExecutor(8) as threads:
        runs = [threads.submit(world.run, name, "x", "y", f"own {name}") for name in names]
        list(threads.map(world.store.forget, names))
        for run in runs:
            run.result()
    world.store.tidy(HOUR)
    assert world.left(["x", "y", *(f"own {name}" for name in names)]) == ""
    assert (world.rows(reply_use), world.rows(orphan)) == (0, 0)


def test_without_the_database_of_jobs_nothing_is_kept(tmp_path: Path) -> None:
    """A run whose uses can't be written down goes on without a memo: nobody would know what to forget."""
    gone = Database(NOWHERE)
    with closing(gone), closing(SqliteMemo(tmp_path / "memo.sqlite", 1_000)) as kept:
        memo = Replies(gone, kept).open("a")
        assert memo
        kept.put("x", "known")
        assert memo.get("x") is None
        memo.put("x", "new")
        memo.put("y", "new")
        assert (kept.get("x"), kept.get("y")) == ("known", None)


def test_a_database_that_goes_while_the_model_answers_costs_the_reply(world: World) -> None:
    """It can't be known whether the job is still there."""
    world.add("a")
    memo = world.open("a")
    assert memo.get("x") is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(world.replies, "is_recorded", lambda *_: False)
        memo.put("x", "1")
    assert world.left("x") == ""


def test_with_the_memo_off_there_is_none(database: Database) -> None:
    """A run has no memo, and jobs are forgotten all the same."""
    replies = Replies(database, None)
    store = SqlJobStore(database, replies)
    store.add(NewJob("a", "{}", "d"), 10)
    assert (replies.open("a"), store.forget("a")) == (None, True)
    store.tidy(HOUR)
