"""How far a document's sentences bear out a claim."""

from __future__ import annotations

import pytest

from service.core.support import STATED, Support, support
from tests import builders

_SOURCE = (
    "The ferry Corriel sank off Oldport shortly after leaving harbour, the coastguard said. "
    "Twelve passengers drowned. "
    "The owner, Strand Line, denied that the bow door had been left open. Divers will search again on Tuesday."
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
