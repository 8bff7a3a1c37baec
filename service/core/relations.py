"""Relations: who did what to whom, which way it went, before and after, more and less, done and to come.

A statement is laid beside the sentence that holds most of it (alignment.py). Where both run alike and one place
differs, the difference must be harmless: an opposite, another name in the same part, or "will be" for "was" is
not. Where the two do not run alike, nothing is found: silent, not sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from service.core.alignment import Alignment, Kind, Unit, align, is_past, units_of
from service.core.doing import (
    BE,
    DONE,
    FUTURE,
    MUTUAL,
    NEARBY,
    OPEN,
    REACH,
    exchanged,
    other_doer,
    other_target,
    parties,
    undone,
)
from service.core.evidence import Trial, shares_of, stands_in
from service.core.lexicon import NEGATIONS
from service.core.matching import Analysis, Index
from service.core.model import Check

Odds = Callable[[Analysis, Analysis, Index], str]
"""How a sentence is at odds with a text, in words; nothing if it is not."""

_ABOUT = 0.4  # coverage of a text from which a sentence may be about what it says
_BEARS = 0.5  # share of a statement's weight that an origin must hold to bear it out
_AS_GOOD = 0.1  # less coverage than the best, at which a sentence may still be the one that is meant
_NEGATING = frozenset(
    "not no never neither nor without don't didn't doesn't isn't wasn't weren't aren't won't".split()
)
_SEVERAL = re.compile(r"[.!?][”\"]?\s+[“\"]?[A-Z]")
_LISTED = re.compile(r"\s*(?:[,&/]\s*(?:and|or|nor)?|and|or|nor|with)\s*(?:the\s)?")
_JOINS = re.compile(r"[&/]|and|or|with")
_AMISS = (other_doer, other_target, undone)
_POSSESSIVE = re.compile(r"(?:[’']s?|s[’'])\s")


def check_direction(trial: Trial) -> Check:
    """A quorum of origins gives it the same parties, the same direction and the same time of doing."""
    found = check_odds("direction", trial, at_odds)
    if not found.passed:
        return found
    reasons = (amiss(trial.text, trial.analyses, trial.index) for amiss in _AMISS)
    reason = next(filter(None, reasons), "")
    return Check("direction", passed=False, detail=reason) if reason else found


def check_odds(check: str, trial: Trial, odds: Odds) -> Check:
    """Whether a quorum of origins bears a statement out and is not at odds with it, one as near as any among them."""
    near = _nearest(trial)
    found = {origin: reason for origin, held in near.items() if (reason := _odds_with(held, trial, odds))}
    if not found:
        return Check(check, passed=True)
    bearing = {origin for origin, share in shares_of(trial).items() if share >= _BEARS}
    nearest = max(held[0][0] for held in near.values()) - _AS_GOOD
    is_near = any(held[0][0] >= nearest for origin, held in near.items() if origin not in found)
    if len(bearing - set(found)) >= trial.quorum and is_near:
        return Check(check, passed=True)
    return Check(check, passed=False, detail=next(iter(found.values())))


def _nearest(trial: Trial) -> dict[str, list[tuple[float, Analysis]]]:
    """For each origin those of its sentences that may be meant, the nearest first, with how much they hold."""
    by_origin: dict[str, list[tuple[float, Analysis]]] = {}
    for origin, analysis in _wordings(trial):
        covered = trial.index.coverage(trial.text, analysis)
        if covered >= _ABOUT:
            by_origin.setdefault(origin, []).append((covered, analysis))
    for origin, sentences in by_origin.items():
        sentences.sort(key=lambda pair: -pair[0])
        by_origin[origin] = [pair for pair in sentences if pair[0] >= sentences[0][0] - _AS_GOOD]
    return by_origin


def _odds_with(meant: Sequence[tuple[float, Analysis]], trial: Trial, odds: Odds) -> str:
    """How all sentences of an origin that may be meant are at odds with the statement, in the words of the first."""
    if any(stands_in(trial.text, analysis) for _, analysis in meant):
        return ""  # told as it stands
    reason = ""
    for _, analysis in meant:  # the first that is not at odds is the one that is meant
        found = odds(trial.text, analysis, trial.index)
        if not found:
            return ""
        reason = reason or found
    return reason


def _wordings(trial: Trial) -> Iterator[tuple[str, Analysis]]:
    """The sentences of the evidence with the origin of each; two in a row together, too, for a text of several."""
    for sentence, analysis in zip(trial.evidence, trial.analyses, strict=True):
        yield trial.origins[sentence.document_id], analysis
    if not _SEVERAL.search(trial.text.text):
        return
    for one, other in pairwise(sorted(trial.evidence, key=lambda s: (s.document_id, s.index))):
        if one.document_id == other.document_id and other.index == one.index + 1:
            dated = trial.index.documents[one.document_id].dated
            yield trial.origins[one.document_id], trial.index.analyse(f"{one.text} {other.text}", dated)


def at_odds(text: Analysis, other: Analysis, index: Index) -> str:
    """How another text tells the relation of a text differently, if both run alike but for that."""
    aligned = align(text, other, index)
    if not aligned.alike:
        return exchanged(text, other, index)
    return (
        _opposed(aligned)
        or exchanged(text, other, index)
        or _other_parties(text, other, aligned)
        or _other_voice(text, other, index)
        or _other_time(aligned)
    )


def _opposed(aligned: Alignment) -> str:
    """An opposite in the same place, unless one of the two is denied."""
    for left, right in aligned.mismatches(Kind.WORD, Kind.LITTLE):
        if _denied(aligned.left, left) == _denied(aligned.right, right):
            return (
                f"the source says “{aligned.right[right].word}” where the sentence says “{aligned.left[left].word}”"
            )
    return ""


def _denied(units: tuple[Unit, ...], position: int) -> bool:
    return any(unit.word in _NEGATING for unit in units[max(0, position - REACH) : position])


def _other_parties(text: Analysis, other: Analysis, aligned: Alignment) -> str:
    """Another name in the same part, unless it is of one list or of a doing that is mutual, or the voice changed."""
    for whose, what in _possessed(aligned.left, text):
        if any(whose.same(b) and what.same(a) for a, b in _possessed(aligned.right, other)):
            return f"the source has {what.word}'s {whose.word} where the sentence has {whose.word}'s {what.word}"
    for left, right in aligned.mismatches(Kind.NAME):
        own, found = aligned.left[left], aligned.right[right]
        if _listed_together(own, found, aligned.right, other) or _listed_together(found, own, aligned.left, text):
            continue
        if _passives(aligned.left) != _passives(aligned.right):
            continue
        return f"the source says of {found.word} what the sentence says of {own.word}"
    return ""


def _possessed(units: tuple[Unit, ...], text: Analysis) -> list[tuple[Unit, Unit]]:
    """The names of which one is said to be the other's: `Britain's National Security Act`."""
    names = [unit for unit in units if unit.kind is Kind.NAME]
    return [(one, two) for one, two in pairwise(names) if _POSSESSIVE.fullmatch(text.text[one.end : two.start])]


def _listed_together(one: Unit, two: Unit, units: tuple[Unit, ...], text: Analysis) -> bool:
    """True if a text has both in one list, or doing something to each other."""
    places = [[i for i, unit in enumerate(units) if unit.same(name)] for name in (one, two)]
    for i in places[0]:
        for j in places[1]:
            between = units[min(i, j) + 1 : max(i, j)]
            if any(unit.word in MUTUAL for unit in between) and len(between) <= NEARBY:
                return True
    return any(all(any(unit.same(name) for unit in run) for name in (one, two)) for run in _lists(units, text))


def _lists(units: tuple[Unit, ...], text: Analysis) -> Iterator[list[Unit]]:
    """The names that stand in one list: three or more, or two with a word that joins them."""
    names = [unit for unit in units if unit.kind is Kind.NAME]
    run, joined = names[:1], False
    for one, two in pairwise([*names, None]):
        between = text.text[one.end : two.start] if one and two else ""
        if two and _LISTED.fullmatch(between):
            run, joined = [*run, two], joined or bool(_JOINS.search(between))
            continue
        if len(run) > 2 or (joined and len(run) > 1):
            yield run
        run, joined = [two] if two else [], False


def _passives(units: tuple[Unit, ...]) -> dict[str, int]:
    """The verbs of a text that are said of whom they are done to (`was sued by`), with their places."""
    found: dict[str, int] = {}
    for i, unit in enumerate(units):
        if unit.word != "by" or i < 2 or i + 1 >= len(units):
            continue
        verb = units[i - 1]
        if verb.kind is Kind.WORD and any(u.word in BE for u in units[max(0, i - 1 - REACH) : i - 1]):
            found[verb.key] = i - 1
    return found


def _other_voice(text: Analysis, other: Analysis, index: Index) -> str:
    """A verb that is active in one text and passive in the other, with its parties not exchanged."""
    own, found = units_of(text, index), units_of(other, index)
    for passive, active in ((own, found), (found, own)):
        for verb, place in _passives(passive).items():
            if verb in _passives(active):
                continue
            patient, agent = parties(passive, place)
            for i, unit in enumerate(active):
                if unit.kind is Kind.WORD and unit.key == verb:
                    doer, done_to = parties(active, i)
                    if doer & patient and done_to & agent and not (doer & agent or done_to & patient):
                        return f"the source has others do and undergo “{unit.word}” than the sentence"
    return ""


def _other_time(aligned: Alignment) -> str:
    """Done in one text what is to come in the other."""
    for left, right in aligned.gaps():
        own, found = ({unit.word for unit in units} for units in (left, right))
        turned = (own & FUTURE and found & DONE) or (own & DONE and found & FUTURE)
        if turned and not (own | found) & OPEN:
            return f"the source says “{_told(right)}” where the sentence says “{_told(left)}”"
    for pair in aligned.pairs:
        one, other = aligned.left[pair.left], aligned.right[pair.right]
        if pair.same and one.kind is Kind.WORD:
            times = _time_of(aligned.left, pair.left, other), _time_of(aligned.right, pair.right, one)
            if set(times) == {"done", "to come"}:
                return f"in the source “{other.word}” is {times[1]}, in the sentence {times[0]}"
    return ""


def _told(units: Sequence[Unit]) -> str:
    return " ".join(unit.word for unit in units)


def denied_apart(text: Analysis, other: Analysis, index: Index) -> str:
    """How one of two texts that run alike denies in one place what the other does not."""
    return denied_beside(align(text, other, index))


def denied_beside(aligned: Alignment) -> str:
    """The same of two texts that are laid beside each other already."""
    if not aligned.alike:
        return ""
    denials = [[any(unit.word in NEGATIONS for unit in units) for units in gap] for gap in aligned.gaps()]
    own, found = any(left for left, _ in denials), any(right for _, right in denials)
    if own == found:
        return ""
    return "the source is not negated there, the sentence is" if own else "the source is negated, the sentence is not"


def _time_of(units: tuple[Unit, ...], verb: int, other: Unit) -> str:
    """Whether a verb is said to be done, or to come, by its auxiliaries or else by its form."""
    for unit in reversed(units[max(0, verb - REACH) : verb]):
        if unit.word in FUTURE:
            return "to come"
        if unit.word in DONE:
            return "done"
        if unit.word in OPEN or not (unit.kind is Kind.LITTLE or unit.word.endswith("ly")):
            break
    else:
        return ""
    word = units[verb].word
    past = is_past(word) and not is_past(other.word) and unit.word not in OPEN
    return "done" if past else ""
