"""The gates, each with a table of what passes and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.core.matching import Index
from service.core.model import Claim, Dropped, Fact, Standing, Statement, StatementDraft
from service.core.verification import GATES, verify
from tests import builders

_A = (
    "Inspector Maria Delgado said on Monday that over 600 people had left the harbour town of Wexmouth. "
    "“The channel stays shut,” harbourmaster Edwin Pascoe said. Tarnvik Line denied that its crew had been warned. "
    "The fire was put out at 4:10 a.m."
)
_B = (
    "More than 600 people had left the harbour town of Wexmouth by Monday, Inspector Maria Delgado said. "
    "Harbourmaster Edwin Pascoe said: “The channel stays shut.” The crew was not warned, Tarnvik Line said. "
    "At 4:10 a.m. the fire was put out."
)
_C = "A concert is planned in Oldport. “We shall sing,” the mayor said. In all 900 people are expected in June."


def _facts(index: Index) -> dict[str, Fact]:
    """One fact for each pair of sentences of a and b, and one that c alone states."""
    facts = {}
    for position in range(4):
        pair = (builders.sentence(index, "a", position), builders.sentence(index, "b", position))
        claims = tuple(_claim(index, s.document_id, s.index, f"f{position}") for s in pair)
        facts[f"f{position}"] = Fact(claims[0], claims, pair, ("a", "b"), 2, Standing.CONSENSUS)
    alone = _claim(index, "c", 0, "f9")
    facts["f9"] = Fact(alone, (alone,), alone.sentences, ("c",), 1, Standing.UNIQUE)
    return facts


def _claim(index: Index, document_id: str, position: int, number: str) -> Claim:
    return builders.claim(index, document_id, position, number)


def _verify(text: str, *facts: str, quorum: int = 2) -> Statement | Dropped:
    index = builders.index(_A, _B, _C)
    draft = StatementDraft(text, facts)
    return verify(draft, _facts(index), index, {"a": "o1", "b": "o2", "c": "o3"}, quorum)


PASSES = [
    # verbatim from one source
    ("“The channel stays shut,” harbourmaster Edwin Pascoe said.", "f1"),
    # with another kind of quotation marks
    ('"The channel stays shut," said harbourmaster Edwin Pascoe.', "f1"),
    # the name shortened, the bound in another word
    ("Delgado said more than 600 people had left the harbour town of Wexmouth by Monday.", "f0"),
    # a date in absolute form
    (
        "Inspector Maria Delgado said that over 600 people had left the harbour town of Wexmouth by 28 October 2024.",
        "f0",
    ),
    # an omission marked, an insertion in brackets, dashes and marks of another kind
    ("Harbourmaster Edwin Pascoe said: «The … [harbour] stays shut»", "f1"),
    # the denial kept
    ("Tarnvik Line denied that its crew had been warned.", "f2"),
    # a time in another form
    ("The fire was put out at 04:10.", "f3"),
]


@pytest.mark.parametrize(("text", "fact"), PASSES)
def test_what_the_sources_say_passes(text: str, fact: str) -> None:
    """Verbatim, lightly cut and recombined sentences pass every gate, with citations of both origins."""
    outcome = _verify(text, fact)
    assert isinstance(outcome, Statement), outcome
    assert set(outcome.documents) == {"a", "b"}
    assert all(check.passed for check in outcome.checks)
    assert len(outcome.checks) == len(GATES)


FAILS = [
    # another figure
    (
        "Delgado said over 700 people had left the harbour town of Wexmouth on Monday.",
        "f0",
        "figures",
        "'700' stands in no cited span",
    ),
    # its bound lost
    (
        "Delgado said 600 people had left the harbour town of Wexmouth on Monday.",
        "f0",
        "figures",
        "'600 people' has another bound in every cited span",
    ),
    # the figure of something else
    (
        "Delgado said over 600 ships had left the harbour town of Wexmouth on Monday.",
        "f0",
        "figures",
        "'600' stands in no cited span",
    ),
    # another day
    (
        "Delgado said over 600 people had left the harbour town of Wexmouth on Sunday.",
        "f0",
        "dates",
        "'on Sunday' stands in no cited span",
    ),
    # another time
    ("The fire was put out at 5:10 a.m.", "f3", "dates", "'5:10 a.m.' stands in no cited span"),
    # another name
    (
        "Delgado said over 600 people had left the harbour town of Westport on Monday.",
        "f0",
        "names",
        "'Westport' stands in no cited span",
    ),
    # a quotation that nobody said
    (
        "“The channel opens soon,” harbourmaster Edwin Pascoe said.",
        "f1",
        "quotations",
        "“The channel opens soon,”: fabricated, it stands in no document",
    ),
    # a quotation from elsewhere
    (
        "“We shall sing,” harbourmaster Edwin Pascoe said.",
        "f1",
        "quotations",
        "“We shall sing,”: misattributed, it stands in c",
    ),
    # an editor's word in it that nobody has
    (
        "“The channel [of Lisbon] stays shut,” harbourmaster Edwin Pascoe said.",
        "f1",
        "quotations",
        "“[of Lisbon]” stands in no document that is cited",
    ),
    # a quotation given to somebody else
    (
        "“The channel stays shut,” Inspector Maria Delgado said.",
        "f1",
        "quotations",
        "“The channel stays shut,”: misattributed, Edwin Pascoe said it",
    ),
    # a word put into it
    (
        "“The channel never stays shut,” harbourmaster Edwin Pascoe said.",
        "f1",
        "quotations",
        "“The channel never stays shut,”: fabricated, it stands in no document",
    ),
    # the other way
    (
        "The fire was set at 4:10 a.m., and was not put out.",
        "f3",
        "negation",
        "the source is not negated, the sentence is",
    ),
    # what was done told as to come
    (
        "At 4:10 a.m. the fire will be put out.",
        "f3",
        "direction",
        "the source says “was” where the sentence says “will be”",
    ),
    # a denial dropped
    (
        "Tarnvik Line said that its crew had been warned.",
        "f2",
        "negation",
        "the source is negated, the sentence is not",
    ),
    # words given as fact
    ("The channel stays shut at Wexmouth.", "f1", "attribution", "it gives as fact what Edwin Pascoe said"),
    # words without a speaker
    ("“The channel stays shut.”", "f1", "attribution", "it quotes without saying whom"),
    # something that no source says
    (
        "The fire was put out by soldiers with foam from a distant airfield at 4:10 a.m.",
        "f3",
        "entailment",
        None,
    ),
    # stated by one origin alone
    ("A concert is planned in Oldport.", "f9", "citations", "its sources have 1 origin(s), 2 are needed"),
    # a fact that is not there
    ("The fire was put out at 4:10 a.m.", "f77", "citations", "it cites nothing"),
]


@pytest.mark.parametrize(("text", "fact", "gate", "reason"), FAILS)
def test_what_the_sources_do_not_say_is_dropped(text: str, fact: str, gate: str, reason: str | None) -> None:
    """Each alteration fails at its gate, with a reason that names what was wrong."""
    outcome = _verify(text, fact)
    assert isinstance(outcome, Dropped), outcome
    reasons = {check.check: check.detail for check in outcome.reasons}
    assert gate in reasons
    assert reason is None or reasons[gate] == reason


def test_an_unknown_fact_beside_a_known_one_is_refused() -> None:
    """A statement may rest on given facts only."""
    outcome = _verify("The fire was put out at 4:10 a.m.", "f3", "f77")
    assert isinstance(outcome, Dropped)
    assert outcome.reasons[0].detail == "f77: no such fact"


def test_a_quotation_that_fewer_than_a_quorum_have_is_not_told() -> None:
    """It is neither invented nor somebody else's: too few have it."""
    outcome = _verify("“The channel stays shut,” harbourmaster Edwin Pascoe said.", "f1", quorum=3)
    assert isinstance(outcome, Dropped)
    (failed,) = [check for check in outcome.reasons if check.check == "quotations"]
    assert failed.detail == "“The channel stays shut,” stands in cited spans of 2 origin(s), 3 are needed"


def test_a_span_that_does_not_quote_its_document_is_refused() -> None:
    """Whoever made the fact: what is cited stands in its document, sign for sign, where the citation says."""
    index = builders.index(_A, _B, _C)
    facts = _facts(index)
    first, second = facts["f3"].evidence
    facts["f3"] = replace(facts["f3"], evidence=(first, replace(second, start=second.start + 1)))
    draft = StatementDraft("The fire was put out at 4:10 a.m.", ("f3",))
    outcome = verify(draft, facts, index, {"a": "o1", "b": "o2", "c": "o3"}, 2)
    assert isinstance(outcome, Dropped)
    assert [check.detail for check in outcome.reasons] == ["a span of b does not quote it"]


def test_a_higher_quorum_is_held_to() -> None:
    """What two origins say is not enough for three."""
    assert isinstance(_verify("The fire was put out at 04:10.", "f3", quorum=3), Dropped)


def test_every_failed_gate_is_named() -> None:
    """A sentence wrong in two ways is told both."""
    outcome = _verify("Delgado said over 700 people had left Westport on Monday.", "f0")
    assert isinstance(outcome, Dropped)
    assert {check.check for check in outcome.reasons} >= {"figures", "names"}
