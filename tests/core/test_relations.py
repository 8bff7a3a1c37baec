"""Direction: what differs from a source in one place, and what only looks so."""

from __future__ import annotations

import pytest

from service.core.doing import other_doer
from service.core.matching import Index
from service.core.relations import at_odds, denied_apart
from tests import builders

APART = [
    # two names around one verb swapped
    ("Strand Line sued the Oldport Council over the fees.", "The Oldport Council sued Strand Line over the fees."),
    # the voice changed, the parties not exchanged
    ("Strand Line sued Norland Rail over the fees.", "Strand Line was sued by Norland Rail over the fees."),
    ("The Oldport Council was sued by Strand Line.", "The Oldport Council sued Strand Line."),
    # another name in the same part
    ("Karl Weiss led the search for the boat.", "Paul Reed led the search for the boat."),
    # rises and falls
    ("House prices in Corriel rose in the third quarter.", "House prices in Corriel fell in the third quarter."),
    ("The central bank raised its main rate in March.", "The central bank cut its main rate in March."),
    # approved and rejected, opened and closed, won and lost
    ("The council approved the plan for a tunnel.", "The council rejected the plan for a tunnel."),
    ("The bridge was opened to lorries on Monday.", "The bridge was closed to lorries on Monday."),
    ("Oldport United won the cup final.", "Oldport United lost the cup final."),
    # before and after, more and less
    ("The crew left the ship before the fire broke out.", "The crew left the ship after the fire broke out."),
    ("The new pumps cost more than the old dam.", "The new pumps cost less than the old dam."),
    # of two that changed places, neither stands where it did
    ("Sales rose and profits fell in the year.", "Sales fell and profits rose in the year."),
    # whose is whose
    ("Karl Weiss read Norland's Water Act to us.", "Karl Weiss read Water Act's Norland to us."),
    # an ending that denies
    ("The hopeful crew left the ship in Corriel.", "The hopeless crew left the ship in Corriel."),
    # the last little word
    ("The ship was full of boxes when it went up.", "The ship was full of boxes when it went down."),
    # what is done, and what is to come
    ("The bridge was closed for repairs.", "The bridge will be closed for repairs."),
    ("The harbour will reopen to ships.", "The harbour has reopened to ships."),
    ("The firm sold its mill in Oldport.", "The firm will sell its mill in Oldport."),
]
ALIKE = [
    # the voice changed, and the parties with it
    ("Strand Line sued Norland Rail over the fees.", "Norland Rail was sued by Strand Line over the fees."),
    # a doing that is mutual
    ("Mark Rutte met Joe Biden in Brussels.", "Joe Biden met Mark Rutte in Brussels."),
    # one list in another order
    ("Ukraine, Japan and Germany signed the treaty.", "Germany, Ukraine and Japan signed the treaty."),
    # two of a longer list, with nothing to join them
    ("Ukraine, Japan, Germany signed the treaty.", "Ukraine, Germany, Japan signed the treaty."),
    # clauses in another order, each with its own name
    ("Karl Weiss resigned after Paul Reed won.", "After Paul Reed won, Karl Weiss resigned."),
    # another word for the same direction
    ("House prices in Corriel rose in March.", "House prices in Corriel increased in March."),
    # an opposite that is denied
    ("The tunnel is not safe for lorries.", "The tunnel is unsafe for lorries."),
    # a shorter form of a name
    ("Mark Rutte led the talks in Brussels.", "Rutte led the talks in Brussels."),
    # reported speech moves its tense
    ("The firm will close the mill in Oldport.", "The firm said it would close the mill in Oldport."),
    # other things told: nothing to compare
    ("Sales of the firm rose in March.", "The strike at the port lowered the mood of the crews."),
]


def _pair(one: str, other: str) -> tuple[Index, str, str]:
    index = builders.index(one, other)
    first, second = (index.of(builders.sentence(index, name)) for name in "ab")
    return index, at_odds(first, second, index), at_odds(second, first, index)


@pytest.mark.parametrize(("one", "other"), APART)
def test_a_relation_that_differs_is_found_either_way(one: str, other: str) -> None:
    """Texts that run alike but for a name's part, a direction or a time are at odds, and the reason is in words."""
    _, forth, back = _pair(one, other)
    assert "source" in forth
    assert "source" in back


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_says_the_same_or_something_else_is_not_at_odds(one: str, other: str) -> None:
    """Voices, lists, clauses, synonyms and tenses of speech change no relation; other matters have none in common."""
    _, forth, back = _pair(one, other)
    assert (forth, back) == ("", "")


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        # a denial put in, one left out, one moved with its clause
        ("The crew was warned about the leak.", "The crew was not warned about the leak.", True),
        ("She is 78, and had never been told to leave.", "She is not 78, and had never been told to leave.", True),
        ("Nobody was hurt by the blast in Oldport.", "Four were hurt by the blast in Oldport.", True),
        ("The crew had never been warned of it.", "The crew had not been warned of it.", False),
        ("The crew was warned about the leak.", "The mayor did not come to the opening.", False),
    ],
)
def test_a_denial_is_compared_where_it_stands(one: str, other: str, apart: bool) -> None:
    """A text that denies elsewhere, too, still may not deny here."""
    index = builders.index(one, other)
    first, second = (index.of(builders.sentence(index, name)) for name in "ab")
    assert bool(denied_apart(second, first, index)) is apart


@pytest.mark.parametrize(
    ("text", "evidence", "told"),
    [
        # another did it, in the voice of the text and in the other
        ("NATO sent troops to Corriel.", ["North Korea sent troops to Corriel, NATO said."], False),
        ("NATO sent troops to Corriel.", ["Troops of North Korea were sent to Corriel, NATO said."], False),
        # whose they are is part of it
        ("NATO troops were sent to Corriel.", ["NATO said North Korean troops were sent to Corriel."], False),
        # nobody is named, or a pronoun stands for whoever it was
        ("NATO sent troops to Corriel.", ["It sent troops to Corriel in May."], True),
        # one sentence of several says so, in either voice
        ("NATO sent troops to Corriel.", ["Norland sent troops, too.", "NATO sent troops to Corriel."], True),
        ("NATO sent troops to Corriel.", ["Troops were sent to Corriel by NATO."], True),
        # what no source tells of is for other gates
        ("NATO sent troops to Corriel.", ["North Korea has troops in Corriel."], True),
        # the text tells it of nobody by name
        ("The alliance sent troops to Corriel.", ["North Korea sent troops to Corriel."], True),
    ],
)
def test_who_does_it_is_who_a_source_says(text: str, evidence: list[str], told: bool) -> None:
    """A doing that the sources tell of others is not told of whoever else is named in them."""
    index = builders.index(*evidence)
    assert bool(other_doer(index.analyse(text), [index.analyse(e) for e in evidence], index)) != told
