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
from service.core.quoting import names_it, same_speaker
from service.core.voices import JOINING, check_attribution, lost_voice
from service.core.words import fold

_CLOSE = 0.4  # coverage of a text, names left out, from which a sentence is about the same
_SAID = REPORTING_VERBS | {"whether", "that"}
_STOPS = ",;:.!?()-…"
_FOLLOWING = JOINING | frozenset(
    "on after before since when amid ahead following despite as in at last late early this because until".split()
)
_SAYS = re.compile(  # what does nothing but that: a report may find and a company announce what it did itself
    r"(?:sa(?:id|ys?|ying)|t(?:old|ells?|elling)|according to|repl(?:ied|ies)|den(?:ied|ies)"
    r"|(?:wr(?:ites?|iting|ote)|maintain(?:s|ed|ing)?)(?!\s(?:for|its|his|her|their|some|many|most|all|up)\b)"
    r"|admit(?:s|ted)|citing|emphasi[sz]e[ds]?|(?:add|warn|claim|confirm|insist|explain|not|stat|stress|declar|argu"
    r"|acknowledg|assert|announc|alleg|caution|remark|comment|conced|reiterat)(?:e?d|e?s|ing)?)\b",
    re.IGNORECASE,
)
_SAID_OF = re.compile(r"\b(?:is|are|was|were|be|been|being|the|an?|of)\s+$", re.IGNORECASE)  # `were told`
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y)\b")
_NAMED = re.compile(r"(?:^|\s)[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)+$")
_OWNS_TO = re.compile(r"\b(?:confirm|acknowledg|admit|conced)\w*")
_DISMISSING = frozenset("dismissed disputed questioned declined".split())
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
    if before and not (start.endswith(" ") and (before[-1][-1] in _STOPS or before[-1] in JOINING)):
        return False  # `the mayor drowned` is no cut of `the son of the mayor drowned`
    if after and not (end[0] in _STOPS or (end[0] == " " and (after[0] in _STOPS or after[0] in _FOLLOWING))):
        return False
    lost = [{word.strip(_STOPS) for word in words} for words in (before, after)]
    if not (lost[0].isdisjoint(NEGATIONS | HEDGES | CONDITIONS | _SAID) and lost[1].isdisjoint(CONDITIONS)):
        return False
    return not lost_voice(text, sentence, index)


def check_telling(trial: Trial) -> Check:
    """It is given to nobody who is not heard in the sources, and what is cut out of them keeps its voice.

    Who tells in words of his own what somebody said may tell it as fact: the detail then says whose words it is.
    """
    voices = _voices(trial)
    if strange := _misgiven(voices, trial) or _turned(voices, trial):
        return Check("attribution", passed=False, detail=strange)
    check = check_attribution(trial)
    if check.passed or voices:
        return replace(check, passed=True)
    lost = [lost_voice(trial.text, sentence, trial.index) for sentence in trial.evidence]
    return replace(check, passed="" in lost or not (any(lost) or trial.text.reports))


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


def _turned(voices: Sequence[str], trial: Trial) -> str:
    """Who owns to something in a text though the sentences close to it have them deny or withhold it, all of them."""
    if not _OWNS_TO.search(trial.text.text) or trial.text.negated:
        return ""
    index = trial.index
    for who in voices:
        told = [
            sentence.text[voice.verb :].split()[0].strip(_STOPS)
            for sentence in trial.evidence
            if share_beside_names(trial.text, index.of(sentence), index) >= _CLOSE
            for voice in index.explicit(sentence)
            if same_speaker(who, voice.speaker, sentence, index)
            and fold(voice.speaker.split()[-1]) not in REPORTING_VERBS | NEGATIONS  # `he dismissed reports`
        ]
        if told and NEGATIONS.union(_DISMISSING).issuperset(told):
            return f"{who} {told[0]} it by the source"
    return ""


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
    named = index.terms_of_name(who)[-1] in index.of(sentence).bag and names_it(who, sentence, index)
    return named and bool(_TELLS.search(sentence.text))


def _publisher_of(sentence: Sentence, index: Index) -> str:
    """Who says what a document states as its own."""
    return index.documents[sentence.document_id].source.publisher or ""


def _name_of(speaker: str) -> str:
    """The name that a description ends with, if it ends with one: of one office there are several people."""
    name = _NAMED.search(speaker)
    return name.group().strip() if name else speaker
