"""Entailment: how probable it is that sentences of documents support a text, from how its words lie in them.

Structural features (what of the text a few sentences hold, what of it stands nowhere, what stands apart or has its
opposite in its place), weighed by a logistic regression whose weights are learned from human labels
(`python -m benchmarks.train`, entailment.json). Every feature counts one way only, so that a text is never the
more probable for a name that stands nowhere. Beside a judge the features and its probability are weighed together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from enum import Enum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import exp

from service.core.evidence import held_figures, held_moments
from service.core.lexicon import COUNTRIES, REPORTING_TERMS
from service.core.matching import Analysis, Index
from service.core.model import Sentence
from service.core.opposites import POLES, opposite
from service.core.words import Word


@dataclass(frozen=True, slots=True)
class Features:
    """Each from 0 to 1. `together` speaks for the text, everything else against it."""

    together: float
    """share of the text's weight that three evidence sentences hold"""
    nowhere: float
    """1 if a term of the text stands nowhere in the documents of the evidence"""
    apart: float
    """share of its neighbouring terms that stand there, but never near each other"""
    details: float
    """1 if a figure, moment or name of it stands nowhere, or the best sentences have another figure"""
    denied: float
    """1 if it denies what the best sentence does not"""
    opposed: float
    """1 if the best sentences have the opposite of one of its words, beside a word that stands beside it, too"""
    alternative: float
    """1 if they have another of the same kind in place of one of its words, among the same words"""


NAMES = tuple(field.name for field in fields(Features))
NONE = Features(together=0.0, nowhere=1.0, apart=0.0, details=1.0, denied=0.0, opposed=0.0, alternative=0.0)
"""Of a text that nothing was found for."""

_MOST_TOGETHER = 3
_AKIN = 0.8  # how much a term counts of which only a relative stands there
_ROOT = 5  # letters in which relatives agree: `execut` and `execution`
_NEAR = 4  # terms between neighbours of the text that still stand near each other in a sentence
_DETAIL = 1.6  # times the weight of a common word
_REPORTING = 0.4
_AROUND = 3  # words around one of the text, and
_AROUND_FOUND = 4  # around one of the evidence, that must share a term

# Words of which only one is true of one thing: not opposites, but each excludes the others of its line.
_ALTERNATIVE_LINES = """
    red blue green yellow white black pink purple orange brown grey gray
    first second third fourth fifth sixth seventh eighth ninth tenth last
    north south east west northern southern eastern western
    mother father son daughter brother sister uncle aunt cousin grandfather grandmother husband wife nephew niece
    dog cat bird horse fish cow pig sheep
    football basketball baseball tennis rugby cricket golf hockey soccer
    gold silver bronze platinum
    coffee tea beer wine water juice milk
    breakfast lunch dinner
    novel poem song album film movie book play painting
    singer actor writer director painter politician lawyer doctor teacher engineer scientist musician
    morning afternoon evening night noon
    second minute minutes hour hours hourly day days daily week weeks weekly month months monthly quarter year years
    million billion trillion thousand hundred
    car train plane bus boat truck
    liver heart kidney lung brain
    head arm leg hand foot
    catholic protestant muslim jewish hindu buddhist
    one two three four five six seven eight nine ten eleven twelve
    all most some none few
"""
_ALTERNATIVES: dict[str, frozenset[int]] = {}
for _line, _words in enumerate([*(line.split() for line in _ALTERNATIVE_LINES.strip().splitlines()), [*COUNTRIES]]):
    for _word in _words:
        _ALTERNATIVES[_word] = _ALTERNATIVES.get(_word, frozenset()) | {_line}


def measure(text: Analysis, evidence: Sequence[Sentence], index: Index) -> Features:
    """The features of a text against its evidence, the best first."""
    if not evidence or not text.bag:
        return NONE
    analyses = [index.of(sentence) for sentence in evidence]
    all_of_it = _sentences_of(evidence, index)
    said = frozenset().union(*(analysis.bag for analysis in all_of_it))
    roots = _roots(said)
    missing = frozenset(term for term in text.bag if not _holds(term, said, roots))
    proper = _proper_terms(text, index)
    contrary = [
        *_contrary(text, analyses[0]),
        *(found for second in analyses[1:2] for found in _contrary(text, second, analyses[0].folded)),
    ]
    return Features(
        together=_together(text.bag, analyses, proper),
        nowhere=float(bool(missing)),
        apart=_apart(text, analyses, said),
        details=float(_lacks_detail(text, all_of_it, proper & missing) or _has_other_figure(text, analyses[:2])),
        denied=float(text.negated and not analyses[0].negated),
        opposed=float(_Contrary.OPPOSITE in contrary),
        alternative=float(_Contrary.ALTERNATIVE in contrary),
    )


def closest(text: Analysis, sentences: Iterable[Sentence], index: Index, most: int) -> list[Sentence]:
    """The sentences that hold most of a text, best first, none that holds nothing of it."""
    weights = {term: index.weight(term) * _weight(term, frozenset()) for term in text.bag}
    shared = ((index.of(sentence).bag & text.bag, sentence) for sentence in sentences)
    held = [(sum(weights[term] for term in sorted(bag)), sentence) for bag, sentence in shared if bag]
    return [sentence for _, sentence in sorted(held, key=lambda pair: -pair[0])[:most]]


def share_held(text: Analysis, bag: frozenset[str], analyses: Sequence[Analysis], index: Index) -> float:
    """The share of some terms of a text that a few sentences hold, by what words tell wherever they stand."""
    return _together(bag, analyses, _proper_terms(text, index))


def excludes(text: Analysis, other: Analysis) -> bool:
    """True if another text has in the place of a word, which it has in no form, an opposite or an alternative."""
    return any(True for _ in _contrary(text, other, other.bag))


def probability(features: Features) -> float:
    """From 0 to 1, where as many texts are supported as are not."""
    return 1 / (1 + exp(-log_odds(features)))


def log_odds(features: Features) -> float:
    """The same without bounds: what a judge's is weighed with."""
    bias, weights = _weights()
    return bias + float(sum(w * f for w, f in zip(weights, astuple(features), strict=True)))


@cache
def _weights() -> tuple[float, tuple[float, ...]]:
    learned = json.loads(files("service.core").joinpath("entailment.json").read_text(encoding="utf-8"))
    return learned["bias"], tuple(learned["weights"][name] for name in NAMES)


def _sentences_of(evidence: Sequence[Sentence], index: Index) -> list[Analysis]:
    """All sentences of the documents of the evidence."""
    documents = dict.fromkeys(sentence.document_id for sentence in evidence)
    return [index.of(sentence) for document in documents for sentence in index.documents[document].sentences]


def _proper_terms(text: Analysis, index: Index) -> frozenset[str]:
    """The terms of words with a capital, unless that only opens the text."""
    return frozenset(
        word.term
        for word in text.words
        if word.term and word.text[0].isupper() and (word.start or word.folded in index.proper)
    )


def _weight(term: str, proper: frozenset[str]) -> float:
    """What a term tells, whatever it is looked for in: long words are rare, and names and figures tell most.

    The rarity of the index tells little where it is of one sentence, and nothing of what stands nowhere.
    """
    if term[0] in "#@":
        return 1.5 * _DETAIL
    if term in REPORTING_TERMS:
        return _REPORTING
    return (0.5 + min(len(term), 9) / 9) * (_DETAIL if term in proper else 1.0)


def _roots(bag: Iterable[str]) -> frozenset[str]:
    return frozenset(term[:_ROOT] for term in bag if len(term) >= _ROOT and term[0].isalpha())


def _holds(term: str, bag: frozenset[str], roots: frozenset[str]) -> float:
    return 1.0 if term in bag else _AKIN * (len(term) >= _ROOT and term[:_ROOT] in roots)


def _together(bag: frozenset[str], analyses: Sequence[Analysis], proper: frozenset[str]) -> float:
    """The share of a text's weight in the sentence that holds most, the one that adds most to it, and a third."""
    weights = {term: _weight(term, proper) for term in bag}
    held: frozenset[str] = frozenset()
    for _ in range(_MOST_TOGETHER):
        held |= max(analyses, key=lambda a: sum(weights[term] for term in (bag & a.bag) - held)).bag
    roots = _roots(held)
    return sum(weight * _holds(term, held, roots) for term, weight in weights.items()) / sum(weights.values())


def _apart(text: Analysis, analyses: Sequence[Analysis], said: frozenset[str]) -> float:
    pairs = {(a, b) for a, b in pairwise(text.terms) if a in said and b in said}
    near = {pair for analysis in analyses for pair in _near(analysis.terms, text.bag)}
    return sum((a, b) not in near and (b, a) not in near for a, b in pairs) / max(1, len(pairs))


def _near(terms: Sequence[str], wanted: frozenset[str]) -> Iterator[tuple[str, str]]:
    for i, term in enumerate(terms):
        if term in wanted:
            yield from ((term, other) for other in terms[i + 1 : i + 1 + _NEAR] if other in wanted)


def _lacks_detail(text: Analysis, analyses: Sequence[Analysis], missing: frozenset[str]) -> bool:
    if missing:
        return True
    held = [holds for _, holds in (*held_figures(text.details), *held_moments(text.details))]
    return not all(any(holds(analysis) for analysis in analyses) for holds in held)


def _has_other_figure(text: Analysis, best: Sequence[Analysis]) -> bool:
    stated = [figure for analysis in best for figure in analysis.details.figures]
    return any(
        any(other.excludes(figure) for other in stated) and not any(other.same_value(figure) for other in stated)
        for figure in text.details.figures
    )


class _Contrary(Enum):
    OPPOSITE = 1
    ALTERNATIVE = 2


def _contrary(text: Analysis, analysis: Analysis, known: frozenset[str] = frozenset()) -> Iterator[_Contrary]:
    """How words of a text and a sentence that each has alone exclude each other, where they stand in one place.

    Words of the text that are `known`, folded or by their terms, exclude none: they stand elsewhere.
    """
    own, found = [word.folded for word in text.words], [word.folded for word in analysis.words]
    others = [(j, word) for j, word in enumerate(found) if _excludes_some(word) and word not in own]
    for i, word in enumerate(own):
        if word in found or known & {word, text.words[i].term} or not _excludes_some(word):
            continue
        for j, other in others:
            if text.words[i].term == analysis.words[j].term != "":
                continue
            if opposite(word, other) and _beside(own, i) & _beside(found, j):
                yield _Contrary.OPPOSITE
            if alternatives(word, other) and _among_same(text.words, i, analysis.words, j):
                yield _Contrary.ALTERNATIVE


def _excludes_some(word: str) -> bool:
    return word in POLES or word in _ALTERNATIVES


def alternatives(one: str, other: str) -> bool:
    """True if two folded words are of one kind, so that what is the one is not the other: morning, afternoon."""
    return one != other and bool(_ALTERNATIVES.get(one, frozenset()) & _ALTERNATIVES.get(other, frozenset()))


def _beside(words: Sequence[str], position: int) -> set[tuple[str, int]]:
    """The words before and behind one, each with its side."""
    return {(words[i], i - position) for i in (position - 1, position + 1) if 0 <= i < len(words)}


def _among_same(own: Sequence[Word], i: int, found: Sequence[Word], j: int) -> bool:
    around = {word.term for word in own[max(0, i - _AROUND) : i + _AROUND + 1]} - {own[i].term, ""}
    return any(word.term in around for word in found[max(0, j - _AROUND_FOUND) : j + _AROUND_FOUND + 1])
