"""Candidates: which claims a model is asked to compare.

Comparing is what costs: only claims that rules leave open are asked about, each beside those of documents posted
before its own, in one request a document and within a share of that document's tokens. So a further document is
one further request, and the cost grows with the documents, not with their pairs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.backends.budgets import Budgets
from service.backends.prompts import line
from service.core.likeness import alike
from service.core.matching import Index
from service.core.model import Claim, Group, Relation
from service.core.support import JUDGED

_WIDEST = "c9999"  # the longest number that a claim has in a request
_PARTNERS = 2  # claims of earlier documents shown for one claim


@dataclass(frozen=True, slots=True)
class Candidates:
    """Claims under the numbers by which one request names them, the lines that show them, and their tokens."""

    numbered: dict[str, Claim]
    lines: tuple[str, ...]
    tokens: int


def find_candidates(
    claims: Sequence[Claim], settled: Sequence[Group], index: Index, budgets: Budgets
) -> list[Candidates]:
    """For each document the claims of it that may say what earlier ones say in other words, with those."""
    pairs = sorted(_open_pairs(claims, settled, index), key=lambda pair: (pair.document, -pair.likeness))
    by_document: dict[int, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        by_document[pair.document].append(pair)
    texts = [document.text for document in index.documents.values()]
    order = {claim.id: position for position, claim in enumerate(claims)}
    found = []
    for document, of_document in by_document.items():
        shown = _affordable(of_document, budgets.of_groups(texts[document]), budgets)
        if shown:
            found.append(_number(sorted(shown, key=lambda claim: order[claim.id]), budgets))
    return found


@dataclass(frozen=True, slots=True)
class _Pair:
    """A claim of a document (by position) beside one of an earlier document, and how much they share."""

    document: int
    claim: Claim
    other: Claim
    likeness: float


def _open_pairs(claims: Sequence[Claim], settled: Sequence[Group], index: Index) -> Iterator[_Pair]:
    position = {document_id: i for i, document_id in enumerate(index.documents)}
    known = {frozenset(pair) for group in settled for pair in _pairs_of(group)}
    by_sentence: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        by_sentence[claim.sentences[-1].key].append(claim)
    for claim in claims:
        own = position[claim.document_id]
        text = index.of_claim(claim)
        found: dict[str, _Pair] = {}
        for hit in index.search(text, JUDGED):
            if position[hit.sentence.document_id] >= own:
                continue
            for other in by_sentence[hit.sentence.key]:
                theirs = index.of_claim(other)
                likeness = min(index.coverage(text, theirs), index.coverage(theirs, text))
                if likeness >= JUDGED and frozenset((claim.id, other.id)) not in known and alike(text, theirs):
                    found.setdefault(other.id, _Pair(own, claim, other, likeness))
        yield from sorted(found.values(), key=lambda pair: -pair.likeness)[:_PARTNERS]


def _pairs_of(group: Group) -> Iterator[tuple[str, str]]:
    if group.relation is Relation.SAME:
        for i, one in enumerate(group.claims):
            yield from ((one, other) for other in group.claims[i + 1 :])


def _affordable(pairs: Sequence[_Pair], budget: int, budgets: Budgets) -> list[Claim]:
    """The claims of the likeliest pairs whose lines fit a budget in tokens."""
    kept: dict[str, Claim] = {}
    for pair in pairs:
        new = {claim.id: claim for claim in (pair.claim, pair.other) if claim.id not in kept}
        cost = sum(budgets.tokens.at_most(_line(_WIDEST, claim)) for claim in new.values())
        if cost <= budget:
            budget -= cost
            kept |= new
    return list(kept.values())


def _number(claims: Sequence[Claim], budgets: Budgets) -> Candidates:
    """Numbers of the request's own: what was numbered before must not change a request."""
    numbered = {f"c{number}": claim for number, claim in enumerate(claims, start=1)}
    lines = tuple(_line(number, claim) for number, claim in numbered.items())
    return Candidates(numbered, lines, sum(budgets.tokens.at_most(shown) for shown in lines))


def _line(number: str, claim: Claim) -> str:
    return f"{number} ({line(claim.document_id)}): {line(claim.text)}\n"
