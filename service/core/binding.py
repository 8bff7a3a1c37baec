"""Binding: whether the figures and moments of a statement are said of what its sources say them of.

Two figures of one unit that change places, or a time of the end given for the start, hold every value that the
sources hold; only where they stand tells. The texts are laid beside each other (alignment.py): a value that
stands where the source has another is bound to something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.core.alignment import Alignment, Kind, Pair, Unit, align
from service.core.details import Figure, Moment
from service.core.details.date_forms import MONTHS, WEEKDAYS
from service.core.evidence import Trial, terms_beside
from service.core.matching import Analysis, Index
from service.core.model import Check
from service.core.relations import check_odds

_FORMS = (
    ("weekday", re.compile("|".join(WEEKDAYS))),
    ("day", re.compile(rf"\d+ (?:{'|'.join(MONTHS)})(?: \d+)?")),
    ("month", re.compile(rf"(?:{'|'.join(MONTHS)})(?: \d+)?")),
    ("near day", re.compile("today|tonight|yesterday|tomorrow")),
)
_APART = "the source has “{}” where the sentence has “{}”"
_NEARER = 0.25  # of what a statement says beside its figures, that a sentence must hold more than those with a figure
_AROUND = 5  # terms on either side of a source's figure that it may be said of


def check_binding(trial: Trial) -> Check:
    """A quorum of origins says every figure and moment of what the statement says it of."""
    for figure in trial.text.details.figures:
        holding = [a for a in trial.analyses if any(g.same_value(figure) for g in a.details.figures)]
        own = _said_of(figure, trial.text, trial.index)
        if own and holding and not any(own & _around(figure, analysis, trial.index) for analysis in holding):
            return Check(
                "binding", passed=False, detail=f"no source says '{figure.phrase}' of what the sentence does"
            )
    if apart := _nearer_apart(trial):
        return Check("binding", passed=False, detail=apart)
    return check_odds("binding", trial, bound_apart)


def _nearer_apart(trial: Trial) -> str:
    """How a sentence that tells more of what a statement says beside its figures has another one in a figure's place.

    The figure then stands in the sources, said of something else: `The bridge is 60 metres long. The ferry is 40.`
    """
    beside = terms_beside(trial.text, trial.text.details.figures)
    least = _NEARER * trial.index.weight_of(beside)
    for figure in trial.text.details.figures:
        near: dict[bool, list[Analysis]] = {True: [], False: []}
        for analysis in trial.analyses:
            near[any(found.same_value(figure) for found in analysis.details.figures)].append(analysis)
        if not near[True]:
            continue
        enough = least + max(trial.index.weight_of(beside & analysis.bag) for analysis in near[True])
        nearer = (other for other in near[False] if trial.index.weight_of(beside & other.bag) >= enough)
        if apart := next(filter(None, (bound_apart(trial.text, other, trial.index) for other in nearer)), ""):
            return apart
    return ""


def _said_of(figure: Figure, text: Analysis, index: Index) -> frozenset[str]:
    """What a statement counts by a figure: the phrase behind it, else the nearest words on either side."""
    if figure.counted:
        return frozenset(map(index.alias, figure.counted))
    before, after = _sides(figure, text, index)
    return frozenset([*before[-1:], *after[:1]] if figure.unit else after[:1] or before[-1:])


def _around(figure: Figure, text: Analysis, index: Index) -> frozenset[str]:
    """The words on either side of an equal figure in a source."""
    words: set[str] = set()
    for stated in text.details.figures:
        if stated.same_value(figure):
            before, after = _sides(stated, text, index)
            words |= {*map(index.alias, stated.counted), *before[-_AROUND:], *after[:_AROUND]}
    return frozenset(words)


def _sides(figure: Figure, text: Analysis, index: Index) -> tuple[list[str], list[str]]:
    """The terms before a figure and after it, up to the next figure of its unit on either side."""
    others = [f for f in text.details.figures if f.unit == figure.unit and f is not figure]
    low = max((f.end for f in others if f.end <= figure.start), default=0)
    high = min((f.start for f in others if f.start >= figure.end), default=len(text.text))
    words = [(w.start, index.alias(w.term)) for w in text.words if w.term and low <= w.start < high]
    return [t for at, t in words if at < figure.start], [t for at, t in words if at >= figure.end]


def bound_apart(text: Analysis, other: Analysis, index: Index) -> str:
    """How another text has other values in the places of a text's, if both run alike but for that."""
    aligned = align(text, other, index)
    if not aligned.alike:
        return ""
    for left, right in aligned.mismatches(Kind.FIGURE, Kind.MOMENT):
        own, found = aligned.left[left].detail, aligned.right[right].detail
        if own is not None and found is not None and _exclude(own, found):
            return _APART.format(found.text, own.text)
    for pair in aligned.pairs:
        passed = _passed_over(aligned, pair) if pair.same else None
        if passed:
            return _APART.format(passed.word, aligned.left[pair.left].word)
    return ""


def _passed_over(aligned: Alignment, pair: Pair) -> Unit | None:
    """The value that the source has beside the word which stands right before a value of the text, if it is another.

    The source then says another word before it comes to this value (`injured 40 and killed 12`), unless what is
    counted tells the two apart.
    """
    own, found = aligned.left[pair.left], aligned.right[pair.right]
    said = next((p for p in reversed(aligned.pairs) if p.left < pair.left and _is_word(aligned.left[p.left])), None)
    if own.detail is None or said is None or not said.same:
        return None
    if any(map(_is_word, aligned.left[said.left + 1 : pair.left])):
        return None
    between = aligned.right[said.right + 1 : pair.right]
    others = [unit for unit in between if unit.kind is own.kind and _exclude(own.detail, unit.detail)]
    if not others or not any(map(_is_word, between)) or _counted_apart(own.detail, found.detail, others):
        return None
    return others[0]


def _is_word(unit: Unit) -> bool:
    return unit.kind is Kind.WORD


def _counted_apart(own: object, found: object, others: Sequence[Unit]) -> bool:
    """True if the two values are of one thing counted, and the others of something else."""
    if not isinstance(own, Figure) or not isinstance(found, Figure) or not {*own.counted} & {*found.counted}:
        return False
    return not any(isinstance(o.detail, Figure) and {*own.counted} & {*o.detail.counted} for o in others)


def _exclude(one: object, two: object) -> bool:
    return (isinstance(one, Figure) and isinstance(two, Figure) and one.excludes(two)) or moments_apart(one, two)


def moments_apart(one: object, two: object) -> bool:
    """True for two moments that can't be one."""
    if not isinstance(one, Moment) or not isinstance(two, Moment):
        return False
    return one.excludes(two) or _named_apart(one, two)


def _named_apart(one: Moment, two: Moment) -> bool:
    """True if one is not resolved, and both name a weekday, or a day of the calendar, and not the same."""
    if (one.first and two.first) or one.is_time or two.is_time or one.covers(two) or two.covers(one):
        return False
    kinds = [next((kind for kind, form in _FORMS if form.fullmatch(m.key)), "") for m in (one, two)]
    return kinds[0] == kinds[1] != ""
