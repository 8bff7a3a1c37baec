"""Disputes: when two claims answer one question with figures, times or words that exclude each other.

One question means, for figures, the same unit, the same thing counted and the same predicate; bounds that overlap,
other days and other things counted are no dispute. What excludes by days, names and words alone is found by
contradictions.py. Both sides are shown with their own spans, or there is none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from textwrap import shorten

from service.core.contradictions import opposed
from service.core.details import Figure, Moment
from service.core.entailment import alternatives
from service.core.lexicon import COUNTRIES, REPORTING_TERMS
from service.core.matching import Analysis, Index
from service.core.model import Claim, Dispute, Group, Position, Relation
from service.core.words import term_of, words_of

_GENERIC_HEADS = frozenset(term_of(word) for word in "people persons others men women victims individuals".split())
_NUMBERED = frozenset(
    "berth pier dock gate platform track terminal flight route highway road exit room ward unit floor line".split()
)
_ADJACENT, _AROUND = 1, 7  # terms on either side of a figure that make its predicate, and its surroundings
_SHARE_ADJACENT, _SHARE_COUNTED, _SHARE_MEASURED = 0.15, 0.35, 0.40  # of the lighter surroundings' weight
_MOST_ANSWERS = 48  # distinct answers compared in one bucket, the most stated first
_LONGEST_QUESTION = 80  # code points of a claim that stands for a question
_MOST_NOUNS = 4  # words of a counted phrase under which a figure is compared
_MOST_CONTEXTS = 6  # claims whose wording is compared for one answer
_COUNTRY_TERMS = frozenset(COUNTRIES.values())


@dataclass(frozen=True, slots=True)
class _Context:
    """The terms right beside a figure, and those around it."""

    adjacent: frozenset[str]
    around: frozenset[str]


@dataclass
class _Answer:
    """A value of one counted thing, with every claim that gives it; `said` stands behind it, `counted` folded."""

    noun: str
    figure: Figure | Moment
    claims: list[Claim] = field(default_factory=list)
    contexts: list[_Context] = field(default_factory=list)
    modifiers: set[str] = field(default_factory=set)

    @cached_property
    def counted(self) -> frozenset[str]:
        return frozenset(word.folded for word in words_of(self.said))

    @property
    def said(self) -> str:
        return _phrase(self.figure).partition(self.figure.text)[2].strip(" -–")


def find_conflicts(claims: Sequence[Claim], index: Index, origins: Mapping[str, str]) -> list[Group]:
    """Groups of claims whose figures, times or words exclude each other on one question."""
    groups = []
    for answers in _excluding(claims, index, origins):
        ids = tuple(claim.id for answer in answers for claim in answer.claims)
        groups.append(Group(Relation.CONFLICT, ids, _question(answers)))
    for question, sides in opposed(claims, index, origins):
        groups.append(Group(Relation.CONFLICT, tuple(claim.id for side in sides for claim in side), question))
    return groups


def build(
    groups: Sequence[Group], claims: Sequence[Claim], index: Index, origins: Mapping[str, str]
) -> list[Dispute]:
    """Disputes from proposed conflicts: only those whose claims, compared here again, exclude each other."""
    by_id = {claim.id: claim for claim in claims}
    disputes: list[Dispute] = []
    for group in groups:
        members = [by_id[claim_id] for claim_id in group.claims if claim_id in by_id]
        if group.relation is not Relation.CONFLICT or len(members) < 2:
            continue
        excluding = _excluding(members, index, origins)
        disputes += [Dispute(_question(answers), tuple(map(_position, answers))) for answers in excluding]
        disputes += [Dispute(asked, tuple(map(_side, sides))) for asked, sides in opposed(members, index, origins)]
    return _merged(disputes)


def _side(claims: Sequence[Claim]) -> Position:
    evidence = tuple(dict.fromkeys(sentence for claim in claims for sentence in claim.sentences))
    return Position(claims[0].text, tuple(claims), evidence)


def _merged(disputes: Sequence[Dispute]) -> list[Dispute]:
    """Disputes without those that another with more claims already shows."""
    kept: list[Dispute] = []
    for dispute in sorted(disputes, key=lambda d: -sum(len(p.claims) for p in d.positions)):
        claims = [{claim.id for claim in position.claims} for position in dispute.positions]
        if not any(_shows(other, claims) for other in kept):
            kept.append(dispute)
    return sorted(kept, key=disputes.index)


def _shows(dispute: Dispute, claims: Sequence[set[str]]) -> bool:
    """True if at least two of some positions' claims stand under positions of a dispute."""
    shown = {claim.id for position in dispute.positions for claim in position.claims}
    return sum(bool(each & shown) for each in claims) >= 2


def _excluding(claims: Sequence[Claim], index: Index, origins: Mapping[str, str]) -> Iterator[list[_Answer]]:
    """Answers to one question that exclude each other, for each question that figures or times answer."""
    for bucket in [*_figure_buckets(claims, index).values(), *_time_buckets(claims, index).values()]:
        yield from _conflicting(sorted(bucket, key=lambda a: -len(a.claims))[:_MOST_ANSWERS], index, origins)


def _figure_buckets(claims: Sequence[Claim], index: Index) -> dict[tuple[str, str], list[_Answer]]:
    """Answers by unit and by each noun of what is counted; equal values of one bucket are one answer."""
    buckets: dict[tuple[str, str], list[_Answer]] = defaultdict(list)
    for claim in claims:
        analysis = index.of_claim(claim)
        for figure in analysis.details.figures:
            if _counts_nothing(figure) or _is_name(analysis.text, figure):
                continue
            modifiers = set(figure.counted[:-1]) & (_COUNTRY_TERMS | index.proper)
            for noun in _nouns(figure, modifiers):
                context = _context(analysis, figure.start, figure.end, {noun, *modifiers, *_GENERIC_HEADS})
                _add(buckets[figure.unit, noun], _Answer(noun, figure, [claim], [context], set(modifiers)))
    return buckets


def _nouns(figure: Figure, modifiers: set[str]) -> Sequence[str]:
    """What a count may be of: each common word of the phrase; nothing for measures, and for "people"."""
    nouns = [term for term in figure.counted if term not in modifiers]
    return nouns[:_MOST_NOUNS] if nouns and not figure.unit and not _GENERIC_HEADS & {*nouns} else [""]


def _counts_nothing(figure: Figure) -> bool:
    """A bare small number or year, or the level of a confidence interval: no answer to anything."""
    little = figure.low <= 3 or (1900 <= figure.low < 2100 and len(figure.text) == 4)
    return (figure.unit == "" and figure.head == "" and little) or "confid" in figure.counted


def _is_name(text: str, figure: Figure) -> bool:
    """The number of a berth, a flight or a road tells them apart, and counts nothing."""
    before = text[: figure.start].rsplit(None, 1)
    beside = bool(before) and text[figure.start - 1] == " "
    return beside and figure.text.isdigit() and before[-1].lower() in _NUMBERED


def _time_buckets(claims: Sequence[Claim], index: Index) -> dict[str, list[_Answer]]:
    """Times of day, one claim with one time each."""
    bucket: list[_Answer] = []
    for claim in claims:
        analysis = index.of_claim(claim)
        times = [moment for moment in analysis.details.moments if moment.is_time]
        if len(times) == 1:
            context = _context(analysis, times[0].start, times[0].end, set())
            _add(bucket, _Answer("", times[0], [claim], [context]))
    return {"time": bucket}


def _add(bucket: list[_Answer], new: _Answer) -> None:
    """Put an answer into a bucket, with an equal one that is there already."""
    for answer in bucket:
        if _same_value(answer.figure, new.figure) and not _modified_apart(answer, new):
            answer.claims += new.claims
            answer.contexts += new.contexts[: _MOST_CONTEXTS - len(answer.contexts)]
            answer.modifiers |= new.modifiers
            return
    bucket.append(new)


def _same_value(a: Figure | Moment, b: Figure | Moment) -> bool:
    if isinstance(a, Moment) and isinstance(b, Moment):
        return a.minutes == b.minutes
    return isinstance(a, Figure) and isinstance(b, Figure) and a.same_value(b)


def _modified_apart(a: _Answer, b: _Answer) -> bool:
    """True if words with the nouns tell them apart: North Korean or Russian troops, morning or evening trains."""
    named = bool(a.modifiers and b.modifiers and not a.modifiers & b.modifiers)
    return named or any(alternatives(x, y) for x in a.counted - b.counted for y in b.counted - a.counted)


def _context(text: Analysis, start: int, end: int, counted: set[str]) -> _Context:
    """The common words around a figure, near and wide: what is said of the thing counted. Names tell no predicate."""
    names = [(name.start, name.end) for name in text.details.names]
    said = [
        word
        for word in text.words
        if word.term and not word.text[0].isdigit() and not any(low <= word.start < high for low, high in names)
    ]
    left = [word.term for word in said if word.end <= start and word.term not in REPORTING_TERMS]
    right = [word.term for word in said if word.start >= end and word.term not in {*REPORTING_TERMS, *counted}]
    return _Context(
        frozenset([*left[-_ADJACENT:], *right[:_ADJACENT]]), frozenset([*left[-_AROUND:], *right[:_AROUND]])
    )


def _conflicting(answers: Sequence[_Answer], index: Index, origins: Mapping[str, str]) -> list[list[_Answer]]:
    """Sets of answers in which every two are on one question and exclude each other, best supported first.

    At least two of a set must come from sources that differ: a report that gives both figures may mean two
    things, and does not contradict itself.
    """
    sets: list[list[_Answer]] = []
    for answer in answers:
        home = next((s for s in sets if all(_exclude(answer, other, index) for other in s)), None)
        if home is None:
            sets.append(home := [])
        home.append(answer)
    return [s for s in sets if any(_sources_differ(a, b, origins) for a, b in combinations(s, 2))]


def _exclude(a: _Answer, b: _Answer, index: Index) -> bool:
    return (
        _values_exclude(a.figure, b.figure)
        and not _modified_apart(a, b)
        and not _in_one_breath(a, b)
        and any(_one_question(p, q, a, b, index) for p in range(len(a.contexts)) for q in range(len(b.contexts)))
    )


def _in_one_breath(a: _Answer, b: _Answer) -> bool:
    """True if one voice in one document gives both: it means two things (a rise from 40 to 60, two periods)."""
    voices = {(claim.document_id, claim.attributed_to) for claim in a.claims}
    return any((claim.document_id, claim.attributed_to) in voices for claim in b.claims)


def _values_exclude(a: Figure | Moment, b: Figure | Moment) -> bool:
    if isinstance(a, Figure) and isinstance(b, Figure):
        return a.excludes(b)
    return isinstance(a, Moment) and isinstance(b, Moment) and a.excludes(b)


def _sources_differ(a: _Answer, b: _Answer, origins: Mapping[str, str]) -> bool:
    """True if some origin says only the one and some other only the other: a report may give both, of two things."""
    first = {origins[claim.document_id] for claim in a.claims}
    second = {origins[claim.document_id] for claim in b.claims}
    return bool(first - second) and bool(second - first)


def _one_question(p: int, q: int, a: _Answer, b: _Answer, index: Index) -> bool:
    """The same predicate, on days that do not exclude each other.

    A counted noun tells questions apart by itself, so that a shared word next to both figures is enough; a bare
    count needs that word; a measure or a time needs much of its surroundings, too.
    """
    if _other_days(a.claims[p], b.claims[q], index):
        return False
    one, other = a.contexts[p], b.contexts[q]
    lighter = min(index.weight_of(one.around), index.weight_of(other.around))
    share = index.weight_of(one.around & other.around) / lighter if lighter else 0.0
    adjacent = bool(one.adjacent & other.adjacent)
    if isinstance(a.figure, Moment) or a.figure.unit or not a.figure.counted:
        return adjacent and share >= _SHARE_MEASURED
    if a.noun:
        return (adjacent and share >= _SHARE_ADJACENT) or share >= _SHARE_COUNTED
    return adjacent and share >= _SHARE_ADJACENT


def _other_days(one: Claim, other: Claim, index: Index) -> bool:
    days = [[m for m in index.of_claim(c).details.moments if not m.is_time and m.first] for c in (one, other)]
    return bool(days[0] and days[1]) and all(m.excludes(n) for m in days[0] for n in days[1])


def _phrase(figure: Figure | Moment) -> str:
    return figure.phrase if isinstance(figure, Figure) else figure.text


def _position(answer: _Answer) -> Position:
    stating = (s for claim in answer.claims for s in reversed(claim.sentences))  # the figure's own first
    evidence = tuple(dict.fromkeys(stating))
    return Position(_phrase(answer.figure), tuple(answer.claims), evidence)


def _question(answers: Sequence[_Answer]) -> str:
    """A question in plain words, from what the answers count and what is said of it in each."""
    first = answers[0]
    shared = _shared_words(answers)
    if isinstance(first.figure, Moment):
        return f"At what time: {shared}?"
    counted = Counter(answer.said for answer in answers)
    noun = max(counted, key=lambda words: (counted[words], len(words)))
    if first.figure.unit or not noun:
        return f"Which figure: {shared}?"
    return f"How many {noun}?" if first.noun else f"How many {noun} ({shared})?"


def _shared_words(answers: Sequence[_Answer]) -> str:
    """Words around the first answer's figure that stand around another's, in their order."""
    others = frozenset(term for answer in answers[1:] for context in answer.contexts for term in context.around)
    common = answers[0].contexts[0].around & others
    text = answers[0].claims[0].core
    words = [token.text for token in words_of(text) if token.term in common]
    return " ".join(words[:8]) or shorten(text, _LONGEST_QUESTION, placeholder="…")
