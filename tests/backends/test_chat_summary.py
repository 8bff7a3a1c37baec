"""The summary of a model: its sentences over the facts that it names, and what is told where they can not be used."""

from __future__ import annotations

import pytest

from service.backends.completions import Completion, Unanswered
from service.backends.embedded import EmbeddedBackend
from service.core.anchoring import MOST_CHARACTERS
from service.core.model import (
    Dropped,
    StatementDraft,
)
from tests.backends.chatting import (
    EACH,
    brief,
    opened,
    summary,
    told,
    told_by,
)
from tests.backends.fakes import in_turn, said

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
