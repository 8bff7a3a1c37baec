"""Figures: values with bound, unit and what they count, in digits or in words.

A bound is kept as the interval of values it leaves open, so that comparing is interval arithmetic. What is
counted is the noun phrase after the number: its last word is the head, the rest are its modifiers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from text_to_num import text2num

from service.core.lexicon import REPORTING_VERBS
from service.core.model import Span
from service.core.words import WORD, term_of


class Bound(StrEnum):
    """What a figure leaves open."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"


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
            return (self.low * 0.975, self.high * 1.025)
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
        return b < c or d < a

    def supports(self, claimed: Figure) -> bool:
        """True if this figure, standing in a source, bears out `claimed` in a statement.

        Equal values with a bound that the source keeps: "over 600,000" does not bear out a bare "600,000",
        while a bare "600,000" bears out "around 600,000".
        """
        if not self.same_value(claimed):
            return False
        return claimed.bound in (self.bound, Bound.ABOUT) or (
            self.bound is Bound.EXACT and claimed.bound is Bound.EXACT
        )


_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_SCALES = {
    "hundred": 1e2, "dozen": 12.0, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "mln": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "trillion": 1e12, "tn": 1e12, "lakh": 1e5, "crore": 1e7,
}  # fmt: skip
_WORD_NUMBER = rf"(?:{'|'.join(_SMALL.split())}|a hundred|a thousand|a million|a dozen|half a dozen|two dozen)"
_WORDS = (
    rf"(?<![\w-]){_WORD_NUMBER}"
    rf"(?:[\s-]+(?:and\s+)?(?:{'|'.join(_SMALL.split())}|hundred|thousand|million|billion|dozen))*(?![\w-]*\w)"
    rf"|(?<![\w-]){_WORD_NUMBER}(?=-(?:year|day|week|month|hour|minute|metre|meter|mile|storey|story|page)\b)"
)
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?"
_CURRENCY = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "A$": "AUD", "C$": "CAD"}
_SIGN = r"(?:(?:US|A|C)?\$|€|£|¥|₹)"
_UNITS: dict[str, tuple[str, float]] = {}
for _names, _unit, _factor in (
    ("% percent per\u00a0cent per\u2009cent", "%", 1.0), ("percentage\u00a0points percentage\u00a0point pp", "pp", 1.0),
    ("g gram grams gramme grammes", "g", 1.0), ("kg kilo kilos kilogram kilograms kilogrammes", "g", 1e3),
    ("mg milligram milligrams", "g", 1e-3), ("tonne tonnes ton tons", "g", 1e6),
    ("m\u00b9 metre metres meter meters", "m", 1.0), ("km kilometre kilometres kilometer kilometers kms", "m", 1e3),
    ("cm centimetre centimetres centimeter centimeters", "m", 0.01), ("mm millimetre millimetres millimeter millimeters", "m", 1e-3),
    ("mile miles", "mi", 1.0), ("foot feet ft", "ft", 1.0), ("inch inches", "in", 1.0),
    ("second seconds sec secs", "s", 1.0), ("minute minutes min mins", "s", 60.0), ("hour hours hr hrs", "s", 3600.0),
    ("day days", "day", 1.0), ("week weeks", "day", 7.0), ("month months", "month", 1.0), ("year years yr yrs", "month", 12.0),
    ("dollar dollars", "USD", 1.0), ("euro euros", "EUR", 1.0), ("pound\u00b9 pounds", "GBP", 1.0), ("yen", "JPY", 1.0),
    ("litre litres liter liters l\u00b9", "l", 1.0), ("ml millilitre millilitres", "l", 1e-3),
    ("\u00b0c celsius", "C", 1.0), ("\u00b0f fahrenheit", "F", 1.0), ("mph", "mph", 1.0), ("km/h kph", "km/h", 1.0),
    ("hectare hectares ha", "ha", 1.0), ("acre acres", "acre", 1.0), ("mw megawatt megawatts", "MW", 1.0),
):  # fmt: skip
    _UNITS |= {name.replace("\u00a0", " ").replace("\u2009", " ").rstrip("\u00b9"): (_unit, _factor) for name in _names.split(" ")}
_UNITS["per cent"] = ("%", 1.0)
_UNIT_WORDS = "|".join(re.escape(u) for u in sorted(_UNITS, key=len, reverse=True) if u not in ("m", "l"))
_QUANTITY = re.compile(
    rf"(?P<sign>{_SIGN}\s?)?(?:(?P<digits>(?<![\w.])(?:{_DIGITS})|(?<=[$€£¥₹])(?:{_DIGITS}))|(?P<words>{_WORDS}))"
    rf"(?:\s?(?:-|–|—|to|and)\s?(?P<to>{_SIGN}?(?:{_DIGITS}))(?![\w.]*\d))?"
    rf"(?:[\s-]?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})(?![\w]))?"
    rf"(?:[\s-]?(?P<unit>{_UNIT_WORDS})(?![\w]))?"
    rf"(?![\w]*\d)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?P<at_least>at least|no fewer than|no less than|not less than|more than|over|above|upwards? of|exceed(?:ing|s|ed)?|"
    r"greater than|in excess of|well over|a minimum of|surpass(?:ing|ed)?)"
    r"|(?P<at_most>at most|no more than|not more than|up to|less than|fewer than|under|below|nearly|almost|close to|"
    r"just under|a maximum of|as many as|as much as|just short of)"
    r"|(?P<about>about|around|approximately|approx\.?|some|roughly|an estimated|estimated|circa|ca\.?|~|≈|in the region of|or so)",
    re.IGNORECASE,
)
_BEFORE_END = re.compile(rf"(?<!\w)(?:{_BEFORE.pattern})\s+(?:the\s+|a\s+|an\s+|estimated\s+|another\s+)?$|[~≈]$", re.IGNORECASE)
_AFTER = re.compile(r"\s+(?:or more|or (?P<less>less|fewer)|or (?P<so>so|thereabouts))\b", re.IGNORECASE)
_HINT = re.compile(rf"\d|\b(?:{'|'.join(_SMALL.split())}|dozen|hundred|thousand|million)\b", re.IGNORECASE)
_STOPS = frozenset(
    "were was are is have has had been be will would could may might can to for in at on by from with as and or but "
    "that who which when while after before during since until than into over under between against if because so "
    "do did does not also remain remained died killed injured wounded missing dead ago later earlier "
    "came went took fell rose lost won got made left began became kept held put ran saw sent per a an there here".split()
)
_SKIPPED = frozenset("of the other more new additional further such those these its their his her our extra".split())


def find_figures(text: str, taken: list[Span] = []) -> tuple[Figure, ...]:  # noqa: B006 (never changed)
    """The figures of a text in order, but for those inside `taken` (dates and times)."""
    if not _HINT.search(text):
        return ()
    found = []
    for match in _QUANTITY.finditer(text):
        span = Span(*match.span())
        if not any(span.overlaps(other) for other in taken) and (figure := _figure(text, match)):
            found.append(figure)
    return tuple(found)


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    number = _value(match)
    if number is None or _is_label(text, match):
        return None
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1.0
    unit, factor = _UNITS[" ".join(match["unit"].lower().split())] if match["unit"] else ("", 1.0)
    if match["sign"]:
        unit = _CURRENCY.get(match["sign"].strip().upper(), "USD")
    low = number * scale * factor
    high = low
    if match["to"] and match["digits"]:
        high = _number(match["to"].lstrip("USAC$€£¥₹")) * scale * factor
        if high <= low:
            return None
    bound, begin = _bound(text, match.start(), match.end())
    counted, stop = _counted(text, match.end())
    return Figure(
        match.start(), match.end(), match.group(), round(low, 9), round(high, 9), bound, unit, counted, text[begin:stop]
    )  # fmt: skip


def _value(match: re.Match[str]) -> float | None:
    if match["digits"]:
        return _number(match["digits"])
    words = match["words"].lower()
    if words in _SMALL.split() and not match["unit"] and not match["scale"] and re.match(r"\s*[,:]", match.string[match.end() :]):
        return None  # "One, … Two, …": counting points, not things
    if words == "one" and not match["unit"] and not match["scale"]:
        return None  # "one of them", "no one": a word far more often than a figure
    if words.endswith("dozen"):
        return {"a": 12.0, "half a": 6.0}.get(words.removesuffix("dozen").strip(), 24.0)
    try:
        return float(text2num(re.sub(r"^a ", "one ", words), "en"))
    except ValueError:
        return None


def _number(digits: str) -> float:
    return float(re.sub(r"[,\u00a0\u202f ]", "", digits))


def _is_label(text: str, match: re.Match[str]) -> bool:
    """A list number at the start of a line, or a part of a code such as F-16: nothing is counted."""
    before = text[max(0, match.start() - 2) : match.start()]
    after = text[match.end() : match.end() + 2]
    if match.start() == 0 and after[:1] in (".", ")") and after[1:2] in ("", " ", "\n"):
        return bool(match["digits"]) and not match["unit"]
    return bool(re.search(r"[A-Za-z]-$", before)) and not match["words"]


def _bound(text: str, start: int, end: int) -> tuple[Bound, int]:
    """The bound of a figure, and where the words for it begin."""
    window = max(0, start - 32)
    before = _BEFORE_END.search(text[window:start])
    if before:
        begin = window + before.start()
        if before["at_least"]:
            return Bound.AT_LEAST, begin
        return (Bound.AT_MOST if before["at_most"] else Bound.ABOUT), begin
    after = _AFTER.match(text, end)
    if after:
        if after["so"]:
            return Bound.ABOUT, start
        return (Bound.AT_MOST if after["less"] else Bound.AT_LEAST), start
    return Bound.EXACT, start


def _counted(text: str, end: int) -> tuple[tuple[str, ...], int]:
    """The terms of the noun phrase after a number, at most five words of it, and where it ends."""
    terms: list[str] = []
    position = end
    for match in WORD.finditer(text, end, min(len(text), end + 80)):
        gap = text[position : match.start()]
        word = match.group().lower()
        if gap.strip(" \u00a0-–’'") or word in _STOPS or word in REPORTING_VERBS or match.lastgroup == "number":
            break
        position = match.end()
        if word in _SKIPPED:
            continue
        if term := term_of(match.group()):
            terms.append(term)
        if len(terms) == 5:
            break
    return tuple(terms), position
