"""Doing: the verbs of a text, whom they are said of and whom they are done to, as far as words in a row tell.

No parse is made. A verb is known by its form or its auxiliary, its parties by standing next to it; where nothing
tells, nothing is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from service.core.alignment import Kind, Unit, is_past, units_of
from service.core.details import Name
from service.core.lexicon import COMMON_OPENERS, FINITE_VERBS, HEDGES, METONYMS, NEGATIONS, REPORTING_TERMS
from service.core.matching import Analysis, Index
from service.core.words import fold, term_of

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
_NO_DOING = MUTUAL | NEGATIONS | HEDGES
_PREPOSITIONS = frozenset("to into in on at from for near over off with of by".split())
_FAR = 6  # units: `urged the owners of the mill to close`
_ROOT = 3  # letters of `urge` that `urging` keeps
_ADDRESSING = frozenset("asked urged requested warned ordered invited".split())
_ADJECTIVES = ("ern", "al", "ic", "ous", "ive", "ian", "ese")  # `to eastern Norland`
_PRONOUNS = frozenset("i he she it we they who which that".split())
_JOINING = frozenset("and or".split())
_MEANING = frozenset(
    """
    threaten threatens threatened threatening threat threats plan plans planned planning vow vows vowed promise
    promises promised pledge pledged intend intends intended intention want wants wanted wish wished hope hopes
    hoped seek seeks sought ask asks asked urge urges urged urging call calls called calling demand demands
    demanded order ordered told tell invite invited offer offers offered propose proposes proposed consider
    considering attempt attempts attempted try tries tried trying agree agrees agreed prepare prepares prepared
    preparing ready readied due refuse refused decline declined fail failed expected set likely
    """.split()
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
            if same.kind is not Kind.WORD or same.key != unit.key or _is_passive(own, i) != _is_passive(found, j):
                continue
            theirs, done_to = parties(found, j)
            if before & done_to and after & theirs and not before & theirs:
                return f"the source has others do and undergo “{unit.word}” than the sentence"
    return ""


def other_doer(text: Analysis, evidence: Sequence[Analysis], index: Index) -> str:
    """Of whom a text says a doing that the evidence tells of, and never of them."""
    units = units_of(text, index)
    for i, unit in enumerate(units):
        doer = _named_before(units, i) if _is_doing(units, i) and unit.word not in _MEANING else None
        if doer is None or not _is_subject(text, units, doer, unit):
            continue
        told = [_says_of(a, unit, doer, _voice(units, i), index) for a in evidence]
        if False in told and not any(told) and any(index.coverage(text, a) >= _SAID_OF for a in evidence):
            return f"no source says of {doer.word} what the sentence does: “{unit.word}”"
    return ""


def _says_of(other: Analysis, doing: Unit, doer: Unit, voice: _Voice, index: Index) -> bool | None:
    """Whether a sentence tells, or may tell, the doing of somebody; None if it does not tell of it at all."""
    units = units_of(other, index)
    unnamed = other.bag.issuperset(index.terms_of_name(doer.word)) and not any(u.same(doer) for u in units)
    found: bool | None = None
    told: bool | None
    for j, unit in enumerate(units):
        if unit.kind is not Kind.WORD or unit.key != doing.key:
            continue
        before, after = _subject(other, units, j), _names(units[j + 1 :])
        theirs = _voice(units, j) if _is_doing(units, j) else _Voice.OPEN
        if unnamed:  # written without capitals, or where they show nothing
            told = True
        elif _Voice.OPEN in (voice, theirs):
            told = any(u.same(doer) for u in _names(units)) or (False if _is_doing(units, j) else None)
        elif theirs is voice:
            told = any(u.same(doer) for u in before) if before else not _opens_with_other(other, units, j)
        elif voice is _Voice.PASSIVE:
            told = not after or any(u.same(doer) for u in after)
        else:
            told = _may_act(units, j, doer)
        found = found or (found if told is None else told)
    return found


def _opens_with_other(text: Analysis, units: tuple[Unit, ...], verb: int) -> bool:
    """True if one capitalised word alone opens a sentence before its verb: it may be a name, and nothing shows it."""
    led = [unit for unit in units[:verb] if unit.kind is not Kind.LITTLE and not _is_adverb(unit)]
    opens = len(led) == 1 and led[0].kind is Kind.WORD and text.text[led[0].start].isupper()
    return opens and led[0].word not in COMMON_OPENERS


def _subject(text: Analysis, units: tuple[Unit, ...], verb: int) -> list[Unit]:
    """The names of whom a verb may be said: the one right before it, or all before it in what is reported."""
    nearest = _named_before(units, verb)
    said = max((k for k, u in enumerate(units[:verb]) if u.key in REPORTING_TERMS), default=-1)
    before = _names(units[said + 1 : verb])
    if _has_pronoun(units, verb):
        return []
    return [nearest] if nearest and _is_subject(text, units, nearest, units[verb]) else before


def _is_subject(text: Analysis, units: tuple[Unit, ...], name: Unit, verb: Unit) -> bool:
    """True unless a comma parts a name from a verb, or a word before it tells where or joins it to another."""
    before = units[units.index(name) - 1].word if name is not units[0] else ""
    return "," not in text.text[name.end : verb.start] and before not in _PREPOSITIONS | _JOINING


def _has_pronoun(units: tuple[Unit, ...], verb: int) -> bool:
    """True if a verb is said of whom a pronoun stands for."""
    led = (
        u for u in reversed(units[:verb]) if not (u.word in FUTURE | DONE | OPEN | BE | NEGATIONS or _is_adverb(u))
    )
    return next((u.word for u in led), "") in _PRONOUNS


def _may_act(units: tuple[Unit, ...], verb: int, doer: Unit) -> bool:
    """True if somebody is named behind `by`, or where a verb in the passive has none, and not only as a speaker."""
    said_by = [k for k, unit in enumerate(units) if k > verb and unit.word == "by"]
    acting = range(said_by[0], len(units)) if said_by else range(len(units))
    return any(units[k].same(doer) and not _speaks(units, k) for k in acting)


def _speaks(units: tuple[Unit, ...], place: int) -> bool:
    """True if a word of saying stands beside a name."""
    return any(unit.key in REPORTING_TERMS for unit in units[max(0, place - 1) : place + 2])


def other_target(text: Analysis, evidence: Sequence[Analysis], index: Index) -> str:
    """To whom a text has somebody do what the evidence has them do to others only: `threatened to back Norland`."""
    units = units_of(text, index)
    for i, unit in enumerate(units):
        addressed = unit.word in _ADDRESSING and not any(u.word == "that" for u in units[i + 1 : i + 1 + _FAR])
        if not (addressed or _is_doing(units, i)) or _voice(units, i) is not _Voice.ACTIVE:
            continue
        doer = _doer(units, i)
        target = next((u for u in _names(units[i + 1 : i + 1 + _FAR]) if doer and not u.same(doer)), None)
        if doer is None or target is None or "," in text.text[doer.end : target.start]:
            continue
        done_to = [found for a in evidence if (found := _targets(units_of(a, index), unit, doer, index))]
        if done_to and not any(u.same(target) for found in done_to for u in found):
            return f"the source says of {done_to[0][0].word} what {doer.word} does to {target.word} in the sentence"
    return ""


def _doer(units: tuple[Unit, ...], verb: int) -> Unit | None:
    """What stands before a verb and those that lead to it: `the army threatened to strike`."""
    near = range(verb - 1, max(-1, verb - 1 - _FAR), -1)
    told = (j for j in near if units[j].kind in (Kind.NAME, Kind.WORD) and not _is_adverb(units[j]))
    return next((units[j] for j in told if not _is_doing(units, j)), None)


def _targets(units: tuple[Unit, ...], doing: Unit, doer: Unit, index: Index) -> list[Unit]:
    """The names right behind a doing of somebody in a sentence, whatever form it has there."""
    for j, unit in enumerate(units):
        told = unit.kind is Kind.WORD and unit.key == doing.key and _voice(units, j) is not _Voice.PASSIVE
        if doing.word in _ADDRESSING and unit.word[:_ROOT] != doing.word[:_ROOT]:
            continue  # to urge somebody is to ask, but not to ask for something
        if told and any(_is_one(u, doer, index) for u in units[:j]):
            return [u for u in _names(units[j + 1 : j + 1 + _FAR]) if not u.same(doer)]
    return []


def _is_one(one: Unit, two: Unit, index: Index) -> bool:
    """True for two units that mean one, also where one of them is not written as a name: `Seoul`, `South Korea`."""
    if one.kind is two.kind:
        return one.same(two)
    return {one.kind, two.kind} == {Kind.NAME, Kind.WORD} and _written(one, index) == _written(two, index)


def _written(unit: Unit, index: Index) -> tuple[str, ...]:
    return index.terms_of_name(METONYMS.get(fold(unit.word), unit.word))


def undone(text: Analysis, evidence: Sequence[Analysis], index: Index) -> str:
    """What a text tells as done, and the evidence only as denied, threatened or asked for: `threatened to strike`."""
    units = units_of(text, index)
    for i, unit in enumerate(units):
        if not _is_doing(units, i) or not is_past(unit.word) or _held_off(units, i):
            continue
        beside = text.bag - {index.alias(term_of(unit.word))}
        least = _SAID_OF * index.weight_of(beside)
        close = [a for a in evidence if index.weight_of(beside & a.bag) >= least]
        told = [why for a in close for why in _tellings(a, unit, index)]
        if told and all(told):
            return f"the source says “{told[0]}” of what the sentence tells as done: “{unit.word}”"
    return ""


def _tellings(other: Analysis, doing: Unit, index: Index) -> Iterator[str]:
    """For each time that a sentence tells a doing, the word that holds it off; empty where nothing does."""
    units = units_of(other, index)
    for j, unit in enumerate(units):
        if unit.kind is Kind.WORD and unit.key == doing.key:
            before = other.text[: unit.start].rstrip()[-1:]
            if _is_doing(units, j) or before.isalnum():  # no `listen to us: lift the ban`
                yield _held_off(units, j)


def _held_off(units: tuple[Unit, ...], verb: int) -> str:
    """The word by which a doing is denied, meant or asked for, and not told as done; empty if there is none."""
    near = units[max(0, verb - NEARBY) : verb]
    denial = next((unit.word for unit in near if unit.word in NEGATIONS), "")
    if denial or not any(unit.word == "to" for unit in near[-2:]):
        return denial
    for j in range(verb - 1, max(-1, verb - 1 - _FAR), -1):
        if units[j].word in _MEANING:
            return units[j].word
        if _is_doing(units, j):
            break
    return ""


def _names(units: Sequence[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.kind is Kind.NAME]


def _named_before(units: tuple[Unit, ...], verb: int) -> Unit | None:
    """The name in the subject of a verb, if it stands close before it: `NATO troops have been sent`."""
    near = units[max(0, verb - _FAR) : verb]
    telling = [unit for unit in near if unit.kind is not Kind.LITTLE and not _is_adverb(unit)][-2:]
    return next((unit for unit in reversed(telling) if unit.kind is Kind.NAME), None)


class _Voice(Enum):
    ACTIVE = 1
    PASSIVE = 2
    OPEN = 3  # `troops sent to Corriel`: whoever stands before it may have done it, or it was done to them


def _voice(units: tuple[Unit, ...], verb: int) -> _Voice:
    """Passive if a form of `be` stands close before a verb, or `by` right after it."""
    near = {unit.word for unit in units[max(0, verb - REACH) : verb]}
    behind = units[verb + 1].word if verb + 1 < len(units) else ""
    if near & BE or behind == "by":
        return _Voice.PASSIVE
    return _Voice.OPEN if behind in _PREPOSITIONS and not near & (DONE | FUTURE | OPEN) else _Voice.ACTIVE


def _is_doing(units: tuple[Unit, ...], place: int) -> bool:
    """True for a verb by its form or its auxiliary, but of saying, and of doing something to each other."""
    unit = units[place]
    if unit.kind is not Kind.WORD or unit.key in REPORTING_TERMS or unit.word in _NO_DOING or _is_adverb(unit):
        return False
    before = next((u.word for u in reversed(units[:place]) if u.word not in NEGATIONS and not _is_adverb(u)), "")
    beside = before in FUTURE | DONE | OPEN and not (before == "to" and unit.word.endswith(_ADJECTIVES))
    return beside or is_past(unit.word) or unit.word in FINITE_VERBS


def _is_adverb(unit: Unit) -> bool:
    return unit.kind is Kind.WORD and unit.word.endswith("ly")


def _is_passive(units: tuple[Unit, ...], verb: int) -> bool:
    return _voice(units, verb) is _Voice.PASSIVE


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
