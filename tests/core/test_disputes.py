"""Which figures and times are at odds, and which only look so."""

from __future__ import annotations

import pytest

from service.core.disputes import build, find_conflicts
from service.core.model import Dispute, Group, Relation
from tests import builders

REAL = [
    # other figures for one thing counted
    (
        "Around 3,000 North Korean troops were sent to Russia.",
        "Some 11,000 North Korean soldiers were deployed to Russia.",
    ),
    ("The blast injured 40 people in the market.", "The blast injured 25 people in the market."),
    ("At least 30 people were killed in the crash.", "The crash killed 12 people, police said."),
    # in words against digits
    ("Nine helicopters were sent to the flooded valley.", "Six helicopters were sent to the flooded valley."),
    # whatever verb follows the noun
    ("About 9,000 vehicles cross the bridge every day.", "The bridge carries 14,000 vehicles a day."),
    # a word before the noun that the other has behind it
    ("Surveyors counted 38 burned-out containers.", "In all, 46 containers burned."),
    # percentages of one quantity
    ("Lateness at the schools fell by 31 per cent.", "Lateness at the schools fell by 14%."),
    # money
    ("The company set aside $4.5 million for the recall.", "The company set aside $3.1m for the recall."),
    # times of one event
    (
        "The alarm aboard the ship was raised at 3:40 a.m.",
        "The alarm aboard the ship was raised at 4:10 a.m.",
    ),
]
FALSE = [
    # a bound that the other figure satisfies
    (
        "Over 600,000 Russian soldiers have been killed or wounded.",
        "Russia had 600,000 soldiers killed or wounded.",
    ),
    ("At least 12 people died in the flood.", "The flood killed 19 people, 19 died in all."),
    # one value in two forms
    ("Twelve hundred containers were on board.", "1,200 containers were on board."),
    # other things counted
    ("Forty ambulances were sent to the market.", "Twenty people were sent to hospital from the market."),
    ("Some 10,000 North Korean troops were sent.", "Some 600,000 Russian troops were killed or wounded."),
    ("The ship had 1,200 containers on board.", "Surveyors counted 38 burned-out containers."),
    # another predicate
    ("Twelve people were killed in the blast.", "Forty people were injured in the blast."),
    # other days
    ("On Monday 12 flights were cancelled.", "On Sunday 52 flights were cancelled."),
    # other units
    ("Sales rose by 5 percent in the quarter.", "Sales rose by 5 million in the quarter."),
    # rounding
    ("Around 10,000 troops were sent to Kursk.", "Some 10,100 troops were sent to Kursk."),
    # a figure and a word for many
    ("Thousands of troops were sent to Kursk.", "Some 11,000 troops were sent to Kursk."),
]


def _disputes(*texts: str, origins: dict[str, str] | None = None) -> list[Dispute]:
    index = builders.index(*texts)
    claims = [builders.claim(index, d.id, s.index) for d in index.documents.values() for s in d.sentences]
    known = origins or {d: d for d in index.documents}
    return build(find_conflicts(claims, index, known), claims, index, known)


@pytest.mark.parametrize(("one", "other"), REAL)
def test_answers_that_exclude_each_other_are_a_dispute(one: str, other: str) -> None:
    """Both sides are shown, each with a sentence of its own document."""
    (dispute,) = _disputes(one, other)
    assert [position.evidence[0].text for position in dispute.positions] == [one, other]


@pytest.mark.parametrize(("one", "other"), FALSE)
def test_what_only_looks_like_a_dispute_is_none(one: str, other: str) -> None:
    """Bounds, written forms, other things, predicates and days are no disagreement."""
    assert _disputes(one, other) == []


def test_three_answers_are_one_dispute() -> None:
    """A third figure joins as a third position, in a question that names what is counted."""
    (dispute,) = _disputes(
        "Some 10,000 North Korean troops were sent to Russia.",
        "Around 3,000 North Korean troops were sent to Russia.",
        "About 11,000 North Korean soldiers were sent to Russia.",
    )
    assert len(dispute.positions) == 3
    assert dispute.question == "How many North Korean troops?"


def test_one_voice_that_gives_two_figures_means_two_things() -> None:
    """A report that says both does not contradict itself, nor another by one of them."""
    assert (
        _disputes(
            "Crashes fell from 58 crashes to 43 crashes in the region.",
            "There were 58 crashes in the region.",
        )
        == []
    )


def test_copies_do_not_disagree_with_themselves() -> None:
    """An origin is one source, whatever its copies say."""
    texts = ("The blast injured 40 people in the market.", "The blast injured 25 people in the market.")
    assert _disputes(*texts, origins={"a": "o1", "b": "o1"}) == []


def test_a_proposed_conflict_is_believed_only_if_the_figures_are_at_odds() -> None:
    """What a backend calls a conflict is compared again, and unknown claims are ignored."""
    index = builders.index("Forty people were hurt in the blast.", "The blast broke forty windows.")
    claims = [builders.claim(index, "a"), builders.claim(index, "b")]
    proposed = [
        Group(Relation.CONFLICT, (claims[0].id, claims[1].id), "How many?"),
        Group(Relation.CONFLICT, (claims[0].id, "c99"), "How many?"),
        Group(Relation.SAME, (claims[0].id, claims[1].id)),
    ]
    assert build(proposed, claims, index, {"a": "o1", "b": "o2"}) == []
