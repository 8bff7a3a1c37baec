"""Origins: which documents are copies or light edits of one text, and so count as one source.

MinHash over shingles of five words, by rensa, with locality-sensitive hashing for candidates, so that no
document is compared with every other. A candidate pair is a copy if one text contains most of the other's
shingles. Quotations are left out of the shingles: quoting the same speaker is not copying. (Broder 1997,
"On the resemblance and containment of documents".)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from rensa import RMinHash, RMinHashLSH

from service.core.model import Document

_SHINGLE = 5  # words
_PERMUTATIONS = 64
_BANDS = 32  # of two permutations each: half of the pairs of likeness 0.15 are looked at, nearly all of 0.3
_CANDIDATE = 0.25  # the likeness that rensa is told; which pairs are candidates follows from the bands
_COPY = 0.55  # share of the smaller text's shingles that stand in the other
_COPY_SHORT, _LONG = 0.8, 40  # what a text of fewer shingles must share: two short reports have much in common anyway
_FEWEST = 8  # shingles; shorter texts are copies only if they are equal
_FEW = 12  # documents that are compared pair by pair
_MOST_COMPARED = (
    8  # candidates looked at for one document, the likest: copies of one text are found through any of them
)
_QUOTED = re.compile(r"“[^“”]{,5000}”|\"[^\"]{,5000}\"|«[^«»]{,5000}»")
_WORDS = re.compile(r"\w+")


def find_origins(documents: Sequence[Document]) -> dict[str, str]:
    """Each document's origin (`o1`, `o2`, … in the order posted); copies share one."""
    shingles = [_shingles(document) for document in documents]
    parent = list(range(len(documents)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[frozenset[str], int] = {}
    for i, each in enumerate(shingles):
        parent[i] = first.setdefault(each, i)
    for a, b in _candidates(shingles, sorted(first.values())):
        if _is_copy(shingles[a], shingles[b]):
            low, high = sorted((root(a), root(b)))
            parent[high] = low
    names: dict[int, str] = {}
    for i in range(len(documents)):
        names.setdefault(root(i), f"o{len(names) + 1}")
    return {document.id: names[root(i)] for i, document in enumerate(documents)}


def _shingles(document: Document) -> frozenset[str]:
    text = _QUOTED.sub(" ", " ".join(sentence.text for sentence in document.sentences if not sentence.heading))
    words = _WORDS.findall(text.casefold())
    if len(words) < _SHINGLE:
        return frozenset([" ".join(words)])
    return frozenset(" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))


def _candidates(shingles: Sequence[frozenset[str]], distinct: list[int]) -> list[tuple[int, int]]:
    """Pairs among the distinct texts that may be copies. Few are compared directly, without sketches."""
    if len(distinct) <= _FEW:
        return list(combinations(distinct, 2))
    index = RMinHashLSH(_CANDIDATE, _PERMUTATIONS, _BANDS)
    sketches: dict[int, RMinHash] = {}
    pairs: list[tuple[int, int]] = []
    for i in distinct:
        sketch = RMinHash(_PERMUTATIONS, seed=1)
        sketch.update(sorted(shingles[i]))
        found = sorted(index.query(sketch), key=lambda j: (-sketch.jaccard(sketches[j]), j))
        pairs += [(j, i) for j in found[:_MOST_COMPARED]]
        index.insert(i, sketch)
        sketches[i] = sketch
    return pairs


def _is_copy(a: frozenset[str], b: frozenset[str]) -> bool:
    if min(len(a), len(b)) < _FEWEST:
        return a == b
    fewer = min(len(a), len(b))
    return len(a & b) >= (_COPY if fewer >= _LONG else _COPY_SHORT) * fewer
