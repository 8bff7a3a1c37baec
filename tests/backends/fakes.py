"""A model without a server: answers by a function, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from service.backends.asking import Model
from service.backends.budgets import Budgets
from service.backends.completions import Completion, Request, Server, Unanswered
from service.backends.prices import Price
from service.backends.tokens import ModelTokens, TokenCounter

TOKENS = TokenCounter()
EXACT, OTHER = "gpt-5-mini", "qwen3-4b"  # of the vocabulary that is counted by, and of another one
Answers = Callable[[Request], Completion | Unanswered]


class Answering:
    """Answers requests by a function; every request takes a turn of the event loop."""

    down = False

    def __init__(self, answers: Answers, server: Server) -> None:
        self.server = server
        self.asked: list[Request] = []
        self.closed = 0
        self._answers = answers

    def parameters(self, request: Request) -> dict[str, Any]:
        return {"model": self.server.model, **asdict(request)}

    async def complete(self, request: Request) -> Completion:
        self.asked.append(request)
        await asyncio.sleep(0)
        answer = self._answers(request)
        if isinstance(answer, Unanswered):
            raise answer
        return answer

    async def close(self) -> None:
        self.closed += 1


def in_turn(*answers: Completion | Unanswered | str) -> Answers:
    """Answers in turn, the last one again and again; a text is the whole of a completion."""
    left = list(answers)

    def answer(_: Request) -> Completion | Unanswered:
        given = left.pop(0) if len(left) > 1 else left[0]
        return completion(given) if isinstance(given, str) else given

    return answer


def completion(text: str, **changed: Any) -> Completion:
    """A completion that the server counted as 10 and 5 tokens."""
    return Completion(text, **{"prompt_tokens": 10, "completion_tokens": 5, **changed})


def budgets(name: str = EXACT, context: int = 32_768, output: int = 8_192, reasoning: int = 0) -> Budgets:
    """What the requests of a model may hold."""
    return Budgets(ModelTokens(TOKENS, name), context, output, reasoning)


def model(
    answers: Answers,
    *,
    name: str = EXACT,
    context: int = 32_768,
    price: Price | None = None,
    base_url: str | None = "http://host/v1",
) -> tuple[Model, Answering]:
    """A model that answers by a function, and what it was asked."""
    answering = Answering(answers, Server(name, base_url))
    return Model(answering, budgets(name, context), price), answering


class Kept:
    """A memo that is a dictionary, the same for all runs; `opened` are the jobs of the runs that opened it."""

    def __init__(self) -> None:
        self.replies: dict[str, str] = {}
        self.opened: list[str | None] = []
        self.closed = 0

    def open(self, job_id: str | None, owner: str | None = None) -> Kept:
        self.opened.append(job_id)
        return self

    def get(self, key: str) -> str | None:
        return self.replies.get(key)

    def put(self, key: str, value: str) -> None:
        self.replies[key] = value

    def close(self) -> None:
        self.closed += 1


def said(request: Request) -> str:
    """All that a request says."""
    return "\n".join(message["content"] for message in request.messages)


def claims_of(*texts: str, sentences: Sequence[str] = ("s1",)) -> str:
    """A reply that claims some texts of the same sentences."""
    found = [{"sentences": list(sentences), "text": text, "attributed_to": None} for text in texts]
    return json.dumps({"claims": found})
