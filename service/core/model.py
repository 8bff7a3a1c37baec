"""The values that everything else passes around: frozen, in the words of docs/contract.md.

Offsets count Unicode code points in the text as posted. Nothing here decides anything; the only logic is
what follows from a value by itself (a quote from its span, a standing from its origins).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Format(StrEnum):
    """How a document's text is marked up as posted."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Source:
    """A document as posted, before it is read. `text` is what spans index, once the format is resolved."""

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    published_at: datetime | None = None
    format: Format = Format.TEXT


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`[start, end)` in a text, in code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest span that is cited. `index` counts a document's sentences from 0."""

    document_id: str
    index: int
    start: int
    end: int
    text: str
    paragraph: int
    heading: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return (self.document_id, self.index)


@dataclass(frozen=True, slots=True)
class Document:
    """A source after reading: its sentences in order, and the furniture, which no sentence touches."""

    source: Source
    sentences: tuple[Sentence, ...]
    furniture: tuple[Span, ...]
    dated: date | None = None

    @property
    def id(self) -> str:
        return self.source.id

    @property
    def text(self) -> str:
        return self.source.text


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive sentences of one document that fit the token budget of one request."""

    document: Document
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim as a backend proposes it: a text, and the sentences that are said to state it.

    `core` is the part of `text` that is the fact itself, without what was put before it to make the claim
    self-contained (a subject, the sentence before): what is looked for in other documents.
    """

    text: str
    sentences: tuple[Sentence, ...]
    attributed_to: str | None = None
    core: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One fact that a document states, anchored to the sentences that state it."""

    id: str
    text: str
    document_id: str
    sentences: tuple[Sentence, ...]
    attributed_to: str | None = None
    core: str = ""


class Stance(StrEnum):
    """What a document does with a claim; derived from a cell, never stored."""

    STATES = "states"
    SILENT = "silent"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Cell:
    """One claim against one document: the sentences found for it. What speaks against it disputes tell."""

    supporting: tuple[Sentence, ...] = ()
    judged: bool = True

    @property
    def stance(self) -> Stance:
        if not self.judged:
            return Stance.UNJUDGED
        return Stance.STATES if self.supporting else Stance.SILENT


class Standing(StrEnum):
    """How many origins state a fact: at least the quorum, more than one, or one alone."""

    CONSENSUS = "consensus"
    SHARED = "shared"
    UNIQUE = "unique"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Fact:
    """Claims that state the same thing, under the one that says it best, with what was found for it."""

    claim: Claim
    members: tuple[Claim, ...]
    evidence: tuple[Sentence, ...]
    documents: tuple[str, ...]
    origins: int
    standing: Standing

    @property
    def id(self) -> str:
        return self.claim.id


@dataclass(frozen=True, slots=True)
class Position:
    """One answer to a disputed question, with the claims and the sentences that give it."""

    text: str
    claims: tuple[Claim, ...]
    evidence: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Claims on the same question whose answers exclude each other."""

    question: str
    positions: tuple[Position, ...]


class Relation(StrEnum):
    SAME = "same"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Group:
    """What a backend proposes of some claims: they say the same, or they exclude each other (on a question)."""

    relation: Relation
    claims: tuple[str, ...]
    question: str | None = None


class Verdict(StrEnum):
    """Whether a statement follows from its evidence."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNSUPPORTED = "unsupported"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Question:
    """Whether evidence, best first, bears out a claim. Questions of one batch may be asked together."""

    claim: Claim
    evidence: tuple[Sentence, ...]
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict on a question, the sentences it rests on, and a score that grows with support."""

    verdict: Verdict
    sentences: tuple[Sentence, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one gate. `detail` says what was wrong, and is None where nothing was."""

    check: str
    passed: bool
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """A summary sentence as a backend proposes it, with the facts it is to rest on."""

    text: str
    facts: tuple[str, ...]
    written_by: str = "model"


@dataclass(frozen=True, slots=True)
class Statement:
    """A summary sentence after the gates."""

    text: str
    facts: tuple[str, ...]
    evidence: tuple[Sentence, ...]
    written_by: str
    verdict: Verdict
    corroborated: bool
    score: float
    checks: tuple[Check, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(sentence.document_id for sentence in self.evidence))


@dataclass(frozen=True, slots=True)
class Dropped:
    """A proposed text that was not let through, with every gate that it failed and the facts it named."""

    text: str
    reasons: tuple[Check, ...]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What a summary is to be written from: facts in order, what to dwell on, how long, and the quorum.

    `failed` holds statements that did not pass the gates and are to be written anew from the same facts.
    """

    facts: tuple[Fact, ...]
    focus: str | None
    max_sentences: int
    quorum: int
    origins: dict[str, str]
    failed: tuple[Dropped, ...] = ()
