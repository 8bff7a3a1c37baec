"""The backend protocol: four questions, named as in docs/contract.md. What is answered is only a proposal.

Every question carries the run's index, so that a backend without a model can weigh words by their rarity in
the cluster; a backend with one need not look at it. A backend serves one run, and keeps what the run used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar, overload

from service.core.formats import Turn, to_text
from service.core.matching import Index
from service.core.model import Answer, Brief, Chunk, Claim, ClaimDraft, Group, Question, Statement, StatementDraft
from service.core.outcome import Notice

P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms one run is made: the most it may cost (US dollars), and that no step may do without the model.

    `job_id` names the job whose replies are forgotten with it, if the run is one's; `owner` is the key that
    it is done for: no other finds its replies again.
    """

    max_cost_usd: float | None = None
    require_model: bool = False
    job_id: str | None = None
    owner: str | None = None


NO_TERMS = Terms()
"""Whatever it costs, with a model or without, for nobody."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run used: requests that were sent, replies found memoised, tokens, and dollars if prices are known.

    Of no request the cost is None, and so it is where one of them has no price.
    """

    requests: int = 0
    memoised: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None

    def __add__(self, other: Usage) -> Usage:
        """What two runs used together."""
        costs = [usage.cost_usd for usage in (self, other) if usage.requests]
        cost = None if not costs or None in costs else sum(cost or 0.0 for cost in costs)
        return Usage(
            self.requests + other.requests,
            self.memoised + other.memoised,
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
            cost,
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """What a client asks of a summary, as far as it bounds what that costs."""

    max_sentences: int
    focus: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """At most what a summary uses. Tokens are counted if `exact`, else bounded by the bytes of the texts."""

    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = 0.0
    exact: bool = True


class Account:
    """What a backend keeps of its run: the usage, and which steps fell back how often and why."""

    def __init__(self) -> None:
        self.usage: Callable[[], Usage] = Usage
        self._fallen: dict[str, list[str]] = {}
        self._word: str | None = None

    def by_word(self, reason: str) -> None:
        """A verdict of the judge counts by its word: how sure it is can't be told."""
        self._word = self._word or reason

    def fell_back(self, step: str, reason: str) -> None:
        """A request of a step, or a part of one, was done by the embedded backend or left to the rules."""
        self._fallen.setdefault(step, []).append(reason)

    def fallen(self) -> dict[str, int]:
        """How many requests of each step were done without the model."""
        return {step: len(reasons) for step, reasons in self._fallen.items()}

    @property
    def degraded(self) -> bool:
        return bool(self._fallen)

    def notices(self) -> list[Notice]:
        """A notice for each step that fell back, with how often and the first reason."""
        return [
            Notice("fell_back", f"{step}: {_times(len(reasons))} done without the model, first because: {reasons[0]}")
            for step, reasons in self._fallen.items()
        ]

    def notices_of_judge(self) -> list[Notice]:
        """A notice if a judge's word counted, with the first reason: for answers that give probabilities."""
        if self._word is None:
            return []
        return [Notice("judged_by_word", f"the judge's word counts, not its probability: {self._word}")]


def _times(count: int) -> str:
    return "1 request was" if count == 1 else f"{count} requests were"


OF_TEXTS = "\0"
"""How the batches of questions on texts begin, as opposed to claims: no document's id does."""


class Backend(Protocol):
    """Proposes; the core decides. Raises BackendFailed where it can't do a step at all.

    `judges` is true if its verdicts know more than the core's own rules do.
    """

    name: str
    judges: bool

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        """The claims that the chunk's sentences state, in order."""

    async def groups(self, claims: Sequence[Claim], index: Index) -> Sequence[Group]:
        """Which of these claims say the same, and which exclude each other."""

    async def verdicts(self, questions: Sequence[Question], index: Index) -> Sequence[Answer]:
        """One answer for each question, in order."""

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        """Sentences that say what the facts say together, in reading order."""


class Backends(Protocol):
    """Opens a backend for one run; shared by all runs of a process.

    `model` is what a result names, `prompts` the hash of the prompts if there are any, `chunk_tokens` the most
    tokens of document text that one request for claims may hold.
    """

    name: str
    model: str
    prompts: str | None
    chunk_tokens: int

    @property
    def down(self) -> bool:
        """True while a model that is to be asked counts as down, so that all is done without it."""

    def open(self, terms: Terms) -> tuple[Backend, Account]:
        """The backend of one run, and its account. Raises ModelUnavailable if the terms want what it has not."""

    def estimate(self, parts: Sequence[Chunk], texts: Sequence[str], scope: Scope) -> Estimate:
        """The most that a summary of some documents, so chunked, can use."""

    def estimate_verdicts(self, batches: Sequence[int]) -> Estimate:
        """The most that a verification can use which asks about so many sentences at once."""

    async def close(self) -> None: ...


class Offload(Protocol):
    """Runs computation where it does not hold up the event loop."""

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...


async def inline(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Computation right here: for a process that does nothing else."""
    return work(*args, **kwargs)


@overload
async def at_once(one: Coroutine[Any, Any, T], other: Coroutine[Any, Any, U], /) -> tuple[T, U]: ...


@overload
async def at_once(*works: Coroutine[Any, Any, T]) -> tuple[T, ...]: ...


async def at_once(*works: Coroutine[Any, Any, Any]) -> tuple[Any, ...]:
    """What some works return, in their order. Where one fails, the others have ended before its error is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        return tuple(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class Means:
    """What a run works with and its result does not depend on.

    `count` counts the tokens of a text, `offload` runs what is pure computation, `progress` is called with a
    stage's name, how much of the whole is done, and of how much; `told` with each statement of the summary. What
    `stage` gives for a stage's name is held open while that lasts. `to_text` gives the text of a page as
    core/formats.py does, and may refuse one that takes too much.
    """

    count: Callable[[str], int] = len
    offload: Offload = inline
    progress: Callable[[str, int, int], None] | None = None
    told: Callable[[Statement], None] | None = None
    stage: Callable[[str], AbstractContextManager[object]] = nullcontext
    to_text: Turn = to_text
