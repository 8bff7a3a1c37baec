"""Moments: days, weekdays, months, years and times of day, absolute or resolved by the document's date.

A moment is the interval of days that the words leave open ("October 2024" is 31 days), plus minutes since
midnight for a time of day. What can't be resolved keeps its words as a key and is compared by them. Reports
look back: a bare weekday is the last one on or before the document's day, unless it is said to come.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import zip_longest

from service.core.details.date_forms import COUNTS, HINT, MOMENT, MONTH_OF, MONTHS, RANGE_END, TO_COME, WEEKDAYS


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

    @property
    def days(self) -> tuple[date, date] | None:
        """The first day and the last, or None where unresolved."""
        return (self.first, self.last) if self.first and self.last else None

    def equals(self, other: Moment) -> bool:
        """The same moment, up to written form: Monday is 28 October 2024 where both resolve to it."""
        if self.days and other.days:
            return self.days == other.days
        return self.key == other.key or self._names(other) or other._names(self)

    def covers(self, claimed: Moment) -> bool:
        """True if this moment, in a source, bears out `claimed`: the same, or a day inside a claimed month."""
        if self.equals(claimed):
            return True
        if not (self.days and claimed.days):
            return False
        (first, last), (earliest, latest) = self.days, claimed.days
        return earliest <= first and last <= latest

    def excludes(self, other: Moment) -> bool:
        """True if both are resolved and can't be one moment."""
        if self.is_time and other.is_time:
            return self.minutes != other.minutes
        if not (self.days and other.days):
            return False
        (first, last), (earliest, latest) = self.days, other.days
        return last < earliest or latest < first

    def _names(self, other: Moment) -> bool:
        """True if this, unresolved, names the weekday, the day without its year, or the month of `other`."""
        if not other.days:
            return False
        day, last = other.days
        month = MONTHS[day.month - 1]
        if day == last:
            return self.key in (WEEKDAYS[day.weekday()], f"{day.day} {month}")
        return self.key == month and (last - day).days == monthrange(day.year, day.month)[1] - 1


_AMBIGUOUS = ("may", "march", "mar")  # without a capital words of their own, with one often names
_EARLIEST, _LATEST = 1000, 9000  # years; a document dated outside them is not dated
_WEEKDAY_OF = {day[:3]: i for i, day in enumerate(WEEKDAYS)}


def find_moments(text: str, dated: date | None = None) -> list[Moment]:
    """The moments of a text in order. `dated` is the day the text was published on, if that is known."""
    if not HINT.search(text):
        return []
    if dated is not None and not _EARLIEST < dated.year < _LATEST:
        dated = None
    read = (_READERS[str(match.lastgroup)](match, dated, text) for match in MOMENT.finditer(text))
    found = [moment for moment in read if moment is not None]
    return [_beside(one, other, text) for one, other in zip_longest(found, found[1:])]


def _beside(moment: Moment, following: Moment | None, text: str) -> Moment:
    """A weekday that its date stands beside is that day, whenever the document is of: `Friday, 1 November`."""
    if following is None or not following.days or text[moment.end : following.start] not in (" ", ", ", " ("):
        return moment
    first, last = following.days
    named = first == last and moment.key == WEEKDAYS[first.weekday()]
    return replace(moment, first=first, last=last) if named else moment


def _days(match: re.Match[str], key: str, first: date | None, last: date | None = None) -> Moment:
    return Moment(match.start(), match.end(), match.group(), key, first, last or first)


def _month_number(name: str) -> int:
    return MONTH_OF[name[:3].lower()]


def _calendar(
    match: re.Match[str], year: str | None, month: int, days: tuple[str | None, str], dated: date | None
) -> Moment | None:
    """A day of the calendar, or the days from one to another; none if it does not exist (31 June)."""
    year = year or _shared_year(match, month)
    past = match.string[max(0, match.start() - 6) : match.start()].lower() == "since "
    last = _day(year, month, int(days[1]), dated, past)
    first = _day(year, month, int(days[0]), dated, past) if days[0] else last
    if first is None or last is None or first > last:
        return None
    key = f"{days[0]}-{days[1]} " if days[0] else f"{int(days[1])} "
    key += MONTHS[month - 1] + (f" {year}" if year else "")
    return _days(match, key, *((None, None) if year is None and dated is None else (first, last)))


def _shared_year(match: re.Match[str], month: int) -> str | None:
    """The year of a month that stands but once, behind the end of a range: `from 28 December to 3 January 2024`."""
    end = RANGE_END.match(match.string, match.end())
    return str(int(end["year"]) - (month > _month_number(end["month"]))) if end else None


def _day(year: str | None, month: int, day: int, dated: date | None, past: bool) -> date | None:
    """A calendar day; without a year, the one nearest to the document's day, or the last before it."""
    middle = dated.year if dated else 2000
    years = (int(year),) if year else (middle - 1, middle, middle + 1)
    days = [date(y, month, day) for y in years if 1 <= month <= 12 and 1 <= day <= monthrange(y, month)[1]]
    if dated and past:
        days = [d for d in days if d <= dated] or days
    return min(days, key=lambda d: abs((d - dated).days) if dated else 0, default=None)


def _iso(match: re.Match[str], _dated: date | None, _: str) -> Moment | None:
    return _calendar(match, match["iy"], int(match["im"]), (None, match["id"]), None)


def _slash(match: re.Match[str], _dated: date | None, _: str) -> Moment | None:
    """Day first, as most of the world writes it, unless only month first makes a date."""
    a, b = match["sa"], match["sb"]
    day, month = (a, b) if int(b) <= 12 else (b, a)
    return _calendar(match, match["sy"], int(month), (None, day), None)


def _cjk(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    return _calendar(match, match["cy"], int(match["cm"]), (None, match["cd"]), dated)


def _dmy(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    if match["dm"] in _AMBIGUOUS:
        return None
    return _calendar(match, match["dy"], _month_number(match["dm"]), (match["df"], match["dd"]), dated)


def _mdy(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    if match["mm"] in _AMBIGUOUS:
        return None  # "may 5 people", "march 3 miles"
    days = (match["md"], match["mt"]) if match["mt"] else (None, match["md"])
    return _calendar(match, match["my"], _month_number(match["mm"]), days, dated)


def _month(match: re.Match[str], dated: date | None, text: str) -> Moment | None:
    name, part = match["mo"], (match["part"] or match["since"] or "").strip().lower()
    if not name[0].isupper() or not (part or match["moy"] or _stands_alone(name, text, match.end())):
        return None
    number = _month_number(name)
    said = match["moy"] or _shared_year(match, number)
    year = int(said) if said else None
    if year is None and dated is not None:
        year = _year_of(number, dated, part, to_come=_is_to_come(text, match.start()))
    qualifier = f"{part.removesuffix('-')} " if part in ("early", "mid-", "late") else ""
    if year is None:
        return _days(match, f"{qualifier}{MONTHS[number - 1]}", None)
    ends = {"early": (1, 10), "mid-": (11, 20), "late": (21, 31)}.get(part, (1, 31))
    last = min(ends[1], monthrange(year, number)[1])
    key = f"{qualifier}{MONTHS[number - 1]} {year}"
    return _days(match, key, date(year, number, ends[0]), date(year, number, last))


def _year_of(month: int, dated: date, said: str, to_come: bool) -> int:
    """The year of a month: the nearest behind the document's day or in it, unless the words say otherwise."""
    if said == "last":
        return dated.year - (month >= dated.month)
    if said == "next":
        return dated.year + (month <= dated.month)
    return dated.year + (month < dated.month) if to_come else dated.year - (month > dated.month)


def _stands_alone(name: str, text: str, end: int) -> bool:
    """Whether a month without a word for time before it is one: not `May`, `March`, `Jan Egeland`, `June Brown`."""
    if name.lower() in _AMBIGUOUS:
        return False
    return name.lower() not in ("jan", "april", "june", "august") or not text[end + 1 : end + 2].isupper()


def _is_to_come(text: str, start: int) -> bool:
    return TO_COME.search(text, max(0, start - 60), start) is not None


def _time(match: re.Match[str], _dated: date | None, _: str) -> Moment | None:
    if match["word"]:
        minutes = 0 if match["word"].lower() == "midnight" else 720
    elif match["h24"]:
        minutes = int(match["h24"]) * 60 + int(match["m24"])
    else:
        hours = int(match["h"])
        if hours > 12:
            return None
        minutes = (hours % 12 + (12 if match["ap"].lower() == "p" else 0)) * 60 + int(match["min"] or 0)
    key = f"{minutes // 60:02}:{minutes % 60:02}"
    return Moment(match.start(), match.end(), match.group(), key, minutes=minutes)


def _weekday(match: re.Match[str], dated: date | None, text: str) -> Moment | None:
    if not match["wd"][0].isupper():
        return None
    number = _WEEKDAY_OF[match["wd"][:3].lower()]
    if dated is None:
        return _days(match, WEEKDAYS[number], None)
    which = (match["which"] or "").strip().lower()
    back = (dated.weekday() - number) % 7
    if which == "next" or (which != "last" and back and _is_to_come(text, match.start())):
        return _days(match, WEEKDAYS[number], dated + timedelta(days=(number - dated.weekday()) % 7 or 7))
    if which == "this":
        back = dated.weekday() - number  # of this week, as the days of `this week` are
    if which == "last" and back == 0:
        back = 7
    return _days(match, WEEKDAYS[number], dated - timedelta(days=back))


def _relative(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    word = match.group().lower()
    offset = -1 if word.endswith("yesterday") else 1 if word.endswith("tomorrow") else 0
    days = timedelta(days=2 * offset if word.startswith("the day") else offset)
    return _days(match, word, dated + days if dated else None)


def _span(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    rel, unit = match["rel"].lower(), match["unit"].lower()
    key = f"{rel} {unit}"
    back = {"last": 1, "the previous": 1, "next": -1}.get(rel, 0)
    if dated is None or rel in ("past", "the past") or unit not in ("week", "month", "year"):
        return _days(match, key, None)
    if unit == "week":
        monday = dated - timedelta(days=dated.weekday() + 7 * back)
        return _days(match, key, monday, monday + timedelta(days=6))
    if unit == "month":
        year, month = divmod(dated.year * 12 + dated.month - 1 - back, 12)
        first = date(year, month + 1, 1)
        return _days(match, key, first, first.replace(day=monthrange(year, month + 1)[1]))
    return _days(match, key, date(dated.year - back, 1, 1), date(dated.year - back, 12, 31))


def _ago(match: re.Match[str], dated: date | None, _: str) -> Moment | None:
    word = match["n"].lower()
    count = int(word) if word.isdigit() else COUNTS[word]
    unit, direction = match["nu"].lower(), match["dir"].lower()
    key = f"{count} {unit} {direction}"
    if direction != "ago" or dated is None or unit != "day":
        return _days(match, key, None)
    return _days(match, key, dated - timedelta(days=count))


def _year(match: re.Match[str], _dated: date | None, _: str) -> Moment | None:
    year, third = int(match["y"]), (match["third"] or "").strip(" -").lower()
    if match["decade"]:
        begin, end = {"early": (0, 4), "mid": (3, 6), "late": (5, 9)}.get(third, (0, 9))
        return _days(match, f"{third} {year}s".strip(), date(year + begin, 1, 1), date(year + end, 12, 31))
    first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}.get(third, (1, 12))
    end = monthrange(year, last)[1]
    return _days(match, f"{third} {year}".strip(), date(year, first, 1), date(year, last, end))


_READERS = {
    "iso": _iso, "slash": _slash, "cjk": _cjk, "dmy": _dmy, "mdy": _mdy, "month": _month, "time": _time,
    "weekday": _weekday, "relative": _relative, "span": _span, "ago": _ago, "year": _year,
}  # fmt: skip
