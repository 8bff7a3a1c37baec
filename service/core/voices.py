"""Voices: whose words a statement is, and whether it is told as theirs. The gate of attribution.

A document states as its own what some sentence of it that is about as near to the statement as any states without a
speaker. What is taken word for word from a sentence is told as that tells it, if it keeps the word of saying.
"""

from __future__ import annotations

import re

from service.core.evidence import Trial, own_evidence, share_beside_names, stands_in
from service.core.lexicon import REPORTING_VERBS
from service.core.matching import Analysis, Index
from service.core.model import Check, Sentence
from service.core.words import fold

_QUOTED_WHOLE = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»][.!?]?")
_OWN_CLAUSE = re.compile(r"[,;:—–][”\"]?\s+(?:(?:and|but|while|whereas|although|though|yet)\s+)?$")
_NEXT_CLAUSE = re.compile(r"[”\"]?(?:;|[,—–]?\s+(?:and|but|while|whereas|although|though|yet|which|who)\b)")
_INTRODUCED = re.compile(r"^[^“”\"]*[\w)]:\s[“\"]")  # "Torvald could not be plainer: “…”"
SOMEBODY = "somebody"  # whom a document does not name
_SENTENCE_LONG = 6  # words of a quotation that says something, rather than names it
_CLOSE = 0.4  # coverage of a statement from which a sentence is about the same
_AS_GOOD = 0.1  # less coverage than the best of a document, at which a sentence of it may be the one that is meant


def check_attribution(trial: Trial) -> Check:
    """What sources give as somebody's words is given as theirs, unless a quorum of origins states it as its own.

    Given as theirs means that a word of saying stands in it, and the speaker whom a quorum of them names.
    """
    if _QUOTED_WHOLE.fullmatch(trial.text.text.strip()):
        return Check("attribution", passed=False, detail="it quotes without saying whom")
    stranger = _stranger(trial)
    if stranger:
        return Check("attribution", passed=False, detail=f"no cited span gives it as said by {stranger}")
    voices = _voices(trial)
    speakers = [speaker for speaker in voices.values() if speaker]
    own = {trial.origins[document_id] for document_id, speaker in voices.items() if not speaker}
    if not speakers or len(own) >= trial.quorum:
        return Check("attribution", passed=True)
    told = {
        sentence.document_id: trial.index.speaker(sentence) for sentence in trial.evidence if _tells(trial, sentence)
    }
    named = trial.text.bag.union(*(trial.index.terms_of_name(speaker) for speaker in told.values() if speaker))
    agreeing = own | {
        trial.origins[d]
        for d, speaker in voices.items()
        if d in told or (speaker and _is_named(speaker, named, trial.index))
    }
    if (
        (told or reports(trial.text))
        and agreeing > own
        and len(agreeing) >= min(trial.quorum, len({trial.origins[d] for d in voices}))
    ):
        return Check("attribution", passed=True)
    return Check("attribution", passed=False, detail=f"it gives as fact what {speakers[0]} said")


def reports(text: Analysis) -> bool:
    """True if a word of saying stands in a text."""
    words = {fold(token.text) for token in text.words}
    return bool(words & REPORTING_VERBS) or "according" in words


def _stranger(trial: Trial) -> str | None:
    """Whom the statement has say something though none of the sentences close to it that its facts rest on does."""
    index = trial.index
    close = [s for s in own_evidence(trial) if share_beside_names(trial.text, index.of(s), index) >= _CLOSE]
    if not close or not trial.facts:
        return None
    told = trial.index.speakers_in(trial.text.text, close[0])
    return next((who for who in told if not any(trial.index.gives_voice(s, who) for s in close)), None)


def _voices(trial: Trial) -> dict[str, str | None]:
    """For each document with sentences close to the statement, whose words the closest of them are, if anybody's."""
    close: dict[str, list[tuple[float, Sentence, Analysis]]] = {}
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        covered = trial.index.coverage(trial.text, analysis)
        if covered >= _CLOSE:
            close.setdefault(sentence.document_id, []).append((covered, sentence, analysis))
    voices: dict[str, str | None] = {}
    for document_id, found in close.items():
        found.sort(key=lambda held: -held[0])
        meant = [
            _voice(s, analysis, trial.index) for covered, s, analysis in found if covered >= found[0][0] - _AS_GOOD
        ]
        voices[document_id] = meant[0] if all(meant) else None
    return voices


def _voice(sentence: Sentence, analysis: Analysis, index: Index) -> str | None:
    """Whose words a sentence is; a quotation without a speaker is somebody's, never the document's own."""
    attribution = index.attribution(sentence)
    if attribution:
        return attribution.speaker or SOMEBODY
    return SOMEBODY if any(len(q.text.split()) >= _SENTENCE_LONG for q in analysis.details.quotations) else None


def _is_named(speaker: str, named: frozenset[str], index: Index) -> bool:
    terms = index.terms_of_name(speaker)
    return not terms or terms[-1] in named


def _tells(trial: Trial, sentence: Sentence) -> bool:
    """True if a statement stands word for word in a sentence, and keeps who says so as far as that tells it."""
    if not stands_in(trial.text, trial.index.of(sentence)):
        return False
    kept = trial.text.text.strip().rstrip(".").casefold()
    start = sentence.text.casefold().find(kept)
    if _INTRODUCED.search(trial.text.text) and not trial.index.begins_quoted(sentence):
        return True
    verbs = [attribution.verb for attribution in trial.index.explicit(sentence)] if start >= 0 else []
    end = start + len(kept)
    if not any(start <= verb < end for verb in verbs):
        return False
    before, after = sentence.text[:start], sentence.text[end:]
    governed = any(verb < start for verb in verbs) and not is_own_clause(before)
    return not governed and (all(verb < end for verb in verbs) or is_next_clause(after))


def is_own_clause(before: str) -> bool:
    """True if what follows some words is a clause by itself."""
    return bool(_OWN_CLAUSE.search(before))


def is_next_clause(after: str) -> bool:
    """True if some words begin another clause than what stands before them."""
    return bool(_NEXT_CLAUSE.match(after))
