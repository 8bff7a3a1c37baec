"""Moments: days, weekdays, months, years and times of day, absolute or resolved by the document's date.

A moment is the interval of days that the words leave open ("October 2024" is 31 days), plus minutes since
midnight for a time of day. What can't be resolved keeps its words as a key and is compared by them. Reports
look back: a bare weekday is the last one on or before the document's day, unless it is said to come.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Moment:
    """`first` to `last` day, both included, or None where unresolved; `key` is the normalised wording."""

    start: int
    end: int
    text: str
    key: str
    first: date | None = None
    last: date | None = None
    minutes: int | None = None

    @property
    def is_time(self) -> bool:
        return self.minutes is not None

    def equals(self, other: Moment) -> bool:
        """The same moment, up to written form: Monday is 28 October 2024 where both resolve to it."""
        if self.is_time or other.is_time:
            return self.minutes == other.minutes
        if self.first and other.first:
            return (self.first, self.last) == (other.first, other.last)
        return self.key == other.key or self._weekday_of(other) or other._weekday_of(self)

    def covers(self, claimed: Moment) -> bool:
        """True if this moment, in a source, bears out `claimed`: the same, or a day inside a claimed month."""
        if self.equals(claimed):
            return True
        if self.is_time or claimed.is_time or not (self.first and self.last and claimed.first and claimed.last):
            return False
        return claimed.first <= self.first and self.last <= claimed.last

    def excludes(self, other: Moment) -> bool:
        """True if both are resolved and can't be one moment."""
        if self.is_time and other.is_time:
            return self.minutes != other.minutes
        if self.is_time or other.is_time or not (self.first and self.last and other.first and other.last):
            return False
        return self.last < other.first or other.last < self.first

    def _weekday_of(self, other: Moment) -> bool:
        day = other.first
        return self.first is None and day is not None and day == other.last and self.key == WEEKDAYS[day.weekday()]


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january february march april may june july august september october november december".split()
)
_MONTH_OF = {name: i + 1 for i, name in enumerate(_MONTHS)} | {name[:3]: i + 1 for i, name in enumerate(_MONTHS)}
_MONTH_OF["sept"] = 9
_MONTH = r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"  # fmt: skip
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_YEAR = r"(?:1[5-9]|20)\d\d"
_COUNT = r"(?:\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_COUNTS = {w: i for i, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())} | {"a": 1, "an": 1}

_MOMENT = re.compile(
    rf"(?P<iso>\b(?P<iy>{_YEAR})-(?P<im>0[1-9]|1[0-2])-(?P<id>0[1-9]|[12]\d|3[01])\b)"
    rf"|(?P<slash>\b(?P<sa>\d\d?)/(?P<sb>\d\d?)/(?P<sy>{_YEAR})\b)"
    rf"|(?P<dmy>\b(?P<dd>{_DAY})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<dm>{_MONTH})(?![\w])(?:,?\s+(?P<dy>{_YEAR})\b)?)"
    rf"|(?P<mdy>\b(?P<mm>{_MONTH})\s+(?P<md>{_DAY})(?:st|nd|rd|th)?(?![\d:]|\s*[ap]\.?m)(?:,?\s+(?P<my>{_YEAR})\b)?)"
    rf"|(?P<month>\b(?P<part>early |mid-|late |earlier in |later in |in |since |by |until |last |of |from |next )?(?P<mo>{_MONTH})(?![\w])(?:,?\s+(?P<moy>{_YEAR})\b)?)"
    r"|(?P<time>\b(?P<h>[01]?\d|2[0-3])(?:[:.](?P<min>[0-5]\d))?\s?(?P<ap>[ap])\.?\s?m\b\.?|\b(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)\b(?:\s?(?:hours|hrs|GMT|UTC|local time))?|\b(?P<word>noon|midnight|midday)\b)"
    rf"|(?P<weekday>\b(?P<which>last |this |next |on |late |early )?(?P<wd>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
    r"|(?P<relative>\b(?:today|tonight|yesterday|tomorrow)\b)"
    r"|(?P<span>\b(?P<rel>earlier this|later this|last|this|next|the previous|the past|past)\s(?P<unit>week|month|year|weekend|summer|autumn|winter|spring)\b)"
    rf"|(?P<ago>\b(?P<n>{_COUNT})\s(?P<nu>day|week|month|year)s?\s(?P<dir>ago|earlier|later|before)\b)"
    rf"|(?P<year>\b(?:in |since |of |until |by |from |between |during |to |and |[-–(])?(?P<y>{_YEAR})\b(?!\s*[%\w]|[,.]\d))",
    re.IGNORECASE,
)
_HINT = re.compile(
    rf"\d|day\b|\b(?:{'|'.join(m[:3] for m in _MONTHS)}|noon|mid(?:night|day)|to(?:day|night|morrow)|yester|(?:last|this|next|past|previous|days?|weeks?|months?|years?)\s)",
    re.IGNORECASE,
)
_TO_COME = re.compile(r"\b(?:will|due|next|upcoming|scheduled|is to|are to|plans? to|expected)\b", re.IGNORECASE)
_WEEKDAY_OF = {day[:3]: i for i, day in enumerate(WEEKDAYS)}


def find_moments(text: str, dated: date | None = None) -> list[Moment]:
    """The moments of a text in order. `dated` is the day the text was published on, if that is known."""
    if not _HINT.search(text):
        return []
    found = []
    for match in _MOMENT.finditer(text):
        moment = _READERS[_kind(match)](match, dated, text)
        if moment is not None:
            found.append(moment)
    return found


_KINDS = ("iso", "slash", "dmy", "mdy", "month", "time", "weekday", "relative", "span", "ago", "year")


def _kind(match: re.Match[str]) -> str:
    return next(kind for kind in _KINDS if match[kind] is not None)


def _days(match: re.Match[str], key: str, first: date | None, last: date | None = None) -> Moment:
    return Moment(match.start(), match.end(), match.group(), key, first, last or first)


def _day(match: re.Match[str], year: int | None, month: int, day: int, dated: date | None) -> Moment | None:
    """A calendar day; without a year, the one nearest to the document's day."""
    key = f"{day} {_MONTHS[month - 1]}"
    try:
        if year is not None:
            return _days(match, f"{key} {year}", date(year, month, day))
        if dated is None:
            date(2000, month, day)
            return _days(match, key, None)
        nearest = min(
            (date(y, month, day) for y in (dated.year - 1, dated.year, dated.year + 1)),
            key=lambda d: abs((d - dated).days),
        )
    except ValueError:
        return None
    return _days(match, key, nearest)


def _month_number(name: str) -> int:
    return _MONTH_OF[name.lower().rstrip(".")] if len(name) <= 5 else _MONTH_OF[name.lower()]


def _iso(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    return _day(match, int(match["iy"]), int(match["im"]), int(match["id"]), dated)


def _slash(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    """Day first, as most of the world writes it, unless only month first makes a date."""
    a, b = int(match["sa"]), int(match["sb"])
    day, month = (a, b) if b <= 12 else (b, a)
    return _day(match, int(match["sy"]), month, day, dated) if 1 <= month <= 12 else None


def _dmy(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    return _day(match, int(match["dy"]) if match["dy"] else None, _month_number(match["dm"]), int(match["dd"]), dated)


def _mdy(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    return _day(match, int(match["my"]) if match["my"] else None, _month_number(match["mm"]), int(match["md"]), dated)


def _month(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    name, part = match["mo"], (match["part"] or "").strip().lower()
    if not name[0].isupper() or (name.lower() in ("may", "march", "mar") and not (part or match["moy"])):
        return None
    number = _month_number(name)
    year = int(match["moy"]) if match["moy"] else None
    if year is None and dated is not None:
        year = dated.year if number <= dated.month else dated.year - 1
    qualifier = f"{part} " if part in ("early", "mid-", "late") else ""
    if year is None:
        return _days(match, f"{qualifier}{_MONTHS[number - 1]}", None)
    first, last = date(year, number, 1), date(year, number, monthrange(year, number)[1])
    return _days(match, f"{qualifier}{_MONTHS[number - 1]} {year}", first, last)


def _time(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    if match["word"]:
        minutes = 0 if match["word"].lower() == "midnight" else 720
    elif match["h24"]:
        minutes = int(match["h24"]) * 60 + int(match["m24"])
    else:
        if int(match["h"]) > 12:
            return None
        minutes = (int(match["h"]) % 12 + (12 if match["ap"].lower() == "p" else 0)) * 60 + int(match["min"] or 0)
    return Moment(match.start(), match.end(), match.group(), f"{minutes // 60:02}:{minutes % 60:02}", minutes=minutes)


def _weekday(match: re.Match[str], dated: date | None, text: str) -> Moment | None:
    if not match["wd"][0].isupper():
        return None
    number = _WEEKDAY_OF[match["wd"][:3].lower()]
    if dated is None:
        return _days(match, WEEKDAYS[number], None)
    which = (match["which"] or "").strip().lower()
    back = (dated.weekday() - number) % 7
    if which == "next" or (which != "last" and back and _TO_COME.search(text, max(0, match.start() - 60), match.start())):
        return _days(match, WEEKDAYS[number], dated + timedelta(days=(number - dated.weekday()) % 7 or 7))
    if which == "last" and back == 0:
        back = 7
    return _days(match, WEEKDAYS[number], dated - timedelta(days=back))


def _relative(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    word = match.group().lower()
    offset = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
    return _days(match, word, dated + timedelta(days=offset) if dated else None)


def _span(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    rel, unit = match["rel"].lower(), match["unit"].lower()
    key = f"{rel} {unit}"
    back = {"last": 1, "the previous": 1, "next": -1}.get(rel, 0)
    if dated is None or rel in ("past", "the past") or unit in ("summer", "autumn", "winter", "spring", "weekend"):
        return _days(match, key, None)
    if unit == "week":
        monday = dated - timedelta(days=dated.weekday() + 7 * back)
        return _days(match, key, monday, monday + timedelta(days=6))
    if unit == "month":
        months = dated.year * 12 + dated.month - 1 - back
        year, month = divmod(months, 12)
        return _days(match, key, date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1]))
    return _days(match, key, date(dated.year - back, 1, 1), date(dated.year - back, 12, 31))


def _ago(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    word = match["n"].lower()
    count = int(word) if word.isdigit() else _COUNTS[word]
    unit, direction = match["nu"].lower(), match["dir"].lower()
    key = f"{count} {unit} {direction}"
    if direction != "ago" or dated is None or unit not in ("day",):
        return _days(match, key, None)
    return _days(match, key, dated - timedelta(days=count))


def _year(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    if not re.match(r"[A-Za-z(\-–]", match.group()):
        return None  # a bare four-digit number is more often a count
    year = int(match["y"])
    return _days(match, str(year), date(year, 1, 1), date(year, 12, 31))


_READERS = {
    "iso": _iso, "slash": _slash, "dmy": _dmy, "mdy": _mdy, "month": _month, "time": _time, "weekday": _weekday,
    "relative": _relative, "span": _span, "ago": _ago, "year": _year,
}  # fmt: skip
