"""Callers: keys and what each may use. Values that the HTTP side and the storage share, and the port between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import ceil
from typing import Any, Protocol

MICRO = 1_000_000
"""Money is counted in whole millionths of a dollar, so that sums are exact."""
PERIODS = {"minute": 60, "day": 86_400}
"""Seconds of the periods that limits are set for; they begin with the minutes and days of UTC."""
_UNITS = {"requests": "requests", "tokens": "tokens", "usd": "usd-micros"}


@dataclass(frozen=True, slots=True)
class Policy:
    """A limit in force: `most` units of a measure in each period of so many seconds."""

    measure: str
    period: int
    most: int
    name: str

    @property
    def unit(self) -> str:
        """What `most` counts, as the `qu` of a RateLimit-Policy names it."""
        return _UNITS[self.measure]


@dataclass(frozen=True, slots=True)
class Quota:
    """What a key may use. None is no limit; tokens are those of posted documents, dollars those of `usage`."""

    requests_per_minute: int | None = None
    requests_per_day: int | None = None
    tokens_per_minute: int | None = None
    tokens_per_day: int | None = None
    usd_per_minute: float | None = None
    usd_per_day: float | None = None
    concurrent_jobs: int | None = None

    def given(self) -> dict[str, Any]:
        """The limits that are set, by name."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: limit for name, limit in named.items() if limit is not None}

    def policies(self) -> tuple[Policy, ...]:
        """The limits for a period that are set."""
        return tuple(
            Policy(measure, PERIODS[period], ceil(limit * MICRO) if measure == "usd" else int(limit), name)
            for name, limit in self.given().items()
            for measure, _, period in [name.partition("_per_")]
            if period
        )


@dataclass(frozen=True, slots=True)
class Key:
    """A caller's key as it is kept: never its secret, but the SHA-256 of that. Times are seconds since 1970."""

    id: str
    name: str
    digest: str = field(repr=False)
    quota: Quota
    created_at: float
    last_used_at: float | None = None
    revoked_at: float | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """An amount that is taken, or given back. One that asks for `work` is refused where the money is used up.

    `held` is what the work may cost at most, in millionths of a dollar: held until it is known what it did cost.
    """

    requests: int = 0
    tokens: int = 0
    micro_usd: int = 0
    work: bool = False
    held: int = 0

    def of(self, measure: str) -> int:
        """The amount of one measure; what is held of it is as good as used."""
        return {"requests": self.requests, "tokens": self.tokens, "usd": self.micro_usd + self.held}[measure]


@dataclass(frozen=True, slots=True)
class Hold:
    """Money of a key that is held for work under way, in millionths of a dollar."""

    id: str
    micro_usd: int


@dataclass(frozen=True, slots=True)
class Left:
    """What a policy leaves, and in how many seconds it may leave more: when its period ends, or work under way."""

    units: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What the limits of a key leave it; `passed` is the one for which an amount was refused, and nothing taken.

    `hold` is what was held of its money, if anything was.
    """

    left: Mapping[Policy, Left]
    passed: Policy | None = None
    hold: Hold | None = None


class Keys(Protocol):
    """Keeps keys and what they used. Calls block; every method raises StorageUnavailable."""

    def all(self) -> list[Key]:
        """Every key there is or was, the oldest first."""

    def touch(self, key_id: str) -> None:
        """Note that a key is in use."""

    def take(self, key: Key, amount: Used) -> Balance:
        """Count an amount against all limits of a key, or against none if one of them would be passed."""

    def give(self, key: Key, amount: Used, held: Hold | None = None) -> None:
        """Count what was used already, or give back what was taken (negative), whatever the limits say.

        What was held for it is held no more.
        """
