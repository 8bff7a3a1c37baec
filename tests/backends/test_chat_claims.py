"""The claims of a model: which become claims of a run, and what is done where they do not."""

from __future__ import annotations

import pytest

from service.backends.completions import Completion, Unanswered
from service.backends.embedded import EmbeddedBackend
from tests.backends.chatting import (
    DIVERS,
    DOWN,
    EACH,
    HARBOUR,
    HURT,
    INVENTED,
    claims,
    opened,
    reply,
    told,
)
from tests.backends.fakes import in_turn, said


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
