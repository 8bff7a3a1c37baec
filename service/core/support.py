"""Support: how far the sentences of a document bear out a text, and by which of them.

The score is the share of the text's weight that the best sentence covers, alone and with its neighbours, less
what speaks against it (a figure, name, date, speaker or negation of the text that the sentences lack) and more
what speaks for it (a figure or quotation they share). It ranks and sifts; it proves nothing: the gates of
verification.py decide what may be said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.core.details import Figure, Name
from service.core.evidence import held_figures, held_moments, held_quotations, terms_beside
from service.core.lexicon import REPORTING_VERBS, TITLES
from service.core.matching import LEAST_COVERAGE, Analysis, Index, Mode
from service.core.model import Sentence
from service.core.modes import is_told_so, loses
from service.core.relations import at_odds
from service.core.voices import reports
from service.core.words import fold, term_of

STATED = 0.45
"""From this score on a document states a claim: where recall and wrongly unique claims balance on data/."""
SEARCHED = LEAST_COVERAGE
"""Sentences that cover less of a claim are not looked at: no score reaches STATED from there."""

JUDGED = 0.25
"""The share of a claim that sentences must cover for a judge's word to make them state it."""
SAID = 0.4
"""The share of what a text says beside whom it names, without which sentences do not state it."""

_FIGURE_MISSING, _FIGURE_SHARED = 0.30, 0.20
_QUOTATION_MISSING, _QUOTATION_SHARED = 0.35, 0.15
_NEGATION, _MOMENT, _NAMES, _SHORT = 0.20, 0.15, 0.15, 0.12
_SPEAKER, _OTHER_SPEAKER = 0.10, 0.20
_TELLING = 0.6  # of the weight of a speaker's rarest word: "Ukrainian military intelligence" is not every Ukrainian
_ALL_OF_IT = 0.6  # of a sentence that a text covers: it says little else, so what differs denies
_BUT_DETAILS = 0.8  # of two texts without their names that must be shared for another name to mean another fact
_DENIED = 0.3  # the most that such a sentence may support the text
_TOLD = 0.2  # the same of a text that is nobody's words
_OF_A_PART = 0.2  # of a part of a text, without which it is left out
_PART = re.compile(r"[,;:—–]\s")
_FEW_TERMS = 4
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
        if word.start in starts and before and fold(before[-1].text) in TITLES:
            yield from (w.term for w in before if w.term)
        if word.start < end and word.term:
            yield word.term


def _support_at(index: Index, text: Analysis, speaker: str | None, sentence: Sentence) -> Support:
    window = _window(index, sentence)
    analyses = [index.of(s) for s in window]
    alone = index.coverage(text, index.of(sentence))
    together = index.coverage(text, *analyses)
    score = (alone + together) / 2
    if (
        score + _FIGURE_SHARED * bool(text.details.figures) + _QUOTATION_SHARED * bool(text.details.quotations)
        < STATED
    ):
        return Support(score, (sentence,))  # nothing can make it a statement
    score += _details(text, analyses, alone) + _speaker(index, speaker, sentence, analyses)
    if text.negated != index.of(sentence).negated:
        score -= _NEGATION
    if score >= STATED and _is_other(index, text, sentence, analyses):
        score = _DENIED
    if len(text.bag) < _FEW_TERMS:
        score -= _SHORT
    needed = [s for s, a in zip(window, analyses, strict=True) if s is sentence or _adds(text, a, index.of(sentence))]
    return Support(score, (sentence, *(s for s in needed if s is not sentence)))


def _is_other(index: Index, text: Analysis, sentence: Sentence, window: Sequence[Analysis]) -> bool:
    """True if a sentence, with its neighbours, says another thing of the same, or only a part of it."""
    return (
        _differs(index, text, sentence, window) or names_alone(index, text, window) or leaves_out(index, text, window)
    )


def names_alone(index: Index, text: Analysis, held: Sequence[Analysis]) -> bool:
    """True if sentences hold little of a text but whom it names: of what somebody said, little but the speaker."""
    if not text.details.names:
        return False
    return said_beside_names(index, text, held) < (SAID if reports(text) else _TOLD)


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
    if index.coverage(text, best) >= _ALL_OF_IT and loses(text, sentence, index) - {Mode.NEGATED}:
        return True
    return _at_odds(text, window) or differs_in_names(text, best, index) or bool(at_odds(text, best, index))


def _at_odds(text: Analysis, evidence: Sequence[Analysis]) -> bool:
    """True if a figure of the text stands nowhere, and one of the same thing that excludes it does."""
    stated = [figure for analysis in evidence for figure in analysis.details.figures]
    return any(
        not any(g.same_value(f) for g in stated)
        and any(g.excludes(f) and {*g.counted} & {*f.counted} for g in stated)
        for f in text.details.figures
    )


def alike(a: Analysis, b: Analysis) -> bool:
    """Whether no figure, date, name or mode tells two texts apart, which may then say the same."""
    figures = all(
        any(f.same_value(g) for g in y.details.figures) for x, y in ((a, b), (b, a)) for f in x.details.figures
    )
    return figures and a.modes == b.modes and not dated_apart(a, b) and not named_apart(a, b)


def same(a: Analysis, b: Analysis, index: Index) -> bool:
    """Whether two texts may be one fact: alike, and neither tells who did what, or which way it went, otherwise."""
    return alike(a, b) and not at_odds(a, b, index) and not at_odds(b, a, index)


def dated_apart(a: Analysis, b: Analysis) -> bool:
    """True if a moment of one is at odds with every moment of the other."""
    return any(
        bool(y.details.moments) and all(m.excludes(n) for n in y.details.moments)
        for x, y in ((a, b), (b, a))
        for m in x.details.moments
    )


def named_apart(a: Analysis, b: Analysis) -> bool:
    """True if each names somebody whom the other does not."""
    return all(
        any(not any(n.matches(m) for m in y.details.names) for n in x.details.names) for x, y in ((a, b), (b, a))
    )


def differs_in_names(a: Analysis, b: Analysis, index: Index) -> bool:
    """True if two texts say the same of different names."""
    return named_apart(a, b) and _alike_but(a, b, lambda text: text.details.names, index)


def differs_in_figures(a: Analysis, b: Analysis, index: Index) -> bool:
    """True if two texts say the same with different figures."""
    apart = all(
        any(not any(g.same_value(f) for g in y.details.figures) for f in x.details.figures)
        for x, y in ((a, b), (b, a))
    )
    return apart and _alike_but(a, b, lambda text: text.details.figures, index)


def _alike_but(
    a: Analysis, b: Analysis, details: Callable[[Analysis], Sequence[Name | Figure]], index: Index
) -> bool:
    """True if two texts share nearly all that they say besides details of one kind."""
    rest, other = terms_beside(a, details(a)), terms_beside(b, details(b))
    heavier = max(index.weight_of(rest), index.weight_of(other))
    return heavier > 0 and index.weight_of(rest & other) >= _BUT_DETAILS * heavier


def _window(index: Index, sentence: Sentence) -> list[Sentence]:
    """The sentence with its neighbours."""
    all_of_it = index.documents[sentence.document_id].sentences
    return list(all_of_it[max(0, sentence.index - 1) : sentence.index + 2])


def _adds(text: Analysis, neighbour: Analysis, best: Analysis) -> bool:
    """True if a neighbour holds two terms of the text that the best sentence lacks."""
    return len((text.bag & neighbour.bag) - best.bag) >= 2


def _details(text: Analysis, evidence: Sequence[Analysis], coverage: float) -> float:
    """What figures, quotations, moments and names add to the score or take from it."""
    details = text.details
    change = 0.0
    if details.figures:
        stated = [figure for analysis in evidence for figure in analysis.details.figures]
        missing = [f for f in details.figures if not any(g.same_value(f) for g in stated)]
        change += -_FIGURE_MISSING * len(missing) if missing else _FIGURE_SHARED
    quotations = [q for q in details.quotations if " " in q.text.strip()]
    if quotations:
        around = " ".join(analysis.plain for analysis in evidence)
        if all(q.stands_in(around) for q in quotations):
            change += _QUOTATION_SHARED
        else:  # the same words in another edit are nearly all there
            change -= _QUOTATION_MISSING * (1 - coverage)
    if details.moments:
        moments = [moment for analysis in evidence for moment in analysis.details.moments]
        if not all(any(m.covers(moment) for m in moments) for moment in details.moments):
            change -= _MOMENT
    if details.names:
        names = [name for analysis in evidence for name in analysis.details.names]
        unknown = sum(not any(n.matches(name) for n in names) for name in details.names)
        change -= _NAMES * unknown / len(details.names)
    return change


def _speaker(index: Index, speaker: str | None, sentence: Sentence, evidence: Sequence[Analysis]) -> float:
    """Less where the text is somebody's words and the sentences do not mention them, or are somebody else's."""
    terms = index.terms_of_name(speaker) if speaker else ()
    if not terms:
        return 0.0
    telling = max(map(index.weight, terms)) * _TELLING
    heads = {term for term in terms if index.weight(term) >= telling}
    other = index.speaker(sentence)
    if other and heads & set(index.terms_of_name(other)):
        return 0.0
    if any(heads & analysis.bag for analysis in evidence):
        return 0.0
    return -_OTHER_SPEAKER if other else -_SPEAKER
