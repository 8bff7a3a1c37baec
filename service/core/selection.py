"""Selection: the extractive summary. Chooses sentences, or lighter cuts of them, that say the most together.

Greedy maximum coverage over the consensus facts (Nemhauser et al. 1978: within 1 - 1/e of the best): each
round takes the cut whose facts weigh most among those not yet said, if it passes every gate of the core and
says nothing that is said already. Lazy: a cut's gain only shrinks, so few are looked at twice.
"""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.core.clauses import cuts
from service.core.matching import Analysis, Index
from service.core.model import Brief, Fact, Sentence, StatementDraft
from service.core.verification import passes

_COVERED = 0.62  # coverage of a fact's claim from which a cut says it
_TOLD = 0.5  # coverage of a fact by a chosen sentence from which telling it again adds little
_REPEATS = 0.55  # coverage of a cut by one sentence already chosen from which it says nothing new
_REPEATED_BY_ALL = 0.65  # the same by all of them together
_CONTAINS = 0.8  # coverage of one sentence already chosen by a cut that says it again, and more
_FOCUS = 4.0  # how much more a fact weighs that is all about the focus
_SHORTEST, _LONGEST = 7, 60  # words
_NOT_TOLD = re.compile(r"\b(?:I|we|our|my|us|you|your)\b|[?]$|\b(?:it|this|that|them|so|one)[.]$", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_UNNAMED = re.compile(r"[”\"]\s+(?:he|she|they|it)\s\w+|\b(?:he|she|they)\s(?:said|says|added|told)\b")
_FRAGMENT = re.compile(r"\w+(?:ed|ing)\b|Was\b|Were\b|Is\b|Has\b")
_FRAGMENT_RESUMED = re.compile(r",\s(?:[A-Z]|the\s|he\s|she\s|it\s|they\s)")
_POINTS_BACK = re.compile(
    r"(?:it|they|this|that|these|those|such|his|her|their|its|he|she|there|and|but|so|or|one|two|three|another|others?"
    r"|here|instead|both|the (?:move|latter|former|two|same))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence, or a lighter cut of it, with the facts that it says. Cuts are made only of what fails whole."""

    sentence: Sentence
    text: str
    analysis: Analysis
    facts: frozenset[str]

    @property
    def whole(self) -> bool:
        return self.text == self.sentence.text


def select(brief: Brief, index: Index) -> list[StatementDraft]:
    """At most `max_sentences` drafts in reading order, each of which passes the core's gates."""
    facts = {fact.id: fact for fact in brief.facts}
    weights = {fact.id: weigh(fact, brief, index) for fact in brief.facts}
    by_sentence = _by_sentence(brief.facts)
    candidates = [c for sentence in by_sentence if (c := _candidate(sentence, sentence.text, by_sentence, index))]
    heap = [(-_gain(candidate, weights, frozenset()), i) for i, candidate in enumerate(candidates)]
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
        elif _passes(candidate, chosen, facts, brief, index):
            chosen.append(candidate)
            said |= candidate.facts | {
                f.id for f in brief.facts if f.id not in said and _says(candidate.analysis, f, index, _TOLD)
            }
        elif candidate.whole:
            for text in cuts(candidate.text)[1:]:
                if lighter := _candidate(candidate.sentence, text, by_sentence, index):
                    candidates.append(lighter)
                    heapq.heappush(heap, (-_gain(lighter, weights, said), len(candidates) - 1))
    return [_draft(candidate) for candidate in _in_order(chosen, facts, index)]


def _draft(candidate: _Candidate) -> StatementDraft:
    return StatementDraft(candidate.text, tuple(sorted(candidate.facts)), "source")


def _passes(
    candidate: _Candidate, chosen: Sequence[_Candidate], facts: Mapping[str, Fact], brief: Brief, index: Index
) -> bool:
    """True if a reader can be told it, it is not said yet, and every gate of the core lets it through."""
    if not is_told(candidate.text) or _repeats(candidate.analysis, [other.analysis for other in chosen], index):
        return False
    return passes(_draft(candidate), facts, index, brief.origins, brief.quorum)


def weigh(fact: Fact, brief: Brief, index: Index) -> float:
    """A fact weighs by the origins that state it, and more if it is about the focus."""
    weight = float(fact.origins - 1)
    if brief.focus:
        focus = index.analyse(brief.focus)
        weight *= 1 + _FOCUS * index.coverage(focus, index.analyse(fact.claim.core), index.analyse(fact.claim.text))
    return weight


def _gain(candidate: _Candidate, weights: Mapping[str, float], said: frozenset[str]) -> float:
    """What a cut adds, less a little for its length, so that of two equal cuts the lighter wins."""
    added = sum(weights[fact_id] for fact_id in candidate.facts - said)
    return added - 0.004 * len(candidate.text) if added else 0.0


def _by_sentence(facts: Sequence[Fact]) -> dict[Sentence, list[Fact]]:
    """The facts that each sentence bears out. Headings are not told."""
    found: dict[Sentence, list[Fact]] = defaultdict(list)
    for fact in facts:
        for sentence in fact.evidence:
            if not sentence.heading:
                found[sentence].append(fact)
    return found


def _candidate(
    sentence: Sentence, text: str, by_sentence: Mapping[Sentence, Sequence[Fact]], index: Index
) -> _Candidate | None:
    """A candidate, unless it says no fact."""
    if index.begins_quoted(sentence):
        return None
    analysis = _analysis(text, sentence, index)
    said = frozenset(fact.id for fact in by_sentence[sentence] if _says(analysis, fact, index))
    return _Candidate(sentence, text, analysis, said) if said else None


def _analysis(text: str, sentence: Sentence, index: Index) -> Analysis:
    """The analysis of a cut, taken from its sentence's where the cut is one piece of it."""
    if text == sentence.text:
        return index.of(sentence)
    start = sentence.text.find(text.removesuffix("."))
    if start >= 0:
        return index.excerpt(sentence, start, start + len(text.removesuffix(".")))
    return index.analyse(text, index.documents[sentence.document_id].dated)


def _says(text: Analysis, fact: Fact, index: Index, least: float = _COVERED) -> bool:
    core = index.of_claim(fact.claim)
    return index.coverage(core, text) >= least


def is_told(text: str) -> bool:
    """True for a sentence of a reader's length, in the third person, that leans on nothing before it."""
    outside = _QUOTED.sub(" ", text)
    if not _SHORTEST <= len(text.split()) <= _LONGEST or _POINTS_BACK.match(text) or not _balanced(text):
        return False
    if _FRAGMENT.match(text) and not _FRAGMENT_RESUMED.search(outside):
        return False
    if _UNNAMED.search(text):
        return False
    return not (_NOT_TOLD.search(outside) or "\n\n" in text or text[0] in "-*•–" or text[0].isdigit())


def _balanced(text: str) -> bool:
    return text.count("“") == text.count("”") and text.count('"') % 2 == 0 and text.count("(") == text.count(")")


def facts_said(text: str, facts: Sequence[Fact], index: Index) -> tuple[str, ...]:
    """The ids of the facts whose claim a text says."""
    analysis = index.analyse(text)
    return tuple(fact.id for fact in facts if _says(analysis, fact, index))


def repeats(text: str, told: Sequence[str], index: Index) -> bool:
    """Whether a text says little that one of the texts told does not say."""
    return _repeats(index.analyse(text), [index.analyse(other) for other in told], index)


def _repeats(text: Analysis, told: Sequence[Analysis], index: Index) -> bool:
    if told and index.coverage(text, *told) >= _REPEATED_BY_ALL:
        return True
    return any(index.coverage(text, other) >= _REPEATS or index.coverage(other, text) >= _CONTAINS for other in told)


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
