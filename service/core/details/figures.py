"""Figures: values with bound, unit and what they count, in digits or in words.

A bound is kept as the interval of values it leaves open, so that comparing is interval arithmetic. What is
counted is the noun phrase after the number: its last word is the head, the rest are its modifiers. How a
number is written is for numerals.py, what its units are for units.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from service.core.details.bounds import Bound, bound_of
from service.core.details.numerals import HINT, NUMBER, NUMBER_WORDS, START, UNSPACED, value_of
from service.core.details.spans import Taken
from service.core.details.units import SCALE, SCALES, SIGN, UNIT, currency_of, unit_of
from service.core.lexicon import REPORTING_VERBS
from service.core.model import Span
from service.core.words import WORD, term_of

__all__ = ["Bound", "Figure", "find_figures"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in its base unit, or a range where `low != high`. `unit` is empty for a plain count.

    `phrase` is the figure as it stands with its bound and what it counts (`over 600,000 Russian soldiers`).
    """

    start: int
    end: int
    text: str
    low: float
    high: float
    bound: Bound
    unit: str
    counted: tuple[str, ...] = ()
    phrase: str = ""

    @property
    def head(self) -> str:
        return self.counted[-1] if self.counted else ""

    @property
    def interval(self) -> tuple[float, float]:
        """The values that the wording leaves open: `about` is 2.5 % either way, `nearly` a tenth below."""
        if self.bound is Bound.ABOUT:
            return (self.low - 0.025 * abs(self.low), self.high + 0.025 * abs(self.high))
        if self.bound is Bound.NEARLY:
            return (self.low - 0.1 * abs(self.low), self.high)
        if self.bound is Bound.AT_LEAST:
            return (self.low, inf)
        if self.bound is Bound.AT_MOST:
            return (-inf, self.high)
        return (self.low, self.high)

    def same_value(self, other: Figure) -> bool:
        return self.unit == other.unit and (self.low, self.high) == (other.low, other.high)

    def excludes(self, other: Figure) -> bool:
        """True if no value satisfies both; figures of different units are never comparable."""
        if self.unit != other.unit:
            return False
        (a, b), (c, d) = self.interval, other.interval
        opposite = {self.bound, other.bound} == {Bound.AT_LEAST, Bound.AT_MOST}
        return b < c or d < a or (opposite and (b == c or d == a))  # more than 500, fewer than 500

    def supports(self, claimed: Figure) -> bool:
        """True if this figure, standing in a source, bears out `claimed` in a statement.

        Equal values with a bound that the source keeps: "over 600,000" does not bear out a bare "600,000",
        while a bare "600,000" bears out "around 600,000".
        """
        if not self.same_value(claimed):
            return False
        return claimed.bound in (self.bound, Bound.ABOUT)


@dataclass(frozen=True, slots=True)
class _Amount:
    """One number as it stands, before it is joined with another to a range and told from a mere word."""

    start: int
    end: int
    number: float
    scale: float = 1.0
    factor: float = 1.0
    unit: str = ""
    share: bool = False
    implied: bool = False  # the unit stands in front, by a sign or by "aged", and is that of what follows too
    weak: bool = False  # "one of them": a word far more often than a figure
    high: float | None = None  # of a range

    @property
    def value(self) -> float:
        return self.number * self.scale * self.factor


_QUANTITY = re.compile(
    rf"{START}(?P<minus>minus\s|(?:(?<=[\s(])|(?<!.))[-−](?=[\d.$€£]))?(?P<sign>{SIGN}\s?)?{NUMBER}"
    rf"(?:(?P<ordinal>(?:(?<=1)st|(?<=2)nd|(?<=3)rd|(?<=\d)th)(?!\w))"
    rf"|(?P<cjk>[万萬億亿만억])?"
    rf"(?:(?(share)(?:\s(?:of\s)?|-)(?:an?[\s-])?|[\s-]?)(?P<scale>{SCALE}|(?(sign)b|(?!)))(?![^\W{UNSPACED}]))?"
    rf"(?:(?(share)(?:\s(?:of\s)?an?\s|-)|[\s-]?)?(?P<unit>{UNIT})(?![^\W{UNSPACED}]))?)"
    rf"(?!\.?[^\W{UNSPACED}]*\d)",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"[\s-](?:high|tall|long|wide|deep|thick|across|away|above|below|beneath|sprint|race|relay|hurdles|freestyle|"
    r"finals?|heats?|butterfly|backstroke|breaststroke|medley|dash|waves?|tower|statue)\b",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?<!\w)(?:aged?|ages|age of) (?:(?:between|about|around|over|under|at least|up to) )?$",
    re.IGNORECASE,
)  # but `damaged 40 houses`
_LONGEST_AGED = 16  # code points
_PERSON = re.compile(
    r"\s(?:(?:other|more|further|young|elderly)\s)?(?:person|man|woman|child|boy|girl|soldier|officer|policeman|civilian|"
    r"passenger|worker|firefighter|victim|death|fatality)\b",
    re.IGNORECASE,
)
_COUNTING_POINTS = re.compile(r"\s*[,:]")
_LABELLED = re.compile(r"[a-z](?<!magnitude)(?<!category)-$", re.IGNORECASE)
_RANGE = re.compile(r"[-–—]|\s[-–]\s|-?\s(?:to|or|and)\s|-(?:to|or)-", re.IGNORECASE)
_STOPS = NUMBER_WORDS | frozenset(
    """
    were was are is have has had been be will would could may might can to for in at on by from with as and or
    but that who which when while after before during since until than into over under between against if because
    so do did does not also remain remained died killed injured wounded missing dead ago later earlier
    came went took fell fled rose lost won got made left began became kept held put ran saw sent per a an there
    here
    including include includes whose among amid where today yesterday tomorrow tonight
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)
_DETERMINERS = frozenset("the a an every each his her its their this that these those".split())
_SKIPPED = frozenset(
    """
    of the other more new additional further such those these its their his her our extra
    """.split()
)
_ENDS = frozenset(("people", "persons", "men", "women", "children"))


def find_figures(text: str, taken: Sequence[Span] = ()) -> tuple[Figure, ...]:
    """The figures of a text in order, but for those inside `taken` (dates and times)."""
    if not HINT.search(text):
        return ()
    held = Taken(taken)
    amounts = [
        amount
        for match in _QUANTITY.finditer(text)
        if not held.touches(*match.span()) and (amount := _amount(text, match))
    ]
    return tuple(_figure(text, amount) for amount in _joined(text, amounts) if not amount.weak)


def _amount(text: str, match: re.Match[str]) -> _Amount | None:
    number = value_of(match)
    start, end = match.span()
    if number is None or _is_label(text, match):
        return None
    scale, unit, factor = _measure(text, match)
    share = bool(match["share"])
    weak = number == 1 and (match["words"] or "").lower() == "one" and not (unit or match["scale"])
    aged = not unit and bool(_AGED.search(text, max(0, start - _LONGEST_AGED), start))
    if share and not unit and scale == 1:
        unit, factor = "%", 100.0
    elif aged:
        unit, factor = "month", 12.0
    if match["minus"]:
        number = -number
    weak = weak and not _PERSON.match(text, end)
    return _Amount(start, end, number, scale, factor, unit, share, aged or bool(match["sign"]), weak)


def _measure(text: str, match: re.Match[str]) -> tuple[float, str, float]:
    """The scale of a number, its base unit, and how many of that its own unit is."""
    if match["ordinal"]:
        return 1.0, "th", 1.0
    scale = SCALES[(match["scale"] or match["cjk"]).lower()] if match["scale"] or match["cjk"] else 1.0
    if match["sign"]:
        return scale, currency_of(match["sign"].strip()), 1.0
    if match["unit"]:
        return scale, *unit_of(match["unit"])
    if (match["scale"] or "").lower() == "m" and (
        text[match.end() - 2].isspace() or _LENGTH.match(text, match.end())
    ):
        return 1.0, "m", 1.0  # "3m people", but "a 3m wave" and "3 m"
    return scale, "", 1.0


def _is_label(text: str, match: re.Match[str]) -> bool:
    """A list number, a point of a list in words, or part of a code (F-16, 5G): nothing is counted."""
    start, end = match.span()
    if match["digits"]:
        first = text[end : end + 1]
        listed = start == 0 and first in (".", ")") and text[end + 1 : end + 2].strip() == ""
        whole = not match["sign"] and "." not in match["digits"]
        coded = first.isupper() or (whole and _LABELLED.search(text[max(0, start - 10) : start]))
        return bool(coded) or (listed and match.group() == match["digits"] and end - start <= 3)
    spelled = match["words"] and match.group().lower() in NUMBER_WORDS
    return bool(spelled and text[start].isupper() and _COUNTING_POINTS.match(text, end))


def _joined(text: str, amounts: list[_Amount]) -> Iterator[_Amount]:
    """The amounts, two that make a range as one, with what they share (`8 to 10 minutes`, `$3-4bn`)."""
    pending: _Amount | None = None
    for amount in amounts:
        second = amount
        if pending is not None:
            link = _link(text, pending, amount)
            first, second = _shared(pending, amount) if link else (pending, amount)
            if link == "range" and first.unit == second.unit and first.value < second.value:
                pending = replace(first, end=second.end, high=second.value, weak=False)
                continue
            yield first
        pending = second
    if pending is not None:
        yield pending


def _link(text: str, first: _Amount, second: _Amount) -> str:
    """How two numbers hang together: as a `range`, as a `pair` that tells a change (`from 4 to 6`), or not."""
    gap = text[first.end : second.start]
    if first.high is not None or not _RANGE.fullmatch(gap):
        return ""
    before = text[max(0, first.start - 8) : first.start].lower()
    if before.endswith("from "):
        return "pair"
    return "range" if before == "between " or "and" not in gap.lower() else ""


def _shared(first: _Amount, second: _Amount) -> tuple[_Amount, _Amount]:
    """Two numbers of a range, each with the unit, currency and scale that only one of them bears."""
    ascending = first.number < second.number
    if first.implied and not second.unit and ascending:
        second = replace(second, unit=first.unit, factor=first.factor)
    elif second.unit and not first.unit:
        first = replace(first, unit=second.unit, factor=second.factor)
    if first.scale == 1 and second.scale != 1 and ascending:
        first = replace(first, scale=second.scale)
    return first, second


def _figure(text: str, amount: _Amount) -> Figure:
    low = round(amount.value, 9)
    high = low if amount.high is None else round(amount.high, 9)
    bound, begin, end = bound_of(text, amount.start, amount.end)
    if bound is Bound.EXACT and amount.share:
        bound = Bound.ABOUT  # a third is not 33.333333333 %
    if amount.high is not None and text[max(0, begin - 8) : begin].lower() == "between ":
        begin -= 8
    counted, stop = _counted(text, end)
    start, stop_at = amount.start, amount.end
    return Figure(start, stop_at, text[start:stop_at], low, high, bound, amount.unit, counted, text[begin:stop])


def _counted(text: str, end: int) -> tuple[tuple[str, ...], int]:
    """The terms of the noun phrase after a number, at most five words of it, and where it ends."""
    terms: list[str] = []
    position, previous = end, ""
    for match in WORD.finditer(text, end, end + 80):
        word = match.group().lower()
        if (
            (terms and word in _DETERMINERS)
            or word in _STOPS
            or word in REPORTING_VERBS
            or match.lastgroup == "number"
            or _apart(text[position : match.start()])
        ):
            break
        if word.endswith("ed") and previous.endswith("s"):
            break  # "600 soldiers deployed there": the noun is complete
        position, previous = match.end(), word
        if word not in _SKIPPED and (term := term_of(match.group())):
            terms.append(term)
        if len(terms) == 5 or word in _ENDS:
            break
    return tuple(terms), position


def _apart(gap: str) -> bool:
    """True for what stands between a number and words that it does not count."""
    return gap.strip(" \u00a0-–‑’'") != "" or gap in (" - ", " – ")
