"""What every memo holds to, in its own file or in the database: it finds what was put, and keeps to its bound."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Protocol

import pytest

from service.storage.database import Database
from service.storage.memo import SqliteMemo
from service.storage.replies import Keeps
from service.storage.sqlmemo import SqlMemo
from tests.databases import NOWHERE
from tests.storage.memos import BOUND, key


class Open(Protocol):
    def __call__(self, max_bytes: int = BOUND) -> AbstractContextManager[Keeps]: ...


@pytest.fixture(params=["file", "sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens a memo over the same replies again and again."""
    if request.param == "file":
        yield lambda max_bytes=BOUND: closing(SqliteMemo(tmp_path / "memo.sqlite", max_bytes))
        return
    url = f"sqlite:///{tmp_path / 'jobs.sqlite'}"
    with closing(
        Database(request.getfixturevalue("postgres").create() if request.param == "postgres" else url)
    ) as db:
        db.open()
        yield lambda max_bytes=BOUND: closing(SqlMemo(db, max_bytes))


VALUES = [
    ("JSON", '{"claims": [{"text": "The port was closed.", "sentences": ["s1"]}]}'),
    ("nothing", ""),
    ("other scripts", '"Мост закрыт — 橋は閉鎖 🌉"'),
    ("NUL", '"a\0b"'),
    ("half a surrogate pair", '"\ud800"'),
    ("line ends", '"a\r\nb\rc"'),
    ("as long as the bound", "1" * BOUND),
]


@pytest.mark.parametrize("value", [value for _, value in VALUES], ids=[name for name, _ in VALUES])
def test_what_was_put_is_found(opened: Open, value: str) -> None:
    """A reply is found unaltered, by the same memo and by a later one."""
    with opened() as memo:
        assert memo.get(key("a")) is None
        memo.put(key("a"), value)
        assert memo.get(key("a")) == value
    with opened() as memo:
        assert memo.get(key("a")) == value
        assert memo.get(key("b")) is None


def test_a_later_reply_takes_the_place_of_an_earlier(opened: Open) -> None:
    """A key has one reply, whose size alone counts."""
    with opened(10) as memo:
        memo.put(key("a"), "1")
        for length in (9, 3, 9):
            memo.put(key("b"), "2" * length)
        assert (memo.get(key("a")), memo.get(key("b"))) == ("1", "2" * 9)


def test_a_closed_memo_is_empty(opened: Open) -> None:
    """After `close` nothing is found, kept or forgotten, and nothing raised."""
    with opened() as memo:
        memo.put(key("a"), "1")
        memo.close()
        memo.put(key("b"), "2")
        assert (memo.get(key("a")), memo.get(key("b")), memo.forget([key("a")])) == (None, None, False)
    with opened() as memo:
        assert (memo.get(key("a")), memo.get(key("b"))) == ("1", None)


EVICTIONS: Sequence[tuple[str, int, str, str]] = [
    # what is shown, the bound, what is done, what is left
    # (a: put 10 bytes; A: put 15; ?a: get; -a: forget; |: open anew)
    ("all fit", 30, "a b c", "abc"),
    ("the oldest goes", 30, "a b c d", "bcd"),
    ("a get is a use", 30, "a b c ?a d", "acd"),
    ("so is a put", 30, "a b c a d", "acd"),
    ("uses have an order", 30, "a b c ?b ?a D", "aD"),
    ("the last use counts", 30, "a b c ?a ?b ?a D", "aD"),
    ("a get that finds nothing is none", 30, "a b c ?x d", "bcd"),
    ("uses outlive the process", 30, "a b c ?a | d", "acd"),
    ("as many go as must", 30, "a b c D", "cD"),
    ("the newest stays", 15, "a b C", "C"),
    ("a reply beyond the bound is not kept", 14, "a B", "a"),
    ("a batch is a tenth", 200, "a b c d e f g h i j k l m n o p q r s t u", "defghijklmnopqrstu"),
    ("no room", 0, "a", ""),
    ("what is forgotten is gone", 30, "a b c -b", "ac"),
    ("and leaves its room", 30, "a b c -b d", "acd"),
    ("used before it was forgotten", 30, "a b ?a -a | c", "bc"),
    ("what is not there is forgotten too", 30, "a -x b", "ab"),
]  # fmt: skip


@pytest.mark.parametrize(("bound", "steps", "left"), [case[1:] for case in EVICTIONS], ids=[c[0] for c in EVICTIONS])
def test_the_least_recently_used_make_room(opened: Open, bound: int, steps: str, left: str) -> None:
    """Replies go in the order of their last use, when those that are kept would exceed the bound."""
    for session in steps.split("|"):
        with opened(bound) as memo:
            for step in session.split():
                if step.startswith("?"):
                    memo.get(key(step[1:]))
                elif step.startswith("-"):
                    assert memo.forget([key(step[1:])])
                else:
                    memo.put(key(step), step * (15 if step.isupper() else 10))
    with opened(bound) as memo:
        assert "".join(name for name in "abcdefghijklmnopqrstuBCDx" if memo.get(key(name))) == left


def test_the_bound_always_holds(opened: Open) -> None:
    """The sizes add up to no more than the bound and its hundredth, also where a later memo has a lower one."""
    chance = random.Random(1)  # noqa: S311
    keys = [key(number) for number in range(100)]
    for bound in (50_000, 20_000):
        with opened(bound) as memo:
            for number in range(200):
                memo.put(chance.choice(keys), "é" * chance.randrange(3_000))
                memo.get(chance.choice(keys))
                if number % 40 == 0:
                    assert 0 < sum(len((memo.get(k) or "").encode()) for k in keys) <= bound * 1.01


def test_threads_share_a_memo(opened: Open) -> None:
    """Threads that put, get and forget at once find what they put, and never another's."""
    with opened() as memo, ThreadPoolExecutor(8) as threads:

        def work(thread: int) -> bool:
            for number in range(30):
                memo.put(key((thread, number)), f"{thread} {number}")
                memo.put(key("all"), "the same")
                memo.get(key((thread - 1, number)))
            assert memo.forget([key((thread, number)) for number in range(10)])
            return all(memo.get(key((thread, n))) == (f"{thread} {n}" if n >= 10 else None) for n in range(30))

        assert all(threads.map(work, range(8)))
        assert memo.get(key("all")) == "the same"


EVERY: Sequence[tuple[str, Callable[[Keeps], object], object]] = [
    ("get", lambda memo: memo.get(key("a")), None),
    ("put", lambda memo: memo.put(key("a"), "1"), None),
    ("forget", lambda memo: memo.forget([key("a")]), False),
]


@pytest.mark.parametrize(("use", "answer"), [case[1:] for case in EVERY], ids=[case[0] for case in EVERY])
def test_without_a_database_a_memo_is_empty(use: Callable[[Keeps], object], answer: object) -> None:
    """Where the server can't be had nothing is raised, and what can't be forgotten is said."""
    with closing(Database(NOWHERE)) as gone, closing(SqlMemo(gone, BOUND)) as memo:
        assert use(memo) == answer
