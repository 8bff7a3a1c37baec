"""Runs of the chat backend: what a client asks of one, and whole runs over a real connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.stub import Stub
from benchmarks.stub_replies import Mode
from service.api.requests import SummaryRequest
from service.api.schemas import SummaryResult
from service.api.summaries import Limits, Summaries
from service.backends.asking import Model
from service.backends.base import Backend, Terms, inline
from service.backends.completions import Completion, Request, Unanswered
from service.backends.models import ChatBackends
from service.building import create_chat_backends
from service.core.errors import BudgetExceeded, ModelUnavailable
from service.settings import load_settings
from tests import builders
from tests.api.answers import assert_exact
from tests.backends.chatting import (
    DIVERS,
    DOWN,
    EACH,
    FIRE,
    HARBOUR,
    HURT,
    NONE,
    PROMPTS,
    SHIPS,
    claims,
    groups,
    opened,
    questions,
    reply,
    summary,
    verdicts,
)
from tests.backends.fakes import OTHER, TOKENS, Answering, Kept, completion, in_turn, model, said

REQUIRED: list[tuple[str, Callable[[Backend], object]]] = [
    ("claims", claims), ("groups", groups), ("verdicts", verdicts), ("summary", summary),
]  # fmt: skip


@pytest.mark.parametrize(("step", "work"), REQUIRED)
@EACH
def test_a_client_may_want_no_step_without_the_model(
    step: str, work: Callable[[Backend], object], answer: Completion | Unanswered | str, reason: str
) -> None:
    """Then a step that the model can't do is an error, which names it, and when to come again."""
    backend, _, _ = opened(in_turn(answer), require_model=True)
    with pytest.raises(ModelUnavailable, match=f"^{step}: ") as raised:
        work(backend)
    assert reason in str(raised.value)
    assert raised.value.retry_after == (9.0 if answer is DOWN else None)


def test_a_budget_is_of_one_run() -> None:
    """Each run has a ledger of its own, and without a price no budget can be kept."""
    asked, sent = model(in_turn(reply(HARBOUR, HURT, DIVERS)))
    backends = ChatBackends(asked, asked, PROMPTS)
    with pytest.raises(BudgetExceeded, match="CONCORD_PRICES"):
        claims(backends.open(Terms(1.0))[0])
    assert sent.asked == []
    (one, first), (other, second) = backends.open(Terms()), backends.open(Terms())
    claims(one)
    claims(one)
    claims(other)
    assert (first.usage().requests, second.usage().requests) == (2, 1)


def test_both_models_and_the_memo_are_closed() -> None:
    """What a process holds open is closed at its end, each once."""
    writer, written = model(in_turn(NONE))
    judge, judged = model(in_turn(NONE), name=OTHER)
    memo = Kept()
    asyncio.run(ChatBackends(writer, judge, PROMPTS, memo).close())
    asyncio.run(ChatBackends(writer, writer, PROMPTS).close())
    assert (written.closed, judged.closed, memo.closed) == (2, 1, 1)


def test_each_run_opens_its_memo() -> None:
    """A run has one memo for both models, under the name of its job; calibrating has one too, and no job."""
    writer, _ = model(in_turn(NONE))
    judge, _ = model(in_turn(NONE), name=OTHER)
    memos = Kept()
    backends = ChatBackends(writer, judge, PROMPTS, memos)
    backends.open(Terms(job_id="sum_1"))
    backends.open(Terms())
    backends.open_judge()
    assert memos.opened == ["sum_1", None, None]


@pytest.mark.parametrize("error", [ModelUnavailable("x"), BudgetExceeded("x")])
def test_after_an_error_nothing_is_asked_any_more(error: Exception) -> None:
    """One request that fails the run ends those beside it, before they ask again."""

    class Slow(Answering):
        async def complete(self, request: Request) -> Completion:
            self.asked.append(request)
            await asyncio.sleep(0.0 if "v4 (" in said(request) else 0.1)
            if "v4 (" in said(request):
                raise error
            return completion("prose")

    asked, _ = model(in_turn(""))
    sent = Slow(in_turn(""), asked.completions.server)
    slow = Model(sent, asked.budgets)
    backend, _ = ChatBackends(slow, slow, PROMPTS).open(Terms())
    index, given = questions()

    async def run() -> None:
        with pytest.raises(type(error)):
            await backend.verdicts(given, index)
        await asyncio.sleep(0.3)

    asyncio.run(run())
    assert len(sent.asked) == len({question.batch for question in given}) == 2


def run(stub: Stub, timeout: float = 20.0, kept: Path | None = None, *, require_model: bool = False) -> SummaryResult:
    """The summary of three reports by the stub's model; replies are kept in a folder if there is one."""
    variables = {
        "OPENAI_BASE_URL": stub.base_url,
        "CONCORD_REQUEST_ATTEMPTS": "1",
        "CONCORD_REQUEST_TIMEOUT_SECONDS": str(timeout),
        "CONCORD_DATA_DIR": str(kept or "unused"),
        "CONCORD_MEMO": "on" if kept else "off",
    }
    settings = load_settings(variables)
    backends = create_chat_backends(settings, TOKENS, inline)
    summaries = Summaries(backends, TOKENS, Limits(9, 9_999, 9_999), settings.chunk_tokens)

    async def made() -> SummaryResult:
        try:
            return await summaries.make(REQUEST, terms=Terms(require_model=require_model))
        finally:
            await backends.close()

    return asyncio.run(made())


REQUEST = SummaryRequest.model_validate(
    {
        "documents": [
            {"text": builders.BRIDGE[0] + "\n\n" + FIRE},
            {"text": builders.BRIDGE[1] + "\n\n" + SHIPS},
            {"text": builders.BRIDGE[2]},
        ]
    }
)


def assert_sound(result: SummaryResult) -> None:
    """Quotes are exact, and every sentence is borne out by two origins."""
    assert_exact(REQUEST.model_dump(mode="json"), result.model_dump(mode="json"))
    assert all(len(set(sentence.documents)) >= 2 for sentence in result.summary)
    assert result.summary
    assert result.model.backend == "chat"


def test_a_run_asks_all_four_requests(stub: Stub) -> None:
    """An honest model's run is complete, and its usage is what the server was asked."""
    result = run(stub)
    stats = stub.stats()
    assert_sound(result)
    assert result.status == "complete"
    assert "model" in {sentence.written_by for sentence in result.summary}
    assert set(stats.by_name) == {"claims", "groups", "verdicts", "summary"}
    assert (result.usage.requests, result.usage.memoised) == (stats.requests, 0)
    assert result.usage.prompt_tokens == stats.prompt_tokens
    assert result.usage.completion_tokens == stats.completion_tokens


@pytest.mark.parametrize("mode", sorted(set(get_args(Mode)) - {"honest"}))
def test_a_run_with_a_model_that_fails_is_sound_and_says_so(stub: Stub, mode: Mode) -> None:
    """Whatever the model does, the result holds; the steps that fell back are named; who wants none gets an error."""
    stub.misbehave(mode)
    timeout = 0.2 if mode == "hang" else 20.0
    result = run(stub, timeout)
    assert_sound(result)
    assert result.status == "degraded"
    assert "fell_back" in {warning.code for warning in result.warnings}
    assert result.warnings[0].detail.startswith("claims: 3 requests were done without the model")
    with pytest.raises(ModelUnavailable, match=r"^claims: "):
        run(stub, timeout, require_model=True)


@pytest.mark.parametrize("name", ["claims", "groups", "verdicts", "summary"])
def test_a_step_that_fails_leaves_the_others_to_the_model(stub: Stub, name: str) -> None:
    """One kind of request that can't be had is one step that fell back."""
    stub.misbehave("html500", only=[name])
    result = run(stub)
    assert_sound(result)
    assert result.status == "degraded"
    assert [w.detail.partition(":")[0] for w in result.warnings if w.code == "fell_back"] == [name]


def test_a_second_run_asks_nothing_anew(stub: Stub, tmp_path: Path) -> None:
    """With the memo on, the same request is answered without a request, alike, and says so."""
    first, second = run(stub, kept=tmp_path), run(stub, kept=tmp_path)
    assert first.usage.requests > 0
    assert (second.usage.requests, second.usage.memoised) == (0, first.usage.requests)
    assert second.usage.prompt_tokens == 0
    assert (second.summary, second.consensus, second.unique) == (first.summary, first.consensus, first.unique)
