"""Completions: what a server is asked and answers, and what its client makes of it. Over a real connection."""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import replace
from typing import Any

import pytest

from service.backends.completions import Completion, Completions, Server, Unanswered
from service.backends.odds import Token
from tests.backends.connecting import (
    ANSWERED,
    KEY,
    NEVER,
    SCHEMA,
    TEXT,
    ask,
    outcome_of,
    outcomes_of,
    refused,
    request,
    using,
)
from tests.servers import Says, completes, fails, scripted

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
    completes(delay=NEVER),
]


@pytest.mark.parametrize("says", TOLD)
def test_no_error_tells_the_key_or_the_document(says: Says) -> None:
    """Whatever went wrong is told in our words: neither the key nor a document is in a message or its traceback."""
    with scripted(says) as server:
        error = refused(outcome_of(server, attempts=2, attempt_timeout=0.5, deadline=2.0))
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.__dict__)
    assert KEY not in told
    assert TEXT not in told
