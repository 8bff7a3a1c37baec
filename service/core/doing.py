"""Doing: the verbs of a text, whom they are said of and whom they are done to, as far as words in a row tell.

No parse is made. A verb is known by its form or its auxiliary, its parties by standing next to it; where nothing
tells, nothing is found.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.core.alignment import Kind, Unit, is_past, units_of
from service.core.details import Name
from service.core.lexicon import FINITE_VERBS, REPORTING_TERMS
from service.core.matching import Analysis, Index

_SAID_OF = 0.7  # coverage of a text from which a sentence tells of the same parties
REACH = 4  # units before a verb in which its auxiliaries stand
NEARBY = 3  # units on either side of a verb that are its parties
BE = frozenset("is are was were be been being get gets got".split())
FUTURE = frozenset("will shall won't ll he'll she'll they'll it'll we'll".split())
DONE = frozenset("was were has have had did wasn't weren't hasn't haven't hadn't didn't".split())
OPEN = frozenset("would to may might could should can must going".split())
MUTUAL = frozenset(
    "met meet meets meeting talks married marry marries clashed clash merge merged merger borders".split()
)


def exchanged(text: Analysis, other: Analysis, index: Index) -> str:
    """A word of which each text has before it whom the other has after it: `the mayor sued the bank`."""
    if index.coverage(text, other) < _SAID_OF:
        return ""
    own, found = units_of(text, index), units_of(other, index)
    for i, unit in enumerate(own):
        if not _is_doing(own, i):
            continue
        before, after = parties(own, i)
        for j, same in enumerate(found):
            if same.kind is not Kind.WORD or same.key != unit.key or _passive_at(own, i) != _passive_at(found, j):
                continue
            theirs, done_to = parties(found, j)
            if before & done_to and after & theirs and not before & theirs:
                return f"the source has others do and undergo “{unit.word}” than the sentence"
    return ""


def other_doer(text: Analysis, evidence: Sequence[Analysis], index: Index) -> str:
    """Of whom a text says a doing that the evidence tells of, and never of them."""
    units = units_of(text, index)
    for i, unit in enumerate(units):
        doer = _named_before(units, i) if _is_doing(units, i) else None
        if doer is None:
            continue
        told = [_says_of(units_of(a, index), unit, doer, _passive_at(units, i)) for a in evidence]
        if False in told and not any(told) and any(index.coverage(text, a) >= _SAID_OF for a in evidence):
            return f"no source says of {doer.word} what the sentence does: “{unit.word}”"
    return ""


def _says_of(units: tuple[Unit, ...], doing: Unit, doer: Unit, passive: bool) -> bool | None:
    """Whether a sentence tells, or may tell, the doing of somebody; None if it does not tell of it at all."""
    found: bool | None = None
    for j, unit in enumerate(units):
        if unit.kind is not Kind.WORD or unit.key != doing.key:
            continue
        if _passive_at(units, j) == passive:
            said = max((k for k, u in enumerate(units[:j]) if u.key in REPORTING_TERMS), default=-1)
            before = [u for u in units[said + 1 : j] if u.kind is Kind.NAME]
            found = found or not before or any(u.same(doer) for u in before)
        else:
            found = found or any(u.same(doer) and units[k - 1].word == "by" for k, u in enumerate(units) if k > j)
    return found


def _named_before(units: tuple[Unit, ...], verb: int) -> Unit | None:
    """The name in the subject of a verb, if it stands close before it: `NATO troops have been sent`."""
    telling = [unit for unit in units[max(0, verb - REACH) : verb] if unit.kind is not Kind.LITTLE][-2:]
    return next((unit for unit in reversed(telling) if unit.kind is Kind.NAME), None)


def _is_doing(units: tuple[Unit, ...], place: int) -> bool:
    """True for a verb by its form or its auxiliary, but of saying, and of doing something to each other."""
    unit = units[place]
    if unit.kind is not Kind.WORD or unit.key in REPORTING_TERMS or unit.word in MUTUAL:
        return False
    beside = place > 0 and units[place - 1].word in FUTURE | DONE | OPEN
    return beside or is_past(unit.word) or unit.word in FINITE_VERBS


def _passive_at(units: tuple[Unit, ...], verb: int) -> bool:
    """True if a form of `be` stands close before a verb, or `by` right after it."""
    near = units[max(0, verb - REACH) : verb]
    return any(u.word in BE for u in near) or (verb + 1 < len(units) and units[verb + 1].word == "by")


def parties(units: tuple[Unit, ...], verb: int) -> tuple[frozenset[str], frozenset[str]]:
    """What the units that tell something say, before a verb and after it."""
    sides = (
        [u for u in units[:verb] if u.kind is not Kind.LITTLE][-NEARBY:],
        [u for u in units[verb + 1 :] if u.kind is not Kind.LITTLE][:NEARBY],
    )
    before, after = (
        frozenset(w for u in side for w in (u.detail.words if isinstance(u.detail, Name) else (u.key,)))
        for side in sides
    )
    return before, after
