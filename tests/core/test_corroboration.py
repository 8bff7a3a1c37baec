"""From claims and cells to facts and standings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.core.anchoring import anchor
from service.core.corroboration import (
    agreeing,
    ask_all,
    cluster,
    distinct,
    fill,
    find_evidence,
    gather,
    judge,
    sift,
    standing_of,
)
from service.core.matching import Index
from service.core.model import Answer, Cell, ClaimDraft, Group, Question, Relation, Stance, Standing, Verdict
from tests import builders

STANDINGS = [
    # origins, quorum, unjudged, standing
    (1, 2, False, Standing.UNIQUE),
    (1, 2, True, Standing.UNJUDGED),  # not every document could be asked
    (2, 2, False, Standing.CONSENSUS),
    (2, 2, True, Standing.CONSENSUS),  # what is left unasked can't take it away
    (2, 3, False, Standing.SHARED),
    (3, 3, False, Standing.CONSENSUS),
    (1, 1, False, Standing.UNIQUE),  # one origin agrees with nobody, whatever is asked for
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


def test_claims_in_other_words_or_of_other_speakers_are_asked_about_each() -> None:
    """The same words of two people are two claims; a claim that is alone is in no group."""
    index = builders.index(
        "The bow door was loose.", "The bow door was loose.", "It rained.", "The bow door was loose."
    )
    a, b, c, d = (builders.claim(index, name) for name in "abcd")
    d = replace(d, attributed_to="Ann Lee")
    asked, groups = distinct([a, b, c, d])
    assert asked == [a, c, d]
    assert groups == [Group(Relation.SAME, (a.id, b.id))]


def test_every_other_document_is_searched_for_a_claim() -> None:
    """Evidence is looked for in all documents but the claim's own."""
    index = builders.index("The bow door was loose.", "A loose bow door was found.", "It rained.", "Bow door loose.")
    assert set(find_evidence(builders.claim(index, "a"), index)) == {"b", "d"}


def test_of_each_document_the_best_two_sentences_are_evidence() -> None:
    """More would be read by a judge for nothing."""
    index = builders.index(
        "The bow door was loose.", "The door was shut. The bow door was shut. A bow door was loose."
    )
    (found,) = find_evidence(builders.claim(index, "a"), index).values()
    assert [sentence.text for sentence in found] == ["A bow door was loose.", "The bow door was shut."]


def test_a_claim_is_searched_for_where_its_own_document_is_not_among_the_best() -> None:
    """In a large cluster, that many others may hold it as well."""
    texts = [f"The bow door was loose, says {'abcdefghijklmnopqrstuvwxyz'[n] * 3}." for n in range(26)]
    index = Index([builders.document(text, f"d{n}") for n, text in enumerate(texts)])
    claim = replace(builders.claim(index, "d25"), core="The bow door was loose.")
    found = find_evidence(claim, index)
    assert "d0" in found
    assert "d25" not in found


def test_a_friend_of_a_friend_is_no_friend() -> None:
    """Claims join a fact only if they were found to say the same as its lead."""
    index = builders.index("One two three.", "Two three four.", "Three four five.")
    a, b, c = (builders.claim(index, name) for name in "abc")
    groups = [Group(Relation.SAME, (a.id, b.id)), Group(Relation.SAME, (b.id, c.id))]
    assert [found.members for found in cluster([a, b, c], groups)] == [(a, b, c)]  # b says the same as both
    far = [*groups, Group(Relation.SAME, (c.id, "c9"))]
    assert [found.lead for found in cluster([a, b, c], far)] == [b]


def test_a_claim_joins_one_fact_only() -> None:
    """Who has joined one is in no other, and a claim that nobody made is in none."""
    index = builders.index("One two three.", "Two three four.", "Three four five.", "Four five six.")
    a, b, c, d = (builders.claim(index, name) for name in "abcd")
    groups = [Group(Relation.SAME, pair) for pair in ((a.id, b.id), (b.id, c.id), (c.id, d.id), (b.id, "c9"))]
    assert [found.members for found in cluster([a, b, c, d], groups)] == [(a, b, c), (d,)]


def test_copies_count_once() -> None:
    """Two documents of one origin make a unique fact, listed under the first as posted."""
    index = builders.index("The bow door was loose.", "The bow door was loose.")
    claims = [builders.claim(index, "a"), builders.claim(index, "b")]
    clusters = cluster(claims, [Group(Relation.SAME, tuple(claim.id for claim in claims))])
    (fact,) = gather(clusters, {}, {"a": "o1", "b": "o1"}, 2)
    assert (fact.standing, fact.documents) == (Standing.UNIQUE, ("a", "b"))
    (fact,) = gather(clusters, {}, {"a": "o1", "b": "o2"}, 2)
    assert (fact.claim, fact.members, fact.origins) == (claims[0], tuple(claims), 2)
    assert fact.standing is Standing.CONSENSUS


def test_a_cell_adds_its_document_and_its_sentences() -> None:
    """A document that states a claim by a cell alone is counted and cited."""
    index = builders.index("The bow door was loose.", "A loose bow door was found.")
    claim, other = builders.claim(index, "a"), builders.sentence(index, "b")
    (fact,) = gather(cluster([claim], []), {(claim.id, "b"): Cell((other,))}, {"a": "o1", "b": "o2"}, 2)
    assert fact.documents == ("a", "b")
    assert fact.evidence == (*claim.sentences, other)


def test_evidence_is_in_the_order_of_documents_as_posted_and_of_their_sentences() -> None:
    """Whatever their ids, and in whatever order it was found."""
    index = builders.index("The bow door was loose.", "One. Two. Three. Four. Five. Six.")
    claim, told = builders.claim(index, "a"), index.documents["b"].sentences
    shown = Cell((*told[3:], *told[:3]))
    (fact,) = gather(cluster([claim], []), {(claim.id, "b"): shown}, {"b": "o1", "a": "o2"}, 2)
    assert fact.documents == ("b", "a")
    assert fact.evidence == (*told, *claim.sentences)


def test_an_unjudged_cell_keeps_a_claim_from_being_unique() -> None:
    """What could not be asked is not silence."""
    index = builders.index("The bow door was loose.", "It rained.")
    claim = builders.claim(index, "a")
    (fact,) = gather(cluster([claim], []), {(claim.id, "b"): Cell(judged=False)}, {"a": "o1", "b": "o2"}, 2)
    assert fact.standing is Standing.UNJUDGED


def test_a_judge_is_asked_only_what_rules_leave_open() -> None:
    """A claim that wording settles is not asked about; each question is in the batch of the later document."""
    index = builders.index(*builders.BRIDGE)
    claims = builders.sentences_as_claims(index)
    questions, settled = sift(claims, index)
    asked = [(q.claim.id, q.evidence[0].document_id, q.batch) for q in questions]
    assert asked == [("cb1", "a", "b"), ("cb1", "c", "c"), ("cb2", "c", "c"), ("cc1", "b", "c"), ("cc2", "b", "c")]
    states = {key for key, cell in settled.items() if cell.stance is Stance.STATES}
    assert states == {("ca0", "b"), ("cb0", "a"), ("cc0", "a"), ("cc0", "b")}
    assert all(cell.judged for cell in settled.values())
    assert not {(claim, document) for claim, document, _ in asked} & set(settled)
    searched = {(claim.id, document_id) for claim in claims for document_id in find_evidence(claim, index)}
    assert searched == {(claim, document) for claim, document, _ in asked} | set(settled)


def test_a_question_is_in_the_batch_of_the_document_that_was_posted_later() -> None:
    """Later by its place, not by its id: so a further document changes no batch before it."""
    index = Index([builders.document(text, name) for text, name in zip(builders.BRIDGE, "zyx", strict=True)])
    questions, _ = sift(builders.sentences_as_claims(index), index)
    assert [question.batch for question in questions] == ["y", "x", "x", "x", "x"]


def test_what_another_says_is_stated_by_no_wording() -> None:
    """Rules settle who states a claim by its words and by whose words they are."""
    index = builders.index(
        "The loose bow door of the ferry was found by divers.",
        "Divers found the loose bow door of the ferry, Paul Reed said.",
    )
    claim = builders.claim(index, "a")
    for speaker, stated in ((None, True), ("Paul Reed", True), ("Ann Lee", False)):
        _, settled = sift([replace(claim, attributed_to=speaker)], index)
        assert [cell.stance for cell in settled.values()] == [Stance.STATES] * stated


JUDGED = [
    # the claim, the sentence of the other document, the judge's verdict, and what the document does with it
    ("The bow door was loose.", "A loose door was found at the bow.", Verdict.SUPPORTED, Stance.STATES),
    ("The bow door was loose.", "A loose door was found at the bow.", Verdict.UNSUPPORTED, Stance.SILENT),
    ("The bow door was loose.", "A loose door was found at the bow.", Verdict.CONTRADICTED, Stance.SILENT),
    ("The bow door was loose.", "A loose door was found at the bow.", Verdict.NOT_CHECKED, Stance.UNJUDGED),
    # no verdict makes a document state what it does not hold
    ("Twelve men drowned.", "Nine men drowned.", Verdict.SUPPORTED, Stance.SILENT),
    ("The ferry sank on Monday.", "The ferry sank on Sunday.", Verdict.SUPPORTED, Stance.SILENT),
    ("The bow door was loose.", "The bow door was not loose.", Verdict.SUPPORTED, Stance.SILENT),
    ("Ann Lee closed the old port.", "Paul Reed closed the old port.", Verdict.SUPPORTED, Stance.SILENT),
    ("The bow door was loose.", "A concert was held in the park.", Verdict.SUPPORTED, Stance.SILENT),
    # nor a part of which it says nothing
    (
        "The bow door of the ferry Corriel was loose, because salt had eaten all its iron hinges.",
        "A loose door was found at the bow of the ferry Corriel.",
        Verdict.SUPPORTED,
        Stance.SILENT,
    ),
]


@pytest.mark.parametrize(("claimed", "other", "verdict", "stance"), JUDGED)
def test_a_verdict_counts_as_far_as_the_sentences_allow(
    claimed: str, other: str, verdict: Verdict, stance: Stance
) -> None:
    """A judge decides between what rules leave open, and what it could not answer stays open."""
    index = builders.index(claimed, other)
    claim, evidence = builders.claim(index, "a"), (builders.sentence(index, "b"),)
    cells = judge([Question(claim, evidence, "b")], [Answer(verdict, evidence, 1.0)], index)
    assert {key: cell.stance for key, cell in cells.items()} == {(claim.id, "b"): stance}


def test_a_verdict_rests_on_the_sentences_that_it_names() -> None:
    """Of two sentences that were shown, the one that the judge names is evidence, if it bears the claim out."""
    index = builders.index("The bow door of the ferry was loose.", "It rained all day. A loose bow door was found.")
    claim = builders.claim(index, "a")
    shown = (builders.sentence(index, "b", 0), builders.sentence(index, "b", 1))
    for named, supporting in ((shown[1:], shown[1:]), (shown, shown), (shown[:1], ()), (shown[:0], ())):
        cells = judge([Question(claim, shown, "b")], [Answer(Verdict.SUPPORTED, named, 1.0)], index)
        assert cells[claim.id, "b"].supporting == supporting


def test_rules_are_asked_of_every_document_that_is_not_known_to_state_a_fact() -> None:
    """Without a judge the lead of each cluster is asked about, and supported answers alone become evidence."""
    index = builders.index("The bow door was loose.", "A loose bow door was found.", "Loose was the bow door.")
    claims = [builders.claim(index, name) for name in "abc"]
    clusters = cluster(claims, [Group(Relation.SAME, (claims[0].id, claims[1].id))])
    questions = ask_all(clusters, index)
    assert [(q.claim.id, q.evidence[0].document_id) for q in questions] == [("ca0", "c"), ("cc0", "a"), ("cc0", "b")]
    answers = [
        Answer(verdict, question.evidence, 0.5)
        for verdict, question in zip(
            (Verdict.SUPPORTED, Verdict.UNSUPPORTED, Verdict.UNSUPPORTED), questions, strict=True
        )
    ]
    stances = {key: cell.stance for key, cell in fill(questions, answers).items()}
    assert stances == {("ca0", "c"): Stance.STATES, ("cc0", "a"): Stance.SILENT, ("cc0", "b"): Stance.SILENT}


def test_a_question_without_an_answer_is_no_silence() -> None:
    """Whoever answers owes an answer to each: a missing one is a fault, not a cell that says nothing."""
    index = builders.index("The bow door was loose.", "A loose bow door was found.")
    questions = [Question(builders.claim(index, "a"), (builders.sentence(index, "b"),), "b")]
    with pytest.raises(ValueError, match="shorter"):
        judge(questions, [], index)
    with pytest.raises(ValueError, match="shorter"):
        fill(questions, [])


AGREEING = [
    # what a model says is the same, and the pairs of it that may be
    ((0, 1), [(0, 1)]),  # in other words
    ((0, 1, 2), [(0, 1), (0, 2), (1, 2)]),  # each with each
    ((0, 3), []),  # another figure
    ((0, 4), []),  # a denial
    ((0, 5), []),  # no word in common
    ((5, 0, 1, 4), [(0, 1)]),  # what can be is kept of what can't
    ((6, 7), []),  # little in common but who speaks
    ((8, 9), []),  # where one alone names her, too
    ((9, 8), []),
]


@pytest.mark.parametrize(("proposed", "kept"), AGREEING)
def test_of_proposed_groups_only_pairs_that_may_agree_are_kept(
    proposed: tuple[int, ...], kept: list[tuple[int, int]]
) -> None:
    """A model's word makes no claims the same that a detail or a mode tells apart, or that share nothing."""
    index = builders.index(
        "The bow door of the ferry was loose.",
        "The ferry's loose bow door was found by divers.",
        "Divers found a loose door at the bow of the ferry.",
        "Two bow doors of the ferry were loose.",
        "The bow door of the ferry was never loose.",
        "A concert was held in the park.",
        "Mayor Ann Lee said she would leave.",
        "Mayor Ann Lee said the men quit.",
        "The town's mayor told reporters the men quit.",
        "The town's mayor Ann Lee told reporters she would leave.",
    )
    claims = [builders.claim(index, name) for name in "abcdefghij"]
    ids = [claim.id for claim in claims]
    groups = agreeing([Group(Relation.SAME, tuple(ids[i] for i in proposed))], claims, index)
    assert groups == [Group(Relation.SAME, (ids[i], ids[j])) for i, j in kept]


def test_proposed_conflicts_are_for_disputes_to_decide() -> None:
    """A group of claims in conflict is passed on as it is, and those after it are looked at."""
    index = builders.index("Twelve men drowned.", "Nine men drowned.", "Twelve men were drowned.")
    claims = builders.sentences_as_claims(index)
    groups = [Group(Relation.CONFLICT, ("ca0", "cb0"), "How many men?"), Group(Relation.SAME, ("ca0", "cc0"))]
    assert agreeing(groups, claims, index) == groups
