"""Verifying with a judge: it is asked about what passed every gate, heeded, and overrules none of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

import pytest

from service.backends.base import Means
from service.backends.embedded import EmbeddedBackend
from service.core.checking import WORD_FOR_WORD
from service.core.matching import Index
from service.core.model import Answer, Question, Source, Verdict
from service.verifying import VerifiedSentence, split, verify_text

P = ParamSpec("P")
T = TypeVar("T")

REPORT = (
    "The ferry Corriel sank off Oldport early on Monday. Twelve passengers drowned, the coastguard said. "
    "Its owner, Northlink, had the ferry inspected in May. Divers are searching the wreck of the ferry. "
    "The port of Oldport has been closed. Relatives of the passengers wait in the port."
)
WORD_FOR_WORD_TEXT = "Twelve passengers drowned, the coastguard said."
FREER = "The ferry Corriel sank early on Monday off the port of Oldport."
FALSE = "Fifteen passengers drowned, the coastguard said."


class Judging(EmbeddedBackend):
    """Answers every question in one way, and remembers what it was asked."""

    judges = True

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.asked: list[Question] = []
        self._verdict = verdict

    async def verdicts(self, questions: Sequence[Question], index: Index) -> Sequence[Answer]:
        self.asked += questions
        return [Answer(self._verdict, question.evidence[:1], 0.25) for question in questions]


def verify(text: str, backend: EmbeddedBackend) -> list[VerifiedSentence]:
    found = asyncio.run(verify_text(text, split(text), [Source("report", REPORT)], backend, Means()))
    return list(found.sentences)


def test_a_judge_is_asked_only_what_the_gates_leave_to_it() -> None:
    """Neither a source's own words nor what a gate fails is worth a question; a few best sentences are shown."""
    judge = Judging(Verdict.SUPPORTED)
    found = verify(" ".join((WORD_FOR_WORD_TEXT, FREER, FALSE)), judge)
    assert [question.claim.text for question in judge.asked] == [FREER]
    assert 1 <= len(judge.asked[0].evidence) <= 4
    assert [sentence.checked.verdict.value for sentence in found] == ["supported", "supported", "contradicted"]
    assert [sentence.checked.score for sentence in found[:2]] == [WORD_FOR_WORD, 0.25]


HEEDED = [
    # what the judge says, what becomes of a sentence that passes the gates, and its score
    (Verdict.SUPPORTED, Verdict.SUPPORTED, 0.25),
    (Verdict.UNSUPPORTED, Verdict.UNSUPPORTED, 0.25),
    (Verdict.CONTRADICTED, Verdict.CONTRADICTED, 0.25),
    (Verdict.NOT_CHECKED, Verdict.SUPPORTED, None),  # it gave no answer: the gates' counts
]


@pytest.mark.parametrize(("said", "verdict", "score"), HEEDED)
def test_a_judge_takes_away_and_gives_the_score(said: Verdict, verdict: Verdict, score: float | None) -> None:
    """The probability is the judge's and the features' together; a verdict against has a reason and a span."""
    (by_gates,) = verify(FREER, EmbeddedBackend())
    (found,) = verify(FREER, Judging(said))
    assert found.checked.verdict is verdict
    assert found.checked.score == (by_gates.checked.score if score is None else score)
    rejected = verdict is not Verdict.SUPPORTED
    assert [check.check for check in found.checked.checks if not check.passed] == ["judge"] * rejected
    assert bool(found.checked.opposing) is rejected
    assert bool(found.checked.supporting) is not rejected


def test_a_client_that_leaves_ends_the_work_between_two_sentences() -> None:
    """What was begun is done, and no sentence after it."""
    done: list[str] = []

    async def offload(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if len(done) == 4:
            raise asyncio.CancelledError
        done.append(work.__name__)
        return work(*args, **kwargs)

    sources, means = [Source("report", REPORT)], Means(offload=offload)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(verify_text(REPORT, split(REPORT), sources, EmbeddedBackend(), means))
    assert done[2:] == ["check_text", "check_text"]
