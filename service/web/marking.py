"""Marking: a text cut where citations and furniture begin and end, by code points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Citing:
    """The span `[start, end)` of a text, and the number that it is cited by."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text: the numbers that cite it, those of them that begin with it, and if it is furniture."""

    text: str
    numbers: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    furniture: bool = False


def cut(text: str, cited: Iterable[Citing], furniture: Iterable[tuple[int, int]]) -> Iterator[Segment]:
    """The segments of a text in order, which together are the text. Spans may overlap and may touch."""
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for span in cited:
        opening.setdefault(span.start, []).append(span.number)
        closing.setdefault(span.end, []).append(span.number)
    greying: dict[int, int] = {}
    for start, end in furniture:
        greying[start] = greying.get(start, 0) + 1
        greying[end] = greying.get(end, 0) - 1
    places = sorted({0, len(text), *opening, *closing, *greying})
    open_now: list[int] = []
    grey = 0
    for start, end in pairwise(places):
        open_now = [number for number in open_now if number not in closing.get(start, ())]
        begins = tuple(opening.get(start, ()))
        open_now += begins
        grey += greying.get(start, 0)
        yield Segment(text[start:end], tuple(open_now), begins, grey > 0)
