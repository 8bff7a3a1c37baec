"""What backends share: works at once of which none goes on alone, and the account of a run."""

from __future__ import annotations

import asyncio

import pytest

from service.backends.base import Account, Usage, at_once


def test_works_at_once_return_in_their_order() -> None:
    """Whichever ends first, each result stands where its work stood; no work is none."""

    async def after(turns: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)
        return turns

    async def run() -> tuple[object, object]:
        return await at_once(after(3), after(0), after(1)), await at_once()

    assert asyncio.run(run()) == ((3, 0, 1), ())


def test_where_one_work_fails_none_goes_on() -> None:
    """The error is raised once all the others have ended, cleaning up included."""
    ended: list[str] = []

    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    async def wait(name: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.append(name)

    async def run() -> None:
        with pytest.raises(ValueError, match="no"):
            await at_once(wait("a"), fail(), wait("b"))
        assert sorted(ended) == ["a", "b"]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())


def test_works_at_once_end_with_who_waits_for_them() -> None:
    """Given up from outside, no work goes on."""
    ended: list[int] = []

    async def wait(number: int) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(number)

    async def run() -> None:
        task = asyncio.create_task(at_once(wait(1), wait(2)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert sorted(ended) == [1, 2]

    asyncio.run(run())


def test_an_account_says_which_steps_fell_back_how_often_and_why() -> None:
    """Each step is one notice with its first reason; where none fell back there is none."""
    account = Account()
    assert not account.degraded
    assert account.notices() == []
    assert account.usage() == Usage()
    for step, reason in (("claims", "it is down"), ("summary", "it refused"), ("claims", "it is slow")):
        account.fell_back(step, reason)
    assert account.degraded
    assert [(notice.code, notice.detail) for notice in account.notices()] == [
        ("fell_back", "claims: 2 requests were done without the model, first because: it is down"),
        ("fell_back", "summary: 1 request was done without the model, first because: it refused"),
    ]
