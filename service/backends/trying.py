"""Tries: each time that a server was asked, told to whoever counts, in words of which there are few."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter

ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a request: the request's name, how it went, which try it was (from 1), and the seconds it took.

    `outcome` is `answered`, `429`, `4xx`, `5xx`, `timeout`, `cancelled` or `failed`.
    """

    request: str
    outcome: str
    number: int
    seconds: float


Tried = Callable[[Try], None]


def untold(_: Try) -> None:
    """For whom nobody counts."""


@contextmanager
def timed(tried: Tried, request: str, number: int) -> Iterator[None]:
    """Tell of the try that is made inside."""
    began = perf_counter()
    outcome = ANSWERED
    try:
        yield
    except BaseException as error:
        outcome = outcome_of(error)
        raise
    finally:
        tried(Try(request, outcome, number, perf_counter() - began))


def outcome_of(error: BaseException) -> str:
    """How a try went that raised this."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return str(status) if status == HTTPStatus.TOO_MANY_REQUESTS else f"{status // 100}xx"
    if isinstance(error, CancelledError):
        return "cancelled"
    return "timeout" if "Timeout" in type(error).__name__ else "failed"
