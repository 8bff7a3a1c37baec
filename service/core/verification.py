"""Verification: the gates that a summary sentence must pass, each by itself, each with its own reason.

In order: its citations resolve; its quotations are verbatim in them; its figures, dates and names stand in
them, and in those of a quorum of origins; negation and attribution agree; it follows from them. No score
overrides a failed gate, and nothing fuzzy is accepted: equal is equal up to written form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from service.core.details import Quotation
from service.core.details.quotations import plain
from service.core.evidence import (
    Holds,
    Trial,
    date_of_source,
    held_figures,
    held_moments,
    held_names,
    holds_quotation,
    needed,
    shares_of,
    supplement,
)
from service.core.lexicon import REPORTING_VERBS
from service.core.matching import Analysis, Index, Mode
from service.core.model import Check, Dropped, Fact, Sentence, Statement, StatementDraft, Verdict
from service.core.words import fold

FOLLOWS = 0.75
"""The share of a statement's weight that its evidence must hold for it to follow without a judge.

Strict on purpose: what is verbatim, cut or recombined from the evidence holds nearly all of it.
"""

_QUOTED_WHOLE = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»][.!?]?")
_SOMEBODY = "somebody"
_SENTENCE_LONG = 6  # words of a quotation that says something, rather than names it
_CLOSE = 0.4  # coverage of a statement from which a sentence is about the same
_SAME = 0.6  # coverage from which a sentence is about what a statement says

BORNE_OUT, BORNE_OUT_IF = 0.5, 0.8
"""The share of a statement's weight that each origin of the quorum must hold; the rest may be in other words.

A conditional one is held to more: the condition is what differs."""


def verify(
    draft: StatementDraft, facts: Mapping[str, Fact], index: Index, origins: Mapping[str, str], quorum: int
) -> Statement | Dropped:
    """A statement with its evidence if it passes every gate, else the reasons why it was dropped."""
    cited = tuple(facts[fact_id] for fact_id in draft.facts if fact_id in facts)
    evidence = tuple(dict.fromkeys(sentence for fact in cited for sentence in fact.evidence))
    text = index.analyse(draft.text, date_of_source(draft, evidence, index))
    evidence = (*evidence, *supplement(text, evidence, index))
    trial = Trial(draft, cited, text, evidence, tuple(index.of(s) for s in evidence), origins, quorum, index)
    checks = tuple(gate(trial) for gate in GATES)
    failed = tuple(check for check in checks if not check.passed)
    if failed:
        return Dropped(draft.text, failed)
    score = sorted(shares_of(trial).values(), reverse=True)[quorum - 1]
    return Statement(
        draft.text, tuple(f.id for f in cited), needed(trial), draft.written_by, Verdict.SUPPORTED,
        corroborated=True, score=round(score, 3), checks=checks,
    )  # fmt: skip


def check_citations(trial: Trial) -> Check:
    """There are citations, every one quotes its document exactly, and a quorum of origins is cited."""
    if not trial.evidence:
        return Check("citations", passed=False, detail="it cites nothing")
    unknown = [fact_id for fact_id in trial.draft.facts if fact_id not in {fact.id for fact in trial.facts}]
    if unknown:
        return Check("citations", passed=False, detail=f"{', '.join(unknown)}: no such fact")
    for sentence in trial.evidence:
        if trial.index.documents[sentence.document_id].text[sentence.start : sentence.end] != sentence.text:
            return Check("citations", passed=False, detail=f"a span of {sentence.document_id} does not quote it")
    count = len({trial.origins[sentence.document_id] for sentence in trial.evidence})
    if count < trial.quorum:
        return Check(
            "citations", passed=False, detail=f"its sources have {count} origin(s), {trial.quorum} are needed"
        )
    return Check("citations", passed=True)


def check_quotations(trial: Trial) -> Check:
    """Every quotation is verbatim in the cited spans of a quorum of origins."""
    for quotation in trial.text.details.quotations:
        found = trial.origins_of(partial(holds_quotation, quotation))
        if not found:
            where = _elsewhere(quotation, trial)
            kind = f"misattributed, it stands in {where}" if where else "fabricated, it stands in no document"
            return Check("quotations", passed=False, detail=f"“{quotation.text}”: {kind}")
        if len(found) < trial.quorum:
            return Check("quotations", passed=False, detail=_thin(f"“{quotation.text}”", found, trial))
    return Check("quotations", passed=True)


def _elsewhere(quotation: Quotation, trial: Trial) -> str | None:
    cited = {sentence.document_id for sentence in trial.evidence}
    documents = trial.index.documents.values()
    ordered = sorted(documents, key=lambda document: document.id in cited)
    return next((d.id for d in ordered if quotation.stands_in(plain(d.text))), None)


def _borne_out(check: str, held: Iterable[tuple[str, Holds]], trial: Trial) -> Check:
    """Whether each detail of a statement stands in cited spans of a quorum of origins."""
    for text, holds in held:
        found = trial.origins_of(holds)
        if not found:
            return Check(check, passed=False, detail=f"'{text}' stands in no cited span")
        if len(found) < trial.quorum:
            return Check(check, passed=False, detail=_thin(f"'{text}'", found, trial))
    return Check(check, passed=True)


def _thin(what: str, found: set[str], trial: Trial) -> str:
    return f"{what} stands in cited spans of {len(found)} origin(s), {trial.quorum} are needed"


def check_figures(trial: Trial) -> Check:
    """Figures: the same value and unit, of the same thing, with the bound that some source gives it."""
    cited = [figure for analysis in trial.analyses for figure in analysis.details.figures]
    for figure in trial.text.details.figures:
        if any(c.same_value(figure) for c in cited) and not any(c.supports(figure) for c in cited):
            return Check("figures", passed=False, detail=f"'{figure.phrase}' has another bound in every cited span")
    return _borne_out("figures", held_figures(trial.text.details), trial)


def check_dates(trial: Trial) -> Check:
    """Dates and times: the same moment, or a day within the month or year that the statement names."""
    return _borne_out("dates", held_moments(trial.text.details), trial)


def check_names(trial: Trial) -> Check:
    """Names: the same, up to variants and titles."""
    return _borne_out("names", held_names(trial.text.details), trial)


def check_negation(trial: Trial) -> Check:
    """A statement denies what its best evidence denies, and nothing else."""
    best = max(trial.analyses, key=lambda a: trial.index.coverage(trial.text, a), default=None)
    if (
        best is not None
        and not _is_cut(trial)
        and best.negated != trial.text.negated
        and trial.index.coverage(best, trial.text) > 0.6
    ):
        found, own = ("is", "is not") if best.negated else ("is not", "is")
        return Check("negation", passed=False, detail=f"the source {found} negated, the sentence {own}")
    return Check("negation", passed=True)


def check_modality(trial: Trial) -> Check:
    """A quorum of origins says it in the same mode: without a condition, hedge or denial that it lacks or adds."""
    best: dict[str, Analysis] = {}
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        origin = trial.origins[sentence.document_id]
        held = best.setdefault(origin, analysis)
        if trial.index.coverage(trial.text, analysis) > trial.index.coverage(trial.text, held):
            best[origin] = analysis
    straight = [
        origin
        for origin, analysis in best.items()
        if analysis.modes == trial.text.modes or trial.index.coverage(analysis, trial.text) < _SAME
    ]
    if len(straight) < trial.quorum:
        detail = f"{len(straight)} origin(s) say it as it stands, the others deny, hedge or condition it differently"
        return Check("modality", passed=False, detail=detail)
    return Check("modality", passed=True)


def check_attribution(trial: Trial) -> Check:
    """What sources give as somebody's words is given as theirs, unless a quorum of origins states it as its own.

    Given as theirs means that a word of saying stands in it, and the speaker whom a quorum of them names.
    """
    if _QUOTED_WHOLE.fullmatch(trial.text.text.strip()):
        return Check("attribution", passed=False, detail="it quotes without saying whom")
    voices = _voices(trial)
    speakers = [speaker for speaker in voices.values() if speaker]
    own = {trial.origins[document_id] for document_id, speaker in voices.items() if not speaker}
    if not speakers or len(own) >= trial.quorum:
        return Check("attribution", passed=True)
    words = {fold(token.text) for token in trial.text.words}
    says = bool(words & REPORTING_VERBS) or "according" in words
    agreeing = own | {trial.origins[d] for d, speaker in voices.items() if speaker and _names_speaker(speaker, trial)}
    if says and agreeing > own and len(agreeing) >= min(trial.quorum, len({trial.origins[d] for d in voices})):
        return Check("attribution", passed=True)
    return Check("attribution", passed=False, detail=f"it gives as fact what {speakers[0]} said")


def _voices(trial: Trial) -> dict[str, str | None]:
    """For each document whose sentences are close to the statement, whose words it gives them as, if anybody's."""
    voices: dict[str, str | None] = {}
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        if trial.index.coverage(trial.text, analysis) >= _CLOSE:
            speaker = _voice(sentence, analysis, trial.index)
            known = voices.setdefault(sentence.document_id, speaker)
            voices[sentence.document_id] = known and speaker
    return voices


def _voice(sentence: Sentence, analysis: Analysis, index: Index) -> str | None:
    """Whose words a sentence is; a quotation without a speaker is somebody's, never the document's own."""
    attribution = index.attribution(sentence)
    if attribution:
        return attribution.speaker or _SOMEBODY
    return _SOMEBODY if any(len(q.text.split()) >= _SENTENCE_LONG for q in analysis.details.quotations) else None


def _names_speaker(speaker: str, trial: Trial) -> bool:
    terms = trial.index.terms_of_name(speaker)
    return not terms or terms[-1] in trial.text.bag


def _is_cut(trial: Trial) -> bool:
    """True if the statement stands word for word in one cited sentence."""
    stated = trial.text.plain.rstrip(" .")
    return any(stated in analysis.plain for analysis in trial.analyses)


def check_entailment(trial: Trial) -> Check:
    """The statement is said by its evidence (verbatim, cut, or recombined), and borne out by a quorum of origins."""
    covered = trial.index.coverage(trial.text, *trial.analyses)
    if not _is_cut(trial) and covered < FOLLOWS:
        return Check("entailment", passed=False, detail=f"its sources hold {covered:.0%} of what it says")
    least = BORNE_OUT_IF if Mode.CONDITIONAL in trial.text.modes else BORNE_OUT
    bearing = [origin for origin, share in shares_of(trial).items() if share >= least]
    if len(bearing) < trial.quorum:
        detail = f"{len(bearing)} origin(s) hold enough of what it says, {trial.quorum} are needed"
        return Check("entailment", passed=False, detail=detail)
    return Check("entailment", passed=True)


GATES: tuple[Callable[[Trial], Check], ...] = (
    check_citations, check_quotations, check_figures, check_dates, check_names, check_negation, check_modality,
    check_attribution,
    check_entailment,
)  # fmt: skip
"""In the order in which they are reported. Every gate is run, so that every reason is known."""
