"""From claims and cells to facts and standings."""

from __future__ import annotations

import pytest

from service.core.corroboration import anchor, cluster, distinct, find_evidence, gather, standing_of
from service.core.matching import Index
from service.core.model import Cell, ClaimDraft, Group, Relation, Standing
from tests import builders

STANDINGS = [
    # origins, quorum, unjudged, standing
    (1, 2, False, Standing.UNIQUE),
    (1, 2, True, Standing.UNJUDGED),  # not every document could be asked
    (2, 2, False, Standing.CONSENSUS),
    (2, 2, True, Standing.CONSENSUS),  # what is left unasked can't take it away
    (2, 3, False, Standing.SHARED),
    (3, 3, False, Standing.CONSENSUS),
]


@pytest.mark.parametrize(("origins", "quorum", "unjudged", "standing"), STANDINGS)
def test_standing_is_a_total_table(origins: int, quorum: int, unjudged: bool, standing: Standing) -> None:
    """The first row that matches decides."""
    assert standing_of(origins, quorum, unjudged=unjudged) is standing


def _index() -> Index:
    return builders.index("Twelve people drowned on Monday.", "Twelve drowned. “A dark day,” the mayor said.")


def test_a_claim_with_a_figure_that_stands_nowhere_is_refused() -> None:
    """A draft is anchored only if its figures, dates and quotations stand in its sentences."""
    index = _index()
    cited = (builders.sentence(index, "a"),)
    drafts = [
        ClaimDraft("Twelve people drowned.", cited),
        ClaimDraft("Thirteen people drowned.", cited),  # another figure
        ClaimDraft("Twelve people drowned on Tuesday.", cited),  # another day
        ClaimDraft("Twelve people “sadly” drowned.", cited),  # a quotation that nobody said
        ClaimDraft("Twelve people drowned.", ()),  # nothing cited
        ClaimDraft("  ", cited),  # nothing said
    ]
    assert [claim.text for claim in anchor(drafts, index, first=5)] == ["Twelve people drowned."]
    assert anchor(drafts, index, first=5)[0].id == "c5"


def test_claims_in_the_same_words_are_asked_about_once() -> None:
    """Equal claims of several documents are one question, and one fact."""
    index = builders.index("The bow door was loose.", "The bow door was loose.")
    claims = [builders.claim(index, "a"), builders.claim(index, "b")]
    asked, groups = distinct(claims)
    assert asked == claims[:1]
    assert groups == [Group(Relation.SAME, (claims[0].id, claims[1].id))]


def test_every_other_document_is_searched_for_a_claim() -> None:
    """Evidence is looked for in all documents but the claim's own."""
    index = builders.index("The bow door was loose.", "A loose bow door was found.", "It rained.", "Bow door loose.")
    assert set(find_evidence(builders.claim(index, "a"), index)) == {"b", "d"}


def test_a_friend_of_a_friend_is_no_friend() -> None:
    """Claims join a fact only if they were found to say the same as its lead."""
    index = builders.index("One two three.", "Two three four.", "Three four five.")
    a, b, c = (builders.claim(index, name) for name in "abc")
    groups = [Group(Relation.SAME, (a.id, b.id)), Group(Relation.SAME, (b.id, c.id))]
    assert [found.members for found in cluster([a, b, c], groups)] == [(a, b, c)]  # b says the same as both
    far = [*groups, Group(Relation.SAME, (c.id, "c9"))]
    assert [found.lead for found in cluster([a, b, c], far)] == [b]


def test_copies_count_once() -> None:
    """Two documents of one origin make a unique fact, listed under the first as posted."""
    index = builders.index("The bow door was loose.", "The bow door was loose.")
    claims = [builders.claim(index, "a"), builders.claim(index, "b")]
    clusters = cluster(claims, [Group(Relation.SAME, tuple(claim.id for claim in claims))])
    (fact,) = gather(clusters, {}, {"a": "o1", "b": "o1"}, 2)
    assert (fact.standing, fact.documents) == (Standing.UNIQUE, ("a", "b"))
    (fact,) = gather(clusters, {}, {"a": "o1", "b": "o2"}, 2)
    assert fact.standing is Standing.CONSENSUS


def test_a_cell_adds_its_document_and_its_sentences() -> None:
    """A document that states a claim by a cell alone is counted and cited."""
    index = builders.index("The bow door was loose.", "A loose bow door was found.")
    claim, other = builders.claim(index, "a"), builders.sentence(index, "b")
    (fact,) = gather(cluster([claim], []), {(claim.id, "b"): Cell((other,))}, {"a": "o1", "b": "o2"}, 2)
    assert fact.documents == ("a", "b")
    assert fact.evidence == (*claim.sentences, other)


def test_an_unjudged_cell_keeps_a_claim_from_being_unique() -> None:
    """What could not be asked is not silence."""
    index = builders.index("The bow door was loose.", "It rained.")
    claim = builders.claim(index, "a")
    (fact,) = gather(cluster([claim], []), {(claim.id, "b"): Cell(judged=False)}, {"a": "o1", "b": "o2"}, 2)
    assert fact.standing is Standing.UNJUDGED
