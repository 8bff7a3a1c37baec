"""Dates: moments in every written form, resolved by the document's day, and how two compare."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.details.dates import Moment, find_moments

WEDNESDAY = date(2024, 10, 30)


def moment_in(text: str, dated: date | None = WEDNESDAY) -> Moment:
    """The only moment of a text."""
    (moment,) = find_moments(text, dated)
    return moment


@pytest.mark.parametrize(
    "text",
    [
        "2024-10-28",  # ISO 8601
        "2024-10-28T14:00Z",  # with a time behind
        "2024/10/28",
        "28/10/2024",  # day first
        "10/28/2024",  # month first, as no month is the 28th
        "28.10.2024",
        "2024年10月28日",  # Chinese and Japanese
        "2024년 10월 28일",  # Korean
        "28 October 2024",
        "28th October, 2024",
        "the 28th of October 2024",
        "October 28, 2024",
        "October 28th, 2024",
        "OCTOBER 28 2024",
        "october 28 2024",  # no capital
        "Oct. 28, 2024",
        "by October 28, 2024",  # a word before it that goes with months too
    ],
)
def test_a_full_date_is_one_day_in_any_form(text: str) -> None:
    """A date with its year is that day, whatever day the document has."""
    for dated in (WEDNESDAY, None):
        moment = moment_in(text, dated)
        assert (moment.first, moment.last) == (date(2024, 10, 28), date(2024, 10, 28))
        assert moment.key == "28 october 2024"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Oct. 28", (2024, 10, 28), None),  # without a year, the nearest
        ("the 28th of October", (2024, 10, 28), None),
        ("on the evening of October 28", (2024, 10, 28), None),  # `of` belongs to the evening
        ("since Oct 28", (2024, 10, 28), None),
        ("On October 28 American troops left", (2024, 10, 28), None),  # no `a.m.`
        ("Sept 11", (2024, 9, 11), None),
        ("10月28日", (2024, 10, 28), None),
        ("January 6", (2025, 1, 6), None),  # nearer ahead than behind
        ("29 Feb", (2024, 2, 29), None),  # only some years have it
        ("28–30 October", (2024, 10, 28), (2024, 10, 30)),  # from one day to another
        ("Oct 28-30, 2023", (2023, 10, 28), (2023, 10, 30)),
        ("October", (2024, 10, 1), (2024, 10, 31)),  # this month
        ("in May", (2024, 5, 1), (2024, 5, 31)),  # past in this year
        ("in December", (2023, 12, 1), (2023, 12, 31)),  # reports look back
        ("will end in December", (2024, 12, 1), (2024, 12, 31)),  # unless it is to come
        ("next May", (2025, 5, 1), (2025, 5, 31)),
        ("last October", (2023, 10, 1), (2023, 10, 31)),
        ("last May", (2024, 5, 1), (2024, 5, 31)),
        ("May 2023", (2023, 5, 1), (2023, 5, 31)),
        ("early October", (2024, 10, 1), (2024, 10, 10)),  # thirds of a month
        ("mid-October", (2024, 10, 11), (2024, 10, 20)),
        ("late February 2023", (2023, 2, 21), (2023, 2, 28)),
        ("Monday", (2024, 10, 28), None),  # the last one
        ("on Monday", (2024, 10, 28), None),
        ("Wednesday", (2024, 10, 30), None),  # the document's own day
        ("last Wednesday", (2024, 10, 23), None),
        ("last Friday", (2024, 10, 25), None),
        ("next Friday", (2024, 11, 1), None),
        ("next Wednesday", (2024, 11, 6), None),
        ("will meet on Friday", (2024, 11, 1), None),  # to come
        ("today", (2024, 10, 30), None),
        ("tonight", (2024, 10, 30), None),
        ("Yesterday", (2024, 10, 29), None),
        ("tomorrow", (2024, 10, 31), None),
        ("the day before yesterday", (2024, 10, 28), None),
        ("the day after tomorrow", (2024, 11, 1), None),
        ("this week", (2024, 10, 28), (2024, 11, 3)),
        ("last week", (2024, 10, 21), (2024, 10, 27)),
        ("next month", (2024, 11, 1), (2024, 11, 30)),
        ("the previous month", (2024, 9, 1), (2024, 9, 30)),
        ("last year", (2023, 1, 1), (2023, 12, 31)),
        ("two days ago", (2024, 10, 28), None),
        ("10 days ago", (2024, 10, 20), None),
        ("in 2019", (2019, 1, 1), (2019, 12, 31)),
        ("In 2019 the war began", (2019, 1, 1), (2019, 12, 31)),
        ("late 2019", (2019, 9, 1), (2019, 12, 31)),  # thirds of a year
        ("early 2019", (2019, 1, 1), (2019, 4, 30)),
        ("the summer of 2019", (2019, 1, 1), (2019, 12, 31)),  # no season: it depends on the place
        ("by 2030 it will end", (2030, 1, 1), (2030, 12, 31)),
        ("the vote (2019)", (2019, 1, 1), (2019, 12, 31)),
        ("the 2019 election", (2019, 1, 1), (2019, 12, 31)),
        ("in the 1990s", (1990, 1, 1), (1999, 12, 31)),
    ],
)
def test_relative_dates_resolve_by_the_documents_day(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int] | None
) -> None:
    """With the document's day known, a moment is the interval of days that its words leave open."""
    moment = moment_in(text)
    assert (moment.first, moment.last) == (date(*first), date(*(last or first)))
    assert moment.minutes is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("on Monday", "monday"),  # a weekday
        ("Oct. 28", "28 october"),  # a day without its year
        ("28-30 October", "28-30 october"),
        ("in October", "october"),  # a month
        ("late October", "late october"),
        ("mid-October", "mid october"),
        ("Yesterday", "yesterday"),
        ("next week", "next week"),
        ("two days ago", "2 day ago"),
    ],
)
def test_relative_dates_stay_unresolved_without_a_day(text: str, key: str) -> None:
    """Without the document's day, a relative moment has no days and keeps its words as a key."""
    moment = moment_in(text, None)
    assert (moment.first, moment.last, moment.key) == (None, None, key)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a week ago", "1 week ago"),  # loose: a week ago is about seven days
        ("three months ago", "3 month ago"),
        ("two days later", "2 day later"),  # counts from what was told before
        ("a day earlier", "1 day earlier"),
        ("last summer", "last summer"),  # depends on the place
        ("this weekend", "this weekend"),
        ("in the past week", "the past week"),
    ],
)
def test_loose_words_stay_unresolved_on_any_day(text: str, key: str) -> None:
    """What the document's day doesn't settle is never resolved."""
    moment = moment_in(text)
    assert (moment.first, moment.key) == (None, key)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("5.42am", 342),  # a point, no space
        ("5:42 a.m. on the day", 342),
        ("5.42 am", 342),
        ("3pm", 900),
        ("3 p.m.", 900),
        ("12am", 0),  # midnight
        ("12pm", 720),  # noon
        ("17:42", 1062),  # 24 hours
        ("17:42 GMT", 1062),
        ("noon", 720),
        ("midday", 720),
        ("midnight", 0),
    ],
)
def test_times_are_minutes_since_midnight(text: str, minutes: int) -> None:
    """A time of day is minutes since midnight in any written form, and no day."""
    moment = moment_in(text)
    assert (moment.minutes, moment.first, moment.is_time) == (minutes, None, True)


@pytest.mark.parametrize(
    "text",
    [
        "nothing happened",  # no moment at all
        "600 soldiers",  # a number
        "31 June 2024",  # no such day
        "June 31",
        "29 February 2023",
        "45/13/2024",  # no such month
        "1/0/2024",
        "30-28 October",  # backwards
        "13am",  # no such hour
        "2,000 soldiers and 2000 people",  # counts
        "2,500 years ago",  # a figure, of which 500 is a part
        "1.5 years ago",
        "of 2000 soldiers",
        "1500-2000 votes",
        "between 1500 and 2000 votes",
        "2024's first vote",  # a bare number is more often a count
        "2000%",
        "He may 10 times",  # a verb
        "on 5 may they left",
        "They march 3 miles",
        "The March on Washington",
        "Theresa May said",
        "June Brown and Jan Egeland",  # first names
        "in Mar-a-Lago",  # a place
        "every monday",  # no capital, no name of a day
        "Black Friday sales",  # other names
        "the last week of the campaign",  # of another thing
        "Mayor, Augustus, Decembrist",  # longer words
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    """Numbers, verbs, first names and days that don't exist are no moments."""
    assert find_moments(text, WEDNESDAY) == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("on Monday, October 28, at 5.42am", ["monday", "28 october", "05:42"]),  # day, date, time
        ("between 2019 and 2021", ["2019", "2021"]),  # two years
        ("from 1990 to 1995", ["1990", "1995"]),
        ("2019-2021", ["2019", "2021"]),
        ("between 5am and 6am", ["05:00", "06:00"]),
        ("the last week of October", ["october 2024"]),  # the month alone
    ],
)
def test_moments_come_in_order(text: str, keys: list[str]) -> None:
    """Several moments of a text are found each for itself, in order."""
    assert [moment.key for moment in find_moments(text, WEDNESDAY)] == keys


@pytest.mark.parametrize("dated", [date.min, date.max])  # the ends of the calendar
def test_a_document_dated_outside_history_is_not_dated(dated: date) -> None:
    """A day so far out that a relative date might leave the calendar counts as unknown."""
    for text in ("999 days ago", "last year", "next month", "Oct. 28", "in December", "tomorrow"):
        assert moment_in(text, dated).first is None


@pytest.mark.parametrize(
    ("one", "other", "dated", "equal"),
    [
        ("Monday", "28 October", WEDNESDAY, True),  # both resolve to one day
        ("two days ago", "Oct. 28", WEDNESDAY, True),
        ("5.42am", "05:42", WEDNESDAY, True),  # written forms of a time
        ("5.42am", "5.42pm", WEDNESDAY, False),
        ("noon", "Monday", WEDNESDAY, False),  # a time is no day
        ("early October", "late October", WEDNESDAY, False),  # parts of one month
        ("in October", "28 October", WEDNESDAY, False),  # a day is no month
        ("Monday", "Monday", None, True),  # unresolved: by the words
        ("Monday", "Tuesday", None, False),
        ("Monday", "2024-10-28", None, True),  # a weekday names its date
        ("Tuesday", "2024-10-28", None, False),
        ("Oct. 28", "2024-10-28", None, True),  # so does a day without a year
        ("in October", "October 2024", None, True),  # and a month
        ("in October", "November 2024", None, False),
        ("in October", "Oct 1-2, 2024", None, False),  # but no part of a month
        ("yesterday", "2024-10-28", None, False),  # nothing is known
    ],
)
def test_equal_moments_are_equal_up_to_written_form(one: str, other: str, dated: date | None, equal: bool) -> None:
    """Moments are equal by what they mean, either way round."""
    a, b = moment_in(one, dated), moment_in(other, dated)
    assert (a.equals(b), b.equals(a)) == (equal, equal)


@pytest.mark.parametrize(
    ("stated", "claimed", "covers"),
    [
        ("28 October", "Monday", True),  # the same
        ("28 October", "in October", True),  # a day within the month that is claimed
        ("1 October", "in October", True),  # the first day and the last
        ("31 October", "in October", True),
        ("28 October", "late October", True),
        ("28 October", "in 2024", True),
        ("in October", "28 October", False),  # a month bears out no day
        ("5 October", "late October", False),
        ("5.42am", "28 October", False),  # a time bears out no day
        ("28 October", "5.42am", False),
    ],
)
def test_a_day_bears_out_the_month_around_it(stated: str, claimed: str, covers: bool) -> None:
    """A source that names a day covers the month and the year that it lies in, and not the other way."""
    assert moment_in(stated).covers(moment_in(claimed)) is covers


@pytest.mark.parametrize(
    ("one", "other", "dated", "excludes"),
    [
        ("Monday", "Tuesday", WEDNESDAY, True),  # two days
        ("5am", "6am", WEDNESDAY, True),  # two times
        ("5am", "05:00", WEDNESDAY, False),  # one time
        ("in October", "28 October", WEDNESDAY, False),  # one inside the other
        ("in October", "31 October", WEDNESDAY, False),  # on its last day
        ("in October", "in May", WEDNESDAY, True),
        ("5am", "Monday", WEDNESDAY, False),  # a time and a day
        ("Monday", "Tuesday", None, False),  # unresolved
        ("Monday", "1 October 2024", None, False),  # one unresolved
    ],
)
def test_moments_exclude_each_other_where_both_are_known(
    one: str, other: str, dated: date | None, excludes: bool
) -> None:
    """Only resolved moments that share no day, or two times, can't be one."""
    a, b = moment_in(one, dated), moment_in(other, dated)
    assert (a.excludes(b), b.excludes(a)) == (excludes, excludes)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_reads_back_in_every_form(day: date) -> None:
    """A day is the same day in figures, day first and month first in words."""
    forms = (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}", f"{day:%B} {day.day}, {day.year}")
    assert {moment_in(form).first for form in forms} == {day}


@given(st.text(alphabet="0123456789 :./-–OctMayin,amp年月日", max_size=40), st.dates())
def test_moments_quote_the_text_in_order(text: str, dated: date) -> None:
    """Whatever the text and the day, moments quote the text exactly, in order, apart."""
    found = find_moments(text, dated)
    assert all(text[m.start : m.end] == m.text for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(m.first <= m.last for m in found if m.first and m.last)
