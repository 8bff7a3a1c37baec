"""Tries: what is tried again, how long a server is waited for and left alone, and what ends with who asked."""

from __future__ import annotations

import asyncio
import email.utils
import time
from dataclasses import replace

import pytest

from service.backends.completions import Completion, Completions, Unanswered
from tests.backends.connecting import (
    ANSWERED,
    NEVER,
    SOON,
    ask,
    outcome_of,
    outcomes_of,
    refused,
    request,
    using,
)
from tests.servers import Says, Scripted, completes, fails, scripted

PASSING = [
    # what may not be met again: a status, with how long to wait so that the test need not
    *(fails(status, retry_after_ms="1") for status in (408, 409, 425, 429, 500, 502, 503, 504, 529)),
    fails(429, code="rate_limit_exceeded", retry_after_ms="1"),
    fails(503, x_should_retry="true", retry_after_ms="1"),
    Says(0),  # the connection is cut
    completes(delay=NEVER),  # too late
]


@pytest.mark.parametrize("says", PASSING)
def test_what_may_pass_is_tried_again(says: Says) -> None:
    """A busy or failing server, a lost connection and a late answer are tried again."""
    with scripted(says, completes()) as server:
        assert outcome_of(server, attempt_timeout=1.0 if says.delay else 20.0) == ANSWERED
        assert len(server.came) == 2
        assert server.came[0].body == server.came[1].body


LASTING = [
    # what the next try would meet again, and what is told of it
    (fails(400), "answered 400: it may not know the model 'm' (CONCORD_MODEL), or hold fewer tokens than CONCORD_"),
    (fails(401), "the model server answered 401: is OPENAI_API_KEY right?"),
    (fails(403), "the model server answered 403: may OPENAI_API_KEY use the model 'm' (CONCORD_MODEL)?"),
    (fails(404), "answered 404: is OPENAI_BASE_URL right, up to /v1, and 'm' (CONCORD_MODEL) one of its models?"),
    (fails(404, code="model_not_found"), "answered 404: it knows no model 'm', which CONCORD_MODEL names"),
    (fails(405), "the model server answered 405: is OPENAI_BASE_URL right, up to /v1?"),
    (fails(413), "the model server answered 413"),
    (fails(422), "the model server answered 422"),
    (
        fails(429, code="insufficient_quota"),
        "429 (insufficient_quota): the account of OPENAI_API_KEY pays for no more",
    ),
    (fails(429, code="billing_hard_limit_reached"), "answered 429 (billing_hard_limit_reached): the account"),
    (fails(503, x_should_retry="false"), "the model server answered 503"),
    (fails(503, retry_after="3600"), "the model server answered 503"),  # as good as down
    (Says(401, "<html>who are you?</html>"), "the model server answered 401: is OPENAI_API_KEY right?"),
]


@pytest.mark.parametrize(("says", "reason"), LASTING)
def test_what_will_not_pass_is_not_tried_again(says: Says, reason: str) -> None:
    """A request that is wrong, forbidden or no longer paid for is sent once, and the reason is told."""
    with scripted(says, completes()) as server:
        error = refused(outcome_of(server))
        assert reason in str(error)
        assert error.sent
        assert len(server.came) == 1


def test_a_long_wait_is_handed_on() -> None:
    """How long a server asks to be left alone is told to whoever asked, who is not kept waiting as long."""
    with scripted(fails(503, retry_after="3600")) as server:
        outcome = using(server, lambda completions: asyncio.wait_for(ask(completions), 60.0), deadline=7_200.0)
        assert refused(outcome).retry_after == 3_600


WORTH_TRYING = [
    # what the server does, and after how many seconds it is worth asking again, where the breaker has 7
    (fails(500), 7.0),
    (fails(429, retry_after="3"), 3.0),
    (fails(429, retry_after="-5"), 7.0),  # asks for nothing
    (completes(delay=NEVER), 7.0),
    (fails(401), None),  # is the same then
    (fails(400), None),
]


@pytest.mark.parametrize(("says", "seconds"), WORTH_TRYING)
def test_it_is_told_when_asking_again_is_worth_it(says: Says, seconds: float | None) -> None:
    """What may pass is worth another try when the server says, or else when the breaker would let it through."""
    with scripted(says) as server:
        error = refused(outcome_of(server, attempts=1, open_seconds=7.0, deadline=0.5 if says.delay else 30.0))
    assert error.retry_after == seconds


@pytest.mark.parametrize("attempts", [1, 2, 4])
def test_there_are_as_many_tries_as_are_allowed(attempts: int) -> None:
    """Tries are counted here alone: the library beneath adds none."""
    with scripted(fails(500, retry_after_ms="1")) as server:
        error = refused(outcome_of(server, attempts=attempts))
        assert str(error) == "the model server answered 500"
        assert len(server.came) == attempts


def in_seconds(seconds: float) -> str:
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


WAITS: list[tuple[dict[str, str], float, float]] = [
    # what the server asks for, and from how many seconds to how many it is left alone
    ({"retry-after-ms": "300"}, 0.3, 0.3),
    ({"retry-after": "0.4"}, 0.4, 0.4),
    ({"retry-after-ms": "200", "retry-after": "60"}, 0.2, 0.2),  # the finer one
    ({"retry-after-ms": "soon", "retry-after": "0.3"}, 0.3, 0.3),
    ({"retry-after": "in two seconds"}, 1.0, 2.0),  # a date, put in below, which has no parts of a second
    ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0, 0.0),  # is over
    ({"retry-after": "-5"}, 0.0, 0.0),
    ({"retry-after": "soon"}, 0.0, 0.5),  # not readable: some time of our own
    ({}, 0.0, 0.5),
]


@pytest.mark.parametrize(("headers", "least", "most"), WAITS)
def test_a_server_is_left_alone_as_long_as_it_asks(headers: dict[str, str], least: float, most: float) -> None:
    """The next try comes when the server asked for it: in milliseconds, in seconds, or at a date."""
    is_date = "in two seconds" in headers.values()
    given = {name: in_seconds(2) if value == "in two seconds" else value for name, value in headers.items()}
    began = time.monotonic()
    with scripted(Says(429, headers=given), completes()) as server:
        assert outcome_of(server) == ANSWERED
        first, second = (came.at for came in server.came)
    assert least - 0.05 <= second - (began if is_date else first)
    assert second - first <= most + SOON


def test_an_answer_that_does_not_come_is_given_up_at_the_deadline() -> None:
    """The deadline ends a try that is under way."""
    with scripted(completes(delay=NEVER)) as server:
        started = time.monotonic()
        error = refused(outcome_of(server, deadline=0.5))
        assert 0.5 <= time.monotonic() - started < 0.5 + SOON
        assert str(error) == (
            "the model server gave no answer within 0.5 s "
            "(CONCORD_REQUEST_DEADLINE_SECONDS for all tries, CONCORD_REQUEST_TIMEOUT_SECONDS for one)"
        )
        assert error.sent


def test_an_answer_that_comes_byte_by_byte_is_given_up() -> None:
    """The time of a try is that of its whole answer, not of each piece."""
    with scripted(replace(completes(), drip=1.0), completes()) as server:
        started = time.monotonic()
        assert outcome_of(server, attempt_timeout=0.5) == ANSWERED
        assert time.monotonic() - started < 1.0 + SOON
        assert len(server.came) == 2


def test_no_wait_goes_beyond_the_deadline() -> None:
    """The next try is not waited for if it could come only after the deadline."""
    with scripted(fails(503, retry_after="100")) as server:
        started = time.monotonic()
        error = refused(outcome_of(server, deadline=50.0, attempts=20))
        assert time.monotonic() - started < SOON
        assert error.retry_after == 100
        assert len(server.came) == 1


def test_a_server_that_is_not_there_is_told_so() -> None:
    """A connection that nobody takes is tried as often as allowed."""
    with scripted(completes()) as server:
        pass
    error = refused(outcome_of(server, attempts=2))
    assert str(error) == "the model server can't be reached: is OPENAI_BASE_URL right, and does it run?"


def test_a_server_that_fails_often_is_left_alone() -> None:
    """After some failures in a row nothing is sent for a while, and it is told at once for how long."""
    with scripted(*[fails(500)] * 3, completes()) as server:

        async def work(completions: Completions) -> tuple[list[Completion | Unanswered], float]:
            failed = [await ask(completions) for _ in range(3)]
            started = time.monotonic()
            return [*failed, await ask(completions)], time.monotonic() - started

        outcomes, seconds = using(server, work, attempts=1, failures_to_open=3, open_seconds=600)
        assert len(server.came) == 3
    assert all(refused(outcome).sent for outcome in outcomes[:3])
    last = refused(outcomes[3])
    assert str(last) == f"the model server is left alone for a while: {refused(outcomes[2])}"
    assert not last.sent
    assert last.retry_after is not None
    assert 300 <= last.retry_after <= 600
    assert seconds < SOON


def test_a_server_that_is_down_is_told_before_any_limit() -> None:
    """Nobody waits for the requests of a minute to be told that none is sent."""
    with scripted(fails(500)) as server:

        async def work(completions: Completions) -> list[Completion | Unanswered]:
            return [await asyncio.wait_for(ask(completions), 60.0) for _ in range(2)]

        outcomes = using(server, work, attempts=1, failures_to_open=1, requests_per_minute=1)
    assert [refused(outcome).sent for outcome in outcomes] == [True, False]


def test_a_server_that_was_left_alone_is_tried_again() -> None:
    """After the while one request is sent; if it fails the server is down again, else all is well."""
    with scripted(fails(500), fails(500), fails(500), completes()) as server:

        async def work(completions: Completions) -> list[bool]:
            sent = []
            for pause in (0.0, 0.0, 0.0, 0.7, 0.0, 0.7, 0.0, 0.0):
                await asyncio.sleep(pause)
                outcome = await ask(completions)
                sent.append(isinstance(outcome, Completion) or outcome.sent)
            return sent

        sent = using(server, work, attempts=1, failures_to_open=2, open_seconds=0.6)
    assert sent == [True, True, False, True, False, True, True, True]
    assert len(server.came) == 6


def test_an_answer_between_failures_keeps_a_server_up() -> None:
    """Only failures in a row count."""
    script = [fails(500), fails(500), completes()] * 3
    with scripted(*script) as server:
        outcomes = outcomes_of(server, 9, attempts=1, failures_to_open=3)
        assert len(server.came) == 9
    assert [isinstance(outcome, Completion) for outcome in outcomes] == [False, False, True] * 3


def test_what_waits_is_not_sent_to_a_server_that_went_down() -> None:
    """Requests that wait for their turn are told that the server is down, too."""
    with scripted(fails(500, delay=0.1)) as server:

        async def work(completions: Completions) -> list[Completion | Unanswered]:
            return await asyncio.gather(*(ask(completions) for _ in range(6)))

        outcomes = using(server, work, attempts=1, failures_to_open=2, concurrent=1)
        assert len(server.came) == 2
    assert [refused(outcome).sent for outcome in outcomes] == [True, True, False, False, False, False]


async def cancelled(completions: Completions, server: Scripted, after: float) -> None:
    """Begin a request, and give it up some seconds after it came to the server."""
    before = len(server.came)
    task = asyncio.create_task(completions.complete(request()))
    while len(server.came) == before:  # noqa: ASYNC110 (the server is in another thread)
        await asyncio.sleep(0.01)
    await asyncio.sleep(after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_request_that_was_given_up_is_no_failure() -> None:
    """Clients that go away do not bring a server down."""
    with scripted(completes(delay=NEVER), completes(delay=NEVER), completes()) as server:

        async def work(completions: Completions) -> Completion | Unanswered:
            for _ in range(2):
                await cancelled(completions, server, 0.1)
            return await ask(completions)

        assert using(server, work, failures_to_open=1) == ANSWERED
        assert len(server.came) == 3


def test_nothing_is_sent_after_a_request_was_given_up() -> None:
    """Neither the try under way nor the wait for the next goes on, and the place of both is free."""
    with scripted(completes(delay=NEVER), fails(503, retry_after="1.5"), completes()) as server:

        async def work(completions: Completions) -> Completion | Unanswered:
            for _ in range(2):
                await cancelled(completions, server, 0.1)
            await asyncio.sleep(1.6)
            assert len(server.came) == 2
            return await ask(completions)

        assert using(server, work, concurrent=1) == ANSWERED
        assert len(server.came) == 3
