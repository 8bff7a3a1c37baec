"""Chunking: consecutive sentences of one document under a token budget.

A sentence is never cut, unless it exceeds the budget by itself: then at its clauses, or at white space where it
has none, into pieces that are spans of the document like any sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from service.core.clauses import split
from service.core.model import Chunk, Document, Sentence


def chunk(document: Document, budget: int, count: Callable[[str], int]) -> Iterator[Chunk]:
    """Chunks of at most `budget` tokens, each of one sentence at least."""
    if document.sentences and count(document.text) <= budget:  # the usual case: one count instead of many
        yield Chunk(document, document.sentences)
        return
    budget = max(1, budget)
    held: list[Sentence] = []
    size = 0
    for sentence in document.sentences:
        for piece, cost in _pieces(sentence, budget, count):
            if held and size + cost > budget:
                yield Chunk(document, tuple(held))
                held, size = [], 0
            held.append(piece)
            size += cost
    if held:
        yield Chunk(document, tuple(held))


def _pieces(sentence: Sentence, budget: int, count: Callable[[str], int]) -> Iterator[tuple[Sentence, int]]:
    """The sentence with its tokens, or pieces of it that keep to the budget."""
    cost = count(sentence.text)
    if cost <= budget or len(sentence.text) < 2:
        yield sentence, cost
        return
    middle = _seam(sentence.text)
    for start, end in ((0, middle), (middle, len(sentence.text))):
        text = sentence.text[start:end]
        kept = text.strip()
        first = sentence.start + start + len(text) - len(text.lstrip())
        yield from _pieces(replace(sentence, start=first, end=first + len(kept), text=kept), budget, count)


def _seam(text: str) -> int:
    """Where to cut a text in two: at the clause nearest to its middle, else at white space, else there."""
    middle = len(text) // 2
    seams = [clause.start for clause in split(text) if 0 < clause.start < len(text)]
    if not seams:
        seams = [place for place in (text.rfind(" ", 1, middle), text.find(" ", middle)) if place > 0]
    return min(seams, key=lambda place: abs(place - middle), default=middle)
