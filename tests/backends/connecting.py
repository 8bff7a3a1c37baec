"""A client of a server that is scripted, over a real connection: what becomes of requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from service.backends.completions import Completion, Completions, Request, Server, Unanswered
from tests.servers import Scripted

T = TypeVar("T")
KEY = "sk-secret-of-the-owner"
TEXT = "What the document says is confidential."
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
SOON = 20.0  # seconds that a machine under load may add to what is measured
NEVER = 600.0  # seconds after which an answer is as good as none
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
