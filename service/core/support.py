"""Support: how far the sentences of a document bear out a text, by which of them, and whether they state it.

The score is the mean of two shares of the text: of its weight in the cluster that the best sentence covers, alone
and with its neighbours, less what speaks against it and more what speaks for it (scoring.py); and of what its words
tell wherever they stand. Above STATED no part may be left out (parts.py), nor told otherwise. It ranks and sifts; it
proves nothing: the gates of verification.py decide what may be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.core.alignment import align
from service.core.analysis import modes_of
from service.core.entailment import excludes, share_held
from service.core.evidence import held_figures, held_moments, held_quotations
from service.core.lexicon import REPORTING_TERMS, REPORTING_VERBS, TITLES
from service.core.likeness import dated_apart, differs_in_names, named_apart
from service.core.matching import LEAST_COVERAGE, Analysis, Index, Mode
from service.core.model import Sentence
from service.core.modes import is_told_so, loses
from service.core.parts import bears, is_on_the_matter, only_intended, parts_of
from service.core.relations import at_odds
from service.core.scoring import of_details, of_speaker
from service.core.words import term_of

STATED = 0.55
"""From this score on a document states a claim, if no part of it is left out."""
SEARCHED = LEAST_COVERAGE
"""Sentences that cover less of a claim are not looked at: no score reaches STATED from there."""

JUDGED = 0.25
"""The share of a claim that sentences must cover for a judge's word to make them state it."""
SAID = 0.4
"""The share of what a text says beside whom it names, without which sentences do not state it."""

_NEGATION, _SHORT = 0.20, 0.12
_ALL_OF_IT = 0.6  # of a sentence that a text covers: it says little else, so what differs denies
_DENIED = 0.3  # the most that such a sentence may support the text
_TOLD = 0.2  # the same of a text that is nobody's words
_OF_A_PART = 0.2  # of a part of a text, without which it is left out
_PART = re.compile(r"[,;:—–]\s")
_FEW_TERMS = 4
_BEFORE = 4  # words before what is said, among which a hedge is one of it
_CONDITIONS = frozenset("if unless until except provided".split())
_VOICE = frozenset(term for word in TITLES | REPORTING_VERBS if (term := term_of(word)))  # of whoever says something


@dataclass(frozen=True, slots=True)
class Support:
    """A score and the sentences that it rests on, best first."""

    score: float
    sentences: tuple[Sentence, ...]

    @property
    def stated(self) -> bool:
        return self.score >= STATED


def support(index: Index, text: Analysis, speaker: str | None, hits: Sequence[Sentence]) -> Support:
    """The best support for a text among sentences of one document (`hits`, best first)."""
    best = Support(0.0, ())
    for sentence in hits:
        found = _support_at(index, text, speaker, sentence)
        if found.score > best.score:
            best = found
        if best.stated:
            break
    return best


def may_state(index: Index, text: Analysis, sentences: Sequence[Sentence]) -> bool:
    """Whether nothing in a document's sentences speaks against a judge who says that they state a text.

    They share some of its words, hold every figure, date and quotation of it, name nobody else in its place, and
    say it in the same mode. A judge decides only what this leaves open.
    """
    analyses = [index.of(sentence) for sentence in sentences]
    if not analyses or index.coverage(text, *analyses) < JUDGED:
        return False
    held = [*held_figures(text.details), *held_moments(text.details), *held_quotations(text.details)]
    if not all(any(holds(analysis) for analysis in analyses) for _, holds in held):
        return False
    best = max(sentences, key=lambda sentence: index.coverage(text, index.of(sentence)))
    if _at_odds(text, analyses) or all(named_apart(text, analysis) for analysis in analyses):
        return False
    if not text.modes <= frozenset().union(*(a.modes for a in analyses)) or loses(text, best, index):
        return False
    return is_told_so(text, best, index) or text.negated == index.of(best).negated


def said_beside_names(index: Index, text: Analysis, sentences: Sequence[Analysis]) -> float:
    """The share of what a text says that sentences hold, apart from who is named, of what title, as saying it.

    Two texts that name one speaker share most of their weight where one is short, and may say different things.
    """
    said = text.bag - {index.alias(term) for term in _terms_of_names(text)} - _VOICE
    total = index.weight_of(said)
    held = frozenset[str]().union(*(analysis.bag for analysis in sentences))
    return index.weight_of(said & held) / total if total else 1.0


def _terms_of_names(text: Analysis) -> Iterator[str]:
    """The terms of the names in a text, and of the two words of a title before one ("fire chief Ilse Brandt")."""
    starts = {name.start: name.end for name in text.details.names}
    end = 0
    for place, word in enumerate(text.words):
        end = max(end, starts.get(word.start, 0))
        before = text.words[max(0, place - 2) : place]
        if word.start in starts and before and before[-1].folded in TITLES:
            yield from (w.term for w in before if w.term)
        if word.start < end and word.term:
            yield word.term


def _support_at(index: Index, text: Analysis, speaker: str | None, sentence: Sentence) -> Support:
    window = _window(index, sentence)
    analyses = [index.of(s) for s in window]
    best = index.of(sentence)
    alone = index.coverage(text, best)
    told = (alone + index.coverage(text, *analyses)) / 2
    told += of_details(text, analyses, alone) + of_speaker(index, speaker, sentence, analyses)
    if text.negated != best.negated:
        told -= _NEGATION
    if len(text.bag) < _FEW_TERMS:
        told -= _SHORT
    if told + 1 < 2 * STATED:
        return Support(told / 2, (sentence,))  # nothing can make it a statement
    score = (told + share_held(text, _said(index, text, speaker), analyses, index)) / 2
    if score >= STATED and _is_other(index, text, speaker, sentence, analyses):
        score = _DENIED
    needed = [s for s, a in zip(window, analyses, strict=True) if s is sentence or _adds(text, a, best)]
    return Support(score, (sentence, *(s for s in needed if s is not sentence)))


def _said(index: Index, text: Analysis, speaker: str | None) -> frozenset[str]:
    """The terms of what a text says, without those of saying and of who is known to say it."""
    return text.bag - REPORTING_TERMS - _VOICE - {*(index.terms_of_name(speaker) if speaker else ())} or text.bag


def _is_other(
    index: Index, text: Analysis, speaker: str | None, sentence: Sentence, window: Sequence[Analysis]
) -> bool:
    """True if a sentence, with its neighbours, leaves out a part of a text, or says another thing of the same."""
    best, known = index.of(sentence), index.speaker(sentence)
    return (
        not bears(parts_of(text, window, known, index))
        or not is_on_the_matter(parts_of(text, [best], known, index))
        or (
            known
            and (speaker or "")[:1].isupper()
            and text.reports
            and of_speaker(index, speaker, sentence, window) < 0
        )
        or (text.negated and not best.negated)
        or names_alone(index, text, window)
        or only_intended(text, best, index)
        or excludes(text, best)
        or _differs(index, text, sentence, window)
    )


def names_alone(index: Index, text: Analysis, held: Sequence[Analysis]) -> bool:
    """True if sentences hold little of a text but whom it names: of what somebody said, little but the speaker."""
    if not text.details.names:
        return False
    return said_beside_names(index, text, held) < (SAID if text.reports else _TOLD)


def leaves_out(index: Index, text: Analysis, held: Sequence[Analysis]) -> bool:
    """True if a whole part of a text, after a comma or a colon, stands in none of some sentences."""
    known = frozenset[str]().union(*(analysis.bag for analysis in held))
    ends = [*(match.start() for match in _PART.finditer(text.text)), len(text.text)]
    for start, end in pairwise([0, *ends]):
        part = frozenset(index.alias(w.term) for w in text.words if w.term and start <= w.start < end) & text.bag
        if len(part) >= _FEW_TERMS and index.weight_of(part & known) < _OF_A_PART * index.weight_of(part):
            return True
    return False


def _differs(index: Index, text: Analysis, sentence: Sentence, window: Sequence[Analysis]) -> bool:
    """True if a sentence conditions or hedges what a text says plainly, or tells of another day, name or figure."""
    best = index.of(sentence)
    if index.coverage(best, text) >= _ALL_OF_IT and (text.modes != best.modes or dated_apart(text, best)):
        return True
    if index.coverage(text, best) >= _ALL_OF_IT and _weakens(text, sentence, index):
        return True
    return _at_odds(text, window) or differs_in_names(text, best, index) or bool(at_odds(text, best, index))


def _weakens(text: Analysis, sentence: Sentence, index: Index) -> bool:
    """True if a sentence hedges or conditions what a text says plainly, where it says that or right before.

    A condition reaches over all of a sentence, a hedge not into what is told in another place of it.
    """
    lost = loses(text, sentence, index) - {Mode.NEGATED}
    if not lost:
        return False
    best = index.of(sentence)
    found = align(text, best, index)
    places = [found.right[pair.right] for pair in found.pairs if pair.same]
    words = [i for i, word in enumerate(best.words) if places and places[0].start <= word.start < places[-1].end]
    stretch = best.words[max(0, words[0] - _BEFORE) : words[-1] + 1] if words else best.words
    reaching = best.folded & _CONDITIONS
    return bool(lost & modes_of(stretch)) or (Mode.CONDITIONAL in lost and bool(reaching))


def _at_odds(text: Analysis, evidence: Sequence[Analysis]) -> bool:
    """True if a figure of the text stands nowhere, and one of the same thing that excludes it does."""
    stated = [figure for analysis in evidence for figure in analysis.details.figures]
    return any(
        not any(g.same_value(f) for g in stated)
        and any(g.excludes(f) and {*g.counted} & {*f.counted} for g in stated)
        for f in text.details.figures
    )


def _window(index: Index, sentence: Sentence) -> list[Sentence]:
    """The sentence with its neighbours."""
    all_of_it = index.documents[sentence.document_id].sentences
    return list(all_of_it[max(0, sentence.index - 1) : sentence.index + 2])


def _adds(text: Analysis, neighbour: Analysis, best: Analysis) -> bool:
    """True if a neighbour holds two terms of the text that the best sentence lacks."""
    return len((text.bag & neighbour.bag) - best.bag) >= 2
