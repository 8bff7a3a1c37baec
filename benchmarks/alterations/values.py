"""Other values: figures, units, bounds and dates of a text altered."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.alterations.ground import Ground, Text, is_both_ways, swapped
from service.core.details import Figure

_NUMBER = re.compile(r"(?<![A-Za-z])\d[\d,]*(?:\.\d+)?")
_POINT = re.compile(r"^\d+\.(?=\s)")  # the number of a point of a list, which counts nothing
_OTHER_NUMBER = {
    "two": "five", "three": "eight", "four": "nine", "five": "two", "six": "eleven", "seven": "twelve",
    "eight": "three", "nine": "four", "ten": "thirteen", "eleven": "six", "twelve": "seventeen",
    "fourteen": "nineteen", "fifteen": "twenty", "twenty-one": "thirty-four", "twenty-three": "fifty-three",
    "twenty-seven": "thirty-three", "thirty-one": "sixty-two", "thirty-eight": "fifty-two", "forty": "thirty",
    "forty-two": "sixty-seven", "fifty": "seventy", "hundred": "thousand", "million": "billion", "third": "sixth",
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_OTHER_NUMBER, key=len, reverse=True))})\b", re.IGNORECASE)


def figures(ground: Ground, text: Text) -> Iterator[str]:
    """Another value: one digit changed, a nought more, another number word."""
    taken = [(moment.start, moment.end) for moment in text.analysis.details.moments]
    taken += [match.span() for match in _POINT.finditer(text.text)]
    for match in (*_NUMBER.finditer(text.text), *_NUMBER_WORD.finditer(text.text)):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        for value in _other_values(match.group(), ground.chance):
            altered = swapped(text.text, match.start(), match.end(), value)
            if not ground.is_told(value, text) and not _is_written_otherwise(ground, altered, text):
                yield altered


def _other_values(written: str, chance: random.Random) -> list[str]:
    if not written[0].isdigit():
        other = _OTHER_NUMBER[written.lower()]
        return [other.capitalize() if written[0].isupper() else other]
    place = chance.choice([i for i, sign in enumerate(written) if sign.isdigit()])
    digit = chance.choice([digit for digit in "123456789" if digit != written[place]])
    more = f"{written}0" if "." not in written and "," not in written else f"1{written}"
    return [swapped(written, place, place + 1, digit), more]


def _is_written_otherwise(ground: Ground, altered: str, text: Text) -> bool:
    """True if every figure of an altered text has the value of one on the matter."""
    known = ground.figures_told(text)
    stated = ground.analyse(altered, text.sentences).details.figures
    return bool(stated) and all(any(k.same_value(f) for k in known) for f in stated)


def figures_of_others(ground: Ground, text: Text) -> Iterator[str]:
    """A figure that the cluster has on another matter."""
    known = ground.figures_told(text)
    for figure in text.analysis.details.figures:
        others = [
            other.text
            for other in ground.figures
            if other.text[:1].isdigit() == figure.text[:1].isdigit()
            and not any(k.same_value(other) for k in known)
            and not ground.is_told(other.text, text)
        ]
        for other in ground.some(others, 2):
            yield swapped(text.text, figure.start, figure.end, other)


def figures_of_like(ground: Ground, text: Text) -> Iterator[str]:
    """A figure that the documents have on another matter, of the same unit, written alike: `9 minutes`."""
    known = ground.figures_told(text)
    for figure in text.analysis.details.figures:
        shape = _shape(figure.text)
        others = [
            other.text
            for other in ground.figures
            if other.unit == figure.unit
            and _shape(other.text) == shape
            and not any(k.same_value(other) for k in known)
            and not ground.is_told(other.text, text)
        ]
        for other in ground.some(others, 2):
            yield swapped(text.text, figure.start, figure.end, other)


def _shape(written: str) -> str:
    """How a figure is written, whatever its value."""
    return _NUMBER_WORD.sub("#", _NUMBER.sub("#", written))


_UNITS = (
    ("kilometres", "miles"), ("metres", "feet"), ("metre", "foot"), ("litres", "gallons"), ("tonnes", "kilograms"),
    ("percentage points", "percent"), ("percent", "percentage points"), ("per cent", "percentage points"),
    ("%", " percentage points"), ("€", "$"), ("$", "£"), ("£", "€"), ("dollars", "euros"), ("euros", "dollars"),
    ("pounds", "kilograms"), ("miles", "kilometres"), ("mile", "kilometre"), ("feet", "metres"), ("foot", "metre"),
    ("kilometers", "miles"), ("meters", "feet"), ("acres", "hectares"), ("hectares", "acres"),
    ("billion", "million"), ("crowns", "euros"), ("kg", "g"), ("g", "kg"), ("km", "m"), ("seconds", "minutes"),
    ("minutes", "hours"), ("minute", "hour"), ("hours", "days"), ("hour", "day"), ("days", "weeks"),
    ("weeks", "months"), ("months", "years"), ("years", "months"), ("year", "month"), ("thousand", "million"),
    ("million", "billion"), ("tonne", "kilogram"),
)  # fmt: skip


def units(ground: Ground, text: Text) -> Iterator[str]:
    """The same number of another unit."""
    for figure in text.analysis.details.figures:
        tail = text.text[figure.start : figure.end + 24]
        for unit, other in _UNITS:
            match = re.search(rf"(?<![^\W\d]){re.escape(unit)}(?![^\W\d])", tail)
            if match and match.start() <= figure.end - figure.start + 2:
                altered = swapped(tail, match.start(), match.end(), other)
                if not ground.is_told(altered[: match.start() + len(other)], text):
                    yield swapped(text.text, figure.start, figure.start + len(tail), altered)
                break


_BOUNDS = re.compile(
    r"\b(?:more than|over|at least|about|around|some|nearly|almost|roughly|approximately|approx\.|up to|fewer than"
    r"|less than|under|an estimated|just under|close to)\s$",
    re.IGNORECASE,
)
_IDIOM = re.compile(r"\b(?:talking|talk|said|says|asked) about (?:some |around )?$")
_OR_MORE = re.compile(r" ?(?:or (?:more|so|fewer|less|over|under)\b|\+)")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_ONE_BOUND = (
    {"more than", "over", "at least"},
    {"fewer than", "less than", "under"},
    {"nearly", "almost", "just under", "close to"},
)


def bounds(ground: Ground, text: Text) -> Iterator[str]:
    """A bound dropped, turned round or put on. One loosened to `about` is true, and is not made."""
    for figure in text.analysis.details.figures:
        before = text.text[: figure.start]
        ranged = figure.low != figure.high or not figure.text[:1].isdigit()
        if ranged or before[-1:].strip() or _IDIOM.search(before) or _is_bounded_after(figure, text):
            continue  # part of a code; "talking about 300" is "about 300" as well; "3 or more" has its bound
        held = _BOUNDS.search(before)
        bound, start = (held.group().strip().lower(), held.start()) if held else ("", figure.start)
        for other in ("", "more than ", "fewer than ", "up to ", "nearly "):
            if not _is_one_bound(bound, other.strip()) and not _is_bounded_so(
                ground, figure.text, other.strip(), text
            ):
                yield swapped(text.text, start, figure.start, other)


def _is_bounded_after(figure: Figure, text: Text) -> bool:
    """True for `3 or more`, and for what may be a year, of which there is not more or less."""
    return _YEAR.fullmatch(figure.text) is not None or _OR_MORE.match(text.text, figure.end) is not None


def _is_one_bound(one: str, other: str) -> bool:
    return one == other or any({one, other} <= bound for bound in _ONE_BOUND)


def _is_bounded_so(ground: Ground, figure: str, bound: str, text: Text) -> bool:
    """True if a sentence on the matter gives a figure with this bound, in whatever words, or without one."""
    for sentence in ground.matter(text):
        for match in re.finditer(rf"(?<![\w,.]){re.escape(figure)}", sentence.text):
            found = _BOUNDS.search(sentence.text[: match.start()])
            if _is_one_bound(found.group().strip().lower() if found else "", bound):
                return True
    return False


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_RELATIVE = {"today": "last week", "tonight": "last night", "yesterday": "last week", "tomorrow": "next month"}
_CALENDAR = re.compile(
    rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})\b|\b(?P<month>{'|'.join(_MONTHS)})\b|\b(?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<relative>{'|'.join(_RELATIVE)})\b|(?P<time>\b\d{{1,2}}[:.]\d\d\b)|(?P<day>\b\d{{1,2}}\b)",
)


def dates(ground: Ground, text: Text) -> Iterator[str]:
    """Another weekday, month, day, year or time."""
    known = [moment for s in ground.matter(text) for moment in ground.index.of(s).details.moments]
    for moment in text.analysis.details.moments:
        for match in _CALENDAR.finditer(text.text, moment.start, moment.end):
            other = _other_date(match, ground.chance)
            altered = swapped(text.text, match.start(), match.end(), other)
            stated = ground.analyse(altered, text.sentences).details.moments
            only_another_name = all(any(k.covers(m) for k in known) for m in stated)
            if not ground.is_told(other, text) and not only_another_name:
                yield altered


def _other_date(match: re.Match[str], chance: random.Random) -> str:
    written = match.group()
    if match["weekday"]:
        return chance.choice([day for day in _WEEKDAYS if day != written])
    if match["month"]:
        return chance.choice([month for month in _MONTHS if month != written])
    if match["year"]:
        return str(int(written) + chance.choice((-9, -3, -1, 1, 2)))
    if match["relative"]:
        return _RELATIVE[written.lower()]
    if match["time"]:
        return f"{(int(written[:-3]) + chance.randint(1, 8)) % 12 + 1}{written[-3:]}"
    return str((int(written) + chance.randint(1, 9)) % 28 + 1)


def figures_change_places(ground: Ground, text: Text) -> Iterator[str]:
    """Two figures of one unit, each in the other's place, where that is not the same both ways."""
    found = text.analysis.details.figures
    for one, other in pairwise(found):
        both_ways = is_both_ways(text.text[one.end : other.start])
        if not both_ways and one.unit == other.unit and not one.same_value(other):
            late = swapped(text.text, other.start, other.end, one.text)
            yield swapped(late, one.start, one.end, other.text)
