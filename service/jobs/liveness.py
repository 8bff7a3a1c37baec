"""Who lives: each process that runs jobs holds a lock as long as it does, which others find free once it died.

On one machine the lock is on a file; on PostgreSQL it is a session's advisory lock, which the server frees when
the connection ends. The engine starts the dead one's jobs anew (see durable.py).
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

_SETTLED = 5.0  # seconds after which all who lived through a restart of the server hold their locks again
WATCHFUL: dict[str, Any] = {
    "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}  # fmt: skip
"""What libpq is told: a server that went silent is noticed within about 10 s, and not in hours."""
_LOCK = "hashtextextended(%s, 4242)"


class Liveness(Protocol):
    """Blocks; made for a thread of its own, one call at a time."""

    def hold(self, me: str) -> None:
        """Hold my lock, anew if it was lost."""

    def free(self, others: Collection[str]) -> set[str]:
        """Those of these whose lock nobody holds; none while that can't be told."""

    def close(self) -> None: ...


class FileLocks:
    """Locks on files of a folder. The system frees them when a process ends, however it does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: tuple[Path, int] | None = None

    def hold(self, me: str) -> None:
        if self._held is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._folder / me
            self._held = file, os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._held[1], fcntl.LOCK_EX | fcntl.LOCK_NB)

    def free(self, others: Collection[str]) -> set[str]:
        return {other for other in others if self._is_free(other)}

    def _is_free(self, other: str) -> bool:
        try:
            found = os.open(self._folder / other, os.O_RDWR)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(found)
        with suppress(FileNotFoundError):
            (self._folder / other).unlink()
        return True

    def close(self) -> None:
        if self._held is not None:
            file, descriptor = self._held
            file.unlink(missing_ok=True)
            os.close(descriptor)
            self._held = None


class AdvisoryLocks:
    """Locks of a session of PostgreSQL, on a connection of their own. Not through a pool that shares sessions."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._connection: Any = None
        self._since = 0.0

    def hold(self, me: str) -> None:
        """Hold my lock. Raises psycopg.Error while the server can't be had."""
        if self._connection is not None and not self._connection.closed:
            self._connection.execute("SELECT 1")
            return
        import psycopg

        self._connection = psycopg.connect(self._url, autocommit=True, **WATCHFUL)
        self._connection.execute(f"SELECT pg_advisory_lock({_LOCK})", (me,))
        self._since = self._clock()

    def free(self, others: Collection[str]) -> set[str]:
        if self._clock() - self._since < _SETTLED:  # after a restart the living need a moment to lock anew
            return set()
        return {other for other in others if self._is_free(other)}

    def _is_free(self, other: str) -> bool:
        taken = self._connection.execute(f"SELECT pg_try_advisory_lock({_LOCK})", (other,)).fetchone()[0]
        if taken:
            self._connection.execute(f"SELECT pg_advisory_unlock({_LOCK})", (other,))
        return bool(taken)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
