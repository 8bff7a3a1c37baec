"""The tally of a batch: how many lines are done, how fast, and at what cost."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any

_WINDOW = 60.0  # seconds that the rate is taken over
_MOMENT = 0.5  # seconds between two marks of it


class End(Enum):
    """Why a run of a batch ended."""

    DONE = auto()
    STOPPED = auto()
    SPENT = auto()


class Tally:
    """Counts lines that are written. `total` is what there is to do, lines written by earlier runs included."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.done = 0
        self.failed = 0
        self.cost_usd = 0.0
        self.unpriced = 0
        self._clock = clock
        self._begun: tuple[float, int] | None = None
        self._marks: deque[tuple[float, int]] = deque()

    def add(self, status: str, usage: Mapping[str, Any] | None) -> None:
        """One more line is written, with what it used: an object with `requests` and `cost_usd`."""
        self.done += 1
        self.total = max(self.total, self.done)  # the file may grow meanwhile
        self.failed += status == "failed"
        cost = usage.get("cost_usd") if usage else 0.0
        self.cost_usd += cost or 0.0
        self.unpriced += cost is None and bool(usage and usage.get("requests"))

    def begin(self) -> None:
        """From now on the rate counts."""
        self._begun = (self._clock(), self.done)
        self._marks.append(self._begun)

    @property
    def rate(self) -> float:
        """Lines a second, of late."""
        now = self._clock()
        while len(self._marks) > 1 and now - self._marks[1][0] >= _WINDOW:
            self._marks.popleft()
        if self._marks and now - self._marks[-1][0] >= _MOMENT:
            self._marks.append((now, self.done))
        then, done = self._marks[0] if self._marks else (now, self.done)
        return (self.done - done) / (now - then) if now > then else 0.0

    @property
    def left(self) -> float | None:
        """Seconds until the end at this rate, as far as there is one."""
        rate = self.rate
        return (self.total - self.done) / rate if rate else None

    @property
    def cost(self) -> str:
        """The cost so far, in words: what has no price is not hidden."""
        if not self.unpriced:
            return f"${self.cost_usd:.4f}"
        return f"at least ${self.cost_usd:.4f}" if self.cost_usd else "cost unknown"

    def describe(self) -> str:
        """How it stands, in a line."""
        left = self.left
        parts = [*self._parts, _speed(self.rate)]
        if left is not None and self.done < self.total:
            parts.append(f"{_span(left)} left")
        return ", ".join(parts)

    def describe_run(self) -> str:
        """How it ended, in a line: with what this run did, if it did any."""
        then, done = self._begun or (self._clock(), self.done)
        seconds, here = self._clock() - then, self.done - done
        ran = [f"{here} in {_span(seconds)} ({_speed(here / seconds)})"] if here and seconds > 0 else []
        return ", ".join([*self._parts, *ran])

    @property
    def _parts(self) -> list[str]:
        return [f"{self.done} of {self.total} lines", f"{self.failed} failed", self.cost]


def _speed(rate: float) -> str:
    return f"{rate:.1f} lines/s" if rate >= 1 else f"{rate * 60:.1f} lines/min"


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
