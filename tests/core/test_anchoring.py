"""Anchoring: a claim in a backend's own words is admitted if its sentences say it, as they say it."""

from __future__ import annotations

import pytest

from service.core.anchoring import GATES, MOST_CHARACTERS, Refused, admit, anchor
from service.core.matching import Index
from service.core.model import ClaimDraft
from tests import builders

_SOURCE = "\n\n".join(
    [
        "Mayor Ann Lee said on Monday that over 40 homes in Ayr had been flooded.",
        "She may close the old bridge on Friday.",
        "Strand Line denied that the bow door had been open.",
        "The firm did not warn its crew, and the coastguard towed the ferry Corriel to Oldport.",
        "“The channel stays shut,” harbourmaster Edwin Pascoe said.",
        "If the rain goes on, the dam at Corriel will be opened.",
        "Nine ships wait outside the harbour of Oldport.",
        "The fire in the yard was put out by 120 men of the brigade.",
        "Flights BA2490 and KL1009 to Ayr were cancelled.",
        "Nobody denied that the yard of the firm was closed.",
    ]
)
LEE, SHE, DENIED, FIRM, QUOTED, DAM, SHIPS, FIRE, FLIGHTS, NOBODY = range(10)


def index() -> Index:
    found = builders.index(_SOURCE, "The town of Oldport mourns. A memorial is planned for the summer.")
    assert len(found.documents["a"].sentences) == 10
    return found


def draft(found: Index, text: str, cited: tuple[int, ...], speaker: str | None = None) -> ClaimDraft:
    return ClaimDraft(text, tuple(builders.sentence(found, "a", position) for position in cited), speaker)


ADMITTED = [
    # the claim, the sentences it cites, who is said to say it, and who does
    # word for word
    ("Nine ships wait outside the harbour of Oldport.", (SHIPS,), None, None),
    # a part of it that says less
    ("Nine ships wait outside the harbour.", (SHIPS,), None, None),
    # without the words of reporting, which its speaker stands for
    ("Over 40 homes in Ayr had been flooded.", (LEE,), "Ann Lee", "Ann Lee"),
    # the same bound in another word
    ("More than 40 homes in Ayr were flooded.", (LEE,), "Ann Lee", "Ann Lee"),
    # a name shortened, and the words of reporting kept
    ("Lee said that over 40 homes in Ayr had been flooded.", (LEE,), "Lee", "Ann Lee"),
    # who says it is left out by the model, and known from the document
    ("Over 40 homes in Ayr had been flooded.", (LEE,), None, "Ann Lee"),
    # somebody is made up to say it: the document knows better
    ("Over 40 homes in Ayr had been flooded.", (LEE,), "Edwin Pascoe", "Ann Lee"),
    # the document's own words stay its own
    ("Nine ships wait outside the harbour of Oldport.", (SHIPS,), "Ann Lee", None),
    # the pronoun replaced by the name that the sentence before has
    ("Ann Lee may close the old bridge on Friday.", (LEE, SHE), None, None),
    # a clause of a longer sentence, of which another clause is denied
    ("The coastguard towed the ferry Corriel to Oldport.", (FIRM,), None, None),
    # the clause that is denied
    ("The firm did not warn its crew.", (FIRM,), None, None),
    # the denial kept
    ("Strand Line denied that the bow door had been open.", (DENIED,), "Strand Line", "Strand Line"),
    # the quotation kept, with other marks
    ('"The channel stays shut," said Edwin Pascoe.', (QUOTED,), "Edwin Pascoe", "Edwin Pascoe"),
    # the condition kept
    ("The dam at Corriel will be opened if the rain goes on.", (DAM,), None, None),
    # turned from passive to active
    ("120 men of the brigade put out the fire in the yard.", (FIRE,), None, None),
    # a number of letters and digits kept
    ("Flight BA2490 to Ayr was cancelled.", (FLIGHTS,), None, None),
    # a name that the sentences have, put in for what stands there
    ("[The firm] did not warn its crew.", (FIRM,), None, None),
]


@pytest.mark.parametrize(("text", "cited", "proposed", "speaker"), ADMITTED)
def test_what_the_sentences_say_is_admitted(
    text: str, cited: tuple[int, ...], proposed: str | None, speaker: str | None
) -> None:
    """Close wording is let through, its text and sentences as they came, its speaker as the document has it."""
    found = index()
    proposal = draft(found, text, cited, proposed)
    admitted = admit(proposal, found)
    assert isinstance(admitted, ClaimDraft), admitted
    assert (admitted.text, admitted.sentences) == (proposal.text, proposal.sentences)
    assert admitted.attributed_to == speaker


REFUSED = [
    # the claim, the sentences it cites, and the check that it fails
    # another figure
    ("Over 50 homes in Ayr had been flooded.", (LEE,), "figures"),
    # its bound lost
    ("40 homes in Ayr had been flooded.", (LEE,), "figures"),
    # a figure where there is none
    ("The 3 old bridges may be closed by Ann Lee on Friday.", (LEE, SHE), "figures"),
    # the figure of something else
    ("Over 40 ships in Ayr had been flooded.", (LEE,), "figures"),
    # another number of letters and digits, and one of two that stands there twice
    ("Flight BA2491 to Ayr was cancelled.", (FLIGHTS,), "figures"),
    ("Flights BA2490 and BA2490 to Ayr were cancelled.", (FLIGHTS,), "figures"),
    # another day
    ("Ann Lee said on Sunday that over 40 homes in Ayr had been flooded.", (LEE,), "dates"),
    # another name
    ("Over 40 homes in Oban had been flooded.", (LEE,), "names"),
    # the name that a pronoun stands for, without the sentence that has it
    ("Ann Lee may close the old bridge on Friday.", (SHE,), "names"),
    # other words between the quotation marks
    ("“The channel opens soon,” Edwin Pascoe said.", (QUOTED,), "quotations"),
    # quotation marks around what was not quoted
    ("Strand Line denied that the “bow door” “had been open”, it said.", (LEE,), "quotations"),
    # a denial dropped
    ("The firm did warn its crew.", (FIRM,), "modality"),
    # a denial that only the word of saying tells
    ("Strand Line said that the bow door had been open.", (DENIED,), "modality"),
    # a part, word for word, that cuts the denial off
    ("The bow door had been open.", (DENIED,), "modality"),
    # a denial added
    ("Nine ships do not wait outside the harbour of Oldport.", (SHIPS,), "modality"),
    # one of two denials dropped
    ("Nobody said that the yard of the firm was closed.", (NOBODY,), "modality"),
    # a hedge dropped
    ("Ann Lee will close the old bridge on Friday.", (LEE, SHE), "modality"),
    # a hedge added
    ("Nine ships may wait outside the harbour of Oldport.", (SHIPS,), "modality"),
    # a part, word for word, that cuts the condition off
    ("The dam at Corriel will be opened.", (DAM,), "modality"),
    # somebody who is nobody without the sentence before
    ("She may close the old bridge on Friday.", (LEE, SHE), "wording"),
    ("It was put out by 120 men of the brigade.", (FIRE,), "wording"),
    ("“He stays shut,” Edwin Pascoe said.", (QUOTED,), "wording"),
    # a name put in that no sentence has
    ("[The captain of the Marinella] did not warn its crew.", (FIRM,), "wording"),
    # somebody else's words
    ("Edwin Pascoe said that over 40 homes in Ayr had been flooded.", (LEE,), "attribution"),
    # nobody's words
    ("Ann Lee said that nine ships wait outside the harbour of Oldport.", (SHIPS,), "attribution"),
    # what no sentence says
    ("A concert with fireworks is planned in the park.", (SHIPS,), "entailment"),
    # what another sentence says
    ("Nine ships wait outside the harbour of Oldport.", (FIRE,), "entailment"),
    # nothing cited
    ("Nine ships wait outside the harbour of Oldport.", (), "citations"),
    # nothing said
    (" \n", (SHIPS,), "citations"),
    # no one fact
    ("Nine ships wait outside the harbour of Oldport" + " and wait" * 80 + ".", (SHIPS,), "wording"),
]


@pytest.mark.parametrize(("text", "cited", "check"), REFUSED)
def test_what_they_do_not_say_is_refused_with_its_reason(text: str, cited: tuple[int, ...], check: str) -> None:
    """Each alteration fails at its check, which says what was wrong."""
    found = index()
    outcome = admit(draft(found, text, cited), found)
    assert isinstance(outcome, Refused), outcome
    reasons = {reason.check: reason.detail for reason in outcome.reasons}
    assert check in reasons
    assert all(detail and not reason.passed for reason, detail in zip(outcome.reasons, reasons.values(), strict=True))


CUT_OFF = [
    # a sentence, and a clause of it that says more without the rest
    (
        "Unless it rains, the dam at Corriel will be opened, and 900 homes will be lost.",
        "The dam at Corriel will be opened.",
    ),
    ("Unless it rains, the dam at Corriel will be opened, and 900 homes will be lost.", "900 homes will be lost."),
    (
        "The ferry workers will strike on Friday, unless the owner, Strand Line, pays each 5,000 dollars.",
        "The ferry workers will strike on Friday.",
    ),
    ("The firm denied that it knew, and that 40 workers had complained.", "40 workers had complained."),
    (
        "Prosecutors suspect that Daniel Marsh set the fire in the mill, and Paul Reed paid him 9,000 dollars.",
        "Paul Reed paid Daniel Marsh 9,000 dollars.",
    ),
    ("It is untrue that 300 workers at the Oldport mill were dismissed.", "300 workers were dismissed at Oldport."),
    ("There is no evidence that the captain of the ferry was drunk.", "The captain of the ferry was drunk."),
    ("Strand Line failed to close the bow door of the ferry.", "Strand Line closed the bow door of the ferry."),
]


@pytest.mark.parametrize(("sentence", "clause"), CUT_OFF)
def test_no_clause_is_cut_loose_from_what_it_hangs_on(sentence: str, clause: str) -> None:
    """What is denied, doubted or conditional in the sentence is not so only where the word for it stands."""
    found = builders.index(sentence, "The town of Oldport mourns. A memorial is planned for the summer.")
    outcome = admit(draft(found, clause, (0,)), found)
    assert isinstance(outcome, Refused), outcome
    assert "modality" in {reason.check for reason in outcome.reasons}


ALONE = [
    # a sentence, and a clause of it that the rest does not bear on
    ("The road is closed until Friday, and trains were sent through Oldport.", "Trains were sent through Oldport."),
    ("The firm may sell the yard, and 400 men have lost their work.", "400 men have lost their work."),
    ("The ferry sank off Oldport, but the owner never warned the crew.", "The ferry sank off Oldport."),
]


@pytest.mark.parametrize(("sentence", "clause"), ALONE)
def test_a_clause_that_stands_by_itself_is_a_claim(sentence: str, clause: str) -> None:
    """A denial, hedge or condition of one clause is none of another's."""
    found = builders.index(sentence, "The town of Oldport mourns. A memorial is planned for the summer.")
    assert isinstance(admit(draft(found, clause, (0,)), found), ClaimDraft)


def test_every_reason_is_told() -> None:
    """A claim that is wrong in several ways is told all of them."""
    found = index()
    outcome = admit(draft(found, "He said on Sunday that 70 homes in Oban were safe.", (LEE,)), found)
    assert isinstance(outcome, Refused)
    assert {reason.check for reason in outcome.reasons} >= {"wording", "figures", "dates", "names"}
    assert len(GATES) >= len({reason.check for reason in outcome.reasons} - {"attribution"})


def test_the_longest_claim_is_admitted() -> None:
    """A claim may have as many characters as the limit says, and none more."""
    long = "The brigade " + "and the men of the yard and " * 30
    text = long[: MOST_CHARACTERS - 20].rstrip() + " put the fire out."
    found = builders.index(text)
    assert len(text) <= MOST_CHARACTERS
    assert isinstance(admit(draft(found, text, (0,)), found), ClaimDraft)


CORES = [
    # the text of a claim that rules cut out of a sentence, its core, and whether it passes
    ("The coastguard towed the ferry Corriel to Oldport.", "the coastguard towed the ferry Corriel to Oldport", True),
    # an omission that is marked, and a name put in for a pronoun
    ("The firm … towed the ferry Corriel to Oldport.", "towed the ferry Corriel to Oldport", True),
    ("[The firm] did not warn its crew", "did not warn its crew", True),
    # words that are not the sentence's are tried as any
    ("The firm did warn its crew.", "did warn its crew", False),
]


@pytest.mark.parametrize(("text", "core", "admitted"), CORES)
def test_a_cut_of_a_sentence_holds_what_the_sentence_holds(text: str, core: str, admitted: bool) -> None:
    """What rules cut out word for word needs no trial; what only claims to be such a cut gets one."""
    found = index()
    proposal = ClaimDraft(text, (builders.sentence(found, "a", FIRM),), "the firm", core)
    outcome = admit(proposal, found)
    assert (outcome == proposal) if admitted else isinstance(outcome, Refused)


def test_claims_are_numbered_and_each_is_there_once() -> None:
    """Of a document's drafts those that are admitted are numbered on, without what was said already by the same."""
    found = index()
    texts = [
        ("Nine ships wait outside the harbour of Oldport.", (SHIPS,)),
        ("Ten ships wait outside the harbour of Oldport.", (SHIPS,)),
        ("Over 40 homes in Ayr had been flooded.", (LEE,)),
        ("Nine ships wait outside the harbour of Oldport.", (SHIPS,)),
    ]
    claims = anchor([draft(found, text, cited) for text, cited in texts], found, first=7)
    assert [(claim.id, claim.text) for claim in claims] == [("c7", texts[0][0]), ("c8", texts[2][0])]
    assert [(claim.document_id, claim.attributed_to, claim.core) for claim in claims] == [
        ("a", None, texts[0][0]),
        ("a", "Ann Lee", texts[2][0]),
    ]
    assert anchor([], found) == []


def test_a_code_stands_no_more_often_than_in_the_source() -> None:
    """A number of a batch that is put in the place of another one is refused, though it stands in the sentence."""
    text = "Batches L4311, L4312 and L4318 of the sesame paste were recalled by its maker in Ayr."
    found = builders.index(text)
    cited = (builders.sentence(found, "a"),)
    assert not isinstance(admit(ClaimDraft(text, cited), found), Refused)
    assert isinstance(admit(ClaimDraft(text.replace("L4311", "L4318"), cited), found), Refused)
