"""The outcome of a run, in the words of docs/contract.md: what was found, and what the reader must know of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.core.model import Dispute, Document, Dropped, Fact, Standing, Statement


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of a result must know. `code` is stable, `detail` is for people."""

    code: str
    detail: str
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole outcome of a run, before it is shaped for a client."""

    documents: tuple[Document, ...]
    origins: dict[str, str]
    quorum: int
    facts: tuple[Fact, ...]
    disputes: tuple[Dispute, ...]
    summary: tuple[Statement, ...]
    dropped: tuple[Dropped, ...]
    notices: tuple[Notice, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)

    def standing(self, standing: Standing) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.standing is standing)
