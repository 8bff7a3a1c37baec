"""Completions: what a server does, and what its client makes of it. Asked over a real connection."""

from __future__ import annotations

import asyncio
import email.utils
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from service.backends.completions import Completion, Completions, Request, Server, Unanswered
from service.backends.odds import Token
from tests.servers import Says, Scripted, completes, fails, scripted

T = TypeVar("T")
KEY = "sk-secret-of-the-owner"
TEXT = "What the document says is confidential."
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
SOON = 4.5  # seconds that a machine under load may add to what is measured
ANSWERED = Completion("{}", prompt_tokens=10, completion_tokens=5)


def request(tokens: int = 100) -> Request:
    return Request("claims", ({"role": "user", "content": TEXT},), SCHEMA, 64, tokens)


async def ask(completions: Completions, tokens: int = 100) -> Completion | Unanswered:
    """The answer, or why there is none."""
    try:
        return await completions.complete(request(tokens))
    except Unanswered as error:
        return error


def using(server: Scripted, work: Callable[[Completions], Awaitable[T]], **settings: Any) -> T:
    """What some work with a client of the server returns."""
    plain = Server("m", server.base_url, KEY, attempt_timeout=20.0, deadline=30.0)

    async def run() -> T:
        completions = Completions(replace(plain, **settings))
        try:
            return await work(completions)
        finally:
            await completions.close()

    return asyncio.run(run())


def outcome_of(server: Scripted, **settings: Any) -> Completion | Unanswered:
    """What becomes of one request."""
    return using(server, ask, **settings)


def outcomes_of(server: Scripted, times: int, **settings: Any) -> list[Completion | Unanswered]:
    """What becomes of some requests, one after the other."""

    async def work(completions: Completions) -> list[Completion | Unanswered]:
        return [await ask(completions) for _ in range(times)]

    return using(server, work, **settings)


def refused(outcome: Completion | Unanswered) -> Unanswered:
    assert isinstance(outcome, Unanswered), outcome
    return outcome


ANSWERS = [
    # what the server says, what it is taken for
    (completes('{"claims": []}'), Completion('{"claims": []}', prompt_tokens=10, completion_tokens=5)),
    (
        completes("no JSON, but an answer"),
        Completion("no JSON, but an answer", prompt_tokens=10, completion_tokens=5),
    ),
    (completes('{"cl', finish_reason="length"), Completion('{"cl', cut=True, prompt_tokens=10, completion_tokens=5)),
    (completes("", refusal="I can't."), Completion("", refused=True, prompt_tokens=10, completion_tokens=5)),
    (
        completes("", finish_reason="content_filter"),
        Completion("", refused=True, prompt_tokens=10, completion_tokens=5),
    ),
    (completes("{}", usage=None), Completion("{}")),
    (
        completes("{}", usage={"prompt_tokens": 9, "completion_tokens": 1, "prompt_tokens_details": None}),
        Completion("{}", prompt_tokens=9, completion_tokens=1),
    ),
    (
        completes(usage={"prompt_tokens": 9, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 8}}),
        Completion("{}", prompt_tokens=9, cached_tokens=8, completion_tokens=1),
    ),
    # what is no completion is an empty answer, which is asked for once more as any that can't be read
    (Says(200, "<html><h1>Welcome to the proxy</h1></html>"), Completion("")),
    (Says(200, "<html>", {"content-type": "application/json"}), Completion("")),
    (Says(200, "", {"content-type": "application/json"}), Completion("")),
    (Says(200, {}), Completion("")),
    (Says(200, "[]", {"content-type": "application/json"}), Completion("")),
    (Says(200, "null", {"content-type": "application/json"}), Completion("")),
    (Says(200, {"choices": []}), Completion("")),
    (Says(200, {"choices": None}), Completion("")),
    (Says(200, {"choices": [None]}), Completion("")),
    (Says(200, {"choices": [{"index": 0}]}), Completion("")),
    (Says(200, {"choices": [{"message": None, "finish_reason": "stop"}]}), Completion("")),
    (Says(200, {"choices": [{"message": {"content": None}, "finish_reason": "stop"}]}), Completion("")),
    (Says(200, {"choices": [{"message": {"content": "{}"}}], "usage": {}}), Completion("{}")),
    (Says(200, {"choices": [{"message": {"content": "{}"}}], "usage": {"prompt_tokens": "many"}}), Completion("{}")),
    (completes(usage={"prompt_tokens": -9, "completion_tokens": 1.5, "prompt_tokens_details": []}), Completion("{}")),
    (Says(200, {"choices": [{"message": {"content": ["{}"]}}]}), Completion("")),
]


@pytest.mark.parametrize(("says", "taken"), ANSWERS)
def test_an_answer_is_what_the_server_says(says: Says, taken: Completion) -> None:
    """Text, end, refusal and counts are the server's; what is no completion at all is empty, and asked once."""
    with scripted(says) as server:
        assert outcome_of(server) == taken
        assert len(server.came) == 1


def told(*places: tuple[str, list[tuple[Any, Any]]], text: str = "{}") -> Says:
    """A completion whose tokens are told, each with the likeliest at its place."""
    content = [
        {
            "token": token,
            "logprob": -0.1,
            "bytes": None,
            "top_logprobs": [{"token": t, "logprob": p} for t, p in likely],
        }
        for token, likely in places
    ]
    says = completes(text)
    assert isinstance(says.body, dict)
    (choice,) = says.body["choices"]
    return Says(200, says.body | {"choices": [choice | {"logprobs": {"content": content}}]})


TOKENS = [
    # what the server tells of the tokens of "{}", and what is made of it
    (told(("{", [("{", -0.1), ("[", -2.5)]), ("}", [])), (Token("{", (("{", -0.1), ("[", -2.5))), Token("}", ()))),
    (told(("{}", [("{}", 0)])), (Token("{}", (("{}", 0.0),)),)),
    # the fence of a block is not in the text
    (
        told(("```", []), ("json\n", []), ("{}", [("{}", -0.1)]), ("\n```", [])),
        (Token("```", ()), Token("json\n", ()), Token("{}", (("{}", -0.1),)), Token("\n```", ())),
    ),
    (completes(), ()),  # nothing
    (told(), ()),
    (told(("{", [])), ()),  # not all of the text
    (told(("{}", [("{}", "likely")])), ()),  # no number
    (told(("{}", [(None, None)])), ()),
]


@pytest.mark.parametrize(("says", "tokens"), TOKENS)
def test_tokens_are_those_of_the_text_or_none(says: Says, tokens: tuple[Token, ...]) -> None:
    """Tokens and their rivals are read where they are told, make up the text, and have probabilities."""
    with scripted(says) as server:
        answer = outcome_of(server)
    assert isinstance(answer, Completion)
    assert (answer.text, answer.tokens) == ("{}", tokens)


def test_probabilities_are_asked_for_where_they_are_wanted() -> None:
    """A server that does not know them is asked without; a request that wants none does not ask."""
    wanted = replace(request(), logprobs=True)
    with scripted(fails(400, "logprobs are not supported"), completes()) as server:

        async def work(completions: Completions) -> None:
            for asked in (wanted, wanted, request()):
                assert await completions.complete(asked) == ANSWERED

        using(server, work)
    sent = [{key for key in came.body if "logprobs" in key} for came in server.came]
    assert sent == [{"logprobs", "top_logprobs"}, set(), set(), set()]


def test_an_answer_without_a_schema_is_free_text() -> None:
    """Where one word is wanted, no form is asked for, and as many likely tokens as the request says."""
    wanted = replace(request(), schema={}, logprobs=True, likeliest=20)
    with scripted(completes()) as server:

        async def work(completions: Completions) -> None:
            await completions.complete(wanted)

        using(server, work)
    (came,) = server.came
    assert "response_format" not in came.body
    assert came.body["top_logprobs"] == 20


def test_a_request_is_what_was_asked() -> None:
    """What is sent is what the reply is remembered by, with the key in its header and nowhere else."""
    with scripted(completes()) as server:

        async def work(completions: Completions) -> dict[str, Any]:
            await ask(completions)
            return completions.parameters(request())

        body = using(server, work)
        (came,) = server.came
    assert came.body == body
    assert body["response_format"]["json_schema"] == {"name": "claims", "strict": True, "schema": SCHEMA}
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("m", 0, 64)
    assert came.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(came.body)


@pytest.mark.parametrize(("base_url", "name"), [(None, "max_completion_tokens"), ("http://host/v1", "max_tokens")])
def test_the_limit_of_an_answer_has_the_name_that_the_server_knows(base_url: str | None, name: str) -> None:
    """OpenAI's own service names it otherwise than servers that are like it."""
    parameters = Completions(Server("m", base_url, KEY)).parameters(request())
    assert {key for key in parameters if "tokens" in key} == {name}


PASSING = [
    # what may not be met again: a status, with how long to wait so that the test need not
    *(fails(status, retry_after_ms="1") for status in (408, 409, 425, 429, 500, 502, 503, 504, 529)),
    fails(429, code="rate_limit_exceeded", retry_after_ms="1"),
    fails(503, x_should_retry="true", retry_after_ms="1"),
    Says(0),  # the connection is cut
    completes(delay=20.0),  # too late
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
    (completes(delay=20.0), 7.0),
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
    with scripted(completes(delay=20.0)) as server:
        started = time.monotonic()
        error = refused(outcome_of(server, deadline=0.5))
        assert 0.5 <= time.monotonic() - started < 0.5 + SOON
        assert (
            str(error)
            == "the model server gave no answer within 0.5 s (CONCORD_REQUEST_DEADLINE_SECONDS, with all tries)"
        )
        assert error.sent


def test_an_answer_that_comes_byte_by_byte_is_given_up() -> None:
    """The time of a try is that of its whole answer, not of each piece."""
    with scripted(replace(completes(), drip=0.1), completes()) as server:
        started = time.monotonic()
        assert outcome_of(server, attempt_timeout=0.5) == ANSWERED
        assert time.monotonic() - started < 1.0 + SOON
        assert len(server.came) == 2


def test_no_wait_goes_beyond_the_deadline() -> None:
    """The next try is not waited for if it could come only after the deadline."""
    with scripted(fails(503, retry_after="5")) as server:
        started = time.monotonic()
        error = refused(outcome_of(server, deadline=2.0, attempts=20))
        assert time.monotonic() - started < SOON
        assert error.retry_after == 5
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

        outcomes, seconds = using(server, work, attempts=1, failures_to_open=3, open_seconds=20)
        assert len(server.came) == 3
    assert all(refused(outcome).sent for outcome in outcomes[:3])
    last = refused(outcomes[3])
    assert str(last) == f"the model server is left alone for a while: {refused(outcomes[2])}"
    assert not last.sent
    assert last.retry_after is not None
    assert 5 <= last.retry_after <= 20
    assert seconds < 15


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
            for pause in (0.0, 0.0, 0.0, 0.35, 0.0, 0.35, 0.0, 0.0):
                await asyncio.sleep(pause)
                outcome = await ask(completions)
                sent.append(isinstance(outcome, Completion) or outcome.sent)
            return sent

        sent = using(server, work, attempts=1, failures_to_open=2, open_seconds=0.3)
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
    with scripted(completes(delay=20.0), completes(delay=20.0), completes()) as server:

        async def work(completions: Completions) -> Completion | Unanswered:
            for _ in range(2):
                await cancelled(completions, server, 0.1)
            return await ask(completions)

        assert using(server, work, failures_to_open=1) == ANSWERED
        assert len(server.came) == 3


def test_nothing_is_sent_after_a_request_was_given_up() -> None:
    """Neither the try under way nor the wait for the next goes on, and the place of both is free."""
    with scripted(completes(delay=20.0), fails(503, retry_after="1.5"), completes()) as server:

        async def work(completions: Completions) -> Completion | Unanswered:
            for _ in range(2):
                await cancelled(completions, server, 0.1)
            await asyncio.sleep(1.6)
            assert len(server.came) == 2
            return await ask(completions)

        assert using(server, work, concurrent=1) == ANSWERED
        assert len(server.came) == 3


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
        assert (
            str(error)
            == "the model server gave no answer within 0.5 s (CONCORD_REQUEST_DEADLINE_SECONDS, with all tries)"
        )
        assert len(server.came) == 1


UNKNOWN = [
    # what the server says of the requests, and which parameters of each it was sent
    ([fails(400, "'temperature' does not support 0 with this model")], ["response_format"]),
    ([fails(400, "response_format: not supported")], ["temperature"]),
    ([fails(400, "no temperature"), fails(400, "and no response_format")], []),
]


@pytest.mark.parametrize(("script", "left"), UNKNOWN)
def test_a_parameter_that_a_server_does_not_know_is_left_away(script: list[Says], left: list[str]) -> None:
    """A request that is refused for an optional parameter is sent without, and later ones are from the start."""
    with scripted(*script, completes()) as server:
        assert outcomes_of(server, 2, attempts=1) == [ANSWERED, ANSWERED]
        sent = [[key for key in ("temperature", "response_format") if key in came.body] for came in server.came]
    assert sent[0] == ["temperature", "response_format"]
    assert sent[len(script) :] == [left, left]
    assert set(server.came[-1].body) >= {"model", "messages", "max_tokens"}


def test_requests_under_way_at_once_learn_it_each() -> None:
    """Several requests that are refused for the same parameter at once are all sent without."""
    refusal = fails(400, "'temperature' does not support 0", delay=0.2)
    with scripted(*[refusal] * 4, completes()) as server:

        async def work(completions: Completions) -> list[Completion | Unanswered]:
            return await asyncio.gather(*(ask(completions) for _ in range(4)))

        assert using(server, work) == [ANSWERED] * 4
        assert len(server.came) == 8


def test_a_server_that_is_never_content_is_given_up() -> None:
    """What is named though it was left away is an error like any."""
    with scripted(fails(400, "temperature is the matter, or response_format")) as server:
        assert str(refused(outcome_of(server))).startswith("the model server answered 400: ")
        assert len(server.came) == 3


TOLD = [
    # answers that repeat what must not be told
    fails(401, f"Incorrect API key provided: {KEY}."),
    fails(400, f"Can't read: {TEXT}"),
    Says(500, f"<html>{KEY} {TEXT}</html>", {"retry-after-ms": "1"}),
    Says(0),
    completes(delay=20.0),
]


@pytest.mark.parametrize("says", TOLD)
def test_no_error_tells_the_key_or_the_document(says: Says) -> None:
    """Whatever went wrong is told in our words: neither the key nor a document is in a message or its traceback."""
    with scripted(says) as server:
        error = refused(outcome_of(server, attempts=2, attempt_timeout=0.5, deadline=2.0))
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.__dict__)
    assert KEY not in told
    assert TEXT not in told
