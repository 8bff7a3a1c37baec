"""Telling: how any text tells what a document says. Whether it is a cut of it, and whose words it gives it as.

A claim somebody made does not become a fact, nor another's: whoever writes a sentence word for word and leaves out
who said it, and whoever has somebody say what no source has them say, tells it otherwise than the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from service.core.evidence import Trial, share_beside_names
from service.core.lexicon import CONDITIONS, HEDGES, NEGATIONS, REPORTING_VERBS
from service.core.matching import Analysis, Index
from service.core.model import Check, Sentence
from service.core.quoting import same_speaker
from service.core.voices import SOMEBODY, check_attribution, is_own_clause, reports
from service.core.words import fold

_LOOSE = 1.5  # words of a source, for each of a text, among which those of the text stand, for it to be cut from them
_CLOSE = 0.4  # coverage of a text, names left out, from which a sentence is about the same
_SAID = REPORTING_VERBS | {"whether", "that"}
_STOPS = ",;:.!?()-…"
_JOINING = frozenset("and but while whereas although though yet so".split())
_FOLLOWING = _JOINING | frozenset(
    "on after before since when amid ahead following despite as in at last late early this because until".split()
)
_MARKS = re.compile(r"[“”\"„«»‘]|(?<!\w)'")
_CLAUSES = _JOINING | frozenset("which who whom whose where when since after before because with".split())
_CLAUSE = rf"(?:{'|'.join(sorted(_CLAUSES - {'so'}))})\b"
_BEGINS = re.compile(rf"[^\w\s,;—–-]*(?:;|[,—–-]*\s+(?:--\s+)?(?:especially\s+)?{_CLAUSE})")
_OPENS = re.compile(rf"\b{_CLAUSE}[^,;]*$")  # `on Friday after detectives` questioned him: said of that alone
_SAYS = re.compile(  # what does nothing but that: a report may find and a company announce what it did itself
    r"(?:sa(?:id|ys?|ying)|t(?:old|ells?|elling)|according to|wr(?:ites?|iting|ote)|repl(?:ied|ies)|den(?:ied|ies)"
    r"|admit(?:s|ted)|citing|emphasi[sz]e[ds]?|(?:add|warn|claim|confirm|insist|explain|not|stat|stress|declar|argu"
    r"|maintain|acknowledg|assert|announc|alleg|caution|remark|comment|conced|reiterat)(?:e?d|e?s|ing)?)\b",
    re.IGNORECASE,
)
_SAID_OF = re.compile(r"\b(?:is|are|was|were|be|been|being|the|an?|of)\s+$", re.IGNORECASE)  # `were told`
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y)\b")
_NAMED = re.compile(r"(?:^|\s)[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)+$")
_TELLS = re.compile(rf"\b(?:{'|'.join(sorted(REPORTING_VERBS))}|that|according)\b", re.IGNORECASE)


def is_cut(text: Analysis, sentence: Sentence, index: Index) -> bool:
    """True for a sentence of the source, or a cut of one at its clauses that loses nothing on which its truth hangs.

    Nothing before it may deny, doubt or condition it; a condition may not follow it either, nor who said it.
    """
    stated, source = text.plain.strip(" .!?"), index.of(sentence).plain
    found = source.find(stated)
    if found < 0:
        return False
    start, end = source[:found], source[found + len(stated) :]
    before, after = start.split(), end.split()
    if before and not (start.endswith(" ") and (before[-1][-1] in _STOPS or before[-1] in _JOINING)):
        return False  # `the mayor drowned` is no cut of `the son of the mayor drowned`
    if after and not (end[0] in _STOPS or (end[0] == " " and (after[0] in _STOPS or after[0] in _FOLLOWING))):
        return False
    lost = [{word.strip(_STOPS) for word in words} for words in (before, after)]
    if not (lost[0].isdisjoint(NEGATIONS | HEDGES | CONDITIONS | _SAID) and lost[1].isdisjoint(CONDITIONS)):
        return False
    return not lost_voice(text, sentence, index)


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
    governed = any(verb < start for verb in verbs) and not is_own_clause(sentence.text[:start])
    return said_by if governed or _is_followed(sentence.text, end, verbs) else ""


def _is_followed(text: str, end: int, verbs: Sequence[int]) -> bool:
    """True if a word of saying behind some words of a text is said of them, and begins no clause of its own."""
    behind = [verb for verb in verbs if verb >= end]
    return not _BEGINS.match(text, end) and any(not _OPENS.search(text[end:verb]) for verb in behind)


def _span_in(text: Analysis, source: Analysis) -> tuple[int, int] | None:
    """Where the words of a text stand in a source, all and in their order with few between, in code points of it."""
    own, held = ([fold(word.text) for word in analysis.words] for analysis in (text, source))
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


def check_telling(trial: Trial) -> Check:
    """It is given to nobody who is not heard in the sources, and what is cut out of them keeps its voice.

    Who tells in words of his own what somebody said may tell it as fact: the detail then says whose words it is.
    """
    voices = _voices(trial)
    if strange := _misgiven(voices, trial):
        return Check("attribution", passed=False, detail=strange)
    check = check_attribution(trial)
    if check.passed or voices:
        return replace(check, passed=True)
    lost = [lost_voice(trial.text, sentence, trial.index) for sentence in trial.evidence]
    return replace(check, passed="" in lost or not (any(lost) or reports(trial.text)))


def _voices(trial: Trial) -> list[str]:
    """Whom a text has say something: by a word that means nothing but that, and is done by them."""
    if not trial.evidence:
        return []
    text = trial.text.text
    found = [
        voice.speaker
        for voice in trial.index.explicit_in(text, trial.evidence[0])
        if _SAYS.match(text, voice.verb) and not _SAID_OF.search(text, 0, voice.verb)
    ]
    return [speaker for speaker in found if trial.index.terms_of_name(speaker)]


def _misgiven(voices: Sequence[str], trial: Trial) -> str:
    """What is wrong with whom a text has say it, as far as the sentences close to it tell; nothing if nothing is."""
    index = trial.index
    close = [s for s in trial.evidence if share_beside_names(trial.text, index.of(s), index) >= _CLOSE]
    strange = [who for who in voices if not any(_gives(sentence, who, trial) for sentence in close)]
    who = next((who for who in strange if who[0].isupper() or len(strange) == len(voices)), None)
    if who is None or not close:
        return ""
    known = next((speaker for sentence in close if (speaker := index.speaker(sentence))), None)
    return f"misattributed, {known} said it" if known else f"no source gives it as said by {who}"


def _gives(sentence: Sentence, who: str, trial: Trial) -> bool:
    """True if a sentence may be somebody's words, by whatever name or description its document has for them."""
    index, known = trial.index, trial.index.speaker(sentence)
    if known and same_speaker(_name_of(who), _name_of(known), sentence, index):
        return True
    said_by = set(index.terms_of_name(who))
    if not known and said_by.intersection(index.terms_of_name(_publisher_of(sentence, index))):
        return True
    if not known and _FIRST_PERSON.search(sentence.text) and not _FIRST_PERSON.search(trial.text.text):
        return True
    return bool(_TELLS.search(sentence.text)) and index.terms_of_name(who)[-1] in index.of(sentence).bag


def _publisher_of(sentence: Sentence, index: Index) -> str:
    """Who says what a document states as its own."""
    return index.documents[sentence.document_id].source.publisher or ""


def _name_of(speaker: str) -> str:
    """The name that a description ends with, if it ends with one: of one office there are several people."""
    name = _NAMED.search(speaker)
    return name.group().strip() if name else speaker
