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
            "Rutte, a former Dutch prime minister who leads NATO …",
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
    # an insertion is no verb, whatever word it ends with, and too small to be a fact
    (
        "Mayor Ann Harlow, citing police reports, warned on Friday that the bridge would be closed within days.",
        ["Mayor Ann Harlow … warned on Friday that the bridge would be closed within days."],
    ),
    # a verb without a subject has that of the clause before it
    (
        "Captain Ivo Brandt has ruled out sailing, but told the crew on Friday that repairs might be done soon.",
        [
            "Captain Ivo Brandt has ruled out sailing.",
            "Captain Ivo Brandt … but told the crew on Friday that repairs might be done soon.",
        ],
    ),
    # a clause whose verb stands behind an insertion
    (
        "Boats have been tied up in Oldport since May, and Anna Kovac, who owns the Corriel, lost a thousand a day.",
        [
            "Boats have been tied up in Oldport since May.",
            "Anna Kovac, who owns the Corriel, lost a thousand a day.",
        ],
    ),
    # what stands before an "and" is one of a list
    (
        "She saved three things from the fire: her ring, her late father's coat and an old dog called Bosun.",
        ["She saved three things from the fire: her ring, her late father's coat and an old dog called Bosun."],
    ),
    # a noun that looks like a verb
    (
        "The runs, a temperature and cramps show up within a day, and they mostly pass within a week.",
        ["The runs, a temperature and cramps show up within a day, and they mostly pass within a week."],
    ),
    # what opens a sentence may hold a verb of its own
    (
        "Among sailors who did both, the written watch was longer than the measured one by an hour.",
        ["Among sailors who did both, the written watch was longer than the measured one by an hour."],
    ),
    # what goes on behind an insertion is not cut off
    (
        "Heat from the stack caused the tank, which has a capacity of 18,000 litres, to fail.",
        ["Heat from the stack caused the tank, which has a capacity of 18,000 litres, to fail."],
    ),
    # the verb of a relative clause is not that of the subject
    (
        "A fire on a ship and the leak that followed it injured nine at sea, closing the old harbour to all ships.",
        [
            "A fire on a ship and the leak that followed it injured nine at sea.",
            "A fire on a ship and the leak that followed it … closing the old harbour to all ships.",
        ],
    ),
    # a relative clause that hangs on a name
    (
        "Boats are built in Corriel by Strand Line, which owns nine yards in Oldport.",
        ["Boats are built in Corriel by Strand Line.", "… by Strand Line, which owns nine yards in Oldport."],
    ),
    # a second relative clause
    (
        "Hers is one of nine cases that laboratories have confirmed and that inspectors trace to one mill.",
        ["Hers is one of nine cases that laboratories have confirmed and that inspectors trace to one mill."],
    ),
    # a word that looks like a verb, with nothing behind it
    (
        "The office told all of us to stop eating several batches of Corriel jam and Corriel date spread.",
        ["The office told all of us to stop eating several batches of Corriel jam and Corriel date spread."],
    ),
    # a condition that opens a sentence, behind a number
    (
        "2.3 If weekends and holidays are included, the gain in sleep amounts to 7 minutes a night.",
        ["2.3 If weekends and holidays are included, the gain in sleep amounts to 7 minutes a night."],
    ),
    # nothing is cut off at "as well as"
    (
        "The strike will put more pressure on the port, as well as stirring old quarrels in the town, owners say.",
        ["The strike will put more pressure on the port, as well as stirring old quarrels in the town, owners say."],
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
    # so is an opening adverbial, with a verb of its own or not
    (
        "Days before the mayor spoke, Norland and Corriel officials said the bridge was safe.",
        "Norland and Corriel officials said the bridge was safe.",
    ),
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


BROKEN = [
    # who it is said of, or how, is no phrase that opens a sentence
    ("Their chief, Annika Thorsby, grew up there.", "Annika Thorsby, grew up there."),
    ("Most of the hurt had breathed in smoke, the health service said.", "The health service said."),
    ("Half of the teachers want the old hours back, he said.", "He said."),
    ("Most places, she admits, start at eight in the town.", "She admits, start at eight in the town."),
    ("According to a report by the Courier, the mill has closed.", "The mill has closed."),
    # what somebody said, too, without them
    (
        "Ann Harlow said that the old mill had closed and that its owners had left the town of Corriel.",
        "Its owners had left the town of Corriel.",
    ),
    # a joint
    (
        "Boats were built by hand, and, because the yard was small, sold to nine owners.",
        "Boats were built by hand, and.",
    ),
    # a tail that what stands before it measures, or asks for, or needs for what it denies
    ("The berth had been checked the week before the fire at the port.", "The berth had been checked the week."),
    ("The mayor did not say when the bridge will be opened again.", "The mayor did not say."),
    ("The line will not restart before the end of the month.", "The line will not restart."),
    ("It is the town that troops have since gradually taken back.", "It is the town that troops have."),
    ("The mayor said when the bridge will be opened again.", "The mayor said."),
    # a question
    ("Why did eight days pass before anyone told the public?", "Why did eight days pass."),
    # a day on which something else hangs, one inside a quotation
    (
        "Staff had smelled smoke on Sunday, the day she came in, and told an officer.",
        "Staff had smelled smoke, the day she came in, and told an officer.",
    ),
    ("“They came on Friday at noon,” he said.", "“They came at noon,” he said."),
    ("It rained on Tuesday morning](x).", "It rained morning](x)."),
    # an insertion after a name is no verb
    ("Ann Harlow, citing police reports, warned on Friday of a flood.", "Ann Harlow, citing police reports."),
]


@pytest.mark.parametrize(("sentence", "broken"), BROKEN)
def test_no_cut_is_less_than_a_sentence(sentence: str, broken: str) -> None:
    """What is left of a sentence has its verb and subject, and says no more and nothing else."""
    assert broken not in cuts(sentence)


@given(st.sampled_from([sentence for sentence, _ in [*SPLITS, *CUTS, *BROKEN]]))
def test_a_cut_adds_no_word(sentence: str) -> None:
    """Every word of a cut stands in the sentence, in the same order."""
    for cut in cuts(sentence):
        words = iter(sentence.casefold().replace(",", "").replace(".", "").split())
        assert all(word in words for word in cut.casefold().replace(",", "").replace(".", "").split())
