"""The public request and response, as docs/contract.md has them. Shapes only; summaries.py fills them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from service.core.model import Format

MOST_DOCUMENTS = 10_000
"""What no setting can raise: it bounds the work of validation itself."""
_MOST_UNKNOWN = 20
_ID = r"^[^\s\x00-\x1f\x7f-\x9f]+$"


def _check_id(value: str) -> str:
    if not re.fullmatch(_ID, value):
        raise PydanticCustomError("id", "an id holds no white space and no control characters")
    return value


def _check_text(text: str) -> str:
    if text.isspace():
        raise PydanticCustomError("blank", "the text is white space alone")
    return text


def _check_written_out(value: object) -> object:
    """A number is not guessed to be seconds since 1970, in a string or not."""
    if isinstance(value, datetime) or (isinstance(value, str) and re.match(r"\d{4}-", value)):
        return value
    raise PydanticCustomError("date", "must be a date and time as in RFC 3339, such as 2024-10-28T14:00:00Z")


def _check_whole(value: object) -> object:
    """13.0 is an integer in JSON, as 13 is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Line = Annotated[str, StringConstraints(max_length=2_000)]
_Language = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$")]
_Id = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_check_id),
    Field(json_schema_extra={"pattern": _ID}),
]
_Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_check_text)]
_Budget = Annotated[
    float | None,
    Field(
        ge=0,
        strict=True,
        allow_inf_nan=False,
        description="US dollars; a request that could exceed them is not sent, and the call fails with 402.",
    ),
]
_Whole = Annotated[int, BeforeValidator(_check_whole)]
_Moment = Annotated[
    datetime,
    BeforeValidator(_check_written_out),
    AfterValidator(lambda moment: moment if moment.tzinfo else moment.replace(tzinfo=UTC)),
]


class Posted(BaseModel):
    """Base of everything a client posts: unknown fields are an error, types are not guessed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _bound_unknown(cls, value: Any) -> Any:
        """An object of a million unknown fields is one error, not a million."""
        if isinstance(value, dict) and len(value) > len(cls.model_fields) + _MOST_UNKNOWN:
            known = ", ".join(cls.model_fields)
            raise PydanticCustomError(
                "fields", "has {count} fields; there are {known}", {"count": len(value), "known": known}
            )
        return value


class DocumentIn(Posted):
    """One source. URLs are never fetched."""

    id: _Id | None = Field(default=None, description="Unique in the request; `d1`, `d2`, … by default.")
    text: _Text
    title: _Line | None = None
    format: Format = Format.TEXT
    url: _Line | None = None
    publisher: _Line | None = None
    published_at: _Moment | None = Field(
        default=None, description="What relative dates in the text count from; in UTC if it names no zone."
    )


class SummaryRequest(Posted):
    """Documents on one event, and what is wanted of them."""

    documents: Annotated[list[DocumentIn], FailFast()] = Field(min_length=1, max_length=MOST_DOCUMENTS)
    focus: _Line | None = Field(default=None, description="What the summary is to dwell on.")
    language: _Language | None = Field(
        default=None, description="BCP 47; null for the documents' own, the only one of the embedded backend."
    )
    max_sentences: _Whole = Field(default=8, ge=1, le=50, strict=True)
    quorum: _Whole = Field(
        default=2, ge=2, le=100, strict=True, description="Origins that must state what the summary says."
    )
    max_cost_usd: _Budget = None


class VerificationRequest(Posted):
    """A text by any writer, and the documents that it is held against."""

    text: _Text
    documents: Annotated[list[DocumentIn], FailFast()] = Field(min_length=1, max_length=MOST_DOCUMENTS)
    max_cost_usd: _Budget = None


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
