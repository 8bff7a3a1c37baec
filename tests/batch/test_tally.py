"""Lines and their tally: read alike whatever may be held, bounded in money, and counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest

from service.batch.lines import LineReader, RawLine, read_lines
from service.batch.tally import Tally
from tests.batch.desk import LIMITS, MOST_BYTES, jsonl, request


def test_the_lower_budget_of_a_line_holds() -> None:
    """A line's own `max_cost_usd` and that of the command: whichever is less."""
    reader = LineReader(LIMITS, MOST_BYTES, max_cost_usd=0.5)
    bodies = [json.dumps(request("a", **own)).encode() for own in ({}, {"max_cost_usd": 0.1}, {"max_cost_usd": 2})]
    assert [reader.read(RawLine(1, body, "")).most_usd for body in bodies] == [0.5, 0.1, 0.5]


def test_lines_are_read_alike_whatever_may_be_held() -> None:
    """Numbers and digests are the same for lines too long to be held, and no more than that is held."""
    content = jsonl(b"x" * 100 + b"\n", b"\n", b"y" * 7 + b"\n", b"z" * 29)
    wide, narrow = (list(read_lines(BytesIO(content), most)) for most in (1_000, 10))
    assert [(line.number, line.digest) for line in wide] == [(line.number, line.digest) for line in narrow]
    assert [line.body and len(line.body) for line in narrow] == [None, 8, None]


def ticking(*times: float) -> Callable[[], float]:
    left: Iterator[float] = iter(times)
    now = 0.0

    def clock() -> float:
        nonlocal now
        with suppress(StopIteration):
            now = next(left)
        return now

    return clock


def test_the_tally_tells_rate_cost_and_time_left() -> None:
    """The rate is that of this run alone; an unknown price is not hidden."""
    tally = Tally(100, ticking(0.0, 20.0))
    for _ in range(40):
        tally.add("complete", {"requests": 1, "cost_usd": 0.01})
    tally.begin()
    for _ in range(10):
        tally.add("failed", None)
    assert tally.describe() == "50 of 100 lines, 10 failed, $0.4000, 30.0 lines/min, 0:01:40 left"
    assert tally.describe_run() == "50 of 100 lines, 10 failed, $0.4000, 10 in 0:00:20 (30.0 lines/min)"
    tally.add("complete", {"requests": 2, "cost_usd": None})
    assert "at least $0.4000" in tally.describe()


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        ({"requests": 0, "cost_usd": None}, "$0.0000"),
        ({}, "$0.0000"),
        ({"requests": 3, "cost_usd": None}, "cost unknown"),
        ({"requests": 3, "cost_usd": 1.5}, "$1.5000"),
    ],
)
def test_what_nothing_was_asked_for_costs_nothing(usage: dict[str, Any], cost: str) -> None:
    tally = Tally(1)
    tally.add("complete", usage)
    assert tally.cost == cost
