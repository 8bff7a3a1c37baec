"""Attribution: who said it. Finds, for every sentence of a document, the speaker of what it reports.

A reporting verb's speaker is the noun phrase before it (`Rutte said`) or, after a quotation, behind it
(`said Rutte`); `according to X` names X. A quotation that runs over several sentences has one speaker. A
speaker is given by the fullest name that the document has for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.core.lexicon import FUNCTION_WORDS, REPORTING_VERBS
from service.core.model import Document
from service.core.people import People
from service.core.words import fold

_VERBS = "|".join(sorted((verb for verb in REPORTING_VERBS if not verb.endswith("ing")), key=len, reverse=True))
_VERB = re.compile(rf"\b(?P<verb>{_VERBS})\b(?!-)")
_ACCORDING = re.compile(r"\b[Aa]ccording to (?P<source>[^,.;:“”\"]{3,80})")
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|^[^“”]*”")
_PRONOUN = re.compile(r"(?:he|she|they|it|who|which|i|we|you)", re.IGNORECASE)
_SKIPPABLE = frozenset(
    "has have had also later earlier previously then now repeatedly reportedly further again is was been being were "
    "who not yet separately recently already publicly on since monday tuesday wednesday thursday friday saturday "
    "sunday did does do to would will could may might can should must".split()
)
_NO_SPEAKER = frozenset(
    "it this that there reports report what which as is was if when while so and or but not".split()
)
_TIME = re.compile(
    r"\s*\b(?:on|in|at|late|early|last|this|during|after|before|when|while|to|that|as|by|from|for|of|about|with|via|through|yesterday|today|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b.*$",
    re.IGNORECASE,
)
_NO_NOUN_PHRASE = frozenset("to for on into against by cited citing released made followed from".split())
_PERSON = re.compile(
    r"(?:spokes\w+|official|officer|source|lawyer|representative|analyst|researcher|scientist|expert|economist|doctor"
    r"|worker|member|leader|detective|investigator|adviser|advisor|resident|witness|statement|letter|report)(?:s|es)?",
    re.IGNORECASE,
)
_OF_PEOPLE = frozenset("for from on at by".split())
_GERUND = re.compile(r"[a-z]+ing\b")
_DAY_BEFORE = re.compile(r"^On (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? ")
_NOBODY = re.compile(
    r"(?:\d|no$|nobody|none|anyone|someone|everyone|everybody|at$|line$|there|one$|two$|three$|four$|five$|six$|seven$|eight$"
    r"|nine$|ten$|eleven$|twelve$|dozens$|hundreds$|thousands$)",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,4}")
# What a speaker is taken from who is no noun phrase that is understood: he is somebody.
_SAYING = frozenset("said says".split())
_SUBJECT = re.compile(
    r"(?<!so )(?:\b(?P<it>[Ii]t)(?: has| had| also| later| then| further)*"
    r"|(?<!\bno )(?<!\bnot )(?<![\w’'-])(?!(?:is|was|are|were|be|been|being|not|to|as|what|which|that|who|and|or"
    r"|nobody|none|one|never|it|much|all|this|there|when|if|than|has|have|had|so)\b)[\w’'-]+|[”\"])\s$",
    re.IGNORECASE,
)
_MOST_WORDS = 9  # of a speaker that is no name


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who said a sentence: an empty speaker is somebody whom the document does not name.

    `explicit` if the sentence itself says so; `verb` is where, in code points of it.
    """

    speaker: str
    explicit: bool
    verb: int = -1


def attribute(document: Document, people: People) -> list[Attribution | None]:
    """The attribution of each sentence of a document, in order."""
    quoted = quoted_starts(document)
    own = [_explicit(s.text, quoted[s.index], people) for s in document.sentences]
    resolved: list[Attribution | None] = []
    opened_by: str | None = None
    for i, sentence in enumerate(document.sentences):
        attribution = own[i]
        if attribution and _PRONOUN.fullmatch(attribution.speaker):
            attribution = Attribution(_antecedent(document, people, resolved, i), True, attribution.verb)
        begins_inside, inside = quoted[i], quoted[i + 1]
        if attribution is None and (begins_inside or _opens_quoted(sentence.text)):
            speaker = opened_by if begins_inside and opened_by else _quote_speaker(document, own, resolved, i)
            attribution = Attribution(speaker, False) if speaker else None
        opened_by = (attribution.speaker if attribution else opened_by) if inside else None
        resolved.append(attribution)
    return resolved


def speaker_in(text: str, people: People) -> str | None:
    """The speaker whom a text by itself names, if it is somebody's words."""
    found = _explicit(text, False, people)
    return found.speaker or None if found and not _PRONOUN.fullmatch(found.speaker) else None


def speakers_in(text: str, people: People) -> tuple[str, ...]:
    """Everybody whom a text by itself names as saying something, in order."""
    found = (attribution.speaker for attribution in _all_explicit(text, False, people))
    return tuple(dict.fromkeys(speaker for speaker in found if speaker and not _PRONOUN.fullmatch(speaker)))


def quoted_starts(document: Document) -> list[bool]:
    """For each sentence whether it begins inside a quotation, and last whether one is left open."""
    states = [False]
    for i, sentence in enumerate(document.sentences):
        states.append(_quote_stays_open(sentence.text, states[-1], _continues(document, i)))
    return states


def _explicit(text: str, inside: bool, people: People) -> Attribution | None:
    """The speaker that the sentence itself names, from its first reporting verb outside quotation marks."""
    return next(_all_explicit(text, inside, people), None)


def all_explicit(text: str, inside: bool, people: People) -> tuple[Attribution, ...]:
    """Everybody whom a sentence names, or only mentions, as saying something, in order of the words of saying."""
    return tuple(_all_explicit(text, inside, people))


def _all_explicit(text: str, inside: bool, people: People) -> Iterator[Attribution]:
    masked = _mask(text, inside)
    for match in _VERB.finditer(masked):
        phrase = _before(text, masked, match.start()) or _after(text, masked, match)
        if not phrase and match["verb"] in _SAYING and (subject := _SUBJECT.search(masked[: match.start()])):
            phrase = "it" if subject["it"] else ""
            yield Attribution(phrase, True, match.start())
        elif phrase:
            yield Attribution(people.canonical(phrase), True, match.start())
    for match in _ACCORDING.finditer(masked):
        phrase = _clip(text[match.start("source") : match.end("source")])
        if phrase:
            yield Attribution(people.canonical(phrase), True, match.start())


def _mask(text: str, inside: bool) -> str:
    """The text with quoted words blanked, same length; `inside` if it begins in the middle of a quotation."""
    if inside and (close := min((i for i in (text.find("”"), text.find('"')) if i >= 0), default=len(text))):
        return "\x00" * close + text[close : close + 1].replace('"', "”") + _mask(text[close + 1 :], inside=False)
    return _QUOTED.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    quoted = match.group()
    return quoted if len(quoted) == 1 else quoted[0] + "\x00" * (len(quoted) - 2) + quoted[-1]


def _before(text: str, masked: str, verb: int) -> str:
    """The noun phrase that ends right before a verb, over adverbs, auxiliaries and `, …,` insertions."""
    end = verb
    while True:
        left = masked[:end].rstrip()
        word = re.search(r"[\w’'-]+$", left)
        if word and word.group().lower() in _SKIPPABLE:
            end = word.start()
            continue
        break
    left = masked[:end].rstrip()
    if left.endswith(","):
        opening = left[:-1].rfind(",")
        if opening < 0 or re.search(r"[”\"\x00]", left[opening:]):
            return ""
        inserted = text[opening + 1 : end].strip(" ,")
        if _NAME.fullmatch(inserted) and masked[:opening].rstrip()[-1:].islower():
            return inserted  # "the owner, Strand Line, denied"
        end = opening
        left = masked[:end].rstrip()
    start = max((left.rfind(mark) for mark in (",", ";", ":", "”", '"', "—", "–", "(", "\x00")), default=-1) + 1
    if " and " in left[start:]:
        while listed := re.search(r"(?:^|,|\s)\s*((?:[A-Z][\w.’'-]*\s?){1,3}),\s*$", left[:start]):
            start = listed.start(1)
    phrase = text[start:end].strip()
    phrase = re.sub(
        r"^.*\b(?:that|while|after|before|because|although|but|whereas|when|where|since|as|if|said|says|say)\s",
        "",
        phrase,
        flags=re.IGNORECASE,
    )
    return _speaker(re.sub(r"^(?:and|but|yet|so)\s", "", phrase))


def _after(text: str, masked: str, match: re.Match[str]) -> str:
    """The noun phrase behind a verb that closes a quotation: `,” said Rutte.`"""
    if match["verb"].endswith("ing") or not re.search(r"[”\",]\s*$", masked[: match.start()]):
        return ""
    phrase = re.match(r"\s+([^,.;:“”\"]{2,90})", text[match.end() :])
    return _speaker(_clip(phrase[1])) if phrase else ""


def _clip(phrase: str) -> str:
    return _TIME.sub("", phrase.strip()).strip()


def _speaker(phrase: str) -> str:
    words = _DAY_BEFORE.sub("", phrase).split()
    if not words or len(words) > _MOST_WORDS + 4 or _NOBODY.match(words[0]):
        return ""
    first = words[0].lower()
    if len(words) == 1 and _PRONOUN.fullmatch(words[0]):
        return "" if first in ("it", "which", "you") else words[0].lower()
    if first in _NO_SPEAKER or (len(words) == 1 and first in FUNCTION_WORDS):
        return ""
    capitalised = [i for i, word in enumerate(words) if word[0].isupper() and word.lower() not in FUNCTION_WORDS]
    if not capitalised and len(words) > 4:
        return ""
    if any(
        word in _NO_NOUN_PHRASE or word.endswith(("ows", "ing")) for word in words[_people(words) :] if word.islower()
    ) or _GERUND.match(phrase):
        return ""
    while len(words) > 1 and words[-1].endswith("ly") and words[-1].islower():
        words.pop()
    speaker = " ".join(words[-_MOST_WORDS:]).strip(" ,’'")
    return speaker if "(" in speaker else speaker.rstrip(")")


def _people(words: Sequence[str]) -> int:
    """Where the words begin that may not stand in a noun phrase: behind `a spokesperson for`, `officers from`."""
    places = (i + 2 for i, word in enumerate(words[:-1]) if _PERSON.fullmatch(word) and words[i + 1] in _OF_PEOPLE)
    return next(places, 1)


def _antecedent(document: Document, people: People, resolved: list[Attribution | None], index: int) -> str:
    """Who `he` is: the speaker of the sentence before, if it names nobody else; empty if that is unclear."""
    previous = resolved[index - 1] if index else None
    if previous is None:
        return ""
    words = {fold(word.strip(".,;:!?“”\"'‘’()")) for word in document.sentences[index - 1].text.split()}
    others = {surname for surname in people.fullest if surname in words} - {fold(previous.speaker.rpartition(" ")[2])}
    return "" if others else previous.speaker


def _continues(document: Document, index: int) -> bool:
    """True if the next sentence belongs to the same paragraph."""
    sentences = document.sentences
    return index + 1 < len(sentences) and sentences[index + 1].paragraph == sentences[index].paragraph


def _quote_stays_open(text: str, inside: bool, continues: bool) -> bool:
    """Whether a quotation is open after a sentence. An unclosed “ runs over paragraphs, a straight one does not."""
    last_open, last_close = text.rfind("“"), text.rfind("”")
    if last_open >= 0 or last_close >= 0:
        return last_open > last_close
    straight = text.count('"')
    if straight:
        return (inside != bool(straight % 2)) and continues
    return inside


def _opens_quoted(text: str) -> bool:
    return text[:1] in '“"„«'


def _quote_speaker(
    document: Document, own: list[Attribution | None], resolved: list[Attribution | None], index: int
) -> str | None:
    """The speaker of a quotation without one of its own: named later in the paragraph, or just before it."""
    paragraph = document.sentences[index].paragraph
    for j in range(index + 1, min(index + 6, len(own))):
        if document.sentences[j].paragraph != paragraph:
            break
        following = own[j]
        if following and following.speaker and not _PRONOUN.fullmatch(following.speaker):
            return following.speaker
    previous = resolved[index - 1] if index else None
    if previous is not None:
        before = document.sentences[index - 1]
        if (
            before.paragraph == paragraph
            or before.text.rstrip().endswith(":")
            or document.sentences[index].text[:1] == "“"
        ):
            return previous.speaker
    return None
