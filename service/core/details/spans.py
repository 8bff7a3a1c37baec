"""Spans already taken: what another kind of detail holds is not read a second time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from service.core.model import Span


class Taken:
    """Spans apart from each other; whether one of them is touched is asked in logarithmic time."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [span.start for span in ordered]
        self._ends = [span.end for span in ordered]

    def touches(self, start: int, end: int) -> bool:
        """True if `[start, end)` shares a code point with a span."""
        if not self._ends:
            return False
        nearest = bisect_right(self._ends, start)
        return nearest < len(self._ends) and self._starts[nearest] < end
