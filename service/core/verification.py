"""Verification: the gates that a summary sentence must pass, each by itself, each with its own reason.

In order: its citations resolve; its quotations are verbatim in them; its figures, dates and names stand in
them, and in those of a quorum of origins; negation and attribution agree; it follows from them. No score
overrides a failed gate, and nothing fuzzy is accepted: equal is equal up to written form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from service.core.binding import check_binding
from service.core.evidence import (
    Holds,
    Trial,
    closest,
    date_of_source,
    held_figures,
    held_moments,
    held_names,
    held_quantities,
    holds_quotation,
    needed,
    repeated_code,
    share_beside_names,
    shares_of,
    stands_in,
    supplement,
)
from service.core.lexicon import TITLES
from service.core.likeness import differs_in_figures, differs_in_names
from service.core.matching import Analysis, Index, Mode
from service.core.model import Check, Dropped, Fact, Sentence, Statement, StatementDraft, Verdict
from service.core.modes import is_told_so
from service.core.quoting import misattribution, where_quoted
from service.core.relations import check_direction, check_odds, denied_apart
from service.core.voices import check_attribution
from service.core.wording import replaced, says_it
from service.core.words import term_of, words_of

FOLLOWS = 0.75
"""The share of a statement's weight that its evidence must hold for it to follow without a judge.

Strict on purpose: what is verbatim, cut or recombined from the evidence holds nearly all of it.
"""

INSERTED = re.compile(r"\[([^\[\]]+)\]")  # by an editor, into a quotation
_CLOSE = 0.4  # coverage of a statement from which a sentence is about the same
_SAME = 0.6  # coverage from which a sentence is about what a statement says

BORNE_OUT, BORNE_OUT_IF = 0.5, 0.8
"""The share of a statement's weight that each origin of the quorum must hold; the rest may be in other words.

A conditional one is held to more: the condition is what differs."""


def verify(
    draft: StatementDraft, facts: Mapping[str, Fact], index: Index, origins: Mapping[str, str], quorum: int
) -> Statement | Dropped:
    """A statement with its evidence if it passes every gate, else the reasons why it was dropped."""
    trial = _open(draft, facts, index, origins, quorum)
    checks = tuple(gate(trial) for gate in GATES)
    failed = tuple(check for check in checks if not check.passed)
    cited = tuple(fact.id for fact in trial.facts)
    if failed:
        return Dropped(draft.text, failed, tuple(fact_id for fact_id in draft.facts if fact_id in facts))
    score = sorted(shares_of(trial).values(), reverse=True)[quorum - 1]
    return Statement(
        draft.text, cited, needed(trial), draft.written_by, Verdict.SUPPORTED,
        corroborated=True, score=round(score, 3), checks=checks,
    )  # fmt: skip


def passes(
    draft: StatementDraft, facts: Mapping[str, Fact], index: Index, origins: Mapping[str, str], quorum: int
) -> bool:
    """Whether a statement passes every gate, without the reasons: the quick gates first, no further than needed."""
    trial = _open(draft, facts, index, origins, quorum)
    return all(gate(trial).passed for gate in sorted(GATES, key=lambda gate: gate in _SLOW))


def _open(
    draft: StatementDraft, facts: Mapping[str, Fact], index: Index, origins: Mapping[str, str], quorum: int
) -> Trial:
    """A statement with the evidence of its facts, and what else of their documents its details need."""
    named = tuple(facts[fact_id] for fact_id in draft.facts if fact_id in facts)
    sources = tuple(dict.fromkeys(sentence for fact in named for sentence in fact.evidence))
    text = index.analyse(draft.text, date_of_source(draft, sources, index))
    cited = tuple(fact for fact in named if _tells(text, fact, index))
    unsaid = {fact.id for fact in named} - {fact.id for fact in cited}
    evidence = tuple(dict.fromkeys(sentence for fact in cited for sentence in fact.evidence))
    evidence = (*evidence, *supplement(text, evidence, index))
    kept = replace(draft, facts=tuple(fact_id for fact_id in draft.facts if fact_id not in unsaid))
    return Trial(kept, cited, text, evidence, tuple(index.of(s) for s in evidence), origins, quorum, index)


def _tells(text: Analysis, fact: Fact, index: Index) -> bool:
    """True if a text tells some of a fact. What is borne out by others that it names bears it out in no way."""
    told = share_beside_names(index.of_claim(fact.claim), text, index)
    return max(told, *(share_beside_names(text, index.of(s), index) for s in fact.evidence)) >= _CLOSE


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
    """Every quotation is verbatim in the cited spans of a quorum of origins, and given to who said it."""
    for quotation in trial.text.details.quotations:
        found = trial.origins_of(partial(holds_quotation, quotation))
        if not found:
            where = where_quoted(quotation, trial)
            kind = f"misattributed, it stands in {where}" if where else "fabricated, it stands in no document"
            return Check("quotations", passed=False, detail=f"“{quotation.text}”: {kind}")
        if len(found) < trial.quorum:
            return Check("quotations", passed=False, detail=_thin(f"“{quotation.text}”", found, trial))
        if wrong := misattribution(quotation, trial):
            return Check("quotations", passed=False, detail=f"“{quotation.text}”: {wrong}")
        if strange := next((put for put in INSERTED.findall(quotation.text) if not _is_known(put, trial)), None):
            return Check("quotations", passed=False, detail=f"“[{strange}]” stands in no document that is cited")
    return Check("quotations", passed=True)


def _is_known(inserted: str, trial: Trial) -> bool:
    """True if the words that an editor put into a quotation stand in a document that is cited."""
    documents = {sentence.document_id for sentence in trial.evidence}
    sentences = (sentence for name in documents for sentence in trial.index.documents[name].sentences)
    held = frozenset[str]().union(*(trial.index.of(sentence).folded for sentence in sentences))
    return {word.folded for word in words_of(inserted)} <= held


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
    """Figures: the same value and unit, of the same thing, with the bound that some source gives it.

    Words of number that are part of no figure ("the third tier", "in every hundred") stand there, too.
    """
    cited = [figure for analysis in trial.analyses for figure in analysis.details.figures]
    for figure in trial.text.details.figures:
        if any(c.same_value(figure) for c in cited) and not any(c.supports(figure) for c in cited):
            return Check("figures", passed=False, detail=f"'{figure.phrase}' has another bound in every cited span")
    held = list(held_figures(trial.text.details))
    borne_out = _borne_out("figures", [*held, *held_quantities(trial.text)], trial)
    if borne_out.passed and _differs(trial, held, differs_in_figures):
        return Check("figures", passed=False, detail="the source says it with another figure")
    if odd := repeated_code(trial):
        return Check("figures", passed=False, detail=f"'{odd}' stands in no cited span as often")
    return borne_out


def check_dates(trial: Trial) -> Check:
    """Dates and times: the same moment, or a day within the month or year that the statement names."""
    return _borne_out("dates", held_moments(trial.text.details), trial)


def check_names(trial: Trial) -> Check:
    """Names: the same, up to variants and titles, and none in the place of another."""
    held = list(held_names(trial.text.details))
    borne_out = _borne_out("names", held, trial)
    if borne_out.passed and _differs(trial, held, differs_in_names):
        return Check("names", passed=False, detail="the source says it of another name")
    return borne_out


def _differs(
    trial: Trial, held: Sequence[tuple[str, Holds]], differs: Callable[[Analysis, Analysis, Index], bool]
) -> bool:
    """True if the closest words have another detail in a place, and no sentence on the matter holds all together."""
    best = closest(trial)
    close = (a for a in trial.analyses if trial.index.coverage(trial.text, a) >= _SAME)
    together = any(all(holds(analysis) for _, holds in held) for analysis in close)
    return best is not None and not together and differs(trial.text, best, trial.index)


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
    odd = _told_oftener(trial)
    if odd:
        return Check("negation", passed=False, detail=odd)
    return check_odds("negation", trial, denied_apart)


def _told_oftener(trial: Trial) -> str:
    """How the words that a statement says most of deny, hedge or condition oftener or less often than it.

    Only where facts are cited: of a text from any writer the closest words are seldom those that it was made of.
    """
    best = closest(trial) if trial.facts else None
    if best is None or trial.index.coverage(best, trial.text) < _SAME:
        return ""
    odd = next((mode for mode in Mode if best.count(mode) != trial.text.count(mode)), None)
    return (
        f"{odd} {best.count(odd)} times in the source, {trial.text.count(odd)} times in the sentence" if odd else ""
    )


def check_modality(trial: Trial) -> Check:
    """A quorum of origins says it in the same mode: without a condition, hedge or denial that it lacks or adds."""
    best: dict[str, tuple[float, Sentence]] = {}
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        origin, covered = trial.origins[sentence.document_id], trial.index.coverage(trial.text, analysis)
        if origin not in best or covered > best[origin][0]:
            best[origin] = covered, sentence
    if not best:
        return Check("modality", passed=False, detail="no source says it")
    straight = [origin for origin, (_, sentence) in best.items() if _is_straight(sentence, trial)]
    if len(straight) < trial.quorum:
        detail = f"{len(straight)} origin(s) say it as it stands, the others deny, hedge or condition it differently"
        return Check("modality", passed=False, detail=detail)
    return Check("modality", passed=True)


def _is_straight(sentence: Sentence, trial: Trial) -> bool:
    """True if a sentence says what a statement says in its mode. One that says much else may say that in another."""
    analysis = trial.index.of(sentence)
    if analysis.modes in (trial.text.modes, trial.text.firm):
        return True
    if trial.index.coverage(analysis, trial.text) < _SAME and not stands_in(trial.text, analysis):
        return True
    return is_told_so(trial.text, sentence, trial.index)


def _is_cut(trial: Trial) -> bool:
    """True if the statement stands word for word in one cited sentence."""
    return any(stands_in(trial.text, analysis) for analysis in trial.analyses)


def check_entailment(trial: Trial) -> Check:
    """The statement is said by its evidence (verbatim, cut, or recombined), and borne out by a quorum of origins."""
    if not _says_something(trial):
        return Check("entailment", passed=False, detail="it says too little to be found in them")
    covered = trial.index.coverage(trial.text, *trial.analyses)
    if not _is_cut(trial) and covered < FOLLOWS:
        return Check("entailment", passed=False, detail=f"its sources hold {covered:.0%} of what it says")
    if strange := replaced(trial):
        return Check("entailment", passed=False, detail=strange)
    least = BORNE_OUT_IF if Mode.CONDITIONAL in trial.text.modes else BORNE_OUT
    bearing = [origin for origin, share in shares_of(trial).items() if share >= least and says_it(trial, origin)]
    if len(bearing) < trial.quorum:
        detail = f"{len(bearing)} origin(s) hold enough of what it says, {trial.quorum} are needed"
        return Check("entailment", passed=False, detail=detail)
    return Check("entailment", passed=True)


def _says_something(trial: Trial) -> bool:
    """True if a statement says more than one word besides who speaks."""
    told = trial.index.speakers_in(trial.text.text, trial.evidence[0]) if trial.evidence else ()
    named = set(trial.index.terms_of_name(told[0])) if told else set()
    return len(trial.text.bag - named - {term_of(title) for title in TITLES}) > 1


GATES: tuple[Callable[[Trial], Check], ...] = (
    check_citations, check_quotations, check_figures, check_dates, check_names, check_binding, check_negation,
    check_modality, check_attribution, check_direction, check_entailment,
)  # fmt: skip
"""In the order in which they are reported. Every gate is run, so that every reason is known."""
_SLOW = frozenset((check_binding, check_negation, check_direction))  # those that lay texts beside each other
