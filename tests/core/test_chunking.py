"""Chunks hold a document's sentences in order, whole, and within the token budget."""

from __future__ import annotations

from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.chunking import chunk
from service.core.model import Document, Source
from service.core.reading import read


def words(text: str) -> int:
    """A token a word."""
    return len(text.split())


def document(*lengths: int) -> Document:
    """A document with a sentence of each number of words."""
    return read(Source("d", "\n\n".join(" ".join(["Word"] * length) + "." for length in lengths)))


@pytest.mark.parametrize(
    ("lengths", "budget", "expected"),
    [
        # nothing to read
        ((), 10, []),
        # everything fits
        ((3, 4), 7, [[0, 1]]),
        # one token too many
        ((3, 4), 6, [[0], [1]]),
        # filled in turn
        ((3, 3, 3, 3), 6, [[0, 1], [2, 3]]),
        # a sentence longer than the budget stands alone
        ((2, 9, 2), 5, [[0], [1], [2]]),
        # as does each under a budget of nothing
        ((1, 1), 0, [[0], [1]]),
    ],
)
def test_sentences_are_chunked(lengths: tuple[int, ...], budget: int, expected: list[list[int]]) -> None:
    """Sentences are taken in order until the next would exceed the budget."""
    chunks = chunk(document(*lengths), budget, words)
    assert [[sentence.index for sentence in c.sentences] for c in chunks] == expected


@given(st.lists(st.integers(1, 30), max_size=20), st.integers(-5, 60))
def test_chunks_hold_each_sentence_once(lengths: list[int], budget: int) -> None:
    """Chunks are the whole document, each within the budget or one sentence, and none could be longer."""
    read_document = document(*lengths)
    chunks = list(chunk(read_document, budget, words))
    assert tuple(chain.from_iterable(c.sentences for c in chunks)) == read_document.sentences
    assert all(c.document is read_document for c in chunks)
    assert all(len(c.sentences) == 1 or sum(words(s.text) for s in c.sentences) <= budget for c in chunks)
    assert all(
        sum(words(s.text) for s in a.sentences) + words(b.sentences[0].text) > budget for a, b in pairwise(chunks)
    )
