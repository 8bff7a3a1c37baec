"""Parts: what of a text some sentences bear and what they leave out, part by part and not by weight.

A part is a word that tells something, or a name, figure or moment as a whole; a doing is a verb that says what
happened. Whoever leaves out a detail, a phrase, or what was done, says at most something weaker. Known are forms of
one word and the synonyms of lexicon.py: what is told in wholly other words is not found to be told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from service.core.alignment import Kind, Unit, is_past, units_of
from service.core.details import Figure, Moment, Name
from service.core.doing import BE, DONE, FUTURE, OPEN
from service.core.lexicon import FINITE_VERBS, REPORTING_TERMS, REPORTING_VERBS, TITLES
from service.core.matching import Analysis, Index
from service.core.words import fold, term_of

_ROOT = 5  # letters in which two forms of one word agree: `deploy` and `deployment`
_LONGEST_GAP = 2  # parts in a row that may be left out, as long as they are no phrase of their own
_MOST_MISSING = 0.5  # of the plain words of a text, in all sentences together
_MOST_ELSEWHERE = 0.6  # of them, in the best of the sentences: neighbours add to what it says
_FEW_PARTS = 3  # of a text that says little but its doing
_AUXILIARY = BE | DONE | FUTURE | OPEN | frozenset("do does".split())
_BEFORE_NOUN = frozenset(
    "the a an this that these those his her its their our my your some any no of in on at by for with".split()
)
_WEIGHTY = frozenset(
    """
    because after before if unless until when while since despite amid over to for and or but so although though
    where due during in on near through under above behind from into towards against between without
    """.split()
)
_OPENING = _WEIGHTY | frozenset("as by following that which who whose at with of about within".split())
"""Words that open a phrase; where a weighty one does, it says a reason, an aim, a place or one more thing."""
# Doings of which a report may tell one and another report the other, of one event; none is weaker than another of
# its line. As synonyms of all texts they would be too loose: they count only where all else is borne.
_DOINGS = """
    close shut closure shutdown|evacuate clear move relocate|arrive berth dock moor|cancel axe scrap
    finance fund bankroll pay|arrest detain handcuff custody|resign quit|leave quit vacate|murder kill slay slain
    occur happen|erupt ignite|strike struck hit batter ram slam|explode detonate explosion blast|beat defeat
    win victory triumph|identify name|appoint recruit hire|sack dismiss oust|ban prohibit bar outlaw forbid
    suspend halt pause|allow permit|approve endorse ratify pass|reject rebuff|sue lawsuit|jail imprison prison
    free release liberate|spot found uncover|sell sold sale|destroy wreck raze demolish|burn torch scorch
    search hunt comb|chase pursue|flee fled escape|protest rally march|talk speak spoke discuss|visit tour
    reveal unveil disclose|publish release issue|open inaugurate|need require|use employ
    provide supply deliver hand award grant donate|receive obtain|produce manufacture make|stay remain
    raid attack assault|invade invasion|crash collide collision smash|block obstruct|contaminate taint pollute
    treat hospital|examine inspect check|cover include comprise|rest base rely|cut reduce slash trim scale
    raise lift hike|restore repair|prepare ready|score net|replace succeed|expect anticipate|refuse decline
    collect gather|extinguish douse|seek sought try|board aboard|deliver bring brought|abandon drop
    suffice enough|characterize characterise describe interpret|signify sign signal mark represent
"""


def _alike() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _DOINGS.replace("\n", "|").split("|"):
        terms = frozenset(term for word in line.split() if (term := term_of(word)))
        for term in terms:
            found[term] = found.get(term, frozenset()) | terms
    return found


_ALIKE = _alike()
# What is done where it is said with `to` behind one of these; behind any other verb it may be left undone.
_DONE_TO = frozenset(
    """
    forced managed began begins begin started starts continued continues had has have used helped proceeded turned
    went came happened served allowed able
    """.split()
)


@dataclass(frozen=True, slots=True)
class Part:
    """A unit of a text: whether it says what happened, the word that opens a phrase with it, whether it is who says
    it, and whether it is borne."""

    unit: Unit
    doing: bool
    opener: str
    speaks: bool
    borne: bool


def parts_of(text: Analysis, held: Sequence[Analysis], speaker: str | None, index: Index) -> list[Part]:
    """The parts of a text in order, and which of them some sentences bear, or who is known to say these."""
    bag = frozenset[str]().union(*(_said(analysis, index) for analysis in held))
    voice = index.terms_of_name(speaker) if speaker else ()
    roots = _roots(bag)
    return [
        Part(
            unit,
            doing,
            opener,
            speaks,
            _bears(unit, terms, held, bag.union(voice))
            if unit.detail is not None
            else any(_stands_in(term, bag, roots) for term in terms),
        )
        for unit, doing, opener, speaks, terms in _telling(text, index)
    ]


def bears(parts: Sequence[Part]) -> bool:
    """True if every detail is borne, most plain words, what was done, and something of each phrase."""
    missing = [part for part in parts if not part.borne]
    few = len(parts) <= _FEW_PARTS and any(part.doing or part is parts[-1] for part in missing)
    detail = any(part.unit.detail is not None for part in missing)
    done = next((part for part in parts if part.doing), None)
    undone = done is not None and not done.borne and len(missing) > _LONGEST_GAP
    if few or detail or undone or missing_plain(parts) > _MOST_MISSING or _longest_gap(parts) > _LONGEST_GAP:
        return False
    return all(
        any(part.borne for part in phrase) or (len(phrase) == 1 and phrase[0].opener not in _WEIGHTY)
        for phrase in _phrases(parts)
    )


def is_on_the_matter(parts: Sequence[Part]) -> bool:
    """True if one sentence bears enough of the plain words for its neighbours to add the rest."""
    return missing_plain(parts) <= _MOST_ELSEWHERE


def missing_plain(parts: Sequence[Part]) -> float:
    """The share of the plain words, no details, that are not borne."""
    plain = [part for part in parts if part.unit.detail is None]
    return sum(not part.borne for part in plain) / len(plain) if plain else 0.0


def only_intended(text: Analysis, held: Analysis, index: Index) -> bool:
    """True if only one of two texts has done what the other has threatened, planned or tried to do."""
    own, found = _intended(text, index), _intended(held, index)
    return any(own[term] != found[term] for term in own.keys() & found.keys())


def _intended(text: Analysis, index: Index) -> dict[str, bool]:
    """The doings of a text, and whether each is told but as what somebody meant to do."""
    found: dict[str, bool] = index.once(("intended", id(text), 0), lambda: dict(_intentions(text, index)))
    return found


def _intentions(text: Analysis, index: Index) -> Iterator[tuple[str, bool]]:
    said = [word.folded for word in text.words]
    seen: set[str] = set()
    for place, word in enumerate(text.words):
        meant = place > 1 and said[place - 1] == "to" and said[place - 2] not in _DONE_TO
        if word.term and word.term not in seen and (meant or _is_doing(text, place)):
            seen.add(word.term)
            yield index.alias(word.term), meant


def _longest_gap(parts: Sequence[Part]) -> int:
    longest = gap = 0
    for part in parts:
        gap = 0 if part.borne else gap + 1
        longest = max(longest, gap)
    return longest


def _phrases(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """The parts from one word that joins or places to the next."""
    phrase: list[Part] = []
    for part in parts:
        if part.opener and phrase:
            yield phrase
            phrase = []
        phrase.append(part)
    yield phrase


Telling = tuple[Unit, bool, str, bool, frozenset[str]]
"""A unit that tells something: whether it is a doing, what opens a phrase with it, whether it speaks, its terms."""


def _telling(text: Analysis, index: Index) -> list[Telling]:
    found: list[Telling] = index.once(("telling", id(text), 0), lambda: list(_tell(text, index)))
    return found


def _tell(text: Analysis, index: Index) -> Iterator[Telling]:
    starts = [word.start for word in text.words]
    past = 0  # words up to the end of the last unit that tells something
    units = units_of(text, index)
    for unit, after in zip_longest(units, units[1:]):
        low, high = bisect_left(starts, unit.start), bisect_left(starts, unit.end)
        between = (word.folded for word in text.words[past:low])
        opener = max((word for word in between if word in _OPENING), key=_WEIGHTY.__contains__, default="")
        if unit.detail is not None:
            own = (word for word in text.words[low:high] if word.term and word.folded not in TITLES)
            speaks = unit.kind is Kind.NAME and _beside_saying(text, low, high)
            yield unit, False, opener, speaks, frozenset(index.alias(word.term) for word in own)
        elif unit.kind is Kind.WORD and unit.key not in REPORTING_TERMS and not _is_title(unit, after):
            yield unit, _is_doing(text, low), opener, False, frozenset((index.alias(term_of(unit.word)), unit.key))
        else:
            continue
        past = high


def _is_title(unit: Unit, after: Unit | None) -> bool:
    """True for a title before a name; `captain` by himself is a word as any."""
    return unit.word in TITLES and after is not None and after.kind is Kind.NAME


def _beside_saying(text: Analysis, low: int, high: int) -> bool:
    """True if a word of saying stands right before or after some words."""
    return any(
        word.folded in REPORTING_VERBS for word in (*text.words[max(0, low - 1) : low], *text.words[high : high + 1])
    )


def _is_doing(text: Analysis, place: int) -> bool:
    """True for a verb by its form, or by the word before it; a participle before a noun is none."""
    word = text.words[place].folded
    before = text.words[place - 1].text if place else ""
    if fold(before) in _AUXILIARY or word in FINITE_VERBS:
        return True
    return is_past(word) and bool(before) and fold(before) not in _BEFORE_NOUN and not before.endswith(("'s", "’s"))


def _said(held: Analysis, index: Index) -> frozenset[str]:
    """The terms of a sentence, with what its irregular verbs are compared by."""
    found: frozenset[str] = index.once(
        ("said", id(held), 0), lambda: held.bag.union(unit.key for unit in units_of(held, index) if unit.key)
    )
    return found


def _roots(bag: frozenset[str]) -> frozenset[str]:
    return frozenset(term[:_ROOT] for term in bag if len(term) >= _ROOT and term[0].isalpha())


def _stands_in(term: str, bag: frozenset[str], roots: frozenset[str]) -> bool:
    if term in bag or (len(term) >= _ROOT and term[:_ROOT] in roots):
        return True
    return not _ALIKE.get(term, frozenset()).isdisjoint(bag)


def _bears(unit: Unit, terms: frozenset[str], held: Sequence[Analysis], bag: frozenset[str]) -> bool:
    """True if a detail stands in some sentences, a name also by its words."""
    detail = unit.detail
    if isinstance(detail, Figure):
        return any(f.same_value(detail) and not f.excludes(detail) for a in held for f in a.details.figures)
    if isinstance(detail, Moment):
        return any(moment.covers(detail) for a in held for moment in a.details.moments)
    named = isinstance(detail, Name) and any(name.matches(detail) for a in held for name in a.details.names)
    return named or (bool(terms) and terms <= bag)
