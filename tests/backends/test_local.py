"""A model in this process: asked one request at a time, and none that the event loop waits for."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from service.backends.completions import Completion, Request, Server, Unanswered
from service.backends.local import Answer, LocalCompletions
from service.backends.odds import Token
from service.backends.trying import Try

ASKED = Request("verdicts", ({"role": "user", "content": "v1 (s1): so"},), {"type": "object"}, 64, 100, logprobs=True)
TOLD = {
    "token": "{}",
    "logprob": -0.1,
    "top_logprobs": [{"token": "{}", "logprob": -0.1}, {"token": "[", "logprob": -3}],
}
SAID: dict[str, Any] = {
    "choices": [
        {"message": {"role": "assistant", "content": "{}"}, "finish_reason": "stop", "logprobs": {"content": [TOLD]}}
    ],
    "usage": {"prompt_tokens": 12, "completion_tokens": 3},
}
FILE = Path("/models/judge-4b.gguf")


class Loader:
    """Loads a model that answers as it is told to; remembers what was loaded and asked, and how many at once."""

    def __init__(self, said: Any = SAID) -> None:
        self._said = said
        self._under_way = 0
        self.most = 0
        self.loaded: list[tuple[Path, int]] = []
        self.asked: list[dict[str, Any]] = []
        self.threads: set[int] = set()

    def __call__(self, file: Path, context: int) -> Answer:
        self.loaded.append((file, context))
        return self._answer

    def _answer(self, body: dict[str, Any]) -> Any:
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        self.asked.append(body)
        self.threads.add(threading.get_ident())
        time.sleep(0.01)
        self._under_way -= 1
        if isinstance(self._said, Exception):
            raise self._said
        return self._said


class Watching:
    """Remembers the names of the requests that it is told of, their tries and their answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.tries: list[tuple[str, str, int]] = []
        self.answers: list[Completion] = []

    @contextmanager
    def asking(self, server: Server, request: Request) -> Iterator[Callable[[Completion], None]]:
        self.asked.append(f"{server.model} {request.name}")
        yield self.answers.append

    def tried(self, attempt: Try) -> None:
        self.tries.append((attempt.request, attempt.outcome, attempt.number))


def test_its_requests_are_told_of_as_a_servers() -> None:
    """Of each there is one try, which an answer follows unless it fails."""
    watching = Watching()
    answer = asyncio.run(LocalCompletions(FILE, 4_096, Loader(), watching).complete(ASKED))
    with pytest.raises(Unanswered):
        asyncio.run(LocalCompletions(FILE, 4_096, Loader(RuntimeError()), watching).complete(ASKED))
    assert watching.asked == ["judge-4b verdicts"] * 2
    assert watching.tries == [("verdicts", "answered", 1), ("verdicts", "failed", 1)]
    assert watching.answers == [answer]


def test_its_answer_is_read_as_a_servers() -> None:
    """Text, counts and tokens with their rivals are those that the model gives."""
    loader = Loader()
    answer = asyncio.run(LocalCompletions(FILE, 4_096, loader).complete(ASKED))
    tokens = (Token("{}", (("{}", -0.1), ("[", -3.0))),)
    assert answer == Completion("{}", tokens, prompt_tokens=12, completion_tokens=3)
    (body,) = loader.asked
    assert body["messages"] == list(ASKED.messages)
    assert (body["max_tokens"], body["temperature"], body["logprobs"]) == (64, 0, True)
    assert body["response_format"]["json_schema"]["name"] == "verdicts"


def test_it_is_known_by_its_file() -> None:
    """Results and calibrations name the file; replies are kept by it and by what was asked."""
    completions = LocalCompletions(FILE, 4_096, Loader())
    assert completions.server.model == "judge-4b"
    assert completions.server.base_url == "file:judge-4b.gguf"
    assert completions.parameters(ASKED)["model"] == "judge-4b"


def test_it_is_loaded_when_it_is_asked_and_once() -> None:
    """A model that nobody asks takes no memory; one that was let go is loaded again."""
    loader = Loader()

    async def run() -> None:
        completions = LocalCompletions(FILE, 4_096, loader)
        assert loader.loaded == []
        await completions.complete(ASKED)
        await completions.complete(ASKED)
        assert loader.loaded == [(FILE, 4_096)]
        await completions.close()
        await completions.complete(ASKED)
        assert len(loader.loaded) == 2

    asyncio.run(run())


def test_requests_wait_for_each_other_and_nobody_for_them() -> None:
    """One request is under way at a time, in a thread, while the event loop goes on."""
    loader = Loader()

    async def run() -> int:
        completions = LocalCompletions(FILE, 4_096, loader)
        asked = asyncio.gather(*(completions.complete(ASKED) for _ in range(4)))
        turns = 0
        while not asked.done():
            turns += 1
            await asyncio.sleep(0)
        assert await asked == [await completions.complete(ASKED)] * 4
        return turns

    assert asyncio.run(run()) > 4
    assert (loader.most, len(loader.asked)) == (1, 5)
    assert threading.get_ident() not in loader.threads


@pytest.mark.parametrize("error", [RuntimeError("a secret"), ValueError("a secret"), OSError("a secret")])
def test_a_model_that_fails_gives_no_answer(error: Exception) -> None:
    """What goes wrong in it is no answer, for which nothing was paid, told in our words."""
    with pytest.raises(Unanswered, match=r"the model judge-4b\.gguf can't be run in this process") as raised:
        asyncio.run(LocalCompletions(FILE, 4_096, Loader(error)).complete(ASKED))
    assert not raised.value.sent
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("said", [{}, {"choices": []}, {"error": {"message": "no"}}, {"choices": [{}]}, None, []])
def test_what_is_no_completion_is_an_empty_answer(said: Any) -> None:
    """It is asked for once more, as any answer that can't be read."""
    assert asyncio.run(LocalCompletions(FILE, 4_096, Loader(said)).complete(ASKED)) == Completion("")
