"""Who said it."""

from __future__ import annotations

import pytest

from tests import builders

SPEAKERS = [
    # the subject of a reporting verb
    ("Rutte said the troops had arrived.", "Rutte"),
    # behind a quotation, verb first
    ("“The channel stays shut,” said Edwin Pascoe.", "Edwin Pascoe"),
    # behind a quotation, verb last
    ("“The channel stays shut,” Edwin Pascoe told reporters.", "Edwin Pascoe"),
    # a title before the name is no part of it
    ("NATO Secretary General Mark Rutte said Monday that troops were sent.", "Mark Rutte"),
    # over an insertion between commas
    (
        "Volodymyr Zelenskyy, citing intelligence reports, claimed that troops would come.",
        "Volodymyr Zelenskyy",
    ),
    # over auxiliaries and adverbs
    ("The ministry has repeatedly denied that it was warned.", "the ministry"),
    # a name set beside a description is the speaker
    ("The owner, Strand Line, denied that the door had been open.", "Strand Line"),
    # bodies speak, too
    ("The Pentagon estimated that around 10,000 troops had been sent.", "the Pentagon"),
    # several at once
    (
        "South Korea, NATO and the United States said thousands were sent.",
        "South Korea, NATO and the United States",
    ),
    # according to
    ("The bridge is closed, according to the harbour office.", "the harbour office"),
    # the end of the sentence
    ("The army will be overstretched, Western officials say.", "Western officials"),
    # somebody of a body
    ("A spokesperson for Corvane said no decision had been taken.", "A spokesperson for Corvane"),
    ("Officers from Aldmoor Police said they kept an open mind.", "Aldmoor Police"),
    # nobody: the report's own words
    ("Ukrainian forces launched an incursion in August.", None),
    # a noun that looks like a verb
    ("The statement follows reports of an attack.", None),
    # a reporting verb inside the quotation is not the report's
    ("“He said he would come.”", None),
]


@pytest.mark.parametrize(("text", "speaker"), SPEAKERS)
def test_a_sentence_names_its_speaker(text: str, speaker: str | None) -> None:
    """The speaker is the noun phrase that a reporting verb belongs to."""
    found = builders.index(text)
    assert found.speaker(builders.sentence(found, "a")) == speaker


def test_a_surname_is_given_its_full_name() -> None:
    """A later mention by surname alone is the person that the document named in full."""
    found = builders.index("Minister Andrii Sybiha arrived on Monday. Sybiha said allies were slow.")
    assert found.speaker(builders.sentence(found, "a", 1)) == "Andrii Sybiha"


def test_a_pronoun_is_the_speaker_before() -> None:
    """`He said` continues the speaker of the sentence before."""
    found = builders.index("Mark Rutte said troops were sent. He added that more would follow.")
    assert found.speaker(builders.sentence(found, "a", 1)) == "Mark Rutte"


def test_a_quotation_over_sentences_has_one_speaker() -> None:
    """Sentences inside one quotation belong to whom its last sentence names."""
    text = '"This is an escalation. Sanctions are not enough. We need a plan," chief of staff Andriy Yermak said.'
    found = builders.index(text)
    speakers = {found.speaker(sentence) for sentence in found.documents["a"].sentences}
    assert speakers == {"Andriy Yermak"}


def test_a_quotation_over_paragraphs_keeps_its_speaker() -> None:
    """A quotation introduced by a colon and left open runs on until it is closed."""
    text = (
        "Mark Rutte spoke in Brussels on Monday afternoon.\n\nRutte continued:\n\n"
        "“Cooperation is a threat to us all. It undermines peace.\n\nOver 600,000 have been killed or wounded.”\n\n"
        "The bridge was closed in the evening."
    )
    found = builders.index(text)
    by_text = {s.text: found.speaker(s) for s in found.documents["a"].sentences}
    assert by_text["It undermines peace."] == "Mark Rutte"
    assert by_text["Over 600,000 have been killed or wounded.”"] == "Mark Rutte"
    assert by_text["The bridge was closed in the evening."] is None


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # in the same paragraph
        ('Mayor Elin Falk said nobody was hurt. "The storm took the roof."', "Elin Falk"),
        # behind a colon
        ('Elin Falk told reporters:\n\n"The storm took the roof."', "Elin Falk"),
        # a mark that runs over paragraphs
        ("“Nobody was hurt,” said Mayor Elin Falk.\n\n“The storm took the roof.”", "Elin Falk"),
        # a mark that does not: it may be anybody
        ('"Nobody was hurt," said Mayor Elin Falk.\n\n"The storm took the roof."', None),
    ],
)
def test_a_quotation_alone_is_the_speakers_just_before_it(text: str, speaker: str | None) -> None:
    """In a paragraph of its own it is theirs only where the one before leads to it."""
    found = builders.index(text)
    assert found.speaker(found.documents["a"].sentences[-1]) == speaker


def test_a_title_stands_for_the_one_person_who_has_it() -> None:
    """`The Secretary-General` is the person whom the document gives that title."""
    text = "NATO Secretary General Mark Rutte spoke on Monday. The Secretary-General said it was an escalation."
    found = builders.index(text)
    assert found.speaker(builders.sentence(found, "a", 1)) == "Mark Rutte"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The ministry spoke. It said the ship was at the berth.", True),  # it, whoever it is
        ("“She will float,” said Brandt & Oake chief Hedda Oake.", True),  # a speaker that is no plain noun phrase
        ("It is said that the ship was at the berth.", False),
        ("Nobody said that the ship was at the berth.", False),
        ("Prices rose by three per cent, according to last month's figures.", False),
    ],
)
def test_what_somebody_says_is_nobodys_fact(text: str, said: bool) -> None:
    """Where who speaks is not understood, it is somebody; where nobody does, it is the report's own."""
    found = builders.index(text)
    assert bool(found.attribution(found.documents["a"].sentences[-1])) is said
