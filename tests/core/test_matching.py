"""Rarity, coverage and search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.matching import LEAST_COVERAGE, Index
from tests import builders

_TEXTS = (
    "The ferry sank off Oldport on Monday. Twelve people drowned. The ferry was built in 1987.",
    "A ferry went down near Oldport. Rescuers saved forty passengers. The ferry had passed inspection.",
    "The ferry operator apologised. Inspectors blamed a loose bow door.",
)


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    """`door` stands in one sentence of the cluster, `ferry` in five."""
    index = builders.index(*_TEXTS)
    assert index.weight("door") > index.weight("ferri") > 0


def test_words_of_reporting_weigh_little() -> None:
    """That somebody says something tells nothing of what is said."""
    index = builders.index("Officials said it. The door opened.")
    assert index.weight("said") < index.weight("door")


def test_coverage_is_a_share_of_weight() -> None:
    """A text is covered fully by itself, partly by a part of it, and not at all by other words."""
    index = builders.index(*_TEXTS)
    text = index.analyse("Inspectors blamed a loose bow door.")
    part = index.analyse("The bow door was loose.")
    assert index.coverage(text, text) == 1
    assert 0 < index.coverage(text, part) < 1
    assert index.coverage(text, index.analyse("Forty passengers.")) == 0
    assert index.coverage(index.analyse("and the"), text) == 0


def test_evidence_is_taken_together() -> None:
    """Two sentences cover what they cover between them."""
    index = builders.index(*_TEXTS)
    text = index.analyse("Inspectors blamed a loose bow door.")
    left, right = index.analyse("Inspectors blamed it."), index.analyse("a loose bow door")
    assert index.coverage(text, left, right) == 1


def test_numbers_match_in_any_written_form() -> None:
    """`Twelve` and `12` are one term, and so are `1,200` and `twelve hundred`."""
    index = builders.index(*_TEXTS)
    assert index.coverage(index.analyse("12 people"), index.analyse("Twelve people")) == 1
    assert index.coverage(index.analyse("1,200 boxes"), index.analyse("twelve hundred boxes")) == 1


def test_spellings_of_a_name_are_one_term() -> None:
    """Zelensky in one document is Zelenskyy in another."""
    index = builders.index("It was then that Zelensky spoke of the war.", "They heard what Zelenskyy had to say.")
    assert index.coverage(index.analyse("Zelensky"), index.analyse("Zelenskyy")) == 1


def test_search_finds_the_sentence_that_says_it_in_other_words() -> None:
    """The best hit for a paraphrase is the sentence it paraphrases."""
    index = builders.index(*_TEXTS)
    hits = index.search(index.analyse("A loose door at the bow was blamed by inspectors."), LEAST_COVERAGE)
    assert hits[0].sentence.text == "Inspectors blamed a loose bow door."


def test_a_text_without_terms_is_found_nowhere() -> None:
    """What says nothing that could be looked for is in no sentence."""
    index = builders.index(*_TEXTS)
    assert index.search(index.analyse("and the"), 0.0) == []


def test_search_finds_equal_sentences_of_every_document() -> None:
    """A sentence that stands in three documents is found in each."""
    index = builders.index(*["The bow door was loose."] * 3)
    hits = index.search(index.analyse("The bow door was loose."), 1.0)
    assert [hit.sentence.document_id for hit in hits] == ["a", "b", "c"]


_WORDS = st.lists(
    st.sampled_from("ferry door bow crew storm harbour rescue diver alarm engine".split()),
    min_size=1,
    max_size=6,
)


@given(st.lists(_WORDS, min_size=1, max_size=8), _WORDS, st.floats(LEAST_COVERAGE, 1))
def test_search_misses_nothing_that_covers_enough(sentences: list[list[str]], asked: list[str], least: float) -> None:
    """In a small cluster search finds just the sentences that a comparison with each would."""
    documents = builders.documents(*[" ".join(words).capitalize() + " now." for words in sentences][:8])
    index = Index(documents)
    text = index.analyse(" ".join(asked))
    everything = [s for document in documents for s in document.sentences]
    expected = {s.key for s in everything if index.coverage(text, index.of(s)) >= least}
    assert {hit.sentence.key for hit in index.search(text, least)} == expected


@pytest.mark.parametrize(
    "behind",
    [
        ", adding",  # a clause
        "000 soldiers",  # through a figure
        "must act",  # through a quotation
    ],
)
def test_an_excerpt_is_analysed_like_its_text(behind: str) -> None:
    """What is cut out of an analysed sentence has the terms and details of the same text by itself."""
    index = builders.index(
        "Rutte said over 600,000 soldiers were killed by Monday, adding “we must act” in Brussels."
    )
    sentence = builders.sentence(index, "a")
    cut = sentence.text.index(behind)
    excerpt = index.excerpt(sentence, 0, cut)
    alone = Index(list(index.documents.values())).analyse(sentence.text[:cut], index.documents["a"].dated)
    assert excerpt.terms == alone.terms
    assert excerpt.details.figures == alone.details.figures
    assert excerpt.details.moments == alone.details.moments
    assert excerpt.details.quotations == alone.details.quotations
