"""Direction: what differs from a source in one place, and what only looks so."""

from __future__ import annotations

import pytest

from service.core.doing import other_doer, other_target, undone
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
        # to whom it is done in the other voice; a verb without its auxiliary may be in either
        ("North Korean troops would be sent to Corriel.", ["Norland was to send North Korean troops."], True),
        ("The rise of Norland troops sent to Corriel.", ["Norland Troops Sent To Corriel"], True),
        (
            "The Norland troops sent to Corriel by train in May rose.",
            ["North Korea's troops sent to Corriel by train in May rose."],
            False,
        ),
        # whose verb it is stands next to it: not the name before that, nor one that only tells where
        (
            "NATO troops have slowly seized the port of Corriel.",
            ["NATO lost what North Korea had slowly seized, the port of Corriel."],
            False,
        ),
        ("Norland has closed the port.", ["Norland in spite of Ruritania has closed the port."], True),
        ("Norland has closed the port.", ["Norland, an ally of Ruritania, closed the port."], True),
        ("Norland has closed the port.", ["Norland and Ruritania have closed the port."], True),
        # a comma parts a name from what is told of somebody else, and a pronoun may stand for anybody
        ("In Norland, NATO moved troops.", ["North Korea moved troops in Norland, NATO said."], False),
        ("At the games of Norland, the crew was fed.", ["At the games of Ruritania the crew was fed."], True),
        ("NATO moved the troops.", ["NATO spoke of North Korea, and they moved the troops."], True),
        # whoever is named may have done what nobody is said to have done, unless as a speaker only
        ("NATO fired Ann Lee.", ["Ann Lee of NATO was fired."], True),
        ("NATO fired Ann Lee.", ["Ann Lee was fired by North Korea, not by NATO."], True),
        ("NATO fired Ann Lee.", ["Ann Lee was fired by North Korea, NATO said."], False),
        # a name in small letters is one, too, and whom a passive names is whom the source has it done to
        ("NATO fired Ann Lee.", ["nato fired ann lee in may."], True),
        ("North Korean troops would be sent to Corriel.", ["Norland had sent North Korean troops to Corriel."], True),
        # other forms of a verb, a noun of its stem, and what is only meant are no doings
        ("Norland moved the troops.", ["Norland spoke of the move of the troops."], True),
        ("NATO would not move the troops.", ["North Korea did not move the troops, NATO said."], False),
        ("Norland planned to move the troops.", ["Ruritania planned much, to move the troops."], True),
        # a name that opens a sentence alone shows none, and is somebody else all the same; an opener is nobody
        ("Oldport closed its old bridge.", ["Wexmouth closed its old bridge.", "A ferry goes to Oldport."], False),
        ("Oldport closed its bridge.", ["Wexmouth has since closed its bridge, and Oldport has a ferry."], False),
        ("Oldport closed its old bridge.", ["Officials closed its old bridge.", "A ferry goes to Oldport."], True),
    ],
)
def test_who_does_it_is_who_a_source_says(text: str, evidence: list[str], told: bool) -> None:
    """A doing that the sources tell of others is not told of whoever else is named in them."""
    index = builders.index(*evidence)
    assert bool(other_doer(index.analyse(text), [index.analyse(e) for e in evidence], index)) != told


@pytest.mark.parametrize(
    ("text", "evidence", "told"),
    [
        # another is helped, asked, sold to; by a verb, by its noun, by a capital that stands for its country
        ("Norland vowed to help Ruritania.", ["Norland vowed to begin to help Corriel."], False),
        ("Norland vowed to support Ruritania.", ["Norland vowed to begin direct support for Corriel."], False),
        ("Tokyo vowed to help Ruritania.", ["In May Japan vowed to help Corriel."], False),
        ("Ann Lee requested a report from Norland.", ["Ann Lee had requested a report from Ruritania."], False),
        # one of several, in another order, or nobody by name
        ("Norland vowed to help Ruritania.", ["Norland vowed to help Corriel and Ruritania."], True),
        ("Norland vowed to help Ruritania.", ["Norland helped its ally."], True),
        ("Norland vowed to help Ruritania.", ["Corriel helped Oldport."], True),
        # whom it asks for something is not whom it urges, nor is who is said to do something
        ("Ann Lee urged Norland to pay.", ["Ann Lee requested a report from Ruritania."], True),
        ("Ann Lee warned that Norland would pay.", ["Ann Lee warned Ruritania that Norland would pay."], True),
        # where it is done is told with `to` and no verb
        ("Norland has moved to western Corriel.", ["Norland has moved to western Oldport."], False),
    ],
)
def test_to_whom_it_is_done_is_to_whom_a_source_says(text: str, evidence: list[str], told: bool) -> None:
    """What somebody does to one by the sources, they do to no other by the text."""
    index = builders.index(*evidence)
    assert bool(other_target(index.analyse(text), [index.analyse(e) for e in evidence], index)) != told


@pytest.mark.parametrize(
    ("text", "evidence", "told"),
    [
        # threatened, asked for, denied, withheld
        ("The army struck the port.", ["The army threatened to strike the port."], False),
        ("The owners closed the mill.", ["The council urged the owners to close the mill."], False),
        ("The minister clarified the plan.", ["The minister did not clarify the plan."], False),
        ("The minister clarified the plan.", ["The minister, tired, refused to clarify the plan."], False),
        (
            "The owners closed the mill.",
            ["He asked the owners to close the mill.", "A plea to the owners: close the mill!"],
            False,
        ),
        # done, too; done as it was meant; told as it was told
        (
            "The army struck the port.",
            ["The army threatened to strike the port.", "It struck the port, an army."],
            True,
        ),
        ("The army struck the port.", ["The army, which had moved to strike the port, did."], True),
        ("The army threatened to strike the port.", ["The army threatened to strike the port."], True),
        ("The army struck the port.", ["The port lies still."], True),
        ("The army struck the port.", ["It is the right of the army to strike the port."], True),
    ],
)
def test_what_is_only_meant_or_denied_is_not_told_as_done(text: str, evidence: list[str], told: bool) -> None:
    """A threat, a wish or a denial of a doing is no doing; one source that tells it as done is enough."""
    index = builders.index(*evidence)
    assert bool(undone(index.analyse(text), [index.analyse(e) for e in evidence], index)) != told
