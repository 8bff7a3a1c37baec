"""Chunks hold a document's sentences in order and within the token budget; what exceeds it alone is cut."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.chunking import chunk
from service.core.model import Document, Sentence, Source
from service.core.reading import read


def words(text: str) -> int:
    """A token a word."""
    return len(text.split())


def document(*lengths: int) -> Document:
    """A document with a sentence of each number of words."""
    return read(Source("d", "\n\n".join(" ".join(["Word"] * length) + "." for length in lengths)))


def chunks(read_document: Document, budget: int, count: Callable[[str], int] = words) -> list[tuple[Sentence, ...]]:
    return [found.sentences for found in chunk(read_document, budget, count)]


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
        # a sentence longer than the budget is cut, and its pieces keep its number
        ((2, 9, 2), 5, [[0], [1], [1], [2]]),
        # what a piece leaves free is filled
        ((1, 8, 1), 5, [[0, 1], [1, 2]]),
        # a budget of nothing is one of a token
        ((1, 1), 0, [[0], [1]]),
        ((2,), -3, [[0], [0]]),
    ],
)
def test_sentences_are_chunked(lengths: tuple[int, ...], budget: int, expected: list[list[int]]) -> None:
    """Sentences are taken in order until the next would exceed the budget."""
    found = chunks(document(*lengths), budget)
    assert [[sentence.index for sentence in sentences] for sentences in found] == expected


CUTS = [
    # at the clause nearest to the middle, not at the middle
    (
        "The old wooden ferry sank off Oldport, and the coastguard of the county saved nine men.",
        10,
        ["The old wooden ferry sank off Oldport,", "and the coastguard of the county saved nine men."],
    ),
    # at white space where there is no clause
    ("Nine very old wooden ferries sank.", 4, ["Nine very old wooden", "ferries sank."]),
    # anywhere where there is none either
    ("港が火曜日に閉鎖された。", 6, ["港が火曜日に", "閉鎖された。"]),
]


@pytest.mark.parametrize(("text", "budget", "expected"), CUTS)
def test_a_sentence_beyond_the_budget_is_cut_at_its_seams(text: str, budget: int, expected: list[str]) -> None:
    """Pieces end where a clause ends, else at white space, else in the middle; none begins or ends with a space."""
    count = words if " " in text else len
    found = [sentence.text for sentences in chunks(read(Source("d", text)), budget, count) for sentence in sentences]
    assert found == expected


@given(st.lists(st.integers(1, 30), max_size=20), st.integers(-5, 60))
def test_chunks_hold_all_that_is_said_once(lengths: list[int], budget: int) -> None:
    """Chunks are the whole document in order, each within the budget, exact spans of it, and none could be longer."""
    read_document = document(*lengths)
    found = chunks(read_document, budget)
    pieces = [piece for sentences in found for piece in sentences]
    for index, of_sentence in groupby(pieces, key=lambda piece: piece.index):
        together = " ".join(piece.text for piece in of_sentence)
        assert together == read_document.sentences[index].text  # nothing but the space at a seam is left out
    assert {piece.index for piece in pieces} == set(range(len(lengths)))
    assert all(read_document.text[piece.start : piece.end] == piece.text for piece in pieces)
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    assert all(sum(words(piece.text) for piece in sentences) <= max(1, budget) for sentences in found)
    assert all(sum(words(piece.text) for piece in a) + words(b[0].text) > max(1, budget) for a, b in pairwise(found))


@given(st.text(max_size=60), st.integers(1, 8))
def test_any_text_is_cut_into_pieces_that_fit(text: str, budget: int) -> None:
    """Whatever the script, a piece keeps to the budget or is one code point, and quotes the document."""
    read_document = read(Source("d", text))
    for sentences in chunks(read_document, budget, lambda part: len(part.encode("utf-8", "replace"))):
        for piece in sentences:
            assert read_document.text[piece.start : piece.end] == piece.text
            assert len(piece.text.encode("utf-8", "replace")) <= budget or len(piece.text) == 1
