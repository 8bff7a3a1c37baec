"""What is returned, as docs/contract.md has it. Shapes only; shaping.py fills them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)


class Result(BaseModel):
    """Base of everything that is returned."""

    model_config = ConfigDict(frozen=True)


class CitationOut(Result):
    document_id: str
    start: int = Field(description="Code points from the start of the document's text.")
    end: int
    quote: str


class ClaimOut(Result):
    id: str
    text: str
    attributed_to: str | None
    documents: list[str]
    citations: list[CitationOut]


class UniqueOut(Result):
    document_id: str
    claims: list[ClaimOut]


class PositionOut(Result):
    text: str
    claims: list[str]
    documents: list[str]
    citations: list[CitationOut]


class DisputeOut(Result):
    question: str
    positions: list[PositionOut]


class CheckOut(Result):
    check: str
    passed: bool
    detail: str | None


class VerificationOut(Result):
    verdict: Literal["supported", "contradicted", "unsupported", "not_checked"]
    corroborated: bool
    score: float = Field(
        description="Share of the sentence's weight that the weakest origin of the quorum holds, 0 to 1."
    )
    checks: list[CheckOut]


class SentenceOut(Result):
    text: str
    citations: list[CitationOut]
    documents: list[str]
    claims: list[str]
    written_by: Literal["model", "source"]
    verification: VerificationOut


class DroppedOut(Result):
    text: str
    reasons: list[CheckOut]


class SpanOut(Result):
    start: int
    end: int


class DocumentOut(Result):
    id: str
    title: str | None
    url: str | None
    publisher: str | None
    published_at: datetime | None
    characters: int
    tokens: int
    sentences: int
    sha256: str
    read: float
    used: float
    furniture: list[SpanOut]
    origin: str
    text: str | None = Field(description="For HTML and Markdown: the text that spans index.")


class WarningOut(Result):
    code: str
    detail: str
    document_id: str | None


class ModelOut(Result):
    backend: str
    name: str
    prompts: str | None
    tokenizer: str


class UsageOut(Result):
    requests: int = Field(default=0, description="Sent to the model, those that got no answer too.")
    memoised: int = Field(default=0, description="Replies found kept from an equal request, for nothing.")
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = Field(default=None, description="Null where no price is set for a model that was asked.")


class EstimateResult(Result):
    """At most what a summary of these documents uses, if every request is as long as it may be and asked twice."""

    document_tokens: int = Field(description="Of the texts that spans index.")
    requests: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None = Field(description="Null where no price is set for the model.")
    exact: bool = Field(description="Tokens are counted; else bounded by the bytes of the texts.")
    model: ModelOut


class SummaryResult(Result):
    """What the documents agree on, what each says alone, and where they disagree."""

    id: str
    status: Literal["complete", "degraded"]
    quorum: int
    offset_unit: Literal["code_point"] = "code_point"
    warnings: list[WarningOut]
    summary: list[SentenceOut]
    consensus: list[ClaimOut]
    shared: list[ClaimOut]
    unique: list[UniqueOut]
    unjudged: list[ClaimOut]
    disputes: list[DisputeOut]
    dropped: list[DroppedOut]
    documents: list[DocumentOut]
    model: ModelOut
    usage: UsageOut
    timings_ms: dict[str, float]

    def __repr__(self) -> str:
        """The id alone: a result in a log or a traceback must not spill the documents' text."""
        return f"SummaryResult(id={self.id!r})"


class VerifiedOut(Result):
    """A sentence of the text, by code points, with the spans that speak for it and against it, the best first."""

    text: str
    start: int
    end: int
    verdict: Literal["supported", "contradicted", "unsupported", "not_checked"]
    score: float = Field(description="The probability that the documents support it, 0 to 1.")
    citations: list[CitationOut]
    against: list[CitationOut]
    checks: list[CheckOut]


class VerificationResult(Result):
    """A text, sentence by sentence. `supported` is the share of its sentences that are."""

    status: Literal["complete", "degraded"]
    offset_unit: Literal["code_point"] = "code_point"
    sentences: list[VerifiedOut]
    supported: float
    warnings: list[WarningOut]
    documents: list[DocumentOut]
    model: ModelOut
    usage: UsageOut

    def __repr__(self) -> str:
        """The share alone: a result in a log must not spill the text."""
        return f"VerificationResult(supported={self.supported})"


class InvalidField(Result):
    pointer: str
    detail: str


class Problem(Result):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[InvalidField] | None = None
