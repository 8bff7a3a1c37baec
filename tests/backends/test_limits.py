"""The limits of a minute: the process keeps to its own, and to those that it shares."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from service.backends.completions import Completions, Server
from service.backends.limits import Limit

Took = list[tuple[str, float, float]]


class Noted:
    """A pace that lets everything through, and remembers it."""

    def __init__(self) -> None:
        self.took: Took = []

    async def acquire(self, name: str, amount: float, rate: float) -> None:
        self.took.append((name, amount, rate))


AMOUNTS: Sequence[tuple[int | None, float, Took]] = [
    (None, 5, []),
    (10, 1, [("requests", 1, 10)]),
    (10, 10, [("requests", 10, 10)]),
    (10, 50, [("requests", 10, 10)]),  # more than a minute's takes a minute's
]


@pytest.mark.parametrize(("per_minute", "amount", "took"), AMOUNTS)
def test_what_is_sent_counts_with_others_too(per_minute: int | None, amount: float, took: Took) -> None:
    """The shared limit learns of as much as the process's own."""
    pace = Noted()
    asyncio.run(Limit("requests", per_minute, pace).admit(amount))
    assert pace.took == took


def test_a_process_keeps_to_its_own_limit_whatever_is_shared() -> None:
    """Where the pace lets all through, as without its database, the process still waits."""

    async def work() -> bool:
        limit = Limit("requests", 1, Noted())
        await limit.admit(1)
        waiting = asyncio.create_task(limit.admit(1))
        done, _ = await asyncio.wait({waiting}, timeout=0.2)
        waiting.cancel()
        return bool(done)

    assert not asyncio.run(work())


SERVERS = [
    # two servers, and whether they share a limit
    (Server("m", "http://a"), Server("m", "http://a", api_key="other"), True),
    (Server("m", "http://a"), Server("n", "http://a"), False),
    (Server("m", "http://a"), Server("m", "http://b"), False),
    (Server("m"), Server("m"), True),
]


@pytest.mark.parametrize(("one", "other", "same"), SERVERS)
def test_a_limit_is_of_one_model_of_one_server(one: Server, other: Server, same: bool) -> None:
    """Wherever it is asked from; the name tells nothing of a password in the URL, and fits its column."""
    assert (one.digest == other.digest) == same
    assert "http" not in one.digest
    assert len(f"requests {one.digest}") <= 255


def test_requests_and_tokens_are_counted_apart() -> None:
    """A model's requests and tokens are counted under names of their own."""
    pace = Noted()
    server = Server("m", "http://a", requests_per_minute=5, tokens_per_minute=1_000)

    async def work() -> None:
        completions = Completions(server, pace)
        await completions._requests.admit(1)
        await completions._tokens.admit(300)
        await completions.close()

    asyncio.run(work())
    assert pace.took == [(f"requests {server.digest}", 1, 5), (f"tokens {server.digest}", 300, 1_000)]
