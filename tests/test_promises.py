"""What a hostile reader tries: sentences that look alike and say something else must not be told as agreed."""

from __future__ import annotations

import pytest

from service.core.model import Standing
from tests import builders

_A_REST = " Rain is forecast for the north of the country. Shops along the quay kept their shutters down."
_B_REST = " Traffic was heavy throughout the afternoon. Analysts expect a quiet season for local hotels."

UNTRUE = [
    # a cut must not lose the condition that every source has
    (
        "The ferry workers of Corriel will strike on Friday, unless the owner, Strand Line, pays each 5,000 dollars.",
        "The ferry workers of Corriel will strike on Friday, unless a court in Northport forbids it first.",
        "will strike",
    ),
    (
        "If the river rises above six metres, the whole of Corriel will be evacuated by the army on Tuesday.",
        "If Thursday brings another storm, the whole of Corriel will be evacuated by the army on Tuesday.",
        "will be evacuated",
    ),
    (
        "Without 3 new pumps, the city of Corriel will be under water by the end of the year.",
        "Without a new sea wall, the city of Corriel will be under water by the end of the year.",
        "will be under water",
    ),
    # one source's hedge, plan, denial or scope is no second source for the bare fact
    (
        "The Norland navy may have sunk the trawler Corriel on Monday.",
        "The Norland navy sunk the trawler Corriel on Monday.",
        "navy sunk",
    ),
    (
        "Only residents of Corriel may use the bridge from Monday.",
        "Residents of Corriel use the bridge from Monday.",
        "Residents",
    ),
    (
        "Police said Daniel Marsh allegedly stole 2 million dollars from the Oldport fund.",
        "Daniel Marsh stole 2 million dollars from the Oldport fund.",
        "stole 2 million",
    ),
    (
        "It is untrue that 300 workers at the Oldport mill were dismissed on Friday.",
        "Some 300 workers at the Oldport mill were dismissed on Friday.",
        "were dismissed",
    ),
    # a plain report is no second source for a conditional one, nor for what is expected
    (
        "The ferry workers of Corriel will strike on Friday, unless the owner, Strand Line, pays each 5,000 dollars.",
        "The ferry workers of Corriel will strike on Friday.",
        "will strike",
    ),
    (
        "The ferry workers of Corriel will strike on Friday unless Strand Line pays.",
        "The ferry workers of Corriel will strike on Friday.",
        "will strike",
    ),
    (
        "The Norland navy is expected to close the port of Corriel on Friday.",
        "The Norland navy will close the port of Corriel on Friday.",
        "will close",
    ),
    (
        "The port of Corriel is set to close for good on Friday.",
        "The port of Corriel will close for good on Friday.",
        "will close",
    ),
    # bounds that exclude each other
    ("More than 500 people fled Corriel on Monday.", "Fewer than 500 people fled Corriel on Monday.", "500 people"),
    # one speaker's words are not another's
    (
        "The captain of the ferry Corriel was drunk, prosecutor Dana Kell said. Rob Hart said nothing.",
        "The captain of the ferry Corriel was drunk, lawyer Rob Hart said. Dana Kell said nothing.",
        "was drunk",
    ),
    # an activist's word is no fact because one report leaves the activist out
    (
        "The reactor at Corriel is leaking water into the bay, the activist group Clean Bay said on Monday.",
        "The reactor at Corriel is leaking water into the bay.",
        "into the bay.",
    ),
    # the parties of one verb swapped
    (
        "Strand Line sued the Corriel Port Authority over unpaid fees on Monday.",
        "The Corriel Port Authority sued Strand Line over unpaid fees on Monday.",
        "over unpaid fees",
    ),
    # two figures of one unit swapped within a sentence
    (
        "In the blast at Corriel 40 people were injured and 12 people were killed.",
        "In the blast at Corriel 12 people were injured and 40 people were killed.",
        "were injured",
    ),
    # announced is not done
    (
        "The Norland army will close the bridge at Corriel to all lorries.",
        "The Norland army closed the bridge at Corriel to all lorries.",
        "to all lorries",
    ),
    # opposite ways
    (
        "House prices in Corriel rose by 4 per cent in the third quarter.",
        "House prices in Corriel fell by 4 per cent in the third quarter.",
        "in the third quarter",
    ),
    # the start is not the end
    (
        "The curfew in Corriel begins at 9 p.m. on Friday and ends at 5 a.m. on Saturday.",
        "The curfew in Corriel begins at 5 a.m. on Saturday and ends at 9 p.m. on Friday.",
        "curfew",
    ),
]


@pytest.mark.parametrize(("one", "other", "untrue"), UNTRUE)
def test_what_no_two_sources_say_is_not_told(one: str, other: str, untrue: str) -> None:
    """Conditions, hedges, denials, bounds and speakers that differ keep a sentence out of the summary."""
    comparison = builders.run(one + _A_REST, other + _B_REST)
    told = [s for s in builders.said(comparison) if untrue in s and not ("said" in s and untrue == "into the bay.")]
    assert told == []


APART = [
    # a year, a day, a name, a figure that differs keeps two claims apart
    ("The ferry was built in 1988 in Hamburg.", "The ferry was built in 1991 in Hamburg."),
    (
        "The trial of Daniel Marsh starts on 12 May in Oldport.",
        "The trial of Daniel Marsh starts on 19 May in Oldport.",
    ),
    ("Detective Karl Weiss arrested the suspect in Oldport.", "Detective Paul Reed arrested the suspect in Oldport."),
    (
        "The storm left 40,000 homes in Corriel without power.",
        "The storm left 55,000 homes in Corriel without power.",
    ),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_a_detail_that_differs_keeps_claims_apart(one: str, other: str) -> None:
    """Each document keeps its own version; neither is said to state the other's."""
    comparison = builders.run(one + _A_REST, other + _B_REST)
    stated = {fact.claim.text: (fact.standing, fact.documents) for fact in comparison.facts}
    assert stated[one] == (Standing.UNIQUE, ("a",))
    assert stated[other] == (Standing.UNIQUE, ("b",))


PRONOUNS = [
    # two people before, so nobody knows which
    "Mayor Ann Harlow criticised Governor Peter Voss on Monday. He said the dam at Corriel must be drained at once.",
    # the pronoun is not who speaks
    "Anna Reyes said Daniel Marsh lied. He was arrested on Tuesday at the border, she said.",
]


@pytest.mark.parametrize("text", PRONOUNS)
def test_a_pronoun_is_resolved_only_where_it_can_mean_one_person(text: str) -> None:
    """Where a pronoun may mean two people, the sentence before is shown instead of a name put in brackets."""
    comparison = builders.run(text + _A_REST)
    assert comparison.facts
    assert not any("[" in fact.claim.text for fact in comparison.facts)


SUPPOSED = [
    "The firm denied that it knew, and that 40 workers had complained.",
    "If the dam breaks, water will reach Corriel in 2 hours, and 900 homes will be lost.",
    "Prosecutors suspect that Daniel Marsh set the fire in the Oldport mill, and Paul Reed paid him 9,000 dollars.",
]


@pytest.mark.parametrize("text", SUPPOSED)
def test_what_is_denied_or_supposed_is_not_cut_loose(text: str) -> None:
    """No clause under a denial, a condition or a suspicion stands as a claim by itself."""
    comparison = builders.run(text + _A_REST)
    claims = [fact.claim.text for fact in comparison.facts]
    assert claims
    assert not any(claim in ("40 workers had complained.", "900 homes will be lost.") for claim in claims)
    assert not any(claim.startswith("Paul Reed paid") for claim in claims)


def test_white_space_costs_no_square_of_its_length() -> None:
    """A hundred thousand spaces inside a sentence are read at once."""
    comparison = builders.run("The" + " " * 100_000 + "ferry sank off Oldport." + _A_REST)
    assert comparison.documents[0].sentences[0].text == "The"
