"""How far a document's sentences bear out a claim."""

from __future__ import annotations

import pytest

from service.core.likeness import alike
from service.core.support import STATED, Support, may_state, support
from tests import builders

_SOURCE = (
    "The ferry Corriel sank off Oldport shortly after leaving harbour, the coastguard said. "
    "Twelve passengers drowned. "
    "The owner, Strand Line, denied that the bow door had been left open. Divers will search again on Tuesday. "
    "The cook may have escaped. The engineer left the ship at dawn, and the pilot may have been drunk on duty."
)

STATEMENTS = [
    # in other words
    ("Twelve of the passengers drowned.", True),
    # another figure
    ("Fifteen of the passengers drowned.", False),
    # denied, not asserted
    ("Strand Line said that the bow door had been left open.", False),
    # the denial itself
    ("Strand Line denied leaving the bow door open.", True),
    # another day
    ("Divers will search again on Friday.", False),
    # a matter that is not spoken of
    ("A memorial was unveiled by the mayor of the town.", False),
]


@pytest.mark.parametrize(("text", "stated"), STATEMENTS)
def test_a_document_states_what_it_says_and_not_what_it_does_not(text: str, stated: bool) -> None:
    """Support reaches STATED for what the source says, and stays below it for what was altered."""
    assert _support(text, None).stated is stated


def _support(text: str, speaker: str | None) -> Support:
    index = builders.index(_SOURCE, "The town of Oldport mourns. A memorial is planned for the summer.")
    asked = index.analyse(text, index.documents["a"].dated)
    hits = [hit.sentence for hit in index.search(asked, 0.2) if hit.sentence.document_id == "a"]
    return support(index, asked, speaker, hits)


def test_no_sentences_bear_out_nothing() -> None:
    """Without a sentence to look at the score is nought."""
    index = builders.index(_SOURCE)
    found = support(index, index.analyse("Twelve passengers drowned."), None, [])
    assert (found.score, found.sentences) == (0, ())


def test_another_speaker_counts_against() -> None:
    """The coastguard's words are supported less as the mayor's."""
    said = "The ferry Corriel sank off Oldport."
    assert _support(said, "the mayor").score < _support(said, "the coastguard").score
    assert _support(said, "the coastguard").score == _support(said, None).score


def test_a_shared_quotation_counts_for_it() -> None:
    """Words quoted in both weigh more than the same words unquoted; lost quotations weigh against."""
    index = builders.index("He called it “a dark day for Oldport” on Monday.", "Nothing happened elsewhere today.")
    hits = [builders.sentence(index, "a")]
    quoted = support(index, index.analyse("It was “a dark day for Oldport”."), None, hits)
    altered = support(index, index.analyse("It was “a bright day for Oldport”."), None, hits)
    assert quoted.score > STATED > altered.score


def test_a_neighbour_that_adds_is_cited() -> None:
    """Where two sentences say it together, both are given."""
    index = builders.index("The ferry Corriel sank off Oldport. Its bow door had been loose for weeks.", "Calm seas.")
    asked = index.analyse("The bow door of the ferry Corriel had been loose for weeks.")
    found = support(index, asked, None, [builders.sentence(index, "a", 1)])
    assert [sentence.index for sentence in found.sentences] == [1, 0]


MAY_STATE = [
    # a claim, the sentences that a judge says state it, and whether that may be so
    # the same words
    ("Twelve passengers drowned.", (1,), True),
    # some of them: the judge knows whether the rest means the same
    ("The captain steered the ferry Corriel onto rocks near Oldport.", (0,), True),
    # few of them: nothing shows that it is about the same
    ("A memorial was unveiled by the mayor of the town.", (0,), False),
    # in two sentences together
    ("Twelve passengers drowned when the ferry Corriel sank.", (0, 1), True),
    # a figure that is not there
    ("Fifteen passengers drowned.", (1,), False),
    ("Twelve passengers and 4 of the crew drowned.", (1,), False),
    # a figure that another sentence has
    ("Twelve passengers drowned.", (0,), False),
    # another day
    ("Divers will search again on Friday.", (3,), False),
    ("Divers will search again on Tuesday.", (3,), True),
    # a quotation that is not there
    ("“The bow door had been left open,” the owner, Strand Line, said.", (2,), False),
    ("Strand Line “strongly denied” that the bow door had been left open.", (2,), False),
    # somebody else in the place of the one who is named
    ("The owner, Northern Ferries, denied that the bow door had been left open.", (2,), False),
    # a name more, or less
    ("The ferry sank off Oldport.", (0,), True),
    # asserted where it is denied, and denied where it is
    ("Strand Line said that the bow door had been left open.", (2,), False),
    ("Strand Line denied leaving the bow door open.", (2,), True),
    # denied where it is asserted
    ("The ferry Corriel never sank off Oldport.", (0,), False),
    # hedged, or conditional, where it is not
    ("The ferry Corriel may have sunk off Oldport after leaving harbour.", (0,), False),
    ("If the ferry Corriel sank off Oldport, the coastguard said so.", (0,), False),
    # plain where it is hedged, or conditional
    ("The cook escaped.", (4,), False),
    ("The cook may have escaped.", (4,), True),
    # plain in a clause of its own, hedged in another, or plain in neither
    ("The engineer left the ship.", (5,), True),
    ("The pilot was drunk.", (5,), False),
    # no sentence
    ("Twelve passengers drowned.", (), False),
]


@pytest.mark.parametrize(("text", "positions", "may"), MAY_STATE)
def test_a_judges_word_counts_only_where_nothing_speaks_against_it(
    text: str, positions: tuple[int, ...], may: bool
) -> None:
    """Whatever a judge says, sentences state no figure, day, quotation, name or mode that is not in them."""
    index = builders.index(_SOURCE, "The town of Oldport mourns. A memorial is planned for the summer.")
    asked = index.analyse(text, index.documents["a"].dated)
    assert may_state(index, asked, [builders.sentence(index, "a", position) for position in positions]) is may


ALIKE = [
    # two texts, and whether nothing tells them apart
    ("Twelve passengers drowned off Oldport.", "Off Oldport a dozen of the passengers lost their lives.", True),
    ("Twelve passengers drowned.", "12 people on board drowned.", True),  # the same figure
    ("Twelve passengers drowned.", "Thirteen passengers drowned.", False),
    ("Twelve passengers drowned.", "Passengers drowned.", False),  # a figure that one alone has
    ("The ferry sank on Monday.", "On Monday the ferry went down.", True),
    ("The ferry sank on Monday.", "The ferry sank on Sunday.", False),
    ("The ferry sank on Monday.", "The ferry sank.", True),  # a day that one alone has
    ("The ferry sank on 28 October.", "The ferry sank on Monday.", True),  # which was that day
    ("Ann Lee closed the port.", "Paul Reed closed the port.", False),
    ("Mayor Ann Lee closed the port.", "Lee closed the port.", True),
    ("Ann Lee closed the port.", "The mayor closed the port.", True),  # one of them names nobody
    ("The ferry sank.", "The ferry did not sink.", False),
    ("The ferry sank.", "The ferry may have sunk.", False),
    ("The ferry sank.", "If the ferry sank, it was full.", False),
    ("A concert was held.", "The ferry sank.", True),  # is not about what they share
]


@pytest.mark.parametrize(("one", "other", "same"), ALIKE)
def test_figures_days_names_and_modes_tell_texts_apart(one: str, other: str, same: bool) -> None:
    """Two texts may say the same if neither has a detail or a mode that excludes the other, whichever comes first."""
    index = builders.index(f"{one} {other}", "It rained in Oldport.")
    dated = index.documents["a"].dated
    a, b = index.analyse(one, dated), index.analyse(other, dated)
    assert alike(a, b) is alike(b, a) is same
