"""Contradictions: two claims that say the same but for one place, where not both can be true.

Laid beside each other (alignment.py) they must run alike both ways and differ once: in a day, in a denial, in an
opposite, or in who did or where it was what happens once. Hedged and conditional claims contradict nothing, nor
does a denial that is reported, nor what is told of another day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten

from service.core.alignment import Alignment, Kind, Pair, Unit, align
from service.core.binding import moments_apart
from service.core.lexicon import HEDGES, NEGATIONS, REPORTING_TERMS, REPORTING_VERBS, TITLES
from service.core.likeness import dated_apart, named_apart
from service.core.matching import Analysis, Index, Mode
from service.core.model import Claim
from service.core.opposites import contradict
from service.core.parts import bears, parts_of
from service.core.relations import denied_beside

_TRUE, _DAY, _WHO, _WHERE = "Which is true", "When", "Who", "Where"
_SAME = 0.7  # of each claim's plain words that must stand beside words of the other
_SAYS = 0.6  # coverage of a claim from which a sentence may say it, too
_SHARED = 0.5  # of the terms of either claim, names and all, that the other must hold: nothing else is laid beside it
_CLOSE = 0.3  # coverage from which two claims are compared
_LONGEST_QUESTION = 80  # code points
_REPORTED_DENIAL = frozenset(
    """
    denied denies deny denying disputed disputes refuted refutes contradicted false untrue unfounded claim claims
    claimed alleged alleges allegation allegations accusation accusations suggestion suggestions rumour rumours
    """.split()
)
_HAPPENS_ONCE = frozenset(
    """
    opened reopened began started ended finished died born sank sunk crashed exploded collapsed capsized derailed
    burned erupted struck elected resigned founded launched signed arrived departed closed sentenced killed murdered
    assassinated buried married inaugurated sworn unveiled demolished escaped surrendered landed
    """.split()
)
_DONE_BY_ONE = frozenset(
    """
    arrested won shot killed murdered stabbed founded designed built wrote owns chairs leads led discovered
    invented commanded captained scored signed piloted drove caused started stole found
    """.split()
)
_PASSING = frozenset("now still yet longer already anymore".split())  # what one text tells of a later time
_PLACED = frozenset("in at off".split())


def opposed(
    claims: Sequence[Claim], index: Index, origins: Mapping[str, str]
) -> Iterator[tuple[str, list[list[Claim]]]]:
    """Questions with the sides that answer them differently, each the claims that do not contradict each other."""
    against = _against(claims, index, origins)
    place = {claim.id: position for position, claim in enumerate(claims)}
    taken: set[str] = set()
    for claim in claims:
        if claim.id in taken or claim.id not in against:
            continue
        component = sorted(_component(claim.id, against), key=place.__getitem__)
        taken.update(component)
        sides: list[list[str]] = []
        for claim_id in component:
            home = next((side for side in sides if not against[claim_id].keys() & side), None)
            if home is None:
                sides.append([claim_id])
            else:
                home.append(claim_id)
        yield next(iter(against[claim.id].values())), [[claims[place[c]] for c in side] for side in sides]


def _against(claims: Sequence[Claim], index: Index, origins: Mapping[str, str]) -> Mapping[str, dict[str, str]]:
    """For each claim those that contradict it, with the question; none where a source of one says both."""
    texts = {claim.id: index.of_claim(claim) for claim in claims}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one, other in _pairs(claims, texts, index):
        if origins[one.document_id] == origins[other.document_id]:
            continue
        question = contradiction(texts[one.id], texts[other.id], index)
        if question and not _says_both(one, texts[other.id], index) and not _says_both(other, texts[one.id], index):
            found[one.id][other.id] = found[other.id][one.id] = question
    return found


def _component(first: str, against: Mapping[str, Mapping[str, str]]) -> set[str]:
    """The claims that are joined with one by contradictions."""
    found, waiting = {first}, [first]
    while waiting:
        new = set(against[waiting.pop()]) - found
        found |= new
        waiting += new
    return found


def _pairs(claims: Sequence[Claim], texts: Mapping[str, Analysis], index: Index) -> Iterator[tuple[Claim, Claim]]:
    """Claims with those of other documents whose sentences hold much of them, every pair once."""
    stating: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        for sentence in claim.sentences:
            stating[sentence.document_id, sentence.index].append(claim)
    seen: set[tuple[str, str]] = set()
    for claim in claims:
        for hit in index.search(texts[claim.id], _CLOSE):
            if hit.sentence.document_id == claim.document_id:
                continue
            for other in stating.get((hit.sentence.document_id, hit.sentence.index), ()):
                if (claim.id, other.id) not in seen:
                    seen |= {(claim.id, other.id), (other.id, claim.id)}
                    yield claim, other


def _says_both(claim: Claim, text: Analysis, index: Index) -> bool:
    """True if the document of a claim has another sentence that says what the other's text does."""
    return any(
        hit.sentence.document_id == claim.document_id
        and hit.sentence not in claim.sentences
        and _says(text, found := index.of(hit.sentence), index)
        and not contradiction(text, found, index)
        for hit in index.search(text, _SAYS)
    )


def _says(text: Analysis, other: Analysis, index: Index) -> bool:
    """True if another text says all that a text does, as plainly, and of no other day."""
    plainly = text.modes == other.modes and not dated_apart(text, other)
    return plainly and bears(parts_of(text, [other], None, index))


def contradiction(one: Analysis, other: Analysis, index: Index) -> str:
    """The question that two texts answer differently; nothing if they do not contradict each other."""
    if not _comparable(one, other, index):
        return ""
    aligned = align(one, other, index)
    back = aligned.turned()
    if min(_met(aligned), _met(back)) < _SAME or _of_something_else(aligned):
        return ""
    found = [_question(aligned, pair, index) for pair in aligned.pairs if not pair.same]
    if denied_beside(aligned) or denied_beside(back):
        found.append(_TRUE)
    if len(found) != 1 or not found[0] or (found[0] != _DAY and dated_apart(one, other)):
        return ""
    return f"{found[0]}: {_shared(aligned, one)}?"


def _comparable(one: Analysis, other: Analysis, index: Index) -> bool:
    """True if two texts share much, say it plainly and of one time, and something may set them apart."""
    if len(one.bag & other.bag) < _SHARED * max(len(one.bag), len(other.bag)):
        return False
    if min(index.coverage(one, other), index.coverage(other, one)) < _CLOSE or not _may_differ(one, other):
        return False
    if any(Mode.CONDITIONAL in text.modes or _leaves_open(text) for text in (one, other)):
        return False
    return _said(one) == _said(other)


def _of_something_else(aligned: Alignment) -> bool:
    """True if a plain word stands for another one: petrol cars, electric cars."""
    return any(any(map(_tells, left)) and any(map(_tells, right)) for left, right in aligned.gaps())


def _may_differ(one: Analysis, other: Analysis) -> bool:
    """True if anything could make two texts contradict each other; cheaper than laying them beside each other."""
    if one.negated != other.negated or dated_apart(one, other) or named_apart(one, other):
        return True
    own, found = one.folded - other.folded, other.folded - one.folded
    return any(contradict(x, y) for x in own for y in found)


def _leaves_open(text: Analysis) -> bool:
    """True for a hedge, and for a denial or a claim that is only reported. `May` is a month, `the suspect` a man."""
    said = {word.folded for word in text.words if word.text != "May"}
    return not said.isdisjoint(_REPORTED_DENIAL | HEDGES - {"suspect", "suspects"})


def _met(aligned: Alignment) -> float:
    """The share of the left text's plain words that stand beside a word of the other, the same or an opposite."""
    words = [i for i, unit in enumerate(aligned.left) if _tells(unit)]
    met = {pair.left for pair in aligned.pairs}
    return sum(i in met for i in words) / len(words) if words else 0.0


def _said(text: Analysis) -> frozenset[str]:
    """The words of a text that tell of a time passing."""
    return text.folded & _PASSING


def _tells(unit: Unit) -> bool:
    """True for a plain word that says of what a text is."""
    return unit.kind is Kind.WORD and unit.key not in REPORTING_TERMS and unit.word not in NEGATIONS | TITLES


def _question(aligned: Alignment, pair: Pair, index: Index) -> str:
    """What a place where two texts differ makes them answer differently; nothing if both may be true."""
    own, found = aligned.left[pair.left], aligned.right[pair.right]
    if own.kind is Kind.MOMENT:
        apart = moments_apart(own.detail, found.detail)
        reported = _beside_saying(aligned.left, pair.left) or _beside_saying(aligned.right, pair.right)
        return _DAY if apart and not reported and _shares(aligned, _HAPPENS_ONCE) else ""
    if own.kind is Kind.NAME:
        return _who_or_where(aligned, pair, index)
    return _TRUE if own.detail is None and contradict(own.word, found.word) else ""


def _beside_saying(units: Sequence[Unit], place: int) -> bool:
    return any(unit.word in REPORTING_VERBS for unit in units[max(0, place - 2) : place + 3])


def _shares(aligned: Alignment, words: frozenset[str]) -> bool:
    return any(pair.same and aligned.right[pair.right].word in words for pair in aligned.pairs)


def _who_or_where(aligned: Alignment, pair: Pair, index: Index) -> str:
    """Another doer of what one alone does, or another place of what happens once, that is not part of the first."""
    own, found = aligned.left[pair.left], aligned.right[pair.right]
    if _beside_saying(aligned.left, pair.left) or _beside_saying(aligned.right, pair.right):
        return ""
    sides = ((aligned.left, pair.left), (aligned.right, pair.right))
    if all(place and units[place - 1].word in _PLACED for units, place in sides):
        nested = any(
            f"{a}, {b}" in d.text
            for a, b in ((own.word, found.word), (found.word, own.word))
            for d in index.documents.values()
        )
        return _WHERE if not nested and _shares(aligned, _HAPPENS_ONCE) else ""
    return _WHO if all(_does(units, place) for units, place in sides) else ""


def _does(units: Sequence[Unit], place: int) -> bool:
    """True if a name is who does what one alone does: `Reed arrested him`, `he was arrested by Reed`."""
    after = units[place + 1 : place + 2]
    before = [unit for unit in units[:place] if unit.word not in TITLES][-2:]
    if after and after[0].word in _DONE_BY_ONE:
        return True
    return len(before) == 2 and before[1].word == "by" and before[0].word in _DONE_BY_ONE


def _shared(aligned: Alignment, text: Analysis) -> str:
    """The words in which two texts agree."""
    same = [aligned.left[pair.left] for pair in aligned.pairs if pair.same and pair.left < len(aligned.left)]
    words = " ".join(text.text[unit.start : unit.end] for unit in same if unit.kind is not Kind.LITTLE)
    return shorten(words or text.text, _LONGEST_QUESTION, placeholder="…")
