"""Spellings: which words of a cluster are names, and which spellings are of one name (Zelensky, Zelenskyy)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from service.core.details.names import same_word
from service.core.model import Document
from service.core.words import fold, term_of

_MID_SENTENCE = re.compile(r"(?<=[\w,;’] )[\"“‘(]?([^\W\d_a-z][\w’'‑-]*)")
_LOWER = re.compile(r"\b[a-zß-ÿ][\w’'‑-]*")


def proper_words(documents: Sequence[Document]) -> frozenset[str]:
    """Folded words that stand with a capital inside sentences, more often than without."""
    upper: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for document in documents:
        for sentence in document.sentences:
            common = _LOWER.findall(sentence.text)
            lower.update(common)
            if not sentence.heading and len(common) > 2:  # a title in capitals shows nothing
                upper.update(_MID_SENTENCE.findall(sentence.text))
    folded: Counter[str] = Counter()
    for word, count in upper.items():
        folded[fold(word)] += count
    return frozenset(word for word, count in folded.items() if count > lower[word])


def aliases(proper: frozenset[str]) -> dict[str, str]:
    """The terms of a name's spellings under that of the first in the alphabet (zelensky, zelenskyy)."""
    found: dict[str, str] = {}
    words = sorted(word for word in proper if len(word) >= 6)
    for i, word in enumerate(words):
        for other in words[i + 1 :]:
            if not other.startswith(word[:4]):
                break
            if same_word(word, other):
                found.setdefault(term_of(other), found.get(term_of(word), term_of(word)))
    return found
