"""What an alteration is made on: an honest text, and the documents by whose words it is decided whether it is untrue.

Nothing here asks a gate. A value, a name, a bound, a day or a speaker that the sentences on the same matter hold,
in whatever form, is not put into a text: it may stay true.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from service.core.details import Figure, Name
from service.core.details.quotations import plain
from service.core.matching import Analysis, Index
from service.core.model import Document, Sentence
from service.core.words import fold

Detail = TypeVar("Detail", Figure, Name)
_ON_THE_MATTER = 0.3  # share of a text that a sentence covers from which it is on the same matter
_HALF = 0.5  # share of an altered text that a sentence holds from which it may say the same
_OWN = 0.4  # share of a text from which a sentence that is nobody's words states it as its document's own


@dataclass(frozen=True, slots=True)
class Text:
    """An honest text, the sentences that it cites, and, of a statement, the facts that it tells."""

    text: str
    analysis: Analysis
    sentences: tuple[Sentence, ...]
    facts: tuple[str, ...] = ()
    speaker: str | None = None


class Ground:
    """The documents of one event, what can be taken from them to alter a text, and chance.

    The same seed gives the same alterations. `origins` maps the id of a document to that of its origin.
    """

    def __init__(self, documents: Sequence[Document], origins: Mapping[str, str], quorum: int, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (nothing is secret)
        self.origins, self.quorum = origins, quorum
        self.index = Index(documents)
        self.sentences = [s for d in documents for s in d.sentences if not s.heading]
        self.whole = {_bare(sentence.text) for sentence in self.sentences}
        analyses = [self.index.of(sentence) for sentence in self.sentences]
        lower = {fold(word.text) for analysis in analyses for word in analysis.words if word.text.islower()}
        self.proper = self.index.proper - lower
        self.figures = _by_text(figure for analysis in analyses for figure in analysis.details.figures)
        self.names = _by_text(n for a in analyses for n in a.details.names if self.is_name(n))
        self.words = sorted(word for word in lower if len(word) > 4 and word.isalpha())

    def is_name(self, name: Name) -> bool:
        """True for what is written with capitals alone, and is no adjective of a place (`Dunvale-based`)."""
        return set(name.words) <= self.proper and not re.search("-[a-z]", name.text)

    @cached_property
    def speakers(self) -> list[str]:
        """Who speaks in the cluster, by name."""
        found = {speaker for sentence in self.sentences if (speaker := self.index.speaker(sentence))}
        return sorted(s for s in found if s[0].isupper() and set(self.index.terms_of_name(s)) & self.proper)

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
            if not any(may_be_one(other, known) for known in (*heard, *(name.text for name in told)))
            and not any(other in named and named[other].matches(name) for name in told)
        ]

    def some(self, candidates: Sequence[str], count: int) -> list[str]:
        return self.chance.sample(candidates, min(count, len(candidates)))

    def altered(self, text: Text, rule: Rule) -> Iterator[str]:
        """Every alteration of a text by a rule, each once, without those that are a sentence of a document."""
        seen = {text.text}
        for altered in rule(self, text):
            if altered not in seen and _bare(altered) not in self.whole:
                seen.add(altered)
                yield altered

    def is_told_elsewhere(self, altered: str, text: Text) -> bool:
        """True if a sentence that a text does not cite holds half of it altered, and all that the alteration put in.

        Where reports disagree, another says what the alteration says.
        """
        analysis = self.analyse(altered, text.sentences)
        new = analysis.bag - text.analysis.bag
        hits = self.index.search(analysis, _HALF) if new else []
        return any(hit.sentence not in text.sentences and new <= self.index.of(hit.sentence).bag for hit in hits)

    def may_say(self, sentences: Sequence[Sentence], text: Text) -> bool:
        """True if sentences hold a third of a text: they may say it in other words."""
        return self.index.coverage(text.analysis, *(self.index.of(s) for s in sentences)) >= 1 / 3

    def is_own(self, bare: str, text: Text) -> bool:
        """True if a quorum of origins has sentences on a text that are nobody's words: it may be told as fact."""
        if not text.facts:
            return False
        hits = self.index.search(self.analyse(bare, text.sentences), _OWN)
        own = {hit.sentence.document_id for hit in hits if self.index.attribution(hit.sentence) is None}
        return len({self.origins[d] for d in own}) >= self.quorum


Rule = Callable[[Ground, Text], Iterator[str]]
"""Yields texts that differ from an honest one in one thing."""


def _bare(text: str) -> str:
    return plain(text).rstrip(" .")


def _by_text(details: Iterable[Detail]) -> list[Detail]:
    found = {detail.text: detail for detail in details}
    return [found[text] for text in sorted(found)]


def may_be_one(one: str, other: str) -> bool:
    """True if two names may be of one: they share a word or the beginning of one, or one is the other's initials."""
    words = [[fold(word) for word in re.split(r"[\s-]+", name) if word[:1].isupper()] for name in (one, other)]
    initials = ["".join(word[0] for word in found) for found in words]
    shared = any(a[:5] == b[:5] for a in words[0] for b in words[1] if min(len(a), len(b)) > 1)
    return shared or initials[0] in words[1] or initials[1] in words[0]


def swapped(text: str, start: int, end: int, by: str) -> str:
    return f"{text[:start]}{by}{text[end:]}"


def reworded(text: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for pattern, by in pairs:
        for match in re.finditer(pattern, text):
            yield swapped(text, match.start(), match.end(), match.expand(by))


_LIST = re.compile(r"(?:[\s,;&/–-]|and\b|or\b|both\b|the\b)*")
_WORD_BETWEEN = re.compile(r"(?<![’'\w])[a-z]+")  # without one the two are of one phrase: `Russia's Kursk`
_MUTUAL = re.compile(
    r"\b(?:with|met|meets?|meeting|spoke|talks|near|versus|vs|beside|married|between)\b", re.IGNORECASE
)


def is_both_ways(between: str) -> bool:
    """True if two details may change places and it stays true, by what stands between: `A met B`, `A's B`."""
    joined = _LIST.fullmatch(between) or _MUTUAL.search(between)
    return joined is not None or _WORD_BETWEEN.search(between) is None
