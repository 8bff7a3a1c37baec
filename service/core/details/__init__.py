"""Details: the figures, dates, names and quotations of a text, each with its span, and how two compare.

What is found here is what a lying sentence would alter, so comparison is by value and never by likeness:
600,000 is 600 000 is six hundred thousand, and 60,000 is another figure. Each kind has a file of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from service.core.details.dates import Moment, find_moments
from service.core.details.figures import Figure, find_figures
from service.core.details.names import Name, find_names
from service.core.details.quotations import Quotation, find_quotations
from service.core.model import Span

__all__ = ["Agreement", "Details", "Figure", "Moment", "Name", "Quotation", "find_details"]


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
        """The details of `[start, end)` of the text, counted from its start; None if the cut goes through one."""
        kinds = (self.figures, self.moments, self.names, self.quotations)
        if any(d.start < edge < d.end for kind in kinds for d in kind for edge in (start, end)):
            return None
        figures, moments, names, quotations = (
            tuple(
                replace(d, start=d.start - start, end=d.end - start)  # type: ignore[type-var]
                for d in kind
                if start <= d.start and d.end <= end
            )
            for kind in kinds
        )
        return Details(figures, moments, names, quotations)  # type: ignore[arg-type]


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
