"""Replies of a model, memoised by content in one SQLite file that threads and processes share.

A memo saves time and money and is never needed: whatever is wrong with its file, `get` finds nothing, `put` does
nothing, and the log names the fault once. Replies are confidential: the file is its owner's, and none is ever logged.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

_LOG = logging.getLogger("concord")
_OURS = (0x434F4E43, 1)  # application_id ("CONC") and user_version: the version of the schema
_MARKS = "SELECT a.*, v.*, (SELECT count(*) FROM sqlite_master) FROM pragma_application_id a, pragma_user_version v"
_SCHEMA = (  # `used` counts and tells no time, for clocks are set back; triggers keep the sum right at no scan's cost
    "CREATE TABLE reply (id INTEGER PRIMARY KEY, used INT, size INT, seal INT, key TEXT UNIQUE, value BLOB)",
    "CREATE INDEX reply_by_use ON reply (used)",
    "CREATE TABLE total AS SELECT 0 AS bytes",
    "CREATE TRIGGER added AFTER INSERT ON reply BEGIN UPDATE total SET bytes = bytes + new.size; END",
    "CREATE TRIGGER removed AFTER DELETE ON reply BEGIN UPDATE total SET bytes = bytes - old.size; END",
    f"PRAGMA application_id = {_OURS[0]}",
    f"PRAGMA user_version = {_OURS[1]}",
)
_NEXT = "(SELECT coalesce(max(used), 0) + 1 FROM reply)"
_USE = f"UPDATE reply SET used = {_NEXT} WHERE key = ?"  # noqa: S608 (constants alone, as below)
_ADD = f"INSERT INTO reply (used, size, seal, key, value) VALUES ({_NEXT}, ?, ?, ?, ?)"  # noqa: S608
_EVICT = (  # a tenth, so that few puts evict, and never the newest; at most 500, for others wait as long as it lasts
    "DELETE FROM reply WHERE id IN (SELECT id FROM reply ORDER BY used LIMIT (SELECT"
    " CASE WHEN bytes > ? THEN (SELECT min(count(*) / 10 + 1, 500) FROM reply) ELSE 0 END FROM total))"
)
_BUSY_SECONDS = 1.0  # how long a write waits for another process: one takes well under a millisecond
_REST_SECONDS = 30.0  # after a failed write or opening: a full disk or a stuck lock is not tried at every call
_MOST_USES = 100  # uses that wait to be written: as many take some 4 ms

_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL}  # the connection stays good for reading
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# and, since all statements are ours, what they meet only where the tables are not as they were made
_BROKEN |= {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH}


class _Damaged(sqlite3.DatabaseError):  # as SQLite would tell it
    sqlite_errorcode, sqlite_errorname = sqlite3.SQLITE_CORRUPT, "a reply is damaged"


class SqliteMemo:
    """Replies by key, at most `max_bytes` of them: the least recently used make room. No fault gets out."""

    def __init__(self, path: Path, max_bytes: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._max_bytes, self._clock = path.absolute(), max_bytes, clock
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._broken, self._file = False, self._found()
        self._open_after = self._write_after = float("-inf")
        self._uses, self._logged = dict[str, None](), set[str]()
        self._attempt(lambda _: None)  # what is wrong with the file is told at the start

    def get(self, key: str) -> str | None:
        """The reply that was put for this key, unaltered, or nothing."""
        reply = self._attempt(lambda connection: self._read(connection, key))
        if len(self._uses) >= _MOST_USES:
            self._attempt(self._write)
        return reply

    def put(self, key: str, value: str) -> None:
        """Keep a reply, in place of an earlier one for the same key."""
        body = value.encode(errors="surrogatepass")
        if len(body) <= self._max_bytes:
            self._attempt(lambda connection: self._write(connection, key, body))

    def forget(self, keys: Collection[str]) -> bool:
        """Forget replies, if they are there. False if that can't be done now."""
        return self._attempt(lambda connection: self._erase(connection, keys)) is not None

    def open(self, job_id: str | None, owner: str | None = None) -> SqliteMemo:  # noqa: ARG002
        """This, for a run whose uses of replies nobody writes down: one of the command line, which is no key's."""
        return self

    def close(self) -> None:
        """Let go of the file; after that nothing is found or kept."""
        with self._lock:
            if self._uses and self._file == self._found():  # a deleted file is not made anew for this
                self._attempt(self._write)
            self._drop()
            self._broken, self._open_after = False, float("inf")

    def _attempt(self, work: Callable[[sqlite3.Connection], str | None]) -> str | None:
        """The only way to the file: one thread at a time, and no fault gets out."""
        with self._lock:
            for _ in range(2):  # the second time with a file opened or begun anew
                try:
                    connection = self._connected()
                    return None if connection is None else work(connection)
                except (sqlite3.Error, OSError, MemoryError, UnicodeDecodeError) as error:
                    self._note(error)
        return None

    def _note(self, error: BaseException) -> None:
        code = getattr(error, "sqlite_errorcode", -1) & 0xFF
        # not the message, which may quote what stands in a damaged file
        kind = getattr(error, "sqlite_errorname", None) or getattr(error, "strerror", None) or type(error).__name__
        if kind not in self._logged:
            self._logged.add(kind)
            _LOG.warning("model replies may not be kept: %s can't be used as it should: %s", self._path, kind)
        self._broken = code in _BROKEN or isinstance(error, UnicodeDecodeError)  # as the names in a damaged schema
        if code not in _PASSING:
            self._drop()

    def _read(self, connection: sqlite3.Connection, key: str) -> str | None:
        row = connection.execute("SELECT value, seal FROM reply WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        if not isinstance(row[0], bytes) or row[1] != _seal(key, row[0]):
            raise _Damaged
        # Written with a later put: a get writes nothing, or seldom, and so waits for no other process.
        self._uses[key] = self._uses.pop(key, None)
        return row[0].decode(errors="surrogatepass")

    def _write(self, connection: sqlite3.Connection, key: str | None = None, body: bytes = b"") -> None:
        """Write the uses since the last time, and the reply if there is one, as one transaction."""
        uses, self._uses = self._uses, {}
        if self._clock() < self._write_after:
            return
        self._write_after = self._clock() + _REST_SECONDS
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(_USE, ((used,) for used in uses))
            if key is not None:
                connection.execute("DELETE FROM reply WHERE key = ?", (key,))
                connection.execute(_ADD, (len(body), _seal(key, body), key, body))
                while connection.execute(_EVICT, (self._max_bytes,)).rowcount:
                    pass
        self._write_after = float("-inf")

    def _erase(self, connection: sqlite3.Connection, keys: Collection[str]) -> str:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("DELETE FROM reply WHERE key = ?", ((key,) for key in keys))
        return ""

    def _connected(self) -> sqlite3.Connection | None:
        """The connection, made anew if the file was deleted or replaced or the process forked."""
        if self._connection is not None and self._file != self._found():
            self._drop()
        if self._connection is None and (self._broken or self._clock() >= self._open_after):
            self._open_after = self._clock() + _REST_SECONDS
            self._connection = self._open()
            self._broken, self._open_after = False, float("-inf")
        return self._connection

    def _found(self) -> tuple[int, int, int]:
        """Which process finds which file under the path. While a file is open no other gets its number."""
        with suppress(OSError):
            status = self._path.stat()
            return os.getpid(), status.st_dev, status.st_ino
        return 0, 0, 0

    def _open(self) -> sqlite3.Connection:
        files = [Path(f"{self._path}{suffix}") for suffix in ("-wal", "-shm", "")]
        if self._broken and self._file == self._found():  # else another process set it aside already
            for file in files:
                with suppress(FileNotFoundError):
                    file.replace(f"{self._path}.corrupt{file.name.removeprefix(self._path.name)}")
            self._write_after = float("-inf")
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):  # an open existing file must not be closed: SQLite's locks on it would go
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self._file = self._found()
        connection = sqlite3.connect(self._path, _BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        for file in files:
            with suppress(OSError):
                file.chmod(0o600)
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._uses = None, {}


def _prepare(connection: sqlite3.Connection) -> None:
    """Make an empty file a memo; refuse another program's or version's before anything in it is changed."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")  # of several processes one makes the schema
        mark, version, tables = connection.execute(_MARKS).fetchone()
        if (mark, version, tables) == (0, 0, 0):
            for statement in _SCHEMA:
                connection.execute(statement)
        elif (mark, version) != _OURS:
            raise OSError(0, f"no memo of version {_OURS[1]}: application id {mark}, version {version}")
    for _ in range(50):  # SQLite does not wait when two processes switch a file at once
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")  # so that readers and a writer don't wait for each other
            break
        time.sleep(0.01)
    connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last replies, not the file
    connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten, with any build of SQLite
    connection.execute("PRAGMA journal_size_limit = 4000000")


def _seal(key: str, value: bytes) -> int:
    """A checksum, which SQLite has not: a damaged page must not give a reply with other figures."""
    return zlib.crc32(value, zlib.crc32(key.encode()))
