"""A judge that is calibrated for one word: it is asked so about texts, and about nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from math import log

import pytest

from service.backends.base import OF_TEXTS, Terms
from service.backends.calibration import Calibration
from service.backends.completions import Completion, Unanswered
from service.backends.models import ChatBackends
from service.backends.odds import Token
from service.backends.prompts import load_prompts
from service.core.errors import ModelUnavailable
from service.core.matching import Index
from service.core.model import Question, Verdict
from tests import builders
from tests.backends.fakes import EXACT, Answering, Kept, completion, in_turn, model, said

PROMPTS = load_prompts()
WORD = Calibration(judge=1.0, features=0.0, intercept=-1.0, rows=40, passed=0.4)


def one_word(yes: float) -> Completion:
    """An answer of one word with how probable yes was."""
    word = "Yes" if yes > 0.5 else "No"
    return completion(word, tokens=(Token(word, (("Yes", log(yes)), ("no", log(1 - yes)))),), cut=True)


def questions(batch: str = f"{OF_TEXTS}0") -> tuple[Index, list[Question]]:
    """Two sentences of a text with the sentences that hold most of them."""
    index = builders.index(*builders.BRIDGE)
    claims = [replace(builders.claim(index, "a"), text=text) for text in ("The bridge was shut.", "A ferry sails.")]
    return index, [
        Question(claim, (builders.sentence(index, "b"), builders.sentence(index, "c")), batch) for claim in claims
    ]


def opened(*answers: Completion | Unanswered, kept: Kept | None = None) -> tuple[ChatBackends, Answering]:
    asked, sent = model(in_turn(*answers), name=EXACT)
    return ChatBackends(None, replace(asked, word=WORD), PROMPTS, kept), sent


JUDGED = [
    # how probable yes was, the verdict after the gates, and its probability
    (0.9, Verdict.SUPPORTED, 0.768),
    (0.7, Verdict.SUPPORTED, 0.462),  # above the threshold of what passed the gates
    (0.6, Verdict.UNSUPPORTED, 0.356),  # it says yes, and is not sure
    (0.1, Verdict.UNSUPPORTED, 0.039),
]


@pytest.mark.parametrize(("yes", "verdict", "score"), JUDGED)
def test_a_text_is_judged_by_how_sure_one_word_is(yes: float, verdict: Verdict, score: float) -> None:
    """One request a sentence, with its own evidence, for one token; asked again it is remembered."""
    kept = Kept()
    index, asked = questions()
    for requests in (2, 0):
        backends, sent = opened(one_word(yes), kept=kept)
        backend, account = backends.open(Terms())
        found = list(asyncio.run(backend.verdicts(asked, index)))
        assert [(a.verdict, a.score, a.sentences) for a in found] == [(verdict, score, asked[0].evidence[:1])] * 2
        assert len(sent.asked) == requests
        assert (account.notices(), account.notices_of_judge()) == ([], [])
        for request, question in zip(sent.asked, asked, strict=False):
            assert (request.name, request.max_tokens, request.logprobs) == ("word", 1, True)
            assert f"Statement: {question.claim.text}\n" in said(request)
            assert question.evidence[1].text in said(request)


@pytest.mark.parametrize("batch", ["", "c"])
def test_claims_and_statements_are_judged_by_verdicts(batch: str) -> None:
    """Their number of requests is estimated, and what contradicts them counts."""
    index, asked = questions(batch)
    backends, sent = opened(completion("no JSON"))
    asyncio.run(backends.open(Terms())[0].verdicts(asked, index))
    assert {request.name for request in sent.asked} == {"verdicts"}


UNANSWERED = [
    # what the server does, and the reason that is told
    (Unanswered("the model server is down"), "the model server is down"),
    (completion("Perhaps", tokens=(Token("Perhaps", (("Perhaps", -0.1),)),)), "neither yes nor no"),
    (completion("Yes"), "neither yes nor no"),  # and no log-probabilities
]


@pytest.mark.parametrize(("answer", "reason"), UNANSWERED)
def test_a_sentence_without_an_answer_is_not_judged(answer: Completion | Unanswered, reason: str) -> None:
    """The gates' verdict stands and the account says so; a client that wants no other is told at once."""
    index, asked = questions()
    backend, account = opened(answer)[0].open(Terms())
    found = asyncio.run(backend.verdicts(asked, index))
    assert [a.verdict for a in found] == [Verdict.NOT_CHECKED] * 2
    assert account.degraded
    assert reason in account.notices()[0].detail
    backend, _ = opened(answer)[0].open(Terms(require_model=True))
    with pytest.raises(ModelUnavailable, match=reason):
        asyncio.run(backend.verdicts(asked, index))


def test_a_sentence_that_does_not_fit_is_not_asked_about() -> None:
    """Neither what fits no sheet nor what fits no context is sent."""
    index, asked = questions()
    long = replace(asked[0], claim=replace(asked[0].claim, text="port " * 4_000))
    backends, sent = opened(one_word(0.9))
    (found,) = asyncio.run(backends.open(Terms())[0].verdicts([long], index))
    assert (found.verdict, sent.asked) == (Verdict.NOT_CHECKED, [])
    small, sent = model(in_turn(one_word(0.9)), context=100)
    backend, account = ChatBackends(None, replace(small, word=WORD), PROMPTS).open(Terms())
    assert asyncio.run(backend.verdicts(asked, index))[0].verdict is Verdict.NOT_CHECKED
    assert sent.asked == []
    assert "does not fit" in account.notices()[0].detail
