"""Voices: whose words a statement is, and whether it is told as theirs. The gate of attribution.

A document states as its own what some sentence of it that is about as near to the statement as any states without a
speaker. What is taken word for word from a sentence is told as that tells it, if it keeps the word of saying.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.core.evidence import Trial, own_evidence, share_beside_names, stands_in
from service.core.matching import Analysis, Index
from service.core.model import Check, Sentence

_QUOTED_WHOLE = re.compile(r"[“\"„«][^“”\"„«»]*[”\"“»][.!?]?")
_OWN_CLAUSE = re.compile(r"[,;:—–][”\"]?\s+(?:(?:and|but|while|whereas|although|though|yet)\s+)?$")
_NEXT_CLAUSE = re.compile(r"[”\"]?(?:;|[,—–]?\s+(?:and|but|while|whereas|although|though|yet|which|who)\b)")
_INTRODUCED = re.compile(r"^[^“”\"]*[\w)]:\s[“\"]")  # "Torvald could not be plainer: “…”"
SOMEBODY = "somebody"  # whom a document does not name
_LOOSE = 1.5  # words of a source, for each of a text, among which those of the text stand, for it to be cut from them
_MARKS = re.compile(r"[“”\"„«»‘]|(?<!\w)'")
JOINING = frozenset("and but while whereas although though yet so".split())
_CLAUSES = JOINING | frozenset("which who whom whose where when since after before because with".split())
_CLAUSE = rf"(?:{'|'.join(sorted(_CLAUSES - {'so'}))})\b"
_BEGINS = re.compile(rf"[^\w\s,;—–-]*(?:;|[,—–-]*\s+(?:--\s+)?(?:especially\s+)?{_CLAUSE})")
_OPENS = re.compile(rf"\b{_CLAUSE}[^,;]*$")  # `on Friday after detectives` questioned him: said of that alone
_TITLED = re.compile(r"(?:[A-Z][\w’'-]*\s+)*$")  # `President Vladimir` before `Putin did`
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
        (told or trial.text.reports)
        and agreeing > own
        and len(agreeing) >= min(trial.quorum, len({trial.origins[d] for d in voices}))
    ):
        return Check("attribution", passed=True)
    return Check("attribution", passed=False, detail=f"it gives as fact what {speakers[0]} said")


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
            None if _is_unvoiced(trial.text, s, trial.index) else _voice(s, analysis, trial.index)
            for covered, s, analysis in found
            if covered >= found[0][0] - _AS_GOOD
        ]
        voices[document_id] = meant[0] if all(meant) else None
    return voices


def _voice(sentence: Sentence, analysis: Analysis, index: Index) -> str | None:
    """Whose words a sentence is; a quotation without a speaker is somebody's, never the document's own."""
    attribution = index.attribution(sentence)
    if attribution:
        return attribution.speaker or SOMEBODY
    return SOMEBODY if any(len(q.text.split()) >= _SENTENCE_LONG for q in analysis.details.quotations) else None


def _is_unvoiced(text: Analysis, sentence: Sentence, index: Index) -> bool:
    """True if a text stands word for word in a sentence where nobody in it says that: it is the document's own."""
    span = _span_in(text, index.of(sentence)) if stands_in(text, index.of(sentence)) else None
    if span is None or text.text.strip() == sentence.text or lost_voice(text, sentence, index):
        return False
    return not any(span[0] <= voice.verb < span[1] for voice in index.explicit(sentence))


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


def begins_clause(sentence: str, start: int) -> bool:
    """True if a clause of its own begins at a place in a sentence."""
    return bool(_BEGINS.match(sentence, start))


def is_next_clause(after: str) -> bool:
    """True if some words begin another clause than what stands before them."""
    return bool(_NEXT_CLAUSE.match(after))


def lost_voice(text: Analysis, sentence: Sentence, index: Index) -> str | None:
    """Who says in a sentence what a text has out of it in its words, and as nobody's; empty if that is kept.

    None if the text is not in its words.
    """
    span = _span_in(text, index.of(sentence))
    if span is None or text.text.strip() == sentence.text:
        return None if span is None else ""
    start, end = span
    said_by = index.speaker(sentence) or SOMEBODY
    if _is_quoted(sentence, start, end, index) and not _MARKS.search(text.text):
        return said_by
    verbs = [attribution.verb for attribution in index.explicit(sentence)]
    if any(start <= verb < end for verb in verbs):
        return ""
    begins = len(_TITLED.sub("", sentence.text[:start]))
    governed = any(verb < start for verb in verbs) and not is_own_clause(sentence.text[:begins])
    return said_by if governed or _is_followed(sentence.text, end, verbs) else ""


def _is_followed(text: str, end: int, verbs: Sequence[int]) -> bool:
    """True if a word of saying behind some words of a text is said of them, and begins no clause of its own."""
    behind = [verb for verb in verbs if verb >= end]
    return not begins_clause(text, end) and any(not _OPENS.search(text[end:verb]) for verb in behind)


def _span_in(text: Analysis, source: Analysis) -> tuple[int, int] | None:
    """Where the words of a text stand in a source, all and in their order with few between, in code points of it."""
    own, held = ([word.folded for word in analysis.words] for analysis in (text, source))
    for first in (i for i, word in enumerate(held) if word == own[0]):
        last = first - 1
        for word in own:
            last = next((i for i in range(last + 1, len(held)) if held[i] == word), len(held))
        if last < min(len(held), first + _LOOSE * len(own)):
            return source.words[first].start, source.words[last].end
    return None


def _is_quoted(sentence: Sentence, start: int, end: int, index: Index) -> bool:
    """True if a part of a sentence stands between quotation marks of which the sentence has one."""
    closed = _MARKS.search(sentence.text)
    if index.begins_quoted(sentence) and closed is not None and end <= closed.start():
        return True
    return any(q.start <= start and end <= q.end for q in index.of(sentence).details.quotations)
