"""Replies in the database of jobs: for PostgreSQL, where workers on many machines share them.

As memo.py has it: never needed, so that no fault gets out, and nothing of a reply is logged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import ParamSpec, TypeVar

import sqlalchemy as sa

from service.storage.database import Database
from service.storage.resting import Resting
from service.storage.tables import reply

P = ParamSpec("P")
T = TypeVar("T")
_MOST_USES = 100  # that wait to be written
_SHARE = 100  # of the bound: the sizes are added up again whenever a process has put that part of it
_MOST_EVICTED = 500  # at once, as others may wait for it
_LAST = sa.select(sa.func.coalesce(sa.func.max(reply.c.used), 0)).scalar_subquery()  # no time: clocks are set back


class SqlMemo:
    """Replies by key, at most `max_bytes` of them and 1 % for each process: the least recently used make room."""

    def __init__(self, database: Database, max_bytes: int) -> None:
        self._database = database
        self._max_bytes = max_bytes
        self._resting = Resting()
        self._lock = threading.Lock()
        self._uses = dict[str, None]()
        self._unweighed = max_bytes  # bytes put since the sizes were added up
        self._closed = False

    def get(self, key: str) -> str | None:
        """The reply that was put for this key, unaltered, or nothing."""
        body = self._attempt(self._read, key)
        if body is None:
            return None
        with self._lock:
            self._uses[key] = self._uses.pop(key, None)
            many = len(self._uses) >= _MOST_USES
        if many:
            self._attempt(self._touch)
        return body.decode(errors="surrogatepass")

    def put(self, key: str, value: str) -> None:
        """Keep a reply, in place of an earlier one for the same key."""
        body = value.encode(errors="surrogatepass")
        if len(body) <= self._max_bytes:
            self._attempt(self._touch)
            self._attempt(self._write, key, body)

    def forget(self, keys: Collection[str]) -> bool:
        """Forget replies, if they are there. False if that can't be done now."""
        return bool(self._attempt(self._erase, keys))

    def close(self) -> None:
        """Let go: after that nothing is found or kept. The database is its owner's to close."""
        self._attempt(self._touch)
        self._closed = True

    def _attempt(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        return None if self._closed else self._resting(work, *args, **kwargs)

    def _read(self, key: str) -> bytes | None:
        with self._database.read() as connection:
            body: bytes | None = connection.scalar(sa.select(reply.c.value).where(reply.c.key == key))
            return body

    def _touch(self) -> None:
        """Write the uses since the last time."""
        with self._lock:
            uses, self._uses = list(self._uses), {}
        if uses:
            with self._database.begin() as connection:
                _lock(connection, uses)
                last = connection.scalar(sa.select(_LAST)) or 0
                values = [{"name": key, "number": last + n} for n, key in enumerate(uses, start=1)]
                found = reply.c.key == sa.bindparam("name")
                connection.execute(sa.update(reply).where(found).values(used=sa.bindparam("number")), values)

    def _write(self, key: str, body: bytes) -> None:
        with self._database.begin() as connection:
            row = self._database.insert(reply).values(key=key, value=body, size=len(body), used=_LAST + 1)
            new = {name: row.excluded[name] for name in ("value", "size", "used")}
            connection.execute(row.on_conflict_do_update(index_elements=["key"], set_=new))
        with self._lock:
            self._unweighed += len(body)
            due = self._unweighed > self._max_bytes // _SHARE
            self._unweighed = 0 if due else self._unweighed
        if due:
            self._evict()

    def _evict(self) -> None:
        """Let the least recently used go until the rest keeps to the bound: a tenth at a time, never the newest."""
        with self._database.begin() as connection:
            size, count = connection.execute(sa.select(sa.func.sum(reply.c.size), sa.func.count())).one()
            while (size or 0) > self._max_bytes:
                most = min(count // 10 + 1, _MOST_EVICTED)
                oldest = sa.select(reply.c.key).order_by(reply.c.used).limit(most).with_for_update(skip_locked=True)
                gone = sa.delete(reply).where(reply.c.key.in_(oldest)).returning(reply.c.size)
                sizes = list(connection.scalars(gone))
                if not sizes:  # others evict them
                    return
                size, count = size - sum(sizes), count - len(sizes)

    def _erase(self, keys: Collection[str]) -> bool:
        with self._database.begin() as connection:
            _lock(connection, keys)
            connection.execute(sa.delete(reply).where(reply.c.key.in_(keys)))
            return True


def _lock(connection: sa.Connection, keys: Collection[str]) -> None:
    """Lock replies in one order, so that of two transactions that change several neither waits for the other."""
    connection.execute(sa.select(reply.c.key).where(reply.c.key.in_(keys)).order_by(reply.c.key).with_for_update())
