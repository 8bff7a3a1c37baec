"""The memo in a file: shared by processes, its owner's alone, and no trouble where it is full, locked or deleted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from service.storage.memo import SqliteMemo
from tests.storage.memos import BOUND, REPLY, assert_warned, contents, kept, key, modes, opened, sound


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
