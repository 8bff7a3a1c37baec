"""Visits: one request of one caller, what it takes of the limits of its key, and what it cost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from math import ceil
from typing import TYPE_CHECKING, Protocol, TypeVar

from service.backends.base import Terms, Usage
from service.callers import MICRO, Balance, Hold, Key, Keys, Left, Policy, Used
from service.core.errors import RateLimited, StorageUnavailable
from service.jobs.model import Owner

if TYPE_CHECKING:  # the command line has visits too, and no HTTP
    from starlette.requests import Request

Spending = Callable[[Callable[[], Usage]], None]
"""Told once, with what tells the usage at any time."""
R_contra = TypeVar("R_contra", contravariant=True)


class Weighs(Protocol[R_contra]):
    """Knows what the work on a request takes before it is done."""

    def weigh(self, request: R_contra, /) -> int:
        """The tokens of what was posted."""

    async def bound(self, request: R_contra, /) -> float | None:
        """The most that it costs, in dollars; None if that can't be told. Raises as the work for what is invalid."""


class Visit:
    """A request. Without a `key` nobody is asked who they are, and nothing is limited."""

    def __init__(self) -> None:
        self.key: Key | None = None
        self.balance = Balance({})
        self._keys: Keys | None = None
        self._hold: Hold | None = None

    def enter(self, keys: Keys, key: Key | None) -> None:
        """Say whose it is."""
        self._keys, self.key = keys, key

    @property
    def owner(self) -> Owner | None:
        """Whose the job is that the request may become."""
        if not self.key:
            return None
        return Owner(self.key.id, self.key.quota.concurrent_jobs, self._hold.id if self._hold else None)

    def terms(self, *, require_model: bool) -> Terms:
        """The terms of its run, which may cost no more than is held for it, if anything is."""
        most_usd = self._hold.micro_usd / MICRO if self._hold else None
        return Terms(most_usd, require_model, owner=self.key.id if self.key else None)

    async def take(self, amount: Used) -> None:
        """Count an amount. Raises RateLimited, and StorageUnavailable where limits can't be looked at."""
        if not self._keys or not self.key or not self.key.quota.policies():
            return
        self.balance = await asyncio.to_thread(self._keys.take, self.key, amount)
        self._hold = self.balance.hold
        passed = self.balance.passed
        if passed:
            left = self.balance.left[passed]
            raise RateLimited(_refusal(passed, left, amount), left.seconds)

    async def ask(self, work: Weighs[R_contra], request: R_contra) -> Used:
        """Take what work on a request takes, if that is limited. Of its money the most that it may cost is held.

        Raises as `take`, and as the work for what is invalid.
        """
        measures = {policy.measure for policy in self.key.quota.policies()} if self.key else set()
        if measures <= {"requests"}:
            return Used()
        tokens = await asyncio.to_thread(work.weigh, request)
        bound = await work.bound(request) if "usd" in measures else None
        taken = Used(tokens=tokens, work=True, held=ceil((bound or 0.0) * MICRO))
        await self.take(taken)
        return taken

    async def give_back(self, taken: Used) -> None:
        """Count as not taken what no work was done for."""
        await self._give(Used(tokens=-taken.tokens))

    async def _give(self, amount: Used) -> None:
        if self._keys and self.key and (amount.tokens or amount.micro_usd or self._hold):
            with suppress(StorageUnavailable):  # logged where it was raised; a hold ends by itself
                await asyncio.to_thread(self._keys.give, self.key, amount, self._hold)

    @asynccontextmanager
    async def metered(self) -> AsyncIterator[Spending]:
        """Count what a run cost that is no job, and hold no more for it, however it ends.

        The run is to tell how to learn what it cost.
        """
        told: list[Callable[[], Usage]] = []
        try:
            yield told.append
        finally:
            cost = sum(usage().cost_usd or 0.0 for usage in told)
            await self._give(Used(micro_usd=round(cost * MICRO)))


def _refusal(passed: Policy, left: Left, amount: Used) -> str:
    """Why a limit does not allow a request, and what would help."""
    if passed.measure == "tokens" and amount.tokens > passed.most:
        return (
            f"this key's {passed.name} ({passed.most:,}) never allows this request of {amount.tokens:,}: send less, "
            "or ask for a key with a higher limit"
        )
    if passed.measure != "usd" or not amount.held:
        limit = f"{passed.name} ({passed.most:,} {passed.unit})"
        return f"this key's {limit} does not allow this request now: send it again in {left.seconds} s"
    return (
        f"this key's {passed.name} leaves ${left.units / MICRO:.6f} beside what is under way, and this may cost "
        f"${amount.held / MICRO:.6f}: ask later, or with a lower max_cost_usd"
    )


def visit_of(request: Request) -> Visit:
    """The visit that a request is."""
    visit: Visit = getattr(request.state, "visit", None) or Visit()
    return visit
