"""Sentences into separable facts, and into lighter cuts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.clauses import cuts, split

SPLITS = [
    # a participle hangs on the subject
    (
        "Rutte said troops were sent to Kursk, decrying the deployment as a sign of desperation.",
        [
            "Rutte said troops were sent to Kursk.",
            "Rutte … decrying the deployment as a sign of desperation.",
        ],
    ),
    # a relative clause hangs on its noun
    (
        "Ukraine has been engaged in a protracted conflict with Russia, which began in February 2022.",
        [
            "Ukraine has been engaged in a protracted conflict with Russia.",
            "… a protracted conflict with Russia, which began in February 2022.",
        ],
    ),
    # an insertion, and the main clause that goes on after it
    (
        "Rutte, a former Dutch prime minister who leads NATO, called on Moscow to stop these actions.",
        [
            "Rutte, a former Dutch prime minister who leads NATO.",
            "Rutte … called on Moscow to stop these actions.",
        ],
    ),
    # two main clauses
    (
        "The Kremlin dismissed reports of a deployment, but Putin did not deny the presence of soldiers.",
        ["The Kremlin dismissed reports of a deployment.", "Putin did not deny the presence of soldiers."],
    ),
    # one fact stays whole
    (
        "The Pentagon estimated that 10,000 troops were sent.",
        ["The Pentagon estimated that 10,000 troops were sent."],
    ),
    # nothing is cut inside a quotation
    ("“It is late, and we are tired,” he said.", ["“It is late, and we are tired,” he said."]),
    # "and" between nouns joins no clauses
    (
        "American and South Korean officials said there was evidence.",
        ["American and South Korean officials said there was evidence."],
    ),
    # nor between names
    (
        "The elected mayors of coastal Neverlake and Cedarhollow announced a plan to rebuild the harbour wall.",
        ["The elected mayors of coastal Neverlake and Cedarhollow announced a plan to rebuild the harbour wall."],
    ),
    # the subject is behind what opens the sentence
    (
        "In a letter to parliament, Minister Ann Harlow rejected the plan, calling it a threat to the harbour town.",
        [
            "In a letter to parliament, Minister Ann Harlow rejected the plan.",
            "Minister Ann Harlow … calling it a threat to the harbour town.",
        ],
    ),
    # and one that begins with "the" is the main clause, no apposition
    (
        "In the port of Wexmouth, the harbourmaster closed the channel, citing a crack in the old bridge.",
        [
            "In the port of Wexmouth, the harbourmaster closed the channel.",
            "the harbourmaster … citing a crack in the old bridge.",
        ],
    ),
    # two names are one subject
    (
        "The elected mayors of coastal Oldport and Hamby announced a joint plan for the ferry on Monday.",
        ["The elected mayors of coastal Oldport and Hamby announced a joint plan for the ferry on Monday."],
    ),
    # a pronoun's clause is shown with the whole sentence
    (
        "Over 600,000 soldiers were killed in his war, and he is unable to sustain his assault alone.",
        [
            "Over 600,000 soldiers were killed in his war.",
            "Over 600,000 soldiers were killed in his war, and he is unable to sustain his assault alone.",
        ],
    ),
]


@pytest.mark.parametrize(("sentence", "facts"), SPLITS)
def test_a_sentence_is_split_into_its_facts(sentence: str, facts: list[str]) -> None:
    """Each separable fact is shown so that it says no more than its sentence."""
    assert [clause.text for clause in split(sentence)] == facts


@given(st.text(max_size=300))
def test_clauses_are_spans_of_the_sentence_in_order(sentence: str) -> None:
    """Whatever the text, clauses lie inside it, one after the other."""
    position = 0
    for clause in split(sentence):
        assert position <= clause.start <= clause.end <= len(sentence)
        position = clause.start


CUTS = [
    # a clause at the end is left out
    (
        "Rutte said troops were sent, adding that thousands of others would soon follow.",
        "Rutte said troops were sent.",
    ),
    # so is an opening adverbial
    ("Last week, Zelensky warned that troops would come.", "Zelensky warned that troops would come."),
    # and an insertion
    (
        "Rutte, who leads the alliance, called on Moscow to stop the war.",
        "Rutte called on Moscow to stop the war.",
    ),
    # and a subordinate clause
    (
        "Rutte said 600,000 were wounded since Moscow launched the invasion in 2022.",
        "Rutte said 600,000 were wounded.",
    ),
    # and a day
    (
        "Military intelligence reported on Thursday that units were seen.",
        "Military intelligence reported that units were seen.",
    ),
]


@pytest.mark.parametrize(("sentence", "lighter"), CUTS)
def test_lighter_cuts_leave_out_whole_clauses(sentence: str, lighter: str) -> None:
    """Cuts leave out what a reader can miss, the full sentence coming first."""
    found = cuts(sentence)
    assert found[0] == sentence
    assert lighter in found


@given(st.sampled_from([sentence for sentence, _ in [*SPLITS, *CUTS]]))
def test_a_cut_adds_no_word(sentence: str) -> None:
    """Every word of a cut stands in the sentence, in the same order."""
    for cut in cuts(sentence):
        words = iter(sentence.casefold().replace(",", "").replace(".", "").split())
        assert all(word in words for word in cut.casefold().replace(",", "").replace(".", "").split())
