"""Wording: a word put in the place of another, where the rest is told word for word.

Whoever writes in words of his own changes more than one; a text that runs along its source but for one word says
what the source says only if that word means the same. No opposite need be known for it: a word that stands in no
cited span, and is no other form of the one in its place, is not borne out.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.core.alignment import Alignment, Kind, Unit, align
from service.core.evidence import Trial
from service.core.lexicon import REPORTING_TERMS
from service.core.opposites import opposite
from service.core.support import names_alone
from service.core.words import term_of

_VERBATIM = 0.75  # of a statement's plain words that must stand in the source in their order
_ROOT = 5  # letters in which two forms of one word agree: `execute` and `execution`
_MOST_REPLACED = 2  # words in one place


def replaced(trial: Trial, verbatim: float = _VERBATIM) -> str:
    """The word of a statement that stands in the place of another of its nearest source; nothing if none does.

    Only where that share of its plain words, from 0 to 1, stands in the source in their order.
    """
    best = max(trial.analyses, key=lambda analysis: trial.index.coverage(trial.text, analysis))
    aligned = align(trial.text, best, trial.index)
    if not aligned.alike or not _runs_along(aligned, verbatim):
        return ""
    held = frozenset(term for analysis in trial.analyses for term in analysis.bag)
    for left, right in aligned.gaps():
        own, found = _plain(left), _plain(right)
        if found and len(own) <= _MOST_REPLACED:
            for unit in own:
                if held.isdisjoint((unit.key, term_of(unit.word))) and not any(_akin(unit, other) for other in found):
                    return f"'{unit.word}' stands in no cited span, where the source says “{found[0].word}”"
    return ""


def _runs_along(aligned: Alignment, least: float) -> bool:
    words = [i for i, unit in enumerate(aligned.left) if unit.kind is Kind.WORD]
    same = {pair.left for pair in aligned.pairs if pair.same}
    return len(same.intersection(words)) >= least * len(words)


def _plain(units: Sequence[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.kind is Kind.WORD and unit.key not in REPORTING_TERMS]


def _akin(one: Unit, other: Unit) -> bool:
    """True for two forms of one word."""
    return one.word[:_ROOT] == other.word[:_ROOT] and len(one.word) >= _ROOT and not opposite(one.word, other.word)


def says_it(trial: Trial, origin: str) -> bool:
    """True if an origin holds what a statement says beside whom it names: a speaker alone bears nothing out.

    A claim, which rests on no fact but on its own sentences, is held to more already.
    """
    if not trial.facts:
        return True
    pairs = zip(trial.evidence, trial.analyses, strict=True)
    held = [analysis for sentence, analysis in pairs if trial.origins[sentence.document_id] == origin]
    return not names_alone(trial.index, trial.text, held)
