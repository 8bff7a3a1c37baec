"""Telling: whose words any text gives what it says as, held against the documents that it is checked with."""

from __future__ import annotations

import pytest

from service.core.checking import WORD_FOR_WORD, check_text
from service.core.matching import Index
from service.core.model import Check, Source, Verdict
from service.core.reading import read
from tests.builders import DAY, index

_PORT = (
    "The port was shut at noon, Annika Thorsby said, and ferries were sent to Wexmouth. "
    "More than 80 firefighters were at the scene. “We are pouring water on hot steel,” Edwin Pascoe told NBS Radio. "
    "Maria Delgado, the inspector, denied that anyone had been arrested. “She floats. She will be towed,” he said. "
    "The crane was moved on Friday after detectives questioned its driver. "
    "Dock workers were told to go home by the harbour office, and 41 of them said that they had not been paid. "
    "According to the union, the crew had no masks. We have apologised to all families of the crew."
)
_NONE = "no source gives it as said by"


def _attribution(text: str, found: Index) -> Check:
    return next(check for check in check_text(text, found).checks if check.check == "attribution")


@pytest.mark.parametrize(
    "text",
    [
        "More than 80 firefighters were at the scene.",
        "The port was shut at noon, Annika Thorsby said.",
        "The port was shut at noon, Ms Thorsby said.",  # by another of her names
        "Ferries were sent to Wexmouth.",  # a clause by itself
        "The crane was moved.",  # what the detectives did is said of nothing before it
        "Dock workers were told to go home.",
        "The inspector denied that anyone had been arrested.",  # by what she is
        "“We are pouring water on hot steel,” Pascoe told NBS Radio.",
        "She will be towed,” he said.",
        "According to the union, the crew had no masks.",
        "Kestrel Mill said it has apologised to all families of the crew.",  # who says `we` is not told
    ],
)
def test_what_is_told_as_its_source_tells_it_passes(text: str) -> None:
    assert _attribution(text, index(_PORT)).passed


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("The port was shut at noon.", "it gives as fact what Annika Thorsby said"),
        ("The port was shut.", "it gives as fact what Annika Thorsby said"),
        ("We are pouring water on hot steel.", "it gives as fact what Edwin Pascoe said"),  # without its marks, too
        ("The crew had no masks.", "it gives as fact what the union said"),
        ("The port was shut at noon, Maria Delgado said.", "misattributed, Annika Thorsby said it"),
        ("Edwin Pascoe said the port was shut at noon.", "misattributed, Annika Thorsby said it"),
        ("More than 80 firefighters were at the scene, Ms Thorsby said.", f"{_NONE} Annika Thorsby"),
        ("More than 80 firefighters were at the scene, the mayor said.", f"{_NONE} the mayor"),
        ("“We are pouring water on hot steel.”", "it quotes without saying whom"),
        ("We have apologised to all families of the crew, Ms Thorsby said.", f"{_NONE} Annika Thorsby"),
    ],
)  # fmt: skip
def test_what_loses_its_speaker_or_is_given_to_another_fails_and_says_whose_words_it_is(
    text: str, detail: str
) -> None:
    found = index(_PORT)
    check = _attribution(text, found)
    assert (check.passed, check.detail) == (False, detail)
    assert check_text(text, found).verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)


def test_in_other_words_it_may_be_told_as_fact_and_whose_words_it_is_is_noted() -> None:
    check = _attribution("Nobody could enter the port from noon, which was shut.", index(_PORT))
    assert check.passed
    assert check.detail == "it gives as fact what Annika Thorsby said"


def test_a_sentence_as_it_stands_inside_a_quotation_counts_as_word_for_word() -> None:
    found = index("“We were late. The crew had gone home by then. Nobody told us,” said Anna Kovac.")
    assert check_text("The crew had gone home by then.", found).score == WORD_FOR_WORD


def test_what_stands_in_the_middle_of_a_quotation_is_not_cut_from_it_without_marks() -> None:
    found = index("“We were late. The crew had gone home, and nobody told us,” said Anna Kovac.")
    assert not _attribution("The crew had gone home.", found).passed


@pytest.mark.parametrize(("who", "passed"), [("the ministry", True), ("the union", False)])
def test_what_a_document_states_as_its_own_its_publisher_may_be_said_to_say(who: str, passed: bool) -> None:
    text = "Lateness at the schools fell by 29 per cent in the first term."
    source = Source("a", text, publisher="Ministry of Education", published_at=DAY)
    assert _attribution(f"{text[:-1]}, {who} said.", Index([read(source)])).passed is passed


_SEAT = (
    "The Kremlin initially dismissed reports of a fire at the Corriel mill, but President Anna Kovac did not deny "
    "the presence of sick workers at the mill. NATO said that a fire at the mill in Russia had been put out. "
    "Strand Line denied that the bridge had been shut, and its owner, Norland, declined to say why."
)


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        # a clause of its own begins with the name as it stands, not in the middle of it
        ("Kovac did not deny the presence of sick workers at the mill.", True),
        ("The Kremlin dismissed reports of a fire at the Corriel mill.", True),
        # who denies or withholds something does not own to it
        ("The Kremlin confirmed reports of a fire at the Corriel mill.", False),
        ("Strand Line confirmed that the bridge had been shut.", False),
        ("Strand Line did not confirm that the bridge had been shut.", True),
        ("NATO confirmed that a fire at the mill in Russia had been put out.", True),
    ],
)
def test_who_denies_or_withholds_something_does_not_own_to_it(text: str, passed: bool) -> None:
    assert _attribution(text, index(_SEAT)).passed is passed


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("The Kremlin said that the fire had been put out.", False),
        ("American officials said that the fire had been put out.", True),
        ("The Kremlin said that the harbour had been shut.", True),
    ],
)
def test_what_is_told_of_a_country_is_not_told_by_its_seat_of_government(text: str, passed: bool) -> None:
    found = index(
        "American officials said a fire in Russia had been put out. "
        "The harbour had been shut by the Kremlin, a report said."
    )
    assert _attribution(text, found).passed is passed


def test_who_writes_songs_says_nothing() -> None:
    found = index("Songs of Anna Kovac were sung by the choir of Oldport.")
    assert _attribution("Anna Kovac writes some songs that the choir of Oldport sang.", found).passed
    assert not _attribution("Anna Kovac wrote that the choir of Oldport sang songs.", found).passed
