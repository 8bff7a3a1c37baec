"""Scoring: what figures, quotations, days, names and speakers add to a score of support, or take from it."""

from __future__ import annotations

from collections.abc import Sequence

from service.core.matching import Analysis, Index
from service.core.model import Sentence

_FIGURE_MISSING, _FIGURE_SHARED = 0.30, 0.20
_QUOTATION_MISSING, _QUOTATION_SHARED = 0.35, 0.15
_MOMENT, _NAMES = 0.15, 0.15
_SPEAKER, _OTHER_SPEAKER = 0.10, 0.20
_TELLING = 0.6  # of the weight of a speaker's rarest word: "Ukrainian military intelligence" is not every Ukrainian


def of_details(text: Analysis, evidence: Sequence[Analysis], coverage: float) -> float:
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
        names = {name.words: name for analysis in evidence for name in analysis.details.names}
        unknown = sum(
            name.words not in names and not any(map(name.matches, names.values())) for name in details.names
        )
        change -= _NAMES * unknown / len(details.names)
    return change


def of_speaker(index: Index, speaker: str | None, sentence: Sentence, evidence: Sequence[Analysis]) -> float:
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
