"""Checking: what is said of any sentence, which spans speak for it and against it."""

from __future__ import annotations

import pytest

from service.core.checking import SUPPORTED, WORD_FOR_WORD, check_text
from service.core.matching import Index
from service.core.model import Verdict
from service.core.tying import other_owner
from tests.builders import index, sample

REPORT = (
    "The ferry Corriel sank off Oldport early on Monday, the coastguard said. "
    "Twelve passengers drowned near the pier. The owner denied that the bow door had been open. "
    "If the wind drops, divers will go down again on Tuesday. Prices rose by 4 percent after the accident."
)


@pytest.mark.parametrize(
    "text",
    [
        "Twelve passengers drowned near the pier.",
        "Twelve passengers drowned.",
        "the ferry corriel sank off oldport, the coastguard said",
        "The ferry Corriel sank off Oldport on Monday, the coastguard said.",
        "The coastguard said that the ferry sank on Monday.",
    ],
)
def test_what_stands_there_in_whole_or_in_part_is_supported(text: str) -> None:
    checked = check_text(text, index(REPORT))
    assert checked.verdict is Verdict.SUPPORTED
    assert checked.score >= SUPPORTED
    assert checked.supporting
    assert not checked.opposing


def test_a_condition_said_twice_is_one() -> None:
    """A text from any writer need not deny, hedge or condition as often as the words that are nearest to it."""
    checked = check_text(
        "If the wind drops, and if it is day, divers will go down.",
        index("If the wind drops and it is day, divers will go down."),
    )
    assert checked.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("Fifteen passengers drowned near the pier.", "figures"),
        ("The ferry Corriel sank off Oldport early on Friday.", "dates"),
        ("The ferry Corriel sank off Newhaven early on Monday.", "names"),
        ("The owner said “the bow door was shut for good” that day.", "quotations"),
        ("Prices fell by 4 percent after the accident.", "direction"),
        ("Twelve passengers did not drown near the pier.", "negation"),
        ("The harbour will be closed for repairs of the quay.", "entailment"),
        ("The ferry Corriel sank off Oldport early on Monday.", "attribution"),
        ("The ferry Corriel sank off Oldport on Monday.", "attribution"),
        ("Twelve passengers may have drowned near the pier.", "modality"),
    ],
)
def test_what_does_not_stand_there_is_not_supported_and_the_gate_says_why(text: str, gate: str) -> None:
    checked = check_text(text, index(REPORT))
    assert checked.verdict is not Verdict.SUPPORTED
    assert gate in {check.check for check in checked.checks if not check.passed}
    assert not checked.supporting


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("Fifteen passengers drowned near the pier.", "Twelve passengers drowned near the pier."),
        (
            "Prices fell by 4 percent after the accident.",
            "Prices rose by 4 percent after the accident.",
        ),
        ("Twelve passengers did not drown near the pier.", "Twelve passengers drowned near the pier."),
    ],
)
def test_what_a_sentence_says_otherwise_is_contradicted_by_it(text: str, against: str) -> None:
    checked = check_text(text, index(REPORT))
    assert checked.verdict is Verdict.CONTRADICTED
    assert against in [sentence.text for sentence in checked.opposing]


def test_what_nothing_is_said_of_is_unsupported_and_nothing_speaks_against_it() -> None:
    checked = check_text("Quarterly earnings beat all forecasts.", index(REPORT))
    assert checked.verdict is Verdict.UNSUPPORTED
    assert not checked.opposing


@pytest.mark.parametrize("text", ["The bow door had been open.", "Divers will go down again on Tuesday."])
def test_a_cut_that_loses_a_denial_or_a_condition_does_not_count_as_word_for_word(text: str) -> None:
    assert check_text(text, index(REPORT)).score < WORD_FOR_WORD


@pytest.mark.parametrize("text", ["The mayor drowned.", "The son of the mayor drowned his sorrow."])
def test_a_cut_through_a_phrase_does_not_count_as_word_for_word(text: str) -> None:
    assert check_text(text, index("The son of the mayor drowned his sorrows in wine.")).score < WORD_FOR_WORD


def test_a_weekday_is_that_of_the_document_which_holds_most() -> None:
    found = index("The strike began yesterday, the union said, and trains stood still.")
    assert check_text("The strike began on Sunday, and trains stood still.", found).verdict is Verdict.SUPPORTED
    assert check_text("The strike began on Friday, and trains stood still.", found).verdict is Verdict.CONTRADICTED


def test_what_says_too_little_to_be_looked_for_is_not_checked() -> None:
    checked = check_text("It was so.", index(REPORT))
    assert checked.verdict is Verdict.NOT_CHECKED
    assert not any(check.passed for check in checked.checks)


def test_no_failed_gate_yields_supported() -> None:
    found = index(REPORT)
    texts = [sentence.text for sentence in found.documents["a"].sentences] + ["Twelve ferries drowned on Friday."]
    for text in texts:
        checked = check_text(text, found)
        assert (checked.verdict is Verdict.SUPPORTED) == all(check.passed for check in checked.checks)


def test_every_sentence_of_a_sample_cluster_is_supported_by_it() -> None:
    found = index(*sample("harbour-fire"))
    verdicts = [
        check_text(sentence.text, found).verdict
        for document in found.documents.values()
        for sentence in document.sentences
    ]
    assert set(verdicts) <= {Verdict.SUPPORTED, Verdict.NOT_CHECKED}
    assert verdicts.count(Verdict.SUPPORTED) > 0.85 * len(verdicts) > 200  # the rest is tags of a page


NOTES = (
    "Anna Kovac leads 3-1 after four games, and the match of Friday, 25 October was moved. "
    "“We meant to sing Home of the Brave,” said the tenor Ivo Brandt, who joined the choir of Saint Ansgar in 2019. "
    "The hall holds 900 people. "
    "A choir from Oldport opened the evening with the hymn Master of the Northern Sea and left by the last train. "
    "It was Tuesday when the choir came."
)


@pytest.mark.parametrize(
    ("text", "failing"),
    [
        ("Anna Kovac leads 3-1 after four games.", None),
        ("Anna Kovac leads two-1 after four games.", "figures"),  # no figure is read in it, and the score is another
        ("After four games the match of Friday, 25 October was moved.", None),
        ("The match of Tuesday, 25 October was moved.", "dates"),
        ("A choir from Oldport opened with “Master of the Northern Sea”.", None),
        ("A choir from Oldport opened with “Master Northern Sea”.", "quotations"),  # all its words, but not the title
        ("A choir from Oldport opened with “Sea of the Northern Master”.", "quotations"),
        (
            "A choir “train last” opened the evening with the hymn and left.",
            "quotations",
        ),  # no title
        ("A choir from Oldport opened the evening with the hymn and left by the last boat.", "entailment"),
        ("“We meant to sing Home of the Brave,” said Anna Kovac.", "quotations"),  # it is another's
        ("The hall holds 950 people.", "figures"),
        ("The hall at Oldport has a roof of 12 tonnes.", "entailment"),  # no figure stands in its place: not vetoed
        ("The choir of Saint Ansgar left by train in July.", "dates"),
        ("The tenor Petra Wolff joined the choir of Saint Ansgar.", "names"),
        ("anna Kovac leads 3-1 after 4 games.", None),
    ],
)
def test_a_detail_stands_in_its_own_place(text: str, failing: str | None) -> None:
    """Scores, weekdays and titles are those of the source, what has nothing in its place is left to the score."""
    checked = check_text(text, index(NOTES))
    failed = {check.check for check in checked.checks if not check.passed}
    assert failing in failed if failing else not failed
    assert (checked.verdict is Verdict.SUPPORTED) is (failing is None)


def test_what_documents_without_sentences_say_is_nothing() -> None:
    checked = check_text("Twelve passengers drowned near the pier.", Index([]))
    assert checked.verdict is Verdict.UNSUPPORTED
    assert "citations" in {check.check for check in checked.checks if not check.passed}


PIER = tuple(f"Passengers of boat number {place} drowned near the pier." for place in "ABCDEFGHIJ")


@pytest.mark.parametrize(
    ("text", "failing"),
    [
        ("Passengers drowned near the pier on Friday.", set()),
        ("Passengers drowned near the pier on Friday at 9:40.", set()),  # both in one sentence
        ("Passengers drowned near the pier on Saturday.", set()),  # no day stands in its place: left to the score
    ],
)
def test_a_detail_that_a_report_gives_once_is_looked_for_in_all_of_it(text: str, failing: set[str]) -> None:
    found = index(" ".join((*PIER, "It rained on Friday at 9:40.")))
    failed = {check.check for check in check_text(text, found).checks if not check.passed}
    assert failed - {"entailment"} == failing


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("The hall holds 950 people.", "The hall holds 900 people."),
        ("Of 950 people whom the hall holds", "The hall holds 900 people."),
        ("The crew of the Corriel came home on 3 May.", "On 11 March the crew of the Corriel came home."),
        ("The crew of the Corriel came home in whichever year.", None),
    ],
)
def test_another_figure_or_day_of_the_same_thing_speaks_against_a_text(text: str, against: str | None) -> None:
    found = index("The hall holds 900 people. On 11 March the crew of the Corriel came home.")
    assert [sentence.text for sentence in check_text(text, found).opposing] == ([against] if against else [])


TALKS = (
    "A fire broke out in the harbour.\n\nNobody was hurt in it.\n\nFerries of the Corriel line were sent to Wexmouth."
    "\n\nTwo ships came in.\n\nThe inquiry is led by the judge Petra Wolff of Oldport.\n\nIt rained.\n\n{}"
)


@pytest.mark.parametrize(
    ("text", "last", "tied"),
    [
        ("The inquiry is led by a judge, Petra Wolff.", "It ended.", True),
        ("The inquiry is led by a judge, Ivo Brandt.", "The choir of Ivo Brandt sang.", False),
        ("The inquiry is led by a judge, Ivo Brandt.", "Ivo Brandt judges much, and leads an inquiry.", True),
    ],
)
def test_a_name_is_said_of_what_its_sources_say_it_of(text: str, last: str, tied: bool) -> None:
    failed = {check.check for check in check_text(text, index(TALKS.format(last))).checks if not check.passed}
    assert ("names" not in failed) is tied


MILL = (
    "The closing of the mill at Corriel is a sign of the Strand Line's growing weakness, Ann Lee said. "
    "“This is Strand Line’s weakness,” the mayor of Oldport said. "
    "Karl Weiss confirmed the presence of rats in the mill, as the owners of it did. "
    "The mayor did not deny the presence of rats in the mill. "
    "Workers of the mill are in Oldport. Two of them were hurt."
)


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("The closing of the mill at Corriel is a sign of Strand Line's growing weakness, Ann Lee said.", None),
        ("The closing of the mill at Corriel is a sign of the Oldport Bank's growing weakness.", "direction"),
        ("The mayor did not deny the presence of rats in the mill.", None),  # nor is who confirms it against it
        ("The mayor did not deny that rats were present in the mill.", None),
        ("All workers of the mill are in Oldport.", "modality"),
        ("Only workers of the mill are in Oldport.", "modality"),
    ],
)
def test_what_is_whose_and_said_of_how_many_is_as_the_sources_have_it(text: str, gate: str | None) -> None:
    failed = {check.check for check in check_text(text, index(MILL)).checks if not check.passed}
    assert gate in failed if gate else not failed


@pytest.mark.parametrize(
    ("text", "evidence", "told"),
    [
        ("It is a sign of Norland's growing shame.", "It is a sign of Corriel's growing shame.", False),
        (
            "It is a sign of Norland's growing shame.",
            "It is a sign of the Jones' growing shame, not of Norland's shame.",
            True,
        ),
        (
            "It is a sign of Norland's growing shame.",
            "It is a sign of Corriel's growing shame, and of Norland and its shame.",
            True,
        ),
        ("It is a sign of Norland's growing shame.", "It is a sign of growing shame.", True),
        ("It is a sign of Norland's growing shame.", "It rained on Corriel's shame.", True),  # not of this
    ],
)
def test_what_is_somebodys_is_theirs_by_a_source(text: str, evidence: str, told: bool) -> None:
    found = index(evidence)
    assert bool(other_owner(found.analyse(text), [found.analyse(evidence)], found)) != told
