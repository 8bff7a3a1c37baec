"""The memo in a file: it is shared, and never troubles its caller, whatever is wrong with the file."""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from service.storage.memo import SqliteMemo

BOUND = 1_000_000
REPLY = '{"claims": ["nobody else may read this"]}'


def key(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet, in folders that are not there yet."""
    return tmp_path / "data" / "concord" / "memo.db"


@contextmanager
def opened(path: Path, max_bytes: int = BOUND, clock: Callable[[], float] = lambda: 0.0) -> Iterator[SqliteMemo]:
    with closing(SqliteMemo(path, max_bytes, clock=clock)) as memo:
        yield memo


def test_many_gets_write_their_uses(path: Path) -> None:
    """Uses do not pile up until the next put."""
    with opened(path) as memo:
        for number in range(300):
            memo.put(key(number), "1")
        for number in range(250):
            memo.get(key(number))
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT max(used) FROM reply").fetchone()[0] >= 500


SCRIPT = """
import sys
from pathlib import Path
from service.storage.memo import SqliteMemo
memo = SqliteMemo(Path(sys.argv[1]), 10_000_000)
for number in range(int(sys.argv[3])):
    memo.put(f"{sys.argv[2]} {number}", f"{number}" * 1000)
    print(number, flush=True)
memo.close()
"""


def started(path: Path, name: str, puts: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, str(path), name, str(puts)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_share_a_file(path: Path) -> None:
    """Processes that begin one file at once lose nothing of what each puts, and have nothing to warn of."""
    processes = [started(path, name, 100) for name in "abcd"]
    assert [process.communicate(timeout=180)[1] for process in processes] == [""] * 4
    with opened(path, 10_000_000) as memo:
        assert all(memo.get(f"{name} {number}") == f"{number}" * 1000 for name in "abcd" for number in range(100))


def test_a_killed_process_leaves_a_usable_file(path: Path) -> None:
    """Whatever was put before the process was killed is found, and the file is sound."""
    with started(path, "a", 1_000_000) as process:
        assert process.stdout
        done = [int(next(process.stdout)) for _ in range(300)]
        process.kill()
    with opened(path, 10_000_000) as memo:
        assert all(memo.get(f"a {number}") == f"{number}" * 1000 for number in done)
        memo.put(key("b"), "1")
        assert memo.get(key("b")) == "1"
    assert sound(path)


FORK = """
import os, sys
from pathlib import Path
from service.storage.memo import SqliteMemo
memo = SqliteMemo(Path(sys.argv[1]), 10_000_000)
memo.put("before", "1")
child = os.fork()
for number in range(200):
    memo.put(f"{bool(child)} {number}", "1" * 3000)
found = memo.get("before") == "1"
memo.close()
if not child:
    os._exit(not found)
sys.exit(not found or os.waitpid(child, 0)[1])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_has_a_connection_of_its_own(path: Path) -> None:
    """A memo that is carried over a fork works on both sides."""
    process = subprocess.run([sys.executable, "-c", FORK, str(path)], capture_output=True, timeout=180, check=False)
    assert (process.returncode, process.stderr) == (0, b"")
    assert sound(path)
    with opened(path, 10_000_000) as memo:
        assert all(memo.get(f"{side} {number}") for side in (True, False) for number in range(200))


def test_the_file_is_its_owners_alone(path: Path) -> None:
    """No other user may read the files, whatever the umask, and also where they were readable before."""
    before = os.umask(0)
    try:
        with opened(path) as memo:
            memo.put(key("a"), REPLY)
            assert modes(path.parent) == {"memo.db": 0o600, "memo.db-wal": 0o600, "memo.db-shm": 0o600}
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        path.chmod(0o644)
        with opened(path) as memo:
            memo.put(key("a"), REPLY)
            assert set(modes(path.parent).values()) == {0o600}
    finally:
        os.umask(before)


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


class Narrow(SqliteMemo):
    """A memo on a disk of so many pages, and which does not wait for locks."""

    pages = 1_000_000

    def _open(self) -> sqlite3.Connection:
        connection = super()._open()
        connection.execute(f"PRAGMA max_page_count = {self.pages}")
        connection.execute("PRAGMA busy_timeout = 0")
        return connection


class Small(Narrow):
    pages = 20


def test_a_full_disk(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was kept is still found; what has no room is not kept; once there is room, replies are kept again."""
    with closing(Small(path, BOUND)) as memo:
        for number in range(100):
            memo.put(key(number), REPLY + "1" * 2_000)
        found = [number for number in range(100) if memo.get(key(number))]
        assert found == [*range(len(found))]
        assert 5 < len(found) < 50
    with opened(path) as memo:
        memo.put(key(99), REPLY)
        assert (memo.get(key(0)), memo.get(key(99))) == (REPLY + "1" * 2_000, REPLY)
    assert "SQLITE_FULL" in assert_warned(caplog)
    assert sound(path)


def test_a_locked_file(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """While another program has the file locked replies are found, not kept; writing is tried again after a rest."""
    time = [0.0]
    with closing(Narrow(path, BOUND, clock=lambda: time[0])) as memo, closing(sqlite3.connect(path)) as other:
        memo.put(key("a"), REPLY)
        other.execute("BEGIN IMMEDIATE")
        memo.put(key("b"), REPLY)
        assert (memo.get(key("a")), memo.get(key("b"))) == (REPLY, None)
        other.rollback()
        memo.put(key("b"), REPLY)
        assert memo.get(key("b")) is None
        time[0] = 60
        memo.put(key("b"), REPLY)
        assert (memo.get(key("a")), memo.get(key("b"))) == (REPLY, REPLY)
    assert "SQLITE_BUSY" in assert_warned(caplog)


def without_files(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


def replaced(path: Path) -> None:
    path.rename(f"{path}.old")
    path.touch()


LOSSES: Sequence[tuple[str, Callable[[Path], object]]] = [
    ("the folder", lambda path: shutil.rmtree(path.parent)),
    ("all files", without_files),
    ("the file alone", Path.unlink),
    ("the file, for another", replaced),
]


@pytest.mark.parametrize("lose", [lose for _, lose in LOSSES], ids=[name for name, _ in LOSSES])
def test_what_is_deleted_while_running_is_gone(
    path: Path, lose: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    """Deleted replies are not found, and a new file is begun, with its folder: deleting it is no fault."""
    with opened(path) as memo:
        memo.put(key("a"), REPLY)
        lose(path)
        assert memo.get(key("a")) is None
        memo.put(key("b"), REPLY)
        assert memo.get(key("b")) == REPLY
        assert kept(path) == len(REPLY)
    assert not caplog.records


def test_closing_does_not_bring_back_what_was_deleted(path: Path) -> None:
    """A folder that was deleted stays deleted if nothing is asked any more."""
    with opened(path) as memo:
        memo.put(key("a"), REPLY)
        memo.get(key("a"))
        shutil.rmtree(path.parent)
    assert not path.parent.exists()


def test_what_was_forgotten_is_overwritten(path: Path) -> None:
    """A forgotten reply can't be read from the file, and its size counts no more."""
    with opened(path) as memo:
        memo.put(key("a"), REPLY)
        memo.put(key("b"), "1")
        assert memo.forget([key("a"), key("x")])
    assert REPLY.encode() not in b"".join(contents(path.parent).values())
    assert sound(path)


def test_a_locked_file_is_forgotten_in_later(path: Path) -> None:
    """While another process writes nothing is forgotten, and that is said."""
    with opened(path) as memo, closing(sqlite3.connect(path, isolation_level=None)) as other:
        memo.put(key("a"), "1")
        other.execute("BEGIN IMMEDIATE")
        assert not memo.forget([key("a")])
        other.execute("ROLLBACK")
        assert memo.forget([key("a")])
        assert memo.get(key("a")) is None


def kept(path: Path) -> int:
    """The sizes of all replies, added up by another connection."""
    with closing(sqlite3.connect(path)) as other:
        return int(other.execute("SELECT sum(length(value)) FROM reply").fetchone()[0])


def sound(path: Path) -> bool:
    """SQLite finds the file in order, and the sum that it keeps is right."""
    with closing(sqlite3.connect(path)) as other:
        answers = [other.execute(query).fetchone() for query in ("PRAGMA integrity_check", "SELECT * FROM total")]
    return answers == [("ok",), (kept(path),)]


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


def contents(place: Path) -> dict[str, bytes]:
    """What stands in the files of a place, without those that SQLite makes to read another."""
    files = [place, *place.rglob("*")] if place.exists() else []
    return {str(file): file.read_bytes() for file in files if file.is_file() and not file.name.endswith("-shm")}


def assert_warned(caplog: pytest.LogCaptureFixture) -> str:
    """The warning, which is one of a kind and holds nothing of a reply."""
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == len({*messages}) >= 1
    assert {(record.name, record.levelno) for record in caplog.records} == {("concord", logging.WARNING)}
    assert not any(word in caplog.text for word in ("nobody", "claims", key("a")))
    return " ".join(messages)
