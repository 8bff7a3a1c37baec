"""Other words: names, denials, hedges and tenses of a text altered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.alterations.ground import Ground, Text, is_both_ways, may_be_one, reworded, swapped


def names(ground: Ground, text: Text) -> Iterator[str]:
    """Somebody or something else of the cluster in the place of a name."""
    others = ground.strangers(text, [name.text for name in ground.names])
    for name in text.analysis.details.names:
        for other in ground.some(others, 3):
            yield swapped(text.text, name.start, name.end, other)


def names_change_places(ground: Ground, text: Text) -> Iterator[str]:
    """Two names of a text, each in the other's place, where that is not the same both ways."""
    found = text.analysis.details.names
    for one, other in pairwise(found):
        both_ways = is_both_ways(text.text[one.end : other.start])
        if not both_ways and not one.matches(other) and not may_be_one(one.text, other.text):
            late = swapped(text.text, other.start, other.end, one.text)
            yield swapped(late, one.start, one.end, other.text)


_NEGATED = (
    (r"\b(is|are|was|were|has|have|had|will|would|could|may|might|should|does|did|do) not\b", r"\1"),
    (r"\b(was|is|does|did|would|could|has|had)n[’']t\b", r"\1"), (r"\bcannot\b", "can"), (r"\bcan't\b", "can"),
    (r"\bNot\b", "Indeed"), (r"\bnot\b", "now"), (r"\bNobody\b", "Somebody"), (r"\bnobody\b", "somebody"),
    (r"\bNo\b", "A"), (r"\bno\b", "a"), (r"\bNone\b", "All"), (r"\bnone\b", "all"), (r"\bnever\b", "always"),
    (r"\bwithout\b", "with"), (r"\bdenied that\b", "said that"), (r"\bdenied\b", "confirmed"),
    (r"\brefused to\b", "agreed to"), (r"\brejects\b", "accepts"), (r"\bneither\b", "both"),
)  # fmt: skip
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|could|may|might|should|can)\b(?! not|n[’'])")
_AFFIRMED = re.compile(r"\b(?:said|confirmed|announced|reported|told)\b")


def negation_dropped(ground: Ground, text: Text) -> Iterator[str]:
    """A denial that is left out, or turned round."""
    yield from reworded(text.text, _NEGATED)


def negation_added(ground: Ground, text: Text) -> Iterator[str]:
    """A denial that nobody made."""
    for match in _AUXILIARY.finditer(text.text):
        yield swapped(text.text, match.end(), match.end(), ground.chance.choice((" not", " never")))
    for match in _AFFIRMED.finditer(text.text):
        yield swapped(text.text, match.start(), match.end(), "denied")


_HEDGES = (
    (r"\bmay be\b", "is"), (r"\bmay\b", "will"), (r"\bmight\b", "will"), (r"\bcould\b", "will"),
    (r"\blikely to\b", "certain to"), (r"\bprobably\b", "certainly"), (r"\bpossibl[ey]\b", "certain"),
    (r"\breportedly ", ""), (r"\ballegedly ", ""), (r"\bsuspected\b", "proven"), (r"\bapparently ", ""),
    (r"\bappear(?:s|ed)? to\b", "certainly"), (r"\bseem(?:s|ed)? to\b", "certainly"),
    (r"\b(?:is|are|was|were) investigating whether\b", "found that"), (r"\binvestigating whether\b", "certain that"),
    (r"\bprobing whether\b", "certain that"), (r"\bIf\b", "Since"), (r"\bif\b", "since"), (r"\bunless\b", "because"),
)  # fmt: skip


def hedges(ground: Ground, text: Text) -> Iterator[str]:
    """What may be, is looked into, or is so on a condition, told as being so."""
    yield from reworded(text.text, _HEDGES)


def futures(ground: Ground, text: Text) -> Iterator[str]:
    """What was done, told as to come."""
    yield from reworded(
        text.text, ((r"\b(?:was|were|has been|have been|had been)\b", "will be"), (r"\bhas\b", "will have"))
    )


def certainties(ground: Ground, text: Text) -> Iterator[str]:
    """What is expected or thought of, told as certain."""
    yield from reworded(
        text.text, ((r"\bexpected to\b", "certain to"), (r"\b(?:is|was) considering\b", "has decided on"))
    )


_MAY = (
    (r"\bwill\b(?! not)", "may"), (r"\b(?:is|are)\b", "may be"), (r"\b(?:was|were)\b", "may have been"),
    (r"\b(?:has|have|had) been\b", "may have been"), (r"\bmust\b", "might"), (r"\bcan\b", "might"),
    (r"\bconfirmed\b", "suspected"), (r"\bcertainly\b", "possibly"), (r"\bproven\b", "alleged"),
)  # fmt: skip


def hedges_added(ground: Ground, text: Text) -> Iterator[str]:
    """What is so, told as what may be."""
    yield from reworded(text.text, _MAY)


_PASTS = ((r"\bwill be\b", "was"), (r"\bwill have\b", "had"), (r"\b(?:plans?|expects?|intends?) to be\b", "was"))


def pasts(ground: Ground, text: Text) -> Iterator[str]:
    """What is to come, told as done."""
    yield from reworded(text.text, _PASTS)
