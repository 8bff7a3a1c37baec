"""Replies of a model and who used them: what only one job used is forgotten with it, wherever replies are kept.

A use is recorded before the reply is looked for, so that no crash leaves one that nobody would know to forget; of
a job that is forgotten already none is recorded. Where the database can't be had a run goes on without its memo:
that costs money, and keeps the promise. A run that is no job counts as a user as long as a job is kept. Runs of the
command line have no database and are not counted: a reply that a job and such a run used is forgotten with the job.

Replies that were asked for with a caller's key are that key's: by `memoised`, or by how soon an answer comes, another
key would learn that somebody has asked the same.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Collection
from typing import Protocol

import sqlalchemy as sa

from service.storage.database import FORGETTING, Database
from service.storage.resting import Resting
from service.storage.tables import job, orphan, reply_use

_NO_JOB = ""
_FRESH_SECONDS = 3_600.0  # a use is not written again for so long
_AT_ONCE = 500  # replies that are forgotten in one transaction


class Keeps(Protocol):
    """Keeps replies. Never raises."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str) -> None: ...

    def forget(self, keys: Collection[str]) -> bool:
        """Forget replies, if they are there. False if that can't be done now."""

    def close(self) -> None: ...


class Replies:
    """The memos of all runs of a process: one keeper of replies, and in the database who used them."""

    def __init__(self, database: Database, kept: Keeps | None, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._kept = kept
        self._clock = clock
        self._resting = Resting()
        self._forgetting = threading.Lock()

    def open(self, job_id: str | None, owner: str | None = None) -> RunReplies | None:
        """The memo of a run that is done for an owner, or for nobody; None if nothing is kept."""
        return RunReplies(self, self._kept, job_id or _NO_JOB, owner) if self._kept else None

    def record(self, job_id: str, key: str) -> bool:
        """Write down that a job uses a reply. False if it is forgotten, or the database can't be had."""
        return bool(self._resting(self._record, job_id, key))

    def _record(self, job_id: str, key: str) -> bool:
        with self._database.begin() as connection:
            if job_id != _NO_JOB:  # locked, for it might be forgotten at this moment
                known = sa.select(job.c.id).where(job.c.id == job_id).with_for_update(read=True, key_share=True)
                if connection.scalar(known) is None:
                    return False
            use = self._database.insert(reply_use).values(job_id=job_id, key=key, at=self._clock())
            stale = reply_use.c.at < self._clock() - _FRESH_SECONDS
            connection.execute(
                use.on_conflict_do_update(index_elements=["job_id", "key"], set_={"at": use.excluded.at}, where=stale)
            )
            return True

    def is_recorded(self, job_id: str, key: str) -> bool:
        """True if a use stands; False if it was forgotten, or the database can't be had."""
        return bool(self._resting(self._is_recorded, job_id, key))

    def _is_recorded(self, job_id: str, key: str) -> bool:
        with self._database.read() as connection:
            use = (reply_use.c.job_id == job_id, reply_use.c.key == key)
            return connection.scalar(sa.select(reply_use.c.key).where(*use)) is not None

    def forget_orphans(self) -> None:
        """Forget the replies that nobody uses any more. Raises StorageUnavailable."""
        if self._kept:
            with self._forgetting:  # each holds a connection while it waits for another
                while self._forget_some(self._kept):
                    pass

    def _forget_some(self, kept: Keeps) -> bool:
        """Forget some; True if there are more. Whoever dies in the midst of it leaves them to the next."""
        with self._database.begin() as connection:
            if connection.scalar(sa.select(orphan.c.key).limit(1)) is None:
                return False
            self._database.alone(connection, FORGETTING)  # none becomes an orphan meanwhile that goes unseen
            connection.execute(sa.delete(orphan).where(orphan.c.key.in_(sa.select(reply_use.c.key))))
            keys = list(connection.scalars(sa.select(orphan.c.key).limit(_AT_ONCE)))
            if not kept.forget(keys):
                return False
            connection.execute(sa.delete(orphan).where(orphan.c.key.in_(keys)))
            return len(keys) == _AT_ONCE

    def tidy(self, kept: float) -> None:
        """Forget what could not be forgotten in time, and uses by runs that ended more than some seconds ago.

        Raises StorageUnavailable.
        """
        with self._database.begin() as connection:
            old = (reply_use.c.job_id == _NO_JOB, reply_use.c.at < self._clock() - kept)
            connection.execute(sa.delete(reply_use).where(*old))
        self.forget_orphans()

    def close(self) -> None:
        """Let go of the replies."""
        if self._kept:
            self._kept.close()


class RunReplies:
    """The memo of one run."""

    def __init__(self, replies: Replies, kept: Keeps, job_id: str, owner: str | None = None) -> None:
        self._replies = replies
        self._kept = kept
        self._job_id = job_id
        self._owner = owner
        self._recorded: set[str] = set()

    def get(self, key: str) -> str | None:
        """The reply of a key, if there is one, once it is recorded who uses it."""
        key = self._own(key)
        if not self._replies.record(self._job_id, key):
            return None
        self._recorded.add(key)
        return self._kept.get(key)

    def put(self, key: str, value: str) -> None:
        """Keep the reply of a key that was looked for."""
        key = self._own(key)
        if key not in self._recorded:  # nobody would know to forget it
            return
        self._kept.put(key, value)
        if not self._replies.is_recorded(self._job_id, key):  # the job was forgotten while the model answered
            self._kept.forget([key])

    def _own(self, key: str) -> str:
        """The key under which a reply is kept for this owner."""
        return key if self._owner is None else hashlib.sha256(f"{self._owner}:{key}".encode()).hexdigest()


def orphan_replies(database: Database, connection: sa.Connection, job_id: str) -> None:
    """Note which replies nobody uses without this job, and that it uses none. For one transaction at a time."""
    others = reply_use.alias()
    used = sa.exists().where(others.c.key == reply_use.c.key, others.c.job_id != job_id)
    alone = sa.select(reply_use.c.key).where(reply_use.c.job_id == job_id, ~used)
    connection.execute(database.insert(orphan).from_select(["key"], alone).on_conflict_do_nothing())
    connection.execute(sa.delete(reply_use).where(reply_use.c.job_id == job_id))
