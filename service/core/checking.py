"""Checking: any sentence, from any writer, against documents. Which spans speak for it and against it, gate by gate.

The gates of a summary (verification.py) with a quorum of one, but some of them as checking needs them: a name may
be written without capitals, what a source says may be told as fact in other words (that is noted), what follows is
decided by a learned probability, and hedges, scores and weekdays are laid beside the source's. No blended number
decides: a failed gate is never outweighed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from service.core.binding import bound_apart, check_binding
from service.core.entailment import closest, measure, probability
from service.core.evidence import Holds, Trial, held_figures, held_moments
from service.core.matching import LEAST_COVERAGE, Analysis, Index
from service.core.model import Check, Sentence, StatementDraft, Verdict
from service.core.modes import hedged_apart
from service.core.relations import at_odds, check_direction, check_odds, denied_apart
from service.core.telling import check_telling, is_cut
from service.core.tying import added_scope, day_at_odds, other_owner, says_name, strange_score, untied_name
from service.core.verification import (
    GATES,
    check_dates,
    check_entailment,
    check_figures,
    check_modality,
    check_names,
    check_quotations,
)
from service.core.voices import check_attribution
from service.core.wording import replaced
from service.core.words import has_terms

SUPPORTED = 0.5
"""The least probability of a supported sentence: on labelled sets it tells best, where both kinds count the same."""
WORD_FOR_WORD = 0.99
"""The score of what stands word for word in a document."""

_MOST_EVIDENCE = 8  # sentences that a text is checked against, before those that only hold a detail of it
_LEAST_TERMS = 2
_SAME_MATTER = 0.5  # coverage of a text from which what a sentence says otherwise speaks against it
_ODDS = (bound_apart, at_odds, denied_apart)
_ALL_BUT = 0.85  # of a text's plain words that stand in a source, from which one in another's place is a lie

Gate = Callable[[Trial], Check]


@dataclass(frozen=True, slots=True)
class Checked:
    """A text after the gates: what was found, the sentences for it and against it, the best first."""

    verdict: Verdict
    score: float
    checks: tuple[Check, ...]
    supporting: tuple[Sentence, ...] = ()
    opposing: tuple[Sentence, ...] = ()


def check_text(text: str, index: Index) -> Checked:
    """What the indexed documents say of one sentence. `not_checked` if it says nothing that could be looked for."""
    if not has_terms(text, _LEAST_TERMS):
        return Checked(Verdict.NOT_CHECKED, 0.0, (Check("wording", passed=False, detail="it says too little"),))
    analysis = index.analyse(text)
    evidence = find_evidence(analysis, index)
    if evidence:  # its Monday is that of the document which holds most of it
        analysis = index.analyse(text, index.documents[evidence[0].document_id].dated)
    trial = _trial(text, analysis, evidence, index)
    source = next((sentence for sentence in trial.evidence if is_cut(analysis, sentence, index)), None)
    if source is not None:
        return Checked(Verdict.SUPPORTED, WORD_FOR_WORD, _PASSED, (source,))
    score = round(probability(measure(analysis, evidence, index)), 3)
    checks = (
        *(_check(gate, trial) for gate in GATES if gate is not check_entailment),
        _check_entailment(trial, score),
    )
    if all(check.passed for check in checks):
        return Checked(Verdict.SUPPORTED, score, checks, trial.evidence)
    opposing = tuple(_opposing(trial))
    return Checked(Verdict.CONTRADICTED if opposing else Verdict.UNSUPPORTED, score, checks, (), opposing)


def find_evidence(text: Analysis, index: Index) -> tuple[Sentence, ...]:
    """The sentences of all documents that hold most of a text, the best first."""
    found = [hit.sentence for hit in index.search(text, LEAST_COVERAGE)]
    if len(found) < _MOST_EVIDENCE:  # what holds less than the search looks for may still say it in other words
        found = [sentence for document in index.documents.values() for sentence in document.sentences]
    return tuple(closest(text, found, index, _MOST_EVIDENCE))


def _trial(text: str, analysis: Analysis, evidence: tuple[Sentence, ...], index: Index) -> Trial:
    origins = {document_id: document_id for document_id in index.documents}
    evidence = (*evidence, *_with_details(analysis, evidence, index))
    analyses = tuple(index.of(sentence) for sentence in evidence)
    return Trial(StatementDraft(text, ()), (), analysis, evidence, analyses, origins, quorum=1, index=index)


def _with_details(text: Analysis, evidence: tuple[Sentence, ...], index: Index) -> Iterator[Sentence]:
    """Of the document that holds most of a text, one further sentence for each detail that no evidence holds.

    A report gives the day or the full name once, and goes on without.
    """
    if not evidence:
        return
    wanted: list[Holds] = [holds for _, holds in (*held_figures(text.details), *held_moments(text.details))]
    wanted += [partial(says_name, name, index) for name in text.details.names]
    held = {index.of(sentence).text for sentence in evidence}
    for holds in wanted:
        if any(holds(index.of(sentence)) for sentence in evidence):
            continue
        for sentence in index.documents[evidence[0].document_id].sentences:
            if holds(index.of(sentence)):
                if sentence.text not in held:
                    held.add(sentence.text)
                    yield sentence
                break


def _check(gate: Gate, trial: Trial) -> Check:
    """A gate as checking needs it. What is only not found, where nothing else stands for it, is left to the score."""
    if gate is check_attribution:
        return check_telling(trial)
    check = gate(trial)
    if gate is check_names and not check.passed:
        check = _check_names(trial)
    if check.passed:
        stricter = _STRICTER.get(gate)
        why = stricter(trial) if stricter else None
        return replace(check, passed=False, detail=why) if why else check
    open_here = _LEFT_OPEN.get(gate)
    return replace(check, passed=True) if open_here and open_here(trial) else check


def _figures_open(trial: Trial) -> bool:
    """True if no evidence has a figure that could stand for one that is missing: of its unit, or of its value."""
    stated = [figure for analysis in trial.analyses for figure in analysis.details.figures]
    return not any(
        other.unit == figure.unit or other.low == figure.low
        for figure in trial.text.details.figures
        for other in stated
    )


def _binding_open(trial: Trial) -> bool:
    """True if no evidence that runs alike has another value in the place of one of the text's."""
    return not any(bound_apart(trial.text, analysis, trial.index) for analysis in trial.analyses)


def _dates_open(trial: Trial) -> bool:
    stated = [moment for analysis in trial.analyses for moment in analysis.details.moments]
    return not any(other.is_time == moment.is_time for moment in trial.text.details.moments for other in stated)


def _quotations_open(trial: Trial) -> bool:
    """True if the quotations are titles or single words that stand in the evidence word by word."""
    held = [_folded(analysis) for analysis in trial.analyses]
    return all(
        _is_title(quotation.text) and any(_folded(trial.index.analyse(quotation.text)) in words for words in held)
        for quotation in trial.text.details.quotations
    )


def _folded(text: Analysis) -> str:
    return f" {' '.join(word.term or word.folded for word in text.words)} "


def _is_title(quoted: str) -> bool:
    words = quoted.split()
    return len(words) == 1 or all(word[0].isupper() for word in words if len(word) > 3)


_STRICTER: dict[Gate, Callable[[Trial], str | None]] = {
    check_figures: strange_score,
    check_names: untied_name,
    check_dates: lambda trial: day_at_odds(trial.text),
    check_modality: lambda trial: check_odds("modality", trial, hedged_apart).detail or added_scope(trial),
    check_direction: lambda trial: other_owner(trial.text, trial.analyses, trial.index),
}
"""What fails here though the gate of a summary passes it, in words."""
_LEFT_OPEN: dict[Gate, Callable[[Trial], bool]] = {
    check_quotations: _quotations_open, check_figures: _figures_open, check_dates: _dates_open,
    check_binding: _binding_open,
}  # fmt: skip
_PASSED = tuple(Check(gate.__name__.removeprefix("check_"), passed=True) for gate in GATES)


def _check_names(trial: Trial) -> Check:
    """The names, or all their words: what is written without capitals shows no names."""
    for name in trial.text.details.names:
        if not any(says_name(name, trial.index, analysis) for analysis in trial.analyses):
            return Check("names", passed=False, detail=f"'{name.text}' stands in no span found")
    return Check("names", passed=True)


def _check_entailment(trial: Trial, score: float) -> Check:
    strange = replaced(trial, _ALL_BUT) if trial.evidence else ""
    if score >= SUPPORTED and not strange:
        return Check("entailment", passed=True)
    weak = f"from how its words lie in them it follows with {score:.0%} only"
    return Check("entailment", passed=False, detail=strange or weak)


def _opposing(trial: Trial) -> Iterator[Sentence]:
    """The sentences on the same matter that say it otherwise: another figure or day, the opposite, or a denial."""
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        if trial.index.coverage(trial.text, analysis) >= _SAME_MATTER and (
            any(odds(trial.text, analysis, trial.index) for odds in _ODDS) or _has_other_value(trial.text, analysis)
        ):
            yield sentence


def _has_other_value(text: Analysis, other: Analysis) -> bool:
    """True if a figure of a text is excluded by all that another says of the same thing, or its only day is."""
    figures, moments = other.details.figures, other.details.moments
    for figure in text.details.figures:
        same = [f for f in figures if f.unit == figure.unit and {*f.counted} & {*figure.counted}]
        if same and all(f.excludes(figure) for f in same):
            return True
    return any(moments and all(m.excludes(moment) for m in moments) for moment in text.details.moments)
