"""Matching: which sentences of a cluster could bear out a text, and how much of it they cover.

One index per run. A term weighs what it tells: rare terms much, the words of reporting little. Search is by
prefix filtering: a sentence that covers a share t of a text must hold one of its rarest terms, those that
make up 1 - t of its weight, so nothing is compared with everything and the search still covers every
document. Formula: weight = ln(1 + N / df) over N distinct sentences (Sparck Jones's inverse frequency).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from math import log
from typing import Any, NamedTuple

from service.core.analysis import Analysis, Mode, modes_of
from service.core.attribution import (
    Attribution,
    all_explicit,
    attribute,
    quoted_starts,
    speaker_in,
    speakers_in,
)
from service.core.details import Details, find_details
from service.core.details.quotations import plain
from service.core.lexicon import REPORTING_TERMS
from service.core.model import Claim, Document, Sentence
from service.core.people import People, people_of
from service.core.spellings import aliases, proper_words
from service.core.words import Word, words_of

__all__ = ["LEAST_COVERAGE", "Analysis", "Hit", "Index", "Mode"]

LEAST_COVERAGE = 0.20
"""No search looks for less of a text."""
_REPORTING_WEIGHT = 0.3
_MOST_POSTINGS = 300  # sentences scanned for one term, unless it is the rarest of the text
_MOST_CANDIDATES = 24  # sentences compared in full for one text
_LOOSE_CANDIDATES, _TIGHT_COVERAGE = 8, 0.40  # beyond the best 8, only what covers a text well is of use


class Hit(NamedTuple):
    """A sentence and the share of a text's weight that it covers, from 0 to 1."""

    sentence: Sentence
    coverage: float


class Index:
    """The sentences of all documents of one run, analysed once each, searchable by their rare terms."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = {document.id: document for document in documents}
        self.proper = proper_words(documents)
        self._aliases = aliases(self.proper)
        self._memo: dict[tuple[str, date | None], Analysis] = {}
        self._frequency: Counter[str] = Counter()
        self._postings: dict[str, list[int]] = defaultdict(list)
        self._attributions: dict[str, tuple[Attribution | None, ...]] = {}
        self._people: dict[str, People] = {}
        self._speakers: dict[str, tuple[str, ...]] = {}
        self._quoted: dict[str, list[bool]] = {}
        self._sentences: list[list[Sentence]] = []  # equal texts of one day share an entry
        self._analyses: list[Analysis] = []
        self._found: dict[frozenset[str], list[Hit]] = {}
        self._totals: dict[frozenset[str], float] = {}
        self._once: dict[tuple[str, int, int], Any] = {}
        self._build(documents)
        self._weights = _Weights(self._frequency, len(self._analyses))

    def _build(self, documents: Sequence[Document]) -> None:
        entries: dict[tuple[str, date | None], int] = {}
        for document in documents:
            for sentence in document.sentences:
                key = (sentence.text, document.dated)
                if key in entries:
                    self._sentences[entries[key]].append(sentence)
                    continue
                analysis = self.analyse(sentence.text, document.dated)
                entries[key] = len(self._analyses)
                self._analyses.append(analysis)
                self._sentences.append([sentence])
                for term in analysis.bag:
                    self._frequency[term] += 1
                    self._postings[term].append(entries[key])

    def analyse(self, text: str, dated: date | None = None) -> Analysis:
        """The analysis of a text written on the day `dated`; made once for equal texts."""
        key = (text, dated)
        if key not in self._memo:
            self._memo[key] = self._analyse(text, dated)
        return self._memo[key]

    def of(self, sentence: Sentence) -> Analysis:
        return self.analyse(sentence.text, self.documents[sentence.document_id].dated)

    def of_claim(self, claim: Claim) -> Analysis:
        """The analysis of the fact itself, without what was put before it to make the claim self-contained."""
        return self.analyse(claim.core, self.documents[claim.document_id].dated)

    def excerpt(self, sentence: Sentence, start: int, end: int) -> Analysis:
        """The analysis of a part of a sentence, cut out of the sentence's own where that is possible."""
        whole = self.of(sentence)
        text = sentence.text[start:end]
        key = (text, self.documents[sentence.document_id].dated)
        if key not in self._memo:
            details = whole.details.within(start, end)
            if details is None:
                return self.analyse(*key)
            words = tuple(word.moved(-start) for word in whole.words if start <= word.start and word.end <= end)
            self._memo[key] = self._assemble(text, words, details)
        return self._memo[key]

    def _analyse(self, text: str, dated: date | None) -> Analysis:
        return self._assemble(text, tuple(words_of(text)), find_details(text, dated, self.proper))

    def _assemble(self, text: str, words: tuple[Word, ...], details: Details) -> Analysis:
        terms, folded = tuple(self._terms(words, details)), frozenset(word.folded for word in words)
        return Analysis(text, plain(text), words, folded, terms, frozenset(terms), details, modes_of(words))

    def _terms(self, words: Sequence[Word], details: Details) -> Iterator[str]:
        """Terms in order, with each figure and moment as one term of its value in place of its words."""
        valued = sorted(
            [(f.start, f.end, f"#{f.low:g}{f.unit}") for f in details.figures]
            + [(m.start, m.end, f"@{m.first or m.key}") for m in details.moments]
        )
        i = 0
        for word in words:
            while i < len(valued) and valued[i][1] <= word.start:
                yield valued[i][2]
                i += 1
            if word.term and not (i < len(valued) and valued[i][0] <= word.start < valued[i][1]):
                yield self._aliases.get(word.term, word.term)
        yield from (term for _, _, term in valued[i:])

    def once(self, key: tuple[str, int, int], make: Callable[[], Any]) -> Any:
        """What is made for one or two analyses of this index (`id`s, which live as long as it does), made once."""
        if key not in self._once:
            self._once[key] = make()
        return self._once[key]

    def alias(self, term: str) -> str:
        """The one spelling that all spellings of a name are indexed under."""
        return self._aliases.get(term, term)

    def terms_of_name(self, name: str) -> tuple[str, ...]:
        """The indexed terms of a speaker's name or description."""
        if name not in self._speakers:
            self._speakers[name] = tuple(self.alias(token.term) for token in words_of(name) if token.term)
        return self._speakers[name]

    def attributions(self, document: Document) -> tuple[Attribution | None, ...]:
        """Who said each sentence of a document; found out once."""
        if document.id not in self._attributions:
            self._attributions[document.id] = tuple(attribute(document, self._people_of(document)))
        return self._attributions[document.id]

    def _people_of(self, document: Document) -> People:
        if document.id not in self._people:
            names = [() if s.heading else self.of(s).details.names for s in document.sentences]
            self._people[document.id] = people_of(document, names)
        return self._people[document.id]

    def attribution(self, sentence: Sentence) -> Attribution | None:
        return self.attributions(self.documents[sentence.document_id])[sentence.index]

    def explicit(self, sentence: Sentence) -> tuple[Attribution, ...]:
        """Everybody whom a sentence itself has say something, in order."""
        people = self._people_of(self.documents[sentence.document_id])
        return all_explicit(sentence.text, self.begins_quoted(sentence), people)

    def speaker(self, sentence: Sentence) -> str | None:
        """Who said a sentence, if it is said and the document names who."""
        attribution = self.attribution(sentence)
        return attribution.speaker or None if attribution else None

    def speaker_in(self, text: str, sentence: Sentence) -> str | None:
        """Whom a text on a sentence gives as its speaker, by the fullest name that the document has."""
        return speaker_in(text, self._people_of(self.documents[sentence.document_id]))

    def speakers_in(self, text: str, sentence: Sentence) -> tuple[str, ...]:
        """Whom a text on a sentence gives as its speakers, by the fullest names that the document has."""
        return speakers_in(text, self._people_of(self.documents[sentence.document_id]))

    def explicit_in(self, text: str, sentence: Sentence) -> tuple[Attribution, ...]:
        """Everybody whom a text on a sentence has say something, in order, by the names that the document has."""
        return all_explicit(text, False, self._people_of(self.documents[sentence.document_id]))

    def gives_voice(self, sentence: Sentence, speaker: str) -> bool:
        """True if a sentence is a speaker's words by its document, or has them say something."""
        terms, known = self.terms_of_name(speaker), self.speaker(sentence)
        if known and terms and terms[-1] in self.terms_of_name(known):
            return True
        return self.of(sentence).reports and bool(terms) and set(terms) <= self.of(sentence).bag

    def begins_quoted(self, sentence: Sentence) -> bool:
        """True if a sentence begins inside a quotation that an earlier one opened."""
        if sentence.document_id not in self._quoted:
            self._quoted[sentence.document_id] = quoted_starts(self.documents[sentence.document_id])
        return self._quoted[sentence.document_id][sentence.index]

    def weight(self, term: str) -> float:
        return self._weights[term]

    def weight_of(self, terms: Iterable[str]) -> float:
        return sum(map(self._weights.__getitem__, terms))

    def coverage(self, text: Analysis, *evidence: Analysis) -> float:
        """The share of the text's weight that stands in the evidence, taken together."""
        total = self._total(text.bag)
        if not total:
            return 0.0
        held = evidence[0].bag if len(evidence) == 1 else frozenset().union(*(other.bag for other in evidence))
        return round(self.weight_of(text.bag & held) / total, 9)  # the order of a sum must not show

    def _total(self, bag: frozenset[str]) -> float:
        total = self._totals.get(bag)
        if total is None:
            total = self._totals[bag] = self.weight_of(bag)
        return total

    def search(self, text: Analysis, least: float) -> list[Hit]:
        """The sentences that cover at least `least` of a text, best first, then in order of document."""
        hits = self._found.get(text.bag)
        if hits is None:
            hits = self._found[text.bag] = self._search(text)
        return [hit for hit in hits if hit.coverage >= least]

    def _search(self, text: Analysis) -> list[Hit]:
        total = self._total(text.bag)
        scores, unseen = self._scores(text.bag, total)
        hopeful = [(score, -entry) for entry, score in scores.items() if score + unseen >= LEAST_COVERAGE * total]
        best = [-entry for _, entry in sorted(hopeful, reverse=True)[:_MOST_CANDIDATES]]
        covered = [(self.coverage(text, self._analyses[entry]), entry) for entry in best]
        covered.sort(key=lambda pair: (-pair[0], pair[1]))
        return [
            Hit(sentence, coverage)
            for rank, (coverage, entry) in enumerate(covered)
            if coverage >= (LEAST_COVERAGE if rank < _LOOSE_CANDIDATES else _TIGHT_COVERAGE)
            for sentence in self._sentences[entry]
        ]

    def _scores(self, bag: frozenset[str], total: float) -> tuple[dict[int, float], float]:
        """The weight that each entry shares with a text through its rarest terms, and the weight left unseen."""
        scores: dict[int, float] = defaultdict(float)
        unseen = total
        for rank, (weight, term) in enumerate(sorted(((self._weights[t], t) for t in bag), reverse=True)):
            postings = self._postings.get(term, ())
            if rank > 2 and (unseen < LEAST_COVERAGE * total or len(postings) > _MOST_POSTINGS):
                break  # an entry with none of the terms so far can't reach the least coverage
            for entry in postings:
                scores[entry] += weight
            unseen -= weight
        return scores, unseen


class _Weights(dict[str, float]):
    """The weight of each term, computed when it is first asked for."""

    def __init__(self, frequency: Counter[str], sentences: int) -> None:
        super().__init__()
        self._frequency, self._sentences = frequency, sentences

    def __missing__(self, term: str) -> float:
        weight = log(1 + (self._sentences + 1) / (self._frequency[term] + 0.5))
        self[term] = weight = weight * _REPORTING_WEIGHT if term in REPORTING_TERMS else weight
        return weight
