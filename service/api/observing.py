"""Observing: what is told of every run, in counts and seconds. It holds no text."""

from __future__ import annotations

from asyncio import CancelledError
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from time import perf_counter
from types import TracebackType
from typing import Protocol, Self

from service.api.requests import DocumentIn
from service.api.schemas import SummaryResult, VerificationResult
from service.backends.base import Account, Usage
from service.core.errors import ConcordError


@dataclass(frozen=True, slots=True)
class Ran:
    """A summary or a verification that is over.

    `outcome` is `complete`, `degraded`, `cancelled`, the name of the error that ended it, or `error` for one that
    nobody foresaw. `stages` are seconds; `fallbacks` counts requests done without the model by step, `verdicts` its
    sentences by verdict, `dropped` those that were not let through by the first check that they failed.
    """

    kind: str
    outcome: str
    seconds: float
    documents: int
    characters: int
    usage: Usage
    stages: Mapping[str, float] = field(default_factory=dict)
    fallbacks: Mapping[str, int] = field(default_factory=dict)
    verdicts: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)


class Observer(Protocol):
    """Who is told of runs: of each once it is over, and of a summary's stages while they last."""

    def stage(self, name: str) -> AbstractContextManager[object]:
        """Is held open while a stage lasts."""

    def ran(self, run: Ran) -> None: ...


class _Unobserved:
    def stage(self, name: str) -> AbstractContextManager[object]:
        return nullcontext(name)

    def ran(self, run: Ran) -> None:
        pass


UNOBSERVED: Observer = _Unobserved()
"""For runs that nobody observes."""


class Watch:
    """Tells an observer of the run that is made inside, however it ends."""

    def __init__(self, kind: str, documents: Sequence[DocumentIn], observer: Observer) -> None:
        self.account = Account()
        self.result: SummaryResult | VerificationResult | None = None
        self._kind = kind
        self._sizes = len(documents), sum(len(document.text) for document in documents)
        self._observer = observer
        self._began = perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        outcome = _outcome(error) if error else self.result.status if self.result else "error"
        seconds = perf_counter() - self._began
        run = Ran(self._kind, outcome, seconds, *self._sizes, self.account.usage(), fallbacks=self.account.fallen())
        self._observer.ran(_count(run, self.result))


def _outcome(error: BaseException) -> str:
    if isinstance(error, CancelledError | GeneratorExit):
        return "cancelled"
    return type(error).__name__ if isinstance(error, ConcordError) else "error"


def _count(run: Ran, result: SummaryResult | VerificationResult | None) -> Ran:
    """The run with what its result holds; without one, nothing was told."""
    if isinstance(result, VerificationResult):
        return replace(run, verdicts=_tally(sentence.verdict for sentence in result.sentences))
    if result is None:
        return run
    return replace(
        run,
        stages={stage: spent / 1_000 for stage, spent in result.timings_ms.items()},
        verdicts=_tally(sentence.verification.verdict for sentence in result.summary),
        dropped=_tally(sentence.reasons[0].check for sentence in result.dropped if sentence.reasons),
    )


def _tally(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names))
