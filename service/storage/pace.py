"""The pace of requests that all processes on one database share: the generic cell rate algorithm (ITU-T I.371).

One row for each limit says when all that was let through is used up (`due`). A minute's worth may go at once, as
with the limiter of a process; what goes beyond lets its sender wait as long as it takes, one at a time in a place
that is kept for it. A process that had to wait in one leaves the next to others for as long: none is starved by
another's queue. The clock is the database's. Whichever way it is set, nobody waits for longer than a period more.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from service.storage.database import Database
from service.storage.resting import Resting
from service.storage.tables import pace

_MINUTE = 60.0
_LEAST_WAIT = 0.01
_sleep = asyncio.sleep  # by a name of its own, for tests put time in its place


class SharedPace:
    """Limits that processes share. Where the database can't be had nobody waits: each process has its own too."""

    def __init__(self, database: Database, period: float = _MINUTE, clock: Callable[[], float] | None = None) -> None:
        """`period` is in seconds; `clock` takes the place of the database's, in seconds since 1970."""
        self._database = database
        self._period = period
        self._clock = clock or (time.time if database.is_sqlite else None)
        self._resting = Resting()
        self._turns: dict[str, asyncio.Lock] = {}
        self._waited: dict[str, float] = {}  # seconds, in the place that this process had last

    async def acquire(self, name: str, amount: float, rate: float) -> None:
        """Wait until `amount` may go, of what `rate` may in a period. Given up while waiting, it counts as gone."""
        cost = min(amount / rate, 1.0) * self._period
        async with self._turns.setdefault(name, asyncio.Lock()):  # in turn, and one at a time asks the database
            back = min(cost, self._waited.pop(name, 0.0))
            while True:
                wait, gone = await asyncio.to_thread(self._try, name, cost, back)
                if gone:
                    self._waited[name] = wait
                    await _sleep(wait)
                    return
                spread = 0.0 if back else random.uniform(0, min(cost, wait))  # noqa: S311
                await _sleep(max(wait, _LEAST_WAIT) + spread)
                back = 0.0

    def _try(self, name: str, cost: float, back: float) -> tuple[float, bool]:
        return self._resting(self._take, name, cost, back) or (0.0, True)

    def _take(self, name: str, cost: float, back: float) -> tuple[float, bool]:
        """Seconds to wait, and whether a place was taken; none is while another waits in one: ask again then.

        Nor is one before `back` seconds have passed since, for who stands back.
        """
        with self._database.begin() as connection:
            now = self._now()
            full = now + self._period
            begins = sa.case((pace.c.due > full + self._period, full), (pace.c.due < now, now), else_=pace.c.due)
            free = (pace.c.name == name, sa.or_(pace.c.due <= full - back, pace.c.due > full + self._period))
            left = (pace.c.due - full).label("left")
            taken = sa.update(pace).where(*free).values(due=begins + cost).returning(left)
            wait = connection.scalar(taken)
            if wait is not None:
                return max(wait, 0.0), True
            wait = connection.scalar(sa.select(left + back).where(pace.c.name == name))
            if wait is None:
                connection.execute(self._database.insert(pace).values(name=name, due=0.0).on_conflict_do_nothing())
            return max(wait or 0.0, 0.0), False

    def _now(self) -> sa.ColumnElement[Any]:
        if self._clock:
            return sa.literal(self._clock(), sa.Float)
        return sa.cast(sa.extract("epoch", sa.func.clock_timestamp()), sa.Float)
