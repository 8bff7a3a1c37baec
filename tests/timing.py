"""What tests have to do with time: a clock that they set, and waiting for something, however busy the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 120.0  # seconds before a test gives up


class Clock:
    """Tells the time that it is set to, in seconds."""

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def wait_for(condition: Callable[[], T | None], seconds: float = PATIENCE) -> T:
    """What the condition gives, once that is true. Raises AssertionError if it does not come."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.01)
    return found
