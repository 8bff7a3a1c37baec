"""Keys in the database, which all processes on it share: the SHA-256 of each secret, its limits, and what it used.

A secret is 256 random bits, so that a fast hash without salt is enough: nobody can try them through.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from math import ceil
from time import time as now_of_this_machine
from typing import Any

import sqlalchemy as sa

from service.callers import MICRO, PERIODS, Key, Left, Policy, Quota, Standing, Used
from service.storage.database import Database
from service.storage.tables import api_key, key_usage

_MEASURES = {"requests": key_usage.c.requests, "tokens": key_usage.c.tokens, "usd": key_usage.c.micro_usd}


class SqlKeys:
    """Keys over a database."""

    def __init__(self, database: Database, clock: Callable[[], float] | None = None) -> None:
        self._database = database
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

    def take(self, key: Key, amount: Used) -> Standing:
        with self._database.begin() as connection:
            return _take(connection, key, amount, self._clock())

    def give(self, key: Key, amount: Used) -> None:
        with self._database.begin() as connection:
            count(connection, key.id, amount, self._clock())


def count(connection: sa.Connection, key_id: str, amount: Used, now: float) -> None:
    """Add an amount to what a key used in the periods that are now, within a transaction."""
    found = _read(connection, key_id, now)
    _write(connection, key_id, found, amount)


def _take(connection: sa.Connection, key: Key, amount: Used, now: float) -> Standing:
    found = _read(connection, key.id, now)
    policies = key.quota.policies()
    passed = next((policy for policy in policies if _passes(policy, found[policy.period], amount)), None)
    if passed is None:
        _write(connection, key.id, found, amount)
    left = {}
    for policy in policies:
        row = found[policy.period]
        taken = row[policy.measure] + (0 if passed else amount.of(policy.measure))
        left[policy] = Left(max(policy.most - taken, 0), max(ceil(row["begins"] + policy.period - now), 1))
    return Standing(left, passed)


def _passes(policy: Policy, row: dict[str, int], amount: Used) -> bool:
    """Money is known once it is spent: who has any left may ask for work, who has none may not."""
    if policy.measure == "usd":
        return amount.work and row["usd"] >= policy.most
    more = amount.of(policy.measure)
    return more > 0 and row[policy.measure] + more > policy.most


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
        values = {column.name: max(row[name] + amount.of(name), 0) for name, column in _MEASURES.items()}
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
