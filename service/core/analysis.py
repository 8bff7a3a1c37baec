"""Analysis: what is compared of a text, and how it holds what it says: denied, hedged, on a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from service.core.details import Details
from service.core.lexicon import CONDITIONS, HEDGES, HEDGES_BEFORE_TO, NEGATIONS, REPORTING_VERBS
from service.core.words import Word


class Mode(StrEnum):
    """How a text holds what it says."""

    NEGATED = "negated"
    HEDGED = "hedged"
    CONDITIONAL = "conditional"


_BE = frozenset("is are was were be been isn't aren't".split())
_MODE_WORDS = ((Mode.NEGATED, NEGATIONS), (Mode.HEDGED, HEDGES), (Mode.CONDITIONAL, CONDITIONS))


@dataclass(frozen=True, slots=True)
class Analysis:
    """What matching needs of a text: its words, its terms in order and as a set, its details and modes.

    `plain` is the text as quotations are compared, see quotations.plain; `folded` are its words as fold has them.
    """

    text: str
    plain: str
    words: tuple[Word, ...]
    folded: frozenset[str]
    terms: tuple[str, ...]
    bag: frozenset[str]
    details: Details
    modes: frozenset[Mode]

    @property
    def negated(self) -> bool:
        return Mode.NEGATED in self.modes

    @property
    def reports(self) -> bool:
        """True if a word of saying stands in it."""
        return not self.folded.isdisjoint(REPORTING_VERBS) or "according" in self.folded

    @property
    def firm(self) -> frozenset[Mode]:
        """Its modes, not counting that it is expected: who says so of what will be says no more than the source."""
        if Mode.HEDGED not in self.modes or not self.folded.isdisjoint(HEDGES):
            return self.modes
        return self.modes - {Mode.HEDGED}

    def count(self, mode: Mode) -> int:
        """How many words of it tell a mode: two denials are not one."""
        telling = dict(_MODE_WORDS)[mode]
        expected = _hedges_before_to(self.words) if mode is Mode.HEDGED else 0
        return sum(word.folded in telling for word in self.words) + expected


def modes_of(words: Sequence[Word]) -> frozenset[Mode]:
    said = {word.folded for word in words}
    modes = frozenset(mode for mode, telling in _MODE_WORDS if not telling.isdisjoint(said))
    return modes | {Mode.HEDGED} if not said.isdisjoint(HEDGES_BEFORE_TO) and _hedges_before_to(words) else modes


def _hedges_before_to(words: Sequence[Word]) -> int:
    """How many words of a text hedge by the `to` behind them: `is expected to close`, but `as expected`."""
    said = [word.folded for word in words]
    return sum(
        one in HEDGES_BEFORE_TO and other == "to" and (one != "set" or said[i - 1] in _BE)
        for i, (one, other) in enumerate(pairwise(said))
    )
