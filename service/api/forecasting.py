"""Forecasting: how long a summary is expected to take, from those that this process finished."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

PRIORS = {"embedded": 0.025, "chat": 2.0}
"""Seconds per 1,000 tokens of documents while nothing is known: of the embedded backend about what `make speed` finds
on 2 cores, of a model four rounds of requests of 2 s over a chunk of 4,000 tokens."""
_WEIGHT = 20_000.0  # tokens of finished runs that the prior counts as
_HALF_LIFE = 600.0  # seconds in which what was seen loses half its weight: a slow hour is not held against the next
_SHORTEST = 4_000  # tokens: a shorter run takes as many rounds


@dataclass(slots=True)
class Forecast:
    """The seconds per 1,000 tokens of one backend's runs, the late ones counting the most."""

    backend: str = "embedded"
    clock: Callable[[], float] = time.monotonic
    _tokens: float = field(default=0.0, init=False)
    _seconds: float = field(default=0.0, init=False)
    _since: float = field(default=0.0, init=False)

    def ran(self, tokens: int, seconds: float) -> None:
        """A run over documents of so many tokens took so many seconds."""
        self._age()
        self._tokens += max(tokens, _SHORTEST)
        self._seconds += seconds

    def expect(self, tokens: int) -> float:
        """The seconds that a run over documents of so many tokens may be expected to take."""
        self._age()
        prior = PRIORS.get(self.backend, PRIORS["chat"]) / 1_000
        rate = (self._seconds + prior * _WEIGHT) / (self._tokens + _WEIGHT)
        return max(tokens, _SHORTEST) * rate

    def _age(self) -> None:
        now = self.clock()
        left = 0.5 ** ((now - self._since) / _HALF_LIFE)
        self._tokens, self._seconds, self._since = self._tokens * left, self._seconds * left, now
