"""Alignment: two texts laid beside each other, unit by unit, so that what differs is seen in its place.

A unit is a word, or a name, figure or moment as a whole. Units that are the same are paired; so are two names,
figures, moments or opposites that differ but stand in the same place, as a mismatch. The best alignment is the
one with the heaviest pairs (Needleman and Wunsch without a price for gaps); a mismatch weighs less than any
pair of equals, so that one is found only where the words around it agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from service.core.details import Figure, Moment, Name
from service.core.lexicon import REPORTING_TERMS
from service.core.matching import Analysis, Index
from service.core.opposites import POLES, negations_of, opposite
from service.core.words import term_of

_SAME_NAME, _SAME_WORD, _SAME_LITTLE, _MISMATCH = 1.5, 1.0, 0.35, 0.6
_OTHER_FIGURE = 0.55  # figures repeat: the verb beside one tells which it is
_MOST_UNITS = 90  # of a text: longer ones are no single statement, and aligning costs their product
_NEAR = 5  # units between a pair and its neighbour that still hold it in its place
_ALIKE = 0.5  # of a text's weight that must run along another for a difference between them to tell
_DENSE = 0.4  # of the other's weight, from where the two first meet to where they last do
_LEFT_OUT = frozenset("the a an".split())

# Past forms that no stem joins with the verb: "knew" stands where another text has "did not know".
_PAST_OF = """
    know knew known|see saw seen|tell told|hold held|hear heard|find found|lose lost|sell sold|win won|
    send sent|spend spent|buy bought|bring brought|think thought|teach taught|catch caught|fight fought|
    keep kept|meet met|feel felt|leave left|speak spoke spoken|break broke broken|steal stole stolen|
    choose chose chosen|write wrote written|drive drove driven|fly flew flown|draw drew drawn|grow grew grown|
    fall fell fallen|sink sank sunk|begin began begun|strike struck|hide hid|shoot shot|build built|lend lent|
    stand stood|understand understood|withdraw withdrew withdrawn|swim swam|ride rode|rise rose|wear wore worn|
    bear bore|bite bit bitten|throw threw thrown|eat ate eaten|freeze froze frozen|lead led|flee fled|seek sought
"""
_BASE = {form: forms.split()[0] for forms in _PAST_OF.split("|") for form in forms.split()}


def is_past(word: str) -> bool:
    """True for a folded word that has the form of the past."""
    return word.endswith("ed") or _BASE.get(word, word) != word


class Kind(StrEnum):
    WORD = "word"
    LITTLE = "little"  # a function word
    NAME = "name"
    FIGURE = "figure"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or a detail: its span, what it is compared by, and the detail if it is one."""

    start: int
    end: int
    kind: Kind
    key: str
    word: str
    detail: Name | Figure | Moment | None = None

    def same(self, other: Unit) -> bool:
        if self.kind is not other.kind or (self.detail is None and self.key != other.key):
            return False
        one, two = self.detail, other.detail
        if isinstance(one, Name) and isinstance(two, Name):
            return one.matches(two)
        if isinstance(one, Figure) and isinstance(two, Figure):
            return one.same_value(two)
        if isinstance(one, Moment) and isinstance(two, Moment):
            return one.covers(two) or two.covers(one)
        return not opposite(self.word, other.word)


@dataclass(frozen=True, slots=True)
class Pair:
    """The unit at `left` of one text beside the unit at `right` of the other."""

    left: int
    right: int
    same: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts as units, and the pairs of them, in order."""

    left: tuple[Unit, ...]
    right: tuple[Unit, ...]
    pairs: tuple[Pair, ...]

    @property
    def alike(self) -> bool:
        """True if the left text runs along the other: most of it and of its plain words, little left out between."""
        words = {i for i, u in enumerate(self.left) if u.kind is Kind.WORD and u.key not in REPORTING_TERMS}
        same = {pair.left for pair in self.pairs if pair.same}
        met = {pair.left for pair in self.pairs}
        return self._weighs(met) >= _ALIKE and len(words & same) >= _ALIKE * len(words) and self._dense()

    def _weighs(self, places: set[int]) -> float:
        """The share of the left text's weight that some of its units make up."""
        whole = sum(map(_weight, self.left))
        return sum(_weight(self.left[i]) for i in places) / whole if whole else 0.0

    def _dense(self) -> bool:
        """True if what is paired (something is) makes up much of the right text from the first pair to the last."""
        stretch = self.right[self.pairs[0].right : self.pairs[-1].right + 1]
        return sum(_weight(self.right[pair.right]) for pair in self.pairs) >= _DENSE * sum(map(_weight, stretch))

    def turned(self) -> Alignment:
        """The same from the other text's side."""
        return Alignment(self.right, self.left, tuple(Pair(pair.right, pair.left, pair.same) for pair in self.pairs))

    def mismatches(self, *kinds: Kind) -> Iterator[tuple[int, int]]:
        """Where units of some kinds differ in one place, and the words beside them agree.

        Of two that changed places each holds the other, so that it is enough where the words on one side agree.
        """
        for position, pair in enumerate(self.pairs):
            if not pair.same and self.left[pair.left].kind in kinds and self._held(position):
                yield pair.left, pair.right

    def gaps(self) -> Iterator[tuple[Sequence[Unit], Sequence[Unit]]]:
        """The few units of one text or both that stand unpaired between two that agree, closely followed by more."""
        bounds = [Pair(-1, -1, False), *self.pairs, Pair(len(self.left), len(self.right), False)]
        for position, (low, high) in enumerate(pairwise(bounds)):
            left, right = self.left[low.left + 1 : high.left], self.right[low.right + 1 : high.right]
            if (left or right) and len(left) <= _NEAR and len(right) <= _NEAR:
                opening = all(unit.kind is Kind.LITTLE for unit in self.left[: low.left + 1])
                before = opening or self._agree(position - 1, -1, low)
                closing = position < len(self.pairs) and all(u.kind is Kind.LITTLE for u in self.left[high.left :])
                if before and (closing or self._agree(position, 1, high)):
                    yield left, right

    def _held(self, position: int) -> bool:
        pair = self.pairs[position]
        before, after = self._agree(position - 1, -1, pair), self._agree(position + 1, 1, pair)
        if before and after:
            return True
        return (before or after) and (self._at_edge(pair) or self._exchanged(pair))

    def _agree(self, position: int, step: int, beside: Pair) -> bool:
        """True if equals that tell something stand close to a pair, looking from a position in one direction."""
        while 0 <= position < len(self.pairs):
            near = self.pairs[position]
            if abs(near.left - beside.left) > _NEAR or abs(near.right - beside.right) > _NEAR:
                return False
            if near.same and self.left[near.left].kind is not Kind.LITTLE:
                return True
            position += step
        return False

    def _at_edge(self, pair: Pair) -> bool:
        """True if it is the first or the last of the left text's units that tell something."""
        telling = [i for i, unit in enumerate(self.left) if unit.kind is not Kind.LITTLE]
        return bool(telling) and not telling[0] < pair.left < telling[-1]

    def _exchanged(self, pair: Pair) -> bool:
        """True if what stands here in the one text stands in the other where that has what stands here in it."""
        own, found = self.left[pair.left], self.right[pair.right]
        others = [other for other in self.pairs if not other.same]
        return any(own.same(self.right[o.right]) and found.same(self.left[o.left]) for o in others)


def align(text: Analysis, other: Analysis, index: Index) -> Alignment:
    """The best alignment of two texts, an empty one where they share too few words to run alike; made once."""
    found: Alignment = index.once(("align", id(text), id(other)), lambda: _align(text, other, index))
    return found


def units_of(text: Analysis, index: Index) -> tuple[Unit, ...]:
    """The units of a text in order; made once for a run."""
    found: tuple[Unit, ...] = index.once(("units", id(text), 0), lambda: tuple(_units(text, index)))
    return found


def _units(text: Analysis, index: Index) -> Iterator[Unit]:
    held: list[tuple[Kind, Name | Figure | Moment]] = [
        *((Kind.NAME, name) for name in text.details.names),
        *((Kind.FIGURE, figure) for figure in text.details.figures),
        *((Kind.MOMENT, moment) for moment in text.details.moments),
    ]
    held.sort(key=lambda pair: pair[1].start)
    i, told = 0, -1  # the next detail, and the last that was given
    for token in text.words:
        while i < len(held) and held[i][1].end <= token.start:
            i += 1
        if i < len(held) and held[i][1].start <= token.start < held[i][1].end:
            if told < i:
                kind, detail = held[told := i]
                yield Unit(detail.start, detail.end, kind, "", detail.text, detail)
            continue
        word = token.folded
        if token.term:
            yield Unit(
                token.start, token.end, Kind.WORD, index.alias(term_of(_BASE.get(word, word)) or token.term), word
            )
        elif word not in _LEFT_OUT:
            yield Unit(token.start, token.end, Kind.LITTLE, word, word)


def _align(text: Analysis, other: Analysis, index: Index) -> Alignment:
    left, right = units_of(text, index)[:_MOST_UNITS], units_of(other, index)[:_MOST_UNITS]
    there = {unit.key for unit in right}
    words = [unit.key in there for unit in left if unit.kind is Kind.WORD and unit.key not in REPORTING_TERMS]
    if sum(words) < _ALIKE * len(words):
        return Alignment(left, right, ())
    best = _best(_weights(left, right), len(right))
    pairs: list[Pair] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append(Pair(i, j, left[i].same(right[j])))
            i, j = i + 1, j + 1
    return Alignment(left, right, tuple(pairs))


def _best(weights: Sequence[Mapping[int, float]], width: int) -> list[list[float]]:
    """For each pair of suffixes the heaviest sum of pairs."""
    best = [[0.0] * (width + 1) for _ in range(len(weights) + 1)]
    for i in range(len(weights) - 1, -1, -1):
        below, own = best[i + 1], weights[i]
        if not own:
            best[i] = below
            continue
        row, most = best[i], 0.0
        for j in range(width - 1, -1, -1):
            most = max(most, below[j])
            if j in own and own[j] + below[j + 1] > most:
                most = own[j] + below[j + 1]
            row[j] = most
    return best


def _weights(left: Sequence[Unit], right: Sequence[Unit]) -> list[dict[int, float]]:
    """For each unit of one text what pairing it with units of the other would weigh, where that is anything."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for j, unit in enumerate(right):
        by_key["" if unit.detail else unit.key].append(j)
    by_word: dict[str, list[int]] = defaultdict(list)
    for j, unit in enumerate(right):
        by_word[unit.word].append(j)
    telling = [j for j, unit in enumerate(right) if unit.word in POLES]
    found = []
    for unit in left:
        places = by_key[""] if unit.detail else by_key[unit.key]
        if not unit.detail:
            denials = [j for word in negations_of(unit.word) if word in by_word for j in by_word[word]]
            places = [*places, *denials, *(telling if unit.word in POLES else ())]
        found.append({j: weight for j in places if (weight := _paired(unit, right[j]))})
    return found


def _paired(unit: Unit, other: Unit) -> float:
    if unit.same(other):
        return _weight(unit)
    if unit.detail is None and other.detail is None:
        return _MISMATCH * min(_weight(unit), _weight(other)) if opposite(unit.word, other.word) else 0.0
    if unit.kind is not other.kind or _is_time(unit) != _is_time(other):
        return 0.0
    return _OTHER_FIGURE if unit.kind is Kind.FIGURE else _MISMATCH


def _is_time(unit: Unit) -> bool:
    return isinstance(unit.detail, Moment) and unit.detail.is_time


def _weight(unit: Unit) -> float:
    if unit.kind is Kind.LITTLE:
        return _SAME_LITTLE
    return _SAME_WORD if unit.kind is Kind.WORD else _SAME_NAME
