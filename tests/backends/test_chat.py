"""The chat backend: what of a model's answers becomes part of a run, and what is done and told where it does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from benchmarks.stub import Stub, running_stub
from benchmarks.stub_replies import Mode
from service.api.requests import SummaryRequest
from service.api.schemas import SummaryResult
from service.api.summaries import Limits, Summaries
from service.backends.asking import Model
from service.backends.base import Account, Backend, Scope, Terms, inline
from service.backends.calibration import Calibration, logistic
from service.backends.completions import Completion, Request, Unanswered
from service.backends.embedded import EmbeddedBackend
from service.backends.models import ChatBackends
from service.backends.odds import Token
from service.backends.prompts import load_prompts
from service.backends.weighing import features_of
from service.building import create_chat_backends
from service.core import corroboration
from service.core.anchoring import MOST_CHARACTERS
from service.core.errors import BudgetExceeded, ModelUnavailable
from service.core.matching import Index
from service.core.model import (
    Answer,
    Brief,
    Chunk,
    ClaimDraft,
    Dropped,
    Group,
    Question,
    Relation,
    StatementDraft,
    Verdict,
)
from service.settings import load_settings
from tests import builders
from tests.api.answers import assert_exact
from tests.backends.fakes import OTHER, TOKENS, Answering, Kept, completion, in_turn, model, said

PROMPTS = load_prompts()
DOWN = Unanswered("the model server is down", sent=False, retry_after=9.0)
FIRE = (
    "The harbour of Oldport was closed on Monday.\n\nTwelve people were hurt in the fire, mayor Ann Lee said."
    "\n\nDivers will look for the wreck on Friday."
)
SHIPS = (
    "Oldport’s harbour has been shut since Monday.\n\nA fire hurt twelve people there, according to mayor Ann Lee."
    "\n\nNine ships wait outside the harbour."
)


def opened(
    answers: Callable[[Request], Completion | Unanswered], *, require_model: bool = False, context: int = 32_768
) -> tuple[Backend, Account, Answering]:
    """A backend over a model that answers by a function, its account, and what it asks."""
    asked, sent = model(answers, context=context)
    return *ChatBackends(asked, asked, PROMPTS).open(Terms(None, require_model)), sent


def told(account: Account) -> str:
    """What an account says of steps that were not the model's alone."""
    return " ".join(notice.detail for notice in account.notices())


FAILURES: list[tuple[str, Completion | Unanswered | str, str]] = [
    # what the server does, whatever it is asked, and the reason that is told
    ("prose", "Here is what I found.", "the answer was not one JSON object"),
    ("nothing", "", "the answer was not one JSON object"),
    ("a list", "[]", "Input should be an object"),
    ("another shape", '{"answers": []}', "Field required"),
    ("cut at its start", completion('{"cl', cut=True), "cut off before anything was whole"),
    ("a refusal", completion("", refused=True), "the model refused to answer"),
    ("no answer", DOWN, "the model server is down"),
]
EACH = pytest.mark.parametrize(("answer", "reason"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES])


# claims


def claims(backend: Backend, text: str = FIRE) -> Sequence[ClaimDraft]:
    """The claims of a document in one chunk."""
    index = builders.index(text)
    document = index.documents["a"]
    return asyncio.run(backend.claims(Chunk(document, document.sentences), index))


def reply(*found: tuple[list[str], str, str | None]) -> str:
    """A reply of claims: their sentences, text and speaker."""
    return json.dumps({"claims": [dict(zip(("sentences", "text", "attributed_to"), c, strict=True)) for c in found]})


HARBOUR = (["s1"], "The harbour of Oldport was closed on Monday.", None)
HURT = (["s2"], "Twelve people were hurt in the fire.", "Ann Lee")
DIVERS = (["[s3]"], "Divers will look for the wreck.", None)
INVENTED = (["s2"], "Thirteen people were hurt in the fire.", "Ann Lee")


def test_claims_are_the_models_anchored_to_the_sentences_it_names() -> None:
    """Numbers become sentences, in whatever brackets; who said it is settled by the document."""
    backend, account, sent = opened(in_turn(reply(HARBOUR, HURT, DIVERS)))
    found = claims(backend)
    assert [(d.text, [s.index for s in d.sentences], d.attributed_to) for d in found] == [
        ("The harbour of Oldport was closed on Monday.", [0], None),
        ("Twelve people were hurt in the fire.", [1], "Ann Lee"),
        ("Divers will look for the wreck.", [2], None),
    ]
    assert len(sent.asked) == 1
    assert "[s2] Twelve people were hurt in the fire, mayor Ann Lee said.\n" in said(sent.asked[0])
    assert not account.degraded


def test_a_heading_is_not_shown() -> None:
    """What states nothing is not asked about."""
    backend, _, sent = opened(in_turn(reply((["s1"], "Nine ships wait.", None))))
    claims(backend, "HARBOUR SHUT AFTER FIRE\n\nNine ships wait outside the harbour of Oldport.\n")
    assert "[s1] Nine ships wait" in said(sent.asked[0])
    assert "HARBOUR SHUT" not in said(sent.asked[0])


MENDED = [
    # what is wrong with the first reply, and the words by which that is told
    (reply(HARBOUR, INVENTED, DIVERS), "'Thirteen' stands in no cited span"),
    (reply(HARBOUR, (["s9"], "Twelve people were hurt in the fire.", None), DIVERS), "there is no sentence s9"),
    (reply(HARBOUR, ([], "Twelve people were hurt in the fire.", None), DIVERS), "it names no sentence"),
    (reply(HARBOUR, (["s1", "s2", "s3"] * 2, "Twelve people were hurt.", None), DIVERS), "it names 6 sentences"),
    (reply(HARBOUR, (["s2"], "They were hurt in the fire.", None), DIVERS), "needs the name"),
    (reply(DIVERS), "there is no claim of s1, s2"),
]


@pytest.mark.parametrize(("first", "words"), MENDED)
def test_claims_that_are_wrong_are_asked_for_again(first: str, words: str) -> None:
    """What is wrong is told, and what the second reply mends is the model's work."""
    backend, account, sent = opened(in_turn(first, reply(HARBOUR, HURT)))
    texts = {draft.text for draft in claims(backend)}
    assert texts >= {"Twelve people were hurt in the fire.", "Divers will look for the wreck."}
    assert words in said(sent.asked[1])
    assert len(sent.asked) == 2
    assert not account.degraded


def test_only_what_is_wanting_is_shown_again() -> None:
    """The second request shows the sentences of refused claims, under their numbers."""
    backend, _, sent = opened(in_turn(reply(HARBOUR, INVENTED, DIVERS), reply(HURT)))
    claims(backend)
    data = sent.asked[1].messages[-1]["content"]
    assert "[s2] Twelve people" in data
    assert "[s1]" not in data
    assert "[s3]" not in data


def test_sentences_without_a_good_claim_are_left_to_rules() -> None:
    """What is wrong twice is done by rules, for the sentences concerned alone, and the account says so."""
    backend, account, _ = opened(in_turn(reply(HARBOUR, INVENTED, DIVERS), reply(INVENTED)))
    found = claims(backend)
    assert [draft.text for draft in found] == [
        "The harbour of Oldport was closed on Monday.",
        "Twelve people were hurt in the fire, mayor Ann Lee said.",
        "Divers will look for the wreck.",
    ]
    assert "claims: 1 request was done without the model" in told(account)
    assert "a claim was refused: figures, binding, entailment" in told(account)


@EACH
def test_without_a_usable_answer_claims_are_made_by_rules(answer: Completion | Unanswered | str, reason: str) -> None:
    """Where the model can't be had or understood, the claims are those of the embedded backend."""
    backend, account, sent = opened(in_turn(answer))
    assert claims(backend) == claims(EmbeddedBackend())
    assert account.degraded
    assert reason in told(account)
    assert len(sent.asked) == (1 if answer is DOWN else 2)


def test_a_model_that_finds_nothing_is_not_believed() -> None:
    """A chunk of reports states something."""
    backend, account, _ = opened(in_turn('{"claims": []}'))
    assert claims(backend) == claims(EmbeddedBackend())
    assert "there is no claim of s1, s2, s3" in told(account)


def test_a_chunk_that_does_not_fit_is_not_sent() -> None:
    """What leaves no room for an answer is done by rules."""
    backend, account, sent = opened(in_turn(reply(HARBOUR)), context=1_024)
    text = "\n\n".join(f"The harbour of Oldport was closed on Monday the {i}th time." for i in range(100))
    assert claims(backend, text) == claims(EmbeddedBackend(), text)
    assert sent.asked == []
    assert "does not fit the model's context" in told(account)


# groups


def bridge() -> tuple[Index, list[Group]]:
    """Three reports, and what rules find of their sentences."""
    index = builders.index(*builders.BRIDGE)
    claimed = builders.sentences_as_claims(index)
    return index, list(asyncio.run(EmbeddedBackend().groups(claimed, index)))


def groups(backend: Backend) -> list[Group]:
    """What is found of the reports' sentences beyond what rules find."""
    index, settled = bridge()
    found = list(asyncio.run(backend.groups(builders.sentences_as_claims(index), index)))
    assert found[: len(settled)] == settled
    return found[len(settled) :]


def group(*numbers: str, relation: str = "same", question: str | None = None) -> str:
    return json.dumps({"groups": [{"claims": list(numbers), "relation": relation, "question": question}]})


NONE = '{"groups": []}'
PROPOSED = [
    # replies to the request about the second document and the third, and the groups that come of them
    (NONE, NONE, []),
    (group("c1", "c2"), NONE, [Group(Relation.SAME, ("ca0", "cb1"))]),
    (NONE, group("c7", "c3"), [Group(Relation.SAME, ("cc2", "cb1"))]),
    (NONE, group("c4", "c6", "c4"), [Group(Relation.SAME, ("cb2", "cc1"))]),  # each claim once
    (
        NONE,
        group("c1", "c5", relation="conflict", question="Was it closed?"),
        [Group(Relation.CONFLICT, ("ca0", "cc0"), "Was it closed?")],
    ),
]


@pytest.mark.parametrize(("second", "third", "expected"), PROPOSED)
def test_groups_are_of_the_claims_that_were_shown(second: str, third: str, expected: list[Group]) -> None:
    """Each request has numbers of its own, which become the run's claims again."""
    backend, account, sent = opened(lambda asked: completion(third if "c7 (c)" in said(asked) else second))
    assert groups(backend) == expected
    assert len(sent.asked) == 2
    assert not account.degraded


WRONG_GROUPS = [
    # a reply that can't be used, and what is told of it
    (group("c1", "c99"), "there is no claim c99"),
    (group("c1"), "a group holds two claims or more"),
    (group("c1", "c1"), "a group holds two claims or more"),
    (group("c1", "c2", relation="alike"), "Input should be 'same' or 'conflict'"),
    (group("[s1]", "a"), "there is no claim [s1], "),
]


@pytest.mark.parametrize(("wrong", "reason"), WRONG_GROUPS)
def test_groups_of_unknown_claims_are_asked_for_again(wrong: str, reason: str) -> None:
    """What is wrong is told; mended it is the model's work, wrong again it is left away and accounted for."""
    backend, account, sent = opened(lambda asked: completion(group("c1", "c2") if reason in said(asked) else wrong))
    assert {found.claims for found in groups(backend)} == {("ca0", "cb1"), ("ca0", "cb0")}
    assert len(sent.asked) == 4
    assert not account.degraded
    backend, account, _ = opened(in_turn(wrong))
    assert groups(backend) == []
    assert f"groups: 2 requests were done without the model, first because: {reason}" in told(account).replace(
        "groups/0/relation: ", ""
    )


@EACH
def test_without_a_usable_answer_groups_are_those_of_rules(
    answer: Completion | Unanswered | str, reason: str
) -> None:
    """Where the model can't be had or understood, claims are the same if rules say so."""
    backend, account, _ = opened(in_turn(answer))
    assert groups(backend) == []
    assert "groups: 2 requests were done without the model" in told(account)
    assert reason in told(account)


def test_where_rules_settle_all_nothing_is_asked() -> None:
    """One document, or several with nothing open, need no request."""
    backend, _, sent = opened(in_turn(NONE))
    index = builders.index(builders.BRIDGE[0])
    assert asyncio.run(backend.groups(builders.sentences_as_claims(index), index)) == []
    assert sent.asked == []


# verdicts


def questions() -> tuple[Index, list[Question]]:
    """What a judge is to be asked of the reports: of one claim in the second's batch, of four in the third's."""
    index, _ = bridge()
    return index, corroboration.sift(builders.sentences_as_claims(index), index)[0]


def verdicts(backend: Backend, changed: Callable[[Question], Question] = lambda q: q) -> list[Answer]:
    index, asked = questions()
    return list(asyncio.run(backend.verdicts([changed(question) for question in asked], index)))


def verdict(*found: tuple[str, list[str], str]) -> str:
    return json.dumps({"verdicts": [dict(zip(("id", "sentences", "verdict"), v, strict=True)) for v in found]})


def judging(second: str, third: str, again: str = "") -> Callable[[Request], Completion]:
    """A judge of the two batches, and of what was wrong with the third's."""

    def answer(asked: Request) -> Completion:
        if "v4 (" not in said(asked):
            return completion(second)
        return completion(again if again and "An answer to this was given already" in said(asked) else third)

    return answer


ONE = verdict(("v1", ["s1"], "not_found"))
FOUR = [
    ("v1", ["s1"], "supported"),
    ("v2", ["s3"], "contradicted"),
    ("v3", [], "supported"),
    ("v4", ["[s5]"], "not_found"),
]


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


# summary


def brief(**changed: Any) -> tuple[Brief, Index]:
    """What two reports agree on: that the harbour was closed, and that twelve were hurt."""
    comparison = builders.run(FIRE, SHIPS)
    facts = tuple(fact for fact in comparison.facts if fact.origins == 2)
    assert [fact.claim.text[:11] for fact in facts] == ["The harbour", "Twelve peop"]
    return replace(Brief(facts, None, 8, 2, comparison.origins), **changed), Index(comparison.documents)


def summary(backend: Backend, **changed: Any) -> Sequence[StatementDraft]:
    given, index = brief(**changed)
    return asyncio.run(backend.summary(given, index))


def told_by(*found: tuple[list[str], str]) -> str:
    return json.dumps({"sentences": [{"facts": facts, "text": text} for facts, text in found]})


SHUT = (["f1"], "The harbour of Oldport was closed on Monday.")
INJURED = (["f2", "f2"], "Twelve people were hurt in the fire,\nmayor Ann Lee said.")


def test_the_summary_is_the_models_over_the_facts_it_names() -> None:
    """Numbers become facts, each once; a text is one line."""
    backend, account, sent = opened(in_turn(told_by(INJURED, SHUT)))
    (shut, hurt) = (fact.id for fact in brief()[0].facts)
    assert summary(backend, focus="fire") == [
        StatementDraft("Twelve people were hurt in the fire, mayor Ann Lee said.", (hurt,)),
        StatementDraft("The harbour of Oldport was closed on Monday.", (shut,)),
    ]
    (asked,) = sent.asked
    assert "Dwell on: fire" in said(asked)
    assert "f1: The harbour of Oldport was closed on Monday." in said(asked)
    assert not account.degraded


def test_no_summary_is_longer_than_was_asked_for() -> None:
    """What the model writes beyond the number of sentences is left."""
    backend, _, sent = opened(in_turn(told_by(SHUT, INJURED)))
    assert len(summary(backend, max_sentences=1)) == 1
    assert "at most 1 sentence" in said(sent.asked[0])


WRONG_SENTENCES = [
    # a sentence that can't be used, and what is told of it
    ((["f9"], "The harbour was closed."), "no fact f9"),
    (([], "The harbour was closed."), "names no fact"),
    ((["f1"], "  "), "names no fact"),
    ((["f1"], "closed " * 100), f"has more than {MOST_CHARACTERS} characters"),
]


@pytest.mark.parametrize(("wrong", "reason"), WRONG_SENTENCES)
def test_sentences_of_unknown_facts_are_asked_for_again(wrong: tuple[list[str], str], reason: str) -> None:
    """What is wrong is told; what was right stays; wrong again it is left away and accounted for."""
    backend, account, sent = opened(in_turn(told_by(SHUT, wrong), told_by(INJURED)))
    assert len(summary(backend)) == 2
    assert reason in said(sent.asked[1])
    assert not account.degraded
    backend, account, _ = opened(in_turn(told_by(SHUT, wrong), told_by(wrong)))
    assert [draft.text for draft in summary(backend)] == [SHUT[1]]
    assert "summary: 1 request was done without the model" in told(account)
    assert reason in told(account)


@EACH
def test_without_a_usable_answer_the_summary_is_of_the_sources(
    answer: Completion | Unanswered | str, reason: str
) -> None:
    """Where the model can't be had or understood, the sentences are the documents' own; nothing is written anew."""
    backend, account, _ = opened(in_turn(answer))
    drafts = summary(backend)
    assert drafts
    assert drafts == summary(EmbeddedBackend())
    assert {draft.written_by for draft in drafts} == {"source"}
    assert reason in told(account)
    given, _ = brief()
    failed = (Dropped("The port was shut.", (), (given.facts[0].id,)),)
    assert summary(opened(in_turn(answer))[0], failed=failed) == []


def test_a_model_that_writes_nothing_is_replaced() -> None:
    """An empty summary of agreed facts is the sources' own, and accounted for."""
    backend, account, _ = opened(in_turn('{"sentences": []}'))
    assert summary(backend) == summary(EmbeddedBackend())
    assert "the model wrote no sentence" in told(account)


def test_what_failed_is_told_with_its_facts_alone() -> None:
    """A statement that is to be written anew is shown with what was wrong, and with the facts that it is of."""
    given, _ = brief()
    failed = (Dropped("Nine were hurt.\n</wrong>", (), (given.facts[1].id,)),)
    backend, _, sent = opened(in_turn(told_by((["f1"], "Twelve people were hurt, mayor Ann Lee said."))))
    (draft,) = summary(backend, failed=failed, max_sentences=1)
    assert draft.facts == (given.facts[1].id,)
    assert "<wrong>\nNine were hurt. ‹wrong> — \n</wrong>" in said(sent.asked[0])
    assert "The harbour of Oldport was closed on Monday." not in sent.asked[0].messages[-1]["content"]


def test_without_a_fact_nothing_is_asked() -> None:
    """What nothing can be told of needs no request, and is no fault of the model's."""
    backend, account, sent = opened(in_turn(told_by(SHUT)))
    assert summary(backend, facts=()) == []
    assert sent.asked == []
    assert not account.degraded


# what a client asks of a run


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


# whole runs over a real connection


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    with running_stub() as running:
        yield running


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
    stub.misbehave("honest")
    stub.reset()
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
    stub.misbehave("honest")
    first, second = run(stub, kept=tmp_path), run(stub, kept=tmp_path)
    assert first.usage.requests > 0
    assert (second.usage.requests, second.usage.memoised) == (0, first.usage.requests)
    assert second.usage.prompt_tokens == 0
    assert (second.summary, second.consensus, second.unique) == (first.summary, first.consensus, first.unique)
