"""Voices and wording: a sentence of one report, told as a statement that cites it alone."""

from __future__ import annotations

import pytest

from service.core.evidence import Trial
from service.core.matching import Index
from service.core.model import Check, StatementDraft
from service.core.modes import hedged_apart
from service.core.verification import check_entailment, check_modality
from service.core.voices import check_attribution
from tests import builders

_SAID = (
    "The toll was 19, the Interior Ministry said, and the mayor of Dubrin claimed that it was far higher.",
    "Mark Rutte said Ann Lee claimed the port was shut.",
    "Ann Lee claimed the port was shut, Mark Rutte said.",
    "He added that nine ships were waiting outside the harbour.",
    "Hanne Torvald could not be plainer: “No jar from these batches should be eaten at all.”",
    "“She will float, and she will be towed to the yard.”",
    "The union said the crew was warned, but the company denied it.",
)


def _trial(text: str, source: str) -> Trial:
    index: Index = builders.index(source, "A concert is planned in Oldport.")
    sentences = index.documents["a"].sentences
    analyses = tuple(index.of(sentence) for sentence in sentences)
    origins = {"a": "a", "b": "b"}
    analysis = index.analyse(text, index.documents["a"].dated)
    return Trial(StatementDraft(text, ()), (), analysis, sentences, analyses, origins, 1, index)


def _passes(check: Check) -> bool:
    assert check.passed or check.detail
    return check.passed


TOLD = [
    # a statement, the sentence it is taken from, and whether it is told as that tells it
    (_SAID[0], _SAID[0], True),
    ("The mayor of Dubrin claimed that it was far higher.", _SAID[0], True),  # a clause with its own speaker
    ("The toll was 19.", _SAID[0], False),  # without its own
    (_SAID[1], _SAID[1], True),
    ("Ann Lee claimed the port was shut.", _SAID[1], False),  # who says that she claimed it is lost
    (_SAID[2], _SAID[2], True),
    (_SAID[3], _SAID[3], True),  # the source names nobody else here
    ("Nine ships were waiting outside the harbour.", _SAID[3], False),
    (_SAID[4], _SAID[4], True),  # words that lead to the quotation
    (_SAID[5], _SAID[5], False),  # a quotation of nobody
    ("The union said the crew was warned.", _SAID[6], True),
]


@pytest.mark.parametrize(("text", "source", "told"), TOLD)
def test_a_cut_is_told_as_its_sentence_tells_it(text: str, source: str, told: bool) -> None:
    """Word for word is enough where the word of saying that governs the words is among them, and not without it."""
    assert _passes(check_attribution(_trial(text, source))) is told


def test_another_sentence_on_the_matter_makes_no_fact_of_a_voice() -> None:
    """A document says as its own what its closest sentences say so, not what a further one shares words with."""
    source = "It said the ship had been at the berth since Sunday. The ship and the berth were old."
    assert not check_attribution(_trial("The ship had been at the berth since Sunday.", source)).passed


MODES = [
    # a statement, its sentence, and whether it keeps the mode of the clause that says it
    ("Rutte opened the talks.", "Rutte opened the talks, and Lee may join them on Friday.", True),
    ("Lee joins the talks on Friday.", "Rutte opened the talks, and Lee may join the talks on Friday.", False),
    ("The dock will close on Friday.", "The dock will close on Friday, unless the owner pays.", False),
    ("Two sailors drowned.", "Officials doubt that the ship sank, and that two sailors drowned.", False),
    ("The union said the crew was told.", "The union said the crew was told, but the firm denied that.", False),
    ("The dock is expected to close.", "The dock will close.", True),  # says no more than the source
    ("The dock will close.", "The dock is expected to close.", False),
    ("The dock will close.", "The dock is set to close.", False),
    ("The dock closed as expected.", "The dock closed as expected by all.", True),
]


@pytest.mark.parametrize(("text", "source", "straight"), MODES)
def test_a_cut_keeps_what_governs_its_clause(text: str, source: str, straight: bool) -> None:
    """What another clause hedges or denies may go; what conditions, hedges or takes back this one may not."""
    assert _passes(check_modality(_trial(text, source))) is straight


REPLACED = [
    # a statement, its sentence, and whether each word of it is borne out
    ("The army shelled the empty farm near Corriel.", "The army shelled the crowded farm near Corriel.", False),
    ("The army executed the order near Corriel.", "The army saw the execution of the order near Corriel.", True),
    ("The firm bought the old mill in Corriel.", "The firm purchased the old mill in Corriel.", True),
    ("The army shelled the farm near Corriel.", "The army shelled the crowded farm near Corriel.", True),
]


@pytest.mark.parametrize(("text", "source", "follows"), REPLACED)
def test_a_word_in_anothers_place_does_not_follow(text: str, source: str, follows: bool) -> None:
    """Where all else is word for word, a word that stands nowhere is no synonym until it is known as one."""
    assert _passes(check_entailment(_trial(text, source))) is follows


@pytest.mark.parametrize(
    ("text", "other", "apart"),
    [
        ("Four people may be in a serious condition.", "Four people were in a serious condition.", True),
        ("The troops will occur sooner in the war.", "The troops could occur sooner in the war.", True),
        ("The crew could see the harbour light.", "The crew had been able to see the harbour light.", False),
        (
            "The ministry is considering to close the harbour.",
            "The ministry is considering whether to close the harbour.",
            False,
        ),
        ("Four people were in a serious condition.", "Four people were in a serious condition.", False),
        ("Prices rose in May.", "The crew may have left the harbour by train.", False),  # they do not run alike
    ],
)
def test_one_of_two_texts_that_run_alike_may_hedge_what_the_other_says_outright(
    text: str, other: str, apart: bool
) -> None:
    found = builders.index(text, other)
    analyses = [found.of(found.documents[name].sentences[0]) for name in "ab"]
    assert bool(hedged_apart(analyses[0], analyses[1], found)) is apart
