"""Selection: the extractive summary. Chooses sentences, or lighter cuts of them, that say the most together.

Greedy maximum coverage over the consensus facts (Nemhauser et al. 1978: within 1 - 1/e of the best): each
round takes the cut whose facts weigh most among those not yet said, if it passes every gate of the core and
says nothing that is said already. Lazy: a cut's gain only shrinks, so few are looked at twice.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.backends.base import Brief
from service.core.clauses import cuts
from service.core.matching import Analysis, Index
from service.core.model import Fact, Sentence, Statement, StatementDraft
from service.core.verification import verify

_COVERED = 0.62  # coverage of a fact's claim from which a cut says it
_REPEATS = 0.55  # coverage of a cut by one sentence already chosen from which it says nothing new
_FOCUS = 4.0  # how much more a fact weighs that is all about the focus
_SHORTEST, _LONGEST = 7, 60  # words
_NOT_TOLD = re.compile(r"\b(?:I|we|our|my|us|you|your)\b|[?]$|\b(?:it|this|that|them|so|one)[.]$", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_FRAGMENT = re.compile(r"\w+(?:ed|ing)\b|Was\b|Were\b|Is\b|Has\b")
_FRAGMENT_RESUMED = re.compile(r",\s(?:[A-Z]|the\s|he\s|she\s|it\s|they\s)")
_POINTS_BACK = re.compile(
    r"(?:it|they|this|that|these|those|such|his|her|their|its|he|she|there|and|but|so|or|one|two|three|another|others?"
    r"|here|instead|both|the (?:move|latter|former|two|same))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    draft: StatementDraft
    text: Analysis
    facts: frozenset[str]


def select(brief: Brief, index: Index) -> list[StatementDraft]:
    """At most `max_sentences` drafts in reading order, each of which passes the core's gates."""
    facts = {fact.id: fact for fact in brief.facts}
    weights = {fact.id: _weight(fact, brief, index) for fact in brief.facts}
    candidates = list(_candidates(brief, index))
    heap = [(-_gain(c, weights, frozenset()), i) for i, c in enumerate(candidates)]
    heapq.heapify(heap)
    chosen: list[_Candidate] = []
    said: frozenset[str] = frozenset()
    while heap and len(chosen) < brief.max_sentences:
        _, i = heapq.heappop(heap)
        candidate = candidates[i]
        gain = _gain(candidate, weights, said)
        if gain <= 0:
            continue
        if heap and gain < -heap[0][0]:
            heapq.heappush(heap, (-gain, i))
            continue
        if _repeats(candidate, chosen, index):
            continue
        verified = verify(candidate.draft, facts, index, brief.origins, brief.quorum)
        if isinstance(verified, Statement):
            chosen.append(candidate)
            said |= candidate.facts | {
                fact.id for fact in brief.facts if fact.id not in said and _says(candidate.text, fact, index)
            }
    return [candidate.draft for candidate in _in_order(chosen, facts, index)]


def _weight(fact: Fact, brief: Brief, index: Index) -> float:
    """A fact weighs by the origins that state it, and more if it is about the focus."""
    weight = float(fact.origins - 1)
    if brief.focus:
        focus = index.analyse(brief.focus)
        weight *= 1 + _FOCUS * index.coverage(focus, index.analyse(fact.claim.core), index.analyse(fact.claim.text))
    return weight


def _gain(candidate: _Candidate, weights: Mapping[str, float], said: frozenset[str]) -> float:
    """What a cut adds, less a little for its length, so that of two equal cuts the lighter wins."""
    added = sum(weights[fact_id] for fact_id in candidate.facts - said)
    return added - 0.004 * len(candidate.text.text) if added else 0.0


def _candidates(brief: Brief, index: Index) -> Iterator[_Candidate]:
    """Every cut of every sentence that bears out a fact, with the facts that it says."""
    by_sentence: dict[tuple[str, int], list[Fact]] = defaultdict(list)
    sentences: dict[tuple[str, int], Sentence] = {}
    for fact in brief.facts:
        for sentence in fact.evidence:
            by_sentence[sentence.key].append(fact)
            sentences[sentence.key] = sentence
    seen: set[str] = set()
    for key, sentence in sentences.items():
        if sentence.heading:
            continue
        for text in _cuts(sentence, index):
            if text in seen:
                continue
            seen.add(text)
            analysis = _analysis(text, sentence, index)
            said = [fact for fact in by_sentence[key] if _says(analysis, fact, index)]
            if said:
                ids = tuple(fact.id for fact in said)
                yield _Candidate(StatementDraft(text, ids, "source"), analysis, frozenset(ids))


def _analysis(text: str, sentence: Sentence, index: Index) -> Analysis:
    """The analysis of a cut, taken from its sentence's where the cut is one piece of it."""
    start = sentence.text.find(text.removesuffix("."))
    if start >= 0:
        return index.excerpt(sentence, start, start + len(text.removesuffix(".")))
    return index.analyse(text, index.documents[sentence.document_id].dated)


def _says(text: Analysis, fact: Fact, index: Index) -> bool:
    core = index.analyse(fact.claim.core, index.documents[fact.claim.document_id].dated)
    return index.coverage(core, text) >= _COVERED


def _cuts(sentence: Sentence, index: Index) -> Iterator[str]:
    """The sentence and its lighter cuts that can stand alone, in a reader's length."""
    if index.begins_quoted(sentence):
        return
    for text in cuts(sentence.text):
        words = len(text.split())
        if _SHORTEST <= words <= _LONGEST and not _POINTS_BACK.match(text) and _is_told(text) and _balanced(text):
            yield text


def _is_told(text: str) -> bool:
    """True for a sentence in the third person that is no question, no list item and not cut by a paragraph."""
    outside = _QUOTED.sub(" ", text)
    if _FRAGMENT.match(text) and not _FRAGMENT_RESUMED.search(outside):
        return False
    return not (_NOT_TOLD.search(outside) or "\n\n" in text or text[0] in "-*•–" or text[0].isdigit())


def _balanced(text: str) -> bool:
    return text.count("“") == text.count("”") and text.count('"') % 2 == 0 and text.count("(") == text.count(")")


def _repeats(candidate: _Candidate, chosen: Sequence[_Candidate], index: Index) -> bool:
    return any(
        index.coverage(candidate.text, other.text) >= _REPEATS or index.coverage(other.text, candidate.text) >= 0.8
        for other in chosen
    )


def _in_order(chosen: Sequence[_Candidate], facts: Mapping[str, Fact], index: Index) -> list[_Candidate]:
    """The weightiest first, then as the documents tell it: by mean relative place of the evidence."""
    if not chosen:
        return []

    def place(candidate: _Candidate) -> float:
        places = [
            sentence.index / max(1, len(index.documents[sentence.document_id].sentences))
            for fact_id in candidate.facts
            for sentence in facts[fact_id].evidence
        ]
        return sum(places) / len(places)

    return [chosen[0], *sorted(chosen[1:], key=place)]
