"""Chunking: consecutive sentences of one document under a token budget. Sentences are never cut here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from service.core.model import Chunk, Document, Sentence


def chunk(document: Document, budget: int, count: Callable[[str], int]) -> Iterator[Chunk]:
    """Chunks of at most `budget` tokens; a sentence that exceeds it alone is a chunk of its own."""
    if document.sentences and count(document.text) <= budget:  # the usual case: one count instead of many
        yield Chunk(document, document.sentences)
        return
    held: list[Sentence] = []
    size = 0
    for sentence in document.sentences:
        cost = count(sentence.text)
        if held and size + cost > budget:
            yield Chunk(document, tuple(held))
            held, size = [], 0
        held.append(sentence)
        size += cost
    if held:
        yield Chunk(document, tuple(held))
