"""Names of people, places and organisations, and when two of them are one.

A name is a run of capitalised words with the particles that join them. Titles, weekdays and months are no
part of it. At the start of a sentence a capital proves nothing, so a single word there is a name only if the
documents write it with a capital elsewhere. Variants (Zelenskyy, Zelensky) are told by rapidfuzz, on single
long words alone, never on whole names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from rapidfuzz.distance import JaroWinkler

from service.core.details.date_forms import MONTHS, WEEKDAYS
from service.core.details.spans import Taken
from service.core.lexicon import (
    COMMON_OPENERS,
    COUNTRIES,
    FUNCTION_WORDS,
    METONYMS,
    OFFICES,
    REPORTING_VERBS,
    TITLES,
)
from service.core.model import Span
from service.core.words import fold, remember

_CAPITAL = (
    r"(?:[A-Z]\.){2,}|[A-Z]\.(?=\s[A-Z])|(?:St|Mt|Ft)\.(?=\s[A-Z])|[A-Z]{1,4}&[A-Z]{1,4}\b"
    r"|(?:[a-z](?=[A-Z]))?[^\W\d_a-z]\w*(?:[’'\-‑](?=\w)\w+)*"
)
_PARTICLES = "de|del|della|di|da|dos|du|la|le|van|von|der|den|ten|ter|al|el|bin|ibn|ben|y|zu"
_JOINED = rf"of|the|and|for|on|&|{_PARTICLES}"
_MEASURED = r"\d+(?:[KMBPCFSX]|[BTM]N|K[GMW]|[CM]M|[MG]W|MPH|[AP]M|ST|[NR]D|TH|FT)\b"
_NAME = re.compile(
    rf"\b(?:(?P<code>(?!{_MEASURED})(?:[A-Z]+(?:-[A-Z]+)*-?\d|\d+-?[A-Z])[A-Z0-9]*(?:-[A-Z0-9]+)*\b)"
    rf"|(?P<name>(?:{_CAPITAL})(?:(?:\s(?:{_JOINED}))*\s(?:[dl][’'])?(?:{_CAPITAL}))*))"
)
_WORD = re.compile(rf"\b(?:{_CAPITAL}|\w+)")
_MONTHS = frozenset(MONTHS) | {name[:3] for name in MONTHS} | {"sept"}
_NO_NAME = FUNCTION_WORDS | TITLES | frozenset(WEEKDAYS) | {"yes", "no", "ok", "not", "all", "both", "none"}
_SURNAME_PARTICLES = frozenset(_PARTICLES.split("|"))
_OPENING = re.compile(r"(?:^|[.!?…:]['\"”’)]*\s+|^[^\w]*|[“\"‘(\[]|^\s*[-*•]\s+)$")
_ABBREVIATED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Messrs|Dr|Prof|Gov|Sen|Rep|Gen|Lt|Col|Sgt|Capt|Maj|Adm|Rev|Hon|Insp|Supt)\.\s$"
)
_PLACED = re.compile(r"\b(?:in|at|near|from|around|outside|across|central)\s+$")
_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,6}")
_ROMAN = frozenset("ivx")

# Two words that are one country or union.
_UNIFIED = {
    ("united", "states"): "america", ("united", "kingdom"): "britain", ("great", "britain"): "britain",
    ("united", "nations"): "un", ("europe", "union"): "eu",
}  # fmt: skip


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


@remember(65_536)
def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if a == b or _acronym(a, b) or _acronym(b, a):
        return True
    a, b = _pieces(a), _pieces(b)
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    return "".join(a) == "".join(b) or (_within(short, long) and (len(a) != len(b) or _within(long, short)))


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """True if every word of a name is one of another's; of names as long as each other neither is the short one."""
    return all(any(_alike(word, other, short) for other in long) for word in short)


def _pieces(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with hyphens as breaks: `Kim Jong-un` is written `Kim Jong Un` too."""
    return tuple(piece for word in words for piece in word.split("-") if piece)


def _alike(word: str, other: str, name: tuple[str, ...]) -> bool:
    """One word in two spellings, or an initial with the given name that it stands for (`J. Smith`)."""
    initial, full = (word, other) if len(word) <= len(other) else (other, word)
    if len(initial) == 1 and len(name) > 1 and initial not in _ROMAN and full[0] == initial:
        return True
    return same_word(word, other)


def _acronym(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long)


@remember(65_536)
def same_word(a: str, b: str) -> bool:
    """True for one word in two spellings: equal, or long and all but equal (Jaro-Winkler at least 0.95)."""
    if a == b:
        return True
    if min(len(a), len(b)) < 6 or a[0] != b[0] or abs(len(a) - len(b)) > 2:
        return False
    return a[:4] == b[:4] and JaroWinkler.similarity(a, b) >= 0.95


def find_names(text: str, taken: Sequence[Span] = (), proper: frozenset[str] = frozenset()) -> tuple[Name, ...]:
    """The names of a text in order. `proper` holds folded words known to be names."""
    found: list[Name] = []
    held = Taken(taken)
    for match in _NAME.finditer(text):
        start, end = match.span()
        if not match["code"]:
            single = _single(match.group()) if _inside(text, start) and not held.touches(start, end) else None
            if single:
                found.append(Name(start, start + len(single[0]), *single))
            else:
                found.extend(_split(text, start, match.group(), held, proper))
        elif not held.touches(*match.span()):
            found.append(Name(match.start(), match.end(), match.group(), (match.group().casefold(),)))
    return tuple(found)


def _inside(text: str, offset: int) -> bool:
    """True if a word plainly stands inside a sentence: after a letter or a comma, and a space."""
    return offset > 1 and text[offset - 1] == " " and (text[offset - 2].isalpha() or text[offset - 2] == ",")


@remember(16_384)
def _single(run: str) -> tuple[str, tuple[str, ...]] | None:
    """The name that one word inside a sentence is by itself; None where it takes a longer look (`_split`)."""
    if " " in run:
        return None
    found = _split(f"x {run}", 2, run, Taken(()), frozenset())
    return (found[0].text, found[0].words) if len(found) == 1 and fold(run) not in METONYMS else None


def _split(text: str, offset: int, run: str, held: Taken, proper: frozenset[str]) -> list[Name]:
    """Cut a capitalised run at titles, days and function words; drop what only opens a sentence."""
    names: list[Name] = []
    before = text[max(0, offset - 10) : offset]
    part: list[re.Match[str]] = []
    opening = bool(_OPENING.search(before[-6:])) and not _ABBREVIATED.search(before)
    words = list(_WORD.finditer(run))
    for word, following in zip_longest(words, words[1:]):
        written = word.group()
        folded, joins = fold(written), _joins(written)
        opener = opening and word.start() == 0 and _opens_only(written, folded, run, proper)
        if (
            opener
            or (joins and folded == "and")
            or (not joins and _separates(written, folded, following, bool(part)))
            or held.touches(offset + word.start(), offset + word.end())
        ):
            _close(part, offset, names, before)
            part = []
        elif part or not joins:
            part.append(word)
            if written.endswith(("’s", "'s")):
                _close(part, offset, names, before)
                part = []
    _close(part, offset, names, before)
    return names


def _joins(word: str) -> bool:
    """True for a particle, and for any word of a script without capitals, where nothing shows a name."""
    return word == word.lower()


def _separates(word: str, folded: str, following: re.Match[str] | None, inside: bool) -> bool:
    if folded in OFFICES:
        return following is not None and fold(following.group()) in TITLES
    if folded in TITLES:
        return True
    if folded in _MONTHS:
        return not inside  # `Theresa May`
    return folded in _NO_NAME and not (word.isupper() and len(word) > 1) and folded not in COUNTRIES


def _opens_only(word: str, folded: str, run: str, proper: frozenset[str]) -> bool:
    """A capitalised word at the start of a sentence that nothing shows to be a name."""
    if folded in proper or _ACRONYM.fullmatch(word) or folded in COUNTRIES:
        return False
    if folded in COMMON_OPENERS or folded in REPORTING_VERBS:
        return True
    following = run.split(maxsplit=2)[1:2]
    return not following or (following[0].islower() and following[0] not in _SURNAME_PARTICLES)


def _close(part: list[re.Match[str]], offset: int, names: list[Name], before: str) -> None:
    """Add the name that `part` spells; `before` is the text in front of the run."""
    while part and _joins(part[-1].group()):
        part.pop()
    if not part:
        return
    start, end = part[0].start(), part[-1].end()
    if part[-1].group().endswith(("’s", "'s")):
        end -= 2
    text = part[0].string[start:end]
    words = _words(part)
    if len(words) == 1 and words[0] in METONYMS and not _PLACED.search(before + part[0].string[:start]):
        words = tuple(METONYMS[words[0]].split())
    if any(len(word) > 1 for word in words):
        names.append(Name(offset + start, offset + end, text, words))


def _words(part: list[re.Match[str]]) -> tuple[str, ...]:
    """The folded words of a name without particles, countries in one form."""
    folded = [fold(word.group().replace("‑", "-")).replace(".", "") for word in part if not _joins(word.group())]
    words = [COUNTRIES.get(word, word) for word in folded if word not in _SURNAME_PARTICLES]
    for i, pair in enumerate(pairwise(words)):
        if pair in _UNIFIED:
            words[i : i + 2] = [_UNIFIED[pair]]
            break
    return tuple(words)
