"""A memo whose file is damaged or can not be used: it is set aside or left alone, and troubles nobody."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage.memos import REPLY, assert_warned, contents, key, modes, opened, sound


def overwritten(path: Path, start: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(content)


def without_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE reply")


def misnamed(path: Path) -> None:
    """A schema that SQLite can't read, and can't even tell of in UTF-8."""
    content = path.read_bytes().replace(b"CREATE INDEX", b"CREATE_INDEX").replace(b"reply_by_use", b"\xea" * 12)
    path.write_bytes(content)


def misread(path: Path) -> None:
    """Other figures in the reply, which SQLite does not notice."""
    content = path.read_bytes()
    assert REPLY.encode() in content
    path.write_bytes(content.replace(b"nobody", b"19,000"))


DAMAGE: Sequence[tuple[str, Callable[[Path], object]]] = [
    ("no database", lambda path: path.write_text(REPLY * 100)),
    ("a short text", lambda path: path.write_text(REPLY)),
    ("another header", lambda path: overwritten(path, 0, b"x" * 16)),
    ("cut off", lambda path: os.truncate(path, 5_000)),
    ("empty pages", lambda path: overwritten(path, 4_096, b"\0" * 8_192)),
    ("a schema of nonsense", lambda path: overwritten(path, 100, b"\xea" * 3_996)),
    ("names that are no UTF-8", misnamed),
    ("no tables", without_tables),
    ("another reply", misread),
]


@pytest.mark.parametrize("damage", [damage for _, damage in DAMAGE], ids=[name for name, _ in DAMAGE])
@pytest.mark.parametrize("running", [False, True], ids=["at the start", "while running"])
def test_a_damaged_file_is_set_aside(
    path: Path, damage: Callable[[Path], object], running: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is read from it, a new one is begun at once, the old one is kept, and the log does not quote it."""
    with opened(path) as memo:
        memo.put(key("a"), REPLY)
    with opened(path) as memo:
        if not running:
            memo.close()
        damage(path)
        with opened(path) as other:
            used = memo if running else other
            assert used.get(key("a")) is None
            used.put(key("b"), REPLY)
            assert used.get(key("b")) == REPLY
    assert sound(path)
    assert modes(path.parent).keys() >= {"memo.db", "memo.db.corrupt"}
    assert_warned(caplog)


def test_a_put_that_meets_damage_is_kept_in_the_new_file(path: Path) -> None:
    """What is put at the moment of the discovery is not lost."""
    with opened(path) as memo:
        memo.put(key("a"), REPLY)
    with opened(path) as memo:
        without_tables(path)
        memo.put(key("b"), REPLY)
        assert memo.get(key("b")) == REPLY


def test_an_empty_file_is_a_new_memo(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file without content is no damage."""
    path.parent.mkdir(parents=True)
    path.touch()
    with opened(path) as memo:
        memo.put(key("a"), "1")
        assert memo.get(key("a")) == "1"
    assert not caplog.records


def of_version_2(path: Path) -> None:
    with opened(path) as memo:
        memo.put(key("a"), REPLY)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")


def of_another_program(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE reply (key TEXT)")
        connection.execute("PRAGMA user_version = 1")


def below_a_file(path: Path) -> None:
    path.parent.parent.mkdir(parents=True)
    path.parent.write_text(REPLY)


UNUSABLE: Sequence[tuple[str, Callable[[Path], object], str]] = [
    ("a newer memo", of_version_2, "version 2"),
    ("another program's database", of_another_program, "application id 0"),
    ("a folder that is a file", below_a_file, "File exists"),
    ("a file that is a folder", lambda path: path.mkdir(parents=True), "SQLITE_CANTOPEN"),
]


@pytest.mark.parametrize(("make", "word"), [case[1:] for case in UNUSABLE], ids=[case[0] for case in UNUSABLE])
def test_what_can_not_be_used_is_left_alone(
    path: Path, make: Callable[[Path], object], word: str, caplog: pytest.LogCaptureFixture
) -> None:
    """There is no memo then: nothing is found or raised, what is there stays as it was, the log says why, once."""
    make(path)
    before = contents(path.parent)
    with opened(path, clock=iter(range(0, 1_000, 20)).__next__) as memo:
        for _ in range(5):
            memo.put(key("a"), REPLY)
            assert memo.get(key("a")) is None
    assert contents(path.parent) == before
    assert word in assert_warned(caplog)


def test_a_place_that_becomes_usable_is_used(tmp_path: Path) -> None:
    """After a failed opening the memo rests, and then tries again."""
    place, time = tmp_path / "place", [0.0]
    place.touch()
    with opened(place / "memo.db", clock=lambda: time[0]) as memo:
        place.unlink()
        memo.put(key("a"), "1")
        assert not place.exists()
        time[0] = 60
        memo.put(key("a"), "1")
        assert memo.get(key("a")) == "1"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Without the right to write there is no memo, and no error."""
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o500)
    with opened(path) as memo:
        memo.put(key("a"), REPLY)
        assert memo.get(key("a")) is None
    path.parent.chmod(0o700)
    assert_warned(caplog)
