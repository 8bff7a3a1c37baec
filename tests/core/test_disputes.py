"""Which figures, times and words are at odds, and which only look so."""

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
    # a day of what happens once
    ("The ferry Corriel sank off Oldport on Monday.", "The ferry Corriel sank off Oldport on Tuesday."),
    ("The new bridge at Wexmouth opened on 12 May.", "The new bridge at Wexmouth opened on 14 May."),
    (
        "The mayor of Oldport resigned on Friday after the vote.",
        "The mayor of Oldport resigned on Thursday after the vote.",
    ),
    # a denial
    (
        "The crew was warned about the leak before the fire.",
        "The crew was not warned about the leak before the fire.",
    ),
    ("The bow door of the ferry had been open.", "The bow door of the ferry had not been open."),
    # nobody, and somebody
    (
        "Nobody was hurt when the roof of the market hall fell in.",
        "Two men were hurt when the roof of the market hall fell in.",
    ),
    # raised, cut
    ("The central bank raised its main interest rate.", "The central bank cut its main interest rate."),
    # survived, died
    ("The captain of the trawler survived the sinking.", "The captain of the trawler died in the sinking."),
    # approved, rejected
    ("The city council approved the plan for a new tunnel.", "The city council rejected the plan for a new tunnel."),
    # rose, fell
    ("House prices in Corriel rose in the third quarter.", "House prices in Corriel fell in the third quarter."),
    # guilty, innocent
    (
        "The jury found the banker Daniel Marsh guilty of fraud.",
        "The jury found the banker Daniel Marsh innocent of fraud.",
    ),
    # who did what one alone does
    ("Detective Karl Weiss arrested the suspect in Oldport.", "Detective Paul Reed arrested the suspect in Oldport."),
    (
        "The suspect was shot by Sergeant Ann Cole near the station.",
        "The suspect was shot by Constable Peter Voss near the station.",
    ),
    # succeeded, failed
    ("The talks between the two sides succeeded.", "The talks between the two sides failed."),
    # won, lost
    ("Oldport United won the cup final on Saturday.", "Oldport United lost the cup final on Saturday."),
    # an opposite by its prefix
    ("The tunnel under the bay is safe for traffic.", "The tunnel under the bay is unsafe for traffic."),
    # where it happened
    ("The ferry Corriel sank in Oldport harbour at dawn.", "The ferry Corriel sank in Northport harbour at dawn."),
    # what one speaker says
    (
        "Police said the driver had stopped at the red light.",
        "Police said the driver had not stopped at the red light.",
    ),
    # of what is to come
    ("The schools in the valley will reopen on Monday.", "The schools in the valley will not reopen on Monday."),
    # increased, decreased
    ("Unemployment in Norland increased in March.", "Unemployment in Norland decreased in March."),
    # a denial that moves the verb's form
    ("Tarnvik Line knew about the leak.", "Tarnvik Line did not know about the leak."),
    ("The museum was undamaged by the flood.", "The museum was damaged by the flood."),
    # who won
    ("Marta Kovacs won the election in Norland.", "Jonas Berg won the election in Norland."),
]
FALSE = [
    # other crashes
    ("Police recorded 47 morning crashes.", "Police recorded 27 afternoon crashes."),
    # a year counts nothing
    ("The trial at the schools lasted through 2023–24.", "The trial at the schools got between eight and ten."),
    # the number of a berth counts nothing
    (
        "The ship had been at Berth 4 of the Eastquay container terminal since Sunday.",
        "The ship carried some 1,200 containers at the Eastquay container terminal.",
    ),
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
    # the day on which it was said
    ("The mayor said on Monday the bridge was closed.", "The mayor said on Tuesday the bridge was closed."),
    # what may happen on both days
    ("Police arrested two men in Oldport on Monday.", "Police arrested two men in Oldport on Tuesday."),
    ("The council met in Oldport on Monday.", "The council met in Oldport on Wednesday."),
    # one source quotes a denial of what the other says
    ("The crew was warned about the leak.", "Tarnvik Line denied that the crew was warned about the leak."),
    ("The owner denied that the bow door had been open.", "The bow door had been open."),
    # each on its own day
    ("Prices of bread rose in Corriel on Monday.", "Prices of bread fell in Corriel on Tuesday."),
    # of other things
    ("Prices of bread rose in Corriel.", "Prices of fuel fell in Corriel."),
    # what both may do
    ("Mayor Ann Harlow welcomed the decision.", "Governor Peter Voss welcomed the decision."),
    # who says it
    ("Karl Weiss said the bridge was closed.", "Paul Reed said the bridge was closed."),
    # what may befall both
    ("Karl Weiss was arrested in Oldport.", "Paul Reed was arrested in Oldport."),
    # what may be, and may not
    ("The ferry may have sunk off Oldport on Monday.", "The ferry may not have sunk off Oldport on Monday."),
    # under conditions that differ
    ("If the dam breaks, the town will be flooded.", "If the dam holds, the town will not be flooded."),
    # a doing that is mutual
    ("Rutte met Biden in Brussels.", "Biden met Rutte in Brussels."),
    # announced, and done
    ("The bridge will be closed on Monday.", "The bridge was closed on Monday."),
    # men and women may both be killed
    ("Two men were killed in the crash.", "Two women were killed in the crash."),
    # each its own road
    ("The northern road is closed by snow.", "The southern road is closed by snow."),
    # the same, in the passive voice
    ("Strand Line sued the harbour authority.", "The harbour authority was sued by Strand Line."),
    # a part of the same day
    ("The fire broke out in Oldport on Monday.", "The fire broke out in Oldport early on Monday."),
    # a town, and the country that it lies in
    ("The ferry sank in Oldport.", "The ferry sank in Norland. Oldport, Norland, is a small town."),
    # what is not said of one thing, and said of another
    ("The company did not say how many jobs would go.", "The company said how many jobs would stay."),
    # other times of the day
    ("No flights left before noon on Monday.", "Flights left after noon on Monday."),
    # the first and the last are two
    ("The first victim was a man of 40.", "The last victim was a man of 40."),
    # approving one thing, rejecting another
    ("The council approved the budget.", "The council rejected an amendment to the budget."),
    # other cars
    ("Sales of electric cars rose.", "Sales of petrol cars fell."),
    # other rounds
    ("Marta Kovacs won the first round in Norland.", "Jonas Berg won the second round in Norland."),
    # other shops on other days
    ("The shop in Oldport closed on Monday.", "The shop in Corriel closed on Tuesday."),
    # each on its own day
    ("The bridge was closed on Sunday.", "The bridge was not closed on Saturday."),
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
    """Bounds, written forms, other things, predicates, days, hedges and quoted denials are no disagreement."""
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


def test_a_dispute_in_words_gathers_all_who_say_either() -> None:
    """Two sides, each with every claim of it, under a question of the words that both share."""
    (dispute,) = _disputes(
        "The ferry Corriel sank off Oldport on Monday.",
        "The ferry Corriel sank off Oldport on Tuesday.",
        "The ferry Corriel sank near Oldport on Tuesday.",
    )
    assert dispute.question == "When: ferry Corriel sank Oldport?"
    assert [[claim.document_id for claim in position.claims] for position in dispute.positions] == [["a"], ["b", "c"]]


@pytest.mark.parametrize(
    ("both", "one", "expected"),
    [
        # each from somebody
        (
            "The crew was warned about the leak, police said. The crew was not warned about it, the owner said.",
            "The crew was warned about the leak.",
            0,
        ),
        # a day, and another by its first report
        (
            "The ferry Corriel sank off Oldport on Monday. On its first page: the ferry Corriel sank off Oldport "
            "on Tuesday.",
            "The ferry Corriel sank off Oldport on Tuesday.",
            0,
        ),
        # safe, and that it is not
        (
            "The tunnel under the bay is safe for traffic. The tunnel under the bay is unsafe for heavy traffic.",
            "The tunnel under the bay is unsafe for traffic.",
            0,
        ),
        # safe, and only that it may not be
        (
            "The tunnel under the bay is safe for traffic. The tunnel under the bay may be unsafe in a storm.",
            "The tunnel under the bay is unsafe for traffic.",
            1,
        ),
        # a day, and that of something else
        (
            "The ferry Corriel sank off Oldport on Monday. A hearing was held in Oldport on Tuesday.",
            "The ferry Corriel sank off Oldport on Tuesday.",
            1,
        ),
    ],
)
def test_a_source_that_says_both_is_on_no_side(both: str, one: str, expected: int) -> None:
    """A report that gives both versions does not contradict one that gives one of them."""
    assert len(_disputes(both, one)) == expected


def test_a_proposed_conflict_in_words_is_compared_again() -> None:
    """A backend's conflict is shown only where the two exclude each other, as one that is found here is."""
    index = builders.index(
        "The captain of the trawler survived.",
        "The captain of the trawler died.",
        "The captain of the trawler was tired.",
    )
    claims = [builders.claim(index, name) for name in "abc"]
    origins = {name: name for name in "abc"}
    for pair, shown in (((0, 1), 1), ((0, 2), 0)):
        proposed = [Group(Relation.CONFLICT, tuple(claims[i].id for i in pair), "What became of him?")]
        assert len(build(proposed, claims, index, origins)) == shown
