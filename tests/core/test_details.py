"""Details: everything checkable in one text, cut to a part of it, and how two details agree."""

from __future__ import annotations

from datetime import date
from time import process_time
from typing import Any

import pytest

from service.core.details import Agreement, Details, compare, find_details
from service.core.details.spans import Taken
from service.core.model import Span

TEXT = "On Monday Mark Rutte said “we sent 10,000 soldiers” to Kursk at 5.42am"
DATED = date(2024, 10, 30)
_SECONDS = 10.0  # of CPU for 40,000 code points: far above what is needed, far below what backtracking takes


def texts_of(details: Details) -> tuple[list[str], ...]:
    """The texts of all details, kind by kind."""
    kinds = (details.figures, details.moments, details.names, details.quotations)
    return tuple([detail.text for detail in kind] for kind in kinds)


def test_details_are_of_four_kinds() -> None:
    """A text's figures, moments, names and quotations are found, and none is of two kinds but what is quoted."""
    details = find_details(TEXT, DATED)
    assert texts_of(details) == (
        ["10,000"],
        ["On Monday", "5.42am"],
        ["Mark Rutte", "Kursk"],
        ["we sent 10,000 soldiers"],
    )
    assert details.moments[0].first == date(2024, 10, 28)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("built 2,500 years ago", ["2,500 years"]),  # behind a comma stands no count of its own
        ("fell to $2.10 May 5", ["$2.10"]),  # nor a day behind a point
        ("at 1930 GMT, on 28-30 October", []),  # a time and two days are no counts
    ],
)
def test_no_figure_is_lost_to_a_moment(text: str, figures: list[str]) -> None:
    """Every number is read as a figure or as a moment, whole."""
    assert texts_of(find_details(text, DATED))[0] == figures


def test_known_words_and_no_day_are_passed_on() -> None:
    """Without a day moments stay unresolved; words known to be names are names at the start."""
    details = find_details("Rutte left on Monday", proper=frozenset({"rutte"}))
    assert (details.moments[0].first, details.names[0].text) == (None, "Rutte")


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (0, len(TEXT), find_details(TEXT, DATED)),  # the whole
        (0, 25, find_details(TEXT[:25], DATED)),  # before the quotation
        (52, len(TEXT), find_details(TEXT[52:], DATED)),  # behind it
        (20, 21, Details()),  # between details
        (5, len(TEXT), None),  # through a moment
        (12, len(TEXT), None),  # through a name
        (0, 30, None),  # through the quotation
        (0, 38, None),  # and the figure in it
    ],
)
def test_a_part_has_the_details_inside_it(start: int, end: int, found: Details | None) -> None:
    """A cut keeps the details inside it, counted from its start, and refuses to go through one."""
    assert find_details(TEXT, DATED).within(start, end) == found


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("of 600,000 men", "of six hundred thousand men", Agreement.EQUAL),  # written forms
        ("of over 600,000 men", "of 700,000 men", Agreement.COMPATIBLE),  # a bound
        ("of 600,000 men", "of 60,000 men", Agreement.DIFFERENT),  # other values
        ("of $5m", "of €5m", Agreement.DIFFERENT),  # other units
        ("on Monday", "on 28 October", Agreement.EQUAL),  # a day and its date
        ("on 28 October", "in October", Agreement.COMPATIBLE),  # a day in a month
        ("on Monday", "on Tuesday", Agreement.DIFFERENT),  # other days
        ("at 5am", "on Monday", Agreement.DIFFERENT),  # a time is no day
        ("for the U.S.", "for the United States", Agreement.EQUAL),  # one country
        ("for Rutte", "for Mark Rutte", Agreement.COMPATIBLE),  # a longer name
        ("for Rutte", "for Putin", Agreement.DIFFERENT),  # other names
        ("it is “a big step”", 'it is "A big step."', Agreement.EQUAL),  # marks, case, stop
        ("it is “a big step”", "it is “big”", Agreement.COMPATIBLE),  # one inside the other
        ("it is “a big step”", "it is “a small step”", Agreement.DIFFERENT),  # other words
    ],
)
def test_two_details_are_equal_compatible_or_different(one: str, other: str, agreement: Agreement) -> None:
    """Details of one kind compare by value: equal, both possibly true of one thing, or different."""
    (a,), (b,) = _every(one), _every(other)
    assert (compare(a, b), compare(b, a)) == (agreement, agreement)


def _every(text: str) -> list[Any]:
    """The details of a text, of whatever kind."""
    details = find_details(text, DATED)
    return [*details.figures, *details.moments, *details.names, *details.quotations]


@pytest.mark.parametrize(
    ("start", "end", "touches"),
    [
        (0, 3, False),  # up to the first span
        (0, 4, True),  # into it
        (4, 5, True),  # inside
        (5, 6, True),  # its end
        (6, 9, False),  # between two
        (8, 10, True),  # into the second
        (12, 20, False),  # behind it
    ],
)
def test_a_span_is_touched_where_a_code_point_is_shared(start: int, end: int, touches: bool) -> None:
    """Spans that only meet share nothing, in whatever order they were given."""
    assert Taken([Span(9, 12), Span(3, 6)]).touches(start, end) is touches
    assert not Taken([]).touches(start, end)


@pytest.mark.parametrize(
    "piece",
    [
        "1,", "1 ", "1.", "1-", "$1", "111,", "one ", "one-", "a hundred ", "two hundred and ", "1 in ", "half a ",
        "12:", "1/1/", "May 1 ", "in 2024 ", "the previous ", "日", "10月", "A ", "A-", "A’", "A.", "A of ",
        "A1-", "de ",
        "“", "‘a ", "A ‘", "'a", "'a' ", '"', "[a", ". . . ", "a'", " ", "\n", "over the ", "9",
    ],
)  # fmt: skip
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    """However often a piece is repeated, reading its details never takes long."""
    text = piece * (40_000 // len(piece))
    start = process_time()
    details = find_details(text, DATED)
    parts = [quotation.parts for quotation in details.quotations]
    assert process_time() - start < _SECONDS
    assert len(parts) == len(details.quotations)
