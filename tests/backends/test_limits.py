"""Limits: how many requests are under way, and in a minute, by this process and by all that share the limit."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from service.backends.completions import Completion, Completions, Server, Unanswered
from service.backends.limits import Limit
from tests.backends.connecting import (
    ANSWERED,
    SOON,
    ask,
    outcome_of,
    refused,
    using,
)
from tests.servers import completes, fails, scripted


@pytest.mark.parametrize("concurrent", [1, 3])
def test_no_more_requests_are_under_way_than_allowed(concurrent: int) -> None:
    """Further requests wait until one is answered, and all are."""
    with scripted(completes(delay=0.1)) as server:

        async def work(completions: Completions) -> list[Completion | Unanswered]:
            return await asyncio.gather(*(ask(completions) for _ in range(3 * concurrent)))

        assert using(server, work, concurrent=concurrent) == [ANSWERED] * 3 * concurrent
        assert server.most_in_flight == concurrent


LIMITS = [
    # limits, the most tokens of two requests, and whether the second is sent at once
    ({}, (100, 100), True),
    ({"requests_per_minute": 1}, (100, 100), False),
    ({"requests_per_minute": 2}, (100, 100), True),
    ({"tokens_per_minute": 300}, (200, 200), False),
    ({"tokens_per_minute": 300}, (200, 100), True),
    ({"tokens_per_minute": 300}, (9_000, 50), False),  # more than a minute's takes a minute's, and is sent
    ({"requests_per_minute": 2, "tokens_per_minute": 300}, (200, 200), False),
]


@pytest.mark.parametrize(("limits", "tokens", "at_once"), LIMITS)
def test_requests_keep_to_the_limits_of_a_minute(
    limits: dict[str, int], tokens: tuple[int, int], at_once: bool
) -> None:
    """Requests and tokens beyond what is allowed in a minute wait."""
    with scripted(completes()) as server:

        async def work(completions: Completions) -> bool:
            assert await ask(completions, tokens[0]) == ANSWERED
            second = asyncio.create_task(ask(completions, tokens[1]))
            done, _ = await asyncio.wait({second}, timeout=60.0 if at_once else 0.4)
            second.cancel()
            return bool(done)

        assert using(server, work, **limits) == at_once
        assert len(server.came) == 1 + at_once


def test_a_request_waits_as_long_as_its_tokens_take() -> None:
    """What is free of the limit comes back with time: 60 tokens of 6,000 a minute in 0.6 seconds."""
    with scripted(completes()) as server:

        async def work(completions: Completions) -> None:
            assert await ask(completions, 6_000) == ANSWERED
            assert await ask(completions, 60) == ANSWERED

        using(server, work, tokens_per_minute=6_000)
        assert 0.5 <= server.waits[0] <= 0.6 + SOON


def test_tries_keep_to_the_limits_too() -> None:
    """The second try of a request is one of the requests of its minute."""
    with scripted(fails(500, retry_after_ms="1"), completes()) as server:
        error = refused(outcome_of(server, requests_per_minute=1, deadline=0.5))
        assert str(error) == (
            "the model server gave no answer within 0.5 s "
            "(CONCORD_REQUEST_DEADLINE_SECONDS for all tries, CONCORD_REQUEST_TIMEOUT_SECONDS for one)"
        )
        assert len(server.came) == 1


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
