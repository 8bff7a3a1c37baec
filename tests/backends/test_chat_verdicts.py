"""The verdicts of a judge: what it finds of each statement, how sure it is, and what it leaves open."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from service.backends.base import Scope, Terms
from service.backends.calibration import Calibration, logistic
from service.backends.completions import Completion, Unanswered
from service.backends.embedded import EmbeddedBackend
from service.backends.models import ChatBackends
from service.backends.odds import Token
from service.backends.weighing import features_of
from service.core.model import (
    Question,
    Verdict,
)
from tests.backends.chatting import (
    EACH,
    FOUR,
    NONE,
    ONE,
    PROMPTS,
    claims,
    groups,
    judging,
    opened,
    questions,
    summary,
    told,
    verdict,
    verdicts,
)
from tests.backends.fakes import OTHER, completion, in_turn, model, said


def test_verdicts_are_answers_in_the_order_of_the_questions() -> None:
    """Each question gets its verdict, in whatever order they come, with the sentences that it rests on."""
    backend, account, sent = opened(judging(ONE, verdict(*reversed(FOUR))))
    found = verdicts(backend)
    assert [answer.verdict.value for answer in found] == [
        "unsupported", "supported", "contradicted", "supported", "unsupported",
    ]  # fmt: skip
    rests = [[(s.document_id, s.index) for s in answer.sentences] for answer in found]
    assert rests == [[("a", 0)], [("c", 2)], [("c", 1)], [("b", 2)], [("b", 1)]]  # the best where none is named
    assert [answer.score > 0 for answer in found] == [False, True, False, True, False]
    assert len(sent.asked) == 2
    assert not account.degraded


def test_evidence_of_another_statement_is_not_rested_on() -> None:
    """A verdict on sentences that are not its statement's rests on its own best one."""
    backend, _, _ = opened(judging(ONE, verdict(("v1", ["s4"], "supported"), *FOUR[1:])))
    assert [(s.document_id, s.index) for s in verdicts(backend)[1].sentences] == [("c", 2)]


MISJUDGED = [
    # what is wrong with a reply on four statements, and how that is told
    (verdict(*FOUR[:3]), "there is no verdict on v4"),
    (verdict(*FOUR[:3], ("v9", ["s1"], "supported")), "there is no statement v9"),
    (verdict(*FOUR[:3], ("v4", ["s77"], "supported")), "v4: there is no sentence s77"),
]


@pytest.mark.parametrize(("wrong", "reason"), MISJUDGED)
def test_a_missing_verdict_is_asked_for_again(wrong: str, reason: str) -> None:
    """The second reply need hold nothing but what was missing: then every verdict is the judge's."""
    backend, account, sent = opened(judging(ONE, wrong, again=verdict(FOUR[3])))
    found = [answer.verdict.value for answer in verdicts(backend)]
    assert found == ["unsupported", "supported", "contradicted", "supported", "unsupported"]
    assert reason in said(sent.asked[-1])
    assert not account.degraded


@pytest.mark.parametrize(("wrong", "reason"), MISJUDGED)
def test_a_verdict_that_stays_away_is_not_checked(wrong: str, reason: str) -> None:
    """What the judge leaves out twice is not taken for silence, and the account says so."""
    backend, account, _ = opened(judging(ONE, wrong))
    found = [answer.verdict.value for answer in verdicts(backend)]
    assert found == ["unsupported", "supported", "contradicted", "supported", "not_checked"]
    assert "verdicts: 1 request was done without the model" in told(account)
    assert reason in told(account)


@EACH
def test_without_a_usable_answer_nothing_is_checked(answer: Completion | Unanswered | str, reason: str) -> None:
    """Where the judge can't be had or understood, no verdict is made up."""
    backend, account, _ = opened(in_turn(answer))
    assert {answer.verdict for answer in verdicts(backend)} == {Verdict.NOT_CHECKED}
    assert "verdicts: 2 requests were done without the model" in told(account)
    assert reason in told(account)


@pytest.mark.parametrize(
    ("batch", "value"), [("c", Verdict.UNSUPPORTED), ("", Verdict.NOT_CHECKED), ("\0001", Verdict.NOT_CHECKED)]
)
def test_what_there_is_no_room_to_ask_is_left_to_rules(batch: str, value: Verdict) -> None:
    """Rules did not find the claim stated; of a statement of the summary, or a text, they say nothing."""
    index, asked = questions()
    long = replace(asked[1].claim, text="port " * 4_000)
    backend, account, sent = opened(in_turn(ONE))
    found = asyncio.run(backend.verdicts([Question(long, asked[1].evidence, batch)], index))
    assert [answer.verdict for answer in found] == [value]
    assert sent.asked == []
    assert not account.degraded


WEIGHED = [
    # the judge's word, its odds of support, and what they come to with a calibration that shifts odds by two
    ("supported", 5.0, Verdict.SUPPORTED, 0.953),
    ("supported", 1.0, Verdict.UNSUPPORTED, 0.269),  # it says so, and is not sure
    ("not_found", 5.0, Verdict.SUPPORTED, 0.953),  # it hardly meant it
    ("not_found", -5.0, Verdict.UNSUPPORTED, 0.001),
    ("contradicted", 5.0, Verdict.CONTRADICTED, 0.953),  # is heeded however unsure
    ("supported", None, Verdict.SUPPORTED, None),  # the server tells nothing: its word counts
    ("not_found", None, Verdict.UNSUPPORTED, 0.0),
]


@pytest.mark.parametrize(("word", "odds", "value", "score"), WEIGHED)
def test_a_calibrated_judge_is_believed_as_far_as_it_is_sure(
    word: str, odds: float | None, value: Verdict, score: float | None
) -> None:
    """The probability decides where it is known; contradictions and judges without odds count by their word."""
    text = verdict(("v1", ["s1"], word))
    place = text.index(word)
    likeliest = (("supported", 0.0), ("not_found", -(odds or 0.0)))
    tokens = (Token(text[:place], ()), Token(text[place:], likeliest))
    answer = completion(text, tokens=tokens if odds is not None else ())
    asked, sent = model(lambda _: answer)
    judge = replace(asked, calibration=Calibration(1.0, 0.0, -2.0, 40))
    index, given = questions()
    own = logistic(features_of(given[0], index))
    backend, account = ChatBackends(judge, judge, PROMPTS).open(Terms())
    (found,) = asyncio.run(backend.verdicts(given[:1], index))
    assert found.verdict is value
    assert found.score == pytest.approx(own if score is None else score, abs=5e-4)
    assert [request.logprobs for request in sent.asked] == [True]
    assert [notice.code for notice in account.notices_of_judge()] == ["judged_by_word"] * (odds is None)
    backend, account = ChatBackends(asked, asked, PROMPTS).open(Terms())
    (found,) = asyncio.run(backend.verdicts(given[:1], index))
    assert found.score == pytest.approx(own if word == "supported" else 0.0, abs=5e-4)
    assert "`concord calibrate`" in account.notices_of_judge()[0].detail
    assert account.notices() == []


def test_a_judge_alone_gives_the_verdicts_and_rules_the_rest() -> None:
    """Without a writer claims, groups and summary are the embedded backend's, and cost nothing."""
    asked, sent = model(judging(ONE, verdict(*FOUR)))
    backends = ChatBackends(None, asked, PROMPTS)
    backend, account = backends.open(Terms())
    assert (backends.name, backends.model) == ("embedded", "embedded, judged by gpt-5-mini")
    assert backend.judges
    assert claims(backend) == claims(EmbeddedBackend())
    assert groups(backend) == []
    assert summary(backend) == summary(EmbeddedBackend())
    assert sent.asked == []
    assert [answer.verdict.value for answer in verdicts(backend)][1:3] == ["supported", "contradicted"]
    assert account.usage().requests == 2
    assert not account.degraded
    both, alone = (
        ChatBackends(writer, asked, PROMPTS).estimate([], ["one", "two"], Scope(8, "")) for writer in (asked, None)
    )
    assert 0 < alone.requests < both.requests
    asyncio.run(backends.close())
    assert sent.closed == 1


def test_one_model_writes_and_another_judges() -> None:
    """Verdicts are asked of the judge, all else of the writer, and both are named and counted."""
    writer, written = model(in_turn(NONE))
    judge, judged = model(judging(ONE, verdict(*FOUR)), name=OTHER)
    backends = ChatBackends(writer, judge, PROMPTS)
    backend, account = backends.open(Terms())
    verdicts(backend)
    groups(backend)
    assert [asked.name for asked in written.asked] == ["groups"] * 2
    assert [asked.name for asked in judged.asked] == ["verdicts"] * 2
    assert backends.model == "gpt-5-mini, judged by qwen3-4b"
    assert account.usage().requests == 4
