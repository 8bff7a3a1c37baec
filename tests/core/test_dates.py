"""Dates: moments in every written form, resolved by the document's day, and how two compare."""

from __future__ import annotations

from datetime import date, timedelta
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
        ("10/13/2023", (2023, 10, 13), None),  # no month is the 13th
        ("January 6", (2025, 1, 6), None),  # nearer ahead than behind
        ("shut since January 6", (2024, 1, 6), None),  # what lasts has begun
        ("Since 30 October", (2024, 10, 30), None),  # today perhaps
        ("since January 6, 2025", (2025, 1, 6), None),  # as it stands
        ("29 Feb", (2024, 2, 29), None),  # only some years have it
        ("28–30 October", (2024, 10, 28), (2024, 10, 30)),  # from one day to another
        ("Oct 28-30, 2023", (2023, 10, 28), (2023, 10, 30)),
        ("from 28 to 30 October", (2024, 10, 28), (2024, 10, 30)),
        ("1-1 October", (2024, 10, 1), None),  # of one day
        ("October", (2024, 10, 1), (2024, 10, 31)),  # this month
        ("in May", (2024, 5, 1), (2024, 5, 31)),  # past in this year
        ("in December", (2023, 12, 1), (2023, 12, 31)),  # reports look back
        ("will end in December", (2024, 12, 1), (2024, 12, 31)),  # unless it is to come
        ("next May", (2025, 5, 1), (2025, 5, 31)),
        ("last October", (2023, 10, 1), (2023, 10, 31)),
        ("next October", (2025, 10, 1), (2025, 10, 31)),  # not this one
        ("will end in October", (2024, 10, 1), (2024, 10, 31)),  # but this one is to come too
        ("will end in May", (2025, 5, 1), (2025, 5, 31)),
        ("is expected to beat last December", (2023, 12, 1), (2023, 12, 31)),  # last is last
        ("the September Times poll", (2024, 9, 1), (2024, 9, 30)),  # no first name before a capital
        ("last May", (2024, 5, 1), (2024, 5, 31)),
        ("May 2023", (2023, 5, 1), (2023, 5, 31)),
        ("early October", (2024, 10, 1), (2024, 10, 10)),  # thirds of a month
        ("mid-October", (2024, 10, 11), (2024, 10, 20)),
        ("late October", (2024, 10, 21), (2024, 10, 31)),
        ("late February 2023", (2023, 2, 21), (2023, 2, 28)),
        ("Monday", (2024, 10, 28), None),  # the last one
        ("on Monday", (2024, 10, 28), None),
        ("Wednesday", (2024, 10, 30), None),  # the document's own day
        ("last Wednesday", (2024, 10, 23), None),
        ("last Friday", (2024, 10, 25), None),
        ("next Friday", (2024, 11, 1), None),
        ("next Wednesday", (2024, 11, 6), None),
        ("next Monday", (2024, 11, 4), None),
        ("this Friday", (2024, 11, 1), None),  # of this week
        ("this Monday", (2024, 10, 28), None),
        ("will meet on Friday", (2024, 11, 1), None),  # to come
        ("On Friday, he said, they will meet", (2024, 10, 25), None),  # what is to come is something else
        ("is expected to beat last Friday", (2024, 10, 25), None),  # last is last
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
        ("mid-2019", (2019, 5, 1), (2019, 8, 31)),
        ("the summer of 2019", (2019, 1, 1), (2019, 12, 31)),  # no season: it depends on the place
        ("by 2030 it will end", (2030, 1, 1), (2030, 12, 31)),
        ("the vote (2019)", (2019, 1, 1), (2019, 12, 31)),
        ("the 2019 election", (2019, 1, 1), (2019, 12, 31)),
        ("in the 1990s", (1990, 1, 1), (1999, 12, 31)),
        ("the early 1990s", (1990, 1, 1), (1994, 12, 31)),  # loose ends, but the early ones are not the late ones
        ("the mid-1990s", (1993, 1, 1), (1996, 12, 31)),
        ("the late 1990s", (1995, 1, 1), (1999, 12, 31)),
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
        ("early October", "early october"),
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
        ("this past week", "past week"),
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
        ("(1742 GMT)", 1062),  # no colon, told by the zone
        ("until 1742 local time", 1062),  # and no year
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
        "30-31 June",
        "29 February 2023",
        "45/13/2024",  # no such month
        "13/13/2024",
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
        "April Jones and August Wilson",
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
        ("early in the 1990s, not the late 1980s", ["1990s", "late 1980s"]),  # decades and parts of them
        ("between 5am and 6am", ["05:00", "06:00"]),
        ("the last week of October", ["october 2024"]),  # the month alone
        ("between January and June 2022", ["january 2022", "june 2022"]),  # one year for both ends of a range
        ("from 28 December to 3 January 2022", ["28 december 2021", "3 january 2022"]),  # or the one before it
        ("from 3 May to 5 May 2022", ["3 may 2022", "5 may 2022"]),
        ("Oct. 28–Nov. 3, 2022", ["28 october 2022", "3 november 2022"]),
        ("on 3 May, and in June 2022", ["3 may", "june 2022"]),  # no range
    ],
)
def test_moments_come_in_order(text: str, keys: list[str]) -> None:
    """Several moments of a text are found each for itself, in order."""
    assert [moment.key for moment in find_moments(text, WEDNESDAY)] == keys


@pytest.mark.parametrize(
    ("text", "dated", "first"),
    [
        ("28 December", date(2025, 1, 5), date(2024, 12, 28)),  # a week ago, not in a year
        ("3 January", date(2024, 12, 30), date(2025, 1, 3)),  # in a week, not a year ago
        ("29 February", date(2025, 3, 1), date(2024, 2, 29)),  # a day that this year has not
        ("in December", date(2025, 1, 5), date(2024, 12, 1)),
        ("will end in January", date(2024, 12, 30), date(2025, 1, 1)),
        ("last month", date(2025, 1, 5), date(2024, 12, 1)),
        ("next month", date(2024, 12, 30), date(2025, 1, 1)),
        ("last week", date(2025, 1, 2), date(2024, 12, 23)),
        ("on Tuesday", date(2025, 1, 2), date(2024, 12, 31)),
        ("yesterday", date(2025, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_year_turns_under_relative_dates(text: str, dated: date, first: date) -> None:
    """Around New Year, days and months are of the year that is near."""
    assert moment_in(text, dated).first == first


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on Friday, 1 November", date(2024, 11, 1)),  # to come, though no word says so
        ("Friday November 1, 2024", date(2024, 11, 1)),  # no comma
        ("on Friday (1 November 2024)", date(2024, 11, 1)),  # a bracket
        ("on Friday, 2 November 2024", date(2024, 10, 25)),  # which was a Saturday
        ("on Friday and 1 November", date(2024, 10, 25)),  # two days
        ("on Friday, November 2024", date(2024, 10, 25)),  # a month that began on a Friday
        ("on Friday, midnight", date(2024, 10, 25)),  # no day
    ],
)
def test_a_weekday_is_the_day_of_its_date(text: str, day: date) -> None:
    """A weekday with its date beside it is that day, if it is one."""
    weekday = find_moments(text, WEDNESDAY)[0]
    assert (weekday.first, weekday.last) == (day, day)


@pytest.mark.parametrize(
    "text",
    [
        "Monday",
        "next Friday",
        "last Friday",
        "28 October",
        "today",
        "last week",
        "next month",
        "this year",
        "two days ago",
    ],
)
def test_a_resolved_moment_is_still_called_by_its_words(text: str) -> None:
    """The words of a document without a day say no other moment than the same words of one with a day."""
    assert moment_in(text).equals(moment_in(text, None))


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
        ("early 1990s", "late 1990s", WEDNESDAY, True),  # parts of a decade
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
    """A day is the same day in figures, day first and month first in words, long or short."""
    forms = (f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}", f"{day.day} {day:%B %Y}", f"{day:%B} {day.day}, {day.year}")
    assert {moment_in(form).first for form in (*forms, f"{day.day} {day:%b %Y}")} == {day}


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)), st.integers(1, 6))
def test_weekdays_count_from_the_documents_day(day: date, days: int) -> None:
    """A weekday is the last one, or the next, and that of the day itself is seven days off where it is said so."""
    before, after, week = day - timedelta(days), day + timedelta(days), timedelta(7)
    assert moment_in(f"on {day:%A}", day).first == day
    assert moment_in(f"on {before:%A}", day).first == moment_in(f"last {before:%A}", day).first == before
    assert moment_in(f"next {after:%A}", day).first == moment_in(f"is due on {after:%A}", day).first == after
    assert (moment_in(f"last {day:%A}", day).first, moment_in(f"next {day:%A}", day).first) == (
        day - week,
        day + week,
    )
    assert moment_in(f"this {day:%A}", after).first in (day, day + week)


def test_days_ago_are_counted_in_words_and_digits() -> None:
    """Twelve days ago is 12 days ago."""
    for count, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1):
        days = {moment_in(f"{form} days ago").first for form in (word, count)}
        assert days == {WEDNESDAY - timedelta(count)}


@given(st.text(alphabet="0123456789 :./-–OctMayin,amp年月日", max_size=40), st.dates())
def test_moments_quote_the_text_in_order(text: str, dated: date) -> None:
    """Whatever the text and the day, moments quote the text exactly, in order, apart."""
    found = find_moments(text, dated)
    assert all(text[m.start : m.end] == m.text for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(m.first <= m.last for m in found if m.first and m.last)
