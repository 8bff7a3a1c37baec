"""The gates, each with a table of what passes and what does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.core.matching import Index
from service.core.model import Check, Claim, Dropped, Fact, Standing, Statement, StatementDraft, Verdict
from service.core.verification import GATES, passes, verify
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


def _passes(text: str, *facts: str) -> bool:
    index = builders.index(_A, _B, _C)
    return passes(StatementDraft(text, facts), _facts(index), index, {"a": "o1", "b": "o2", "c": "o3"}, 2)


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
    assert _passes(text, fact)


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
        "its sources hold 21% of what it says",
    ),
    # stated by one origin alone
    ("A concert is planned in Oldport.", "f9", "citations", "its sources have 1 origin(s), 2 are needed"),
    # a fact that is not there
    ("The fire was put out at 4:10 a.m.", "f77", "citations", "it cites nothing"),
    ("The fire was put out at 4:10 a.m.", "f77", "modality", "no source says it"),
    # a fact that is told of something else
    ("The fire was put out at 4:10 a.m.", "f2", "citations", "it cites nothing"),
]


@pytest.mark.parametrize(("text", "fact", "gate", "reason"), FAILS)
def test_what_the_sources_do_not_say_is_dropped(text: str, fact: str, gate: str, reason: str) -> None:
    """Each alteration fails at its gate, with a reason that names what was wrong."""
    outcome = _verify(text, fact)
    assert isinstance(outcome, Dropped), outcome
    assert Check(gate, passed=False, detail=reason) in outcome.reasons
    assert not _passes(text, fact)


def _tried(text: str, *sources: str, quorum: int = 2, later: int = 0) -> Statement | Dropped:
    """What becomes of a text that cites one fact: all sentences of two origins, or of two with the same sentences.

    The second is from some days later.
    """
    one, other = (
        builders.document(sources[0], "a"),
        builders.document(sources[-1], "b", builders.DAY + timedelta(later)),
    )
    index = Index([one, other])
    claims = tuple(builders.sentences_as_claims(index))
    evidence = tuple(sentence for claim in claims for sentence in claim.sentences)
    fact = Fact(claims[0], claims, evidence, ("a", "b"), 2, Standing.CONSENSUS)
    return verify(StatementDraft(text, (fact.id,)), {fact.id: fact}, index, {"a": "o1", "b": "o2"}, quorum)


WHOLE = [
    # a part of a sentence whose other part is conditioned
    (
        "The port was closed on Monday.",
        ("The port was closed on Monday, and it may open again in May if the wind falls.",),
    ),
    # the same in other words
    (
        "On Monday engineers closed the port.",
        ("The port, which may be red in May, was closed by engineers on Monday, and ships go to Oldport if low.",),
    ),
    # beside a sentence in fewer words that hedges
    (
        "On Monday engineers closed the port of Wexmouth.",
        ("The port may be closed. Engineers closed the port of Wexmouth on Monday.",),
    ),
    # beside one that denies
    (
        "On Monday engineers closed the port of Wexmouth.",
        ("Engineers do not close the port of Wexmouth. It rained. Engineers closed the port of Wexmouth on Monday.",),
    ),
    # beside one that tells the like of another place
    (
        "A fire that began at a pier in the old harbour of Wexmouth burned ships of the northern fishing fleet.",
        (
            "A fire that began at a pier in the old harbour of Oldport burned ships of the northern fishing fleet. "
            "It rained in Wexmouth. A big fire that began at night at a pier in the old and crowded harbour of "
            "Wexmouth burned wooden ships of the rich northern fishing fleet.",
        ),
    ),
    # somebody who does one thing, no more
    ("Ann Lee spoke.", ("Ann Lee spoke for long.",)),
    # what a source says in fewer words, as long as it holds half of it
    ("The old ferry will sail.", ("The old ferry will sail.", "The ferry will sail on.")),
]


@pytest.mark.parametrize(("text", "sources"), WHOLE)
def test_what_is_borne_out_passes(text: str, sources: tuple[str, ...]) -> None:
    """Whatever else the sources say beside it."""
    assert isinstance(outcome := _tried(text, *sources), Statement), outcome


@pytest.mark.parametrize("later", [0, 1])
def test_days_count_from_that_of_the_source_that_says_most_of_it(later: int) -> None:
    """A statement in the words of a report of Monday means Sunday by yesterday, whenever others were published."""
    for one in ("The ferry Corriel sank yesterday.", "The ferry Corriel sank on 27 October 2024."):
        outcome = _tried("The ferry Corriel sank yesterday.", one, "The ferry Corriel sank on Sunday.", later=later)
        assert isinstance(outcome, Statement), outcome


UNEQUAL = [
    # a detail that one of the sources lacks
    ("Fires burned on 40 ships.", "Fires burned on 40 ships.", "Fires burned on many ships.", "figures", "'40'"),
    (
        "The ferry sank at 4:10 a.m.",
        "The ferry sank at 4:10 a.m.",
        "The ferry sank in the night.",
        "dates",
        "'4:10 a.m.'",
    ),
    ("The old port of Wexmouth shut.", "The old port of Wexmouth shut.", "The old port shut.", "names", "'Wexmouth'"),
]


@pytest.mark.parametrize(("text", "one", "other", "gate", "detail"), UNEQUAL)
def test_a_detail_of_fewer_than_a_quorum_is_not_told(text: str, one: str, other: str, gate: str, detail: str) -> None:
    """Whatever else of the statement they share."""
    outcome = _tried(text, one, other)
    assert isinstance(outcome, Dropped), outcome
    assert Check(gate, False, f"{detail} stands in cited spans of 1 origin(s), 2 are needed") in outcome.reasons
    assert isinstance(_tried(text, one, other, quorum=1), Statement)


ALTERED = [
    # another figure, that stands in another sentence
    (
        "Fires burned on 40 ships in the harbour.",
        ("Fires burned on 60 ships in the harbour. It rained. 40 ships left.",),
        "figures",
        "the source says it with another figure",
    ),
    # the number of a batch in two places
    (
        "Batch LX204 of the cheese was recalled, and batch LX204 of the milk.",
        ("Batch LX204 of the cheese was recalled, and batch LX311 of the milk.",),
        "figures",
        "'LX204' stands in no cited span as often",
    ),
    # a place in a row that is no figure
    (
        "The third tier of the old dam failed on Monday.",
        ("The second tier of the old dam failed on Monday.",),
        "figures",
        "'third' stands in no cited span",
    ),
    # another place, that stands in another sentence
    (
        "The bridge was closed on Monday in Oldport.",
        ("The bridge was closed on Monday in Wexmouth. It rained. A ferry goes to Oldport.",),
        "names",
        "the source says it of another name",
    ),
    # a hedge that the sources lack
    (
        "The port of Wexmouth may have been closed on Monday.",
        ("The port of Wexmouth was closed on Monday.",),
        "negation",
        "hedged 0 times in the source, 1 times in the sentence",
    ),
    # a second denial
    (
        "The port was not closed and the ships did not leave.",
        ("The port was not closed and the ships left.",),
        "negation",
        "negated 1 times in the source, 2 times in the sentence",
    ),
    # a hedge that one of the sources has
    (
        "The port of Wexmouth was closed on Monday.",
        ("The port of Wexmouth was closed on Monday.", "The port of Wexmouth may have been closed on Monday."),
        "modality",
        "1 origin(s) say it as it stands, the others deny, hedge or condition it differently",
    ),
    # who speaks, and nothing else
    (
        "The mayor Ann Lee said it.",
        ("The mayor Ann Lee said it.",),
        "entailment",
        "it says too little to be found in them",
    ),
    ("They slept.", ("They slept.",), "entailment", "it says too little to be found in them"),
    # one word in the place of another
    (
        "The crew painted the old bridge of Wexmouth red on Monday.",
        ("The crew painted the old bridge of Wexmouth blue on Monday.",),
        "entailment",
        "'red' stands in no cited span, where the source says “blue”",
    ),
    # a source that holds less than half of it
    (
        "The crew cleaned the old bridge.",
        ("The crew cleaned the old bridge.", "The crew slept."),
        "entailment",
        "1 origin(s) hold enough of what it says, 2 are needed",
    ),
    # one that holds little but who speaks
    (
        "Mayor Ann Lee told reporters she slept.",
        ("Mayor Ann Lee told reporters she slept.", "Mayor Ann Lee told reporters she left."),
        "entailment",
        "1 origin(s) hold enough of what it says, 2 are needed",
    ),
    # one that holds more than half of what is said on a condition
    (
        "If the wind falls, the old ferry will sail.",
        ("If the wind falls, the old ferry will sail.", "If the wind falls, the ferry will sail on."),
        "entailment",
        "1 origin(s) hold enough of what it says, 2 are needed",
    ),
]


@pytest.mark.parametrize(("text", "sources", "gate", "reason"), ALTERED)
def test_what_is_not_borne_out_is_dropped(text: str, sources: tuple[str, ...], gate: str, reason: str) -> None:
    """Words that stand in the sources are not enough: they must say it, and as many of them as are asked for."""
    outcome = _tried(text, *sources)
    assert isinstance(outcome, Dropped), outcome
    assert Check(gate, passed=False, detail=reason) in outcome.reasons


def test_a_statement_names_what_it_rests_on() -> None:
    """It keeps its words and its writer, with the facts that it tells, and the share of it that a quorum holds."""
    index = builders.index(_A, _B, _C)
    facts, origins = _facts(index), {"a": "o1", "b": "o2", "c": "o3"}
    text = "Harbourmaster Edwin Pascoe said: “The channel stays shut.”"
    outcome = verify(StatementDraft(text, ("f2", "f1"), "copied"), facts, index, origins, 2)
    checks = tuple(Check(gate.__name__.removeprefix("check_"), passed=True) for gate in GATES)
    assert outcome == Statement(
        text, ("f1",), facts["f1"].evidence, "copied", Verdict.SUPPORTED, corroborated=True, score=1.0, checks=checks
    )


def test_a_score_is_the_share_that_as_many_origins_hold_as_are_asked_for() -> None:
    """Of two origins the better one's for a quorum of one, the other's for two; to three digits."""
    text, other = "The old ferry will sail.", "The ferry will sail on."
    index = builders.index(text, other)
    share = index.coverage(index.analyse(text), index.analyse(other))
    for quorum, score in ((1, 1.0), (2, round(share, 3))):
        outcome = _tried(text, text, other, quorum=quorum)
        assert isinstance(outcome, Statement)
        assert outcome.score == score


def test_what_is_dropped_keeps_its_words_and_the_facts_it_named() -> None:
    """Those that are there, told or not: from them it may be written anew."""
    outcome = _verify("The fire was put out at 5:10 a.m.", "f3", "f77", "f1")
    assert isinstance(outcome, Dropped)
    assert (outcome.text, outcome.facts) == ("The fire was put out at 5:10 a.m.", ("f3", "f1"))


def test_an_unknown_fact_beside_a_known_one_is_refused() -> None:
    """A statement may rest on given facts only."""
    outcome = _verify("The fire was put out at 4:10 a.m.", "f77", "f3", "f78")
    assert isinstance(outcome, Dropped)
    assert outcome.reasons == (Check("citations", passed=False, detail="f77, f78: no such fact"),)


def test_a_quotation_that_fewer_than_a_quorum_have_is_not_told() -> None:
    """It is neither invented nor somebody else's: too few have it."""
    outcome = _verify("“The channel stays shut,” harbourmaster Edwin Pascoe said.", "f1", quorum=3)
    assert isinstance(outcome, Dropped)
    reason = "“The channel stays shut,” stands in cited spans of 2 origin(s), 3 are needed"
    assert Check("quotations", passed=False, detail=reason) in outcome.reasons


def test_a_span_that_does_not_quote_its_document_is_refused() -> None:
    """Whoever made the fact: what is cited stands in its document, sign for sign, where the citation says."""
    index = builders.index(_A, _B, _C)
    facts = _facts(index)
    first, second = facts["f3"].evidence
    facts["f3"] = replace(facts["f3"], evidence=(first, replace(second, start=second.start + 1)))
    draft = StatementDraft("The fire was put out at 4:10 a.m.", ("f3",))
    outcome = verify(draft, facts, index, {"a": "o1", "b": "o2", "c": "o3"}, 2)
    assert isinstance(outcome, Dropped)
    assert outcome.reasons == (Check("citations", passed=False, detail="a span of b does not quote it"),)


def test_a_higher_quorum_is_held_to() -> None:
    """What two origins say is not enough for three."""
    assert isinstance(_verify("The fire was put out at 04:10.", "f3", quorum=3), Dropped)


def test_every_failed_gate_is_named() -> None:
    """A sentence wrong in two ways is told both."""
    outcome = _verify("Delgado said over 700 people had left Westport on Monday.", "f0")
    assert isinstance(outcome, Dropped)
    assert {check.check for check in outcome.reasons} >= {"figures", "names"}
