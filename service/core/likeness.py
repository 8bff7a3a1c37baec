"""Likeness: whether two texts may say the same, and which detail tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from service.core.details import Figure, Name
from service.core.evidence import terms_beside
from service.core.matching import Analysis, Index
from service.core.parts import bears, parts_of
from service.core.relations import at_odds

_BUT_DETAILS = 0.8  # of two texts without their names that must be shared for another name to mean another fact


def alike(a: Analysis, b: Analysis) -> bool:
    """Whether no figure, date, name or mode tells two texts apart, which may then say the same."""
    figures = all(
        any(f.same_value(g) for g in y.details.figures) for x, y in ((a, b), (b, a)) for f in x.details.figures
    )
    return figures and a.modes == b.modes and not dated_apart(a, b) and not named_apart(a, b)


def same(a: Analysis, b: Analysis, index: Index) -> bool:
    """Whether two texts may be one fact: alike, each bears what the other says, and neither tells it otherwise."""
    if not alike(a, b) or not all(
        bears([part for part in parts_of(x, [y], None, index) if not part.speaks]) for x, y in ((a, b), (b, a))
    ):
        return False
    return not at_odds(a, b, index) and not at_odds(b, a, index)


def dated_apart(a: Analysis, b: Analysis) -> bool:
    """True if a moment of one is at odds with every moment of the other."""
    return any(
        bool(y.details.moments) and all(m.excludes(n) for n in y.details.moments)
        for x, y in ((a, b), (b, a))
        for m in x.details.moments
    )


def named_apart(a: Analysis, b: Analysis) -> bool:
    """True if each names somebody whom the other does not."""
    return all(
        any(not any(n.matches(m) for m in y.details.names) for n in x.details.names) for x, y in ((a, b), (b, a))
    )


def differs_in_names(a: Analysis, b: Analysis, index: Index) -> bool:
    """True if two texts say the same of different names."""
    return named_apart(a, b) and _alike_but(a, b, lambda text: text.details.names, index)


def differs_in_figures(a: Analysis, b: Analysis, index: Index) -> bool:
    """True if two texts say the same with different figures."""
    apart = all(
        any(not any(g.same_value(f) for g in y.details.figures) for f in x.details.figures)
        for x, y in ((a, b), (b, a))
    )
    return apart and _alike_but(a, b, lambda text: text.details.figures, index)


def _alike_but(
    a: Analysis, b: Analysis, details: Callable[[Analysis], Sequence[Name | Figure]], index: Index
) -> bool:
    """True if two texts share nearly all that they say besides details of one kind."""
    rest, other = terms_beside(a, details(a)), terms_beside(b, details(b))
    heavier = max(index.weight_of(rest), index.weight_of(other))
    return heavier > 0 and index.weight_of(rest & other) >= _BUT_DETAILS * heavier
