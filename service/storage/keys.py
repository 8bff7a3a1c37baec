"""Keys in the database, which all processes on it share: the SHA-256 of each secret, its limits, and what it used.

A secret is 256 random bits, so that a fast hash without salt is enough: nobody can try them through.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from time import time as now_of_this_machine
from typing import Any

import sqlalchemy as sa

from service.callers import MICRO, PERIODS, Balance, Hold, Key, Left, Policy, Quota, Used
from service.jobs.model import OPEN
from service.storage.database import Database
from service.storage.tables import api_key, hold, job, key_usage

_MEASURES = {"requests": key_usage.c.requests, "tokens": key_usage.c.tokens, "usd": key_usage.c.micro_usd}
_HELD_SECONDS = 660.0  # that a hold lasts whose run never ends: a little more than one may take
_BUSY_SECONDS = 10  # what a client is told to wait for money that is held for what is under way


class SqlKeys:
    """Keys over a database. A hold that nobody ended after `held_seconds` is that of a process that died.

    What was held is then as good as spent, and goes on counting until the period is over that it ended in.
    """

    def __init__(
        self, database: Database, clock: Callable[[], float] | None = None, held_seconds: float = _HELD_SECONDS
    ) -> None:
        self._database = database
        self._held_seconds = held_seconds
        self._clock = clock or now_of_this_machine

    def create(self, name: str, quota: Quota) -> tuple[Key, str]:
        """A new key, and what its owner sends. That is kept nowhere: it can't be shown again."""
        secret = secrets.token_urlsafe(32)
        digest = hashlib.sha256(secret.encode()).hexdigest()
        key = Key(secrets.token_hex(6), name, digest, quota, self._clock())
        values = {"id": key.id, "name": name, "digest": digest, "created_at": key.created_at}
        with self._database.begin() as connection:
            connection.execute(sa.insert(api_key).values(**values, limits=json.dumps(quota.given())))
            rows = [{"key_id": key.id, "period": period} | _none(0) for period in PERIODS.values()]
            connection.execute(sa.insert(key_usage), rows)
        return key, f"ck_{key.id}_{secret}"

    def all(self) -> list[Key]:
        with self._database.read() as connection:
            rows = connection.execute(sa.select(api_key).order_by(api_key.c.created_at, api_key.c.id))
            return [_key(row) for row in rows]

    def revoke(self, key_id: str) -> bool:
        """Have a key count no more. False if there is none of this id."""
        with self._database.begin() as connection:
            at = sa.func.coalesce(api_key.c.revoked_at, self._clock())
            revoked = sa.update(api_key).where(api_key.c.id == key_id).values(revoked_at=at)
            return connection.scalar(revoked.returning(api_key.c.id)) is not None

    def touch(self, key_id: str) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.update(api_key).where(api_key.c.id == key_id).values(last_used_at=self._clock()))

    def take(self, key: Key, amount: Used) -> Balance:
        with self._database.begin() as connection:
            now = self._clock()
            balance = _take(connection, key, amount, now)
            if amount.held and not balance.passed:
                held = _hold(connection, key, amount.held, now, now + self._held_seconds)
                balance = replace(balance, hold=held)
            return balance

    def give(self, key: Key, amount: Used, held: Hold | None = None) -> None:
        with self._database.begin() as connection:
            count(connection, key.id, amount, self._clock())
            if held:
                connection.execute(sa.delete(hold).where(hold.c.id == held.id))


def count(connection: sa.Connection, key_id: str, amount: Used, now: float) -> None:
    """Add an amount to what a key used in the periods that are now, within a transaction."""
    found = _read(connection, key_id, now)
    _write(connection, key_id, found, amount)


def _take(connection: sa.Connection, key: Key, amount: Used, now: float) -> Balance:
    found = _read(connection, key.id, now)
    policies = key.quota.policies()
    money = [policy for policy in policies if policy.measure == "usd"]
    used = {policy: found[policy.period][policy.measure] for policy in policies}
    used |= {p: used[p] + _sum_lost(connection, key.id, found[p.period]["begins"], now) for p in money}
    held = _sum_held(connection, key.id, now) if money else 0
    taken = used | {policy: used[policy] + held for policy in money}
    passed = next((policy for policy in policies if _passes(policy, taken[policy], amount)), None)
    if passed is None:
        _write(connection, key.id, found, amount)
    left = {}
    for policy in policies:
        units = policy.most - taken[policy] - (0 if passed else amount.of(policy.measure))
        seconds = ceil(found[policy.period]["begins"] + policy.period - now)
        if policy == passed and not _passes(policy, used[policy], amount):  # it fits once others are over
            seconds = min(seconds, _BUSY_SECONDS)
        left[policy] = Left(max(units, 0), max(seconds, 1))
    return Balance(left, passed)


def _passes(policy: Policy, used: int, amount: Used) -> bool:
    """Work that has no price holds nothing: who has any money left may ask for it, who has none may not."""
    more = amount.of(policy.measure)
    if policy.measure == "usd" and not more:
        return amount.work and used >= policy.most
    return more > 0 and used + more > policy.most


def _hold(connection: sa.Connection, key: Key, micro_usd: int, now: float, until: float) -> Hold:
    held, over = Hold(secrets.token_hex(16), micro_usd), now - max(PERIODS.values())
    connection.execute(sa.delete(hold).where(hold.c.key_id == key.id, hold.c.until <= over))
    connection.execute(sa.insert(hold).values(id=held.id, key_id=key.id, micro_usd=micro_usd, until=until))
    return held


def _sum_held(connection: sa.Connection, key_id: str, now: float) -> int:
    """What is held for a key's work under way: in one statement, for a hold becomes a job's between two."""
    jobs = sa.select(sa.func.coalesce(sa.func.sum(job.c.held), 0)).where(
        job.c.owner == key_id, job.c.status.in_(OPEN)
    )
    runs = _sum_of(key_id, hold.c.until > now)
    return int(connection.scalar(sa.select(runs.scalar_subquery() + jobs.scalar_subquery())) or 0)


def _sum_lost(connection: sa.Connection, key_id: str, begins: int, now: float) -> int:
    """What was held for runs that came to no end in the period that began then: they may have spent it."""
    return int(connection.scalar(_sum_of(key_id, hold.c.until > begins, hold.c.until <= now)) or 0)


def _sum_of(key_id: str, *when: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    return sa.select(sa.func.coalesce(sa.func.sum(hold.c.micro_usd), 0)).where(hold.c.key_id == key_id, *when)


def _read(connection: sa.Connection, key_id: str, now: float) -> dict[int, dict[str, int]]:
    """By period what a key used in the one that is now, locked until the transaction ends."""
    query = sa.select(key_usage).where(key_usage.c.key_id == key_id).order_by(key_usage.c.period).with_for_update()
    return {row.period: _current(row, now) for row in connection.execute(query)}


def _current(row: Any, now: float) -> dict[str, int]:
    begins = int(now) // row.period * row.period
    if not begins <= row.begins <= begins + row.period:  # over; one ahead is that of a machine whose clock is fast
        return {"begins": begins, **dict.fromkeys(_MEASURES, 0)}
    return {"begins": row.begins, **{name: getattr(row, column.name) for name, column in _MEASURES.items()}}


def _write(connection: sa.Connection, key_id: str, found: dict[int, dict[str, int]], amount: Used) -> None:
    for period, row in found.items():
        used = replace(amount, held=0)
        values = {column.name: max(row[name] + used.of(name), 0) for name, column in _MEASURES.items()}
        this = (key_usage.c.key_id == key_id, key_usage.c.period == period)
        connection.execute(sa.update(key_usage).where(*this).values(begins=row["begins"], **values))


def to_micro(spent: str) -> int:
    """The millionths of a dollar that a job's `spent` (JSON) counts."""
    return round((json.loads(spent).get("cost_usd") or 0.0) * MICRO)


def _none(begins: int) -> dict[str, int]:
    return {"begins": begins} | {column.name: 0 for column in _MEASURES.values()}


def _key(row: Any) -> Key:
    values = {name: value for name, value in row._mapping.items() if name != "limits"}
    return Key(**values, quota=Quota(**json.loads(row.limits)))
