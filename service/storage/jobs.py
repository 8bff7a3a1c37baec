"""Jobs in the database: every method one transaction, and what a worker writes fenced by its attempt."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from service.callers import Used
from service.core.errors import KeyTaken, Overloaded, RateLimited, StorageUnavailable
from service.jobs.model import OPEN, Attempt, Event, Job, NewJob, Owner, Status
from service.storage.database import FORGETTING, Database
from service.storage.keys import count, to_micro
from service.storage.replies import Replies, orphan_replies
from service.storage.tables import api_key, event, hold, job, request, result

_WAITING = (Status.QUEUED.value,)
_RETRY_SECONDS = 30.0  # what a client is told to wait when the queue is full
_BUSY_SECONDS = 10.0  # what a client is told to wait that has as many jobs as it may
_FIELDS = [getattr(job.c, name) for name in Job.__slots__]


class SqlJobStore:
    """JobStore over a database; `replies` forgets those that nobody uses any more."""

    def __init__(
        self,
        database: Database,
        replies: Replies | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._replies = replies or Replies(database, None)
        self._clock = clock

    def add(self, new: NewJob, most_waiting: int) -> tuple[Job, bool]:
        with self._database.begin() as connection:
            known = _of_key(connection, new.key, new.digest)
            if known:
                return known, False
            if new.owner:
                _make_room(connection, new.owner)
            waiting = _count_waiting(connection)
            if waiting >= most_waiting:
                raise Overloaded(
                    f"{waiting} jobs wait already, and no more may (CONCORD_MAX_WAITING)", _RETRY_SECONDS
                )
            if not self._insert(connection, new):  # the key came in by another process meanwhile
                return _of_key(connection, new.key, new.digest) or _taken(), False
            return _found(connection, new.id) or _taken(), True

    def _insert(self, connection: sa.Connection, new: NewJob) -> bool:
        """Add a job; False if its key is taken."""
        values: dict[str, Any] = {"id": new.id, "key": new.key, "digest": new.digest, "notes": new.notes}
        values |= {"owner": new.owner.id if new.owner else None, "cause": new.cause}
        values |= {
            "status": Status.QUEUED.value,
            "attempts": 0,
            "excused": 0,
            "progress": "{}",
            "spent": "{}",
            "sent": False,
        }
        statement = self._database.insert(job).values(**values, created_at=self._clock())
        added = statement.on_conflict_do_nothing(index_elements=["key"]).returning(job.c.id)
        if connection.scalar(added) is None:  # not by `rowcount`, which psycopg's is not asked for
            return False
        connection.execute(sa.insert(request).values(job_id=new.id, body=new.request))
        if new.owner and new.owner.hold:
            ended = sa.delete(hold).where(hold.c.id == new.owner.hold).returning(hold.c.micro_usd)
            connection.execute(sa.update(job).where(job.c.id == new.id).values(held=connection.scalar(ended)))
        return True

    def known(self, key: str, digest: str) -> Job | None:
        with self._database.read() as connection:
            return _of_key(connection, key, digest)

    def find(self, job_id: str) -> Job | None:
        if not _can_be(job_id):
            return None
        with self._database.read() as connection:
            return _found(connection, job_id)

    def result(self, job_id: str) -> str | None:
        with self._database.read() as connection:
            body: str | None = connection.scalar(sa.select(result.c.body).where(result.c.job_id == job_id))
            return body

    def request(self, job_id: str) -> str | None:
        with self._database.read() as connection:
            body: str | None = connection.scalar(sa.select(request.c.body).where(request.c.job_id == job_id))
            return body

    def begin(self, job_id: str) -> Attempt | None:
        with self._database.begin() as connection:
            started = sa.func.coalesce(job.c.started_at, self._clock())
            row = connection.execute(
                sa.update(job)
                .where(job.c.id == job_id, job.c.status.in_(OPEN))
                .values(status=Status.RUNNING.value, attempts=job.c.attempts + 1, started_at=started, sent=True)
                .returning(job.c.attempts, job.c.excused, job.c.spent, job.c.owner, job.c.cause, job.c.held)
            ).one_or_none()
            if row is None:
                return None
            body = connection.scalar(sa.select(request.c.body).where(request.c.job_id == job_id))
            last = connection.scalar(sa.select(sa.func.max(event.c.number)).where(event.c.job_id == job_id))
            known = (row.excused, row.owner, row.cause or "{}", row.held)
            return Attempt(job_id, row.attempts, body or "", row.spent, last or 0, *known)

    def note(self, attempt: Attempt, events: Sequence[Event], progress: str, spent: str) -> bool:
        with self._database.begin() as connection:
            if not self._write(connection, attempt, progress=progress, spent=spent):
                return False
            self._add_events(connection, attempt.job_id, events)
            return True

    def _add_events(self, connection: sa.Connection, job_id: str, events: Sequence[Event]) -> None:
        if events:
            rows = [{"job_id": job_id, "number": e.number, "kind": e.kind, "data": e.data} for e in events]
            # What was written by a commit whose answer got lost is written again, and stands already.
            connection.execute(self._database.insert(event).on_conflict_do_nothing(), rows)

    def finish(self, attempt: Attempt, status: Status, body: str | None, problem: str | None, spent: str) -> bool:
        with self._database.begin() as connection:
            ended: dict[str, Any] = {"status": status.value, "problem": problem, "finished_at": self._clock()}
            if not self._write(connection, attempt, spent=spent, **ended):
                return False
            if body is not None:
                connection.execute(sa.insert(result).values(job_id=attempt.job_id, body=body))
            return True

    def blame(self, attempt: Attempt, problem: str, spent: str) -> bool:
        with self._database.begin() as connection:
            return self._write(connection, attempt, problem=problem, spent=spent)

    def excuse(self, attempt: Attempt, spent: str) -> bool:
        with self._database.begin() as connection:
            return self._write(connection, attempt, excused=job.c.excused + 1, spent=spent)

    def _write(self, connection: sa.Connection, attempt: Attempt, *, spent: str, **values: Any) -> bool:
        """Write what an attempt has to say of its job, unless a later one has begun or the job is over or gone.

        What it spent since the last word of it is counted as its owner's in the same transaction, and held no more:
        once, whatever becomes of the worker or the job.
        """
        own = (job.c.id == attempt.job_id, job.c.attempts == attempt.number, job.c.status == Status.RUNNING.value)
        more = 0
        if attempt.owner:
            known = connection.execute(sa.select(job.c.spent, job.c.held).where(*own).with_for_update()).one_or_none()
            more = max(to_micro(spent) - to_micro(known.spent), 0) if known else 0
            if known and known.held is not None:
                values["held"] = max(known.held - more, 0)
        if connection.execute(sa.update(job).where(*own).values(spent=spent, **values)).rowcount == 0:
            return False
        if attempt.owner and more:
            count(connection, attempt.owner, Used(micro_usd=more), self._clock())
        return True

    def events(self, job_id: str, after: int) -> list[Event]:
        with self._database.read() as connection:
            query = sa.select(event.c.number, event.c.kind, event.c.data)
            found = query.where(event.c.job_id == job_id, event.c.number > after).order_by(event.c.number)
            return [Event(*row) for row in connection.execute(found)]

    def changes(self, job_ids: Collection[str]) -> dict[str, tuple[int, bool]]:
        with self._database.read() as connection:
            last = sa.select(sa.func.max(event.c.number)).where(event.c.job_id == job.c.id).scalar_subquery()
            known = [job_id for job_id in job_ids if _can_be(job_id)]
            rows = connection.execute(sa.select(job.c.id, job.c.status, last).where(job.c.id.in_(known)))
            return {job_id: (number or 0, Status(status).over) for job_id, status, number in rows}

    def forget(self, job_id: str) -> bool:
        if not _can_be(job_id):
            return False
        with self._database.begin() as connection:
            self._database.alone(connection, FORGETTING)
            # the job first: whoever records that it uses a reply has done so before, or finds no job
            known = connection.execute(sa.delete(job).where(job.c.id == job_id)).rowcount > 0
            orphan_replies(self._database, connection, job_id)
        with suppress(StorageUnavailable):  # the next `tidy` does it
            self._replies.forget_orphans()
        return known

    def keyed(self, start: str) -> list[str]:
        with self._database.read() as connection:
            return list(connection.scalars(sa.select(job.c.id).where(job.c.key.startswith(start, autoescape=True))))

    def waiting(self) -> int:
        with self._database.read() as connection:
            return _count_waiting(connection)

    def running(self) -> int:
        """How many jobs are being worked on, wherever that is."""
        with self._database.read() as connection:
            query = sa.select(sa.func.count()).select_from(job).where(job.c.status == Status.RUNNING.value)
            return connection.scalar(query) or 0

    def unsent(self, older: float) -> list[str]:
        with self._database.read() as connection:
            now = self._clock()  # which may have been set back: a job of the future is late too
            late = sa.or_(job.c.created_at < now - older, job.c.created_at > now)
            return list(connection.scalars(sa.select(job.c.id).where(_waits, ~job.c.sent, late)))

    def sent(self, job_ids: Collection[str]) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.update(job).where(job.c.id.in_(job_ids)).values(sent=True))

    def expired(self, kept: float) -> list[str]:
        with self._database.read() as connection:
            return list(connection.scalars(sa.select(job.c.id).where(job.c.finished_at < self._clock() - kept)))

    def tidy(self, kept: float) -> None:
        self._replies.tidy(kept)


_waits = job.c.status.in_(_WAITING)


def _can_be(job_id: str) -> bool:
    """False for what a client sent as an id and the database would not take as text, such as NUL."""
    return job_id.isascii() and job_id.isprintable()


def _found(connection: sa.Connection, job_id: str) -> Job | None:
    return _job(connection.execute(sa.select(*_FIELDS).where(job.c.id == job_id)).one_or_none())


def _of_key(connection: sa.Connection, key: str | None, digest: str) -> Job | None:
    """The job of the key. Raises KeyTaken if it is of another digest."""
    if key is None:
        return None
    known = _job(connection.execute(sa.select(*_FIELDS).where(job.c.key == key)).one_or_none())
    if known and known.digest != digest:
        raise KeyTaken("this Idempotency-Key was sent with another request: a new request needs a new key")
    return known


def _job(row: Any) -> Job | None:
    return Job(**{**row._mapping, "status": Status(row.status)}) if row else None


def _taken() -> Job:
    raise Overloaded("the Idempotency-Key is in use at this moment: try again", 1.0)


def _count_waiting(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(job).where(_waits)) or 0


def _make_room(connection: sa.Connection, owner: Owner) -> None:
    """Raises RateLimited if an owner has as many unfinished jobs as it may. Others of its own wait meanwhile."""
    if owner.most_open is None:
        return
    connection.execute(sa.select(api_key.c.id).where(api_key.c.id == owner.id).with_for_update())
    unfinished = sa.select(sa.func.count()).where(job.c.owner == owner.id, job.c.status.in_(OPEN))
    if (connection.scalar(unfinished) or 0) >= owner.most_open:
        raise RateLimited(
            f"this key has {owner.most_open} unfinished jobs, the most that it may have (its concurrent_jobs)",
            _BUSY_SECONDS,
        )
