"""Tries: each request of a model and each time that its server was asked, told to whoever watches, in few words."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from service.backends.completions import Completion, Request, Server

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


class Watcher(Protocol):
    """Who is told of requests: of each while it is made, and of every try of it once that is over."""

    def asking(self, server: Server, request: Request) -> AbstractContextManager[Callable[[Completion], None]]:
        """Is held open until there is an answer, which what it gives is told, or none."""

    def tried(self, attempt: Try) -> None: ...


class _Unwatched:
    def asking(self, *_: object) -> AbstractContextManager[Callable[[Completion], None]]:
        return nullcontext(lambda _: None)

    def tried(self, attempt: Try) -> None:
        pass


UNWATCHED: Watcher = _Unwatched()
"""For whom nobody watches."""


@contextmanager
def timed(watcher: Watcher, request: str, number: int) -> Iterator[None]:
    """Tell of the try that is made inside."""
    began = perf_counter()
    outcome = ANSWERED
    try:
        yield
    except BaseException as error:
        outcome = outcome_of(error)
        raise
    finally:
        watcher.tried(Try(request, outcome, number, perf_counter() - began))


def outcome_of(error: BaseException) -> str:
    """How a try went that raised this."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return str(status) if status == HTTPStatus.TOO_MANY_REQUESTS else f"{status // 100}xx"
    if isinstance(error, CancelledError):
        return "cancelled"
    return "timeout" if "Timeout" in type(error).__name__ else "failed"
