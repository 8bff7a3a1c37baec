"""What a model server may be sent in a minute: by this process, and by all that share the limit with it."""

from __future__ import annotations

from typing import Protocol

from aiolimiter import AsyncLimiter

_MINUTE = 60.0


class Pace(Protocol):
    """Limits that processes share. Never raises; nobody waits while it can't be had."""

    async def acquire(self, name: str, amount: float, rate: float) -> None:
        """Wait until `amount` may go, of what `rate` may in a minute under this name."""


class Limit:
    """A limit under its name, if there is one. The process keeps to it by itself too: a pace may fail."""

    def __init__(self, name: str, per_minute: int | None, pace: Pace | None) -> None:
        self._name = name
        self._local = AsyncLimiter(per_minute, _MINUTE) if per_minute else None
        self._pace = pace

    async def admit(self, amount: float) -> None:
        """Wait until there is room. More than a minute's takes a minute's."""
        if self._local:
            amount = min(amount, self._local.max_rate)
            await self._local.acquire(amount)
            if self._pace:
                await self._pace.acquire(self._name, amount, self._local.max_rate)
