"""Tying: whether a detail of any text is tied to what its sources tell it of. What only checking (checking.py) asks.

Documents hold many names, days and scores. That one stands in some sentence of them bears a text out no more than
that the sentence next to it is on the matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from service.core.alignment import Kind, Unit, units_of
from service.core.details import Name
from service.core.details.date_forms import WEEKDAYS
from service.core.evidence import Trial, share_beside_names
from service.core.matching import Analysis, Index
from service.core.model import Sentence

_SCORE = re.compile(r"(?<![\w-])(\w+)-(\d{1,3})(?![\w-])")
_BESIDE = 3  # code points between a weekday and its day: `Sunday, 11 March`
_BEARS = 0.65  # share of a text, names left out, from which a sentence bears it
_TOUCHES = 0.15  # the same of a sentence that is on the matter
_HAS = re.compile(r"(?:(?<=s)[’']|(?:(?<=[’']s)|[’']s))\s")
_BY = 4  # units from an owner to what is theirs: `Norland's growing sense of shame`
_ON_IT = 0.4  # coverage of a text from which a sentence is on its matter
_SCOPES = (
    frozenset("all every everyone everybody everything whole entire entirely both each".split()),
    frozenset("only solely exclusively sole alone nobody none unique just except".split()),
)
_OPENING = 2  # sentences of a document: whom they or its headings name, the whole of it is about


def says_name(name: Name, index: Index, analysis: Analysis) -> bool:
    """True if a text has a name, or all its words: what is written without capitals shows no names."""
    if any(stated.matches(name) for stated in analysis.details.names):
        return True
    terms = index.terms_of_name(name.text)
    return bool(terms) and analysis.bag.issuperset(terms)


def untied_name(trial: Trial) -> str:
    """How a name of a text stands only where its sources tell something else, and they tell this of another.

    Silent where the sentence that bears the text names nobody else, and where the name stands next to it, or where
    its document opens.
    """
    index, own = trial.index, trial.text.details.names
    share = {s: share_beside_names(trial.text, index.of(s), index) for s in trial.evidence}
    best = max(share, key=share.__getitem__, default=None)
    if best is None or share[best] < _BEARS:
        return ""
    bearing = index.of(best)
    other = next((n for n in bearing.details.names if not any(n.matches(m) or m.matches(n) for m in own)), None)
    for name in own if other else ():
        holding = [s for s in share if says_name(name, index, index.of(s))]
        if other and holding and not any(_is_tied(s, best, share[s]) for s in holding):
            return f"no source says of '{name.text}' what one says of '{other.text}'"
    return ""


def _is_tied(sentence: Sentence, bearing: Sentence, share: float) -> bool:
    """True if what a sentence names may be meant by the one that bears a text."""
    beside = sentence.document_id == bearing.document_id and abs(sentence.index - bearing.index) <= 1
    return beside or share >= _TOUCHES or sentence.heading or sentence.index < _OPENING


def other_owner(text: Analysis, evidence: Sequence[Analysis], index: Index) -> str:
    """Whose something is by a text, where the evidence has it as others' and never as theirs: `Norland's shame`."""
    bearing = [a for a in evidence if share_beside_names(text, a, index) >= _BEARS]
    for owner, owned in _owned(text, index):
        keys = {unit.key for unit in owned}
        theirs = [(one, u) for a in bearing for one, what in _owned(a, index) for u in what if u.key in keys]
        if (
            theirs
            and not any(one.same(owner) for one, _ in theirs)
            and not any(_stands_by(owner, keys, units_of(a, index)) for a in evidence)
        ):
            one, what = theirs[0]
            return f"the source says of {one.word} what is {owner.word}'s in the sentence: “{what.word}”"
    return ""


def _owned(text: Analysis, index: Index) -> Iterator[tuple[Unit, list[Unit]]]:
    """Whom a text names as having something, with the words that go on from `Norland's`."""
    units = units_of(text, index)
    for i, unit in enumerate(units):
        if unit.kind is Kind.NAME and _HAS.match(text.text, unit.end):
            yield unit, list(takewhile(lambda u: u.kind is Kind.WORD, units[i + 1 : i + 1 + _BY]))


def _stands_by(owner: Unit, keys: set[str], units: Sequence[Unit]) -> bool:
    """True if somebody is named close to a word in a text, on either side of it."""
    places = (i for i, unit in enumerate(units) if unit.kind is Kind.WORD and unit.key in keys)
    return any(near.same(owner) for i in places for near in units[max(0, i - _BY) : i + _BY])


def day_at_odds(text: Analysis) -> str:
    """How a text gives a day another weekday than it has; nothing if it does not."""
    for one, other in pairwise(text.details.moments):
        if other.start - one.end <= _BESIDE and one.key in WEEKDAYS and other.first and other.first == other.last:
            weekday = WEEKDAYS[other.first.weekday()]
            if weekday != one.key:
                return f"'{other.text}' is a {weekday.capitalize()}"
    return ""


def strange_score(trial: Trial) -> str:
    """How a text has a score that no evidence has, where that has another; nothing if it has not."""
    stated = {match.group() for analysis in trial.analyses for match in _SCORE.finditer(analysis.plain)}
    own = [match for match in _SCORE.finditer(trial.text.plain) if match.group() not in stated]
    ended = {score.rpartition("-")[2] for score in stated if score[0].isdigit()}
    strange = next((match.group() for match in own if match[2] in ended), "")
    return f"'{strange}' stands in no span found" if strange else ""


def added_scope(trial: Trial) -> str:
    """How a text opens by saying it of all, or of nobody else, as no sentence on the matter does; nothing if not."""
    opening = next((word.folded for word in trial.text.words), "")
    close = [a for a in trial.analyses if trial.index.coverage(trial.text, a) >= _ON_IT]
    for scope in _SCOPES:
        if opening in scope and all(scope.isdisjoint(analysis.folded) for analysis in close):
            return f"no source says it of {opening}" if close else ""
    return ""
