"""Visits: one request of one caller, what it takes of the limits of its key, and what it cost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import Request

from service.backends.base import Usage
from service.callers import MICRO, Key, Keys, Standing, Used
from service.core.errors import RateLimited, StorageUnavailable
from service.jobs.model import Owner

Spending = Callable[[Callable[[], Usage]], None]
"""Told once, with what tells the usage at any time."""


class Visit:
    """A request. Without a `key` nobody is asked who they are, and nothing is limited."""

    def __init__(self) -> None:
        self.key: Key | None = None
        self.standing = Standing({})
        self._keys: Keys | None = None

    def enter(self, keys: Keys, key: Key | None) -> None:
        """Say whose it is."""
        self._keys, self.key = keys, key

    @property
    def owner(self) -> Owner | None:
        """Whose the job is that the request may become."""
        return Owner(self.key.id, self.key.quota.concurrent_jobs) if self.key else None

    @property
    def owner_id(self) -> str | None:
        """Whose key asks, if any does."""
        return self.key.id if self.key else None

    async def take(self, amount: Used) -> None:
        """Count an amount. Raises RateLimited, and StorageUnavailable where limits can't be looked at."""
        if not self._keys or not self.key or not self.key.quota.policies():
            return
        self.standing = await asyncio.to_thread(self._keys.take, self.key, amount)
        passed = self.standing.passed
        if passed:
            detail = f"this key's {passed.name} ({passed.most:,} {passed.unit}) does not allow this request now"
            raise RateLimited(detail, self.standing.left[passed].seconds)

    async def ask(self, weigh: Callable[[], int]) -> Used:
        """Take what work on documents takes, whose tokens `weigh` counts, if they are limited. Raises as `take`."""
        policies = self.key.quota.policies() if self.key else ()
        if all(policy.measure == "requests" for policy in policies):
            return Used()
        taken = Used(tokens=await asyncio.to_thread(weigh), work=True)
        await self.take(taken)
        return taken

    async def give_back(self, taken: Used) -> None:
        """Count as not taken what no work was done for."""
        await self._give(Used(tokens=-taken.tokens))

    async def _give(self, amount: Used) -> None:
        if self._keys and self.key and (amount.tokens or amount.micro_usd):
            with suppress(StorageUnavailable):  # logged where it was raised
                await asyncio.to_thread(self._keys.give, self.key, amount)

    @asynccontextmanager
    async def metered(self) -> AsyncIterator[Spending]:
        """Count what a run cost that is no job, however it ends. The run is to tell how to learn that."""
        told: list[Callable[[], Usage]] = []
        try:
            yield told.append
        finally:
            for usage in told:
                await self._give(Used(micro_usd=round((usage().cost_usd or 0.0) * MICRO)))


def visit_of(request: Request) -> Visit:
    """The visit that a request is."""
    visit: Visit = getattr(request.state, "visit", None) or Visit()
    return visit
