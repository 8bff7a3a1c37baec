"""The backend protocol: four questions, named as in docs/contract.md. What is answered is only a proposal.

Every question carries the run's index, so that a backend without a model can weigh words by their rarity in
the cluster; a backend with one need not look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from service.core.matching import Index
from service.core.model import Chunk, Claim, ClaimDraft, Fact, Group, Sentence, StatementDraft, Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """Whether the evidence, sentences of one document with the best first, bears out a claim."""

    claim: Claim
    evidence: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict on a question, the sentences it rests on, and a score that grows with support."""

    verdict: Verdict
    sentences: tuple[Sentence, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Brief:
    """What a summary is to be written from: facts in order, what to dwell on, how long, and the quorum."""

    facts: tuple[Fact, ...]
    focus: str | None
    max_sentences: int
    quorum: int
    origins: dict[str, str]


class Backend(Protocol):
    """Proposes; the core decides. Raises BackendFailed where it can't do a step at all."""

    name: str

    async def claims(self, chunk: Chunk, index: Index) -> Sequence[ClaimDraft]:
        """The claims that the chunk's sentences state, in order."""

    async def groups(self, claims: Sequence[Claim], index: Index) -> Sequence[Group]:
        """Which of these claims say the same, and which exclude each other."""

    async def verdicts(self, questions: Sequence[Question], index: Index) -> Sequence[Answer]:
        """One answer for each question, in order."""

    async def summary(self, brief: Brief, index: Index) -> Sequence[StatementDraft]:
        """Sentences that say what the facts say together, in reading order."""
