"""Lies: sentences of a cluster altered so that they say something else, and a backend that tells them.

Each lie is an honest text, which passes the gates as it stands, with one thing changed. Whether the change makes
it untrue is decided here by the words of the sources, not by the gates: a text that is a sentence of a source, and
a value, a name, a bound, a day or a speaker that the sentences on the same matter hold, in whatever form, is no lie
and is not made. What is on the matter: for a claim the sentences that it cites, for a statement these and all
sentences of all documents that share 0.3 of its weight.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from service.backends.embedded import EmbeddedBackend
from service.core.anchoring import Refused, admit
from service.core.clauses import cuts
from service.core.details import Figure, Name
from service.core.details.quotations import plain
from service.core.matching import Analysis, Index
from service.core.model import (
    Answer,
    Brief,
    Chunk,
    Claim,
    ClaimDraft,
    Comparison,
    Group,
    Question,
    Relation,
    Sentence,
    Standing,
    Statement,
    StatementDraft,
    Verdict,
)
from service.core.verification import verify
from service.core.words import fold, tokens

Detail = TypeVar("Detail", Figure, Name)
_ON_THE_MATTER = 0.3  # share of a text that a sentence covers from which it is on the same matter
_OWN = 0.4  # share of a text from which a sentence that is nobody's words states it as its document's own


@dataclass(frozen=True, slots=True)
class Text:
    """An honest text, the sentences that it cites, and, of a statement, the facts that it tells."""

    text: str
    analysis: Analysis
    sentences: tuple[Sentence, ...]
    facts: tuple[str, ...] = ()
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Lie:
    """An altered text: what was altered, what it was, and what it is said to rest on."""

    kind: str
    text: str
    honest: str
    sentences: tuple[Sentence, ...]
    facts: tuple[str, ...] = ()
    speaker: str | None = None


class Forge:
    """Makes lies of what is found in a cluster. The same seed gives the same lies."""

    def __init__(self, comparison: Comparison, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (nothing is secret)
        self.comparison = comparison
        self.index = Index(comparison.documents)
        self.sentences = [s for d in comparison.documents for s in d.sentences if not s.heading]
        self.facts = {fact.id: fact for fact in comparison.standing(Standing.CONSENSUS)}
        self.whole = {_bare(sentence.text) for sentence in self.sentences}
        analyses = [self.index.of(sentence) for sentence in self.sentences]
        lower = {fold(word.text) for analysis in analyses for word in analysis.words if word.text.islower()}
        self.proper = self.index.proper - lower
        self.figures = _by_text(figure for analysis in analyses for figure in analysis.details.figures)
        self.names = _by_text(n for a in analyses for n in a.details.names if self._is_name(n))
        self.words = sorted(word for word in lower if len(word) > 4 and word.isalpha())

    def _is_name(self, name: Name) -> bool:
        """True for what is written with capitals alone, and is no adjective of a place (`Dunvale-based`)."""
        return set(name.words) <= self.proper and not re.search("-[a-z]", name.text)

    @cached_property
    def speakers(self) -> list[str]:
        """Who speaks in the cluster, by name."""
        found = {speaker for sentence in self.sentences if (speaker := self.index.speaker(sentence))}
        return sorted(s for s in found if s[0].isupper() and set(self.index.terms_of_name(s)) & self.proper)

    @cached_property
    def statements(self) -> list[Text]:
        """Sentences on agreed facts, cuts of them and claims, as far as they pass every gate of a summary."""
        found: dict[str, Text] = {}
        for fact in self.facts.values():
            facts = tuple(other.id for other in self.facts.values() if set(fact.evidence) & set(other.evidence))
            for text in (fact.claim.text, *(cut for s in fact.evidence if not s.heading for cut in cuts(s.text))):
                if text not in found and isinstance(self.verify(text, facts), Statement):
                    found[text] = Text(text, self.analyse(text, fact.evidence), fact.evidence, facts)
        return list(found.values())

    @cached_property
    def claims(self) -> list[Text]:
        """The claims that pass what a claim in a model's own words must pass."""
        members = [claim for fact in self.comparison.facts for claim in fact.members]
        return [
            Text(c.text, self.analyse(c.text, c.sentences), c.sentences, speaker=c.attributed_to)
            for c in members
            if not isinstance(admit(ClaimDraft(c.text, c.sentences, c.attributed_to), self.index), Refused)
        ]

    def verify(self, text: str, facts: Sequence[str]) -> object:
        """What becomes of a statement that names some facts."""
        origins, quorum = self.comparison.origins, self.comparison.quorum
        return verify(StatementDraft(text, tuple(facts)), self.facts, self.index, origins, quorum)

    def analyse(self, text: str, sentences: Sequence[Sentence]) -> Analysis:
        dates = {self.index.documents[sentence.document_id].dated for sentence in sentences}
        return self.index.analyse(text, dates.pop() if len(dates) == 1 else None)

    def matter(self, text: Text) -> list[Sentence]:
        """The sentences on the matter of a text."""
        hits = self.index.search(text.analysis, _ON_THE_MATTER) if text.facts else []
        return list(dict.fromkeys([*text.sentences, *(hit.sentence for hit in hits)]))

    def is_told(self, words: str, text: Text) -> bool:
        """True if a sentence on the matter of a text holds some words, but for marks and capitals."""
        sought = re.compile(rf"(?<!\w){re.escape(plain(words))}(?!\w)")
        return any(sought.search(self.index.of(sentence).plain) for sentence in self.matter(text))

    def figures_told(self, text: Text) -> list[Figure]:
        return [figure for sentence in self.matter(text) for figure in self.index.of(sentence).details.figures]

    def strangers(self, text: Text, candidates: Iterable[str]) -> list[str]:
        """Those of some names whom no sentence on the matter of a text names or has speak."""
        matter = self.matter(text)
        told = [name for sentence in matter for name in self.index.of(sentence).details.names]
        heard = [speaker for sentence in matter if (speaker := self.index.speaker(sentence))]
        named = {name.text: name for name in self.names}
        return [
            other
            for other in candidates
            if not any(_may_be_one(other, known) for known in (*heard, *(name.text for name in told)))
            and not any(other in named and named[other].matches(name) for name in told)
        ]

    def some(self, candidates: Sequence[str], count: int) -> list[str]:
        return self.chance.sample(candidates, min(count, len(candidates)))

    def lies_of(self, text: Text, kinds: Mapping[str, Kind]) -> Iterator[Lie]:
        """Every lie of some kinds about a text."""
        for name, make in kinds.items():
            seen = {text.text}
            for altered in make(self, text):
                if altered not in seen and _bare(altered) not in self.whole:
                    seen.add(altered)
                    yield Lie(name, altered, text.text, text.sentences, text.facts, text.speaker)

    def cited_elsewhere(self, text: Text) -> Iterator[Lie]:
        """A text unaltered that cites what does not say it: a sentence of elsewhere, another fact."""
        if text.facts:
            for fact_id in self.some([fact_id for fact_id in self.facts if fact_id not in text.facts], 3):
                if not self._may_say(self.facts[fact_id].evidence, text):
                    yield Lie(CITED_ELSEWHERE, text.text, text.text, (), (fact_id,))
            return
        for sentence in self.chance.sample([s for s in self.sentences if s not in text.sentences], 3):
            if not self._may_say((sentence,), text):
                yield Lie(CITED_ELSEWHERE, text.text, text.text, (sentence,), speaker=text.speaker)

    def _may_say(self, sentences: Sequence[Sentence], text: Text) -> bool:
        """True if sentences hold a third of a text: they may say it in other words."""
        return self.index.coverage(text.analysis, *(self.index.of(s) for s in sentences)) >= 1 / 3

    def is_own(self, bare: str, text: Text) -> bool:
        """True if a quorum of origins has sentences on a text that are nobody's words: it may be told as fact."""
        if not text.facts:
            return False
        hits = self.index.search(self.analyse(bare, text.sentences), _OWN)
        own = {hit.sentence.document_id for hit in hits if self.index.attribution(hit.sentence) is None}
        return len({self.comparison.origins[d] for d in own}) >= self.comparison.quorum


Kind = Callable[[Forge, Text], Iterator[str]]
CITED_ELSEWHERE = "cited elsewhere"


def _bare(text: str) -> str:
    return plain(text).rstrip(" .")


def _by_text(details: Iterable[Detail]) -> list[Detail]:
    found = {detail.text: detail for detail in details}
    return [found[text] for text in sorted(found)]


def _may_be_one(one: str, other: str) -> bool:
    """True if two names may be of one: they share a word or the beginning of one, or one is the other's initials."""
    words = [[fold(word) for word in re.split(r"[\s-]+", name) if word[:1].isupper()] for name in (one, other)]
    initials = ["".join(word[0] for word in found) for found in words]
    shared = any(a[:5] == b[:5] for a in words[0] for b in words[1] if min(len(a), len(b)) > 1)
    return shared or initials[0] in words[1] or initials[1] in words[0]


def swapped(text: str, start: int, end: int, by: str) -> str:
    return f"{text[:start]}{by}{text[end:]}"


_NUMBER = re.compile(r"(?<![A-Za-z])\d[\d,]*(?:\.\d+)?")
_POINT = re.compile(r"^\d+\.(?=\s)")  # the number of a point of a list, which counts nothing
_OTHER_NUMBER = {
    "two": "five", "three": "eight", "four": "nine", "five": "two", "six": "eleven", "seven": "twelve",
    "eight": "three", "nine": "four", "ten": "thirteen", "eleven": "six", "twelve": "seventeen",
    "fourteen": "nineteen", "fifteen": "twenty", "twenty-one": "thirty-four", "twenty-three": "fifty-three",
    "twenty-seven": "thirty-three", "thirty-one": "sixty-two", "thirty-eight": "fifty-two", "forty": "thirty",
    "forty-two": "sixty-seven", "fifty": "seventy", "hundred": "thousand", "million": "billion", "third": "sixth",
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_OTHER_NUMBER, key=len, reverse=True))})\b", re.IGNORECASE)


def figures(forge: Forge, text: Text) -> Iterator[str]:
    """Another value: one digit changed, a nought more, another number word."""
    taken = [(moment.start, moment.end) for moment in text.analysis.details.moments]
    taken += [match.span() for match in _POINT.finditer(text.text)]
    for match in (*_NUMBER.finditer(text.text), *_NUMBER_WORD.finditer(text.text)):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        for value in _other_values(match.group(), forge.chance):
            altered = swapped(text.text, match.start(), match.end(), value)
            if not forge.is_told(value, text) and not _is_written_otherwise(forge, altered, text):
                yield altered


def _other_values(written: str, chance: random.Random) -> list[str]:
    if not written[0].isdigit():
        other = _OTHER_NUMBER[written.lower()]
        return [other.capitalize() if written[0].isupper() else other]
    place = chance.choice([i for i, sign in enumerate(written) if sign.isdigit()])
    digit = chance.choice([digit for digit in "123456789" if digit != written[place]])
    more = f"{written}0" if "." not in written and "," not in written else f"1{written}"
    return [swapped(written, place, place + 1, digit), more]


def _is_written_otherwise(forge: Forge, altered: str, text: Text) -> bool:
    """True if every figure of an altered text has the value of one on the matter."""
    known = forge.figures_told(text)
    stated = forge.analyse(altered, text.sentences).details.figures
    return bool(stated) and all(any(k.same_value(f) for k in known) for f in stated)


def figures_of_others(forge: Forge, text: Text) -> Iterator[str]:
    """A figure that the cluster has on another matter."""
    known = forge.figures_told(text)
    for figure in text.analysis.details.figures:
        others = [
            other.text
            for other in forge.figures
            if other.text[:1].isdigit() == figure.text[:1].isdigit()
            and not any(k.same_value(other) for k in known)
            and not forge.is_told(other.text, text)
        ]
        for other in forge.some(others, 2):
            yield swapped(text.text, figure.start, figure.end, other)


_UNITS = (
    ("kilometres", "miles"), ("metres", "feet"), ("metre", "foot"), ("litres", "gallons"), ("tonnes", "kilograms"),
    ("percentage points", "percent"), ("percent", "percentage points"), ("per cent", "percentage points"),
    ("%", " percentage points"), ("€", "$"), ("crowns", "euros"), ("kg", "g"), ("g", "kg"), ("km", "m"),
    ("seconds", "minutes"), ("minutes", "hours"), ("minute", "hour"), ("hours", "days"), ("hour", "day"),
    ("days", "weeks"), ("weeks", "months"), ("months", "years"), ("years", "months"), ("year", "month"),
    ("thousand", "million"), ("million", "billion"), ("tonne", "kilogram"),
)  # fmt: skip


def units(forge: Forge, text: Text) -> Iterator[str]:
    """The same number of another unit."""
    for figure in text.analysis.details.figures:
        tail = text.text[figure.start : figure.end + 24]
        for unit, other in _UNITS:
            match = re.search(rf"(?<![^\W\d]){re.escape(unit)}(?![^\W\d])", tail)
            if match and match.start() <= figure.end - figure.start + 2:
                altered = swapped(tail, match.start(), match.end(), other)
                if not forge.is_told(altered[: match.start() + len(other)], text):
                    yield swapped(text.text, figure.start, figure.start + len(tail), altered)
                break


_BOUNDS = re.compile(
    r"\b(?:more than|over|at least|about|around|some|nearly|almost|roughly|approximately|approx\.|up to|fewer than"
    r"|less than|under|an estimated|just under|close to)\s$",
    re.IGNORECASE,
)
_IDIOM = re.compile(r"\b(?:talking|talk|said|says|asked) about (?:some |around )?$")
_ONE_BOUND = (
    {"more than", "over", "at least"},
    {"fewer than", "less than", "under"},
    {"nearly", "almost", "just under", "close to"},
)


def bounds(forge: Forge, text: Text) -> Iterator[str]:
    """A bound dropped, turned round or put on. One loosened to `about` is true, and is not made."""
    for figure in text.analysis.details.figures:
        before = text.text[: figure.start]
        ranged = figure.low != figure.high or not figure.text[:1].isdigit()
        if ranged or before[-1:].strip() or _IDIOM.search(before):
            continue  # part of a code or a year; "talking about 300" is "about 300" as well
        held = _BOUNDS.search(before)
        bound, start = (held.group().strip().lower(), held.start()) if held else ("", figure.start)
        for other in ("", "more than ", "fewer than ", "up to ", "nearly "):
            if not _is_one_bound(bound, other.strip()) and not _is_bounded_so(
                forge, figure.text, other.strip(), text
            ):
                yield swapped(text.text, start, figure.start, other)


def _is_one_bound(one: str, other: str) -> bool:
    return one == other or any({one, other} <= bound for bound in _ONE_BOUND)


def _is_bounded_so(forge: Forge, figure: str, bound: str, text: Text) -> bool:
    """True if a sentence on the matter gives a figure with this bound, in whatever words, or without one."""
    for sentence in forge.matter(text):
        for match in re.finditer(rf"(?<![\w,.]){re.escape(figure)}", sentence.text):
            found = _BOUNDS.search(sentence.text[: match.start()])
            if _is_one_bound(found.group().strip().lower() if found else "", bound):
                return True
    return False


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_RELATIVE = {"today": "last week", "tonight": "last night", "yesterday": "last week", "tomorrow": "next month"}
_CALENDAR = re.compile(
    rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})\b|\b(?P<month>{'|'.join(_MONTHS)})\b|\b(?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<relative>{'|'.join(_RELATIVE)})\b|(?P<time>\b\d{{1,2}}[:.]\d\d\b)|(?P<day>\b\d{{1,2}}\b)",
)


def dates(forge: Forge, text: Text) -> Iterator[str]:
    """Another weekday, month, day, year or time."""
    known = [moment for s in forge.matter(text) for moment in forge.index.of(s).details.moments]
    for moment in text.analysis.details.moments:
        for match in _CALENDAR.finditer(text.text, moment.start, moment.end):
            other = _other_date(match, forge.chance)
            altered = swapped(text.text, match.start(), match.end(), other)
            stated = forge.analyse(altered, text.sentences).details.moments
            only_another_name = all(any(k.covers(m) for k in known) for m in stated)
            if not forge.is_told(other, text) and not only_another_name:
                yield altered


def _other_date(match: re.Match[str], chance: random.Random) -> str:
    written = match.group()
    if match["weekday"]:
        return chance.choice([day for day in _WEEKDAYS if day != written])
    if match["month"]:
        return chance.choice([month for month in _MONTHS if month != written])
    if match["year"]:
        return str(int(written) + chance.choice((-9, -3, -1, 1, 2)))
    if match["relative"]:
        return _RELATIVE[written.lower()]
    if match["time"]:
        return f"{(int(written[:-3]) + chance.randint(1, 8)) % 12 + 1}{written[-3:]}"
    return str((int(written) + chance.randint(1, 9)) % 28 + 1)


def names(forge: Forge, text: Text) -> Iterator[str]:
    """Somebody or something else of the cluster in the place of a name."""
    others = forge.strangers(text, [name.text for name in forge.names])
    for name in text.analysis.details.names:
        for other in forge.some(others, 3):
            yield swapped(text.text, name.start, name.end, other)


_NEGATED = (
    (r"\b(is|are|was|were|has|have|had|will|would|could|may|might|should|does|did|do) not\b", r"\1"),
    (r"\b(was|is|does|did|would|could|has|had)n[’']t\b", r"\1"), (r"\bcannot\b", "can"), (r"\bcan't\b", "can"),
    (r"\bNot\b", "Indeed"), (r"\bnot\b", "now"), (r"\bNobody\b", "Somebody"), (r"\bnobody\b", "somebody"),
    (r"\bNo\b", "A"), (r"\bno\b", "a"), (r"\bNone\b", "All"), (r"\bnone\b", "all"), (r"\bnever\b", "always"),
    (r"\bwithout\b", "with"), (r"\bdenied that\b", "said that"), (r"\bdenied\b", "confirmed"),
    (r"\brefused to\b", "agreed to"), (r"\brejects\b", "accepts"), (r"\bneither\b", "both"),
)  # fmt: skip
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|could|may|might|should|can)\b(?! not|n[’'])")
_AFFIRMED = re.compile(r"\b(?:said|confirmed|announced|reported|told)\b")


def negation_dropped(forge: Forge, text: Text) -> Iterator[str]:
    """A denial that is left out, or turned round."""
    yield from _reworded(text.text, _NEGATED)


def negation_added(forge: Forge, text: Text) -> Iterator[str]:
    """A denial that nobody made."""
    for match in _AUXILIARY.finditer(text.text):
        yield swapped(text.text, match.end(), match.end(), forge.chance.choice((" not", " never")))
    for match in _AFFIRMED.finditer(text.text):
        yield swapped(text.text, match.start(), match.end(), "denied")


def _reworded(text: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for pattern, by in pairs:
        for match in re.finditer(pattern, text):
            yield swapped(text, match.start(), match.end(), match.expand(by))


_HEDGES = (
    (r"\bmay be\b", "is"), (r"\bmay\b", "will"), (r"\bmight\b", "will"), (r"\bcould\b", "will"),
    (r"\blikely to\b", "certain to"), (r"\bprobably\b", "certainly"), (r"\bpossibl[ey]\b", "certain"),
    (r"\breportedly ", ""), (r"\ballegedly ", ""), (r"\bsuspected\b", "proven"), (r"\bapparently ", ""),
    (r"\bappear(?:s|ed)? to\b", "certainly"), (r"\bseem(?:s|ed)? to\b", "certainly"),
    (r"\b(?:is|are|was|were) investigating whether\b", "found that"), (r"\binvestigating whether\b", "certain that"),
    (r"\bprobing whether\b", "certain that"), (r"\bIf\b", "Since"), (r"\bif\b", "since"), (r"\bunless\b", "because"),
)  # fmt: skip


def hedges(forge: Forge, text: Text) -> Iterator[str]:
    """What may be, is looked into, or is so on a condition, told as being so."""
    yield from _reworded(text.text, _HEDGES)


_QUOTED = re.compile(r"[“\"](?P<said>[^“”\"]{12,})[”\"]")


def quotations_altered(forge: Forge, text: Text) -> Iterator[str]:
    """A quotation in which a word is another, or is left out, not at its ends: to quote a part is no lie."""
    for match in _QUOTED.finditer(text.text):
        inside = [w for w in tokens(text.text) if match.start("said") < w.start and w.end + 1 < match.end("said")]
        for word in forge.chance.sample(inside, min(3, len(inside))):
            yield swapped(text.text, word.start, word.end, forge.chance.choice(forge.words))
            around, before = text.text[word.start - 2 : word.end + 2], text.text[: word.start]
            if not set("…[]") & set(around) and before.count("[") == before.count("]"):  # there one may be left out
                yield swapped(text.text, word.start, word.end + 1, "")


_INVENTED = (
    "We have nothing to hide and nobody to fear,", "This should never have been allowed to happen,",
    "I have seen nothing like it in all my years,", "It was only a matter of time before this happened,",
)  # fmt: skip


def quotations_invented(forge: Forge, text: Text) -> Iterator[str]:
    """Words in quotation marks that nobody said: of the liar's own, or the report's words put together anew."""
    speaker = next((who for sentence in text.sentences if (who := forge.index.speaker(sentence))), None)
    if speaker:
        yield f"“{forge.chance.choice(_INVENTED)}” {speaker} said."
    for start, end in _runs(forge, text):
        run = text.text[start:end].split()
        turned = " ".join([run[-1], *run[1:-1], run[0]])
        if run[0] != run[-1] and not forge.is_told(turned, text):
            yield swapped(text.text, start, end, f"“{turned}”")


def _runs(forge: Forge, text: Text) -> Iterator[tuple[int, int]]:
    """Three words of a text or more that are no quotation, and begin with none in capitals."""
    words = [word for word in tokens(text.text) if not word.text[0].isupper()]
    if len(words) > 6 and not _QUOTED.search(text.text):
        first = words[forge.chance.randrange(len(words) - 4)]
        last = next((word for word in words if word.start > first.end + 18), words[-1])
        if len(text.text[first.start : last.end].split()) > 2:
            yield first.start, last.end


_SAID = r"(?:said|says|told [^,.]{3,30}|added|insisted|warned|noted|announced|has said)"
_ATTRIBUTED = (
    re.compile(rf"[,]?[”\"]? (?:the |a )?[^,.“”\"]{{2,60}} {_SAID}(?: on \w+| tonight| yesterday)?\.?$"),
    re.compile(rf"^[^,“”\"]{{2,80}}? {_SAID}(?: on \w+| tonight)?(?: that|:)? (?=\S)"),
    re.compile(rf", [^,.“”\"]{{2,60}} {_SAID},"),
    re.compile(r"(?:, )?\b[Aa]ccording to [^,.]{2,60}[,.]? ?"),
)


def attribution_dropped(forge: Forge, text: Text) -> Iterator[str]:
    """What somebody said, told as fact, where no quorum of origins tells it so."""
    if not any(forge.index.attribution(sentence) for sentence in text.sentences):
        return
    for pattern in _ATTRIBUTED:
        match = pattern.search(text.text)
        bare = swapped(text.text, match.start(), match.end(), " ").strip(' ,“”"') if match else ""
        if len(bare.split()) > 4 and not forge.is_own(bare, text):
            yield f"{bare[0].upper()}{bare[1:].rstrip('.')}."


def attribution_to_others(forge: Forge, text: Text) -> Iterator[str]:
    """What one said, or nobody, put into another's mouth."""
    others = forge.strangers(text, forge.speakers)
    known = sorted({speaker for s in forge.matter(text) if (speaker := forge.index.speaker(s))})
    for speaker in known:
        place = text.text.find(speaker)
        for other in forge.some(others, 3) if place >= 0 else []:
            yield swapped(text.text, place, place + len(speaker), other)
    if others and text.text.endswith(".") and not re.search(rf"\b{_SAID}\b|[“”\"]", text.text):
        yield f"{text.text.rstrip('.')}, {forge.chance.choice(others)} said."


KINDS: Mapping[str, Kind] = {
    "figure": figures,
    "figure of another matter": figures_of_others,
    "unit": units,
    "bound": bounds,
    "date": dates,
    "name": names,
    "negation dropped": negation_dropped,
    "negation added": negation_added,
    "hedge dropped": hedges,
    "quotation altered": quotations_altered,
    "quotation invented": quotations_invented,
    "attribution dropped": attribution_dropped,
    "attribution to another": attribution_to_others,
}
"""What an honest text is altered in, and never told so."""


def names_change_places(forge: Forge, text: Text) -> Iterator[str]:
    """Two names of a text, each in the other's place."""
    found = text.analysis.details.names
    for one, other in pairwise(found):
        if not one.matches(other) and not _may_be_one(one.text, other.text):
            late = swapped(text.text, other.start, other.end, one.text)
            yield swapped(late, one.start, one.end, other.text)


def figures_change_places(forge: Forge, text: Text) -> Iterator[str]:
    """Two figures of one unit, each in the other's place."""
    found = text.analysis.details.figures
    for one, other in pairwise(found):
        if one.unit == other.unit and not one.same_value(other):
            late = swapped(text.text, other.start, other.end, one.text)
            yield swapped(late, one.start, one.end, other.text)


_OPPOSITES = (
    ("rose", "fell"), ("up", "down"), ("more", "fewer"), ("longer", "shorter"), ("higher", "lower"), ("shut", "open"),
    ("before", "after"), ("improved", "worsened"), ("late", "early"), ("closed", "opened"), ("safe", "in danger"),
    ("left", "boarded"), ("supported", "opposed"), ("first", "last"), ("began", "ended"), ("passed", "failed"),
)  # fmt: skip
_PAIRS = tuple((rf"\b{a}\b", b) for pair in _OPPOSITES for a, b in (pair, pair[::-1]))


def opposites(forge: Forge, text: Text) -> Iterator[str]:
    """The opposite of a word."""
    yield from _reworded(text.text, _PAIRS)


def futures(forge: Forge, text: Text) -> Iterator[str]:
    """What was done, told as to come."""
    yield from _reworded(
        text.text, ((r"\b(?:was|were|has been|have been|had been)\b", "will be"), (r"\bhas\b", "will have"))
    )


def certainties(forge: Forge, text: Text) -> Iterator[str]:
    """What is expected or thought of, told as certain."""
    yield from _reworded(
        text.text, ((r"\bexpected to\b", "certain to"), (r"\b(?:is|was) considering\b", "has decided on"))
    )


def descriptions(forge: Forge, text: Text) -> Iterator[str]:
    """Somebody described in the place of somebody named."""
    for name in text.analysis.details.names:
        yield swapped(
            text.text, name.start, name.end, forge.chance.choice(("the insurer", "a neighbour", "the firm"))
        )


def report_in_quotation_marks(forge: Forge, text: Text) -> Iterator[str]:
    """Words that a report has as its own, given as quoted."""
    for start, end in _runs(forge, text):
        yield swapped(text.text, start, end, f"“{text.text[start:end]}”")


def names_added(forge: Forge, text: Text) -> Iterator[str]:
    """A place or person of the cluster that the text did not have."""
    if text.text.endswith("."):
        for other in forge.some(forge.strangers(text, [name.text for name in forge.names]), 2):
            yield f"{text.text.rstrip('.')} in {other}."


OPEN: Mapping[str, Kind] = {
    "names change places": names_change_places,
    "figures change places": figures_change_places,
    "opposite": opposites,
    "done told as to come": futures,
    "expected told as certain": certainties,
    "description for a name": descriptions,
    "report in quotation marks": report_in_quotation_marks,
    "name added": names_added,
}
"""What the gates do not catch every time: it takes grammar, or knowledge of words."""


class LyingBackend:
    """Proposes lies among what is true, says that all claims say the same, and finds every statement supported."""

    name = "liar"
    judges = True

    def __init__(self, lies: Sequence[Lie] = ()) -> None:
        self._honest = EmbeddedBackend()
        self._lies = lies

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        """The honest claims, and every lie about sentences of the chunk."""
        held = set(chunk.sentences)
        lies = [lie for lie in self._lies if not lie.facts and held.issuperset(lie.sentences)]
        told = [ClaimDraft(lie.text, lie.sentences, lie.speaker) for lie in lies]
        return [*await self._honest.claims(chunk, index), *told]

    async def groups(self, claims: Sequence[Claim], index: Index) -> Sequence[Group]:
        return [Group(Relation.SAME, tuple(claim.id for claim in claims))]

    async def verdicts(self, questions: Sequence[Question], index: Index) -> Sequence[Answer]:
        return [Answer(Verdict.SUPPORTED, question.evidence, 1.0) for question in questions]

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        """Every lie about agreed facts, naming each fact that rests on a sentence which the lie was made of."""
        drafts = [
            StatementDraft(lie.text, tuple(f.id for f in brief.facts if set(f.evidence) & set(lie.sentences)))
            for lie in self._lies
            if lie.facts
        ]
        return [draft for draft in drafts if draft.facts]
