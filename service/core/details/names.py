"""Names of people, places and organisations, and when two of them are one.

A name is a run of capitalised words with the particles that join them. Titles, weekdays and months are no
part of it. At the start of a sentence a capital proves nothing, so a single word there is a name only if the
documents write it with a capital elsewhere. Variants (Zelenskyy, Zelensky) are told by rapidfuzz, on single
long words alone, never on whole names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from service.core.details.dates import WEEKDAYS
from service.core.lexicon import COMMON_OPENERS, COUNTRIES, FUNCTION_WORDS, METONYMS, OFFICES, REPORTING_VERBS, TITLES
from service.core.model import Span
from service.core.words import fold

_CAPITAL = r"(?:[A-Z]\.){2,}|[^\W\d_a-z][\w]*(?:[’'\-‑](?=\w)[\w]+)*"
_PARTICLE = r"of|the|and|for|de|del|della|di|da|dos|du|la|le|van|von|der|den|ten|ter|al|el|bin|ibn|ben|y|zu|on"
_NAME = re.compile(
    rf"(?P<code>\b(?=[\w-]*\d)(?=[\w-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*\b)"
    rf"|(?P<name>(?:{_CAPITAL})(?:(?:\s(?:{_PARTICLE}))*\s(?:{_CAPITAL}))*)"
)
_WORD = re.compile(rf"{_CAPITAL}|\w+")
_MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_NO_NAME = FUNCTION_WORDS | frozenset(WEEKDAYS) | _MONTHS | TITLES | {"yes", "no", "ok", "not", "all", "both", "none"}
_SURNAME_PARTICLES = frozenset("de del della di da dos du la le van von der den ten ter al el bin ibn ben y zu".split())
_OPENING = re.compile(r"(?:^|[.!?…:]['\"”’)]*\s+|^[^\w]*|[“\"‘(\[]|^\s*[-*•]\s+)$")
_PLACED = re.compile(r"\b(?:in|at|near|from|around|outside|across|central)\s+$")
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}")


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its span. `words` are its folded words, particles left out, countries unified."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]

    def matches(self, other: Name) -> bool:
        """True if both may name one thing: `Rutte` and `Mark Rutte`, `UN` and `United Nations`."""
        return _same(self.words, other.words)


@lru_cache(maxsize=65_536)
def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if a == b:
        return True
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if _acronym(short, long):
        return True
    return all(any(same_word(word, other) for other in long) for word in short)


def _acronym(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long if word)


@lru_cache(maxsize=65_536)
def same_word(a: str, b: str) -> bool:
    """True for one word in two spellings: equal, or long and all but equal (Jaro-Winkler at least 0.95)."""
    if a == b:
        return True
    if min(len(a), len(b)) < 6 or a[0] != b[0] or abs(len(a) - len(b)) > 2:
        return False
    return a[:4] == b[:4] and JaroWinkler.similarity(a, b) >= 0.95


def find_names(text: str, taken: list[Span] = [], proper: frozenset[str] = frozenset()) -> tuple[Name, ...]:  # noqa: B006
    """The names of a text in order. `proper` holds folded words known to be names."""
    found: list[Name] = []
    for match in _NAME.finditer(text):
        if match["code"]:
            if not any(Span(*match.span()).overlaps(span) for span in taken):
                found.append(Name(match.start(), match.end(), match.group(), (match.group().casefold(),)))
            continue
        found.extend(_split(text, match.start(), match.group(), taken, proper))
    return tuple(found)


def _split(text: str, offset: int, run: str, taken: list[Span], proper: frozenset[str]) -> list[Name]:
    """Cut a capitalised run at titles, days and function words; drop what only opens a sentence."""
    names: list[Name] = []
    before = text[max(0, offset - 8) : offset]
    part: list[re.Match[str]] = []
    opening = bool(_OPENING.search(text[max(0, offset - 6) : offset]))
    words = list(_WORD.finditer(run))
    for word, following in zip(words, [*words[1:], None], strict=True):
        folded = fold(word.group())
        lower = word.group()[0].islower()
        opener = opening and word.start() == 0 and _opens_only(word.group(), folded, run, proper)
        inside = Span(offset + word.start(), offset + word.end())
        if opener or (not lower and _separates(word.group(), folded, following)) or any(inside.overlaps(s) for s in taken):
            _close(part, offset, names, before)
            part = []
        elif part or not lower:
            if folded == "and" and lower:
                _close(part, offset, names, before)
                part = []
            else:
                part.append(word)
        if word.group().endswith(("’s", "'s")) and not lower:
            _close(part, offset, names, before)
            part = []
    _close(part, offset, names, before)
    return names


def _separates(word: str, folded: str, following: re.Match[str] | None) -> bool:
    if folded in OFFICES:
        return following is not None and fold(following.group()) in TITLES
    return folded in _NO_NAME and not (word.isupper() and len(word) > 1) and COUNTRIES.get(folded) is None


def _opens_only(word: str, folded: str, run: str, proper: frozenset[str]) -> bool:
    """A capitalised word at the start of a sentence that nothing shows to be a name."""
    if folded in proper or _ACRONYM.fullmatch(word) or folded in COUNTRIES:
        return False
    if folded in COMMON_OPENERS or folded in REPORTING_VERBS:
        return True
    return len(run.split()) == 1 or run[len(word) :].split()[:1] == [""] or run.split()[1][0].islower()


def _close(part: list[re.Match[str]], offset: int, names: list[Name], before: str) -> None:
    """Add the name that `part` spells; `before` is the text in front of the run."""
    while part and part[-1].group()[0].islower():
        part.pop()
    if not part:
        return
    start, end = part[0].start(), part[-1].end()
    text = part[0].string[start:end]
    for ending in ("’s", "'s", "’", "'"):
        if text.endswith(ending):
            text, end = text.removesuffix(ending), end - len(ending)
            break
    words = tuple(
        COUNTRIES.get(folded, folded)
        for word in part
        if (folded := fold(word.group()).replace(".", "")) not in _SURNAME_PARTICLES and not _is_particle(word.group())
    )
    if len(words) == 1 and words[0] in METONYMS and not _PLACED.search(before + part[0].string[: part[0].start()]):
        words = (METONYMS[words[0]],)
    if words and len(text) > 1:
        names.append(Name(offset + start, offset + end, text, words))


def _is_particle(word: str) -> bool:
    return word[0].islower()
