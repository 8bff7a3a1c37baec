"""Details: the figures, dates, names and quotations of a text, each with its span, and how two compare.

What is found here is what a lying sentence would alter, so comparison is by value and never by likeness:
600,000 is 600 000 is six hundred thousand, and 60,000 is another figure. Each kind has a file of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from service.core.details.dates import Moment, find_moments
from service.core.details.figures import Figure, find_figures
from service.core.details.names import Name, find_names
from service.core.details.quotations import Quotation, find_quotations, plain
from service.core.model import Span

__all__ = ["Agreement", "Details", "Figure", "Moment", "Name", "Quotation", "compare", "find_details"]


Detail = TypeVar("Detail", Figure, Moment, Name, Quotation)


class Agreement(StrEnum):
    """How two details of one kind compare."""

    EQUAL = "equal"
    COMPATIBLE = "compatible"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Details:
    """Everything checkable in one text, each kind in order of position."""

    figures: tuple[Figure, ...] = ()
    moments: tuple[Moment, ...] = ()
    names: tuple[Name, ...] = ()
    quotations: tuple[Quotation, ...] = ()

    def within(self, start: int, end: int) -> Details | None:
        """The details of `[start, end)` of the text, from its start; None if the cut goes through one."""
        kinds = (self.figures, self.moments, self.names, self.quotations)
        if any(d.start < edge < d.end for kind in kinds for d in kind for edge in (start, end)):
            return None
        return Details(
            _inside(self.figures, start, end), _inside(self.moments, start, end), _inside(self.names, start, end),
            _inside(self.quotations, start, end),
        )  # fmt: skip


def _inside(kind: tuple[Detail, ...], start: int, end: int) -> tuple[Detail, ...]:
    return tuple(
        replace(d, start=d.start - start, end=d.end - start) for d in kind if start <= d.start and d.end <= end
    )


def find_details(text: str, dated: date | None = None, proper: frozenset[str] = frozenset()) -> Details:
    """The details of a text.

    `dated` is the day that relative dates ("on Monday") count from; without it they stay unresolved.
    `proper` holds folded words known to be names, for words at the start of a sentence.
    """
    moments = find_moments(text, dated)
    taken = [Span(moment.start, moment.end) for moment in moments]
    return Details(
        find_figures(text, taken),
        tuple(moments),
        find_names(text, taken, proper),
        find_quotations(text),
    )


def compare(one: Detail, other: Detail) -> Agreement:
    """How two details of one kind agree: compatible are those that may both be true of one thing."""
    if isinstance(one, Figure) and isinstance(other, Figure):
        equal = one.same_value(other) and one.bound is other.bound
        different = one.unit != other.unit or one.excludes(other)
    elif isinstance(one, Moment) and isinstance(other, Moment):
        equal = one.equals(other)
        different = one.is_time != other.is_time or one.excludes(other)
    elif isinstance(one, Name) and isinstance(other, Name):
        equal = one.words == other.words
        different = not one.matches(other)
    else:
        equal = one.parts == other.parts
        different = not (one.stands_in(plain(other.text)) or other.stands_in(plain(one.text)))
    if equal:
        return Agreement.EQUAL
    return Agreement.DIFFERENT if different else Agreement.COMPATIBLE
